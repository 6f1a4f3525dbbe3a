//! What several members do with one matter, and how each page says who is awaited and what belongs together.

use crate::cooperation::{Two, give, send};
use crate::lists::{attribute, get, texts};
use crate::node::Node;
use lianzhi_ids::DocketId;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

const PEOPLE: [&str; 4] = ["liaison", "handler", "reviewer", "leader"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bulletin_says_for_each_receiver_how_far_it_got_and_who_is_still_awaited() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let mut federation = Federation::new(&places.each_ref()).await;
    federation.sites.iter_mut().for_each(Site::start);
    let sites = &federation.sites;
    let ours = Node::over(sites[0].node.app.clone(), &PEOPLE).await;
    let more = [("to", "330421"), ("bulletin", "widespread")];
    let id = send(&ours, "bulletin", &more).await;
    for site in &sites[1..] {
        until("the bulletin arrives", async || site.docket_of(&sites[0], DocketId(id)).await.is_some()).await;
    }
    let there = sites[1].docket_of(&sites[0], DocketId(id)).await.unwrap();
    let wujiang = &sites[1];
    wujiang.done("liaison", there, json!({ "command": "register" })).await;
    wujiang.done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
    wujiang.done("handler", there, json!({ "command": "acknowledge" })).await;
    wujiang.done("handler", there, json!({ "command": "measures", "note": "已部署夜间巡查" })).await;

    let pursuer = ours.browser("handler").await;
    let path = format!("/matters/{id}");
    until("both are told", async || {
        let rows = texts(&get(&ours, &pursuer, &path).await, "#answers tbody tr");
        rows.iter().filter(|row| row.contains("已反馈")).count() == 1
    })
    .await;
    let page = get(&ours, &pursuer, &path).await;
    let rows = texts(&page, "#answers tbody tr");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].contains("吴江区城市管理局") && rows[0].contains("已反馈"), "{rows:?}");
    assert!(rows[1].contains("嘉善县综合行政执法局") && rows[1].contains("待签收"), "{rows:?}");
    let head = texts(&page, ".matter-head .member").join(" ");
    assert!(head.contains("吴江") && head.contains("嘉善"), "the head names all to whom it went: {head}");
    let next = texts(&page, ".next-step").join("");
    assert!(next.contains("等浙·嘉善县综合行政执法局签收") && !next.contains("吴江"), "{next}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_and_the_report_that_it_became_show_each_other() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let id = send(ours, "lead", &[("place", "吴江区黎里镇")]).await;
    let there = two.arrived(id).await;
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    give(theirs, "handler", there, "accept", &[("note", "已派黎里中队"), ("open", "true")]).await;
    // Whoever may not see the report is not told of it; the liaison officer may.
    let liaison = theirs.browser("liaison").await;
    let page = get(theirs, &liaison, &format!("/matters/{there}")).await;
    let head = texts(&page, "#bonds").join("");
    assert!(head.contains("本机关办件"), "{head}");
    let href = attribute(&page, "#bonds a", "href").pop().unwrap();
    let leader = theirs.browser("leader").await;
    let report = get(theirs, &leader, &href).await;
    let head = texts(&report, "#bonds").join("");
    assert!(head.contains("来自") && head.contains("线索移送") && head.contains("办理中"), "{head}");
    assert_eq!(attribute(&report, "#bonds a", "href"), [format!("/matters/{there}")]);
    let tab = get(theirs, &leader, &format!("{href}?tab=ways")).await;
    let rows = texts(&tab, "#related li").join("");
    assert!(rows.contains("渣土车夜间跨界倾倒") && rows.contains("青浦区城市管理行政执法局"), "{rows}");
    assert!(texts(&tab, ".tabs [aria-current]").join("").contains("协作"));
}
