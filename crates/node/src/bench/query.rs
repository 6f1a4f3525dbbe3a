//! Reading over many matters: list, search, map, matter page; start and memory.
//!
//! Seeding takes more memory than serving: for the peak of a node at work seed first (`--seed-only`), then run again on
//! the same folder.

use super::load::{self, Run};
use super::stage::{Place, Stage};
use super::{Failure, QueryArgs};
use std::time::{Duration, Instant};

/// Clients that read at the same time: what a busy room of dispatchers is.
const READERS: usize = 8;

pub(super) fn rss_mb(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|l| l.strip_prefix(field))
        .and_then(|v| v.split_whitespace().next())
        .and_then(|v| v.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

async fn measure(stage: &Stage, name: &str, requests: u64, paths: Vec<String>) -> Result<(), Failure> {
    measure_by(stage, READERS, name, requests, paths).await
}

async fn measure_by(
    stage: &Stage,
    readers: usize,
    name: &str,
    requests: u64,
    paths: Vec<String>,
) -> Result<(), Failure> {
    let token = stage.token.clone();
    let make =
        move |client: usize, n: u64| load::get(&paths[(client + n as usize * readers) % paths.len()], &token);
    let mut run: Run =
        load::run(stage.at, readers, Duration::from_secs(120), requests / readers as u64, 200, make).await?;
    println!("{name:<24} {}", run.line());
    Ok(())
}

pub(super) async fn run(args: &QueryArgs) -> Result<(), Failure> {
    let place = Place::new(args.database.as_deref(), args.dir.as_deref())?;
    let begin = Instant::now();
    if let Some(counts) = place.seed(args.matters).await? {
        let (seconds, rate) = (begin.elapsed().as_secs_f64(), counts.entries as f64);
        println!(
            "seeded through decide, evolve and append: {counts:?} in {seconds:.0} s, {:.0} entries/s",
            rate / seconds
        );
    }
    println!("after seeding: RSS {} MB, peak {} MB", rss_mb("VmRSS:"), rss_mb("VmHWM:"));
    if args.seed_only {
        return Ok(());
    }
    let stage = Stage::open(place).await?;
    println!("engine: {}", stage.app.store().upkeep.describe().await?);
    println!("start to listening: {:.2} s", stage.started.as_secs_f64());
    stage.app.integrate_log().await;
    let last = stage.app.store().journal.head().await?.next_docket;
    let n = args.requests;
    let many = |f: &dyn Fn(i64) -> String| (0..64).map(f).collect::<Vec<_>>();
    measure(&stage, "list newest", n, vec!["/api/v1/matters?limit=50".into()]).await?;
    measure(&stage, "list open by term", n, vec!["/api/v1/matters?limit=50&open=true&order=due".into()])
        .await?;
    let units: Vec<String> = stage.app.directory().units.keys().map(ToString::to_string).collect();
    measure(
        &stage,
        "list filtered",
        n,
        units.iter().map(|u| format!("/api/v1/matters?limit=50&unit={u}&open=true&category=E09")).collect(),
    )
    .await?;
    measure(
        &stage,
        "search common",
        n,
        vec![
            "/api/v1/matters?limit=50&q=%E6%B2%B9%E7%83%9F".into(),
            "/api/v1/matters?limit=50&q=%E4%BA%BA%E8%A1%8C%E9%81%93".into(),
        ],
    )
    .await?;
    measure(
        &stage,
        "search rare",
        n,
        many(&|i| format!("/api/v1/matters?limit=50&q=-{:06}", 1 + i * 971 % args.matters.max(1) as i64)),
    )
    .await?;
    measure(
        &stage,
        "map viewport",
        n,
        many(&|i| {
            let (lng, lat) = (121.0 + (i % 8) as f64 * 0.02, 31.1 + (i / 8) as f64 * 0.01);
            format!(
                "/api/v1/map?zoom=14&open=true&bbox={lng:.4},{lat:.4},{:.4},{:.4}",
                lng + 0.05,
                lat + 0.03
            )
        }),
    )
    .await?;
    measure(&stage, "matter", n, many(&|i| format!("/api/v1/matters/{}", last - 1 - i * (last / 70))))
        .await?;
    println!("pages, one reader: what the server takes");
    let pages: [(&str, Vec<String>); 8] = [
        ("page desk", vec!["/desk".into()]),
        ("page list", vec!["/matters?open=true".into(), "/matters?open=true&order=due".into()]),
        ("page list, all", vec!["/matters".into()]),
        ("page matter", many(&|i| format!("/matters/{}", last - 1 - i * (last / 70)))),
        ("page board", vec!["/board".into()]),
        ("page map", vec!["/map".into()]),
        ("points, whole city", vec!["/map/matters.geojson?zoom=10&bbox=120.8,30.9,121.4,31.4".into()]),
        ("page numbers", vec!["/stats".into()]),
    ];
    for (name, paths) in pages {
        measure_by(&stage, 1, name, n, paths).await?;
    }
    println!("RSS {} MB, peak {} MB", rss_mb("VmRSS:"), rss_mb("VmHWM:"));
    Ok(())
}
