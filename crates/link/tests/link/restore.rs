//! A member comes back from a backup: nothing that it said is lost or said otherwise.

use lianzhi_app::verify::verify_node;
use lianzhi_docket::note::SignedCheckpoint;
use lianzhi_docket::verify::{Expect, Finding};
use lianzhi_ids::{DocketId, SharedId};
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

async fn shared(site: &Site, id: DocketId) -> SharedId {
    site.node.app.store().exchange.shared_of(id).await.unwrap().unwrap()
}

async fn accepted(a: &Site, b: &Site, id: DocketId) {
    until("it arrives", async || b.docket_of(a, id).await.is_some()).await;
    let there = b.docket_of(a, id).await.unwrap();
    b.done("liaison", there, json!({ "command": "register" })).await;
    b.done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
    b.done("handler", there, json!({ "command": "accept" })).await;
    until("its acceptance is known", async || a.node.row(id.0).await.stage == "accepted").await;
}

/// The newest checkpoint of a site, once a witness has cosigned it.
async fn witnessed(site: &Site, by: &Site) -> SignedCheckpoint {
    site.node.app.integrate_log().await;
    let size = site.node.app.checkpoint().await.unwrap().size;
    let origin = format!("lianzhi/{}/log/{}", site.code, site.node.app.generation());
    let x = by.node.app.store().exchange.clone();
    until("it is witnessed", async || {
        x.witnessed(&origin).await.unwrap().is_some_and(|row| row.size == size)
    })
    .await;
    x.witnessed(&origin).await.unwrap().unwrap().note.parse().unwrap()
}

async fn intact(site: &Site, since: Option<SignedCheckpoint>) {
    let report = verified(site, since).await;
    assert!(report.is_intact(), "{report}");
}

async fn verified(site: &Site, since: Option<SignedCheckpoint>) -> lianzhi_app::verify::NodeReport {
    let key = site.node.app.log().verifier_key().clone();
    let expect = Expect { since, ..Expect::of(site.code.clone(), key) };
    let keys = site.node.life.keys.clone();
    let mut report = verify_node(site.node.app.store(), Some(keys), expect, |_, _| ()).await.unwrap();
    // The kit puts the roster in force without a docket.
    report.projections.retain(|found| !found.starts_with("名录 compact"));
    report
}

/// The local docket of a shared one.
async fn docket_at(site: &Site, id: &SharedId) -> DocketId {
    let heads = site.node.app.store().exchange.stream_heads(std::slice::from_ref(id)).await.unwrap();
    heads[0].docket
}

/// The streams of a shared docket as a site has them: author, place, digest.
async fn streams(site: &Site, id: &SharedId) -> Vec<(String, i32, lianzhi_ids::Digest)> {
    let heads = site.node.app.store().exchange.stream_heads(std::slice::from_ref(id)).await.unwrap();
    heads.into_iter().map(|row| (row.author.to_string(), row.seq, row.digest)).collect()
}

async fn comes_back(knowing: bool) {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    // Before the backup: a matter on its way, and a checkpoint that B cosigned.
    let early = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("it arrives", async || b.docket_of(a, early).await.is_some()).await;
    let before = witnessed(a, b).await;
    let backup = places[0].copy().await;
    // After it: the first matter goes on, a second is opened, all is witnessed.
    accepted(a, b, early).await;
    let late = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    accepted(a, b, late).await;
    let lost = witnessed(a, b).await;
    let (early_name, late_name) = (shared(a, early).await, shared(a, late).await);
    let number = a.node.row(late.0).await.number;
    let held = [streams(b, &early_name).await, streams(b, &late_name).await];

    f.sites[0].restore(&backup, knowing).await;
    let restored = f.sites[0].node.app.store().journal.head().await.unwrap().size;
    if knowing {
        // Nothing is recorded and nothing is signed before its neighbours were asked.
        let refused = f.sites[0].send(Kind::Lead, &["320509"], json!({})).await.unwrap_err();
        assert_eq!(refused.kind, lianzhi_procedure::RefusalKind::Busy);
        f.sites[0].node.app.integrate_log().await;
    }
    f.sites[0].begin_again();
    let [a, b] = &f.sites[..] else { panic!() };
    until("the next generation is open and all is back", async || {
        let generation = a.node.app.opened_generation();
        generation.is_some_and(|g| g.answered == std::slice::from_ref(&b.code) && g.awaited.is_empty())
    })
    .await;
    // It says what is lost and who knows of it, in the first new leaf.
    let generation = a.node.app.opened_generation().unwrap();
    assert_eq!((generation.number, generation.restored), (2, restored as u64));
    let lost_range = generation.lost.unwrap();
    assert_eq!((lost_range.from, lost_range.to), (restored as u64, lost.checkpoint.size));
    let named: SignedCheckpoint = generation.witnessed.unwrap().parse().unwrap();
    assert_eq!(named.checkpoint, lost.checkpoint);
    assert_eq!(named.witnesses(&[b.node.app.witness_key().unwrap()]).len(), 1);
    let first = a.node.app.store().journal.log(restored, 1).await.unwrap().pop().unwrap();
    assert!(String::from_utf8_lossy(&first.bytes).contains("\"register\":\"generation\""));
    // Nothing is lost, nothing is forked.
    for (name, theirs) in [&early_name, &late_name].into_iter().zip(&held) {
        assert_eq!(&streams(a, name).await, theirs);
        assert_eq!(&streams(b, name).await, theirs);
    }
    assert!(a.node.app.forks().await.unwrap().is_empty() && b.node.app.forks().await.unwrap().is_empty());
    let back = a.docket_of(b, b.docket_of(a, early).await.unwrap()).await.unwrap();
    assert_eq!(a.node.row(back.0).await.stage, "accepted");
    // Whoever drafted it pursues it again.
    let late = docket_at(a, &late_name).await;
    assert_eq!(a.node.row(late.0).await.number, number);
    assert_eq!(a.node.row(late.0).await.assignee.as_deref(), Some("handler"));
    // A new matter has a name and a number that nobody has seen.
    let new = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let name = shared(a, new).await;
    assert_eq!(name.generation, 2);
    assert!(name.id.0 > late_name.id.0);
    assert_ne!(a.node.row(new.0).await.number, number);
    accepted(a, b, new).await;
    // The kept prefix is still the one that was cosigned; both records are whole; B witnesses the new log.
    let after = witnessed(a, b).await;
    assert_eq!(after.checkpoint.origin.generation, 2);
    intact(a, Some(before)).await;
    // A checkpoint of what is lost is named as that, not as a log that was rewritten.
    let restored = restored as u64;
    let of_lost = verified(a, Some(lost.clone())).await.log.findings;
    let size = lost.checkpoint.size;
    assert_eq!(of_lost, [Finding::SinceLost { size, restored, generation: 2 }]);
    b.node.app.integrate_log().await;
    intact(b, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_member_opens_the_next_generation_and_takes_back_what_it_said() {
    comes_back(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_was_set_back_unawares_learns_it_from_what_its_witness_shows() {
    comes_back(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_matter_waits_for_its_parties_unless_an_administrator_answers_for_it() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b, c] = &f.sites[..] else { panic!() };
    let with_b = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let with_c = a.send(Kind::Lead, &["330421"], json!({})).await.unwrap();
    accepted(a, b, with_b).await;
    accepted(a, c, with_c).await;
    let backup = places[0].copy().await;
    f.sites[2].stop().await;
    f.sites[0].restore(&backup, true).await;
    // As if half a minute had passed: only B is reached.
    let app = f.sites[0].node.app.clone();
    let shown = f.sites[1].node.app.holdings_for(&f.sites[0].code, "").await.unwrap();
    app.open_generation(&shown.witnessed).await.unwrap().unwrap();
    f.sites[0].begin_again();
    let a = &f.sites[0];
    until("B has answered", async || a.node.app.awaited() == [f.sites[2].code.clone()]).await;
    let more = json!({ "command": "supplement", "note": "补充现场情况。" });
    let says = |id: DocketId| a.node.command("handler", id.0, more.clone());
    says(with_b).await.unwrap();
    let refused = says(with_c).await.unwrap_err();
    assert_eq!(refused.code, "restoring");
    a.node.app.resume(&a.node.as_("admin")).await.unwrap();
    says(with_c).await.unwrap();
    assert!(a.node.app.opened_generation().unwrap().overridden.is_some());
}
