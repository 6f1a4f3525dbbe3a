//! Entries, envelopes and parcels in both suites, receipts for them, and the requests that carry them.

use super::world::{Told, dumping, log_key, secret, told};
use super::{compare, framed};
use crate::common::{JIASHAN, QINGPU, WUJIANG, at, morning, node};
use lianzhi_docket::suite::HTTP_DOMAIN;
use lianzhi_exchange::capabilities::PROTOCOL_VERSION;
use lianzhi_exchange::envelope::{Address, Class, Envelope, Parcel, PartContent};
use lianzhi_exchange::http::{HEADER_VERSION, Request, content_digest, request_base, sign};
use lianzhi_exchange::receipt::{Receipt, Stage};
use lianzhi_exchange::stream::{ExhibitName, STREAM_ENTRY_VERSION, StreamEntry, stream_digest};
use lianzhi_ids::{Digest, DocketId, SharedId};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A text beside an entry. Its salt is fixed here; a node draws it.
pub fn part(n: u8, kind: &str, content: &str) -> PartContent {
    PartContent::new(kind, [n; 16], content.into())
}

fn reference(part: &PartContent) -> Value {
    json!({ "kind": part.kind, "digest": part.digest })
}

/// An entry with its parts, and to whom it goes.
#[derive(Clone)]
pub struct Letter {
    pub entry: StreamEntry,
    pub parts: Vec<PartContent>,
    pub to: Vec<&'static str>,
}

impl Letter {
    pub fn bytes(&self) -> String {
        self.entry.seal().unwrap().bytes
    }

    pub fn digest(&self) -> Digest {
        stream_digest(self.bytes().as_bytes())
    }
}

/// The docket of the vectors that this node opens.
pub fn docket(founder: &str) -> SharedId {
    SharedId { node: node(founder), generation: 1, id: DocketId(7) }
}

/// The next entry of an author in a docket of this kind; `act` is written as it stands.
pub fn letter(
    (docket, kind): (SharedId, &str),
    author: &str,
    after: Option<&Letter>,
    act: &Value,
    parts: Vec<PartContent>,
    to: &[&'static str],
) -> Letter {
    let entry = StreamEntry {
        v: STREAM_ENTRY_VERSION,
        docket,
        kind: kind.into(),
        author: node(author),
        seq: after.map_or(0, |l| l.entry.seq + 1),
        prev: after.map_or(Digest::ZERO, Letter::digest),
        re: vec![],
        at: morning(),
        actor: "沈建国（分管副局长）".into(),
        act: RawValue::from_string(act.to_string()).unwrap(),
        parts: parts.iter().map(|p| p.digest).collect(),
        exhibits: vec![],
    };
    Letter { entry, parts, to: to.to_vec() }
}

/// What opens a lead, as the agency of the author writes it. The order of an act's fields is free.
pub fn opening(author: &str, to: &'static str) -> Letter {
    let prefix = match author {
        QINGPU => "沪青",
        WUJIANG => "苏吴",
        _ => "皖合",
    };
    let parts: Vec<PartContent> = [
        "渣土车夜间跨界倾倒",
        "近日夜间有渣土车在沪聂路桥下倾倒建筑垃圾约二十立方米，请依法查处。",
        "沪A12345重型自卸货车",
        "沪聂路桥下",
        "未采取强制措施。",
    ]
    .into_iter()
    .zip(1..)
    .map(|(text, n)| part(n, "letter", text))
    .collect();
    let exhibit = json!({ "digest": PHOTO, "size": 481_233, "media": "image/jpeg" });
    let taker = |name: &str, n: u32| json!({ "name": name, "certificate": format!("{author}{n:03}") });
    let act = json!({
        "act": "open", "number": format!("{prefix}移送2026-0001"), "to": [to],
        "list": dumping().digest(), "list_id": dumping().id,
        "title": reference(&parts[0]), "text": reference(&parts[1]), "subject": reference(&parts[2]),
        "category": "E03001", "place": reference(&parts[3]),
        "point": { "lng_e6": 120_912_345, "lat_e6": 31_012_345 },
        "exhibits": [{
            "exhibit": exhibit, "name": "现场照片", "takers": [taker("王执法", 1), taker("李执法", 2)],
            "taken_at": "2026-06-14T15:20:00Z", "matter": format!("{prefix}2026-000123"), "pos": 4711,
        }],
        "ground": "place", "measures": reference(&parts[4]), "urgent": false,
        "due": "2026-06-30T16:00:00Z", "arithmetic": "自2026-06-15起10个工作日", "provisional": false,
        "contact": { "name": "张办案", "certificate": format!("{author}001"), "phone": "021-59730000" },
        "paper": format!("{prefix}移字〔2026〕1号"),
    });
    let named = ExhibitName { digest: PHOTO.parse().unwrap(), size: 481_233, media: "image/jpeg".into() };
    let mut letter = letter((docket(author), "lead"), author, None, &act, parts, &[to]);
    letter.entry.exhibits = vec![named];
    letter
}

/// SHA-256 of the text `photo`.
const PHOTO: &str = "55c64d0fcd6f9d5f7c828093857e3fdfda68478bb4e9bd24d481ef391c7804e8";

/// Addressed under the second epoch and the entry on dumping.
pub fn address(told: &Told, to: &[&str]) -> Address {
    let roster = told.roster();
    Address {
        to: to.iter().map(|code| node(code)).collect(),
        basis: "行政处罚法第二十二条、第五十四条".into(),
        list: Some(dumping().digest()),
        epoch: roster.epoch.number,
        roster: roster.digest,
        class: Class::Ordinary,
        time: morning(),
    }
}

/// In an envelope of its own.
pub fn sealed(letter: &Letter, address: Address) -> Envelope {
    Envelope::new(&[letter.bytes()], address).unwrap()
}

/// Packed with its parts, signed by the author's first key.
pub fn packed(envelope: &Envelope, parts: Vec<PartContent>) -> Parcel {
    let signature = envelope.sign(&secret(envelope.author().as_str(), 0)).unwrap();
    Parcel::new(envelope, signature, parts).unwrap()
}

#[test]
fn envelopes() {
    let told = told();
    let made: Vec<Value> = [(QINGPU, WUJIANG), (WUJIANG, QINGPU)]
        .into_iter()
        .map(|(author, to)| {
            let letter = opening(author, to);
            let envelope = sealed(&letter, address(&told, &[to]));
            let parcel = packed(&envelope, letter.parts.clone());
            let said = &envelope.entries[0];
            assert_eq!(stream_digest(said.bytes.as_bytes()), said.digest);
            assert!(parcel.open().is_ok() && parcel.missing(&envelope).is_empty());
            json!({
                "author": author,
                "act": serde_json::from_str::<Value>(letter.entry.act.get()).unwrap(),
                "entry": said.bytes,
                "entry_digest": said.digest,
                "id": envelope.id,
                "envelope": envelope.bytes(),
                "envelope_digest": envelope.digest(),
                "parcel": serde_json::from_str::<Value>(&parcel.to_json().unwrap()).unwrap(),
            })
        })
        .collect();
    let first = opening(QINGPU, WUJIANG);
    let text = part(6, "letter", "又发现一处。");
    let act = json!({ "act": "supplemented", "note": reference(&text) });
    let more = letter((docket(QINGPU), "lead"), QINGPU, Some(&first), &act, vec![text], &[WUJIANG]);
    let text = part(7, "letter", "请尽快登记。");
    let act = json!({ "act": "urged", "note": reference(&text) });
    let urged = letter((docket(QINGPU), "lead"), QINGPU, Some(&more), &act, vec![text], &[WUJIANG]);
    let both = Envelope::new(&[more.bytes(), urged.bytes()], address(&told, &[WUJIANG])).unwrap();
    let parts = [more.parts, urged.parts].concat();
    let parcel = packed(&both, parts);
    compare(
        "envelopes.json",
        &json!({
            "openings": made,
            "two_entries": {
                "id": both.id,
                "entry_digests": both.entries.iter().map(|s| s.digest).collect::<Vec<_>>(),
                "envelope": both.bytes(),
                "envelope_digest": both.digest(),
                "parcel": serde_json::from_str::<Value>(&parcel.to_json().unwrap()).unwrap(),
            },
        }),
    );
}

/// What a receiver answers once an envelope is durable.
pub fn receipt(envelope: &Envelope, by: &str, stage: Stage) -> Receipt {
    Receipt {
        envelope: envelope.id.clone(),
        digest: envelope.digest(),
        node: node(by),
        at: at("2026-06-15T00:00:01Z"),
        stage,
        heads: [(envelope.author().clone(), envelope.end())].into(),
    }
}

#[test]
fn receipts() {
    let told = told();
    let made: Vec<Value> = [(QINGPU, WUJIANG), (WUJIANG, QINGPU)]
        .into_iter()
        .map(|(author, receiver)| {
            let envelope = sealed(&opening(author, receiver), address(&told, &[receiver]));
            let receipt = receipt(&envelope, receiver, Stage::Received).sign(&secret(receiver, 0)).unwrap();
            json!({
                "receiver": receiver,
                "answer": { "receipt": receipt },
                "signed": framed("receipt", receipt.statement.as_bytes()),
            })
        })
        .collect();
    compare("receipts.json", &json!(made));
}

#[test]
fn requests() {
    let told = told();
    let first = opening(QINGPU, WUJIANG);
    let parcel = packed(&sealed(&first, address(&told, &[WUJIANG])), first.parts.clone());
    let parcel = parcel.to_json().unwrap();
    let stream = "/exchange/v1/dockets/310118.1.7/streams/310118";
    let calls = [
        (QINGPU, "GET", "/exchange/v1/capabilities", "", "", ""),
        (JIASHAN, "GET", "/exchange/v1/compact", "", "", ""),
        (WUJIANG, "GET", stream, "from=3", "", ""),
        (
            QINGPU,
            "POST",
            "/exchange/v1/envelopes",
            "",
            "application/vnd.lianzhi.parcel+json",
            parcel.as_str(),
        ),
    ];
    let made: Vec<Value> = calls
        .into_iter()
        .zip(0x22..)
        .map(|((from, method, path, query, media, body), n)| {
            let (code, digest) = (node(from), content_digest(body.as_bytes()));
            let authority = "exchange.320509.example";
            let request = Request { method, authority, path, query, content_digest: &digest, node: &code };
            let key = secret(from, u8::from(from == JIASHAN));
            let headers = sign(&request, morning(), &[n; 16], &key).unwrap();
            let params = headers.signature_input.strip_prefix("lianzhi=").unwrap();
            let base = request_base(&request, params).unwrap();
            assert!(key.public().verify(
                HTTP_DOMAIN,
                base.as_bytes(),
                &key.sign(HTTP_DOMAIN, base.as_bytes()).unwrap()
            ));
            assert_eq!(HEADER_VERSION, "lianzhi-version");
            let mut named = json!({
                "Host": authority,
                "Lianzhi-Node": from,
                "Lianzhi-Version": PROTOCOL_VERSION.to_string(),
                "Content-Digest": digest,
                "Signature-Input": headers.signature_input,
                "Signature": headers.signature,
            });
            if !media.is_empty() {
                named["Content-Type"] = media.into();
            }
            json!({
                "method": method, "authority": authority, "path": path, "query": query, "body": body,
                "key": key.public(), "headers": named, "signature_base": base,
            })
        })
        .collect();
    compare("requests.json", &json!(made));
    assert_ne!(log_key(QINGPU).secret(), log_key(WUJIANG).secret(), "each log has a key of its own");
}
