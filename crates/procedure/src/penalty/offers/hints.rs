//! What a form says of its days: the last or the first lawful one, with its source and how it was counted.

use super::Desk;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::execution::demanded;
use crate::penalty::law_side::{self, Before};
use crate::penalty::rights::Hearing;
use crate::penalty::words::PaperKind;
use jiff::Span;
use jiff::civil::Date;

/// Before the instant at which a day is over.
const SECOND: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

/// By the agency's own stricter rule, where it has one.
fn own(before: &Before) -> String {
    let own = before.due.own.as_ref();
    own.map(|own| format!("本机关从严：{}（{}）。", own.due, own.source)).unwrap_or_default()
}

/// Sentences as one hint; none of them: what is said anyway.
fn joined(said: Vec<String>, plain: &str) -> String {
    match said.is_empty() {
        true => plain.to_owned(),
        false => said.join(""),
    }
}

/// When a hearing may be held that is called today, and until when a call that was sent must have arrived (行政处罚法 64(二)).
pub(super) fn hearing(desk: &Desk<'_>) -> String {
    let first = law_side::first_after_notice(&desk.facts, Term::HearingNotice, desk.today());
    let mut said: Vec<String> = first
        .map(|(day, before)| {
            format!("通知今天送达的，最早于 {day} 举行：{}{}", before.counted(), own(&before))
        })
        .into_iter()
        .collect();
    said.extend(calls(desk));
    joined(said, "通知七个工作日以后")
}

/// Until when each call to a hearing that is under way must be served.
fn calls(desk: &Desk<'_>) -> Vec<String> {
    let call = |party: &crate::penalty::Party| {
        let Hearing::Called { paper, at, .. } = &party.rights.hearing else { return None };
        if desk.case.served(*paper, party.subject.id).is_some() {
            return None;
        }
        let number = &desk.case.paper(*paper)?.paper.number;
        let before = law_side::working_days_before(&desk.facts, Term::HearingNotice, *at).ok()?;
        let (day, counted) = (before.day, before.counted());
        Some(format!("听证通知书 {number} 最迟须于 {day} 送达：{counted}{}", own(&before)))
    };
    desk.case.present().filter_map(call).collect()
}

/// Until when what is on its way must be served: calls to hearings, and decisions whose term runs (行政处罚法 61, 64(二)).
pub(super) fn service(desk: &Desk<'_>) -> String {
    let mut said = calls(desk);
    for file in desk.case.papers.iter().filter(|p| p.unserved()) {
        if !matches!(file.paper.kind, PaperKind::Decision | PaperKind::NoPenalty) {
            continue;
        }
        let last = file
            .paper
            .parties
            .iter()
            .filter_map(|party| last_day(desk, Term::ServeDecision, Scope::Paper(file.paper.id, *party)));
        if let Some(last) = last.min() {
            said.push(format!("{} {} 最迟须于 {last} 送达。", file.paper.kind.title(), file.paper.number));
        }
    }
    said.push("公告送达填公告发布的时间".to_owned());
    said.join("")
}

/// The first day of performance by others that follows from the demand as it was served (行政强制法 35, 51(1)(二)).
pub(super) fn performance(desk: &Desk<'_>) -> String {
    let mut said = Vec::new();
    for party in desk.case.present() {
        let id = party.subject.id;
        let Some((served, _)) = demanded(desk.case, id) else { continue };
        let served = crate::beijing_date(served);
        if let Some((day, before)) = law_side::first_after_notice(&desk.facts, Term::SubstituteNotice, served)
        {
            let told = last_day(desk, Term::Remind, Scope::Party(id));
            // What is over already narrows nothing.
            if day <= desk.today() && told.is_none_or(|last| last < desk.today()) {
                continue;
            }
            let told = told.map(|last| format!("，并在催告的期限 {last} 届满以后")).unwrap_or_default();
            said.push(format!(
                "当事人 {id} 的催告 {served} 送达，代履行最早于 {day}{told}：{}{}",
                before.counted(),
                own(&before)
            ));
        }
    }
    said.push("立即代履行填已经清除的时间".to_owned());
    said.join("")
}

/// The last day of a term that runs.
fn last_day(desk: &Desk<'_>, term: Term, of: Scope) -> Option<Date> {
    desk.case.clock(term, of).map(|watched| crate::beijing_date(watched.clock.running.due - SECOND))
}

/// The last day of a party's term that runs, party by party, with its source; `plain` where none runs.
pub(super) fn last_days(desk: &Desk<'_>, term: Term, plain: &str) -> String {
    let of = |party: &crate::penalty::Party| {
        let id = party.subject.id;
        let watched = desk.case.clock(term, Scope::Party(id))?;
        let last = last_day(desk, term, Scope::Party(id))?;
        Some(format!("当事人 {id} 最迟 {last}（{}）。", watched.clock.running.standard.source))
    };
    let mut said: Vec<String> = desk.case.present().filter_map(of).collect();
    if !said.is_empty() && !plain.is_empty() {
        said.push(plain.to_owned());
    }
    joined(said, plain)
}

/// Until when a party may turn to others against the decision: by the term that runs, within a year where it was not told of that
/// right, and in no case later than five years after the decision, twenty where it is about immovable things (行政复议法 20(3), 21;
/// 行政诉讼法 46(2)).
pub(super) fn remedies(desk: &Desk<'_>) -> String {
    let later = |day: Date, years: i32| day.checked_add(Span::new().years(years)).unwrap_or(Date::MAX);
    let of = |party: &crate::penalty::Party| {
        let id = party.subject.id;
        let served = crate::beijing_date(desk.case.decision_served(id)?);
        let decided = crate::beijing_date(desk.case.decision()?.1);
        let (year, five, twenty) = (later(served, 1), later(decided, 5), later(decided, 20));
        Some(format!(
            "当事人 {id}：没有告知复议权利、机关和期限的，申请复议最迟 {year}；复议、起诉最长到 {five}，因不动产的到 {twenty}（行政复议法第二十条第三款、第二十一条，行政诉讼法第四十六条第二款）。"
        ))
    };
    let term = last_days(desk, Term::Reconsideration, "");
    std::iter::once(term).chain(desk.case.present().filter_map(of)).collect()
}

/// The days among which somebody sets one: from tomorrow on, for a year.
pub(super) fn within_a_year(desk: &Desk<'_>) -> String {
    let today = desk.today();
    let year = today.checked_add(Span::new().years(1)).unwrap_or(Date::MAX);
    format!("{} 至 {year}", today.tomorrow().unwrap_or(today))
}

/// The last day of a number of days from tomorrow on.
pub(super) fn within_days(desk: &Desk<'_>, days: i32) -> String {
    let last = desk.today().checked_add(Span::new().days(days)).unwrap_or(Date::MAX);
    format!("最长 {days} 日，最迟 {last}")
}
