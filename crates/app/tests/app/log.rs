//! The log: checkpoints, proofs, tiles, restarts.

use crate::kit::{intact, size};
use futures::future::join_all;
use lianzhi_app::ports::CheckpointRow;
use lianzhi_docket::merkle::{self, Frontier, Tile, TileKind};
use lianzhi_docket::note::SignedCheckpoint;
use lianzhi_ids::Digest;
use lianzhi_testkit::{Node, Place};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// A node with more than a full tile of entries.
async fn long(place: &Place) -> Node {
    let node = Node::new(place).await;
    let texts: Vec<_> = (0..140).map(|n| format!("第 {n} 处")).collect();
    join_all(texts.iter().enumerate().map(|(n, text)| node.report(text, n % 4))).await;
    node.app.integrate_log().await;
    assert!(size(&node).await > 256);
    node
}

async fn signed(node: &Node) -> CheckpointRow {
    node.app.checkpoint().await.unwrap()
}

pub async fn one_look_signs_all_new_entries(place: &Place) {
    let node = Node::new(place).await;
    assert!(node.app.checkpoint().await.is_none());
    node.app.integrate_log().await;
    let first = signed(&node).await;
    assert_eq!(first.size, size(&node).await);
    node.app.integrate_log().await;
    assert_eq!(signed(&node).await, first, "nothing new, nothing signed");
    node.report("店外摆摊", 0).await;
    node.app.integrate_log().await;
    let second = signed(&node).await;
    assert_eq!(second.size, first.size + 2);
    let note: SignedCheckpoint = second.note.parse().unwrap();
    note.verify(std::slice::from_ref(node.app.log().verifier_key())).unwrap();
    let said = &note.checkpoint;
    assert_eq!(
        (said.size, said.root, said.origin.generation),
        (u64::try_from(second.size).unwrap(), second.root, 1)
    );
    intact(&node).await;
}

pub async fn entries_prove_that_they_are_in_the_signed_tree(place: &Place) {
    let node = long(place).await;
    let head = signed(&node).await;
    let total = u64::try_from(head.size).unwrap();
    let leaves = node.app.store().journal.leaves(0, head.size).await.unwrap();
    let mut dice = ChaCha20Rng::seed_from_u64(7);
    let mut positions: Vec<u64> = (0..30).map(|_| dice.random_range(0..total)).collect();
    positions.extend([0, 255, 256, total - 1]);
    let proofs = node.app.log().proofs(&positions, total).await.unwrap();
    for (position, proof) in positions.iter().zip(&proofs) {
        let leaf = leaves[usize::try_from(*position).unwrap()];
        merkle::verify_inclusion(&leaf, *position, total, proof, &head.root).unwrap();
        let other = Digest([7; 32]);
        assert!(merkle::verify_inclusion(&other, *position, total, proof, &head.root).is_err());
    }
    assert!(node.app.log().proofs(&[total], total).await.is_err());
}

pub async fn tiles_give_the_signed_root_and_grow_consistently(place: &Place) {
    let node = long(place).await;
    let old = signed(&node).await;
    for n in 0..20 {
        node.report(&format!("又一处 {n}"), 1).await;
    }
    node.app.integrate_log().await;
    let new = signed(&node).await;
    let (old_size, new_size) = (u64::try_from(old.size).unwrap(), u64::try_from(new.size).unwrap());

    let mut leaves = Vec::new();
    let mut hashes = Vec::new();
    for tile in Tile::all(new_size) {
        let bytes = node.app.tile(&tile.to_string()).await.unwrap_or_else(|| panic!("no {tile}"));
        match tile.kind {
            TileKind::Entries => leaves.extend(merkle::parse_entries_bundle(&bytes).unwrap()),
            TileKind::Hashes(0) => hashes.extend(tile.decode(&bytes).unwrap()),
            TileKind::Hashes(_) => assert_eq!(tile.decode(&bytes).unwrap().len(), usize::from(tile.width)),
        }
    }
    assert_eq!(leaves.iter().map(merkle::leaf_hash).collect::<Vec<_>>(), hashes);
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.append(leaf));
    assert_eq!(frontier.root(), new.root);
    let proof = node.app.log().consistency(old_size, new_size).await.unwrap();
    merkle::verify_consistency(old_size, &old.root, new_size, &new.root, &proof).unwrap();
    assert!(merkle::verify_consistency(old_size, &Digest([1; 32]), new_size, &new.root, &proof).is_err());
    for wrong in ["tile/0/999", "tile/9/000", "tile/0/000.p/300", "../../etc/passwd", ""] {
        assert!(node.app.tile(wrong).await.is_none(), "{wrong}");
    }
}

pub async fn the_log_opens_without_its_file_of_tiles_and_with_a_wrong_one(place: &Place) {
    let node = long(place).await;
    let before = signed(&node).await;
    let file = place.dir.path().join("log/tiles.bin");
    let good = std::fs::read(&file).unwrap();
    let life = node.life.clone();
    drop(node);
    for wrong in [Some(vec![7; good.len()]), Some(vec![1, 2, 3]), None] {
        match wrong {
            None => std::fs::remove_file(&file).unwrap(),
            Some(bytes) => std::fs::write(&file, bytes).unwrap(),
        }
        let node = life.open(place).await;
        assert!(signed(&node).await.size >= before.size);
        node.report("重启之后", 0).await;
        node.app.integrate_log().await;
        intact(&node).await;
        let total = u64::try_from(signed(&node).await.size).unwrap();
        let proof = node.app.log().proofs(&[3], total).await.unwrap().pop().unwrap();
        let leaf = node.app.store().journal.leaves(3, 1).await.unwrap()[0];
        merkle::verify_inclusion(&leaf, 3, total, &proof, &signed(&node).await.root).unwrap();
    }
}
