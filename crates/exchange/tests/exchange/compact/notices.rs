//! What members say of themselves.

use super::kit::*;
use lianzhi_exchange::compact::*;

fn next(world: &mut World, id: &str) -> Proposal {
    world.propose(QINGPU, 0, vec![put_entry(entry(id))])
}

fn rotate(code: &str, from: i64) -> Notice {
    let new = MemberKey { from: at(from), ..member_key(code, 1) };
    Notice::rotate(&node(code), new, &key(code, 0)).unwrap()
}

#[test]
fn a_rotated_key_counts_from_its_first_moment_and_the_old_one_until_then() {
    let mut world = World::founded();
    let from = world.minute;
    world.notice(HEFEI, rotate(HEFEI, from));
    let (old, new) = (key(HEFEI, 0).public().id(), key(HEFEI, 1).public().id());
    let roster = world.roster();
    let counts = |key: &str, minute| roster.key(&node(HEFEI), key, at(minute)).is_some();
    assert!(counts(&old, from - 1) && !counts(&old, from));
    assert!(!counts(&new, from - 1) && counts(&new, from));
    let two = next(&mut world, "HZ-02");
    [QINGPU, WUJIANG].iter().for_each(|code| world.sign(code, &two));
    world.sign_with(HEFEI, &two, &key(HEFEI, 1));
    assert_eq!(world.number(), 2);
}

#[test]
fn a_key_that_nobody_vouches_for_is_none() {
    let mut world = World::founded();
    let forged = Notice::rotate(&node(HEFEI), member_key(HEFEI, 1), &key(QINGPU, 0)).unwrap();
    assert_eq!(
        world.ledger.check_notice(&node(HEFEI), &forged, at(world.minute)),
        Err(NoticeFault::Rotation)
    );
    world.notice(HEFEI, forged);
    // A vouching for one node says nothing for another.
    world.notice(HEFEI, rotate(WUJIANG, 0));
    assert_eq!(world.roster().member(&node(HEFEI)).unwrap().keys.len(), 1);
}

#[test]
fn a_revoked_key_counts_never_again_but_what_it_signed_before_stays() {
    let mut world = World::founded();
    let old = key(HEFEI, 0).public().id();
    let minute = world.minute;
    world.notice(HEFEI, rotate(HEFEI, minute));
    let two = next(&mut world, "HZ-02");
    [QINGPU, WUJIANG].iter().for_each(|code| world.sign(code, &two));
    world.sign_with(HEFEI, &two, &key(HEFEI, 1));
    world.notice(HEFEI, Notice::RevokeKey { key: key(HEFEI, 1).public().id(), reason: "遗失".into() });
    world.notice(HEFEI, Notice::RevokeKey { key: old.clone(), reason: String::new() });
    assert_eq!(world.number(), 2, "what came into force stays in force");
    let again = world.ledger.check_notice(
        &node(HEFEI),
        &Notice::RevokeKey { key: old.clone(), reason: String::new() },
        at(world.minute),
    );
    assert_eq!(again, Err(NoticeFault::NoKey(old.clone())));
    assert!(world.roster().key(&node(HEFEI), &old, at(minute - 1)).is_none());
    assert!(world.roster().is_revoked(&node(HEFEI), &old));
    let three = next(&mut world, "HZ-03");
    [QINGPU, WUJIANG].iter().for_each(|code| world.sign(code, &three));
    world.sign(HEFEI, &three);
    assert_eq!(world.number(), 2, "signed with a revoked key");
    world.sign(JIASHAN, &three);
    assert_eq!(world.number(), 3);
    // It comes back with a new key on a new card; an old card would bring back what is revoked.
    world.minute += 1;
    let fresh = Member { keys: vec![member_key(HEFEI, 2)], ..member(HEFEI) };
    let after = world.ledger.next(&node(HEFEI));
    let card = Card::sign(fresh, after, at(world.minute), &key(HEFEI, 2)).unwrap();
    let four = world.propose(QINGPU, 0, vec![Change::PutMember { card: Box::new(card) }]);
    [QINGPU, WUJIANG, JIASHAN].iter().for_each(|code| world.sign(code, &four));
    let roster = world.roster();
    let keys: Vec<_> = roster.member(&node(HEFEI)).unwrap().keys.iter().map(|k| k.key.id()).collect();
    assert_eq!(keys, [key(HEFEI, 2).public().id()]);
}

#[test]
fn what_was_said_under_a_revoked_key_is_signed_again_with_a_later_one() {
    let mut world = World::founded();
    let from = world.minute;
    world.notice(HEFEI, rotate(HEFEI, from));
    let (old, new) = (key(HEFEI, 0).public().id(), key(HEFEI, 1).public().id());
    let counts =
        |world: &World, key: &str, minute| world.roster().key(&node(HEFEI), key, at(minute)).is_some();
    assert!(!counts(&world, &new, from - 1), "the old one counts there");
    world.notice(HEFEI, Notice::RevokeKey { key: old.clone(), reason: "遗失".into() });
    assert!(!counts(&world, &old, from - 1) && counts(&world, &new, from - 1));
    // Not for what was said before the member had any key.
    let begun = world.roster().member(&node(HEFEI)).unwrap().keys[0].from;
    assert!(world.roster().key(&node(HEFEI), &new, begun - jiff::SignedDuration::from_secs(1)).is_none());
}

#[test]
fn addresses_and_liaisons_change_at_once_and_a_newer_card_has_them() {
    let mut world = World::founded();
    world.notice(HEFEI, Notice::Move { addresses: vec!["https://moved.example".into()] });
    world.notice(HEFEI, Notice::Move { addresses: vec!["https://user:pass@inside.example".into()] });
    world.notice(HEFEI, Notice::Liaisons { liaisons: vec![] });
    let hefei = world.roster().member(&node(HEFEI)).unwrap();
    assert_eq!(hefei.addresses, ["https://moved.example"]);
    assert!(hefei.liaisons.is_empty());
    assert_eq!(world.number(), 1);
    let after = world.ledger.next(&node(HEFEI));
    let newer = Member { addresses: vec!["https://newer.example".into()], ..member(HEFEI) };
    let card = Card::sign(newer, after, at(world.minute), &key(HEFEI, 0)).unwrap();
    let two = world.propose(QINGPU, 0, vec![Change::PutMember { card: Box::new(card) }]);
    FOUR.iter().for_each(|code| world.sign(code, &two));
    assert_eq!(world.roster().member(&node(HEFEI)).unwrap().addresses, ["https://newer.example"]);
}

#[test]
fn who_left_is_out_at_once_and_comes_back_only_by_a_new_card() {
    let mut world = World::founded();
    let two = next(&mut world, "HZ-02");
    [QINGPU, WUJIANG].iter().for_each(|code| world.sign(code, &two));
    world.notice(HEFEI, Notice::Leave { reason: "机构改革".into() });
    assert!(world.roster().member(&node(HEFEI)).is_none());
    let gone = world.roster().former(&node(HEFEI)).unwrap();
    assert!(!gone.expelled && gone.grounds == "机构改革");
    world.sign(HEFEI, &two);
    assert_eq!(world.number(), 1, "no voice after leaving");
    assert_eq!(world.ledger.compact().proposed(&two.result).unwrap().missing, [node(JIASHAN)]);
    world.sign(JIASHAN, &two);
    assert_eq!(world.number(), 2);
    let stale = vec![Change::PutMember {
        card: Box::new(card(Member { superior: "市局".into(), ..member(HEFEI) })),
    }];
    let three = world.propose(QINGPU, 0, stale);
    [QINGPU, WUJIANG, JIASHAN].iter().for_each(|code| world.sign(code, &three));
    assert_eq!(world.number(), 3);
    assert!(world.roster().member(&node(HEFEI)).is_none(), "the card was written before it left");
    let after = world.ledger.next(&node(HEFEI));
    let fresh = Card::sign(member(HEFEI), after, at(world.minute), &key(HEFEI, 0)).unwrap();
    let four = world.propose(QINGPU, 0, vec![Change::PutMember { card: Box::new(fresh) }]);
    [QINGPU, WUJIANG, JIASHAN].iter().for_each(|code| world.sign(code, &four));
    assert!(world.roster().member(&node(HEFEI)).is_some());
    assert!(world.roster().former(&node(HEFEI)).is_none());
}
