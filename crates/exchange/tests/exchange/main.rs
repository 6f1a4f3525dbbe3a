//! What members say to each other, tried from outside: forms, judgements, and all that can happen on the way.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod authority;
mod capabilities;
mod common;
mod compact;
mod envelope;
mod evidence;
mod http;
mod inbound;
mod model;
mod outbound;
mod vectors;
