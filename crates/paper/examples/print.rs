//! Prints one of each document into a folder and says how long each took:
//!
//! ```sh
//! cargo run --release -p lianzhi-paper --example print -- /tmp/paper
//! ```
//!
//! Then some of three or four pages again and again, each time with another text, so that nothing is remembered whole.
#![expect(clippy::unwrap_used, reason = "an example stops where something unexpected happens")]

#[path = "../tests/paper/samples.rs"]
mod samples;

use lianzhi_paper::{Document, FilingKind, Fonts, LeadTransfer, Penalties, Template, font_folders};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "paper".into()));
    std::fs::create_dir_all(&folder).unwrap();
    let start = Instant::now();
    let fonts = Fonts::read(&font_folders(std::env::home_dir().as_deref())).unwrap();
    println!("fonts {:?}", start.elapsed());
    for missing in fonts.missing() {
        println!("{missing}");
    }
    for (name, document) in samples::all() {
        let template = Template::current(document.kind()).unwrap();
        let start = Instant::now();
        let printed = document.print(template, &fonts).unwrap();
        println!("{name}: {} pages, {} bytes, {:?}", printed.pages.len(), printed.pdf.len(), start.elapsed());
        std::fs::write(folder.join(name).with_extension("pdf"), printed.pdf).unwrap();
    }
    bind(&folder, &fonts);
    let letter = samples::lead_transfer();
    again("lead_transfer", &fonts, |facts| {
        Document::from(LeadTransfer { facts: format!("{facts}{}", letter.facts), ..letter.clone() })
    });
    let decision = samples::outward::penalty_decision();
    again("penalty_decision", &fonts, |facts| {
        let mut decision = decision.clone();
        decision.violations.truncate(1);
        decision.violations[0].facts.insert_str(0, facts);
        decision.penalties = Penalties(decision.penalties.0.into_iter().take(1).collect());
        Document::from(decision)
    });
    let record = samples::inside::interview();
    again("interview", &fonts, |facts| {
        let mut record = record.clone();
        record.answers.extend(record.answers.clone());
        record.answers[0].answer.insert_str(0, facts);
        Document::from(record)
    });
}

/// Binds some of them into a case.
fn bind(folder: &Path, fonts: &Fonts) {
    let mut volume = samples::inside::volume();
    let documents: [Document; 4] = [
        samples::outward::penalty_decision().into(),
        samples::inside::filing(FilingKind::Open).into(),
        samples::inside::interview().into(),
        samples::outward::penalty_notice(samples::outward::both()).into(),
    ];
    let mut papers = Vec::new();
    for (entry, document) in volume.entries.iter_mut().zip(documents) {
        let printed = document.print(Template::current(document.kind()).unwrap(), fonts).unwrap();
        entry.title = document.title().into();
        entry.pages = printed.pages.len().try_into().unwrap();
        papers.push(vec![printed.pdf]);
    }
    let start = Instant::now();
    let bound = volume.bind(&papers, fonts).unwrap();
    println!("a bound case: {} pages, {} bytes, {:?}", bound.pages.len(), bound.pdf.len(), start.elapsed());
    std::fs::write(folder.join("bound.pdf"), bound.pdf).unwrap();
}

/// Prints a document again and again, each time with another text, and says the median.
fn again(name: &str, fonts: &Fonts, document: impl Fn(&str) -> Document) {
    let mut times = Vec::new();
    let mut pages = 0;
    for turn in 0..21 {
        let document = document(&format!("第{turn}次：执法人员到场检查。"));
        let template = Template::current(document.kind()).unwrap();
        let start = Instant::now();
        pages = document.print(template, fonts).unwrap().pages.len();
        times.push(start.elapsed());
    }
    times.sort();
    println!("{name} again: {pages} pages, median {:?} of {}", times[times.len() / 2], times.len());
}
