//! The tree against RFC 6962 written down literally, and against its known values.

use super::*;
use proptest::prelude::*;

/// RFC 6962 section 2.1, word by word.
mod rfc {
    use super::*;

    pub fn mth(d: &[Digest]) -> Digest {
        match d {
            [] => empty_root(),
            [one] => leaf_hash(one),
            _ => {
                let (left, right) = d.split_at(k(d.len()));
                node_hash(&mth(left), &mth(right))
            }
        }
    }

    pub fn path(m: usize, d: &[Digest]) -> Vec<Digest> {
        if d.len() == 1 {
            return vec![];
        }
        let k = k(d.len());
        let (mut path, sibling) =
            if m < k { (path(m, &d[..k]), mth(&d[k..])) } else { (path(m - k, &d[k..]), mth(&d[..k])) };
        path.push(sibling);
        path
    }

    pub fn proof(m: usize, d: &[Digest]) -> Vec<Digest> {
        subproof(m, d, true)
    }

    fn subproof(m: usize, d: &[Digest], whole: bool) -> Vec<Digest> {
        if m == d.len() {
            return if whole { vec![] } else { vec![mth(d)] };
        }
        let k = k(d.len());
        let (mut proof, sibling) = if m <= k {
            (subproof(m, &d[..k], whole), mth(&d[k..]))
        } else {
            (subproof(m - k, &d[k..], false), mth(&d[..k]))
        };
        proof.push(sibling);
        proof
    }

    fn k(n: usize) -> usize {
        n.next_power_of_two() / 2
    }
}

fn leaves(n: u64) -> Vec<Digest> {
    (0..n).map(|i| sha256(&[&i.to_be_bytes()])).collect()
}

/// All complete hashes at tile levels, gathered while adding, as a node keeps them.
fn grown(d: &[Digest]) -> (Frontier, TileMap) {
    let mut frontier = Frontier::new();
    let mut rows: std::collections::BTreeMap<(u8, u64), Vec<Digest>> = Default::default();
    for leaf in d {
        frontier.append_with(leaf, |height, index, hash| {
            if height % TILE_HEIGHT == 0 {
                let row = rows.entry(((height / TILE_HEIGHT) as u8, index / TILE_WIDTH)).or_default();
                assert_eq!(row.len() as u64, index % TILE_WIDTH, "hashes come in order");
                row.push(hash);
            }
        });
    }
    let mut tiles = TileMap::default();
    for ((level, index), hashes) in rows {
        tiles.insert(Tile { kind: TileKind::Hashes(level), index, width: hashes.len() as u16 }, hashes);
    }
    (frontier, tiles)
}

#[test]
fn known_hashes() {
    // sha256sum of nothing
    assert_eq!(empty_root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    // printf '\0' + 32 zero bytes | sha256sum
    assert_eq!(
        leaf_hash(&Digest::ZERO).to_string(),
        "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9"
    );
}

#[test]
fn tile_paths_are_those_of_the_specification() {
    for (path, index, width) in [
        ("tile/0/000", 0, 256),
        ("tile/0/x001/x234/067", 1_234_067, 256),
        ("tile/1/x001/000.p/17", 1000, 17),
        ("tile/entries/273.p/112", 273, 112),
    ] {
        let tile = Tile::parse(path).unwrap();
        assert_eq!((tile.index, tile.width, tile.to_string().as_str()), (index, width, path));
    }
    for bad in [
        "",
        "tile/0/",
        "tile/0/0",
        "tile/0/1000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/00/001",
        "tile/0/001.p/256",
        "tile/0/001.p/0",
        "tile/0/001.p/05",
        "tile/0/+01",
        "tile/8/000",
        "tile/300/000",
        "tile/0/../../etc/passwd",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/Entries/000",
    ] {
        assert_eq!(Tile::parse(bad), Err(TileError::Path), "{bad}");
    }
}

#[test]
fn a_tree_of_70000_has_the_tiles_that_the_specification_counts() {
    let tiles: Vec<Tile> = Tile::all(70_000).collect();
    let count = |kind, full| tiles.iter().filter(|t| t.kind == kind && t.is_full() == full).count();
    assert_eq!(count(TileKind::Entries, true), 273);
    assert_eq!(count(TileKind::Hashes(0), true), 273);
    assert_eq!(count(TileKind::Hashes(1), true), 1);
    let partial: Vec<String> = tiles.iter().filter(|t| !t.is_full()).map(Tile::to_string).collect();
    assert_eq!(partial, ["tile/entries/273.p/112", "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    let at_256: Vec<String> = Tile::all(256).map(|t| t.to_string()).collect();
    assert_eq!(at_256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(Tile::all(u64::MAX).next().map(|t| t.index), Some(0), "the largest tree does not overflow");
    assert_eq!(Tile::all(0).count(), 0);
}

#[test]
fn tiles_are_served_only_where_they_exist() {
    assert!(Tile::parse("tile/0/273.p/112").unwrap().is_in(70_000));
    assert!(Tile::parse("tile/0/273.p/100").unwrap().is_in(70_000), "a narrower one of an earlier size");
    assert!(!Tile::parse("tile/0/273.p/113").unwrap().is_in(70_000));
    assert!(!Tile::parse("tile/0/273").unwrap().is_in(70_000));
    assert!(!Tile::parse("tile/6/000").unwrap().is_in(70_000));
}

#[test]
fn bundles_and_tiles_read_back() {
    let d = leaves(5);
    let bundle = entries_bundle(&d);
    assert_eq!(&bundle[..2], [0, 32]);
    assert_eq!(parse_entries_bundle(&bundle), Ok(d.clone()));
    assert_eq!(parse_entries_bundle(&bundle[1..]), Err(TileError::Length));
    let mut other_length = bundle;
    other_length[1] = 31;
    assert_eq!(parse_entries_bundle(&other_length), Err(TileError::Length));
    let tile = Tile { kind: TileKind::Hashes(0), index: 0, width: 5 };
    assert_eq!(tile.decode(&Tile::encode(&d)), Ok(d.clone()));
    assert_eq!(tile.decode(&Tile::encode(&d[1..])), Err(TileError::Length));
}

#[test]
fn proofs_across_several_levels_of_tiles_are_found_in_the_tiles_alone() {
    let n = 66_000;
    let d = leaves(n);
    let (frontier, all_tiles) = grown(&d);
    let expected_root = frontier.root();
    assert_eq!(root(&mut Tiles::new(&all_tiles, n), n), Ok(expected_root));
    for index in [0, 255, 256, 65_535, 65_536, 65_999] {
        // What a store that reads asynchronously does: ask, fetch, compute.
        let needed = tiles_needed(n, |r| drop(inclusion_proof(r, index, n)));
        let mut fetched = TileMap::default();
        for tile in &needed {
            fetched.insert(*tile, (&all_tiles).tile(*tile).unwrap());
        }
        let proof = inclusion_proof(&mut Tiles::new(&fetched, n), index, n).unwrap().unwrap();
        assert_eq!(verify_inclusion(&d[index as usize], index, n, &proof, &expected_root), Ok(()));
    }
    for old in [1, 256, 300, 65_536, 65_537, n] {
        let old_root = root(&mut Tiles::new(&all_tiles, n), old).unwrap();
        let proof = consistency_proof(&mut Tiles::new(&all_tiles, n), old, n).unwrap().unwrap();
        assert_eq!(verify_consistency(old, &old_root, n, &expected_root, &proof), Ok(()));
    }
}

#[test]
fn a_missing_tile_is_an_error_and_not_a_wrong_proof() {
    let (_, tiles) = grown(&leaves(300));
    let missing = inclusion_proof(&mut Tiles::new(&tiles, 600), 0, 600);
    assert!(
        matches!(missing, Err(MissingTile(tile)) if tile.to_string() == "tile/0/002.p/88"),
        "{missing:?}"
    );
}

proptest! {
    #[test]
    fn roots_and_proofs_are_those_of_the_rfc(n in 1u64..600, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let d = leaves(n);
        let (frontier, tiles) = grown(&d);
        let (index, old) = (a.index(n as usize), b.index(n as usize) + 1);
        let expected = rfc::mth(&d);
        prop_assert_eq!(frontier.root(), expected);
        let saved = Frontier::from_parts(frontier.size(), frontier.edge().to_vec()).unwrap();
        prop_assert_eq!(&saved, &frontier);

        let path = inclusion_proof(&mut Tiles::new(&tiles, n), index as u64, n).unwrap().unwrap();
        prop_assert_eq!(&path, &rfc::path(index, &d));
        prop_assert_eq!(inclusion_proof(&mut Leaves(&d), index as u64, n).unwrap().unwrap(), path.clone());
        prop_assert_eq!(verify_inclusion(&d[index], index as u64, n, &path, &expected), Ok(()));

        let proof = consistency_proof(&mut Tiles::new(&tiles, n), old as u64, n).unwrap().unwrap();
        prop_assert_eq!(&proof, &rfc::proof(old, &d));
        let old_root = rfc::mth(&d[..old]);
        prop_assert_eq!(verify_consistency(old as u64, &old_root, n, &expected, &proof), Ok(()));
    }

    #[test]
    fn a_changed_proof_or_claim_is_refused(
        n in 2u64..400, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(), bit in 0usize..256, which in any::<prop::sample::Index>(),
    ) {
        let d = leaves(n);
        let root = rfc::mth(&d);
        let index = a.index(n as usize);
        let path = rfc::path(index, &d);
        let mut changed = path.clone();
        changed[which.index(path.len())].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_inclusion(&d[index], index as u64, n, &changed, &root).is_err());
        let other = (index + 1 + b.index(n as usize - 1)) % n as usize;
        prop_assert!(verify_inclusion(&d[other], index as u64, n, &path, &root).is_err());
        prop_assert!(verify_inclusion(&d[index], other as u64, n, &path, &root).is_err());
        prop_assert!(verify_inclusion(&d[index], index as u64, n, &path[1..], &root).is_err());
        let longer = [&path[..], &[root]].concat();
        prop_assert!(verify_inclusion(&d[index], index as u64, n, &longer, &root).is_err());
        prop_assert!(verify_inclusion(&d[index], n, n, &path, &root).is_err());

        let old = b.index(n as usize - 1) + 1;
        let old_root = rfc::mth(&d[..old]);
        let proof = rfc::proof(old, &d);
        let mut changed = proof.clone();
        changed[which.index(proof.len())].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_consistency(old as u64, &old_root, n, &root, &changed).is_err());
        prop_assert!(verify_consistency(old as u64, &root, n, &root, &proof).is_err());
        prop_assert!(verify_consistency(old as u64, &old_root, n, &old_root, &proof).is_err());
        prop_assert!(verify_consistency(n, &root, old as u64, &old_root, &proof).is_err());
        prop_assert!(verify_consistency(old as u64, &old_root, n, &root, &proof[1..]).is_err());
    }

    #[test]
    fn growing_tile_by_tile_gives_the_tiles_of_the_whole(old in 0u64..1500, more in 0u64..1500) {
        let new = old + more;
        let mut kept: std::collections::BTreeMap<(TileKind, u64), Tile> = Tile::all(old).map(|t| ((t.kind, t.index), t)).collect();
        for tile in Tile::added(old, new) {
            let before = kept.insert((tile.kind, tile.index), tile);
            prop_assert!(before.is_none_or(|b| b.width < tile.width), "only what changed is written");
        }
        let whole: std::collections::BTreeMap<_, _> = Tile::all(new).map(|t| ((t.kind, t.index), t)).collect();
        prop_assert_eq!(kept, whole);
    }

    #[test]
    fn the_contents_of_a_tile_follow_from_the_leaves(n in 1u64..700) {
        let d = leaves(n);
        let (_, tiles) = grown(&d);
        for tile in Tile::all(n).filter(|t| t.kind != TileKind::Entries) {
            prop_assert_eq!(tile_hashes(&mut Leaves(&d), tile).unwrap(), (&tiles).tile(tile).unwrap());
        }
    }

    #[test]
    fn a_hostile_path_is_parsed_without_panic(path in "tile/(entries|[0-9]{1,3})/[x0-9/.p]{0,40}") {
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.to_string(), path);
            let _ = tile.is_in(u64::MAX);
        }
    }
}
