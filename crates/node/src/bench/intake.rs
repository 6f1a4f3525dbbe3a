//! Intake: how many whole reports a second, and what share of the raw insert of the same rows that is.

use super::load::{self, Run};
use super::stage::{Place, Stage};
use super::{Failure, IntakeArgs};
use std::time::Duration;

/// Reports in one transaction of the raw baseline: what the sequencer may put into one.
const GROUP: usize = 256;
/// Reports of one baseline run.
const BASELINE_INTAKES: usize = 40_000;

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

async fn post_reports(stage: &Stage, clients: usize, seconds: u64, round: usize) -> Result<Run, Failure> {
    let (spots, token) = (stage.spots(), stage.token.clone());
    let request = move |client: usize, n: u64| {
        load::post("/api/v1/reports", &token, &Stage::body(&spots, client + 1000 * round, n))
    };
    Ok(load::run(stage.at, clients, Duration::from_secs(seconds), u64::MAX, 201, request).await?)
}

pub(super) async fn run(args: &IntakeArgs) -> Result<(), Failure> {
    let held_out: Vec<_> = lianzhi_triage::evaluate::builtin()
        .into_iter()
        .filter(|l| l.split == lianzhi_triage::evaluate::Split::Test)
        .collect();
    let scores = lianzhi_triage::evaluate(&held_out, &lianzhi_triage::Suggester::builtin());
    println!("triage on the held-out part of the labelled set: {scores:?}");
    let stage = Stage::open(Place::new(args.database.as_deref(), None)?).await?;
    println!("engine: {}", stage.app.store().upkeep.describe().await?);
    let mut rates = Vec::new();
    let mut tails = Vec::new();
    // A short run first, so that caches and prepared statements are those of a node at work.
    post_reports(&stage, args.clients, 2, 0).await?;
    for round in 1..=args.runs {
        let mut run = post_reports(&stage, args.clients, args.seconds, round).await?;
        println!("intake run {round}: {}", run.line());
        rates.push(run.rate());
        tails.push(run.percentile_ms(99.0));
    }
    let size = stage.app.store().journal.head().await?.size;
    let begin = std::time::Instant::now();
    while stage.app.log().state().await.size < u64::try_from(size)? {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!(
        "log integrated {:.2} s after the last acknowledged entry ({size} entries)",
        begin.elapsed().as_secs_f64()
    );
    let folder = stage.dir.join("baseline");
    std::fs::create_dir_all(&folder)?;
    let url = match args.database {
        Some(ref url) => url.clone(),
        None => format!("sqlite:{}", folder.join("raw.db").display()),
    };
    let mut raws = Vec::new();
    if args.database.is_none() {
        for round in 0..args.runs {
            let folder = folder.join(round.to_string());
            std::fs::create_dir_all(&folder)?;
            let url = url.replace("raw.db", &format!("raw-{round}.db"));
            let from = format!("sqlite:{}", stage.dir.join("bench.db").display());
            let baseline =
                lianzhi_store::baseline::replay(&from, &url, &folder, BASELINE_INTAKES, GROUP).await?;
            println!("raw grouped insert of the same rows, run {}: {baseline:?}", round + 1);
            raws.push(baseline.intakes_per_s);
        }
    }
    let (rate, p99) = (median(&mut rates), median(&mut tails));
    println!("MEDIAN intake {rate:.0}/s, p99 {p99:.1} ms with {} clients", args.clients);
    if !raws.is_empty() {
        let raw = median(&mut raws);
        println!("MEDIAN raw {raw:.0} intakes/s; ratio {:.2}", rate / raw);
    }
    Ok(())
}

pub(super) async fn mixed(args: &IntakeArgs) -> Result<(), Failure> {
    let stage = Stage::open(Place::new(args.database.as_deref(), None)?).await?;
    post_reports(&stage, args.clients, 2, 0).await?;
    for round in 1..=args.runs {
        let token = stage.token.clone();
        let paths = [
            "/api/v1/matters?limit=50&open=true",
            "/api/v1/matters?limit=50&q=%E6%B2%B9%E7%83%9F",
            "/api/v1/matters/500",
            "/api/v1/matters?limit=50&order=due",
        ];
        let readers = load::run(
            stage.at,
            args.clients / 4,
            Duration::from_secs(args.seconds),
            u64::MAX,
            200,
            move |_, n| load::get(paths[n as usize % paths.len()], &token),
        );
        let (mut writes, mut reads) = futures::future::try_join(
            async { post_reports(&stage, args.clients, args.seconds, round).await },
            async { readers.await.map_err(Failure::from) },
        )
        .await?;
        println!("run {round}: intake {}", writes.line());
        println!("run {round}: reads  {}", reads.line());
    }
    Ok(())
}
