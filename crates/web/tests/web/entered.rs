//! Powers, sums, tiers for all items and stricter terms: entered with plain fields, looked at, taken in, confirmed, written out.

use crate::lists::{attribute, get, html, post, texts};
use crate::node::{Browser, Node, problem};
use lianzhi_ids::Role;
use lianzhi_law::{Jurisdiction, ThresholdKind};
use reqwest::StatusCode;
use scraper::Html;
use serde_json::{Value, json};

fn words(page: &Html, css: &str) -> String {
    texts(page, css).join(" ")
}

fn every_input_has_a_label(page: &Html) {
    let ids = attribute(
        page,
        "#entered :is(input, select, textarea):not([type=hidden]):not([type=checkbox])",
        "id",
    );
    assert!(!ids.is_empty());
    for id in ids {
        assert_eq!(attribute(page, &format!("label[for={id}]"), "for"), [id]);
    }
}

/// Looks at what is typed, takes it in, and gives what the look said.
async fn entered(node: &Node, who: &Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let path = format!("/law/entered/{kind}/new");
    every_input_has_a_label(&get(node, who, &path).await);
    let looked = post(node, who, &path, fields).await;
    assert_eq!(looked.status(), StatusCode::OK, "{kind}");
    let changes = words(&html(looked).await, "#changes");
    let sure = [fields, &[("sure", "yes")]].concat();
    let done = post(node, who, &path, &sure).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER, "{kind}: {}", done.text().await.unwrap());
    assert_eq!(done.headers()["location"], format!("/law/entered/{kind}?done=kept"));
    changes
}

async fn confirm(node: &Node, who: &Browser, kind: &str, n: &str) -> StatusCode {
    let said = [("entry", n), ("source", "区政府公报 2026 年第 3 期")];
    post(node, who, &format!("/law/entered/{kind}"), &said).await.status()
}

#[tokio::test]
async fn a_power_is_entered_confirmed_ended_and_written_out() {
    let node = Node::start().await;
    node.hire("legal", "法制员甲", &[Role::LegalReviewer]).await;
    let (legal, admin, officer) =
        (node.browser("legal").await, node.browser("admin").await, node.browser("officer-a").await);
    let links = attribute(&get(&node, &officer, "/law").await, ".page-links a", "href");
    for kind in ["powers", "thresholds", "tiers", "tightened"] {
        assert!(links.contains(&format!("/law/entered/{kind}")), "{links:?}");
        let page = get(&node, &officer, &format!("/law/entered/{kind}")).await;
        assert!(attribute(&page, ".page-links a", "href").contains(&format!("/law/entered/{kind}/export")));
        let refused =
            officer.client.get(format!("{}/law/entered/{kind}/new", node.url)).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
    let power = [
        ("agency", "310118102"),
        ("items", "ZD-01、GG-*"),
        ("decision", "青府发〔2026〕8号"),
        ("given_by", "310118"),
        ("source", "区政府公报 2026 年第 3 期"),
        ("from", "2026-10-01"),
    ];
    let without: Vec<_> = power.iter().filter(|(name, _)| *name != "source").copied().collect();
    let wrong = post(&node, &admin, "/law/entered/powers/new", &without).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = html(wrong).await;
    assert!(words(&wrong, "#entered-source-fault").contains("公布的地方"));
    assert_eq!(
        attribute(&wrong, "#entered-decision", "value"),
        ["青府发〔2026〕8号"],
        "what was typed stays"
    );
    let changes = entered(&node, &admin, "powers", &power).await;
    assert!(changes.contains("青府发〔2026〕8号") && changes.contains("待法制审核人员确认"), "{changes}");
    let may = || {
        let law = node.app.directory().law.clone();
        law.may_handle("310118102", "ZD-01", jiff::civil::date(2026, 11, 23)).is_ok()
    };
    assert!(!may(), "nobody confirmed it");
    let page = get(&node, &officer, "/law/entered/powers").await;
    assert!(words(&page, "#entry-0").contains("确认前不生效"), "{}", words(&page, "#entry-0"));
    assert!(texts(&page, "#entry-0 form").is_empty(), "an officer confirms nothing");
    assert_eq!(confirm(&node, &admin, "powers", "0").await, StatusCode::FORBIDDEN);
    let empty = post(&node, &legal, "/law/entered/powers", &[("entry", "0")]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(confirm(&node, &legal, "powers", "0").await, StatusCode::SEE_OTHER);
    assert!(may());
    let page = get(&node, &officer, "/law/entered/powers").await;
    assert!(words(&page, "#entry-0").contains("法制员甲 对照"), "{}", words(&page, "#entry-0"));
    assert_eq!(confirm(&node, &legal, "powers", "0").await, StatusCode::CONFLICT);
    // It is changed from what there is, and the same again changes nothing.
    let from = get(&node, &legal, "/law/entered/powers/new?of=0").await;
    assert_eq!(attribute(&from, "#entered-items", "value"), ["ZD-01、GG-*"]);
    let again =
        post(&node, &legal, "/law/entered/powers/new", &[&power[..], &[("sure", "yes")]].concat()).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let out = officer.client.get(format!("{}/law/entered/powers/export", node.url)).send().await.unwrap();
    let out = out.text().await.unwrap();
    assert!(out.contains("青府发〔2026〕8号") && out.contains("310118101"), "{out}");
    // The register says who did what.
    let history = get(&node, &admin, "/law/entered/powers").await;
    assert_eq!(texts(&history, "#entries li").len(), 6);
}

#[tokio::test]
async fn sums_tiers_and_stricter_terms_are_entered_in_the_same_way() {
    let node = Node::start().await;
    node.hire("legal", "法制员甲", &[Role::LegalReviewer]).await;
    let legal = node.browser("legal").await;
    let day = jiff::civil::date(2026, 11, 23);
    let sums = [
        ("kind", "discussion"),
        ("jurisdiction", "SH"),
        ("person", "20000"),
        ("entity", "200000"),
        ("source", "本局重大案件集体讨论规定第 3 条"),
        ("from", "2026-01-01"),
    ];
    let changes = entered(&node, &legal, "thresholds", &sums).await;
    assert!(changes.contains("集体讨论") && changes.contains("20,000 元"), "{changes}");
    assert_eq!(confirm(&node, &legal, "thresholds", "0").await, StatusCode::SEE_OTHER);
    let place = Jurisdiction::parse("SH").unwrap();
    assert!(node.app.directory().law.threshold(ThresholdKind::Discussion, &place, day).is_some());

    let tiers = [
        ("jurisdiction", "SH"),
        ("title", "上海市城管执法裁量基准"),
        ("source", "沪城管规〔2026〕1号"),
        ("from", "2026-01-01"),
        ("tier1_title", "轻微"),
        ("tier1_when", "初次且未造成后果"),
        ("tier1_to", "20"),
        ("tier2_title", "一般"),
        ("tier2_when", "其他情形"),
        ("tier2_to", "100"),
    ];
    let changes = entered(&node, &legal, "tiers", &tiers).await;
    assert!(changes.contains("轻微 0%—20%"), "{changes}");
    assert_eq!(confirm(&node, &legal, "tiers", "0").await, StatusCode::SEE_OTHER);
    let item = get(&node, &legal, "/law/items/FS-03").await;
    assert!(words(&item, "#tiers").contains("初次且未造成后果"), "{}", words(&item, "#tiers"));

    let stricter =
        [("key", "decide.penalty"), ("n", "60"), ("source", "本局办案规定第 9 条"), ("from", "2026-01-01")];
    let loose: Vec<_> =
        stricter.iter().map(|(n, v)| if *n == "n" { (*n, "100") } else { (*n, *v) }).collect();
    let wrong = html(post(&node, &legal, "/law/entered/tightened/new", &loose).await).await;
    let said = words(&wrong, "#entered-n-fault");
    assert!(said.contains("第60条") && said.contains("不能放宽"), "{said}");
    entered(&node, &legal, "tightened", &stricter).await;
    let terms = words(&get(&node, &legal, "/law/terms").await, "[id='decide.penalty']");
    assert!(terms.contains("本机关从严：60 日"), "{terms}");
    assert_eq!(confirm(&node, &legal, "tightened", "0").await, StatusCode::SEE_OTHER);
    let page = words(&get(&node, &legal, "/law/entered/tightened").await, "#entry-0");
    assert!(page.contains("已确认") && page.contains("作出处罚决定"), "{page}");
}

/// `GET /api/v1/law/entered/{kind}`, and what is done with the list.
async fn listed(node: &Node, kind: &str) -> Value {
    let path = format!("/api/v1/law/entered/{kind}");
    let answer = node.get(&path).bearer_auth(node.token("officer-a").await).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{kind}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn the_api_tells_what_was_entered_with_its_source_and_who_stands_for_it_and_takes_it_in() {
    let node = Node::start().await;
    node.hire("legal", "法制员甲", &[Role::LegalReviewer]).await;
    for (kind, most) in [("powers", 5), ("thresholds", 2), ("tiers", 1), ("tightened", 0)] {
        let all = listed(&node, kind).await;
        let entries = all["entries"].as_array().unwrap();
        assert_eq!((all["kind"].as_str().unwrap(), entries.len() >= most), (kind, true), "{all}");
        assert!(entries.iter().all(|e| e["own"] == false && e["entered"].is_null()), "{all}");
    }
    let token = node.token("legal").await;
    let send = async |kind: &str, what: &str, token: &str, text: &str| {
        let path = format!("/api/v1/law/entered/{kind}/{what}");
        node.post(&path, &json!({ "toml": text })).bearer_auth(token).send().await.unwrap()
    };
    let power = r#"
        [[power]]
        agency = "310118102"
        items = ["ZD-01", "GG-*"]
        decision = "青府发〔2026〕8号"
        from = "310118"
        source = "区政府公报 2026 年第 3 期"
        standing = "official"
        in_force_from = "2026-10-01"
    "#;
    let officer = node.token("officer-a").await;
    let answer = send("powers", "changes", &officer, power).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN, "who keeps the law only");
    for wrong in ["[[power]]\nagency = 7", "[[threshold]]", "", &power.replace("ZD-01", "XX-99")] {
        let answer = send("powers", "changes", &token, wrong).await;
        let wrong = problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
        assert_eq!(wrong["field"], "toml", "{wrong}");
    }
    let looked: Value = send("powers", "changes", &token, power).await.json().await.unwrap();
    assert_eq!(looked[0]["lines"][0][0], "added", "{looked}");
    assert!(
        !listed(&node, "powers").await.to_string().contains("青府发〔2026〕8号"),
        "a look changes nothing"
    );
    let done = send("powers", "import", &token, power).await;
    assert_eq!(done.status(), StatusCode::OK);
    let again = send("powers", "import", &token, power).await;
    assert_eq!(again.status(), StatusCode::CONFLICT, "nothing is new");

    // It waits for a legal officer, whatever the file says.
    let first = listed(&node, "powers").await["entries"][0].clone();
    assert_eq!(
        (&first["own"], &first["counts"], &first["confirmed"]),
        (&json!(true), &json!(false), &Value::Null)
    );
    assert_eq!(first["source"], "区政府公报 2026 年第 3 期");
    assert_eq!(first["entered"]["by"], "法制员甲（执法局）");
    let since = node.app.now().as_microsecond() - first["entered"]["at"].as_i64().unwrap();
    assert!(since.abs() < 60_000_000, "when it was entered, micros: {since}");
    assert_eq!(first["content"]["items"], json!(["ZD-01", "GG-*"]));
    assert_eq!(first["content"]["standing"], "adopted");
    let legal = node.browser("legal").await;
    assert_eq!(confirm(&node, &legal, "powers", "0").await, StatusCode::SEE_OTHER);
    let first = listed(&node, "powers").await["entries"][0].clone();
    assert_eq!((&first["counts"], &first["confirmed"]["by"]), (&json!(true), &json!("法制员甲")));

    // Who entered the first one stays, when another enters a second one; and all that was written out changes nothing.
    let second = power.replace("8号", "9号").replace("2026-10-01", "2026-11-01");
    let admin = node.token("admin").await;
    assert_eq!(send("powers", "import", &admin, &second).await.status(), StatusCode::OK);
    let both = listed(&node, "powers").await;
    let by = |decision: &str| {
        let entries = both["entries"].as_array().unwrap();
        let found = entries.iter().find(|e| e["content"]["decision"] == decision).unwrap();
        found["entered"]["by"].as_str().unwrap().to_owned()
    };
    assert_eq!(by("青府发〔2026〕8号"), "法制员甲（执法局）");
    assert_ne!(by("青府发〔2026〕9号"), "法制员甲（执法局）");
    let out = legal.client.get(format!("{}/law/entered/powers/export", node.url)).send().await.unwrap();
    let out = out.text().await.unwrap();
    let same: Value = send("powers", "changes", &token, &out).await.json().await.unwrap();
    assert!(same.as_array().unwrap().iter().all(|change| change["lines"] == json!([])), "{same}");

    // A term that would be loosened is refused with its article; there are four kinds.
    let loose =
        "[[tighten]]\nkey = \"decide.penalty\"\nn = 100\nsource = \"本局\"\nin_force_from = \"2026-01-01\"";
    let answer = send("tightened", "import", &token, loose).await;
    let refused = problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
    assert!(refused["detail"].as_str().unwrap().contains("第60条"), "{refused}");
    let none = node.get("/api/v1/law/entered/anything").bearer_auth(&token).send().await.unwrap();
    assert_eq!(none.status(), StatusCode::NOT_FOUND);
}
