//! Penalty cases: docs/procedures/penalty.md as tests, each rule named by its article.

mod after;
mod afterwards;
mod articles;
mod beside;
mod charges;
mod complete;
mod court;
mod demolition;
mod desk;
mod enforcing;
mod folios;
pub mod goods;
pub mod kit;
mod light;
mod lines;
pub mod lives;
mod measures;
mod money;
mod numbers;
mod ordinary;
mod papers;
mod public;
mod recording;
mod rights;
mod statutes;
pub mod steps;
mod walks;
