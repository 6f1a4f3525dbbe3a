//! The application: use cases and ports. Authorise, decide, append, project. No SQL, no HTTP.
//!
//! [`App`] is what the edges talk to. Writing goes through the [`sequencer`]; reading goes to the projections and, for
//! one matter, to its folded state. Everything that is derived can be made anew from the entries ([`rebuild`]).

mod access;
mod asked;
mod batch;
mod board;
mod bulk;
pub mod bundle;
mod caller;
mod changes;
mod columns;
pub mod compact;
mod cooperation;
mod counters;
mod desk;
mod entered;
mod exif;
pub mod export;
pub mod federation;
pub mod figures;
mod follow;
pub mod goods;
pub mod import;
mod intake;
pub mod issued;
mod keys;
mod law;
mod log;
mod looks;
mod many;
pub mod map;
mod micros;
mod month;
mod named;
mod near;
mod numbers;
mod outcome;
pub mod payments;
pub mod penalty;
mod people;
pub mod ports;
pub mod project;
mod proof;
pub mod publicity;
mod read;
pub mod rebuild;
mod record;
mod repeats;
mod route;
mod saved;
pub mod search;
pub mod sequencer;
mod shared;
mod singleton;
pub mod spot;
mod submit;
mod todo;
mod upkeep;
pub mod verify;
mod views;
mod wake;
mod wall;
mod witnessed;
pub mod words;
pub mod world;

pub use batch::by_rule;
pub use board::{
    AtWork, BoardBy, BoardColumn, BoardView, CARDS_MAX, COLUMN_CARDS, Nearby, Shift, Whence, column_of,
};
pub use bulk::{BULK_MAX, BulkOffer, Foreseen};
pub use caller::Caller;
pub use changes::{Change, ChangesQuery};
pub use columns::{COLUMNS_AT_FIRST, Column, columns_of, columns_text, late_now};
pub use cooperation::{
    AnswerView, CooperationQuery, CooperationRow, DeliveryView, Digest, DraftFile, DraftLetter, DraftView,
    ErasureView, FileView, FilingView, Flow, LetterView, MemberView, Overview, PairFigures, PrintedLetter,
    ReceivedView, Related, SharedView, Side, StepView, Undelivered, WaitsFor, missing_fonts, partners_of,
};
pub use counters::{next_number, next_pay_codes};
pub use desk::{Awaited, Desk, Handover, awaits};
pub use entered::{EntryTyped, entries_of};
pub use figures::FiguresQuery;
pub use follow::{Earlier, FollowStep, FollowView, NextStep, Together};
pub use intake::{PlaceInput, Receipt, ReportInput, SuggestedCategory};
pub use keys::{Keys, Sealed};
pub use law::Entered;
pub use log::{LogKeeper, LogState};
pub use month::{Month, MonthRow, SMALL};
pub use near::{NEAR_PUBLIC_M, NearMatter, public_stage};
pub use people::{SessionInfo, SignedIn, hash_password};
pub use ports::AccessQuery;
pub use project::{Narrative, register_rows};
pub use proof::{ProofEntry, ProofFault, ProofView};
pub use read::{ListQuery, NO_UNIT, filter_of_kind};
pub use record::RecordLine;
pub use route::{Stop, StopKind};
pub use saved::{ViewInput, ViewItem};
pub use sequencer::Done;
pub use shared::{Hint, Holder, unavailable};
pub use todo::{TODOS_MAX, TodoItem, Waiting};
pub use upkeep::{ANSWERS_KEPT, FIGURES_EVERY, SWEEP_EVERY, UNCLAIMED_KEPT};
pub use views::{ClockView, ExhibitView, MatterView};
pub use wall::{WALL_SCOPE, WallView};
pub use witnessed::WitnessView;

use crate::ports::{Clock, Entropy, Store, StoreError};
use crate::sequencer::Sequencer;
use crate::shared::Shared;
use jiff::Timestamp;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Actor;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::duty::OnDuty;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::broadcast;

/// What an application must be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// This node.
    pub node: NodeCode,
    /// Generation of the log, from 1, as the node was set up; a later one that the record opened counts instead.
    pub generation: u32,
    /// The node comes back from a backup with so many entries, and may have said more since: it says nothing before it
    /// has asked its neighbours and opened the next generation.
    pub restored: Option<u64>,
    /// Its entries are marked as simulated.
    pub simulated: bool,
    /// Folder for the log's own files (hashes of full tiles; can be made anew).
    pub log_dir: PathBuf,
}

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub config: Config,
    pub store: Store,
    pub shared: Arc<Shared>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub sequencer: sequencer::Handle,
    pub log: LogKeeper,
    pub access: access::AccessLog,
    pub tokens: people::TokenCache,
    pub board: board::Counts,
    pub many: many::Many,
    pub months: month::Months,
    pub figures: figures::Keeper,
    pub last_done: upkeep::LastDone,
    pub peers: federation::Peers,
    pub parties: federation::Parties,
    pub compact: compact::Kept,
    /// Address under which the public reaches this node, once it is known.
    pub public_address: std::sync::OnceLock<String>,
    /// The agency's electronic seal, where it has one.
    pub seal: std::sync::OnceLock<Arc<dyn ports::Seal>>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "App({})", self.inner.config.node)
    }
}

/// Why an application does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log's state is not what the checkpoints say.
    #[error("存证日志与检查点不符：{0}")]
    Log(String),
}

impl App {
    /// Opens the application over a store. Background work (log, clocks) is started by [`App::background`].
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(
        config: Config,
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keys: Keys,
    ) -> Result<App, OpenError> {
        let shared = Arc::new(Shared::open(&config, keys.clone(), &store).await?);
        let (sequencer, _task) =
            Sequencer::start(store.clone(), shared.clone(), clock.clone(), entropy.clone(), config.simulated)
                .await?;
        let log = LogKeeper::open(&config, keys, store.clone()).await?;
        let (access, tokens) = (access::AccessLog::default(), people::TokenCache::default());
        let months = month::Months::default();
        Ok(App {
            inner: Arc::new(Inner {
                config,
                store,
                shared,
                clock,
                entropy,
                sequencer,
                log,
                access,
                tokens,
                board: board::Counts::default(),
                many: many::Many::default(),
                months,
                figures: figures::Keeper::default(),
                last_done: upkeep::LastDone::default(),
                peers: federation::Peers::default(),
                parties: federation::Parties::default(),
                compact: compact::Kept::default(),
                public_address: std::sync::OnceLock::new(),
                seal: std::sync::OnceLock::new(),
            }),
        })
    }

    /// Starts the node's own work: log integration twice a second, clocks each second, the access log each second,
    /// the public's numbers of the month every ten minutes, figures every ten seconds, sweeping each hour. Ends with the
    /// returned tasks' abort.
    #[must_use]
    pub fn background(&self) -> Vec<tokio::task::JoinHandle<()>> {
        use std::time::Duration;
        let every = |period: Duration, work: fn(App) -> futures::future::BoxFuture<'static, ()>| {
            let app = self.clone();
            tokio::spawn(async move {
                let mut timer = tokio::time::interval(period);
                timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
                loop {
                    timer.tick().await;
                    work(app.clone()).await;
                }
            })
        };
        vec![
            every(Duration::from_millis(500), |app| Box::pin(async move { app.integrate_log().await })),
            every(Duration::from_secs(1), |app| Box::pin(async move { app.run_clocks().await })),
            every(Duration::from_secs(1), |app| Box::pin(async move { app.flush_access().await })),
            every(Duration::from_secs(600), |app| Box::pin(async move { app.keep_month().await })),
            every(FIGURES_EVERY.unsigned_abs(), |app| Box::pin(async move { app.follow_figures().await })),
            every(SWEEP_EVERY.unsigned_abs(), |app| Box::pin(async move { app.sweep().await })),
        ]
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
    /// Registers in force.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        self.inner.shared.world().directory.clone()
    }
    /// Registers with their indexes.
    #[must_use]
    pub fn world(&self) -> Arc<world::World> {
        self.inner.shared.world()
    }
    /// Register rows that could not be used, in words for the administrator.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.inner.shared.problems()
    }
    /// Who is on duty.
    #[must_use]
    pub fn duty(&self) -> Arc<OnDuty> {
        self.inner.shared.duty()
    }
    /// The store, for exhibits and upkeep.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }
    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }
    /// Hints of changes from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Hint> {
        self.inner.shared.hints()
    }
    /// Submissions that wait.
    #[must_use]
    pub fn queue(&self) -> usize {
        self.inner.sequencer.waiting()
    }
    /// Random bytes fit for keys.
    pub fn random(&self, bytes: &mut [u8]) {
        self.inner.entropy.fill(bytes);
    }
    /// Keyed digest of something by which it is found again, e.g. a telephone number.
    #[must_use]
    pub fn keyed(&self, domain: &str, text: &str) -> lianzhi_ids::Digest {
        self.inner.shared.keys().keyed(domain, text)
    }
    /// Makes caches anew from the store (after a rebuild).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reload(&self) -> Result<(), StoreError> {
        self.inner.figures.forget().await;
        self.inner.shared.reload(&self.inner.store).await
    }
}

/// A person by code as an actor, for callers inside the house.
#[must_use]
pub fn actor_of(directory: &Directory, code: &lianzhi_ids::PersonCode) -> Option<Actor> {
    directory.people.get(code).map(|p| Actor::Person(p.clone()))
}
