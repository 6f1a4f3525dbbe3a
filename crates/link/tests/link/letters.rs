//! Letters are the same on paper at both ends.

use lianzhi_app::Caller;
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_prints_the_same_at_its_sender_and_at_its_receiver_and_again() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("the matter arrives", async || b.docket_of(a, id).await.is_some()).await;
    let there = b.docket_of(a, id).await.unwrap();
    let founder = NodeCode::parse("310118").unwrap();
    let reader = Caller::system();
    let print = async |site: &Site, docket| site.node.app.letter(&reader, docket, &founder, 0).await.unwrap();
    let (sent, received) = (print(a, id).await, print(b, there).await);
    assert!(sent.pdf.starts_with(b"%PDF"));
    assert!(sent.name.contains("移字〔2026〕1号"), "{}", sent.name);
    assert_eq!(sent.pdf, received.pdf);
    assert_eq!(sent.pdf, print(a, id).await.pdf, "what was printed once is kept");
    // What is no letter is not printed.
    b.done("liaison", there, json!({ "command": "register" })).await;
    let theirs = NodeCode::parse("320509").unwrap();
    assert!(b.node.app.letter(&reader, there, &theirs, 0).await.is_err());
}

/// Prints what was said at both ends; the same bytes, whose metadata name the template.
async fn printed(f: &Federation, ids: [DocketId; 2], node: &str, act: &str) -> String {
    let node = NodeCode::parse(node).unwrap();
    let reader = Caller::system();
    let view = f.sites[0].node.app.matter(&reader, ids[0]).await.unwrap().shared.unwrap();
    let step = view.steps.iter().find(|s| s.act == act && s.node == node.as_str());
    let seq = step.unwrap_or_else(|| panic!("nobody said {act}")).seq;
    assert!(view.letters.iter().any(|l| l.node == node.as_str() && l.seq == seq), "{act} is in the list");
    let mut pdfs = Vec::new();
    for (site, id) in f.sites.iter().zip(ids) {
        pdfs.push(site.node.app.letter(&reader, id, &node, seq).await.unwrap().pdf);
    }
    assert_eq!(pdfs[0], pdfs[1], "{act}");
    let text = String::from_utf8_lossy(&pdfs[0]).into_owned();
    let at = text.find("模板 ").unwrap_or_else(|| panic!("{act}: no template is named"));
    text[at..].trim_start_matches("模板 ").chars().take_while(|c| *c != '/').collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_warnings_talks_petitions_and_consents_print_as_documents_of_their_own() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let (ours, theirs) = ("310118", "320509");
    let digest = crate::exhibits::deposit(&f.sites[0], "u1", b"\x89PNG\r\n\x1a\nphoto".to_vec()).await;
    let two = ["王某（执法证 310118001）", "李某（执法证 310118002）"];
    let send = async |kind, letter| {
        let id = f.sites[0].send(kind, &[theirs], letter).await.unwrap();
        until("the matter arrives", async || f.sites[1].docket_of(&f.sites[0], id).await.is_some()).await;
        let there = f.sites[1].docket_of(&f.sites[0], id).await.unwrap();
        f.sites[1].done("liaison", there, json!({ "command": "register" })).await;
        f.sites[1].done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
        [id, there]
    };
    let at_both = async |ids: [DocketId; 2], n: usize| {
        until("both have said and heard it", async || {
            let mut heard = Vec::new();
            for (site, id) in f.sites.iter().zip(ids) {
                heard.push(
                    site.node.app.matter(&Caller::system(), id).await.unwrap().shared.unwrap().steps.len(),
                );
            }
            heard == [n, n]
        })
        .await;
    };
    let sign = async |site: &Site, id| {
        site.done("reviewer", id, json!({ "command": "review", "agreed": true })).await;
        site.done("leader", id, json!({ "command": "sign", "agreed": true })).await;
    };

    let taken = json!([{ "exhibit": digest, "name": "现场照片", "takers": two }]);
    let goods = json!([{ "name": "渣土车", "quantity": 1, "unit": "辆", "measure": "沪青扣字〔2026〕7号" }]);
    let letter = json!({ "exhibits": [digest], "taken": taken, "goods": goods, "subject": "货车沪A" });
    let ids = send(Kind::Evidence, letter).await;
    f.sites[0].done("handler", ids[0], json!({ "command": "give_goods" })).await;
    at_both(ids, 4).await;
    f.sites[1].done("handler", ids[1], json!({ "command": "take_goods", "note": "轮胎磨损" })).await;
    at_both(ids, 5).await;
    assert_eq!(printed(&f, ids, ours, "open").await, "evidence_transfer");
    assert_eq!(printed(&f, ids, theirs, "goods_taken").await, "goods_handover");
    // What one officer took alone is material: it goes with a letter.
    let alone = json!([{ "exhibit": digest, "name": "现场照片", "takers": [two[0]] }]);
    let ids = send(Kind::Evidence, json!({ "exhibits": [digest], "taken": alone })).await;
    assert_eq!(printed(&f, ids, ours, "open").await, "letter");

    let ids = send(Kind::Bulletin, json!({ "bulletin": "widespread", "subject": "货车沪A" })).await;
    assert_eq!(printed(&f, ids, ours, "open").await, "bulletin");

    let letter = json!({ "away": "inspect", "officers": two, "place": "黎里镇" });
    let ids = send(Kind::Away, letter).await;
    let grant = json!({ "command": "grant", "note": "限检查和询问。", "until": "2026-12-31T00:00:00Z" });
    f.sites[1].done("handler", ids[1], grant).await;
    sign(&f.sites[1], ids[1]).await;
    at_both(ids, 4).await;
    assert_eq!(printed(&f, ids, ours, "open").await, "letter");
    assert_eq!(printed(&f, ids, theirs, "granted").await, "authorisation");

    // Over a matter of the own office, whichever it is.
    let over = f.sites[0].node.row(ids[0].0).await.number;
    let ids = send(Kind::Dispute, json!({ "over": over })).await;
    let record = json!({ "command": "negotiate", "competent": theirs, "note": "11 月 23 日电话协商。" });
    f.sites[1].done("handler", ids[1], record).await;
    at_both(ids, 4).await;
    // Nobody knows yet what came of the talks: nothing is printed of them.
    let view = f.sites[0].node.app.matter(&Caller::system(), ids[0]).await.unwrap().shared.unwrap();
    let step = view.steps.iter().find(|step| step.act == "negotiated").unwrap();
    assert!(view.letters.iter().all(|l| (l.node.as_str(), l.seq) != (theirs, step.seq)));
    let early = NodeCode::parse(theirs).unwrap();
    assert!(f.sites[0].node.app.letter(&Caller::system(), ids[0], &early, step.seq).await.is_err());
    f.sites[0].done("handler", ids[0], json!({ "command": "answer_negotiation", "agreed": false })).await;
    at_both(ids, 5).await;
    let up = json!({ "command": "report_up", "to": "国务院有关部门", "note": "请指定管辖。" });
    f.sites[0].done("handler", ids[0], up).await;
    sign(&f.sites[0], ids[0]).await;
    at_both(ids, 6).await;
    assert_eq!(printed(&f, ids, theirs, "negotiated").await, "jurisdiction_talks");
    assert_eq!(printed(&f, ids, ours, "reported_up").await, "jurisdiction_petition");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_much_moves_nobody_gets_more_than_one_digest_a_day() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    let [a, b] = &f.sites[..] else { panic!() };
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.push(a.send(Kind::Lead, &["320509"], json!({})).await.unwrap());
    }
    for id in &sent {
        until("the matter arrives", async || b.docket_of(a, *id).await.is_some()).await;
        let there = b.docket_of(a, *id).await.unwrap();
        b.done("liaison", there, json!({ "command": "register" })).await;
        b.done("liaison", there, json!({ "command": "assign", "person": "handler" })).await;
    }
    // Some fifty entries at the two members; three mornings pass.
    let mut digests = Vec::new();
    for _ in 0..3 {
        f.clock.advance(jiff::SignedDuration::from_hours(24));
        for who in ["liaison", "handler"] {
            let person = b.node.app.directory().by_login(who).unwrap().clone();
            let caller = Caller::person(person, "127.0.0.1");
            let digest = b.node.app.digest(&caller, None).await.unwrap();
            assert_eq!(digest, b.node.app.digest(&caller, None).await.unwrap(), "asked twice, the same");
            digests.push((who, digest));
        }
    }
    // One for each person and day; what moved is in the first and in no other.
    let mut named: Vec<_> = digests.iter().map(|(who, d)| (*who, d.day)).collect();
    named.sort();
    named.dedup();
    assert_eq!(named.len(), 6);
    for who in ["liaison", "handler"] {
        let items: Vec<usize> =
            digests.iter().filter(|(w, _)| *w == who).map(|(_, d)| d.items.len()).collect();
        assert_eq!(items, [4, 0, 0], "{who}");
    }
}
