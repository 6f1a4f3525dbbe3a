//! `lianzhi backup`: copies a running node. The database first, then the exhibits: every exhibit that an entry of the
//! copy cites was in place before the entry was, so the copy lacks none.

use super::{Progress, Which};
use crate::config::{self, Config};
use crate::failure::Failure;
use crate::home;
use clap::Args;
use lianzhi_app::ports::Store;
use lianzhi_docket::entry::exhibit_digest_of;
use lianzhi_ids::Digest;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
        let head = copy_exhibits(&config, &self.folder).await?;
        for name in [config::FILE, home::PUBLIC_KEY] {
            copy_beside(&config.data_dir.join(name), &self.folder.join(name))?;
        }
        if self.with_keys {
            let bytes = zeroize::Zeroizing::new(
                std::fs::read(config.data_dir.join(home::KEYS))
                    .map_err(Failure::file(config.data_dir.join(home::KEYS)))?,
            );
            home::write_new(&self.folder.join(home::KEYS), &bytes, 0o600)?;
        }
        println!("已备份到 {}：记录 {} 条，证据文件 {} 个", self.folder.display(), head.0, head.1);
        if !self.with_keys {
            println!(
                "密钥不在其中。请另行妥善保管 {}：没有它，备份里的个人信息和文字打不开。",
                config.data_dir.join(home::KEYS).display()
            );
        }
        println!("核验：lianzhi verify {}", self.folder.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// The configuration may lie elsewhere than the data: then there is nothing to copy.
fn copy_beside(from: &Path, to: &Path) -> Result<(), Failure> {
    if from.is_file() && !to.exists() {
        std::fs::copy(from, to).map_err(Failure::file(from))?;
    }
    Ok(())
}

/// Where an exhibit's file lies under a folder of exhibits.
pub fn object(blobs: &Path, digest: &Digest) -> PathBuf {
    let hex = digest.to_string();
    blobs.join("objects").join(&hex[..2]).join(&hex[2..4]).join(&hex)
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

/// Copies a file of an exhibit and makes sure that it is what its digest says.
pub fn copy_exhibit(from: &Path, to: &Path, digest: &Digest) -> Result<(), Failure> {
    let folder = to.parent().unwrap_or(to);
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let next = to.with_extension("part");
    std::fs::copy(from, &next).map_err(Failure::file(from))?;
    let file = std::fs::File::open(&next).map_err(Failure::file(&next))?;
    file.sync_all().map_err(Failure::file(&next))?;
    let (found, _) = exhibit_digest_of(std::io::BufReader::new(file)).map_err(Failure::file(&next))?;
    if found != *digest {
        return Err(Failure::words(format!(
            "证据文件 {} 与其摘要不符。请运行 lianzhi verify",
            from.display()
        )));
    }
    std::fs::rename(&next, to).map_err(Failure::file(to))
}

/// Copies the exhibits that the copied database names; says how many entries and exhibits there are.
async fn copy_exhibits(config: &Config, folder: &Path) -> Result<(i64, usize), Failure> {
    let blobs = folder.join("blobs");
    let copied = lianzhi_store::open(lianzhi_store::Options::new(
        format!("sqlite:{}", folder.join("lianzhi.db").display()),
        &blobs,
    ))
    .await?;
    let digests = exhibits(&copied).await?;
    let progress = Progress::new();
    for (n, digest) in digests.iter().enumerate() {
        let (from, to) = (object(&config.blobs(), digest), object(&blobs, digest));
        if !to.exists() {
            copy_exhibit(&from, &to, digest)?;
        }
        progress.show(&format!("{}/{} 个证据文件", n + 1, digests.len()));
    }
    progress.end();
    Ok((copied.journal.head().await?.size, digests.len()))
}
