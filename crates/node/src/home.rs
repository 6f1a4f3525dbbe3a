//! A node's folder: configuration, keys, lock; and opening the node in it.

use crate::config::Config;
use crate::failure::Failure;
use crate::machine::{OsEntropy, SystemClock};
use lianzhi_app::ports::{Clock, Entropy, EntryRow, Head, Store, StoreError};
use lianzhi_app::{App, Keys};
use lianzhi_docket::note::{KeyKind, Origin, VerifierKey};
use lianzhi_docket::suite::{SecretKey, Suite, SuiteSigner};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The secret keys: 96 bytes (signing, wrapping, finding), readable by the owner only.
pub const KEYS: &str = "node.key";
/// The verifier key of the log, as it is published.
pub const PUBLIC_KEY: &str = "node.pub";
/// The secret keys of the exchange, one a line, `suite` and 64 hex digits, oldest first: the last one signs.
pub const EXCHANGE_KEYS: &str = "exchange.key";
/// There while projections are being made anew; a node with it does not start.
pub const REBUILDING: &str = "rebuilding";
const LOCK: &str = "lock";

/// Makes a folder that only its owner reads.
pub fn make_private(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(Failure::file(folder))
}

/// Writes a new file durably, never over one that is there.
pub fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(Failure::file(path))
}

/// The verifier key of a node's log.
pub fn verifier_key(config: &Config, keys: &Keys) -> Result<VerifierKey, Failure> {
    let origin = Origin { node: config.node.clone(), generation: config.generation };
    VerifierKey::of(&origin.to_string(), KeyKind::Log, keys.signer())
        .map_err(|e| Failure::words(e.to_string()))
}

/// Makes fresh keys and writes them.
pub fn make_keys(config: &Config) -> Result<Keys, Failure> {
    let (keys, secret) = Keys::generate(&OsEntropy::new());
    write_new(&config.data_dir.join(KEYS), &*secret, 0o600)?;
    let keys = keys.with_exchange(make_exchange_key(config)?);
    write_new(
        &config.data_dir.join(PUBLIC_KEY),
        format!("{}\n", verifier_key(config, &keys)?).as_bytes(),
        0o644,
    )?;
    Ok(keys)
}

/// Makes the first key of the exchange and writes it.
fn make_exchange_key(config: &Config) -> Result<Vec<Arc<dyn SuiteSigner>>, Failure> {
    let suite = config.exchange.suite;
    loop {
        let mut secret = Zeroizing::new([0u8; 32]);
        OsEntropy::new().fill(&mut *secret);
        // A number that is no key comes up once in billions of times.
        let Ok(key) = SecretKey::from_secret(suite, &secret) else { continue };
        let line = Zeroizing::new(format!("{suite} {}\n", Zeroizing::new(hex::encode(*secret)).as_str()));
        write_new(&config.data_dir.join(EXCHANGE_KEYS), line.as_bytes(), 0o600)?;
        return Ok(vec![Arc::new(key)]);
    }
}

/// Reads the keys of the exchange; makes the first when there is none yet.
pub fn exchange_keys(config: &Config) -> Result<Vec<Arc<dyn SuiteSigner>>, Failure> {
    let path = config.data_dir.join(EXCHANGE_KEYS);
    if !path.exists() {
        return make_exchange_key(config);
    }
    let text = Zeroizing::new(std::fs::read_to_string(&path).map_err(Failure::file(&path))?);
    let bad = || Failure::words(format!("{} 不是交换密钥文件：每行应为算法和 64 位十六进制", path.display()));
    let mut keys: Vec<Arc<dyn SuiteSigner>> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (suite, secret) = line.trim().split_once(' ').ok_or_else(bad)?;
        let mut bytes = Zeroizing::new([0u8; 32]);
        hex::decode_to_slice(secret.trim(), &mut *bytes).map_err(|_| bad())?;
        let suite = Suite::of_name(suite).ok_or_else(bad)?;
        keys.push(Arc::new(SecretKey::from_secret(suite, &bytes).map_err(|_| bad())?));
    }
    if keys.is_empty() { Err(bad()) } else { Ok(keys) }
}

/// Reads the keys of a file.
pub fn read_keys(path: &Path) -> Result<Keys, Failure> {
    let mut secret = Zeroizing::new([0u8; 96]);
    let mut file = File::open(path).map_err(Failure::file(path))?;
    let whole = file.read_exact(&mut *secret).is_ok() && file.read(&mut [0]).is_ok_and(|n| n == 0);
    if !whole {
        return Err(Failure::words(format!("{} 不是节点密钥文件：应恰为 96 字节", path.display())));
    }
    Ok(Keys::from_secret(&secret))
}

/// Held by whoever writes to a node's SQLite database: two would not know of each other's registers.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not read: the lock ends with the file")] File);

impl Lock {
    /// Takes the lock of a node's folder.
    ///
    /// # Errors
    /// When another process has it.
    pub fn take(config: &Config) -> Result<Lock, Failure> {
        let path = config.data_dir.join(LOCK);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Failure::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(Failure::words(format!(
                "另一个 lianzhi 进程正在使用 {}。同一个 SQLite 数据目录只能由一个进程写入：请先停止它，或改用接口、网页",
                config.data_dir.display()
            ))),
            Err(TryLockError::Error(error)) => Err(Failure::File { path, error }),
        }
    }
}

/// Opens the store of a configuration. `create` makes the database when it is not there.
pub async fn open_store(config: &Config, create: bool) -> Result<Store, Failure> {
    if let Some(file) = config.sqlite_file().filter(|file| !create && !file.is_file()) {
        return Err(Failure::words(format!(
            "{} 不存在。请核对 data_dir，或先运行 lianzhi init",
            file.display()
        )));
    }
    let max_bytes = config.limits.database_mb.map(|mb| mb * 1024 * 1024);
    let options = lianzhi_store::Options {
        max_bytes,
        bucket: config.bucket(),
        ..lianzhi_store::Options::new(config.database(), config.blobs())
    };
    Ok(lianzhi_store::open(options).await?)
}

/// An opened node.
pub struct Node {
    /// Its configuration.
    pub config: Config,
    /// The application.
    pub app: App,
    _lock: Option<Lock>,
}

impl Node {
    /// Opens a node for reading and writing, with the machine's clock.
    ///
    /// # Errors
    /// When it is in use, damaged, or not there.
    pub async fn open(config: Config) -> Result<Node, Failure> {
        Node::with_clock(config, Arc::new(SystemClock::default())).await
    }

    /// As [`Node::open`], with another clock.
    pub async fn with_clock(config: Config, clock: Arc<dyn Clock>) -> Result<Node, Failure> {
        let lock = config.sqlite_file().map(|_| Lock::take(&config)).transpose()?;
        Node::open_in(config, clock, lock).await
    }

    /// Opens a node beside one that may be running: only to read.
    pub async fn beside(config: Config) -> Result<Node, Failure> {
        Node::open_in(config, Arc::new(SystemClock::default()), None).await
    }

    async fn open_in(config: Config, clock: Arc<dyn Clock>, lock: Option<Lock>) -> Result<Node, Failure> {
        let keys = read_keys(&config.data_dir.join(KEYS))?.with_exchange(exchange_keys(&config)?);
        let marker = config.data_dir.join(REBUILDING);
        if marker.exists() {
            return Err(Failure::words("上次重建投影没有完成。请先运行 lianzhi rebuild，完成后再启动"));
        }
        let store = open_store(&config, false).await?;
        sound_head(&store).await?;
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy::new());
        let app = App::open(config.app(), store, clock, entropy, keys).await?;
        Ok(Node { config, app, _lock: lock })
    }
}

/// That the log ends where its head says, in an entry whose bytes are what they were, and that projections stand
/// there too. Cheap: the whole is for `verify`.
async fn sound_head(store: &Store) -> Result<(), Failure> {
    let (head, last) = end(store).await?;
    let damaged = |what: String| {
        Failure::words(format!(
            "{what}。为免在损坏的记录上续写，节点不启动。请运行 lianzhi verify 查明，再从备份恢复（lianzhi restore）"
        ))
    };
    match last.as_slice() {
        [] if head.size == 0 => return Ok(()),
        [row] if row.pos == head.size - 1 => {
            let sealed = lianzhi_docket::SealedEntry::of(row.bytes.clone(), row.salt);
            if sealed.digest != row.digest || sealed.leaf_data != row.leaf {
                return Err(damaged(format!("末条记录（第 {} 条）的内容与其摘要不符", row.pos)));
            }
        }
        rows => {
            let found = rows.last().map_or(0, |row| row.pos + 1);
            return Err(damaged(format!("日志头记有 {} 条记录，库中末条之后应为第 {found} 条", head.size)));
        }
    }
    let projected = store.journal.changed(head.size - 1, 1).await?;
    if projected.is_empty() {
        return Err(Failure::words("投影落后于记录。请先运行 lianzhi rebuild，再启动"));
    }
    Ok(())
}

/// The head and the entries around it, of one moment: another replica may be writing.
async fn end(store: &Store) -> Result<(Head, Vec<EntryRow>), StoreError> {
    loop {
        let head = store.journal.head().await?;
        let rows = store.journal.log((head.size - 1).max(0), 2).await?;
        if store.journal.head().await?.size == head.size {
            return Ok((head, rows));
        }
    }
}

/// Where a configuration is looked for when none is named.
pub fn default_config() -> PathBuf {
    let here = PathBuf::from(crate::config::FILE);
    if here.is_file() { here } else { PathBuf::from("/etc/lianzhi").join(crate::config::FILE) }
}
