//! What is asked of others beside a case, by forms alone: a panel whose members vote, a department, a court that comes to the place.

use crate::cases::{approved, give, office, opened, signed_in};
use crate::lists::{get, texts};
use crate::node::{Node, problem};
use lianzhi_testkit::Place;
use reqwest::StatusCode;
use serde_json::json;

/// A case that is filed.
async fn filed(web: &Node) -> i64 {
    let id = opened(web, "officer-a1").await;
    give(web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    give(web, "officer-a1", id, "verify", &[("established", "true"), ("note", "现场核实")], None).await;
    approved(web, id, "file", &[("note", "符合立案条件")]).await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panel_is_named_votes_and_its_sum_is_printed_with_who_thinks_otherwise() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = filed(&web).await;
    let ask = [("from", "panel"), ("until", "2026-12-20"), ("note", "是否从轻处罚")];
    give(&web, "officer-a1", id, "ask_opinion", &ask, None).await;
    for (name, standing) in [("王某", "居民代表"), ("赵某", "人大代表"), ("钱某", "政协委员")]
    {
        let seat = [("asked", "1"), ("name", name), ("standing", standing)];
        give(&web, "officer-a1", id, "seat_member", &seat, None).await;
    }
    for (member, vote) in [("1-1", "lighter"), ("1-2", "lighter"), ("1-3", "agree")] {
        let ballot = [("member", member), ("vote", vote), ("note", "理由在票上")];
        give(&web, "officer-a1", id, "vote", &ballot, Some("exhibits")).await;
    }
    give(&web, "officer-a1", id, "conclude_panel", &[("asked", "1"), ("note", "多数建议从轻")], None).await;
    let leader = signed_in(&web, "leader").await;
    let page = get(&web, &leader, &format!("/matters/{id}?tab=review")).await;
    let said = texts(&page, "#beside").join(" ");
    for words in ["王某（居民代表）", "建议从轻 2 票", "多数意见：建议从轻", "钱某"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let path = format!("{}/matters/{id}/folios/panel-1", web.url);
    let officer = signed_in(&web, "officer-a1").await;
    let folio = officer.client.get(path).send().await.unwrap();
    assert_eq!(folio.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_is_asked_with_the_days_of_the_law_and_a_court_comes_to_the_place() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = filed(&web).await;
    let ask = [
        ("kind", "opinion"),
        ("to", "区规划资源局"),
        ("received", "2026-11-23"),
        ("note", "是否属于违法建筑"),
    ];
    give(&web, "officer-a1", id, "ask_help", &ask, None).await;
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    let clocks = texts(&page, "main").join(" ");
    assert!(
        clocks.contains("有关部门出具认定意见") && clocks.contains("第29条第2款"),
        "the clock explains itself"
    );
    let answer = [("help", "1"), ("note", "属于违法建筑")];
    give(&web, "officer-a1", id, "answer_help", &answer, Some("exhibits")).await;
    let set = [
        ("court", "青浦区人民法院"),
        ("kind", "mediation"),
        ("on", "2026-12-01"),
        ("place", "街道调解室"),
        ("note", "诉前调解"),
    ];
    give(&web, "legal", id, "set_circuit", &set, None).await;
    let page = get(&web, &officer, &format!("/matters/{id}?tab=review")).await;
    let said = texts(&page, "#beside").join(" ");
    assert!(said.contains("属于违法建筑") && said.contains("青浦区人民法院巡回法庭：诉前调解"), "{said}");
}

#[tokio::test]
async fn a_misspelt_field_of_a_decision_on_the_spot_or_a_slip_is_named() {
    let node = Node::start().await;
    for (path, body, field) in [
        ("/api/v1/spots", json!({ "fined": 100, "kind": "person" }), "fined"),
        ("/api/v1/slips", json!({ "levle": "tip", "kind": "person" }), "levle"),
        ("/api/v1/slips/earlier", json!({ "id_number": "310118199001010011", "name": "张" }), "name"),
    ] {
        let answer = node.post(path, &body).bearer_auth(node.token("officer-a").await).send().await.unwrap();
        let said = problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
        assert_eq!(said["field"], field, "{path}: {said}");
    }
}
