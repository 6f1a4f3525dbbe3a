//! Members of a compact for a bench: real stores, real HTTP on loopback, the machine's clock.

use super::Failure;
use crate::machine::{OsEntropy, SystemClock};
use futures::StreamExt;
use lianzhi_app::ports::{Batch, Clock as _, RegisterRow};
use lianzhi_app::world::ROSTER;
use lianzhi_app::{App, Caller, Config, Keys};
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::compact::{Epoch, Form, Level, Liaison, ListEntry, Member, MemberKey, Shared};
use lianzhi_ids::{Digest, DocketId, NodeCode, PersonCode, Role, UnitCode};
use lianzhi_link::{Config as LinkConfig, Pump, Running};
use lianzhi_procedure::Kind;
use lianzhi_procedure::directory::{Person, Post, Settings, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_store::Options;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Commands given at the same time when matters are prepared: what a few busy offices would give.
const AT_ONCE: usize = 128;
/// How long a bench waits for what must come.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often it looks: seldom enough to take nothing from what is measured, in seconds.
const LOOK: Duration = Duration::from_millis(20);

/// Codes of the members that exist; of other provinces, so that they witness each other.
pub const CODES: [&str; 2] = ["310118", "320509"];

/// A member with its listener and pump.
pub struct Site {
    /// The application.
    pub app: App,
    /// Its code.
    pub node: NodeCode,
    /// Where it listens.
    pub at: SocketAddr,
    link: LinkConfig,
    server: Option<JoinHandle<()>>,
    pump: Option<Running>,
    background: Vec<JoinHandle<()>>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.iter().chain(&self.background).for_each(JoinHandle::abort);
    }
}

/// Two members with keys of a suite, in a compact of `size` members: the others are in the roster only.
pub async fn two(suite: Suite, dir: &Path, size: usize) -> Result<[Site; 2], Failure> {
    let (mut sites, mut members) = (Vec::new(), Vec::new());
    for (n, code) in CODES.iter().enumerate() {
        let dir = dir.join(code);
        std::fs::create_dir_all(&dir)?;
        let key = SecretKey::from_secret(suite, &[u8::try_from(n + 1)?; 32])?;
        let public = key.public().clone();
        let entropy = Arc::new(OsEntropy::new());
        let keys = Keys::generate(entropy.as_ref()).0.with_exchange(vec![Arc::new(key)]);
        let options = Options::new(format!("sqlite:{}", dir.join("bench.db").display()), dir.join("blobs"));
        let store = lianzhi_store::open(options).await?;
        let node = NodeCode::parse(code)?;
        let config = Config {
            node: node.clone(),
            generation: 1,
            restored: None,
            simulated: true,
            log_dir: dir.join("log"),
        };
        let app = App::open(config, store, Arc::new(SystemClock::default()), entropy, keys).await?;
        app.put_registers(&Caller::system(), records(code)?).await?;
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        let at = listener.local_addr()?;
        drop(listener);
        members.push(Member {
            node: node.clone(),
            name: format!("{code}执法局"),
            level: Level::District,
            superior: String::new(),
            keys: vec![MemberKey { key: public, from: jiff::Timestamp::UNIX_EPOCH, until: None }],
            log_key: app.log().verifier_key().to_string(),
            witness_key: app.witness_key().map(|key| key.to_string()).unwrap_or_default(),
            addresses: vec![format!("http://{at}")],
            liaisons: vec![Liaison { name: "联络员".into(), phone: "021-59720000".into() }],
            signatory: true,
        });
        let link = LinkConfig { allow_private: true, ..LinkConfig::default() };
        let background = app.background();
        sites.push(Site { app, node, at, link, server: None, pump: None, background });
    }
    // The others: named in the roster, but not there.
    for n in members.len()..size {
        let node = NodeCode::parse(&format!("33{n:04}"))?;
        members.push(Member { node, ..members[0].clone() });
    }
    let roster = roster(members)?;
    for site in &sites {
        let row = RegisterRow {
            register: ROSTER.0.into(),
            key: ROSTER.1.into(),
            docket: DocketId(0),
            record: roster.to_string(),
            retired: false,
        };
        let batch = Batch { registers: vec![row], ..Batch::default() };
        site.app.store().journal.project(&batch).await?;
        site.app.reload().await?;
    }
    sites.try_into().map_err(|_| "two members".into())
}

fn records(code: &str) -> Result<Vec<Record>, Failure> {
    let bureau = UnitCode::parse("bureau")?;
    let settings = Settings {
        agency: format!("{code}执法局"),
        region: code.into(),
        number_prefix: format!("测{}", if code == CODES[0] { "甲" } else { "乙" }),
        second_factor_roles: Vec::new(),
        ..Settings::default()
    };
    let unit = Unit {
        code: bureau.clone(),
        name: "执法局".into(),
        parent: None,
        outside: false,
        phone: String::new(),
        town: None,
        branch: String::new(),
    };
    let mut records = vec![Record::Settings(settings), Record::Unit(unit)];
    for (login, role) in [
        ("liaison", Role::Liaison),
        ("handler", Role::Handler),
        ("reviewer", Role::LegalReviewer),
        ("leader", Role::Leader),
    ] {
        records.push(Record::Person(Person {
            code: PersonCode::parse(login)?,
            name: login.into(),
            login: login.into(),
            posts: vec![Post { unit: bureau.clone(), roles: vec![role], grids: Vec::new() }],
            certificate: (role == Role::Handler).then(|| "310118001".into()),
            active: true,
            second_factor: false,
        }));
    }
    Ok(records)
}

/// A compact with one entry that allows everything.
fn roster(members: Vec<Member>) -> Result<Value, Failure> {
    let entry = ListEntry {
        id: "HZ-01".into(),
        title: "跨界倾倒建筑垃圾协同查处".into(),
        domain: "市容环卫".into(),
        items: Vec::new(),
        forms: Form::ALL.to_vec(),
        parties: Vec::new(),
        fields: Shared::ALL.to_vec(),
        purpose: "查处跨界违法".into(),
        onward: true,
        term_days: 15,
        urgent_days: 5,
        superiors: Vec::new(),
        from: jiff::civil::date(2020, 1, 1),
        until: None,
    };
    let epoch = Epoch {
        round: 0,
        changes: Digest::ZERO,
        v: 1,
        compact: "310118.1.1".into(),
        number: 1,
        parent: Digest::ZERO,
        at: SystemClock::default().now(),
        title: "测试机制".into(),
        k: 2,
        members,
        pairs: Vec::new(),
        list: vec![entry],
    };
    Ok(json!({ "epoch": epoch, "digest": Digest([7; 32]) }))
}

impl Site {
    /// Listens and sends.
    pub async fn begin(&mut self) -> Result<(), Failure> {
        self.listen().await?;
        self.send()
    }

    /// Listens.
    pub async fn listen(&mut self) -> Result<(), Failure> {
        let listener = tokio::net::TcpListener::bind(self.at).await?;
        let router = lianzhi_link::router(self.app.clone(), &self.link);
        self.server = Some(tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!(%error, "bench listener ended");
            }
        }));
        Ok(())
    }

    /// Sends.
    pub fn send(&mut self) -> Result<(), Failure> {
        self.pump = Some(Pump::new(self.app.clone(), &self.link)?.start());
        Ok(())
    }

    /// Somebody who works here.
    pub fn caller(&self, login: &str) -> Result<Caller, Failure> {
        let directory = self.app.directory();
        let person = directory.people.get(&PersonCode::parse(login)?).ok_or("nobody")?.clone();
        Ok(Caller::person(person, ""))
    }

    /// Gives a command.
    pub async fn command(&self, login: &str, id: DocketId, command: Value) -> Result<(), Failure> {
        self.app.command(&self.caller(login)?, id, command, None, None).await?;
        Ok(())
    }

    /// Drafts and reviews a matter for the other member: one signature is lacking, and it leaves.
    pub async fn draft(&self, kind: Kind, to: &[&str], more: Value) -> Result<DocketId, Failure> {
        let mut command = json!({
            "command": "begin", "to": to, "list": "HZ-01", "title": "渣土车夜间跨界倾倒", "text": "请依法查处。",
        });
        if kind == Kind::Lead {
            command["ground"] = json!("place");
            command["measures"] = json!("未采取强制措施。");
        }
        if let (Value::Object(all), Value::Object(more)) = (&mut command, more) {
            all.extend(more);
        }
        let begun = self.app.open_shared(&self.caller("handler")?, kind, command, None).await?;
        self.command("reviewer", begun.id, json!({ "command": "review", "agreed": true })).await?;
        Ok(begun.id)
    }

    /// Signs it: it is sent.
    pub async fn sign(&self, id: DocketId) -> Result<(), Failure> {
        self.command("leader", id, json!({ "command": "sign", "agreed": true })).await
    }

    /// Drafts so many leads.
    pub async fn drafts(&self, n: usize) -> Result<Vec<DocketId>, Failure> {
        let one = |_| self.draft(Kind::Lead, &[CODES[1]], json!({}));
        let made = futures::stream::iter(0..n).map(one).buffer_unordered(AT_ONCE);
        made.collect::<Vec<_>>().await.into_iter().collect()
    }

    /// Signs them all, as fast as many hands can.
    pub async fn sign_all(&self, ids: &[DocketId]) -> Result<(), Failure> {
        let signed = futures::stream::iter(ids).map(|id| self.sign(*id)).buffer_unordered(AT_ONCE);
        signed.collect::<Vec<_>>().await.into_iter().collect()
    }

    /// How many envelopes wait for receipts.
    pub async fn waiting(&self) -> Result<i64, Failure> {
        let now = self.app.now().as_microsecond();
        Ok(self.app.store().exchange.backlogs(now).await?.iter().map(|b| b.waiting).sum())
    }

    /// Waits until every receipt is here.
    pub async fn all_receipted(&self) -> Result<(), Failure> {
        until("all receipts", async || Ok(self.waiting().await? == 0)).await
    }
}

/// Waits until something is so.
pub async fn until(what: &str, mut so: impl AsyncFnMut() -> Result<bool, Failure>) -> Result<(), Failure> {
    let begun = std::time::Instant::now();
    while !so().await? {
        if begun.elapsed() > PATIENCE {
            return Err(format!("{what}: did not come").into());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
