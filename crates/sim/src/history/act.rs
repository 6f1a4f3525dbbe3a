//! Doing what is wished: from a wish to a command, and from what came of it to the next wishes.

use super::cases::Plot;
use super::counting::Counted;
use super::duty::Rota;
use super::matter::{Matter, Scene, Side, Standing, Wish};
use super::petty::Walk;
use super::photos::Photos;
use super::repeats::{Recent, Seen};
use super::staff::{Staff, at_desk, minutes};
use super::{Act, Counts, Followed, LAST_HOURS, What, sides};
use crate::city::City;
use crate::ledger::{Became, Ledger};
use crate::story::{Said, Told};
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::{App, Narrative};
use lianzhi_ids::CategoryCode;
use lianzhi_procedure::report::{Command, Source};
use lianzhi_procedure::{Actor, AnyCommand, Kind, LookUps, Placing, Refusal, Text};
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

/// A city at work.
pub(crate) struct Doing {
    pub(super) city: Arc<City>,
    pub(super) seed: u64,
    pub(super) start: Timestamp,
    pub(super) days: u32,
    pub(super) until: Timestamp,
    pub(super) acts: BinaryHeap<Reverse<Act<What>>>,
    pub(super) n: u64,
    pub(super) matters: Vec<Matter>,
    pub(super) cases: Vec<Plot>,
    pub(super) petty: Vec<Walk>,
    /// The countings of the store of goods, in the order in which they began.
    pub(super) countings: Vec<Counted>,
    pub(crate) ledger: Ledger,
    pub(crate) staff: Staff,
    pub(super) rota: Rota,
    pub(crate) photos: Photos,
    pub(super) recent: Recent,
    pub(crate) counts: Counts,
    /// Follow codes that citizens were given, by matter.
    pub(super) codes: Vec<(usize, String)>,
    pub(super) giver: App,
    pub(super) rng: ChaCha12Rng,
    /// Chance of cases and of what goes with them: what reports come to does not depend on it.
    pub(super) case_rng: ChaCha12Rng,
}

impl Doing {
    pub(super) fn at(&mut self, at: Timestamp, what: What) {
        self.n += 1;
        self.acts.push(Reverse(Act { at, n: self.n, what }));
    }

    fn step_at(&mut self, matter: usize, at: Timestamp) {
        let desk = self.matters[matter].at_a_desk();
        let put_off =
            desk && at > self.until - SignedDuration::from_hours(LAST_HOURS) && self.rng.random_bool(0.35);
        let at = if put_off { at + SignedDuration::from_hours(LAST_HOURS) } else { at };
        self.matters[matter].wish += 1;
        let wish = self.matters[matter].wish;
        self.at(at, What::Step { matter, wish });
    }

    fn side_at(&mut self, matter: usize, at: Timestamp, side: Side) {
        self.at(at, What::Side { matter, side });
    }

    /// Whoever has the turn when history begins comes.
    pub(super) fn open_duty(&mut self, now: Timestamp) {
        let come = self.rota.on_at(now);
        self.give_duty(now, come);
    }

    pub(super) fn change_turns(&mut self, now: Timestamp) {
        let change = self.rota.change(&mut self.rng);
        self.give_duty(now, change);
    }

    fn give_duty(&mut self, now: Timestamp, commands: Vec<super::duty::Turned>) {
        for turned in commands {
            let book = self.rota.book(&turned.unit);
            let answer = Kind::Duty.command(turned.command).and_then(|command| {
                let actor = Actor::Person(turned.person);
                self.ledger.give(book, &actor, command, LookUps::default(), now.as_microsecond())
            });
            match answer {
                Ok(became) => {
                    self.counts.commands += 1;
                    self.rota.opened(turned.unit, became.id);
                }
                Err(refusal) => self.refused(&refusal),
            }
        }
        self.staff.duty = self.ledger.duty.clone();
    }

    /// One thing that somebody wishes.
    pub(super) fn act(&mut self, now: Timestamp, what: What) {
        match what {
            What::Report(told) => self.report(now, *told),
            What::Step { matter, wish } if self.matters[matter].wish == wish => {
                self.look(matter);
                let scene = Scene { now, staff: &self.staff, rota: &self.rota, photos: &self.photos };
                match self.matters[matter].next(&scene, &mut self.rng) {
                    Wish::Give(caller, command) => {
                        let hours = command.get("hours").and_then(Value::as_u64);
                        let answer = self.command(now, matter, &caller.actor, command);
                        self.stepped(now, matter, hours.and_then(|h| u32::try_from(h).ok()), answer);
                    }
                    Wish::Wait(until) => self.step_at(matter, until),
                    Wish::Done => {}
                }
            }
            What::Step { .. } => {}
            What::Case { case } => self.case_step(now, case),
            What::Petty { walk } => self.petty_step(now, walk),
            What::Count(step) => self.count_step(now, step),
            What::Side { matter, side } => {
                self.look(matter);
                let before = self.matters[matter].stage.clone();
                let wish = self.matters[matter].side(&side, &self.staff, &mut self.rng);
                if let Wish::Give(caller, command) = wish {
                    let answer = self.command(now, matter, &caller.actor, command);
                    self.sided(now, matter, &side, &before, answer);
                }
            }
        }
    }

    /// How a matter stands now, clocks and others having moved it.
    fn look(&mut self, matter: usize) {
        let matter = &mut self.matters[matter];
        if let Some(summary) = self.ledger.summary(matter.id) {
            matter.stands(Standing::of(&summary));
        }
    }

    fn command(
        &mut self,
        now: Timestamp,
        matter: usize,
        actor: &Actor,
        json: Value,
    ) -> Result<Became, Refusal> {
        let (id, point) = (self.matters[matter].id, self.matters[matter].told.point);
        let mut command = Kind::Report.command(json)?;
        let mut look_ups = LookUps::default();
        if let AnyCommand::Report(report) = &mut command {
            look_ups.exhibits = self.photos.in_custody(&report.exhibits());
            match report {
                Command::Place { point: p, .. } => {
                    *p = Some(point);
                    look_ups.placing = self.ledger.world.place_point(point);
                }
                Command::Arrive { point: p, .. } => *p = Some(point),
                _ => {}
            }
        }
        self.ledger.give(Some(id), actor, command, look_ups, now.as_microsecond())
    }

    fn report(&mut self, now: Timestamp, told: Told) {
        let town = self.city.place.towns[self.city.spots[told.spot].town].code;
        let caller = self.staff.teller(told.source, town, &mut self.rng);
        let narrative = Narrative { description: told.description.clone(), address: told.address.clone() };
        let (point, placing) = match told.said {
            Said::Point => (Some(told.point), self.ledger.world.place_point(told.point)),
            Said::Address | Said::Vaguely => self.ledger.world.place_address(&told.address),
        };
        let category = told.chosen.then(|| CategoryCode::parse(&told.category).ok()).flatten();
        let keys = &self.ledger.keys;
        let complainant = told.contact.as_ref().map(|c| keys.keyed("phone", &c.phone));
        let code = self.giver.follow_code();
        let follow = Some(keys.keyed("follow", &code));
        let seen = Seen { at: now, point, category: category.as_ref(), narrative: &narrative, complainant };
        let features = self.recent.features(&seen);
        let duplicates = self.recent.find(&features);
        let exhibits = Photos::some(&self.photos.before, told.photos, &mut self.rng);
        let look_ups = LookUps {
            follow,
            complainant,
            duplicates,
            exhibits: self.photos.in_custody(&exhibits),
            placing: if matches!(placing, Placing::Outside) { Placing::Unknown } else { placing },
            ..LookUps::default()
        };
        let contact = told.contact.as_ref().and_then(|c| serde_json::to_string(c).ok());
        let command = AnyCommand::Report(Command::Register {
            source: told.source,
            narrative: Text::Plain(serde_json::to_string(&narrative).unwrap_or_default()),
            contact: contact.map(Text::Plain).unwrap_or_default(),
            category,
            point,
            exhibits,
            external: told.external.clone(),
            demand: told.demand,
            occurred_at: None,
            split_from: None,
            cooperation: None,
            same_as: None,
        });
        match self.ledger.give(None, &caller.actor, command, look_ups, now.as_microsecond()) {
            Ok(became) => {
                self.recent.add(&became, features);
                if told.source == Source::Citizen {
                    self.codes.push((self.matters.len(), code));
                }
                self.count(&became);
                self.registered(now, told, &became);
            }
            Err(refusal) => self.refused(&refusal),
        }
    }

    /// The latest citizen's report in each stage, with its follow code.
    pub(super) fn followed(&mut self) -> Vec<Followed> {
        let mut latest = BTreeMap::new();
        for (matter, code) in std::mem::take(&mut self.codes) {
            if let Some(summary) = self.ledger.summary(self.matters[matter].id) {
                latest.insert(summary.stage, (summary.number, code));
            }
        }
        let one =
            |(stage, (number, follow_code)): (&str, _)| Followed { number, follow_code, stage: stage.into() };
        latest.into_iter().map(one).collect()
    }

    pub(super) fn registered(&mut self, now: Timestamp, told: Told, became: &Became) {
        self.counts.matters += 1;
        let i = self.matters.len();
        let lead = self.lead_of(&told);
        self.matters.push(Matter::new(told, became.id, Standing::of(&became.summary)));
        if let Some(at) = self.matters[i].when(now, &mut self.rng) {
            self.step_at(i, at);
        }
        if lead.is_some() {
            self.counts.repeats += 1;
        }
        let lead = lead.map(|lead| self.matters[lead].id);
        let sides = sides::after_report(&self.matters[i].told, lead, now, &mut self.rng);
        for (at, side) in sides {
            self.side_at(i, at, side);
        }
    }

    /// The open matter that this one repeats: the same kind of thing at the same spot.
    fn lead_of(&self, told: &Told) -> Option<usize> {
        let same = |m: &Matter| {
            m.told.spot == told.spot
                && m.told.category == told.category
                && matches!(m.stage.as_str(), "assigned" | "working" | "pooled")
        };
        // A day's worth of matters is enough to look back.
        let from = self.matters.len().saturating_sub(150);
        (from..self.matters.len()).find(|i| same(&self.matters[*i]))
    }

    pub(super) fn refused(&mut self, refusal: &Refusal) {
        tracing::debug!(%refusal, code = refusal.code, "refused");
        self.counts.refused += 1;
        *self.counts.refusals.entry(refusal.code).or_default() += 1;
    }

    pub(super) fn count(&mut self, became: &Became) {
        self.counts.commands += 1;
        for event in &became.events {
            *self.counts.events.entry(event.clone()).or_default() += 1;
        }
    }

    /// Takes over what a command did, when it was carried out.
    fn done(&mut self, matter: usize, answer: Result<Became, Refusal>) -> Option<Became> {
        let became = answer.inspect_err(|refusal| self.refused(refusal)).ok()?;
        self.count(&became);
        self.recent.note(&became);
        let m = &mut self.matters[matter];
        m.stands(Standing::of(&became.summary));
        m.happened(&became.events);
        Some(became)
    }

    fn stepped(&mut self, now: Timestamp, i: usize, hours: Option<u32>, answer: Result<Became, Refusal>) {
        let Some(became) = self.done(i, answer) else {
            let again = minutes(now, 8..30, &mut self.rng);
            return self.step_at(i, again);
        };
        let happened = |what: &str| became.events.iter().any(|e| e == what);
        if let Some(hours) = hours.filter(|_| happened("requested")) {
            let last =
                now > self.until - SignedDuration::from_hours(8 * LAST_HOURS) && self.rng.random_bool(0.5);
            let decided = at_desk(minutes(now, 10..120, &mut self.rng), &mut self.rng);
            if !last {
                self.side_at(i, decided, Side::Approve { hours });
            }
            let after = minutes(decided, 20..90, &mut self.rng);
            return self.step_at(i, after);
        }
        if happened("closed") {
            self.closed(now, i);
        }
        if let Some(at) = self.matters[i].when(now, &mut self.rng) {
            self.step_at(i, at);
        }
    }

    fn sided(
        &mut self,
        now: Timestamp,
        i: usize,
        side: &Side,
        before: &str,
        answer: Result<Became, Refusal>,
    ) {
        let Some(became) = self.done(i, answer) else { return };
        if let (Side::Approve { hours }, "suspended") = (side, became.summary.stage) {
            let share = self.rng.random_range(0.4..1.1);
            #[expect(clippy::cast_possible_truncation, reason = "some hundred hours in seconds")]
            let rest = SignedDuration::from_secs((f64::from(*hours) * 3_600.0 * share) as i64);
            self.matters[i].resume_at = Some(now + rest);
        }
        if became.summary.stage != before
            && let Some(at) = self.matters[i].when(now, &mut self.rng)
        {
            self.step_at(i, at);
        }
    }

    /// What follows when a matter is closed: it is rated, the caller is asked, some are opened again.
    fn closed(&mut self, now: Timestamp, i: usize) {
        let first = !std::mem::replace(&mut self.matters[i].reopened, true);
        let sides = sides::after_close(self.matters[i].told.source, first, now, &mut self.rng);
        for (at, side) in sides {
            self.side_at(i, at, side);
        }
    }
}
