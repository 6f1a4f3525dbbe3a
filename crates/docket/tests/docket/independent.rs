//! Our notes, proofs and tiles in the eyes of somebody else's program, and his in ours: Cloudflare's `signed_note`
//! and `tlog_tiles`, ports of the Go project's packages. Hashing and Ed25519 below come from the same authors, in
//! other versions.

use crate::log::{Log, ORIGIN, key, public_key};
use base64::Engine as _;
use jiff::Timestamp;
use lianzhi_docket::merkle::{
    self, HashReader as _, Leaves, consistency_proof, inclusion_proof, tile_hashes, verify_consistency,
    verify_inclusion,
};
use lianzhi_docket::note::{Checkpoint, KeyKind, Note, SignedCheckpoint, SoftwareKey, VerifierKey};
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_ids::Digest;
use proptest::prelude::*;
use proptest::sample::Index;
use signed_note::{NoteError, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Error as TlogError, Hash, HashReader, TileHashReader, TileReader};

fn leaves(n: usize) -> Vec<Digest> {
    (0..n).map(|i| Digest(std::array::from_fn(|j| (i >> (8 * (j % 3))) as u8 ^ j as u8))).collect()
}

fn theirs(hashes: &[Digest]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash(hash.0)).collect()
}

fn ours(hashes: &[Hash]) -> Vec<Digest> {
    hashes.iter().map(|hash| Digest(hash.0)).collect()
}

/// A log as they keep it: every hash in the order in which it became known.
#[derive(Default)]
struct TheirLog(Vec<Hash>);

impl TheirLog {
    fn of(leaves: &[Digest]) -> TheirLog {
        let mut log = TheirLog::default();
        for (i, leaf) in leaves.iter().enumerate() {
            let more = tlog_tiles::stored_hashes(i as u64, &leaf.0, &log).unwrap();
            log.0.extend(more);
        }
        log
    }
}

impl HashReader for TheirLog {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TlogError> {
        Ok(indexes.iter().map(|i| self.0[*i as usize]).collect())
    }
}

/// Our tiles, served by our paths to their reader.
struct OurTiles<'a>(&'a [Digest]);

impl TileReader for OurTiles<'_> {
    fn height(&self) -> u8 {
        merkle::TILE_HEIGHT as u8
    }
    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, TlogError> {
        let serve = |tile: &tlog_tiles::Tile| {
            // Their path names the height, which tlog-tiles has fixed to 8 and leaves out.
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            let tile = merkle::Tile::parse(&path).unwrap();
            assert!(tile.is_in(self.0.len() as u64), "{path}");
            merkle::Tile::encode(&tile_hashes(&mut Leaves(self.0), tile).unwrap())
        };
        Ok(tiles.iter().map(serve).collect())
    }
    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

fn known(keys: &[&VerifierKey]) -> VerifierList {
    let verifier = |key: &&VerifierKey| -> Box<dyn signed_note::Verifier> {
        Box::new(StandardVerifier::new(&key.to_string()).unwrap())
    };
    VerifierList::new(keys.iter().map(verifier).collect())
}

#[test]
fn they_read_and_verify_our_checkpoints() {
    let mut signed = Log::of(23).checkpoints.pop().unwrap();
    // With the lines that not everybody understands.
    signed.sign_sm2(&SecretKey::from_secret(Suite::Sm2, &[2; 32]).unwrap()).unwrap();
    signed
        .note
        .cosign("lianzhi/320509/witness", &SoftwareKey::from_secret(&[3; 32]), Timestamp::UNIX_EPOCH)
        .unwrap();
    let text = signed.to_string();
    let note = signed_note::Note::from_bytes(text.as_bytes()).unwrap();
    assert_eq!(note.to_bytes(), text.as_bytes());
    let (verified, unknown) = note.verify(&known(&[&public_key()])).unwrap();
    assert_eq!((verified.len(), unknown.len()), (1, 2));
    assert_eq!((verified[0].name(), verified[0].id()), (ORIGIN, public_key().id()));

    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), (ORIGIN, 23));
    assert_eq!(checkpoint.hash().0, signed.checkpoint.root.0);
    let time = signed.checkpoint.time.as_microsecond();
    assert_eq!(checkpoint.extension(), format!("time {time}\n"));
    assert_eq!(checkpoint.to_bytes(), signed.checkpoint.text().as_bytes());

    let changed = text.replacen("\n23\n", "\n24\n", 1);
    let changed = signed_note::Note::from_bytes(changed.as_bytes()).unwrap();
    assert!(matches!(changed.verify(&known(&[&public_key()])), Err(NoteError::InvalidSignature { .. })));
    let stranger = VerifierKey::of(ORIGIN, KeyKind::Log, &SoftwareKey::from_secret(&[9; 32])).unwrap();
    assert!(matches!(note.verify(&known(&[&stranger])), Err(NoteError::UnverifiedNote)));
}

#[test]
fn we_read_and_verify_their_checkpoints() {
    let leaves = leaves(23);
    let root = tlog_tiles::tree_hash(23, &TheirLog::of(&leaves)).unwrap();
    let checkpoint = tlog_tiles::Checkpoint::new(ORIGIN, 23, root, "time 1750000000000000\n").unwrap();
    let secret = [&[1], &key().secret()[..]].concat();
    let secret = base64::engine::general_purpose::STANDARD.encode(secret);
    let signer = format!("PRIVATE+KEY+{ORIGIN}+{:08x}+{secret}", public_key().id());
    let signer = StandardSigner::new(&signer).unwrap();
    let mut note = signed_note::Note::new(&checkpoint.to_bytes(), &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    let text = String::from_utf8(note.to_bytes()).unwrap();

    let read: SignedCheckpoint = text.parse().unwrap();
    assert_eq!(read.verify(&[public_key()]), Ok(()));
    assert_eq!(read.checkpoint.root, merkle::root(&mut Leaves(&leaves), 23).unwrap());
    // To the letter what we would have written.
    let time = Timestamp::from_second(1_750_000_000).unwrap();
    let same = Checkpoint { origin: ORIGIN.parse().unwrap(), size: 23, root: Digest(root.0), time };
    assert_eq!(same.sign(&key()).unwrap().to_string(), text);
    assert!(text.parse::<Note>().is_ok());
}

#[test]
fn they_read_a_tree_of_three_levels_from_our_tiles() {
    let size = 66_000;
    let leaves = leaves(size);
    let root = Hash(merkle::root(&mut Leaves(&leaves), size as u64).unwrap().0);
    let tiles = OurTiles(&leaves);
    let reader = TileHashReader::new(size as u64, root, &tiles);
    let proof = tlog_tiles::prove_record(size as u64, 65_900, &reader).unwrap();
    assert_eq!(ours(&proof), inclusion_proof(&mut Leaves(&leaves), 65_900, size as u64).unwrap().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn both_make_and_accept_the_same_proofs(n in 1usize..600, at in any::<Index>(), old in any::<Index>()) {
        let leaves = leaves(n);
        let log = TheirLog::of(&leaves);
        let (size, at, old) = (n as u64, at.index(n) as u64, old.index(n) as u64 + 1);
        let mut tree = Leaves(&leaves);
        let root = merkle::root(&mut tree, size).unwrap();
        let old_root = merkle::root(&mut tree, old).unwrap();
        let (their_root, their_old) = (Hash(root.0), Hash(old_root.0));
        prop_assert_eq!(tlog_tiles::tree_hash(size, &log).unwrap(), their_root);

        let leaf = leaves[at as usize];
        let record = tlog_tiles::record_hash(&leaf.0);
        prop_assert_eq!(record.0, tree.node(0, at).unwrap().0);
        let inclusion = inclusion_proof(&mut tree, at, size).unwrap().unwrap();
        let ok = tlog_tiles::check_record(&theirs(&inclusion), size, their_root, at, record).is_ok();
        prop_assert!(ok, "they refuse our inclusion proof");
        let their_proof = ours(&tlog_tiles::prove_record(size, at, &log).unwrap());
        prop_assert_eq!(verify_inclusion(&leaf, at, size, &their_proof, &root), Ok(()));
        prop_assert_eq!(their_proof, inclusion);

        let consistency = consistency_proof(&mut tree, old, size).unwrap().unwrap();
        let ok = tlog_tiles::check_tree(&theirs(&consistency), size, their_root, old, their_old).is_ok();
        prop_assert!(ok, "they refuse our consistency proof");
        let their_proof = ours(&tlog_tiles::prove_tree(size, old, &log).unwrap());
        prop_assert_eq!(verify_consistency(old, &old_root, size, &root, &their_proof), Ok(()));
        prop_assert_eq!(their_proof, consistency);
    }

    #[test]
    fn they_refuse_what_we_refuse(n in 2usize..300, at in any::<Index>(), byte in any::<Index>(), bit in 0u8..8) {
        let leaves = leaves(n);
        let (size, at) = (n as u64, at.index(n) as u64);
        let root = merkle::root(&mut Leaves(&leaves), size).unwrap();
        let mut proof = inclusion_proof(&mut Leaves(&leaves), at, size).unwrap().unwrap();
        let i = byte.index(proof.len());
        proof[i].0[byte.index(32)] ^= 1 << bit;
        let leaf = leaves[at as usize];
        prop_assert!(verify_inclusion(&leaf, at, size, &proof, &root).is_err());
        let record = tlog_tiles::record_hash(&leaf.0);
        prop_assert!(tlog_tiles::check_record(&theirs(&proof), size, Hash(root.0), at, record).is_err());
    }

    // Their reader checks each tile against the root before it believes it. A tree of one entry needs no tile.
    #[test]
    fn they_read_our_tiles(n in 2usize..1500, at in any::<Index>()) {
        let leaves = leaves(n);
        let (size, at) = (n as u64, at.index(n) as u64);
        let root = Hash(merkle::root(&mut Leaves(&leaves), size).unwrap().0);
        let tiles = OurTiles(&leaves);
        let reader = TileHashReader::new(size, root, &tiles);
        let proof = tlog_tiles::prove_record(size, at, &reader).unwrap();
        prop_assert_eq!(ours(&proof), inclusion_proof(&mut Leaves(&leaves), at, size).unwrap().unwrap());
        let other = TileHashReader::new(size, Hash([7; 32]), &tiles);
        prop_assert!(tlog_tiles::prove_record(size, at, &other).is_err());
    }
}
