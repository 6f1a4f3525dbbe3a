//! What the sequencer and the readers share: the world, duty, loads, recent matters, keys, and the stream of hints.

use crate::federation::{SIGNALS_MAX, Signal};
use crate::keys::Keys;
use crate::ports::{Batch, MatterRow, PartRow, Store, StoreError};
use crate::project::{self, Live};
use crate::repeats::Recent;
use crate::world::{LoadTable, World};
use lianzhi_ids::{DocketId, NodeCode, PersonCode, SharedId, UnitCode};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::{AnyState, Refusal};
use lianzhi_triage::Features;
use lru::LruCache;
use parking_lot::{Mutex, RwLock};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Hints that a slow reader may fall behind before it is told to fetch anew.
const HINTS_MAX: usize = 4096;
/// Rows of matters read at once when caches are warmed.
const WARM_ROWS: i64 = 5_000;
/// Dockets that readers keep folded: several lists of cases with the earlier ones of their parties.
const FOLDED_MAX: usize = 2_000;

/// A matter changed; sent after the commit. Says where to look, not what happened.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Hint {
    /// Log position after the change; the SSE event id.
    pub pos: i64,
    /// Matter.
    pub docket: DocketId,
    /// Its kind.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Stage now.
    pub stage: String,
    /// Lead unit.
    pub unit: Option<String>,
    /// Named officer.
    pub assignee: Option<String>,
    /// Its title.
    pub title: String,
    /// Whose it was, when it was open and is not theirs any more: they have it before their eyes and must hear that it
    /// left.
    pub before: Option<Holder>,
}

/// Whose a matter is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Holder {
    /// Lead unit.
    pub unit: Option<UnitCode>,
    /// Named officer.
    pub assignee: Option<PersonCode>,
}

impl Holder {
    fn of(row: &MatterRow) -> Holder {
        Holder {
            unit: row.unit.as_deref().and_then(|u| UnitCode::parse(u).ok()),
            assignee: row.assignee.as_deref().and_then(|p| PersonCode::parse(p).ok()),
        }
    }
}

/// Whose each open matter is. Kept beside the rows because a row says nothing of the time before it, least of all one
/// that another replica wrote.
#[derive(Debug, Default)]
struct Holders(HashMap<DocketId, Holder>);

impl Holders {
    /// Takes a row over; gives whose it was when it changed hands.
    fn note(&mut self, row: &MatterRow) -> Option<Holder> {
        let now = Holder::of(row);
        let before = if row.open { self.0.insert(row.id, now.clone()) } else { self.0.remove(&row.id) };
        before.filter(|before| *before != now)
    }
}

/// A docket that a batch changed.
pub(crate) struct Change {
    pub row: MatterRow,
    pub before: Option<String>,
    pub live: Arc<Live>,
    /// What it is compared by, when it was just registered.
    pub features: Option<Arc<Features>>,
}

/// Shared memory of a running node. Everything in it can be made anew from the store.
pub struct Shared {
    node: NodeCode,
    generation: u32,
    /// Entries of the backup that the node was restored from, while no generation was opened for it yet.
    restored: RwLock<Option<u64>>,
    keys: Keys,
    world: RwLock<Arc<World>>,
    duty: RwLock<Arc<OnDuty>>,
    loads: RwLock<Arc<LoadTable>>,
    recent: RwLock<Recent>,
    holders: RwLock<Holders>,
    hints: broadcast::Sender<Hint>,
    signals: broadcast::Sender<Signal>,
    problems: RwLock<Vec<String>>,
    folded: Mutex<Folded>,
}

/// Dockets as readers folded them last, without their words. One is taken again only while its head is still that of its
/// row: the digest of the last entry stands for all before it.
struct Folded(LruCache<DocketId, Arc<Live>>);

impl Default for Folded {
    fn default() -> Folded {
        Folded(LruCache::new(NonZeroUsize::new(FOLDED_MAX).unwrap_or(NonZeroUsize::MIN)))
    }
}

impl Folded {
    fn at_head(&mut self, row: &MatterRow) -> Option<Live> {
        let live = self.0.get(&row.id)?;
        (live.seq == row.seq && Some(live.last) == row.last).then(|| Live::clone(live))
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Shared {
    /// Reads what a node must know before it answers.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(config: &crate::Config, keys: Keys, store: &Store) -> Result<Shared, StoreError> {
        let node = config.node.clone();
        let (world, problems) = World::build(&node, &store.journal.registers().await?);
        let shared = Shared {
            node,
            generation: config.generation,
            restored: RwLock::new(config.restored),
            keys,
            world: RwLock::new(Arc::new(world)),
            duty: RwLock::default(),
            loads: RwLock::default(),
            recent: RwLock::default(),
            holders: RwLock::default(),
            hints: broadcast::channel(HINTS_MAX).0,
            signals: broadcast::channel(SIGNALS_MAX).0,
            problems: RwLock::new(problems),
            folded: Mutex::default(),
        };
        shared.warm(store).await?;
        Ok(shared)
    }

    /// Fills loads and recent matters from the open ones, and duty from its dockets.
    async fn warm(&self, store: &Store) -> Result<(), StoreError> {
        let mut after = DocketId(-1);
        let mut loads = LoadTable::default();
        loop {
            let rows = store.journal.open_matters(after, WARM_ROWS).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            let (mut recent, mut holders) = (self.recent.write(), self.holders.write());
            for row in &rows {
                loads.shift(None, row.assignee.as_deref());
                recent.note(row, None, None);
                holders.note(row);
            }
        }
        *self.loads.write() = Arc::new(loads);
        let mut duty = OnDuty::default();
        let mut cursor = None;
        loop {
            let filter = crate::read::filter_of_kind("duty");
            let page = store
                .queries
                .list(&filter, crate::ports::Order::Oldest, cursor.as_deref(), crate::read::PAGE_ROWS_MAX)
                .await?;
            let ids: Vec<_> = page.rows.iter().map(|r| r.id).collect();
            for live in self.lives(store, &ids).await?.into_values() {
                if let AnyState::Duty(state) = &live.state {
                    duty.apply(state);
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        *self.duty.write() = Arc::new(duty);
        Ok(())
    }

    /// Makes everything anew from the store (after a rebuild or restore).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reload(&self, store: &Store) -> Result<(), StoreError> {
        self.reload_world(store).await?;
        *self.recent.write() = Recent::default();
        *self.holders.write() = Holders::default();
        self.warm(store).await
    }

    async fn reload_world(&self, store: &Store) -> Result<(), StoreError> {
        let (world, problems) = World::build(&self.node, &store.journal.registers().await?);
        *self.world.write() = Arc::new(world);
        *self.problems.write() = problems;
        Ok(())
    }

    /// Registers in force.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.world.read().clone()
    }
    /// Register rows that could not be used, in words for the administrator.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.problems.read().clone()
    }
    /// Who is on duty.
    #[must_use]
    pub fn duty(&self) -> Arc<OnDuty> {
        self.duty.read().clone()
    }
    /// Open matters by officer, shared.
    #[must_use]
    pub fn load_table(&self) -> Arc<LoadTable> {
        self.loads.read().clone()
    }
    /// Keys.
    #[must_use]
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }
    /// This node.
    #[must_use]
    pub fn node(&self) -> &NodeCode {
        &self.node
    }
    /// The name among members of a docket that is opened here.
    #[must_use]
    pub fn shared_id(&self, id: DocketId) -> SharedId {
        SharedId { node: self.node.clone(), generation: self.generation(), id }
    }
    /// Generation of the log now.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.world().generation.as_ref().map_or(self.generation, |g| g.number.max(self.generation))
    }
    /// Entries of the backup from which the node was restored, while the next generation is not open: nothing is
    /// recorded and nothing is signed until then.
    #[must_use]
    pub fn restoring(&self) -> Option<u64> {
        let restored = *self.restored.read();
        let opened = self.world().generation.as_ref().map(|g| g.restored);
        restored.filter(|size| opened != Some(*size))
    }
    /// A neighbour showed that more was signed in this log than is here.
    pub(crate) fn found_restored(&self, size: u64) {
        *self.restored.write() = Some(size);
    }
    /// Recent open matters.
    #[must_use]
    pub fn recent(&self) -> &RwLock<Recent> {
        &self.recent
    }
    /// Hints from now on.
    #[must_use]
    pub fn hints(&self) -> broadcast::Receiver<Hint> {
        self.hints.subscribe()
    }

    /// Signals for whoever carries messages, from now on.
    pub(crate) fn signals(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }

    /// Tells whoever carries messages; nobody listening is no error.
    pub(crate) fn signal(&self, signal: Signal) {
        let _ = self.signals.send(signal);
    }

    /// Takes over what a batch changed and tells whoever listens.
    pub(crate) async fn committed(&self, batch: &Batch, changes: Vec<Change>, store: &Store) {
        let mut loads = (**self.loads.read()).clone();
        let mut moved = false;
        for change in &changes {
            let after = change.row.assignee.as_deref().filter(|_| change.row.open);
            moved |= change.before.as_deref() != after;
            loads.shift(change.before.as_deref(), after);
            if let AnyState::Duty(state) = &change.live.state {
                let mut duty = (**self.duty.read()).clone();
                duty.apply(state);
                *self.duty.write() = Arc::new(duty);
            }
        }
        if moved {
            *self.loads.write() = Arc::new(loads);
        }
        {
            let mut recent = self.recent.write();
            for change in &changes {
                recent.note(&change.row, Some(&change.live.narrative), change.features.as_deref());
            }
        }
        // What happened to somebody's access changes no register that anything is decided by.
        if batch.registers.iter().any(|r| r.register != "access")
            && let Err(error) = self.reload_world(store).await
        {
            tracing::error!(%error, "registers could not be read anew; the earlier ones stay in force");
        }
        self.hint(changes.iter().map(|c| &c.row));
        let peers: BTreeSet<&NodeCode> = batch.outbox.iter().map(|row| &row.peer).collect();
        peers.into_iter().for_each(|peer| self.signal(Signal::Send(peer.clone())));
        let peers: BTreeSet<&NodeCode> = batch.wanted.iter().map(|row| &row.peer).collect();
        peers.into_iter().for_each(|peer| self.signal(Signal::Fetch(peer.clone())));
    }

    fn hint<'a>(&self, rows: impl Iterator<Item = &'a MatterRow>) {
        let heard = self.hints.receiver_count() > 0;
        let mut holders = self.holders.write();
        for row in rows.filter(|r| r.kind != "register") {
            let before = holders.note(row);
            if !heard {
                continue;
            }
            // Nobody listening is no error.
            let _ = self.hints.send(Hint {
                pos: row.pos,
                docket: row.id,
                kind: row.kind.clone(),
                number: row.number.clone(),
                stage: row.stage.clone(),
                unit: row.unit.clone(),
                assignee: row.assignee.clone(),
                title: row.title.clone(),
                before,
            });
        }
    }

    /// Takes over what other replicas committed since a log position; gives the dockets that changed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn follow(&self, store: &Store, from: i64) -> Result<Vec<DocketId>, StoreError> {
        let mut changed = Vec::new();
        let mut at = from;
        loop {
            let rows = store.journal.changed(at, WARM_ROWS).await?;
            let Some(last) = rows.last() else { break };
            at = last.pos;
            if rows.iter().any(|r| r.kind == "register" || r.kind == "compact") {
                self.reload_world(store).await?;
            }
            let duties: Vec<_> = rows.iter().filter(|r| r.kind == "duty").map(|r| r.id).collect();
            for live in self.lives(store, &duties).await?.into_values() {
                if let AnyState::Duty(state) = &live.state {
                    let mut duty = (**self.duty.read()).clone();
                    duty.apply(state);
                    *self.duty.write() = Arc::new(duty);
                }
            }
            {
                let mut recent = self.recent.write();
                for row in &rows {
                    recent.note(row, None, None);
                }
            }
            changed.extend(rows.iter().map(|r| r.id));
            self.hint(rows.iter());
            if rows.len() < usize::try_from(WARM_ROWS).unwrap_or(usize::MAX) {
                break;
            }
        }
        // Loads of others' changes: counted anew, since the row before the change is not known here.
        if !changed.is_empty() {
            let mut loads = LoadTable::default();
            for count in
                store.queries.counts(&crate::read::open_reports(), crate::ports::CountBy::Assignee).await?
            {
                if let Ok(person) = PersonCode::parse(&count.key) {
                    loads.0.insert(person, u32::try_from(count.n).unwrap_or(u32::MAX));
                }
            }
            *self.loads.write() = Arc::new(loads);
        }
        Ok(changed)
    }

    /// Folds dockets from the journal, with their narratives.
    ///
    /// # Errors
    /// When the store cannot be read or holds what is no entry.
    pub async fn lives(
        &self,
        store: &Store,
        ids: &[DocketId],
    ) -> Result<HashMap<DocketId, Live>, StoreError> {
        let mut lives = self.lives_without_words(store, ids).await?;
        let mut wanted: HashMap<_, DocketId> = HashMap::new();
        let foreign: HashSet<DocketId> =
            lives.iter().filter(|(_, live)| live.state.streams().is_some()).map(|(id, _)| *id).collect();
        for (id, live) in &lives {
            wanted.extend(project::word_parts(&live.state.summary()).map(|part| (part, *id)));
        }
        let digests: Vec<_> = wanted.keys().copied().collect();
        if !digests.is_empty() {
            let rows = store.journal.parts(&digests).await?;
            // What other members name is read in its own docket only.
            let own = |row: &&PartRow| {
                wanted.get(&row.digest).is_none_or(|id| !foreign.contains(id) || row.docket == *id)
            };
            let opened = rows.iter().filter(own).filter_map(|row| Some((row.digest, self.keys.open(row)?)));
            let texts: HashMap<_, _> = opened.collect();
            for id in wanted.into_values().collect::<HashSet<_>>() {
                if let Some(live) = lives.get_mut(&id)
                    && let Some(words) = project::words(&live.state.summary(), |d| texts.get(d).cloned())
                {
                    live.narrative = words;
                }
            }
        }
        Ok(lives)
    }

    /// The same for whoever does not look at the words.
    ///
    /// # Errors
    /// When the store cannot be read or holds what is no entry.
    pub async fn lives_without_words(
        &self,
        store: &Store,
        ids: &[DocketId],
    ) -> Result<HashMap<DocketId, Live>, StoreError> {
        let mut lives = HashMap::new();
        if ids.is_empty() {
            return Ok(lives);
        }
        let rows = store.journal.matters(ids).await?;
        {
            let mut folded = self.folded.lock();
            lives.extend(rows.iter().filter_map(|row| Some((row.id, folded.at_head(row)?))));
        }
        let moved: Vec<_> = ids.iter().filter(|id| !lives.contains_key(id)).copied().collect();
        if moved.is_empty() {
            return Ok(lives);
        }
        let entries = store.journal.dockets(&moved).await?;
        for of_one in entries.chunk_by(|a, b| a.docket == b.docket) {
            let live = project::fold(of_one).map_err(|e| StoreError::Damaged(e.to_string()))?;
            if let (Some(live), Some(first)) = (live, of_one.first()) {
                self.folded.lock().0.put(first.docket, Arc::new(live.clone()));
                lives.insert(first.docket, live);
            }
        }
        Ok(lives)
    }
}

/// What people are told when storage fails; the log has the error itself.
#[must_use]
pub fn unavailable(error: &StoreError) -> Refusal {
    match error {
        StoreError::Full(_) => {
            Refusal::busy("存储空间已满，这次没有保存。", "请通知管理员扩容；已填内容请先留在页面上。")
        }
        StoreError::Missing => Refusal::missing("没有找到。"),
        StoreError::HeadMoved => Refusal::busy("同时提交的人太多，这次没有保存。", "请再提交一次。"),
        StoreError::Engine(_) | StoreError::Damaged(_) => {
            Refusal::busy("存储暂时不可用，这次没有保存。", "请稍后重试；反复出现请通知管理员。")
        }
    }
}
