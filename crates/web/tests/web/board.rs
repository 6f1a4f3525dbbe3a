//! The dispatcher's board: exact counts, windows, cards by themselves, acts in the drawer, and nobody sees more than he may.

use crate::lists::{attribute, get, html, post, report_in, select, texts};
use crate::node::{Browser, Node};
use jiff::SignedDuration;
use reqwest::StatusCode;
use scraper::Html;
use serde_json::{Value, json};

async fn cards(node: &Node, browser: &Browser, query: &str) -> Value {
    let answer = browser.client.get(format!("{}/board/cards?{query}", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

async fn drawer(node: &Node, browser: &Browser, id: i64) -> Html {
    let answer = browser
        .client
        .get(format!("{}/board/matter/{id}", node.url))
        .header("x-fragment", "1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    html(answer).await
}

fn ids(cards: &Value) -> Vec<i64> {
    cards["cards"].as_array().unwrap().iter().map(|c| c["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn nothing_late_is_nothing_to_warn_of() {
    let node = Node::start().await;
    report_in(&node, 121.02, "刚来的").await;
    let states = async || {
        let dispatch = node.browser("dispatch").await;
        attribute(&get(&node, &dispatch, "/board").await, ".board-sums [data-state]", "data-state")
    };
    assert_eq!(states().await, ["fine", "fine"]);
    node.hands.forward(SignedDuration::from_hours(24 * 12));
    assert_eq!(states().await, ["late", "late"]);
}

#[tokio::test]
async fn columns_count_exactly_show_the_first_and_page_on() {
    let node = Node::with(|config| config.rates.intake = (100, 100)).await;
    node.on_duty("officer-a", "squad-a").await;
    for i in 0..23 {
        report_in(&node, 121.02, &format!("店外摆摊第{i}处")).await;
        node.hands.forward(SignedDuration::from_secs(20));
    }
    let pooled = report_in(&node, 121.07, "乙镇的，没有人在岗").await;
    let dispatch = node.browser("dispatch").await;
    let page = get(&node, &dispatch, "/board").await;
    let keys = attribute(&page, "[data-key]", "data-key");
    assert_eq!(&keys[..3], ["pooled", "assigned", "outside"]);
    assert!(keys.contains(&"to_close".to_owned()) && !keys.contains(&"closed".to_owned()));
    let numbers = |page: &Html| texts(page, "[data-n]");
    assert_eq!(&numbers(&page)[..3], ["1", "23", "0"]);
    assert_eq!(texts(&page, "[data-open]"), ["24"]);
    assert_eq!(attribute(&page, "[data-key=pooled] .card", "data-id"), [pooled.to_string()]);
    // The first twenty by term; the others come behind them, each once.
    let shown = attribute(&page, "[data-key=assigned] .card", "data-id");
    assert_eq!(shown.len(), 20);
    let dues: Vec<i64> = attribute(&page, "[data-key=assigned] .card", "data-due")
        .iter()
        .map(|d| d.parse().unwrap())
        .collect();
    assert!(dues.is_sorted());
    let more = attribute(&page, "[data-key=assigned] [data-more]", "data-more").remove(0);
    let rest = get(&node, &dispatch, &more).await;
    let behind = attribute(&rest, ".card", "data-id");
    assert_eq!(behind.len(), 3);
    assert!(behind.iter().all(|id| !shown.contains(id)));
    assert!(rest.select(&select("[data-more]")).next().is_none(), "there are no more");
    // Without JavaScript the same way leads to the list of the column, and a card to its matter.
    let href = attribute(&page, "[data-key=assigned] .more a", "href").remove(0);
    assert_eq!(texts(&get(&node, &dispatch, &href).await, ".page-head > .quiet"), ["23 件"]);
    assert_eq!(attribute(&page, "[data-key=pooled] .card a", "href"), [format!("/matters/{pooled}")]);
    let answer = dispatch.client.get(format!("{}/board/matter/{pooled}", node.url)).send().await.unwrap();
    assert_eq!(answer.headers()["location"], format!("/matters/{pooled}"));

    // By unit; with a filter in the address; late ones.
    let page = get(&node, &dispatch, "/board?by=unit").await;
    assert_eq!(attribute(&page, "[data-key]", "data-key"), ["squad-a", "squad-b"]);
    assert_eq!(numbers(&page), ["23", "1"]);
    // Such a column is of the unit alone, and so is its list.
    let lists = attribute(&page, "[data-key] .more a", "href");
    assert!(lists[0].starts_with("/matters?unit=squad%2Da&below=false&"), "{lists:?}");
    let alone = get(&node, &dispatch, &lists[0]).await;
    assert_eq!(texts(&alone, ".page-head > .quiet"), ["23 件"]);
    assert_eq!(attribute(&alone, "select[name=below] option[selected]", "value"), ["false"]);
    let above = |more: &str| format!("/matters?unit=bureau{more}&open=true");
    assert_eq!(texts(&get(&node, &dispatch, &above("")).await, ".page-head > .quiet"), ["24 件"]);
    assert_eq!(texts(&get(&node, &dispatch, &above("&below=false")).await, ".page-head > .quiet"), ["0 件"]);
    let page = get(&node, &dispatch, "/board?q=%E4%B9%99%E9%95%87&unit=squad-b").await;
    assert_eq!(texts(&page, "[data-open]"), ["1"]);
    assert_eq!(attribute(&page, "select[name=unit] option[selected]", "value"), ["squad-b"]);
    node.hands.forward(SignedDuration::from_mins(18));
    let page = get(&node, &dispatch, "/board?overdue=now").await;
    let late: usize = texts(&page, "[data-late]")[0].parse().unwrap();
    assert!(late > 0 && late < 23, "{late}");
    assert_eq!(texts(&page, "[data-open]"), texts(&page, "[data-late]"));
    assert_eq!(texts(&page, "[data-key=assigned] [data-late-n]"), [format!("超期 {late}")]);
}

#[tokio::test]
async fn the_feed_looks_further_back_when_the_end_of_the_log_is_about_others() {
    let node = Node::with(|config| config.rates.intake = (100, 100)).await;
    let ours = report_in(&node, 121.02, "甲镇的摊").await;
    for n in 0..45 {
        report_in(&node, 121.07, &format!("乙镇的摊 {n}")).await;
    }
    let leader = node.browser("leader-a").await;
    let feed = attribute(&get(&node, &leader, "/board").await, "[data-feed] a", "href");
    assert_eq!(feed, [format!("/matters/{ours}")]);
}

#[tokio::test]
async fn a_squad_leader_gives_a_matter_by_one_tap_only_to_his_own() {
    let node = Node::start().await;
    let id = report_in(&node, 121.02, "甲镇的摊").await;
    node.on_duty("officer-a", "squad-a").await;
    node.on_duty("officer-b", "squad-b").await;
    let units = async |login: &str| {
        let browser = node.browser(login).await;
        let page = drawer(&node, &browser, id).await;
        let board = get(&node, &browser, "/board").await;
        (texts(&page, ".nearby li .quiet"), attribute(&board, "select[name=unit] option", "value"))
    };
    let (near, filter) = units("leader-a").await;
    assert_eq!(near, ["甲镇中队"]);
    assert_eq!(filter, ["", "squad-a"], "and what he does not see is no filter");
    let (near, filter) = units("dispatch").await;
    assert_eq!(near, ["甲镇中队", "乙镇中队"]);
    assert!(filter.contains(&"squad-b".to_owned()));
    // On a phone the board is in the bar of whoever dispatches.
    let desk = get(&node, &node.browser("leader-a").await, "/desk").await;
    let bar = texts(&desk, ".rail a:not(.desk-only)");
    assert!(bar.iter().any(|t| t.contains("调度")) && !bar.iter().any(|t| t.contains("地图")), "{bar:?}");
}

#[tokio::test]
async fn a_matter_without_a_place_is_put_on_the_map_in_the_drawer() {
    let node = Node::start().await;
    let body = json!({ "category": "09005", "description": "有人占道卖水果",
        "place": { "address": "说不清的地方" } });
    let answer = node.post("/api/v1/reports", &body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let receipt: Value = answer.json().await.unwrap();
    let browser = node.browser("dispatch").await;
    let page = drawer(&node, &browser, receipt["id"].as_i64().unwrap()).await;
    assert_eq!(attribute(&page, "#act-place", "data-place").len(), 1);
    assert_eq!(texts(&page, "#act-place [data-map-open]"), ["在地图上选"]);
}

#[tokio::test]
async fn what_is_given_away_is_done_and_its_page_is_left() {
    let node = Node::start().await;
    let id = report_in(&node, 121.02, "甲镇的摊").await;
    let leader = node.browser("leader-a").await;
    let away = [("unit", "squad-b"), ("note", "属乙镇辖区")];
    let answer = post(&node, &leader, &format!("/matters/{id}/commands/dispatch"), &away).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/desk?done=gave");
    let desk = get(&node, &leader, "/desk?done=gave").await;
    assert!(texts(&desk, "[role=status]").join("").contains("这一件转到了您看不到的单位"));
}

#[tokio::test]
async fn nobody_sees_cards_that_he_may_not_see() {
    let node = Node::start().await;
    let ours = report_in(&node, 121.02, "甲镇的摊").await;
    let theirs = report_in(&node, 121.07, "乙镇的摊").await;
    let leader = node.browser("leader-a").await;
    let page = get(&node, &leader, "/board").await;
    assert_eq!(attribute(&page, ".card", "data-id"), [ours.to_string()]);
    assert_eq!(texts(&page, "[data-open]"), ["1"], "counts are of what one may see");
    assert!(!page.html().contains("乙镇的摊"), "nor in the feed");
    let got = cards(&node, &leader, &format!("ids={ours},{theirs}")).await;
    assert_eq!(ids(&got), [ours]);
    assert_eq!(got["feed"].as_array().unwrap().len(), 1);
    assert_eq!(got["gone"], json!([theirs]));
    assert!(!got.to_string().contains("乙镇的摊"));
    let answer = leader
        .client
        .get(format!("{}/board/matter/{theirs}", node.url))
        .header("x-fragment", "1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(texts(&get(&node, &leader, "/board?by=unit").await, "[data-n]"), ["1"]);
    // The board is for those who dispatch and lead; others do not find it.
    let officer = node.browser("officer-a").await;
    let answer = officer.client.get(format!("{}/board", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = officer.client.get(format!("{}/board/cards?ids={ours}", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(!texts(&get(&node, &officer, "/desk").await, ".rail a").contains(&"调度".to_owned()));
    assert!(texts(&get(&node, &leader, "/desk").await, ".rail a").contains(&"调度".to_owned()));
}

#[tokio::test]
async fn the_drawer_proposes_who_is_on_duty_and_near_and_sends_him_at_once() {
    let node = Node::start().await;
    node.on_duty("officer-b", "squad-b").await;
    let id = report_in(&node, 121.02, "店外摆摊，占了整条人行道").await;
    let dispatch = node.browser("dispatch").await;
    let page = drawer(&node, &dispatch, id).await;
    assert_eq!(texts(&page, ".nearby b"), ["队员乙"], "the only one on duty");
    let words = texts(&page, ".nearby small").remove(0);
    assert!(words.contains("公里") && words.contains("在办 0 件"), "{words}");
    node.on_duty("officer-a", "squad-a").await;
    let page = drawer(&node, &dispatch, id).await;
    assert_eq!(texts(&page, ".nearby b"), ["队员甲", "队员乙"], "the nearer first");

    // Somebody who arrived somewhere is where he arrived.
    let near = report_in(&node, 121.0205, "同一条路上").await;
    let officer = node.token("officer-b").await;
    let send = json!({ "command": "dispatch", "officer": "officer-b" });
    node.command(&node.token("dispatch").await, near, send).await;
    node.command(&officer, near, json!({ "command": "accept" })).await;
    node.command(&officer, near, json!({ "command": "arrive" })).await;
    let page = drawer(&node, &dispatch, id).await;
    assert_eq!(texts(&page, ".nearby b"), ["队员乙", "队员甲"]);
    let words = texts(&page, ".nearby small").remove(0);
    assert!(words.contains("距最近到场处") && words.contains("米") && words.contains("在办 1 件"), "{words}");

    // One tap.
    let form: Vec<(String, String)> = page
        .select(&select(".nearby li:first-child form input"))
        .map(|i| (i.value().attr("name").unwrap().to_owned(), i.value().attr("value").unwrap().to_owned()))
        .filter(|(name, _)| name != "csrf")
        .collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let answer = post(&node, &dispatch, &format!("/board/matter/{id}/dispatch"), &form).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = html(answer).await;
    assert!(texts(&page, ".done-line").concat().contains("队员乙"), "{:?}", texts(&page, ".done-line"));
    let got = cards(&node, &dispatch, &format!("ids={id}")).await;
    assert_eq!(got["cards"][0]["column"], "assigned");
    assert!(got["cards"][0]["html"].as_str().unwrap().contains("队员乙"));
    // It has left a board of what waits to be sent.
    let got = cards(&node, &dispatch, &format!("ids={id}&stage=pooled")).await;
    assert_eq!((ids(&got), &got["gone"]), (vec![], &json!([id])));
}

#[tokio::test]
async fn an_act_on_what_has_changed_meanwhile_is_refused_with_what_changed() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = report_in(&node, 121.02, "店外摆摊，占了整条人行道").await;
    let dispatch = node.browser("dispatch").await;
    let seen = attribute(&drawer(&node, &dispatch, id).await, "[data-seq]", "data-seq").remove(0);
    node.command(&node.token("officer-a").await, id, json!({ "command": "accept" })).await;
    let urge =
        [("form", "0123456789"), ("expected", seen.as_str()), ("mark", "urge"), ("note", "请尽快到场")];
    let answer = post(&node, &dispatch, &format!("/board/matter/{id}/supervise"), &urge).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = html(answer).await;
    assert!(texts(&page, ".meanwhile li").concat().contains("受理"), "{:?}", texts(&page, ".meanwhile"));
    assert!(texts(&page, "#do-supervise[open] [role=alert]")[0].contains("新记录"));
    assert_eq!(texts(&page, "#do-supervise textarea"), ["请尽快到场"], "nothing typed is lost");
    // What is sent again from here has seen it.
    let seen = attribute(&page, "#do-supervise input[name=expected]", "value").remove(0);
    let urge =
        [("form", "0123456780"), ("expected", seen.as_str()), ("mark", "urge"), ("note", "请尽快到场")];
    let answer = post(&node, &dispatch, &format!("/board/matter/{id}/supervise"), &urge).await;
    assert_eq!(answer.status(), StatusCode::OK);
    // Without what must be given: in place.
    let answer = post(&node, &dispatch, &format!("/board/matter/{id}/supervise"), &[("mark", "urge")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(attribute(&html(answer).await, "#do-supervise textarea", "aria-invalid"), ["true"]);
}

#[tokio::test]
async fn joining_and_splitting_need_no_other_page() {
    let node = Node::start().await;
    let lead = report_in(&node, 121.02, "店外摆摊，占了整条人行道").await;
    let id = report_in(&node, 121.02, "店外摆摊，占了整条人行道，和昨天一样").await;
    let dispatch = node.browser("dispatch").await;
    let page = drawer(&node, &dispatch, id).await;
    let number = texts(&drawer(&node, &dispatch, lead).await, ".number").remove(0);
    assert!(texts(&page, ".repeats").concat().contains(&number), "likely repeats stand in the drawer");
    let split = [("note", "另有一处堆物"), ("form", "abcdefgh1")];
    let answer = post(&node, &dispatch, &format!("/board/matter/{id}/split"), &split).await;
    assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
    let join = [("to", number.as_str()), ("form", "abcdefgh2")];
    let answer = post(&node, &dispatch, &format!("/board/matter/{id}/join"), &join).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let got = cards(&node, &dispatch, &format!("ids={id},{lead},{}", id + 1)).await;
    let columns: Vec<(&str, i64)> = got["cards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["column"].as_str().unwrap(), c["id"].as_i64().unwrap()))
        .collect();
    assert!(columns.contains(&("joined", id)) && columns.contains(&("pooled", lead)), "{columns:?}");
    assert!(columns.contains(&("pooled", id + 1)), "what was split off has its card: {columns:?}");
}

#[tokio::test]
async fn every_number_of_the_head_is_the_list_it_leads_to() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    for words in ["店外摆摊", "占道堆物", "夜间噪声"] {
        report_in(&node, 121.02, words).await;
    }
    report_in(&node, 121.07, "乙镇的，没有人在岗").await;
    node.hands.forward(SignedDuration::from_mins(18));
    let dispatch = node.browser("dispatch").await;
    let page = get(&node, &dispatch, "/board?overdue=false").await;
    let late = attribute(&page, "[data-key=assigned] a[data-late-n]", "href").remove(0);
    assert!(late.contains("overdue=now") && !late.contains("overdue=false"), "{late}");
    let page = get(&node, &dispatch, "/board").await;
    assert_eq!(texts(&page, ".board-duty li"), ["队员甲在办 3 件"], "who is on duty, by name");
    let mut numbers = Vec::new();
    for link in [".board-sums a:first-child", ".board-duty li a", "[data-key=assigned] a[data-late-n]"] {
        let href = attribute(&page, link, "href").remove(0);
        let n = texts(&page, &format!("{link} b")).remove(0);
        let list = get(&node, &dispatch, &href).await;
        assert_eq!(texts(&list, ".page-head > .quiet"), [format!("{n} 件")], "{href}");
        numbers.push(n);
    }
    assert_eq!(numbers[..2], ["4", "3"]);
    // A squad leader's numbers are of what he may see.
    let leader = node.browser("leader-a").await;
    let page = get(&node, &leader, "/board").await;
    let href = attribute(&page, ".board-sums a:first-child", "href").remove(0);
    assert_eq!(texts(&get(&node, &leader, &href).await, ".page-head > .quiet"), ["3 件"]);
}
