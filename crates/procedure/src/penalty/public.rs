//! Publication of a decision (行政处罚法 48): what was published, withdrawn, and published again as it was changed.

use super::remedies::counting;
use super::state::{Case, Party};
use super::words::RemedyEnd;
use crate::PartRef;
use jiff::Timestamp;

/// Publication of the decision (48).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Publication {
    /// Not yet.
    #[default]
    None,
    /// Not to be published, with the ground.
    Kept,
    /// Published.
    Published {
        /// When.
        at: Timestamp,
    },
    /// Withdrawn.
    Withdrawn {
        /// When it had been published.
        published: Timestamp,
        /// When.
        at: Timestamp,
        /// Why, as it is told to the public (48(2)).
        note: PartRef,
    },
}

/// A publication that was withdrawn (48(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recalled {
    /// When it had been published.
    pub published: Timestamp,
    /// When it was withdrawn.
    pub at: Timestamp,
    /// Why, as it is told to the public.
    pub note: PartRef,
}

/// Publications that are over, and what becomes of what was changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicPast {
    /// When the decision was first published: the months for which it is shown count from then, however often it is published anew.
    pub first: Option<Timestamp>,
    /// Those that were withdrawn, oldest first.
    pub recalled: Vec<Recalled>,
    /// What was changed is not published again, with a ground.
    pub not_again: bool,
}

impl PublicPast {
    /// It was published, for the first time or again.
    pub(crate) fn published(&mut self, at: Timestamp) -> Publication {
        self.first.get_or_insert(at);
        Publication::Published { at }
    }
    /// It is not to be published: at all, or not again.
    pub(crate) fn kept(&mut self, publication: Publication) -> Publication {
        match publication {
            Publication::Withdrawn { .. } => {
                self.not_again = true;
                publication
            }
            _ => Publication::Kept,
        }
    }
    /// What was published is withdrawn.
    pub(crate) fn withdrawn(
        &mut self,
        publication: Publication,
        note: PartRef,
        at: Timestamp,
    ) -> Publication {
        let Publication::Published { at: published } = publication else { return publication };
        self.recalled.push(Recalled { published, at, note });
        Publication::Withdrawn { published, at, note }
    }
}

impl Party {
    /// Whether what was decided against it may be shown to the public: it was not annulled, nor declared unlawful and left standing
    /// (行政诉讼法 74).
    #[must_use]
    pub fn shows(&self) -> bool {
        let unlawful = |(end, _)| end == RemedyEnd::Illegal;
        self.annulled.is_none() && !counting(&self.remedies).iter().filter_map(|r| r.ended).any(unlawful)
    }
    /// Whether whoever decided on a remedy changed what was decided against it.
    #[must_use]
    pub fn altered(&self) -> bool {
        counting(&self.remedies).iter().any(|r| matches!(r.ended, Some((RemedyEnd::Changed, _))))
    }
}

/// Whether a decision that was published and withdrawn may be published again, as it stands now.
pub(super) fn may_again(case: &Case) -> bool {
    let withdrawn = matches!(case.publication, Publication::Withdrawn { .. });
    withdrawn && !case.public_past.not_again && case.present().any(Party::shows)
}

/// Since when the changed content of a decision that was withdrawn waits to be published: a remedy changed it, or it was annulled for
/// some of its parties.
pub(super) fn again_since(case: &Case) -> Option<Timestamp> {
    let Publication::Withdrawn { at, .. } = case.publication else { return None };
    let changed = case.present().any(|p| p.altered() || p.annulled.is_some());
    (changed && may_again(case)).then_some(at)
}
