//! Copies, checks and words about the database.
//!
//! A snapshot is always one SQLite file, also when it comes from PostgreSQL; so it can be restored into either engine
//! and looked into with common tools.

use crate::Database;
use crate::db::{Db, close_copy, open_aside, open_copy};
use crate::dialect::Engine;
use crate::engine::{Link, Value, values};
use crate::files::io;
use crate::pairs;
use crate::table::{COPIED, Table};
use async_trait::async_trait;
use futures::stream::StreamExt;
use lianzhi_app::ports::{SearchRow, StoreError, Upkeep, Usage};
use std::path::Path;

/// Name of the database in a snapshot.
const FILE: &str = "lianzhi.db";
/// Rows that a copy holds in memory at a time.
const COPY_ROWS: usize = 2_000;

/// Copies the rows of one table.
async fn copy_table(source: &mut Link<'_>, target: &Db, table: &Table) -> Result<(), StoreError> {
    let mut rows = source.stream(format!("SELECT {} FROM {}", table.column_list(), table.name));
    let (mut held, mut values) = (0, vec![]);
    loop {
        let row = rows.next().await.transpose()?;
        let ended = row.is_none();
        if let Some(row) = row {
            table.read(&mut row.cells(), &mut values)?;
            held += 1;
        }
        if held >= COPY_ROWS || (ended && held > 0) {
            let mut tx = target.write().await?;
            target.texts.insert(&mut tx.link(), table, std::mem::take(&mut values)).await?;
            tx.commit().await?;
            held = 0;
        }
        if ended {
            return Ok(());
        }
    }
}

/// Copies what search finds by, and makes its index anew.
async fn copy_search(source: &mut Link<'_>, target: &Db) -> Result<(), StoreError> {
    let mut rows = source.stream("SELECT docket, text, secret FROM search".to_owned());
    let mut held = vec![];
    loop {
        let row = rows.next().await.transpose()?;
        let ended = row.is_none();
        if let Some(row) = row {
            let mut c = row.cells();
            let (docket, text) = (c.docket()?, c.text()?);
            held.push(SearchRow { docket, text, secret: pairs::unpack(&c.bytes()?).collect() });
        }
        if held.len() >= COPY_ROWS || (ended && !held.is_empty()) {
            let mut tx = target.write().await?;
            pairs::replace(&target.texts, &mut tx.link(), &held, i64::MIN).await?;
            tx.commit().await?;
            held.clear();
        }
        if ended {
            return Ok(());
        }
    }
}

/// Copies everything into an empty database. The head comes last: a copy that broke off has none of its entries.
async fn copy(source: &mut Link<'_>, target: &Db) -> Result<(), StoreError> {
    for table in COPIED {
        copy_table(source, target, table).await?;
    }
    copy_search(source, target).await?;
    let row = source
        .maybe("SELECT size, next_docket, last_at FROM log_head WHERE id = 1", vec![])
        .await?
        .ok_or_else(|| StoreError::Damaged("the log has no head".into()))?;
    let mut c = row.cells();
    let head: Vec<Value> = values![c.int()?, c.int()?, c.int()?];
    let mut tx = target.write().await?;
    tx.link()
        .execute("UPDATE log_head SET size = $1, next_docket = $2, last_at = $3 WHERE id = 1", head)
        .await?;
    tx.commit().await
}

/// Loads a snapshot's database from `folder` into the empty database at `url`.
///
/// # Errors
/// [`StoreError::Missing`] when the folder holds no snapshot; [`StoreError::Engine`] when the target holds entries
/// already (nothing is overwritten); [`StoreError::Damaged`] when the snapshot cannot be read.
pub async fn restore(folder: &Path, url: &str) -> Result<(), StoreError> {
    let file = folder.join(FILE);
    if !file.is_file() {
        return Err(StoreError::Missing);
    }
    // An SQLite file in the way is opened as a database too: it may be an empty one.
    let target = Db::open(url, None).await?;
    let mut conn = target.read().await?;
    let entries = conn.link().number("SELECT COUNT(*) FROM (SELECT 1 FROM entry LIMIT 1) n", vec![]).await?;
    let size = conn.link().number("SELECT size FROM log_head WHERE id = 1", vec![]).await?;
    drop(conn);
    if entries != 0 || size != 0 {
        return Err(StoreError::Engine("the database to restore into is not empty".into()));
    }
    let mut source = open_copy(&file).await?;
    copy(&mut Link::Sqlite(&mut source), &target).await?;
    close_copy(source).await?;
    target.close().await;
    Ok(())
}

#[async_trait]
impl Upkeep for Database {
    async fn snapshot(&self, folder: &Path) -> Result<(), StoreError> {
        std::fs::create_dir_all(folder).map_err(|e| io(&e))?;
        let file = folder.join(FILE);
        if file.exists() {
            return Err(StoreError::Engine(format!("{} exists already", file.display())));
        }
        let name = file.display().to_string();
        if let Some(path) = self.db.path() {
            let mut aside = open_aside(path).await?;
            Link::Sqlite(&mut aside).execute("VACUUM INTO $1", values![name]).await?;
            close_copy(aside).await?;
        } else {
            let target = Db::open(&format!("sqlite:{name}"), None).await?;
            let mut tx = self.db.snapshot().await?;
            copy(&mut tx.link(), &target).await?;
            tx.rollback().await?;
            target.close().await;
        }
        std::fs::File::open(&file).and_then(|f| f.sync_all()).map_err(|e| io(&e))
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut found = vec![];
        if let Some(path) = self.db.path() {
            // On a connection of its own: one that searched before holds the index against what it remembers of it.
            let mut aside = open_aside(path).await?;
            for row in Link::Sqlite(&mut aside).fetch("PRAGMA integrity_check(20)", vec![]).await? {
                let words = row.cells().text()?;
                if words != "ok" {
                    found.push(words);
                }
            }
            close_copy(aside).await?;
        }
        let mut tx = self.db.snapshot().await?;
        let mut link = tx.link();
        let size = link.number("SELECT size FROM log_head WHERE id = 1", vec![]).await?;
        let n = link.number("SELECT COUNT(*) FROM entry", vec![]).await?;
        let last = link.number("SELECT COALESCE(MAX(pos), -1) FROM entry", vec![]).await?;
        if n != size || last != size - 1 {
            found.push(format!("the log says {size} entries, {n} are there, the last at {last}"));
        }
        for (words, sql) in INVARIANTS {
            let n = link.number(sql, vec![]).await?;
            if n != 0 {
                found.push(format!("{n} {words}"));
            }
        }
        tx.rollback().await?;
        Ok(found)
    }

    async fn usage(&self) -> Result<Vec<Usage>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let entries = link.number("SELECT size FROM log_head WHERE id = 1", vec![]).await?;
        let exhibits = link.number("SELECT COUNT(*) FROM exhibit", vec![]).await?;
        let bytes = link.number("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM exhibit", vec![]).await?;
        let (database, room) = match (self.db.engine(), self.db.path()) {
            (Engine::Sqlite, Some(path)) => {
                let aside = path.with_file_name(format!(
                    "{}-wal",
                    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
                ));
                let size =
                    |path: &Path| path.metadata().map_or(0, |m| i64::try_from(m.len()).unwrap_or(i64::MAX));
                (size(path) + size(&aside), path.parent().and_then(room_at))
            }
            (Engine::Sqlite, None) => (0, None),
            (Engine::Postgres, _) => {
                (link.number("SELECT pg_database_size(current_database())", vec![]).await?, None)
            }
        };
        Ok(vec![
            Usage { what: "database", bytes: database, items: entries, room },
            Usage { what: "exhibits", bytes, items: exhibits, room: self.files.folder().and_then(room_at) },
        ])
    }

    async fn describe(&self) -> Result<String, StoreError> {
        let engine = self.db.engine();
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let (version, bytes) = match engine {
            Engine::Sqlite => {
                let row = link.maybe("SELECT sqlite_version()", vec![]).await?.ok_or(StoreError::Missing)?;
                let bytes = self.db.path().and_then(|p| p.metadata().ok()).map_or(0, |m| m.len() as i64);
                (row.cells().text()?, bytes)
            }
            Engine::Postgres => {
                let row = link
                    .maybe("SELECT current_setting('server_version')", vec![])
                    .await?
                    .ok_or(StoreError::Missing)?;
                let bytes = link.number("SELECT pg_database_size(current_database())", vec![]).await?;
                (row.cells().text()?, bytes)
            }
        };
        let size = link.number("SELECT size FROM log_head WHERE id = 1", vec![]).await?;
        Ok(format!("{} {version}, {size} entries, {:.1} MiB", engine.name(), bytes as f64 / 1_048_576.0))
    }
}

/// Bytes left and in all on the disk where a folder lies.
fn room_at(folder: &Path) -> Option<(i64, i64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| i64::try_from(blocks.saturating_mul(disk.f_frsize)).unwrap_or(i64::MAX);
    Some((bytes(disk.f_bavail), bytes(disk.f_blocks)))
}

/// What must be nowhere: in words, and counted.
pub(crate) const INVARIANTS: [(&str, &str); 5] = [
    (
        "matters without an entry",
        "SELECT COUNT(*) FROM matter m WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.docket = m.id)",
    ),
    (
        "to-dos without a matter",
        "SELECT COUNT(*) FROM todo t WHERE NOT EXISTS (SELECT 1 FROM matter m WHERE m.id = t.docket)",
    ),
    (
        "parts without a docket",
        // What came with an envelope that is not understood yet waits with it in docket 0.
        "SELECT COUNT(*) FROM part p WHERE p.docket <> 0 AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.docket = p.docket)",
    ),
    (
        "parts that have a key without content or content without a key",
        "SELECT COUNT(*) FROM part WHERE (key IS NULL) <> (sealed IS NULL)",
    ),
    (
        "dockets beyond the next number",
        "SELECT COUNT(*) FROM entry WHERE docket >= (SELECT next_docket FROM log_head WHERE id = 1)",
    ),
];
