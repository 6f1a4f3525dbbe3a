//! Binding a case into one PDF.

use crate::document::{Bound, Extras};
use crate::{Document, Fonts, PaperError, Printed, Template, Volume};
use hayro_syntax::Pdf;
use serde_json::json;
use typst::foundations::Bytes;

impl Volume {
    /// Cover, catalogue, all papers, final sheet as one PDF, the papers' pages numbered through as the catalogue says.
    ///
    /// `papers` are the entries in their order, as issued or scanned: PDF, PNG or JPEG. Their pages go in whole and unchanged,
    /// with their text; what is bound is a copy to read, the papers themselves stay what was issued.
    ///
    /// # Errors
    /// When the papers are not those of the catalogue, cannot be read, or the volume cannot be printed.
    pub fn bind(&self, papers: &[Vec<u8>], fonts: &Fonts) -> Result<Printed, PaperError> {
        if papers.len() != self.entries.len() {
            return Err(PaperError::Papers { listed: self.entries.len(), given: papers.len() });
        }
        let mut bound = Bound::default();
        for (index, (entry, paper)) in self.entries.iter().zip(papers).enumerate() {
            let (kind, pages) = pages(paper).map_err(|reason| PaperError::Paper {
                entry: index + 1,
                title: entry.title.clone(),
                reason,
            })?;
            if usize::try_from(entry.pages) != Ok(pages) {
                return Err(PaperError::Paper {
                    entry: index + 1,
                    title: entry.title.clone(),
                    reason: format!("目录写明{}页，实有{pages}页", entry.pages),
                });
            }
            let file = format!("{}.{kind}", index + 1);
            bound
                .papers
                .extend((1..=pages).map(|page| json!({"file": file, "page": page, "title": entry.title})));
            bound.files.push((file, Bytes::new(paper.clone())));
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
