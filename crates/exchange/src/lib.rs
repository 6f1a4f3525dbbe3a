//! What members of a compact say to each other, and the rules by which they believe it. Sans-IO: no socket, no clock,
//! no randomness; `lianzhi-link` drives it over HTTP, tests drive it under faults.
//!
//! - [`stream`]: what one author says in one shared docket, as a chain of entries.
//! - [`envelope`]: entries as they are signed and sent, and parcels on their way.
//! - [`signature`]: signatures beside exact bytes.
//! - [`compact`]: who the members are, with which keys, and what they agreed to exchange.
//! - [`authority`]: whether an entry of the collaboration list allows what is said.
//! - [`inbound`]: what becomes of an envelope that comes in.
//! - [`refusal`]: why something is not taken; answers on the wire.
//! - [`receipt`]: what a receiver signs once an envelope is durable.
//! - [`outbound`]: when an envelope is sent again, and what its sender makes of an answer.
//! - [`gaps`]: what to pull and what to send.
//! - [`http`]: digests and signatures of requests (RFC 9530, RFC 9421).
//! - [`capabilities`]: what a node's program understands.
//! - [`decisions`]: how a member decided about an item, as far as it is public.
//! - [`evidence`]: proof that a member said two things at one place.
//!
//! docs/protocol.md and its pages say the same for people who write a node of their own.

pub mod authority;
pub mod capabilities;
pub mod compact;
pub mod decisions;
pub mod envelope;
pub mod evidence;
pub mod gaps;
pub mod http;
pub mod inbound;
pub mod outbound;
pub mod receipt;
pub mod refusal;
pub mod signature;
pub mod stream;
