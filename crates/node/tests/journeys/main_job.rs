//! The whole job by hand: report, dispatch, handling, verification, answer; hotline, administrator, wall.

use crate::kit::{Browser, Node, PATIENCE};
use fantoccini::Locator;
use std::time::Duration;

/// What a citizen gets.
pub struct Receipt {
    pub number: String,
    pub code: String,
}

/// (a) A citizen reports with a photo on a phone and follows it.
pub async fn a_citizen_reports_and_follows(node: &Node, browser: &Browser) -> Receipt {
    browser.go("/report").await;
    let by_script = browser.find("[data-locate]").await.attr("hidden").await.expect("an attribute").is_none();
    assert_eq!(by_script, browser.scripts, "the page is with or without JavaScript as the journey asks");
    browser.attach("#photos", &node.photo("现场.png")).await;
    browser.write("#address", "青浦区夏阳街道城南环路28号").await;
    browser.write("#description", "路口一直有人占道卖水果，<b>行人</b>只能走到机动车道上。").await;
    browser.write("#phone", "13800001234").await;
    browser.click("button[value=describe]").await;
    browser.find("button[value=send]").await;
    assert!(browser.text("main").await.contains("1 张"), "the photo is kept for the second step");
    browser.click("button[value=send]").await;
    browser.find("#number").await;
    browser.fits("/report").await;
    let receipt = Receipt { number: browser.text("#number").await, code: browser.text("#follow-code").await };
    assert!(receipt.number.contains('-') && receipt.code.len() >= 6, "{} {}", receipt.number, receipt.code);
    follow(browser, &receipt).await;
    assert!(browser.text(".steps").await.contains("已收到"));
    assert!(!browser.text("main").await.contains("13800001234"), "particulars are not on the public page");
    receipt
}

pub async fn follow(browser: &Browser, receipt: &Receipt) {
    browser.go("/follow").await;
    browser.write("#ask-number", &receipt.number).await;
    browser.write("#ask-code", &receipt.code).await;
    browser.click(".button.main").await;
    browser.find(".steps").await;
    browser.fits("/follow").await;
}

pub async fn open(browser: &Browser, number: &str) {
    browser.go(&format!("/matters/by-number/{number}")).await;
    browser.find(".matter-head").await;
}

/// (b) A dispatcher sees to it that somebody has it; the officer accepts, arrives, handles with photos; it is verified,
/// answered and closed.
pub async fn a_report_is_worked_to_its_end(node: &Node, browser: &Browser, receipt: &Receipt) {
    browser.sign_in(&node.person("dispatcher")).await;
    open(browser, &receipt.number).await;
    let facts = browser.text(".matter-head .facts").await;
    if !facts.contains("承办") {
        browser.offer("dispatch").await;
        browser.click("#act-dispatch input[name=officer]:not([value=''])").await;
        browser.act("dispatch").await;
    }
    let facts = browser.text(".matter-head .facts").await;
    let officer =
        facts.split_whitespace().skip_while(|w| *w != "承办").nth(1).expect("a named officer").to_owned();
    let officer = node.person(&officer);

    browser.sign_in(&officer).await;
    browser.go("/desk").await;
    assert!(browser.text("main").await.contains(&receipt.number), "the officer finds it on the desk");
    open(browser, &receipt.number).await;
    assert!(browser.text("main").await.contains("<b>行人</b>"), "what was written is text, never markup");
    browser.act("accept").await;
    browser.act("arrive").await;
    browser.offer("handle").await;
    browser.choose("#act-handle-outcome", "cleared").await;
    browser.attach("#act-handle-before", &node.photo("处置前.png")).await;
    // Without a word of what was done it is refused in place, and the photo is not asked for again.
    browser.write("#act-handle-note", "已劝离，路面清理干净。").await;
    browser.attach("#act-handle-after", &node.photo("处置后.png")).await;
    browser.act("handle").await;
    browser.go(&format!("{}?tab=exhibits", path_of(browser).await)).await;
    let tiles = browser.text("main").await;
    assert!(tiles.contains("处置前") && tiles.contains("处置后"), "{tiles}");

    if browser.scripts {
        crate::desk::pictures_are_compared(browser, &path_of(browser).await).await;
    }

    browser.sign_in(&node.person("verifier")).await;
    open(browser, &receipt.number).await;
    browser.offer("verify").await;
    browser.click("#act-verify label:has(input[value='true'])").await;
    browser.write("#act-verify-note", "照片清楚，已解决。").await;
    browser.act("verify").await;

    browser.sign_in(&officer).await;
    open(browser, &receipt.number).await;
    browser.offer("answer").await;
    browser.write("#act-answer-text", "您反映的占道经营已劝离，谢谢。").await;
    browser.choose("#act-answer-channel", "message").await;
    browser.act("answer").await;

    browser.sign_in(&node.person("verifier")).await;
    open(browser, &receipt.number).await;
    browser.act("close").await;
    assert!(browser.text(".matter-head .facts").await.contains("已结案"));
    let proof = format!("{}?tab=proof", path_of(browser).await);
    let mut waited = Duration::ZERO;
    loop {
        browser.go(&proof).await;
        let verdict = browser.text(".verdict").await;
        if verdict.contains("没有被改动过") {
            break;
        }
        // The newest entry is signed into the log within a second.
        assert!(verdict.contains("正在签入") && waited < PATIENCE, "{verdict}");
        tokio::time::sleep(Duration::from_millis(500)).await;
        waited += Duration::from_millis(500);
    }

    browser.client.delete_all_cookies().await.expect("no cookies");
    follow(browser, receipt).await;
    let page = browser.text("main").await;
    assert!(page.contains("您反映的占道经营已劝离"), "the answer reaches the reporter: {page}");
}

pub async fn path_of(browser: &Browser) -> String {
    let address = browser.address().await;
    let path = address.strip_prefix(&browser.base).unwrap_or_default();
    path.split('?').next().unwrap_or_default().to_owned()
}

/// (c) A hotline clerk takes down an order; the caller's particulars are shown only with a reason, which is recorded.
pub async fn a_hotline_order_is_taken_down(node: &Node, browser: &Browser) {
    browser.sign_in(&node.person("hotline")).await;
    browser.go("/register").await;
    browser.write("#register-external_number", "QP-JOURNEY-1").await;
    browser.choose("#register-demand_type", "complain").await;
    browser.write("#register-description", "来电人反映楼下餐饮店油烟直排，影响生活。").await;
    browser.write("#register-address", "青浦区夏阳街道城南环路40号").await;
    browser.write("#register-name", "测试市民").await;
    browser.write("#register-phone", "13900005678").await;
    browser.click("#register button[type=submit]").await;
    browser.find("#follow-code").await;
    let number = browser.text("#number").await;
    open(browser, &number).await;
    assert!(browser.text("main").await.contains("QP-JOURNEY-1"));
    browser.go(&format!("{}?tab=people", path_of(browser).await)).await;
    assert!(!browser.text("main").await.contains("13900005678"), "not shown before a reason is given");
    browser.write("#contact-why", "先行联系核实地点").await;
    browser.click("#contact button[type=submit]").await;
    browser.find("a[href^='tel:']").await;
    let page = browser.text("main").await;
    assert!(page.contains("13900005678") && page.contains("测试市民"), "{page}");
    let paper = browser.printed().await;
    assert!(paper.contains(&number), "the matter itself is on paper: {paper}");
    assert!(!paper.contains("13900005678") && !paper.contains("测试市民"), "nobody is: {paper}");

    browser.sign_in(&node.person("auditor")).await;
    browser.go("/admin/access").await;
    assert!(browser.text("main").await.contains("先行联系核实地点"), "the look is recorded");
}

/// (d) An administrator adds a person, who must choose a password and then works.
pub async fn an_administrator_adds_a_person(node: &Node, browser: &Browser) {
    browser.sign_in(&node.person("admin")).await;
    browser.go("/admin/people/edit").await;
    browser.write("#f-name", "新来的").await;
    browser.write("#f-login", "journey-new").await;
    browser.click("form[action='/admin/people'] button[type=submit]").await;
    let alert = browser.find("[role=alert]").await.text().await.unwrap_or_default();
    assert!(alert.contains("岗位"), "a person without a post is refused with the reason: {alert}");
    assert_eq!(
        browser.find("#f-login").await.prop("value").await.expect("a value").as_deref(),
        Some("journey-new"),
        "what was typed is kept"
    );
    let unit = browser.find("#f-post0_unit option:nth-child(2)").await;
    let unit = unit.attr("value").await.expect("a value").expect("a unit");
    browser.choose("#f-post0_unit", &unit).await;
    browser.click("input[name=post0_roles][value=patroller]").await;
    browser.click("form[action='/admin/people'] button[type=submit]").await;
    browser.find("#temporary").await;
    let temporary = browser.text("#temporary").await;

    browser.client.delete_all_cookies().await.expect("no cookies");
    browser.go("/sign-in").await;
    browser.write("[name=login]", "journey-new").await;
    browser.write("[name=password]", &temporary).await;
    browser.click(".button.main").await;
    browser.find("[name=again]").await;
    browser.go("/desk").await;
    assert!(
        browser.client.find(Locator::Css(".rail")).await.is_err(),
        "nothing else before the password is changed"
    );
    browser.write("[name=old]", &temporary).await;
    browser.write("[name=new]", "一个足够长的新密码 2026").await;
    browser.write("[name=again]", "一个足够长的新密码 2026").await;
    browser.click(".button.main").await;
    browser.find(".rail").await;
    assert!(browser.text(".topbar").await.contains("新来的"));
}

/// (e) A browser becomes a wall, without a session; what a citizen reports appears on it without reloading.
pub async fn a_wall_shows_what_comes_in(node: &Node, citizen: &Browser) {
    let wall = Browser::open(node, 1920, true).await;
    wall.sign_in(&node.person("dispatcher")).await;
    wall.go("/account").await;
    wall.click("#wall button").await;
    wall.find("#received").await;
    wall.client.execute("window.kept = true", vec![]).await.expect("a mark on the page");
    let fresh = "return [...document.querySelectorAll('.feed .fresh')].map(li => li.textContent).join()";
    let new = wall.client.execute(fresh, vec![]).await.expect("what is marked as new");
    assert_eq!(new, "", "what stood there when the wall was opened is not new");
    let receipt = a_citizen_reports_and_follows(node, citizen).await;
    let mut waited = Duration::ZERO;
    while !wall.text(".feed").await.contains(&receipt.number) {
        assert!(waited < Duration::from_secs(20), "{} is not on the wall", receipt.number);
        tokio::time::sleep(Duration::from_millis(250)).await;
        waited += Duration::from_millis(250);
    }
    let kept = wall.client.execute("return window.kept === true", vec![]).await.expect("the mark");
    assert_eq!(kept, true, "the page was reloaded");
    let new = wall.client.execute(fresh, vec![]).await.expect("what is marked as new");
    assert!(new.as_str().is_some_and(|new| new.contains(&receipt.number)), "{new}");
    wall.go("/desk").await;
    assert!(wall.client.find(Locator::Css(".rail")).await.is_err(), "a wall can do nothing else");
    wall.close().await;
}

/// A photo alone fills the screen, and there is no way to another.
pub async fn a_photo_fills_the_screen(desk: &Browser) {
    desk.go("/style").await;
    desk.click("[data-lightbox]").await;
    let said = desk.text(".lightbox").await;
    assert!(said.contains("关闭") && !said.contains("下一张"), "{said}");
    let high = "return document.querySelector('.lightbox img').clientHeight / innerHeight";
    let high = desk.client.execute(high, vec![]).await.expect("its height");
    assert!(high.as_f64().is_some_and(|part| part > 0.75), "{high}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_do_the_whole_job_in_a_browser() {
    let node = Node::start().await;
    let phone = Browser::open(&node, 390, true).await;
    let receipt = a_citizen_reports_and_follows(&node, &phone).await;
    a_report_is_worked_to_its_end(&node, &phone, &receipt).await;
    phone.close().await;

    let desk = Browser::open(&node, 1440, true).await;
    a_hotline_order_is_taken_down(&node, &desk).await;
    an_administrator_adds_a_person(&node, &desk).await;
    a_wall_shows_what_comes_in(&node, &desk).await;
    a_photo_fills_the_screen(&desk).await;
    desk.close().await;

    let plain = Browser::open(&node, 360, false).await;
    let receipt = a_citizen_reports_and_follows(&node, &plain).await;
    a_report_is_worked_to_its_end(&node, &plain, &receipt).await;
    plain.close().await;
}
