//! Outlines for maps: what several areas are together, and where a name is written in one.

use crate::crs::Point;
use crate::grid::{Area, Polygon};
use crate::report::Flat;
use geo::{Area as _, BooleanOps as _, MultiPolygon, unary_union};

/// Holes smaller than this are what drawing left between neighbours, square metres.
const HOLE_LEAST_M2: f64 = 2_000.0;

/// The areas as one: shared edges are gone, so are the slivers between neighbours.
#[must_use]
pub fn together<'a>(areas: impl IntoIterator<Item = &'a Area>) -> Area {
    let areas: Vec<&Area> = areas.into_iter().collect();
    let Some(zero) = areas.iter().find_map(|a| a.bbox()).map(|b| b.min) else {
        return Area::default();
    };
    let flat = Flat::around(zero);
    let union = unary_union(&areas.iter().map(|a| flat.shape(a)).collect::<Vec<_>>());
    area_of(flat, &union)
}

/// What is left of an area without another: pieces smaller than `least_m2` are left out.
#[must_use]
pub fn without(area: &Area, other: &Area, least_m2: f64) -> Area {
    let Some(zero) = area.bbox().map(|b| b.min) else {
        return Area::default();
    };
    let flat = Flat::around(zero);
    let mut rest = flat.shape(area).difference(&flat.shape(other));
    rest.0.retain(|piece| piece.unsigned_area() >= least_m2);
    area_of(flat, &rest)
}

/// A flat shape as an area, without holes that nobody drew.
fn area_of(flat: Flat, shape: &MultiPolygon<f64>) -> Area {
    let ring = |line: &geo::LineString<f64>| -> Vec<Point> {
        let mut ring: Vec<Point> = line.coords().map(|c| flat.point(*c)).collect();
        ring.dedup();
        if ring.first() == ring.last() {
            ring.pop();
        }
        ring
    };
    let polygons = shape.iter().map(|p| Polygon {
        outer: ring(p.exterior()),
        holes: p
            .interiors()
            .iter()
            .filter(|hole| geo::Polygon::new((*hole).clone(), vec![]).unsigned_area() >= HOLE_LEAST_M2)
            .map(&ring)
            .filter(|ring| ring.len() >= 3)
            .collect(),
    });
    Area { polygons: polygons.filter(|p| p.outer.len() >= 3).collect() }
}

/// A place well within the area, for its name; nothing for an empty one.
#[must_use]
pub fn middle(area: &Area) -> Option<Point> {
    let zero = area.bbox()?.min;
    let flat = Flat::around(zero);
    let shape = flat.shape(area);
    let largest = shape.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
    // The middle when it lies within, which reads better than a place on the widest line.
    let centre = geo::Centroid::centroid(largest).map(|p| flat.point(p.0)).filter(|p| area.contains(*p));
    centre.or_else(|| Some(flat.somewhere_in(largest)))
}

/// The square metres of an area.
#[must_use]
pub fn square_metres(area: &Area) -> f64 {
    area.bbox().map_or(0.0, |b| Flat::around(b.min).shape(area).unsigned_area())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: i32, south: i32, side: i32) -> Area {
        let at = |x, y| Point { lng_e6: 121_000_000 + west + x, lat_e6: 31_000_000 + south + y };
        let outer = vec![at(0, 0), at(side, 0), at(side, side), at(0, side)];
        Area { polygons: vec![Polygon { outer, holes: vec![] }] }
    }

    #[test]
    fn neighbours_become_one_without_the_edge_between_them() {
        let (a, b) = (square(0, 0, 10_000), square(10_000, 0, 10_000));
        let both = together([&a, &b]);
        assert_eq!(both.polygons.len(), 1);
        assert!(both.contains(Point { lng_e6: 121_010_000, lat_e6: 31_005_000 }));
        let sum = square_metres(&a) + square_metres(&b);
        assert!((square_metres(&both) - sum).abs() < sum / 1_000.0);
        assert_eq!(together([]), Area::default());
    }

    #[test]
    fn what_is_left_without_another_meets_it_at_one_edge() {
        let (a, b) = (square(0, 0, 10_000), square(6_000, -1_000, 12_000));
        let rest = without(&a, &b, 1.0);
        let expected = square_metres(&a) * 0.6;
        assert!((square_metres(&rest) - expected).abs() < expected / 1_000.0);
        assert!(!rest.contains(Point { lng_e6: 121_007_000, lat_e6: 31_005_000 }));
        assert_eq!(without(&a, &a, 1.0), Area::default());
        assert_eq!(without(&a, &b, expected * 2.0), Area::default(), "too small a piece");
        let far = square(50_000, 0, 1_000);
        assert!((square_metres(&without(&a, &far, 1.0)) - square_metres(&a)).abs() < 1.0);
    }

    #[test]
    fn a_name_stands_within_its_area() {
        let mut corner = square(0, 0, 10_000);
        // An L, whose middle of mass may lie outside.
        let at = |x, y| Point { lng_e6: 121_000_000 + x, lat_e6: 31_000_000 + y };
        corner.polygons[0].outer =
            vec![at(0, 0), at(10_000, 0), at(10_000, 500), at(500, 500), at(500, 10_000), at(0, 10_000)];
        for area in [square(0, 0, 10_000), corner] {
            assert!(area.contains(middle(&area).unwrap()));
        }
        assert_eq!(middle(&Area::default()), None);
    }
}
