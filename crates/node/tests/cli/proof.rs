//! What is recorded can be proven, and what was changed is found and named.

use crate::program::{Home, Serving, copy, done, lianzhi, post, report};
use jiff::Timestamp;
use lianzhi_docket::note::{Checkpoint, KeyKind, Note, Origin, SoftwareKey, VerifierKey};
use lianzhi_docket::witness::ForkEvidence;
use lianzhi_ids::Digest;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_node_takes_a_report_and_proves_it() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let said = done(["init", "--node", "310118", "--region", "青浦区", "--dir", dir.to_str().unwrap()]);
    assert!(said.contains("一次性口令") && said.contains("lianzhi/310118/log/1+"), "{said}");
    let again = lianzhi(["init", "--node", "310118", "--dir", dir.to_str().unwrap()]);
    assert_eq!(again.code, 2, "{}", again.said);

    let node = Serving::start(&dir);
    let body = json!({"description": "漕平路118号占道经营", "place": {"address": "漕平路118号"}});
    let answer =
        reqwest::Client::new().post(format!("{}/api/v1/reports", node.url)).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let receipt: serde_json::Value = answer.json().await.unwrap();
    let second = lianzhi(["serve", "--listen", "127.0.0.1:0", "--config", dir.to_str().unwrap()]);
    assert_eq!(second.code, 2);
    assert!(second.said.contains("另一个 lianzhi 进程"), "{}", second.said);
    assert_eq!(node.stop(), 0);

    let saved = folder.path().join("checkpoint");
    let said = done(["verify", dir.to_str().unwrap(), "--save", saved.to_str().unwrap()]);
    assert!(said.contains("未发现改动"), "{said}");
    let csv = done(["export", "--config", dir.to_str().unwrap(), "reports"]);
    assert!(csv.contains(receipt["number"].as_str().unwrap()) && csv.contains("占道经营"), "{csv}");

    // What was saved is proof against later rewriting, and against nothing that came after.
    let said = done(["verify", dir.to_str().unwrap(), "--since", saved.to_str().unwrap()]);
    assert!(said.contains("与另存的检查点一致"), "{said}");
}

#[test]
fn a_command_that_cannot_be_carried_out_says_why_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("lianzhi.toml"), "node = \"310118\"\nlisen = 1\n").unwrap();
    for (args, said) in [
        (vec!["serve", "--config", dir.to_str().unwrap()], "`listen`"),
        (vec!["serve", "--config", "/nonexistent"], "lianzhi init"),
        (vec!["verify", "/nonexistent"], "不存在"),
        (vec!["verify", dir.to_str().unwrap()], "lisen"),
        (vec!["restore", "/nonexistent", "--dir", "/tmp/x"], "没有找到"),
    ] {
        let ran = lianzhi(&args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.said);
        assert!(ran.said.contains(said), "{args:?}: {}", ran.said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tampering_is_found_and_named_and_a_damaged_head_does_not_start() {
    let original = Home::new();
    let node = Serving::start(&original.dir());
    for n in 0..3 {
        report(&node.url, &original.token("hotline"), &format!("店外经营 {n}")).await;
    }
    assert_eq!(node.stop(), 0);
    assert!(original.intact().contains("未发现改动"));
    let last = "(SELECT MAX(pos) FROM entry)";
    for (sql, said, starts) in [
        ("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'E09005', 'E09006') AS BLOB) WHERE pos = (SELECT MAX(pos) FROM entry WHERE CAST(bytes AS TEXT) LIKE '%E09005%')".to_owned(), "与存档摘要不符", None),
        (format!("UPDATE entry SET salt = zeroblob(16) WHERE pos = {last}"), "✗", Some(false)),
        (format!("DELETE FROM entry WHERE pos = {last}"), "✗", Some(false)),
        (format!("DELETE FROM entry WHERE pos = {last} - 3"), "缺少", None),
        (format!("UPDATE entry SET at = at - 86400000000 WHERE pos = {last}"), "✗", None),
        ("UPDATE part SET sealed = zeroblob(60) WHERE rowid = (SELECT MAX(rowid) FROM part)".to_owned(), "附件内容", Some(true)),
        ("UPDATE part SET key = NULL, sealed = NULL WHERE rowid = (SELECT MAX(rowid) FROM part)".to_owned(), "附件内容", Some(true)),
        ("UPDATE matter SET seq = seq - 1 WHERE id = (SELECT MAX(id) FROM matter)".to_owned(), "投影", Some(true)),
        ("UPDATE matter SET assignee = NULL WHERE id = (SELECT MAX(id) FROM matter WHERE assignee IS NOT NULL)".to_owned(), "的投影与记录不符", Some(true)),
        ("UPDATE register SET record = replace(record, '\"officer\"', '\"admin\"') WHERE register = 'person' AND record LIKE '%\"officer\"%'".to_owned(), "名录 person", Some(true)),
        ("DELETE FROM checkpoint".to_owned(), "检查点", Some(true)),
        ("UPDATE checkpoint SET at = at + 1 WHERE size = (SELECT MIN(size) FROM checkpoint)".to_owned(), "与其签署的内容不符", Some(true)),
        ("UPDATE checkpoint SET root = zeroblob(32) WHERE size = (SELECT MIN(size) FROM checkpoint)".to_owned(), "与其签署的内容不符", None),
        ("UPDATE log_head SET size = size - 1".to_owned(), "存储", Some(false)),
    ] {
        let home = Home::new();
        std::fs::remove_dir_all(home.dir()).unwrap();
        copy(&original.dir(), &home.dir());
        home.edit(&sql).await;
        let ran = home.verify();
        assert_eq!(ran.code, 1, "{sql}: {}", ran.said);
        assert!(ran.said.contains(said), "{sql}: {}", ran.said);
        match starts {
            Some(true) => assert_eq!(Serving::start(&home.dir()).stop(), 0),
            Some(false) => {
                let ran = lianzhi(["serve", "--listen", "127.0.0.1:0", "--config", home.dir().to_str().unwrap()]);
                assert_eq!(ran.code, 2, "{sql}: {}", ran.said);
                assert!(ran.said.contains("lianzhi verify"), "{sql}: {}", ran.said);
            }
            None => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_checked_offline_with_nothing_but_the_file() {
    let home = Home::new();
    let node = Serving::start(&home.dir());
    let receipt = report(&node.url, &home.token("hotline"), "店外经营，占用盲道").await;
    assert_eq!(node.stop(), 0);
    let (dir, file) = (home.dir(), home.beside("bundle"));
    let (dir, path) = (dir.to_str().unwrap(), file.to_str().unwrap());
    let number = receipt["number"].as_str().unwrap();
    done(["export", "--config", dir, "bundle", number, "-o", path]);
    let said = done(["verify", path]);
    assert!(
        said.contains("未随包提供") && said.contains("该公钥未经核对"),
        "particulars are kept back: {said}"
    );
    let key = std::fs::read_to_string(home.dir().join("node.pub")).unwrap();
    let said = done(["verify", path, "--key", key.trim()]);
    assert!(said.contains("由本节点密钥签署"), "{said}");
    let clear = std::fs::read(&file).unwrap();
    assert!(!clear.windows(11).any(|w| w == b"13812345678"));

    done([
        "export",
        "--config",
        dir,
        "bundle",
        number,
        "--with-particulars",
        "-o",
        home.beside("full").to_str().unwrap(),
    ]);
    let full = std::fs::read(home.beside("full")).unwrap();
    assert!(full.windows(11).any(|w| w == b"13812345678"));

    let at = clear.windows(6).position(|w| w == b"E09005").unwrap();
    let mut changed = clear.clone();
    changed[at + 5] = b'6';
    std::fs::write(&file, changed).unwrap();
    let ran = lianzhi(["verify", path]);
    assert_eq!(ran.code, 1, "{}", ran.said);
    std::fs::write(&file, &clear[..clear.len() / 2]).unwrap();
    assert_eq!(lianzhi(["verify", path]).code, 1, "a bundle that was cut off");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cosigned_checkpoint_is_proof_against_the_node_too() {
    let home = Home::new();
    let node = Serving::start(&home.dir());
    report(&node.url, &home.token("hotline"), "店外经营").await;
    assert_eq!(node.stop(), 0);
    let dir = home.dir();
    let witness = SoftwareKey::from_secret(&[7; 32]);
    let key = VerifierKey::of("lianzhi/320509/witness", KeyKind::Witness, &witness).unwrap().to_string();
    let verify = ["verify", dir.to_str().unwrap(), "--witness", &key];
    let ran = lianzhi(verify);
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert!(ran.said.contains("尚未见证") && ran.said.contains("未发现改动"), "{}", ran.said);

    let log_key = std::fs::read_to_string(dir.join("node.pub")).unwrap();
    for (mistake, said) in [
        ([&verify[..], &["--quorum", "2"]].concat(), "只给出了 1 个公钥"),
        (vec!["verify", dir.to_str().unwrap(), "--witness", log_key.trim()], "不是见证方的公钥"),
    ] {
        let ran = lianzhi(mistake);
        assert_eq!(ran.code, 2, "{}", ran.said);
        assert!(ran.said.contains(said), "{}", ran.said);
    }

    let saved = home.beside("checkpoint");
    done(["verify", dir.to_str().unwrap(), "--save", saved.to_str().unwrap()]);
    let mut note: Note = std::fs::read_to_string(&saved).unwrap().parse().unwrap();
    note.cosign("lianzhi/320509/witness", &witness, Timestamp::from_second(1_800_000_000).unwrap()).unwrap();
    let line = note.signatures().last().unwrap().to_string();
    home.edit(&format!(
        "UPDATE checkpoint SET note = note || '{line}' || char(10) WHERE size = (SELECT MAX(size) FROM checkpoint)"
    ))
    .await;
    let said = done(verify);
    assert!(said.contains("对任何人（包括本节点）均具证明力"), "{said}");
    assert!(said.contains("见证方：lianzhi/320509/witness+"), "{said}");
}

#[test]
fn evidence_of_a_fork_is_checked_with_nothing_but_the_logs_key() {
    let folder = tempfile::tempdir().unwrap();
    let signer = SoftwareKey::from_secret(&[1; 32]);
    let origin: Origin = "lianzhi/310118/log/1".parse().unwrap();
    let signed = |size, root| {
        let time = Timestamp::from_second(1_800_000_000).unwrap();
        Checkpoint { origin: origin.clone(), size, root: Digest([root; 32]), time }.sign(&signer).unwrap()
    };
    let key = |signer| VerifierKey::of("lianzhi/310118/log/1", KeyKind::Log, signer).unwrap().to_string();
    let (right, stranger) = (key(&signer), key(&SoftwareKey::from_secret(&[9; 32])));
    let verify = |older, newer, key: &str| {
        let file = folder.path().join("fork.json");
        let evidence = ForkEvidence { older, newer, proof: vec![] };
        std::fs::write(&file, serde_json::to_vec(&evidence).unwrap()).unwrap();
        lianzhi(["verify", file.to_str().unwrap(), "--key", key])
    };
    for (older, newer, key, code, said) in [
        (signed(7, 1), signed(7, 2), &right, 1, "日志分叉"),
        (signed(7, 1), signed(8, 2), &right, 1, "尚待该日志说明"),
        (signed(7, 1), signed(7, 1), &right, 0, "并不矛盾"),
        (signed(7, 1), signed(7, 2), &stranger, 0, "没有该日志的有效签名"),
    ] {
        let ran = verify(older, newer, key);
        assert_eq!(ran.code, code, "{}", ran.said);
        assert!(ran.said.contains(said) && ran.said.contains("lianzhi/310118/log/1：7 条"), "{}", ran.said);
    }
    let file = folder.path().join("fork.json");
    let ran = lianzhi(["verify", file.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "without a key there is nothing to check: {}", ran.said);
    std::fs::write(&file, "{}").unwrap();
    assert_eq!(lianzhi(["verify", file.to_str().unwrap(), "--key", &right]).code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn erasure_survives_rebuild_and_restore_and_leaves_nothing_to_find() {
    let home = Home::new();
    let node = Serving::start(&home.dir());
    let receipt = report(&node.url, &home.token("hotline"), "店外经营").await;
    report(&node.url, &home.token("hotline"), "另一件").await;
    let before = home.beside("before");
    done(["backup", "--config", home.dir().to_str().unwrap(), "--with-keys", before.to_str().unwrap()]);
    let command = json!({"command": "erase", "reason": "本人申请"});
    let path = format!("/api/v1/matters/{}/commands", receipt["id"]);
    let (status, answer) = post(&node.url, &home.token("admin"), &path, &command).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(node.stop(), 0);

    let live = home.projections().await;
    let said = done(["rebuild", "--config", home.dir().to_str().unwrap()]);
    assert!(said.contains("投影已重建"), "{said}");
    let rebuilt = home.projections().await;
    for (a, b) in live.iter().zip(&rebuilt) {
        assert_eq!(a, b, "rebuilding gives what was there");
    }
    assert_eq!(live.len(), rebuilt.len());
    assert!(home.intact().contains("依记录删除"));

    // The older backup still has the particulars; a list of later erasures takes them out of what is restored.
    let erased = home.beside("erased.txt");
    let row = live
        .iter()
        .find(|r| r.starts_with("matter") && r.contains(receipt["number"].as_str().unwrap()))
        .unwrap();
    assert!(!row.is_empty());
    let digests = contact_parts(&before).await;
    assert!(!digests.is_empty());
    std::fs::write(&erased, digests.join("\n")).unwrap();
    let restored = home.beside("restored");
    let said = done([
        "restore",
        before.to_str().unwrap(),
        "--dir",
        restored.to_str().unwrap(),
        "--erasures",
        erased.to_str().unwrap(),
    ]);
    assert!(said.contains("第 2 代") && said.contains("未发现改动") && said.contains("依记录删除"), "{said}");
    assert_eq!(Serving::start(&restored).stop(), 0);
}

/// Digests of the particulars in a backup.
async fn contact_parts(backup: &std::path::Path) -> Vec<String> {
    use sqlx::{Connection, Row, SqliteConnection};
    let mut connection =
        SqliteConnection::connect(&format!("sqlite:{}", backup.join("lianzhi.db").display())).await.unwrap();
    let rows = sqlx::query("SELECT lower(hex(digest)) FROM part WHERE kind = 'contact'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}
