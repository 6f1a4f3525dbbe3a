//! The three systems: every filter agrees with the plainest model there is, pages meet, counts add up.

use crate::place::Place;
use lianzhi_app::ports::{Batch, OversightFilter, OversightRow, Sight};
use lianzhi_ids::DocketId;

const ROWS: i64 = 120;

fn made(id: i64) -> OversightRow {
    let decided = id % 4 != 0;
    let standing = ["open", "published", "kept", "withdrawn", "published"][(id % 5) as usize];
    let published = decided && matches!(standing, "published" | "withdrawn");
    OversightRow {
        docket: DocketId(id),
        kind: if id % 3 == 0 { "spot" } else { "penalty" }.into(),
        number: format!("N{id}"),
        unit: format!("ZF0{}", id % 2),
        paper: decided.then_some(3),
        // Several at the same moment: the docket says which comes first.
        at: 1_000 + id / 4,
        standing: decided.then(|| standing.to_owned()),
        published_at: published.then_some(2_000 + id),
        withdrawn_at: (published && standing == "withdrawn").then_some(3_000),
        late: id % 6 == 0,
        annulled: standing == "withdrawn",
        personal: id % 2 == 0,
        review: ["free", "owed", "given"][(id % 3) as usize].into(),
        gaps: id % 3,
        items: if id % 2 == 0 { " JZLJ-01 JZLJ-07 " } else { " JZLJ-011 " }.into(),
        party: if id % 7 == 0 { "张某某、100%纯_有限公司" } else { "示例有限公司" }.into(),
        decision: published.then(|| format!("{{\"n\":{id}}}")),
        reason: String::new(),
    }
}

fn passes(f: &OversightFilter, row: &OversightRow) -> bool {
    let seen = match &f.sight {
        Some(Sight::Some { units, .. }) => units.contains(&row.unit),
        _ => true,
    };
    let standing = row.standing.clone().unwrap_or_default();
    let shown = f.shown_since.is_none_or(|(others, persons)| {
        row.published_at.is_some_and(|at| at >= if row.personal { persons } else { others })
    });
    seen && shown
        && f.kind.as_ref().is_none_or(|kind| *kind == row.kind)
        && (f.standings.is_empty() || f.standings.contains(&standing))
        && f.decided.is_none_or(|decided| decided == row.paper.is_some())
        && f.from.is_none_or(|from| row.at >= from)
        && f.to.is_none_or(|to| row.at < to)
        && f.item.as_ref().is_none_or(|item| row.items.split(' ').any(|code| code == item))
        && f.party.as_ref().is_none_or(|party| row.party.contains(party))
        && f.late.is_none_or(|late| late == row.late)
        && f.review.as_ref().is_none_or(|review| *review == row.review)
        && f.gaps.is_none_or(|gaps| gaps == (row.gaps > 0))
}

pub async fn every_filter_of_the_three_systems_agrees_with_the_model(place: &Place) {
    let store = place.store().await;
    let mut all: Vec<OversightRow> = (1..=ROWS).map(made).collect();
    let batch = Batch { oversight: all.clone(), ..Batch::default() };
    store.journal.project(&batch).await.unwrap();
    all.sort_by_key(|row| std::cmp::Reverse((row.at, row.docket.0)));
    let any = OversightFilter::default;
    let unit = |unit: &str| Some(Sight::Some { units: vec![unit.into()], person: "p".into() });
    let filters = [
        any(),
        OversightFilter { sight: Some(Sight::All), ..any() },
        OversightFilter { sight: unit("ZF01"), gaps: Some(true), ..any() },
        OversightFilter { sight: Some(Sight::Some { units: vec![], person: "p".into() }), ..any() },
        OversightFilter { kind: Some("spot".into()), decided: Some(true), ..any() },
        OversightFilter { decided: Some(false), ..any() },
        OversightFilter {
            standings: vec!["published".into(), "withdrawn".into()],
            late: Some(false),
            ..any()
        },
        OversightFilter { from: Some(1_005), to: Some(1_020), ..any() },
        OversightFilter { item: Some("JZLJ-01".into()), ..any() },
        OversightFilter { item: Some("JZLJ-0".into()), ..any() },
        OversightFilter { party: Some("张某".into()), ..any() },
        OversightFilter { party: Some("%".into()), ..any() },
        OversightFilter { party: Some("纯_有".into()), ..any() },
        OversightFilter { party: Some("\\".into()), ..any() },
        OversightFilter { shown_since: Some((2_060, 2_030)), ..any() },
        OversightFilter { review: Some("owed".into()), gaps: Some(false), ..any() },
    ];
    for filter in filters {
        let wanted: Vec<_> = all.iter().filter(|row| passes(&filter, row)).cloned().collect();
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.oversight.rows(&filter, after, 7).await.unwrap();
            after = page.last().map(|row| (row.at, row.docket));
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        assert_eq!(found, wanted, "{filter:?}");
        let counts = store.oversight.counts(&filter).await.unwrap();
        assert_eq!(counts.iter().map(|c| c.n).sum::<i64>(), wanted.len() as i64, "{filter:?}");
        for count in counts {
            let alike = |row: &&OversightRow| {
                row.kind == count.kind
                    && row.standing == count.standing
                    && row.late == count.late
                    && row.review == count.review
                    && (row.gaps > 0) == count.gaps
            };
            assert_eq!(wanted.iter().filter(alike).count() as i64, count.n, "{count:?}");
        }
    }
    // What changes takes its own place; what is cleared is gone.
    let changed = OversightRow { gaps: 9, reason: "依据有误".into(), ..made(5) };
    let batch = Batch { oversight: vec![made(5), changed.clone()], ..Batch::default() };
    store.journal.project(&batch).await.unwrap();
    assert_eq!(store.oversight.row(DocketId(5)).await.unwrap(), Some(changed));
    store.journal.clear_projections().await.unwrap();
    assert_eq!(store.oversight.row(DocketId(5)).await.unwrap(), None);
}
