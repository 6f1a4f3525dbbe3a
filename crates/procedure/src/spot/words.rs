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
        /// Not paid in time, handed over to enforcement.
        Enforcing = "enforcing", "转强制执行";
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
    /// 缴纳罚款 (67).
    Pay = "pay.fine", "缴纳罚款";
    /// 当场收缴的罚款上缴 (71).
    HandIn = "pay.onsite_hand_in", "上缴当场收缴的罚款";
    /// 申请行政复议 (行政复议法 20).
    Reconsideration = "remedy.reconsideration", "申请行政复议";
    /// 承诺改正的期限: the day that the party promised.
    Promise = "spot.promise", "承诺改正";
}

impl Term {
    /// Whether the agency must act in it; others are the party's.
    #[must_use]
    pub const fn ours(self) -> bool {
        matches!(self, Term::Lodge | Term::HandIn)
    }
}
