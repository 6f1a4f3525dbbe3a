//! Entries as they are typed: what is wrong is said of its field.

use super::Entry;
use crate::data::LawData;
use crate::items::{
    Fault, MajorAct, Power, Threshold, ThresholdKind, TierFields, YUAN_MAX, fault, filled, takes_in,
};
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use crate::standard::Standing;
use crate::statute::Tightening;
use jiff::civil::Date;
use std::sync::Arc;

type Dates = (Option<Date>, Option<Date>);

/// First and last day, in their order.
fn dates((from, to): Dates) -> Result<(Date, Option<Date>), Fault> {
    let Some(from) = from else {
        return fault("from", "没有填写施行日期。", "请填写第一天。");
    };
    if to.is_some_and(|to| to < from) {
        return fault("to", "失效日期早于施行日期。", "请核对两个日期；现行有效的留空失效日期。");
    }
    Ok((from, to))
}

/// Powers of an agency as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PowerFields {
    /// Division code of the agency, or of a town.
    pub agency: String,
    /// Codes of items, `JZLJ-*`, `*`; with commas or spaces between.
    pub items: String,
    /// The published decision.
    pub decision: String,
    /// Division code of the agency that gave them down; may be empty.
    pub given_by: String,
    /// Where the decision was published.
    pub source: String,
    /// First and last day.
    pub in_force: Dates,
}

impl PowerFields {
    /// The entry.
    ///
    /// # Errors
    /// The field at fault.
    pub fn entry(&self, law: &LawData) -> Result<Entry, Fault> {
        let code = |field: &'static str, text: &str| {
            let text = text.trim();
            let whole = (6..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            match whole {
                true => Ok(Arc::from(text)),
                false => fault(field, "应为行政区划代码。", "请填 6 位（区县）或 9 位（乡镇街道）数字。"),
            }
        };
        let parts = self.items.split([',', '，', '、', ';', '；', ' ', '\n', '\r', '\t']);
        let mut items: Vec<Arc<str>> = Vec::new();
        for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
            if part.trim_end_matches('*').contains('*') || !law.items().any(|item| takes_in(part, &item.code))
            {
                let remedy = "请填写事项代码；JZLJ-* 是以此开头的全部事项，* 是全部事项。";
                return fault("items", format!("没有事项“{part}”。"), remedy);
            }
            if !items.iter().any(|known| **known == *part) {
                items.push(Arc::from(part));
            }
        }
        if items.is_empty() {
            return fault("items", "没有填写事项。", "请填写事项代码；全部事项填 *。");
        }
        let given_by = match self.given_by.trim() {
            "" => None,
            text => Some(code("given_by", text)?),
        };
        let (in_force_from, in_force_to) = dates(self.in_force)?;
        Ok(Entry::Power(Power {
            agency: code("agency", &self.agency)?,
            items,
            decision: filled("decision", "赋权、下放的决定", &self.decision)?,
            given_by,
            source: filled("source", "公布的地方", &self.source)?,
            standing: Standing::Adopted,
            in_force_from,
            in_force_to,
        }))
    }
}

/// Sums from which on something is demanded, as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThresholdFields {
    /// For what.
    pub kind: Option<ThresholdKind>,
    /// Where.
    pub jurisdiction: Option<Jurisdiction>,
    /// Yuan, of a person and of an entity.
    pub sums: (Option<i64>, Option<i64>),
    /// What else is reviewed there.
    pub also: Vec<MajorAct>,
    /// The rule, and where it was published.
    pub source: String,
    /// First and last day.
    pub in_force: Dates,
}

impl ThresholdFields {
    /// The entry.
    ///
    /// # Errors
    /// The field at fault.
    pub fn entry(&self) -> Result<Entry, Fault> {
        let Some(kind) = self.kind else {
            return fault("kind", "没有选择标准的用途。", "请选择听证、法制审核或者集体讨论。");
        };
        let Some(jurisdiction) = self.jurisdiction.clone() else {
            return fault("jurisdiction", "没有选择地区。", "请从列表中选择。");
        };
        let sum = |field: &'static str, sum: Option<i64>| match sum {
            Some(sum) if (1..=YUAN_MAX).contains(&sum) => Ok(Fen::yuan(sum)),
            _ => fault(field, "数额不对。", format!("请填写 1 至 {YUAN_MAX} 之间的整元数。")),
        };
        if kind != ThresholdKind::LegalReview && !self.also.is_empty() {
            return fault("also", "另须审核的决定只用于法制审核。", "请取消选择，或者另登记法制审核的标准。");
        }
        let (in_force_from, in_force_to) = dates(self.in_force)?;
        Ok(Entry::Threshold(Threshold {
            kind,
            jurisdiction,
            person: sum("person", self.sums.0)?,
            entity: sum("entity", self.sums.1)?,
            also: self.also.clone(),
            source: filled("source", "规定和公布的地方", &self.source)?,
            standing: Standing::Adopted,
            confidence: None,
            in_force_from,
            in_force_to,
        }))
    }
}

impl TierFields {
    /// The entry of tiers that are for all items.
    ///
    /// # Errors
    /// The field at fault.
    pub fn entry(&self) -> Result<Entry, Fault> {
        self.benchmark("*").map(Entry::Tiers)
    }
}

/// A term that the agency has tightened, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TightenFields {
    /// Key of the term.
    pub key: String,
    /// The stricter number, in the unit of the law.
    pub n: Option<i64>,
    /// The agency's own rule, and where it stands.
    pub source: String,
    /// First and last day.
    pub in_force: Dates,
}

impl TightenFields {
    /// The entry; it is refused where it would loosen, with the article.
    ///
    /// # Errors
    /// The field at fault.
    pub fn entry(&self, law: &LawData) -> Result<Entry, Fault> {
        let (in_force_from, in_force_to) = dates(self.in_force)?;
        let key = self.key.trim();
        let Some(n) = self.n.and_then(|n| u32::try_from(n).ok()) else {
            return fault("n", "没有填写数字。", "请填写整数，单位与法律相同。");
        };
        let source = filled("source", "本机关的规定", &self.source)?;
        let own = Tightening { key: Arc::from(key), n, source, in_force_from, in_force_to };
        let mut known = law.statutes().filter(|term| *term.key == *key).peekable();
        if known.peek().is_none() {
            return fault("key", "没有这一期限。", "请从列表中选择。");
        }
        if let Some(reason) = known.find_map(|term| term.loosened_by(&own)) {
            return fault("n", format!("{reason}。"), "本机关只能把自己办理的期限定得更严。");
        }
        Ok(Entry::Term(own))
    }
}
