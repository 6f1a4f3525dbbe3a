//! Working with other members by forms alone, as browsers without scripts send them: two nodes that talk over loopback.

use crate::lists::{attribute, get, html, post, texts};
use crate::node::{Node, encode, problem};
use lianzhi_app::Caller;
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::directory::{Person, Post};
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Federation, Place, Site, city, until};
use reqwest::StatusCode;
use scraper::Html;
use serde_json::{Value, json};

const PEOPLE: [&str; 5] = ["liaison", "handler", "reviewer", "leader", "patrol"];

/// Two members with their web faces.
pub struct Two {
    pub federation: Federation,
    pub ours: Node,
    pub theirs: Node,
    /// Where their stores lie, as long as the test goes on.
    _places: [Place; 2],
}

impl Two {
    pub async fn new() -> Two {
        let places = [Place::sqlite(), Place::sqlite()];
        let mut federation = Federation::new(&places.each_ref()).await;
        federation.sites.iter_mut().for_each(Site::start);
        let mut faces = Vec::new();
        for site in &federation.sites {
            let patrol = Person {
                code: city::person("patrol"),
                name: "巡查员甲".into(),
                login: "patrol".into(),
                posts: vec![Post {
                    unit: city::unit("bureau"),
                    roles: vec![Role::Patroller],
                    grids: Vec::new(),
                }],
                certificate: None,
                active: true,
                second_factor: false,
            };
            site.node.app.put_register(&Caller::system(), Record::Person(patrol)).await.unwrap();
            faces.push(Node::over(site.node.app.clone(), &PEOPLE).await);
        }
        let theirs = faces.pop().unwrap();
        Two { federation, ours: faces.pop().unwrap(), theirs, _places: places }
    }

    pub fn sites(&self) -> (&Site, &Site) {
        (&self.federation.sites[0], &self.federation.sites[1])
    }

    /// The docket at the other member, once it is there.
    pub async fn arrived(&self, id: i64) -> i64 {
        let (a, b) = self.sites();
        until("the matter arrives", async || b.docket_of(a, DocketId(id)).await.is_some()).await;
        b.docket_of(a, DocketId(id)).await.unwrap().0
    }
}

/// The fields of a form as a browser would send them.
fn fields(page: &Html, form: &str) -> Vec<(String, String)> {
    let css = format!("{form} input[type=hidden]");
    attribute(page, &css, "name").into_iter().zip(attribute(page, &css, "value")).collect()
}

/// Opens the page of a matter and gives a command by its form. When something came in meanwhile the page is read again, as it
/// asks for.
pub async fn give(node: &Node, login: &str, id: i64, command: &str, more: &[(&str, &str)]) {
    let browser = node.browser(login).await;
    let form = format!("#do-{command} form");
    let mut last = Vec::new();
    for _ in 0..5 {
        let page = get(node, &browser, &format!("/matters/{id}")).await;
        let hidden = fields(&page, &form);
        assert!(
            !hidden.is_empty(),
            "{login} is not offered {command}: {:?}",
            texts(&page, "#offers summary")
        );
        let mut pairs: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        pairs.extend_from_slice(more);
        let answer = browser
            .client
            .post(format!("{}/matters/{id}/commands/{command}", node.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(&pairs))
            .send()
            .await
            .unwrap();
        let status = answer.status();
        last = texts(&html(answer).await, "[role=alert]");
        if status != StatusCode::CONFLICT {
            assert_eq!(status, StatusCode::SEE_OTHER, "{command}: {last:?}");
            return;
        }
    }
    panic!("{command}: {last:?}");
}

fn id_of(answer: &reqwest::Response) -> i64 {
    let location = answer.headers()["location"].to_str().unwrap();
    let id = location.trim_start_matches("/matters/").split('?').next().unwrap();
    id.parse().unwrap()
}

/// Drafts by the form, has it reviewed and signed by others, each on the page.
pub async fn send(node: &Node, form: &str, more: &[(&str, &str)]) -> i64 {
    let handler = node.browser("handler").await;
    let path = format!("/cooperation/new/{form}");
    let page = get(node, &handler, &path).await;
    let key = attribute(&page, "#letter input[name=form]", "value").pop().unwrap();
    let mut letter = vec![("form", key.as_str()), ("to", "320509"), ("list", "HZ-01")];
    letter.extend([("title", "渣土车夜间跨界倾倒"), ("text", "10 月 28 日夜间倾倒三车，请依法查处。")]);
    if form == "lead" {
        letter.extend([("ground", "place"), ("measures", "未采取强制措施。")]);
    }
    letter.extend_from_slice(more);
    let answer = post(node, &handler, &path, &letter).await;
    if answer.status() != StatusCode::SEE_OTHER {
        panic!("{form}: {:?}", texts(&html(answer).await, "[role=alert], .fault"));
    }
    let id = id_of(&answer);
    // The same form once more: the same matter, nothing is done twice.
    assert_eq!(id_of(&post(node, &handler, &path, &letter).await), id);
    give(node, "reviewer", id, "review", &[("agreed", "true")]).await;
    give(node, "leader", id, "sign", &[("agreed", "true")]).await;
    id
}

async fn json_of(node: &Node, login: &str, path: &str) -> Value {
    let token = node.token(login).await;
    node.get(path).bearer_auth(token).send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_goes_out_and_is_taken_on_by_forms_alone() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let id = send(ours, "lead", &[("subject", "苏E·K5**7"), ("place", "吴江区黎里镇")]).await;
    let there = two.arrived(id).await;

    // The other side: the liaison's desk says what waits, the page what came, on cool ground with its member.
    let liaison = theirs.browser("liaison").await;
    let desk = get(theirs, &liaison, "/desk").await;
    assert!(texts(&desk, "[data-list] .todo").join(" ").contains("收文登记"), "{:?}", texts(&desk, ".todo"));
    assert_eq!(attribute(&desk, ".todo .act a", "href"), [format!("/matters/{there}?do=register#offers")]);
    let phone = get(theirs, &liaison, "/todo").await;
    assert!(texts(&phone, ".job .button").contains(&"收文登记".to_owned()));
    let page = get(theirs, &liaison, &format!("/matters/{there}")).await;
    assert!(texts(&page, ".record-line[data-foreign]").join(" ").contains("青浦区城市管理行政执法局"));
    assert!(texts(&page, ".narrative").join("").contains("请依法查处"));
    let brief = texts(&page, ".brief").join("");
    assert!(brief.contains("苏E·K5**7") && brief.contains("违法行为发生地在对方辖区"), "{brief}");
    assert!(
        texts(&page, ".next-step").join("").contains("等本机关收文登记"),
        "{:?}",
        texts(&page, ".next-step")
    );
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    give(theirs, "handler", there, "accept", &[("note", "已派黎里中队"), ("open", "true")]).await;

    // Accepting opened a local matter, and the page leads to it.
    let handler = theirs.browser("handler").await;
    let page = get(theirs, &handler, &format!("/matters/{there}")).await;
    assert!(texts(&page, ".brief").join("").contains("本地办件"), "{:?}", texts(&page, ".brief"));

    // Our side sees how far it got.
    let (a, _) = two.sites();
    until("the sender sees it accepted", async || a.node.row(id).await.stage == "accepted").await;
    let pursuer = ours.browser("handler").await;
    let page = get(ours, &pursuer, &format!("/matters/{id}")).await;
    let signs = texts(&page, ".receipts li");
    assert_eq!(signs.len(), 6, "{signs:?}");
    let done = attribute(&page, ".receipts li", "data-state");
    assert_eq!(done[..5], ["done"; 5], "{signs:?}");
    assert_eq!(texts(&page, ".stages [aria-current]").len(), 1);
    let letters = get(ours, &pursuer, &format!("/matters/{id}?tab=letters")).await;
    assert!(attribute(&letters, ".rows a", "href")[0].ends_with("/310118/0.pdf"));
    let ways = get(ours, &pursuer, &format!("/matters/{id}?tab=ways")).await;
    let ways = texts(&ways, ".rows .badge").join(" ");
    assert!(ways.contains("对方已签收，"), "with the time of its receipt: {ways}");
    get(ours, &pursuer, &format!("/matters/{id}?tab=proof")).await;

    // The overview, on both sides, and its figures lead to what they count.
    let page = get(ours, &pursuer, "/cooperation").await;
    assert!(texts(&page, "#outbox .todo").join(" ").contains("渣土车夜间跨界倾倒"));
    assert_eq!(texts(&page, "#pairs td"), ["0", "0", "0", "1", "0", "0", "1"]);
    for href in attribute(&page, "#pairs td a", "href") {
        let count = texts(&get(ours, &pursuer, &href).await, "#lists .todo").len();
        assert!(count <= 1, "{href}");
    }
    let sent = attribute(&page, "#pairs td a", "href").swap_remove(3);
    assert_eq!(texts(&get(ours, &pursuer, &sent).await, "#lists .todo").len(), 1, "{sent}");
    assert_eq!(texts(&page, ".flow-map .n"), ["1"]);
    assert!(texts(&page, "#peers li").join("").contains("没有待送达的"));
    assert!(texts(&page, ".rail a[aria-current]").contains(&"协作".to_owned()));
    let page = get(theirs, &handler, "/cooperation?form=bulletin").await;
    assert!(texts(&page, "#inbox .todo").is_empty());
    let page = get(theirs, &handler, "/cooperation?side=incoming&by=member").await;
    assert!(texts(&page, "#inbox h3").join("").contains("青浦区城市管理行政执法局"));

    // The list of the kind.
    let page = get(ours, &pursuer, "/matters?kind=lead").await;
    assert!(texts(&page, "thead th").contains(&"对方".to_owned()));
    assert!(texts(&page, "tbody tr").join(" ").contains("吴江区城市管理局"));
    let page = get(ours, &pursuer, "/matters?kind=lead&source=incoming:320509").await;
    assert!(texts(&page, "tbody tr").is_empty());

    // The digest of the next morning holds it, and leads to it; a day that is none is refused above today's.
    let digest = get(theirs, &liaison, "/cooperation/digest").await;
    assert!(texts(&digest, ".empty").join("").contains("没有进展"), "today's began before it");
    assert_eq!(
        attribute(&get(theirs, &liaison, "/desk").await, "a[href='/cooperation/digest']", "href").len(),
        1
    );
    two.federation.clock.advance(jiff::SignedDuration::from_hours(24));
    let liaison = theirs.browser("liaison").await;
    let digest = get(theirs, &liaison, "/cooperation/digest").await;
    assert_eq!(attribute(&digest, ".todo .what a", "href"), [format!("/matters/{there}")]);
    let wrong =
        liaison.client.get(format!("{}/cooperation/digest?day=soon", theirs.url)).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let early = attribute(&digest, ".page-links a", "href").swap_remove(0);
    assert!(texts(&get(theirs, &liaison, &early).await, ".todo").is_empty(), "{early}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_judged_beside_each_file_and_goods_are_written_in_rows() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let token = ours.token("handler").await;
    let photo = crate::files::upload(ours, Some(&token), &crate::files::png(64, 48)).await;
    let goods = [("goods-name-0", "铁锹"), ("goods-quantity-0", "3"), ("goods-unit-0", "把")];
    let mut more = vec![("files", photo.as_str()), ("takers", "王某（执法证 123）、李某")];
    more.extend(goods);
    let id = send(ours, "evidence", &more).await;
    let there = two.arrived(id).await;
    let path = format!("/matters/{there}?tab=exhibits");
    // Its arrival is an entry of its own: a page that was opened before would have to be opened again.
    let liaison = theirs.browser("liaison").await;
    until("the file arrives", async || {
        let page = get(theirs, &liaison, &path).await;
        texts(&page, ".exhibit .text").join("").contains("摘要核对一致")
    })
    .await;
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    let browser = theirs.browser("handler").await;
    let page = get(theirs, &browser, &path).await;
    let tile = texts(&page, ".exhibit[data-foreign]").join(" ");
    assert!(tile.contains("王某（执法证 123）、李某") && tile.contains("尚未认定"), "{tile}");
    let original = attribute(&page, ".exhibit footer a", "href").pop().unwrap();
    let file = browser.client.get(format!("{}{original}", theirs.url)).send().await.unwrap();
    assert_eq!(file.status(), StatusCode::OK);
    // Not recognised without grounds: said beside the file.
    let hidden = fields(&page, ".exhibit .judge form");
    let pairs = |more: &[(&'static str, &'static str)]| {
        let mut pairs: Vec<(String, String)> = hidden.clone();
        pairs.extend(more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        pairs
    };
    let judge = async |pairs: Vec<(String, String)>| {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let request = browser.client.post(format!("{}/matters/{there}/commands/judge", theirs.url));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(encode(&pairs)).send().await.unwrap()
    };
    let answer = judge(pairs(&[("verdict", "rejected")])).await;
    assert!(answer.status().is_client_error(), "{}", answer.status());
    let answer = judge(pairs(&[("verdict", "recognised")])).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = get(theirs, &browser, &path).await;
    assert!(texts(&page, ".exhibit .text").join("").contains("认可"), "{:?}", texts(&page, ".exhibit"));
    let brief = texts(&get(theirs, &browser, &format!("/matters/{there}")).await, ".brief").join("");
    assert!(brief.contains("铁锹 3把"), "{brief}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_to_be_verified_on_site_becomes_a_letter_that_asks_for_it() {
    let two = Two::new().await;
    let (ours, theirs) = (&two.ours, &two.theirs);
    let token = ours.token("handler").await;
    let photo = crate::files::upload(ours, Some(&token), &crate::files::png(64, 48)).await;
    let id = send(
        ours,
        "evidence",
        &[("files", photo.as_str()), ("takers", "王某（执法证 123）、李某（执法证 456）")],
    )
    .await;
    let there = two.arrived(id).await;
    give(theirs, "liaison", there, "register", &[]).await;
    give(theirs, "liaison", there, "assign", &[("person", "handler")]).await;
    let browser = theirs.browser("handler").await;
    let path = format!("/matters/{there}?tab=exhibits");
    until("the original arrives", async || {
        !texts(&get(theirs, &browser, &path).await, ".exhibit .judge").is_empty()
    })
    .await;
    let page = get(theirs, &browser, &path).await;
    let mut pairs = fields(&page, ".exhibit .judge form");
    pairs.extend(
        [("verdict", "verify_on_site"), ("note", "照片没有参照物")].map(|(n, v)| (n.into(), v.into())),
    );
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(n, v): &(String, String)| (n.as_str(), v.as_str())).collect();
    let request = browser.client.post(format!("{}/matters/{there}/commands/judge", theirs.url));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.body(encode(&pairs)).send().await.unwrap().status(), StatusCode::SEE_OTHER);
    // The letter is drafted, waits for the reviewer, and each of the two leads to the other.
    let reviewer = theirs.browser("reviewer").await;
    let desk = get(theirs, &reviewer, "/desk").await;
    let todo = texts(&desk, "[data-list] .todo").join(" ");
    assert!(todo.contains("审核") && todo.contains("现场核实证据"), "{todo}");
    let link = attribute(&desk, ".todo .act a", "href").pop().unwrap();
    let letter: i64 = link.trim_start_matches("/matters/").split('?').next().unwrap().parse().unwrap();
    let page = get(theirs, &reviewer, &format!("/matters/{letter}")).await;
    let brief = texts(&page, ".brief").join("");
    assert!(
        brief.contains("照片没有参照物") && brief.contains("现场核实证据") && brief.contains("所核实的件"),
        "{brief}"
    );
    assert!(attribute(&page, ".brief a", "href").contains(&format!("/matters/{there}")));
    let page = get(theirs, &browser, &format!("/matters/{there}")).await;
    assert!(attribute(&page, ".brief a", "href").contains(&format!("/matters/{letter}")));
    // It goes like any other, and arrives where the evidence came from.
    give(theirs, "reviewer", letter, "review", &[("agreed", "true")]).await;
    give(theirs, "leader", letter, "sign", &[("agreed", "true")]).await;
    let (a, b) = two.sites();
    until("it arrives", async || a.docket_of(b, DocketId(letter)).await.is_some()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispute_over_what_is_no_case_has_no_filing_and_says_so() {
    let two = Two::new().await;
    let ours = &two.ours;
    // A report is no case: that it was registered is no filing (立案).
    let body = json!({ "description": "店外摆摊", "place": { "address": "漕平路 118 号" } });
    let token = ours.token("handler").await;
    let answer = ours.post("/api/v1/reports", &body).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let number = answer.json::<Value>().await.unwrap()["number"].as_str().unwrap().to_owned();
    let id = send(ours, "dispute", &[("over", &number)]).await;
    let there = two.arrived(id).await;
    for (node, id) in [(ours, id), (&two.theirs, there)] {
        let page = get(node, &node.browser("liaison").await, &format!("/matters/{id}")).await;
        assert!(texts(&page, ".brief").join("").contains(&number));
        let filings = texts(&page, "#filings").join("");
        assert!(filings.contains("各方都还没有写明所立的案件"), "{filings}");
        assert!(texts(&page, "#filings .badge").is_empty(), "nobody is said to be the first");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_works_with_members_finds_cooperation_on_the_telephone() {
    let two = Two::new().await;
    for (login, on_phone) in [("liaison", true), ("handler", true), ("leader", true), ("patrol", false)] {
        let page = get(&two.ours, &two.ours.browser(login).await, "/todo").await;
        let bar = texts(&page, ".rail a:not(.mark):not(.desk-only)");
        assert_eq!(bar.contains(&"协作".to_owned()), on_phone, "{login}: {bar:?}");
        assert_eq!(bar.len(), 5, "{login}: {bar:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_letter_is_said_in_place_and_nothing_typed_is_lost() {
    let two = Two::new().await;
    let node = &two.ours;
    let handler = node.browser("handler").await;
    for form in ["lead", "assistance", "evidence", "bulletin", "dispute", "away"] {
        let page = get(node, &handler, &format!("/cooperation/new/{form}")).await;
        assert!(texts(&page, ".entry-choice label").join("").contains("HZ-01"), "{form}");
        assert!(attribute(&page, "#letter [name=to]", "value").contains(&"320509".to_owned()), "{form}");
    }
    let page = post(
        node,
        &handler,
        "/cooperation/new/assistance",
        &[
            ("form", "key-0123456789"),
            ("step", "fit"),
            ("to", "320509"),
            ("place", "吴江区黎里镇"),
            ("title", "协查"),
        ],
    )
    .await;
    assert_eq!(page.status(), StatusCode::OK, "only asked what fits");
    let page = html(page).await;
    assert!(texts(&page, ".entry-choice").join("").contains("适用于与苏·吴江区城市管理局之间"));
    let letter = texts(&page, "#letter").join("");
    assert!(letter.contains("建议：地点写有“吴江”，属江苏省苏州市吴江区"), "{letter}");
    // Nothing is recognised: that is said, and how far away each is.
    let nothing = [("form", "key-0123456789"), ("step", "fit"), ("title", "协查"), ("text", "某地有一事")];
    let page = html(post(node, &handler, "/cooperation/new/assistance", &nothing).await).await;
    let letter = texts(&page, "#letter").join("");
    assert!(letter.contains("没有从地点和文字中认出") && letter.contains("距本机关约"), "{letter}");
    let typed = [
        ("form", "key-0123456789"),
        ("to", "320509"),
        ("list", "HZ-01"),
        ("title", "协助核实车辆"),
        ("text", ""),
        ("asks", "investigate"),
        ("goods-name-0", ""),
        ("category", "09005"),
        ("urgent", "true"),
    ];
    let answer = post(node, &handler, "/cooperation/new/assistance", &typed).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(answer).await;
    assert_eq!(attribute(&page, "#letter [name=title]", "value"), ["协助核实车辆"]);
    assert_eq!(attribute(&page, "#letter [name=asks][checked]", "value"), ["investigate"]);
    assert_eq!(attribute(&page, "#letter [name=urgent][checked]", "value"), ["true"]);
    assert_eq!(attribute(&page, "#letter [name=form]", "value"), ["key-0123456789"]);
    assert!(!texts(&page, "#letter .fault").is_empty());
    let rows = post(
        node,
        &handler,
        "/cooperation/new/evidence",
        &[("step", "rows"), ("rows", "3"), ("goods-name-1", "铁锹")],
    )
    .await;
    let page = html(rows).await;
    assert_eq!(attribute(&page, "[name=goods-name-1]", "value"), ["铁锹"]);
    assert_eq!(texts(&page, ".goods tbody tr").len(), 6);
    let nothing = handler.client.get(format!("{}/cooperation/new/gossip", node.url)).send().await.unwrap();
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_nothing_to_do_with_it_sees_nothing_of_it() {
    let two = Two::new().await;
    let node = &two.ours;
    let patrol = node.browser("patrol").await;
    assert!(!texts(&get(node, &patrol, "/desk").await, ".rail a").contains(&"协作".to_owned()));
    for path in ["/cooperation", "/cooperation/new/lead"] {
        let answer =
            patrol.client.get(format!("{}{path}", node.url)).header("accept", "text/html").send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::FORBIDDEN, "{path}");
    }
    let token = node.token("patrol").await;
    let answer = node.get("/api/v1/cooperation").bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    // Particulars want a reason, and whoever works on it.
    let id = send(node, "lead", &[("particulars", "张某，身份证 3102…")]).await;
    let handler = node.browser("handler").await;
    let page = get(node, &handler, &format!("/matters/{id}?tab=people")).await;
    assert!(!texts(&page, "#main").join("").contains("张某"));
    let path = format!("/matters/{id}/particulars");
    let refused = post(node, &handler, &path, &[("why", "")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = html(post(node, &handler, &path, &[("why", "核实当事人身份")]).await).await;
    assert!(texts(&shown, ".particulars").join("").contains("张某"));
}

#[tokio::test]
async fn a_node_without_a_compact_says_how_to_come_into_one() {
    let node = Node::start().await;
    let leader = node.browser("leader-a").await;
    let page = get(&node, &leader, "/cooperation").await;
    assert!(texts(&page, ".empty").join("").contains("还没有加入协作机制"));
    assert!(attribute(&page, ".empty a", "href").contains(&"/compact".to_owned()));
    let page = get(&node, &leader, "/cooperation/new/lead").await;
    assert!(texts(&page, ".empty").join("").contains("还没有加入协作机制"));
    let wrong = leader.client.get(format!("{}/cooperation?form=gossip", node.url)).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_begins_moves_and_shows_shared_matters() {
    let two = Two::new().await;
    let node = &two.ours;
    let token = node.token("handler").await;
    let letter = json!({
        "to": ["320509"], "list": "HZ-01", "title": "协助核实车辆", "text": "请核实运输单位。",
        "asks": ["investigate"], "place": "黎里镇", "lng": 120.7, "lat": 31.0,
    });
    let answer =
        node.post("/api/v1/cooperation/assistance", &letter).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
    let id = answer.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
    node.command(&node.token("reviewer").await, id, json!({ "command": "review", "agreed": true })).await;
    node.command(&node.token("leader").await, id, json!({ "command": "sign", "agreed": true })).await;
    let one = json_of(node, "handler", &format!("/api/v1/matters/{id}")).await;
    assert_eq!(one["shared"]["form"], "assistance");
    assert_eq!(one["shared"]["asks"], json!(["调查核实"]));
    let overview = json_of(node, "handler", "/api/v1/cooperation?side=outgoing").await;
    assert_eq!(overview["outbox"][0]["partner"], "320509");
    assert_eq!(overview["statistics"]["pairs"][0]["outgoing"], 1);
    let none = json_of(node, "handler", "/api/v1/cooperation?member=330421").await;
    assert_eq!(none["outbox"], json!([]));
    let entries = json_of(node, "handler", "/api/v1/cooperation/lead").await;
    assert_eq!(entries[0]["id"], "HZ-01");
    let wrong = node.get("/api/v1/cooperation?late=often").bearer_auth(&token).send().await.unwrap();
    problem(wrong, StatusCode::UNPROCESSABLE_ENTITY, "invalid-input").await;
}
