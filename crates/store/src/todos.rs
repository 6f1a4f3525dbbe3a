//! What waits for somebody: a page of it, and how much there is.

use crate::engine::Link;
use crate::filter::Query;
use crate::queries::matter_columns;
use crate::rows::Stored;
use lianzhi_app::ports::{MatterRow, StoreError, TodoRow};
use sqlx::AssertSqlSafe;

/// To-dos with their matters, soonest first; of one kind of act when it is given.
pub(crate) async fn page(
    link: &mut Link<'_>,
    who: &[String],
    what: Option<&str>,
    skip: i64,
    limit: i64,
) -> Result<Vec<(TodoRow, MatterRow)>, StoreError> {
    if who.is_empty() {
        return Ok(vec![]);
    }
    let select = format!("SELECT t.docket, t.who, t.what, t.due_at, {}", matter_columns());
    let mut q = Query::new(link.engine(), &select);
    q.push(" FROM todo t JOIN matter m ON m.id = t.docket WHERE t.who IN ").bind_list(who);
    if let Some(what) = what {
        q.push(" AND t.what = ").bind(what);
    }
    q.push(" ORDER BY t.due_at NULLS LAST, t.docket, t.who, t.what LIMIT ").bind(limit);
    q.push(" OFFSET ").bind(skip);
    let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
    rows.iter()
        .map(|row| {
            let mut cells = row.cells();
            Ok((TodoRow::read(&mut cells)?, MatterRow::read(&mut cells)?))
        })
        .collect()
}

/// How many there are by kind of act, those first of which one is due first.
pub(crate) async fn counts(link: &mut Link<'_>, who: &[String]) -> Result<Vec<(String, i64)>, StoreError> {
    if who.is_empty() {
        return Ok(vec![]);
    }
    let mut q = Query::new(link.engine(), "SELECT t.what, COUNT(*) FROM todo t WHERE t.who IN ");
    q.bind_list(who).push(" GROUP BY t.what ORDER BY MIN(t.due_at) NULLS LAST, t.what");
    let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
    rows.iter()
        .map(|row| {
            let mut cells = row.cells();
            Ok((cells.text()?, cells.int()?))
        })
        .collect()
}
