//! The law: the API gives what the command line gives, the pages show it, and a stranger is not let in.

use crate::lists::{attribute, get, html, post, texts};
use crate::node::{Node, encode, problem};
use lianzhi_ids::Role;
use reqwest::StatusCode;
use scraper::Html;
use serde_json::{Value, json};

async fn asked(node: &Node, path: &str, query: &[(&str, &str)]) -> Value {
    let path = format!("/api/v1/law/{path}?{}", encode(query));
    let answer = node.get(&path).bearer_auth(node.token("officer-a").await).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn words(page: &Html, css: &str) -> String {
    texts(page, css).join(" ")
}

#[tokio::test]
async fn the_api_answers_as_the_command_line_does() {
    let node = Node::start().await;
    let fine = asked(&node, "terms/pay.fine", &[("from", "2026-09-16")]).await;
    assert_eq!((&fine["due"], &fine["unit"], &fine["n"]), (&json!("2026-10-08"), &json!("cd"), &json!(15)));
    let back = asked(&node, "terms/hearing.notice", &[("before", "2026-10-15")]).await;
    assert_eq!(back["due"], "2026-09-30");
    let notice = [("from", "2026-09-01"), ("jurisdiction", "310118")];
    assert_eq!(asked(&node, "terms/serve.public_notice", &notice).await["n"], 60);
    let late = [("fine_yuan", "10000"), ("due", "2026-01-31"), ("paid", "2026-02-05:4000,2026-02-15")];
    assert_eq!(asked(&node, "surcharge", &late).await["surcharge_yuan"], 3300);
    let case =
        [("jurisdiction", "SH"), ("subject", "单位"), ("conduct", "2026-08-14"), ("decided", "2026-08-15")];
    let basis = asked(&node, "basis/FS-03", &case).await;
    assert_eq!(basis["chosen"]["article"], "1132(3)");
    assert!(basis["rejected"][0]["reason"].as_str().unwrap().contains("第37条"));
    assert!(basis["chosen"]["reason"].as_str().unwrap().contains("第37条"), "{}", basis["chosen"]);
    assert!(!basis["chosen"]["range"].as_str().unwrap().is_empty());
    assert_eq!(asked(&node, "items", &[]).await["items"].as_array().unwrap().len(), 52);
    assert_eq!(asked(&node, "items/FS-03", &[]).await["bases"].as_array().unwrap().len(), 3);
    let compared = asked(&node, "compare/ZD-01", &[("date", "2026-09-01")]).await;
    assert!(!compared["conflicts"].as_array().unwrap().is_empty());
    assert!(asked(&node, "terms", &[]).await["terms"].as_array().unwrap().len() > 47);
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_a_problem_that_helps() {
    let node = Node::start().await;
    let token = node.token("officer-a").await;
    let ask = async |path: &str| node.get(path).bearer_auth(&token).send().await.unwrap();
    let answer = ask("/api/v1/law/terms/pay.fines?from=2026-09-16").await;
    let unknown = problem(answer, StatusCode::NOT_FOUND, "not-in-the-law-data").await;
    assert!(unknown["detail"].as_str().unwrap().contains("pay.fine"), "{unknown}");
    let answer = ask("/api/v1/law/terms/pay.fine?from=2026-02-30").await;
    problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
    let answer = ask("/api/v1/law/terms/pay.fine?form=2026-02-03").await;
    problem(answer, StatusCode::BAD_REQUEST, "unknown-parameter").await;
    let answer = node.get("/api/v1/law/items").send().await.unwrap();
    problem(answer, StatusCode::UNAUTHORIZED, "sign-in-required").await;
}

#[tokio::test]
async fn items_are_searched_and_each_basis_says_how_far_it_was_checked() {
    let node = Node::start().await;
    let officer = node.browser("officer-a").await;
    let all = get(&node, &officer, "/law").await;
    assert_eq!(texts(&all, "#items li").len(), 52);
    assert_eq!(attribute(&all, ".rail a[aria-current=page]", "href"), ["/law"]);
    let found = get(&node, &officer, &format!("/law?{}", encode(&[("q", "露天 场地")]))).await;
    assert_eq!(attribute(&found, "#items a.title", "href"), ["/law/items/FS-03"]);
    let none = get(&node, &officer, "/law?standing=none").await;
    assert!(words(&none, "#items").contains("ZD-05") && !words(&none, "#items").contains("FS-03"));
    assert!(words(&get(&node, &officer, "/law?q=xyz").await, "#items").contains("没有符合条件的事项"));

    let item = get(&node, &officer, "/law/items/GG-03").await;
    assert_eq!(texts(&item, "#bases tbody tr").len(), 4, "the graver grade is one of its own");
    let bases = words(&item, "#bases");
    assert!(bases.contains("仅据二手页面") && bases.contains("确认前不得单独作为依据"), "{bases}");
    assert!(words(&item, "#compare").contains("最高额相差"), "{}", words(&item, "#compare"));
    let old = words(&get(&node, &officer, "/law/items/FS-03").await, "#bases");
    assert!(old.contains("至 2026-08-14") && old.contains("2026-08-15 起"), "{old}");
    // Tiers in the agency's own place, with their amounts.
    let tiers = words(&item, "#tiers");
    assert!(tiers.contains("示例") && tiers.contains("100 — 370 元"), "{tiers}");
    let missing = officer.client.get(format!("{}/law/items/FS-99", node.url)).send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_calculator_answers_where_it_was_asked() {
    let node = Node::start().await;
    let officer = node.browser("officer-a").await;
    let ask = async |query: &[(&str, &str)]| {
        get(&node, &officer, &format!("/law/calculator?{}", encode(query))).await
    };
    let empty = get(&node, &officer, "/law/calculator").await;
    assert_eq!(attribute(&empty, "#t-place option[selected]", "value"), ["SH"], "the agency's own place");
    assert!(texts(&empty, ".answer, .alert").is_empty());
    for list in ["#t-key", "#b-item", "#b-subject"] {
        assert_eq!(
            texts(&empty, &format!("{list} option"))[0],
            "请选择",
            "{list}: nothing is chosen for anybody"
        );
    }
    assert!(words(&empty, "[for=t-place]").contains("本机关所在地区：上海"));
    // Where no place is chosen it is the agency's own, and the answer says so.
    let own = ask(&[("what", "term"), ("key", "serve.public_notice"), ("from", "2026-09-01")]).await;
    assert_eq!(attribute(&own, "#t-place option[selected]", "value"), ["SH"]);
    let said = words(&own, "#term .answer");
    assert!(said.contains("按上海的规定计算") && said.contains("60"), "{said}");
    // What is wrong is said by the names that stand beside the fields.
    for (query, label) in [
        (&[("what", "term"), ("key", "")][..], "期限：缺少期限"),
        (&[("what", "term"), ("key", "pay.fine")], "起算：缺少日期"),
        (&[("what", "term"), ("key", "pay.fine"), ("before", "2026-09-01")], "倒推："),
        (&[("what", "surcharge"), ("due", "2026-01-31")], "罚款数额：缺少罚款数额"),
        (&[("what", "surcharge"), ("fine_yuan", "100"), ("due", "2026-01-31")], "缴款：没有缴款记录"),
        (&[("what", "basis"), ("item", "FS-03"), ("subject", "个人")], "违法行为发生之日：缺少"),
    ] {
        let said = words(&ask(query).await, "[role=alert]");
        assert!(said.contains(label), "{label}: {said}");
        assert!(!said.chars().any(|c| c == '_' || c == '-') && !said.contains("from"), "{said}");
    }

    let term =
        ask(&[("what", "term"), ("key", "pay.fine"), ("from", "2026-09-16"), ("jurisdiction", "SH")]).await;
    let said = words(&term, "#term .answer");
    assert!(
        said.contains("2026-10-08") && said.contains("顺延") && said.contains("《行政处罚法》第67条"),
        "{said}"
    );
    assert_eq!(attribute(&term, "#t-key option[selected]", "value"), ["pay.fine"], "what was typed stays");
    let back =
        ask(&[("what", "term"), ("key", "hearing.notice"), ("before", "2026-10-15"), ("jurisdiction", "CN")])
            .await;
    assert!(words(&back, "#term .answer").contains("最迟 2026-09-30"), "{}", words(&back, "#term .answer"));
    let wrong = ask(&[("what", "term"), ("key", "pay.fine"), ("from", "gestern")]).await;
    assert!(words(&wrong, "#term [role=alert]").contains("不是日期"), "{}", words(&wrong, "#term"));
    assert_eq!(attribute(&wrong, "#t-from", "value"), ["gestern"]);

    let late =
        ask(&[("what", "surcharge"), ("fine_yuan", "10000"), ("due", "2026-01-31"), ("paid", "2026-03-06")])
            .await;
    let said = words(&late, "#surcharge .answer");
    assert!(said.contains("10,000 元") && said.contains("34 日") && said.contains("已达本金"), "{said}");

    let basis = ask(&[
        ("what", "basis"),
        ("item", "FS-03"),
        ("jurisdiction", "SH"),
        ("subject", "个人"),
        ("conduct", "2026-08-14"),
        ("decided", "2026-08-15"),
    ])
    .await;
    let said = words(&basis, "#basis .answer");
    assert!(
        said.contains("《中华人民共和国生态环境法典》第1132条第3款") && said.contains("没有采用的"),
        "{said}"
    );
    assert!(said.contains("按上海的规定选择") && said.contains("全国 《"), "{said}");
    for code in ["CN ", "SH ", "ZJ", "（SH）"] {
        assert!(!said.contains(code), "{code}: {said}");
    }
    assert_eq!(attribute(&basis, "#b-subject option[selected]", "value"), ["个人"]);
}

/// 同事同罚: many items side by side, the most unequal first.
#[tokio::test]
async fn several_items_are_set_side_by_side() {
    let node = Node::start().await;
    let two = asked(&node, "compare", &[("items", "ZD-01,GG-03"), ("date", "2026-09-01")]).await;
    let codes: Vec<_> = two["items"].as_array().unwrap().iter().map(|item| &item["item"]).collect();
    assert_eq!((codes, &two["date"]), (vec![&json!("ZD-01"), &json!("GG-03")], &json!("2026-09-01")));
    assert_eq!(asked(&node, "compare", &[]).await["items"].as_array().unwrap().len(), 52);
    let officer = node.browser("officer-a").await;
    let page = get(&node, &officer, "/law/compare?items=ZD-01,GG-03&date=2026-09-01").await;
    let head = texts(&page, "#compared th");
    assert!(head.len() > 5 && head.iter().any(|title| title.contains("浙江")), "{head:?}");
    let rows = texts(&page, "#compared tbody tr");
    assert!(rows.len() >= 2 && rows.iter().any(|row| row.starts_with("GG-03")), "{rows:?}");
    let unequal = get(&node, &officer, "/law/compare?only=unequal").await;
    assert!(texts(&unequal, "#compared tbody tr").iter().all(|row| !row.contains(" — —")));
    let wrong = get(&node, &officer, "/law/compare?items=XX-99").await;
    assert!(words(&wrong, "[role=alert]").contains("XX-99"), "{}", words(&wrong, "[role=alert]"));
}

/// 行政处罚法 59(1)(三): a decision names the articles on which it rests; no officer's word makes up for one.
#[tokio::test]
async fn a_basis_without_an_article_is_not_confirmed() {
    let node = Node::start().await;
    node.hire("legal", "法制员甲", &[Role::LegalReviewer]).await;
    let legal = node.browser("legal").await;
    let said = [("basis", "0"), ("source", "国家法律法规数据库 2026-11-20")];
    let answer = post(&node, &legal, "/law/items/ZD-01", &said).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = html(answer).await;
    let said: String = page.root_element().text().collect();
    assert!(said.contains("没有条号") && said.contains("新增依据"), "what helps is said");
}

#[tokio::test]
async fn a_legal_officer_confirms_a_basis_and_nobody_else_does() {
    let node = Node::start().await;
    node.hire("legal", "法制员甲", &[Role::LegalReviewer]).await;
    let (legal, admin) = (node.browser("legal").await, node.browser("admin").await);
    let page = get(&node, &legal, "/law/items/GG-03").await;
    assert_eq!(
        attribute(&page, "#confirm option", "value"),
        ["", "0", "3"],
        "only what was not compared yet"
    );
    assert!(texts(&get(&node, &admin, "/law/items/GG-03").await, "#confirm").is_empty());
    let said = [("basis", "0"), ("source", "国家法律法规数据库 2026-11-20")];
    let answer = post(&node, &admin, "/law/items/GG-03", &said).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN, "an administrator is no legal officer");
    let answer = post(&node, &legal, "/law/items/GG-03", &[("basis", "0")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let answer = post(&node, &legal, "/law/items/GG-03", &said).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    let page = get(&node, &legal, "/law/items/GG-03").await;
    let bases = words(&page, "#bases");
    assert!(bases.contains("法制员甲 2026-11-23 确认"), "{bases}");
    assert_eq!(attribute(&page, "#confirm option", "value"), ["", "3"], "each grade by itself");
    let case =
        [("jurisdiction", "SH"), ("subject", "个人"), ("conduct", "2026-09-01"), ("decided", "2026-09-10")];
    assert_eq!(asked(&node, "basis/GG-03", &case).await["chosen"]["needs_confirmation"], false);
    let twice = post(&node, &legal, "/law/items/GG-03", &said).await;
    assert_eq!(twice.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn every_statutory_term_says_all_that_the_law_data_know_of_it() {
    let node = Node::start().await;
    let officer = node.browser("officer-a").await;
    let list = get(&node, &officer, "/law").await;
    assert!(attribute(&list, ".page-links a", "href").contains(&"/law/terms".to_owned()));
    let page = get(&node, &officer, "/law/terms").await;
    let all = node.app.directory().law.statutes().count();
    assert_eq!(texts(&page, "#terms > ul > li").len(), all, "those without a number too");
    let seize = words(&page, "[id='seize.period']");
    for said in ["30 日", "第25条", "不顺延", "检测", "最多 30 日", "后果"] {
        assert!(seize.contains(said), "{said}: {seize}");
    }
    assert!(words(&page, "[id='filing.file_case']").contains("法律没有规定天数"));
    let rows = asked(&node, "terms", &[]).await;
    let seize = rows["terms"].as_array().unwrap().iter().find(|t| t["key"] == "seize.period").unwrap();
    assert!(seize["excluded"][0].as_str().unwrap().contains("检测"), "{seize}");
    assert!(seize["extensions"][0].as_str().unwrap().contains("最多 30 日"), "{seize}");
    assert!(!seize["consequence"].as_str().unwrap().is_empty());
}

/// 从严可以，放宽不行: no text of an administrator makes a term of the law longer, or calls itself checked.
#[tokio::test]
async fn an_administrator_loosens_no_term_and_what_he_changes_waits_for_a_legal_officer() {
    let node = Node::start().await;
    node.hire("legal", "法制员甲", &[Role::LegalReviewer]).await;
    let (legal, admin) = (node.browser("legal").await, node.browser("admin").await);
    let name = "terms/statutes.toml";
    let delivered = lianzhi_law::LawFiles::builtin();
    let text = delivered.iter().find(|(n, _)| *n == name).unwrap().1.to_owned();
    let with = |n: u32| {
        let at = text.find("key = \"decide.penalty\"").unwrap();
        format!("{}{}", &text[..at], text[at..].replacen("n = 90\n", &format!("n = {n}\n"), 1))
    };
    let save = async |text: &str| post(&node, &admin, "/admin/law", &[("name", name), ("text", text)]).await;
    let loose = save(&with(900)).await;
    assert_eq!(loose.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let said: String = html(loose).await.root_element().text().collect();
    assert!(said.contains("第60条") && said.contains("不能放宽"), "the article is named");
    let without = text.replacen("key = \"decide.penalty\"", "key = \"decide.other\"", 1);
    assert_eq!(save(&without).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "none is taken away");
    assert_eq!(save(&with(60)).await.status(), StatusCode::SEE_OTHER);
    let standing = || {
        let law = node.app.directory().law.clone();
        let term = law.statutes().find(|t| &*t.key == "decide.penalty").unwrap();
        (term.measure.unwrap().n, term.standing, term.confirmed.is_some())
    };
    assert_eq!(standing(), (60, lianzhi_law::Standing::Unverified, false), "whatever its text says");
    let of = [("key", "decide.penalty"), ("source", "国家法律法规数据库 2026-11-20")];
    assert_eq!(post(&node, &admin, "/law/terms", &of).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(post(&node, &legal, "/law/terms", &of).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(standing(), (60, lianzhi_law::Standing::Official, true));
    let page = get(&node, &legal, "/law/terms").await;
    assert!(
        words(&page, "[id='decide.penalty']").contains("法制员甲 对照"),
        "{}",
        words(&page, "[id='decide.penalty']")
    );
    // Another change of the words is another text to confirm.
    assert_eq!(save(&with(70)).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(standing(), (70, lianzhi_law::Standing::Unverified, false));
}

#[tokio::test]
async fn a_basis_that_an_administrator_calls_checked_is_not() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let name = "items/items.toml";
    let delivered = lianzhi_law::LawFiles::builtin();
    let text =
        delivered.iter().find(|(n, _)| *n == name).unwrap().1.replace("verified = \"M\"", "verified = \"V\"");
    let open = |law: &lianzhi_law::LawData| {
        law.items().flat_map(|item| &item.bases).filter(|basis| basis.needs_confirmation()).count()
    };
    let before = open(&node.app.directory().law);
    let saved = post(&node, &admin, "/admin/law", &[("name", name), ("text", text.as_str())]).await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    assert_eq!(open(&node.app.directory().law), before, "they wait for a legal officer as before");
}

/// Places are named on screen; their codes stand in addresses and data only.
#[tokio::test]
async fn places_have_their_names_on_every_page_of_the_law() {
    let node = Node::start().await;
    let officer = node.browser("officer-a").await;
    for (path, named) in [
        ("/law", &["全国", "上海", "浙江"][..]),
        ("/law/items/GG-03", &["全国", "上海"]),
        ("/law/items/FS-03", &["全国"]),
        ("/law/compare?items=ZD-01,GG-03", &["浙江", "安徽"]),
        ("/law/terms", &["上海"]),
        ("/law/entered/thresholds", &["上海"]),
        ("/law/entered/tiers", &["全国"]),
    ] {
        let said = words(&get(&node, &officer, path).await, "main");
        for name in named {
            assert!(said.contains(name), "{path}: {name}");
        }
        let parts = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.');
        for part in parts.filter(|part| part.len() == 2) {
            assert!(!["CN", "SH", "ZJ", "JS", "AH"].contains(&part), "{path}: {part} in {said}");
        }
    }
}
