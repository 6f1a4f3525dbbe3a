//! The application: use cases and ports. Authorise, decide, append, project. No SQL, no HTTP.

pub mod ports;
pub mod search;
