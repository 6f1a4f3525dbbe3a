//! Pages by their structure: elements with their classes, roles, states and words, without what differs from one run to
//! the next. A change of markup is a change of these files, and is looked at like one.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo nextest run --workspace --test web -E 'test(snapshots)'`.

use crate::lists::{get, report_in};
use crate::node::{Node, encode};
use jiff::SignedDuration;
use scraper::{ElementRef, Html, Node as Dom, Selector};
use serde_json::json;

/// Elements whose inside says nothing about a page: drawings, choices made of data, pairs of words.
const CLOSED: [&str; 4] = ["svg", "select", "datalist", "dl"];
/// Elements that nobody sees.
const UNSEEN: [&str; 4] = ["script", "style", "link", "noscript"];
/// Attributes whose value is part of what a page is.
const SAID: [&str; 5] = ["role", "type", "name", "data-state", "hidden"];

fn seen(element: &ElementRef<'_>) -> bool {
    !UNSEEN.contains(&element.value().name()) && element.value().attr("type") != Some("hidden")
}

/// Words with every number as one nought: dates, counts and times move, their place does not.
fn masked(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            let digit = c.is_ascii_digit();
            if !(digit && out.ends_with('0')) {
                out.push(if digit { '0' } else { c });
            }
        }
    }
    out
}

/// An element without its words: `a.button.main[aria-current=page]`.
fn shape(element: ElementRef<'_>) -> String {
    let value = element.value();
    let mut out = value.name().to_owned();
    for class in value.classes() {
        out.push('.');
        out.push_str(class);
    }
    let mut attributes: Vec<(&str, &str)> = value.attrs().collect();
    attributes.sort_unstable();
    for (name, given) in attributes {
        let words = name == "aria-label" || name.ends_with("by");
        if SAID.contains(&name) || (name.starts_with("aria-") && !words) {
            out.push_str(&format!("[{name}={}]", masked(given)));
        } else if name.starts_with("data-") {
            out.push_str(&format!("[{name}]"));
        }
    }
    out
}

/// The words that stand in an element itself, and those that name it.
fn words(element: ElementRef<'_>) -> String {
    // Digests are other ones each time.
    if element.value().classes().any(|class| class == "digest") {
        return " #".into();
    }
    let own = element.children().filter_map(|n| match n.value() {
        Dom::Text(text) => Some(text.trim()),
        _ => None,
    });
    let own = own.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" … ");
    let name =
        element.value().attr("aria-label").map(|name| format!(" “{}”", masked(name))).unwrap_or_default();
    if own.is_empty() { name } else { format!("{name} {}", masked(&own)) }
}

/// An element and all in it, each in a line, indented: its shape alone, and with its words. Of neighbours of one shape the
/// first stands for all.
fn outline(element: ElementRef<'_>, depth: usize) -> (String, String) {
    let indent = "  ".repeat(depth);
    let shape = shape(element);
    let mut bare = format!("{indent}{shape}\n");
    let mut full = format!("{indent}{shape}{}\n", words(element));
    if CLOSED.contains(&element.value().name()) {
        return (bare, full);
    }
    let mut last = String::new();
    let mut said = false;
    for child in element.child_elements().filter(seen) {
        let (shape, text) = outline(child, depth + 1);
        if shape == last {
            if !said {
                full.push_str(&format!("{indent}  …\n"));
            }
            said = true;
            continue;
        }
        bare.push_str(&shape);
        full.push_str(&text);
        (last, said) = (shape, false);
    }
    (bare, full)
}

fn holds(name: &str, page: &Html, css: &str) {
    let root = page.select(&Selector::parse(css).unwrap()).next().unwrap_or_else(|| panic!("{name}: {css}"));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, outline(root, 0).1);
    });
}

#[tokio::test]
async fn pages_keep_their_structure() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let receipt = node.report().await;
    let id = receipt["id"].as_i64().unwrap();
    report_in(&node, 121.07, "乙镇的摊，没有人在岗").await;
    node.hands.forward(SignedDuration::from_mins(5));
    node.command(&node.token("officer-a").await, id, json!({ "command": "accept" })).await;
    node.hands.forward(SignedDuration::from_mins(20));

    let (officer, dispatch) = (node.browser("officer-a").await, node.browser("dispatch").await);
    holds("desk", &get(&node, &officer, "/desk").await, "body");
    holds("todo", &get(&node, &officer, "/todo").await, "main");
    holds("matter", &get(&node, &officer, &format!("/matters/{id}")).await, "main");
    holds("list", &get(&node, &dispatch, "/matters").await, "main");
    holds("board", &get(&node, &dispatch, "/board").await, "main");
    holds("stats", &get(&node, &dispatch, "/stats").await, "main");
    holds("wall", &get(&node, &dispatch, "/wall").await, "main");
    holds("admin-units", &get(&node, &node.browser("admin").await, "/admin/units").await, "main");
    let report = node.get("/report").header("accept", "text/html").send().await.unwrap();
    holds("report", &Html::parse_document(&report.text().await.unwrap()), "body");
    let asked = ["number", "follow_code"].map(|field| receipt[field].as_str().unwrap());
    let follow = node
        .request(reqwest::Method::POST, "/follow")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode(&[("number", asked[0]), ("code", asked[1])]))
        .send()
        .await
        .unwrap();
    holds("follow", &Html::parse_document(&follow.text().await.unwrap()), "main");
}
