//! Members that talk over HTTP on loopback.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod aside;
mod cut;
mod decisions;
mod erasure;
mod exhibits;
mod faults;
mod founding;
mod growth;
mod harm;
mod hostile;
mod keys;
mod late;
mod letters;
mod logs;
mod messages;
mod names;
mod programs;
mod replicas;
mod restore;
mod seal;
mod tls;
mod weather;
