//! A log that a neighbour witnesses: the requests, the lines, a checkpoint with its cosignature, and a log that forked.

use super::compare;
use super::world::{log_key, verifier};
use crate::common::{QINGPU, WUJIANG, at};
use jiff::SignedDuration;
use lianzhi_docket::merkle::{Leaves, leaf_hash, root};
use lianzhi_docket::note::{Checkpoint, KeyKind, SignedCheckpoint};
use lianzhi_docket::witness::{
    AddCheckpoint, ForkEvidence, Verdict, Witnessed, consider, cosign, take_cosignatures,
};
use lianzhi_ids::Digest;
use serde_json::{Value, json};

fn leaves(n: u8) -> Vec<Digest> {
    (0..n).map(|i| Digest([i; 32])).collect()
}

fn checkpoint(leaves: &[Digest]) -> SignedCheckpoint {
    let size = leaves.len() as u64;
    let root = root(&mut Leaves(leaves), size).unwrap();
    let time = at("2026-06-15T00:00:00Z") + SignedDuration::from_mins(i64::try_from(size).unwrap());
    let origin = "lianzhi/310118/log/1".parse().unwrap();
    Checkpoint { origin, size, root, time }.sign(&log_key(QINGPU)).unwrap()
}

fn request(leaves: &[Digest], old: u64) -> AddCheckpoint {
    AddCheckpoint::from_log(&mut Leaves(leaves), old, checkpoint(leaves)).unwrap().unwrap()
}

/// Two checkpoints of one size, both signed by the log.
pub fn log_fork() -> Value {
    let mut other = leaves(5);
    other[4] = Digest([0xee; 32]);
    let evidence = ForkEvidence { older: checkpoint(&leaves(5)), newer: checkpoint(&other), proof: vec![] };
    let key = verifier(QINGPU, KeyKind::Log);
    assert_eq!(evidence.check(std::slice::from_ref(&key)), Ok(Verdict::Fork));
    json!({ "log_key": key.to_string(), "evidence": evidence, "proves": "fork" })
}

#[test]
fn witness() {
    let keys = [verifier(QINGPU, KeyKind::Log)];
    let witness = verifier(WUJIANG, KeyKind::Witness);
    let cosigned = |witnessed: &Witnessed| {
        cosign(witnessed, witness.name(), &log_key(WUJIANG), at("2026-06-15T00:10:00Z")).unwrap()
    };
    let first = request(&leaves(3), 0);
    let seen = consider(None, &first, &keys).unwrap();
    let next = request(&leaves(5), 3);
    let again = consider(Some(&seen), &next, &keys).unwrap();
    let stale = consider(Some(&again), &next, &keys).unwrap_err();
    let mut whole = next.checkpoint.clone();
    let line = cosigned(&again);
    take_cosignatures(&mut whole, &line, std::slice::from_ref(&witness)).unwrap();
    let exchange = |request: &AddCheckpoint, status: u16, body: String| json!({ "request": request.to_string(), "status": status, "body": body });
    compare(
        "witness.json",
        &json!({
            "log_key": keys[0].to_string(),
            "log_secret": hex::encode(*log_key(QINGPU).secret()),
            "witness_key": witness.to_string(),
            "leaf_data": leaves(5),
            "leaf_hashes": leaves(5).iter().map(leaf_hash).collect::<Vec<_>>(),
            "asked": [
                exchange(&first, 200, cosigned(&seen)),
                exchange(&next, 200, line),
                exchange(&next, stale.status(), stale.answer().1),
            ],
            "cosigned_checkpoint": whole.to_string(),
        }),
    );
}
