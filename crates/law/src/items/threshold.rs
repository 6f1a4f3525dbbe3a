//! From which fine on a hearing has to be offered and a legal officer has to review.

use super::SubjectKind;
use crate::data::filled;
use crate::error::LawError;
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use crate::standard::Standing;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// For what an amount is a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdKind {
    /// 较大数额罚款: the party must be told of the right to a hearing (行政处罚法 63 条).
    Hearing,
    /// Review by the legal officer before the decision (行政处罚法 58 条).
    LegalReview,
    /// Discussion by the leaders together before the decision (行政处罚法 57 条 2 款). Where a place has no sum of its own for it,
    /// that of the hearing stands for it.
    Discussion,
}

impl ThresholdKind {
    /// All, in the order of forms.
    pub const ALL: [ThresholdKind; 3] =
        [ThresholdKind::Hearing, ThresholdKind::LegalReview, ThresholdKind::Discussion];

    /// Code in data and forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ThresholdKind::Hearing => "hearing",
            ThresholdKind::LegalReview => "legal_review",
            ThresholdKind::Discussion => "discussion",
        }
    }

    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            ThresholdKind::Hearing => "听证的数额标准",
            ThresholdKind::LegalReview => "法制审核的数额标准",
            ThresholdKind::Discussion => "集体讨论的数额标准",
        }
    }
}

/// What else must be reviewed before it is decided, whatever the amount (重大执法决定法制审核目录).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MajorAct {
    /// 行政强制执行决定.
    Enforcement,
    /// 移送涉嫌犯罪案件.
    CrimeTransfer,
    /// 责令限期拆除 of what was built unlawfully.
    DemolitionOrder,
}

impl MajorAct {
    /// All, in the order of forms.
    pub const ALL: [MajorAct; 3] =
        [MajorAct::Enforcement, MajorAct::CrimeTransfer, MajorAct::DemolitionOrder];

    /// Code in data and forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            MajorAct::Enforcement => "enforcement",
            MajorAct::CrimeTransfer => "crime_transfer",
            MajorAct::DemolitionOrder => "demolition_order",
        }
    }

    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            MajorAct::Enforcement => "行政强制执行决定",
            MajorAct::CrimeTransfer => "移送涉嫌犯罪案件",
            MajorAct::DemolitionOrder => "责令限期拆除违法建筑",
        }
    }
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

/// The amounts that hold in a place on a day, the most local ones first, of these the latest. `None`: until they are added every sum
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
        .max_by_key(|t| (t.jurisdiction.depth(), t.in_force_from))
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawThreshold {
    kind: ThresholdKind,
    jurisdiction: Jurisdiction,
    person: i64,
    entity: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<MajorAct>,
    source: String,
    standing: Standing,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    in_force_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force_to: Option<Date>,
}

impl From<&Threshold> for RawThreshold {
    fn from(threshold: &Threshold) -> Self {
        RawThreshold {
            kind: threshold.kind,
            jurisdiction: threshold.jurisdiction.clone(),
            person: threshold.person.0 / 100,
            entity: threshold.entity.0 / 100,
            also: threshold.also.clone(),
            source: threshold.source.to_string(),
            standing: threshold.standing,
            confidence: threshold.confidence.map(|percent| f64::from(percent) / 100.0),
            in_force_from: threshold.in_force_from,
            in_force_to: threshold.in_force_to,
        }
    }
}

impl RawThreshold {
    pub(crate) fn check(self, file: &str) -> Result<Threshold, LawError> {
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
