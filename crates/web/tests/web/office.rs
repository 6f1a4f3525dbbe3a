//! What administrators, clerks and citizens meet on the pages when something is wrong: words that help, and nothing lost.

use crate::node::{Browser, Node, encode};
use jiff::SignedDuration;
use lianzhi_app::Caller;
use lianzhi_ids::PersonCode;
use lianzhi_procedure::register::Record;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

pub async fn get(node: &Node, browser: &Browser, path: &str) -> String {
    let answer = browser.client.get(format!("{}{path}", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

pub async fn send(node: &Node, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Response {
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

/// A form with a file that is read and not kept.
pub async fn upload(
    node: &Node,
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
    file: &str,
) -> (StatusCode, String) {
    let mut body = String::new();
    let mut part = |head: &str, text: &str| {
        body.push_str(&format!("--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n"));
    };
    part("name=\"csrf\"", &browser.csrf);
    for (name, value) in fields {
        part(&format!("name=\"{name}\""), value);
    }
    part("name=\"raw-file\"; filename=\"../../a.csv\"", file);
    body.push_str("--edge--\r\n");
    let answer = browser
        .client
        .post(format!("{}{path}", node.url))
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_unit_in_use_and_the_last_administrator_stay() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let retire = [("register", "unit"), ("key", "squad-a"), ("reason", "撤并到乙镇")];
    let answer = send(&node, &admin, "/admin/retire", &retire).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = answer.text().await.unwrap();
    assert!(page.contains("2 名在职人员") && page.contains("1 个网格"), "{page}");
    assert!(page.contains("撤并到乙镇"), "the reason was lost");
    let me = [("known", "true"), ("code", "admin"), ("name", "管理员甲"), ("login", "admin")];
    let post = [("post0_unit", "bureau"), ("post0_roles", "admin")];
    // Not active any more: the box was left empty.
    let answer = send(&node, &admin, "/admin/people", &[me.as_slice(), &post].concat()).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.text().await.unwrap().contains("最后一名在职的管理员"));
    get(&node, &admin, "/admin").await;
}

#[tokio::test]
async fn a_unit_out_of_use_is_marked_and_no_longer_offered() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let unit = [("code", "water"), ("name", "水务局"), ("outside", "true")];
    assert_eq!(send(&node, &admin, "/admin/units", &unit).await.status(), StatusCode::SEE_OTHER);
    assert!(get(&node, &admin, "/admin/categories/edit").await.contains("水务局"));
    let retire = [("register", "unit"), ("key", "water"), ("reason", "改制")];
    assert_eq!(send(&node, &admin, "/admin/retire", &retire).await.status(), StatusCode::SEE_OTHER);
    assert!(get(&node, &admin, "/admin/units").await.contains("已停用"));
    assert!(!get(&node, &admin, "/admin/categories/edit").await.contains("水务局"));
    let page = get(&node, &admin, "/admin/units/edit?code=water").await;
    assert!(page.contains("保存即重新启用") && !page.contains("停用原因"), "{page}");
}

#[tokio::test]
async fn a_grid_file_is_checked_against_the_grids_that_stay() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let feature = |code: &str, unit: &str| {
        json!({"type": "Feature",
            "properties": {"code": code, "name": "新网格", "town": "310118104", "unit": unit},
            "geometry": {"type": "Polygon",
                "coordinates": [[[121.01, 31.01], [121.02, 31.01], [121.02, 31.02], [121.01, 31.02], [121.01, 31.01]]]}})
    };
    let file = json!({"type": "FeatureCollection",
        "features": [feature("310118104000009", "squad-a"), feature("310118104000010", "nowhere")]});
    let fields = [("crs", "CGCS2000"), ("what", "check")];
    let (status, page) = upload(&node, &admin, "/admin/grids", &fields, &file.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("310118104000001 与 310118104000009 重叠"),
        "an old grid was not looked at: {page}"
    );
    assert!(page.contains("没有单位 nowhere"), "{page}");
    let (status, page) =
        upload(&node, &admin, "/admin/grids", &fields, r#"{"type":"FeatureCollection","features":[]}"#).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("一个网格也没有") && !page.contains("没有发现问题"), "{page}");
    let (_, page) = upload(&node, &admin, "/admin/grids", &fields, "hello").await;
    assert!(page.contains("第 1 行") && !page.contains("expected value"), "{page}");

    // A grid is renamed and retired on its own page.
    let change = [("code", "310118104000002"), ("name", "乙网格"), ("unit", "squad-a")];
    assert_eq!(send(&node, &admin, "/admin/grids/edit", &change).await.status(), StatusCode::SEE_OTHER);
    assert!(get(&node, &admin, "/admin/grids?q=乙网格").await.contains("310118104000002"));
    let retire = [("register", "grid"), ("key", "310118104000002"), ("reason", "重划")];
    assert_eq!(send(&node, &admin, "/admin/retire", &retire).await.status(), StatusCode::SEE_OTHER);
    assert!(!get(&node, &admin, "/admin/grids").await.contains("310118104000002"));
}

#[tokio::test]
async fn a_wrong_law_file_stands_in_the_form_to_be_mended() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let (status, page) = upload(
        &node,
        &admin,
        "/admin/law",
        &[("name", "calendar/holidays.tsv"), ("text", "旧内容")],
        "不是日期\t也不是\n",
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("第 1 行") && page.contains("不是日期\t也不是"), "{page}");
}

#[tokio::test]
async fn addresses_are_read_by_chinese_headers_and_wrong_lines_are_named() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let name = [("name", "金泽镇")];
    let (status, page) =
        upload(&node, &admin, "/admin/addresses", &name, "种类,名称,经度\n道路,莲盛路,abc\n").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("第 2 行") && page.contains("不是度数") && page.contains("金泽镇"), "{page}");
    let (status, _) = upload(&node, &admin, "/admin/addresses", &name, "种类,名称\n道路,莲盛路\n").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = get(&node, &admin, "/admin/addresses/edit?code=金泽镇").await;
    assert!(page.contains("停用原因"), "{page}");
}

#[tokio::test]
async fn a_second_factor_can_be_typed_into_an_authenticator() {
    let node = Node::start().await;
    let officer = node.browser("officer-a").await;
    let page = send(&node, &officer, "/account/totp", &[]).await.text().await.unwrap();
    let secret = page.split("name=\"secret\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap();
    assert_eq!(secret.len(), 32, "{secret}");
    assert!(secret.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b)), "{secret}");
    // A code from the keyboard that is wrong keeps the secret, so that the telephone need not begin again.
    let again = [("secret", secret), ("address", "otpauth://totp/x"), ("code", "12")];
    let page = send(&node, &officer, "/account/totp/confirm", &again).await.text().await.unwrap();
    assert!(page.contains(secret) && page.contains("动态口令不对"), "{page}");
}

#[tokio::test]
async fn mending_a_report_is_not_counted_and_being_told_to_wait_loses_nothing() {
    let node = Node::with(|config| config.rates.intake = (1, 1)).await;
    let public = Browser { client: reqwest::Client::new(), csrf: String::new() };
    let report = [("description", "有人乱倒垃圾"), ("address", "莲盛路"), ("phone", "abc")];
    for _ in 0..4 {
        let answer = send(&node, &public, "/report", &report).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text().await.unwrap();
        assert!(page.contains("id=\"phone-fault\"") && page.contains("有人乱倒垃圾"), "{page}");
    }
    let report = [("description", "有人乱倒垃圾"), ("address", "莲盛路"), ("step", "send")];
    assert_eq!(send(&node, &public, "/report", &report).await.status(), StatusCode::CREATED);
    let answer = send(&node, &public, "/report", &report).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let page = answer.text().await.unwrap();
    assert!(page.contains("有人乱倒垃圾") && page.contains("<textarea"), "the form was lost: {page}");
}

#[tokio::test]
async fn an_order_of_the_hotline_is_registered_once() {
    let node = Node::start().await;
    let clerk = node.browser("hotline").await;
    let order = [
        ("source", "hotline"),
        ("external_system", "12345"),
        ("external_number", "WO-77"),
        ("description", "店外经营"),
        ("address", "莲盛路"),
        ("form", "form-number-1"),
    ];
    let first = send(&node, &clerk, "/register", &order).await;
    assert_eq!(first.status(), StatusCode::CREATED);
    // The same form sent twice is the same answer; the same order typed again is refused with its number.
    assert_eq!(send(&node, &clerk, "/register", &order).await.status(), StatusCode::CREATED);
    let again: Vec<_> =
        order.iter().map(|(k, v)| if *k == "form" { (*k, "form-number-2") } else { (*k, *v) }).collect();
    let answer = send(&node, &clerk, "/register", &again).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = answer.text().await.unwrap();
    assert!(page.contains("工单 WO-77 已登记为 沪青2026-000001"), "{page}");
    assert!(page.contains("value=\"WO-77\""), "the form was lost");
    // Whoever registers for others finds the way to the spreadsheet, and there no registers that are not theirs.
    assert!(get(&node, &clerk, "/register").await.contains("/admin/import"));
    let wizard = get(&node, &clerk, "/admin/import").await;
    assert!(!wizard.contains("/admin/people"), "{wizard}");
    let (status, page) = upload(&node, &clerk, "/admin/import", &[], "描述,地址\n").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("没有数据行"), "{page}");
}

#[tokio::test]
async fn the_desk_shows_what_changed_since_one_last_looked() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let officer = node.browser("officer-a").await;
    let changed = async |officer: &Browser| {
        let page = get(&node, officer, "/desk").await;
        page.split("<h2>有变化</h2>").nth(1).unwrap().to_owned()
    };
    assert!(changed(&officer).await.contains("您上次看过以后没有变化"));
    let report = node.report().await;
    let number = report["number"].as_str().unwrap();
    // A new visit: new to the officer, and still so when coming back from the matter.
    node.hands.forward(SignedDuration::from_mins(30));
    assert!(changed(&officer).await.contains(number));
    assert!(changed(&officer).await.contains(number));
    node.hands.forward(SignedDuration::from_mins(30));
    assert!(!changed(&officer).await.contains(number), "seen at the visit before");
}

#[tokio::test]
async fn a_register_is_read_page_by_page() {
    let node = Node::start().await;
    let token = node.token("admin").await;
    let read = async |query: &str| {
        let path = format!("/api/v1/registers/unit{query}");
        node.get(&path).bearer_auth(&token).send().await.unwrap()
    };
    let codes = async |query: &str| {
        let list: Vec<Value> = read(query).await.json().await.unwrap();
        list.iter().map(|u| u["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes("?limit=2").await, ["bureau", "squad-a"]);
    assert_eq!(codes("?limit=2&after=squad-a").await, ["squad-b"]);
    assert_eq!(read("?limit=0").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let one = node.get("/api/v1/registers/unit/squad-b").bearer_auth(&token).send().await.unwrap();
    assert_eq!(one.json::<Value>().await.unwrap()["record"]["name"], "乙镇中队");
    let retire = node.request(reqwest::Method::DELETE, "/api/v1/registers/category/E09001?reason=x");
    assert_eq!(retire.bearer_auth(&token).send().await.unwrap().status(), StatusCode::OK);
    let categories = async |query: &str| {
        let path = format!("/api/v1/registers/category{query}");
        let list = node.get(&path).bearer_auth(&token).send().await.unwrap();
        list.json::<Vec<Value>>().await.unwrap().len()
    };
    assert_eq!((categories("").await, categories("?retired=true").await), (1, 2));
}

#[tokio::test]
async fn the_public_reads_hours_of_work_in_plain_words() {
    let node = Node::start().await;
    let report = node.report().await;
    let public = Browser { client: reqwest::Client::new(), csrf: String::new() };
    let asked =
        [("number", report["number"].as_str().unwrap()), ("code", report["follow_code"].as_str().unwrap())];
    let page = send(&node, &public, "/follow", &asked).await.text().await.unwrap();
    assert!(page.contains("小时（工作时间）"), "{page}");
    let wrong = [asked[0], ("code", "AAAAAAAA")];
    let page = send(&node, &public, "/follow", &wrong).await.text().await.unwrap();
    assert!(page.contains("12345") && !page.contains("权限"), "{page}");
}

#[tokio::test]
async fn work_that_is_done_again_is_not_shown_to_the_reporter_as_done() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let report = node.report().await;
    let id = report["id"].as_i64().unwrap();
    let (officer, verifier) = (node.token("officer-a").await, node.token("verify").await);
    node.command(&officer, id, json!({ "command": "accept" })).await;
    node.command(&officer, id, json!({ "command": "arrive" })).await;
    node.command(&officer, id, json!({ "command": "handle", "outcome": "handed_over", "note": "转给物业" }))
        .await;
    let public = Browser { client: reqwest::Client::new(), csrf: String::new() };
    let asked =
        [("number", report["number"].as_str().unwrap()), ("code", report["follow_code"].as_str().unwrap())];
    let page = send(&node, &public, "/follow", &asked).await.text().await.unwrap();
    assert!(page.contains("移交"), "{page}");
    node.command(&verifier, id, json!({ "command": "verify", "passed": false, "note": "物业没有处理" }))
        .await;
    let page = send(&node, &public, "/follow", &asked).await.text().await.unwrap();
    assert!(page.contains("处置中") && !page.contains("移交"), "{page}");
}

#[tokio::test]
async fn whoever_must_have_a_second_factor_sets_it_up_before_anything_else() {
    use totp_rs::{Algorithm, Builder, Secret};
    let node = Node::start().await;
    let officer = node.browser("officer-a").await;
    let mut person = (*node.app.directory().people[&PersonCode::parse("officer-a").unwrap()]).clone();
    person.second_factor = true;
    node.app.put_register(&Caller::system(), Record::Person(person)).await.unwrap();
    let desk = async || {
        let desk = officer.client.get(format!("{}/desk", node.url)).header("accept", "text/html");
        desk.send().await.unwrap().status()
    };
    assert_eq!(desk().await, StatusCode::SEE_OTHER, "nothing else before it");
    let page = get(&node, &officer, "/sign-in?next=/desk").await;
    assert!(page.contains("请先启用动态口令") && !page.contains("临时密码"), "{page}");
    let secret = page.split("name=\"secret\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let confirm = async |code: &str| {
        let fields = [("secret", secret), ("address", "otpauth://totp/x"), ("next", "/desk"), ("code", code)];
        send(&node, &officer, "/sign-in/enrol", &fields).await
    };
    let wrong = confirm("12").await.text().await.unwrap();
    assert!(wrong.contains(secret) && wrong.contains("动态口令不对"), "{wrong}");
    assert_eq!(desk().await, StatusCode::SEE_OTHER);
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("officer-a")
        .with_issuer(Some("x".to_owned()))
        .build()
        .unwrap();
    let code = totp.generate(u64::try_from(node.app.now().as_second()).unwrap()).to_string();
    let right = confirm(&code).await;
    assert_eq!(
        (right.status(), right.headers()["location"].as_bytes()),
        (StatusCode::SEE_OTHER, &b"/desk"[..])
    );
    assert_eq!(desk().await, StatusCode::OK);
}

#[tokio::test]
async fn a_form_sent_again_after_it_did_its_work_says_so() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let report = node.report().await;
    let id = &report["id"];
    let officer = node.browser("officer-a").await;
    let accept = async |form: &str| {
        send(&node, &officer, &format!("/matters/{id}/commands/accept"), &[("form", form)]).await
    };
    assert_eq!(accept("form-accept-1").await.status(), StatusCode::SEE_OTHER);
    let again = accept("form-accept-1").await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(again.text().await.unwrap().contains("已经提交过，记录在案"));
    // Another form finds that it was done by somebody in the meantime.
    let late = accept("form-accept-2").await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    let page = late.text().await.unwrap();
    assert!(page.contains("refusal") && !page.contains("已经提交过"), "the rule that stands in its way");

    // What nobody has accepted yet can be withdrawn, once.
    let report = node.report().await;
    let (number, code) = (report["number"].as_str().unwrap(), report["follow_code"].as_str().unwrap());
    let withdraw = async |form: &str| {
        let fields = [("form", form), ("number", number), ("code", code), ("note", "已自行解决")];
        let body = encode(&fields);
        let post = node.request(reqwest::Method::POST, "/follow/withdraw").header("accept", "text/html");
        post.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap()
    };
    assert_eq!(withdraw("form-withdraw-1").await.status(), StatusCode::OK);
    assert!(withdraw("form-withdraw-1").await.text().await.unwrap().contains("您已经提交过"));
    assert!(withdraw("form-withdraw-2").await.text().await.unwrap().contains("现在不能这样做了"));
}

#[tokio::test]
async fn a_number_that_is_not_there_is_said_beside_the_search_for_looks() {
    let node = Node::start().await;
    let auditor = node.browser("auditor").await;
    let path = "/admin/access?actor=person:auditor&docket=沪青2026-009999";
    let answer = auditor.client.get(format!("{}{path}", node.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let page = answer.text().await.unwrap();
    assert!(page.contains("没有编号为 沪青2026-009999 的办件"), "{page}");
    assert!(page.contains("value=\"沪青2026-009999\"") && page.contains("value=\"person:auditor\" selected"));
    assert!(!page.contains("<td>登录</td>"), "no looks are shown as if they were those of the matter");
}
