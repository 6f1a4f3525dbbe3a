//! The journal.

use crate::engine::{Link, Row, Value, values};
use crate::pairs::{self, IN_MAX, placeholders};
use crate::rows::{Stored, run};
use crate::table::{ANSWER, CHECKPOINT, ENTRY, MATTER, PART};
use crate::{Database, write};
use async_trait::async_trait;
use lianzhi_app::ports::{
    Batch, CheckpointRow, ENTRY_FRONT, EntryRow, Head, Journal, KeptAnswer, MatterRow, PartRow, RegisterRow,
    StoreError,
};
use lianzhi_ids::{Digest, DocketId};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// Rows that one call reads at most; larger limits are cut to it.
pub(crate) const READ_MAX: i64 = 10_000;

/// All rows as what they are.
pub(crate) fn all<T: Stored>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| T::read(&mut row.cells())).collect()
}

/// Rows whose key is one of `keys`, asked for in chunks; `sql` ends where the list of keys begins.
pub(crate) async fn by_keys<T: Stored>(
    link: &mut Link<'_>,
    sql: &str,
    keys: Vec<Value>,
    order: &str,
) -> Result<Vec<T>, StoreError> {
    let mut out = vec![];
    for chunk in keys.chunks(IN_MAX) {
        let text = format!("{sql} ({}) {order}", placeholders(link.engine(), chunk.len()));
        out.extend(all::<T>(&link.fetch(AssertSqlSafe(text), chunk.to_vec()).await?)?);
    }
    Ok(out)
}

#[async_trait]
impl Journal for Database {
    async fn head(&self) -> Result<Head, StoreError> {
        let mut conn = self.db.read().await?;
        // One statement sees one state.
        let rows = conn
            .link()
            .fetch(
                "SELECT h.size, h.next_docket, h.last_at, c.series, c.last \
                 FROM log_head h LEFT JOIN counter c ON h.id = 1 WHERE h.id = 1",
                vec![],
            )
            .await?;
        let mut head = Head::default();
        let mut counters = BTreeMap::new();
        for row in &rows {
            let mut c = row.cells();
            (head.size, head.next_docket, head.last_at) = (c.int()?, c.int()?, c.int()?);
            if let (Some(series), Some(last)) = (c.text_opt()?, c.int_opt()?) {
                counters.insert(series, last);
            }
        }
        head.counters = counters;
        if rows.is_empty() { Err(StoreError::Damaged("the log has no head".into())) } else { Ok(head) }
    }

    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        write::check(batch)?;
        let texts = &self.db.texts;
        let mut tx = self.db.write().await?;
        let mut link = tx.link();
        let written = async {
            self.db.wait_for_turn(&mut link).await?;
            write::head(texts, &mut link, batch).await?;
            write::journal(texts, &mut link, batch).await?;
            write::projections(texts, &mut link, batch, batch.on.next_docket).await
        }
        .await;
        match written {
            Ok(()) => tx.commit().await?,
            Err(error) => {
                // What the caller must know is why; that the rollback failed too changes nothing for it.
                if let Err(rollback) = tx.rollback().await {
                    tracing::warn!(%rollback, "rolling back");
                }
                return Err(error);
            }
        }
        if !batch.erase.is_empty() {
            self.db.scrub();
        }
        Ok(())
    }

    async fn turn(&self) -> Result<Box<dyn Send>, StoreError> {
        self.db.turn().await
    }

    async fn docket(&self, id: DocketId) -> Result<Vec<EntryRow>, StoreError> {
        self.dockets(&[id]).await
    }

    async fn dockets(&self, ids: &[DocketId]) -> Result<Vec<EntryRow>, StoreError> {
        // Sorted, so that the order also holds across chunks.
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let sql = format!("SELECT {} FROM entry WHERE docket IN", ENTRY.column_list());
        let mut conn = self.db.read().await?;
        by_keys(&mut conn.link(), &sql, ids.into_iter().map(Value::from).collect(), "ORDER BY docket, seq")
            .await
    }

    async fn log(&self, from: i64, limit: i64) -> Result<Vec<EntryRow>, StoreError> {
        let sql = format!("SELECT {} FROM entry WHERE pos >= $1 ORDER BY pos LIMIT $2", ENTRY.column_list());
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values![from, limit.min(READ_MAX)]).await?)
    }

    async fn leaves(&self, from: i64, limit: i64) -> Result<Vec<Digest>, StoreError> {
        let mut conn = self.db.read().await?;
        let rows = conn
            .link()
            .fetch("SELECT leaf FROM entry WHERE pos >= $1 ORDER BY pos LIMIT $2", values![from, limit])
            .await?;
        rows.iter().map(|row| row.cells().digest()).collect()
    }

    async fn marked(&self, mark: &[u8], from: i64, to: i64) -> Result<Vec<EntryRow>, StoreError> {
        let sql = format!(
            "SELECT {} FROM entry WHERE pos >= $1 AND pos < $2 AND {}(substr(bytes, 1, {ENTRY_FRONT}), $3) > 0 \
             ORDER BY pos",
            ENTRY.column_list(),
            self.db.engine().place_of_bytes()
        );
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values![from, to, mark]).await?)
    }

    async fn parts(&self, digests: &[Digest]) -> Result<Vec<PartRow>, StoreError> {
        let sql = format!("SELECT {} FROM part WHERE digest IN", PART.column_list());
        let mut conn = self.db.read().await?;
        by_keys(&mut conn.link(), &sql, digests.iter().map(|d| Value::from(*d)).collect(), "").await
    }

    async fn all_parts(&self, after: Option<Digest>, limit: i64) -> Result<Vec<PartRow>, StoreError> {
        let after = after.map_or(vec![], |digest| digest.0.to_vec());
        let sql =
            format!("SELECT {} FROM part WHERE digest > $1 ORDER BY digest LIMIT $2", PART.column_list());
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values![after, limit.min(READ_MAX)]).await?)
    }

    async fn answers(&self, keys: &[String]) -> Result<Vec<KeptAnswer>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = "SELECT key, request, answer, at FROM answer WHERE key IN";
        by_keys(&mut conn.link(), sql, keys.iter().map(Value::from).collect(), "").await
    }

    async fn keep_answer(&self, answer: &KeptAnswer) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        self.db.texts.insert(&mut tx.link(), &ANSWER, run([answer])).await?;
        tx.commit().await
    }

    async fn forget_answers(&self, before: i64) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            // Looked for beside the writer, which is held only for as long as a few rows take.
            let old = {
                let mut conn = self.db.read().await?;
                let sql = "SELECT key FROM answer WHERE at < $1 LIMIT $2";
                conn.link().fetch(sql, values![before, IN_MAX as i64]).await?
            };
            if old.is_empty() {
                return Ok(forgotten);
            }
            let keys: Vec<Value> =
                old.iter().map(|row| row.cells().text().map(Value::from)).collect::<Result<_, _>>()?;
            let sql =
                format!("DELETE FROM answer WHERE key IN ({})", placeholders(self.db.engine(), keys.len()));
            let mut tx = self.db.write().await?;
            forgotten += tx.link().execute(AssertSqlSafe(sql), keys).await?;
            tx.commit().await?;
        }
    }

    async fn changed(&self, from: i64, limit: i64) -> Result<Vec<MatterRow>, StoreError> {
        let sql =
            format!("SELECT {} FROM matter WHERE pos > $1 ORDER BY pos, id LIMIT $2", MATTER.column_list());
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values![from, limit.min(READ_MAX)]).await?)
    }

    async fn registers(&self) -> Result<Vec<RegisterRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = "SELECT register, key, docket, record, retired FROM register ORDER BY register, key";
        all(&conn.link().fetch(sql, vec![]).await?)
    }

    async fn register(
        &self,
        register: &str,
        after: &str,
        with_retired: bool,
        limit: i64,
    ) -> Result<Vec<RegisterRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = "SELECT register, key, docket, record, retired FROM register \
                   WHERE register = $1 AND key > $2 AND (retired = $3 OR retired = FALSE) ORDER BY key LIMIT $4";
        all(&conn.link().fetch(sql, values![register, after, with_retired, limit.min(READ_MAX)]).await?)
    }

    async fn register_record(&self, register: &str, key: &str) -> Result<Option<RegisterRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql =
            "SELECT register, key, docket, record, retired FROM register WHERE register = $1 AND key = $2";
        let row = conn.link().maybe(sql, values![register, key]).await?;
        row.map(|row| RegisterRow::read(&mut row.cells())).transpose()
    }

    async fn put_checkpoint(&self, row: &CheckpointRow) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        self.db.texts.insert(&mut tx.link(), &CHECKPOINT, run([row])).await?;
        tx.commit().await
    }

    async fn checkpoint(&self) -> Result<Option<CheckpointRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = "SELECT size, root, at, note FROM checkpoint ORDER BY size DESC LIMIT 1";
        let row = conn.link().maybe(sql, vec![]).await?;
        row.map(|row| CheckpointRow::read(&mut row.cells())).transpose()
    }

    async fn checkpoints(&self, after: i64, limit: i64) -> Result<Vec<CheckpointRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = "SELECT size, root, at, note FROM checkpoint WHERE size > $1 ORDER BY size LIMIT $2";
        all(&conn.link().fetch(sql, values![after, limit.min(READ_MAX)]).await?)
    }

    async fn checkpoint_covering(&self, size: i64) -> Result<Option<CheckpointRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = "SELECT size, root, at, note FROM checkpoint WHERE size >= $1 ORDER BY size LIMIT 1";
        let row = conn.link().maybe(sql, values![size]).await?;
        row.map(|row| CheckpointRow::read(&mut row.cells())).transpose()
    }

    async fn clear_projections(&self) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        let mut link = tx.link();
        pairs::clear(&mut link).await?;
        const MADE: [&str; 9] =
            ["matter", "tile", "todo", "ledger", "thing", "issued", "register", "oversight", "case_line"];
        for table in MADE {
            let sql = AssertSqlSafe(format!("DELETE FROM {table}"));
            link.execute(sql, vec![]).await?;
        }
        tx.commit().await
    }

    async fn project(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        write::projections(&self.db.texts, &mut tx.link(), batch, i64::MAX).await?;
        tx.commit().await
    }

    async fn matters(&self, ids: &[DocketId]) -> Result<Vec<MatterRow>, StoreError> {
        let sql = format!("SELECT {} FROM matter WHERE id IN", MATTER.column_list());
        let mut conn = self.db.read().await?;
        by_keys(&mut conn.link(), &sql, ids.iter().map(|id| Value::from(*id)).collect(), "ORDER BY id").await
    }

    async fn wakeable(&self, now: i64, limit: i64) -> Result<Vec<DocketId>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql =
            "SELECT id FROM matter WHERE wake_at IS NOT NULL AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2";
        let rows = conn.link().fetch(sql, values![now, limit]).await?;
        rows.iter().map(|row| row.cells().docket()).collect()
    }

    async fn closed_with_clocks(&self, after: DocketId, limit: i64) -> Result<Vec<MatterRow>, StoreError> {
        let sql = format!(
            "SELECT {} FROM matter WHERE wake_at IS NOT NULL AND NOT open AND id > $1 ORDER BY id LIMIT $2",
            MATTER.column_list()
        );
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values![after, limit.min(READ_MAX)]).await?)
    }

    async fn open_matters(&self, after: DocketId, limit: i64) -> Result<Vec<MatterRow>, StoreError> {
        let sql = format!(
            "SELECT {} FROM matter WHERE open AND id > $1 ORDER BY id LIMIT $2",
            MATTER.column_list()
        );
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values![after, limit.min(READ_MAX)]).await?)
    }
}
