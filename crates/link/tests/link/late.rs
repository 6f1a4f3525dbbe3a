//! What does not arrive: sent again from where a gap is, ever more seldom where it is refused, and told to people when it is late.

use crate::hostile::{envelope, key};
use jiff::SignedDuration;
use lianzhi_exchange::inbound::Way;
use lianzhi_exchange::refusal::Answer;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_waits_for_what_it_lacks_is_sent_it() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    // The second only listens: it pulls nothing.
    f.sites[0].start();
    let a = &f.sites[0];
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let done = async || a.outbox(id).await.iter().all(|row| row.done);
    until("it is there", done).await;
    let shared = a.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    // One in the middle is lost there: here it counts as acknowledged.
    f.sites[0].stop().await;
    let a = &f.sites[0];
    let more = json!({ "command": "supplement", "note": "补充现场照片说明" });
    a.done("handler", id, more.clone()).await;
    let lost: Vec<_> = a.outbox(id).await.into_iter().filter(|row| !row.done).collect();
    assert_eq!(lost.len(), 1);
    let lost = [(lost[0].envelope.clone(), b"lost".to_vec())];
    a.node.app.store().exchange.outbox_done(&f.sites[1].code, &lost).await.unwrap();
    a.done("handler", id, more).await;
    f.sites[0].begin_again();
    let (a, b) = (&f.sites[0], &f.sites[1]);
    until("all is there", async || {
        f.clock.advance(SignedDuration::from_secs(3));
        b.node.app.heads(&shared).await.unwrap() == a.node.app.heads(&shared).await.unwrap()
            && a.outbox(id).await.iter().all(|row| row.done)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_late_is_told_to_the_liaison_officer_and_then_to_the_leader() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites[1].stop().await;
    f.sites[0].start();
    let a = &f.sites[0];
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let told = async |who: &str| {
        let all = a.node.app.undelivered(&a.node.as_(who)).await.unwrap();
        all.iter().map(|late| (late.row.id, late.node.to_string(), late.twice)).collect::<Vec<_>>()
    };
    f.pass(SignedDuration::from_hours(23));
    assert_eq!((told("liaison").await, told("leader").await), (vec![], vec![]));
    f.pass(SignedDuration::from_hours(2));
    assert_eq!(told("liaison").await, [(id, "320509".to_owned(), false)]);
    assert_eq!((told("leader").await, told("handler").await), (vec![], vec![]));
    f.pass(SignedDuration::from_hours(24));
    assert_eq!(told("leader").await, [(id, "320509".to_owned(), true)]);
    assert_eq!(told("handler").await, []);
    // It was sent on all the while; once it is there nobody is told any more.
    f.sites[1].begin_again();
    let a = &f.sites[0];
    until("it is there", async || a.outbox(id).await.iter().all(|row| row.done)).await;
    assert!(a.node.app.undelivered(&a.node.as_("leader")).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_will_not_be_taken_is_tried_ever_more_seldom() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let a = &f.sites[0];
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    // The receiver holds something else at that place: it will never take this.
    let shared = a.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    let strange = envelope("inspection", shared.id.0, "{}", &["320509"], None);
    let other = lianzhi_exchange::envelope::Parcel::new(&strange, strange.sign(&key(0)).unwrap(), vec![]);
    let b = &f.sites[1].node.app;
    let answers = b.receive(vec![other.unwrap()], &f.sites[0].code, Way::Posted).await;
    assert!(matches!(answers[0], Answer::Receipt(_)), "{answers:?}");
    f.sites[0].start();
    let a = &f.sites[0];
    until("it is refused", async || a.outbox(id).await[0].attempts > 0).await;
    let attempts = async |n: i32| {
        until("it was tried again", async || {
            let row = a.outbox(id).await.remove(0);
            // Time passes up to the next attempt, and not while one is under way.
            let wait = SignedDuration::from_micros(row.next_at - a.node.app.now().as_microsecond());
            if row.attempts < n && wait.is_positive() {
                f.clock.advance(wait);
            }
            row.attempts >= n
        })
        .await;
        let row = a.outbox(id).await.remove(0);
        assert!(!row.done && !row.error.is_empty(), "people see why");
        row.next_at - a.node.app.now().as_microsecond()
    };
    assert!(attempts(12).await > 10 * 60 * 1_000_000, "beyond the longest wait of what is only not reached");
}
