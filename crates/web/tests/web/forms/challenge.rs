//! Reconsideration and lawsuits, the police and back, and what stands beside a case: mediation, suggestions, letters.

use super::town::{NEIGHBOUR, RESIDENT, SMALL, Town};

/// Forms that these stories post.
pub const FORMS: &[&str] = &[
    "appeal",
    "set_stay",
    "reply_remedy",
    "end_appeal",
    "delay_remedy",
    "hand_over",
    "review_proposal",
    "send_crime",
    "answer_crime",
    "ask_police",
    "not_indicted",
];
/// And those beside the way of a case.
pub const BESIDE: &[&str] = &["mediate", "suggest", "answer_suggestion", "receive", "answer_letter"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lawsuit_is_entered_stayed_answered_and_lost() {
    let t = Town::new().await;
    let id = t.decided(RESIDENT).await;
    t.act("officer-a1", id, "publish", &[]).await;
    t.days(5).await;
    let above = [("party", "1"), ("kind", "second_instance")];
    t.refused("officer-a1", id, "appeal", &above, "行政诉讼法第八十五条").await;
    t.act("officer-a1", id, "appeal", &[("party", "1"), ("kind", "lawsuit")]).await;
    t.act("legal", id, "set_stay", &[("party", "1"), ("stay", "true"), ("note", "裁定停止执行")]).await;
    t.act("legal", id, "reply_remedy", &[("party", "1"), ("note", "答辩状和全部证据")]).await;
    t.days(1).await;
    t.act("legal", id, "end_appeal", &[("party", "1"), ("end", "revoked"), ("note", "判决撤销")]).await;
    t.shows("officer-a1", id, "money", &["行政诉讼", "撤销", "决定已不再有效"]).await;
    t.has_posted(&FORMS[..4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reconsideration_takes_thirty_days_longer() {
    let t = Town::new().await;
    let id = t.decided(RESIDENT).await;
    t.act("officer-a1", id, "appeal", &[("party", "1"), ("kind", "reconsideration")]).await;
    let notice = [("party", "1"), ("days", "30"), ("note", "延期审理通知书，案情复杂")];
    t.act("legal", id, "delay_remedy", &notice).await;
    t.shows("officer-a1", id, "entries", &["案情复杂"]).await;
    t.has_posted(&["delay_remedy"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crime_goes_to_the_police_and_comes_back() {
    let t = Town::new().await;
    let id = t.planned(SMALL, NEIGHBOUR, "2000").await;
    t.act("officer-a1", id, "mark", &[("mark", "crime"), ("on", "true"), ("note", "涉嫌犯罪")]).await;
    t.approved("officer-a1", id, "hand_over", &[("to", "公安局青浦分局"), ("note", "调查报告")]).await;
    t.act("officer-a1", id, "send_crime", &[("note", "移送书和清单，已签收")]).await;
    t.act("officer-a1", id, "answer_crime", &[("taken", "false"), ("note", "不予立案通知书")]).await;
    t.shows("officer-a1", id, "record", &["不予立案"]).await;
    t.act("officer-a1", id, "ask_police", &[("review", "police"), ("note", "提请复议")]).await;
    t.act("officer-a1", id, "answer_crime", &[("taken", "true"), ("note", "立案决定书")]).await;
    t.approved("officer-a1", id, "close", &[("ground", "transferred"), ("note", "已经移送")]).await;
    t.days(30).await;
    t.act("legal", id, "not_indicted", &[("note", "不起诉决定书和检察意见")]).await;
    t.shows("officer-a1", id, "record", &["不起诉"]).await;
    t.has_posted(&FORMS[5..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neighbours_are_mediated_between_and_suggestions_go_out_and_come_in() {
    let t = Town::new().await;
    let id = t.filed(SMALL, RESIDENT).await;
    let unsigned = [("agreed", "true"), ("note", "赔偿三千元"), ("exhibits", "")];
    t.refused("officer-a1", id, "mediate", &unsigned, "人民调解法").await;
    t.act("officer-a1", id, "mediate", &[("agreed", "true"), ("note", "赔偿邻居三千元")]).await;
    t.shows("officer-a1", id, "review", &["赔偿邻居三千元"]).await;
    let suggest =
        [("to", "某物业公司"), ("problem", "装修巡查不到位"), ("until", &*t.day(20)), ("note", "加强巡查")];
    t.approved("officer-a1", id, "suggest", &suggest).await;
    t.shows("officer-a1", id, "review", &["加强巡查", "等候答复"]).await;
    t.act("officer-a1", id, "answer_suggestion", &[("adopted", "all"), ("note", "每周巡查两次")]).await;
    t.shows("officer-a1", id, "review", &["每周巡查两次"]).await;
    let letter = [
        ("kind", "court"),
        ("sender", "青浦区人民法院"),
        ("number", "青法建〔2026〕1 号"),
        ("until", &*t.day(30)),
        ("note", "规范送达"),
    ];
    t.act("legal", id, "receive", &letter).await;
    t.act("legal", id, "answer_letter", &[("letter", "1"), ("note", "已经整改")]).await;
    t.shows("officer-a1", id, "review", &["规范送达", "已经整改"]).await;
    t.has_posted(BESIDE);
}
