//! Lines of cases are replaced with their case, and seen as its row is.

use crate::place::{Place, batch, commit_matters, everything, matter};
use lianzhi_app::ports::{CaseLineRow, Filter, MatterRow, Sight};
use lianzhi_ids::DocketId;

fn line(docket: i64, n: i64, item: &str, fine: i64) -> CaseLineRow {
    CaseLineRow {
        docket: DocketId(docket),
        n,
        item: item.into(),
        subject: "单位".into(),
        result: "penalty".into(),
        kept: "kept".into(),
        reviewed: "agree".into(),
        challenge: "none".into(),
        tier: "一般".into(),
        circumstances: "confessed,removed_harm".into(),
        decided_at: Some(7),
        fine,
        paid: 0,
    }
}

fn case(id: i64, unit: &str) -> MatterRow {
    MatterRow { kind: "penalty".into(), unit: Some(unit.into()), reported_at: id * 10, ..matter(id) }
}

pub async fn lines_are_replaced_with_their_case_and_seen_as_its_row_is(place: &Place) {
    let store = place.store().await;
    commit_matters(&store, vec![case(1, "ZF01"), case(2, "ZF02"), matter(3)]).await;
    let project = async |matters: Vec<MatterRow>, case_lines: Vec<CaseLineRow>| {
        let head = store.journal.head().await.unwrap();
        let batch = lianzhi_app::ports::Batch { matters, case_lines, ..batch(&head, 0) };
        store.journal.project(&batch).await.unwrap();
    };
    let lines = vec![line(1, 0, "A", 100), line(1, 1, "B", 200), line(2, 0, "A", 300)];
    project(vec![case(1, "ZF01"), case(2, "ZF02")], lines.clone()).await;
    let read = async |filter: Filter, item: Option<&str>| -> Vec<CaseLineRow> {
        let found = store.queries.case_lines(&filter, item).await.unwrap();
        found.into_iter().map(|counted| counted.line).collect()
    };
    assert_eq!(read(everything(), None).await, lines);
    assert_eq!(read(everything(), Some("A")).await, [lines[0].clone(), lines[2].clone()]);
    let sight = Sight::Some { units: vec!["ZF02".into()], person: "nobody".into() };
    assert_eq!(read(Filter { sight, ..everything() }, None).await, [lines[2].clone()]);
    let early = Filter { reported_from: Some(0), reported_to: Some(20), ..everything() };
    assert_eq!(read(early, None).await, lines[..2]);
    // The case has one line now, and a report that changes takes none away.
    project(vec![case(1, "ZF01"), matter(3)], vec![line(1, 0, "A", 150)]).await;
    assert_eq!(read(everything(), None).await, [line(1, 0, "A", 150), line(2, 0, "A", 300)]);
    let counted = store.queries.case_lines(&everything(), None).await.unwrap();
    assert_eq!(
        (counted[0].kind.as_str(), counted[0].unit.as_deref(), counted[0].reported_at),
        ("penalty", Some("ZF01"), 10)
    );
    store.journal.clear_projections().await.unwrap();
    assert!(read(everything(), None).await.is_empty());
}
