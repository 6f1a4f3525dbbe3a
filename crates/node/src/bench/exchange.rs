//! The exchange between two members: rate, latency, backlog, a large file, witnesses, growth. Both members and the load
//! share this machine.

use super::load::{self, Run};
use super::members::{CODES, Site, two, until};
use super::query::rss_mb;
use super::{ExchangeArgs, ExchangePart, Failure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use lianzhi_app::federation::envelope_row;
use lianzhi_app::ports::{EnvelopeRow, Store, UploadRow};
use lianzhi_docket::suite::Suite;
use lianzhi_exchange::inbound::Way;
use lianzhi_exchange::refusal::Answer;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use lianzhi_procedure::Kind;
use serde_json::json;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Connections of the baseline.
const CLIENTS: usize = 64;
/// Seconds of a baseline run.
const BASELINE: Duration = Duration::from_secs(3);
/// Envelopes that are looked for at once.
const AWAITED_MAX: i64 = 100_000;
/// How often somebody who waits for receipts looks.
const LOOK: Duration = Duration::from_millis(2);
/// Bytes in a gibibyte.
const GIB: u64 = 1 << 30;
/// Bytes put into custody at once.
const PIECE: usize = 1 << 20;

/// Its folder goes away with it.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) async fn run(args: &ExchangeArgs) -> Result<(), Failure> {
    let base = args.dir.clone().unwrap_or_else(std::env::temp_dir);
    let folder = Folder(base.join(format!("lianzhi-exchange-{}", std::process::id())));
    let dir = |name: &str| folder.0.join(name);
    let measures = |part: ExchangePart| args.only.is_none_or(|only| only == part);
    if measures(ExchangePart::Rates) {
        for (suite, name, promised) in [(Suite::Ed25519, "Ed25519", 1_000.0), (Suite::Sm2, "SM2", 300.0)] {
            rates(args, suite, (name, promised), &dir(name)).await?;
        }
    }
    if measures(ExchangePart::Backlog) {
        backlog(args, &dir("backlog")).await?;
    }
    if measures(ExchangePart::Exhibit) {
        exhibit(args.exhibit_gib, &dir("exhibit")).await?;
    }
    if measures(ExchangePart::Proofs) {
        proofs(args.proofs, &dir("proofs")).await?;
    }
    if measures(ExchangePart::Growth) {
        let mut costs = Vec::new();
        for members in [4, 16, 64] {
            costs.push(growth(members, &dir(&format!("growth-{members}"))).await?);
        }
        if costs.iter().any(|cost| Some(cost) != costs.first()) {
            return Err(format!("a matter costs more the more members there are: {costs:?} envelopes").into());
        }
    }
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Signed, verified, logged, receipted envelopes a second, with plain POSTs of the same bytes beside it; then latency at
/// half of the load that is promised, and at half of what was reached.
async fn rates(
    args: &ExchangeArgs,
    suite: Suite,
    (name, promised): (&str, f64),
    dir: &Path,
) -> Result<(), Failure> {
    let [mut a, mut b] = two(suite, dir, CODES.len()).await?;
    let sample = parcel(&a, &b).await?;
    a.begin().await?;
    b.begin().await?;
    a.all_receipted().await?;
    let (mut rates, mut plains, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=args.runs {
        let ids = a.drafts(args.matters).await?;
        let begun = Instant::now();
        a.sign_all(&ids).await?;
        let signed = begun.elapsed().as_secs_f64();
        a.all_receipted().await?;
        let rate = ids.len() as f64 / begun.elapsed().as_secs_f64();
        let plain = plain(&sample.0, None).await?;
        let row = plain_with_row(&sample, &dir.join(format!("plain-{round}"))).await?;
        println!(
            "{name} run {round}: {rate:.0} envelopes/s from signature to receipt (all said after {signed:.2} s); \
             plain POST of the same bytes {:.0}/s, with a durable row {:.0}/s",
            plain.rate(),
            row.rate()
        );
        rates.push(rate);
        plains.push(plain.rate());
        rows.push(row.rate());
    }
    let (rate, plain, row) = (median(&mut rates), median(&mut plains), median(&mut rows));
    println!(
        "MEDIAN {name} {rate:.0} envelopes/s of {} bytes; plain POST {plain:.0}/s (ratio {:.2}), \
         with a durable row {row:.0}/s (ratio {:.2})",
        sample.0.len(),
        rate / plain,
        rate / row
    );
    let a = Arc::new(a);
    for (load, whole) in [("promised", promised), ("reached", rate)] {
        let mut half = paced(&a, whole / 2.0, args.seconds).await?;
        println!("{name} at half of the load {load}, signature to receipt: {}", half.line());
    }
    Ok(())
}

/// What travels for one lead: the bytes of a parcel, and its row.
async fn parcel(a: &Site, b: &Site) -> Result<(Vec<u8>, EnvelopeRow), Failure> {
    a.sign(a.draft(Kind::Lead, &[CODES[1]], json!({})).await?).await?;
    let due = a.app.outbox_due(&b.node, |_| false).await?.pop().ok_or("nothing to send")?;
    let row = envelope_row(&due.parcel.open()?, &due.parcel.signature, 0, false);
    Ok((due.parcel.to_json()?.into_bytes(), row))
}

/// Rows of a plain endpoint.
type Rows = Option<Arc<(Store, EnvelopeRow, AtomicU64)>>;

/// Plain HTTP: the body is read, and, when there are rows, one is inserted durably.
async fn plain(body: &[u8], rows: Rows) -> Result<Run, Failure> {
    let taken = async |State(rows): State<Rows>, body: Bytes| {
        if let Some((store, row, n)) = rows.as_deref() {
            let id = format!("{}/{}", row.id, n.fetch_add(1, Ordering::Relaxed));
            let row = EnvelopeRow { id, bytes: body.to_vec(), ..row.clone() };
            if store.exchange.keep_aside(&row, &[], &[]).await.is_err() {
                return StatusCode::INTERNAL_SERVER_ERROR;
            }
        }
        StatusCode::OK
    };
    let router = Router::new().route("/plain", axum::routing::post(taken)).with_state(rows);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let at = listener.local_addr()?;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let request = load::post("/plain", "", std::str::from_utf8(body)?);
    let run = load::run(at, CLIENTS, BASELINE, u64::MAX, 200, move |_, _| request.clone()).await;
    server.abort();
    Ok(run?)
}

async fn plain_with_row((body, row): &(Vec<u8>, EnvelopeRow), dir: &Path) -> Result<Run, Failure> {
    std::fs::create_dir_all(dir)?;
    let url = format!("sqlite:{}", dir.join("plain.db").display());
    let store = lianzhi_store::open(lianzhi_store::Options::new(&url, dir.join("blobs"))).await?;
    plain(body, Some(Arc::new((store, row.clone(), AtomicU64::new(0))))).await
}

/// Says so many things a second and measures each from its signature to its receipt. One pair of eyes looks at once for all
/// receipts that are awaited: nobody is timed by who stands before him, and a thousand pairs would measure themselves.
async fn paced(a: &Arc<Site>, rate: f64, seconds: u64) -> Result<Run, Failure> {
    let ids = a.drafts((rate * seconds as f64) as usize).await?;
    let total = ids.len();
    let (said, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let signer = a.clone();
    let begun = Instant::now();
    let speaker = tokio::spawn(async move {
        let mut timer = tokio::time::interval(Duration::from_secs_f64(1.0 / rate.max(1.0)));
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        let mut signing = tokio::task::JoinSet::new();
        for id in ids {
            timer.tick().await;
            let (signer, said) = (signer.clone(), said.clone());
            signing.spawn(async move {
                let begun = Instant::now();
                signer.sign(id).await?;
                said.send((id, begun)).map_err(|_| Failure::from("nobody listens"))
            });
        }
        while let Some(done) = signing.join_next().await {
            done??;
        }
        Ok::<_, Failure>(())
    });
    let mut run = Run::default();
    let peer = NodeCode::parse(CODES[1])?;
    let mut awaited: Vec<(DocketId, Instant)> = Vec::new();
    loop {
        while let Ok(said) = heard.try_recv() {
            awaited.push(said);
        }
        if awaited.is_empty() {
            match heard.recv().await {
                Some(said) => awaited.push(said),
                None => break,
            }
        }
        let rows = a.app.store().exchange.outbox_due(&peer, i64::MAX, AWAITED_MAX).await?;
        let open: HashSet<DocketId> = rows.iter().map(|row| row.docket).collect();
        let now = Instant::now();
        awaited.retain(|(id, begun)| {
            let waits = open.contains(id);
            if !waits {
                run.times.push(now.duration_since(*begun));
                run.good += 1;
            }
            waits
        });
        tokio::time::sleep(LOOK).await;
    }
    speaker.await??;
    if run.times.len() != total {
        return Err("not everything was said".into());
    }
    run.took = begun.elapsed();
    Ok(run)
}

/// The receiver is down while much is said; then it comes back.
async fn backlog(args: &ExchangeArgs, dir: &Path) -> Result<(), Failure> {
    let [mut a, mut b] = two(Suite::Ed25519, dir, CODES.len()).await?;
    a.begin().await?;
    let ids = a.drafts(args.backlog).await?;
    a.sign_all(&ids).await?;
    let waiting = a.waiting().await?;
    let begun = Instant::now();
    b.begin().await?;
    a.all_receipted().await?;
    println!(
        "backlog of {waiting} envelopes: all receipts {:.1} s after the receiver came back",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Bytes that no compression makes shorter.
fn noise(state: &mut u64) -> Bytes {
    let mut out = Vec::with_capacity(PIECE);
    while out.len() < PIECE {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        out.extend_from_slice(&state.to_le_bytes());
    }
    out.into()
}

/// From here on the peak of memory is counted anew (proc(5), clear_refs).
fn forget_peak() {
    if let Err(error) = std::fs::write("/proc/self/clear_refs", "5") {
        println!("the peak of memory is that of the whole run: {error}");
    }
}

async fn deposit(site: &Site, gib: f64) -> Result<Digest, Failure> {
    let pieces = ((gib * GIB as f64) as usize / PIECE).max(1);
    let blobs = &site.app.store().blobs;
    let row = UploadRow {
        id: "bench".into(),
        size: i64::try_from(pieces * PIECE)?,
        offset: 0,
        name: "现场录像.bin".into(),
        uploader: "person:handler".into(),
        at: 1,
        digest: None,
    };
    blobs.start(&row).await?;
    let (mut state, mut offset) = (0x9e37_79b9_7f4a_7c15, 0);
    for _ in 0..pieces {
        offset = blobs.append(&row.id, offset, noise(&mut state)).await?;
    }
    Ok(blobs.finish(&row.id, "application/octet-stream", 1).await?.digest)
}

/// A large file: how long, and how much memory both ends together took at the most.
async fn exhibit(gib: f64, dir: &Path) -> Result<(), Failure> {
    let [mut a, mut b] = two(Suite::Ed25519, dir, CODES.len()).await?;
    let digest = deposit(&a, gib).await?;
    a.begin().await?;
    let id = a.draft(Kind::Evidence, &[CODES[1]], json!({ "exhibits": [digest] })).await?;
    forget_peak();
    let before = rss_mb("VmHWM:");
    let begun = Instant::now();
    b.begin().await?;
    a.sign(id).await?;
    until("the file", async || Ok(!b.app.store().blobs.exhibits(&[digest]).await?.is_empty())).await?;
    let took = begun.elapsed().as_secs_f64();
    println!(
        "exhibit of {gib} GiB: here, verified, after {took:.1} s ({:.0} MiB/s); peak of memory of both ends in one \
         process {before} MiB before, {} MiB after",
        gib * 1024.0 / took,
        rss_mb("VmHWM:")
    );
    Ok(())
}

/// From an entry to a checkpoint that covers it and that a member of another province cosigned.
async fn proofs(n: usize, dir: &Path) -> Result<(), Failure> {
    let [mut a, mut b] = two(Suite::Ed25519, dir, CODES.len()).await?;
    a.begin().await?;
    b.begin().await?;
    let ids = a.drafts(n).await?;
    let mut run = Run::default();
    let whole = Instant::now();
    for (k, id) in ids.into_iter().enumerate() {
        // At any moment between two askings.
        tokio::time::sleep(Duration::from_millis((k as u64 * 137) % 2_000)).await;
        let begun = Instant::now();
        a.sign(id).await?;
        let store = a.app.store();
        let size = store.journal.head().await?.size;
        until("a cosigned checkpoint", async || Ok(store.exchange.cosigned_from(size).await?.is_some()))
            .await?;
        run.times.push(begun.elapsed());
        run.good += 1;
    }
    run.took = whole.elapsed();
    println!(
        "from an entry to a cosigned checkpoint: p50 {:.2} s, p99 {:.2} s, n={}",
        run.percentile_ms(50.0) / 1000.0,
        run.percentile_ms(99.0) / 1000.0,
        run.good
    );
    Ok(())
}

/// Carries by hand what waits, until nothing does; how many envelopes that were.
async fn carry(a: &Site, b: &Site) -> Result<usize, Failure> {
    let mut carried = 0;
    loop {
        let before = carried;
        for (from, to) in [(a, b), (b, a)] {
            for out in from.app.outbox_due(&to.node, |_| false).await? {
                let mut answers = to.app.receive(vec![out.parcel.clone()], &from.node, Way::Posted).await;
                let Some(Answer::Receipt(receipt)) = answers.pop() else {
                    return Err("an envelope was refused".into());
                };
                if !from.app.acknowledge(&to.node, vec![(&out, receipt)]).await?.is_empty() {
                    return Err("a receipt does not hold".into());
                }
                carried += 1;
            }
        }
        if carried == before {
            return Ok(carried);
        }
    }
}

async fn there(a: &Site, b: &Site, id: DocketId) -> Result<DocketId, Failure> {
    let shared = a.app.store().exchange.shared_of(id).await?.ok_or("nothing was said")?;
    let heads = b.app.store().exchange.stream_heads(&[shared]).await?;
    heads.first().map(|row| row.docket).ok_or_else(|| "it did not arrive".into())
}

/// A letter from its signature to the accepted reply, in a compact of so many members: how many envelopes were put into
/// outboxes, whoever they were for. Fails when some wait for members that are no parties.
async fn growth(members: usize, dir: &Path) -> Result<usize, Failure> {
    let [a, b] = two(Suite::Ed25519, dir, members).await?;
    let id = a.draft(Kind::Assistance, &[CODES[1]], json!({ "asks": ["investigate"] })).await?;
    a.sign(id).await?;
    let mut carried = carry(&a, &b).await?;
    let of_b = there(&a, &b, id).await?;
    for (login, command) in [
        ("liaison", json!({ "command": "register" })),
        ("liaison", json!({ "command": "assign", "person": "handler" })),
        ("handler", json!({ "command": "accept" })),
        ("handler", json!({ "command": "reply", "text": "已核实。" })),
        ("reviewer", json!({ "command": "review", "agreed": true })),
        ("leader", json!({ "command": "sign", "agreed": true })),
    ] {
        b.command(login, of_b, command).await?;
        carried += carry(&a, &b).await?;
    }
    a.command("handler", id, json!({ "command": "accept_reply" })).await?;
    carried += carry(&a, &b).await?;
    let mut put = 0;
    for (site, id) in [(&a, id), (&b, of_b)] {
        let x = &site.app.store().exchange;
        put += x.outbox_of(id, 1_000).await?.len();
        if let Some(other) = x.backlogs(i64::MAX).await?.first() {
            return Err(
                format!("{} has {} envelopes waiting and is no party", other.peer, other.waiting).into()
            );
        }
    }
    if put != carried {
        return Err(
            format!("{put} envelopes were put into outboxes, {carried} went between the parties").into()
        );
    }
    let asked = members.saturating_sub(1).min(lianzhi_link::WITNESSES_MAX);
    println!(
        "{members} members: one letter between two of them, to its accepted reply: {carried} envelopes, as many \
         receipts, for nobody else; each member asks {asked} witnesses and, each {} s, each other whether it lives",
        lianzhi_link::HEARTBEAT.as_secs()
    );
    Ok(put)
}
