//! The main job: from a citizen's report to a closed file, through the API alone.

use crate::node::{Node, problem};
use reqwest::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_report_goes_from_a_citizen_to_a_named_officer_to_a_closed_file() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let receipt = node.report().await;
    let id = receipt["id"].as_i64().unwrap();
    for field in ["number", "follow_code", "stage", "grid", "unit", "assignee", "due"] {
        assert!(receipt[field].is_string(), "{field}: {receipt}");
    }
    assert_eq!(receipt["unit"], "squad-a");
    assert_eq!(receipt["assignee"], "officer-a");
    assert_eq!(receipt["grid"], "310118104000001");
    assert_eq!(receipt["stage"], "assigned");

    let officer = node.token("officer-a").await;
    let offers: Value = node
        .get(&format!("/api/v1/matters/{id}/offers"))
        .bearer_auth(&officer)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let accept = offers.as_array().unwrap().iter().find(|o| o["command"] == "accept").unwrap();
    assert_eq!(accept["schema"]["properties"]["command"]["const"], "accept");

    node.command(&officer, id, json!({ "command": "accept" })).await;
    node.command(&officer, id, json!({ "command": "arrive", "lng": 121.02, "lat": 31.02 })).await;
    let photo = crate::files::upload(&node, Some(&officer), &crate::files::png(64, 48)).await;
    node.command(
        &officer,
        id,
        json!({ "command": "handle", "fields": { "outcome": "dissuaded", "note": "当场劝离，已收摊", "after": [photo] } }),
    )
    .await;
    let verifier = node.token("verify").await;
    node.command(&verifier, id, json!({ "command": "verify", "passed": true })).await;
    node.command(
        &officer,
        id,
        json!({ "command": "answer", "text": "已到场劝离，谢谢您的监督。", "channel": "message" }),
    )
    .await;
    let done = node.command(&node.token("dispatch").await, id, json!({ "command": "close" })).await;
    assert_eq!(done["stage"], "closed");

    let one: Value = node
        .get(&format!("/api/v1/matters/{id}"))
        .bearer_auth(&officer)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(one["matter"]["open"], false);
    assert_eq!(one["matter"]["category"], "E09005");
    assert_eq!(one["exhibits"].as_array().unwrap().len(), 1);

    let entries: Value = node
        .get(&format!("/api/v1/matters/{id}/entries"))
        .bearer_auth(&officer)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(entries.as_array().unwrap().len() >= 7);

    // The one who reported follows it with number and code, and sees nothing but public fields.
    let number = receipt["number"].as_str().unwrap();
    let follow = node
        .get(&format!("/api/v1/follow/{}", percent(number)))
        .header("x-follow-code", receipt["follow_code"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(follow.status(), StatusCode::OK);
    let follow = follow.text().await.unwrap();
    assert!(follow.contains("已到场劝离"));
    assert!(!follow.contains("13800001234") && !follow.contains("张三"), "particulars in a public answer");

    let rated = node
        .post(
            &format!("/api/v1/follow/{}/commands", percent(number)),
            &json!({ "command": "rate", "stars": 5 }),
        )
        .header("x-follow-code", receipt["follow_code"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(rated.status(), StatusCode::OK, "{}", rated.text().await.unwrap());

    let bundle =
        node.get(&format!("/api/v1/matters/{id}/bundle")).bearer_auth(&officer).send().await.unwrap();
    assert_eq!(bundle.status(), StatusCode::OK);
    assert!(bundle.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(!bundle.bytes().await.unwrap().is_empty());
}

pub fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[tokio::test]
async fn lists_page_filter_and_count() {
    let node = Node::start().await;
    for _ in 0..5 {
        node.report().await;
    }
    let token = node.token("dispatch").await;
    let first = node
        .get("/api/v1/matters?limit=2&count=true&category=09005")
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    let link = first.headers()["link"].to_str().unwrap().to_owned();
    let first: Value = first.json().await.unwrap();
    assert_eq!(first["count"], 5);
    assert_eq!(first["matters"].as_array().unwrap().len(), 2);
    assert!(link.ends_with("rel=\"next\""));
    let mut seen: Vec<i64> = ids(&first);
    let mut next = link;
    loop {
        let path = next.split(['<', '>']).nth(1).unwrap().to_owned();
        let page = node.get(&path).bearer_auth(&token).send().await.unwrap();
        let link = page.headers().get("link").map(|v| v.to_str().unwrap().to_owned());
        seen.extend(ids(&page.json().await.unwrap()));
        match link {
            Some(link) => next = link,
            None => break,
        }
    }
    let mut unique = seen.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!((seen.len(), unique.len()), (5, 5), "each matter once: {seen:?}");

    let list = async |query: &str| -> Value {
        let answer = node.get(&format!("/api/v1/matters?{query}")).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{query}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    };
    assert_eq!(ids(&list("stage=closed").await).len(), 0);
    assert_eq!(ids(&list("bbox=121.0,31.0,121.04,31.04").await).len(), 5);
    assert_eq!(ids(&list("bbox=122.0,31.0,122.04,31.04").await).len(), 0);
    assert_eq!(ids(&list(&format!("q={}", percent("店外"))).await).len(), 5);
    assert_eq!(ids(&list(&format!("q={}", percent("外店"))).await).len(), 0);
    assert_eq!(ids(&list("unit=squad-b").await).len(), 0);

    let counts: Value =
        node.get("/api/v1/stats/category").bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!(counts[0]["key"], "E09005");
    assert_eq!(counts[0]["name"], "店外经营");
    assert_eq!(counts[0]["n"], 5);
    for by in ["stage", "unit", "source", "day", "assignee", "rating"] {
        let answer = node.get(&format!("/api/v1/stats/{by}")).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{by}");
    }
    let map: Value = node
        .get("/api/v1/map?bbox=121.0,31.0,121.1,31.1&zoom=12")
        .bearer_auth(&token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let n: i64 =
        map["features"].as_array().unwrap().iter().map(|f| f["properties"]["n"].as_i64().unwrap()).sum();
    assert_eq!(n, 5);
}

fn ids(page: &Value) -> Vec<i64> {
    page["matters"].as_array().unwrap().iter().map(|m| m["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_second_of_two_who_act_on_the_same_record_is_told() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let token = node.token("dispatch").await;
    let one: Value = node
        .get(&format!("/api/v1/matters/{id}"))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let expected = &one["matter"]["expected"];
    let give = async |category: &str| {
        let body = json!({ "command": "classify", "category": category, "expected": expected });
        node.post(&format!("/api/v1/matters/{id}/commands"), &body).bearer_auth(&token).send().await.unwrap()
    };
    assert_eq!(give("09001").await.status(), StatusCode::OK);
    problem(give("E09005").await, StatusCode::CONFLICT, "changed-meanwhile").await;
}

#[tokio::test]
async fn registers_are_read_and_changed_by_those_who_may() {
    let node = Node::start().await;
    let admin = node.token("admin").await;
    let record = json!({ "code": "squad-c", "name": "丙镇中队", "parent": "bureau" });
    let put = node
        .request(reqwest::Method::PUT, "/api/v1/registers/unit/squad-c")
        .json(&record)
        .bearer_auth(&admin)
        .send()
        .await
        .unwrap();
    assert_eq!(put.status(), StatusCode::OK, "{}", put.text().await.unwrap());
    let read: Value = node
        .get("/api/v1/registers/unit/squad-c")
        .bearer_auth(&admin)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(read["record"]["name"], "丙镇中队");
    let officer = node.token("officer-a").await;
    let refused = node
        .request(reqwest::Method::PUT, "/api/v1/registers/unit/squad-c")
        .json(&record)
        .bearer_auth(&officer)
        .send()
        .await
        .unwrap();
    // Putting the same again changes nothing, but still is not an officer's to do.
    problem(refused, StatusCode::FORBIDDEN, "not-permitted").await;
    let people = node.get("/api/v1/registers/person").bearer_auth(&officer).send().await.unwrap();
    problem(people, StatusCode::FORBIDDEN, "not-permitted").await;
}

#[tokio::test]
async fn a_spreadsheet_is_imported_row_by_row_and_only_once() {
    let node = Node::start().await;
    let token = node.token("hotline").await;
    let text = "地址,问题描述,电话\n漕平路 1 号,店外经营占道,13800000001\n漕平路 2 号,,\n漕平路 3 号,流动摊贩,不是电话\n";
    let send = async || -> Value {
        let file = reqwest::multipart::Part::bytes(text.as_bytes().to_vec()).file_name("来件.csv");
        let mapping = json!({ "description": "问题描述", "address": "地址", "phone": "电话" }).to_string();
        let form = reqwest::multipart::Form::new().text("mapping", mapping).part("file", file);
        let answer = node
            .request(reqwest::Method::POST, "/api/v1/imports/reports")
            .multipart(form)
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    };
    let first = send().await;
    assert_eq!(first["good"], 1, "{first}");
    assert_eq!(first["bad"].as_array().unwrap().len(), 2, "{first}");
    let again = send().await;
    assert_eq!((&again["good"], &again["repeated"]), (&json!(0), &json!(1)), "{again}");
}
