//! From which fine on a hearing has to be offered and a legal officer has to review.

use super::SubjectKind;
use crate::data::filled;
use crate::error::LawError;
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use crate::standard::Standing;
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::Arc;

/// For what an amount is a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdKind {
    /// 较大数额罚款: the party must be told of the right to a hearing (行政处罚法 63 条).
    Hearing,
    /// Review by the legal officer before the decision (行政处罚法 58 条).
    LegalReview,
}

/// What else must be reviewed before it is decided, whatever the amount (重大执法决定法制审核目录).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MajorAct {
    /// 行政强制执行决定.
    Enforcement,
    /// 移送涉嫌犯罪案件.
    CrimeTransfer,
    /// 责令限期拆除 of what was built unlawfully.
    DemolitionOrder,
}

/// The amounts of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// For what.
    pub kind: ThresholdKind,
    /// Where.
    pub jurisdiction: Jurisdiction,
    /// A fine of a person of this or more.
    pub person: Fen,
    /// A fine of an entity of this or more.
    pub entity: Fen,
    /// What else is reviewed there; only for legal review.
    pub also: Vec<MajorAct>,
    /// The rule.
    pub source: Arc<str>,
    /// How far it may be relied on.
    pub standing: Standing,
    /// How sure an unverified one is, in percent.
    pub confidence: Option<u8>,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None`: until further notice.
    pub in_force_to: Option<Date>,
}

impl Threshold {
    /// Whether a fine reaches it.
    #[must_use]
    pub fn reached(&self, kind: SubjectKind, fine: Fen) -> bool {
        fine >= match kind {
            SubjectKind::Person => self.person,
            SubjectKind::Entity => self.entity,
        }
    }
}

/// The amounts that hold in a place on a day, the most local ones first. `None`: until they are added every sum
/// counts as one that reaches them.
pub(crate) fn find<'a>(
    all: &'a [Threshold],
    kind: ThresholdKind,
    place: &Jurisdiction,
    day: Date,
) -> Option<&'a Threshold> {
    all.iter()
        .filter(|t| t.kind == kind && t.jurisdiction.covers(place))
        .filter(|t| t.in_force_from <= day && t.in_force_to.is_none_or(|to| day <= to))
        .max_by_key(|t| t.jurisdiction.depth())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThreshold {
    kind: ThresholdKind,
    jurisdiction: Jurisdiction,
    person: i64,
    entity: i64,
    #[serde(default)]
    also: Vec<MajorAct>,
    source: String,
    standing: Standing,
    confidence: Option<f64>,
    in_force_from: Date,
    in_force_to: Option<Date>,
}

impl RawThreshold {
    pub(super) fn check(self, file: &str) -> Result<Threshold, LawError> {
        let key = format!("threshold {}", self.jurisdiction);
        filled(file, &key, &[("source", &self.source)])?;
        let error = |reason: &str| LawError::new(file, &*key, reason);
        if self.person <= 0 || self.entity <= 0 {
            return Err(error("person、entity 应为大于 0 的元"));
        }
        if self.kind != ThresholdKind::LegalReview && !self.also.is_empty() {
            return Err(error("also 只用于 legal_review"));
        }
        Ok(Threshold {
            kind: self.kind,
            jurisdiction: self.jurisdiction,
            person: Fen::yuan(self.person),
            entity: Fen::yuan(self.entity),
            also: self.also,
            source: Arc::from(self.source),
            standing: self.standing,
            confidence: crate::statute::percent(self.confidence).map_err(|reason| error(&reason))?,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
        })
    }
}
