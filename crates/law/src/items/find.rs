//! Looking things up in the catalogue.

use super::{
    Benchmark, Circumstance, Common, Comparison, EvidencePoint, FreeEntry, Guidance, Item, LawMaking,
    NoPower, Power, Threshold, ThresholdKind, compare, discretion, free, guide, power, threshold,
};
use crate::data::LawData;
use crate::jurisdiction::Jurisdiction;
use jiff::civil::Date;
use std::sync::Arc;

/// Items that are named when one is not known.
const NEAR_MAX: usize = 6;

/// There is no such item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有事项“{code}”；{}", suggestion(.near))]
pub struct NoItem {
    /// What was asked for.
    pub code: String,
    /// Code and name of those that come near.
    pub near: Vec<String>,
}

fn suggestion(near: &[String]) -> String {
    if near.is_empty() {
        "全部事项见 lianzhi law items".to_owned()
    } else {
        format!("相近的有：{}", near.join("、"))
    }
}

impl LawData {
    /// Every item, by code.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.catalogue().items.values()
    }

    /// An item by its code.
    ///
    /// # Errors
    /// [`NoItem`] with those that come near, by code or by a word of the name.
    pub fn item(&self, code: &str) -> Result<&Item, NoItem> {
        let code = code.trim();
        if let Some(item) = self.catalogue().items.get(code) {
            return Ok(item);
        }
        let group = code.split('-').next().unwrap_or_default().to_uppercase();
        let alike = |item: &&Item| {
            (!group.is_empty() && item.code.starts_with(&group))
                || (!code.is_empty() && (item.name.contains(code) || item.domain.contains(code)))
        };
        let near = self.items().filter(alike).take(NEAR_MAX);
        let near = near.map(|item| format!("{} {}", item.code, item.name)).collect();
        Err(NoItem { code: code.to_owned(), near })
    }

    /// The places whose rules are known: code and name.
    pub fn places(&self) -> impl Iterator<Item = (&Jurisdiction, &Arc<str>)> {
        self.catalogue().places.iter().map(|place| (&place.code, &place.title))
    }

    /// A place by its code, its name, or the code of a division in it: `SH`, 上海, 上海市, `310118`.
    ///
    /// # Errors
    /// In words, with the places that are known.
    pub fn place(&self, text: &str) -> Result<Jurisdiction, String> {
        let text = text.trim();
        let places = &self.catalogue().places;
        let upper = text.to_uppercase();
        let named =
            |name: &str| !text.is_empty() && (name == text || name.strip_suffix(['市', '省']) == Some(text));
        if let Some(place) = places.iter().find(|p| p.code.as_str() == upper || named(&p.title)) {
            return Ok(place.code.clone());
        }
        if text.len() >= 2 && text.bytes().all(|b| b.is_ascii_digit()) {
            let in_it = places.iter().filter(|p| !p.division.is_empty() && text.starts_with(&*p.division));
            if let Some(place) = in_it.max_by_key(|p| p.division.len()) {
                return Ok(place.code.clone());
            }
        }
        // A city of a known province: the province's rules hold there.
        if let Ok(place) = Jurisdiction::parse(text)
            && places.iter().any(|p| p.code.depth() == 1 && p.code.covers(&place))
        {
            return Ok(place);
        }
        let known: Vec<String> = places.iter().map(|p| format!("{}（{}）", p.code, p.title)).collect();
        Err(format!("没有地区“{text}”；可用：{}，或行政区划代码", known.join("、")))
    }

    /// The power under which an agency (division code) may handle an item on a day.
    ///
    /// # Errors
    /// [`NoPower`], with the article.
    pub fn may_handle(&self, agency: &str, item: &str, day: Date) -> Result<&Power, NoPower> {
        power::may_handle(&self.catalogue().powers, agency, item, day)
    }

    /// Every entry of powers.
    pub fn powers(&self) -> impl Iterator<Item = &Power> {
        self.catalogue().powers.iter()
    }

    /// Every threshold that was entered.
    pub fn thresholds(&self) -> impl Iterator<Item = &Threshold> {
        self.catalogue().thresholds.iter()
    }

    /// From which fine on something is demanded in a place on a day. `None`: nothing was entered for the place; the agency has to
    /// do that before a case can be decided there.
    #[must_use]
    pub fn threshold(&self, kind: ThresholdKind, place: &Jurisdiction, day: Date) -> Option<&Threshold> {
        threshold::find(&self.catalogue().thresholds, kind, place, day)
    }

    /// Every benchmark that stands outside the items.
    pub fn benchmarks(&self) -> impl Iterator<Item = &Benchmark> {
        self.catalogue().benchmarks.iter()
    }

    /// The entry of the list of first minor violations without penalty that holds for an item in a place on a day (行政处罚法 33 条).
    #[must_use]
    pub fn free(&self, item: &str, place: &Jurisdiction, day: Date) -> Option<&FreeEntry> {
        free::find(&self.catalogue().free, item, place, day)
    }

    /// The circumstances that make a penalty lighter, heavier or none.
    pub fn circumstances(&self) -> impl Iterator<Item = &Circumstance> {
        self.catalogue().circumstances.iter()
    }

    /// What has to be proved for an item.
    #[must_use]
    pub fn evidence_points(&self, item: &str) -> Vec<&EvidencePoint> {
        guide::points(&self.catalogue().evidence, item)
    }

    /// How a case of an item goes.
    #[must_use]
    pub fn guidance(&self, item: &str) -> Vec<&Guidance> {
        guide::guidance(&self.catalogue().guidance, item)
    }

    /// Common benchmarks that members agreed on.
    pub fn common(&self) -> impl Iterator<Item = &Common> {
        self.catalogue().common.iter()
    }

    /// What was made, changed and repealed.
    pub fn law_making(&self) -> impl Iterator<Item = &LawMaking> {
        self.catalogue().law_making.iter()
    }

    /// The name of a circumstance; its code where it is not known.
    #[must_use]
    pub fn circumstance_title(&self, code: &str) -> String {
        let known = self.circumstances().find(|c| *c.code == *code);
        known.map_or_else(|| code.to_owned(), |c| c.title.to_string())
    }

    /// The benchmark of discretion for an item in a place on a day: the item's own before that for all.
    #[must_use]
    pub fn benchmark(&self, item: &str, place: &Jurisdiction, day: Date) -> Option<&Benchmark> {
        let own = self.catalogue().items.get(item).into_iter().flat_map(|item| &item.benchmarks);
        discretion::find(self.catalogue().benchmarks.iter().chain(own), item, place, day)
    }

    /// The title of a tier that is named by its code or its title, as benchmarks for the item know it; what none knows stays.
    #[must_use]
    pub fn tier_title(&self, item: &str, tier: &str) -> String {
        let own = self.catalogue().items.get(item).into_iter().flat_map(|item| &item.benchmarks);
        let mut tiers = own.chain(self.catalogue().benchmarks.iter()).filter_map(|b| b.tier(tier));
        tiers.next().map_or_else(|| tier.to_owned(), |tier| tier.title.to_string())
    }

    /// An item in all known places on a day.
    #[must_use]
    pub fn compare(&self, item: &Item, day: Date) -> Comparison {
        compare(item, self.places(), day)
    }
}
