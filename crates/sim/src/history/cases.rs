//! Penalty cases of a city: a handful, each gone as far as it has come when history ends, so that every desk has something
//! and every stage can be seen.

use super::What;
use super::act::Doing;
use super::photos::Photos;
use super::staff::{at_office, in_office_by, minutes};
use super::themes::{self, Theme};
use crate::ledger::Became;
use crate::story::Manner;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::{Digest, DocketId, Role};
use lianzhi_law::ThresholdKind;
use lianzhi_procedure::facts::Target;
use lianzhi_procedure::penalty::{Bringing, Case, Command, NewViolation, Registering, Violation};
use lianzhi_procedure::{AnyCommand, AnyState, Kind, LookUps, Refusal, Text};

/// Usual time between two steps, hours.
const STEP_HOURS: i64 = 11;
/// Of so many cases the agency's own handlers have one: that of this place.
const OWN_EVERY: usize = 5;
const OWN: usize = 2;
/// Least time between two steps of a case, minutes: nobody looks at a place and asks somebody questions at once.
const APART_MINUTES: i64 = 45;
/// Time between two signatures on one proposal, minutes.
const SIGN_MINUTES: i64 = 95;
/// Photos that a record brings.
const PHOTOS: usize = 3;

/// What somebody does in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Register,
    Assign,
    Verify,
    /// Asks for approval.
    Propose(&'static str),
    Endorse,
    Approve,
    /// All signatures that what was asked for needs, one after the other.
    Sign,
    Record(&'static str),
    /// 责令改正.
    Order,
    /// It was put right.
    Reinspect,
    Finish,
    Charge,
    Serve,
    Waive,
    Quick,
    Review,
    /// A legal review of what waits for the leader.
    ReviewProposal,
    Discuss,
    /// 执法建议书.
    Suggest,
    AskOpinion,
    SendCrime,
    /// 并案 with the other case of the same party that is under way.
    Join,
    Pay,
    /// Somebody of the office finds that it came.
    CheckPayment,
    Publish,
    KeepBack,
    Unpublish,
    Archive,
    /// A thing in custody, see [`super::holdings`].
    Hold(super::holdings::Hold),
    /// What few cases come to, see [`super::rare`].
    Rare(Rare),
    /// A turn beside the usual way, see [`super::turns`].
    Turn(Turn),
}

impl Move {
    /// Days that pass before it, besides the usual time between two steps.
    const fn days_before(self) -> i64 {
        match self {
            Move::Rare(rare) => rare.days_before(),
            Move::Turn(turn) => turn.days_before(),
            // The two days that the owner has to come for what spoils (上海市城市管理行政执法条例 22(2)).
            Move::Hold(super::holdings::Hold::SellEarly(_)) => 3,
            _ => 0,
        }
    }

    /// In which role it is done, where it is not the officer in charge who does it.
    const fn asks(self) -> Option<Role> {
        match self {
            Move::Rare(rare) => rare.asks(),
            Move::Turn(turn) => turn.asks(),
            _ => None,
        }
    }

    /// Whether things are taken from somebody or torn down: all of it is filmed.
    const fn takes_things(self) -> bool {
        use super::holdings::Hold;
        matches!(self, Move::Hold(Hold::Seize(_) | Hold::Seal(_)) | Move::Rare(Rare::Down(Down::Done)))
    }
}

use super::rare::{Down, Rare};
use super::turns::Turn;
use Move::{Approve, Endorse};

/// A case on its way.
pub(super) struct Plot {
    pub(super) theme: &'static Theme,
    next: usize,
    pub(super) docket: Option<DocketId>,
    pub(super) town: String,
    pub(super) lead: Caller,
    pub(super) second: Caller,
    pub(super) spot: usize,
}

impl Doing {
    /// Plans the cases so that each has gone its steps when history ends; some begin long before its first day.
    pub(super) fn plan_cases(&mut self) {
        let quick = self.knows_the_hearing();
        for (n, theme) in themes::all().filter(|theme| quick || !theme.way.contains(&Move::Quick)).enumerate()
        {
            let towns = self.city.place.towns;
            let Some(town) = towns.get(n % towns.len().max(1)) else { return };
            // Some cases are handled by the agency itself, most by the squad of the town.
            let (role, unit) = match n % OWN_EVERY {
                OWN => (Role::Handler, self.city.place.code),
                _ => (Role::Officer, town.code),
            };
            let lead = self.staff.of(role, unit, &mut self.case_rng);
            let second = (0..20).find_map(|_| {
                let other = self.staff.of(role, unit, &mut self.case_rng)?;
                (lead.as_ref()?.actor.person() != other.actor.person()).then_some(other)
            });
            let (Some(lead), Some(second)) = (lead, second) else { continue };
            let spots = self.city.spots.iter().enumerate();
            let spot =
                spots.filter(|(_, s)| towns[s.town].code == town.code).map(|(i, _)| i).nth(n).unwrap_or(0);
            // Hours from its beginning to each of its steps.
            let mut hours = Vec::with_capacity(theme.steps);
            for (step, what) in theme.way.iter().take(theme.steps).enumerate() {
                let gap = if step == 0 { 0 } else { STEP_HOURS + 24 * what.days_before() };
                hours.push(hours.last().copied().unwrap_or(0) + gap);
            }
            let whole = hours.last().copied().unwrap_or(0) + 4 * STEP_HOURS;
            let begin = self.until - SignedDuration::from_hours(whole.max(24 * theme.days));
            let case = self.cases.len();
            let town = town.code.to_owned();
            self.cases.push(Plot { theme, next: 0, docket: None, town, lead, second, spot });
            // One thing is done after the other, and nothing at night.
            let mut free = begin;
            for hours in hours {
                let due = (begin + SignedDuration::from_hours(hours)).max(free);
                let at = minutes(at_office(due, &mut self.case_rng), 0..5, &mut self.case_rng);
                let at = at.min(in_office_by(self.until - SignedDuration::from_secs(30)));
                free = at + SignedDuration::from_mins(APART_MINUTES);
                self.at(at, What::Case { case });
            }
        }
    }

    /// Whether the place says from which fine on there is a hearing; where it does not, every fine gives the right to one, and
    /// nothing is handled quickly.
    fn knows_the_hearing(&self) -> bool {
        let directory = &self.ledger.world.directory;
        let day = lianzhi_procedure::beijing_date(self.until);
        let place = directory.law.place(directory.node.as_str());
        place.is_ok_and(|place| directory.law.threshold(ThresholdKind::Hearing, &place, day).is_some())
    }

    /// The next step of a case.
    pub(super) fn case_step(&mut self, now: Timestamp, n: usize) {
        let plot = &self.cases[n];
        let Some(wished) = plot.theme.way.get(plot.next).copied() else { return };
        let step = if wished == Move::Sign { self.signature(n) } else { wished };
        if matches!(step, Move::Record(_)) && self.still_recording(now, n) {
            let at = at_office(now + SignedDuration::from_mins(APART_MINUTES), &mut self.case_rng);
            return self.at(at, What::Case { case: n });
        }
        // A proposal that was not signed by the last one yet is still on its way.
        let done = wished != Move::Sign || step == Approve;
        // The covers are written before the file goes into the archive.
        if step == Move::Archive {
            self.case_written(now, n, step);
        }
        let became = self.case_move(now, n, step).map(|became| became.id);
        match became {
            Ok(id) => {
                self.cases[n].next += usize::from(done);
                self.cases[n].docket = Some(id);
                if !done {
                    let at = at_office(now + SignedDuration::from_mins(SIGN_MINUTES), &mut self.case_rng);
                    self.at(at, What::Case { case: n });
                }
                self.counts.commands += 1;
                if step != Move::Archive {
                    self.case_written(now, n, step);
                }
                self.case_issued(now, n);
            }
            Err(refusal) => {
                tracing::debug!(case = self.cases[n].theme.title, ?step, %refusal, "a step of a case was refused");
                self.refused(&refusal);
                // Holidays make terms longer: what waits for the end of one is tried again the next day.
                let again = at_office(now + SignedDuration::from_hours(24), &mut self.case_rng);
                if step.days_before() > 0 && again < self.until {
                    self.at(again, What::Case { case: n });
                }
            }
        }
    }

    /// Whether the last record was made just now: nobody is in two places.
    fn still_recording(&self, now: Timestamp, n: usize) -> bool {
        let soon = now - SignedDuration::from_mins(APART_MINUTES);
        self.case(n).is_ok_and(|case| case.evidence.iter().any(|file| file.evidence.to > soon))
    }

    /// The next signature that what was asked for last needs.
    fn signature(&self, n: usize) -> Move {
        let waits = self.case(n).ok().and_then(|case| Some((case, case.pending.last()?)));
        match waits {
            Some((case, last)) if case.wants_unit(&last.proposal) && last.endorsed.is_none() => Endorse,
            Some((_, last)) if last.wants_review() => Move::ReviewProposal,
            _ => Approve,
        }
    }

    fn case_move(&mut self, now: Timestamp, n: usize, step: Move) -> Result<Became, Refusal> {
        let no_one = || Refusal::missing("没有这个岗位的人员。");
        let (plot, rng) = (&self.cases[n], &mut self.case_rng);
        let caller = match step {
            Move::Assign | Endorse => self.staff.of(Role::SquadLeader, &plot.town, rng),
            Approve | Move::Discuss | Move::Join => self.staff.any(Role::Leader, rng),
            Move::Review | Move::ReviewProposal => self.staff.any(Role::LegalReviewer, rng),
            Move::CheckPayment => self.staff.any(Role::Dispatcher, rng),
            Move::Turn(Turn::Split) => self.staff.of(Role::SquadLeader, &plot.town, rng),
            Move::Rare(_) | Move::Turn(_) => match step.asks() {
                Some(role) => self.staff.any(role, rng),
                None => Some(plot.lead.clone()),
            },
            _ => Some(plot.lead.clone()),
        };
        let mut caller = caller.ok_or_else(no_one)?;
        // Whoever was called to preside does.
        if step == Move::Rare(Rare::HoldHearing) {
            caller = self.chair(n).ok_or_else(no_one)?;
        }
        let exhibits = self.shown_in(n, step);
        let json = self.case_command(now, n, step, &exhibits)?;
        let mut command = Kind::Penalty.command(json)?;
        let mut look_ups = LookUps { exhibits: self.photos.in_custody(&exhibits), ..LookUps::default() };
        let plot = &self.cases[n];
        if let AnyCommand::Penalty(Command::Register(Registering { origin, point, .. })) = &mut command {
            look_ups.subject = Some(self.giver.keyed("subject", plot.theme.number));
            *point = Some(self.city.spots[plot.spot].point);
            let like = |manner: Manner| matches!(manner, Manner::Site | Manner::Dirt);
            let report =
                self.matters.iter().rev().find(|m| like(m.told.manner)).filter(|_| plot.theme.reported);
            *origin = report.map(|matter| matter.id);
        }
        let mut beside = None;
        if let Move::Turn(turn) = step {
            look_ups.subject = self.turn_look_ups(turn);
            beside = self.opens(turn, n)?.map(|opened| (turn, opened));
        }
        let with = if step == Move::Join { self.other_of(n) } else { None };
        let plot = &self.cases[n];
        look_ups.target = with.map(|docket| Target { docket, open: true, joined: false, lead: None });
        let joined = self.ledger.give(plot.docket, &caller.actor, command, look_ups, now.as_microsecond())?;
        if let Some(with) = with {
            let brought = AnyCommand::Penalty(Command::Bring(Box::new(self.brought(n, joined.id)?)));
            self.ledger.give(Some(with), &caller.actor, brought, LookUps::default(), now.as_microsecond())?;
        }
        if let Some((turn, opened)) = beside {
            self.open_beside(turn, opened, now, n, &caller)?;
        }
        Ok(joined)
    }

    /// The files that a step brings: photos of what the case is about, clean ground where it was put right, else a page that somebody
    /// signed; with sound or film where the law wants the whole of it.
    fn shown_in(&mut self, n: usize, step: Move) -> Vec<Digest> {
        let (photos, rng) = (&self.photos, &mut self.case_rng);
        let shown = photos.shown(self.cases[n].theme.item);
        let of_place = |n, rng: &mut _| Photos::some(shown, n, rng);
        let mut files = match step {
            Move::Record("inspection") => of_place(PHOTOS, rng),
            Move::Hold(_) | Move::Turn(Turn::GoesOn) | Move::Rare(Rare::Down(Down::Stands | Down::Done)) => {
                of_place(1, rng)
            }
            Move::Reinspect | Move::Rare(Rare::Down(Down::Gone)) => Photos::some(&photos.after, 1, rng),
            Move::Record(_) | Move::Serve | Move::Waive | Move::Quick | Move::Pay | Move::Rare(_) => {
                Photos::some(&photos.pages, 1, rng)
            }
            _ => Vec::new(),
        };
        if matches!(step, Move::Rare(Rare::HoldHearing)) {
            files.extend(photos.sound);
        }
        if step.takes_things() {
            files.extend(photos.film);
        }
        files
    }

    /// The other case of the same party.
    pub(super) fn other_of(&self, n: usize) -> Option<DocketId> {
        let number = self.cases[n].theme.number;
        let others = self.cases.iter().enumerate().filter(|(m, _)| *m != n);
        others.filter(|(_, plot)| plot.theme.number == number).find_map(|(_, plot)| plot.docket)
    }

    /// What a case brings into the one that it is joined to: its party is there already.
    fn brought(&self, n: usize, from: DocketId) -> Result<Bringing, Refusal> {
        let case = self.case(n)?;
        let again = |v: &Violation| NewViolation {
            item: v.item.clone(),
            from: v.from,
            to: Some(v.to),
            continuing: v.continuing,
            harm: v.harm,
            danger: v.danger,
            found_on: None,
            facts: Text::Plain(self.cases[n].theme.facts.to_owned()),
            found: Some(v.found.unwrap_or(case.at)),
        };
        Ok(Bringing {
            from,
            number: case.number.clone(),
            violations: case.violations.iter().map(again).collect(),
            ..Bringing::default()
        })
    }

    pub(super) fn case(&self, n: usize) -> Result<&Case, Refusal> {
        let docket = self.cases[n].docket.and_then(|id| self.ledger.dockets.get(&id));
        let case = docket.and_then(|docket| match &docket.live.state {
            AnyState::Penalty(state) => state.case(),
            _ => None,
        });
        case.ok_or_else(|| Refusal::missing("没有这个案件。"))
    }
}
