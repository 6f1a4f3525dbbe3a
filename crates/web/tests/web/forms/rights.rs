//! From the plan to the decision: what is told, heard, reviewed and discussed, and what the leader signs.

use super::town::{COMPANY, LARGE, RESIDENT, SMALL, Town};
use crate::cases::signed_in;
use crate::lists::{get, texts};

/// Forms that these stories post.
pub const FORMS: &[&str] = &[
    "finish",
    "charge",
    "uncharge",
    "confirm",
    "notify",
    "state",
    "answer",
    "waive",
    "ask_hearing",
    "call_hearing",
    "hold_hearing",
    "drop_hearing",
    "ask_opinion",
    "advise",
    "review",
    "resubmit",
    "discuss",
    "decide",
    "void",
    "amend",
    "quick",
    "promise",
    "see_promise",
    "no_penalty",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_is_heard_its_case_reviewed_discussed_and_decided() {
    let t = Town::new().await;
    let id = t.notified(LARGE, COMPANY, "200000").await;
    t.act("officer-a1", id, "state", &[("party", "1"), ("note", "不是我们倒的")]).await;
    t.shows("officer-a1", id, "review", &["不是我们倒的"]).await;
    t.act("officer-a1", id, "answer", &[("party", "1"), ("adopted", "none"), ("note", "有监控录像为证")])
        .await;
    t.shows("officer-a1", id, "review", &["有监控录像为证"]).await;

    t.act("officer-a1", id, "ask_hearing", &[("party", "1")]).await;
    // The form says from which day on, and how that was counted.
    let (_, page) = t.page("legal", id, "?do=call_hearing").await;
    let said = texts(&page, "#act-call_hearing").join("");
    assert!(said.contains("最早于") && said.contains("向前数 7 个工作日"), "{said}");
    let soon = [("party", "1"), ("on", &*t.morning(3)), ("chair", "legal-2"), ("note", "三楼会议室")];
    t.refused("legal", id, "call_hearing", &soon, "第六十四条").await;
    let call = [("party", "1"), ("on", &*t.morning(18)), ("chair", "legal-2"), ("note", "三楼会议室")];
    t.act("legal", id, "call_hearing", &call).await;
    t.serve(id, "1").await;
    // The calendar of hearings: day, hour, place, who presides.
    let legal = signed_in(&t.web, "legal").await;
    let calendar = texts(&get(&t.web, &legal, "/hearings").await, "main").join("");
    for words in ["10:00", "审核员乙"] {
        assert!(calendar.contains(words), "{words}: {calendar}");
    }
    t.days(19).await;
    t.act("legal-2", id, "hold_hearing", &[("party", "1"), ("note", "双方已经质证")]).await;
    t.shows("officer-a1", id, "review", &["双方已经质证"]).await;
    let legal = signed_in(&t.web, "legal").await;
    assert!(!texts(&get(&t.web, &legal, "/hearings").await, "main").join("").contains("审核员乙"));

    // What a panel said in a meeting is entered by the officer; a lawyer answers himself.
    for (from, who, words) in [("panel", "officer-a1", "多数认为不宜从轻"), ("lawyer", "lawyer", "程序合法")]
    {
        let asked = [("from", from), ("until", &*t.day(3)), ("note", "是否从轻")];
        t.act("officer-a1", id, "ask_opinion", &asked).await;
        t.act(who, id, "advise", &[("from", from), ("note", words)]).await;
        t.shows("officer-a1", id, "review", &[words]).await;
    }

    // Objected to, mended, agreed to.
    t.act(
        "legal",
        id,
        "review",
        &[("opinion", "supplement"), ("note", "补充裁量证据"), ("qualification", "A2018")],
    )
    .await;
    t.act("officer-a1", id, "resubmit", &[("note", "已经补充称重单")]).await;
    t.act("legal", id, "review", &[("opinion", "agree"), ("note", "同意")]).await;
    t.shows("officer-a1", id, "review", &["补充裁量证据", "此后有变更，不再有效"]).await;
    let one = [("present", "leader"), ("agreed", "true"), ("note", "同意")];
    t.refused("leader", id, "discuss", &one, "第五十七条第二款").await;
    let two = [("present", "leader"), ("present", "leader-2"), ("agreed", "true"), ("note", "一致同意")];
    t.act("leader", id, "discuss", &two).await;
    t.shows("officer-a1", id, "review", &["一致同意"]).await;

    // What reached nobody is voided; its number stays, and it is decided again.
    t.approved("officer-a1", id, "decide", &[("note", "事实清楚")]).await;
    t.act("leader", id, "void", &[("note", "打印的文书缺页")]).await;
    t.shows("officer-a1", id, "letters", &["作废理由：打印的文书缺页"]).await;
    t.approved("officer-a1", id, "decide", &[("note", "事实清楚")]).await;
    t.serve(id, "1").await;
    let slip = [
        ("slip", "letters"),
        ("wrong", "漕平路"),
        ("right", "曹平路"),
        ("unchanged", "true"),
        ("note", "录入错误"),
    ];
    let more: Vec<_> =
        slip.iter().map(|(n, v)| if *n == "unchanged" { (*n, "false") } else { (*n, *v) }).collect();
    t.refused("officer-a1", id, "amend", &more, "第七十五条").await;
    t.approved("officer-a1", id, "amend", &slip).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "letters", &["的书写错误由", "更正"]).await;
    t.has_posted(&[
        "finish",
        "charge",
        "notify",
        "state",
        "answer",
        "ask_hearing",
        "call_hearing",
        "hold_hearing",
        "ask_opinion",
        "advise",
        "review",
        "resubmit",
        "discuss",
        "decide",
        "void",
        "amend",
    ]);
}

/// An item whose basis nobody checked, with a fine in yuan that a person may get.
fn unverified(t: &Town) -> (String, String) {
    let directory = t.web.app.directory();
    let day = jiff::tz::offset(8).to_datetime(t.web.app.now()).date();
    let found = directory.law.items().find_map(|item| {
        let case = lianzhi_law::Case {
            place: directory.law.place("310118").unwrap(),
            kind: lianzhi_law::SubjectKind::Entity,
            facts: vec![],
            begun: day,
            ended: day,
            decided: day,
        };
        let chosen = lianzhi_law::choose(item, &case).ok()?.chosen?;
        let (min, max) = chosen.fine.amounts()?;
        let fits = chosen.needs_confirmation() && !chosen.limit_first && max.0 < 5_000_000;
        fits.then(|| (item.code.to_string(), (min.0.max(100) / 100).to_string()))
    });
    found.expect("some basis was not checked")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unchecked_basis_is_confirmed_a_plan_taken_back_and_a_hearing_given_up() {
    let t = Town::new().await;
    let (item, fine) = unverified(&t);
    let id = t.planned(&item, COMPANY, &fine).await;
    t.shows("officer-a1", id, "record", &["依据须核对"]).await;
    t.act("legal", id, "confirm", &[("party", "1"), ("violation", "1"), ("note", "现行文本第二版")]).await;
    t.shows("legal", id, "entries", &["现行文本第二版"]).await;
    t.act("officer-a1", id, "uncharge", &[("party", "1"), ("violation", "1")]).await;
    t.shows("officer-a1", id, "record", &["还没有拟定处罚意见"]).await;

    let id = t.notified(LARGE, COMPANY, "200000").await;
    t.act("officer-a1", id, "ask_hearing", &[("party", "1")]).await;
    let unsigned = [("party", "1"), ("ground", "withdrawn"), ("note", "撤回"), ("exhibits", "")];
    t.refused("legal", id, "drop_hearing", &unsigned, "第六十四条第六项").await;
    t.act("legal", id, "drop_hearing", &[("party", "1"), ("ground", "withdrawn"), ("note", "书面撤回")])
        .await;
    t.act("officer-a1", id, "waive", &[("party", "1")]).await;
    t.has_posted(&["confirm", "uncharge", "drop_hearing", "waive"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_petty_case_goes_quickly_and_a_kept_promise_is_not_punished() {
    let t = Town::new().await;
    let id = t.filed(SMALL, RESIDENT).await;
    t.record(id, "inspection").await;
    t.act("officer-a1", id, "quick", &[("party", "1")]).await;
    let late = [("party", "1"), ("until", &*t.day(31))];
    t.refused("officer-a1", id, "promise", &late, "第三十三条").await;
    t.act("officer-a1", id, "promise", &[("party", "1"), ("until", &t.day(10))]).await;
    t.act("officer-a1", id, "see_promise", &[("party", "1"), ("done", "true"), ("note", "墙已恢复")]).await;
    t.shows("officer-a1", id, "entries", &["墙已恢复"]).await;
    t.act("officer-a1", id, "finish", &[]).await;
    t.approved("officer-a1", id, "no_penalty", &[("ground", "minor"), ("note", "轻微并及时改正")]).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "letters", &["不予行政处罚决定书", "已送达"]).await;
    t.has_posted(&["quick", "promise", "see_promise", "no_penalty"]);
}
