//! Where the case meets the law data: terms, bases, thresholds, sums. Everything that depends on law in force is looked up here
//! and nowhere else, and what was found is stored in the event.

use super::clocks::{Scope, Term};
use super::matters::{Basis, Violation};
use super::state::{Case, Party};
use super::words::PartyKind;
use crate::{Facts, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_law::{Jurisdiction, Moment, Standard, Standing, StatutoryTerm, TermError, TermUnit, Unit};

/// Share of a term at which those who have it are warned, percent.
const WARN: u16 = 80;

/// The instant at which a day begins in Beijing.
#[must_use]
pub fn midnight(day: Date) -> Timestamp {
    jiff::tz::offset(8).to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// The instant at which a day is over in Beijing.
#[must_use]
pub fn end_of(day: Date) -> Timestamp {
    day.tomorrow().map_or(Timestamp::MAX, midnight)
}

/// Whole days from the day of an instant to another day, at least one.
#[must_use]
pub fn days_between(at: Timestamp, until: Date) -> u32 {
    let days = crate::beijing_date(at).until(until).map_or(1, |span| span.get_days());
    u32::try_from(days).unwrap_or(1).max(1)
}

/// A term that cannot be computed.
pub(super) fn no_term(error: TermError) -> Refusal {
    Refusal::conflict("term", format!("期限无法计算：{error}"), "请管理员检查工作日历和法定期限数据。")
        .from_source("工作日历")
}

/// Where the agency works: the province of its division code.
pub(super) fn place(facts: &Facts<'_>) -> Jurisdiction {
    let code = match facts.directory.node.as_str().get(..2) {
        Some("31") => "SH",
        Some("32") => "JS",
        Some("33") => "ZJ",
        Some("34") => "AH",
        _ => Jurisdiction::NATION,
    };
    Jurisdiction::parse(code).unwrap_or_else(|_| Jurisdiction::nation())
}

/// A term of the statute as it stands on a day.
fn statutory(facts: &Facts<'_>, key: &str, day: Date) -> Result<StatutoryTerm, Refusal> {
    facts.directory.law.statutory(key, &place(facts), day).map_err(|error| {
        Refusal::conflict("term", format!("期限无法计算：{error}"), "请管理员检查法定期限数据。")
            .from_source("法定期限数据")
    })
}

/// The standard of a term on the day on which it begins. Where the statute sets none, the agency's own days.
pub(super) fn standard(
    facts: &Facts<'_>,
    term: Term,
    from: Timestamp,
    days: Option<u32>,
) -> Result<Standard, Refusal> {
    let day = crate::beijing_date(from);
    let own = |amount, unit, source: &str| Standard {
        code: term.key().into(),
        title: term.title().into(),
        amount,
        unit,
        calendar: (unit == Unit::WorkingDays).then(|| "workday".into()),
        rolls_over: false,
        warn: vec![WARN],
        source: source.into(),
        standing: Standing::Adopted,
        in_force_from: day,
        in_force_to: None,
    };
    match (term, days) {
        (Term::Defence, Some(days)) => {
            let source = "行政处罚法第四十四条、第四十五条；期限由告知书载明";
            Ok(own(days, Unit::WorkingDays, source))
        }
        (Term::Correct, Some(days)) => {
            Ok(own(days, Unit::CalendarDays, "行政处罚法第二十八条第一款；期限由责令改正通知书载明"))
        }
        _ => statutory(facts, term.key(), day)?.standard().ok_or_else(|| {
            Refusal::conflict("term", "该期限没有法定的天数。", "请管理员检查法定期限数据。")
                .from_source("法定期限数据")
        }),
    }
}

/// The latest day for what must be done so many working days before.
pub(super) struct Before {
    /// That day.
    pub day: Date,
}

/// The latest day on which something must have been done before an event (倒推的期限).
pub(super) fn working_days_before(
    facts: &Facts<'_>,
    term: Term,
    event: Timestamp,
) -> Result<Before, Refusal> {
    let day = crate::beijing_date(event);
    let due = statutory(facts, term.key(), day)?.before(day, facts.directory.law.calendars());
    match due.map(|due| due.due) {
        Ok(Some(last)) => Ok(Before { day: last.day() }),
        Ok(None) => Ok(Before { day }),
        Err(error) => Err(Refusal::conflict("term", format!("期限无法计算：{error}"), "请管理员检查工作日历。")
            .from_source("法定期限数据")),
    }
}

/// The last day on which a violation may be punished when it is found, and the source.
pub(super) fn limitation(violation: &Violation, facts: &Facts<'_>) -> Option<(Date, String)> {
    let last = |key: &str| {
        let term = statutory(facts, key, violation.to).ok()?;
        let due = term.due(Moment::Day(violation.to), facts.directory.law.calendars()).ok()?;
        Some((due.due?.day(), term.citation()))
    };
    if !violation.harm {
        return last("limitation.general");
    }
    // Before the code was in force the five years of article 36 hold for life and health.
    last("limitation.env_harm").or_else(|| {
        let day = violation.to.checked_add(jiff::Span::new().years(HARM_YEARS)).ok()?;
        Some((day, "行政处罚法第三十六条第一款".to_owned()))
    })
}

/// Years in which harm to life and health may be punished (行政处罚法 36(1)).
const HARM_YEARS: i32 = 5;

/// Whether the agency holds the power for an item (行政处罚法 17, 18, 38).
pub(super) fn power(_item: &str, _facts: &Facts<'_>) -> Option<Refusal> {
    None
}

/// The bases that may be chosen for a charge, best first, each with its name in forms.
pub(super) fn bases(facts: &Facts<'_>, _violation: &Violation, _kind: PartyKind) -> Vec<(String, Basis)> {
    facts.look_ups.bases.iter().map(|b| (format!("{} {}", b.jurisdiction, b.article), b.clone())).collect()
}

/// From which fine on a hearing may be demanded (63), fen: person, unit.
pub(super) fn hearing_from(_facts: &Facts<'_>, kind: PartyKind) -> i64 {
    if kind.is_unit() { 5_000_000 } else { 500_000 }
}

/// A sum in words for people: `5000 元`, `12.50 元`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    match (fen / 100, fen % 100) {
        (yuan, 0) => format!("{yuan} 元"),
        (yuan, rest) => format!("{yuan}.{rest:02} 元"),
    }
}

/// Whether a moment lies at night or on a statutory holiday, when nothing may be enforced (行政强制法 43).
pub(super) fn night_or_holiday(at: Timestamp, facts: &Facts<'_>) -> Option<&'static str> {
    let local = jiff::tz::offset(8).to_datetime(at);
    if !(6..22).contains(&local.hour()) {
        return Some("夜间（22 时至次日 6 时）");
    }
    let day = facts.directory.law.calendars().day(local.date());
    matches!(day.kind, lianzhi_law::DayKind::Holiday(_)).then_some("法定节假日")
}

/// The item of a code, as the law data write it.
pub(super) fn item(code: &str, _facts: &Facts<'_>) -> Result<String, Refusal> {
    if code.is_empty() || code.chars().count() > 20 {
        return Err(Refusal::invalid("item", "没有选择事项。", "请从事项清单中选择。")
            .from_source("行政处罚法第四条"));
    }
    Ok(code.to_owned())
}

/// Whether a term rests while something is tested (检测、检验、鉴定): only where a text that was checked says so.
pub(super) fn rests_while_tested(term: Term, facts: &Facts<'_>) -> bool {
    let term = statutory(facts, term.key(), crate::beijing_date(facts.now));
    term.is_ok_and(|t| {
        t.excluded.iter().any(|e| e.what.contains("检测") && e.standing == Standing::Official)
    })
}

/// By how many days at most a term may be extended with the leader's approval, and the source; none: not at all.
pub(super) fn extension(term: Term, facts: &Facts<'_>) -> Option<(u32, Unit, String)> {
    let term = statutory(facts, term.key(), crate::beijing_date(facts.now)).ok()?;
    let first = term.extensions.first()?;
    let unit = match first.most.unit {
        TermUnit::WorkingDays => Unit::WorkingDays,
        TermUnit::CalendarDays => Unit::CalendarDays,
        _ => return None,
    };
    Some((first.most.n, unit, first.source.to_string()))
}

/// What the benchmark of discretion proposes.
pub(super) struct Benchmark {
    /// Lower end, fen.
    pub min: i64,
    /// Upper end, fen.
    pub max: i64,
    /// How it was computed, for an outside reader.
    pub arithmetic: String,
}

/// What the benchmark of discretion proposes for a charge (行政处罚法 34).
pub(super) fn benchmark(
    _facts: &Facts<'_>,
    _violation: &Violation,
    _kind: PartyKind,
    _basis: &Basis,
    _weight: super::words::Weight,
) -> Option<Benchmark> {
    None
}

/// A sum and how it was computed.
pub(super) struct Sum {
    /// Fen.
    pub fen: i64,
    /// For an outside reader.
    pub arithmetic: String,
}

/// Whether the time to pay is over for a party, deferral and instalments included.
pub(super) fn payment_over(case: &Case, id: u16, facts: &Facts<'_>) -> bool {
    let Some(party) = case.party(id) else { return false };
    match payment_due(case, party) {
        Some(last) => crate::beijing_date(facts.now) > last,
        None => false,
    }
}

/// The last day to pay, of the whole or of the last part.
fn payment_due(case: &Case, party: &Party) -> Option<Date> {
    let part = party.money.parts.iter().map(|p| p.due).max();
    part.or_else(|| {
        let of = Scope::Party(party.subject.id);
        let clock = case.clocks.iter().rev().find(|w| w.clock.term == Term::Pay && w.clock.of == of)?;
        Some(crate::beijing_date(clock.clock.running.due - jiff::SignedDuration::from_micros(1)))
    })
}

/// The surcharge until today (行政处罚法 72(1)(一), 73(3)).
pub(super) fn surcharge(case: &Case, id: u16, facts: &Facts<'_>) -> Result<Sum, Refusal> {
    let none = Sum { fen: 0, arithmetic: String::new() };
    let Some(party) = case.party(id) else { return Ok(none) };
    let Some(due) = payment_due(case, party) else { return Ok(none) };
    let _ = (due, facts);
    Ok(none)
}
