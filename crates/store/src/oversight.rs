//! The three systems: rows by filter, newest first, and counts.

use crate::Database;
use crate::engine::{Cells, Value, values};
use crate::filter::Query;
use crate::journal::all;
use crate::rows::Stored;
use crate::table::OVERSIGHT;
use async_trait::async_trait;
use lianzhi_app::ports::{Oversight, OversightCount, OversightFilter, OversightRow, Sight, StoreError};
use lianzhi_ids::DocketId;
use sqlx::AssertSqlSafe;

/// Rows of a page at most.
const ROWS_MAX: i64 = 1_000;

impl Stored for OversightRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![
            self.docket,
            &self.kind,
            &self.number,
            &self.unit,
            self.paper,
            self.at,
            &self.standing,
            self.published_at,
            self.withdrawn_at,
            self.late,
            self.annulled,
            self.personal,
            &self.review,
            self.gaps,
            &self.items,
            &self.party,
            &self.decision,
            &self.reason
        ]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(OversightRow {
            docket: c.docket()?,
            kind: c.text()?,
            number: c.text()?,
            unit: c.text()?,
            paper: c.int_opt()?,
            at: c.int()?,
            standing: c.text_opt()?,
            published_at: c.int_opt()?,
            withdrawn_at: c.int_opt()?,
            late: c.bool()?,
            annulled: c.bool()?,
            personal: c.bool()?,
            review: c.text()?,
            gaps: c.int()?,
            items: c.text()?,
            party: c.text()?,
            decision: c.text_opt()?,
            reason: c.text()?,
        })
    }
}

/// A word as `LIKE` finds it anywhere, with its own signs taken for themselves.
fn within(word: &str) -> String {
    let mut out = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('%');
    out
}

/// Begins a query over the table with its conditions; `AND` can follow.
fn narrowed(q: &mut Query, filter: &OversightFilter) {
    q.push(" FROM oversight o WHERE o.docket >= 0");
    if let Some(Sight::Some { units, person }) = &filter.sight {
        // An officer without a unit sees none of them: a row names no persons.
        if units.is_empty() {
            q.push(" AND o.unit = ").bind(format!("person {person}"));
        } else {
            q.push(" AND o.unit IN ").bind_list(units);
        }
    }
    if let Some(kind) = &filter.kind {
        q.push(" AND o.kind = ").bind(kind);
    }
    if !filter.standings.is_empty() {
        q.push(" AND o.standing IN ").bind_list(&filter.standings);
    }
    match filter.decided {
        Some(true) => q.push(" AND o.paper IS NOT NULL"),
        Some(false) => q.push(" AND o.paper IS NULL"),
        None => q,
    };
    if let Some(from) = filter.from {
        q.push(" AND o.at >= ").bind(from);
    }
    if let Some(to) = filter.to {
        q.push(" AND o.at < ").bind(to);
    }
    if let Some(item) = &filter.item {
        q.push(" AND o.items LIKE ").bind(within(&format!(" {item} "))).push(" ESCAPE '\\'");
    }
    if let Some(party) = &filter.party {
        q.push(" AND LOWER(o.party) LIKE ").bind(within(&party.to_lowercase())).push(" ESCAPE '\\'");
    }
    if let Some((others, persons)) = filter.shown_since {
        q.push(" AND ((NOT o.personal AND o.published_at >= ").bind(others);
        q.push(") OR (o.personal AND o.published_at >= ").bind(persons).push("))");
    }
    match filter.late {
        Some(true) => q.push(" AND o.late"),
        Some(false) => q.push(" AND NOT o.late"),
        None => q,
    };
    if let Some(review) = &filter.review {
        q.push(" AND o.review = ").bind(review);
    }
    match filter.gaps {
        Some(true) => q.push(" AND o.gaps > 0"),
        Some(false) => q.push(" AND o.gaps = 0"),
        None => q,
    };
}

#[async_trait]
impl Oversight for Database {
    async fn rows(
        &self,
        filter: &OversightFilter,
        after: Option<(i64, DocketId)>,
        limit: i64,
    ) -> Result<Vec<OversightRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let mut q = Query::new(link.engine(), &format!("SELECT {}", OVERSIGHT.column_list()));
        narrowed(&mut q, filter);
        if let Some((at, docket)) = after {
            q.push(" AND (o.at < ").bind(at).push(" OR (o.at = ").bind(at);
            q.push(" AND o.docket < ").bind(docket).push("))");
        }
        q.push(" ORDER BY o.at DESC, o.docket DESC LIMIT ").bind(limit.clamp(1, ROWS_MAX));
        all(&link.fetch(AssertSqlSafe(q.text), q.values).await?)
    }

    async fn row(&self, docket: DocketId) -> Result<Option<OversightRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let sql = format!("SELECT {} FROM oversight WHERE docket = $1", OVERSIGHT.column_list());
        let rows = conn.link().fetch(AssertSqlSafe(sql), values![docket]).await?;
        Ok(all(&rows)?.pop())
    }

    async fn counts(&self, filter: &OversightFilter) -> Result<Vec<OversightCount>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let columns = "o.kind, o.standing, o.late, o.review, (o.gaps > 0)";
        let mut q = Query::new(link.engine(), &format!("SELECT {columns}, COUNT(*)"));
        narrowed(&mut q, filter);
        q.push(" GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5");
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        rows.iter()
            .map(|row| {
                let c = &mut row.cells();
                Ok(OversightCount {
                    kind: c.text()?,
                    standing: c.text_opt()?,
                    late: c.bool()?,
                    review: c.text()?,
                    gaps: c.bool()?,
                    n: c.int()?,
                })
            })
            .collect()
    }
}
