//! Which member a letter is proposed to go to, and why.

use super::kit::{J, Q, W, entry, node, roster};
use lianzhi_exchange::compact::{Form, ListEntry};
use lianzhi_procedure::cooperation::{Proposed, Sought, alike, propose};
use lianzhi_territory::{Divisions, Middles, Point};

const LILI: Point = Point { lng_e6: 120_772_000, lat_e6: 31_020_000 };

fn proposed(me: &str, sought: &Sought<'_>) -> Vec<Proposed> {
    let list = vec![
        ListEntry { id: "HZ-02".into(), title: "燃气安全违法线索移送".into(), ..entry() },
        ListEntry { id: "HZ-01".into(), ..entry() },
    ];
    let day = "2026-11-29".parse().unwrap();
    let known = (&Divisions::builtin(), &Middles::builtin());
    propose(Form::Lead, sought, &node(me), &roster(list), day, known)
}

#[test]
fn by_where_the_place_lies_with_the_entry_that_speaks_of_the_conduct() {
    let words = vec![("正文", "夜间倾倒建筑垃圾三车")];
    let all = proposed(Q, &Sought { point: Some(LILI), words, ..Sought::default() });
    assert_eq!((&all[0].node, all[0].proposed), (&node(W), true));
    let reason = &all[0].reason;
    assert!(reason.starts_with("地点位于江苏省苏州市吴江区"), "{reason}");
    assert!(reason.contains("清单 HZ-01") && reason.contains("“倾倒建筑垃圾”"), "{reason}");
}

#[test]
fn by_the_town_that_the_address_names() {
    let all = proposed(Q, &Sought { place: "姚庄镇展幸路", ..Sought::default() });
    assert_eq!((&all[0].node, all[0].proposed), (&node(J), true));
    assert!(all[0].reason.contains("“姚庄镇”，属浙江省嘉兴市嘉善县"), "{}", all[0].reason);
    assert!(all[1..].iter().all(|other| !other.proposed));
}

#[test]
fn by_whom_the_text_speaks_of_when_the_place_is_our_own() {
    let sought = Sought {
        place: "黎里镇元荡路",
        point: Some(LILI),
        own_ground: true,
        words: vec![("标题", "建筑垃圾"), ("正文", "车身印有青浦一处工地的名称")],
        ..Sought::default()
    };
    let all = proposed(W, &sought);
    assert_eq!(&all[0].node, &node(Q));
    assert!(all[0].reason.starts_with("正文提到“青浦”，属上海市青浦区"), "{}", all[0].reason);
}

#[test]
fn neighbours_by_their_distance_and_the_rest_by_it_alone() {
    let sought = Sought { point: Some(LILI), own_ground: true, ..Sought::default() };
    let all = proposed(W, &sought);
    let neighbours: Vec<_> = all.iter().filter(|one| one.proposed).map(|one| &one.node).collect();
    assert_eq!(neighbours, [&node(J), &node(Q)], "the nearer first");
    assert!(all[0].reason.contains("地点在交界处，距浙江省嘉兴市嘉善县约 8 公里"), "{}", all[0].reason);
    let far = all.last().unwrap();
    assert!(!far.proposed && far.reason.starts_with("距地点约"), "{}", far.reason);
    // Nothing is known of the place: from where we are.
    let all = proposed(W, &Sought::default());
    assert!(all.iter().all(|one| !one.proposed && one.reason.starts_with("距本机关")));
}

#[test]
fn an_entry_is_alike_by_the_longest_words_in_common() {
    let entry = entry();
    assert_eq!(alike(&entry, "新倾倒建筑垃圾三车"), Some("倾倒建筑垃圾"));
    assert_eq!(alike(&entry, "无证经营"), None);
}
