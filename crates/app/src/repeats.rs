//! Recent open matters, for finding likely repeats at intake. In memory, bounded, made anew from the store at start.

use crate::ports::MatterRow;
use crate::project::Narrative;
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, Digest, DocketId};
use lianzhi_procedure::Duplicate;
use lianzhi_territory::Point;
use lianzhi_territory::identify::Plate;
use lianzhi_triage::{Features, Index, Report, Spot, Suggester};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

/// Recent matters.
#[derive(Debug, Default)]
pub struct Recent {
    index: Index,
    known: HashMap<DocketId, Known>,
}

/// What is kept of a matter beside what it is compared by.
#[derive(Debug)]
struct Known {
    number: String,
    /// Of what the features were made from: most changes of a matter change nothing of it.
    print: u64,
}

/// What is known of a report before it is one.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub point: Option<Point>,
    /// What kind.
    pub category: Option<CategoryCode>,
    /// Description and address.
    pub narrative: &'a Narrative,
    /// Keyed digest of the telephone number.
    pub complainant: Option<Digest>,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
fn percent(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}

fn key(digest: Digest) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest.0[..8]);
    u64::from_be_bytes(bytes)
}

/// Words to categories; built once, the lexicon is part of the program.
pub(crate) fn suggester() -> &'static Suggester {
    static SUGGESTER: OnceLock<Suggester> = OnceLock::new();
    SUGGESTER.get_or_init(Suggester::builtin)
}

/// What a report is compared by.
#[must_use]
pub fn features(seen: &Seen<'_>) -> Features {
    let text = format!("{} {}", seen.narrative.description, seen.narrative.address);
    let plates = Plate::find_all(&text);
    let plates: Vec<&str> = plates.iter().map(Plate::as_str).collect();
    let report = Report {
        text: &text,
        when: seen.at,
        place: seen.point.map(|p| Spot { lng_e6: p.lng_e6, lat_e6: p.lat_e6 }),
        category: seen.category.as_ref(),
        complainant: seen.complainant.map(key),
        plates: &plates,
    };
    Features::of(suggester(), &report)
}

fn print(seen: &Seen<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let Narrative { description, address } = seen.narrative;
    (seen.at, seen.point, &seen.category, description, address, seen.complainant).hash(&mut hasher);
    hasher.finish()
}

impl Recent {
    /// Takes over a matter as it now stands: open reports are remembered, closed ones forgotten. `made` are its
    /// features when it was just registered with them.
    pub fn note(&mut self, row: &MatterRow, narrative: Option<&Narrative>, made: Option<&Features>) {
        if row.kind != "report" {
            return;
        }
        if !row.open || row.joined_to.is_some() {
            self.index.remove(row.id);
            self.known.remove(&row.id);
            return;
        }
        let from_row = Narrative { description: row.title.clone(), address: row.address.clone() };
        let seen = Seen {
            at: Timestamp::from_microsecond(row.reported_at).unwrap_or_default(),
            point: row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 }),
            category: row.category.as_deref().and_then(|c| CategoryCode::parse(c).ok()),
            narrative: narrative.unwrap_or(&from_row),
            complainant: row.complainant,
        };
        let print = print(&seen);
        if self.known.get(&row.id).is_some_and(|k| k.print == print) {
            return;
        }
        let mut features = made.cloned().unwrap_or_else(|| features(&seen));
        features.when = seen.at;
        let gone = self.index.add(row.id, features);
        gone.iter().for_each(|id| drop(self.known.remove(id)));
        self.known.insert(row.id, Known { number: row.number.clone(), print });
    }

    /// Likely repeats, best first.
    #[must_use]
    pub fn find(&self, features: &Features) -> Vec<Duplicate> {
        self.index
            .candidates(features, suggester())
            .into_iter()
            .filter_map(|m| {
                Some(Duplicate {
                    docket: m.docket,
                    number: self.known.get(&m.docket)?.number.clone(),
                    score: percent(m.score),
                    reasons: m.reasons.iter().map(ToString::to_string).collect(),
                })
            })
            .collect()
    }
}
