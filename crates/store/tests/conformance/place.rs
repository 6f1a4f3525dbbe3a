//! Rows to put into a store.

use lianzhi_app::ports::{Batch, EntryRow, Filter, Head, MatterRow, Sight, Store};
use lianzhi_ids::{Digest, DocketId};

pub use lianzhi_testkit::Place;

pub fn digest(n: u64) -> Digest {
    let mut out = [0x5a; 32];
    out[..8].copy_from_slice(&n.to_be_bytes());
    Digest(out)
}

/// A filter that lets everything through.
pub fn everything() -> Filter {
    Filter {
        sight: Sight::All,
        kind: None,
        stages: vec![],
        category: None,
        units: vec![],
        assignee: None,
        source: None,
        open: None,
        overdue: None,
        ids: vec![],
        bbox: None,
        cells: vec![],
        placed: None,
        q: None,
        secret: vec![],
        updated_since: None,
        reported_from: None,
        reported_to: None,
        outcome: lianzhi_app::ports::Outcome::default(),
        now: 0,
    }
}

pub fn entry(pos: i64, docket: i64, seq: i32) -> EntryRow {
    EntryRow {
        pos,
        docket: DocketId(docket),
        seq,
        at: 1_000_000 + pos,
        bytes: format!("{{\"pos\":{pos}}}\u{0}\u{feff}占").into_bytes(),
        salt: [pos as u8; 16],
        digest: digest(pos as u64 * 2),
        leaf: digest(pos as u64 * 2 + 1),
    }
}

pub fn matter(id: i64) -> MatterRow {
    MatterRow {
        id: DocketId(id),
        kind: "report".into(),
        number: format!("N{id}"),
        seq: 1,
        pos: id,
        stage: "assigned".into(),
        open: true,
        source: "citizen".into(),
        ..MatterRow::default()
    }
}

/// A batch of `n` dockets with one entry and one matter each.
pub fn batch(on: &Head, n: i64) -> Batch {
    let mut out = Batch { on: on.clone(), head: on.clone(), ..Batch::default() };
    for i in 0..n {
        let (id, pos) = (on.next_docket + i, on.size + i);
        out.entries.push(entry(pos, id, 0));
        out.matters.push(MatterRow { pos: pos + 1, ..matter(id) });
    }
    out.head.size += n;
    out.head.next_docket += n;
    out.head.last_at = out.entries.last().map_or(on.last_at, |e| e.at);
    out
}

/// Commits matters as they are, with an entry each so that the batch continues the log.
pub async fn commit_matters(store: &Store, matters: Vec<MatterRow>) -> Batch {
    let on = store.journal.head().await.unwrap();
    let mut batch = batch(&on, matters.len() as i64);
    for (entry, matter) in batch.entries.iter_mut().zip(&matters) {
        entry.docket = matter.id;
    }
    batch.head.next_docket = matters.iter().map(|m| m.id.0 + 1).max().unwrap_or(1).max(on.next_docket);
    batch.matters = matters;
    store.journal.commit(&batch).await.unwrap();
    batch
}
