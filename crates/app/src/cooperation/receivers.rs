//! To which members a letter may go: what the page proposes, with reasons.

use crate::App;
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::Placing;
use lianzhi_procedure::beijing_date;
use lianzhi_procedure::cooperation::{Proposed, Sought, propose};
use lianzhi_territory::{Divisions, Middles};
use std::sync::OnceLock;

impl App {
    /// The members to which a letter of a form may go, those for which something speaks first; none outside of a compact.
    #[must_use]
    pub fn receivers(&self, form: Form, sought: Sought<'_>) -> Vec<Proposed> {
        static KNOWN: OnceLock<(Divisions, Middles)> = OnceLock::new();
        let (divisions, middles) = KNOWN.get_or_init(|| (Divisions::builtin(), Middles::builtin()));
        let directory = self.directory();
        let Some(roster) = &directory.roster else { return Vec::new() };
        let inside = |point| matches!(self.world().place_point(point), Placing::Inside { .. });
        let sought = Sought { own_ground: sought.point.is_some_and(inside), ..sought };
        let day = beijing_date(self.now());
        propose(form, &sought, &directory.node, roster, day, (divisions, middles))
    }
}
