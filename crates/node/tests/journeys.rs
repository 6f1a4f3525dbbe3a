//! What people do, done by a browser on the real program: the whole job by hand, on a phone, without JavaScript too.
//!
//! Needs `chromium` and `chromedriver` (`make test` installs them). One node is started for all journeys.

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long anything may take on a busy machine before we say that it does not come.
const PATIENCE: Duration = Duration::from_secs(180);

/// A picture of one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0xda, 0x63, 0x64, 0xf8,
    0xcf, 0x50, 0x0f, 0, 3, 0x86, 1, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae,
    0x42, 0x60, 0x82,
];

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A demo node with its people.
struct Node {
    _program: Running,
    url: String,
    people: Vec<Value>,
    folder: tempfile::TempDir,
}

impl Node {
    async fn start() -> Node {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let program = Command::new(env!("CARGO_BIN_EXE_lianzhi"))
            .args(["demo", "--days", "1", "--port", &free_port().to_string(), "--dir"])
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let program = Running(program);
        let list = data.join("demo.json");
        let mut waited = Duration::ZERO;
        let nodes: Value = loop {
            let read = std::fs::read(&list).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            if let Some(nodes) = read {
                break nodes;
            }
            assert!(waited < PATIENCE, "the demo is not ready");
            tokio::time::sleep(Duration::from_millis(250)).await;
            waited += Duration::from_millis(250);
        };
        let node = &nodes["nodes"][0];
        Node {
            _program: program,
            url: node["url"].as_str().expect("an address").trim_end_matches('/').to_owned(),
            people: node["people"].as_array().expect("people").clone(),
            folder,
        }
    }

    /// Sign-in name and password of the first person of a role, or of a name.
    fn person(&self, wanted: &str) -> (String, String) {
        let fits = |p: &&Value| {
            p["name"] == wanted || p["roles"].as_array().is_some_and(|r| r.iter().any(|r| r == wanted))
        };
        let person = self.people.iter().find(fits).unwrap_or_else(|| panic!("nobody is {wanted}"));
        let text = |field: &str| person[field].as_str().expect("text").to_owned();
        (text("login"), text("password"))
    }

    fn photo(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::File::create(&path).and_then(|mut f| f.write_all(PNG)).expect("a photo");
        path
    }
}

/// A command of the browser's own tools.
#[derive(Debug)]
struct DevTools {
    method: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }
    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.method, "params": self.parameters }).to_string()))
    }
}

/// A browser, as wide as a phone or a desk, with or without JavaScript.
struct Browser {
    client: Client,
    base: String,
    scripts: bool,
    _driver: Running,
    _profile: tempfile::TempDir,
}

impl Browser {
    async fn open(node: &Node, width: u32, scripts: bool) -> Browser {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (apt-get install chromium-driver)");
        let driver = Running(driver);
        let profile = tempfile::tempdir().expect("a folder");
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let mut args: Vec<String> = args.map(str::to_owned).into();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        args.push(format!("--window-size={width},900"));
        let mut options = json!({ "args": args });
        if width < 600 {
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": 844, "pixelRatio": 1.0 } });
        }
        let mut wanted = Capabilities::new();
        wanted.insert("goog:chromeOptions".into(), options);
        let mut waited = Duration::ZERO;
        let client = loop {
            let tried = ClientBuilder::new(HttpConnector::new())
                .capabilities(wanted.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
            match tried {
                Ok(client) => break client,
                Err(error) => assert!(waited < PATIENCE, "no browser: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
            waited += Duration::from_millis(250);
        };
        let browser = Browser { client, base: node.url.clone(), scripts, _driver: driver, _profile: profile };
        if !scripts {
            // Every script of ours is a file (the security policy allows nothing else): without them there is none.
            browser.devtools("Network.enable", json!({})).await;
            browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*.js"] })).await;
        }
        browser
    }

    async fn devtools(&self, method: &'static str, parameters: Value) {
        let done = self.client.issue_cmd(DevTools { method, parameters }).await;
        done.unwrap_or_else(|e| panic!("{method}: {e}"));
    }

    async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap_or_else(|e| panic!("{path}: {e}"));
        self.fits(path).await;
    }

    /// No page is wider than the screen (asked of the browser itself, not of a script on the page).
    async fn fits(&self, path: &str) {
        let widths = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]";
        let widths = self.client.execute(widths, vec![]).await.expect("widths");
        assert!(widths[0].as_u64() <= widths[1].as_u64(), "{path} is wider than the screen: {widths}");
    }

    async fn find(&self, css: &str) -> fantoccini::elements::Element {
        match self.client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => {
                panic!("{css} is not on {}: {error}\n{}", self.address().await, self.text("body").await)
            }
        }
    }

    async fn address(&self) -> String {
        self.client.current_url().await.map(String::from).unwrap_or_default()
    }

    async fn text(&self, css: &str) -> String {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    async fn write(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    async fn attach(&self, css: &str, file: &Path) {
        self.write(css, file.to_str().expect("a path")).await;
    }

    async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    async fn click(&self, css: &str) {
        let element = self.find(css).await;
        // A person scrolls until the bar at the foot of a phone is not in the way; the driver does not.
        let itself = serde_json::to_value(&element).expect("an element");
        let scroll = "arguments[0].scrollIntoView({ block: 'center' })";
        self.client.execute(scroll, vec![itself]).await.unwrap_or_else(|e| panic!("{css}: {e}"));
        element.click().await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    /// Opens an offer when it is not, so that its form can be filled in.
    async fn offer(&self, command: &str) {
        let details = self.find(&format!("#do-{command}")).await;
        if details.attr("open").await.expect("an attribute").is_none() {
            self.click(&format!("#do-{command} > summary")).await;
        }
    }

    async fn act(&self, command: &str) {
        self.click(&format!("#act-{command} button[type=submit]")).await;
        // The page before may show the same kind of message; only the address says that this act is done.
        let done = format!("done={command}");
        let mut waited = Duration::ZERO;
        while !self.address().await.contains(&done) {
            assert!(waited < PATIENCE, "{command} was refused: {}", self.text("[role=alert]").await);
            tokio::time::sleep(Duration::from_millis(100)).await;
            waited += Duration::from_millis(100);
        }
        self.find("[role=status]").await;
        self.fits(command).await;
    }

    async fn sign_in(&self, (login, password): &(String, String)) {
        self.client.delete_all_cookies().await.expect("no cookies");
        self.go("/sign-in").await;
        self.write("[name=login]", login).await;
        self.write("[name=password]", password).await;
        self.click(".button.main").await;
        self.find(".rail").await;
    }

    /// What would be on paper.
    async fn printed(&self) -> String {
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        let text = self.client.execute("return document.body.innerText", vec![]).await.expect("a text");
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
        text.as_str().expect("a text").to_owned()
    }

    async fn close(self) {
        let _ = self.client.close().await;
    }
}

/// What a citizen gets.
struct Receipt {
    number: String,
    code: String,
}

/// (a) A citizen reports with a photo on a phone and follows it.
async fn a_citizen_reports_and_follows(node: &Node, browser: &Browser) -> Receipt {
    browser.go("/report").await;
    let by_script = browser.find("[data-locate]").await.attr("hidden").await.expect("an attribute").is_none();
    assert_eq!(by_script, browser.scripts, "the page is with or without JavaScript as the journey asks");
    browser.attach("#photos", &node.photo("现场.png")).await;
    browser.write("#address", "青浦区夏阳街道城南环路28号").await;
    browser.write("#description", "路口一直有人占道卖水果，<b>行人</b>只能走到机动车道上。").await;
    browser.write("#phone", "13800001234").await;
    browser.click("button[value=describe]").await;
    browser.find("input[name=category]").await;
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

async fn follow(browser: &Browser, receipt: &Receipt) {
    browser.go("/follow").await;
    browser.write("#ask-number", &receipt.number).await;
    browser.write("#ask-code", &receipt.code).await;
    browser.click(".button.main").await;
    browser.find(".steps").await;
    browser.fits("/follow").await;
}

async fn open(browser: &Browser, number: &str) {
    browser.go(&format!("/matters/by-number/{number}")).await;
    browser.find(".matter-head").await;
}

/// (b) A dispatcher sees to it that somebody has it; the officer accepts, arrives, handles with photos; it is verified,
/// answered and closed.
async fn a_report_is_worked_to_its_end(node: &Node, browser: &Browser, receipt: &Receipt) {
    browser.sign_in(&node.person("dispatcher")).await;
    open(browser, &receipt.number).await;
    let facts = browser.text(".matter-head .facts").await;
    if !facts.contains("承办") {
        browser.offer("dispatch").await;
        let first = browser.find("#act-dispatch-officer option:nth-child(2)").await;
        let officer = first.attr("value").await.expect("a value").expect("an officer");
        browser.choose("#act-dispatch-officer", &officer).await;
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
    browser.go(&format!("{}?tab=proof", path_of(browser).await)).await;
    assert!(browser.text("main").await.contains("可核验"));

    browser.client.delete_all_cookies().await.expect("no cookies");
    follow(browser, receipt).await;
    let page = browser.text("main").await;
    assert!(page.contains("您反映的占道经营已劝离"), "the answer reaches the reporter: {page}");
}

async fn path_of(browser: &Browser) -> String {
    let address = browser.address().await;
    let path = address.strip_prefix(&browser.base).unwrap_or_default();
    path.split('?').next().unwrap_or_default().to_owned()
}

/// (c) A hotline clerk takes down an order; the caller's particulars are shown only with a reason, which is recorded.
async fn a_hotline_order_is_taken_down(node: &Node, browser: &Browser) {
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
async fn an_administrator_adds_a_person(node: &Node, browser: &Browser) {
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
async fn a_wall_shows_what_comes_in(node: &Node, citizen: &Browser) {
    let wall = Browser::open(node, 1920, true).await;
    wall.sign_in(&node.person("dispatcher")).await;
    wall.go("/account").await;
    wall.click("#wall button").await;
    wall.find("#received").await;
    wall.client.execute("window.kept = true", vec![]).await.expect("a mark on the page");
    let receipt = a_citizen_reports_and_follows(node, citizen).await;
    let mut waited = Duration::ZERO;
    while !wall.text(".feed").await.contains(&receipt.number) {
        assert!(waited < Duration::from_secs(20), "{} is not on the wall", receipt.number);
        tokio::time::sleep(Duration::from_millis(250)).await;
        waited += Duration::from_millis(250);
    }
    let kept = wall.client.execute("return window.kept === true", vec![]).await.expect("the mark");
    assert_eq!(kept, true, "the page was reloaded");
    wall.go("/desk").await;
    assert!(wall.client.find(Locator::Css(".rail")).await.is_err(), "a wall can do nothing else");
    wall.close().await;
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
    desk.close().await;

    let plain = Browser::open(&node, 360, false).await;
    let receipt = a_citizen_reports_and_follows(&node, &plain).await;
    a_report_is_worked_to_its_end(&node, &plain, &receipt).await;
    plain.close().await;
}
