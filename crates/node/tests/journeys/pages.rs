//! Every page: no barrier for anybody, light and dark, at the desk and on a phone; nothing refused by the security policy.

use crate::kit::{Browser, Node};
use crate::main_job::{Receipt, follow};
use fantoccini::Locator;
use totp_rs::{Algorithm, Builder, Secret};

/// Pages of everybody at work, and those that a role adds.
const STAFF: &[(&str, &[&str])] = &[
    (
        "dispatcher",
        &[
            "/desk",
            "/matters",
            "/matters?open=true&order=due",
            "/matters/views",
            "/board",
            "/board?by=unit",
            "/map",
            "/duty",
            "/duty/roster?unit=310118001",
            "/stats",
            "/law",
            "/law/items/FS-03",
            "/law/items",
            "/law/benchmarks",
            "/law/calculator?what=surcharge&fine_yuan=10000&due=2026-01-31&paid=2026-03-06",
            "/register",
            "/style",
            "/account",
            // What is not there, and below what nobody may do.
            "/matters/999999999",
        ],
    ),
    ("officer", &["/todo", "/desk", "/matters", "/account", "/admin"]),
    ("leader", &["/desk", "/stats", "/cases/stats", "/cases/records", "/cases/reviews", "/cases/numbers"]),
    (
        "admin",
        &[
            "/admin",
            "/admin/units",
            "/admin/people",
            "/admin/people/edit",
            "/admin/grids",
            "/admin/categories",
            "/admin/law",
            "/admin/settings",
            "/admin/import",
            "/admin/policy",
            "/admin/addresses",
        ],
    ),
    ("auditor", &["/admin/access", "/admin/audit"]),
];

/// Pages of enforcement that everybody may read.
const PUBLIC: &[&str] = &[
    "/public",
    "/public/decisions",
    "/public/powers",
    "/public/people",
    "/public/procedures",
    "/public/items",
    "/public/reviews",
    "/public/annual",
    "/check",
    "/check/ABCDABCDABCDABCD",
];

/// Every tab of a matter that is being handled, and the whole of it on paper.
const MATTER: &[&str] = &["", "?tab=exhibits", "?tab=people", "?tab=route", "?tab=proof", "/print"];

/// Pages that are found from another: there, the first link of this kind.
const BEHIND: &[(&str, &str, &str)] = &[
    ("dispatcher", "/stats", "main a[href^='/stats/report/']"),
    ("admin", "/admin/people", "tbody a[href*='/people/edit?code=']"),
];

/// Forms of registers, and the story of a record.
const REGISTERS: &[(&str, &str, &str)] = &[
    ("admin", "/admin/grids", "main a[href*='/grids/edit?code=']"),
    ("admin", "/admin/grids", "main a[href^='/admin/grids/draw']"),
    ("admin", "/admin/addresses", "main a[href*='/addresses/edit?code=']"),
    ("admin", "/admin/law", "main a[href*='/law/edit?code=']"),
    ("auditor", "/admin/audit", "tbody a[href^='/admin/audit/']"),
];

/// Wide enough for a desk, px.
const DESK: u32 = 861;

/// Where a link of the page in view leads, when there is one.
pub async fn link(browser: &Browser, css: &str) -> Option<String> {
    let element = browser.client.find(Locator::Css(css)).await.ok()?;
    element.attr("href").await.expect("an attribute")
}

/// What is in view, light and dark, without loading it again.
async fn look(browser: &Browser, name: &str, width: u32) {
    browser.fits(name).await;
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        browser.axe(&format!("{name}, {width} px, {scheme}")).await;
    }
}

pub async fn visit(browser: &Browser, path: &str, who: &str, width: u32) {
    browser.go(path).await;
    look(browser, &format!("{path} of {who}"), width).await;
}

async fn every_side_of_a_matter(browser: &Browser, width: u32) {
    browser.go("/matters?open=true").await;
    let matter =
        link(browser, "main tbody a[href^='/matters/'], main [data-item] a").await.expect("a matter");
    let matter = matter.split(['?', '#']).next().expect("a path");
    for side in MATTER {
        visit(browser, &format!("{matter}{side}"), "dispatcher", width).await;
    }
}

/// Acts on many: what can be done, and what would happen.
async fn acts_on_many(browser: &Browser, width: u32) {
    browser.go("/matters?open=true&order=due").await;
    browser.click("tbody tr:nth-child(1) .tick").await;
    browser.click("#bulk .main").await;
    browser.find("#do-supervise").await;
    look(browser, "acts on many", width).await;
    browser.click("#do-supervise > summary").await;
    browser.click("#act-supervise .choice label").await;
    browser.write("#act-supervise textarea", "请尽快到场").await;
    browser.click("#act-supervise button[type=submit]").await;
    browser.find("tr[data-fate]").await;
    look(browser, "a preview of acts on many", width).await;
}

/// A report as its reporter follows it; the demo names some.
async fn a_followed_matter(node: &Node, browser: &Browser, width: u32) {
    let demo = std::fs::read(node.folder.path().join("data/demo.json")).expect("demo.json");
    let demo: serde_json::Value = serde_json::from_slice(&demo).expect("JSON");
    let one = &demo["nodes"][0]["follow"][0];
    let text = |field: &str| one[field].as_str().expect("somebody follows").to_owned();
    follow(browser, &Receipt { number: text("number"), code: text("follow_code") }).await;
    look(browser, "a matter that is followed", width).await;
}

/// The agency asks leaders for a second factor: it is set up before anything else, and asked for from then on.
async fn the_second_factor(node: &Node, browser: &Browser, width: u32) {
    browser.sign_in(&node.person("admin")).await;
    browser.go("/admin/settings").await;
    let leaders = "input[name=second_factor_roles][value=leader]";
    if !browser.find(leaders).await.is_selected().await.expect("a state") {
        browser.click(leaders).await;
    }
    browser.click("main form.form button[type=submit]").await;
    browser.find("[role=status]").await;
    let (login, password) = node.person("leader");
    let enter = async || {
        browser.client.delete_all_cookies().await.expect("no cookies");
        browser.go("/sign-in").await;
        browser.write("[name=login]", &login).await;
        browser.write("[name=password]", &password).await;
        browser.click(".button.main").await;
    };
    enter().await;
    browser.find(".qr").await;
    look(browser, "setting up the second factor", width).await;
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::try_from_base32(&browser.text(".secret").await).expect("a secret"))
        .with_account_name(&*login)
        .with_issuer(Some("x".to_owned()))
        .build()
        .expect("a second factor");
    let now = browser.client.execute("return Math.floor(Date.now() / 1000)", vec![]).await.expect("a time");
    browser.write("[name=code]", &totp.generate(now.as_u64().expect("seconds")).to_string()).await;
    browser.click(".button.main").await;
    browser.find(".rail").await;
    enter().await;
    browser.find("[name=code]").await;
    assert!(browser.client.find(Locator::Css(".qr")).await.is_err(), "it is set up already");
    look(browser, "the second step of signing in", width).await;
}

async fn walk(node: &Node, width: u32) {
    let browser = Browser::open(node, width, true).await;
    for path in ["/report", "/follow", "/district", "/privacy", "/sign-in", "/nowhere"] {
        visit(&browser, path, "everybody", width).await;
    }
    for path in PUBLIC {
        visit(&browser, path, "everybody", width).await;
    }
    // A decision, and the check of its paper.
    browser.go("/public/decisions").await;
    let one = link(&browser, "#decisions a.title").await.expect("a published decision");
    visit(&browser, &one, "everybody", width).await;
    let check = link(&browser, "main a[href^='/check/']").await.expect("the way to the check");
    visit(&browser, &check, "everybody", width).await;
    a_followed_matter(node, &browser, width).await;
    for (role, pages) in STAFF {
        browser.sign_in(&node.person(role)).await;
        for path in *pages {
            visit(&browser, path, role, width).await;
        }
        // Other journeys look at some of these on the telephone.
        for (_, list, css) in BEHIND.iter().filter(|b| b.0 == *role && width >= DESK) {
            browser.go(list).await;
            let path = link(&browser, css).await.unwrap_or_else(|| panic!("{css} is not on {list}"));
            visit(&browser, &path, role, width).await;
        }
        if *role == "dispatcher" {
            every_side_of_a_matter(&browser, width).await;
            if width >= DESK {
                acts_on_many(&browser, width).await;
            }
        }
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_a_barrier_at_the_desk() {
    let node = Node::start().await;
    walk(&node, 1440).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_a_barrier_on_a_phone() {
    let node = Node::start().await;
    walk(&node, 390).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn registers_and_the_second_factor_have_no_barrier() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, true).await;
    for (role, list, css) in REGISTERS {
        browser.sign_in(&node.person(role)).await;
        browser.go(list).await;
        let path = link(&browser, css).await.unwrap_or_else(|| panic!("{css} is not on {list}"));
        visit(&browser, &path, role, 1440).await;
    }
    the_second_factor(&node, &browser, 1440).await;
    browser.close().await;
}
