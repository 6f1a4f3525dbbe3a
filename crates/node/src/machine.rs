//! The machine's clock and its randomness: the only place where either is read.

use jiff::Timestamp;
use lianzhi_app::ports::{Clock, Entropy};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use zeroize::{Zeroize, Zeroizing};

/// The machine's clock, to the microsecond. Never goes back: when the machine's clock is set back, it stands still
/// until the machine has caught up.
#[derive(Debug, Default)]
pub struct SystemClock {
    last_us: AtomicI64,
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now_us = machine_now().as_microsecond();
        let before = self.last_us.fetch_max(now_us, Ordering::SeqCst);
        Timestamp::from_microsecond(now_us.max(before)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// What the machine's clock says, whatever it said before.
#[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
pub fn machine_now() -> Timestamp {
    Timestamp::now()
}

/// Bytes fetched from the system at once: a salt or a key asked for one by one would be a system call each.
const BUFFER_BYTES: usize = 4096;

/// The operating system's randomness, fetched in blocks; what was given out is wiped.
pub struct OsEntropy {
    held: Mutex<Zeroizing<Vec<u8>>>,
}

impl OsEntropy {
    /// Nothing fetched yet.
    pub fn new() -> OsEntropy {
        OsEntropy { held: Mutex::new(Zeroizing::new(Vec::with_capacity(BUFFER_BYTES))) }
    }
}

/// Without randomness there are no salts and no keys: nothing must go on.
fn fetch(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the operating system gives no randomness");
        std::process::abort();
    }
}

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() > BUFFER_BYTES / 2 {
            return fetch(bytes);
        }
        let mut held = self.held.lock();
        if held.len() < bytes.len() {
            held.resize(BUFFER_BYTES, 0);
            fetch(&mut held);
        }
        let from = held.len() - bytes.len();
        bytes.copy_from_slice(&held[from..]);
        held[from..].zeroize();
        held.truncate(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_clock_never_goes_back() {
        let clock = SystemClock::default();
        clock.last_us.store(machine_now().as_microsecond() + 60_000_000, Ordering::SeqCst);
        let stood = clock.now();
        assert!(stood > machine_now());
        assert_eq!(clock.now(), stood);
    }

    #[test]
    fn no_random_bytes_are_given_out_twice() {
        let entropy = OsEntropy::new();
        let mut seen = HashSet::new();
        for _ in 0..1_000 {
            let mut bytes = [0; 24];
            entropy.fill(&mut bytes);
            assert!(seen.insert(bytes));
        }
        let mut long = vec![0; 3 * BUFFER_BYTES];
        entropy.fill(&mut long);
        assert!(long.chunks(64).all(|c| c.iter().any(|b| *b != 0)));
    }
}
