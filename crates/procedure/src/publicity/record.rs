//! What the three systems say of a matter, in the words by which lists and yearly reports count.

use super::decision::{names, parties};
use super::mask::scrub;
use crate::penalty::{self, Case, PublicPast, Publication, Term};
use crate::spot::{self, Sheet};
use crate::words::words;
use crate::{AnyState, PartRef};
use jiff::Timestamp;
use lianzhi_ids::UnitCode;

words! {
    /// Publication of a decision.
    Standing {
        /// Nobody said anything yet.
        Open = "open", "还没有公开";
        /// Published.
        Published = "published", "已公开";
        /// Kept back with a ground.
        Kept = "kept", "不公开";
        /// Published and withdrawn.
        Withdrawn = "withdrawn", "已撤回公开";
    }
}

words! {
    /// Legal review before the decision (行政处罚法 58).
    Reviewed {
        /// The law does not demand it.
        Free = "free", "不须审核";
        /// Demanded and not given yet.
        Owed = "owed", "应当审核";
        /// Given.
        Given = "given", "已审核";
    }
}

/// A decision that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its paper within the docket.
    pub paper: u16,
    /// 文号.
    pub number: String,
    /// When.
    pub at: Timestamp,
    /// It does not stand any more, or not as it was published.
    pub annulled: bool,
    /// Publication.
    pub standing: Standing,
    /// When it was first published.
    pub published: Option<Timestamp>,
    /// When publication was last withdrawn, with the reason that is told to the public; it may have been published again since.
    pub withdrawn: Option<(Timestamp, PartRef)>,
    /// It was not published in its term.
    pub late: bool,
}

/// A matter under the three systems: a filed case, or a decision on the spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Number of the matter.
    pub number: String,
    /// Unit.
    pub unit: UnitCode,
    /// When it was decided; filed, before that.
    pub at: Timestamp,
    /// Codes of its items.
    pub items: Vec<String>,
    /// The decision, once there is one.
    pub made: Option<Made>,
    /// Legal review.
    pub review: Reviewed,
    /// What should be on record and is not.
    pub gaps: usize,
}

impl Record {
    /// Parts whose texts are wanted for what is told to the public: only of what is or was published.
    #[must_use]
    pub fn parts(&self, state: &AnyState) -> Vec<PartRef> {
        let Some(made) = self.made.as_ref().filter(|made| made.published.is_some()) else {
            return Vec::new();
        };
        let reason = made.withdrawn.map(|(_, note)| note);
        parties(state).into_iter().map(|(_, part)| part).chain(reason).collect()
    }

    /// Why publication was withdrawn, as it is told.
    #[must_use]
    pub fn reason(&self, state: &AnyState, text: &dyn Fn(&PartRef) -> Option<String>) -> String {
        let note = self.made.as_ref().and_then(|made| made.withdrawn).and_then(|(_, note)| text(&note));
        let mut known = names(&parties(state), text);
        // Officers stand on the public list; whoever complained or testified knows them, the sentence needs them not.
        known.extend(officers(state).into_iter().map(|name| (name, "执法人员".to_owned())));
        note.map(|note| scrub(&note, &known)).unwrap_or_default()
    }
}

/// Names of the officers of a matter.
fn officers(state: &AnyState) -> Vec<String> {
    match state {
        AnyState::Penalty(state) => {
            state.case().into_iter().flat_map(|case| &case.officers).map(|o| o.name.clone()).collect()
        }
        AnyState::Spot(state) => {
            state.sheet().into_iter().flat_map(|s| &s.opening.officers).map(|o| o.name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// What the three systems say of a matter; none of one that they do not concern.
#[must_use]
pub fn record(state: &AnyState) -> Option<Record> {
    match state {
        AnyState::Penalty(state) => of_case(state.case()?),
        AnyState::Spot(state) => of_sheet(state.sheet()?),
        _ => None,
    }
}

/// Standing, when published, when withdrawn and why.
type Published = (Standing, Option<Timestamp>, Option<(Timestamp, PartRef)>);

/// The months of publication count from the first one; one that was withdrawn before it was published as changed is told of.
fn standing(publication: &Publication, past: &PublicPast) -> Published {
    let withdrawn = past.recalled.last().map(|last| (last.at, last.note));
    match publication {
        Publication::None => (Standing::Open, None, None),
        Publication::Kept => (Standing::Kept, None, None),
        Publication::Published { at } => (Standing::Published, past.first.or(Some(*at)), withdrawn),
        Publication::Withdrawn { published, at, note } => {
            (Standing::Withdrawn, past.first.or(Some(*published)), Some((*at, *note)))
        }
    }
}

fn of_case(case: &Case) -> Option<Record> {
    let filed = case.filed()?;
    let made = case.decision().map(|(paper, at)| {
        let (standing, published, withdrawn) = standing(&case.publication, &case.public_past);
        let late = case
            .clocks
            .iter()
            .filter(|w| w.clock.term == Term::Publish)
            .any(|w| w.expired || w.stopped.is_some_and(|stopped| stopped > w.clock.running.due));
        let number = case.paper(paper).map(|file| file.paper.number.clone()).unwrap_or_default();
        // What is published shows what became of it until then.
        let annulled = match case.publication {
            Publication::Published { at } => penalty::fell(case, Some(at)).is_some(),
            _ => case.present().any(|p| p.annulled.is_some()) || penalty::withdrawal_owed(case),
        };
        Made { paper, number, at, annulled, standing, published, withdrawn, late }
    });
    let review = match (penalty::rules::review_given(case), penalty::review_demanded(case)) {
        (true, _) => Reviewed::Given,
        (false, Some(_)) => Reviewed::Owed,
        (false, None) => Reviewed::Free,
    };
    let mut items: Vec<String> = case.violations.iter().map(|v| v.item.clone()).collect();
    items.dedup();
    Some(Record {
        number: case.number.clone(),
        unit: case.unit.clone(),
        at: made.as_ref().map_or(filed, |made| made.at),
        items,
        made,
        review,
        gaps: penalty::record_gaps(case).len(),
    })
}

fn of_sheet(sheet: &Sheet) -> Option<Record> {
    let decision = sheet.imposed()?;
    let opening = &sheet.opening;
    let (standing, published, withdrawn) = standing(&decision.publication, &decision.public_past);
    let late = sheet
        .clocks
        .iter()
        .filter(|w| w.term == spot::Term::Publish)
        .any(|w| w.expired || w.stopped.is_some_and(|stopped| stopped > w.running.due));
    Some(Record {
        number: opening.number.clone(),
        unit: opening.unit.clone(),
        at: decision.at,
        items: vec![opening.violation.item.clone()],
        made: Some(Made {
            paper: 1,
            number: opening.number.clone(),
            at: decision.at,
            annulled: decision.annulled.is_some(),
            standing,
            published,
            withdrawn,
            late,
        }),
        review: Reviewed::Free,
        gaps: spot::record_gaps(sheet).len(),
    })
}
