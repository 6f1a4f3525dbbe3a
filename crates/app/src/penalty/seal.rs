//! The agency's electronic seal on papers of a case: at signing where a service is configured, again by hand when it failed.

use super::case_of;
use crate::ports::{Seal, ToSeal};
use crate::submit::sha256;
use crate::{App, Caller};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::penalty::{Case, Command, Folio, Penalty, Sealing, folios};
use lianzhi_procedure::{AnyState, ExhibitRef, LookUps, Procedure, Refusal, RefusalKind};
use serde_json::json;
use std::sync::Arc;

/// What can be done when the service fails.
const REMEDY: &str =
    "文书已经签发，没有丢失：请稍后在这份文书的页面点“加盖电子印章”再试，或者打印后手工盖章、上传扫描件。";

impl App {
    /// Says which service seals documents. The first word counts; without it papers are printed and stamped by hand.
    pub fn seal_with(&self, seal: Arc<dyn Seal>) {
        let _ = self.inner.seal.set(seal);
    }

    /// Whether papers are sealed here.
    #[must_use]
    pub fn seals(&self) -> bool {
        self.inner.seal.get().is_some()
    }

    /// A paper as it goes to a party, sealed and in custody; none where nobody seals or there is nothing to seal.
    pub(super) async fn sealed_paper(
        &self,
        who: &Caller,
        id: DocketId,
        paper: u16,
        party: u16,
    ) -> Result<Option<ExhibitRef>, Refusal> {
        let Some(seal) = self.inner.seal.get() else { return Ok(None) };
        let book = self.book(who, id).await?;
        let gaps = self.unprintable(&book, Folio::Paper(paper), party).await;
        self.would_seal(who, &self.live(id).await?.state, Sealing { paper, party }, gaps)?;
        let Some(file) = book.case.paper(paper) else { return Ok(None) };
        let pdf = self.folio_pdf(&book, Folio::Paper(paper), Some(party)).await?;
        let document = ToSeal {
            agency: self.directory().settings.agency.clone(),
            title: folios::printed_title(&book.case, file).to_owned(),
            number: file.paper.number.clone(),
            digest: sha256(&pdf),
            pdf,
        };
        let sealed = seal.seal(&document).await.map_err(|error| {
            Refusal::busy(format!("{error}。"), REMEDY).from_source("电子签名法第十四条；印章管理规定")
        })?;
        self.take_into_custody(sealed, &format!("{}.pdf", document.number), "application/pdf").await.map(Some)
    }

    /// Whether the procedure would take a seal from this caller: the service is not asked for what is refused afterwards.
    fn would_seal(
        &self,
        who: &Caller,
        state: &AnyState,
        asked: Sealing,
        unprintable: Vec<String>,
    ) -> Result<(), Refusal> {
        let AnyState::Penalty(state) = state else { return Ok(()) };
        let sealed = ExhibitRef { digest: Digest::ZERO, size: 1, media: "application/pdf".into() };
        let look_ups = LookUps { printed: Some(sealed), unprintable, ..LookUps::default() };
        let (directory, duty) = (self.directory(), self.duty());
        let facts = self.facts(&who.actor, &directory, &duty, &look_ups);
        Penalty::decide(state, Command::Seal(asked), &facts).map(|_| ())
    }

    /// Seals what was just signed in a case, as far as it can be printed already. What fails waits.
    pub(crate) async fn seal_signed(&self, who: &Caller, id: DocketId) {
        if !self.seals() {
            return;
        }
        let Ok(live) = self.live(id).await else { return };
        let Some(case) = case_of(&live.state) else { return };
        for (paper, party) in just_signed(case) {
            let command = json!({ "command": "seal", "paper": paper, "party": party });
            if let Err(refusal) = self.give(who, id, command, None, None).await {
                tracing::warn!(docket = %id, paper, rule = %refusal.rule, "a paper waits for the seal");
                // Who does not answer now does not answer for the next one either.
                if refusal.kind == RefusalKind::Busy {
                    return;
                }
            }
        }
    }
}

/// Papers that came with the last entry, each as it goes to a party.
fn just_signed(case: &Case) -> Vec<(u16, u16)> {
    let new = case.papers.iter().filter(|file| file.at == case.changed).map(|file| file.paper.id);
    new.flat_map(|paper| folios::unsealed(case, paper).into_iter().map(move |party| (paper, party))).collect()
}
