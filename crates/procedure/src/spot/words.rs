//! Words of decisions made on the spot: fixed lists with a code in data and a title on screen.

use crate::words::words;

words! {
    /// Where a sheet stands, as people say it.
    Stage {
        /// Nothing is imposed yet.
        OnSite = "on_site", "现场办理";
        /// Imposed, and not handed over yet.
        ToHand = "to_hand", "待当场交付";
        /// Handed over; money, deposit or filing are still to come.
        Performing = "performing", "履行、备案";
        /// Not paid in time: demanded, or before the court.
        Enforcing = "enforcing", "催告、强制执行";
        /// Not punished; the party promised to put it right and the day has not come.
        Promised = "promised", "承诺改正";
        /// Not punished.
        Spared = "spared", "不予处罚";
        /// Goes on as a case by the ordinary procedure.
        Ordinary = "ordinary", "转普通程序";
        /// The form was not used.
        Voided = "voided", "表格作废";
        /// The decision was withdrawn or annulled.
        Withdrawn = "withdrawn", "已撤销";
        /// Nothing is left to be done.
        Done = "done", "办结";
    }
}

words! {
    /// What a court says to an application, and what came of it (行政强制法 56–59).
    CourtAnswer {
        /// 受理.
        Accepted = "accepted", "受理";
        /// 不予受理.
        Refused = "refused", "不予受理";
        /// 裁定准予执行.
        Granted = "granted", "裁定准予执行";
        /// 裁定不予执行.
        Denied = "denied", "裁定不予执行";
        /// 执行完毕.
        Performed = "performed", "执行完毕";
        /// 终结执行: nothing can be had (行政强制法 40).
        Ended = "ended", "终结执行";
    }
}

impl CourtAnswer {
    /// The application is over without enforcement and may be made anew.
    #[must_use]
    pub const fn rejects(self) -> bool {
        matches!(self, CourtAnswer::Refused | CourtAnswer::Denied)
    }
    /// What may follow on what was said last.
    #[must_use]
    pub(super) const fn follows(self, last: Option<CourtAnswer>) -> bool {
        match self {
            CourtAnswer::Accepted | CourtAnswer::Refused => last.is_none(),
            CourtAnswer::Granted | CourtAnswer::Denied => matches!(last, Some(CourtAnswer::Accepted)),
            CourtAnswer::Performed | CourtAnswer::Ended => matches!(last, Some(CourtAnswer::Granted)),
        }
    }
}

macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $title:literal;)*) => {
        /// Terms of a decision made on the spot.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Term { $($(#[$doc])* #[serde(rename = $key)] $name,)* }
        impl Term {
            /// All of them.
            pub const ALL: &'static [Term] = &[$(Term::$name),*];
            /// Key in the law data.
            #[must_use]
            pub const fn key(self) -> &'static str { match self { $(Term::$name => $key,)* } }
            /// Words on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Term::$name => $title,)* } }
        }
    };
}

terms! {
    /// 报所属行政机关备案 (行政处罚法 52(3)): the law names no days, the agency does.
    Lodge = "spot.lodge", "报所属机关备案";
    /// 当场作出决定 (51): on the day on which the officers were there; afterwards it is no decision on the spot.
    Decide = "spot.decide", "当场作出决定";
    /// 当场交付 (52(1)): on the day of the decision.
    Hand = "spot.hand", "当场交付";
    /// 缴纳罚款 (67).
    Pay = "pay.fine", "缴纳罚款";
    /// 分期、延期缴纳 (66(2)): as granted.
    PayPart = "pay.instalment", "分期（延期）缴纳";
    /// 当场收缴的罚款上缴 (71).
    HandIn = "pay.onsite_hand_in", "上缴当场收缴的罚款";
    /// 行政机关缴付银行 (71).
    Deposit = "pay.onsite_deposit", "缴付当场收缴的罚款";
    /// 申请行政复议 (行政复议法 20).
    Reconsideration = "remedy.reconsideration", "申请行政复议";
    /// 提起行政诉讼 (行政诉讼法 46), against a decision not to punish.
    Lawsuit = "remedy.lawsuit", "提起行政诉讼";
    /// 不服复议决定提起行政诉讼 (行政诉讼法 45).
    LawsuitAfter = "remedy.lawsuit_after_reconsideration", "不服复议决定提起诉讼";
    /// 复议答复 (行政复议法 48): where it is not dealt with by the summary procedure.
    Reply = "remedy.reply", "复议答复";
    /// 复议答复，简易程序 (行政复议法 53(1)(一), 54).
    ReplySimple = "remedy.reply_simple", "复议答复（简易程序）";
    /// 作出复议决定 (行政复议法 62).
    ReviewDecide = "remedy.reconsideration_decide", "作出复议决定";
    /// 作出复议决定，简易程序 (行政复议法 62(2)).
    ReviewDecideSimple = "remedy.reconsideration_decide_simple", "作出复议决定（简易程序）";
    /// 诉讼答辩 (行政诉讼法 67).
    LawsuitReply = "remedy.lawsuit_reply", "诉讼答辩";
    /// 公告送达催告书 (民事诉讼法 95).
    Notice = "serve.public_notice", "公告送达";
    /// 催告后申请法院强制执行 (行政强制法 54).
    Remind = "court.remind", "催告履行";
    /// 申请人民法院强制执行 (行政强制法 53).
    CourtApply = "court.apply", "申请法院强制执行";
    /// 法院受理强制执行申请 (行政强制法 56(1)).
    CourtAccept = "court.accept", "法院受理强制执行申请";
    /// 法院裁定是否执行 (行政强制法 57).
    CourtRule = "court.rule", "法院裁定是否执行";
    /// 承诺改正的期限: the day that the party promised.
    Promise = "spot.promise", "承诺改正";
    /// 公开处罚决定 (48; 国办发〔2018〕118号), where the agency publishes such decisions.
    Publish = "publish.decision", "公开处罚决定";
    /// 撤回公开 (48(2)).
    Withdraw = "publish.withdraw", "撤回公开的决定";
}

impl Term {
    /// Whether the agency must act in it; others are the party's.
    #[must_use]
    pub const fn ours(self) -> bool {
        matches!(
            self,
            Term::Lodge
                | Term::Decide
                | Term::Hand
                | Term::HandIn
                | Term::Reply
                | Term::ReplySimple
                | Term::LawsuitReply
                | Term::Publish
                | Term::Withdraw
                | Term::CourtApply
        )
    }
    /// Whether somebody else acts in it: a reviewing authority or a court.
    #[must_use]
    pub const fn elsewhere(self) -> bool {
        matches!(self, Term::ReviewDecide | Term::ReviewDecideSimple | Term::CourtAccept | Term::CourtRule)
    }
}
