//! A citizen with a telephone: a draft that outlives the browser, what is near by, following, rating; the simple mode.

use crate::kit::{Browser, Node, PATIENCE};
use crate::main_job::{Receipt, follow};
use fantoccini::Locator;
use serde_json::json;
use std::time::Duration;

/// Somewhere in the demo's district.
const HERE: (f64, f64) = (121.1142, 31.1508);
const SAYS: &str = "水果店把货摊摆到人行道上，行人只能走机动车道";

/// Lets the browser be somewhere.
pub async fn stand(browser: &Browser, (lng, lat): (f64, f64), accuracy: u32) {
    let may = json!({ "permissions": ["geolocation", "audioCapture", "clipboardReadWrite"], "origin": browser.base });
    browser.devtools("Browser.grantPermissions", may).await;
    let place = json!({ "longitude": lng, "latitude": lat, "accuracy": accuracy });
    browser.devtools("Emulation.setGeolocationOverride", place).await;
}

/// Waits until a piece of the page says this.
pub async fn says(browser: &Browser, css: &str, words: &str) {
    let mut waited = Duration::ZERO;
    while !browser.text(css).await.contains(words) {
        let said = browser.text(css).await;
        assert!(
            waited < PATIENCE,
            "{css} does not say “{words}” but “{said}” on {}",
            browser.text("main").await
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
}

async fn count(browser: &Browser, css: &str) -> usize {
    browser.client.find_all(Locator::Css(css)).await.map_or(0, |all| all.len())
}

async fn written(browser: &Browser, css: &str) -> String {
    browser.find(css).await.prop("value").await.expect("a value").unwrap_or_default()
}

async fn receipt(browser: &Browser) -> Receipt {
    browser.find("#number").await;
    Receipt { number: browser.text("#number").await, code: browser.text("#follow-code").await }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_outlives_the_browser_and_what_is_near_by_is_followed() {
    let node = Node::start().await;
    let phone = Browser::open(&node, 390, true).await;
    stand(&phone, HERE, 12).await;
    // Somebody reports first.
    phone.go("/report").await;
    phone.axe("report").await;
    phone.click("[data-locate]").await;
    says(&phone, "[data-locate-say]", "误差约 12 米").await;
    phone.write("[data-kinds-q]", "店外经营").await;
    says(&phone, "[data-kinds] .tile", "店外经营").await;
    phone.click("[data-kinds] .tile:first-child input").await;
    phone.write("#description", SAYS).await;
    phone.click("button[value=describe]").await;
    phone.find("button[value=send]").await;
    phone.axe("second step").await;
    phone.click("button[value=send]").await;
    let first = receipt(&phone).await;

    // The next one is interrupted: what was written and photographed is still there when the browser comes back.
    phone.go("/report").await;
    phone.attach("#photos", &node.photo("现场.png")).await;
    phone.write("#description", SAYS).await;
    says(&phone, "[data-draft-kept]", "存在这部手机里").await;
    let profile = phone.shut().await;
    let phone = Browser::open_in(&node, 390, true, profile, &[]).await;
    stand(&phone, HERE, 12).await;
    phone.go("/report").await;
    says(&phone, "[data-draft-say]", "1 张照片").await;
    assert_eq!(written(&phone, "#description").await, "", "nothing is put in before it is asked for");
    phone.axe("draft offered").await;
    phone.click("[data-draft-take]").await;
    assert_eq!(written(&phone, "#description").await, SAYS);
    assert_eq!(count(&phone, ".shots-row img").await, 1);

    // Before it is sent it is shown that this is known, without a word of the other; and it is followed instead.
    phone.click("[data-locate]").await;
    says(&phone, "[data-near] .near-one", "店外经营").await;
    let near = phone.text("[data-near]").await;
    assert!(near.contains("50 米以内") && !near.contains(&first.number) && !near.contains("水果"), "{near}");
    phone.axe("near by").await;
    phone.click("[data-near] .near-one:first-of-type input").await;
    phone.fits("/report").await;
    phone.click("button[value=describe]").await;
    phone.find("button[value=send]").await;
    assert!(phone.text(".summary").await.contains("1 张"));
    phone.click("button[value=send]").await;
    let own = receipt(&phone).await;
    assert!(phone.text("main").await.contains("放在一起办"), "{}", phone.text("main").await);
    assert_ne!(own.number, first.number);
    phone.axe("receipt").await;
    phone.click("[data-copy]").await;
    says(&phone, "[data-copied]", "已复制").await;
    assert!(phone.printed().await.contains(&own.code), "the code is on paper");

    // The draft is gone with the sending; the picture's link opens the follow page and leaves no code in the address.
    phone.go("/report").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!phone.find("[data-draft]").await.is_displayed().await.expect("a state"), "the draft was sent");
    let hidden = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    phone.client.goto("about:blank").await.expect("a blank page");
    phone.go(&format!("/follow#n={}&c={}", hidden(&own.number), hidden(&own.code))).await;
    says(&phone, ".says", "两件一起办").await;
    assert!(!phone.address().await.contains(&own.code), "{}", phone.address().await);
    phone.axe("follow").await;
    phone.fits("/follow").await;

    // A draft that is not wanted any more is thrown away.
    phone.go("/report").await;
    phone.write("#address", "莲盛路").await;
    says(&phone, "[data-draft-kept]", "存在这部手机里").await;
    phone.go("/report").await;
    phone.click("[data-draft-drop]").await;
    phone.go("/report").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!phone.find("[data-draft]").await.is_displayed().await.expect("a state"));
    for path in ["/district", "/privacy"] {
        phone.go(path).await;
        phone.axe(path).await;
        phone.fits(path).await;
    }
    phone.close().await;
}

/// One question after the other; photos and place are left out where they may be.
async fn simply(node: &Node, phone: &Browser) -> Receipt {
    phone.go("/report").await;
    phone.click(".public-foot button").await;
    phone.find("html[data-mode=simple]").await;
    let mut seen = Vec::new();
    for part in ["photo", "place", "kind", "what", "contact"] {
        phone.find(&format!("[data-part={part}]")).await;
        assert_eq!(count(phone, "[data-part]").await, 1, "one question a screen");
        phone.fits(part).await;
        if phone.scripts {
            phone.axe(&format!("simple: {part}")).await;
        }
        seen.push(phone.text("h1").await);
        match part {
            "photo" => phone.attach("#photos", &node.photo("简明.png")).await,
            "place" => phone.write("#address", "青浦区夏阳街道城南环路28号").await,
            "what" => phone.write("#description", "有人占道卖水果").await,
            _ => {}
        }
        phone.click("button[value=describe]").await;
    }
    phone.find("button[value=send]").await;
    assert!(phone.text(".summary").await.contains("1 张"));
    phone.click("button[value=send]").await;
    let own = receipt(phone).await;
    phone.click(".public-foot button").await;
    // Without scripts the page is loaded again: going on before that is there would be overtaken by it.
    phone.find("html:not([data-mode=simple])").await;
    own
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simple_mode_leads_through_on_a_small_phone_with_and_without_scripts() {
    let node = Node::start().await;
    for scripts in [true, false] {
        let phone = Browser::open(&node, 360, scripts).await;
        let own = simply(&node, &phone).await;
        follow(&phone, &own).await;
        assert!(phone.text(".says").await.len() > 6 && phone.text(".next").await.contains("最晚什么时候"));
        phone.close().await;
    }
}
