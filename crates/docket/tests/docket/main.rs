//! What the crate promises, through its public interface: every tampering is found and named.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod bundle;
mod independent;
mod log;
mod verify;
