//! Tiles: matters counted by where they are, so that a map of a whole district need not read each of them.
//!
//! A tile is a cell without its last bits. Only maps of everything use tiles; any further filter is answered from the
//! matters themselves. At the edge of a map a tile counts with all or none of its matters, by where they are on
//! average: at most its width (about 200 m) beside the exact border.

use crate::engine::{Link, Value};
use crate::filter::{Cond, Query};
use crate::pairs::{IN_MAX, placeholders};
use crate::table::{TILE, Texts};
use lianzhi_app::ports::{Cluster, MatterRow, StoreError};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// Bits of a cell below a tile.
const BITS: u32 = 22;
/// Lone matters asked for by name in one query.
const LONE_MAX: usize = 50;

/// Counts matters into their tiles: what is written now, less what was there before (only `known` ids can be).
/// Before the matters themselves are written.
pub(crate) async fn count(
    texts: &Texts,
    link: &mut Link<'_>,
    matters: &BTreeMap<i64, &MatterRow>,
    known: &[i64],
) -> Result<(), StoreError> {
    let mut change = BTreeMap::<i64, [i64; 3]>::new();
    let mut add = |place: (i64, i64, i64), sign: i64| {
        let tile = change.entry(place.0 >> BITS).or_default();
        tile[0] += sign;
        tile[1] += sign * place.1;
        tile[2] += sign * place.2;
    };
    for matter in matters.values() {
        if let (Some(cell), Some(lng), Some(lat)) = (matter.cell, matter.lng, matter.lat) {
            add((cell, lng.into(), lat.into()), 1);
        }
    }
    for chunk in known.chunks(IN_MAX) {
        let sql = format!(
            "SELECT cell, lng, lat FROM matter WHERE cell IS NOT NULL AND lng IS NOT NULL AND lat IS NOT NULL AND id IN ({})",
            placeholders(link.engine(), chunk.len())
        );
        for row in link.fetch(AssertSqlSafe(sql), chunk.iter().map(|id| Value::from(*id)).collect()).await? {
            let mut c = row.cells();
            add((c.int()?, c.int()?, c.int()?), -1);
        }
    }
    let rows = change.into_iter().filter(|(_, sums)| *sums != [0; 3]);
    let values = rows.flat_map(|(tile, [n, lng, lat])| [tile, n, lng, lat]).map(Value::from).collect();
    texts.insert(link, &TILE, values).await
}

/// The clusters of a map of everything, from tiles; none when the map asks for less or for finer clusters.
pub(crate) async fn clusters(
    link: &mut Link<'_>,
    conditions: &[Cond<'_>],
    shift: u32,
) -> Result<Option<Vec<Cluster>>, StoreError> {
    if shift < BITS || !conditions.iter().all(|c| matches!(c, Cond::Bbox(_) | Cond::Cells(..))) {
        return Ok(None);
    }
    let select = format!(
        "SELECT CAST(SUM(t.n) AS BIGINT), CAST(SUM(t.lng) AS BIGINT) / CAST(SUM(t.n) AS BIGINT), \
         CAST(SUM(t.lat) AS BIGINT) / CAST(SUM(t.n) AS BIGINT), MIN(t.cell), t.cell >> {} FROM tile t WHERE t.n > 0",
        (shift - BITS).min(63)
    );
    let mut q = Query::new(link.engine(), &select);
    for condition in conditions {
        match *condition {
            Cond::Bbox([west, south, east, north]) => {
                q.push(" AND t.lng / t.n BETWEEN ").bind(west).push(" AND ").bind(east);
                q.push(" AND t.lat / t.n BETWEEN ").bind(south).push(" AND ").bind(north);
            }
            Cond::Cells(ranges, _) => {
                for (i, (first, last)) in ranges.iter().enumerate() {
                    q.push(if i == 0 { " AND (" } else { " OR " });
                    q.push("t.cell BETWEEN ").bind(first >> BITS).push(" AND ").bind(last >> BITS);
                }
                q.push(")");
            }
            _ => return Ok(None),
        }
    }
    q.push(" GROUP BY 5 ORDER BY 5");
    let rows = link.fetch(AssertSqlSafe(q.text), q.values).await?;
    let mut clusters = Vec::with_capacity(rows.len());
    let mut lone = BTreeMap::new();
    for row in &rows {
        let mut c = row.cells();
        let cluster = Cluster { n: c.int()?, lng: c.narrow()?, lat: c.narrow()?, only: None };
        if cluster.n == 1 {
            lone.insert(c.int()?, clusters.len());
        }
        clusters.push(cluster);
    }
    // A cluster of one is shown as the matter that it is.
    let tiles: Vec<i64> = lone.keys().copied().collect();
    for chunk in tiles.chunks(LONE_MAX) {
        let mut q = Query::new(link.engine(), "");
        for (i, tile) in chunk.iter().enumerate() {
            q.push(if i == 0 { "" } else { " UNION ALL " });
            q.push("SELECT m.cell, m.id FROM matter m WHERE m.lng IS NOT NULL AND m.lat IS NOT NULL AND m.cell BETWEEN ");
            q.bind(tile << BITS).push(" AND ").bind((tile << BITS) | ((1 << BITS) - 1));
        }
        for row in link.fetch(AssertSqlSafe(q.text), q.values).await? {
            let mut c = row.cells();
            if let Some(at) = lone.get(&(c.int()? >> BITS)) {
                clusters[*at].only = Some(c.docket()?);
            }
        }
    }
    Ok(Some(clusters))
}
