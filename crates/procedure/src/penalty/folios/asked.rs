//! What must or may be written on a folio that nothing else in the case says.

use super::{Folio, evidence, granted, unmet};
use crate::penalty::state::Case;
use crate::penalty::words::{EnforcementKind, EvidenceKind, NoPenaltyGround, PaperKind, Way};
use crate::penalty::{Charge, Proposal};
use serde::Serialize;

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A line.
    Line,
    /// Lines.
    Text,
    /// A day.
    Day,
    /// A day with the minute.
    Moment,
}

/// Something that must or may be written on a folio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Name in data.
    pub name: &'static str,
    /// Words on screen.
    pub title: &'static str,
    /// Help.
    pub hint: &'static str,
    /// How.
    pub entry: Entry,
    /// The law wants it on paper.
    pub needed: bool,
    /// Of which party, on a paper that goes to several and says something else to each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<u16>,
}

const fn ask(name: &'static str, title: &'static str, hint: &'static str) -> Asked {
    Asked { name, title, hint, entry: Entry::Line, needed: false, party: None }
}

/// The name in data of a field, with the party of which it is asked where a paper goes to several.
#[must_use]
pub fn keyed(name: &str, party: Option<u16>) -> String {
    party.map_or_else(|| name.to_owned(), |party| format!("{name}-{party}"))
}

impl Asked {
    /// Its name in data.
    #[must_use]
    pub fn key(&self) -> String {
        keyed(self.name, self.party)
    }
    /// Its words on screen.
    #[must_use]
    pub fn label(&self) -> String {
        self.party.map_or_else(|| self.title.to_owned(), |party| format!("{}（当事人 {party}）", self.title))
    }
    const fn of(self, party: Option<u16>) -> Asked {
        Asked { party, ..self }
    }
    const fn needed(self) -> Asked {
        Asked { needed: true, ..self }
    }
    const fn as_a(self, entry: Entry) -> Asked {
        Asked { entry, ..self }
    }
}

const PLACE: Asked = ask("place", "地点", "写到门牌、路段").needed();
const RECORDER: Asked = ask("recorder", "记录人", "姓名，应是有执法证的人员").needed();
const WITNESS: Asked = ask("witness", "见证人", "姓名和证件号或者单位；当事人拒绝签名时必填");
/// Why a place for a signature stays empty (行政处罚法 55, 64(八); 行政强制法 18, 24).
const REFUSED: Asked =
    ask("refused", "拒绝签名的事由", "当事人拒绝签名、盖章的填写：谁拒绝、为什么；同时填写见证人");
const RESPONDENT: [Asked; 9] = [
    ask("name", "姓名", "").needed(),
    ask("sex", "性别", ""),
    ask("age", "年龄或者出生日期", ""),
    ask("identity", "证件名称和号码", "如：居民身份证 310…").needed(),
    ask("work", "工作单位和职务", ""),
    ask("address", "住址", "").needed(),
    ask("phone", "联系电话", ""),
    ask("relation", "与本案关系", "如：当事人、当事人的法定代表人、目击者").needed(),
    ask("guardian", "监护人", "未成年人填写：姓名和关系"),
];
const TOLD: Asked = ask(
    "told",
    "权利义务告知和回答",
    "告知了什么、当事人怎么回答，如：告知有权申请回避、应当如实回答。答：听清楚了，不申请回避。",
)
.needed()
.as_a(Entry::Text);
/// The law that gives the power to seal or seize (行政强制法 10, 17).
const POWER: Asked = ask("power", "法律、法规依据", "赋予查封、扣押权的法律、法规的名称和条款，印在决定书上")
    .needed()
    .as_a(Entry::Text);
const ITEMS: Asked =
    ask("items", "物品清单", "每行一件，用竖线隔开：名称|规格型号|数量|特征和状态|存放地点和保管人")
        .as_a(Entry::Text);
const FROM: Asked = ask("from", "开始时间", "").needed().as_a(Entry::Moment);
const TO: Asked = ask("to", "结束时间", "").needed().as_a(Entry::Moment);
const FETCHING: Asked = ask("fetching", "领取的时间、地点", "退还物品时填写");

/// What is asked for a folio beyond what the case says; empty where it says all.
#[must_use]
pub fn asked(case: &Case, folio: Folio) -> Vec<Asked> {
    match folio {
        Folio::Lead | Folio::Report | Folio::Panel(_) => Vec::new(),
        Folio::Proposal(n) => {
            // What was granted has a paper of its own to write on.
            let pending = case.proposal(n);
            let kind = pending.and_then(|pending| pending.proposal.paper());
            kind.map(|kind| of_paper(case, kind, pending.map(|p| &p.proposal))).unwrap_or_default()
        }
        Folio::Paper(n) => match case.paper(n) {
            Some(file) => of_paper(case, file.paper.kind, granted(case, n).map(|g| &g.pending.proposal)),
            None => Vec::new(),
        },
        Folio::Evidence(n) => evidence(case, n).map(|e| of_record(e.evidence.kind)).unwrap_or_default(),
        Folio::Statement(..) => {
            let mut all = vec![FROM, TO, PLACE, RECORDER];
            all.extend(RESPONDENT);
            all.push(ask("evidence", "提交的证据", "每行一件").as_a(Entry::Text));
            all.extend([REFUSED, WITNESS]);
            all
        }
        Folio::Answer(..) => vec![
            ask("checked", "复核情况", "查了什么、问了谁、结果怎样").needed().as_a(Entry::Text),
            ask("proposal", "复核后的处理意见", "不得因申辩加重处罚").needed().as_a(Entry::Text),
        ],
        Folio::HearingRecord(_) => vec![
            FROM,
            TO,
            ask("place", "听证地点", "").needed(),
            ask("recorder", "听证记录人", "").needed(),
            ask("members", "听证员", "每行一人").as_a(Entry::Text),
            ask("agents", "委托代理人", "一至二人，每行一人").as_a(Entry::Text),
            ask("others", "证人和其他参加人", "每行一人").as_a(Entry::Text),
            ask("closed", "不公开的理由", "不公开举行时填写：国家秘密、商业秘密或者个人隐私"),
            ask(
                "speeches",
                "听证记录",
                "每段写“发言人：内容”，发言人写主持人、听证员、调查人员、当事人、代理人、第三人、证人或者其姓名；没有写发言人的行接在上一段后面",
            )
            .needed()
            .as_a(Entry::Text),
            REFUSED,
            WITNESS,
        ],
        Folio::HearingReport(_) => vec![
            FROM,
            TO,
            ask("place", "听证地点", "").needed(),
            ask("recorder", "听证记录人", "").needed(),
            ask("members", "听证员", "每行一人").as_a(Entry::Text),
            ask("prosecution", "调查人员的意见", "").needed().as_a(Entry::Text),
            ask("defence", "当事人的陈述、申辩和质证意见", "").needed().as_a(Entry::Text),
            ask("findings", "听证认定的事实和依据", "").needed().as_a(Entry::Text),
        ],
        Folio::Review(_) | Folio::ReviewOf(_) => vec![
            ask("sent", "送审日期", "").needed().as_a(Entry::Day),
            ask("point1", "1. 执法主体和人员资格", "写审核结论，下同").needed(),
            ask("point2", "2. 事实和证据", "").needed(),
            ask("point3", "3. 适用法律依据", "").needed(),
            ask("point4", "4. 程序", "").needed(),
            ask("point5", "5. 裁量", "").needed(),
            ask("point6", "6. 文书规范", "").needed(),
            ask("point7", "7. 法定权限", "").needed(),
            ask("point8", "8. 涉嫌犯罪移送", "").needed(),
            ask("objections", "有问题的项", "写序号，如：2、5；都没有问题的不填"),
            ask("again", "复审记录", ""),
        ],
        Folio::Discussion(_) => vec![
            FROM,
            TO,
            ask("place", "讨论地点", "").needed(),
            ask("chair", "主持人", "").needed(),
            ask("recorder", "记录人", "").needed(),
            ask("guests", "列席人员", "每行一人").as_a(Entry::Text),
            ask("views", "参加人意见", "写“姓名：意见”，可以写几行；没有写姓名的行接在上一人的意见后面")
                .needed()
                .as_a(Entry::Text),
        ],
        Folio::Receipt(paper, party) => {
            let way = case.paper(paper).and_then(|file| file.service.get(&party)).map(|service| service.way);
            of_receipt(way)
        }
        Folio::Address(party) => {
            let mut all = vec![
                ask("recipient", "收件人", ""),
                ask("address", "送达地址", ""),
                ask("postcode", "邮政编码", ""),
                ask("phone", "联系电话", "").needed(),
                ask("proxy", "代收人和与当事人的关系", ""),
            ];
            let electronic = case.party(party).is_some_and(|p| p.electronic);
            let means = ask("means", "电子送达方式", "如：短信、电子邮件；只确认地址的不填");
            let account = ask("account", "电子送达号码或者地址", "");
            all.extend(if electronic { [means.needed(), account.needed()] } else { [means, account] });
            all
        }
        Folio::Volume => vec![
            ask("retention", "保管期限", "如：永久、30 年、10 年").needed(),
            ask("remarks", "本卷情况说明", "缺损、修改、补充、移出的情况；没有的写“本卷材料齐全”")
                .needed()
                .as_a(Entry::Text),
            ask("compiler", "立卷人", "").needed(),
            ask("inspector", "检查人", ""),
            ask("fonds", "全宗号", ""),
        ],
    }
}

fn of_record(kind: EvidenceKind) -> Vec<Asked> {
    match kind {
        EvidenceKind::Inspection | EvidenceKind::Survey => {
            let weather = ask("weather", "天气和光线", "勘验必填");
            vec![
                ask("place", "地点", "没有填的，用案发地点"),
                if kind == EvidenceKind::Survey { weather.needed() } else { weather },
                ask("in_charge", "现场负责人", ""),
                RECORDER,
                TOLD,
                ask("media", "现场图、照片和视频", "没有上传附件的在这里列明，每行一件").as_a(Entry::Text),
                ask("remark", "当事人意见", "不填的，留出地方由当事人书写").as_a(Entry::Text),
                WITNESS,
            ]
        }
        EvidenceKind::Interview | EvidenceKind::Witness => {
            let mut all = vec![PLACE, RECORDER];
            all.extend(RESPONDENT);
            all.push(TOLD);
            all.push(
                ask("answers", "问答", "笔录内容没有按“问：”“答：”分行写的，在这里写").as_a(Entry::Text),
            );
            all.push(ask("video", "视频询问平台和录像编号", "视频询问的填写"));
            all.push(WITNESS);
            all
        }
        EvidenceKind::Sample => vec![
            ask("way", "抽样方式", "怎样抽、从多少中抽").needed(),
            ask("place", "抽样地点", "").needed(),
            ask("items", ITEMS.title, ITEMS.hint).needed().as_a(Entry::Text),
            WITNESS,
        ],
        EvidenceKind::Document
        | EvidenceKind::Object
        | EvidenceKind::Recording
        | EvidenceKind::Electronic
        | EvidenceKind::Opinion => Vec::new(),
    }
}

fn of_receipt(way: Option<Way>) -> Vec<Asked> {
    let mut all = vec![ask("address", "送达地址", "没有填的，用当事人的住址（住所）")];
    all.extend(match way {
        Some(Way::Left) => vec![
            ask("reason", "拒收的事由", "").needed(),
            WITNESS.needed(),
            ask("record", "留置送达的记录", "照片、录像的情况").needed(),
        ],
        Some(Way::Entrusted) => vec![ask("agency", "受委托机关和函号", "").needed()],
        Some(Way::Post) => {
            vec![ask("mail", "邮件单号", "").needed(), ask("delivered", "签收日期", "").as_a(Entry::Day)]
        }
        Some(Way::Electronic) => {
            vec![ask("account", "电子送达号码或者地址", "").needed(), ask("receipt", "到达回执", "").needed()]
        }
        Some(Way::PublicNotice) => vec![ask("carrier", "公告载体", "").needed()],
        Some(Way::Direct | Way::OnTheSpot | Way::Forwarded | Way::Posted) | None => Vec::new(),
    });
    all.push(ask("relation", "签收人与受送达人关系", "不填的，留出选项由签收人勾选"));
    all.push(ask("note", "备注", ""));
    all
}

const OBJECT: Asked = ask(
    "goods",
    "没收的财物",
    "写明名称、数量，或者清单的文号，如：沪青城管扣字〔2026〕000007号《扣押清单》所列切割机 1 台",
)
.needed()
.as_a(Entry::Text);
const SEVERE: Asked = ask(
    "severe",
    "处罚的对象、范围和期限",
    "许可证件写名称和编号；停产停业、关闭写哪一处；限制从业、限制经营、暂扣写范围和期限",
)
.needed()
.as_a(Entry::Text);
const PERFORMANCE: Asked = ask(
    "performance",
    "履行方式和期限",
    "罚款、没收的违法所得和警告以外的处罚怎样履行、什么时候履行完，如：自收到本决定书之日起三日内将许可证交回本机关",
)
.needed()
.as_a(Entry::Text);
const HEARD: Asked = ask(
    "heard",
    "听证中的意见和采纳情况",
    "当事人在听证中提出了什么，本机关是否采纳、为什么；听证笔录是作出决定的根据",
)
.needed()
.as_a(Entry::Text);
const CORRECT_UNTIL: Asked =
    ask("correct_until", "责令改正的新期限", "原来的期限已过、还没有改正的填写；不填的，责令立即改正")
        .as_a(Entry::Day);

/// What a notice or a decision says to each of its parties besides what is charged: the things and licences that it takes
/// (行政处罚法 44, 59(1)(四)), and in a decision how that is done and what became of what was said at the hearing (65).
fn of_charges(case: &Case, charges: &[Charge], decides: bool) -> Vec<Asked> {
    let mut parties: Vec<u16> = charges.iter().map(|charge| charge.party).collect();
    parties.sort_unstable();
    parties.dedup();
    let several = parties.len() > 1;
    let mut all = Vec::new();
    for p in parties {
        let of = several.then_some(p);
        let own = || charges.iter().filter(|charge| charge.party == p);
        let (goods, severe) = (own().any(|c| c.goods), own().any(|c| c.severe.is_some()));
        all.extend(goods.then(|| OBJECT.of(of)));
        all.extend(severe.then(|| SEVERE.of(of)));
        if !decides {
            continue;
        }
        all.extend((goods || severe).then(|| PERFORMANCE.of(of)));
        let held = case.party(p).is_some_and(|party| party.rights.was_heard());
        all.extend(held.then(|| HEARD.of(of)));
        let ordered = unmet(case, p).any(|o| o.order.until.is_some());
        all.extend(ordered.then(|| CORRECT_UNTIL.of(of)));
    }
    all
}

/// What a decision not to punish says of teaching (33(3)) and of the guardian (30, 31).
fn of_no_penalty(ground: NoPenaltyGround) -> Vec<Asked> {
    let taught =
        ask("education", "教育情况", "谁、什么时候、怎样对当事人进行教育，当事人怎样表示").as_a(Entry::Text);
    let guardian = |hint| ask("guardian", "责令监护人的内容", hint).needed().as_a(Entry::Text);
    match ground {
        NoPenaltyGround::Minor | NoPenaltyGround::First | NoPenaltyGround::NoFault => vec![taught.needed()],
        NoPenaltyGround::Child => vec![guardian("如：责令监护人（姓名、关系）加以管教"), taught],
        NoPenaltyGround::Incapable => vec![guardian("如：责令监护人（姓名、关系）严加看管和治疗")],
        NoPenaltyGround::NotEstablished | NoPenaltyGround::Limitation => Vec::new(),
    }
}

fn of_paper(case: &Case, kind: PaperKind, proposal: Option<&Proposal>) -> Vec<Asked> {
    match kind {
        PaperKind::Summons => vec![
            ask("place", "询问地点", "").needed(),
            ask("bring", "携带的材料", "每行一件").as_a(Entry::Text),
        ],
        PaperKind::Sampling => Vec::new(),
        PaperKind::Notice | PaperKind::HearingRight | PaperKind::Decision => match proposal {
            Some(Proposal::Notice { charges, .. }) => of_charges(case, charges, false),
            Some(Proposal::Decide { charges }) => of_charges(case, charges, true),
            _ => Vec::new(),
        },
        PaperKind::NoPenalty => match proposal {
            Some(Proposal::NoPenalty { ground }) => of_no_penalty(*ground),
            _ => Vec::new(),
        },
        PaperKind::Suggestion => vec![
            ask("risks", "事实和风险", "").as_a(Entry::Text),
            ask("rules", "有关规定", "每行一条，写法律、法规的名称和条款").as_a(Entry::Text),
        ],
        PaperKind::Preservation => vec![ITEMS, REFUSED, WITNESS],
        PaperKind::Seizure => vec![POWER, ITEMS, REFUSED, WITNESS],
        PaperKind::SeizureExtended | PaperKind::Testing => vec![ITEMS],
        PaperKind::PreservationSettled | PaperKind::SeizureReleased => vec![ITEMS, FETCHING],
        PaperKind::HearingCall => vec![
            ask("requested", "当事人要求听证的日期", "没有填的，用登记的日期").as_a(Entry::Day),
            ask("place", "听证地点", "").needed(),
            ask("recorder", "听证记录人", "").needed(),
            ask("members", "听证员", "每行一人").as_a(Entry::Text),
            ask("closed", "不公开的理由", "不公开举行时填写"),
        ],
        PaperKind::Transfer => vec![
            ask("measures", "已采取的措施", "没有的写“无”").as_a(Entry::Text),
            ask("materials", "移送材料", "每行一件；没有填的，列卷内文书").as_a(Entry::Text),
        ],
        PaperKind::Crime => vec![
            ask("crime", "涉嫌的罪名和依据", "").needed().as_a(Entry::Text),
            ask("prosecutor", "抄送的人民检察院", "").needed(),
            ask("measures", "已作出的行政处罚和已采取的措施", "没有的写“无”").as_a(Entry::Text),
            ask("materials", "移送材料", "每行一件；没有填的，列卷内文书").as_a(Entry::Text),
            ITEMS,
        ],
        PaperKind::Enforcement => {
            vec![ask("way", "强制执行的方式", "").needed().as_a(Entry::Text)]
        }
        PaperKind::Substitute => {
            let at_once =
                matches!(proposal, Some(Proposal::Enforce { kind: EnforcementKind::Immediate, .. }));
            let mut all = vec![
                ask("by", "代履行人", "").needed(),
                ask("way", "代履行的标的和方式", "").needed().as_a(Entry::Text),
            ];
            all.extend(if at_once {
                vec![
                    ask("place", "地点", "道路、河道、航道或者公共场所").needed(),
                    ask("present", "当事人在场", "在场的写“在场”，不在场的不填"),
                ]
            } else {
                vec![ask("cost", "费用预算", "元，可到分").needed()]
            });
            all
        }
        PaperKind::Court => vec![
            ask("leader", "机关负责人和职务", "").needed(),
            ask("materials", "附件清单", "每行一件；没有填的，列卷内文书").as_a(Entry::Text),
            ask("opinion", "当事人的意见", "没有填的，用陈述、申辩和听证的情况").as_a(Entry::Text),
        ],
        PaperKind::Demand => vec![
            ask("way", "履行义务的方式", "没有填的，写缴款方式，以及按责令改正的内容自行履行")
                .as_a(Entry::Text),
            ask(
                "then",
                "责令改正逾期不履行的后果",
                "填强制拆除（执行）、代履行或者申请法院；没有填的，按事项",
            ),
        ],
        PaperKind::DemolitionOrder => vec![
            ask("consequences", "逾期不拆除的后果", "").as_a(Entry::Text),
            ask("inspection", "复查安排", ""),
        ],
        PaperKind::Correction => vec![
            ask("consequences", "逾期不改正的后果", "").as_a(Entry::Text),
            ask("inspection", "复查安排", ""),
        ],
        PaperKind::Closing if !case.measures.is_empty() => {
            vec![ask("goods", "涉案物品处理", "").as_a(Entry::Text)]
        }
        _ => Vec::new(),
    }
}
