//! What goes wrong on the way: no network, a session that ended, a matter that went to others. Nothing typed or
//! photographed is lost, nothing is done twice, and what is shown is true.

use crate::citizen::{says, stand};
use crate::kit::{Browser, Node, PATIENCE};
use crate::phone::offline;
use fantoccini::Locator;
use serde_json::{Value, json};
use std::time::Duration;

async fn run(browser: &Browser, script: &str) -> Value {
    browser.client.execute(script, vec![]).await.unwrap_or_else(|e| panic!("{script}: {e}"))
}

/// Waits until a script of the page says yes.
async fn until(browser: &Browser, what: &str, script: &str) {
    let mut waited = Duration::ZERO;
    while run(browser, script).await != json!(true) {
        assert!(waited < PATIENCE, "{what} did not come: {}", browser.text("main").await);
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
}

async fn written(browser: &Browser, css: &str) -> String {
    browser.find(css).await.prop("value").await.expect("a value").unwrap_or_default()
}

/// Makes a photo of more than 8 MB that lies on its side, with a camera's notes, and one that is small; says what becomes
/// of them.
const PHOTOS: &str = r#"
    const done = arguments[arguments.length - 1], side = 3000, canvas = new OffscreenCanvas(side, side), pen = canvas.getContext('2d');
    const noise = pen.createImageData(side, side);
    for (let at = 0; at < noise.data.length; at += 65536) crypto.getRandomValues(noise.data.subarray(at, at + 65536));
    for (let at = 3; at < noise.data.length; at += 4) noise.data[at] = 255;
    pen.putImageData(noise, 0, 0);
    const notes = [0xff, 0xe1, 0, 34, 69, 120, 105, 102, 0, 0, 73, 73, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
    (async () => {
        const plain = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 });
        const big = new File([plain.slice(0, 2), new Uint8Array(notes), plain.slice(2)], '大.jpg', { type: 'image/jpeg' });
        const small = new File([plain.slice(0, 9000)], '小.jpg', { type: 'image/jpeg' });
        const made = await lianzhi.original(big), head = new DataView(await made.slice(0, 40).arrayBuffer());
        return { kept: await lianzhi.original(small) === small, was: big.size, smaller: made.size < big.size && made !== big,
            notes: head.getUint32(6) === 0x45786966, upright: head.getUint16(30, true) };
    })().then(done, e => done(String(e)));
"#;

/// Signs in again in another window, as somebody does whose page says that the session is over.
async fn sign_in_beside(browser: &Browser, person: &(String, String)) {
    let here = browser.client.window().await.expect("a window");
    let other = browser.client.new_window(true).await.expect("another window");
    browser.client.switch_to_window(other.handle).await.expect("the other window");
    browser.sign_in(person).await;
    browser.client.close_window().await.expect("closed");
    browser.client.switch_to_window(here).await.expect("the first window");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_could_not_be_sent_stays_and_is_sent_once() {
    let node = Node::start().await;
    let desk = Browser::open(&node, 1440, true).await;
    let dispatcher = node.person("dispatcher");
    desk.sign_in(&dispatcher).await;

    // Registering: a photo goes as it was taken; one that is too large even for that keeps the camera's notes, upright.
    desk.go("/register").await;
    let made = desk.client.execute_async(PHOTOS, vec![]).await.expect("photos");
    assert_eq!(made["kept"], json!(true), "{made}");
    assert_eq!(
        (&made["notes"], &made["upright"], &made["smaller"]),
        (&json!(true), &json!(1), &json!(true)),
        "{made}"
    );

    // Words and photo stay.
    desk.attach("#register-photos", &node.photo("登记.png")).await;
    desk.find("#register .thumbs img").await;
    desk.write("#register-description", "水果店把货摊摆到人行道上").await;
    desk.write("#register-address", "青浦区夏阳街道城南环路28号").await;
    offline(&desk, true).await;
    desk.click("#register button[type=submit]").await;
    says(&desk, "#register [data-fault]", "网络不通").await;
    desk.axe("a form that could not be sent").await;
    assert_eq!(written(&desk, "#register-description").await, "水果店把货摊摆到人行道上");
    desk.find("#register .thumbs img").await;
    offline(&desk, false).await;
    desk.click("#register button[type=submit]").await;
    desk.find("#number").await;
    let number = desk.text("#number").await;
    desk.axe("a receipt in its place").await;
    desk.client
        .find(Locator::Css("[role=status] a.button.main"))
        .await
        .expect("a way on")
        .click()
        .await
        .expect("a press");
    desk.find("#do-supervise").await;
    assert!(desk.text(".matter-head").await.contains(&number));
    let tabs: String = desk.text("nav.tabs").await.split_whitespace().collect();
    assert!(tabs.contains("照片、文件1"), "the photo went along: {tabs}");

    // A matter's form, when the session has ended: said, kept, and sent after signing in beside it.
    desk.offer("supervise").await;
    desk.click("#act-supervise .choice label").await;
    desk.write("#act-supervise textarea", "市民已两次来电").await;
    desk.client.delete_all_cookies().await.expect("no cookies");
    desk.click("#act-supervise button[type=submit]").await;
    says(&desk, "#act-supervise [data-fault]", "登录已过期").await;
    desk.find("#act-supervise [data-fault] a[href='/sign-in'][target=_blank]").await;
    sign_in_beside(&desk, &dispatcher).await;
    desk.act("supervise").await;
    let times = desk.text("main").await.matches("市民已两次来电").count();
    assert_eq!(times, 1, "once in the record");

    // The board's drawer: no network, then no session; a page of the proxy is no drawer either.
    let id = desk
        .address()
        .await
        .split("/matters/")
        .nth(1)
        .expect("a matter")
        .split('?')
        .next()
        .expect("an id")
        .to_owned();
    desk.go("/board").await;
    desk.click(&format!("#card-{id} > a")).await;
    desk.find("#do-supervise").await;
    desk.click("#do-supervise > summary").await;
    desk.click("#act-supervise .choice label").await;
    desk.write("#act-supervise textarea", "请尽快到场").await;
    offline(&desk, true).await;
    desk.click("#act-supervise button[type=submit]").await;
    says(&desk, ".drawer [data-fault]", "网络不通").await;
    offline(&desk, false).await;
    desk.client.delete_all_cookies().await.expect("no cookies");
    desk.click("#act-supervise button[type=submit]").await;
    says(&desk, ".drawer [data-fault]", "登录已过期").await;
    assert_eq!(written(&desk, "#act-supervise textarea").await, "请尽快到场");
    run(&desk, "document.body.dispatchEvent(new CustomEvent('lianzhi:refetch'))").await;
    says(&desk, "[data-say]", "登录已过期").await;
    desk.find("[data-say] a[href='/sign-in']").await;
    sign_in_beside(&desk, &dispatcher).await;
    desk.click("#act-supervise button[type=submit]").await;
    desk.find(".drawer .done-line").await;

    // After g a letter names a page, also where it walks through cards.
    desk.click(".drawer [data-close]").await;
    desk.client.active_element().await.expect("the focus").send_keys("gl").await.expect("keys");
    until(&desk, "the list", "return location.pathname === '/matters'").await;

    // A day is being typed until its field is left.
    run(&desk, "window.here = true; document.querySelector('.filters details')?.setAttribute('open', '')")
        .await;
    let type_day = "const f = document.querySelector('form[data-auto] [name=from]'); f.focus(); f.value = '2026-01-02'; \
        f.dispatchEvent(new Event('change', { bubbles: true }))";
    run(&desk, type_day).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(run(&desk, "return window.here === true").await, json!(true), "not sent while it is typed");
    run(&desk, "document.activeElement.blur()").await;
    until(&desk, "the filter", "return location.search.includes('from=2026-01-02')").await;

    // One press, one print dialog.
    desk.go("/stats/report/2026-10").await;
    run(&desk, "window.prints = 0; window.print = () => { window.prints++; }").await;
    desk.click("[data-print]").await;
    assert_eq!(run(&desk, "return window.prints").await, json!(1));

    // A map says it in words of ours.
    desk.go("/map").await;
    desk.find("[data-map][data-total]").await;
    offline(&desk, true).await;
    run(&desk, "document.body.dispatchEvent(new CustomEvent('lianzhi:refetch'))").await;
    says(&desk, ".map-note", "网络不通，请稍后重试。").await;
    desk.close().await;

    // A citizen on a bad line.
    let phone = Browser::open(&node, 390, true).await;
    stand(&phone, (121.1142, 31.1508), 9).await;
    phone.go("/report").await;
    phone.attach("#photos", &node.photo("现场.png")).await;
    phone.write("#description", "有人占道卖水果").await;
    phone.write("#address", "青浦区夏阳街道城南环路28号").await;
    offline(&phone, true).await;
    phone.click("button[value=describe]").await;
    says(&phone, "[data-report] [data-fault]", "存在这部手机里").await;
    assert_eq!(written(&phone, "#description").await, "有人占道卖水果");
    offline(&phone, false).await;
    phone.click("button[value=describe]").await;
    phone.find("button[value=send]").await;
    let key = written(&phone, "[data-report] [name=form]").await;
    // The answer is lost: the report came in. Sent again from the draft of a new page it is the same report.
    phone.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    let send = "const done = arguments[arguments.length - 1], f = document.querySelector('[data-report]'), d = new FormData(f); \
        d.set('step', 'send'); fetch('/report', { method: 'POST', body: d, headers: { Accept: 'text/html' } }) \
        .then(r => r.text()).then(t => done(new DOMParser().parseFromString(t, 'text/html').querySelector('#number')?.textContent))";
    let first = phone.client.execute_async(send, vec![]).await.expect("a number");
    phone.go("/report").await;
    says(&phone, "[data-draft-say]", "1 张照片").await;
    phone.click("[data-draft-take]").await;
    assert_eq!(
        written(&phone, "[data-report] [name=form]").await,
        key,
        "the draft keeps the key of its form"
    );
    phone.close().await;
    assert!(first.is_string(), "{first}");
}

/// A command of somebody else, from another place.
async fn command(browser: &Browser, token: &str, id: i64, body: Value) -> Value {
    const SEND: &str = "const done = arguments[arguments.length - 1]; \
        fetch(`/api/v1/matters/${arguments[1]}/commands`, { method: 'POST', credentials: 'omit', body: JSON.stringify(arguments[2]), \
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${arguments[0]}` } }) \
        .then(r => r.text()).then(done, e => done(String(e)))";
    let args = vec![json!(token), json!(id), body];
    browser.client.execute_async(SEND, args).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_that_goes_to_others_leaves_the_open_pages_of_those_who_had_it() {
    let node = Node::start().await;
    let token = |p: &Value| p["token"].as_str().unwrap_or_default().to_owned();
    let role = |p: &Value, wanted: &str| p["roles"].as_array().is_some_and(|r| r.iter().any(|r| r == wanted));
    let dispatcher = node.people.iter().find(|p| role(p, "dispatcher")).map(token).expect("a dispatcher");
    let desk = Browser::open(&node, 1440, true).await;
    desk.sign_in(&node.person("dispatcher")).await;
    desk.go("/board?by=unit").await;
    let id = crate::board::report(&desk, "路口有人占道卖水果").await;
    until(&desk, "the card", &format!("return !!document.querySelector('#card-{id}')")).await;
    let unit_of = format!("return document.querySelector('#card-{id}').dataset.column");
    let unit = run(&desk, &unit_of).await.as_str().expect("a unit").to_owned();
    let others =
        run(&desk, "return [...document.querySelectorAll('[data-key]')].map(c => c.dataset.key)").await;
    let others: Vec<&str> = others.as_array().expect("units").iter().filter_map(Value::as_str).collect();
    let other = others.iter().find(|u| **u != unit && u.contains('-')).expect("another unit");

    // Whoever leads the squad has it before his eyes: as a card, as a page, as a row.
    const SEES: &str = "const done = arguments[arguments.length - 1]; \
        fetch(`/api/v1/matters/${arguments[1]}`, { credentials: 'omit', headers: { Authorization: `Bearer ${arguments[0]}` } }) \
        .then(r => done(r.status))";
    let mut leader = None;
    for person in node.people.iter().filter(|p| role(p, "squad_leader") && !role(p, "dispatcher")) {
        let args = vec![json!(token(person)), json!(id)];
        if desk.client.execute_async(SEES, args).await.expect("a status") == json!(200) {
            leader = Some(node.person(person["name"].as_str().expect("a name")));
            break;
        }
    }
    let leader = leader.unwrap_or_else(|| panic!("nobody leads {unit}"));
    let leads = Browser::open(&node, 1440, true).await;
    leads.sign_in(&leader).await;
    leads.go("/board").await;
    let card = format!("#card-{id}");
    leads.find(&card).await;
    let board = leads.client.window().await.expect("a window");
    let page = leads.client.new_window(true).await.expect("another window").handle;
    leads.client.switch_to_window(page.clone()).await.expect("the other window");
    leads.go(&format!("/matters/{id}")).await;
    leads.find("#offers").await;
    let list = Browser::open(&node, 1440, true).await;
    list.sign_in(&leader).await;
    list.go("/matters?open=true&order=newest").await;
    list.find(&format!("tr[data-row='{id}']")).await;

    // What changes while it is theirs is renewed where it stands, row and page.
    let said = command(
        &desk,
        &dispatcher,
        id,
        json!({ "command": "supervise", "mark": "urge", "note": "请尽快到场" }),
    )
    .await;
    assert!(said.to_string().contains("stage"), "{said}");
    leads.client.switch_to_window(page.clone()).await.expect("the page");
    says(&leads, "#record", "请尽快到场").await;
    leads.axe("a matter that renewed itself").await;

    let said = command(
        &desk,
        &dispatcher,
        id,
        json!({ "command": "dispatch", "unit": other, "note": "属该队辖区" }),
    )
    .await;
    assert!(said.to_string().contains(other), "{said}");
    says(&leads, "#offers", "转到您看不到的单位").await;
    assert!(leads.text("h1").await.contains("水果"), "what was there stays to be read");
    says(&list, "[data-list-news]", "件已不在这一页").await;
    list.close().await;
    leads.client.switch_to_window(board).await.expect("the board");
    until(&leads, "the board without it", &format!("return !document.querySelector('{card}')")).await;

    // The desk fetches its lists again when something changed, and what is left of terms goes on by itself.
    leads.go("/desk").await;
    run(&leads, "document.getElementById('desk-live').dataset.old = ''").await;
    crate::board::report(&desk, "小区门口有人乱倒装修垃圾").await;
    until(&leads, "new lists", "return !('old' in document.getElementById('desk-live').dataset)").await;
    leads.axe("a desk that renewed itself").await;
    leads.go("/matters?open=true&order=due").await;
    let count = "const term = document.querySelector('[data-until]'); term.textContent = ''; \
        document.dispatchEvent(new Event('visibilitychange')); return term.textContent";
    let said = run(&leads, count).await.as_str().unwrap_or_default().to_owned();
    assert!(said.starts_with("剩 ") || said.starts_with("超 "), "{said}");
    leads.close().await;
    desk.close().await;
}
