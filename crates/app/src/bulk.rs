//! Acts on many matters: what several of them have in common, and what would happen to each, found out by deciding
//! without writing anything.

use crate::batch::{After, Draft};
use crate::ports::MatterRow;
use crate::project::Live;
use crate::sequencer::{Done, Step, To};
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_ids::DocketId;
use lianzhi_procedure::{Actor, Choice, Field, FieldKind, Offer, Refusal};
use lru::LruCache;
use serde_json::Value;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Matters that one act reaches: a few pages of a list, seen through by a person.
pub const BULK_MAX: usize = 200;

/// Commands that make sense for many matters with the same words. What needs photos, a finding on the spot or grounds
/// for one person alone is done one by one.
const BULK: &[&str] = &[
    "dispatch",
    "take",
    "accept",
    "supervise",
    "join",
    "classify",
    "place",
    "assist",
    "approve",
    "resume",
    "answer",
    "close",
    "add",
];

/// A command that some of the matters can be given now.
#[derive(Debug, Clone)]
pub struct BulkOffer {
    /// The offer, with the choices of all of them.
    pub offer: Offer,
    /// How many of them have it now.
    pub can: usize,
}

/// What would happen to a matter.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// Which.
    pub id: DocketId,
    /// Its row now; none when the caller may not see it.
    pub before: Option<MatterRow>,
    /// How it would stand afterwards, or why it would be refused.
    pub outcome: Result<Done, Refusal>,
}

fn choices_of(kind: &mut FieldKind) -> Option<&mut Vec<Choice>> {
    match kind {
        FieldKind::Choice { choices }
        | FieldKind::Person { choices }
        | FieldKind::Unit { choices, .. }
        | FieldKind::Category { choices }
        | FieldKind::Matter { choices }
        | FieldKind::Grid { choices } => Some(choices),
        _ => None,
    }
}

/// Takes the choices of another matter's field over that are not there yet.
fn merge(into: &mut [Field], from: &[Field]) {
    for field in into {
        let Some(mut other) = from.iter().find(|f| f.name == field.name).cloned() else { continue };
        if let (Some(have), Some(more)) = (choices_of(&mut field.kind), choices_of(&mut other.kind)) {
            for choice in more.drain(..) {
                if !have.iter().any(|c| c.value == choice.value) {
                    have.push(choice);
                }
            }
        }
    }
}

impl App {
    /// What can be done with some of these matters at once, and the matters that the caller may see.
    ///
    /// # Errors
    /// When there are none or too many.
    pub async fn bulk_offers(
        &self,
        who: &Caller,
        ids: &[DocketId],
    ) -> Result<(Vec<MatterRow>, Vec<BulkOffer>), Refusal> {
        within_bounds(ids.len())?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.extend(self.row_for(who, *id).await.ok());
        }
        let seen: Vec<_> = rows.iter().map(|r| r.id).collect();
        let lives = self.inner.shared.lives(&self.inner.store, &seen).await.map_err(|e| unavailable(&e))?;
        let mut found: Vec<BulkOffer> = Vec::new();
        for id in &seen {
            let Some(live) = lives.get(id) else { continue };
            for offer in self.offers_of(who, live) {
                if offer.refused.is_some() || !BULK.contains(&offer.command) {
                    continue;
                }
                match found.iter_mut().find(|f| f.offer.command == offer.command) {
                    Some(known) => {
                        known.can += 1;
                        merge(&mut known.offer.fields, &offer.fields);
                    }
                    None => found.push(BulkOffer { offer, can: 1 }),
                }
            }
        }
        found.sort_by_key(|f| BULK.iter().position(|c| *c == f.offer.command));
        Ok((rows, found))
    }

    /// What this command would do to each of these matters, one after the other, decided as it will be and then
    /// forgotten. Nothing is written.
    ///
    /// # Errors
    /// When there are none or too many, or the store cannot be read.
    pub async fn foresee(
        &self,
        who: &Caller,
        command: &Value,
        ids: &[DocketId],
    ) -> Result<Vec<Foreseen>, Refusal> {
        within_bounds(ids.len())?;
        // Others may look things up elsewhere, as a seal is asked for: nothing of that in a preview.
        if !command["command"].as_str().is_some_and(|name| BULK.contains(&name)) {
            return Err(Refusal::invalid("command", "这项办理不能批量进行。", "请在各办件的页面逐件办理。"));
        }
        let store = &self.inner.store;
        let shared = &self.inner.shared;
        let head = store.journal.head().await.map_err(|e| unavailable(&e))?;
        let after = After { loads: shared.load_table(), duty: shared.duty() };
        let mut draft = Draft::new(head, shared.clone(), after, self.now(), self.inner.config.simulated);
        let mut known: LruCache<DocketId, Arc<Live>> =
            LruCache::new(NonZeroUsize::new(BULK_MAX * 8).unwrap_or(NonZeroUsize::MIN));
        let mut out = Vec::with_capacity(ids.len());
        for id in ids {
            let before = self.row_for(who, *id).await;
            let outcome = match &before {
                Err(refusal) => Err(refusal.clone()),
                Ok(_) => match self.steps_of(who, *id, command.clone(), None).await {
                    Ok(steps) => self.try_out(&mut draft, &mut known, &who.actor, steps).await,
                    Err(refusal) => Err(refusal),
                },
            };
            out.push(Foreseen { id: *id, before: before.ok(), outcome });
        }
        Ok(out)
    }

    async fn know(
        &self,
        known: &mut LruCache<DocketId, Arc<Live>>,
        ids: impl IntoIterator<Item = DocketId>,
    ) -> Result<(), Refusal> {
        let missing: Vec<_> = ids.into_iter().filter(|id| !known.contains(id)).collect();
        let lives =
            self.inner.shared.lives(&self.inner.store, &missing).await.map_err(|e| unavailable(&e))?;
        for (id, live) in lives {
            known.put(id, Arc::new(live));
        }
        Ok(())
    }

    /// Decides on top of what was decided before, with everything that follows from it.
    async fn try_out(
        &self,
        draft: &mut Draft,
        known: &mut LruCache<DocketId, Arc<Live>>,
        actor: &Actor,
        steps: Vec<Step>,
    ) -> Result<Done, Refusal> {
        let touched = steps.iter().flat_map(|step| {
            let own = if let To::Docket(id) = step.to { Some(id) } else { None };
            own.into_iter().chain(step.look_ups.target.as_ref().map(|t| t.docket))
        });
        self.know(known, touched.collect::<Vec<_>>()).await?;
        let mark = draft.mark();
        for step in &steps {
            if let Err(refusal) = draft.step(actor, step, known) {
                draft.roll_back(mark);
                return Err(refusal);
            }
        }
        while let Some((docket, command)) = draft.next_follow_up() {
            self.know(known, [docket]).await?;
            // As when it is done in earnest: what is refused to a follow-up does not undo the act.
            let _ = draft.step(&Actor::System, &Step::new(To::Docket(docket), command), known);
        }
        Ok(draft.done(Value::Null))
    }
}

fn within_bounds(n: usize) -> Result<(), Refusal> {
    match n {
        0 => Err(Refusal::invalid("id", "没有选择办件。", "请先在列表里勾选。")),
        n if n > BULK_MAX => Err(Refusal::invalid(
            "id",
            format!("一次最多办理 {BULK_MAX} 件，选了 {n} 件。"),
            "请缩小筛选，或分几次办理。",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_for_many_offers_what_any_of_them_offers() {
        let field = |names: &[&str]| Field {
            name: "officer",
            title: "队员",
            required: false,
            kind: FieldKind::Person { choices: names.iter().map(|n| Choice::new(*n, *n)).collect() },
            hint: "".into(),
        };
        let mut into = [field(&["a", "b"])];
        merge(&mut into, &[field(&["b", "c"])]);
        assert_eq!(into[0], field(&["a", "b", "c"]));
    }

    #[test]
    fn a_selection_has_bounds() {
        assert!(within_bounds(0).is_err() && within_bounds(BULK_MAX + 1).is_err());
        assert!(within_bounds(BULK_MAX).is_ok());
    }
}
