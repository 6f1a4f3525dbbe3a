//! Where a test keeps its store: a folder, or a fresh schema of PostgreSQL.
//!
//! PostgreSQL is found at `LIANZHI_TEST_POSTGRES`, at the local socket or on 127.0.0.1. Where there is none the test
//! fails: an engine that was not tested is not supported.

use crate::python::Storage;
use futures::FutureExt;
use lianzhi_app::ports::Store;
use lianzhi_store::{Bucket, Options};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// An empty place for a store. Opened again, it is the same store.
#[derive(Debug)]
pub struct Place {
    /// Folder of exhibits, the log's files and (on SQLite) the database.
    pub dir: TempDir,
    /// Address of the database.
    pub url: String,
    schema: Option<(String, String)>,
    storage: Option<Storage>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Place {
    /// A folder with an SQLite file.
    #[must_use]
    pub fn sqlite() -> Place {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("node.db").display());
        Place { dir, url, schema: None, storage: None }
    }

    /// A copy of an SQLite place as it stands now: a backup.
    pub async fn copy(&self) -> Place {
        let copy = Place::sqlite();
        self.meddle(&format!("VACUUM INTO '{}'", copy.dir.path().join("node.db").display())).await;
        let mut folders = vec![(self.dir.path().join("blobs"), copy.dir.path().join("blobs"))];
        while let Some((from, to)) = folders.pop() {
            std::fs::create_dir_all(&to).unwrap();
            for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
                let beside = to.join(file.file_name());
                if file.path().is_dir() {
                    folders.push((file.path(), beside));
                } else {
                    std::fs::copy(file.path(), beside).unwrap();
                }
            }
        }
        copy
    }

    /// A schema of its own.
    pub async fn postgres() -> Place {
        let (base, mut admin) = admin().await;
        let schema = format!("k{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        execute(&mut admin, format!("CREATE SCHEMA {schema}")).await;
        let sign = if base.contains('?') { '&' } else { '?' };
        let url = format!("{base}{sign}options=-csearch_path%3D{schema}");
        Place { dir: tempfile::tempdir().unwrap(), url, schema: Some((base, schema)), storage: None }
    }

    /// The same database, with exhibits in a bucket. `home`: where the storage's program is kept between runs.
    #[must_use]
    pub fn with_bucket(self, home: &Path) -> Place {
        Place { storage: Some(Storage::start(home)), ..self }
    }

    /// What to open.
    #[must_use]
    pub fn options(&self) -> Options {
        let bucket = self.storage.as_ref().map(|storage| Bucket {
            name: "lianzhi".into(),
            endpoint: Some(storage.url.clone()),
            region: None,
            prefix: Some("node".into()),
            virtual_hosted: false,
            access: Some(("key".into(), "secret".into())),
        });
        Options { bucket, ..Options::new(&self.url, self.dir.path().join("blobs")) }
    }

    /// Opens the store.
    pub async fn store(&self) -> Store {
        lianzhi_store::open(self.options()).await.unwrap()
    }

    /// Runs a statement beside the store; says how many rows it changed.
    pub async fn meddle(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.schema.is_none() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap().rows_affected()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap().rows_affected()
        }
    }

    /// Every text and every byte string that the database holds, one after the other, read beside the store: what
    /// somebody with the disk in his hands could search.
    pub async fn everything_stored(&self) -> Vec<Vec<u8>> {
        if self.schema.is_none() {
            // Deleted rows count too, so the files are read as they lie there.
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            // The store's own housekeeping may be at it; the log beside the database must be empty before it is read.
            loop {
                let row =
                    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut connection).await.unwrap();
                if row.get::<i64, _>(0) == 0 {
                    break;
                }
            }
            let mut found = Vec::new();
            for file in std::fs::read_dir(self.dir.path()).unwrap() {
                let path = file.unwrap().path();
                if path.is_file() {
                    found.push(std::fs::read(path).unwrap());
                }
            }
            return found;
        }
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let tables = sqlx::query("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let mut found = Vec::new();
        for table in tables {
            let table: String = table.get(0);
            let rows = sqlx::query(AssertSqlSafe(format!("SELECT row_to_json(t)::text FROM {table} t")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            found.extend(rows.iter().map(|row| row.get::<String, _>(0).into_bytes()));
        }
        found
    }
}

async fn execute(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

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
        execute(&mut admin, format!("DROP SCHEMA {schema} CASCADE")).await;
    }
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
