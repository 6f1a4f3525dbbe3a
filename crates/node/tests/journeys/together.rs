//! Pages of working together: no barrier for anybody, light and dark, at the desk and on a phone, and no page wider than
//! the screen. Two members with a compact in force and some days of matters between them. And how a letter goes from one to the
//! other and comes back, each step by whose office it is.

use crate::kit::{Browser, Node, PATIENCE};
use crate::pages::{link, visit};
use fantoccini::Locator;
use serde_json::Value;
use std::cell::RefCell;
use std::time::{Duration, Instant};

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

/// A member and the browser in which one after the other of its people signs in.
struct Office {
    node: Node,
    browser: Browser,
    /// The role of whoever sits there now.
    there: RefCell<String>,
}

impl Office {
    async fn open(node: Node) -> Office {
        // Without scripts: what goes by forms goes everywhere.
        let browser = Browser::open(&node, 1280, false).await;
        Office { node, browser, there: RefCell::default() }
    }

    /// The browser with somebody of this role in front of a matter.
    async fn as_(&self, role: &str, path: &str) -> &Browser {
        if self.there.replace(role.to_owned()) != role {
            self.browser.sign_in(&self.node.person(role)).await;
        }
        self.browser.go(path).await;
        &self.browser
    }

    async fn act(&self, role: &str, path: &str, command: &str) {
        let browser = self.as_(role, path).await;
        browser.offer(command).await;
        browser.act(command).await;
    }

    /// Reviewed by one, signed by another: the letter leaves.
    async fn signed(&self, path: &str) {
        for (role, command) in [("legal_reviewer", "review"), ("leader", "sign")] {
            let browser = self.as_(role, path).await;
            browser.offer(command).await;
            browser.click(&format!("#act-{command} label:has([name=agreed][value=true])")).await;
            browser.act(command).await;
        }
    }

    /// Drafts a letter to the other member by the form, and sends it.
    async fn letter(&self, form: &str, to: &str, title: &str, more: &[(&str, &str)]) -> String {
        let browser = self.as_("handler", &format!("/cooperation/new/{form}")).await;
        for chosen in [("to", to), ("list", "HZ-01")] {
            browser.click(&format!("#letter label:has([name={}][value='{}'])", chosen.0, chosen.1)).await;
        }
        browser.write("#letter [name=title]", title).await;
        browser.write("#letter [name=text]", "货车夜间自工地驶出，请依法核查。").await;
        for (name, value) in more {
            match *name {
                "ground" => browser.choose("#letter [name=ground]", value).await,
                "asks" => browser.click(&format!("#letter label:has([name=asks][value={value}])")).await,
                _ => browser.write(&format!("#letter [name={name}]"), value).await,
            }
        }
        browser.click("#letter .button.main").await;
        browser.find(".done-line").await;
        let path = path_of(&browser.address().await);
        self.signed(&path).await;
        path
    }

    /// 收文登记 and 分办 of what came under this title; gives where it is here.
    async fn taken_in(&self, title: &str) -> String {
        let browser = self.as_("liaison", "/cooperation").await;
        let since = Instant::now();
        let path = loop {
            if let Ok(found) = browser.client.find(Locator::LinkText(title)).await {
                break path_of(&found.attr("href").await.expect("an attribute").expect("a link"));
            }
            assert!(since.elapsed() < PATIENCE, "{title} does not arrive");
            tokio::time::sleep(Duration::from_millis(250)).await;
            browser.go("/cooperation").await;
        };
        self.act("liaison", &path, "register").await;
        let browser = self.as_("liaison", &path).await;
        browser.offer("assign").await;
        let login = self.node.person("handler").0;
        let whom = self.node.people.iter().find(|p| p["login"] == login.as_str()).expect("the handler");
        let option = "return [...document.querySelector('#act-assign [name=person]').options] \
                      .find(o => o.text.startsWith(arguments[0])).value";
        let whom = browser.client.execute(option, vec![whom["name"].clone()]).await.expect("an option");
        browser.choose("#act-assign [name=person]", whom.as_str().expect("text")).await;
        browser.act("assign").await;
        self.act("handler", &path, "accept").await;
        path
    }

    /// Number of bytes and digest of the first letter of a matter, as the office prints it.
    async fn printed(&self, path: &str) -> Value {
        let browser = self.as_("handler", &format!("{path}?tab=letters")).await;
        let digest = "const done = arguments[arguments.length - 1]; \
            fetch(document.querySelector('main .rows a[href$=\".pdf\"]').href).then(r => r.arrayBuffer()) \
            .then(async b => done([b.byteLength, [...new Uint8Array(await crypto.subtle.digest('SHA-256', b))].join()]), \
                  e => done(String(e)))";
        browser.client.execute_async(digest, vec![]).await.expect("a digest")
    }
}

fn path_of(address: &str) -> String {
    let path = address.split_once("/matters/").expect("a matter").1;
    format!("/matters/{}", path.split('?').next().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_and_a_lead_go_to_the_other_member_and_come_back_with_what_was_found() {
    let [ours, theirs] = Node::two().await;
    let (ours, theirs) = (Office::open(ours).await, Office::open(theirs).await);
    let title = "请核实夜间驶出车辆";
    let here = ours.letter("assistance", "320509", title, &[("asks", "investigate")]).await;
    let there = theirs.taken_in(title).await;
    // One letter, the same bytes at both ends.
    let (sent, came) = (ours.printed(&here).await, theirs.printed(&there).await);
    assert!(sent[0].as_u64() > Some(10_000) && sent == came, "{sent} {came}");

    let browser = theirs.as_("handler", &there).await;
    browser.offer("reply").await;
    browser.write("#act-reply [name=text]", "车辆已核实，见所附照片。").await;
    browser.attach("#act-reply [name=exhibits]", &theirs.node.photo("场地.png")).await;
    browser.write("#act-reply [name=takers]", "、李四（执法证 苏05009999）").await;
    browser.act("reply").await;
    theirs.signed(&there).await;

    // What came is judged where it stands, and the reply accepted: the matter has ended at both.
    let files = format!("{here}?tab=exhibits");
    let browser = ours.as_("handler", &files).await;
    let since = Instant::now();
    while browser.client.find(Locator::Css(".exhibit .judge")).await.is_err() {
        assert!(since.elapsed() < PATIENCE, "the file does not arrive: {}", browser.text("main").await);
        tokio::time::sleep(Duration::from_millis(250)).await;
        browser.go(&files).await;
    }
    browser.click(".exhibit .judge label:has([value=recognised])").await;
    browser.click(".exhibit .judge button[type=submit]").await;
    browser.find(".done-line").await;
    browser.go(&files).await;
    let file = browser.text(".exhibit[data-foreign]").await;
    assert!(file.contains("认可") && file.contains("收件记录") && file.contains("李四"), "{file}");
    ours.act("handler", &here, "accept_reply").await;
    assert!(ours.browser.text("#matter-head").await.contains("已办结"));

    // The lead becomes a report of the other's own, which each of the two leads to.
    let title = "装载工地违法线索";
    let lead = [("ground", "place"), ("measures", "未采取强制措施。"), ("place", "吴江区黎里镇")];
    ours.letter("lead", "320509", title, &lead).await;
    let there = theirs.taken_in(title).await;
    let browser = theirs.as_("liaison", &there).await;
    let bonds = browser.text("#bonds").await;
    assert!(bonds.contains("本机关办件"), "{bonds}");
    ours.browser.close().await;
    theirs.browser.close().await;
}
