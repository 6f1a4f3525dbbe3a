//! A node, a browser and what is done with it: the tools of every journey.

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

/// How long anything may take on a busy machine before we say that it does not come.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// How long a demo that was made stands for all tests.
const DEMO_AGE: Duration = Duration::from_secs(40 * 60);

/// A picture of one pixel.
pub const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0xda, 0x63, 0x64, 0xf8,
    0xcf, 0x50, 0x0f, 0, 3, 0x86, 1, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae,
    0x42, 0x60, 0x82,
];

/// A program that ends with the test.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A demo node with its people.
pub struct Node {
    _program: Option<Running>,
    pub url: String,
    pub people: Vec<Value>,
    pub folder: tempfile::TempDir,
    /// Held while nobody else may have the same addresses.
    _turn: Option<File>,
}

fn run_demo(codes: &str, days: u32, port: u16, data: &Path) -> Running {
    let program = Command::new(env!("CARGO_BIN_EXE_lianzhi"))
        .args(["demo", "--nodes", codes, "--days", &days.to_string(), "--port", &port.to_string(), "--dir"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Running(program.expect("the program starts"))
}

fn changed(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|about| about.modified()).ok()
}

/// What the list of nodes says once it was written anew.
async fn ready(list: &Path, before: Option<SystemTime>) -> Value {
    let mut waited = Duration::ZERO;
    loop {
        let read = std::fs::read(list).ok().filter(|_| changed(list) != before);
        if let Some(nodes) = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return nodes;
        }
        assert!(waited < PATIENCE, "the demo is not ready");
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
}

fn port_of(list: &Path) -> u16 {
    let nodes: Value = serde_json::from_slice(&std::fs::read(list).expect("a list")).expect("a list");
    let url = nodes["nodes"][0]["url"].as_str().expect("an address").trim_end_matches('/');
    url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
}

/// The folder of the demo that all tests of this build begin with, and the lock that was taken to look at it.
async fn made_demo(codes: &str, days: u32) -> (PathBuf, File) {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-{codes}-{days}"));
    std::fs::create_dir_all(&base).expect("a folder");
    let turn = File::create(base.join("lock")).expect("a lock");
    turn.lock().expect("the lock");
    let (made, data) = (base.join("made"), base.join("data"));
    // Of this very program, and not so long ago that its day would be another.
    let build = format!("{:?}", changed(Path::new(env!("CARGO_BIN_EXE_lianzhi"))));
    let fresh = changed(&made).and_then(|at| at.elapsed().ok()).is_some_and(|age| age < DEMO_AGE);
    if !fresh || std::fs::read_to_string(&made).ok() != Some(build.clone()) {
        let _ = std::fs::remove_file(&made);
        let _ = std::fs::remove_dir_all(&data);
        let mut program = run_demo(codes, days, free_port(), &data);
        ready(&data.join("demo.json"), None).await;
        // Asked to stop, it closes its databases.
        let asked = Command::new("kill").arg(program.0.id().to_string()).status();
        assert!(asked.is_ok_and(|s| s.success()) && program.0.wait().is_ok_and(|s| s.success()));
        std::fs::write(&made, build).expect("a note");
    }
    (data, turn)
}

fn copy_folder(from: &Path, to: &Path) {
    let entries = std::fs::read_dir(from).expect("a folder");
    std::fs::create_dir_all(to).expect("a folder");
    for entry in entries {
        let entry = entry.expect("an entry");
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).expect("a copy");
        }
    }
}

impl Node {
    pub async fn start() -> Node {
        Node::of_a_demo("310118", 1).await
    }

    /// The first of two members of a compact, with some days of matters between them.
    pub async fn together() -> Node {
        Node::of_a_demo("310118,320509", 6).await
    }

    /// The same two.
    pub async fn two() -> [Node; 2] {
        let (first, nodes) = Node::demo("310118,320509", 6).await;
        let other = Node::of(&nodes["nodes"][1], None, tempfile::tempdir().expect("a folder"));
        [first, other]
    }

    async fn of_a_demo(codes: &str, days: u32) -> Node {
        Node::demo(codes, days).await.0
    }

    /// The first node of a demo, with what is said of all. It goes on from a copy of the one that was made for all tests, so
    /// that its history is made once.
    async fn demo(codes: &str, days: u32) -> (Node, Value) {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let (made, turn) = made_demo(codes, days).await;
        copy_folder(&made, &data);
        let list = data.join("demo.json");
        let before = changed(&list);
        // Members know each other by the addresses that they had when the history was made: one test at a time.
        let (port, turn) = match codes.contains(',') {
            true => (port_of(&list), Some(turn)),
            false => (free_port(), None),
        };
        let program = run_demo(codes, days, port, &data);
        let nodes = ready(&list, before).await;
        let first = Node::of(&nodes["nodes"][0], Some(program), folder);
        (Node { _turn: turn, ..first }, nodes)
    }

    fn of(node: &Value, program: Option<Running>, folder: tempfile::TempDir) -> Node {
        Node {
            _program: program,
            url: node["url"].as_str().expect("an address").trim_end_matches('/').to_owned(),
            people: node["people"].as_array().expect("people").clone(),
            folder,
            _turn: None,
        }
    }

    /// The node that measures are to be taken of: one that runs already, whose `demo.json` `LIANZHI_MEASURE` names, or a
    /// fresh demo.
    pub async fn measured() -> Node {
        let Ok(list) = std::env::var("LIANZHI_MEASURE") else { return Node::start().await };
        let nodes = std::fs::read(&list).unwrap_or_else(|e| panic!("{list}: {e}"));
        let nodes: Value = serde_json::from_slice(&nodes).unwrap_or_else(|e| panic!("{list}: {e}"));
        Node::of(&nodes["nodes"][0], None, tempfile::tempdir().expect("a folder"))
    }

    /// API token of the first person of a role who has one.
    pub fn token(&self, role: &str) -> String {
        let has = |p: &&Value| {
            p["roles"].as_array().is_some_and(|r| r.iter().any(|r| r == role))
                && p["token"].as_str().is_some_and(|t| !t.is_empty())
        };
        let person = self.people.iter().find(has).unwrap_or_else(|| panic!("no {role} has a token"));
        person["token"].as_str().expect("text").to_owned()
    }

    /// Sign-in name and password of the first person of a role, or of a name.
    pub fn person(&self, wanted: &str) -> (String, String) {
        let fits = |p: &&Value| {
            p["name"] == wanted || p["roles"].as_array().is_some_and(|r| r.iter().any(|r| r == wanted))
        };
        let person = self.people.iter().find(fits).unwrap_or_else(|| panic!("nobody is {wanted}"));
        let text = |field: &str| person[field].as_str().expect("text").to_owned();
        (text("login"), text("password"))
    }

    pub fn photo(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        File::create(&path).and_then(|mut f| f.write_all(PNG)).expect("a photo");
        path
    }
}

/// A command of the browser's own tools.
#[derive(Debug)]
pub struct DevTools {
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
pub struct Browser {
    pub client: Client,
    pub base: String,
    pub scripts: bool,
    _driver: Running,
    _ended: Ended,
    _profile: tempfile::TempDir,
}

/// Ends the browser of a folder when a test fails before it closed it: without its driver it would go on for ever.
struct Ended(String);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = Command::new("pkill").args(["-9", "-f", "--", &self.0]).status();
    }
}

impl Browser {
    pub async fn open(node: &Node, width: u32, scripts: bool) -> Browser {
        let profile = tempfile::tempdir().expect("a folder");
        Browser::open_in(node, width, scripts, profile, &[]).await
    }

    /// With the profile of a browser that was shut before, and more flags.
    pub async fn open_in(
        node: &Node,
        width: u32,
        scripts: bool,
        profile: tempfile::TempDir,
        flags: &[&str],
    ) -> Browser {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (apt-get install chromium-driver)");
        let driver = Running(driver);
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--use-angle=swiftshader",
            "--enable-unsafe-swiftshader",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let mut args: Vec<String> = args.map(str::to_owned).into();
        args.extend(flags.iter().map(|flag| (*flag).to_owned()));
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
        let ended = Ended(format!("--user-data-dir={}", profile.path().display()));
        let base = node.url.clone();
        let browser = Browser { client, base, scripts, _driver: driver, _ended: ended, _profile: profile };
        if scripts {
            // What the security policy refuses is a fault of ours wherever it happens.
            let watch = "addEventListener('securitypolicyviolation', e => \
                (window.refusedByPolicy ||= []).push(e.violatedDirective + ' ' + e.blockedURI))";
            browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await;
        } else {
            // Every script of ours is a file (the security policy allows nothing else): without them there is none.
            browser.devtools("Network.enable", json!({})).await;
            browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*.js"] })).await;
        }
        browser
    }

    pub async fn devtools(&self, method: &'static str, parameters: Value) -> Value {
        let done = self.client.issue_cmd(DevTools { method, parameters }).await;
        done.unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap_or_else(|e| panic!("{path}: {e}"));
        self.fits(path).await;
    }

    /// No page is wider than the screen (asked of the browser itself, not of a script on the page).
    pub async fn fits(&self, path: &str) {
        let widths = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]";
        let widths = self.client.execute(widths, vec![]).await.expect("widths");
        assert!(widths[0].as_u64() <= widths[1].as_u64(), "{path} is wider than the screen: {widths}");
    }

    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        match self.client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => {
                panic!("{css} is not on {}: {error}\n{}", self.address().await, self.text("body").await)
            }
        }
    }

    pub async fn address(&self) -> String {
        self.client.current_url().await.map(String::from).unwrap_or_default()
    }

    pub async fn text(&self, css: &str) -> String {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    pub async fn write(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    pub async fn attach(&self, css: &str, file: &Path) {
        self.write(css, file.to_str().expect("a path")).await;
    }

    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    pub async fn click(&self, css: &str) {
        // A part of a page may be exchanged between a look and a press: a person looks again.
        let mut tries = 5;
        loop {
            match self.press(css).await {
                Ok(()) => return,
                Err(error) if tries > 0 && error.to_string().contains("stale element") => tries -= 1,
                Err(error) => panic!("{css}: {error}"),
            }
        }
    }

    async fn press(&self, css: &str) -> Result<(), fantoccini::error::CmdError> {
        let element = self.find(css).await;
        // A person scrolls until the bar at the foot of a phone is not in the way; the driver does not.
        let itself = serde_json::to_value(&element).expect("an element");
        self.client.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![itself]).await?;
        element.click().await
    }

    /// Opens an offer when it is not, and the fold that it lies in, so that its form can be filled in.
    pub async fn offer(&self, command: &str) {
        let details = self.find(&format!("#do-{command}")).await;
        let fold = format!(".offer-fold:not([open]):has(> #do-{command}) > summary");
        if self.client.find(Locator::Css(&fold)).await.is_ok() {
            self.click(&fold).await;
        }
        if details.attr("open").await.expect("an attribute").is_none() {
            self.click(&format!("#do-{command} > summary")).await;
        }
    }

    pub async fn act(&self, command: &str) {
        self.click(&format!("#act-{command} button[type=submit]")).await;
        // The page before may show the same kind of message; only the address says that this act is done.
        let done = format!("done={command}");
        let mut waited = Duration::ZERO;
        // An address may write an underscore in another way.
        while !self.address().await.replace("%5F", "_").contains(&done) {
            if waited >= PATIENCE {
                let open =
                    "return [...document.querySelectorAll('main :invalid')].map(e => e.name).join(' ')";
                let open = self.client.execute(open, vec![]).await.unwrap_or_default();
                panic!("{command} was refused: {} {open}", self.text("[role=alert]").await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            waited += Duration::from_millis(100);
        }
        self.find("[role=status]").await;
        self.fits(command).await;
    }

    pub async fn sign_in(&self, (login, password): &(String, String)) {
        self.client.delete_all_cookies().await.expect("no cookies");
        self.go("/sign-in").await;
        self.write("[name=login]", login).await;
        self.write("[name=password]", password).await;
        self.click(".button.main").await;
        self.find(".rail").await;
    }

    /// What would be on paper.
    pub async fn printed(&self) -> String {
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        let text = self.client.execute("return document.body.innerText", vec![]).await.expect("a text");
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
        text.as_str().expect("a text").to_owned()
    }

    /// No barrier that axe-core knows of (WCAG 2.2 A and AA), and nothing that the security policy had to refuse.
    pub async fn axe(&self, name: &str) {
        const AXE: &str = include_str!("../vendor/axe/axe.min.js");
        const RUN: &str = "const done = arguments[arguments.length - 1]; \
            axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }) \
            .then(r => done(r.violations.map(v => v.id + ': ' + v.help + '\\n' + \
                v.nodes.slice(0, 5).map(n => '    ' + n.html.slice(0, 200) + '\\n      ' + \
                [...n.any, ...n.all, ...n.none].map(c => c.message).join(' / ')).join('\\n'))), e => done([String(e)]))";
        self.client.execute(AXE, vec![]).await.unwrap_or_else(|e| panic!("{name}: axe: {e}"));
        let found =
            self.client.execute_async(RUN, vec![]).await.unwrap_or_else(|e| panic!("{name}: axe: {e}"));
        let found: Vec<&str> = found.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert!(found.is_empty(), "{name} ({}) has barriers:\n{}", self.address().await, found.join("\n"));
        let refused =
            self.client.execute("return window.refusedByPolicy || []", vec![]).await.expect("a list");
        assert_eq!(refused, json!([]), "{name}: refused by the security policy");
    }

    /// Shows pages as a machine that is set to dark, or to light, shows them.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    pub async fn close(self) {
        let _ = self.client.close().await;
    }

    /// Closes the browser and keeps what it kept, for [`Browser::open_in`].
    pub async fn shut(self) -> tempfile::TempDir {
        let Browser { client, _profile, .. } = self;
        let _ = client.close().await;
        _profile
    }
}
