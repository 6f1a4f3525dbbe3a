//! Any sequence of offers by anybody keeps the rules that must never break.

use crate::kit::*;
use jiff::Timestamp;
use lianzhi_ids::{PersonCode, Role};
use lianzhi_procedure::report::{Because, Event, Report, Stage, State, TermKey};
use lianzhi_procedure::{Actor, Choice, Field, FieldKind, Offer, Placing, Procedure};
use lianzhi_testkit::city;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Draws from a number, as often as needed.
pub struct Dice(pub u64);
impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides.max(1) as u64).unwrap()
    }
    fn choice(&mut self, choices: &[Choice]) -> Option<Value> {
        (!choices.is_empty()).then(|| json!(choices[self.roll(choices.len())].value))
    }
}

fn value(field: &Field, dice: &mut Dice) -> Option<Value> {
    match &field.kind {
        // Coordinates are the application's; everything else in one line is words.
        FieldKind::Line if matches!(field.name, "lng" | "lat") => None,
        // Who is in charge is named with the certificate.
        FieldKind::Line if field.name == "officers" => Some(json!("王某（执法证 沪01234）")),
        FieldKind::Line | FieldKind::Text => Some(json!("按规定办理")),
        FieldKind::Number { min, max } | FieldKind::Money { min, max } => {
            let span = usize::try_from(max - min + 1).unwrap();
            Some(json!(min + i64::try_from(dice.roll(span)).unwrap()))
        }
        FieldKind::Flag => Some(json!(dice.roll(2) == 1)),
        FieldKind::Choice { choices }
        | FieldKind::Person { choices }
        | FieldKind::Category { choices }
        | FieldKind::Grid { choices }
        | FieldKind::Unit { choices, many: false } => dice.choice(choices),
        FieldKind::Unit { choices, many: true } | FieldKind::Many { choices } => {
            let some: Vec<_> = choices.iter().filter(|_| dice.roll(3) == 0).map(|c| &c.value).collect();
            Some(json!(some))
        }
        // People name it by its number; the application finds the docket.
        FieldKind::Matter { .. } => Some(json!(LEAD)),
        FieldKind::Exhibits => Some(photo()),
        FieldKind::Moment | FieldKind::Date => None,
    }
}

/// A command with its fields filled in as a form would let one.
pub fn filled(offer: &Offer, dice: &mut Dice) -> Value {
    let mut fields = Map::new();
    fields.insert("command".into(), json!(offer.command));
    for field in &offer.fields {
        if let Some(value) = value(field, dice) {
            fields.insert(field.name.into(), value);
        }
    }
    // One says whom or where to, not both.
    if offer.command == "dispatch" {
        let drop = if fields.contains_key("officer") && dice.roll(2) == 0 { "unit" } else { "officer" };
        fields.remove(drop);
    }
    Value::Object(fields)
}

/// What must be true of the whole history, followed event by event.
#[derive(Default)]
struct Watch {
    warned: HashMap<TermKey, HashSet<u8>>,
    expired: HashSet<(TermKey, Timestamp)>,
    asked_by: Option<(PersonCode, u32)>,
    granted: bool,
    left: HashMap<TermKey, i64>,
}

impl Watch {
    fn started(&mut self, term: TermKey) {
        self.warned.remove(&term);
        self.left.remove(&term);
        self.expired.retain(|(t, _)| *t != term);
    }

    /// Looks at an event with the state before it.
    fn see(&mut self, case: &Case, actor: &str, event: &Event) {
        let State::File(file) = &case.state else { return };
        let clock = |term| file.clocks.get(term);
        let calendars = case.directory.law.calendars();
        match event {
            Event::Dispatched { .. } => self.started(TermKey::Accept),
            // Others have it: when it comes back, the arrival clock has the time that it had.
            Event::Joined { at, .. } | Event::SentOutside { at, .. } => {
                if let Some(arrive) = clock(TermKey::Arrive).filter(|c| c.stopped.is_none()) {
                    let arrive = &arrive.running.clock;
                    if !arrive.is_late(*at) {
                        self.left.insert(TermKey::Arrive, arrive.remaining_us(calendars, *at).unwrap());
                    }
                }
            }
            Event::ClockStarted { clock, .. } => self.started(clock.term),
            Event::Reopened { clocks, .. } => clocks.iter().for_each(|c| self.started(c.term)),
            Event::ClockWarned { term, percent, .. } => {
                assert!(
                    self.warned.entry(*term).or_default().insert(*percent),
                    "{term:?} {percent} % warned of twice"
                );
                assert!([50, 80].contains(percent));
            }
            Event::ClockExpired { term, .. } => {
                let due = clock(*term).unwrap().running.clock.due;
                assert!(due <= case.now, "{term:?} ran out before its end");
                assert!(self.expired.insert((*term, due)), "{term:?} ran out twice");
            }
            Event::Requested { by, hours, .. } => self.asked_by = Some((by.clone(), *hours)),
            Event::RequestDecided { granted, by, .. } => {
                let (asked_by, hours) = self.asked_by.take().expect("nothing was asked for");
                let by = by.clone().expect("somebody decides");
                assert_ne!(by, asked_by, "nobody grants his own request");
                let level = if hours > 72 { Role::Leader } else { Role::SquadLeader };
                let who = Actor::Person(case.directory.people[&by].clone());
                assert!(who.has(level), "{by} decided on {hours} hours");
                self.granted = *granted;
            }
            Event::ClockChanged { clock: changed, because, at } => {
                let old = &clock(changed.term).unwrap().running.clock;
                match because {
                    Because::Extended | Because::Paused => assert!(self.granted, "not granted"),
                    Because::Resumed => {
                        if let Some(left) = self.left.get(&changed.term) {
                            let now = changed.clock.remaining_us(calendars, *at).unwrap();
                            assert_eq!(now, *left, "{:?} lost or gained time while it rested", changed.term);
                        }
                    }
                    Because::NewCalendar | Because::NewStandard => {}
                }
                match because {
                    Because::Paused if old.paused_since().is_none() && !old.is_late(*at) => {
                        self.left.insert(changed.term, old.remaining_us(calendars, *at).unwrap());
                    }
                    Because::Paused => {}
                    _ => {
                        self.left.remove(&changed.term);
                    }
                }
                if matches!(because, Because::Extended) {
                    // What moved into the future may be warned of when it comes.
                    let later = changed.clock.warnings.iter().filter(|w| w.at > *at).map(|w| w.percent);
                    let later: HashSet<_> = later.filter_map(|p| u8::try_from(p).ok()).collect();
                    self.warned.entry(changed.term).or_default().retain(|p| !later.contains(p));
                }
            }
            Event::Classified { clock: changed, .. } => {
                // Another measure: what is left is another time, and a later end may be missed again.
                self.left.remove(&TermKey::Handle);
                if let (Some(new), Some(old)) = (changed, clock(TermKey::Handle))
                    && new.clock.due > old.running.clock.due
                {
                    self.expired.retain(|(term, _)| *term != TermKey::Handle);
                }
            }
            Event::Verified { by, .. } => {
                assert!(by.is_some() && by.as_ref() != file.officer(), "nobody verifies his own work");
                assert_ne!(by, &file.handled.as_ref().unwrap().by);
            }
            Event::Closed { .. } => {
                assert_ne!(actor, "system", "a person closes");
                assert!(matches!(file.stage, Stage::ToClose { .. }), "closed from {}", file.stage.code());
            }
            _ => {}
        }
    }
}

fn holds(case: &Case) {
    let file = case.file();
    if !file.stage.open() {
        assert_eq!(file.clocks.active().count(), 0, "a closed matter has no running clocks");
        assert_eq!(file.pending, None, "nothing waits for approval any more");
    }
    if !matches!(file.stage, Stage::Suspended { .. }) {
        let resting = file.clocks.active().find(|c| c.running.clock.paused_since().is_some());
        assert!(resting.is_none(), "{resting:?} rests in {}", file.stage.code());
    }
    let summary = Report::summary(&case.state);
    assert_eq!(summary.open, file.stage.open());
    assert_eq!(summary.closed_at.is_some(), !summary.open);
    if !summary.open {
        assert!(summary.todos.is_empty() && summary.wake_at.is_none() && summary.due.is_none());
    }
    let folded = case.events.iter().fold(State::Nothing, |state, event| {
        let json = serde_json::to_string(event).unwrap();
        Report::evolve(state, &serde_json::from_str(&json).unwrap())
    });
    assert_eq!(folded, case.state, "folding the record gives the state");
}

fn happen(case: &mut Case, watch: &mut Watch, who: &str, events: &[Event]) {
    for event in events {
        watch.see(case, who, event);
        case.apply(std::slice::from_ref(event));
    }
    holds(case);
}

fn look_at_clocks(case: &mut Case, watch: &mut Watch) {
    let events = case.ask("system", json!({ "command": "tick" })).unwrap();
    happen(case, watch, "system", &events);
    let wake = Report::summary(&case.state).wake_at;
    assert!(wake.is_none_or(|at| at > case.now), "looked at, it wants to be looked at again at once");
    assert!(case.ask("system", json!({ "command": "tick" })).unwrap().is_empty(), "each exactly once");
}

fn begin(kind: u8) -> Case {
    let mut case = Case::new();
    case.look_ups.duplicates = vec![lianzhi_procedure::Duplicate {
        docket: LEAD,
        number: "沪青2026-000077".into(),
        score: 90,
        reasons: vec!["同类".into()],
    }];
    let mut command = register();
    let mut who = "public";
    match kind % 5 {
        1 => {
            (command["source"], who) = (json!("hotline"), "hotline");
            command["external"] = json!({ "system": "12345", "number": "1" });
        }
        2 => command["category"] = json!(city::MANHOLE),
        3 => {
            case.look_ups.placing = Placing::Unknown;
            command.as_object_mut().unwrap().remove("category");
        }
        4 => {
            case.look_ups.follow = None;
            command["contact"] = json!("");
            case.duty = city::on_duty(&case.directory, &["officer-b1"]);
        }
        _ => {}
    }
    case.ok(who, command);
    case
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_offered_is_accepted_and_the_rules_hold(
        kind in any::<u8>(),
        steps in prop::collection::vec((any::<u64>(), 0..EVERYBODY.len(), 0i64..400), 1..45),
    ) {
        let mut case = begin(kind);
        let mut watch = Watch::default();
        for (seed, who, minutes) in steps {
            let mut dice = Dice(seed);
            case.after_minutes(minutes);
            if dice.roll(3) == 0 {
                look_at_clocks(&mut case, &mut watch);
            }
            // The lead of a joined matter may be settled or end at any time.
            if matches!(case.file().stage, Stage::Joined { .. }) && dice.roll(3) == 0 {
                let outcome = if dice.roll(2) == 0 { json!("cleared") } else { json!(null) };
                let events = case.ask("system", json!({ "command": "lead_settled", "lead": LEAD, "outcome": outcome })).unwrap();
                prop_assert!(!types(&events).contains(&"closed".to_owned()), "closing one never closes another");
                happen(&mut case, &mut watch, "system", &events);
                prop_assert!(case.file().stage.open());
            }
            // Half of the time somebody who may go on, else anybody.
            let who = match case.officer() {
                Some(officer) if dice.roll(2) == 0 => EVERYBODY.iter().find(|w| **w == officer).unwrap(),
                _ => EVERYBODY[who],
            };
            let offers = case.offers(who);
            offers.iter().filter_map(|o| o.refused.as_ref()).for_each(explained);
            let good: Vec<_> = offers.iter().filter(|o| o.refused.is_none()).collect();
            if let Some(offer) = good.get(dice.roll(good.len())) {
                let command = filled(offer, &mut dice);
                match case.ask(who, command.clone()) {
                    Ok(events) => happen(&mut case, &mut watch, who, &events),
                    Err(refusal) => prop_assert!(false, "{who} was offered {command} in {}: {refusal}", case.stage()),
                }
            }
        }
    }

    #[test]
    fn whatever_is_asked_by_whomever_is_accepted_or_explained(
        kind in any::<u8>(),
        steps in prop::collection::vec((any::<u64>(), 0..EVERYBODY.len(), 0..COMMANDS.len(), 0i64..200), 1..40),
    ) {
        let mut case = begin(kind);
        let mut watch = Watch::default();
        for (seed, who, command, minutes) in steps {
            let (mut dice, who) = (Dice(seed), EVERYBODY[who]);
            case.after_minutes(minutes);
            let command = any_command(COMMANDS[command], &mut dice);
            match case.ask(who, command) {
                Ok(events) => happen(&mut case, &mut watch, who, &events),
                Err(refusal) => explained(&refusal),
            }
        }
    }
}

const COMMANDS: &[&str] = &[
    "place",
    "classify",
    "dispatch",
    "take",
    "assist",
    "return",
    "dismiss",
    "accept",
    "arrive",
    "handle",
    "help",
    "ask",
    "approve",
    "resume",
    "verify",
    "answer",
    "close",
    "reopen",
    "rate",
    "contact",
    "return_order",
    "decide_return",
    "revisit",
    "add",
    "withdraw",
    "supervise",
    "join",
    "unjoin",
    "split",
    "erase",
    "tick",
    "recompute",
    "absorb",
    "release",
    "lead_settled",
    "erase_with",
    "split_into",
];

/// Fields of all commands together, some right and some wrong; a command takes those that it knows.
fn any_command(name: &str, dice: &mut Dice) -> Value {
    let mut pick = |values: &[Value]| values[dice.roll(values.len())].clone();
    let digest = json!(lianzhi_ids::Digest::ZERO);
    let files = [json!([]), photo(), json!([digest])];
    json!({
        "command": name,
        "grid": pick(&[json!(null), json!(city::GRIDS[1]), json!("nowhere")]),
        "category": pick(&[json!(city::STALL), json!(city::POSTER), json!(city::MANHOLE), json!("E99999")]),
        "officer": pick(&[json!(null), json!("officer-a2"), json!("officer-b1"), json!("captain-a"), json!("nobody")]),
        "unit": pick(&[json!(null), json!("squad-a"), json!("squad-b"), json!("water"), json!("bureau"), json!("nowhere")]),
        "units": pick(&[json!([]), json!(["squad-b"]), json!(["squad-a", "water"]), json!(["nowhere"])]),
        "note": pick(&[json!("写了几个字"), json!("")]),
        "text": pick(&[json!("您好，已处理"), json!(" ")]),
        "outcome": pick(&[json!("untrue"), json!("cleared"), json!("gone")]),
        "before": pick(&files), "after": pick(&files), "exhibits": pick(&files),
        "what": pick(&[json!("extension"), json!("suspension")]),
        "hours": pick(&[json!(0), json!(1), json!(72), json!(73), json!(9000)]),
        "granted": pick(&[json!(true), json!(false)]),
        "passed": pick(&[json!(true), json!(false)]),
        "channel": "phone",
        "stars": pick(&[json!(0), json!(3), json!(200)]),
        "reached": true, "settled": false,
        "mark": pick(&[json!("supervise"), json!("urge"), json!("instruct")]),
        "to": pick(&[json!(LEAD), json!(5)]),
        "parts": [], "reason": pick(&[json!("本人申请"), json!("")]),
        "from": 5, "lead": LEAD, "docket": 6,
    })
}
