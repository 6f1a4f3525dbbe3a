//! From event to state. Total: what happened is never refused.

use super::event::Event;
use super::later::{Deferral, Later};
use super::state::{Amended, Application, Demand, Handed, Imposed, Outcome, Sheet, State, Withdrawal};
use super::words::Term;
use crate::PartRef;
use crate::penalty::{Drawn, Money, PublicPast, Publication, Receipt, Refund, Remedy, RemedyEnd, law_side};
use crate::watch::{Clocks, Said};

pub(super) fn evolve(state: State, event: &Event) -> State {
    match state {
        State::Nothing => match event {
            Event::Opened { opening, at } => State::Sheet(Box::new(Sheet {
                texts: [opening.place, opening.violation.facts].into_iter().chain(opening.ordered).collect(),
                there: opening.shown,
                fell: None,
                opening: (**opening).clone(),
                at: *at,
                changed: *at,
                told: None,
                heard: None,
                heard_at: None,
                list_confirmed: None,
                files: Vec::new(),
                archived: None,
                outcome: Outcome::Open,
                clocks: Clocks::default(),
            })),
            _ => State::Nothing,
        },
        State::Sheet(mut sheet) => {
            further(&mut sheet, event);
            reckon(&mut sheet, event);
            sheet.changed = event.at();
            let owed = sheet.owed();
            sheet.clocks.settle(&owed, event.at());
            State::Sheet(sheet)
        }
    }
}

fn further(sheet: &mut Sheet, event: &Event) {
    use Event as E;
    let at = event.at();
    match event {
        E::Told { told, .. } => {
            sheet.told = Some(told.clone());
            // What was said was said of something else.
            sheet.heard = None;
        }
        E::Described { particulars, key, .. } => {
            let subject = &mut sheet.opening.subject;
            (subject.particulars, subject.key, subject.described) = (*particulars, *key, true);
            // What stands under a signature was changed: whoever signed looks at it again and signs anew.
            if let Outcome::Imposed(imposed) = &mut sheet.outcome {
                imposed.drawn.clear();
            }
        }
        E::Heard { heard, .. } => {
            sheet.texts.extend(heard.statement.iter().chain(heard.answer.iter().map(|(_, note)| note)));
            (sheet.heard, sheet.heard_at) = (Some(heard.clone()), Some(at));
        }
        E::Imposed { sanction, public, .. } => {
            let money = Money { fine: sanction.fine, ..Money::default() };
            sheet.outcome = Outcome::Imposed(Box::new(Imposed {
                sanction: *sanction,
                at,
                drawn: Vec::new(),
                handed: None,
                lodged: None,
                money,
                remedies: Vec::new(),
                later: None,
                deferrals: Vec::new(),
                enforced: None,
                demand: None,
                applications: Vec::new(),
                annulled: None,
                withdrawn: None,
                amended: Vec::new(),
                corrections: Vec::new(),
                fell: None,
                public: *public,
                publication: Publication::default(),
                public_past: PublicPast::default(),
            }));
        }
        E::ListConfirmed { note, by, .. } => {
            sheet.list_confirmed = Some(by.clone());
            sheet.texts.push(*note);
        }
        E::Spared { sparing, .. } => {
            sheet.texts.extend([sparing.note, sparing.education]);
            sheet.files.extend(sparing.exhibits.iter().cloned());
            let sparing = sparing.clone();
            sheet.outcome = Outcome::Spared { sparing, at, kept: None, handed: None, remedies: Vec::new() };
        }
        E::Reinspected { done, note, exhibits, .. } => {
            sheet.texts.push(*note);
            sheet.files.extend(exhibits.iter().cloned());
            if let Outcome::Spared { kept, .. } = &mut sheet.outcome {
                if *done {
                    *kept = Some(at);
                } else {
                    // The ground fell away: told and heard anew before anything is imposed.
                    (sheet.outcome, sheet.told, sheet.heard) = (Outcome::Open, None, None);
                    sheet.there = at;
                }
            }
        }
        E::WentOver { note, .. } => over(sheet, *note, Outcome::Ordinary { at, case: None }),
        E::Voided { note, .. } => over(sheet, *note, Outcome::Voided { at }),
        E::TakenOver { docket, .. } => {
            if let Outcome::Ordinary { case, .. } = &mut sheet.outcome {
                *case = Some(*docket);
            }
        }
        E::Added { note, exhibits, .. } => {
            sheet.texts.push(*note);
            sheet.files.extend(exhibits.iter().cloned());
        }
        E::Archived { shelf, .. } => sheet.archived = Some((shelf.clone(), at)),
        E::ClockStarted { clock, .. } => sheet.clocks.start(clock),
        E::ClockChanged { clock, .. } => sheet.clocks.change(clock),
        E::ClockWarned { term, percent, .. } => sheet.clocks.say(Said::Warned(*term, *percent)),
        E::ClockExpired { term, .. } => {
            sheet.clocks.say(Said::Expired(*term));
            if *term == Term::Notice {
                noticed(sheet);
            }
        }
        _ => match &mut sheet.outcome {
            Outcome::Imposed(imposed) => after(imposed, &mut sheet.texts, event),
            Outcome::Spared { .. } => spared(sheet, event),
            _ => {}
        },
    }
}

/// What follows a decision not to punish: handed over, and challenged by whoever it concerns.
fn spared(sheet: &mut Sheet, event: &Event) {
    use Event as E;
    let Outcome::Spared { handed, remedies, .. } = &mut sheet.outcome else { return };
    let open = |remedies: &mut Vec<Remedy>| remedies.iter().position(|r| r.ended.is_none());
    match event {
        E::Handed { refused, note, exhibits, kept, at, .. } => {
            sheet.texts.extend(*note);
            *handed = Some(Box::new(Handed {
                refused: *refused,
                note: *note,
                files: exhibits.clone(),
                kept: kept.clone(),
                money: Money::default(),
                at: *at,
            }));
        }
        E::Appealed { remedy, .. } => remedies.push(remedy.clone()),
        E::RemedyReplied { note, at, .. } => {
            sheet.texts.push(*note);
            if let Some(open) = open(remedies).and_then(|n| remedies.get_mut(n)) {
                open.replied = Some(*at);
            }
        }
        E::AppealEnded { end, on, note, at, .. } => {
            sheet.texts.push(*note);
            if let Some(open) = open(remedies).and_then(|n| remedies.get_mut(n)) {
                open.ended = Some((*end, *on));
            }
            // It does not stand any more: it is dealt with anew, and not on the spot, where nobody is any more.
            if end.annuls() {
                (sheet.outcome, sheet.told, sheet.heard) = (Outcome::Open, None, None);
                sheet.fell = Some(*at);
            }
        }
        _ => {}
    }
}

/// A public notice of a demand is over: the demand counts as served on its last day (民事诉讼法 95).
fn noticed(sheet: &mut Sheet) {
    let last = sheet.clocks.last(Term::Notice).map(|w| w.running.due - jiff::SignedDuration::from_micros(1));
    let Outcome::Imposed(decision) = &mut sheet.outcome else { return };
    if let Some(demand) = &mut decision.demand {
        demand.effective = last.map(crate::beijing_date);
    }
}

/// The surcharge that was fixed, anew by all that is known now (行政处罚法 72(1)(一), 73(3)): as in the ordinary procedure.
fn reckon(sheet: &mut Sheet, event: &Event) {
    let touched = matches!(
        event,
        Event::Paid { .. } | Event::Appealed { .. } | Event::AppealEnded { .. } | Event::LaterAnswered { .. }
    );
    let due = sheet.statute_due();
    if let (true, Some(due), Outcome::Imposed(imposed)) = (touched, due, &mut sheet.outcome)
        && let Some(until) = imposed.money.fixed
    {
        let (money, remedies) = (&imposed.money, &imposed.remedies);
        let sum = law_side::surcharge_so_far(money, remedies, Vec::new(), due, until);
        imposed.money.comes_to(sum, crate::beijing_date(event.at()));
    }
}

fn over(sheet: &mut Sheet, note: PartRef, outcome: Outcome) {
    sheet.texts.push(note);
    sheet.outcome = outcome;
}

fn after(imposed: &mut Imposed, texts: &mut Vec<PartRef>, event: &Event) {
    use Event as E;
    match event {
        E::Drawn { signer, exhibit, at, .. } => {
            imposed.drawn.retain(|drawn| drawn.signer != *signer);
            imposed.drawn.push(Drawn { signer: *signer, exhibit: exhibit.clone(), at: *at });
        }
        E::Handed { refused, note, exhibits, kept, at, .. } => {
            texts.extend(*note);
            imposed.handed = Some(Handed {
                refused: *refused,
                note: *note,
                files: exhibits.clone(),
                kept: kept.clone(),
                money: imposed.money.clone(),
                at: *at,
            });
        }
        E::Lodged { at, .. } => imposed.lodged = Some(*at),
        E::PayCodeSet { code, .. } => imposed.money.code = Some(code.clone()),
        E::Paid { receipt, by, .. } => {
            imposed.money.fix(receipt.on);
            imposed.money.receipts.push(Receipt { by: by.clone(), ..receipt.clone() });
        }
        E::PaymentChecked { receipt, finding, by, .. } => {
            texts.extend(finding.note);
            imposed.money.check(receipt, finding, by);
        }
        E::HandedIn { receipt, at, .. } => {
            for on_site in imposed.money.receipts.iter_mut().filter_map(|r| r.on_site.as_mut()) {
                (on_site.handed, on_site.received) = (Some(*at), receipt.clone());
            }
        }
        E::Banked { receipt, banked, .. } => {
            for file in imposed.money.receipts.iter_mut().filter(|r| r.reference == *receipt) {
                file.banked.get_or_insert_with(|| banked.clone());
            }
        }
        E::Appealed { remedy, .. } => imposed.remedies.push(remedy.clone()),
        E::RemedyReplied { note, at, .. } => {
            texts.push(*note);
            if let Some(open) = imposed.remedies.iter_mut().find(|r| r.ended.is_none()) {
                open.replied = Some(*at);
            }
        }
        E::AppealEnded { end, on, fine, note, at, .. } => {
            texts.push(*note);
            if let Some(open) = imposed.remedies.iter_mut().find(|r| r.ended.is_none()) {
                open.ended = Some((*end, *on));
            }
            imposed.money.fine = fine.unwrap_or(imposed.money.fine);
            if RemedyEnd::annuls(*end) {
                imposed.annulled = Some(*at);
            }
            if end.touches_publication() {
                imposed.fell.get_or_insert(*at);
            }
        }
        E::LaterAsked { parts, note, at, .. } => {
            texts.push(*note);
            imposed.later = Some(Later { parts: parts.clone(), note: *note, at: *at });
        }
        E::LaterAnswered { agreed, number, note, at, .. } => {
            texts.extend(*note);
            if let Some(asked) = imposed.later.take().filter(|_| *agreed) {
                imposed.money.grant(asked.parts.clone(), *at);
                if !number.is_empty() {
                    imposed.deferrals.push(Deferral { number: number.clone(), asked, at: *at });
                }
            }
        }
        E::Enforced { note, at, .. } => {
            texts.push(*note);
            imposed.enforced = Some(*at);
        }
        E::Demanded { number, surcharge, arithmetic, note, at, .. } => {
            texts.push(*note);
            imposed.demand = Some(Demand {
                number: number.clone(),
                at: *at,
                surcharge: *surcharge,
                arithmetic: arithmetic.clone(),
                served: None,
                effective: None,
            });
        }
        E::DemandServed { way, on, runs, note, .. } => {
            texts.extend(*note);
            if let Some(demand) = &mut imposed.demand {
                demand.served = Some((*way, *on));
                demand.effective = (!runs).then_some(*on);
            }
        }
        E::CourtAsked { number, court, surcharge, arithmetic, note, by, at } => {
            texts.push(*note);
            imposed.applications.push(Application {
                number: number.clone(),
                court: court.clone(),
                by: by.clone(),
                at: *at,
                surcharge: *surcharge,
                arithmetic: arithmetic.clone(),
                answers: Vec::new(),
            });
        }
        E::CourtAnswered { answer, on, note, .. } => {
            texts.push(*note);
            if let Some(application) = imposed.applications.last_mut() {
                application.answers.push((*answer, *on));
            }
        }
        E::Refunded { fen, on, reference, .. } => {
            imposed.money.refunds.push(Refund { fen: *fen, on: *on, reference: reference.clone() });
        }
        E::Withdrawn { number, note, at, .. } => {
            texts.push(*note);
            if !number.is_empty() {
                imposed.withdrawn = Some(Withdrawal { number: number.clone(), note: *note, at: *at });
            }
            imposed.annulled = Some(*at);
            imposed.fell.get_or_insert(*at);
        }
        E::Corrected { number, note, text, at, .. } => {
            texts.push(*note);
            if let Some((wrong, right)) = *text {
                texts.extend([wrong, right]);
                imposed.amended.push(Amended { number: number.clone(), note: *note, wrong, right, at: *at });
            }
            imposed.corrections.push((*note, *at));
        }
        E::Published { at, .. } => {
            imposed.publication = imposed.public_past.published(*at);
            // It shows what it was changed to.
            imposed.fell = imposed.fell.filter(|_| !imposed.shows());
        }
        E::NotPublished { note, .. } => {
            texts.push(*note);
            imposed.publication = imposed.public_past.kept(imposed.publication);
        }
        E::PublicationWithdrawn { note, at, .. } => {
            texts.push(*note);
            imposed.publication = imposed.public_past.withdrawn(imposed.publication, *note, *at);
        }
        _ => {}
    }
}
