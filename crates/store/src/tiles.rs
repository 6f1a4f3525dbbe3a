//! Tiles: settled matters counted by where they are, so that a map of a whole district need not read each of them.
//!
//! A tile is a cell without its last bits, in two sizes. It is counted once for each *facet*: all matters of a kind, those of a
//! category, of a unit, of both, from a source, in a stage, late or kept. A map whose filter is one of these adds up
//! tiles for what is settled and reads the open matters, which are few, from their own index; any other filter is
//! answered from the matters themselves. A matter is counted when it is settled and when something of it changes after
//! that: work that goes on costs nothing here. At the edge of a map a tile counts with all or none of its matters, by
//! where they are on average: a map along the edges of tiles is exact.

use crate::engine::{Cells, Link, Value};
use crate::filter::{Cond, Query};
use crate::pairs::{IN_MAX, placeholders};
use crate::table::{TILE, Texts};
use lianzhi_app::ports::{Cluster, MatterRow, StoreError};
use lianzhi_ids::DocketId;
use lianzhi_territory::Point;
use lianzhi_territory::cell::{self, Bbox};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

/// A size of tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    /// Bits of a cell below a tile.
    pub(crate) bits: u32,
    /// What facets of this size begin with.
    mark: &'static str,
}

/// About 200 m wide, and about 1.6 km: a map of a whole district adds up hundreds, not tens of thousands.
const FINE: Level = Level { bits: cell::TILE_BITS, mark: "" };
const COARSE: Level = Level { bits: cell::COARSE_BITS, mark: "~" };

impl Level {
    /// The level for a map of so many bits; none when it wants smaller clusters than tiles. A box that is not along the
    /// edges of large tiles is counted in small ones.
    pub(crate) fn of(shift: u32, conditions: &[Cond<'_>]) -> Option<Level> {
        let along = conditions.iter().all(|c| match *c {
            Cond::Bbox([west, south, east, north]) => {
                let at = |lng_e6, lat_e6| Point { lng_e6, lat_e6 };
                let asked = Bbox::of(at(west, south), at(east, north));
                asked.snapped(COARSE.bits) == asked
            }
            _ => true,
        });
        match shift {
            s if s >= COARSE.bits && along => Some(COARSE),
            s if s >= FINE.bits => Some(FINE),
            _ => None,
        }
    }
}

/// Lone matters asked for by name in one query.
const LONE_MAX: usize = 50;
/// Parts of one query (SQLite takes 500).
const PARTS_MAX: usize = 400;
/// Characters of a category that name its group.
const GROUP_CHARS: usize = 3;
/// Facets that one map adds up.
const FACETS_MAX: usize = 200;

/// What of a matter decides where it is counted.
struct Counted<'m> {
    kind: &'m str,
    category: Option<&'m str>,
    unit: Option<&'m str>,
    source: &'m str,
    stage: &'m str,
    overdue: bool,
    place: (i64, i64, i64),
}

impl<'m> Counted<'m> {
    /// None for a matter that is open or nowhere.
    fn of(row: &'m MatterRow) -> Option<Self> {
        let place = (row.cell?, i64::from(row.lng?), i64::from(row.lat?));
        (!row.open).then_some(Counted {
            kind: &row.kind,
            category: row.category.as_deref(),
            unit: row.unit.as_deref(),
            source: &row.source,
            stage: &row.stage,
            overdue: row.overdue,
            place,
        })
    }

    fn facets(&self) -> Vec<String> {
        let kind = self.kind;
        let mut out = vec![
            kind.to_owned(),
            format!("{kind}|s|{}", self.source),
            format!("{kind}|t|{}", self.stage),
            format!("{kind}|{}", if self.overdue { "late" } else { "kept" }),
        ];
        if let Some(category) = self.category {
            out.push(format!("{kind}|g|{}", group(category)));
            out.push(format!("{kind}|c|{category}"));
        }
        if let Some(unit) = self.unit {
            out.push(format!("{kind}|u|{unit}"));
            if let Some(category) = self.category {
                out.push(format!("{kind}|ug|{unit}|{}", group(category)));
                out.push(format!("{kind}|uc|{unit}|{category}"));
            }
        }
        out
    }
}

fn group(category: &str) -> String {
    category.chars().take(GROUP_CHARS).collect()
}

/// Counts matters into their tiles: what is written now, less what was there before (only `known` ids can be).
/// Before the matters themselves are written.
pub(crate) async fn count(
    texts: &Texts,
    link: &mut Link<'_>,
    matters: &BTreeMap<i64, &MatterRow>,
    known: &[i64],
) -> Result<(), StoreError> {
    let mut change = BTreeMap::<(String, i64), [i64; 3]>::new();
    let mut add = |of: &Counted<'_>, sign: i64| {
        let (cell, lng, lat) = of.place;
        for facet in of.facets() {
            for level in [FINE, COARSE] {
                let facet = format!("{}{facet}", level.mark);
                let tile = change.entry((facet, cell >> level.bits)).or_default();
                tile[0] += sign;
                tile[1] += sign * lng;
                tile[2] += sign * lat;
            }
        }
    };
    for counted in matters.values().filter_map(|row| Counted::of(row)) {
        add(&counted, 1);
    }
    for chunk in known.chunks(IN_MAX) {
        let sql = format!(
            "SELECT kind, category, unit, source, stage, overdue, cell, lng, lat FROM matter WHERE NOT open AND \
             cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL AND id IN ({})",
            placeholders(link.engine(), chunk.len())
        );
        for row in link.fetch(AssertSqlSafe(sql), chunk.iter().map(|id| Value::from(*id)).collect()).await? {
            let mut c: Cells<'_> = row.cells();
            let (kind, category, unit) = (c.text()?, c.text_opt()?, c.text_opt()?);
            let (source, stage, overdue) = (c.text()?, c.text()?, c.bool()?);
            let counted = Counted {
                kind: &kind,
                category: category.as_deref(),
                unit: unit.as_deref(),
                source: &source,
                stage: &stage,
                overdue,
                place: (c.int()?, c.int()?, c.int()?),
            };
            add(&counted, -1);
        }
    }
    let rows = change.into_iter().filter(|(_, sums)| *sums != [0; 3]);
    let values = rows
        .flat_map(|((facet, tile), [n, lng, lat])| {
            [Value::from(facet), Value::from(tile), Value::from(n), Value::from(lng), Value::from(lat)]
        })
        .collect();
    texts.insert(link, &TILE, values).await
}

/// Which facets answer a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facets {
    /// By name.
    named: BTreeSet<String>,
    /// By what their names begin with.
    under: BTreeSet<String>,
    /// Besides, what this person has in charge outside these units.
    own: Option<(String, Vec<String>)>,
}

/// The facets that together hold what is settled of a filter; none when there are no such.
pub(crate) fn facets(conditions: &[Cond<'_>]) -> Option<Facets> {
    let (mut kind, mut category, mut source, mut stages, mut overdue) = (None, None, None, None, None);
    let (mut units, mut sight) = (None::<Vec<&str>>, None);
    for condition in conditions {
        match *condition {
            Cond::Is("kind", value) => kind = Some(value),
            Cond::Is("source", value) => source = Some(value),
            Cond::Category(prefix) => category = Some(prefix),
            Cond::Stages(list) => stages = Some(list),
            Cond::Overdue(late, _) => overdue = Some(late),
            Cond::Units(list, _) => units = Some(list.iter().map(String::as_str).collect()),
            Cond::Sight(list, person, _) => sight = Some((list, person)),
            // Tiles hold what has a place.
            Cond::Open(_) | Cond::Bbox(_) | Cond::Cells(..) | Cond::Placed(true) => {}
            _ => return None,
        }
    }
    let kind = kind?;
    // An empty name asks for matters that no unit has: those have no facet.
    if units.as_ref().is_some_and(|units| units.contains(&"")) {
        return None;
    }
    let mut out = Facets::default();
    if let Some((seen, person)) = sight {
        match &units {
            // Asked for units that are all seen: then sight takes nothing away.
            Some(asked) if asked.iter().all(|unit| seen.iter().any(|s| s == unit)) => {}
            Some(_) => return None,
            None => {
                units = Some(seen.iter().map(String::as_str).collect());
                out.own = Some((person.to_owned(), seen.to_vec()));
            }
        }
    }
    match (units, category, source, stages, overdue) {
        (None, None, None, None, None) => {
            out.named.insert(kind.to_owned());
        }
        (Some(units), None, None, None, None) => {
            out.named.extend(units.iter().map(|unit| format!("{kind}|u|{unit}")));
        }
        (None, Some(prefix), None, None, None) => match prefix.chars().count() {
            GROUP_CHARS => out.named.extend([format!("{kind}|g|{prefix}")]),
            _ => out.under.extend([format!("{kind}|c|{prefix}")]),
        },
        (Some(units), Some(prefix), None, None, None) => match prefix.chars().count() {
            GROUP_CHARS => out.named.extend(units.iter().map(|unit| format!("{kind}|ug|{unit}|{prefix}"))),
            _ => out.under.extend(units.iter().map(|unit| format!("{kind}|uc|{unit}|{prefix}"))),
        },
        (None, None, Some(source), None, None) => out.named.extend([format!("{kind}|s|{source}")]),
        (None, None, None, Some(stages), None) => {
            out.named.extend(stages.iter().map(|stage| format!("{kind}|t|{stage}")));
        }
        (None, None, None, None, Some(late)) => {
            out.named.extend([format!("{kind}|{}", if late { "late" } else { "kept" })]);
        }
        _ => return None,
    }
    (out.named.len() + out.under.len() <= FACETS_MAX).then_some(out)
}

/// The condition on tiles that a map's box makes.
fn area(q: &mut Query, conditions: &[Cond<'_>], level: Level) {
    for condition in conditions {
        match *condition {
            Cond::Bbox([west, south, east, north]) => {
                q.push(" AND t.lng / t.n BETWEEN ").bind(west).push(" AND ").bind(east);
                q.push(" AND t.lat / t.n BETWEEN ").bind(south).push(" AND ").bind(north);
            }
            Cond::Cells(ranges, _) => {
                for (i, (first, last)) in ranges.iter().enumerate() {
                    q.push(if i == 0 { " AND (" } else { " OR " });
                    q.push("t.cell BETWEEN ")
                        .bind(first >> level.bits)
                        .push(" AND ")
                        .bind(last >> level.bits);
                }
                q.push(")");
            }
            _ => {}
        }
    }
}

/// Tiles of some facets: `tile, n, lng, lat, id`; what is not told one by one has no id.
pub(crate) fn settled(q: &mut Query, facets: &Facets, conditions: &[Cond<'_>], level: Level) {
    const SELECT: &str = "SELECT t.cell AS tile, t.n AS n, t.lng AS lng, t.lat AS lat, CAST(NULL AS BIGINT) AS id \
                          FROM tile t WHERE t.n > 0 AND ";
    let mut first = true;
    let mut union = |q: &mut Query| {
        q.push(if std::mem::take(&mut first) { "" } else { " UNION ALL " });
    };
    for facet in &facets.named {
        union(q);
        q.push(SELECT).push("t.facet = ").bind(format!("{}{facet}", level.mark));
        area(q, conditions, level);
    }
    for prefix in &facets.under {
        union(q);
        q.push(SELECT).push("t.facet >= ").bind(format!("{}{prefix}", level.mark));
        q.push(" AND t.facet < ").bind(format!("{}{prefix}\u{10ffff}", level.mark));
        area(q, conditions, level);
    }
    if let Some((person, units)) = &facets.own {
        union(q);
        q.push("SELECT m.cell >> ")
            .push(&level.bits.to_string())
            .push(" AS tile, 1 AS n, m.lng AS lng, m.lat AS lat, ");
        q.push("m.id AS id FROM matter m WHERE m.cell IS NOT NULL AND NOT m.open AND m.assignee = ")
            .bind(person);
        if !units.is_empty() {
            q.push(" AND (m.unit IS NULL OR m.unit NOT IN (");
            for (i, unit) in units.iter().enumerate() {
                q.push(if i == 0 { "" } else { ", " }).bind(unit);
            }
            q.push("))");
        }
        for condition in conditions.iter().filter(|c| !matches!(c, Cond::Sight(..))) {
            q.push(" AND ");
            condition.test(q);
        }
    }
}

/// What a query of `tile, n, lng, lat, id` adds up to, at so many bits of a cell.
pub(crate) async fn add_up(
    link: &mut Link<'_>,
    parts: Query,
    facets: &Facets,
    conditions: &[Cond<'_>],
    (shift, level): (u32, Level),
) -> Result<Vec<Cluster>, StoreError> {
    let mut q = parts;
    q.text.insert_str(
        0,
        &format!(
            "SELECT CAST(SUM(u.n) AS BIGINT), CAST(SUM(u.lng) AS BIGINT) / CAST(SUM(u.n) AS BIGINT), \
             CAST(SUM(u.lat) AS BIGINT) / CAST(SUM(u.n) AS BIGINT), MIN(u.id), MIN(u.tile), u.tile >> {} FROM (",
            (shift - level.bits).min(63)
        ),
    );
    q.push(") u GROUP BY 6 ORDER BY 6");
    let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
    let mut clusters = Vec::with_capacity(rows.len());
    let mut lone = BTreeMap::new();
    for row in &rows {
        let mut c = row.cells();
        let mut cluster = Cluster { n: c.int()?, lng: c.narrow()?, lat: c.narrow()?, only: None };
        let (id, tile) = (c.int_opt()?, c.int()?);
        if cluster.n == 1 {
            match id {
                Some(id) => cluster.only = Some(DocketId(id)),
                None => {
                    lone.insert(tile, clusters.len());
                }
            }
        }
        clusters.push(cluster);
    }
    // A cluster of one is shown as the matter that it is.
    for (tile, docket) in alone(link, facets, conditions, level, lone.keys().copied().collect()).await? {
        if let Some(at) = lone.get(&tile) {
            clusters[*at].only = Some(docket);
        }
    }
    Ok(clusters)
}

/// The settled matters that are alone in these tiles, each with its tile. A large tile is looked into by its small ones
/// first: it may be full of matters that the filter does not want.
async fn alone(
    link: &mut Link<'_>,
    facets: &Facets,
    conditions: &[Cond<'_>],
    level: Level,
    tiles: Vec<i64>,
) -> Result<Vec<(i64, DocketId)>, StoreError> {
    let mut small = tiles;
    if level == COARSE {
        let wanted = std::mem::take(&mut small);
        let each = facets.named.len() + facets.under.len();
        for chunk in wanted.chunks((PARTS_MAX / each.max(1)).clamp(1, LONE_MAX)) {
            let mut q = Query::new(link.engine(), "");
            for tile in chunk {
                let (first, last) = (tile << level.bits, ((tile + 1) << level.bits) - 1);
                let within = [Cond::Cells(&[(first, last)], false)];
                let none = Facets { own: None, ..facets.clone() };
                q.push(if q.text.is_empty() { "" } else { " UNION ALL " });
                settled(&mut q, &none, &within, FINE);
            }
            for row in link.fetch(AssertSqlSafe(q.text), q.values).await? {
                small.push(row.cells().int()?);
            }
        }
    }
    let mut found = vec![];
    for chunk in small.chunks(LONE_MAX) {
        let mut q = Query::new(link.engine(), "");
        let index = link.engine().by_index("matter_cell");
        for (i, tile) in chunk.iter().enumerate() {
            q.push(if i == 0 { "" } else { " UNION ALL " });
            q.push("SELECT m.cell, m.id FROM matter m").push(&index);
            q.push(" WHERE m.lng IS NOT NULL AND m.lat IS NOT NULL AND NOT m.open AND m.cell BETWEEN ");
            q.bind(tile << FINE.bits).push(" AND ").bind(((tile + 1) << FINE.bits) - 1);
            let others = |c: &&Cond<'_>| !matches!(c, Cond::Cells(..) | Cond::Bbox(_) | Cond::Open(_));
            for condition in conditions.iter().filter(others) {
                q.push(" AND ");
                condition.test(&mut q);
            }
        }
        for row in link.fetch(AssertSqlSafe(q.text), q.values).await? {
            let mut c = row.cells();
            found.push((c.int()? >> level.bits, c.docket()?));
        }
    }
    Ok(found)
}
