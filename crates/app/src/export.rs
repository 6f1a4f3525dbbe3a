//! Lists of matters as CSV, XLSX and GeoJSON. They stream: memory does not grow with the number of rows.

use crate::columns::Column;
use crate::ports::{MatterRow, StoreError};
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use lianzhi_procedure::directory::Directory;
use serde_json::json;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use tokio::sync::mpsc;

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
pub fn pieces(format: Format, rows: Rows, shape: Shape) -> Pieces {
    match format {
        Format::Csv => csv(rows, shape),
        Format::Xlsx => xlsx(rows, shape),
        Format::GeoJson => geojson(rows, shape),
    }
}

/// Text that a spreadsheet would take for a formula is made text again with an apostrophe. For CSV alone, which knows no
/// types: in a workbook a text is a text, and in GeoJSON nobody computes.
#[must_use]
pub fn neutral(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// What makes a file of rows.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Names of units, people, categories.
    pub directory: Arc<Directory>,
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// Now, for what is left of terms.
    pub now: Timestamp,
}

impl Shape {
    fn head(&self) -> Vec<&'static str> {
        self.columns.iter().map(|c| c.title()).collect()
    }
    fn cells(&self, row: &MatterRow) -> Vec<String> {
        self.columns.iter().map(|c| c.text(row, &self.directory, self.now)).collect()
    }
}

fn engine(error: impl ToString) -> StoreError {
    StoreError::Engine(error.to_string())
}

fn lines<T: AsRef<[u8]>>(rows: impl Iterator<Item = Vec<T>>) -> Result<Vec<u8>, StoreError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(engine)?;
    }
    writer.into_inner().map_err(engine)
}

fn csv(rows: Rows, shape: Shape) -> Pieces {
    let head =
        lines(std::iter::once(shape.head())).map(|line| Bytes::from([&b"\xef\xbb\xbf"[..], &line].concat()));
    let body = rows.chunks(CHUNK_ROWS).map(move |chunk| {
        let rows = chunk.into_iter().collect::<Result<Vec<_>, _>>()?;
        lines(rows.iter().map(|row| shape.cells(row).iter().map(|c| neutral(c)).collect())).map(Bytes::from)
    });
    stream::once(async { head }).chain(body).boxed()
}

fn geojson(rows: Rows, shape: Shape) -> Pieces {
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
            let properties: serde_json::Map<_, _> = shape
                .head()
                .into_iter()
                .zip(shape.cells(&row))
                .map(|(k, v)| (k.to_owned(), v.into()))
                .collect();
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
fn xlsx(mut rows: Rows, shape: Shape) -> Pieces {
    let file = async move {
        let (send, receive) = mpsc::channel::<MatterRow>(CHUNK_ROWS);
        let writing = tokio::task::spawn_blocking(move || workbook(receive, &shape));
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

fn workbook(mut rows: mpsc::Receiver<MatterRow>, shape: &Shape) -> Result<std::fs::File, StoreError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let mut next = rows.blocking_recv();
    for part in 1.. {
        let sheet = book.add_worksheet_with_constant_memory().map_err(engine)?;
        sheet.set_name(format!("办件{part}")).map_err(engine)?;
        sheet.set_freeze_panes(1, 0).map_err(engine)?;
        for (column, title) in (0u16..).zip(shape.head()) {
            sheet.write_string_with_format(0, column, title, &bold).map_err(engine)?;
        }
        let mut line = 1;
        while line <= SHEET_ROWS_MAX
            && let Some(row) = next.take()
        {
            for (column, cell) in (0u16..).zip(shape.cells(&row)) {
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

    /// The file of one matter with this title.
    async fn file(format: Format, title: &str) -> Vec<u8> {
        let directory = Directory::new(
            lianzhi_ids::NodeCode::parse("310118").expect("a code"),
            lianzhi_procedure::directory::Settings::default(),
            vec![],
            vec![],
            vec![],
            vec![],
            Arc::new(lianzhi_law::LawData::builtin().expect("law")),
        );
        let shape = Shape {
            directory: Arc::new(directory),
            columns: vec![Column::Number, Column::Title],
            now: Timestamp::UNIX_EPOCH,
        };
        let row = MatterRow { title: title.into(), ..MatterRow::default() };
        let pieces = pieces(format, stream::iter([Ok(row)]).boxed(), shape);
        pieces.try_collect::<Vec<Bytes>>().await.expect("a file").concat()
    }

    #[tokio::test]
    async fn only_csv_needs_an_apostrophe() {
        use calamine::Reader;
        let title = "-1 层出入口被占";
        let csv = String::from_utf8(file(Format::Csv, title).await).expect("UTF-8");
        assert!(csv.contains(",'-1 层出入口被占"), "{csv}");
        let geojson: serde_json::Value =
            serde_json::from_slice(&file(Format::GeoJson, title).await).expect("JSON");
        assert_eq!(geojson["features"][0]["properties"][Column::Title.title()], title);
        let workbook = std::io::Cursor::new(file(Format::Xlsx, title).await);
        let mut book = calamine::Xlsx::new(workbook).expect("a workbook");
        let sheet = book.worksheet_range("办件1").expect("a sheet");
        assert_eq!(sheet.get_value((1, 1)), Some(&calamine::Data::String(title.into())));
    }
}
