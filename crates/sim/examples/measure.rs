//! How long a city takes: `cargo run --release -p lianzhi-sim --example measure -- FOLDER history DAYS` or `… bulk N`.
#![expect(clippy::unwrap_used, reason = "a measurement stops where something unexpected happens")]

use jiff::Timestamp;
use lianzhi_app::ports::Entropy;
use lianzhi_app::{App, Config, Keys};
use lianzhi_sim::region::QINGPU;
use lianzhi_sim::{BulkWishes, City, SimClock, Wishes, history, seed_bulk};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

struct Chance(Mutex<ChaCha12Rng>);

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "measure".into()));
    let what = arguments.next().unwrap_or_else(|| "history".into());
    let n: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(30);
    std::fs::create_dir_all(&folder).unwrap();
    let begun = Instant::now();
    let said = |what: &str| println!("{:8.2} s  {what}", begun.elapsed().as_secs_f64());

    let city = City::generate(&QINGPU, 1).unwrap();
    said("city");
    let url = format!("sqlite:{}", folder.join("city.db").display());
    let store = lianzhi_store::open(lianzhi_store::Options::new(url, folder.join("blobs"))).await.unwrap();
    let until: Timestamp = "2026-09-16T07:20:00Z".parse().unwrap();
    let days = if what == "bulk" { 365 } else { u32::try_from(n).unwrap() };
    let clock = Arc::new(SimClock::new(history::eve(until, days)));
    let entropy = Arc::new(Chance(Mutex::new(ChaCha12Rng::seed_from_u64(1))));
    let (keys, _) = Keys::generate(entropy.as_ref());
    let config = Config {
        node: city.node().unwrap(),
        generation: 1,
        restored: None,
        simulated: true,
        log_dir: folder.join("log"),
    };
    let app = App::open(config, store.clone(), clock.clone(), entropy.clone(), keys.clone()).await.unwrap();
    history::settle(&app, &city).await.unwrap();
    said("registers");
    if what == "bulk" {
        drop(app);
        let wishes = BulkWishes { matters: n, until, days, seed: 1 };
        let progress = |done: u64| {
            if done.is_multiple_of(20_000) {
                said(&format!("{done} matters"));
            }
        };
        let counts = seed_bulk(&store, &keys, entropy, &city, &wishes, progress).await.unwrap();
        said(&format!("{counts:?}"));
    } else {
        let wishes = Wishes { until, days, seed: 1, pace: 1.0 };
        let counts = history::run(&app, keys, &clock, &city, &wishes, |_| {}).await.unwrap();
        said(&format!("{counts:#?}"));
    }
}
