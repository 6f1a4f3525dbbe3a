//! Where things happen: roads, estates, markets, sites, river banks, with their doors; and the address register of them.

use crate::region::{Place, Town};
use crate::tiles::Tile;
use lianzhi_ids::{GridCode, TownCode};
use lianzhi_territory::{GridIndex, Placing, Point, register};
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use std::fmt::Write as _;

/// What a place is, as far as it matters to what happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scene {
    /// A road with shops.
    Road,
    /// A housing estate.
    Estate,
    /// A market and its surroundings.
    Market,
    /// A building site.
    Site,
    /// A river bank.
    River,
    /// A station, school, park or square.
    Public,
}

/// A place where things happen.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// What it is.
    pub scene: Scene,
    /// Its address as people write it.
    pub address: String,
    /// How people call it in a sentence.
    pub name: String,
    /// Where it is.
    pub point: Point,
    /// Index of its town in [`Place::towns`].
    pub town: usize,
    /// Share of what happens in its town, in proportion to others of its scene.
    pub weight: f64,
}

/// Doors on a piece of road in one grid.
const DOOR_STEP_M: f64 = 110.0;
/// Longest road, metres.
const ROAD_M: f64 = 3_200.0;

pub(crate) struct Places {
    pub(crate) spots: Vec<Spot>,
    pub(crate) rows: Vec<register::Row>,
}

pub(crate) fn lay_out(
    place: &'static Place,
    tiles: &[Tile],
    index: &GridIndex,
    rng: &mut ChaCha12Rng,
) -> Places {
    let mut out = Places { spots: Vec::new(), rows: Vec::new() };
    for (i, town) in place.towns.iter().enumerate() {
        let own: Vec<&Tile> = tiles.iter().filter(|t| t.town == i).collect();
        let Ok(code) = TownCode::parse(town.code) else {
            continue;
        };
        if own.is_empty() {
            continue;
        }
        let mut ground = Ground { place, town: i, code, own, index, rng, out: &mut out };
        for road in town.roads {
            ground.road(town, road);
        }
        for (n, estate) in town.estates.iter().enumerate() {
            ground.estate(town, n, estate);
        }
        ground.points(town);
    }
    out
}

struct Ground<'a> {
    place: &'static Place,
    town: usize,
    code: TownCode,
    own: Vec<&'a Tile>,
    index: &'a GridIndex,
    rng: &'a mut ChaCha12Rng,
    out: &'a mut Places,
}

impl Ground<'_> {
    /// The grid of a point when it lies in this town.
    fn grid(&self, p: Point) -> Option<GridCode> {
        match self.index.place(p) {
            Placing::Inside(g) if g.town == self.code => Some(g.code.clone()),
            _ => None,
        }
    }

    /// What stands before a name in an address of the town.
    fn address(&self, town: &Town) -> String {
        format!("{}{}{}", self.place.region, town.district, town.name)
    }

    /// A point in one of the town's grids, towards its middle more often than not.
    fn anywhere(&mut self) -> Point {
        for _ in 0..50 {
            let tile = self.own[self.rng.random_range(0..self.own.len())];
            let p = tile
                .centre
                .shifted(self.rng.random_range(-500.0..500.0), self.rng.random_range(-500.0..500.0));
            if self.grid(p).is_some() {
                return p;
            }
        }
        self.own[0].centre
    }

    fn row(&mut self, kind: register::Kind, name: &str, number: String, point: Point, grid: GridCode) {
        let town = Some(self.code.clone());
        let row = register::Row {
            kind,
            name: name.to_owned(),
            aliases: vec![],
            number,
            point: Some(point),
            grid: Some(grid),
            town,
        };
        self.out.rows.push(row);
    }

    fn spot(&mut self, scene: Scene, address: String, name: String, point: Point, weight: f64) {
        self.out.spots.push(Spot { scene, address, name, point, town: self.town, weight });
    }

    fn road(&mut self, town: &Town, name: &str) {
        let start = self.anywhere();
        let way = self.rng.random_range(0.0..std::f64::consts::TAU);
        let (dx, dy) = (way.cos(), way.sin());
        let mut pieces: Vec<GridCode> = Vec::new();
        let mut metres = 0.0;
        let mut number = 1;
        while metres < ROAD_M {
            let side = if number % 2 == 0 { 12.0 } else { -12.0 };
            let p = start.shifted(dx * metres - dy * side, dy * metres + dx * side);
            let Some(grid) = self.grid(p) else { break };
            if !pieces.contains(&grid) {
                pieces.push(grid.clone());
                self.row(register::Kind::Road, name, String::new(), p, grid.clone());
            }
            self.row(register::Kind::Door, name, format!("{number}号"), p, grid);
            if self.rng.random_bool(0.6) {
                let address = format!("{}{name}{number}号", self.address(town));
                // Few shops are complained about again and again, most hardly ever.
                let weight = self.rng.random_range(0.05_f64..1.0).powi(4) + 0.02;
                self.spot(Scene::Road, address, format!("{name}{number}号"), p, weight);
            }
            number += self.rng.random_range(5..=11);
            metres += DOOR_STEP_M * self.rng.random_range(0.5..1.5);
        }
    }

    fn estate(&mut self, town: &Town, n: usize, stem: &str) {
        let kind = ["新村", "佳苑", "小区", "花苑", "公寓", "家园", "新苑", "雅居"][n % 8];
        let name = format!("{stem}{kind}");
        let p = self.anywhere();
        let Some(grid) = self.grid(p) else { return };
        let road = town.roads[n % town.roads.len()];
        let lane = 100 + n * 37;
        self.row(register::Kind::Community, &name, format!("{road}{lane}弄"), p, grid);
        for building in [3, 8, 15, 22] {
            let at = p.shifted(self.rng.random_range(-90.0..90.0), self.rng.random_range(-90.0..90.0));
            let weight = self.rng.random_range(0.2..1.0);
            let address = format!("{}{name}{building}号楼", self.address(town));
            self.spot(Scene::Estate, address, format!("{name}{building}号楼"), at, weight);
        }
    }

    fn points(&mut self, town: &Town) {
        let short = town.short();
        let public = ["中心小学", "公交枢纽站", "文化广场", "社区卫生中心", "口袋公园"];
        let named =
            [(Scene::Market, format!("{short}农贸市场")), (Scene::Market, format!("{short}便民菜场"))]
                .into_iter()
                .chain(public.iter().map(|p| (Scene::Public, format!("{short}{p}"))))
                .chain(town.sites.iter().map(|s| (Scene::Site, (*s).to_owned())))
                .collect::<Vec<_>>();
        for (scene, name) in named {
            let p = self.anywhere();
            let Some(grid) = self.grid(p) else { continue };
            self.row(register::Kind::Poi, &name, String::new(), p, grid);
            for side in ["门口", "东侧", "后门"] {
                let at = p.shifted(self.rng.random_range(-60.0..60.0), self.rng.random_range(-60.0..60.0));
                let weight = self.rng.random_range(0.3..1.0);
                let mut address = self.address(town);
                let _ = write!(address, "{name}{side}");
                self.spot(scene, address, format!("{name}{side}"), at, weight);
            }
        }
        for river in town.rivers {
            for bridge in ["桥下", "步道", "泵站旁"] {
                let p = self.anywhere();
                let Some(grid) = self.grid(p) else { continue };
                let name = format!("{river}{bridge}");
                self.row(register::Kind::Poi, &name, String::new(), p, grid);
                self.spot(Scene::River, format!("{}{name}", self.address(town)), name, p, 1.0);
            }
        }
    }
}

/// The register as CSV: `kind,name,aliases,number,lng,lat,grid,town`.
pub(crate) fn csv(rows: &[register::Row], town: &str) -> String {
    let mut out = String::from("kind,name,aliases,number,lng,lat,grid,town\n");
    for row in rows.iter().filter(|r| r.town.as_ref().is_some_and(|t| t.as_str() == town)) {
        let kind = match row.kind {
            register::Kind::Road => "road",
            register::Kind::Community => "community",
            register::Kind::Door => "door",
            register::Kind::Poi => "poi",
        };
        let grid = row.grid.as_ref().map_or("", GridCode::as_str);
        let (lng, lat) =
            row.point.map_or((String::new(), String::new()), |p| (p.lng().to_string(), p.lat().to_string()));
        let _ = writeln!(
            out,
            "{kind},{},{},{},{lng},{lat},{grid},{town}",
            row.name,
            row.aliases.join("|"),
            row.number
        );
    }
    out
}
