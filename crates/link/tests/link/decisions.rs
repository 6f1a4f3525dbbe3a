//! How members decided about an item, as far as they published it: asked over HTTP, kept, shown with its day.

use jiff::{SignedDuration, Timestamp};
use lianzhi_app::figures::like::{LikeCases, Likeness};
use lianzhi_app::ports::{Batch, CaseLineRow, MatterRow, OversightRow};
use lianzhi_ids::DocketId;
use lianzhi_testkit::{Federation, Place, Site};
use serde_json::json;

const ITEM: &str = "ZD-01";

/// A decided case, published or kept back, with a fine for the item.
fn case(
    id: i64,
    published: Option<Timestamp>,
    subject: &str,
    fine: i64,
) -> (MatterRow, OversightRow, CaseLineRow) {
    let number = format!("苏吴罚字〔2026〕{id}号");
    let at = published.unwrap_or(Timestamp::UNIX_EPOCH).as_microsecond();
    let decision = json!({
        "number": number, "procedure": "普通程序", "decided": "2026-11-02", "parties": [{"name": "吴江某某运输有限公司",
        "kind": "企业", "penalties": []}], "items": [], "bases": [], "fine_fen": fine, "natural": false,
    });
    let matter = MatterRow {
        id: DocketId(id),
        kind: "penalty".into(),
        number: number.clone(),
        seq: 1,
        last: None,
        pos: id,
        stage: "closed".into(),
        open: false,
        overdue: false,
        provisional: false,
        category: None,
        unit: Some("squad-a".into()),
        assignee: None,
        grid: None,
        lng: None,
        lat: None,
        cell: None,
        source: "found".into(),
        external: None,
        title: "某公司擅自倾倒案".into(),
        address: String::new(),
        reported_at: at,
        closed_at: None,
        updated_at: at,
        due_at: None,
        due_name: String::new(),
        wake_at: None,
        joined_to: None,
        complainant: None,
        follow: None,
        rating: None,
        rework: 0,
    };
    let oversight = OversightRow {
        docket: DocketId(id),
        kind: "penalty".into(),
        number,
        unit: "squad-a".into(),
        paper: Some(1),
        at,
        standing: Some(if published.is_some() { "published" } else { "kept" }.into()),
        published_at: published.map(|_| at),
        withdrawn_at: None,
        late: false,
        annulled: false,
        personal: false,
        review: "free".into(),
        gaps: 0,
        items: format!(" {ITEM} "),
        party: "吴江某某运输有限公司".into(),
        decision: published.map(|_| decision.to_string()),
        reason: String::new(),
    };
    let line = CaseLineRow {
        docket: DocketId(id),
        n: 0,
        item: ITEM.into(),
        subject: subject.into(),
        result: "penalty".into(),
        kept: "kept".into(),
        reviewed: "agree".into(),
        challenge: "none".into(),
        tier: "一般".into(),
        circumstances: String::new(),
        decided_at: Some(at),
        fine,
        paid: 0,
    };
    (matter, oversight, line)
}

async fn has(site: &Site, cases: Vec<(MatterRow, OversightRow, CaseLineRow)>) {
    let mut batch = Batch::default();
    for (matter, oversight, line) in cases {
        batch.matters.push(matter);
        batch.oversight.push(oversight);
        batch.case_lines.push(line);
    }
    site.node.app.store().journal.project(&batch).await.unwrap();
}

async fn compared(site: &Site) -> LikeCases {
    let (item, subject) = (ITEM.to_owned(), "单位");
    let likeness = Likeness { item, subject, weighed: None, but: None, proposed: None };
    site.node.app.like_cases(&site.node.as_("leader"), &likeness).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_members_published_of_an_item_is_compared_and_stays_with_its_day() {
    let places = [Place::sqlite(), Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let today = f.sites[0].node.app.now();
    has(
        &f.sites[1],
        vec![
            case(900, Some(today), "单位", 500_000),
            case(901, Some(today), "单位", 800_000),
            case(902, Some(today), "个人", 100_000),
            case(903, None, "单位", 9_900_000),
        ],
    )
    .await;
    f.sites.iter_mut().for_each(Site::start);
    f.sites[2].stop().await;

    let seen = compared(&f.sites[0]).await;
    let titles: Vec<&str> = seen.members.iter().map(|m| m.title.as_str()).collect();
    assert_eq!(titles, ["苏·吴江区城市管理局", "浙·嘉善县综合行政执法局"]);
    let wujiang = seen.members[0].all.as_ref().unwrap();
    assert_eq!(
        (wujiang.count, wujiang.least.0, wujiang.greatest.0),
        (2, 500_000, 800_000),
        "what was kept back, and of persons, is not among them"
    );
    assert_eq!(seen.members[0].as_of, Some(today.as_microsecond()));
    assert_eq!(seen.members[0].unreached, "");
    assert_eq!((&seen.members[1].all, seen.members[1].as_of), (&None, None));
    assert!(!seen.members[1].unreached.is_empty(), "who was not reached is named");
    // What is said on the way has neither name nor words in it.
    let told = f.sites[1].node.app.decisions_to_tell(ITEM).await.unwrap();
    let told = serde_json::to_string(&told).unwrap();
    assert!(
        told.contains("苏吴罚字〔2026〕900号") && !told.contains("运输") && !told.contains("903"),
        "{told}"
    );

    // It falls silent: what it told stays, with the day on which it was told.
    f.sites[1].stop().await;
    f.pass(SignedDuration::from_mins(11));
    let seen = compared(&f.sites[0]).await;
    assert_eq!(seen.members[0].all.as_ref().unwrap().count, 2);
    assert_eq!(seen.members[0].as_of, Some(today.as_microsecond()));
    assert!(!seen.members[0].unreached.is_empty());

    // It is back, and has withdrawn one.
    let mut gone = case(901, Some(today), "单位", 800_000);
    gone.1.standing = Some("withdrawn".into());
    has(&f.sites[1], vec![gone]).await;
    f.sites[1].begin_again();
    f.pass(SignedDuration::from_mins(2));
    let seen = compared(&f.sites[0]).await;
    assert_eq!(seen.members[0].all.as_ref().unwrap().count, 1);
    assert_eq!(seen.members[0].unreached, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_a_member_is_told() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let url = format!("http://{}/exchange/v1/decisions?item={ITEM}", f.sites[1].address);
    let answer = reqwest::get(url).await.unwrap();
    assert!(answer.status().is_client_error(), "{}", answer.status());
}
