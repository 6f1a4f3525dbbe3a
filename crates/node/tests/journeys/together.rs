//! Pages of working together: no barrier for anybody, light and dark, at the desk and on a phone, and no page wider than
//! the screen. Two members with a compact in force and some days of matters between them.

use crate::kit::{Browser, Node};
use crate::pages::{link, visit};

/// Forms with which something begins.
const FORMS: [&str; 6] = ["lead", "assistance", "evidence", "bulletin", "dispute", "away"];

/// Pages of everybody who works with members, and those that a role adds.
const PAGES: &[(&str, &[&str])] = &[
    (
        "liaison",
        &[
            "/desk",
            "/todo",
            "/cooperation",
            "/cooperation?by=member&open=any",
            "/cooperation/digest",
            "/compact",
            "/compact/list",
            "/compact/found",
            "/compact/join",
            "/compact/card",
            "/meetings",
            "/meetings/new",
            "/plans",
            "/plans/new",
        ],
    ),
    ("leader", &["/cooperation", "/compact"]),
    ("admin", &["/compact", "/compact/card"]),
];

/// Sides of a shared matter.
const SIDES: [&str; 5] = ["", "?tab=exhibits", "?tab=letters", "?tab=ways", "?tab=proof"];

/// Pages that are found from another: there, the first link of this kind.
const BEHIND: [(&str, &str); 3] = [
    ("/compact/list", "main tbody a[href^='/compact/list/']"),
    ("/meetings", "main .rows a[href^='/meetings/']"),
    ("/plans", "main .rows a[href^='/plans/']"),
];

async fn walk(node: &Node, width: u32) {
    let browser = Browser::open(node, width, true).await;
    for (role, pages) in PAGES {
        browser.sign_in(&node.person(role)).await;
        for path in *pages {
            visit(&browser, path, role, width).await;
        }
    }
    browser.sign_in(&node.person("liaison")).await;
    for (list, css) in BEHIND {
        browser.go(list).await;
        if let Some(path) = link(&browser, css).await {
            visit(&browser, &path, "liaison", width).await;
        }
    }
    let mut seen = 0;
    for form in FORMS {
        visit(&browser, &format!("/cooperation/new/{form}"), "liaison", width).await;
        // As it came in and as it went out, open and ended: stages as the days left them.
        for side in ["incoming", "outgoing"] {
            browser.go(&format!("/cooperation?form={form}&side={side}&open=any")).await;
            let Some(matter) = link(&browser, "#lists .todo .what a").await else { continue };
            seen += 1;
            visit(&browser, &matter, "liaison", width).await;
        }
    }
    assert!(seen >= 6, "only {seen} shared matters are there to be seen");
    browser.go("/cooperation?form=evidence&open=any").await;
    let matter = link(&browser, "#lists .todo .what a").await.expect("some evidence");
    for side in SIDES {
        visit(&browser, &format!("{matter}{side}"), "liaison", width).await;
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_between_members_has_a_barrier_at_the_desk() {
    walk(&Node::together().await, 1280).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_between_members_has_a_barrier_on_a_phone() {
    walk(&Node::together().await, 390).await;
}
