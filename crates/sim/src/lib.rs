//! Cities that do not exist, for demonstration, tests and load: people, grids, addresses, reports and their handling.
//!
//! Everything is made from a seed; the same seed gives the same city and the same wishes of its people. What then
//! happens to a report is decided by the real application: this crate only asks.

pub mod city;
pub mod demo;
pub mod picture;
pub mod story;
mod tiles;

pub use city::{City, CityError, Employee};
pub use demo::demo_json;
