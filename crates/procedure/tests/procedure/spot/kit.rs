//! One sheet, or the slips of one party, and the people around it.

use crate::kit::explained;
pub use crate::kit::{json, photo, with};
pub use crate::penalty::kit::PICTURE;
use crate::penalty::kit::directory;
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{Digest, PersonCode};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::{
    Actor, ExhibitRef, Facts, LookUps, NoLoads, Offer, PartRef, Procedure, Refusal, Text,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Everybody who may have to do with it.
pub const EVERYBODY: &[&str] = &[
    "system",
    "officer-a1",
    "officer-a2",
    "officer-a3",
    "officer-b1",
    "captain-a",
    "leader",
    "legal",
    "public",
];

/// Parked on the pavement: 20 to 200 yuan, for persons.
pub const PARKING: &str = "CL-01";
/// Barbecue in the open: 500 to 5000 yuan.
pub const BARBECUE: &str = "FS-03";
/// Rubbish not sorted: 50 to 200 yuan, only when an order was not followed.
pub const RUBBISH: &str = "SHLJ-02";
/// Gas used unsafely: up to 1000 yuan for persons, once the day of an order has passed.
pub const GAS: &str = "RQ-02";
/// Noise in a public place: 200 to 1000 yuan and a warning for persons, when an order was not followed.
pub const NOISE: &str = "ZS-02";
/// A stall in the street: its basis was not checked.
pub const STALL: &str = "ZD-01";

/// A docket in the making.
#[derive(Debug)]
pub struct Docket<P: Procedure> {
    pub now: Timestamp,
    pub state: P::State,
    pub events: Vec<P::Event>,
    pub look_ups: LookUps,
    duty: OnDuty,
    numbers: i64,
    texts: u16,
}

/// Events need not be cloned by procedures; their JSON reads back as they were.
impl<P: Procedure> Clone for Docket<P>
where
    P::Event: Serialize + DeserializeOwned,
{
    fn clone(&self) -> Self {
        let again = |e: &P::Event| serde_json::from_value(serde_json::to_value(e).unwrap()).unwrap();
        Docket {
            now: self.now,
            state: self.state.clone(),
            events: self.events.iter().map(again).collect(),
            look_ups: self.look_ups.clone(),
            duty: self.duty.clone(),
            numbers: self.numbers,
            texts: self.texts,
        }
    }
}

impl<P: Procedure> Docket<P>
where
    P::Command: DeserializeOwned,
    P::Event: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    /// Monday, nine in the morning in Beijing; nothing happened.
    pub fn new() -> Self {
        Docket {
            now: lianzhi_testkit::at("2026-11-23T01:00:00Z"),
            state: P::State::default(),
            events: Vec::new(),
            look_ups: LookUps { subject: Some(Digest([5; 32])), ..LookUps::default() },
            duty: OnDuty::default(),
            numbers: 0,
            texts: 0,
        }
    }

    pub fn hours(&mut self, hours: i64) -> &mut Self {
        self.now += SignedDuration::from_hours(hours);
        self
    }

    pub fn days(&mut self, days: i64) -> &mut Self {
        self.hours(24 * days)
    }

    /// Seals texts and finds what is named, as the application does.
    fn prepare(&mut self, command: &mut P::Command, json: &Value) -> LookUps {
        for (kind, text) in P::texts(command) {
            if let Text::Plain(plain) = text
                && !plain.trim().is_empty()
            {
                self.texts += 1;
                let mut digest = [7; 32];
                digest[..2].copy_from_slice(&self.texts.to_be_bytes());
                *text = Text::Sealed(PartRef { kind, digest: Digest(digest) });
            }
        }
        let named: Vec<Digest> = serde_json::from_value(json["exhibits"].clone()).unwrap_or_default();
        let exhibits = named.iter().filter(|d| **d != Digest::ZERO);
        let media = |d: &Digest| if *d == PICTURE { "image/png" } else { "image/jpeg" };
        let exhibit = |d: &Digest| ExhibitRef { digest: *d, size: 10, media: media(d).into() };
        self.numbers += 1;
        let number =
            P::numbered(&self.state, command).map(|series| series.text("沪青", "", 2026, self.numbers));
        LookUps {
            number: number.unwrap_or_default(),
            exhibits: exhibits.map(exhibit).collect(),
            ..self.look_ups.clone()
        }
    }

    pub fn ask(&mut self, who: &str, json: Value) -> Result<Vec<P::Event>, Refusal> {
        let mut command = serde_json::from_value(json.clone()).unwrap_or_else(|e| panic!("{json}: {e}"));
        let look_ups = self.prepare(&mut command, &json);
        let actor = actor(who);
        let facts = Facts {
            now: self.now,
            actor: &actor,
            directory: directory(),
            duty: &self.duty,
            loads: &NoLoads,
            look_ups: &look_ups,
        };
        P::decide(&self.state, command, &facts)
    }

    pub fn offers(&self, who: &str) -> Vec<Offer> {
        let actor = actor(who);
        P::offers(
            &self.state,
            &Facts {
                now: self.now,
                actor: &actor,
                directory: directory(),
                duty: &self.duty,
                loads: &NoLoads,
                look_ups: &self.look_ups,
            },
        )
    }

    /// Takes over what happened, as read back from its JSON.
    pub fn apply(&mut self, events: &[P::Event]) {
        for event in events {
            let json = serde_json::to_string(event).unwrap();
            let back: P::Event = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{json}: {e}"));
            assert_eq!(&back, event, "an event must read as it was written");
            self.state = P::evolve(std::mem::take(&mut self.state), &back);
            self.events.push(back);
        }
    }

    /// When it is asked, it happens.
    pub fn ok(&mut self, who: &str, command: Value) {
        let said = command.to_string();
        let events = self.ask(who, command).unwrap_or_else(|refusal| panic!("{who} {said}: {refusal}"));
        self.apply(&events);
    }

    /// When it is asked, it is refused under this article, and nothing changes.
    pub fn against(&mut self, article: &str, who: &str, command: Value) -> Refusal {
        let said = command.to_string();
        match self.ask(who, command) {
            Err(refusal) => {
                explained(&refusal);
                assert!(
                    refusal.source_text.contains(article),
                    "refused by {}, not {article}: {}",
                    refusal.source_text,
                    refusal.rule
                );
                refusal
            }
            Ok(events) => panic!("{who} {said} should be refused, but: {events:?}"),
        }
    }

    pub fn tick(&mut self) {
        self.ok("system", json!({ "command": "tick" }));
    }

    pub fn stage(&self) -> &'static str {
        P::summary(&self.state).stage
    }

    pub fn todo(&self) -> Vec<&'static str> {
        P::summary(&self.state).todos.iter().map(|t| t.what).collect()
    }
}

fn actor(who: &str) -> Actor {
    match who {
        "public" => Actor::Public,
        "system" => Actor::System,
        code => Actor::Person(directory().people[&PersonCode::parse(code).unwrap()].clone()),
    }
}

/// A form as it is begun; nothing is told yet.
pub fn form(item: &str, kind: &str) -> Value {
    json!({
        "command": "open", "unit": "squad-a", "place": "漕平路 118 号门前", "second": "officer-a2", "shown": true,
        "kind": kind, "particulars": "{\"name\":\"张小三\",\"id_number\":\"310118199001010011\"}",
        "item": item, "from": "2026-11-23", "facts": "占用人行道停放", "exhibits": photo(),
    })
}

/// The whole form in one go: told a fine in fen, and nothing to say.
pub fn whole(item: &str, kind: &str, tier: &str, fine: i64) -> Value {
    let mut form = form(item, kind);
    for (name, value) in
        [("told", json!(true)), ("fine", json!(fine)), ("tier", json!(tier)), ("heard", json!(true))]
    {
        form[name] = value;
    }
    form
}

pub fn tell(tier: &str, fine: i64) -> Value {
    json!({ "command": "tell", "fine": fine, "tier": tier })
}

/// What was taken on the spot, paid in at the bank by the agency.
pub fn check_payment(ticket: &str) -> Value {
    json!({ "command": "check_payment", "ticket": ticket, "came": true, "voucher": "沪财 0009" })
}

pub fn deposit() -> Value {
    json!({ "command": "deposit", "ticket": "沪财 0001", "on": "2026-11-23", "reference": "B-9", "exhibits": photo() })
}
