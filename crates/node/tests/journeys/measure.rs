//! What the browser itself measures: bytes, layout shift, and how long an interaction takes on a slow machine.
//!
//! Bytes and shifts are checked with every run; times are only printed (`make measure`).

use crate::kit::{Browser, Node};
use fantoccini::Locator;
use serde_json::{Value, json};
use std::time::Duration;

/// Watches from before the page begins: layout shifts nobody asked for, and interactions by Event Timing.
const WATCH: &str = "window.shift = 0; window.took = []; \
    new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) shift += e.value; }) \
        .observe({ type: 'layout-shift', buffered: true }); \
    new PerformanceObserver(l => { for (const e of l.getEntries()) if (e.interactionId) took.push([e.duration, \
        `${e.name} on ${e.target?.tagName || 'nothing'}.${e.target?.className || ''}, ${Math.round(e.processingStart - e.startTime)} waiting, \
        ${Math.round(e.processingEnd - e.processingStart)} handling`]); }) \
        .observe({ type: 'event', durationThreshold: 16, buffered: true });";

/// Most bytes of the desk over the wire, nothing kept from before.
const DESK_BYTES_MAX: f64 = 300_000.0;
/// Most layout shift of a page.
const SHIFT_MAX: f64 = 0.05;

async fn says(browser: &Browser, script: &str) -> Value {
    browser.client.execute(script, vec![]).await.unwrap_or_else(|e| panic!("{script}: {e}"))
}

async fn shift(browser: &Browser, path: &str) {
    browser.go(path).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let shift = says(browser, "return window.shift").await.as_f64().expect("a number");
    println!("{path}: layout shift {shift:.3}");
    assert!(shift < SHIFT_MAX, "{path} shifts by {shift}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_light_and_nothing_jumps() {
    let node = Node::start().await;
    for width in [1440, 390] {
        let browser = Browser::open(&node, width, true).await;
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
        shift(&browser, "/report").await;
        browser.sign_in(&node.person("dispatcher")).await;
        browser.devtools("Network.enable", json!({})).await;
        browser.devtools("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await;
        shift(&browser, "/desk").await;
        let bytes = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] \
            .reduce((sum, e) => sum + e.transferSize, 0)";
        let bytes = says(&browser, bytes).await.as_f64().expect("a number");
        println!("desk at {width} px: {bytes} bytes over the wire");
        assert!(bytes < DESK_BYTES_MAX, "the desk takes {bytes} bytes");
        shift(&browser, "/matters?open=true").await;
        let link =
            browser.client.find(Locator::Css("main tbody a[href^='/matters/']")).await.expect("a matter");
        let matter = link.attr("href").await.expect("an attribute").expect("a link");
        shift(&browser, &matter).await;
        shift(&browser, "/stats").await;
        browser.close().await;
    }
}

/// Interactions of a page at a quarter of the speed: keys, then presses where they are found.
async fn interactions(browser: &Browser, path: &str, acts: &[&str]) {
    browser.go(path).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    for _ in 0..5 {
        for key in ["j", "k"] {
            browser.client.active_element().await.expect("a focus").send_keys(key).await.expect("a key");
        }
    }
    for css in acts {
        if browser.client.find(Locator::Css(css)).await.is_ok() {
            browser.click(css).await;
            tokio::time::sleep(Duration::from_millis(1500)).await;
        }
    }
    tokio::time::sleep(Duration::from_millis(800)).await;
    let took = says(browser, "return window.took || []").await;
    let mut took: Vec<(f64, &str)> = took
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one[0].as_f64()?, one[1].as_str()?)))
        .collect();
    took.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (worst, what) = took.last().copied().unwrap_or((0.0, "nothing"));
    let median = took.get(took.len() / 2).map_or(0.0, |t| t.0);
    let n = took.len();
    println!(
        "{path}, 4x slower: {n} interactions above 16 ms, median {median} ms, worst {worst} ms ({what}; goal < 200)"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints times; run by make measure"]
async fn interactions_on_a_slow_machine() {
    let node = Node::measured().await;
    let browser = Browser::open(&node, 1440, true).await;
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
    browser.sign_in(&node.person("dispatcher")).await;
    browser.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
    interactions(&browser, "/desk", &["details.handover summary", "details.handover summary"]).await;
    interactions(&browser, "/matters?open=true", &["details > summary.filter", "details > summary.filter"])
        .await;
    let matter =
        browser.client.find(Locator::Css("main tbody a[href^='/matters/']")).await.expect("a matter");
    let matter = matter.attr("href").await.expect("an attribute").expect("a link");
    interactions(
        &browser,
        &matter,
        &["details.offer:not([open]) > summary", "details.offer[open] > summary"],
    )
    .await;
    let cards = [
        "[data-columns] .card a",
        "[data-columns] .card:nth-of-type(2) a",
        "[data-drawer-panel] [data-close]",
    ];
    interactions(&browser, "/board", &cards).await;
    let cards = says(&browser, "return document.querySelectorAll('[data-columns] .card').length").await;
    println!("the board shows {cards} cards; {}", browser.text(".board-sums").await);
    browser.close().await;
    let phone = Browser::open(&node, 390, true).await;
    phone.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
    phone.sign_in(&node.person("officer")).await;
    phone.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
    interactions(&phone, "/todo", &[".todo-card details > summary"]).await;
    phone.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await;
    phone.client.delete_all_cookies().await.expect("no cookies");
    phone.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
    interactions(&phone, "/report", &["[data-kinds] .tile:first-child input"]).await;
    phone.close().await;
}

/// Other pages that listen at the same time.
const LISTENERS: usize = 500;
/// Reports, one after the other.
const REPORTS: usize = 20;

/// An open page of somebody else, which only listens.
async fn listen(client: reqwest::Client, url: String, token: String) {
    let Ok(mut answer) = client.get(url).bearer_auth(token).send().await else { return };
    while let Ok(Some(_)) = answer.chunk().await {}
}

/// The clock of this machine, which is the browser's too.
#[expect(clippy::disallowed_methods, reason = "compared with what the browser's clock said")]
fn milliseconds() -> f64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    now.as_secs_f64() * 1000.0
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints times; run by make measure"]
async fn an_open_board_hears_of_a_report() {
    const SEEN: &str = "window.seen = {}; new MutationObserver(() => { \
        for (const a of document.querySelectorAll('main a[href^=\"/matters/\"]')) seen[a.getAttribute('href')] ||= Date.now(); }) \
        .observe(document.body, { childList: true, subtree: true });";
    let node = Node::measured().await;
    let token = node.token("dispatcher");
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
    for _ in 0..LISTENERS {
        tokio::spawn(listen(client.clone(), format!("{}/api/v1/stream", node.url), token.clone()));
    }
    let board = Browser::open(&node, 1440, true).await;
    board.sign_in(&node.person("dispatcher")).await;
    board.go("/board").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    says(&board, SEEN).await;
    let mut took = Vec::new();
    for n in 0..REPORTS {
        let place = json!({ "lng": 121.10 + n as f64 * 0.0007, "lat": 31.15, "address": "城中东路" });
        let body = json!({ "description": format!("量度用第{n}件：垃圾桶满出来没人收"), "place": place, "source": "system" });
        let answer =
            client.post(format!("{}/api/v1/reports", node.url)).bearer_auth(&token).json(&body).send().await;
        let answer: Value = answer.expect("an answer").json().await.expect("json");
        let committed = milliseconds();
        let link = format!("/matters/{}", answer["id"].as_i64().unwrap_or_else(|| panic!("{answer}")));
        let mut waited = 0;
        let seen = loop {
            if let Some(at) = says(&board, &format!("return seen['{link}'] || null")).await.as_f64() {
                break at;
            }
            assert!(waited < 200, "{link} never came to the board");
            tokio::time::sleep(Duration::from_millis(50)).await;
            waited += 1;
        };
        took.push((seen - committed).max(0.0));
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    took.sort_by(f64::total_cmp);
    println!(
        "{LISTENERS} open event connections: a report stands on an open board {} ms after the answer (median), {} ms (worst of {REPORTS}; goal < 1000)",
        took[took.len() / 2],
        took[took.len() - 1]
    );
    board.close().await;
}

/// Renewals of a wall in a week, one every quarter of a minute.
const WEEK: usize = 7 * 24 * 3600 / 15;

/// What a wall holds on to: bytes of its heap and nodes of its page, after everything that can go is gone.
async fn held(wall: &Browser) -> (f64, f64) {
    wall.devtools("HeapProfiler.collectGarbage", json!({})).await;
    let heap = wall.devtools("Runtime.getHeapUsage", json!({})).await;
    let nodes = wall.devtools("Memory.getDOMCounters", json!({})).await;
    (heap["usedSize"].as_f64().expect("bytes"), nodes["nodes"].as_f64().expect("nodes"))
}

/// Lets the wall renew itself so many times, without its rests.
async fn renew(wall: &Browser, times: usize) {
    const SCRIPT: &str = "const done = arguments[arguments.length - 1]; (async () => { \
        for (let i = 0; i < arguments[0]; i++) { busy = false; await renew(); } })().then(() => done(true), e => done(String(e)))";
    let script = SCRIPT.replace("arguments[0]", &times.to_string());
    let done = wall.client.execute_async(&script, vec![]).await.unwrap_or_else(|e| panic!("renewals: {e}"));
    assert_eq!(done, json!(true));
}

async fn wall(node: &Node) -> Browser {
    let wall = Browser::open(node, 1920, true).await;
    wall.sign_in(&node.person("dispatcher")).await;
    wall.go("/account").await;
    wall.click("#wall button").await;
    wall.find("#received").await;
    wall
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_that_renews_itself_gathers_nothing() {
    let node = Node::start().await;
    let wall = wall(&node).await;
    wall.axe("the wall at 1920 px").await;
    renew(&wall, 20).await;
    let (_, before) = held(&wall).await;
    renew(&wall, 100).await;
    let (_, after) = held(&wall).await;
    // The page may have a row more or less; a leak would be one page for each renewal.
    assert!(after < before * 1.5, "{before} nodes before, {after} after a hundred renewals");
    let larger = json!({ "width": 3840, "height": 2160, "deviceScaleFactor": 1, "mobile": false });
    wall.devtools("Emulation.setDeviceMetricsOverride", larger).await;
    wall.go("/wall").await;
    wall.axe("the wall at 3840 px").await;
    wall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; run by make measure"]
async fn a_wall_over_a_week() {
    let node = Node::start().await;
    let wall = wall(&node).await;
    renew(&wall, 100).await;
    let (heap, nodes) = held(&wall).await;
    println!("wall after 100 renewals: {:.2} MB heap, {nodes} nodes", heap / 1e6);
    for day in 1..=7 {
        for _ in 0..WEEK / 7 / 120 {
            renew(&wall, 120).await;
        }
        let (heap, nodes) = held(&wall).await;
        println!("wall after {day} days of renewals: {:.2} MB heap, {nodes} nodes", heap / 1e6);
    }
    wall.close().await;
}
