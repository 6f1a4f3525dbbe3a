//! Administration in a browser: a unit is dragged, a term tried, a year clicked, a table imported, a look found; and
//! statistics: charts beside their tables, numbers that lead to their matters, a month on paper.

use crate::kit::{Browser, Node};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::{Value, json};
use std::time::Duration;

const PAGES: &[&str] = &[
    "/admin",
    "/admin/units",
    "/admin/units/edit",
    "/admin/people",
    "/admin/categories",
    "/admin/categories/edit?code=E09005",
    "/admin/law",
    "/admin/law/term?code=service.accept",
    "/admin/law/hours?code=workday",
    "/admin/law/year",
    "/admin/policy",
    "/admin/policy?role=officer",
    "/admin/access",
    "/admin/audit",
    "/admin/import",
    "/admin/settings",
    "/stats",
    "/stats?period=year",
];

async fn script(browser: &Browser, text: &str) -> Value {
    browser.client.execute(text, vec![]).await.unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// Waits until a script says yes.
async fn until(browser: &Browser, text: &str) {
    let mut waited = Duration::ZERO;
    while script(browser, text).await != Value::Bool(true) {
        assert!(waited < Duration::from_secs(30), "{text} on {}", browser.address().await);
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
}

/// The middle of something on the screen.
async fn middle(browser: &Browser, css: &str) -> (f64, f64) {
    let ask = format!(
        "const e = document.querySelector({}); const r = e.getBoundingClientRect(); \
         return [r.left + Math.min(r.width / 2, 60), r.top + r.height / 2]",
        json!(css)
    );
    let at = script(browser, &ask).await;
    (at[0].as_f64().expect("a place"), at[1].as_f64().expect("a place"))
}

async fn drag(browser: &Browser, from: &str, to: &str) {
    let ((x1, y1), (x2, y2)) = (middle(browser, from).await, middle(browser, to).await);
    let step = |x: f64, y: f64| PointerAction::MoveTo { duration: Some(Duration::from_millis(150)), x, y };
    let mouse = MouseActions::new("mouse".into())
        .then(step(x1, y1))
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(step(x1 + 8.0, y1 + 8.0))
        .then(step(x2, y2))
        .then(step(x2 + 1.0, y2))
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    browser.client.perform_actions(mouse).await.expect("a drag");
}

/// An administrator drags a unit below another one, is asked, and takes it back.
async fn a_unit_is_dragged(browser: &Browser) {
    browser.go("/admin/units").await;
    let two = script(
        browser,
        "const l = [...document.querySelectorAll('.unit-line[draggable=true]')]; \
         const a = l.find(x => x.dataset.parent); const b = l.find(x => x !== a && x.dataset.parent === a.dataset.parent); \
         return [a.dataset.code, b.dataset.code, a.dataset.parent]",
    )
    .await;
    let code = |n: usize| two[n].as_str().expect("a code").to_owned();
    let line = |n: usize| format!(".unit-line[data-code='{}']", code(n));
    drag(browser, &line(1), &line(0)).await;
    let asked = browser.client.get_alert_text().await.expect("a question");
    assert!(asked.contains("新上级的负责人可以看到"), "the consequence is said first: {asked}");
    browser.client.accept_alert().await.expect("yes");
    browser.find("#undo").await;
    let parent = format!("return document.querySelector(\"{}\").dataset.parent", line(1));
    assert_eq!(script(browser, &parent).await, json!(code(0)));
    browser.click("#undo").await;
    let back = format!("return document.querySelector(\"{}\")?.dataset.parent === '{}'", line(1), code(2));
    until(browser, &back).await;
    // Without a mouse: the way by a form.
    browser.go(&format!("/admin/units?moving={}", code(1))).await;
    browser.choose("#move-parent", &code(0)).await;
    browser.click("#move button[type=submit]").await;
    browser.find("#undo").await;
    browser.click("#undo").await;
    until(browser, &back).await;
}

/// A term is tried before it is saved: the sum stands there, and nothing is changed.
async fn a_term_is_tried(browser: &Browser) {
    browser.go("/admin/law/term?code=service.accept").await;
    let amount = browser.find("#f-amount").await;
    amount.clear().await.expect("empty");
    amount.send_keys("45").await.expect("typed");
    browser.click("button[name=step][value=try]").await;
    browser.find("#trial[role=status]").await;
    let trial = browser.text("#trial").await;
    assert!(trial.contains("还没有保存") && trial.contains("起，") && trial.contains("45 分钟"), "{trial}");
    browser.fits("a trial").await;
    browser.axe("a trial").await;
    browser.go("/admin/law").await;
    assert!(!browser.text("main").await.contains("45 分钟"), "nothing was saved");
}

/// A day is clicked in the year; the lines of the form follow.
async fn a_year_is_clicked(browser: &Browser) {
    browser.go("/admin/law/year?year=2027").await;
    let festival = browser.find("#festival").await;
    festival.clear().await.expect("empty");
    festival.send_keys("春节").await.expect("typed");
    browser.click("td[data-day='2027-02-14'] button").await;
    browser.click("td[data-day='2027-02-14'] button").await;
    let lines = script(browser, "return document.getElementById('f-days').value").await;
    assert!(lines.as_str().is_some_and(|t| t.contains("2027-02-14 上班 春节")), "{lines}");
    browser.write("#f-notice", "国办发明电〔2026〕0号").await;
    browser.click("button[name=step][value=try]").await;
    browser.find("main [role=status]").await;
    assert!(browser.text("main [role=status]").await.contains("还没有保存"));
    browser.fits("a year").await;
    browser.axe("a year that is tried").await;
}

/// A table is imported: rows are shown as they would be read, bad ones by line; the columns are remembered.
async fn a_table_is_imported(node: &Node, browser: &Browser) {
    let file = node.folder.path().join("诉件.csv");
    let rows = "编号X,什么事,在哪里,哪一类\n\
                J-1,路口有人占道卖水果,青浦区夏阳街道城南环路28号,\n\
                J-2,小区门口堆放建筑垃圾,青浦区夏阳街道城南环路40号,没有这一类\n";
    std::fs::write(&file, rows).expect("a file");
    browser.go("/admin/import").await;
    browser.attach("#f-raw-file", &file).await;
    browser.click("main .button.main, main form.form button[type=submit]").await;
    browser.find("#f-description").await;
    for (field, column) in
        [("number", "编号X"), ("description", "什么事"), ("address", "在哪里"), ("category", "哪一类")]
    {
        browser.choose(&format!("#f-{field}"), column).await;
    }
    browser.click(".mapping button.main").await;
    browser.find("#trial").await;
    let trial = browser.text("#trial").await;
    assert!(trial.contains("占道卖水果") && trial.contains("有误"), "{trial}");
    browser.fits("an import").await;
    browser.axe("an import that is tried").await;
    browser.click(".mapping button.main").await;
    browser.find("main [role=status]").await;
    assert!(browser.text("main [role=status]").await.contains("导入结果"));
    browser.go("/admin/import").await;
    browser.attach("#f-raw-file", &file).await;
    browser.click("main form.form button[type=submit]").await;
    browser.find("#remembered").await;
}

/// A look at particulars is found by kind and person.
async fn a_look_is_found(browser: &Browser) {
    browser.go("/admin/access?action=sign_in").await;
    let rows = script(browser, "return document.querySelectorAll('main tbody tr').length").await;
    assert!(rows.as_u64().is_some_and(|n| n > 0), "sign-ins are recorded: {rows}");
    browser.choose("select[name=action]", "sign_in_failed").await;
    until(browser, "return location.search.includes('sign_in_failed')").await;
    browser.go("/admin/audit?register=unit").await;
    assert!(browser.text("main").await.contains("单位"));
}

/// Charts are drawn from the tables beside them, in light and in dark; a number is the length of its list.
async fn numbers_lead_to_their_matters(browser: &Browser) {
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        browser.go("/stats?period=year").await;
        until(browser, "return document.querySelectorAll('.chart[data-ready] svg').length > 3").await;
        until(browser, "return [...document.querySelectorAll('.chart svg')].every(s => s.getBoundingClientRect().width > 100)").await;
        browser.axe(&format!("/stats with charts, {scheme}")).await;
    }
    browser.prefer("light").await;
    let first = script(browser, "const a = document.querySelector('.stat a.big'); return [a.textContent.trim(), a.getAttribute('href')]").await;
    let (n, href) =
        (first[0].as_str().expect("a number").to_owned(), first[1].as_str().expect("a link").to_owned());
    assert_ne!(n, "0", "the demo has matters");
    browser.go(&href).await;
    let head = browser.text(".page-head").await;
    assert!(head.contains(&n), "{n} is not the count of its list: {head}");
}

/// The month's report is a page that can be printed: figures, tables, rules, no navigation.
async fn a_month_is_printed(browser: &Browser) {
    browser.go("/stats").await;
    browser.click("main a[href^='/stats/report/']").await;
    browser.find(".paper").await;
    browser.fits("a report").await;
    browser.axe("a report").await;
    let paper = browser.printed().await;
    for word in ["办件月报", "主要数字", "上年同月", "计数口径", "制表"] {
        assert!(paper.contains(word), "{word} is not on paper: {paper}");
    }
    assert!(!paper.contains("返回统计"), "no navigation on paper");
}

async fn pages(browser: &Browser, width: u32) {
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        for path in PAGES {
            browser.go(path).await;
            browser.axe(&format!("{path}, {width} px, {scheme}")).await;
        }
    }
    browser.prefer("light").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_and_a_leader_do_their_work_at_the_desk() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, true).await;
    browser.sign_in(&node.person("admin")).await;
    a_unit_is_dragged(&browser).await;
    a_term_is_tried(&browser).await;
    a_year_is_clicked(&browser).await;
    a_table_is_imported(&node, &browser).await;
    a_look_is_found(&browser).await;
    numbers_lead_to_their_matters(&browser).await;
    a_month_is_printed(&browser).await;
    pages(&browser, 1440).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administration_and_numbers_work_on_a_phone() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 390, true).await;
    browser.sign_in(&node.person("admin")).await;
    a_term_is_tried(&browser).await;
    a_year_is_clicked(&browser).await;
    a_table_is_imported(&node, &browser).await;
    numbers_lead_to_their_matters(&browser).await;
    a_month_is_printed(&browser).await;
    pages(&browser, 390).await;
    browser.close().await;
}
