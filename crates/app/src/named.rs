//! Files of a matter that say who a party is: its papers as they were handed over, sealed or scanned. They are for those who may
//! know the party, by whichever way they are reached.

use crate::penalty::case_of;
use crate::spot::{hands, sheet_of, slips_of};
use crate::{App, Caller};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::policy::{self, Matter};
use lianzhi_procedure::spot::Outcome;
use lianzhi_procedure::{AnyState, ExhibitRef, LookUps, Refusal};

impl App {
    /// Whether a file of a matter says who a party is, to somebody who may know it.
    ///
    /// # Errors
    /// The policy's refusal when he may not, or when the matter cannot be read.
    pub async fn names_a_party(&self, who: &Caller, id: DocketId, file: &Digest) -> Result<bool, Refusal> {
        let live = self.live(id).await?;
        if !named(&live.state).any(|named| named.digest == *file) {
            return Ok(false);
        }
        self.may_know_party(who, &live.state).map(|()| true)
    }

    /// Whether all files of a matter may go out together to the caller.
    ///
    /// # Errors
    /// As [`App::names_a_party`].
    pub(crate) fn may_take_files(&self, who: &Caller, state: &AnyState) -> Result<bool, Refusal> {
        if named(state).next().is_none() {
            return Ok(false);
        }
        self.may_know_party(who, state).map(|()| true)
    }

    /// Whether the caller may know who a party of a case, a sheet or slips is.
    pub(crate) fn may_know_party(&self, who: &Caller, state: &AnyState) -> Result<(), Refusal> {
        if let Some(case) = case_of(state) {
            return self.may_see_party(who, case);
        }
        let Some((officers, unit)) = hands(state) else { return Ok(()) };
        if who.actor.person().is_some_and(|person| officers.contains(person)) {
            return Ok(());
        }
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let matter = Matter { unit: Some(unit), ..Matter::default() };
        policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), "party_particulars", &matter)
            .map(|_| ())
    }
}

/// Files on which a party is named.
fn named(state: &AnyState) -> Box<dyn Iterator<Item = &ExhibitRef> + '_> {
    if let Some(case) = case_of(state) {
        let folios = case.folios.values().flat_map(|folio| {
            let by_party = folio.kept.iter().chain(&folio.sealed).map(|(_, exhibit)| exhibit);
            by_party.chain(&folio.scans)
        });
        let issued = case.papers.iter().flat_map(|paper| &paper.issued).flat_map(|issue| &issue.exhibits);
        let bound = case.closed.iter().filter_map(|closed| closed.file.as_ref());
        let shelved = case.volumes.iter().filter_map(|volume| volume.file.as_ref());
        return Box::new(folios.chain(issued).chain(bound).chain(shelved));
    }
    let handed = sheet_of(state).and_then(|sheet| match &sheet.outcome {
        Outcome::Imposed(decision) => decision.handed.as_ref(),
        Outcome::Spared { handed, .. } => handed.as_deref(),
        _ => None,
    });
    let sheet = handed.into_iter().flat_map(|handed| handed.kept.iter().chain(&handed.files));
    let slips = slips_of(state).into_iter().flat_map(|slips| slips.kept.iter().map(|(_, exhibit)| exhibit));
    Box::new(sheet.chain(slips))
}
