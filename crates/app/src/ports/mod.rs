//! Ports: what the application asks of the outside. Few, and shaped by the domain.
//!
//! To add a storage engine, implement [`Journal`], [`Queries`], [`Accounts`], [`Blobs`] and [`Exchange`] and run the conformance
//! suite of `lianzhi-store` on it. Rows are plain data: no port interprets an event.

mod accounts;
mod blobs;
mod books;
mod exchange;
mod journal;
mod oversight;
mod queries;
mod seal;
mod upkeep;

pub use accounts::*;
pub use blobs::*;
pub use books::*;
pub use exchange::*;
pub use journal::*;
pub use oversight::*;
pub use queries::*;
pub use seal::*;
pub use upkeep::*;

use jiff::Timestamp;

/// What time it is. The only way to know.
pub trait Clock: Send + Sync + 'static {
    /// Now, to the microsecond.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from. The only way to get any.
pub trait Entropy: Send + Sync + 'static {
    /// Fills with random bytes fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}

/// What went wrong in storage.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The log moved since the batch was decided (another replica committed): decide again.
    #[error("log head moved")]
    HeadMoved,
    /// No room left on disk.
    #[error("disk full: {0}")]
    Full(String),
    /// The engine does not answer or answers with an error.
    #[error("storage: {0}")]
    Engine(String),
    /// What is stored is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
    /// Nothing there.
    #[error("not found")]
    Missing,
}
