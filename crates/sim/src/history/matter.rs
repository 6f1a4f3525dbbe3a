//! What people wish to do with a matter next, and when they get round to it.

use super::duty::Rota;
use super::photos::Photos;
use super::staff::{Staff, at_desk, minutes};
use super::words;
use crate::story::{Manner, Told};
use jiff::Timestamp;
use lianzhi_app::Caller;
use lianzhi_app::ports::MatterRow;
use lianzhi_ids::{DocketId, PersonCode, Role};
use lianzhi_procedure::Summary;
use lianzhi_procedure::report::{Outcome, Source};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use serde_json::{Value, json};

/// Up to so many hours a squad leader approves (the procedure's rule; asking the wrong person is refused).
const SQUAD_HOURS: u32 = 72;

/// A matter as this crate knows it: what it is really about, and how it stands.
#[derive(Debug)]
pub(super) struct Matter {
    pub(super) id: DocketId,
    pub(super) told: Told,
    pub(super) stage: String,
    pub(super) assignee: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) grid: Option<String>,
    pub(super) arrived: bool,
    pub(super) asked: bool,
    pub(super) outcome: Outcome,
    pub(super) resume_at: Option<Timestamp>,
    pub(super) reopened: bool,
    /// Only the latest wish of a matter counts; earlier ones are forgotten.
    pub(super) wish: u32,
}

/// How a matter stands: what its next step depends on.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) stage: String,
    pub(super) assignee: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) grid: Option<String>,
}

impl Standing {
    pub(super) fn of(summary: &Summary) -> Standing {
        Standing {
            stage: summary.stage.to_owned(),
            assignee: summary.assignee.as_ref().map(ToString::to_string),
            unit: summary.unit.as_ref().map(ToString::to_string),
            grid: summary.grid.as_ref().map(ToString::to_string),
        }
    }

    pub(super) fn of_row(row: &MatterRow) -> Standing {
        Standing {
            stage: row.stage.clone(),
            assignee: row.assignee.clone(),
            unit: row.unit.clone(),
            grid: row.grid.clone(),
        }
    }
}

/// Something beside the main way of a matter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Side {
    Classify,
    Contact,
    Approve { hours: u32 },
    Join(DocketId),
    Supervise(&'static str),
    Add,
    Withdraw,
    Dismiss,
    Help,
    ReturnOrder,
    Rate,
    Revisit,
    Reopen,
}

/// What is to be done now.
#[derive(Debug)]
pub(super) enum Wish {
    /// This command by this caller.
    Give(Box<Caller>, Value),
    /// Nothing before then.
    Wait(Timestamp),
    /// Nothing more.
    Done,
}

/// What surrounds a wish.
pub(super) struct Scene<'a> {
    pub(super) now: Timestamp,
    pub(super) staff: &'a Staff,
    pub(super) rota: &'a Rota,
    pub(super) photos: &'a Photos,
}

fn give(caller: Option<Caller>, command: Value) -> Wish {
    caller.map_or(Wish::Done, |caller| Wish::Give(Box::new(caller), command))
}

impl Matter {
    pub(super) fn new(told: Told, id: DocketId, standing: Standing) -> Self {
        let mut matter = Matter {
            id,
            told,
            stage: String::new(),
            assignee: None,
            unit: None,
            grid: None,
            arrived: false,
            asked: false,
            outcome: Outcome::Untrue,
            resume_at: None,
            reopened: false,
            wish: 0,
        };
        matter.stands(standing);
        matter
    }

    /// Takes over how it stands.
    pub(super) fn stands(&mut self, standing: Standing) {
        let Standing { stage, assignee, unit, grid } = standing;
        if assignee != self.assignee || matches!(stage.as_str(), "assigned" | "pooled") {
            self.arrived = false;
        }
        (self.stage, self.assignee, self.unit, self.grid) = (stage, assignee, unit, grid);
    }

    /// Takes over what just happened to it.
    pub(super) fn happened(&mut self, events: &[String]) {
        for event in events {
            match event.as_str() {
                "arrived" => self.arrived = true,
                "dispatched" | "accepted" | "verified" | "reopened" => self.arrived = false,
                _ => {}
            }
        }
    }

    /// Whether the next step is done at a desk, in its own time.
    pub(super) fn at_a_desk(&self) -> bool {
        matches!(self.stage.as_str(), "outside" | "to_verify" | "to_answer" | "to_close" | "return_asked")
    }

    fn unit(&self) -> &str {
        self.unit.as_deref().unwrap_or_default()
    }

    /// When somebody gets round to the next step, the matter having just come to this stage.
    pub(super) fn when(&self, now: Timestamp, rng: &mut ChaCha12Rng) -> Option<Timestamp> {
        let chance = rng.random_range(0..100);
        Some(match self.stage.as_str() {
            "pooled" => minutes(now, 3..25, rng),
            "assigned" => match chance {
                0..82 => minutes(now, 1..9, rng),
                82..97 => minutes(now, 10..19, rng),
                // Let lie: the clock names somebody else after twenty minutes.
                _ => minutes(now, 21..30, rng),
            },
            "working" if !self.arrived => match chance {
                0..98 => minutes(now, 8..70, rng),
                _ => minutes(now, 110..190, rng),
            },
            "working" => match (self.told.manner, chance) {
                (Manner::Build | Manner::Sign, 0..60) => minutes(now, 60..400, rng),
                (_, 0..97) => minutes(now, 6..40, rng),
                _ => minutes(now, 90..240, rng),
            },
            "outside" => at_desk(minutes(now, 120..700, rng), rng),
            "suspended" => self.resume_at.unwrap_or(now),
            "to_verify" => at_desk(minutes(now, 10..150, rng), rng),
            "to_answer" => minutes(now, 4..90, rng),
            "to_close" => at_desk(minutes(now, 2..60, rng), rng),
            "return_asked" => at_desk(minutes(now, 20..90, rng), rng),
            "joined" => minutes(now, 120..300, rng),
            _ => return None,
        })
    }

    /// The next step of the main way.
    pub(super) fn next(&mut self, scene: &Scene<'_>, rng: &mut ChaCha12Rng) -> Wish {
        let (now, staff) = (scene.now, scene.staff);
        match self.stage.as_str() {
            "pooled" if self.grid.is_none() => {
                give(staff.any(Role::Dispatcher, rng), json!({ "command": "place" }))
            }
            "pooled" => match staff.on_duty(self.unit(), rng) {
                Some(officer) if rng.random_bool(0.6) => give(Some(officer), json!({ "command": "take" })),
                Some(officer) => {
                    let code = officer.actor.person().map(PersonCode::as_str).unwrap_or_default();
                    give(
                        staff.of(Role::SquadLeader, self.unit(), rng),
                        json!({ "command": "dispatch", "officer": code }),
                    )
                }
                None => Wish::Wait(minutes(now, 20..40, rng)),
            },
            "assigned" => self.accept(scene, rng),
            "working" => self.work(scene, rng),
            "outside" => {
                self.outcome = words::outcome(Manner::Thing, rng);
                let note = words::result(self.outcome, rng);
                give(
                    staff.any(Role::Dispatcher, rng),
                    json!({ "command": "handle", "outcome": self.outcome.code(), "note": note }),
                )
            }
            "suspended" => {
                give(self.assignee.as_deref().and_then(|a| staff.person(a)), json!({ "command": "resume" }))
            }
            "to_verify" => {
                let passed = rng.random_bool(0.94);
                let note = if passed { words::passed(rng) } else { words::rework(rng) };
                let on_site = rng.random_bool(0.4);
                let exhibits = if on_site { Photos::some(&scene.photos.after, 1, rng) } else { vec![] };
                let command = json!({ "command": "verify", "passed": passed, "on_site": on_site, "note": note, "exhibits": exhibits });
                give(staff.any(Role::Verifier, rng), command)
            }
            "to_answer" => {
                let own =
                    self.assignee.as_deref().filter(|_| rng.random_bool(0.7)).and_then(|a| staff.person(a));
                let channel = if self.told.contact.is_some() {
                    ["phone", "phone", "message", "meeting"].choose(rng)
                } else {
                    ["published"].choose(rng)
                };
                let text = words::answer(&self.told, self.outcome, rng);
                let desk = if self.told.source == Source::Hotline { Role::Hotline } else { Role::Dispatcher };
                give(
                    own.or_else(|| staff.any(desk, rng)),
                    json!({ "command": "answer", "text": text, "channel": channel }),
                )
            }
            "to_close" => give(staff.any(Role::Verifier, rng), json!({ "command": "close" })),
            "return_asked" => {
                let granted = rng.random_bool(0.7);
                give(
                    staff.any(Role::Hotline, rng),
                    json!({ "command": "decide_return", "granted": granted, "note": words::return_word(rng) }),
                )
            }
            "joined" => Wish::Wait(minutes(now, 120..300, rng)),
            _ => Wish::Done,
        }
    }

    fn accept(&mut self, scene: &Scene<'_>, rng: &mut ChaCha12Rng) -> Wish {
        let Some(assignee) = self.assignee.as_deref() else {
            return Wish::Wait(minutes(scene.now, 10..20, rng));
        };
        if !scene.staff.is_on(assignee) {
            return Wish::Wait(minutes(scene.now, 10..25, rng));
        }
        let command = if rng.random_bool(0.02) {
            json!({ "command": "return", "note": words::sent_back(rng) })
        } else {
            json!({ "command": "accept" })
        };
        give(scene.staff.person(assignee), command)
    }

    fn work(&mut self, scene: &Scene<'_>, rng: &mut ChaCha12Rng) -> Wish {
        let Some(assignee) = self.assignee.clone() else {
            return Wish::Wait(minutes(scene.now, 10..20, rng));
        };
        let officer = scene.staff.person(&assignee);
        if !scene.staff.is_on(&assignee) {
            let next = PersonCode::parse(&assignee).ok().and_then(|a| scene.rota.next_on(&a, scene.now));
            return match next {
                // Soon back, and the place has been seen: it waits for him; else the squad leader gives it to somebody
                // else.
                Some(next) if self.arrived && next.duration_since(scene.now).as_hours() < 3 => {
                    Wish::Wait(minutes(next, 5..60, rng))
                }
                _ => give(
                    scene.staff.of(Role::SquadLeader, self.unit(), rng),
                    json!({ "command": "dispatch", "unit": self.unit(), "note": "原承办人下班，改派在岗队员。" }),
                ),
            };
        }
        if !self.arrived {
            return give(officer, json!({ "command": "arrive" }));
        }
        let slow = matches!(self.told.manner, Manner::Build | Manner::Sign | Manner::Site);
        if !self.asked && rng.random_bool(if slow { 0.12 } else { 0.02 }) {
            self.asked = true;
            let suspend = rng.random_bool(0.35);
            let hours =
                if suspend { [48, 72, 120, 240].choose(rng) } else { [8, 24, 48, 72, 96].choose(rng) };
            let what = if suspend { "suspension" } else { "extension" };
            let note = if suspend { words::suspension(rng) } else { words::extension(rng) };
            return give(officer, json!({ "command": "ask", "what": what, "hours": hours, "note": note }));
        }
        self.outcome = words::outcome(self.told.manner, rng);
        let photographed = matches!(
            self.outcome,
            Outcome::Dissuaded | Outcome::Ordered | Outcome::SelfCorrected | Outcome::Cleared
        );
        let (before, after) = if photographed {
            (
                Photos::some(&scene.photos.before, 1, rng),
                Photos::some(&scene.photos.after, rng.random_range(1..=2), rng),
            )
        } else {
            (vec![], vec![])
        };
        let note = words::result(self.outcome, rng);
        give(
            officer,
            json!({ "command": "handle", "outcome": self.outcome.code(), "note": note, "before": before, "after": after }),
        )
    }

    /// A step beside the main way.
    pub(super) fn side(&self, side: &Side, staff: &Staff, rng: &mut ChaCha12Rng) -> Wish {
        let own = || self.assignee.as_deref().and_then(|a| staff.person(a));
        match side {
            Side::Classify => give(
                staff.any(Role::Dispatcher, rng),
                json!({ "command": "classify", "category": self.told.category }),
            ),
            Side::Contact => {
                let reached = rng.random_bool(0.9);
                let note = if reached { words::contacted(rng) } else { words::not_reached(rng) };
                let who = own().filter(|_| rng.random_bool(0.6)).or_else(|| staff.any(Role::Hotline, rng));
                give(who, json!({ "command": "contact", "reached": reached, "note": note }))
            }
            Side::Approve { hours } => {
                let granted = rng.random_bool(0.88);
                let note = if granted { words::agreed(rng) } else { words::not_agreed(rng) };
                let long = *hours > SQUAD_HOURS;
                let who = if long {
                    staff.any(Role::Leader, rng)
                } else {
                    staff.of(Role::SquadLeader, self.unit(), rng)
                };
                give(who, json!({ "command": "approve", "granted": granted, "note": note }))
            }
            Side::Join(lead) => {
                give(staff.any(Role::Dispatcher, rng), json!({ "command": "join", "to": lead.0 }))
            }
            Side::Supervise(mark) => {
                let (who, note) = match *mark {
                    "urge" => (Role::Hotline, words::urge(rng)),
                    "instruct" => (Role::Leader, words::instruct(rng)),
                    _ => (Role::Supervisor, words::supervise(rng)),
                };
                give(staff.any(who, rng), json!({ "command": "supervise", "mark": mark, "note": note }))
            }
            Side::Add => {
                give(Some(Caller::reporter("")), json!({ "command": "add", "note": words::more(rng) }))
            }
            Side::Withdraw => give(
                Some(Caller::reporter("")),
                json!({ "command": "withdraw", "note": words::withdraw(rng) }),
            ),
            Side::Dismiss => give(
                staff.any(Role::Dispatcher, rng),
                json!({ "command": "dismiss", "note": words::dismissed(rng) }),
            ),
            Side::Help => give(own(), json!({ "command": "help", "note": words::help(rng) })),
            Side::ReturnOrder => give(
                staff.any(Role::Dispatcher, rng),
                json!({ "command": "return_order", "note": words::return_order(rng) }),
            ),
            Side::Rate => {
                let stars = *[5, 5, 5, 4, 4, 3, 2, 1].choose(rng).unwrap_or(&5);
                let note = if stars > 3 { words::praise(rng) } else { words::complaint(rng) };
                give(Some(Caller::reporter("")), json!({ "command": "rate", "stars": stars, "note": note }))
            }
            Side::Revisit => {
                let settled = rng.random_bool(0.9);
                let (stars, note) = if settled {
                    (rng.random_range(3..=5), words::revisit(rng))
                } else {
                    (rng.random_range(1..=2), words::unsolved(rng))
                };
                give(
                    staff.any(Role::Hotline, rng),
                    json!({ "command": "revisit", "settled": settled, "stars": stars, "note": note }),
                )
            }
            Side::Reopen => {
                let who = if self.told.source == Source::Hotline {
                    staff.any(Role::Hotline, rng)
                } else {
                    Some(Caller::reporter(""))
                };
                give(who, json!({ "command": "reopen", "note": words::reopen(rng) }))
            }
        }
    }
}
