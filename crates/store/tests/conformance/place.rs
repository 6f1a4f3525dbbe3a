//! Where a test keeps its store, and rows to put there.

use futures::FutureExt;
use lianzhi_app::ports::{Batch, EntryRow, Filter, Head, MatterRow, Sight, Store};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_store::Options;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// An empty place for a store.
pub struct Place {
    pub dir: TempDir,
    pub url: String,
    schema: Option<(String, String)>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Place {
    pub fn sqlite() -> Place {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("test.db").display());
        Place { dir, url, schema: None }
    }

    pub async fn postgres() -> Place {
        let (base, mut admin) = admin().await;
        let schema = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&mut admin).await.unwrap();
        let sign = if base.contains('?') { '&' } else { '?' };
        let url = format!("{base}{sign}options=-csearch_path%3D{schema}");
        Place { dir: tempfile::tempdir().unwrap(), url, schema: Some((base, schema)) }
    }

    pub fn options(&self) -> Options {
        Options::new(&self.url, self.dir.path().join("blobs"))
    }

    pub async fn open(&self) -> Store {
        lianzhi_store::open(self.options()).await.unwrap()
    }

    /// Runs a statement beside the store.
    pub async fn meddle(&self, sql: &str) -> u64 {
        if self.url.starts_with("sqlite") {
            let mut c = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut c).await.unwrap().rows_affected()
        } else {
            let mut c = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut c).await.unwrap().rows_affected()
        }
    }
}

/// A connection to the PostgreSQL of the tests, and its address.
async fn admin() -> (String, PgConnection) {
    let tried = match std::env::var("LIANZHI_TEST_POSTGRES") {
        Ok(url) => vec![url],
        Err(_) => vec![
            "postgres://root@localhost/test?host=/var/run/postgresql".to_owned(),
            "postgres://postgres@127.0.0.1:5432/test".to_owned(),
        ],
    };
    let mut last = None;
    for url in tried {
        match PgConnection::connect(&url).await {
            Ok(connection) => return (url, connection),
            Err(error) => last = Some(error),
        }
    }
    panic!("no PostgreSQL to test on: {last:?}; name one in LIANZHI_TEST_POSTGRES");
}

/// Runs a test in its place and clears the place, whatever comes of it.
pub async fn run(place: Place, test: impl AsyncFnOnce(&Place)) {
    let outcome = AssertUnwindSafe(test(&place)).catch_unwind().await;
    if let Some((base, schema)) = &place.schema {
        let mut admin = PgConnection::connect(base).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE")))
            .execute(&mut admin)
            .await
            .unwrap();
    }
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

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
        bbox: None,
        cells: vec![],
        q: None,
        secret: vec![],
        updated_since: None,
        reported_from: None,
        reported_to: None,
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
