//! What does not get there, what is not read there or here, and what nobody confirms: said where people look.

use crate::cooperation::{Two, send};
use crate::lists::{get, texts};
use crate::node::Node;
use jiff::SignedDuration;
use lianzhi_app::federation::OWN_NAME;
use lianzhi_app::ports::{EnvelopeRow, ForkRow, StreamRow};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_testkit::until;
use serde_json::json;

async fn said(node: &Node, login: &str, path: &str, css: &str) -> String {
    texts(&get(node, &node.browser(login).await, path).await, css).join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_can_telephone_is_told_first_and_the_leader_later() {
    let mut two = Two::new().await;
    let version = async |node: &Node| said(node, "liaison", "/cooperation", "#peers li").await;
    until("its program is known", async || version(&two.ours).await.contains("协议第 1 版")).await;
    assert_eq!(said(&two.ours, "liaison", "/cooperation", "#stale, #aside, #own-name").await, "");
    two.federation.sites[1].stop().await;
    let id = send(&two.ours, "lead", &[]).await;
    let told = async |login| said(&two.ours, login, "/desk", "#undelivered li").await;
    assert_eq!(told("liaison").await, "");
    two.federation.pass(SignedDuration::from_hours(25));
    let line = told("liaison").await;
    assert!(line.contains("渣土车夜间跨界倾倒") && line.contains("吴江区城市管理局"), "{line}");
    assert_eq!(told("leader").await, "");
    two.federation.pass(SignedDuration::from_hours(24));
    assert!(told("leader").await.contains("没有送达"));
    // Three days without word of the compact, on both pages where it matters.
    for path in ["/cooperation", "/compact"] {
        assert_eq!(said(&two.ours, "leader", path, "#stale").await, "", "{path}");
    }
    two.federation.pass(SignedDuration::from_hours(24 * 30));
    for path in ["/cooperation", "/compact"] {
        let words = said(&two.ours, "leader", path, "#stale").await;
        assert!(words.contains("72 小时") && words.contains("不接纳新的成员"), "{path}: {words}");
    }
    assert!(id > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_program_cannot_read_is_said_at_both_ends() {
    let mut two = Two::new().await;
    two.federation.sites[1].stop().await;
    let id = send(&two.ours, "lead", &[]).await;
    let (a, b) = two.sites();
    let path = format!("/matters/{id}?tab=ways");
    let shown = async || said(&two.ours, "liaison", &path, "main").await;
    assert!(!shown().await.contains("还不能识别"));
    // The receipt of a program that does not know the kind.
    let sent = a.outbox(DocketId(id)).await.remove(0).envelope;
    let statement = json!({
        "envelope": sent, "digest": Digest::ZERO, "node": b.code, "at": 1_795_395_600_000_000_i64,
        "stage": "not-understood", "heads": {},
    });
    let signature = json!({ "key": "0123456789abcdef", "value": format!("{}==", "A".repeat(86)) });
    let receipt = json!({ "statement": statement.to_string(), "signature": signature }).to_string();
    a.node.app.store().exchange.outbox_done(&b.code, &[(sent, receipt.into_bytes())]).await.unwrap();
    assert!(shown().await.contains("对方节点的程序还不能识别，升级后自动处理"), "{}", shown().await);
    // At the other end: what lies there of a kind that is not known.
    let shared: lianzhi_ids::SharedId = "310118.1.900".parse().unwrap();
    let envelope = EnvelopeRow {
        id: "310118.1.900/310118/0".into(),
        shared: shared.clone(),
        author: a.code.clone(),
        first: 0,
        last: 0,
        bytes: b"{}".to_vec(),
        key: String::new(),
        signature: vec![0; 64],
        at: 1,
        digest: Digest([9; 32]),
        mine: false,
        receipt: None,
    };
    let stream = StreamRow {
        shared,
        author: a.code.clone(),
        seq: 0,
        docket: DocketId(0),
        digest: Digest([8; 32]),
        pos: -1,
    };
    let x = &b.node.app.store().exchange;
    x.keep_aside(&envelope, &[stream], &[]).await.unwrap();
    let words = said(&two.theirs, "liaison", "/cooperation", "#aside").await;
    assert!(words.contains("1 件来件本程序尚不能识别") && words.contains("升级"), "{words}");
    // And what came in its own name.
    let own = ForkRow {
        digest: Digest([7; 32]),
        node: b.code.clone(),
        kind: OWN_NAME.into(),
        subject: "320509.1.5/320509/0".into(),
        one: String::new(),
        other: String::new(),
        at: b.node.app.now().as_microsecond(),
    };
    x.put_fork(&own).await.unwrap();
    let words = said(&two.theirs, "leader", "/cooperation", "#own-name").await;
    assert!(words.contains("320509.1.5/320509/0") && words.contains("吊销"), "{words}");
    assert!(!said(&two.theirs, "leader", "/cooperation", "main").await.contains("前后不一的陈述"));
}
