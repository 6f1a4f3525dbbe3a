//! The roster: a squad leader plans a week, his people see it, and who does not come is seen. It is Monday, nine o'clock.

use crate::lists::{attribute, get, html, post, select, texts};
use crate::node::Node;
use jiff::SignedDuration;
use reqwest::StatusCode;

const PAGE: &str = "/duty/roster?unit=squad-a&week=2026-11-23";

#[tokio::test]
async fn a_squad_leader_plans_a_week_and_who_does_not_come_is_seen() {
    let node = Node::start().await;
    let (leader, officer) = (node.browser("leader-a").await, node.browser("officer-a").await);
    let page = get(&node, &leader, PAGE).await;
    assert_eq!(texts(&page, "tbody th"), ["队长甲", "队员甲"]);
    assert_eq!(attribute(&page, ".week-plan select", "name").len(), 14, "two people, seven days");
    let week = [
        ("command", "plan"),
        ("unit", "squad-a"),
        ("week", "2026-11-23"),
        ("officer-a.2026-11-23", "早班"),
        ("officer-a.2026-11-24", "夜班"),
        ("leader-a.2026-11-23", "日班"),
    ];
    let saved = post(&node, &leader, "/duty/roster", &week).await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    let page = get(&node, &officer, PAGE).await;
    assert!(page.select(&select("select")).next().is_none(), "he looks, he does not plan");
    let cells = texts(&page, "tbody tr:nth-child(2) td");
    assert_eq!(&cells[..3], ["早班", "夜班", "—"]);
    let counts = texts(&page, "tfoot tr:first-child td");
    assert_eq!(&counts[..2], ["1", "0"], "people of the early shift by day");

    // At nine the early shift should be there; the plan alone puts nobody on duty.
    let duty = get(&node, &officer, "/duty?unit=squad-a").await;
    let absent = texts(&duty, "tr[aria-selected] td:nth-child(3)").join("");
    assert!(absent.contains("应到未到") && absent.contains("队员甲（早班）"), "{absent}");
    assert!(texts(&duty, ".page-head").join("").contains("我的班：今天 06:00 早班，至 14:00"));
    for (path, place) in [("/desk", ".duty-line"), ("/todo", ".todo-page")] {
        let page = get(&node, &officer, path).await;
        assert!(texts(&page, place).join("").contains("我的班：今天 06:00 早班，至 14:00"), "{path}");
    }
    node.on_duty("officer-a", "squad-a").await;
    let duty = get(&node, &officer, "/duty?unit=squad-a").await;
    assert!(!texts(&duty, "tr[aria-selected] td:nth-child(3)").join("").contains("队员甲（早班）"));
    assert!(texts(&duty, ".rows").join("").contains("11 月 23 日这一周排班，3 人次"), "it is in the book");

    // The next week is filled as this one was, and saved only when it is saved.
    let next = "/duty/roster?unit=squad-a&week=2026-11-30";
    let copied = get(&node, &leader, &format!("{next}&copy=1")).await;
    let chosen = page_choice(&copied, "officer-a.2026-11-30");
    assert_eq!(chosen.as_deref(), Some("早班"));
    assert_eq!(page_choice(&get(&node, &leader, next).await, "officer-a.2026-11-30"), None);

    // What is over is not planned anew.
    node.hands.forward(SignedDuration::from_hours(24));
    // A day later everybody signs in anew.
    let (leader, officer) = (node.browser("leader-a").await, node.browser("officer-a").await);
    let page = get(&node, &leader, PAGE).await;
    assert!(!attribute(&page, "select", "name").iter().any(|n| n.ends_with("2026-11-23")));
    let emptied = [("command", "plan"), ("unit", "squad-a"), ("week", "2026-11-23")];
    post(&node, &leader, "/duty/roster", &emptied).await;
    let page = get(&node, &officer, PAGE).await;
    assert_eq!(&texts(&page, "tbody tr:nth-child(2) td")[..2], ["早班", "—"]);
}

fn page_choice(page: &scraper::Html, name: &str) -> Option<String> {
    let css = format!("select[name='{name}'] option[selected]");
    texts(page, &css).into_iter().next()
}

#[tokio::test]
async fn shifts_are_the_units_own_and_bad_lines_lose_nothing() {
    let node = Node::start().await;
    let leader = node.browser("leader-a").await;
    let lines = |text: &'static str| {
        [("command", "set_shifts"), ("unit", "squad-a"), ("week", "2026-11-23"), ("shifts", text)]
    };
    let refused = post(&node, &leader, "/duty/roster", &lines("白班 8:30-17:00\n值夜 傍晚到早上")).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(refused).await;
    assert!(texts(&page, "[role=alert]").join("").contains("第 2 行“值夜 傍晚到早上”看不懂"));
    assert!(texts(&page, "textarea").join("").contains("值夜 傍晚到早上"), "what was typed is kept");
    let saved = post(&node, &leader, "/duty/roster", &lines("白班 8:30-17:00\n值夜 17:00-8:30")).await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    assert_eq!(texts(&get(&node, &leader, PAGE).await, "tfoot th"), ["白班08:30–17:00", "值夜17:00–08:30"]);

    // Whoever does not lead is refused with the rule, also past the page.
    let officer = node.browser("officer-a").await;
    let asked =
        [("command", "plan"), ("unit", "squad-a"), ("week", "2026-11-23"), ("officer-a.2026-11-25", "白班")];
    assert_eq!(post(&node, &officer, "/duty/roster", &asked).await.status(), StatusCode::FORBIDDEN);
    let other = node.browser("leader-a").await;
    let asked =
        [("command", "plan"), ("unit", "squad-b"), ("week", "2026-11-23"), ("officer-b.2026-11-25", "早班")];
    assert_eq!(post(&node, &other, "/duty/roster", &asked).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_phone_shows_and_saves_one_day_and_the_others_stay() {
    let node = Node::start().await;
    let leader = node.browser("leader-a").await;
    let unit = [("command", "plan"), ("unit", "squad-a"), ("week", "2026-11-23")];
    let week = [("officer-a.2026-11-24", "早班"), ("officer-a.2026-11-25", "中班")];
    post(&node, &leader, "/duty/roster", &[&unit[..], &week].concat()).await;

    // Today stands first and is shown; another day is one link away.
    let page = get(&node, &leader, "/duty/roster?unit=squad-a").await;
    let tabs = texts(&page, ".week-days a");
    assert_eq!((tabs.len(), tabs[0].as_str()), (7, "今天11-23"));
    assert_eq!(attribute(&page, ".day-plan select", "name"), ["leader-a.2026-11-23", "officer-a.2026-11-23"]);
    let wednesday = &attribute(&page, ".week-days a", "href")[2];
    let page = get(&node, &leader, wednesday).await;
    assert_eq!(attribute(&page, ".day-plan [name=day]", "value"), ["2026-11-25"]);
    assert_eq!(texts(&page, ".day-plan option[selected]"), ["中班"]);
    assert!(texts(&page, ".day-plan .facts").join("").contains("中班 14:00–22:00：1 人"));
    let page = get(&node, &leader, "/duty/roster?unit=squad-a&day=2026-12-02").await;
    assert_eq!(texts(&page, ".page-head .quiet"), ["2026-11-30 至 2026-12-06"], "a day knows its week");

    // The form of a day carries only that day; the rest of the week stays as it was.
    let day = [("day", "2026-11-25"), ("officer-a.2026-11-25", "夜班"), ("leader-a.2026-11-25", "日班")];
    let saved = post(&node, &leader, "/duty/roster", &[&unit[..], &day].concat()).await;
    assert_eq!(
        saved.headers()["location"],
        "/duty/roster?unit=squad-a&week=2026%2D11%2D23&day=2026%2D11%2D25&done=1"
    );
    let page = get(&node, &leader, PAGE).await;
    for (field, shift) in
        [("officer-a.2026-11-24", "早班"), ("officer-a.2026-11-25", "夜班"), ("leader-a.2026-11-25", "日班")]
    {
        assert_eq!(page_choice(&page, field).as_deref(), Some(shift), "{field}");
    }
}

#[tokio::test]
async fn a_shift_that_is_over_is_not_planned_any_more() {
    let node = Node::start().await;
    let leader = node.browser("leader-a").await;
    let unit = [("command", "plan"), ("unit", "squad-a"), ("week", "2026-11-23")];
    let early = [&unit[..], &[("officer-a.2026-11-23", "早班")]].concat();
    post(&node, &leader, "/duty/roster", &early).await;
    // At three the early shift is over: who was in it stays, nobody else is put into it.
    node.hands.forward(SignedDuration::from_hours(6));
    let leader = node.browser("leader-a").await;
    let page = get(&node, &leader, PAGE).await;
    assert_eq!(page_choice(&page, "officer-a.2026-11-23"), None);
    assert!(texts(&page, "tbody tr:nth-child(2) td")[0].contains("早班"));
    let over = ".week-plan select[name='leader-a.2026-11-23'] option[disabled]";
    assert_eq!(texts(&page, over), ["早班（已结束）"]);
    let late = [&unit[..], &[("leader-a.2026-11-23", "早班")]].concat();
    let refused = post(&node, &leader, "/duty/roster", &late).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(texts(&html(refused).await, "[role=alert]").join("").contains("今天的“早班”已经结束"));
    let middle = [&unit[..], &[("leader-a.2026-11-23", "中班")]].concat();
    assert_eq!(post(&node, &leader, "/duty/roster", &middle).await.status(), StatusCode::SEE_OTHER);
    let page = get(&node, &leader, PAGE).await;
    assert_eq!(page_choice(&page, "leader-a.2026-11-23").as_deref(), Some("中班"));
    assert!(texts(&page, "tbody tr:nth-child(2) td")[0].contains("早班"), "it stays as it was");
}

#[tokio::test]
async fn a_unit_with_a_roster_hands_over_its_own_shift() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let leader = node.browser("leader-a").await;
    let handover = async |leader: &crate::node::Browser| {
        let desk = get(&node, leader, "/desk").await;
        (texts(&desk, ".handover").join(""), !texts(&desk, ".handover[open]").is_empty())
    };
    assert!(handover(&leader).await.0.contains("甲镇中队 · 昨天 08:00 至 今天 08:00"), "no roster yet");
    let early =
        [("command", "plan"), ("unit", "squad-a"), ("week", "2026-11-23"), ("officer-a.2026-11-23", "早班")];
    post(&node, &leader, "/duty/roster", &early).await;
    let note = async |words: &str| {
        let token = node.token("officer-a").await;
        let note = serde_json::json!({ "command": "hand_over", "note": words });
        let answer = node.post("/api/v1/duty/squad-a/commands", &note).bearer_auth(&token).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::OK);
    };
    note("漕平路摊贩晚上还会来").await;
    node.hands.forward(SignedDuration::from_mins(5 * 60 + 10));
    note("钥匙在值班室").await;
    let leader = node.browser("leader-a").await;
    let (said, open) = handover(&leader).await;
    assert!(open && said.contains("甲镇中队 · 早班 今天 06:00 至 今天 14:00"), "{said}");
    assert!(said.contains("漕平路摊贩晚上还会来队员甲（甲镇中队） · 今天 09:00"), "{said}");
    assert!(said.contains("钥匙在值班室队员甲（甲镇中队） · 今天 14:10 · 交班以后写的"), "{said}");
    node.hands.forward(SignedDuration::from_hours(2));
    let (said, open) = handover(&leader).await;
    assert!(!open && said.contains("早班"), "two hours later it is folded: {said}");
}

#[tokio::test]
async fn who_looks_for_a_unit_on_duty_can_call_it() {
    let node = Node::start().await;
    let unit = node.app.directory().units.values().find(|u| u.code.as_str() == "squad-a").cloned().unwrap();
    let mut unit = lianzhi_procedure::directory::Unit::clone(&unit);
    unit.phone = "021-5972 1234 转 801".into();
    let record = lianzhi_procedure::register::Record::Unit(unit);
    node.app.put_register(&lianzhi_app::Caller::system(), record).await.unwrap();
    let duty = get(&node, &node.browser("officer-a").await, "/duty?unit=squad-a").await;
    assert_eq!(attribute(&duty, ".squads a[href^='tel:']", "href"), ["tel:02159721234"]);
    assert_eq!(texts(&duty, ".squads a[href^='tel:']"), ["021-5972 1234 转 801"]);
    let titles = attribute(&duty, ".squads tr[aria-selected] td", "data-title");
    assert_eq!(titles, ["带班领导", "在岗", "人数"], "a card on a phone says what is what");
}
