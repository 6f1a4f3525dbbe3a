//! Who works in the city.

use super::names::Names;
use super::{CityError, section};
use crate::region::Place;
use lianzhi_ids::{GridCode, PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::{Person, Post};
use rand_chacha::ChaCha12Rng;

/// Password of everybody in a demonstration. One for all, so that it is hashed once and printed once; made-up cities
/// hold nothing to protect.
pub const PASSWORD: &str = "Qingpu-2026";
/// Officers of a squad.
const OFFICERS: usize = 9;
/// People at a desk that is manned around the clock.
const DESK: usize = 6;
/// Grids for which one officer answers first.
const GRIDS_PER_OFFICER: usize = 3;

/// When somebody of a squad is on duty on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// 07:00 to 14:30.
    Early,
    /// 14:30 to 22:00.
    Late,
    /// 22:00 to 07:00.
    Night,
    /// Not at all.
    Off,
}

/// Somebody who works in the city.
#[derive(Debug, Clone, PartialEq)]
pub struct Employee {
    /// As in the register.
    pub person: Person,
    /// Password.
    pub password: String,
    /// Place in the rota of the unit, for those who take turns.
    pub(crate) rota: Option<usize>,
}

impl Employee {
    /// Whether the person holds a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.person.posts.iter().any(|p| p.roles.contains(&role))
    }

    /// The first post's unit.
    #[must_use]
    pub fn unit(&self) -> Option<&UnitCode> {
        self.person.posts.first().map(|p| &p.unit)
    }

    /// The turn on a day, counted from the first day: officers move on by one place a day, desks likewise; two leaders alternate.
    #[must_use]
    pub fn turn(&self, day: usize) -> Turn {
        let Some(place) = self.rota else { return Turn::Off };
        if self.is(Role::SquadLeader) {
            return if (place + day).is_multiple_of(2) { Turn::Early } else { Turn::Late };
        }
        if !self.is(Role::Officer) {
            return match (place + day) % DESK {
                0 | 1 => Turn::Early,
                2 | 3 => Turn::Late,
                4 => Turn::Night,
                _ => Turn::Off,
            };
        }
        match (place + day) % OFFICERS {
            0..=3 => Turn::Early,
            4..=6 => Turn::Late,
            7 => Turn::Night,
            _ => Turn::Off,
        }
    }
}

struct Office<'a> {
    place: &'static Place,
    people: Vec<Employee>,
    names: Names,
    rng: &'a mut ChaCha12Rng,
}

impl Office<'_> {
    fn hire(
        &mut self,
        unit: &str,
        login: String,
        roles: &[Role],
        grids: Vec<GridCode>,
        rota: Option<usize>,
    ) -> Result<(), CityError> {
        let n = self.people.len() + 1;
        let enforces = roles.iter().any(|r| matches!(r, Role::Officer | Role::Handler | Role::SquadLeader));
        let person = Person {
            code: PersonCode::parse(&format!("p-{n:04}"))?,
            name: self.names.next(self.rng),
            login,
            posts: vec![Post { unit: UnitCode::parse(unit)?, roles: roles.to_vec(), grids }],
            certificate: enforces.then(|| format!("{}{n:06}", self.place.certificate)),
            active: true,
            second_factor: false,
        };
        self.people.push(Employee { person, password: PASSWORD.into(), rota });
        Ok(())
    }
}

pub(crate) fn hire(
    place: &'static Place,
    grids: &[lianzhi_territory::Grid],
    rng: &mut ChaCha12Rng,
) -> Result<Vec<Employee>, CityError> {
    let mut office = Office { place, people: Vec::new(), names: Names::default(), rng };
    let of = |letters: &str| place.section(letters);
    let (own, legal, supervision) = (place.code.to_owned(), of(section::LEGAL), of(section::SUPERVISION));
    let staff = [
        (&own, "admin", Role::Admin, 1),
        (&own, "leader", Role::Leader, 2),
        (&own, "liaison", Role::Liaison, 2),
        (&of(section::CENTRE), "dispatcher", Role::Dispatcher, DESK),
        (&of(section::HOTLINE), "hotline", Role::Hotline, DESK),
        (&of(section::VERIFICATION), "verifier", Role::Verifier, 6),
        (&supervision, "supervisor", Role::Supervisor, 2),
        (&supervision, "auditor", Role::Auditor, 1),
        (&legal, "legal", Role::LegalReviewer, 2),
        (&own, "handler", Role::Handler, 2),
        (&legal, "lawyer", Role::Lawyer, 1),
        (&legal, "panelist", Role::Panelist, 3),
    ];
    for (unit, login, role, n) in staff {
        for i in 1..=n {
            let login = if n == 1 { login.to_owned() } else { format!("{login}{i}") };
            let rota = matches!(role, Role::Dispatcher | Role::Hotline).then_some(i - 1);
            office.hire(unit, login, &[role], vec![], rota)?;
        }
    }
    for (i, department) in place.departments.iter().enumerate() {
        office.hire(&of(department.letters), format!("partner{}", i + 1), &[Role::Partner], vec![], None)?;
    }
    for town in place.towns {
        let codes: Vec<&GridCode> =
            grids.iter().filter(|g| g.town.as_str() == town.code).map(|g| &g.code).collect();
        for i in 0..2 {
            let login = format!("squad-{}-{}", town.pinyin, i + 1);
            office.hire(town.code, login, &[Role::SquadLeader], vec![], Some(i))?;
        }
        for i in 0..OFFICERS {
            let login = format!("officer-{}-{}", town.pinyin, i + 1);
            let own = codes
                .iter()
                .skip(i * GRIDS_PER_OFFICER)
                .take(GRIDS_PER_OFFICER)
                .map(|g| (*g).clone())
                .collect();
            let roles: &[Role] = if i == 0 { &[Role::Officer, Role::Handler] } else { &[Role::Officer] };
            office.hire(town.code, login, roles, own, Some(i))?;
        }
        for i in 0..2 {
            let login = format!("patroller-{}-{}", town.pinyin, i + 1);
            office.hire(town.code, login, &[Role::Patroller], vec![], None)?;
        }
    }
    Ok(office.people)
}
