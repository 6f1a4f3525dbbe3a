//! What the node knows of its surroundings: registers in force, the map, the law, who is on duty, who has how much to do.

use crate::ports::RegisterRow;
use lianzhi_ids::{GridCode, NodeCode, PersonCode, TownCode};
use lianzhi_law::{LawData, LawFiles};
use lianzhi_procedure::directory::{Directory, Settings};
use lianzhi_procedure::facts::Candidate;
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Loads, Placing};
use lianzhi_territory::{
    AddressRegister, Coordinates, Crs, Divisions, GridIndex, Placement, Point, register,
};
use std::collections::HashMap;
use std::sync::Arc;

/// Registers in force with the indexes made from them. Replaced as a whole when a register changes.
#[derive(Debug)]
pub struct World {
    /// Units, people, grids, categories, law.
    pub directory: Arc<Directory>,
    /// Where grids lie.
    pub grids: GridIndex,
    /// Roads, communities, doors.
    pub addresses: AddressRegister,
    /// Law files in force, by name.
    pub law_files: LawFiles,
}

impl World {
    /// Puts the world together from register rows. A row that cannot be used is left out and said.
    #[must_use]
    pub fn build(node: &NodeCode, rows: &[RegisterRow]) -> (World, Vec<String>) {
        let mut problems = Vec::new();
        let mut settings = Settings::default();
        let (mut units, mut people, mut grids, mut categories) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut law_files = LawFiles::builtin();
        let mut addresses = Vec::new();
        for row in rows.iter().filter(|r| !r.retired || r.register == "person" || r.register == "unit") {
            match serde_json::from_str::<Record>(&row.record) {
                Ok(Record::Unit(unit)) => units.push(unit),
                Ok(Record::Person(mut person)) => {
                    person.active &= !row.retired;
                    people.push(person);
                }
                Ok(Record::Grid(grid)) => grids.push(grid),
                Ok(Record::Category(category)) => categories.push(category),
                Ok(Record::Settings(s)) => settings = s,
                Ok(Record::Law { name, text }) => law_files.put(&name, &text),
                Ok(Record::Addresses { name, text }) => match addresses_of(&text) {
                    Ok(rows) => addresses.extend(rows),
                    Err(error) => problems.push(format!("地址名录 {name}：{error}")),
                },
                Ok(Record::Access { .. }) => {}
                Err(error) => problems.push(format!("名录 {}:{} 无法识别：{error}", row.register, row.key)),
            }
        }
        let law = LawData::load(&law_files).or_else(|error| {
            problems.push(error.to_string());
            LawData::builtin()
        });
        let law = match law {
            Ok(law) => law,
            Err(error) => unreachable!("built-in law data is checked by tests: {error}"),
        };
        let polygons = polygons(&grids, &mut problems);
        let divisions = Divisions::builtin();
        let towns: Vec<_> = divisions
            .children(node.as_str())
            .filter_map(|d| Some((TownCode::parse(&d.code).ok()?, d.name.to_string())))
            .collect();
        let world = World {
            directory: Arc::new(Directory::new(
                node.clone(),
                settings,
                units,
                people,
                grids,
                categories,
                Arc::new(law),
            )),
            grids: GridIndex::new(polygons),
            addresses: AddressRegister::new(addresses, towns),
            law_files,
        };
        (world, problems)
    }

    /// Where a point lies.
    #[must_use]
    pub fn place_point(&self, point: Point) -> Placing {
        match self.grids.place(point) {
            lianzhi_territory::Placing::Inside(grid) => Placing::Inside { grid: grid.code.clone() },
            lianzhi_territory::Placing::Nearest { grid, metres } => {
                Placing::Nearest { grid: grid.code.clone(), metres: whole_metres(metres) }
            }
            lianzhi_territory::Placing::Outside { .. } if self.grids.is_empty() => Placing::Unknown,
            lianzhi_territory::Placing::Outside { .. } => Placing::Outside,
        }
    }

    /// Where an address lies: its point when one is known, and how sure that is.
    #[must_use]
    pub fn place_address(&self, address: &str) -> (Option<Point>, Placing) {
        let grid_of = |place: &register::Candidate| {
            place
                .grid
                .clone()
                .or_else(|| place.point.and_then(|p| self.grids.place(p).grid().map(|g| g.code.clone())))
        };
        let certain = |grid: Option<_>| grid.map_or(Placing::Unknown, |grid| Placing::Inside { grid });
        match self.addresses.find(address) {
            Placement::Found(place) => (place.point, certain(grid_of(&place))),
            Placement::Ambiguous(places) => {
                let mut candidates: Vec<Candidate> = Vec::new();
                for place in &places {
                    if let Some(grid) = grid_of(place)
                        && !candidates.iter().any(|c| c.grid == grid)
                    {
                        let name = self.directory.grids.get(&grid).map_or("", |g| g.name.as_str());
                        candidates.push(Candidate {
                            name: format!("{}，{name}：{}", place.label, place.reason),
                            grid,
                        });
                    }
                }
                match candidates.len() {
                    0 => (None, Placing::Unknown),
                    1 => (None, certain(candidates.pop().map(|c| c.grid))),
                    _ => (None, Placing::Ambiguous { candidates }),
                }
            }
            Placement::Unknown => (None, Placing::Unknown),
        }
    }
}

/// The polygons of grids, read once as one collection; a grid that cannot be read is left out and said.
fn polygons(
    grids: &[lianzhi_procedure::directory::Grid],
    problems: &mut Vec<String>,
) -> Vec<lianzhi_territory::Grid> {
    let features: Vec<_> = grids
        .iter()
        .filter_map(|g| {
            let geometry: serde_json::Value = serde_json::from_str(&g.geometry).ok()?;
            Some(serde_json::json!({"type": "Feature", "geometry": geometry,
                "properties": {"code": g.code, "name": g.name, "town": g.town, "unit": g.unit}}))
        })
        .collect();
    let collection = serde_json::json!({"type": "FeatureCollection", "features": features});
    match lianzhi_territory::grid::import(&collection.to_string(), Crs::Cgcs2000) {
        Ok(imported) => {
            problems.extend(imported.errors.iter().map(ToString::to_string));
            imported.grids
        }
        Err(error) => {
            problems.push(error.to_string());
            Vec::new()
        }
    }
}

/// Rows of an address CSV: `kind,name,aliases,number,lng,lat,grid,town`; aliases are separated by `|`.
///
/// # Errors
/// Line and reason of the first row that cannot be used.
pub fn addresses_of(text: &str) -> Result<Vec<register::Row>, String> {
    #[derive(serde::Deserialize)]
    struct Line {
        kind: register::Kind,
        name: String,
        #[serde(default)]
        aliases: String,
        #[serde(default)]
        number: String,
        lng: Option<f64>,
        lat: Option<f64>,
        grid: Option<GridCode>,
        town: Option<TownCode>,
    }
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for (n, line) in reader.deserialize::<Line>().enumerate() {
        let line = line.map_err(|e| format!("第 {} 行：{e}", n + 2))?;
        let point = match (line.lng, line.lat) {
            (Some(lng), Some(lat)) => {
                let point = Coordinates { lng, lat, crs: Crs::Cgcs2000 }.point();
                Some(point.map_err(|e| format!("第 {} 行：{e}", n + 2))?)
            }
            _ => None,
        };
        let aliases = line.aliases.split('|').filter(|a| !a.is_empty()).map(str::to_owned).collect();
        rows.push(register::Row {
            kind: line.kind,
            name: line.name,
            aliases,
            number: line.number,
            point,
            grid: line.grid,
            town: line.town,
        });
    }
    Ok(rows)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance of at most some hundred metres, rounded"
)]
fn whole_metres(metres: f64) -> u32 {
    metres.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Open matters by officer.
#[derive(Debug, Clone, Default)]
pub struct LoadTable(pub HashMap<PersonCode, u32>);

impl LoadTable {
    /// One more or one less.
    pub fn shift(&mut self, before: Option<&str>, after: Option<&str>) {
        if before == after {
            return;
        }
        if let Some(code) = before.and_then(|c| PersonCode::parse(c).ok())
            && let Some(n) = self.0.get_mut(&code)
        {
            *n = n.saturating_sub(1);
        }
        if let Some(code) = after.and_then(|c| PersonCode::parse(c).ok()) {
            *self.0.entry(code).or_default() += 1;
        }
    }
}

impl Loads for LoadTable {
    fn open(&self, person: &PersonCode) -> u32 {
        self.0.get(person).copied().unwrap_or(0)
    }
}
