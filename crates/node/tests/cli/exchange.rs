//! Two members as two processes: one is killed while envelopes go to and fro; then both have an exchange of their own, with
//! certificates.

use crate::program::{Demonstration, Serving, done, post};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Letters that are signed before each power cut.
const LETTERS: usize = 8;
/// Who loses power, so many milliseconds after the signing began.
const CUTS: [(usize, u64); 5] = [(1, 60), (1, 150), (0, 100), (1, 350), (0, 250)];
/// How often it is looked whether something has come, each tenth of a second.
const LOOKS_MAX: usize = 900;

/// A member: its folder, where it listens, and who works there.
struct Member {
    dir: PathBuf,
    listen: String,
    people: Vec<Value>,
}

/// Two members of a compact in force.
struct Two {
    folder: TempDir,
    members: [Member; 2],
}

impl Two {
    /// Made by the demonstration, which founds their compact; from then on each is a process of its own.
    fn new() -> Two {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Demonstration::start(folder.path(), &["--nodes", "310118,320509"]).stop(), 0);
        let file: Value =
            serde_json::from_slice(&std::fs::read(folder.path().join("demo.json")).unwrap()).unwrap();
        let member = |n: usize| {
            let node = &file["nodes"][n];
            Member {
                dir: folder.path().join(node["code"].as_str().unwrap()),
                listen: node["url"].as_str().unwrap().trim_start_matches("http://").to_owned(),
                people: node["people"].as_array().unwrap().clone(),
            }
        };
        Two { members: [member(0), member(1)], folder }
    }

    fn both(&self) -> [Option<Serving>; 2] {
        [0, 1].map(|n| Some(self.members[n].serve()))
    }
}

impl Member {
    fn serve(&self) -> Serving {
        Serving::at(&self.dir, &self.listen)
    }

    fn token(&self, role: &str) -> String {
        let has = |p: &&Value| p["roles"].as_array().unwrap().iter().any(|r| r == role);
        self.people.iter().find(has).expect(role)["token"].as_str().unwrap().to_owned()
    }

    fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    async fn command(&self, role: &str, id: i64, command: &Value) -> (u16, Value) {
        post(&self.url(), &self.token(role), &format!("/api/v1/matters/{id}/commands"), command).await
    }

    /// A lead to the other that only has to be signed.
    async fn draft(&self) -> i64 {
        let letter = json!({
            "to": ["320509"], "list": "HZ-01", "title": "渣土车夜间跨界倾倒", "text": "请依法查处。",
            "ground": "place", "measures": "未采取强制措施。",
        });
        let (status, begun) =
            post(&self.url(), &self.token("handler"), "/api/v1/cooperation/lead", &letter).await;
        assert_eq!(status, 201, "{begun}");
        let id = begun["id"].as_i64().unwrap();
        let (status, answer) =
            self.command("legal_reviewer", id, &json!({ "command": "review", "agreed": true })).await;
        assert_eq!(status, 200, "{answer}");
        id
    }

    /// Signs it, however often the node is gone before it has said so.
    async fn sign(&self, id: i64) {
        let client = reqwest::Client::new();
        let url = format!("{}/api/v1/matters/{id}/commands", self.url());
        let token = self.token("leader");
        for _ in 0..LOOKS_MAX {
            let command = json!({ "command": "sign", "agreed": true });
            let answer = client.post(&url).bearer_auth(&token).json(&command).send().await;
            match answer.map(|a| a.status().as_u16()) {
                // Signed, or it was before the power went.
                Ok(200 | 403 | 409 | 422) => return,
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("{id} could not be signed");
    }

    /// What its database says, read beside the running node.
    async fn read(&self, sql: &str) -> Vec<String> {
        let url = format!("sqlite:{}?mode=ro", self.dir.join("lianzhi.db").display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(0)).collect()
    }
}

async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    for _ in 0..LOOKS_MAX {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not happen that {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_lose_power_while_envelopes_go_between_them_hold_the_same_afterwards() {
    let two = Two::new();
    let mut running = two.both();
    let [a, b] = &two.members;
    let mut ids = Vec::new();
    for _ in 0..CUTS.len() * LETTERS {
        ids.push(a.draft().await);
    }
    for (letters, (who, ms)) in ids.chunks(LETTERS).zip(CUTS) {
        let signed = futures::future::join_all(letters.iter().map(|id| a.sign(*id)));
        let power = async {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            running[who].take().unwrap().kill();
            let member = &two.members[who];
            let again = (member.dir.clone(), member.listen.clone());
            let again = tokio::task::spawn_blocking(move || Serving::at(&again.0, &again.1));
            running[who] = Some(again.await.unwrap());
        };
        tokio::join!(signed, power);
    }
    for member in [a, b] {
        until("everything is acknowledged", async || {
            member.read("SELECT envelope FROM outbox WHERE NOT done").await.is_empty()
        })
        .await;
    }
    for node in running.into_iter().flatten() {
        assert_eq!(node.stop(), 0);
    }
    // Nothing is lost, nothing is there twice, nobody is accused.
    let leads = "SELECT CAST(COUNT(*) AS TEXT) FROM matter WHERE kind = 'lead'";
    let streams = "SELECT shared || ' ' || author || ' ' || seq || ' ' || hex(digest) FROM stream ORDER BY 1";
    assert_eq!(b.read(leads).await, [ids.len().to_string()]);
    assert_eq!(a.read(streams).await, b.read(streams).await);
    for member in [a, b] {
        let heard = "SELECT CAST(COUNT(*) AS TEXT) FROM stream WHERE pos < 0";
        assert_eq!(member.read(heard).await, ["0"], "all of it is in a docket");
        assert!(member.read("SELECT subject FROM fork").await.is_empty());
        let said = done(["verify".as_ref(), member.dir.as_os_str()]);
        assert!(said.contains("未发现改动"), "{said}");
    }
}

/// Certificates for both, by one authority, as operators make them.
fn certificates(folder: &Path) {
    let openssl = |args: &str| {
        let ran = Command::new("openssl").current_dir(folder).args(args.split(' ')).output().unwrap();
        assert!(ran.status.success(), "{args}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    std::fs::write(
        folder.join("ca.cnf"),
        "[req]\ndistinguished_name = name\nx509_extensions = ca\nprompt = no\n[name]\nCN = compact\n\
         [ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("own.ext"),
        "basicConstraints = CA:FALSE\nsubjectAltName = IP:127.0.0.1\nextendedKeyUsage = serverAuth,clientAuth\n",
    )
    .unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config ca.cnf";
    openssl(&format!("req -x509 {key} -days 30 -keyout ca.key -out ca.pem"));
    for name in ["310118", "320509"] {
        openssl(&format!("req -new {key} -keyout {name}.key -out {name}.csr"));
        openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile own.ext -out {name}.pem"
        ));
    }
}

/// What is answered at an exchange of its own to somebody who shows a certificate.
fn over_tls(folder: &Path, at: &str, path: &str) -> String {
    let mut child = Command::new("openssl")
        .current_dir(folder)
        .args(["s_client", "-quiet", "-verify_return_error", "-CAfile", "ca.pem"])
        .args(["-cert", "310118.pem", "-key", "310118.key", "-connect", at])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n");
    child.stdin.as_mut().unwrap().write_all(request.as_bytes()).unwrap();
    let answer = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&answer.stdout).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_on_its_own_listener_answers_members_and_nothing_else_does() {
    let two = Two::new();
    let [a, b] = &two.members;
    let folder = two.folder.path();
    certificates(folder);
    let free = [0, 1].map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let own = free.map(|listener| listener.local_addr().unwrap().to_string());
    // Each says where it will be, and, as long as it is there, where it was: else the other's word would not reach it.
    let running = two.both();
    let client = reqwest::Client::new();
    let compact = async |member: &Member| -> Value {
        let asked = client.get(format!("{}/api/v1/compact", member.url())).bearer_auth(member.token("admin"));
        asked.send().await.unwrap().json().await.unwrap()
    };
    for (member, own) in two.members.iter().zip(&own) {
        let docket = compact(member).await["docket"].as_i64().unwrap();
        let addresses = format!("https://{own}\n{}", member.url());
        let command = json!({ "command": "move", "addresses": addresses });
        let (status, answer) = member.command("admin", docket, &command).await;
        assert_eq!(status, 200, "{answer}");
    }
    for member in [a, b] {
        until("both addresses are known", async || {
            let known = compact(member).await["members"].to_string();
            own.iter().all(|own| known.contains(&format!("https://{own}")))
        })
        .await;
    }
    for node in running.into_iter().flatten() {
        assert_eq!(node.stop(), 0);
    }
    for (member, own) in two.members.iter().zip(&own) {
        let file = member.dir.join("lianzhi.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("[exchange]\n"), "{text}");
        let text = text.replace("[exchange]\n", &format!("[exchange]\nlisten = \"{own}\"\n"));
        let path = |name: &str| folder.join(name).display().to_string();
        let code = member.dir.file_name().unwrap().to_str().unwrap();
        let (cert, key, ca) = (path(&format!("{code}.pem")), path(&format!("{code}.key")), path("ca.pem"));
        let tls = format!("[exchange.tls]\ncert = \"{cert}\"\nkey = \"{key}\"\nclient_ca = \"{ca}\"\n");
        std::fs::write(&file, format!("{text}\n{tls}")).unwrap();
    }
    let running = two.both();
    // A letter goes over, and its receipt comes back.
    let id = a.draft().await;
    a.sign(id).await;
    until("the letter is acknowledged", async || {
        let row = format!("SELECT CAST(done AS TEXT) FROM outbox WHERE docket = {id}");
        a.read(&row).await == ["1"]
    })
    .await;
    // The exchange is there and nowhere else; nothing else is there.
    for (member, own) in two.members.iter().zip(&own) {
        let status =
            async |path: &str| client.get(format!("{}{path}", member.url())).send().await.unwrap().status();
        assert_eq!(status("/exchange/v1/card").await, 404);
        assert_eq!(status("/sign-in").await, 200);
        assert_eq!(over_tls(folder, own, "/exchange/v1/card"), "HTTP/1.1 200 OK");
        assert_eq!(over_tls(folder, own, "/sign-in"), "HTTP/1.1 404 Not Found");
        assert!(client.get(format!("http://{own}/exchange/v1/card")).send().await.is_err());
    }
    for node in running.into_iter().flatten() {
        assert_eq!(node.stop(), 0);
    }
}
