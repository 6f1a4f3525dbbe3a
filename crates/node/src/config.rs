//! The configuration file, `lianzhi.toml`. Unknown keys are refused with a list of the good ones.

use crate::logs;
use crate::seal::Seal;
use lianzhi_docket::suite::Suite;
use lianzhi_ids::NodeCode;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the configuration in a node's folder.
pub const FILE: &str = "lianzhi.toml";
/// Goes before `database`, so that a password need not stand in the file.
const DATABASE_VARIABLE: &str = "LIANZHI_DATABASE";
/// Goes before `map.key`.
const MAP_KEY_VARIABLE: &str = "LIANZHI_MAP_KEY";

/// The configuration of a node.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Six digits of the division (GB/T 2260) that the node serves.
    pub node: NodeCode,
    /// Where the node listens.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Address under which people reach it, without a slash at the end.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Keys, exhibits, the log's files, and the database when it is SQLite. Relative to this file.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// `postgres://…`; SQLite in the data directory when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Generation of the log when the node was set up; one that was opened since is in the record and counts instead.
    #[serde(default = "first_generation")]
    pub generation: u32,
    /// Entries that the backup held from which the node was restored (written by `lianzhi restore`): the node opens the next
    /// generation before it records anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<u64>,
    /// Entries are marked as simulated (demonstrations).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
    /// The node is reached through TLS: cookies are marked `Secure`.
    #[serde(default)]
    pub secure_cookies: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Exhibits lie in a bucket of S3-compatible storage; in the data directory when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exhibits: Option<Exhibits>,
    /// Tiles of others under the node's own map; none when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Map>,
    /// The exchange with other members of a compact.
    #[serde(default)]
    pub exchange: Exchange,
    /// The agency's electronic seal; papers are stamped by hand when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
    /// What is logged, and how.
    #[serde(default)]
    pub log: Log,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
    /// Where it was read from.
    #[serde(skip)]
    pub file: PathBuf,
}

/// The exchange with other members of a compact.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exchange {
    /// Where members reach it; on the node's own address when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Address under which members reach it, as the compact's roster shall name it; that of `listen` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Algorithms of the node's key: `ed25519` or `sm2`. Only for a key that is made anew.
    pub suite: Suite,
    /// Members may be reached inside this network and without encryption.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_private: bool,
    /// Largest file that is fetched from a member, megabytes; unlimited when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exhibit_mb: Option<u64>,
    /// Certificates of its own listener; without them a proxy in front has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// Certificates, PEM files. Relative to the configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The node's certificate and those up to its root.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// Roots of the members' certificates: callers must then show theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_ca: Option<PathBuf>,
}

impl Exchange {
    /// What is wrong with it, if anything.
    fn fault(&self) -> Option<&'static str> {
        let plain = |url: &String| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
        };
        if self.tls.is_some() && self.listen.is_none() {
            Some("exchange.tls 只用于单独的监听地址：请同时给出 exchange.listen")
        } else if self.address.as_ref().is_some_and(|url| !plain(url)) {
            Some("exchange.address 应以 https:// 或 http:// 开头，不带路径，末尾不带斜线")
        } else {
            None
        }
    }
}

/// A bucket for exhibits. Its keys are in the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exhibits {
    /// Its name.
    pub bucket: String,
    /// Address of the storage; that of AWS when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Region, when the storage wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Everything lies below this in the bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The bucket's name stands in the host name of `endpoint`, not in the path.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub virtual_hosted: bool,
}

/// Tiles of others under the node's own map, in Web Mercator. Browsers load them from there: nothing of a matter goes
/// along, but who serves them sees what places are looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Addresses with `{z}`, `{x}` and `{y}`, and `{key}` where the key belongs; several share the work.
    pub tiles: Vec<String>,
    /// The same for a layer of names over it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What stands for `{key}`. The variable `LIANZHI_MAP_KEY` goes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Who is named as their source, with the number of approval of the map (审图号).
    #[serde(default)]
    pub attribution: String,
    /// The last zoom that they have.
    #[serde(default = "last_zoom")]
    pub max_zoom: u8,
    /// Width of a tile, pixels.
    #[serde(default = "tile_px")]
    pub tile_px: u16,
}

fn last_zoom() -> u8 {
    18
}
fn tile_px() -> u16 {
    256
}

impl Map {
    /// What is wrong with it, if anything.
    fn fault(&self) -> Option<&'static str> {
        let all = || self.tiles.iter().chain(&self.labels);
        let needs_key = all().any(|url| url.contains("{key}"));
        if self.tiles.is_empty() {
            Some("map.tiles 至少要有一个地址；不用底图就删去 [map]")
        } else if !all().all(|url| url.starts_with("https://") || url.starts_with("http://")) {
            Some("map.tiles、map.labels 的地址应以 https:// 或 http:// 开头")
        } else if !all().all(|url| ["{z}", "{x}", "{y}"].iter().all(|part| url.contains(part))) {
            Some("map.tiles、map.labels 的地址要含 {z}、{x}、{y}")
        } else if needs_key && self.key.as_ref().is_none_or(String::is_empty) {
            Some("map 的地址里有 {key}，还要给 map.key 或环境变量 LIANZHI_MAP_KEY")
        } else if !(256..=1024).contains(&self.tile_px) || self.max_zoom > 22 {
            Some("map.tile_px 应为 256 到 1024，map.max_zoom 不超过 22")
        } else {
            None
        }
    }

    /// For the web, with the key in its place.
    fn web(&self) -> lianzhi_web::MapConfig {
        let key = self.key.clone().unwrap_or_default();
        let keyed = |urls: &[String]| urls.iter().map(|url| url.replace("{key}", &key)).collect();
        lianzhi_web::MapConfig {
            tiles: keyed(&self.tiles),
            labels: keyed(&self.labels),
            attribution: self.attribution.clone(),
            max_zoom: self.max_zoom,
            tile_px: self.tile_px,
        }
    }
}

/// What is logged, and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` or `json`.
    pub format: logs::Format,
    /// E.g. `info` or `info,lianzhi_app=debug`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Log { format: logs::Format::Text, filter: "info,sqlx=warn".into() }
    }
}

/// Limits. Sizes in megabytes, times in seconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub request_seconds: u64,
    pub upload_seconds: u64,
    pub file_mb: u64,
    pub public_file_mb: u64,
    pub public_mb_per_day: u64,
    /// The SQLite database refuses to grow beyond; not given: as far as the disk goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_mb: Option<u64>,
    /// How long running requests may take after the stop signal.
    pub drain_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            request_seconds: 30,
            upload_seconds: 600,
            file_mb: 200,
            public_file_mb: 20,
            public_mb_per_day: 100,
            database_mb: None,
            drain_seconds: 20,
        }
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7700))
}
fn default_data_dir() -> PathBuf {
    PathBuf::from(".")
}
fn first_generation() -> u32 {
    1
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is none.
    #[error("没有找到配置文件 {0}。请先运行 lianzhi init，或用 --config 指明")]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("配置文件 {path} 无法读取：{reason}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A value is out of range.
    #[error("配置文件 {path}：{reason}")]
    Value {
        /// Which.
        path: PathBuf,
        /// What.
        reason: String,
    },
}

impl Config {
    /// Reads a configuration; relative folders are taken from where it lies.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let path = if path.is_dir() { path.join(FILE) } else { path.to_owned() };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ConfigError::Missing(path));
            }
            Err(error) => return Err(ConfigError::Unreadable { path, reason: error.to_string() }),
        };
        let mut config: Config = toml::from_str(&text)
            .map_err(|e| ConfigError::Unreadable { path: path.clone(), reason: e.to_string() })?;
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        config.data_dir = folder.join(&config.data_dir);
        if let Ok(database) = std::env::var(DATABASE_VARIABLE)
            && !database.is_empty()
        {
            config.database = Some(database);
        }
        if let Some(map) = &mut config.map
            && let Ok(key) = std::env::var(MAP_KEY_VARIABLE)
            && !key.is_empty()
        {
            map.key = Some(key);
        }
        let bad = |reason: &str| Err(ConfigError::Value { path: path.clone(), reason: reason.into() });
        if config.generation == 0 {
            return bad("generation 从 1 开始");
        }
        if config.base_url.as_ref().is_some_and(|url| url.ends_with('/') || !url.starts_with("http")) {
            return bad("base_url 应以 http:// 或 https:// 开头，末尾不带斜线");
        }
        if let Some(exhibits) = &config.exhibits {
            if exhibits.bucket.is_empty() {
                return bad("exhibits.bucket 不能为空");
            }
            if exhibits.endpoint.as_ref().is_some_and(|url| !url.starts_with("http")) {
                return bad("exhibits.endpoint 应以 http:// 或 https:// 开头");
            }
        }
        if let Some(fault) = config.map.as_ref().and_then(Map::fault) {
            return bad(fault);
        }
        if let Some(fault) = config.exchange.fault() {
            return bad(fault);
        }
        if let Some(tls) = &mut config.exchange.tls {
            for file in [&mut tls.cert, &mut tls.key].into_iter().chain(&mut tls.client_ca) {
                *file = folder.join(&*file);
            }
        }
        if let Some(seal) = &mut config.seal {
            if let Some(fault) = seal.fault(config.limits.request_seconds) {
                return bad(fault);
            }
            seal.token_file = seal.token_file.take().map(|file| folder.join(file));
        }
        if config.limits.file_mb == 0 || config.limits.request_seconds == 0 {
            return bad("limits 的各项应大于 0");
        }
        config.file = path;
        Ok(config)
    }

    /// Address of the database.
    #[must_use]
    pub fn database(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("lianzhi.db").display()))
    }

    /// The file of the database, when it is SQLite.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        self.database()
            .strip_prefix("sqlite:")
            .map(|rest| PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
    }

    /// Folder of the exhibits.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.data_dir.join("blobs")
    }

    /// The bucket of the exhibits, when they are in one.
    #[must_use]
    pub fn bucket(&self) -> Option<lianzhi_store::Bucket> {
        self.exhibits.as_ref().map(|exhibits| lianzhi_store::Bucket {
            name: exhibits.bucket.clone(),
            endpoint: exhibits.endpoint.clone(),
            region: exhibits.region.clone(),
            prefix: exhibits.prefix.clone(),
            virtual_hosted: exhibits.virtual_hosted,
            access: None,
        })
    }

    /// Address under which people reach the node.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.base_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// For the application.
    #[must_use]
    pub fn app(&self) -> lianzhi_app::Config {
        lianzhi_app::Config {
            node: self.node.clone(),
            generation: self.generation,
            restored: self.restored,
            simulated: self.simulated,
            log_dir: self.data_dir.join("log"),
        }
    }

    /// Address under which members reach the exchange.
    #[must_use]
    pub fn exchange_address(&self) -> String {
        let scheme = if self.exchange.tls.is_some() { "https" } else { "http" };
        self.exchange.address.clone().unwrap_or_else(|| match self.exchange.listen {
            Some(listen) => format!("{scheme}://{listen}"),
            None => self.base_url(),
        })
    }

    /// For the exchange.
    #[must_use]
    pub fn link(&self) -> lianzhi_link::Config {
        let address = self.exchange_address();
        let authority = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
        lianzhi_link::Config {
            allow_private: self.exchange.allow_private,
            authorities: vec![authority.to_owned()],
            tls: self.exchange.tls.as_ref().map(|tls| lianzhi_link::Tls {
                cert: tls.cert.clone(),
                key: tls.key.clone(),
                client_ca: tls.client_ca.clone(),
            }),
            exhibit_bytes_max: self.exchange.exhibit_mb.map(|mb| mb * 1024 * 1024),
            rates: lianzhi_link::Rates::default(),
        }
    }

    /// For the web.
    #[must_use]
    pub fn web(&self) -> lianzhi_web::WebConfig {
        const MB: u64 = 1024 * 1024;
        let limits = &self.limits;
        lianzhi_web::WebConfig {
            base_url: self.base_url(),
            secure_cookies: self.secure_cookies,
            cookie_suffix: format!("-{}", self.node),
            trusted_proxies: self.trusted_proxies.clone(),
            request_timeout: Duration::from_secs(limits.request_seconds),
            upload_timeout: Duration::from_secs(limits.upload_seconds),
            file_bytes_max: limits.file_mb * MB,
            public_file_bytes_max: limits.public_file_mb * MB,
            public_bytes_per_day_max: limits.public_mb_per_day * MB,
            rates: lianzhi_web::Rates::default(),
            map: self.map.as_ref().map(Map::web).unwrap_or_default(),
            exchange_address: self.exchange.address.clone(),
            style_page: self.simulated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        Config::load(folder.path())
    }

    #[test]
    fn a_node_code_is_all_that_is_needed() {
        let config = load("node = \"310118\"\n").unwrap();
        assert_eq!(config.base_url(), "http://127.0.0.1:7700");
        assert!(config.database().starts_with("sqlite:/"));
        assert!(config.sqlite_file().unwrap().ends_with("lianzhi.db"));
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_good_ones() {
        let error = load("node = \"310118\"\nlissten = \"127.0.0.1:1\"\n").unwrap_err().to_string();
        assert!(
            error.contains("lissten") && error.contains("`listen`") && error.contains("trusted_proxies"),
            "{error}"
        );
        let error = load("node = \"310118\"\n[log]\nlevel = \"info\"\n").unwrap_err().to_string();
        assert!(error.contains("`filter`"), "{error}");
    }

    #[test]
    fn tiles_of_others_get_their_key() {
        let text = "node = \"310118\"\n[map]\ntiles = [\"https://t0.tianditu.gov.cn/vec_w/wmts?tk={key}&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}\"]\nkey = \"k1\"\n";
        let web = load(text).unwrap().web();
        assert!(web.map.tiles[0].contains("tk=k1&"), "{:?}", web.map.tiles);
        assert_eq!(web.map.origins(), ["https://t0.tianditu.gov.cn"]);
        assert_eq!(load("node = \"310118\"\n").unwrap().web().map, lianzhi_web::MapConfig::default());
    }

    #[test]
    fn wrong_values_are_named() {
        for (text, said) in [
            ("node = \"3101\"\n", "3101"),
            ("node = \"310118\"\ngeneration = 0\n", "generation"),
            ("node = \"310118\"\nbase_url = \"https://lz.example.cn/\"\n", "base_url"),
            ("node = \"310118\"\nlisten = \"nowhere\"\n", "listen"),
            ("node = \"310118\"\n[map]\ntiles = []\n", "map.tiles"),
            ("node = \"310118\"\n[map]\ntiles = [\"https://t.example.cn/{z}/{x}\"]\n", "{y}"),
            ("node = \"310118\"\n[map]\ntiles = [\"https://t.example.cn/{z}/{x}/{y}?k={key}\"]\n", "map.key"),
            ("node = \"310118\"\n[exhibits]\nbucket = \"\"\n", "bucket"),
            ("node = \"310118\"\n[exchange]\nsuite = \"rsa\"\n", "sm2"),
            ("node = \"310118\"\n[seal]\nurl = \"https://s.cn/\"\nseconds = 30\n", "seal.seconds"),
            ("node = \"310118\"\n[seal]\nurl = \"https://s.cn/\"\nmb = 0\n", "seal.mb"),
            ("node = \"310118\"\n[exchange]\naddress = \"https://a.example/x\"\n", "exchange.address"),
            ("node = \"310118\"\n[exchange.tls]\ncert = \"c.pem\"\nkey = \"k.pem\"\n", "exchange.listen"),
            ("node = \"310118\"\n[exhibits]\nbucket = \"a\"\nendpoint = \"s3.example.cn\"\n", "endpoint"),
        ] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert!(matches!(Config::load(Path::new("/nonexistent/lianzhi.toml")), Err(ConfigError::Missing(_))));
    }

    /// The example that operators copy: it is understood, and every key in it has the value that it has when left out,
    /// unless it says otherwise.
    #[test]
    fn the_example_is_understood() {
        let example = include_str!("../../../deploy/lianzhi.toml");
        let config = load(example).unwrap();
        let plain = load("node = \"310118\"\n").unwrap();
        assert_eq!(config.listen, plain.listen);
        assert_eq!(
            toml::to_string(&config.limits).unwrap(),
            toml::to_string(&plain.limits).unwrap(),
            "limits shown are those that hold"
        );
        assert!(config.secure_cookies && config.base_url().starts_with("https://"));
        // What is commented out is understood too.
        let uncommented: String = example
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest)
                    if rest.starts_with('[')
                        || rest.split_once(" = ").is_some_and(|(k, _)| !k.contains(' ')) =>
                {
                    rest
                }
                _ => line,
            })
            .map(|line| format!("{line}\n"))
            .collect();
        let full = load(&uncommented).unwrap();
        assert!(full.database().starts_with("postgres://"));
        assert!(full.limits.database_mb.is_some());
        assert!(full.seal.as_ref().is_some_and(|seal| (seal.seconds, seal.mb) == (10, 20)));
        assert!(full.exchange.tls.as_ref().is_some_and(|tls| tls.client_ca.is_some()));
        assert!(full.bucket().is_some_and(|bucket| bucket.endpoint.is_some() && bucket.prefix.is_some()));
    }

    /// What the service file says is what the program does.
    #[test]
    fn the_service_starts_this_program() {
        let unit = include_str!("../../../deploy/lianzhi.service");
        let value = |key: &str| {
            unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default()
        };
        let mut words = value("ExecStart").split(' ');
        assert_eq!(words.next(), Some("/usr/local/bin/lianzhi"));
        let command = clap::Parser::try_parse_from(std::iter::once("lianzhi").chain(words));
        assert!(command.is_ok_and(|program: crate::Program| matches!(
            program.command,
            crate::commands::Command::Serve(_)
        )));
        let patience: u64 = value("TimeoutStopSec").parse().unwrap();
        assert!(patience > Limits::default().drain_seconds, "killed before the last requests are finished");
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let config = load("node = \"310118\"\ntrusted_proxies = [\"10.0.0.1\"]\n").unwrap();
        let again: Config = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
        assert_eq!(again.trusted_proxies, config.trusted_proxies);
        assert_eq!(again.database(), config.database());
    }
}
