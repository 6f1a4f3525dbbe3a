//! Registers from files: units, people, categories (CSV, XLSX), grids (GeoJSON), addresses (CSV), law data (TOML, TSV).

use super::table::Table;
use super::{Bad, words};
use crate::{App, Caller};
use lianzhi_ids::{CategoryCode, CodeError, GridCode, PersonCode, Role, TownCode, UnitCode};
use lianzhi_procedure::directory::{Category, Grid, Person, Post, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Actor, Refusal};
use lianzhi_territory::Crs;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Overlaps and gaps smaller than this are left to the drawing, square metres.
const LEAST_M2: f64 = 100.0;
/// Between several values in one cell.
const BETWEEN: [char; 5] = ['|', ';', '；', '、', ','];

/// Registers that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegisterKind {
    /// Units: 编码, 名称, 上级单位, 电话, 街镇, 外部单位.
    Units,
    /// People: 编码, 姓名, 登录名, 单位, 角色, 网格, 执法证号; several lines with one code are several posts.
    People,
    /// Categories: 代码, 大类, 名称, 主管部门.
    Categories,
    /// Grids as GeoJSON.
    Grids,
    /// A block of the address register.
    Addresses,
    /// A file of law data; its name says which.
    Law,
}

/// What became of an import of registers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegisterReport {
    /// Records in the file.
    pub rows: usize,
    /// Added or changed.
    pub good: usize,
    /// Already so.
    pub unchanged: usize,
    /// Not imported.
    pub bad: Vec<Bad>,
    /// What the administrator should look at: overlaps and gaps of grids.
    pub notes: Vec<String>,
}

/// A record with where it stands in the file.
struct Found {
    line: u64,
    record: Record,
}

const UNIT: &[(&str, &[&str])] = &[
    ("code", &["编码", "单位编码", "代码"]),
    ("name", &["名称", "单位名称"]),
    ("parent", &["上级单位", "上级", "上级编码"]),
    ("phone", &["电话", "值班电话"]),
    ("town", &["街镇", "街镇代码"]),
    ("outside", &["外部单位", "外部"]),
    ("branch", &["文号分支码", "分支码"]),
];
const PERSON: &[(&str, &[&str])] = &[
    ("code", &["编码", "人员编码", "工号"]),
    ("name", &["姓名", "名称"]),
    ("login", &["登录名", "账号"]),
    ("unit", &["单位", "单位编码"]),
    ("roles", &["角色", "岗位"]),
    ("grids", &["网格", "责任网格"]),
    ("certificate", &["执法证号", "证件号"]),
];
const CATEGORY: &[(&str, &[&str])] = &[
    ("code", &["代码", "编码", "类别代码"]),
    ("group", &["大类", "类"]),
    ("name", &["名称", "小类"]),
    ("department", &["主管部门", "部门"]),
];

/// A table whose columns have fixed names.
struct Named {
    table: Table,
    columns: Vec<(&'static str, Option<usize>)>,
}

impl Named {
    fn read(
        bytes: &[u8],
        name: &str,
        columns: &'static [(&'static str, &'static [&'static str])],
        needed: &[&str],
        faults: &mut Vec<Bad>,
    ) -> Result<Named, Refusal> {
        let is = |header: &str, (code, titles): &(&str, &[&str])| {
            header.trim().eq_ignore_ascii_case(code) || titles.contains(&header.trim())
        };
        let mut table = Table::read(bytes, name, &|header| columns.iter().any(|c| is(header, c)))?;
        let columns: Vec<_> =
            columns.iter().map(|c| (c.0, table.headers.iter().position(|h| is(h, c)))).collect();
        if let Some(missing) =
            needed.iter().find(|n| columns.iter().any(|(code, at)| code == *n && at.is_none()))
        {
            return Err(Refusal::invalid(
                "file",
                format!("表中没有“{missing}”这一列。"),
                format!("需要的列：{}。", needed.join("、")),
            ));
        }
        let rows = std::mem::take(&mut table.rows);
        table.rows = rows
            .into_iter()
            .filter(|(line, cells)| match table.beyond(cells) {
                Some((column, reason)) => {
                    faults.push(bad(*line, &column, reason));
                    false
                }
                None => true,
            })
            .collect();
        Ok(Named { table, columns })
    }

    fn text<'a>(&self, cells: &'a [String], code: &str) -> &'a str {
        let at = self.columns.iter().find(|(c, _)| *c == code).and_then(|(_, at)| *at);
        at.and_then(|at| cells.get(at)).map_or("", |t| t.trim())
    }
}

fn bad(line: u64, column: &str, reason: impl ToString) -> Bad {
    Bad { line, column: column.to_owned(), reason: reason.to_string() }
}

/// An empty cell is nothing, anything else must be a code.
fn optional<T>(
    line: u64,
    column: &str,
    text: &str,
    parse: fn(&str) -> Result<T, CodeError>,
) -> Result<Option<T>, Bad> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some).map_err(|e| bad(line, column, e)) }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(BETWEEN).map(str::trim).filter(|t| !t.is_empty())
}

fn units(bytes: &[u8], name: &str, faults: &mut Vec<Bad>) -> Result<Vec<Found>, Refusal> {
    let named = Named::read(bytes, name, UNIT, &["code", "name"], faults)?;
    let read = |line: u64, cells: &[String]| -> Result<Unit, Bad> {
        Ok(Unit {
            code: UnitCode::parse(named.text(cells, "code")).map_err(|e| bad(line, "code", e))?,
            name: named.text(cells, "name").to_owned(),
            parent: optional(line, "parent", named.text(cells, "parent"), UnitCode::parse)?,
            outside: matches!(named.text(cells, "outside"), "是" | "true" | "1" | "yes"),
            phone: named.text(cells, "phone").to_owned(),
            town: optional(line, "town", named.text(cells, "town"), TownCode::parse)?,
            branch: named.text(cells, "branch").to_owned(),
        })
    };
    let mut left = Vec::new();
    for (line, cells) in &named.table.rows {
        match read(*line, cells) {
            Ok(unit) => left.push((*line, unit)),
            Err(fault) => faults.push(fault),
        }
    }
    // Parents before children, however the file is ordered; a circle is left as it is and refused by the register.
    let mut sorted: Vec<Found> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |unit: &Unit, left: &[(u64, Unit)]| {
            unit.parent
                .as_ref()
                .is_some_and(|p| p != &unit.code && left.iter().any(|(_, other)| &other.code == p))
        };
        let at = (0..left.len()).find(|at| !waits(&left[*at].1, &left)).unwrap_or(0);
        let (line, unit) = left.remove(at);
        sorted.push(Found { line, record: Record::Unit(unit) });
    }
    Ok(sorted)
}

fn people(bytes: &[u8], name: &str, faults: &mut Vec<Bad>) -> Result<Vec<Found>, Refusal> {
    let named = Named::read(bytes, name, PERSON, &["code", "name", "login", "unit", "roles"], faults)?;
    let mut found: Vec<(u64, Person)> = Vec::new();
    for (line, cells) in &named.table.rows {
        let line = *line;
        let read = || -> Result<(PersonCode, Post), Bad> {
            let code = PersonCode::parse(named.text(cells, "code")).map_err(|e| bad(line, "code", e))?;
            let unit = UnitCode::parse(named.text(cells, "unit")).map_err(|e| bad(line, "unit", e))?;
            let role = |text: &str| {
                let by_title = || Role::ALL.iter().copied().find(|r| r.title() == text);
                Role::from_code(text)
                    .or_else(by_title)
                    .ok_or_else(|| bad(line, "roles", format!("没有角色“{text}”。")))
            };
            let roles = list(named.text(cells, "roles")).map(role).collect::<Result<_, _>>()?;
            let grids = list(named.text(cells, "grids"))
                .map(|g| GridCode::parse(g).map_err(|e| bad(line, "grids", e)))
                .collect::<Result<_, _>>()?;
            Ok((code, Post { unit, roles, grids }))
        };
        match read() {
            Err(fault) => faults.push(fault),
            Ok((code, post)) => match found.iter_mut().find(|(_, person)| person.code == code) {
                Some((_, person)) => person.posts.push(post),
                None => {
                    let certificate =
                        Some(named.text(cells, "certificate").to_owned()).filter(|c| !c.is_empty());
                    let (name, login) =
                        (named.text(cells, "name").to_owned(), named.text(cells, "login").to_owned());
                    found.push((
                        line,
                        Person {
                            code,
                            name,
                            login,
                            posts: vec![post],
                            certificate,
                            active: true,
                            second_factor: false,
                        },
                    ));
                }
            },
        }
    }
    Ok(found.into_iter().map(|(line, person)| Found { line, record: Record::Person(person) }).collect())
}

fn categories(bytes: &[u8], name: &str, faults: &mut Vec<Bad>) -> Result<Vec<Found>, Refusal> {
    let named = Named::read(bytes, name, CATEGORY, &["code", "name"], faults)?;
    let mut found = Vec::new();
    for (line, cells) in &named.table.rows {
        let read = || -> Result<Category, Bad> {
            Ok(Category {
                code: CategoryCode::parse(named.text(cells, "code")).map_err(|e| bad(*line, "code", e))?,
                group: named.text(cells, "group").to_owned(),
                name: named.text(cells, "name").to_owned(),
                department: optional(*line, "department", named.text(cells, "department"), UnitCode::parse)?,
            })
        };
        match read() {
            Ok(category) => found.push(Found { line: *line, record: Record::Category(category) }),
            Err(fault) => faults.push(fault),
        }
    }
    Ok(found)
}

/// Grids, and what overlaps or lies open between them. For GeoJSON, "line" is the number of the feature.
fn grids(bytes: &[u8], crs: Crs, report: &mut RegisterReport) -> Result<Vec<Found>, Refusal> {
    let no_file = |rule: String| Refusal::invalid("file", rule, "请核对文件。");
    let text = std::str::from_utf8(bytes).map_err(|_| no_file("GeoJSON 应为 UTF-8 编码。".into()))?;
    let imported = lianzhi_territory::grid::import(text, crs).map_err(|e| no_file(e.to_string()))?;
    for error in imported.errors {
        report.bad.push(bad(error.index as u64 + 1, error.code.as_deref().unwrap_or_default(), error.reason));
    }
    let found = lianzhi_territory::report::check(&imported.grids, None, LEAST_M2);
    let at = |p: lianzhi_territory::Point| format!("{:.5},{:.5}", p.lng(), p.lat());
    report.notes.extend(
        found
            .overlaps
            .iter()
            .map(|o| format!("网格 {} 与 {} 重叠 {:.0} 平方米，位于 {}", o.a, o.b, o.m2, at(o.at))),
    );
    for gap in &found.gaps {
        let beside: Vec<_> = gap.beside.iter().map(ToString::to_string).collect();
        report.notes.push(format!(
            "有 {:.0} 平方米无人负责，位于 {}，邻近网格：{}",
            gap.m2,
            at(gap.at),
            beside.join("、")
        ));
    }
    if found.truncated {
        report.notes.push("重叠和空白还有更多，未全部列出".into());
    }
    let record = |grid: &lianzhi_territory::Grid| {
        let feature = lianzhi_territory::grid::feature(grid);
        Record::Grid(Grid {
            code: grid.code.clone(),
            name: grid.name.clone(),
            town: grid.town.clone(),
            unit: grid.unit.clone(),
            geometry: feature.get("geometry").map(ToString::to_string).unwrap_or_default(),
        })
    };
    Ok((1..).zip(&imported.grids).map(|(line, grid)| Found { line, record: record(grid) }).collect())
}

impl App {
    /// Adds or changes records of a register from a file. `crs` is the coordinate system of grids.
    ///
    /// # Errors
    /// When the file cannot be read as such a register, or the caller may not administer.
    pub async fn import_register(
        &self,
        who: &Caller,
        kind: RegisterKind,
        bytes: &[u8],
        name: &str,
        crs: Crs,
    ) -> Result<RegisterReport, Refusal> {
        if !matches!(who.actor, Actor::System) {
            self.may(who, "administer", None)?;
        }
        let mut report = RegisterReport::default();
        let text = || {
            std::str::from_utf8(bytes)
                .map(|t| t.trim_start_matches('\u{feff}').to_owned())
                .map_err(|_| Refusal::invalid("file", "文件应为 UTF-8 编码。", "请另存为 UTF-8 再导入。"))
        };
        let found = match kind {
            RegisterKind::Units => units(bytes, name, &mut report.bad)?,
            RegisterKind::People => people(bytes, name, &mut report.bad)?,
            RegisterKind::Categories => categories(bytes, name, &mut report.bad)?,
            RegisterKind::Grids => grids(bytes, crs, &mut report)?,
            RegisterKind::Addresses => {
                let block = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".csv").to_owned();
                vec![Found { line: 1, record: Record::Addresses { name: block, text: text()? } }]
            }
            RegisterKind::Law => {
                vec![Found { line: 1, record: Record::Law { name: name.to_owned(), text: text()? } }]
            }
        };
        report.rows = found.len() + report.bad.len();
        let (lines, records): (Vec<_>, Vec<_>) = found.into_iter().map(|f| (f.line, f.record)).unzip();
        for (line, answer) in lines.into_iter().zip(self.put_each(who, records).await?) {
            match answer {
                Ok(done) if done.events.is_empty() => report.unchanged += 1,
                Ok(_) => report.good += 1,
                Err(refusal) => {
                    report.bad.push(bad(line, refusal.field.unwrap_or_default(), words(&refusal)))
                }
            }
        }
        report.bad.sort_by_key(|b| b.line);
        Ok(report)
    }
}
