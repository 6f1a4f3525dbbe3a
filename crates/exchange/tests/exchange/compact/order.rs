//! The order in which streams arrive does not matter, and what is in force goes out only by a child.

use super::kit::*;
use lianzhi_exchange::compact::*;
use lianzhi_exchange::stream::StreamEntry;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A history with everything in it: splits, rounds, double signing, notices, an expulsion, a proposal that is none.
fn history() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut world = World::founded();
        let one = world.propose(HEFEI, 0, vec![put_entry(entry("HZ-02"))]);
        let two = world.propose(WUJIANG, 0, vec![put_entry(entry("HZ-03"))]);
        world.sign(QINGPU, &one);
        world.sign(WUJIANG, &one);
        world.sign(JIASHAN, &two);
        world.sign(QINGPU, &two);
        let minute = world.minute;
        let new = MemberKey { from: at(minute), ..member_key(HEFEI, 1) };
        world.notice(HEFEI, Notice::rotate(&node(HEFEI), new, &key(HEFEI, 0)).unwrap());
        world.say(HEFEI, &Act::Decline { epoch: one.result, grounds: "期限太短".into() });
        world.sign_with(HEFEI, &two, &key(HEFEI, 1));
        let three = world.propose(HEFEI, 1, vec![put_entry(entry("HZ-04"))]);
        for code in [QINGPU, WUJIANG, JIASHAN] {
            world.sign(code, &three);
        }
        assert_eq!(world.number(), 2);
        world.notice(HEFEI, Notice::RevokeKey { key: key(HEFEI, 0).public().id(), reason: String::new() });
        world.notice(JIASHAN, Notice::Move { addresses: vec!["https://moved.example".into()] });
        let out = Change::RemoveMember { node: node(HEFEI), expelled: true, grounds: "泄露".into() };
        let four = world.propose(JIASHAN, 0, vec![out]);
        let five = world.propose(QINGPU, 0, vec![Change::SetTitle { title: "改名".into() }]);
        world.say(QINGPU, &Act::Withdraw { epoch: five.result, reason: String::new() });
        for code in [QINGPU, WUJIANG, JIASHAN] {
            world.sign(code, &four);
        }
        world.notice(WUJIANG, Notice::Leave { reason: String::new() });
        assert_eq!(world.number(), 3);
        world
    })
}

/// Entries of all streams in an order that keeps each stream's own: `picks` says whose turn it is.
fn deal(streams: &BTreeMap<lianzhi_ids::NodeCode, Vec<StreamEntry>>, picks: &[u8]) -> Vec<StreamEntry> {
    let mut left: Vec<&[StreamEntry]> = streams.values().map(|s| &s[..]).collect();
    let mut dealt = Vec::new();
    let mut picks = picks.iter().copied().chain(std::iter::repeat(0));
    while left.iter().any(|s| !s.is_empty()) {
        left.retain(|s| !s.is_empty());
        let turn = usize::from(picks.next().unwrap()) % left.len();
        let (first, rest) = left[turn].split_first().unwrap();
        dealt.push(first.clone());
        left[turn] = rest;
    }
    dealt
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whoever_knows_the_same_streams_has_the_same_compact(
        picks in prop::collection::vec(any::<u8>(), 0..60),
        others in prop::collection::vec(any::<u8>(), 0..60),
        cut in 0usize..60,
    ) {
        let world = history();
        let dealt = deal(&world.streams(), &picks);
        // What one knows at some moment, and the same in another order, each entry twice.
        let some = &dealt[..cut.min(dealt.len())];
        let mut streams: BTreeMap<_, Vec<StreamEntry>> = BTreeMap::new();
        some.iter().for_each(|e| streams.entry(e.author.clone()).or_default().push(e.clone()));
        let (mut one, mut two) = (Ledger::new(docket()), Ledger::new(docket()));
        some.iter().for_each(|e| assert_eq!(one.hear(e), Step::Taken));
        for entry in deal(&streams, &others) {
            prop_assert_eq!(two.hear(&entry), Step::Taken);
            prop_assert_eq!(two.hear(&entry), Step::Known);
        }
        prop_assert_eq!(one.compact(), two.compact());
        // In the end all come to the same.
        dealt[some.len()..].iter().for_each(|e| { one.hear(e); });
        prop_assert_eq!(one.compact(), world.ledger.compact());
    }

    #[test]
    fn what_is_in_force_goes_out_only_by_a_child(picks in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut ledger = Ledger::new(docket());
        let mut before = Vec::new();
        for entry in deal(&history().streams(), &picks) {
            ledger.hear(&entry);
            let now = chain(&ledger);
            prop_assert!(now.starts_with(&before), "{before:?} -> {now:?}");
            for (parent, child) in ledger.compact().chain.iter().zip(ledger.compact().chain.iter().skip(1)) {
                prop_assert_eq!(child.agreed.epoch.parent, parent.agreed.digest);
                prop_assert!(child.provinces >= usize::from(child.needed));
            }
            before = now;
        }
        prop_assert_eq!(before.len(), 3);
    }
}

#[test]
fn a_hole_in_a_stream_is_pulled_first() {
    let mut ledger = Ledger::new(docket());
    let streams = history().streams();
    let qingpu = &streams[&node(QINGPU)];
    assert_eq!(ledger.hear(&qingpu[2]), Step::Gap(0));
    assert_eq!(ledger.hear(&qingpu[0]), Step::Taken);
    assert_eq!(ledger.hear(&qingpu[2]), Step::Gap(1));
    assert_eq!(ledger.compact().open.len(), 1);
}

#[test]
fn what_a_later_version_says_keeps_its_place() {
    let mut world = World::founded();
    let mut entry = world.say(HEFEI, &Act::Notice { notice: Notice::Leave { reason: String::new() } });
    let mut ledger = World::founded().ledger;
    entry.act = serde_json::value::RawValue::from_string(r#"{"act":"vote_by_dance"}"#.into()).unwrap();
    assert_eq!(ledger.hear(&entry), Step::Taken);
    assert_eq!(ledger.next(&node(HEFEI)), entry.seq + 1);
    assert_eq!(ledger.acts(&node(HEFEI)).last().unwrap().2, None);
}
