//! Tables out of files: CSV in UTF-8, UTF-16 or GB18030, and XLSX.

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use lianzhi_procedure::Refusal;
use std::io::Cursor;

/// Largest file, bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Most rows of one file.
pub const ROWS_MAX: usize = 20_000;
/// Most columns that are looked at.
const COLUMNS_MAX: usize = 200;
/// Longest text of one cell, characters; longer ones are refused by what reads them.
const CELL_CHARS_MAX: usize = 20_000;
/// Text that a workbook may hold once it is unpacked, bytes. Ten megabytes of well-packed zeros would be ten gigabytes.
const UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The headers stand within the first rows; titles of the table may stand above them.
const HEADER_ROWS: usize = 10;

/// A table: headers, and rows with the line they stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub headers: Vec<String>,
    pub rows: Vec<(u64, Vec<String>)>,
}

fn unfit(rule: impl Into<String>, remedy: &str) -> Refusal {
    Refusal::invalid("file", rule, remedy)
}

impl Table {
    /// Reads a file. The headers are the first row in which most cells are known headers, else the first row.
    pub fn read(bytes: &[u8], name: &str, known: &dyn Fn(&str) -> bool) -> Result<Table, Refusal> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(unfit(
                format!(
                    "文件有 {} MB，最大 {} MB。",
                    bytes.len() / 1_048_576 + 1,
                    FILE_BYTES_MAX / 1_048_576
                ),
                "请分成几个文件导入。",
            ));
        }
        let lines = match bytes {
            [] => Vec::new(),
            [b'P', b'K', 3, 4, ..] => workbook(bytes)?,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => {
                return Err(unfit("这是旧版 Excel 文件（xls）。", "请另存为 xlsx 或 CSV 再导入。"));
            }
            _ if bytes.iter().take(4096).any(|b| *b == 0)
                && !matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) =>
            {
                return Err(unfit(
                    format!("“{}”不是表格文件。", name.chars().take(60).collect::<String>()),
                    "请导入 CSV 或 XLSX。",
                ));
            }
            _ => csv_lines(bytes)?,
        };
        let mut lines: Vec<_> =
            lines.into_iter().filter(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty())).collect();
        let score = |cells: &[String]| cells.iter().filter(|c| known(c)).count();
        let best = lines.iter().take(HEADER_ROWS).map(|(_, cells)| score(cells)).max().unwrap_or(0);
        let at = lines.iter().take(HEADER_ROWS).position(|(_, cells)| score(cells) == best).unwrap_or(0);
        if lines.is_empty() {
            return Err(unfit("表格是空的。", "请核对文件；第一行应是列名。"));
        }
        let rows = lines.split_off(at + 1);
        let headers = lines.pop().map(|(_, cells)| cells).unwrap_or_default();
        let headers =
            headers.into_iter().map(|h| h.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        Ok(Table { headers, rows })
    }
}

impl Table {
    /// What stands to the right of the last header, with its column: nobody says what it is, and often a comma in a
    /// text has moved everything behind it by one column.
    pub fn beyond(&self, cells: &[String]) -> Option<(String, &'static str)> {
        let at = cells.iter().skip(self.headers.len()).position(|c| !c.trim().is_empty())?;
        let column = format!("第 {} 列", self.headers.len() + at + 1);
        Some((column, "这一格在表头之外，没有列名。文字里有逗号的要加引号；确是一列的，请在表头补上列名。"))
    }
}

fn too_many() -> Refusal {
    unfit(format!("表格超过 {ROWS_MAX} 行。"), "请分成几个文件导入；已导入的行不会重复登记。")
}

fn cell(text: &str) -> String {
    text.chars().take(CELL_CHARS_MAX).collect()
}

/// Text of a file: by its byte order mark, else UTF-8 when it is that, else GB18030.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

fn csv_lines(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, Refusal> {
    let text = decode(bytes);
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |d: char| first.matches(d).count();
    let delimiter = [',', '\t', ';'].into_iter().max_by_key(|d| (count(*d), *d == ',')).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|e| unfit(format!("CSV 无法读取：{e}"), "请另存为 UTF-8 编码的 CSV 再导入。"))?;
        let line = record.position().map_or(0, csv::Position::line);
        if lines.len() > ROWS_MAX + HEADER_ROWS {
            return Err(too_many());
        }
        lines.push((line, record.iter().take(COLUMNS_MAX).map(cell).collect()));
    }
    Ok(lines)
}

/// The first sheet of a workbook, cell by cell: a sheet that claims to be a million columns wide costs nothing.
fn workbook(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, Refusal> {
    let unreadable =
        |e: XlsxError| unfit(format!("XLSX 无法读取：{e}"), "请用表格软件打开，另存为 xlsx 或 CSV 再导入。");
    if unpacked_bytes(bytes).is_none_or(|n| n > UNPACKED_BYTES_MAX) {
        return Err(unfit("XLSX 解开后太大，或文件不完整。", "请只保留要导入的工作表，另存后再导入。"));
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let sheet =
        book.sheet_names().first().cloned().ok_or_else(|| unfit("工作簿里没有工作表。", "请核对文件。"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(unreadable)?;
    let mut lines: Vec<(u64, Vec<String>)> = Vec::new();
    while let Some(found) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = found.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let text = words(found.get_value());
        if column >= COLUMNS_MAX || text.is_empty() {
            continue;
        }
        let line = u64::from(row) + 1;
        if lines.last().is_none_or(|(last, _)| *last != line) {
            if lines.len() > ROWS_MAX + HEADER_ROWS {
                return Err(too_many());
            }
            lines.push((line, Vec::new()));
        }
        if let Some((_, row)) = lines.last_mut() {
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = text;
        }
    }
    Ok(lines)
}

fn words(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => cell(text),
        DataRef::SharedString(text) => cell(text),
        DataRef::Int(n) => n.to_string(),
        // Telephones and numbers of orders are often kept as numbers.
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        DataRef::Float(n) => n.to_string(),
        DataRef::Bool(b) => if *b { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTime(at) => at.as_f64().to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// What the files in a zip archive say they are long, together; none when its directory cannot be found.
fn unpacked_bytes(zip: &[u8]) -> Option<u64> {
    const END: [u8; 4] = [b'P', b'K', 5, 6];
    const ENTRY: [u8; 4] = [b'P', b'K', 1, 2];
    let u16_at = |at: usize| zip.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let u32_at = |at: usize| zip.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    // The end record is 22 bytes and a comment of at most 65,535.
    let from = zip.len().saturating_sub(22 + 65_535);
    let end = from + zip[from..].windows(4).rposition(|w| w == END)?;
    let mut at = usize::try_from(u32_at(end + 16)?).ok()?;
    let mut total = 0u64;
    for _ in 0..u16_at(end + 10)? {
        if zip.get(at..at + 4)? != ENTRY {
            return None;
        }
        total += u64::from(u32_at(at + 24)?);
        at += 46
            + usize::from(u16_at(at + 28)?)
            + usize::from(u16_at(at + 30)?)
            + usize::from(u16_at(at + 32)?);
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Table {
        Table::read(bytes, "a.csv", &|h| ["描述", "地址"].contains(&h)).unwrap()
    }

    #[test]
    fn csv_is_read_in_every_encoding_that_offices_use() {
        let text = "描述,地址\n占道经营,漕平路118号\n";
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat(),
            encoding_rs::GB18030.encode(text).0.into_owned(),
            utf16,
            text.replace(',', "\t").into_bytes(),
        ] {
            let table = read(&bytes);
            assert_eq!(table.headers, ["描述", "地址"]);
            assert_eq!(table.rows, [(2, vec!["占道经营".to_owned(), "漕平路118号".to_owned()])]);
        }
    }

    #[test]
    fn titles_above_the_headers_and_lines_within_cells_keep_the_line_numbers_right() {
        let table = read("工单汇总表,\n\n描述,地址\n\"第一行\n第二行\",甲\n,\n占道,乙\n".as_bytes());
        assert_eq!(table.headers, ["描述", "地址"]);
        let lines: Vec<_> = table.rows.iter().map(|(line, cells)| (*line, cells[1].as_str())).collect();
        assert_eq!(lines, [(4, "甲"), (7, "乙")]);
    }

    #[test]
    fn what_is_no_table_is_refused_with_words() {
        for bytes in
            [&b""[..], &b"\x89PNG\r\n\x1a\n\0\0"[..], &b"PK\x03\x04rubbish"[..], &b"\xd0\xcf\x11\xe0old"[..]]
        {
            let refusal = Table::read(bytes, "x", &|_| false).unwrap_err();
            assert_eq!(refusal.field, Some("file"), "{refusal}");
        }
        let long = "描述\n".to_owned() + &"甲\n".repeat(ROWS_MAX + HEADER_ROWS + 1);
        assert!(Table::read(long.as_bytes(), "x", &|_| false).unwrap_err().rule.contains("20000"));
    }
}
