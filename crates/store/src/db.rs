//! Opening a database: pools, pragmas, migrations and the upkeep that runs beside the work.

use crate::dialect::{Engine, understand};
use crate::engine::{Conn, Link, Tx, values};
use crate::table::Texts;
use async_trait::async_trait;
use lianzhi_app::ports::{Lease, StoreError};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, SqlSafeStr, SqlitePool};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Readers of one SQLite file at a time; each has a page cache of its own.
const SQLITE_READERS: u32 = 6;
/// Bytes of a page of a new SQLite file.
const SQLITE_PAGE: u32 = 8192;
/// Page cache of the SQLite writer, KiB. It holds the upper levels and the growing edges of all indexes.
const SQLITE_WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Page cache of each SQLite reader, KiB.
const SQLITE_READER_CACHE_KIB: i64 = 8 * 1024;
/// Connections for reading on PostgreSQL.
const POSTGRES_READERS: u32 = 12;
/// Connections for writing on PostgreSQL: the sequencer, and accounts and uploads beside it.
const POSTGRES_WRITERS: u32 = 4;
/// How long to wait for a lock or a connection before giving up.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a checkpoint that empties the write-ahead log may wait for readers: writers wait as long for it.
const IN_THE_WAY: Duration = Duration::from_millis(100);
/// When it then comes again.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// How often the write-ahead log of SQLite is brought into the database.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(500);
/// A write-ahead log of more frames (64 MiB) is begun anew even if the writer has to wait for it.
const WAL_TOO_LONG: i64 = (64 << 20) / SQLITE_PAGE as i64;

/// Advisory lock on PostgreSQL that commits share and a replica in its turn has alone; any constant number names it.
const TURN_LOCK: i64 = 7_308_895_160;

/// Advisory lock on PostgreSQL that the replica has which carries messages out; any constant number names it.
const LEAD_LOCK: i32 = 730_889_516;

/// Migrations in order; never changed once released, only added to.
const MIGRATIONS: [(&str, &str); 13] = [
    ("journal", include_str!("../migrations/0001_journal.sql")),
    ("projections", include_str!("../migrations/0002_projections.sql")),
    ("accounts", include_str!("../migrations/0003_accounts.sql")),
    ("views", include_str!("../migrations/0004_views.sql")),
    ("outcomes", include_str!("../migrations/0005_outcomes.sql")),
    ("tiles", include_str!("../migrations/0006_tiles.sql")),
    ("exchange", include_str!("../migrations/0007_exchange.sql")),
    ("oversight", include_str!("../migrations/0008_oversight.sql")),
    ("books", include_str!("../migrations/0009_books.sql")),
    ("case_lines", include_str!("../migrations/0010_case_lines.sql")),
    ("numbers", include_str!("../migrations/0011_numbers.sql")),
    ("told", include_str!("../migrations/0012_told.sql")),
    ("issued", include_str!("../migrations/0013_issued.sql")),
];

/// The pools of one engine.
#[derive(Debug)]
enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool, path: PathBuf },
    Postgres { writers: PgPool, readers: PgPool },
}

/// An open database.
#[derive(Debug)]
pub(crate) struct Db {
    pools: Pools,
    pub(crate) texts: Texts,
    /// Something was erased: what is left of it in logs and dead rows is to go.
    scrub: Arc<Notify>,
    keeper: Option<tokio::task::JoinHandle<()>>,
    /// This replica has its turn: its own commits do not wait for it.
    in_turn: Arc<AtomicBool>,
}

/// A replica's turn. Its lock ends with the connection.
struct Turn {
    _connection: PgConnection,
    in_turn: Arc<AtomicBool>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.in_turn.store(false, Ordering::SeqCst);
    }
}

/// The only replica.
#[derive(Debug)]
struct Alone;

#[async_trait]
impl Lease for Alone {
    async fn holds(&mut self) -> bool {
        true
    }
}

/// A lock on PostgreSQL that ends with its connection.
#[derive(Debug)]
struct Lead(PgConnection);

#[async_trait]
impl Lease for Lead {
    async fn holds(&mut self) -> bool {
        tokio::time::timeout(PATIENCE, self.0.ping()).await.is_ok_and(|answered| answered.is_ok())
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.abort();
        }
    }
}

/// The file of a `sqlite:` address.
pub(crate) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    (!rest.is_empty()).then(|| PathBuf::from(rest))
}

fn sqlite_options(path: &Path, cache_kib: i64) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // Two entries of a report fit one page; half the pages for the write-ahead log to carry.
        .page_size(SQLITE_PAGE)
        .pragma("mmap_size", "0")
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", format!("-{cache_kib}"))
        .statement_cache_capacity(400)
        .row_buffer_size(512)
        .disable_statement_logging()
}

impl Db {
    /// Opens the database at `url` (`sqlite:/path/file.db` or `postgres://…`), makes it when it is not there and
    /// brings its tables up to date.
    pub(crate) async fn open(url: &str, max_bytes: Option<u64>) -> Result<Db, StoreError> {
        let pools = if let Some(path) = sqlite_path(url) {
            open_sqlite(path, max_bytes).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await?
        } else {
            return Err(StoreError::Engine(format!(
                "database address not understood: {url} (sqlite:/path/file.db or postgres://…)"
            )));
        };
        let mut db = Db {
            pools,
            texts: Texts::default(),
            scrub: Arc::new(Notify::new()),
            keeper: None,
            in_turn: Arc::default(),
        };
        db.migrate().await?;
        db.keeper = Some(match &db.pools {
            Pools::Sqlite { path, .. } => tokio::spawn(keep_sqlite(path.clone(), db.scrub.clone())),
            Pools::Postgres { writers, .. } => tokio::spawn(keep_postgres(writers.clone(), db.scrub.clone())),
        });
        Ok(db)
    }

    pub(crate) fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// The file, on SQLite.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.pools {
            Pools::Sqlite { path, .. } => Some(path),
            Pools::Postgres { .. } => None,
        }
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<Conn, StoreError> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.acquire().await.map(Conn::Sqlite),
            Pools::Postgres { readers, .. } => readers.acquire().await.map(Conn::Postgres),
        }
        .map_err(understand)
    }

    /// A transaction for writing.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        let begin = self.engine().begin_write().into_sql_str();
        match &self.pools {
            Pools::Sqlite { writer, .. } => writer.begin_with(begin).await.map(Tx::Sqlite),
            Pools::Postgres { writers, .. } => writers.begin_with(begin).await.map(Tx::Postgres),
        }
        .map_err(understand)
    }

    /// Keeps other replicas from committing until what it gives is dropped. SQLite has one writer anyway.
    pub(crate) async fn turn(&self) -> Result<Box<dyn Send>, StoreError> {
        let Pools::Postgres { writers, .. } = &self.pools else { return Ok(Box::new(())) };
        let mut own = writers.acquire().await.map_err(understand)?.detach();
        let sql = format!("SELECT pg_advisory_lock({TURN_LOCK})");
        Link::Postgres(&mut own).script(sql).await?;
        self.in_turn.store(true, Ordering::SeqCst);
        Ok(Box::new(Turn { _connection: own, in_turn: self.in_turn.clone() }))
    }

    /// Makes this replica the one that carries messages out; none while another is. An SQLite file has one node anyway.
    pub(crate) async fn lead(&self) -> Result<Option<Box<dyn Lease>>, StoreError> {
        let Pools::Postgres { writers, .. } = &self.pools else { return Ok(Some(Box::new(Alone))) };
        let mut own = writers.acquire().await.map_err(understand)?;
        // Nodes may share a database, each in a schema of its own.
        let sql = format!(
            "SELECT CAST(CASE WHEN pg_try_advisory_lock({LEAD_LOCK}, hashtext(current_schema())) \
             THEN 1 ELSE 0 END AS BIGINT)"
        );
        let taken = Link::Postgres(&mut own).number(sqlx::AssertSqlSafe(sql), vec![]).await?;
        Ok((taken == 1).then(|| Box::new(Lead(own.detach())) as Box<dyn Lease>))
    }

    /// Waits, before a commit, for a replica that has its turn; unless that is this one.
    pub(crate) async fn wait_for_turn(&self, link: &mut Link<'_>) -> Result<(), StoreError> {
        if self.engine() == Engine::Postgres && !self.in_turn.load(Ordering::SeqCst) {
            link.script(format!("SELECT pg_advisory_xact_lock_shared({TURN_LOCK})")).await?;
        }
        Ok(())
    }

    /// A transaction that reads one state of the whole database, however long it takes.
    pub(crate) async fn snapshot(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.begin().await.map(Tx::Sqlite),
            Pools::Postgres { readers, .. } => {
                readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map(Tx::Postgres)
            }
        }
        .map_err(understand)
    }

    /// Asks for what was erased to vanish from write-ahead logs and dead rows too, soon.
    pub(crate) fn scrub(&self) {
        self.scrub.notify_one();
    }

    /// Brings the tables up to date, one replica at a time.
    async fn migrate(&self) -> Result<(), StoreError> {
        let engine = self.engine();
        let mut tx = self.write().await?;
        let mut link = tx.link();
        if engine == Engine::Postgres {
            // Any constant number: it names the lock.
            link.execute("SELECT pg_advisory_xact_lock(7308895159)", vec![]).await?;
        }
        link.script(
            engine.translate("CREATE TABLE IF NOT EXISTS migration (version ROWKEY, name TEXT NOT NULL)"),
        )
        .await?;
        let have = link.number("SELECT COALESCE(MAX(version), 0) FROM migration", vec![]).await?;
        if have > MIGRATIONS.len() as i64 {
            return Err(StoreError::Engine(format!(
                "the database (version {have}) is newer than this program (version {})",
                MIGRATIONS.len()
            )));
        }
        for (version, (name, sql)) in (1_i64..).zip(MIGRATIONS) {
            if version <= have {
                continue;
            }
            link.script(engine.translate(sql)).await?;
            if name == "projections" {
                link.script(engine.make_pairs().to_owned()).await?;
            }
            link.execute("INSERT INTO migration (version, name) VALUES ($1, $2)", values![version, name])
                .await?;
            tracing::info!(version, name, "database brought up to date");
        }
        tx.commit().await
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.abort();
        }
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { writers, readers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

async fn open_sqlite(path: PathBuf, max_bytes: Option<u64>) -> Result<Pools, StoreError> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|e| crate::files::io(&e))?;
    }
    let mut options = sqlite_options(&path, SQLITE_WRITER_CACHE_KIB)
        .create_if_missing(true)
        // Checkpoints are the keeper's work, so that no commit waits for them.
        .pragma("wal_autocheckpoint", "0")
        // What the file shrinks to when it is begun anew, bytes.
        .pragma("journal_size_limit", (64 << 20).to_string());
    if let Some(bytes) = max_bytes {
        options = options.pragma("max_page_count", (bytes / u64::from(SQLITE_PAGE)).max(1).to_string());
    }
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        // A full disk makes SQLite roll back by itself; the connection then still counts itself inside the
        // transaction and would refuse every later one. It is replaced.
        .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(options)
        .await
        .map_err(understand)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(sqlite_options(&path, SQLITE_READER_CACHE_KIB).pragma("query_only", "ON"));
    Ok(Pools::Sqlite { writer, readers, path })
}

async fn open_postgres(url: &str) -> Result<Pools, StoreError> {
    // `postgres:///db?host=/socket` names no host; the parser wants one.
    let url = url.replacen(":///", "://localhost/", 1);
    let options = PgConnectOptions::from_str(&url)
        .map_err(understand)?
        .application_name("lianzhi")
        .statement_cache_capacity(400)
        .disable_statement_logging();
    let writers = PgPoolOptions::new()
        .max_connections(POSTGRES_WRITERS)
        .acquire_timeout(PATIENCE)
        .connect_with(options.clone().options([("jit", "off")]))
        .await
        .map_err(understand)?;
    // Filters differ too much from value to value for one plan to fit all.
    let readers = PgPoolOptions::new()
        .max_connections(POSTGRES_READERS)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options.options([("plan_cache_mode", "force_custom_plan"), ("jit", "off")]));
    Ok(Pools::Postgres { writers, readers })
}

/// Brings the write-ahead log into the database beside the writer, and empties it after erasures.
async fn keep_sqlite(path: PathBuf, scrub: Arc<Notify>) {
    let options = sqlite_options(&path, 1024).pragma("wal_autocheckpoint", "0").busy_timeout(IN_THE_WAY);
    let mut connection = match options.connect().await {
        Ok(connection) => connection,
        Err(error) => {
            tracing::error!(%error, "no connection for checkpoints of the write-ahead log");
            return;
        }
    };
    loop {
        let erased = tokio::select! {
            () = tokio::time::sleep(CHECKPOINT_EVERY) => false,
            () = scrub.notified() => true,
        };
        let mut link = Link::Sqlite(&mut connection);
        // The bulk, without holding anybody up.
        let frames = match checkpoint(&mut link, "PRAGMA wal_checkpoint(PASSIVE)").await {
            Ok((_, frames)) => frames,
            Err(error) => {
                tracing::warn!(%error, "checkpoint of the write-ahead log");
                continue;
            }
        };
        // Then the remainder, for which a writer that never rests has to wait a little.
        let pragma = if erased {
            "PRAGMA wal_checkpoint(TRUNCATE)"
        } else if frames > WAL_TOO_LONG {
            "PRAGMA wal_checkpoint(RESTART)"
        } else {
            continue;
        };
        match checkpoint(&mut link, pragma).await {
            // A reader holds an old state: what was erased is still in the log, so come again.
            Ok((true, _)) if erased => {
                tokio::time::sleep(TRY_AGAIN).await;
                scrub.notify_one();
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "checkpoint of the write-ahead log"),
        }
    }
}

/// Runs a checkpoint; whether somebody was in its way, and the frames in the log.
async fn checkpoint(link: &mut Link<'_>, pragma: &'static str) -> Result<(bool, i64), StoreError> {
    let row = link.maybe(pragma, vec![]).await?.ok_or(StoreError::Missing)?;
    let mut cells = row.cells();
    Ok((cells.int()? != 0, cells.int()?))
}

/// Takes dead rows away after erasures.
async fn keep_postgres(pool: PgPool, scrub: Arc<Notify>) {
    loop {
        scrub.notified().await;
        // Erasures come in bursts; one pass serves them all.
        tokio::time::sleep(Duration::from_secs(1)).await;
        if pool.is_closed() {
            return;
        }
        match pool.acquire().await {
            Ok(mut connection) => {
                let mut link = Link::Postgres(&mut connection);
                if let Err(error) = link.script("VACUUM part, search, matter".to_owned()).await {
                    tracing::warn!(%error, "taking dead rows away");
                }
            }
            Err(error) => tracing::warn!(%error, "taking dead rows away"),
        }
    }
}

/// A connection of its own to an SQLite database in use, for work that takes long.
pub(crate) async fn open_aside(path: &Path) -> Result<sqlx::SqliteConnection, StoreError> {
    sqlite_options(path, SQLITE_READER_CACHE_KIB)
        .pragma("wal_autocheckpoint", "0")
        .connect()
        .await
        .map_err(understand)
}

/// Opens an SQLite file for reading only (a snapshot to restore from).
pub(crate) async fn open_copy(path: &Path) -> Result<sqlx::SqliteConnection, StoreError> {
    SqliteConnectOptions::new().filename(path).read_only(true).connect().await.map_err(understand)
}

/// Closes such a connection.
pub(crate) async fn close_copy(connection: sqlx::SqliteConnection) -> Result<(), StoreError> {
    connection.close().await.map_err(understand)
}
