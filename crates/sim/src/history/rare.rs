//! What few cases come to: a lead in which nothing is found, no penalty, a hearing, a reconsideration, a lawsuit, instalments, a demand
//! and the court; a panel that is heard; a case that the police takes.

use super::act::Doing;
use super::cases::{Move, Theme};
use super::ways::{DECIDED, FILED, TOLD, ways};
use jiff::civil::{Date, Time, Weekday, time};
use jiff::{SignedDuration, Span, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::{Digest, Role};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::folios::Folio;
use lianzhi_procedure::penalty::{Case, Hearing, PaperKind};
use serde_json::{Value, json};

/// Days from the call to the hearing: seven working days lie in between whatever holidays there are (行政处罚法 64(二)).
const CALLED_DAYS: i64 = 20;
/// Days by which a hearing that would fall on a weekend is held later, at most.
const WEEKEND: i64 = 2;
/// When hearings begin, in Beijing.
const HEARING_BEGINS: Time = time(9, 30, 0, 0);
/// Days from the decision to the first part: not before the fifteen days of the statute, holidays included (行政处罚法 67(3)).
const FIRST_DAYS: i64 = 30;
/// Months over which a fine is paid.
const PARTS: u32 = 3;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rare {
    /// Nothing was found of what was reported.
    Unfounded,
    /// 陈述、申辩, and the answer to it.
    Says,
    Answer,
    /// 听证: asked for, called, held.
    AskHearing,
    CallHearing,
    HoldHearing,
    /// 公众评议: asked for and given.
    AskPanel,
    PanelSays,
    /// The police opened a case.
    PoliceTook,
    /// 复议 or 诉讼, the answer of the agency, how it ended.
    Appeal(&'static str),
    Reply,
    Upheld,
    /// 分期缴纳, and the first part paid.
    Instalments,
    PayPart,
    /// 催告, 申请法院强制执行, what the court said.
    Demand,
    Court,
    Lodge,
    CourtSaid(&'static str),
}

use Rare::{
    Answer, Appeal, AskHearing, AskPanel, CallHearing, Court, CourtSaid, Demand, HoldHearing, Instalments,
    Lodge, PanelSays, PayPart, PoliceTook, Reply, Says, Unfounded, Upheld,
};

impl Rare {
    /// Days that pass before it, besides the usual time between two steps.
    pub(super) const fn days_before(self) -> i64 {
        match self {
            // After the day on which it is held.
            HoldHearing => CALLED_DAYS + WEEKEND + 1,
            PoliceTook => 1,
            Appeal(_) => 3,
            Reply | CourtSaid(_) => 4,
            Upheld => 14,
            // Fifteen days to pay (67), and some patience.
            Demand => 17,
            // Ten working days after the demand (行政强制法 54), holidays included.
            Court => 23,
            _ => 0,
        }
    }

    /// In which role it is done; none: by the officer in charge.
    pub(super) const fn asks(self) -> Option<Role> {
        match self {
            CallHearing | HoldHearing => Some(Role::LegalReviewer),
            PanelSays => Some(Role::Panelist),
            _ => None,
        }
    }
}

use Move::{Propose, Reinspect, Serve, Sign};

/// As a step of a case.
const fn rare(rare: Rare) -> Move {
    Move::Rare(rare)
}

ways! {
    UNFOUNDED = [Move::Register, Move::Assign, rare(Unfounded), Propose("not_file"), Sign];
    SPARED = FILED, [
        Move::Record("inspection"), Move::Record("interview"), Move::Order, Serve, Reinspect, Move::Finish,
        Propose("no_penalty"), Sign, Serve, Propose("close"), Sign, Move::Archive,
    ];
    /// Told; a hearing is called.
    CALLED = TOLD, [rare(Says), rare(Answer), rare(AskHearing), rare(CallHearing), Serve];
    /// Decided after a hearing; a reconsideration is under way.
    HEARING = CALLED, [
        rare(HoldHearing), Move::Review, Move::Discuss, Propose("decide"), Sign, Serve, Move::Publish, Reinspect,
        rare(Appeal("reconsideration")), rare(Reply),
    ];
    /// Paid in parts.
    PARTLY = DECIDED, [rare(Instalments), Sign, Serve, rare(PayPart)];
    /// Not paid: demanded.
    DEMANDED = DECIDED, [Move::Publish, rare(Demand), Sign, Serve];
    /// A lawsuit that was lost, a demand, the court.
    COURT = DECIDED, [
        Move::Publish, rare(Appeal("lawsuit")), rare(Reply), rare(Upheld), rare(Demand), Sign, Serve, rare(Court), Sign,
        rare(Lodge), rare(CourtSaid("accepted")),
    ];
}

const fn theme(
    title: &'static str,
    facts: &'static str,
    (name, number): (&'static str, &'static str),
    way: &'static [Move],
) -> Theme {
    Theme {
        item: "JZLJ-01",
        kind: "company",
        title,
        facts,
        name,
        number,
        reported: false,
        way,
        steps: way.len(),
        days: 0,
        scanned: false,
    }
}

const DUMPING: &str = "将工地挖出的渣土约二十车倾倒在待建地块，没有办理处置核准，现场有轮胎印和渣土堆。";

/// The cases.
pub(super) const THEMES: [Theme; 8] = [
    theme("某绿化公司被举报倾倒渣土案", DUMPING, ("示例绿化有限公司一", "91310000EXAMPLE031"), &UNFOUNDED),
    Theme {
        item: "JZLJ-02",
        kind: "person",
        scanned: true,
        ..theme(
            "某人临时堆放装修垃圾案",
            "装修时将少量装修垃圾临时堆放在小区门口，当天清走。",
            ("示例人丙", "310000199001010032"),
            &SPARED,
        )
    },
    Theme {
        scanned: true,
        ..theme(
            "某土石方公司擅自倾倒渣土案",
            DUMPING,
            ("示例土石方有限公司二", "91310000EXAMPLE033"),
            &HEARING,
        )
    },
    theme("某桩基公司擅自倾倒泥浆案", DUMPING, ("示例桩基有限公司三", "91310000EXAMPLE034"), &CALLED),
    theme("某保洁公司擅自堆放建筑垃圾案", DUMPING, ("示例保洁有限公司四", "91310000EXAMPLE035"), &PARTLY),
    theme("某劳务公司擅自倾倒建筑垃圾案", DUMPING, ("示例劳务有限公司五", "91310000EXAMPLE036"), &DEMANDED),
    theme("某工程公司拒不缴纳罚款案", DUMPING, ("示例工程有限公司六", "91310000EXAMPLE037"), &COURT),
    // The party is that of a case under way, see [`super::cases`].
    Theme {
        item: "JZLJ-07",
        ..theme(
            "某市政公司渣土车辆再次不按路线行驶案",
            "运输渣土的车辆没有按核准的路线行驶，穿行居民区道路。",
            ("示例市政有限公司壬", "91310000EXAMPLE009"),
            &super::ways::JOINED,
        )
    },
];

/// A hearing is held in the morning, not on a weekend.
fn hearing_begins(day: Date) -> Timestamp {
    let later = match day.weekday() {
        Weekday::Saturday => WEEKEND,
        Weekday::Sunday => 1,
        _ => 0,
    };
    let day = day.saturating_add(Span::new().days(later));
    jiff::tz::offset(8).to_timestamp(day.to_datetime(HEARING_BEGINS)).unwrap_or_default()
}

impl Doing {
    /// Whoever was called to preside over the hearing of a case.
    pub(super) fn chair(&self, n: usize) -> Option<Caller> {
        match &self.case(n).ok()?.party(1)?.rights.hearing {
            Hearing::Called { chair, .. } => self.staff.person(chair.as_str()),
            _ => None,
        }
    }

    pub(super) fn rare_command(
        &self,
        rare: Rare,
        now: Timestamp,
        n: usize,
        exhibits: &[Digest],
    ) -> Result<Value, Refusal> {
        let today = lianzhi_procedure::beijing_date(now);
        let later = |days: i64| today.saturating_add(Span::new().days(days));
        let case = self.case(n)?;
        let money = case.party(1).map(|party| &party.money);
        Ok(match rare {
            Unfounded => {
                json!({ "command": "verify", "established": false, "note": "到场两次没有发现倾倒，周边监控也没有相应车辆。" })
            }
            Says => json!({
                "command": "state", "party": 1, "note": "车辆是临时租来的，已经清运并缴纳处置费，请求从轻处罚。",
                "exhibits": exhibits,
            }),
            Answer => json!({
                "command": "answer", "party": 1, "adopted": "some",
                "note": "清运属实，已在裁量时考虑；租车不影响责任的认定，拟处罚的幅度不变。",
            }),
            AskHearing => json!({ "command": "ask_hearing", "party": 1, "on": today }),
            CallHearing => {
                let chair = self.staff.codes(Role::LegalReviewer).first().map(ToString::to_string);
                json!({
                    "command": "call_hearing", "party": 1, "on": hearing_begins(later(CALLED_DAYS)),
                    "chair": chair, "note": "机关听证室，公开举行。",
                })
            }
            HoldHearing => json!({
                "command": "hold_hearing", "party": 1, "exhibits": exhibits,
                "note": "双方陈述、举证和质证，当事人对事实没有异议，请求从轻；建议按告知的内容处罚。",
            }),
            AskPanel => json!({
                "command": "ask_opinion", "from": "panel", "until": later(7),
                "note": "反复遗撒但主动清扫，是否可以从轻。",
            }),
            PanelSays => json!({
                "command": "advise", "from": "panel",
                "note": "五名评议员中四名认为屡次发生，不宜从轻；一名认为可以从轻。",
            }),
            PoliceTook => {
                json!({ "command": "answer_crime", "taken": true, "note": "立案决定书：示例公立字〔2026〕1 号。" })
            }
            Appeal(kind) => {
                json!({ "command": "appeal", "party": 1, "kind": kind, "on": today, "stay": false })
            }
            Reply => json!({
                "command": "reply_remedy", "party": 1, "note": "已提交答辩（答复）书和作出决定的全部证据、依据。",
                "exhibits": exhibits,
            }),
            Upheld => json!({
                "command": "end_appeal", "party": 1, "end": "upheld", "on": today, "note": "判决驳回诉讼请求，当事人没有上诉。",
            }),
            Instalments => json!({
                "command": "pay_later", "party": 1, "parts": PARTS, "first": later(FIRST_DAYS),
                "note": "当事人提交财务报表，资金周转确有困难。",
            }),
            PayPart => json!({
                "command": "pay", "party": 1, "amount": money.and_then(|money| money.parts.first()).map(|part| part.fen),
                "on": today, "reference": format!("示例票据分期 {n:04}"), "exhibits": exhibits,
            }),
            Demand => json!({
                "command": "demand", "party": 1, "note": "请自收到之日起十日内缴纳罚款和加处罚款，逾期申请人民法院强制执行。",
            }),
            Court => json!({
                "command": "compel", "party": 1, "kind": "court", "on": now, "court": "示例区人民法院",
                "note": "经催告仍不履行，起诉已被驳回。",
            }),
            Lodge => json!({
                "command": "lodge_court", "party": 1, "on": today, "exhibits": exhibits,
                "note": "申请书、决定书、催告书和送达回证递交立案庭，收件人签收。",
            }),
            CourtSaid(step) => json!({
                "command": "court_said", "party": 1, "step": step, "on": today, "note": "受理通知书：示例行审 1 号。",
            }),
        })
    }

    /// What is written on the documents that such a step made.
    pub(super) fn rare_written(
        &self,
        rare: Rare,
        now: Timestamp,
        n: usize,
        case: &Case,
    ) -> Vec<(Folio, Caller, Value)> {
        let lead = self.cases[n].lead.clone();
        let recorder = case.officers.last().map(|o| o.name.clone()).unwrap_or_default();
        let minute =
            |at: Timestamp| jiff::tz::offset(8).to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string();
        let (from, to) = (minute(now - SignedDuration::from_mins(90)), minute(now));
        let paper = |kind| case.papers_of(kind).next_back().map(|file| Folio::Paper(file.paper.id));
        let legal = || {
            let chair = case.party(1).and_then(|party| match &party.rights.hearing {
                Hearing::Called { chair, .. } | Hearing::Held { chair, .. } => Some(chair.clone()),
                _ => None,
            });
            chair.and_then(|chair| self.staff.person(chair.as_str()))
        };
        let mut all = Vec::new();
        match rare {
            Says => all.push((
                Folio::Statement(1, 1),
                lead,
                json!({
                    "from": from, "to": to, "place": "执法中队", "recorder": recorder, "name": "示例负责人",
                    "identity": "居民身份证：310000198001010000", "address": "示例路 1 号", "relation": "当事人的负责人",
                    "evidence": "处置费缴款凭证一份",
                }),
            )),
            Answer => all.push((
                Folio::Answer(1, 1),
                lead,
                json!({
                    "checked": "核对了缴款凭证和清运现场，情况属实。", "proposal": "部分采纳，处罚内容不变，没有因申辩加重。",
                }),
            )),
            CallHearing => all.extend(paper(PaperKind::HearingCall).zip(legal()).map(|(folio, legal)| {
                (folio, legal, json!({ "place": "机关听证室", "recorder": "示例记录员" }))
            })),
            HoldHearing => {
                let Some(chair) = legal() else { return all };
                all.push((
                    Folio::HearingRecord(1),
                    chair.clone(),
                    json!({
                        "from": from, "to": to, "place": "机关听证室", "recorder": "示例记录员",
                        "speeches": "主持人：宣布听证开始。\n调查人员：说明违法事实、证据和拟处罚的依据。\n\
                                     当事人：对事实没有异议，请求从轻。\n主持人：听证结束，请核对笔录。",
                    }),
                ));
                all.push((
                    Folio::HearingReport(1),
                    chair,
                    json!({
                        "from": from, "to": to, "place": "机关听证室", "recorder": "示例记录员",
                        "prosecution": "事实清楚，证据充分，建议按告知的内容处罚。", "defence": "对事实没有异议，请求从轻。",
                        "findings": "违法事实成立，依据准确，裁量已考虑清运情况。",
                    }),
                ));
            }
            _ => {}
        }
        all
    }
}
