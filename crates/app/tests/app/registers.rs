//! One docket for each key, whoever comes first and however many come at once.

use crate::kit::intact;
use futures::future::join_all;
use lianzhi_app::Caller;
use lianzhi_ids::{DocketId, UnitCode};
use lianzhi_procedure::directory::Unit;
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Node, Place, city};
use serde_json::json;

fn squad(code: &str, name: &str) -> Unit {
    Unit {
        code: UnitCode::parse(code).unwrap(),
        name: name.into(),
        parent: Some(city::unit("bureau")),
        outside: false,
        phone: String::new(),
        town: None,
        branch: String::new(),
    }
}

/// Dockets of a kind by their number.
async fn dockets(node: &Node, number: &str) -> Vec<DocketId> {
    let size = node.app.store().journal.head().await.unwrap().next_docket;
    let all: Vec<_> = (0..size).map(DocketId).collect();
    let rows = node.app.store().journal.matters(&all).await.unwrap();
    rows.into_iter().filter(|r| r.number == number).map(|r| r.id).collect()
}

pub async fn two_who_put_the_same_key_first_make_one_record_and_a_change(place: &Place) {
    let node = Node::off_duty(place).await;
    let names = ["甲队", "乙队", "丙队", "丁队"];
    let put = names.map(|name| {
        let node = node.clone();
        tokio::spawn(async move {
            node.app.put_register(&node.as_("admin"), Record::Unit(squad("squad-c", name))).await.unwrap()
        })
    });
    let done: Vec<_> = join_all(put).await.into_iter().map(Result::unwrap).collect();
    assert!(done.iter().all(|d| d.id == done[0].id));
    assert_eq!(dockets(&node, "unit:squad-c").await, [done[0].id]);
    let record = node.app.record(&Caller::system(), done[0].id).await.unwrap();
    assert_eq!(record.len(), names.len(), "each change is an entry");
    let last: Record = serde_json::from_value(record.last().unwrap().event.clone()).unwrap();
    let Record::Unit(last) = last else { panic!("{last:?}") };
    assert_eq!(node.app.directory().units[&city::unit("squad-c")].name, last.name, "the last one counts");
    // The same in one go: a table with a key twice.
    let twice = vec![Record::Unit(squad("squad-d", "戊队")), Record::Unit(squad("squad-d", "己队"))];
    node.app.put_registers(&node.as_("admin"), twice).await.unwrap();
    assert_eq!(dockets(&node, "unit:squad-d").await.len(), 1);
    intact(&node).await;
}

pub async fn the_first_two_on_duty_stand_in_one_book(place: &Place) {
    let node = Node::off_duty(place).await;
    let on = ["officer-a1", "officer-a2", "officer-a3"].map(|officer| {
        let node = node.clone();
        tokio::spawn(async move { node.on_duty(officer, "squad-a").await })
    });
    join_all(on).await.into_iter().for_each(Result::unwrap);
    assert_eq!(dockets(&node, "duty:squad-a").await.len(), 1);
    // What a report calls itself at another system is no duty book.
    let mut input = node.input("店外摆摊", 2);
    input.external =
        Some(lianzhi_procedure::report::External { system: "12345".into(), number: "duty:squad-b".into() });
    node.app.report(&node.as_("hotline"), input, None).await.unwrap();
    node.on_duty("officer-b1", "squad-b").await;
    assert_eq!(dockets(&node, "duty:squad-b").await.len(), 1);
    assert!(node.app.duty().is_on(&city::person("officer-b1")));
}

pub async fn who_is_on_duty_is_known_after_a_restart_however_many_units_there_are(place: &Place) {
    let node = Node::off_duty(place).await;
    let codes: Vec<_> = (0..210).map(|n| format!("squad-x{n}")).collect();
    let records = codes.iter().map(|code| Record::Unit(squad(code, code))).collect();
    node.app.put_registers(&node.as_("admin"), records).await.unwrap();
    let lead = json!({ "command": "lead", "person": "leader" });
    for code in &codes {
        let unit = city::unit(code);
        node.app.duty_command(&node.as_("dispatcher"), &unit, lead.clone()).await.unwrap();
    }
    let life = node.life.clone();
    let duty = life.open(place).await.app.duty();
    let leader = city::person("leader");
    let known = codes.iter().filter(|code| duty.leader(&city::unit(code)) == Some(&leader)).count();
    assert_eq!(known, codes.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_open_one_record_too() {
    lianzhi_testkit::run(Place::postgres().await, async |place| {
        let first = Node::off_duty(place).await;
        let second = first.life.open(place).await;
        for n in 0..10 {
            let code = format!("squad-y{n}");
            let put = [&first, &second].map(|node| {
                let (node, record) = (node.clone(), Record::Unit(squad(&code, &format!("第 {n} 队"))));
                tokio::spawn(async move { node.app.put_register(&node.as_("admin"), record).await.unwrap() })
            });
            join_all(put).await.into_iter().for_each(|done| drop(done.unwrap()));
            assert_eq!(dockets(&second, &format!("unit:{code}")).await.len(), 1);
        }
        intact(&second).await;
    })
    .await;
}
