//! A region of cities that do not exist, for demonstration, tests and load: people, grids, addresses, reports and their handling.
//!
//! Everything is made from a seed; the same seed gives the same city and the same wishes of its people. What then
//! happens to a report is decided by the real application: this crate only asks.

pub mod bulk;
pub mod bulk_cases;
mod bulk_script;
pub mod city;
mod clock;
pub mod demo;
mod film;
pub mod history;
mod ledger;
pub mod picture;
pub mod region;
pub mod story;
mod tiles;
pub mod together;

pub use bulk::{BulkCounts, BulkWishes, seed_bulk};
pub use bulk_cases::{CaseCounts, CaseWishes, seed_cases};
pub use city::{City, CityError, Employee};
pub use clock::SimClock;
pub use demo::{DemoFile, DemoNode, DemoStory, at_work_first};
pub use history::{Counts, Followed, LiveCity, LiveCounts, Liveliness, Made, Progress, Town, Wishes};
pub use region::{Place, REGION};
pub use together::{LiveRegion, TogetherCounts};
