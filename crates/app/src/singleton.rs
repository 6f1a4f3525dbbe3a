//! Dockets of which there is one for each key: register records, duty books, lines of the bank, and the local ones of shared dockets. Whoever asks for a new one when
//! another submission has just opened it gets that one: the second is a change, not a second docket.

use crate::batch::Draft;
use crate::ports::StoreError;
use crate::sequencer::{Sequencer, Step, Submission, To};
use lianzhi_ids::{DocketId, SharedId};
use lianzhi_procedure::{AnyCommand, Kind, duty, payment, register};
use std::borrow::Cow;
use std::collections::HashSet;

/// Whether dockets of this kind are looked for by their key before a new one is opened.
pub(crate) fn is_one_of_a_kind(kind: &str) -> bool {
    [Kind::Register, Kind::Duty, Kind::Payment].iter().any(|one| one.code() == kind)
}

/// The number of the one docket that a command to a new docket must go to.
fn number(command: &AnyCommand) -> Option<String> {
    match command {
        AnyCommand::Register(register::Command::Put { record }) => Some(record.number()),
        AnyCommand::Duty(
            duty::Command::GoOn { unit, .. }
            | duty::Command::Lead { unit, .. }
            | duty::Command::Plan { unit, .. }
            | duty::Command::SetShifts { unit, .. },
        ) => Some(duty::number(unit)),
        AnyCommand::Payment(payment::Command::Come { serial, .. }) => Some(payment::number(serial.trim())),
        _ => None,
    }
}

impl Sequencer {
    /// Looks up in one reading the dockets that what arrived belongs to; answers with those that are not here yet.
    pub(crate) async fn look_for_arrived(
        &mut self,
        submissions: &[Submission],
    ) -> Result<HashSet<SharedId>, StoreError> {
        let new = submissions.iter().flat_map(|s| &s.steps).filter(|step| matches!(step.to, To::New(_)));
        let arrived = new.filter_map(|step| step.arrived.as_ref()).map(|arrived| arrived.docket());
        let mut absent: HashSet<SharedId> =
            arrived.filter(|shared| !self.known.contains(shared)).cloned().collect();
        if absent.is_empty() {
            return Ok(absent);
        }
        let asked: Vec<SharedId> = absent.iter().cloned().collect();
        let mut here = Vec::new();
        for row in self.store.exchange.stream_heads(&asked).await? {
            if row.docket.0 > 0 {
                absent.remove(&row.shared);
                here.push(row.docket);
                self.known.put(row.shared, row.docket);
            }
        }
        self.load(here).await?;
        Ok(absent)
    }

    /// The step with the docket that it must go to, looked for where the decision is made: in this batch, then in
    /// what was committed. Of `absent` it is known that nothing was committed.
    pub(crate) async fn one_of_a_kind<'a>(
        &mut self,
        draft: &Draft,
        step: &'a Step,
        absent: &HashSet<SharedId>,
    ) -> Result<Cow<'a, Step>, StoreError> {
        let To::New(kind) = step.to else { return Ok(Cow::Borrowed(step)) };
        let known = match (&step.arrived, number(&step.command)) {
            (Some(arrived), _) => match draft.part_of(arrived.docket()) {
                Some(id) => Some(id),
                None if absent.contains(arrived.docket()) => None,
                None => self.part_of(arrived.docket()).await?,
            },
            (None, Some(number)) => match draft.numbered(kind, &number) {
                Some(id) => Some(id),
                None => self.committed(kind, &number).await?,
            },
            (None, None) => None,
        };
        Ok(match known {
            Some(id) => Cow::Owned(Step { to: To::Docket(id), ..step.clone() }),
            None => Cow::Borrowed(step),
        })
    }

    /// The docket that is this shared one here.
    async fn part_of(&mut self, shared: &SharedId) -> Result<Option<DocketId>, StoreError> {
        let id = match self.known.get(shared) {
            Some(id) => Some(*id),
            None => {
                let heads = self.store.exchange.stream_heads(std::slice::from_ref(shared)).await?;
                heads.iter().map(|row| row.docket).find(|docket| docket.0 > 0)
            }
        };
        self.load(id.into_iter().collect()).await?;
        Ok(id)
    }

    async fn committed(&mut self, kind: Kind, number: &str) -> Result<Option<DocketId>, StoreError> {
        // A report may carry the same text as its number at another system.
        let row = self.store.queries.by_number(number).await?.filter(|row| row.kind == kind.code());
        let Some(id) = row.map(|row| row.id) else { return Ok(None) };
        self.load(vec![id]).await?;
        Ok(Some(id))
    }
}
