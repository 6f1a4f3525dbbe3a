//! One node of a demonstration: its city and history, made through the same commands as everything else, under a clock
//! that is set; or what an earlier start made.

use super::FILE;
use crate::commands::init;
use crate::config::{self, Config, Exchange, Limits, Log};
use crate::failure::Failure;
use crate::home::{self, Node};
use crate::machine::SystemClock;
use jiff::Timestamp;
use lianzhi_app::{App, Caller, Keys};
use lianzhi_ids::{NodeCode, PersonCode, Role};
use lianzhi_procedure::directory::Person;
use lianzhi_sim::{
    City, Counts, DemoFile, DemoNode, DemoStory, Followed, Place, SimClock, Town, Wishes, at_work_first,
    history,
};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

/// There while city and history are being made.
const MAKING: &str = "making";
/// Scopes and days of the tokens in the list.
const SCOPES: [&str; 3] = ["read", "write", "report"];
const TOKEN_DAYS: i64 = 366;

/// A node to be opened.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) place: &'static Place,
    pub(super) dir: PathBuf,
    /// The address that it has taken.
    pub(super) listener: TcpListener,
    /// Seed of the region.
    pub(super) seed: u64,
    /// Until when its history goes, the same for all nodes, and how many days before that.
    pub(super) until: Timestamp,
    pub(super) days: u32,
    /// Hash of the password of everybody.
    pub(super) hash: Arc<String>,
}

/// A node that is open, with what is told of it.
pub(super) struct Opened {
    pub(super) node: Node,
    pub(super) city: City,
    pub(super) follow: Vec<Followed>,
    pub(super) dir: PathBuf,
    pub(super) listener: TcpListener,
    /// What history is wished for, and the keys to make it with, for a node that was just made.
    wishes: Option<(Wishes, Keys)>,
    /// The clock of a node that was just made. It stands where history ends, for what happens between nodes, until the
    /// node [begins](Opened::begin).
    clock: Option<Arc<SimClock>>,
}

impl Opened {
    /// Whether it has no history yet.
    pub(super) fn is_new(&self) -> bool {
        self.clock.is_some()
    }

    /// The city of a node that has no history yet.
    pub(super) fn town(&self) -> Option<Town> {
        let (wishes, keys) = self.wishes.clone()?;
        let (app, clock) = (self.node.app.clone(), self.clock.clone()?);
        Some(Town { app, keys, clock, city: self.city.clone(), wishes })
    }

    /// Where other members reach it.
    pub(super) fn address(&self) -> Result<String, Failure> {
        let address = self.listener.local_addr().map_err(|e| Failure::words(e.to_string()))?;
        Ok(format!("http://{address}"))
    }

    /// Takes over what was made.
    pub(super) async fn lived(&mut self, counts: Counts) {
        tracing::info!(
            node = self.city.place.code,
            matters = counts.matters,
            entries = counts.entries,
            refused = counts.refused,
            "history made"
        );
        self.node.app.integrate_log().await;
        self.follow = counts.follow;
    }

    /// Lets the clock go and takes the marker away: the node is whole.
    pub(super) fn begin(&self) -> Result<(), Failure> {
        let Some(clock) = &self.clock else { return Ok(()) };
        clock.follow(Arc::new(SystemClock::default()));
        let marker = self.dir.join(MAKING);
        std::fs::remove_file(&marker).map_err(Failure::file(&marker))
    }
}

impl Plan {
    /// Opens the node. While city and history are made a marker lies in its folder, so that what was broken off is not
    /// taken for a demonstration by a second start, but made anew.
    pub(super) async fn open(self) -> Result<Opened, Failure> {
        let (place, seed) = (self.place, self.seed);
        let city = tokio::task::spawn_blocking(move || City::generate(place, seed)).await;
        let words = |e: &dyn std::fmt::Display| Failure::words(e.to_string());
        let city = city.map_err(|e| words(&e))?.map_err(|e| words(&e))?;
        if self.dir.join(MAKING).exists() {
            std::fs::remove_dir_all(&self.dir).map_err(Failure::file(&self.dir))?;
        }
        if self.dir.join(config::FILE).exists() {
            let (node, follow) = (self.again().await?, kept_codes(&self.dir.join(FILE)));
            let (dir, listener) = (self.dir, self.listener);
            Ok(Opened { node, city, follow, dir, listener, wishes: None, clock: None })
        } else {
            self.first(city).await
        }
    }

    fn listen(&self) -> Result<SocketAddr, Failure> {
        self.listener.local_addr().map_err(|e| Failure::words(e.to_string()))
    }

    fn config(&self) -> Result<Config, Failure> {
        Ok(Config {
            node: NodeCode::parse(self.place.code).map_err(|e| Failure::words(e.to_string()))?,
            listen: self.listen()?,
            base_url: None,
            data_dir: PathBuf::from("."),
            database: None,
            generation: 1,
            restored: None,
            simulated: true,
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            seal: None,
            exchange: Exchange { suite: self.place.suite, allow_private: true, ..Exchange::default() },
            log: Log::default(),
            exhibits: None,
            map: None,
            limits: Limits::default(),
            file: PathBuf::new(),
        })
    }

    /// Continues what an earlier start made.
    async fn again(&self) -> Result<Node, Failure> {
        let mut config = Config::load(&self.dir)?;
        if !config.simulated {
            return Err(Failure::words(format!("{} 里是一个正式节点，不能作演示", self.dir.display())));
        }
        config.listen = self.listen()?;
        Node::open(config).await
    }

    /// Makes the city; its history is made with that of the others.
    async fn first(self, city: City) -> Result<Opened, Failure> {
        home::make_private(&self.dir)?;
        let marker = self.dir.join(MAKING);
        std::fs::write(&marker, b"").map_err(Failure::file(&marker))?;
        let until = self.until;
        let wishes = Wishes { until, days: self.days, seed: city.seed, pace: self.place.pace };
        let clock = Arc::new(SimClock::new(history::eve(until, self.days)));
        let node = init::set_up_with(&self.dir, &self.config()?, clock.clone()).await?;
        let app = &node.app;
        let failed = |e: history::HistoryError| {
            Failure::words(format!("{}的演示城市没有建成：{e}", self.place.region))
        };
        history::settle(app, &city).await.map_err(failed)?;
        let credentials: Vec<(PersonCode, String)> =
            city.people.iter().map(|e| (e.person.code.clone(), (*self.hash).clone())).collect();
        app.set_credentials(&credentials).await?;
        let keys = home::read_keys(&node.config.data_dir.join(home::KEYS))?;
        let keys = keys.with_exchange(home::exchange_keys(&node.config)?);
        Ok(Opened {
            node,
            city,
            follow: Vec::new(),
            dir: self.dir,
            listener: self.listener,
            wishes: Some((wishes, keys)),
            clock: Some(clock),
        })
    }
}

/// Writes the node's own `demo.json`, with a token for everybody named in it, and gives what it says. A second start
/// keeps the tokens of the first.
pub(super) async fn write_file(
    node: &Node,
    dir: &Path,
    city: &City,
    url: &str,
    follow: &[Followed],
) -> Result<DemoNode, Failure> {
    let path = dir.join(FILE);
    let mut tokens = kept_tokens(&path, city);
    let directory = node.app.directory();
    let named = DemoNode::of(city, url, &HashMap::new(), follow).people;
    // All at once, so that they share transactions.
    let unnamed: Vec<_> = named.into_iter().filter(|person| !tokens.contains_key(&person.code)).collect();
    let issued = unnamed.into_iter().map(|person| {
        let card = PersonCode::parse(&person.code).ok().and_then(|code| directory.people.get(&code)).cloned();
        async move {
            let Some(card) = card else { return Ok(None) };
            let admin = person.roles.contains(&"admin").then_some("admin");
            let scopes: Vec<String> = SCOPES.into_iter().chain(admin).map(str::to_owned).collect();
            let who = Caller::person(card, "127.0.0.1");
            let token = node.app.issue_token(&who, "演示", &scopes, TOKEN_DAYS).await?;
            Ok::<_, Failure>(Some((person.code, token)))
        }
    });
    let issued = futures::future::try_join_all(issued).await?;
    tokens.extend(issued.into_iter().flatten());
    let mut told = DemoNode::of(city, url, &tokens, follow);
    at_work_first(&mut told.people, &open_on_duty(&node.app).await);
    write_json(&path, &DemoFile { nodes: vec![told.clone()], story: None })?;
    Ok(told)
}

/// Writes a list of nodes.
pub(super) fn write_json(path: &Path, file: &DemoFile) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(file).map_err(|e| Failure::words(e.to_string()))?;
    std::fs::write(path, text).map_err(Failure::file(path))
}

/// Those on duty with their open matters, as a dispatcher sees them; nobody when there is no dispatcher.
async fn open_on_duty(app: &App) -> HashMap<String, i64> {
    let directory = app.directory();
    let dispatches = |p: &&Arc<Person>| p.posts.iter().any(|post| post.roles.contains(&Role::Dispatcher));
    let Some(dispatcher) = directory.people.values().find(dispatches).cloned() else {
        return HashMap::new();
    };
    let shifts = app.on_duty(&Caller::person(dispatcher, "127.0.0.1")).await.unwrap_or_default();
    shifts.into_iter().flat_map(|s| s.people).map(|p| (p.person.to_string(), p.open)).collect()
}

/// What an earlier start wrote.
fn kept(path: &Path) -> serde_json::Value {
    std::fs::read(path).ok().and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default()
}

/// The beginning of the walk-through that an earlier start made.
pub(super) fn kept_story(path: &Path) -> Option<DemoStory> {
    serde_json::from_value(kept(path).get("story")?.clone()).ok()
}

/// Follow codes of an earlier start: the node itself knows their digests only.
fn kept_codes(path: &Path) -> Vec<Followed> {
    let codes = kept(path).pointer("/nodes/0/follow").cloned();
    codes.and_then(|codes| serde_json::from_value(codes).ok()).unwrap_or_default()
}

/// Tokens of an earlier start, by person's code.
fn kept_tokens(path: &Path, city: &City) -> HashMap<String, String> {
    let file = kept(path);
    let people = file.pointer("/nodes/0/people").and_then(|p| p.as_array()).cloned().unwrap_or_default();
    let code_of =
        |login: &str| city.people.iter().find(|e| e.person.login == login).map(|e| e.person.code.to_string());
    people
        .iter()
        .filter_map(|p| {
            let (login, token) = (p.get("login")?.as_str()?, p.get("token")?.as_str()?);
            Some((code_of(login)?, token.to_owned())).filter(|(_, t)| !t.is_empty())
        })
        .collect()
}
