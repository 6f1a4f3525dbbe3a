//! A hostile member harms nobody else: what it says is kept as evidence and shown to all, it leads nobody astray, and while it
//! makes noise the others work on.

use crate::hostile::{Asked, ENVELOPES, due, envelope, key, parcel, state};
use lianzhi_app::federation::EVIDENCE_MAX;
use lianzhi_exchange::compact::Roster;
use lianzhi_exchange::envelope::{Address, Class, Envelope, MEDIA_PARCEL, Parcel};
use lianzhi_exchange::stream::{STREAM_ENTRY_VERSION, StreamEntry};
use lianzhi_ids::{Digest, NodeCode};
use lianzhi_link::Rates;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::{Value, json};
use std::num::NonZeroU32;

pub async fn three() -> (Federation, [Place; 3]) {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    (Federation::new(&places.each_ref()).await, places)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_two_things_at_one_place_is_known_to_every_member() {
    let (mut f, _places) = three().await;
    let (id, out) = due(&f, Kind::Lead, json!({})).await;
    f.sites[1].start();
    let [a, b, c] = &f.sites[..] else { panic!() };
    let send = async |body: Vec<u8>| Asked::post(ENVELOPES, MEDIA_PARCEL, body, "310118", 0).send(b).await;
    assert_eq!(send(out.parcel.to_json().unwrap().into_bytes()).await.0, 200);
    let shared = a.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    let list = a.node.app.roster().unwrap().epoch.list[0].digest();
    let other = envelope("lead", shared.id.0, r#"{"act":"other"}"#, &["320509"], Some(list));
    assert_eq!(send(parcel(&other, 0)).await.0, 409);
    // Also one that has no part in the docket, and the culprit itself: the same evidence everywhere.
    let kept = b.node.app.forks().await.unwrap();
    for site in [a, c] {
        until("the alarm is heard", async || !site.node.app.forks().await.unwrap().is_empty()).await;
        let heard = site.node.app.forks().await.unwrap();
        assert_eq!((heard.len(), heard[0].digest, heard[0].node.as_str()), (1, kept[0].digest, "310118"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_accused_without_proof() {
    let (f, _places) = three().await;
    let [_, b, _] = &f.sites[..] else { panic!() };
    let list = b.node.app.roster().unwrap().epoch.list[0].digest();
    let said = |act: &str, by: u8| {
        let envelope = envelope("lead", 7, act, &["320509"], Some(list));
        json!({ "envelope": envelope.bytes(), "signature": envelope.sign(&key(by)).unwrap() })
    };
    let real = said(r#"{"act":"one"}"#, 0);
    for other in [
        // Not by its key; the same thing twice.
        said(r#"{"act":"two"}"#, 2),
        real.clone(),
    ] {
        let evidence = json!({ "one": real, "other": other }).to_string().into_bytes();
        let accuse = Asked::post("/exchange/v1/alarm", "application/json", evidence, "330421", 2);
        let (status, answer) = accuse.send(b).await;
        assert_eq!((status, answer["code"].as_str()), (422, Some("no-proof")), "{answer}");
    }
    assert!(b.node.app.forks().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_is_not_what_was_signed_is_not_taken() {
    let (f, _places) = three().await;
    let (_, out) = due(&f, Kind::Lead, json!({})).await;
    let (b, before) = (&f.sites[1], state(&f.sites[1]).await);
    let mut other: Value = serde_json::from_str(&out.parcel.to_json().unwrap()).unwrap();
    assert!(!other["parts"].as_array().unwrap().is_empty());
    other["parts"][0]["content"] = json!("另一回事");
    let body = other.to_string().into_bytes();
    let (status, answer) = Asked::post(ENVELOPES, MEDIA_PARCEL, body, "310118", 0).send(b).await;
    assert!((400..500).contains(&status), "{status} {answer}");
    assert_eq!(state(b).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_no_party_has_no_say_and_cannot_bring_himself_in() {
    let (f, _places) = three().await;
    let (id, out) = due(&f, Kind::Lead, json!({})).await;
    let [a, b, _] = &f.sites[..] else { panic!() };
    let body = out.parcel.to_json().unwrap().into_bytes();
    assert_eq!(Asked::post(ENVELOPES, MEDIA_PARCEL, body.clone(), "310118", 0).send(b).await.0, 200);
    let before = state(b).await;
    let shared = a.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    let entry = StreamEntry {
        v: STREAM_ENTRY_VERSION,
        docket: shared.clone(),
        kind: "lead".into(),
        author: NodeCode::parse("330421").unwrap(),
        seq: 0,
        prev: Digest::ZERO,
        re: vec![],
        at: a.node.app.now(),
        actor: "某人".into(),
        act: serde_json::value::RawValue::from_string(r#"{"act":"urge"}"#.into()).unwrap(),
        parts: vec![],
        exhibits: vec![],
    };
    let address = Address {
        to: vec![b.code.clone()],
        basis: "行政处罚法第二十六条".into(),
        list: Some(a.node.app.roster().unwrap().epoch.list[0].digest()),
        epoch: 1,
        roster: Digest([7; 32]),
        class: Class::Ordinary,
        time: a.node.app.now(),
    };
    let intruder = Envelope::new(&[entry.seal().unwrap().bytes], address).unwrap();
    let (status, answer) =
        Asked::post(ENVELOPES, MEDIA_PARCEL, parcel(&intruder, 2), "330421", 2).send(b).await;
    assert!((400..500).contains(&status), "{status} {answer}");
    // Nor by handing on what others signed to each other.
    let streams = format!("/exchange/v1/dockets/{shared}/streams/310118");
    let _ = Asked::post(ENVELOPES, MEDIA_PARCEL, body, "330421", 2).send(b).await;
    assert_eq!(Asked::get(&streams, "330421", 2).send(b).await.0, 404);
    assert_eq!(state(b).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_points_inside_is_not_called() {
    let (mut f, _places) = three().await;
    let trap = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let port = trap.local_addr().unwrap().port();
    let mut roster: Value = serde_json::to_value(&*f.sites[0].node.app.roster().unwrap()).unwrap();
    let inside = [
        format!("http://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        "https://169.254.169.254".into(),
        format!("https://[::1]:{port}"),
        format!("https://localhost:{port}"),
    ];
    roster["epoch"]["members"][1]["addresses"] = json!(inside);
    let roster: Roster = serde_json::from_value(roster).unwrap();
    f.sites[0].agree(&roster).await;
    f.sites[0].link.allow_private = false;
    f.sites[0].start();
    let a = &f.sites[0];
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("it was tried", async || a.outbox(id).await[0].attempts > 0).await;
    let row = a.outbox(id).await.pop().unwrap();
    assert!(!row.done && row.error.contains("内部"), "{}", row.error);
    assert_eq!(trap.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody called");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_held_back_and_the_others_go_on() {
    let (mut f, _places) = three().await;
    let few = NonZeroU32::new(20).unwrap();
    f.sites[1].stop().await;
    f.sites[1].link.rates = Rates { per_member: few, ..Rates::default() };
    f.sites[1].begin_again();
    f.sites[2].start();
    let b = &f.sites[1];
    let flood = async {
        let mut held_back = 0;
        for n in 0..120 {
            let asked = match n % 4 {
                0 => Asked::get("/exchange/v1/capabilities", "310118", 0),
                1 => Asked::post(ENVELOPES, MEDIA_PARCEL, b"{}".to_vec(), "310118", 0),
                2 => Asked::post(ENVELOPES, MEDIA_PARCEL, vec![b'['; 100_000], "310118", 0),
                _ => Asked::post(ENVELOPES, MEDIA_PARCEL, b"{}".to_vec(), "310118", 2),
            };
            held_back += usize::from(asked.send(b).await.0 == 429);
        }
        held_back
    };
    let meanwhile = async {
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(f.sites[2].send(Kind::Lead, &["320509"], json!({})).await.unwrap());
        }
        for id in ids {
            until("it is acknowledged", async || done(&f.sites[2], id).await).await;
            assert!(b.docket_of(&f.sites[2], id).await.is_some());
        }
    };
    let (held_back, ()) = tokio::join!(flood, meanwhile);
    assert!(held_back > 0, "it was never told to come later");
}

/// What costs hundreds of others is given a few times a second: the member goes on with everything else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_what_is_held_are_given_seldom() {
    let (f, _places) = three().await;
    let b = &f.sites[1];
    let asked = (0..60).map(|_| Asked::get("/exchange/v1/holdings?after=", "330421", 2).send(b));
    let answers = futures::future::join_all(asked).await;
    let given = answers.iter().filter(|(status, _)| *status == 200).count();
    let held_back = answers.iter().filter(|(status, _)| *status == 429).count();
    assert_eq!(given + held_back, 60, "{answers:?}");
    assert!(given > 0 && held_back > 0, "{given} given, {held_back} held back");
    assert_eq!(Asked::get("/exchange/v1/capabilities", "330421", 2).send(b).await.0, 200);
    assert_eq!(
        Asked::get("/exchange/v1/holdings?after=", "310118", 0).send(b).await.0,
        200,
        "another member"
    );
}

/// Whoever contradicts himself without end fills nobody's table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_one_member_only_so_many_contradictions_are_kept() {
    let (f, _places) = three().await;
    let b = &f.sites[1];
    let list = b.node.app.roster().unwrap().epoch.list[0].digest();
    for n in 0..EVIDENCE_MAX + 3 {
        let said = |act: &str| {
            let envelope = envelope("lead", n as i64 + 1, act, &["320509"], Some(list));
            json!({ "envelope": envelope.bytes(), "signature": envelope.sign(&key(0)).unwrap() })
        };
        let both = json!({ "one": said(r#"{"act":"one"}"#), "other": said(r#"{"act":"two"}"#) });
        let alarm =
            Asked::post("/exchange/v1/alarm", "application/json", both.to_string().into_bytes(), "330421", 2);
        assert_eq!(alarm.send(b).await.0, 204);
    }
    assert_eq!(b.node.app.forks().await.unwrap().len(), EVIDENCE_MAX);
}

async fn done(site: &Site, id: lianzhi_ids::DocketId) -> bool {
    site.outbox(id).await.iter().all(|row| row.done)
}

/// Batches of garbage among good parcels: the good ones are taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bad_parcel_spoils_no_batch() {
    let (f, _places) = three().await;
    let (id, out) = due(&f, Kind::Lead, json!({})).await;
    let b = &f.sites[1];
    let list = b.node.app.roster().unwrap().epoch.list[0].digest();
    let forged = envelope("lead", 90, "{}", &["320509"], Some(list));
    let forged = Parcel::new(&forged, forged.sign(&key(2)).unwrap(), Vec::new()).unwrap();
    let batch = serde_json::to_vec(&[&forged, &out.parcel, &forged]).unwrap();
    let (status, answers) =
        Asked::post(ENVELOPES, lianzhi_exchange::envelope::MEDIA_PARCELS, batch, "310118", 0).send(b).await;
    assert_eq!(status, 200, "{answers}");
    let good: Vec<bool> = answers.as_array().unwrap().iter().map(|a| a["receipt"].is_object()).collect();
    assert_eq!(good, [false, true, false], "{answers}");
    assert!(b.docket_of(&f.sites[0], id).await.is_some());
}
