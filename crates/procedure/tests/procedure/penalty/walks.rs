//! Any sequence of offers by anybody keeps what the law demands, and nothing that happened is ever refused.

use super::kit::*;
use crate::properties::Dice;
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::PersonCode;
use lianzhi_procedure::penalty::{
    Bringing, Command, Event, Hearing, Mark, NewViolation, Opinion, PaperKind, PartyKind, Penalty, Proposal,
    Registering, Scope, SplitFrom, State, Term, catalogue,
};
use lianzhi_procedure::{Choice, Field, FieldKind, Offer, Procedure, RefusalKind, Text};
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

fn one(choices: &[Choice], dice: &mut Dice) -> Option<Value> {
    (!choices.is_empty()).then(|| json!(choices[dice.roll(choices.len())].value))
}

/// A field as a form would let one fill it in.
fn value(field: &Field, case: &Docket, dice: &mut Dice) -> Option<Value> {
    let today = lianzhi_procedure::beijing_date(case.now);
    if !field.required && dice.roll(3) > 0 {
        return None;
    }
    match &field.kind {
        FieldKind::Line if field.name == "item" && dice.roll(2) == 0 => {
            Some(json!(case.case().violations[0].item))
        }
        FieldKind::Line if field.name == "item" => Some(json!(SMALL)),
        FieldKind::Line => Some(json!(format!("文{}", dice.roll(1_000_000)))),
        FieldKind::Text => Some(json!("按规定办理")),
        FieldKind::Number { min, .. } if field.name == "days" && dice.roll(2) == 0 => Some(json!(min)),
        FieldKind::Number { min, max } => {
            let span = usize::try_from(max - min + 1).unwrap();
            Some(json!(min + i64::try_from(dice.roll(span)).unwrap()))
        }
        // What is owed, mostly; else some amount.
        FieldKind::Money { .. } if field.name == "amount" && dice.roll(4) > 0 => {
            Some(json!(case.case().parties[0].money.left().max(1)))
        }
        FieldKind::Money { .. } => {
            let unit = if case.case().violations[0].item == SMALL { 100_000 } else { 10_000_000 };
            Some(json!(unit * (1 + dice.roll(11))))
        }
        FieldKind::Flag if ["established", "agreed"].contains(&field.name) => Some(json!(dice.roll(30) > 0)),
        FieldKind::Flag => Some(json!(dice.roll(9) > 0)),
        FieldKind::Choice { choices } => one(choices, dice).map(|v| match v.as_str() {
            Some("true") => json!(true),
            Some("false") => json!(false),
            _ => v,
        }),
        FieldKind::Person { choices } | FieldKind::Category { choices } | FieldKind::Grid { choices } => {
            one(choices, dice)
        }
        FieldKind::Unit { choices, .. } | FieldKind::Many { choices } => {
            let most = if field.name == "present" { 2 } else { dice.roll(2) };
            Some(json!(choices.iter().take(most).map(|c| &c.value).collect::<Vec<_>>()))
        }
        FieldKind::Matter { .. } => Some(json!(77)),
        FieldKind::Exhibits => Some(photo()),
        FieldKind::Date if matches!(field.name, "until" | "first") => {
            Some(json!(today.checked_add(jiff::Span::new().days(7)).unwrap()))
        }
        // Perhaps the day of what is in the case already.
        FieldKind::Date if field.name == "from" && dice.roll(2) == 0 => {
            Some(json!(case.case().violations[0].from))
        }
        FieldKind::Date => Some(json!(today)),
        FieldKind::Moment if field.name == "on" => {
            let at = case.now + SignedDuration::from_hours(24 * 14);
            Some(json!(at))
        }
        FieldKind::Moment => Some(json!(case.now)),
    }
}

fn filled(offer: &Offer, case: &Docket, dice: &mut Dice) -> Value {
    let mut fields = Map::new();
    fields.insert("command".into(), json!(offer.command));
    for field in &offer.fields {
        if let Some(value) = value(field, case, dice) {
            fields.insert(field.name.into(), value);
        }
    }
    Value::Object(fields)
}

/// What leads a case out of the ordinary way: chosen seldom, so that walks get far.
const SELDOM: &[&str] = &[
    "not_file",
    "drop",
    "hand_over",
    "join",
    "split",
    "no_penalty",
    "void",
    "revoke",
    "mark",
    "exclude",
    "unpropose",
    "recuse",
    "add_party",
    "describe",
    "set_violation",
    "withdraw_violation",
    "uncharge",
    "test",
    "assign",
    "appeal",
    "charge",
    "state",
    "seize",
    "preserve",
    "lengthen",
    "notify",
    "agree",
    "break_agreement",
    "suspend",
    "resume",
    "end_execution",
    "amend",
    "ask_opinion",
    "ask_help",
    "delay_help",
    "answer_help",
    "draw_panel",
    "seat_member",
    "recuse_member",
    "set_circuit",
    "hold_circuit",
    "see_mediation",
    "mediate",
    "suggest",
    "receive",
    "daily",
    "demand",
    "announce_demolition",
    "order_demolition",
    "transfer",
    "decide_anew",
    "compel",
    "issue",
    "fill_folio",
    "sign_folio",
    "draw_folio",
    "add",
    "resubmit",
    "not_indicted",
    "ask_police",
    "put_in",
    "take_out",
    "open_archive",
];

/// One act of somebody, or time that goes by.
fn step(case: &mut Docket, dice: &mut Dice) {
    if dice.roll(4) == 0 {
        case.hours(i64::try_from(dice.roll(72)).unwrap());
        tick(case);
    }
    let who = if dice.roll(2) == 0 { "officer-a1" } else { EVERYBODY[dice.roll(EVERYBODY.len())] };
    let offers = case.offers(who);
    let mut able: Vec<_> = offers.iter().filter(|o| o.refused.is_none()).collect();
    let way = case.case().finished.is_some() && case.case().present().any(|p| p.charges.is_empty());
    if dice.roll(30) > 0 {
        able.retain(|o| {
            !SELDOM.contains(&o.command)
                || (o.command == "charge" && way)
                || (o.main && ["notify", "assign"].contains(&o.command))
        });
        // A case that was only ordered ends before it is decided.
        able.retain(|o| o.main || o.command != "close");
    }
    let main: Vec<_> = able.iter().copied().filter(|o| o.main).collect();
    let from = if !main.is_empty() && dice.roll(4) > 0 { main } else { able };
    if from.is_empty() {
        return;
    }
    let command = filled(from[dice.roll(from.len())], case, dice);
    match case.ask(who, command.clone()) {
        Ok(events) => {
            watch(case, &events);
            case.apply(&events);
        }
        // What is typed may be wrong; then it is said, with the law or rule behind it.
        Err(refusal) => {
            crate::kit::explained(&refusal);
            assert!(
                refusal.kind == RefusalKind::Invalid || refusal.has_named_source(),
                "{who} {command}: {refusal:?}"
            );
        }
    }
}

/// Marks that stand, each with who set it, told from what happened alone.
fn marked(docket: &Docket) -> BTreeMap<Mark, PersonCode> {
    let mut marks = BTreeMap::new();
    for event in &docket.events {
        match event {
            Event::Marked { mark, on: true, by, .. } => {
                marks.insert(*mark, by.clone());
            }
            Event::Marked { mark, on: false, by, .. } => {
                let set = marks.remove(mark);
                let above = ["legal", "legal-2", "leader", "leader-2"].contains(&by.as_str());
                assert!(set.as_ref() == Some(by) || above, "{by} took off what {set:?} marked");
            }
            Event::Brought { marks: along, .. } => {
                along.iter().for_each(|(mark, by)| {
                    marks.entry(*mark).or_insert_with(|| by.clone());
                });
            }
            // The police did not take it, or nobody is prosecuted.
            Event::CrimeAnswered { taken: false, .. } | Event::NotIndicted { .. } => {
                marks.remove(&Mark::Crime);
            }
            _ => {}
        }
    }
    marks
}

/// Two violations of a case that are one act.
fn one_act(docket: &Docket, one: u16, other: u16) -> bool {
    let both = docket.case().violation(one).zip(docket.case().violation(other));
    both.is_some_and(|(a, b)| a.item == b.item && a.from <= b.to && b.from <= a.to)
}

/// The act of a case once more, as it comes in.
fn the_same(case: &Docket) -> NewViolation {
    let first = &case.case().violations[0];
    NewViolation {
        item: first.item.clone(),
        from: first.from,
        to: Some(first.to),
        continuing: first.continuing,
        harm: first.harm,
        danger: first.danger,
        found_on: None,
        facts: Text::Plain("同一行为".into()),
        found: first.found,
    }
}

/// Another case of the same act is joined to this one; sometimes it was marked, and somebody stood aside there.
fn join(case: &mut Docket, dice: &mut Dice) {
    let mark = [Mark::Complex, Mark::Major, Mark::Crime][dice.roll(3)];
    let marks = match dice.roll(3) {
        0 => [(mark, lianzhi_testkit::city::person("legal"))].into(),
        _ => BTreeMap::new(),
    };
    let recused = ["officer-a3", "officer-a1"][dice.roll(2)];
    let what = Bringing {
        from: lianzhi_ids::DocketId(8),
        number: "沪青案2026-000008".into(),
        violations: vec![the_same(case)],
        marks,
        recused: [lianzhi_testkit::city::person(recused)].into(),
        ..Bringing::default()
    };
    if let Ok(events) = case.give("captain-a", Command::Bring(Box::new(what))) {
        watch(case, &events);
        case.apply(&events);
        assert!(!case.case().is_officer(&lianzhi_testkit::city::person(recused)), "43: stood aside");
    }
}

/// The last party goes on alone; the walk goes with it.
fn split(case: &mut Docket) {
    let party = case.case().present().last().map_or(0, |party| party.subject.id);
    let asked = json!({ "command": "split", "party": party, "note": "另案" });
    let Ok(events) = case.ask("captain-a", asked) else { return };
    let held = |m: &lianzhi_procedure::penalty::MeasureFile| m.measure.party == party && m.settled.is_none();
    assert!(!case.case().measures.iter().any(held), "行政强制法 27: what is held stays behind");
    case.apply(&events);
    let first = case.case();
    let (marks, recused) = (first.marks_along(), first.recused.clone());
    let (item, kind) = (first.violations[0].item.clone(), first.party(party).map(|p| p.subject.kind));
    let mut alone = Docket::new();
    (alone.now, alone.directory) = (case.now, case.directory);
    let kind = if kind == Some(PartyKind::Person) { "person" } else { "company" };
    let mut command: Command = serde_json::from_value(register(&item, kind)).unwrap();
    if let Command::Register(Registering { split_from, brought, violation, .. }) = &mut command {
        *violation = the_same(case);
        *split_from = Some(SplitFrom { case: lianzhi_ids::DocketId(8), party });
        let along = Bringing { split: true, marks, recused: recused.clone(), ..Bringing::default() };
        *brought = Some(Box::new(along));
    }
    let events = alone.give("captain-a", command).unwrap();
    alone.apply(&events);
    let (stood, stands) = (marked(case), marked(&alone));
    assert!(stood.keys().all(|mark| stands.contains_key(mark)), "27, 57, 58: {stood:?} became {stands:?}");
    assert_eq!(alone.case().recused, recused, "43");
    *case = alone;
}

/// What seldom is offered and easily goes wrong: the same act once more, cases that become one, a party that goes, marks on and off.
fn aside(case: &mut Docket, dice: &mut Dice) {
    match dice.roll(5) {
        0 => join(case, dice),
        1 => split(case),
        2 => {
            let what = the_same(case);
            let again = Command::SetViolation { violation: None, what };
            if let Ok(events) = case.give("officer-a1", again) {
                case.apply(&events);
            }
        }
        _ => {
            let who = ["officer-a1", "officer-a3", "captain-a", "legal", "leader"][dice.roll(5)];
            let mark = ["crime", "complex", "complex", "major"][dice.roll(4)];
            let on = !marked(case).keys().any(|known| known.code() == mark);
            let command = json!({ "command": "mark", "mark": mark, "on": on, "note": "理由" });
            if let Ok(events) = case.ask(who, command) {
                watch(case, &events);
                case.apply(&events);
                marked(case);
            }
        }
    }
}

fn tick(case: &mut Docket) {
    let events = case.ask("system", json!({ "command": "tick" })).unwrap();
    for event in &events {
        if let Event::ClockExpired { term, of, .. } = event {
            let clock = case.case().clock(*term, *of).unwrap();
            assert!(clock.clock.running.due <= case.now, "{term:?} ran out before its end");
            assert!(!clock.expired, "{term:?} ran out twice");
        }
    }
    case.apply(&events);
    assert!(
        case.ask("system", json!({ "command": "tick" })).unwrap().is_empty(),
        "a second look finds nothing"
    );
}

/// What must be true whenever something happens, told without the rules themselves.
fn watch(case: &Docket, events: &[Event]) {
    for event in events {
        match event {
            Event::Approved { id, agreed: true, by, .. } => {
                let pending = case.case().proposal(*id).unwrap();
                assert_ne!(pending.by, *by, "nobody approves his own");
                assert!(!case.case().is_officer(by));
                use Proposal as P;
                let ends = matches!(
                    pending.proposal,
                    P::Decide { .. } | P::NoPenalty { .. } | P::Drop | P::NotFile | P::Transfer { .. }
                );
                assert!(!(ends && marked(case).contains_key(&Mark::Crime)), "27: {:?}", pending.proposal);
                let reviewed = |r: &lianzhi_procedure::penalty::Review| r.by == *by;
                assert!(!case.case().reviews.iter().any(reviewed), "58: who reviewed does not sign");
                if let Proposal::Decide { charges } = &pending.proposal {
                    lawful(case, charges);
                }
            }
            Event::Charged { charge, at, .. } => no_heavier(case, charge, *at),
            Event::Served { paper, service, .. } => {
                assert!(service.from >= case.case().paper(*paper).unwrap().at, "served before it was signed");
            }
            Event::Reviewed { by, .. } => assert!(!case.case().handled_by.contains(by)),
            Event::HearingHeld { chair, .. } => assert!(!case.case().handled_by.contains(chair)),
            _ => {}
        }
    }
}

/// Nobody is fined more for an act because he spoke, under whichever number it stands (45(2)).
fn no_heavier(docket: &Docket, charge: &lianzhi_procedure::penalty::Charge, at: Timestamp) {
    let case = docket.case();
    let Some(party) = case.party(charge.party) else { return };
    let Some(word) = party.rights.statements.iter().map(|s| s.at).max().filter(|word| *word <= at) else {
        return;
    };
    if case.evidence.iter().any(|e| e.recorded > word) {
        return;
    }
    let told =
        party.rights.notices().filter(|n| case.served(n.paper, charge.party).is_some_and(|at| at <= word));
    for told in told.flat_map(|n| &n.charges).filter(|told| told.fine > 0) {
        if told.violation == charge.violation || one_act(docket, told.violation, charge.violation) {
            assert!(charge.fine <= told.fine, "45: heavier for the act than it was told");
        }
    }
}

/// A decision has all the steps that the law demands.
fn lawful(docket: &Docket, charges: &[lianzhi_procedure::penalty::Charge]) {
    let case = docket.case();
    assert!(case.officers.len() >= 2, "42");
    assert!(case.filed().is_some() && case.finished.is_some(), "54, 57");
    assert!(case.evidence.iter().any(|e| e.excluded.is_none()), "40");
    let mut heard = None;
    for party in case.present() {
        let id = party.subject.id;
        let own: Vec<_> = charges.iter().filter(|c| c.party == id).collect();
        assert!(!own.is_empty(), "57: every party is decided on");
        let fined: Vec<u16> = own.iter().filter(|c| c.fine > 0).map(|c| c.violation).collect();
        for (n, one) in fined.iter().enumerate() {
            assert!(!fined[..n].iter().any(|other| one_act(docket, *one, *other)), "29: one act, two fines");
        }
        let notice = party.rights.notice.as_ref().expect("44: no notice");
        let served = case.served(notice.paper, id).expect("62: not served");
        for charge in own {
            assert!(charge.basis.verified || charge.basis.confirmed.is_some(), "38");
            if charge.fine > 0 && case.daily_of.is_none() {
                let max = charge.basis.max.expect("4: a fine without a range");
                assert!(charge.fine <= max, "above the range");
            }
            assert!(
                charge.basis.only.is_empty() || charge.basis.only == charge.grade,
                "4: a grade nobody said"
            );
            found_in_time_within_the_power_and_once(docket, charge.violation);
            let told = notice.charges.iter().find(|c| c.violation == charge.violation).expect("44: not told");
            assert!(charge.fine <= told.fine, "45: heavier than told");
            let limit = if party.subject.kind == PartyKind::Person { 500_000 } else { 5_000_000 };
            if charge.fine >= limit {
                assert!(notice.hearing, "63: no right to a hearing was told");
            }
        }
        // When the term that this notice gave was over, or was given up after it had been served.
        let over = |term, hearing_too: bool| {
            let of_notice = |w: &&lianzhi_procedure::penalty::Watched| {
                w.clock.term == term && w.clock.of == Scope::Party(id) && w.clock.running.from == served
            };
            let ends = case.clocks.iter().filter(of_notice).map(|w| w.clock.running.due);
            let given_up = docket.events.iter().filter_map(|e| match e {
                Event::Waived { party, hearing, at, .. } if *party == id && *at >= served => {
                    (*hearing || !hearing_too).then_some(*at)
                }
                _ => None,
            });
            ends.chain(given_up).min().filter(|at| *at <= docket.now)
        };
        let defence = over(Term::Defence, false);
        assert!(defence.is_some(), "45: the term that was told runs");
        assert!(party.rights.statements.iter().all(|s| s.answer.is_some()), "45: not answered");
        let hearing = match party.rights.hearing {
            Hearing::Held { at, .. } | Hearing::GivenUp { at } => Some(at),
            Hearing::None if notice.hearing => Some(over(Term::HearingRequest, true).expect("63")),
            Hearing::None => None,
            Hearing::Asked { .. } | Hearing::Called { .. } => panic!("63: asked for and not held"),
        };
        let spoke = party.rights.statements.iter().map(|s| s.at).max();
        heard = heard.max(defence).max(hearing).max(spoke);
    }
    let marks = marked(docket);
    let grave = marks.keys().any(|mark| matches!(mark, Mark::Complex | Mark::Major));
    if grave || charges.iter().any(|c| c.major) {
        let review = case.plan_reviews().last().expect("58: no review");
        assert_eq!(review.opinion, Opinion::Agree, "58");
        assert!(!case.handled_by.contains(&review.by), "58: who reviewed handles it");
        assert!(heard.is_some_and(|heard| review.at >= heard), "58: after defence and hearing");
        let agreed = |d: &lianzhi_procedure::penalty::Discussion| d.agreed && d.at >= review.at;
        assert!(case.discussions.iter().any(agreed), "57(2)");
    }
}

/// What was decided on was within the agency's power, found in time, and fined by nobody before.
fn found_in_time_within_the_power_and_once(docket: &Docket, violation: u16) {
    let case = docket.case();
    let violation = case.violation(violation).expect("a violation");
    let today = lianzhi_procedure::beijing_date(docket.now);
    let law = &docket.directory.law;
    assert!(
        law.may_handle(docket.directory.node.as_str(), &violation.item, today).is_ok(),
        "17, 38: no power"
    );
    let found = lianzhi_procedure::beijing_date(violation.found.unwrap_or(case.at));
    let from = if violation.continuing { violation.to } else { violation.from };
    let years = if violation.danger || violation.harm { 5 } else { 2 };
    assert!(found <= from.checked_add(jiff::Span::new().years(years)).unwrap(), "36: found too late");
    let bars = |prior: &lianzhi_procedure::Prior| prior.bars(&violation.item, violation.from, violation.to);
    assert!(!docket.look_ups.prior.iter().any(bars), "29: fined before");
}

/// What holds at any time.
fn sound(case: &Docket) {
    let Some(file) = case.state.case() else { return };
    let numbers: BTreeSet<_> = file.papers.iter().map(|p| &p.paper.number).collect();
    assert_eq!(numbers.len(), file.papers.len(), "a number was given twice");
    let ids: BTreeSet<_> = file.papers.iter().map(|p| p.paper.id).collect();
    assert_eq!(ids.len(), file.papers.len());
    for party in &file.parties {
        assert!(party.money.paid() <= party.money.owed(), "more was taken than is owed");
        assert!(party.money.surcharge <= party.money.fine, "72: surcharge above the fine");
    }
    if !file.open() {
        // But for what a late remedy, a revocation or a letter makes necessary.
        let late = |term: Term| {
            use Term as T;
            let answers =
                [T::RemedyReply, T::RemedyReplySimple, T::LawsuitReply, T::Feedback, T::LetterReply];
            let others =
                [T::RemedyDecide, T::RemedyDecideSimple, T::Withdraw, T::PublicNotice, T::SecondInstance];
            answers.contains(&term) || others.contains(&term)
        };
        let still = |w: &lianzhi_procedure::penalty::Watched| w.stopped.is_none() && !late(w.clock.term);
        assert!(!file.clocks.iter().any(still), "a closed case has no other running clocks");
    }
    let listed = catalogue(file).iter().filter(|l| l.paper.is_some() && l.form != "D21").count();
    // The notice of a sample is the record of it, and stands there as evidence.
    let papers = file.papers.iter().filter(|p| p.paper.kind != PaperKind::Sampling).count();
    assert_eq!(listed, papers, "every paper is in the catalogue, voided ones too");
}

/// Where a walk went.
pub fn walk(seed: u64, steps: usize) -> Docket {
    let mut dice = Dice(seed);
    let mut case = Docket::new();
    let (item, kind) = if dice.roll(2) == 0 { (SMALL, "person") } else { (LARGE, "company") };
    case.ok("officer-a1", register(item, kind));
    for _ in 0..steps {
        if dice.roll(300) == 0 {
            aside(&mut case, &mut dice);
        }
        step(&mut case, &mut dice);
        sound(&case);
    }
    case
}

#[test]
fn walks_reach_decisions_and_never_without_the_steps_that_the_law_demands() {
    let (mut decided, mut closed, mut stages) = (0, 0, BTreeMap::new());
    for seed in 0..90 {
        let case = walk(seed, 300);
        decided += usize::from(case.case().decision().is_some());
        closed += usize::from(case.case().closed.is_some());
        *stages.entry(case.stage()).or_insert(0) += 1;
    }
    assert!(decided >= 3, "only {decided} of 90 walks were decided; stages: {stages:?}");
    assert!(closed >= 1, "no walk came to its end; decided: {decided}, stages: {stages:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_offers_breaks_a_rule(seed in any::<u64>()) {
        walk(seed, 90);
    }

    #[test]
    fn what_happened_folds_in_any_order_without_falling_over(seed in any::<u64>()) {
        let case = walk(seed, 60);
        let mut dice = Dice(seed);
        let mut state = State::Nothing;
        for _ in 0..case.events.len() {
            let event = &case.events[dice.roll(case.events.len())];
            state = Penalty::evolve(state, event);
            let _ = Penalty::summary(&state);
        }
        let again = case.events.iter().fold(State::Nothing, Penalty::evolve);
        prop_assert_eq!(again, case.state);
    }
}
