//! Statistics: every number equals the list it leads to, whoever asks; every table is a file; the month is a page.

use crate::node::{Browser, Node};
use jiff::SignedDuration;
use lianzhi_app::{Caller, ListQuery};
use lianzhi_ids::PersonCode;
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::json;
use std::collections::BTreeMap;

fn caller(node: &Node, login: &str) -> Caller {
    let person = node.app.directory().people[&PersonCode::parse(login).unwrap()].clone();
    Caller::person(person, "127.0.0.1")
}

async fn get(node: &Node, browser: &Browser, path: &str) -> String {
    let answer = browser.client.get(format!("{}{path}", node.url)).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    text
}

/// A matter from the report to its end.
async fn handled(node: &Node, again: bool, late: bool, stars: Option<u8>) {
    let (officer, verify) = (node.token("officer-a").await, node.token("verify").await);
    let receipt = node.report().await;
    let id = receipt["id"].as_i64().unwrap();
    node.command(&officer, id, json!({ "command": "accept" })).await;
    if late {
        node.hands.forward(SignedDuration::from_hours(60));
        node.app.tick().await.unwrap();
    }
    for round in 0..=usize::from(again) {
        node.command(&officer, id, json!({ "command": "arrive", "lng": 121.02, "lat": 31.02 })).await;
        let photo = crate::files::upload(node, Some(&officer), &crate::files::png(64, 48)).await;
        let fields = json!({ "outcome": "dissuaded", "note": "当场劝离", "after": [photo] });
        node.command(&officer, id, json!({ "command": "handle", "fields": fields })).await;
        let passed = round == usize::from(again);
        let verify_it = json!({ "command": "verify", "passed": passed, "note": "看过照片" });
        node.command(&verify, id, verify_it).await;
    }
    let answer = json!({ "command": "answer", "text": "已办好，谢谢。", "channel": "message" });
    node.command(&officer, id, answer).await;
    node.command(&verify, id, json!({ "command": "close" })).await;
    if let Some(stars) = stars {
        let number = crate::main_job::percent(receipt["number"].as_str().unwrap());
        let rated = node
            .post(&format!("/api/v1/follow/{number}/commands"), &json!({ "command": "rate", "stars": stars }))
            .header("x-follow-code", receipt["follow_code"].as_str().unwrap())
            .send()
            .await
            .unwrap();
        assert_eq!(rated.status(), StatusCode::OK, "{}", rated.text().await.unwrap());
    }
}

/// A few matters with all that is counted: open, late, closed in time and late, done again, rated, dismissed; one of
/// them in the month before.
async fn a_month(node: &Node) {
    node.on_duty("officer-a", "squad-a").await;
    handled(node, false, false, None).await;
    node.hands.forward(SignedDuration::from_hours(24 * 12));
    handled(node, false, false, Some(5)).await;
    handled(node, true, false, Some(2)).await;
    handled(node, false, true, None).await;
    node.report().await;
    let id = node.report().await["id"].as_i64().unwrap();
    let dispatch = node.token("dispatch").await;
    node.command(&dispatch, id, json!({ "command": "dismiss", "note": "不属城管职责" })).await;
}

/// Follows every number of a page to its list and compares.
async fn every_number_is_its_list(node: &Node, login: &str, page: &str) -> usize {
    let dom = Html::parse_document(page);
    let link = Selector::parse("main a[href^='/matters?']").unwrap();
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for a in dom.select(&link) {
        let text: String = a.text().collect();
        // Shares and means say by an attribute how many they lead to, or stand beside a cell that counts it.
        let n = match a.value().attr("data-n") {
            Some(n) => n.parse().ok(),
            None => text.replace(',', "").parse::<i64>().ok().filter(|_| !text.contains('.')),
        };
        let Some(n) = n else { continue };
        let href = a.value().attr("href").unwrap().to_owned();
        if let Some(known) = wanted.insert(href.clone(), n) {
            assert_eq!(known, n, "two numbers for {href}");
        }
    }
    let who = caller(node, login);
    for (href, n) in &wanted {
        let uri: http::Uri = href.parse().unwrap();
        let query = axum::extract::Query::<ListQuery>::try_from_uri(&uri).unwrap().0;
        let found = node.app.count(&who, &query).await.unwrap_or_else(|e| panic!("{href}: {e:?}"));
        assert_eq!(found, Some(*n), "{href}");
    }
    wanted.len()
}

#[tokio::test]
async fn every_number_leads_to_exactly_its_matters() {
    let node = Node::start().await;
    a_month(&node).await;
    let dispatch = node.browser("dispatch").await;
    let mut seen = 0;
    for path in [
        "/stats",
        "/stats?period=today",
        "/stats?period=week",
        "/stats?period=year",
        "/stats?from=2026-11-01&to=2026-12-31",
        "/stats?period=year&unit=squad-a&category=E09&source=citizen",
        "/stats?period=year&unit=none",
        "/stats?period=year&category=none",
        "/stats/report/2026-12",
        "/stats/report/2026-11?unit=squad-a",
    ] {
        let page = get(&node, &dispatch, path).await;
        seen += every_number_is_its_list(&node, "dispatch", &page).await;
    }
    assert!(seen > 300, "{seen} numbers were followed");
    // A leader of a squad sees his own, and the same holds for him.
    let leader = node.browser("leader-a").await;
    let page = get(&node, &leader, "/stats?period=year").await;
    assert!(page.contains("甲镇中队") && !page.contains("还没有单位"));
    assert!(every_number_is_its_list(&node, "leader-a", &page).await > 20);
    let answer = leader.client.get(format!("{}/stats?unit=squad-b", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_numbers_are_those_of_the_rules() {
    let node = Node::start().await;
    a_month(&node).await;
    let dispatch = node.browser("dispatch").await;
    let dom = Html::parse_document(&get(&node, &dispatch, "/stats?from=2026-11-01&to=2026-12-31").await);
    let stat = Selector::parse(".stat").unwrap();
    let (label, big) = (Selector::parse(".label").unwrap(), Selector::parse(".big").unwrap());
    let text = |e: scraper::ElementRef<'_>| e.text().collect::<String>().trim().to_owned();
    let numbers: BTreeMap<String, String> = dom
        .select(&stat)
        .map(|s| (text(s.select(&label).next().unwrap()), text(s.select(&big).next().unwrap())))
        .collect();
    assert_eq!(numbers["上报"], "6");
    assert_eq!(numbers["办结"], "4");
    assert_eq!(numbers["按期率"], "75.0%", "one of four was late");
    assert_eq!(numbers["返工"], "1");
    assert_eq!(numbers["现在在办"], "1");
    assert_eq!(numbers["其他了结"], "1");
    assert_eq!(numbers["评价均分"], "3.5");
    assert_eq!(numbers["满意率"], "50.0%");
}

/// The numbers at the head: label, number, and what stands below.
fn heads(page: &str) -> Vec<[String; 3]> {
    let dom = Html::parse_document(page);
    let text = |stat: scraper::ElementRef<'_>, css: &str| {
        let part = stat.select(&Selector::parse(css).unwrap()).next().unwrap();
        part.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let stats = Selector::parse(".stat").unwrap();
    dom.select(&stats).map(|s| [".label", ".big", ".then"].map(|css| text(s, css))).collect()
}

#[tokio::test]
async fn what_stands_open_now_is_the_boards_number_whatever_the_period() {
    let node = Node::start().await;
    node.report().await;
    node.hands.forward(SignedDuration::from_hours(24 * 12));
    node.report().await;
    let dispatch = node.browser("dispatch").await;
    let board = crate::lists::get(&node, &dispatch, "/board").await;
    let number = |css: &str| crate::lists::texts(&board, css).remove(0);
    assert_eq!((number("[data-open]"), number("[data-late]")), ("2".into(), "1".into()));
    for path in [
        "/stats?period=today",
        "/stats?period=week",
        "/stats?period=year",
        "/stats?from=2020-01-01&to=2020-01-31",
    ] {
        let heads = heads(&get(&node, &dispatch, path).await);
        let said = |label: &str| heads.iter().find(|h| h[0] == label).map(|h| (h[1].as_str(), h[2].as_str()));
        assert_eq!(said("现在在办"), Some(("2", "不论何时上报")), "{path}");
        assert_eq!(said("现在超期"), Some(("1", "不论何时上报")), "{path}");
        assert!(said("在办").is_none() && said("超期在办").is_none(), "{path}: {heads:?}");
    }
    // Of the unit that is asked for; in the tables only what came in within the time.
    let page = get(&node, &dispatch, "/stats?period=today&unit=squad-b").await;
    assert!(heads(&page).contains(&["现在在办".into(), "0".into(), "不论何时上报".into()]));
    let page = get(&node, &dispatch, "/stats?period=today").await;
    let dom = Html::parse_document(&page);
    let titles = crate::lists::texts(&dom, "#t-unit th.num");
    assert_eq!(titles[8..], ["本期上报，仍在办", "本期上报，现在超期"]);
    let cells = crate::lists::texts(&dom, "#t-unit tbody tr:first-child td");
    assert_eq!(cells[8..], ["1", "0"]);
    for path in ["/stats/report/2026-11", "/stats/report/2026-12"] {
        let heads = heads(&get(&node, &dispatch, path).await);
        assert!(heads.contains(&["现在超期".into(), "1".into(), "制表时，不论何时上报".into()]), "{heads:?}");
    }
}

#[tokio::test]
async fn a_trend_ends_today_and_its_axis_says_days_without_their_year() {
    let node = Node::start().await;
    node.report().await;
    let dispatch = node.browser("dispatch").await;
    // The clock stands at Monday, 23 November.
    for (path, first, last, n) in [
        ("/stats?period=week", "2026-11-23", "2026-11-23", 1),
        ("/stats?period=month", "2026-11-01", "2026-11-23", 23),
        ("/stats?from=2026-11-20&to=2026-12-10", "2026-11-20", "2026-11-23", 4),
        ("/stats?period=today", "2026-11-10", "2026-11-23", 14),
        ("/stats?period=year", "2026-01", "2026-11", 11),
        ("/stats/report/2026-11", "2026-11-01", "2026-11-23", 23),
    ] {
        let page = crate::lists::get(&node, &dispatch, path).await;
        let names = crate::lists::texts(&page, "#t-trend tbody th");
        assert_eq!((names.len(), names[0].as_str(), names[n - 1].as_str()), (n, first, last), "{path}");
        let axis = crate::lists::attribute(&page, "#t-trend tbody th", "data-axis");
        let short: Vec<&str> =
            names.iter().filter_map(|name| name.get(5..).filter(|s| s.len() == 5)).collect();
        assert_eq!(axis, short, "{path}: a month is short as it is");
    }
    let page = get(&node, &dispatch, "/stats?from=2026-12-01&to=2026-12-10").await;
    assert!(!page.contains("id=\"t-trend\""), "nothing of it has come");
}

#[tokio::test]
async fn before_the_first_matter_there_is_nothing_to_compare_with() {
    let node = Node::start().await;
    node.report().await;
    let dispatch = node.browser("dispatch").await;
    for period in ["today", "week", "month", "year"] {
        let page = get(&node, &dispatch, &format!("/stats?period={period}")).await;
        let heads = heads(&page);
        assert!(heads[..7].iter().all(|h| h[2] == "上期无从比较"), "{heads:?}");
        assert!(page.contains("此前还没有办件") && !page.contains("data-way"), "{page}");
    }
    let page = crate::lists::get(&node, &dispatch, "/stats/report/2026-11").await;
    let cells = crate::lists::texts(&page, "#t-compared tbody tr:first-child td");
    assert_eq!(cells, ["1", "无从比较", "无从比较"]);
    assert!(crate::lists::texts(&page, ".stat .then")[0].contains("上月无从比较"));
    // A month later there is; not for the same month of the year before.
    node.hands.forward(SignedDuration::from_hours(24 * 30));
    node.report().await;
    let dispatch = node.browser("dispatch").await;
    let page = crate::lists::get(&node, &dispatch, "/stats/report/2026-12").await;
    let cells = crate::lists::texts(&page, "#t-compared tbody tr:first-child td");
    assert_eq!((cells[1].as_str(), cells[2].as_str()), ("1 持平", "无从比较"));
    let heads = heads(&get(&node, &dispatch, "/stats?period=month").await);
    assert_eq!(heads[0], ["上报", "1", "上期 1 持平"]);
}

#[tokio::test]
async fn every_chart_stands_beside_its_table_and_every_table_is_a_file() {
    let node = Node::start().await;
    a_month(&node).await;
    let dispatch = node.browser("dispatch").await;
    let page = get(&node, &dispatch, "/stats?period=year").await;
    let dom = Html::parse_document(&page);
    let charts: Vec<_> = dom.select(&Selector::parse(".chart").unwrap()).collect();
    assert!(charts.len() >= 6, "{} charts", charts.len());
    for chart in charts {
        let id = chart.value().attr("data-table").unwrap();
        let table = Selector::parse(&format!("table#{id} tbody tr")).unwrap();
        assert!(dom.select(&table).count() > 0, "{id} has lines");
        assert_eq!(chart.value().attr("role"), Some("img"));
        assert!(chart.value().attr("aria-label").is_some_and(|t| t.contains("图")));
    }
    let files = Selector::parse(".files a").unwrap();
    let mut kinds = (0, 0);
    for a in dom.select(&files) {
        let href = a.value().attr("href").unwrap();
        let answer = dispatch.client.get(format!("{}{href}", node.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{href}");
        let name = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        let bytes = answer.bytes().await.unwrap();
        if href.contains("/csv") {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(text.starts_with("\u{feff}青浦区城市管理行政执法局"), "{text}");
            assert!(text.contains("名称,") && name.ends_with(".csv\""));
            kinds.0 += 1;
        } else {
            assert!(bytes.starts_with(b"PK") && name.ends_with(".xlsx\""));
            kinds.1 += 1;
        }
    }
    assert!(kinds.0 >= 8 && kinds.0 == kinds.1, "{kinds:?}");
    let unknown = dispatch.client.get(format!("{}/stats/export/csv?table=x", node.url)).send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_rules_of_counting_are_said_and_bad_dates_are_told_in_place() {
    let node = Node::start().await;
    let dispatch = node.browser("dispatch").await;
    let page = get(&node, &dispatch, "/stats").await;
    for word in ["计数口径", "按期率＝按期÷办结", "上期", "北京时间"] {
        assert!(page.contains(word), "{word}");
    }
    for (path, words) in [
        ("/stats?from=gestern", "不是日期"),
        ("/stats?period=decade", "没有这种时间范围"),
        ("/stats?from=1999-01-01&to=2026-01-01", "太长"),
        ("/stats?category=DROP", "没有这个类别"),
    ] {
        let answer = dispatch.client.get(format!("{}{path}", node.url)).send().await.unwrap();
        assert!(answer.status().is_client_error(), "{path}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(words), "{path}: {text}");
        assert!(text.contains("name=\"from\""), "the form is still there");
    }
    let officer = node.browser("officer-a").await;
    let answer = officer.client.get(format!("{}/stats", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN, "an officer has no statistics");
}

#[tokio::test]
async fn the_months_report_says_what_it_compares() {
    let node = Node::start().await;
    a_month(&node).await;
    let dispatch = node.browser("dispatch").await;
    // The clock stands at 5 December after the story.
    let page = get(&node, &dispatch, "/stats/report/2026-11").await;
    for word in
        ["2026 年 11 月办件月报", "青浦区城市管理行政执法局", "上年同月", "制表", "计数口径", "2026 年 10 月"]
    {
        assert!(page.contains(word), "{word}");
    }
    assert!(!page.contains("本月还没有过完"));
    let page = get(&node, &dispatch, "/stats/report/2026-12").await;
    assert!(page.contains("本月还没有过完"), "an unfinished month says so");
    let answer = dispatch.client.get(format!("{}/stats/report/Nov", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}
