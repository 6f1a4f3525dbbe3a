//! Who does a thing: people of the directory by role.

use super::duty::local;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::{App, Caller};
use lianzhi_ids::{PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::{Directory, Person};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::report::Source;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use std::collections::HashMap;
use std::sync::Arc;

/// Desks work from 07:30 to 21:30, in microseconds since midnight.
const DESK_US: (i64, i64) = (27_000_000_000, 77_400_000_000);
/// Cases are worked on from 09:00 to 17:30: nobody is asked questions at night.
const OFFICE_US: (i64, i64) = (32_400_000_000, 63_000_000_000);

/// People by role, and who is on duty now.
#[derive(Debug)]
pub(crate) struct Staff {
    directory: Arc<Directory>,
    by_role: HashMap<Role, Vec<Arc<Person>>>,
    pub(super) duty: OnDuty,
}

impl Staff {
    pub(crate) fn new(app: &App) -> Self {
        let directory = app.directory();
        let mut by_role: HashMap<Role, Vec<Arc<Person>>> = HashMap::new();
        let mut people: Vec<_> = directory.people.values().filter(|p| p.active).cloned().collect();
        people.sort_by(|a, b| a.code.cmp(&b.code));
        for person in people {
            for role in person.posts.iter().flat_map(|p| &p.roles) {
                by_role.entry(*role).or_default().push(person.clone());
            }
        }
        Staff { directory, by_role, duty: OnDuty::default() }
    }

    /// Somebody with this role.
    pub(crate) fn any(&self, role: Role, rng: &mut ChaCha12Rng) -> Option<Caller> {
        self.by_role.get(&role)?.choose(rng).map(|p| Caller::person(p.clone(), ""))
    }

    /// Somebody with this role in this unit.
    pub(super) fn of(&self, role: Role, unit: &str, rng: &mut ChaCha12Rng) -> Option<Caller> {
        let fits =
            |p: &&Arc<Person>| p.posts.iter().any(|x| x.unit.as_str() == unit && x.roles.contains(&role));
        let fitting: Vec<_> = self.by_role.get(&role)?.iter().filter(fits).collect();
        fitting.choose(rng).map(|p| Caller::person(Arc::clone(p), ""))
    }

    /// Codes of everybody with this role.
    pub(super) fn codes(&self, role: Role) -> Vec<PersonCode> {
        self.by_role.get(&role).into_iter().flatten().map(|person| person.code.clone()).collect()
    }

    /// The person of a code.
    pub(crate) fn person(&self, code: &str) -> Option<Caller> {
        let code = PersonCode::parse(code).ok()?;
        self.directory.people.get(&code).map(|p| Caller::person(p.clone(), ""))
    }

    /// Whether somebody is on duty.
    pub(super) fn is_on(&self, code: &str) -> bool {
        PersonCode::parse(code).is_ok_and(|code| self.duty.is_on(&code))
    }

    /// Through whom something comes in that happened in this town.
    pub(super) fn teller(&self, source: Source, town: &str, rng: &mut ChaCha12Rng) -> Caller {
        let caller = match source {
            Source::Hotline => self.any(Role::Hotline, rng),
            Source::Patrol => self.of(Role::Patroller, town, rng),
            Source::Officer => self.on_duty(town, rng).or_else(|| self.of(Role::Officer, town, rng)),
            Source::System => Some(Caller::system()),
            _ => None,
        };
        caller.unwrap_or_else(|| Caller::public(""))
    }

    /// An officer of this unit who is on duty.
    pub(super) fn on_duty(&self, unit: &str, rng: &mut ChaCha12Rng) -> Option<Caller> {
        let unit = UnitCode::parse(unit).ok()?;
        let on: Vec<_> = self.directory.officers(&unit).iter().filter(|code| self.duty.is_on(code)).collect();
        let code = on.choose(rng)?;
        self.directory.people.get(*code).map(|p| Caller::person(p.clone(), ""))
    }
}

/// The time itself when desks work, else some time after they next open.
pub(crate) fn at_desk(at: Timestamp, rng: &mut ChaCha12Rng) -> Timestamp {
    within(at, DESK_US, rng)
}

/// The same for the hours at which cases are worked on.
pub(super) fn at_office(at: Timestamp, rng: &mut ChaCha12Rng) -> Timestamp {
    within(at, OFFICE_US, rng)
}

/// The time itself when cases are worked on, else when that ended last.
pub(super) fn in_office_by(at: Timestamp) -> Timestamp {
    let (_, us) = local(at);
    let (opens, closes) = OFFICE_US;
    match us {
        us if us > closes => later(at, closes - us),
        us if us < opens => later(at, closes - us - 86_400_000_000),
        _ => at,
    }
}

fn within(at: Timestamp, (opens, closes): (i64, i64), rng: &mut ChaCha12Rng) -> Timestamp {
    let (_, us) = local(at);
    let wait = if us < opens {
        opens - us
    } else if us > closes {
        opens + 86_400_000_000 - us
    } else {
        return at;
    };
    later(at, wait + rng.random_range(60_000_000..3_600_000_000))
}

/// So many microseconds later.
pub(crate) fn later(at: Timestamp, us: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_micros(us)).unwrap_or(at)
}

/// Some minutes later, drawn evenly to the second.
pub(crate) fn minutes(at: Timestamp, range: std::ops::Range<i64>, rng: &mut ChaCha12Rng) -> Timestamp {
    later(at, rng.random_range(range.start * 60..range.end * 60) * 1_000_000)
}
