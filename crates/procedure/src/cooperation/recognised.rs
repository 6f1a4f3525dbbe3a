//! Evidence of other members that was recognised here, with where it comes from.

use super::act::{Act, Provenance, Verdict};
use super::state::{File, Received};
use crate::penalty::{Origin, Recognised};
use lianzhi_ids::{Digest, DocketId, NodeCode};

/// What a file is called of which its member says nothing.
const UNNAMED: &str = "证据材料";

impl Received {
    /// What the member that sent it said of it.
    #[must_use]
    pub fn provenance<'a>(&self, file: &'a File) -> Option<&'a Provenance> {
        file.acts(&self.from).flat_map(Act::exhibits).find(|p| p.exhibit.digest == self.exhibit.digest)
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self, file: &File) -> String {
        let name = self.provenance(file).map(|p| p.name.trim()).filter(|name| !name.is_empty());
        name.unwrap_or(UNNAMED).to_owned()
    }
}

impl File {
    /// What is held of a file, by its last verdict.
    #[must_use]
    pub fn held(&self, exhibit: &Digest) -> Option<Verdict> {
        match self.verdict(exhibit)? {
            (_, Act::Judged { verdict, .. }) => Some(*verdict),
            _ => None,
        }
    }

    /// Evidence that this member recognised and has, for the cases that it belongs to: `docket` is the matter here, `name` says
    /// what a member is called.
    #[must_use]
    pub fn recognised(&self, docket: DocketId, name: impl Fn(&NodeCode) -> String) -> Vec<Recognised> {
        let one = |received: &Received| {
            let digest = received.exhibit.digest;
            received.arrived?;
            let said = self.said.get(self.me())?.iter().rev().find_map(|said| match &said.act {
                Act::Judged { exhibit, verdict, proof, .. } if *exhibit == digest => {
                    (*verdict == Verdict::Recognised).then_some((said.here, proof.clone()))
                }
                _ => None,
            });
            // What is held last is what counts.
            let (recognised, proof) = said.filter(|_| self.held(&digest) == Some(Verdict::Recognised))?;
            let told = received.provenance(self);
            let origin = Origin {
                from: name(&received.from),
                matter: self.opening.number.clone(),
                docket,
                name: received.name(self),
                takers: told.map(|p| p.takers.clone()).unwrap_or_default(),
                taken_at: told.and_then(|p| p.taken_at),
                source: told.map(|p| p.matter.clone()).unwrap_or_default(),
                recognised,
                proof,
            };
            Some(Recognised { exhibit: received.exhibit.clone(), origin })
        };
        self.received.values().filter_map(one).collect()
    }
}
