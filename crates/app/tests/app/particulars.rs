//! Personal particulars: sealed, looked at with a line for each look, erased without a trace.

use crate::kit::intact;
use lianzhi_app::rebuild::rebuild;
use lianzhi_app::{AccessQuery, Caller, ListQuery};
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_procedure::RefusalKind;
use lianzhi_testkit::{Node, Place, city};
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Whether a text lies anywhere in the database, as it is or as hex digits.
async fn lies_in(place: &Place, text: &str) -> bool {
    let plain = text.as_bytes().to_vec();
    let hexed = hex::encode(text).into_bytes();
    let found = |stored: &[u8], wanted: &[u8]| stored.windows(wanted.len()).any(|w| w == wanted);
    place.everything_stored().await.iter().any(|stored| found(stored, &plain) || found(stored, &hexed))
}

pub async fn particulars_are_nowhere_in_plain(place: &Place) {
    let node = Node::new(place).await;
    let receipt = node.report("店外摆摊占道", 0).await;
    let id = DocketId(receipt.id);
    node.done("officer-a1", receipt.id, json!({ "command": "accept" })).await;
    node.app.contact(&node.as_("officer-a1"), id, "核实地点").await.unwrap();
    for secret in ["张小三", "13800001234"] {
        assert!(!lies_in(place, secret).await, "{secret} lies in the database");
    }
    assert!(lies_in(place, "沪青2026-000001").await, "the search itself finds what is there");
    for entry in node.app.store().journal.docket(id).await.unwrap() {
        let text = String::from_utf8(entry.bytes).unwrap();
        assert!(!text.contains("张小三") && !text.contains("1380000") && !text.contains("占道"), "{text}");
    }
    // What staff see of the matter has no particulars until they ask for them.
    let view = node.app.matter(&node.as_("officer-a1"), id).await.unwrap();
    let said = format!("{:?} {:?} {:?}", view.row, view.record, view.narrative);
    assert!(!said.contains("张小三") && !said.contains("13800001234"));
    let public =
        serde_json::to_string(&node.app.follow(&receipt.number, &receipt.follow_code).await.unwrap())
            .unwrap();
    assert!(!public.contains("张小三") && !public.contains("13800001234") && !public.contains("队员甲一"));
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);
impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_that_is_printed_for_debugging_has_particulars() {
    let said = Said::default();
    let writer = said.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    lianzhi_testkit::run(Place::sqlite(), async |place| {
        let node = Node::new(place).await;
        let input = node.input("店外摆摊占道", 0);
        tracing::debug!(?input, "whoever prints an input prints no contact");
        let receipt = node.report("店外摆摊占道", 0).await;
        node.app.contact(&node.as_("officer-a1"), DocketId(receipt.id), "核实").await.unwrap();
        node.command("officer-b1", receipt.id, json!({ "command": "accept" })).await.unwrap_err();
        node.app.integrate_log().await;
        let contact = lianzhi_procedure::Text::from("13800001234".to_owned());
        tracing::debug!(?contact, "a text prints its length");
    })
    .await;
    let said = String::from_utf8_lossy(&said.0.lock().unwrap()).into_owned();
    assert!(said.contains("Plain(11 characters)"), "nothing was logged at all");
    for secret in ["张小三", "13800001234"] {
        assert!(!said.contains(secret), "{secret} was logged");
    }
}

pub async fn every_look_at_a_contact_has_its_line(place: &Place) {
    let node = Node::new(place).await;
    let id = DocketId(node.report("店外摆摊", 0).await.id);
    let looks = async || {
        let query = AccessQuery { docket: Some(id), ..AccessQuery::default() };
        node.app.access_log(&node.as_("auditor"), &query, 100).await.unwrap()
    };
    for who in ["officer-a2", "auditor", "leader", "admin"] {
        assert!(node.app.contact(&node.as_(who), id, "看看").await.is_err(), "{who}");
    }
    assert_eq!(node.app.contact(&node.as_("officer-a1"), id, " ").await.unwrap_err().field, Some("why"));
    assert_eq!(
        node.app.contact(&Caller::public(""), id, "看看").await.unwrap_err().kind,
        RefusalKind::Missing
    );
    assert!(looks().await.is_empty(), "nothing was shown");
    for n in 1..=2 {
        let contact = node.app.contact(&node.as_("officer-a1"), id, "电话核实地点").await.unwrap();
        assert_eq!((contact.name.as_str(), contact.phone.as_str()), ("张小三", "13800001234"));
        let lines = looks().await;
        assert_eq!(lines.len(), n);
        assert_eq!((lines[0].actor.as_str(), lines[0].action.as_str()), ("person:officer-a1", "particulars"));
        assert!(lines[0].detail.contains("电话核实地点") && lines[0].detail.contains("127.0.0.1"));
    }
    // Searching by name or telephone is for those entitled, and has its line too.
    let by = |person: &str| ListQuery { person: Some(person.into()), ..ListQuery::default() };
    for person in ["张小三", "13800001234", "0001234"] {
        assert_eq!(
            node.app.list(&node.as_("hotline"), &by(person), None, 10).await.unwrap().rows.len(),
            1,
            "{person}"
        );
    }
    assert!(node.app.list(&node.as_("hotline"), &by("李小四"), None, 10).await.unwrap().rows.is_empty());
    assert_eq!(
        node.app.list(&node.as_("officer-a1"), &by("张小三"), None, 10).await.unwrap_err().kind,
        RefusalKind::Forbidden
    );
    let query = AccessQuery { actor: Some("person:hotline".into()), ..AccessQuery::default() };
    assert_eq!(node.app.access_log(&node.as_("auditor"), &query, 100).await.unwrap().len(), 4);
    assert!(node.app.access_log(&node.as_("officer-a1"), &query, 100).await.is_err());
}

pub async fn what_is_erased_is_gone_and_the_record_still_folds(place: &Place) {
    let node = Node::new(place).await;
    let receipt = node.report("紫藤花架下有人烧烤", 0).await;
    let other = node.report("路灯不亮", 1).await;
    let id = DocketId(receipt.id);
    node.handle("officer-a1", receipt.id).await;
    node.done("admin", receipt.id, json!({ "command": "erase", "reason": "本人申请" })).await;

    let query = |q: &str| ListQuery { q: Some(q.into()), ..ListQuery::default() };
    let by = ListQuery { person: Some("13800001234".into()), ..ListQuery::default() };
    assert!(
        node.app.list(&node.as_("dispatcher"), &query("紫藤花架"), None, 10).await.unwrap().rows.is_empty()
    );
    let found = node.app.list(&node.as_("dispatcher"), &by, None, 10).await.unwrap().rows;
    assert_eq!(found.iter().map(|r| r.id.0).collect::<Vec<_>>(), [other.id], "only the other one");
    let row = node.row(receipt.id).await;
    assert!(row.complainant.is_none() && !row.title.contains("紫藤") && row.address.is_empty(), "{row:?}");
    assert!(!lies_in(place, "紫藤花架").await, "it lies in the database still");
    assert!(node.app.contact(&node.as_("officer-a1"), id, "核实").await.is_err());
    let view = node.app.matter(&node.as_("dispatcher"), id).await.unwrap();
    assert_eq!(view.narrative, lianzhi_app::Narrative::default());
    assert_eq!(view.row.stage, "to_verify", "what happened is still known");
    let digests: Vec<_> = node
        .app
        .store()
        .journal
        .all_parts(None, 1_000)
        .await
        .unwrap()
        .into_iter()
        .filter(|p| p.docket == id && (p.kind == "contact" || p.kind == "narrative"))
        .collect();
    assert_eq!(digests.len(), 2);
    assert!(digests.iter().all(|p| p.key.is_none() && p.sealed.is_none()));

    // Made anew from the record, everything is as it was.
    let all = ListQuery::default();
    let before = node.app.list(&node.as_("dispatcher"), &all, None, 50).await.unwrap().rows;
    let code = NodeCode::parse(city::NODE).unwrap();
    rebuild(node.app.store(), &node.life.keys, &code, |_, _| {}).await.unwrap();
    node.app.reload().await.unwrap();
    assert_eq!(node.app.list(&node.as_("dispatcher"), &all, None, 50).await.unwrap().rows, before);
    assert!(
        node.app.list(&node.as_("dispatcher"), &query("紫藤花架"), None, 10).await.unwrap().rows.is_empty()
    );
    assert_eq!(node.app.list(&node.as_("dispatcher"), &query("路灯"), None, 10).await.unwrap().rows.len(), 1);
    intact(&node).await;
}

pub async fn only_parts_of_the_matter_itself_are_erased_through_it(place: &Place) {
    let node = Node::new(place).await;
    let (one, other) = (node.report("店外摆摊", 0).await.id, node.report("路灯不亮", 1).await.id);
    let parts = node.app.store().journal.all_parts(None, 1_000).await.unwrap();
    let foreign: Vec<_> = parts.iter().filter(|p| p.docket.0 == other).map(|p| p.digest).collect();
    let command = json!({ "command": "erase", "parts": foreign, "reason": "本人申请" });
    assert_eq!(node.command("admin", one, command).await.unwrap_err().field, Some("parts"));
    let after = node.app.store().journal.all_parts(None, 1_000).await.unwrap();
    assert_eq!(parts, after);
}

pub async fn an_erasure_reaches_what_was_split_off(place: &Place) {
    let node = Node::new(place).await;
    let mut input = node.input("紫藤花架下有人烧烤", 0);
    input.place.address = Some("青麓弄 77 号".into());
    let first = node.app.report(&Caller::public("198.51.100.7"), input, None).await.unwrap().id;
    let split = json!({ "command": "split", "note": "花架旁还有乱张贴", "category": city::POSTER });
    node.done("officer-a1", first, split).await;
    let all = node.app.list(&node.as_("dispatcher"), &ListQuery::default(), None, 10).await.unwrap().rows;
    let second = all.iter().find(|r| r.id.0 != first).unwrap().id.0;
    // And once more from there.
    node.done("dispatcher", second, json!({ "command": "split", "note": "另一处" })).await;
    assert!(lies_in(place, "青麓弄").await && node.row(second).await.address.contains("青麓弄"));

    node.done("admin", first, json!({ "command": "erase", "reason": "本人申请" })).await;
    assert!(!lies_in(place, "青麓弄").await, "it lies in the database still");
    let query = ListQuery { q: Some("青麓弄".into()), ..ListQuery::default() };
    let found = async || node.app.list(&node.as_("dispatcher"), &query, None, 10).await.unwrap().rows;
    assert!(found().await.is_empty());
    for id in [first, second] {
        assert_eq!(node.row(id).await.address, "");
        let view = node.app.matter(&node.as_("dispatcher"), DocketId(id)).await.unwrap();
        assert_eq!(view.narrative, lianzhi_app::Narrative::default());
        assert_eq!(node.events(id).await.last().map(String::as_str), Some("erased"));
    }
    // Nor does it propose repeats by it, nor come back when all is made anew.
    let rows =
        async || node.app.list(&node.as_("dispatcher"), &ListQuery::default(), None, 50).await.unwrap().rows;
    let before = rows().await;
    let code = NodeCode::parse(city::NODE).unwrap();
    rebuild(node.app.store(), &node.life.keys, &code, |_, _| {}).await.unwrap();
    node.app.reload().await.unwrap();
    assert_eq!(rows().await, before);
    assert!(found().await.is_empty() && !lies_in(place, "青麓弄").await);
    intact(&node).await;
}

pub async fn a_hundred_texts_are_all_found_and_all_erased(place: &Place) {
    let node = Node::new(place).await;
    let id = node.report("店外摆摊", 0).await.id;
    for n in 0..50 {
        node.done(
            "officer-a1",
            id,
            json!({ "command": "add", "note": format!("第{n}次到场，店主程翠屏不在") }),
        )
        .await;
    }
    let query = ListQuery { q: Some("第49次到场".into()), ..ListQuery::default() };
    let found = async || node.app.list(&node.as_("dispatcher"), &query, None, 10).await.unwrap().rows.len();
    assert_eq!(found().await, 1);
    node.done("admin", id, json!({ "command": "erase", "everything": true, "reason": "本人申请" })).await;
    assert_eq!(found().await, 0);
    assert!(!lies_in(place, "程翠屏").await);
    let parts = node.app.store().journal.all_parts(None, 1_000).await.unwrap();
    let of_matter: Vec<_> = parts.iter().filter(|p| p.docket.0 == id).collect();
    assert!(of_matter.len() > 50 && of_matter.iter().all(|p| p.key.is_none() && p.sealed.is_none()));
    intact(&node).await;
}
