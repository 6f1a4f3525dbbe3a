//! Papers of cases come back signed and stamped: from then on the scan is the original (行政处罚法 47, 59).

use super::act::Doing;
use crate::ledger::NewFile;
use jiff::Timestamp;
use lianzhi_docket::exhibit_digest;
use lianzhi_procedure::penalty::{Folio, PaperFile, PaperKind, folios};
use lianzhi_procedure::{ExhibitRef, Kind, LookUps, Refusal};
use serde_json::json;

const PDF: &str = "application/pdf";

/// A copy that is still to be signed and stamped: the paper, to whom it goes, and whether others have copies of their own.
struct Copy {
    paper: u16,
    number: String,
    party: u16,
    several: bool,
}

impl Doing {
    /// Takes in the signed text of what a step made, each copy of it.
    pub(super) fn case_issued(&mut self, now: Timestamp, n: usize) {
        if self.cases[n].theme.unsigned {
            return;
        }
        for copy in self.to_issue(n) {
            match self.issue(now, n, &copy) {
                Ok(()) => self.counts.commands += 1,
                Err(refusal) => {
                    let title = self.cases[n].theme.title;
                    tracing::debug!(case = title, paper = copy.number, %refusal, "a paper was not signed");
                    self.refused(&refusal);
                }
            }
        }
    }

    fn to_issue(&self, n: usize) -> Vec<Copy> {
        let Ok(case) = self.case(n) else { return Vec::new() };
        // A sample is handed over with its record.
        let leaves = |file: &&PaperFile| {
            file.voided.is_none() && file.paper.kind.outward() && file.paper.kind != PaperKind::Sampling
        };
        let copies = case.papers.iter().filter(leaves).flat_map(|file| {
            let open = |party: &u16| file.scan_for(*party).is_none() && !file.service.contains_key(party);
            let to = folios::addressees(case, Folio::Paper(file.paper.id)).into_iter().filter(open);
            to.map(|party| Copy {
                paper: file.paper.id,
                number: file.paper.number.clone(),
                party,
                several: file.paper.parties.len() > 1,
            })
        });
        copies.collect()
    }

    fn issue(&mut self, now: Timestamp, n: usize, copy: &Copy) -> Result<(), Refusal> {
        let plot = &self.cases[n];
        let missing = || Refusal::missing("没有这个案件。");
        let id = plot.docket.ok_or_else(missing)?;
        let docket = self.ledger.dockets.get(&id).ok_or_else(missing)?;
        let rows = self.ledger.cases.get(&id).cloned().unwrap_or_default();
        let of = (copy.paper, copy.party);
        let bytes = self.giver.stamped_paper((id, rows), &docket.texts, of, &self.photos.seal)?;
        let (digest, size) = (exhibit_digest(&bytes), bytes.len() as u64);
        let exhibits = vec![ExhibitRef { digest, size, media: PDF.into() }];
        let command = Kind::Penalty.command(json!({
            "command": "issue", "paper": copy.paper, "party": copy.several.then_some(copy.party),
            "exhibits": [digest],
        }))?;
        let (actor, look_ups) = (plot.lead.actor.clone(), LookUps { exhibits, ..LookUps::default() });
        self.ledger.give(Some(id), &actor, command, look_ups, now.as_microsecond())?;
        let name = format!("{}.pdf", copy.number);
        self.ledger.files.push(NewFile { digest, name, media: PDF, bytes, at: now });
        Ok(())
    }
}
