//! Papers of made-up cases, as they come back signed and stamped: written from entries that are on their way into the journal.

use super::book::Book;
use crate::App;
use crate::cooperation::fonts;
use crate::ports::EntryRow;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_paper::{Extras, Template};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::Folio;
use std::collections::HashMap;

impl App {
    /// A paper of a case as PDF with a picture of the agency's seal (PNG), from all entries of the case so far and all its texts, for
    /// one of those to whom it goes.
    ///
    /// # Errors
    /// As [`App::case_paper`].
    pub fn stamped_paper(
        &self,
        (id, rows): (DocketId, Vec<EntryRow>),
        texts: &HashMap<Digest, String>,
        (paper, party): (u16, u16),
        seal: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        let mut book = Book::of(id, rows)?.opened(texts);
        book.texts.clone_from(texts);
        let checked = book.case.paper(paper).is_some_and(|file| file.paper.kind.checked());
        let check = checked.then(|| self.check_of(id, paper)).flatten();
        let document = self.written(&book, Folio::Paper(paper), party, check)?;
        let extras = Extras { seal: Some(seal.to_vec()), ..Extras::default() };
        let printed = fonts()
            .and_then(|fonts| document.print_with(Template::current(document.kind())?, &fonts, extras));
        let printed = printed.map_err(|e| {
            Refusal::invalid("paper", e.to_string(), "请补齐后再打印。")
                .from_source("行政处罚法第四十四条、第五十九条；文书必备内容")
        })?;
        Ok(printed.pdf)
    }
}
