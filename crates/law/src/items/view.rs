//! Items and bases as pages, the API and the command line show them.

use super::{Basis, Confirmed, FineRange, FreeList, Item, SubjectKind, Verified};
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A legal basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BasisView {
    /// Where it holds.
    pub jurisdiction: Jurisdiction,
    /// The law.
    pub law: Arc<str>,
    /// The article that punishes.
    pub article: Arc<str>,
    /// Law and article as documents cite them.
    pub citation: String,
    /// The article that was violated.
    pub prohibit: Option<Arc<str>>,
    /// Whom it punishes, in the statute's words.
    pub subject: Arc<str>,
    /// 单位, 个人.
    pub kinds: Vec<SubjectKind>,
    /// What it is limited to.
    pub only: Option<Arc<str>>,
    /// Another department that punishes.
    pub enforcer: Option<Arc<str>>,
    /// The range in words.
    pub range: String,
    /// Least fine in yuan; 0: no least.
    #[serde(serialize_with = "Fen::as_yuan_or_null")]
    #[schemars(with = "Option<f64>")]
    pub fine_min_yuan: Option<Fen>,
    /// Greatest fine in yuan.
    #[serde(serialize_with = "Fen::as_yuan_or_null")]
    #[schemars(with = "Option<f64>")]
    pub fine_max_yuan: Option<Fen>,
    /// Percent of the cost of what was built, least and greatest.
    pub fine_pct_of_cost: Option<(u8, u8)>,
    /// For every square metre that was taken, least and greatest, yuan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fine_per_m2_yuan: Option<(i64, i64)>,
    /// What has to go before.
    pub precondition: Option<Arc<str>>,
    /// What else may be done.
    pub other: Option<Arc<str>>,
    /// Only after an order to correct was not followed.
    pub limit_first: bool,
    /// First day in force.
    pub effective_from: Option<Date>,
    /// Last day in force.
    pub effective_to: Option<Date>,
    /// V compared with the text, V2 from a secondary page, M from memory.
    pub verified: Verified,
    /// How sure it is, in percent.
    pub confidence: u8,
    /// The legal officer's confirmation.
    pub confirmed: Option<Confirmed>,
    /// Whether a legal officer has to confirm it before it carries a decision.
    pub needs_confirmation: bool,
    /// Where it was taken from.
    pub source: Arc<str>,
}

impl Basis {
    /// As it is shown.
    #[must_use]
    pub fn view(&self) -> BasisView {
        let amounts = self.fine.amounts();
        BasisView {
            jurisdiction: self.jurisdiction.clone(),
            law: self.law.clone(),
            article: self.article.clone(),
            citation: self.citation(),
            prohibit: self.prohibit.clone(),
            subject: self.subject.clone(),
            kinds: self.kinds.clone(),
            only: self.only.clone(),
            enforcer: self.enforcer.clone(),
            range: self.fine.text(),
            fine_min_yuan: amounts.map(|(min, _)| min),
            fine_max_yuan: amounts.map(|(_, max)| max),
            fine_pct_of_cost: match self.fine {
                FineRange::PercentOfCost { min, max } => Some((min, max)),
                _ => None,
            },
            fine_per_m2_yuan: match self.fine {
                FineRange::PerSquareMetre { min, max } => Some((min.0 / 100, max.0 / 100)),
                _ => None,
            },
            precondition: self.precondition.clone(),
            other: self.other.clone(),
            limit_first: self.limit_first,
            effective_from: self.from,
            effective_to: self.to,
            verified: self.verified,
            confidence: self.confidence,
            confirmed: self.confirmed.clone(),
            needs_confirmation: self.needs_confirmation(),
            source: self.source.clone(),
        }
    }
}

/// An item in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemRow {
    /// Code.
    pub code: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Field.
    pub domain: Arc<str>,
    /// Whom it can concern.
    pub subject: Vec<SubjectKind>,
    /// How many bases, of any date.
    pub bases: usize,
    /// How many of them a legal officer has still to confirm.
    pub unconfirmed: usize,
    /// Where there is a basis.
    pub jurisdictions: Vec<Jurisdiction>,
}

/// An item whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemView {
    /// Code.
    pub code: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Field.
    pub domain: Arc<str>,
    /// The conduct.
    pub violation: Arc<str>,
    /// Whom it can concern.
    pub subject: Vec<SubjectKind>,
    /// Code of the grid's catalogue.
    pub grid: Arc<str>,
    /// Shanghai's list of first minor violations without penalty.
    pub sh_free: FreeList,
    /// The same in words, with its standing.
    pub sh_free_text: &'static str,
    /// Whom a penalty on the spot is possible for on the given day (行政处罚法 51 条).
    pub summary_possible: Vec<SubjectKind>,
    /// Remarks.
    pub note: Arc<str>,
    /// The bases.
    pub bases: Vec<BasisView>,
}

impl Item {
    /// As it is listed.
    #[must_use]
    pub fn row(&self) -> ItemRow {
        let places: BTreeSet<&Jurisdiction> = self.bases.iter().map(|basis| &basis.jurisdiction).collect();
        ItemRow {
            code: self.code.clone(),
            name: self.name.clone(),
            domain: self.domain.clone(),
            subject: self.subjects.clone(),
            bases: self.bases.len(),
            unconfirmed: self.bases.iter().filter(|basis| basis.needs_confirmation()).count(),
            jurisdictions: places.into_iter().cloned().collect(),
        }
    }

    /// Whole, as of a day.
    #[must_use]
    pub fn view(&self, day: Date) -> ItemView {
        ItemView {
            code: self.code.clone(),
            name: self.name.clone(),
            domain: self.domain.clone(),
            violation: self.violation.clone(),
            subject: self.subjects.clone(),
            grid: self.grid.clone(),
            sh_free: self.free_list,
            sh_free_text: self.free_list.title(),
            summary_possible: self.summary_possible(day),
            note: self.note.clone(),
            bases: self.bases.iter().map(Basis::view).collect(),
        }
    }
}
