//! Maps: points and clusters with the filters of the list, who is on duty where, what lies at a place, and the way that
//! a matter went.

use crate::ports::{Cluster, Filter, MatterRow, Order, Overdue};
use crate::shared::unavailable;
use crate::submit::point_of;
use crate::world::World;
use crate::{App, Caller, ListQuery, ReportInput};
use lianzhi_ids::{DocketId, GridCode, PersonCode, TownCode, UnitCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::Directory;
use lianzhi_territory::cell::{self, Bbox};
use lianzhi_territory::{Area, Grid, GridIndex, Kind, Point, outline};
use std::collections::{BTreeMap, HashMap};

/// From this zoom on points stand one by one as long as there are few.
const APART_ZOOM: u8 = 16;
/// Points shown one by one then, and before.
const APART_MAX: i64 = 500;
const FAR_MAX: i64 = 40;
/// How much finer the cells of a heat map are than clusters: eight to a side.
const FINER: u8 = 3;
/// How far an address may be to name a place, metres.
const ADDRESS_REACH_M: f64 = 150.0;

/// What a map shows of a box.
#[derive(Debug, Clone)]
pub struct MapView {
    /// The box that was counted: the one asked for, widened to whole tiles.
    pub bbox: Option<Bbox>,
    /// Matters with a place in it.
    pub total: i64,
    /// Clusters; those of one name their matter.
    pub clusters: Vec<Cluster>,
    /// Rows of the matters that stand alone.
    pub rows: HashMap<DocketId, MatterRow>,
}

/// Numbers of what a map shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MapNumbers {
    /// Open; none when there are more than can be counted at once.
    pub open: Option<i64>,
    /// Of them past a term.
    pub late: Option<i64>,
    /// People on duty whose grids touch the box.
    pub on_duty: usize,
}

/// Somebody on duty near a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Who.
    pub person: PersonCode,
    /// Name.
    pub name: String,
    /// The unit where they are on duty.
    pub unit: UnitCode,
    /// Their grid that is nearest to the place.
    pub grid: GridCode,
    /// How far that is, metres; 0 inside.
    pub metres: f64,
}

/// What is known of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceWords {
    /// Street or town.
    pub town: Option<String>,
    /// Grid, its name, and metres to it.
    pub grid: Option<(GridCode, String, f64)>,
    /// The unit in charge.
    pub unit: Option<String>,
    /// The nearest address of the register and how far it is, metres.
    pub address: Option<(String, f64)>,
}

impl App {
    /// What a map shows: the matters of a list's filter in the box, by clusters when there are many. With `heat`, by
    /// small cells always.
    ///
    /// # Errors
    /// A wrong filter, or no right to read.
    pub async fn map_view(
        &self,
        who: &Caller,
        query: &ListQuery,
        zoom: u8,
        heat: bool,
    ) -> Result<MapView, Refusal> {
        let zoom = zoom.min(22);
        let (shift, most) = match heat {
            true => (cell::cluster_shift((zoom + FINER).min(APART_ZOOM)), 0),
            false if zoom >= APART_ZOOM => (cell::cluster_shift(zoom), APART_MAX),
            false => (cell::cluster_shift(zoom), FAR_MAX),
        };
        let (filter, bbox) = self.map_filter(who, query, shift).await?;
        let queries = &self.inner.store.queries;
        let clusters = queries.map(&filter, shift, most).await.map_err(|e| unavailable(&e))?;
        let ids: Vec<DocketId> = match heat {
            true => Vec::new(),
            false => clusters.iter().filter_map(|c| c.only).collect(),
        };
        let rows = self.inner.store.journal.matters(&ids).await.map_err(|e| unavailable(&e))?;
        Ok(MapView {
            bbox,
            total: clusters.iter().map(|c| c.n).sum(),
            clusters,
            rows: rows.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// The filter with its box widened to whole tiles, the larger ones where they are counted.
    async fn map_filter(
        &self,
        who: &Caller,
        query: &ListQuery,
        shift: u32,
    ) -> Result<(Filter, Option<Bbox>), Refusal> {
        let bits = if shift >= cell::COARSE_BITS { cell::COARSE_BITS } else { cell::TILE_BITS };
        let mut filter = self.filter(who, query).await?;
        let bbox = filter.bbox.map(|[west, south, east, north]| {
            let at = |lng_e6, lat_e6| Point { lng_e6, lat_e6 };
            Bbox::of(at(west, south), at(east, north)).snapped(bits)
        });
        if let Some(b) = bbox {
            filter.bbox = Some([b.min.lng_e6, b.min.lat_e6, b.max.lng_e6, b.max.lat_e6]);
            filter.cells = cell::cover(b, crate::read::RANGES_MAX);
        }
        Ok((filter, bbox))
    }

    /// The newest matters of what a map shows, with its numbers.
    ///
    /// # Errors
    /// A wrong filter, or no right to read.
    pub async fn map_news(
        &self,
        who: &Caller,
        query: &ListQuery,
        zoom: u8,
        limit: i64,
    ) -> Result<(Vec<MatterRow>, MapNumbers), Refusal> {
        let (filter, bbox) = self.map_filter(who, query, cell::cluster_shift(zoom.min(22))).await?;
        let queries = &self.inner.store.queries;
        let on_duty = self.on_duty_in(bbox).len();
        let rows = queries.list(&filter, Order::Newest, None, limit).await.map_err(|e| unavailable(&e))?.rows;
        if filter.open == Some(false) {
            return Ok((rows, MapNumbers { open: Some(0), late: Some(0), on_duty }));
        }
        let open = Filter { open: Some(true), ..filter };
        let late = Filter { overdue: Some(Overdue::Now), ..open.clone() };
        let count = |filter: Filter| async move {
            queries.count(&filter, crate::read::COUNT_MAX).await.map_err(|e| unavailable(&e))
        };
        let late = match open.overdue {
            Some(Overdue::Never) => Some(0),
            _ => count(late).await?,
        };
        Ok((rows, MapNumbers { open: count(open).await?, late, on_duty }))
    }

    /// People on duty whose grids touch the box; all of them without one.
    #[must_use]
    pub fn on_duty_in(&self, bbox: Option<Bbox>) -> Vec<PersonCode> {
        let (world, duty) = (self.world(), self.duty());
        let touches = |area: &Area| {
            bbox.is_none_or(|b| {
                area.bbox().is_some_and(|a| {
                    a.min.lng_e6 <= b.max.lng_e6
                        && b.min.lng_e6 <= a.max.lng_e6
                        && a.min.lat_e6 <= b.max.lat_e6
                        && b.min.lat_e6 <= a.max.lat_e6
                })
            })
        };
        let there: Vec<&Grid> = world.grids.iter().filter(|g| touches(&g.area)).collect();
        duty.people()
            .filter(|(person, unit)| {
                bbox.is_none() || there.iter().any(|grid| serves(&world.directory, person, unit, grid))
            })
            .map(|(person, _)| person.clone())
            .collect()
    }

    /// Who is on duty near a place, by the grids they answer for, nearest first.
    #[must_use]
    pub fn on_duty_near(&self, point: Point, most: usize) -> Vec<Near> {
        let (world, duty) = (self.world(), self.duty());
        let mut grids: Vec<(f64, &Grid)> = world.grids.iter().map(|g| (g.area.metres_to(point), g)).collect();
        grids.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.code.cmp(&b.1.code)));
        let directory = &world.directory;
        let mut near: Vec<Near> = duty
            .people()
            .filter_map(|(person, unit)| {
                let (metres, grid) = grids.iter().find(|(_, grid)| serves(directory, person, unit, grid))?;
                Some(Near {
                    name: directory.person_name(person).to_owned(),
                    person: person.clone(),
                    unit: unit.clone(),
                    grid: grid.code.clone(),
                    metres: *metres,
                })
            })
            .collect();
        // Who answers for one grid is nearer than who answers for all.
        let named = |near: &Near| {
            let person = directory.people.get(&near.person);
            person.is_some_and(|p| p.posts.iter().any(|post| post.grids.contains(&near.grid)))
        };
        near.sort_by(|a, b| {
            let by_distance = a.metres.total_cmp(&b.metres).then_with(|| named(b).cmp(&named(a)));
            by_distance.then_with(|| a.person.cmp(&b.person))
        });
        near.truncate(most);
        near
    }

    /// The row of a matter that the caller may see.
    ///
    /// # Errors
    /// When there is none.
    pub async fn row(&self, who: &Caller, id: DocketId) -> Result<MatterRow, Refusal> {
        self.row_for(who, id).await
    }

    /// What is known of the point that a report names; none without a point that reads.
    #[must_use]
    pub fn place_of(&self, report: &ReportInput) -> Option<PlaceWords> {
        let place = &report.place;
        let point = point_of(place.lng, place.lat, place.crs.as_deref()).ok()??;
        Some(self.place_words(point))
    }

    /// What is known of a place, for people who point at a map.
    #[must_use]
    pub fn place_words(&self, point: Point) -> PlaceWords {
        let world = self.world();
        let placing = world.grids.place(point);
        let metres = match placing {
            lianzhi_territory::Placing::Nearest { metres, .. } => metres,
            _ => 0.0,
        };
        let grid = placing.grid();
        let town = grid.and_then(|g| world.towns.get(&g.town).cloned());
        let address = world.addresses.nearest(point, ADDRESS_REACH_M).map(|(row, metres)| {
            let label = match row.kind {
                Kind::Door => format!("{}{}", row.name, row.number),
                _ => row.name.clone(),
            };
            (label, metres)
        });
        PlaceWords {
            town,
            unit: grid.map(|g| world.directory.unit_name(&g.unit).to_owned()),
            grid: grid.map(|g| (g.code.clone(), g.name.clone(), metres)),
            address,
        }
    }
}

/// Whether somebody on duty in a unit answers for a grid: by name, or because the unit does.
fn serves(directory: &Directory, person: &PersonCode, unit: &UnitCode, grid: &Grid) -> bool {
    let Some(person) = directory.people.get(person) else { return false };
    person.posts.iter().filter(|post| post.unit == *unit).any(|post| match post.grids.is_empty() {
        true => directory.within(&grid.unit, unit),
        false => post.grids.contains(&grid.code),
    })
}

/// The middle of a unit's grid that is nearest to a place: where its work in this matter is drawn.
#[must_use]
pub fn unit_place(
    grids: &GridIndex,
    directory: &Directory,
    unit: &UnitCode,
    near: Option<Point>,
) -> Option<Point> {
    let of_unit = grids.iter().filter(|g| directory.within(&g.unit, unit));
    let nearest = match near {
        Some(near) => of_unit.min_by(|a, b| a.area.metres_to(near).total_cmp(&b.area.metres_to(near)))?,
        None => of_unit.min_by(|a, b| a.code.cmp(&b.code))?,
    };
    outline::middle(&nearest.area)
}

/// A town's or grid's outline with a place for its name.
#[derive(Debug, Clone)]
pub struct Outline {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The area.
    pub area: Area,
    /// Where the name stands.
    pub middle: Option<Point>,
}

/// The towns and streets of the node, drawn from the grids in force.
#[must_use]
pub fn towns(world: &World) -> Vec<Outline> {
    let mut by_town = BTreeMap::<&TownCode, Vec<&Area>>::new();
    for grid in world.grids.iter() {
        by_town.entry(&grid.town).or_default().push(&grid.area);
    }
    by_town
        .into_iter()
        .map(|(code, areas)| {
            let area = outline::together(areas);
            let name = world.towns.get(code).cloned().unwrap_or_else(|| code.to_string());
            Outline { code: code.to_string(), name, middle: outline::middle(&area), area }
        })
        .collect()
}
