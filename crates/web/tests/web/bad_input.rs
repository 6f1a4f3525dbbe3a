//! Bad input: each refused or neutralised with a message that helps, and nothing half-written.

use crate::main_job::percent;
use crate::node::{Node, encode, problem};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn entries(node: &Node) -> i64 {
    node.app.store().journal.head().await.unwrap().size
}

#[tokio::test]
async fn what_is_wrong_with_a_report_is_said_and_nothing_is_written() {
    let node = Node::with(|config| config.rates.intake = (1000, 1000)).await;
    let before = entries(&node).await;
    let later = node.app.now().checked_add(SignedDuration::from_hours(1)).unwrap();
    let send = async |body: Value| node.post("/api/v1/reports", &body).send().await.unwrap();
    let invalid = async |body: Value, field: &str| {
        let found =
            problem(send(body.clone()).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
        assert_eq!(found["field"], field, "{body}: {found}");
    };
    invalid(json!({}), "description").await;
    invalid(json!({ "description": "店".repeat(10_001) }), "description").await;
    invalid(json!({ "description": "x", "place": { "lng": 200.0, "lat": 31.0 } }), "place").await;
    invalid(json!({ "description": "x", "place": { "lng": 121.0 } }), "place").await;
    invalid(json!({ "description": "x", "place": { "lng": 121.0, "lat": 31.0, "crs": "火星" } }), "place")
        .await;
    invalid(json!({ "description": "x", "category": "E99999" }), "category").await;
    invalid(json!({ "description": "x", "category": "../../etc" }), "category").await;
    invalid(
        json!({ "description": "x", "contact": { "name": "名".repeat(10_000), "phone": "" } }),
        "contact",
    )
    .await;
    invalid(json!({ "description": "x", "occurred_at": later.to_string() }), "occurred_at").await;
    invalid(json!({ "description": "x", "exhibits": ["00".repeat(32)] }), "exhibits").await;
    // Wrong shapes name the field, too.
    for body in [json!({ "description": 5 }), json!({ "description": "x", "exhibits": "no" }), json!([1])] {
        problem(send(body).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
    }
    assert_eq!(entries(&node).await, before, "a refused report left something behind");
}

#[tokio::test]
async fn a_place_outside_the_territory_is_taken_and_said_so() {
    let node = Node::start().await;
    let body = json!({ "description": "外地的店外经营", "place": { "lng": 100.0, "lat": 25.0 } });
    let answer = node.post("/api/v1/reports", &body).send().await.unwrap();
    // Never silently given to somebody: refused with the field, or put aside for a person to place.
    match answer.status() {
        StatusCode::CREATED => assert_eq!(answer.json::<Value>().await.unwrap()["stage"], "pooled"),
        status => {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(answer.json::<Value>().await.unwrap()["field"], "place");
        }
    }
}

#[tokio::test]
async fn requests_that_are_no_requests_get_a_problem_of_their_own() {
    let node = Node::with(|config| config.rates.intake = (1000, 1000)).await;
    let raw = |kind: &'static str, body: Vec<u8>| {
        node.request(Method::POST, "/api/v1/reports").header("content-type", kind).body(body).send()
    };
    let syntax = raw("application/json", b"{\"description\": ".to_vec()).await.unwrap();
    let syntax = problem(syntax, StatusCode::BAD_REQUEST, "json-syntax").await;
    assert!(syntax["rule"].as_str().unwrap().contains("第 1 行"));
    let gb18030 = raw("application/json", b"{\"description\":\"\xb5\xea\xcd\xe2\"}".to_vec()).await.unwrap();
    problem(gb18030, StatusCode::BAD_REQUEST, "encoding").await;
    let form = raw("text/plain", b"description=x".to_vec()).await.unwrap();
    problem(form, StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type").await;
    let large = raw("application/json", vec![b' '; 2 * 1024 * 1024]).await.unwrap();
    problem(large, StatusCode::PAYLOAD_TOO_LARGE, "too-large").await;
    let deep = raw("application/json", "[".repeat(100_000).into_bytes()).await.unwrap();
    problem(deep, StatusCode::BAD_REQUEST, "json-syntax").await;

    problem(node.get("/api/v1/nothing").send().await.unwrap(), StatusCode::NOT_FOUND, "no-such-address")
        .await;
    let method = node.request(Method::DELETE, "/api/v1/reports").send().await.unwrap();
    assert!(method.headers()["allow"].to_str().unwrap().contains("POST"));
    problem(method, StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed").await;
    let long = node.get(&format!("/api/v1/matters?q={}", "a".repeat(9000))).send().await.unwrap();
    problem(long, StatusCode::URI_TOO_LONG, "address-too-long").await;

    let token = node.token("dispatch").await;
    let get = async |path: &str| node.get(path).bearer_auth(&token).send().await.unwrap();
    let slip =
        problem(get("/api/v1/matters?stag=closed").await, StatusCode::BAD_REQUEST, "unknown-parameter").await;
    assert_eq!(slip["field"], "stag");
    problem(get("/api/v1/matters?limit=201").await, StatusCode::BAD_REQUEST, "parameter").await;
    problem(get("/api/v1/matters?limit=many").await, StatusCode::BAD_REQUEST, "parameter").await;
    assert_eq!(get("/api/v1/matters?q=%B5%EA").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(get("/api/v1/matters?bbox=1,2,3").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(get("/api/v1/matters?cursor=made-up").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(get("/api/v1/matters/abc").await.status(), StatusCode::BAD_REQUEST);
    problem(get("/api/v1/matters/999999").await, StatusCode::NOT_FOUND, "not-found").await;
}

#[tokio::test]
async fn a_page_is_told_in_words_and_a_program_in_json() {
    let node = Node::start().await;
    let page = node.get("/nothing").header("accept", "text/html,*/*").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let page = page.text().await.unwrap();
    assert!(page.contains("没有这个地址") && !page.contains("/api"), "a page is for people: {page}");
    problem(node.get("/nothing").send().await.unwrap(), StatusCode::NOT_FOUND, "no-such-address").await;
}

#[tokio::test]
async fn somebody_elses_matter_is_neither_shown_nor_changed() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let other = node.token("officer-b").await;
    for path in ["", "/entries", "/offers", "/bundle", "/proof", "/exhibits"] {
        let answer =
            node.get(&format!("/api/v1/matters/{id}{path}")).bearer_auth(&other).send().await.unwrap();
        problem(answer, StatusCode::NOT_FOUND, "not-found").await;
    }
    let before = entries(&node).await;
    let body = json!({ "command": "accept" });
    let answer =
        node.post(&format!("/api/v1/matters/{id}/commands"), &body).bearer_auth(&other).send().await.unwrap();
    problem(answer, StatusCode::NOT_FOUND, "not-found").await;
    assert_eq!(entries(&node).await, before);
    let list: Value =
        node.get("/api/v1/matters").bearer_auth(&other).send().await.unwrap().json().await.unwrap();
    assert_eq!(list["matters"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn what_the_node_does_by_itself_cannot_be_asked_from_outside() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let token = node.token("dispatch").await;
    for body in [
        json!({ "command": "tick" }),
        json!({ "command": "recompute" }),
        json!({ "command": "absorb", "from": id }),
        json!({ "command": "lead_settled", "lead": id, "outcome": null }),
        json!({ "command": "register", "source": "citizen", "narrative": "x" }),
        json!({ "command": "no_such_command" }),
    ] {
        let answer = node
            .post(&format!("/api/v1/matters/{id}/commands"), &body)
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_client_error(), "{body}: {}", answer.status());
    }
}

#[tokio::test]
async fn a_replayed_request_is_answered_once_and_done_once() {
    let node = Node::start().await;
    let body = json!({ "description": "店外经营占道", "place": { "lng": 121.02, "lat": 31.02 } });
    let send =
        |body: &Value, key: &str| node.post("/api/v1/reports", body).header("idempotency-key", key).send();
    let first: Value = send(&body, "key-00000001").await.unwrap().json().await.unwrap();
    let size = entries(&node).await;
    let again: Value = send(&body, "key-00000001").await.unwrap().json().await.unwrap();
    assert_eq!(first, again, "the same answer, the follow code included");
    assert_eq!(entries(&node).await, size);
    let other = json!({ "description": "另一件事" });
    let reused = send(&other, "key-00000001").await.unwrap();
    assert!(
        matches!(reused.status(), StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY),
        "{}",
        reused.status()
    );
    assert_eq!(entries(&node).await, size);
    let fresh: Value = send(&body, "key-00000002").await.unwrap().json().await.unwrap();
    assert_ne!(first["id"], fresh["id"]);
    problem(send(&body, "short").await.unwrap(), StatusCode::BAD_REQUEST, "idempotency-key").await;
}

#[tokio::test]
async fn a_replayed_form_of_the_public_registers_nothing_twice() {
    let node = Node::start().await;
    let page = node.get("/report").header("accept", "text/html").send().await.unwrap().text().await.unwrap();
    let page = scraper::Html::parse_document(&page);
    let hidden = scraper::Selector::parse("form[action='/report'] input[name='form']").unwrap();
    let key = page
        .select(&hidden)
        .next()
        .expect("the form has a one-time key")
        .value()
        .attr("value")
        .unwrap()
        .to_owned();
    let fields = [
        ("form", key.as_str()),
        ("description", "漕平路店外经营占道"),
        ("address", "漕平路 118 号"),
        ("category", "E09005"),
    ];
    let send = || {
        node.request(Method::POST, "/report")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .body(encode(&fields))
            .send()
    };
    let first = send().await.unwrap();
    assert!(
        first.status().is_success() || first.status().is_redirection(),
        "{}",
        first.text().await.unwrap()
    );
    let size = entries(&node).await;
    send().await.unwrap();
    assert_eq!(entries(&node).await, size);
}

#[tokio::test]
async fn markup_in_texts_is_text_everywhere() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let attack = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"{{7*7}}";
    let body = json!({
        "description": attack, "place": { "lng": 121.02, "lat": 31.02, "address": attack },
        "contact": { "name": "<b onclick=alert(3)>", "phone": "" },
    });
    let receipt: Value = node.post("/api/v1/reports", &body).send().await.unwrap().json().await.unwrap();
    let id = receipt["id"].as_i64().unwrap();
    let browser = node.browser("dispatch").await;
    let number = receipt["number"].as_str().unwrap();
    let code = receipt["follow_code"].as_str().unwrap();
    let follow = node
        .request(Method::POST, "/follow")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .body(encode(&[("number", number), ("code", code)]))
        .send()
        .await
        .unwrap();
    let follow = follow.text().await.unwrap();
    assert!(follow.contains(number), "{follow}");
    assert!(!follow.contains("<script>alert") && !follow.contains("<img src=x"));
    let search = format!("/matters?q={}", percent(attack));
    for path in [format!("/matters/{id}"), "/matters".into(), "/desk".into(), search] {
        let answer = browser
            .client
            .get(format!("{}{path}", node.url))
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        let text = answer.text().await.unwrap();
        assert!(!text.contains("<script>alert"), "{path}");
        assert!(!text.contains("<img src=x"), "{path}");
    }
}

#[tokio::test]
async fn names_of_ten_thousand_characters_end_at_the_door() {
    let node = Node::start().await;
    let long = "长".repeat(10_000);
    let admin = node.token("admin").await;
    let record = json!({ "code": "squad-x", "name": long });
    let put = node
        .request(Method::PUT, "/api/v1/registers/unit/squad-x")
        .json(&record)
        .bearer_auth(&admin)
        .send()
        .await
        .unwrap();
    assert_eq!(problem(put, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await["field"], "name");
    let sign_in = node
        .request(Method::POST, "/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode(&[("login", &long), ("password", &long)]))
        .send()
        .await
        .unwrap();
    assert!(sign_in.status().is_client_error() || sign_in.status() == StatusCode::OK);
    assert!(!sign_in.headers().contains_key("set-cookie"));
}
