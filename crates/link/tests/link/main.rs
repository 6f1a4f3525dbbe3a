//! Members that talk over HTTP on loopback.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod exhibits;
mod founding;
mod hostile;
mod messages;
