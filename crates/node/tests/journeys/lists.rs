//! Lists: a view that is kept, and acts on many with their preview; at the desk, on a phone and without JavaScript.

use crate::kit::{Browser, Node};
use serde_json::json;
use std::time::Duration;

/// Ticks matters, sees what would happen, does it, and finds it done.
async fn many_are_urged_at_once(node: &Node, browser: &Browser, words: &str) {
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/matters?open=true&order=due").await;
    if browser.scripts {
        browser.find(".sums [data-sum]").await;
    }
    browser.axe("list").await;
    // The list stands there as a table and as cards; one of them is seen.
    let phone =
        browser.client.execute("return innerWidth < 861", vec![]).await.expect("a width") == json!(true);
    let list = if phone { ".cards li" } else { "tbody tr" };
    browser.click(&format!("{list}:nth-child(1) .tick")).await;
    browser.click(&format!("{list}:nth-child(2) .tick")).await;
    if browser.scripts {
        assert!(browser.text("[data-bulk-count]").await.contains("2 件"));
    }
    browser.click("#bulk .main").await;
    browser.find("#do-supervise").await;
    browser.fits("what can be done with many").await;
    browser.axe("what can be done with many").await;
    browser.click("#do-supervise > summary").await;
    browser.click("#act-supervise .choice label").await;
    browser.write("#act-supervise textarea", words).await;
    browser.click("#act-supervise button[type=submit]").await;
    browser.find("tr[data-fate=will]").await;
    browser.fits("a preview").await;
    browser.axe("a preview").await;
    let first =
        browser.find("tr[data-fate=will]").await.attr("data-id").await.expect("an attribute").expect("an id");
    browser.click(".bulk-buttons .main").await;
    let mut waited = Duration::ZERO;
    loop {
        let done = browser
            .client
            .execute("return document.querySelectorAll('tr[data-fate=done]').length", vec![])
            .await
            .expect("a number");
        if done == json!(2) {
            break;
        }
        assert!(waited < Duration::from_secs(30), "not done: {}", browser.text("main").await);
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
    browser.fits("the results").await;
    browser.axe("the results").await;
    browser.go(&format!("/matters/{first}")).await;
    assert!(browser.text("main").await.contains(words), "it is in the record");
}

/// Filters, chooses columns, keeps the view and finds it again.
async fn a_view_is_kept(node: &Node, browser: &Browser) {
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/matters?stage=assigned").await;
    browser.click(".chooser > summary").await;
    browser.click(".chooser input[value=grid]").await;
    browser.axe("choosing columns").await;
    browser.click(".chooser button[value=save]").await;
    browser.find("[role=status].done-line").await;
    assert!(browser.text("thead").await.contains("网格"));
    browser.click(".below-filters .menu > summary").await;
    browser.write("#view-name", "待受理的").await;
    browser.click(".below-filters .pop .main").await;
    browser.find(".tabs a[aria-current]").await;
    assert_eq!(browser.text(".tabs a[aria-current]").await, "待受理的");
    browser.go("/matters/views").await;
    browser.axe("views").await;
    assert!(browser.text(".view-list").await.contains("只有自己可见"));
    // j and k walk, Enter opens.
    browser.go("/matters").await;
    let body = browser.find("body").await;
    body.send_keys("jj").await.expect("keys");
    let at =
        "return [...document.querySelectorAll('tbody tr')].indexOf(document.activeElement.closest('tr'))";
    assert_eq!(browser.client.execute(at, vec![]).await.expect("a line"), json!(1));
    browser.client.active_element().await.expect("a link").send_keys("\u{e007}").await.expect("Enter");
    browser.find(".matter-head").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_kept_and_worked_through() {
    let node = Node::start().await;
    let desk = Browser::open(&node, 1440, true).await;
    many_are_urged_at_once(&node, &desk, "今晚前办结，桌面").await;
    a_view_is_kept(&node, &desk).await;
    desk.close().await;
    let phone = Browser::open(&node, 390, true).await;
    many_are_urged_at_once(&node, &phone, "今晚前办结，手机").await;
    phone.close().await;
    let plain = Browser::open(&node, 1440, false).await;
    many_are_urged_at_once(&node, &plain, "今晚前办结，没有脚本").await;
    plain.close().await;
}
