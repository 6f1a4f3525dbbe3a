//! `lianzhi backup`: copies a running node. The database first, then the exhibits: every exhibit that an entry of the
//! copy cites was in place before the entry was, so the copy lacks none.

use super::{Progress, Which};
use crate::config;
use crate::failure::Failure;
use crate::home;
use clap::Args;
use futures::StreamExt;
use jiff::SignedDuration;
use lianzhi_app::ports::{Store, StoreError};
use lianzhi_ids::Digest;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::io::AsyncWriteExt;

/// Exhibits listed at once.
const ROWS: i64 = 1_000;

/// Copy a running node.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    which: Which,
    /// An empty or new folder.
    folder: PathBuf,
    /// Also copy the secret keys. Without them the copy proves everything and opens no particulars.
    #[arg(long)]
    with_keys: bool,
}

impl Backup {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let config = self.which.load()?;
        home::make_private(&self.folder)?;
        let store = home::open_store(&config, false).await?;
        store.upkeep.snapshot(&self.folder).await?;
        let head = copy_exhibits(&store, &self.folder).await?;
        // The configuration need not lie beside the data.
        for (from, name) in
            [(config.file.clone(), config::FILE), (config.data_dir.join(home::PUBLIC_KEY), home::PUBLIC_KEY)]
        {
            std::fs::copy(&from, self.folder.join(name)).map_err(Failure::file(&from))?;
        }
        if self.with_keys {
            for name in [home::KEYS, home::EXCHANGE_KEYS] {
                let path = config.data_dir.join(name);
                // A node that never spoke to others has no key for it.
                if name == home::EXCHANGE_KEYS && !path.exists() {
                    continue;
                }
                let bytes = zeroize::Zeroizing::new(std::fs::read(&path).map_err(Failure::file(&path))?);
                home::write_new(&self.folder.join(name), &bytes, 0o600)?;
            }
        }
        // So that the administration can say when the last one was made.
        let row = lianzhi_app::ports::AccessRow {
            at: crate::machine::machine_now().as_microsecond(),
            actor: "system".into(),
            action: "backup".into(),
            docket: None,
            detail: format!("{}，{} 条记录、{} 个证据文件", self.folder.display(), head.0, head.1),
        };
        store.accounts.record_access(&[row]).await?;
        println!("已备份到 {}：记录 {} 条，证据文件 {} 个", self.folder.display(), head.0, head.1);
        if !self.with_keys {
            println!(
                "密钥不在其中。请另行妥善保管 {}：没有它，备份里的个人信息和文字打不开；以及同一目录的 {}：没有它，须在协作机制中更换交换密钥。",
                config.data_dir.join(home::KEYS).display(),
                home::EXCHANGE_KEYS
            );
        }
        println!("核验：lianzhi verify {}", self.folder.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// Where an exhibit's file lies in a backup.
pub fn object(backup: &Path, digest: &Digest) -> PathBuf {
    let hex = digest.to_string();
    backup.join("blobs/objects").join(&hex[..2]).join(&hex[2..4]).join(&hex)
}

/// All exhibits that a store names.
pub async fn exhibits(store: &Store) -> Result<Vec<Digest>, Failure> {
    let mut all = Vec::new();
    loop {
        let rows = store.blobs.all_exhibits(all.last().copied(), ROWS).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        all.extend(rows.into_iter().map(|row| row.digest));
    }
}

/// Copies the exhibits that the copied database names; says how many entries and exhibits there are.
async fn copy_exhibits(store: &Store, folder: &Path) -> Result<(i64, usize), Failure> {
    let copied = lianzhi_store::open(lianzhi_store::Options::new(
        format!("sqlite:{}", folder.join("lianzhi.db").display()),
        folder.join("blobs"),
    ))
    .await?;
    // What nobody cited for so long may go from the running node at any moment: it goes from the copy first.
    let soon = SignedDuration::from_hours(1);
    let before = crate::machine::machine_now().checked_sub(lianzhi_app::UNCLAIMED_KEPT - soon);
    copied.blobs.sweep(before.unwrap_or_default().as_microsecond()).await?;
    let digests = exhibits(&copied).await?;
    let progress = Progress::new();
    let beside = folder.join("blobs/staging/copy");
    for (n, digest) in digests.iter().enumerate() {
        if !object(folder, digest).exists() {
            fetch(store, digest, &beside).await?;
            copied.blobs.bring(*digest, &beside).await.map_err(|error| match error {
                StoreError::Damaged(_) => {
                    Failure::words(format!("证据文件 {digest} 与其摘要不符。请运行 lianzhi verify"))
                }
                other => other.into(),
            })?;
            std::fs::remove_file(&beside).map_err(Failure::file(&beside))?;
        }
        progress.show(&format!("{}/{} 个证据文件", n + 1, digests.len()));
    }
    progress.end();
    Ok((copied.journal.head().await?.size, digests.len()))
}

/// Writes the bytes of an exhibit, wherever they lie, into a file.
async fn fetch(store: &Store, digest: &Digest, to: &Path) -> Result<(), Failure> {
    let missing = |error| match error {
        StoreError::Missing => Failure::words(format!("证据文件 {digest} 不在了。请运行 lianzhi verify")),
        other => Failure::from(other),
    };
    let mut bytes = store.blobs.read(*digest, 0, u64::MAX).await.map_err(missing)?;
    let mut file = tokio::fs::File::create(to).await.map_err(Failure::file(to))?;
    while let Some(piece) = bytes.next().await {
        file.write_all(&piece.map_err(missing)?).await.map_err(Failure::file(to))?;
    }
    file.flush().await.map_err(Failure::file(to))
}
