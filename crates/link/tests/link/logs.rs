//! What is held against a log: nothing but what its own signatures prove, and that by every member.

use crate::harm::three;
use crate::hostile::{Asked, raw};
use lianzhi_docket::merkle::{Leaves, root};
use lianzhi_docket::note::{Checkpoint, SignedCheckpoint, VerifierKey};
use lianzhi_docket::witness::{AddCheckpoint, ForkEvidence, Verdict, take_cosignatures};
use lianzhi_ids::Digest;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Site, until};
use serde_json::json;

/// Asks for a cosignature as anybody can: nobody signs for who asks.
async fn ask(witness: &Site, request: &AddCheckpoint) -> u16 {
    let body = request.to_string().into_bytes();
    raw(witness, "POST", "/exchange/v1/add-checkpoint", &[], body).await.0
}

/// The log's own request, from what was witnessed.
async fn request(log: &Site, witness: &Site, old: u64) -> AddCheckpoint {
    let key = witness.node.app.witness_key().unwrap();
    log.node.app.ask_witness(&key, Some(old)).await.unwrap().unwrap()
}

/// Some more entries and a checkpoint over them; its size.
async fn grow(site: &Site) -> u64 {
    site.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    site.node.app.integrate_log().await;
    u64::try_from(site.node.app.checkpoint().await.unwrap().size).unwrap()
}

/// A size that is no power of two: of a complete tree a proof leaves out the hash that would show another one.
async fn incomplete(site: &Site) -> u64 {
    loop {
        let size = grow(site).await;
        if !size.is_power_of_two() {
            return size;
        }
    }
}

/// As somebody signs who has the key of the log.
fn signed(log: &Site, like: &SignedCheckpoint, size: u64, root: Digest) -> SignedCheckpoint {
    let checkpoint = Checkpoint { size, root, ..like.checkpoint.clone() };
    checkpoint.sign(log.node.life.keys.signer()).unwrap()
}

async fn nobody_is_accused(f: &Federation) {
    for site in &f.sites {
        assert!(site.node.app.forks().await.unwrap().is_empty(), "at {}", site.code);
    }
}

async fn open(site: &Site) -> Vec<ForkEvidence> {
    site.node.app.open_questions().await.unwrap().into_iter().map(|(_, evidence)| evidence).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_with_good_checkpoints_and_a_wrong_proof_accuses_nobody() {
    let (mut f, _places) = three().await;
    let size = incomplete(&f.sites[0]).await;
    let (a, b) = (&f.sites[0], &f.sites[1]);
    let first = request(a, b, 0).await;
    assert_eq!(ask(b, &first).await, 200);
    // The same checkpoint, which anybody can fetch, with a line too many.
    let junk = vec![Digest([9; 32])];
    let same = AddCheckpoint { old: size, proof: junk.clone(), checkpoint: first.checkpoint.clone() };
    assert_eq!(ask(b, &same).await, 422);
    assert!(open(b).await.is_empty());
    // The next one, with a wrong proof: that is a question, the same one however often it is asked.
    grow(a).await;
    let next = request(a, b, size).await;
    for n in 1..=3 {
        let proof = vec![Digest([n; 32]); usize::from(n)];
        assert_eq!(ask(b, &AddCheckpoint { proof, ..next.clone() }).await, 422);
    }
    let question = open(b).await;
    assert_eq!(question.len(), 1);
    // Nor does it help to have a member's key: what only raises a question is not taken from anybody.
    let body = serde_json::to_vec(&question[0]).unwrap();
    let accuse = Asked::post("/exchange/v1/alarm", "application/json", body, "330421", 2);
    let (status, answer) = accuse.send(b).await;
    assert_eq!((status, answer["code"].as_str()), (422, Some("no-proof")), "{answer}");
    nobody_is_accused(&f).await;
    // The log's own tiles answer it, and its own proof is taken as if nothing had been.
    f.sites[1].start();
    let b = &f.sites[1];
    until("the log has shown it", async || open(b).await.is_empty()).await;
    nobody_is_accused(&f).await;
    assert_eq!(ask(b, &next).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_signs_two_histories_is_known_to_every_member() {
    let (mut f, _places) = three().await;
    f.sites[1].start();
    let size = incomplete(&f.sites[0]).await;
    let [a, b, c] = &f.sites[..] else { panic!() };
    let first = request(a, b, 0).await;
    assert_eq!(ask(b, &first).await, 200);
    let known = async |n: usize| {
        for site in [a, b, c] {
            until("the alarm is heard", async || site.node.app.forks().await.unwrap().len() == n).await;
            let heard = site.node.app.forks().await.unwrap();
            assert!(heard.iter().all(|row| row.node == a.code && row.kind == "log"), "{heard:?}");
        }
    };
    // Two roots of one size.
    let other = signed(a, &first.checkpoint, size, Digest([7; 32]));
    assert_eq!(ask(b, &AddCheckpoint { old: size, proof: vec![], checkpoint: other }).await, 409);
    known(1).await;
    let digest = b.node.app.forks().await.unwrap()[0].digest;
    assert_eq!(c.node.app.forks().await.unwrap()[0].digest, digest, "the same evidence everywhere");
    // Who never saw either checks it with nothing but the log's key.
    let shown = c.node.app.evidence(digest).await.unwrap().unwrap();
    let shown: ForkEvidence = serde_json::from_slice(&shown).unwrap();
    assert_eq!(shown.check(&[a.node.app.log().verifier_key().clone()]), Ok(Verdict::Fork));
    // A longer log with another beginning, and the proof that goes with it.
    let leaves: Vec<Digest> = (0..size + 3).map(|n| Digest([n as u8; 32])).collect();
    let longer = signed(a, &first.checkpoint, size + 3, root(&mut Leaves(&leaves), size + 3).unwrap());
    let rewritten = AddCheckpoint::from_log(&mut Leaves(&leaves), size, longer).unwrap().unwrap();
    assert_eq!(ask(b, &rewritten).await, 422);
    known(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_whose_tiles_show_another_beginning_than_it_had_signed_is_known_too() {
    let (mut f, _places) = three().await;
    let size = grow(&f.sites[0]).await;
    let (a, b) = (&f.sites[0], &f.sites[1]);
    // What was witnessed is not what the log has: it was signed by its key all the same.
    let first = request(a, b, 0).await;
    let other = signed(a, &first.checkpoint, size, Digest([7; 32]));
    assert_eq!(ask(b, &AddCheckpoint { checkpoint: other, ..first }).await, 200);
    grow(a).await;
    let next = request(a, b, size).await;
    assert_eq!(ask(b, &AddCheckpoint { proof: vec![Digest([9; 32])], ..next }).await, 422);
    assert_eq!(open(b).await.len(), 1);
    nobody_is_accused(&f).await;
    f.sites[1].start();
    for site in &f.sites {
        until("the alarm is heard", async || !site.node.app.forks().await.unwrap().is_empty()).await;
    }
    until("the question is closed", async || open(&f.sites[1]).await.is_empty()).await;
}

/// Another program's witness, and its way to write requests.
const OTHER: &str = r#"
import json, os, sys, tempfile
from aics_witness.config import LogConfig
from aics_witness.protocol import format_add_checkpoint_request, parse_add_checkpoint_request
from aics_witness.service import Witness, WitnessError
from aics_witness.store import WitnessStore
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
asked = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder, WitnessStore(os.path.join(folder, "w.db"), create=True) as store:
    log = LogConfig.from_strings(asked["origin"], [asked["log"]], extension_lines=True)
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    witness = Witness("other.example/witness", key, store, [log], clock=lambda: 1795395600)
    def ask(body):
        try:
            return 200, witness.add_checkpoint(body).decode()
        except WitnessError as error:
            return error.status, error.body.decode()
    def written(body):
        read = parse_add_checkpoint_request(body)
        return format_add_checkpoint_request(read.old_size, read.proof, read.checkpoint).decode()
    bodies = [body.encode() for body in asked["requests"]]
    print(json.dumps({"vkey": witness.vkey_text, "answers": [ask(body) for body in bodies],
                      "written": [written(body) for body in bodies]}))
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_programs_witness_judges_requests_as_this_one_does() {
    let (f, _places) = three().await;
    let (a, b) = (&f.sites[0], &f.sites[1]);
    let size = grow(a).await;
    let first = request(a, b, 0).await;
    let longer = grow(a).await;
    let next = request(a, b, size).await;
    grow(a).await;
    let last = request(a, b, longer).await;
    let wrong = AddCheckpoint { proof: vec![Digest([9; 32])], ..last.clone() };
    // What it signs, twice; what comes from where the log stood before; a wrong proof.
    let requests = [first, next.clone(), next, wrong].map(|request| request.to_string());
    let key = a.node.app.log().verifier_key().to_string();
    let asked =
        json!({ "origin": last.checkpoint.checkpoint.origin.to_string(), "log": key, "requests": requests });
    let said = tokio::task::spawn_blocking(move || {
        let home = env!("CARGO_TARGET_TMPDIR").as_ref();
        // It asks for a later Python than Debian 12 has, and runs on that as well.
        let package = "--ignore-requires-python aics-witness==0.1.0 aics-tlog==0.2.1";
        let python = lianzhi_testkit::python(home, package, "aics_witness");
        lianzhi_testkit::python_says(&python, OTHER, &asked.to_string())
    });
    let said: serde_json::Value = serde_json::from_str(&said.await.unwrap()).unwrap();
    let statuses: Vec<_> = said["answers"].as_array().unwrap().iter().map(|answer| &answer[0]).collect();
    assert_eq!(statuses, [200, 200, 409, 422], "{said}");
    assert_eq!(said["answers"][2][1], format!("{longer}\n"), "where it stands");
    // Its signature counts here.
    let theirs: VerifierKey = said["vkey"].as_str().unwrap().parse().unwrap();
    let AddCheckpoint { mut checkpoint, .. } = AddCheckpoint::parse(&requests[1]).unwrap();
    let line = said["answers"][1][1].as_str().unwrap();
    assert_eq!(take_cosignatures(&mut checkpoint, line, std::slice::from_ref(&theirs)).unwrap(), [&theirs]);
    // And what it writes is answered here as it answers itself.
    for (written, status) in said["written"].as_array().unwrap().iter().zip(statuses) {
        let request = AddCheckpoint::parse(written.as_str().unwrap()).unwrap();
        assert_eq!(ask(b, &request).await, status.as_u64().unwrap() as u16);
        assert_eq!(request.to_string(), written.as_str().unwrap());
    }
}
