//! `lianzhi verify`: checks a node, a backup, a database, an evidence bundle, or evidence of a fork.

use super::Progress;
use crate::config::{self, Config};
use crate::failure::Failure;
use crate::home;
use clap::Args;
use lianzhi_app::Keys;
use lianzhi_docket::bundle::{BundleExpect, verify_bundle};
use lianzhi_docket::note::{KeyKind, Origin, SignedCheckpoint, VerifierKey};
use lianzhi_docket::verify::{Expect, Report, erased_by};
use lianzhi_docket::witness::{EVIDENCE_BYTES_MAX, ForkEvidence};
use lianzhi_ids::NodeCode;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The database of a folder, when it is SQLite.
const DATABASE: &str = "lianzhi.db";

/// Check what was recorded.
#[derive(Debug, Args)]
pub struct Verify {
    /// A node's folder, a folder of several, a backup's folder, postgres://…, a bundle file, or evidence of a fork (JSON).
    target: String,
    /// A checkpoint that was saved elsewhere: what it covers must not have been rewritten since.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Published key of the node (name+hash+base64); may be given several times.
    #[arg(long = "key", value_name = "KEY")]
    published: Vec<VerifierKey>,
    /// Key of a witness (name+hash+base64); may be given several times. Ends with 1 when no checkpoint has enough of them.
    #[arg(long = "witness", value_name = "KEY")]
    witnesses: Vec<VerifierKey>,
    /// How many witnesses are needed.
    #[arg(long, default_value_t = 1)]
    quorum: usize,
    /// The node's secret keys (node.key), to open and check parts. A folder's own are found by themselves.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Folder of the exhibits, for a PostgreSQL URL.
    #[arg(long, value_name = "DIR")]
    blobs: Option<PathBuf>,
    /// Leave out the files of exhibits.
    #[arg(long)]
    no_exhibits: bool,
    /// Save the newest checkpoint here, for --since of a later time.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// Where a node's record lies.
struct Place {
    database: String,
    blobs: Option<PathBuf>,
    bucket: Option<lianzhi_store::Bucket>,
    keys: Option<PathBuf>,
    public_key: Option<PathBuf>,
}

impl Verify {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        self.check_witnesses()?;
        let since = self.since.as_deref().map(saved_checkpoint).transpose()?;
        let path = Path::new(&self.target);
        if path.is_file() {
            return match evidence(path)? {
                Some(evidence) => self.fork(&evidence),
                None => self.bundle(path, since),
            };
        }
        let nodes = nodes_in(path);
        if nodes.is_empty() {
            return self.node(path, since).await;
        }
        let one_only = [
            ("--since", since.is_some()),
            ("--key", !self.published.is_empty()),
            ("--keys", self.keys.is_some()),
            ("--blobs", self.blobs.is_some()),
            ("--save", self.save.is_some()),
        ];
        if let Some((option, _)) = one_only.iter().find(|(_, given)| *given) {
            return Err(Failure::words(format!(
                "{} 里有 {} 个节点，{option} 只用于一个节点。请逐个核验，如 {}",
                path.display(),
                nodes.len(),
                nodes.first().unwrap_or(&path.to_owned()).display()
            )));
        }
        let mut intact = true;
        for node in &nodes {
            println!("{}", node.display());
            intact &= self.node(node, None).await? == ExitCode::SUCCESS;
            println!();
        }
        Ok(if intact { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    /// Checks one node, wherever it lies.
    async fn node(&self, path: &Path, since: Option<SignedCheckpoint>) -> Result<ExitCode, Failure> {
        let place = self.place(path)?;
        let keys = match self.keys.as_ref().or(place.keys.as_ref()) {
            Some(file) => Some(home::read_keys(file)?),
            None => None,
        };
        let published = self.log_keys(&place)?;
        let node = node_of(&published)?;
        let expect = Expect {
            node,
            keys: published,
            witnesses: self.witnesses.clone(),
            quorum: self.quorum,
            since,
            exhibits: !self.no_exhibits && (place.blobs.is_some() || place.bucket.is_some()),
            erased: erased_by,
        };
        self.log(place, keys, expect).await
    }

    /// A quorum that can't be reached is a mistake in the command, not a finding.
    fn check_witnesses(&self) -> Result<(), Failure> {
        if let Some(key) = self.witnesses.iter().find(|key| key.kind() != KeyKind::Witness) {
            return Err(Failure::words(format!("{} 不是见证方的公钥（--witness）", key.name())));
        }
        if self.quorum > self.witnesses.len().max(1) {
            let given = self.witnesses.len();
            return Err(Failure::words(format!(
                "需要 {} 个见证方（--quorum），只给出了 {given} 个公钥（--witness）",
                self.quorum
            )));
        }
        Ok(())
    }

    fn bundle(&self, path: &Path, since: Option<SignedCheckpoint>) -> Result<ExitCode, Failure> {
        let file = std::fs::File::open(path).map_err(Failure::file(path))?;
        let expect = BundleExpect {
            keys: self.published.clone(),
            witnesses: self.witnesses.clone(),
            quorum: self.quorum,
            since,
            erased: erased_by,
        };
        let report = verify_bundle(std::io::BufReader::new(file), &expect);
        print!("{report}");
        self.finish(&report, report.is_intact())
    }

    /// Whether two checkpoints speak against the log that signed them.
    fn fork(&self, evidence: &ForkEvidence) -> Result<ExitCode, Failure> {
        if self.published.is_empty() {
            return Err(Failure::words("请用 --key 给出该日志公布的公钥，才能核对分叉证据"));
        }
        print!("{evidence}");
        match evidence.check(&self.published) {
            Ok(verdict) => {
                println!("✗ {verdict}");
                Ok(ExitCode::from(1))
            }
            Err(error) => {
                println!("不构成证据：{error}。");
                Ok(ExitCode::SUCCESS)
            }
        }
    }

    async fn log(&self, place: Place, keys: Option<Keys>, expect: Expect) -> Result<ExitCode, Failure> {
        // A database needs some folder for exhibits, even when there are none to look at.
        let nowhere = tempfile::tempdir().map_err(|e| Failure::words(e.to_string()))?;
        let blobs = place.blobs.unwrap_or_else(|| nowhere.path().to_owned());
        let options = lianzhi_store::Options {
            bucket: place.bucket,
            ..lianzhi_store::Options::new(place.database, blobs)
        };
        let store = lianzhi_store::open(options).await?;
        let progress = Progress::new();
        let with_exhibits = expect.exhibits;
        let report = lianzhi_app::verify::verify_node(&store, keys, expect, move |n, of| {
            progress.show(&format!("{n}/{of} 条记录"))
        })
        .await?;
        progress.end();
        print!("{report}");
        if !with_exhibits {
            println!("注意：没有核对证据文件。");
        }
        self.finish(&report.log, report.is_intact())
    }

    fn finish(&self, report: &Report, intact: bool) -> Result<ExitCode, Failure> {
        if let (Some(path), Some(newest), true) = (&self.save, &report.newest, intact) {
            std::fs::write(path, newest.to_string()).map_err(Failure::file(path))?;
            println!("检查点已另存：{}（请保存到本节点以外的地方）", path.display());
        }
        Ok(if intact && report.unwitnessed.is_none() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    fn place(&self, path: &Path) -> Result<Place, Failure> {
        if self.target.starts_with("postgres://") || self.target.starts_with("postgresql://") {
            return Ok(Place {
                database: self.target.clone(),
                blobs: self.blobs.clone(),
                bucket: None,
                keys: None,
                public_key: None,
            });
        }
        if !path.is_dir() {
            return Err(Failure::words(format!(
                "{} 不存在。请给出节点目录、备份目录、postgres:// 地址或证据包文件",
                self.target
            )));
        }
        let there = |path: PathBuf| Some(path).filter(|p| p.is_file());
        let config = if path.join(config::FILE).is_file() { Some(Config::load(path)?) } else { None };
        // A backup brings its database and its exhibits along, whatever its configuration says.
        let own = there(path.join(DATABASE));
        let exhibits =
            self.blobs.clone().or_else(|| Some(path.join("blobs")).filter(|b| b.join("objects").is_dir()));
        let (database, data_dir) = match (own, &config) {
            (Some(file), _) => (format!("sqlite:{}", file.display()), path.to_owned()),
            (None, Some(config)) => {
                if let Some(missing) = config.sqlite_file().filter(|f| !f.is_file()) {
                    return Err(Failure::words(format!("{} 不存在", missing.display())));
                }
                (config.database(), config.data_dir.clone())
            }
            (None, None) => {
                return Err(Failure::words(format!("{} 里没有数据库，也没有配置文件", path.display())));
            }
        };
        let bucket = config.filter(|_| exhibits.is_none()).and_then(|config| config.bucket());
        Ok(Place {
            database,
            blobs: exhibits.or_else(|| Some(data_dir.join("blobs")).filter(|b| b.join("objects").is_dir())),
            bucket,
            keys: there(data_dir.join(home::KEYS)),
            public_key: there(data_dir.join(home::PUBLIC_KEY)),
        })
    }

    fn log_keys(&self, place: &Place) -> Result<Vec<VerifierKey>, Failure> {
        if !self.published.is_empty() {
            return Ok(self.published.clone());
        }
        let path = place.public_key.as_ref().ok_or_else(|| Failure::words("没有节点的公钥，无从核验签名。请用 --key 给出该节点公布的公钥（节点的 /log/key，或其目录中的 node.pub）"))?;
        let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
        let key = text.trim().parse().map_err(|e| Failure::words(format!("{}：{e}", path.display())))?;
        Ok(vec![key])
    }
}

/// The folders of nodes in a folder that is none itself, in order; nothing for a node, a backup or an address.
fn nodes_in(path: &Path) -> Vec<PathBuf> {
    let is_node = |path: &Path| path.join(config::FILE).is_file() || path.join(DATABASE).is_file();
    if is_node(path) {
        return Vec::new();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut nodes: Vec<PathBuf> = entries.filter(|path| is_node(path)).collect();
    nodes.sort_unstable();
    nodes
}

fn node_of(keys: &[VerifierKey]) -> Result<NodeCode, Failure> {
    let origin = keys.iter().find_map(|key| key.name().parse::<Origin>().ok());
    origin.map(|o| o.node).ok_or_else(|| Failure::words("公钥的名称不是日志名称（lianzhi/节点/log/代次）"))
}

fn saved_checkpoint(path: &Path) -> Result<SignedCheckpoint, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    text.parse().map_err(|e| Failure::words(format!("{} 不是检查点：{e}", path.display())))
}

/// Evidence of a fork, when the file is one: JSON, which a bundle never begins with.
fn evidence(path: &Path) -> Result<Option<ForkEvidence>, Failure> {
    let file = std::fs::File::open(path).map_err(Failure::file(path))?;
    let mut json = Vec::new();
    file.take(EVIDENCE_BYTES_MAX as u64).read_to_end(&mut json).map_err(Failure::file(path))?;
    if !json.starts_with(b"{") {
        return Ok(None);
    }
    let read = serde_json::from_slice(&json);
    read.map(Some).map_err(|e| Failure::words(format!("{} 不是分叉证据：{e}", path.display())))
}
