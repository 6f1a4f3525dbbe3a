//! One report and the people around it.

use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{Digest, DocketId, PersonCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::facts::Target;
use lianzhi_procedure::report::{Command, Event, File, Report, State, TermKey};
use lianzhi_procedure::{
    Actor, AnyCommand, ExhibitRef, Facts, Loads, LookUps, Offer, PartRef, Placing, Procedure, Refusal, Text,
};
use lianzhi_testkit::city;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::OnceLock;

pub use serde_json::json;

/// Everybody with a sign-in, and who else may ask.
pub const EVERYBODY: &[&str] = &[
    "public",
    "reporter",
    "system",
    "admin",
    "auditor",
    "dispatcher",
    "hotline",
    "verifier",
    "leader",
    "supervisor",
    "captain-a",
    "patroller",
    "officer-a1",
    "officer-a2",
    "officer-a3",
    "captain-b",
    "officer-b1",
    "officer-b2",
];
pub const OFFICERS: &[&str] = &["officer-a1", "officer-a2", "officer-a3", "officer-b1", "officer-b2"];
/// The lead matter in tests of joining.
pub const LEAD: DocketId = DocketId(77);

pub fn directory() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(city::directory)
}

/// Open matters of each officer.
#[derive(Debug, Clone, Default)]
pub struct Busy(pub HashMap<PersonCode, u32>);
impl Loads for Busy {
    fn open(&self, person: &PersonCode) -> u32 {
        self.0.get(person).copied().unwrap_or(0)
    }
}

/// A report in the making and all that surrounds it.
#[derive(Debug, Clone)]
pub struct Case {
    pub directory: Directory,
    pub duty: OnDuty,
    pub loads: Busy,
    pub now: Timestamp,
    pub state: State,
    pub events: Vec<Event>,
    pub look_ups: LookUps,
    texts: u8,
}

fn actor(directory: &Directory, who: &str) -> Actor {
    match who {
        "public" => Actor::Public,
        "reporter" => Actor::Reporter,
        "system" => Actor::System,
        code => city::actor(directory, code),
    }
}

impl Case {
    /// Monday, nine in the morning in Beijing; everybody on duty; nothing reported.
    pub fn new() -> Case {
        let directory = directory().clone();
        Case {
            duty: city::on_duty(&directory, OFFICERS),
            directory,
            loads: Busy::default(),
            now: lianzhi_testkit::at("2026-11-23T01:00:00Z"),
            state: State::Nothing,
            events: Vec::new(),
            look_ups: LookUps {
                number: "沪青2026-000001".into(),
                follow: Some(Digest([9; 32])),
                placing: Placing::Inside { grid: city::grid(city::GRIDS[0]) },
                complainant: Some(Digest([8; 32])),
                target: Some(Target { docket: LEAD, open: true, joined: false, lead: None }),
                ..LookUps::default()
            },
            texts: 0,
        }
    }

    /// A stall in grid 1, reported by a citizen; its officer is officer-a1.
    pub fn reported() -> Case {
        let mut case = Case::new();
        case.ok("public", register());
        case
    }

    /// As [`Case::reported`], accepted by its officer and on site.
    pub fn on_site() -> Case {
        let mut case = Case::reported();
        case.ok("officer-a1", json!({ "command": "accept" }));
        case.ok("officer-a1", json!({ "command": "arrive" }));
        case
    }

    /// As [`Case::on_site`], handled.
    pub fn handled() -> Case {
        let mut case = Case::on_site();
        case.ok("officer-a1", handle("untrue"));
        case
    }

    /// As [`Case::handled`], verified, answered and closed.
    pub fn closed() -> Case {
        let mut case = Case::handled();
        case.ok("verifier", json!({ "command": "verify", "passed": true }));
        case.ok("officer-a1", json!({ "command": "answer", "text": "已到场", "channel": "phone" }));
        case.ok("dispatcher", json!({ "command": "close" }));
        case
    }

    pub fn after_minutes(&mut self, minutes: i64) -> &mut Self {
        self.now += SignedDuration::from_mins(minutes);
        self
    }

    /// Seals texts as the application does, and finds the exhibits that are named.
    fn prepare(&mut self, command: &mut Command) -> LookUps {
        for (kind, text) in Report::texts(command) {
            if let Text::Plain(plain) = text
                && !plain.trim().is_empty()
            {
                self.texts = self.texts.wrapping_add(1);
                let mut digest = [self.texts; 32];
                digest[31] = u8::try_from(self.events.len() % 250).unwrap();
                *text = Text::Sealed(PartRef { kind, digest: Digest(digest) });
            }
        }
        let exhibits = command.exhibits().into_iter().filter(|d| *d != Digest::ZERO);
        LookUps {
            exhibits: exhibits
                .map(|digest| {
                    let media = if digest == VOICE { "audio/webm" } else { "image/jpeg" };
                    ExhibitRef { digest, size: 10, media: media.into() }
                })
                .collect(),
            ..self.look_ups.clone()
        }
    }

    /// Asks; nothing changes yet.
    pub fn ask(&mut self, who: &str, command: Value) -> Result<Vec<Event>, Refusal> {
        let command = serde_json::from_value(command.clone()).unwrap_or_else(|e| panic!("{command}: {e}"));
        self.ask_typed(who, command)
    }

    pub fn ask_typed(&mut self, who: &str, mut command: Command) -> Result<Vec<Event>, Refusal> {
        let look_ups = self.prepare(&mut command);
        let actor = actor(&self.directory, who);
        let facts = Facts {
            now: self.now,
            actor: &actor,
            directory: &self.directory,
            duty: &self.duty,
            loads: &self.loads,
            look_ups: &look_ups,
        };
        Report::decide(&self.state, command, &facts)
    }

    pub fn offers(&self, who: &str) -> Vec<Offer> {
        let actor = actor(&self.directory, who);
        let facts = Facts {
            now: self.now,
            actor: &actor,
            directory: &self.directory,
            duty: &self.duty,
            loads: &self.loads,
            look_ups: &self.look_ups,
        };
        Report::offers(&self.state, &facts)
    }

    /// Takes over what happened, as read back from its JSON.
    pub fn apply(&mut self, events: &[Event]) {
        for event in events {
            let json = serde_json::to_string(event).unwrap();
            let back: Event = serde_json::from_str(&json).unwrap();
            assert_eq!(&back, event, "an event must read as it was written");
            self.state = Report::evolve(std::mem::take(&mut self.state), &back);
            self.events.push(back);
        }
    }

    /// When it is asked, it happens.
    pub fn ok(&mut self, who: &str, command: Value) -> Vec<Event> {
        let said = command.to_string();
        let events = self.ask(who, command).unwrap_or_else(|refusal| panic!("{who} {said}: {refusal}"));
        self.apply(&events);
        events
    }

    /// When it is asked, it is refused and explained; nothing changes.
    pub fn refused(&mut self, who: &str, command: Value) -> Refusal {
        let said = command.to_string();
        match self.ask(who, command) {
            Err(refusal) => {
                explained(&refusal);
                refusal
            }
            Ok(events) => panic!("{who} {said} should be refused, but: {events:?}"),
        }
    }

    /// The clocks are looked at.
    pub fn tick(&mut self) -> Vec<Event> {
        self.ok("system", json!({ "command": "tick" }))
    }

    pub fn file(&self) -> &File {
        match &self.state {
            State::File(file) => file,
            State::Nothing => panic!("nothing reported yet"),
        }
    }

    pub fn stage(&self) -> &'static str {
        self.file().stage.code()
    }

    pub fn officer(&self) -> Option<&str> {
        self.file().officer().map(PersonCode::as_str)
    }

    pub fn due(&self, term: TermKey) -> Timestamp {
        self.file().clocks.get(term).unwrap().running.clock.due
    }

    /// Whether a clock runs.
    pub fn runs(&self, term: TermKey) -> bool {
        self.file().clocks.get(term).is_some_and(|c| c.stopped.is_none())
    }
}

/// A refusal must help: the rule, where it comes from, what to do.
pub fn explained(refusal: &Refusal) {
    for text in [&refusal.rule, &refusal.source_text, &refusal.remedy] {
        assert!(!text.trim().is_empty(), "a refusal without rule, source or remedy: {refusal:?}");
    }
}

pub fn register() -> Value {
    json!({
        "command": "register", "source": "citizen", "category": city::STALL,
        "narrative": "{\"description\":\"店外摆摊\",\"address\":\"漕平路 118 号\"}",
        "contact": "{\"name\":\"张小三\",\"phone\":\"13800001234\"}",
    })
}

/// A command with one field more or another value.
pub fn with(mut command: Value, field: &str, value: Value) -> Value {
    command[field] = value;
    command
}

pub fn photo() -> Value {
    json!([Digest([3; 32])])
}

/// A voice note.
pub const VOICE: Digest = Digest([4; 32]);

/// A result with a photo afterwards.
pub fn handle(outcome: &str) -> Value {
    json!({ "command": "handle", "outcome": outcome, "note": "做了什么", "after": photo() })
}

/// Types of events.
pub fn types(events: &[Event]) -> Vec<String> {
    events.iter().map(|e| serde_json::to_value(e).unwrap()["type"].as_str().unwrap().to_owned()).collect()
}

/// Those of the commands told to other dockets that go to reports.
pub fn reports(told: Vec<(DocketId, AnyCommand)>) -> Vec<(DocketId, Command)> {
    let report = |(docket, command)| match command {
        AnyCommand::Report(command) => Some((docket, command)),
        _ => None,
    };
    told.into_iter().filter_map(report).collect()
}
