//! The compact: proposals, countersignatures, notices.

mod kit;
mod model;
mod notices;
mod order;
mod rules;
