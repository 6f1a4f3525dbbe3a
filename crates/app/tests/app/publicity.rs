//! Publication, the check of papers and the three systems through the application: the same on both engines and when all is made
//! anew.

use crate::kit::{intact, photo};
use crate::penalty::{approved, decided, office};
use bytes::Bytes;
use lianzhi_app::publicity::{AnnualQuery, DecisionQuery, RecordQuery};
use lianzhi_app::rebuild::rebuild;
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_procedure::RefusalKind;
use lianzhi_procedure::directory::{PaperSettings, PublicationSettings};
use lianzhi_procedure::publicity::Checked;
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Node, Place, city};
use serde_json::json;

const NUMBER: &str = "310118199001010011";

async fn all(node: &Node) -> lianzhi_app::publicity::Decisions {
    node.app.decisions(&DecisionQuery::default()).await.unwrap()
}

pub async fn a_decision_is_published_for_its_time_and_withdrawn_with_its_reason(place: &Place) {
    let node = office(place).await;
    let id = decided(&node, NUMBER).await;
    assert!(all(&node).await.decisions.is_empty(), "nothing is public before it is published");
    node.done("officer-a1", id, json!({ "command": "publish" })).await;
    let found = all(&node).await;
    assert_eq!((found.decisions.len(), found.total, &found.next), (1, 1, &None));
    let one = &found.decisions[0];
    assert_eq!(one.decision.parties[0].name, "张某某");
    assert_eq!(one.decision.fine_fen, 200_000);
    let said = serde_json::to_string(one).unwrap();
    assert!(!said.contains("张小三") && !said.contains(NUMBER) && !said.contains("13800001234"), "{said}");
    assert_eq!(&node.app.decision(&one.id).await.unwrap(), one);

    // Found by item, day, and the name as it is shown; not by the name that is not shown.
    let narrowed = async |query: DecisionQuery| node.app.decisions(&query).await.unwrap().total;
    let of =
        |field: &str, value: &str| serde_json::from_value::<DecisionQuery>(json!({ field: value })).unwrap();
    for (field, value, hits) in [
        ("item", "FW-02", 1),
        ("item", "FW-0", 0),
        ("party", "张某", 1),
        ("party", "张小三", 0),
        ("party", "%", 0),
        ("from", "2026-11-23", 1),
        ("from", "2026-11-24", 0),
        ("to", "2026-11-22", 0),
        ("procedure", "spot", 0),
        ("procedure", "penalty", 1),
    ] {
        assert_eq!(narrowed(of(field, value)).await, hits, "{field}={value}");
    }
    for (field, value) in [("from", "昨天"), ("procedure", "other"), ("cursor", "x")] {
        assert_eq!(node.app.decisions(&of(field, value)).await.unwrap_err().field, Some(field));
    }

    // All made anew, nothing is different.
    let code = NodeCode::parse(city::NODE).unwrap();
    let row = async || node.app.store().oversight.row(DocketId(id)).await.unwrap();
    let before = (all(&node).await, row().await);
    rebuild(node.app.store(), &node.life.keys, &code, |_, _| {}).await.unwrap();
    node.app.reload().await.unwrap();
    assert_eq!((all(&node).await, row().await), before);

    node.clock().advance(jiff::SignedDuration::from_mins(10));
    approved(&node, id, json!({ "command": "revoke", "note": "依据有误" })).await;
    assert!(all(&node).await.decisions[0].annulled, "until it is withdrawn it says that it fell");
    node.done("legal", id, json!({ "command": "unpublish", "note": "张小三的处罚决定依据有误，已经撤销" }))
        .await;
    assert!(all(&node).await.decisions.is_empty());
    assert_eq!(node.app.decision(&before.0.decisions[0].id).await.unwrap_err().kind, RefusalKind::Missing);
    let withdrawn = node.app.withdrawn_decisions().await.unwrap();
    assert_eq!(withdrawn.len(), 1);
    assert_eq!(withdrawn[0].reason, "张某某的处罚决定依据有误，已经撤销");
    let annual = node.app.annual(&AnnualQuery { year: Some("2026".into()) }).await.unwrap();
    assert_eq!((annual.ordinary, annual.published, annual.withdrawn, annual.in_term), (1, 1, 1, 1));
    let other = node.app.annual(&AnnualQuery { year: Some("2025".into()) }).await.unwrap();
    assert_eq!((other.ordinary, other.all), (0, 0));
    intact(&node).await;
}

pub async fn a_decision_leaves_the_list_when_its_time_of_publication_is_over(place: &Place) {
    let node = office(place).await;
    let id = decided(&node, NUMBER).await;
    node.done("officer-a1", id, json!({ "command": "publish" })).await;
    node.clock().advance(jiff::SignedDuration::from_hours(24 * 100));
    assert_eq!(all(&node).await.total, 1);
    let mut settings = city::settings();
    settings.publication = PublicationSettings { spots: false, months: 12, person_months: 3 };
    node.app.put_register(&node.as_("admin"), Record::Settings(settings)).await.unwrap();
    assert_eq!(all(&node).await.total, 0, "a natural person: three months are over");
}

pub async fn a_paper_is_checked_by_its_code_and_its_file(place: &Place) {
    let node = office(place).await;
    let mut settings = city::settings();
    settings.papers = PaperSettings {
        phone: "021-59720000".into(),
        address: "公园路 100 号".into(),
        reconsideration: "青浦区人民政府".into(),
        court: "上海铁路运输法院".into(),
        pay_ways: vec!["工商银行".into()],
    };
    node.app.put_register(&node.as_("admin"), Record::Settings(settings)).await.unwrap();
    node.app.reached_at("https://lz.example.cn/");
    let id = decided(&node, NUMBER).await;
    node.done("officer-a1", id, json!({ "command": "publish" })).await;
    let code = all(&node).await.decisions[0].id.clone();
    let view = node.app.check(&code).await.unwrap();
    assert_eq!((view.title, view.standing), ("行政处罚决定书", Checked::InForce));
    assert_eq!(view.parties, ["张某某"]);
    assert_eq!(view.published_as.as_deref(), Some(code.as_str()));
    assert_eq!(view.digests.len(), 1, "what was handed over can be compared with");

    let file = node.app.matter(&node.as_("leader"), DocketId(id)).await.unwrap().case.unwrap();
    let paper = file.papers.iter().find(|p| p.form == "D17").unwrap().id;
    let printed = node.app.case_paper(&node.as_("officer-a1"), DocketId(id), paper, None).await.unwrap();
    assert!(node.app.same_as_issued(&code, &printed.pdf).await.unwrap());
    let mut forged = printed.pdf.to_vec();
    forged.push(b'\n');
    assert!(!node.app.same_as_issued(&code, &Bytes::from(forged)).await.unwrap());

    // A scan of what was signed counts, too.
    let scan = photo(&node, "scan").await;
    node.done("officer-a1", id, json!({ "command": "issue", "paper": paper, "exhibits": [scan] })).await;
    assert!(node.app.check(&code).await.unwrap().digests.contains(&scan.to_string()));

    let mut wrong: Vec<char> = code.chars().collect();
    wrong[15] = if wrong[15] == '0' { '1' } else { '0' };
    for code in [wrong.into_iter().collect::<String>(), "ABCD".into(), String::new()] {
        let refused = node.app.check(&code).await.unwrap_err();
        assert_eq!((refused.kind, refused.field), (RefusalKind::Missing, Some("code")), "{code}");
    }
    approved(&node, id, json!({ "command": "revoke", "note": "依据有误" })).await;
    assert_eq!(node.app.check(&code).await.unwrap().standing, Checked::Revoked);
}

pub async fn every_number_of_the_yearly_report_leads_to_its_matters(place: &Place) {
    let node = office(place).await;
    let id = decided(&node, NUMBER).await;
    let records = async |who: &str, what: &str| {
        let query = RecordQuery { what: Some(what.into()), year: Some("2026".into()), cursor: None };
        node.app.oversight_records(&node.as_(who), &query).await
    };
    let gaps = records("legal", "gaps").await.unwrap();
    assert_eq!(gaps.records.iter().map(|r| r.id).collect::<Vec<_>>(), [id]);
    assert!(gaps.records[0].gaps.iter().all(|gap| gap.source.contains('第') || gap.source.contains("〔")));
    node.done("officer-a1", id, json!({ "command": "keep_back", "note": "不具有社会影响" })).await;
    let annual = node.app.annual(&AnnualQuery::default()).await.unwrap();
    for (what, n) in [
        ("ordinary", annual.ordinary),
        ("spots", annual.spots),
        ("published", annual.published),
        ("in_term", annual.in_term),
        ("late", annual.late),
        ("kept", annual.kept),
        ("withdrawn", annual.withdrawn),
        ("open", annual.open),
        ("reviewed", annual.reviewed),
        ("to_review", annual.to_review),
        ("whole", annual.whole),
        ("gaps", annual.all - annual.whole),
    ] {
        assert_eq!(records("legal", what).await.unwrap().total, n, "{what}");
    }
    assert_eq!((annual.kept, annual.open, annual.ordinary), (1, 0, 1));
    // A unit sees its own; others have no business with it.
    assert_eq!(records("captain-a", "kept").await.unwrap().total, 1);
    assert_eq!(records("captain-b", "kept").await.unwrap().total, 0);
    assert_eq!(records("officer-a1", "kept").await.unwrap_err().kind, RefusalKind::Forbidden);
    assert_eq!(records("legal", "nothing").await.unwrap_err().field, Some("what"));
}
