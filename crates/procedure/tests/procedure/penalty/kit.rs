//! One penalty case and the people around it.

use crate::kit::explained;
pub use crate::kit::{json, photo, with};
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{Digest, PersonCode, Role};
use lianzhi_procedure::directory::{Directory, Person, Post};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::facts::Target;
use lianzhi_procedure::penalty::{Case, Event, PaperKind, Penalty, Scope, State, Term};
use lianzhi_procedure::{
    Actor, ExhibitRef, Facts, LookUps, NoLoads, Offer, PartRef, Procedure, Refusal, Text,
};
use lianzhi_testkit::city;
use serde_json::Value;
use std::sync::OnceLock;

/// Everybody who may have to do with a case.
pub const EVERYBODY: &[&str] = &[
    "system",
    "officer-a1",
    "officer-a2",
    "officer-a3",
    "officer-b1",
    "captain-a",
    "leader",
    "leader-2",
    "legal",
    "legal-2",
    "panelist",
    "lawyer",
    "supervisor",
    "public",
];

/// The city with certificates, two leaders and two legal reviewers.
pub fn directory() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let plain = city::directory();
        let mut people = city::people();
        for person in &mut people {
            if person.posts[0].roles.contains(&Role::Officer) {
                person.certificate = Some(format!("09-118-{}", person.code));
            }
        }
        // One officer whose certificate lapsed.
        people.iter_mut().find(|p| p.code.as_str() == "officer-b2").unwrap().certificate = None;
        for (code, role) in [
            ("leader-2", Role::Leader),
            ("legal", Role::LegalReviewer),
            ("legal-2", Role::LegalReviewer),
            ("panelist", Role::Panelist),
            ("lawyer", Role::Lawyer),
        ] {
            people.push(Person {
                code: city::person(code),
                name: code.into(),
                login: code.into(),
                posts: vec![Post { unit: city::unit("bureau"), roles: vec![role], grids: vec![] }],
                certificate: None,
                active: true,
                second_factor: false,
            });
        }
        Directory::new(
            plain.node,
            plain.settings,
            city::units(),
            people,
            city::grids(),
            city::categories(),
            plain.law,
        )
    })
}

/// The same people in a place of which no thresholds are known.
pub fn elsewhere() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let mut city = directory().clone();
        city.node = lianzhi_ids::NodeCode::parse("320509").unwrap();
        city
    })
}

/// The same city without the list of its powers, but for one item.
pub fn powerless() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let mut files = lianzhi_law::LawFiles::builtin();
        let powers = files.iter().find(|(name, _)| name.ends_with("powers.toml")).unwrap();
        let (name, text) = (powers.0.to_owned(), powers.1.replace("[\"*\"]", "[\"SHLJ-02\"]"));
        files.put(&name, &text);
        let law = std::sync::Arc::new(lianzhi_law::LawData::load(&files).unwrap());
        let mut city = directory().clone();
        city.law = law;
        city
    })
}

/// The same city that has set itself stricter terms.
pub fn stricter() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let mut files = lianzhi_law::LawFiles::builtin();
        let mut text = "about = { source = \"t\", date = \"2026-01-01\", licence = \"t\" }\n".to_owned();
        for (key, n) in
            [("seize.period", 20), ("court.apply", 2), ("evidence.advance_registration", 5), ("hearing.notice", 10)]
        {
            text += &format!(
                "[[tighten]]\nkey = \"{key}\"\nn = {n}\nsource = \"本局办案规程\"\nin_force_from = \"2026-06-01\"\n"
            );
        }
        files.put("terms/own.toml", &text);
        let mut city = directory().clone();
        city.law = std::sync::Arc::new(lianzhi_law::LawData::load(&files).unwrap());
        city
    })
}

/// The same city where the basis of [`SMALL`] has no article in the data.
pub fn bare() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| with_items(|text| text.replace("article = \"85\"", "article = \"\"")))
}

/// The city with items that say something else.
pub fn with_items(change: impl FnOnce(&str) -> String) -> Directory {
    let mut files = lianzhi_law::LawFiles::builtin();
    let (name, text) = files.iter().find(|(name, _)| *name == "items/items.toml").unwrap();
    let (name, text) = (name.to_owned(), change(text));
    files.put(&name, &text);
    let mut city = directory().clone();
    city.law = std::sync::Arc::new(lianzhi_law::LawData::load(&files).unwrap());
    city
}

/// A case in the making.
#[derive(Debug, Clone)]
pub struct Docket {
    pub directory: &'static Directory,
    pub now: Timestamp,
    pub state: State,
    pub events: Vec<Event>,
    pub look_ups: LookUps,
    duty: OnDuty,
    numbers: u32,
    texts: u16,
}

/// A signature as it is drawn on a screen.
pub const PICTURE: Digest = Digest([5; 32]);

/// A violation of a resident (1000 to 10000 yuan), found on the day.
pub const SMALL: &str = "FW-02";
/// A violation of a company (100 000 to a million yuan).
pub const LARGE: &str = "JZLJ-01";

pub fn register(item: &str, kind: &str) -> Value {
    json!({
        "command": "register", "source": "inspection", "title": "某某擅自损坏房屋承重结构案", "place": "漕平路 118 号",
        "kind": kind, "particulars": "{\"name\":\"张小三\",\"id_number\":\"310118199001010011\"}",
        "item": item, "from": "2026-11-20", "facts": "擅自拆除承重墙",
    })
}

impl Docket {
    /// Monday, nine in the morning in Beijing; nothing registered.
    pub fn new() -> Docket {
        Docket {
            directory: directory(),
            now: lianzhi_testkit::at("2026-11-23T01:00:00Z"),
            state: State::Nothing,
            events: Vec::new(),
            look_ups: LookUps { reviewed_before: true, ..LookUps::default() },
            duty: OnDuty::default(),
            numbers: 0,
            texts: 0,
        }
    }

    /// A lead with its two officers, checked.
    pub fn lead(item: &str, kind: &str) -> Docket {
        let mut case = Docket::new();
        case.ok("officer-a1", register(item, kind));
        case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
        case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "现场属实" }));
        case
    }

    /// Filed.
    pub fn filed(item: &str, kind: &str) -> Docket {
        let mut case = Docket::lead(item, kind);
        case.approved("officer-a1", json!({ "command": "file", "note": "符合立案标准" }));
        case
    }

    /// Investigated, with what shall be done (fen).
    pub fn planned(item: &str, kind: &str, fine: i64) -> Docket {
        let mut case = Docket::filed(item, kind);
        case.ok("officer-a1", record("inspection"));
        case.ok("officer-a1", record("interview"));
        case.ok("officer-a1", json!({ "command": "finish", "note": "事实清楚" }));
        case.ok("officer-a1", charge(fine));
        case
    }

    /// Told, and the notice served.
    pub fn notified(item: &str, kind: &str, fine: i64) -> Docket {
        let mut case = Docket::planned(item, kind, fine);
        case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
        case.serve_last();
        case
    }

    /// A small fine, decided and served.
    pub fn decided() -> Docket {
        let mut case = Docket::notified(SMALL, "person", 200_000);
        case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
        case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
        case.serve_last();
        case
    }

    /// A large fine with everything that the law demands, up to the proposal of the decision.
    pub fn large() -> Docket {
        let mut case = Docket::notified(LARGE, "company", 20_000_000);
        case.ok(
            "officer-a1",
            json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }),
        );
        case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
        case.ok("leader", discuss());
        case
    }

    /// Planned on a basis of which nobody knows the article.
    pub fn without_article() -> Docket {
        let mut case = Docket::filed(SMALL, "person");
        case.ok("officer-a1", record("inspection"));
        case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
        case.directory = bare();
        case.ok("officer-a1", charge(200_000));
        case
    }

    /// Planned on a basis whose text nobody checked.
    pub fn unverified() -> Docket {
        let unverified = directory().law.items().find_map(|item| {
            let case = lianzhi_law::Case {
                place: directory().law.place("310118").unwrap(),
                kind: lianzhi_law::SubjectKind::Entity,
                facts: vec![],
                begun: "2026-11-20".parse().unwrap(),
                ended: "2026-11-20".parse().unwrap(),
                decided: "2026-11-23".parse().unwrap(),
            };
            let chosen = lianzhi_law::choose(item, &case).ok()?.chosen?;
            let (min, max) = chosen.fine.amounts()?;
            let fits = chosen.needs_confirmation() && !chosen.limit_first && max.0 < 5_000_000;
            fits.then(|| (item.code.to_string(), min.0.max(100)))
        });
        let (item, fine) = unverified.expect("some basis was not checked");
        let mut case = Docket::filed(&item, "company");
        case.ok("officer-a1", record("inspection"));
        case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
        case.ok("officer-a1", charge(fine));
        case
    }

    /// A small fine, decided and served, with an order whose day is over: it is the morning so many days later.
    pub fn ordered(days: i64) -> Docket {
        let mut case = Docket::decided();
        case.ok(
            "officer-a1",
            json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-12-01" }),
        );
        case.serve_last();
        case.days(days);
        // What began with the end of one term is looked at once more.
        case.tick();
        case.tick();
        case
    }

    pub fn hours(&mut self, hours: i64) -> &mut Self {
        self.now += SignedDuration::from_hours(hours);
        self
    }

    pub fn days(&mut self, days: i64) -> &mut Self {
        self.hours(24 * days)
    }

    fn prepare(&mut self, command: &mut <Penalty as Procedure>::Command) -> LookUps {
        for (kind, text) in Penalty::texts(command) {
            if let Text::Plain(plain) = text
                && !plain.trim().is_empty()
            {
                self.texts += 1;
                let mut digest = [7; 32];
                digest[..2].copy_from_slice(&self.texts.to_be_bytes());
                *text = Text::Sealed(PartRef { kind, digest: Digest(digest) });
            }
        }
        let exhibits = command.exhibits().iter().filter(|d| **d != Digest::ZERO);
        let media = |d: &Digest| if *d == PICTURE { "image/png" } else { "image/jpeg" };
        let exhibit = |d: &Digest| ExhibitRef { digest: *d, size: 10, media: media(d).into() };
        self.numbers += 1;
        let n = i64::from(self.numbers);
        let number = Penalty::numbered(&self.state, command).map(|series| series.text("沪青", "", 2026, n));
        LookUps {
            number: number.unwrap_or_default(),
            exhibits: exhibits.map(exhibit).collect(),
            ..self.look_ups.clone()
        }
    }

    pub fn ask(&mut self, who: &str, command: Value) -> Result<Vec<Event>, Refusal> {
        let command = serde_json::from_value(command.clone()).unwrap_or_else(|e| panic!("{command}: {e}"));
        self.give(who, command)
    }

    /// A command that no form sends.
    pub fn give(
        &mut self,
        who: &str,
        mut command: <Penalty as Procedure>::Command,
    ) -> Result<Vec<Event>, Refusal> {
        let look_ups = self.prepare(&mut command);
        let actor = actor(who);
        let facts = Facts {
            now: self.now,
            actor: &actor,
            directory: self.directory,
            duty: &self.duty,
            loads: &NoLoads,
            look_ups: &look_ups,
        };
        Penalty::decide(&self.state, command, &facts)
    }

    pub fn with_facts<T>(&self, who: &str, f: impl FnOnce(&Facts<'_>) -> T) -> T {
        let actor = actor(who);
        f(&Facts {
            now: self.now,
            actor: &actor,
            directory: self.directory,
            duty: &self.duty,
            loads: &NoLoads,
            look_ups: &self.look_ups,
        })
    }

    pub fn offers(&self, who: &str) -> Vec<Offer> {
        self.with_facts(who, |facts| Penalty::offers(&self.state, facts))
    }

    /// What the form of a command says beside one of its fields.
    pub fn hint(&self, who: &str, command: &str, field: &str) -> String {
        let offers = self.offers(who);
        let offer = offers.iter().find(|o| o.command == command).unwrap_or_else(|| panic!("no {command}"));
        let field = offer.fields.iter().find(|f| f.name == field).unwrap_or_else(|| panic!("no {field}"));
        field.hint.to_string()
    }

    /// Takes over what happened, as read back from its JSON.
    pub fn apply(&mut self, events: &[Event]) {
        for event in events {
            let json = serde_json::to_string(event).unwrap();
            let back: Event = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{json}: {e}"));
            assert_eq!(&back, event, "an event must read as it was written");
            self.state = Penalty::evolve(std::mem::take(&mut self.state), &back);
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

    /// When it is asked, it is refused, with a law or rule behind it; nothing changes.
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

    /// Refused under this article.
    pub fn against(&mut self, article: &str, who: &str, command: Value) -> Refusal {
        let refusal = self.refused(who, command);
        assert!(
            refusal.source_text.contains(article),
            "refused by {}, not {article}: {}",
            refusal.source_text,
            refusal.rule
        );
        refusal
    }

    /// Proposed, endorsed by the unit where that is needed, and signed by the leader.
    pub fn approved(&mut self, who: &str, command: Value) -> Vec<Event> {
        self.ok(who, command);
        self.sign()
    }

    /// The last proposal is endorsed where that is needed and signed.
    pub fn sign(&mut self) -> Vec<Event> {
        let last = self.case().pending.last().unwrap().clone();
        if self.case().wants_unit(&last.proposal) {
            self.ok("captain-a", json!({ "command": "endorse", "proposal": last.id, "agreed": true }));
        }
        if last.wants_review() {
            self.ok(
                "legal",
                json!({ "command": "review_proposal", "proposal": last.id, "opinion": "agree", "note": "同意" }),
            );
        }
        self.ok("leader", json!({ "command": "approve", "proposal": last.id, "agreed": true }))
    }

    /// The last paper is handed to everybody whom it names.
    pub fn serve_last(&mut self) {
        let paper = self.case().papers.last().unwrap().paper.clone();
        for party in paper.parties {
            self.ok("officer-a1", serve(paper.id, party, self.now));
        }
    }

    /// Somebody of the office, who typed nothing, finds that what was typed came.
    pub fn confirm_payments(&mut self) {
        let parties = self.case().parties.iter();
        let typed = parties.flat_map(|p| p.money.receipts.iter().map(|r| (p.subject.id, r)));
        let open = typed.filter(|(_, r)| r.unconfirmed()).map(|(id, r)| (id, r.reference.clone()));
        for (party, ticket) in open.collect::<Vec<_>>() {
            self.ok("dispatcher", check_payment(party, &ticket));
        }
    }

    /// The clocks are looked at.
    pub fn tick(&mut self) -> Vec<Event> {
        self.ok("system", json!({ "command": "tick" }))
    }

    pub fn case(&self) -> &Case {
        self.state.case().expect("a case")
    }

    pub fn stage(&self) -> &'static str {
        self.case().stage().code()
    }

    /// Last day of a term that runs.
    pub fn last_day(&self, term: Term, of: Scope) -> jiff::civil::Date {
        let clock = self.case().clock(term, of).unwrap_or_else(|| panic!("{term:?} does not run"));
        lianzhi_procedure::beijing_date(clock.clock.running.due - SignedDuration::from_micros(1))
    }

    pub fn runs(&self, term: Term, of: Scope) -> bool {
        self.case().clock(term, of).is_some()
    }

    /// Number of the last paper of a kind.
    pub fn paper(&self, kind: PaperKind) -> u16 {
        self.case().papers_of(kind).next_back().unwrap_or_else(|| panic!("no {kind:?}")).paper.id
    }

    /// Another case that may be named.
    pub fn target(&mut self, docket: i64) {
        let docket = lianzhi_ids::DocketId(docket);
        self.look_ups.target = Some(Target { docket, open: true, joined: false, lead: None });
    }
}

fn actor(who: &str) -> Actor {
    match who {
        "public" => Actor::Public,
        "system" => Actor::System,
        code => Actor::Person(directory().people[&PersonCode::parse(code).unwrap()].clone()),
    }
}

pub fn record(kind: &str) -> Value {
    json!({
        "command": "record", "kind": kind, "second": "officer-a2", "shown": true, "from": "2026-11-23T00:30:00Z",
        "note": "笔录", "exhibits": photo(),
    })
}

/// A fine in fen for the first violation of the first party.
pub fn charge(fine: i64) -> Value {
    json!({
        "command": "charge", "party": 1, "violation": 1, "tier": "一般", "fine": fine, "note": "情节一般；偏离理由见笔录",
    })
}

pub fn check_payment(party: u16, ticket: &str) -> Value {
    json!({ "command": "check_payment", "party": party, "ticket": ticket, "came": true, "voucher": "沪财 0001" })
}

pub fn serve(paper: u16, party: u16, at: Timestamp) -> Value {
    json!({
        "command": "serve", "paper": paper, "party": party, "way": "direct", "at": at, "note": "本人签收",
        "exhibits": photo(),
    })
}

pub fn discuss() -> Value {
    json!({ "command": "discuss", "present": ["leader", "leader-2"], "agreed": true, "note": "一致同意" })
}

/// Whether the end of a term was among what happened.
pub fn expired(events: &[Event]) -> bool {
    events.iter().any(|e| matches!(e, Event::ClockExpired { .. }))
}
