//! Binding a case into one PDF.

use crate::document::{Bound, Extras};
use crate::world::Desk;
use crate::{Document, Fonts, Kind, PaperError, Printed, Template, Volume, text};
use hayro_syntax::Pdf;
use serde_json::{Value, json};
use typst::foundations::{Bytes, Smart};
use typst_pdf::PdfOptions;

impl Volume {
    /// Cover, catalogue, all papers, final sheet as one PDF, the papers' pages numbered through as the catalogue says.
    ///
    /// `papers` are the files of each entry in their order, as issued or scanned: PDF, PNG or JPEG. Their pages go in whole and
    /// unchanged, with their text; what is bound is a copy to read, the papers themselves stay what was issued.
    ///
    /// # Errors
    /// When the papers are not those of the catalogue, cannot be read, or the volume cannot be printed.
    pub fn bind(&self, papers: &[Vec<Vec<u8>>], fonts: &Fonts) -> Result<Printed, PaperError> {
        if papers.len() != self.entries.len() {
            return Err(PaperError::Papers { listed: self.entries.len(), given: papers.len() });
        }
        let mut bound = Bound::default();
        for (index, (entry, files)) in self.entries.iter().zip(papers).enumerate() {
            let fault = |reason| PaperError::Paper { entry: index + 1, title: entry.title.clone(), reason };
            let before = bound.papers.len();
            for (n, bytes) in files.iter().enumerate() {
                let (kind, pages) = pages(bytes).map_err(fault)?;
                let file = format!("{}-{}.{kind}", index + 1, n + 1);
                bound.papers.extend(
                    (1..=pages).map(|page| json!({"file": file, "page": page, "title": entry.title})),
                );
                bound.files.push((file, Bytes::new(bytes.clone())));
            }
            let there = bound.papers.len() - before;
            if usize::try_from(entry.pages) != Ok(there) {
                return Err(fault(format!("目录写明{}页，实有{there}页", entry.pages)));
            }
        }
        let document = Document::from(self.clone());
        document.set(Template::current(document.kind())?, fonts, bound, Extras::default())
    }
}

/// How many pages a file has that is to be bound: PDF, PNG or JPEG.
///
/// # Errors
/// In words why it cannot be bound.
pub fn page_count(bytes: &[u8]) -> Result<u32, String> {
    let (_, pages) = pages(bytes)?;
    u32::try_from(pages).map_err(|e| e.to_string())
}

/// What kind of file it is, and how many pages it has.
fn pages(bytes: &[u8]) -> Result<(&'static str, usize), String> {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => match Pdf::new(bytes.to_vec()) {
            Ok(pdf) if !pdf.pages().is_empty() => Ok(("pdf", pdf.pages().len())),
            Ok(_) => Err("没有页面".into()),
            Err(_) => Err("文件损坏或者加密，无法读取".into()),
        },
        [0x89, b'P', b'N', b'G', ..] => Ok(("png", 1)),
        [0xff, 0xd8, ..] => Ok(("jpg", 1)),
        _ => Err("只能装订 PDF、PNG、JPEG 文件".into()),
    }
}

/// Scans of one paper as one PDF, a page each, unchanged in what they show.
const JOIN: Template = Template {
    kind: Kind::Volume,
    version: 1,
    file: "join.typ",
    source: r#"#let data = json("data.json")
#set document(title: data.title)
#for p in data.papers {
  page(width: 210mm, height: 297mm, margin: 0pt, align(center + horizon, image(
    p.file, page: p.page, width: 210mm, height: 297mm, fit: "contain", alt: data.title,
  )))
}
"#,
};

/// What stands in the record of a case and has no paper of its own, as a table.
const NOTES: Template = Template {
    kind: Kind::Volume,
    version: 1,
    file: "notes.typ",
    source: r#"#let data = json("data.json")
#set document(title: data.title)
#set page(width: 210mm, height: 297mm, margin: (top: 28mm, left: 28mm, right: 26mm, bottom: 28mm))
#set text(font: ("song", "rare"), size: 10.5pt, lang: "zh", region: "cn")
#set par(leading: 7pt, justify: false)
#align(center, text(font: ("title", "rare"), size: 18pt, data.title))
#align(center, data.number)
#table(
  columns: (26mm, 38mm, 1fr),
  stroke: 0.5pt,
  inset: 5pt,
  table.header(..("日期", "事项", "内容").map(head => align(center, text(font: ("hei", "rare"), head)))),
  ..data.rows.flatten(),
)
"#,
};

/// Lays out one of these and writes it as a PDF.
fn plain(
    template: &Template,
    data: &Value,
    files: Vec<(String, Bytes)>,
    fonts: &Fonts,
) -> Result<Vec<u8>, PaperError> {
    fonts.suffice()?;
    let laid_out = Desk::new(fonts, template, serde_json::to_vec(data)?, files)?.lay_out()?;
    let title = data.get("title").and_then(Value::as_str).unwrap_or_default();
    let options = PdfOptions { ident: Smart::Custom(title.to_owned()), ..PdfOptions::default() };
    typst_pdf::pdf(&laid_out, &options).map_err(PaperError::layout)
}

/// The scans of one paper, PDF, PNG or JPEG, as one PDF in their order.
///
/// # Errors
/// When one of them cannot be read.
pub fn join(title: &str, scans: &[Vec<u8>], fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let (mut all, mut files) = (Vec::new(), Vec::new());
    for (index, scan) in scans.iter().enumerate() {
        let entry = index + 1;
        let damaged = |reason| PaperError::Paper { entry, title: title.to_owned(), reason };
        let (kind, count) = pages(scan).map_err(damaged)?;
        let file = format!("{entry}.{kind}");
        all.extend((1..=count).map(|page| json!({ "file": file, "page": page })));
        files.push((file, Bytes::new(scan.clone())));
    }
    plain(&JOIN, &json!({ "title": title, "papers": all }), files, fonts)
}

/// What stands in the record of a case and has no paper of its own: date, name and words of each, as a table to be bound.
///
/// # Errors
/// When the text is too long or there are no fonts.
pub fn notes(
    title: &str,
    number: &str,
    rows: &[(String, String, String)],
    fonts: &Fonts,
) -> Result<Vec<u8>, PaperError> {
    let mut data = json!({ "title": title, "number": number, "rows": rows });
    text::printable(&mut data, fonts)?;
    plain(&NOTES, &data, Vec::new(), fonts)
}
