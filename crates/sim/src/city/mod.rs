//! A city made up from a seed: a place of the region with its streets and towns, its units and people, a grid over all
//! of it and an address register. The same place and seed give the same city.

mod names;
mod people;
mod places;

pub(crate) use names::any as any_name;
pub use people::{Employee, PASSWORD, Turn};
pub use places::{Scene, Spot};

use crate::region::Place;
use crate::tiles::{self, Middle, Tile};
use lianzhi_ids::{CategoryCode, CodeError, GridCode, NodeCode, TownCode, UnitCode};
use lianzhi_procedure::directory::{Category, Grid, PaperSettings, PublicationSettings, Settings, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_territory::{Coordinates, Crs, GridIndex, outline};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

/// Letters in the codes of the sections of an agency.
mod section {
    /// The dispatch centre.
    pub(super) const CENTRE: &str = "pq";
    /// The hotline desk.
    pub(super) const HOTLINE: &str = "rx";
    /// The verification group.
    pub(super) const VERIFICATION: &str = "hc";
    /// The supervision group.
    pub(super) const SUPERVISION: &str = "dc";
    /// The legal section.
    pub(super) const LEGAL: &str = "fz";
}

/// What is left of a grid beside a neighbour's ground is not worth having below this, square metres.
const SCRAP_M2: f64 = 60_000.0;

/// Grids of one residents' or villagers' committee.
const GRIDS_PER_COMMUNITY: usize = 4;

/// A city.
#[derive(Debug, Clone)]
pub struct City {
    /// Where it is.
    pub place: &'static Place,
    /// Seed of this city ([`Place::seed`]); its history and its life are made from the same.
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
    /// Makes the city of a place in a region of a seed.
    ///
    /// # Errors
    /// [`CityError`] when the tables of this crate are wrong.
    pub fn generate(place: &'static Place, region: u64) -> Result<City, CityError> {
        let seed = place.seed(region);
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let tiles = ground(place, region, &mut rng);
        let grids = grids(place, &tiles)?;
        let index = GridIndex::new(grids.iter().cloned());
        let places = places::lay_out(place, &tiles, &index, &mut rng);
        let people = people::hire(place, &grids, &mut rng)?;
        let addresses: Vec<_> =
            place.towns.iter().map(|t| (t.code.to_owned(), places::csv(&places.rows, t.code))).collect();

        let mut registers = vec![Record::Settings(settings(place))];
        registers.extend(units(place)?.into_iter().map(Record::Unit));
        registers.extend(categories(place)?.into_iter().map(Record::Category));
        registers.extend(grids.iter().map(|g| Record::Grid(register(g))));
        registers.extend(people.iter().map(|p| Record::Person(p.person.clone())));
        registers.extend(
            addresses.iter().map(|(name, text)| Record::Addresses { name: name.clone(), text: text.clone() }),
        );
        Ok(City { place, seed, registers, people, spots: places.spots, addresses, grids })
    }

    /// Code of the node.
    ///
    /// # Errors
    /// Never: the code is a constant of this crate.
    pub fn node(&self) -> Result<NodeCode, CityError> {
        Ok(NodeCode::parse(self.place.code)?)
    }
}

fn settings(place: &Place) -> Settings {
    Settings {
        agency: place.agency.into(),
        region: place.region.into(),
        number_prefix: place.number_prefix.into(),
        // A demonstration must be usable with the printed passwords alone.
        second_factor_roles: Vec::new(),
        papers: PaperSettings {
            phone: format!("{}8000", place.phone),
            address: format!("{}示例路 1 号", place.full_name),
            reconsideration: format!("{}人民政府", place.full_name),
            court: "有管辖权的人民法院（示例）".into(),
            pay_ways: vec!["到示例银行任一网点缴纳".into(), "凭缴款码在政务服务平台缴纳".into()],
        },
        publication: PublicationSettings { spots: true, ..PublicationSettings::default() },
        ..Settings::default()
    }
}

fn middles(place: &Place) -> Vec<Middle> {
    place
        .towns
        .iter()
        .filter_map(|t| {
            let (lng, lat) = t.middle;
            let at = Coordinates { lng, lat, crs: Crs::Wgs84 }.point().ok()?;
            Some(Middle { at, reach_m: t.reach_m, cells: t.grids })
        })
        .collect()
}

/// The cells of a place's towns, without the ground of neighbours to whom it yields: so grids of two nodes meet at one
/// border.
fn ground(place: &Place, region: u64, rng: &mut ChaCha12Rng) -> Vec<Tile> {
    let mut tiles = tiles::tessellate(&middles(place), rng);
    for neighbour in place.yields_to {
        let theirs = ground(neighbour, region, &mut ChaCha12Rng::seed_from_u64(neighbour.seed(region)));
        let taken = outline::together(theirs.iter().map(|t| &t.area));
        tiles.retain_mut(|tile| {
            tile.area = outline::without(&tile.area, &taken, SCRAP_M2);
            let inside = tile.area.contains(tile.centre).then_some(tile.centre);
            let centre = inside.or_else(|| outline::middle(&tile.area));
            tile.centre = centre.unwrap_or(tile.centre);
            centre.is_some()
        });
    }
    tiles
}

fn grids(place: &Place, tiles: &[Tile]) -> Result<Vec<lianzhi_territory::Grid>, CityError> {
    let mut numbers = vec![0; place.towns.len()];
    let mut grids = Vec::with_capacity(tiles.len());
    for tile in tiles {
        let town = &place.towns[tile.town];
        let n = numbers[tile.town];
        numbers[tile.town] += 1;
        let (community, within) = (n / GRIDS_PER_COMMUNITY + 1, n % GRIDS_PER_COMMUNITY + 1);
        grids.push(lianzhi_territory::Grid {
            code: GridCode::parse(&format!("{}{community:03}{within:03}", town.code))?,
            name: format!("{} {}-{:02}（示意）", town.name, town.letters, n + 1),
            town: TownCode::parse(town.code)?,
            unit: UnitCode::parse(town.code)?,
            area: tile.area.clone(),
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

fn units(place: &Place) -> Result<Vec<Unit>, CityError> {
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
            branch: String::new(),
        })
    };
    let phone = |last: &str| format!("{}{last}", place.phone);
    let mut units = vec![unit(place.code, place.root.into(), None, &phone("0000"), None)?];
    for (letters, name, last) in [
        (section::CENTRE, "派遣指挥中心", "0001"),
        (section::HOTLINE, "热线受理组", "0002"),
        (section::VERIFICATION, "核查组", "0003"),
        (section::SUPERVISION, "督察科", "0004"),
        (section::LEGAL, "法制科", "0005"),
    ] {
        units.push(unit(&place.section(letters), name.into(), Some(place.code), &phone(last), None)?);
    }
    for (i, town) in place.towns.iter().enumerate() {
        units.push(unit(
            town.code,
            format!("{}综合行政执法队", town.name),
            Some(place.code),
            &phone(&format!("01{:02}", i + 1)),
            Some(town.code),
        )?);
    }
    for department in place.departments {
        let code = place.section(department.letters);
        units.push(Unit {
            outside: true,
            ..unit(&code, department.name.into(), None, department.phone, None)?
        });
    }
    Ok(units)
}

/// The whole catalogue of GB/T 47678.5 with the departments in charge.
fn categories(place: &Place) -> Result<Vec<Category>, CityError> {
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
        let department = place
            .departments
            .iter()
            .find(|d| d.categories.iter().any(|p| digits.starts_with(p)))
            .map(|d| UnitCode::parse(&place.section(d.letters)))
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
    use crate::region::{HEFEI, QINGPU, REGION};
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
        Directory::new(city.node().unwrap(), settings(city.place), units, people, grids, categories, law)
    }

    fn region(seed: u64) -> [City; 4] {
        REGION.map(|place| City::generate(place, seed).unwrap())
    }

    #[test]
    fn the_same_seed_gives_the_same_city_and_another_seed_another() {
        for place in [&QINGPU, &HEFEI] {
            let [a, b, c] = [7, 7, 8].map(|seed| City::generate(place, seed).unwrap());
            assert_eq!(a.registers, b.registers);
            assert_eq!(a.spots, b.spots);
            assert_ne!(a.registers, c.registers);
        }
    }

    #[test]
    fn grids_cover_the_district_without_overlap_or_gap() {
        for seed in [1, 2, 3] {
            let city = City::generate(&QINGPU, seed).unwrap();
            assert!((240..=300).contains(&city.grids.len()), "{} grids", city.grids.len());
            let report = lianzhi_territory::report::check(&city.grids, None, 1.0);
            assert!(report.overlaps.is_empty(), "seed {seed}: {:?}", report.overlaps);
            assert!(report.gaps.is_empty(), "seed {seed}: {:?}", report.gaps);
        }
    }

    #[test]
    fn grids_of_all_nodes_are_sound_and_can_be_imported() {
        for city in region(1) {
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
    fn neighbouring_nodes_meet_at_one_border() {
        for seed in [1, 2] {
            let all = region(seed);
            let grids: Vec<_> = all.iter().flat_map(|c| c.grids.clone()).collect();
            let report = lianzhi_territory::report::check(&grids, None, 200.0);
            assert!(report.overlaps.is_empty(), "seed {seed}: {:?}", report.overlaps);
            let [qingpu, wujiang, jiashan, _] = &all;
            for ((a, one), (b, other)) in [
                ((qingpu, "金泽镇"), (wujiang, "黎里镇")),
                ((qingpu, "金泽镇"), (jiashan, "西塘镇")),
                ((qingpu, "练塘镇"), (jiashan, "姚庄镇")),
                ((wujiang, "黎里镇"), (jiashan, "陶庄镇")),
            ] {
                let of = |city: &City, town: &str| {
                    let code = city.place.towns.iter().find(|t| t.name == town).unwrap().code;
                    city.grids.iter().filter(|g| g.town.as_str() == code).cloned().collect::<Vec<_>>()
                };
                let (one_s, others) = (of(a, one), of(b, other));
                let corners = one_s.iter().flat_map(|g| g.area.rings().flatten().copied());
                let nearest = corners
                    .flat_map(|p| others.iter().map(move |g| g.area.metres_to(p)))
                    .fold(f64::MAX, f64::min);
                assert!(nearest < 1.0, "seed {seed}: {one} and {other} are {nearest} m apart");
            }
        }
    }

    #[test]
    fn every_role_is_held_at_every_node_and_every_town_has_a_squad() {
        for city in region(1) {
            let (directory, place) = (directory(&city), city.place);
            let holders = |role: Role| city.people.iter().filter(|e| e.is(role)).collect::<Vec<_>>();
            for role in Role::ALL.iter().filter(|r| **r != Role::Public) {
                assert!(!holders(*role).is_empty(), "nobody is {role} in {}", place.region);
            }
            for login in
                ["leader1", "liaison1", "liaison2", "handler1", "handler2", "legal1", "legal2", "dispatcher1"]
            {
                assert!(city.people.iter().any(|e| e.person.login == login), "{login} in {}", place.region);
            }
            for role in [Role::Officer, Role::Handler, Role::SquadLeader] {
                let certified = |e: &Employee| {
                    e.person.certificate.as_ref().is_some_and(|c| c.starts_with(place.certificate))
                };
                assert!(holders(role).into_iter().all(certified), "{role} in {}", place.region);
            }
            for town in place.towns {
                let unit = UnitCode::parse(town.code).unwrap();
                assert!((6..=10).contains(&directory.officers(&unit).len()), "{}", town.name);
                assert!(!directory.holders(Role::SquadLeader, &unit).is_empty());
                let grids = city.grids.iter().filter(|g| g.town.as_str() == town.code).count();
                assert!(grids >= 5, "{grids} grids in {}", town.name);
            }
        }
    }

    #[test]
    fn people_of_different_nodes_have_names_of_their_own() {
        let names = |city: &City| city.people.iter().map(|e| e.person.name.clone()).collect::<HashSet<_>>();
        let all = region(1);
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                let shared = names(a).intersection(&names(b)).count();
                assert!(
                    shared * 20 < b.people.len(),
                    "{shared} names of {} also in {}",
                    b.place.region,
                    a.place.region
                );
            }
        }
    }

    #[test]
    fn sign_in_names_and_codes_are_unique_and_posts_point_to_units() {
        for city in region(1) {
            let directory = directory(&city);
            let logins: HashSet<_> = city.people.iter().map(|e| &e.person.login).collect();
            let codes: HashSet<_> = city.people.iter().map(|e| &e.person.code).collect();
            assert_eq!((logins.len(), codes.len()), (city.people.len(), city.people.len()));
            for post in city.people.iter().flat_map(|e| &e.person.posts) {
                assert!(directory.units.contains_key(&post.unit), "{}", post.unit);
            }
        }
    }

    #[test]
    fn the_whole_catalogue_is_there_and_departments_have_their_share() {
        for city in region(1) {
            let directory = directory(&city);
            assert_eq!(directory.categories.len(), 403);
            for department in city.place.departments {
                let code = city.place.section(department.letters);
                let theirs = |c: &&Category| c.department.as_ref().is_some_and(|d| d.as_str() == code);
                assert!(directory.categories.values().filter(theirs).count() > 0, "{}", department.name);
            }
        }
    }

    #[test]
    fn every_address_of_the_register_lies_in_the_grid_it_names() {
        for (city, least) in region(1).iter().zip([1_500, 900, 700, 600]) {
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
            assert!(rows > least, "{rows} rows in {}", city.place.region);
        }
    }
}
