//! `lianzhi demo`: a made-up node of Qingpu District with days of history, made through the same commands as everything
//! else, under a clock that is set.

use super::{Progress, init, serve};
use crate::config::{self, Config, Exchange, Limits, Log};
use crate::failure::Failure;
use crate::home::{self, Node};
use crate::machine::{SystemClock, machine_now};
use clap::Args;
use lianzhi_app::{App, Caller};
use lianzhi_ids::{PersonCode, Role};
use lianzhi_procedure::directory::Person;
use lianzhi_sim::{
    City, Followed, LiveCity, Liveliness, SimClock, Wishes, at_work_first, demo_json, history,
};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// What `demo.json` is called.
const FILE: &str = "demo.json";
/// There while city and history are being made.
const MAKING: &str = "making";
/// Scopes and days of the tokens in it.
const SCOPES: [&str; 3] = ["read", "write", "report"];
const TOKEN_DAYS: i64 = 366;

/// Run a made-up node.
#[derive(Debug, Args)]
pub struct Demo {
    /// Folder of the demonstration; a second start continues it.
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
    /// Port on this machine.
    #[arg(long, default_value_t = 7700)]
    port: u16,
    /// The same seed gives the same city and the same wishes of its people.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Days of history.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Keep the city going once the node is ready: reports come in and are handled. The clock stays the real one.
    #[arg(long)]
    live: bool,
    /// Minutes' worth of events in a minute, with --live; 1 is as in a real city.
    #[arg(long, default_value_t = 10, requires = "live", value_parser = clap::value_parser!(u32).range(1..=600))]
    speed: u32,
}

impl Demo {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::start(crate::logs::Format::Text, "warn,lianzhi=info");
        let begun = Instant::now();
        let city = City::generate(self.seed).map_err(|e| Failure::words(e.to_string()))?;
        if self.dir.join(MAKING).exists() {
            std::fs::remove_dir_all(&self.dir).map_err(Failure::file(&self.dir))?;
        }
        let (node, follow) = if self.dir.join(config::FILE).exists() {
            (self.again().await?, kept_codes(&self.dir.join(FILE)))
        } else {
            self.first(&city).await?
        };
        let listener = serve::listen(&node).await?;
        let url = format!("http://{}", listener.local_addr().map_err(|e| Failure::words(e.to_string()))?);
        let file = self.write_file(&node, &city, &url, &follow).await?;
        let app = node.app.clone();
        let how = self.live.then_some(Liveliness { seed: self.seed, speed: self.speed });
        serve::run(node, listener, |url| {
            announce(url, &file, begun);
            how.map(|how| tokio::spawn(go_on(app, city, how))).into_iter().collect()
        })
        .await?;
        Ok(ExitCode::SUCCESS)
    }

    fn config(&self) -> Result<Config, Failure> {
        Ok(Config {
            node: lianzhi_ids::NodeCode::parse(lianzhi_sim::city::NODE)
                .map_err(|e| Failure::words(e.to_string()))?,
            listen: SocketAddr::from(([127, 0, 0, 1], self.port)),
            base_url: None,
            data_dir: PathBuf::from("."),
            database: None,
            generation: 1,
            simulated: true,
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            exchange: Exchange { allow_private: true, ..Exchange::default() },
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
        config.listen = SocketAddr::from(([127, 0, 0, 1], self.port));
        Node::open(config).await
    }

    /// Makes city and history. While they are made a marker lies in the folder, so that what was broken off is not taken
    /// for a demonstration by a second start, but made anew.
    async fn first(&self, city: &City) -> Result<(Node, Vec<Followed>), Failure> {
        home::make_private(&self.dir)?;
        let marker = self.dir.join(MAKING);
        std::fs::write(&marker, b"").map_err(Failure::file(&marker))?;
        let until = machine_now();
        let wishes = Wishes { until, days: self.days, seed: self.seed, pace: 1.0 };
        let clock =
            Arc::new(SimClock::new(until - jiff::SignedDuration::from_hours(24 * i64::from(self.days) + 1)));
        let node = init::set_up_with(&self.dir, &self.config()?, clock.clone()).await?;
        let app = &node.app;
        let failed = |e: history::HistoryError| Failure::words(format!("演示历史没有生成：{e}"));
        history::settle(app, city).await.map_err(failed)?;
        // One password for all: hashed once.
        let mut hashes: HashMap<String, String> = HashMap::new();
        let mut credentials: Vec<(PersonCode, String)> = Vec::with_capacity(city.people.len());
        for employee in &city.people {
            let hash = hashes
                .entry(employee.password.clone())
                .or_insert_with(|| lianzhi_app::hash_password(&employee.password));
            credentials.push((employee.person.code.clone(), hash.clone()));
        }
        app.set_credentials(&credentials).await?;
        let progress = Progress::new();
        let keys = home::read_keys(&node.config.data_dir.join(home::KEYS))?;
        let made = history::run(app, keys, &clock, city, &wishes, |p| {
            progress.show(&format!("生成历史：第 {}/{} 天，{} 件", p.day, p.days, p.matters))
        })
        .await;
        progress.end();
        let counts = made.map_err(failed)?;
        tracing::info!(
            matters = counts.matters,
            entries = counts.entries,
            refused = counts.refused,
            "history made"
        );
        clock.follow(Arc::new(SystemClock::default()));
        app.integrate_log().await;
        std::fs::remove_file(&marker).map_err(Failure::file(&marker))?;
        Ok((node, counts.follow))
    }

    /// Writes `demo.json`, with a token for everybody named in it. A second start keeps the tokens of the first.
    async fn write_file(
        &self,
        node: &Node,
        city: &City,
        url: &str,
        follow: &[Followed],
    ) -> Result<serde_json::Value, Failure> {
        let path = self.dir.join(FILE);
        let mut tokens = kept_tokens(&path, city);
        let directory = node.app.directory();
        let named = demo_json(city, url, &HashMap::new(), follow).nodes.into_iter().flat_map(|n| n.people);
        // All at once, so that they share transactions.
        let unnamed: Vec<_> = named.filter(|person| !tokens.contains_key(&person.code)).collect();
        let issued = unnamed.into_iter().map(|person| {
            let card =
                PersonCode::parse(&person.code).ok().and_then(|code| directory.people.get(&code)).cloned();
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
        let mut file = demo_json(city, url, &tokens, follow);
        let open = open_on_duty(&node.app).await;
        for demo in &mut file.nodes {
            at_work_first(&mut demo.people, &open);
        }
        let file = serde_json::to_value(file).map_err(|e| Failure::words(e.to_string()))?;
        let text = serde_json::to_string_pretty(&file).map_err(|e| Failure::words(e.to_string()))?;
        std::fs::write(&path, text).map_err(Failure::file(&path))?;
        Ok(file)
    }
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

/// Keeps the city going until the node stops. That nothing goes on is no reason for the node to stop.
async fn go_on(app: App, city: City, how: Liveliness) {
    match LiveCity::open(&app, &city, how).await {
        Ok(mut live) => {
            println!("城市在动：每分钟发生约 {} 分钟的事，期限仍按真实时间计。", how.speed);
            live.run().await;
        }
        Err(error) => tracing::error!(%error, "the city does not go on"),
    }
}

/// What an earlier start wrote.
fn kept(path: &Path) -> serde_json::Value {
    std::fs::read(path).ok().and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default()
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

/// Addresses and sign-ins, one person of each role: the first, who is at work.
fn announce(url: &str, file: &serde_json::Value, begun: Instant) {
    println!("演示节点已就绪（{:.1} 秒）：{url}", begun.elapsed().as_secs_f64());
    println!("  市民上报  {url}/report");
    println!("  接口文档  {url}/api/openapi.json");
    if let Some(one) = file.pointer("/nodes/0/follow/0") {
        let text = |name: &str| one.get(name).and_then(|v| v.as_str()).unwrap_or_default();
        println!("  查询进度  {url}/follow  编号 {}，查询码 {}", text("number"), text("follow_code"));
    }
    let mut met: Vec<&str> = Vec::new();
    let people = file.pointer("/nodes/0/people").and_then(|p| p.as_array()).map_or(&[][..], Vec::as_slice);
    for person in people {
        let text = |name: &str| person.get(name).and_then(|v| v.as_str()).unwrap_or_default();
        let roles: Vec<&str> = person
            .get("roles")
            .and_then(|r| r.as_array())
            .into_iter()
            .flatten()
            .filter_map(|r| r.as_str())
            .collect();
        if roles.iter().any(|r| !met.contains(r)) {
            let titles: Vec<_> = roles.iter().filter_map(|r| Role::from_code(r)).map(Role::title).collect();
            println!("  {:<22} {}  {} {}", text("login"), text("password"), text("name"), titles.join("、"));
            met.extend(roles);
        }
    }
    println!("按 Ctrl+C 停止；再次启动会接着用。");
}
