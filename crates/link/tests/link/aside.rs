//! What a program does not understand is kept, and read again by one that does.

use crate::hostile::due;
use lianzhi_app::federation::envelope_row;
use lianzhi_app::ports::StreamRow;
use lianzhi_exchange::receipt::Stage;
use lianzhi_exchange::signature::Statement;
use lianzhi_ids::DocketId;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_understood_is_read_again_by_a_program_that_understands_it() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let (id, sent) = due(&f, Kind::Lead, json!({})).await;
    let more = json!({ "command": "supplement", "note": "补充现场照片说明" });
    f.sites[0].done("handler", id, more).await;
    let mut all = f.sites[0].node.app.outbox_due(&f.sites[1].code, |_| false).await.unwrap();
    all.sort_by_key(|out| out.row.envelope.clone());
    assert_eq!((all.len(), &all[0].row.envelope), (2, &sent.row.envelope));
    // As an older program keeps it, to which the kind says nothing: places in the stream, bytes, texts; no docket.
    let b = &f.sites[1];
    let x = b.node.app.store().exchange.clone();
    for out in &all {
        let envelope = out.parcel.open().unwrap();
        let row = envelope_row(&envelope, &out.parcel.signature, 1, false);
        let streams = envelope.entries.iter().map(|said| StreamRow {
            shared: envelope.docket().clone(),
            author: envelope.author().clone(),
            seq: said.entry.seq as i32,
            docket: DocketId(0),
            digest: said.digest,
            pos: -1,
        });
        let (keys, entropy) = (&b.node.life.keys, b.node.life.entropy.as_ref());
        let seal = |part: &lianzhi_exchange::envelope::PartContent| {
            keys.seal_salted(entropy, DocketId(0), &part.kind, &part.content, part.salt).row
        };
        let parts: Vec<_> = out.parcel.parts.iter().map(seal).collect();
        assert!(!parts.is_empty());
        x.keep_aside(&row, &streams.collect::<Vec<_>>(), &parts).await.unwrap();
    }
    assert_eq!(b.docket_of(&f.sites[0], id).await, Some(DocketId(0)));
    assert_eq!(b.node.app.reread().await.unwrap(), 2);
    // It is a matter like any other: with its words, its clocks and a receipt that says so.
    let there = b.docket_of(&f.sites[0], id).await.unwrap();
    let row = b.node.row(there.0).await;
    assert_eq!(
        (row.kind.as_str(), row.stage.as_str(), row.title.as_str()),
        ("lead", "sent", "渣土车夜间跨界倾倒")
    );
    assert!(row.due_at.is_some());
    assert_eq!(b.node.events(there.0).await, ["heard", "heard"]);
    let kept = x.envelopes(std::slice::from_ref(&sent.row.envelope)).await.unwrap().remove(0);
    let receipt: Statement = serde_json::from_slice(&kept.receipt.unwrap()).unwrap();
    let receipt: lianzhi_exchange::receipt::Receipt = serde_json::from_str(&receipt.statement).unwrap();
    assert_eq!(receipt.stage, Stage::Received);
    assert_eq!(b.node.app.reread().await.unwrap(), 0, "once");
    assert_eq!(b.node.app.store().upkeep.check().await.unwrap(), Vec::<String>::new());
    // And it goes on, over the wire.
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    b.done("liaison", there, json!({ "command": "register" })).await;
    until("the sender knows", async || a.node.row(id.0).await.stage == "registered").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_still_not_understood_stays_where_it_is() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let strange = crate::hostile::envelope("inspection", 7, "{}", &["320509"], None);
    let key = crate::hostile::key(0);
    let parcel =
        lianzhi_exchange::envelope::Parcel::new(&strange, strange.sign(&key).unwrap(), vec![]).unwrap();
    let b = &f.sites[1].node.app;
    let answers = b.receive(vec![parcel], &f.sites[0].code, lianzhi_exchange::inbound::Way::Posted).await;
    assert!(matches!(answers[0], lianzhi_exchange::refusal::Answer::Receipt(_)), "{answers:?}");
    assert_eq!(b.store().exchange.dockets_aside("", 10).await.unwrap(), [strange.docket().clone()]);
    assert_eq!(b.reread().await.unwrap(), 0);
    assert_eq!(b.store().exchange.dockets_aside("", 10).await.unwrap(), [strange.docket().clone()]);
}
