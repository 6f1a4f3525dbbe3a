//! What every handler is given.

use crate::observe::Metrics;
use crate::security::Limits;
use axum::http::HeaderValue;
use lianzhi_app::App;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How this node meets the web. Plain data, filled in from the node's configuration file.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Address under which people reach the node, without a slash at the end, e.g. `https://lz.example.cn`.
    pub base_url: String,
    /// The node is reached through TLS: cookies are marked `Secure` and bound to the host (`__Host-`).
    pub secure_cookies: bool,
    /// What the names of session cookies end in: `-310118`. A browser keeps one jar for all ports of a host, and several
    /// nodes may answer at one.
    pub cookie_suffix: String,
    /// Proxies whose `X-Forwarded-For` is believed. Nobody else's is.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long an answer may take before the request is given up. Uploads have [`WebConfig::upload_timeout`].
    pub request_timeout: Duration,
    /// How long one upload request may take.
    pub upload_timeout: Duration,
    /// Largest file from somebody signed in, bytes.
    pub file_bytes_max: u64,
    /// Largest file from the public, bytes.
    pub public_file_bytes_max: u64,
    /// What one address of the public may upload in a day, bytes.
    pub public_bytes_per_day_max: u64,
    /// How often one address of the public may do a thing.
    pub rates: Rates,
    /// Tiles of others under our own map; none when not configured.
    pub map: MapConfig,
    /// Address under which other members reach this node, as configured: what its card says unless it is changed there.
    pub exchange_address: Option<String>,
    /// The page of all components is shown (`/style`); for those who build pages, not in production.
    pub style_page: bool,
}

/// Tiles of others under our own map, e.g. 天地图. Web Mercator in WGS-84 or CGCS2000.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapConfig {
    /// Addresses with `{z}`, `{x}` and `{y}`, each with its key in it; browsers spread over them.
    pub tiles: Vec<String>,
    /// The same for a layer of names over it.
    pub labels: Vec<String>,
    /// Who is to be named as their source.
    pub attribution: String,
    /// The last zoom that they have.
    pub max_zoom: u8,
    /// Width of a tile, pixels.
    pub tile_px: u16,
}

impl MapConfig {
    /// The hosts that browsers must be let to: scheme and authority of each address, once.
    #[must_use]
    pub fn origins(&self) -> Vec<String> {
        let origin = |url: &String| {
            let (scheme, rest) = url.split_once("://")?;
            let host: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || ".-:".contains(*c)).collect();
            (!host.is_empty()).then(|| format!("{scheme}://{host}"))
        };
        let mut origins: Vec<String> = self.tiles.iter().chain(&self.labels).filter_map(origin).collect();
        origins.sort_unstable();
        origins.dedup();
        origins
    }
}

/// How often one address of the public may do a thing: so many at once, and so many a minute after that.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each field is (at once, a minute) of what its name says")]
pub struct Rates {
    pub intake: (u32, u32),
    pub follow: (u32, u32),
    pub sign_in: (u32, u32),
    pub upload: (u32, u32),
    pub look: (u32, u32),
}

impl Default for Rates {
    fn default() -> Self {
        Rates { intake: (10, 6), follow: (20, 10), sign_in: (20, 10), upload: (40, 20), look: (60, 60) }
    }
}

impl Default for WebConfig {
    fn default() -> Self {
        const MB: u64 = 1024 * 1024;
        WebConfig {
            base_url: "http://127.0.0.1:7700".into(),
            secure_cookies: false,
            cookie_suffix: String::new(),
            trusted_proxies: Vec::new(),
            request_timeout: Duration::from_secs(30),
            upload_timeout: Duration::from_secs(600),
            file_bytes_max: 200 * MB,
            public_file_bytes_max: 20 * MB,
            public_bytes_per_day_max: 100 * MB,
            rates: Rates::default(),
            map: MapConfig::default(),
            exchange_address: None,
            style_page: false,
        }
    }
}

/// What storage held, and when that was looked at.
type Measured = (jiff::Timestamp, Vec<lianzhi_app::ports::Usage>);

/// What every handler is given. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    /// The application.
    pub app: App,
    /// How this node meets the web.
    pub config: Arc<WebConfig>,
    /// Rate limits of the public.
    pub limits: Arc<Limits>,
    /// Counters for `/metrics`.
    pub metrics: Metrics,
    /// Requests with an `Idempotency-Key` that are worked on.
    pub(crate) answers: Arc<crate::api::repeat::Begun>,
    /// At most so many pictures are decoded at once: each takes tens of megabytes.
    pub(crate) decoders: Arc<Semaphore>,
    /// At most so many event streams at once.
    pub(crate) streams: Arc<Semaphore>,
    /// Towns and grids as maps want them.
    pub(crate) map_layers: Arc<crate::pages::map::layers::Kept>,
    /// What browsers may load, as a header.
    pub(crate) csp: HeaderValue,
    /// Since when this process answers.
    pub started: jiff::Timestamp,
    /// What things take up, and when that was looked at.
    pub(crate) usage: Arc<parking_lot::Mutex<Option<Measured>>>,
    /// Cancelled when the node goes down: event streams end, everything else is finished.
    pub shutdown: CancellationToken,
}

/// Event streams open at once: each holds a socket and a place in the broadcast.
const STREAMS_MAX: usize = 4096;
/// Pictures decoded at once.
const DECODERS_MAX: usize = 2;

impl WebState {
    /// Puts the state together.
    #[must_use]
    pub fn new(app: App, config: WebConfig) -> Self {
        app.reached_at(&config.base_url);
        WebState {
            limits: Arc::new(Limits::new(&config.rates)),
            metrics: Metrics::global(),
            answers: Arc::default(),
            decoders: Arc::new(Semaphore::new(DECODERS_MAX)),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            map_layers: Arc::default(),
            csp: crate::security::csp(&config.map.origins()),
            started: app.now(),
            usage: Arc::default(),
            shutdown: CancellationToken::new(),
            config: Arc::new(config),
            app,
        }
    }

    /// A random text of 32 hex digits: for form keys, request ids and upload ids.
    #[must_use]
    pub fn random_id(&self) -> String {
        let mut bytes = [0; 16];
        self.app.random(&mut bytes);
        hex::encode(bytes)
    }
}

impl WebState {
    /// Event streams that are open.
    #[must_use]
    pub fn streams_open(&self) -> usize {
        STREAMS_MAX.saturating_sub(self.streams.available_permits())
    }
}

impl std::fmt::Debug for WebState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebState").field("config", &self.config).finish_non_exhaustive()
    }
}
