//! A journal whose commits fail as told: before anything is written, or after everything is.

use async_trait::async_trait;
use lianzhi_app::ports::{
    Batch, CheckpointRow, EntryRow, Head, Journal, KeptAnswer, MatterRow, PartRow, RegisterRow, Store,
    StoreError,
};
use lianzhi_ids::{Digest, DocketId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How a commit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As the store says.
    Well,
    /// Nothing is written, and the store says so.
    Lost,
    /// Everything is written, but the store says that it failed: the connection broke at the end.
    Unheard,
    /// Nothing is written: the disk is full.
    Full,
}

/// The real journal, with commits that take a while and end as `ends` says for the first, second, … one.
pub struct Failing {
    real: Arc<dyn Journal>,
    ends: fn(u64) -> End,
    slow: Duration,
    commits: AtomicU64,
}

impl Failing {
    /// Puts it in front of a store's journal. Each commit takes `slow` longer than it would.
    #[must_use]
    pub fn over(store: Store, slow: Duration, ends: fn(u64) -> End) -> Store {
        let real = store.journal.clone();
        Store { journal: Arc::new(Failing { real, ends, slow, commits: AtomicU64::new(0) }), ..store }
    }
}

#[async_trait]
impl Journal for Failing {
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        tokio::time::sleep(self.slow).await;
        let broken = || Err(StoreError::Engine("the connection broke".into()));
        match (self.ends)(self.commits.fetch_add(1, Ordering::SeqCst)) {
            End::Well => self.real.commit(batch).await,
            End::Lost => broken(),
            End::Full => Err(StoreError::Full("the disk is full".into())),
            End::Unheard => {
                self.real.commit(batch).await?;
                broken()
            }
        }
    }

    async fn turn(&self) -> Result<Box<dyn Send>, StoreError> {
        self.real.turn().await
    }
    async fn head(&self) -> Result<Head, StoreError> {
        self.real.head().await
    }
    async fn docket(&self, id: DocketId) -> Result<Vec<EntryRow>, StoreError> {
        self.real.docket(id).await
    }
    async fn dockets(&self, ids: &[DocketId]) -> Result<Vec<EntryRow>, StoreError> {
        self.real.dockets(ids).await
    }
    async fn log(&self, from: i64, limit: i64) -> Result<Vec<EntryRow>, StoreError> {
        self.real.log(from, limit).await
    }
    async fn keep_answer(&self, answer: &KeptAnswer) -> Result<(), StoreError> {
        self.real.keep_answer(answer).await
    }
    async fn forget_answers(&self, before: i64) -> Result<u64, StoreError> {
        self.real.forget_answers(before).await
    }
    async fn marked(&self, mark: &[u8], from: i64, to: i64) -> Result<Vec<EntryRow>, StoreError> {
        self.real.marked(mark, from, to).await
    }
    async fn leaves(&self, from: i64, limit: i64) -> Result<Vec<Digest>, StoreError> {
        self.real.leaves(from, limit).await
    }
    async fn parts(&self, digests: &[Digest]) -> Result<Vec<PartRow>, StoreError> {
        self.real.parts(digests).await
    }
    async fn all_parts(&self, after: Option<Digest>, limit: i64) -> Result<Vec<PartRow>, StoreError> {
        self.real.all_parts(after, limit).await
    }
    async fn answers(&self, keys: &[String]) -> Result<Vec<KeptAnswer>, StoreError> {
        self.real.answers(keys).await
    }
    async fn changed(&self, from: i64, limit: i64) -> Result<Vec<MatterRow>, StoreError> {
        self.real.changed(from, limit).await
    }
    async fn registers(&self) -> Result<Vec<RegisterRow>, StoreError> {
        self.real.registers().await
    }
    async fn register(
        &self,
        register: &str,
        after: &str,
        with_retired: bool,
        limit: i64,
    ) -> Result<Vec<RegisterRow>, StoreError> {
        self.real.register(register, after, with_retired, limit).await
    }
    async fn register_record(&self, register: &str, key: &str) -> Result<Option<RegisterRow>, StoreError> {
        self.real.register_record(register, key).await
    }
    async fn put_checkpoint(&self, row: &CheckpointRow) -> Result<(), StoreError> {
        self.real.put_checkpoint(row).await
    }
    async fn checkpoint(&self) -> Result<Option<CheckpointRow>, StoreError> {
        self.real.checkpoint().await
    }
    async fn checkpoints(&self, after: i64, limit: i64) -> Result<Vec<CheckpointRow>, StoreError> {
        self.real.checkpoints(after, limit).await
    }
    async fn checkpoint_covering(&self, size: i64) -> Result<Option<CheckpointRow>, StoreError> {
        self.real.checkpoint_covering(size).await
    }
    async fn clear_projections(&self) -> Result<(), StoreError> {
        self.real.clear_projections().await
    }
    async fn project(&self, batch: &Batch) -> Result<(), StoreError> {
        self.real.project(batch).await
    }
    async fn matters(&self, ids: &[DocketId]) -> Result<Vec<MatterRow>, StoreError> {
        self.real.matters(ids).await
    }
    async fn wakeable(&self, now: i64, limit: i64) -> Result<Vec<DocketId>, StoreError> {
        self.real.wakeable(now, limit).await
    }
    async fn closed_with_clocks(&self, after: DocketId, limit: i64) -> Result<Vec<MatterRow>, StoreError> {
        self.real.closed_with_clocks(after, limit).await
    }
    async fn open_matters(&self, after: DocketId, limit: i64) -> Result<Vec<MatterRow>, StoreError> {
        self.real.open_matters(after, limit).await
    }
}
