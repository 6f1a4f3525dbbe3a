//! What stands on letters and records between members, without printing them.

use super::letters::Desk;
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_exchange::stream::{ExhibitName, STREAM_ENTRY_VERSION, StreamEntry, stream_digest};
use lianzhi_ids::{Digest, NodeCode, SharedId};
use lianzhi_procedure::cooperation::{Act, Dispute, Event, File, State};
use lianzhi_procedure::{ExhibitRef, Procedure};
use lianzhi_testkit::city;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

const Q: &str = "310118";
const W: &str = "320509";

fn node(code: &str) -> NodeCode {
    NodeCode::parse(code).expect("a code")
}

/// Words that are named by their number.
fn part(n: u8) -> Value {
    json!({ "kind": "letter", "digest": Digest([n; 32]) })
}

fn opening(form: Form, more: Value) -> Value {
    let mut opening = json!({
        "act": "open", "number": "沪青争议2026-0001", "to": [W], "list": Digest([9; 32]), "list_id": "HZ-01",
        "title": part(1), "text": part(2), "due": "2026-12-14T16:00:00Z", "arithmetic": "15 个工作日",
        "paper": format!("沪青{}字〔2026〕1号", lianzhi_procedure::cooperation::number_word(form)),
    });
    if let (Value::Object(all), Value::Object(more)) = (&mut opening, more) {
        all.extend(more);
    }
    opening
}

/// What members said one after the other, a second apart on one day, as the second of them heard it.
fn said(form: Form, acts: impl IntoIterator<Item = (&'static str, Value)>) -> File {
    let id: SharedId = "310118.1.7".parse().expect("a name");
    let mut heads: BTreeMap<&str, (u32, Digest)> = BTreeMap::new();
    let mut state = State::Empty;
    let mut at: Timestamp = "2026-11-28T05:05:05Z".parse().expect("a moment");
    for (author, act) in acts {
        let act: Act = serde_json::from_value(act).expect("an act");
        let name = |e: &ExhibitRef| ExhibitName { digest: e.digest, size: e.size, media: e.media.clone() };
        let (seq, prev) = heads.get(author).copied().unwrap_or((0, Digest::ZERO));
        let entry = StreamEntry {
            v: STREAM_ENTRY_VERSION,
            docket: id.clone(),
            kind: form.code().into(),
            author: node(author),
            seq,
            prev,
            re: Vec::new(),
            at,
            actor: "王某（承办人）".into(),
            act: serde_json::value::to_raw_value(&act).expect("JSON"),
            parts: act.parts().iter().map(|p| p.digest).collect(),
            exhibits: act.exhibits().iter().map(|p| name(&p.exhibit)).collect(),
        };
        let entry = entry.seal().expect("an entry").bytes;
        heads.insert(author, (seq + 1, stream_digest(entry.as_bytes())));
        let heard = Event::Heard {
            me: node(W),
            form,
            entry,
            envelope: Digest::ZERO,
            clocks: Vec::new(),
            counts: None,
            drafter: None,
            erased: Vec::new(),
            at,
        };
        state = Dispute::evolve(state, &heard);
        at += jiff::SignedDuration::from_secs(65);
    }
    state.file().expect("a file").clone()
}

/// What stands on the paper of the last thing that a member said of this kind.
fn stands(file: &File, act: &str) -> String {
    let words = ["", "交界地块建筑垃圾案", "请协商管辖。", "面商。", "不同意。", "限盈港路工地。", "延期。"];
    let texts: HashMap<Digest, String> =
        (0u8..).zip(words).map(|(n, text)| (Digest([n; 32]), text.to_owned())).collect();
    let directory = city::directory();
    let mut story = file.story().into_iter().rev();
    let (node, said) = story.find(|(_, said)| said.act.code() == act).expect("it was said");
    let paper = super::letters::number_of(file, said).unwrap_or("沪青协复字〔2026〕1号");
    let desk = Desk { file, node, said, texts: &texts, directory: &directory };
    format!("{:?}", desk.document(paper).expect("a document"))
}

fn filed(number: &str, at: &str, pos: u64) -> Value {
    json!({ "number": number, "at": at, "pos": pos, "leaf": Digest([3; 32]) })
}

/// The record that was said last before the answer to it.
fn answered(agreed: bool) -> File {
    let first = filed("沪青案2026-1", "2026-11-28T05:05:05Z", 71);
    let talks = |answer: Option<Digest>| {
        let second = filed("苏吴案2026-2", "2026-11-28T05:06:10Z", 18);
        let mut acts = vec![
            (Q, opening(Form::Dispute, json!({ "over": "沪青案2026-1", "filed": first.clone() }))),
            (W, json!({ "act": "position", "note": part(2), "filed": second })),
            (W, json!({ "act": "negotiated", "competent": W, "note": part(3) })),
        ];
        acts.extend(answer.map(|record| {
            (Q, json!({ "act": "negotiation_answered", "record": record, "agreed": agreed, "note": part(4) }))
        }));
        said(Form::Dispute, acts)
    };
    let asked = talks(None);
    let record = asked.story().last().expect("the record").1;
    assert_eq!(super::letters::number_of(&asked, record), None, "nobody knows what came of it");
    talks(Some(record.digest))
}

#[test]
fn 行政处罚法25_a_record_of_talks_says_what_came_of_them_and_who_filed_first() {
    let refused = stands(&answered(false), "negotiated");
    for words in [
        "agreed: false",
        "未获各方同意",
        "不同意",
        "13时05分05秒",
        "13时06分10秒",
        "第71号，为最先立案",
        "第18号",
    ] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    assert!(!refused.contains("第18号，为最先立案"), "{refused}");
    let agreed = stands(&answered(true), "negotiated");
    assert!(agreed.contains("agreed: true") && agreed.contains("由320509管辖。"), "{agreed}");
}

#[test]
fn 行政处罚法42_a_letter_about_an_inspection_names_the_officers_and_the_consent_its_bounds() {
    let officers = ["王某（执法证 310118001）", "李某（执法证 310118002）"];
    let open = opening(Form::Away, json!({ "away": "inspect", "officers": officers }));
    let grant = json!({ "act": "granted", "note": part(5), "until": "2026-12-31T16:00:00Z",
        "paper": "苏吴协复字〔2026〕1号" });
    let file = said(Form::Away, [(Q, open), (W, grant)]);
    let letter = stands(&file, "open");
    assert!(officers.iter().all(|officer| letter.contains(officer)), "{letter}");
    let consent = stands(&file, "granted");
    assert!(consent.contains("以下列要求所限的范围为准") && consent.contains("限盈港路工地"), "{consent}");
}

#[test]
fn 行政处罚法29_a_letter_that_asks_to_recognise_penalties_names_each() {
    let penalty = json!({ "number": "沪青案2026-000011", "item": "JZLJ-01", "from": "2026-11-27", "to": "2026-11-27",
        "on": "2026-11-28", "fine": 55_000_000, "decision": "沪青罚决〔2026〕11号" });
    let open = opening(Form::Away, json!({ "away": "recognise", "penalties": [penalty] }));
    let letter = stands(&said(Form::Away, [(Q, open)]), "open");
    for words in
        ["沪青罚决〔2026〕11号（案件 沪青案2026-000011）", "JZLJ-01", "2026年11月27日", "罚款 550,000 元"]
    {
        assert!(letter.contains(words), "{words}: {letter}");
    }
}

#[test]
fn an_extension_names_its_day_as_letters_do() {
    let extended = json!({ "act": "extended", "until": "2026-12-08T16:00:00Z", "days": 3, "note": part(6),
        "paper": "苏吴延字〔2026〕1号" });
    let open = opening(Form::Assistance, json!({ "asks": ["investigate"] }));
    let letter = stands(&said(Form::Assistance, [(Q, open), (W, extended)]), "extended");
    assert!(letter.contains("本机关将于2026年12月8日前答复。"), "{letter}");
}

#[test]
fn 行政处罚法46_a_file_is_named_as_the_kind_of_evidence_that_its_name_says() {
    let file = |name: &str, media: &str| {
        let provenance =
            json!({ "exhibit": { "digest": Digest([1; 32]), "size": 1, "media": media }, "name": name });
        let provenance = serde_json::from_value(provenance).expect("a file");
        super::papers::kind_of(&provenance).title()
    };
    for (name, media, kind) in [
        ("现场检查笔录", "application/pdf", "现场检查笔录"),
        ("张三询问笔录", "application/pdf", "调查询问笔录"),
        ("车辆运行轨迹", "text/csv", "电子数据"),
        ("土壤检测报告", "application/pdf", "鉴定意见"),
        ("", "image/jpeg", "视听资料"),
        ("运单", "application/pdf", "书证"),
    ] {
        assert_eq!(file(name, media), kind, "{name}");
    }
}
