//! Reading over many matters: list, search, map, matter page; then rebuild; then memory.

use super::load::{self, Run};
use super::stage::Stage;
use super::{Failure, QueryArgs};
use futures::StreamExt as _;
use lianzhi_app::{Caller, ReportInput};
use std::time::{Duration, Instant};

/// Submissions on their way at once while seeding: several full batches.
const SEED_AT_ONCE: usize = 1024;
/// One in so many seeded matters stays open.
const OPEN_ONE_IN: u64 = 12;
/// Clients that read at the same time: what a busy room of dispatchers is.
const READERS: usize = 8;

fn rss_mb(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|l| l.strip_prefix(field))
        .and_then(|v| v.split_whitespace().next())
        .and_then(|v| v.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

async fn seed(stage: &Stage, matters: u64) -> Result<(), Failure> {
    let have =
        u64::try_from(stage.app.store().journal.head().await?.counters.values().max().copied().unwrap_or(0))?;
    let spots = stage.spots();
    let begin = Instant::now();
    let system = Caller::system();
    let mut reports = futures::stream::iter(have..matters)
        .map(|n| {
            let (app, system, spots) = (stage.app.clone(), system.clone(), &spots);
            async move {
                let input: ReportInput = serde_json::from_str(&Stage::body(spots, 1, n))?;
                let receipt = app.report(&system, input, None).await?;
                if n % OPEN_ONE_IN != 0 {
                    let id = lianzhi_ids::DocketId(receipt.id);
                    let dispatcher =
                        app.directory().people.values().find(|p| p.login.starts_with("dispatcher")).cloned();
                    let dispatcher = dispatcher.ok_or("no dispatcher")?;
                    app.command(
                        &Caller::person(dispatcher, ""),
                        id,
                        serde_json::json!({"command": "dismiss", "note": "演示数据"}),
                        None,
                        None,
                    )
                    .await?;
                }
                Ok::<_, Failure>(())
            }
        })
        .buffer_unordered(SEED_AT_ONCE);
    let mut done = have;
    while let Some(result) = reports.next().await {
        result?;
        done += 1;
        if done.is_multiple_of(50_000) {
            println!(
                "seeded {done} matters, {:.0} s, RSS {} MB",
                begin.elapsed().as_secs_f64(),
                rss_mb("VmRSS:")
            );
        }
    }
    println!(
        "seeded {} matters through report and command in {:.0} s",
        done - have,
        begin.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn measure(stage: &Stage, name: &str, requests: u64, paths: Vec<String>) -> Result<(), Failure> {
    let token = stage.token.clone();
    let make =
        move |client: usize, n: u64| load::get(&paths[(client + n as usize * READERS) % paths.len()], &token);
    let mut run: Run =
        load::run(stage.at, READERS, Duration::from_secs(120), requests / READERS as u64, 200, make).await?;
    println!("{name:<24} {}", run.line());
    Ok(())
}

pub(super) async fn run(args: &QueryArgs) -> Result<(), Failure> {
    let begin = Instant::now();
    let stage = Stage::open(args.database.as_deref(), args.dir.as_deref()).await?;
    println!("start: {:.2} s", begin.elapsed().as_secs_f64());
    seed(&stage, args.matters).await?;
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
        many(&|i| format!("/api/v1/matters?limit=50&q=-{}%E6%AC%A1%E5%8F%8D%E6%98%A0", 1000 + i * 97)),
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
    println!("RSS {} MB, peak {} MB", rss_mb("VmRSS:"), rss_mb("VmHWM:"));
    Ok(())
}
