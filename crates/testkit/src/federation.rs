//! Several members in one process: real applications over real stores, real HTTP on loopback, one clock that stands still
//! until told.

use crate::city;
use crate::failing::{End, Failing};
use crate::node::{Life, MORNING, Node};
use crate::place::Place;
use crate::time::{ManualClock, SeededEntropy};
use lianzhi_app::federation::PeerView;
use lianzhi_app::ports::{Batch, OutboxRow, RegisterRow, Store};
use lianzhi_app::world::ROSTER;
use lianzhi_app::{App, Caller, Config, Done, Keys};
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::compact::{Epoch, Form, Level, Liaison, ListEntry, Member, MemberKey, Roster, Shared};
use lianzhi_ids::{Digest, DocketId, NodeCode, Role};
use lianzhi_link::{Config as LinkConfig, Pump, Running};
use lianzhi_procedure::directory::{OwnCard, Person, Post, Settings};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Kind, Refusal};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// How long a test waits for what has to happen at some time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A member: an application with its listener and, once started, its pump.
pub struct Site {
    /// The application, with its clock.
    pub node: Node,
    /// Its code.
    pub code: NodeCode,
    /// Where it listens.
    pub address: SocketAddr,
    /// What the link was told.
    pub link: LinkConfig,
    server: Option<tokio::task::JoinHandle<()>>,
    pump: Option<Running>,
}

/// Members of one compact.
pub struct Federation {
    /// The members, in the order of their places.
    pub sites: Vec<Site>,
    /// The clock of all.
    pub clock: Arc<ManualClock>,
}

/// Codes and prefixes of the members.
const MEMBERS: [(&str, &str, &str); 4] = [
    ("310118", "沪青", "青浦区城市管理行政执法局"),
    ("320509", "苏吴", "吴江区城市管理局"),
    ("330421", "浙嘉", "嘉善县综合行政执法局"),
    ("340100", "皖合", "合肥市城市管理局"),
];

impl Federation {
    /// A member for each place, in a compact in force: 310118 (Ed25519), 320509 (SM2), 330421, 340100. They listen; pumps
    /// are started by the test.
    pub async fn new(places: &[&Place]) -> Federation {
        Federation::with_clocks(places, &[]).await
    }

    /// The same, with clocks that go wrong by so many seconds, in the order of the members.
    pub async fn with_clocks(places: &[&Place], wrong_by: &[i64]) -> Federation {
        let (federation, members) = Federation::gather(places, wrong_by).await;
        federation.agree(&roster(members)).await;
        federation
    }

    /// The same nodes before they have anything to do with each other.
    pub async fn apart(places: &[&Place]) -> Federation {
        Federation::gather(places, &[]).await.0
    }

    async fn gather(places: &[&Place], wrong_by: &[i64]) -> (Federation, Vec<Member>) {
        let clock = Arc::new(ManualClock::new(crate::at(MORNING)));
        let mut sites = Vec::new();
        let mut members = Vec::new();
        for (n, (place, (code, prefix, agency))) in places.iter().zip(MEMBERS).enumerate() {
            let entropy = Arc::new(SeededEntropy::new(20_261_123 + n as u64));
            let suite = if n == 1 { Suite::Sm2 } else { Suite::Ed25519 };
            let key = SecretKey::from_secret(suite, &[n as u8 + 1; 32]).unwrap();
            let public = key.public().clone();
            let keys = Keys::generate(entropy.as_ref()).0.with_exchange(vec![Arc::new(key)]);
            let own = match wrong_by.get(n) {
                Some(seconds) => {
                    let own = ManualClock::new(crate::at(MORNING));
                    own.advance(jiff::SignedDuration::from_secs(*seconds));
                    Arc::new(own)
                }
                None => clock.clone(),
            };
            let life = Life { clock: own, entropy, keys };
            let node = open(&life, place, code, None).await;
            let code = NodeCode::parse(code).unwrap();
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            for record in records(prefix, agency, format!("http://{address}")) {
                node.app.put_register(&Caller::system(), record).await.unwrap();
            }
            members.push(Member {
                node: code.clone(),
                name: agency.into(),
                level: Level::District,
                superior: String::new(),
                keys: vec![MemberKey {
                    key: public,
                    from: "2026-01-01T00:00:00Z".parse().unwrap(),
                    until: None,
                }],
                log_key: node.app.log().verifier_key().to_string(),
                witness_key: node.app.witness_key().unwrap().to_string(),
                addresses: vec![format!("http://{address}")],
                liaisons: vec![Liaison { name: "联络员甲".into(), phone: format!("{code}-1234") }],
                signatory: true,
            });
            let link = LinkConfig { allow_private: true, ..LinkConfig::default() };
            let mut site = Site { node, code, address, link, server: None, pump: None };
            site.serve(listener);
            sites.push(site);
        }
        (Federation { sites, clock }, members)
    }

    /// Lets time pass for all.
    pub fn pass(&self, by: jiff::SignedDuration) {
        self.clock.advance(by);
        for site in self.sites.iter().filter(|site| !Arc::ptr_eq(&site.node.life.clock, &self.clock)) {
            site.node.life.clock.advance(by);
        }
    }

    /// Puts a roster in force at every member.
    pub async fn agree(&self, roster: &Roster) {
        for site in &self.sites {
            site.agree(roster).await;
        }
    }
}

async fn open(life: &Life, place: &Place, code: &str, restored: Option<u64>) -> Node {
    open_on(life, place, code, restored, place.store().await).await
}

async fn open_on(life: &Life, place: &Place, code: &str, restored: Option<u64>, store: Store) -> Node {
    let config = Config {
        node: NodeCode::parse(code).unwrap(),
        generation: 1,
        restored,
        simulated: false,
        log_dir: place.dir.path().join("log"),
    };
    let app = App::open(config, store, life.clock.clone(), life.entropy.clone(), life.keys.clone()).await;
    Node { app: app.unwrap(), life: life.clone() }
}

/// The city without its grids, which lie in one division only, and with those who work with other members.
fn records(prefix: &str, agency: &str, address: String) -> Vec<Record> {
    let liaisons = vec![Liaison { name: "联络员甲".into(), phone: "021-59720000".into() }];
    let card = OwnCard { addresses: vec![address], liaisons, ..OwnCard::default() };
    let settings = Settings { number_prefix: prefix.into(), agency: agency.into(), card, ..city::settings() };
    let one = |code: &str, name: &str, role: Role| {
        Record::Person(Person {
            code: city::person(code),
            name: name.into(),
            login: code.into(),
            posts: vec![Post { unit: city::unit("bureau"), roles: vec![role], grids: Vec::new() }],
            certificate: (role == Role::Handler).then(|| "310118001".into()),
            active: true,
            second_factor: false,
        })
    };
    let mut records = vec![Record::Settings(settings)];
    records.extend(city::units().into_iter().map(Record::Unit));
    records.extend([
        one("liaison", "联络员甲", Role::Liaison),
        one("handler", "办案员甲", Role::Handler),
        one("reviewer", "法制员甲", Role::LegalReviewer),
        one("leader", "局长甲", Role::Leader),
        one("admin", "管理员甲", Role::Admin),
    ]);
    records
}

/// A compact of these members with one entry that allows everything.
#[must_use]
pub fn roster(members: Vec<Member>) -> Roster {
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
        from: "2026-01-01".parse().unwrap(),
        until: None,
    };
    let epoch = Epoch {
        round: 0,
        changes: Digest::ZERO,
        v: 1,
        compact: "310118.1.1".into(),
        number: 1,
        parent: Digest::ZERO,
        at: "2026-11-01T00:00:00Z".parse().unwrap(),
        title: "长三角城市管理执法协作机制".into(),
        k: 3,
        members,
        pairs: Vec::new(),
        list: vec![entry],
    };
    serde_json::from_value(json!({ "epoch": epoch, "digest": Digest([7; 32]) })).unwrap()
}

impl Site {
    /// Puts a roster in force here.
    pub async fn agree(&self, roster: &Roster) {
        let row = RegisterRow {
            register: ROSTER.0.into(),
            key: ROSTER.1.into(),
            docket: DocketId(0),
            record: serde_json::to_string(roster).unwrap(),
            retired: false,
        };
        let batch = Batch { registers: vec![row], ..Batch::default() };
        self.node.app.store().journal.project(&batch).await.unwrap();
        self.node.app.reload().await.unwrap();
    }

    fn serve(&mut self, listener: std::net::TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let router = lianzhi_link::router(self.node.app.clone(), &self.link);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        self.server = Some(tokio::spawn(async move {
            axum::serve(listener, service).await.unwrap();
        }));
    }

    /// Starts what carries messages out.
    pub fn start(&mut self) {
        self.pump = Some(Pump::new(self.node.app.clone(), &self.link).unwrap().start());
    }

    /// Stops listening and sending.
    pub async fn stop(&mut self) {
        self.pump = None;
        if let Some(server) = self.server.take() {
            server.abort();
            let _ = server.await;
        }
    }

    /// Listens again where it did, and sends again.
    pub fn begin_again(&mut self) {
        self.serve(std::net::TcpListener::bind(self.address).unwrap());
        self.start();
    }

    /// Listens somewhere else from now on, and sends again.
    pub fn begin_elsewhere(&mut self) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        self.address = listener.local_addr().unwrap();
        self.serve(listener);
        self.start();
    }

    /// Works from now on over a journal whose commits take a while and end as told; it listens, and does not send.
    pub async fn fail(&mut self, place: &Place, slow: Duration, ends: fn(u64) -> End) {
        self.stop().await;
        let store = Failing::over(place.store().await, slow, ends);
        self.node = open_on(&self.node.life, place, self.code.as_str(), None, store).await;
        self.serve(std::net::TcpListener::bind(self.address).unwrap());
    }

    /// As after a crash: what ran ends where it stood, and a new process works on the same store.
    pub async fn crash(&mut self, place: &Place) {
        self.stop().await;
        self.node = open(&self.node.life, place, self.code.as_str(), None).await;
        self.begin_again();
    }

    /// Comes back from a backup: what listens and what sends are started by [`Site::begin_again`]. `knowing`: it was told that
    /// it was restored, as `lianzhi restore` does.
    pub async fn restore(&mut self, backup: &Place, knowing: bool) {
        self.stop().await;
        let size = backup.store().await.journal.head().await.unwrap().size;
        let restored = knowing.then_some(u64::try_from(size).unwrap());
        self.node = open(&self.node.life, backup, self.code.as_str(), restored).await;
    }

    /// Gives a command and expects it to be accepted.
    pub async fn done(&self, code: &str, id: DocketId, command: Value) -> Done {
        self.node.done(code, id.0, command).await
    }

    /// Drafts, reviews and signs a matter for other members.
    ///
    /// # Errors
    /// The refusal of the draft.
    pub async fn send(&self, kind: Kind, to: &[&str], letter: Value) -> Result<DocketId, Refusal> {
        let mut command = json!({
            "command": "begin", "to": to, "list": "HZ-01", "title": "渣土车夜间跨界倾倒", "text": "请依法查处。",
        });
        if kind == Kind::Lead {
            command["ground"] = json!("place");
            command["measures"] = json!("未采取强制措施。");
        }
        if let (Value::Object(all), Value::Object(more)) = (&mut command, letter) {
            all.extend(more);
        }
        let begun = self.node.app.open_shared(&self.node.as_("handler"), kind, command, None).await?;
        self.done("reviewer", begun.id, json!({ "command": "review", "agreed": true })).await;
        self.done("leader", begun.id, json!({ "command": "sign", "agreed": true })).await;
        Ok(begun.id)
    }

    /// The local docket of a shared one; none when it did not come.
    pub async fn docket_of(&self, other: &Site, id: DocketId) -> Option<DocketId> {
        let exchange = &self.node.app.store().exchange;
        let shared = other.node.app.store().exchange.shared_of(id).await.unwrap()?;
        exchange.stream_heads(&[shared]).await.unwrap().first().map(|row| row.docket)
    }

    /// What became of what a docket said.
    pub async fn outbox(&self, id: DocketId) -> Vec<OutboxRow> {
        self.node.app.store().exchange.outbox_of(id, 100).await.unwrap()
    }

    /// Another member as this one sees it.
    pub async fn sees(&self, other: &Site) -> PeerView {
        let views = self.node.app.peer_views().await.unwrap();
        views.into_iter().find(|view| view.node == other.code).unwrap()
    }
}

/// Waits until something is so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let begun = tokio::time::Instant::now();
    while !so().await {
        assert!(begun.elapsed() < PATIENCE, "it did not happen that {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
