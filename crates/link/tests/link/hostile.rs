//! A hostile caller gets nothing and changes nothing.

use crate::exhibits::deposit;
use lianzhi_app::federation::Outgoing;
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::envelope::{
    Address, Class, Envelope, MEDIA_PARCEL, MEDIA_PARCELS, PARCEL_BYTES_MAX, Parcel,
};
use lianzhi_exchange::http::{self as hop, HEADER_NODE, HEADER_VERSION};
use lianzhi_exchange::stream::{STREAM_ENTRY_VERSION, StreamEntry};
use lianzhi_ids::{Digest, DocketId, NodeCode, SharedId};
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site};
use serde_json::{Value, json};

/// The keys of the members, as the federation makes them.
pub fn key(n: u8) -> SecretKey {
    let suite = if n == 1 { Suite::Sm2 } else { Suite::Ed25519 };
    SecretKey::from_secret(suite, &[n + 1; 32]).unwrap()
}

/// A request as somebody signs it.
pub struct Asked<'a> {
    method: &'static str,
    path: &'a str,
    media: &'static str,
    body: Vec<u8>,
    node: &'a str,
    key: SecretKey,
    nonce: [u8; 16],
    /// For which host it is signed.
    authority: Option<String>,
}

impl<'a> Asked<'a> {
    pub fn get(path: &'a str, node: &'a str, n: u8) -> Asked<'a> {
        Asked::post(path, "", Vec::new(), node, n).with(|a| a.method = "GET")
    }
    pub fn post(path: &'a str, media: &'static str, body: Vec<u8>, node: &'a str, n: u8) -> Asked<'a> {
        let mut nonce = [n; 16];
        nonce[..8].copy_from_slice(&NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_be_bytes());
        Asked { method: "POST", path, media, body, node, key: key(n), nonce, authority: None }
    }
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
    pub fn headers(&self, to: &Site) -> Vec<(&'static str, String)> {
        let (path, query) = self.path.split_once('?').unwrap_or((self.path, ""));
        let node = NodeCode::parse(self.node).unwrap();
        let content_digest = hop::content_digest(&self.body);
        let authority = self.authority.clone().unwrap_or_else(|| to.address.to_string());
        let request = hop::Request {
            method: self.method,
            authority: &authority,
            path,
            query,
            content_digest: &content_digest,
            node: &node,
        };
        let signed = hop::sign(&request, to.node.app.now(), &self.nonce, &self.key).unwrap();
        vec![
            (HEADER_NODE, self.node.to_owned()),
            (HEADER_VERSION, "1".into()),
            ("content-digest", content_digest),
            ("signature-input", signed.signature_input),
            ("signature", signed.signature),
            ("content-type", self.media.into()),
        ]
    }
    pub async fn send(self, to: &Site) -> (u16, Value) {
        let headers = self.headers(to);
        raw(to, self.method, self.path, &headers, self.body).await
    }
}

static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);

pub async fn raw(
    to: &Site,
    method: &'static str,
    path: &str,
    headers: &[(&'static str, String)],
    body: Vec<u8>,
) -> (u16, Value) {
    let client = reqwest::Client::new();
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = client.request(method, format!("http://{}{path}", to.address)).body(body);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

/// All that a member's store knows that others could have changed.
pub async fn state(site: &Site) -> String {
    let store = site.node.app.store();
    let head = store.journal.head().await.unwrap();
    format!("{:?} {:?}", head, store.journal.all_parts(None, 1_000).await.unwrap().len())
}

/// What the first member wants to send, not yet sent.
pub async fn due(f: &Federation, kind: Kind, letter: Value) -> (DocketId, Outgoing) {
    let id = f.sites[0].send(kind, &["320509"], letter).await.unwrap();
    let due = f.sites[0].node.app.outbox_due(&f.sites[1].code, |_| false).await.unwrap().pop().unwrap();
    (id, due)
}

pub fn envelope(kind: &str, n: i64, act: &str, to: &[&str], list: Option<Digest>) -> Envelope {
    let author = NodeCode::parse("310118").unwrap();
    let entry = StreamEntry {
        v: STREAM_ENTRY_VERSION,
        docket: SharedId { node: author.clone(), generation: 1, id: DocketId(n) },
        kind: kind.into(),
        author,
        seq: 0,
        prev: Digest::ZERO,
        re: vec![],
        at: lianzhi_testkit::at(lianzhi_testkit::MORNING),
        actor: "某人".into(),
        act: serde_json::value::RawValue::from_string(act.into()).unwrap(),
        parts: vec![],
        exhibits: vec![],
    };
    let address = Address {
        to: to.iter().map(|code| NodeCode::parse(code).unwrap()).collect(),
        basis: "行政处罚法第二十六条".into(),
        list,
        epoch: 1,
        roster: Digest([7; 32]),
        class: Class::Ordinary,
        time: lianzhi_testkit::at(lianzhi_testkit::MORNING),
    };
    Envelope::new(&[entry.seal().unwrap().bytes], address).unwrap()
}

pub fn parcel(envelope: &Envelope, n: u8) -> Vec<u8> {
    let signature = envelope.sign(&key(n)).unwrap();
    Parcel::new(envelope, signature, Vec::new()).unwrap().to_json().unwrap().into_bytes()
}

pub const ENVELOPES: &str = "/exchange/v1/envelopes";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_counts_once_from_a_member_for_this_node_with_this_body() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let (_, out) = due(&f, Kind::Lead, json!({})).await;
    let (to, before) = (&f.sites[1], state(&f.sites[1]).await);
    let body = out.parcel.to_json().unwrap().into_bytes();
    let asked = |node, n| Asked::post(ENVELOPES, MEDIA_PARCEL, body.clone(), node, n);
    let refused = async |asked: Asked<'_>, status: u16, code: &str| {
        let (got, problem) = asked.send(to).await;
        assert_eq!((got, problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(state(to).await, before);
    };
    // Not signed at all.
    let (status, _) =
        raw(to, "POST", ENVELOPES, &[("content-type", MEDIA_PARCEL.into())], body.clone()).await;
    assert_eq!(status, 400);
    // By nobody of the compact; by a key of another member; in the name of the receiver itself.
    refused(asked("999999", 0), 403, "not-a-member").await;
    refused(asked("310118", 2), 401, "unknown-key").await;
    refused(asked("320509", 1), 403, "not-a-member").await;
    // Signed for another member's address, and sent on to this one.
    let other = f.sites[2].address.to_string();
    refused(asked("310118", 0).with(|a| a.authority = Some(other)), 401, "wrong-request-signature").await;
    // Another body under the same signature; another path.
    let headers = asked("310118", 0).headers(to);
    let (status, problem) = raw(to, "POST", ENVELOPES, &headers, b"[]".to_vec()).await;
    assert_eq!((status, problem["code"].as_str()), (400, Some("wrong-digest")));
    let (status, _) = raw(to, "POST", "/exchange/v1/alarm", &headers, body.clone()).await;
    assert_eq!(status, 401);
    assert_eq!(state(to).await, before);
    // A good one works once; replayed, it does not.
    let headers = asked("310118", 0).headers(to);
    assert_eq!(raw(to, "POST", ENVELOPES, &headers, body.clone()).await.0, 200);
    let (status, problem) = raw(to, "POST", ENVELOPES, &headers, body.clone()).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("replayed")));
    // Too long.
    let long = vec![b' '; PARCEL_BYTES_MAX + 1];
    let (status, problem) = Asked::post(ENVELOPES, MEDIA_PARCEL, long, "310118", 0).send(to).await;
    assert_eq!((status, problem["code"].as_str()), (413, Some("too-large")));
    let long = vec![b' '; (4 << 20) + 1];
    assert_eq!(Asked::post(ENVELOPES, MEDIA_PARCELS, long, "310118", 0).send(to).await.0, 413);
    // Long ago.
    f.clock.advance(jiff::SignedDuration::from_mins(6));
    let (status, problem) = raw(to, "POST", ENVELOPES, &headers, body).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("clock")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_again_gives_the_same_receipt_and_something_else_is_kept_as_evidence() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let (id, out) = due(&f, Kind::Lead, json!({})).await;
    let (a, b) = (&f.sites[0], &f.sites[1]);
    let send = async |body: Vec<u8>| Asked::post(ENVELOPES, MEDIA_PARCEL, body, "310118", 0).send(b).await;
    let body = out.parcel.to_json().unwrap().into_bytes();
    let (status, first) = send(body.clone()).await;
    assert_eq!(status, 200, "{first}");
    let after = state(b).await;
    f.clock.advance(jiff::SignedDuration::from_secs(60));
    let (status, again) = send(body).await;
    assert_eq!((status, &again), (200, &first));
    assert_eq!(state(b).await, after);
    // The same place, other words.
    let shared = a.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    let list = a.node.app.roster().unwrap().epoch.list[0].digest();
    let other = envelope("lead", shared.id.0, r#"{"act":"other"}"#, &["320509"], Some(list));
    let (status, problem) = send(parcel(&other, 0)).await;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(problem["refused"]["code"], "fork");
    assert_eq!(state(b).await, after);
    let forks = b.node.app.forks().await.unwrap();
    assert_eq!((forks.len(), forks[0].node.as_str()), (1, "310118"));
    // Anybody with the roster can check it.
    let evidence = b.node.app.evidence(forks[0].digest).await.unwrap().unwrap();
    let evidence: lianzhi_exchange::evidence::Evidence = serde_json::from_slice(&evidence).unwrap();
    let lianzhi_exchange::evidence::Evidence::Envelopes(both) = &evidence else { panic!("of envelopes") };
    assert!(both.verify(&b.node.app.roster().unwrap()).is_ok());
    assert!(a.node.app.alarmed(&evidence).await.unwrap());
    assert_eq!(a.node.app.forks().await.unwrap()[0].digest, forks[0].digest);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_allowed_is_refused_and_what_is_not_understood_is_kept() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let b = &f.sites[1];
    let send = async |body: Vec<u8>| Asked::post(ENVELOPES, MEDIA_PARCEL, body, "310118", 0).send(b).await;
    let list = b.node.app.roster().unwrap().epoch.list[0].digest();
    let before = state(b).await;
    for (envelope, signer, code) in [
        (envelope("lead", 90, "{}", &["320509"], None), 0, "no-list-entry"),
        (envelope("lead", 90, "{}", &["320509"], Some(Digest([1; 32]))), 0, "no-list-entry"),
        (envelope("lead", 90, "{}", &["330421"], Some(list)), 0, "not-addressed"),
        (envelope("lead", 90, "{}", &["320509"], Some(list)), 2, "unknown-key"),
        // Allowed, but nothing that a lead could say.
        (envelope("lead", 90, r#"{"act":"nonsense"}"#, &["320509"], Some(list)), 0, "invalid-input"),
    ] {
        let (status, answer) = send(parcel(&envelope, signer)).await;
        assert!(status >= 400, "{answer}");
        assert_eq!(answer["refused"]["code"], code, "{answer}");
        assert_eq!(state(b).await, before);
    }
    let (status, _) = send(b"{}".to_vec()).await;
    assert_eq!(status, 400);
    // A kind of a later version: kept and acknowledged as not understood; the same again, the same receipt.
    let later = envelope("operation", 91, r#"{"act":"begin"}"#, &["320509"], Some(list));
    let (status, answer) = send(parcel(&later, 0)).await;
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer["receipt"]["statement"].as_str().unwrap().contains(r#""stage":"not-understood""#),
        "{answer}"
    );
    assert_eq!(send(parcel(&later, 0)).await, (200, answer));
    assert_eq!(state(b).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_parties_learn_of_a_docket() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let a = &f.sites[0];
    let digest = deposit(a, "u1", b"\x89PNG\r\n\x1a\n0123456789".to_vec()).await;
    let stranger = deposit(a, "u2", b"\x89PNG\r\n\x1a\nnobody's".to_vec()).await;
    let (id, _) = due(&f, Kind::Evidence, json!({ "exhibits": [digest] })).await;
    let shared = a.node.app.store().exchange.shared_of(id).await.unwrap().unwrap();
    let streams = format!("/exchange/v1/dockets/{shared}/streams/310118");
    let heads = format!("/exchange/v1/dockets/{shared}/heads");
    let file = format!("/exchange/v1/exhibits/{digest}?docket={shared}");
    let not_its = format!("/exchange/v1/exhibits/{stranger}?docket={shared}");
    for path in [&streams, &heads, &file] {
        assert_eq!(Asked::get(path, "330421", 2).send(a).await.0, 404, "{path}");
        assert_eq!(Asked::get(path, "320509", 1).send(a).await.0, 200, "{path}");
    }
    assert_eq!(Asked::get(&not_its, "320509", 1).send(a).await.0, 404, "of no docket of theirs");
    let nothing = "/exchange/v1/dockets/310118.1.999/streams/310118";
    assert_eq!(Asked::get(nothing, "320509", 1).send(a).await.0, 404);
    let beyond = format!("{streams}?from=1");
    assert_eq!(Asked::get(&beyond, "320509", 1).send(a).await, (200, json!([])));
    for odd in ["/exchange/v1/dockets/x/heads", "/exchange/v1/exhibits/zz?docket=x", "/exchange/v1/none"] {
        assert!((400..500).contains(&Asked::get(odd, "320509", 1).send(a).await.0), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_in_the_receivers_own_name_alarms_its_people() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let (_, out) = due(&f, Kind::Lead, json!({})).await;
    let [a, b] = &f.sites[..] else { panic!() };
    let list = a.node.app.roster().unwrap().epoch.list[0].digest();
    let before = state(a).await;
    let forged = |n| envelope("lead", n, "{}", &["320509"], Some(list));
    // Its own words back, and what another key signed, are no alarm.
    let own = out.parcel.to_json().unwrap().into_bytes();
    assert_eq!(Asked::post(ENVELOPES, MEDIA_PARCEL, own, "320509", 1).send(a).await.0, 403);
    let (status, _) = Asked::post(ENVELOPES, MEDIA_PARCEL, parcel(&forged(90), 2), "320509", 1).send(a).await;
    assert_eq!(status, 401);
    assert!(a.node.app.forks().await.unwrap().is_empty());
    // Posted, and given to one that pulls.
    for _ in 0..2 {
        let post = Asked::post(ENVELOPES, MEDIA_PARCEL, parcel(&forged(90), 0), "320509", 1);
        assert_eq!(post.send(a).await.0, 403);
    }
    let signed = Parcel::new(&forged(91), forged(91).sign(&key(0)).unwrap(), vec![]).unwrap();
    let pulled = lianzhi_exchange::inbound::Way::Pulled;
    let answers = a.node.app.receive(vec![signed], &b.code, pulled).await;
    assert_eq!(answers[0].status(), 409, "{answers:?}");
    let kept = a.node.app.forks().await.unwrap();
    let kept: Vec<_> = kept.iter().map(|f| (f.node.as_str(), &*f.kind, &*f.subject)).collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    for n in [90, 91] {
        let subject = format!("310118.1.{n}/310118/0");
        assert!(kept.contains(&("310118", lianzhi_app::federation::OWN_NAME, &subject)), "{kept:?}");
    }
    assert_eq!(state(a).await, before);
}
