//! Shared matters: the rules of each form, as sentences.

mod assistance;
mod authority;
mod away;
mod bulletin;
mod clocks;
mod dispute;
mod evidence;
pub mod hostile;
pub mod kit;
mod lead;
mod letters;
pub mod lives;
mod model;
mod properties;
