//! What entries refer to: parts and exhibits.

use super::{Expect, Finding, Report, Source, StoredPart};
use crate::entry::{Entry, exhibit_digest_of, part_digest};
use lianzhi_ids::{Digest, DocketId};
use std::collections::{HashMap, HashSet};

/// Parts that are asked for at once: bounds how much content is in memory.
const PARTS_AT_ONCE: usize = 200;

/// That an entry refers to a part or an exhibit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference {
    pub position: u64,
    pub docket: DocketId,
    pub digest: Digest,
    pub is_exhibit: bool,
}

/// All references of an entry.
pub(crate) fn references(position: u64, entry: &Entry) -> impl Iterator<Item = Reference> {
    let docket = entry.docket;
    let of = move |digest: &Digest, is_exhibit| Reference { position, docket, digest: *digest, is_exhibit };
    let parts = entry.parts.iter().map(move |digest| of(digest, false));
    parts.chain(entry.exhibits.iter().map(move |digest| of(digest, true)))
}

/// Whether the part is what its digest says.
fn check_part(part: &StoredPart, content: &[u8]) -> bool {
    part_digest(&part.salt, &part.kind, content) == part.digest
}

#[derive(Debug, Default)]
pub(crate) struct References {
    batch: Vec<Reference>,
    erasures: Vec<(u64, Digest)>,
    /// Not there, and not (yet) recorded as erased.
    awaiting: HashMap<Digest, Reference>,
    erased: HashSet<Digest>,
    exhibits: HashSet<Digest>,
}

impl References {
    pub fn take(&mut self, position: u64, entry: &Entry, expect: &Expect) {
        self.batch.extend(references(position, entry));
        let erased = (expect.erased)(entry.event.get());
        self.erasures.extend(erased.into_iter().map(|digest| (position, digest)));
    }

    /// Checks what the entries since the last call refer to.
    pub fn check<S: Source>(
        &mut self,
        source: &mut S,
        expect: &Expect,
        report: &mut Report,
    ) -> Result<(), S::Error> {
        let batch = std::mem::take(&mut self.batch);
        let parts: Vec<&Reference> = batch.iter().filter(|r| !r.is_exhibit).collect();
        for asked in parts.chunks(PARTS_AT_ONCE) {
            self.parts(source, asked, report)?;
        }
        for exhibit in batch.iter().filter(|r| r.is_exhibit && expect.exhibits) {
            self.exhibit(source, exhibit, report)?;
        }
        let erasures = std::mem::take(&mut self.erasures);
        for asked in erasures.chunks(PARTS_AT_ONCE) {
            let digests: Vec<Digest> = asked.iter().map(|(_, digest)| *digest).collect();
            let present: HashSet<Digest> = source
                .parts(&digests)?
                .into_iter()
                .filter(|p| p.content.is_some() || p.sealed)
                .map(|p| p.digest)
                .collect();
            for (position, digest) in asked {
                self.erased.insert(*digest);
                if present.contains(digest) {
                    report.find(Finding::NotErased { position: *position, digest: *digest });
                }
            }
        }
        Ok(())
    }

    fn parts<S: Source>(
        &mut self,
        source: &mut S,
        asked: &[&Reference],
        report: &mut Report,
    ) -> Result<(), S::Error> {
        let digests: Vec<Digest> = asked.iter().map(|r| r.digest).collect();
        let found: HashMap<Digest, StoredPart> =
            source.parts(&digests)?.into_iter().map(|part| (part.digest, part)).collect();
        for Reference { position, docket, digest, .. } in asked.iter().copied().copied() {
            match found.get(&digest).map(|part| (part, &part.content)) {
                Some((part, Some(content))) if check_part(part, content) => report.parts += 1,
                Some((_, Some(_))) => report.find(Finding::PartChanged { position, docket, digest }),
                Some((part, None)) if part.sealed => report.sealed += 1,
                Some((_, None)) | None => {
                    let reference = Reference { position, docket, digest, is_exhibit: false };
                    self.awaiting.entry(digest).or_insert(reference);
                }
            }
        }
        Ok(())
    }

    fn exhibit<S: Source>(
        &mut self,
        source: &mut S,
        reference: &Reference,
        report: &mut Report,
    ) -> Result<(), S::Error> {
        let Reference { position, docket, digest, .. } = *reference;
        if !self.exhibits.insert(digest) {
            return Ok(());
        }
        match source.exhibit(&digest)?.map(exhibit_digest_of) {
            Some(Ok((found, _))) if found == digest => report.exhibits += 1,
            Some(Ok(_)) => report.find(Finding::ExhibitChanged { position, docket, digest }),
            Some(Err(_)) => report.find(Finding::ExhibitMissing { position, docket, digest }),
            None => {
                self.awaiting.entry(digest).or_insert(*reference);
            }
        }
        Ok(())
    }

    /// What is not there must have been erased by the record.
    pub fn finish(self, report: &mut Report) {
        let mut awaiting: Vec<Reference> = self.awaiting.into_values().collect();
        awaiting.sort_by_key(|r| (r.position, r.digest));
        for Reference { position, docket, digest, is_exhibit } in awaiting {
            match (self.erased.contains(&digest), is_exhibit) {
                (true, _) => report.erased += 1,
                (false, true) => report.find(Finding::ExhibitMissing { position, docket, digest }),
                (false, false) => report.find(Finding::PartMissing { position, docket, digest }),
            }
        }
    }
}
