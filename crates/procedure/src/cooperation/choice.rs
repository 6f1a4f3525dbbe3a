//! What is chosen from when members speak: kinds, grounds, milestones, outcomes.

use crate::words::words;

words! {
    /// What is asked of another agency (行政处罚法 26).
    Ask {
        /// 调查核实.
        Investigate = "investigate", "调查核实";
        /// 调取证据.
        TakeEvidence = "take_evidence", "调取、收集证据";
        /// 委托送达 (民事诉讼法 91).
        Serve = "serve", "委托送达";
        /// 协助执行: in the receiver's own name and power, with its own decision and remedies.
        HelpEnforce = "help_enforce", "协助执行";
        /// 现场核实 of a piece of evidence.
        VerifyOnSite = "verify_on_site", "现场核实证据";
    }
}

words! {
    /// Kinds of warning bulletins.
    BulletinKind {
        /// Widespread or industry-wide problems.
        Widespread = "widespread", "普遍性、行业性问题";
        /// Hot topics of public or government concern.
        HotTopic = "hot_topic", "社会和政府关注的热点";
        /// New problems in new fields.
        NewField = "new_field", "新领域新问题";
        /// Leads in other departments' competence.
        OtherDepartment = "other_department", "其他部门职责线索";
    }
}

words! {
    /// Why a lead is for its receiver and not for its sender.
    TransferGround {
        /// The place of the conduct lies in the receiver's area (行政处罚法 22).
        Place = "place", "违法行为发生地在对方辖区";
        /// Another department has the power (行政处罚法 17).
        Power = "power", "属于对方或其他部门职权";
        /// The receiver filed it first (行政处罚法 25).
        EarlierCase = "earlier_case", "对方已先立案";
        /// It may be a crime (行政处罚法 27).
        Crime = "crime", "涉嫌犯罪，依法移送";
    }
}

impl TransferGround {
    /// Where the ground comes from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            TransferGround::Place => "行政处罚法第二十二条",
            TransferGround::Power => "行政处罚法第十七条",
            TransferGround::EarlierCase => "行政处罚法第二十五条",
            TransferGround::Crime => "行政处罚法第二十七条",
        }
    }
}

words! {
    /// Why a lead goes back.
    ReturnGround {
        /// Not in the receiver's place (行政处罚法 22).
        NotHere = "not_here", "违法行为发生地不在本辖区";
        /// Not in the receiver's power (行政处罚法 17).
        NotOurPower = "not_our_power", "不属于本机关职权";
        /// Somebody filed it first (行政处罚法 25).
        FiledElsewhere = "filed_elsewhere", "其他机关已先立案";
        /// The material does not suffice to look into it.
        Insufficient = "insufficient", "材料不足以核查";
        /// Already dealt with here.
        Settled = "settled", "本机关已处理";
    }
}

impl ReturnGround {
    /// Where the ground comes from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            ReturnGround::NotHere => "行政处罚法第二十二条",
            ReturnGround::NotOurPower => "行政处罚法第十七条",
            ReturnGround::FiledElsewhere => "行政处罚法第二十五条",
            ReturnGround::Insufficient => "行政处罚法第五十四条第二款",
            ReturnGround::Settled => "行政处罚法第二十九条",
        }
    }
}

words! {
    /// Why help is refused: only where the law says so.
    RefuseGround {
        /// Not within the powers of the agency asked.
        NotOurPower = "not_our_power", "请求事项不属于本机关职权";
        /// The law forbids it.
        Forbidden = "forbidden", "法律、法规禁止";
        /// It would be a use of power that cannot be lent (行政强制法 17: 不得委托).
        NotDelegable = "not_delegable", "属于不得委托的强制权";
        /// Personal information may not be given for this purpose.
        Privacy = "privacy", "个人信息保护法不允许提供";
        /// Another agency's secret or a state secret.
        Secret = "secret", "涉及国家秘密";
    }
}

impl RefuseGround {
    /// Where the ground comes from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            RefuseGround::NotOurPower | RefuseGround::Forbidden => "行政处罚法第二十六条",
            RefuseGround::NotDelegable => "行政强制法第十七条",
            RefuseGround::Privacy => "个人信息保护法第二十三条",
            RefuseGround::Secret => "保守国家秘密法",
        }
    }
}

words! {
    /// Milestones of the receiver's own matter that cross: nothing else of it does.
    Milestone {
        /// A local report or case was opened for it.
        Opened = "opened", "已在本地登记";
        /// Somebody has it.
        Assigned = "assigned", "已派承办人";
        /// Somebody was there.
        OnSite = "on_site", "已到场";
        /// A case was filed.
        Filed = "filed", "已立案";
        /// A penalty was decided.
        Decided = "decided", "已作出处罚决定";
        /// It was handled.
        Handled = "handled", "已处置";
        /// It is closed.
        Closed = "closed", "已办结";
    }
}

words! {
    /// How a lead ended at its receiver.
    Conclusion {
        /// 已处罚.
        Penalised = "penalised", "已处罚";
        /// 已责令改正.
        Corrected = "corrected", "已责令改正";
        /// 不予处罚.
        NoPenalty = "no_penalty", "不予处罚";
        /// 查无实据.
        Unfounded = "unfounded", "查无实据";
        /// 已移送.
        PassedOn = "passed_on", "已移送有权机关";
        /// It ended; the list does not share how.
        Untold = "untold", "已办结（清单未约定告知结果）";
    }
}

words! {
    /// How much of what it sent a member erases.
    EraseScope {
        /// Personal particulars only.
        Particulars = "particulars", "只删个人信息";
        /// Every text.
        Everything = "everything", "全部文字";
    }
}

words! {
    /// Why a member keeps what another asks it to erase (个人信息保护法 47: it then does nothing with it but keep it safe).
    HoldGround {
        /// The law has it kept for a time that is not over.
        Retention = "retention", "法律、行政法规规定的保存期限未届满";
        /// It is evidence in a case that is not settled.
        Evidence = "evidence", "系在办案件的证据材料";
        /// Reconsideration or a lawsuit runs or may still be begun.
        Remedy = "remedy", "行政复议、行政诉讼期限未届满或正在进行";
    }
}

impl HoldGround {
    /// Where the ground comes from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            HoldGround::Retention => "个人信息保护法第四十七条第二款",
            HoldGround::Evidence => "行政处罚法第四十六条；个人信息保护法第四十七条第二款",
            HoldGround::Remedy => "行政复议法、行政诉讼法；个人信息保护法第四十七条第二款",
        }
    }
}

words! {
    /// What the receiver holds of a piece of evidence.
    Verdict {
        /// 认可: used like an own one.
        Recognised = "recognised", "认可";
        /// 要求核实: becomes an assistance.
        VerifyOnSite = "verify_on_site", "要求现场核实";
        /// 不予认可.
        Rejected = "rejected", "不予认可";
    }
}

words! {
    /// What is asked of a member when one acts on its territory.
    AwayKind {
        /// To inspect there.
        Inspect = "inspect", "异地检查授权";
        /// To take a penalty as a prior offence and not to fine the same act again (行政处罚法 29).
        Recognise = "recognise", "处罚结果互认";
    }
}
