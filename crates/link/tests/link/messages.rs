//! Messages arrive, once, whatever happens between the members.

use lianzhi_ids::DocketId;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

async fn arrived(from: &Site, to: &Site, id: DocketId) -> DocketId {
    until("the matter arrives", async || to.docket_of(from, id).await.is_some()).await;
    to.docket_of(from, id).await.unwrap()
}

async fn all_done(site: &Site, id: DocketId) {
    until("all is acknowledged", async || {
        let rows = site.outbox(id).await;
        !rows.is_empty() && rows.iter().all(|row| row.done)
    })
    .await;
}

async fn said_and_answered(places: &[&Place]) {
    let mut f = Federation::new(places).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let there = arrived(a, b, id).await;
    all_done(a, id).await;
    // The receiver's receipt is here, signed, and the receiver holds the same envelope.
    let rows = a.outbox(id).await;
    let receipt: serde_json::Value = serde_json::from_slice(rows[0].receipt.as_ref().unwrap()).unwrap();
    let said: serde_json::Value = serde_json::from_str(receipt["statement"].as_str().unwrap()).unwrap();
    assert_eq!((said["node"].as_str(), said["stage"].as_str()), (Some("320509"), Some("received")));
    let ids = [rows[0].envelope.clone()];
    let ours = a.node.app.store().exchange.envelopes(&ids).await.unwrap().pop().unwrap();
    let theirs = b.node.app.store().exchange.envelopes(&ids).await.unwrap().pop().unwrap();
    assert_eq!((ours.bytes, ours.signature), (theirs.bytes, theirs.signature));
    // The letter's text is readable there under its own keys, and named by the same digest.
    let row = b.node.row(there.0).await;
    assert_eq!(row.kind, "lead");
    let parts = |site: &Site| site.node.app.store().journal.clone();
    let (here, over) =
        (parts(a).all_parts(None, 100).await.unwrap(), parts(b).all_parts(None, 100).await.unwrap());
    assert!(!over.is_empty() && over.iter().all(|p| here.iter().any(|q| q.digest == p.digest)));
    assert!(over.iter().all(|p| here.iter().all(|q| q.digest != p.digest || q.sealed != p.sealed)));
    // What they say comes back.
    b.done("liaison", there, json!({ "command": "register" })).await;
    b.done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
    b.done("handler", there, json!({ "command": "accept" })).await;
    all_done(b, there).await;
    until("the sender sees it accepted", async || a.node.row(id.0).await.stage == "accepted").await;
    assert_eq!(b.node.row(there.0).await.stage, "accepted");
    for site in &f.sites {
        assert_eq!(site.node.app.store().upkeep.check().await.unwrap(), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_goes_from_sqlite_to_postgres_and_its_answers_come_back() {
    lianzhi_testkit::run(Place::postgres().await, async |postgres: &Place| {
        said_and_answered(&[&Place::sqlite(), postgres]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_to_a_member_that_is_down_arrives_when_it_is_up_again() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites[1].stop().await;
    f.sites[0].start();
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(f.sites[0].send(Kind::Lead, &["320509"], json!({})).await.unwrap());
    }
    let a = &f.sites[0];
    until("the attempts fail", async || a.outbox(sent[4]).await.iter().all(|row| row.attempts > 0)).await;
    until("it is seen as silent", async || a.sees(&f.sites[1]).await.silent).await;
    assert_eq!(a.sees(&f.sites[1]).await.backlog.unwrap().waiting, 5);
    // Up again: its own sign of life lets everything go at once, without a retry being due.
    f.sites[1].begin_again();
    for id in sent {
        all_done(&f.sites[0], id).await;
        arrived(&f.sites[0], &f.sites[1], id).await;
    }
    assert!(!f.sites[0].sees(&f.sites[1]).await.silent);
    assert_eq!(f.sites[0].sees(&f.sites[1]).await.backlog, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gap_is_pulled() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    // A bulletin to two; the third member hears nothing of it directly.
    f.sites[0].start();
    f.sites[1].start();
    f.sites[2].stop().await;
    let id = f.sites[0]
        .send(Kind::Bulletin, &["320509", "330421"], json!({ "bulletin": "widespread" }))
        .await
        .unwrap();
    let there = arrived(&f.sites[0], &f.sites[1], id).await;
    // The sender falls silent before the third is up: the answer of the second is all that reaches it.
    f.sites[0].stop().await;
    f.sites[1].done("liaison", there, json!({ "command": "register" })).await;
    f.sites[1].done("liaison", there, json!({ "command": "acknowledge" })).await;
    f.sites[2].begin_again();
    // What could not be sent or taken at once is sent again.
    until("the matter is pulled", async || {
        f.clock.advance(jiff::SignedDuration::from_secs(3));
        f.sites[2].docket_of(&f.sites[0], id).await.is_some()
    })
    .await;
    let third = arrived(&f.sites[0], &f.sites[2], id).await;
    until("all for the third is acknowledged", async || {
        f.clock.advance(jiff::SignedDuration::from_secs(3));
        f.sites[1].outbox(there).await.iter().filter(|row| row.peer == f.sites[2].code).all(|row| row.done)
    })
    .await;
    let heads = |site: &Site, docket| {
        let x = site.node.app.store().exchange.clone();
        async move {
            let shared = x.shared_of(docket).await.unwrap().unwrap();
            x.stream_heads(&[shared])
                .await
                .unwrap()
                .iter()
                .map(|r| (r.author.to_string(), r.seq))
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(heads(&f.sites[1], there).await, heads(&f.sites[2], third).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_other_provinces_cosign_checkpoints() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    for site in &f.sites {
        site.node.app.integrate_log().await;
    }
    for (one, other) in [(0, 1), (1, 0)] {
        let (site, witness) = (&f.sites[one], f.sites[other].node.app.witness_key().unwrap().to_string());
        let size = site.node.app.checkpoint().await.unwrap().size;
        until("it is cosigned", async || {
            site.node.app.store().exchange.cosigned(&witness).await.unwrap() == Some(size)
        })
        .await;
        // The served head carries the witness's line; the second site signs with SM2 too.
        let key = site.node.app.witness_key().unwrap();
        assert_ne!(key.to_string(), witness);
        let served = site.node.app.served_checkpoint().await.unwrap().unwrap();
        let served: lianzhi_docket::note::SignedCheckpoint = served.parse().unwrap();
        let witness: lianzhi_docket::note::VerifierKey = witness.parse().unwrap();
        assert_eq!(served.witnesses(std::slice::from_ref(&witness)).len(), 1);
        served.verify(std::slice::from_ref(site.node.app.log().verifier_key())).unwrap();
        assert_eq!(served.note.signatures().len(), 2 + one, "own lines and the witness's");
        // So do the proof of a matter and whoever verifies the node for this witness.
        let caller = lianzhi_app::Caller::system();
        let id = site.node.app.store().journal.log(0, 1).await.unwrap()[0].docket;
        let proof = site.node.app.proof(&caller, id).await.unwrap();
        assert_eq!(proof.faults, Vec::new());
        assert_eq!(proof.witnesses[0].node.as_ref(), Some(&f.sites[other].code));
        assert!(proof.strength.contains("见证"), "{}", proof.strength);
        let bundle = site.node.app.bundle(&caller, id, false).await.unwrap();
        let expect = lianzhi_docket::verify::Expect {
            witnesses: vec![witness],
            quorum: 1,
            ..lianzhi_docket::verify::Expect::of(
                site.code.clone(),
                site.node.app.log().verifier_key().clone(),
            )
        };
        let report = lianzhi_app::verify::verify_node(site.node.app.store(), None, expect, |_, _| ());
        let report = report.await.unwrap();
        assert_eq!(report.log.witnesses.len(), 1, "{report}");
        drop(bundle);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_entry_answers_and_is_not_here_is_pulled() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let bulletin = json!({ "bulletin": "widespread" });
    let id = f.sites[0].send(Kind::Bulletin, &["320509", "330421"], bulletin).await.unwrap();
    let there = arrived(&f.sites[0], &f.sites[1], id).await;
    let third = arrived(&f.sites[0], &f.sites[2], id).await;
    // What the second says reaches the first while the third is away, and then the second falls silent.
    f.sites[2].stop().await;
    f.sites[1].done("liaison", there, json!({ "command": "register" })).await;
    f.sites[1].done("liaison", there, json!({ "command": "acknowledge" })).await;
    let second = f.sites[1].code.clone();
    let said = async |site: &Site, docket: DocketId| {
        let x = &site.node.app.store().exchange;
        let shared = x.shared_of(docket).await.unwrap().unwrap();
        site.node.app.heads(&shared).await.unwrap().get(&second).copied().unwrap_or(0)
    };
    until("the first has it", async || said(&f.sites[0], id).await == 2).await;
    f.sites[1].stop().await;
    assert_eq!(said(&f.sites[2], third).await, 0);
    // The first goes on from there: what it answers is fetched from it, whoever said it.
    f.sites[2].begin_again();
    f.sites[0].done("handler", id, json!({ "command": "supplement", "note": "补充处罚口径" })).await;
    until("the third has both", async || {
        f.clock.advance(jiff::SignedDuration::from_secs(3));
        let said = async |site: &Site, docket: DocketId| {
            let x = &site.node.app.store().exchange;
            let shared = x.shared_of(docket).await.unwrap().unwrap();
            site.node.app.heads(&shared).await.unwrap()
        };
        said(&f.sites[2], third).await == said(&f.sites[0], id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_member_that_a_lead_is_passed_on_to_hears_all_that_was_said_before() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b, c] = &f.sites[..] else { panic!() };
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let there = arrived(a, b, id).await;
    b.done("liaison", there, json!({ "command": "register" })).await;
    b.done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
    let why = "查明倾倒点在嘉善县境内，由嘉善管辖。";
    let ask = json!({ "command": "ask_forward", "to": "330421", "note": why });
    b.done("handler", there, ask).await;
    until("the opener is asked", async || a.node.row(id.0).await.stage == "forward_asked").await;
    a.done("handler", id, json!({ "command": "answer_forward", "agreed": true })).await;
    let third = arrived(a, c, id).await;
    // What the second said before is pulled, with nothing said since.
    let steps = async |site: &Site, docket: DocketId| {
        let view = site.node.app.matter(&lianzhi_app::Caller::system(), docket).await.unwrap();
        view.shared.unwrap().steps
    };
    until("the third has all of it", async || steps(c, third).await.len() == 5).await;
    let said: Vec<_> = steps(c, third).await.into_iter().map(|s| (s.node, s.act, s.text)).collect();
    let ours: Vec<_> = steps(a, id).await.into_iter().map(|s| (s.node, s.act, s.text)).collect();
    assert_eq!(said, ours);
    let asked = said.iter().find(|(_, act, _)| *act == "forward_asked").unwrap();
    assert_eq!((asked.0.as_str(), asked.2.as_deref()), ("320509", Some(why)));
}

/// A verifier and a witness by another author, in another language.
const OTHER: &str = r#"
import sys, json, base64
from aics_tlog import parse_note, parse_vkey, parse_checkpoint, verify_cosignature, verify_note, sign_cosignature, cosignature_vkey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
asked = json.load(sys.stdin)
note, log, witness = parse_note(asked["note"]), parse_vkey(asked["log"]), parse_vkey(asked["witness"])
point = parse_checkpoint(note.text)
line = next(l for l in note.signatures if l.name == witness.name and l.key_id == witness.key_id)
def holds(size):
    return verify_cosignature(line.signature, witness.name, witness.public_key, point.origin, size, point.root,
                              point.extension_lines)
key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
blob, own = sign_cosignature(key, "other.example/witness", 1795395600, point.origin, point.size, point.root,
                             point.extension_lines)
vkey = cosignature_vkey("other.example/witness", key.public_key())
answer = base64.b64encode(own.key_id + own.signature).decode()
print(json.dumps({
    "log": verify_note(note, [log]), "witness": holds(point.size), "other": holds(point.size + 1),
    "line": "\u2014 %s %s\n" % (own.name, answer),
    "vkey": "%s+%s+%s" % (vkey.name, vkey.key_id.hex(),
                          base64.b64encode(bytes([vkey.key_type]) + vkey.public_key).decode()),
}))
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cosignature_holds_in_the_eyes_of_another_program_and_its_own_in_ours() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    a.node.app.integrate_log().await;
    let witness = b.node.app.witness_key().unwrap();
    let size = a.node.app.checkpoint().await.unwrap().size;
    until("it is cosigned", async || {
        a.node.app.store().exchange.cosigned(&witness.to_string()).await.unwrap() == Some(size)
    })
    .await;
    let note = a.node.app.served_checkpoint().await.unwrap().unwrap();
    let asked = json!({
        "note": note, "log": a.node.app.log().verifier_key().to_string(), "witness": witness.to_string(),
    });
    let said = tokio::task::spawn_blocking(move || {
        let home = env!("CARGO_TARGET_TMPDIR").as_ref();
        // It asks for a later Python than Debian 12 has, and runs on that as well.
        let package = "--ignore-requires-python aics-tlog==0.2.1";
        lianzhi_testkit::python_says(
            &lianzhi_testkit::python(home, package, "aics_tlog"),
            OTHER,
            &asked.to_string(),
        )
    });
    let said: serde_json::Value = serde_json::from_str(&said.await.unwrap()).unwrap();
    assert_eq!((&said["log"], &said["witness"], &said["other"]), (&json!(true), &json!(true), &json!(false)));
    // And the other way round.
    let mut checkpoint: lianzhi_docket::note::SignedCheckpoint = note.parse().unwrap();
    let theirs: lianzhi_docket::note::VerifierKey = said["vkey"].as_str().unwrap().parse().unwrap();
    let line = said["line"].as_str().unwrap();
    let taken =
        lianzhi_docket::witness::take_cosignatures(&mut checkpoint, line, std::slice::from_ref(&theirs));
    assert_eq!(taken.unwrap(), [&theirs]);
    assert_eq!(checkpoint.witnesses(std::slice::from_ref(&theirs)).len(), 1);
}
