//! What is wrong with a set of grids: areas that overlap, areas that nobody answers for.

use crate::crs::{METRES_PER_E6, Point};
use crate::grid::{Area, Grid};
use geo::algorithm::buffer::{BufferStyle, LineJoin};
use geo::{
    Area as _, BooleanOps, BoundingRect, Buffer, Centroid, Coord, InteriorPoint, LineString, MultiPolygon,
};
use geo::{Validation, unary_union};
use lianzhi_ids::GridCode;
use rstar::{AABB, RTree, primitives::GeomWithData};
use serde::{Deserialize, Serialize};

/// Most overlaps and most gaps that a report lists; the rest is counted.
pub const FINDINGS_MAX: usize = 500;
/// Most pairs of neighbouring grids that are compared: 500 grids have about 2,000.
const PAIRS_MAX: usize = 50_000;
/// Half of the widest slit between neighbours that is reported as a gap although it is open to the outside, metres.
const SLIT_HALF_M: f64 = 5.0;
/// Grids this near to a gap are named as its neighbours, metres.
const BESIDE_M: f64 = 1.0;

/// Two grids that claim the same ground.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// One grid.
    pub a: GridCode,
    /// The other.
    pub b: GridCode,
    /// The ground claimed twice, square metres.
    pub m2: f64,
    /// A place in it.
    pub at: Point,
}

/// Ground that no grid claims although grids surround it or lie on both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Its size, square metres.
    pub m2: f64,
    /// A place in it.
    pub at: Point,
    /// The grids beside it, by code.
    pub beside: Vec<GridCode>,
}

/// Overlaps and gaps, biggest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Ground claimed twice.
    pub overlaps: Vec<Overlap>,
    /// Ground claimed by nobody.
    pub gaps: Vec<Gap>,
    /// Whether there was more than the report lists or compares.
    pub truncated: bool,
}

/// A flat map in metres around one place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flat {
    zero: Point,
    east_m: f64,
}

impl Flat {
    pub(crate) fn around(zero: Point) -> Self {
        Flat { zero, east_m: METRES_PER_E6 * zero.lat().to_radians().cos() }
    }
    fn xy(self, p: Point) -> Coord<f64> {
        Coord {
            x: (f64::from(p.lng_e6) - f64::from(self.zero.lng_e6)) * self.east_m,
            y: (f64::from(p.lat_e6) - f64::from(self.zero.lat_e6)) * METRES_PER_E6,
        }
    }
    pub(crate) fn point(self, c: Coord<f64>) -> Point {
        #[expect(clippy::cast_possible_truncation, reason = "float to int casts saturate")]
        let e6 = |metres: f64, unit: f64, zero: i32| zero.saturating_add((metres / unit).round() as i32);
        Point {
            lng_e6: e6(c.x, self.east_m, self.zero.lng_e6),
            lat_e6: e6(c.y, METRES_PER_E6, self.zero.lat_e6),
        }
    }
    pub(crate) fn shape(self, area: &Area) -> MultiPolygon<f64> {
        let ring = |ring: &[Point]| -> LineString<f64> { ring.iter().map(|p| self.xy(*p)).collect() };
        let polygon = |p: &crate::grid::Polygon| {
            geo::Polygon::new(ring(&p.outer), p.holes.iter().map(|hole| ring(hole)).collect())
        };
        area.polygons.iter().map(polygon).collect()
    }
    pub(crate) fn somewhere_in(
        self,
        shape: &(
             impl InteriorPoint<Output = Option<geo::Point<f64>>> + Centroid<Output = Option<geo::Point<f64>>>
         ),
    ) -> Point {
        shape.interior_point().or_else(|| shape.centroid()).map_or(self.zero, |p| self.point(p.0))
    }
}

/// Whether an area's rings cross themselves or each other.
pub(crate) fn valid(area: &Area) -> Result<(), String> {
    let Some(zero) = area.bbox().map(|b| b.min) else {
        return Err("图形是空的".to_owned());
    };
    let shape = Flat::around(zero).shape(area);
    if shape.is_valid() {
        Ok(())
    } else {
        Err("边界自相交，或孔洞、各部分互相重叠：请在制图软件中修复".to_owned())
    }
}

/// Compares all neighbours and looks for ground in between. `least_m2` is the smallest area worth reporting:
/// digitising leaves slivers of a few square metres along most edges. With `territory`, ground in it that no grid
/// claims is a gap too.
#[must_use]
pub fn check(grids: &[Grid], territory: Option<&Area>, least_m2: f64) -> Report {
    let mut report = Report::default();
    let Some(zero) = grids.iter().find_map(|g| g.area.bbox()).map(|b| b.min) else {
        return report;
    };
    let flat = Flat::around(zero);
    let shapes: Vec<MultiPolygon<f64>> = grids.iter().map(|g| flat.shape(&g.area)).collect();
    let tree = tree_of(&shapes);
    find_overlaps(grids, &shapes, &tree, flat, least_m2, &mut report);

    let union = unary_union(&shapes);
    let mut gaps: MultiPolygon<f64> = union
        .iter()
        .flat_map(|p| p.interiors().iter().map(|hole| geo::Polygon::new(hole.clone(), vec![])))
        .collect();
    let join = || LineJoin::Miter(0.2);
    let wider = union.buffer_with_style(BufferStyle::new(SLIT_HALF_M).line_join(join()));
    let closed = wider.buffer_with_style(BufferStyle::new(-SLIT_HALF_M).line_join(join()));
    // Closing rounds inner corners of the outline a little: only what lies between two grids is a slit.
    let slits = closed.difference(&union).difference(&gaps);
    let slits: MultiPolygon<f64> =
        slits.into_iter().filter(|slit| beside(slit, grids, &shapes, &tree).len() > 1).collect();
    gaps.0.extend(slits);
    if let Some(territory) = territory {
        gaps = gaps.union(&flat.shape(territory).difference(&union));
    }
    for gap in gaps.iter().filter(|gap| gap.unsigned_area() >= least_m2) {
        let codes = beside(gap, grids, &shapes, &tree);
        report.gaps.push(Gap { m2: gap.unsigned_area(), at: flat.somewhere_in(gap), beside: codes });
    }
    report.overlaps.sort_by(|a, b| b.m2.total_cmp(&a.m2));
    report.gaps.sort_by(|a, b| b.m2.total_cmp(&a.m2));
    report.truncated |= report.overlaps.len() > FINDINGS_MAX || report.gaps.len() > FINDINGS_MAX;
    report.overlaps.truncate(FINDINGS_MAX);
    report.gaps.truncate(FINDINGS_MAX);
    report
}

type Boxed = GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, usize>;

fn tree_of(shapes: &[MultiPolygon<f64>]) -> RTree<Boxed> {
    let boxed = |(i, shape): (usize, &MultiPolygon<f64>)| {
        let r = shape.bounding_rect()?;
        let corners = ([r.min().x, r.min().y], [r.max().x, r.max().y]);
        Some(GeomWithData::new(rstar::primitives::Rectangle::from_corners(corners.0, corners.1), i))
    };
    RTree::bulk_load(shapes.iter().enumerate().filter_map(boxed).collect())
}

fn envelope(shape: &impl BoundingRect<f64, Output = Option<geo::Rect<f64>>>, wider_m: f64) -> AABB<[f64; 2]> {
    shape.bounding_rect().map_or(AABB::from_point([f64::MAX; 2]), |r| {
        AABB::from_corners(
            [r.min().x - wider_m, r.min().y - wider_m],
            [r.max().x + wider_m, r.max().y + wider_m],
        )
    })
}

fn find_overlaps(
    grids: &[Grid],
    shapes: &[MultiPolygon<f64>],
    tree: &RTree<Boxed>,
    flat: Flat,
    least_m2: f64,
    report: &mut Report,
) {
    let mut pairs = 0_usize;
    for (i, shape) in shapes.iter().enumerate() {
        for other in tree.locate_in_envelope_intersecting(&envelope(shape, 0.0)).filter(|o| o.data > i) {
            pairs += 1;
            if pairs > PAIRS_MAX {
                report.truncated = true;
                return;
            }
            let common = shape.intersection(&shapes[other.data]);
            let m2 = common.unsigned_area();
            if m2 >= least_m2 && m2 > 0.0 {
                let (a, b) = (grids[i].code.clone(), grids[other.data].code.clone());
                report.overlaps.push(Overlap { a, b, m2, at: flat.somewhere_in(&common) });
            }
        }
    }
}

/// The grids that touch a piece of ground.
fn beside(
    gap: &geo::Polygon<f64>,
    grids: &[Grid],
    shapes: &[MultiPolygon<f64>],
    tree: &RTree<Boxed>,
) -> Vec<GridCode> {
    use geo::{Distance, Euclidean};
    let mut codes: Vec<GridCode> = tree
        .locate_in_envelope_intersecting(&envelope(gap, BESIDE_M))
        .filter(|near| Euclidean.distance(gap, &shapes[near.data]) <= BESIDE_M)
        .map(|near| grids[near.data].code.clone())
        .collect();
    codes.sort();
    codes
}
