//! Several members in memory, each with its own people and its own record of one shared matter.

use jiff::{SignedDuration, Timestamp};
use lianzhi_exchange::compact::{Epoch, Form, Level, ListEntry, Member, Roster, Shared};
use lianzhi_exchange::stream::StreamEntry;
use lianzhi_ids::{Digest, NodeCode, Role};
use lianzhi_procedure::cooperation::{
    Act, Event, File, Stage, Term, command_of, command_of_mut, event_of, file_of, turn_of,
};
use lianzhi_procedure::directory::{Directory, Person, Post, Settings};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::{
    Actor, AnyCommand, AnyEvent, AnyState, ExhibitRef, Facts, Kind, LookUps, NoLoads, Offer, PartRef,
    Refusal, Summary, Text, stream,
};
use lianzhi_testkit::city;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub use crate::kit::{explained, with};
pub use serde_json::json;

/// 青浦, which opens matters.
pub const Q: &str = "310118";
/// 吴江, in another province.
pub const W: &str = "320509";
/// 嘉善, in a third.
pub const J: &str = "330421";
/// 浦东, in the province of the first.
pub const P: &str = "310115";
const MEMBERS: [(&str, &str, &str); 4] =
    [(Q, "沪青", "青浦城管"), (W, "苏吴", "吴江城管"), (J, "浙嘉", "嘉善执法"), (P, "沪浦", "浦东城管")];
/// Everybody at a node who may ask something of a shared matter.
pub const PEOPLE: &[&str] =
    &["handler", "liaison", "reviewer", "leader", "captain-a", "dispatcher", "officer-b1"];

pub fn node(code: &str) -> NodeCode {
    NodeCode::parse(code).unwrap()
}

/// An entry that allows everything between all members.
pub fn entry() -> ListEntry {
    ListEntry {
        id: "HZ-01".into(),
        title: "跨界倾倒建筑垃圾协同查处".into(),
        domain: "市容环卫".into(),
        items: Vec::new(),
        forms: Form::ALL.to_vec(),
        parties: Vec::new(),
        fields: Shared::ALL.to_vec(),
        purpose: "查处跨界违法".into(),
        onward: true,
        term_days: 15,
        urgent_days: 5,
        superiors: vec!["市局".into(), "省厅".into()],
        from: "2026-01-01".parse().unwrap(),
        until: None,
    }
}

/// The compact with this list.
pub fn roster(list: Vec<ListEntry>) -> Roster {
    let member = |(code, _, name): (&str, &str, &str)| Member {
        node: node(code),
        name: name.into(),
        level: Level::District,
        superior: String::new(),
        keys: Vec::new(),
        log_key: String::new(),
        witness_key: String::new(),
        addresses: Vec::new(),
        liaisons: Vec::new(),
        signatory: true,
    };
    let epoch = Epoch {
        round: 0,
        changes: Digest::ZERO,
        v: 1,
        compact: "310118.1.1".into(),
        number: 1,
        parent: Digest::ZERO,
        at: "2026-11-01T00:00:00Z".parse().unwrap(),
        title: "长三角城市管理执法协作机制".into(),
        k: 2,
        members: MEMBERS.map(member).to_vec(),
        pairs: Vec::new(),
        list,
    };
    serde_json::from_value(json!({ "epoch": epoch, "digest": Digest([7; 32]) })).unwrap()
}

fn directory(code: &str) -> Arc<Directory> {
    static ALL: OnceLock<BTreeMap<&str, Arc<Directory>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let city = crate::kit::directory();
        let roster = Arc::new(roster(vec![entry()]));
        let one = |code: &str, name: &str, role: Role| Person {
            code: city::person(code),
            name: name.into(),
            login: code.into(),
            posts: vec![Post { unit: city::unit("bureau"), roles: vec![role], grids: Vec::new() }],
            certificate: (role == Role::Handler).then(|| "310118001".into()),
            active: true,
            second_factor: false,
        };
        let of = |(code, prefix, agency): (&'static str, &str, &str)| {
            let mut people = city::people();
            people.extend([
                one("liaison", "联络员甲", Role::Liaison),
                one("handler", "办案员甲", Role::Handler),
                one("reviewer", "法制员甲", Role::LegalReviewer),
            ]);
            let settings =
                Settings { number_prefix: prefix.into(), agency: agency.into(), ..city::settings() };
            let mut directory = Directory::new(
                node(code),
                settings,
                city::units(),
                people,
                vec![],
                city::categories(),
                city.law.clone(),
            );
            directory.roster = Some(roster.clone());
            (code, Arc::new(directory))
        };
        MEMBERS.map(of).into()
    });
    all[code].clone()
}

/// A member with what it recorded.
#[derive(Debug, Clone)]
pub struct Site {
    pub code: &'static str,
    pub directory: Arc<Directory>,
    pub state: AnyState,
    pub events: Vec<Event>,
    series: BTreeMap<String, i64>,
}

/// A shared matter and all who work on it.
#[derive(Debug, Clone)]
pub struct Matter {
    pub form: Form,
    pub now: Timestamp,
    pub sites: BTreeMap<&'static str, Site>,
    /// What each member said, with those to whom it goes.
    pub wire: BTreeMap<NodeCode, Vec<(String, Vec<NodeCode>)>>,
    texts: u8,
}

impl Matter {
    /// Monday, nine in the morning in Beijing; nothing begun.
    pub fn new(form: Form) -> Matter {
        let kind = Kind::from_code(form.code()).unwrap();
        let site = |(code, _, _): (&'static str, &str, &str)| {
            let (directory, state) = (directory(code), kind.empty());
            (code, Site { code, directory, state, events: Vec::new(), series: BTreeMap::new() })
        };
        Matter {
            form,
            now: lianzhi_testkit::at("2026-11-23T01:00:00Z"),
            sites: MEMBERS.map(site).into(),
            wire: BTreeMap::new(),
            texts: 0,
        }
    }

    /// Begun, reviewed and signed by the first member, not yet arrived.
    pub fn sent(form: Form, to: &[&str]) -> Matter {
        let mut matter = Matter::new(form);
        matter.ok(Q, "handler", letter(form, to));
        matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
        matter.ok(Q, "leader", json!({ "command": "sign", "agreed": true }));
        matter
    }

    /// Arrived at the second member, registered there and given to somebody; the first knows.
    pub fn assigned(form: Form) -> Matter {
        let mut matter = Matter::sent(form, &[W]);
        matter.deliver();
        matter.take_in(W);
        matter.deliver();
        matter
    }

    /// As [`Matter::assigned`], and accepted.
    pub fn accepted(form: Form) -> Matter {
        let mut matter = Matter::assigned(form);
        matter.ok(W, "handler", json!({ "command": "accept" }));
        matter.deliver();
        matter
    }

    /// 收文登记 and 分办.
    pub fn take_in(&mut self, at: &str) {
        self.ok(at, "liaison", json!({ "command": "register" }));
        self.ok(at, "liaison", json!({ "command": "assign", "person": "handler" }));
    }

    /// 拟稿—审核—签发.
    pub fn letter(&mut self, at: &str, draft: Value) {
        self.ok(at, "handler", draft);
        self.sign(at);
    }

    /// 审核—签发.
    pub fn sign(&mut self, at: &str) {
        self.ok(at, "reviewer", json!({ "command": "review", "agreed": true }));
        self.ok(at, "leader", json!({ "command": "sign", "agreed": true }));
    }

    /// Asks; nothing changes yet.
    pub fn ask(&self, at: &str, who: &str, command: Value) -> Result<Vec<AnyEvent>, Refusal> {
        let kind = Kind::from_code(self.form.code()).unwrap();
        let command = kind.command(command.clone()).unwrap_or_else(|e| panic!("{command}: {e}"));
        let site = &self.sites[at];
        let actor = match who {
            "system" => Actor::System,
            code => city::actor(&site.directory, code),
        };
        self.decide(at, &actor, command)
    }

    pub fn decide(&self, at: &str, actor: &Actor, mut command: AnyCommand) -> Result<Vec<AnyEvent>, Refusal> {
        let site = &self.sites[at];
        let mut texts = self.texts;
        for (kind, text) in command.texts() {
            if !text.is_empty() {
                texts = texts.wrapping_add(1);
                *text = Text::Sealed(PartRef { kind, digest: Digest([texts; 32]) });
            }
        }
        let mut look_ups = LookUps { shared: "310118.1.7".parse().ok(), ..LookUps::default() };
        if let Some(numbered) = site.state.numbered(&command) {
            let n = site.series.get(&numbered.series("", 2026)).copied().unwrap_or(0) + 1;
            look_ups.number = numbered.text(&site.directory.settings.number_prefix, "", 2026, n);
        }
        let named = command_of(&command).map(|c| c.exhibits()).unwrap_or_default();
        look_ups.exhibits = named.into_iter().filter(|d| *d != Digest::ZERO).map(file).collect();
        site.state.decide(command, &self.facts(site, actor, &look_ups))
    }

    fn facts<'a>(&self, site: &'a Site, actor: &'a Actor, look_ups: &'a LookUps) -> Facts<'a> {
        static NOBODY: OnceLock<OnDuty> = OnceLock::new();
        Facts {
            now: self.now,
            actor,
            directory: &site.directory,
            duty: NOBODY.get_or_init(OnDuty::default),
            loads: &NoLoads,
            look_ups,
        }
    }

    /// Takes over what happened, as read back from its JSON.
    pub fn apply(&mut self, at: &str, events: &[AnyEvent]) {
        self.texts = self.texts.wrapping_add(10);
        let kind = Kind::from_code(self.form.code()).unwrap();
        let site = self.sites.get_mut(at).unwrap();
        for event in events {
            let back = kind.event(&event.to_json().unwrap()).unwrap();
            assert_eq!(&back, event, "an event must read as it was written");
            site.state = std::mem::replace(&mut site.state, kind.empty()).evolve(&back);
            if let Some(out) = back.outgoing() {
                let stream = self.wire.entry(node(site.code)).or_default();
                stream.push((out.entry.to_owned(), out.to.to_vec()));
                assert!(out.list.is_some() && !out.basis.is_empty());
            }
            site.events.push(event_of(&back).unwrap().clone());
        }
    }

    /// When it is asked, it happens.
    pub fn ok(&mut self, at: &str, who: &str, command: Value) -> Vec<AnyEvent> {
        let kind = Kind::from_code(self.form.code()).unwrap();
        let parsed = kind.command(command.clone()).unwrap_or_else(|e| panic!("{command}: {e}"));
        let numbered = self.sites[at].state.numbered(&parsed);
        let events = self
            .ask(at, who, command.clone())
            .unwrap_or_else(|r| panic!("{at} {who} {command}: {} {r}", r.code));
        if let Some(numbered) = numbered {
            *self.sites.get_mut(at).unwrap().series.entry(numbered.series("", 2026)).or_default() += 1;
        }
        self.apply(at, &events);
        events
    }

    /// When it is asked, it is refused under this name and explained; nothing changes.
    pub fn refused(&self, at: &str, who: &str, command: Value, code: &str) -> Refusal {
        match self.ask(at, who, command.clone()) {
            Err(refusal) => {
                explained(&refusal);
                assert_eq!(refusal.code, code, "{at} {who} {command}: {refusal}");
                refusal
            }
            Ok(events) => panic!("{at} {who} {command} should be refused, but: {events:?}"),
        }
    }

    pub fn offers(&self, at: &str, who: &str) -> Vec<Offer> {
        let site = &self.sites[at];
        let actor = city::actor(&site.directory, who);
        site.state.offers(&self.facts(site, &actor, &LookUps::default()))
    }

    /// Whether something is offered and not refused.
    pub fn offered(&self, at: &str, who: &str, command: &str) -> bool {
        self.offers(at, who).iter().any(|o| o.command == command && o.refused.is_none())
    }

    /// What a member hears from another.
    pub fn hear(&mut self, at: &str, from: &NodeCode, entry: &str) -> Result<(), Refusal> {
        let events = self.judge(at, from, entry)?;
        self.apply(at, &events);
        Ok(())
    }

    /// The same, nothing changes.
    pub fn judge(&self, at: &str, from: &NodeCode, entry: &str) -> Result<Vec<AnyEvent>, Refusal> {
        let kind = Kind::from_code(self.form.code()).unwrap();
        let command = kind.hear(entry.to_owned(), Digest([5; 32])).unwrap();
        self.decide(at, &Actor::Member(from.clone()), command)
    }

    /// How much of an author's stream a member has.
    pub fn heard(&self, at: &str, author: &NodeCode) -> usize {
        let head = self.sites[at].state.streams().and_then(|s| s.head(author));
        head.map_or(0, |h| h.next as usize)
    }

    /// Delivers the next entry of an author to a member.
    pub fn take(&mut self, at: &str, from: &str) {
        let from = node(from);
        let entry = self.wire[&from][self.heard(at, &from)].0.clone();
        self.hear(at, &from, &entry).unwrap_or_else(|r| panic!("{at} hears {entry}: {r}"));
    }

    /// Everybody hears what was sent to it, with what came before in the same stream, until nothing is left.
    pub fn deliver(&mut self) {
        self.spread(|at, to| to.contains(&node(at)));
    }

    /// The same, with what was said between others before one became a party.
    pub fn deliver_all(&mut self) {
        self.deliver();
        let known: Vec<_> =
            self.sites.values().filter(|s| file_of(&s.state).is_some()).map(|s| s.code).collect();
        self.spread(move |at, _| known.contains(&at));
    }

    fn spread(&mut self, concerns: impl Fn(&str, &[NodeCode]) -> bool) {
        loop {
            let mut todo = Vec::new();
            for at in self.sites.keys() {
                for (author, stream) in self.wire.iter().filter(|(a, _)| a.as_str() != *at) {
                    let last = stream.iter().rposition(|(_, to)| concerns(at, to)).map_or(0, |n| n + 1);
                    let next = self.heard(at, author);
                    if next < last {
                        todo.push((*at, author.clone(), stream[next].0.clone()));
                    }
                }
            }
            let mut moved = false;
            for (at, author, entry) in &todo {
                match self.hear(at, author, entry) {
                    Ok(()) => moved = true,
                    Err(r) => assert_eq!(r.code, "busy", "{at} hears {entry}: {r}"),
                }
            }
            assert!(moved || todo.is_empty(), "nobody can hear what is left: {todo:?}");
            if todo.is_empty() {
                return;
            }
        }
    }

    /// The files that others sent a member are there.
    pub fn files_arrive(&mut self, at: &str) {
        for digest in self.file(at).received.keys().copied().collect::<Vec<_>>() {
            let kind = Kind::from_code(self.form.code()).unwrap();
            let mut command = kind.command(json!({ "command": "arrive", "exhibit": file(digest) })).unwrap();
            assert!(command_of_mut(&mut command).is_some_and(|c| c.is_internal()));
            let events = self.decide(at, &Actor::System, command).unwrap();
            self.apply(at, &events);
        }
    }

    pub fn file(&self, at: &str) -> &File {
        file_of(&self.sites[at].state).unwrap_or_else(|| panic!("{at} has no file"))
    }
    pub fn stage(&self, at: &str) -> Stage {
        self.file(at).stage()
    }
    pub fn summary(&self, at: &str) -> Summary {
        self.sites[at].state.summary()
    }
    /// What waits at a member, for whom.
    pub fn todos(&self, at: &str) -> Vec<(String, &'static str)> {
        self.summary(at).todos.into_iter().map(|t| (t.who.key(), t.what)).collect()
    }
    pub fn waits(&self, at: &str, what: &str) -> bool {
        self.todos(at).iter().any(|(_, w)| *w == what)
    }
    /// The stage is this at all of these.
    pub fn all_at(&self, nodes: &[&str], stage: Stage) {
        for at in nodes {
            assert_eq!(self.stage(at), stage, "at {at}");
        }
    }
    pub fn acts(&self, at: &str, author: &str) -> Vec<Act> {
        self.file(at).acts(&node(author)).cloned().collect()
    }
    /// Whether a clock of a term runs.
    pub fn runs(&self, at: &str, term: Term) -> bool {
        self.file(at).running().any(|w| w.clock.term == term)
    }
    pub fn after(&mut self, days: i64) {
        self.now += SignedDuration::from_hours(24 * days);
    }
    pub fn until(&mut self, at: Timestamp) {
        self.now = at;
    }
    /// The clocks of a member are looked at.
    pub fn tick(&mut self, at: &str) -> Vec<Event> {
        let events = self.ok(at, "system", json!({ "command": "tick" }));
        events.iter().map(|e| event_of(e).unwrap().clone()).collect()
    }
    /// Another list at all members.
    pub fn relist(&mut self, list: &[ListEntry]) {
        let roster = Arc::new(roster(list.to_vec()));
        for site in self.sites.values_mut() {
            Arc::make_mut(&mut site.directory).roster = Some(roster.clone());
        }
    }
    /// Another list at one member.
    pub fn relist_at(&mut self, at: &str, list: &[ListEntry]) {
        let site = self.sites.get_mut(at).unwrap();
        Arc::make_mut(&mut site.directory).roster = Some(Arc::new(roster(list.to_vec())));
    }
    /// The last entry of a member, changed by hand.
    pub fn forged(&self, author: &str, change: impl FnOnce(&mut StreamEntry)) -> String {
        let (bytes, _) = self.wire[&node(author)].last().unwrap();
        let mut entry = stream::read::<Act>(bytes).unwrap().entry;
        change(&mut entry);
        entry.seal().unwrap().bytes
    }
    /// What a member would write as its next entry if it kept to no rule.
    pub fn next(&self, author: &str, act: &Act) -> String {
        let said = self.wire.get(&node(author)).and_then(|s| s.last());
        let docket = "310118.1.7".parse().unwrap();
        let last = said.map(|(bytes, _)| stream::read::<Act>(bytes).unwrap().entry);
        let digest = said.map(|(bytes, _)| lianzhi_exchange::stream::stream_digest(bytes.as_bytes()));
        let entry = StreamEntry {
            v: 1,
            docket,
            kind: self.form.code().into(),
            author: node(author),
            seq: last.map_or(0, |e| e.seq + 1),
            prev: digest.unwrap_or(Digest::ZERO),
            re: Vec::new(),
            at: self.now,
            actor: "某人".into(),
            act: serde_json::value::to_raw_value(act).unwrap(),
            parts: act.parts().iter().map(|part| part.digest).collect(),
            exhibits: Vec::new(),
        };
        entry.seal().unwrap().bytes
    }
}

/// What must always be so at a member, whatever happened.
pub fn holds(matter: &Matter, at: &str) -> Result<(), String> {
    let site = &matter.sites[at];
    let Some(file) = file_of(&site.state) else { return Ok(()) };
    let must = |what: &str, is: bool| match is {
        true => Ok(()),
        false => Err(format!("{at}: {what} in {:?}", file.stage())),
    };
    let runs = |term| file.running().filter(move |w| w.clock.term == term);
    let answer: Vec<_> = runs(Term::Answer).collect();
    must(
        "one clock runs for the answer exactly while it is owed",
        answer.len() == usize::from(file.unanswered()),
    )?;
    must("it ends when the answer is due", answer.iter().all(|w| w.clock.running.due == file.due()))?;
    must(
        "a clock runs until it is registered",
        runs(Term::Register).count() == usize::from(file.unregistered()),
    )?;
    must(
        "a clock runs until it is told what came of a lead that was taken on",
        runs(Term::Outcome).count() == usize::from(file.pursued()),
    )?;
    must(
        "whose turn it is by the stage is whose turn it is",
        file.draft.is_some() || file.next().map(|next| next.turn) == turn_of(file.form, file.stage()),
    )?;
    let row = site.state.summary();
    must("what is closed waits for nobody", row.open || (row.wake_at.is_none() && row.due.is_none()))?;
    let drafts = ["discard", "review", "sign", "redraft", "amend", "answer_erasure"];
    must("nor for work", row.open || row.todos.iter().all(|t| drafts.contains(&t.what)))?;
    must(
        "an overtaken draft is there",
        row.todos.iter().all(|t| t.what != "discard" || file.draft.is_some()),
    )?;
    for (author, said) in &file.said {
        let own = &matter.wire[author];
        let same = |(n, s): (usize, &lianzhi_procedure::cooperation::Said)| {
            s.seq as usize == n && s.digest == lianzhi_exchange::stream::stream_digest(own[n].0.as_bytes())
        };
        must("everything once, in its author's order and words", said.iter().enumerate().all(same))?;
    }
    if file.sent() {
        let day = lianzhi_procedure::beijing_date(file.said[file.founder()][0].at);
        let roster = site.directory.roster.as_deref().unwrap();
        let list = roster.entry(&file.opening.list);
        let allowed = |e: &ListEntry| {
            e.in_force(day) && e.forms.contains(&matter.form) && e.between(file.founder(), &node(at))
        };
        must("opened under an entry of the list in force", list.is_some_and(|e| allowed(e) || file.mine()))?;
    }
    Ok(())
}

/// Everybody who has the file knows the same.
pub fn agree(matter: &Matter) -> Result<(), String> {
    let files: Vec<_> =
        matter.sites.values().filter_map(|s| file_of(&s.state)).filter(|f| f.sent()).collect();
    let words = |f: &File| -> Vec<_> {
        f.said
            .iter()
            .map(|(n, list)| (n.clone(), list.iter().map(|s| s.act.clone()).collect::<Vec<_>>()))
            .collect()
    };
    let dues = |f: &File| f.receivers().into_iter().map(|n| (n.clone(), f.due_of(n))).collect::<Vec<_>>();
    for pair in files.windows(2) {
        let [a, b] = pair else { continue };
        let same = a.stage() == b.stage()
            && words(a) == words(b)
            && dues(a) == dues(b)
            && a.competent() == b.competent()
            && a.parties() == b.parties();
        if !same {
            return Err(format!("{} {:?} and {} {:?} differ", a.me(), a.stage(), b.me(), b.stage()));
        }
    }
    Ok(())
}

/// A member after a restart: its record folded anew.
pub fn restarted(matter: &Matter, at: &str) -> AnyState {
    let kind = Kind::from_code(matter.form.code()).unwrap();
    matter.sites[at].events.iter().fold(kind.empty(), |state, event| {
        state.evolve(&kind.event(&serde_json::to_string(event).unwrap()).unwrap())
    })
}

/// A file in custody.
pub fn file(digest: Digest) -> ExhibitRef {
    ExhibitRef { digest, size: 10, media: "image/jpeg".into() }
}

/// A file's digest by a number.
pub fn exhibit(n: u8) -> Digest {
    Digest([n; 32])
}

/// A letter that opens a matter, complete for its form.
pub fn letter(form: Form, to: &[&str]) -> Value {
    let letter = json!({
        "command": "begin", "to": to, "list": "HZ-01", "title": "渣土车夜间跨界倾倒", "text": "请依法查处。",
    });
    match form {
        Form::Lead => {
            let letter = with(with(letter, "ground", json!("place")), "measures", json!("未采取强制措施。"));
            with(with(letter, "place", json!("沪聂路桥下")), "exhibits", json!([exhibit(101)]))
        }
        Form::Assistance => with(letter, "asks", json!(["investigate"])),
        Form::Evidence => with(
            with(letter, "exhibits", json!([exhibit(101), exhibit(102)])),
            "goods",
            json!([{ "name": "渣土车", "quantity": 1, "unit": "辆" }]),
        ),
        Form::Bulletin => with(letter, "bulletin", json!("widespread")),
        Form::Dispute => with(letter, "over", json!("沪青2026-000001")),
        Form::Away => with(
            with(letter, "away", json!("inspect")),
            "officers",
            json!(["王某（执法证 310118001）", "李某（执法证 310118002）"]),
        ),
    }
}

pub fn note(command: &str) -> Value {
    json!({ "command": command, "note": "写了几个字" })
}
