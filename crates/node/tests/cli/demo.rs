//! The demonstration: several nodes in one process, in folders of their own.

use crate::program::{Demonstration, done, lianzhi, post};
use serde_json::{Value, json};
use std::path::Path;

const CODES: [&str; 4] = ["310118", "320509", "330421", "340100"];

fn nodes(file: &Path) -> Vec<Value> {
    let file: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    file["nodes"].as_array().unwrap().clone()
}

fn token(node: &Value, role: &str) -> String {
    let people = node["people"].as_array().unwrap();
    let has = |p: &&Value| p["roles"].as_array().unwrap().iter().any(|r| r == role);
    people.iter().find(has).expect(role)["token"].as_str().unwrap().to_owned()
}

/// Takes a call at a node and gives the number of the matter.
async fn call(node: &Value) -> String {
    let body = json!({"description": "店外经营", "place": {"address": "老街菜场旁"}, "category": "E09005"});
    let url = node["url"].as_str().unwrap();
    let (status, receipt) = post(url, &token(node, "hotline"), "/api/v1/reports", &body).await;
    assert_eq!(status, 201, "{receipt}");
    receipt["number"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn four_nodes_serve_side_by_side_and_a_second_start_continues_them() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demonstration::start(folder.path(), &[]);
    let file = folder.path().join("demo.json");
    let first = nodes(&file);
    assert_eq!(first.iter().map(|n| n["code"].as_str().unwrap()).collect::<Vec<_>>(), CODES);
    let mut numbers = Vec::new();
    for node in &first {
        let (url, region) = (node["url"].as_str().unwrap(), node["region"].as_str().unwrap());
        assert!(demo.ready.contains(url) && demo.ready.contains(region), "{}", demo.ready);
        assert!(node["province"].as_str().is_some_and(|p| p.ends_with(['省', '市'])), "{node}");
        // A token is good at its own node.
        numbers.push(call(node).await);
        assert!(!token(node, "liaison").is_empty() && !token(node, "legal_reviewer").is_empty());
    }
    for (number, prefix) in numbers.iter().zip(["沪青", "苏吴江", "浙嘉善", "皖合"]) {
        assert!(number.starts_with(prefix), "{numbers:?}");
    }
    assert_eq!(demo.stop(), 0);

    // One node alone, broken off in its making, is made anew; the others are as they were.
    std::fs::write(folder.path().join("340100/making"), b"").unwrap();
    let demo = Demonstration::start(folder.path(), &["--nodes", "340100,330421"]);
    let second = nodes(&file);
    assert_eq!(second.iter().map(|n| n["code"].as_str().unwrap()).collect::<Vec<_>>(), CODES[2..]);
    assert_eq!(token(&second[0], "admin"), token(&first[2], "admin"));
    assert_ne!(token(&second[1], "admin"), token(&first[3], "admin"));
    for (node, before, anew) in [(&second[0], &numbers[2], false), (&second[1], &numbers[3], true)] {
        let number = call(node).await;
        assert!(if anew { number == *before } else { number > *before }, "{number} after {before}");
    }
    assert_eq!(demo.stop(), 0);

    // The folder of all is verified as a whole, each node in turn.
    let said = done(["verify".as_ref(), folder.path().as_os_str()]);
    assert_eq!(said.matches("未发现改动").count(), 4, "{said}");
    for code in CODES {
        assert!(said.contains(&format!("/{code}\n")), "{said}");
    }
    let ran = lianzhi(["verify", folder.path().to_str().unwrap(), "--key", "x"]);
    assert_eq!(ran.code, 2, "{}", ran.said);
    let saved = folder.path().join("checkpoint");
    let ran = lianzhi(["verify", folder.path().to_str().unwrap(), "--save", saved.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.said.contains("--save") && ran.said.contains("310118"), "{}", ran.said);

    // A finding at one of them is a finding.
    std::fs::write(
        folder.path().join("330421/node.pub"),
        std::fs::read(folder.path().join("320509/node.pub")).unwrap(),
    )
    .unwrap();
    let ran = lianzhi(["verify".as_ref(), folder.path().as_os_str()]);
    assert_eq!(ran.code, 1, "{}", ran.said);
}

#[test]
fn a_demonstration_that_cannot_be_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    for (args, said) in [
        (vec!["demo", "--dir", dir, "--nodes", "110101"], "青浦区"),
        (vec!["demo", "--dir", dir, "--nodes", "qingpu"], "qingpu"),
        (vec!["demo", "--dir", dir, "--port", "65534"], "端口"),
    ] {
        let ran = lianzhi(&args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.said);
        assert!(ran.said.contains(said), "{args:?}: {}", ran.said);
    }
    std::fs::write(folder.path().join("lianzhi.toml"), "node = \"310118\"\n").unwrap();
    let ran = lianzhi(["demo", "--dir", dir]);
    assert!(ran.code == 2 && ran.said.contains("请另选目录"), "{}", ran.said);
}
