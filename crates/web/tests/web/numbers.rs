//! The register of numbers (文号), and a decision that was changed and is published again; by forms alone.

use crate::cases::{decided, give, office, signed_in};
use crate::lists::{attribute, get, html, texts};
use crate::node::Node;
use lianzhi_app::Caller;
use lianzhi_procedure::directory::Unit;
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Place, city};
use reqwest::StatusCode;
use scraper::Html;
use serde_json::Value;

/// The address of a series by a part of what stands in its numbers.
fn series(page: &Html, part: &str) -> String {
    let names = texts(page, "#series .rows a.title");
    let at = names.iter().position(|name| name.contains(part)).unwrap_or_else(|| panic!("{part}: {names:?}"));
    attribute(page, "#series .rows a.title", "href")[at].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_stands_in_its_series_with_its_paper_and_what_became_of_it() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    let id = decided(&web).await;
    let legal = signed_in(&web, "legal").await;
    let cases = get(&web, &legal, "/cases").await;
    assert!(attribute(&cases, ".page-head a", "href").contains(&"/cases/numbers".to_owned()));
    let page = get(&web, &legal, "/cases/numbers").await;
    assert!(
        texts(&page, "#series .rows > li").iter().all(|line| line.contains("连续")),
        "nothing is missing"
    );
    let page = get(&web, &legal, &series(&page, "罚决字")).await;
    let line = texts(&page, "#numbers .rows > li").join("");
    assert!(
        line.contains("〔2026〕1号") && line.contains("行政处罚决定书") && line.contains("已签发"),
        "{line}"
    );

    // An order is voided: its number stays, with the reason.
    give(&web, "officer-a1", id, "order", &[("party", "1"), ("note", "停止施工")], None).await;
    let leader = signed_in(&web, "leader").await;
    let case = get(&web, &leader, &format!("/matters/{id}")).await;
    let css = "#do-void [name=paper]";
    let paper = attribute(&case, css, "value").pop();
    let paper = paper.or_else(|| attribute(&case, &format!("{css} option"), "value").pop()).unwrap();
    give(&web, "leader", id, "void", &[("paper", &paper), ("note", "改正内容写错")], None).await;
    let page = get(&web, &legal, "/cases/numbers").await;
    let page = get(&web, &legal, &series(&page, "改字")).await;
    let line = texts(&page, "#numbers .rows > li").join("");
    assert!(line.contains("已作废") && line.contains("理由：改正内容写错"), "{line}");
    assert_eq!(texts(&get(&web, &legal, "/cases/numbers?state=voided").await, "#series .rows > li").len(), 1);

    // Once the unit has a branch code, its papers are numbered in a series of their own; what was issued stays.
    let squad = Unit { branch: "01".into(), ..node.app.directory().units[&city::unit("squad-a")].clone() };
    node.app.put_register(&Caller::system(), Record::Unit(squad)).await.unwrap();
    give(&web, "officer-a1", id, "order", &[("party", "1"), ("note", "恢复墙体")], None).await;
    let page = get(&web, &legal, "/cases/numbers").await;
    let names = texts(&page, "#series .rows a.title");
    assert!(names.iter().any(|n| n.ends_with("改字〔2026〕01")), "{names:?}");
    assert!(names.iter().any(|n| n.ends_with("改字〔2026〕")), "{names:?}");
    let api =
        legal.client.get(format!("{}/api/v1/cases/numbers?unit=squad-a", web.url)).send().await.unwrap();
    let api: Value = api.json().await.unwrap();
    let branched =
        api["series"].as_array().unwrap().iter().find(|s| s["text"].as_str().unwrap().ends_with("01"));
    let branched = branched.unwrap();
    assert_eq!((branched["first"].as_i64(), branched["gaps"].as_array().unwrap().len()), (Some(1), 0));
    assert_eq!(branched["unit"], "甲镇中队");

    // An officer sees what his unit has; a filter that is none is said.
    let officer = signed_in(&web, "officer-a1").await;
    assert!(!texts(&get(&web, &officer, "/cases/numbers").await, "#series .rows > li").is_empty());
    let other = get(&web, &officer, "/cases/numbers?unit=squad-b").await;
    assert!(texts(&other, "#series .rows > li").is_empty());
    let bad = legal.client.get(format!("{}/cases/numbers?year=x", web.url)).header("accept", "text/html");
    let bad = bad.send().await.unwrap();
    assert_eq!(bad.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&html(bad).await, "[role=alert]").join("").contains("四位年份"));
    let patroller = signed_in(&web, "patroller").await;
    let answer = patroller.client.get(format!("{}/cases/numbers", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

/// A page as somebody without an account sees it.
async fn open(web: &Node, path: &str) -> Html {
    html(web.get(path).header("accept", "text/html").send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_a_reconsideration_changed_is_withdrawn_and_published_again_as_it_stands() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    let id = decided(&web).await;
    give(&web, "officer-a1", id, "publish", &[], None).await;
    let sought = [("party", "1"), ("kind", "reconsideration"), ("on", "2026-11-23")];
    give(&web, "legal", id, "appeal", &sought, None).await;
    let end =
        [("party", "1"), ("end", "changed"), ("on", "2026-11-23"), ("fine", "500"), ("note", "复议变更")];
    give(&web, "legal", id, "end_appeal", &end, None).await;
    assert!(
        texts(&open(&web, "/public/decisions").await, "#decisions .rows li").join("").contains("正在撤回")
    );
    give(&web, "legal", id, "unpublish", &[("note", "罚款数额经行政复议变更")], None).await;
    let page = open(&web, "/public/decisions").await;
    assert!(texts(&page, "#withdrawn li").join("").contains("罚款数额经行政复议变更"));
    node.clock().advance(jiff::SignedDuration::from_hours(1));
    give(&web, "legal", id, "publish", &[], None).await;
    let page = open(&web, "/public/decisions").await;
    assert!(texts(&page, "#withdrawn li").is_empty());
    let line = texts(&page, "#decisions .rows li").join("");
    assert!(line.contains("罚款 500 元（变更后）") && line.contains("重新公开"), "{line}");
    let href = attribute(&page, "#decisions .rows a.title", "href").pop().unwrap();
    let facts = texts(&open(&web, &href).await, "dd").join("\n");
    assert!(facts.contains("行政复议决定将罚款由") && facts.contains("撤回过原来公开的内容"), "{facts}");
}
