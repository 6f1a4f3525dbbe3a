//! What few cases come to: a lead in which nothing is found, no penalty, a hearing, a reconsideration, a lawsuit, instalments, a demand
//! and the court; a panel that is heard; a case that the police takes.

use super::act::Doing;
use super::cases::Move;
use super::themes::Theme;
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
/// Members of a panel.
const VOTES: u8 = 3;
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
    /// 群众公议: asked for, drawn, each vote, summed up.
    AskPanel,
    DrawPanel,
    Vote(u16, &'static str),
    Conclude,
    /// 调解, with a room and a day.
    Mediate,
    /// 司法建议、检察建议: received, the first of them answered.
    Letter(&'static str),
    AnswerLetter,
    /// The police opened a case.
    PoliceTook,
    /// The police opened none, and is asked again.
    PoliceRefused,
    AskPolice,
    /// 移送有管辖权的机关: proposed, handed over.
    Transfer,
    HandOver,
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
    /// 违法建设: ordered to be pulled down, challenged in vain, seen again, demanded, announced, pulled down.
    Down(Down),
}

/// What becomes of something that was built unlawfully (城乡规划法 64, 68; 行政强制法 44).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Down {
    /// 责令限期拆除.
    Order,
    /// 复议 against the order, and its end.
    Challenged,
    Upheld,
    /// It still stands.
    Stands,
    /// 催告.
    Demand,
    /// 限期拆除公告, and how it was posted.
    Announce,
    Posted,
    /// 强制拆除, asked for and carried out.
    Compel,
    Done,
    /// Nothing stands any more.
    Gone,
    /// 结案.
    Close,
}

impl Down {
    const fn days_before(self) -> i64 {
        match self {
            Down::Challenged => 3,
            Down::Upheld => 14,
            // The term of the demand, that of the notice and that of a lawsuit are over, holidays included.
            Down::Compel => 30,
            _ => 0,
        }
    }
}

use Rare::{
    Answer, AnswerLetter, Appeal, AskHearing, AskPanel, AskPolice, CallHearing, Conclude, Court, CourtSaid,
    Demand, DrawPanel, HandOver, HoldHearing, Instalments, Letter, Lodge, Mediate, PayPart, PoliceRefused,
    PoliceTook, Reply, Says, Transfer, Unfounded, Upheld, Vote,
};

impl Rare {
    /// Days that pass before it, besides the usual time between two steps.
    pub(super) const fn days_before(self) -> i64 {
        match self {
            // After the day on which it is held.
            HoldHearing => CALLED_DAYS + WEEKEND + 1,
            PoliceTook | PoliceRefused => 1,
            Appeal(_) => 3,
            Reply | CourtSaid(_) => 4,
            Upheld => 14,
            // Fifteen days to pay (67), and some patience.
            Demand => 17,
            // Ten working days after the demand (行政强制法 54), holidays included.
            Court => 23,
            Rare::Down(down) => down.days_before(),
            _ => 0,
        }
    }

    /// In which role it is done; none: by the officer in charge.
    pub(super) const fn asks(self) -> Option<Role> {
        match self {
            CallHearing | HoldHearing => Some(Role::LegalReviewer),
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

ways! {
    /// Built without a permit: pulled down after an order, a reconsideration, a demand and a public notice.
    PULLED_DOWN = FILED, [
        Move::Record("inspection"), Move::Record("interview"), rare(Rare::Down(Down::Order)), Sign, Serve, Move::Finish,
        rare(Rare::Down(Down::Challenged)), rare(Reply), rare(Rare::Down(Down::Upheld)), rare(Rare::Down(Down::Stands)),
        rare(Rare::Down(Down::Demand)), Sign, Serve, rare(Rare::Down(Down::Announce)), Sign, rare(Rare::Down(Down::Posted)),
        rare(Rare::Down(Down::Compel)), Sign, Serve, rare(Rare::Down(Down::Done)), rare(Rare::Down(Down::Gone)),
        rare(Rare::Down(Down::Close)), Sign,
    ];
}

/// Dumped by a firm.
const DUMPED: &str = "JZLJ-01";

/// The cases.
pub(super) const THEMES: [Theme; 11] = [
    Theme::of(
        DUMPED,
        "某绿化公司被举报倾倒渣土案",
        "被举报将渣土倾倒在待建地块。",
        ("示例绿化有限公司一", "91310000EXAMPLE031"),
        &UNFOUNDED,
    ),
    Theme::of(
        "JZLJ-02",
        "某人倾倒少量装修垃圾案",
        "装修时将两袋建筑垃圾倾倒在小区门口，当天清走。",
        ("示例人丙", "310000199001010032"),
        &SPARED,
    )
    .person(),
    Theme::of(
        DUMPED,
        "某土石方公司擅自倾倒渣土案",
        "将工地挖出的渣土约二十车倾倒在待建地块，没有办理处置核准，现场有轮胎印和渣土堆。",
        ("示例土石方有限公司二", "91310000EXAMPLE033"),
        &HEARING,
    ),
    Theme::of(
        DUMPED,
        "某桩基公司擅自倾倒泥浆案",
        "将桩基施工的泥浆约三十立方米作为建筑垃圾倾倒在待建地块，没有办理处置核准。",
        ("示例桩基有限公司三", "91310000EXAMPLE034"),
        &CALLED,
    ),
    Theme::of(
        DUMPED,
        "某保洁公司擅自堆放建筑垃圾案",
        "将从多个小区收来的建筑垃圾堆放在租用的空地，约四十立方米，没有办理处置核准。",
        ("示例保洁有限公司四", "91310000EXAMPLE035"),
        &PARTLY,
    ),
    Theme::of(
        DUMPED,
        "某劳务公司擅自倾倒建筑垃圾案",
        "将厂房改造拆下的建筑垃圾约六车倾倒在废弃鱼塘，没有办理处置核准。",
        ("示例劳务有限公司五", "91310000EXAMPLE036"),
        &DEMANDED,
    ),
    Theme::of(
        DUMPED,
        "某工程公司拒不缴纳罚款案",
        "将道路工程挖出的渣土约十五车倾倒在待建地块，没有办理处置核准。",
        ("示例工程有限公司六", "91310000EXAMPLE037"),
        &COURT,
    ),
    // The party is that of a case under way, see [`super::themes`].
    Theme::of(
        "JZLJ-07",
        "某市政公司渣土车辆再次不按路线行驶案",
        "运输渣土的车辆没有按核准的路线行驶，穿行居民区道路。",
        ("示例市政有限公司壬", "91310000EXAMPLE009"),
        &super::ways::JOINED,
    ),
    Theme {
        // What is done is not closed yet.
        steps: PULLED_DOWN.len() - 2,
        ..Theme::of(
            "WJ-02",
            "某人在屋顶擅自搭建钢棚案",
            "未取得规划许可，在住宅小区房屋屋顶搭建钢结构彩钢板棚一处，约二十平方米，用于存放杂物。",
            ("示例人丁", "310000199001010059"),
            &PULLED_DOWN,
        )
        .person()
    },
    Theme::of(
        DUMPED,
        "某渣土公司多次倾倒、公安机关不予立案案",
        "半个月内五次将渣土倾倒在高速公路桥下空地，没有办理处置核准，涉嫌犯罪。",
        ("示例渣土有限公司七", "91310000EXAMPLE038"),
        &super::ways::REFUSED,
    ),
    Theme::of(
        DUMPED,
        "某砂石公司在河道边倾倒渣土案",
        "将渣土约四车倾倒在河道管理范围内的岸坡上，没有办理处置核准。",
        ("示例砂石有限公司八", "91310000EXAMPLE039"),
        &super::ways::TRANSFERRED,
    ),
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

/// What is sent for a step on the way of something that was built unlawfully.
fn down_command(down: Down, case: &Case, now: Timestamp, exhibits: &[Digest]) -> Value {
    const OBJECT: &str = "屋顶钢结构彩钢板棚一处，约二十平方米。";
    let today = lianzhi_procedure::beijing_date(now);
    let later = |days: i64| today.saturating_add(Span::new().days(days));
    let order = case.orders.last().map(|order| order.order.paper);
    match down {
        Down::Order => json!({
            "command": "order_demolition", "party": 1, "object": OBJECT, "until": later(15),
            "note": "现场勘验和询问查明没有取得规划许可，无法采取改正措施消除影响。",
        }),
        Down::Challenged => {
            json!({ "command": "appeal", "party": 1, "paper": order, "kind": "reconsideration", "on": today })
        }
        Down::Upheld => json!({
            "command": "end_appeal", "party": 1, "paper": order, "end": "upheld", "on": today,
            "note": "复议决定：维持责令限期拆除决定。",
        }),
        Down::Stands => json!({
            "command": "reinspect", "order": order, "done": false, "note": "期限届满，钢棚没有拆除。", "exhibits": exhibits,
        }),
        Down::Demand => json!({
            "command": "demand", "party": 1, "days": 10, "note": "请自收到之日起十个工作日内自行拆除，逾期依法强制拆除。",
        }),
        Down::Announce => json!({
            "command": "announce_demolition", "party": 1, "object": OBJECT, "until": later(10),
            "note": "经催告仍未拆除，限期自行拆除。",
        }),
        Down::Posted => {
            let paper = case.papers_of(PaperKind::DemolitionNotice).next_back().map(|file| file.paper.id);
            json!({
                "command": "serve", "paper": paper, "party": 1, "way": "posted", "at": now,
                "note": "张贴在违法建筑入口处，见证人为居委会工作人员。", "exhibits": exhibits,
            })
        }
        Down::Compel => json!({
            "command": "compel", "party": 1, "kind": "demolition", "on": now, "power": "示例府责拆〔2026〕1号",
            "note": "公告、催告期满，复议维持，没有起诉，仍未拆除。",
        }),
        Down::Done => json!({
            "command": "enforce", "party": 1, "note": "组织拆除，当事人和见证人到场，屋内物品清点后交还。", "exhibits": exhibits,
        }),
        Down::Gone => json!({
            "command": "reinspect", "order": order, "done": true, "note": "钢棚已经拆除，屋面已恢复。", "exhibits": exhibits,
        }),
        Down::Close => {
            json!({ "command": "close", "ground": "ordered", "note": "违法建筑已经拆除，没有给予处罚。" })
        }
    }
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
            DrawPanel => json!({ "command": "draw_panel", "asked": 1, "count": VOTES }),
            Vote(member, vote) => json!({
                "command": "vote", "member": format!("1-{member}"), "vote": vote, "exhibits": exhibits,
                "note": match vote {
                    "agree" => "屡次发生，群众反映强烈，不宜从轻。",
                    _ => "主动清扫并承担了费用，可以从轻。",
                },
            }),
            Conclude => json!({
                "command": "conclude_panel", "asked": 1,
                "note": "多数认为屡次发生，不宜从轻；不同意见随卷。",
            }),
            Mediate => json!({
                "command": "mediate", "agreed": true, "room": "示例街道调解室", "mediator": "人民调解员", "until": later(30),
                "note": "当事人与沿街商户就清洗费用达成协议，三十日内付清。", "exhibits": exhibits,
            }),
            Letter(kind) => json!({
                "command": "receive", "kind": kind, "until": later(60),
                "sender": if kind == "court" { "示例区人民法院" } else { "示例区人民检察院" },
                "number": format!("示例建〔2026〕{} 号", n + 1), "note": "完善渣土运输的源头检查和送达地址的确认。",
            }),
            AnswerLetter => json!({
                "command": "answer_letter", "letter": 1, "note": "已经建立出场检查台账，送达地址在首次询问时确认。", "exhibits": exhibits,
            }),
            Transfer => json!({
                "command": "transfer", "to": "示例区水务局", "ground": "power", "note": "倾倒在河道管理范围内，属于水务执法事项。",
            }),
            HandOver => json!({
                "command": "send_transfer", "note": "卷宗一册、照片原件，由对方签收。", "exhibits": exhibits,
            }),
            PoliceRefused => json!({
                "command": "answer_crime", "taken": false, "note": "不予立案通知书：示例公不立字〔2026〕1 号，认为没有达到立案标准。",
            }),
            AskPolice => json!({
                "command": "ask_police", "review": "police", "note": "倾倒数量的鉴定已经补充，提请复议。",
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
                "command": "pay_later", "party": 1, "parts": PARTS, "first": later(FIRST_DAYS), "asked": today,
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
            Rare::Down(down) => down_command(down, case, now, exhibits),
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
            Rare::Down(Down::Compel) => all.extend(case.pending.last().map(|pending| {
                let way = json!({ "way": "组织人员和机械拆除屋顶钢棚，清运建筑垃圾，恢复屋面。" });
                (Folio::Proposal(pending.id), lead, way)
            })),
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
