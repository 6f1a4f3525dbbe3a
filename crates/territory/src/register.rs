//! The address register: roads, communities, doors and known places, and what a written address means in it.
//!
//! It never fails and never guesses in silence: one clear place, or candidates with the reason for each, or unknown.

use crate::crs::Point;
use crate::text::folded;
use lianzhi_ids::{GridCode, TownCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

mod reading;

use reading::{Reading, Way};

/// Most candidates given for an ambiguous address: what a person can choose from at a glance.
pub const CANDIDATES_MAX: usize = 8;
/// Longest part of an address that is read, characters.
const ADDRESS_CHARS_MAX: usize = 300;
/// How far a door number may be from the one asked for to be offered in its stead.
const DOOR_REACH: u32 = 20;
/// Least share of a name's characters that must stand in their places for it to be offered for a misspelt one: one
/// wrong of three.
const LIKENESS_MIN: f64 = 0.66;

/// What a row of the register is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A road, or the piece of it in one grid.
    Road,
    /// A housing estate, village or compound.
    Community,
    /// A door: a number on a road.
    Door,
    /// Any other place that people name: market, station, bridge, school.
    Poi,
}

/// One row, as it is imported (CSV: kind,name,aliases,number,lng,lat,grid,town).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it is.
    pub kind: Kind,
    /// Its name; of a door, the road's.
    pub name: String,
    /// Other names in use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A door's number, e.g. `118号` or `200弄`; a community's address if it has one, e.g. `漕平路200弄`.
    #[serde(default)]
    pub number: String,
    /// Where it is.
    pub point: Option<Point>,
    /// The grid that it lies in.
    pub grid: Option<GridCode>,
    /// The town that it lies in.
    pub town: Option<TownCode>,
}

/// A place that an address may mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// How to call it: `漕平路118号`.
    pub label: String,
    /// Where it is, as far as the register or the address says.
    pub point: Option<Point>,
    /// Its grid. Nothing when the place was moved by a direction (`南60米`): place the point anew.
    pub grid: Option<GridCode>,
    /// Its town.
    pub town: Option<TownCode>,
    /// Why it is offered, in words for people.
    pub reason: String,
}

/// What an address means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Placement {
    /// One clear place.
    Found(Candidate),
    /// Several, the likeliest first, at most [`CANDIDATES_MAX`]; or one that is not certain.
    Ambiguous(Vec<Candidate>),
    /// Nothing in the register fits.
    Unknown,
}

/// The register, ready to be asked. Made once, shared, replaced as a whole.
#[derive(Debug, Clone, Default)]
pub struct AddressRegister {
    rows: Vec<Row>,
    /// Folded names and aliases of everything with the rows that bear them.
    names: HashMap<String, Vec<usize>>,
    /// Length of the longest name, characters.
    longest: usize,
    /// Doors by folded road name and number.
    doors: HashMap<(String, String), Vec<usize>>,
    /// Numbers of doors on each road.
    numbers: HashMap<String, BTreeMap<(u32, String), usize>>,
    /// Names by pairs of characters, for misspelt ones.
    pairs: HashMap<[char; 2], Vec<usize>>,
    /// The keys of `names`, for `pairs`.
    spelt: Vec<String>,
    /// Folded names of towns, with and without 镇/街道/乡.
    towns: Vec<(String, TownCode)>,
}

impl AddressRegister {
    /// A register of these rows; `towns` are codes and names of the towns in the territory.
    #[must_use]
    pub fn new(rows: Vec<Row>, towns: impl IntoIterator<Item = (TownCode, String)>) -> Self {
        let mut it = Self::default();
        for (code, name) in towns {
            let name = folded(&name);
            for ending in ["街道", "镇", "乡"] {
                if let Some(short) = name.strip_suffix(ending).filter(|s| s.chars().count() >= 2) {
                    it.towns.push((short.to_owned(), code.clone()));
                }
            }
            it.towns.push((name, code));
        }
        it.towns.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
        for (i, row) in rows.iter().enumerate() {
            for name in std::iter::once(&row.name).chain(&row.aliases) {
                let name = folded(name);
                if name.is_empty() {
                    continue;
                }
                it.longest = it.longest.max(name.chars().count());
                if row.kind == Kind::Door {
                    let number = reading::number(&row.number);
                    let entry = (reading::value(&number), number.clone());
                    it.numbers.entry(name.clone()).or_default().entry(entry).or_insert(i);
                    it.doors.entry((name.clone(), number)).or_default().push(i);
                }
                let bearers = it.names.entry(name).or_default();
                if bearers.last() != Some(&i) {
                    bearers.push(i);
                }
            }
            // A community may be called by its address: 漕平路200弄.
            let address = (row.kind != Kind::Door).then(|| reading::split_door(&row.number)).flatten();
            if let Some(address) = address {
                it.doors.entry(address).or_default().push(i);
            }
        }
        it.spelt = it.names.keys().cloned().collect();
        it.spelt.sort_unstable();
        for (i, name) in it.spelt.iter().enumerate() {
            for pair in pairs(&name.chars().collect::<Vec<_>>()) {
                it.pairs.entry(pair).or_default().push(i);
            }
        }
        it.rows = rows;
        it
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row nearest to a place and how far it is, metres; nothing within `metres_max`.
    #[must_use]
    pub fn nearest(&self, point: Point, metres_max: f64) -> Option<(&Row, f64)> {
        let around = crate::cell::Bbox { min: point, max: point }.widened(metres_max);
        let near = self.rows.iter().filter_map(|row| {
            let there = row.point.filter(|p| around.contains(*p))?;
            Some((row, point.metres_to(there)))
        });
        near.filter(|(_, metres)| *metres <= metres_max).min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// What an address means.
    #[must_use]
    pub fn find(&self, address: &str) -> Placement {
        let short: String = address.chars().take(ADDRESS_CHARS_MAX).collect();
        let folded = folded(&short);
        let town = self.towns.iter().find(|(name, _)| folded.contains(name.as_str())).map(|(_, code)| code);
        let reading = Reading::of(&folded, |name| self.names.contains_key(name), self.longest);
        let crossing = self.crossing(&reading, town);
        if !crossing.is_empty() {
            return settle(crossing, &[]);
        }
        let mut near = Vec::new();
        // The most exact of what was named decides: a door, then an estate or place, then a road.
        for named in &reading.named {
            let Some(number) = &named.number else { continue };
            let exact = self.doors.get(&(named.name.clone(), number.clone()));
            let hits = self.in_town(exact.map_or(&[], Vec::as_slice), town);
            if !hits.is_empty() {
                return self.moved(hits, &reading, &format!("{}{number}", named.name));
            }
            near.extend(self.doors_near(&named.name, number, town));
        }
        for exact in [true, false] {
            for named in &reading.named {
                let rows = self.names.get(&named.name).map_or(&[][..], Vec::as_slice);
                let of_kind: Vec<usize> = rows
                    .iter()
                    .copied()
                    .filter(|i| matches!(self.rows[*i].kind, Kind::Community | Kind::Poi) == exact)
                    .collect();
                let hits = self.in_town(&of_kind, town);
                if hits.is_empty() {
                    continue;
                }
                if exact {
                    return self.moved(hits, &reading, &named.name);
                }
                return self.along_road(&hits, named, &reading, near);
            }
        }
        if near.is_empty() { self.misspelt(&folded, town) } else { settle(vec![], &near) }
    }

    /// Rows in the town that the address names; all of them when it names none or none of them is in it.
    fn in_town(&self, rows: &[usize], town: Option<&TownCode>) -> Vec<usize> {
        let there: Vec<usize> =
            rows.iter().copied().filter(|i| town.is_some() && self.rows[*i].town.as_ref() == town).collect();
        if there.is_empty() { rows.to_vec() } else { there }
    }

    fn candidate(&self, i: usize, label: &str, reason: impl Into<String>) -> Candidate {
        let row = &self.rows[i];
        Candidate {
            label: label.to_owned(),
            point: row.point,
            grid: row.grid.clone(),
            town: row.town.clone(),
            reason: reason.into(),
        }
    }

    /// One or several rows for a name, each moved as the address says (`南60米`).
    fn moved(&self, hits: Vec<usize>, reading: &Reading, label: &str) -> Placement {
        let found = hits
            .into_iter()
            .map(|i| {
                let mut c = self.candidate(i, label, format!("名录中有“{label}”"));
                if let (Some(way), Some(point)) = (reading.way, c.point) {
                    c.point = Some(way.from(point));
                    c.grid = None;
                    c.label = format!("{label}{way}");
                    c.reason = format!("由“{label}”起算{way}");
                }
                c
            })
            .collect();
        settle(found, &[])
    }

    /// A road alone: one place when it runs through one grid, else one candidate for each grid that it runs through.
    fn along_road(
        &self,
        hits: &[usize],
        named: &reading::Named,
        reading: &Reading,
        near: Vec<Candidate>,
    ) -> Placement {
        let mut by_grid: BTreeMap<Option<&GridCode>, usize> = BTreeMap::new();
        for i in hits {
            let better = self.rows[*i].kind == Kind::Road;
            by_grid
                .entry(self.rows[*i].grid.as_ref())
                .and_modify(|old| {
                    if better {
                        *old = *i
                    }
                })
                .or_insert(*i);
        }
        if by_grid.len() > 1 {
            by_grid.remove(&None);
        }
        let one = by_grid.len() == 1;
        let vague = reading.way.map(Way::to_owned_text).unwrap_or_default();
        let candidates: Vec<Candidate> = by_grid
            .into_values()
            .map(|i| {
                let grid = self.rows[i].grid.as_ref().map_or("未知", GridCode::as_str);
                let reason = match (one, &named.number) {
                    (true, _) => format!("“{}”只经过一个网格", named.name),
                    (false, Some(number)) => {
                        format!("名录中没有{number}，此为“{}”在网格 {grid} 的一段", named.name)
                    }
                    (false, None) => format!("只知道路名，此为“{}”在网格 {grid} 的一段", named.name),
                };
                self.candidate(i, &format!("{}{vague}", named.name), reason)
            })
            .collect();
        if one && near.is_empty() && self.rows[hits[0]].grid.is_some() {
            return settle(candidates, &[]);
        }
        let all: Vec<Candidate> = near.into_iter().chain(candidates).collect();
        settle(vec![], &all)
    }

    /// Doors with the nearest numbers on the same road, the same side first.
    fn doors_near(&self, road: &str, number: &str, town: Option<&TownCode>) -> Vec<Candidate> {
        let wanted = reading::value(number);
        let Some(doors) = self.numbers.get(road) else {
            return vec![];
        };
        let low = wanted.saturating_sub(DOOR_REACH);
        let mut near: Vec<(bool, u32, usize)> = doors
            .range((low, String::new())..(wanted + DOOR_REACH + 1, String::new()))
            .filter(|(_, i)| {
                town.is_none() || self.rows[**i].town.is_none() || self.rows[**i].town.as_ref() == town
            })
            .map(|((value, _), i)| (value % 2 != wanted % 2, value.abs_diff(wanted), *i))
            .collect();
        near.sort_unstable();
        near.iter()
            .take(3)
            .map(|(_, _, i)| {
                let label = format!("{road}{}", reading::number(&self.rows[*i].number));
                self.candidate(*i, &label, format!("名录中没有{road}{number}，这是附近的门牌"))
            })
            .collect()
    }

    /// Two roads and no number: the grids that both run through.
    fn crossing(&self, reading: &Reading, town: Option<&TownCode>) -> Vec<Candidate> {
        let roads: Vec<&reading::Named> =
            reading.named.iter().filter(|n| n.number.is_none() && self.is_road(&n.name)).collect();
        let [a, b, ..] = roads.as_slice() else {
            return vec![];
        };
        if reading.named.iter().any(|n| n.number.is_some() || !self.is_road(&n.name)) || a.name == b.name {
            return vec![];
        }
        let rows = |name: &str| self.in_town(self.names.get(name).map_or(&[][..], Vec::as_slice), town);
        let second = rows(&b.name);
        let mut out: BTreeMap<&GridCode, usize> = BTreeMap::new();
        for i in rows(&a.name) {
            let Some(grid) = &self.rows[i].grid else { continue };
            if second.iter().any(|j| self.rows[*j].grid.as_ref() == Some(grid)) {
                out.entry(grid).or_insert(i);
            }
        }
        let label = format!("{}{}路口", a.name, b.name);
        out.into_values()
            .map(|i| {
                let mut c = self.candidate(i, &label, format!("“{}”和“{}”都经过此网格", a.name, b.name));
                // The row's point is somewhere on the road, not at the crossing.
                c.point = None;
                c
            })
            .collect()
    }

    fn is_road(&self, name: &str) -> bool {
        self.names
            .get(name)
            .is_some_and(|rows| rows.iter().all(|i| matches!(self.rows[*i].kind, Kind::Road | Kind::Door)))
    }

    /// Names that look like what was written. Never certain.
    fn misspelt(&self, folded: &str, town: Option<&TownCode>) -> Placement {
        let written: Vec<char> = folded.chars().collect();
        let mut near: Vec<usize> =
            pairs(&written).filter_map(|pair| self.pairs.get(&pair)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        let mut like: Vec<(f64, &String)> = near
            .into_iter()
            .map(|i| (likeness(&written, &self.spelt[i]), &self.spelt[i]))
            .filter(|(likeness, name)| *likeness >= LIKENESS_MIN && name.chars().count() >= 3)
            .collect();
        like.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let candidates: Vec<Candidate> = like
            .into_iter()
            .flat_map(|(_, name)| {
                let rows = self.in_town(&self.names[name], town);
                rows.into_iter().take(2).map(move |i| self.candidate(i, name, format!("名称与“{name}”相近")))
            })
            .take(CANDIDATES_MAX)
            .collect();
        settle(vec![], &candidates)
    }
}

/// Pairs of characters that are neighbours or have one between them, so that one wrong character leaves some whole.
fn pairs(text: &[char]) -> impl Iterator<Item = [char; 2]> + '_ {
    let apart = |n: usize| text.iter().zip(text.iter().skip(n)).map(|(a, b)| [*a, *b]);
    apart(1).chain(apart(2))
}

/// The share of a name's characters that stand in their places in the best stretch of a text.
fn likeness(text: &[char], name: &str) -> f64 {
    let name: Vec<char> = name.chars().collect();
    let same = |stretch: &[char]| stretch.iter().zip(&name).filter(|(a, b)| a == b).count();
    let best = text.windows(name.len().max(1)).map(same).max().unwrap_or(0);
    best as f64 / name.len().max(1) as f64
}

/// One certain place is found; several, or uncertain ones, are for a person to choose from.
fn settle(certain: Vec<Candidate>, uncertain: &[Candidate]) -> Placement {
    let mut all = certain;
    // The same place may be in the register twice, as a door and as the estate behind it.
    all.dedup_by(|a, b| a.grid == b.grid && a.point == b.point && a.town == b.town);
    match (all.len(), uncertain.is_empty()) {
        (1, true) => all.pop().map_or(Placement::Unknown, Placement::Found),
        (0, true) => Placement::Unknown,
        _ => {
            all.extend_from_slice(uncertain);
            all.truncate(CANDIDATES_MAX);
            Placement::Ambiguous(all)
        }
    }
}
