//! Administration as somebody who is no programmer uses it: every page says what will happen before it does.

use crate::node::{Browser, Node};
use crate::office::{get, send, upload};
use lianzhi_ids::UnitCode;
use reqwest::StatusCode;
use scraper::{Html, Selector};

fn texts(page: &str, css: &str) -> Vec<String> {
    let dom = Html::parse_document(page);
    let selector = Selector::parse(css).unwrap();
    dom.select(&selector)
        .map(|e| e.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn value(page: &str, css: &str) -> String {
    let dom = Html::parse_document(page);
    let selector = Selector::parse(css).unwrap();
    dom.select(&selector).next().and_then(|e| e.value().attr("value").map(str::to_owned)).unwrap_or_default()
}

fn parent(node: &Node, unit: &str) -> Option<String> {
    node.app.directory().units[&UnitCode::parse(unit).unwrap()].parent.as_ref().map(ToString::to_string)
}

async fn follow(node: &Node, browser: &Browser, answer: reqwest::Response) -> String {
    let (status, to) = (answer.status(), answer.headers().get("location").cloned());
    let text = answer.text().await.unwrap();
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    get(node, browser, to.unwrap().to_str().unwrap()).await
}

#[tokio::test]
async fn a_unit_is_moved_by_the_form_that_dragging_sends_and_moved_back() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let page = get(&node, &admin, "/admin/units").await;
    // What dragging fills in and sends is a form in the line itself.
    let dom = Html::parse_document(&page);
    let line = Selector::parse(".unit-line[data-code='squad-b'] form[data-move-form]").unwrap();
    let form = dom.select(&line).next().expect("a form in the line");
    assert_eq!(form.value().attr("action"), Some("/admin/units/move"));
    let fields: Vec<_> =
        form.select(&Selector::parse("input").unwrap()).filter_map(|i| i.value().attr("name")).collect();
    assert_eq!(fields, ["csrf", "code", "parent"]);
    // The way without dragging says first what follows.
    let page = get(&node, &admin, "/admin/units?moving=squad-b").await;
    assert!(page.contains("新上级的负责人可以看到和审批它的办件"), "{page}");
    assert_eq!(texts(&page, "#move option").len(), 3, "every place but itself");
    let to_a = [("code", "squad-b"), ("parent", "squad-a")];
    let page = follow(&node, &admin, send(&node, &admin, "/admin/units/move", &to_a).await).await;
    assert_eq!(parent(&node, "squad-b").as_deref(), Some("squad-a"));
    assert!(texts(&page, ".done-line")[0].contains("已从“执法局”移到“甲镇中队”下面"), "{page}");
    // A circle is refused with the reason.
    let circle = [("code", "squad-a"), ("parent", "squad-b")];
    let answer = send(&node, &admin, "/admin/units/move", &circle).await;
    assert!(answer.status().is_client_error());
    assert!(answer.text().await.unwrap().contains("role=\"alert\""));
    // Undo is the same command the other way.
    let back = value(&page, ".done-line input[name=parent]");
    assert_eq!(back, "bureau");
    let undo = [("code", "squad-b"), ("parent", back.as_str())];
    follow(&node, &admin, send(&node, &admin, "/admin/units/move", &undo).await).await;
    assert_eq!(parent(&node, "squad-b").as_deref(), Some("bureau"));
    // An auditor reads and cannot move.
    let auditor = node.browser("auditor").await;
    assert!(!get(&node, &auditor, "/admin/units").await.contains("data-move-form"));
    let answer = send(&node, &auditor, "/admin/units/move", &to_a).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_branch_code_of_a_unit_is_typed_in_its_form_and_no_two_units_share_one() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let page = get(&node, &admin, "/admin/units/edit?code=squad-a").await;
    assert!(texts(&page, "form").join("").contains("文号分支码"), "{page}");
    let branch = |code: &'static str, name: &'static str, branch: &'static str| {
        [("code", code), ("known", "true"), ("name", name), ("parent", "bureau"), ("branch", branch)]
    };
    let of = |unit: &str| node.app.directory().units[&UnitCode::parse(unit).unwrap()].branch.clone();
    // Not what no number can bear; what was typed stands in the form still.
    for fault in ["01a", "12345", "0-1"] {
        let answer = send(&node, &admin, "/admin/units", &branch("squad-a", "甲镇中队", fault)).await;
        assert!(answer.status().is_client_error(), "{fault}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("role=\"alert\""), "{page}");
        assert_eq!(value(&page, "input[name=branch]"), fault);
    }
    assert_eq!(of("squad-a"), "");
    follow(&node, &admin, send(&node, &admin, "/admin/units", &branch("squad-a", "甲镇中队", "01")).await)
        .await;
    assert_eq!(of("squad-a"), "01");
    let page = get(&node, &admin, "/admin/units/edit?code=squad-a").await;
    assert_eq!(value(&page, "input[name=branch]"), "01");
    let answer = send(&node, &admin, "/admin/units", &branch("squad-b", "乙镇中队", "01")).await;
    assert!(answer.status().is_client_error());
    assert!(answer.text().await.unwrap().contains("已经由“甲镇中队”使用"));
    assert_eq!(of("squad-b"), "");
}

#[tokio::test]
async fn a_term_is_tried_with_its_sum_before_it_is_saved() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let page = get(&node, &admin, "/admin/law").await;
    assert!(page.contains("现在开始，到") && page.contains("起，按"), "every term shows its sum: {page}");
    let page = get(&node, &admin, "/admin/law/term?code=service.accept").await;
    assert!(texts(&page, "#trial")[0].contains("今天 09:20"), "20 minutes from nine: {page}");
    let change = |step: &'static str, amount: &'static str| {
        [
            ("code", "service.accept"),
            ("title", "受理时限"),
            ("amount", amount),
            ("unit", "minutes"),
            ("calendar", "7x24"),
            ("source", "局办〔2026〕9号"),
            ("standing", "adopted"),
            ("from", "2026-11-24"),
            ("start", "2026-11-23T10:00"),
            ("step", step),
        ]
    };
    let answer = send(&node, &admin, "/admin/law/term", &change("try", "45")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    let trial = &texts(&page, "#trial")[0];
    assert!(
        trial.contains("还没有保存") && trial.contains("今天 10:20") && trial.contains("今天 10:45"),
        "{trial}"
    );
    assert!(trial.contains("2026-11-24 起用"), "{trial}");
    assert_eq!(value(&page, "#f-amount"), "45", "what was typed stays");
    let law = node.app.directory().law.clone();
    let today = jiff::civil::date(2026, 11, 23);
    assert_eq!(
        law.standard("service.accept", today.tomorrow().unwrap()).unwrap().amount,
        20,
        "nothing changed"
    );
    let page = follow(&node, &admin, send(&node, &admin, "/admin/law/term", &change("", "45")).await).await;
    assert!(page.contains("2026-11-24 起 45 分钟"), "the next version is announced: {page}");
    let law = node.app.directory().law.clone();
    assert_eq!(law.standard("service.accept", today).unwrap().amount, 20);
    assert_eq!(law.standard("service.accept", today.tomorrow().unwrap()).unwrap().amount, 45);
    // What cannot be is refused in place.
    let answer = send(&node, &admin, "/admin/law/term", &change("try", "0")).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.unwrap().contains("请填 1 至"));
}

#[tokio::test]
async fn a_category_says_what_would_be_due_and_can_follow_another_term() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    assert!(get(&node, &admin, "/admin/categories").await.contains("现在上报，到"));
    let page = get(&node, &admin, "/admin/categories/edit?code=E09005").await;
    for word in ["受理时限", "到场时限", "答复时限", "若现在上报"] {
        assert!(page.contains(word), "{word}");
    }
    let change = |step: &'static str| {
        [
            ("code", "E09005"),
            ("known", "true"),
            ("group", "街面秩序类"),
            ("name", "店外经营"),
            ("standard", "handling.street_now"),
            ("start", "2026-11-23T10:00"),
            ("step", step),
        ]
    };
    let page = send(&node, &admin, "/admin/categories", &change("try")).await.text().await.unwrap();
    assert!(texts(&page, "#trial td[data-changed]").len() == 1, "one term differs: {page}");
    send(&node, &admin, "/admin/categories", &change("")).await;
    let law = node.app.directory().law.clone();
    let category = lianzhi_ids::CategoryCode::parse("E09005").unwrap();
    let standard = law.handling_standard(&category, jiff::civil::date(2026, 11, 23));
    assert_eq!(&*standard.code, "handling.street_now");
}

#[tokio::test]
async fn a_year_of_holidays_is_shown_tried_and_saved() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let page = get(&node, &admin, "/admin/law/year?year=2026").await;
    assert_eq!(texts(&page, "table.month").len(), 12);
    assert_eq!(texts(&page, "td[data-day='2026-10-01'][data-kind='off']").len(), 1);
    let page = get(&node, &admin, "/admin/law/year?year=2027").await;
    assert!(page.contains("尚未载入"));
    let lines = "2027-01-01 放假 元旦\n2027-02-06 放假 春节\n2027-02-07 上班 春节";
    let fields = [("year", "2027"), ("notice", "国办发明电〔2026〕1号"), ("days", lines), ("step", "try")];
    let (status, page) = upload(&node, &admin, "/admin/law/year", &fields, "").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("还没有保存") && page.contains("2027-02-07 周日"), "{page}");
    assert!(!node.app.directory().law.calendars().holidays().covers(2027));
    let fields = [("year", "2027"), ("notice", "国办发明电〔2026〕1号"), ("days", lines)];
    let (status, _) = upload(&node, &admin, "/admin/law/year", &fields, "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let law = node.app.directory().law.clone();
    assert!(law.calendars().holidays().covers(2027));
    assert!(law.calendars().day(jiff::civil::date(2027, 2, 7)).working());
    // A line that cannot be is named, and nothing typed is lost.
    let fields = [("year", "2027"), ("notice", "x"), ("days", "2027-02-08 上班 春节")];
    let (status, page) = upload(&node, &admin, "/admin/law/year", &fields, "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("第 1 行") && page.contains("2027-02-08 上班 春节"), "{page}");
    // A file in the delivered form works as well.
    let file = "# covers\t2028\tx\n2028-01-01\toff\t元旦\n";
    let fields = [("year", "2028"), ("notice", "国办发明电〔2027〕1号")];
    let (status, page) = upload(&node, &admin, "/admin/law/year", &fields, file).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert!(node.app.directory().law.calendars().holidays().covers(2028));
}

#[tokio::test]
async fn working_hours_show_which_terms_they_move() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let page = get(&node, &admin, "/admin/law/hours?code=workday").await;
    assert!(page.contains("事项处置时限"), "{page}");
    let change = |spans: &'static str| {
        [
            ("code", "workday"),
            ("title", "工作时间"),
            ("days", "workdays"),
            ("spans", spans),
            ("source", "局办〔2026〕9号"),
            ("from", "2026-11-24"),
            ("step", "try"),
        ]
    };
    let page = send(&node, &admin, "/admin/law/hours", &change("09:00-12:00、14:00-18:00")).await;
    let page = page.text().await.unwrap();
    assert!(!texts(&page, "#trial td[data-changed]").is_empty(), "some term moves: {page}");
    let answer = send(&node, &admin, "/admin/law/hours", &change("18:00-09:00")).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.unwrap().contains("先后不对"));
}

#[tokio::test]
async fn looks_and_changes_are_found_by_person_matter_time_and_kind() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let hotline = node.browser("hotline").await;
    let why = [("why", "电话核实地点")];
    send(&node, &hotline, &format!("/matters/{id}/contact"), &why).await;
    node.app.flush_access().await;
    let rows = async |query: &str| {
        let page = get(&node, &admin, &format!("/admin/access?{query}")).await;
        texts(&page, "tbody tr")
    };
    let found = rows("action=particulars").await;
    assert!(
        found.len() == 1 && found[0].contains("坐席甲") && found[0].contains("电话核实地点"),
        "{found:?}"
    );
    assert_eq!(rows(&format!("docket={id}")).await.len(), 1);
    assert!(rows("actor=person:hotline&action=sign_in").await.iter().all(|r| r.contains("登录")));
    assert!(rows("action=particulars&to=2026-11-22").await.is_empty());
    assert_eq!(rows("action=particulars&from=2026-11-23&to=2026-11-23").await.len(), 1);
    let bad = admin.client.get(format!("{}/admin/access?from=x", node.url)).send().await.unwrap();
    assert_eq!(bad.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let file = get(&node, &admin, "/admin/access/export/csv?action=particulars").await;
    assert!(file.starts_with('\u{feff}') && file.contains("电话核实地点"), "{file}");
    // Changes: by whom, of what, when.
    let unit = [("code", "squad-b"), ("known", "true"), ("name", "乙镇大队"), ("parent", "bureau")];
    send(&node, &admin, "/admin/units", &unit).await;
    let changes = async |query: &str| {
        let page = get(&node, &admin, &format!("/admin/audit?{query}")).await;
        texts(&page, "tbody tr")
    };
    let mine = changes("actor=person:admin").await;
    assert!(mine.len() == 1 && mine[0].contains("squad-b"), "{mine:?}");
    let of_unit = changes("register=unit&q=乙镇").await;
    assert!(
        of_unit.len() == 2 && of_unit[0].contains("管理员甲") && of_unit[1].contains("系统"),
        "{of_unit:?}"
    );
    assert!(changes("register=grid&q=乙镇大队").await.is_empty());
    assert!(changes("to=2026-11-22").await.is_empty());
    // Each change is found by its own day and its own hand, also when somebody else changed the record later.
    node.hands.forward(jiff::SignedDuration::from_hours(30));
    let unit = lianzhi_procedure::directory::Unit {
        name: "乙镇中队".into(),
        ..node.app.directory().units[&UnitCode::parse("squad-b").unwrap()].clone()
    };
    let record = lianzhi_procedure::register::Record::Unit(unit);
    node.app.put_register(&lianzhi_app::Caller::system(), record).await.unwrap();
    let admin = node.browser("admin").await;
    let changes = async |query: &str| {
        let page = get(&node, &admin, &format!("/admin/audit?{query}")).await;
        texts(&page, "tbody tr")
    };
    let mine = changes("actor=person:admin").await;
    assert!(mine.len() == 1 && mine[0].contains("squad-b"), "{mine:?}");
    assert_eq!(changes("register=unit&q=乙镇&from=2026-11-23&to=2026-11-23").await.len(), 2);
    assert_eq!(changes("register=unit&q=乙镇&from=2026-11-24").await.len(), 1);
    assert_eq!(changes("register=unit&q=乙镇").await.len(), 3);
    assert!(changes("actor=person:admin&from=2026-11-24").await.is_empty());
    let file = get(&node, &admin, "/admin/audit/export/csv?register=unit").await;
    assert!(file.contains("squad-b") && file.contains("管理员甲"), "{file}");
    let officer = node.browser("officer-a").await;
    for path in ["/admin/access/export/csv", "/admin/audit/export/csv", "/admin/audit", "/admin/access"] {
        let answer = officer.client.get(format!("{}{path}", node.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_post_is_ended_taken_back_and_said_in_plain_words() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let page = get(&node, &admin, "/admin/people/edit?code=leader-a").await;
    let words = &texts(&page, "#abilities")[0];
    assert!(
        words.contains("甲镇中队") && words.contains("审批延期、挂账") && !words.contains("管理名录"),
        "{words}"
    );
    // A second post, then its end, then back again.
    let more = [("code", "leader-a"), ("unit", "squad-b"), ("roles", "officer")];
    follow(&node, &admin, send(&node, &admin, "/admin/people/posts", &more).await).await;
    let end = [("code", "leader-a"), ("step", "end"), ("unit", "squad-b"), ("roles", "officer")];
    let page = follow(&node, &admin, send(&node, &admin, "/admin/people/posts", &end).await).await;
    assert!(texts(&page, ".done-line")[0].contains("已结束在“乙镇中队”的岗位"), "{page}");
    let posts = |node: &Node| {
        node.app.directory().people[&lianzhi_ids::PersonCode::parse("leader-a").unwrap()].posts.len()
    };
    assert_eq!(posts(&node), 1);
    assert_eq!(value(&page, ".done-line input[name=unit]"), "squad-b");
    follow(&node, &admin, send(&node, &admin, "/admin/people/posts", &more).await).await;
    assert_eq!(posts(&node), 2);
    // Found by unit and role.
    let found = texts(&get(&node, &admin, "/admin/people?unit=squad-b&role=officer").await, "tbody tr");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(texts(&get(&node, &admin, "/admin/people?role=auditor").await, "tbody tr").len() == 1);
}

#[tokio::test]
async fn the_policy_reads_as_sentences_for_each_role() {
    let node = Node::start().await;
    let auditor = node.browser("auditor").await;
    let all = texts(&get(&node, &auditor, "/admin/policy").await, "tbody tr");
    assert_eq!(all.len(), lianzhi_procedure::policy::TABLE.len());
    let leader = get(&node, &auditor, "/admin/policy?role=squad_leader").await;
    let lines = texts(&leader, "tbody tr");
    assert!(lines.len() < all.len() && lines.iter().all(|l| l.contains("队长")), "{lines:?}");
    assert!(leader.contains("对自己承办的件都可以"), "{leader}");
    let found = texts(&get(&node, &auditor, "/admin/policy?q=核查").await, "tbody tr");
    assert!(!found.is_empty() && found.iter().all(|l| l.contains("核查")), "{found:?}");
}

#[tokio::test]
async fn the_state_of_the_node_says_what_runs_what_is_full_and_when_it_was_copied() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    node.report().await;
    let page = get(&node, &admin, "/admin").await;
    for word in [
        "存证日志",
        "后台工作",
        "空间",
        "证据文件",
        "磁盘剩",
        "快慢",
        "已运行",
        "实时连接",
        "见证",
        "lianzhi backup",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(page.contains("从来没有备份过"));
    // What runs by the clock says when it was done last, and that it was not when it was not.
    let jobs = async |admin: &Browser| texts(&get(&node, admin, "/admin").await, "[data-part=jobs] tr");
    let job = |jobs: &[String], what: &str| jobs.iter().find(|j| j.contains(what)).cloned().unwrap();
    for what in ["统计跟进", "清理过期"] {
        assert!(job(&jobs(&admin).await, what).contains("等第一次"), "{what}");
    }
    node.hands.forward(jiff::SignedDuration::from_mins(30));
    node.app.sweep().await;
    let seen = jobs(&admin).await;
    assert!(job(&seen, "统计跟进").contains("没有按时"), "{seen:?}");
    assert!(
        job(&seen, "清理过期").contains("上次 今天 09:30") && job(&seen, "清理过期").contains("正常"),
        "{seen:?}"
    );
    node.app.follow_figures().await;
    assert!(job(&jobs(&admin).await, "统计跟进").contains("正常"));
    node.hands.forward(jiff::SignedDuration::from_mins(121));
    assert!(job(&jobs(&admin).await, "清理过期").contains("没有按时"));
    let row = lianzhi_app::ports::AccessRow {
        at: node.app.now().as_microsecond(),
        actor: "system".into(),
        action: "backup".into(),
        docket: None,
        detail: "/备份/2026-11-23".into(),
    };
    node.app.store().accounts.record_access(&[row]).await.unwrap();
    let page = get(&node, &admin, "/admin").await;
    assert!(page.contains("有备份") && page.contains("/备份/2026-11-23"), "{page}");
    node.hands.forward(jiff::SignedDuration::from_hours(11));
    node.hands.forward(jiff::SignedDuration::from_hours(30));
    let admin = node.browser("admin").await;
    assert!(get(&node, &admin, "/admin").await.contains("超过一天半了"));
}

#[tokio::test]
async fn an_import_shows_how_rows_would_be_read_and_remembers_the_columns() {
    let node = Node::start().await;
    let clerk = node.browser("hotline").await;
    let table = "单号,说了什么,在哪,类\n1,占道卖水果,漕平路 118 号,E09005\n2,堆垃圾,漕平路 9 号,没有这类\n";
    let (status, page) = upload(&node, &clerk, "/admin/import", &[], table).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("没有找到说明问题的列"), "what is missing is said: {page}");
    let bytes = value(&page, "input[name=file_bytes]");
    let run = |step: &'static str| {
        vec![
            ("file_name", "a.csv"),
            ("file_bytes", bytes.as_str()),
            ("number", "单号"),
            ("description", "说了什么"),
            ("address", "在哪"),
            ("category", "类"),
            ("step", step),
        ]
    };
    let page = send(&node, &clerk, "/admin/import/run", &run("try")).await.text().await.unwrap();
    let rows = texts(&page, "#trial tbody tr");
    assert!(rows[0].contains("可登记") && rows[0].contains("占道卖水果"), "{rows:?}");
    assert!(rows[1].contains("有误") && rows[1].starts_with('3'), "the line in the file is named: {rows:?}");
    let count = async || {
        node.app.count(&lianzhi_app::Caller::system(), &lianzhi_app::ListQuery::default()).await.unwrap()
    };
    assert_eq!(count().await, Some(0), "nothing was registered yet");
    let page = send(&node, &clerk, "/admin/import/run", &run("")).await.text().await.unwrap();
    assert!(page.contains("导入结果"), "{page}");
    assert_eq!(count().await, Some(1));
    let (_, page) = upload(&node, &clerk, "/admin/import", &[], table).await;
    assert!(page.contains("id=\"remembered\""), "{page}");
    assert!(texts(&page, "#trial tbody tr")[0].contains("已有"), "{page}");
}

#[tokio::test]
async fn the_access_log_goes_on_where_a_page_ends_and_a_file_says_what_it_leaves_out() {
    let node = Node::start().await;
    // Thirty lines of one moment each, some more than a file holds.
    let row = |n: i64| lianzhi_app::ports::AccessRow {
        at: 1_795_000_000_000_000 + n / 30,
        actor: "person:hotline".into(),
        action: "particulars".into(),
        docket: None,
        detail: format!("第 {n} 次"),
    };
    let rows: Vec<_> = (0..10_100).map(row).collect();
    node.app.store().accounts.record_access(&rows).await.unwrap();
    let auditor = node.browser("auditor").await;
    let (mut seen, mut path) =
        (std::collections::BTreeSet::new(), "/admin/access?action=particulars".to_owned());
    for _ in 0..4 {
        let page = get(&node, &auditor, &path).await;
        for line in texts(&page, "tbody td.wrap") {
            assert!(seen.insert(line.clone()), "{line} comes twice");
        }
        let dom = Html::parse_document(&page);
        let next = dom.select(&Selector::parse("a[rel=next]").unwrap()).next().unwrap();
        path = next.value().attr("href").unwrap().to_owned();
    }
    let last: std::collections::BTreeSet<String> =
        (10_100 - i64::try_from(seen.len()).unwrap()..10_100).map(|n| format!("第 {n} 次")).collect();
    assert!(seen.len() >= 400 && seen == last, "none is left out: {}", seen.len());
    let file = get(&node, &auditor, "/admin/access/export/csv?action=particulars").await;
    assert!(file.lines().next().unwrap().contains("还有更早的"), "{}", file.lines().next().unwrap());
    assert!(file.lines().count() > 10_000);
    let short = get(&node, &auditor, "/admin/access/export/csv?action=sign_in").await;
    assert!(!short.contains("还有更早的"));
}
