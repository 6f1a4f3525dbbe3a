//! An officer on the street with a telephone: a decision on the spot from the photo to the archive of the agency, slips before it
//! that bar nothing, and the same form by keyboard alone.

use crate::citizen::stand;
use crate::kit::{Browser, Node};
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::json;
use std::time::Duration;

/// Where the officer stands.
const HERE: (f64, f64) = (121.1142, 31.1508);

/// The first other officer of the list, when none is remembered.
async fn with_somebody(browser: &Browser) {
    let pick = "const s = document.querySelector('#spot-second'); if (!s.value) s.value = s.options[1].value; return s.value";
    let second = browser.client.execute(pick, vec![]).await.expect("a list");
    assert!(second.as_str().is_some_and(|code| !code.is_empty()), "somebody else has a certificate");
}

/// Waits until a script says yes.
async fn until(browser: &Browser, what: &str, script: &str) {
    for _ in 0..100 {
        if browser.client.execute(script, vec![]).await.ok() == Some(json!(true)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what}: {}", browser.text("main").await);
}

/// Sends the form in view and is on the page of what came of it.
async fn sent(browser: &Browser) {
    browser.click("#spot .buttons .main").await;
    until(browser, "the form was refused", "return location.pathname.startsWith('/matters/')").await;
    browser.find(".matter-head").await;
}

/// What is the same on each form: photo, party and item.
async fn party(browser: &Browser, node: &Node, name: &str, number: &str) {
    browser.attach("#spot-photos", &node.photo("现场.png")).await;
    browser.find("#spot .thumbs img").await;
    browser.write("#spot-name", name).await;
    browser.write("#spot-id_number", number).await;
}

/// Counts by hand of whom the form in view is filled in: touches, fields that are typed into, photos.
const COUNT: &str = "window.done = { taps: 0, fields: new Set(), photos: 0 }; \
    addEventListener('pointerdown', e => { if (e.isTrusted) done.taps += 1 }, true); \
    addEventListener('input', e => { if (e.isTrusted && e.target.matches( \
        'textarea, input:not([type=radio]):not([type=checkbox]):not([type=file])')) done.fields.add(e.target.id) }, true); \
    addEventListener('change', e => { if (e.target.type === 'file') done.photos += 1 }, true);";

/// Prints what was counted so far and how long it took; it is a report and nothing is demanded of it.
async fn counted(browser: &Browser, what: &str, since: std::time::Instant) {
    let script = "return window.done ? `${done.taps} taps, ${done.fields.size} fields typed, ${done.photos} photos` : 'not counted'";
    let counted = browser.client.execute(script, vec![]).await.unwrap_or_default();
    println!(
        "{what}: {} before it is sent, {:.1} s",
        counted.as_str().unwrap_or_default(),
        since.elapsed().as_secs_f32()
    );
}

/// Where the party lives: what a decision bears.
async fn address(browser: &Browser) {
    browser.write("#spot-address", "示例路 3 号 201 室").await;
}

async fn tick(browser: &Browser, name: &str) {
    browser.click(&format!("label[for=spot-{name}]")).await;
}

/// Told and heard, a hundred yuan for parking on the pavement.
async fn fine(browser: &Browser) {
    browser.click("#spot label:has([name=tier][value=ordinary])").await;
    address(browser).await;
    browser.write("#spot-fine", "100").await;
    with_somebody(browser).await;
    for step in ["shown", "told", "heard"] {
        tick(browser, step).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_decides_on_the_spot_on_a_phone_and_slips_before_it_bar_nothing() {
    let node = Node::start().await;
    let phone = Browser::open(&node, 390, true).await;
    phone.sign_in(&node.person("officer")).await;
    stand(&phone, HERE, 7).await;

    // A tip, a look that finds nothing put right, a warning.
    phone.go("/slip/new").await;
    phone.axe("a slip").await;
    party(&phone, &node, "示例车主某", "310118199001010011").await;
    phone.write("#spot-item", "CL-01").await;
    phone.write("#spot-place", "示例路 1 号门前").await;
    phone.find("#spot-note").await.clear().await.expect("an empty field");
    phone.write("#spot-note", "请将车辆停入泊位").await;
    phone.client.execute("const d = new Date(Date.now() + 864e5 * 3); document.querySelector('#spot-until').value = d.toISOString().slice(0, 10)", vec![]).await.expect("a day");
    sent(&phone).await;
    phone.axe("the slip").await;
    let slip = phone.text(".matter-head .number").await;
    phone.offer("reinspect").await;
    phone.click("#act-reinspect label:has([name=done][value=false])").await;
    phone.write("#act-reinspect [name=note]", "仍停在人行道上").await;
    phone.act("reinspect").await;
    phone.offer("give_again").await;
    // Only a warning is left.
    phone.client.execute("const f = document.querySelector('#act-give_again'); const r = f.querySelector('[name=level][value=warning]'); if (r) { if (r.type === 'radio') r.checked = true; else r.closest('select').value = 'warning'; }", vec![]).await.expect("a choice");
    phone.write("#act-give_again [name=note]", "请立即改正").await;
    phone.client.execute("const d = new Date(Date.now() + 864e5 * 3); document.querySelector('#act-give_again [name=until]').value = d.toISOString().slice(0, 10)", vec![]).await.expect("a day");
    phone.act("give_again").await;

    // The decision: what the party got before is said while its number is typed, and nothing of it stands in the way.
    phone.go(&format!("/spot/new?from={slip}")).await;
    party(&phone, &node, "示例车主某", "310118199001010011").await;
    phone.click("#spot-facts").await;
    until(&phone, "earlier slips are shown", "return document.querySelectorAll('#earlier li').length === 2")
        .await;
    phone.axe("a decision on the spot").await;
    phone.fits("/spot/new").await;
    fine(&phone).await;
    sent(&phone).await;
    assert!(phone.text(".matter-head").await.contains("待当场交付"));
    phone.axe("the decision").await;
    phone.find("#papers a[href*='roll=58']").await;
    phone.offer("hand").await;
    phone.attach("#act-hand input[type=file]", &node.photo("签收.png")).await;
    phone.act("hand").await;
    phone.offer("collect").await;
    phone.client.execute("const f = document.querySelector('#act-collect'); const r = f.querySelector('[name=ground][value=small]'); if (r.type === 'radio') r.checked = true; else r.closest('select').value = 'small'; ", vec![]).await.expect("a choice");
    phone.write("#act-collect [name=ticket]", "沪财 0001").await;
    phone.act("collect").await;
    for command in ["lodge", "publish"] {
        phone.offer(command).await;
        phone.act(command).await;
    }
    // Whoever took the cash does not confirm himself that it was handed in.
    assert!(phone.text(".matter-head").await.contains("履行"));

    // The next one is shorter: item, second officer and place are there already.
    phone.go("/spot/new").await;
    let since = std::time::Instant::now();
    phone.client.execute(COUNT, vec![]).await.expect("a counter");
    phone.click("#spot .quick button[value^='CL-01']").await;
    phone.click("[data-locate-here]").await;
    until(&phone, "the place is known", "return document.querySelector('#spot-lng').value !== ''").await;
    party(&phone, &node, "示例车主另一人", "310118199101010017").await;
    until(&phone, "facts begin with the item's", "return document.querySelector('#spot-facts').value !== ''")
        .await;
    fine(&phone).await;
    counted(&phone, "a usual decision on the spot", since).await;
    sent(&phone).await;
    println!("until it is decided and stored: {:.1} s", since.elapsed().as_secs_f32());
    assert!(phone.text(".matter-head").await.contains("待当场交付"));
    phone.close().await;
}

/// Presses keys one after the other, as somebody without a mouse.
async fn keys(browser: &Browser, keys: &str) {
    let press = |all: KeyActions, value| all.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    let all = keys.chars().fold(KeyActions::new("keyboard".to_owned()), press);
    browser.client.perform_actions(all).await.expect("keys");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_given_by_keyboard_alone() {
    const TAB: &str = "\u{e004}";
    const SPACE: &str = " ";
    const RIGHT: &str = "\u{e014}";
    let node = Node::start().await;
    let desk = Browser::open(&node, 1280, true).await;
    desk.sign_in(&node.person("officer")).await;
    desk.go("/slip/new").await;
    desk.client
        .execute("document.querySelector('#spot [name=level]:checked').focus()", vec![])
        .await
        .expect("focus");
    keys(&desk, RIGHT).await;
    let words = [
        ("name", "示例店主"),
        ("id_number", "310118199001010011"),
        ("item", "CL-01"),
        ("place", "示例路 2 号"),
    ];
    let mut written = 0;
    for _ in 0..60 {
        keys(&desk, TAB).await;
        let name = "return document.activeElement.name || document.activeElement.textContent";
        let name = desk.client.execute(name, vec![]).await.expect("a name");
        let name = name.as_str().unwrap_or_default().to_owned();
        if let Some((_, text)) = words.iter().find(|(n, _)| *n == name) {
            keys(&desk, text).await;
            written += 1;
        }
        match name.as_str() {
            "note" => {
                desk.client.execute("document.activeElement.value = ''", vec![]).await.expect("empty");
                keys(&desk, "请不要占用人行道").await;
            }
            "until" => {
                let day = "const d = new Date(Date.now() + 864e5 * 3); return d.toISOString().slice(0, 10)";
                let day = desk.client.execute(day, vec![]).await.expect("a day");
                let day = day.as_str().expect("text").to_owned();
                let set = "document.activeElement.value = arguments[0]";
                desk.client.execute(set, vec![json!(day)]).await.expect("a day");
            }
            "refused" => keys(&desk, SPACE).await,
            "发单" => {
                keys(&desk, "\u{e007}").await;
                break;
            }
            _ => {}
        }
    }
    assert_eq!(written, words.len(), "every field is reached by the keyboard");
    until(&desk, "the form was refused", "return location.pathname.startsWith('/matters/')").await;
    assert!(desk.client.find(Locator::Css(".matter-head")).await.is_ok());
    assert!(desk.text("main").await.contains("警示单"), "the arrow key chose the warning");
    desk.close().await;
}
