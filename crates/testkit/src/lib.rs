//! Helpers of tests: a small fixed city, and (feature `node`) a node over a real store with a clock that stands still
//! until told. Only ever a dev-dependency.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test stops where something unexpected happens"
)]

pub mod city;
#[cfg(feature = "node")]
mod failing;
#[cfg(feature = "federation")]
mod federation;
pub mod members;
#[cfg(feature = "node")]
mod node;
#[cfg(feature = "node")]
mod place;
#[cfg(feature = "node")]
mod python;
#[cfg(feature = "node")]
mod time;

#[cfg(feature = "node")]
pub use failing::{End, Failing};
#[cfg(feature = "federation")]
pub use federation::{Federation, Site, roster, until};
#[cfg(feature = "node")]
pub use node::{Life, MORNING, Node};
#[cfg(feature = "node")]
pub use place::{Place, run};
#[cfg(feature = "node")]
pub use python::{Storage, python, python_says};
#[cfg(feature = "node")]
pub use time::{ManualClock, SeededEntropy};

/// A moment from RFC 3339 text.
#[must_use]
pub fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}
