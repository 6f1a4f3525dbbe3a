//! What an auditor reads: what was changed, from what to what, and pages that offer only what he may do. And an import
//! that does what its preview said.

use crate::node::{Browser, Node};
use crate::office::{get, send, upload};
use lianzhi_app::{Caller, ListQuery};
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

/// The lines of the list of changes.
async fn changes(node: &Node, who: &Browser, query: &str) -> Vec<String> {
    texts(&get(node, who, &format!("/admin/audit?{query}")).await, "tbody tr")
}

#[tokio::test]
async fn the_story_of_a_record_says_what_each_change_changed() {
    let node = Node::start().await;
    let (admin, auditor) = (node.browser("admin").await, node.browser("auditor").await);
    let unit = |name: &'static str, parent: &'static str, phone: &'static str| {
        [("code", "squad-b"), ("known", "true"), ("name", name), ("parent", parent), ("phone", phone)]
    };
    for fields in [unit("乙镇大队", "squad-a", ""), unit("乙镇大队", "squad-a", "59720000")] {
        let answer = send(&node, &admin, "/admin/units", &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    // The list says it in one line each, the page before as well as this one.
    let lines = changes(&node, &auditor, "register=unit&q=squad-b").await;
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].contains("单位 乙镇大队（squad-b），更改电话：（空） → 59720000"), "{lines:?}");
    assert!(lines[1].contains("名称：乙镇中队 → 乙镇大队；上级：执法局 → 甲镇中队"), "{lines:?}");
    assert!(lines[2].contains("单位 乙镇中队（squad-b），首次登记"), "{lines:?}");
    // So does the file.
    let file = get(&node, &auditor, "/admin/audit/export/csv?register=unit&q=squad-b").await;
    assert!(file.contains("改了什么") && file.contains("上级：执法局 → 甲镇中队"), "{file}");
    // And the page of the record, each field by itself.
    let page = get(&node, &auditor, "/admin/audit?register=unit&q=squad-b").await;
    let dom = Html::parse_document(&page);
    let link = dom.select(&Selector::parse("tbody td a").unwrap()).next().unwrap();
    let page = get(&node, &auditor, link.value().attr("href").unwrap()).await;
    assert_eq!(
        texts(&page, ".record-line .detail > div"),
        ["电话 （空） → 59720000", "名称 乙镇中队 → 乙镇大队", "上级 执法局 → 甲镇中队"]
    );
    assert_eq!(texts(&page, ".record-line > time > b").len(), 3, "the day stands above the clock: {page}");
    assert!(texts(&page, "time time").is_empty());
}

#[tokio::test]
async fn a_retirement_a_term_and_an_access_say_what_happened() {
    let node = Node::start().await;
    let (admin, auditor) = (node.browser("admin").await, node.browser("auditor").await);
    let new = [("code", "squad-c"), ("name", "丙镇中队"), ("parent", "bureau")];
    send(&node, &admin, "/admin/units", &new).await;
    let retire = [("register", "unit"), ("key", "squad-c"), ("reason", "撤并到乙镇")];
    send(&node, &admin, "/admin/retire", &retire).await;
    let known = [("code", "squad-c"), ("known", "true"), ("name", "丙镇中队"), ("parent", "bureau")];
    send(&node, &admin, "/admin/units", &known).await;
    let lines = changes(&node, &auditor, "register=unit&q=squad-c").await;
    assert!(lines[0].contains("单位 丙镇中队（squad-c），重新启用"), "{lines:?}");
    assert!(lines[1].contains("单位 丙镇中队（squad-c），停用原因：撤并到乙镇"), "{lines:?}");
    // A term that was changed for the first time is compared with what came with the program.
    let term = [
        ("code", "service.accept"),
        ("title", "受理时限"),
        ("amount", "45"),
        ("unit", "minutes"),
        ("calendar", "7x24"),
        ("source", "局办〔2026〕9号"),
        ("standing", "adopted"),
        ("from", "2026-11-24"),
        ("start", "2026-11-23T10:00"),
    ];
    send(&node, &admin, "/admin/law/term", &term).await;
    let lines = changes(&node, &auditor, "register=law").await;
    assert!(lines[0].contains("受理时限：2026-11-24 起 20 分钟 → 45 分钟"), "{lines:?}");
    // An access names the person.
    send(&node, &admin, "/admin/people/reset", &[("code", "officer-a")]).await;
    let lines = changes(&node, &auditor, "register=access").await;
    assert!(lines[0].contains("队员甲 的登录：重设密码（由管理员甲）"), "{lines:?}");
}

#[tokio::test]
async fn the_preview_of_an_import_says_what_the_import_does() {
    let node = Node::start().await;
    let clerk = node.browser("hotline").await;
    let table = "工单号,反映内容,地址,联系电话\n\
        1,占道卖水果,漕平路 118 号,13800001234\n\
        2,,漕平路 9 号,13800001234\n\
        3,乱停车,漕平路 9 号,138\n\
        4,乱停车,漕平路 9 号,12\n\
        5,堆垃圾,漕平路 10 号,\n";
    let (_, page) = upload(&node, &clerk, "/admin/import", &[], table).await;
    let preview = texts(&page, "#trial .figure b");
    assert_eq!(preview, ["3", "0", "2"], "{page}");
    let rows = texts(&page, "#trial .bad-row");
    assert!(rows.len() == 2 && rows[0].contains("反映内容") && rows[1].contains("联系电话"), "{rows:?}");
    let bytes = value(&page, "input[name=file_bytes]");
    let fields = [
        ("file_name", "a.csv"),
        ("file_bytes", bytes.as_str()),
        ("number", "工单号"),
        ("description", "反映内容"),
        ("address", "地址"),
        ("phone", "联系电话"),
    ];
    let page = send(&node, &clerk, "/admin/import/run", &fields).await.text().await.unwrap();
    assert_eq!(texts(&page, ".figure b"), ["5", "3", "0", "2"], "{page}");
    let count = node.app.count(&Caller::system(), &ListQuery::default()).await.unwrap();
    assert_eq!(count, Some(3));
}

#[tokio::test]
async fn a_column_that_is_not_recognised_is_named_before_anything_is_imported() {
    let node = Node::start().await;
    let clerk = node.browser("hotline").await;
    let table = "描述,地址,备注甲\n占道卖水果,漕平路 118 号,常年如此\n";
    let (status, page) = upload(&node, &clerk, "/admin/import", &[], table).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(texts(&page, ".steps-line [aria-current=step]"), ["2 核对各列"], "{page}");
    assert!(texts(&page, "#unused")[0].contains("备注甲") && texts(&page, "#trial").is_empty(), "{page}");
    let bytes = value(&page, "input[name=file_bytes]");
    assert_eq!(value(&page, "input[name=step]"), "try", "the next step is to look");
    let fields = [
        ("file_name", "a.csv"),
        ("file_bytes", bytes.as_str()),
        ("description", "描述"),
        ("address", "地址"),
        ("step", "try"),
    ];
    let page = send(&node, &clerk, "/admin/import/run", &fields).await.text().await.unwrap();
    assert_eq!(texts(&page, ".steps-line [aria-current=step]"), ["3 预览，再导入"]);
    assert!(texts(&page, "#trial #unused")[0].contains("备注甲"), "{page}");
    // A table whose columns are all recognised is shown at once.
    let (_, page) = upload(&node, &clerk, "/admin/import", &[], "描述,地址\n占道,漕平路 1 号\n").await;
    assert_eq!(texts(&page, ".steps-line [aria-current=step]"), ["3 预览，再导入"]);
}

#[tokio::test]
async fn an_auditor_is_offered_what_he_may_do() {
    let node = Node::start().await;
    for login in ["auditor", "admin"] {
        let who = node.browser(login).await;
        let desk = get(&node, &who, "/desk").await;
        assert!(!texts(&desk, "main")[0].contains("到岗"), "{login} has no shift: {desk}");
        let links = texts(&desk, ".empty a").join(" ");
        assert!(links.contains("查看记录 变更记录") && !links.contains("登记一件"), "{login}: {links}");
        for path in ["/todo", "/account", "/duty?unit=bureau"] {
            let page = get(&node, &who, path).await;
            assert!(!texts(&page, "main button").contains(&"到岗".to_owned()), "{login} {path}: {page}");
        }
    }
    let officer = node.browser("officer-a").await;
    let desk = get(&node, &officer, "/desk").await;
    assert!(desk.contains("到岗以后") && texts(&desk, "main button").contains(&"到岗".to_owned()), "{desk}");
    // What he may not import he is not asked for.
    let auditor = node.browser("auditor").await;
    let page = get(&node, &auditor, "/admin/import").await;
    assert!(page.contains("您不能导入诉件") && !page.contains("type=\"file\""), "{page}");
    assert!(texts(&page, ".admin > nav a").iter().all(|way| way != "导入诉件"));
    let (status, _) = upload(&node, &auditor, "/admin/import", &[], "描述,地址\na,b\n").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // What he may not change has no buttons.
    let ways = [
        "/admin/law/term?code=service.accept",
        "/admin/law/hours?code=workday",
        "/admin/law/year?year=2026",
        "/admin/law/edit?code=terms/service.toml",
        "/admin/units/edit?code=squad-a",
        "/admin/people/edit?code=officer-a",
        "/admin/grids/edit?code=310118104000001",
        "/admin/categories/edit?code=E09005",
        "/admin/settings",
    ];
    let admin = node.browser("admin").await;
    for way in ways {
        let page = get(&node, &auditor, way).await;
        assert!(page.contains("您可以查看，不能更改。"), "{way}");
        assert!(texts(&page, "main button").is_empty(), "{way}: {:?}", texts(&page, "main button"));
        assert!(!texts(&get(&node, &admin, way).await, "main button").is_empty(), "{way}");
    }
}

#[tokio::test]
async fn a_call_is_no_order_of_12345_unless_it_has_its_number() {
    let node = Node::start().await;
    let clerk = node.browser("hotline").await;
    let page = get(&node, &clerk, "/register").await;
    assert!(texts(&page, "select[name=external_system] option[selected]").is_empty(), "{page}");
    let order = |system: &'static str, number: &'static str| {
        [
            ("source", "hotline"),
            ("external_system", system),
            ("external_number", number),
            ("description", "店外经营"),
            ("address", "莲盛路"),
        ]
    };
    let answer = send(&node, &clerk, "/register", &order("12345", "")).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("选了 12345 热线，没有填工单号"), "{page}");
    assert!(page.contains("id=\"register-external_number-fault\""), "said beside the field: {page}");
    // A call that came in directly has none, and a number alone is one of 12345.
    for (system, number) in [("", ""), ("", "WO-78")] {
        let answer = send(&node, &clerk, "/register", &order(system, number)).await;
        assert_eq!(answer.status(), StatusCode::CREATED, "{system} {number}");
    }
}
