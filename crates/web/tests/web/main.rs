//! The web face of a node, asked as its clients ask: over a socket, with a real store behind it.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod access;
mod bad_input;
mod files;
mod live;
mod main_job;
mod node;
mod office;
mod repeats;
mod surface;
mod tus_client;
