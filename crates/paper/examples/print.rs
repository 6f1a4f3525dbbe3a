//! Prints one of each document into a folder and says how long each took:
//!
//! ```sh
//! cargo run --release -p lianzhi-paper --example print -- /tmp/paper
//! ```
//!
//! The first of each is laid out cold, the second warm, with another text in it so that nothing is remembered whole.
#![expect(clippy::unwrap_used, reason = "an example stops where something unexpected happens")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

#[path = "../tests/paper/samples.rs"]
mod samples;

use lianzhi_paper::{FONT_FOLDERS, Fonts, Template};
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "paper".into()));
    std::fs::create_dir_all(&folder).unwrap();
    let start = Instant::now();
    let fonts = Fonts::read(&FONT_FOLDERS).unwrap();
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
    let mut document = samples::lead_transfer();
    for turn in 0..10 {
        document.facts = document.facts.replacen("执法人员", &format!("执法人员（{turn}）"), 1);
        let document = document.clone().into();
        let start = Instant::now();
        let printed = lianzhi_paper::Document::print(&document, Template::current(document.kind()).unwrap(), &fonts).unwrap();
        println!("lead_transfer again: {} pages, {:?}", printed.pages.len(), start.elapsed());
    }
}
