//! Evidence of other members where it is used: beside the own files of a report or a penalty case, with where it comes from
//! and what proves it.

use super::view::member;
use crate::App;
use crate::ports::{EntryRow, Filter, Order};
use crate::project::{Live, tagged};
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use jiff::Timestamp;
use lianzhi_docket::Entry;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use lianzhi_procedure::cooperation::{Act, File, Provenance, Received, Verdict, file_of};
use lianzhi_procedure::penalty::{Case, Origin, Recognised};
use lianzhi_procedure::{Refusal, Tag};
use serde::Serialize;
use std::collections::BTreeSet;

/// Shared matters of one local matter that are looked at: the newest ones.
const TIED_MAX: i64 = 50;
/// From a case over its report and lead to the assistance by which something was verified on site.
const STEPS_MAX: usize = 3;

/// A file that another member sent in a matter of this one.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ReceivedView {
    /// Its digest.
    pub digest: Digest,
    /// What it is.
    pub name: String,
    /// Media type.
    pub media: String,
    /// Bytes.
    pub size: u64,
    /// From which node.
    pub node: String,
    /// Its name.
    pub from: String,
    /// Who took it, with certificates.
    pub takers: Vec<String>,
    /// When it was taken.
    pub taken_at: Option<Timestamp>,
    /// The matter there from which it comes.
    pub source: String,
    /// When it came here and its bytes were found to be those that were named.
    pub arrived: Option<Timestamp>,
    /// What is held of it.
    pub verdict: Option<&'static str>,
    /// Code of that.
    pub verdict_code: Option<&'static str>,
    /// Who witnessed the record of its arrival, in words.
    pub witnessed: String,
    /// The shared matter here.
    #[schemars(with = "i64")]
    pub docket: DocketId,
    /// Its number.
    pub number: String,
}

/// What the member that sent a file said of it.
fn provenance<'a>(file: &'a File, received: &Received) -> Option<&'a Provenance> {
    file.acts(&received.from).flat_map(Act::exhibits).find(|p| p.exhibit.digest == received.exhibit.digest)
}

fn name(provenance: Option<&Provenance>) -> String {
    let name = provenance.map(|p| p.name.trim()).filter(|name| !name.is_empty());
    name.unwrap_or("证据材料").to_owned()
}

fn verdict(file: &File, exhibit: &Digest) -> Option<Verdict> {
    match file.verdict(exhibit)? {
        (_, Act::Judged { verdict, .. }) => Some(*verdict),
        _ => None,
    }
}

/// Evidence of a shared matter that this member recognised and has.
fn recognised(docket: DocketId, file: &File, from: impl Fn(&NodeCode) -> String) -> Vec<Recognised> {
    let judged = |received: &Received| {
        let digest = received.exhibit.digest;
        received.arrived?;
        let said = file.said.get(file.me())?.iter().rev().find_map(|said| match &said.act {
            Act::Judged { exhibit, verdict, proof, .. } if *exhibit == digest => {
                (*verdict == Verdict::Recognised).then_some((said.here, proof.clone()))
            }
            _ => None,
        });
        // What is held last is what counts.
        let (recognised, proof) = said.filter(|_| verdict(file, &digest) == Some(Verdict::Recognised))?;
        let told = provenance(file, received);
        let origin = Origin {
            from: from(&received.from),
            matter: file.opening.number.clone(),
            docket,
            name: name(told),
            takers: told.map(|p| p.takers.clone()).unwrap_or_default(),
            taken_at: told.and_then(|p| p.taken_at),
            source: told.map(|p| p.matter.clone()).unwrap_or_default(),
            recognised,
            proof,
        };
        Some(Recognised { exhibit: received.exhibit.clone(), origin })
    };
    file.received.values().filter_map(judged).collect()
}

/// Where in the log it stands that a file of another member came into custody.
fn arrived_at(entries: &[EntryRow], digest: &Digest) -> Option<i64> {
    let is = |row: &&EntryRow| {
        let Ok(entry) = Entry::parse(&row.bytes) else { return false };
        entry.exhibits.contains(digest) && entry.event.get().contains(r#""type":"arrived""#)
    };
    entries.iter().find(is).map(|row| row.pos)
}

impl App {
    /// Shared matters that came from or became this one.
    async fn linked_to(&self, id: DocketId) -> Result<Vec<(DocketId, Live)>, Refusal> {
        let secret = vec![tagged(self.inner.shared.keys(), &Tag::Origin(id))];
        let filter = Filter { kind: None, secret, ..filter_of_kind("") };
        let page = self.inner.store.queries.list(&filter, Order::Newest, None, TIED_MAX).await;
        let rows = page.map_err(|e| unavailable(&e))?.rows;
        let shared = rows.iter().filter(|row| Form::from_code(&row.kind).is_some());
        let ids: Vec<_> = shared.map(|row| row.id).collect();
        self.shared_of(&ids, |file| file.link == Some(id)).await
    }

    async fn shared_of(
        &self,
        ids: &[DocketId],
        is: impl Fn(&File) -> bool,
    ) -> Result<Vec<(DocketId, Live)>, Refusal> {
        let lives = self.inner.shared.lives(&self.inner.store, ids).await.map_err(|e| unavailable(&e))?;
        let mut found: Vec<_> =
            lives.into_iter().filter(|(_, live)| file_of(&live.state).is_some_and(&is)).collect();
        found.sort_by_key(|(id, _)| *id);
        Ok(found)
    }

    /// Shared matters that a local one is tied to: those linked to it or to where it came from, where it came from itself, and
    /// what was asked about those.
    pub(crate) async fn tied(
        &self,
        id: DocketId,
        origin: Option<DocketId>,
    ) -> Result<Vec<(DocketId, Live)>, Refusal> {
        if self.directory().exchange_roster().is_none() {
            return Ok(Vec::new());
        }
        let mut seen: BTreeSet<DocketId> = [id].into_iter().chain(origin).collect();
        let from: Vec<_> = origin.into_iter().collect();
        let mut found = self.shared_of(&from, |_| true).await?;
        let mut next: Vec<DocketId> = seen.iter().copied().collect();
        for _ in 0..STEPS_MAX {
            let mut more = Vec::new();
            for id in std::mem::take(&mut next) {
                for (tied, live) in self.linked_to(id).await? {
                    if seen.insert(tied) {
                        more.push(tied);
                        found.push((tied, live));
                    }
                }
            }
            next = more;
        }
        Ok(found)
    }

    /// Files of other members in the matters of this one.
    pub(crate) async fn received_views(
        &self,
        id: DocketId,
        origin: Option<DocketId>,
    ) -> Result<Vec<ReceivedView>, Refusal> {
        let directory = self.directory();
        let mut all = Vec::new();
        for (docket, live) in self.tied(id, origin).await? {
            let Some(file) = file_of(&live.state).filter(|file| !file.received.is_empty()) else { continue };
            let entries = self.inner.store.journal.docket(docket).await.map_err(|e| unavailable(&e))?;
            for received in file.received.values() {
                let (told, digest) = (provenance(file, received), received.exhibit.digest);
                let verdict = verdict(file, &digest);
                all.push(ReceivedView {
                    name: name(told),
                    media: received.exhibit.media.clone(),
                    size: received.exhibit.size,
                    node: received.from.to_string(),
                    from: member(&directory, &received.from),
                    takers: told.into_iter().flat_map(|p| &p.takers).map(ToString::to_string).collect(),
                    taken_at: told.and_then(|p| p.taken_at),
                    source: told.map(|p| p.matter.clone()).unwrap_or_default(),
                    arrived: received.arrived,
                    verdict: verdict.map(Verdict::title),
                    verdict_code: verdict.map(Verdict::code),
                    witnessed: self.witnessed_arrival(&entries, &digest).await?,
                    docket,
                    number: file.opening.number.clone(),
                    digest,
                });
            }
        }
        Ok(all)
    }

    /// Evidence that may be taken into a case: recognised in a matter of it.
    pub(crate) async fn recognised_for(&self, id: DocketId, case: &Case) -> Result<Vec<Recognised>, Refusal> {
        let directory = self.directory();
        let tied = self.tied(id, case.origin).await?;
        let of = |(docket, live): &(DocketId, Live)| {
            let file = file_of(&live.state);
            file.map(|file| recognised(*docket, file, |node| directory.member_name(node))).unwrap_or_default()
        };
        Ok(tied.iter().flat_map(of).collect())
    }

    /// Who witnessed that a file came here, in words; empty while it has not come.
    pub(crate) async fn witnessed_arrival(
        &self,
        entries: &[EntryRow],
        digest: &Digest,
    ) -> Result<String, Refusal> {
        let Some(pos) = arrived_at(entries, digest) else { return Ok(String::new()) };
        let Some(newest) = self.checkpoint().await else {
            return Ok("收件记录还没有签出检查点".into());
        };
        let (row, witnesses) = self.proving(pos + 1, newest).await.map_err(|e| unavailable(&e))?;
        if row.size <= pos {
            return Ok("收件记录还没有签出检查点".into());
        }
        let Some(first) = witnesses.iter().map(|w| w.at).min() else {
            return Ok("收件记录已签出检查点，还没有其他成员见证".into());
        };
        let names: Vec<&str> = witnesses.iter().map(|w| w.name.as_str()).collect();
        Ok(format!("收件记录由{}见证（{}）", names.join("、"), crate::record::minute(first)))
    }
}
