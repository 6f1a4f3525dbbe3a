//! The rules of reports, registers, duty and the policy table, as sentences: given, when, then.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod changes;
mod cooperation;
mod duty_and_registers;
mod golden;
mod handling;
mod hotline;
mod intake;
mod joining;
mod kit;
mod particulars;
mod policy;
mod properties;
mod terms;
