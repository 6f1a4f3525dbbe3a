//! Meetings and plans: docs/procedures/meeting.md as tests.

use crate::federation::{Federation, STAFF, roster};
use crate::kit::{explained, json, photo};
use crate::properties::Dice;
use jiff::Timestamp;
use lianzhi_procedure::meeting::{File, Meeting, Plan, Stage, Standing, State};
use lianzhi_procedure::{FieldKind, Offer, Procedure, beijing_date};
use lianzhi_testkit::members::FOUR;
use proptest::prelude::*;
use serde_json::{Map, Value};

type Four<P> = Federation<P>;

fn file<'a, P: Procedure<State = State>>(four: &'a Four<P>, at: &str) -> &'a File {
    four.offices[at].state.file().unwrap()
}

fn convened() -> Four<Meeting> {
    let mut four = Four::new(Some(roster()));
    let at = four.now + jiff::SignedDuration::from_hours(48);
    four.ok(
        FOUR[0],
        "liaison",
        json!({
            "command": "convene", "kind": "mechanism", "title": "第一次机制会议", "at": at, "place": "青浦",
            "agenda": "一、清单；二、联合巡查", "participants": &FOUR[1..],
        }),
    );
    four.deliver_all();
    four
}

fn recorded() -> Four<Meeting> {
    let mut four = convened();
    four.after_hours(50);
    four.ok(FOUR[0], "liaison", json!({ "command": "record", "text": "会议决定……", "exhibits": photo() }));
    four.deliver_all();
    four
}

/// What happened at the second office, for the golden files.
pub fn life() -> Vec<lianzhi_procedure::meeting::Event> {
    let mut four = recorded();
    four.ok(FOUR[0], "liaison", task(FOUR[1], "2026-11-26"));
    four.deliver_all();
    four.ok(FOUR[1], "leader", json!({ "command": "assign", "task": 1, "person": "officer-a1" }));
    four.after_hours(200);
    four.ok(FOUR[1], "system", json!({ "command": "tick" }));
    four.ok(FOUR[1], "officer-a1", json!({ "command": "finish", "task": 1, "text": "已完成" }));
    four.offices.remove(FOUR[1]).unwrap().events
}

/// Everything that is said in meetings and in plans, each act at least once.
pub fn said() -> (Vec<String>, Vec<String>) {
    fn all<P: Procedure<State = State>>(fours: Vec<Four<P>>) -> Vec<String> {
        fours.into_iter().flat_map(|four| four.offices.into_values().flat_map(|o| o.sent)).collect()
    }
    let mut put_off = convened();
    let later = put_off.now + jiff::SignedDuration::from_hours(100);
    put_off.ok(FOUR[1], "liaison", json!({ "command": "attend", "coming": true, "text": "王局长" }));
    put_off.ok(FOUR[0], "liaison", json!({ "command": "postpone", "at": later, "reason": "暴雨" }));
    put_off.ok(FOUR[0], "liaison", json!({ "command": "cancel", "reason": "暴雨" }));
    let mut held = recorded();
    held.ok(FOUR[0], "liaison", task(FOUR[1], "2026-12-31"));
    held.ok(FOUR[0], "liaison", task(FOUR[2], "2026-12-31"));
    held.deliver_all();
    let moved =
        json!({ "command": "report", "task": 1, "percent": 40, "text": "已巡查两次", "exhibits": photo() });
    held.ok(FOUR[1], "liaison", moved);
    let done = json!({ "command": "finish", "task": 1, "text": "已完成", "exhibits": photo() });
    held.ok(FOUR[1], "liaison", done);
    held.ok(FOUR[0], "liaison", json!({ "command": "drop_task", "task": 2, "reason": "并入第一项" }));
    held.deliver_all();
    held.ok(FOUR[0], "liaison", json!({ "command": "close" }));
    let mut plan: Four<Plan> = Four::new(Some(roster()));
    let adopt = json!({
        "command": "adopt", "span": "year", "year": 2027, "of": "310118.1.6", "title": "2027年度计划",
        "text": "联合巡查常态化", "goals": ["巡查十二次", "案件办结率九成"], "participants": &FOUR[1..],
    });
    plan.ok(FOUR[0], "liaison", adopt);
    plan.ok(FOUR[0], "liaison", task(FOUR[2], "2027-06-30"));
    (all(vec![put_off, held]), all(vec![plan]))
}

fn task(owner: &str, due: &str) -> Value {
    json!({ "command": "set_task", "title": "开展联合巡查", "owner": owner, "due": due, "by": 1 })
}

#[test]
fn a_meeting_is_convened_answered_recorded_and_its_decisions_become_tasks() {
    let mut four = convened();
    assert_eq!(file(&four, FOUR[3]).stage(), Stage::Convened);
    assert_eq!(four.summary(FOUR[1]).todos[0].what, "attend");
    four.ok(FOUR[1], "liaison", json!({ "command": "attend", "coming": true, "text": "王局长" }));
    four.ok(FOUR[2], "liaison", json!({ "command": "attend", "coming": false }));
    let early = four.refused(FOUR[0], "liaison", task(FOUR[1], "2026-12-31"));
    assert_eq!(early.code, "not-theirs-to-say", "no decision without a record");
    four.deliver_all();
    let answers: Vec<_> = file(&four, FOUR[3]).attendance().map(|(_, a)| a).collect();
    assert_eq!(answers, [Some(true), Some(false), None]);
    let minutes = json!({ "command": "record", "text": "会议决定……", "exhibits": photo() });
    assert_eq!(
        four.refused(FOUR[0], "liaison", minutes.clone()).code,
        "not-held",
        "minutes before the meeting"
    );
    four.after_hours(50);
    four.ok(FOUR[0], "liaison", minutes);
    four.ok(FOUR[0], "liaison", task(FOUR[1], "2026-12-31"));
    four.ok(FOUR[0], "liaison", task(FOUR[2], "2026-12-01"));
    four.deliver_all();
    assert_eq!(four.summary(FOUR[1]).todos[0].what, "report");
    let not_ours = json!({ "command": "report", "task": 2, "percent": 10, "text": "…" });
    assert_eq!(four.refused(FOUR[1], "liaison", not_ours).code, "not-our-task");
    four.ok(FOUR[1], "leader", json!({ "command": "assign", "task": 1, "person": "officer-a1" }));
    four.ok(
        FOUR[1],
        "officer-a1",
        json!({ "command": "report", "task": "1", "percent": 40, "text": "已巡查两次" }),
    );
    assert_eq!(four.refused(FOUR[0], "liaison", json!({ "command": "close" })).code, "open-tasks");
    four.ok(
        FOUR[1],
        "officer-a1",
        json!({ "command": "finish", "task": 1, "text": "已完成", "exhibits": photo() }),
    );
    four.ok(FOUR[0], "liaison", json!({ "command": "drop_task", "task": 2, "reason": "并入第一项" }));
    four.deliver_all();
    let today = beijing_date(four.now);
    let progress = file(&four, FOUR[3]).progress(today);
    assert_eq!((progress.tasks, progress.done, progress.percent), (1, 1, 100));
    four.ok(FOUR[0], "liaison", json!({ "command": "close" }));
    four.deliver_all();
    assert!(FOUR.iter().all(|at| file(&four, at).stage() == Stage::Closed && !four.summary(at).open));
}

#[test]
fn a_meeting_is_put_off_or_called_off_by_its_convener_only() {
    let mut four = convened();
    let later = four.now + jiff::SignedDuration::from_hours(100);
    let postpone = json!({ "command": "postpone", "at": later, "reason": "暴雨" });
    assert_eq!(four.refused(FOUR[1], "liaison", postpone.clone()).code, "not-theirs-to-say");
    let past = json!({ "command": "postpone", "at": Timestamp::UNIX_EPOCH, "reason": "暴雨" });
    assert_eq!(four.refused(FOUR[0], "liaison", past).field, Some("at"));
    four.ok(FOUR[0], "liaison", postpone);
    four.ok(FOUR[0], "liaison", json!({ "command": "cancel", "reason": "暴雨" }));
    // An answer on its way is taken, and changes nothing.
    four.ok(FOUR[1], "liaison", json!({ "command": "attend", "coming": true }));
    four.deliver_all();
    assert_eq!(file(&four, FOUR[2]).meets_at(), Some(later));
    assert!(FOUR.iter().all(|at| file(&four, at).stage() == Stage::Cancelled));
    assert_eq!(four.refused(FOUR[0], "liaison", task(FOUR[1], "2026-12-31")).code, "not-theirs-to-say");
}

#[test]
fn what_is_late_is_said_once_to_those_whom_it_concerns() {
    let mut four = recorded();
    four.ok(FOUR[0], "liaison", task(FOUR[1], "2026-11-26"));
    four.deliver_all();
    let ends = file(&four, FOUR[1]).tasks()[0].ends();
    assert_eq!(ends, lianzhi_testkit::at("2026-11-26T16:00:00Z"), "the end of the day in Beijing");
    assert_eq!(four.summary(FOUR[1]).wake_at, Some(ends));
    assert!(four.ok(FOUR[1], "system", json!({ "command": "tick" })).is_empty());
    four.now = ends;
    for at in FOUR {
        assert_eq!(four.ok(at, "system", json!({ "command": "tick" })).len(), 1);
        assert!(four.ok(at, "system", json!({ "command": "tick" })).is_empty());
        assert!(four.summary(at).overdue && four.summary(at).wake_at.is_none());
    }
    let progress = file(&four, FOUR[0]).progress(beijing_date(four.now));
    assert_eq!(progress.overdue, 1);
    let longer = json!({ "command": "set_task", "task": 1, "title": "开展联合巡查", "owner": FOUR[1], "due": "2026-12-10" });
    four.ok(FOUR[0], "liaison", longer);
    four.deliver_all();
    assert!(!four.summary(FOUR[1]).overdue);
    four.ok(FOUR[1], "liaison", json!({ "command": "finish", "task": 1, "text": "已完成" }));
    assert_eq!(four.summary(FOUR[1]).wake_at, None);
}

#[test]
fn done_is_done_whatever_was_said_at_the_same_time() {
    let mut four = recorded();
    four.ok(FOUR[0], "liaison", task(FOUR[1], "2026-12-31"));
    four.ok(FOUR[0], "liaison", task(FOUR[2], "2026-12-31"));
    four.deliver_all();
    // Given up and done at once: done. Handed to another and reported by the first at once: the report is the first's own.
    four.ok(FOUR[0], "liaison", json!({ "command": "drop_task", "task": 1, "reason": "不再需要" }));
    four.ok(FOUR[1], "liaison", json!({ "command": "finish", "task": 1, "text": "已完成" }));
    let other = json!({ "command": "set_task", "task": 2, "title": "开展联合巡查", "owner": FOUR[3], "due": "2026-12-31" });
    four.ok(FOUR[0], "liaison", other);
    four.ok(FOUR[2], "liaison", json!({ "command": "report", "task": 2, "percent": 90, "text": "快好了" }));
    four.deliver_all();
    for at in FOUR {
        let standings: Vec<_> = file(&four, at).tasks().iter().map(|t| t.standing()).collect();
        assert_eq!(standings, [Standing::Done, Standing::Set]);
    }
}

#[test]
fn a_plan_has_goals_and_its_progress_comes_from_the_record() {
    let mut four: Four<Plan> = Four::new(Some(roster()));
    let plan = json!({
        "command": "adopt", "span": "year", "year": 2026, "of": "310118.1.9", "title": "2026 年度计划", "text": "要点",
        "goals": ["清单落地", "案卷互评"], "participants": [FOUR[1], FOUR[2]],
    });
    let stranger = json!({
        "command": "adopt", "span": "year", "year": 2026, "title": "t", "text": "t", "participants": ["350100"],
    });
    assert_eq!(four.refused(FOUR[0], "liaison", stranger).field, Some("participants"));
    assert_eq!(four.refused(FOUR[0], "officer-a1", plan.clone()).code, "not-permitted");
    four.ok(FOUR[0], "liaison", plan);
    four.deliver_all();
    assert!(four.offices[FOUR[3]].state.file().is_none(), "it takes no part");
    let wrong =
        json!({ "command": "set_task", "title": "t", "owner": FOUR[1], "due": "2026-12-31", "by": 3 });
    assert_eq!(four.refused(FOUR[0], "liaison", wrong).field, Some("by"));
    for (owner, by) in [(FOUR[1], 1), (FOUR[2], 2)] {
        let task =
            json!({ "command": "set_task", "title": "t", "owner": owner, "due": "2026-12-31", "by": by });
        four.ok(FOUR[0], "liaison", task);
    }
    four.deliver_all();
    four.ok(FOUR[1], "liaison", json!({ "command": "report", "task": 1, "percent": 30, "text": "…" }));
    four.ok(FOUR[2], "liaison", json!({ "command": "finish", "task": 2, "text": "…" }));
    four.deliver_all();
    let progress = file(&four, FOUR[0]).progress(beijing_date(four.now));
    assert_eq!((progress.tasks, progress.done, progress.percent), (2, 1, 65));
    assert_eq!(file(&four, FOUR[1]).tasks()[1].task.by, Some(2));
    let no_meeting = json!({ "command": "record", "text": "纪要" });
    assert_eq!(four.refused(FOUR[0], "liaison", no_meeting).code, "not-theirs-to-say");
}

#[test]
fn who_is_not_invited_or_no_member_is_not_heard() {
    let mut four = Four::<Meeting>::new(Some(roster()));
    let at = four.now + jiff::SignedDuration::from_hours(48);
    let convene = json!({
        "command": "convene", "kind": "liaison", "title": "联络会议", "at": at, "agenda": "…", "participants": [FOUR[1]],
    });
    four.ok(FOUR[0], "leader", convene.clone());
    assert_eq!(four.deliver(FOUR[3], FOUR[0]).unwrap().unwrap_err().code, "not-for-us");
    let mut alone = Four::<Meeting>::new(None);
    assert_eq!(alone.refused(FOUR[0], "leader", convene).code, "no-compact");
}

fn filled(offer: &Offer, now: Timestamp, dice: &mut Dice) -> Value {
    let mut fields = Map::new();
    fields.insert("command".into(), json!(offer.command));
    for field in &offer.fields {
        let value = match &field.kind {
            FieldKind::Choice { choices } | FieldKind::Person { choices } => {
                json!(choices[dice.roll(choices.len())].value)
            }
            FieldKind::Number { min, max } => {
                json!(min + i64::try_from(dice.roll(usize::try_from(max - min + 1).unwrap())).unwrap())
            }
            FieldKind::Flag => json!(dice.roll(2) == 1),
            FieldKind::Moment => json!(now + jiff::SignedDuration::from_hours(30)),
            FieldKind::Exhibits => photo(),
            _ if field.name == "due" => {
                let days = i64::try_from(dice.roll(4)).unwrap();
                json!(beijing_date(now + jiff::SignedDuration::from_hours(24 * days)))
            }
            _ => json!("按会议决定办理"),
        };
        fields.insert(field.name.into(), value);
    }
    Value::Object(fields)
}

/// What must be the same everywhere once everybody knows everything.
fn shared(file: &File) -> impl PartialEq + std::fmt::Debug + use<> {
    let tasks: Vec<_> = file.tasks().iter().map(|t| (t.task.clone(), t.standing(), t.percent())).collect();
    let answers: Vec<_> = file.attendance().map(|(_, a)| a).collect();
    (file.stage(), tasks, answers, file.meets_at())
}

fn wander<P>(mut four: Four<P>, steps: Vec<(u64, usize, usize)>) -> Result<(), TestCaseError>
where
    P: Procedure<
            State = State,
            Event = lianzhi_procedure::meeting::Event,
            Command = lianzhi_procedure::meeting::Command,
        >,
{
    for (seed, at, who) in steps {
        let mut dice = Dice(seed);
        let (at, who) = (FOUR[at], STAFF[who]);
        four.after_hours(i64::try_from(dice.roll(9)).unwrap());
        for _ in 0..dice.roll(4) {
            if let Some(Err(refusal)) = four.deliver(at, FOUR[dice.roll(4)]) {
                explained(&refusal);
            }
        }
        if four.offices[at].state.file().is_none() {
            continue;
        }
        if dice.roll(3) == 0 {
            four.ok(at, "system", json!({ "command": "tick" }));
            let wake = four.summary(at).wake_at;
            prop_assert!(
                wake.is_none_or(|w| w > four.now),
                "looked at, it wants to be looked at again at once"
            );
        }
        let offers = four.offers(at, who);
        offers.iter().filter_map(|o| o.refused.as_ref()).for_each(explained);
        let good: Vec<_> = offers
            .iter()
            .filter(|o| o.refused.is_none() && (!matches!(o.command, "cancel" | "close") || seed % 8 == 0))
            .collect();
        if let Some(offer) = good.get(dice.roll(good.len())) {
            let command = filled(offer, four.now, &mut dice);
            match four.ask(at, who, command.clone()) {
                Ok(events) => four.apply(at, &events),
                Err(refusal) => prop_assert!(false, "{at} {who} was offered {command}: {refusal}"),
            }
        }
    }
    four.deliver_all();
    for at in FOUR {
        prop_assert_eq!(shared(file(&four, at)), shared(file(&four, FOUR[0])));
        let folded = four.offices[at].events.iter().fold(State::default(), P::evolve);
        prop_assert_eq!(&folded, &four.offices[at].state, "folding the record gives the state");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_offered_is_accepted_and_all_come_to_the_same(
        steps in prop::collection::vec((any::<u64>(), 0usize..4, 0..STAFF.len()), 1..80),
        begun in 0..3u8,
    ) {
        match begun {
            0 => wander(convened(), steps)?,
            1 => wander(recorded(), steps)?,
            _ => {
                let mut four: Four<Plan> = Four::new(Some(roster()));
                four.ok(FOUR[0], "leader", json!({
                    "command": "adopt", "span": "three_years", "year": 2026, "title": "三年行动计划", "text": "要点",
                    "goals": ["一"], "participants": &FOUR[1..],
                }));
                four.deliver_all();
                wander(four, steps)?;
            }
        }
    }

    #[test]
    fn whatever_is_asked_is_accepted_or_explained(
        steps in prop::collection::vec((any::<u64>(), 0usize..4, 0..STAFF.len()), 1..60),
    ) {
        let mut four = recorded();
        for (seed, at, who) in steps {
            let mut dice = Dice(seed);
            let command = any_command(four.now, &mut dice);
            match four.ask(FOUR[at], STAFF[who], command) {
                Ok(events) => four.apply(FOUR[at], &events),
                Err(refusal) => explained(&refusal),
            }
            four.deliver(FOUR[at], FOUR[dice.roll(4)]);
        }
        four.deliver_all();
        for at in FOUR {
            prop_assert_eq!(shared(file(&four, at)), shared(file(&four, FOUR[0])));
        }
    }
}

fn any_command(now: Timestamp, dice: &mut Dice) -> Value {
    let mut pick = |values: &[Value]| values[dice.roll(values.len())].clone();
    let names = [
        "convene",
        "adopt",
        "attend",
        "postpone",
        "cancel",
        "record",
        "set_task",
        "drop_task",
        "assign",
        "report",
        "finish",
        "close",
        "tick",
        "hear",
    ];
    json!({
        "command": pick(&names.map(|n| json!(n))),
        "kind": "topic", "span": "year", "year": pick(&[json!(2026), json!(1)]),
        "title": pick(&[json!("名称"), json!("")]), "text": pick(&[json!("正文"), json!("")]), "agenda": "议程",
        "reason": pick(&[json!("理由"), json!("")]),
        "at": pick(&[json!(Timestamp::UNIX_EPOCH), json!(now + jiff::SignedDuration::from_hours(9))]),
        "participants": pick(&[json!([]), json!([FOUR[1]])]),
        "owner": pick(&[json!(FOUR[1]), json!(FOUR[2]), json!("350100")]),
        "due": pick(&[json!("2020-01-01"), json!("2026-12-31")]),
        "task": pick(&[json!(1), json!(2), json!("1"), json!(77)]),
        "percent": pick(&[json!(0), json!(50), json!(100)]),
        "person": pick(&[json!("officer-a1"), json!("nobody")]),
        "exhibits": pick(&[json!([]), photo(), json!([lianzhi_ids::Digest::ZERO])]),
        "coming": true, "entry": "{}", "envelope": lianzhi_ids::Digest::ZERO,
    })
}
