//! Documents as an agency reads them: text, pages, what must be there, what must never happen.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod bound;
mod characters;
#[macro_use]
mod mandatory;
mod pages;
mod penalty;
mod required;
mod samples;
mod untrusted;

use lianzhi_paper::{Document, Fonts, PaperError, Printed, Template, font_folders};
use std::sync::LazyLock;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts = Fonts::read(&font_folders(std::env::home_dir().as_deref())).unwrap();
    assert!(fonts.missing().is_empty(), "run `scripts/need browser fonts` first: {:?}", fonts.missing());
    fonts
});

fn try_print(document: impl Into<Document>) -> Result<Printed, PaperError> {
    let document = document.into();
    document.print(Template::current(document.kind())?, &FONTS)
}

fn print(document: impl Into<Document>) -> Printed {
    try_print(document).unwrap()
}

/// The text without its line breaks: what a long field says is broken somewhere.
fn flowing(printed: &Printed) -> String {
    printed.pages.concat().replace('\n', "")
}
