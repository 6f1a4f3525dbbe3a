//! Lists of matters as CSV, XLSX and GeoJSON. They stream: memory does not grow with the number of rows.

use crate::ports::{MatterRow, StoreError};
use crate::read::stage_title;
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, PersonCode, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;
use serde_json::json;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Titles of the columns.
pub const HEAD: [&str; 18] = [
    "编号",
    "内容",
    "地址",
    "阶段",
    "类别代码",
    "类别",
    "承办单位",
    "承办人",
    "来源",
    "外部编号",
    "经度",
    "纬度",
    "上报时间",
    "结案时间",
    "时限",
    "时限到期",
    "是否超期",
    "评价",
];

/// Rows that go out together.
const CHUNK_ROWS: usize = 512;
/// Rows on one sheet of a workbook; a sheet ends at 1,048,576.
const SHEET_ROWS_MAX: u32 = 1_000_000;
/// Bytes of a finished workbook that go out together.
const CHUNK_BYTES: usize = 64 * 1024;

/// A form of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with a byte order mark, so that spreadsheets read the Chinese.
    Csv,
    /// A workbook, a sheet for each million rows.
    Xlsx,
    /// Points; a matter without a place has no geometry.
    GeoJson,
}

impl Format {
    /// By its ending.
    #[must_use]
    pub fn from_ending(ending: &str) -> Option<Format> {
        match ending {
            "csv" => Some(Format::Csv),
            "xlsx" => Some(Format::Xlsx),
            "geojson" => Some(Format::GeoJson),
            _ => None,
        }
    }
    /// Ending of file names.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::GeoJson => "geojson",
        }
    }
    /// Media type.
    #[must_use]
    pub const fn media(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::GeoJson => "application/geo+json",
        }
    }
}

/// Rows of matters, as [`crate::App::export`] gives them.
pub type Rows = BoxStream<'static, Result<MatterRow, StoreError>>;
/// A file in pieces. An error ends it where it happened, so that it is seen to be cut off.
pub type Pieces = BoxStream<'static, Result<Bytes, StoreError>>;

/// Rows as a file.
#[must_use]
pub fn pieces(format: Format, rows: Rows, directory: Arc<Directory>) -> Pieces {
    match format {
        Format::Csv => csv(rows, directory),
        Format::Xlsx => xlsx(rows, directory),
        Format::GeoJson => geojson(rows, directory),
    }
}

/// Text that a spreadsheet would take for a formula is made text again with an apostrophe.
#[must_use]
pub fn neutral(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

fn degrees(micro: Option<i32>) -> String {
    micro.map(|m| format!("{:.6}", f64::from(m) / 1e6)).unwrap_or_default()
}

fn time(us: Option<i64>) -> String {
    let at = us.and_then(|us| Timestamp::from_microsecond(us).ok());
    at.map(|at| {
        at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S").to_string()
    })
    .unwrap_or_default()
}

/// The cells of a row, in the order of [`HEAD`]. Times are Beijing's.
fn cells(row: &MatterRow, directory: &Directory) -> [String; 18] {
    let unit =
        row.unit.as_deref().and_then(|u| UnitCode::parse(u).ok()).map(|u| directory.unit_name(&u).to_owned());
    let person = row
        .assignee
        .as_deref()
        .and_then(|p| PersonCode::parse(p).ok())
        .map(|p| directory.person_name(&p).to_owned());
    let category = row
        .category
        .as_deref()
        .and_then(|c| CategoryCode::parse(c).ok())
        .map(|c| directory.category_name(&c).to_owned());
    [
        neutral(&row.number),
        neutral(&row.title),
        neutral(&row.address),
        stage_title(&row.stage).to_owned(),
        row.category.clone().unwrap_or_default(),
        neutral(&category.unwrap_or_default()),
        neutral(&unit.unwrap_or_default()),
        neutral(&person.unwrap_or_default()),
        Source::from_code(&row.source).map_or("", Source::title).to_owned(),
        neutral(row.external.as_deref().unwrap_or_default()),
        degrees(row.lng),
        degrees(row.lat),
        time(Some(row.reported_at)),
        time(row.closed_at),
        row.due_name.clone(),
        time(row.due_at),
        if row.overdue { "是" } else { "否" }.to_owned(),
        row.rating.map(|r| r.to_string()).unwrap_or_default(),
    ]
}

fn engine(error: impl ToString) -> StoreError {
    StoreError::Engine(error.to_string())
}

fn lines<'a>(rows: impl Iterator<Item = [String; 18]> + 'a) -> Result<Vec<u8>, StoreError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(engine)?;
    }
    writer.into_inner().map_err(engine)
}

fn csv(rows: Rows, directory: Arc<Directory>) -> Pieces {
    let head = lines(std::iter::once(HEAD.map(str::to_owned)))
        .map(|line| Bytes::from([&b"\xef\xbb\xbf"[..], &line].concat()));
    let body = rows.chunks(CHUNK_ROWS).map(move |chunk| {
        let rows = chunk.into_iter().collect::<Result<Vec<_>, _>>()?;
        lines(rows.iter().map(|row| cells(row, &directory))).map(Bytes::from)
    });
    stream::once(async { head }).chain(body).boxed()
}

fn geojson(rows: Rows, directory: Arc<Directory>) -> Pieces {
    let mut begun = false;
    let features = rows.chunks(CHUNK_ROWS).map(move |chunk| {
        let mut out = String::new();
        for row in chunk {
            let row = row?;
            out.push_str(if begun { ",\n" } else { "" });
            begun = true;
            let geometry = match (row.lng, row.lat) {
                (Some(lng), Some(lat)) => {
                    json!({"type": "Point", "coordinates": [f64::from(lng) / 1e6, f64::from(lat) / 1e6]})
                }
                _ => serde_json::Value::Null,
            };
            let properties: serde_json::Map<_, _> =
                HEAD.iter().zip(cells(&row, &directory)).map(|(k, v)| ((*k).to_owned(), v.into())).collect();
            out.push_str(
                &json!({"type": "Feature", "geometry": geometry, "properties": properties}).to_string(),
            );
        }
        Ok(Bytes::from(out))
    });
    let once = |text: &'static str| stream::once(async move { Ok(Bytes::from_static(text.as_bytes())) });
    once("{\"type\":\"FeatureCollection\",\"features\":[\n").chain(features).chain(once("\n]}\n")).boxed()
}

/// A workbook is written row by row to a file without a name, then read from there.
fn xlsx(mut rows: Rows, directory: Arc<Directory>) -> Pieces {
    let file = async move {
        let (send, receive) = mpsc::channel::<MatterRow>(CHUNK_ROWS);
        let writing = tokio::task::spawn_blocking(move || workbook(receive, &directory));
        while let Some(row) = rows.try_next().await? {
            if send.send(row).await.is_err() {
                break;
            }
        }
        drop(send);
        writing.await.map_err(engine)?
    };
    stream::once(file)
        .map_ok(|file| {
            stream::try_unfold(file, |file| async move {
                tokio::task::spawn_blocking(move || piece(file)).await.map_err(engine)?
            })
        })
        .try_flatten()
        .boxed()
}

fn piece(mut file: std::fs::File) -> Result<Option<(Bytes, std::fs::File)>, StoreError> {
    let mut bytes = vec![0; CHUNK_BYTES];
    let n = file.read(&mut bytes).map_err(engine)?;
    bytes.truncate(n);
    Ok((n > 0).then_some((Bytes::from(bytes), file)))
}

fn workbook(mut rows: mpsc::Receiver<MatterRow>, directory: &Directory) -> Result<std::fs::File, StoreError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let mut next = rows.blocking_recv();
    for part in 1.. {
        let sheet = book.add_worksheet_with_constant_memory().map_err(engine)?;
        sheet.set_name(format!("办件{part}")).map_err(engine)?;
        sheet.set_freeze_panes(1, 0).map_err(engine)?;
        for (column, title) in (0u16..).zip(HEAD) {
            sheet.write_string_with_format(0, column, title, &bold).map_err(engine)?;
        }
        let mut line = 1;
        while line <= SHEET_ROWS_MAX
            && let Some(row) = next.take()
        {
            for (column, cell) in (0u16..).zip(cells(&row, directory)) {
                sheet.write_string(line, column, cell).map_err(engine)?;
            }
            line += 1;
            next = rows.blocking_recv();
        }
        if next.is_none() {
            break;
        }
    }
    let mut file = tempfile::tempfile().map_err(engine)?;
    book.save_to_writer(&mut file).map_err(engine)?;
    file.seek(SeekFrom::Start(0)).map_err(engine)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_ever_a_formula() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(neutral(evil).starts_with('\''), "{evil:?}");
        }
        assert_eq!(neutral("漕平路 118 号"), "漕平路 118 号");
    }
}
