//! 个人信息保护法 47 across members: what is erased at its author is gone everywhere, or kept by a stated law.

use lianzhi_app::ports::{Filter, Order, Outcome, Sight};
use lianzhi_app::rebuild::rebuild;
use lianzhi_app::verify::verify_node;
use lianzhi_docket::verify::Expect;
use lianzhi_ids::DocketId;
use lianzhi_procedure::Kind;
use lianzhi_procedure::cooperation::{Erasure, ErasureAnswer, file_of};
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

/// Words that stand nowhere else.
const NAME: &str = "程翠屏";
const TEXT: &str = "紫藤花架下堆放";
const ADDRESS: &str = "青麓弄 77 号";

async fn arrived(from: &Site, to: &Site, id: DocketId) -> DocketId {
    until("the matter arrives", async || to.docket_of(from, id).await.is_some()).await;
    to.docket_of(from, id).await.unwrap()
}

async fn erasures(site: &Site, id: DocketId) -> Vec<Erasure> {
    let rows = site.node.app.store().journal.docket(id).await.unwrap();
    let live = lianzhi_app::project::fold(&rows).unwrap().unwrap();
    file_of(&live.state).unwrap().erasures()
}

/// Whether words lie anywhere in a member's database.
async fn lies_in(place: &Place, words: &str) -> bool {
    place.everything_stored().await.iter().any(|row| row.windows(words.len()).any(|w| w == words.as_bytes()))
}

/// How many parts of a docket can still be opened.
async fn readable(site: &Site, id: DocketId, kind: &str) -> usize {
    let parts = site.node.app.store().journal.all_parts(None, 1_000).await.unwrap();
    parts.iter().filter(|p| p.docket == id && p.kind == kind && p.key.is_some()).count()
}

fn everything() -> Filter {
    Filter {
        sight: Sight::All,
        kind: None,
        stages: vec![],
        category: None,
        units: vec![],
        assignee: None,
        source: None,
        open: None,
        overdue: None,
        ids: vec![],
        bbox: None,
        cells: vec![],
        placed: None,
        q: None,
        secret: vec![],
        updated_since: None,
        reported_from: None,
        reported_to: None,
        outcome: Outcome::default(),
        now: 0,
    }
}

async fn rows(site: &Site) -> Vec<lianzhi_app::ports::MatterRow> {
    let filter = everything();
    site.node.app.store().queries.list(&filter, Order::Newest, None, 50).await.unwrap().rows
}

async fn intact(site: &Site) {
    let expect = Expect::of(site.code.clone(), site.node.app.log().verifier_key().clone());
    site.node.app.integrate_log().await;
    let keys = site.node.life.keys.clone();
    let mut report = verify_node(site.node.app.store(), Some(keys), expect, |_, _| ()).await.unwrap();
    // The kit puts the roster in force without a docket.
    report.projections.retain(|found| !found.starts_with("名录 compact"));
    assert!(report.is_intact(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_reaches_all_who_received_it_and_comes_back_confirmed() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let words = json!({ "particulars": NAME, "text": format!("{TEXT}渣土"), "place": ADDRESS });
    let id = a.send(Kind::Lead, &["320509"], words).await.unwrap();
    let there = arrived(a, b, id).await;
    // The receiver took it on as a report of its own, with the words in it.
    b.done("liaison", there, json!({ "command": "register" })).await;
    b.done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
    b.done("handler", there, json!({ "command": "accept", "open": true })).await;
    let all = rows(b).await;
    let local = all.iter().find(|row| row.kind == "report").unwrap().id;
    for place in &places {
        assert!(lies_in(place, "青麓弄").await, "the row shows where");
    }
    // Erased here at once.
    a.done("reviewer", id, json!({ "command": "erase", "scope": "everything", "reason": "本人申请" })).await;
    assert_eq!((readable(a, id, "particulars").await, readable(a, id, "letter").await), (0, 0));
    assert_eq!(
        (a.node.row(id.0).await.title, a.node.row(id.0).await.address),
        (String::new(), String::new())
    );
    assert!(!lies_in(&places[0], "青麓弄").await && !lies_in(&places[0], TEXT).await);
    until("the request arrives", async || !erasures(b, there).await.is_empty()).await;
    let erasure = erasures(b, there).await.remove(0);
    assert_eq!(erasures(a, id).await[0].answers[&b.code], ErasureAnswer::Waiting);
    assert_eq!(readable(b, there, "particulars").await, 1, "nobody erases anything at another member");
    // Whoever asks that member for the stream gets the entry, and no longer what was erased.
    let shared = b.node.app.store().exchange.shared_of(there).await.unwrap().unwrap();
    let given = b.node.app.stream_from(&shared, &a.code, 0, &a.code).await.unwrap().unwrap();
    assert!(given.iter().all(|parcel| parcel.parts.is_empty()));
    // Erased there, with the report that was made of it.
    b.done("reviewer", there, json!({ "command": "confirm_erasure", "of": erasure.of })).await;
    assert_eq!((readable(b, there, "particulars").await, readable(b, local, "narrative").await), (0, 0));
    assert_eq!(b.node.events(local.0).await.last().map(String::as_str), Some("erased"));
    assert!(!lies_in(&places[1], "青麓弄").await && !lies_in(&places[1], TEXT).await);
    until("it is confirmed", async || {
        matches!(erasures(a, id).await[0].answers[&b.code], ErasureAnswer::Confirmed { .. })
    })
    .await;
    // Made anew from the record, everything is as it was; and the record is whole.
    for site in [a, b] {
        let before = rows(site).await;
        let keys = site.node.life.keys.clone();
        let roster = site.node.app.roster().unwrap();
        rebuild(site.node.app.store(), &keys, &site.code, |_, _| {}).await.unwrap();
        site.agree(&roster).await;
        assert_eq!(rows(site).await, before);
        intact(site).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_a_member_goes_without_what_was_erased_meanwhile() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let id = f.sites[0].send(Kind::Lead, &["320509"], json!({ "particulars": NAME })).await.unwrap();
    f.sites[0].done("reviewer", id, json!({ "command": "erase", "reason": "本人申请" })).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let there = arrived(a, b, id).await;
    until("the request arrives", async || !erasures(b, there).await.is_empty()).await;
    assert_eq!(readable(b, there, "particulars").await, 0, "it never came");
    assert!(readable(b, there, "letter").await > 0);
    // A legal hold is stated with its ground.
    let of = erasures(b, there).await[0].of;
    let hold =
        json!({ "command": "hold_erasure", "of": of, "ground": "retention", "reason": "案卷保存期限" });
    b.done("reviewer", there, hold).await;
    until("the ground is known", async || {
        matches!(&erasures(a, id).await[0].answers[&b.code], ErasureAnswer::Held { reason, .. } if reason == "案卷保存期限")
    })
    .await;
    intact(a).await;
    intact(b).await;
}
