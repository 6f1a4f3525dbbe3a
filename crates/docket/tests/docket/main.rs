//! What the crate promises, through its public interface: every tampering is found and named.
#![allow(missing_docs, reason = "tests")]

mod bundle;
mod log;
mod verify;
