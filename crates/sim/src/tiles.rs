//! A tessellation for towns of which only the middles are known: every town is cut into about as many cells as asked
//! for, the cells are those of a Voronoi diagram, so they neither overlap nor leave gaps, and each belongs to one town.
//!
//! The shapes are for demonstration (示意): neither the borders of towns nor those of cells are surveyed.

use lianzhi_territory::Point;
use lianzhi_territory::grid::{Area, Polygon};
use rand::RngExt;
use rand_chacha::ChaCha12Rng;

/// What is known of a town beforehand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Middle {
    /// About where it is.
    pub(crate) at: Point,
    /// How far it may reach from there, metres.
    pub(crate) reach_m: f64,
    /// Into how many cells it is cut.
    pub(crate) cells: usize,
}

/// A cell.
#[derive(Debug, Clone)]
pub(crate) struct Tile {
    /// Index of its town.
    pub(crate) town: usize,
    /// Its site, well inside.
    pub(crate) centre: Point,
    /// Its ground.
    pub(crate) area: Area,
}

type Xy = (f64, f64);

/// Width of the raster on which towns are shared out, metres.
const RASTER_M: f64 = 250.0;
/// Distance of the sites outside that bound the outermost cells, metres.
const OUTSIDE_M: f64 = 900.0;
/// How far beyond a town's reach the first of them stands, metres.
const BEYOND_M: f64 = 450.0;
/// Rounds of evening out the sites of a town (Lloyd).
const ROUNDS: usize = 12;
/// Corners nearer than this are one corner, micro-degrees.
const SAME_E6: i32 = 4;

fn distance_2(a: Xy, b: Xy) -> f64 {
    (a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)
}

/// A flat map in metres around the first town.
struct Flat(Point);

impl Flat {
    fn xy(&self, p: Point) -> Xy {
        let metres = 111_195.0;
        let east = metres * self.0.lat().to_radians().cos();
        ((p.lng() - self.0.lng()) * east, (p.lat() - self.0.lat()) * metres)
    }
    fn point(&self, (x, y): Xy) -> Point {
        self.0.shifted(x, y)
    }
}

/// Cuts the towns into cells, by town and within it from north to south.
pub(crate) fn tessellate(towns: &[Middle], rng: &mut ChaCha12Rng) -> Vec<Tile> {
    let Some(first) = towns.first() else {
        return Vec::new();
    };
    let flat = Flat(first.at);
    let middles: Vec<Xy> = towns.iter().map(|t| flat.xy(t.at)).collect();
    let frame = Frame::around(towns, &middles);
    let nearest = |p: Xy| {
        let by = |i: &usize| distance_2(middles[*i], p);
        (0..middles.len()).min_by(|a, b| by(a).total_cmp(&by(b))).map(|i| (i, by(&i).sqrt()))
    };

    let mut ground: Vec<Vec<Xy>> = vec![Vec::new(); towns.len()];
    for p in frame.raster(RASTER_M) {
        if let Some((town, m)) = nearest(p)
            && m <= towns[town].reach_m
        {
            ground[town].push(p);
        }
    }
    let mut sites: Vec<(usize, Xy)> = Vec::new();
    for (town, ground) in ground.iter().enumerate() {
        sites.extend(spread(ground, towns[town].cells, rng).into_iter().map(|p| (town, p)));
    }
    let own = sites.len();
    let mut all: Vec<Xy> = sites.iter().map(|s| s.1).collect();
    all.extend(
        frame.raster(OUTSIDE_M).filter(|p| nearest(*p).is_some_and(|(t, m)| m > towns[t].reach_m + BEYOND_M)),
    );

    let mut corners: Vec<Point> = Vec::new();
    let mut tiles: Vec<Tile> = (0..own)
        .map(|i| {
            let mut ring: Vec<Point> =
                frame.cell(&all, i).into_iter().map(|c| one_corner(&mut corners, flat.point(c))).collect();
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            let area = Area { polygons: vec![Polygon { outer: ring, holes: Vec::new() }] };
            Tile { town: sites[i].0, centre: flat.point(all[i]), area }
        })
        .collect();
    tiles.sort_by_key(|t| (t.town, -t.centre.lat_e6, t.centre.lng_e6));
    tiles
}

/// Neighbouring cells compute a shared corner in different orders; it must come out the same to the last digit.
fn one_corner(known: &mut Vec<Point>, p: Point) -> Point {
    let same = |q: &&Point| (q.lng_e6 - p.lng_e6).abs() <= SAME_E6 && (q.lat_e6 - p.lat_e6).abs() <= SAME_E6;
    if let Some(q) = known.iter().find(same) {
        return *q;
    }
    known.push(p);
    p
}

/// Sites spread evenly over a ground given as a raster.
fn spread(ground: &[Xy], n: usize, rng: &mut ChaCha12Rng) -> Vec<Xy> {
    if ground.is_empty() {
        return Vec::new();
    }
    let mut sites: Vec<Xy> = (0..n).map(|_| ground[rng.random_range(0..ground.len())]).collect();
    for site in &mut sites {
        // Two sites on one raster point would give a cell without ground.
        site.0 += rng.random_range(-80.0..80.0);
        site.1 += rng.random_range(-80.0..80.0);
    }
    for _ in 0..ROUNDS {
        let mut sums = vec![(0.0, 0.0, 0.0); sites.len()];
        for p in ground {
            let by = |i: &usize| distance_2(sites[*i], *p);
            if let Some(i) = (0..sites.len()).min_by(|a, b| by(a).total_cmp(&by(b))) {
                let (x, y, n) = sums[i];
                sums[i] = (x + p.0, y + p.1, n + 1.0);
            }
        }
        for (site, (x, y, n)) in sites.iter_mut().zip(sums) {
            if n > 0.0 {
                *site = (x / n, y / n);
            }
        }
    }
    sites
}

/// The box that all lies in.
struct Frame {
    min: Xy,
    max: Xy,
}

impl Frame {
    fn around(towns: &[Middle], middles: &[Xy]) -> Self {
        let mut b = Frame { min: (f64::MAX, f64::MAX), max: (f64::MIN, f64::MIN) };
        for (town, (x, y)) in towns.iter().zip(middles) {
            let m = town.reach_m + 4.0 * OUTSIDE_M;
            b.min = (b.min.0.min(x - m), b.min.1.min(y - m));
            b.max = (b.max.0.max(x + m), b.max.1.max(y + m));
        }
        b
    }

    fn raster(&self, step_m: f64) -> impl Iterator<Item = Xy> + '_ {
        let line = move |from: f64, to: f64| {
            std::iter::successors(Some(from), move |x| Some(x + step_m)).take_while(move |x| *x < to)
        };
        line(self.min.1, self.max.1).flat_map(move |y| line(self.min.0, self.max.0).map(move |x| (x, y)))
    }

    /// The part of the box that is nearer to this site than to any other: the box cut by one line after another.
    fn cell(&self, sites: &[Xy], i: usize) -> Vec<Xy> {
        let (site, (x0, y0), (x1, y1)) = (sites[i], self.min, self.max);
        let mut ring = vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
        let mut others: Vec<Xy> =
            sites.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, s)| *s).collect();
        others.sort_by(|a, b| distance_2(*a, site).total_cmp(&distance_2(*b, site)));
        for other in others {
            let farthest = ring.iter().map(|c| distance_2(*c, site)).fold(0.0, f64::max);
            if distance_2(other, site) > 4.0 * farthest {
                break;
            }
            let middle = ((site.0 + other.0) / 2.0, (site.1 + other.1) / 2.0);
            let (nx, ny) = (other.0 - site.0, other.1 - site.1);
            let beyond = |p: Xy| (p.0 - middle.0) * nx + (p.1 - middle.1) * ny;
            let mut cut = Vec::with_capacity(ring.len() + 1);
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let (da, db) = (beyond(*a), beyond(*b));
                if da <= 0.0 {
                    cut.push(*a);
                }
                if (da < 0.0 && db > 0.0) || (da > 0.0 && db < 0.0) {
                    let t = da / (da - db);
                    cut.push((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)));
                }
            }
            ring = cut;
        }
        ring
    }
}
