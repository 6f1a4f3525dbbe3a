//! 证据移交互认.

use super::kit::*;
use lianzhi_exchange::compact::{Form, ListEntry, Shared};
use lianzhi_ids::DocketId;
use lianzhi_procedure::cooperation::{
    Ask, Command, Letter, Stage, Taker, Term, Verification, any_command, command_of, verification,
};
use lianzhi_procedure::{Kind, Text};
use lianzhi_testkit::city;

fn judge(n: u8, verdict: &str) -> serde_json::Value {
    json!({ "command": "judge", "exhibit": exhibit(n), "verdict": verdict, "note": "理由" })
}

#[test]
fn evidence_is_judged_file_by_file_and_goods_are_signed_for_by_both() {
    let mut matter = Matter::assigned(Form::Evidence);
    assert!(matter.waits(W, "judge"));
    matter.files_arrive(W);
    matter.ok(W, "handler", judge(101, "recognised"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    matter.ok(W, "handler", judge(102, "rejected"));
    let refusal = matter.refused(W, "handler", json!({ "command": "take_goods" }), "not-given");
    assert!(refusal.source_text.contains("双方签字"));
    matter.refused(W, "handler", json!({ "command": "give_goods" }), "not-theirs-to-say");
    matter.ok(Q, "handler", json!({ "command": "give_goods" }));
    matter.deliver();
    assert!(matter.runs(W, Term::Answer) && matter.runs(Q, Term::Answer));
    matter.ok(W, "handler", json!({ "command": "take_goods", "note": "轮胎磨损" }));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
    assert!(!matter.summary(Q).open && !matter.runs(Q, Term::Answer));
    let (by, verdict) = matter.file(Q).verdict(&exhibit(102)).unwrap();
    assert_eq!((by, verdict.code()), (&node(W), "judged"));
}

#[test]
fn what_is_to_be_verified_on_site_is_still_to_be_judged() {
    let mut matter = Matter::assigned(Form::Evidence);
    matter.files_arrive(W);
    matter.ok(Q, "handler", json!({ "command": "give_goods" }));
    matter.refused(Q, "handler", json!({ "command": "give_goods" }), "signed");
    matter.deliver();
    matter.ok(W, "handler", json!({ "command": "take_goods" }));
    matter.refused(W, "handler", json!({ "command": "take_goods" }), "signed");
    matter.ok(W, "handler", judge(101, "recognised"));
    matter.ok(W, "handler", judge(102, "verify_on_site"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    let file = matter.file(W);
    assert!(!file.to_judge(&exhibit(101)) && file.to_judge(&exhibit(102)));
    assert!(matter.waits(W, "judge") && matter.runs(Q, Term::Answer));
    matter.ok(W, "handler", judge(102, "recognised"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
}

#[test]
fn evidence_is_judged_only_when_its_file_arrived_and_with_grounds_unless_recognised() {
    let mut matter = Matter::assigned(Form::Evidence);
    let refusal = matter.refused(W, "handler", judge(101, "recognised"), "not-arrived");
    assert!(refusal.source_text.contains("第四十六条"));
    matter.refused(W, "handler", judge(77, "recognised"), "invalid-input");
    matter.files_arrive(W);
    for verdict in ["rejected", "verify_on_site"] {
        let bare = json!({ "command": "judge", "exhibit": exhibit(101), "verdict": verdict });
        matter.refused(W, "handler", bare, "invalid-input");
    }
    matter.ok(W, "handler", json!({ "command": "judge", "exhibit": exhibit(101), "verdict": "recognised" }));
    matter.refused(Q, "handler", judge(101, "recognised"), "invalid-input");
}

#[test]
fn only_files_that_were_named_arrive_and_whole() {
    let mut matter = Matter::assigned(Form::Evidence);
    let arrive = |n, size| {
        let file = lianzhi_procedure::ExhibitRef { size, ..file(exhibit(n)) };
        json!({ "command": "arrive", "exhibit": file })
    };
    matter.refused(W, "system", arrive(77, 10), "invalid-input");
    matter.refused(W, "system", arrive(101, 9), "invalid-input");
    matter.refused(W, "handler", arrive(101, 10), "not-permitted");
    assert_eq!(matter.ok(W, "system", arrive(101, 10)).len(), 1);
    assert!(matter.ok(W, "system", arrive(101, 10)).is_empty(), "once");
    let serve = |n, to| json!({ "command": "serve", "exhibit": exhibit(n), "to": to });
    matter.refused(Q, "system", serve(77, W), "not-found");
    matter.refused(Q, "system", serve(101, J), "not-found");
    matter.ok(Q, "system", serve(101, W));
    assert_eq!(matter.file(Q).served.len(), 1);
}

#[test]
fn goods_on_their_way_are_signed_for_before_the_matter_ends() {
    let mut matter = Matter::assigned(Form::Evidence);
    matter.ok(Q, "handler", json!({ "command": "give_goods" }));
    matter.refused(Q, "handler", note("withdraw"), "goods-between");
    matter.refused(Q, "handler", json!({ "command": "close" }), "goods-between");
    matter.deliver();
    matter.ok(W, "handler", json!({ "command": "take_goods" }));
    matter.deliver();
    matter.letter(Q, note("withdraw"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Withdrawn);
    let mut bare = letter(Form::Evidence, &[W]);
    bare["goods"] = json!([]);
    let mut matter = Matter::new(Form::Evidence);
    matter.ok(Q, "handler", bare);
    matter.sign(Q);
    matter.refused(Q, "handler", json!({ "command": "give_goods" }), "no-goods");
}

#[test]
fn closed_and_judged_at_once_is_closed_and_the_verdict_counts() {
    let mut matter = Matter::assigned(Form::Evidence);
    matter.files_arrive(W);
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.ok(W, "handler", judge(101, "recognised"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Closed);
    matter.ok(W, "handler", judge(102, "recognised"));
    matter.deliver();
    assert!(matter.file(Q).verdict(&exhibit(102)).is_some());
    assert!(!matter.runs(Q, Term::Answer) && !matter.runs(W, Term::Answer));
}

#[test]
fn withdrawn_and_the_last_judged_at_once_is_concluded_else_withdrawn() {
    for all in [true, false] {
        let mut bare = letter(Form::Evidence, &[W]);
        bare["goods"] = json!([]);
        let mut matter = Matter::new(Form::Evidence);
        matter.ok(Q, "handler", bare);
        matter.sign(Q);
        matter.deliver();
        matter.take_in(W);
        matter.files_arrive(W);
        matter.deliver();
        matter.ok(W, "handler", judge(101, "recognised"));
        if all {
            matter.ok(W, "handler", judge(102, "recognised"));
        }
        matter.letter(Q, note("withdraw"));
        matter.deliver();
        matter.all_at(&[Q, W], if all { Stage::Concluded } else { Stage::Withdrawn });
    }
}

#[test]
fn more_evidence_and_the_last_judged_at_once_runs_the_clock_again() {
    let mut bare = letter(Form::Evidence, &[W]);
    bare["goods"] = json!([]);
    let mut matter = Matter::new(Form::Evidence);
    matter.ok(Q, "handler", bare);
    matter.sign(Q);
    matter.deliver();
    matter.take_in(W);
    matter.files_arrive(W);
    matter.ok(W, "handler", judge(101, "recognised"));
    matter.ok(W, "handler", judge(102, "recognised"));
    let more = with(note("supplement"), "exhibits", json!([exhibit(103)]));
    matter.ok(Q, "handler", more.clone());
    assert_eq!(matter.stage(W), Stage::Concluded);
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Accepted);
    assert!(matter.runs(Q, Term::Answer) && matter.runs(W, Term::Answer));
    matter.files_arrive(W);
    matter.ok(W, "handler", judge(103, "recognised"));
    matter.deliver();
    matter.all_at(&[Q, W], Stage::Concluded);
    matter.refused(Q, "handler", more, "wrong-stage");
}

#[test]
fn what_is_to_be_verified_on_site_becomes_an_assistance_under_the_list() {
    let mut matter = Matter::assigned(Form::Evidence);
    matter.files_arrive(W);
    let ask = |matter: &Matter, list: Vec<ListEntry>, n: u8| {
        let asked = Verification {
            exhibit: exhibit(n),
            note: "没有参照物",
            place: "沪聂路桥下",
            docket: DocketId(9),
            officer: None,
        };
        verification(matter.file(W), asked, &roster(list), "2026-11-23".parse().unwrap())
    };
    let letter = ask(&matter, vec![entry()], 101).expect("the list allows assistance");
    assert_eq!((letter.to, letter.list.as_str()), (vec![node(Q)], "HZ-01"));
    assert_eq!(letter.asks, [Ask::VerifyOnSite]);
    assert_eq!(letter.over.as_deref(), Some(matter.file(W).opening.number.as_str()));
    assert_eq!((letter.link, letter.verifies), (Some(DocketId(9)), Some(Form::Evidence)));
    assert!(matches!(&letter.text, Text::Plain(text) if text.contains("没有参照物")));
    assert_eq!(letter.place, Text::Plain("沪聂路桥下".into()));
    // What the list does not share stays out; what it does not let one ask is not asked.
    let no_place = ListEntry { fields: vec![Shared::Narrative], ..entry() };
    assert!(ask(&matter, vec![no_place], 101).unwrap().place.is_empty());
    let no_assistance = ListEntry { forms: vec![Form::Evidence], ..entry() };
    assert_eq!(ask(&matter, vec![no_assistance], 101), None);
    let others = ListEntry { parties: vec![node(W), node(J)], ..entry() };
    assert_eq!(ask(&matter, vec![others.clone()], 101), None);
    assert_eq!(
        ask(&matter, vec![others, ListEntry { id: "HZ-02".into(), ..entry() }], 101).unwrap().list,
        "HZ-02"
    );
    assert_eq!(ask(&matter, vec![entry()], 77), None, "nobody sent it");
    // The letter goes its usual way, and the evidence is told of it once.
    let mut asked = Matter::new(Form::Assistance);
    let letter = ask(&matter, vec![entry()], 101).unwrap();
    let command =
        any_command(Form::Assistance, Command::Begin(Box::new(Letter { to: vec![node(W)], ..letter })));
    let events = asked.decide(Q, &city::actor(&asked.sites[Q].directory, "handler"), command).unwrap();
    let empty = Kind::Assistance.empty();
    let told = empty.follow_ups(DocketId(12), &events[0]);
    let [(DocketId(9), told)] = &told[..] else { panic!("{told:?}") };
    assert!(matches!(command_of(told), Some(Command::Verifying { docket: DocketId(12) })), "{told:?}");
    assert_eq!(told.kind(), Kind::Evidence);
    asked.apply(Q, &events);
    asked.sign(Q);
    assert_eq!(asked.stage(Q), Stage::Sent);
    for docket in [12, 13] {
        let told = json!({ "command": "verifying", "docket": docket });
        assert_eq!(matter.ok(W, "system", told.clone()).len(), 1);
        assert!(matter.ok(W, "system", told).is_empty(), "once");
    }
    let file = matter.file(W);
    assert_eq!((file.link, file.verifying.as_slice()), (None, [DocketId(12), DocketId(13)].as_slice()));
}

#[test]
fn an_assistance_drafted_by_a_verdict_names_who_is_in_charge_before_it_is_signed() {
    let mut matter = Matter::assigned(Form::Evidence);
    matter.files_arrive(W);
    let ask = |officer: Option<&Taker>| {
        let asked = Verification {
            exhibit: exhibit(101),
            note: "没有参照物",
            place: "",
            docket: DocketId(9),
            officer,
        };
        let letter =
            verification(matter.file(W), asked, &roster(vec![entry()]), "2026-11-23".parse().unwrap());
        let letter = Letter { to: vec![node(W)], ..letter.expect("the list allows it") };
        any_command(Form::Assistance, Command::Begin(Box::new(letter)))
    };
    // Drafted by a liaison without a certificate: it waits until somebody is named.
    let mut asked = Matter::new(Form::Assistance);
    let liaison = city::actor(&asked.sites[Q].directory, "liaison");
    let events = asked.decide(Q, &liaison, ask(None)).expect("the verdict is not held up");
    asked.apply(Q, &events);
    asked.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
    let refusal = asked.refused(Q, "leader", json!({ "command": "sign", "agreed": true }), "invalid-input");
    assert_eq!(refusal.field, Some("officers"));
    asked.ok(
        Q,
        "liaison",
        json!({ "command": "amend", "text": "请核实", "officers": "王某（执法证 沪01234）" }),
    );
    asked.sign(Q);
    assert_eq!(asked.file(Q).opening.officers[0].certificate(), "沪01234");
    // Whoever has the file here is in charge when that is an officer.
    let officer = Taker::Named { name: "李某".into(), certificate: "沪01235".into() };
    let mut asked = Matter::new(Form::Assistance);
    let events = asked.decide(Q, &liaison, ask(Some(&officer))).unwrap();
    asked.apply(Q, &events);
    asked.sign(Q);
    assert_eq!(asked.file(Q).opening.officers, [officer]);
}
