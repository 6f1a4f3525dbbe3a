//! Who is there, what they will say, and what the network may do. Judgements of real envelopes are remembered by what they
//! depend on, since the same one is asked for in many states.

use super::node::View;
use crate::common::*;
use lianzhi_docket::suite::SecretKey;
use lianzhi_exchange::compact::{Roster, Shared};
use lianzhi_exchange::envelope::{Address, Envelope};
use lianzhi_exchange::inbound::{Content, Given, Head, Known, Opened, Verdict, Way, judge};
use lianzhi_exchange::outbound::{Step, step};
use lianzhi_exchange::receipt::{Receipt, Stage};
use lianzhi_exchange::refusal::{Answer, Refusal};
use lianzhi_exchange::signature::{Signature, Statement};
use lianzhi_ids::{Digest, NodeCode};
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

/// A node by its number.
pub type Nr = usize;
/// An envelope by its number.
pub type Env = usize;

/// Per author, the position after the last entry held.
pub type Heads = Vec<(Nr, u32)>;

/// A signed envelope of one entry.
pub struct Letter {
    pub envelope: Envelope,
    pub signature: Signature,
    pub docket: u8,
    pub author: Nr,
    pub seq: u32,
    pub to: Vec<Nr>,
}

/// What became of an envelope, without its borrowings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Take { new: usize },
    Again,
    Gap { author: Nr, at: u32 },
    Refused(Refusal),
}

pub struct World {
    pub name: &'static str,
    pub codes: Vec<NodeCode>,
    pub envs: Vec<Letter>,
    /// What each node says, in order.
    pub scripts: Vec<Vec<Env>>,
    /// What somebody sends who keeps to nothing.
    pub hostile: Vec<Env>,
    /// Dockets that may open.
    pub lawful: BTreeSet<u8>,
    pub losses: u8,
    pub doubles: u8,
    pub restarts: u8,
    /// Rounds of saying, delivering, committing and trying again within which a fair network settles everything.
    pub rounds: usize,
    pub converges: bool,
    roster: Roster,
    keys: Vec<SecretKey>,
    judged: Mutex<HashMap<(Nr, Env, View), Outcome>>,
    receipts: Mutex<HashMap<(Nr, Env, Heads), Statement>>,
}

impl World {
    /// Nothing said yet, nothing going wrong.
    fn of(name: &'static str, codes: &[&str]) -> World {
        World {
            name,
            codes: codes.iter().map(|code| node(code)).collect(),
            envs: vec![],
            scripts: vec![vec![]; codes.len()],
            hostile: vec![],
            lawful: BTreeSet::new(),
            losses: 0,
            doubles: 0,
            restarts: 0,
            rounds: 16,
            converges: true,
            roster: roster(),
            keys: codes.iter().map(|code| key(code)).collect(),
            judged: Mutex::default(),
            receipts: Mutex::default(),
        }
    }

    /// Qingpu opens a docket and goes on in it, Wujiang answers and opens another one.
    pub fn two() -> World {
        let mut world =
            World { losses: 1, doubles: 1, restarts: 1, ..World::of("two nodes", &[QINGPU, WUJIANG]) };
        let opening = world.say(0, 7, &[1], None);
        world.say(0, 7, &[1], Some(opening));
        world.say(1, 7, &[0], None);
        world.lawful = BTreeSet::from([7]);
        world
    }

    /// Qingpu opens a docket with Wujiang and Jiashan; Wujiang answers to both.
    pub fn three() -> World {
        let nobody = World::of("three nodes", &[QINGPU, WUJIANG, JIASHAN]);
        let mut world = World { losses: 1, restarts: 1, ..nobody };
        world.say(0, 7, &[1, 2], None);
        world.say(1, 7, &[0, 2], None);
        world.lawful = BTreeSet::from([7]);
        world
    }

    /// Qingpu has an honest program and somebody else with its key: a fork and what follows it, openings without authority,
    /// a signature taken from another envelope.
    pub fn hostile() -> World {
        let mut world = World { converges: false, ..World::of("hostile member", &[QINGPU, WUJIANG]) };
        let opening = world.say(0, 7, &[1], None);
        let next = world.say(0, 7, &[1], Some(opening));
        let other = world.write(0, 7, Some(opening), "另一说法", address(&[WUJIANG]));
        let successor = world.write(0, 7, Some(other), "接着说", address(&[WUJIANG]));
        let expired = Address { list: Some(ran_out().digest()), ..address(&[WUJIANG]) };
        let expired = world.write(0, 8, None, "过期", expired);
        let none = world.write(0, 9, None, "无据", Address { list: None, ..address(&[WUJIANG]) });
        let forged = world.write(0, 10, None, "伪造", address(&[WUJIANG]));
        world.envs[forged].signature = world.envs[next].signature.clone();
        world.hostile = vec![other, successor, expired, none, forged];
        world.lawful = BTreeSet::from([7]);
        world
    }

    /// Adds to an author's script what follows an envelope of its own.
    fn say(&mut self, author: Nr, docket: u8, to: &[Nr], after: Option<Env>) -> Env {
        let to: Vec<String> = to.iter().map(|nr| self.codes[*nr].to_string()).collect();
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        let env = self.write(author, docket, after, "来函", address(&to));
        self.scripts[author].push(env);
        env
    }

    fn write(&mut self, author: Nr, docket: u8, after: Option<Env>, words: &str, address: Address) -> Env {
        let (seq, prev) = after.map_or((0, Digest::ZERO), |env| {
            let before = &self.envs[env];
            (before.seq + 1, before.envelope.entries[0].digest)
        });
        let to =
            self.codes.iter().enumerate().filter(|(_, code)| address.to.contains(code)).map(|(nr, _)| nr);
        let to = to.collect();
        let entry = entry(docket.into(), self.codes[author].as_str(), seq, prev, words);
        let envelope = envelope(&entry, address);
        let signature = envelope.sign(&self.keys[author]).unwrap();
        self.envs.push(Letter { envelope, signature, docket, author, seq, to });
        self.envs.len() - 1
    }

    fn nr(&self, code: &NodeCode) -> Nr {
        self.codes.iter().position(|c| c == code).unwrap()
    }

    /// What a node makes of an envelope, from what it holds durably.
    pub fn judge(&self, nr: Nr, env: Env, view: View) -> Outcome {
        let key = (nr, env, view);
        if let Some(outcome) = self.judged.lock().unwrap().get(&key) {
            return outcome.clone();
        }
        let outcome = self.judge_really(nr, env, &key.2);
        self.judged.lock().unwrap().insert(key, outcome.clone());
        outcome
    }

    fn judge_really(&self, nr: Nr, env: Env, view: &View) -> Outcome {
        let letter = &self.envs[env];
        let digest = |env: Env| self.envs[env].envelope.entries[0].digest;
        let held: Vec<Digest> =
            view.stream.iter().skip(letter.seq as usize).take(1).map(|env| digest(*env)).collect();
        let head = view
            .stream
            .last()
            .map_or(Head::NONE, |env| Head { next: view.stream.len() as u32, digest: digest(*env) });
        let given = view.given.as_ref().map(|(env, heads)| (*env, self.receipt(nr, *env, heads)));
        let given =
            given.as_ref().map(|(env, receipt)| Given { digest: self.envs[*env].envelope.digest(), receipt });
        let parties: Vec<NodeCode> = view.parties.iter().map(|nr| self.codes[*nr].clone()).collect();
        let docket = view.opened_by.map(|env| Opened {
            kind: "lead",
            list: self.envs[env].envelope.address.list,
            parties: Some(&parties),
        });
        let known = Known {
            roster: &self.roster,
            roster_at: morning(),
            me: &self.codes[nr],
            restoring: false,
            way: if view.pulled { Way::Pulled } else { Way::Posted },
            given,
            head,
            held: &held,
            docket,
            content: Some(Content { used: &[Shared::Narrative], category: Some("E03001"), onward: false }),
        };
        match judge(&letter.envelope, &letter.signature, morning(), &known) {
            Verdict::Take { entries, .. } => Outcome::Take { new: entries.len() },
            Verdict::Again(_) => Outcome::Again,
            Verdict::Gap(lacking) => Outcome::Gap { author: self.nr(&lacking.author), at: lacking.from },
            Verdict::Refused(refusal) => Outcome::Refused(refusal),
            Verdict::NotUnderstood { .. } => unreachable!("everybody understands leads"),
        }
    }

    /// The receipt that a node signs.
    pub fn receipt(&self, nr: Nr, env: Env, heads: &[(Nr, u32)]) -> Statement {
        let mut receipts = self.receipts.lock().unwrap();
        let receipt = receipts.entry((nr, env, heads.to_vec())).or_insert_with(|| {
            let envelope = &self.envs[env].envelope;
            let receipt = Receipt {
                envelope: envelope.id.clone(),
                digest: envelope.digest(),
                node: self.codes[nr].clone(),
                at: morning(),
                stage: Stage::Received,
                heads: heads.iter().map(|(nr, next)| (self.codes[*nr].clone(), *next)).collect(),
            };
            let signed = receipt.sign(&self.keys[nr]).unwrap();
            // Read once as its sender does; the same bytes need no second look.
            let key = self.keys[nr].public();
            assert_eq!(Receipt::open(&signed, key, &self.codes[nr], envelope).unwrap(), receipt);
            assert_eq!(step(&Answer::Receipt(signed.clone())), Step::Done);
            signed
        });
        receipt.clone()
    }

    /// The roster, for looking at evidence.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }
}
