//! Decisions on the spot and slips through the application: kept, found by whom they concern, handed on, and the same when all
//! is made anew.

use crate::kit::{intact, photo};
use crate::penalty::{office, party, with};
use lianzhi_app::rebuild::rebuild;
use lianzhi_app::spot::{Begun, sheet_of, slips_of};
use lianzhi_app::{Done, ListQuery};
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_paper::Paper;
use lianzhi_procedure::directory::PaperSettings;
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{EarlierKind, Refusal};
use lianzhi_testkit::{Node, Place, city};
use serde_json::{Value, json};

const PARKING: &str = "CL-01";
const NUMBER: &str = "310118199001010011";

pub async fn begin(node: &Node, what: Begun, json: Value) -> Result<Done, Refusal> {
    node.app.begin(&node.as_("officer-a1"), what, json, None).await
}

/// A whole form, told and heard.
pub async fn sheet(node: &Node, name: &str, number: &str) -> Value {
    // The name of an upload is plain letters.
    let whose: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    let evidence = photo(node, &format!("evidence-{whose}-{number}")).await;
    let form = json!({
        "kind": "person", "item": PARKING, "from": "2026-11-23", "facts": "占用人行道停放", "place": "漕平路 118 号门前",
        "second": "officer-a2", "shown": true, "told": true, "heard": true, "fine": 10_000, "tier": "ordinary",
        "exhibits": [evidence],
    });
    with(form, party(name, number))
}

pub fn tip() -> Value {
    let slip = json!({
        "level": "tip", "kind": "person", "item": PARKING, "place": "漕平路 118 号门前", "note": "请驶离",
        "until": "2026-11-30",
    });
    with(slip, party("张小三", NUMBER))
}

pub async fn a_decision_on_the_spot_is_kept_provable_and_the_same_made_anew(place: &Place) {
    let node = office(place).await;
    let report = node.report("车停在人行道上", 0).await;
    let form = with(sheet(&node, "张小三", NUMBER).await, json!({ "from_matter": report.number }));
    let done = begin(&node, Begun::Spot, form).await.unwrap();
    let id = done.id.0;
    assert_eq!(done.number, "沪青当罚字〔2026〕squad-a-000001号");
    assert_eq!(done.events[..4], ["opened", "told", "heard", "imposed"]);
    let signed = photo(&node, "signed").await;
    node.done("officer-a1", id, json!({ "command": "hand", "exhibits": [signed] })).await;
    node.done("officer-a2", id, json!({ "command": "lodge" })).await;
    let row = node.row(id).await;
    assert_eq!(
        (row.stage.as_str(), row.title.as_str(), row.address.as_str()),
        ("performing", "占用人行道停放", "漕平路 118 号门前")
    );
    let view = node.app.matter(&node.as_("officer-a1"), done.id).await.unwrap();
    assert_eq!(sheet_of(&view.state).unwrap().opening.origin, Some(DocketId(report.id)));
    assert!(view.record.iter().any(|line| line.title.contains("当场处罚：罚款 100 元")));
    assert!(view.clocks.iter().any(|clock| clock.term == "pay.fine"));
    // Fifteen days later its clock speaks by itself, once.
    node.clock().advance(jiff::SignedDuration::from_hours(24 * 17));
    node.app.tick().await.unwrap();
    node.app.tick().await.unwrap();
    assert!(node.row(id).await.overdue);
    let all = ListQuery { kind: Some("spot".into()), ..ListQuery::default() };
    let rows = async || node.app.list(&node.as_("dispatcher"), &all, None, 50).await.unwrap().rows;
    let earlier = async || node.app.earlier_of(&node.as_("officer-a1"), NUMBER).await.unwrap();
    let before = (rows().await, earlier().await);
    assert_eq!((before.0.len(), before.1.len()), (1, 1));
    rebuild(node.app.store(), &node.life.keys, &NodeCode::parse(city::NODE).unwrap(), |_, _| {})
        .await
        .unwrap();
    node.app.reload().await.unwrap();
    assert_eq!((rows().await, earlier().await), before);
    intact(&node).await;
    // On paper stands what the agency says of itself; as long as it says nothing, it is told what is missing.
    let mut settings = city::settings();
    settings.papers = PaperSettings::default();
    node.app.put_register(&lianzhi_app::Caller::system(), Record::Settings(settings)).await.unwrap();
    let print = async |size| node.app.spot_paper(&node.as_("officer-a1"), done.id, None, size).await;
    let missing = print(Paper::Roll80).await.unwrap_err();
    assert!(missing.rule.contains("复议") && missing.remedy.contains("设置"), "{missing}");
    let mut settings = city::settings();
    settings.papers = PaperSettings {
        phone: "021-59720000".into(),
        address: "公园路 100 号".into(),
        reconsideration: "青浦区人民政府".into(),
        court: "上海铁路运输法院".into(),
        pay_ways: vec!["持本决定书到工商银行任一网点".into()],
    };
    node.app.put_register(&lianzhi_app::Caller::system(), Record::Settings(settings)).await.unwrap();
    for size in [Paper::A4, Paper::Roll80, Paper::Roll58] {
        let printed = print(size).await.unwrap();
        assert!(printed.pdf.starts_with(b"%PDF") && printed.name.contains("当罚字"), "{}", printed.name);
    }
    let other = node.app.spot_paper(&node.as_("officer-b1"), done.id, None, Paper::A4).await;
    assert!(other.is_err(), "another squad does not read who it was");
}

pub async fn what_a_party_got_before_counts_wherever_it_got_it(place: &Place) {
    let node = office(place).await;
    let slip = begin(&node, Begun::Slip, tip()).await.unwrap();
    assert_eq!(slip.number, "沪青提示字〔2026〕1号");
    let earlier =
        async || node.app.earlier_of(&node.as_("officer-a1"), "310118-1990 0101 0011").await.unwrap();
    assert_eq!(earlier().await.iter().map(|e| e.kind).collect::<Vec<_>>(), [EarlierKind::Tip]);
    // It goes on as a decision on the spot, which takes the slip over.
    let form = with(sheet(&node, "张小三", NUMBER).await, json!({ "from_matter": slip.number }));
    let done = begin(&node, Begun::Spot, form).await.unwrap();
    let view = node.app.matter(&node.as_("officer-a1"), slip.id).await.unwrap();
    assert_eq!(slips_of(&view.state).unwrap().over.unwrap().1, Some(done.id));
    assert_eq!(view.joined.iter().map(|row| row.id).collect::<Vec<_>>(), [done.id]);
    assert_eq!(earlier().await.len(), 2);
    // The same act is fined once: not again on the spot, and not in a case either.
    let again = begin(&node, Begun::Spot, sheet(&node, "张三", NUMBER).await).await.unwrap_err();
    assert_eq!((again.code, again.source_text.as_str()), ("once-only", "行政处罚法第二十九条"));
    // Somebody else, or somebody without a number, is another.
    begin(&node, Begun::Spot, sheet(&node, "李四", "310118199001010022").await).await.unwrap();
    begin(&node, Begun::Spot, sheet(&node, "无证件", "").await).await.unwrap();
    let nobody = node.app.earlier_of(&node.as_("dispatcher"), NUMBER).await.unwrap_err();
    assert_eq!(nobody.code, "not-permitted");
    intact(&node).await;
}

pub async fn disputed_facts_become_a_case_with_all_that_was_entered(place: &Place) {
    let node = office(place).await;
    let form = with(sheet(&node, "张小三", NUMBER).await, json!({ "heard": false }));
    let done = begin(&node, Begun::Spot, form).await.unwrap();
    let id = done.id.0;
    node.done("officer-a1", id, json!({ "command": "hear", "disputed": true })).await;
    let refused = node.command("officer-a1", id, json!({ "command": "impose" })).await.unwrap_err();
    assert_eq!(refused.code, "disputed");
    node.done("officer-a1", id, json!({ "command": "go_over", "note": "当事人有异议" })).await;
    let view = node.app.matter(&node.as_("officer-a1"), done.id).await.unwrap();
    let [case] = view.joined.as_slice() else { panic!("{:?}", view.joined) };
    assert_eq!((case.kind.as_str(), case.stage.as_str(), case.source.as_str()), ("penalty", "lead", "spot"));
    assert!(case.title.contains("机动车") && case.address.contains("漕平路"), "{}", case.title);
    let whose = node.app.party_particulars(&node.as_("legal"), case.id, 1, "核实").await.unwrap();
    assert_eq!((whose.name.as_str(), whose.id_number.as_str()), ("张小三", NUMBER));
    // What was told binds, what was disputed is to be answered, and who handled it reviews nothing.
    let over = node.app.matter(&node.as_("officer-a1"), case.id).await.unwrap();
    let lianzhi_procedure::AnyState::Penalty(state) = &over.state else { panic!() };
    let over = state.case().unwrap();
    let said = &over.parties[0].rights.statements;
    assert_eq!((over.told_before.len(), said.len(), over.handled_by.len() >= 2), (1, 1, true));
    assert!(said[0].answer.is_none());
    // A slip that was not followed does the same.
    let slip = begin(&node, Begun::Slip, with(tip(), party("王五", "310118199001010033"))).await.unwrap();
    node.done("officer-a1", slip.id.0, json!({ "command": "reinspect", "done": false, "note": "仍在" }))
        .await;
    node.done("officer-a1", slip.id.0, json!({ "command": "go_over" })).await;
    let view = node.app.matter(&node.as_("officer-a1"), slip.id).await.unwrap();
    assert_eq!(view.joined.len(), 1);
    assert_eq!(node.row(slip.id.0).await.stage, "over");
    intact(&node).await;
}

pub async fn a_slip_is_of_one_party_comes_back_and_hands_on_its_day_and_files(place: &Place) {
    let node = office(place).await;
    let before = photo(&node, "before").await;
    let slip = begin(&node, Begun::Slip, with(tip(), json!({ "exhibits": [before] }))).await.unwrap();
    // Somebody else, or something else, did not get this slip.
    let other = with(sheet(&node, "李四", "310118199001010022").await, json!({ "from_matter": slip.number }));
    let refusal = begin(&node, Begun::Spot, other).await.unwrap_err();
    assert!(refusal.field == Some("from_matter") && refusal.rule.contains("当事人"), "{refusal}");
    let form = sheet(&node, "张小三", NUMBER).await;
    let form = with(form, json!({ "from_matter": slip.number, "told": false, "heard": false }));
    let done = begin(&node, Begun::Spot, form).await.unwrap();
    assert_eq!(node.row(slip.id.0).await.stage, "over");
    // The form came to nothing, and the slip is as it was.
    node.done("officer-a1", done.id.0, json!({ "command": "void", "note": "填错" })).await;
    assert_eq!(node.row(slip.id.0).await.stage, "given");
    node.clock().advance(jiff::SignedDuration::from_hours(24 * 9));
    let after = photo(&node, "after").await;
    let looked = json!({ "command": "reinspect", "done": false, "note": "仍在", "exhibits": [after] });
    node.done("officer-a1", slip.id.0, looked).await;
    // No further tip for the same party and item.
    assert_eq!(begin(&node, Begun::Slip, tip()).await.unwrap_err().code, "no-more-tips");
    node.done("officer-a1", slip.id.0, json!({ "command": "go_over" })).await;
    let view = node.app.matter(&node.as_("officer-a1"), slip.id).await.unwrap();
    let case = view.joined.iter().find(|row| row.kind == "penalty").unwrap();
    let view = node.app.matter(&node.as_("officer-a1"), case.id).await.unwrap();
    let lianzhi_procedure::AnyState::Penalty(state) = &view.state else { panic!() };
    let case = state.case().unwrap();
    assert_eq!(case.violations[0].from.to_string(), "2026-11-23", "the day of the slip, not today");
    let files: Vec<_> = view.record.iter().flat_map(|line| line.exhibits.clone()).collect();
    assert!(files.contains(&before) && files.contains(&after), "every file goes on");
    intact(&node).await;
}

pub async fn a_spot_decision_under_review_is_listed_with_what_is_at_court_and_what_mends_it_is_printed(
    place: &Place,
) {
    let node = office(place).await;
    let done = begin(&node, Begun::Spot, sheet(&node, "张小三", NUMBER).await).await.unwrap();
    let id = done.id.0;
    let signed = photo(&node, "signed").await;
    node.done("officer-a1", id, json!({ "command": "hand", "exhibits": [signed] })).await;
    node.done("legal", id, json!({ "command": "appeal", "kind": "reconsideration", "on": "2026-11-23" }))
        .await;
    let rows = node.app.at_court(&node.as_("legal")).await.unwrap();
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert!(row.id == id && row.ours && row.term.contains("复议答复"), "{row:?}");
    node.done("legal", id, json!({ "command": "reply_remedy", "note": "答复书、证据目录" })).await;
    node.done(
        "legal",
        id,
        json!({ "command": "end_appeal", "end": "upheld", "on": "2026-11-23", "note": "维持" }),
    )
    .await;
    assert!(node.app.at_court(&node.as_("legal")).await.unwrap().is_empty());
    let mend = json!({ "command": "correct", "note": "错别字", "wrong": "118 号", "right": "181 号" });
    node.done("officer-a1", id, mend).await;
    node.done("leader", id, json!({ "command": "withdraw", "note": "认定事实有误" })).await;
    let print = async |id, n| node.app.spot_paper(&node.as_("officer-a1"), id, Some(n), Paper::A4).await;
    for (n, word) in [(4, "撤字"), (5, "更正字")] {
        let printed = print(done.id, n).await.unwrap();
        assert!(printed.pdf.starts_with(b"%PDF") && printed.name.contains(word), "{}", printed.name);
    }
    // Not punished: the promise to sign before, and the decision with its number.
    let form = sheet(&node, "王五", "310118199001010033").await;
    let form = with(form, json!({ "told": false, "heard": false }));
    let open = begin(&node, Begun::Spot, form).await.unwrap();
    assert!(print(open.id, 6).await.unwrap().pdf.starts_with(b"%PDF"));
    let promise = photo(&node, "promise").await;
    let spare = json!({
        "command": "spare", "ground": "minor", "note": "停放不足五分钟", "education": "讲解规定", "promise": "2026-11-30",
        "exhibits": [promise],
    });
    node.done("officer-a1", open.id.0, spare).await;
    let printed = print(open.id, 1).await.unwrap();
    assert!(printed.pdf.starts_with(b"%PDF") && printed.name.contains("不罚字"), "{}", printed.name);
    assert!(print(open.id, 6).await.is_ok());
    intact(&node).await;
}
