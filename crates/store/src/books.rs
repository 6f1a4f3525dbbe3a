//! The books and the register of things.

use crate::Database;
use crate::engine::{Cells, Link, Value, values};
use crate::filter::Query;
use crate::queries::matter_columns;
use crate::rows::Stored;
use crate::table::{Clash, Kind, LEDGER, THING, Table};
use async_trait::async_trait;
use lianzhi_app::ports::{
    Books, DaySum, IssuedFilter, IssuedRow, LedgerFilter, LedgerRow, MatterRow, NumberGap, SeriesRow,
    StoreError, ThingFilter, ThingRow,
};
use sqlx::AssertSqlSafe;

pub(crate) static ISSUED: Table = Table {
    name: "issued",
    columns: &[
        ("docket", Kind::Int),
        ("id", Kind::Int),
        ("head", Kind::Text),
        ("year", Kind::Int),
        ("branch", Kind::Text),
        ("n", Kind::Int),
        ("number", Kind::Text),
        ("title", Kind::Text),
        ("at", Kind::Int),
        ("state", Kind::Text),
        ("reason", Kind::Bytes),
        ("by_no", Kind::Text),
    ],
    key: &[],
    clash: Clash::Fail,
};
impl Stored for LedgerRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.docket,
            &self.what,
            self.day,
            self.fen,
            &self.reference,
            &self.person,
            self.due_at
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(LedgerRow {
            docket: c.docket()?,
            what: c.text()?,
            day: c.int()?,
            fen: c.int()?,
            reference: c.text()?,
            person: c.text_opt()?,
            due_at: c.int_opt()?,
        })
    }
}

impl Stored for ThingRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.docket,
            self.id,
            &self.kind,
            &self.state,
            &self.shelf,
            self.name,
            self.perishable,
            self.release,
            self.since,
            self.due_at,
            &self.due_name
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(ThingRow {
            docket: c.docket()?,
            id: c.int()?,
            kind: c.text()?,
            state: c.text()?,
            shelf: c.text()?,
            name: c.digest()?,
            perishable: c.bool()?,
            release: c.bool()?,
            since: c.int()?,
            due_at: c.int_opt()?,
            due_name: c.text()?,
        })
    }
}

impl Stored for IssuedRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.docket,
            self.id,
            &self.head,
            self.year,
            &self.branch,
            self.n,
            &self.number,
            &self.title,
            self.at,
            &self.state,
            self.reason,
            &self.by
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(IssuedRow {
            docket: c.docket()?,
            id: c.int()?,
            head: c.text()?,
            year: c.int()?,
            branch: c.text()?,
            n: c.int()?,
            number: c.text()?,
            title: c.text()?,
            at: c.int()?,
            state: c.text()?,
            reason: c.digest_opt()?,
            by: c.text_opt()?,
        })
    }
}

/// States of a number that nothing was issued under.
const VOID: &str = "'voided', 'unused'";

/// Begins a query over numbers with its conditions.
fn of_issued(q: &mut Query, filter: &IssuedFilter) {
    q.push(" FROM issued i JOIN matter m ON m.id = i.docket WHERE i.year = ").bind(filter.year);
    if let Some((head, branch)) = &filter.series {
        q.push(" AND i.head = ").bind(head).push(" AND i.branch = ").bind(branch);
    }
    if !filter.units.is_empty() {
        q.push(" AND m.unit IN ").bind_list(&filter.units);
    }
    if !filter.states.is_empty() {
        q.push(" AND i.state IN ").bind_list(&filter.states);
    }
}

/// The columns of a table under an alias.
fn columns(table: &Table, alias: &str) -> String {
    table.columns.iter().map(|(name, _)| format!("{alias}.{name}")).collect::<Vec<_>>().join(", ")
}

fn of_ledger(q: &mut Query, filter: &LedgerFilter) {
    q.push(" WHERE l.day >= ").bind(filter.from.unwrap_or(i64::MIN));
    q.push(" AND l.day <= ").bind(filter.to.unwrap_or(i64::MAX));
    if !filter.what.is_empty() {
        q.push(" AND l.what IN ").bind_list(&filter.what);
    }
}

fn of_things(q: &mut Query, filter: &ThingFilter) {
    q.push(" WHERE 1 = 1");
    if !filter.states.is_empty() {
        q.push(" AND t.state IN ").bind_list(&filter.states);
    }
    if !filter.units.is_empty() {
        q.push(" AND m.unit IN ").bind_list(&filter.units);
    }
    if let Some(kind) = &filter.kind {
        q.push(" AND t.kind = ").bind(kind);
    }
    if let Some(shelf) = &filter.shelf {
        // Compared by length, so that no letter of it means anything special.
        let length = i64::try_from(shelf.chars().count()).unwrap_or(i64::MAX);
        q.push(" AND SUBSTR(t.shelf, 1, CAST(").bind(length).push(" AS INTEGER)) = ").bind(shelf);
    }
    if filter.release {
        q.push(" AND t.give_back");
    }
    if let Some(before) = filter.due_before {
        q.push(" AND t.due_at < ").bind(before);
    }
    if let Some(docket) = filter.docket {
        q.push(" AND t.docket = ").bind(docket);
    }
}

async fn joined<T: Stored>(link: &mut Link<'_>, q: Query) -> Result<Vec<(T, MatterRow)>, StoreError> {
    let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
    rows.iter()
        .map(|row| {
            let mut cells = row.cells();
            Ok((T::read(&mut cells)?, MatterRow::read(&mut cells)?))
        })
        .collect()
}

#[async_trait]
impl Books for Database {
    async fn ledger_sums(&self, filter: &LedgerFilter) -> Result<Vec<DaySum>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let sums = "SELECT l.day, l.what, CAST(SUM(l.fen) AS BIGINT), COUNT(*) FROM ledger l";
        let mut q = Query::new(link.engine(), sums);
        of_ledger(&mut q, filter);
        q.push(" GROUP BY l.day, l.what ORDER BY l.day, l.what");
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        rows.iter()
            .map(|row| {
                let mut c = row.cells();
                Ok(DaySum { day: c.int()?, what: c.text()?, fen: c.int()?, n: c.int()? })
            })
            .collect()
    }

    async fn ledger(
        &self,
        filter: &LedgerFilter,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(LedgerRow, MatterRow)>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let select = format!(
            "SELECT {}, {} FROM ledger l JOIN matter m ON m.id = l.docket",
            columns(&LEDGER, "l"),
            matter_columns()
        );
        let mut q = Query::new(link.engine(), &select);
        of_ledger(&mut q, filter);
        q.push(" ORDER BY l.due_at NULLS LAST, l.day, l.docket, l.what, l.reference, l.fen LIMIT ")
            .bind(limit);
        q.push(" OFFSET ").bind(skip);
        joined(&mut link, q).await
    }

    async fn series(&self, filter: &IssuedFilter) -> Result<Vec<SeriesRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let void = format!("CAST(SUM(CASE WHEN i.state IN ({VOID}) THEN 1 ELSE 0 END) AS BIGINT)");
        let select = format!("SELECT i.head, i.branch, MIN(i.title), COUNT(*), {void}, MIN(i.n), MAX(i.n)");
        let mut q = Query::new(link.engine(), &select);
        of_issued(&mut q, filter);
        q.push(" GROUP BY i.head, i.branch ORDER BY i.head, i.branch");
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        rows.iter()
            .map(|row| {
                let mut c = row.cells();
                Ok(SeriesRow {
                    head: c.text()?,
                    branch: c.text()?,
                    title: c.text()?,
                    n: c.int()?,
                    void: c.int()?,
                    first: c.int()?,
                    last: c.int()?,
                })
            })
            .collect()
    }

    async fn issued(
        &self,
        filter: &IssuedFilter,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(IssuedRow, MatterRow)>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let select = format!("SELECT {}, {}", columns(&ISSUED, "i"), matter_columns());
        let mut q = Query::new(link.engine(), &select);
        of_issued(&mut q, filter);
        q.push(" ORDER BY i.head, i.branch, i.n, i.docket, i.id LIMIT ").bind(limit);
        q.push(" OFFSET ").bind(skip);
        joined(&mut link, q).await
    }

    async fn number_gaps(&self, year: i64) -> Result<Vec<NumberGap>, StoreError> {
        let mut conn = self.db.read().await?;
        // Each running part counts once, however many papers bear it.
        let sql = "SELECT head, branch, prev + 1, n - 1 FROM (SELECT head, branch, n, \
                   COALESCE(LAG(n) OVER (PARTITION BY head, branch ORDER BY n), 0) AS prev \
                   FROM (SELECT DISTINCT head, branch, n FROM issued WHERE year = $1) AS once) AS pairs \
                   WHERE n > prev + 1 ORDER BY head, branch, n";
        let rows = conn.link().fetch(sql, values![year]).await?;
        rows.iter()
            .map(|row| {
                let mut c = row.cells();
                Ok(NumberGap { head: c.text()?, branch: c.text()?, from: c.int()?, to: c.int()? })
            })
            .collect()
    }

    async fn thing_counts(&self, filter: &ThingFilter) -> Result<Vec<(String, i64)>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let counts = "SELECT t.state, COUNT(*) FROM thing t JOIN matter m ON m.id = t.docket";
        let mut q = Query::new(link.engine(), counts);
        of_things(&mut q, filter);
        q.push(" GROUP BY t.state ORDER BY t.state");
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        rows.iter()
            .map(|row| {
                let mut c = row.cells();
                Ok((c.text()?, c.int()?))
            })
            .collect()
    }

    async fn things(
        &self,
        filter: &ThingFilter,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(ThingRow, MatterRow)>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let select = format!(
            "SELECT {}, {} FROM thing t JOIN matter m ON m.id = t.docket",
            columns(&THING, "t"),
            matter_columns()
        );
        let mut q = Query::new(link.engine(), &select);
        of_things(&mut q, filter);
        q.push(" ORDER BY t.give_back DESC, t.due_at NULLS LAST, t.docket, t.id LIMIT ").bind(limit);
        q.push(" OFFSET ").bind(skip);
        joined(&mut link, q).await
    }
}
