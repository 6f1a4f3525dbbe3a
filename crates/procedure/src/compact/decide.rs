//! What happens when something is asked of the compact, or why it may not.

use super::{CHARTER, Command, Event, File, State};
use crate::policy::{self, Matter};
use crate::stream::{self, Streams};
use crate::{Actor, Facts, Refusal};
use lianzhi_exchange::compact::{
    Act, Agreed, Change, ChangeError, Countersignature, Liaison, Notice, Pair, Phase, Proposal, Proposed,
};
use lianzhi_ids::{Digest, NodeCode, PersonCode};

/// Most proposals of this node that may be open at once: who countersigns has to read them.
pub const OPEN_PROPOSALS_MAX: usize = 5;
/// Longest ground for declining, characters.
pub const GROUNDS_CHARS_MAX: usize = 500;

pub(super) fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match (state.file(), command) {
        (None, Command::Found { changes }) => found(changes, facts),
        (None, Command::Hear { entry, envelope }) => first(entry, envelope, facts),
        (None, _) => Err(Refusal::missing("没有这个协作机制。")),
        (Some(file), command) => in_file(file, command, facts).map(|event| vec![event]),
    }
}

fn in_file(file: &File, command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let notice = |action, notice| say_notice(file, action, notice, facts);
    match command {
        Command::Found { .. } => Err(no("founded", "协作机制已经发起。", "请在现有协作机制上提出变更。")),
        Command::Propose { changes } => propose(file, changes, facts),
        Command::Pair { with, purpose } => {
            let pair = Pair { a: file.me().clone(), b: with, purpose };
            propose(file, vec![Change::PutPair { pair }], facts)
        }
        Command::Unpair { with } => {
            let (a, b) = (file.me().clone(), with);
            propose(file, vec![Change::RemovePair { a, b }], facts)
        }
        Command::TakeOff { entry } => propose(file, vec![Change::RemoveEntry { id: entry }], facts),
        Command::Trust { node, fingerprint } => trust(file, node, &fingerprint, facts),
        Command::Countersign { epoch } => countersign(file, &epoch, facts),
        Command::Decline { epoch, grounds } => decline(file, &epoch, grounds, facts),
        Command::Withdraw { epoch, reason } => withdraw(file, &epoch, reason, facts),
        Command::RotateKey { key, signature } => notice("compact_keys", Notice::RotateKey { key, signature }),
        Command::RevokeKey { key, reason } => notice("compact_keys", Notice::RevokeKey { key, reason }),
        Command::Move { addresses } => {
            notice("compact_keys", Notice::Move { addresses: lines(&addresses).map(Into::into).collect() })
        }
        Command::Liaisons { liaisons } => {
            let one = |line: &str| match line.split_once(char::is_whitespace) {
                Some((name, phone)) => Liaison { name: name.into(), phone: phone.trim().into() },
                None => Liaison { name: line.into(), phone: String::new() },
            };
            notice("compact_liaisons", Notice::Liaisons { liaisons: lines(&liaisons).map(one).collect() })
        }
        Command::Leave { reason } => notice("compact_leave", Notice::Leave { reason }),
        Command::Hear { entry, envelope } => hear(file, entry, envelope, facts),
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn no(code: &'static str, rule: impl Into<String>, remedy: impl Into<String>) -> Refusal {
    Refusal::conflict(code, rule, remedy).from_source(CHARTER)
}

fn permit(action: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    policy::permit(facts, action, &Matter::default()).map(|_| ())
}

fn person(facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    facts
        .actor
        .person()
        .cloned()
        .ok_or_else(|| Refusal::forbidden("person", "这一步要由本机关工作人员办理。", "请登录后办理。"))
}

fn changes_refused(error: &ChangeError) -> Refusal {
    Refusal::invalid("changes", format!("{error}。"), "请修改后再提出。").from_source(CHARTER)
}

fn said(streams: &Streams, act: &Act, to: Vec<NodeCode>, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let entry = streams.say("compact", act, Vec::new(), &[], facts)?;
    // Whoever still believes a revoked key must hear of it before anything else.
    let urgent = matches!(act, Act::Notice { notice: Notice::RevokeKey { .. } | Notice::Leave { .. } });
    Ok(Event::Said { entry, to, urgent, by: facts.actor.person().cloned(), at: facts.now })
}

fn found(changes: Vec<Change>, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit("compact_draft", facts)?;
    if facts.directory.roster.is_some() {
        return Err(no(
            "member",
            "本机关已经是一个协作机制的成员。",
            "请在现有协作机制上提出变更，或先退出。",
        ));
    }
    let id = facts
        .look_ups
        .shared
        .clone()
        .ok_or_else(|| Refusal::busy("还没有取得协作案卷的编号。", "请稍后再试。"))?;
    let (proposal, agreed) = Proposal::draft(None, id.to_string(), 0, changes, facts.now)
        .map_err(|error| changes_refused(&error))?;
    let me = &facts.directory.node;
    if id.node != *me {
        return Err(changes_refused(&ChangeError::Founder));
    }
    let to = agreed.epoch.members.iter().map(|m| m.node.clone()).filter(|node| node != me).collect();
    let streams = Streams::new(me.clone(), id);
    Ok(vec![said(&streams, &Act::Propose { proposal: Box::new(proposal) }, to, facts)?])
}

fn propose(file: &File, changes: Vec<Change>, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit("compact_draft", facts)?;
    let parent = in_force(file)?;
    if !file.is_member() {
        return Err(no("outside", "本机关现在不是协作机制成员。", "请由成员提出接纳本机关的变更。"));
    }
    let open = file.waiting().filter(|p| p.author == *file.me()).count();
    if open >= OPEN_PROPOSALS_MAX {
        return Err(no(
            "too-many-proposals",
            format!("本机关已有 {open} 件提案在会签，最多 {OPEN_PROPOSALS_MAX} 件。"),
            "请等待会签结果，或先撤回其中一件。",
        ));
    }
    let round = file.compact().round;
    let (proposal, agreed) =
        Proposal::draft(Some(parent), file.streams.id.to_string(), round, changes, facts.now)
            .map_err(|error| changes_refused(&error))?;
    if file.compact().proposed(&proposal.result).is_some() {
        return Err(no("proposed", "同样的提案已经提出。", "请等待会签。"));
    }
    let to = file.others(Some(&agreed.epoch));
    said(&file.streams, &Act::Propose { proposal: Box::new(proposal) }, to, facts)
}

fn in_force(file: &File) -> Result<&Agreed, Refusal> {
    file.in_force()
        .ok_or_else(|| no("not-in-force", "协作机制还没有生效。", "请等待第一版由各省会签后再提出变更。"))
}

/// A proposal that is still open.
fn open<'a>(file: &'a File, epoch: &Digest) -> Result<&'a Proposed, Refusal> {
    let proposed = file
        .compact()
        .proposed(epoch)
        .ok_or_else(|| Refusal::missing("没有这件提案。").from_source(CHARTER))?;
    if proposed.phase == Phase::Open {
        return Ok(proposed);
    }
    let rule = format!("这件提案“{}”，不能再办理。", proposed.phase.title());
    Err(no("not-open", rule, "请查看现行版本和会签中的提案。"))
}

fn trust(file: &File, node: NodeCode, fingerprint: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit("compact_trust", facts)?;
    let epochs = file.waiting().map(|p| &p.agreed.epoch).chain(file.roster().map(|r| &r.epoch));
    let members: Vec<_> = epochs.filter_map(|e| e.member(&node)).collect();
    if members.is_empty() || node == *file.me() {
        return Err(Refusal::invalid("node", format!("{node} 不是待核对的成员。"), "请从列表中选择。"));
    }
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let given = plain(fingerprint);
    let matching = members.iter().find(|m| {
        let whole: String = m.keys.iter().map(|k| plain(&k.key.fingerprint())).collect();
        !given.is_empty() && given == whole
    });
    let Some(member) = matching else {
        return Err(Refusal::invalid(
            "fingerprint",
            "填写的指纹与名片里的密钥不符。",
            "请与对方当面或通过已知的电话逐组核对；仍不相符的，不要会签，并告知发起单位。",
        )
        .from_source(CHARTER));
    };
    let keys = member.keys.iter().map(|k| k.key.fingerprint()).collect();
    Ok(Event::Trusted { node, keys, by: person(facts)?, at: facts.now })
}

fn countersign(file: &File, epoch: &Digest, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit("compact_countersign", facts)?;
    person(facts)?;
    let proposed = open(file, epoch)?;
    if proposed.withdrawn.is_some() {
        return Err(no("withdrawn", "提案单位已撤回这件提案。", "请等待新的提案。"));
    }
    may_speak(file, proposed)?;
    if proposed.proposal.number == 1 {
        let untrusted = file.untrusted(&proposed.agreed.epoch);
        if !untrusted.is_empty() {
            let names: Vec<_> = untrusted.iter().map(|m| m.title()).collect();
            return Err(no(
                "not-trusted",
                format!("还没有与 {} 核对密钥指纹。", names.join("、")),
                "第一次会签前，须与每个成员核对密钥指纹。",
            ));
        }
    }
    let signature = facts
        .look_ups
        .signature
        .clone()
        .ok_or_else(|| Refusal::busy("签名密钥暂时不可用。", "请稍后再试，或请管理员检查密钥。"))?;
    let Proposal { parent, round, .. } = proposed.proposal;
    let node = file.me().clone();
    let countersignature = Countersignature { node, epoch: *epoch, parent, round, signature };
    let own = file.roster().map_or(&proposed.agreed.epoch, |r| &r.epoch).member(file.me());
    let counts = own.is_some_and(|m| {
        let mut keys = m.keys.iter().filter(|k| k.counts_at(facts.now));
        keys.any(|k| countersignature.verify(&k.key))
    });
    let revoked = file.roster().is_some_and(|r| r.is_revoked(file.me(), &countersignature.signature.key));
    if !counts || revoked {
        return Err(no(
            "not-our-key",
            "本节点的签名密钥不是协作机制里登记的现行密钥。",
            "请管理员核对密钥；更换密钥须先发出更换通知。",
        ));
    }
    said(
        &file.streams,
        &Act::Countersign { countersignature },
        file.others(Some(&proposed.agreed.epoch)),
        facts,
    )
}

/// Whether this node has a voice on it that it has not used.
fn may_speak(file: &File, proposed: &Proposed) -> Result<(), Refusal> {
    let me = file.me();
    if proposed.missing.contains(me) {
        return Ok(());
    }
    if proposed.signed.iter().any(|c| c.node == *me) {
        return Err(no("signed", "本机关已经会签这件提案。", "无需重复会签。"));
    }
    if proposed.declined.iter().any(|(node, _)| node == me) {
        return Err(no("declined", "本机关已经表示不同意这件提案。", "请等待新的提案。"));
    }
    let electorate = file.in_force().map_or(&proposed.agreed.epoch, |a| &a.epoch);
    if electorate.member(me).is_some_and(|m| m.signatory) && file.in_force().is_none_or(|_| file.is_member())
    {
        return Err(no(
            "signed-another",
            "本机关在本轮已经会签另一件提案：同一版本的同一轮只能会签一件。",
            "请等待本轮结果；本轮各件都不能通过的，可在下一轮提出和会签。",
        ));
    }
    Err(no("no-voice", "本机关不代表本省会签。", "请由本省的会签单位办理。"))
}

fn decline(file: &File, epoch: &Digest, grounds: String, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit("compact_countersign", facts)?;
    let proposed = open(file, epoch)?;
    may_speak(file, proposed)?;
    if grounds.trim().is_empty() || grounds.chars().count() > GROUNDS_CHARS_MAX {
        return Err(Refusal::invalid(
            "grounds",
            format!("不同意须写明理由，不超过 {GROUNDS_CHARS_MAX} 个字。"),
            "请写明理由，以便提案单位修改。",
        )
        .from_source(CHARTER));
    }
    said(&file.streams, &Act::Decline { epoch: *epoch, grounds }, file.others(None), facts)
}

fn withdraw(file: &File, epoch: &Digest, reason: String, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit("compact_draft", facts)?;
    let proposed = open(file, epoch)?;
    if proposed.author != *file.me() {
        return Err(no(
            "not-ours",
            "这件提案由其他成员提出。",
            "请由提案单位撤回；不同意的，可以表示不同意。",
        ));
    }
    if proposed.withdrawn.is_some() {
        return Err(no("withdrawn", "这件提案已经撤回。", "无需重复撤回。"));
    }
    if reason.chars().count() > GROUNDS_CHARS_MAX {
        let rule = format!("理由不超过 {GROUNDS_CHARS_MAX} 个字。");
        return Err(Refusal::invalid("reason", rule, "请缩短理由。"));
    }
    let to = file.others(Some(&proposed.agreed.epoch));
    said(&file.streams, &Act::Withdraw { epoch: *epoch, reason }, to, facts)
}

fn say_notice(file: &File, action: &str, notice: Notice, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(action, facts)?;
    in_force(file)?;
    if let Notice::Leave { reason } = &notice
        && reason.trim().is_empty()
    {
        return Err(Refusal::invalid("reason", "退出须写明理由。", "请写明理由。").from_source(CHARTER));
    }
    file.ledger.check_notice(file.me(), &notice, facts.now).map_err(|fault| {
        Refusal::invalid("notice", format!("{fault}。"), "请核对后再发出。").from_source(CHARTER)
    })?;
    said(&file.streams, &Act::Notice { notice }, file.others(None), facts)
}

/// The first that this node hears of a compact: the founder's first proposal. That the founder is who it says, people
/// find out by comparing fingerprints.
fn first(entry: String, envelope: Digest, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let read = stream::read::<Act>(&entry)?;
    let id = read.entry.docket.clone();
    let me = facts.directory.node.clone();
    let streams = Streams::new(me.clone(), id.clone());
    let read = streams.check::<Act>("compact", &entry, facts.actor)?;
    if facts.directory.roster.as_ref().is_some_and(|r| r.epoch.compact != id.to_string()) {
        return Err(no("member", "本机关已经是另一个协作机制的成员。", "请先退出原协作机制。"));
    }
    if read.entry.author != id.node || (id.node == me && !facts.look_ups.recovered) {
        return Err(no("founder-first", "还没有收到发起单位的提案。", "请先取得发起单位的记录。"));
    }
    Ok(vec![Event::Heard { me, entry, envelope, at: facts.now }])
}

fn hear(file: &File, entry: String, envelope: Digest, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let read = file.streams.check::<Act>("compact", &entry, facts.actor)?;
    let own = matches!(facts.actor, Actor::Member(node) if node == file.me());
    if own && !facts.look_ups.recovered {
        return Err(no("own", "来件署名是本节点。", "请核对来件。"));
    }
    if !file.knows(&read.entry.author) {
        let rule = format!("{} 不是本协作机制的成员或候选成员。", read.entry.author);
        return Err(no("not-a-member", rule, "请先取得接纳该成员的提案。"));
    }
    Ok(Event::Heard { me: file.me().clone(), entry, envelope, at: facts.now })
}
