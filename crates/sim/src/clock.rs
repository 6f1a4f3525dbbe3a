//! A clock that is set, for history; later it follows a real one.

use jiff::Timestamp;
use lianzhi_app::ports::Clock;
use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that stands where it was set and never goes back.
pub struct SimClock {
    now_us: AtomicI64,
    real: RwLock<Option<Arc<dyn Clock>>>,
}

impl std::fmt::Debug for SimClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SimClock({})", self.now_us.load(Ordering::SeqCst))
    }
}

impl SimClock {
    /// A clock that stands at this time.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        SimClock { now_us: AtomicI64::new(at.as_microsecond()), real: RwLock::new(None) }
    }

    /// Moves the clock on to this time; an earlier one leaves it where it is.
    pub fn set(&self, at: Timestamp) {
        self.now_us.fetch_max(at.as_microsecond(), Ordering::SeqCst);
    }

    /// From now on the clock follows a real one (never back behind where it stood).
    pub fn follow(&self, real: Arc<dyn Clock>) {
        *self.real.write() = Some(real);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let real = self.real.read().as_ref().map(|c| c.now());
        if let Some(real) = real {
            self.set(real);
        }
        Timestamp::from_microsecond(self.now_us.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_goes_back_and_follows_a_real_one_when_told() {
        let at = |s| Timestamp::from_second(s).unwrap();
        let clock = SimClock::new(at(100));
        clock.set(at(200));
        clock.set(at(150));
        assert_eq!(clock.now(), at(200));
        let real = Arc::new(SimClock::new(at(180)));
        clock.follow(real.clone());
        assert_eq!(clock.now(), at(200));
        real.set(at(300));
        assert_eq!(clock.now(), at(300));
    }
}
