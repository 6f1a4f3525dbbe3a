//! The region of the demonstration: the places that have a node, in one list. Three of them border each other where
//! Shanghai, Jiangsu and Zhejiang meet (长三角生态绿色一体化发展示范区); the fourth, Hefei, is far away.
//!
//! Codes and names of divisions are official (data/territory/divisions.tsv). Middles of towns are approximate; roads,
//! estates and places are made up or moved, so that nobody's real shop or door appears in a demonstration. Telephone
//! numbers are made up.

/// A list of towns: `code name letters pinyin (lng, lat) reach grids weight [roads] [estates] [rivers] [sites];`, with
/// `in district` after the name where a node serves several.
macro_rules! towns {
    ($($code:literal $name:literal $(in $district:literal)? $letters:literal $pinyin:literal
        ($lng:literal, $lat:literal) $reach:literal $grids:literal $weight:literal
        [$($road:literal)*] [$($estate:literal)*] [$($river:literal)*] [$($site:literal)*];)*) => {
        &[$(crate::region::Town {
            code: $code, name: $name, district: concat!($($district)?), letters: $letters, pinyin: $pinyin,
            middle: ($lng, $lat), reach_m: $reach, grids: $grids, weight: $weight, roads: &[$($road),*],
            estates: &[$($estate),*], rivers: &[$($river),*], sites: &[$($site),*],
        },)*]
    };
}

use lianzhi_docket::suite::Suite;

mod hefei;
mod jiashan;
mod qingpu;
mod wujiang;

pub use hefei::HEFEI;
pub use jiashan::JIASHAN;
pub use qingpu::QINGPU;
pub use wujiang::WUJIANG;

/// All of them; the first is the one that a single node is made of.
pub static REGION: [&Place; 4] = [&QINGPU, &WUJIANG, &JIASHAN, &HEFEI];

/// The place of a node's code.
#[must_use]
pub fn place(code: &str) -> Option<&'static Place> {
    REGION.into_iter().find(|p| p.code == code)
}

/// A place that has a node.
#[derive(Debug)]
pub struct Place {
    /// Six digits.
    pub code: &'static str,
    /// How far its port, and its chance, are from those of the first place.
    pub offset: u16,
    /// Name of the province.
    pub province: &'static str,
    /// Name of the territory with all that it lies in, e.g. 江苏省苏州市吴江区.
    pub full_name: &'static str,
    /// Name of the territory, e.g. 吴江区.
    pub region: &'static str,
    /// Name of the agency.
    pub agency: &'static str,
    /// What the agency's own unit is called.
    pub(crate) root: &'static str,
    /// Prefix of the numbers of matters: the province as on vehicle plates and a short name.
    pub number_prefix: &'static str,
    /// Letters in the numbers of the hotline's orders.
    pub(crate) letters: &'static str,
    /// Prefix of the numbers of enforcement certificates.
    pub(crate) certificate: &'static str,
    /// First four digits of the agency's telephones.
    pub(crate) phone: &'static str,
    /// Departments without a node.
    pub departments: &'static [Department],
    /// Streets and towns, by code.
    pub towns: &'static [Town],
    /// Algorithms of its exchange key.
    pub suite: Suite,
    /// Reports in proportion to Qingpu's hundred and more a day.
    pub pace: f64,
    /// Neighbours to whom ground belongs that both reach.
    pub(crate) yields_to: &'static [&'static Place],
}

impl Place {
    /// Seed of this place in a region of this seed: no two places tell the same stories.
    #[must_use]
    pub fn seed(&self, region: u64) -> u64 {
        region.wrapping_add(u64::from(self.offset) * 7_919)
    }

    /// Code of a unit of the agency itself: `310118-pq`.
    pub(crate) fn section(&self, letters: &str) -> String {
        format!("{}-{letters}", self.code)
    }
}

/// A department without a node. Which department answers for what is an example.
#[derive(Debug)]
pub struct Department {
    /// Letters in its code.
    pub(crate) letters: &'static str,
    /// Name.
    pub name: &'static str,
    /// Telephone.
    pub(crate) phone: &'static str,
    /// Categories that it is in charge of: prefixes of the five digits, of things and of events about them alike.
    pub(crate) categories: &'static [&'static str],
}

/// Water: drains, rivers and what belongs to them.
const WATER: &[&str] = &[
    "01001", "01002", "01003", "01004", "01019", "01067", "01068", "01069", "0107", "06023", "06026", "06046",
];
/// Greenery and the look of streets.
const GREENERY: &[&str] = &["04", "03001", "03004", "03005", "06021"];
/// Roads and their signs.
const TRAFFIC: &[&str] =
    &["02004", "02006", "02007", "02008", "02009", "0201", "02022", "02043", "02044", "06013", "06016"];
/// Power.
const POWER: &[&str] = &["01005", "01028", "01029", "01030", "01037", "01048", "01060"];

/// A street or town.
#[derive(Debug)]
pub struct Town {
    /// Nine digits.
    pub code: &'static str,
    /// Name with 街道 or 镇.
    pub name: &'static str,
    /// District that it lies in, where a node serves several; else empty.
    pub district: &'static str,
    /// Letters in names of grids.
    pub letters: &'static str,
    /// Letters in sign-in names.
    pub pinyin: &'static str,
    /// Degrees east and north of about its middle.
    pub(crate) middle: (f64, f64),
    /// How far it reaches, metres.
    pub(crate) reach_m: f64,
    /// Grids.
    pub(crate) grids: usize,
    /// Share of reports, in proportion to the others.
    pub weight: f64,
    /// Roads.
    pub(crate) roads: &'static [&'static str],
    /// Stems of names of estates.
    pub(crate) estates: &'static [&'static str],
    /// Rivers.
    pub(crate) rivers: &'static [&'static str],
    /// Building sites.
    pub(crate) sites: &'static [&'static str],
}

impl Town {
    /// Name without 街道, 镇 or 社区.
    #[must_use]
    pub fn short(&self) -> &'static str {
        self.name.trim_end_matches("街道").trim_end_matches('镇').trim_end_matches("社区")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_territory::Divisions;
    use lianzhi_territory::division::province_abbreviation;
    use std::collections::HashSet;

    #[test]
    fn places_are_told_apart_by_all_that_people_see() {
        for (name, of) in [
            ("code", REGION.map(|p| p.code.to_owned())),
            ("offset", REGION.map(|p| p.offset.to_string())),
            ("province", REGION.map(|p| p.province.to_owned())),
            ("agency", REGION.map(|p| p.agency.to_owned())),
            ("region", REGION.map(|p| p.region.to_owned())),
            ("prefix", REGION.map(|p| p.number_prefix.to_owned())),
            ("letters", REGION.map(|p| p.letters.to_owned())),
            ("certificate", REGION.map(|p| p.certificate.to_owned())),
            ("phone", REGION.map(|p| p.phone.to_owned())),
            ("seed", REGION.map(|p| p.seed(1).to_string())),
        ] {
            assert_eq!(of.iter().collect::<HashSet<_>>().len(), REGION.len(), "{name}: {of:?}");
        }
        assert_eq!(QINGPU.seed(7), 7);
        assert!(REGION.iter().enumerate().all(|(i, p)| usize::from(p.offset) == i));
        assert!(place("320509").is_some_and(|p| p.region == "吴江区") && place("110000").is_none());
    }

    #[test]
    fn names_are_those_of_the_divisions_and_towns_lie_in_their_place() {
        let divisions = Divisions::builtin();
        for place in REGION {
            assert_eq!(divisions.full_name(place.code.trim_end_matches("00")), place.full_name);
            assert_eq!(divisions.name(&place.code[..2]), Some(place.province));
            assert_eq!(place.number_prefix.chars().next(), province_abbreviation(place.code));
            assert!(place.towns.is_sorted_by_key(|t| t.code), "{}", place.region);
            for town in place.towns {
                let full = format!("{}{}{}", place.full_name, town.district, town.name);
                assert_eq!(divisions.full_name(town.code), full);
                assert!(divisions.towns_of(place.code).any(|d| &*d.code == town.code), "{full}");
            }
        }
    }
}
