//! The rules of reports, registers, duty and the policy table, as sentences: given, when, then.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod changes;
mod compact;
mod cooperation;
mod duty_and_registers;
mod federation;
mod golden;
mod handling;
mod hotline;
mod intake;
mod joining;
mod kit;
mod meeting;
mod particulars;
mod payment;
mod penalty;
mod policy;
mod properties;
mod protocol;
mod spot;
mod stocktake;
mod terms;
