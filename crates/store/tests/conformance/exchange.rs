//! What nodes say to each other is kept as it was said, and what waits is found when it is due.

use crate::place::{Place, batch, digest};
use lianzhi_app::ports::{
    Backlog, Batch, CosignatureRow, EnvelopeRow, ForkRow, OutboxRow, PeerRow, Store, StreamRow, ToldRow,
    WantedRow, WitnessedRow,
};
use lianzhi_ids::{DocketId, NodeCode, SharedId};

pub fn node(code: &str) -> NodeCode {
    NodeCode::parse(code).unwrap()
}

fn shared(n: i64) -> SharedId {
    SharedId { node: node("310118"), generation: 1, id: DocketId(n) }
}

fn stream(docket: i64, author: &str, seq: i32) -> StreamRow {
    StreamRow {
        shared: shared(docket),
        author: node(author),
        seq,
        docket: DocketId(docket),
        digest: digest(u64::try_from(docket * 100).unwrap() + u64::try_from(seq).unwrap()),
        pos: docket - 1,
    }
}

fn envelope(docket: i64, author: &str, first: i32, last: i32) -> EnvelopeRow {
    EnvelopeRow {
        id: format!("{}/{author}/{first}", shared(docket)),
        shared: shared(docket),
        author: node(author),
        first,
        last,
        bytes: "{\"id\":\"占\"}\0".as_bytes().to_vec(),
        key: "0123456789abcdef".into(),
        signature: vec![0, 255, 7],
        at: 5,
        digest: digest(9),
        mine: author == "310118",
        receipt: (author != "310118").then(|| b"{}".to_vec()),
    }
}

fn outbox(envelope: &EnvelopeRow, peer: &str, at: i64) -> OutboxRow {
    OutboxRow {
        envelope: envelope.id.clone(),
        peer: node(peer),
        docket: envelope.shared.id,
        at,
        due_at: at + 100,
        class: "ordinary".into(),
        attempts: 0,
        next_at: at,
        done: false,
        receipt: None,
        error: String::new(),
    }
}

fn wanted(docket: i64, n: u64, peer: &str) -> WantedRow {
    WantedRow {
        digest: digest(n),
        shared: shared(docket),
        docket: DocketId(docket),
        peer: node(peer),
        size: 5_000_000_000,
        media: "video/mp4".into(),
        upload: None,
        attempts: 0,
        next_at: 7,
        done: false,
        error: String::new(),
    }
}

/// Something for every table that a batch writes, of dockets 1 and 2.
pub fn rows() -> Batch {
    let mut said = Batch::default();
    said.streams =
        vec![stream(1, "310118", 0), stream(1, "310118", 1), stream(1, "320509", 0), stream(2, "310118", 0)];
    said.envelopes =
        vec![envelope(1, "310118", 0, 1), envelope(1, "320509", 0, 0), envelope(2, "310118", 0, 0)];
    said.outbox = vec![
        outbox(&said.envelopes[0], "320509", 10),
        outbox(&said.envelopes[0], "330421", 10),
        outbox(&said.envelopes[2], "320509", 20),
    ];
    said.wanted = vec![wanted(1, 1, "320509"), wanted(1, 2, "320509")];
    said
}

/// The same in a store, with the two dockets.
async fn said(store: &Store) -> Batch {
    let on = store.journal.head().await.unwrap();
    let Batch { streams, envelopes, outbox, wanted, .. } = rows();
    let said = Batch { streams, envelopes, outbox, wanted, ..batch(&on, 2) };
    store.journal.commit(&said).await.unwrap();
    said
}

/// All of it, for comparing stores.
pub async fn contents(store: &Store) -> String {
    let x = &store.exchange;
    format!(
        "{:?}",
        (
            x.stream_heads(&[shared(1), shared(2)]).await.unwrap(),
            x.envelopes_of(&shared(1), 10).await.unwrap(),
            x.outbox_of(DocketId(1), 10).await.unwrap(),
            x.wanted_of(DocketId(1)).await.unwrap(),
        )
    )
}

pub async fn what_was_said_comes_back_exactly(place: &Place) {
    let store = place.store().await;
    let said = said(&store).await;
    let store = place.store().await;
    let x = &store.exchange;
    let heads = x.stream_heads(&[shared(1), shared(2), shared(9)]).await.unwrap();
    assert_eq!(heads, [said.streams[1].clone(), said.streams[2].clone(), said.streams[3].clone()]);
    assert_eq!(x.stream(&shared(1), &node("310118"), 1, 10).await.unwrap(), [said.streams[1].clone()]);
    assert_eq!(x.shared_of(DocketId(2)).await.unwrap(), Some(shared(2)));
    assert_eq!(x.shared_of(DocketId(3)).await.unwrap(), None);
    let ids = [said.envelopes[1].id.clone(), "nothing".into()];
    assert_eq!(x.envelopes(&ids).await.unwrap(), [said.envelopes[1].clone()]);
    // The envelope that holds the entry, also when it begins before it.
    let from = x.envelopes_from(&shared(1), &node("310118"), 1, 10).await.unwrap();
    assert_eq!(from, [said.envelopes[0].clone()]);
    assert_eq!(x.envelopes_from(&shared(1), &node("310118"), 2, 10).await.unwrap(), []);
    assert_eq!(x.envelopes_of(&shared(1), 10).await.unwrap(), said.envelopes[..2]);
    assert_eq!(x.wanted_of(DocketId(1)).await.unwrap().len(), 2);
}

pub async fn one_place_in_a_stream_is_taken_once(place: &Place) {
    let store = place.store().await;
    said(&store).await;
    let on = store.journal.head().await.unwrap();
    let mut again = batch(&on, 1);
    again.streams = vec![StreamRow { digest: digest(77), ..stream(1, "320509", 0) }];
    assert!(store.journal.commit(&again).await.is_err());
    assert_eq!(store.journal.head().await.unwrap(), on, "nothing of it is there");
    // An envelope that is there stays as it was signed.
    again.streams = vec![stream(1, "320509", 1)];
    again.envelopes = vec![EnvelopeRow { bytes: b"other".to_vec(), ..envelope(1, "320509", 0, 0) }];
    store.journal.commit(&again).await.unwrap();
    let kept = store.exchange.envelopes(&[again.envelopes[0].id.clone()]).await.unwrap();
    assert_eq!(kept, [envelope(1, "320509", 0, 0)]);
}

pub async fn what_waits_is_tried_until_its_receipt_is_here(place: &Place) {
    let store = place.store().await;
    let said = said(&store).await;
    let (x, peer) = (&store.exchange, node("320509"));
    assert_eq!(x.outbox_due(&peer, 9, 10).await.unwrap(), []);
    let due = x.outbox_due(&peer, 20, 10).await.unwrap();
    assert_eq!(due, [said.outbox[0].clone(), said.outbox[2].clone()], "in the order in which it was said");
    let ids: Vec<_> = due.iter().map(|row| row.envelope.clone()).collect();
    x.outbox_failed(&peer, &[(ids[0].clone(), 50), (ids[1].clone(), 60)], "不通").await.unwrap();
    assert_eq!(x.outbox_due(&peer, 49, 10).await.unwrap(), []);
    let waits = |n, next_at, late| Backlog { peer: peer.clone(), waiting: n, next_at, oldest: 10, late };
    assert_eq!(x.backlogs(109).await.unwrap()[0], waits(2, 50, 0));
    assert_eq!(x.backlogs(110).await.unwrap()[0], waits(2, 50, 1));
    assert_eq!(x.backlogs(110).await.unwrap().len(), 2, "the other peer has its own");
    assert_eq!(x.outbox_late(&peer, 109, 10).await.unwrap(), []);
    assert_eq!(x.outbox_late(&peer, 110, 10).await.unwrap().len(), 1);
    // A sign of life: at once, as if for the first time.
    x.outbox_wake(&peer, 30).await.unwrap();
    let due = x.outbox_due(&peer, 30, 10).await.unwrap();
    assert_eq!(due.iter().map(|r| (r.attempts, r.error.as_str())).collect::<Vec<_>>(), [(0, "不通"); 2]);
    x.outbox_done(&peer, &[(ids[0].clone(), b"receipt".to_vec())]).await.unwrap();
    x.outbox_done(&peer, &[(ids[0].clone(), b"another".to_vec())]).await.unwrap();
    assert_eq!(x.outbox_due(&peer, 30, 10).await.unwrap().len(), 1);
    let of_docket = x.outbox_of(DocketId(1), 10).await.unwrap();
    let done: Vec<_> = of_docket.iter().filter(|row| row.done).collect();
    assert_eq!(done.len(), 1);
    assert_eq!((done[0].receipt.as_deref(), done[0].error.as_str()), (Some(&b"receipt"[..]), ""));
}

pub async fn files_of_others_are_wanted_until_they_are_here(place: &Place) {
    let store = place.store().await;
    said(&store).await;
    let (x, peer) = (&store.exchange, node("320509"));
    assert_eq!(x.wanted_due(&peer, 6, 10).await.unwrap(), []);
    let due = x.wanted_due(&peer, 7, 10).await.unwrap();
    assert_eq!(due, [wanted(1, 1, "320509"), wanted(1, 2, "320509")]);
    let begun = WantedRow { upload: Some("u1".into()), next_at: 90, attempts: 1, ..due[0].clone() };
    x.put_wanted(&begun).await.unwrap();
    x.put_wanted(&WantedRow { done: true, ..due[1].clone() }).await.unwrap();
    assert_eq!(x.wanted_due(&peer, 89, 10).await.unwrap(), []);
    assert_eq!(x.wanted_due(&peer, 90, 10).await.unwrap(), [begun]);
    x.outbox_wake(&peer, 8).await.unwrap();
    assert_eq!(x.wanted_due(&peer, 8, 10).await.unwrap().len(), 1);
}

pub async fn peers_witnesses_and_evidence_are_kept(place: &Place) {
    let store = place.store().await;
    let x = &store.exchange;
    let peer = PeerRow { heard_at: Some(3), address: "https://a".into(), ..PeerRow::new(node("320509")) };
    x.put_peer(&PeerRow::new(node("320509"))).await.unwrap();
    x.put_peer(&peer).await.unwrap();
    assert_eq!(x.peer(&node("320509")).await.unwrap(), Some(peer.clone()));
    assert_eq!(x.peers().await.unwrap(), [peer]);
    assert_eq!(x.peer(&node("330421")).await.unwrap(), None);

    let origin = "lianzhi/320509/1";
    let at = |size| WitnessedRow {
        origin: origin.into(),
        size,
        root: digest(u64::try_from(size).unwrap()),
        at: size,
        note: "n\n".into(),
    };
    assert_eq!(x.witnessed(origin).await.unwrap(), None);
    assert!(!x.witness(&at(5), 3).await.unwrap(), "it never stood there");
    assert!(x.witness(&at(5), 0).await.unwrap());
    assert!(!x.witness(&at(9), 0).await.unwrap(), "it stands at 5");
    assert!(x.witness(&at(9), 5).await.unwrap());
    assert_eq!(x.witnessed(origin).await.unwrap(), Some(at(9)));

    let line = |size, witness: &str, line: &str| CosignatureRow {
        size,
        witness: witness.into(),
        at: 1,
        line: line.into(),
    };
    assert_eq!(x.cosigned_newest().await.unwrap(), None);
    for row in [line(9, "w1", "a"), line(9, "w2", "b"), line(12, "w1", "c"), line(9, "w1", "again")] {
        x.put_cosignature(&row).await.unwrap();
    }
    assert_eq!(x.cosignatures(9).await.unwrap(), [line(9, "w1", "a"), line(9, "w2", "b")]);
    assert_eq!(x.cosigned_from(10).await.unwrap(), Some(12));
    assert_eq!(x.cosigned_from(13).await.unwrap(), None);
    assert_eq!(x.cosigned("w1").await.unwrap(), Some(12));
    assert_eq!(x.cosigned_newest().await.unwrap(), Some(12), "whichever witness it was");
    x.put_cosignature(&line(20, "w2", "d")).await.unwrap();
    assert_eq!(x.cosigned_newest().await.unwrap(), Some(20));
    assert_eq!(x.cosigned("w1").await.unwrap(), Some(12), "another witness's line is none of its own");

    let fork = ForkRow {
        digest: digest(1),
        node: node("320509"),
        kind: "envelope".into(),
        subject: "310118.1.1/320509/0".into(),
        one: "{}".into(),
        other: "{\"x\":1}".into(),
        at: 4,
    };
    assert!(x.put_fork(&fork).await.unwrap());
    assert!(!x.put_fork(&fork).await.unwrap(), "once");
    assert_eq!(x.forks(10).await.unwrap(), std::slice::from_ref(&fork));
    x.drop_fork(digest(2)).await.unwrap();
    assert_eq!(x.forks(10).await.unwrap().len(), 1, "another one stays");
    x.drop_fork(fork.digest).await.unwrap();
    assert!(x.forks(10).await.unwrap().is_empty());
}

pub async fn what_is_not_understood_is_kept_aside(place: &Place) {
    let store = place.store().await;
    said(&store).await;
    let (x, head) = (&store.exchange, store.journal.head().await.unwrap());
    // Of a docket that is not here: its place in the stream is known, no local docket is.
    let aside = [StreamRow { docket: DocketId(0), pos: -1, ..stream(8, "320509", 0) }];
    let kept = envelope(8, "320509", 0, 0);
    x.keep_aside(&kept, &aside, &[]).await.unwrap();
    assert_eq!(x.stream_heads(&[shared(8)]).await.unwrap(), aside);
    assert_eq!(x.envelopes(std::slice::from_ref(&kept.id)).await.unwrap(), std::slice::from_ref(&kept));
    assert_eq!(x.shared_of(DocketId(8)).await.unwrap(), None);
    assert_eq!(store.journal.head().await.unwrap(), head, "the log did not move");
    // One whose entries are here already adds no place; one that was kept stays as it was signed.
    let other = EnvelopeRow { bytes: b"other".to_vec(), ..kept.clone() };
    x.keep_aside(&other, &[], &[]).await.unwrap();
    assert_eq!(x.envelopes(std::slice::from_ref(&kept.id)).await.unwrap(), std::slice::from_ref(&kept));
    // A place is taken once, and then nothing of the second is kept.
    let again = EnvelopeRow { id: "another".into(), ..kept };
    assert!(x.keep_aside(&again, &aside, &[]).await.is_err());
    assert_eq!(x.envelopes(&["another".to_owned()]).await.unwrap(), []);
}

pub async fn a_wanted_file_that_is_here_is_cited_by_its_docket(place: &Place) {
    let store = place.store().await;
    said(&store).await;
    let (x, peer) = (&store.exchange, node("320509"));
    let here = crate::files::whole(store.blobs.as_ref(), "u1", b"a photo", 1).await;
    assert_eq!(here.docket, None);
    let of = |docket: i64| WantedRow { digest: here.digest, ..wanted(docket, 1, "320509") };
    let on = store.journal.head().await.unwrap();
    let more = Batch { wanted: vec![of(1), of(2)], ..batch(&on, 1) };
    store.journal.commit(&more).await.unwrap();
    x.put_wanted(&WantedRow { error: "不通".into(), ..of(1) }).await.unwrap();
    x.wanted_here(&of(1)).await.unwrap();
    let row = x.wanted_of(DocketId(1)).await.unwrap().into_iter().find(|row| row.digest == here.digest);
    assert_eq!(row.map(|row| (row.done, row.error)), Some((true, String::new())));
    let docket = async || store.blobs.exhibits(&[here.digest]).await.unwrap()[0].docket;
    assert_eq!(docket().await, Some(DocketId(1)));
    // Another docket that names the same file still waits for it; the first keeps it.
    let due = x.wanted_due(&peer, 7, 10).await.unwrap();
    assert_eq!(due.iter().filter(|row| row.digest == here.digest).count(), 1);
    x.wanted_here(&of(2)).await.unwrap();
    assert_eq!(docket().await, Some(DocketId(1)));
    assert!(x.wanted_due(&peer, 7, 10).await.unwrap().iter().all(|row| row.digest != here.digest));
}

pub async fn shared_dockets_are_named_page_by_page(place: &Place) {
    let store = place.store().await;
    let x = &store.exchange;
    assert_eq!(x.shared_dockets("", 10).await.unwrap(), []);
    said(&store).await;
    // Of a docket that is kept aside something is here too.
    let aside = [StreamRow { docket: DocketId(0), pos: -1, ..stream(12, "320509", 0) }];
    x.keep_aside(&envelope(12, "320509", 0, 0), &aside, &[]).await.unwrap();
    // By their names as texts, each once, however many streams and entries it has.
    let all = [shared(1), shared(12), shared(2)];
    assert_eq!(x.shared_dockets("", 10).await.unwrap(), all);
    assert_eq!(x.shared_dockets("", 2).await.unwrap(), all[..2]);
    assert_eq!(x.shared_dockets(&all[1].to_string(), 2).await.unwrap(), all[2..]);
    assert_eq!(x.shared_dockets(&all[2].to_string(), 2).await.unwrap(), []);
}

pub async fn logs_are_found_by_the_beginning_of_their_origin(place: &Place) {
    let store = place.store().await;
    let x = &store.exchange;
    let log = |origin: &str| WitnessedRow {
        origin: origin.into(),
        size: 5,
        root: digest(5),
        at: 1,
        note: "n\n".into(),
    };
    // The second generation of one log, another member's, and two whose names only look alike.
    let logs = ["lianzhi/320509/log/1", "lianzhi/320509/log/2", "lianzhi/330421/log/1"];
    for origin in logs.iter().chain(&["lianzhi/3205/log/1", "lianzhi_320509/log/1"]) {
        assert!(x.witness(&log(origin), 0).await.unwrap());
    }
    assert_eq!(x.witnessed_under("lianzhi/320509/log/").await.unwrap(), [log(logs[0]), log(logs[1])]);
    // What stands for other characters in patterns stands for itself here.
    assert_eq!(x.witnessed_under("lianzhi_").await.unwrap(), [log("lianzhi_320509/log/1")]);
    assert_eq!(x.witnessed_under("lianzhi/%").await.unwrap(), []);
}

pub async fn a_docket_of_many_long_streams_has_one_head_for_each(place: &Place) {
    let store = place.store().await;
    let on = store.journal.head().await.unwrap();
    let authors = ["310118", "320509", "330421", "340102", "340103"];
    let mut many = batch(&on, 3);
    many.streams = (1..=3)
        .flat_map(|docket| authors.iter().map(move |author| (docket, *author)))
        .flat_map(|(docket, author)| (0..40).map(move |seq| stream(docket, author, seq)))
        .collect();
    store.journal.commit(&many).await.unwrap();
    let heads = |dockets: &[i64]| -> Vec<StreamRow> {
        let of = |docket: &i64| authors.map(|author| stream(*docket, author, 39));
        dockets.iter().flat_map(of).collect()
    };
    let x = &store.exchange;
    assert_eq!(x.stream_heads(&[shared(3), shared(1)]).await.unwrap(), heads(&[1, 3]));
    assert_eq!(x.stream_heads(&[shared(2), shared(2), shared(9)]).await.unwrap(), heads(&[2]));
    assert_eq!(x.stream_heads(&[]).await.unwrap(), []);
}

pub async fn what_was_kept_aside_takes_its_own_place_once_it_is_understood(place: &Place) {
    let store = place.store().await;
    said(&store).await;
    let x = &store.exchange;
    let place_of = |seq| StreamRow { docket: DocketId(0), pos: -1, ..stream(3, "320509", seq) };
    let part = |docket: i64| crate::journal::part(31, docket);
    assert_eq!(x.dockets_aside("", 10).await.unwrap(), []);
    let first = envelope(3, "320509", 0, 0);
    x.keep_aside(&first, &[place_of(0)], &[part(0)]).await.unwrap();
    x.keep_aside(&envelope(3, "320509", 1, 1), &[place_of(1)], &[]).await.unwrap();
    assert_eq!(x.dockets_aside("", 10).await.unwrap(), [shared(3)]);
    assert_eq!(x.dockets_aside(&shared(3).to_string(), 10).await.unwrap(), []);
    assert_eq!(store.upkeep.check().await.unwrap(), Vec::<String>::new());
    // Its entry and its part get their docket, and it the receipt that it was received.
    let on = store.journal.head().await.unwrap();
    let mut read = batch(&on, 1);
    let taken = EnvelopeRow { receipt: Some(b"received".to_vec()), ..first };
    read.streams = vec![stream(3, "320509", 0)];
    read.parts = vec![part(read.entries[0].docket.0)];
    read.reread = vec![taken.clone()];
    store.journal.commit(&read).await.unwrap();
    assert_eq!(
        x.stream(&shared(3), &node("320509"), 0, 10).await.unwrap(),
        [stream(3, "320509", 0), place_of(1)]
    );
    assert_eq!(x.envelopes(std::slice::from_ref(&taken.id)).await.unwrap(), [taken]);
    assert_eq!(store.journal.parts(&[part(0).digest]).await.unwrap(), read.parts);
    assert_eq!(x.dockets_aside("", 10).await.unwrap(), [shared(3)], "the second still waits");
    // One place is still taken once.
    let on = store.journal.head().await.unwrap();
    let twice = Batch { streams: vec![stream(3, "320509", 0)], ..batch(&on, 1) };
    assert!(store.journal.commit(&twice).await.is_err());
}

pub async fn entries_that_are_not_here_are_named(place: &Place) {
    let store = place.store().await;
    let said = said(&store).await;
    let (here, elsewhere) = (said.streams[1].digest, said.streams[3].digest);
    let asked = [here, digest(7_777), elsewhere, said.streams[2].digest];
    let lacking = store.exchange.not_here(&shared(1), &asked).await.unwrap();
    assert_eq!(lacking, [digest(7_777), elsewhere], "an entry of another docket is none of this one");
    assert_eq!(store.exchange.not_here(&shared(1), &[]).await.unwrap(), []);
}

pub async fn one_replica_leads_until_it_lets_go(place: &Place) {
    let (one, other) = (place.store().await, place.store().await);
    let mut lease = one.exchange.lead().await.unwrap().unwrap();
    assert!(lease.holds().await);
    let sqlite = place.url.starts_with("sqlite:");
    // An SQLite file is opened by one node; two replicas work on one PostgreSQL.
    assert_eq!(other.exchange.lead().await.unwrap().is_some(), sqlite);
    drop(lease);
    let mut again = None;
    // The engine learns of it when the connection is closed.
    for _ in 0..200 {
        again = other.exchange.lead().await.unwrap();
        if again.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(again.unwrap().holds().await);
}

pub async fn the_last_answer_of_a_member_about_an_item_is_kept(place: &Place) {
    let store = place.store().await;
    let x = &store.exchange;
    let row = |code: &str, item: &str, at: Option<i64>, error: &str, told: &str| ToldRow {
        node: node(code),
        item: item.into(),
        at,
        asked_at: 9,
        error: error.into(),
        told: told.into(),
    };
    assert_eq!(x.told("ZD-01").await.unwrap(), []);
    let silent = row("330421", "ZD-01", None, "连接失败", "");
    for one in
        [&silent, &row("320509", "ZD-01", Some(1), "", "{}"), &row("320509", "GG-03", Some(2), "", "[]")]
    {
        x.put_told(one).await.unwrap();
    }
    let newer = row("320509", "ZD-01", Some(5), "", "{\"n\":1}");
    x.put_told(&newer).await.unwrap();
    assert_eq!(x.told("ZD-01").await.unwrap(), [newer, silent], "by node, one of each");
}
