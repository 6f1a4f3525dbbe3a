//! Decisions on the spot and slips by forms alone, as a phone without scripts sends them, and through the API.

use crate::cases::{give, id_of, office, part};
use crate::folios::{PIXEL, upload};
use crate::lists::{attribute, get, html, texts};
use crate::node::{Browser, Node, problem};
use lianzhi_testkit::Place;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

const PARTY: [(&str, &str); 5] = [
    ("kind", "person"),
    ("name", "张小三"),
    ("address", "漕平路 118 号 301 室"),
    ("id_number", "310118199001010011"),
    ("item", "CL-01 机动车违停"),
];

/// A form for a decision on the spot, told and heard, with a fine in yuan.
fn sheet(fine: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut form = PARTY.to_vec();
    form.extend([
        ("place", "漕平路 118 号门前"),
        ("facts", "机动车停放在人行道上，经责令拒不驶离"),
        ("from", "2026-11-23"),
        ("second", "officer-a2"),
        ("shown", "true"),
        ("fine", fine),
        ("tier", "ordinary"),
        ("told", "true"),
        ("heard", "true"),
    ]);
    form
}

/// Sends a form with a photo, as a phone does.
async fn send(web: &Node, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Response {
    let page = get(web, browser, path).await;
    let key = attribute(&page, "#spot input[name=form]", "value").pop().unwrap();
    let mut body = part("x7x", "csrf", &browser.csrf) + &part("x7x", "form", &key);
    for (name, value) in fields {
        body += &part("x7x", name, value);
    }
    body += "--x7x\r\ncontent-disposition: form-data; name=\"photos\"; filename=\"a.pdf\"\r\n\
             content-type: application/pdf\r\n\r\n%PDF-1.4 a\r\n--x7x--\r\n";
    let path = path.split('?').next().unwrap();
    let request = browser.client.post(format!("{}{path}", web.url));
    request.header("content-type", "multipart/form-data; boundary=x7x").body(body).send().await.unwrap()
}

async fn begun(web: &Node, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> i64 {
    let answer = send(web, browser, path, fields).await;
    if answer.status() != StatusCode::SEE_OTHER {
        panic!("{:?}", texts(&html(answer).await, "[role=alert], .fault, .refusal"));
    }
    id_of(&answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_page_on_the_phone_leads_to_a_numbered_decision_that_is_handed_over_and_paid() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = web.browser("officer-a1").await;
    let page = get(&web, &officer, "/spot/new").await;
    let partners = attribute(&page, "#spot [name=second] option", "value");
    assert!(partners.contains(&"officer-a2".to_owned()) && !partners.contains(&"officer-a1".to_owned()));
    let items = texts(&page, "#spot-item-list option").join("\n");
    assert!(items.contains("可当场") && items.contains("普通程序"), "what can be done on the spot is said");

    let id = begun(&web, &officer, "/spot/new", &sheet("100")).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    let head = texts(&page, ".matter-head").join("");
    assert!(head.contains("沪青当罚字〔2026〕squad-a-000001号") && head.contains("待当场交付"), "{head}");
    assert!(texts(&page, "#papers").join("").contains("先依法申请行政复议"));
    assert_eq!(
        attribute(&page, "#papers a.button", "href").len(),
        4,
        "pocket printers, A4 and what to pay by"
    );
    let record = texts(&page, "#record .act").join("\n");
    for step in ["启用当场处罚表格", "告知拟作出的处罚", "没有陈述、申辩意见", "当场处罚：罚款 100 元"]
    {
        assert!(record.contains(step), "{step} is not in the record: {record}");
    }
    // His to-do stands on the phone.
    assert!(texts(&get(&web, &officer, "/todo").await, "main").join("").contains("当场交付"));

    give(&web, "officer-a1", id, "hand", &[], Some("exhibits")).await;
    give(&web, "officer-a1", id, "collect", &[("ground", "small"), ("ticket", "沪财 0001")], None).await;
    give(&web, "officer-a2", id, "hand_in", &[("receipt", "收 1")], None).await;
    let deposit = [("ticket", "沪财 0001"), ("on", "2026-11-23"), ("reference", "B-1")];
    give(&web, "officer-a1", id, "deposit", &deposit, Some("exhibits")).await;
    give(&web, "captain-a", id, "lodge", &[], None).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, ".matter-head").join("").contains("办结"));

    // The same act is not fined twice (29).
    let answer = send(&web, &officer, "/spot/new", &sheet("100")).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = html(answer).await;
    assert!(texts(&page, "#spot .law").join("").contains("第二十九条"));
    assert!(texts(&page, "#earlier").join("").contains("当场处罚"), "what the party got before is shown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_party_and_both_officers_sign_the_decision_on_the_phone() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = web.browser("officer-a1").await;
    let id = begun(&web, &officer, "/spot/new", &sheet("100")).await;
    let path = format!("/matters/{id}");
    let page = get(&web, &officer, &path).await;
    assert_eq!(attribute(&page, "[data-sign]", "action"), [format!("{path}/sign")]);
    assert!(texts(&page, "noscript").join("").contains("打印"), "without scripts: on paper");
    let csrf = attribute(&page, "[data-sign] [name=csrf]", "value").pop().unwrap();
    let sign = async |signer: &str, file: &[u8], name: &str| {
        let form = format!("signature-{signer}-{name}");
        let fields = [("csrf", csrf.as_str()), ("form", form.as_str()), ("signer", signer)];
        upload(&web, &officer, &format!("{path}/sign"), &fields, file, name).await
    };
    // No picture is no signature; without the officers' it is not handed over.
    let answer = sign("party", b"%PDF-1.4 a", "a.pdf").await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&html(answer).await, "[role=alert]").join("").contains("签名须是一幅图"));
    for signer in ["party", "officer", "second"] {
        let answer = sign(signer, PIXEL, "signature.png").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    }
    let page = get(&web, &officer, &path).await;
    assert_eq!(texts(&page, ".signed li").iter().filter(|line| line.contains("已签")).count(), 3);
    // Nobody else finds the pad.
    let captain = web.browser("captain-a").await;
    assert!(attribute(&get(&web, &captain, &path).await, "[data-sign]", "action").is_empty());
    give(&web, "officer-a1", id, "hand", &[], None).await;
    let page = get(&web, &officer, &path).await;
    assert!(attribute(&page, "[data-sign]", "action").is_empty(), "handed over: nothing is signed any more");
    assert!(texts(&page, "#record .act").join("").contains("在屏幕上签名：执法人员二"));
    let answer = sign("witness", PIXEL, "late.png").await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_for_the_spot_is_refused_with_its_article_and_goes_over_with_all_that_was_typed() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = web.browser("officer-a1").await;
    let mut form = sheet("200.01");
    form.push(("tier", "heavy"));
    let answer = send(&web, &officer, "/spot/new", &form).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = html(answer).await;
    assert!(texts(&page, "#spot .law").join("").contains("第五十一条"));
    assert_eq!(attribute(&page, "#spot [name=name]", "value"), ["张小三"], "nothing is lost");
    assert_eq!(attribute(&page, "#spot [name=fine]", "value"), ["200.01"]);
    assert_eq!(texts(&page, "#spot button[name=ordinary]"), ["转为普通程序登记"]);
    form.push(("ordinary", "true"));
    let id = begun(&web, &officer, "/spot/new", &form).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    let head = texts(&page, ".matter-head").join("");
    assert!(head.contains("行政处罚案件") && head.contains("涉嫌机动车"), "{head}");
    // One officer is none, whoever asks.
    let alone: Vec<_> =
        sheet("100").into_iter().map(|(n, v)| (n, if n == "second" { "officer-a1" } else { v })).collect();
    let answer = send(&web, &officer, "/spot/new", &alone).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&html(answer).await, "#spot .law").join("").contains("第四十二条"));
    // Whoever has no business with it does not get the page.
    let dispatcher = web.browser("dispatcher").await;
    let answer = dispatcher.client.get(format!("{}/spot/new", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_from_a_report_is_looked_at_again_and_becomes_a_penalty() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    let report = node.report("车停在人行道上", 0).await;
    let officer = web.browser("officer-a1").await;
    let way = format!("/slip/new?from={}", report.number);
    let page = get(&web, &officer, &way).await;
    assert_eq!(attribute(&page, "#spot [name=place]", "value"), ["漕平路 118 号"]);
    assert_eq!(texts(&page, "#spot [name=note]"), ["车停在人行道上"]);
    let mut form = PARTY.to_vec();
    form.extend([
        ("from_matter", report.number.as_str()),
        ("level", "tip"),
        ("place", "漕平路 118 号"),
        ("note", "请驶离人行道"),
        ("until", "2026-11-30"),
    ]);
    let slip = begun(&web, &officer, &way, &form).await;
    give(&web, "officer-a1", slip, "reinspect", &[("done", "false"), ("note", "仍在")], None).await;
    let page = get(&web, &officer, &format!("/matters/{slip}")).await;
    let head = texts(&page, ".matter-head").join("");
    assert!(head.contains("沪青提示字〔2026〕1号") && head.contains("未改正"), "{head}");
    assert!(texts(&page, "#linked").join("").contains("车停在人行道上"));

    // On to a decision on the spot, with its place and item.
    let href = attribute(&page, ".matter-head a.button", "href");
    let href = href.into_iter().find(|h| h.starts_with("/spot/new?from=")).expect("the way to a decision");
    let page = get(&web, &officer, &href).await;
    assert_eq!(attribute(&page, "#spot [name=item]", "value"), ["CL-01"]);
    let mut form = sheet("100");
    form.push(("from_matter", "沪青提示字〔2026〕1号"));
    let spot = begun(&web, &officer, &href, &form).await;
    let page = get(&web, &officer, &format!("/matters/{slip}")).await;
    assert!(texts(&page, ".matter-head").join("").contains("转处罚"));
    let page = get(&web, &officer, &format!("/matters/{spot}")).await;
    assert!(attribute(&page, "#linked a", "href").contains(&format!("/matters/{slip}")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_begins_and_moves_them_and_opens_a_case_where_facts_are_disputed() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let token = web.token("officer-a1").await;
    let body = json!({
        "kind": "person", "name": "李小四", "id_number": "310118198001010022", "item": "CL-01", "from": "2026-11-23",
        "address": "漕平路 120 号", "facts": "停放在人行道上", "second": "officer-a2", "shown": true, "place": "漕平路 118 号", "fine": 10_000,
        "tier": "ordinary", "told": true,
    });
    let ask = async |body: &Value| web.post("/api/v1/spots", body).bearer_auth(&token).send().await.unwrap();
    let answer = ask(&body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let done: Value = answer.json().await.unwrap();
    let id = done["id"].as_i64().unwrap();
    assert_eq!(done["stage"], "on_site");
    web.command(&token, id, json!({ "command": "hear", "disputed": true })).await;
    let refused = json!({ "command": "impose" });
    let path = format!("/api/v1/matters/{id}/commands");
    let answer = web.post(&path, &refused).bearer_auth(&token).send().await.unwrap();
    let refusal = problem(answer, StatusCode::CONFLICT, "disputed").await;
    assert!(refusal.to_string().contains("第五十一条"));
    web.command(&token, id, json!({ "command": "go_over", "note": "对违法事实有异议" })).await;
    let answer = web.get("/api/v1/cases?officer=any").bearer_auth(&token).send().await.unwrap();
    let cases: Value = answer.json().await.unwrap();
    assert!(cases["cases"][0]["title"].as_str().unwrap().contains("机动车"), "{cases}");
    // A misspelt field is not swallowed.
    let mut misspelt = body.clone();
    misspelt["statment"] = json!("无异议");
    let answer = problem(ask(&misspelt).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
    assert_eq!(answer["field"], "statment", "{answer}");
    // Children are not punished on the spot; internal commands are nobody's.
    let child = json!({ "capacity": "child" });
    let mut young = body.clone();
    young["capacity"] = child["capacity"].clone();
    problem(ask(&young).await, StatusCode::CONFLICT, "no-capacity").await;
    let tick = json!({ "command": "taken_over", "docket": 1 });
    let answer = web.post(&path, &tick).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);

    let slip = json!({
        "level": "warning", "kind": "person", "name": "李小四", "id_number": "310118198001010022", "item": "CL-01",
        "place": "漕平路 118 号", "note": "请勿停放", "until": "2026-11-30",
    });
    let answer = web.post("/api/v1/slips", &slip).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
    let number = json!({ "id_number": "310118198001010022" });
    let answer = web.post("/api/v1/slips/earlier", &number).bearer_auth(&token).send().await.unwrap();
    let earlier: Value = answer.json().await.unwrap();
    assert_eq!(earlier[0]["kind"], "warning", "{earlier}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_used_last_stands_first_and_a_form_kept_for_later_may_end_without_a_penalty() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = web.browser("officer-a1").await;
    let page = get(&web, &officer, "/spot/new").await;
    assert!(attribute(&page, "#spot .quick button", "value").is_empty(), "nothing was used yet");
    assert_eq!(attribute(&page, "#spot [name=kind][checked]", "value"), ["person"]);
    begun(&web, &officer, "/spot/new", &sheet("100")).await;
    let page = get(&web, &officer, "/spot/new").await;
    let used = attribute(&page, "#spot .quick button", "value");
    assert!(used.len() == 1 && used[0].starts_with("CL-01 "), "{used:?}");
    assert_eq!(attribute(&page, "#spot [name=second] option[selected]", "value"), ["officer-a2"]);
    // The slip knows the same.
    let page = get(&web, &officer, "/slip/new").await;
    assert_eq!(attribute(&page, "#spot .quick button", "value"), used);

    // Neither place nor day are typed: the point says where, today is the day.
    let mut form: Vec<_> = sheet("100").into_iter().filter(|(n, _)| !["place", "from"].contains(n)).collect();
    for field in &mut form {
        match field.0 {
            "name" => field.1 = "李小四",
            "id_number" => field.1 = "310118198001010022",
            _ => {}
        }
    }
    form.extend([("lng", "121.105"), ("lat", "31.105"), ("later", "true")]);
    let id = begun(&web, &officer, "/spot/new", &form).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, ".matter-head").join("").contains("现场办理"), "kept for later, nothing is imposed");
    let facts = texts(&page, "#facts dd").join("\n");
    assert!(facts.contains("没有查到以前的警示和处罚") && facts.contains("免罚清单"), "{facts}");
    let spare =
        [("ground", "minor"), ("note", "停放不足五分钟"), ("education", "讲解规定"), ("corrected", "true")];
    give(&web, "officer-a1", id, "spare", &spare, Some("exhibits")).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, ".matter-head").join("").contains("不予处罚"));
    // Its paper is handed over like any other, then the file goes to its shelf.
    assert!(texts(&page, "#facts dd").join("").contains("待当场交付"));
    give(&web, "officer-a1", id, "hand", &[], Some("exhibits")).await;
    give(&web, "officer-a1", id, "archive", &[("shelf", "青城管-2026-简-0001")], None).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, "#facts dd").join("").contains("青城管-2026-简-0001"));
    // Without any place it is asked for.
    let nowhere: Vec<_> =
        sheet("100").into_iter().filter(|(n, _)| !["place", "id_number"].contains(n)).collect();
    let answer = send(&web, &officer, "/spot/new", &nowhere).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!texts(&html(answer).await, "#spot-place-fault").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_promise_on_a_slip_stands_on_its_page_and_in_the_record() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = web.browser("officer-a1").await;
    let mut form = PARTY.to_vec();
    form.extend([
        ("level", "tip"),
        ("place", "漕平路 118 号"),
        ("note", "请驶离人行道"),
        ("until", "2026-11-30"),
        ("promised", "true"),
    ]);
    let slip = begun(&web, &officer, "/slip/new", &form).await;
    let page = get(&web, &officer, &format!("/matters/{slip}")).await;
    assert!(texts(&page, "#facts dd").join("").contains("已签承诺书"));
    assert!(texts(&page, "#record .detail").join("").contains("当事人签了改正承诺书"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn harm_and_the_time_of_the_order_are_said_on_the_form() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = web.browser("officer-a1").await;
    let page = get(&web, &officer, "/spot/new").await;
    for name in ["harm", "danger", "ordered_at"] {
        let id = attribute(&page, &format!("#spot [name={name}]"), "id").pop().expect(name);
        assert!(!texts(&page, &format!("#spot label[for={id}]")).join("").is_empty(), "{name} has its label");
    }
    let mut form = sheet("100");
    form.extend([
        ("later", "true"),
        ("harm", "true"),
        ("disobeyed", "true"),
        ("ordered_at", "2026-11-24T09:10"),
    ]);
    let answer = send(&web, &officer, "/spot/new", &form).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        !texts(&html(answer).await, "#spot-ordered_at-fault").is_empty(),
        "an order to come was not disobeyed"
    );
    form.pop();
    form.push(("ordered_at", "2026-11-23T08:50"));
    let id = begun(&web, &officer, "/spot/new", &form).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    let grounds = attribute(&page, "#do-spare [name=ground] option", "value");
    assert!(!grounds.contains(&"minor".to_owned()), "what did harm is not minor: {grounds:?}");
}
