//! What a sheet brings into the case in which it goes on by the ordinary procedure.

use super::state::{Sanction, Sheet};
use crate::penalty::Told;

impl Sheet {
    /// What it told, as the case gets it in which it goes on: its party is the only one there, its violation the first. Nothing heavier
    /// follows from the defence there either (45(2)).
    #[must_use]
    pub fn told_along(&self) -> Option<Told> {
        let Sanction { warning, fine } = self.told.as_ref()?.sanction;
        Some(Told { party: 1, violation: 1, warning, fine, confiscation: 0, goods: false, severe: None })
    }
}
