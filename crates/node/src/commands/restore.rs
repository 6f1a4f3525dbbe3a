//! `lianzhi restore`: a backup into an empty place. What had been erased is erased again.

use super::backup::{exhibits, object};
use crate::config::{self, Config};
use crate::failure::Failure;
use crate::home::{self, Node};
use clap::Args;
use lianzhi_app::Caller;
use lianzhi_app::ports::{Batch, Store, StoreError};
use lianzhi_app::world::World;
use lianzhi_docket::verify::{Expect, erased_by};
use lianzhi_ids::{Digest, DocketId, Role};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Entries read at once.
const LOG_ROWS: i64 = 5_000;

/// Restore a backup.
#[derive(Debug, Args)]
pub struct Restore {
    /// Folder of the backup.
    backup: PathBuf,
    /// Folder of the new node: empty or not there.
    #[arg(long)]
    dir: PathBuf,
    /// postgres://… of an empty database; SQLite in the folder when not given.
    #[arg(long)]
    database: Option<String>,
    /// Exhibits go into the bucket that the backup's configuration names; into the folder when not given.
    #[arg(long)]
    to_bucket: bool,
    /// The node's secret keys (node.key), when they are not in the backup.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Nothing was recorded after the backup (a planned move): the log goes on in the same generation. Otherwise the
    /// next generation is opened, since entries may be lost that others have seen.
    #[arg(long)]
    same_generation: bool,
    /// Digests of parts that were erased after the backup, one a line: they are erased again.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

impl Restore {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let mut config = Config::load(&self.backup)?;
        let empty = std::fs::read_dir(&self.dir).map_or(true, |mut files| files.next().is_none());
        if !empty {
            return Err(Failure::words(format!(
                "{} 不是空目录。恢复不会覆盖任何东西，请另选目录",
                self.dir.display()
            )));
        }
        let keys = self.keys.clone().unwrap_or_else(|| self.backup.join(home::KEYS));
        if !keys.is_file() {
            return Err(Failure::words("备份里没有密钥。请用 --keys 指明另行保管的 node.key"));
        }
        home::make_private(&self.dir)?;
        config.data_dir = PathBuf::from(".");
        config.database = self.database.clone();
        if !self.to_bucket {
            config.exhibits = None;
        } else if config.exhibits.is_none() {
            return Err(Failure::words(
                "备份里的 lianzhi.toml 没有 [exhibits]，不知道恢复到哪个存储桶。请先写入，或不用 --to-bucket",
            ));
        }
        let secret = zeroize::Zeroizing::new(std::fs::read(&keys).map_err(Failure::file(&keys))?);
        home::write_new(&self.dir.join(home::KEYS), &secret, 0o600)?;
        // Beside the keys; a node without it makes a new one, which the compact then has to take up.
        let exchange = keys.with_file_name(home::EXCHANGE_KEYS);
        if exchange.is_file() {
            let secret = zeroize::Zeroizing::new(std::fs::read(&exchange).map_err(Failure::file(&exchange))?);
            home::write_new(&self.dir.join(home::EXCHANGE_KEYS), &secret, 0o600)?;
        }
        config.restored = None;
        let plain = config.clone();
        let text = toml::to_string(&config).map_err(|e| Failure::words(e.to_string()))?;
        home::write_new(&self.dir.join(config::FILE), text.as_bytes(), 0o640)?;
        let config = Config::load(&self.dir)?;
        let public = home::verifier_key(&config, &home::read_keys(&self.dir.join(home::KEYS))?)?;
        home::write_new(&self.dir.join(home::PUBLIC_KEY), format!("{public}\n").as_bytes(), 0o644)?;

        lianzhi_store::restore(&self.backup, &config.database()).await?;
        let store = home::open_store(&config, false).await?;
        for digest in exhibits(&store).await? {
            store.blobs.bring(digest, &object(&self.backup, &digest)).await.map_err(|error| match error {
                StoreError::Missing => Failure::words(format!("备份里缺证据文件 {digest}，恢复没有完成")),
                StoreError::Damaged(_) => {
                    Failure::words(format!("备份里的证据文件 {digest} 与其摘要不符，恢复没有完成"))
                }
                other => other.into(),
            })?;
        }
        let again = erase_again(&store).await?;
        let head = store.journal.head().await?;
        drop(store);
        let mut config = config;
        if !self.same_generation {
            config.restored = u64::try_from(head.size).ok();
            let marked = Config { restored: config.restored, ..plain };
            let text = toml::to_string(&marked).map_err(|e| Failure::words(e.to_string()))?;
            let path = self.dir.join(config::FILE);
            std::fs::write(&path, text).map_err(Failure::file(&path))?;
        }
        let asks = open_generation(&config, self.erasures.is_some()).await?;
        let later = match &self.erasures {
            Some(path) => erase_later(&config, path).await?,
            None => 0,
        };
        let generation = generation(&config).await?;
        println!(
            "已恢复到 {}：日志第 {generation} 代，重复删除 {} 项{}",
            self.dir.display(),
            again + later,
            if asks {
                "。启动后先向协作成员核对备份之后的记录，再开启下一代；进度见 lianzhi doctor"
            } else {
                ""
            }
        );
        verify(&config).await
    }
}

/// Opens the next generation where there is nobody to ask, or where something has to be recorded at once; says whether
/// members are still to be asked.
async fn open_generation(config: &Config, at_once: bool) -> Result<bool, Failure> {
    if config.restored.is_none() {
        return Ok(false);
    }
    let node = Node::open(config.clone()).await?;
    let alone = node.app.other_members().is_empty();
    if alone || at_once {
        node.app.open_generation(&[]).await?;
        node.app.integrate_log().await;
    }
    Ok(!alone)
}

/// The generation that is open.
async fn generation(config: &Config) -> Result<u32, Failure> {
    let store = home::open_store(config, false).await?;
    let (world, _) = World::build(&config.node, &store.journal.registers().await?);
    Ok(world.generation.map_or(config.generation, |g| g.number.max(config.generation)))
}

async fn verify(config: &Config) -> Result<ExitCode, Failure> {
    let keys = home::read_keys(&config.data_dir.join(home::KEYS))?;
    let public = home::verifier_key(config, &keys)?;
    let store = home::open_store(config, false).await?;
    let expect = Expect { exhibits: true, ..Expect::of(config.node.clone(), public) };
    let report = lianzhi_app::verify::verify_node(&store, Some(keys), expect, |_, _| ()).await?;
    print!("{report}");
    Ok(if report.is_intact() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Erases what the record says was erased and the copy still has.
async fn erase_again(store: &Store) -> Result<usize, Failure> {
    let head = store.journal.head().await?;
    let mut erased: Vec<Digest> = Vec::new();
    let mut from = 0;
    loop {
        let rows = store.journal.log(from, LOG_ROWS).await?;
        let Some(last) = rows.last() else { break };
        from = last.pos + 1;
        for row in &rows {
            // Most entries erase nothing: looked for before the entry is parsed.
            if row.bytes.windows(8).any(|w| w == b"\"erased\"")
                && let Ok(entry) = lianzhi_docket::Entry::parse(&row.bytes)
            {
                erased.extend(erased_by(entry.event.get()));
            }
        }
    }
    let mut present = Vec::new();
    for digests in erased.chunks(500) {
        present.extend(
            store.journal.parts(digests).await?.into_iter().filter(|p| p.key.is_some()).map(|p| p.digest),
        );
    }
    if !present.is_empty() {
        let batch = Batch { on: head.clone(), head, erase: present.clone(), ..Batch::default() };
        store.journal.commit(&batch).await?;
    }
    Ok(present.len())
}

/// Erases what was erased after the backup was made: as new entries, since the restored record does not know of it.
async fn erase_later(config: &Config, path: &Path) -> Result<usize, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    let digests: Vec<Digest> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(|l| l.parse().map_err(|_| Failure::words(format!("{}：“{l}”不是摘要", path.display()))))
        .collect::<Result<_, _>>()?;
    let node = Node::open(config.clone()).await?;
    let mut by_docket: BTreeMap<DocketId, Vec<Digest>> = BTreeMap::new();
    for row in node.app.store().journal.parts(&digests).await?.into_iter().filter(|row| row.key.is_some()) {
        by_docket.entry(row.docket).or_default().push(row.digest);
    }
    let directory = node.app.directory();
    let admin = directory
        .people
        .values()
        .find(|p| p.active && p.posts.iter().any(|post| post.roles.contains(&Role::Admin)));
    let admin = admin.ok_or_else(|| Failure::words("没有在册的管理员，不能重复删除"))?;
    let who = Caller::person(admin.clone(), "restore");
    let mut n = 0;
    for (docket, parts) in by_docket {
        n += parts.len();
        let command =
            serde_json::json!({"command": "erase", "parts": parts, "reason": "恢复备份后重复此前的删除"});
        node.app.command(&who, docket, command, None, None).await?;
    }
    node.app.integrate_log().await;
    Ok(n)
}
