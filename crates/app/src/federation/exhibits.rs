//! Files: giving them to the parties of a docket, and fetching those of others piece by piece.

use crate::App;
use crate::ports::{AccessRow, ExhibitRow, StoreError, UploadRow, WantedRow};
use bytes::Bytes;
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};
use lianzhi_procedure::ExhibitRef;
use lianzhi_procedure::cooperation::{Command, any_command};

/// A file that a member may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Its row.
    pub row: ExhibitRow,
}

/// A file that is being fetched.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// What is wanted.
    pub wanted: WantedRow,
    /// Name of its upload.
    pub upload: String,
    /// Bytes here so far.
    pub have: u64,
}

impl App {
    /// A file that a shared docket names, for a member that is party to it; none otherwise. That the member `takes` bytes of
    /// it, and does not only ask how many there are, is recorded once in the docket.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn exhibit_for(
        &self,
        digest: Digest,
        shared: &SharedId,
        peer: &NodeCode,
        takes: bool,
    ) -> Result<Option<Served>, StoreError> {
        let Some(row) = self.inner.store.blobs.exhibits(&[digest]).await?.pop() else { return Ok(None) };
        let Some(docket) = self.given_by(&row, shared, peer).await? else { return Ok(None) };
        if takes && self.inner.peers.first_piece(digest, shared, peer) {
            let line = AccessRow {
                at: self.now().as_microsecond(),
                actor: format!("node:{peer}"),
                action: "exhibit".into(),
                docket: Some(docket),
                detail: format!("{shared} {digest}"),
            };
            self.inner.store.accounts.record_access(&[line]).await?;
            if let Some(file) = self.shared_file(docket).await?
                && !file.served.iter().any(|(of, to, _)| *of == digest && to == peer)
            {
                let command = Command::Serve { exhibit: digest, to: peer.clone() };
                self.tell(docket, any_command(file.form, command), Vec::new()).await;
            }
        }
        Ok(Some(Served { row }))
    }

    /// Files of a member that are due to be fetched, at most so many.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn wanted_due(&self, peer: &NodeCode, limit: i64) -> Result<Vec<WantedRow>, StoreError> {
        self.inner.store.exchange.wanted_due(peer, self.now().as_microsecond(), limit).await
    }

    /// Files that a docket names, and how far they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn wanted_of(&self, docket: DocketId) -> Result<Vec<WantedRow>, StoreError> {
        self.inner.store.exchange.wanted_of(docket).await
    }

    /// Begins to fetch a file, or goes on where it stopped; none when it is here already.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn fetch(&self, wanted: WantedRow) -> Result<Option<Fetch>, StoreError> {
        let blobs = &self.inner.store.blobs;
        let here = blobs.exhibits(&[wanted.digest]).await?.pop();
        // Only a member that gave this node the file before, or gives it now, has it: naming it is no proof.
        let proved = |row: &ExhibitRow| {
            row.docket == Some(wanted.docket) || row.uploader == format!("node:{}", wanted.peer)
        };
        if here.as_ref().is_some_and(proved) {
            self.arrived_file(&wanted).await?;
            return Ok(None);
        }
        if let Some(id) = &wanted.upload
            && let Some(row) = blobs.upload(id).await?
            && row.size == wanted.size
            && row.digest.is_none()
        {
            let (upload, have) = (id.clone(), u64::try_from(row.offset).unwrap_or(0));
            return Ok(Some(Fetch { wanted, upload, have }));
        }
        let mut random = [0; 16];
        self.inner.entropy.fill(&mut random);
        let row = UploadRow {
            id: hex::encode(random),
            size: wanted.size,
            offset: 0,
            name: wanted.digest.short(),
            uploader: format!("node:{}", wanted.peer),
            at: self.now().as_microsecond(),
            digest: None,
        };
        blobs.start(&row).await?;
        let wanted = WantedRow { upload: Some(row.id.clone()), ..wanted };
        self.inner.store.exchange.put_wanted(&wanted).await?;
        Ok(Some(Fetch { wanted, upload: row.id, have: 0 }))
    }

    /// Adds the next bytes, durably.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn fetched(&self, fetch: &mut Fetch, bytes: Bytes) -> Result<(), StoreError> {
        let at = i64::try_from(fetch.have).unwrap_or(i64::MAX);
        let have = self.inner.store.blobs.append(&fetch.upload, at, bytes).await?;
        fetch.have = u64::try_from(have).unwrap_or(0);
        Ok(())
    }

    /// First bytes of what is being fetched, for finding out what it is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn peek(&self, fetch: &Fetch, n: usize) -> Result<Bytes, StoreError> {
        self.inner.store.blobs.peek(&fetch.upload, n).await
    }

    /// All of it is here: it is put in place when it is what its digest says. False when it is something else: it is then
    /// fetched anew later.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn finish_fetch(&self, fetch: Fetch, media: &str) -> Result<bool, StoreError> {
        let now = self.now().as_microsecond();
        let row = self.inner.store.blobs.finish(&fetch.upload, media, now).await?;
        if row.digest == fetch.wanted.digest {
            self.arrived_file(&fetch.wanted).await?;
            return Ok(true);
        }
        let lie = WantedRow { upload: None, ..fetch.wanted };
        self.fetch_failed(lie, "对方提供的文件与其摘要不符").await?;
        Ok(false)
    }

    /// Notes that fetching failed; what is here of it stays.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn fetch_failed(&self, wanted: WantedRow, error: &str) -> Result<(), StoreError> {
        let attempts = wanted.attempts.saturating_add(1);
        let next = self.next_try(self.now(), u32::try_from(attempts).unwrap_or(u32::MAX));
        let row = WantedRow {
            attempts,
            next_at: next.as_microsecond(),
            error: error.chars().take(300).collect(),
            ..wanted
        };
        self.inner.store.exchange.put_wanted(&row).await
    }

    /// A wanted file is in custody: its docket cites it from now on, and says so.
    async fn arrived_file(&self, wanted: &WantedRow) -> Result<(), StoreError> {
        if let Some(file) = self.shared_file(wanted.docket).await?
            && let Some(row) = self.inner.store.blobs.exhibits(&[wanted.digest]).await?.pop()
        {
            let size = u64::try_from(row.size).unwrap_or(0);
            let exhibit = ExhibitRef { digest: row.digest, size, media: row.media };
            let command = any_command(file.form, Command::Arrive { exhibit: exhibit.clone() });
            self.tell(wanted.docket, command, vec![exhibit]).await;
        }
        self.inner.store.exchange.wanted_here(wanted).await
    }
}
