//! Penalty cases by forms alone, as browsers without scripts send them: opened from a report on the street, investigated by
//! two officers, reviewed, signed by the leader, read as a file.

use crate::lists::{attribute, get, html, post, texts};
use crate::node::{Browser, Node, encode, problem};
use lianzhi_app::Caller;
use lianzhi_ids::Role;
use lianzhi_procedure::directory::{Person, Post};
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Place, city};
use reqwest::StatusCode;
use scraper::Html;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

const PEOPLE: [&str; 7] =
    ["officer-a1", "officer-a2", "captain-a", "leader", "legal", "dispatcher", "patroller"];

/// The city with certificates and a legal reviewer, with its pages.
pub async fn office(place: &Place) -> (lianzhi_testkit::Node, Node) {
    let node = lianzhi_testkit::Node::new(place).await;
    let system = Caller::system();
    for mut person in city::people() {
        if person.posts[0].roles.contains(&Role::Officer) {
            person.certificate = Some(format!("09-118-{}", person.code));
            node.app.put_register(&system, Record::Person(person)).await.unwrap();
        }
    }
    let legal = Person {
        code: city::person("legal"),
        name: "审核员甲".into(),
        login: "legal".into(),
        posts: vec![Post { unit: city::unit("bureau"), roles: vec![Role::LegalReviewer], grids: vec![] }],
        certificate: None,
        active: true,
        second_factor: false,
    };
    node.app.put_register(&system, Record::Person(legal)).await.unwrap();
    let web = Node::over(node.app.clone(), &PEOPLE).await;
    (node, web)
}

fn hidden(page: &Html, form: &str) -> Vec<(String, String)> {
    let css = format!("{form} input[type=hidden]");
    attribute(page, &css, "name").into_iter().zip(attribute(page, &css, "value")).collect()
}

/// A part of a posted form.
pub fn part(boundary: &str, name: &str, value: &str) -> String {
    format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

/// Sends the form of an act as its page gave it, with a photo when one is given.
async fn send(
    web: &Node,
    browser: &Browser,
    id: i64,
    command: &str,
    more: &[(&str, &str)],
    photo: Option<&str>,
) -> reqwest::Response {
    let page = get(web, browser, &format!("/matters/{id}")).await;
    let form = format!("#do-{command} form");
    let kept = hidden(&page, &form);
    assert!(!kept.is_empty(), "{command} is not offered: {:?}", texts(&page, "#offers summary"));
    let mut pairs: Vec<(&str, &str)> = kept.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    pairs.extend_from_slice(more);
    let path = format!("{}/matters/{id}/commands/{command}", web.url);
    let request = browser.client.post(path);
    let request = match photo {
        None => request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(&pairs).into_bytes()),
        Some(field) => {
            let mut body: Vec<u8> = pairs.iter().flat_map(|(n, v)| part("x7x", n, v).into_bytes()).collect();
            body.extend(
                format!(
                    "--x7x\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{command}.pdf\"\r\n\
                     content-type: application/pdf\r\n\r\n%PDF-1.4 {command} {id}\r\n--x7x--\r\n"
                )
                .into_bytes(),
            );
            request.header("content-type", "multipart/form-data; boundary=x7x").body(body)
        }
    };
    request.send().await.unwrap()
}

/// A browser in which somebody is signed in: whoever works on a case all day signs in once, and often is refused.
pub async fn signed_in(web: &Node, login: &str) -> Browser {
    static OPEN: LazyLock<Mutex<HashMap<(String, String), Browser>>> = LazyLock::new(Mutex::default);
    let key = (web.url.clone(), login.to_owned());
    let known = OPEN.lock().unwrap().get(&key).cloned();
    if let Some(known) = known {
        let me = known.client.get(format!("{}/api/v1/me", web.url)).send().await.unwrap();
        if me.status() == StatusCode::OK {
            return known;
        }
    }
    let fresh = web.browser(login).await;
    OPEN.lock().unwrap().insert(key, fresh.clone());
    fresh
}

/// The same, and it is done.
pub async fn give(
    web: &Node,
    login: &str,
    id: i64,
    command: &str,
    more: &[(&str, &str)],
    photo: Option<&str>,
) {
    let browser = signed_in(web, login).await;
    let answer = send(web, &browser, id, command, more, photo).await;
    let status = answer.status();
    let page = html(answer).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{command}: {:?}", texts(&page, "[role=alert], .fault"));
}

/// Proposed, endorsed, signed; each on the page.
pub async fn approved(web: &Node, id: i64, command: &str, more: &[(&str, &str)]) {
    give(web, "officer-a1", id, command, more, None).await;
    for (login, act) in [("captain-a", "endorse"), ("leader", "approve")] {
        let browser = signed_in(web, login).await;
        let page = get(web, &browser, &format!("/matters/{id}")).await;
        let form = format!("#do-{act} form");
        // What is decided on stands above the decision.
        assert!(
            !texts(&page, &format!("{form} .known dd")).is_empty(),
            "{act} does not say what it is about"
        );
        let css = format!("{form} [name=proposal]");
        let chosen = attribute(&page, &css, "value").pop();
        let chosen = chosen.or_else(|| attribute(&page, &format!("{css} option"), "value").pop()).unwrap();
        give(web, login, id, act, &[("proposal", &chosen), ("agreed", "true")], None).await;
    }
}

pub fn id_of(answer: &reqwest::Response) -> i64 {
    let location = answer.headers()["location"].to_str().unwrap();
    location.trim_start_matches("/matters/").split('?').next().unwrap().parse().unwrap()
}

const CASE: [(&str, &str); 9] = [
    ("item", "FW-02 任意一段名称"),
    ("title", "擅自损坏房屋承重结构案"),
    ("facts", "擅自拆除承重墙"),
    ("from", "2026-11-20"),
    ("place", "漕平路 118 号"),
    ("kind", "person"),
    ("name", "张小三"),
    ("id_number", "310118199001010011"),
    ("address", "青浦区漕平路 118 号 301 室"),
];

pub async fn opened(web: &Node, login: &str) -> i64 {
    let browser = signed_in(web, login).await;
    let page = get(web, &browser, "/cases/new").await;
    let key = attribute(&page, "#case input[name=form]", "value").pop().unwrap();
    let mut form = vec![("form", key.as_str()), ("source", "inspection")];
    form.extend(CASE);
    let answer = post(web, &browser, "/cases/new", &form).await;
    if answer.status() != StatusCode::SEE_OTHER {
        panic!("{:?}", texts(&html(answer).await, "[role=alert], .fault"));
    }
    id_of(&answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_goes_from_a_report_to_the_decision_by_forms_alone() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    let report = node.report("楼上在拆承重墙", 0).await;

    // On the street: the report's page leads to a form that is filled in already.
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, &format!("/matters/{}", report.id)).await;
    let href = attribute(&page, ".matter-head a.button", "href");
    let href = href.iter().find(|h| h.starts_with("/cases/new?from=")).expect("the way to a case");
    let page = get(&web, &officer, href).await;
    assert_eq!(attribute(&page, "#case [name=title]", "value"), ["楼上在拆承重墙"]);
    assert_eq!(attribute(&page, "#case [name=place]", "value"), ["漕平路 118 号"]);
    assert_eq!(texts(&page, "#case [name=facts]"), ["楼上在拆承重墙"]);
    assert_eq!(attribute(&page, "#case [name=from_matter]", "value"), std::slice::from_ref(&report.number));
    let key = attribute(&page, "#case input[name=form]", "value").pop().unwrap();
    let mut form = vec![("form", key.as_str()), ("from_matter", report.number.as_str())];
    form.extend(CASE);
    let answer = post(&web, &officer, "/cases/new", &form).await;
    let id = id_of(&answer);
    // The same form once more: the same case.
    assert_eq!(id_of(&post(&web, &officer, "/cases/new", &form).await), id);
    let page = get(&web, &officer, &format!("/matters/{}", report.id)).await;
    assert!(texts(&page, "#cases li").join("").contains("擅自损坏房屋承重结构案"));

    // The captain's desk leads to naming the two officers.
    let captain = signed_in(&web, "captain-a").await;
    let desk = get(&web, &captain, "/desk").await;
    assert!(attribute(&desk, ".todo .act a", "href").contains(&format!("/matters/{id}?do=assign#offers")));
    assert!(texts(&desk, ".todo").join("").contains("指定办案人员"), "{:?}", texts(&desk, ".todo"));
    give(&web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    give(&web, "officer-a1", id, "verify", &[("established", "true"), ("note", "现场属实")], None).await;
    approved(&web, id, "file", &[("note", "符合立案标准")]).await;
    let record = [
        ("kind", "inspection"),
        ("second", "officer-a2"),
        ("shown", "true"),
        ("from", "2026-11-23T08:30"),
        ("note", "承重墙已拆除"),
    ];
    give(&web, "officer-a1", id, "record", &record, Some("exhibits")).await;
    give(&web, "officer-a1", id, "finish", &[("note", "事实清楚")], None).await;

    // The only party is chosen already; what may be left out is chosen by nobody but the officer.
    let page = get(&web, &officer, &format!("/matters/{id}?do=charge")).await;
    assert_eq!(attribute(&page, "#do-charge [name=party][checked]", "value"), ["1"]);
    assert_eq!(attribute(&page, "#do-charge [name=new_evidence] option", "value"), ["", "1"]);
    assert!(
        attribute(&page, "#do-charge [name=new_evidence] option[selected]", "value")
            .iter()
            .all(String::is_empty)
    );

    // What leads on stands in front; everything else lies folded by what it is for, and all of it is counted.
    let front = attribute(&page, "#offers > details.offer", "id");
    assert!(front.len() < 6 && front.first().is_some_and(|id| id == "do-charge"), "{front:?}");
    let folds = texts(&page, "#offers > .offer-fold > summary");
    assert!(folds.len() > 2 && folds.iter().all(|fold| fold.chars().count() > 6), "with names: {folds:?}");
    let folded = attribute(&page, "#offers .offer-fold > .offer:not(.refused)", "id").len();
    let said = texts(&page, "#offers > header span").join("");
    assert!(said.contains(&format!("{} 项", front.len() + folded)), "{said}");

    // Each tier says what it comes to; the fine is computed with its arithmetic before anything is recorded.
    let tiers = texts(&page, "#do-charge [name=tier] option");
    assert!(tiers.iter().skip(1).all(|tier| tier.contains(" 元至 ")), "{tiers:?}");
    let bases = texts(&page, "#do-charge [name=basis] option");
    assert!(bases.iter().all(|basis| basis.chars().count() < 90), "{bases:?}");
    let asked = [("party", "1"), ("violation", "1"), ("tier", "一般"), ("step", "try")];
    let answer = send(&web, &officer, id, "charge", &asked, None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = html(answer).await;
    let fine = attribute(&page, "#do-charge [name=fine]", "value").pop().unwrap_or_default();
    let sums = texts(&page, "#do-charge .field [role=status]").join("");
    assert!(!fine.is_empty() && sums.contains(&format!("÷ 2 = {fine} 元")), "{fine}: {sums}");
    assert_eq!(texts(&page, "#do-charge [role=alert]"), Vec::<String>::new());
    assert!(texts(&page, "#parties .charge").is_empty(), "nothing is recorded");

    // A fine above the range is refused with the article, and nothing that was typed is lost.
    let charge = |fine: &'static str| {
        [("party", "1"), ("violation", "1"), ("tier", "一般"), ("fine", fine), ("note", "情节一般")]
    };
    let answer = send(&web, &officer, id, "charge", &charge("90000000"), None).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(answer).await;
    assert!(
        texts(&page, "#do-charge .law").join("").contains('第'),
        "{:?}",
        texts(&page, "#do-charge [role=alert]")
    );
    assert_eq!(texts(&page, "#do-charge [name=note]"), ["情节一般"]);
    give(&web, "officer-a1", id, "charge", &charge("2000"), None).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    let plan = texts(&page, "#violations .plan").join("");
    assert!(plan.contains("《") && plan.contains("元"), "which basis, and how much: {plan}");
    assert!(
        texts(&page, "#parties .charge").join("").contains("2,000 元"),
        "{:?}",
        texts(&page, "#parties .charge")
    );

    approved(&web, id, "notify", &[("days", "5"), ("note", "拟处罚")]).await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    assert!(texts(&page, "#next li cite").iter().all(|law| law.contains('第')), "each lack has its article");
    serve(&web, id).await;
    give(&web, "officer-a1", id, "waive", &[("party", "1")], Some("exhibits")).await;
    approved(&web, id, "decide", &[("note", "决定")]).await;
    serve(&web, id).await;
    let pay = [("party", "1"), ("amount", "2000"), ("on", "2026-11-23"), ("reference", "银行 0001")];
    give(&web, "officer-a1", id, "pay", &pay, Some("exhibits")).await;
    // Whoever typed it does not say that it came: somebody of the office does, with the voucher.
    let clerk = signed_in(&web, "dispatcher").await;
    let page = get(&web, &clerk, "/payments?what=unconfirmed").await;
    assert!(texts(&page, "#unconfirmed li").join("").contains("银行 0001"));
    let page = get(&web, &clerk, &format!("/matters/{id}?tab=money")).await;
    assert!(texts(&page, "main").join("").contains("登记未确认"));
    let check = [("party", "1"), ("ticket", "银行 0001"), ("came", "true"), ("voucher", "沪财 0001")];
    give(&web, "dispatcher", id, "check_payment", &check, None).await;
    let page = get(&web, &clerk, "/payments?what=unconfirmed").await;
    assert!(texts(&page, "#unconfirmed li").is_empty());
    give(&web, "officer-a1", id, "publish", &[], None).await;
    approved(&web, id, "close", &[("ground", "performed"), ("note", "执行完毕")]).await;
    give(
        &web,
        "officer-a1",
        id,
        "archive",
        &[("shelf", "2026-罚-001"), ("pages", "42"), ("note", "纸质原件另册")],
        None,
    )
    .await;

    // A judge reads the file: every tab is there, in order, with numbers; terms explain themselves.
    let reader = signed_in(&web, "legal").await;
    let page = get(&web, &reader, &format!("/matters/{id}?tab=letters")).await;
    assert!(texts(&page, "#papers li").join("").contains("罚决字〔2026〕"));
    let names = texts(&page, "#catalogue tbody tr");
    assert!(names.len() >= 9 && names.iter().any(|name| name.contains("案件线索登记表")), "{names:?}");
    assert!(
        names.last().is_some_and(|name| name.contains("结案审批表")),
        "in the order in which it came: {names:?}"
    );
    let page = get(&web, &reader, &format!("/matters/{id}?tab=money")).await;
    assert!(
        texts(&page, ".case-part dd").contains(&"0 元".to_owned()),
        "{:?}",
        texts(&page, ".case-part dd")
    );
    let page = get(&web, &reader, &format!("/matters/{id}?tab=process")).await;
    assert!(texts(&page, "#process tbody tr").len() > 10);
    let page = get(&web, &reader, &format!("/matters/{id}?tab=entries")).await;
    assert!(texts(&page, ".record-line .act").iter().any(|act| act.contains("负责人批准")));
    for clock in texts(&page, ".clock") {
        assert!(clock.contains("怎么算的"), "{clock}");
    }
    for tab in ["exhibits", "review", "people", "proof"] {
        let page = get(&web, &reader, &format!("/matters/{id}?tab={tab}")).await;
        assert_eq!(texts(&page, ".tabs [aria-current]").len(), 1, "{tab}");
    }
}

/// A small fine, decided and served, by forms alone.
pub async fn decided(web: &Node) -> i64 {
    let id = opened(web, "officer-a1").await;
    give(web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    give(web, "officer-a1", id, "verify", &[("established", "true"), ("note", "现场属实")], None).await;
    approved(web, id, "file", &[("note", "符合立案标准")]).await;
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

pub async fn serve(web: &Node, id: i64) {
    let browser = signed_in(web, "officer-a1").await;
    let page = get(web, &browser, &format!("/matters/{id}")).await;
    let css = "#do-serve [name=paper]";
    let paper = attribute(&page, css, "value").pop();
    let paper = paper.or_else(|| attribute(&page, &format!("{css} option"), "value").pop()).unwrap();
    let serve = [
        ("paper", paper.as_str()),
        ("party", "1"),
        ("way", "direct"),
        ("at", "2026-11-23T09:00"),
        ("note", "本人签收"),
    ];
    give(web, "officer-a1", id, "serve", &serve, Some("exhibits")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_new_case_is_said_where_it_is_and_nothing_is_lost() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = signed_in(&web, "officer-a1").await;
    for (field, value) in [("item", ""), ("item", "没有这个事项"), ("from", "2027-01-01"), ("name", "")]
    {
        let mut form: Vec<_> = CASE.into_iter().filter(|(name, _)| *name != field).collect();
        form.extend([("source", "inspection"), (field, value)]);
        let answer = post(&web, &officer, "/cases/new", &form).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        let page = html(answer).await;
        let fault = format!("#case-{field}-fault");
        assert_eq!(texts(&page, &fault).len(), 1, "{field}: {:?}", texts(&page, "[role=alert]"));
        assert_eq!(texts(&page, "#case [name=facts]"), ["擅自拆除承重墙"]);
        assert!(texts(&page, "[role=alert] .law").join("").contains('第') || field == "from", "{field}");
    }
    // Who has nothing to do with cases is refused, and not led there.
    let patroller = signed_in(&web, "patroller").await;
    assert!(!texts(&get(&web, &patroller, "/desk").await, ".rail a").contains(&"办案".to_owned()));
    let answer = patroller.client.get(format!("{}/cases/new", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_shows_ones_own_cases_by_term_and_what_is_missing() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, "/cases").await;
    assert!(texts(&page, ".empty").join("").contains("登记线索"), "an empty list says what to do");
    let id = opened(&web, "officer-a1").await;
    give(&web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    for login in ["officer-a1", "officer-a2"] {
        let browser = signed_in(&web, login).await;
        let page = get(&web, &browser, "/cases").await;
        let rows = texts(&page, "#cases .todo");
        assert_eq!(rows.len(), 1, "{login}");
        assert!(rows[0].contains("下一步：核查线索（") && rows[0].contains("线索还没有核查"), "{rows:?}");
        assert!(texts(&page, ".rail a[aria-current]").contains(&"办案".to_owned()));
    }
    let leader = signed_in(&web, "leader").await;
    for (filter, n) in [
        ("?stage=lead", 1),
        ("?stage=serving", 0),
        ("?item=FW-02", 1),
        ("?item=JZLJ-01", 0),
        ("?officer=officer-a1", 1),
        ("?officer=officer-a3", 0),
        ("?open=false", 0),
        ("?q=承重结构", 1),
    ] {
        let page = get(&web, &leader, &format!("/cases{filter}")).await;
        assert_eq!(texts(&page, "#cases .todo").len(), n, "{filter}");
    }
    let answer = leader.client.get(format!("{}/cases?stage=nowhere", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_court_suggests_is_entered_by_form_and_listed_with_its_term_until_it_is_answered() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let leader = signed_in(&web, "leader").await;
    let page = get(&web, &leader, "/cases/court").await;
    assert!(texts(&page, ".empty").join("").contains("法院"), "an empty list says what it is for");
    let id = opened(&web, "officer-a1").await;
    let letter = [
        ("kind", "court"),
        ("sender", "青浦区人民法院"),
        ("number", "青法建〔2026〕1 号"),
        ("until", "2026-12-31"),
        ("note", "规范送达地址确认"),
    ];
    // A term that is over already is refused where it stands, and nothing typed is lost.
    let late: Vec<_> =
        letter.iter().map(|(n, v)| if *n == "until" { (*n, "2026-11-01") } else { (*n, *v) }).collect();
    let legal = signed_in(&web, "legal").await;
    let answer = send(&web, &legal, id, "receive", &late, None).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(texts(&html(answer).await, "#do-receive [name=note]"), ["规范送达地址确认"]);
    give(&web, "legal", id, "receive", &letter, None).await;
    let rows = texts(&get(&web, &leader, "/cases/court").await, ".cases .todo");
    assert_eq!(rows.len(), 1);
    assert!(rows[0].contains("青法建〔2026〕1 号") && rows[0].contains("答复司法建议"), "{rows:?}");
    let page = get(&web, &leader, &format!("/matters/{id}?tab=review")).await;
    assert!(texts(&page, "#beside").join("").contains("规范送达地址确认"));
    give(&web, "legal", id, "answer_letter", &[("letter", "1"), ("note", "已经整改")], Some("exhibits"))
        .await;
    assert!(texts(&get(&web, &leader, "/cases/court").await, ".cases .todo").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_a_party_is_is_shown_with_a_reason_only() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = opened(&web, "officer-a1").await;
    give(&web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    let officer = signed_in(&web, "officer-a2").await;
    for tab in ["record", "people", "entries", "review"] {
        let page = get(&web, &officer, &format!("/matters/{id}?tab={tab}")).await;
        assert!(!page.html().contains("310118199001010011"), "{tab} shows the number");
    }
    let path = format!("/matters/{id}/parties/1");
    let refused = post(&web, &officer, &path, &[("why", "")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(post(&web, &officer, &path, &[("why", "制作询问笔录")]).await).await;
    assert!(texts(&page, ".particulars dd").contains(&"310118199001010011".to_owned()));
    // Another party comes in five inputs.
    let more = [("kind", "company"), ("name", "某建筑公司"), ("id_number", "91310118MA1GTEST00")];
    give(&web, "officer-a1", id, "add_party", &more, None).await;
    let page =
        html(post(&web, &officer, &format!("/matters/{id}/parties/2"), &[("why", "送达")]).await).await;
    assert!(texts(&page, ".particulars dd").contains(&"某建筑公司".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_opens_lists_and_shows_cases() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let token = web.token("officer-a1").await;
    let body = json!({
        "source": "inspection", "title": "擅自损坏房屋承重结构案", "place": "漕平路 118 号", "kind": "person",
        "name": "张小三", "id_number": "310118199001010011", "item": "FW-02", "from": "2026-11-20", "facts": "拆除承重墙",
        "lng": 121.105, "lat": 31.105,
    });
    let answer = web.post("/api/v1/cases", &body).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
    let id = answer.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
    let one = async |login: &str, path: &str| -> Value {
        web.get(path).bearer_auth(web.token(login).await).send().await.unwrap().json().await.unwrap()
    };
    let matter = one("leader", &format!("/api/v1/matters/{id}")).await;
    assert_eq!(matter["case"]["stage"], "lead");
    assert!(matter["case"]["next"]["missing"].as_array().is_some_and(|m| !m.is_empty()));
    assert!(matter["clocks"][0]["arithmetic"].as_str().is_some_and(|a| !a.is_empty()));
    let cases = one("leader", "/api/v1/cases").await;
    assert_eq!(cases["cases"][0]["id"], id);
    assert_eq!(one("legal", "/api/v1/cases/reviews").await, json!([]));
    assert_eq!(one("legal", "/api/v1/cases/court").await, json!([]));
    let path = format!("/api/v1/matters/{id}/commands");
    let command = json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" });
    let captain = web.token("captain-a").await;
    let answer = web.post(&path, &command).bearer_auth(captain).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
    // One officer instead of two is refused with the article.
    let one_only = json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a1" });
    let leader = web.token("leader").await;
    let answer = web.post(&path, &one_only).bearer_auth(leader).send().await.unwrap();
    let said = problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
    assert!(said["source"].as_str().unwrap().contains("第四十二条"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handlers_desk_shows_what_changed_where_cases_are_and_what_stands_in_the_way() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let officer = signed_in(&web, "officer-a1").await;
    get(&web, &officer, "/desk").await;
    let id = opened(&web, "officer-a1").await;
    give(&web, "captain-a", id, "assign", &[("lead", "officer-a1"), ("second", "officer-a2")], None).await;
    give(&web, "officer-a1", id, "verify", &[("established", "true"), ("note", "现场属实")], None).await;
    let desk = get(&web, &officer, "/desk?again=true").await;
    let all: String = desk.root_element().text().collect();
    let changed = all.split("有变化").nth(1).unwrap();
    assert!(changed.contains("擅自损坏房屋承重结构案"), "a case is among what changed: {changed}");
    // Proposed: the officer waits for the unit and the leader.
    give(&web, "officer-a1", id, "file", &[("note", "符合立案标准")], None).await;
    let desk = get(&web, &officer, "/desk?again=true").await;
    assert!(
        texts(&desk, ".rows-title").join("").contains("报批中的案件"),
        "{:?}",
        texts(&desk, ".rows-title")
    );
    // Returned: the row says who objected to what, and what is missing.
    give(
        &web,
        "captain-a",
        id,
        "endorse",
        &[("proposal", "1"), ("agreed", "false"), ("note", "请补充现场照片")],
        None,
    )
    .await;
    let desk = get(&web, &officer, "/desk?again=true").await;
    let todo = texts(&desk, ".todo").join("");
    assert!(todo.contains("请补充现场照片"), "{todo}");
}
