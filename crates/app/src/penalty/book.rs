//! A case as it is read for printing: what happened, its texts, who its parties are, what was written on its folios.

use super::case_of;
use super::open::Particulars;
use super::papers::{Columns, Said, Signed};
use crate::ports::EntryRow;
use crate::project;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::penalty::folios::{self, keyed};
use lianzhi_procedure::penalty::{
    Asked, Case, Clock, Event, Folio, MeasureKind, Paper, Party, Proposal, Scope, Term,
};
use lianzhi_procedure::{AnyEvent, PartRef, Refusal};
use std::collections::{BTreeMap, HashMap};

/// What was written on a folio: the content of its sealed part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details(pub(super) BTreeMap<String, String>);

impl Details {
    /// Reads the content of a part. What is no JSON says nothing.
    #[must_use]
    pub fn read(text: &str) -> Details {
        Details(serde_json::from_str(text).unwrap_or_default())
    }

    /// What stands in a field; empty when nothing does.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    /// What stands in a field that is asked of each party of a paper.
    pub(super) fn of(&self, name: &str, party: u16) -> &str {
        match self.get(&keyed(name, Some(party))) {
            "" => self.get(name),
            own => own,
        }
    }

    /// The lines of a field.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        self.get(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// A day that was typed.
    pub(super) fn day(&self, name: &str) -> Option<Date> {
        self.get(name).parse().ok()
    }

    /// A day with its minute that was typed.
    pub(super) fn moment(&self, name: &str) -> Option<DateTime> {
        self.get(name).parse().ok()
    }
}

/// A case, opened for printing.
pub(super) struct Book {
    pub id: DocketId,
    pub rows: Vec<EntryRow>,
    /// What happened, a row each.
    pub events: Vec<Event>,
    /// The case as it stands.
    pub case: Case,
    pub texts: HashMap<Digest, String>,
    /// Parties whose particulars were not erased.
    pub people: BTreeMap<u16, Particulars>,
    written: BTreeMap<Folio, Details>,
}

/// Which paper an event signs.
fn paper_of(event: &Event) -> Option<&Paper> {
    match event {
        Event::Approved { paper, .. } | Event::Testing { paper, .. } => paper.as_ref(),
        Event::Ordered { paper, .. }
        | Event::HearingCalled { paper, .. }
        | Event::Summoned { paper, .. }
        | Event::Sampled { paper, .. } => Some(paper),
        _ => None,
    }
}

/// The last of the entries that a signature made: payment codes are given out with it, right after it, and stand on the paper.
fn with_codes(events: &[Event], signed: usize) -> usize {
    let after = events.iter().skip(signed + 1);
    signed + after.take_while(|event| matches!(event, Event::PayCodeSet { .. })).count()
}

impl Book {
    /// A case by its entries, before its texts are known.
    pub(super) fn of(id: DocketId, rows: Vec<EntryRow>) -> Result<Book, Refusal> {
        let missing = || Refusal::missing("没有这个案件。");
        let damaged =
            |e: &dyn std::fmt::Display| unavailable(&crate::ports::StoreError::Damaged(e.to_string()));
        let (mut live, mut events) = (None, Vec::with_capacity(rows.len()));
        for row in &rows {
            let opened = project::open(row).map_err(|e| damaged(&e))?;
            live = Some(project::evolve(live, &opened));
            match opened.event {
                AnyEvent::Penalty(event) => events.push(event),
                _ => return Err(missing()),
            }
        }
        let live = live.ok_or_else(missing)?;
        let case = case_of(&live.state).ok_or_else(missing)?.clone();
        let (texts, people, written) = (HashMap::new(), BTreeMap::new(), BTreeMap::new());
        Ok(Book { id, rows, events, case, texts, people, written })
    }

    /// The parts that say who its parties are, and those that were written on folios.
    fn sealed(&self) -> impl Iterator<Item = Digest> {
        let parties = self.case.parties.iter().map(|p| p.subject.particulars.digest);
        parties.chain(self.case.folios.values().filter_map(|file| Some(file.details?.digest)))
    }

    /// Reads them, as far as they are known.
    pub(super) fn opened(mut self, sealed: &HashMap<Digest, String>) -> Book {
        let people = self.case.parties.iter().filter_map(|p| {
            Some((p.subject.id, Particulars::read(sealed.get(&p.subject.particulars.digest)?)))
        });
        self.people = people.collect();
        let written = self.case.folios.iter();
        let written = written
            .filter_map(|(folio, file)| Some((*folio, Details::read(sealed.get(&file.details?.digest)?))));
        self.written = written.collect();
        self
    }

    /// The case right after one of its events.
    pub(super) fn after(&self, n: usize) -> Option<Case> {
        let live = project::fold(self.rows.get(..=n)?).ok()??;
        case_of(&live.state).cloned()
    }

    /// The case as it was bound for the archive last.
    pub(super) fn shelved(&self) -> Option<Case> {
        let archived = self.find_last(|event| matches!(event, Event::Archived { .. }))?;
        self.after(archived.checked_sub(1)?)
    }

    /// The place of the first event that fits.
    pub(super) fn find(&self, fits: impl Fn(&Event) -> bool) -> Option<usize> {
        self.events.iter().position(fits)
    }

    /// The place of the last event that fits.
    pub(super) fn find_last(&self, fits: impl Fn(&Event) -> bool) -> Option<usize> {
        self.events.iter().rposition(fits)
    }

    /// The `n`-th event that fits, from 1.
    pub(super) fn nth(&self, n: u16, fits: impl Fn(&Event) -> bool) -> Option<usize> {
        let found = self.events.iter().enumerate().filter(|(_, event)| fits(event));
        found.map(|(place, _)| place).nth(usize::from(n).checked_sub(1)?)
    }

    /// Opinions on a proposal, as far as they were given.
    pub(super) fn columns(&self, proposal: u16) -> Columns {
        let mut columns = Columns::default();
        let granted = self.case.granted.iter().map(|granted| &granted.pending);
        columns.pending =
            self.case.proposal(proposal).or_else(|| granted.into_iter().find(|p| p.id == proposal)).cloned();
        for event in &self.events {
            match event {
                Event::Endorsed { id, agreed: true, note, by, at } if *id == proposal => {
                    columns.endorsed = Some(Said { by: by.clone(), at: *at, note: *note });
                }
                Event::ProposalReviewed { id, note, by, at, .. } if *id == proposal => {
                    columns.reviewed = Some(Said { by: by.clone(), at: *at, note: Some(*note) });
                }
                Event::Approved { id, agreed: true, note, by, at, .. } if *id == proposal => {
                    columns.approved = Some(Said { by: by.clone(), at: *at, note: *note });
                }
                _ => {}
            }
        }
        columns
    }

    /// A paper with the case as it stood when it was signed.
    pub(super) fn signed(&self, paper: u16) -> Option<Signed> {
        let place = self.find(|event| paper_of(event).is_some_and(|p| p.id == paper))?;
        let columns = match self.events.get(place)? {
            Event::Approved { id, .. } => self.columns(*id),
            _ => Columns::default(),
        };
        let paper = self.events.get(place).and_then(paper_of)?.clone();
        let place = with_codes(&self.events, place);
        Some(Signed { case: self.after(place)?, paper, columns, at: None })
    }

    /// The case right after an event, without a paper.
    pub(super) fn moment(&self, place: usize, columns: Columns) -> Option<Signed> {
        let (case, at) = (self.after(place)?, self.events.get(place)?.at());
        let paper = case.new_paper(lianzhi_procedure::penalty::PaperKind::Filing, String::new(), Vec::new());
        Some(Signed { case, paper, columns, at: Some(at) })
    }

    /// The first clock of a term, as it was started.
    pub(super) fn clock(&self, term: Term, of: Scope) -> Option<&Clock> {
        self.events.iter().find_map(|event| match event {
            Event::ClockStarted { clock, .. } if clock.term == term && clock.of == of => Some(clock),
            _ => None,
        })
    }

    /// The clock of a term after it was extended.
    pub(super) fn extended(&self, term: Term, of: Scope) -> Option<&Clock> {
        self.events.iter().find_map(|event| match event {
            Event::ClockChanged { clock, .. }
                if clock.term == term && clock.of == of && !clock.running.extensions.is_empty() =>
            {
                Some(clock)
            }
            _ => None,
        })
    }

    /// What was written on a folio. What was written before a paper had its number belongs to it.
    pub(super) fn details(&self, folio: Folio) -> Details {
        let own = self.written.get(&folio);
        let before = match folio {
            Folio::Paper(n) => folios::granted(&self.case, n)
                .and_then(|granted| self.written.get(&Folio::Proposal(granted.pending.id))),
            _ => None,
        };
        own.or(before).cloned().unwrap_or_default()
    }

    /// What the case proposes for a field of a notice or a decision: what the notice said already, the lists of what was taken,
    /// what the hearing came to.
    pub(super) fn proposed(&self, folio: Folio, asked: &Asked) -> String {
        let proposal = match folio {
            Folio::Proposal(n) => self.columns(n).pending,
            Folio::Paper(n) => folios::granted(&self.case, n).map(|granted| granted.pending.clone()),
            _ => None,
        };
        // A paper of one party names it nowhere but in what is charged.
        let charged = match proposal.map(|pending| pending.proposal) {
            Some(Proposal::Notice { charges, .. } | Proposal::Decide { charges }) => {
                charges.first().map(|c| c.party)
            }
            _ => None,
        };
        let party = asked.party.or(charged);
        let Some(party) = party.and_then(|id| self.case.party(id)) else { return String::new() };
        let id = party.subject.id;
        match asked.name {
            "goods" | "severe" => match self.told(party, asked.name) {
                said if !said.is_empty() || asked.name == "severe" => said,
                _ => self.kept(id),
            },
            "heard" => {
                let report = self.details(Folio::HearingReport(id));
                let said = |name: &str| report.get(name).trim_end_matches('。').to_owned();
                let parts = [("当事人在听证中提出：", said("defence")), ("经听证认定：", said("findings"))];
                let parts = parts.into_iter().filter(|(_, words)| !words.is_empty());
                parts.map(|(begin, words)| format!("{begin}{words}。")).collect()
            }
            _ => String::new(),
        }
    }

    /// What the notice in force said to a party in a field of its form.
    pub(super) fn told(&self, party: &Party, name: &str) -> String {
        let Some(notice) = &party.rights.notice else { return String::new() };
        self.details(Folio::Paper(notice.paper)).of(name, party.subject.id).to_owned()
    }

    /// The lists of things of a party under measures that are not settled, each by its number.
    fn kept(&self, party: u16) -> String {
        let kept = self.case.measures.iter().filter(|m| m.measure.party == party && m.in_force());
        let lists = kept.map(|file| {
            let number = folios::paper_of_measure(&self.case, file.measure.id).unwrap_or_default();
            let list = match file.measure.kind {
                MeasureKind::Preservation => "先行登记保存证据清单",
                MeasureKind::Sealing => "查封清单",
                MeasureKind::Seizure => "扣押清单",
            };
            let things = self.text(file.measure.goods);
            let things =
                things.lines().filter_map(super::folios::item).map(|thing| thing.name + &thing.amount);
            format!("{number}《{list}》所列物品：{}", things.collect::<Vec<_>>().join("、"))
        });
        lists.collect::<Vec<_>>().join("；")
    }

    /// A text.
    pub(super) fn text(&self, part: PartRef) -> String {
        self.texts.get(&part.digest).cloned().unwrap_or_default()
    }
}

/// The last day of a term that ends at this instant: midnight belongs to the day before.
pub(super) fn last_day(due: Timestamp) -> Date {
    super::day(due - jiff::SignedDuration::from_secs(1))
}

impl App {
    /// Opens a case for printing. Nobody sees it who may not see its parties.
    pub(super) async fn book(&self, who: &Caller, id: DocketId) -> Result<Book, Refusal> {
        self.row_for(who, id).await?;
        let rows = self.inner.store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        let mut book = Book::of(id, rows)?;
        self.may_see_party(who, &book.case)?;
        book.texts = self.texts_of(&project::readable(&book.rows)).await?;
        let digests: Vec<Digest> = book.sealed().collect();
        let parts = self.inner.store.journal.parts(&digests).await.map_err(|e| unavailable(&e))?;
        let open = |row: &crate::ports::PartRow| Some((row.digest, self.inner.shared.keys().open(row)?));
        let sealed: HashMap<Digest, String> = parts.iter().filter_map(open).collect();
        Ok(book.opened(&sealed))
    }
}

#[cfg(test)]
mod tests {
    use super::with_codes;
    use lianzhi_procedure::penalty::Event;
    use serde_json::json;

    #[test]
    fn a_decision_is_written_with_the_codes_that_came_with_its_signature() {
        let at = "2026-11-23T01:00:00Z";
        let event = |json| serde_json::from_value::<Event>(json).expect("an event");
        let signed =
            || event(json!({ "type": "approved", "id": 1, "agreed": true, "by": "leader", "at": at }));
        let code = |party: u16| {
            event(json!({ "type": "pay_code_set", "party": party, "code": "31", "by": "leader", "at": at }))
        };
        let events = [signed(), code(1), code(2), signed(), code(1)];
        assert_eq!(with_codes(&events, 0), 2);
        assert_eq!(with_codes(&events, 3), 4);
        assert_eq!(with_codes(&events[..1], 0), 0);
    }
}
