//! Whoever knows the name of a thing does not get the thing by that, and takes no name from anybody: numbers, digests of files
//! and of texts are all known to more people than the thing itself.

use crate::exhibits::deposit;
use crate::hostile::{Asked, ENVELOPES, due, key, state};
use lianzhi_app::federation::Outgoing;
use lianzhi_app::{Caller, ReportInput};
use lianzhi_exchange::envelope::{Envelope, MEDIA_PARCEL, Parcel};
use lianzhi_exchange::stream::StreamEntry;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site};
use serde_json::{Value, json};

/// The opening of a matter as the first member sends it, with other words in it, signed by its key.
fn told(sent: &Outgoing, docket: i64, change: impl FnOnce(&mut StreamEntry, &mut Value)) -> Parcel {
    let envelope = Envelope::parse(&sent.parcel.envelope).unwrap();
    let mut entry = envelope.entries[0].entry.clone();
    entry.docket.id = DocketId(docket);
    let mut act: Value = serde_json::from_str(entry.act.get()).unwrap();
    change(&mut entry, &mut act);
    entry.act = serde_json::value::RawValue::from_string(act.to_string()).unwrap();
    let named = entry.parts.clone();
    let envelope = Envelope::new(&[entry.seal().unwrap().bytes], envelope.address.clone()).unwrap();
    let parts = sent.parcel.parts.iter().filter(|part| named.contains(&part.digest)).cloned().collect();
    Parcel::new(&envelope, envelope.sign(&key(0)).unwrap(), parts).unwrap()
}

/// The status, and what was refused.
async fn post(parcel: &Parcel, to: &Site) -> (u16, String) {
    let body = parcel.to_json().unwrap().into_bytes();
    let (status, answer) = Asked::post(ENVELOPES, MEDIA_PARCEL, body, "310118", 0).send(to).await;
    let code = answer["refused"]["code"].as_str().map_or_else(|| answer.to_string(), str::to_owned);
    (status, code)
}

/// A report of this member; its number.
async fn report(at: &Site, description: &str) -> String {
    let input = ReportInput { category: None, ..at.node.input(description, 0) };
    at.node.app.report(&Caller::public("198.51.100.7"), input, None).await.unwrap().number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_member_takes_a_number_of_another() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let b = &f.sites[1];
    let (_, out) = due(&f, Kind::Lead, json!({})).await;
    let first = report(b, "店外摆摊").await;
    let digits = first.trim_start_matches(|c: char| !c.is_ascii_digit());
    let n: u32 = first.rsplit('-').next().unwrap().parse().unwrap();
    let next = format!("{}{}-{:06}", first.strip_suffix(digits).unwrap(), &digits[..4], n + 1);
    // Its next number, and one that it gave already: neither stops anything.
    for (docket, number) in [(901, &next), (902, &first)] {
        let (status, answer) = post(&told(&out, docket, |_, act| act["number"] = json!(number)), b).await;
        assert_eq!(status, 200, "{answer}");
        let given = report(b, "占道堆放").await;
        assert!(given != first, "{given}");
    }
    let found = b.node.app.by_number(&b.node.as_("leader"), &first).await.unwrap();
    let row = b.node.app.store().journal.matters(&[found]).await.unwrap().pop().unwrap();
    assert_eq!(row.kind, "report", "its own comes first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_that_do_not_have_their_form_are_refused() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let b = &f.sites[1];
    let (_, out) = due(&f, Kind::Lead, json!({ "place": "漕平路 118 号" })).await;
    let before = state(b).await;
    let long = "长".repeat(3_000);
    type Change = Box<dyn Fn(&mut Value)>;
    let cases: Vec<(&str, Change)> = vec![
        ("no number", Box::new(|act| act["number"] = json!(" "))),
        ("a long number", Box::new(|act| act["number"] = json!("1".repeat(101)))),
        ("a number of two lines", Box::new(|act| act["number"] = json!("沪青\n2026"))),
        ("an entry of the list by another number", Box::new(|act| act["list_id"] = json!("HZ-99"))),
        (
            "a long story in a field",
            Box::new({
                let long = long.clone();
                move |act| act["arithmetic"] = json!(long)
            }),
        ),
        ("a paper of many words", Box::new(move |act| act["paper"] = json!(long))),
        (
            "a place off the earth",
            Box::new(|act| {
                act["point"] = json!({ "lng_e6": 999_999_999, "lat_e6": 31_000_000 });
            }),
        ),
        ("the same receiver twice", Box::new(|act| act["to"] = json!(["320509", "320509"]))),
    ];
    for (n, (what, change)) in cases.into_iter().enumerate() {
        let parcel = told(&out, 910 + n as i64, |_, act| change(act));
        assert_eq!(post(&parcel, b).await, (422, "malformed-act".to_owned()), "{what}");
        assert_eq!(state(b).await, before, "{what}");
    }
    // A text that the entry does not name.
    let parcel = told(&out, 950, |entry, _| entry.parts.truncate(entry.parts.len() - 1));
    assert_eq!(post(&parcel, b).await, (422, "malformed-act".to_owned()));
    assert_eq!(state(b).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn naming_a_file_gives_nobody_the_file() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let own = deposit(&f.sites[1], "u1", b"\x89PNG\r\n\x1a\nof another case".to_vec()).await;
    let bytes = 25_u64;
    let given = deposit(&f.sites[0], "u2", b"\x89PNG\r\n\x1a\nits own".to_vec()).await;
    let (_, out) = due(&f, Kind::Evidence, json!({ "exhibits": [given] })).await;
    let parcel = told(&out, 901, |entry, act| {
        entry.exhibits = serde_json::from_value(json!([{
            "digest": own, "size": bytes, "media": "image/png",
        }]))
        .unwrap();
        act["exhibits"] = json!([{
            "exhibit": { "digest": own, "size": bytes, "media": "image/png" }, "name": "照片",
        }]);
    });
    let b = &f.sites[1];
    let (status, answer) = post(&parcel, b).await;
    assert_eq!(status, 200, "it may be said: {answer}");
    let file = format!("/exchange/v1/exhibits/{own}?docket=310118.1.901");
    assert_eq!(Asked::get(&file, "310118", 0).send(b).await.0, 404);
    // Nor does it count as having come: only the member that has the bytes can give them.
    f.sites[1].start();
    let b = &f.sites[1];
    let shared = "310118.1.901".parse().unwrap();
    let docket = b.node.app.store().exchange.stream_heads(&[shared]).await.unwrap()[0].docket;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let view = b.node.app.matter(&b.node.as_("leader"), docket).await.unwrap();
    let files = view.shared.unwrap().files;
    assert!(files.iter().all(|file| !file.is_held()), "{files:?}");
    assert_eq!(Asked::get(&file, "310118", 0).send(b).await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn naming_a_text_gives_nobody_the_text() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let b = &f.sites[1];
    let (_, out) = due(&f, Kind::Lead, json!({})).await;
    report(b, "只有本机关知道的话").await;
    let parts = b.node.app.store().journal.all_parts(None, 1_000).await.unwrap();
    let secret: Digest = parts.iter().find(|row| row.kind == "description").unwrap_or(&parts[0]).digest;
    let before = state(b).await;
    let parcel = told(&out, 901, |entry, act| {
        entry.parts.push(secret);
        act["subject"] = json!({ "digest": secret, "kind": "subject" });
    });
    assert_eq!(post(&parcel, b).await, (422, "foreign-part".to_owned()));
    assert_eq!(state(b).await, before);
    let streams = "/exchange/v1/dockets/310118.1.901/streams/310118";
    assert_eq!(Asked::get(streams, "310118", 0).send(b).await.0, 404);
}
