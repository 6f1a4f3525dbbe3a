//! Time and randomness that a test holds in its hand.

use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::{Clock, Entropy};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that stands still until told. It may also be put back.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock at this moment.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        ManualClock(AtomicI64::new(at.as_microsecond()))
    }
    /// Puts it to a moment.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }
    /// Moves it, forward or (negative) back.
    pub fn advance(&self, by: SignedDuration) {
        let us = i64::try_from(by.as_micros()).unwrap();
        self.0.fetch_add(us, Ordering::SeqCst);
    }
    /// Moves it by minutes.
    pub fn minutes(&self, n: i64) {
        self.advance(SignedDuration::from_mins(n));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Random bytes that are the same in each run.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<ChaCha20Rng>);

impl SeededEntropy {
    /// A stream of its own for each seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        SeededEntropy(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}
