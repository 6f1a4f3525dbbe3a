//! What is written between cities: the compact's text and list, and the letters. Firms, plates and people are made up.

use crate::story::Manner;
use jiff::Timestamp;
use lianzhi_exchange::compact::{Form, Level, ListEntry, Shared};
use lianzhi_ids::NodeCode;
use lianzhi_procedure::beijing_date;
use lianzhi_procedure::cooperation::Verdict;
use lianzhi_territory::Point;

/// Name of the compact.
pub(super) const TITLE: &str = "长三角城市管理执法协作机制";
/// Pairs of the first epoch with what they are for.
pub(super) const PAIRS: [(&str, &str, &str); 4] = [
    ("310118", "320509", "交界道路、水域联合巡查，渣土运输车辆协同查处"),
    ("310118", "330421", "示范区市容环境标准衔接，执法队伍互派学习"),
    ("320509", "330421", "汾湖周边餐厨废弃油脂和建筑垃圾联合整治"),
    ("310118", "340100", "执法业务交流，非现场执法经验互学"),
];
/// What the pair is for that is proposed when history ends.
pub(super) const LATER_PAIR: &str = "燃气安全执法业务交流，典型案例共学";

/// Level and superior of an agency.
pub(super) struct Agency {
    pub(super) level: Level,
    pub(super) superior: &'static str,
}

/// What the roster says of an agency besides its name.
pub(super) fn agency(node: &NodeCode) -> Agency {
    let (level, superior) = match node.as_str() {
        "310118" => (Level::District, "上海市城市管理行政执法局"),
        "320509" => (Level::District, "苏州市城市管理局"),
        "330421" => (Level::District, "嘉兴市综合行政执法局"),
        _ => (Level::City, "安徽省住房和城乡建设厅"),
    };
    Agency { level, superior }
}

const SUPERIORS: [&str; 2] = ["上一级城市管理执法部门", "省级城市管理执法主管部门"];

fn entry(
    (id, title, domain, purpose): (&str, &str, &str, &str),
    forms: &[Form],
    fields: &[Shared],
    (term_days, urgent_days): (u16, u16),
    at: Timestamp,
) -> ListEntry {
    ListEntry {
        id: id.into(),
        title: title.into(),
        domain: domain.into(),
        items: Vec::new(),
        forms: forms.to_vec(),
        parties: Vec::new(),
        fields: fields.to_vec(),
        purpose: purpose.into(),
        onward: forms.contains(&Form::Lead),
        term_days,
        urgent_days,
        superiors: SUPERIORS.map(Into::into).to_vec(),
        from: beijing_date(at),
        until: None,
    }
}

/// The list of the first epoch.
pub(super) fn list(at: Timestamp) -> Vec<ListEntry> {
    use Form::{Assistance, Away, Bulletin, Dispute, Evidence, Lead};
    use Shared::{Exhibits, Goods, Narrative, Outcome, Particulars, Place, Subject};
    let case: &[Shared] = &[Narrative, Place, Subject, Particulars, Exhibits, Outcome];
    let words: &[Shared] = &[Narrative, Place, Subject, Exhibits, Outcome];
    let sanitation = "市容环境卫生";
    vec![
        entry(
            ("HZ-01", "跨界倾倒建筑垃圾协同查处", sanitation, "查处跨界倾倒建筑垃圾的违法行为"),
            &[Lead, Assistance],
            case,
            (15, 3),
            at,
        ),
        entry(
            ("HZ-02", "渣土运输车辆跨省违法协同查处", sanitation, "查处运输车辆未密闭、沿途遗撒的违法行为"),
            &[Lead, Assistance],
            case,
            (15, 3),
            at,
        ),
        entry(
            ("HZ-03", "餐厨废弃油脂非法收运协查", sanitation, "查清餐厨废弃油脂的来源和去向"),
            &[Lead, Assistance],
            case,
            (10, 3),
            at,
        ),
        entry(
            ("HZ-04", "占道经营与跨界停车秩序治理", "街面秩序", "治理交界地段占道经营和车辆停放秩序"),
            &[Lead],
            words,
            (10, 3),
            at,
        ),
        entry(
            ("HZ-05", "燃气安全违法线索移送", "城镇燃气", "防范瓶装液化石油气跨界违法充装、销售的风险"),
            &[Lead, Assistance],
            case,
            (5, 1),
            at,
        ),
        entry(
            ("HZ-06", "证据移交与互认", "执法办案", "移交、核验和互认依法取得的证据"),
            &[Evidence],
            &[Narrative, Place, Subject, Exhibits, Goods],
            (15, 3),
            at,
        ),
        entry(
            ("HZ-07", "执法预警通报", "综合", "通报普遍性问题和风险，提前防范"),
            &[Bulletin],
            words,
            (10, 3),
            at,
        ),
        entry(
            ("HZ-08", "管辖争议协调", "执法办案", "依法协商、协调跨界案件的管辖"),
            &[Dispute],
            words,
            (15, 5),
            at,
        ),
        entry(
            ("HZ-09", "异地执法与处罚结果互认", "执法办案", "异地检查、送达的协助和处罚结果互认"),
            &[Away, Assistance],
            case,
            (10, 3),
            at,
        ),
    ]
}

/// The entry that the members add in the course of the month.
pub(super) fn later_entry(at: Timestamp) -> ListEntry {
    let title = "交界水域岸线垃圾联合清理";
    let purpose = "及时发现并处置交界河湖岸线的垃圾";
    let fields = [Shared::Narrative, Shared::Place, Shared::Exhibits, Shared::Outcome];
    entry(("HZ-10", title, "市容环境卫生", purpose), &[Form::Lead, Form::Bulletin], &fields, (5, 2), at)
}

/// What is written about.
pub(crate) struct Theme {
    pub(super) list: &'static str,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(super) subject: &'static str,
    pub(crate) category: &'static str,
    pub(crate) manner: Manner,
}

const fn theme(
    list: &'static str,
    category: &'static str,
    manner: Manner,
    title: &'static str,
    text: &'static str,
    subject: &'static str,
) -> Theme {
    Theme { list, title, text, subject, category, manner }
}

static LEADS: [Theme; 6] = [
    theme(
        "HZ-01",
        "E06011",
        Manner::Dirt,
        "{plate}夜间倾倒建筑垃圾线索",
        "{from}巡查发现货车{plate}夜间在本辖区工地装载建筑垃圾后驶入贵辖区，次日{place}出现倾倒的建筑垃圾约{n}车。现将线索和照片移送，请依法核查处理。",
        "货车{plate}",
    ),
    theme(
        "HZ-02",
        "E06014",
        Manner::Dirt,
        "渣土车{plate}沿途遗撒线索",
        "渣土运输车{plate}未密闭上路，自{from}驶往{place}，沿途遗撒。车辆和所属企业在贵辖区，现移送线索，请核查。",
        "货车{plate}",
    ),
    theme(
        "HZ-03",
        "E06011",
        Manner::Dirt,
        "餐厨废弃油脂去向异常线索",
        "{from}检查中发现多家餐饮单位的废弃油脂由{plate}收走，收运人无资质，去向指向{place}一处院落。请核查是否存在非法加工。",
        "货车{plate}",
    ),
    theme(
        "HZ-04",
        "E03001",
        Manner::Street,
        "交界路段占道经营线索",
        "群众反映{place}夜间有流动摊贩占道经营，摊贩白天在{from}一侧、夜间移至贵辖区一侧。现移送线索，建议同步整治。",
        "流动摊贩（约{n}处）",
    ),
    theme(
        "HZ-05",
        "E06011",
        Manner::Site,
        "违规销售瓶装液化石油气线索",
        "{from}查处一起无证销售瓶装液化石油气案，当事人交代气瓶来自{place}的一处充装点，共{n}瓶。存在安全风险，请尽快核查。",
        "充装点（名称待查）",
    ),
    theme(
        "HZ-01",
        "E06011",
        Manner::Dirt,
        "工地装修垃圾外运去向核查线索",
        "{from}一处工地的装修垃圾处置协议写明运往{place}，现场核对运单与实际车次不符，相差{n}车。请核查贵辖区接收情况。",
        "运输企业（名称见附件运单）",
    ),
];
static ASSISTANCE: [Theme; 4] = [
    theme(
        "HZ-01",
        "E06011",
        Manner::Dirt,
        "请协助核查{plate}所属企业及行车记录",
        "本机关办理一起倾倒建筑垃圾案，涉案车辆{plate}登记在贵辖区。请协助：一、核实车辆实际使用人；二、调取{place}沿线行车和卡口记录。",
        "货车{plate}",
    ),
    theme(
        "HZ-02",
        "E06014",
        Manner::Dirt,
        "请协助调取运输企业处置证",
        "请协助调取贵辖区运输企业的建筑垃圾处置核准文件及近三个月运单，核实{plate}是否在核准车辆之列。",
        "运输企业（{plate}）",
    ),
    theme(
        "HZ-03",
        "E06011",
        Manner::Dirt,
        "请协助调查餐厨废弃油脂收运人",
        "请协助对{place}的收运人制作调查笔录，查明废弃油脂的数量和去向（涉及约{n}桶）。",
        "收运人（身份待查）",
    ),
    theme(
        "HZ-09",
        "E03001",
        Manner::Street,
        "请协助送达行政处罚决定书",
        "当事人现住贵辖区{place}。请协助送达行政处罚决定书，并退回送达回证。",
        "当事人（信息见附件）",
    ),
];
static EVIDENCE: [Theme; 2] = [
    theme(
        "HZ-06",
        "E06011",
        Manner::Dirt,
        "{plate}倾倒建筑垃圾案现场证据",
        "现移交{plate}倾倒建筑垃圾案的现场照片，拍摄地点{place}，由两名执法人员拍摄。请核验并告知是否认可。",
        "货车{plate}",
    ),
    theme(
        "HZ-06",
        "E06014",
        Manner::Dirt,
        "运输车辆未密闭案照片和物品移交",
        "案件由贵机关并案处理，现移交照片和先行登记保存的物品，请核对清单签收。",
        "货车{plate}",
    ),
];
static BULLETINS: [Theme; 3] = [
    theme(
        "HZ-07",
        "E06011",
        Manner::Dirt,
        "关于近期跨省倾倒装修垃圾增多的预警",
        "{from}近期查获{n}起夜间跨省倾倒装修垃圾，车辆多使用套牌，多在{place}等交界地段卸车。请各成员单位加强夜间巡查，并反馈采取的措施。",
        "",
    ),
    theme(
        "HZ-07",
        "E06014",
        Manner::Site,
        "关于短途渣土运输使用未核准新能源车辆的通报",
        "{from}发现有企业使用未经核准的新能源货车短途运输渣土，车辆没有密闭装置。属于新情况，请各成员单位关注。",
        "",
    ),
    theme(
        "HZ-07",
        "E09001",
        Manner::Street,
        "关于网络直播带动路边摊聚集的通报",
        "{from}近期因直播引流，{place}夜间短时聚集摊贩{n}余处。请各成员单位提前研判热点点位，做好疏导。",
        "",
    ),
];
static DISPUTES: [Theme; 2] = [
    theme(
        "HZ-08",
        "E06011",
        Manner::Dirt,
        "关于交界地块倾倒建筑垃圾案管辖的协商",
        "倾倒行为发生在本辖区与贵辖区交界的{place}，装载地和倾倒地分属两地，双方均已收到举报。请就管辖进行协商。",
        "货车{plate}",
    ),
    theme(
        "HZ-08",
        "E06014",
        Manner::Dirt,
        "关于{plate}沿途遗撒案管辖的协商",
        "车辆{plate}的遗撒路线跨两地，双方均已开展调查。依据行政处罚法第二十五条，请就管辖进行协商。",
        "货车{plate}",
    ),
];
static AWAY: [Theme; 2] = [
    theme(
        "HZ-09",
        "E06011",
        Manner::Dirt,
        "请同意赴贵辖区开展调查",
        "本机关拟派两名执法人员赴贵辖区{place}，对{plate}的停放和装载情况进行检查，请同意并派员配合。",
        "货车{plate}",
    ),
    theme(
        "HZ-09",
        "E06014",
        Manner::Dirt,
        "请确认处罚结果互认",
        "本机关已对{plate}未密闭运输作出行政处罚。同一违法行为在贵辖区亦有线索，请依法确认处罚结果，不再重复罚款。",
        "货车{plate}",
    ),
];

/// What may be written about in a form.
pub(super) fn themes(form: Form) -> &'static [Theme] {
    match form {
        Form::Lead => &LEADS,
        Form::Assistance => &ASSISTANCE,
        Form::Evidence => &EVIDENCE,
        Form::Bulletin => &BULLETINS,
        Form::Dispute => &DISPUTES,
        Form::Away => &AWAY,
    }
}

/// What is filled into a text.
#[derive(Debug, Clone)]
pub(crate) struct Fill {
    pub(super) from: String,
    /// Index of the spot in the city where it is.
    pub(crate) spot: usize,
    pub(crate) place: String,
    pub(crate) point: Point,
    pub(super) plate: String,
    pub(super) n: u32,
}

impl Fill {
    /// The text with all that is known.
    pub(crate) fn fill(&self, text: &str) -> String {
        let n = self.n.to_string();
        [("{from}", &self.from), ("{place}", &self.place), ("{plate}", &self.plate), ("{n}", &n)]
            .iter()
            .fold(text.to_owned(), |text, (mark, with)| text.replace(mark, with))
    }
}

/// What was done before a lead was sent on.
pub(super) const MEASURES: [&str; 2] = [
    "未采取强制措施。已拍照固定现场情况，未扣押车辆和物品。",
    "未采取强制措施。已当场责令停止遗撒并清扫，未扣押车辆和物品。",
];

/// Grounds of what is held of a piece of evidence.
pub(super) const fn judged(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Recognised => None,
        Verdict::VerifyOnSite => Some("照片未显示参照物，拍摄位置需要到现场核对。"),
        Verdict::Rejected => Some("照片只有车尾，不能辨认号牌，与待证事实没有关联。"),
    }
}
