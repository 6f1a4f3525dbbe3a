//! What nodes say to each other.

use crate::Database;
use crate::engine::{Cells, Value, values};
use crate::journal::{READ_MAX, all, by_keys};
use crate::pairs::IN_MAX;
use crate::rows::{Stored, run};
use crate::table::{COSIGNATURE, ENVELOPE, FORK, OUTBOX, PART, PEER, STREAM, WANTED};
use async_trait::async_trait;
use lianzhi_app::ports::{
    Backlog, CosignatureRow, EnvelopeRow, Exchange, ForkRow, Lease, OutboxRow, PartRow, PeerRow, StoreError,
    StreamRow, ToldRow, WantedRow, WitnessedRow,
};
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};
use sqlx::AssertSqlSafe;

/// A name of the house in a text column.
pub(crate) fn name<T: std::str::FromStr>(cells: &mut Cells<'_>) -> Result<T, StoreError> {
    let text = cells.text()?;
    text.parse().map_err(|_| StoreError::Damaged(format!("not a name: {text}")))
}

impl Stored for StreamRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.shared.to_string(),
            self.author.as_str(),
            self.seq,
            self.docket,
            self.digest,
            self.pos
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(StreamRow {
            shared: name(c)?,
            author: name(c)?,
            seq: c.narrow()?,
            docket: c.docket()?,
            digest: c.digest()?,
            pos: c.int()?,
        })
    }
}

impl Stored for EnvelopeRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            &self.id,
            self.shared.to_string(),
            self.author.as_str(),
            self.first,
            self.last,
            self.bytes.as_slice(),
            &self.key,
            self.signature.as_slice(),
            self.at,
            self.digest,
            self.mine,
            &self.receipt
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(EnvelopeRow {
            id: c.text()?,
            shared: name(c)?,
            author: name(c)?,
            first: c.narrow()?,
            last: c.narrow()?,
            bytes: c.bytes()?,
            key: c.text()?,
            signature: c.bytes()?,
            at: c.int()?,
            digest: c.digest()?,
            mine: c.bool()?,
            receipt: c.bytes_opt()?,
        })
    }
}

impl Stored for OutboxRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            &self.envelope,
            self.peer.as_str(),
            self.docket,
            self.at,
            self.due_at,
            &self.class,
            self.attempts,
            self.next_at,
            self.done,
            &self.receipt,
            &self.error
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(OutboxRow {
            envelope: c.text()?,
            peer: name(c)?,
            docket: c.docket()?,
            at: c.int()?,
            due_at: c.int()?,
            class: c.text()?,
            attempts: c.narrow()?,
            next_at: c.int()?,
            done: c.bool()?,
            receipt: c.bytes_opt()?,
            error: c.text()?,
        })
    }
}

impl Stored for PeerRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.node.as_str(),
            &self.address,
            self.heard_at,
            self.silent_since,
            &self.error,
            self.log_size,
            &self.log_note,
            self.epoch
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(PeerRow {
            node: name(c)?,
            address: c.text()?,
            heard_at: c.int_opt()?,
            silent_since: c.int_opt()?,
            error: c.text()?,
            log_size: c.int()?,
            log_note: c.text()?,
            epoch: c.int()?,
        })
    }
}

impl Stored for WitnessedRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![&self.origin, self.size, self.root, self.at, &self.note]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(WitnessedRow {
            origin: c.text()?,
            size: c.int()?,
            root: c.digest()?,
            at: c.int()?,
            note: c.text()?,
        })
    }
}

impl Stored for CosignatureRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![self.size, &self.witness, self.at, &self.line]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(CosignatureRow { size: c.int()?, witness: c.text()?, at: c.int()?, line: c.text()? })
    }
}

impl Stored for ForkRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.digest,
            self.node.as_str(),
            &self.kind,
            &self.subject,
            &self.one,
            &self.other,
            self.at
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(ForkRow {
            digest: c.digest()?,
            node: name(c)?,
            kind: c.text()?,
            subject: c.text()?,
            one: c.text()?,
            other: c.text()?,
            at: c.int()?,
        })
    }
}

impl Stored for WantedRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.digest,
            self.shared.to_string(),
            self.docket,
            self.peer.as_str(),
            self.size,
            &self.media,
            &self.upload,
            self.attempts,
            self.next_at,
            self.done,
            &self.error
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(WantedRow {
            digest: c.digest()?,
            shared: name(c)?,
            docket: c.docket()?,
            peer: name(c)?,
            size: c.int()?,
            media: c.text()?,
            upload: c.text_opt()?,
            attempts: c.narrow()?,
            next_at: c.int()?,
            done: c.bool()?,
            error: c.text()?,
        })
    }
}

impl Database {
    /// Rows of one table under a condition.
    async fn rows<T: Stored>(
        &self,
        table: &crate::table::Table,
        rest: &str,
        values: Vec<Value>,
    ) -> Result<Vec<T>, StoreError> {
        let sql = format!("SELECT {} FROM {} {rest}", table.column_list(), table.name);
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values).await?)
    }

    /// Names of shared dockets.
    async fn names(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<SharedId>, StoreError> {
        let mut conn = self.db.read().await?;
        let rows = conn.link().fetch(sql, values).await?;
        rows.iter().map(|row| name(&mut row.cells())).collect()
    }
}

#[async_trait]
impl Exchange for Database {
    async fn stream_heads(&self, shared: &[SharedId]) -> Result<Vec<StreamRow>, StoreError> {
        // From author to author along the key, and to the end of each stream: one step for each stream, however long it is.
        let mut conn = self.db.read().await?;
        let mut out = Vec::new();
        for chunk in shared.chunks(IN_MAX) {
            let mut dockets = String::new();
            for n in 1..=chunk.len() {
                dockets.push_str(if n == 1 { "(" } else { ",(" });
                conn.link().engine().placeholder(&mut dockets, n);
                dockets.push(')');
            }
            let sql = format!(
                "WITH RECURSIVE docket(name) AS (VALUES {dockets}), \
                 own(shared, author) AS ( \
                 SELECT docket.name, (SELECT MIN(s.author) FROM stream s WHERE s.shared = docket.name) FROM docket \
                 UNION SELECT own.shared, (SELECT MIN(s.author) FROM stream s \
                 WHERE s.shared = own.shared AND s.author > own.author) FROM own WHERE own.author IS NOT NULL) \
                 SELECT {} FROM stream WHERE (shared, author, seq) IN ( \
                 SELECT own.shared, own.author, (SELECT MAX(s.seq) FROM stream s \
                 WHERE s.shared = own.shared AND s.author = own.author) FROM own WHERE own.author IS NOT NULL) \
                 ORDER BY shared, author",
                STREAM.column_list()
            );
            let values = chunk.iter().map(|s| Value::from(s.to_string())).collect();
            out.extend(all::<StreamRow>(&conn.link().fetch(AssertSqlSafe(sql), values).await?)?);
        }
        Ok(out)
    }

    async fn keep_aside(
        &self,
        envelope: &EnvelopeRow,
        streams: &[StreamRow],
        parts: &[PartRow],
    ) -> Result<(), StoreError> {
        let (mut tx, texts) = (self.db.write().await?, &self.db.texts);
        texts.insert(&mut tx.link(), &PART, run(parts)).await?;
        texts.insert(&mut tx.link(), &STREAM, run(streams)).await?;
        texts.insert(&mut tx.link(), &ENVELOPE, run([envelope])).await?;
        tx.commit().await
    }

    async fn stream(
        &self,
        shared: &SharedId,
        author: &NodeCode,
        from: i32,
        limit: i64,
    ) -> Result<Vec<StreamRow>, StoreError> {
        let rest = "WHERE shared = $1 AND author = $2 AND seq >= $3 ORDER BY seq LIMIT $4";
        let values = values![shared.to_string(), author.as_str(), from, limit.min(READ_MAX)];
        self.rows(&STREAM, rest, values).await
    }

    async fn shared_dockets(&self, after: &str, limit: i64) -> Result<Vec<SharedId>, StoreError> {
        let sql = "SELECT DISTINCT shared FROM stream WHERE shared > $1 ORDER BY shared LIMIT $2";
        self.names(sql, values![after, limit.min(READ_MAX)]).await
    }

    async fn dockets_aside(&self, after: &str, limit: i64) -> Result<Vec<SharedId>, StoreError> {
        let sql =
            "SELECT DISTINCT shared FROM stream WHERE docket = 0 AND shared > $1 ORDER BY shared LIMIT $2";
        self.names(sql, values![after, limit.min(READ_MAX)]).await
    }

    async fn not_here(&self, shared: &SharedId, entries: &[Digest]) -> Result<Vec<Digest>, StoreError> {
        let mut lacking = entries.to_vec();
        let mut conn = self.db.read().await?;
        for chunk in entries.chunks(IN_MAX) {
            let mut values = values![shared.to_string()];
            values.extend(chunk.iter().map(|digest| Value::from(*digest)));
            let named: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
            let sql =
                format!("SELECT digest FROM stream WHERE shared = $1 AND digest IN ({})", named.join(","));
            for row in conn.link().fetch(AssertSqlSafe(sql), values).await? {
                let here = row.cells().digest()?;
                lacking.retain(|digest| *digest != here);
            }
        }
        Ok(lacking)
    }

    async fn lead(&self) -> Result<Option<Box<dyn Lease>>, StoreError> {
        self.db.lead().await
    }

    async fn shared_of(&self, docket: DocketId) -> Result<Option<SharedId>, StoreError> {
        let rows: Vec<StreamRow> = self.rows(&STREAM, "WHERE docket = $1 LIMIT 1", values![docket]).await?;
        Ok(rows.into_iter().next().map(|row| row.shared))
    }

    async fn envelopes(&self, ids: &[String]) -> Result<Vec<EnvelopeRow>, StoreError> {
        let sql = format!("SELECT {} FROM envelope WHERE id IN", ENVELOPE.column_list());
        let mut conn = self.db.read().await?;
        by_keys(&mut conn.link(), &sql, ids.iter().map(Value::from).collect(), "").await
    }

    async fn envelopes_from(
        &self,
        shared: &SharedId,
        author: &NodeCode,
        from: i32,
        limit: i64,
    ) -> Result<Vec<EnvelopeRow>, StoreError> {
        let rest = "WHERE shared = $1 AND author = $2 AND last >= $3 ORDER BY first LIMIT $4";
        let values = values![shared.to_string(), author.as_str(), from, limit.min(READ_MAX)];
        self.rows(&ENVELOPE, rest, values).await
    }

    async fn envelopes_of(&self, shared: &SharedId, limit: i64) -> Result<Vec<EnvelopeRow>, StoreError> {
        let rest = "WHERE shared = $1 ORDER BY author, first LIMIT $2";
        self.rows(&ENVELOPE, rest, values![shared.to_string(), limit.min(READ_MAX)]).await
    }

    async fn outbox_due(&self, peer: &NodeCode, now: i64, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let rest = "WHERE peer = $1 AND NOT done AND next_at <= $2 ORDER BY next_at, at, envelope LIMIT $3";
        self.rows(&OUTBOX, rest, values![peer.as_str(), now, limit.min(READ_MAX)]).await
    }

    async fn outbox_of(&self, docket: DocketId, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let rest = "WHERE docket = $1 ORDER BY at DESC, envelope, peer LIMIT $2";
        self.rows(&OUTBOX, rest, values![docket, limit.min(READ_MAX)]).await
    }

    async fn outbox_late(&self, peer: &NodeCode, now: i64, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let rest = "WHERE peer = $1 AND NOT done AND due_at <= $2 ORDER BY due_at, envelope LIMIT $3";
        self.rows(&OUTBOX, rest, values![peer.as_str(), now, limit.min(READ_MAX)]).await
    }

    async fn backlogs(&self, now: i64) -> Result<Vec<Backlog>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = "SELECT peer, COUNT(*), MIN(next_at), MIN(at), \
                   CAST(SUM(CASE WHEN due_at <= $1 THEN 1 ELSE 0 END) AS BIGINT) \
                   FROM outbox WHERE NOT done GROUP BY peer ORDER BY peer";
        let rows = conn.link().fetch(sql, values![now]).await?;
        rows.iter()
            .map(|row| {
                let mut c = row.cells();
                Ok(Backlog {
                    peer: name(&mut c)?,
                    waiting: c.int()?,
                    next_at: c.int()?,
                    oldest: c.int()?,
                    late: c.int()?,
                })
            })
            .collect()
    }

    async fn outbox_done(&self, peer: &NodeCode, receipts: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        // One statement for many: whoever writes next waits for this one.
        for chunk in receipts.chunks(IN_MAX / 2) {
            let engine = tx.link().engine();
            let (mut sql, mut values) = (String::from("WITH got(id, paper) AS (VALUES "), values![]);
            for (n, (envelope, receipt)) in chunk.iter().enumerate() {
                sql.push_str(if n == 0 { "(" } else { ",(" });
                engine.placeholder(&mut sql, values.len() + 1);
                sql.push(',');
                engine.placeholder(&mut sql, values.len() + 2);
                sql.push(')');
                values.extend(values![envelope, receipt.as_slice()]);
            }
            sql.push_str(
                ") UPDATE outbox SET done = TRUE, receipt = got.paper, error = '' FROM got \
                 WHERE outbox.envelope = got.id AND NOT outbox.done AND outbox.peer = ",
            );
            engine.placeholder(&mut sql, values.len() + 1);
            values.extend(values![peer.as_str()]);
            tx.link().execute(AssertSqlSafe(sql), values).await?;
        }
        tx.commit().await
    }

    async fn outbox_failed(
        &self,
        peer: &NodeCode,
        next: &[(String, i64)],
        error: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        for (envelope, next_at) in next {
            tx.link()
                .execute(
                    "UPDATE outbox SET attempts = attempts + 1, next_at = $1, error = $2 \
                     WHERE envelope = $3 AND peer = $4 AND NOT done",
                    values![*next_at, error, envelope, peer.as_str()],
                )
                .await?;
        }
        tx.commit().await
    }

    async fn outbox_wake(&self, peer: &NodeCode, now: i64) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        for sql in [
            "UPDATE outbox SET attempts = 0, next_at = $1 WHERE peer = $2 AND NOT done AND next_at > $1",
            "UPDATE wanted SET attempts = 0, next_at = $1 WHERE peer = $2 AND NOT done AND next_at > $1",
        ] {
            tx.link().execute(sql, values![now, peer.as_str()]).await?;
        }
        tx.commit().await
    }

    async fn peers(&self) -> Result<Vec<PeerRow>, StoreError> {
        self.rows(&PEER, "ORDER BY node", vec![]).await
    }

    async fn peer(&self, node: &NodeCode) -> Result<Option<PeerRow>, StoreError> {
        let rows = self.rows(&PEER, "WHERE node = $1", values![node.as_str()]).await?;
        Ok(rows.into_iter().next())
    }

    async fn put_peer(&self, row: &PeerRow) -> Result<(), StoreError> {
        self.put(&PEER, [row]).await
    }

    async fn told(&self, item: &str) -> Result<Vec<ToldRow>, StoreError> {
        self.rows(&crate::told::TOLD, "WHERE item = $1 ORDER BY node", values![item]).await
    }

    async fn put_told(&self, row: &ToldRow) -> Result<(), StoreError> {
        self.put(&crate::told::TOLD, [row]).await
    }

    async fn witnessed(&self, origin: &str) -> Result<Option<WitnessedRow>, StoreError> {
        let rows = self.rows(&crate::table::WITNESSED, "WHERE origin = $1", values![origin]).await?;
        Ok(rows.into_iter().next())
    }

    async fn witnessed_under(&self, prefix: &str) -> Result<Vec<WitnessedRow>, StoreError> {
        let rest = "WHERE substr(origin, 1, length($1)) = $1 ORDER BY origin";
        self.rows(&crate::table::WITNESSED, rest, values![prefix]).await
    }

    async fn witness(&self, row: &WitnessedRow, from: i64) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let mut values = vec![];
        row.write(&mut values);
        // Of two that come at once the second finds another size there.
        let sql = if from == 0 {
            "INSERT INTO witnessed (origin, size, root, at, note) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (origin) DO NOTHING"
        } else {
            values.push(Value::from(from));
            "UPDATE witnessed SET size = $2, root = $3, at = $4, note = $5 WHERE origin = $1 AND size = $6"
        };
        let moved = tx.link().execute(sql, values).await?;
        tx.commit().await?;
        Ok(moved == 1)
    }

    async fn put_cosignature(&self, row: &CosignatureRow) -> Result<(), StoreError> {
        self.put(&COSIGNATURE, [row]).await
    }

    async fn cosignatures(&self, size: i64) -> Result<Vec<CosignatureRow>, StoreError> {
        self.rows(&COSIGNATURE, "WHERE size = $1 ORDER BY witness", values![size]).await
    }

    async fn cosigned_from(&self, size: i64) -> Result<Option<i64>, StoreError> {
        let rest = "WHERE size >= $1 ORDER BY size LIMIT 1";
        let rows: Vec<CosignatureRow> = self.rows(&COSIGNATURE, rest, values![size]).await?;
        Ok(rows.first().map(|row| row.size))
    }

    async fn cosigned_newest(&self) -> Result<Option<i64>, StoreError> {
        let rows: Vec<CosignatureRow> =
            self.rows(&COSIGNATURE, "ORDER BY size DESC LIMIT 1", values![]).await?;
        Ok(rows.first().map(|row| row.size))
    }

    async fn cosigned(&self, witness: &str) -> Result<Option<i64>, StoreError> {
        let rest = "WHERE witness = $1 ORDER BY size DESC LIMIT 1";
        let rows: Vec<CosignatureRow> = self.rows(&COSIGNATURE, rest, values![witness]).await?;
        Ok(rows.first().map(|row| row.size))
    }

    async fn put_fork(&self, row: &ForkRow) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let mut values = vec![];
        row.write(&mut values);
        let sql = "INSERT INTO fork (digest, node, kind, subject, one, other, at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (digest) DO NOTHING";
        let new = tx.link().execute(sql, values).await?;
        tx.commit().await?;
        Ok(new == 1)
    }

    async fn drop_fork(&self, digest: Digest) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.link().execute("DELETE FROM fork WHERE digest = $1", values![digest]).await?;
        tx.commit().await
    }

    async fn forks(&self, limit: i64) -> Result<Vec<ForkRow>, StoreError> {
        self.rows(&FORK, "ORDER BY at DESC LIMIT $1", values![limit.min(IN_MAX as i64)]).await
    }

    async fn wanted_due(&self, peer: &NodeCode, now: i64, limit: i64) -> Result<Vec<WantedRow>, StoreError> {
        let rest = "WHERE peer = $1 AND NOT done AND next_at <= $2 ORDER BY next_at, digest LIMIT $3";
        self.rows(&WANTED, rest, values![peer.as_str(), now, limit.min(READ_MAX)]).await
    }

    async fn wanted_of(&self, docket: DocketId) -> Result<Vec<WantedRow>, StoreError> {
        self.rows(&WANTED, "WHERE docket = $1 ORDER BY digest", values![docket]).await
    }

    async fn put_wanted(&self, row: &WantedRow) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.link()
            .execute(
                "UPDATE wanted SET upload = $1, attempts = $2, next_at = $3, done = $4, error = $5 \
                 WHERE digest = $6 AND shared = $7",
                values![
                    &row.upload,
                    row.attempts,
                    row.next_at,
                    row.done,
                    &row.error,
                    row.digest,
                    row.shared.to_string()
                ],
            )
            .await?;
        tx.commit().await
    }

    async fn wanted_here(&self, row: &WantedRow) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.link()
            .execute(
                "UPDATE exhibit SET docket = $1 WHERE digest = $2 AND docket IS NULL",
                values![row.docket, row.digest],
            )
            .await?;
        tx.link()
            .execute(
                "UPDATE wanted SET done = TRUE, error = '' WHERE digest = $1 AND shared = $2",
                values![row.digest, row.shared.to_string()],
            )
            .await?;
        tx.commit().await
    }
}
