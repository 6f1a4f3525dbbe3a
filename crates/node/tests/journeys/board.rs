//! The dispatcher at the board: what comes in appears by itself, is sent from the drawer, and moves on every other
//! board; by mouse, by keyboard, and without JavaScript by the plain pages.

use crate::kit::{Browser, Node};
use fantoccini::Locator;
use serde_json::{Value, json};
use std::time::Duration;

/// Somebody outside reports; the id of the matter.
pub async fn report(browser: &Browser, words: &str) -> i64 {
    const SEND: &str = "const done = arguments[arguments.length - 1]; \
        fetch('/api/v1/reports', { method: 'POST', credentials: 'omit', headers: { 'Content-Type': 'application/json' }, \
        body: JSON.stringify({ description: arguments[0], place: { address: '青浦区夏阳街道城南环路28号' } }) }) \
        .then(r => r.json()).then(done, e => done(String(e)))";
    let receipt = browser.client.execute_async(SEND, vec![json!(words)]).await.expect("a receipt");
    receipt["id"].as_i64().unwrap_or_else(|| panic!("not registered: {receipt}"))
}

async fn ask(browser: &Browser, script: &str) -> Value {
    browser.client.execute(script, vec![]).await.unwrap_or_else(|e| panic!("{script}: {e}"))
}

/// Waits until a script of the page says yes.
async fn until(browser: &Browser, what: &str, script: &str) {
    let mut waited = Duration::ZERO;
    while ask(browser, script).await != json!(true) {
        assert!(waited < Duration::from_secs(30), "{what} did not come: {}", browser.text("main").await);
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
}

/// Presses keys where the focus is, also when what has it is just being renewed.
async fn press(browser: &Browser, keys: &str) {
    let mut tries = 0;
    loop {
        let focus = browser.client.active_element().await.expect("something has the focus");
        match focus.send_keys(keys).await {
            Ok(()) => return,
            Err(error) if error.is_stale_element_reference() && tries < 5 => tries += 1,
            Err(error) => panic!("{keys}: {error}"),
        }
    }
}

/// What comes in is sent from the drawer of one board and moves on the other.
async fn a_dispatcher_sends_from_the_drawer(node: &Node, desk: &Browser, other: &Browser) {
    desk.sign_in(&node.person("dispatcher")).await;
    other.sign_in(&node.person("supervisor")).await;
    for browser in [desk, other] {
        browser.go("/board").await;
        browser.find("[data-key=assigned]").await;
        browser.axe("board").await;
        ask(browser, "window.kept = true").await;
    }
    until(desk, "the live connection", "return !document.querySelector('#live-state:not([hidden])')").await;
    let id = report(desk, "路口有人占道卖水果，行人只能走到机动车道上。").await;
    let card = format!("#card-{id}");
    let here = format!("return !!document.querySelector('{card}[data-new]')");
    until(desk, "the new card", &here).await;
    until(other, "the new card on the other board", &here).await;
    until(
        desk,
        "its line in the feed",
        &format!("return !!document.querySelector('[data-feed] li[data-id=\"{id}\"]')"),
    )
    .await;

    desk.click(&format!("{card} > a")).await;
    desk.find(&format!(".drawer-matter[data-id='{id}']")).await;
    desk.axe("board with its drawer").await;
    desk.fits("the drawer").await;
    let name = desk.text(".nearby li:first-child b").await;
    assert!(!name.is_empty(), "somebody is on duty: {}", desk.text(".drawer").await);
    desk.click(".nearby li:first-child button").await;
    desk.find(".drawer .done-line").await;
    let sent = format!(
        "const c = document.querySelector('{card}'); return !!c && c.dataset.column === 'assigned' && c.textContent.includes('{name}')"
    );
    until(desk, "the card with its officer", &sent).await;
    until(other, "the same on the other board", &sent).await;
    for browser in [desk, other] {
        assert_eq!(ask(browser, "return window.kept").await, json!(true), "the page was not loaded again");
    }

    // Somebody else is quicker: the act is refused with what changed, and then goes through.
    other.click(&format!("{card} > a")).await;
    other.find(&format!(".drawer-matter[data-id='{id}']")).await;
    other.click("#do-supervise > summary").await;
    other.write("#act-supervise textarea", "请尽快到场").await;
    desk.click("#do-supervise > summary").await;
    desk.click("#act-supervise .choice label").await;
    desk.write("#act-supervise textarea", "市民已两次来电").await;
    desk.click("#act-supervise button[type=submit]").await;
    until(
        desk,
        "the act",
        "return document.querySelector('.drawer .done-line')?.textContent.includes('催办')",
    )
    .await;
    until(other, "a word on what changed", "return !!document.querySelector('.drawer [data-fault]')").await;
    other.click("#act-supervise .choice label").await;
    other.click("#act-supervise button[type=submit]").await;
    other.find(".drawer .meanwhile").await;
    assert!(other.text(".drawer .meanwhile").await.contains("催办"));
    let kept = ask(other, "return document.querySelector('#act-supervise textarea').value").await;
    assert_eq!(kept, json!("请尽快到场"), "nothing typed is lost");
    other.axe("a refusal in the drawer").await;
    other.click("#act-supervise button[type=submit]").await;
    other.find(".drawer .done-line").await;

    // Esc closes and leads back to the card; h j k l walk, Enter opens.
    press(desk, "\u{e00c}").await;
    until(desk, "the drawer closed", "return !document.querySelector('.drawer').open").await;
    until(desk, "the focus on the card", &format!("return !!document.activeElement.closest('{card}')")).await;
    press(desk, "k").await;
    press(desk, "j").await;
    press(desk, "h").await;
    until(desk, "the focus on a card", "return !!document.activeElement.closest('.card')").await;
    press(desk, "\u{e007}").await;
    desk.find(".drawer-matter").await;
    press(desk, "\u{e00c}").await;
    until(desk, "the drawer closed again", "return !document.querySelector('.drawer').open").await;

    // A wish for a sound is remembered in this browser.
    desk.click("[data-sound]").await;
    desk.go("/board?by=unit").await;
    assert_eq!(
        desk.find("[data-sound]").await.attr("aria-pressed").await.expect("an attribute").as_deref(),
        Some("true")
    );
    desk.axe("board by unit").await;
    desk.prefer("dark").await;
    desk.axe("board by unit, dark").await;
    desk.prefer("light").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_moves_by_itself_and_is_worked_from() {
    let node = Node::start().await;
    let desk = Browser::open(&node, 1440, true).await;
    let other = Browser::open(&node, 1440, true).await;
    a_dispatcher_sends_from_the_drawer(&node, &desk, &other).await;
    other.close().await;
    desk.close().await;

    let phone = Browser::open(&node, 390, true).await;
    phone.sign_in(&node.person("dispatcher")).await;
    phone.go("/board").await;
    phone.axe("board on a phone").await;
    phone.click("[data-key=assigned] .card > a").await;
    phone.find(".drawer-matter").await;
    phone.fits("the drawer on a phone").await;
    phone.axe("drawer on a phone").await;
    phone.close().await;

    // Without JavaScript a card leads to its matter, and "more" to the list.
    let plain = Browser::open(&node, 1440, false).await;
    plain.sign_in(&node.person("dispatcher")).await;
    plain.go("/board").await;
    plain.click("[data-key=assigned] .card > a").await;
    plain.find(".matter-head").await;
    assert!(plain.client.find(Locator::Css(".drawer-matter")).await.is_err());
    plain.close().await;
}
