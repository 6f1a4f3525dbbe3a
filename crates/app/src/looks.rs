//! What changed since somebody last looked at the desk.

use crate::App;
use crate::ports::DeskLook;
use crate::shared::unavailable;
use jiff::Timestamp;
use lianzhi_ids::PersonCode;
use lianzhi_procedure::Refusal;

/// Looks nearer together than this are one visit, micros: who comes back from a matter still sees what was new.
const VISIT_US: i64 = 20 * 60 * 1_000_000;
/// Within a visit the look is written down this often, micros; more would only cost writes.
const WRITTEN_EVERY_US: i64 = 60 * 1_000_000;
/// What counts as new at the very first visit, micros: the last day.
const FIRST_US: i64 = 24 * 3600 * 1_000_000;

/// The look after `before`, at `now`.
fn next(person: &PersonCode, before: Option<&DeskLook>, now: i64) -> DeskLook {
    let since = match before {
        None => None,
        Some(look) if now - look.at > VISIT_US => Some(look.at),
        Some(look) => look.since,
    };
    DeskLook { person: person.to_string(), at: now, since }
}

impl App {
    /// Writes down that somebody looks at the desk now, and gives the moment since which changes are new. Without
    /// `looks` it only gives it: a page renewed itself.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub(crate) async fn look_at_desk(&self, person: &PersonCode, looks: bool) -> Result<Timestamp, Refusal> {
        let accounts = &self.inner.store.accounts;
        let now = self.now().as_microsecond();
        let before = accounts.desk_look(person.as_str()).await.map_err(|e| unavailable(&e))?;
        let look = match before.clone() {
            Some(seen) if !looks => seen,
            _ => next(person, before.as_ref(), now),
        };
        if looks && before.is_none_or(|b| b.since != look.since || now - b.at >= WRITTEN_EVERY_US) {
            accounts.put_desk_look(&look).await.map_err(|e| unavailable(&e))?;
        }
        let since = look.since.unwrap_or(now - FIRST_US);
        Ok(Timestamp::from_microsecond(since).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_stays_new_during_a_visit_and_not_at_the_next() {
        let me = PersonCode::parse("p-0001").expect("a code");
        let minute = 60 * 1_000_000;
        let first = next(&me, None, 0);
        assert_eq!(first.since, None);
        let back = next(&me, Some(&first), 5 * minute);
        assert_eq!(back.since, None, "coming back from a matter is the same visit");
        let later = next(&me, Some(&back), 60 * minute);
        assert_eq!(later.since, Some(5 * minute));
        assert_eq!(next(&me, Some(&later), 61 * minute).since, Some(5 * minute));
        assert_eq!(next(&me, Some(&later), 120 * minute).since, Some(60 * minute));
    }
}
