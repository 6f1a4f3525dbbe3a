//! Desk, matter page and frames, as a browser without scripts gets them.

use crate::node::{Browser, Node, encode};
use jiff::SignedDuration;
use lianzhi_app::ports::{Batch, MatterRow, TodoRow};
use lianzhi_ids::DocketId;
use reqwest::{Response, StatusCode};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use std::collections::BTreeSet;

async fn ask(node: &Node, browser: &Browser, path: &str) -> Response {
    browser.client.get(format!("{}{path}", node.url)).send().await.unwrap()
}

async fn page(node: &Node, browser: &Browser, path: &str) -> Html {
    let answer = ask(node, browser, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    Html::parse_document(&answer.text().await.unwrap())
}

fn all<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(css).unwrap()).collect()
}

/// The words of what fits, one space between them.
fn words(page: &Html, css: &str) -> String {
    let text = all(page, css).into_iter().flat_map(|e| e.text());
    text.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

async fn post(node: &Node, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Response {
    let mut form = vec![("csrf", browser.csrf.as_str())];
    form.extend_from_slice(fields);
    browser
        .client
        .post(format!("{}{path}", node.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode(&form))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_desk_shows_what_waits_for_me_by_act_and_nothing_that_waits_for_others() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let receipt = node.report().await;
    let number = receipt["number"].as_str().unwrap();
    let id = receipt["id"].as_i64().unwrap();

    let officer = node.browser("officer-a").await;
    let desk = page(&node, &officer, "/desk").await;
    assert!(words(&desk, "[data-list] .todo").contains(number));
    assert!(words(&desk, ".todo .act").contains("受理"));
    let other = page(&node, &node.browser("officer-b").await, "/desk").await;
    assert!(!words(&other, "main").contains(number), "nothing that is not mine");

    // The dispatcher waits for the acceptance, and is led to the list of all that wait for it.
    let dispatcher = node.browser("dispatch").await;
    let desk = page(&node, &dispatcher, "/desk").await;
    assert!(words(&desk, "main").contains("已派遣，等受理"));
    let list = all(&desk, ".rows-title a")[0].attr("href").unwrap().to_owned();
    assert!(words(&page(&node, &dispatcher, &list).await, "main").contains(number), "{list}");

    node.command(&node.token("officer-a").await, id, json!({ "command": "accept" })).await;
    let desk = page(&node, &dispatcher, "/desk").await;
    assert!(!words(&desk, ".rows-title").contains("等受理"), "what is accepted is waited for no more");
}

#[tokio::test]
async fn to_dos_of_one_kind_are_shown_alone_when_asked_for() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let first = node.report().await["id"].as_i64().unwrap();
    node.command(&node.token("officer-a").await, first, json!({ "command": "accept" })).await;
    let second = node.report().await;
    let officer = node.browser("officer-a").await;
    let desk = page(&node, &officer, "/desk").await;
    assert_eq!(all(&desk, ".tabs a").len(), 3, "all, to accept, to go to: {}", words(&desk, ".tabs"));
    let desk = page(&node, &officer, "/desk?what=accept").await;
    let todos = all(&desk, "li.todo");
    assert_eq!(todos.len(), 1);
    assert!(todos[0].text().any(|t| t.contains(second["number"].as_str().unwrap())));
    assert_eq!(all(&page(&node, &officer, "/desk?what=nonsense").await, "li.todo").len(), 2);
}

#[tokio::test]
async fn at_eight_a_shift_finds_what_the_one_before_left() {
    // The node's clock begins on Monday at nine; the hand-over of that day is over two hours later.
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    node.report().await;
    let token = node.token("officer-a").await;
    let off = json!({ "command": "go_off", "note": "漕平路摊贩说晚上还会来，请夜班再看一次。" });
    let answer = node.post("/api/v1/duty/squad-a/commands", &off).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);

    let leader = node.browser("leader-a").await;
    let desk = page(&node, &leader, "/desk").await;
    assert_eq!(all(&desk, "details.handover[open]").len(), 1, "it is nine: the hand-over stands open");
    assert!(words(&desk, ".handover").contains("请夜班再看一次"));
    assert!(words(&desk, ".handover .figure").contains("待受理 1"), "{}", words(&desk, ".handover"));
    let list = all(&desk, ".handover .figure").into_iter().find(|f| f.text().any(|t| t == "待受理")).unwrap();
    let list = page(&node, &leader, list.attr("href").unwrap()).await;
    assert_eq!(all(&list, "tbody tr").len(), 1, "the number leads to its matters");

    // What came in is counted for the very span that is said: not what came after it.
    let came = |desk: &Html| {
        let figures = all(desk, ".handover .figure").into_iter();
        let figure = figures.into_iter().find(|f| f.text().any(|t| t == "上一班新到")).unwrap();
        (words(desk, ".handover .figure"), figure.attr("href").unwrap().to_owned())
    };
    assert!(came(&desk).0.contains("上一班新到 0"), "reported at nine: {}", came(&desk).0);
    node.hands.forward(SignedDuration::from_hours(23));
    node.report().await;
    let leader = node.browser("leader-a").await;
    let (figures, list) = came(&page(&node, &leader, "/desk").await);
    assert!(figures.contains("上一班新到 1"), "the one of eight is the next shift's: {figures}");
    let list = page(&node, &leader, &list).await;
    assert_eq!(all(&list, "tbody tr").len(), 1);
    assert_eq!(
        all(&list, "input[type=datetime-local][name=from]")[0].attr("value"),
        Some("2026-11-23T08:00")
    );

    node.hands.forward(SignedDuration::from_hours(3));
    let later = page(&node, &leader, "/desk").await;
    assert_eq!(all(&later, "details.handover").len(), 1);
    assert_eq!(all(&later, "details.handover[open]").len(), 0, "later it is folded, and still there");
    let desk = page(&node, &node.browser("admin").await, "/desk").await;
    assert!(all(&desk, ".handover").is_empty(), "who has no shift has no hand-over");
}

#[tokio::test]
async fn the_proof_is_checked_on_sight_and_the_paper_has_no_particulars() {
    let node = Node::start().await;
    let receipt = node.report().await;
    let id = receipt["id"].as_i64().unwrap();
    node.app.integrate_log().await;
    let dispatcher = node.browser("dispatch").await;
    let proof = page(&node, &dispatcher, &format!("/matters/{id}?tab=proof")).await;
    assert!(
        words(&proof, ".verdict[data-state=done]").contains("没有被改动过"),
        "{}",
        words(&proof, ".verdict")
    );
    assert_eq!(all(&proof, ".verdict a[href$='/bundle']").len(), 1);

    let paper = page(&node, &dispatcher, &format!("/matters/{id}/print")).await;
    let text = words(&paper, "main");
    for wanted in [receipt["number"].as_str().unwrap(), "漕平路 118 号", "办理过程", "时限", "存证", "日志根"]
    {
        assert!(text.contains(wanted), "{wanted} is missing: {text}");
    }
    assert!(!text.contains("13800001234") && !text.contains("张三"));
    let dues: Vec<String> =
        all(&paper, "section:nth-of-type(2) tbody td.number").iter().map(|e| e.text().collect()).collect();
    assert!(dues.len() > 2 && dues.is_sorted(), "terms stand in the order in which they are due: {dues:?}");
    let officer = node.browser("officer-b").await;
    let refused = ask(&node, &officer, &format!("/matters/{id}/print")).await;
    assert_eq!(refused.status(), ask(&node, &officer, &format!("/matters/{id}")).await.status());
}

#[tokio::test]
async fn a_browser_keeps_its_appearance_and_is_sent_nowhere_else() {
    let node = Node::start().await;
    let browser = node.browser("officer-a").await;
    let before = page(&node, &browser, "/desk").await;
    assert_eq!(all(&before, "html")[0].attr("data-theme"), Some("auto"));
    assert!(
        all(&before, "link[href*='dark.css']")[0].attr("media").unwrap().contains("prefers-color-scheme")
    );

    let fields = [("theme", "dark"), ("large", "true"), ("back", "/account")];
    let answer = post(&node, &browser, "/appearance", &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/account");
    for path in ["/desk", "/report", "/follow"] {
        let html = Html::parse_document(&ask(&node, &browser, path).await.text().await.unwrap());
        assert_eq!(all(&html, "html")[0].attr("data-theme"), Some("dark"), "{path}");
        assert_eq!(all(&html, "html")[0].attr("data-size"), Some("large"), "{path}");
        assert_eq!(
            all(&html, "link[href*='dark.css']")[0].attr("media"),
            Some("screen"),
            "paper stays light"
        );
    }
    let answer =
        post(&node, &browser, "/appearance", &[("theme", "light"), ("back", "//evil.example")]).await;
    assert_eq!(answer.headers()["location"], "/");
    let html = page(&node, &browser, "/desk").await;
    assert!(all(&html, "link[href*='dark.css']").is_empty());
    assert_eq!(all(&html, "html")[0].attr("data-size"), Some("large"), "what was not asked for stays");
    let answer = post(&node, &browser, "/appearance", &[("theme", "pink")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_style_page_is_there_for_builders_and_not_in_production() {
    let node = Node::start().await;
    let browser = node.browser("admin").await;
    assert_eq!(ask(&node, &browser, "/style").await.status(), StatusCode::NOT_FOUND);
    let node = Node::with(|config| config.style_page = true).await;
    let browser = node.browser("admin").await;
    let html = page(&node, &browser, "/style").await;
    for state in ["late", "near", "fine", "done", "paused", "back", "wait", "no"] {
        assert!(!all(&html, &format!("#badges .badge[data-state={state}]")).is_empty(), "{state}");
    }
    for part in [
        "stages",
        "clocks",
        "figures",
        "todos",
        "record",
        "table",
        "exhibit",
        "form",
        "form-refused",
        "messages",
        "drawer-sample .nearby",
        "toast .toast",
        "dialog .dialog",
        "pictures [data-lightbox]",
        "pictures [data-compare]",
        "pictures .thumbs",
        "sums .sums",
        "bulk-sample .bulk",
        "progress progress",
        "chart .chart",
        "kinds .tiles",
        "jobs .sent-back b",
        "map-card .map-card",
    ] {
        assert_eq!(all(&html, &format!("#{part}")).len(), 1, "{part}");
    }
    for state in ["late", "near", "fine", "done"] {
        assert_eq!(all(&html, &format!("#board-cards .card[data-state={state}]")).len(), 1, "{state}");
    }
    assert_eq!(
        all(&html, "#jobs form [role=alert], #jobs .job > [role=alert]:not([hidden])").len(),
        1,
        "a refusal"
    );
}

#[tokio::test]
async fn a_matter_asks_for_the_ten_most_used_commands_with_forms_by_hand() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let token = node.token("officer-a").await;
    let officer = node.browser("officer-a").await;
    let at = format!("/matters/{id}");
    let waiting = page(&node, &officer, &at).await;
    assert!(words(&waiting, "#act-accept .known").contains("受理"), "the term stands where one accepts");
    assert!(!all(&waiting, "#act-return [data-quick] button").is_empty());
    node.command(&token, id, json!({ "command": "accept" })).await;
    node.command(&token, id, json!({ "command": "arrive" })).await;
    let working = page(&node, &officer, &at).await;
    assert_eq!(all(&working, "#act-handle[data-shape=pair] input[type=file]").len(), 3);
    let dispatcher = page(&node, &node.browser("dispatch").await, &at).await;
    assert!(!all(&dispatcher, "#act-dispatch input[type=radio][name=officer]").is_empty());
    let photo = crate::files::upload(&node, Some(&token), &crate::files::png(64, 48)).await;
    let handle = json!({ "command": "handle", "fields": { "outcome": "dissuaded", "note": "当场劝离，已收摊", "before": [photo], "after": [photo] } });
    node.command(&token, id, handle).await;
    node.command(&node.token("verify").await, id, json!({ "command": "verify", "passed": true })).await;
    let answering = page(&node, &officer, &at).await;
    let draft = words(&answering, "#act-answer [data-quick] button");
    assert!(draft.contains("当场劝离，已收摊"), "{draft}");
    assert!(words(&answering, "#act-answer textarea").is_empty(), "an answer is never written by itself");
    let exhibits = page(&node, &officer, &format!("{at}?tab=exhibits")).await;
    assert_eq!(all(&exhibits, "[data-compare] img").len(), 2, "before and after stand side by side");
    assert_eq!(all(&exhibits, "a.thumb[data-lightbox]").len(), 2);
    // Shown large it is the large copy, not that of the list.
    assert_eq!(all(&exhibits, "a.thumb[data-lightbox][data-view*='size=public']").len(), 2);
}

#[tokio::test]
async fn a_phone_leads_to_the_map_and_going_on_duty_comes_back_to_the_to_dos() {
    let node = Node::start().await;
    let officer = node.browser("officer-a").await;
    let todo = page(&node, &officer, "/todo").await;
    let bar: Vec<&str> =
        all(&todo, ".rail > a:not(.mark, .desk-only)").iter().map(|a| a.attr("href").unwrap()).collect();
    assert_eq!(bar, ["/todo", "/register", "/matters", "/map", "/account"]);
    assert!(words(&todo, ".page-head").contains("未到岗"));
    // What is kept in the browser is kept by the person's code: names are not unique.
    assert_eq!(all(&todo, "[data-todo][data-me='officer-a']").len(), 1);
    assert_eq!(all(&todo, "form[action='/desk/duty'] [name=back][value='/todo']").len(), 1);
    let on = post(&node, &officer, "/desk/duty", &[("command", "go_on"), ("back", "/todo")]).await;
    assert_eq!(on.headers()["location"], "/todo?done=go_on");
    let todo = page(&node, &officer, "/todo?done=go_on").await;
    assert!(words(&todo, ".done-line").contains("已到岗") && words(&todo, ".page-head").contains("在岗"));
    let account = page(&node, &officer, "/account").await;
    assert_eq!(
        all(&account, "form[action='/desk/duty'] textarea[name=note]").len(),
        1,
        "off duty, with a note"
    );
    assert_eq!(all(&account, "button[data-news-sound]").len(), 1, "whoever wants it quiet can say so");
    let off = post(&node, &officer, "/desk/duty", &[("command", "go_off"), ("back", "//elsewhere")]).await;
    assert_eq!(off.headers()["location"], "/desk?done=go_off", "nowhere else");
}

#[tokio::test]
async fn a_desk_that_renews_itself_is_no_new_look_and_counts_down() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let officer = node.browser("officer-a").await;
    page(&node, &officer, "/desk").await;
    let id = node.report().await["id"].as_i64().unwrap();
    for _ in 0..6 {
        node.hands.forward(SignedDuration::from_mins(10));
        let desk = page(&node, &officer, "/desk?again=true").await;
        let live = all(&desk, "#desk-live[hx-get][hx-select='#desk-live']").remove(0);
        assert!(live.text().collect::<String>().contains("店外"), "what waits is there");
    }
    // An hour later somebody looks: it is new to him, however often the page renewed itself meanwhile.
    let desk = page(&node, &officer, "/desk").await;
    assert!(words(&desk, ".columns > div:last-child .panel:last-child").contains("店外"));
    let until = all(&desk, &format!("#todo-{id}-accept")).remove(0);
    assert_eq!(until.attr("href").unwrap(), format!("/matters/{id}#do-accept"));
    let ends: i64 = all(&desk, ".todo .due [data-until]")[0].attr("data-until").unwrap().parse().unwrap();
    let now: i64 = all(&desk, "body")[0].attr("data-now").unwrap().parse().unwrap();
    assert!(ends < now && words(&desk, ".todo .due b").starts_with("超 "), "the script says the same words");

    // Forms with a key say so to the script that keeps them.
    let matter = page(&node, &officer, &format!("/matters/{id}")).await;
    assert_eq!(all(&matter, "#act-accept[data-keep] [name=form]").len(), 1);
    assert_eq!(all(&matter, "#matter-head[hx-get], #record, #offers[data-renew-alone]").len(), 3);
    assert!(all(&matter, "form[data-keep]:not(:has([name=form]))").is_empty());
}

/// To-dos of one officer, straight into the rows that the desk reads.
async fn a_heap_of_todos(node: &Node) {
    let row = |i: i64| MatterRow {
        id: DocketId(200_000 + i),
        kind: "report".into(),
        number: format!("沪青2026-8{i:05}"),
        stage: "assigned".into(),
        open: true,
        title: format!("第 {i} 件"),
        source: "citizen".into(),
        ..MatterRow::default()
    };
    let todo = |i: i64| TodoRow {
        docket: DocketId(200_000 + i),
        who: "p:officer-a".into(),
        what: if i % 12 == 5 { "arrive" } else { "accept" }.into(),
        due_at: (i < 125).then_some(1_795_400_000_000_000 + i * 60_000_000),
    };
    let batch = Batch {
        matters: (0..132).map(row).collect(),
        todos: (0..132).map(todo).collect(),
        ..Batch::default()
    };
    node.app.store().journal.project(&batch).await.unwrap();
}

#[tokio::test]
async fn what_waits_beyond_one_page_is_counted_and_reached() {
    let node = Node::start().await;
    a_heap_of_todos(&node).await;
    let officer = node.browser("officer-a").await;
    let desk = page(&node, &officer, "/desk").await;
    assert_eq!(words(&desk, ".tabs a small"), "132 121 11");
    assert_eq!(all(&desk, "li.todo").len(), 100);
    let seen = |page: &Html| -> BTreeSet<String> {
        all(page, "li.todo .number").into_iter().map(|n| n.text().collect()).collect()
    };
    let rest = all(&desk, ".pager a[rel=next]")[0];
    assert_eq!(rest.text().collect::<String>().trim(), "其余 32 件");
    let further = page(&node, &officer, rest.attr("href").unwrap()).await;
    assert_eq!(all(&further, "li.todo").len(), 32);
    assert!(words(&further, ".pager").contains("第 101–132 件，共 132 件"), "{}", words(&further, ".pager"));
    assert_eq!(seen(&desk).union(&seen(&further)).count(), 132, "each once");
    // Of one kind of act, and beyond the end.
    let some = page(&node, &officer, "/desk?what=accept&skip=100").await;
    assert_eq!((all(&some, "li.todo").len(), words(&some, ".tabs a small").as_str()), (21, "132 121 11"));
    assert_eq!(all(&page(&node, &officer, "/desk?skip=5000").await, "li.todo").len(), 32);
    // The same on the phone.
    let todo = page(&node, &officer, "/todo").await;
    assert_eq!((words(&todo, "[data-count]").as_str(), all(&todo, "li.job").len()), ("132", 100));
    let further = page(&node, &officer, all(&todo, ".pager a[rel=next]")[0].attr("href").unwrap()).await;
    assert_eq!(all(&further, "li.job").len(), 32);
}

#[tokio::test]
async fn a_to_do_names_the_standard_that_is_in_force() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    node.report().await;
    let officer = node.browser("officer-a").await;
    for (path, css) in [("/desk", "li.todo cite"), ("/todo", "li.job cite")] {
        let said = words(&page(&node, &officer, path).await, css);
        assert!(said.starts_with("20 分钟内受理 · “三个二”服务标准"), "{path}: {said}");
    }
    let files = lianzhi_law::LawFiles::builtin();
    let (_, text) = files.iter().find(|(name, _)| *name == "terms/service.toml").unwrap();
    let text = text.replacen("amount = 20\n", "amount = 15\n", 1);
    let record = lianzhi_procedure::register::Record::Law { name: "terms/service.toml".into(), text };
    node.app.put_register(&lianzhi_app::Caller::system(), record).await.unwrap();
    for (path, css) in [("/desk", "li.todo cite"), ("/todo", "li.job cite")] {
        let said = words(&page(&node, &officer, path).await, css);
        assert!(said.starts_with("15 分钟内受理"), "{path}: {said}");
    }
}
