//! Reading: lists, counts, maps. See [`crate::filter`] for how a filter finds its way in.

use crate::Database;
use crate::cursor::{Cursor, Way};
use crate::dialect::Engine;
use crate::engine::{Cells, Link, values};
use crate::filter::{Cond, Query, TERM, conditions};
use crate::journal::all;
use crate::rows::Stored;
use crate::table::MATTER;
use crate::{case_lines, tiles, todos};
use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use lianzhi_app::ports::{
    Cluster, Count, CountBy, CountedLine, FactRow, Filter, MatterRow, Order, Page, Queries, StoreError,
    Tally, TodoRow,
};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// Rows of a page at most.
const PAGE_MAX: i64 = 200;
/// Dockets that the first window spans; each further one four times as many.
const WINDOW: i64 = 2_000;
/// A condition that gives no more ids than this drives without asking the others.
const NARROW: i64 = 500;
/// A condition that gives more ids than this drives nothing: reading all matters in order is no slower.
const WIDE: i64 = 100_000;
/// Rows that figures follow at a time.
const FACTS_MAX: i64 = 10_000;
/// Matters that an export reads at a time.
const STREAM_PAGE: i64 = 500;
/// Microseconds of a day, and of Beijing's eight hours before UTC.
const DAY: i64 = 86_400_000_000;
const BEIJING: i64 = 8 * 3_600_000_000;

/// `m.id, m.kind, …`
pub(crate) fn matter_columns() -> String {
    MATTER.columns.iter().map(|(name, _)| format!("m.{name}")).collect::<Vec<_>>().join(", ")
}

/// Where rows of `matter m` come from: the whole table (walked by id, if so told), or the ids that one condition
/// drives with.
fn from(link: &Link<'_>, select: &str, driver: Option<&Cond<'_>>, by_id: bool) -> Query {
    let engine = link.engine();
    match driver {
        None => {
            let mut q = Query::new(engine, select);
            q.push(" FROM matter m").push(if by_id { engine.by_id() } else { "" });
            q
        }
        Some(driver) => {
            let mut q = Query::new(engine, "WITH d ");
            q.push(engine.apart(driver.in_order_of_ids())).push(" (");
            driver.drive(&mut q);
            q.push(") ").push(select).push(" FROM d CROSS JOIN matter m");
            q
        }
    }
}

/// Continues `from` with the conditions; `AND` can follow.
fn narrowed(q: &mut Query, driver: Option<&Cond<'_>>, conditions: &[Cond<'_>]) {
    if driver.is_some() {
        q.push(" WHERE m.id = d.id");
    } else {
        q.push(" WHERE m.id >= 0");
    }
    for condition in conditions {
        q.push(" AND ");
        condition.test(q);
    }
}

/// What is asked of each place of a map.
const PLACES: &str = "SELECT m.id, m.lng, m.lat, m.cell";

/// The places of the matters that match, for a map.
fn places(link: &Link<'_>, driver: Option<&Cond<'_>>, conditions: &[Cond<'_>]) -> Query {
    if let Some(Cond::Cells(ranges, open)) = driver {
        let mut q = Query::new(link.engine(), "");
        along_cells(&mut q, link, ranges, *open, conditions);
        return q;
    }
    let mut q = from(link, PLACES, driver, true);
    narrowed(&mut q, driver, conditions);
    q.push(" AND m.cell IS NOT NULL");
    q
}

/// The same along cells: each range is asked for by itself, with all conditions, so that an index that holds all that
/// they need is enough and no row is looked up.
fn along_cells(q: &mut Query, link: &Link<'_>, ranges: &[(i64, i64)], open: bool, conditions: &[Cond<'_>]) {
    let index = link.engine().by_index(if open { "matter_open_cell" } else { "matter_cell" });
    for (i, ranges) in link.engine().apart_ranges(ranges).enumerate() {
        q.push(if i == 0 { "" } else { " UNION ALL " }).push(PLACES);
        q.push(" FROM matter m").push(&index).push(" WHERE ");
        Cond::Cells(ranges, open).test(q);
        for condition in conditions.iter().filter(|c| !matches!(c, Cond::Cells(..))) {
            q.push(" AND ");
            condition.test(q);
        }
    }
}

/// The open matters of a filter, one by one, added to tiles of the settled ones.
fn open_places(q: &mut Query, link: &Link<'_>, filter: &Filter, level: tiles::Level) {
    const ANYWHERE: [(i64, i64); 1] = [(0, i64::MAX)];
    let cells = if filter.cells.is_empty() { ANYWHERE.to_vec() } else { filter.cells.clone() };
    let open = Filter { open: Some(true), cells, ..filter.clone() };
    if !q.text.is_empty() {
        q.push(" UNION ALL ");
    }
    q.push("SELECT m.cell >> ")
        .push(&level.bits.to_string())
        .push(" AS tile, 1 AS n, m.lng AS lng, m.lat AS lat, ");
    q.push("m.id AS id FROM (");
    along_cells(q, link, &open.cells, true, &conditions(&open));
    q.push(") m");
}

/// The condition that gives the fewest ids, and how many, unless all give many.
async fn narrowest<'c, 'f>(
    link: &mut Link<'_>,
    conditions: &'c [Cond<'f>],
) -> Result<Option<(&'c Cond<'f>, i64)>, StoreError> {
    let mut best: Option<(&Cond<'_>, i64)> = None;
    for condition in conditions {
        let bound = best.map_or(WIDE, |(_, n)| n);
        let mut q = Query::new(link.engine(), "SELECT COUNT(*) FROM (SELECT 1 FROM (");
        if !condition.drive(&mut q) {
            continue;
        }
        q.push(") d LIMIT ").bind(bound + 1).push(") n");
        let n = link.number(AssertSqlSafe(q.text), q.values).await?;
        if n < bound || (best.is_none() && n <= bound) {
            best = Some((condition, n));
        }
        if n <= NARROW {
            break;
        }
    }
    Ok(best)
}

/// What a page asks for, after the cursor was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk {
    pub(crate) order: Order,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) limit: i64,
}

impl Walk {
    fn back(&self) -> bool {
        self.cursor.is_some_and(|c| c.way == Way::Back)
    }

    /// Rows come with falling keys.
    fn falling(&self) -> bool {
        (self.order == Order::Newest) != self.back()
    }

    /// Ids that lie beyond the cursor; none when there is nothing beyond.
    async fn span(&self, link: &mut Link<'_>) -> Result<Option<(i64, i64)>, StoreError> {
        let row = link
            .maybe(
                "SELECT COALESCE((SELECT MIN(id) FROM matter), 0), COALESCE((SELECT MAX(id) FROM matter), -1)",
                vec![],
            )
            .await?
            .ok_or(StoreError::Missing)?;
        let mut cells = row.cells();
        let (mut first, mut last) = (cells.int()?, cells.int()?);
        if self.falling() {
            last = self.cursor.map_or(last, |c| last.min(c.id - 1));
        } else {
            first = self.cursor.map_or(first, |c| first.max(c.id + 1));
        }
        Ok((first <= last).then_some((first, last)))
    }

    /// The query for the rows from the cursor on, one more than the page holds.
    pub(crate) fn query(
        &self,
        link: &Link<'_>,
        driver: Option<&Cond<'_>>,
        conditions: &[Cond<'_>],
        window: Option<(i64, i64)>,
    ) -> Query {
        let by_term = self.order == Order::Due;
        let mut q = from(link, &format!("SELECT {}", matter_columns()), driver, !by_term);
        if by_term && driver.is_none() {
            q.push(&link.engine().by_index("matter_open_due"));
        }
        narrowed(&mut q, driver, conditions);
        if let Some((first, last)) = window {
            q.push(if driver.is_some() { " AND d.id BETWEEN " } else { " AND m.id BETWEEN " })
                .bind(first)
                .push(" AND ")
                .bind(last);
        }
        let (sign, direction) = if self.falling() { ("<", "DESC") } else { (">", "ASC") };
        if let Some(cursor) = self.cursor.filter(|_| self.order == Order::Due) {
            q.push(" AND (").push(TERM).push(", m.id) ").push(sign).push(" (");
            q.bind(cursor.due_at).push(", ").bind(cursor.id).push(")");
        }
        match self.order {
            Order::Due => q.push(&format!(" ORDER BY {TERM} {direction}, m.id {direction}")),
            // Ids from the driver, which SQLite can often give in this order and so stop early.
            _ if driver.is_some() => q.push(&format!(" ORDER BY d.id {direction}")),
            _ => q.push(&format!(" ORDER BY m.id {direction}")),
        };
        q.push(" LIMIT ").bind(self.limit + 1);
        q
    }

    /// The rows from the cursor on, one more than the page holds when there are more.
    async fn rows(&self, link: &mut Link<'_>, conditions: &[Cond<'_>]) -> Result<Vec<MatterRow>, StoreError> {
        if self.order == Order::Due {
            // The index by term holds what is open only and is walked, unless a driver has few ids to be sorted.
            let driver =
                narrowest(link, conditions).await?.filter(|(_, n)| *n <= WINDOW).map(|(driver, _)| driver);
            return self.fetch(link, driver, conditions, None).await;
        }
        let Some((mut first, mut last)) = self.span(link).await? else { return Ok(vec![]) };
        let (mut rows, mut looked_at, mut size) = (vec![], 0, WINDOW);
        let mut narrow: Option<Option<(&Cond<'_>, i64)>> = None;
        // What is found by a digest is rare: the newest are not looked through for it first.
        if conditions.iter().any(|condition| matches!(condition, Cond::Secret(_))) {
            let found = *narrow.insert(narrowest(link, conditions).await?);
            if let Some((driver, n)) = found.filter(|(_, n)| *n <= WINDOW) {
                return self.driven(link, driver, n, conditions, (first, last)).await;
            }
        }
        loop {
            // A window, where the last one ended.
            let window = if self.falling() {
                (first.max(last - size + 1), last)
            } else {
                (first, last.min(first + size - 1))
            };
            let rest = Walk { limit: self.limit - rows.len() as i64, ..*self };
            rows.extend(rest.fetch(link, None, conditions, Some(window)).await?);
            (first, last) = if self.falling() { (first, window.0 - 1) } else { (window.1 + 1, last) };
            if rows.len() as i64 > self.limit || first > last {
                return Ok(rows);
            }
            looked_at += size;
            size *= 4;
            let driver = match narrow {
                Some(known) => known,
                None => *narrow.insert(narrowest(link, conditions).await?),
            };
            // Once more matters were looked at than a driver has ids (and some, which it finds one by one), it is due.
            if let Some((driver, n)) = driver.filter(|(_, n)| looked_at * 2 >= *n) {
                let rest = Walk { limit: self.limit - rows.len() as i64, ..*self };
                rows.extend(rest.driven(link, driver, n, conditions, (first, last)).await?);
                return Ok(rows);
            }
        }
    }

    /// Rows of the ids that one condition drives with.
    async fn driven(
        &self,
        link: &mut Link<'_>,
        driver: &Cond<'_>,
        n: i64,
        conditions: &[Cond<'_>],
        window: (i64, i64),
    ) -> Result<Vec<MatterRow>, StoreError> {
        if n <= WINDOW || link.engine() == Engine::Postgres {
            return self.fetch(link, Some(driver), conditions, Some(window)).await;
        }
        // Many ids: from each branch in order, so that each stops early; then the first of all.
        let mut rows = BTreeMap::new();
        for branch in driver.branches() {
            let found = self.fetch(link, Some(&branch), conditions, Some(window)).await?;
            rows.extend(found.into_iter().map(|row| (row.id, row)));
        }
        let most = usize::try_from(self.limit + 1).unwrap_or_default();
        Ok(match self.falling() {
            true => rows.into_values().rev().take(most).collect(),
            false => rows.into_values().take(most).collect(),
        })
    }

    async fn fetch(
        &self,
        link: &mut Link<'_>,
        driver: Option<&Cond<'_>>,
        conditions: &[Cond<'_>],
        window: Option<(i64, i64)>,
    ) -> Result<Vec<MatterRow>, StoreError> {
        let q = self.query(link, driver, conditions, window);
        all(&link.fetch(AssertSqlSafe(q.text), q.values).await?)
    }
}

#[async_trait]
impl Queries for Database {
    async fn list(
        &self,
        filter: &Filter,
        order: Order,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Page, StoreError> {
        let limit = limit.clamp(1, PAGE_MAX);
        let cursor = cursor.map(|text| Cursor::read(text, order)).transpose()?;
        // By term come open matters only; those that are not asked for are then none.
        let by_term = Filter { open: Some(true), ..filter.clone() };
        let conditions = match order {
            Order::Due if filter.open == Some(false) => return Ok(Page::default()),
            Order::Due => conditions(&by_term),
            _ => conditions(filter),
        };
        let walk = Walk { order, cursor, limit };
        let mut conn = self.db.read().await?;
        let mut rows = walk.rows(&mut conn.link(), &conditions).await?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or_default());
        if walk.back() {
            rows.reverse();
        }
        let at = |row: &MatterRow, way| {
            Cursor { way, due_at: row.due_at.unwrap_or(i64::MAX), id: row.id.0 }.write(order)
        };
        // Going on, there is a way back to where one came from; going back, there is a way on.
        let (has_next, has_prev) = if walk.back() { (true, more) } else { (more, cursor.is_some()) };
        Ok(Page {
            next: rows.last().filter(|_| has_next).map(|row| at(row, Way::On)),
            prev: rows.first().filter(|_| has_prev).map(|row| at(row, Way::Back)),
            rows,
        })
    }

    async fn count(&self, filter: &Filter, at_most: i64) -> Result<Option<i64>, StoreError> {
        let conditions = conditions(filter);
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let driver = narrowest(&mut link, &conditions).await?.map(|(driver, _)| driver);
        let mut q = from(&link, "SELECT 1", driver, true);
        q.text.insert_str(0, "SELECT COUNT(*) FROM (");
        narrowed(&mut q, driver, &conditions);
        q.push(" LIMIT ").bind(at_most.saturating_add(1)).push(") n");
        let n = link.number(AssertSqlSafe(q.text), q.values).await?;
        Ok((n <= at_most).then_some(n))
    }

    async fn counts(&self, filter: &Filter, by: CountBy) -> Result<Vec<Count>, StoreError> {
        let conditions = conditions(filter);
        let key = key_of(by);
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let driver = narrowest(&mut link, &conditions).await?.map(|(driver, _)| driver);
        let select = format!(
            "SELECT {key}, COUNT(*), COUNT(m.closed_at), COUNT(*) FILTER (WHERE m.overdue OR \
             (m.open AND {TERM} <= {}))",
            filter.now
        );
        let mut q = from(&link, &select, driver, true);
        narrowed(&mut q, driver, &conditions);
        q.push(" GROUP BY 1 ORDER BY 1");
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        let mut out: Vec<Count> = rows
            .iter()
            .map(|row| {
                let mut c = row.cells();
                let key = read_key(by, &mut c)?;
                Ok(Count { key, n: c.int()?, closed: c.int()?, overdue: c.int()? })
            })
            .collect::<Result<_, StoreError>>()?;
        // Engines differ in where nulls go.
        out.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(out)
    }

    async fn tally(
        &self,
        filter: &Filter,
        by: CountBy,
        at_most: i64,
    ) -> Result<Option<Vec<Tally>>, StoreError> {
        let conditions = conditions(filter);
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let driver = narrowest(&mut link, &conditions).await?.map(|(driver, _)| driver);
        let late = format!("(m.open AND {TERM} <= {})", filter.now);
        let select =
            format!("SELECT {} AS k, m.open AS o, {late} AS l, (m.overdue OR {late}) AS e", key_of(by));
        let mut q = from(&link, &select, driver, true);
        q.text.insert_str(
            0,
            "SELECT k, COUNT(*), COUNT(*) FILTER (WHERE o), COUNT(*) FILTER (WHERE l), \
             COUNT(*) FILTER (WHERE e) FROM (",
        );
        narrowed(&mut q, driver, &conditions);
        q.push(" LIMIT ").bind(at_most.saturating_add(1)).push(") n GROUP BY 1");
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        let mut out: Vec<Tally> = rows
            .iter()
            .map(|row| {
                let mut c = row.cells();
                let key = read_key(by, &mut c)?;
                Ok(Tally { key, n: c.int()?, open: c.int()?, late: c.int()?, ever: c.int()? })
            })
            .collect::<Result<_, StoreError>>()?;
        out.sort_by(|a, b| a.key.cmp(&b.key));
        Ok((out.iter().map(|t| t.n).sum::<i64>() <= at_most).then_some(out))
    }

    async fn map(&self, filter: &Filter, shift: u32, limit: i64) -> Result<Vec<Cluster>, StoreError> {
        let conditions = conditions(filter);
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        // A map of few bits, of more than what is open: tiles know what is settled.
        if filter.open != Some(true)
            && let Some(level) = tiles::Level::of(shift, &conditions)
            && let Some(facets) = tiles::facets(&conditions)
        {
            let mut parts = Query::new(link.engine(), "");
            tiles::settled(&mut parts, &facets, &conditions, level);
            if filter.open.is_none() {
                open_places(&mut parts, &link, filter, level);
            }
            let clusters = tiles::add_up(&mut link, parts, &facets, &conditions, (shift, level)).await?;
            if clusters.iter().map(|c| c.n).sum::<i64>() > limit {
                return Ok(clusters);
            }
        }
        let along_cells = conditions.iter().find(|c| matches!(c, Cond::Cells(..)));
        // Along cells an index holds what is needed, so another way must be much narrower to be worth its look-ups.
        let driver =
            narrowest(&mut link, &conditions).await?.filter(|(_, n)| along_cells.is_none() || *n <= WINDOW);
        let driver = driver.map(|(driver, _)| driver).or(along_cells);
        let places = places(&link, driver, &conditions);
        let mut q = places.clone();
        q.text.insert_str(0, "SELECT m.id, m.lng, m.lat FROM (");
        q.push(") m LIMIT ").bind(limit.saturating_add(1));
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        if rows.len() as i64 <= limit {
            return rows
                .iter()
                .map(|row| {
                    let mut c = row.cells();
                    Ok(Cluster { only: Some(c.docket()?), lng: c.narrow()?, lat: c.narrow()?, n: 1 })
                })
                .collect();
        }
        // A shift of the type that both engines take; at most the 63 bits of a cell.
        let mut q = places;
        q.text.insert_str(
            0,
            &format!(
                "SELECT COUNT(*), CAST(SUM(m.lng) AS BIGINT) / COUNT(*), CAST(SUM(m.lat) AS BIGINT) / COUNT(*), \
                 MIN(m.id), m.cell >> {} FROM (",
                shift.min(63)
            ),
        );
        q.push(") m GROUP BY 5 ORDER BY 5");
        let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
        rows.iter()
            .map(|row| {
                let mut c = row.cells();
                let (n, lng, lat) = (c.int()?, c.narrow()?, c.narrow()?);
                Ok(Cluster { n, lng, lat, only: Some(c.docket()?).filter(|_| n == 1) })
            })
            .collect()
    }

    async fn facts(&self, from: i64, limit: i64) -> Result<Vec<FactRow>, StoreError> {
        let sql = "SELECT id, pos, stage, open, overdue, category, unit, assignee, source, reported_at, closed_at, \
                   due_at, rating, rework FROM matter WHERE pos > $1 AND kind = 'report' ORDER BY pos LIMIT $2";
        let mut conn = self.db.read().await?;
        let rows = conn.link().fetch(sql, values![from, limit.clamp(1, FACTS_MAX)]).await?;
        rows.iter()
            .map(|row| {
                let mut c = row.cells();
                Ok(FactRow {
                    id: c.docket()?,
                    pos: c.int()?,
                    stage: c.text()?,
                    open: c.bool()?,
                    overdue: c.bool()?,
                    category: c.text_opt()?,
                    unit: c.text_opt()?,
                    assignee: c.text_opt()?,
                    source: c.text()?,
                    reported_at: c.int()?,
                    closed_at: c.int_opt()?,
                    due_at: c.int_opt()?,
                    rating: c.int_opt()?,
                    rework: c.int()?,
                })
            })
            .collect()
    }

    async fn case_lines(&self, filter: &Filter, item: Option<&str>) -> Result<Vec<CountedLine>, StoreError> {
        case_lines::read(&mut self.db.read().await?.link(), filter, item).await
    }

    async fn by_number(&self, number: &str) -> Result<Option<MatterRow>, StoreError> {
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        // Our own number first, whatever other members call theirs; of several matters with the same external number (done
        // again) the newest.
        let own = "CASE WHEN m.source LIKE 'incoming:%' THEN 2 \
                   WHEN m.kind IN ('meeting', 'plan', 'compact') THEN 1 ELSE 0 END";
        for way in ["m.number = $1 AND m.number <> ''", "m.external = $1 AND m.external IS NOT NULL"] {
            let sql = format!(
                "SELECT {} FROM matter m WHERE {way} ORDER BY {own}, m.id DESC LIMIT 1",
                matter_columns()
            );
            if let Some(row) = link.maybe(AssertSqlSafe(sql), values![number]).await? {
                return MatterRow::read(&mut row.cells()).map(Some);
            }
        }
        Ok(None)
    }

    async fn todos(
        &self,
        who: &[String],
        what: Option<&str>,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<(TodoRow, MatterRow)>, StoreError> {
        todos::page(&mut self.db.read().await?.link(), who, what, skip, limit).await
    }

    async fn todo_counts(&self, who: &[String]) -> Result<Vec<(String, i64)>, StoreError> {
        todos::counts(&mut self.db.read().await?.link(), who).await
    }

    fn stream_by(&self, filter: Filter, order: Order) -> BoxStream<'static, Result<MatterRow, StoreError>> {
        let database = self.clone();
        // By term come open matters only.
        if order == Order::Due && filter.open == Some(false) {
            return futures::stream::empty().boxed();
        }
        let open = if order == Order::Due { Some(true) } else { filter.open };
        let filter = Filter { open, ..filter };
        // Page by page: no connection and no state of the database is held while a slow client reads.
        let pages = futures::stream::try_unfold(Some(None::<Cursor>), move |at| {
            let (database, filter) = (database.clone(), filter.clone());
            async move {
                let Some(cursor) = at else { return Ok(None) };
                let mut conn = database.db.read().await?;
                let walk = Walk { order, cursor, limit: STREAM_PAGE };
                let mut rows = walk.rows(&mut conn.link(), &conditions(&filter)).await?;
                let more = rows.len() as i64 > STREAM_PAGE;
                rows.truncate(STREAM_PAGE as usize);
                let last = rows.last().filter(|_| more);
                let next = last.map(|row| {
                    Some(Cursor { way: Way::On, due_at: row.due_at.unwrap_or(i64::MAX), id: row.id.0 })
                });
                Ok::<_, StoreError>(Some((futures::stream::iter(rows.into_iter().map(Ok)), next)))
            }
        });
        pages.try_flatten().boxed()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let mut conn = self.db.read().await?;
        conn.link().number("SELECT size FROM log_head WHERE id = 1", vec![]).await.map(|_| ())
    }
}

/// What counts are made by, of a row of `matter m`.
fn key_of(by: CountBy) -> String {
    match by {
        CountBy::Stage => "m.stage".to_owned(),
        CountBy::Unit => "m.unit".to_owned(),
        CountBy::Category => "m.category".to_owned(),
        CountBy::Source => "m.source".to_owned(),
        CountBy::Assignee => "m.assignee".to_owned(),
        CountBy::Rating => "m.rating".to_owned(),
        CountBy::Day => format!("(m.reported_at + {BEIJING}) / {DAY}"),
    }
}

/// The same as a text, read from the next cell; empty where there is none.
fn read_key(by: CountBy, c: &mut Cells<'_>) -> Result<String, StoreError> {
    Ok(match by {
        CountBy::Day => day(c.int()?),
        CountBy::Rating => c.int_opt()?.map_or_else(String::new, |rating| rating.to_string()),
        _ => c.text_opt()?.unwrap_or_default(),
    })
}

/// A day counted from 1970-01-01, as a date.
fn day(days: i64) -> String {
    let start = jiff::civil::date(1970, 1, 1);
    let date = jiff::Span::new().try_days(days).and_then(|span| start.checked_add(span));
    date.map_or_else(|_| days.to_string(), |date| date.to_string())
}
