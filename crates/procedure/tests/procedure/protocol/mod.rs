//! What docs/protocol says of acts, kept to what the program does: vectors of every act and of whole matters, the tables of
//! fields and of who may say what, and the examples.
//!
//! `vectors/*.json` are what this program makes; `LIANZHI_GOLDEN=write` writes them anew after a change that was meant.

mod pages;
mod vectors;

use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A vector, by crate and name: `exchange/compact.json`.
fn vector(name: &str) -> Value {
    let (of, file) = name.split_once('/').unwrap();
    let path = root().join(format!("crates/{of}/vectors/{file}"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn page(name: &str) -> String {
    std::fs::read_to_string(root().join("docs/protocol").join(name)).unwrap()
}
