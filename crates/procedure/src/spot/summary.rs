//! The row, the to-dos and the keys that lists need.

use super::state::{Imposed, Outcome, Sheet, State};
use super::words::{Stage, Term};
use crate::penalty::Money;
use crate::penalty::law_side;
use crate::penalty::ledger::{Growth, of_money};
use crate::{LedgerLine, Summary, Tag, Todo, Waiter};
use jiff::civil::Date;
use lianzhi_ids::Role;

pub(super) fn summary(state: &State) -> Summary {
    let Some(sheet) = state.sheet() else { return Summary::default() };
    let (stage, open) = (sheet.stage(), sheet.open());
    let running = || sheet.clocks.iter().filter(|w| w.stopped.is_none());
    let due = running().filter(|w| open && counts(w.term)).min_by_key(|w| w.running.act_by());
    let late = |term: Term| term.ours() || matches!(term, Term::Promise | Term::Pay | Term::PayPart);
    Summary {
        number: sheet.opening.number.clone(),
        stage: stage.code(),
        open,
        unit: Some(sheet.opening.unit.clone()),
        assignee: sheet.opening.officers.first().map(|o| o.person.clone()),
        point: sheet.opening.point,
        source: "spot",
        reported_at: Some(sheet.at),
        closed_at: (!open).then_some(sheet.changed),
        due: due.map(|w| w.running.act_by()),
        due_name: due.map(|w| w.term.title().to_owned()).unwrap_or_default(),
        provisional: due.is_some_and(|w| w.running.is_provisional()),
        overdue: open && running().any(|w| w.overdue() && late(w.term)),
        wake_at: sheet.clocks.wake_at().filter(|_| open),
        title: Some(sheet.opening.violation.facts),
        place: Some(sheet.opening.place),
        contact: Some(sheet.opening.subject.particulars),
        texts: sheet.texts.clone(),
        todos: todos(sheet, stage),
        tags: tags(sheet),
        ledger: ledger(sheet),
        ..Summary::default()
    }
}

fn ledger(sheet: &Sheet) -> Vec<LedgerLine> {
    let Some(decision) = sheet.imposed() else { return Vec::new() };
    let holder = sheet.opening.officers.first().map(|o| &o.person);
    let hand_in = sheet.clocks.get(Term::HandIn).map(|w| w.running.act_by());
    let due = sheet.statute_due();
    let grown = |money: &Money, on: Date| match due {
        Some(due) => law_side::surcharge_so_far(money, &decision.remedies, Vec::new(), due, on),
        None => 0,
    };
    let growth = Growth { due, grown: &grown };
    let fate = (decision.at, decision.annulled);
    of_money(&decision.money, fate, &decision.remedies, holder, hand_in, &growth)
}

fn tags(sheet: &Sheet) -> Vec<Tag> {
    let opening = &sheet.opening;
    let officers = opening.officers.iter().map(|o| Tag::Officer(o.person.clone()));
    let origins = opening.origin.into_iter().chain(opening.slip).map(Tag::Origin);
    let subject = opening.subject.key.map(Tag::Subject);
    let elsewhere = sheet.imposed().filter(|decision| {
        decision.annulled.is_none()
            && (decision.remedy().is_some() || decision.application().is_some_and(|a| !a.over()))
    });
    let code = sheet.imposed().and_then(|d| d.money.code.clone()).map(Tag::PayCode);
    // What the agency pays in may bear the number of the receipt that the party got.
    let receipts = sheet.imposed().into_iter().flat_map(|d| &d.money.receipts).filter(|r| r.banked.is_none());
    let tickets = receipts.filter_map(|r| r.on_site.as_ref()).map(|o| Tag::PayCode(o.ticket.clone()));
    officers
        .chain(subject)
        .chain(origins)
        .chain(code)
        .chain(tickets)
        .chain(elsewhere.map(|_| Tag::Elsewhere))
        .chain([Tag::Item(opening.violation.item.clone())])
        .collect()
}

/// Terms that lists show: what the agency owes, and what it looks at when it is over.
const fn counts(term: Term) -> bool {
    !matches!(term, Term::Reconsideration | Term::Lawsuit | Term::LawsuitAfter) && !term.elsewhere()
}

fn todos(sheet: &Sheet, stage: Stage) -> Vec<Todo> {
    let Some(keeper) = sheet.opening.officers.first() else { return Vec::new() };
    let who = Waiter::Person(keeper.person.clone());
    let due = |term| sheet.clocks.get(term).map(|w| w.running.act_by());
    let todo = |what, term: Option<Term>| Todo { who: who.clone(), what, due: term.and_then(due) };
    if let Some(decision) = sheet.imposed().filter(|decision| decision.to_refund() > 0) {
        let public = decision.to_withdraw().map(|_| todo("unpublish", Some(Term::Withdraw)));
        let back = check(sheet, decision).unwrap_or_else(|| todo("refund", None));
        return [back].into_iter().chain(public).chain(cash(sheet, decision)).collect();
    }
    match (&sheet.outcome, stage) {
        (Outcome::Open, _) => {
            let over = sheet.clocks.get(Term::Decide).is_some_and(|w| w.expired);
            let what = match (&sheet.told, &sheet.heard) {
                _ if over || sheet.fell.is_some() => "go_over",
                (None, _) => "tell",
                (Some(_), None) => "hear",
                (Some(_), Some(heard)) if heard.disputed => "go_over",
                (Some(_), Some(_)) => "impose",
            };
            vec![todo(what, Some(Term::Decide))]
        }
        (Outcome::Spared { .. }, _) => {
            let hand = sheet.spared_to_hand().map(|_| todo("hand", Some(Term::Hand)));
            let looks = (stage == Stage::Promised).then(|| todo("reinspect", Some(Term::Promise)));
            hand.into_iter().chain(looks).chain(replies(sheet, &todo)).collect()
        }
        (_, Stage::ToHand) => vec![todo("hand", Some(Term::Hand))],
        (Outcome::Imposed(decision), Stage::Performing | Stage::Enforcing | Stage::Withdrawn) => {
            let mut todos =
                if stage == Stage::Withdrawn { Vec::new() } else { performing(sheet, decision, todo) };
            if decision.unpublished() && decision.handed.is_some() {
                todos.push(todo("publish", Some(Term::Publish)));
            }
            if decision.to_withdraw().is_some() {
                todos.push(todo("unpublish", Some(Term::Withdraw)));
            }
            todos.extend(cash(sheet, decision));
            todos.extend(check(sheet, decision));
            todos
        }
        _ => Vec::new(),
    }
}

/// Cash that is to be handed in by whoever took it, or paid in by the agency (71): whatever became of the decision.
fn cash(sheet: &Sheet, decision: &Imposed) -> Vec<Todo> {
    let keeper = || sheet.opening.officers.first().map(|o| o.person.clone());
    let due = |term| sheet.clocks.get(term).map(|w| w.running.due);
    let act = |r: &crate::penalty::Receipt| {
        let taker = r.on_site.as_ref().and_then(|o| o.by.clone()).or_else(keeper)?;
        let (what, term) = match (r.carried(), r.undeposited()) {
            (true, _) => ("hand_in", Term::HandIn),
            (_, Some(_)) => ("deposit", Term::Deposit),
            _ => return None,
        };
        Some(Todo { who: Waiter::Person(taker), what, due: due(term) })
    };
    decision.money.receipts.iter().filter_map(act).collect()
}

/// A payment that somebody typed and nobody confirmed (67).
fn check(sheet: &Sheet, decision: &Imposed) -> Option<Todo> {
    decision.money.unconfirmed().filter(|_| sheet.archived.is_none())?;
    Some(Todo { who: Waiter::for_all(Role::Dispatcher), what: "check_payment", due: None })
}

/// A remedy that waits for the agency's answer.
fn replies(sheet: &Sheet, todo: &impl Fn(&'static str, Option<Term>) -> Todo) -> Option<Todo> {
    let (_, remedies) = sheet.challenged()?;
    remedies.iter().find(|r| r.ended.is_none() && r.replied.is_none())?;
    let terms = [Term::Reply, Term::ReplySimple, Term::LawsuitReply];
    let due = terms.into_iter().find_map(|term| sheet.clocks.get(term)).map(|w| w.running.act_by());
    Some(Todo { due, ..todo("reply_remedy", None) })
}

fn performing(
    sheet: &Sheet,
    decision: &Imposed,
    todo: impl Fn(&'static str, Option<Term>) -> Todo,
) -> Vec<Todo> {
    let mut todos = Vec::new();
    if decision.lodged.is_none() {
        todos.push(todo("lodge", Some(Term::Lodge)));
    }
    todos.extend(replies(sheet, &todo));
    if decision.money.left() > 0 {
        let over = |term: Term| sheet.clocks.get(term).is_some_and(|w| w.expired);
        let late = over(Term::Pay) || over(Term::PayPart);
        if decision.later.is_some() {
            let due = sheet.clocks.get(Term::Pay).map(|w| w.running.act_by());
            todos.push(Todo { who: Waiter::for_all(Role::Leader), what: "answer_later", due });
        }
        match (&decision.demand, decision.application()) {
            (_, Some(_)) => {
                todos.push(Todo {
                    who: Waiter::for_all(Role::LegalReviewer),
                    what: "answer_court",
                    due: None,
                });
            }
            (None, None) if late && decision.remedy().is_none() => {
                todos.push(todo("demand", Some(Term::CourtApply)));
            }
            (Some(demand), None) if demand.served.is_none() => todos.push(todo("serve_demand", None)),
            (Some(_), None) if over(Term::Remind) && sheet.clocks.get(Term::CourtApply).is_some() => {
                let due = sheet.clocks.get(Term::CourtApply).map(|w| w.running.act_by());
                todos.push(Todo { who: Waiter::for_all(Role::Leader), what: "apply_court", due });
            }
            _ => {}
        }
    }
    todos
}
