//! What makes a file provable in court.
//!
//! - [`entry`]: an entry's canonical bytes, its digest in the docket's chain, its salted leaf in the log;
//!   parts and exhibits by digest.
//! - [`merkle`]: the log as a Merkle tree (RFC 6962), its proofs and its tiles (C2SP tlog-tiles).
//! - [`note`]: keys, signed notes, checkpoints and cosignatures of witnesses (C2SP).
//! - [`proof`]: an entry's proof as a text (C2SP tlog-proof).
//! - [`suite`]: the two suites of keys with which nodes sign what they say to each other (Ed25519, SM2 with SM3).
//! - [`verify`]: checks a whole log, streaming, and says against whom the result is proof.
//! - [`witness`]: signing other nodes' checkpoints, and what is evidence against a log (C2SP tlog-witness).
//! - [`bundle`]: one docket in one file that anybody can check offline.
//!
//! Pure: no clock, no randomness, no database, no network. What is read comes through [`verify::Source`] and
//! [`std::io::Read`]; what is written goes to [`std::io::Write`].

pub mod bundle;
pub mod entry;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod suite;
pub mod verify;
pub mod witness;

pub use entry::{Entry, EntryError, SealedEntry, exhibit_digest, part_digest};
