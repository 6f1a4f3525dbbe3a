//! Competing proposals on one parent, explored exhaustively: any member may countersign at any moment, entries arrive in
//! any order between any two members, late or never. The members run the real ledger over real signatures.
//!
//! Bounds: four provinces with two competing proposals; three provinces of which one signs both of two; three provinces
//! with three competing proposals and one in the next round (at most two voices each).

use super::kit::*;
use lianzhi_exchange::compact::*;
use lianzhi_exchange::stream::StreamEntry;
use stateright::{Checker, Model, Property};
use std::collections::HashMap;
use std::sync::Mutex;

/// Which proposals a member countersigned, in the order of its stream.
type Votes = Vec<u8>;

/// What a member sees: which proposal is in force and which round is open.
type View = (Option<u8>, u32);

struct Provinces {
    world: World,
    proposals: Vec<Proposal>,
    codes: Vec<&'static str>,
    /// Signs two proposals of one round.
    liar: Option<usize>,
    views: Mutex<HashMap<Vec<Votes>, View>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    said: Vec<Votes>,
    /// How much of each other's stream each one knows.
    known: Vec<Vec<usize>>,
    /// What each one ever saw in force.
    saw: Vec<Option<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Step {
    Sign(usize, u8),
    Arrive { to: usize, from: usize },
}

impl Provinces {
    fn new(n: usize, k: u8, first_round: u8, second_round: u8, liar: Option<usize>) -> Provinces {
        let codes = FOUR[..n].to_vec();
        let mut world = World::new();
        let mut changes = vec![Change::SetTitle { title: "机制".into() }, Change::SetK { k }];
        changes.extend(codes.iter().map(|code| put(member(code))));
        let first = world.propose(QINGPU, 0, changes);
        codes.iter().for_each(|code| world.sign(code, &first));
        let mut propose = |n: u8, round: u32| {
            world.propose(QINGPU, round, vec![put_entry(entry(&format!("HZ-{round}{n}")))])
        };
        let mut proposals: Vec<_> = (0..first_round).map(|n| propose(n, 0)).collect();
        proposals.extend((0..second_round).map(|n| propose(n, 1)));
        Provinces { world, proposals, codes, liar, views: Mutex::default() }
    }

    fn vote(&self, node: usize, place: usize, proposal: u8) -> StreamEntry {
        let code = self.codes[node];
        let proposal = &self.proposals[usize::from(proposal)];
        let countersignature =
            Countersignature::sign(super::kit::node(code), proposal, &key(code, 0)).unwrap();
        let seq = self.world.ledger.next(&super::kit::node(code)) + u32::try_from(place).unwrap();
        said(code, seq, at(100), &Act::Countersign { countersignature })
    }

    /// What follows from these votes by the ledger.
    fn view(&self, votes: &[Votes]) -> View {
        if let Some(view) = self.views.lock().unwrap().get(votes) {
            return *view;
        }
        let mut ledger = self.world.ledger.clone();
        for (node, votes) in votes.iter().enumerate() {
            for (place, vote) in votes.iter().enumerate() {
                assert_eq!(
                    ledger.hear(&self.vote(node, place, *vote)),
                    lianzhi_exchange::compact::Step::Taken
                );
            }
        }
        let compact = ledger.compact();
        let digest = compact.in_force().unwrap().digest;
        let place = self.proposals.iter().position(|p| p.result == digest);
        let view = (place.map(|p| u8::try_from(p).unwrap()), compact.round);
        self.views.lock().unwrap().insert(votes.to_vec(), view);
        view
    }

    fn seen_by(&self, state: &State, node: usize) -> View {
        let votes: Vec<Votes> =
            state.said.iter().enumerate().map(|(n, v)| v[..state.known[node][n]].to_vec()).collect();
        self.view(&votes)
    }

    fn round(&self, proposal: u8) -> u32 {
        self.proposals[usize::from(proposal)].round
    }

    fn may_sign(&self, state: &State, node: usize, proposal: u8) -> bool {
        let mine = &state.said[node];
        let same = mine.iter().filter(|v| self.round(**v) == self.round(proposal)).count();
        let (in_force, open) = self.seen_by(state, node);
        let honest = same == 0 && in_force.is_none() && open == self.round(proposal);
        honest || (self.liar == Some(node) && same == 1 && !mine.contains(&proposal))
    }
}

impl Model for Provinces {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let n = self.codes.len();
        vec![State { said: vec![vec![]; n], known: vec![vec![0; n]; n], saw: vec![None; n] }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        for node in 0..self.codes.len() {
            for proposal in (0u8..).take(self.proposals.len()) {
                if self.may_sign(state, node, proposal) {
                    actions.push(Step::Sign(node, proposal));
                }
            }
            for from in 0..self.codes.len() {
                if state.known[node][from] < state.said[from].len() {
                    actions.push(Step::Arrive { to: node, from });
                }
            }
        }
    }

    fn next_state(&self, state: &State, action: Step) -> Option<State> {
        let mut next = state.clone();
        let node = match action {
            Step::Sign(node, proposal) => {
                next.said[node].push(proposal);
                next.known[node][node] += 1;
                node
            }
            Step::Arrive { to, from } => {
                next.known[to][from] += 1;
                to
            }
        };
        if next.saw[node].is_none() {
            next.saw[node] = self.seen_by(&next, node).0;
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("at most one child is in force, anywhere, ever", |_, state: &State| {
                let mut seen: Vec<_> = state.saw.iter().flatten().collect();
                seen.dedup();
                seen.len() <= 1
            }),
            Property::always("what is in force stays in force", |model: &Provinces, state: &State| {
                (0..state.saw.len())
                    .all(|n| state.saw[n].is_none() || model.seen_by(state, n).0 == state.saw[n])
            }),
            Property::always("who knows the same sees the same", |model: &Provinces, state: &State| {
                let all = |n: &usize| state.said.iter().zip(&state.known[*n]).all(|(s, k)| s.len() == *k);
                let mut views = (0..state.saw.len()).filter(all).map(|n| model.seen_by(state, n));
                let first = views.next();
                views.all(|v| Some(v) == first)
            }),
            Property::sometimes("everybody sees it in force", |_, state: &State| {
                state.saw.iter().all(Option::is_some)
            }),
            Property::sometimes("the last proposal comes into force", |model: &Provinces, state: &State| {
                state.saw.iter().flatten().any(|p| usize::from(*p) + 1 == model.proposals.len())
            }),
        ]
    }
}

fn explored(provinces: Provinces, states_min: usize) {
    let checked = provinces.checker().threads(2).spawn_bfs().join();
    checked.assert_properties();
    assert!(checked.unique_state_count() > states_min, "{} states", checked.unique_state_count());
}

#[test]
fn four_provinces_with_two_proposals() {
    explored(Provinces::new(4, 3, 2, 0, None), 10_000);
}

#[test]
fn three_provinces_of_which_one_signs_both_proposals() {
    explored(Provinces::new(3, 2, 2, 0, Some(0)), 500);
}

#[test]
fn three_provinces_that_disagree_come_to_an_end_in_the_next_round() {
    explored(Provinces::new(3, 2, 3, 1, None), 3_000);
}
