//! Penalty cases: docs/procedures/penalty.md as tests, each rule named by its article.

mod kit;
mod ordinary;
