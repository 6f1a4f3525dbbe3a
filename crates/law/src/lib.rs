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
pub mod entered;
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
    Bar, Basis, BasisFields, BasisView, Benchmark, Case, Choice, ChoiceView, ChosenView, Circumstance,
    Common, Comparison, ConductError, Confirmed, Conflict, Degree, Effect, EvidencePoint, Fault, FineRange,
    FreeEntry, FreeList, Guidance, Item, ItemChange, ItemFields, ItemRow, ItemView, LAW_MAKING_FILE,
    LawChange, LawMaking, MajorAct, MemberStanding, NoItem, NoPower, Place, PlaceRule, Power, Progress,
    Proposal, ProposalError, RawCommon, Rejected, RejectedView, SUMMARY_ENTITY_MAX, SUMMARY_PERSON_MAX, Sign,
    Spread, SubjectKind, TIERS_MAX, Threshold, ThresholdKind, Tier, TierFields, Verified, Warns,
    check_common, choose, common_file, common_text, compare, is_common_file, is_own_file, item_change,
    items_text, law_making_in, own_file, propose, read_items, spread, to_be_confirmed, warns, weight,
};
pub use jurisdiction::Jurisdiction;
pub use moment::{Moment, parse_day};
pub use money::{Fen, grouped};
pub use running::{Alarm, Change, Extension, Longer, Pause, Running, State};
pub use standard::{Service, Standard, Standing, Stricter, Unit};
pub use statute::{
    Binds, Direction, Due, DueError, Excluded, Lengthening, Measure, NoStatute, OwnDue, Rollover,
    StatutoryTerm, TermRule, TermUnit, Tightening, WORKING_DAYS,
};
pub use surcharge::{Fined, Later, Payment, Surcharge, SurchargeError, surcharge};
