//! The officer's to-dos on a phone: each act from its card, with photo, place and voice, once and only once.

use crate::files::png;
use crate::node::{Browser, Node};
use reqwest::{Response, StatusCode, multipart};
use scraper::{Html, Selector};
use serde_json::Value;

fn there(page: &Html, css: &str) -> bool {
    page.select(&Selector::parse(css).unwrap()).next().is_some()
}

fn value(page: &Html, css: &str) -> String {
    let css = Selector::parse(css).unwrap();
    page.select(&css).next().and_then(|e| e.value().attr("value")).unwrap_or_default().to_owned()
}

/// Sound as a browser records it, as far as its beginning says.
fn voice() -> Vec<u8> {
    let mut bytes = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04B\x85\x81\x02".to_vec();
    bytes.extend_from_slice(b"\x18S\x80g\x16T\xaek\xae\xd7\x81\x01\x83\x81\x02\x86\x86A_OPUS");
    bytes.extend((0_u32..4000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).map(|b| b | 0x80));
    bytes
}

struct Phone {
    node: Node,
    browser: Browser,
}

impl Phone {
    async fn new() -> Phone {
        let node = Node::start().await;
        node.on_duty("officer-a", "squad-a").await;
        let browser = node.browser("officer-a").await;
        Phone { node, browser }
    }

    async fn todo(&self) -> Html {
        let answer = self.browser.client.get(format!("{}/todo", self.node.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        Html::parse_document(&answer.text().await.unwrap())
    }

    async fn post(&self, path: &str, form: multipart::Form, by_script: bool) -> Response {
        let mut request = self.browser.client.post(format!("{}{path}", self.node.url));
        if by_script {
            request = request.header("x-part", "card").header("accept", "application/problem+json");
        } else {
            request = request.header("accept", "text/html");
        }
        request.multipart(form).send().await.unwrap()
    }

    fn form(&self, key: &str) -> multipart::Form {
        multipart::Form::new().text("csrf", self.browser.csrf.clone()).text("form", key.to_owned())
    }

    async fn entries(&self, id: i64) -> Vec<Value> {
        let token = self.node.token("officer-a").await;
        let path = format!("/api/v1/matters/{id}/entries");
        self.node.get(&path).bearer_auth(token).send().await.unwrap().json().await.unwrap()
    }
}

fn file(bytes: Vec<u8>, name: &'static str) -> multipart::Part {
    multipart::Part::bytes(bytes).file_name(name)
}

#[tokio::test]
async fn a_matter_is_accepted_reached_and_handled_from_its_card() {
    let phone = Phone::new().await;
    let id = phone.node.report().await["id"].as_i64().unwrap();
    let page = phone.todo().await;
    let card = format!("#job-{id}-accept");
    assert!(there(&page, &format!("{card} form[action='/todo/{id}/accept'] button[type=submit]")));
    assert!(
        there(&page, &format!("{card}[data-lng][data-lat][data-due]")),
        "what the order by nearness is made from"
    );
    assert!(there(&page, ".rail a[href='/todo'][aria-current=page].phone-only"));
    let key = value(&page, &format!("{card} [name=form]"));
    let answer = phone.post(&format!("/todo/{id}/accept"), phone.form(&key), false).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(answer.headers()["location"].to_str().unwrap().starts_with("/todo?done=accept"));

    let page = phone.todo().await;
    let card = format!("#job-{id}-arrive");
    assert!(there(&page, &format!("{card} input[type=file][capture=environment][accept='image/*']")));
    let arrive = phone
        .form("arrive-00001")
        .text("lng", "121.0201")
        .text("lat", "31.0199")
        .text("accuracy", "8")
        .part("exhibits", file(png(30, 20), "到场.png"));
    let answer = phone.post(&format!("/todo/{id}/arrive"), arrive, true).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let card = Html::parse_fragment(&answer.text().await.unwrap());
    assert!(there(&card, &format!("#job-{id}-handle [name=outcome]")), "the next act, at once");
    let entries = phone.entries(id).await;
    let arrived = entries.iter().find(|e| e["event_type"] == "arrived").unwrap();
    assert_eq!(arrived["event"]["accuracy_m"], 8);
    assert_eq!(arrived["exhibits"].as_array().unwrap().len(), 1, "the photo is part of the act");

    let handle = phone
        .form("handle-00001")
        .text("outcome", "cleared")
        .text("note", "劝离，清理干净")
        .part("after", file(png(31, 20), "处置后.png"))
        .part("exhibits", file(voice(), "语音.webm"));
    let answer = phone.post(&format!("/todo/{id}/handle"), handle, true).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("转核查"));
    let entries = phone.entries(id).await;
    let handled = entries.iter().find(|e| e["event_type"] == "handled").unwrap();
    assert_eq!(handled["exhibits"].as_array().unwrap().len(), 2, "photo and voice");

    // It can be heard on the matter's page: served as sound, in pieces, never as a page.
    let voice = handled["event"]["exhibits"][0]["digest"].as_str().unwrap();
    let path = format!("{}/files/{voice}?matter={id}", phone.node.url);
    let heard = phone.browser.client.get(path).header("range", "bytes=0-99").send().await.unwrap();
    assert_eq!(heard.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(heard.headers()["content-type"], "audio/webm");
    assert!(heard.headers()["content-disposition"].to_str().unwrap().starts_with("inline"));
    let page = phone.browser.client.get(format!("{}/matters/{id}?tab=exhibits", phone.node.url));
    let page = Html::parse_document(&page.send().await.unwrap().text().await.unwrap());
    assert!(there(&page, &format!("audio[controls][src^='/files/{voice}']")));
}

#[tokio::test]
async fn what_is_sent_twice_is_done_once_and_says_that_it_is_done() {
    let phone = Phone::new().await;
    let id = phone.node.report().await["id"].as_i64().unwrap();
    let path = format!("/todo/{id}/accept");
    for _ in 0..2 {
        let answer = phone.post(&path, phone.form("lost-answer-1"), true).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.text().await.unwrap().contains(&format!("job-{id}-arrive")), "the card as it now is");
    }
    let accepted = phone.entries(id).await.iter().filter(|e| e["event_type"] == "accepted").count();
    assert_eq!(accepted, 1);
    // The same with files: they are the same files, since they are named by what is in them.
    let arrive = || phone.form("lost-answer-2").part("exhibits", file(png(30, 20), "到场.png"));
    for _ in 0..2 {
        let answer = phone.post(&format!("/todo/{id}/arrive"), arrive(), true).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    let arrived = phone.entries(id).await.iter().filter(|e| e["event_type"] == "arrived").count();
    assert_eq!(arrived, 1);
    // Another form for what is done already is told, and does nothing.
    let other = phone.post(&path, phone.form("another-key-1"), true).await;
    assert_eq!(other.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_is_wrong_is_said_on_the_card_and_everything_typed_stays() {
    let phone = Phone::new().await;
    let id = phone.node.report().await["id"].as_i64().unwrap();
    phone.post(&format!("/todo/{id}/accept"), phone.form("accept-00001"), true).await;
    let bad = phone.form("arrive-00002").text("lng", "31.02").text("lat", "121.02");
    let answer = phone.post(&format!("/todo/{id}/arrive"), bad, false).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = Html::parse_document(&answer.text().await.unwrap());
    assert!(page.html().contains("写反了"), "{}", page.html());
    assert_eq!(value(&page, &format!("#job-{id}-arrive [name=lng]")), "31.02");
    assert_eq!(value(&page, &format!("#job-{id}-arrive [name=form]")), "arrive-00002", "the same key again");
    phone.post(&format!("/todo/{id}/arrive"), phone.form("arrive-00003"), true).await;

    // Cleared needs a photo; a voice alone shows nothing. What was sent is in custody and not asked for again.
    let handle = phone
        .form("handle-00002")
        .text("outcome", "cleared")
        .text("note", "已清理")
        .part("exhibits", file(voice(), "语音.webm"));
    let answer = phone.post(&format!("/todo/{id}/handle"), handle, false).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = Html::parse_document(&answer.text().await.unwrap());
    let card = format!("#job-{id}-handle");
    assert!(page.html().contains("须附处置后照片"));
    assert!(there(&page, &format!("{card} details.sheet[open] input[value=cleared][checked]")));
    assert_eq!(value(&page, &format!("{card} input[type=hidden][name=exhibits]")).len(), 64);
    // A script is told in the form that it can read.
    let bare = phone.form("handle-00003").text("outcome", "cleared").text("note", "已清理");
    let answer = phone.post(&format!("/todo/{id}/handle"), bare, true).await;
    let problem: Value = answer.json().await.unwrap();
    assert!(problem["rule"].as_str().unwrap().contains("须附处置后照片"), "{problem}");
}

#[tokio::test]
async fn nobody_acts_on_what_is_not_his() {
    let phone = Phone::new().await;
    let id = phone.node.report().await["id"].as_i64().unwrap();
    let other = phone.node.browser("officer-b").await;
    let form = multipart::Form::new().text("csrf", other.csrf.clone()).text("form", "not-mine-0001");
    let path = format!("{}/todo/{id}/accept", phone.node.url);
    let answer = other.client.post(path).header("x-part", "card").multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "he does not even learn that it is there");
    // Without the session's token nothing is done, and the public is sent to sign in.
    let form = multipart::Form::new().text("csrf", "wrong").text("form", "no-token-0001");
    assert_eq!(phone.post(&format!("/todo/{id}/accept"), form, true).await.status(), StatusCode::FORBIDDEN);
    let public = phone.node.get("/todo").header("accept", "text/html").send().await.unwrap();
    assert_eq!(public.status(), StatusCode::SEE_OTHER);
    // Commands that have no card are not taken here.
    let form = phone.form("close-000001");
    assert_eq!(phone.post(&format!("/todo/{id}/close"), form, true).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_stays_small_and_gives_its_cards_alone_too() {
    let phone = Phone::new().await;
    for _ in 0..10 {
        phone.node.report().await;
    }
    let url = format!("{}/todo", phone.node.url);
    let whole = phone.browser.client.get(&url).send().await.unwrap().text().await.unwrap();
    let list =
        phone.browser.client.get(format!("{url}?part=list")).send().await.unwrap().text().await.unwrap();
    assert!(whole.len() < 80_000, "{} bytes for ten cards", whole.len());
    assert!(list.len() < whole.len() && !list.contains("<html"));
    assert_eq!(list.matches("data-job=").count(), 10);
    let page = Html::parse_document(&whole);
    let ways = Selector::parse("#main .route a").unwrap();
    for a in page.select(&ways) {
        let a = a.value();
        assert_eq!((a.attr("rel"), a.attr("target")), (Some("noopener noreferrer"), Some("_blank")));
    }
    let outside = Selector::parse("[src^='http'], link[href^='http']").unwrap();
    assert!(page.select(&outside).next().is_none(), "no map is asked before a tap");
}
