//! A node: what it holds durably and in memory, and what it does with what it hears. The decisions are those of the crate.

use super::Msg;
use super::world::{Env, Nr, Outcome, World};
use lianzhi_exchange::evidence::{Equivocation, Signed};
use lianzhi_exchange::gaps::{self, Heads};
use lianzhi_exchange::outbound::{Step, step};
use lianzhi_exchange::refusal::{Answer, Lacking, Refusal};
use std::collections::{BTreeMap, BTreeSet};

/// An envelope in an outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Row {
    Waiting,
    Done,
}

/// A node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Node {
    /// Durable: streams by docket and author.
    pub streams: BTreeMap<(u8, Nr), Vec<Env>>,
    /// Durable: dockets by the envelope that opened them.
    pub dockets: BTreeMap<u8, Env>,
    /// Durable: how often each entry was told to the procedure.
    pub applied: BTreeMap<Env, u8>,
    /// Durable: receipts given, with the heads in them.
    pub given: BTreeMap<Env, Vec<(Nr, u32)>>,
    /// Durable: what it sends.
    pub outbox: BTreeMap<(Env, Nr), Row>,
    /// In memory: what it judged good and has not committed yet, from whom, whether it was pulled, and by how many handlers at once.
    pub inbox: BTreeMap<Env, (Nr, bool, u8)>,
}

/// What a judgement depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct View {
    pub pulled: bool,
    pub given: Option<(Env, Vec<(Nr, u32)>)>,
    pub stream: Vec<Env>,
    pub opened_by: Option<Env>,
    pub parties: BTreeSet<Nr>,
}

impl Node {
    pub fn next(&self, docket: u8, author: Nr) -> u32 {
        self.streams.get(&(docket, author)).map_or(0, |stream| stream.len() as u32)
    }

    pub fn holds(&self, world: &World, env: Env) -> bool {
        let letter = &world.envs[env];
        self.streams.get(&(letter.docket, letter.author)).is_some_and(|stream| stream.contains(&env))
    }

    pub fn waiting(&self) -> impl Iterator<Item = (Env, Nr)> {
        self.outbox.iter().filter(|(_, row)| **row == Row::Waiting).map(|(key, _)| *key)
    }

    /// Streams are dense chains, each entry was applied once, and of two entries at one place at most one is here.
    pub fn is_sound(&self, world: &World) -> bool {
        let chained = self.streams.values().all(|stream| {
            stream.iter().enumerate().all(|(seq, env)| {
                let entry = &world.envs[*env].envelope.entries[0].entry;
                let before = seq.checked_sub(1).map(|i| world.envs[stream[i]].envelope.entries[0].digest);
                entry.seq as usize == seq && before.is_none_or(|digest| digest == entry.prev)
            })
        });
        let held: Vec<Env> = self.streams.values().flatten().copied().collect();
        let once =
            held.iter().all(|env| self.applied.get(env) == Some(&1)) && held.len() == self.applied.len();
        // What its own program said is in its stream for ever.
        let kept = self.outbox.keys().all(|(env, _)| held.contains(env));
        chained && once && kept
    }

    fn heads(&self, docket: u8) -> Vec<(Nr, u32)> {
        let streams = self.streams.iter().filter(|((d, _), _)| *d == docket);
        streams.map(|((_, author), stream)| (*author, stream.len() as u32)).collect()
    }

    fn view(&self, world: &World, env: Env, pulled: bool) -> View {
        let letter = &world.envs[env];
        let in_docket = self.streams.iter().filter(|((docket, _), _)| *docket == letter.docket);
        let parties = in_docket.flat_map(|((_, author), stream)| {
            stream.iter().flat_map(|env| world.envs[*env].to.iter().copied()).chain([*author])
        });
        let same_id = self.given.iter().find(|(e, _)| world.envs[**e].envelope.id == letter.envelope.id);
        View {
            pulled,
            given: same_id.map(|(env, heads)| (*env, heads.clone())),
            stream: self.streams.get(&(letter.docket, letter.author)).cloned().unwrap_or_default(),
            opened_by: self.dockets.get(&letter.docket).copied(),
            parties: parties.collect(),
        }
    }

    fn apply(&mut self, world: &World, env: Env) {
        let letter = &world.envs[env];
        self.dockets.entry(letter.docket).or_insert(env);
        self.streams.entry((letter.docket, letter.author)).or_default().push(env);
        *self.applied.entry(env).or_default() += 1;
    }

    /// Says what is next in the script: entry, stream and outbox in one transaction. Others' dockets have to be open here first.
    pub fn say(&mut self, world: &World, me: Nr) -> Option<Vec<Msg>> {
        let next = world.scripts[me].iter().find(|env| !self.holds(world, **env))?;
        let letter = &world.envs[*next];
        if letter.seq != self.next(letter.docket, me) {
            return None;
        }
        let founds = letter.envelope.is_opening();
        if !founds && !self.dockets.contains_key(&letter.docket) {
            return None;
        }
        self.apply(world, *next);
        self.outbox.extend(letter.to.iter().map(|to| ((*next, *to), Row::Waiting)));
        Some(
            letter.to.iter().map(|to| Msg::Parcel { from: me, to: *to, env: *next, pulled: false }).collect(),
        )
    }

    /// Hears a message.
    pub fn hear(&mut self, world: &World, me: Nr, msg: Msg) -> Vec<Msg> {
        match msg {
            Msg::Parcel { from, env, pulled, .. } => self.judge(world, me, from, env, pulled),
            Msg::Receipt { from, env, heads, .. } => {
                // Receipts for what it never sent are nothing to it.
                let Some(row) = self.outbox.get_mut(&(env, from)) else { return vec![] };
                *row = Row::Done;
                let docket = world.envs[env].docket;
                let named = |heads: &[(Nr, u32)]| -> Heads {
                    heads.iter().map(|(nr, next)| (world.codes[*nr].clone(), *next)).collect()
                };
                let pieces = gaps::to_pull(&world.codes[me], &named(&self.heads(docket)), &named(&heads));
                let nr = |code| world.codes.iter().position(|c| c == code).unwrap();
                pieces
                    .iter()
                    .map(|piece| Msg::Pull {
                        from: me,
                        to: from,
                        docket,
                        author: nr(&piece.author),
                        at: piece.from,
                    })
                    .collect()
            }
            Msg::Gap { from, env, author, at, .. } => {
                let lacking = Lacking {
                    docket: world.envs[env].envelope.docket().clone(),
                    author: world.codes[author].clone(),
                    from: at,
                };
                match step(&Answer::Gap(lacking)) {
                    // Its own it sends again at once; another's the receiver pulls, and the outbox tries again.
                    Step::Send(lacking) if author == me => {
                        let stream =
                            self.streams.get(&(world.envs[env].docket, me)).cloned().unwrap_or_default();
                        let next = stream.get(lacking.from as usize).copied();
                        next.map(|env| Msg::Parcel { from: me, to: from, env, pulled: false })
                            .into_iter()
                            .collect()
                    }
                    _ => vec![],
                }
            }
            Msg::Pull { from, docket, author, at, .. } => {
                let stream = self.streams.get(&(docket, author)).cloned().unwrap_or_default();
                let rest = stream.into_iter().skip(at as usize);
                rest.map(|env| Msg::Parcel { from: me, to: from, env, pulled: true }).collect()
            }
        }
    }

    fn judge(&mut self, world: &World, me: Nr, from: Nr, env: Env, pulled: bool) -> Vec<Msg> {
        match world.judge(me, env, self.view(world, env, pulled)) {
            Outcome::Take { .. } => {
                let (.., copies) = self.inbox.entry(env).or_insert((from, pulled, 0));
                *copies = (*copies + 1).min(2);
                vec![]
            }
            Outcome::Again if pulled => vec![],
            Outcome::Again => {
                let heads = self.given[&env].clone();
                vec![Msg::Receipt { from: me, to: from, env, heads }]
            }
            Outcome::Gap { author, at } if pulled || author == from => {
                vec![Msg::Gap { from: me, to: from, env, author, at }]
            }
            Outcome::Gap { author, at } => {
                let docket = world.envs[env].docket;
                let gap = Msg::Gap { from: me, to: from, env, author, at };
                vec![gap, Msg::Pull { from: me, to: author, docket, author, at }]
            }
            Outcome::Refused(refusal) => {
                self.refuse(world, env, &refusal);
                vec![]
            }
        }
    }

    /// Two envelopes that contradict each other are proof against their author.
    fn refuse(&self, world: &World, env: Env, refusal: &Refusal) {
        let Refusal::Fork { seq } = refusal else { return };
        let letter = &world.envs[env];
        let stream = &self.streams[&(letter.docket, letter.author)];
        let signed = |env: Env| Signed {
            envelope: world.envs[env].envelope.bytes().into(),
            signature: world.envs[env].signature.clone(),
        };
        let evidence = Equivocation { one: signed(stream[*seq as usize]), other: signed(env) };
        evidence.verify(world.roster()).unwrap();
    }

    /// Commits what was judged good, and judges it again first: something else may have been committed meanwhile.
    pub fn commit(&mut self, world: &World, me: Nr, env: Env) -> Vec<Msg> {
        let Some((from, pulled, copies)) = self.inbox.remove(&env) else { return vec![] };
        if copies > 1 {
            self.inbox.insert(env, (from, pulled, copies - 1));
        }
        let Outcome::Take { new } = world.judge(me, env, self.view(world, env, pulled)) else {
            return self.judge(world, me, from, env, pulled);
        };
        if new > 0 {
            self.apply(world, env);
        }
        let heads = self.heads(world.envs[env].docket);
        self.given.insert(env, heads.clone());
        // The author waits for the receipt, whoever brought the envelope.
        if pulled { vec![] } else { vec![Msg::Receipt { from: me, to: from, env, heads }] }
    }
}
