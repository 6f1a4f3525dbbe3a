//! Spreadsheets in: reports (CSV and XLSX with columns in any order) and registers.
//!
//! Good rows are kept, each bad row is reported with its line, its column and the reason, and importing the same thing
//! twice creates nothing twice: a row is known by its number at the other system, or by the digest of what it says,
//! whatever file it comes in and however the columns are ordered.

mod cells;
mod mapping;
mod registers;
mod table;

pub(crate) use cells::moment;
pub(crate) use mapping::plain;
pub use mapping::{Field, Mapping};
pub use registers::{RegisterKind, RegisterReport};
pub use table::{FILE_BYTES_MAX, ROWS_MAX};

use crate::intake::{PlaceInput, ReportInput};
use crate::submit::sha256;
use crate::{App, Caller};
use futures::StreamExt;
use lianzhi_procedure::report::{External, Reporter, Source};
use lianzhi_procedure::{Actor, Refusal, RefusalKind};
use mapping::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
pub(crate) use table::Table;

/// Rows that a preview shows.
const PREVIEW_ROWS: usize = 10;
/// Rows submitted at the same time: they share transactions, and leave room in the queue for everybody else.
const AT_ONCE: usize = 64;
/// Bad rows that a report lists; the rest are counted.
const BAD_MAX: usize = 1_000;
/// Name of the system when the table numbers its rows and does not say whose numbers they are.
const UNNAMED_SYSTEM: &str = "表格";

/// A row that was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bad {
    /// Line in the file, from 1.
    pub line: u64,
    /// Header of the column at fault; empty when it is the row as a whole.
    pub column: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Rows in the file, without headers and blank lines.
    pub rows: usize,
    /// Newly registered.
    pub good: usize,
    /// Registered before, by an earlier import or by another row: left alone.
    pub repeated: usize,
    /// Not imported, by line (at most a thousand are listed).
    pub bad: Vec<Bad>,
    /// Bad rows that are not listed.
    pub bad_omitted: usize,
    /// The columns that were read.
    pub mapping: Mapping,
    /// Headers that nothing was read from.
    pub unused: Vec<String>,
}

/// What a file holds, before anything is imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// Headers as they stand in the file.
    pub headers: Vec<String>,
    /// The columns that their names suggest.
    pub mapping: Mapping,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
    /// Rows in all.
    pub count: usize,
}

/// A row as it would be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Line in the file, from 1.
    pub line: u64,
    /// What it would become: title and text of each field that is filled.
    pub fields: Vec<(&'static str, String)>,
    /// Why it would not be imported.
    pub bad: Option<Bad>,
    /// It is there already, or stands twice in the table.
    pub repeated: bool,
}

/// What an import would do, without doing it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    /// Rows in the file.
    pub rows: usize,
    /// That would be registered.
    pub good: usize,
    /// Already there.
    pub repeated: usize,
    /// The first rows as they would be read.
    pub first: Vec<Read>,
    /// All rows that would be refused, by line (at most a thousand).
    pub bad: Vec<Bad>,
    /// Such rows that are not listed.
    pub bad_omitted: usize,
    /// Headers that nothing is read from.
    pub unused: Vec<String>,
}

/// Rows that a trial shows as they would be read.
const TRIAL_ROWS: usize = 20;

/// The rows of a table, sorted.
#[derive(Default)]
struct Sifted {
    ready: Vec<Ready>,
    repeated: usize,
    /// In no order.
    bad: Vec<Bad>,
}

/// A row that is ready to be registered.
#[derive(Default)]
struct Ready {
    line: u64,
    input: ReportInput,
    key: String,
}

/// Looks into a file: headers, what they probably are, the first rows.
///
/// # Errors
/// When the file is no table, or too large.
pub fn preview(bytes: &[u8], name: &str) -> Result<Preview, Refusal> {
    let table = Table::read(bytes, name, &Field::known)?;
    let mapping = Mapping::proposed(&table.headers);
    let rows = table.rows.iter().take(PREVIEW_ROWS).map(|(_, cells)| cells.clone()).collect();
    Ok(Preview { mapping, rows, count: table.rows.len(), headers: table.headers })
}

impl App {
    /// Registers the rows of a table as reports. An empty mapping is filled in from the headers.
    ///
    /// # Errors
    /// When the file is no table, the mapping names columns that are not there, or the caller may not import.
    pub async fn import_reports(
        &self,
        who: &Caller,
        bytes: &[u8],
        name: &str,
        mapping: &Mapping,
    ) -> Result<Report, Refusal> {
        if !who.has_scope("write") {
            return Err(Refusal::forbidden("scope", "这个令牌不能导入。", "请用含 write 权限的令牌。"));
        }
        self.may_import(who)?;
        let table = Table::read(bytes, name, &Field::known)?;
        let mapping = if mapping.is_empty() { Mapping::proposed(&table.headers) } else { mapping.clone() };
        let Sifted { ready, repeated, mut bad } = self.sift(who, &table, &mapping).await?;
        let register = |row: Ready| async move {
            let kept = (format!("import|{}", row.key), sha256(row.key.as_bytes()));
            (row.line, self.report_kept(who, row.input, Some(kept)).await)
        };
        let mut good = 0;
        let mut answers = futures::stream::iter(ready).map(register).buffer_unordered(AT_ONCE);
        while let Some((line, answer)) = answers.next().await {
            match answer {
                Ok(_) => good += 1,
                Err(refusal) => bad.push(refused(line, &refusal, &mapping)),
            }
        }
        drop(answers);
        let (bad, bad_omitted) = listed(bad);
        let unused = mapping.unused(&table.headers);
        Ok(Report { rows: table.rows.len(), good, repeated, bad, bad_omitted, mapping, unused })
    }

    /// Whether somebody may import reports.
    ///
    /// # Errors
    /// The policy's refusal.
    pub fn may_import(&self, who: &Caller) -> Result<(), Refusal> {
        if matches!(who.actor, Actor::System) || self.may(who, "administer", None).is_ok() {
            return Ok(());
        }
        self.may(who, "register_for", None)
    }

    /// What importing would do: every row is read and checked as it would be then, nothing is registered.
    ///
    /// # Errors
    /// As [`App::import_reports`].
    pub async fn import_trial(
        &self,
        who: &Caller,
        bytes: &[u8],
        name: &str,
        mapping: &Mapping,
    ) -> Result<Trial, Refusal> {
        self.may_import(who)?;
        let table = Table::read(bytes, name, &Field::known)?;
        let columns = mapping.columns(&table.headers)?;
        let Sifted { ready, repeated, bad } = self.sift(who, &table, mapping).await?;
        let new: HashSet<u64> = ready.iter().map(|row| row.line).collect();
        let read = |(line, cells): &(u64, Vec<String>)| {
            let row = Row { cells, columns: &columns, mapping };
            let filled = Field::ALL.iter().filter_map(|f| Some((f.title(), row.text(*f)?.to_owned())));
            let bad = bad.iter().find(|bad| bad.line == *line).cloned();
            Read {
                line: *line,
                fields: filled.collect(),
                repeated: bad.is_none() && !new.contains(line),
                bad,
            }
        };
        let first = table.rows.iter().take(TRIAL_ROWS).map(read).collect();
        let unused = mapping.unused(&table.headers);
        let (bad, bad_omitted) = listed(bad);
        Ok(Trial { rows: table.rows.len(), good: ready.len(), repeated, first, bad, bad_omitted, unused })
    }

    /// Sorts the rows of a table: those that are new and would be registered, those that are there already, those that
    /// would be refused. A preview and an import see the same.
    async fn sift(&self, who: &Caller, table: &Table, mapping: &Mapping) -> Result<Sifted, Refusal> {
        let columns = mapping.columns(&table.headers)?;
        let directory = self.directory();
        let mut sifted = Sifted::default();
        let mut seen = HashSet::new();
        for (line, cells) in &table.rows {
            let read = match table.beyond(cells) {
                Some((column, reason)) => Err((column, reason.to_owned())),
                None => input_of(&Row { cells, columns: &columns, mapping }, &directory),
            };
            match read {
                Ok(input) => {
                    let key = key_of(&input);
                    if seen.insert(key.clone()) {
                        sifted.ready.push(Ready { line: *line, input, key });
                    } else {
                        sifted.repeated += 1;
                    }
                }
                Err((column, reason)) => sifted.bad.push(Bad { line: *line, column, reason }),
            }
        }
        sifted.repeated += self.leave_out_known(&mut sifted.ready).await?;
        let Sifted { ready, bad, .. } = &mut sifted;
        for rows in std::mem::take(ready).chunks_mut(AT_ONCE) {
            for row in rows {
                match self.try_report(who, row.input.clone()) {
                    Ok(()) => ready.push(std::mem::take(row)),
                    Err(refusal) => bad.push(refused(row.line, &refusal, mapping)),
                }
            }
            // A long table leaves room for everybody else.
            tokio::task::yield_now().await;
        }
        Ok(sifted)
    }

    /// Takes out what an earlier import, or another way in, registered already; says how many.
    async fn leave_out_known(&self, ready: &mut Vec<Ready>) -> Result<usize, Refusal> {
        let unavailable = |e| crate::shared::unavailable(&e);
        let keys: Vec<_> = ready.iter().map(|row| format!("import|{}", row.key)).collect();
        let mut known: HashSet<String> = HashSet::new();
        for keys in keys.chunks(500) {
            let kept = self.inner.store.journal.answers(keys).await.map_err(unavailable)?;
            known.extend(kept.into_iter().filter_map(|k| k.key.strip_prefix("import|").map(str::to_owned)));
        }
        for row in ready.iter() {
            let Some(external) = &row.input.external else {
                continue;
            };
            if !known.contains(&row.key)
                && self.inner.store.queries.by_number(&external.number).await.map_err(unavailable)?.is_some()
            {
                known.insert(row.key.clone());
            }
        }
        let before = ready.len();
        ready.retain(|row| !known.contains(&row.key));
        Ok(before - ready.len())
    }
}

/// Bad rows by line, as many as are listed, and how many are not.
fn listed(mut bad: Vec<Bad>) -> (Vec<Bad>, usize) {
    bad.sort_by_key(|bad| bad.line);
    let omitted = bad.len().saturating_sub(BAD_MAX);
    bad.truncate(BAD_MAX);
    (bad, omitted)
}

fn refused(line: u64, refusal: &Refusal, mapping: &Mapping) -> Bad {
    Bad { line, column: mapping.column_of(refusal.field), reason: words(refusal) }
}

fn words(refusal: &Refusal) -> String {
    match refusal.kind {
        RefusalKind::Busy => format!("{}请稍后再导入一次，已导入的不会重复。", refusal.rule),
        _ => format!("{}{}", refusal.rule, refusal.remedy),
    }
}

/// By what a row is known for ever: its number at the other system, else what it says.
fn key_of(input: &ReportInput) -> String {
    let said = match &input.external {
        Some(external) => format!("external\n{}\n{}", external.system, external.number).into_bytes(),
        None => serde_json::to_vec(input).unwrap_or_default(),
    };
    format!("import:{}", sha256(&said))
}

/// A row as a report, or the column at fault and the reason.
fn input_of(
    row: &Row<'_>,
    directory: &lianzhi_procedure::directory::Directory,
) -> Result<ReportInput, (String, String)> {
    let text = |field| row.text(field).map(str::to_owned);
    let at = |field, reason: String| (row.mapping.header(field), reason);
    if let Some(header) = row.unreadable() {
        return Err((header, "文字编码无法识别。请另存为 UTF-8 编码的 CSV 或 XLSX 再导入。".into()));
    }
    let mut place =
        PlaceInput { address: text(Field::Address), crs: text(Field::Crs), ..PlaceInput::default() };
    let degrees =
        |field| row.text(field).map(|t| cells::degrees(t).map_err(|reason| at(field, reason))).transpose();
    (place.lng, place.lat) = (degrees(Field::Lng)?, degrees(Field::Lat)?);
    if let Some(point) = row.text(Field::Point) {
        let (lng, lat) = cells::pair(point).map_err(|reason| at(Field::Point, reason))?;
        (place.lng, place.lat) = (Some(lng), Some(lat));
    }
    let category = row
        .text(Field::Category)
        .map(|t| cells::category(t, directory).map_err(|reason| at(Field::Category, reason)))
        .transpose()?;
    let demand_type = row
        .text(Field::DemandType)
        .map(|t| cells::demand(t).map_err(|reason| at(Field::DemandType, reason)))
        .transpose()?;
    let occurred_at = row
        .text(Field::OccurredAt)
        .map(|t| moment(t).map_err(|reason| at(Field::OccurredAt, reason)))
        .transpose()?;
    let (name, phone) = (text(Field::Name).unwrap_or_default(), text(Field::Phone).unwrap_or_default());
    let contact = (!name.is_empty() || !phone.is_empty()).then_some(Reporter { name, phone });
    let external = text(Field::Number).map(|number| External {
        system: text(Field::System).unwrap_or_else(|| UNNAMED_SYSTEM.into()),
        number,
    });
    Ok(ReportInput {
        category: category.map(|c| c.to_string()),
        description: text(Field::Description).unwrap_or_default(),
        place,
        contact,
        exhibits: Vec::new(),
        source: Some(Source::Import),
        external,
        demand_type,
        occurred_at,
        same_as: None,
    })
}
