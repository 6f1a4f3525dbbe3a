//! Lines of cases: written with the rows of their matters, read for statistics and comparisons.

use crate::dialect::Engine;
use crate::engine::{Cells, Link, Value, values};
use crate::filter::{Query, conditions};
use crate::pairs::{IN_MAX, placeholders};
use crate::rows::{Stored, run};
use crate::table::{CASE_LINE, Texts};
use lianzhi_app::ports::{Batch, CaseLineRow, CountedLine, Filter, StoreError};
use sqlx::AssertSqlSafe;

impl Stored for CaseLineRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.docket,
            self.n,
            &self.item,
            &self.subject,
            &self.result,
            &self.kept,
            &self.reviewed,
            &self.challenge,
            &self.tier,
            &self.circumstances,
            self.decided_at,
            self.fine,
            self.paid
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(CaseLineRow {
            docket: c.docket()?,
            n: c.int()?,
            item: c.text()?,
            subject: c.text()?,
            result: c.text()?,
            kept: c.text()?,
            reviewed: c.text()?,
            challenge: c.text()?,
            tier: c.text()?,
            circumstances: c.text()?,
            decided_at: c.int_opt()?,
            fine: c.int()?,
            paid: c.int()?,
        })
    }
}

/// Puts the lines of the cases of a batch in the place of those that were there. Dockets from `fresh` on have none yet.
pub(crate) async fn replace(
    texts: &Texts,
    link: &mut Link<'_>,
    batch: &Batch,
    fresh: i64,
) -> Result<(), StoreError> {
    let known: Vec<i64> =
        batch.matters.iter().filter(|m| m.id.0 < fresh && m.has_lines()).map(|m| m.id.0).collect();
    for chunk in known.chunks(IN_MAX) {
        let list = placeholders(link.engine(), chunk.len());
        let sql = format!("DELETE FROM case_line WHERE docket IN ({list})");
        link.execute(AssertSqlSafe(sql), chunk.iter().map(|id| Value::from(*id)).collect()).await?;
    }
    texts.insert(link, &CASE_LINE, run(&batch.case_lines)).await
}

/// Lines of the matters that a filter lets through, of one item when it is given, by docket.
pub(crate) async fn read(
    link: &mut Link<'_>,
    filter: &Filter,
    item: Option<&str>,
) -> Result<Vec<CountedLine>, StoreError> {
    let columns = CASE_LINE.columns.iter().map(|(name, _)| format!("l.{name}")).collect::<Vec<_>>();
    let select = format!("SELECT m.kind, m.unit, m.reported_at, {}", columns.join(", "));
    let mut q = Query::new(link.engine(), &select);
    // Lines are few beside matters: they lead, and matters are looked up by their key.
    q.push(match link.engine() {
        Engine::Sqlite => " FROM case_line l CROSS JOIN matter m WHERE m.id = l.docket",
        Engine::Postgres => " FROM case_line l JOIN matter m ON m.id = l.docket WHERE TRUE",
    });
    if let Some(item) = item {
        q.push(" AND l.item = ").bind(item);
    }
    for condition in conditions(filter) {
        q.push(" AND ");
        condition.test(&mut q);
    }
    q.push(" ORDER BY l.docket, l.n");
    let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
    rows.iter()
        .map(|row| {
            let mut c = row.cells();
            let (kind, unit, reported_at) = (c.text()?, c.text_opt()?, c.int()?);
            Ok(CountedLine { kind, unit, reported_at, line: CaseLineRow::read(&mut c)? })
        })
        .collect()
}
