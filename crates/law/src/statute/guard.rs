//! What an agency may not do to the terms of the law: loosen them, take them away, or call its own text checked.
//!
//! A file of terms may be replaced by whoever administers the node. A term that says something else than the one that came with the
//! program is therefore unverified until a legal officer has confirmed exactly its words, and one that is looser is refused.

use super::{Binds, Direction, Measure, StatutoryTerm, TermUnit};
use crate::items::Confirmed;

/// A legal officer's word that a term says what the law says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatuteConfirmed {
    /// Key of the term.
    pub key: String,
    /// What it said when it was confirmed ([`StatutoryTerm::words`]).
    pub of: String,
    /// Who, when, by which text.
    pub confirmed: Confirmed,
}

/// About how many hours a measure is: only ever used to compare two measures of different units.
fn about_hours(measure: Measure) -> u64 {
    let unit = match measure.unit {
        TermUnit::Hours => 1,
        TermUnit::CalendarDays => 24,
        // Five of seven days.
        TermUnit::WorkingDays => 34,
        TermUnit::Months => 730,
        TermUnit::Years => 8_760,
        TermUnit::Event => 0,
    };
    u64::from(measure.n) * unit
}

/// Whether the measure is longer, given both.
fn longer(old: Measure, new: Measure) -> bool {
    if old.unit == new.unit { new.n > old.n } else { about_hours(new) > about_hours(old) }
}

impl StatutoryTerm {
    /// All that a term says in law, in one line: what a confirmation is of.
    #[must_use]
    pub fn words(&self) -> String {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let rolls = self.rollover.as_ref().map_or("", |r| if r.rolls { "顺延" } else { "不顺延" });
        let parts = [
            self.citation(),
            self.trigger.to_string(),
            self.measure.map(Measure::text).unwrap_or_default(),
            (if self.direction == Direction::Before { "倒推" } else { "" }).to_owned(),
            self.binds.title().to_owned(),
            rolls.to_owned(),
            self.excluded_words().join("；"),
            self.extension_words().join("；"),
            self.consequence.to_string(),
            day(self.in_force_from),
        ];
        parts.join("｜")
    }

    /// Whether both say the same, whoever confirmed them and whenever they end.
    pub(crate) fn says_the_same(&self, other: &StatutoryTerm) -> bool {
        let plain = |term: &StatutoryTerm| StatutoryTerm {
            standing: crate::Standing::Unverified,
            confidence: None,
            confirmed: None,
            tightened: None,
            in_force_to: None,
            // For which reports it runs is no word of the law.
            categories: Vec::new(),
            ..term.clone()
        };
        plain(self) == plain(other)
    }

    /// Why a term may not take the place of this one, or come after it under the same law; none: it may.
    pub(crate) fn loosened_to(&self, new: &StatutoryTerm) -> Option<String> {
        let rule = self.citation();
        if (self.binds, self.direction) != (new.binds, new.direction) {
            return Some(format!("{rule} 的期限约束谁、往哪个方向计算由法律规定，不能改动"));
        }
        let text = |measure: Option<Measure>| measure.map_or("没有天数".to_owned(), Measure::text);
        let said = |why: &str| {
            Some(format!("{rule} 规定 {}，不能改为 {}：{why}", text(self.measure), text(new.measure)))
        };
        let more = matches!((self.measure, new.measure), (Some(a), Some(b)) if longer(a, b));
        let less = matches!((self.measure, new.measure), (Some(a), Some(b)) if longer(b, a));
        let gone = self.measure.is_some() && new.measure.is_none();
        let rolls = |term: &StatutoryTerm| term.rollover.as_ref().map(|r| r.rolls);
        match (self.binds, self.direction) {
            (Binds::Other, _) if self.measure != new.measure => said("是其他机关的期限，本机关无权改动"),
            (Binds::Agency, Direction::After) if more || gone => said("只能从严，不能放宽"),
            (Binds::Agency, Direction::Before) if less || gone => said("只能提前，不能推后"),
            (Binds::Party, Direction::After) if less || gone => said("当事人的期限不能缩短"),
            (Binds::Party, Direction::Before) if more || gone => said("当事人的期限不能缩短"),
            (Binds::Agency, _) if rolls(self) == Some(false) && rolls(new) == Some(true) => {
                Some(format!("{rule} 的末日不顺延，不能改为顺延"))
            }
            (Binds::Party, _) if rolls(self) == Some(true) && rolls(new) == Some(false) => {
                Some(format!("{rule} 的末日顺延，不能改为不顺延"))
            }
            (Binds::Agency, _) => {
                self.stretched_to(new).map(|what| format!("{rule} 没有规定{what}，不能增加"))
            }
            _ => None,
        }
    }

    /// What the new one leaves out of the count, or allows as an extension, that this one does not.
    fn stretched_to(&self, new: &StatutoryTerm) -> Option<&'static str> {
        let longer_by = |n: usize| match (self.extensions.get(n), new.extensions.get(n)) {
            (Some(old), Some(new)) => longer(old.most, new.most),
            (None, Some(_)) => true,
            _ => false,
        };
        if (0..new.extensions.len()).any(longer_by) {
            return Some("这样的延长");
        }
        let known = |e: &super::Excluded| {
            self.excluded.iter().any(|old| {
                old.what == e.what && (old.standing == e.standing || e.standing != crate::Standing::Official)
            })
        };
        (!new.excluded.iter().all(known)).then_some("扣除这样的时间")
    }
}
