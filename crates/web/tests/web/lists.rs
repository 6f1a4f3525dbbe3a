//! Lists: views, columns, sums, exports of what is shown, and acts on many with a preview that holds.

use crate::node::{Browser, Node, encode};
use jiff::SignedDuration;
use reqwest::{Response, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};

pub fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// Texts of what a selector finds, with single spaces.
pub fn texts(page: &Html, css: &str) -> Vec<String> {
    let words = |e: scraper::ElementRef<'_>| {
        e.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    page.select(&select(css)).map(words).collect()
}

pub fn attribute(page: &Html, css: &str, name: &str) -> Vec<String> {
    page.select(&select(css)).filter_map(|e| e.value().attr(name)).map(str::to_owned).collect()
}

pub async fn get(node: &Node, browser: &Browser, path: &str) -> Html {
    let answer = browser.client.get(format!("{}{path}", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    Html::parse_document(&answer.text().await.unwrap())
}

pub async fn post(node: &Node, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Response {
    let mut form = vec![("csrf", browser.csrf.as_str())];
    form.extend_from_slice(fields);
    browser
        .client
        .post(format!("{}{path}", node.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("x-fragment", "1")
        .body(encode(&form))
        .send()
        .await
        .unwrap()
}

pub async fn html(answer: Response) -> Html {
    Html::parse_document(&answer.text().await.unwrap())
}

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// A report in the area of a squad; its id.
pub async fn report_in(node: &Node, lng: f64, words: &str) -> i64 {
    let body = json!({ "category": "09005", "description": words,
        "place": { "lng": lng, "lat": 31.02, "address": "漕平路 118 号" } });
    let answer = node.post("/api/v1/reports", &body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let receipt: Value = answer.json().await.unwrap();
    receipt["id"].as_i64().unwrap()
}

async fn stage_of(node: &Node, id: i64) -> (String, String) {
    let token = node.token("dispatch").await;
    let one = node.get(&format!("/api/v1/matters/{id}")).bearer_auth(token).send().await.unwrap();
    let one: Value = one.json().await.unwrap();
    let text = |field: &str| one["matter"][field].as_str().unwrap_or_default().to_owned();
    (text("stage"), text("assignee"))
}

#[tokio::test]
async fn a_view_is_kept_renamed_ordered_shared_and_deleted_by_those_who_may() {
    let node = Node::start().await;
    report_in(&node, 121.02, "店外摆摊，占了整条人行道").await;
    let leader = node.browser("leader-a").await;
    // Kept from the list that is looked at; a name and telephone looked for are not kept.
    let query = "stage=pooled&order=due&person=13800001234&view=gone";
    let save =
        [("name", "今晚要派的"), ("query", query), ("columns", "number,title,unit"), ("shared", "squad-a")];
    let answer = post(&node, &leader, "/matters/views", &save).await;
    let to = location(&answer);
    assert!(to.ends_with("&stage=pooled&order=due&done=saved") && !to.contains("person"), "{to}");
    let page = get(&node, &leader, &to).await;
    assert_eq!(texts(&page, ".tabs a[aria-current]"), ["今晚要派的共享"]);
    assert_eq!(texts(&page, "thead th").len(), 4, "tick, number, title, unit");
    let id = to.split(['=', '&']).nth(1).unwrap().to_owned();

    // Those of the unit find it, others do not; what each sees in it is his own.
    let officer = node.browser("officer-a").await;
    assert!(texts(&get(&node, &officer, "/matters").await, ".tabs a").contains(&"今晚要派的共享".to_owned()));
    let other = node.browser("officer-b").await;
    assert!(!texts(&get(&node, &other, "/matters").await, ".tabs a").contains(&"今晚要派的共享".to_owned()));
    let page = get(&node, &other, "/matters?stage=pooled&order=due").await;
    assert!(texts(&page, "tbody tr").is_empty(), "another squad's matter");

    // Nobody but its maker changes it; the refusal says what else can be done.
    let answer = post(&node, &officer, &format!("/matters/views/{id}"), &[("do", "drop")]).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(answer.text().await.unwrap().contains("另存为"));
    // A leader of one squad cannot share with another, an officer with nobody.
    let foreign = [("name", "乙队"), ("query", "open=true"), ("shared", "squad-b")];
    let answer = post(&node, &leader, "/matters/views", &foreign).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(texts(&html(answer).await, "[role=alert]")[0].contains("不能把视图共享给这个单位"));
    let page = get(&node, &officer, "/matters?open=true").await;
    assert!(page.select(&select("#view-shared")).next().is_none());
    let page = get(&node, &node.browser("dispatch").await, "/matters?open=true").await;
    assert_eq!(attribute(&page, "#view-shared option", "value"), ["", "bureau", "squad-a", "squad-b"]);

    // Renamed; a name that is taken, or none, is refused and what was typed stays.
    let renamed =
        post(&node, &leader, &format!("/matters/views/{id}"), &[("do", "rename"), ("name", "夜班")]).await;
    assert!(location(&renamed).starts_with("/matters/views?done=changed"));
    post(&node, &leader, "/matters/views", &[("name", "第二个"), ("query", "open=true")]).await;
    let answer =
        post(&node, &leader, &format!("/matters/views/{id}"), &[("do", "rename"), ("name", "第二个")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(attribute(&html(answer).await, "input[name=name]", "value").contains(&"第二个".to_owned()));
    let tabs = texts(&get(&node, &leader, "/matters").await, ".tabs a");
    let own = |tabs: &[String]| {
        tabs.iter().filter(|t| ["夜班", "第二个"].contains(&t.as_str())).cloned().collect::<Vec<_>>()
    };
    assert_eq!(own(&tabs).len(), 2, "without a unit named it is the leader's alone: {tabs:?}");

    // Each has his own order of tabs.
    let before = own(&tabs);
    let views = get(&node, &leader, "/matters/views").await;
    let second = attribute(&views, ".view-list li", "id")[1].trim_start_matches("view-").to_owned();
    post(&node, &leader, &format!("/matters/views/{second}"), &[("do", "left")]).await;
    let after = own(&texts(&get(&node, &leader, "/matters").await, ".tabs a"));
    assert_eq!(after, [before[1].clone(), before[0].clone()]);

    // Other filters under the same tab are said to be others, and can be taken over.
    let page = get(&node, &leader, &format!("/matters?view={id}&stage=assigned")).await;
    assert!(texts(&page, ".below-filters button").iter().any(|t| t.contains("存入“夜班”")));
    let update = [("do", "update"), ("query", "stage=assigned"), ("columns", "number,stage")];
    let to = location(&post(&node, &leader, &format!("/matters/views/{id}"), &update).await);
    assert_eq!(to, format!("/matters?view={id}&stage=assigned&done=saved"));

    let dropped = post(&node, &leader, &format!("/matters/views/{id}"), &[("do", "drop")]).await;
    assert_eq!(location(&dropped), "/matters/views?done=dropped");
    assert_eq!(own(&texts(&get(&node, &leader, "/matters").await, ".tabs a")), ["第二个"]);
}

#[tokio::test]
async fn chosen_columns_are_remembered_for_the_person_and_for_the_view() {
    let node = Node::start().await;
    report_in(&node, 121.02, "店外摆摊，占了整条人行道").await;
    let dispatch = node.browser("dispatch").await;
    let heads = |page: &Html| texts(page, "thead th").into_iter().skip(1).collect::<Vec<_>>();
    let first = heads(&get(&node, &dispatch, "/matters").await);
    assert_eq!(&first[..3], ["编号", "内容、地址", "类别"]);
    let chosen = [("column", "title"), ("column", "grid"), ("column", "late"), ("query", "open=true")];
    let answer = post(&node, &dispatch, "/matters/columns", &chosen).await;
    assert_eq!(location(&answer), "/matters?open=true&done=columns");
    assert_eq!(heads(&get(&node, &dispatch, "/matters").await), ["编号", "内容", "网格", "现在超期"]);
    // Behind the number nothing goes further ahead; what could do nothing is not offered.
    let page = get(&node, &dispatch, "/matters").await;
    assert_eq!(attribute(&page, "[name=ahead]", "value"), ["grid", "late"]);
    // One place ahead, by its button.
    let ahead = [("column", "title"), ("column", "grid"), ("column", "late"), ("ahead", "late")];
    post(&node, &dispatch, "/matters/columns", &ahead).await;
    assert_eq!(heads(&get(&node, &dispatch, "/matters").await), ["编号", "内容", "现在超期", "网格"]);
    // A view has its own.
    let save = [("name", "催办"), ("query", "open=true")];
    let to = location(&post(&node, &dispatch, "/matters/views", &save).await);
    let view = to.split(['=', '&']).nth(1).unwrap().to_owned();
    let chosen = [("column", "rework"), ("view", view.as_str()), ("query", "open=true")];
    post(&node, &dispatch, "/matters/columns", &chosen).await;
    assert_eq!(heads(&get(&node, &dispatch, &to).await), ["编号", "返工次数"]);
    assert_eq!(heads(&get(&node, &dispatch, "/matters").await).len(), 4);
    // Somebody else's are his.
    assert_eq!(heads(&get(&node, &node.browser("hotline").await, "/matters").await), first);
    post(&node, &dispatch, "/matters/columns", &[("do", "reset")]).await;
    assert_eq!(heads(&get(&node, &dispatch, "/matters").await), first);
}

#[tokio::test]
async fn an_export_is_what_is_shown_with_its_columns_filter_and_order() {
    let node = Node::start().await;
    for words in ["占路摆摊一", "占路摆摊二", "占路摆摊三"] {
        report_in(&node, 121.02, words).await;
        node.hands.forward(SignedDuration::from_mins(3));
    }
    report_in(&node, 121.02, "乱贴小广告").await;
    let dispatch = node.browser("dispatch").await;
    for order in ["oldest", "due", "newest"] {
        let path = format!("/matters?q=%E5%8D%A0%E8%B7%AF&order={order}");
        for columns in [&["title", "unit", "stage", "left"][..], &["officer", "source", "title"]] {
            let mut form: Vec<_> = columns.iter().map(|c| ("column", *c)).collect();
            form.push(("query", "open=true"));
            post(&node, &dispatch, "/matters/columns", &form).await;
            let page = get(&node, &dispatch, &path).await;
            let heads: Vec<String> = texts(&page, "thead th").into_iter().skip(1).collect();
            let rows: Vec<Vec<String>> = page
                .select(&select("tbody tr"))
                .map(|row| {
                    let row = Html::parse_fragment(&format!("<table>{}</table>", row.html()));
                    let said = texts(&row, "td[data-column]");
                    said.into_iter().map(|t| if t == "未派" { String::new() } else { t }).collect()
                })
                .collect();
            assert_eq!(rows.len(), 3);
            let href = attribute(&page, ".menu a[href*='/csv']", "href").remove(0);
            let csv = dispatch
                .client
                .get(format!("{}{href}", node.url))
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap();
            let lines: Vec<Vec<String>> = csv
                .trim_start_matches('\u{feff}')
                .lines()
                .map(|l| l.split(',').map(|c| c.trim_matches('"').to_owned()).collect())
                .collect();
            assert_eq!(lines[0], heads);
            assert_eq!(lines[1..], rows[..], "{order}");
            let href = attribute(&page, ".menu a[href*='/geojson']", "href").remove(0);
            let points: Value = dispatch
                .client
                .get(format!("{}{href}", node.url))
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            let features = points["features"].as_array().unwrap();
            assert_eq!(features.len(), 3);
            for (feature, row) in features.iter().zip(&rows) {
                let said = feature["properties"].as_object().unwrap();
                assert_eq!(said.len(), heads.len());
                for (head, cell) in heads.iter().zip(row) {
                    assert_eq!(said[head], **cell);
                }
            }
            let href = attribute(&page, ".menu a[href*='/xlsx']", "href").remove(0);
            let book = dispatch.client.get(format!("{}{href}", node.url)).send().await.unwrap();
            assert!(book.bytes().await.unwrap().starts_with(b"PK"));
        }
    }
}

#[tokio::test]
async fn sums_are_of_what_is_shown_and_late_now_is_not_late_once() {
    let node = Node::start().await;
    let late_once = report_in(&node, 121.02, "到场晚了的").await;
    let late_now = report_in(&node, 121.02, "还没有人到场的").await;
    // Two hours to be there: both are late, then somebody gets to one of them and is in time again.
    node.hands.forward(SignedDuration::from_mins(125));
    node.app.tick().await.unwrap();
    let send = json!({ "command": "dispatch", "officer": "officer-a" });
    node.command(&node.token("dispatch").await, late_once, send).await;
    let officer = node.token("officer-a").await;
    node.command(&officer, late_once, json!({ "command": "accept" })).await;
    node.command(&officer, late_once, json!({ "command": "arrive" })).await;
    report_in(&node, 121.02, "刚来的").await;

    let dispatch = node.browser("dispatch").await;
    let ids = async |query: &str| {
        let page = get(&node, &dispatch, &format!("/matters?{query}")).await;
        attribute(&page, "tbody input[name=id]", "value")
    };
    assert_eq!(ids("overdue=now").await, [late_now.to_string()]);
    assert_eq!(ids("overdue=true").await, [late_now.to_string(), late_once.to_string()]);
    assert_eq!(ids("overdue=false").await.len(), 1);
    let page = get(&node, &dispatch, "/matters?overdue=now").await;
    let words = texts(&page, "select[name=overdue] option");
    assert_eq!(words, ["全部时限", "现在超期（在办，期限已过）", "曾超期（含已补办、已办结）", "从未超期"]);

    // As a fragment, and on the page for those without JavaScript: the same numbers, each with its matters. A number
    // whose filter is set already is left out.
    for (query, sums) in [
        ("", &["在办 3", "现在超期 1", "曾超期 2", "已办结 0", "待派遣 2", "处置中 1"][..]),
        ("open=true", &["现在超期 1", "曾超期 2", "待派遣 2", "处置中 1"]),
        ("open=false", &["现在超期 0", "曾超期 0"]),
        ("overdue=now&order=due", &["待派遣 1"]),
        ("overdue=now", &["在办 1", "已办结 0", "待派遣 1"]),
        ("overdue=true", &["在办 2", "已办结 0", "待派遣 1", "处置中 1"]),
        ("overdue=false", &["在办 1", "已办结 0", "待派遣 1"]),
        ("order=due", &["现在超期 1", "曾超期 2", "待派遣 2", "处置中 1"]),
        ("open=any&stage=pooled", &["在办 2", "现在超期 1", "曾超期 1", "已办结 0", "待派遣 2"]),
    ] {
        let fragment = get(&node, &dispatch, &format!("/matters/sums?{query}")).await;
        let page = get(&node, &dispatch, &format!("/matters?{query}&sums=1")).await;
        assert_eq!(texts(&page, "[data-sum]"), texts(&fragment, "[data-sum]"));
        assert_eq!(texts(&fragment, "[data-sum]"), sums, "{query}");
        let hrefs = attribute(&fragment, "[data-sum]", "href");
        for (href, sum) in hrefs.iter().zip(texts(&fragment, "[data-sum]")) {
            let behind = get(&node, &dispatch, href).await;
            let n: usize = sum.rsplit(' ').next().unwrap().parse().unwrap();
            assert_eq!(behind.select(&select("tbody tr")).count(), n, "{query}: {sum} {href}");
        }
    }
    // Closed ones have no order by term: that is said, and not shown as an empty list.
    let answer =
        dispatch.client.get(format!("{}/matters?open=false&order=due", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_preview_says_of_each_what_then_happens() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let one = report_in(&node, 121.02, "店外摆摊一").await;
    let two = report_in(&node, 121.02, "店外摆摊二").await;
    let pooled = report_in(&node, 121.07, "乙镇的，没有人在岗").await;
    let officer = node.token("officer-a").await;
    node.command(&officer, two, json!({ "command": "accept" })).await;
    node.command(&officer, two, json!({ "command": "arrive" })).await;
    let handled = json!({ "command": "handle", "outcome": "untrue", "note": "没有看到" });
    node.command(&officer, two, handled).await;

    let dispatch = node.browser("dispatch").await;
    let [a, b, c] = [one, two, pooled].map(|id| id.to_string());
    let ticked = [("id", a.as_str()), ("id", b.as_str()), ("id", c.as_str()), ("back", "open=true")];
    let page = html(post(&node, &dispatch, "/matters/bulk", &ticked).await).await;
    let offered = attribute(&page, ".offer", "id");
    assert!(
        offered.contains(&"do-dispatch".to_owned()) && offered.contains(&"do-supervise".to_owned()),
        "{offered:?}"
    );
    assert!(
        !offered.contains(&"do-handle".to_owned()) && !offered.contains(&"do-erase".to_owned()),
        "{offered:?}"
    );
    assert_eq!(texts(&page, "#do-dispatch summary span"), ["2 / 3 件可办"]);

    // What must be given is asked for in place.
    let mut urge = ticked.to_vec();
    urge.extend([("command", "supervise"), ("mark", "urge")]);
    let answer = post(&node, &dispatch, "/matters/bulk/preview", &urge).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(attribute(&html(answer).await, "#do-supervise textarea", "aria-invalid"), ["true"]);

    let mut send = ticked.to_vec();
    send.extend([("command", "dispatch"), ("officer", "officer-b"), ("note", "统一派给乙")]);
    let head = node.app.store().journal.head().await.unwrap().size;
    let page = html(post(&node, &dispatch, "/matters/bulk/preview", &send).await).await;
    assert_eq!(node.app.store().journal.head().await.unwrap().size, head, "a preview writes nothing");
    let fates = |page: &Html, how: &str| attribute(page, &format!("tr[data-fate={how}]"), "data-id");
    assert_eq!(fates(&page, "will"), [a.clone(), c.clone()]);
    assert_eq!(fates(&page, "wont"), [b.as_str()]);
    let said = texts(&page, "tr[data-fate=will] td.wrap");
    assert!(said[0].contains("承办：队员甲 → 队员乙"), "{said:?}");
    assert!(said[1].contains("阶段：待派遣 → 待受理") && said[1].contains("承办：无 → 队员乙"), "{said:?}");
    assert!(!texts(&page, "tr[data-fate=wont] small").concat().is_empty());

    // Then it is done, and each is as was said.
    let field = |name: &str| attribute(&page, &format!("input[name={name}]"), "value");
    let (form, value) = (field("form").remove(0), field("value").remove(0));
    let bound = field("id");
    let mut run = vec![("form", form.as_str()), ("value", value.as_str()), ("back", "open=true")];
    run.extend(bound.iter().map(|id| ("id", id.as_str())));
    let page = html(post(&node, &dispatch, "/matters/bulk/run", &run).await).await;
    assert_eq!(fates(&page, "done"), [a.clone(), c.clone()]);
    let came = texts(&page, "tr[data-fate=done] td.wrap");
    for (came, said) in came.iter().zip(&said) {
        assert_eq!(came.replace("已办", ""), said.replace("将办", ""), "what came is what was foreseen");
    }
    for id in [one, pooled] {
        assert_eq!(stage_of(&node, id).await, ("assigned".into(), "officer-b".into()));
    }
    assert_eq!(stage_of(&node, two).await.0, "to_verify", "untouched");
    // The same form once more does nothing twice.
    let entries = node.app.store().journal.head().await.unwrap().size;
    let page = html(post(&node, &dispatch, "/matters/bulk/run", &run).await).await;
    assert_eq!(fates(&page, "done").len(), 2);
    assert_eq!(node.app.store().journal.head().await.unwrap().size, entries);
}

#[tokio::test]
async fn when_some_fail_the_others_are_done_and_nothing_is_lost() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let one = report_in(&node, 121.02, "店外摆摊一").await;
    let two = report_in(&node, 121.02, "店外摆摊二").await;
    let dispatch = node.browser("dispatch").await;
    let [a, b] = [one, two].map(|id| id.to_string());
    let send = [
        ("id", a.as_str()),
        ("id", b.as_str()),
        ("command", "supervise"),
        ("mark", "urge"),
        ("note", "今晚办结"),
    ];
    let page = html(post(&node, &dispatch, "/matters/bulk/preview", &send).await).await;
    // Meanwhile one of them is accepted: what was seen in the preview is not so any more.
    let officer = node.token("officer-a").await;
    node.command(&officer, one, json!({ "command": "accept" })).await;
    let field = |page: &Html, name: &str| attribute(page, &format!("input[name={name}]"), "value");
    let (form, value) = (field(&page, "form").remove(0), field(&page, "value").remove(0));
    let bound = field(&page, "id");
    // One by one, as a page with JavaScript does; the words stay with those that failed.
    let mut rows = Vec::new();
    for id in &bound {
        let one = [("form", form.as_str()), ("value", value.as_str()), ("id", id.as_str())];
        let answer = post(&node, &dispatch, "/matters/bulk/one", &one).await;
        assert_eq!(answer.status(), StatusCode::OK);
        rows.push(Html::parse_fragment(&format!("<table>{}</table>", answer.text().await.unwrap())));
    }
    assert_eq!(attribute(&rows[0], "tr", "data-fate"), ["failed"]);
    assert!(texts(&rows[0], "td.wrap small")[0].contains("又有了"));
    assert_eq!(attribute(&rows[1], "tr", "data-fate"), ["done"]);
    // All at once it is the same, and those not done are previewed again with the same words.
    let mut run = vec![("form", form.as_str()), ("value", value.as_str()), ("back", "open=true")];
    run.extend(bound.iter().map(|id| ("id", id.as_str())));
    let page = html(post(&node, &dispatch, "/matters/bulk/run", &run).await).await;
    assert_eq!(attribute(&page, "tr[data-fate=failed]", "data-id"), [a.as_str()]);
    assert_eq!(attribute(&page, "tr[data-fate=done]", "data-id"), [b]);
    let again = [("id", a.as_str()), ("value", value.as_str()), ("back", "open=true")];
    assert_eq!(field(&page, "value"), [value.as_str()]);
    let page = html(post(&node, &dispatch, "/matters/bulk/preview", &again).await).await;
    assert_eq!(attribute(&page, "tr[data-fate=will]", "data-id"), [a]);

    // Nothing ticked, or a matter of others: said, with the list still there.
    let answer = post(&node, &dispatch, "/matters/bulk", &[("back", "open=true")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(answer).await;
    assert!(texts(&page, "[role=alert]")[0].contains("没有选择办件"));
    assert_eq!(page.select(&select("tbody tr")).count(), 2);
    let stranger = node.browser("officer-b").await;
    let page = html(post(&node, &stranger, "/matters/bulk", &[("id", &one.to_string())]).await).await;
    assert!(!texts(&page, "main").concat().contains("店外摆摊"), "nobody learns of what he may not see");
}

#[tokio::test]
async fn all_that_the_filter_lets_through_can_be_chosen_at_once() {
    let node = Node::start().await;
    for i in 0..3 {
        report_in(&node, 121.02, &format!("占路摆摊第{i}处")).await;
    }
    report_in(&node, 121.02, "乱贴小广告").await;
    let dispatch = node.browser("dispatch").await;
    let all = [("all", "1"), ("back", "q=%E5%8D%A0%E8%B7%AF&open=true")];
    let page = html(post(&node, &dispatch, "/matters/bulk", &all).await).await;
    assert_eq!(page.select(&select("section[aria-label=所选办件] li")).count(), 3);
}

#[tokio::test]
async fn looking_for_a_person_leaves_one_line_and_no_number() {
    let node = Node::start().await;
    node.report().await;
    let clerk = node.browser("dispatch").await;
    let look = async |path: &str| {
        let answer = clerk.client.get(format!("{}{path}", node.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    };
    let query = "person=13800001234&open=true&unit=squad-a";
    assert!(look(&format!("/matters?{query}")).await.contains("漕平路 118 号"));
    look(&format!("/matters/sums?{query}")).await;
    look(&format!("/matters/export/csv?{query}")).await;
    let log = async || {
        node.app.flush_access().await;
        let all = lianzhi_app::AccessQuery::default();
        node.app.store().accounts.access(&all, 100).await.unwrap()
    };
    let rows = log().await;
    let of = |rows: &[lianzhi_app::ports::AccessRow], action: &str| {
        rows.iter().filter(|r| r.action == action).map(|r| r.detail.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        of(&rows, "search_particulars").len(),
        1,
        "a page, its sums and its file are one look: {rows:?}"
    );
    let export = of(&rows, "export");
    assert_eq!(export, ["（按人查找），在办，单位：甲镇中队（127.0.0.1）"]);
    assert!(rows.iter().all(|r| !r.detail.contains("1380000")), "{rows:?}");
    // Somebody else, or later, is another look.
    node.hands.forward(SignedDuration::from_mins(2));
    look(&format!("/matters?{query}")).await;
    look("/matters?person=%E5%BC%A0%E4%B8%89").await;
    assert_eq!(of(&log().await, "search_particulars").len(), 3);
}
