//! How epochs come into force, and what is refused.

use super::kit::*;
use lianzhi_exchange::compact::*;
use lianzhi_ids::Digest;

#[test]
fn a_compact_is_in_force_when_k_provinces_and_its_founder_countersigned() {
    let mut world = World::new();
    let first = world.propose(QINGPU, 0, founding());
    for code in [WUJIANG, JIASHAN, HEFEI] {
        world.sign(code, &first);
    }
    assert_eq!(world.number(), 0, "the founder has not countersigned");
    world.sign(QINGPU, &first);
    assert_eq!(world.number(), 1);
    let roster = world.roster();
    assert_eq!(roster.digest, first.result);
    assert_eq!(roster.epoch.members.len(), 4);
    let (from, to) = (node(QINGPU), node(WUJIANG));
    let day = "2026-01-01".parse().unwrap();
    assert_eq!(roster.entries_for(Form::Lead, &from, &to, Some("E01"), day).count(), 1);
    assert_eq!(roster.entries_for(Form::Away, &from, &to, None, day).count(), 0);
}

#[test]
fn only_the_founder_proposes_the_first_epoch() {
    let mut world = World::new();
    let proposal = world.propose(WUJIANG, 0, founding());
    FOUR.iter().for_each(|code| world.sign(code, &proposal));
    assert_eq!(world.number(), 0);
    assert_eq!(world.ledger.compact().void[0].why, ChangeError::Parent);
}

#[test]
fn the_next_epoch_needs_k_provinces_of_its_parent() {
    let mut world = World::founded();
    let next = world.propose(HEFEI, 0, vec![put_entry(entry("HZ-02"))]);
    world.sign(QINGPU, &next);
    world.sign(WUJIANG, &next);
    let standing = world.ledger.compact().proposed(&next.result).unwrap();
    assert_eq!((standing.phase, standing.provinces, standing.needed), (Phase::Open, 2, 3));
    assert_eq!(standing.missing, [node(JIASHAN), node(HEFEI)]);
    world.sign(HEFEI, &next);
    assert_eq!(world.number(), 2);
    assert_eq!(world.phase(&next), Phase::InForce);
}

#[test]
fn a_second_signature_does_not_count_and_is_proof() {
    let mut world = World::founded();
    let one = world.propose(HEFEI, 0, vec![put_entry(entry("HZ-02"))]);
    let two = world.propose(WUJIANG, 0, vec![put_entry(entry("HZ-03"))]);
    world.sign(QINGPU, &one);
    world.sign(WUJIANG, &one);
    world.sign(JIASHAN, &two);
    world.sign(HEFEI, &two);
    world.sign(QINGPU, &two);
    assert_eq!(world.number(), 1, "two of four for each");
    let double = &world.ledger.compact().double;
    assert_eq!(double.len(), 1);
    assert_eq!((double[0].first.epoch, double[0].second.epoch), (one.result, two.result));
    assert!(
        double[0].first.verify(key(QINGPU, 0).public()) && double[0].second.verify(key(QINGPU, 0).public())
    );
}

#[test]
fn when_voices_are_split_for_good_the_next_round_opens() {
    let mut world = World::founded();
    let one = world.propose(HEFEI, 0, vec![put_entry(entry("HZ-02"))]);
    let two = world.propose(WUJIANG, 0, vec![put_entry(entry("HZ-03"))]);
    let early = world.propose(WUJIANG, 1, vec![put_entry(entry("HZ-04"))]);
    world.sign(QINGPU, &one);
    world.sign(WUJIANG, &one);
    world.sign(JIASHAN, &two);
    FOUR.iter().for_each(|code| world.sign(code, &early));
    assert_eq!((world.number(), world.phase(&early)), (1, Phase::Early), "HEFEI may still decide round 0");
    world.sign(HEFEI, &two);
    assert_eq!(world.number(), 2, "now round 1 counts");
    assert_eq!(world.phase(&early), Phase::InForce);
    assert_eq!((world.phase(&one), world.phase(&two)), (Phase::Lost, Phase::Lost));
}

#[test]
fn who_declines_frees_the_others_for_another_round() {
    let mut world = World::founded();
    let one = world.propose(HEFEI, 0, vec![put_entry(entry("HZ-02"))]);
    world.sign(QINGPU, &one);
    world.sign(WUJIANG, &one);
    for code in [JIASHAN, HEFEI] {
        world.say(code, &Act::Decline { epoch: one.result, grounds: "期限太短".into() });
    }
    assert_eq!(world.phase(&one), Phase::Lost);
    assert_eq!(world.ledger.compact().round, 1);
    world.sign(JIASHAN, &one);
    assert_eq!(world.number(), 1, "a declined epoch cannot be countersigned afterwards");
    let two = world.propose(HEFEI, 1, vec![put_entry(entry("HZ-03"))]);
    [QINGPU, WUJIANG, HEFEI].iter().for_each(|code| world.sign(code, &two));
    assert_eq!(world.number(), 2);
}

#[test]
fn a_province_with_two_signatories_speaks_when_both_do() {
    let mut world = World::founded();
    let second = Member { name: "嘉兴执法局".into(), ..member("330400") };
    let two = world.propose(QINGPU, 0, vec![put(second)]);
    FOUR.iter().for_each(|code| world.sign(code, &two));
    let three = world.propose(QINGPU, 0, vec![put_entry(entry("HZ-05"))]);
    [QINGPU, WUJIANG, JIASHAN].iter().for_each(|code| world.sign(code, &three));
    assert_eq!(world.number(), 2, "one of two is not more than half of Zhejiang's voices");
    world.sign("330400", &three);
    assert_eq!(world.number(), 3);
}

#[test]
fn foreign_and_forged_signatures_do_not_count() {
    let mut world = World::founded();
    let next = world.propose(HEFEI, 0, vec![put_entry(entry("HZ-02"))]);
    world.sign(QINGPU, &next);
    world.sign(WUJIANG, &next);
    world.sign_with(HEFEI, &next, &key(QINGPU, 0));
    let mut foreign = Countersignature::sign(node(JIASHAN), &next, &key(JIASHAN, 0)).unwrap();
    world.say(QINGPU, &Act::Countersign { countersignature: foreign.clone() });
    foreign.signature.value = vec![0; 64];
    world.say(JIASHAN, &Act::Countersign { countersignature: foreign });
    assert_eq!(world.number(), 1);
}

#[test]
fn what_came_of_a_proposal_must_be_what_it_says() {
    let mut world = World::founded();
    let mut lie = world.draft(0, vec![put_entry(entry("HZ-02"))]).unwrap();
    lie.changes = vec![Change::RemoveMember { node: node(HEFEI), expelled: true, grounds: "无".into() }];
    world.say(QINGPU, &Act::Propose { proposal: Box::new(lie.clone()) });
    FOUR.iter().for_each(|code| world.sign(code, &lie));
    assert_eq!(world.number(), 1);
    assert_eq!(world.ledger.compact().void[0].why, ChangeError::Digest);
}

#[test]
fn changes_that_break_a_rule_are_refused_with_words() {
    let world = World::founded();
    let refused = |changes: Vec<Change>| {
        let why = world.draft(0, changes).unwrap_err();
        assert!(!why.to_string().is_empty());
        why
    };
    let mute = Member { signatory: false, ..member(HEFEI) };
    assert!(matches!(refused(vec![put(mute)]), ChangeError::Epoch(EpochFault::NoSignatory(_))));
    let low = Change::SetK { k: 2 };
    assert!(matches!(refused(vec![low]), ChangeError::Epoch(EpochFault::Threshold { k: 2, n: 4 })));
    assert!(matches!(refused(vec![Change::SetK { k: 5 }]), ChangeError::Epoch(EpochFault::Threshold { .. })));
    assert_eq!(refused(vec![]), ChangeError::Count);
    assert_eq!(refused(vec![Change::SetK { k: 3 }]), ChangeError::Nothing);
    let k = Change::SetK { k: 4 };
    assert!(matches!(refused(vec![k.clone(), k]), ChangeError::Twice(_)));
    let mut forged = card(member("330400"));
    forged.member.name = "另一个局".into();
    assert!(matches!(refused(vec![Change::PutMember { card: Box::new(forged) }]), ChangeError::Card(_)));
    let stolen = Member { keys: member(QINGPU).keys, ..member("330400") };
    let stolen = Card::sign(stolen, 0, at(0), &key(QINGPU, 0)).unwrap();
    assert!(matches!(
        refused(vec![Change::PutMember { card: Box::new(stolen) }]),
        ChangeError::Epoch(EpochFault::SharedKey(..))
    ));
    let out = Change::RemoveMember { node: node(HEFEI), expelled: true, grounds: String::new() };
    assert_eq!(refused(vec![out]), ChangeError::Grounds);
    let stranger = ListEntry { parties: vec![node(QINGPU), node("350100")], ..entry("HZ-02") };
    assert!(matches!(refused(vec![put_entry(stranger)]), ChangeError::Epoch(EpochFault::Stranger(..))));
    let other = ListEntry { purpose: "别的事".into(), ..entry("HZ-01") };
    assert!(matches!(refused(vec![put_entry(other)]), ChangeError::Reused(..)));
    let none = Change::RemovePair { a: node(QINGPU), b: node(HEFEI) };
    assert!(matches!(refused(vec![none]), ChangeError::NoPair(..)));
    assert!(matches!(refused(vec![Change::RemoveEntry { id: "HZ-9".into() }]), ChangeError::NoEntry(_)));
    let own = Pair { a: node(QINGPU), b: node(QINGPU), purpose: String::new() };
    assert!(matches!(refused(vec![Change::PutPair { pair: own }]), ChangeError::Epoch(EpochFault::Pair(..))));
}

#[test]
fn a_number_stays_with_its_purpose_after_the_entry_is_gone() {
    let mut world = World::founded();
    let was = world.roster().epoch.list[0].clone();
    let two = world.propose(QINGPU, 0, vec![Change::RemoveEntry { id: "HZ-01".into() }]);
    FOUR.iter().for_each(|code| world.sign(code, &two));
    assert!(world.roster().epoch.list.is_empty());
    assert_eq!(world.roster().entry(&was.digest()), Some(&was), "dockets opened under it go on");
    let other = ListEntry { purpose: "别的事".into(), ..entry("HZ-01") };
    assert!(matches!(world.draft(0, vec![put_entry(other)]), Err(ChangeError::Reused(..))));
    let back = world.propose(QINGPU, 0, vec![put_entry(entry("HZ-01"))]);
    FOUR.iter().for_each(|code| world.sign(code, &back));
    assert!(world.roster().past.is_empty());
}

#[test]
fn who_is_removed_takes_pairs_and_parties_along() {
    let mut world = World::founded();
    let pair = |a, b| Change::PutPair { pair: Pair { a: node(a), b: node(b), purpose: String::new() } };
    let two = ListEntry { parties: vec![node(HEFEI), node(QINGPU)], ..entry("HZ-02") };
    let three = ListEntry { parties: vec![node(HEFEI), node(QINGPU), node(WUJIANG)], ..entry("HZ-03") };
    let changes = vec![pair(WUJIANG, QINGPU), pair(HEFEI, QINGPU), put_entry(two), put_entry(three)];
    let next = world.propose(QINGPU, 0, changes);
    FOUR.iter().for_each(|code| world.sign(code, &next));
    let pairs = &world.roster().epoch.pairs;
    assert_eq!(pairs.len(), 2);
    assert!(pairs.iter().all(|p| p.a < p.b), "a pair has one spelling");
    let out =
        Change::RemoveMember { node: node(HEFEI), expelled: true, grounds: "泄露个人信息".into() };
    let words = out.words(&world.roster().epoch);
    assert!(
        words.contains("除名") && words.contains("泄露个人信息") && words.contains("1 项结对"),
        "{words}"
    );
    assert!(words.contains("2 项清单"), "{words}");
    let next = world.propose(QINGPU, 0, vec![out]);
    [QINGPU, WUJIANG, JIASHAN].iter().for_each(|code| world.sign(code, &next));
    let roster = world.roster();
    assert!(roster.member(&node(HEFEI)).is_none());
    assert!(roster.former(&node(HEFEI)).unwrap().expelled);
    assert_eq!(roster.epoch.pairs.len(), 1);
    let ids: Vec<_> = roster.epoch.list.iter().map(|e| (e.id.as_str(), e.parties.len())).collect();
    assert_eq!(ids, [("HZ-01", 0), ("HZ-03", 2)]);
    assert_eq!(roster.past.len(), 2);
    let late = world.draft(0, vec![Change::SetTitle { title: "改名".into() }]).unwrap();
    world.say(HEFEI, &Act::Propose { proposal: Box::new(late) });
    assert!(world.ledger.compact().open.is_empty(), "who is out proposes nothing");
}

#[test]
fn differences_are_said_in_words() {
    let world = World::founded();
    let epoch = &world.roster().epoch;
    let amended = ListEntry { term_days: 15, forms: vec![Form::Lead], ..entry("HZ-01") };
    let words = put_entry(amended).words(epoch);
    assert!(words.contains("期限由“10 个工作日，紧急 3 个工作日”改为“15 个工作日"), "{words}");
    assert!(words.contains("协作方式由“线索移送、协助调查”改为“线索移送”"), "{words}");
    let moved = Member { addresses: vec!["https://new.example".into()], ..member(HEFEI) };
    let words = put(moved).words(epoch);
    assert_eq!(
        words,
        "修改成员 皖·340100执法局：交换地址由“https://n340100.example”改为“https://new.example”"
    );
    let joins = put(member("330400")).words(epoch);
    assert!(joins.contains("新增成员 浙·330400执法局") && joins.contains("密钥指纹"), "{joins}");
    let pair = Pair { a: node(HEFEI), b: node(QINGPU), purpose: "互学".into() };
    let words = Change::PutPair { pair }.words_first(&|node| epoch.member_title(node));
    assert_eq!(words, "皖·340100执法局 与 沪·310118执法局 结对共建：互学");
    assert_eq!(Change::SetK { k: 4 }.words(epoch), "会签门槛由 3 个省份改为 4 个");
}

#[test]
fn an_epoch_has_one_spelling() {
    let world = World::founded();
    let epoch = &world.ledger.compact().in_force().unwrap().epoch;
    let sealed = epoch.seal();
    assert_eq!(Epoch::parse(&sealed.bytes).unwrap(), *epoch);
    let spaced = sealed.bytes.replacen(',', ", ", 1);
    assert_eq!(Epoch::parse(&spaced), Err(EpochFault::Form));
    let later = sealed.bytes.replacen("\"v\":1", "\"v\":2,\"new\":0", 1);
    assert_eq!(Epoch::parse(&later), Err(EpochFault::Version(2)));
    assert_ne!(sealed.digest, Digest::ZERO);
}

#[test]
fn a_card_shows_what_people_compare() {
    let card = card(member(WUJIANG));
    card.verify().unwrap();
    let text = card.fingerprints();
    assert!(text.contains("苏·320509执法局（320509）") && text.contains("SM2/SM3 国密"), "{text}");
    assert!(text.contains(&key(WUJIANG, 0).public().fingerprint()));
    let other = Card::sign(member(WUJIANG), 0, at(0), &key(HEFEI, 0)).unwrap();
    assert!(matches!(other.verify(), Err(CardError::Signature(_))));
}
