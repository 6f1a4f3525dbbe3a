//! Letters are the same on paper at both ends.

use lianzhi_app::Caller;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_prints_the_same_at_its_sender_and_at_its_receiver_and_again() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("the matter arrives", async || b.docket_of(a, id).await.is_some()).await;
    let there = b.docket_of(a, id).await.unwrap();
    let founder = NodeCode::parse("310118").unwrap();
    let reader = Caller::system();
    let print = async |site: &Site, docket| site.node.app.letter(&reader, docket, &founder, 0).await.unwrap();
    let (sent, received) = (print(a, id).await, print(b, there).await);
    assert!(sent.pdf.starts_with(b"%PDF"));
    assert!(sent.name.contains("移字〔2026〕1号"), "{}", sent.name);
    assert_eq!(sent.pdf, received.pdf);
    assert_eq!(sent.pdf, print(a, id).await.pdf, "what was printed once is kept");
    // What is no letter is not printed.
    b.done("liaison", there, json!({ "command": "register" })).await;
    let theirs = NodeCode::parse("320509").unwrap();
    assert!(b.node.app.letter(&reader, there, &theirs, 0).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_much_moves_nobody_gets_more_than_one_digest_a_day() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.push(a.send(Kind::Lead, &["320509"], json!({})).await.unwrap());
    }
    for id in &sent {
        until("the matter arrives", async || b.docket_of(a, *id).await.is_some()).await;
        let there = b.docket_of(a, *id).await.unwrap();
        b.done("liaison", there, json!({ "command": "register" })).await;
        b.done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
    }
    // Some fifty entries at the two members; three mornings pass.
    let mut digests = Vec::new();
    for _ in 0..3 {
        f.clock.advance(jiff::SignedDuration::from_hours(24));
        for who in ["liaison", "handler"] {
            let person = b.node.app.directory().by_login(who).unwrap().clone();
            let caller = Caller::person(person, "127.0.0.1");
            let digest = b.node.app.digest(&caller, None).await.unwrap();
            assert_eq!(digest, b.node.app.digest(&caller, None).await.unwrap(), "asked twice, the same");
            digests.push((who, digest));
        }
    }
    // One for each person and day; what moved is in the first and in no other.
    let mut named: Vec<_> = digests.iter().map(|(who, d)| (*who, d.day)).collect();
    named.sort();
    named.dedup();
    assert_eq!(named.len(), 6);
    for who in ["liaison", "handler"] {
        let items: Vec<usize> =
            digests.iter().filter(|(w, _)| *w == who).map(|(_, d)| d.items.len()).collect();
        assert_eq!(items, [4, 0, 0], "{who}");
    }
}
