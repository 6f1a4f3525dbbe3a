//! Likely repeats among recent open matters, proposed at intake as the application does.

use crate::ledger::Became;
use jiff::Timestamp;
use lianzhi_app::Narrative;
use lianzhi_ids::{CategoryCode, Digest, DocketId};
use lianzhi_procedure::Duplicate;
use lianzhi_territory::Point;
use lianzhi_territory::identify::Plate;
use lianzhi_triage::{Features, Index, Report, Spot, Suggester};
use std::collections::HashMap;

/// Recent open matters.
pub(super) struct Recent {
    suggester: Suggester,
    index: Index,
    numbers: HashMap<DocketId, String>,
}

impl Default for Recent {
    fn default() -> Self {
        Recent { suggester: Suggester::builtin(), index: Index::default(), numbers: HashMap::new() }
    }
}

/// What is known of a report before it is one.
pub(super) struct Seen<'a> {
    pub(super) at: Timestamp,
    pub(super) point: Option<Point>,
    pub(super) category: Option<&'a CategoryCode>,
    pub(super) narrative: &'a Narrative,
    pub(super) complainant: Option<Digest>,
}

impl Recent {
    pub(super) fn features(&self, seen: &Seen<'_>) -> Features {
        let text = format!("{} {}", seen.narrative.description, seen.narrative.address);
        let plates = Plate::find_all(&text);
        let plates: Vec<&str> = plates.iter().map(Plate::as_str).collect();
        let key = |d: Digest| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&d.0[..8]);
            u64::from_be_bytes(bytes)
        };
        let report = Report {
            text: &text,
            when: seen.at,
            place: seen.point.map(|p| Spot { lng_e6: p.lng_e6, lat_e6: p.lat_e6 }),
            category: seen.category,
            complainant: seen.complainant.map(key),
            plates: &plates,
        };
        Features::of(&self.suggester, &report)
    }

    /// Likely repeats, best first.
    pub(super) fn find(&self, features: &Features) -> Vec<Duplicate> {
        let duplicate = |m: lianzhi_triage::Match| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share between 0 and 1"
            )]
            let score = (m.score.clamp(0.0, 1.0) * 100.0).round() as u8;
            let reasons = m.reasons.iter().map(ToString::to_string).collect();
            Some(Duplicate { docket: m.docket, number: self.numbers.get(&m.docket)?.clone(), score, reasons })
        };
        self.index.candidates(features, &self.suggester).into_iter().filter_map(duplicate).collect()
    }

    /// Remembers a matter just registered.
    pub(super) fn add(&mut self, became: &Became, features: Features) {
        self.index.add(became.id, features);
        self.numbers.insert(became.id, became.summary.number.clone());
    }

    /// Forgets a matter that is closed or joined to another.
    pub(super) fn note(&mut self, became: &Became) {
        if !became.summary.open || became.summary.joined_to.is_some() {
            self.index.remove(became.id);
            self.numbers.remove(&became.id);
        }
    }
}
