//! Penalty cases: docs/procedures/penalty.md as tests, each rule named by its article.

mod after;
mod articles;
mod desk;
pub mod kit;
pub mod lives;
mod measures;
mod ordinary;
pub mod walks;
