//! A city made up from a seed: Qingpu District (310118) with its eleven streets and towns, its units and people, a
//! grid over all of it and an address register. The same seed gives the same city.

mod names;
mod people;
mod places;
mod towns;

pub(crate) use names::any as any_name;
pub use people::{Employee, PASSWORD, Turn};
pub use places::{Scene, Spot};
pub use towns::{TOWNS, Town};

use crate::tiles::{self, Middle, Tile};
use lianzhi_ids::{CategoryCode, CodeError, GridCode, NodeCode, TownCode, UnitCode};
use lianzhi_procedure::directory::{Category, Grid, Settings, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_territory::grid::{Area, Polygon};
use lianzhi_territory::{Coordinates, Crs, GridIndex};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

/// Code of the node.
pub const NODE: &str = "310118";
/// Code of the dispatch centre.
pub const CENTRE: &str = "310118-pq";
/// Code of the hotline desk.
pub const HOTLINE: &str = "310118-rx";
/// Code of the verification group.
pub const VERIFICATION: &str = "310118-hc";
/// Code of the supervision group.
pub const SUPERVISION: &str = "310118-dc";
/// Code of the legal section.
pub const LEGAL: &str = "310118-fz";

/// Departments without a node: code, name, telephone, and the categories (prefixes of the five digits, of things and
/// of events about them alike) that they are in charge of. Which department answers for what is an example.
const DEPARTMENTS: &[(&str, &str, &str, &[&str])] = &[
    (
        "310118-sw",
        "青浦区水务局（示意）",
        "59730001",
        &[
            "01001", "01002", "01003", "01004", "01019", "01067", "01068", "01069", "0107", "06023", "06026",
            "06046",
        ],
    ),
    ("310118-lh", "青浦区绿化和市容管理局（示意）", "59730002", &["04", "03001", "03004", "03005", "06021"]),
    (
        "310118-jt",
        "青浦区交通委员会（示意）",
        "59730003",
        &["02004", "02006", "02007", "02008", "02009", "0201", "02022", "02043", "02044", "06013", "06016"],
    ),
    (
        "310118-gd",
        "青浦供电公司（示意）",
        "59730004",
        &["01005", "01028", "01029", "01030", "01037", "01048", "01060"],
    ),
];

/// Grids of one residents' or villagers' committee.
const GRIDS_PER_COMMUNITY: usize = 4;

/// A city.
#[derive(Debug, Clone)]
pub struct City {
    /// What it was made from.
    pub seed: u64,
    /// All registers, in an order in which they can be put one after the other: settings, units, categories, grids,
    /// people, addresses. Law data is not among them: the built-in files are in force.
    pub registers: Vec<Record>,
    /// People with their passwords and turns of duty, by code.
    pub people: Vec<Employee>,
    /// Places where things happen.
    pub spots: Vec<Spot>,
    /// The address register, one CSV text (`kind,name,aliases,number,lng,lat,grid,town`) for each town.
    pub addresses: Vec<(String, String)>,
    /// Grids with their areas.
    pub grids: Vec<lianzhi_territory::Grid>,
}

/// Why a city could not be made: a fault in its tables, found by tests, never by users.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// A code is no code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The catalogue has a line that is none.
    #[error("catalogue, line {0}: kind, code, class and name are needed")]
    Catalogue(usize),
    /// The stories do not read.
    #[error("stories: {0}")]
    Stories(String),
}

impl City {
    /// Makes the city of a seed.
    ///
    /// # Errors
    /// [`CityError`] when the tables of this crate are wrong.
    pub fn generate(seed: u64) -> Result<City, CityError> {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let tiles = tiles::tessellate(&middles(), &mut rng);
        let grids = grids(&tiles)?;
        let index = GridIndex::new(grids.iter().cloned());
        let places = places::lay_out(&tiles, &index, &mut rng);
        let people = people::hire(&grids, &mut rng)?;
        let addresses: Vec<_> =
            TOWNS.iter().map(|t| (t.code.to_owned(), places::csv(&places.rows, t.code))).collect();

        let mut registers = vec![Record::Settings(settings())];
        registers.extend(units()?.into_iter().map(Record::Unit));
        registers.extend(categories()?.into_iter().map(Record::Category));
        registers.extend(grids.iter().map(|g| Record::Grid(register(g))));
        registers.extend(people.iter().map(|p| Record::Person(p.person.clone())));
        registers.extend(
            addresses.iter().map(|(name, text)| Record::Addresses { name: name.clone(), text: text.clone() }),
        );
        Ok(City { seed, registers, people, spots: places.spots, addresses, grids })
    }

    /// Code of the node.
    ///
    /// # Errors
    /// Never: the code is a constant of this crate.
    pub fn node(&self) -> Result<NodeCode, CityError> {
        Ok(NodeCode::parse(NODE)?)
    }
}

fn settings() -> Settings {
    Settings {
        agency: "上海市青浦区城市管理行政执法局".into(),
        region: "青浦区".into(),
        number_prefix: "沪青".into(),
        // A demonstration must be usable with the printed passwords alone.
        second_factor_roles: Vec::new(),
        ..Settings::default()
    }
}

fn middles() -> Vec<Middle> {
    TOWNS
        .iter()
        .filter_map(|t| {
            let (lng, lat) = t.middle;
            let at = Coordinates { lng, lat, crs: Crs::Wgs84 }.point().ok()?;
            Some(Middle { at, reach_m: t.reach_m, cells: t.grids })
        })
        .collect()
}

fn grids(tiles: &[Tile]) -> Result<Vec<lianzhi_territory::Grid>, CityError> {
    let mut numbers = vec![0; TOWNS.len()];
    let mut grids = Vec::with_capacity(tiles.len());
    for tile in tiles {
        let town = &TOWNS[tile.town];
        let n = numbers[tile.town];
        numbers[tile.town] += 1;
        let (community, within) = (n / GRIDS_PER_COMMUNITY + 1, n % GRIDS_PER_COMMUNITY + 1);
        grids.push(lianzhi_territory::Grid {
            code: GridCode::parse(&format!("{}{community:03}{within:03}", town.code))?,
            name: format!("{} {}-{:02}（示意）", town.name, town.letters, n + 1),
            town: TownCode::parse(town.code)?,
            unit: UnitCode::parse(town.code)?,
            area: Area { polygons: vec![Polygon { outer: tile.ring.clone(), holes: Vec::new() }] },
        });
    }
    Ok(grids)
}

/// A grid as a record: its geometry as GeoJSON text.
fn register(grid: &lianzhi_territory::Grid) -> Grid {
    let feature = lianzhi_territory::grid::feature(grid);
    Grid {
        code: grid.code.clone(),
        name: grid.name.clone(),
        town: grid.town.clone(),
        unit: grid.unit.clone(),
        geometry: feature.get("geometry").map(ToString::to_string).unwrap_or_default(),
    }
}

fn units() -> Result<Vec<Unit>, CityError> {
    let unit = |code: &str,
                name: String,
                parent: Option<&str>,
                phone: &str,
                town: Option<&str>|
     -> Result<Unit, CityError> {
        Ok(Unit {
            code: UnitCode::parse(code)?,
            name,
            parent: parent.map(UnitCode::parse).transpose()?,
            outside: false,
            phone: phone.to_owned(),
            town: town.map(TownCode::parse).transpose()?,
        })
    };
    let mut units = vec![unit(NODE, "青浦区城市管理行政执法局".into(), None, "59720000", None)?];
    for (code, name, phone) in [
        (CENTRE, "派遣指挥中心", "59720001"),
        (HOTLINE, "热线受理组", "59720002"),
        (VERIFICATION, "核查组", "59720003"),
        (SUPERVISION, "督察科", "59720004"),
        (LEGAL, "法制科", "59720005"),
    ] {
        units.push(unit(code, name.into(), Some(NODE), phone, None)?);
    }
    for (i, town) in TOWNS.iter().enumerate() {
        let phone = format!("597201{:02}", i + 1);
        units.push(unit(
            town.code,
            format!("{}综合行政执法队", town.name),
            Some(NODE),
            &phone,
            Some(town.code),
        )?);
    }
    for (code, name, phone, _) in DEPARTMENTS {
        units.push(Unit { outside: true, ..unit(code, (*name).into(), None, phone, None)? });
    }
    Ok(units)
}

/// The whole catalogue of GB/T 47678.5 with the departments in charge.
fn categories() -> Result<Vec<Category>, CityError> {
    let mut categories = Vec::new();
    for (i, line) in include_str!("../../../../data/catalogue/categories.tsv").lines().enumerate() {
        if line.starts_with('#') || line.starts_with("kind\t") || line.trim().is_empty() {
            continue;
        }
        let mut columns = line.split('\t');
        let (Some(kind), Some(digits), Some(group), Some(name)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            return Err(CityError::Catalogue(i + 1));
        };
        let letter = if kind == "部件" { "P" } else { "E" };
        let department = DEPARTMENTS
            .iter()
            .find(|(.., prefixes)| prefixes.iter().any(|p| digits.starts_with(p)))
            .map(|(code, ..)| UnitCode::parse(code))
            .transpose()?;
        categories.push(Category {
            code: CategoryCode::parse(&format!("{letter}{digits}"))?,
            group: group.to_owned(),
            name: name.to_owned(),
            department,
        });
    }
    Ok(categories)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_ids::Role;
    use lianzhi_procedure::directory::Directory;
    use std::collections::HashSet;
    use std::sync::Arc;

    fn directory(city: &City) -> Directory {
        let (mut units, mut people, mut grids, mut categories) = (vec![], vec![], vec![], vec![]);
        for record in city.registers.iter().cloned() {
            match record {
                Record::Unit(u) => units.push(u),
                Record::Person(p) => people.push(p),
                Record::Grid(g) => grids.push(g),
                Record::Category(c) => categories.push(c),
                _ => {}
            }
        }
        let law = Arc::new(lianzhi_law::LawData::builtin().unwrap());
        Directory::new(city.node().unwrap(), settings(), units, people, grids, categories, law)
    }

    #[test]
    fn the_same_seed_gives_the_same_city_and_another_seed_another() {
        let (a, b, c) = (City::generate(7).unwrap(), City::generate(7).unwrap(), City::generate(8).unwrap());
        assert_eq!(a.registers, b.registers);
        assert_eq!(a.spots, b.spots);
        assert_ne!(a.registers, c.registers);
    }

    #[test]
    fn grids_cover_the_district_without_overlap_or_gap() {
        for seed in [1, 2, 3] {
            let city = City::generate(seed).unwrap();
            assert!((240..=300).contains(&city.grids.len()), "{} grids", city.grids.len());
            let report = lianzhi_territory::report::check(&city.grids, None, 1.0);
            assert!(report.overlaps.is_empty(), "seed {seed}: {:?}", report.overlaps);
            assert!(report.gaps.is_empty(), "seed {seed}: {:?}", report.gaps);
            for grid in &city.grids {
                assert_eq!(grid.code.as_str().len(), 15);
                assert!(grid.name.ends_with("（示意）"));
            }
            let text = lianzhi_territory::grid::export(&city.grids).to_string();
            let imported = lianzhi_territory::grid::import(&text, Crs::Cgcs2000).unwrap();
            assert_eq!((imported.grids.len(), imported.errors), (city.grids.len(), vec![]));
        }
    }

    #[test]
    fn every_role_is_held_by_somebody_and_every_town_has_a_squad() {
        let city = City::generate(1).unwrap();
        let directory = directory(&city);
        for role in Role::ALL.iter().filter(|r| **r != Role::Public) {
            let held = city.people.iter().any(|e| e.person.posts.iter().any(|p| p.roles.contains(role)));
            assert!(held, "nobody is {role}");
        }
        for town in TOWNS {
            let unit = UnitCode::parse(town.code).unwrap();
            assert!((6..=10).contains(&directory.officers(&unit).len()), "{}", town.name);
            assert!(!directory.holders(Role::SquadLeader, &unit).is_empty());
        }
    }

    #[test]
    fn sign_in_names_and_codes_are_unique_and_posts_point_to_units() {
        let city = City::generate(1).unwrap();
        let directory = directory(&city);
        let logins: HashSet<_> = city.people.iter().map(|e| &e.person.login).collect();
        let codes: HashSet<_> = city.people.iter().map(|e| &e.person.code).collect();
        assert_eq!((logins.len(), codes.len()), (city.people.len(), city.people.len()));
        for post in city.people.iter().flat_map(|e| &e.person.posts) {
            assert!(directory.units.contains_key(&post.unit), "{}", post.unit);
        }
    }

    #[test]
    fn the_whole_catalogue_is_there_and_departments_have_their_share() {
        let city = City::generate(1).unwrap();
        let directory = directory(&city);
        assert_eq!(directory.categories.len(), 403);
        let of = |unit: &str| {
            directory
                .categories
                .values()
                .filter(|c| c.department.as_ref().is_some_and(|d| d.as_str() == unit))
                .count()
        };
        for (code, name, ..) in DEPARTMENTS {
            assert!(of(code) > 0, "{name}");
        }
    }

    #[test]
    fn every_address_of_the_register_lies_in_the_grid_it_names() {
        let city = City::generate(1).unwrap();
        let index = GridIndex::new(city.grids.iter().cloned());
        let mut rows = 0;
        for (town, text) in &city.addresses {
            for line in text.lines().skip(1) {
                let columns: Vec<&str> = line.split(',').collect();
                let at =
                    Coordinates::parse(&format!("{},{}", columns[4], columns[5]), Crs::Cgcs2000).unwrap();
                let placing = index.place(at.point().unwrap());
                assert_eq!(placing.grid().unwrap().code.as_str(), columns[6], "{line}");
                assert_eq!(columns[7], town);
                rows += 1;
            }
        }
        assert!(rows > 1_500, "{rows} rows");
    }
}
