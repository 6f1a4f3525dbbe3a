//! Which grid is a place in?

use crate::crs::{METRES_PER_E6, Point};
use crate::grid::Grid;
use lianzhi_ids::GridCode;
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use std::collections::HashMap;
use std::sync::Arc;

/// A place outside all grids but this near to one, in metres, belongs to it by default: the width of a wide road
/// or canal plus what a phone may be wrong by.
pub const REACH_M: f64 = 300.0;

/// Where a place lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Placing<'a> {
    /// In this grid.
    Inside(&'a Grid),
    /// In no grid, but within reach of this one.
    Nearest {
        /// The nearest grid.
        grid: &'a Grid,
        /// How far away it is, metres.
        metres: f64,
    },
    /// Outside the territory.
    Outside {
        /// How far away the nearest grid is, metres; nothing when there are no grids at all.
        metres: Option<f64>,
    },
}

impl<'a> Placing<'a> {
    /// The grid that the place belongs to.
    #[must_use]
    pub fn grid(self) -> Option<&'a Grid> {
        match self {
            Placing::Inside(grid) | Placing::Nearest { grid, .. } => Some(grid),
            Placing::Outside { .. } => None,
        }
    }
}

/// A local flat map of the territory in metres: good enough to order grids by their distance.
#[derive(Debug, Clone, Copy)]
struct Flat {
    east_m: f64,
}

impl Flat {
    fn xy(self, p: Point) -> [f64; 2] {
        [f64::from(p.lng_e6) * self.east_m, f64::from(p.lat_e6) * METRES_PER_E6]
    }
}

#[derive(Debug, Clone)]
struct Entry {
    at: usize,
    envelope: AABB<[f64; 2]>,
    /// Edges in flat metres.
    edges: Vec<([f64; 2], [f64; 2])>,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

impl PointDistance for Entry {
    /// Squared metres to the nearest edge. Only asked for places outside every grid.
    fn distance_2(&self, p: &[f64; 2]) -> f64 {
        let local = |q: [f64; 2]| (q[0] - p[0], q[1] - p[1]);
        self.edges
            .iter()
            .map(|(a, b)| crate::grid::origin_to_segment_2(local(*a), local(*b)))
            .fold(f64::INFINITY, f64::min)
    }
}

/// Grids, found by place in a few microseconds. Made once, shared, replaced as a whole when grids change.
#[derive(Debug, Clone)]
pub struct GridIndex {
    grids: Vec<Arc<Grid>>,
    by_code: HashMap<GridCode, usize>,
    tree: RTree<Entry>,
    flat: Flat,
    reach_m: f64,
}

impl GridIndex {
    /// An index of these grids with the usual reach, [`REACH_M`].
    #[must_use]
    pub fn new(grids: impl IntoIterator<Item = Grid>) -> Self {
        Self::with_reach(grids, REACH_M)
    }

    /// An index in which a place within `reach_m` metres of a grid belongs to it.
    #[must_use]
    pub fn with_reach(grids: impl IntoIterator<Item = Grid>, reach_m: f64) -> Self {
        let mut grids: Vec<Arc<Grid>> = grids.into_iter().map(Arc::new).collect();
        // On a shared edge the lower code wins, whatever the order of the file.
        grids.sort_by(|a, b| a.code.cmp(&b.code));
        grids.dedup_by(|a, b| a.code == b.code);
        let mut corners = 0.0_f64;
        let mut sum = 0.0_f64;
        for p in grids.iter().flat_map(|g| g.area.rings().flatten()) {
            sum += p.lat();
            corners += 1.0;
        }
        let middle = if corners > 0.0 { sum / corners } else { 31.0 };
        let flat = Flat { east_m: METRES_PER_E6 * middle.to_radians().cos() };
        let entries = grids
            .iter()
            .enumerate()
            .filter_map(|(at, grid)| {
                let b = grid.area.bbox()?;
                let edges = grid
                    .area
                    .rings()
                    .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)))
                    .map(|(a, b)| (flat.xy(*a), flat.xy(*b)))
                    .collect();
                let envelope = AABB::from_corners(flat.xy(b.min), flat.xy(b.max));
                Some(Entry { at, envelope, edges })
            })
            .collect();
        let by_code = grids.iter().enumerate().map(|(i, g)| (g.code.clone(), i)).collect();
        Self { grids, by_code, tree: RTree::bulk_load(entries), flat, reach_m }
    }

    /// The grid of a place, or the nearest one within reach, or how far outside the place is.
    #[must_use]
    pub fn place(&self, point: Point) -> Placing<'_> {
        let xy = self.flat.xy(point);
        let inside = self
            .tree
            .locate_in_envelope_intersecting(&AABB::from_point(xy))
            .filter(|entry| self.grids[entry.at].area.contains(point))
            .map(|entry| entry.at)
            .min();
        if let Some(at) = inside {
            return Placing::Inside(&self.grids[at]);
        }
        let Some(entry) = self.tree.nearest_neighbor(&xy) else {
            return Placing::Outside { metres: None };
        };
        let grid = &self.grids[entry.at];
        let metres = grid.area.metres_to(point);
        if metres <= self.reach_m {
            Placing::Nearest { grid, metres }
        } else {
            Placing::Outside { metres: Some(metres) }
        }
    }

    /// The grid of a code.
    #[must_use]
    pub fn get(&self, code: &GridCode) -> Option<&Grid> {
        self.by_code.get(code).map(|i| &*self.grids[*i])
    }

    /// All grids, by code.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Grid> {
        self.grids.iter().map(|g| &**g)
    }

    /// Number of grids.
    #[must_use]
    pub fn len(&self) -> usize {
        self.grids.len()
    }

    /// Whether there is no grid.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.grids.is_empty()
    }
}
