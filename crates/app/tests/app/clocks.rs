//! Clocks over restarts and with machines whose clocks go wrong.

use crate::kit::{intact, size};
use jiff::SignedDuration;
use lianzhi_app::Caller;
use lianzhi_procedure::register::Record;

use lianzhi_testkit::{Node, Place};
use serde_json::json;

async fn count(node: &Node, id: i64, event: &str) -> usize {
    node.events(id).await.iter().filter(|e| *e == event).count()
}

pub async fn each_warning_once_over_restarts_and_with_the_clock_put_back(place: &Place) {
    let mut node = Node::new(place).await;
    let id = node.report("店外摆摊", 0).await.id;
    node.done("officer-a1", id, json!({ "command": "accept" })).await;
    // Arrival is due after two hours, the answer after twenty-four, handling after four of working time.
    for (minutes, warned, expired) in [(59, 0, 0), (61, 1, 0), (97, 2, 0), (121, 3, 1)] {
        node.clock().set(lianzhi_testkit::at(lianzhi_testkit::MORNING) + SignedDuration::from_mins(minutes));
        for _ in 0..2 {
            node.app.tick().await.unwrap();
            assert_eq!(count(&node, id, "clock_warned").await, warned, "minute {minutes}");
            assert_eq!(count(&node, id, "clock_expired").await, expired, "minute {minutes}");
            // The machine's clock jumps back by an hour, and then it is started again.
            node.clock().minutes(-60);
            node.app.tick().await.unwrap();
            let life = node.life.clone();
            node = life.open(place).await;
            node.app.tick().await.unwrap();
            node.clock().minutes(60);
        }
    }
    assert!(node.row(id).await.overdue);
    // Entries never go back in time.
    node.clock().minutes(-90);
    node.done("officer-a1", id, json!({ "command": "arrive" })).await;
    let times: Vec<_> = node.app.store().journal.log(0, 10_000).await.unwrap().iter().map(|e| e.at).collect();
    assert!(times.is_sorted());
    intact(&node).await;
}

pub async fn nobody_accepts_the_leader_is_told_and_it_goes_to_somebody_else(place: &Place) {
    let node = Node::new(place).await;
    let id = node.report("店外摆摊", 0).await.id;
    node.clock().minutes(9);
    node.app.tick().await.unwrap();
    assert_eq!(count(&node, id, "nudged").await, 0);
    node.clock().minutes(1);
    node.app.tick().await.unwrap();
    assert_eq!(count(&node, id, "nudged").await, 1);
    let desk = node.app.desk(&node.as_("captain-a"), None, 0).await.unwrap();
    assert!(desk.waiting.items.iter().any(|t| t.id.0 == id && t.what == "dispatch"));
    node.clock().minutes(10);
    node.app.tick().await.unwrap();
    let row = node.row(id).await;
    assert_eq!((row.stage.as_str(), row.assignee.as_deref()), ("assigned", Some("officer-a2")));
    assert_eq!(node.app.todos(&node.as_("officer-a1"), None, 0).await.unwrap().total, 0);
    // Nobody ever accepts: each has his turn, then the pool, and there it ends.
    for _ in 0..4 {
        node.clock().minutes(20);
        node.app.tick().await.unwrap();
    }
    assert_eq!(node.row(id).await.stage, "pooled");
    let before = size(&node).await;
    node.app.tick().await.unwrap();
    assert_eq!(size(&node).await, before);
    intact(&node).await;
}

const SCHEDULE_2027: &str = "# 来源：测试\n# 日期：2026-12-20\n# 许可：测试\n# covers\t2027\t测试〔2026〕1号\ndate\tkind\tname\n2027-01-01\toff\t元旦\n2027-01-04\toff\t元旦\n";

pub async fn a_provisional_term_is_computed_anew_in_the_record_when_the_schedule_is_put(place: &Place) {
    let node = Node::new(place).await;
    node.clock().set(lianzhi_testkit::at("2026-12-31T08:00:00Z"));
    let receipt = node.report("年底的店外摆摊", 0).await;
    assert!(receipt.provisional, "never silent");
    let today = lianzhi_procedure::beijing_date(node.app.now());
    let notice = node.app.directory().law.calendars().schedule_notice(today);
    assert_eq!(notice.unwrap().year, 2027, "the administrator is told in time");
    node.handle("officer-a1", receipt.id).await;
    let open = node.report("年底的另一件", 1).await;
    let schedule = Record::Law { name: "calendar/holidays-2027.tsv".into(), text: SCHEDULE_2027.into() };
    node.app.put_register(&node.as_("admin"), schedule).await.unwrap();
    assert_eq!(node.events(open.id).await.last().map(String::as_str), Some("clock_changed"));
    assert!(!node.row(open.id).await.provisional);
    assert!(!node.report("新的一件", 0).await.provisional);
    intact(&node).await;
}

pub async fn law_data_that_does_not_read_changes_nothing(place: &Place) {
    let node = Node::new(place).await;
    let before = size(&node).await;
    for (name, text) in [
        ("calendar/holidays-2027.tsv", "2027-13-01\toff\t元旦"),
        ("terms/service.toml", "about = 1"),
        ("../etc/passwd", "x"),
    ] {
        let record = Record::Law { name: name.into(), text: text.into() };
        let refusal = node.app.put_register(&node.as_("admin"), record).await.unwrap_err();
        assert!(!refusal.remedy.is_empty());
    }
    let record = Record::Law { name: "calendar/holidays-2027.tsv".into(), text: SCHEDULE_2027.into() };
    node.app.put_register(&node.as_("dispatcher"), record).await.unwrap_err();
    assert_eq!(size(&node).await, before);
    let address = Record::Addresses { name: "x".into(), text: "kind,name\nno-such-kind,漕平路".into() };
    node.app.put_register(&Caller::system(), address).await.unwrap_err();
}
