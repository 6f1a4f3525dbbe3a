//! The law as data: working calendars, terms and the arithmetic of running clocks.
//!
//! Pure: no I/O, no ambient time. Every result is a function of the law data ([`LawData`]) and of the instants
//! that are passed in, so a record that holds a [`Running`] clock can be folded again at any time and a machine
//! clock that jumps can neither lose nor gain time.
//!
//! Times of day are Beijing time, a fixed +08:00. Durations are counted in whole microseconds (`_us`).

mod arithmetic;
pub mod ask;
mod beijing;
mod calendar;
mod cite;
pub mod confirm;
mod data;
mod error;
mod explain;
mod holidays;
mod items;
mod jurisdiction;
mod moment;
mod money;
pub mod revise;
mod running;
mod standard;
mod statute;
mod surcharge;

pub use calendar::{Calendar, Calendars, Days, ScheduleNotice, Span};
pub use cite::citation;
pub use data::{About, CategoryRule, LawData, LawFiles};
pub use error::{LawError, TermError};
pub use explain::{Explanation, Tone, due_text, duration_text, explain};
pub use holidays::{Day, DayKind, HolidaySchedule, LunarTable, statutory_holiday};
pub use items::{
    Basis, BasisView, Benchmark, Case, Choice, ChoiceView, Circumstance, Comparison, ConductError, Confirmed,
    Conflict, Effect, FineRange, FreeList, Item, ItemRow, ItemView, NoItem, NoPower, Place, PlaceRule, Power,
    Proposal, ProposalError, Rejected, RejectedView, SUMMARY_ENTITY_MAX, SUMMARY_PERSON_MAX, SubjectKind,
    Threshold, ThresholdKind, Tier, Verified, choose, compare, propose,
};
pub use jurisdiction::Jurisdiction;
pub use moment::{Moment, parse_day};
pub use money::Fen;
pub use running::{Alarm, Change, Extension, Longer, Pause, Running, State};
pub use standard::{Service, Standard, Standing, Unit};
pub use statute::{
    Binds, Direction, Due, DueError, Excluded, Lengthening, Measure, NoStatute, Rollover, StatutoryTerm,
    TermUnit, Tightening,
};
pub use surcharge::{Fined, Payment, Surcharge, SurchargeError, surcharge};
