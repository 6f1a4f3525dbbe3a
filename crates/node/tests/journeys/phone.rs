//! An officer's telephone: accept, arrive and handle from one page, with photo, place and voice, and nothing lost when
//! the network is.

use crate::citizen::{says, stand};
use crate::kit::{Browser, Node};
use crate::main_job::{a_citizen_reports_and_follows, open};
use fantoccini::Locator;
use serde_json::json;

/// A telephone that has a microphone (a humming one) and asks nobody whether it may be used.
const MICROPHONE: &[&str] = &["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/// Takes the network away, or gives it back.
pub async fn offline(browser: &Browser, off: bool) {
    browser.devtools("Network.enable", json!({})).await;
    let speed = json!({ "offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.emulateNetworkConditions", speed).await;
}

/// A matter that waits for a named officer: its id, its number and the officer's sign-in.
async fn waiting(node: &Node, browser: &Browser) -> (String, String, (String, String)) {
    let receipt = a_citizen_reports_and_follows(node, browser).await;
    browser.sign_in(&node.person("dispatcher")).await;
    open(browser, &receipt.number).await;
    if !browser.text(".matter-head .facts").await.contains("承办") {
        browser.offer("dispatch").await;
        browser.click("#act-dispatch input[name=officer]:not([value=''])").await;
        browser.act("dispatch").await;
    }
    let facts = browser.text(".matter-head .facts").await;
    let name =
        facts.split_whitespace().skip_while(|w| *w != "承办").nth(1).expect("a named officer").to_owned();
    let address = browser.address().await;
    let id = address
        .split("/matters/")
        .nth(1)
        .expect("a matter")
        .split(['?', '#'])
        .next()
        .expect("an id")
        .to_owned();
    (id, receipt.number, node.person(&name))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_works_from_the_phone_and_a_failed_send_loses_nothing() {
    let node = Node::start().await;
    let profile = tempfile::tempdir().expect("a folder");
    let phone = Browser::open_in(&node, 360, true, profile, MICROPHONE).await;
    let (id, _, officer) = waiting(&node, &phone).await;
    phone.sign_in(&officer).await;
    stand(&phone, (121.1142, 31.1508), 7).await;
    phone.go("/todo").await;
    phone.axe("todo").await;
    let card = |what: &str| format!("#job-{id}-{what}");
    phone.find(&card("accept")).await;
    phone.click("[data-sort=near]").await;
    says(&phone, "[data-by-say]", "误差约 7 米").await;
    let way = phone.find(&format!("{} .route a[href^='https://uri.amap.com/']", card("accept"))).await;
    assert!(way.attr("href").await.expect("an attribute").expect("a link").contains("coordinate=gaode"));
    phone.click(&format!("{} form button[type=submit]", card("accept"))).await;
    phone.find(&card("arrive")).await;

    // No network: the form stays with its photo and place and says so; also after the browser was closed.
    phone.attach(&format!("#ph-{id}"), &node.photo("到场.png")).await;
    phone.find(&format!("{} .thumbs img", card("arrive"))).await;
    offline(&phone, true).await;
    phone.click(&format!("{} form button[type=submit]", card("arrive"))).await;
    says(&phone, &format!("{} [data-failed]", card("arrive")), "没有发出去").await;
    phone.axe("a failed send").await;
    assert!(phone.text(&format!("{} [data-place-say]", card("arrive"))).await.contains("误差约 7 米"));
    offline(&phone, false).await;
    let profile = phone.shut().await;
    let phone = Browser::open_in(&node, 360, true, profile, MICROPHONE).await;
    phone.sign_in(&officer).await;
    stand(&phone, (121.1142, 31.1508), 7).await;
    phone.go("/todo").await;
    says(&phone, &format!("{} [data-failed]", card("arrive")), "上次没有发出的").await;
    phone.find(&format!("{} .thumbs img", card("arrive"))).await;
    phone.click(&format!("{} [data-again]", card("arrive"))).await;

    // On site: photo first, a result, a word, a voice.
    phone.find(&card("handle")).await;
    phone.click(&format!("{} .sheet > summary", card("handle"))).await;
    phone.attach(&format!("#af-{id}"), &node.photo("处置后.png")).await;
    phone.find(&format!("{} .thumbs img", card("handle"))).await;
    phone.click(&format!("{} input[value=cleared]", card("handle"))).await;
    phone.write(&format!("#note-{id}"), "已劝离，路面清理干净。").await;
    phone.click(&format!("{} [data-record]", card("handle"))).await;
    says(&phone, &format!("{} [data-voice-say]", card("handle")), "正在录 2 秒").await;
    phone.click(&format!("{} [data-record]", card("handle"))).await;
    phone.find(&format!("{} audio", card("handle"))).await;
    phone.axe("handling").await;
    phone.fits("/todo").await;
    // Said once more, and handed in while still speaking: the last word counts, and nobody goes on listening.
    phone.click(&format!("{} [data-record]", card("handle"))).await;
    says(&phone, &format!("{} [data-voice-say]", card("handle")), "正在录 1 秒").await;
    let watch = "const old = MediaRecorder.prototype.stop; \
        MediaRecorder.prototype.stop = function () { window.heard = this.stream; return old.call(this); }";
    phone.client.execute(watch, vec![]).await.expect("a watch");
    phone.click(&format!("{} form button[type=submit]", card("handle"))).await;
    says(&phone, &format!("[data-job='{id}'][data-gone]"), "转核查").await;
    let silent = "return window.heard?.getTracks().every(t => t.readyState === 'ended')";
    assert_eq!(phone.client.execute(silent, vec![]).await.expect("an answer"), json!(true));

    // In the record once each, with photo, place and voice; and nothing is left in the telephone.
    phone.go(&format!("/matters/{id}?tab=exhibits")).await;
    phone.find("audio[controls]").await;
    let record = phone.client.goto(&format!("{}/matters/{id}", phone.base)).await;
    record.expect("the matter");
    let acts = phone.client.find_all(Locator::Css(".record-line .act")).await.expect("a record");
    let mut titles = Vec::new();
    for act in acts {
        titles.push(act.text().await.unwrap_or_default());
    }
    assert_eq!(titles.iter().filter(|t| *t == "到场").count(), 1, "{titles:?}");
    assert!(phone.text("main").await.contains("误差约 7 米"));
    phone.go("/todo").await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(
        !phone.find("[data-unsent]").await.is_displayed().await.expect("a state"),
        "nothing is left behind"
    );
    phone.close().await;
}
