//! What an actor may do now. Each offer is a trial of the real decision with a sample command.

use super::act::{Ask, Conclusion, EraseScope, HoldGround, RefuseGround, ReturnGround, Verdict};
use super::command::Command;
use super::decide;
use super::erasure;
use super::state::{File, State};
use crate::{
    Choice, ExhibitRef, Facts, Field, FieldKind, LookUps, Offer, PartKind, PartRef, RefusalKind, Text,
};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, NodeCode, PersonCode, Role};

const LINE: FieldKind = FieldKind::Line;
const TEXT: FieldKind = FieldKind::Text;
const FLAG: FieldKind = FieldKind::Flag;

fn field(
    name: &'static str,
    title: &'static str,
    required: bool,
    kind: FieldKind,
    hint: &'static str,
) -> Field {
    Field { name, title, required, kind, hint: hint.into() }
}

fn note(title: &'static str, required: bool) -> Field {
    field("note", title, required, TEXT, "")
}

fn files() -> Field {
    field("exhibits", "材料", false, FieldKind::Exhibits, "随文发出；原件原样保存，对方凭摘要核对")
}

macro_rules! choices {
    ($words:ty) => {
        FieldKind::Choice {
            choices: <$words>::ALL.iter().map(|w| Choice::new(w.code(), w.title())).collect(),
        }
    };
}

/// Refusals of these names are shown where the offer would stand; others hide the offer.
const SHOWN: &[&str] = &[
    "own-draft",
    "own-review",
    "not-reviewed",
    "not-registered",
    "not-assigned",
    "not-arrived",
    "not-given",
    "goods-between",
    "drafting",
    "no-compact",
    "no-list-entry",
    "no-common-superior",
];

fn sealed() -> Text {
    Text::Sealed(PartRef { kind: PartKind::Letter, digest: Digest::ZERO })
}

fn member_choices<'a>(nodes: impl Iterator<Item = &'a NodeCode>, facts: &Facts<'_>) -> Vec<Choice> {
    nodes.map(|n| Choice::new(n.as_str(), facts.directory.member_name(n))).collect()
}

/// Who may be given what arrived, with their units.
fn people(facts: &Facts<'_>) -> Vec<Choice> {
    let can = [Role::Handler, Role::Officer, Role::Liaison, Role::SquadLeader, Role::LegalReviewer];
    let mut fit: Vec<_> = facts
        .directory
        .people
        .values()
        .filter(|p| p.active)
        .filter_map(|p| {
            let roles = || p.posts.iter().flat_map(|post| post.roles.iter());
            let rank = can.iter().position(|r| roles().any(|role| role == r))?;
            let unit = p.posts.first().map(|post| facts.directory.unit_name(&post.unit)).unwrap_or_default();
            Some((rank, p.code.clone(), format!("{}（{}，{unit}）", p.name, can[rank].title())))
        })
        .collect();
    fit.sort();
    fit.into_iter().map(|(_, code, title)| Choice::new(code.as_str(), title)).collect()
}

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(file) = state.file() else { return Vec::new() };
    let exhibit = ExhibitRef { digest: Digest::ZERO, size: 1, media: String::new() };
    let look_ups = LookUps { number: "-".into(), exhibits: vec![exhibit], ..facts.look_ups.clone() };
    let trial = Facts { look_ups: &look_ups, ..*facts };
    let mut offers = Vec::new();
    let mut offer = |main: bool, command, title, consequence, sample: Command, fields: Vec<Field>| {
        let refused = match decide::decide(file.form, state, sample, &trial) {
            Ok(_) => None,
            Err(refusal) if SHOWN.contains(&refusal.code) => Some(refusal),
            Err(refusal) if refusal.kind == RefusalKind::Invalid => Some(refusal),
            Err(_) => return,
        };
        offers.push(Offer { command, title, consequence, fields, main, refused });
    };
    office(file, facts, &mut offer);
    // What only the other side may say is no business of this one, refused or not.
    if !file.mine() {
        receiver(file, facts, &mut offer);
    }
    judge(file, &mut offer);
    founder(file, &mut offer);
    if file.form == Form::Dispute {
        dispute(file, facts, &mut offer);
    }
    erase(file, &mut offer);
    let note_of = |title| vec![note(title, true), files()];
    offer(
        false,
        "supplement",
        "补充材料",
        "立即发给对方。",
        Command::Supplement { note: sealed(), exhibits: vec![], taken: vec![] },
        note_of("说明"),
    );
    offers
}

type Add<'a> = dyn FnMut(bool, &'static str, &'static str, &'static str, Command, Vec<Field>) + 'a;

fn office(file: &File, facts: &Facts<'_>, offer: &mut Add<'_>) {
    let agreed = |title| field("agreed", title, false, FLAG, "不勾选即退回修改");
    offer(
        true,
        "sign",
        "签发",
        "编号并立即发给对方；期限从今天起算。",
        Command::Sign { agreed: true, note: Text::default() },
        vec![agreed("同意签发"), note("意见（退回时必填）", false)],
    );
    offer(
        true,
        "review",
        "审核",
        "同意后送负责人签发。",
        Command::Review { agreed: true, note: Text::default() },
        vec![agreed("同意"), note("意见（退回时必填）", false)],
    );
    offer(
        file.draft.as_ref().is_some_and(|d| d.sent_back.is_some()),
        "amend",
        "修改文稿",
        "修改后重新送审。",
        Command::Amend { title: Text::default(), text: sealed(), officers: vec![] },
        amended(file),
    );
    offer(false, "discard", "废稿", "文稿作废，不发出。", Command::Discard, vec![]);
    offer(true, "register", "收文登记", "编收文号，对方收到已收文的回执。", Command::Register, vec![]);
    let whom = people(facts);
    let sample = whom.first().and_then(|c| PersonCode::parse(&c.value).ok());
    if let Some(person) = sample {
        let kind = FieldKind::Choice { choices: whom };
        offer(
            file.person.is_none(),
            "assign",
            if file.person.is_none() { "分办" } else { "改派承办人" },
            "进入承办人的待办。",
            Command::Assign { person },
            vec![field("person", "承办人", true, kind, "")],
        );
    }
}

/// What of the opening letter may still be put in other words.
fn amended(file: &File) -> Vec<Field> {
    let mut fields =
        vec![field("title", "标题（不填即不变）", false, LINE, ""), field("text", "正文", true, TEXT, "")];
    if file.form == Form::Assistance {
        let hint = "姓名（执法证号），用顿号分开；印在函上";
        fields.push(field("officers", "承办人（不填即不变）", false, LINE, hint));
    }
    fields
}

fn receiver(file: &File, facts: &Facts<'_>, offer: &mut Add<'_>) {
    offer(
        true,
        "accept",
        "受理",
        "由本机关办理，对方立即看到。",
        Command::Accept { note: Text::default() },
        vec![note("说明", false)],
    );
    let enforces = file.opening.asks.contains(&Ask::HelpEnforce);
    let reply = Command::Reply {
        text: sealed(),
        undone: Text::default(),
        decision: enforces.then(|| "决定".to_owned()),
        exhibits: vec![],
        taken: vec![],
    };
    let mut replied = vec![
        field("text", "办理情况（逐项对应）", true, TEXT, ""),
        field("undone", "未完成事项及原因", false, TEXT, ""),
    ];
    if enforces {
        let hint = "协助执行由本机关以自己的名义决定和实施，当事人对本机关的决定申请复议、提起诉讼";
        replied.push(field("decision", "本机关决定的文号", false, LINE, hint));
    }
    replied.push(files());
    offer(true, "reply", "拟复函", "经审核、签发后发出。", reply, replied);
    offer(
        true,
        "grant",
        "拟同意函",
        "经审核、签发后发出。",
        Command::Grant { note: sealed(), until: None },
        vec![note("同意的范围和条件", true), field("until", "有效期至", false, FieldKind::Moment, "")],
    );
    if !file.opening.goods.is_empty() {
        offer(
            true,
            "take_goods",
            "接收物品签字",
            "交接完成，双方签字入卷；再在相关案件中办理物品入库。",
            Command::TakeGoods { note: Text::default() },
            vec![note("与清单不符之处", false)],
        );
    }
    offer(true, "acknowledge", "签收通报", "对方看到已签收。", Command::Acknowledge, vec![]);
    let measures = Command::Measures { note: sealed(), exhibits: vec![] };
    offer(
        true,
        "measures",
        "反馈措施",
        "立即发给发布单位。",
        measures,
        vec![note("采取的措施", true), files()],
    );
    let conclude = Command::Conclude { outcome: Conclusion::Corrected, note: Text::default() };
    offer(
        true,
        "conclude",
        "反馈办理结果",
        "对方看到办理结果，本件办结。",
        conclude,
        vec![field("outcome", "结果", true, choices!(Conclusion), ""), note("说明", false)],
    );
    offer(
        false,
        "extend",
        "拟延期函",
        "经审核、签发后延期，对方看到新期限。",
        Command::Extend { days: 1, note: sealed() },
        vec![
            field("days", "延期（工作日）", true, FieldKind::Number { min: 1, max: 30 }, ""),
            note("理由", true),
        ],
    );
    offer(
        false,
        "return",
        "拟退回函",
        "经审核、签发后退回。",
        Command::Return { ground: ReturnGround::NotHere, note: sealed() },
        vec![field("ground", "理由", true, choices!(ReturnGround), ""), note("具体说明", true)],
    );
    offer(
        false,
        "refuse",
        "拟不予协助函",
        "仅限法定理由；经审核、签发后发出。",
        Command::Refuse { ground: RefuseGround::NotOurPower, note: sealed() },
        vec![field("ground", "法定理由", true, choices!(RefuseGround), ""), note("具体说明", true)],
    );
    let parties = file.parties();
    let roster = facts.directory.roster.as_deref();
    let others: Vec<&NodeCode> = roster
        .and_then(|r| r.entry(&file.opening.list).map(|entry| (r, entry)))
        .into_iter()
        .flat_map(|(r, entry)| {
            let may = |n: &&NodeCode| entry.between(file.founder(), n);
            r.epoch.members.iter().map(|m| &m.node).filter(may).collect::<Vec<_>>()
        })
        .filter(|n| !parties.contains(n))
        .collect();
    if let Some(to) = others.first() {
        let kind = FieldKind::Choice { choices: member_choices(others.iter().copied(), facts) };
        let sample = Command::AskForward { to: (*to).clone(), note: sealed() };
        offer(
            false,
            "ask_forward",
            "征求转送",
            "经移送机关同意后转给其他成员。",
            sample,
            vec![field("to", "转送给", true, kind, ""), note("理由", true)],
        );
    }
}

/// What is held of files that came from the others, whichever side they came to.
fn judge(file: &File, offer: &mut Add<'_>) {
    let open = file.received.values().filter(|r| file.to_judge(&r.exhibit.digest));
    let choice = |r: &super::Received| {
        let named = file.said.values().flatten().flat_map(|s| s.act.exhibits());
        let name = named.filter(|p| p.exhibit.digest == r.exhibit.digest).map(|p| p.name.clone()).next();
        let name = name.filter(|n| !n.is_empty()).unwrap_or_else(|| "证据".into());
        Choice::new(r.exhibit.digest.to_string(), format!("{name} {}", r.exhibit.digest.short()))
    };
    // Those that are here; when none is, the offer stands there refused.
    let (here, away): (Vec<_>, Vec<_>) = open.partition(|r| r.arrived.is_some());
    let open = if here.is_empty() { away } else { here };
    if let Some(first) = open.first() {
        let sample = Command::Judge {
            exhibit: first.exhibit.digest,
            verdict: Verdict::Recognised,
            note: Text::default(),
        };
        let kind = FieldKind::Choice { choices: open.iter().map(|r| choice(r)).collect() };
        offer(
            true,
            "judge",
            "认定证据",
            "对方立即看到认定结果；要求现场核实的，同时拟好协助调查函送审核。",
            sample,
            vec![
                field("exhibit", "证据", true, kind, ""),
                field("verdict", "认定", true, choices!(Verdict), ""),
                note("理由（不是“认可”时必填）", false),
            ],
        );
    }
}

fn founder(file: &File, offer: &mut Add<'_>) {
    offer(
        true,
        "accept_reply",
        "认可复函",
        "本件办结。",
        Command::AcceptReply { note: Text::default() },
        vec![note("说明", false)],
    );
    offer(
        false,
        "ask_again",
        "要求补充办理",
        "期限重新起算。",
        Command::AskAgain { note: sealed() },
        vec![note("需要补充的事项", true)],
    );
    let answer = Command::AnswerForward { agreed: true, note: Text::default() };
    offer(
        true,
        "answer_forward",
        "答复转送",
        "同意后由新的成员办理。",
        answer,
        vec![field("agreed", "同意转送", false, FLAG, "不勾选即不同意"), note("说明", false)],
    );
    if !file.opening.goods.is_empty() {
        offer(
            true,
            "give_goods",
            "移交物品签字",
            "签字后物品离开本机关保管；案件里的物品另在案件中登记移交。",
            Command::GiveGoods,
            vec![],
        );
    }
    let report = Command::Report { note: sealed(), exhibits: vec![] };
    offer(true, "report", "报告办理情况", "立即发给对方。", report, vec![note("办理情况", true), files()]);
    // As long as others are awaited it is no next step to end it.
    let ours = file.next().is_some_and(|next| next.who.contains(file.me()));
    offer(
        ours,
        "close",
        "办结",
        "本件不再办理。",
        Command::Close { note: Text::default() },
        vec![note("说明", false)],
    );
    offer(
        false,
        "urge",
        "催办",
        "对方承办人和联络员立即看到。",
        Command::Urge { note: sealed() },
        vec![note("内容", true)],
    );
    offer(
        false,
        "withdraw",
        "拟撤回函",
        "经审核、签发后撤回。",
        Command::Withdraw { note: sealed() },
        vec![note("理由", true)],
    );
}

/// Erasing what was sent, and what is to be done when another member erased.
fn erase(file: &File, offer: &mut Add<'_>) {
    let reason = || field("reason", "依据", true, LINE, "随请求发给各方并永久保存，不要写入个人信息");
    // Only what there is to erase can be chosen.
    let personal = erasure::own(file, file.me()).iter().any(|part| part.kind.is_personal());
    let scopes = EraseScope::ALL.iter().filter(|scope| personal || **scope == EraseScope::Everything);
    let scopes: Vec<Choice> = scopes.map(|scope| Choice::new(scope.code(), scope.title())).collect();
    offer(
        false,
        "erase",
        "删除已发出的内容",
        "本机关立即删除，各方收到后同时删除或说明依法保存的理由。",
        Command::Erase { parts: vec![], scope: EraseScope::Everything, reason: "-".into() },
        vec![field("scope", "范围", true, FieldKind::Choice { choices: scopes }, ""), reason()],
    );
    let kept = erasure::kept(file);
    let Some(first) = kept.first() else { return };
    let which = || {
        let choice = |e: &erasure::Erasure| {
            let day = crate::beijing_date(e.at);
            Choice::new(e.of.to_string(), format!("{day} {} 处：{}", e.parts.len(), e.reason))
        };
        field("of", "删除请求", true, FieldKind::Choice { choices: kept.iter().map(choice).collect() }, "")
    };
    let main = !erasure::unanswered(file).is_empty();
    offer(
        main,
        "confirm_erasure",
        "同时删除",
        "本机关的副本立即删除，不能恢复；对方看到已删除。",
        Command::ConfirmErasure { of: first.of },
        vec![which()],
    );
    let hold = Command::HoldErasure { of: first.of, ground: HoldGround::Retention, reason: "-".into() };
    offer(
        false,
        "hold_erasure",
        "依法暂不删除",
        "只保存、不再作其他使用；对方看到理由。",
        hold,
        vec![which(), field("ground", "法定理由", true, choices!(HoldGround), ""), reason()],
    );
}

fn dispute(file: &File, facts: &Facts<'_>, offer: &mut Add<'_>) {
    let parties = file.parties();
    let competent = || {
        let choices = member_choices(parties.iter(), facts);
        field("competent", "由谁管辖", true, FieldKind::Choice { choices }, "")
    };
    let Some(sample) = parties.first().cloned() else { return };
    let position =
        Command::Position { note: sealed(), over: None, filed: None, link: None, exhibits: vec![] };
    offer(
        true,
        "position",
        "陈述意见",
        "立即发给各方。",
        position,
        vec![
            note("本机关的意见", true),
            field("over", "本机关已立案件的编号", false, LINE, "立案时间从案件的立案记录带出，附存证位置"),
            files(),
        ],
    );
    let negotiate = Command::Negotiate { competent: sample.clone(), note: sealed() };
    offer(
        true,
        "negotiate",
        "提交协商记录",
        "对方确认后即定管辖。",
        negotiate,
        vec![competent(), note("协商的时间、参加人和结果", true)],
    );
    let agreed = || field("agreed", "同意", false, FLAG, "不勾选即不同意");
    offer(
        true,
        "answer_negotiation",
        "确认协商记录",
        "同意即定管辖。",
        Command::AnswerNegotiation { agreed: true, note: Text::default() },
        vec![agreed(), note("说明", false)],
    );
    offer(
        false,
        "designate",
        "登记指定管辖决定",
        "共同上级的决定对各方有约束力。",
        Command::Designate {
            competent: sample.clone(),
            by: "-".into(),
            number: "-".into(),
            exhibits: vec![],
        },
        vec![
            competent(),
            field("by", "指定机关", true, LINE, ""),
            field("number", "决定文号", true, LINE, ""),
            field("exhibits", "决定书", false, FieldKind::Exhibits, ""),
        ],
    );
    offer(
        false,
        "advise",
        "登记协调组意见",
        "各方都接受才有约束力。",
        Command::Advise { competent: sample, note: sealed() },
        vec![competent(), note("意见、作出人和时间", true)],
    );
    offer(
        true,
        "answer_advice",
        "答复协调组意见",
        "各方都接受即定管辖；不接受的应报请上级。",
        Command::AnswerAdvice { agreed: true, note: Text::default() },
        vec![agreed(), note("说明", false)],
    );
    offer(
        false,
        "report_up",
        "拟请示",
        "经审核、签发后报请上级；双方案卷在案件页“导出证据包”，随请示一并上报。",
        Command::ReportUp { to: "-".into(), note: sealed() },
        vec![
            field("to", "报请机关", true, LINE, "各方共同的上一级行政机关；跨省的是国务院主管部门"),
            note("请示事项", true),
        ],
    );
}
