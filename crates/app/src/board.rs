//! The dispatcher's board: open matters in columns by stage or unit, exact counts, the latest changes, and who is on
//! duty and near.

use crate::ports::{CountBy, Filter, MatterRow, Order, Page, StoreError, Tally};
use crate::read::{ListQuery, NO_UNIT, filter_of_kind};
use crate::shared::unavailable;
use crate::{App, Caller};
use futures::future::try_join_all;
use jiff::Timestamp;
use lianzhi_ids::{DocketId, PersonCode, Role, UnitCode};
use lianzhi_procedure::report::STAGES;
use lianzhi_procedure::{Kind, Loads, Refusal};
use lianzhi_territory::Point;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Cards that a column shows at first, and that "more" adds.
pub const COLUMN_CARDS: i64 = 20;
/// Cards fetched at once after changes.
pub const CARDS_MAX: usize = 100;
/// Open matters that are counted exactly; far beyond what a district has open at a time.
const OPEN_MAX: i64 = 100_000;
/// Rows of the log looked through for the latest changes, further back while too few are one's own: the end of the log may
/// be full of what others do, or of who went on duty.
const LOOKED: [i64; 3] = [80, 400, 2_000];
/// Matters on somebody's way that are looked at for where people are.
const PLACES_MAX: i64 = 200;
/// People proposed for a matter.
const NEARBY_MAX: usize = 8;

/// Filters whose counts are kept at hand: as many as there are different boards open.
const COUNTS_KEPT: usize = 64;
/// How long counts hold while nothing is recorded, micros: what is late moves with the clock.
const COUNTS_HOLD_US: i64 = 1_000_000;

/// Counts of boards as they were last made. One change makes every open board ask for them: they are made once.
#[derive(Debug)]
pub(crate) struct Counts(tokio::sync::Mutex<lru::LruCache<String, Kept>>);

/// Counts, and the log's size and the moment at which they were right.
#[derive(Debug)]
struct Kept {
    size: i64,
    at: i64,
    tally: Arc<Vec<Tally>>,
}

impl Default for Counts {
    fn default() -> Self {
        let most = NonZeroUsize::new(COUNTS_KEPT).unwrap_or(NonZeroUsize::MIN);
        Counts(tokio::sync::Mutex::new(lru::LruCache::new(most)))
    }
}

/// What columns are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BoardBy {
    /// By stage, in the order of the work.
    #[default]
    Stage,
    /// By lead unit; those without one first.
    Unit,
}

/// A column.
#[derive(Debug, Clone)]
pub struct BoardColumn {
    /// Stage, or unit; [`NO_UNIT`] for those without one.
    pub key: String,
    /// How many matters there are in it.
    pub n: i64,
    /// Of them late now.
    pub late: i64,
    /// The first of them, soonest term first.
    pub page: Page,
}

/// The board.
#[derive(Debug, Clone, Default)]
pub struct BoardView {
    /// Its columns.
    pub columns: Vec<BoardColumn>,
    /// Open matters that match the filter.
    pub open: i64,
    /// Of them late now.
    pub late: i64,
}

/// Somebody who could go.
#[derive(Debug, Clone)]
pub struct Nearby {
    /// Who.
    pub person: PersonCode,
    /// Name.
    pub name: String,
    /// Where he is on duty.
    pub unit: UnitCode,
    /// Its name.
    pub unit_name: String,
    /// The matter lies in a grid of his post.
    pub own_grid: bool,
    /// His open matters.
    pub load: u32,
    /// How far, in metres, when anything is known of where he is.
    pub metres: Option<u32>,
    /// What that is measured from: where he arrived last and when, or his area.
    pub from: Whence,
}

/// Those on duty in a unit.
#[derive(Debug, Clone)]
pub struct Shift {
    /// The unit.
    pub unit: UnitCode,
    /// Its name.
    pub name: String,
    /// They, those with least to do first.
    pub people: Vec<AtWork>,
}

/// Somebody on duty.
#[derive(Debug, Clone)]
pub struct AtWork {
    /// Who.
    pub person: PersonCode,
    /// Name.
    pub name: String,
    /// His open matters, as far as whoever asks may see them.
    pub open: i64,
}

/// What a distance is measured from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whence {
    /// The place of the matter at which he arrived last, since then.
    Arrived(Timestamp),
    /// The middle of the grids of his post.
    Grid,
    /// The middle of the area of his unit.
    Unit,
    /// Nothing is known.
    Nowhere,
}

/// The column of a matter.
#[must_use]
pub fn column_of(row: &MatterRow, by: BoardBy) -> String {
    match by {
        BoardBy::Stage => row.stage.clone(),
        BoardBy::Unit => row.unit.clone().unwrap_or_else(|| NO_UNIT.to_owned()),
    }
}

/// Stages in which a matter is open, in the order of the work.
fn open_stages() -> impl Iterator<Item = &'static str> {
    const ENDS: [&str; 4] = ["closed", "dismissed", "returned", "withdrawn"];
    STAGES.iter().map(|s| s.0).filter(|s| !ENDS.contains(s))
}

/// Nearer first: own grid, then half kilometres, then who has less to do.
fn rank(n: &Nearby) -> (bool, u32, u32, String) {
    let steps = n.metres.map_or(u32::MAX, |m| m / 500);
    (!n.own_grid, steps, n.load, n.person.to_string())
}

impl App {
    async fn board_filter(&self, who: &Caller, query: &ListQuery) -> Result<Filter, Refusal> {
        self.may(who, "board", None)?;
        let open = ListQuery { open: Some("true".into()), order: Some("due".into()), ..query.clone() };
        self.filter(who, &open).await
    }

    fn narrowed(filter: &Filter, by: BoardBy, key: &str) -> Filter {
        match by {
            BoardBy::Stage => Filter { stages: vec![key.to_owned()], ..filter.clone() },
            BoardBy::Unit => {
                let unit = if key == NO_UNIT { String::new() } else { key.to_owned() };
                Filter { units: vec![unit], ..filter.clone() }
            }
        }
    }

    /// The board, with the first cards of each column.
    ///
    /// # Errors
    /// A wrong filter, or no right to the board.
    pub async fn board(&self, who: &Caller, query: &ListQuery, by: BoardBy) -> Result<BoardView, Refusal> {
        let filter = self.board_filter(who, query).await?;
        let tally = self.board_tally(&filter, by).await?;
        let (open, late) = tally.iter().fold((0, 0), |(n, late), t| (n + t.n, late + t.late));
        let filter = &filter;
        let column = |Tally { key, n, late, .. }| async move {
            let page = if n == 0 { Page::default() } else { self.cards(filter, by, &key, None).await? };
            Ok::<_, Refusal>(BoardColumn { key, n, late, page })
        };
        let columns = try_join_all(tally.into_iter().map(column)).await?;
        Ok(BoardView { columns, open, late })
    }

    /// Counts by stage or unit as of now; of those who ask at the same time one counts for all.
    async fn counted(&self, filter: &Filter, by: BoardBy) -> Result<Arc<Vec<Tally>>, Refusal> {
        let store = &self.inner.store;
        let key = format!("{by:?} {:?}", Filter { now: 0, ..filter.clone() });
        let mut kept = self.inner.board.0.lock().await;
        let size = store.journal.head().await.map_err(|e| unavailable(&e))?.size;
        if let Some(known) = kept.get(&key)
            && known.size == size
            && (0..COUNTS_HOLD_US).contains(&(filter.now - known.at))
        {
            return Ok(known.tally.clone());
        }
        let count_by = if by == BoardBy::Stage { CountBy::Stage } else { CountBy::Unit };
        let found = store.queries.tally(filter, count_by, OPEN_MAX).await.map_err(|e| unavailable(&e))?;
        let tally = Arc::new(found.ok_or_else(|| {
            Refusal::invalid("q", format!("在办超过 {OPEN_MAX} 件，看板放不下。"), "请先按单位或类别筛选。")
        })?);
        kept.put(key, Kept { size, at: filter.now, tally: tally.clone() });
        Ok(tally)
    }

    /// Counts of the columns, in their order; by stage also those that are empty.
    async fn board_tally(&self, filter: &Filter, by: BoardBy) -> Result<Vec<Tally>, Refusal> {
        let mut found = self.counted(filter, by).await?.as_ref().clone();
        match by {
            BoardBy::Stage => Ok(open_stages()
                .filter(|stage| filter.stages.is_empty() || filter.stages.iter().any(|s| s == stage))
                .map(|stage| {
                    let known = found.iter().find(|t| t.key == stage).cloned();
                    known.unwrap_or_else(|| Tally { key: stage.to_owned(), ..Tally::default() })
                })
                .collect()),
            BoardBy::Unit => {
                for tally in found.iter_mut().filter(|t| t.key.is_empty()) {
                    tally.key = NO_UNIT.to_owned();
                }
                found.sort_by_key(|t| (t.key != NO_UNIT, -t.n, t.key.clone()));
                Ok(found)
            }
        }
    }

    /// The counts alone: key, open, late now.
    ///
    /// # Errors
    /// A wrong filter, or no right to the board.
    pub async fn board_counts(
        &self,
        who: &Caller,
        query: &ListQuery,
        by: BoardBy,
    ) -> Result<Vec<Tally>, Refusal> {
        let filter = self.board_filter(who, query).await?;
        self.board_tally(&filter, by).await
    }

    async fn cards(
        &self,
        filter: &Filter,
        by: BoardBy,
        key: &str,
        cursor: Option<&str>,
    ) -> Result<Page, Refusal> {
        let filter = Self::narrowed(filter, by, key);
        let page = self.inner.store.queries.list(&filter, Order::Due, cursor, COLUMN_CARDS).await;
        page.map_err(|e| match e {
            StoreError::Missing => Refusal::invalid("cursor", "这一列的位置已失效。", "请重新打开看板。"),
            e => unavailable(&e),
        })
    }

    /// Further cards of a column.
    ///
    /// # Errors
    /// A wrong filter or cursor, or no right to the board.
    pub async fn board_column(
        &self,
        who: &Caller,
        query: &ListQuery,
        by: BoardBy,
        key: &str,
        cursor: Option<&str>,
    ) -> Result<Page, Refusal> {
        let filter = self.board_filter(who, query).await?;
        self.cards(&filter, by, key, cursor).await
    }

    /// Of these matters those that are on the board under this filter, and those that the caller may see at all.
    ///
    /// # Errors
    /// A wrong filter, or no right to the board.
    pub async fn board_cards(
        &self,
        who: &Caller,
        query: &ListQuery,
        ids: &[DocketId],
    ) -> Result<(Vec<MatterRow>, Vec<MatterRow>), Refusal> {
        let filter = self.board_filter(who, query).await?;
        let ids: Vec<DocketId> = ids.iter().copied().take(CARDS_MAX).collect();
        if ids.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let queries = &self.inner.store.queries;
        let limit = i64::try_from(ids.len()).unwrap_or(0);
        let seen =
            Filter { sight: filter.sight.clone(), ids: ids.clone(), ..filter_of_kind(Kind::Report.code()) };
        let on = Filter { ids, ..filter };
        let on = queries.list(&on, Order::Due, None, limit).await.map_err(|e| unavailable(&e))?.rows;
        let mut seen =
            queries.list(&seen, Order::Newest, None, limit).await.map_err(|e| unavailable(&e))?.rows;
        seen.sort_by_key(|row| row.pos);
        Ok((on, seen))
    }

    /// The latest changes that the caller may know of, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn latest_changes(&self, who: &Caller, most: usize) -> Result<Vec<MatterRow>, Refusal> {
        let journal = &self.inner.store.journal;
        let size = journal.head().await.map_err(|e| unavailable(&e))?.size;
        let mut rows = Vec::new();
        for looked in LOOKED {
            rows = journal.changed(size - looked, looked).await.map_err(|e| unavailable(&e))?;
            rows.retain(|row| row.kind == Kind::Report.code() && self.may(who, "read", Some(row)).is_ok());
            if rows.len() >= most || looked >= size {
                break;
            }
        }
        rows.reverse();
        rows.truncate(most);
        Ok(rows)
    }

    /// Who is on duty, unit by unit, each with his open matters: the numbers are those of the lists they lead to.
    ///
    /// # Errors
    /// No right to the board, or the store cannot be read.
    pub async fn on_duty(&self, who: &Caller) -> Result<Vec<Shift>, Refusal> {
        let filter = self.board_filter(who, &ListQuery::default()).await?;
        let counts = self.inner.store.queries.counts(&filter, CountBy::Assignee).await;
        let open: HashMap<String, i64> =
            counts.map_err(|e| unavailable(&e))?.into_iter().map(|c| (c.key, c.n)).collect();
        let (directory, duty) = (self.directory(), self.duty());
        let mut shifts: BTreeMap<UnitCode, Vec<AtWork>> = BTreeMap::new();
        for (person, unit) in duty.people() {
            shifts.entry(unit.clone()).or_default().push(AtWork {
                name: directory.person_name(person).to_owned(),
                open: open.get(person.as_str()).copied().unwrap_or(0),
                person: person.clone(),
            });
        }
        let shift = |(unit, mut people): (UnitCode, Vec<AtWork>)| {
            people.sort_by(|a, b| (a.open, &a.person).cmp(&(b.open, &b.person)));
            Shift { name: directory.unit_name(&unit).to_owned(), unit, people }
        };
        Ok(shifts.into_iter().map(shift).collect())
    }

    /// Officers on duty who could be sent to a matter, the best first: whose grid it is, then who is near, then who has
    /// less to do.
    ///
    /// # Errors
    /// When the caller may not see the matter, or the store cannot be read.
    pub async fn nearby(&self, who: &Caller, id: DocketId) -> Result<Vec<Nearby>, Refusal> {
        let row = self.row_for(who, id).await?;
        let (world, directory, duty) = (self.world(), self.directory(), self.duty());
        let loads = self.inner.shared.load_table();
        let grid = row.grid.as_deref().and_then(|g| lianzhi_ids::GridCode::parse(g).ok());
        let to = point(&row).or_else(|| grid.as_ref().and_then(|g| middle(&world, |x| x.code == *g)));
        let officer = |person: &PersonCode, unit: &UnitCode| {
            let person = directory.people.get(person).filter(|p| p.active)?;
            let post = person
                .posts
                .iter()
                .filter(|p| p.roles.contains(&Role::Officer))
                .min_by_key(|p| p.unit != *unit)?;
            Some((person.clone(), post.clone()))
        };
        // To whom the caller may dispatch: a squad leader's one tap does not give a matter to another squad.
        let may = |unit: &UnitCode| self.may_in(who, "dispatch", unit).is_ok();
        let on: Vec<_> = duty
            .people()
            .filter_map(|(p, unit)| officer(p, unit))
            .filter(|(_, post)| may(&post.unit))
            .collect();
        let places =
            self.last_places(&on.iter().map(|(p, _)| p.code.to_string()).collect::<Vec<_>>()).await?;
        let mut found: Vec<Nearby> = on
            .into_iter()
            .filter(|(person, _)| row.assignee.as_deref() != Some(person.code.as_str()))
            .map(|(person, post)| {
                let arrived = places.get(person.code.as_str()).copied();
                let (at, from) = match arrived {
                    Some((at, when)) => (Some(at), Whence::Arrived(when)),
                    None if !post.grids.is_empty() => {
                        (middle(&world, |g| post.grids.contains(&g.code)), Whence::Grid)
                    }
                    None => (middle(&world, |g| g.unit == post.unit), Whence::Unit),
                };
                let metres = at.zip(to).map(|(a, b)| whole(a.metres_to(b)));
                Nearby {
                    name: person.name.clone(),
                    unit_name: directory.unit_name(&post.unit).to_owned(),
                    own_grid: grid.as_ref().is_some_and(|g| post.grids.contains(g)),
                    load: loads.open(&person.code),
                    from: if metres.is_some() { from } else { Whence::Nowhere },
                    metres,
                    person: person.code.clone(),
                    unit: post.unit,
                }
            })
            .collect();
        found.sort_by_cached_key(rank);
        found.truncate(NEARBY_MAX);
        Ok(found)
    }

    /// Where people are as far as the record says: at the matter at which they arrived last and are at work.
    async fn last_places(&self, people: &[String]) -> Result<HashMap<String, (Point, Timestamp)>, Refusal> {
        let mut places: HashMap<String, (Point, Timestamp)> = HashMap::new();
        if people.is_empty() {
            return Ok(places);
        }
        let working = Filter {
            stages: vec!["working".into()],
            open: Some(true),
            ..filter_of_kind(Kind::Report.code())
        };
        let rows = self.inner.store.queries.list(&working, Order::Newest, None, PLACES_MAX).await;
        for row in rows.map_err(|e| unavailable(&e))?.rows {
            // The term of arrival has stopped: so he has arrived.
            let arrived = row.due_name != lianzhi_procedure::report::TermKey::Arrive.title();
            let (Some(officer), Some(at), true) = (row.assignee.clone(), point(&row), arrived) else {
                continue;
            };
            let Ok(when) = Timestamp::from_microsecond(row.updated_at) else { continue };
            let known = places.entry(officer).or_insert((at, when));
            if known.1 < when {
                *known = (at, when);
            }
        }
        places.retain(|person, _| people.contains(person));
        Ok(places)
    }
}

fn point(row: &MatterRow) -> Option<Point> {
    row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 })
}

/// The middle of the box around some grids.
fn middle(
    world: &crate::world::World,
    mut which: impl FnMut(&lianzhi_territory::Grid) -> bool,
) -> Option<Point> {
    let boxes = world.grids.iter().filter(|g| which(g)).filter_map(|g| g.area.bbox());
    let around = lianzhi_territory::cell::Bbox::around(boxes.flat_map(|b| [b.min, b.max]))?;
    let half = |a: i32, b: i32| i32::try_from((i64::from(a) + i64::from(b)) / 2).unwrap_or(a);
    Some(Point {
        lng_e6: half(around.min.lng_e6, around.max.lng_e6),
        lat_e6: half(around.min.lat_e6, around.max.lat_e6),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance in whole metres")]
fn whole(metres: f64) -> u32 {
    metres.clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_grid_goes_before_near_and_near_before_idle() {
        let one = |code: &str, own_grid, metres, load| Nearby {
            person: PersonCode::parse(code).expect("a code"),
            name: String::new(),
            unit: UnitCode::parse("a").expect("a code"),
            unit_name: String::new(),
            own_grid,
            load,
            metres,
            from: Whence::Nowhere,
        };
        let mut all = [
            one("unknown", false, None, 0),
            one("far", false, Some(4_000), 0),
            one("near-busy", false, Some(300), 5),
            one("near", false, Some(450), 1),
            one("own", true, Some(2_000), 9),
        ];
        all.sort_by_cached_key(rank);
        let names: Vec<_> = all.iter().map(|n| n.person.as_str()).collect();
        assert_eq!(names, ["own", "near", "near-busy", "far", "unknown"]);
    }

    #[test]
    fn every_open_stage_has_a_column() {
        let stages: Vec<_> = open_stages().collect();
        assert_eq!(stages.first(), Some(&"pooled"));
        assert!(!stages.contains(&"closed") && stages.contains(&"return_asked"));
    }
}
