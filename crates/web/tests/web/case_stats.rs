//! Figures of cases and common benchmarks, as people and programs ask for them.

use crate::cases::{give, office, opened, signed_in};
use crate::lists::{attribute, get, html, post, select, texts};
use lianzhi_testkit::Place;
use reqwest::StatusCode;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_leads_to_its_cases_and_to_no_others() {
    for place in [Place::sqlite(), Place::postgres().await] {
        lianzhi_testkit::run(place, numbers_lead_to_cases).await;
    }
}

async fn numbers_lead_to_cases(place: &Place) {
    let (_node, web) = office(place).await;
    let id = opened(&web, "officer-a1").await;
    let leader = signed_in(&web, "leader").await;
    let page = get(&web, &leader, "/cases/stats").await;
    assert_eq!(texts(&page, "#total .big"), ["1", "0", "0.00 元", "0.00 元"]);
    for (table, name) in
        [("item", "FW-02"), ("result", "尚未决定"), ("kept", "在办"), ("procedure", "普通程序")]
    {
        let row = texts(&page, &format!("#by-{table} tbody tr")).join(" ");
        assert!(row.contains(name), "{table}: {row}");
        let links = attribute(&page, &format!("#by-{table} tbody tr a"), "href");
        let narrowed = get(&web, &leader, links[0].split('#').next().unwrap()).await;
        assert_eq!(attribute(&narrowed, "#cases tbody a", "href"), [format!("/matters/{id}")], "{table}");
    }
    for empty in [
        "?item=JZLJ-01",
        "?result=penalty",
        "?kept=missed",
        "?procedure=spot",
        "?to=2026-01-31",
        "?unit=squad-b",
    ] {
        let page = get(&web, &leader, &format!("/cases/stats{empty}")).await;
        assert_eq!(texts(&page, "#total .big").first().map(String::as_str), Some("0"), "{empty}");
    }
    let wrong = leader.client.get(format!("{}/cases/stats?kept=sometimes", web.url)).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&html(wrong).await, "[role=alert]").join(" ").contains("没有这个选项"));
    let back = leader
        .client
        .get(format!("{}/cases/stats?from=2026-12-01&to=2026-11-01", web.url))
        .send()
        .await
        .unwrap();
    assert_eq!(back.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let file =
        leader.client.get(format!("{}/cases/stats/export/csv?table=item", web.url)).send().await.unwrap();
    let file = file.text().await.unwrap();
    assert!(file.contains("FW-02") && file.contains("合计"), "{file}");
    let token = web.token("leader").await;
    let answer = web.get("/api/v1/cases/stats?item=FW-02").bearer_auth(token).send().await.unwrap();
    let figures: Value = answer.json().await.unwrap();
    assert_eq!((&figures["total"]["cases"], &figures["cases"][0]["id"]), (&1.into(), &id.into()));
    // Who may ask for no statistics gets none.
    let officer = signed_in(&web, "officer-a1").await;
    let refused = officer.client.get(format!("{}/cases/stats", web.url)).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_a_case_says_what_evidence_is_there_and_how_such_a_case_goes() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = opened(&web, "officer-a1").await;
    give(&web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    let points = texts(&page, "#proofs > ul > li");
    assert!(points.iter().any(|p| p.contains("当事人身份") && p.contains("还缺")), "{points:?}");
    assert!(points.iter().any(|p| p.contains("房屋权属")), "a point of its own item: {points:?}");
    assert!(texts(&page, "#proofs details").join(" ").contains("两人以上到场"));
    let item = get(&web, &officer, "/law/items/FW-02").await;
    assert!(texts(&item, "#proofs li").join(" ").contains("房屋权属"));
    assert!(texts(&item, "#like-1").join(" ").contains("还没有同一事项"));
    let token = web.token("officer-a1").await;
    let guide: Value = web
        .get(&format!("/api/v1/cases/{id}/guide"))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(guide["points"].as_array().is_some_and(|points| points.len() >= 5), "{guide}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_members_agreed_on_is_entered_by_a_legal_officer_and_followed_up() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let (legal, officer) = (signed_in(&web, "legal").await, signed_in(&web, "officer-a1").await);
    let page = get(&web, &officer, "/law/benchmarks").await;
    assert!(texts(&page, ".benchmark").join(" ").contains("示例"));
    assert!(texts(&page, "form#agree, #new form").is_empty(), "whoever may not has no form");
    let agreed = [
        ("item", "JZLJ-07"),
        ("subject", "单位"),
        ("when", "初次、五十平方米以下"),
        ("fine_min", "2000"),
        ("fine_max", "4000"),
        ("agreed_on", "2026-11-10"),
        ("meeting", "第四次联席会议"),
        ("source", "会议纪要第二条"),
    ];
    assert_eq!(post(&web, &officer, "/law/benchmarks/agree", &agreed).await.status(), StatusCode::FORBIDDEN);
    let mut wrong = agreed;
    wrong[3] = ("fine_min", "9000");
    let refused = post(&web, &legal, "/law/benchmarks/agree", &wrong).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let kept = html(refused).await;
    assert_eq!(attribute(&kept, "#agree-meeting", "value"), ["第四次联席会议"], "what was typed stays");
    let done = post(&web, &legal, "/law/benchmarks/agree", &agreed).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER, "{}", done.text().await.unwrap());
    let page = get(&web, &legal, "/law/benchmarks").await;
    let own = texts(&page, ".benchmark").into_iter().find(|b| b.contains("第四次联席会议")).unwrap();
    assert!(own.contains("2,000 元以上 4,000 元以下") && own.contains("还没有登记各地的进展"), "{own}");
    let key = attribute(&page, ".benchmark input[name=key]", "value").pop().unwrap();
    let so_far = [("item", "JZLJ-07"), ("key", &key), ("place", "SH"), ("progress", "in_force")];
    let refused = post(&web, &legal, "/law/benchmarks/progress", &so_far).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "in force, and nobody knows since when");
    let mut whole = so_far.to_vec();
    whole.extend([("since", "2026-12-01"), ("by", "裁量基准修订通知")]);
    assert_eq!(post(&web, &legal, "/law/benchmarks/progress", &whole).await.status(), StatusCode::SEE_OTHER);
    let own = texts(&get(&web, &officer, "/law/benchmarks").await, ".benchmark");
    assert!(
        own.iter().any(|b| b.contains("已经施行") && b.contains("2026-12-01 起，裁量基准修订通知")),
        "{own:?}"
    );
    assert!(
        texts(&get(&web, &officer, "/law/items/JZLJ-07").await, "#compare")
            .join(" ")
            .contains("第四次联席会议")
    );
    let made = [
        ("place", "SH"),
        ("change", "amended"),
        ("law", "上海市示例条例"),
        ("article", "12"),
        ("items", "JZLJ-07，XX-99"),
        ("date", "2026-12-01"),
        ("text", "提高最低罚款"),
        ("source", "示例公报"),
    ];
    let refused = post(&web, &legal, "/law/benchmarks/law-making", &made).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "an item that nobody knows");
    let mut made = made;
    made[4] = ("items", "JZLJ-07");
    assert_eq!(post(&web, &legal, "/law/benchmarks/law-making", &made).await.status(), StatusCode::SEE_OTHER);
    assert!(
        texts(&get(&web, &officer, "/law/benchmarks").await, "#law-making-list")
            .join(" ")
            .contains("上海市示例条例")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_are_looked_at_before_they_are_brought_in_and_wait_for_a_legal_officer() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let (legal, officer) = (signed_in(&web, "legal").await, signed_in(&web, "officer-a1").await);
    let out = officer.client.get(format!("{}/law/items/export/toml", web.url)).send().await.unwrap();
    assert!(out.text().await.unwrap().contains("code = \"JZLJ-07\""));
    let page = get(&web, &legal, "/law/items?item=JZLJ-07").await;
    let text: String = page.select(&select("#items-text")).next().unwrap().text().collect();
    assert!(text.contains("fine_max = 20000"), "{text}");
    let text = text.replacen("fine_max = 20000", "fine_max = 30000", 1);
    let refused = post(&web, &officer, "/law/items", &[("text", &text)]).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let wrong = post(&web, &legal, "/law/items", &[("text", "[[item]]\ncode = 7")]).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&html(wrong).await, "#items-text").join("").contains("code = 7"), "what was typed stays");
    let looked = html(post(&web, &legal, "/law/items", &[("text", &text)]).await).await;
    let changes = texts(&looked, "#changes").join(" ");
    assert!(
        changes.contains("修改") && changes.contains("30,000 元以下") && changes.contains("来源"),
        "{changes}"
    );
    let bases = texts(&get(&web, &officer, "/law/items/JZLJ-07").await, "#bases").join(" ");
    assert!(!bases.contains("30,000"), "a look changes nothing");
    let done = post(&web, &legal, "/law/items", &[("text", &text), ("sure", "yes")]).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER, "{}", done.text().await.unwrap());
    let page = get(&web, &legal, "/law/items/JZLJ-07").await;
    let bases = texts(&page, "#bases").join(" ");
    assert!(bases.contains("30,000") && bases.contains("确认前不得单独作为依据"), "{bases}");
    assert_eq!(attribute(&page, "#confirm option", "value").len(), 2, "it can be confirmed on the page");
    let again = post(&web, &legal, "/law/items", &[("text", &text), ("sure", "yes")]).await;
    assert_eq!(again.status(), StatusCode::CONFLICT, "nothing is new");
    let token = web.token("legal").await;
    let answer = web
        .post("/api/v1/law/items/changes", &serde_json::json!({ "toml": text }))
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    let changes: Value = answer.json().await.unwrap();
    assert_eq!(changes[0]["lines"], serde_json::json!([]), "{changes}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn law_is_entered_with_plain_fields_and_looked_at_like_an_import() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let (legal, officer) = (signed_in(&web, "legal").await, signed_in(&web, "officer-a1").await);
    let refused = officer.client.get(format!("{}/law/items/new", web.url)).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let every_input_has_a_label = |page: &scraper::Html| {
        for id in attribute(page, "#entry :is(input, select, textarea):not([type=hidden])", "id") {
            assert_eq!(attribute(page, &format!("label[for={id}]"), "for"), [id]);
        }
    };
    let page = get(&web, &legal, "/law/items/new").await;
    every_input_has_a_label(&page);

    // An item: what is wrong is said at its field, what was typed stays.
    let item = [
        ("code", "JZLJ-99"),
        ("name", "占用消防通道堆放装修垃圾"),
        ("domain", "建筑垃圾"),
        ("violation", "在消防通道堆放装修垃圾"),
        ("subjects", "单位"),
        ("subjects", "个人"),
    ];
    let taken: Vec<_> =
        item.iter().map(|(n, v)| if *n == "code" { ("code", "JZLJ-07") } else { (*n, *v) }).collect();
    let wrong = post(&web, &legal, "/law/items/new", &taken).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = html(wrong).await;
    assert!(texts(&wrong, "#entry-code-fault").join("").contains("请换一个代码"));
    assert_eq!(attribute(&wrong, "#entry-name", "value"), ["占用消防通道堆放装修垃圾"]);
    assert_eq!(attribute(&wrong, "#entry [name=subjects][checked]", "value"), ["单位", "个人"]);
    let looked = html(post(&web, &legal, "/law/items/new", &item).await).await;
    assert!(texts(&looked, "#changes").join(" ").contains("在消防通道堆放装修垃圾"));
    let missing = officer.client.get(format!("{}/law/items/JZLJ-99", web.url)).send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::NOT_FOUND, "a look changes nothing");
    let sure = |fields: &[(&'static str, &'static str)]| [fields, &[("sure", "yes")]].concat();
    let done = post(&web, &legal, "/law/items/new", &sure(&item)).await;
    assert_eq!(done.headers()["location"], "/law/items/JZLJ-99?done=kept");

    // A basis of it, and tiers.
    let page = get(&web, &legal, "/law/items/JZLJ-99/basis").await;
    every_input_has_a_label(&page);
    let basis = [
        ("jurisdiction", "SH"),
        ("law", "上海市示例条例"),
        ("article", "12(1)"),
        ("subject", "单位和个人"),
        ("kinds", "单位"),
        ("fine_min", "1000"),
        ("fine_max", "5000"),
        ("from", "2026-06-01"),
        ("source", "上海人大网 2026-05-20"),
    ];
    let late: Vec<_> =
        basis.iter().map(|(n, v)| if *n == "fine_max" { (*n, "500") } else { (*n, *v) }).collect();
    let wrong = html(post(&web, &legal, "/law/items/JZLJ-99/basis", &late).await).await;
    assert!(texts(&wrong, "#entry-fine_max-fault").join("").contains("最低不大于最高"));
    let looked = html(post(&web, &legal, "/law/items/JZLJ-99/basis", &basis).await).await;
    let changes = texts(&looked, "#changes").join(" ");
    assert!(changes.contains("上海市示例条例") && changes.contains("待法制审核人员确认"), "{changes}");
    let done = post(&web, &legal, "/law/items/JZLJ-99/basis", &sure(&basis)).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    every_input_has_a_label(&get(&web, &legal, "/law/items/JZLJ-99/tiers").await);
    let tiers = [
        ("jurisdiction", "SH"),
        ("title", "本机关裁量基准"),
        ("source", "青城管规〔2026〕1 号"),
        ("from", "2026-07-01"),
        ("tier1_title", "较轻"),
        ("tier1_when", "一立方米以下"),
        ("tier1_to", "25"),
        ("tier2_title", "较重"),
        ("tier2_when", "一立方米以上"),
        ("tier2_to", "100"),
    ];
    let gap: Vec<_> =
        tiers.iter().map(|(n, v)| if *n == "tier2_to" { (*n, "90") } else { (*n, *v) }).collect();
    let wrong = html(post(&web, &legal, "/law/items/JZLJ-99/tiers", &gap).await).await;
    assert!(texts(&wrong, "#entry-tier2_to-fault").join("").contains("100"));
    let looked = html(post(&web, &legal, "/law/items/JZLJ-99/tiers", &tiers).await).await;
    assert!(texts(&looked, "#changes").join(" ").contains("较轻 0%—25%"));
    post(&web, &legal, "/law/items/JZLJ-99/tiers", &sure(&tiers)).await;
    let page = get(&web, &officer, "/law/items/JZLJ-99").await;
    let shown = texts(&page, "#bases, #tiers").join(" ");
    for words in ["1,000", "5,000", "确认前不得单独作为依据", "一立方米以下", "0%—25%"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }

    // All of it is in the export, which can be brought in again.
    let out = officer.client.get(format!("{}/law/items/export/toml", web.url)).send().await.unwrap();
    let out = out.text().await.unwrap();
    assert!(out.contains("上海市示例条例") && out.contains("青城管规〔2026〕1 号"));
    let again = html(post(&web, &legal, "/law/items", &[("text", &out)]).await).await;
    assert!(!texts(&again, "#changes").join(" ").contains("新增"), "the same as it is");
}
