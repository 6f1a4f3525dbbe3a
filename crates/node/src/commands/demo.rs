//! `lianzhi demo`: the made-up nodes of a region, each with days of history, side by side in one process.

mod node;

use super::{Progress, serve};
use crate::config;
use crate::failure::Failure;
use crate::home;
use crate::machine::machine_now;
use clap::Args;
use lianzhi_ids::{NodeCode, Role};
use lianzhi_sim::city::PASSWORD;
use lianzhi_sim::{DemoFile, DemoStory, LiveCity, LiveRegion, Liveliness, Place, REGION, history};
use node::{Opened, Plan};
use parking_lot::Mutex;
use serve::Running;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// What the list of nodes is called, in the folder of all and in each node's own.
const FILE: &str = "demo.json";

/// Run made-up nodes.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// Folder of the demonstration, with a folder for each node; a second start continues it.
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
    /// Port of the first node on this machine; the others have the next ones, each always the same.
    #[arg(long, default_value_t = 7700)]
    port: u16,
    /// Codes of the nodes to run, with commas between; all four when not given.
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    nodes: Vec<NodeCode>,
    /// The same seed gives the same cities and the same wishes of their people.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Days of history.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Keep the cities going once the nodes are ready: reports come in and are handled, members write to each other and
    /// answer. The clock stays the real one.
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
        let places = self.places()?;
        if self.dir.join(config::FILE).exists() {
            return Err(Failure::words(format!(
                "{} 里是一个节点，不是演示目录。演示为每个节点另建子目录：请另选目录",
                self.dir.display()
            )));
        }
        home::make_private(&self.dir)?;
        let (opened, story) = self.open(&places).await?;
        let mut running = Vec::with_capacity(opened.len());
        let mut nodes = Vec::with_capacity(opened.len());
        for one in &opened {
            one.begin()?;
        }
        let mut members = Vec::with_capacity(opened.len());
        for Opened { node, city, follow, dir, listener, .. } in opened {
            let mut serving = Running::start(node, listener).await?;
            nodes.push(node::write_file(&serving.node, &dir, &city, &serving.url, &follow).await?);
            if self.live {
                let how = Liveliness { seed: city.seed, speed: self.speed };
                members.push((serving.node.app.clone(), city.clone()));
                serving.beside.push(tokio::spawn(go_on(serving.node.app.clone(), city, how)));
            }
            running.push(serving);
        }
        if let Some(first) = running.first_mut().filter(|_| self.live) {
            let how = Liveliness { seed: self.seed, speed: self.speed };
            first.beside.push(tokio::spawn(go_on_together(members, how)));
        }
        let file = DemoFile { nodes, story };
        node::write_json(&self.dir.join(FILE), &file)?;
        serve::until_stopped(running, || {
            announce(&file, begun);
            if self.live {
                println!(
                    "城市在动，成员之间也在往来：每分钟发生约 {} 分钟的事，期限仍按真实时间计。",
                    self.speed
                );
            }
        })
        .await?;
        Ok(ExitCode::SUCCESS)
    }

    /// The places to run, in the order of the region.
    fn places(&self) -> Result<Vec<&'static Place>, Failure> {
        let known = |code: &NodeCode| REGION.iter().any(|p| p.code == code.as_str());
        if let Some(unknown) = self.nodes.iter().find(|code| !known(code)) {
            let codes = REGION.map(|p| format!("{}（{}）", p.code, p.region)).join("、");
            return Err(Failure::words(format!("演示中没有节点 {unknown}。可选：{codes}")));
        }
        let chosen = |p: &&Place| self.nodes.is_empty() || self.nodes.iter().any(|n| n.as_str() == p.code);
        Ok(REGION.into_iter().filter(chosen).collect())
    }

    /// Opens all nodes at once; those that are new get their cities and histories, together when all of them are new.
    async fn open(&self, places: &[&'static Place]) -> Result<(Vec<Opened>, Option<DemoStory>), Failure> {
        let until = machine_now();
        // One password for all: hashed once.
        let hash = Arc::new(lianzhi_app::hash_password(PASSWORD));
        let mut tasks = Vec::with_capacity(places.len());
        for place in places {
            // Port 0 is whichever is free.
            let port = if self.port == 0 { Some(0) } else { self.port.checked_add(place.offset) };
            let port =
                port.ok_or_else(|| Failure::words(format!("端口 {} 之后没有足够的端口", self.port)))?;
            let plan = Plan {
                place,
                dir: self.dir.join(place.code),
                listener: serve::listen(SocketAddr::from(([127, 0, 0, 1], port))).await?,
                seed: self.seed,
                until,
                days: self.days,
                hash: hash.clone(),
            };
            tasks.push(tokio::spawn(plan.open()));
        }
        let opened = futures::future::join_all(tasks).await.into_iter();
        let mut opened = opened
            .map(|one| one.map_err(|e| Failure::words(e.to_string()))?)
            .collect::<Result<Vec<Opened>, Failure>>()?;
        let told = self.live_history(&mut opened).await?;
        let story = told.or_else(|| node::kept_story(&self.dir.join(FILE)));
        Ok((opened, story))
    }

    /// Makes the history of the nodes that have none yet.
    async fn live_history(&self, opened: &mut [Opened]) -> Result<Option<DemoStory>, Failure> {
        let towns: Vec<_> = opened.iter().filter_map(Opened::town).collect();
        if towns.is_empty() {
            return Ok(None);
        }
        let together = towns.len() == opened.len() && towns.len() > 1;
        let mut addresses = Vec::new();
        if together {
            addresses.extend(opened.iter().map(Opened::address).collect::<Result<Vec<_>, _>>()?);
        }
        let regions: Vec<_> = towns.iter().map(|town| town.city.place.region).collect();
        let shown = Mutex::new(vec![None; towns.len()]);
        let progress = Progress::new();
        let line = move |n: usize, p: lianzhi_sim::Progress| {
            let mut all = shown.lock();
            if let (Some(line), Some(region)) = (all.get_mut(n), regions.get(n)) {
                *line = Some(format!("{region} 第 {}/{} 天 {} 件", p.day, p.days, p.matters));
            }
            let parts: Vec<&str> = all.iter().flatten().map(String::as_str).collect();
            progress.show(&format!("生成历史：{}", parts.join("，")));
        };
        let made = history::run_all(towns, addresses, line).await;
        let made = made.map_err(|e| Failure::words(format!("演示历史没有生成：{e}")))?;
        tracing::info!(together = ?made.together, "history made");
        let new = opened.iter_mut().filter(|one| one.is_new());
        for (one, counts) in new.zip(made.counts) {
            one.lived(counts).await;
        }
        Ok(made.together.story.map(|(node, number, officer)| DemoStory { node, number, officer }))
    }
}

/// Keeps a city going until its node stops. That nothing goes on is no reason for the node to stop.
async fn go_on(app: lianzhi_app::App, city: lianzhi_sim::City, how: Liveliness) {
    match LiveCity::open(&app, &city, how).await {
        Ok(mut live) => live.run().await,
        Err(error) => tracing::error!(%error, node = city.place.code, "the city does not go on"),
    }
}

/// Keeps the members of the compact writing to each other until the first node stops.
async fn go_on_together(members: Vec<(lianzhi_app::App, lianzhi_sim::City)>, how: Liveliness) {
    let all = members.iter().map(|(app, city)| (app.clone(), city)).collect();
    match LiveRegion::open(all, how).await {
        Ok(Some(mut live)) => live.run().await,
        // One node alone, or no compact in force between them.
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "the cities do not go on together"),
    }
}

/// Addresses of all nodes, and sign-ins of the first: one person of each role, the first, who is at work.
fn announce(file: &DemoFile, begun: Instant) {
    let addresses: Vec<_> = file.nodes.iter().map(|n| format!("{} {}", n.region, n.url)).collect();
    println!("演示节点已就绪（{:.1} 秒）：{}", begun.elapsed().as_secs_f64(), addresses.join("  "));
    for node in &file.nodes {
        println!("{}  {}", node.code, node.name);
        println!("  市民上报  {}/report", node.url);
        if let Some(one) = node.follow.first() {
            println!("  查询进度  {}/follow  编号 {}，查询码 {}", node.url, one.number, one.follow_code);
        }
    }
    let Some(first) = file.nodes.first() else { return };
    println!("接口文档  {}/api/openapi.json", first.url);
    println!("{}的登录名、口令：", first.region);
    let mut met: Vec<&str> = Vec::new();
    for person in &first.people {
        if person.roles.iter().any(|r| !met.contains(r)) {
            let titles: Vec<_> =
                person.roles.iter().filter_map(|r| Role::from_code(r)).map(Role::title).collect();
            println!("  {:<22} {}  {} {}", person.login, person.password, person.name, titles.join("、"));
            met.extend(&person.roles);
        }
    }
    if file.nodes.len() > 1 {
        println!("其他节点的登录名、口令相同（队伍和巡查员按镇街另有拼音），全部人员见 {FILE}。");
    }
    println!("按 Ctrl+C 停止；再次启动会接着用。");
}
