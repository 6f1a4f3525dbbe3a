//! Roles that no other journey follows: a patroller, who reports what he sees; a squad leader, who answers for a unit; a
//! leader, who has two minutes.

use crate::kit::{Browser, Node};
use serde_json::{Value, json};

/// The token of a person, by name.
fn token(node: &Node, name: &str) -> String {
    let person = node.people.iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("nobody is {name}"));
    person["token"].as_str().expect("a token").to_owned()
}

async fn post(node: &Node, path: &str, token: Option<&str>, body: Value) -> Value {
    let mut request = reqwest::Client::new().post(format!("{}{path}", node.url)).json(&body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.expect("an answer");
    let (status, text) = (answer.status(), answer.text().await.expect("a text"));
    assert!(status.is_success(), "{path} {body}: {status} {text}");
    serde_json::from_str(&text).expect("JSON")
}

/// A matter that an officer has accepted.
struct Accepted {
    id: i64,
    number: String,
    unit: String,
    officer: String,
}

/// Somebody reports, an officer has it and accepts; a dispatcher names the first that the rules propose when they named
/// nobody.
async fn accepted(node: &Node, words: &str) -> Accepted {
    let place = json!({ "address": "青浦区夏阳街道城南环路28号" });
    let report = json!({ "description": words, "category": "E09005", "place": place });
    let receipt = post(node, "/api/v1/reports", None, report).await;
    let id = receipt["id"].as_i64().expect("an id");
    let commands = format!("/api/v1/matters/{id}/commands");
    let (_, dispatcher) = named(node, "dispatcher");
    let matter = async || -> Value {
        let one = reqwest::Client::new().get(format!("{}/api/v1/matters/{id}", node.url));
        let answer = one.bearer_auth(&dispatcher).send().await.expect("an answer");
        answer.json::<Value>().await.expect("JSON")["matter"].clone()
    };
    if matter().await["assignee"].is_null() {
        let send = json!({ "command": "dispatch", "unit": matter().await["unit"] });
        post(node, &commands, Some(&dispatcher), send).await;
    }
    let now = matter().await;
    let text = |field: &str| now[field].as_str().unwrap_or_else(|| panic!("{field}: {now}")).to_owned();
    let officer = text("assignee_name");
    post(node, &commands, Some(&token(node, &officer)), json!({ "command": "accept" })).await;
    Accepted { id, number: text("number"), unit: text("unit"), officer }
}

/// Name and token of the first person of a role.
fn named(node: &Node, role: &str) -> (String, String) {
    let fits = |p: &&Value| p["roles"].as_array().is_some_and(|r| r.iter().any(|r| r == role));
    let person = node.people.iter().find(fits).unwrap_or_else(|| panic!("nobody is {role}"));
    let text = |field: &str| person[field].as_str().expect("text").to_owned();
    (text("name"), text("token"))
}

/// Those who lead a unit, of everybody named in the demo.
async fn leader_of(node: &Node, unit: &str) -> (String, String) {
    for person in &node.people {
        if person["roles"].as_array().is_none_or(|r| r.iter().all(|r| r != "squad_leader")) {
            continue;
        }
        let me = reqwest::Client::new().get(format!("{}/api/v1/me", node.url));
        let token = person["token"].as_str().expect("a token");
        let me: Value = me.bearer_auth(token).send().await.expect("an answer").json().await.expect("JSON");
        if me["posts"].as_array().is_some_and(|posts| posts.iter().any(|p| p["unit"] == unit)) {
            return node.person(person["name"].as_str().expect("a name"));
        }
    }
    panic!("nobody leads {unit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patroller_reports_what_he_sees_and_adds_to_it() {
    let node = Node::start().await;
    let phone = Browser::open(&node, 390, true).await;
    phone.sign_in(&node.person("patroller")).await;
    phone.go("/register").await;
    phone.axe("registering on a phone").await;
    phone.attach("form[action='/register'] input[type=file]", &node.photo("现场.png")).await;
    phone.write("#register-description", "人行道上堆着装修垃圾，占了一半路面。").await;
    phone.write("#register-address", "青浦区夏阳街道城南环路28号").await;
    phone.click("form[action='/register'] .buttons .button.main").await;
    phone.find("#number").await;
    phone.axe("a receipt on a phone").await;
    phone.fits("a receipt on a phone").await;
    let number = phone.text("#number").await;
    let receipt = phone.text("section[role=status]").await;
    assert!(receipt.contains("承办") || receipt.contains("待派"), "it says who has it now: {receipt}");

    // It stays in sight of who reported it, and takes what is seen later.
    phone.click("section[role=status] .button.main").await;
    phone.find(".matter-head").await;
    assert!(phone.text(".matter-head .facts").await.contains("巡查发现"));
    phone.axe("one's own report on a phone").await;
    phone.offer("add").await;
    phone.write("#act-add textarea", "又多了两袋，靠近盲道。").await;
    phone.act("add").await;
    assert!(phone.text("main").await.contains("靠近盲道"));
    phone.go("/matters").await;
    assert!(phone.text("main").await.contains(&number), "it is among the patroller's matters");
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_squad_leader_answers_for_the_unit() {
    let node = Node::start().await;
    let matter = accepted(&node, "水果店把货摊摆到人行道上，行人只能走机动车道").await;
    let commands = format!("/api/v1/matters/{}/commands", matter.id);
    let ask =
        json!({ "command": "ask", "what": "extension", "hours": 24, "note": "当事人不在，已约明天上午。" });
    post(&node, &commands, Some(&token(&node, &matter.officer)), ask).await;

    let desk = Browser::open(&node, 1440, true).await;
    desk.sign_in(&leader_of(&node, &matter.unit).await).await;
    desk.go("/desk").await;
    assert!(desk.text("[data-list]").await.contains(&matter.number), "what was asked for waits on the desk");
    desk.axe("a squad leader's desk").await;
    desk.go(&format!("/matters/{}", matter.id)).await;
    desk.offer("approve").await;
    assert!(
        desk.text("#act-approve").await.contains("已约明天上午"),
        "the grounds stand beside the decision"
    );
    desk.axe("an approval").await;
    desk.click("#act-approve label:has(input[value='true'])").await;
    desk.write("#act-approve textarea", "同意，到时拍照。").await;
    desk.act("approve").await;
    assert!(desk.text("main").await.contains("同意，到时拍照"));

    // The board is the unit's own; from its drawer the matter goes to somebody else of it.
    desk.go("/board?by=unit").await;
    let columns = "return [...document.querySelectorAll('[data-key]')].map(c => c.dataset.key)";
    let columns = desk.client.execute(columns, vec![]).await.expect("columns");
    assert_eq!(columns, json!([matter.unit]), "nothing of other units");
    desk.click(&format!("#card-{} > a", matter.id)).await;
    desk.find(".drawer-matter").await;
    desk.click("#do-dispatch > summary").await;
    let others = "#act-dispatch label:has(input[name=officer]:not([value='']))";
    let other = desk.text(others).await;
    desk.click(others).await;
    desk.write("#act-dispatch textarea", "换人去，原承办人另有急件。").await;
    desk.axe("sending somebody else").await;
    desk.click("#act-dispatch button[type=submit]").await;
    desk.find(".drawer .done-line").await;
    let other = other.split(['（', '(', '，', ' ', '　']).next().expect("a name").to_owned();
    desk.go(&format!("/matters/{}", matter.id)).await;
    let facts = desk.text(".matter-head .facts").await;
    assert!(other != matter.officer && facts.contains(&other), "{facts} is not {other}'s");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_goes_from_a_number_to_a_matter_and_decides_what_only_he_may() {
    let node = Node::start().await;
    let matter = accepted(&node, "沿街店铺占道堆物，须会同物业清理").await;
    let commands = format!("/api/v1/matters/{}/commands", matter.id);
    let ask =
        json!({ "command": "ask", "what": "suspension", "hours": 120, "note": "须会同物业、街道一起清理。" });
    post(&node, &commands, Some(&token(&node, &matter.officer)), ask).await;

    let desk = Browser::open(&node, 1440, true).await;
    desk.sign_in(&node.person("leader")).await;
    desk.go("/desk").await;
    assert!(
        desk.text("[data-list]").await.contains(&matter.number),
        "what waits for the leader is on the desk"
    );
    desk.axe("a leader's desk").await;
    desk.go("/stats").await;
    let first = "const a = [...document.querySelectorAll('.stat a.big')].find(a => Number(a.dataset.n) > 0); \
        return [a.textContent.trim(), a.getAttribute('href')]";
    let first = desk.client.execute(first, vec![]).await.expect("a number");
    let (n, href) = (first[0].as_str().expect("a number"), first[1].as_str().expect("a link"));
    desk.go(href).await;
    assert!(desk.text(".page-head").await.contains(n), "{n} is the count of its list");
    desk.click("main tbody a[href^='/matters/']").await;
    desk.find(".matter-head").await;
    desk.go("/stats").await;
    desk.click("main a[href^='/stats/report/']").await;
    desk.find(".paper").await;
    assert!(desk.printed().await.contains("办件月报"));

    // More than 72 hours is the leader's to decide.
    desk.go(&format!("/matters/{}", matter.id)).await;
    desk.offer("approve").await;
    desk.click("#act-approve label:has(input[value='true'])").await;
    desk.axe("a long suspension").await;
    desk.act("approve").await;
    assert!(desk.text(".matter-head .facts").await.contains("挂账"));
    desk.close().await;
}
