//! Internal forms, records, service, the file.

use super::outward::{CASE, CAUSE, company, penalties, person, strings, violations};
use super::{DAY, QINGPU, at, check, officer, ours};
use jiff::civil::date;
use lianzhi_paper::*;

pub fn sheet(number: Option<Number>) -> Sheet {
    Sheet {
        agency: QINGPU.into(),
        number,
        case_number: CASE.into(),
        cause: CAUSE.into(),
        date: DAY,
        check: check(),
    }
}

fn span() -> Span {
    Span { from: at(9, 30), until: at(10, 45) }
}

pub fn bench() -> Bench {
    Bench { chair: "周敏".into(), members: strings(&["何某"]), recorder: "沈某".into() }
}

fn approvals() -> Approvals {
    let opinion = |text: &str, name: &str| Opinion { text: text.into(), name: name.into(), date: Some(DAY) };
    Approvals {
        handlers: opinion("建议按上述意见办理。", "李建国、王海燕"),
        unit: opinion("同意承办人意见。", "孙某"),
        legal: None,
        leader: Opinion::default(),
    }
}

fn source() -> Source {
    Source {
        kind: "12345市民服务热线投诉举报".into(),
        number: "20260226-SH-118-00317".into(),
        found: at(8, 5),
    }
}

pub fn lead_check() -> LeadCheck {
    LeadCheck {
        sheet: Sheet {
            case_number: String::new(),
            ..sheet(Some(Number::case("沪青城管线索", 2026, "", 318)))
        },
        source: source(),
        reporter: String::new(),
        subject: None,
        place: "青浦区金泽镇东航路以西空地".into(),
        summary: "群众反映夜间有车辆倾倒建筑垃圾。".into(),
        checked: "经到场核查，空地有新倾倒的建筑垃圾约120立方米，车辙通往某拆迁工地。".into(),
        officers: ours(),
        advice: "建议立案".into(),
        approvals: approvals(),
    }
}

pub fn filing(kind: FilingKind) -> Filing {
    Filing {
        sheet: sheet(None),
        kind,
        source: source(),
        subjects: vec![company(), person()],
        place: "青浦区金泽镇某拆迁工地".into(),
        summary: "2026年2月26日22时至次日1时，上海某某建设工程有限公司将约120立方米建筑垃圾交给未取得核准的运输单位运输。".into(),
        breached: strings(&["《城市建筑垃圾管理规定》第十三条"]),
        basis: strings(&["《中华人民共和国行政处罚法》第五十四条第二款"]),
        corrected: "已当场责令停止外运。".into(),
        reasons: if kind == FilingKind::Decline { "经核查，运输单位当日已取得核准，违法事实不能成立。".into() } else { String::new() },
        officers: ours(),
        approvals: Approvals { legal: Some(Opinion::default()), ..approvals() },
    }
}

pub fn approval(step: Step) -> Approval {
    Approval {
        sheet: sheet(Some(Number::case("沪青城管登保审字", 2026, "", 9))),
        step,
        subject: company(),
        reasons: "运输车辆和油桶可能被转移，有关证据可能灭失。".into(),
        proposal: "对重型自卸货车1辆、废矿物油桶14只先行登记保存，期限七个工作日。".into(),
        basis: strings(&["《中华人民共和国行政处罚法》第五十六条"]),
        items: strings(&["重型自卸货车（苏E·7K3D2）1辆", "废矿物油桶14只"]),
        officers: ours(),
        approvals: approvals(),
    }
}

pub fn closing() -> Closing {
    Closing {
        sheet: Sheet { date: date(2026, 7, 2), ..sheet(None) },
        subject: company(),
        filed: date(2026, 2, 27),
        ending: Ending::Executed,
        decision: "沪青城管罚决字〔2026〕000041号".into(),
        served: Some(date(2026, 3, 6)),
        execution: "当事人分三期自动履行，罚款已全部缴清。".into(),
        receipts: strings(&["沪财罚（2026）0012401", "沪财罚（2026）0013377", "沪财罚（2026）0014102"]),
        goods: "登记保存的车辆已退还，油桶移送公安机关。".into(),
        publication: "处罚决定已于2026年3月12日在机关网站公示。".into(),
        pages: Some(46),
        officers: ours(),
        approvals: approvals(),
    }
}

pub fn inspection(kind: InspectionKind) -> Inspection {
    Inspection {
        sheet: sheet(None),
        kind,
        span: span(),
        place: "青浦区金泽镇某拆迁工地及东航路以西空地".into(),
        position: "东经120.9035度、北纬31.0312度，网格310118110000007".into(),
        weather: if kind == InspectionKind::Survey { "晴，东南风3级，自然光".into() } else { String::new() },
        subject: company(),
        in_charge: "吴某，项目经理".into(),
        witness: "徐某，金溪居委会工作人员".into(),
        officers: ours(),
        recorder: "王海燕".into(),
        told: "我们是上海市青浦区城市管理行政执法局的执法人员，这是我们的执法证件，请确认。现依法对你单位进行检查，你有权申请我们回避。\n答：证件看清楚了，不申请回避。".into(),
        found: "一、工地位于东航路以东，占地约3000平方米，设出入口1处，出入口未见车辆冲洗设施。\n二、出入口至东航路路面有连续泥土印迹，长约20米、宽约3米。\n三、东航路以西空地堆放混有砖块、混凝土块的建筑垃圾，长约12米、宽约8米、高约1.2米。".into(),
        media: strings(&["现场方位图1张", "现场照片12张，编号0305-01至0305-12", "执法记录仪视频1段，编号DSJ-0031-20260305-0930"]),
        remark: String::new(),
        unsigned: None,
    }
}

pub fn respondent() -> Respondent {
    Respondent {
        name: "吴某".into(),
        sex: "男".into(),
        age: "1985年6月12日".into(),
        identity: "居民身份证：310118198506120031".into(),
        work: "上海某某建设工程有限公司项目经理".into(),
        address: "上海市青浦区盈浦街道某路99弄3号".into(),
        phone: "13700000000".into(),
        relation: "当事人的受委托人".into(),
        guardian: String::new(),
    }
}

pub fn interview() -> Interview {
    let pair = |question: &str, answer: &str| Answer { question: question.into(), answer: answer.into() };
    let mut answers = vec![
        pair("请介绍你的身份和职责。", "我是某某公司在金泽镇某拆迁工地的项目经理，负责现场管理。"),
        pair("工地的建筑垃圾是谁运走的？", "是苏州某某运输有限公司，2月下旬开始的，按车结算，每车200元。"),
        pair("你单位是否核实过对方的运输核准文件？", "没有。当时工期紧，只看了营业执照。"),
        pair("2月26日晚运出多少？", "大约120立方米，其中约10立方米后来拉回来回填了，有回填记录。"),
        pair("运输价款如何支付？", "公司转账，转账凭证我可以提供。"),
    ];
    answers.push(pair("你还有什么要补充的？", "没有了。"));
    Interview {
        sheet: sheet(None),
        turn: 1,
        span: span(),
        place: "青浦区公园路100号205询问室".into(),
        respondent: respondent(),
        officers: ours(),
        recorder: officer("沈某", "09-3101180052"),
        shown: "我们是上海市青浦区城市管理行政执法局的执法人员，这是我们的执法证件（出示证件），请你确认。\n答：看清楚了。".into(),
        told: "现依法就有关情况向你询问。你应当如实回答，并协助调查，不得拒绝、阻挠；你认为执法人员与本案有直接利害关系的，有权申请回避；你有权陈述、申辩，有权核对笔录。\n答：听明白了，不申请回避。".into(),
        answers,
        video: String::new(),
        unsigned: None,
    }
}

pub fn statement() -> Statement {
    Statement {
        sheet: sheet(None),
        span: span(),
        place: "青浦区公园路100号303室".into(),
        respondent: respondent(),
        notice: "沪青城管罚告字〔2026〕000041号".into(),
        officers: ours(),
        recorder: officer("沈某", "09-3101180052"),
        words: "告知书认定的数量没有扣除回填的约10立方米，请核减。\n公司已经清除了倾倒的垃圾，请从轻处罚。"
            .into(),
        evidence: strings(&["回填记录1份2页", "清运结算单1份"]),
        unsigned: Some(Unsigned {
            reason: "陈述申辩人未等笔录打印即离开，未签名".into(),
            witness: "何某，本机关信访接待员".into(),
        }),
    }
}

pub fn defence_review() -> DefenceReview {
    DefenceReview {
        sheet: sheet(None),
        subject: company(),
        notice: "沪青城管罚告字〔2026〕000041号".into(),
        received: date(2026, 3, 3),
        defence: "当事人提出应当核减回填的10立方米，并请求从轻处罚。".into(),
        checked: "经核对回填记录和现场测量，回填约10立方米属实。".into(),
        followed: Followed::Partly,
        reasons: "核减部分有证据证实，予以采纳；从轻情节告知时已经考虑，不再重复减轻。".into(),
        discretion: None,
        proposal: "罚款数额由32000元调整为30000元，其余不变。".into(),
        officers: ours(),
        approvals: approvals(),
    }
}

pub fn investigation_report() -> InvestigationReport {
    InvestigationReport {
        sheet: sheet(None),
        subjects: vec![company()],
        filed: date(2026, 2, 27),
        course: "2026年2月27日立案。经现场检查、询问项目经理吴某、向苏州市吴江区综合行政执法局协助调查，现已查清事实。".into(),
        found: vec![Found {
            name: company().name().to_owned(),
            violations: violations(),
            penalties: penalties(),
        }],
        circumstances: "当事人主动清除倾倒的垃圾。".into(),
        proposal: "事实清楚，证据确凿，建议依法予以行政处罚并责令改正。".into(),
        officers: ours(),
        approvals: approvals(),
    }
}

pub fn legal_review() -> LegalReview {
    let pass = |conclusion: &str| Finding { conclusion: conclusion.into(), passed: true };
    LegalReview {
        sheet: sheet(Some(Number::case("沪青城管法审字", 2026, "", 21))),
        subjects: vec![company()],
        sender: "金泽中队".into(),
        sent: date(2026, 3, 2),
        proposal: "罚款35000.50元，没收违法所得1200元。".into(),
        grounds: "《中华人民共和国行政处罚法》第五十八条第一款第二项，经过听证程序".into(),
        materials: strings(&["案件调查终结报告", "证据材料1册", "听证笔录和听证报告"]),
        points: ReviewPoints {
            power: pass("两名承办人均持有效执法证"),
            facts: Finding { conclusion: "缺少违法所得的计算依据".into(), passed: false },
            law: pass("适用正确"),
            procedure: pass("告知、听证程序合法"),
            discretion: pass("在裁量基准“一般”档次内"),
            documents: pass("告知书证据目录宜与卷内一致"),
            scope: pass("在职权范围内"),
            crime: pass("未发现涉嫌犯罪"),
        },
        verdict: Verdict::Supplement,
        reasons: "请补充违法所得的结算凭证后再次送审。".into(),
        reviewer: "周敏".into(),
        qualification: "A20103101180012".into(),
        again: String::new(),
    }
}

pub fn discussion() -> Discussion {
    let view = |name: &str, post: &str, words: &str| View {
        name: name.into(),
        post: post.into(),
        words: words.into(),
    };
    Discussion {
        sheet: sheet(None),
        subjects: vec![company()],
        span: span(),
        place: "二楼会议室".into(),
        chair: "赵立新".into(),
        recorder: "沈某".into(),
        guests: strings(&["李建国（承办人）", "周敏（法制审核人员）"]),
        report: "承办人李建国汇报案情：当事人将约110立方米建筑垃圾交给未经核准的单位运输，并未设置冲洗设施，建议罚款35000.50元，没收违法所得1200元。".into(),
        views: vec![
            view("赵立新", "局长", "同意承办机构意见。"),
            view("钱某", "副局长", "同意，处罚后要跟进复查。"),
            view("孙某", "副局长", "同意。"),
        ],
        conclusion: "一致同意给予罚款35000.50元、没收违法所得1200元的行政处罚，并责令限期改正。".into(),
    }
}

pub fn panel_opinion() -> PanelOpinion {
    let ballot = |name: &str, standing: &str, vote: &str, reasons: &str, dissents| Ballot {
        name: name.into(),
        standing: standing.into(),
        vote: vote.into(),
        reasons: reasons.into(),
        dissents,
    };
    PanelOpinion {
        sheet: sheet(None),
        subjects: vec![company()],
        question: "当事人主动改正，是否从轻处罚".into(),
        proposal: "罚款35000.50元，没收违法所得1200元。".into(),
        drawn: "从12名群众公议员中抽取3人（按案号和问题的摘要排序，可以复核）；指名1人。".into(),
        recused: strings(&["吴某（与当事人有业务往来）"]),
        ballots: vec![
            ballot("冯某", "群众公议员", "建议从轻", "首次违法，已经改正。", false),
            ballot("卫某", "群众公议员", "建议从轻", "没有造成后果。", false),
            ballot("蒋某", "居民代表", "同意拟作出的处理", "倾倒量大，影响通行。", true),
        ],
        tally: "同意拟作出的处理 1 票，建议从轻 2 票；多数意见：建议从轻".into(),
        conclusion: "多数成员建议从轻处罚，并要求当事人清运后公开承诺。".into(),
    }
}

pub fn hearing_record() -> HearingRecord {
    let speech = |who: &str, words: &str| Speech { who: who.into(), words: words.into() };
    HearingRecord {
        sheet: sheet(None),
        span: span(),
        place: "青浦区公园路100号301听证室".into(),
        public: true,
        subject: company(),
        agents: strings(&["郑某，上海某律师事务所律师"]),
        investigators: ours(),
        others: vec![],
        bench: bench(),
        speeches: vec![
            speech(
                "主持人",
                "现在核对到场人员身份。当事人的委托代理人郑某、案件调查人员李建国、王海燕到场。是否申请回避？",
            ),
            speech("代理人", "不申请回避。"),
            speech(
                "调查人员",
                "提出当事人违法的事实、证据和拟处罚建议：罚款35000.50元，没收违法所得1200元。\n出示证据：现场检查笔录、照片、询问笔录、监控录像。",
            ),
            speech("代理人", "对证据的真实性没有异议。申辩意见：回填的10立方米应当扣除。"),
            speech("主持人", "听证结束，请核对笔录并签名。"),
        ],
        unsigned: None,
    }
}

pub fn hearing_report() -> HearingReport {
    HearingReport {
        sheet: sheet(None),
        subject: company(),
        span: span(),
        place: "青浦区公园路100号301听证室".into(),
        bench: bench(),
        proposal: "罚款35000.50元，没收违法所得1200元。".into(),
        prosecution: "事实清楚，证据确凿，裁量适当。".into(),
        defence: "回填的10立方米应当扣除。".into(),
        findings: "回填部分有记录证实。其余事实双方没有异议。".into(),
        advice: "建议扣除回填部分后，维持原裁量档次。".into(),
    }
}

pub fn confirmation(channel: Channel) -> ServiceConfirmation {
    ServiceConfirmation {
        sheet: sheet(None),
        subject: company(),
        phone: "13700000000".into(),
        channel,
        proxy: "吴某（项目经理）".into(),
    }
}

pub fn address() -> Channel {
    Channel::Address {
        recipient: "吴某".into(),
        address: "上海市青浦区金泽镇某路8号".into(),
        postcode: "201718".into(),
    }
}

pub fn electronic() -> Channel {
    Channel::Electronic { means: "电子邮件".into(), account: "contact@example.cn".into() }
}

pub fn receipt(service: Service) -> ServiceReceipt {
    let direct = matches!(service, Service::Direct);
    ServiceReceipt {
        sheet: sheet(None),
        recipient: "上海某某建设工程有限公司".into(),
        address: "上海市青浦区金泽镇某路8号".into(),
        deliveries: vec![
            Delivery {
                title: "行政处罚决定书".into(),
                number: "沪青城管罚决字〔2026〕000041号".into(),
                copies: 1,
            },
            Delivery {
                title: "责令限期改正通知书".into(),
                number: "沪青城管改字〔2026〕000088号".into(),
                copies: 1,
            },
        ],
        service,
        at: (!direct).then(|| at(15, 20)),
        relation: String::new(),
        officers: ours(),
        note: String::new(),
    }
}

pub fn left() -> Service {
    Service::Left {
        refusal: Unsigned {
            reason: "收发人员称负责人不在，拒绝签收".into(),
            witness: "徐某，金溪居委会工作人员".into(),
        },
        record: "文书留置于公司前台，执法记录仪全程录像，编号DSJ-0031-20260305-1520".into(),
    }
}

pub fn public() -> Service {
    Service::Public {
        place: "机关公告栏、《青浦报》".into(),
        from: DAY,
        until: date(2026, 4, 4),
        reasons: "受送达人下落不明，直接送达、邮寄送达均被退回".into(),
    }
}

pub fn mail() -> Service {
    Service::Mail { number: "EMS 1234567890123".into(), delivered: Some(date(2026, 3, 7)) }
}

pub fn online() -> Service {
    Service::Electronic {
        account: "contact@example.cn".into(),
        receipt: "2026年3月5日15时20分到达受送达人邮件系统".into(),
    }
}

pub fn volume() -> Volume {
    let paper = |number: &str, title: &str, pages: u32| Entry {
        number: number.into(),
        author: OWN.into(),
        title: title.into(),
        date: DAY,
        pages,
        note: String::new(),
    };
    Volume {
        sheet: Sheet { date: date(2026, 7, 10), ..sheet(None) },
        fonds: "118".into(),
        archive_number: "118-2026-CF-0041".into(),
        part: 1,
        parts: 1,
        subjects: strings(&["上海某某建设工程有限公司"]),
        result: "罚款35000.50元，没收违法所得1200元，已执行完毕".into(),
        filed: date(2026, 2, 27),
        closed: Some(date(2026, 7, 2)),
        retention: "三十年".into(),
        officers: ours(),
        entries: vec![
            paper("沪青城管罚决字〔2026〕000041号", "行政处罚决定书", 4),
            paper("", "立案审批表", 2),
            paper("", "现场检查笔录", 2),
            paper("沪青城管罚告字〔2026〕000041号", "行政处罚事先告知书", 3),
        ],
        remarks: "本卷材料齐全，视频光盘1张另存。".into(),
        compiler: "李建国".into(),
        inspector: "周敏".into(),
    }
}

pub fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("filing", filing(FilingKind::Open).into()),
        ("filing_declined", filing(FilingKind::Decline).into()),
        ("inspection", inspection(InspectionKind::Inspection).into()),
        ("survey", inspection(InspectionKind::Survey).into()),
        ("interview", interview().into()),
        ("approval", approval(Step::Preservation).into()),
        ("investigation_report", investigation_report().into()),
        ("legal_review", legal_review().into()),
        ("discussion", discussion().into()),
        ("panel_opinion", panel_opinion().into()),
        ("hearing_record", hearing_record().into()),
        ("hearing_report", hearing_report().into()),
        ("statement", statement().into()),
        ("defence_review", defence_review().into()),
        ("service_receipt", receipt(Service::Direct).into()),
        ("service_receipt_left", receipt(left()).into()),
        ("service_receipt_public", receipt(public()).into()),
        ("service_receipt_mail", receipt(mail()).into()),
        ("service_receipt_electronic", receipt(online()).into()),
        ("service_address", confirmation(address()).into()),
        ("service_electronic", confirmation(electronic()).into()),
        ("closing", closing().into()),
        ("lead_check", lead_check().into()),
        ("volume", volume().into()),
    ]
}
