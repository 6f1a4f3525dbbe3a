//! Penalty cases: docs/procedures/penalty.md as tests, each rule named by its article.

mod after;
mod articles;
mod kit;
mod measures;
mod ordinary;
mod walks;
