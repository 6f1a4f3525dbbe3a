//! Fills an empty database with made-up matters and times what a person does with them:
//! `scale <url> <dir> [matters]`. Prints the 50th and 95th percentile in milliseconds.

use lianzhi_app::ports::{CountBy, Filter, Order, Overdue, Sight, Store};
use lianzhi_store::{Options, baseline};
use lianzhi_territory::{
    Point,
    cell::{self, Bbox},
};
use std::time::Instant;

fn cover(west: i32, south: i32, east: i32, north: i32) -> Vec<(i64, i64)> {
    let at = |lng_e6, lat_e6| Point { lng_e6, lat_e6 };
    cell::cover(Bbox::of(at(west, south), at(east, north)), 24)
}

fn everything(now: i64) -> Filter {
    Filter {
        sight: Sight::All,
        kind: None,
        stages: vec![],
        category: None,
        units: vec![],
        assignee: None,
        source: None,
        open: None,
        overdue: None,
        ids: vec![],
        bbox: None,
        placed: None,
        cells: vec![],
        q: None,
        secret: vec![],
        updated_since: None,
        reported_from: None,
        reported_to: None,
        outcome: lianzhi_app::ports::Outcome::default(),
        now,
    }
}

/// Filters by name; `n` varies what each asks for.
fn questions(n: i64, all: &Filter) -> Vec<(&'static str, Filter)> {
    let text = |words: &[&str]| Some(words[n as usize % words.len()].to_owned());
    let unit = format!("ZF{:02}", n % 12);
    let west = 120_900_000 + (n * 37_717 % 380_000) as i32;
    let south = 31_000_000 + (n * 17_317 % 240_000) as i32;
    let (east, north) = (west + 20_000, south + 20_000);
    let cells = cover(west, south, east, north);
    let sight = Sight::Some { units: vec![unit.clone()], person: format!("p{:03}", n % 240) };
    vec![
        ("all", all.clone()),
        ("open", Filter { open: Some(true), ..all.clone() }),
        ("unit", Filter { units: vec![unit.clone()], ..all.clone() }),
        (
            "unit, open, stage",
            Filter {
                units: vec![unit.clone()],
                open: Some(true),
                stages: vec!["accepted".into()],
                ..all.clone()
            },
        ),
        (
            "sight, category",
            Filter { sight: sight.clone(), category: Some(format!("E{:02}", n % 12)), ..all.clone() },
        ),
        ("sight, overdue", Filter { sight, overdue: Some(Overdue::Ever), ..all.clone() }),
        ("late now", Filter { overdue: Some(Overdue::Now), ..all.clone() }),
        ("column of a board", Filter { stages: vec!["accepted".into()], open: Some(true), ..all.clone() }),
        ("assignee", Filter { assignee: Some(format!("p{:03}", n % 240)), ..all.clone() }),
        ("no such assignee", Filter { assignee: Some("nobody".into()), ..all.clone() }),
        ("stage", Filter { stages: vec!["on_site".into()], ..all.clone() }),
        ("updated since", Filter { updated_since: Some(all.now - 3_600_000_000), ..all.clone() }),
        ("search 2", Filter { q: text(&["占道", "道经", "油烟", "渣土", "路面"]), ..all.clone() }),
        (
            "search 4",
            Filter {
                q: text(&["占道经营", "渣土车抛", "小广告群", "盈港路油", "朱家角赵"]), ..all.clone()
            },
        ),
        ("search rare", Filter { q: text(&["龘靐", "营龘", "号小菜", "路900", "巷9号"]), ..all.clone() }),
        ("search number", Filter { q: Some(format!("〕{}号", n * 9_973 % 90_000)), ..all.clone() }),
        (
            "search, unit, open",
            Filter {
                q: text(&["占道经营", "渣土车", "油烟"]),
                units: vec![unit],
                open: Some(true),
                ..all.clone()
            },
        ),
        ("box", Filter { bbox: Some([west, south, east, north]), cells: cells.clone(), ..all.clone() }),
        (
            "box, open",
            Filter { bbox: Some([west, south, east, north]), cells, open: Some(true), ..all.clone() },
        ),
    ]
}

async fn fill(store: &Store, matters: i64) -> Result<(), Box<dyn std::error::Error>> {
    let mut head = store.journal.head().await?;
    let start = Instant::now();
    let first = head.next_docket;
    while head.next_docket <= matters {
        let batch = baseline::batch(&head, 256, 20);
        store.journal.commit(&batch).await?;
        head = batch.head;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "filled to {} in {seconds:.0} s ({:.0}/s)",
        head.next_docket,
        (head.next_docket - first) as f64 / seconds
    );
    Ok(())
}

fn report(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name:28} p50 {:8.2}  p95 {:8.2}  max {:8.2}", at(0.5), at(0.95), at(1.0));
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, dir, rest @ ..] = arguments.as_slice() else {
        return Err("usage: scale <url> <dir> [matters]".into());
    };
    let matters = rest.first().map_or(Ok(100_000), |text| text.parse())?;
    let store = lianzhi_store::open(Options::new(url, dir)).await?;
    fill(&store, matters).await?;
    let all = everything(store.journal.head().await?.last_at);
    let ms = |start: Instant| start.elapsed().as_secs_f64() * 1e3;
    for i in 0..questions(0, &all).len() {
        let mut list = vec![];
        let mut count = vec![];
        let mut name = "";
        for n in 0..40 {
            let (what, filter) = questions(n, &all).swap_remove(i);
            name = what;
            let start = Instant::now();
            let page = store.queries.list(&filter, Order::Newest, None, 50).await?;
            list.push(ms(start));
            if let Some(cursor) = page.next {
                let start = Instant::now();
                store.queries.list(&filter, Order::Newest, Some(&cursor), 50).await?;
                list.push(ms(start));
            }
            let start = Instant::now();
            store.queries.count(&filter, 1_000).await?;
            count.push(ms(start));
        }
        report(name, list);
        report("  count", count);
    }
    for open in [Some(true), None] {
        for (zoom, side) in [("district", 400_000), ("town", 80_000), ("street", 10_000)] {
            let mut times = vec![];
            for n in 0..20 {
                let west = 120_900_000 + if side < 400_000 { n * 37_717 % 300_000 } else { 0 };
                let south = 31_000_000 + if side < 400_000 { n * 17_317 % 180_000 } else { 0 };
                let bbox = [west, south, west + side, south + side];
                let cells = cover(bbox[0], bbox[1], bbox[2], bbox[3]);
                let filter = Filter { bbox: Some(bbox), cells, open, ..all.clone() };
                let start = Instant::now();
                store.queries.map(&filter, if side > 100_000 { 30 } else { 24 }, 500).await?;
                times.push(ms(start));
            }
            report(&format!("map {zoom}, open {open:?}"), times);
        }
    }
    let mut due = vec![];
    for n in 0..20 {
        let filter = Filter { units: vec![format!("ZF{:02}", n % 12)], ..all.clone() };
        let start = Instant::now();
        store.queries.list(&filter, Order::Due, None, 50).await?;
        due.push(ms(start));
    }
    report("unit by term", due);
    let open = Filter { open: Some(true), ..all.clone() };
    for by in [CountBy::Stage, CountBy::Unit] {
        let mut times = vec![];
        for _ in 0..20 {
            let start = Instant::now();
            store.queries.tally(&open, by, 100_000).await?;
            times.push(ms(start));
        }
        report(&format!("board counts by {by:?}"), times);
    }
    for stage in ["accepted", "on_site", "closed"] {
        let mut times = vec![];
        for _ in 0..20 {
            let start = Instant::now();
            let filter = Filter { stages: vec![stage.into()], ..open.clone() };
            store.queries.list(&filter, Order::Due, None, 20).await?;
            times.push(ms(start));
        }
        report(&format!("board column {stage}"), times);
    }
    for by in [CountBy::Stage, CountBy::Day] {
        let filter = Filter { reported_from: Some(all.now - 86_400_000_000), ..all.clone() };
        let start = Instant::now();
        store.queries.counts(&filter, by).await?;
        println!("counts of a day by {by:?}: {:.1} ms", ms(start));
        let start = Instant::now();
        store.queries.counts(&all, by).await?;
        println!("counts of everything by {by:?}: {:.1} ms", ms(start));
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|l| l.starts_with("VmHWM")).for_each(|l| println!("{l}"));
    }
    Ok(())
}
