//! Statutory terms as they are written, and the checks that each can pass on its own.

use super::{
    Binds, Direction, Excluded, Lengthening, Measure, Rollover, StatuteConfirmed, StatutoryTerm, TermUnit,
    Tightening,
};
use crate::error::LawError;
use crate::items::Confirmed;
use crate::jurisdiction::Jurisdiction;
use crate::standard::Standing;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStatute {
    key: String,
    title: String,
    law: String,
    article: String,
    trigger: String,
    n: u32,
    unit: TermUnit,
    #[serde(default)]
    direction: Direction,
    binds: Binds,
    rolls_over: Option<bool>,
    rolls_why: Option<String>,
    #[serde(default)]
    excluded: Vec<Excluded>,
    #[serde(default)]
    extension: Vec<RawLengthening>,
    #[serde(default)]
    consequence: String,
    document: String,
    #[serde(default)]
    categories: Vec<Arc<str>>,
    #[serde(default = "Jurisdiction::nation")]
    jurisdiction: Jurisdiction,
    #[serde(default)]
    note: String,
    standing: Standing,
    confidence: Option<f64>,
    source: String,
    in_force_from: Option<Date>,
    in_force_to: Option<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLengthening {
    n: u32,
    unit: TermUnit,
    who: Arc<str>,
    source: Arc<str>,
    standing: Standing,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTighten {
    key: String,
    n: u32,
    source: String,
    in_force_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force_to: Option<Date>,
}

impl From<&Tightening> for RawTighten {
    fn from(own: &Tightening) -> Self {
        RawTighten {
            key: own.key.to_string(),
            n: own.n,
            source: own.source.to_string(),
            in_force_from: own.in_force_from,
            in_force_to: own.in_force_to,
        }
    }
}

/// A confirmation of a term, in the one file that keeps them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStatuteConfirm {
    statute: String,
    by: Arc<str>,
    date: Date,
    source: Arc<str>,
    of: String,
}

impl RawStatuteConfirm {
    pub(crate) fn check(self, file: &str) -> Result<StatuteConfirmed, LawError> {
        let key = format!("confirm {}", self.statute);
        crate::data::filled(
            file,
            &key,
            &[("statute", &self.statute), ("by", &self.by), ("source", &self.source)],
        )?;
        let confirmed = Confirmed { by: self.by, date: self.date, source: self.source };
        Ok(StatuteConfirmed { key: self.statute, of: self.of, confirmed })
    }
}

/// A confidence between 0 and 1 as whole percent.
pub(crate) fn percent(confidence: Option<f64>) -> Result<Option<u8>, String> {
    match confidence {
        None => Ok(None),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
        Some(share) if (0.0..=1.0).contains(&share) => Ok(Some((share * 100.0).round() as u8)),
        Some(_) => Err("confidence 应在 0 与 1 之间".to_owned()),
    }
}

/// The measure, where the unit counts something.
fn measure(n: u32, unit: TermUnit) -> Result<Option<Measure>, String> {
    let measure = Measure { n, unit };
    match measure.counted() {
        None if n == 0 => Ok(None),
        None => Err("unit 为 event 时 n 应为 0".to_owned()),
        Some((amount, counted)) if amount > 0 && amount <= counted.amount_max() => Ok(Some(measure)),
        Some((_, counted)) => {
            Err(format!("n 应大于 0，且折合不超过 {} {}", counted.amount_max(), counted.title()))
        }
    }
}

impl RawStatute {
    pub(crate) fn check(self, file: &str) -> Result<StatutoryTerm, LawError> {
        let key = format!("statute {}", self.key);
        crate::data::filled(
            file,
            &key,
            &[
                ("key", &self.key),
                ("title", &self.title),
                ("law", &self.law),
                ("trigger", &self.trigger),
                ("document", &self.document),
                ("source", &self.source),
            ],
        )?;
        let error = |reason: String| LawError::new(file, &*key, reason);
        let measure = measure(self.n, self.unit).map_err(error)?;
        let by_calendar = matches!(self.unit, TermUnit::CalendarDays | TermUnit::Months | TermUnit::Years);
        let rollover = match (self.rolls_over, self.rolls_why, by_calendar) {
            (Some(rolls), Some(why), true) if !why.trim().is_empty() => {
                Some(Rollover { rolls, why: Arc::from(why) })
            }
            (None, None, false) => None,
            (_, _, true) => {
                return Err(error("按日、月、年计的期限须写 rolls_over 和理由 rolls_why".to_owned()));
            }
            (_, _, false) => {
                return Err(error("rolls_over、rolls_why 只用于按日、月、年计的期限".to_owned()));
            }
        };
        if self.direction == Direction::Before && self.unit != TermUnit::WorkingDays {
            return Err(error("倒推的期限（direction = \"before\"）只支持工作日（wd）".to_owned()));
        }
        if self.article.is_empty() && self.standing == Standing::Official {
            return Err(error("已核对（official）的期限须写 article".to_owned()));
        }
        let lengthening = |raw: RawLengthening| {
            let most = self::measure(raw.n, raw.unit)?;
            let most = most.filter(|most| most.unit == self.unit);
            let most = most.ok_or("extension 的单位应与期限相同".to_owned())?;
            Ok(Lengthening { most, who: raw.who, source: raw.source, standing: raw.standing })
        };
        let extensions: Result<Vec<Lengthening>, String> =
            self.extension.into_iter().map(lengthening).collect();
        let (extensions, confidence) = (extensions.map_err(error)?, percent(self.confidence).map_err(error)?);
        Ok(StatutoryTerm {
            key: Arc::from(self.key),
            title: Arc::from(self.title),
            law: Arc::from(self.law),
            article: Arc::from(self.article),
            trigger: Arc::from(self.trigger),
            measure,
            tightened: None,
            direction: self.direction,
            binds: self.binds,
            rollover,
            excluded: self.excluded,
            extensions,
            consequence: Arc::from(self.consequence),
            document: Arc::from(self.document),
            categories: self.categories,
            jurisdiction: self.jurisdiction,
            note: Arc::from(self.note),
            standing: self.standing,
            confirmed: None,
            confidence,
            source: Arc::from(self.source),
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
        })
    }
}

impl RawTighten {
    pub(crate) fn check(self, file: &str) -> Result<Tightening, LawError> {
        let key = format!("tighten {}", self.key);
        crate::data::filled(file, &key, &[("key", &self.key), ("source", &self.source)])?;
        Ok(Tightening {
            key: Arc::from(self.key),
            n: self.n,
            source: Arc::from(self.source),
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
        })
    }
}
