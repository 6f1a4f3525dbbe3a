//! Terms: how long, who is told when, and that each is told once.

use super::kit::*;
use lianzhi_exchange::compact::{Form, ListEntry};
use lianzhi_procedure::cooperation::{Event, Stage, Term};

fn at(text: &str) -> jiff::Timestamp {
    lianzhi_testkit::at(text)
}

#[test]
fn the_answer_is_due_after_the_working_days_of_the_list_from_the_day_of_signing() {
    let mut matter = Matter::new(Form::Assistance);
    matter.ok(Q, "handler", letter(Form::Assistance, &[W]));
    matter.after(1);
    matter.sign(Q);
    matter.deliver();
    // Tuesday, 24 November, and 15 working days: the end of work on 15 December.
    for side in [Q, W] {
        assert_eq!(
            matter.file(side).due(),
            at("2026-12-15T09:00:00Z"),
            "{}",
            matter.file(side).opening.arithmetic
        );
        assert_eq!(matter.file(side).clock(Term::Answer).unwrap().clock.running.due, matter.file(side).due());
    }
    let source = matter.file(W).clock(Term::Answer).unwrap().clock.running.standard.source.to_string();
    assert!(source.contains("协作清单 HZ-01"));
}

#[test]
fn an_urgent_matter_is_due_sooner() {
    let mut matter = Matter::new(Form::Assistance);
    matter.ok(Q, "handler", with(letter(Form::Assistance, &[W]), "urgent", json!(true)));
    matter.sign(Q);
    matter.deliver();
    assert_eq!(matter.file(W).due(), at("2026-11-30T09:00:00Z"));
    assert!(matches!(matter.sites[Q].events.last(), Some(Event::Said { urgent: true, .. })));
}

#[test]
fn what_arrives_is_to_be_registered_in_two_working_days() {
    let mut matter = Matter::sent(Form::Lead, &[W]);
    matter.deliver();
    assert_eq!(matter.summary(W).due_name, "收文登记");
    matter.until(at("2026-11-25T16:00:00Z"));
    let events = matter.tick(W);
    let told = events.iter().find_map(|e| match e {
        Event::Expired { term: Term::Register, told, .. } => Some(told),
        _ => None,
    });
    let told: Vec<_> = told.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["liaison", "leader"], "the own leader first");
    matter.ok(W, "liaison", json!({ "command": "register" }));
    assert!(!matter.runs(W, Term::Register));
}

#[test]
fn warnings_expiry_and_superiors_come_in_order_and_each_once() {
    let mut matter = Matter::accepted(Form::Assistance);
    let mut story = Vec::new();
    for _ in 0..60 {
        for event in matter.tick(W) {
            story.push(match event {
                Event::Warned { percent, .. } => format!("{percent}%"),
                Event::Expired { .. } => "expired".into(),
                Event::Escalated { to, .. } => to,
                other => panic!("{other:?}"),
            });
        }
        assert!(matter.tick(W).is_empty(), "each exactly once");
        let wake = matter.summary(W).wake_at;
        assert!(wake.is_none_or(|at| at > matter.now), "and then it sleeps until the next");
        matter.after(1);
    }
    assert_eq!(story, ["80%", "expired", "市局", "省厅"]);
    assert!(matter.summary(W).overdue && matter.summary(W).wake_at.is_none());
    matter.letter(W, json!({ "command": "reply", "text": "已核实" }));
    assert!(matter.summary(W).overdue && !matter.runs(W, Term::Answer));
}

#[test]
fn whoever_wakes_late_is_told_everything_at_once_and_once() {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.after(90);
    assert_eq!(matter.tick(Q).len(), 4);
    assert!(matter.tick(Q).is_empty());
}

#[test]
fn more_time_moves_the_due_date_the_warnings_and_the_ladder_at_both() {
    let mut matter = Matter::accepted(Form::Assistance);
    let before = matter.file(Q).due();
    for days in [0, 31] {
        let extend = json!({ "command": "extend", "days": days, "note": "当事人外出" });
        matter.refused(W, "handler", extend, "invalid-input");
    }
    matter.refused(W, "handler", json!({ "command": "extend", "days": 5, "note": "" }), "invalid-input");
    matter.letter(W, json!({ "command": "extend", "days": 5, "note": "当事人外出" }));
    matter.deliver();
    let due = matter.file(Q).due();
    assert!(due > before && due == matter.file(W).due());
    for side in [Q, W] {
        let watched = matter.file(side).clock(Term::Answer).unwrap();
        assert_eq!((watched.clock.running.due, watched.stopped), (due, None));
        assert!(watched.clock.ladder.iter().all(|rung| rung.at > due), "superiors wait for the new end");
        assert!(watched.clock.running.arithmetic.contains("延期 5 个工作日"));
    }
    matter.until(before);
    assert!(matter.tick(W).iter().all(|e| matches!(e, Event::Warned { .. })), "not late any more");
}

#[test]
fn extended_and_overdue_at_once_begins_anew() {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.until(at("2026-12-14T08:00:00Z"));
    matter.letter(W, json!({ "command": "extend", "days": 5, "note": "当事人外出" }));
    matter.until(at("2026-12-17T00:00:00Z"));
    let told: Vec<_> = matter.tick(Q);
    assert!(told.iter().any(|e| matches!(e, Event::Expired { .. })) && matter.summary(Q).overdue);
    matter.deliver();
    assert!(!matter.summary(Q).overdue);
    assert!(matches!(matter.tick(Q)[..], [Event::Warned { percent: 80, .. }]), "of the new term");
    matter.until(matter.file(Q).due());
    assert!(matches!(matter.tick(Q)[..], [Event::Expired { .. }]), "late again, after the new end");
    matter.after(10);
    assert_eq!(matter.tick(Q).len(), 2, "then the superiors");
}

#[test]
fn asked_again_the_warnings_and_the_ladder_begin_anew() {
    let mut matter = Matter::accepted(Form::Assistance);
    matter.after(60);
    matter.tick(Q);
    matter.letter(W, json!({ "command": "reply", "text": "已核实" }));
    matter.deliver();
    matter.ok(Q, "handler", note("ask_again"));
    matter.deliver();
    assert!(!matter.summary(Q).overdue && matter.tick(Q).is_empty() && matter.tick(W).is_empty());
    matter.letter(W, json!({ "command": "extend", "days": 3, "note": "当事人外出" }));
    matter.deliver();
    assert_eq!(matter.file(Q).due(), matter.file(W).due());
    matter.after(90);
    assert_eq!(matter.tick(Q).len(), 4);
    assert_eq!(matter.tick(W).len(), 4);
}

#[test]
fn the_pursuer_and_the_handler_are_warned_the_liaison_when_nobody_has_it() {
    let mut matter = Matter::sent(Form::Lead, &[W]);
    matter.deliver();
    matter.after(20);
    let told = |events: Vec<Event>| {
        events.into_iter().find_map(|e| match e {
            Event::Warned { term: Term::Answer, told, .. } => Some(told[0].to_string()),
            _ => None,
        })
    };
    assert_eq!(told(matter.tick(W)).as_deref(), Some("liaison"));
    assert_eq!(told(matter.tick(Q)).as_deref(), Some("handler"));
}

#[test]
fn 行政处罚法60_what_came_of_a_lead_that_was_taken_on_is_owed_in_a_term_at_both() {
    let mut matter = Matter::accepted(Form::Lead);
    // Fifteen working days of the list, from the day on which it was taken on.
    let first = matter.file(Q).opening.due;
    for side in [Q, W] {
        let clock = &matter.file(side).clock(Term::Outcome).unwrap().clock;
        assert_eq!(clock.running.due, first, "{side}");
        assert!(clock.running.standard.source.contains("HZ-01"), "{}", clock.running.standard.source);
        assert_eq!((matter.summary(side).due, &*matter.summary(side).due_name), (Some(first), "反馈结果"));
    }
    matter.ok(Q, "handler", note("urge"));
    // Late at both: their own leaders first, then the superiors of the list.
    let mut late = matter.clone();
    late.after(60);
    for side in [Q, W] {
        let told = late.tick(side);
        let is = |e: &Event| matches!(e, Event::Expired { term: Term::Outcome, .. });
        assert!(told.iter().any(is) && late.summary(side).overdue, "{side}: {told:?}");
        assert_eq!(told.iter().filter(|e| matches!(e, Event::Escalated { .. })).count(), 2);
    }
    // Once a case is filed the law has it decided in ninety days.
    matter.after(2);
    matter.ok(W, "system", json!({ "command": "reach", "milestone": "filed", "outcome": null }));
    matter.deliver();
    let day = lianzhi_procedure::beijing_date(matter.now);
    for side in [Q, W] {
        let file = matter.file(side);
        let clock = &file.clock(Term::Outcome).unwrap().clock.running;
        let end = lianzhi_procedure::beijing_date(clock.due - jiff::SignedDuration::from_micros(1));
        assert_eq!(end.since(day).unwrap().get_days(), 90, "{side}");
        assert!(clock.standard.source.contains("第60条"), "{}", clock.standard.source);
        assert_eq!(file.running().count(), 1);
    }
    matter.ok(W, "handler", json!({ "command": "conclude", "outcome": "penalised" }));
    matter.deliver();
    for side in [Q, W] {
        assert_eq!(matter.file(side).running().count(), 0);
    }
}

#[test]
fn each_form_is_answered_under_its_own_law() {
    for (form, law) in [
        (Form::Lead, "第二十二条"),
        (Form::Assistance, "第二十六条"),
        (Form::Evidence, "第四十六条"),
        (Form::Dispute, "第二十五条"),
        (Form::Away, "第二十九条"),
        (Form::Bulletin, ""),
    ] {
        let matter = Matter::sent(form, &[W]);
        let source = matter.file(Q).clock(Term::Answer).unwrap().clock.running.standard.source.to_string();
        assert!(source.contains("HZ-01") && source.contains(law), "{form:?}: {source}");
        assert_eq!(
            source.contains("第二十六条"),
            matches!(form, Form::Assistance | Form::Evidence),
            "{source}"
        );
        assert_eq!(source.contains("行政处罚法"), form != Form::Bulletin, "{source}");
    }
}

#[test]
fn a_list_without_superiors_ends_with_the_own_leader() {
    let mut matter = Matter::new(Form::Lead);
    matter.relist(&[ListEntry { superiors: Vec::new(), ..entry() }]);
    matter.ok(Q, "handler", letter(Form::Lead, &[W]));
    matter.sign(Q);
    matter.after(120);
    assert_eq!(matter.tick(Q).len(), 2);
    assert_eq!(matter.stage(Q), Stage::Sent);
}

/// The opening of a matter with this due date, as another member hears it.
fn with_due(due: &str) -> Matter {
    let mut matter = Matter::new(Form::Assistance);
    matter.ok(Q, "handler", letter(Form::Assistance, &[W]));
    matter.sign(Q);
    let told = matter.file(Q).opening.due.to_string();
    let forged = matter.forged(Q, |e| {
        let act = e.act.get().replace(&told, due);
        assert_ne!(act, e.act.get());
        e.act = serde_json::value::RawValue::from_string(act).unwrap();
    });
    matter.wire.get_mut(&node(Q)).unwrap()[0].0.clone_from(&forged);
    matter.hear(W, &node(Q), &forged).unwrap();
    matter
}

#[test]
fn a_due_date_outside_the_term_of_the_list_does_not_count_and_that_is_recorded() {
    let said = Matter::sent(Form::Assistance, &[W]).now;
    let days = |n: i64| jiff::SignedDuration::from_hours(24 * n);
    // Fifteen working days: not over before fifteen days, the first one aside, and not open for years.
    for (due, counts) in
        [("2026-11-01T00:00:00Z", said + days(14)), ("2099-01-01T00:00:00Z", said + days(60))]
    {
        let matter = with_due(due);
        assert_eq!(matter.file(W).due(), counts, "{due}");
        let Some(Event::Heard { counts: recorded, entry, .. }) = matter.sites[W].events.last() else {
            panic!("heard")
        };
        assert_eq!(*recorded, Some(counts));
        assert!(entry.contains(due), "what was said stays as it was said");
        assert!(matter.runs(W, Term::Answer));
        holds(&matter, W).unwrap();
        let folded = restarted(&matter, W);
        assert_eq!(lianzhi_procedure::cooperation::file_of(&folded).unwrap().due(), counts);
    }
    // What the list allows counts as it was said, of every calendar.
    let honest = Matter::sent(Form::Assistance, &[W]);
    let matter = with_due(&(honest.file(Q).opening.due + days(5)).to_string());
    assert_eq!(matter.file(W).due(), honest.file(Q).opening.due + days(5));
}

#[test]
fn a_term_is_not_extended_without_end() {
    let mut matter = Matter::sent(Form::Assistance, &[W]);
    matter.deliver();
    matter.take_in(W);
    // Of its own accord a receiver is refused; of another's word as much counts as it may take.
    let mut last = None;
    for _ in 0..6 {
        let extend = json!({ "command": "extend", "days": 30, "note": "案情复杂" });
        match matter.ask(W, "handler", extend.clone()) {
            Ok(_) => matter.letter(W, extend),
            Err(refusal) => last = Some(refusal),
        }
    }
    let refusal = last.expect("there is an end");
    explained(&refusal);
    assert_eq!((refusal.code, refusal.field), ("invalid-input", Some("days")));
    matter.deliver();
    let until = matter.file(Q).due();
    let act = json!({
        "act": "extended", "until": "2099-01-01T00:00:00Z", "days": 1,
        "note": { "kind": "letter", "digest": exhibit(8) }, "paper": "",
    });
    let hostile = matter.next(W, &serde_json::from_value(act).unwrap());
    matter.hear(Q, &node(W), &hostile).unwrap();
    let counts = matter.file(Q).due();
    assert!(counts >= until && counts <= matter.now + jiff::SignedDuration::from_hours(24 * 120));
    assert_eq!(matter.file(Q).said[&node(W)].last().unwrap().counts, Some(counts));
}
