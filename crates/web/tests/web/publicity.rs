//! What everybody may read, without an account and without scripts: powers, people, procedures, items, decisions; the check of a paper;
//! and what supervisors see of the three systems.

use crate::cases::{decided, give, office, signed_in};
use crate::lists::{attribute, get, html, texts};
use crate::node::{Node, encode, problem};
use lianzhi_ids::DocketId;
use lianzhi_procedure::directory::PaperSettings;
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Place, city};
use reqwest::StatusCode;
use scraper::Html;
use serde_json::Value;

/// A page as somebody without an account sees it.
async fn open(web: &Node, path: &str) -> Html {
    let answer = web.get(path).header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    html(answer).await
}

async fn json(web: &Node, path: &str) -> Value {
    web.get(path).send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_reads_who_enforces_by_which_power_and_how() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    for path in [
        "/public",
        "/public/powers",
        "/public/people",
        "/public/procedures",
        "/public/items",
        "/public/reviews",
        "/public/decisions",
        "/public/annual",
        "/check",
    ] {
        let page = open(&web, path).await;
        assert_eq!(texts(&page, "h1").len(), 1, "{path}");
        assert_eq!(attribute(&page, ".public-rooms [aria-current]", "href"), [path]);
    }
    let people = open(&web, "/public/people").await;
    let list = texts(&people, ".enforcers li").join("\n");
    assert!(list.contains("09-118-officer-a1") && !list.contains("审核员甲"), "certificates only: {list}");
    let one = open(&web, "/public/people?q=officer-a2").await;
    assert_eq!(texts(&one, ".enforcers li").len(), 1);
    assert!(texts(&open(&web, "/public/people?q=没有此人").await, ".empty").join("").contains("12345"));
    let powers = texts(&open(&web, "/public/powers").await, ".rows li").join("\n");
    assert!(powers.contains("全部事项") && powers.contains("自 2020-01-01 起"), "{powers}");
    let steps = texts(&open(&web, "/public/procedures").await, ".rows li").join("\n");
    assert!(
        steps.contains("60 日") || steps.contains("90 日") || steps.contains("个工作日"),
        "terms: {steps}"
    );
    for said in ["申请行政复议", "提起行政诉讼", "6 个月", "查封、扣押", "催告", "代履行", "征得同意"]
    {
        assert!(steps.contains(said), "{said}: {steps}");
    }
    let items = texts(&open(&web, "/public/items?q=渣土").await, ".rows > li");
    assert!(!items.is_empty() && items.iter().all(|i| i.contains('《')), "each with its article: {items:?}");
    assert!(
        items.iter().all(|i| i.contains("裁量基准") && i.contains("第三十四条")),
        "and its tiers: {items:?}"
    );
    let reviews = texts(&open(&web, "/public/reviews").await, ".rows li").join("\n");
    assert!(reviews.contains("第五十八条") && reviews.contains("5,000 元"), "{reviews}");
    let agency = json(&web, "/api/v1/public/agency").await;
    assert!(agency["people"].as_array().unwrap().len() >= 2 && agency["powers"][0]["in_force"] == true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_is_published_masked_checked_by_its_code_and_withdrawn() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    let mut settings = city::settings();
    settings.papers = PaperSettings {
        phone: "021-59720000".into(),
        address: "公园路 100 号".into(),
        reconsideration: "青浦区人民政府".into(),
        court: "上海铁路运输法院".into(),
        pay_ways: vec!["工商银行".into()],
    };
    node.app.put_register(&lianzhi_app::Caller::system(), Record::Settings(settings)).await.unwrap();
    let id = decided(&web).await;
    assert!(texts(&open(&web, "/public/decisions").await, "#decisions .empty").join("").contains("没有公开"));
    give(&web, "officer-a1", id, "publish", &[], None).await;
    let page = open(&web, "/public/decisions").await;
    let line = texts(&page, "#decisions .rows li").join("");
    assert!(line.contains("张某某") && line.contains("罚款 2,000 元") && !line.contains("张小三"), "{line}");
    let href = attribute(&page, "#decisions .rows a.title", "href").pop().unwrap();
    let one = open(&web, &href).await;
    assert!(texts(&one, "dd").join("\n").contains("《"));
    let whole = one.root_element().html();
    for secret in ["张小三", "310118199001010011", "承重墙已拆除"] {
        assert!(!whole.contains(secret), "{secret}");
    }
    // As data and as a table, page by page.
    let data = json(&web, "/api/v1/public/decisions?limit=1").await;
    assert_eq!(data["decisions"][0]["parties"][0]["name"], "张某某");
    assert_eq!(data["total"], 1);
    let table = web.get("/api/v1/public/decisions.csv").send().await.unwrap();
    assert!(table.headers()["content-type"].to_str().unwrap().starts_with("text/csv"));
    let table = table.text().await.unwrap();
    assert!(
        table.starts_with('\u{feff}') && table.lines().count() == 2 && table.contains("张某某"),
        "{table}"
    );
    // A filter that is none is said, and everything is shown.
    let answer = web.get("/public/decisions?from=x").header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);

    // The code on the paper: typed with dashes and small letters, it leads to the same page.
    let code = data["decisions"][0]["id"].as_str().unwrap().to_owned();
    let typed = format!("{}-{} {}", &code[..4], &code[4..8], &code[8..]).to_lowercase();
    let typed = format!("/check?{}", encode(&[("code", typed.as_str())]));
    let on = web.get(&typed).header("accept", "text/html").send().await.unwrap();
    assert_eq!(on.status(), StatusCode::SEE_OTHER);
    let on = on.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(on, format!("/check/{code}"));
    let page = open(&web, &on).await;
    let facts = texts(&page, ".public-facts dd").join("\n");
    assert!(
        facts.contains("行政处罚决定书") && facts.contains("有效") && facts.contains("张某某"),
        "{facts}"
    );
    // What was handed over was kept, so that there is something to compare with.
    assert_eq!(attribute(&page, "form[data-check]", "action"), [on]);
    let officer = signed_in(&web, "officer-a1").await;
    let case = node.app.matter(&node.as_("leader"), DocketId(id)).await.unwrap().case.unwrap();
    let paper = case.papers.iter().find(|p| p.form == "D17").unwrap().id;
    let printed = officer.client.get(format!("{}/matters/{id}/papers/{paper}.pdf", web.url));
    let pdf = printed.send().await.unwrap().bytes().await.unwrap();
    assert!(pdf.starts_with(b"%PDF"), "{}", String::from_utf8_lossy(&pdf));
    let upload = async |bytes: &[u8]| {
        let mut body = b"--x7x\r\ncontent-disposition: form-data; name=\"raw-file\"; filename=\"a.pdf\"\r\n\
            content-type: application/pdf\r\n\r\n"
            .to_vec();
        body.extend(bytes);
        body.extend(b"\r\n--x7x--\r\n");
        let request = web.request(reqwest::Method::POST, &format!("/check/{code}"));
        let request = request.header("content-type", "multipart/form-data; boundary=x7x");
        html(request.header("accept", "text/html").body(body).send().await.unwrap()).await
    };
    assert!(texts(&upload(&pdf).await, "[role=status]").join("").contains("一致：这个文件"));
    assert!(texts(&upload(b"%PDF-1.7 forged").await, "[role=alert]").join("").contains("不一致"));

    // A wrong code: said on the page, with what helps; a problem for programs.
    let answer = web.get("/check/ABCDABCDABCDABCD").header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let page = html(answer).await;
    assert!(texts(&page, "[role=alert]").join("").contains("再输一次"));
    assert_eq!(attribute(&page, "#code", "value"), ["ABCDABCDABCDABCD"], "what was typed stays");
    let answer = web.get("/api/v1/check/ABCDABCDABCDABCD").send().await.unwrap();
    assert_eq!(problem(answer, StatusCode::NOT_FOUND, "not-found").await["field"], "code");

    // Supervisors see what every number counts; the case says what of its record is missing.
    let legal = signed_in(&web, "legal").await;
    let page = get(&web, &legal, "/public/annual").await;
    let links = attribute(&page, ".month-sum a", "href");
    assert!(links.iter().any(|href| href.starts_with("/cases/records?what=in_term")), "{links:?}");
    let page = get(&web, &legal, "/cases/records?what=published").await;
    assert_eq!(texts(&page, "#records .rows > li").len(), 1);
    let page = get(&web, &legal, "/cases/records").await;
    let missing = texts(&page, "#records .rows > li").join("");
    assert!(missing.contains("缺") && missing.contains('第'), "{missing}");
    let page = get(&web, &legal, &format!("/matters/{id}?tab=process")).await;
    assert!(!texts(&page, "#gaps li").is_empty());
    let page = get(&web, &legal, "/cases/reviews").await;
    assert!(texts(&page, "#duties li").len() >= 5);

    // Revoked: until it is withdrawn the list says so; then only its number and the reason are left.
    node.clock().advance(jiff::SignedDuration::from_mins(5));
    crate::cases::approved(&web, id, "revoke", &[("note", "依据有误")]).await;
    let line = texts(&open(&web, "/public/decisions").await, "#decisions .rows li").join("");
    assert!(line.contains("正在撤回"), "{line}");
    give(&web, "legal", id, "unpublish", &[("note", "张小三的决定依据有误，已经撤销")], None).await;
    let page = open(&web, "/public/decisions").await;
    assert!(texts(&page, "#withdrawn li").join("").contains("张某某的决定依据有误，已经撤销"));
    let answer = web.get(&href).header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let facts = texts(&open(&web, &format!("/check/{code}")).await, ".public-facts dd").join("\n");
    assert!(facts.contains("已经撤销，没有效力"), "{facts}");
}
