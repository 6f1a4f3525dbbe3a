//! Triage: what kind of matter a report is about, and whether somebody has reported it before.
//!
//! Both only **propose**; a person decides. No model is trained or loaded: categories come from a lexicon of everyday
//! words that an agency can read and extend, repeats from distance, words, complainant and plate with weights that
//! are written down here. Pure: no I/O, no clock, no randomness.

pub mod catalogue;
pub mod evaluate;
mod fold;
pub mod index;
pub mod repeats;
pub mod suggest;

pub use catalogue::{Catalogue, Category, Component};
pub use evaluate::{Labelled, Scores, evaluate};
pub use index::{Index, Match};
pub use repeats::{Features, Reason, Report, Spot};
pub use suggest::{Lexicon, Suggester, Suggestion};

/// A line of a register that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}第 {line} 行：{reason}")]
pub struct TableError {
    /// Which register, in words for people.
    pub file: &'static str,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub reason: String,
}

/// The lines of a table with their numbers, without comments, blank lines and the header.
pub(crate) fn lines<'a>(tsv: &'a str, header: &'a str) -> impl Iterator<Item = (usize, Vec<&'a str>)> {
    tsv.trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .filter(move |(_, l)| !l.trim().is_empty() && !l.starts_with('#') && !l.starts_with(header))
        .map(|(i, l)| (i + 1, l.trim_end_matches('\r').split('\t').collect()))
}
