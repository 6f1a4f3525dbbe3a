//! What an actor may do now. Each offer is a trial of the real decision.

use super::{Command, File, State, decide};
use crate::policy::{self, Matter};
use crate::{Choice, Facts, Field, FieldKind, Offer, Refusal};
use lianzhi_exchange::compact::Proposed;
use lianzhi_ids::NodeCode;

fn field(name: &'static str, title: &'static str, required: bool, kind: FieldKind) -> Field {
    Field { name, title, required, kind, hint: "".into() }
}

fn choice(name: &'static str, title: &'static str, choices: Vec<Choice>) -> Field {
    field(name, title, true, FieldKind::Choice { choices })
}

/// A proposal as a line: its number and what it changes, in words.
fn proposals<'a>(file: &File, proposals: impl Iterator<Item = &'a Proposed>) -> Vec<Choice> {
    proposals
        .map(|p| {
            let author = p.agreed.epoch.member_title(&p.author);
            let title = format!("第 {} 版（{author} 提出）：{}", p.proposal.number, file.words(p).join("；"));
            Choice::new(p.proposal.result.to_string(), title)
        })
        .collect()
}

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(file) = state.file() else { return Vec::new() };
    let may = |action| policy::permit(facts, action, &Matter::default()).is_ok();
    let mut offers = Vec::new();
    if may("compact_trust") {
        trust(file, &mut offers);
    }
    if may("compact_countersign") {
        voices(state, file, facts, &mut offers);
    }
    if may("compact_draft") {
        drafts(file, facts, &mut offers);
    }
    if file.is_member() {
        notices(file, may, &mut offers);
    }
    offers
}

fn plain(command: &'static str, title: &'static str, consequence: &'static str, fields: Vec<Field>) -> Offer {
    Offer { command, title, consequence, fields, main: false, refused: None }
}

fn trust(file: &File, offers: &mut Vec<Offer>) {
    let mut choices: Vec<Choice> = Vec::new();
    for proposed in file.waiting() {
        for member in file.untrusted(&proposed.agreed.epoch) {
            let value = member.node.to_string();
            if !choices.iter().any(|c| c.value == value) {
                choices.push(Choice::new(value, member.title()));
            }
        }
    }
    if choices.is_empty() {
        return;
    }
    let fingerprint = Field {
        hint: "请对方读出其屏幕上的指纹并照录；有几把密钥的依次填写。不要从本页抄写".into(),
        ..field("fingerprint", "对方读出的指纹", true, FieldKind::Line)
    };
    let fields = vec![choice("node", "成员", choices), fingerprint];
    let consequence = "记明由您与对方核对，相符方可会签第一版。";
    offers.push(Offer { main: true, ..plain("trust", "核对密钥指纹", consequence, fields) });
}

fn voices(state: &State, file: &File, facts: &Facts<'_>, offers: &mut Vec<Offer>) {
    let mine: Vec<&Proposed> = file.mine_to_sign().collect();
    if mine.is_empty() {
        return;
    }
    let trial = |p: &&Proposed| -> Option<Refusal> {
        let command = Command::Countersign { epoch: p.proposal.result };
        // Whether the key is there is found out when it signs.
        decide::decide(state, command, facts).err().filter(|r| !matches!(r.code, "busy" | "not-our-key"))
    };
    let good: Vec<&Proposed> = mine.iter().copied().filter(|p| trial(p).is_none()).collect();
    let refused = if good.is_empty() { mine.iter().find_map(trial) } else { None };
    let shown = if good.is_empty() { &mine } else { &good };
    let fields = vec![choice("epoch", "提案", proposals(file, shown.iter().copied()))];
    let consequence = "代表本省会签：达到门槛即生效，不能撤回；同一轮只能会签一件。";
    offers.push(Offer { main: true, refused, ..plain("countersign", "会签", consequence, fields) });
    let fields = vec![
        choice("epoch", "提案", proposals(file, mine.into_iter())),
        field("grounds", "理由", true, FieldKind::Text),
    ];
    let consequence = "告知全体成员；以后不能再会签这件提案。";
    offers.push(plain("decline", "不同意", consequence, fields));
}

fn drafts(file: &File, facts: &Facts<'_>, offers: &mut Vec<Offer>) {
    let own = || {
        file.compact().open.iter().filter(|p| {
            p.author == *file.me()
                && p.withdrawn.is_none()
                && p.phase == lianzhi_exchange::compact::Phase::Open
        })
    };
    if own().next().is_some() {
        let fields = vec![
            choice("epoch", "提案", proposals(file, own())),
            field("reason", "理由", false, FieldKind::Text),
        ];
        offers.push(plain("withdraw", "撤回提案", "请其他成员不再会签；已会签的仍然有效。", fields));
    }
    let (Some(agreed), true) = (file.in_force(), file.is_member()) else { return };
    if own().count() >= decide::OPEN_PROPOSALS_MAX {
        return;
    }
    let epoch = &agreed.epoch;
    let paired = |node: &NodeCode| {
        let me = file.me();
        epoch.pairs.iter().any(|p| (p.a == *me && p.b == *node) || (p.b == *me && p.a == *node))
    };
    let named = |want: bool| -> Vec<Choice> {
        let others = epoch.members.iter().filter(|m| m.node != *file.me() && paired(&m.node) == want);
        others.map(|m| Choice::new(m.node.to_string(), m.title())).collect()
    };
    // A change that was proposed already would be the same epoch only in the same instant; it is not worth a trial.
    let mut add = |command, title, name, label, choices: Vec<Choice>, more: Vec<Field>| {
        if !choices.is_empty() {
            let mut fields = vec![choice(name, label, choices)];
            fields.extend(more);
            offers.push(plain(command, title, "作为提案送各省会签，达到门槛后生效。", fields));
        }
    };
    let purpose = field("purpose", "共建内容", false, FieldKind::Line);
    add("pair", "提出结对", "with", "与", named(false), vec![purpose]);
    add("unpair", "提出结束结对", "with", "与", named(true), vec![]);
    let day = crate::beijing_date(facts.now);
    let entries = epoch.list.iter().filter(|e| e.until.is_none_or(|until| day <= until));
    let entries = entries.map(|e| Choice::new(&e.id, format!("{}《{}》", e.id, e.title))).collect();
    add("take_off", "提出取消清单事项", "entry", "清单事项", entries, vec![]);
}

fn notices(file: &File, may: impl Fn(&'static str) -> bool, offers: &mut Vec<Offer>) {
    let Some(member) = file.roster().and_then(|r| r.member(file.me())) else { return };
    let still_member = file.in_force().is_some_and(|a| a.epoch.member(file.me()).is_some());
    if !still_member {
        return;
    }
    if may("compact_keys") {
        let revoked = |id: &str| file.roster().is_some_and(|r| r.is_revoked(file.me(), id));
        let keys: Vec<Choice> = member
            .keys
            .iter()
            .map(|k| (k.key.id(), k.key.fingerprint()))
            .filter(|(id, _)| !revoked(id))
            .map(|(id, print)| Choice::new(id, print))
            .collect();
        if !keys.is_empty() {
            let fields = vec![choice("key", "密钥", keys), field("reason", "理由", false, FieldKind::Text)];
            let consequence = "立即告知全体成员，以后不再承认这把密钥，不能恢复。";
            offers.push(plain("revoke_key", "吊销密钥", consequence, fields));
        }
        let addresses = Field {
            hint: "每行一个，常用的在前".into(),
            ..field("addresses", "交换地址", true, FieldKind::Text)
        };
        offers.push(plain("move", "变更交换地址", "立即告知全体成员。", vec![addresses]));
    }
    if may("compact_liaisons") {
        let people = Field {
            hint: "每行一名：姓名 办公电话".into(),
            ..field("liaisons", "联络员", false, FieldKind::Text)
        };
        offers.push(plain("liaisons", "变更联络员", "立即告知全体成员。", vec![people]));
    }
    if may("compact_leave") {
        let fields = vec![field("reason", "理由", true, FieldKind::Text)];
        let consequence = "立即退出：不再发起和接收新的协作，已受理的办理到结束。";
        offers.push(plain("leave", "退出协作机制", consequence, fields));
    }
}
