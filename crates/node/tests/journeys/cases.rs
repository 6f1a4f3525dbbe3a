//! A penalty case at the desk from the lead to its closing, by the people whom the law names; then every page of cases, spot
//! decisions and law without a barrier, light and dark, at the desk and on a phone.

use crate::kit::{Browser, Node};
use crate::pages::{link, visit};
use serde_json::json;

/// Pages of whoever works on cases.
const PAGES: &[(&str, &[&str])] = &[
    ("officer", &["/cases", "/cases?officer=any", "/cases/new", "/spot/new", "/slip/new"]),
    (
        "legal_reviewer",
        &["/cases", "/cases/reviews", "/law", "/law/items/CL-01", "/law/items/ZD-05", "/law/calculator"],
    ),
    ("leader", &["/cases"]),
];

/// Sides of a case.
const SIDES: [&str; 9] = [
    "",
    "?tab=exhibits",
    "?tab=review",
    "?tab=letters",
    "?tab=money",
    "?tab=process",
    "?tab=entries",
    "?tab=people",
    "?tab=proof",
];

/// Stages of which the demo has a case.
const STAGES: [&str; 6] = ["investigating", "notified", "deciding", "serving", "performing", "archived"];

/// Somebody by the name with which he signs in.
fn by_login(node: &Node, login: &str) -> (String, String) {
    let person =
        node.people.iter().find(|p| p["login"] == login).unwrap_or_else(|| panic!("nobody is {login}"));
    let text = |field: &str| person[field].as_str().expect("text").to_owned();
    (text("login"), text("password"))
}

/// Fills in the form of an act: boxes and choices by their values, by words after `=`, or the first that there is (`first`);
/// texts as they are.
async fn fill(browser: &Browser, command: &str, fields: &[(&str, &str)]) {
    const SET: &str = "const [command, name, value] = arguments; \
        const all = [...document.querySelectorAll(`#act-${command} [name='${name}']`)]; \
        const pick = f => { for (const e of all) { \
            if (e.tagName === 'SELECT') { const o = [...e.options].find(o => o.value && f(o.value, o.textContent)); if (o) { e.value = o.value; return true; } } \
            else if (e.type === 'radio' && f(e.value, e.closest('label').textContent)) { e.checked = true; return true; } } return false; }; \
        if (value.startsWith('=')) return pick((_, words) => words.includes(value.slice(1))); \
        if (value === 'first') return pick(() => true) || all[0]?.type === 'hidden'; \
        if (pick(v => v === value)) return true; \
        if (!all[0]) return false; \
        if (all[0].type === 'checkbox') all[0].checked = true; else all[0].value = value; \
        return true";
    for (name, value) in fields {
        let done = browser.client.execute(SET, vec![json!(command), json!(name), json!(value)]).await;
        assert_eq!(done.expect("an answer"), json!(true), "{command} has no {name} {value}");
    }
}

/// A command of the case in view, with a photo where one is asked for.
async fn act(browser: &Browser, node: &Node, command: &str, fields: &[(&str, &str)]) {
    browser.offer(command).await;
    fill(browser, command, fields).await;
    let files = format!("#act-{command} input[type=file]");
    if browser.client.find(fantoccini::Locator::Css(&files)).await.is_ok() {
        browser.attach(&files, &node.photo(&format!("{command}.png"))).await;
    }
    browser.act(command).await;
}

async fn on_the_case(browser: &Browser, who: &(String, String), matter: &str) {
    browser.sign_in(who).await;
    browser.go(matter).await;
}

/// Whoever presses keys at the desk.
struct Office {
    officer: (String, String),
    captain: (String, String),
    leader: (String, String),
}

/// Asked for by the officer, endorsed by the squad leader, signed by the leader.
async fn approved(
    browser: &Browser,
    node: &Node,
    office: &Office,
    matter: &str,
    command: &str,
    fields: &[(&str, &str)],
) {
    act(browser, node, command, fields).await;
    for (who, what) in [(&office.captain, "endorse"), (&office.leader, "approve")] {
        on_the_case(browser, who, matter).await;
        browser.offer(what).await;
        fill(browser, what, &[("proposal", "first"), ("agreed", "true")]).await;
        browser.act(what).await;
    }
    on_the_case(browser, &office.officer, matter).await;
}

async fn served(browser: &Browser, node: &Node) {
    let at = now(browser, 0).await;
    let how = [
        ("paper", "first"),
        ("party", "first"),
        ("way", "direct"),
        ("at", at.as_str()),
        ("note", "本人签收"),
    ];
    act(browser, node, "serve", &how).await;
}

/// Beijing time so many minutes ago, as a form takes it.
async fn now(browser: &Browser, minutes: u32) -> String {
    let script = "return new Date(Date.now() + 288e5 - arguments[0] * 6e4).toISOString().slice(0, 16)";
    let text = browser.client.execute(script, vec![json!(minutes)]).await.expect("a time");
    text.as_str().expect("text").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_from_the_lead_to_its_closing_at_the_desk() {
    let node = Node::start().await;
    let office = Office {
        officer: by_login(&node, "officer-xiayang-1"),
        captain: by_login(&node, "squad-xiayang-1"),
        leader: by_login(&node, "leader1"),
    };
    let desk = Browser::open(&node, 1280, true).await;
    desk.sign_in(&office.officer).await;
    desk.go("/cases/new").await;
    let today = now(&desk, 0).await.chars().take(10).collect::<String>();
    desk.write("#case-item", "FW-02").await;
    desk.write("#case-title", "擅自损坏房屋承重结构案").await;
    desk.write("#case-facts", "装修时拆除承重墙约两平方米").await;
    desk.write("#case-place", "示例路 3 号 201 室").await;
    desk.click("#case label:has([name=kind][value=person])").await;
    desk.write("#case-name", "示例业主").await;
    desk.write("#case-id_number", "310118199001010011").await;
    desk.write("#case-address", "示例路 3 号 201 室").await;
    desk.choose("#case-source", "inspection").await;
    desk.click("#case .buttons .main").await;
    desk.find(".matter-head").await;
    let matter = desk.address().await;
    let matter = matter.trim_start_matches(&desk.base).split(['?', '#']).next().expect("a path").to_owned();

    on_the_case(&desk, &office.captain, &matter).await;
    let named = |login: &str| {
        let person = node.people.iter().find(|p| p["login"] == login).expect("an officer");
        format!("={}", person["name"].as_str().expect("a name"))
    };
    let (me, other) = (named("officer-xiayang-1"), named("officer-xiayang-2"));
    act(&desk, &node, "assign", &[("lead", me.as_str()), ("second", other.as_str())]).await;
    on_the_case(&desk, &office.officer, &matter).await;
    act(&desk, &node, "verify", &[("established", "true"), ("note", "现场属实")]).await;
    approved(&desk, &node, &office, &matter, "file", &[("note", "符合立案标准")]).await;
    let from = now(&desk, 5).await;
    let record = [
        ("kind", "inspection"),
        ("second", other.as_str()),
        ("shown", "true"),
        ("from", from.as_str()),
        ("note", "承重墙已拆除"),
    ];
    act(&desk, &node, "record", &record).await;
    act(&desk, &node, "finish", &[("note", "事实清楚")]).await;
    let charge = [
        ("party", "first"),
        ("violation", "first"),
        ("basis", "first"),
        ("tier", "=一般"),
        ("fine", "2000"),
        ("note", "情节一般"),
    ];
    act(&desk, &node, "charge", &charge).await;
    approved(&desk, &node, &office, &matter, "notify", &[("days", "5"), ("note", "拟处罚")]).await;
    served(&desk, &node).await;
    act(&desk, &node, "waive", &[("party", "first")]).await;
    approved(&desk, &node, &office, &matter, "decide", &[("note", "决定")]).await;
    served(&desk, &node).await;
    let pay = [("party", "first"), ("amount", "2000"), ("on", today.as_str()), ("reference", "银行 0001")];
    act(&desk, &node, "pay", &pay).await;
    // Whoever typed it does not say that it came.
    on_the_case(&desk, &office.leader, &matter).await;
    let check = [("party", "first"), ("ticket", "first"), ("came", "true"), ("voucher", "沪财 0001")];
    act(&desk, &node, "check_payment", &check).await;
    on_the_case(&desk, &office.officer, &matter).await;
    act(&desk, &node, "publish", &[]).await;
    let close = [("ground", "performed"), ("note", "执行完毕")];
    approved(&desk, &node, &office, &matter, "close", &close).await;
    assert!(desk.text(".matter-head").await.contains("已结案"));
    for side in SIDES {
        visit(&desk, &format!("{matter}{side}"), "officer", 1280).await;
    }
    desk.close().await;
}

async fn walk(width: u32) {
    let node = Node::start().await;
    let browser = Browser::open(&node, width, true).await;
    for (role, pages) in PAGES {
        browser.sign_in(&node.person(role)).await;
        for path in *pages {
            visit(&browser, path, role, width).await;
        }
    }
    browser.sign_in(&node.person("leader")).await;
    let mut seen = 0;
    for stage in STAGES {
        browser.go(&format!("/cases?officer=any&open=any&stage={stage}")).await;
        let Some(case) = link(&browser, "main .todo a[href^='/matters/']").await else { continue };
        let case = case.split(['?', '#']).next().expect("a path").to_owned();
        let sides = if seen == 0 { SIDES.as_slice() } else { &SIDES[..1] };
        seen += 1;
        for side in sides {
            visit(&browser, &format!("{case}{side}"), "leader", width).await;
        }
    }
    assert!(seen >= 2, "only {seen} cases are there to be seen");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_cases_has_a_barrier_at_the_desk() {
    walk(1280).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_cases_has_a_barrier_on_a_phone() {
    walk(390).await;
}
