//! Documents of a case on their own pages: completed, printed, signed on paper or on the screen, the whole file in one.

use crate::cases::{approved, decided, give, office, opened, part, signed_in};
use crate::lists::{attribute, get, html, post, texts};
use crate::node::{Browser, Node};
use bytes::Bytes;
use futures::future::BoxFuture;
use lianzhi_app::ports::{Seal, SealError, ToSeal};
use lianzhi_ids::DocketId;
use lianzhi_procedure::directory::PaperSettings;
use lianzhi_procedure::register::Record;
use lianzhi_testkit::{Place, city};
use reqwest::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A picture of one pixel.
pub const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
    0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01,
    0xe5, 0x27, 0xde, 0xfc, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// A filed case with a record of an inspection.
async fn recorded(web: &Node) -> i64 {
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
    id
}

pub async fn upload(
    web: &Node,
    who: &Browser,
    path: &str,
    fields: &[(&str, &str)],
    file: &[u8],
    name: &str,
) -> reqwest::Response {
    let mut body: Vec<u8> = fields.iter().flat_map(|(n, v)| part("x7x", n, v).into_bytes()).collect();
    body.extend(
        format!("--x7x\r\ncontent-disposition: form-data; name=\"exhibits\"; filename=\"{name}\"\r\n\r\n")
            .into_bytes(),
    );
    body.extend(file);
    body.extend(b"\r\n--x7x--\r\n");
    let request = who.client.post(format!("{}{path}", web.url));
    request.header("content-type", "multipart/form-data; boundary=x7x").body(body).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_completed_signed_and_scanned_by_forms_alone() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = recorded(&web).await;
    let officer = signed_in(&web, "officer-a1").await;
    // The list leads to it and says that something is to be filled in.
    let list = get(&web, &officer, &format!("/matters/{id}?tab=letters")).await;
    let path = format!("/matters/{id}/folios/evidence-1");
    assert!(attribute(&list, "#catalogue a", "href").contains(&path));
    assert!(texts(&list, "#catalogue tbody tr").join("").contains("待填写"));
    assert!(attribute(&list, "#catalogue header a", "href").contains(&format!("/matters/{id}/file.pdf")));
    // As it stands it cannot be printed: what is missing is named.
    let answer = officer.client.get(format!("{}{path}.pdf", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.unwrap().contains("记录人"));
    let page = get(&web, &officer, &path).await;
    assert_eq!(
        attribute(&page, "#folio [name=place]", "value"),
        ["漕平路 118 号"],
        "what the case says is proposed"
    );
    // What is typed stays when something is missing.
    let answer =
        post(&web, &officer, &path, &[("place", "漕平路 118 号"), ("told", "告知回避权利。答：清楚。")])
            .await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = html(answer).await;
    assert_eq!(texts(&page, "#folio [name=told]"), ["告知回避权利。答：清楚。"]);
    assert!(texts(&page, "#folio-recorder-fault").join("").contains("记录人"));
    let whole = [("recorder", "记录员"), ("told", "告知回避权利。答：清楚。")];
    let answer = post(&web, &officer, &path, &whole).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let answer = officer.client.get(format!("{}{path}.pdf", web.url)).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/pdf");

    // The party signs on the officer's phone.
    let page = get(&web, &officer, &path).await;
    let csrf = attribute(&page, "[data-sign] [name=csrf]", "value").pop().unwrap();
    let signer = [("csrf", csrf.as_str()), ("form", "signature-1"), ("signer", "party")];
    let answer = upload(&web, &officer, &format!("{path}/sign"), &signer, PIXEL, "signature.png").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    let page = get(&web, &officer, &path).await;
    assert!(texts(&page, ".signed li")[0].contains("已签"), "{:?}", texts(&page, ".signed li"));
    assert!(texts(&page, "noscript").join("").contains("打印"), "without scripts: on paper");

    // Under a signature nothing is changed without the reason, and then it is signed anew.
    let answer = post(&web, &officer, &path, &whole).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = html(answer).await;
    assert!(texts(&page, "#folio-changed_because-fault").join("").contains("签名"));

    // Signed on paper after all: the scan is the original, and nothing is changed any more.
    let scan = [("csrf", csrf.as_str()), ("form", "scan-of-the-record")];
    let answer = upload(&web, &officer, &format!("{path}/scan"), &scan, b"%PDF-1.4 signed", "scan.pdf").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    let answer = officer.client.get(format!("{}{path}.pdf", web.url)).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), b"%PDF-1.4 signed".as_slice());
    let answer = post(&web, &officer, &path, &whole).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);

    // The file is one click, for those who may see whom it is about.
    let answer = officer.client.get(format!("{}/matters/{id}/file.pdf", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.unwrap().starts_with(b"%PDF"));
    let dispatcher = signed_in(&web, "dispatcher").await;
    for path in [format!("/matters/{id}/file.pdf"), path] {
        let answer = dispatcher.client.get(format!("{}{path}", web.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
    let answer =
        officer.client.get(format!("{}/matters/{id}/folios/letter-1", web.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

/// A seal service that is down or seals by a line at the end.
#[derive(Default)]
struct Service(AtomicBool);

impl Seal for Service {
    fn seal<'a, 'b, 'c>(&'a self, document: &'b ToSeal) -> BoxFuture<'c, Result<Bytes, SealError>>
    where
        'a: 'c,
        'b: 'c,
    {
        let down = self.0.load(Ordering::SeqCst);
        let sealed = [document.pdf.as_ref(), b"\n% sealed"].concat();
        Box::pin(async move {
            if down { Err(SealError::Unreachable("connection refused".into())) } else { Ok(sealed.into()) }
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_waits_for_the_seal_and_is_sealed_by_a_button() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    print_settings(&node).await;
    let service = Arc::new(Service(AtomicBool::new(true)));
    node.app.seal_with(service.clone());
    let id = recorded(&web).await;
    let order = [("party", "1"), ("note", "恢复原状"), ("until", "2026-11-26")];
    give(&web, "officer-a1", id, "order", &order, None).await;
    let officer = signed_in(&web, "officer-a1").await;
    let list = get(&web, &officer, &format!("/matters/{id}?tab=letters")).await;
    assert!(texts(&list, "#papers").join("").contains("待盖电子印章"));
    let path = attribute(&list, "#papers a.small", "href").pop().unwrap();
    let seal = format!("{path}/seal");
    let page = get(&web, &officer, &path).await;
    assert_eq!(attribute(&page, "#seal form", "action"), [seal.as_str()]);
    let answer = post(&web, &officer, &seal, &[("party", "1")]).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let page = html(answer).await;
    let said = texts(&page, "[role=alert]").join("");
    assert!(said.contains("印章服务连接不上") && said.contains("打印后手工盖章"), "{said}");
    assert!(!attribute(&page, "#seal form", "action").is_empty(), "the button stays");
    service.0.store(false, Ordering::SeqCst);
    let answer = post(&web, &officer, &seal, &[("party", "1")]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = get(&web, &officer, &path).await;
    assert!(attribute(&page, "#seal form", "action").is_empty());
    assert!(texts(&page, ".panel").join("").contains("已经加盖电子印章"));
    let pdf = officer.client.get(format!("{}{path}.pdf", web.url)).send().await.unwrap();
    assert!(pdf.bytes().await.unwrap().ends_with(b"% sealed"));
    let list = get(&web, &officer, &format!("/matters/{id}?tab=letters")).await;
    let papers = texts(&list, "#papers").join("");
    assert!(papers.contains("已加盖电子印章") && !papers.contains("待盖电子印章"), "{papers}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_and_a_revocation_are_papers_of_the_case_with_number_and_public_check() {
    let place = Place::sqlite();
    let (node, web) = office(&place).await;
    print_settings(&node).await;
    let id = decided(&web).await;
    let officer = signed_in(&web, "officer-a1").await;
    let papers = format!("/matters/{id}?tab=letters");
    let numbered = |page: &scraper::Html, title: &str| {
        let titles = texts(page, "#papers a.title");
        let place = titles.iter().position(|t| t.contains(title)).unwrap_or_else(|| panic!("{titles:?}"));
        (
            attribute(page, "#papers a.title", "href")[place].clone(),
            texts(page, "#papers .number")[place].clone(),
        )
    };
    let page = get(&web, &officer, &papers).await;
    let (decision, _) = numbered(&page, "行政处罚决定书");
    let of = decision.trim_end_matches(".pdf").rsplit('-').next().unwrap().to_owned();
    let amend = [
        ("paper", of.as_str()),
        ("slip", "letters"),
        ("wrong", "承重墙休"),
        ("right", "承重墙体"),
        ("unchanged", "true"),
        ("note", "错别字"),
    ];
    approved(&web, id, "amend", &amend).await;
    approved(&web, id, "revoke", &[("note", "主要事实不清")]).await;
    let page = get(&web, &officer, &papers).await;
    for (title, word) in [("更正", "更正字〔2026〕"), ("撤销", "撤字〔2026〕")] {
        let (path, number) = numbered(&page, title);
        assert!(number.contains(word), "{number}");
        let print = async || {
            let answer = officer.client.get(format!("{}{path}", web.url)).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            answer.bytes().await.unwrap()
        };
        let first = print().await;
        assert!(first.starts_with(b"%PDF") && print().await == first);
        let n: u16 = path.trim_end_matches(".pdf").rsplit('-').next().unwrap().parse().unwrap();
        let code = node.app.check_code(DocketId(id), n).unwrap();
        let check =
            html(web.get(&format!("/check/{code}")).header("accept", "text/html").send().await.unwrap());
        let says = texts(&check.await, "main").join("");
        assert!(says.contains(&number) && says.contains("有效"), "{says}");
        assert!(node.app.same_as_issued(&code, &first).await.unwrap());
    }
}

/// What the agency says of itself on paper.
async fn print_settings(node: &lianzhi_testkit::Node) {
    let mut settings = city::settings();
    settings.papers = PaperSettings {
        phone: "021-59720000".into(),
        address: "公园路 100 号".into(),
        reconsideration: "青浦区人民政府".into(),
        court: "上海铁路运输法院".into(),
        pay_ways: vec!["工商银行".into()],
    };
    node.app.put_register(&lianzhi_app::Caller::system(), Record::Settings(settings)).await.unwrap();
}
