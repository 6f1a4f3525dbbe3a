//! What is written on paper, what comes back signed, and to whom it was handed.

use crate::penalty::event::Event;
use crate::penalty::folios::{Drawn, Folio};
use crate::penalty::matters::Issue;
use crate::penalty::state::Case;

pub(super) fn of_folio(case: &mut Case, event: &Event) {
    match event {
        Event::Issued { paper, party, exhibits, note, .. } => {
            case.texts.extend(*note);
            case.took(exhibits);
            if let Some(file) = case.papers.iter_mut().find(|p| p.paper.id == *paper) {
                let (exhibits, served) = (exhibits.clone(), Vec::new());
                file.issued.push(Issue { party: *party, exhibits, note: *note, served });
            }
        }
        Event::Served { paper, party, service, .. } => {
            case.took(&service.proof);
            if let Some(file) = case.papers.iter_mut().find(|p| p.paper.id == *paper) {
                let own = |issue: &&mut Issue| issue.party.is_none_or(|p| p == *party);
                if let Some(issue) = file.issued.iter_mut().rfind(own) {
                    issue.served.push(*party);
                }
                file.service.insert(*party, service.clone());
            }
        }
        Event::Sampled { paper, by, at, .. } => case.file(paper, by, *at),
        Event::FolioFilled { folio, details, note, at, .. } => {
            case.texts.extend(*note);
            let file = case.folios.entry(*folio).or_default();
            (file.details, file.at) = (Some(*details), Some(*at));
            // What they signed does not stand there any more.
            if note.is_some() {
                file.drawn.clear();
            }
        }
        Event::FolioSigned { folio, exhibits, at, .. } => {
            case.took(exhibits);
            let file = case.folios.entry(*folio).or_default();
            file.scans.extend(exhibits.iter().cloned());
            file.at = Some(*at);
        }
        Event::FolioDrawn { folio, signer, exhibit, kept, at, .. } => {
            case.took(std::slice::from_ref(exhibit));
            case.took(kept.as_slice());
            let party = folio.party().unwrap_or(1);
            let file = case.folios.entry(*folio).or_default();
            file.drawn.retain(|d| d.signer != *signer);
            file.drawn.push(Drawn { signer: *signer, exhibit: exhibit.clone(), at: *at });
            file.kept.extend(kept.iter().map(|exhibit| (party, exhibit.clone())));
            file.at = Some(*at);
        }
        Event::PaperKept { paper, party, exhibit, .. } => {
            case.took(std::slice::from_ref(exhibit));
            case.folios.entry(Folio::Paper(*paper)).or_default().kept.push((*party, exhibit.clone()));
        }
        Event::FolioKept { folio, party, exhibit, .. } => {
            case.took(std::slice::from_ref(exhibit));
            case.folios.entry(*folio).or_default().kept.push((*party, exhibit.clone()));
        }
        Event::Sealed { paper, party, exhibit, .. } => {
            case.took(std::slice::from_ref(exhibit));
            case.folios.entry(Folio::Paper(*paper)).or_default().sealed.push((*party, exhibit.clone()));
        }
        _ => {}
    }
}
