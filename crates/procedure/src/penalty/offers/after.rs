//! Offers about papers, enforcement, remedies, publication and the end.

use super::*;
use crate::penalty::command::{
    AnnouncingDemolition, Appealing, Archiving, Compelling, DecidingAnew, DelayingRemedy, EndingAppeal,
    Enforcing, Issuing, OpeningArchive, Staying,
};
use crate::penalty::execution::{ClearingPlace, SubstituteGround};
use crate::penalty::law_side;
use crate::penalty::missing::likely;
use crate::penalty::public::Publication;
use crate::penalty::stage::Stage;
use crate::penalty::words::{ClosingGround, EnforcementKind, PaperKind, RemedyEnd, RemedyKind, Way};
use crate::penalty::{FallGround, OutGround};

pub(super) fn papers(desk: &mut Desk<'_>) {
    let (parties, papers) = (desk.parties(), desk.papers());
    let now = desk.now();
    let receivers: Vec<_> = parties.iter().map(|(id, _)| *id).collect();
    let case = desk.case;
    // A paper goes to those whom it names and who do not have it yet.
    let open = |paper: u16| {
        let file = case.paper(paper)?;
        receivers.iter().copied().find(|id| file.paper.parties.contains(id) && !file.service.contains_key(id))
    };
    let ways = Way::ALL.iter().map(|w| Choice::new(w.code(), w.title())).collect();
    let choices: Vec<Choice> = parties.iter().map(|(_, c)| c.clone()).collect();
    let whose = FieldKind::Choice { choices: choices.clone() };
    desk.offer_for(
        words(case.papers.iter().any(|p| p.unserved()), "serve", "登记送达", "送达后起算当事人的期限。"),
        ("paper", "文书"),
        &papers,
        |paper| Command::Serve {
            paper,
            party: open(paper).unwrap_or(0),
            way: match case.paper(paper).map(|file| file.paper.kind) {
                Some(PaperKind::DemolitionNotice) => Way::Posted,
                _ => Way::Direct,
            },
            at: now,
            note: sealed(),
            exhibits: sample_files(),
        },
        vec![
            field("party", "受送达人", true, FieldKind::Choice { choices }, ""),
            field(
                "way",
                "方式",
                true,
                FieldKind::Choice { choices: ways },
                "电子送达须有确认书；公告送达须其他方式无法送达；限期拆除公告用现场公告",
            ),
            field("at", "送达时间", true, MOMENT, hints::service(desk)),
            field(
                "note",
                "签收人、见证人、邮件号；留置和公告的原因、地点",
                false,
                TEXT,
                "留置、公告送达、现场公告必填",
            ),
            files("送达回证、照片", true),
        ],
    );
    desk.offer_for(
        words(false, "issue", "上传签发件", "签名盖章后的扫描件入卷。"),
        ("paper", "文书"),
        &papers,
        |paper| {
            let parties = case.paper(paper).map(|file| file.paper.parties.as_slice()).unwrap_or_default();
            let party = parties.first().copied().filter(|_| parties.len() > 1);
            Command::Issue(Issuing { paper, party, exhibits: sample_files(), note: sealed() })
        },
        vec![
            field("party", "当事人", false, whose, "文书发给几个当事人的，选扫描件是谁的那一份"),
            files("扫描件", true),
            field("note", "更换的理由", false, TEXT, "已经有签发件、要换的必填"),
        ],
    );
    desk.offer_for(
        words(false, "void", "作废文书", "没有送达任何人的才能作废；文号保留、不再使用，文书的效力一并撤回（查封、扣押、登记保存随之解除）。"),
        ("paper", "文书"),
        &papers,
        |paper| Command::Void { paper, note: sealed() },
        vec![note("作废的理由")],
    );
    desk.offer_for(
        words(false, "agree_electronic", "登记电子送达确认书", "当事人同意后可以电子送达。"),
        ("party", "当事人"),
        &parties,
        |party| Command::AgreeElectronic { party, exhibits: sample_files() },
        vec![files("当事人签字的确认书", true)],
    );
}

pub(super) fn enforcement(desk: &mut Desk<'_>) {
    let parties = desk.parties();
    let (now, today) = (desk.now(), desk.today());
    let hour = daytime(desk);
    let sample = |kind: EnforcementKind, party| {
        let (court, power) = ("-".into(), "-".into());
        let on = if kind == EnforcementKind::Immediate { now } else { hour };
        let (ground, place) = (Some(SubstituteGround::Traffic), Some(ClearingPlace::Road));
        let absent = false;
        Command::Compel(Compelling { party, kind, on, court, power, ground, place, absent, note: sealed() })
    };
    let kinds = |party: u16| {
        let tries = |kind: &EnforcementKind| desk.tries(sample(*kind, party)).is_ok();
        EnforcementKind::ALL.iter().copied().filter(tries).collect::<Vec<_>>()
    };
    let fit: Vec<_> = parties.iter().map(|(id, _)| (*id, kinds(*id))).collect();
    let any = |kind: &EnforcementKind| fit.iter().any(|(_, kinds)| kinds.contains(kind));
    let choices: Vec<_> = EnforcementKind::ALL.iter().filter(|kind| any(kind)).collect();
    if !choices.is_empty() {
        let choices = choices.iter().map(|k| Choice::new(k.code(), k.title())).collect();
        let first = |party| {
            let own = fit.iter().find(|(id, _)| *id == party).and_then(|(_, kinds)| kinds.first());
            own.copied().unwrap_or(EnforcementKind::Court)
        };
        desk.offer_for(
            words(
                false,
                "compel",
                "报批强制执行",
                "夜间和法定节假日不得实施；立即代履行先清除，再如实登记、补办批准并立即通知。",
            ),
            ("party", "当事人"),
            &parties,
            |party| sample(first(party), party),
            vec![
                field("kind", "方式", true, FieldKind::Choice { choices }, ""),
                field("on", "实施（申请）时间", true, MOMENT, hints::performance(desk)),
                field("court", "人民法院", false, LINE, "申请法院执行的必填"),
                field(
                    "power",
                    "强制拆除的权限",
                    false,
                    LINE,
                    "强制拆除的必填：政府责成强制拆除的决定（文号），或者法律、法规的授权条款",
                ),
                field("ground", "代履行的情形", false, choices!(SubstituteGround), "代履行的必填"),
                field("place", "立即清除的地点", false, choices!(ClearingPlace), "立即代履行的必填"),
                field("absent", "清除时当事人不在场", false, FLAG, "立即代履行的填写；事后立即通知"),
                note("理由和依据"),
            ],
        );
    }
    let tomorrow = today.tomorrow().unwrap_or(today);
    desk.offer_for(
        words(
            false,
            "announce_demolition",
            "报批限期拆除公告",
            "强制拆除以前必须公告，限期当事人自行拆除；签发后在现场公告，登记地点和照片。",
        ),
        ("party", "当事人"),
        &parties,
        |party| {
            let (object, note) = (sealed(), sealed());
            Command::AnnounceDemolition(AnnouncingDemolition { party, object, until: tomorrow, note })
        },
        vec![
            field(
                "object",
                "需要拆除的建筑物、构筑物、设施",
                true,
                TEXT,
                "地点、结构、面积，与责令限期拆除一致",
            ),
            field("until", "自行拆除的期限", true, DAY, "公告以后给当事人留出拆除的时间"),
            note("限期拆除的情况和理由"),
        ],
    );
    desk.offer_for(
        words(true, "enforce", "登记执行结果", "执行记录和照片入卷。"),
        ("party", "当事人"),
        &parties,
        |party| {
            let (from, to) = (Some(hour.min(now)), Some(hour.min(now)));
            Command::Enforce(Enforcing { party, from, to, note: sealed(), exhibits: vec![] })
        },
        vec![
            field("from", "开始时间", false, MOMENT, "实施的实际时间；不填即现在"),
            field("to", "结束时间", false, MOMENT, ""),
            note("执行情况"),
            files("现场笔录、照片、法院裁定", false),
        ],
    );
    desk.offer_for(
        words(
            false,
            "stop_enforcement",
            "登记停止执行、撤回申请",
            "当事人已经履行，或者据以执行的决定被撤销的。",
        ),
        ("party", "当事人"),
        &parties,
        |party| Command::StopEnforcement(beside::of_party(party)),
        vec![note("履行的情况"), files("证明、撤回申请书", false)],
    );
    remedies(desk);
    desk.offer(
        words(true, "send_crime", "登记移送", "公安机关三日内答复是否立案。"),
        Command::SendCrime { note: sealed(), exhibits: vec![] },
        vec![note("移送的材料和回执"), files("移送书、清单、回执", false)],
    );
    desk.offer(
        words(true, "answer_crime", "登记公安机关答复", "立案的三日内移交物品；不立案的继续办理。"),
        Command::AnswerCrime { taken: true, note: sealed(), exhibits: vec![] },
        vec![
            field("taken", "公安机关立案", true, FLAG, ""),
            note("通知书"),
            files("立案、不予立案通知书", false),
        ],
    );
    let fell = |id: u16| desk.case.party(id).is_some_and(|p| p.annulled.is_some());
    let stand = desk.parties().iter().any(|(id, _)| !fell(*id));
    let fallen: Vec<_> = desk.parties().into_iter().filter(|(id, _)| stand && fell(*id)).collect();
    let mut fields = vec![
        field("ground", "原决定被撤销的原因", true, choices!(FallGround), "按裁判、复议决定的理由选择"),
        field("different", "重新作出的决定有何不同", true, TEXT, "事实、证据、依据或者程序上的不同"),
        field("until", "限定的期限", false, DAY, "裁判、复议决定限定了期限的填写"),
        note("撤销的裁判、决定和理由"),
    ];
    // What was decided against the others stands: he alone gets a case of his own.
    if stand {
        let choices = fallen.iter().map(|(_, choice)| choice.clone()).collect();
        let hint = "对其他当事人的决定不受影响：批准后对该当事人另立一案重新决定";
        fields.insert(0, field("party", "当事人", true, FieldKind::Choice { choices }, hint));
    }
    desk.offer_or_say(
        words(
            false,
            "decide_anew",
            "报批重新作出决定",
            "回到调查阶段，重新告知、听取陈述申辩、听证、审核后决定；不得以同一的事实和理由作出基本相同的决定。",
        ),
        Command::DecideAnew(DecidingAnew {
            party: fallen.first().map(|(id, _)| *id),
            ground: FallGround::Procedure,
            different: sealed(),
            until: None,
            note: sealed(),
        }),
        fields,
    );
    desk.offer(
        words(false, "revoke", "报批撤销处罚决定", "撤销后三个工作日内撤回公开。"),
        Command::Revoke { note: sealed() },
        vec![note("撤销的理由")],
    );
}

/// The next hour at which something may be enforced: now, or ten in the morning of a day that is no holiday (行政强制法 43).
fn daytime(desk: &Desk<'_>) -> Timestamp {
    let now = desk.now();
    let tens = std::iter::successors(Some(desk.today()), |day| day.tomorrow().ok())
        .map(|day| law_side::midnight(day) + jiff::SignedDuration::from_hours(10))
        .filter(|at| *at > now);
    let lawful = |at: &Timestamp| law_side::night_or_holiday(*at, &desk.facts).is_none();
    std::iter::once(now).chain(tens.take(30)).find(lawful).unwrap_or(now)
}

/// Reconsideration and lawsuits: against the decision, or against an order.
fn remedies(desk: &mut Desk<'_>) {
    let parties = desk.parties();
    let today = desk.today();
    let served = |o: &&super::super::OrderFile| desk.case.served(o.order.paper, o.order.party).is_some();
    let orders: Vec<_> =
        desk.case.orders.iter().filter(served).map(|o| (o.order.paper, o.order.party)).collect();
    let papers = desk.papers();
    let choices: Vec<_> = papers
        .iter()
        .filter(|(id, _)| orders.iter().any(|(paper, _)| paper == id))
        .map(|(_, choice)| choice.clone())
        .collect();
    let of_order = |fields: Vec<Field>| {
        let mut all = fields;
        if !choices.is_empty() {
            let kind = FieldKind::Choice { choices: choices.clone() };
            all.insert(0, field("paper", "所不服的责令改正", false, kind, "对处罚决定不服的不选"));
        }
        all
    };
    // What a party challenges, the decision first.
    let first = |party: u16, make: &dyn Fn(u16, Option<u16>) -> Command| {
        let own = orders.iter().filter(|(_, whose)| *whose == party).map(|(paper, _)| Some(*paper));
        let fit = std::iter::once(None).chain(own).find(|paper| desk.tries(make(party, *paper)).is_ok());
        make(party, fit.flatten())
    };
    let all = |make: &dyn Fn(u16, Option<u16>) -> Command| {
        parties.iter().map(|(id, _)| (*id, first(*id, make))).collect::<Vec<_>>()
    };
    let sought = all(&|party, paper| {
        // What is mostly sought next.
        let kind = match desk.case.remedies_of(party, paper).last().map(|last| last.kind) {
            None | Some(RemedyKind::Reconsideration) => RemedyKind::Reconsideration,
            Some(RemedyKind::Lawsuit) => RemedyKind::SecondInstance,
            Some(RemedyKind::SecondInstance) => RemedyKind::Lawsuit,
        };
        let (stay, simple) = (false, false);
        Command::Appeal(Appealing { party, paper, kind, on: today, stay, simple, exhibits: vec![] })
    });
    let ending = all(&|party, paper| {
        let (end, fine, exhibits) = (RemedyEnd::Upheld, None, vec![]);
        Command::EndAppeal(EndingAppeal { party, paper, end, on: today, fine, note: sealed(), exhibits })
    });
    let staying = all(&|party, paper| {
        let stayed = desk.case.remedies_of(party, paper).iter().any(|r| r.stay && r.ended.is_none());
        let (note, exhibits) = (sealed(), vec![]);
        Command::SetStay(Staying { party, paper, stay: !stayed, on: today, note, exhibits })
    });
    let delaying = all(&|party, paper| {
        let (note, exhibits) = (sealed(), vec![]);
        Command::DelayRemedy(DelayingRemedy { party, paper, days: 1, note, exhibits })
    });
    let pick = |all: &[(u16, Command)], party: u16| {
        all.iter().find(|(id, _)| *id == party).map_or(Command::Tick, |(_, command)| command.clone())
    };
    let fields = [
        of_order(vec![
            field("kind", "种类", true, choices!(RemedyKind), "不服一审裁判的选上诉"),
            field("on", "申请、起诉、上诉日期", true, DAY, hints::remedies(desk)),
            field("stay", "停止执行", false, FLAG, "复议机关或者法院决定停止执行的"),
            field("simple", "复议适用简易程序", false, FLAG, "五日内答复，三十日内决定"),
            files("受理通知书、起诉状副本", false),
        ]),
        of_order(vec![
            field("end", "结果", true, FieldKind::Choice { choices: RemedyEnd::entered() }, "按主文选择"),
            field("on", "收到日期", true, DAY, ""),
            field("fine", "变更后的罚款", false, MONEY, "只在变更时填写"),
            note("复议决定、裁判的内容"),
            files("复议决定书、裁判文书", false),
        ]),
        of_order(vec![
            field("stay", "停止执行", false, FLAG, "解除停止执行的不勾选"),
            field("on", "日期", true, DAY, ""),
            note("裁定、决定的文号和内容"),
            files("裁定书、决定书", false),
        ]),
        of_order(vec![
            field("days", "延长天数", true, FieldKind::Number { min: 1, max: 30 }, "最多三十日"),
            note("延期审理通知书的文号和理由"),
            files("延期审理通知书", false),
        ]),
    ];
    let [appeal_fields, end_fields, stay_fields, delay_fields] = fields;
    desk.offer_for(
        words(false, "appeal", "登记复议、诉讼", "期间不计算加处罚款；裁定停止执行的不执行。"),
        ("party", "当事人"),
        &parties,
        |party| pick(&sought, party),
        appeal_fields,
    );
    desk.offer_for(
        words(false, "delay_remedy", "登记复议延期", "普通程序的复议可以延长一次，最多三十日。"),
        ("party", "当事人"),
        &parties,
        |party| pick(&delaying, party),
        delay_fields,
    );
    desk.offer_for(
        words(true, "end_appeal", "登记复议、诉讼结果", "被撤销、变更、确认违法的，三个工作日内撤回公开。"),
        ("party", "当事人"),
        &parties,
        |party| pick(&ending, party),
        end_fields,
    );
    desk.offer_for(
        words(false, "set_stay", "登记停止执行、解除停止执行", "停止执行期间不实施强制执行。"),
        ("party", "当事人"),
        &parties,
        |party| pick(&staying, party),
        stay_fields,
    );
}

pub(super) fn rest(desk: &mut Desk<'_>) {
    let publish = match desk.case.publication {
        Publication::Withdrawn { .. } => {
            words(true, "publish", "重新公开", "按变更后的内容公开；公开期限自第一次公开起算。")
        }
        Publication::Published { .. } => words(true, "publish", "重新公开", "按更正后的内容公开。"),
        _ => words(true, "publish", "登记公开", "七个工作日内公开处罚决定。"),
    };
    desk.offer(publish, Command::Publish, vec![]);
    desk.offer(
        words(false, "keep_back", "登记不公开", "写明理由。"),
        Command::KeepBack { note: sealed() },
        vec![note("不公开的理由")],
    );
    desk.offer(
        words(crate::penalty::withdrawal_owed(desk.case), "unpublish", "撤回公开", "公开说明理由。"),
        Command::Unpublish { note: sealed() },
        vec![note("公开说明的理由")],
    );
    let after = matches!(
        desk.case.stage(),
        Stage::Serving
            | Stage::Performing
            | Stage::Enforcing
            | Stage::ToClose
            | Stage::Crime
            | Stage::Elsewhere
    );
    if after || desk.case.only_ordered() {
        let grounds: Vec<_> = ClosingGround::ALL
            .iter()
            .filter(|g| desk.tries(Command::Close { ground: **g, note: sealed() }).is_ok())
            .map(|g| Choice::new(g.code(), g.title()))
            .collect();
        let ground = likely(desk.case);
        let choices =
            if grounds.is_empty() { vec![Choice::new(ground.code(), ground.title())] } else { grounds };
        let first = choices.first().and_then(|c| ClosingGround::from_code(&c.value)).unwrap_or(ground);
        let words = words(desk.case.stage() == Stage::ToClose, "close", "报批结案", "批准后立卷归档。");
        let sample = Command::Close { ground: first, note: sealed() };
        let fields = vec![
            field("ground", "结案情形", true, FieldKind::Choice { choices }, ""),
            note("执行和物品处理情况"),
        ];
        // Whoever was only ordered so far may still be punished: what is missing for an end is said once he is not.
        if after {
            desk.offer_or_say(words, sample, fields);
        } else {
            desk.offer(words, sample, fields);
        }
    }
    desk.offer(
        words(true, "archive", "归档", "卷宗不再变更。"),
        Command::Archive(Archiving { shelf: "-".into(), pages: 1, note: sealed() }),
        vec![
            field("shelf", "档号", true, LINE, ""),
            field("pages", "页数", true, FieldKind::Number { min: 1, max: 10_000 }, ""),
            field("note", "缺项的原因", false, TEXT, "卷内有文书待填写、记录有缺项的必填；归档后不能再补"),
        ],
    );
    desk.offer(
        words(false, "open_archive", "报批启卷", "原卷保持原样，其后形成的材料归入补充卷。"),
        Command::OpenArchive(OpeningArchive {
            ground: OutGround::Remedy,
            note: sealed(),
            exhibits: sample_files(),
        }),
        vec![
            field("ground", "启卷的情形", true, choices!(OutGround), ""),
            note("启卷的理由和要办理的事项"),
            files("要求启卷的裁判、决定、通知", true),
        ],
    );
    desk.offer(
        words(false, "add", "补充材料", "记入案卷。"),
        Command::Add { note: sealed(), exhibits: vec![] },
        vec![note("补充内容"), files("照片、文件", false)],
    );
    desk.offer(
        words(false, "join", "并案", "并入另一案件办理。"),
        Command::Join { to: before::SAMPLE_CASE, note: sealed() },
        vec![
            field("to", "并入的案件", true, FieldKind::Matter { choices: vec![] }, "案号，或它的后几位"),
            note("理由"),
        ],
    );
    let parties = desk.parties();
    desk.offer_for(
        words(false, "split", "分案", "该当事人另立一案办理，互相可查。"),
        ("party", "当事人"),
        &parties,
        |party| Command::Split { party, note: sealed() },
        vec![note("理由")],
    );
}
