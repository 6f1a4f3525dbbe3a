//! Prints one of each document into a folder and says how long each took:
//!
//! ```sh
//! cargo run --release -p lianzhi-paper --example print -- /tmp/paper
//! ```
//!
//! Then one of four pages again and again, each time with another text, so that nothing is remembered whole.
#![expect(clippy::unwrap_used, reason = "an example stops where something unexpected happens")]

#[path = "../tests/paper/samples.rs"]
mod samples;

use lianzhi_paper::{Document, Fonts, Template, font_folders};
use std::path::PathBuf;
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
    let mut model = samples::lead_transfer();
    for turn in 0..10 {
        model.facts = model.facts.replacen("执法人员", &format!("执法人员（{turn}）"), 1);
        let document = Document::from(model.clone());
        let template = Template::current(document.kind()).unwrap();
        let start = Instant::now();
        let printed = document.print(template, &fonts).unwrap();
        println!("lead_transfer again: {} pages, {:?}", printed.pages.len(), start.elapsed());
    }
}
