//! Terms beside the ordinary way: at court, at the police, in remedies, of agreements and suspension, of opinions and suggestions.

use super::aside::HelpKind;
use super::clocks::{Owed, Scope, Term, owe};
use super::execution::CourtStep;
use super::law_side;
use super::police::PoliceReview;
use super::proposal::Proposal;
use super::state::{Case, Outcome, Party};
use super::words::RemedyKind;
use jiff::Timestamp;
use jiff::civil::Date;

/// On how many days since a fine was due no surcharge was counted: while a reconsideration or a lawsuit went on or enforcement
/// rested (行政处罚法 73(3)). None while that is so: the thirty days of 行政强制法 46(1) stand still.
fn resting_days(party: &Party, due: Timestamp) -> Option<i64> {
    let execution = &party.execution;
    let resting = execution.suspended().is_some() || execution.agreed().is_some();
    let paused = resting || party.remedies.iter().any(|r| r.ended.is_none());
    if paused {
        return None;
    }
    let first = crate::beijing_date(due);
    let remedies = super::remedies::spans(&party.remedies, first);
    let rests = party.execution.rests(Date::MAX).into_iter();
    let mut spans: Vec<(Date, Date)> = remedies.chain(rests).filter(|(_, to)| *to >= first).collect();
    spans.sort_unstable();
    // Days of two at once count once.
    let (mut days, mut next) = (0, first);
    for (from, to) in spans {
        let from = from.max(next);
        if from <= to {
            days += from.until(to).map_or(0, |span| i64::from(span.get_days())) + 1;
            next = to.tomorrow().unwrap_or(to);
        }
    }
    Some(days)
}

/// Where the number of days is not in the law data because the article only mentions it, or somebody sets it himself: the source.
pub(super) const fn own_source(term: Term) -> Option<&'static str> {
    Some(match term {
        Term::Test => "行政强制法第二十五条第三款；期间由告知书载明",
        Term::Anew => "行政诉讼法第七十条；行政复议法第六十四条；期限由裁判、复议决定载明",
        Term::Agreed => "行政强制法第四十二条；期限由执行协议约定",
        Term::Opinion => "行政处罚法第五十七条；期限由本机关确定",
        Term::Feedback => "执法建议书载明的反馈期限",
        Term::LetterReply => "司法建议书、检察建议书载明的答复期限",
        Term::HelpOpinion => "行政处罚法第二十六条；期限由协助通知书或者对方书面说明载明",
        Term::Help => "行政处罚法第二十六条；期限由协助通知书载明",
        Term::Circuit => "法院通知的日期",
        Term::Mediated => "人民调解法第三十一条；期限由调解协议约定",
        _ => return None,
    })
}

fn within(term: Term, of: Scope, from: Timestamp, days: u32) -> Owed {
    Owed { days: Some(days), ..owe(term, of, from) }
}

pub(super) fn until(term: Term, of: Scope, from: Timestamp, day: Date) -> Owed {
    within(term, of, from, law_side::days_between(from, day))
}

/// Of the case as a whole.
pub(super) fn beside(case: &Case, all: &mut Vec<Owed>) {
    let crime = case.pending.iter().find(|p| matches!(p.proposal, Proposal::Crime { .. }));
    if let Some(pending) = crime {
        all.push(owe(Term::CrimeDecide, Scope::Case, pending.at));
    }
    if matches!(case.outcome, Outcome::Open) {
        match (case.police.refused, case.police.asked) {
            (Some(refused), None) => {
                all.push(owe(Term::PoliceAgain, Scope::Case, refused));
            }
            (_, Some((PoliceReview::Police, asked))) => {
                all.push(owe(Term::PoliceAnswer, Scope::Case, asked));
            }
            _ => {}
        }
        if let Some((at, until)) = case.anew.last().and_then(|anew| anew.until.map(|until| (anew.at, until)))
        {
            all.push(self::until(Term::Anew, Scope::Case, at, until));
        }
        for asked in case.beside.asked.iter().filter(|o| o.answered.is_none()) {
            all.push(until(Term::Opinion, Scope::Letter(asked.id), asked.at, asked.until));
        }
    }
    // What a department was asked for informs the decision; after it nobody waits.
    if matches!(case.outcome, Outcome::Open) {
        for help in case.beside.helps.iter().filter(|h| h.answer.is_none()) {
            let term = match help.kind {
                HelpKind::Opinion => Term::HelpOpinion,
                HelpKind::Act => Term::Help,
            };
            let of = Scope::Letter(help.id);
            let from = help.later.unwrap_or_else(|| law_side::midnight(help.received));
            let days = help.until.map(|day| law_side::days_between(from, day));
            all.push(Owed { days, ..owe(term, of, from) });
        }
    }
    letters(case, all);
}

/// Suggestions that went out and came in: answered until the file is in the archive.
pub(super) fn letters(case: &Case, all: &mut Vec<Owed>) {
    for suggestion in case.beside.suggestions.iter().filter(|s| s.answer.is_none()) {
        all.push(until(Term::Feedback, Scope::Letter(suggestion.paper), suggestion.at, suggestion.until));
    }
    for letter in case.beside.letters.iter().filter(|l| l.answer.is_none()) {
        all.push(until(Term::LetterReply, Scope::Letter(letter.id), letter.at, letter.until));
    }
    for circuit in case.beside.circuits.iter().filter(|c| c.held.is_none()) {
        all.push(until(Term::Circuit, Scope::Letter(circuit.id), circuit.at, circuit.on));
    }
    for (id, mediation) in (1_u16..).zip(&case.beside.mediations) {
        if let Some(day) = mediation.until.filter(|_| mediation.owed()) {
            all.push(until(Term::Mediated, Scope::Letter(id), mediation.at, day));
        }
    }
}

/// The term of the second instance after a judgment (行政诉讼法 85).
pub(super) fn second_instance(of: Scope, judged: Date) -> Owed {
    owe(Term::SecondInstance, of, law_side::midnight(judged))
}

/// Of remedies that go on: the agency's answer, and the days of whoever decides.
pub(super) fn remedies(case: &Case, all: &mut Vec<Owed>) {
    for (party, paper, remedy) in case.remedies().filter(|(.., r)| r.ended.is_none()) {
        let of = paper.map_or(Scope::Party(party), |paper| Scope::Paper(paper, party));
        let from = law_side::midnight(remedy.on);
        let (reply, decide) = match (remedy.kind, remedy.simple) {
            (RemedyKind::Reconsideration, false) => (Term::RemedyReply, Some(Term::RemedyDecide)),
            (RemedyKind::Reconsideration, true) => (Term::RemedyReplySimple, Some(Term::RemedyDecideSimple)),
            (RemedyKind::Lawsuit, _) => (Term::LawsuitReply, None),
            (RemedyKind::SecondInstance, _) => continue,
        };
        if remedy.replied.is_none() {
            all.push(owe(reply, of, from));
        }
        all.extend(decide.map(|term| owe(term, of, from)));
    }
}

/// Of a party on whom the decision was served.
pub(super) fn execution(case: &Case, party: &Party, all: &mut Vec<Owed>) {
    let id = party.subject.id;
    let of = Scope::Party(id);
    if party.execution.ended.is_some() {
        return;
    }
    if let Some(agreement) = party.execution.agreed()
        && party.money.left() > 0
        && let Some((place, part)) = agreement.next(party.money.paid())
    {
        all.push(until(Term::Agreed, Scope::Part(id, place), agreement.at, part.due));
    }
    if let Some(suspension) = party.execution.suspended()
        && suspension.ends_by_itself()
    {
        all.push(owe(Term::SuspendEnd, of, suspension.at));
    }
    let late = case.clock(Term::Pay, of).filter(|w| w.expired && party.money.left() > 0);
    if let Some(late) = late
        && let Some(resting) = resting_days(party, late.clock.running.due)
    {
        // The day on which the surcharge begins is where the thirty days are counted from (加处罚款实施之日).
        let first = late.clock.running.due;
        all.push(owe(Term::SurchargeMonth, of, first + jiff::SignedDuration::from_hours(24 * resting)));
    }
}

/// Of an application that the court has (行政强制法 56–58).
pub(super) fn at_court(party: &Party, all: &mut Vec<Owed>) {
    let of = Scope::Party(party.subject.id);
    let applied = party.enforcement.iter().find(|e| e.at_court() && e.open());
    let Some(applied) = applied.filter(|_| party.execution.ended.is_none()) else { return };
    let before = applied.court_said.iter().rev().nth(1).map(|(step, _)| *step);
    all.extend(match applied.court_said.last() {
        None => applied.lodged.map(|on| owe(Term::CourtAccept, of, law_side::midnight(on))),
        Some((step, on)) => {
            let from = law_side::midnight(*on);
            match step {
                CourtStep::Accepted => Some(owe(Term::CourtRule, of, from)),
                CourtStep::Hearing => Some(owe(Term::CourtRuleHearing, of, from)),
                CourtStep::Refused | CourtStep::Denied => Some(owe(Term::CourtReview, of, from)),
                CourtStep::Review => {
                    // Of a refusal to enforce the court above has longer.
                    let key = (before == Some(CourtStep::Denied)).then_some("court.review_rule_denied");
                    Some(Owed { statute: key, ..owe(Term::CourtReviewRule, of, from) })
                }
                CourtStep::Granted | CourtStep::Upheld => None,
            }
        }
    });
}
