//! Live events: how long after a commit every open page hears of it, with hundreds of connections on one node.

use super::stage::{Place, Stage};
use super::{Failure, LiveArgs, load};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// Longest wait for an event before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// One open page: tells the docket of every event and when it came.
async fn listen(
    at: SocketAddr,
    token: String,
    heard: mpsc::UnboundedSender<(i64, Instant)>,
) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(at).await?;
    stream.write_all(&load::get("/api/v1/stream", &token)).await?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(line) = lines.next_line().await? {
        let Some(data) = line.strip_prefix("data: ") else { continue };
        let event: serde_json::Value = serde_json::from_str(data).unwrap_or_default();
        if let Some(id) = event["id"].as_i64()
            && heard.send((id, Instant::now())).is_err()
        {
            break;
        }
    }
    Ok(())
}

pub(super) async fn run(args: &LiveArgs) -> Result<(), Failure> {
    let stage = Stage::open(Place::new(args.database.as_deref(), None)?).await?;
    let before = super::query::rss_mb("VmRSS:");
    let (heard, mut events) = mpsc::unbounded_channel();
    for _ in 0..args.streams {
        let (token, heard) = (stage.token.clone(), heard.clone());
        tokio::spawn(listen(stage.at, token, heard));
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let with = super::query::rss_mb("VmRSS:");
    let spots = stage.spots();
    let (mut first, mut every, mut lost) = (Vec::new(), Vec::new(), 0usize);
    let mut client = TcpStream::connect(stage.at).await?;
    client.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    for n in 0..args.reports {
        let body = Stage::body(&spots, 0, n);
        client.write_all(&load::post("/api/v1/reports", &stage.token, &body)).await?;
        let (_, answer) = load::answer(&mut client, &mut buffer).await?;
        let committed = Instant::now();
        let answer: serde_json::Value = serde_json::from_str(&answer)?;
        let id = answer["id"].as_i64().ok_or("a report was refused")?;
        let mut times = Vec::new();
        while times.len() < args.streams {
            match tokio::time::timeout(PATIENCE, events.recv()).await {
                Ok(Some((of, at))) if of == id => times.push(at.saturating_duration_since(committed)),
                Ok(Some(_)) => {}
                _ => break,
            }
        }
        lost += args.streams - times.len();
        first.extend(times.iter().min().copied());
        every.extend(times.iter().max().copied());
    }
    let ms = |times: &mut Vec<Duration>, percent: usize| {
        times.sort_unstable();
        let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(at).map_or(0.0, |t| t.as_secs_f64() * 1000.0)
    };
    println!("{} open event connections, {} reports one after the other", args.streams, args.reports);
    println!(
        "after the commit the first page hears of it in {:.1} ms (median), all of them in {:.1} ms (median), {:.1} ms (worst)",
        ms(&mut first, 50),
        ms(&mut every, 50),
        ms(&mut every, 100)
    );
    println!("events lost: {lost}; RSS {before} MB before, {with} MB with the connections (both sides)");
    Ok(())
}
