//! The compact: founded, compared, countersigned and amended by the people whose office it is.

use super::Region;
use super::words::{self, Agency};
use crate::history::HistoryError;
use crate::history::staff::minutes;
use jiff::{SignedDuration, Timestamp};
use lianzhi_docket::note::VerifierKey;
use lianzhi_docket::note::{KeyKind, Origin};
use lianzhi_docket::witness::witness_name;
use lianzhi_exchange::compact::{Card, Change, Liaison, Member, MemberKey, Pair};
use lianzhi_ids::{Digest, DocketId, NodeCode, Role};
use lianzhi_procedure::compact::Command;
use lianzhi_procedure::{AnyCommand, AnyState, LookUps, Refusal};

/// What is done with the compact later in the month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Amend {
    /// Somebody proposes what stands in this place of the amendments.
    Propose(usize),
    /// The leader of a city countersigns what is open.
    Countersign(usize),
}

fn fault(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::busy(error.to_string(), "")
}

impl Region {
    /// Founds the compact on the first day, and plans all that is done together.
    ///
    /// # Errors
    /// When a step is refused that must be possible.
    pub(crate) fn found(&mut self, addresses: &[String]) -> Result<(), HistoryError> {
        let Some((start, until)) = self.lives.first().map(crate::history::act::Doing::span) else {
            return Ok(());
        };
        let mut changes = vec![
            Change::SetTitle { title: words::TITLE.into() },
            Change::SetK { k: u8::try_from(self.nodes.len() / 2 + 1).unwrap_or(u8::MAX) },
        ];
        for (town, address) in addresses.iter().enumerate() {
            let card = Self::must(self.card(town, address, start))?;
            changes.push(Change::PutMember { card: Box::new(card) });
        }
        changes
            .extend(words::list(start).into_iter().map(|entry| Change::PutEntry { entry: Box::new(entry) }));
        for (a, b, purpose) in words::PAIRS {
            let there = |code: &str| self.nodes.iter().find(|n| n.as_str() == code).cloned();
            if let (Some(a), Some(b)) = (there(a), there(b)) {
                changes.push(Change::PutPair { pair: Pair { a, b, purpose: (*purpose).into() } });
            }
        }
        let id = Self::must(self.give_compact(0, Role::Liaison, None, Command::Found { changes }, start))?;
        let state = self.lives[0].ledger.dockets.get(&id).map(|d| &d.live.state);
        self.compact = state.and_then(AnyState::streams).map(|streams| streams.id.clone());
        self.deliver(start);
        let at = start + SignedDuration::from_mins(1);
        for town in 0..self.nodes.len() {
            for (node, fingerprint) in self.fingerprints(town) {
                Self::must(self.of_compact(town, Role::Admin, Command::Trust { node, fingerprint }, at))?;
            }
        }
        // Once enough have signed it is in force, and whoever comes then finds nothing to sign.
        for town in (0..self.nodes.len()).rev() {
            self.countersign(town, at);
        }
        if self.epoch() != 1 {
            return Err(HistoryError::Step(Refusal::missing("协作机制没有生效。")));
        }
        if start < until {
            self.plan_amendments(start, until);
            self.plan(start, until);
            self.plan_meetings(start, until);
        }
        Ok(())
    }

    /// Number of the epoch in force; 0 without one.
    pub(super) fn epoch(&self) -> u32 {
        let roster = self.lives.first().and_then(|life| life.ledger.world.directory.roster.clone());
        roster.map_or(0, |roster| roster.epoch.number)
    }

    fn card(&mut self, town: usize, address: &str, at: Timestamp) -> Result<Card, Refusal> {
        let life = &self.lives[town];
        let (keys, node) = (&life.ledger.keys, self.nodes[town].clone());
        let signer = keys.exchange().ok_or_else(|| Refusal::missing("没有交换密钥。"))?.clone();
        let origin = Origin { node: node.clone(), generation: life.ledger.generation };
        let log = VerifierKey::of(&origin.to_string(), KeyKind::Log, keys.signer()).map_err(|e| fault(&e))?;
        let witness = VerifierKey::of(&witness_name(&node), KeyKind::Witness, keys.signer());
        let Agency { level, superior } = words::agency(&node);
        let people = life.ledger.world.directory.people.values();
        let mut names: Vec<_> = people
            .filter(|p| p.posts.iter().any(|post| post.roles.contains(&Role::Liaison)))
            .map(|p| p.name.clone())
            .collect();
        names.sort();
        let liaison = |(n, name): (usize, String)| Liaison { name, phone: life.phone(n) };
        let member = Member {
            name: life.ledger.world.directory.settings.agency.clone(),
            level,
            superior: superior.into(),
            keys: vec![MemberKey { key: signer.public().clone(), from: at, until: None }],
            log_key: log.to_string(),
            witness_key: witness.map_err(|e| fault(&e))?.to_string(),
            addresses: vec![address.to_owned()],
            liaisons: names.into_iter().enumerate().map(liaison).collect(),
            signatory: true,
            node,
        };
        Card::sign(member, 0, at, signer.as_ref()).map_err(|e| fault(&e))
    }

    /// The fingerprints of the others, as each reads them out from its own screen.
    fn fingerprints(&self, me: usize) -> Vec<(NodeCode, String)> {
        let others = self.lives.iter().zip(&self.nodes).enumerate().filter(|(n, _)| *n != me);
        others
            .filter_map(|(_, (life, node))| {
                Some((node.clone(), life.ledger.keys.exchange()?.public().fingerprint()))
            })
            .collect()
    }

    fn give_compact(
        &mut self,
        town: usize,
        role: Role,
        to: Option<DocketId>,
        command: Command,
        at: Timestamp,
    ) -> Result<DocketId, Refusal> {
        let life = &mut self.lives[town];
        let caller = life.staff.any(role, &mut self.rng).ok_or_else(|| Refusal::missing("没有这个岗位。"))?;
        let command = AnyCommand::Compact(command);
        let done = life.ledger.give(to, &caller.actor, command, LookUps::default(), at.as_microsecond());
        done.map(|became| became.id)
    }

    fn of_compact(
        &mut self,
        town: usize,
        role: Role,
        command: Command,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let id = self.compact.as_ref().and_then(|id| self.lives[town].ledger.shared.get(id)).copied();
        let id = id.ok_or_else(|| Refusal::missing("没有协作机制。"))?;
        self.give_compact(town, role, Some(id), command, at)?;
        self.deliver(at);
        Ok(())
    }

    fn countersign(&mut self, town: usize, at: Timestamp) {
        let id = self.compact.as_ref().and_then(|id| self.lives[town].ledger.shared.get(id));
        let state = id.and_then(|id| self.lives[town].ledger.dockets.get(id)).map(|d| &d.live.state);
        let Some(AnyState::Compact(state)) = state else { return };
        let open: Vec<Digest> =
            state.file().into_iter().flat_map(|f| f.mine_to_sign()).map(|p| p.agreed.digest).collect();
        for epoch in open {
            if let Err(refusal) = self.of_compact(town, Role::Leader, Command::Countersign { epoch }, at) {
                self.refused("countersign", &refusal);
            }
        }
    }

    fn plan_amendments(&mut self, start: Timestamp, until: Timestamp) {
        let middle = start + (until.duration_since(start)) / 2;
        self.task_at(middle, super::Task::Compact(Amend::Propose(0)));
        for town in 0..self.nodes.len() {
            let at = minutes(middle, 60..900, &mut self.rng);
            self.task_at(at, super::Task::Compact(Amend::Countersign(town)));
        }
        // One waits for the leaders when history ends.
        let late = until - SignedDuration::from_hours(5);
        self.task_at(late, super::Task::Compact(Amend::Propose(1)));
        let at = late + SignedDuration::from_mins(20);
        self.task_at(at, super::Task::Compact(Amend::Countersign(self.nodes.len() - 1)));
    }

    pub(super) fn amend(&mut self, now: Timestamp, amend: &Amend) {
        match amend {
            Amend::Countersign(town) => self.countersign(*town, now),
            Amend::Propose(which) => {
                let changes = match which {
                    0 => vec![Change::PutEntry { entry: Box::new(words::later_entry(now)) }],
                    _ => {
                        let (a, b) = (self.nodes.len() - 2, self.nodes.len() - 1);
                        let (a, b) = (self.nodes[a].clone(), self.nodes[b].clone());
                        vec![Change::PutPair { pair: Pair { a, b, purpose: words::LATER_PAIR.into() } }]
                    }
                };
                let town = 1.min(self.nodes.len() - 1);
                let proposed = self.of_compact(town, Role::Liaison, Command::Propose { changes }, now);
                if let Err(refusal) = proposed {
                    self.refused("propose", &refusal);
                }
            }
        }
    }
}
