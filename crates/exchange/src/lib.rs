//! What members of a compact say to each other, and the rules by which they believe it. Sans-IO: no socket, no clock,
//! no randomness; `lianzhi-link` drives it over HTTP, tests drive it under faults.
//!
//! - [`stream`]: what one author says in one shared docket, as a chain of entries.
//! - [`compact`]: who the members are, with which keys, and what they agreed to exchange.
//! - [`signature`]: a signature beside what it signs.
//!
//! docs/protocol.md says the same for people who write a node of their own.

pub mod compact;
pub mod signature;
pub mod stream;
