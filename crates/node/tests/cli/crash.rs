//! Power cuts and full disks: what was acknowledged is there, what was not is whole or not there at all.

use crate::program::{Home, Serving, done, lianzhi, post};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Who posts at the same time.
const POSTERS: usize = 64;
/// Power cuts on each engine, after so many milliseconds of work.
const CUTS_MS: [u64; 3] = [350, 700, 1_100];

/// A schema of its own on the PostgreSQL of the tests.
pub struct Postgres {
    pub url: String,
    base: String,
    schema: String,
}

pub async fn postgres() -> Postgres {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let tried = match std::env::var("LIANZHI_TEST_POSTGRES") {
        Ok(url) => vec![url],
        Err(_) => vec![
            "postgres://root@localhost/test?host=/var/run/postgresql".to_owned(),
            "postgres://postgres@127.0.0.1:5432/test".to_owned(),
        ],
    };
    for base in &tried {
        if let Ok(mut connection) = PgConnection::connect(base).await {
            let schema = format!("cli{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
                .execute(&mut connection)
                .await
                .unwrap();
            let sign = if base.contains('?') { '&' } else { '?' };
            return Postgres {
                url: format!("{base}{sign}options=-csearch_path%3D{schema}"),
                base: base.clone(),
                schema,
            };
        }
    }
    panic!("no PostgreSQL to test on, tried {tried:?}; name one in LIANZHI_TEST_POSTGRES");
}

impl Postgres {
    pub async fn clear(self) {
        let mut connection = PgConnection::connect(&self.base).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("DROP SCHEMA {} CASCADE", self.schema)))
            .execute(&mut connection)
            .await
            .unwrap();
    }
}

/// Many post until the node is gone; the numbers that were acknowledged are kept.
fn posters(url: &str, token: &str, kept: &Arc<Mutex<Vec<String>>>) -> Vec<tokio::task::JoinHandle<()>> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let client = reqwest::Client::new();
    (0..POSTERS)
        .map(|_| {
            let (client, url, token, kept) = (client.clone(), format!("{url}/api/v1/reports"), token.to_owned(), kept.clone());
            tokio::spawn(async move {
                loop {
                    let n = NEXT.fetch_add(1, Ordering::Relaxed);
                    let body = json!({"description": format!("第 {n} 次占道经营"), "place": {"lng": 121.1142, "lat": 31.1508},
                        "contact": {"name": "李四", "phone": format!("138{:08}", n % 100_000_000)}});
                    let Ok(answer) = client.post(&url).bearer_auth(&token).json(&body).send().await else { return };
                    if answer.status() != 201 {
                        continue;
                    }
                    // Acknowledged is what arrived whole.
                    let Ok(receipt) = answer.json::<serde_json::Value>().await else { return };
                    kept.lock().unwrap().push(receipt["number"].as_str().unwrap().to_owned());
                }
            })
        })
        .collect()
}

async fn survive(dir: &Path, token: &str) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    for ms in CUTS_MS {
        let node = Serving::start(dir);
        let posters = posters(&node.url, token, &kept);
        tokio::time::sleep(Duration::from_millis(ms)).await;
        node.kill();
        for poster in posters {
            poster.await.unwrap();
        }
    }
    // Whatever the cuts left, the node starts, goes on and stops in order.
    assert_eq!(Serving::start(dir).stop(), 0);
    let said = done(["verify".as_ref(), dir.as_os_str()]);
    assert!(said.contains("未发现改动"), "{said}");
    let csv = done(["export".as_ref(), "--config".as_ref(), dir.as_os_str(), "reports".as_ref()]);
    let kept = kept.lock().unwrap();
    assert!(!kept.is_empty(), "something was acknowledged");
    let there: std::collections::HashSet<&str> = csv.lines().filter_map(|l| l.split(',').next()).collect();
    let missing: Vec<_> = kept.iter().filter(|number| !there.contains(number.as_str())).collect();
    assert!(
        missing.is_empty(),
        "{} of {} acknowledged reports are gone: {missing:?}",
        missing.len(),
        kept.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn power_cuts_lose_nothing_that_was_acknowledged_on_sqlite() {
    let home = Home::new();
    survive(&home.dir(), &home.token("hotline")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn power_cuts_lose_nothing_that_was_acknowledged_on_postgresql() {
    let home = Home::new();
    let place = postgres().await;
    let (backup, there) = (home.beside("backup"), home.beside("there"));
    done(["backup", "--config", home.dir().to_str().unwrap(), "--with-keys", backup.to_str().unwrap()]);
    done(["restore", backup.to_str().unwrap(), "--dir", there.to_str().unwrap(), "--database", &place.url]);
    survive(&there, &home.token("hotline")).await;
    place.clear().await;
}

/// A small file system of its own, where the machine lets us mount one.
struct Small(tempfile::TempDir);

impl Small {
    fn mount(megabytes: u32) -> Option<Small> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={megabytes}m");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|o| o.status.success()).then(|| Small(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_clearly_and_leaves_nothing_half_written() {
    let home = Home::new();
    let Some(small) = Small::mount(256) else {
        // Only root may mount. The same path through the program is tested with the database's own limit.
        return full_by_limit(&home).await;
    };
    let dir = small.0.path().join("node");
    crate::program::copy(&home.dir(), &dir);
    let token = home.token("hotline");
    let node = Serving::start(&dir);
    let filler = small.0.path().join("filler");
    // Everything that is left, and then what the node still had in hand.
    let _ =
        Command::new("dd").args(["if=/dev/zero", "bs=64k"]).arg(format!("of={}", filler.display())).output();
    let refused = post_until_refused(&node.url, &token).await;
    assert!(refused.contains("存储空间已满"), "{refused}");
    std::fs::remove_file(&filler).unwrap();
    let body = json!({"description": "扩容后", "place": {"lng": 121.1142, "lat": 31.1508}});
    let (status, answer) = post(&node.url, &token, "/api/v1/reports", &body).await;
    assert_eq!(status, 201, "with room again it goes on: {answer}");
    assert_eq!(node.stop(), 0);
    let said = done(["verify".as_ref(), dir.as_os_str()]);
    assert!(said.contains("未发现改动"), "{said}");
}

async fn full_by_limit(home: &Home) {
    let file = home.dir().join("lianzhi.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let mb = home.dir().join("lianzhi.db").metadata().unwrap().len() / 1_048_576 + 1;
    std::fs::write(&file, text.replace("[limits]", &format!("[limits]\ndatabase_mb = {mb}"))).unwrap();
    let node = Serving::start(&home.dir());
    let refused = post_until_refused(&node.url, &home.token("hotline")).await;
    assert!(refused.contains("存储空间已满"), "{refused}");
    assert_eq!(node.stop(), 0);
    std::fs::write(&file, text).unwrap();
    home.intact();
    let ran = lianzhi(["doctor".as_ref(), "--config".as_ref(), home.dir().as_os_str()]);
    assert!(ran.said.contains("✓ 数据库"), "{}", ran.said);
}

/// Posts until the node says no; gives its words.
async fn post_until_refused(url: &str, token: &str) -> String {
    for n in 0..20_000 {
        let body = json!({"description": format!("第 {n} 次 {}", "占道经营".repeat(200)), "place": {"lng": 121.1142, "lat": 31.1508}});
        let (status, answer) = post(url, token, "/api/v1/reports", &body).await;
        if status != 201 {
            assert_eq!(status, 503, "{answer}");
            return answer.to_string();
        }
    }
    panic!("the disk was never full");
}
