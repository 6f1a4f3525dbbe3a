//! The citizen's pages, read as a browser reads them: one step after the other, without JavaScript.

use crate::files::png;
use crate::node::{Node, encode};
use reqwest::{Client, Method, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};

pub fn all(page: &Html, css: &str) -> Vec<String> {
    let css = Selector::parse(css).unwrap();
    page.select(&css)
        .map(|e| e.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

pub fn one(page: &Html, css: &str) -> String {
    all(page, css).into_iter().next().unwrap_or_else(|| panic!("{css} is not there: {}", page.html()))
}

pub fn there(page: &Html, css: &str) -> bool {
    page.select(&Selector::parse(css).unwrap()).next().is_some()
}

/// Values of fields of a name, as the form would send them.
fn values(page: &Html, name: &str) -> Vec<String> {
    let css = Selector::parse(&format!("form[data-report] [name='{name}']")).unwrap();
    page.select(&css).filter_map(|e| e.value().attr("value").map(str::to_owned)).collect()
}

/// A citizen's browser: it keeps cookies, if it is given any.
pub struct Citizen {
    pub node: Node,
    pub client: Client,
}

impl Citizen {
    pub async fn new() -> Citizen {
        let node = Node::with(|config| config.rates.upload = (1000, 1000)).await;
        let policy = reqwest::redirect::Policy::none();
        Citizen { node, client: Client::builder().cookie_store(true).redirect(policy).build().unwrap() }
    }

    pub async fn get(&self, path: &str) -> Html {
        let answer = self.client.get(format!("{}{path}", self.node.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        Html::parse_document(&answer.text().await.unwrap())
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Html) {
        let answer = self
            .client
            .post(format!("{}{path}", self.node.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .body(encode(fields))
            .send()
            .await
            .unwrap();
        (answer.status(), Html::parse_document(&answer.text().await.unwrap()))
    }

    /// Reports with these fields and gives number and code.
    pub async fn report(&self, fields: &[(&str, &str)]) -> (String, String, Html) {
        let (status, page) = self.post("/report", &[fields, &[("step", "send")]].concat()).await;
        assert_eq!(status, StatusCode::CREATED, "{}", page.html());
        (one(&page, "#number"), one(&page, "#follow-code"), page)
    }

    pub async fn follow(&self, number: &str, code: &str) -> Html {
        self.post("/follow", &[("number", number), ("code", code)]).await.1
    }
}

pub const STALL: [(&str, &str); 4] = [
    ("description", "漕平路118号水果店把货摊摆到人行道上，行人只能走机动车道"),
    ("address", "漕平路 118 号"),
    ("lng", "121.02"),
    ("lat", "31.02"),
];

#[tokio::test]
async fn a_report_is_two_steps_and_loses_nothing_between_them() {
    let citizen = Citizen::new().await;
    let page = citizen.get("/report").await;
    assert!(there(&page, "input[type=file][accept='image/*']") && there(&page, "#address"));
    let part = reqwest::multipart::Part::bytes(png(40, 30)).file_name("现场.png");
    let form = reqwest::multipart::Form::new()
        .text("address", "漕平路 118 号")
        .text("phone", "13800001234")
        .text("step", "describe")
        .part("photos", part);
    let answer =
        citizen.client.post(format!("{}/report", citizen.node.url)).multipart(form).send().await.unwrap();
    let page = Html::parse_document(&answer.text().await.unwrap());
    assert!(one(&page, ".summary").contains("1 张"), "{}", page.html());
    assert_eq!(values(&page, "photos").len(), 1, "the photo is in custody and goes along by its digest");
    assert_eq!(values(&page, "phone"), ["13800001234"]);
    assert!(there(&page, "input[type=radio][name=category]"), "nobody chose a kind yet");
    let key = values(&page, "form").remove(0);
    let photo = values(&page, "photos").remove(0);
    let fields = [
        ("form", key.as_str()),
        ("photos", &photo),
        ("address", "漕平路 118 号"),
        ("phone", "13800001234"),
        ("category", "none"),
    ];
    let (number, code, _) = citizen.report(&fields).await;
    let again = citizen.report(&fields).await;
    assert_eq!(
        (again.0, again.1),
        (number.clone(), code.clone()),
        "sent twice is one report, with the same receipt"
    );
    let page = citizen.follow(&number, &code).await;
    assert!(
        there(&page, ".own-photos img[src^='data:image/jpeg;base64,']"),
        "shown without an address of its own"
    );
    assert!(!page.html().contains("13800001234"));
}

#[tokio::test]
async fn photo_or_place_comes_first_and_neither_photo_nor_words_alone_are_asked_for() {
    let citizen = Citizen::new().await;
    let order = |page: &Html| {
        let css = Selector::parse("[data-part]").unwrap();
        page.select(&css).map(|e| e.value().attr("data-part").unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order(&citizen.get("/report").await)[..2], ["photo", "place"]);
    let page = citizen.get("/report?first=place").await;
    assert_eq!(order(&page)[..2], ["place", "photo"]);
    assert_eq!(values(&page, "first"), ["place"]);
    let (_, page) =
        citizen.post("/report", &[("first", "place"), ("address", "莲盛路"), ("step", "describe")]).await;
    assert!(one(&page, "#description-fault").contains("没有照片"));
    assert_eq!(order(&page)[..2], ["place", "photo"], "it stays as it was asked for");
    assert_eq!(values(&page, "address"), ["莲盛路"]);
}

#[tokio::test]
async fn kinds_are_pictures_and_found_by_ones_own_words() {
    let citizen = Citizen::new().await;
    let page = citizen.get("/report").await;
    let names = all(&page, ".tile");
    assert!(names.contains(&"无照经营游商".to_owned()) && names.last().unwrap() == "说不准", "{names:?}");
    for picture in ["shop", "cart"] {
        assert!(there(&page, &format!(".tile svg use[href*='kinds.svg#k-{picture}']")), "{picture}");
    }
    // Without JavaScript the search is a step of the form that keeps everything.
    let typed = [("q", "水果摊占道"), ("address", "莲盛路"), ("description", "摆摊"), ("step", "kinds")];
    let (status, page) = citizen.post("/report", &typed).await;
    assert_eq!(status, StatusCode::OK);
    assert!(all(&page, ".tile").len() >= 2, "{:?}", all(&page, ".tile"));
    assert_eq!(values(&page, "address"), ["莲盛路"]);
    let (_, page) = citizen.post("/report/kinds", &[("q", "店外")]).await;
    assert_eq!(all(&page, ".tile")[0], "店外经营");
    let (_, page) = citizen.post("/report/kinds", &[("q", "龘靐")]).await;
    assert!(page.html().contains("没有找到"));
    // What was chosen is carried to the second step and not asked again.
    let chosen = [STALL.as_slice(), &[("category", "E09005"), ("step", "describe")]].concat();
    let (_, page) = citizen.post("/report", &chosen).await;
    assert!(one(&page, ".summary").contains("店外经营"));
    assert!(!there(&page, "input[type=radio][name=category]"));
}

#[tokio::test]
async fn what_is_near_by_is_shown_without_a_word_of_who_reported_it() {
    let citizen = Citizen::new().await;
    citizen.node.on_duty("officer-a", "squad-a").await;
    let told = json!({
        "category": "E09005",
        "description": "李阿姨家水果店把货摊摆到人行道上，行人只能走机动车道，我住三楼天天看见",
        "place": { "lng": 121.0201, "lat": 31.0201, "address": "漕平路 118 号 3 楼 301" },
        "contact": { "name": "张三", "phone": "13800001234" },
    });
    let lead: Value = citizen.node.post("/api/v1/reports", &told).send().await.unwrap().json().await.unwrap();
    let asked = [STALL.as_slice(), &[("category", "E09005")]].concat();
    let (status, page) = citizen.post("/report/near", &asked).await;
    assert_eq!(status, StatusCode::OK);
    let said = one(&page, ".near-one");
    for word in ["店外经营", "50 米以内", "今天", "已派给队员", "甲镇中队"] {
        assert!(said.contains(word), "{word} is missing: {said}");
    }
    for particular in
        ["李阿姨", "301", "张三", "13800001234", "officer", "队员甲", lead["number"].as_str().unwrap()]
    {
        assert!(!page.html().contains(particular), "{particular} is told: {}", page.html());
    }
    // The same in the second step of the form, for those without JavaScript.
    let (_, page) = citizen.post("/report", &[asked.as_slice(), &[("step", "describe")]].concat()).await;
    assert_eq!(values(&page, "same").len(), 2, "this one, or none of them");
    // Somewhere else, or without a place, there is nothing near by.
    let far = [("description", STALL[0].1), ("lng", "121.04"), ("lat", "31.04"), ("category", "E09005")];
    assert!(!there(&citizen.post("/report/near", &far).await.1, ".near-one"));
    assert!(!there(&citizen.post("/report/near", &[STALL[0]]).await.1, ".near-one"));
}

#[tokio::test]
async fn asking_what_is_near_by_is_limited() {
    let node = Node::with(|config| config.rates.look = (2, 1)).await;
    let ask = async || {
        let body = encode(&STALL);
        let kind = "application/x-www-form-urlencoded";
        let request = node.request(Method::POST, "/report/near").header("content-type", kind).body(body);
        request.send().await.unwrap().status()
    };
    assert_eq!((ask().await, ask().await), (StatusCode::OK, StatusCode::OK));
    assert_eq!(ask().await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn whoever_follows_what_is_there_has_his_own_number_and_his_own_answer() {
    let citizen = Citizen::new().await;
    let node = &citizen.node;
    node.on_duty("officer-a", "squad-a").await;
    let asked = [STALL.as_slice(), &[("category", "E09005")]].concat();
    let (lead, lead_code, _) = citizen.report(&asked).await;
    let (_, page) = citizen.post("/report", &[asked.as_slice(), &[("step", "describe")]].concat()).await;
    let same = values(&page, "same").remove(0);
    let (number, code, receipt) = citizen.report(&[asked.as_slice(), &[("same", &same)]].concat()).await;
    assert!(receipt.html().contains("放在一起办"), "{}", receipt.html());
    assert_ne!((&number, &code), (&lead, &lead_code));
    let page = citizen.follow(&number, &code).await;
    let says = one(&page, ".where");
    assert!(
        says.contains("两件一起办") && says.contains("单独答复您") && says.contains("已派给队员"),
        "{says}"
    );
    assert!(!page.html().contains(&lead), "the other's number is the other's");

    // The lead is handled and verified; the one that was joined still needs its own answer.
    let token = node.token("officer-a").await;
    let rows: Value = node
        .get("/api/v1/matters?order=oldest")
        .bearer_auth(node.token("dispatch").await)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let id = |n: &str| {
        let rows = rows["matters"].as_array().unwrap();
        rows.iter().find(|m| m["number"] == n).unwrap()["id"].as_i64().unwrap()
    };
    let photo = crate::files::upload(node, Some(&token), &png(20, 20)).await;
    node.command(&token, id(&lead), json!({ "command": "accept" })).await;
    node.command(&token, id(&lead), json!({ "command": "arrive" })).await;
    let page = citizen.follow(&number, &code).await;
    let steps = all(&page, ".steps li[data-state=done]");
    assert!(steps.len() == 3 && steps[2].contains("到场"), "it goes the lead's way: {steps:?}");
    let handled = json!({ "command": "handle", "outcome": "dissuaded", "note": "劝离", "after": [photo] });
    node.command(&token, id(&lead), handled).await;
    node.command(&node.token("verify").await, id(&lead), json!({ "command": "verify", "passed": true }))
        .await;
    let page = citizen.follow(&number, &code).await;
    assert!(one(&page, ".says").contains("把结果告诉您"), "{}", one(&page, ".says"));
    let answer = json!({ "command": "answer", "text": "您反映的货摊已劝离。", "channel": "message" });
    node.command(&node.token("dispatch").await, id(&number), answer).await;
    assert!(citizen.follow(&number, &code).await.html().contains("您反映的货摊已劝离"));
    assert!(!citizen.follow(&lead, &lead_code).await.html().contains("您反映的货摊已劝离"));
}

#[tokio::test]
async fn nobody_joins_his_report_to_what_is_not_near_by() {
    let citizen = Citizen::new().await;
    let far = [("description", STALL[0].1), ("lng", "121.06"), ("lat", "31.03"), ("category", "E09005")];
    citizen.report(&far).await;
    let token = citizen.node.token("dispatch").await;
    let rows = citizen.node.get("/api/v1/matters").bearer_auth(token).send().await.unwrap();
    let far = rows.json::<Value>().await.unwrap()["matters"][0]["id"].to_string();
    for same in [far.as_str(), "999999", "x"] {
        let fields = [STALL.as_slice(), &[("category", "E09005"), ("same", same)]].concat();
        let (_, _, receipt) = citizen.report(&fields).await;
        assert!(!receipt.html().contains("放在一起办"), "{same}");
    }
}

/// The modules of a QR code drawn as one path of squares, as grey pixels, four to each unit.
fn pixels(svg: &str) -> (usize, Vec<u8>) {
    let number = |text: &str| {
        text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<usize>().unwrap()
    };
    let size = number(svg.split("viewBox=\"0 0 ").nth(1).unwrap());
    let mut grey = vec![255_u8; size * size];
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut squares = 0;
    for piece in path.split('M').skip(1) {
        let (x, rest) = piece.split_once(' ').unwrap();
        let (y, side) = (number(rest), number(rest.split('h').nth(1).unwrap()));
        let x = number(x);
        squares += 1;
        for row in y..y + side {
            grey[row * size + x..row * size + x + side].fill(0);
        }
    }
    assert!(squares > 100);
    (size, grey)
}

#[tokio::test]
async fn the_receipts_picture_reads_as_the_follow_link_and_hides_it_from_logs() {
    let citizen = Citizen::new().await;
    let (number, code, page) = citizen.report(&STALL).await;
    let svg = Selector::parse(".qr svg").unwrap();
    let svg = page.select(&svg).next().unwrap().html();
    let (size, grey) = pixels(&svg);
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(size, size, |x, y| grey[y * size + x]);
    let found = picture.detect_grids();
    let (_, link) = found.first().unwrap_or_else(|| panic!("no code in {svg}")).decode().unwrap();
    let (address, hidden) = link.split_once('#').unwrap();
    assert_eq!(address, format!("{}/follow", citizen.node.url), "what a server or proxy sees");
    let expected = format!("n={}&c={code}", crate::main_job::percent(&number));
    assert_eq!(hidden, expected);
    assert!(
        there(&page, "[data-copy][hidden]") && there(&page, "[data-print][hidden]"),
        "shown by JavaScript only"
    );
}

pub async fn closed(citizen: &Citizen) -> (String, String) {
    let node = &citizen.node;
    node.on_duty("officer-a", "squad-a").await;
    let (number, code, _) = citizen.report(&[STALL.as_slice(), &[("category", "E09005")]].concat()).await;
    let token = node.token("officer-a").await;
    let rows: Value =
        node.get("/api/v1/matters").bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    let id = rows["matters"][0]["id"].as_i64().unwrap();
    for command in [
        json!({ "command": "accept" }),
        json!({ "command": "arrive" }),
        json!({ "command": "handle", "outcome": "gone", "note": "到场时已收摊" }),
    ] {
        node.command(&token, id, command).await;
    }
    node.command(&node.token("verify").await, id, json!({ "command": "verify", "passed": true })).await;
    node.command(&token, id, json!({ "command": "answer", "text": "到场时已收摊。", "channel": "message" }))
        .await;
    node.command(&node.token("dispatch").await, id, json!({ "command": "close" })).await;
    (number, code)
}

#[tokio::test]
async fn the_follow_page_says_what_is_next_by_when_why_and_who() {
    let citizen = Citizen::new().await;
    citizen.node.on_duty("officer-a", "squad-a").await;
    let (number, code, _) = citizen.report(&STALL).await;
    let page = citizen.follow(&number, &code).await;
    assert!(one(&page, ".says").contains("甲镇中队的一名队员"), "a unit, not a person");
    let next = one(&page, ".next");
    for word in ["队员接手", "今天 09:20", "三个二"] {
        assert!(next.contains(word), "{word}: {next}");
    }
    assert!(!page.html().contains("队员甲"));
    citizen.node.hands.forward(jiff::SignedDuration::from_mins(30));
    let page = citizen.follow(&number, &code).await;
    assert!(one(&page, ".next").contains("已经超过承诺的时间"), "it is said plainly");
    assert!(there(&page, ".steps li[data-state=late]"));
}

#[tokio::test]
async fn the_reporter_rates_first_and_may_then_ask_for_another() {
    let citizen = Citizen::new().await;
    let (number, code) = closed(&citizen).await;
    let page = citizen.follow(&number, &code).await;
    let acts = all(&page, "details.offer > summary");
    assert_eq!(acts[..2], ["评价", "没有解决，要求重办"], "{acts:?}");
    assert!(there(&page, "#do-rate[open]") && !there(&page, "#do-reopen[open]"));
    assert_eq!(all(&page, "#do-rate .choice label"), ["很满意", "满意", "一般", "不满意", "很不满意"]);
    assert!(one(&page, "#do-reopen").contains("2026-12-08"), "until when: {}", one(&page, "#do-reopen"));
    let own = [("number", number.as_str()), ("code", code.as_str())];
    let rated = [own.as_slice(), &[("stars", "1"), ("form", "rate-0000001")]].concat();
    let (_, page) = citizen.post("/follow/rate", &rated).await;
    assert!(page.html().contains("可以在下面要求重办"));
    assert!(there(&page, "#do-reopen[open]") && !there(&page, "#do-rate"));
    let reopened = [own.as_slice(), &[("note", "又摆出来了"), ("form", "reopen-00001")]].concat();
    let (_, page) = citizen.post("/follow/reopen", &reopened).await;
    assert!(page.html().contains("已经重新派人"), "{}", page.html());
    assert!(!there(&page, "#do-reopen"), "once");
    assert!(there(&page, "#do-add"));
}

#[tokio::test]
async fn the_reporter_adds_and_withdraws_and_learns_why_it_was_not_taken_up() {
    let citizen = Citizen::new().await;
    let (number, code, _) = citizen.report(&STALL).await;
    let own = [("number", number.as_str()), ("code", code.as_str())];
    let added = [own.as_slice(), &[("note", "晚上七点最多"), ("form", "add-00000001")]].concat();
    assert!(citizen.post("/follow/add", &added).await.1.html().contains("办的人会看到"));
    let page = citizen.follow(&number, &code).await;
    assert!(one(&page, "#do-withdraw").contains("不能恢复"), "told before it is done");
    let (_, page) =
        citizen.post("/follow/withdraw", &[own.as_slice(), &[("form", "gone-0000001")]].concat()).await;
    assert!(one(&page, ".says").contains("您已经撤回"));

    let (number, code, _) = citizen.report(&STALL).await;
    let node = &citizen.node;
    let token = node.token("dispatch").await;
    let rows: Value =
        node.get("/api/v1/matters").bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    let id = rows["matters"][0]["id"].as_i64().unwrap();
    node.command(&token, id, json!({ "command": "dismiss", "note": "属于小区内部，请找物业" })).await;
    node.command(&token, id, json!({ "command": "add", "note": "内部备注：已电话说明" })).await;
    let page = citizen.follow(&number, &code).await;
    assert!(page.html().contains("请找物业") && !page.html().contains("内部备注"), "{}", page.html());
}

#[tokio::test]
async fn simple_mode_asks_one_question_a_screen_and_leads_to_the_end() {
    let citizen = Citizen::new().await;
    let (status, _) = citizen.post("/appearance", &[("simple", "true"), ("back", "/report")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = citizen.get("/report").await;
    assert!(there(&page, "html[data-mode=simple]"));
    assert_eq!(all(&page, "[data-part]").len(), 1, "one question");
    assert!(one(&page, ".progress-line").contains("第 1 步，共 6 步"));
    let mut typed = vec![("screen", "photo"), ("step", "describe")];
    let (_, page) = citizen.post("/report", &typed).await;
    assert!(there(&page, "[data-part=place]"), "a photo may be left out");
    // An empty place is asked for again, with the reason, and nothing else is.
    typed[0] = ("screen", "place");
    let (_, page) = citizen.post("/report", &typed).await;
    assert!(there(&page, "#address-fault") && all(&page, "[data-part]").len() == 1);
    typed.push(("address", "漕平路 118 号"));
    for (screen, next) in [("place", "kind"), ("kind", "what")] {
        typed[0] = ("screen", screen);
        let (_, page) = citizen.post("/report", &typed).await;
        assert!(there(&page, &format!("[data-part={next}]")), "{screen}");
        assert_eq!(values(&page, "address"), ["漕平路 118 号"], "carried along unseen");
    }
    typed.push(("description", "店外摆摊"));
    typed[0] = ("screen", "what");
    assert!(there(&citizen.post("/report", &typed).await.1, "[data-part=contact]"));
    typed[0] = ("screen", "contact");
    let (_, page) = citizen.post("/report", &typed).await;
    assert!(there(&page, "button[value=send]") && one(&page, ".summary").contains("店外摆摊"));
    let mut back = typed.clone();
    back[1] = ("step", "back");
    assert!(there(&citizen.post("/report", &back).await.1, "[data-part=what]"));
    citizen.report(&[("address", "漕平路 118 号"), ("description", "店外摆摊")]).await;
    citizen.post("/appearance", &[("simple", "false"), ("back", "/report")]).await;
    assert!(all(&citizen.get("/report").await, "[data-part]").len() > 3);
}

#[tokio::test]
async fn the_month_is_told_to_everybody_and_small_numbers_to_nobody() {
    let citizen = Citizen::new().await;
    let page = citizen.get("/district").await;
    assert!(page.html().contains("这个月还没有办件"));
    for n in 0..7 {
        citizen.node.app.report(&lianzhi_app::Caller::public("10.0.0.1"), serde_json::from_value(json!({
            "category": "E09005", "description": format!("第 {n} 处货摊"), "place": { "lng": 121.02, "lat": 31.02 }
        })).unwrap(), None).await.unwrap();
    }
    for n in 0..3 {
        citizen.node.app.report(&lianzhi_app::Caller::public("10.0.0.1"), serde_json::from_value(json!({
            "category": "E09001", "description": format!("第 {n} 个游商"), "place": { "lng": 121.06, "lat": 31.02 }
        })).unwrap(), None).await.unwrap();
    }
    let page = citizen.get("/district").await;
    assert!(page.html().contains("这个月还没有办件"), "counted at most every ten minutes");
    citizen.node.hands.forward(jiff::SignedDuration::from_mins(11));
    let page = citizen.get("/district").await;
    assert_eq!(one(&page, ".month-sum dd"), "10");
    let rows = all(&page, "tbody tr");
    assert!(!rows.iter().any(|r| r.contains("无照经营游商")), "three are not told: {rows:?}");
    assert!(
        rows[0].contains("其他合计（含收到或办结少于 5 件的）") && rows[0].contains("10"),
        "nor can they be worked out: {rows:?}"
    );
    let old = citizen.client.get(format!("{}/district?month=2019-01", citizen.node.url));
    let old = old.header("accept", "text/html").send().await.unwrap();
    assert_eq!(old.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(old.text().await.unwrap().contains("没有这个月份的数字"));
}

#[tokio::test]
async fn nobody_is_tracked_and_the_page_that_says_so_is_right() {
    let citizen = Citizen::new().await;
    let outside =
        Selector::parse("script[src^='http'], link[href^='http'], img[src^='http'], iframe, [src^='//']")
            .unwrap();
    for path in ["/report", "/follow", "/district", "/privacy"] {
        let answer = citizen.client.get(format!("{}{path}", citizen.node.url)).send().await.unwrap();
        assert!(!answer.headers().contains_key("set-cookie"), "{path} sets a cookie");
        let page = Html::parse_document(&answer.text().await.unwrap());
        assert!(page.select(&outside).next().is_none(), "{path} asks somebody else");
        assert!(there(&page, "footer a[href='/privacy']"), "{path}");
    }
    let (number, code, _) = citizen.report(&STALL).await;
    citizen.follow(&number, &code).await;
    let answer = citizen.post("/appearance", &[("simple", "true"), ("back", "/privacy")]).await;
    assert_eq!(answer.0, StatusCode::SEE_OTHER);
    assert!(citizen.get("/privacy").await.html().contains("Cookie 只有两种"));
}
