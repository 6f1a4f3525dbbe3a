//! Writing a batch: the hot path. Rows go in as multi-row inserts in one transaction.

use crate::books::ISSUED;
use crate::case_lines;
use crate::engine::{Link, Value, values};
use crate::pairs::{self, IN_MAX, placeholders};
use crate::rows::run;
use crate::table::{
    ANSWER, COUNTER, ENTRY, ENVELOPE, LEDGER, MATTER, OUTBOX, OVERSIGHT, PART, REGISTER, STREAM, THING, TODO,
    Texts, WANTED,
};
use crate::tiles;
use lianzhi_app::ports::{Batch, EnvelopeRow, MatterRow, OversightRow, PartRow, RegisterRow, StoreError};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// Refuses a batch that would not continue the log: a fault of ours, found before anything is written.
pub(crate) fn check(batch: &Batch) -> Result<(), StoreError> {
    let fault = |what: &str| Err(StoreError::Engine(format!("batch refused: {what}")));
    if batch.on.size + batch.entries.len() as i64 != batch.head.size {
        return fault("its head does not count its entries");
    }
    if batch.entries.iter().zip(batch.on.size..).any(|(entry, pos)| entry.pos != pos) {
        return fault("positions are not dense");
    }
    if batch.head.last_at < batch.on.last_at || batch.head.next_docket < batch.on.next_docket {
        return fault("its head goes back");
    }
    Ok(())
}

/// Moves the head, or says that it moved already. First, so that on PostgreSQL replicas wait here for each other.
pub(crate) async fn head(texts: &Texts, link: &mut Link<'_>, batch: &Batch) -> Result<(), StoreError> {
    let moved = link
        .execute(
            "UPDATE log_head SET size = $1, next_docket = $2, last_at = $3 WHERE id = 1 AND size = $4",
            values![batch.head.size, batch.head.next_docket, batch.head.last_at, batch.on.size],
        )
        .await?;
    if moved != 1 {
        return Err(StoreError::HeadMoved);
    }
    let mut changed = vec![];
    for (series, last) in &batch.head.counters {
        if batch.on.counters.get(series) != Some(last) {
            changed.extend(values![series, *last]);
        }
    }
    texts.insert(link, &COUNTER, changed).await
}

/// Writes what only the journal holds: entries, parts, erasures, claims, answers, and what goes to other nodes.
pub(crate) async fn journal(texts: &Texts, link: &mut Link<'_>, batch: &Batch) -> Result<(), StoreError> {
    texts.insert(link, &ENTRY, run(&batch.entries)).await?;
    for row in &batch.reread {
        aside_no_more(link, row, &batch.parts).await?;
    }
    texts.insert(link, &PART, run(&batch.parts)).await?;
    for chunk in batch.erase.chunks(IN_MAX) {
        let sql = format!(
            "UPDATE part SET key = NULL, sealed = NULL WHERE digest IN ({})",
            placeholders(link.engine(), chunk.len())
        );
        link.execute(AssertSqlSafe(sql), chunk.iter().map(|d| Value::from(*d)).collect()).await?;
    }
    for (digest, docket) in &batch.claims {
        link.execute(
            "UPDATE exhibit SET docket = $1 WHERE digest = $2 AND docket IS NULL",
            values![*docket, *digest],
        )
        .await?;
    }
    texts.insert(link, &ANSWER, run(&batch.answers)).await?;
    texts.insert(link, &STREAM, run(&batch.streams)).await?;
    texts.insert(link, &ENVELOPE, run(batch.envelopes.iter().chain(&batch.reread))).await?;
    texts.insert(link, &OUTBOX, run(&batch.outbox)).await?;
    texts.insert(link, &WANTED, run(&batch.wanted)).await
}

/// Takes away what was kept aside of an envelope, which the batch writes in its own place.
async fn aside_no_more(link: &mut Link<'_>, row: &EnvelopeRow, parts: &[PartRow]) -> Result<(), StoreError> {
    let place = values![row.shared.to_string(), row.author.as_str(), row.first, row.last];
    link.execute(
        "DELETE FROM stream WHERE shared = $1 AND author = $2 AND seq >= $3 AND seq <= $4 AND docket = 0",
        place,
    )
    .await?;
    link.execute("DELETE FROM envelope WHERE id = $1", values![&row.id]).await?;
    for part in parts {
        link.execute("DELETE FROM part WHERE digest = $1 AND docket = 0", values![part.digest]).await?;
    }
    Ok(())
}

/// Writes what is derived: matters, to-dos, search, registers. Dockets from `fresh` on have nothing stored yet.
pub(crate) async fn projections(
    texts: &Texts,
    link: &mut Link<'_>,
    batch: &Batch,
    fresh: i64,
) -> Result<(), StoreError> {
    // One statement may not touch a row twice; the last row of a key counts.
    let matters: BTreeMap<i64, &MatterRow> = batch.matters.iter().map(|row| (row.id.0, row)).collect();
    let known: Vec<i64> = matters.keys().copied().filter(|id| *id < fresh).collect();
    for chunk in known.chunks(IN_MAX) {
        for table in ["todo", "ledger", "thing", "issued"] {
            let these = placeholders(link.engine(), chunk.len());
            let sql = format!("DELETE FROM {table} WHERE docket IN ({these})");
            link.execute(AssertSqlSafe(sql), chunk.iter().map(|id| Value::from(*id)).collect()).await?;
        }
    }
    tiles::count(texts, link, &matters, &known).await?;
    texts.insert(link, &MATTER, run(matters.into_values())).await?;
    texts.insert(link, &TODO, run(&batch.todos)).await?;
    let oversight: BTreeMap<i64, &OversightRow> =
        batch.oversight.iter().map(|row| (row.docket.0, row)).collect();
    texts.insert(link, &OVERSIGHT, run(oversight.into_values())).await?;
    texts.insert(link, &LEDGER, run(&batch.ledger)).await?;
    texts.insert(link, &THING, run(&batch.things)).await?;
    texts.insert(link, &ISSUED, run(&batch.issued)).await?;
    case_lines::replace(texts, link, batch, fresh).await?;
    pairs::replace(texts, link, &batch.search, fresh).await?;
    let registers: BTreeMap<(&str, &str), &RegisterRow> =
        batch.registers.iter().map(|row| ((row.register.as_str(), row.key.as_str()), row)).collect();
    texts.insert(link, &REGISTER, run(registers.into_values())).await
}
