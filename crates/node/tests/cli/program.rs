//! Runs the program, and keeps nodes in folders of their own.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// What a finished run left.
pub struct Ran {
    pub code: i32,
    pub said: String,
}

fn ran(output: Output) -> Ran {
    let said = [output.stdout, output.stderr].concat();
    Ran { code: output.status.code().unwrap_or(-1), said: String::from_utf8_lossy(&said).into_owned() }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianzhi"));
    command
        .env_remove("LIANZHI_CONFIG")
        .env_remove("LIANZHI_DATABASE")
        .env_remove("LIANZHI_LOG")
        // Of the storage that the test starts.
        .env("AWS_ACCESS_KEY_ID", "key")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn lianzhi<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    ran(program().args(args).output().unwrap())
}

/// Runs a command that must succeed.
pub fn done<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> String {
    let ran = lianzhi(args);
    assert_eq!(ran.code, 0, "{}", ran.said);
    ran.said
}

/// A running node. Killed when it is dropped.
pub struct Serving {
    child: Child,
    pub url: String,
}

impl Serving {
    /// Starts the node of a folder and waits until it is ready.
    pub fn start(dir: &Path) -> Serving {
        Serving::at(dir, "127.0.0.1:0")
    }

    /// The same, at an address.
    pub fn at(dir: &Path, listen: &str) -> Serving {
        let mut child = program()
            .args(["serve", "--listen", listen, "--config"])
            .arg(dir)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let url = loop {
            let line = lines.next().unwrap_or_else(|| panic!("the node did not start: {said}")).unwrap();
            if let Some((_, url)) = line.split_once("ready url=") {
                break url.trim_matches('"').to_owned();
            }
            said += &line;
        };
        // What it says from now on is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Serving { child, url }
    }

    /// As an operator stops it; gives the exit code.
    pub fn stop(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// As a power cut stops it.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with the node of a made-up city, its people and their tokens, and no history.
pub struct Home {
    folder: TempDir,
    pub people: Vec<Value>,
}

/// A running demonstration without history. Killed when it is dropped.
pub struct Demonstration {
    serving: Serving,
    /// The line that says where the nodes answer.
    pub ready: String,
}

impl Demonstration {
    /// Starts one in a folder, on ports that are free, and waits until it is ready.
    pub fn start(dir: &Path, more: &[&str]) -> Demonstration {
        let mut child = program()
            .args(["demo", "--days", "0", "--port", "0", "--dir"])
            .arg(dir)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .find(|line| line.as_ref().is_ok_and(|l| l.contains("已就绪")))
            .expect("the demonstration starts")
            .unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        Demonstration { serving: Serving { child, url: String::new() }, ready }
    }

    /// As an operator stops it; gives the exit code.
    pub fn stop(self) -> i32 {
        self.serving.stop()
    }
}

/// The city is made once; tests get copies.
fn city() -> &'static Path {
    static CITY: OnceLock<TempDir> = OnceLock::new();
    let city = CITY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Demonstration::start(folder.path(), &["--nodes", "310118"]).stop(), 0);
        folder
    });
    city.path()
}

pub fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

impl Home {
    pub fn new() -> Home {
        Home::in_folder(tempfile::tempdir().unwrap())
    }

    pub fn in_folder(folder: TempDir) -> Home {
        copy(&city().join("310118"), &folder.path().join("node"));
        let file = std::fs::read(folder.path().join("node/demo.json")).unwrap();
        let file: Value = serde_json::from_slice(&file).unwrap();
        Home { people: file["nodes"][0]["people"].as_array().unwrap().clone(), folder }
    }

    /// The node's folder.
    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    /// A place beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Token of somebody with a role.
    pub fn token(&self, role: &str) -> String {
        let has = |p: &&Value| p["roles"].as_array().unwrap().iter().any(|r| r == role);
        self.people.iter().find(has).expect(role)["token"].as_str().unwrap().to_owned()
    }

    pub fn verify(&self) -> Ran {
        lianzhi(["verify".as_ref(), self.dir().as_os_str()])
    }

    /// The node is intact; gives what was said.
    pub fn intact(&self) -> String {
        let ran = self.verify();
        assert_eq!(ran.code, 0, "{}", ran.said);
        ran.said
    }

    /// Changes the database behind the node's back.
    pub async fn edit(&self, sql: &str) {
        let mut connection = self.connect().await;
        let changed = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        assert!(changed.rows_affected() > 0, "{sql}");
        connection.close().await.unwrap();
    }

    async fn connect(&self) -> SqliteConnection {
        SqliteConnection::connect(&format!("sqlite:{}", self.dir().join("lianzhi.db").display()))
            .await
            .unwrap()
    }

    /// Everything that is derived, row by row.
    pub async fn projections(&self) -> Vec<String> {
        let mut connection = self.connect().await;
        let mut out = Vec::new();
        for (table, order) in [
            ("matter", "id"),
            ("todo", "docket, who, what"),
            ("search", "docket"),
            ("register", "register, key"),
        ] {
            let columns = format!(
                "SELECT group_concat('quote(' || name || ')', ' || '','' || ') FROM pragma_table_info('{table}')"
            );
            let columns: String =
                sqlx::query(AssertSqlSafe(columns)).fetch_one(&mut connection).await.unwrap().get(0);
            let rows = format!("SELECT {columns} FROM {table} ORDER BY {order}");
            let rows = sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut connection).await.unwrap();
            out.extend(rows.iter().map(|row| format!("{table} {}", row.get::<String, _>(0))));
        }
        connection.close().await.unwrap();
        out
    }
}

/// Posts with a token.
pub async fn post(url: &str, token: &str, path: &str, body: &Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .post(format!("{url}{path}"))
        .bearer_auth(token)
        .json(body)
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

/// Reports something and gives the receipt.
pub async fn report(url: &str, token: &str, what: &str) -> Value {
    let body = json!({"description": what, "place": {"lng": 121.1142, "lat": 31.1508}, "category": "E09005",
        "contact": {"name": "王小明", "phone": "13812345678"}});
    let (status, receipt) = post(url, token, "/api/v1/reports", &body).await;
    assert_eq!(status, 201, "{receipt}");
    receipt
}
