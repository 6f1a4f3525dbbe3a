//! Any sequence of offers at any member keeps the rules that must never break, and any order of arrival leads to the same.

use super::kit::*;
use crate::properties::{Dice, filled};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::cooperation::{Act, Event, file_of};
use lianzhi_procedure::{Kind, stream};
use proptest::prelude::*;

const SITES: [&str; 4] = [Q, W, J, P];

fn begun(form: Form) -> Matter {
    let to: &[&str] = match form {
        Form::Bulletin | Form::Dispute => &[W, J],
        _ => &[W],
    };
    let mut matter = Matter::new(form);
    matter.ok(Q, "handler", letter(form, to));
    matter
}

/// Somebody hears the next entry that was sent to it.
fn something_arrives(matter: &mut Matter, dice: &mut Dice) -> Result<(), TestCaseError> {
    let mut ways = Vec::new();
    for at in SITES {
        for (author, stream) in matter.wire.iter().filter(|(a, _)| a.as_str() != at) {
            let last = stream.iter().rposition(|(_, to)| to.contains(&node(at))).map_or(0, |n| n + 1);
            let next = matter.heard(at, author);
            if next < last {
                ways.push((at, author.clone(), stream[next].0.clone()));
            }
        }
    }
    if ways.is_empty() {
        return Ok(());
    }
    let (at, author, entry) = ways.swap_remove(dice.roll(ways.len()));
    match matter.hear(at, &author, &entry) {
        // Once more: nothing changes.
        Ok(()) => prop_assert_eq!(matter.judge(at, &author, &entry).unwrap_err().code, "stream"),
        Err(refusal) => prop_assert_eq!(refusal.code, "busy", "{} hears {}: {}", at, entry, refusal),
    }
    holds(matter, at).map_err(TestCaseError::fail)
}

/// A matter after somebody did one offered thing after the other, here and there.
fn lived(form: Form, steps: &[(u64, usize, usize, i64)]) -> Result<Matter, TestCaseError> {
    let mut matter = begun(form);
    for (seed, site, who, minutes) in steps {
        let mut dice = Dice(*seed);
        matter.now += jiff::SignedDuration::from_mins(*minutes);
        for _ in 0..dice.roll(5) {
            something_arrives(&mut matter, &mut dice)?;
        }
        let (at, who) = (SITES[*site], PEOPLE[*who]);
        if file_of(&matter.sites[at].state).is_none() {
            continue;
        }
        if dice.roll(6) == 0 {
            matter.files_arrive(at);
            matter.tick(at);
            prop_assert!(matter.tick(at).is_empty(), "each exactly once");
            let wake = matter.summary(at).wake_at;
            prop_assert!(wake.is_none_or(|wake| wake > matter.now), "it would wake at once again");
        }
        let offers = matter.offers(at, who);
        offers.iter().filter_map(|o| o.refused.as_ref()).for_each(explained);
        let good: Vec<_> = offers.iter().filter(|o| o.refused.is_none()).collect();
        let Some(offer) = good.get(dice.roll(good.len())) else { continue };
        let mut command = filled(offer, &mut dice);
        // Half of what could go either way goes on.
        if offer.fields.iter().any(|f| f.name == "agreed") && dice.roll(2) == 0 {
            command["agreed"] = json!(true);
        }
        if let Err(refusal) = matter.ask(at, who, command.clone()) {
            prop_assert!(false, "{at} {who} was offered {command} in {:?}: {refusal}", matter.stage(at));
        }
        matter.ok(at, who, command);
        holds(&matter, at).map_err(TestCaseError::fail)?;
        let again = restarted(&matter, at);
        prop_assert_eq!(file_of(&again), file_of(&matter.sites[at].state));
    }
    Ok(matter)
}

fn form() -> impl Strategy<Value = Form> {
    prop::sample::select(Form::ALL.to_vec())
}

fn steps() -> impl Strategy<Value = Vec<(u64, usize, usize, i64)>> {
    // The first is mostly at work where things begin.
    let step =
        (any::<u64>(), prop::sample::select(vec![0, 0, 0, 1, 1, 1, 2, 3]), 0..PEOPLE.len(), 0i64..1500);
    prop::collection::vec(step, 20..90)
}

/// What a member recorded, in another order of arrival: what it said itself comes after what it knew when it said it.
fn rearranged(matter: &Matter, at: &str, dice: &mut Dice) -> Result<Matter, TestCaseError> {
    let kind = Kind::from_code(matter.form.code()).unwrap();
    let mut again = matter.clone();
    let site = again.sites.get_mut(at).unwrap();
    let own: Vec<Event> = site.events.iter().filter(|e| !matches!(e, Event::Heard { .. })).cloned().collect();
    let streams: Vec<(NodeCode, usize)> =
        matter.wire.keys().filter(|a| a.as_str() != at).map(|a| (a.clone(), matter.heard(at, a))).collect();
    (site.state, site.events) = (kind.empty(), Vec::new());
    again.wire.remove(&node(at));
    let (mut mine, mut idle) = (own.into_iter().peekable(), 0);
    loop {
        let left: Vec<&NodeCode> =
            streams.iter().filter(|(a, n)| again.heard(at, a) < *n).map(|(a, _)| a).collect();
        prop_assert!(idle < 10_000, "nothing moves any more at {}", at);
        let turn = dice.roll(left.len() + 1);
        idle += 1;
        if let Some(author) = left.get(turn) {
            let entry = matter.wire[*author][again.heard(at, author)].0.clone();
            match again.hear(at, author, &entry) {
                Ok(()) => idle = 0,
                Err(refusal) => {
                    prop_assert!(refusal.code == "busy", "{} hears {}: {}", at, entry, refusal);
                }
            }
        } else if let Some(event) = mine.peek() {
            let ready = match (event, file_of(&again.sites[at].state)) {
                (Event::Begun { .. }, _) => true,
                (_, None) => false,
                (Event::Said { entry, .. }, Some(file)) => {
                    let known = |d: &_| file.said.values().flatten().any(|s| s.digest == *d);
                    stream::read::<Act>(entry).unwrap().entry.re.iter().all(known)
                }
                _ => true,
            };
            if ready {
                let event = kind.event(&serde_json::to_string(event).unwrap()).unwrap();
                again.apply(at, &[event]);
                mine.next();
                idle = 0;
            }
        } else if left.is_empty() {
            return Ok(again);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_offered_is_accepted_and_all_agree_when_everything_arrived(form in form(), steps in steps()) {
        let mut matter = lived(form, &steps)?;
        matter.deliver_all();
        for at in SITES {
            holds(&matter, at).map_err(TestCaseError::fail)?;
        }
        agree(&matter).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_order_of_arrival_leads_to_the_same(form in form(), steps in steps(), seed in any::<u64>()) {
        let mut matter = lived(form, &steps)?;
        matter.deliver_all();
        for at in SITES.into_iter().filter(|at| file_of(&matter.sites[at].state).is_some()) {
            let again = rearranged(&matter, at, &mut Dice(seed))?;
            let (then, now) = (matter.file(at), again.file(at));
            prop_assert_eq!(now.stage(), then.stage());
            prop_assert_eq!(now.due(), then.due());
            prop_assert_eq!(now.open(), then.open());
            for party in then.parties() {
                let words = |f: &lianzhi_procedure::cooperation::File| f.acts(&party).cloned().collect::<Vec<_>>();
                prop_assert_eq!(words(now), words(then));
            }
            prop_assert_eq!(now.running().count(), then.running().count());
        }
    }

    #[test]
    fn whatever_a_member_says_without_rules_is_refused_and_explained_or_breaks_nothing(
        form in form(), steps in steps(), n in 0..31usize, from in 0..4usize, at in 0..4usize,
    ) {
        let mut matter = lived(form, &steps)?;
        matter.deliver_all();
        let (from, at) = (SITES[from], SITES[at]);
        if from != at && file_of(&matter.sites[at].state).is_some_and(|f| f.sent()) {
            let entry = matter.next(from, &super::hostile::acts()[n]);
            let before = matter.stage(at);
            match matter.judge(at, &node(from), &entry) {
                Ok(events) => {
                    matter.wire.entry(node(from)).or_default().push((entry, vec![node(at)]));
                    matter.apply(at, &events);
                    holds(&matter, at).map_err(TestCaseError::fail)?;
                }
                Err(refusal) => {
                    explained(&refusal);
                    prop_assert_eq!(matter.stage(at), before);
                }
            }
        }
    }
}
