//! What a case imposed, as another member is asked to recognise it (行政处罚法 29).

use super::matters::Violation;
use super::state::{Case, Outcome, Party};
use crate::cooperation::Imposed;

impl Case {
    /// What a party was punished for; nothing while no penalty was decided.
    #[must_use]
    pub fn imposed(&self, party: &Party) -> Vec<Imposed> {
        let Outcome::Penalty { paper, at } = self.outcome else { return Vec::new() };
        let decision = self.paper(paper).map(|file| file.paper.number.clone()).unwrap_or_default();
        let of = |violation: &Violation| {
            let charges = party.charges.iter().filter(|c| c.violation == violation.id);
            let fines: Vec<i64> = charges.map(|c| c.fine).collect();
            (!fines.is_empty()).then(|| Imposed {
                number: self.number.clone(),
                item: violation.item.clone(),
                from: violation.from,
                to: violation.to,
                on: crate::beijing_date(at),
                fine: fines.iter().sum(),
                decision: decision.clone(),
            })
        };
        self.violations.iter().filter_map(of).collect()
    }
}
