//! What belongs together shows each other: a report or a case, and the letters to other members over it.

use crate::penalty::{filed, office, opened};
use lianzhi_app::Caller;
use lianzhi_app::ports::{Batch, RegisterRow};
use lianzhi_app::world::ROSTER;
use lianzhi_exchange::compact::{Level, Member};
use lianzhi_ids::{DocketId, NodeCode, Role};
use lianzhi_procedure::directory::{Person, Post};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{AnyState, Kind, cooperation};
use lianzhi_testkit::{Node, Place, city, roster};
use serde_json::{Value, json};

/// The office as a member of a compact with 吴江, and somebody who writes letters.
async fn member(place: &Place) -> Node {
    let node = office(place).await;
    let handler = Person {
        code: city::person("handler"),
        name: "办案员甲".into(),
        login: "handler".into(),
        posts: vec![Post {
            unit: city::unit("bureau"),
            roles: vec![Role::Handler, Role::Officer],
            grids: vec![],
        }],
        certificate: None,
        active: true,
        second_factor: false,
    };
    node.app.put_register(&Caller::system(), Record::Person(handler)).await.unwrap();
    let one = |code: &NodeCode, name: &str| Member {
        node: code.clone(),
        name: name.into(),
        level: Level::District,
        superior: String::new(),
        keys: Vec::new(),
        log_key: String::new(),
        witness_key: String::new(),
        addresses: Vec::new(),
        liaisons: Vec::new(),
        signatory: true,
    };
    let wujiang = NodeCode::parse("320509").unwrap();
    let roster = roster(vec![one(&node.app.directory().node, "青浦城管"), one(&wujiang, "吴江城管")]);
    let row = RegisterRow {
        register: ROSTER.0.into(),
        key: ROSTER.1.into(),
        docket: DocketId(0),
        record: serde_json::to_string(&roster).unwrap(),
        retired: false,
    };
    let batch = Batch { registers: vec![row], ..Batch::default() };
    node.app.store().journal.project(&batch).await.unwrap();
    node.app.reload().await.unwrap();
    node
}

async fn letter(node: &Node, kind: Kind, more: Value) -> DocketId {
    let mut letter = json!({
        "command": "begin", "to": ["320509"], "list": "HZ-01", "title": "交界地块", "text": "请协商。",
    });
    letter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    node.app.open_shared(&node.as_("handler"), kind, letter, None).await.unwrap().id
}

/// Numbers and what they are to a matter, as its page shows them.
async fn related(node: &Node, id: DocketId) -> Vec<(DocketId, &'static str)> {
    let view = node.app.matter(&node.as_("leader"), id).await.unwrap();
    view.related.iter().map(|related| (related.row.id, related.relation)).collect()
}

/// 行政处罚法 25: by the filing of the case, with its place in the log.
pub async fn a_dispute_names_the_filing_of_its_case_and_each_shows_the_other(place: &Place) {
    let node = member(place).await;
    let case = opened(&node, "FW-02", "person", "310118199001011234").await;
    let number = node.row(case).await.number;
    // A lead that is not filed yet is no filing.
    let early = letter(&node, Kind::Dispute, json!({ "over": number })).await;
    let claim = async |id| match node.app.matter(&node.as_("leader"), id).await.unwrap().state {
        AnyState::Dispute(cooperation::State::File(file)) => file.opening.filed,
        _ => None,
    };
    assert_eq!(claim(early).await, None);

    filed(&node, case).await;
    let entries = node.app.store().journal.docket(DocketId(case)).await.unwrap();
    let approved =
        entries.iter().find(|e| String::from_utf8_lossy(&e.bytes).contains("\"approved\"")).unwrap();
    let dispute = letter(&node, Kind::Dispute, json!({ "over": number })).await;
    let claim = claim(dispute).await.expect("it is filed");
    assert_eq!((claim.number, claim.at.as_microsecond()), (number, approved.at));
    assert_eq!((i64::try_from(claim.pos).unwrap(), claim.leaf), (approved.pos, approved.leaf));
    let case = DocketId(case);
    assert_eq!(related(&node, case).await, [(early, "管辖争议"), (dispute, "管辖争议")]);
    assert_eq!(related(&node, dispute).await, [(case, "起因")]);
}

pub async fn a_letter_names_no_matter_that_is_not_here(place: &Place) {
    let node = member(place).await;
    for (kind, more) in [(Kind::Dispute, json!({})), (Kind::Assistance, json!({ "asks": ["investigate"] }))] {
        let mut letter = json!({
            "command": "begin", "to": ["320509"], "list": "HZ-01", "title": "交界地块", "text": "请协商。",
            "over": "沪青案2026-999999",
        });
        letter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let refusal = node.app.open_shared(&node.as_("handler"), kind, letter, None).await.unwrap_err();
        assert_eq!((refusal.code, refusal.field), ("invalid-input", Some("over")), "{refusal}");
        assert!(refusal.rule.contains("沪青案2026-999999"), "{refusal}");
    }
}

pub async fn a_report_and_its_case_show_the_letters_over_it_and_they_show_it(place: &Place) {
    let node = member(place).await;
    let report = node.report("夜间倾倒建筑垃圾", 0).await;
    let (number, report) = (report.number.clone(), DocketId(report.id));
    let lead = json!({ "over": number, "ground": "place", "measures": "未采取强制措施。" });
    let lead = letter(&node, Kind::Lead, lead).await;
    assert_eq!(related(&node, report).await, [(lead, "由本件发出")]);
    assert_eq!(related(&node, lead).await, [(report, "起因")]);
    let case = json!({
        "source": "inspection", "from_matter": number, "title": "建筑垃圾案", "place": "漕平路 118 号",
        "kind": "person", "item": "FW-02", "from": "2026-11-20", "facts": "倾倒", "name": "张小三",
        "id_number": "310118199001011234",
    });
    let case = node.app.open_case(&node.as_("officer-a1"), case, None).await.unwrap().id;
    assert_eq!(related(&node, case).await, [(lead, "由线索发出")]);
}
