//! 预警通报.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::cooperation::{Stage, Term};

fn published() -> Matter {
    let mut matter = Matter::sent(Form::Bulletin, &[W, J]);
    matter.deliver();
    for at in [W, J] {
        matter.take_in(at);
    }
    matter.deliver();
    matter
}

#[test]
fn each_member_acknowledges_and_says_what_it_did() {
    let mut matter = published();
    assert!(matter.waits(W, "acknowledge"));
    for at in [W, J] {
        matter.ok(at, "handler", json!({ "command": "acknowledge" }));
    }
    matter.deliver();
    matter.all_at(&[Q, W, J], Stage::Accepted);
    matter.ok(W, "handler", note("measures"));
    matter.deliver();
    assert!(!matter.summary(W).open && !matter.runs(W, Term::Answer), "it did its part");
    assert!(matter.summary(J).open && matter.runs(J, Term::Answer) && matter.runs(Q, Term::Answer));
    assert!(matter.waits(J, "measures") && matter.todos(W).is_empty());
    matter.ok(J, "handler", note("measures"));
    matter.deliver();
    matter.all_at(&[Q, W, J], Stage::Concluded);
    assert!(!matter.runs(Q, Term::Answer) && !matter.summary(Q).open);
    matter.refused(Q, "liaison", json!({ "command": "acknowledge" }), "not-theirs-to-say");
}

#[test]
fn nothing_is_said_to_a_bulletin_before_it_was_registered() {
    let mut matter = Matter::sent(Form::Bulletin, &[W, J]);
    matter.deliver();
    matter.refused(W, "liaison", json!({ "command": "acknowledge" }), "not-registered");
    matter.refused(W, "liaison", note("measures"), "not-registered");
    matter.take_in(W);
    matter.ok(W, "handler", note("measures"));
    // Whoever told its measures has acknowledged.
    matter.refused(W, "handler", json!({ "command": "acknowledge" }), "wrong-stage");
    assert!(!matter.offered(W, "handler", "acknowledge"));
}

#[test]
fn the_next_step_names_only_those_who_are_still_awaited() {
    let mut matter = published();
    let awaited = |matter: &Matter, at| {
        let next = matter.file(at).next().unwrap();
        (next.what, next.who)
    };
    assert_eq!(awaited(&matter, Q), ("签收", vec![node(W), node(J)]));
    matter.ok(W, "handler", json!({ "command": "acknowledge" }));
    matter.deliver();
    for at in [Q, W, J] {
        assert_eq!(awaited(&matter, at), ("签收", vec![node(J)]), "{at}");
    }
    // One told its measures before the other acknowledged: it has done everything.
    matter.ok(W, "handler", note("measures"));
    matter.deliver();
    let answers = matter.file(Q).answers().into_iter().map(|a| a.awaited()).collect::<Vec<_>>();
    assert_eq!(answers, [None, Some("签收")]);
    matter.ok(J, "handler", json!({ "command": "acknowledge" }));
    matter.deliver();
    assert_eq!(awaited(&matter, Q), ("反馈措施", vec![node(J)]));
    let file = matter.file(Q);
    let late = |now| file.answers().iter().map(|a| a.late(now)).collect::<Vec<_>>();
    assert_eq!(late(file.due_of(&node(J))), [false, true], "who answered is late no more");
}

#[test]
fn more_time_for_one_is_more_time_for_that_one() {
    let mut matter = published();
    let due = matter.file(Q).due();
    matter.letter(W, json!({ "command": "extend", "days": 5, "note": "专项行动未结束" }));
    matter.deliver();
    let later = matter.file(W).due();
    assert!(later > due);
    assert_eq!((matter.file(Q).due(), matter.file(J).due()), (due, due));
    for at in [Q, W, J] {
        assert_eq!((matter.file(at).due_of(&node(W)), matter.file(at).due_of(&node(J))), (later, due));
    }
    matter.ok(J, "handler", note("measures"));
    matter.deliver();
    assert_eq!(matter.file(Q).due(), later, "now the publisher waits for the other only");
    let clock = matter.file(Q).clock(Term::Answer).unwrap();
    assert_eq!((clock.clock.running.due, clock.stopped), (later, None));
}

#[test]
fn closed_and_measured_at_once_is_closed() {
    let mut matter = published();
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.ok(W, "handler", note("measures"));
    matter.deliver();
    matter.all_at(&[Q, W, J], Stage::Closed);
    assert_eq!(matter.acts(Q, W).last().unwrap().code(), "measures");
    matter.refused(J, "handler", note("measures"), "wrong-stage");
    for at in [Q, W, J] {
        assert!(!matter.runs(at, Term::Answer) && matter.todos(at).is_empty());
    }
}

#[test]
fn withdrawn_and_measured_or_extended_at_once_is_withdrawn() {
    let mut matter = published();
    matter.letter(Q, note("withdraw"));
    matter.ok(W, "handler", note("measures"));
    matter.letter(J, json!({ "command": "extend", "days": 3, "note": "未完成" }));
    matter.deliver();
    matter.all_at(&[Q, W, J], Stage::Withdrawn);
    assert!([Q, W, J].iter().all(|at| !matter.runs(at, Term::Answer)));
}

#[test]
fn a_bulletin_that_ends_before_it_was_registered_leaves_no_clock_behind() {
    let mut matter = Matter::sent(Form::Bulletin, &[W, J]);
    matter.deliver();
    assert!(matter.runs(W, Term::Register));
    matter.ok(Q, "handler", json!({ "command": "close" }));
    matter.deliver();
    for at in [Q, W, J] {
        assert_eq!(matter.file(at).running().count(), 0);
        assert!(matter.summary(at).wake_at.is_none());
    }
}

#[test]
fn who_left_the_compact_takes_nothing_from_the_others_to_whom_it_goes() {
    let without = |matter: &mut Matter, at: &[&'static str]| {
        let mut roster = roster(vec![entry()]);
        roster.epoch.members.retain(|member| member.node != node(J));
        for at in at {
            let site = matter.sites.get_mut(at).unwrap();
            std::sync::Arc::make_mut(&mut site.directory).roster = Some(std::sync::Arc::new(roster.clone()));
        }
    };
    // It left while the bulletin was drafted: it goes to those who are left.
    let mut matter = Matter::new(Form::Bulletin);
    matter.ok(Q, "handler", letter(Form::Bulletin, &[W, J]));
    without(&mut matter, &[Q, W]);
    matter.sign(Q);
    assert_eq!(matter.wire[&node(Q)][0].1, [node(W)]);
    matter.deliver();
    assert_eq!(matter.file(W).receivers(), [&node(W)]);
    // It left while the bulletin was on its way, and a receiver heard of that first.
    let mut matter = Matter::sent(Form::Bulletin, &[W, J]);
    without(&mut matter, &[W, Q]);
    let bytes = matter.wire[&node(Q)][0].0.clone();
    matter.hear(W, &node(Q), &bytes).unwrap();
    assert_eq!(matter.stage(W), Stage::Sent);
    // What is said from then on goes to members only.
    matter.take_in(W);
    assert!(matter.wire[&node(W)].iter().all(|(_, to)| *to == [node(Q)]));
    // When all of them left there is nobody to whom it could go.
    let mut alone = Matter::new(Form::Bulletin);
    alone.ok(Q, "handler", letter(Form::Bulletin, &[J]));
    without(&mut alone, &[Q]);
    alone.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
    alone.refused(Q, "leader", json!({ "command": "sign", "agreed": true }), "not-on-the-list");
}
