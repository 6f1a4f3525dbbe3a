//! Money and things in custody by forms alone and through the API: the bank's file, differences, books, what officers carry; shelves,
//! labels, stock-taking.

use crate::cases::{approved, give, office, opened, part, serve, signed_in};
use crate::lists::{attribute, get, html, texts};
use crate::node::{Browser, Node};
use lianzhi_testkit::Place;
use reqwest::{Response, StatusCode};
use scraper::Html;
use serde_json::{Value, json};

async fn filed(web: &Node) -> i64 {
    let id = opened(web, "officer-a1").await;
    give(web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    give(web, "officer-a1", id, "verify", &[("established", "true"), ("note", "现场属实")], None).await;
    approved(web, id, "file", &[("note", "符合立案标准")]).await;
    id
}

/// A fine of 2000 yuan, decided and served.
async fn decided(web: &Node) -> i64 {
    let id = filed(web).await;
    let record = [
        ("kind", "inspection"),
        ("second", "officer-a2"),
        ("shown", "true"),
        ("from", "2026-11-23T08:30"),
        ("note", "承重墙已拆除"),
    ];
    give(web, "officer-a1", id, "record", &record, Some("exhibits")).await;
    give(web, "officer-a1", id, "finish", &[("note", "事实清楚")], None).await;
    let charge =
        [("party", "1"), ("violation", "1"), ("tier", "一般"), ("fine", "2000"), ("note", "情节一般")];
    give(web, "officer-a1", id, "charge", &charge, None).await;
    approved(web, id, "notify", &[("days", "5"), ("note", "拟处罚")]).await;
    serve(web, id).await;
    give(web, "officer-a1", id, "waive", &[("party", "1")], Some("exhibits")).await;
    approved(web, id, "decide", &[("note", "决定")]).await;
    serve(web, id).await;
    id
}

async fn upload(web: &Node, browser: &Browser, path: &str, fields: &[(&str, &str)], table: &str) -> Response {
    let mut body = part("x7x", "csrf", &browser.csrf);
    for (name, value) in fields {
        body += &part("x7x", name, value);
    }
    if !table.is_empty() {
        body += "--x7x\r\ncontent-disposition: form-data; name=\"raw-file\"; filename=\"1123.csv\"\r\n\
                 content-type: text/csv\r\n\r\n";
        body += table;
        body += "\r\n";
    }
    body += "--x7x--\r\n";
    let request = browser.client.post(format!("{}{path}", web.url));
    request.header("content-type", "multipart/form-data; boundary=x7x").body(body).send().await.unwrap()
}

fn words(page: &Html, css: &str) -> String {
    texts(page, css).join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_banks_file_is_seen_before_it_is_imported_and_differences_are_settled_on_their_page() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    let id = decided(&web).await;
    let clerk = signed_in(&web, "dispatcher").await;
    let page = get(&web, &clerk, &format!("/matters/{id}?tab=money")).await;
    let code = texts(&page, ".case-part dd.number").pop().expect("a payment code was given out");
    let code = code.split_whitespace().next().unwrap_or_default().to_owned();
    assert_eq!(code.len(), 20, "{code}");
    assert!(
        words(&page, ".case-part")
            .contains("罚款 2,000 元 + 没收违法所得 0 元 + 加处罚款 0 元 − 已缴 0 元 = 2,000 元")
    );

    let table = format!(
        "交易流水号,交易时间,金额,缴款人,缴款码\nB-1,2026-11-23 08:10,2000.00,张小三,{code}\nB-2,2026-11-23 08:20,88.80,李四,\n\
         B-3,昨天,1,王五,\n"
    );
    let first = get(&web, &clerk, "/payments/import").await;
    assert_eq!(texts(&first, "h1"), ["导入银行文件"]);
    let page = html(upload(&web, &clerk, "/payments/import", &[], &table).await).await;
    let trial = words(&page, "#trial");
    assert!(trial.contains("到账 2,088.80 元 = 归入案件 2,000 元 + 待处理 88.80 元"), "{trial}");
    assert!(trial.contains("没有缴款码") && trial.contains("“昨天”不是时间"), "{trial}");
    let hidden = attribute(&page, "input[name=file_bytes]", "value").pop().unwrap();
    let mut run = vec![("file_name", "1123.csv"), ("file_bytes", hidden.as_str())];
    run.extend([
        ("serial", "交易流水号"),
        ("at", "交易时间"),
        ("amount", "金额"),
        ("payer", "缴款人"),
        ("code", "缴款码"),
    ]);
    let page = html(upload(&web, &clerk, "/payments/import/run", &run, "").await).await;
    assert!(words(&page, "#report").contains("到账 2,088.80 元 = 归入案件 2,000 元 + 待处理 88.80 元"));
    let page = html(upload(&web, &clerk, "/payments/import/run", &run, "").await).await;
    assert!(words(&page, "#report").contains("到账 0 元"), "the same file twice does nothing twice");

    // The case has it, with the file's name; the difference waits on the desk and on its page.
    let page = get(&web, &clerk, &format!("/matters/{id}?tab=money")).await;
    assert!(words(&page, ".case-part").contains("银行文件 1123.csv"), "{}", words(&page, ".case-part"));
    let page = get(&web, &clerk, "/payments").await;
    assert!(
        words(&page, "#payments li").contains("李四") && !words(&page, "#payments li").contains("张小三")
    );
    let difference = attribute(&page, "#payments a.title", "href").pop().unwrap();
    let docket: i64 = difference.trim_start_matches("/matters/").parse().unwrap();
    assert!(words(&get(&web, &clerk, "/desk").await, ".todo").contains("处理到账差异"));
    let back = [("how", "refund"), ("amount", "88.80"), ("reference", "T-1"), ("note", "不是罚款")];
    give(&web, "dispatcher", docket, "give_back", &back, None).await;
    let page = get(&web, &clerk, &difference).await;
    assert!(words(&page, "#facts").contains("到账 88.80 元 − 归入案件 0 元 − 退付、转出 88.80 元 = 0 元"));
    assert!(texts(&get(&web, &clerk, "/payments").await, "#payments li").is_empty());

    // The books agree, each number leads to its lines, and the file says the same.
    let page = get(&web, &clerk, "/payments/books?from=2026-11-23&to=2026-11-23").await;
    let checks = texts(&page, "#checks li");
    assert!(checks.iter().all(|check| check.contains("相符")), "{checks:?}");
    assert!(
        checks[0].contains("银行到账 2,088.80 = 已归入案件 2,000.00 + 已退付、转出 88.80 + 待处理差异 0.00")
    );
    let href = attribute(&page, "#books tbody a", "href")
        .into_iter()
        .find(|h| h.contains("what=paid_bank"))
        .unwrap();
    let lines = get(&web, &clerk, &href).await;
    assert_eq!(attribute(&lines, "#lines tbody a", "href"), [format!("/matters/{id}")]);
    let path = format!("{}/payments/books/export/csv?from=2026-11-23&to=2026-11-23", web.url);
    let file = clerk.client.get(path).send().await.unwrap().text().await.unwrap();
    assert!(file.contains("合计") && file.contains("2088.80"), "{file}");

    // Whoever handles cases sees neither the bank nor the books.
    let officer = signed_in(&web, "officer-a1").await;
    for path in ["/payments/import", "/payments/books"] {
        let answer = officer.client.get(format!("{}{path}", web.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(texts(&get(&web, &officer, "/payments").await, "h1"), ["当场收缴未上缴"]);
    drop(node);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_none_and_a_period_that_is_none_are_refused_with_a_way_on() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let clerk = signed_in(&web, "dispatcher").await;
    let answer = upload(&web, &clerk, "/payments/import", &[], "流水号,金额\nB-1,5\n").await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(answer).await;
    assert!(words(&page, "main").contains("没有找到“时间”这一列"), "{}", words(&page, "main"));
    let answer = clerk
        .client
        .get(format!("{}/payments/books?from=2026-11-23&to=2026-11-01", web.url))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(words(&html(answer).await, "main").contains("起止日期不对"));
    let token = web.token("dispatcher").await;
    let form = reqwest::multipart::Form::new().text("mapping", "{}");
    let answer = web
        .request(reqwest::Method::POST, "/api/v1/payments/imports")
        .bearer_auth(&token)
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thing_goes_on_a_shelf_gets_a_label_and_is_counted() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = filed(&web).await;
    let seize = [
        ("kind", "seizure"),
        ("party", "1"),
        ("goods", "三轮车一辆"),
        ("second", "officer-a2"),
        ("note", "占道经营"),
        ("urgent", "true"),
    ];
    give(&web, "officer-a1", id, "seize", &seize, Some("exhibits")).await;
    let put = [
        ("from", "measure"),
        ("measure", "1"),
        ("kind", "vehicle"),
        ("name", "蓝色三轮车一辆"),
        ("shelf", "一号库 A-01"),
    ];
    give(&web, "officer-a1", id, "put_in", &put, Some("exhibits")).await;
    give(&web, "officer-a1", id, "shift", &[("thing", "1"), ("shelf", "一号库 A-03")], None).await;

    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, "/goods?shelf=一号库").await;
    let line = words(&page, "#goods li");
    assert!(line.contains("蓝色三轮车一辆") && line.contains("库位 一号库 A-03"), "{line}");
    let href = attribute(&page, "#goods a.title", "href").pop().unwrap();
    assert_eq!(href, format!("/goods/{id}/1"));
    let page = get(&web, &officer, &href).await;
    assert_eq!(texts(&page, "#chain li").len(), 2);
    assert!(words(&page, "#thing").contains("扣押（清单 1）"), "{}", words(&page, "#thing"));
    let label = get(&web, &officer, &format!("{href}/label")).await;
    assert!(words(&label, "h1").ends_with("-物1") && attribute(&label, ".code svg", "viewBox").len() == 1);
    assert!(
        words(&get(&web, &officer, &format!("/matters/{id}?tab=exhibits")).await, "#things").contains("在库")
    );
    let answer = officer.client.get(format!("{}/goods?state=weg", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);

    // Counted by two; what is wrong in the form is said, and what was typed stays.
    let page = get(&web, &officer, "/goods/stocktakes/new").await;
    let key = attribute(&page, "form input[name=form]", "value").pop().unwrap();
    let form = |second: &'static str| {
        vec![
            ("form", key.clone()),
            ("unit", "squad-a".into()),
            ("second", second.into()),
            ("note", "季度盘点".into()),
        ]
    };
    let send = async |fields: Vec<(&str, String)>| {
        let pairs: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        crate::lists::post(&web, &officer, "/goods/stocktakes/new", &pairs).await
    };
    let refused = send(form("")).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(texts(&html(refused).await, "[name=note]"), ["季度盘点"]);
    let answer = send(form("officer-a2")).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{:?}",
        texts(&html(answer).await, "[role=alert], .fault")
    );
    let count = crate::cases::id_of(&send(form("officer-a2")).await);
    let name = format!("{id}-1");
    give(&web, "officer-a2", count, "count", &[("missing", &name)], None).await;
    let page = get(&web, &officer, &format!("/matters/{count}")).await;
    assert!(words(&page, "#count").contains("没有找到"), "{}", words(&page, "#count"));
    give(&web, "officer-a1", count, "explain", &[("difference", &name), ("note", "送检未登记")], None).await;
    for who in ["officer-a1", "officer-a2"] {
        give(&web, who, count, "end_count", &[("note", "差异已说明")], None).await;
    }

    // The same through the API.
    let token = web.token("leader").await;
    let json = async |path: &str| -> Value {
        let answer = web.request(reqwest::Method::GET, path).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    };
    let goods = json("/api/v1/goods").await;
    assert_eq!(goods["things"][0]["shelf"], "一号库 A-03");
    assert_eq!(json(&format!("/api/v1/goods/{id}/1")).await["chain"].as_array().unwrap().len(), 3);
    let counted = json(&format!("/api/v1/stocktakes/{count}")).await;
    assert_eq!(counted["sums"], json!([0, 1, 0, 0]));
    assert_eq!(json("/api/v1/payments/held").await, json!([]));
    assert!(json("/api/v1/payments/reconciliation").await["checks"].is_array());
}
