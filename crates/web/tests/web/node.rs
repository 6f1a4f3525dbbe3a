//! A node for tests: SQLite in a folder of its own, a clock that stands still until told, a handful of people.

use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::{Clock, Entropy};
use lianzhi_app::{App, Caller, Config, Keys};
use lianzhi_ids::{CategoryCode, GridCode, NodeCode, PersonCode, Role, TownCode, UnitCode};
use lianzhi_procedure::directory::{Category, Grid, Person, Post, Settings, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_web::{WebConfig, WebState};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;

/// Everybody, by login.
const PEOPLE: [&str; 8] =
    ["admin", "dispatch", "hotline", "verify", "auditor", "officer-a", "officer-b", "leader-a"];

/// Password of everybody.
pub const PASSWORD: &str = "chang-an-jie-2026!";

/// One hash for all: hashing is slow by design, and what is tested here is not the hash.
static HASH: LazyLock<String> = LazyLock::new(|| lianzhi_app::hash_password(PASSWORD));

/// A clock that stands still until told.
pub struct Hands(AtomicI64);

impl Hands {
    pub fn forward(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Numbers that never repeat and are the same in each run.
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64.
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}

pub struct Node {
    pub app: App,
    pub state: WebState,
    pub hands: Arc<Hands>,
    pub url: String,
    pub client: reqwest::Client,
    _dir: TempDir,
}

/// Somebody at a keyboard: a browser with its session.
#[derive(Clone)]
pub struct Browser {
    pub client: reqwest::Client,
    pub csrf: String,
}

fn unit(code: &str, name: &str, parent: Option<&str>) -> Record {
    Record::Unit(Unit {
        code: UnitCode::parse(code).unwrap(),
        name: name.into(),
        parent: parent.map(|p| UnitCode::parse(p).unwrap()),
        outside: false,
        phone: String::new(),
        town: None,
        branch: String::new(),
    })
}

fn person(code: &str, name: &str, unit: &str, roles: &[Role]) -> Record {
    Record::Person(Person {
        code: PersonCode::parse(code).unwrap(),
        name: name.into(),
        login: code.into(),
        posts: vec![Post { unit: UnitCode::parse(unit).unwrap(), roles: roles.to_vec(), grids: Vec::new() }],
        certificate: None,
        active: true,
        second_factor: false,
    })
}

fn square(code: &str, unit: &str, west: f64) -> Record {
    let east = west + 0.05;
    Record::Grid(Grid {
        code: GridCode::parse(code).unwrap(),
        name: format!("示意网格{code}"),
        town: TownCode::parse("310118104").unwrap(),
        unit: UnitCode::parse(unit).unwrap(),
        geometry: json!({
            "type": "Polygon",
            "coordinates": [[[west, 31.0], [east, 31.0], [east, 31.05], [west, 31.05], [west, 31.0]]]
        })
        .to_string(),
    })
}

fn records() -> Vec<Record> {
    let settings = Settings {
        agency: "青浦区城市管理行政执法局".into(),
        region: "青浦区".into(),
        number_prefix: "沪青".into(),
        second_factor_roles: Vec::new(),
        ..Settings::default()
    };
    let category = |code: &str, name: &str| {
        Record::Category(Category {
            code: CategoryCode::parse(code).unwrap(),
            group: "街面秩序类".into(),
            name: name.into(),
            department: None,
        })
    };
    vec![
        Record::Settings(settings),
        unit("bureau", "执法局", None),
        unit("squad-a", "甲镇中队", Some("bureau")),
        unit("squad-b", "乙镇中队", Some("bureau")),
        category("E09005", "店外经营"),
        category("E09001", "无照经营游商"),
        square("310118104000001", "squad-a", 121.0),
        square("310118104000002", "squad-b", 121.05),
        person("admin", "管理员甲", "bureau", &[Role::Admin]),
        person("dispatch", "派遣员甲", "bureau", &[Role::Dispatcher]),
        person("hotline", "坐席甲", "bureau", &[Role::Hotline]),
        person("verify", "核查员甲", "bureau", &[Role::Verifier]),
        person("auditor", "审计员甲", "bureau", &[Role::Auditor]),
        person("officer-a", "队员甲", "squad-a", &[Role::Officer]),
        person("officer-b", "队员乙", "squad-b", &[Role::Officer]),
        person("leader-a", "队长甲", "squad-a", &[Role::SquadLeader]),
    ]
}

impl Node {
    pub async fn start() -> Node {
        Node::with(|_| {}).await
    }

    /// A node whose web configuration is changed first.
    pub async fn with(change: impl FnOnce(&mut WebConfig)) -> Node {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("node.db").display());
        let store =
            lianzhi_store::open(lianzhi_store::Options::new(url, dir.path().join("blobs"))).await.unwrap();
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let hands = Arc::new(Hands(AtomicI64::new(start.as_microsecond())));
        let entropy: Arc<dyn Entropy> = Arc::new(Counting(AtomicU64::new(7)));
        let key = Arc::new(lianzhi_testkit::members::key("310118", 0));
        let keys = Keys::generate(entropy.as_ref()).0.with_exchange(vec![key]);
        let config = Config {
            node: NodeCode::parse("310118").unwrap(),
            generation: 1,
            restored: None,
            simulated: false,
            log_dir: dir.path().join("log"),
        };
        let app = App::open(config, store, hands.clone(), entropy, keys).await.unwrap();
        // One after the other: a unit must be there before its people.
        for record in records() {
            app.put_register(&Caller::system(), record).await.unwrap();
        }
        let credentials: Vec<_> =
            PEOPLE.iter().map(|login| (PersonCode::parse(login).unwrap(), HASH.clone())).collect();
        app.set_credentials(&credentials).await.unwrap();
        let mut config = WebConfig::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        config.base_url = url.clone();
        change(&mut config);
        let state = serve(app.clone(), config, listener);
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Node { app, state, hands, url, client, _dir: dir }
    }

    /// A web face over an application that somebody else opened; its people sign in with [`PASSWORD`].
    pub async fn over(app: App, people: &[&str]) -> Node {
        let credentials: Vec<_> =
            people.iter().map(|login| (PersonCode::parse(login).unwrap(), HASH.clone())).collect();
        app.set_credentials(&credentials).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let config = WebConfig { base_url: url.clone(), ..WebConfig::default() };
        let state = serve(app.clone(), config, listener);
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let hands = Arc::new(Hands(AtomicI64::new(app.now().as_microsecond())));
        Node { app, state, hands, url, client, _dir: tempfile::tempdir().unwrap() }
    }

    /// The node started again with one more key for the exchange, over the same store.
    pub async fn with_new_key(self) -> Node {
        let key = |n| Arc::new(lianzhi_testkit::members::key("310118", n));
        let keys = Keys::generate(&Counting(AtomicU64::new(7))).0.with_exchange(vec![key(0), key(1)]);
        let entropy: Arc<dyn Entropy> = Arc::new(Counting(AtomicU64::new(99)));
        let (config, store) = (self.app.config().clone(), self.app.store().clone());
        let app = App::open(config, store, self.hands.clone(), entropy, keys).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let config = WebConfig { base_url: url.clone(), ..WebConfig::default() };
        let state = serve(app.clone(), config, listener);
        Node { app, state, url, ..self }
    }

    /// Somebody more, who signs in with [`PASSWORD`].
    pub async fn hire(&self, login: &str, name: &str, roles: &[Role]) {
        let record = person(login, name, "bureau", roles);
        self.app.put_register(&Caller::system(), record).await.unwrap();
        self.app.set_credentials(&[(PersonCode::parse(login).unwrap(), HASH.clone())]).await.unwrap();
    }

    /// A web face that remembers nothing of the last one, over the same application, at another address.
    pub async fn restart_web(&mut self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.url = format!("http://{}", listener.local_addr().unwrap());
        self.state = serve(self.app.clone(), WebConfig::clone(&self.state.config), listener);
    }

    /// A token of a person with all scopes.
    pub async fn token(&self, login: &str) -> String {
        self.token_for(login, &["read", "write", "report", "admin"]).await
    }

    pub async fn token_for(&self, login: &str, scopes: &[&str]) -> String {
        let directory = self.app.directory();
        let person = directory.people[&PersonCode::parse(login).unwrap()].clone();
        let caller = Caller::person(person, "127.0.0.1");
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        self.app.issue_token(&caller, "test", &scopes, 30).await.unwrap()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, path).json(body)
    }

    /// Puts somebody on duty.
    pub async fn on_duty(&self, login: &str, unit: &str) {
        let token = self.token(login).await;
        let path = format!("/api/v1/duty/{unit}/commands");
        let answer =
            self.post(&path, &json!({ "command": "go_on" })).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
    }

    /// A report by the public in the first grid.
    pub async fn report(&self) -> Value {
        let body = json!({
            "category": "09005",
            "description": "漕平路 118 号店外摆摊，占了整条人行道",
            "place": { "lng": 121.02, "lat": 31.02, "address": "漕平路 118 号" },
            "contact": { "name": "张三", "phone": "13800001234" },
        });
        let answer = self.post("/api/v1/reports", &body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// Gives a command and expects it to be accepted.
    pub async fn command(&self, token: &str, id: i64, body: Value) -> Value {
        let path = format!("/api/v1/matters/{id}/commands");
        let answer = self.post(&path, &body).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{body}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// A browser in which somebody has signed in.
    pub async fn browser(&self, login: &str) -> Browser {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .cookie_store(true)
            .build()
            .unwrap();
        let form = [("login", login), ("password", PASSWORD), ("next", "/desk")];
        let answer = client
            .post(format!("{}/sign-in", self.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(&form))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
        let me: Value =
            client.get(format!("{}/api/v1/me", self.url)).send().await.unwrap().json().await.unwrap();
        let csrf = me["csrf"].as_str().unwrap().to_owned();
        Browser { client, csrf }
    }
}

fn serve(app: App, config: WebConfig, listener: tokio::net::TcpListener) -> WebState {
    let state = WebState::new(app, config);
    let service = lianzhi_web::router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    state
}

/// Encodes a form.
pub fn encode(pairs: &[(&str, &str)]) -> String {
    let word = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    pairs.iter().map(|(k, v)| format!("{}={}", word(k), word(v))).collect::<Vec<_>>().join("&")
}

/// Checks that an answer is an RFC 9457 problem that helps, and gives it.
pub async fn problem(answer: Response, status: StatusCode, code: &str) -> Value {
    let found = answer.status();
    let kind =
        answer.headers().get("content-type").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let text = answer.text().await.unwrap();
    assert_eq!(found, status, "{text}");
    assert_eq!(kind, "application/problem+json", "{text}");
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(problem["status"], json!(status.as_u16()));
    assert_eq!(problem["code"], code, "{text}");
    for field in ["type", "title", "detail", "rule", "source", "remedy"] {
        assert!(problem[field].as_str().is_some_and(|t| !t.is_empty()), "{field} is missing: {text}");
    }
    problem
}
