//! What others say about a case and what is said to others besides it: opinions of panels and lawyers, mediation, suggestions of
//! the agency (执法建议书), suggestions of a court or procuratorate (司法建议、检察建议).

use super::aside::{Circuit, Help, Panel};
use super::state::{Case, Outcome};
use super::words::{Adopted, Adviser};
use crate::policy::Consulted;
use crate::words::words;
use crate::{PartRef, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{PersonCode, Role};

/// Under which rule panels are heard.
pub(super) const PANEL: &str = "行政处罚法第五十七条；群众公议规则";

words! {
    /// Whose suggestion reached the agency.
    LetterKind {
        /// 司法建议 of a court.
        Court = "court", "司法建议";
        /// 检察建议 of a procuratorate.
        Procuratorate = "procuratorate", "检察建议";
    }
}

/// An opinion that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct OpinionAsked {
    /// Its number in the case, from 1.
    pub id: u16,
    /// Of whom.
    pub from: Adviser,
    /// Until when.
    pub until: Date,
    /// About what.
    pub note: PartRef,
    /// When.
    pub at: Timestamp,
    /// When it came.
    pub answered: Option<Timestamp>,
    /// The members that were drawn for it, where it is one of a panel.
    pub panel: Panel,
}

/// A record of mediation between a party and those whom it harmed: it settles nothing of the penalty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mediation {
    /// Whether they agreed.
    pub agreed: bool,
    /// What on, or why not.
    pub note: PartRef,
    /// When.
    pub at: Timestamp,
    /// The room (调解室); empty where that was not said.
    pub room: String,
    /// Who led it.
    pub mediator: String,
    /// Until when what was agreed is to be performed.
    pub until: Option<Date>,
    /// Whether it was, in words, and when that was seen.
    pub seen: Option<(bool, PartRef, Timestamp)>,
}

/// 执法建议书 (D32).
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Its paper.
    pub paper: u16,
    /// To whom.
    pub to: String,
    /// What was found.
    pub problem: PartRef,
    /// What is proposed.
    pub proposal: PartRef,
    /// Until when an answer is asked for.
    pub until: Date,
    /// When it was sent.
    pub at: Timestamp,
    /// Whether it was taken up, in words, and when that was known.
    pub answer: Option<(Adopted, PartRef, Timestamp)>,
}

/// A suggestion of a court or procuratorate that must be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its number in the case, from 1.
    pub id: u16,
    /// Whose kind.
    pub kind: LetterKind,
    /// From whom.
    pub sender: String,
    /// Its number.
    pub number: String,
    /// What it says.
    pub note: PartRef,
    /// When it was entered.
    pub at: Timestamp,
    /// Until when it must be answered.
    pub until: Date,
    /// The answer.
    pub answer: Option<(PartRef, Timestamp)>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AdviceFile {
    /// Opinions that were asked for.
    pub asked: Vec<OpinionAsked>,
    /// Mediation.
    pub mediations: Vec<Mediation>,
    /// Suggestions that went out.
    pub suggestions: Vec<Suggestion>,
    /// Suggestions that came in.
    pub letters: Vec<Letter>,
    /// Departments that were asked for help.
    pub helps: Vec<Help>,
    /// Courts that come to the place.
    pub circuits: Vec<Circuit>,
}

impl Mediation {
    /// Whether it is still to be seen that what was agreed was performed.
    #[must_use]
    pub const fn owed(&self) -> bool {
        self.until.is_some() && self.seen.is_none()
    }
}

impl Adviser {
    /// Who speaks for it.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Adviser::Panel | Adviser::Council => Role::Panelist,
            Adviser::Lawyer | Adviser::PublicLawyer => Role::Lawyer,
        }
    }
}

impl Case {
    /// Whose opinion is asked for and awaited: they may read the case, and say what they think of it, until they did or it is
    /// decided without them. Of a panel only who was drawn for it and has not stood down; lawyers are asked as such.
    #[must_use]
    pub fn asked(&self) -> Vec<Consulted> {
        let each = |asked: &OpinionAsked| match asked.from.role() {
            Role::Panelist => {
                asked.panel.sitting().filter_map(|m| m.person.clone()).map(Consulted::Person).collect()
            }
            role => vec![Consulted::Role(role)],
        };
        self.awaited().flat_map(each).collect()
    }

    fn awaited(&self) -> impl Iterator<Item = &OpinionAsked> {
        let undecided = matches!(self.outcome, Outcome::Open) && self.open();
        self.beside.asked.iter().filter(move |asked| undecided && asked.answered.is_none())
    }

    /// Why somebody whom a panel might have does not read this case; none where no panel ever had to do with it, or it is he who is
    /// asked.
    #[must_use]
    pub fn not_on_panel(&self, person: &PersonCode) -> Option<Refusal> {
        let seat = |asked: &OpinionAsked| {
            asked
                .panel
                .members
                .iter()
                .rfind(|m| m.person.as_ref() == Some(person))
                .map(|m| m.recused.is_none())
        };
        let panels = || self.beside.asked.iter().filter(|o| o.from.role() == Role::Panelist);
        let open: Vec<_> = self.awaited().filter(|o| o.from.role() == Role::Panelist).map(seat).collect();
        if open.contains(&Some(true)) {
            return None;
        }
        let (code, rule) = if open.contains(&Some(false)) {
            ("stood-down", "您已经回避本案，不再查看、评议。")
        } else if !open.is_empty() {
            ("not-drawn", "本案的公议团没有抽取您。")
        } else if panels().any(|asked| seat(asked).is_some()) {
            ("opinion-over", "本案的公议已经结束。")
        } else {
            return None;
        };
        let remedy = "只有抽取、指名且没有回避的成员，在征求意见期间查看案件、提出意见。";
        Some(Refusal::forbidden(code, rule, remedy).from_source(PANEL))
    }
}
