//! Every interleaving of the acts that matter, form by form, in small models.
//!
//! An entry that was said may arrive at any moment, again, or never: that is a network that loses, duplicates and reorders,
//! over an outbox that never forgets. A member may be restarted at any moment: after each step its state is rebuilt by folding
//! what it recorded and compared. In every reachable state [`holds`] at every member; whenever everybody has heard everything,
//! all agree.
//!
//! Bounds: two members (three where a lead is passed on and in one dispute), three to seven acts, each at most once (what is
//! marked, twice); a letter in the making counts as one act with its signature; the clock stands still. One model begins before
//! the signature, where the entry of the list may run out at the sender; the others begin when the matter is registered at its
//! receiver. Copies of the last entry and entries that are one too early are tried everywhere and must change nothing. The bounds of
//! all models are in docs/architecture.md.

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
    /// From before the signature on; else from the registration on.
    whole: bool,
    deeds: Vec<Deed>,
    end: Stage,
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
        // Drafted and reviewed: whether it is signed and arrives is part of the model.
        let mut matter = Matter::new(self.form);
        matter.ok(Q, "handler", letter(self.form, &self.to));
        matter.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
        let mut done = vec![0; self.deeds.len() + 1];
        if !self.whole {
            // Signed, arrived, registered, and known to be.
            matter.ok(Q, "leader", json!({ "command": "sign", "agreed": true }));
            done[self.deeds.len()] = 1;
            matter.deliver();
            for at in &self.to {
                matter.take_in(at);
                matter.files_arrive(at);
            }
            matter.deliver();
        }
        vec![Here::new(matter, done, false, Q)]
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
                // The last one again, the next, and one too early.
                let next = here.matter.heard(at, author);
                let these = (next.saturating_sub(1)..=next + 1).filter(|n| concerns && *n < said.len());
                steps.extend(these.map(|n| Step::Arrive(at, author.clone(), n)));
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
                            Some(command) if deed.at != J && command != "advise" && command != "register" => {
                                "handler"
                            }
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
                        let good = ["stream", "busy"].contains(&refusal.code);
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
            Property::sometimes("it comes to its end", |world: &World, here: &Here| {
                settled(here) && file_of(&here.matter.sites[Q].state).is_some_and(|f| world.end == f.stage())
            }),
        ]
    }
}

/// Explores all of it; the end is reached somewhere. At least so many states have to be there: a model in which something
/// cannot happen any more must not pass for one in which nothing went wrong.
fn explore(form: Form, whole: bool, to: &[&'static str], deeds: Vec<Deed>, end: Stage, states_min: usize) {
    let world = World { form, to: to.to_vec(), whole, deeds, end };
    let checker = world.checker().threads(2).spawn_bfs().join();
    let states = checker.unique_state_count();
    eprintln!("{form:?}: {states} states");
    checker.assert_properties();
    assert!(checker.is_done());
    assert!(states >= states_min, "only {states} states of {states_min}");
}

fn back(at: &'static str) -> Deed {
    paper(at, json!({ "command": "return", "ground": "not_here", "note": "不在" }))
}
fn extend(at: &'static str) -> Deed {
    paper(at, json!({ "command": "extend", "days": 3, "note": "外出" }))
}
fn record(at: &'static str, who: &str) -> Deed {
    deed(at, json!({ "command": "negotiate", "competent": who, "note": "面商" }))
}
fn confirm(at: &'static str) -> Deed {
    deed(at, json!({ "command": "answer_negotiation", "agreed": true }))
}

#[test]
fn from_the_signature_to_the_registration() {
    let register = deed(W, json!({ "command": "register" }));
    explore(Form::Lead, true, &[W], vec![register, paper(Q, note("withdraw"))], Stage::Withdrawn, 25);
}

#[test]
fn lead() {
    let deeds = vec![
        deed(W, json!({ "command": "accept" })),
        back(W),
        deed(W, json!({ "command": "conclude", "outcome": "corrected" })),
        paper(Q, note("withdraw")),
        deed(Q, note("supplement")),
        deed(Q, note("close")),
    ];
    explore(Form::Lead, false, &[W], deeds, Stage::Concluded, 550);
}

#[test]
fn lead_passed_on() {
    let deeds = vec![
        deed(W, json!({ "command": "ask_forward", "to": J, "note": "在嘉善" })),
        deed(Q, json!({ "command": "answer_forward", "agreed": true })),
        deed(J, json!({ "command": "register" })),
    ];
    explore(Form::Lead, false, &[W], deeds, Stage::Registered, 75);
}

#[test]
fn lead_not_passed_on_and_asked_again() {
    let deeds = vec![
        twice(deed(W, json!({ "command": "ask_forward", "to": J, "note": "在嘉善" }))),
        deed(W, json!({ "command": "accept" })),
        twice(deed(Q, json!({ "command": "answer_forward", "agreed": false }))),
        paper(Q, note("withdraw")),
    ];
    explore(Form::Lead, false, &[W], deeds, Stage::Accepted, 75);
}

#[test]
fn assistance() {
    let deeds = vec![
        deed(W, json!({ "command": "accept" })),
        extend(W),
        twice(paper(W, json!({ "command": "reply", "text": "已核实" }))),
        deed(Q, note("ask_again")),
        deed(Q, json!({ "command": "accept_reply" })),
        paper(Q, note("withdraw")),
        paper(W, json!({ "command": "refuse", "ground": "privacy", "note": "不能" })),
    ];
    explore(Form::Assistance, false, &[W], deeds, Stage::Closed, 1300);
}

#[test]
fn evidence() {
    let judge = |n| deed(W, json!({ "command": "judge", "exhibit": exhibit(n), "verdict": "recognised" }));
    let deeds = vec![
        judge(101),
        judge(102),
        deed(Q, json!({ "command": "give_goods" })),
        deed(W, json!({ "command": "take_goods" })),
        deed(Q, note("close")),
        paper(Q, note("withdraw")),
    ];
    explore(Form::Evidence, false, &[W], deeds, Stage::Concluded, 600);
}

#[test]
fn bulletin() {
    let deeds =
        vec![extend(W), deed(W, note("measures")), deed(Q, note("close")), paper(Q, note("withdraw"))];
    explore(Form::Bulletin, false, &[W], deeds, Stage::Concluded, 115);
}

#[test]
fn bulletin_to_two() {
    let deeds = vec![extend(W), deed(W, note("measures")), deed(J, note("measures"))];
    explore(Form::Bulletin, false, &[W, J], deeds, Stage::Concluded, 1000);
}

#[test]
fn dispute() {
    let deeds = vec![record(Q, Q), record(W, W), confirm(Q), confirm(W), paper(Q, note("withdraw"))];
    explore(Form::Dispute, false, &[W], deeds, Stage::Settled, 230);
}

#[test]
fn dispute_with_an_opinion() {
    let deeds = vec![
        deed(W, json!({ "command": "advise", "competent": W, "note": "协调组" })),
        deed(Q, json!({ "command": "answer_advice", "agreed": true })),
        deed(W, json!({ "command": "answer_advice", "agreed": true })),
        paper(W, json!({ "command": "report_up", "to": "司法部", "note": "请示" })),
        paper(Q, note("withdraw")),
    ];
    explore(Form::Dispute, false, &[W], deeds, Stage::Settled, 700);
}

#[test]
fn dispute_of_three() {
    explore(Form::Dispute, false, &[W, J], vec![record(Q, W), confirm(W), confirm(J)], Stage::Settled, 45);
}

#[test]
fn away() {
    let deeds = vec![
        paper(W, json!({ "command": "grant", "note": "同意" })),
        paper(W, json!({ "command": "refuse", "ground": "forbidden", "note": "不能" })),
        extend(W),
        paper(Q, note("withdraw")),
        deed(Q, note("report")),
        deed(Q, note("close")),
    ];
    explore(Form::Away, false, &[W], deeds, Stage::Concluded, 125);
}
