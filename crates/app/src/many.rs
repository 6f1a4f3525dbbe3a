//! Filters that are known to match more than is counted: finding that out again for every page costs more than the page.

use crate::ports::Filter;
use parking_lot::Mutex;
use std::num::NonZeroUsize;

/// Filters remembered.
const KEPT: usize = 256;
/// How long "more than that" holds, micros. A hundred thousand matters do not go away within a minute.
const HOLDS_US: i64 = 60_000_000;

/// Which filters matched too many, and when that was found.
#[derive(Debug)]
pub(crate) struct Many(Mutex<lru::LruCache<String, i64>>);

impl Default for Many {
    fn default() -> Self {
        Many(Mutex::new(lru::LruCache::new(NonZeroUsize::new(KEPT).unwrap_or(NonZeroUsize::MIN))))
    }
}

impl Many {
    fn key(filter: &Filter) -> String {
        format!("{:?}", Filter { now: 0, ..filter.clone() })
    }

    /// Whether this filter matched too many a moment ago.
    pub(crate) fn knows(&self, filter: &Filter) -> bool {
        let found = self.0.lock().get(&Self::key(filter)).copied();
        found.is_some_and(|at| (0..HOLDS_US).contains(&(filter.now - at)))
    }

    /// Remembers what was counted: only what was too many is worth it.
    pub(crate) fn learn<T>(&self, filter: &Filter, counted: Option<T>) -> Option<T> {
        if counted.is_none() {
            self.0.lock().put(Self::key(filter), filter.now);
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_is_remembered_for_a_minute_and_for_this_filter_only() {
        let many = Many::default();
        let at = |now: i64| Filter { now, ..crate::read::filter_of_kind("report") };
        assert_eq!(many.learn(&at(0), Some(5)), Some(5));
        assert!(!many.knows(&at(0)), "a number is counted again");
        assert_eq!(many.learn::<i64>(&at(1_000_000), None), None);
        assert!(many.knows(&at(2_000_000)));
        assert!(!many.knows(&Filter { open: Some(true), ..at(2_000_000) }));
        assert!(!many.knows(&at(1_000_000 + HOLDS_US)));
    }
}
