//! Things in custody: put in, moved, out and back, announced, gone; each rule named by its article. 上海市城市管理行政执法条例 is SH.

use super::kit::*;
use lianzhi_procedure::penalty::{Disposal, Event, Scope, Settlement, Term, ThingState};
use lianzhi_procedure::{LedgerKind, Procedure};

fn put_in(from: &str, measure: Option<u16>, perishable: bool) -> serde_json::Value {
    json!({
        "command": "put_in", "from": from, "measure": measure, "kind": "vehicle", "name": "三轮车一辆，蓝色", "shelf": "一号库 A-03",
        "perishable": perishable, "exhibits": photo(),
    })
}

fn dispose(how: &str, proceeds: Option<i64>) -> serde_json::Value {
    json!({
        "command": "dispose", "thing": 1, "how": how, "second": "officer-a2", "proceeds": proceeds, "note": "当事人领取",
        "exhibits": photo(),
    })
}

fn announce(what: &str, days: Option<u32>) -> serde_json::Value {
    json!({ "command": "announce", "thing": 1, "what": what, "days": days, "note": "张贴并上网", "exhibits": photo() })
}

/// A case with a seized thing in store.
pub fn seized(perishable: bool) -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    let seize = json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "三轮车一辆", "second": "officer-a2", "note": "占道经营",
        "exhibits": photo(), "urgent": false,
    });
    case.approved("officer-a1", seize);
    case.serve_last();
    case.ok("officer-a1", put_in("measure", Some(1), perishable));
    case
}

/// The same after the leader lifted the seizure.
fn released() -> Docket {
    let mut case = seized(false);
    case.hours(2);
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "已查清" }),
    );
    case.serve_last();
    case
}

/// The same after its penalty, by which the things are confiscated.
fn confiscated() -> Docket {
    let mut case = decided_with_goods();
    case.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "confiscated", "note": "依决定" }),
    );
    case.serve_last();
    case
}

/// Decided to be confiscated, and not settled yet.
fn decided_with_goods() -> Docket {
    let mut case = seized(false);
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", with(charge(200_000), "goods", json!(true)));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.ok("leader", discuss());
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.serve_last();
    case
}

/// Lives in which every act of custody happens, for the golden events.
pub fn lives() -> Vec<Docket> {
    let mut early = seized(true);
    early.ok("officer-a1", announce("perishable", None));
    early.days(3);
    early.tick();
    early.approved(
        "officer-a1",
        json!({ "command": "dispose_early", "thing": 1, "how": "sold", "note": "将腐烂" }),
    );
    early.ok("officer-a1", dispose("sold", Some(12_345)));
    early.approved(
        "officer-a1",
        json!({ "command": "settle", "measure": 1, "how": "returned", "note": "已查清" }),
    );
    early.ok("officer-a1", with(pay_over(), "on", json!("2026-11-26")));
    vec![early]
}

fn pay_over() -> serde_json::Value {
    json!({
        "command": "pay_over", "thing": 1, "on": "2026-11-30", "reference": "转 1", "note": "付给当事人", "exhibits": photo(),
    })
}

#[test]
fn 国家赔偿法36_things_confiscated_by_a_decision_that_fell_go_back_and_nowhere_else() {
    let mut case = confiscated();
    case.approved("officer-a1", json!({ "command": "revoke", "note": "主体认定错误" }));
    let file = case.case().thing(1).unwrap().clone();
    assert!(case.case().release_due(&file).is_some(), "to be given back at once");
    let todos = lianzhi_procedure::penalty::Penalty::summary(&case.state).todos;
    assert!(todos.iter().any(|t| t.what == "dispose"));
    for (how, proceeds) in
        [("destroyed", None), ("sold", Some(100)), ("surrendered", None), ("handed_over", None)]
    {
        assert_eq!(case.refused("officer-a1", dispose(how, proceeds)).field, Some("how"), "{how}");
    }
    case.ok("officer-a1", dispose("returned", None));
}

#[test]
fn 国家赔偿法36_nothing_is_taken_any_more_once_the_decision_fell() {
    let mut case = decided_with_goods();
    let settle = |how: &str| json!({ "command": "settle", "measure": 1, "how": how, "note": "处理" });
    case.ok("officer-a1", settle("confiscated"));
    let asked = case.case().pending[0].clone();
    if case.case().wants_unit(&asked.proposal) {
        case.ok("captain-a", json!({ "command": "endorse", "proposal": asked.id, "agreed": true }));
    }
    case.approved("officer-a1", json!({ "command": "revoke", "note": "主体认定错误" }));
    let first = case.case().pending.first().unwrap().id;
    let approve = json!({ "command": "approve", "proposal": first, "agreed": true });
    case.against("国家赔偿法第三十六条", "leader", approve);
    case.ok("officer-a1", json!({ "command": "unpropose", "proposal": first }));
    case.against("国家赔偿法第三十六条", "officer-a1", settle("destroyed"));
    case.ok("officer-a1", settle("returned"));
}

#[test]
fn 行政处罚法74_of_several_parties_only_things_entered_for_the_one_are_confiscated_with_its_goods() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("officer-a1", put_in("received", None, false));
    case.ok("officer-a1", with(put_in("received", None, false), "party", json!(1)));
    case.ok("officer-a1", with(put_in("received", None, false), "party", json!(2)));
    case.refused("officer-a1", with(put_in("received", None, false), "party", json!(3)));
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", with(charge(200_000), "goods", json!(true)));
    case.ok("officer-a1", with(charge(500_000), "party", json!(2)));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.ok("officer-a1", json!({ "command": "waive", "party": 2, "exhibits": photo() }));
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.ok("leader", discuss());
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let taken = |id: u16| case.case().taken(&case.case().thing(id).unwrap().thing);
    assert_eq!([taken(1), taken(2), taken(3)], [false, true, false]);
}

#[test]
fn cfa_74_what_came_without_a_measure_goes_back_to_its_owner_unless_it_is_confiscated() {
    for from in ["received", "sample"] {
        let mut case = Docket::filed(SMALL, "person");
        case.ok("officer-a1", put_in(from, None, false));
        for (how, proceeds) in
            [("destroyed", None), ("handed_over", None), ("sold", Some(1)), ("surrendered", None)]
        {
            assert_eq!(case.refused("officer-a1", dispose(how, proceeds)).field, Some("how"), "{from} {how}");
        }
        assert_eq!(case.refused("officer-a1", announce("claim", None)).code, "not-told");
        case.ok("officer-a1", dispose("returned", None));
    }
}

#[test]
fn 行政强制法28_what_was_sold_early_is_owed_to_the_party_once_nothing_can_be_taken() {
    let mut case = seized(true);
    case.ok("officer-a1", announce("perishable", None));
    case.days(3);
    case.tick();
    let early = |how: &str| json!({ "command": "dispose_early", "thing": 1, "how": how, "note": "将腐烂" });
    let refusal = case.against("上海市城市管理行政执法条例", "officer-a1", early("destroyed"));
    assert_eq!(refusal.field, Some("unsaleable"), "what can be sold is not destroyed");
    case.approved("officer-a1", early("sold"));
    case.ok("officer-a1", dispose("sold", Some(12_345)));
    assert_eq!(case.refused("officer-a1", pay_over()).code, "no-proceeds", "the case leaves it open");
    let settle = json!({ "command": "settle", "measure": 1, "how": "returned", "note": "已查清" });
    case.approved("officer-a1", settle);
    let summary = lianzhi_procedure::penalty::Penalty::summary(&case.state);
    assert!(summary.todos.iter().any(|t| t.what == "pay_over"));
    let sum = |kind| {
        let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
        books.iter().filter(|l| l.what == kind).map(|l| l.fen).sum::<i64>()
    };
    assert_eq!((sum(LedgerKind::ToReturn), sum(LedgerKind::Refunded)), (12_345, 0));
    let on = lianzhi_procedure::beijing_date(case.now).to_string();
    case.ok("officer-a1", with(pay_over(), "on", json!(on)));
    let books = lianzhi_procedure::penalty::Penalty::summary(&case.state);
    assert!(books.ledger.iter().any(|l| l.what == LedgerKind::Refunded && l.fen == 12_345));
    assert!(!books.todos.iter().any(|t| t.what == "pay_over"));
    assert_eq!(case.refused("officer-a1", pay_over()).code, "no-proceeds");
}

#[test]
fn 行政处罚法74_what_confiscated_things_brought_goes_to_the_treasury_and_back_when_the_decision_falls() {
    let mut case = confiscated();
    case.ok("officer-a1", dispose("sold", Some(80_001)));
    case.ok("officer-a1", with(pay_over(), "on", json!("2026-11-23")));
    let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
    assert!(books.iter().any(|l| l.what == LedgerKind::Remitted && l.fen == 80_001));
    case.approved("officer-a1", json!({ "command": "revoke", "note": "主体认定错误" }));
    let missing =
        case.with_facts("officer-a1", |facts| lianzhi_procedure::penalty::missing(case.case(), facts));
    assert!(missing.iter().any(|r| r.code == "proceeds-owed"), "{missing:?}");
    case.ok("officer-a1", with(pay_over(), "on", json!("2026-11-23")));
    let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
    assert!(books.iter().any(|l| l.what == LedgerKind::Refunded && l.fen == 80_001));
}

#[test]
fn chain_of_custody_says_where_a_thing_is_and_who_had_it() {
    let mut case = seized(false);
    assert_eq!(case.case().thing(1).unwrap().state(), ThingState::Stored);
    case.ok("officer-a1", json!({ "command": "shift", "thing": 1, "shelf": "一号库 B-01" }));
    assert_eq!(case.case().thing(1).unwrap().shelf(), "一号库 B-01");
    let out = json!({ "command": "take_out", "thing": 1, "why": "test", "second": "officer-a2", "note": "送检测站" });
    case.ok("officer-a1", out.clone());
    assert_eq!(case.case().thing(1).unwrap().state(), ThingState::Out);
    case.against("行政强制法第二十六条", "officer-a1", out);
    case.ok("captain-a", json!({ "command": "shift", "thing": 1, "shelf": "一号库 A-03" }));
    let thing = case.case().thing(1).unwrap();
    assert_eq!((thing.state(), thing.shelf(), thing.chain.len()), (ThingState::Stored, "一号库 A-03", 3));
}

#[test]
fn xzqzf_26_things_are_kept_with_photo_and_by_two() {
    let mut case = seized(false);
    let refusal = case.against(
        "行政强制法第二十六条",
        "officer-a1",
        with(put_in("received", None, false), "exhibits", json!([])),
    );
    assert_eq!(refusal.field, Some("exhibits"));
    let alone =
        json!({ "command": "take_out", "thing": 1, "why": "show", "second": "officer-a1", "note": "辨认" });
    assert_eq!(case.against("行政强制法第二十六条", "officer-a1", alone).field, Some("second"));
    assert_eq!(case.refused("officer-b1", put_in("received", None, false)).code, "not-permitted");
}

#[test]
fn cfa_56_what_came_under_a_measure_names_its_list() {
    let mut case = seized(false);
    case.against("行政处罚法第五十六条", "officer-a1", put_in("measure", None, false));
    case.against("行政处罚法第五十六条", "officer-a1", put_in("measure", Some(9), false));
    case.ok("officer-a1", put_in("sample", None, false));
}

#[test]
fn xzqzf_27_28_nothing_is_given_back_before_and_everything_after_the_release() {
    let mut case = seized(false);
    case.against("行政强制法第二十七条", "officer-a1", dispose("returned", None));
    let mut case = released();
    let file = case.case().thing(1).unwrap().clone();
    assert!(case.case().release_due(&file).is_some(), "to be given back at once");
    let waits = lianzhi_procedure::penalty::Penalty::summary(&case.state);
    assert!(waits.things[0].release && waits.todos.iter().any(|t| t.what == "dispose"));
    case.ok("officer-a1", dispose("returned", None));
    let row = &lianzhi_procedure::penalty::Penalty::summary(&case.state).things[0];
    assert_eq!((row.state, row.release), ("returned", false));
    assert_eq!(case.refused("officer-a1", dispose("returned", None)).field, Some("thing"), "it is gone");
}

#[test]
fn xzqzf_25_a_seizure_that_ran_out_makes_the_release_due_at_once() {
    let mut case = seized(false);
    case.days(31);
    case.tick();
    let file = case.case().thing(1).unwrap().clone();
    assert!(case.case().release_due(&file).is_some());
    case.ok("officer-a1", dispose("returned", None));
}

#[test]
fn cfa_74_confiscated_things_are_not_given_back_and_what_they_bring_stands_in_the_books() {
    let mut case = confiscated();
    assert_eq!(case.case().measure(1).unwrap().settled.map(|(how, _)| how), Some(Settlement::Confiscated));
    case.against("行政处罚法第七十四条", "officer-a1", dispose("returned", None));
    assert_eq!(case.refused("officer-a1", dispose("sold", None)).field, Some("proceeds"));
    case.ok("officer-a1", dispose("sold", Some(80_001)));
    let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
    let line = books.iter().find(|l| l.what == LedgerKind::Proceeds).unwrap();
    assert_eq!(line.fen, 80_001);
}

#[test]
fn cfa_74_destruction_wants_a_decision_two_people_and_a_record() {
    let mut case = seized(false);
    case.against("罚没财物管理办法", "officer-a1", dispose("destroyed", None));
    let mut case = confiscated();
    let alone = with(dispose("destroyed", None), "second", json!("officer-a1"));
    assert_eq!(case.refused("officer-a1", alone).field, Some("second"));
    let silent = with(dispose("destroyed", None), "exhibits", json!([]));
    assert_eq!(case.refused("officer-a1", silent).field, Some("exhibits"));
    case.ok("officer-a1", dispose("destroyed", None));
    assert_eq!(case.case().thing(1).unwrap().state(), ThingState::Destroyed);
}

#[test]
fn sh_22_2_perishables_are_sold_only_after_the_owner_had_two_days_and_the_leader_agreed() {
    let early = json!({ "command": "dispose_early", "thing": 1, "how": "sold", "note": "将腐烂" });
    let mut case = seized(false);
    case.against("上海市城市管理行政执法条例", "officer-a1", early.clone());
    let mut case = seized(true);
    case.against("上海市城市管理行政执法条例", "officer-a1", early.clone());
    case.ok("officer-a1", announce("perishable", None));
    assert_eq!(case.last_day(Term::Perishable, Scope::Thing(1)).to_string(), "2026-11-25");
    case.days(1);
    case.refused("officer-a1", early.clone());
    case.days(2);
    case.tick();
    case.ok("officer-a1", early);
    case.refused("officer-a1", dispose("sold", Some(100)));
    case.sign();
    assert_eq!(case.case().thing(1).unwrap().early, Some(Disposal::Sold));
    case.refused("officer-a1", dispose("destroyed", None));
    case.ok("officer-a1", dispose("sold", Some(100)));
}

#[test]
fn sh_22_3_what_nobody_claims_in_sixty_days_is_sold_for_the_treasury() {
    let mut case = seized(false);
    case.against("上海市城市管理行政执法条例", "officer-a1", announce("claim", None));
    let mut case = released();
    case.ok("officer-a1", announce("claim", None));
    assert!(case.runs(Term::Claim, Scope::Thing(1)));
    case.days(30);
    case.refused("officer-a1", dispose("surrendered", None));
    case.days(40);
    case.tick();
    case.ok("officer-a1", dispose("surrendered", None));
    assert_eq!(case.case().thing(1).unwrap().state(), ThingState::Surrendered);
}

#[test]
fn where_no_statute_names_the_days_the_notice_does() {
    let mut case = released();
    case.directory = elsewhere();
    assert_eq!(case.refused("officer-a1", announce("claim", None)).field, Some("days"));
    case.ok("officer-a1", announce("claim", Some(10)));
    case.days(12);
    case.tick();
    case.ok("officer-a1", dispose("sold", Some(5_000)));
}

#[test]
fn a_case_is_not_closed_while_things_are_kept() {
    let mut case = confiscated();
    case.ok(
        "officer-a1",
        json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "1" }),
    );
    case.confirm_payments();
    let close = json!({ "command": "close", "ground": "performed", "note": "执行完毕" });
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.days(200);
    case.tick();
    assert_eq!(case.refused("officer-a1", close.clone()).code, "goods-kept");
    case.ok("officer-a1", dispose("destroyed", None));
    case.ok("officer-a1", close);
}

#[test]
fn a_decision_gives_out_a_payment_code_to_each_party_that_pays() {
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.look_ups.pay_codes = vec!["31011826000000000015".into(), "not for anybody".into()];
    let events = case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let codes: Vec<_> = events
        .iter()
        .filter_map(|e| match e {
            Event::PayCodeSet { party, code, .. } => Some((*party, code.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(codes, [(1, "31011826000000000015")]);
    let tags = lianzhi_procedure::penalty::Penalty::summary(&case.state).tags;
    assert!(tags.contains(&lianzhi_procedure::Tag::PayCode("31011826000000000015".into())));
}

#[test]
fn cfa_67_what_the_bank_reports_is_registered_by_the_node_and_names_its_file() {
    let mut case = Docket::decided();
    case.look_ups.bank = Some("1123.csv".into());
    let pay = json!({
        "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "B-1", "ticket": "沪财 77",
    });
    case.ok("system", pay);
    let receipt = &case.case().parties[0].money.receipts[0];
    assert_eq!((receipt.bank.as_deref(), receipt.ticket.as_str()), (Some("1123.csv"), "沪财 77"));
    let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
    let of = |kind| books.iter().filter(|l| l.what == kind).map(|l| l.fen).sum::<i64>();
    assert_eq!(
        (of(LedgerKind::Due), of(LedgerKind::PaidBank), of(LedgerKind::PaidTyped)),
        (200_000, 200_000, 0)
    );
}

#[test]
fn cfa_72_the_surcharge_stands_in_the_books_on_the_day_on_which_it_grew() {
    let mut case = Docket::decided();
    // Payable until 8 December; ten days later thirty per cent are added.
    case.days(40);
    let pay = |amount: i64, on: &str, n: &str| json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": amount, "on": on, "reference": n });
    case.ok("officer-a1", pay(260_000, "2026-12-18", "1"));
    let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
    let grown: Vec<_> = books.iter().filter(|l| l.what == LedgerKind::Surcharge).collect();
    // Three per cent of 2,000.00 a day from the 9th to the 18th.
    let days = (9..=18).map(|day| (format!("2026-12-{day:02}"), 6_000)).collect::<Vec<_>>();
    assert_eq!(grown.iter().map(|l| (l.on.to_string(), l.fen)).collect::<Vec<_>>(), days);
}

#[test]
fn cfa_75_what_is_revoked_is_taken_back_on_that_day_and_what_was_paid_is_to_be_given_back() {
    let mut case = Docket::decided();
    let pay = json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-23", "reference": "B-1" });
    case.ok("officer-a1", pay);
    case.days(3);
    case.approved("officer-a1", json!({ "command": "revoke", "note": "主体认定错误" }));
    let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
    let of = |kind| {
        let lines = books.iter().filter(|l| l.what == kind);
        lines.map(|l| (l.on.to_string(), l.fen)).collect::<Vec<_>>()
    };
    let (decided, revoked) = ("2026-11-23".to_owned(), "2026-11-26".to_owned());
    assert_eq!(of(LedgerKind::Due), [(decided, 200_000), (revoked.clone(), -200_000)]);
    assert_eq!(of(LedgerKind::ToReturn), [(revoked, 200_000)]);
}

#[test]
fn cfa_71_money_taken_on_the_spot_stands_in_the_books_until_it_is_handed_in() {
    let mut case = Docket::decided();
    let collect = json!({
        "command": "collect", "party": 1, "amount": 200_000, "on": "2026-11-23", "ground": "remote", "ticket": "沪财 001",
        "note": "海岛居民，当事人要求当场缴纳",
    });
    case.ok("officer-a1", collect);
    let held = |case: &Docket| {
        let books = lianzhi_procedure::penalty::Penalty::summary(&case.state).ledger;
        books.into_iter().find(|l| l.what == LedgerKind::Held)
    };
    let line = held(&case).unwrap();
    let receipt = &case.case().parties[0].money.receipts[0];
    assert_eq!(receipt.on_site.as_ref().unwrap().by.as_ref().unwrap().as_str(), "officer-a1");
    assert_eq!(line.person.unwrap().as_str(), "officer-a1");
    assert_eq!(
        lianzhi_procedure::beijing_date(line.due.unwrap() - jiff::SignedDuration::from_micros(1)).to_string(),
        "2026-11-25"
    );
    case.ok(
        "officer-a2",
        json!({ "command": "hand_in", "party": 1, "ticket": "沪财 001", "receipt": "收 1" }),
    );
    assert!(held(&case).is_none());
}

#[test]
fn xzqzf_26_what_a_stock_taking_did_not_find_is_the_leaders_business_until_it_is_cleared_up() {
    let mut case = seized(false);
    let missed: lianzhi_procedure::penalty::Command =
        serde_json::from_value(json!({ "command": "missed", "thing": 1, "count": "沪青盘2026-0001" }))
            .unwrap();
    assert!(missed.internal(), "only a stock-taking says so");
    let events = case.give("officer-a1", missed).unwrap();
    case.apply(&events);
    assert_eq!(case.case().thing(1).unwrap().state(), ThingState::Missing);
    let todos = lianzhi_procedure::penalty::Penalty::summary(&case.state).todos;
    assert_eq!(todos.iter().filter(|t| t.what == "thing_missing").count(), 2, "the officer and the leader");
    case.against("行政强制法第二十六条", "officer-a1", dispose("returned", None));
    case.ok("officer-a1", with(dispose("lost", None), "note", json!("已赔偿并追责")));
    assert_eq!(case.case().thing(1).unwrap().state(), ThingState::Lost);
}

#[test]
fn 行政强制法46_3_行政处罚法72_seized_things_are_auctioned_for_the_fine_when_the_surcharge_ran_thirty_days() {
    let mut case = seized(false);
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "事实清楚" }));
    case.ok("officer-a1", charge(200_000));
    case.approved("officer-a1", json!({ "command": "notify", "days": 5, "note": "拟处罚" }));
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.serve_last();
    // Reconsidered at once and upheld: fifteen days later nobody may be turned to any more.
    case.days(1);
    case.ok(
        "legal",
        json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": "2026-11-24" }),
    );
    case.days(2);
    case.ok(
        "legal",
        json!({ "command": "end_appeal", "party": 1, "end": "upheld", "on": "2026-11-26", "note": "维持" }),
    );
    case.days(20);
    case.tick();
    case.approved(
        "officer-a1",
        json!({ "command": "lengthen", "measure": 1, "days": 30, "note": "情况复杂" }),
    );
    case.serve_last();
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "请履行" }));
    case.serve_last();
    let auction = json!({
        "command": "compel", "party": 1, "kind": "auction", "on": "2027-01-12T02:00:00Z", "note": "经催告仍不履行",
    });
    case.days(16);
    case.tick();
    assert_eq!(case.against("第四十六条第一款", "officer-a1", auction.clone()).code, "surcharge-month");
    case.days(9);
    case.tick();
    case.tick();
    case.ok("officer-a1", auction);
    // What is only proposed, or signed and told nobody, sells nothing.
    case.refused("officer-a1", dispose("sold", Some(500_000)));
    case.sign();
    case.refused("officer-a1", dispose("sold", Some(500_000)));
    case.serve_last();
    case.ok("officer-a1", dispose("sold", Some(500_000)));
    let party = &case.case().parties[0];
    assert!(party.money.left() == 0 && party.money.receipts[0].thing == Some(1), "what it brought pays");
    let file = case.case().thing(1).unwrap();
    let (to, _) = case.case().proceeds_of(file).unwrap().owed().expect("the rest");
    assert_eq!(to, lianzhi_procedure::penalty::Payee::Owner, "the rest is the party's");
    // Without a seizure that stands there is nothing to auction.
    let mut bare = Docket::ordered(183);
    bare.approved("officer-a1", json!({ "command": "demand", "party": 1, "note": "请履行" }));
    bare.serve_last();
    bare.days(20);
    bare.tick();
    let bare_auction = json!({
        "command": "compel", "party": 1, "kind": "auction", "on": "2027-06-22T02:00:00Z", "note": "经催告仍不履行",
    });
    assert_eq!(bare.against("第四十六条", "officer-a1", bare_auction).code, "no-seizure");
}
