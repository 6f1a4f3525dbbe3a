//! What is asked of others beside a case: a department, a panel whose members vote, a court that comes to the place, a mediator.

use super::town::{RESIDENT, SMALL, Town};
use crate::cases::signed_in;
use crate::lists::{attribute, get, texts};

/// Forms that this story posts.
pub const FORMS: &[&str] = &[
    "ask_help",
    "delay_help",
    "answer_help",
    "draw_panel",
    "seat_member",
    "recuse_member",
    "vote",
    "conclude_panel",
    "set_circuit",
    "hold_circuit",
    "see_mediation",
];

/// The officer in charge has it on the desk, with the way to what settles it.
async fn waits(t: &Town, what: &str, title: &str) {
    let officer = signed_in(&t.web, "officer-a1").await;
    let desk = get(&t.web, &officer, &format!("/desk?what={what}")).await;
    assert!(texts(&desk, "main").join("").contains(title), "{title}");
    let way = format!("?do={what}#offers");
    assert!(attribute(&desk, "main a", "href").iter().any(|href| href.ends_with(&way)), "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_a_panel_a_court_and_a_mediator_have_their_say() {
    let t = Town::new().await;
    let id = t.filed(SMALL, RESIDENT).await;

    let help = [
        ("kind", "opinion"),
        ("to", "区规划资源局"),
        ("received", &*t.day(0)),
        ("until", ""),
        ("note", "是否属于违法建筑"),
    ];
    t.act("officer-a1", id, "ask_help", &help).await;
    t.act("officer-a1", id, "delay_help", &[("until", &*t.day(40)), ("note", "需要现场测绘")]).await;
    t.act("officer-a1", id, "answer_help", &[("note", "经认定属于违法建筑")]).await;
    t.shows("officer-a1", id, "review", &["经认定属于违法建筑"]).await;

    let asked = [("from", "panel"), ("until", &*t.day(9)), ("note", "是否从轻")];
    t.act("officer-a1", id, "ask_opinion", &asked).await;
    t.act("officer-a1", id, "draw_panel", &[("count", "1")]).await;
    for name in ["王某", "赵某", "钱某"] {
        t.act("officer-a1", id, "seat_member", &[("name", name), ("standing", "居民代表")]).await;
    }
    let neighbour = [("member", "1-4"), ("note", "与当事人是近邻")];
    t.act("officer-a1", id, "recuse_member", &neighbour).await;
    let votes =
        [("panelist", "1-1", "agree"), ("officer-a1", "1-2", "lighter"), ("officer-a1", "1-3", "lighter")];
    for (who, member, vote) in votes {
        let mut ballot = vec![("member", member), ("vote", vote), ("note", "理由在票上")];
        // Whoever votes himself signs no ballot.
        if who == "panelist" {
            ballot.push(("exhibits", ""));
        }
        t.act(who, id, "vote", &ballot).await;
    }
    t.act("officer-a1", id, "conclude_panel", &[("note", "多数建议从轻")]).await;
    t.shows("officer-a1", id, "review", &["建议从轻 2 票", "多数建议从轻"]).await;

    let circuit = [
        ("court", "青浦区人民法院"),
        ("kind", "mediation"),
        ("on", &*t.day(2)),
        ("place", "街道调解室"),
        ("note", "诉前调解"),
    ];
    t.act("legal", id, "set_circuit", &circuit).await;
    t.days(3).await;
    waits(&t, "hold_circuit", "登记巡回法庭的结果").await;
    t.act("legal", id, "hold_circuit", &[("note", "双方同意调解")]).await;
    let agreed = [("agreed", "true"), ("until", &*t.day(20)), ("note", "三十日内清理干净")];
    t.act("officer-a1", id, "mediate", &agreed).await;
    waits(&t, "see_mediation", "登记调解协议的履行").await;
    t.act("officer-a1", id, "see_mediation", &[("kept", "true"), ("note", "已经清理")]).await;
    t.shows("officer-a1", id, "review", &["双方同意调解", "已经清理"]).await;
    t.has_posted(FORMS);
}
