//! What can be seen from outside: the API's own description, headers, health, the log.

use crate::node::{Node, problem};
use reqwest::{Method, StatusCode};
use serde_json::Value;

#[tokio::test]
async fn the_document_names_what_is_there_and_what_is_there_is_named() {
    let node = Node::start().await;
    let document: Value = node.get("/api/openapi.json").send().await.unwrap().json().await.unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let token = node.token("admin").await;
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let real = path
            .replace("{id}", "1")
            .replace("{number}", "X-1")
            .replace("{by}", "stage")
            .replace("{kind}", "tiers")
            .replace("{form}", "lead")
            .replace("{item}", "FS-03")
            .replace("{code}", "FS-03")
            .replace("{party}", "1")
            .replace("{docket}", "1")
            .replace("{thing}", "1")
            .replace("{node}", "310118")
            .replace("{seq}", "0");
        let real = real.replace("{register}", "unit").replace("{key}", "none").replace("{unit}", "squad-a");
        assert!(!real.contains('{'), "{path}: give the test a value");
        for method in methods.as_object().unwrap().keys() {
            operations += 1;
            if path == "/api/v1/stream" {
                continue; // Does not end by itself; tests/live.rs has it.
            }
            let method: Method = method.to_ascii_uppercase().parse().unwrap();
            let answer = node.request(method.clone(), &real).bearer_auth(&token).send().await.unwrap();
            assert_ne!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path} is not there");
            let text = answer.text().await.unwrap();
            assert!(
                !text.contains("no-such-address") || path.starts_with("/files"),
                "{method} {path} is not there"
            );
        }
        // What the document does not name for this path is not there.
        for method in ["get", "post", "put", "patch", "delete"] {
            if methods.get(method).is_none() {
                let method: Method = method.to_ascii_uppercase().parse().unwrap();
                let answer = node.request(method.clone(), &real).bearer_auth(&token).send().await.unwrap();
                assert!(
                    matches!(
                        answer.status(),
                        StatusCode::METHOD_NOT_ALLOWED | StatusCode::PRECONDITION_FAILED
                    ),
                    "{method} {path} is there and not named: {}",
                    answer.status()
                );
            }
        }
    }
    assert!(operations >= 35, "{operations}");
    let page = node.get("/api").send().await.unwrap().text().await.unwrap();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.contains(path.as_str()), "{path} is missing on the page");
    }
}

#[tokio::test]
async fn every_page_carries_the_headers_that_protect() {
    let node = Node::start().await;
    let id = node.report().await["id"].as_i64().unwrap();
    let browser = node.browser("admin").await;
    let matter = format!("/matters/{id}");
    for path in [
        "/",
        "/sign-in",
        "/report",
        "/follow",
        "/district",
        "/public",
        "/public/decisions",
        "/public/annual",
        "/check",
        "/privacy",
        "/todo",
        "/desk",
        "/matters",
        "/cooperation",
        "/cooperation/new/lead",
        &matter,
        "/register",
        "/duty",
        "/duty/roster",
        "/stats",
        "/payments",
        "/payments/books",
        "/goods",
        "/map",
        "/account",
        "/admin",
        "/api",
        "/nothing",
        "/healthz",
        "/log/key",
    ] {
        let answer = browser
            .client
            .get(format!("{}{path}", node.url))
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        assert!(answer.status() != StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        let header = |name: &str| answer.headers().get(name).map(|v| v.to_str().unwrap()).unwrap_or_default();
        let csp = header("content-security-policy");
        assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe"), "{path}: {csp}");
        assert!(csp.contains("frame-ancestors 'none'") && csp.contains("form-action 'self'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert!(!header("permissions-policy").is_empty(), "{path}");
        assert!(!header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn pages_keep_to_the_policy_they_carry() {
    let node = Node::with(|config| config.style_page = true).await;
    let id = node.report().await["id"].as_i64().unwrap();
    let browser = node.browser("admin").await;
    let inline =
        scraper::Selector::parse("script:not([src]), style, [style], [onclick], [onload], [onerror]")
            .unwrap();
    let outside =
        scraper::Selector::parse("[src^='http'], link[href^='http'], form[action^='http']").unwrap();
    let matter = format!("/matters/{id}");
    let route = format!("{matter}?tab=route");
    let print = format!("{matter}/print");
    let mut pages = Vec::new();
    for path in [
        "/sign-in",
        "/report",
        "/follow",
        "/district",
        "/public",
        "/public/decisions",
        "/public/annual",
        "/check",
        "/privacy",
        "/todo",
        "/desk",
        "/matters",
        &matter,
        &route,
        &print,
        "/matters/views",
        "/law",
        "/law/items/FS-03",
        "/law/calculator?what=term&key=pay.fine&from=2026-09-16",
        "/law/benchmarks",
        "/cases/stats",
        "/stats",
        "/stats/report/2026-11",
        "/map",
        "/duty",
        "/duty/roster",
        "/register",
        "/style",
        "/wall",
        "/account",
        "/admin",
        "/admin/units",
        "/admin/people",
        "/admin/people/edit?code=officer-a",
        "/admin/grids",
        "/admin/grids/draw",
        "/admin/categories",
        "/admin/addresses",
        "/admin/law",
        "/admin/law/term?code=service.accept",
        "/admin/law/year",
        "/admin/settings",
        "/admin/import",
        "/admin/policy",
        "/admin/access",
        "/admin/audit",
        "/nothing",
        "/api",
    ] {
        pages.push((&browser, path));
    }
    // The board is for those who dispatch.
    let dispatcher = node.browser("dispatch").await;
    pages.push((&dispatcher, "/board"));
    for (browser, path) in pages {
        let answer = browser
            .client
            .get(format!("{}{path}", node.url))
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        let expected = match path {
            "/sign-in" => StatusCode::SEE_OTHER,
            "/nothing" => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        };
        assert_eq!(answer.status(), expected, "{path}");
        let page = scraper::Html::parse_document(&answer.text().await.unwrap());
        for (what, selector) in [("inline", &inline), ("from elsewhere", &outside)] {
            let found: Vec<String> =
                page.select(selector).map(|e| e.html().chars().take(120).collect()).collect();
            assert!(found.is_empty(), "{path}: {what}: {found:?}");
        }
    }
}

#[tokio::test]
async fn operators_see_health_readiness_and_counters() {
    let node = Node::start().await;
    assert_eq!(node.get("/healthz").send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(node.get("/readyz").send().await.unwrap().status(), StatusCode::OK);
    node.report().await;
    let metrics = node.get("/metrics").send().await.unwrap().text().await.unwrap();
    for name in [
        "lianzhi_http_requests_total",
        "lianzhi_http_request_seconds_bucket",
        "lianzhi_intake_total",
        "lianzhi_log_size",
        "lianzhi_queue_depth",
    ] {
        assert!(metrics.contains(name), "{name} is missing");
    }
    assert!(metrics.contains("route=\"/api/v1/reports\""), "routes are counted by pattern");
    // Through a proxy the counters are for administrators only.
    let outside = node.get("/metrics").header("x-forwarded-for", "198.51.100.1").send().await.unwrap();
    problem(outside, StatusCode::UNAUTHORIZED, "sign-in-required").await;
    let admin = node.token("admin").await;
    let admin = node
        .get("/metrics")
        .header("x-forwarded-for", "198.51.100.1")
        .bearer_auth(admin)
        .send()
        .await
        .unwrap();
    assert_eq!(admin.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_log_is_there_for_everybody_to_check() {
    let node = Node::with(|config| config.rates.intake = (1000, 1000)).await;
    futures::future::join_all((0..260).map(|_| node.report())).await;
    node.app.integrate_log().await;
    let note = node.get("/log/checkpoint").send().await.unwrap();
    assert_eq!(note.headers()["cache-control"], "no-cache");
    let note = note.text().await.unwrap();
    let key = node.get("/log/key").send().await.unwrap().text().await.unwrap();
    let name = key.split('+').next().unwrap();
    assert_eq!(note.lines().next().unwrap(), name, "{note}{key}");
    let size: u64 = note.lines().nth(1).unwrap().parse().unwrap();
    assert!(size > 256);
    let full = node.get("/log/tile/0/000").send().await.unwrap();
    assert_eq!(full.status(), StatusCode::OK);
    assert!(full.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(full.bytes().await.unwrap().len(), 256 * 32);
    let width = size % 256;
    let partial = node.get(&format!("/log/tile/0/{:03}.p/{width}", size / 256)).send().await.unwrap();
    assert_eq!(partial.status(), StatusCode::OK);
    assert!(!partial.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(partial.bytes().await.unwrap().len() as u64, width * 32);
    assert_eq!(node.get("/log/tile/0/999").send().await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(node.get("/log/tile/0/../../secret").send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn look_ups_answer_everybody() {
    let node = Node::start().await;
    let text = crate::main_job::percent("饭店把桌椅摆到人行道上占道经营");
    let suggested: Value =
        node.get(&format!("/api/v1/suggest?text={text}")).send().await.unwrap().json().await.unwrap();
    assert!(suggested.as_array().unwrap().len() <= 3);
    let place: Value =
        node.get("/api/v1/place?lng=121.02&lat=31.02").send().await.unwrap().json().await.unwrap();
    assert_eq!(place["unit"], "squad-a");
    let none = node.get("/api/v1/place").send().await.unwrap();
    assert_eq!(problem(none, StatusCode::BAD_REQUEST, "parameter").await["field"], "address");
    let categories: Value = node.get("/api/v1/categories").send().await.unwrap().json().await.unwrap();
    assert_eq!(categories.as_array().unwrap().len(), 2);
    let token = node.token("officer-a").await;
    let me: Value = node.get("/api/v1/me").bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!((&me["code"], &me["roles"][0]), (&"officer-a".into(), &"officer".into()));
    let policy: Value =
        node.get("/api/v1/policy").bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert!(policy["rules"].as_array().unwrap().len() > 30);
}
