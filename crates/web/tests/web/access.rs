//! Who gets in, with what, and how often.

use crate::node::{Node, PASSWORD, encode, problem};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn what_needs_a_person_is_refused_to_the_public_with_the_way_in() {
    let node = Node::start().await;
    for path in ["/api/v1/matters", "/api/v1/me", "/api/v1/stats/stage", "/api/v1/stream", "/api/v1/tokens"] {
        let answer = node.get(path).send().await.unwrap();
        assert!(answer.headers().contains_key("www-authenticate"), "{path}");
        problem(answer, StatusCode::UNAUTHORIZED, "sign-in-required").await;
    }
    // A browser is led to the sign-in page and back.
    let answer = node.get("/desk").header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/sign-in?next=%2Fdesk");
}

#[tokio::test]
async fn a_token_that_is_wrong_expired_or_revoked_is_no_token() {
    let node = Node::start().await;
    let token = node.token("officer-a").await;
    let me = async |token: &str| node.get("/api/v1/me").bearer_auth(token).send().await.unwrap();
    assert_eq!(me(&token).await.status(), StatusCode::OK);
    assert_eq!(me("made-up").await.status(), StatusCode::UNAUTHORIZED);
    let other =
        node.get("/api/v1/me").header("authorization", "Basic b2ZmaWNlcjphYmM=").send().await.unwrap();
    problem(other, StatusCode::UNAUTHORIZED, "bad-token").await;
    // Even where the public may go, a bad token is told: whoever sends one does not mean to be anonymous.
    let report = node
        .post("/api/v1/reports", &json!({ "description": "x" }))
        .bearer_auth("made-up")
        .send()
        .await
        .unwrap();
    assert_eq!(report.status(), StatusCode::UNAUTHORIZED);

    let browser = node.browser("officer-a").await;
    let tokens: Value =
        browser.client.get(format!("{}/api/v1/tokens", node.url)).send().await.unwrap().json().await.unwrap();
    let id = tokens[0]["id"].as_str().unwrap();
    assert!(!tokens.to_string().contains(&token), "a list of tokens never shows one");
    let revoke = browser
        .client
        .delete(format!("{}/api/v1/tokens/{id}", node.url))
        .header("x-csrf-token", &browser.csrf)
        .send()
        .await
        .unwrap();
    assert_eq!(revoke.status(), StatusCode::NO_CONTENT);
    assert_eq!(me(&token).await.status(), StatusCode::UNAUTHORIZED);

    let short = node.token("officer-b").await;
    node.hands.forward(SignedDuration::from_hours(24 * 31));
    assert_eq!(me(&short).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_reaches_as_far_as_its_scopes() {
    let node = Node::start().await;
    let id = node.report().await["id"].as_i64().unwrap();
    let read = node.token_for("dispatch", &["read"]).await;
    let report = node.token_for("hotline", &["report"]).await;
    assert_eq!(node.get("/api/v1/matters").bearer_auth(&read).send().await.unwrap().status(), StatusCode::OK);
    let body = json!({ "command": "classify", "category": "09001" });
    let command =
        node.post(&format!("/api/v1/matters/{id}/commands"), &body).bearer_auth(&read).send().await.unwrap();
    problem(command, StatusCode::FORBIDDEN, "scope").await;
    let list = node.get("/api/v1/matters").bearer_auth(&report).send().await.unwrap();
    problem(list, StatusCode::FORBIDDEN, "scope").await;
    let body = json!({
        "description": "来电反映店外经营", "place": { "address": "漕平路 5 号" }, "source": "hotline",
        "external": { "system": "12345", "number": "HL-1" },
    });
    let taken = node.post("/api/v1/reports", &body).bearer_auth(&report).send().await.unwrap();
    assert_eq!(taken.status(), StatusCode::CREATED, "{}", taken.text().await.unwrap());
}

#[tokio::test]
async fn a_token_cannot_make_another_that_outlives_it() {
    let node = Node::start().await;
    let admin = node.token("admin").await;
    let body = json!({ "name": "more", "scopes": ["admin"], "days": 3650 });
    let answer = node.post("/api/v1/tokens", &body).bearer_auth(&admin).send().await.unwrap();
    problem(answer, StatusCode::FORBIDDEN, "token-by-token").await;
}

#[tokio::test]
async fn the_public_may_not_report_in_the_name_of_others() {
    let node = Node::start().await;
    let body = json!({ "description": "店外经营", "place": { "address": "漕平路" }, "source": "hotline" });
    let answer = node.post("/api/v1/reports", &body).send().await.unwrap();
    assert!(
        matches!(answer.status(), StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED),
        "{}",
        answer.status()
    );
}

#[tokio::test]
async fn a_session_signs_in_acts_and_signs_out() {
    let node = Node::start().await;
    let browser = node.browser("dispatch").await;
    let me = || browser.client.get(format!("{}/api/v1/me", node.url)).send();
    assert_eq!(me().await.unwrap().status(), StatusCode::OK);
    let out = browser
        .client
        .post(format!("{}/sign-out", node.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode(&[("csrf", &browser.csrf)]))
        .send()
        .await
        .unwrap();
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert_eq!(me().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let node = Node::with(|config| {
        config.secure_cookies = true;
        config.cookie_suffix = "-310118".into();
    })
    .await;
    let answer = node
        .request(Method::POST, "/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode(&[("login", "dispatch"), ("password", PASSWORD)]))
        .send()
        .await
        .unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    for part in ["__Host-lianzhi-310118=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    assert!(answer.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn a_session_is_not_ridden_by_other_sites() {
    let node = Node::start().await;
    let id = node.report().await["id"].as_i64().unwrap();
    let browser = node.browser("dispatch").await;
    let body = json!({ "command": "classify", "category": "09001" });
    let send = |token: Option<&str>, extra: Option<(&'static str, &'static str)>| {
        let mut request =
            browser.client.post(format!("{}/api/v1/matters/{id}/commands", node.url)).json(&body);
        if let Some(token) = token {
            request = request.header("x-csrf-token", token);
        }
        if let Some((name, value)) = extra {
            request = request.header(name, value);
        }
        request.send()
    };
    problem(send(None, None).await.unwrap(), StatusCode::FORBIDDEN, "foreign-form").await;
    problem(send(Some("guessed"), None).await.unwrap(), StatusCode::FORBIDDEN, "foreign-form").await;
    let foreign = Some(("origin", "https://evil.example"));
    problem(send(Some(&browser.csrf), foreign).await.unwrap(), StatusCode::FORBIDDEN, "foreign-form").await;
    let cross = Some(("sec-fetch-site", "cross-site"));
    problem(send(Some(&browser.csrf), cross).await.unwrap(), StatusCode::FORBIDDEN, "foreign-form").await;
    assert_eq!(send(Some(&browser.csrf), None).await.unwrap().status(), StatusCode::OK);

    // A form of a page carries the token as a field.
    let form = |csrf: &str| {
        browser
            .client
            .post(format!("{}/matters/{id}/commands/classify", node.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(&[("csrf", csrf), ("category", "E09005")]))
            .send()
    };
    assert_eq!(form("").await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(form(&browser.csrf).await.unwrap().status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_public_is_slowed_down_where_it_costs_or_could_guess() {
    let node = Node::with(|config| {
        config.rates.intake = (2, 1);
        config.rates.follow = (3, 1);
        config.rates.sign_in = (2, 1);
    })
    .await;
    node.report().await;
    node.report().await;
    let third = node.post("/api/v1/reports", &json!({ "description": "店外经营" })).send().await.unwrap();
    let wait: u64 = third.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait));
    problem(third, StatusCode::TOO_MANY_REQUESTS, "too-often").await;
    // People at work are not.
    let token = node.token("hotline").await;
    let body = json!({ "description": "来电反映店外经营", "place": { "address": "漕平路" } });
    let staff = node.post("/api/v1/reports", &body).bearer_auth(&token).send().await.unwrap();
    assert_eq!(staff.status(), StatusCode::CREATED);

    let guess = || node.get("/api/v1/follow/X-1").header("x-follow-code", "AAAAAAAA").send();
    for _ in 0..3 {
        assert_eq!(guess().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
    problem(guess().await.unwrap(), StatusCode::TOO_MANY_REQUESTS, "too-often").await;

    let sign_in = || {
        node.request(Method::POST, "/sign-in")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(&[("login", "nobody"), ("password", "wrong")]))
            .send()
    };
    for _ in 0..2 {
        assert_ne!(sign_in().await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(sign_in().await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_address_is_believed_only_from_a_trusted_proxy() {
    let strict = Node::with(|config| config.rates.intake = (1, 1)).await;
    let report = |node: &Node, address: &str| {
        node.post("/api/v1/reports", &json!({ "description": "店外经营占道" }))
            .header("x-forwarded-for", address)
            .send()
    };
    assert_eq!(report(&strict, "198.51.100.1").await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(report(&strict, "198.51.100.2").await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);

    let behind = Node::with(|config| {
        config.rates.intake = (1, 1);
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    assert_eq!(report(&behind, "198.51.100.1").await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(report(&behind, "198.51.100.2").await.unwrap().status(), StatusCode::CREATED);
    // What stands left of the proxy's own word is hearsay.
    assert_eq!(
        report(&behind, "203.0.113.9, 198.51.100.2").await.unwrap().status(),
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn particulars_are_shown_for_a_reason_and_every_look_is_recorded() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let path = format!("/api/v1/matters/{id}/contact");
    let look = async |login: &str, why: &str| {
        let token = node.token(login).await;
        node.post(&path, &json!({ "why": why })).bearer_auth(token).send().await.unwrap()
    };
    let shown: Value = look("officer-a", "电话核实地点").await.json().await.unwrap();
    assert_eq!(shown["phone"], "13800001234");
    assert_eq!(look("officer-a", " ").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(look("auditor", "好奇").await.status(), StatusCode::FORBIDDEN);
    problem(look("officer-b", "好奇").await, StatusCode::NOT_FOUND, "not-found").await;

    node.app.flush_access().await;
    let auditor = node.token("auditor").await;
    let log: Value = node
        .get(&format!("/api/v1/access?matter={id}"))
        .bearer_auth(&auditor)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let looks: Vec<_> = log.as_array().unwrap().iter().filter(|l| l["action"] == "particulars").collect();
    assert_eq!(looks.len(), 1, "{log}");
    assert_eq!(looks[0]["actor"], "person:officer-a");
    assert!(looks[0]["detail"].as_str().unwrap().contains("电话核实地点"));
}
