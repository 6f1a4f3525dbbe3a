//! What is to be imposed on a party, on which basis, and what it was told of it.

use super::words::{Severe, Weight};
use crate::PartRef;
use lianzhi_ids::PersonCode;
use lianzhi_law::{Fen, FineRange};
use serde::{Deserialize, Serialize};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(fen: &i64) -> bool {
    *fen == 0
}

/// The legal basis that was chosen for a charge, as the law stood, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Name of the law.
    pub law: String,
    /// Article of the penalty.
    pub article: String,
    /// Article that was violated.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prohibits: String,
    /// Whose law: `CN`, `SH` …
    pub jurisdiction: String,
    /// Lower end of the fine, fen; none where the article says "up to".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Upper end of the fine, fen; none where it is not a fixed amount. In a charge by cost or area: what they come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Percent of the cost of what was built, least and greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<(u8, u8)>,
    /// For every square metre that was taken, least and greatest, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_m2: Option<(i64, i64)>,
    /// What the case must be beyond the item (拒不改正, 情节严重, 施工单位 …).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub only: String,
    /// What else it provides, in its words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub other: String,
    /// Only after an order to correct was not followed (责令改正，拒不改正的).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub order_first: bool,
    /// Whoever goes on after the order to correct may be fined anew for every day (生态环境法典 1060).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub daily: bool,
    /// Whether its text was checked against an official source.
    pub verified: bool,
    /// Who confirmed it, where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<PersonCode>,
    /// Why this one and not another.
    pub why: String,
}

impl Basis {
    /// Law and article.
    #[must_use]
    pub fn cite(&self) -> String {
        if self.is_none() {
            return "事项库没有录入处罚依据，不得处罚".into();
        }
        lianzhi_law::citation(&self.law, &self.article)
    }
    /// What it lets be taken.
    #[must_use]
    pub fn range(&self) -> FineRange {
        match (self.max, self.percent, self.per_m2) {
            (Some(max), ..) => FineRange::Between { min: Fen(self.min.unwrap_or(0)), max: Fen(max) },
            (None, Some((min, max)), _) => FineRange::PercentOfCost { min, max },
            (None, None, Some((min, max))) => FineRange::PerSquareMetre { min: Fen(min), max: Fen(max) },
            (None, None, None) => FineRange::Unfixed,
        }
    }
    /// No rule punishes it that is in the data: it can only be spared.
    #[must_use]
    pub fn none() -> Basis {
        Basis {
            law: String::new(),
            article: String::new(),
            prohibits: String::new(),
            jurisdiction: String::new(),
            min: None,
            max: None,
            percent: None,
            per_m2: None,
            only: String::new(),
            other: String::new(),
            order_first: false,
            daily: false,
            verified: false,
            confirmed: None,
            why: "按免罚清单登记，只能不予处罚".into(),
        }
    }
    /// Whether it is that.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.law.is_empty()
    }
    /// Whether it provides 警告 as a penalty (行政处罚法 9(一)); 口头警告 is none.
    #[must_use]
    pub fn provides_warning(&self) -> bool {
        self.warns().is_some()
    }
    /// Whether the warning goes with the order to correct and needs no disobedience (责令改正、警告；拒不改正的).
    #[must_use]
    pub fn warns_with_the_order(&self) -> bool {
        self.order_first && self.warns() == Some(lianzhi_law::Warns::AtOnce)
    }
    /// Whether the order to correct that must go before gives a day (责令限期改正，逾期不改正的).
    #[must_use]
    pub fn sets_a_day(&self) -> bool {
        self.order_first && ["限期", "逾期"].iter().any(|word| self.other.contains(word))
    }
    /// Whether it is the same rule, of the same grade.
    #[must_use]
    pub fn same(&self, other: &Basis) -> bool {
        (&self.law, &self.article, &self.jurisdiction, &self.only)
            == (&other.law, &other.article, &other.jurisdiction, &other.only)
    }
    /// Whether it gives the penalty 警告, and whether only to who did not follow an order to correct.
    #[must_use]
    pub fn warns(&self) -> Option<lianzhi_law::Warns> {
        lianzhi_law::warns(&self.other, self.order_first)
    }
}

/// What shall be done to a party for a violation (拟处罚).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// To whom.
    pub party: u16,
    /// For what.
    pub violation: u16,
    /// By which rule.
    pub basis: Basis,
    /// How circumstances weigh.
    pub weight: Weight,
    /// Warning or public criticism (9(一)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
    /// Fine, fen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fine: i64,
    /// Unlawful gains to be confiscated, fen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub confiscation: i64,
    /// Things to be confiscated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goods: bool,
    /// What they are worth, fen, where it is known (63(1)(二): 较大价值).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods_value: Option<i64>,
    /// What the case was said to be beyond the item, in the words of the law data; none was said where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grade: String,
    /// Cost of what was built, fen, where the fine is a share of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<i64>,
    /// Area that was taken, in hundredths of a square metre, where the fine is by area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<i64>,
    /// It rests on another basis than the law data chose, which the leader approves with the grounds (29, 37).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub departs: bool,
    /// The party was fined for the same day under another item; the officers say that this is another act, with their grounds (29).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// A heavier kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severe: Option<Severe>,
    /// Tier of the benchmark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
    /// Circumstances, by their codes in the law data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circumstances: Vec<String>,
    /// What the benchmark proposes, with its arithmetic; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub benchmark: String,
    /// Why the fine lies outside what the benchmark proposes; grounds and approval are needed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviates: Option<String>,
    /// It must be reviewed for its amount or because it is reduced (58), by the thresholds of that day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub review: bool,
    /// A large fine, or a heavy penalty: the leaders discuss it together (57(2)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub major: bool,
    /// It is of the kind for which a hearing may be demanded (63), by the thresholds of that day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hearing: bool,
    /// Circumstances and grounds.
    pub grounds: PartRef,
}

impl Charge {
    /// Whether it punishes at all.
    #[must_use]
    pub const fn punishes(&self) -> bool {
        self.warning || self.fine > 0 || self.confiscation > 0 || self.goods || self.severe.is_some()
    }
    /// Whether it weighs more than another for the same violation: more of anything that was told, or what was not told at all.
    #[must_use]
    pub fn heavier_than(&self, other: &Charge) -> bool {
        Told::of(self).heavier_than(&Told::of(other))
    }
}

/// What a party was told for a violation in another case before this one: nothing heavier follows from its defence (45(2)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// To whom.
    pub party: u16,
    /// For what.
    pub violation: u16,
    /// Warning or public criticism.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
    /// Fine, fen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fine: i64,
    /// Unlawful gains, fen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub confiscation: i64,
    /// Things to be confiscated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goods: bool,
    /// A heavier kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severe: Option<Severe>,
}

impl Told {
    /// What a charge comes to.
    #[must_use]
    pub const fn of(charge: &Charge) -> Told {
        let Charge { party, violation, warning, fine, confiscation, goods, severe, .. } = charge;
        Told {
            party: *party,
            violation: *violation,
            warning: *warning,
            fine: *fine,
            confiscation: *confiscation,
            goods: *goods,
            severe: *severe,
        }
    }
    /// Whether it punishes at all.
    #[must_use]
    pub const fn punishes(&self) -> bool {
        self.warning || self.fine > 0 || self.confiscation > 0 || self.goods || self.severe.is_some()
    }
    /// Whether it weighs more than another for the same violation.
    #[must_use]
    pub fn heavier_than(&self, other: &Told) -> bool {
        let milder = self.fine < other.fine
            || self.confiscation < other.confiscation
            || (!self.goods && other.goods)
            || self.severe != other.severe;
        self.fine > other.fine
            || self.confiscation > other.confiscation
            || (self.goods && !other.goods)
            || (self.warning && !other.warning && !milder)
            || self.severe.is_some_and(|kind| !other.severe.is_some_and(|told| kind.within(told)))
    }
}
