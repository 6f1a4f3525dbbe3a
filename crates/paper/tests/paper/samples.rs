//! One of each document, filled in as an agency would; people and firms are invented.

#[path = "samples/after.rs"]
pub mod after;
#[path = "samples/inside.rs"]
pub mod inside;
#[path = "samples/measures.rs"]
pub mod measures;
#[path = "samples/outward.rs"]
pub mod outward;

use jiff::civil::{Date, DateTime, date};
use lianzhi_ids::Digest;
use lianzhi_paper::*;

const QINGPU: &str = "上海市青浦区城市管理行政执法局";
const WUJIANG: &str = "苏州市吴江区综合行政执法局";

pub const DAY: Date = date(2026, 3, 5);

fn at(hour: i8, minute: i8) -> DateTime {
    DAY.at(hour, minute, 0, 0)
}

fn check() -> Option<Check> {
    Some(Check {
        url: "https://lianzhi.example.cn/check/7KQ2-M9XD-4TRP".into(),
        code: "7KQ2-M9XD-4TRP".into(),
    })
}

pub fn head(number: Number) -> Head {
    Head {
        issuer: QINGPU.into(),
        number: Some(number),
        date: DAY,
        marks: Marks::default(),
        attachments: vec![],
        contact: Contact {
            name: "周敏".into(),
            phone: "021-59720000".into(),
            address: "上海市青浦区公园路100号".into(),
        },
        copies: vec![],
        check: check(),
    }
}

fn officer(name: &str, certificate: &str) -> Officer {
    Officer { name: name.into(), certificate: certificate.into(), unit: String::new() }
}

fn ours() -> Vec<Officer> {
    vec![officer("李建国", "09-3101180021"), officer("王海燕", "09-3101180035")]
}

fn theirs() -> Vec<Officer> {
    vec![officer("陆志明", "10-3205090112"), officer("沈佳", "10-3205090127")]
}

fn digest(seed: u8) -> Option<Digest> {
    Some(Digest([seed; 32]))
}

fn evidence() -> Vec<Evidence> {
    let item =
        |name: &str, kind: &str, amount: &str, source: &str, hour, digest: Option<Digest>, proof: &str| {
            Evidence {
                name: name.into(),
                kind: kind.into(),
                amount: amount.into(),
                source: source.into(),
                takers: theirs(),
                taken: at(hour, 30),
                place: String::new(),
                digest,
                proof: proof.into(),
            }
        };
    vec![
        item(
            "康力大道与来秀路口监控录像",
            "视听资料",
            "1段12分钟",
            "吴江区公安局汾湖派出所",
            9,
            digest(0xa7),
            "320509/1182-4",
        ),
        item(
            "苏E·7K3D2重型自卸货车行驶轨迹",
            "电子数据",
            "1份3页",
            "吴江区渣土运输监管平台导出",
            10,
            digest(0x3c),
            "320509/1182-5",
        ),
        item("汾湖某建材堆场现场笔录", "现场笔录", "1份2页", "现场制作", 14, None, "320509/1182-6"),
        item("驾驶员陈某询问笔录", "当事人陈述", "1份4页", "询问制作", 15, digest(0x5e), "320509/1182-7"),
    ]
}

fn claims() -> Vec<Claim> {
    vec![
        Claim {
            agency: QINGPU.into(),
            claim: "应由苏州市吴江区综合行政执法局管辖".into(),
            grounds: "倾倒点位于省界以西约40米，经测绘成果核对，属吴江区黎里镇辖区；主要倾倒行为在该处完成。"
                .into(),
            opened: None,
        },
        Claim {
            agency: WUJIANG.into(),
            claim: "应由上海市青浦区城市管理行政执法局管辖".into(),
            grounds: "建筑垃圾产生于青浦区某工地，运输许可由青浦区核发，且青浦区已对运输单位先行调查。"
                .into(),
            opened: Some(date(2026, 2, 20)),
        },
    ]
}

fn materials() -> Vec<Material> {
    let material = |name: &str, amount: &str, note: &str| Material {
        name: name.into(),
        amount: amount.into(),
        note: note.into(),
    };
    vec![
        material("现场检查（勘验）笔录", "1份3页", "复印件，与原件核对无异"),
        material("现场照片", "12张", "光盘1张，校验值见证据移交清单"),
        material("证人询问笔录", "2份5页", "复印件"),
        material("12345市民服务热线工单", "1份1页", ""),
    ]
}

pub fn lead_transfer() -> LeadTransfer {
    LeadTransfer {
        head: Head {
            attachments: vec!["证据移交清单".into(), "现场照片光盘".into()],
            copies: vec!["上海市城市管理行政执法局".into(), "青浦区金泽镇人民政府".into()],
            ..head(Number::official("沪青城管移", 2026, 12))
        },
        to: WUJIANG.into(),
        cause: "涉嫌擅自倾倒建筑垃圾".into(),
        case_number: "沪青城管线索〔2026〕000318".into(),
        source: "12345市民服务热线举报和日常巡查".into(),
        found: Some(date(2026, 2, 27)),
        parties: vec![
            Party::Organisation {
                name: "苏州某某运输有限公司".into(),
                code: "91320509MA1XXXXX0X".into(),
                address: "苏州市吴江区黎里镇康力大道1号".into(),
                representative: "法定代表人：钱骕".into(),
            },
            Party::Person {
                name: "陈某".into(),
                identity: "居民身份证320525198001010019".into(),
                address: "苏州市吴江区黎里镇某村12号".into(),
                phone: "13800000000".into(),
            },
        ],
        facts: "2026年2月26日23时许，我单位接群众举报，称有车辆在东航路以西、省界附近空地倾倒建筑垃圾。执法人员到场检查，发现苏E·7K3D2、苏E·6M1P8两辆重型自卸货车正在倾倒混有砖块、混凝土块的建筑垃圾，现场堆放约120立方米，未见核准文件。\n经核对界址，倾倒点位于省界以西约40米，属苏州市吴江区黎里镇行政区域。驾驶员陈某陈述，垃圾来自青浦区某拆迁工地，由苏州某某运输有限公司派车，每车收取费用200元。".into(),
        reason: TransferReason::Place,
        grounds: "倾倒行为发生在你单位管辖区域内，我单位对该行为没有管辖权。涉及青浦区工地未按核准方案处置建筑垃圾的部分，由我单位另案查处。".into(),
        basis: vec!["《中华人民共和国行政处罚法》第二十二条".into(), "《长三角生态绿色一体化发展示范区跨界执法协作清单》第3项".into()],
        measures: "已对现场拍照、录像并制作笔录；已责令驾驶员停止倾倒；未采取查封、扣押等行政强制措施。".into(),
        materials: materials(),
        answer_by: Some(date(2026, 3, 16)),
    }
}

pub fn assistance_request() -> AssistanceRequest {
    AssistanceRequest {
        head: Head {
            marks: Marks { secrecy: "内部".into(), urgency: "特急".into(), ..Marks::default() },
            ..head(Number::official("沪青城管协查", 2026, 3))
        },
        to: WUJIANG.into(),
        cause: "上海某某建设工程有限公司涉嫌将建筑垃圾交给未经核准的单位运输".into(),
        case_number: "沪青城管立字〔2026〕000041号".into(),
        known: "2026年2月26日22时至次日1时，苏E·7K3D2、苏E·6M1P8两辆重型自卸货车从青浦区某工地驶出，经东航路进入吴江区。两车登记在苏州某某运输有限公司名下。".into(),
        requests: vec![
            Request { kind: "核实身份".into(), detail: "核实苏州某某运输有限公司的登记信息、建筑垃圾运输核准情况及两车驾驶员身份。".into() },
            Request { kind: "调取监控".into(), detail: "调取康力大道与来秀路口2026年2月26日22时至27日2时的监控录像。".into() },
            Request { kind: "调取轨迹".into(), detail: "调取两车同一时段的行驶轨迹。".into() },
            Request { kind: "询问".into(), detail: "询问驾驶员陈某，问明垃圾来源、去向、收费及派车人。".into() },
        ],
        detail: String::new(),
        basis: vec!["《中华人民共和国行政处罚法》第二十六条".into()],
        due: date(2026, 3, 19),
        privacy: "本函及附件含有个人信息，仅限办理本案使用，不得向无关人员提供；办结后按规定保存或者销毁。".into(),
        reply_way: "通过协同平台回复，证据原件以机要或者直接交接方式移交".into(),
        officers: ours(),
    }
}

pub fn assistance_reply() -> AssistanceReply {
    let reply = Head {
        issuer: WUJIANG.into(),
        contact: Contact { name: "陆志明".into(), phone: "0512-63000000".into(), address: String::new() },
        ..head(Number::official("吴综执协复", 2026, 5))
    };
    AssistanceReply {
        head: Head { attachments: vec!["证据清单".into()], ..reply },
        to: QINGPU.into(),
        in_reply_to: "沪青城管协查〔2026〕3号".into(),
        received: date(2026, 3, 6),
        cause: "上海某某建设工程有限公司涉嫌将建筑垃圾交给未经核准的单位运输".into(),
        preface: String::new(),
        outcomes: vec![
            Outcome { request: "核实运输单位和驾驶员身份".into(), result: "苏州某某运输有限公司登记状态为存续，未取得建筑垃圾运输核准；两车驾驶员为陈某、吴某。".into() },
            Outcome { request: "调取康力大道与来秀路口监控录像".into(), result: "已调取，录像显示两车于2月26日23时12分、23时20分先后经过该路口。".into() },
            Outcome { request: "调取两车行驶轨迹".into(), result: "已调取并打印。".into() },
        ],
        evidence: evidence(),
        qualification: "取证人员均持有江苏省人民政府核发的有效执法证件，取证时由两人进行并出示证件。监控录像由吴江区公安局汾湖派出所提供，轨迹由吴江区渣土运输监管平台导出，均注明来源并计算校验值。".into(),
        unfinished: vec![Unfinished { request: "询问驾驶员吴某".into(), reason: "吴某已离开本地，电话联系未果。".into() }],
        forwarded: Some(Forwarded { to: "嘉善县综合行政执法局".into(), on: date(2026, 3, 12), what: "部分垃圾去向指向嘉善县姚庄镇，该部分事项不属我单位管辖".into() }),
    }
}

pub fn jurisdiction_talks() -> JurisdictionTalks {
    let attendant = |name: &str, agency: &str, post: &str| Attendant {
        name: name.into(),
        agency: agency.into(),
        post: post.into(),
    };
    JurisdictionTalks {
        number: Some(Number::official("跨界协商", 2026, 2)),
        cause: "涉嫌擅自倾倒建筑垃圾".into(),
        case_number: "协作〔2026〕000027".into(),
        from: at(14, 0),
        until: at(15, 40),
        place: "示范区执委会二楼会议室".into(),
        chair: "周敏".into(),
        recorder: "沈佳".into(),
        claims: claims(),
        attendants: vec![
            attendant("周敏", QINGPU, "法制科科长"),
            attendant("李建国", QINGPU, "执法大队副大队长"),
            attendant("陆志明", WUJIANG, "执法大队大队长"),
            attendant("沈佳", WUJIANG, ""),
        ],
        course: "双方出示了各自的现场笔录、界址资料和运输许可材料。双方对倾倒点的位置没有异议，对倾倒行为与青浦区工地未按规定处置的行为是否应当合并处理有不同意见。".into(),
        agreed: true,
        result: "倾倒行为由苏州市吴江区综合行政执法局管辖；青浦区工地未按规定处置建筑垃圾的行为由上海市青浦区城市管理行政执法局另案查处。双方于3个工作日内相互移交材料。".into(),
        check: check(),
    }
}

pub fn jurisdiction_petition() -> JurisdictionPetition {
    JurisdictionPetition {
        head: Head {
            copies: vec![WUJIANG.into()],
            ..head(Number::official("沪青城管", 2026, 18))
        },
        to: "长三角生态绿色一体化发展示范区执行委员会".into(),
        signer: "赵立新".into(),
        cause: "涉嫌擅自倾倒建筑垃圾".into(),
        facts: "2026年2月26日23时许，两辆重型自卸货车在东航路以西、省界附近空地倾倒建筑垃圾约120立方米。".into(),
        claims: claims(),
        talks: "双方于2026年3月5日在示范区执委会会议室协商，对倾倒点位置没有异议，对合并处理的意见未能一致，协商记录附后。".into(),
        basis: vec!["《中华人民共和国行政处罚法》第二十五条第二款".into()],
        opinion: "建议由倾倒行为发生地的苏州市吴江区综合行政执法局管辖，我单位予以协助并移交全部材料。".into(),
    }
}

fn handover() -> Handover {
    Handover {
        number: Some(Number::official("吴综执移单", 2026, 9)),
        cause: "上海某某建设工程有限公司涉嫌将建筑垃圾交给未经核准的单位运输".into(),
        case_number: "沪青城管立字〔2026〕000041号".into(),
        from: WUJIANG.into(),
        to: QINGPU.into(),
        givers: theirs(),
        takers: ours(),
        at: at(16, 5),
        place: "上海市青浦区公园路100号".into(),
        check: check(),
    }
}

pub fn evidence_transfer() -> EvidenceTransfer {
    EvidenceTransfer { handover: handover(), items: evidence(), note: "第3项为原件。".into() }
}

pub fn goods_handover() -> GoodsHandover {
    let goods = |name: &str, model: &str, amount: &str, state: &str, kept: &str| Goods {
        name: name.into(),
        model: model.into(),
        amount: amount.into(),
        state: state.into(),
        kept: kept.into(),
        measure: "吴综执扣字〔2026〕000007号".into(),
    };
    GoodsHandover {
        handover: handover(),
        owner: "苏州某某运输有限公司".into(),
        items: vec![
            goods(
                "重型自卸货车",
                "苏E·7K3D2",
                "1辆",
                "左后轮挡泥板破损，车厢内有残留建筑垃圾",
                "黎里镇停车场，管理员徐某",
            ),
            goods("液压篷布装置", "", "1套", "随车，完好", "黎里镇停车场，管理员徐某"),
            goods("运输记录本", "", "2本", "封面蓝色，第2本缺末页", "吴江局物证室"),
        ],
        inspection: "逐项清点，名称、数量、特征与原扣押清单一致。".into(),
        witness: "徐某，黎里镇停车场管理员".into(),
    }
}

pub fn bulletin() -> Bulletin {
    Bulletin {
        head: Head { copies: vec!["示范区执委会".into()], ..head(Number::official("沪青城管通", 2026, 4)) },
        to: vec![WUJIANG.into(), "嘉善县综合行政执法局".into()],
        subject: "夜间跨省偷倒建筑垃圾".into(),
        level: "较重".into(),
        situation: "2026年2月以来，省界附近连续发现7起夜间偷倒建筑垃圾行为，均由外省号牌车辆实施，倾倒量合计约600立方米。".into(),
        features: "车辆多在23时至次日3时经东航路、康力大道出入，遮挡号牌，单次停留不超过10分钟，有望风人员。".into(),
        watch: vec!["苏E·7K3D2、苏E·6M1P8重型自卸货车".into(), "东航路以西省界空地、来秀路断头路".into()],
        advice: vec!["加强23时至次日3时的巡查，对可疑车辆核对运输核准。".into(), "发现线索及时通过协同平台反馈，做好录像保存。".into()],
        until: Some(date(2026, 6, 30)),
        audience: "示范区三地城市管理执法部门".into(),
    }
}

pub fn letter() -> Letter {
    Letter {
        head: Head { issuer: WUJIANG.into(), ..head(Number::official("苏吴江延字", 2026, 2)) },
        to: vec![QINGPU.into()],
        subject: "关于延期答复协助调查的函".into(),
        in_reply_to: "沪青协查字〔2026〕3号".into(),
        text: "因运输单位所在地调取行车记录尚需时日，本机关将于2026年3月31日前答复。\n延期期间如有新的线索，将及时告知。".into(),
        basis: vec!["《中华人民共和国行政处罚法》第二十六条".into()],
        ending: "特此函告。".into(),
    }
}

pub fn refusal(kind: RefusalKind) -> Refusal {
    Refusal {
        head: Head { issuer: WUJIANG.into(), ..head(Number::official("吴综执退", 2026, 1)) },
        kind,
        to: QINGPU.into(),
        in_reply_to: "沪青城管移〔2026〕12号".into(),
        received: date(2026, 3, 6),
        matter: "涉嫌擅自倾倒建筑垃圾".into(),
        grounds: "经现场测绘，倾倒点中心位于省界以东6米，属上海市青浦区金泽镇行政区域，不属于我单位管辖区域。测绘成果附后。".into(),
        basis: vec!["《中华人民共和国行政处罚法》第二十二条".into(), "《跨界执法协作清单》第3项第2款".into()],
        advice: "如对界址有异议，建议双方于5个工作日内共同到现场复测。".into(),
        materials: if kind == RefusalKind::Return { materials() } else { vec![] },
    }
}

pub fn authorisation(kind: AuthorisationKind) -> Authorisation {
    Authorisation {
        head: head(Number::official("沪青城管授", 2026, 2)),
        kind,
        to: WUJIANG.into(),
        in_reply_to: "吴综执〔2026〕22号".into(),
        matter: "“净界2026”省界建筑垃圾联合整治行动".into(),
        officers: theirs()
            .into_iter()
            .map(|o| Officer { unit: "吴江区综合行政执法大队汾湖中队".into(), ..o })
            .collect(),
        area: "青浦区金泽镇东航路（省界至沪青平公路）两侧各50米".into(),
        powers: vec![
            "对运输建筑垃圾的车辆进行检查、拍照、录像。".into(),
            "对现场人员进行询问并制作笔录。".into(),
        ],
        from: date(2026, 3, 10),
        until: date(2026, 3, 20),
        companion: "青浦区城管执法局金泽中队".into(),
        conditions: vec![
            "需要采取行政强制措施的，由我单位依法实施。".into(),
            "取得的证据应当注明取证主体和来源，并于3日内抄送我单位。".into(),
        ],
        basis: vec!["《长三角生态绿色一体化发展示范区跨界执法协作清单》第7项".into()],
    }
}

/// One of each, both forms where there are two.
pub fn all() -> Vec<(&'static str, Document)> {
    let mut all = between_agencies();
    all.extend(outward::all());
    all.extend(inside::all());
    all.extend(measures::all());
    all.extend(after::all());
    all
}

fn between_agencies() -> Vec<(&'static str, Document)> {
    vec![
        ("lead_transfer", lead_transfer().into()),
        ("assistance_request", assistance_request().into()),
        ("assistance_reply", assistance_reply().into()),
        ("jurisdiction_talks", jurisdiction_talks().into()),
        ("jurisdiction_petition", jurisdiction_petition().into()),
        ("evidence_transfer", evidence_transfer().into()),
        ("goods_handover", goods_handover().into()),
        ("bulletin", bulletin().into()),
        ("letter", letter().into()),
        ("return", refusal(RefusalKind::Return).into()),
        ("no_assistance", refusal(RefusalKind::NoAssistance).into()),
        ("authorise", authorisation(AuthorisationKind::Authorise).into()),
        ("consent", authorisation(AuthorisationKind::Consent).into()),
    ]
}
