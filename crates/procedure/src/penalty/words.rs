//! Words of a penalty case: fixed lists with a code in data and a title on screen.

pub use super::remedies::{RemedyEnd, RemedyKind};
use crate::words::words;

words! {
    /// Where a case came from (案件来源).
    Source {
        /// Found by officers (检查).
        Inspection = "inspection", "执法检查发现";
        /// From a report of this node.
        Report = "report", "投诉举报";
        /// From a hotline.
        Hotline = "hotline", "热线转办";
        /// From another agency or member.
        Transfer = "transfer", "其他机关移送";
        /// Given by a superior.
        Assigned = "assigned", "上级交办";
        /// Found by cameras, reviewed by people (行政处罚法 41).
        Camera = "camera", "监控发现（已经审核）";
        /// From a decision on the spot that had to become an ordinary case.
        Spot = "spot", "当场处罚转普通程序";
        /// From a slip that was not followed.
        Slip = "slip", "提示、警示后未改正";
    }
}

words! {
    /// What a party is (当事人类型).
    PartyKind {
        /// A natural person.
        Person = "person", "个人";
        /// A sole trader (个体工商户).
        Trader = "trader", "个体工商户";
        /// A legal person.
        Company = "company", "法人";
        /// Another organisation.
        Organisation = "organisation", "其他组织";
    }
}

impl PartyKind {
    /// Whether bases for units (单位) fit; a sole trader is punished as a person (民法典 54).
    #[must_use]
    pub const fn is_unit(self) -> bool {
        matches!(self, PartyKind::Company | PartyKind::Organisation)
    }
    /// As bases of items name it.
    #[must_use]
    pub const fn subject(self) -> &'static str {
        if self.is_unit() { "单位" } else { "个人" }
    }
}

words! {
    /// Age and mind of a natural person (行政处罚法 30, 31).
    Capacity {
        /// Fully responsible.
        Full = "full", "完全责任能力";
        /// 14 to 17 years old.
        Minor = "minor", "已满十四周岁不满十八周岁";
        /// Under 14.
        Child = "child", "不满十四周岁";
        /// Could not recognise or control what he did.
        Incapable = "incapable", "不能辨认或者不能控制自己行为";
    }
}

words! {
    /// Kinds of evidence (行政处罚法 46) and records (55).
    EvidenceKind {
        /// 现场检查笔录.
        Inspection = "inspection", "现场检查笔录";
        /// 勘验笔录.
        Survey = "survey", "勘验笔录";
        /// 调查询问笔录.
        Interview = "interview", "调查询问笔录";
        /// 抽样取证.
        Sample = "sample", "抽样取证";
        /// 书证.
        Document = "document", "书证";
        /// 物证.
        Object = "object", "物证";
        /// 视听资料.
        Recording = "recording", "视听资料";
        /// 电子数据.
        Electronic = "electronic", "电子数据";
        /// 证人证言.
        Witness = "witness", "证人证言";
        /// 鉴定意见.
        Opinion = "opinion", "鉴定意见";
    }
}

impl EvidenceKind {
    /// Whether it is a record made face to face: two officers, certificates shown (行政处罚法 42, 55).
    #[must_use]
    pub const fn is_record(self) -> bool {
        matches!(
            self,
            EvidenceKind::Inspection
                | EvidenceKind::Survey
                | EvidenceKind::Interview
                | EvidenceKind::Sample
                | EvidenceKind::Witness
        )
    }
}

words! {
    /// What makes a case more than ordinary.
    Mark {
        /// 重大公共利益 (58(一)).
        PublicInterest = "public_interest", "涉及重大公共利益";
        /// 案情疑难复杂、多个法律关系 (57(2), 58(三)).
        Complex = "complex", "案情疑难复杂、涉及多个法律关系";
        /// 重大违法行为 (57(2)).
        Major = "major", "重大违法行为";
        /// 涉嫌犯罪 (27).
        Crime = "crime", "涉嫌犯罪";
        /// 有一定社会影响，应当公开 (48).
        Public = "public", "具有一定社会影响";
    }
}

words! {
    /// Penalties that weigh more than warning and fine (行政处罚法 9(三)–(六)).
    Severe {
        /// 暂扣许可证件.
        Suspend = "suspend", "暂扣许可证件";
        /// 降低资质等级.
        Downgrade = "downgrade", "降低资质等级";
        /// 吊销许可证件.
        Revoke = "revoke", "吊销许可证件";
        /// 限制开展生产经营活动.
        Restrict = "restrict", "限制开展生产经营活动";
        /// 责令停产停业.
        Stop = "stop", "责令停产停业";
        /// 责令关闭.
        Close = "close", "责令关闭";
        /// 限制从业.
        Bar = "bar", "限制从业";
    }
}

impl Severe {
    /// Whether the party may demand a hearing for it (行政处罚法 63).
    #[must_use]
    pub const fn gives_hearing(self) -> bool {
        !matches!(self, Severe::Suspend | Severe::Restrict)
    }
    /// Whether it weighs no more than another: the same, or a milder one of the same family (licences 9(三), business 9(四)).
    #[must_use]
    pub fn within(self, other: Severe) -> bool {
        const LICENCES: [Severe; 3] = [Severe::Suspend, Severe::Downgrade, Severe::Revoke];
        const BUSINESS: [Severe; 3] = [Severe::Restrict, Severe::Stop, Severe::Close];
        let milder = |family: [Severe; 3]| {
            let place = |of| family.iter().position(|kind| *kind == of);
            place(self).zip(place(other)).is_some_and(|(this, that)| this <= that)
        };
        self == other || milder(LICENCES) || milder(BUSINESS)
    }
}

words! {
    /// How circumstances weigh (裁量情节).
    Weight {
        /// 一般.
        Normal = "normal", "一般";
        /// 从轻 (32).
        Lenient = "lenient", "从轻";
        /// 减轻: below the range (32).
        Reduced = "reduced", "减轻";
        /// 从重.
        Heavier = "heavier", "从重";
    }
}

words! {
    /// Why nobody is punished.
    NoPenaltyGround {
        /// 违法行为轻微并及时改正，没有造成危害后果 (33(1)).
        Minor = "minor", "违法行为轻微并及时改正，没有造成危害后果";
        /// 初次违法且危害后果轻微并及时改正 (33(1)).
        First = "first", "初次违法且危害后果轻微并及时改正";
        /// 有证据足以证明没有主观过错 (33(2)).
        NoFault = "no_fault", "当事人有证据足以证明没有主观过错";
        /// 违法事实不能成立 (57(1)(三)).
        NotEstablished = "not_established", "违法事实不能成立";
        /// 不满十四周岁 (30).
        Child = "child", "不满十四周岁";
        /// 不能辨认或者控制 (31).
        Incapable = "incapable", "不能辨认或者不能控制自己行为";
        /// 超过追责时效 (36).
        Limitation = "limitation", "超过追责时效";
    }
}

impl NoPenaltyGround {
    /// Law and article.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            NoPenaltyGround::Minor | NoPenaltyGround::First => "行政处罚法第三十三条第一款",
            NoPenaltyGround::NoFault => "行政处罚法第三十三条第二款",
            NoPenaltyGround::NotEstablished => "行政处罚法第五十七条第一款第三项",
            NoPenaltyGround::Child => "行政处罚法第三十条",
            NoPenaltyGround::Incapable => "行政处罚法第三十一条",
            NoPenaltyGround::Limitation => "行政处罚法第三十六条",
        }
    }
    /// Whether the party must have put right what was wrong.
    #[must_use]
    pub const fn wants_correction(self) -> bool {
        matches!(self, NoPenaltyGround::Minor | NoPenaltyGround::First)
    }
}

words! {
    /// How an answer to statement and defence turned out (45).
    Adopted {
        /// 采纳.
        All = "all", "采纳";
        /// 部分采纳.
        Some = "some", "部分采纳";
        /// 不采纳.
        None = "none", "不采纳";
    }
}

words! {
    /// Opinions of legal review.
    Opinion {
        /// 同意.
        Agree = "agree", "同意";
        /// 纠正.
        Correct = "correct", "建议纠正";
        /// 补充调查.
        Supplement = "supplement", "退回补充";
        /// 不同意.
        Disagree = "disagree", "不同意";
        /// 移送.
        Transfer = "transfer", "建议移送";
    }
}

words! {
    /// Who gives advice on a case (群众公议, 律师驻队, 居民议事, 公益律师).
    Adviser {
        /// 公众评议团.
        Panel = "panel", "公众评议团";
        /// 驻队律师.
        Lawyer = "lawyer", "驻队律师、公职律师";
        /// 居民议事会.
        Council = "council", "居民议事会";
        /// 公益律师.
        PublicLawyer = "public_lawyer", "公益律师";
    }
}

words! {
    /// Ways to serve (民事诉讼法 87–95; 行政处罚法 61).
    Way {
        /// 直接送达.
        Direct = "direct", "直接送达";
        /// 当场交付 after it was read out.
        OnTheSpot = "on_the_spot", "宣告后当场交付";
        /// 留置送达.
        Left = "left", "留置送达";
        /// 委托送达.
        Entrusted = "entrusted", "委托送达";
        /// 邮寄送达.
        Post = "post", "邮寄送达";
        /// 电子送达.
        Electronic = "electronic", "电子送达";
        /// 转交送达, through the unit that has the party in its charge (民事诉讼法 92–94).
        Forwarded = "forwarded", "转交送达";
        /// 公告送达.
        PublicNotice = "public_notice", "公告送达";
        /// 限期拆除公告, posted where the structure stands (行政强制法 44).
        Posted = "posted", "现场公告";
    }
}

words! {
    /// Grounds for taking a fine on the spot (68, 69).
    OnSiteGround {
        /// 一百元以下罚款 (68(一)).
        Small = "small", "依法给予一百元以下罚款";
        /// 不当场收缴事后难以执行 (68(二)).
        Hard = "hard", "不当场收缴事后难以执行";
        /// 边远、水上、交通不便地区，当事人提出 (69).
        Remote = "remote", "边远、水上、交通不便地区，经当事人提出";
    }
}

words! {
    /// Measures on things.
    MeasureKind {
        /// 先行登记保存 (行政处罚法 56).
        Preservation = "preservation", "先行登记保存";
        /// 查封 (行政强制法 9(二)).
        Sealing = "sealing", "查封";
        /// 扣押 (行政强制法 9(三)).
        Seizure = "seizure", "扣押";
    }
}

words! {
    /// What becomes of things that were taken.
    Settlement {
        /// 退还.
        Returned = "returned", "退还当事人";
        /// 没收.
        Confiscated = "confiscated", "依法没收";
        /// 转为查封、扣押.
        Seized = "seized", "转为查封、扣押";
        /// 送检、鉴定, to be given back by a day.
        Tested = "tested", "送检、鉴定";
        /// 销毁.
        Destroyed = "destroyed", "依法销毁";
        /// 移送.
        Transferred = "transferred", "移送有权机关";
        /// 拍卖、变卖.
        Sold = "sold", "依法拍卖、变卖";
    }
}

words! {
    /// Ways to enforce.
    EnforcementKind {
        /// 拍卖查封、扣押的财物抵缴 (行政处罚法 72(二), 行政强制法 46(3)).
        Auction = "auction", "拍卖查封、扣押财物抵缴罚款";
        /// 代履行 (行政强制法 50).
        Substitute = "substitute", "代履行";
        /// 立即代履行 (行政强制法 52).
        Immediate = "immediate", "立即代履行";
        /// 强制拆除 (行政强制法 44).
        Demolition = "demolition", "强制拆除";
        /// 申请人民法院强制执行 (行政强制法 53).
        Court = "court", "申请人民法院强制执行";
    }
}

impl EnforcementKind {
    /// Whether officers act at a place, which is filmed as a whole (国办发〔2018〕118号).
    #[must_use]
    pub const fn is_on_site(self) -> bool {
        matches!(self, EnforcementKind::Substitute | EnforcementKind::Immediate | EnforcementKind::Demolition)
    }
}

words! {
    /// How a case ends (结案情形).
    ClosingGround {
        /// 执行完毕.
        Performed = "performed", "执行完毕";
        /// 不予处罚.
        NotPunished = "not_punished", "不予处罚";
        /// 责令改正（限期拆除） performed, without a penalty (行政处罚法 28; 城乡规划法 64).
        Ordered = "ordered", "责令改正（限期拆除）已经履行，没有给予处罚";
        /// 移送.
        Transferred = "transferred", "移送其他机关";
        /// 撤销立案.
        Dropped = "dropped", "撤销立案";
        /// 终结执行 (行政强制法 40).
        Ended = "ended", "终结执行";
        /// 决定被撤销.
        Annulled = "annulled", "决定被撤销、确认无效";
    }
}

words! {
    /// Clerical errors: what may be put right without deciding anew.
    Slip {
        /// 文字.
        Letters = "letters", "错别字、漏字";
        /// 当事人名称、号码、地址.
        Name = "name", "名称、号码、地址书写错误";
        /// 日期、文号.
        Date = "date", "日期、文号书写错误";
        /// 算术.
        Sum = "sum", "大小写、合计书写错误";
        /// 条款.
        Article = "article", "条、款、项书写错误，所引法律不变";
    }
}

words! {
    /// Papers with a number of their own (文书); forms are those of the model collection.
    PaperKind {
        /// 立案审批表.
        Filing = "filing", "立案审批表";
        /// 不予立案审批表.
        NotFiled = "not_filed", "不予立案审批表";
        /// 调查询问通知书.
        Summons = "summons", "调查询问通知书";
        /// 抽样取证通知书.
        Sampling = "sampling", "抽样取证通知书";
        /// 先行登记保存证据通知书.
        Preservation = "preservation", "先行登记保存证据通知书";
        /// 先行登记保存证据处理决定书.
        PreservationSettled = "preservation_settled", "先行登记保存证据处理决定书";
        /// 查封（扣押）决定书.
        Seizure = "seizure", "查封（扣押）决定书";
        /// 延长查封（扣押）期限决定书.
        SeizureExtended = "seizure_extended", "延长查封（扣押）期限决定书";
        /// 解除查封（扣押）决定书.
        SeizureReleased = "seizure_released", "解除查封（扣押）决定书";
        /// 检测、检验、检疫、鉴定期间告知书 (行政强制法 25(3)).
        Testing = "testing", "检测、检验、检疫、鉴定期间告知书";
        /// 责令（限期）改正通知书.
        Correction = "correction", "责令（限期）改正通知书";
        /// 责令限期拆除决定书 (城乡规划法 64, 68).
        DemolitionOrder = "demolition_order", "责令限期拆除决定书";
        /// 案件移送函, to another agency (行政处罚法 22, 25).
        Transfer = "transfer", "案件移送函";
        /// 行政处罚事先告知书.
        Notice = "notice", "行政处罚事先告知书";
        /// 行政处罚听证告知书.
        HearingRight = "hearing_right", "行政处罚听证告知书";
        /// 听证通知书.
        HearingCall = "hearing_call", "听证通知书";
        /// 行政处罚决定书.
        Decision = "decision", "行政处罚决定书";
        /// 不予行政处罚决定书.
        NoPenalty = "no_penalty", "不予行政处罚决定书";
        /// 撤销立案审批表.
        Dropped = "dropped", "撤销立案审批表";
        /// 涉嫌犯罪案件移送书.
        Crime = "crime", "涉嫌犯罪案件移送书";
        /// 延期（分期）缴纳罚款通知书.
        Payment = "payment", "同意延期（分期）缴纳罚款通知书";
        /// 履行义务催告书.
        Demand = "demand", "履行义务催告书";
        /// 限期拆除公告 (行政强制法 44).
        DemolitionNotice = "demolition_notice", "限期拆除公告";
        /// 行政强制执行决定书.
        Enforcement = "enforcement", "行政强制执行决定书";
        /// 代履行决定书.
        Substitute = "substitute", "代履行决定书";
        /// 强制执行申请书.
        Court = "court", "强制执行申请书";
        /// 结案审批表.
        Closing = "closing", "结案审批表";
        /// 撤销行政处罚决定书.
        Revocation = "revocation", "撤销（变更）行政处罚决定书";
        /// 执行协议书.
        Agreement = "agreement", "行政强制执行协议书";
        /// 中止执行通知书.
        Suspension = "suspension", "中止（终结）执行通知书";
        /// 更正（补正）通知书.
        Amendment = "amendment", "文书更正（补正）通知书";
        /// 执法建议书.
        Suggestion = "suggestion", "执法建议书";
    }
}

impl PaperKind {
    /// Code of the form in the collection of documents.
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            PaperKind::Filing | PaperKind::NotFiled | PaperKind::Dropped => "D02",
            PaperKind::Summons => "D04",
            PaperKind::Sampling => "D06",
            PaperKind::Preservation => "D07",
            PaperKind::PreservationSettled => "D08",
            PaperKind::Seizure
            | PaperKind::SeizureExtended
            | PaperKind::SeizureReleased
            | PaperKind::Testing => "D09",
            PaperKind::Correction | PaperKind::DemolitionOrder => "D10",
            PaperKind::Transfer => "D27",
            PaperKind::Notice => "D14",
            PaperKind::HearingRight | PaperKind::HearingCall => "D15",
            PaperKind::Decision | PaperKind::Revocation | PaperKind::Amendment => "D17",
            PaperKind::NoPenalty => "D19",
            PaperKind::Payment => "D22",
            PaperKind::Demand => "D23",
            PaperKind::DemolitionNotice
            | PaperKind::Enforcement
            | PaperKind::Substitute
            | PaperKind::Agreement
            | PaperKind::Suspension => "D24",
            PaperKind::Suggestion => "D32",
            PaperKind::Court => "D25",
            PaperKind::Closing => "D26",
            PaperKind::Crime => "D28",
        }
    }
    /// Word of its number (文书代字).
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            PaperKind::Filing => "立",
            PaperKind::NotFiled => "不立",
            PaperKind::Summons => "询",
            PaperKind::Sampling => "抽",
            PaperKind::Preservation => "登保",
            PaperKind::PreservationSettled => "登处",
            PaperKind::Seizure => "查扣",
            PaperKind::SeizureExtended => "查延",
            PaperKind::SeizureReleased => "查解",
            PaperKind::Testing => "检期",
            PaperKind::Correction => "改",
            PaperKind::DemolitionOrder => "限拆",
            PaperKind::Transfer => "移",
            PaperKind::Notice => "罚告",
            PaperKind::HearingRight => "听告",
            PaperKind::HearingCall => "听通",
            PaperKind::Decision => "罚决",
            PaperKind::NoPenalty => "不罚",
            PaperKind::Dropped => "撤案",
            PaperKind::Crime => "罪移",
            PaperKind::Payment => "缴",
            PaperKind::Demand => "催",
            PaperKind::DemolitionNotice => "拆告",
            PaperKind::Enforcement => "强决",
            PaperKind::Substitute => "代履",
            PaperKind::Court => "强申",
            PaperKind::Closing => "结",
            PaperKind::Revocation => "撤",
            PaperKind::Agreement => "执协",
            PaperKind::Suspension => "中执",
            PaperKind::Amendment => "更正",
            PaperKind::Suggestion => "执建",
        }
    }
    /// Whether it goes to a party, who can check it by its code. What goes to a court, the police or another authority bears none: a
    /// public page would tell whoever photographs it of a matter before anybody was told.
    #[must_use]
    pub const fn checked(self) -> bool {
        self.must_serve() || matches!(self, PaperKind::Sampling)
    }
    /// Whether it leaves the agency: it is sealed, and its signed text belongs in the file.
    #[must_use]
    pub const fn outward(self) -> bool {
        !matches!(self, PaperKind::Filing | PaperKind::NotFiled | PaperKind::Dropped | PaperKind::Closing)
    }
    /// Whether it must be served on its parties with proof (行政处罚法 61): what goes to a court, the police or another authority, and
    /// what is handed over with a record, is not.
    #[must_use]
    pub const fn must_serve(self) -> bool {
        self.outward()
            && !matches!(
                self,
                PaperKind::Court
                    | PaperKind::Crime
                    | PaperKind::Transfer
                    | PaperKind::Suggestion
                    | PaperKind::Sampling
            )
    }
}
