//! Evidence and penalties of other members where they are used: in replies, beside the own files, in penalty cases.

use crate::cases::signed_in;
use crate::cooperation::{Two, give, send};
use crate::lists::{attribute, get, html, post, texts};
use crate::node::Node;
use jiff::SignedDuration;
use lianzhi_app::Caller;
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::directory::{Person, Post};
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{city, until};
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn matter(node: &Node, login: &str, id: i64) -> Value {
    let token = node.token(login).await;
    node.get(&format!("/api/v1/matters/{id}")).bearer_auth(token).send().await.unwrap().json().await.unwrap()
}

async fn command(node: &Node, login: &str, id: i64, body: Value) -> Value {
    node.command(&node.token(login).await, id, body).await
}

/// A second officer with a certificate: one alone investigates nothing (行政处罚法 42).
async fn second(node: &Node) {
    let person = Person {
        code: city::person("second"),
        name: "办案员乙".into(),
        login: "second".into(),
        posts: vec![Post { unit: city::unit("bureau"), roles: vec![Role::Handler], grids: vec![] }],
        certificate: Some("310118002".into()),
        active: true,
        second_factor: false,
    };
    node.app.put_register(&Caller::system(), Record::Person(person)).await.unwrap();
}

/// A case that was looked into and has its two officers.
async fn case(node: &Node, number: &str) -> (i64, String) {
    second(node).await;
    let body = json!({
        "source": "inspection", "unit": "bureau", "title": "某运输公司擅自倾倒建筑垃圾案", "place": "沪聂路桥下",
        "kind": "company", "name": "某运输公司", "id_number": number,
        "item": "JZLJ-01", "from": "2026-11-20", "facts": "夜间倾倒三车",
    });
    let token = node.token("handler").await;
    let answer = node.post("/api/v1/cases", &body).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
    let begun: Value = answer.json().await.unwrap();
    let id = begun["id"].as_i64().unwrap();
    command(node, "leader", id, json!({ "command": "assign", "lead": "handler", "second": "second" })).await;
    command(node, "handler", id, json!({ "command": "verify", "established": true, "note": "属实" })).await;
    (id, begun["number"].as_str().unwrap().to_owned())
}

/// The same, and it was filed (立案).
async fn filed(node: &Node, id: i64) {
    node.hire("captain", "中队长甲", &[Role::SquadLeader]).await;
    command(node, "handler", id, json!({ "command": "file", "note": "立案" })).await;
    let proposal = matter(node, "leader", id).await["case"]["pending"][0]["id"].clone();
    for (who, act) in [("captain", "endorse"), ("leader", "approve")] {
        command(node, who, id, json!({ "command": act, "proposal": proposal, "agreed": true })).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recognised_file_of_a_reply_is_taken_into_the_case_that_asked_and_keeps_its_origin() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let (case, number) = case(ours, "91310118MA1JABCD2X").await;
    let id = send(ours, "assistance", &[("asks", "investigate"), ("over", number.as_str())]).await;
    let there = two.arrived(id).await;
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    give(theirs, "handler", there, "accept", &[]).await;
    // The form asks who took the files, and begins with whoever writes it.
    let handler = theirs.browser("handler").await;
    let page = get(theirs, &handler, &format!("/matters/{there}")).await;
    assert_eq!(
        attribute(&page, "#do-reply [name=takers]", "value"),
        ["办案员甲（执法证 310118001）"],
        "{:?}",
        texts(&page, "#do-reply")
    );
    let token = theirs.token("handler").await;
    let photo = crate::files::upload(theirs, Some(&token), &crate::files::png(64, 48)).await;
    let files = [
        ("text", "已核实，见附件。"),
        ("exhibits", photo.as_str()),
        ("takers", "张三（执法证 320509001）、李四（执法证 320509002）"),
        ("taken_at", "2026-11-22T09:05"),
    ];
    give(theirs, "handler", there, "reply", &files).await;
    give(theirs, "reviewer", there, "review", &[("agreed", "true")]).await;
    give(theirs, "leader", there, "sign", &[("agreed", "true")]).await;
    let sent = &matter(theirs, "handler", there).await["shared"]["files"][0];
    assert_eq!(sent["takers"], json!(["张三（执法证 320509001）", "李四（执法证 320509002）"]));
    assert_eq!(sent["taken_at"], "2026-11-22T01:05:00Z");
    let path = format!("/matters/{case}?tab=exhibits");
    let browser = ours.browser("handler").await;
    until("the original arrives", async || {
        texts(&get(ours, &browser, &path).await, "#received").join("").contains("摘要核对一致")
    })
    .await;
    // It stands on the page of the case, with what is known of it; it is no evidence of the case before it was judged.
    let received = texts(&get(ours, &browser, &path).await, "#received").join("");
    for words in ["吴江", "张三（执法证 320509001）、李四", "来件签名有效", "收件记录", "尚未认定"]
    {
        assert!(received.contains(words), "{words}: {received}");
    }
    let cite = json!({ "command": "cite", "exhibit": photo, "kind": "recording", "note": "倾倒经过" });
    let token = ours.token("handler").await;
    let early = ours.post(&format!("/api/v1/matters/{case}/commands"), &cite).bearer_auth(&token);
    assert_eq!(early.send().await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    let judge = json!({ "command": "judge", "exhibit": photo, "verdict": "recognised" });
    command(ours, "handler", id, judge).await;
    give(ours, "handler", case, "cite", &[("exhibit", &photo), ("kind", "recording"), ("note", "倾倒经过")])
        .await;
    let evidence = &matter(ours, "handler", case).await["case"]["evidence"][0];
    let words = evidence["origin"]["words"].as_str().unwrap();
    for part in ["吴江", "张三（执法证 320509001）", "认可"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let page = get(ours, &browser, &path).await;
    assert!(texts(&page, "#evidence").join("").contains("张三（执法证 320509001）"));
    let original = format!("{}/files/{photo}?matter={case}", ours.url);
    assert_eq!(browser.client.get(original).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_a_reply_that_is_to_be_verified_leads_to_the_letter_that_asks_for_it() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let id = send(ours, "assistance", &[("asks", "investigate")]).await;
    let there = two.arrived(id).await;
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    give(theirs, "handler", there, "accept", &[]).await;
    let token = theirs.token("handler").await;
    let photo = crate::files::upload(theirs, Some(&token), &crate::files::png(64, 48)).await;
    give(theirs, "handler", there, "reply", &[("text", "见附件。"), ("exhibits", &photo)]).await;
    give(theirs, "reviewer", there, "review", &[("agreed", "true")]).await;
    give(theirs, "leader", there, "sign", &[("agreed", "true")]).await;
    until("the original arrives", async || {
        matter(ours, "handler", id).await["shared"]["files"][0]["arrived"].is_string()
    })
    .await;
    let judge =
        json!({ "command": "judge", "exhibit": photo, "verdict": "verify_on_site", "note": "没有参照物" });
    command(ours, "handler", id, judge).await;
    // The draft stands in the outbox as what it is, and the page leads to it.
    let browser = ours.browser("handler").await;
    let outbox = get(ours, &browser, "/cooperation").await;
    let drafts = texts(&outbox, "#outbox [data-item]");
    let draft = drafts.iter().find(|row| row.contains("现场核实证据")).expect("the draft is listed");
    assert!(draft.contains("草稿，待审核"), "{draft}");
    let brief = get(ours, &browser, &format!("/matters/{id}")).await;
    assert!(texts(&brief, ".brief").join("").contains("现场核实"));
    let links = attribute(&brief, ".brief a", "href");
    let letter = links.iter().find_map(|href| href.trim_start_matches("/matters/").parse::<i64>().ok());
    let letter = letter.expect("a link to the letter");
    give(ours, "reviewer", letter, "review", &[("agreed", "true")]).await;
    let overview = texts(&get(ours, &browser, "/cooperation").await, "#outbox [data-item]").join(" ");
    assert!(overview.contains("草稿，待签发"), "{overview}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_bytes_in_another_matter_have_a_history_of_their_own() {
    let two = Two::new().await;
    let node = &two.ours;
    let token = node.token("handler").await;
    let photo = crate::files::upload(node, Some(&token), &crate::files::png(64, 48)).await;
    let (case, number) = case(node, "91310118MA1JABCD2X").await;
    let added = json!({ "command": "add", "note": "现场照片", "exhibits": [photo] });
    command(node, "handler", case, added).await;
    let begin = async |over: Option<&str>| {
        let letter = json!({
            "to": ["320509"], "list": "HZ-01", "title": "移交证据", "text": "请认定。", "exhibits": [photo], "over": over,
        });
        let answer =
            node.post("/api/v1/cooperation/evidence", &letter).bearer_auth(&token).send().await.unwrap();
        let id = answer.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
        matter(node, "handler", id).await["shared"]["files"][0].clone()
    };
    let of_case = begin(Some(number.as_str())).await;
    assert_eq!(of_case["matter"], number.as_str());
    assert!(of_case["pos"].is_u64() && of_case["takers"][0].as_str().unwrap().contains("办案员甲"));
    let by_itself = begin(None).await;
    assert_eq!((&by_itself["matter"], &by_itself["pos"]), (&json!(""), &Value::Null));
    assert_eq!(by_itself["takers"], json!([]), "who took it for the other matter took it there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_no_certificate_names_who_is_in_charge_and_what_cannot_be_printed_is_not_signed() {
    let two = Two::new().await;
    let node = &two.ours;
    let liaison = node.browser("liaison").await;
    let letter = [
        ("form", "key-0123456789"),
        ("to", "320509"),
        ("list", "HZ-01"),
        ("title", "协助核实车辆"),
        ("text", "请核实。"),
        ("asks", "investigate"),
    ];
    let page = html(post(node, &liaison, "/cooperation/new/assistance", &letter).await).await;
    let fault = texts(&page, "#letter .fault").join("");
    assert!(fault.contains("承办人") && fault.contains("执法证"), "{fault}");
    let mut named = letter.to_vec();
    named.push(("officers", "王某（执法证 沪01234）"));
    let answer = post(node, &liaison, "/cooperation/new/assistance", &named).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    // Nobody is to be asked about letters of a member without a telephone: said before it is signed, not when it is printed.
    let (site, _) = two.sites();
    let mut roster = (*site.node.app.roster().unwrap()).clone();
    roster.epoch.members.iter_mut().for_each(|m| m.liaisons.clear());
    site.agree(&roster).await;
    let handler = node.token("handler").await;
    let lead = json!({
        "to": ["320509"], "list": "HZ-01", "title": "线索", "text": "请查处。", "ground": "place", "measures": "未采取强制措施。",
    });
    let begun = node.post("/api/v1/cooperation/lead", &lead).bearer_auth(&handler).send().await.unwrap();
    let id = begun.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
    let review = json!({ "command": "review", "agreed": true });
    let request = node.post(&format!("/api/v1/matters/{id}/commands"), &review);
    let answer = request.bearer_auth(node.token("reviewer").await).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem = answer.text().await.unwrap();
    assert!(problem.contains("联系电话") && !problem.contains("字体"), "{problem}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn 行政处罚法29_a_penalty_of_another_member_that_was_recognised_bars_a_second_fine() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let letter = json!({
        "to": ["310118"], "list": "HZ-01", "title": "某运输公司倾倒建筑垃圾处罚互认", "text": "请予互认。", "away": "recognise",
        "particulars": "某运输公司，统一社会信用代码 91310118-MA1JABCD2X",
        "penalties": [{ "number": "苏吴案2026-000003", "item": "JZLJ-01", "from": "2026-11-19", "to": "2026-11-20",
            "on": "2026-11-21", "fine": 10_000_000, "decision": "苏吴罚决〔2026〕3号" },
            { "number": "苏吴当罚2026-000004", "item": "FS-03", "from": "2026-11-20", "to": "2026-11-20",
            "on": "2026-11-20", "fine": 50_000 }],
    });
    let token = theirs.token("handler").await;
    let begun = theirs.post("/api/v1/cooperation/away", &letter).bearer_auth(&token).send().await.unwrap();
    assert_eq!(begun.status(), StatusCode::CREATED, "{}", begun.text().await.unwrap());
    let id = begun.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
    for (who, what) in [("reviewer", "review"), ("leader", "sign")] {
        command(theirs, who, id, json!({ "command": what, "agreed": true })).await;
    }
    let (a, b) = two.sites();
    until("the matter arrives", async || a.docket_of(b, DocketId(id)).await.is_some()).await;
    let here = a.docket_of(b, DocketId(id)).await.unwrap().0;
    let (case, _) = case(ours, "91310118 MA1JABCD2X").await;
    // Whoever is to recognise it reads what it is, in the head of the matter and in its record.
    let page = get(ours, &ours.browser("liaison").await, &format!("/matters/{here}")).await;
    for place in [".brief", ".record-line"] {
        let told = texts(&page, place).join("");
        for words in ["苏吴罚决〔2026〕3号", "JZLJ-01", "2026年11月19日", "罚款 100,000 元"] {
            assert!(told.contains(words), "{place} {words}: {told}");
        }
    }
    let prior = async || matter(ours, "handler", case).await["case"]["prior"].clone();
    assert_eq!(prior().await, json!([]), "asked for is not granted");
    // On the spot a form is begun for the same act.
    let token = ours.token("handler").await;
    let photo = crate::files::upload(ours, Some(&token), &crate::files::png(64, 48)).await;
    let sheet = json!({
        "kind": "company", "name": "某运输公司", "id_number": "91310118MA1JABCD2X", "item": "FS-03", "from": "2026-11-20",
        "facts": "露天烧烤", "place": "沪聂路桥下", "second": "second", "shown": true, "fine": 200_000, "tier": "ordinary",
        "told": true, "exhibits": [photo],
    });
    let spot =
        async |sheet: &Value| ours.post("/api/v1/spots", sheet).bearer_auth(&token).send().await.unwrap();
    let begun = spot(&sheet).await;
    assert_eq!(begun.status(), StatusCode::CREATED, "{}", begun.text().await.unwrap());
    let begun = begun.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
    command(ours, "handler", begun, json!({ "command": "hear" })).await;
    command(ours, "liaison", here, json!({ "command": "register" })).await;
    command(ours, "liaison", here, json!({ "command": "assign", "person": "handler" })).await;
    command(ours, "handler", here, json!({ "command": "grant", "note": "同意互认" })).await;
    for (who, what) in [("reviewer", "review"), ("leader", "sign")] {
        command(ours, who, here, json!({ "command": what, "agreed": true })).await;
    }
    let found = prior().await;
    assert_eq!(found[0]["number"], "苏吴案2026-000003");
    assert!(found[0]["by"].as_str().unwrap().contains("吴江"), "{found}");
    let browser = ours.browser("handler").await;
    let shown = texts(&get(ours, &browser, &format!("/matters/{case}")).await, "#prior").join("");
    assert!(shown.contains("苏吴案2026-000003") && shown.contains("处罚结果已互认"), "{shown}");
    let file = json!({ "command": "file", "note": "立案" });
    let request = ours.post(&format!("/api/v1/matters/{case}/commands"), &file);
    let answer = request.bearer_auth(ours.token("handler").await).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let problem = answer.text().await.unwrap();
    assert!(problem.contains("once-only") && problem.contains("吴江"), "{problem}");
    // It is neither decided on the spot nor begun there again.
    let path = format!("/api/v1/matters/{begun}/commands");
    let impose = ours.post(&path, &json!({ "command": "impose" })).bearer_auth(&token).send().await.unwrap();
    for (answer, number) in [(impose, "苏吴当罚2026-000004"), (spot(&sheet).await, "当罚字")] {
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        let problem = answer.text().await.unwrap();
        assert!(problem.contains("once-only") && problem.contains(number), "{problem}");
    }
    // Another party is another matter.
    let (other, _) = self::case(ours, "91310118MA1JABCD3Y").await;
    assert_eq!(matter(ours, "handler", other).await["case"]["prior"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_of_a_member_has_the_address_by_which_it_is_known() {
    let two = Two::new().await;
    let node = &two.ours;
    let mut settings = node.app.directory().settings.clone();
    let known = std::mem::take(&mut settings.card.addresses);
    assert_eq!(known.len(), 1);
    node.app.put_register(&Caller::system(), Record::Settings(settings)).await.unwrap();
    let card = node.app.own_card().await.expect("it is whole");
    assert_eq!((card.member.addresses, card.member.liaisons.len()), (known, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn 行政处罚法25_nobody_is_the_first_as_long_as_a_party_has_named_no_case() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let (case, number) = case(ours, "91310118MA1JABCD2X").await;
    filed(ours, case).await;
    let id = send(ours, "dispute", &[("over", number.as_str())]).await;
    let there = two.arrived(id).await;
    let shown = async |node: &Node, id: i64| {
        let page = get(node, &signed_in(node, "liaison").await, &format!("/matters/{id}")).await;
        (texts(&page, "#filings").join(""), texts(&page, "#filings .badge"))
    };
    for (node, id, silent) in [(ours, id, "苏·吴江区城市管理局"), (theirs, there, "本机关")] {
        let (filings, badges) = shown(node, id).await;
        assert!(filings.contains(&number) && filings.contains("待各方写明后比较"), "{filings}");
        assert!(filings.contains(&format!("{silent}还没有写明所立的案件")), "{filings}");
        assert!(badges.is_empty(), "nobody is said to be the first: {badges:?}");
    }
    // Once the other has named its own, the earlier one is the first at both.
    two.sites().0.node.clock().advance(SignedDuration::from_mins(5));
    let (their_case, their_number) = self::case(theirs, "91320509MA1JABCD3Y").await;
    filed(theirs, their_case).await;
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    let position = [("note", "倾倒地在本辖区"), ("over", their_number.as_str())];
    give(theirs, "handler", there, "position", &position).await;
    until("both are told", async || shown(ours, id).await.1.len() == 1).await;
    for (node, id) in [(ours, id), (theirs, there)] {
        let (filings, badges) = shown(node, id).await;
        assert!(badges == ["最先立案"] && filings.contains("在后"), "{filings}");
    }
}
