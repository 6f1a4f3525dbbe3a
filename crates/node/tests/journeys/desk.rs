//! At the desk: the keyboard, live events, the look of pages, pictures.

use crate::kit::{Browser, Node, PATIENCE};
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::time::Duration;

/// What a script on the page says.
async fn says(browser: &Browser, script: &str) -> Value {
    browser.client.execute(script, vec![]).await.unwrap_or_else(|e| panic!("{script}: {e}"))
}

async fn until(browser: &Browser, script: &str, what: &str) {
    let mut waited = Duration::ZERO;
    while says(browser, script).await != json!(true) {
        assert!(waited < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        waited += Duration::from_millis(50);
    }
}

async fn press(browser: &Browser, keys: &str) {
    browser.client.active_element().await.expect("a focus").send_keys(keys).await.expect("keys");
}

async fn report(node: &Node, words: &str) -> Value {
    let body = json!({ "description": words, "place": { "address": "青浦区夏阳街道城南环路28号" } });
    let sent = reqwest::Client::new().post(format!("{}/api/v1/reports", node.url)).json(&body).send().await;
    sent.expect("an answer").json().await.expect("a receipt")
}

/// (f) Somebody works without a mouse.
async fn a_dispatcher_uses_the_keyboard(node: &Node, browser: &Browser) {
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/desk").await;
    press(browser, "/").await;
    assert_eq!(says(browser, "return document.activeElement.name").await, json!("q"), "/ goes to the search");
    press(browser, &Key::Escape).await;
    press(browser, "?").await;
    until(browser, "return document.getElementById('keys').open", "? shows the shortcuts").await;
    browser.axe("shortcuts").await;
    press(browser, &Key::Escape).await;
    until(browser, "return !document.getElementById('keys').open", "Esc closes them").await;
    report(node, "城南环路人行道上堆满装修垃圾，请尽快清运。").await;
    browser.go("/matters?open=true").await;
    press(browser, "j").await;
    press(browser, "j").await;
    press(browser, "k").await;
    until(browser, "return !!document.activeElement.closest('[data-item]')", "j goes into the list").await;
    let wanted = says(browser, "return document.activeElement.href").await;
    press(browser, &Key::Enter).await;
    browser.find(".matter-head").await;
    assert_eq!(json!(browser.address().await), wanted, "Enter opens what was chosen");
    press(browser, "g").await;
    press(browser, "d").await;
    browser.find(".todo-group, .empty").await;
    assert!(browser.address().await.ends_with("/desk"));
}

/// (g) What is committed is told to every open page of a browser, over one connection; new work is told to its officer.
async fn events_reach_open_pages(node: &Node) {
    let desk = Browser::open(node, 1440, true).await;
    desk.sign_in(&node.person("dispatcher")).await;
    let hear =
        "window.heard = []; addEventListener('lianzhi:matter', e => heard.push(e.detail.number), true)";
    desk.go("/desk").await;
    says(&desk, hear).await;
    let first = desk.client.window().await.expect("a window");
    let second = desk.client.new_window(true).await.expect("a second page").handle;
    desk.client.switch_to_window(second).await.expect("the second page");
    desk.go("/matters").await;
    says(&desk, hear).await;
    let receipt = report(node, "夜间施工噪声扰民，已经持续三天。").await;
    let number = receipt["number"].as_str().expect("a number").to_owned();
    let heard = format!("return window.heard.includes('{number}')");
    until(&desk, &heard, "the second page heard it").await;
    desk.client.switch_to_window(first).await.expect("the first page");
    until(&desk, &heard, "the first page heard it").await;
    let metrics =
        reqwest::get(format!("{}/metrics", node.url)).await.expect("metrics").text().await.expect("text");
    let open = metrics.lines().find(|l| l.starts_with("lianzhi_sse_connections ")).expect("the gauge");
    assert_eq!(open.rsplit(' ').next(), Some("1"), "two pages share one connection: {open}");

    // New work for somebody whose page is open.
    let id = receipt["id"].as_i64().expect("an id");
    desk.go(&format!("/matters/{id}?do=dispatch")).await;
    let choice = "#act-dispatch label.check:has(input[name=officer]:not([value=''])):not(:has(:checked))";
    let words = desk.text(choice).await;
    let name: String = words.chars().take_while(|c| !matches!(c, '（' | '(' | '　' | ' ' | '，')).collect();
    let officer = Browser::open(node, 390, true).await;
    officer.sign_in(&node.person(&name)).await;
    officer.go("/desk").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    desk.click(&format!("{choice} input")).await;
    desk.act("dispatch").await;
    let told = format!(
        "const n = document.getElementById('news'); return !n.hidden && n.textContent.includes('{number}')"
    );
    until(&officer, &told, "the officer is told of new work").await;
    officer.axe("a desk with news").await;
    officer.close().await;
    desk.close().await;
}

/// (h) Light or dark and large, kept by the browser, on every page.
async fn a_browser_looks_as_it_was_asked_to(node: &Node, browser: &Browser) {
    browser.sign_in(&node.person("officer")).await;
    browser.go("/account").await;
    let ground = "return getComputedStyle(document.body).backgroundColor";
    let light = says(browser, ground).await;
    browser.click("#appearance label:has([value=dark])").await;
    browser.click("#appearance label:has([name=large][value=true])").await;
    browser.click("#appearance button").await;
    browser.find("html[data-theme=dark][data-size=large]").await;
    for path in ["/desk", "/report"] {
        browser.go(path).await;
        assert_ne!(says(browser, ground).await, light, "{path} is dark");
        assert_eq!(
            says(browser, "return getComputedStyle(document.documentElement).fontSize").await,
            json!("20px")
        );
        browser.axe(&format!("{path}, large and dark")).await;
    }
    browser.client.delete_all_cookies().await.expect("no cookies");
}

/// (i) Pictures large, and before and after under one slider.
pub async fn pictures_are_compared(browser: &Browser, matter: &str) {
    browser.go(&format!("{matter}?tab=exhibits")).await;
    browser.find("[data-compare][data-live] input[type=range]").await;
    let at = "return document.querySelector('[data-compare]').style.getPropertyValue('--at')";
    let before = says(browser, at).await;
    browser.find("[data-compare] input[type=range]").await.send_keys(&Key::Right).await.expect("a key");
    assert_ne!(says(browser, at).await, before, "the slider moves the edge between them");
    browser.click("a.thumb[data-lightbox]").await;
    browser.find("dialog.lightbox[open] img").await;
    browser.axe("a large picture").await;
    press(browser, &Key::Escape).await;
    until(browser, "return !document.querySelector('dialog.lightbox').open", "Esc closes it").await;
    browser.go(&format!("{matter}/print")).await;
    browser.axe("the file on paper").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_quick_and_alive() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, true).await;
    a_dispatcher_uses_the_keyboard(&node, &browser).await;
    a_browser_looks_as_it_was_asked_to(&node, &browser).await;
    browser.close().await;
    events_reach_open_pages(&node).await;
}
