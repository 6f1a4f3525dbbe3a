//! A key is revoked while words that it signed are on their way: their author signs them again.

use crate::hostile::key;
use lianzhi_docket::suite::{PublicKey, SecretKey, Suite};
use lianzhi_exchange::compact::{MemberKey, Roster};
use lianzhi_ids::DocketId;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;
use std::sync::Arc;

/// The n-th member gets a new key, and revokes the one it had: so says the roster at everybody.
async fn revoked(f: &mut Federation, places: &[Place], n: usize) -> PublicKey {
    f.pass(jiff::SignedDuration::from_mins(2));
    let (old, new) = (key(n as u8), SecretKey::from_secret(Suite::Ed25519, &[77; 32]).unwrap());
    let public = new.public().clone();
    let mut roster: Roster = (*f.sites[n].node.app.roster().unwrap()).clone();
    let (at, member) = (f.sites[n].node.app.now(), &mut roster.epoch.members[n]);
    roster.revoked.push((member.node.clone(), old.public().id()));
    member.keys[0].until = Some(at);
    member.keys.push(MemberKey { key: public.clone(), from: at, until: None });
    f.agree(&roster).await;
    let site = &mut f.sites[n];
    site.node.life.keys = site.node.life.keys.clone().with_exchange(vec![Arc::new(old), Arc::new(new)]);
    site.crash(&places[n]).await;
    public
}

async fn signed_by(site: &Site, envelope: &str) -> String {
    let ids = [envelope.to_owned()];
    site.node.app.store().exchange.envelopes(&ids).await.unwrap().remove(0).key
}

async fn whole(site: &Site) {
    assert_eq!(site.node.app.store().upkeep.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_when_its_key_was_revoked_arrives_under_the_next_one() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites[1].stop().await;
    let id = f.sites[0].send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let new = revoked(&mut f, &places, 0).await;
    let (sent, before) = {
        let row = f.sites[0].outbox(id).await.remove(0);
        (row.envelope.clone(), signed_by(&f.sites[0], &row.envelope).await)
    };
    assert_ne!(before, new.id());
    f.sites[1].begin_again();
    let [a, b] = &f.sites[..] else { panic!() };
    until("it is acknowledged", async || a.outbox(id).await.iter().all(|row| row.done)).await;
    let there = b.docket_of(a, id).await.unwrap();
    assert_eq!(signed_by(b, &sent).await, new.id());
    // The same bytes, and what is said back is heard.
    let x = |site: &Site| site.node.app.store().exchange.clone();
    let ids = [sent];
    let (ours, theirs) = (x(a).envelopes(&ids).await.unwrap(), x(b).envelopes(&ids).await.unwrap());
    assert_eq!(ours[0].bytes, theirs[0].bytes);
    b.done("liaison", there, json!({ "command": "register" })).await;
    until("the answer is here", async || a.node.row(id.0).await.stage == "registered").await;
    whole(a).await;
    whole(b).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_holds_under_a_revoked_key_is_pulled_from_its_author() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites[2].stop().await;
    f.sites[0].start();
    f.sites[1].start();
    let bulletin = json!({ "bulletin": "widespread" });
    let id = f.sites[0].send(Kind::Bulletin, &["320509", "330421"], bulletin).await.unwrap();
    let to = |site: &Site| site.code.clone();
    let second = to(&f.sites[1]);
    until("the second has it", async || {
        f.sites[0].outbox(id).await.iter().any(|row| row.peer == second && row.done)
    })
    .await;
    f.sites[0].stop().await;
    // The author believes that the third has it too, as after a restore there.
    let sent = f.sites[0].outbox(id).await.remove(0).envelope;
    let lost = [(sent.clone(), b"lost".to_vec())];
    f.sites[0].node.app.store().exchange.outbox_done(&to(&f.sites[2]), &lost).await.unwrap();
    let new = revoked(&mut f, &places, 0).await;
    assert_ne!(signed_by(&f.sites[1], &sent).await, new.id());
    // The third hears of the matter from the second alone, whose copy counts for nothing any more.
    f.sites[2].begin_again();
    let there = f.sites[1].docket_of(&f.sites[0], id).await.unwrap();
    f.sites[1].done("liaison", there, json!({ "command": "register" })).await;
    f.sites[1].done("liaison", there, json!({ "command": "acknowledge" })).await;
    let [a, b, c] = &f.sites[..] else { panic!() };
    let here = async |docket: Option<DocketId>| docket.is_some_and(|docket| docket.0 > 0);
    until("the matter is pulled", async || {
        f.clock.advance(jiff::SignedDuration::from_secs(3));
        here(c.docket_of(a, id).await).await
    })
    .await;
    assert_eq!(signed_by(c, &sent).await, new.id());
    whole(b).await;
    whole(c).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_whose_key_was_revoked_is_signed_again() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites[0].start();
    let id = f.sites[0].send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("it is acknowledged", async || f.sites[0].outbox(id).await.iter().all(|row| row.done)).await;
    let first = f.sites[0].outbox(id).await.remove(0).receipt.unwrap();
    let new = revoked(&mut f, &places, 1).await;
    // The same bytes again.
    let [a, b] = &f.sites[..] else { panic!() };
    let shared = a.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    let parcels = a.node.app.stream_from(&shared, &a.code, 0, &b.code).await.unwrap().unwrap();
    let way = lianzhi_exchange::inbound::Way::Posted;
    let answer = b.node.app.receive(parcels, &a.code, way).await.remove(0);
    let lianzhi_exchange::refusal::Answer::Receipt(again) = answer else { panic!("{answer:?}") };
    let first: lianzhi_exchange::signature::Statement = serde_json::from_slice(&first).unwrap();
    assert_eq!(again.statement, first.statement);
    assert_eq!((first.signature.key == new.id(), again.signature.key == new.id()), (false, true));
    assert!(again.signature.verify(&new, "receipt", again.statement.as_bytes()));
}
