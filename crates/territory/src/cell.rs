//! Cells for range queries in a database: one number per place, near places mostly near each other.
//!
//! A cell is the Morton (Z-order) interleaving of a place's micro-degrees, so it is exact and reversible and needs
//! no floating point: the same on every machine and in every node. A square of the plane is a range of cells; a
//! bounding box is covered by a few ranges, `cell BETWEEN $1 AND $2 OR …`, and the rest is filtered exactly.

use crate::crs::Point;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Bits of one axis: 360 degrees are 360,000,000 micro-degrees, less than 2^29.
const BITS: u32 = 29;
const LNG_0: i64 = 180_000_000;
const LAT_0: i64 = 90_000_000;
/// Bits of a cell below a *tile*, the square that maps count settled matters in: 2,048 micro-degrees, about 200 m.
pub const TILE_BITS: u32 = 22;
/// The same of the large tiles that maps of a whole district count in: 16,384 micro-degrees, about 1.6 km.
pub const COARSE_BITS: u32 = 28;
/// Most pieces that [`cover`] looks at. Bounds its time; about eight times the ranges that make sense in a query.
const PIECES_MAX: usize = 512;

/// A box of places, edges included. Does not cross the date line: China does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bbox {
    /// Its south-west corner.
    pub min: Point,
    /// Its north-east corner.
    pub max: Point,
}

impl Bbox {
    /// The box around two corners, in whatever order.
    #[must_use]
    pub fn of(a: Point, b: Point) -> Self {
        Bbox {
            min: Point { lng_e6: a.lng_e6.min(b.lng_e6), lat_e6: a.lat_e6.min(b.lat_e6) },
            max: Point { lng_e6: a.lng_e6.max(b.lng_e6), lat_e6: a.lat_e6.max(b.lat_e6) },
        }
    }

    /// The smallest box that holds all places; nothing for no place.
    #[must_use]
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points
            .into_iter()
            .map(|p| Bbox { min: p, max: p })
            .reduce(|a, b| Bbox { min: Bbox::of(a.min, b.min).min, max: Bbox::of(a.max, b.max).max })
    }

    /// Whether a place is in the box.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        (self.min.lng_e6..=self.max.lng_e6).contains(&p.lng_e6)
            && (self.min.lat_e6..=self.max.lat_e6).contains(&p.lat_e6)
    }

    /// The box widened to whole tiles of so many bits, so that counting tiles in it counts exactly what lies in it.
    #[must_use]
    pub fn snapped(&self, bits: u32) -> Self {
        let below: i64 = (1 << (bits / 2)) - 1;
        let snap = |v: i32, zero: i64, up: bool| {
            let v = i64::from(v) + zero;
            let v = if up { v | below } else { v & !below };
            i32::try_from(v - zero).unwrap_or(if up { i32::MAX } else { i32::MIN })
        };
        Bbox {
            min: Point {
                lng_e6: snap(self.min.lng_e6, LNG_0, false),
                lat_e6: snap(self.min.lat_e6, LAT_0, false),
            },
            max: Point {
                lng_e6: snap(self.max.lng_e6, LNG_0, true),
                lat_e6: snap(self.max.lat_e6, LAT_0, true),
            },
        }
    }

    /// The box widened by so many metres on each side.
    #[must_use]
    pub fn widened(&self, metres: f64) -> Self {
        Bbox { min: self.min.shifted(-metres, -metres), max: self.max.shifted(metres, metres) }
    }
}

/// A box that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("范围“{0}”看不懂：请写成“西,南,东,北”，单位为度，如 121.0,31.0,121.2,31.3")]
pub struct BboxError(String);

impl FromStr for Bbox {
    type Err = BboxError;
    /// Reads `west,south,east,north` in degrees of CGCS2000 or WGS-84.
    fn from_str(text: &str) -> Result<Self, BboxError> {
        let wrong = || BboxError(text.chars().take(80).collect());
        let mut degrees = [0_i32; 4];
        let mut parts = text.split(',');
        for (i, slot) in degrees.iter_mut().enumerate() {
            let value: f64 = parts.next().and_then(|part| part.trim().parse().ok()).ok_or_else(wrong)?;
            let most = if i % 2 == 0 { 180.0 } else { 90.0 };
            if !value.is_finite() || value.abs() > most {
                return Err(wrong());
            }
            #[expect(clippy::cast_possible_truncation, reason = "bounded by 180 degrees just above")]
            {
                *slot = (value * 1e6).round() as i32;
            }
        }
        let [west, south, east, north] = degrees;
        if parts.next().is_some() || west > east || south > north {
            return Err(wrong());
        }
        Ok(Bbox { min: Point { lng_e6: west, lat_e6: south }, max: Point { lng_e6: east, lat_e6: north } })
    }
}

/// Puts the low 32 bits at the even places.
const fn spread(x: u64) -> u64 {
    let x = (x | (x << 16)) & 0x0000_ffff_0000_ffff;
    let x = (x | (x << 8)) & 0x00ff_00ff_00ff_00ff;
    let x = (x | (x << 4)) & 0x0f0f_0f0f_0f0f_0f0f;
    let x = (x | (x << 2)) & 0x3333_3333_3333_3333;
    (x | (x << 1)) & 0x5555_5555_5555_5555
}

/// Takes the even places together again.
const fn gather(x: u64) -> u64 {
    let x = x & 0x5555_5555_5555_5555;
    let x = (x | (x >> 1)) & 0x3333_3333_3333_3333;
    let x = (x | (x >> 2)) & 0x0f0f_0f0f_0f0f_0f0f;
    let x = (x | (x >> 4)) & 0x00ff_00ff_00ff_00ff;
    let x = (x | (x >> 8)) & 0x0000_ffff_0000_ffff;
    (x | (x >> 16)) & 0xffff_ffff
}

/// Both axes counted from 0, clamped to the 29 bits of a cell.
fn axes(p: Point) -> (u64, u64) {
    let clamp = |v: i64| v.clamp(0, (1 << BITS) - 1).unsigned_abs();
    (clamp(i64::from(p.lng_e6) + LNG_0), clamp(i64::from(p.lat_e6) + LAT_0))
}

/// The cell of a place: 58 bits, never negative.
#[must_use]
pub fn cell(p: Point) -> i64 {
    let (x, y) = axes(p);
    (spread(x) | (spread(y) << 1)).cast_signed()
}

/// The place of a cell: the inverse of [`cell`] for every place on earth.
#[must_use]
pub fn point_of(cell: i64) -> Point {
    let bits = cell.cast_unsigned();
    let back = |v: u64, zero: i64| i32::try_from(v.cast_signed() - zero).unwrap_or(i32::MAX);
    Point { lng_e6: back(gather(bits), LNG_0), lat_e6: back(gather(bits >> 1), LAT_0) }
}

/// By how many bits to shift a cell to the right so that all places of one cluster become the same number, for a map
/// at this web zoom (0 to 22). A cluster's square is 134°/2^zoom wide, about 95 pixels. In SQL: `cell >> $shift`.
#[must_use]
pub fn cluster_shift(zoom: u8) -> u32 {
    2 * (BITS - (u32::from(zoom) + 2).min(BITS))
}

/// The cluster of a cell on a map at this web zoom: its number and the range of cells it holds.
#[must_use]
pub fn cluster_cell(cell: i64, zoom: u8) -> i64 {
    cell >> cluster_shift(zoom)
}

/// The cells (first, last) of a cluster that [`cluster_cell`] gave.
#[must_use]
pub fn cluster_range(cluster: i64, zoom: u8) -> (i64, i64) {
    let shift = cluster_shift(zoom);
    let first = cluster << shift;
    (first, first | ((1 << shift) - 1))
}

/// The middle of a cluster's square.
#[must_use]
pub fn cluster_centre(cluster: i64, zoom: u8) -> Point {
    let (first, last) = cluster_range(cluster, zoom);
    let (a, b) = (point_of(first), point_of(last));
    let mid = |a: i32, b: i32| a + (b - a) / 2;
    Point { lng_e6: mid(a.lng_e6, b.lng_e6), lat_e6: mid(a.lat_e6, b.lat_e6) }
}

/// A square of the plane while covering: its corner and the number of bits below it.
#[derive(Clone, Copy)]
struct Square {
    x: u64,
    y: u64,
    bits: u32,
}

impl Square {
    fn side(self) -> u64 {
        1 << self.bits
    }
    fn range(self) -> (i64, i64) {
        let first = spread(self.x) | (spread(self.y) << 1);
        (first.cast_signed(), (first + (self.side() * self.side() - 1)).cast_signed())
    }
}

/// Ranges of cells (first and last included, ascending, apart) that together hold every place of the box, and as
/// little else as `ranges_max` ranges allow. At least one range is given.
#[must_use]
pub fn cover(bbox: Bbox, ranges_max: usize) -> Vec<(i64, i64)> {
    let (x0, y0) = axes(bbox.min);
    let (x1, y1) = axes(bbox.max);
    let mut whole: Vec<Square> = Vec::new();
    let mut partial = vec![Square { x: 0, y: 0, bits: BITS }];
    while !partial.is_empty() && whole.len() + 4 * partial.len() <= PIECES_MAX {
        let mut next = Vec::with_capacity(partial.len() * 2);
        for square in partial {
            if square.bits == 0 {
                whole.push(square);
                continue;
            }
            let bits = square.bits - 1;
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let child = Square { x: square.x + (dx << bits), y: square.y + (dy << bits), bits };
                let (cx, cy) = (child.x + child.side() - 1, child.y + child.side() - 1);
                if child.x > x1 || child.y > y1 || cx < x0 || cy < y0 {
                    continue;
                }
                if child.x >= x0 && child.y >= y0 && cx <= x1 && cy <= y1 {
                    whole.push(child);
                } else {
                    next.push(child);
                }
            }
        }
        partial = next;
    }
    let mut ranges: Vec<(i64, i64)> = whole.into_iter().chain(partial).map(Square::range).collect();
    ranges.sort_unstable();
    merge(ranges, ranges_max.max(1))
}

/// Joins ranges that touch, then the ones with the smallest gaps between them until no more than `most` are left.
fn merge(ranges: Vec<(i64, i64)>, most: usize) -> Vec<(i64, i64)> {
    let mut gaps: Vec<i64> = ranges.windows(2).map(|pair| pair[1].0 - pair[0].1 - 1).collect();
    gaps.sort_unstable_by(|a, b| b.cmp(a));
    // The `most - 1` widest gaps stay; of equal ones all are closed, so that the bound holds.
    let closed_up_to = gaps.get(most - 1).copied().unwrap_or(0);
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(most);
    for (first, last) in ranges {
        match out.last_mut() {
            Some(previous) if first - previous.1 - 1 <= closed_up_to => previous.1 = last,
            _ => out.push((first, last)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point() -> impl Strategy<Value = Point> {
        (118_000_000..123_000_000, 29_000_000..33_000_000)
            .prop_map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 })
    }

    #[test]
    fn a_box_is_read_as_west_south_east_north() {
        let b: Bbox = "121.0, 31.0,121.2,31.3".parse().unwrap();
        assert!(b.contains(Point { lng_e6: 121_100_000, lat_e6: 31_100_000 }));
        assert!(!b.contains(Point { lng_e6: 121_300_000, lat_e6: 31_100_000 }));
        for wrong in ["121,31,120,32", "1,2,3", "121,31,121,91", "a,b,c,d", "1,2,3,4,5", ""] {
            assert!(wrong.parse::<Bbox>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_town_sized_box_is_covered_closely() {
        let b: Bbox = "121.0,31.0,121.1,31.1".parse().unwrap();
        let ranges = cover(b, 32);
        let cells: i64 = ranges.iter().map(|(a, b)| b - a + 1).sum();
        let exact = 100_001_i64 * 100_001;
        assert!(ranges.len() <= 32);
        assert!(cells < exact * 14 / 10, "covered {cells} cells for {exact}");
    }

    proptest! {
        #[test]
        fn a_cell_gives_back_its_place(p in point()) {
            prop_assert_eq!(point_of(cell(p)), p);
        }

        #[test]
        fn every_place_of_the_box_is_covered(a in point(), b in point(), w in 0.0..=1.0f64, h in 0.0..=1.0f64, most in 1usize..40) {
            let bbox = Bbox::of(a, b);
            let ranges = cover(bbox, most);
            prop_assert!(!ranges.is_empty() && ranges.len() <= most);
            prop_assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
            let lerp = |from: i32, to: i32, t: f64| from + (f64::from(to - from) * t) as i32;
            let inside = Point { lng_e6: lerp(bbox.min.lng_e6, bbox.max.lng_e6, w), lat_e6: lerp(bbox.min.lat_e6, bbox.max.lat_e6, h) };
            for p in [inside, bbox.min, bbox.max] {
                let c = cell(p);
                prop_assert!(ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)));
            }
        }

        #[test]
        fn a_snapped_box_is_made_of_whole_tiles(a in point(), b in point(), p in point()) {
            for bits in [TILE_BITS, COARSE_BITS] {
                let asked = Bbox::of(a, b);
                let wide = asked.snapped(bits);
                prop_assert!(wide.contains(a) && wide.contains(b) && wide.snapped(bits) == wide);
                // A place and the corners of its tile are in it together or not at all.
                let (first, last) = ((cell(p) >> bits) << bits, cell(p) | ((1 << bits) - 1));
                prop_assert_eq!(wide.contains(p), wide.contains(point_of(first)));
                prop_assert_eq!(wide.contains(p), wide.contains(point_of(last)));
            }
        }

        #[test]
        fn a_cluster_holds_the_cells_that_lead_to_it(p in point(), zoom in 0u8..=22) {
            let cluster = cluster_cell(cell(p), zoom);
            let (first, last) = cluster_range(cluster, zoom);
            prop_assert!((first..=last).contains(&cell(p)));
            prop_assert_eq!(cluster_cell(cell(cluster_centre(cluster, zoom)), zoom), cluster);
            let finer = cluster_range(cluster_cell(cell(p), zoom + 1), zoom + 1);
            prop_assert!(first <= finer.0 && finer.1 <= last);
        }
    }
}
