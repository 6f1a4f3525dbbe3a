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
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::cooperation::{File, Verdict, file_of};
use lianzhi_procedure::penalty::{Case, Recognised};
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

/// Where in the log it stands that a file of another member came into custody.
fn arrived_at(entries: &[EntryRow], digest: &Digest) -> Option<i64> {
    let is = |row: &&EntryRow| {
        let Ok(entry) = Entry::parse(&row.bytes) else { return false };
        let event = entry.event.get();
        event.contains(r#""type":"arrived""#) && event.contains(&digest.to_string())
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
                let (told, digest) = (received.provenance(file), received.exhibit.digest);
                let verdict = file.held(&digest);
                all.push(ReceivedView {
                    name: received.name(file),
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
            file.map(|file| file.recognised(*docket, |node| directory.member_name(node))).unwrap_or_default()
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
        let record = format!("收件记录（本机关存证第 {pos} 号）");
        let proving = match self.checkpoint().await {
            Some(newest) => Some(self.proving(pos + 1, newest).await.map_err(|e| unavailable(&e))?),
            None => None,
        };
        let Some((_, witnesses)) = proving.filter(|(row, _)| row.size > pos) else {
            return Ok(format!("{record}还没有签出检查点"));
        };
        let Some(first) = witnesses.iter().map(|w| w.at).min() else {
            return Ok(format!("{record}已签出检查点，还没有其他成员见证"));
        };
        let names: Vec<&str> = witnesses.iter().map(|w| w.name.as_str()).collect();
        Ok(format!("{record}由{}见证（{}）", names.join("、"), crate::record::minute(first)))
    }
}
