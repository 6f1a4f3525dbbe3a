//! What several members do with one matter, and how each page says who is awaited and what belongs together.

use crate::cooperation::{Two, give, send};
use crate::lists::{attribute, get, texts};
use crate::node::Node;
use jiff::SignedDuration;
use lianzhi_app::Caller;
use lianzhi_ids::DocketId;
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Federation, Place, Site, city, until};
use serde_json::{Value, json};

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

    // The overview has a line and a figure for each of them, whoever was named last.
    let lines = async |query: &str, list: &str| {
        let page = get(&ours, &pursuer, &format!("/cooperation?side=outgoing{query}")).await;
        texts(&page, &format!("{list} [data-item]"))
    };
    let outbox = lines("", "#outbox").await;
    assert!(outbox.len() == 1 && outbox[0].contains("嘉善") && outbox[0].contains("待签收"), "{outbox:?}");
    assert!(outbox[0].contains("答复"), "with the term that runs for it: {outbox:?}");
    let ended = lines("&open=any&member=320509", "#ended").await;
    assert!(ended.len() == 1 && ended[0].contains("吴江") && ended[0].contains("已反馈措施"), "{ended:?}");
    let token = ours.token("handler").await;
    let overview = async || {
        let answer = ours.get("/api/v1/cooperation").bearer_auth(&token).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    let figures = |overview: &Value, node: &str| {
        let pairs = overview["statistics"]["pairs"].as_array().unwrap();
        let pair = pairs.iter().find(|pair| pair["node"] == node).unwrap();
        ["outgoing", "open", "they_in_time", "they_late"].map(|field| pair[field].as_u64().unwrap())
    };
    let now = overview().await;
    assert_eq!(figures(&now, "320509"), [1, 0, 1, 0]);
    assert_eq!(figures(&now, "330421"), [1, 1, 0, 0]);
    let flows = &now["statistics"]["flows"];
    assert_eq!(flows.as_array().unwrap().len(), 2, "a way to each: {flows}");
    // The list of bulletins names both, and finds it by each.
    for query in ["", "&source=outgoing:320509", "&source=outgoing:330421"] {
        let page = get(&ours, &pursuer, &format!("/matters?kind=bulletin&columns=source{query}")).await;
        let rows = texts(&page, "[data-column=source]").join(" ");
        assert!(rows.contains("吴江") && rows.contains("嘉善"), "{query}: {rows}");
    }
    let page = get(&ours, &pursuer, "/matters?kind=bulletin&source=outgoing:340100").await;
    assert!(texts(&page, "tbody [data-column]").is_empty(), "it did not go to Hefei");
    // Who did not answer in its term is late, and only it.
    federation.pass(SignedDuration::from_hours(24 * 25));
    let later = overview().await;
    assert_eq!(figures(&later, "320509"), [1, 0, 1, 0]);
    assert_eq!((figures(&later, "330421"), &later["statistics"]["late"]), ([1, 1, 0, 1], &json!(1)));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_with_a_lead_stands_beside_the_report_that_it_became() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let token = ours.token("handler").await;
    let photo = crate::files::upload(ours, Some(&token), &crate::files::png(64, 48)).await;
    let id = send(ours, "lead", &[("place", "吴江区黎里镇"), ("exhibits", &photo)]).await;
    let there = two.arrived(id).await;
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    // Nothing is written with it: it is found by what it belongs to all the same.
    give(theirs, "handler", there, "accept", &[("open", "true")]).await;
    let leader = theirs.browser("leader").await;
    let lead = get(theirs, &leader, &format!("/matters/{there}")).await;
    let report = attribute(&lead, "#bonds a", "href").pop().expect("the report");
    let tab = get(theirs, &leader, &format!("{report}?tab=exhibits")).await;
    let received = texts(&tab, "#received").join("");
    assert!(received.contains("青浦"), "{received}");
    assert!(attribute(&tab, "#bonds a", "href").contains(&format!("/matters/{there}")));
    // The sender sees whose turn it is, and on his desk what he waits for.
    let line = async |query: &str| {
        let page = get(ours, &ours.browser("handler").await, &format!("/cooperation{query}")).await;
        texts(&page, "#outbox [data-item]").join("")
    };
    until("it is told", async || line("").await.contains("办理中")).await;
    assert!(line("").await.contains("等对方") && line("").await.contains("反馈结果"), "{}", line("").await);
    assert!(line("?awaits=us").await.is_empty() && !line("?awaits=them").await.is_empty());
    let desk = get(ours, &ours.browser("handler").await, "/desk").await;
    assert!(texts(&desk, "main").join("").contains("我经办的线索移送"));
    // What is late is on the desk of the leader, at both.
    two.sites().0.node.clock().advance(SignedDuration::from_hours(24 * 40));
    for node in [ours, theirs] {
        let desk = get(node, &node.browser("leader").await, "/desk").await;
        assert!(texts(&desk, "main").join("").contains("已超期的线索移送"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_about_a_place_at_the_senders_is_taken_on_and_placed_by_people() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    for grid in city::grids() {
        ours.app.put_register(&Caller::system(), Record::Grid(grid)).await.unwrap();
    }
    // Dumped there, loaded here: the letter names where it was found.
    let lead = json!({
        "to": ["310118"], "list": "HZ-01", "title": "装载地线索", "text": "请查处装载工地。", "ground": "place",
        "measures": "未采取强制措施。", "place": "吴江区黎里镇元荡路15号", "lng": 120.811_468, "lat": 31.019_688,
    });
    let token = theirs.token("handler").await;
    let begun = theirs.post("/api/v1/cooperation/lead", &lead).bearer_auth(&token).send().await.unwrap();
    let id = begun.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
    give(theirs, "reviewer", id, "review", &[("agreed", "true")]).await;
    give(theirs, "leader", id, "sign", &[("agreed", "true")]).await;
    let (a, b) = two.sites();
    until("the lead arrives", async || a.docket_of(b, DocketId(id)).await.is_some()).await;
    let here = a.docket_of(b, DocketId(id)).await.unwrap().0;
    give(ours, "liaison", here, "register", &[]).await;
    give(ours, "liaison", here, "assign", &[("person", "handler")]).await;
    give(ours, "handler", here, "accept", &[("open", "true")]).await;
    let liaison = ours.browser("liaison").await;
    let href = attribute(&get(ours, &liaison, &format!("/matters/{here}")).await, "#bonds a", "href").pop();
    let leader = ours.browser("leader").await;
    let report = get(ours, &leader, &href.expect("its own report")).await;
    let page = texts(&report, "main").join("");
    assert!(page.contains("吴江区黎里镇元荡路15号") && page.contains("来自"), "{page}");
}
