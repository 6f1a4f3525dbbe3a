//! What is known of parties, completed; and what a paper lacks before it is signed or served.

use super::case_of;
use super::open::Particulars;
use super::papers::Signed;
use crate::cooperation::fonts;
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_paper::{Document, PaperError};
use lianzhi_procedure::penalty::{Case, Command, Folio, PaperKind, Pending, Subject, addressees, folios};
use lianzhi_procedure::{AnyCommand, Refusal, Text, spot};
use std::collections::BTreeMap;

/// What stands before the names of what is lacking, in the words of a refusal to print.
const LACKS: &str = "缺少必填内容：";

/// What a document lacks. That it cannot be written for another reason is said by whoever decides.
fn of_document(document: Result<Document, Refusal>) -> Vec<String> {
    match document.map(|document| document.check()) {
        Ok(Err(PaperError::Missing { fields, .. })) => fields,
        Ok(_) => Vec::new(),
        Err(refusal) => named_in(&refusal),
    }
}

/// What a refusal to print names as lacking.
pub(crate) fn named_in(refusal: &Refusal) -> Vec<String> {
    let named = refusal.rule.split_once(LACKS).filter(|_| refusal.field == Some("paper"));
    named.map(|(_, what)| what.split('、').map(str::to_owned).collect()).unwrap_or_default()
}

impl App {
    /// The particulars of a party as they stand; nothing when they were erased.
    pub(super) async fn known(&self, part: Digest) -> Result<Particulars, Refusal> {
        let text = self.plain(&[part]).await?.pop();
        Ok(text.map(|text| Particulars::read(&text)).unwrap_or_default())
    }

    /// The subject that a command describes, in its case or on its sheet.
    async fn described_subject(
        &self,
        id: DocketId,
        command: &AnyCommand,
    ) -> Result<Option<Subject>, Refusal> {
        let state = match command {
            AnyCommand::Penalty(Command::Describe(_)) | AnyCommand::Spot(spot::Command::Describe { .. }) => {
                self.live(id).await?.state
            }
            _ => return Ok(None),
        };
        Ok(match command {
            AnyCommand::Penalty(Command::Describe(what)) => {
                case_of(&state).and_then(|case| case.party(what.party)).map(|party| party.subject.clone())
            }
            _ => crate::spot::sheet_of(&state).map(|sheet| sheet.opening.subject.clone()),
        })
    }

    /// Puts what stands of a party into a command that completes it, where it leaves something out.
    pub(crate) async fn described(&self, id: DocketId, command: &mut AnyCommand) -> Result<(), Refusal> {
        let Some(subject) = self.described_subject(id, command).await? else { return Ok(()) };
        let text = match command {
            AnyCommand::Penalty(Command::Describe(what)) => &mut what.particulars,
            AnyCommand::Spot(spot::Command::Describe { particulars }) => particulars,
            _ => return Ok(()),
        };
        if let Text::Plain(given) = text
            && !given.trim().is_empty()
        {
            let known = self.known(subject.particulars.digest).await?;
            let whole = known.completed(&Particulars::read(given));
            *given = serde_json::to_string(&whole).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether particulars name somebody else than those that stand.
    pub(crate) async fn renames(&self, subject: &Subject, text: &Text) -> Result<bool, Refusal> {
        let Text::Plain(text) = text else { return Ok(false) };
        let known = self.known(subject.particulars.digest).await?;
        Ok(!known.name.trim().is_empty() && known.name.trim() != Particulars::read(text).name.trim())
    }

    /// What the paper lacks that a command signs or serves. A stamped scan or a sealed paper is what it is.
    pub(super) async fn lacking(
        &self,
        who: &Caller,
        id: DocketId,
        case: &Case,
        command: &Command,
    ) -> Result<Vec<String>, Refusal> {
        match command {
            Command::Approve { proposal, agreed: true, .. } => match case.proposal(*proposal) {
                Some(pending) => self.lacking_to_sign(who, id, pending).await,
                None => Ok(Vec::new()),
            },
            Command::Serve { paper, party, .. } => {
                let folio = Folio::Paper(*paper);
                let sealed = case.folios.get(&folio).is_some_and(|f| f.sealed_for(*party).is_some());
                let stands =
                    case.paper(*paper).is_some_and(|file| file.scan_for(*party).is_none() && !sealed);
                match self.book(who, id).await {
                    Ok(book) if stands => Ok(of_document(self.written(&book, folio, *party, None))),
                    _ => Ok(Vec::new()),
                }
            }
            // Who signs on the screen signs what is written out.
            Command::DrawFolio { folio, .. } => match self.book(who, id).await {
                Ok(book) => Ok(self.folio_lacks(&book, *folio)),
                Err(_) => Ok(Vec::new()),
            },
            _ => Ok(Vec::new()),
        }
    }

    /// What of the paper that a command signs or serves would be a gap on it.
    pub(super) async fn gaps_to_serve(
        &self,
        who: &Caller,
        id: DocketId,
        case: &Case,
        command: &Command,
    ) -> Vec<String> {
        let (paper, party) = match command {
            Command::Serve { paper, party, .. } => (paper, party),
            Command::Approve { proposal, agreed: true, by_hand: false, .. } => {
                return match (case.proposal(*proposal), self.book(who, id).await) {
                    (Some(pending), Ok(book)) => self.gaps_to_sign(&book, pending).await,
                    _ => Vec::new(),
                };
            }
            _ => return Vec::new(),
        };
        let folio = Folio::Paper(*paper);
        let sealed = case.folios.get(&folio).is_some_and(|f| f.sealed_for(*party).is_some());
        // A stamped scan was looked at by whoever stamped it.
        let printed = case.paper(*paper).is_some_and(|file| file.issued.is_empty() && !sealed);
        match self.book(who, id).await {
            Ok(book) if printed => self.unprintable(&book, folio, *party).await,
            _ => Vec::new(),
        }
    }

    /// The characters of a folio that no font has, in words; nothing where it cannot be written yet, or there are no fonts at all.
    pub(super) async fn unprintable(
        &self,
        book: &super::book::Book,
        folio: Folio,
        party: u16,
    ) -> Vec<String> {
        match self.written(book, folio, party, None) {
            Ok(document) => unprintable(document).await,
            Err(_) => Vec::new(),
        }
    }

    /// The same of what a proposal would put on paper, whoever gets it.
    async fn gaps_to_sign(&self, book: &super::book::Book, pending: &Pending) -> Vec<String> {
        let mut all = Vec::new();
        for document in self.drafts(book, pending).into_iter().flatten() {
            all.extend(unprintable(document).await);
        }
        distinct(all)
    }

    /// What a proposal would put on paper, for each of those to whom it goes.
    fn drafts(&self, book: &super::book::Book, pending: &Pending) -> Vec<Result<Document, Refusal>> {
        let Some(kind) = pending.proposal.paper() else { return Vec::new() };
        let to = addressees(&book.case, pending);
        let (directory, folio) = (self.directory(), Folio::Proposal(pending.id));
        let draft = |party: u16| {
            let paper = book.case.new_paper(kind, String::new(), to.clone());
            let columns = book.columns(pending.id);
            let signed = Signed { case: book.case.clone(), paper, columns, at: None };
            let writer = self.writer(book, &signed, folio, party, &directory, None);
            writer.and_then(|writer| writer.document())
        };
        if to.is_empty() { vec![draft(1)] } else { to.iter().map(|party| draft(*party)).collect() }
    }

    async fn lacking_to_sign(
        &self,
        who: &Caller,
        id: DocketId,
        pending: &Pending,
    ) -> Result<Vec<String>, Refusal> {
        if !pending.proposal.paper().is_some_and(PaperKind::outward) {
            return Ok(Vec::new());
        }
        let Ok(book) = self.book(who, id).await else { return Ok(Vec::new()) };
        Ok(distinct(self.drafts(&book, pending).into_iter().flat_map(of_document)))
    }

    /// What papers must say of each party of an open case and is not known yet; nothing for who may not see the parties.
    pub(crate) async fn parties_lack(
        &self,
        who: &Caller,
        live: &crate::project::Live,
    ) -> Result<BTreeMap<u16, Vec<String>>, Refusal> {
        let mut all = BTreeMap::new();
        let Some(case) = case_of(&live.state).filter(|case| case.open()) else { return Ok(all) };
        if self.may_see_party(who, case).is_err() {
            return Ok(all);
        }
        let digests: Vec<Digest> = case.present().map(|p| p.subject.particulars.digest).collect();
        let parts = self.inner.store.journal.parts(&digests).await.map_err(|e| unavailable(&e))?;
        for party in case.present() {
            // What was erased is not asked for again.
            let row = parts.iter().find(|row| row.digest == party.subject.particulars.digest);
            if let Some(text) = row.and_then(|row| self.inner.shared.keys().open(row)) {
                all.insert(party.subject.id, Particulars::read(&text).lacking(party.subject.kind));
            }
        }
        all.retain(|_, lacking| !lacking.is_empty());
        Ok(all)
    }

    /// What a folio lacks before it can be printed.
    pub(super) fn folio_lacks(&self, book: &super::book::Book, folio: Folio) -> Vec<String> {
        let of = |party| of_document(self.written(book, folio, party, None));
        distinct(folios::addressees(&book.case, folio).into_iter().flat_map(of))
    }

    /// What of a folio no font has.
    pub(super) async fn folio_gaps(&self, book: &super::book::Book, folio: Folio) -> Vec<String> {
        let mut all = Vec::new();
        for party in folios::addressees(&book.case, folio) {
            all.extend(self.unprintable(book, folio, party).await);
        }
        distinct(all)
    }
}

/// The characters of a document that no font has, in words; nothing where there are no fonts at all.
async fn unprintable(document: Document) -> Vec<String> {
    // The fonts are read from the disk the first time.
    let found = tokio::task::spawn_blocking(move || document.lacking(&*fonts()?)).await;
    let gaps = found.ok().and_then(Result::ok).unwrap_or_default();
    gaps.iter().map(ToString::to_string).collect()
}

/// Each once, in their order.
fn distinct(all: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    all.into_iter().filter(|one| seen.insert(one.clone())).collect()
}
