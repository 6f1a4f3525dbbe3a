//! The node that a bench measures: real store, real city, real HTTP on loopback.

use super::Failure;
use crate::machine::{OsEntropy, SystemClock};
use jiff::SignedDuration;
use lianzhi_app::ports::{Clock, Store};
use lianzhi_app::{App, Caller, Config, Keys};
use lianzhi_ids::Role;
use lianzhi_procedure::{Actor, directory::Person};
use lianzhi_sim::region::QINGPU;
use lianzhi_sim::{BulkCounts, BulkWishes, CaseCounts, CaseWishes, City, SimClock};
use lianzhi_store::Options;
use lianzhi_web::{WebConfig, WebState};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A running node.
pub struct Stage {
    /// The application.
    pub app: App,
    /// Where it listens.
    pub at: SocketAddr,
    /// Token of a dispatcher that may read, report and write.
    pub token: String,
    /// The dispatcher.
    pub dispatcher: lianzhi_ids::PersonCode,
    /// The city.
    pub city: City,
    /// Its folder.
    pub dir: PathBuf,
    /// From opening the database to listening.
    pub started: Duration,
    _folder: Option<TempFolder>,
}

/// A folder that goes away.
struct TempFolder(PathBuf);

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The stage of whoever works at the bench: a seed that never changes, so that runs can be compared.
const SEED: u64 = 7;
/// Keys of a node that nobody trusts.
const SECRET: [u8; 96] = [42; 96];

/// Where a bench works: a database and a folder, which goes away with it unless it was named.
pub struct Place {
    url: String,
    dir: PathBuf,
    folder: Option<TempFolder>,
}

impl Place {
    /// A database and a folder; fresh ones when not given.
    pub fn new(database: Option<&str>, dir: Option<&Path>) -> Result<Place, Failure> {
        let (dir, folder) = match dir {
            Some(dir) => (dir.to_owned(), None),
            None => {
                let dir = std::env::temp_dir().join(format!("lianzhi-bench-{}", std::process::id()));
                (dir.clone(), Some(TempFolder(dir)))
            }
        };
        std::fs::create_dir_all(&dir)?;
        let url =
            database.map_or_else(|| format!("sqlite:{}", dir.join("bench.db").display()), str::to_owned);
        Ok(Place { url, dir, folder })
    }

    async fn store(&self) -> Result<Store, Failure> {
        Ok(lianzhi_store::open(Options::new(&self.url, self.dir.join("exhibits"))).await?)
    }

    async fn app(&self, city: &City, store: Store) -> Result<App, Failure> {
        self.app_at(city, store, Arc::new(SystemClock::default())).await
    }

    async fn app_at(&self, city: &City, store: Store, clock: Arc<dyn Clock>) -> Result<App, Failure> {
        let entropy = Arc::new(OsEntropy::new());
        let log_dir = self.dir.join("log");
        let config = Config { node: city.node()?, generation: 1, restored: None, simulated: true, log_dir };
        Ok(App::open(config, store, clock, entropy, Keys::from_secret(&SECRET)).await?)
    }

    /// Fills an empty database with so many matters of the past year; nothing when it has matters already.
    pub async fn seed(&self, matters: u64) -> Result<Option<BulkCounts>, Failure> {
        let (store, city) = (self.store().await?, City::generate(&QINGPU, SEED)?);
        if !store.journal.head().await?.counters.is_empty() {
            return Ok(None);
        }
        let app = self.app(&city, store.clone()).await?;
        app.put_registers(&Caller::system(), city.registers.clone()).await?;
        drop(app);
        let wishes = BulkWishes { matters, until: SystemClock::default().now(), days: 365, seed: SEED };
        let progress = |done: u64| {
            if done.is_multiple_of(100_000) {
                println!("{done} matters");
            }
        };
        let (keys, entropy) = (Keys::from_secret(&SECRET), Arc::new(OsEntropy::new()));
        Ok(Some(lianzhi_sim::seed_bulk(&store, &keys, entropy, &city, &wishes, progress).await?))
    }
}

impl Place {
    /// Fills an empty database with a year of cases; nothing when it has matters already.
    pub async fn seed_cases(&self, cases: usize) -> Result<Option<CaseCounts>, Failure> {
        let (store, city) = (self.store().await?, City::generate(&QINGPU, SEED)?);
        if !store.journal.head().await?.counters.is_empty() {
            return Ok(None);
        }
        // Registers are older than the year: the log never goes back in time.
        let until = SystemClock::default().now();
        let clock = SimClock::new(until - SignedDuration::from_hours(24 * 366));
        let app = self.app_at(&city, store.clone(), Arc::new(clock)).await?;
        app.put_registers(&Caller::system(), city.registers.clone()).await?;
        drop(app);
        let wishes = CaseWishes { cases, until, days: 365, seed: SEED };
        let (keys, entropy) = (Keys::from_secret(&SECRET), Arc::new(OsEntropy::new()));
        Ok(Some(lianzhi_sim::seed_cases(&store, &keys, entropy, &city, &wishes, |_| {}).await?))
    }
}

impl Stage {
    /// A token of somebody with a role.
    pub async fn token_of(&self, role: Role) -> Result<String, Failure> {
        let person = somebody(&self.app, role).ok_or("nobody with this role in the city")?;
        let caller = Caller::person(person, "");
        Ok(self.app.issue_token(&caller, "bench", &["read", "write"].map(str::to_owned), 1).await?)
    }

    /// Sets it up: city, everybody on duty, a token, a listener.
    pub async fn open(place: Place) -> Result<Stage, Failure> {
        let city = City::generate(&QINGPU, SEED)?;
        let begin = Instant::now();
        let app = place.app(&city, place.store().await?).await?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let started = begin.elapsed();
        if app.directory().people.is_empty() {
            app.put_registers(&Caller::system(), city.registers.clone()).await?;
        }
        on_duty(&app).await?;
        let dispatcher = somebody(&app, Role::Dispatcher).ok_or("no dispatcher in the city")?;
        let code = dispatcher.code.clone();
        let caller = Caller::person(dispatcher, "");
        let token =
            app.issue_token(&caller, "bench", &["read", "write", "report"].map(str::to_owned), 1).await?;
        drop(app.background());
        let at = listener.local_addr()?;
        let router = lianzhi_web::router(WebState::new(app.clone(), WebConfig::default()));
        tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!(%error, "bench listener ended");
            }
        });
        Ok(Stage { app, at, token, dispatcher: code, city, started, dir: place.dir, _folder: place.folder })
    }

    /// A body of a report somewhere in the city; the same numbers give the same body.
    pub fn body(spots: &[(f64, f64)], client: usize, n: u64) -> String {
        const WHAT: [&str; 6] = [
            "店外摆了好多桌椅，人行道走不了",
            "垃圾桶满出来没人收",
            "夜里还在打桩，吵得睡不着",
            "货车停在盲道上",
            "楼下烧烤油烟很大",
            "路上撒了一地渣土",
        ];
        let mixed = (client as u64)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(n.wrapping_mul(0xbf58_476d_1ce4_e5b9));
        let (lng, lat) = spots[(mixed >> 7) as usize % spots.len()];
        let jitter = |bits: u32| ((mixed >> bits) % 2000) as f64 * 1e-6;
        let what = WHAT[(mixed >> 17) as usize % WHAT.len()];
        let (lng, lat, code) =
            (lng + jitter(23), lat + jitter(31), if mixed.is_multiple_of(2) { "E09005" } else { "E06042" });
        format!(
            r#"{{"description":"{what}，第{client}-{n}次反映","place":{{"lng":{lng:.6},"lat":{lat:.6},"address":"城中东路{}号"}},"category":"{code}","source":"system","contact":{{"name":"测试","phone":"138{:08}"}}}}"#,
            mixed % 400 + 1,
            mixed % 100_000_000
        )
    }

    /// Places inside the city's grids.
    pub fn spots(&self) -> Vec<(f64, f64)> {
        self.city.spots.iter().map(|s| (s.point.lng(), s.point.lat())).collect()
    }
}

fn somebody(app: &App, role: Role) -> Option<Arc<Person>> {
    let directory = app.directory();
    let mut people: Vec<_> = directory
        .people
        .values()
        .filter(|p| p.active && Actor::Person((*p).clone()).has(role))
        .cloned()
        .collect();
    people.sort_by(|a, b| a.code.cmp(&b.code));
    people.into_iter().next()
}

async fn on_duty(app: &App) -> Result<(), Failure> {
    let directory = app.directory();
    for person in directory.people.values().filter(|p| p.active) {
        let Some(post) = person.posts.iter().find(|p| p.roles.contains(&Role::Officer)) else { continue };
        let caller = Caller::person(person.clone(), "");
        app.duty_command(&caller, &post.unit, serde_json::json!({"command": "go_on"})).await?;
    }
    Ok(())
}
