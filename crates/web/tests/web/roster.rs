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
    assert_eq!(attribute(&page, "select", "name").len(), 14, "two people, seven days");
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
