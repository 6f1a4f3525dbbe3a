//! What the node knows of its surroundings: registers in force, the map, the law, who is on duty, who has how much to do.

use crate::ports::RegisterRow;
use lianzhi_exchange::compact::Roster;
use lianzhi_ids::{GridCode, NodeCode, PersonCode, TownCode};
use lianzhi_law::{LawData, LawFiles};
use lianzhi_procedure::directory::{Directory, Settings};
use lianzhi_procedure::facts::Candidate;
use lianzhi_procedure::generation::Generation;
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Loads, Placing};
use lianzhi_territory::{
    AddressRegister, Coordinates, Crs, Divisions, GridIndex, Placement, Point, register,
};
use std::collections::HashMap;
use std::sync::Arc;

/// Key of the row that holds the roster that is proposed while none is in force here; the docket follows after a colon.
pub const PROPOSED: &str = "proposed";
/// Register and key of the row that holds the roster in force; the docket follows after a colon.
pub const ROSTER: (&str, &str) = ("compact", "roster");

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
    /// Streets and towns of the node's division with their names.
    pub towns: HashMap<TownCode, String>,
    /// The newest generation of the log that was opened after a restore; none for a node that was never restored.
    pub generation: Option<Generation>,
}

impl World {
    /// Puts the world together from register rows. A row that cannot be used is left out and said.
    #[must_use]
    pub fn build(node: &NodeCode, rows: &[RegisterRow]) -> (World, Vec<String>) {
        let mut problems = Vec::new();
        let mut settings = Settings::default();
        let (mut units, mut people, mut grids, mut categories) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut retired_units = Vec::new();
        let mut law_files = LawFiles::builtin();
        let mut addresses = Vec::new();
        let mut generation: Option<Generation> = None;
        let (own, compact): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.register != ROSTER.0);
        let mut roster_of = |key: &str| {
            let is = |name: &str| name == key || name.strip_prefix(key).is_some_and(|n| n.starts_with(':'));
            // A proposal that was withdrawn is talked of only as long as there is no other.
            let mut all = compact.iter().filter(|row| is(&row.key) && row.record != "null");
            let row = all.clone().find(|row| !row.retired).or_else(|| all.next_back());
            row.and_then(|row| {
                let read = serde_json::from_str::<Roster>(&row.record);
                read.map_err(|error| problems.push(format!("协作机制名册无法识别：{error}"))).ok()
            })
        };
        let (roster, proposed) = (roster_of(ROSTER.1), roster_of(PROPOSED));
        for row in own.into_iter().filter(|r| !r.retired || r.register == "person" || r.register == "unit") {
            match serde_json::from_str::<Record>(&row.record) {
                Ok(Record::Unit(unit)) => {
                    if row.retired {
                        retired_units.push(unit.code.clone());
                    }
                    units.push(unit);
                }
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
                Ok(Record::Generation(g)) => {
                    if generation.as_ref().is_none_or(|known| known.number < g.number) {
                        generation = Some(g);
                    }
                }
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
            .towns_of(node.as_str())
            .filter_map(|d| Some((TownCode::parse(&d.code).ok()?, d.name.to_string())))
            .collect();
        let world = World {
            directory: Arc::new(
                Directory::new(node.clone(), settings, units, people, grids, categories, Arc::new(law))
                    .with_retired_units(retired_units)
                    .with_roster(roster.map(Arc::new))
                    .with_proposed(proposed.map(Arc::new)),
            ),
            grids: GridIndex::new(polygons),
            addresses: AddressRegister::new(addresses, towns.iter().cloned()),
            law_files,
            towns: towns.into_iter().collect(),
            generation,
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

/// Columns of an address CSV with the headers that are taken for them.
const ADDRESS_COLUMNS: [(&str, &[&str]); 8] = [
    ("kind", &["种类", "类型"]),
    ("name", &["名称", "路名"]),
    ("aliases", &["别名"]),
    ("number", &["门牌", "门牌号"]),
    ("lng", &["经度"]),
    ("lat", &["纬度"]),
    ("grid", &["网格"]),
    ("town", &["街镇"]),
];

/// Rows of an address CSV: `kind,name,aliases,number,lng,lat,grid,town`, or the same in Chinese, in any order; aliases
/// are separated by `|`.
///
/// # Errors
/// Line and reason of the first row that cannot be used.
pub fn addresses_of(text: &str) -> Result<Vec<register::Row>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().map_err(|_| "第 1 行读不出来。".to_owned())?.clone();
    let columns = ADDRESS_COLUMNS.map(|(code, titles)| {
        headers.iter().position(|h| h.eq_ignore_ascii_case(code) || titles.contains(&h))
    });
    if columns[0].is_none() || columns[1].is_none() {
        return Err("第 1 行应是列名，至少有“种类”和“名称”两列（或 kind、name）。".to_owned());
    }
    let mut rows = Vec::new();
    for line in reader.records() {
        let line = line.map_err(|e| {
            let at = e.position().map_or(0, csv::Position::line);
            format!("第 {at} 行读不出来：引号没有成对。")
        })?;
        let n = line.position().map_or(0, csv::Position::line);
        let row = address_of(&columns.map(|at| at.and_then(|at| line.get(at)).unwrap_or_default()));
        rows.push(row.map_err(|reason| format!("第 {n} 行：{reason}"))?);
    }
    Ok(rows)
}

/// One row of an address CSV, its cells in the order of [`ADDRESS_COLUMNS`].
fn address_of(cells: &[&str; 8]) -> Result<register::Row, String> {
    let [kind, name, aliases, number, lng, lat, grid, town] = *cells;
    let kind = match kind {
        "road" | "道路" | "路" => register::Kind::Road,
        "community" | "小区" | "村" | "社区" => register::Kind::Community,
        "door" | "门牌" => register::Kind::Door,
        "poi" | "地点" | "场所" => register::Kind::Poi,
        other => return Err(format!("种类“{other}”不对，应为道路、小区、门牌或地点。")),
    };
    if name.is_empty() {
        return Err("没有名称。".to_owned());
    }
    let degrees = |text: &str| text.parse::<f64>().map_err(|_| format!("“{text}”不是度数，应如 121.1142。"));
    let point = match (lng, lat) {
        ("", "") => None,
        (lng, lat) => {
            let at = Coordinates { lng: degrees(lng)?, lat: degrees(lat)?, crs: Crs::Cgcs2000 };
            Some(at.point().map_err(|e| e.to_string())?)
        }
    };
    let code = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    Ok(register::Row {
        kind,
        name: name.to_owned(),
        aliases: aliases.split('|').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
        number: number.to_owned(),
        point,
        grid: code(grid).map(|g| GridCode::parse(&g)).transpose().map_err(|e| e.to_string())?,
        town: code(town).map(|t| TownCode::parse(&t)).transpose().map_err(|e| e.to_string())?,
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_file_is_read_by_its_chinese_or_english_headers() {
        let rows = addresses_of("名称,种类,纬度,经度\n公园路,道路,31.15,121.11\n").expect("Chinese headers");
        assert_eq!((rows[0].name.as_str(), rows[0].kind), ("公园路", register::Kind::Road));
        assert!(rows[0].point.is_some());
        let rows = addresses_of("kind,name,aliases,number\ndoor,公园路,老公园路|园路,118号\n")
            .expect("English headers");
        assert_eq!((rows[0].aliases.len(), rows[0].number.as_str()), (2, "118号"));
    }

    #[test]
    fn what_is_wrong_with_an_address_file_is_said_in_words_with_its_line() {
        for (text, line, words) in [
            ("路,号\n公园路,1\n", "第 1 行", "种类"),
            ("kind,name\nroad,甲路\nfoo,乙路\n", "第 3 行", "种类“foo”不对"),
            ("kind,name\nroad,\n", "第 2 行", "没有名称"),
            ("kind,name,lng,lat\nroad,甲路,abc,31\n", "第 2 行", "“abc”不是度数"),
            ("kind,name,lng,lat\nroad,甲路,121.1,\n", "第 2 行", "不是度数"),
            ("kind,name,lng,lat\nroad,甲路,1,2\n", "第 2 行", "我国范围"),
        ] {
            let said = addresses_of(text).expect_err(text);
            assert!(said.contains(line) && said.contains(words), "{text}: {said}");
            assert!(!said.contains("error"), "{said}");
        }
    }
}
