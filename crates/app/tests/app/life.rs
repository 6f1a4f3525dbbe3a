//! The life of reports through the application.

use crate::kit::{intact, photo, size};
use futures::future::join_all;
use lianzhi_app::{Caller, ListQuery};
use lianzhi_ids::DocketId;
use lianzhi_procedure::RefusalKind;
use lianzhi_procedure::report::Source;
use lianzhi_testkit::{Node, Place, city};
use serde_json::json;
use std::collections::HashMap;

pub async fn a_report_goes_from_intake_to_a_named_officer_to_a_closed_provable_file(place: &Place) {
    let node = Node::new(place).await;
    let receipt = node.report("店外摆摊占了整条人行道", 0).await;
    assert_eq!(receipt.number, "沪青2026-000001");
    assert_eq!((receipt.stage.as_str(), receipt.assignee.as_deref()), ("assigned", Some("officer-a1")));
    assert_eq!(receipt.follow_code.chars().count(), 8);
    assert!(receipt.duplicates.is_empty(), "the public is told nothing of other matters");
    let id = receipt.id;

    let desk = node.app.desk(&node.as_("officer-a1"), None, 0).await.unwrap();
    assert!(desk.on_duty && desk.waiting.items.iter().any(|t| t.id.0 == id && t.what == "accept"));
    node.done("officer-a1", id, json!({ "command": "accept" })).await;
    node.done("officer-a1", id, json!({ "command": "arrive", "lng": 121.1051, "lat": 31.1049 })).await;
    let after = photo(&node, "after").await;
    let handled =
        json!({ "command": "handle", "outcome": "cleared", "note": "已劝离并清理", "after": [after] });
    node.done("officer-a1", id, handled).await;
    assert_eq!(
        node.command("officer-a1", id, json!({ "command": "verify", "passed": true }))
            .await
            .unwrap_err()
            .kind,
        RefusalKind::Forbidden
    );
    node.done("verifier", id, json!({ "command": "verify", "passed": true, "on_site": true })).await;
    node.done("officer-a1", id, json!({ "command": "answer", "text": "您好，已清理", "channel": "message" }))
        .await;
    let closed = node.done("verifier", id, json!({ "command": "close" })).await;
    assert_eq!((closed.stage.as_str(), closed.due_at), ("closed", None));

    // The reporter follows by number and code, in whatever letters, and rates.
    let view = node.app.follow(&receipt.number, &receipt.follow_code.to_lowercase()).await.unwrap();
    assert_eq!(view.answer.as_deref(), Some("您好，已清理"));
    assert!(view.steps.iter().all(|s| s.done), "{:?}", view.steps);
    for (number, code) in
        [(receipt.number.as_str(), "AAAAAAAA"), ("沪青2026-999999", receipt.follow_code.as_str())]
    {
        assert_eq!(node.app.follow(number, code).await.unwrap_err().kind, RefusalKind::Missing);
    }
    let rate = json!({ "command": "rate", "stars": 5 });
    node.app.follow_command(&receipt.number, &receipt.follow_code, rate, None).await.unwrap();
    assert_eq!(node.row(id).await.rating, Some(5));

    let matter = node.app.matter(&node.as_("captain-a"), DocketId(id)).await.unwrap();
    assert_eq!(matter.record.len(), 9);
    assert_eq!(matter.exhibits.len(), 1);
    assert!(matter.clocks.iter().all(|c| c.state == "done" && !c.arithmetic.is_empty()));
    assert_eq!(
        node.app.matter(&node.as_("captain-b"), DocketId(id)).await.unwrap_err().kind,
        RefusalKind::Missing
    );
    intact(&node).await;
}

pub async fn the_same_key_gives_the_same_answer_and_other_words_under_it_are_refused(place: &Place) {
    let node = Node::new(place).await;
    let report = async |words: &str| {
        let key = Some("3f1c9a52-key".to_owned());
        node.app.report(&node.as_("hotline"), node.input(words, 0), key).await
    };
    let before = size(&node).await;
    let answers = join_all((0..12).map(|_| report("店外摆摊"))).await;
    let first = answers[0].as_ref().unwrap();
    for answer in &answers {
        let answer = answer.as_ref().unwrap();
        assert_eq!(
            (answer.id, &answer.number, &answer.follow_code),
            (first.id, &first.number, &first.follow_code)
        );
    }
    assert_eq!(size(&node).await, before + 2, "registered and dispatched once");
    assert_eq!(report("别的事").await.unwrap_err().code, "key-reused");

    // The same words to another matter are another request.
    let other = node.report("乱设摊位", 0).await;
    let accept = async |id: i64| {
        let command = json!({ "command": "accept" });
        node.app
            .command(&node.as_("officer-a1"), DocketId(id), command, None, Some("accept-key-1".into()))
            .await
    };
    assert_eq!(accept(other.id).await.unwrap().stage, "working");
    assert_eq!(accept(other.id).await.unwrap().stage, "working", "again, the same answer");
    assert_eq!(accept(first.id).await.unwrap_err().code, "key-reused");
    // Another person's key is another key.
    let hotline =
        node.app.report(&node.as_("dispatcher"), node.input("别的事", 0), Some("3f1c9a52-key".into())).await;
    assert_ne!(hotline.unwrap().id, first.id);
    for bad in ["short", "has a space in it"] {
        assert_eq!(
            node.app
                .report(&node.as_("hotline"), node.input("x", 0), Some(bad.into()))
                .await
                .unwrap_err()
                .kind,
            RefusalKind::Invalid
        );
    }
}

pub async fn whoever_saw_an_older_record_is_told_so(place: &Place) {
    let node = Node::new(place).await;
    let id = DocketId(node.report("店外摆摊", 0).await.id);
    let seen = node.row(id.0).await.seq;
    node.done("dispatcher", id.0, json!({ "command": "add", "note": "来电补充" })).await;
    let accept = async |expected| {
        node.app
            .command(&node.as_("officer-a1"), id, json!({ "command": "accept" }), Some(expected), None)
            .await
    };
    let refusal = accept(seen).await.unwrap_err();
    assert_eq!((refusal.kind, refusal.code), (RefusalKind::Conflict, "changed-meanwhile"));
    assert_eq!(accept(seen + 1).await.unwrap().entries, seen + 2);
}

pub async fn what_is_refused_leaves_nothing(place: &Place) {
    let node = Node::new(place).await;
    let id = node.report("店外摆摊", 0).await.id;
    let before =
        (size(&node).await, node.row(id).await, node.app.store().journal.head().await.unwrap().counters);
    let mut outside = node.input("外地的事", 0);
    (outside.place.lng, outside.place.lat) = (Some(116.39), Some(39.90));
    let mut unknown = node.input("没有的类别", 0);
    unknown.category = Some("E99999".into());
    for input in [outside, unknown] {
        assert_eq!(
            node.app.report(&Caller::public(""), input, None).await.unwrap_err().kind,
            RefusalKind::Invalid
        );
    }
    for command in [
        json!({ "command": "handle", "outcome": "cleared", "note": "没到场" }),
        json!({ "command": "split", "note": "另一件", "category": "E99999" }),
        json!({ "command": "tick" }),
        json!({ "command": "no-such-command" }),
        json!("accept"),
    ] {
        node.command("officer-a1", id, command).await.unwrap_err();
    }
    let after =
        (size(&node).await, node.row(id).await, node.app.store().journal.head().await.unwrap().counters);
    assert_eq!(before, after);
    // The next number follows on: nothing was used up.
    assert_eq!(node.report("下一件", 0).await.number, "沪青2026-000002");
}

pub async fn what_is_split_off_is_a_matter_of_its_own_in_the_same_moment(place: &Place) {
    let node = Node::new(place).await;
    let id = node.report("店外摆摊，墙上还有乱张贴", 0).await.id;
    let command = json!({ "command": "split", "note": "墙上乱张贴", "category": city::POSTER });
    node.done("officer-a1", id, command).await;
    let all = node.app.list(&node.as_("dispatcher"), &ListQuery::default(), None, 10).await.unwrap().rows;
    assert_eq!(all.len(), 2);
    let new = &all[0];
    assert_eq!((new.source.as_str(), new.title.as_str()), (Source::Split.code(), "墙上乱张贴"));
    assert_eq!(new.grid, node.row(id).await.grid);
    // Each knows of the other.
    assert_eq!(node.events(id).await.last().map(String::as_str), Some("split_off"));
    for (one, other) in [(id, new.id.0), (new.id.0, id)] {
        let view = node.app.matter(&node.as_("dispatcher"), DocketId(one)).await.unwrap();
        assert_eq!(view.joined.iter().map(|r| r.id.0).collect::<Vec<_>>(), [other]);
    }
    // By its number: what is on paper and can be searched for.
    let record = node.app.record(&node.as_("dispatcher"), DocketId(id)).await.unwrap();
    assert_eq!(record.last().unwrap().title, format!("拆出办件 {}", new.number));
    let record = node.app.record(&node.as_("dispatcher"), new.id).await.unwrap();
    assert!(record[0].detail.contains(&("拆自".into(), node.row(id).await.number)), "{:?}", record[0].detail);
    intact(&node).await;
}

pub async fn closing_a_lead_closes_nothing_that_is_joined_to_it(place: &Place) {
    let node = Node::new(place).await;
    let lead = node.report("店外摆摊", 0).await;
    let repeat = node.report("同一处店外摆摊", 0).await.id;
    // Named by its number, as people do.
    node.done("dispatcher", repeat, json!({ "command": "join", "to": lead.number })).await;
    assert_eq!(node.row(repeat).await.joined_to, Some(DocketId(lead.id)));
    assert_eq!(node.events(lead.id).await.last().map(String::as_str), Some("absorbed"));
    node.handle("officer-a1", lead.id).await;
    node.done("verifier", lead.id, json!({ "command": "verify", "passed": true })).await;
    assert_eq!(node.row(repeat).await.stage, "to_answer", "it needs its own answer");
    let record = node.app.record(&node.as_("dispatcher"), DocketId(repeat)).await.unwrap();
    let told: Vec<_> = record.iter().filter(|l| l.title.contains(&lead.number)).map(|l| &l.title).collect();
    assert!(told.len() == 2 && told[0].starts_with("并入办件") && told[1].starts_with("主件"), "{told:?}");
    node.done("officer-a1", lead.id, json!({ "command": "answer", "text": "已处理", "channel": "phone" }))
        .await;
    node.done("dispatcher", lead.id, json!({ "command": "close" })).await;
    assert_eq!(
        (node.row(lead.id).await.stage.as_str(), node.row(repeat).await.stage.as_str()),
        ("closed", "to_answer")
    );

    // Joined to a lead that was verified before, it goes on at once.
    let lead = node.report("占道堆物", 1).await.id;
    let repeat = node.report("同一处占道堆物", 1).await.id;
    node.handle("officer-a2", lead).await;
    node.done("verifier", lead, json!({ "command": "verify", "passed": true })).await;
    node.done("dispatcher", repeat, json!({ "command": "join", "to": lead })).await;
    assert_eq!(node.row(repeat).await.stage, "to_answer");

    // And taken apart again it is dispatched anew.
    let (lead, repeat) = (node.report("乱晾晒", 2).await.id, node.report("乱晾晒又来", 2).await.id);
    node.done("captain-b", repeat, json!({ "command": "join", "to": lead })).await;
    node.done("captain-b", repeat, json!({ "command": "unjoin" })).await;
    assert_eq!(node.row(repeat).await.stage, "assigned");
    assert_eq!(node.events(lead).await.last().map(String::as_str), Some("released"));
    intact(&node).await;
}

pub async fn nothing_is_joined_to_itself_or_to_what_one_may_not_see(place: &Place) {
    let node = Node::new(place).await;
    let (ours, theirs) = (node.report("店外摆摊", 0).await.id, node.report("店外摆摊", 2).await.id);
    assert_eq!(
        node.command("dispatcher", ours, json!({ "command": "join", "to": ours })).await.unwrap_err().field,
        Some("to")
    );
    let number = node.row(theirs).await.number;
    for to in
        [json!(theirs), json!(number), json!(number[number.len() - 6..]), json!(999_999), json!("999999")]
    {
        let refusal =
            node.command("captain-a", ours, json!({ "command": "join", "to": to })).await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Missing);
    }
    assert_eq!(node.row(theirs).await.seq, 2, "nobody told it anything");
}

pub async fn a_hundred_reports_at_once_are_shared_out_evenly(place: &Place) {
    let node = Node::new(place).await;
    // Grid 3 has no officer of its own: two of squad-b share it.
    let texts: Vec<_> = (0..100).map(|n| format!("第 {n} 处")).collect();
    let receipts = join_all(texts.iter().map(|text| node.report(text, 2))).await;
    let mut each: HashMap<_, u32> = HashMap::new();
    for receipt in &receipts {
        *each.entry(receipt.assignee.clone().unwrap()).or_default() += 1;
    }
    assert_eq!(each, HashMap::from([("officer-b1".to_owned(), 50), ("officer-b2".to_owned(), 50)]));
    let mut numbers: Vec<_> = receipts.iter().map(|r| r.number.clone()).collect();
    numbers.sort();
    let expected: Vec<_> = (1..=100).map(|n| format!("沪青2026-{n:06}")).collect();
    assert_eq!(numbers, expected, "dense and none twice");
    intact(&node).await;
}

pub async fn a_likely_repeat_is_proposed(place: &Place) {
    let node = Node::new(place).await;
    let first = node.report("漕平路 118 号门口店外摆摊，占了人行道", 0).await;
    node.clock().minutes(30);
    let again = node.input("漕平路 118 号门口又在店外摆摊，占用人行道", 0);
    let second = node.app.report(&node.as_("hotline"), again, None).await.unwrap();
    let found = second.duplicates.iter().find(|d| d.docket.0 == first.id).expect("proposed");
    assert!(found.number == first.number && !found.reasons.is_empty());
    assert_eq!(node.row(second.id).await.joined_to, None, "a person joins, not the program");
    let far = node.app.report(&node.as_("hotline"), node.input("路灯不亮", 3), None).await.unwrap();
    assert!(far.duplicates.iter().all(|d| d.docket.0 != first.id));
    // Known again after a restart.
    drop(node.app.clone());
    let node = node.life.open(place).await;
    let third = node.input("漕平路 118 号门口店外摆摊，占了人行道", 0);
    let third = node.app.report(&node.as_("hotline"), third, None).await.unwrap();
    assert!(third.duplicates.iter().any(|d| d.docket.0 == first.id));
}

pub async fn search_finds_substrings_and_nothing_else(place: &Place) {
    let node = Node::new(place).await;
    let one = node.report("沪A12345 货车占道卸货", 0).await;
    node.report("路灯不亮", 1).await;
    let find = async |q: &str| {
        let query = ListQuery { q: Some(q.into()), ..ListQuery::default() };
        let rows = node.app.list(&node.as_("dispatcher"), &query, None, 50).await.unwrap().rows;
        rows.into_iter().map(|r| r.id.0).collect::<Vec<_>>()
    };
    for q in ["占道", "货车占道卸", "A12345", "a12345", "000001"] {
        assert_eq!(find(q).await, [one.id], "{q}");
    }
    for q in ["道占", "货车卸货", "54321", "张小三", "13800001234"] {
        assert!(find(q).await.is_empty(), "{q}");
    }
    let short = ListQuery { q: Some("占".into()), ..ListQuery::default() };
    assert_eq!(node.app.list(&node.as_("dispatcher"), &short, None, 50).await.unwrap_err().field, Some("q"));
    // What was said later is found too.
    node.done("officer-a1", one.id, json!({ "command": "add", "note": "车主自称老王" })).await;
    assert_eq!(find("自称老王").await, [one.id]);
    // Of two squads each sees its own.
    let all = ListQuery::default();
    assert_eq!(node.app.list(&node.as_("officer-b1"), &all, None, 50).await.unwrap().rows.len(), 0);
    assert_eq!(node.app.list(&node.as_("officer-a3"), &all, None, 50).await.unwrap().rows.len(), 2);
}
