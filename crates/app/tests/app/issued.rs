//! What was issued stays as it was issued: papers after a decision, the electronic seal, signatures on the screen, slips.

use crate::kit::{intact, photo, signature};
use crate::papers::settings;
use crate::penalty::{SMALL, approved, decided, filed, office, opened, serve, view};
use crate::spots::{begin, sheet, tip};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::SignedDuration;
use lianzhi_app::ports::{Seal, SealError, ToSeal};
use lianzhi_app::spot::Begun;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_paper::Paper;
use lianzhi_procedure::RefusalKind;
use lianzhi_procedure::penalty::Folio;
use lianzhi_procedure::publicity::Checked;
use lianzhi_testkit::{Node, Place};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const COURT: &str = "上海铁路运输法院";
const OTHER_COURT: &str = "上海市第三中级人民法院";
const NUMBER: &str = "310118199001010011";

async fn print(node: &Node, id: i64, paper: u16) -> Bytes {
    let printed = node.app.case_paper(&node.as_("officer-a1"), DocketId(id), paper, None).await;
    printed.unwrap_or_else(|refusal| panic!("paper {paper}: {refusal}")).pdf
}

async fn same_as_issued(node: &Node, id: i64, n: u16, pdf: &Bytes) -> bool {
    let code = node.app.check_code(DocketId(id), n).unwrap();
    node.app.same_as_issued(&code, pdf).await.unwrap()
}

pub async fn what_comes_after_a_decision_bears_its_number_and_is_printed_the_same_for_ever(place: &Place) {
    let node = office(place).await;
    settings(&node, COURT).await;
    node.app.reached_at("https://lz.example.cn/");
    let id = decided(&node, NUMBER).await;
    let decision = view(&node, "leader", id).await.papers.iter().find(|p| p.form == "D17").unwrap().id;
    let amend = json!({
        "command": "amend", "paper": decision, "slip": "name", "wrong": "漕平路 118 号", "right": "漕平路 181 号",
        "unchanged": true, "note": "门牌号笔误",
    });
    approved(&node, id, amend).await;
    serve(&node, id).await;
    let code = node.app.check_code(DocketId(id), decision).unwrap();
    assert_eq!(node.app.check(&code).await.unwrap().standing, Checked::Corrected);
    let order = json!({
        "command": "order_demolition", "party": 1, "object": "屋顶搭建的钢棚一处", "until": "2026-12-10", "note": "没有许可",
    });
    approved(&node, id, order).await;
    let ordered =
        view(&node, "leader", id).await.papers.into_iter().find(|p| p.number.contains("限拆")).unwrap();
    assert!(print(&node, id, ordered.id).await.starts_with(b"%PDF"), "责令限期拆除决定书");
    serve(&node, id).await;
    node.clock().advance(SignedDuration::from_hours(24 * 30));
    node.app.tick().await.unwrap();
    let announce = json!({
        "command": "announce_demolition", "party": 1, "object": "屋顶搭建的钢棚一处，约 20 平方米。", "until": "2027-01-20",
        "note": "逾期没有拆除",
    });
    approved(&node, id, announce).await;
    let notice =
        view(&node, "leader", id).await.papers.into_iter().find(|p| p.number.contains("拆告")).unwrap();
    let announced = print(&node, id, notice.id).await;
    let posting = json!({
        "command": "serve", "paper": notice.id, "party": 1, "way": "posted", "at": node.app.now(),
        "note": "张贴在楼道入口处", "exhibits": [photo(&node, "posted").await],
    });
    node.done("officer-a1", id, posting).await;
    assert_eq!(print(&node, id, notice.id).await, announced, "as it was posted");
    approved(&node, id, json!({ "command": "demand", "party": 1, "note": "请履行" })).await;
    serve(&node, id).await;
    let steps: [Value; 4] = [
        json!({
            "command": "agree", "party": 1, "parts": 2, "first": "2027-01-15", "remedied": true, "reduced": 100,
            "note": "当事人已经恢复墙体，申请分阶段履行",
        }),
        json!({
            "command": "suspend", "party": 1, "ground": "unable", "harmless": true, "note": "当事人暂无履行能力",
        }),
        json!({ "command": "end_execution", "party": 1, "ground": "lost", "note": "执行标的灭失" }),
        json!({ "command": "revoke", "note": "主要事实不清" }),
    ];
    for step in steps {
        let name = step["command"].to_string();
        node.done("officer-a1", id, step).await;
        // What waits for approval can be looked at as a draft.
        let pending = view(&node, "leader", id).await.pending.pop().unwrap();
        assert!(pending.printable, "{name}");
        node.app.case_draft(&node.as_("officer-a1"), DocketId(id), pending.id).await.unwrap();
        if pending.wants_unit {
            let endorse = json!({ "command": "endorse", "proposal": pending.id, "agreed": true });
            node.done("captain-a", id, endorse).await;
        }
        let approve = json!({ "command": "approve", "proposal": pending.id, "agreed": true });
        node.done("leader", id, approve).await;
    }
    let papers = view(&node, "leader", id).await.papers;
    let of = |title: &str| papers.iter().filter(|p| p.title.contains(title)).collect::<Vec<_>>();
    let new = [of("更正"), of("执行协议"), of("中止执行"), of("终结执行"), of("撤销")].concat();
    assert_eq!(new.len(), 5, "{:?}", papers.iter().map(|p| p.title).collect::<Vec<_>>());
    for (paper, word) in new.iter().zip(["更正", "执协", "中执", "中执", "撤"]) {
        assert!(paper.number.contains(&format!("{word}字〔2026〕")), "{}", paper.number);
        let first = print(&node, id, paper.id).await;
        settings(&node, OTHER_COURT).await;
        assert_eq!(print(&node, id, paper.id).await, first, "{}", paper.title);
        assert!(same_as_issued(&node, id, paper.id, &first).await, "{}", paper.title);
        settings(&node, COURT).await;
    }
    // The file of the case has them all.
    let file = node.app.case_file(&node.as_("officer-a1"), DocketId(id), None).await.unwrap();
    assert!(file.pdf.starts_with(b"%PDF"));
    intact(&node).await;
}

pub async fn an_application_to_the_court_is_kept_as_it_was_handed_in(place: &Place) {
    let node = office(place).await;
    settings(&node, COURT).await;
    node.app.reached_at("https://lz.example.cn/");
    let id = decided(&node, NUMBER).await;
    let days = async |days: i64| {
        node.clock().advance(SignedDuration::from_hours(24 * days));
        node.app.tick().await.unwrap();
    };
    // Six months in which the party went to no court, then a demand that it did not follow (行政强制法 53, 54).
    days(183).await;
    approved(&node, id, json!({ "command": "demand", "party": 1, "note": "请履行" })).await;
    serve(&node, id).await;
    days(20).await;
    let compel = json!({
        "command": "compel", "party": 1, "kind": "court", "on": node.app.now(), "court": COURT, "note": "逾期未履行",
    });
    approved(&node, id, compel).await;
    let paper =
        view(&node, "leader", id).await.papers.into_iter().find(|p| p.number.contains("强申")).unwrap();
    let moved = async |agency: &str| {
        let mut settings = lianzhi_testkit::city::settings();
        settings.agency = agency.into();
        let record = lianzhi_procedure::register::Record::Settings(settings);
        node.app.put_register(&lianzhi_app::Caller::system(), record).await.unwrap();
    };
    moved("上海市青浦区城市管理综合执法局").await;
    let handed = print(&node, id, paper.id).await;
    let lodge = json!({
        "command": "lodge_court", "party": 1, "on": lianzhi_procedure::beijing_date(node.app.now()),
        "note": "递交立案庭", "exhibits": [photo(&node, "lodged").await],
    });
    node.done("officer-a1", id, lodge).await;
    moved("上海市青浦区综合行政执法局").await;
    days(3).await;
    assert_eq!(print(&node, id, paper.id).await, handed, "as the court has it");
    let kept = node.app.store().blobs.exhibits(&[lianzhi_docket::exhibit_digest(&handed)]).await.unwrap();
    assert_eq!(kept.len(), 1, "the bytes are in custody");
    intact(&node).await;
}

/// A service that seals by a line at the end, or is down.
#[derive(Default)]
struct Service {
    down: AtomicBool,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Seal for Service {
    async fn seal(&self, document: &ToSeal) -> Result<Bytes, SealError> {
        self.asked.lock().push(document.number.clone());
        if self.down.load(Ordering::SeqCst) {
            return Err(SealError::Slow(10));
        }
        Ok([document.pdf.as_ref(), b"\n% sealed"].concat().into())
    }
}

fn order(note: &str) -> Value {
    json!({ "command": "order", "party": 1, "note": note, "until": "2026-12-24" })
}

pub async fn a_signed_paper_is_sealed_at_once_and_what_the_service_missed_waits(place: &Place) {
    let node = office(place).await;
    settings(&node, COURT).await;
    let service = Arc::new(Service::default());
    node.app.seal_with(service.clone());
    let id = opened(&node, SMALL, "person", NUMBER).await;
    filed(&node, id).await;
    assert!(service.asked.lock().is_empty(), "what stays inside bears no seal");
    service.down.store(true, Ordering::SeqCst);
    // The order stands although nobody sealed it.
    node.done("officer-a1", id, order("恢复原状")).await;
    let paper = view(&node, "leader", id).await.papers.pop().unwrap();
    assert!(paper.to_seal);
    assert_eq!(*service.asked.lock(), std::slice::from_ref(&paper.number));
    let form = async || {
        let who = node.as_("officer-a1");
        node.app.folio_form(&who, DocketId(id), Folio::Paper(paper.id)).await.unwrap()
    };
    assert_eq!((form().await.to_seal, form().await.settled), (vec![1], None));
    let unsealed = print(&node, id, paper.id).await;
    assert!(!unsealed.ends_with(b"% sealed"), "it can be printed and stamped by hand meanwhile");
    let seal = json!({ "command": "seal", "paper": paper.id, "party": 1 });
    // The service is not even asked for who may not.
    let before = service.asked.lock().len();
    assert!(node.command("legal", id, seal.clone()).await.is_err());
    assert_eq!(service.asked.lock().len(), before);
    let refusal = node.command("officer-a1", id, seal.clone()).await.unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Busy);
    assert!(refusal.rule.contains("10 秒") && refusal.remedy.contains("打印后手工盖章"), "{refusal}");
    // Once it answers again, the same paper is sealed; what was sealed is what was issued.
    service.down.store(false, Ordering::SeqCst);
    node.done("officer-a1", id, seal.clone()).await;
    let sealed = print(&node, id, paper.id).await;
    assert!(sealed.starts_with(&unsealed) && sealed.ends_with(b"% sealed"));
    assert!(form().await.to_seal.is_empty() && form().await.settled.is_some());
    assert!(node.command("officer-a1", id, seal).await.is_err(), "sealed once");
    settings(&node, OTHER_COURT).await;
    serve(&node, id).await;
    assert_eq!(print(&node, id, paper.id).await, sealed);
    assert!(same_as_issued(&node, id, paper.id, &sealed).await);
    // It says who the party is: only who may know that gets it, by its digest and in a bundle too.
    let digest = Digest(Sha256::digest(&sealed).into());
    let has = async |who: &str| node.app.names_a_party(&node.as_(who), DocketId(id), &digest).await;
    assert!(has("officer-a1").await.unwrap() && has("auditor").await.is_err());
    assert!(node.app.bundle(&node.as_("auditor"), DocketId(id), false).await.is_err());
    // What is signed while it answers is sealed in the same moment.
    node.done("officer-a1", id, order("清运建筑垃圾")).await;
    let next = view(&node, "leader", id).await.papers.pop().unwrap();
    assert!(!next.to_seal);
    assert!(print(&node, id, next.id).await.ends_with(b"% sealed"));
    intact(&node).await;
}

async fn on_the_spot(node: &Node, id: i64, n: usize, size: Paper) -> Bytes {
    let printed = node.app.spot_paper(&node.as_("officer-a1"), DocketId(id), Some(n), size).await;
    printed.unwrap_or_else(|refusal| panic!("{n}: {refusal}")).pdf
}

pub async fn a_decision_on_the_spot_is_signed_on_the_screen_and_printed_the_same_for_ever(place: &Place) {
    let node = office(place).await;
    settings(&node, COURT).await;
    node.app.reached_at("https://lz.example.cn/");
    let id = begin(&node, Begun::Spot, sheet(&node, "张小三", NUMBER).await).await.unwrap().id.0;
    let blank = on_the_spot(&node, id, 1, Paper::A4).await;
    for signer in ["party", "officer", "second"] {
        let drawn = signature(&node, &format!("drawn-{signer}")).await;
        let draw = json!({ "command": "draw", "signer": signer, "exhibits": [drawn] });
        node.done("officer-a1", id, draw).await;
    }
    let signed = on_the_spot(&node, id, 1, Paper::A4).await;
    assert_ne!(signed, blank, "the signatures stand on it");
    let roll = on_the_spot(&node, id, 1, Paper::Roll80).await;
    node.done("officer-a1", id, json!({ "command": "hand" })).await;
    // Reported, paid late, the agency moved: what the party has in its hands is printed the same.
    node.done("officer-a2", id, json!({ "command": "lodge" })).await;
    settings(&node, OTHER_COURT).await;
    node.clock().advance(SignedDuration::from_hours(24 * 17));
    node.app.tick().await.unwrap();
    node.done("officer-a1", id, json!({ "command": "demand", "note": "请缴纳罚款" })).await;
    assert_eq!(on_the_spot(&node, id, 1, Paper::A4).await, signed);
    assert_eq!(on_the_spot(&node, id, 1, Paper::Roll80).await, roll);
    for pdf in [&signed, &roll] {
        assert!(same_as_issued(&node, id, 1, pdf).await);
    }
    assert!(!same_as_issued(&node, id, 1, &blank).await, "what nobody signed was not issued");
    // The demand is a paper of its own.
    let demand =
        node.app.spot_paper(&node.as_("officer-a1"), DocketId(id), Some(2), Paper::A4).await.unwrap();
    assert!(demand.name.contains("催字") && demand.pdf != signed, "{}", demand.name);

    // Whoever will not sign: the paper says so, with the witness, from the moment in which it is handed over.
    let other = sheet(&node, "李四", "310118199001010022").await;
    let other = begin(&node, Begun::Spot, other).await.unwrap().id.0;
    let before = on_the_spot(&node, other, 1, Paper::A4).await;
    let refused = json!({ "command": "hand", "refused": true, "note": "居委会李某在场见证" });
    node.done("officer-a1", other, refused).await;
    let noted = on_the_spot(&node, other, 1, Paper::A4).await;
    assert_ne!(noted, before);
    settings(&node, COURT).await;
    assert_eq!(on_the_spot(&node, other, 1, Paper::A4).await, noted);
    assert!(same_as_issued(&node, other, 1, &noted).await);
    // Time that is given to pay has a paper of its own.
    let first = lianzhi_procedure::beijing_date(node.app.now()).saturating_add(jiff::Span::new().days(40));
    let later = json!({ "command": "ask_later", "parts": 2, "first": first, "note": "失业，有证明" });
    node.done("officer-a1", other, later).await;
    node.done("leader", other, json!({ "command": "answer_later", "agreed": true })).await;
    let granted =
        node.app.spot_paper(&node.as_("officer-a1"), DocketId(other), Some(7), Paper::A4).await.unwrap();
    assert!(granted.name.contains("缴字") && granted.pdf.starts_with(b"%PDF"), "{}", granted.name);
    let late = json!({ "command": "add", "note": "录像", "exhibits": [photo(&node, "film").await] });
    node.done("officer-a1", other, late).await;
    intact(&node).await;
}

pub async fn a_slip_is_printed_the_same_for_ever_and_checked(place: &Place) {
    let node = office(place).await;
    settings(&node, COURT).await;
    node.app.reached_at("https://lz.example.cn/");
    let id = begin(&node, Begun::Slip, tip()).await.unwrap().id.0;
    let first = on_the_spot(&node, id, 1, Paper::Roll58).await;
    let page = on_the_spot(&node, id, 1, Paper::A4).await;
    let again =
        json!({ "command": "give_again", "level": "warning", "note": "请立即驶离", "until": "2026-11-30" });
    node.done("officer-a1", id, again).await;
    let second = on_the_spot(&node, id, 2, Paper::Roll58).await;
    assert_ne!(first, second);
    settings(&node, OTHER_COURT).await;
    let mut moved = lianzhi_testkit::city::settings();
    moved.agency = "上海市青浦区城市管理综合执法局".into();
    node.app
        .put_register(&lianzhi_app::Caller::system(), lianzhi_procedure::register::Record::Settings(moved))
        .await
        .unwrap();
    for (n, pdf, size) in [(1, &first, Paper::Roll58), (1, &page, Paper::A4), (2, &second, Paper::Roll58)] {
        assert_eq!(&on_the_spot(&node, id, n, size).await, pdf);
        let n = u16::try_from(n).unwrap();
        assert!(same_as_issued(&node, id, n, pdf).await);
        assert!(!same_as_issued(&node, id, n, &Bytes::from_static(b"%PDF- forged")).await);
    }
    let record = node.app.matter(&node.as_("officer-a1"), DocketId(id)).await.unwrap().record;
    let kept = record.iter().filter(|line| line.title.contains("打印件入卷")).count();
    assert_eq!(kept, 2, "each once, however often it is printed");
    intact(&node).await;
}
