//! Every interleaving of the acts that matter, form by form, in small models.
//!
//! An entry that was said may arrive at any moment, again, or never: that is a network that loses, duplicates and reorders,
//! over an outbox that never forgets. A member may be restarted at any moment: after each step its state is rebuilt by folding
//! what it recorded and compared. In every reachable state [`holds`] at every member; whenever everybody has heard everything,
//! all agree.
//!
//! Bounds: two members (three where one is forwarded to or disputes), each act of the list at most once (what is marked, twice),
//! a letter in the making counts as one act with its signature, the clock stands still, and the entry of the list may run out at
//! the sender before it signs. Copies are not bounded: an entry that is known already is refused without a change.

use super::kit::*;
use lianzhi_exchange::compact::{Form, ListEntry};
use lianzhi_ids::NodeCode;
use lianzhi_procedure::cooperation::{Stage, file_of};
use serde_json::Value;
use stateright::{Checker, Model, Property};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An act of a member: where, what, whether it is a letter, how often.
struct Deed {
    at: &'static str,
    command: Value,
    letter: bool,
    most: u8,
}

fn deed(at: &'static str, command: Value) -> Deed {
    Deed { at, command, letter: false, most: 1 }
}
fn paper(at: &'static str, command: Value) -> Deed {
    Deed { letter: true, ..deed(at, command) }
}
fn twice(deed: Deed) -> Deed {
    Deed { most: 2, ..deed }
}

struct World {
    form: Form,
    to: Vec<&'static str>,
    deeds: Vec<Deed>,
    ends: Vec<Stage>,
}

#[derive(Clone, Debug)]
struct Here {
    matter: Arc<Matter>,
    done: Vec<u8>,
    revised: bool,
    changed: &'static str,
    key: String,
}

impl Here {
    fn new(matter: Matter, done: Vec<u8>, revised: bool, changed: &'static str) -> Here {
        let mut key = format!("{done:?}{revised}");
        for site in matter.sites.values() {
            let Some(file) = file_of(&site.state) else { continue };
            let heads: Vec<_> =
                file.streams.heads().map(|(n, h)| (n.as_str(), h.next, h.digest.short())).collect();
            let clocks: Vec<_> = file.running().map(|w| (w.clock.term, w.clock.running.due)).collect();
            let draft = file.draft.as_ref().map(|d| d.act.code());
            key += &format!("|{heads:?}{clocks:?}{draft:?}{:?}", file.stage());
        }
        Here { matter: Arc::new(matter), done, revised, changed, key }
    }
}
impl PartialEq for Here {
    fn eq(&self, other: &Here) -> bool {
        self.key == other.key
    }
}
impl Hash for Here {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Do(usize),
    Arrive(&'static str, NodeCode, usize),
    /// The entry of the list runs out at the sender.
    Revise,
}

fn settled(here: &Here) -> bool {
    let m = &here.matter;
    m.sites.values().filter(|s| file_of(&s.state).is_some()).all(|s| {
        m.wire.iter().filter(|(a, _)| a.as_str() != s.code).all(|(a, said)| m.heard(s.code, a) == said.len())
    })
}

impl Model for World {
    type State = Here;
    type Action = Step;

    fn init_states(&self) -> Vec<Here> {
        let mut matter = Matter::new(self.form);
        matter.ok(Q, "handler", letter(self.form, &self.to));
        matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
        vec![Here::new(matter, vec![0; self.deeds.len() + 1], false, Q)]
    }

    fn actions(&self, here: &Here, steps: &mut Vec<Step>) {
        let left = |n: usize| here.done[n] < self.deeds.get(n).map_or(1, |d| d.most);
        steps.extend((0..=self.deeds.len()).filter(|n| left(*n)).map(Step::Do));
        if !here.revised && here.matter.wire.is_empty() {
            steps.push(Step::Revise);
        }
        for at in here.matter.sites.keys() {
            for (author, said) in here.matter.wire.iter().filter(|(a, _)| a.as_str() != *at) {
                let knows = file_of(&here.matter.sites[at].state).is_some();
                let concerns = knows || said.iter().any(|(_, to)| to.contains(&node(at)));
                let all = if concerns { 0..said.len() } else { 0..0 };
                steps.extend(all.map(|n| Step::Arrive(at, author.clone(), n)));
            }
        }
    }

    fn next_state(&self, here: &Here, step: Step) -> Option<Here> {
        let mut matter = (*here.matter).clone();
        let (mut done, mut revised) = (here.done.clone(), here.revised);
        let changed = match step {
            Step::Revise => {
                revised = true;
                matter.relist_at(Q, &[ListEntry { until: "2026-11-22".parse().ok(), ..entry() }]);
                Q
            }
            Step::Do(n) => {
                done[n] += 1;
                match self.deeds.get(n) {
                    // The last one is the signature of the opening.
                    None => {
                        let sign = json!({ "command": "sign", "agreed": true });
                        let refused = matter.ask(Q, "leader", sign.clone()).is_err();
                        assert_eq!(refused, revised, "it is signed exactly while the list allows it");
                        if refused {
                            return None;
                        }
                        matter.ok(Q, "leader", sign);
                        Q
                    }
                    Some(deed) => {
                        file_of(&matter.sites[deed.at].state)?;
                        let who = match deed.command["command"].as_str() {
                            // Where nobody was given the matter the liaison officer acts.
                            Some(command) if deed.at == Q && command != "advise" => "handler",
                            _ => "liaison",
                        };
                        matter.ask(deed.at, who, deed.command.clone()).ok()?;
                        matter.ok(deed.at, who, deed.command.clone());
                        if deed.letter {
                            matter.sign(deed.at);
                        }
                        deed.at
                    }
                }
            }
            Step::Arrive(at, author, n) => {
                let entry = matter.wire[&author][n].0.clone();
                let known = n < matter.heard(at, &author);
                match matter.hear(at, &author, &entry) {
                    Ok(()) => assert!(!known, "applied twice"),
                    Err(refusal) => {
                        let next = n == matter.heard(at, &author);
                        let good = ["stream", "busy", "not-opened"].contains(&refusal.code);
                        assert!(good && !(next && refusal.code == "stream"), "{at} hears {entry}: {refusal}");
                        return None;
                    }
                }
                matter.files_arrive(at);
                at
            }
        };
        Some(Here::new(matter, done, revised, changed))
    }

    fn properties(&self) -> Vec<Property<World>> {
        vec![
            // What did not change was looked at before.
            Property::always("the rules hold at every member", |_, here: &Here| {
                holds(&here.matter, here.changed).inspect_err(|e| eprintln!("{e}")).is_ok()
            }),
            Property::always("a restart changes nothing", |_, here: &Here| {
                let again = restarted(&here.matter, here.changed);
                file_of(&again) == file_of(&here.matter.sites[here.changed].state)
            }),
            Property::always("whoever heard the same knows the same", |_, here: &Here| {
                !settled(here) || agree(&here.matter).inspect_err(|e| eprintln!("{e}")).is_ok()
            }),
            Property::sometimes("it comes to each of its ends", |world: &World, here: &Here| {
                settled(here)
                    && file_of(&here.matter.sites[Q].state)
                        .is_some_and(|f| world.ends.first() == Some(&f.stage()))
            }),
        ]
    }
}

/// Explores all of it; each of the ends is reached somewhere.
fn explore(form: Form, to: &[&'static str], deeds: Vec<Deed>, end: Stage) {
    let world = World { form, to: to.to_vec(), deeds, ends: vec![end] };
    let checker = world.checker().threads(2).spawn_bfs().join();
    eprintln!("{form:?}: {} states", checker.unique_state_count());
    checker.assert_properties();
}

fn register(at: &'static str) -> Deed {
    deed(at, json!({ "command": "register" }))
}
fn assign(at: &'static str) -> Deed {
    deed(at, json!({ "command": "assign", "person": "handler" }))
}

#[test]
fn lead() {
    let deeds = vec![
        register(W),
        assign(W),
        deed(W, json!({ "command": "accept" })),
        paper(W, json!({ "command": "return", "ground": "not_here", "note": "不在" })),
        deed(W, json!({ "command": "conclude", "outcome": "corrected" })),
        paper(Q, note("withdraw")),
        deed(Q, note("supplement")),
        deed(Q, note("close")),
    ];
    explore(Form::Lead, &[W], deeds, Stage::Concluded);
}

#[test]
fn lead_passed_on() {
    let deeds = vec![
        register(W),
        twice(deed(W, json!({ "command": "ask_forward", "to": J, "note": "在嘉善" }))),
        paper(W, json!({ "command": "return", "ground": "not_here", "note": "不在" })),
        deed(Q, json!({ "command": "answer_forward", "agreed": false })),
        deed(Q, json!({ "command": "answer_forward", "agreed": true })),
        register(J),
        paper(J, json!({ "command": "return", "ground": "settled", "note": "已处理" })),
    ];
    explore(Form::Lead, &[W], deeds, Stage::Returned);
}

#[test]
fn assistance() {
    let deeds = vec![
        register(W),
        assign(W),
        deed(W, json!({ "command": "accept" })),
        paper(W, json!({ "command": "extend", "days": 3, "note": "外出" })),
        twice(paper(W, json!({ "command": "reply", "text": "已核实" }))),
        deed(Q, note("ask_again")),
        deed(Q, json!({ "command": "accept_reply" })),
        paper(Q, note("withdraw")),
        paper(W, json!({ "command": "refuse", "ground": "privacy", "note": "不能" })),
    ];
    explore(Form::Assistance, &[W], deeds, Stage::Closed);
}

#[test]
fn evidence() {
    let judge = |n| deed(W, json!({ "command": "judge", "exhibit": exhibit(n), "verdict": "recognised" }));
    let deeds = vec![
        register(W),
        judge(101),
        judge(102),
        deed(Q, json!({ "command": "give_goods" })),
        deed(W, json!({ "command": "take_goods" })),
        deed(Q, note("close")),
        paper(Q, note("withdraw")),
    ];
    explore(Form::Evidence, &[W], deeds, Stage::Concluded);
}

#[test]
fn bulletin() {
    let deeds = vec![
        register(W),
        paper(W, json!({ "command": "extend", "days": 3, "note": "未完成" })),
        deed(W, note("measures")),
        deed(J, note("measures")),
        deed(Q, note("close")),
    ];
    explore(Form::Bulletin, &[W, J], deeds, Stage::Concluded);
}

#[test]
fn dispute() {
    let record =
        |at, who: &str| deed(at, json!({ "command": "negotiate", "competent": who, "note": "面商" }));
    let answer = |at| deed(at, json!({ "command": "answer_negotiation", "agreed": true }));
    let deeds = vec![
        record(Q, Q),
        record(W, W),
        answer(Q),
        answer(W),
        deed(W, json!({ "command": "advise", "competent": W, "note": "协调组" })),
        deed(Q, json!({ "command": "answer_advice", "agreed": true })),
        deed(W, json!({ "command": "answer_advice", "agreed": false })),
        paper(Q, note("withdraw")),
    ];
    explore(Form::Dispute, &[W], deeds, Stage::Settled);
}

#[test]
fn dispute_of_three() {
    let answer = |at| deed(at, json!({ "command": "answer_negotiation", "agreed": true }));
    let deeds = vec![
        deed(Q, json!({ "command": "negotiate", "competent": W, "note": "面商" })),
        answer(W),
        answer(J),
        deed(J, json!({ "command": "negotiate", "competent": J, "note": "面商" })),
    ];
    explore(Form::Dispute, &[W, J], deeds, Stage::Settled);
}

#[test]
fn away() {
    let deeds = vec![
        register(W),
        paper(W, json!({ "command": "grant", "note": "同意" })),
        paper(W, json!({ "command": "refuse", "ground": "forbidden", "note": "不能" })),
        paper(W, json!({ "command": "extend", "days": 3, "note": "请示中" })),
        paper(Q, note("withdraw")),
        deed(Q, note("report")),
        deed(Q, note("close")),
    ];
    explore(Form::Away, &[W], deeds, Stage::Concluded);
}
