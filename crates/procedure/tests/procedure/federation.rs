//! Four offices that share a docket: what one says reaches the others when a test lets it.

use crate::kit::explained;
use jiff::{SignedDuration, Timestamp};
use lianzhi_exchange::compact::{Agreed, Proposal, Roster};
use lianzhi_exchange::signature::Signature;
use lianzhi_ids::{Digest, DocketId, Role, SharedId};
use lianzhi_procedure::directory::{Directory, Person, Post};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::{
    Actor, ExhibitRef, Facts, LookUps, NoLoads, Offer, PartRef, Procedure, Refusal, Summary, Text,
};
use lianzhi_testkit::city;
use lianzhi_testkit::members::{FOUR, founding, node};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// People of each office who have to do with cooperation, and one who has not.
pub const STAFF: [&str; 4] = ["leader", "liaison", "admin", "officer-a1"];

/// One office.
pub struct Office<P: Procedure> {
    pub directory: Directory,
    pub state: P::State,
    /// Its own entries, in order.
    pub sent: Vec<String>,
    pub events: Vec<P::Event>,
}

/// All offices.
pub struct Federation<P: Procedure> {
    pub offices: BTreeMap<&'static str, Office<P>>,
    pub now: Timestamp,
    /// What the application signs for a command.
    pub sign: fn(&str, &P::Command) -> Option<Signature>,
    texts: u8,
}

/// The compact of the four in force.
pub fn roster() -> Arc<Roster> {
    let id = SharedId { node: node(FOUR[0]), generation: 1, id: DocketId(7) };
    let (_, agreed) = Proposal::draft(None, id.to_string(), 0, founding(), Timestamp::UNIX_EPOCH).unwrap();
    let Agreed { epoch, digest, past, former, .. } = agreed;
    Arc::new(Roster { epoch, digest, past, former, revoked: vec![] })
}

impl<P: Procedure> Federation<P>
where
    P::Command: DeserializeOwned,
    P::Event: Serialize + DeserializeOwned + PartialEq + Clone + std::fmt::Debug,
{
    pub fn new(roster: Option<Arc<Roster>>) -> Federation<P> {
        let office = |code: &'static str| {
            let mut directory = city::directory().with_roster(roster.clone());
            directory.node = node(code);
            let liaison = Person {
                code: city::person("liaison"),
                name: "联络员甲".into(),
                login: "liaison".into(),
                posts: vec![Post { unit: city::unit("bureau"), roles: vec![Role::Liaison], grids: vec![] }],
                certificate: None,
                active: true,
                second_factor: false,
            };
            directory.people.insert(liaison.code.clone(), Arc::new(liaison));
            (code, Office { directory, state: P::State::default(), sent: vec![], events: vec![] })
        };
        Federation {
            offices: FOUR.into_iter().map(office).collect(),
            now: lianzhi_testkit::at("2026-11-23T01:00:00Z"),
            sign: |_, _| None,
            texts: 0,
        }
    }

    pub fn after_hours(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
    }

    fn with_facts<T>(
        &self,
        at: &str,
        actor: &Actor,
        look_ups: &LookUps,
        f: impl FnOnce(&Facts<'_>) -> T,
    ) -> T {
        f(&Facts {
            now: self.now,
            actor,
            directory: &self.offices[at].directory,
            duty: &OnDuty::default(),
            loads: &NoLoads,
            look_ups,
        })
    }

    fn actor(&self, at: &str, who: &str) -> Actor {
        match who {
            "system" => Actor::System,
            "public" => Actor::Public,
            code => Actor::Person(self.offices[at].directory.people[&city::person(code)].clone()),
        }
    }

    /// Asks; nothing changes yet.
    pub fn ask(&mut self, at: &str, who: &str, command: Value) -> Result<Vec<P::Event>, Refusal> {
        let mut command: P::Command =
            serde_json::from_value(command.clone()).unwrap_or_else(|e| panic!("{command}: {e}"));
        for (kind, text) in P::texts(&mut command) {
            if !text.is_empty() {
                self.texts = self.texts.wrapping_add(1);
                *text = Text::Sealed(PartRef { kind, digest: Digest([self.texts; 32]) });
            }
        }
        let look_ups = LookUps {
            number: "沪青协议2026-0001".into(),
            shared: Some(SharedId { node: node(at), generation: 1, id: DocketId(7) }),
            signature: (self.sign)(at, &command),
            exhibits: vec![ExhibitRef { digest: Digest([3; 32]), size: 10, media: "image/jpeg".into() }],
            ..LookUps::default()
        };
        let actor = self.actor(at, who);
        let state = &self.offices[at].state;
        self.with_facts(at, &actor, &look_ups, |facts| P::decide(state, command, facts))
    }

    /// When it is asked, it happens; what it says waits to be delivered.
    pub fn ok(&mut self, at: &str, who: &str, command: Value) -> Vec<P::Event> {
        let said = command.to_string();
        let events =
            self.ask(at, who, command).unwrap_or_else(|refusal| panic!("{at} {who} {said}: {refusal}"));
        self.apply(at, &events);
        events
    }

    /// When it is asked, it is refused and explained.
    pub fn refused(&mut self, at: &str, who: &str, command: Value) -> Refusal {
        let said = command.to_string();
        match self.ask(at, who, command) {
            Err(refusal) => {
                explained(&refusal);
                refusal
            }
            Ok(events) => panic!("{at} {who} {said} should be refused, but: {events:?}"),
        }
    }

    pub fn apply(&mut self, at: &str, events: &[P::Event]) {
        let office = self.offices.get_mut(at).unwrap();
        for event in events {
            let back: P::Event = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
            assert_eq!(&back, event, "an event must read as it was written");
            office.state = P::evolve(std::mem::take(&mut office.state), &back);
            if let Some(out) = P::outgoing(&back) {
                office.sent.push(out.entry.to_owned());
                assert!(out.to.iter().all(|to| to.as_str() != at), "nobody writes to himself");
            }
            office.events.push(back);
        }
    }

    fn known(&self, to: &str, from: &str) -> usize {
        let head = P::streams(&self.offices[to].state).and_then(|s| s.head(&node(from)));
        head.map_or(0, |h| usize::try_from(h.next).unwrap())
    }

    /// The next of what one said reaches another, if there is any; a refusal when it is not yet understood.
    pub fn deliver(&mut self, to: &str, from: &str) -> Option<Result<(), Refusal>> {
        let entry = self.offices[from].sent.get(self.known(to, from)).cloned()?;
        if to == from {
            return None;
        }
        let command = P::hear(entry, Digest([1; 32])).unwrap();
        let actor = Actor::Member(node(from));
        let state = &self.offices[to].state;
        let heard =
            self.with_facts(to, &actor, &LookUps::default(), |facts| P::decide(state, command, facts));
        Some(heard.map(|events| self.apply(to, &events)))
    }

    /// Everything reaches everybody.
    pub fn deliver_all(&mut self) {
        loop {
            let mut any = false;
            for to in FOUR {
                for from in FOUR {
                    any |= matches!(self.deliver(to, from), Some(Ok(())));
                }
            }
            if !any {
                return;
            }
        }
    }

    pub fn offers(&self, at: &str, who: &str) -> Vec<Offer> {
        let actor = self.actor(at, who);
        let exhibits = vec![ExhibitRef { digest: Digest([3; 32]), size: 10, media: "image/jpeg".into() }];
        let look_ups = LookUps { number: "-".into(), exhibits, ..LookUps::default() };
        let state = &self.offices[at].state;
        self.with_facts(at, &actor, &look_ups, |facts| P::offers(state, facts))
    }

    pub fn summary(&self, at: &str) -> Summary {
        P::summary(&self.offices[at].state)
    }
}

#[test]
fn the_series_of_a_number_is_read_back_from_it() {
    use lianzhi_procedure::Numbered;
    for (wanted, n) in [(Numbered::Cooperation("协查"), 12), (Numbered::Letter("协查"), 3)] {
        let text = wanted.text("沪青", "", 2026, n);
        assert_eq!(Numbered::read("沪青", &text), Some((wanted.series("", 2026), n)), "{text}");
        assert_eq!(Numbered::read("苏吴", &text), None, "another member's numbers are not ours");
    }
    for other in
        ["沪青2026-000123", "沪青", "沪青协查2026-", "沪青协查字〔2026〕号", "请于2026-07-01前答复", ""]
    {
        assert_eq!(Numbered::read("沪青", other), None, "{other}");
    }
}
