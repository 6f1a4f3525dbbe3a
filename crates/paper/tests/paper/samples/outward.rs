//! What goes out to the party of a penalty case.

use super::{at, head, ours};
use jiff::civil::{Date, date};
use lianzhi_paper::*;

pub const CAUSE: &str = "未按照规定处置建筑垃圾";
pub const CASE: &str = "沪青城管立字〔2026〕000041号";

pub fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

pub fn company() -> Subject {
    Subject::Company(Body {
        name: "上海某某建设工程有限公司".into(),
        code: "91310118MA1XXXXX1X".into(),
        address: "上海市青浦区金泽镇某路8号".into(),
        representative: "钱骕".into(),
        post: "执行董事".into(),
        agent: "吴某（授权委托书2026年2月28日）".into(),
        phone: "021-59210000".into(),
    })
}

pub fn person() -> Subject {
    Subject::Person {
        name: "陈某".into(),
        sex: "男".into(),
        born: Some(date(1980, 1, 1)),
        identity: "居民身份证：320525198001010019".into(),
        address: "苏州市吴江区黎里镇某村12号".into(),
        phone: "13800000000".into(),
    }
}

pub fn household() -> Subject {
    Subject::Household {
        name: "青浦区金泽镇某某面馆".into(),
        code: "92310118MA1XXXXX2X".into(),
        operator: "㛃某".into(),
        identity: "居民身份证：310118197001010028".into(),
        address: "上海市青浦区金泽镇金溪路21号".into(),
        phone: "13900000000".into(),
    }
}

pub fn issued(word: &str, serial: u32) -> Head {
    head(Number::case(format!("沪青城管{word}字"), 2026, "", serial))
}

pub fn remedy() -> Remedy {
    Remedy {
        reconsideration: "上海市青浦区人民政府".into(),
        court: "上海铁路运输法院".into(),
        within: RemedyTerms {
            reconsideration: "六十日".into(),
            lawsuit: "六个月".into(),
            afterwards: "十五日".into(),
        },
    }
}

pub fn violations() -> Vec<Violation> {
    vec![
        Violation {
            facts: "2026年2月26日22时至次日1时，你单位在金泽镇某拆迁工地施工，将约120立方米建筑垃圾交给未取得建筑垃圾运输核准的苏州某某运输有限公司运输。上述垃圾被倾倒于东航路以西空地。".into(),
            evidence: strings(&[
                "现场检查笔录1份、现场照片12张，证明工地出土和装车情况；",
                "对你单位项目经理吴某的调查询问笔录1份，证明委托运输的经过和价款；",
                "苏州市吴江区综合行政执法局移交的监控录像1段、行驶轨迹1份，证明运输路线和去向。",
            ]),
            breached: strings(&["《城市建筑垃圾管理规定》第十三条"]),
            basis: strings(&["《城市建筑垃圾管理规定》第二十二条第二款"]),
            discretion: Some(Discretion {
                benchmark: "《上海市城市管理行政处罚裁量基准》（2025年版）第12项".into(),
                tier: "一般".into(),
                circumstances: "你单位主动配合调查，并已清除倾倒的垃圾，依法从轻处罚".into(),
            }),
        },
        Violation {
            facts: "检查时，上述工地出入口未设置车辆冲洗设施，驶出车辆车轮带泥，污染东航路路面约60平方米。".into(),
            evidence: strings(&["现场检查笔录1份；", "现场照片4张。"]),
            breached: strings(&["《上海市建筑垃圾处理管理规定》第二十五条第一项"]),
            basis: strings(&["《上海市建筑垃圾处理管理规定》第五十四条"]),
            discretion: None,
        },
    ]
}

pub fn penalties() -> Penalties {
    Penalties(vec![
        Penalty::Fine {
            amount: Money::yuan(30_000), conduct: "将建筑垃圾交给未经核准的单位运输".into()
        },
        Penalty::Fine { amount: Money::fen(500_050), conduct: "未设置车辆冲洗设施".into() },
        Penalty::Gains { amount: Money::fen(120_000) },
    ])
}

pub fn payment() -> Payment {
    Payment {
        due: Due::Words("自收到本决定书之日起十五日内".into()),
        ways: strings(&[
            "到中国工商银行、上海银行任一网点缴纳",
            "登录“随申办”，在“公共缴费”中凭缴款码电子支付",
        ]),
        surcharge: "每日按罚款数额的百分之三".into(),
        code: "3101 1826 0305 0000 0417".into(),
    }
}

pub fn served(title: &str, number: &str, on: Date) -> Served {
    Served { title: title.into(), number: number.into(), on }
}

pub fn penalty_decision() -> PenaltyDecision {
    PenaltyDecision {
        head: issued("罚决", 41),
        subject: company(),
        cause: CAUSE.into(),
        case_number: CASE.into(),
        filed: date(2026, 2, 27),
        violations: violations(),
        heard: Heard {
            notices: vec![
                served("行政处罚事先告知书", "沪青城管罚告字〔2026〕000041号", date(2026, 3, 1)),
                served("行政处罚听证告知书", "沪青城管听告字〔2026〕000012号", date(2026, 3, 1)),
            ],
            outcome: "你单位于2026年3月3日提出书面申辩，认为垃圾数量应当扣除回填部分。经复核，回填部分约10立方米有记录证实，本机关予以采纳，并据此调整了罚款数额。你单位未在法定期限内要求听证。".into(),
        },
        penalties: penalties(),
        correct: vec![Correct {
            what: "补办建筑垃圾处置核准，设置车辆冲洗设施".into(),
            due: Due::On(date(2026, 3, 15)),
        }],
        corrected: Vec::new(),
        payment: Some(payment()),
        performance: String::new(),
        remedy: remedy(),
    }
}

/// One conduct, one penalty, nothing to pay.
pub fn warning_decision() -> PenaltyDecision {
    let mut violation = violations().remove(1);
    violation.facts = violation.facts.replace("检查时", "2026年2月26日9时检查时");
    PenaltyDecision {
        subject: household(),
        cause: "占道堆放物料".into(),
        violations: vec![violation],
        penalties: Penalties(vec![Penalty::Warning]),
        correct: Vec::new(),
        corrected: strings(&["经复查，你已经按照责令改正的要求搬离堆放的物料。"]),
        payment: None,
        ..penalty_decision()
    }
}

fn hearing_right() -> HearingRight {
    HearingRight {
        scope: "拟作出的罚款属于《中华人民共和国行政处罚法》第六十三条第一款第一项规定的较大数额罚款".into(),
        due: Due::Words("收到本告知书之日起五个工作日内".into()),
        way: "向本机关法制科（青浦区公园路100号303室）书面或者口头提出".into(),
    }
}

pub fn penalty_notice(notified: Notified) -> PenaltyNotice {
    PenaltyNotice {
        head: issued(if matches!(notified, Notified::Hearing(_)) { "听告" } else { "罚告" }, 41),
        subject: company(),
        cause: CAUSE.into(),
        violations: violations(),
        penalties: penalties(),
        defence_due: Due::Words("收到本告知书之日起五个工作日内".into()),
        defence_way: "到青浦区公园路100号303室当面陈述，或者邮寄书面材料".into(),
        notified,
    }
}

pub fn both() -> Notified {
    Notified::Both(hearing_right())
}

pub fn hearing_only() -> Notified {
    Notified::Hearing(hearing_right())
}

pub fn no_penalty_decision() -> NoPenaltyDecision {
    NoPenaltyDecision {
        head: issued("不罚", 7),
        subject: household(),
        cause: "占用道路堆放物料".into(),
        case_number: CASE.into(),
        facts: "你于2026年3月2日在店门外人行道堆放桌椅约2平方米。执法人员责令改正后，你当场搬离。".into(),
        evidence: strings(&["现场检查笔录1份；", "现场照片2张；", "改正后照片1张。"]),
        breached: strings(&["《上海市市容环境卫生管理条例》第二十四条"]),
        ground: NoPenaltyGround::First,
        reasons: "经查询执法记录，你两年内没有同类违法行为，属于初次违法；占道面积小、时间短，危害后果轻微，并已及时改正。".into(),
        basis: strings(&["《中华人民共和国行政处罚法》第三十三条第一款"]),
        discretion: Some(Discretion {
            benchmark: "《城市管理轻微违法行为依法不予行政处罚清单》（2024年版）第3项".into(),
            tier: "不予处罚".into(),
            circumstances: String::new(),
        }),
        education: "执法人员向你说明了占道堆放的危害和有关规定，你书面承诺不再发生。".into(),
        guardian: String::new(),
        remedy: remedy(),
    }
}

pub fn hearing_summons() -> HearingSummons {
    HearingSummons {
        head: issued("听通", 3),
        subject: company(),
        cause: CAUSE.into(),
        requested: date(2026, 3, 3),
        at: date(2026, 3, 18).at(9, 30, 0, 0),
        place: "上海市青浦区公园路100号301听证室".into(),
        public: true,
        closed_because: String::new(),
        bench: super::inside::bench(),
    }
}

pub fn on_spot_decision(paper: Paper) -> OnSpotDecision {
    OnSpotDecision {
        head: head(Number::case("沪青城管当罚字", 2026, "07", 1234)),
        paper,
        subject: household(),
        conduct: (date(2026, 3, 5), date(2026, 3, 5)),
        handled: at(9, 12),
        place: "金泽镇金溪路21号门前人行道".into(),
        facts: "占用人行道摆放桌椅经营，面积约4平方米".into(),
        disobeyed: None,
        order: String::new(),
        breached: strings(&["《上海市市容环境卫生管理条例》第二十四条"]),
        basis: strings(&["《上海市市容环境卫生管理条例》第五十四条"]),
        penalties: Penalties(vec![Penalty::Fine { amount: Money::yuan(200), conduct: String::new() }]),
        payment: SpotPayment::Bank(payment()),
        defence: "你表示没有意见".into(),
        remedy: remedy(),
        officers: ours(),
        unsigned: None,
        recorded: None,
    }
}

/// Taken on the spot, not signed.
pub fn on_spot_collected() -> OnSpotDecision {
    OnSpotDecision {
        subject: person(),
        penalties: Penalties(vec![Penalty::Fine { amount: Money::yuan(50), conduct: String::new() }]),
        payment: SpotPayment::Collected {
            why: Collected::Small, receipt: "沪财罚（2026）0012345".into()
        },
        unsigned: Some(Unsigned {
            reason: "当事人认为处罚过重，拒绝签名".into(),
            witness: "徐某，金溪居委会工作人员".into(),
        }),
        recorded: Some(date(2026, 3, 6)),
        ..on_spot_decision(Paper::A4)
    }
}

pub fn tip(paper: Paper) -> Tip {
    Tip {
        head: Head { number: None, ..issued("提示", 1) },
        paper,
        to: "金溪路沿街商户".into(),
        place: "金泽镇金溪路沿街".into(),
        points: strings(&["请勿将桌椅、货架摆出门外经营。", "请每日18时前将生活垃圾投放到指定地点。"]),
        rules: strings(&["《上海市市容环境卫生管理条例》第二十四条：禁止擅自占用道路、公共场地设摊经营。"]),
        guide: "确需临时占道的，可到金泽镇社区事务受理服务中心3号窗口申请，或者拨打12345咨询。".into(),
        due: Some(Due::On(date(2026, 3, 12))),
        officers: ours(),
    }
}

pub fn commitment() -> Commitment {
    Commitment {
        head: Head { number: None, ..issued("承诺", 1) },
        subject: household(),
        conduct: (date(2026, 3, 4), date(2026, 3, 5)),
        place: "金泽镇金溪路21号门前人行道".into(),
        facts: "占用人行道摆放桌椅经营，面积约4平方米".into(),
        promise: String::new(),
        due: Some(date(2026, 3, 12)),
    }
}

pub fn warning_slip(paper: Paper) -> WarningSlip {
    WarningSlip {
        head: issued("警示", 19),
        paper,
        to: "青浦区金泽镇某某面馆（经营者：㛃某）".into(),
        place: "金泽镇金溪路21号".into(),
        before: "2026年1月以来已提示2次（1月12日、2月9日）。".into(),
        facts: "油烟净化设施运行记录缺失，存在未按规定使用油烟净化设施的风险。".into(),
        consequences: "不正常使用油烟净化设施的，依据有关法律规定责令改正，处五千元以上五万元以下罚款。"
            .into(),
        demands: strings(&["三日内补齐设施清洗、运行记录。", "营业期间油烟净化设施与排风机同步开启。"]),
        due: Due::On(date(2026, 3, 12)),
        officers: ours(),
    }
}

pub fn inquiry_notice() -> InquiryNotice {
    InquiryNotice {
        head: issued("询", 52),
        subject: company(),
        cause: CAUSE.into(),
        at: date(2026, 3, 9).at(9, 0, 0, 0),
        place: "青浦区公园路100号205询问室".into(),
        basis: strings(&["《中华人民共和国行政处罚法》第五十五条"]),
        bring: strings(&[
            "营业执照复印件；",
            "法定代表人身份证明或者授权委托书；",
            "建筑垃圾运输合同、结算凭证。",
        ]),
    }
}

pub fn correction_order(deadline: Deadline) -> CorrectionOrder {
    CorrectionOrder {
        head: issued("改", 88),
        subject: company(),
        facts: "你单位金泽镇某拆迁工地出入口未设置车辆冲洗设施，驶出车辆车轮带泥".into(),
        breached: strings(&["《上海市建筑垃圾处理管理规定》第二十五条第一项"]),
        basis: strings(&["《中华人民共和国行政处罚法》第二十八条第一款"]),
        demands: strings(&["在出入口设置车辆冲洗设施；", "清除东航路路面泥土。"]),
        deadline,
        consequences: "本机关将依法从重处罚".into(),
        inspection: "期满后由李建国、王海燕到场复查".into(),
        remedy: None,
        demolish: false,
    }
}

/// An order to pull down decides by itself and can be challenged.
pub fn demolition_order() -> CorrectionOrder {
    CorrectionOrder {
        subject: person(),
        facts: "你在金泽镇某村12号宅基地以北搭建砖混结构房屋1处，建筑面积42平方米，未取得乡村建设规划许可证"
            .into(),
        breached: strings(&["《中华人民共和国城乡规划法》第四十一条"]),
        basis: strings(&["《中华人民共和国城乡规划法》第六十五条"]),
        demands: strings(&["上述房屋1处。"]),
        consequences: "依法予以强制拆除".into(),
        remedy: Some(remedy()),
        demolish: true,
        ..correction_order(Deadline::Within(Due::Words("收到本决定书之日起十五日内".into())))
    }
}

pub fn advice() -> Advice {
    Advice {
        head: issued("建议", 4),
        to: "上海某某物业管理有限公司".into(),
        problem: "你公司管理的金溪花苑小区垃圾房投放口破损，厢房外长期堆放装修垃圾".into(),
        risks: "夏季易滋生蚊蝇，且占用消防车通道，存在安全隐患。".into(),
        rules: strings(&["《上海市生活垃圾管理条例》第二十三条"]),
        advice: strings(&["修复投放口，安排专人值守。", "与清运单位约定装修垃圾清运频次，并向业主公布。"]),
        due: Due::On(date(2026, 4, 5)),
    }
}

pub fn payment_plan() -> PaymentPlan {
    let part = |month, fen| Instalment { due: date(2026, month, 30), amount: Money::fen(fen) };
    PaymentPlan {
        head: issued("缓缴", 2),
        subject: company(),
        decision: served("行政处罚决定书", "沪青城管罚决字〔2026〕000041号", date(2026, 3, 6)),
        fine: Money::fen(3_500_050),
        left: Money::fen(3_500_050),
        gains: Money::fen(0),
        surcharge: Money::fen(0),
        requested: date(2026, 3, 10),
        reasons: "你单位因工程款未结清确有经济困难，并提供了账户明细".into(),
        instalments: vec![part(4, 1_500_000), part(5, 1_000_000), part(6, 1_000_050)],
        consequences: String::new(),
    }
}

pub fn owed() -> Owed {
    Owed {
        principal: Money::fen(3_500_050),
        gains: Money::fen(0),
        surcharge: Money::fen(1_155_017),
        total: Money::fen(4_655_067),
        as_of: date(2026, 4, 2),
        way: "凭缴款码3101 1826 0305 0000 0417到代理银行缴纳或者电子支付".into(),
        arithmetic: "罚款 35000.50 元，2026-03-22 到期，自次日起算。2026-03-23 至 2026-04-02：未缴 35000.50 元 × 3% × 11 日 = 11550.17 元".into(),
    }
}

pub fn demand(then: Then) -> Demand {
    Demand {
        head: issued("催", 15),
        subject: company(),
        source: served("行政处罚决定书", "沪青城管罚决字〔2026〕000041号", date(2026, 3, 6)),
        duty: "缴纳罚款35000.50元".into(),
        due: Due::Words("收到本催告书之日起十个工作日内".into()),
        way: "缴清罚款和加处罚款".into(),
        owed: Some(owed()),
        then: vec![then],
        basis: strings(&["《中华人民共和国行政强制法》第五十四条"]),
    }
}

pub fn enforcement(way: EnforcementWay) -> Enforcement {
    let at_once = matches!(way, EnforcementWay::AtOnce { .. });
    Enforcement {
        head: issued("强执", 3),
        way,
        subject: company(),
        source: (!at_once)
            .then(|| served("责令限期改正通知书", "沪青城管改字〔2026〕000088号", date(2026, 3, 6))),
        reasons: "倾倒在东航路路面的泥土约3立方米，后果已经危害交通安全。".into(),
        basis: strings(&[if at_once {
            "《中华人民共和国行政强制法》第五十二条"
        } else {
            "《中华人民共和国行政强制法》第五十条、第五十一条"
        }]),
        remedy: remedy(),
    }
}

pub fn own() -> EnforcementWay {
    EnforcementWay::Own {
        way: "强制拆除".into(),
        at: Due::Words("2026年5月12日9时起".into()),
        demand: "沪青城管催字〔2026〕000015号".into(),
    }
}

pub fn substitute() -> EnforcementWay {
    EnforcementWay::Substitute {
        by: "上海某某市政养护有限公司".into(),
        way: "清运东航路路面泥土约3立方米并冲洗路面".into(),
        at: Due::Words("2026年4月20日9时至17时".into()),
        cost: Money::yuan(3_200),
        demand: "沪青城管催字〔2026〕000015号".into(),
    }
}

pub fn at_once() -> EnforcementWay {
    EnforcementWay::AtOnce {
        by: "上海某某市政养护有限公司".into(),
        way: "清运遗撒的渣土并冲洗路面".into(),
        place: "东航路（康力大道至省界）".into(),
        present: false,
    }
}

pub fn court_application() -> CourtApplication {
    CourtApplication {
        head: Head {
            attachments: strings(&[
                "行政处罚决定书及作出决定的事实、理由和依据",
                "当事人的意见及行政机关催告情况",
                "申请强制执行标的情况",
                "送达回证",
            ]),
            ..issued("强申", 2)
        },
        court: "上海铁路运输法院".into(),
        address: "上海市青浦区公园路100号".into(),
        leader: "赵立新（局长）".into(),
        subject: company(),
        decision: served("行政处罚决定书", "沪青城管罚决字〔2026〕000041号", date(2026, 3, 6)),
        claims: strings(&["罚款35000.50元", "加处罚款35000.50元"]),
        owed: Some(Owed {
            surcharge: Money::fen(3_500_050),
            total: Money::fen(7_000_100),
            arithmetic: "罚款 35000.50 元，2026-03-22 到期，自次日起算。自 2026-04-25 起达到罚款数额，加处罚款以 35000.50 元为限".into(),
            ..owed()
        }),
        facts: "被申请人将建筑垃圾交给未经核准的单位运输，申请人依法作出行政处罚决定并送达。被申请人收到决定后未缴纳罚款。".into(),
        basis: strings(&["《中华人民共和国行政强制法》第五十三条、第五十四条、第五十五条"]),
        demand: served("履行义务催告书", "沪青城管催字〔2026〕000015号", date(2026, 9, 10)),
        opinion: "被申请人收到催告书后未提出陈述、申辩。".into(),
        remedies: Vec::new(),
    }
}

pub fn crime_transfer() -> CrimeTransfer {
    CrimeTransfer {
        head: Head {
            attachments: strings(&["涉嫌犯罪案件情况的调查报告", "涉案物品清单", "有关检验报告或者鉴定意见"]),
            ..issued("罪移", 1)
        },
        to: "上海市公安局青浦分局".into(),
        prosecutor: "上海市青浦区人民检察院".into(),
        cause: "非法倾倒有毒物质".into(),
        case_number: CASE.into(),
        subjects: vec![company(), person()],
        facts: "2026年2月26日夜间倾倒的建筑垃圾中混有废矿物油桶14只，经鉴定属于危险废物，共3.2吨。".into(),
        crime: "涉嫌污染环境罪，《中华人民共和国刑法》第三百三十八条。".into(),
        basis: strings(&[
            "《中华人民共和国行政处罚法》第二十七条",
            "《行政执法机关移送涉嫌犯罪案件的规定》第三条、第五条",
        ]),
        approved: date(2026, 3, 5),
        measures: "尚未作出行政处罚。已对油桶先行登记保存。".into(),
        items: super::measures::items(),
        officers: ours(),
    }
}

pub fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("penalty_decision", penalty_decision().into()),
        ("penalty_decision_warning", warning_decision().into()),
        ("penalty_notice", penalty_notice(Notified::Defence).into()),
        ("penalty_notice_both", penalty_notice(both()).into()),
        ("hearing_notice", penalty_notice(hearing_only()).into()),
        ("hearing_summons", hearing_summons().into()),
        ("on_spot_decision", on_spot_decision(Paper::A4).into()),
        ("on_spot_decision_80", on_spot_decision(Paper::Roll80).into()),
        ("on_spot_decision_58", on_spot_decision(Paper::Roll58).into()),
        ("on_spot_collected", on_spot_collected().into()),
        ("no_penalty_decision", no_penalty_decision().into()),
        ("inquiry_notice", inquiry_notice().into()),
        ("correction_order", correction_order(Deadline::Within(Due::On(date(2026, 3, 15)))).into()),
        ("correction_at_once", correction_order(Deadline::AtOnce).into()),
        ("demolition_order", demolition_order().into()),
        ("advice", advice().into()),
        ("payment_plan", payment_plan().into()),
        ("demand", demand(Then::Court).into()),
        ("enforcement_own", enforcement(own()).into()),
        ("enforcement_substitute", enforcement(substitute()).into()),
        ("enforcement_at_once", enforcement(at_once()).into()),
        ("court_application", court_application().into()),
        ("crime_transfer", crime_transfer().into()),
        ("commitment", commitment().into()),
        ("tip", tip(Paper::A4).into()),
        ("tip_58", tip(Paper::Roll58).into()),
        ("warning_slip", warning_slip(Paper::A4).into()),
        ("warning_slip_80", warning_slip(Paper::Roll80).into()),
    ]
}
