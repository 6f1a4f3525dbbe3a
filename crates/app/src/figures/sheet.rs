//! A small table as a file: what a page shows, as CSV or as a workbook.

use crate::export::{Format, neutral};
use crate::ports::StoreError;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// Nothing to say.
    Empty,
}

fn engine(error: impl ToString) -> StoreError {
    StoreError::Engine(error.to_string())
}

/// The file: notes above, then the titles of the columns, then the rows. GeoJSON is none of its forms.
///
/// # Errors
/// When it cannot be written.
pub fn file(
    format: Format,
    notes: &[String],
    head: &[String],
    rows: &[Vec<Cell>],
) -> Result<Vec<u8>, StoreError> {
    match format {
        Format::Csv => csv(notes, head, rows),
        Format::Xlsx => xlsx(notes, head, rows),
        Format::GeoJson => Err(engine("a table has no places")),
    }
}

fn csv(notes: &[String], head: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, StoreError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    for note in notes {
        writer.write_record([neutral(note)]).map_err(engine)?;
    }
    writer.write_record(head).map_err(engine)?;
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => neutral(text),
            Cell::Number(n) => n.to_string(),
            Cell::Empty => String::new(),
        });
        writer.write_record(cells).map_err(engine)?;
    }
    writer.into_inner().map_err(engine)
}

fn xlsx(notes: &[String], head: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, StoreError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let sheet = book.add_worksheet();
    let mut line = 0_u32;
    for note in notes {
        sheet.write_string(line, 0, note).map_err(engine)?;
        line += 1;
    }
    for (column, title) in (0u16..).zip(head) {
        sheet.write_string_with_format(line, column, title, &bold).map_err(engine)?;
    }
    sheet.set_freeze_panes(line + 1, 1).map_err(engine)?;
    for row in rows {
        line += 1;
        for (column, cell) in (0u16..).zip(row) {
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text).map_err(engine)?,
                Cell::Number(n) => sheet.write_number(line, column, *n).map_err(engine)?,
                Cell::Empty => sheet,
            };
        }
    }
    sheet.set_column_width(0, 28).map_err(engine)?;
    book.save_to_buffer().map_err(engine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_written_as_it_is_and_never_as_a_formula() {
        let rows = [vec![Cell::Text("=1+1".into()), Cell::Number(3.0), Cell::Number(66.7), Cell::Empty]];
        let head: Vec<String> = ["单位", "上报", "按期率", "均分"].map(str::to_owned).to_vec();
        let bytes = file(Format::Csv, &["2026 年 11 月".into()], &head, &rows).expect("a file");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(text, "\u{feff}2026 年 11 月\r\n单位,上报,按期率,均分\r\n'=1+1,3,66.7,\r\n");
        let bytes = file(Format::Xlsx, &[], &head, &rows).expect("a file");
        assert!(bytes.starts_with(b"PK"));
    }
}
