//! All that can happen between two and three nodes, within bounds, tried exhaustively with stateright.
//!
//! The nodes judge real, signed envelopes with [`judge`] and real, signed receipts; what they hold in memory is lost at a restart,
//! what they committed is not. The network loses, duplicates and reorders. Bounds are those of each [`World`]; an envelope
//! has one entry here, and no time passes (that a wait always ends is checked in `outbound`).
//!
//! Checked in every state that can be reached:
//! - no entry is lost or applied twice: each node's streams are the beginnings of what their authors said, applied once each;
//! - a receipt is given for nothing that is not durable at its giver;
//! - nothing opens without an entry of the list in force, and no stranger's word is taken;
//! - a fork is never taken, and its two halves are proof;
//! - if the network became fair now, both sides would soon hold the same streams and every outbox would be empty.

mod node;
mod world;

use node::{Node, Row};
use stateright::{Checker, Model, Property};
use std::collections::BTreeMap;
use world::{Env, Nr, World};

/// Something on its way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Msg {
    /// An envelope; `pulled` when it answers a pull.
    Parcel { from: Nr, to: Nr, env: Env, pulled: bool },
    /// The receiver's signed receipt: what it held of each author in the docket.
    Receipt { from: Nr, to: Nr, env: Env, heads: Vec<(Nr, u32)> },
    /// The receiver lacks this author's stream from here.
    Gap { from: Nr, to: Nr, env: Env, author: Nr, at: u32 },
    /// A pull of an author's stream in a docket.
    Pull { from: Nr, to: Nr, docket: u8, author: Nr, at: u32 },
}

impl Msg {
    fn to(&self) -> Nr {
        match self {
            Msg::Parcel { to, .. } | Msg::Receipt { to, .. } | Msg::Gap { to, .. } | Msg::Pull { to, .. } => {
                *to
            }
        }
    }
}

/// The world at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    nodes: Vec<Node>,
    net: BTreeMap<Msg, u8>,
    /// What the network and the machines may still do.
    losses: u8,
    doubles: u8,
    restarts: u8,
    /// Hostile envelopes still to come, each to each node once.
    hostile: Vec<(Env, Nr)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A node says what is next in its script.
    Say(Nr),
    /// A message arrives.
    Deliver(Msg),
    /// A message will arrive once more.
    Double(Msg),
    /// A message gets lost.
    Lose(Msg),
    /// A node makes durable what it took.
    Commit(Nr, Env),
    /// A sender tries again.
    Retry(Nr, Env, Nr),
    /// A node loses its memory.
    Restart(Nr),
    /// Somebody hostile sends something.
    Attack(Env, Nr),
}

impl State {
    /// A second copy of what is under way already is left out: that is what [`Action::Double`] is for, within its bound.
    fn send(&mut self, msg: Msg) {
        self.net.entry(msg).or_insert(1);
    }

    fn take(&mut self, msg: &Msg) {
        if let Some(count) = self.net.get_mut(msg) {
            *count -= 1;
            if *count == 0 {
                self.net.remove(msg);
            }
        }
    }

    /// Whether the sender of an envelope may still expect an answer.
    fn is_under_way(&self, env: Env, from: Nr, peer: Nr) -> bool {
        let asked = self.net.keys().any(|msg| match msg {
            Msg::Parcel { to, env: e, pulled, .. } => *to == peer && *e == env && !pulled,
            Msg::Receipt { to, from: by, env: e, .. } | Msg::Gap { to, from: by, env: e, .. } => {
                *to == from && *by == peer && *e == env
            }
            Msg::Pull { .. } => false,
        });
        asked || self.nodes[peer].inbox.contains_key(&env)
    }
}

impl World {
    fn retries(&self, state: &State) -> Vec<(Nr, Env, Nr)> {
        let mut due = vec![];
        for (nr, node) in state.nodes.iter().enumerate() {
            for ((env, peer), row) in &node.outbox {
                if *row == Row::Waiting && !state.is_under_way(*env, nr, *peer) {
                    due.push((nr, *env, *peer));
                }
            }
        }
        due
    }

    /// Whether everybody would hold everything if from now on nothing got lost: what remains of the scripts is said, what is under
    /// way arrives, what waits is tried again.
    fn would_converge(&self, state: &State) -> bool {
        let mut state = state.clone();
        for _ in 0..self.rounds {
            for nr in 0..state.nodes.len() {
                while let Some(next) = self.next_state(&state, Action::Say(nr)) {
                    state = next;
                }
            }
            while let Some(msg) = state.net.keys().next().cloned() {
                state = self.next_state(&state, Action::Deliver(msg)).unwrap();
            }
            for nr in 0..state.nodes.len() {
                while let Some(env) = state.nodes[nr].inbox.keys().next().copied() {
                    state = self.next_state(&state, Action::Commit(nr, env)).unwrap();
                }
            }
            if state.net.is_empty() {
                let due = self.retries(&state);
                if due.is_empty() {
                    return self.is_settled(&state);
                }
                for (nr, env, peer) in due {
                    state = self.next_state(&state, Action::Retry(nr, env, peer)).unwrap();
                }
            }
        }
        false
    }

    /// Everything was said, everybody has it, and every sender knows.
    fn is_settled(&self, state: &State) -> bool {
        self.scripts.iter().enumerate().all(|(author, script)| {
            script.iter().all(|env| {
                let holds = |nr: Nr| state.nodes[nr].holds(self, *env);
                holds(author) && self.envs[*env].to.iter().all(|to| holds(*to))
            })
        }) && state.nodes.iter().all(|node| node.outbox.values().all(|row| *row == Row::Done))
    }
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let hostile =
            self.hostile.iter().flat_map(|env| self.envs[*env].to.iter().map(|to| (*env, *to))).collect();
        vec![State {
            nodes: vec![Node::default(); self.scripts.len()],
            net: BTreeMap::new(),
            losses: self.losses,
            doubles: self.doubles,
            restarts: self.restarts,
            hostile,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        actions.extend((0..state.nodes.len()).map(Action::Say));
        for (msg, count) in &state.net {
            actions.push(Action::Deliver(msg.clone()));
            if state.losses > 0 {
                actions.push(Action::Lose(msg.clone()));
            }
            if state.doubles > 0 && *count == 1 {
                actions.push(Action::Double(msg.clone()));
            }
        }
        for (nr, node) in state.nodes.iter().enumerate() {
            actions.extend(node.inbox.keys().map(|env| Action::Commit(nr, *env)));
            if state.restarts > 0 {
                actions.push(Action::Restart(nr));
            }
        }
        actions.extend(self.retries(state).into_iter().map(|(nr, env, peer)| Action::Retry(nr, env, peer)));
        actions.extend(state.hostile.iter().map(|(env, to)| Action::Attack(*env, *to)));
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Say(nr) => {
                let msgs = state.nodes[nr].say(self, nr)?;
                msgs.into_iter().for_each(|msg| state.send(msg));
            }
            Action::Deliver(msg) => {
                state.take(&msg);
                let nr = msg.to();
                let msgs = state.nodes[nr].hear(self, nr, msg);
                msgs.into_iter().for_each(|msg| state.send(msg));
            }
            Action::Double(msg) => {
                state.doubles -= 1;
                state.net.insert(msg, 2);
            }
            Action::Lose(msg) => {
                state.losses -= 1;
                state.take(&msg);
            }
            Action::Commit(nr, env) => {
                let msgs = state.nodes[nr].commit(self, nr, env);
                msgs.into_iter().for_each(|msg| state.send(msg));
            }
            Action::Retry(nr, env, peer) => {
                state.send(Msg::Parcel { from: nr, to: peer, env, pulled: false });
            }
            Action::Restart(nr) => {
                state.restarts -= 1;
                state.nodes[nr].inbox.clear();
                // It doesn't know what was under way, and sends all that waits.
                let waiting: Vec<_> = state.nodes[nr].waiting().collect();
                for (env, to) in waiting {
                    state.send(Msg::Parcel { from: nr, to, env, pulled: false });
                }
            }
            Action::Attack(env, to) => {
                state.hostile.retain(|attack| *attack != (env, to));
                state.send(Msg::Parcel { from: self.envs[env].author, to, env, pulled: false });
            }
        }
        (state != *last).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::<Self>::always(
                "no entry is lost or applied twice, no fork is taken",
                |world, state| state.nodes.iter().all(|node| node.is_sound(world)),
            ),
            Property::<Self>::always("a receipt is given only for what is durable", |world, state| {
                let on_the_way = state.net.keys().all(|msg| match msg {
                    Msg::Receipt { from, env, heads, .. } => {
                        let node = &state.nodes[*from];
                        node.holds(world, *env)
                            && heads
                                .iter()
                                .all(|(author, next)| node.next(world.envs[*env].docket, *author) >= *next)
                    }
                    _ => true,
                });
                let believed = state.nodes.iter().all(|node| {
                    node.outbox.iter().all(|((env, peer), row)| {
                        *row == Row::Waiting || state.nodes[*peer].holds(world, *env)
                    })
                });
                on_the_way && believed
            }),
            Property::<Self>::always(
                "nothing opens without an entry of the list in force",
                |world, state| {
                    state
                        .nodes
                        .iter()
                        .all(|node| node.dockets.keys().all(|docket| world.lawful.contains(docket)))
                },
            ),
            Property::<Self>::sometimes("everybody holds everything", World::is_settled),
        ];
        if self.converges {
            properties.push(Property::<Self>::always(
                "when the network is fair, all sides come to hold the same",
                World::would_converge,
            ));
        }
        properties
    }
}

/// Tries everything, and says how much that was: at least so many states, so that a model in which something cannot happen
/// any more does not pass for one in which nothing went wrong.
fn explore(world: World, states_min: usize) {
    let name = world.name;
    let checker = world.checker().threads(2).spawn_bfs().join();
    let states = checker.unique_state_count();
    println!("{name}: {states} states, depth {}", checker.max_depth());
    checker.assert_properties();
    assert!(checker.is_done());
    assert!(states >= states_min, "{name}: only {states} states of {states_min}");
}

#[test]
fn two_nodes_with_all_that_can_go_wrong() {
    explore(World::two(), 100_000);
}

#[test]
fn three_nodes_in_one_docket() {
    explore(World::three(), 120_000);
}

#[test]
fn a_hostile_member_gets_nothing_in() {
    explore(World::hostile(), 90_000);
}
