//! `lianzhi init`: a new node with nothing in it but its agency, the catalogue and one administrator.

use crate::config::{self, Config, Exchange, Limits, Log};
use crate::failure::Failure;
use crate::home::{self, Node};
use crate::machine::SystemClock;
use clap::Args;
use lianzhi_app::Caller;
use lianzhi_app::ports::Clock;
use lianzhi_docket::suite::Suite;
use lianzhi_ids::{NodeCode, PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::{Category, Person, Post, Settings, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_triage::Catalogue;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Set up a new node.
#[derive(Debug, Args)]
pub struct Init {
    /// Folder of the node; made when it is not there.
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// Six digits of the division that it serves (GB/T 2260), e.g. 310118.
    #[arg(long)]
    node: String,
    /// Name of the agency.
    #[arg(long, default_value = "城市管理行政执法局")]
    agency: String,
    /// Name of the territory, e.g. 青浦区.
    #[arg(long, default_value = "")]
    region: String,
    /// Prefix of the numbers of matters, e.g. 沪青.
    #[arg(long, default_value = "件")]
    prefix: String,
    /// postgres://… ; SQLite in the folder when not given.
    #[arg(long)]
    database: Option<String>,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:7700")]
    listen: SocketAddr,
    /// Address under which people reach the node.
    #[arg(long)]
    base_url: Option<String>,
    /// Algorithms of the key by which it speaks to other members: ed25519 or sm2.
    #[arg(long, default_value = "ed25519")]
    suite: String,
    /// Sign-in name of the first administrator.
    #[arg(long, default_value = "admin")]
    admin: String,
    /// His or her name.
    #[arg(long, default_value = "系统管理员")]
    admin_name: String,
}

impl Init {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let node = NodeCode::parse(&self.node).map_err(|e| Failure::words(e.to_string()))?;
        let suite = Suite::of_name(&self.suite)
            .ok_or_else(|| Failure::words(format!("没有算法 {}：应为 ed25519 或 sm2", self.suite)))?;
        let config = Config {
            node: node.clone(),
            listen: self.listen,
            base_url: self.base_url.clone(),
            data_dir: PathBuf::from("."),
            database: self.database.clone(),
            generation: 1,
            restored: None,
            simulated: false,
            secure_cookies: self.base_url.as_ref().is_some_and(|url| url.starts_with("https://")),
            trusted_proxies: Vec::new(),
            seal: None,
            exchange: Exchange { suite, ..Exchange::default() },
            log: Log::default(),
            exhibits: None,
            map: None,
            limits: Limits::default(),
            file: PathBuf::new(),
        };
        let opened = set_up(&self.dir, &config).await?;
        let admin = PersonCode::parse("p-0001").map_err(|e| Failure::words(e.to_string()))?;
        let root = UnitCode::parse(node.as_str()).map_err(|e| Failure::words(e.to_string()))?;
        let mut records = vec![
            Record::Settings(Settings {
                agency: self.agency.clone(),
                region: self.region.clone(),
                number_prefix: self.prefix.clone(),
                ..Settings::default()
            }),
            Record::Unit(Unit {
                code: root.clone(),
                name: self.agency.clone(),
                parent: None,
                outside: false,
                phone: String::new(),
                town: None,
                branch: String::new(),
            }),
        ];
        records.extend(Catalogue::builtin().all().iter().map(|c| {
            Record::Category(Category {
                code: c.code.clone(),
                group: c.group.clone(),
                name: c.name.clone(),
                department: None,
            })
        }));
        records.push(Record::Person(Person {
            code: admin.clone(),
            name: self.admin_name.clone(),
            login: self.admin.clone(),
            posts: vec![Post { unit: root, roles: vec![Role::Admin], grids: Vec::new() }],
            certificate: None,
            active: true,
            second_factor: false,
        }));
        let system = Caller::system();
        opened.app.put_registers(&system, records).await?;
        let password = opened.app.reset_password(&system, &admin).await?;
        opened.app.integrate_log().await;
        println!("节点 {node} 已建立：{}", self.dir.display());
        println!("  配置    {}", self.dir.join(config::FILE).display());
        println!(
            "  密钥    {}（请另行妥善备份；丢失后个人信息不能再打开）",
            self.dir.join(home::KEYS).display()
        );
        println!("  公钥    {}", opened.app.log().verifier_key());
        if let Some(key) = opened.app.exchange_key() {
            println!(
                "  交换密钥  {} {}，指纹 {}",
                self.dir.join(home::EXCHANGE_KEYS).display(),
                key.public().suite().title(),
                key.public().fingerprint()
            );
        }
        println!("  管理员  {}  一次性口令 {password}", self.admin);
        println!("启动：lianzhi serve --config {}", self.dir.join(config::FILE).display());
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes the folder, the configuration and the keys of a new node and opens it.
///
/// # Errors
/// When there is a node already.
pub async fn set_up(dir: &Path, config: &Config) -> Result<Node, Failure> {
    set_up_with(dir, config, Arc::new(SystemClock::default())).await
}

/// As [`set_up`], with another clock.
pub async fn set_up_with(dir: &Path, config: &Config, clock: Arc<dyn Clock>) -> Result<Node, Failure> {
    let file = dir.join(config::FILE);
    if file.exists() || dir.join(home::KEYS).exists() {
        return Err(Failure::words(format!("{} 里已经有一个节点。请另选目录", dir.display())));
    }
    home::make_private(dir)?;
    let text = toml::to_string(config).map_err(|e| Failure::words(e.to_string()))?;
    home::write_new(&file, text.as_bytes(), 0o640)?;
    let config = Config::load(&file)?;
    home::make_keys(&config)?;
    let store = home::open_store(&config, true).await?;
    if store.journal.head().await?.size > 0 {
        return Err(Failure::words("数据库里已经有记录。请用空库，或用 lianzhi restore 恢复"));
    }
    drop(store);
    Node::with_clock(config, clock).await
}
