//! The rights of a party before the decision: told, heard, and by whom.

use super::charge::Charge;
use super::words::Adopted;
use crate::words::words;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_ids::PersonCode;

/// The notice of what is to be decided, as it went to a party (行政处罚法 44, 62).
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Its paper.
    pub paper: u16,
    /// What it says shall be done.
    pub charges: Vec<Charge>,
    /// Whether it gives the right to a hearing (63).
    pub hearing: bool,
    /// Working days for statement and defence.
    pub days: u16,
}

/// A statement or defence (45).
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// In the party's words.
    pub text: PartRef,
    /// When.
    pub at: Timestamp,
    /// What the agency answered: whether it was adopted, and why.
    pub answer: Option<(Adopted, PartRef)>,
    /// When it was answered.
    pub answered: Option<Timestamp>,
}

words! {
    /// Why a hearing that was asked for is not held (64(六)).
    HearingEnd {
        /// 当事人撤回听证要求, signed.
        Withdrawn = "withdrawn", "当事人书面撤回听证要求";
        /// 无正当理由拒不出席，或者未经许可中途退出.
        Absent = "absent", "无正当理由拒不出席或者未经许可中途退出";
    }
}

/// A hearing that was held under an earlier notice: its record stays ground of the decision (65).
#[derive(Debug, Clone, PartialEq)]
pub struct HeldHearing {
    /// Who presided.
    pub chair: PersonCode,
    /// When.
    pub at: Timestamp,
    /// 听证报告.
    pub report: PartRef,
    /// Record, sound, films.
    pub exhibits: Vec<ExhibitRef>,
}

/// A hearing (63–65).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Hearing {
    /// Not asked for.
    #[default]
    None,
    /// Asked for in time.
    Asked {
        /// When.
        at: Timestamp,
    },
    /// Called (听证通知书).
    Called {
        /// Its paper.
        paper: u16,
        /// When it shall be.
        at: Timestamp,
        /// Who presides.
        chair: PersonCode,
        /// Where and how, in words.
        note: PartRef,
    },
    /// Held; its record is ground of the decision (65).
    Held {
        /// Who presided.
        chair: PersonCode,
        /// When.
        at: Timestamp,
        /// 听证报告.
        report: PartRef,
        /// Record, sound, films.
        exhibits: Vec<ExhibitRef>,
    },
    /// Given up: withdrawn, or the party stayed away without good reason (64(六)).
    GivenUp {
        /// When.
        at: Timestamp,
    },
}

/// The rights of a party before the decision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rights {
    /// The notice now in force.
    pub notice: Option<Notice>,
    /// Those that went before: what was told once is the bound of what may follow a defence (45(2)).
    pub before: Vec<Notice>,
    /// Statements, in order.
    pub statements: Vec<Statement>,
    /// When the party gave up statement and defence, or what was left of the term for them, in writing (62).
    pub statement_waived: Option<Timestamp>,
    /// When the party gave up the hearing, in writing.
    pub hearing_waived: Option<Timestamp>,
    /// The hearing.
    pub hearing: Hearing,
    /// Hearings that were held under earlier notices, in order.
    pub held: Vec<HeldHearing>,
}

impl Rights {
    /// The rights under a new notice. What was said stays; a hearing that was asked for or called is held all the same, and one that
    /// was held stays in the file.
    #[must_use]
    pub fn renewed(&mut self, notice: Notice) -> Rights {
        self.take_back();
        let mut before = std::mem::take(self);
        let hearing = match before.hearing {
            Hearing::Held { chair, at, report, exhibits } => {
                before.held.push(HeldHearing { chair, at, report, exhibits });
                Hearing::None
            }
            Hearing::None | Hearing::GivenUp { .. } => Hearing::None,
            waits => waits,
        };
        let (statements, held, before) = (before.statements, before.held, before.before);
        Rights { notice: Some(notice), before, statements, hearing, held, ..Rights::default() }
    }
    /// Whether a hearing was held, under whichever notice.
    #[must_use]
    pub fn was_heard(&self) -> bool {
        matches!(self.hearing, Hearing::Held { .. }) || !self.held.is_empty()
    }
}

impl Rights {
    /// All of them begin anew: what was told, said and heard before stays in the file.
    pub(super) fn begin_anew(&mut self) {
        self.take_back();
        (self.statement_waived, self.hearing_waived) = (None, None);
        if let Hearing::Held { chair, at, report, exhibits } = std::mem::take(&mut self.hearing) {
            self.held.push(HeldHearing { chair, at, report, exhibits });
        }
    }
    /// The notice does not count any more; what it said stays known.
    pub(super) fn take_back(&mut self) {
        self.before.extend(self.notice.take());
    }
    /// Every notice that there was, the last one at the end.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.before.iter().chain(&self.notice)
    }
}
