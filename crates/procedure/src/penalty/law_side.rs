//! Where the case meets the law data: terms, bases, thresholds, sums. Everything that depends on law in force is looked up here
//! and nowhere else, and what was found is stored in the event.

use super::clocks::Term;
use super::matters::{Basis, Violation};
use super::words::PartyKind;
use crate::{Facts, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_law::{Standard, Standing, TermError, Unit};

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

/// The standard of a term on the day on which it begins. Where the statute sets none, the agency's own days.
pub(super) fn standard(
    facts: &Facts<'_>,
    term: Term,
    from: Timestamp,
    days: Option<u32>,
) -> Result<Standard, Refusal> {
    let _ = facts;
    let (amount, unit, source) = match term {
        Term::Verify => (15, Unit::WorkingDays, "住房和城乡建设行政处罚程序规定"),
        Term::Decide => (90, Unit::CalendarDays, "行政处罚法第六十条"),
        Term::Preserve => (7, Unit::WorkingDays, "行政处罚法第五十六条"),
        Term::Seize => (30, Unit::CalendarDays, "行政强制法第二十五条"),
        Term::UrgentReport => (24, Unit::Hours, "行政强制法第十九条"),
        Term::Defence => (days.unwrap_or(5), Unit::WorkingDays, "行政处罚法第四十四条、第四十五条；告知书载明的期限"),
        Term::HearingRequest => (5, Unit::WorkingDays, "行政处罚法第六十四条第一项"),
        Term::ServeDecision => (7, Unit::WorkingDays, "行政处罚法第六十一条"),
        Term::PublicNotice => (30, Unit::CalendarDays, "民事诉讼法第九十五条"),
        Term::Pay => (15, Unit::CalendarDays, "行政处罚法第六十七条"),
        Term::HandIn => (2, Unit::WorkingDays, "行政处罚法第七十一条"),
        Term::Reconsideration => (60, Unit::CalendarDays, "行政复议法第二十条"),
        Term::Lawsuit => (6, Unit::Months, "行政诉讼法第四十六条"),
        Term::Remind => (10, Unit::WorkingDays, "行政强制法第五十四条"),
        Term::CourtApply => (3, Unit::Months, "行政强制法第五十三条"),
        Term::Publish => (7, Unit::WorkingDays, "国办发〔2018〕118号"),
        Term::Withdraw => (3, Unit::WorkingDays, "行政处罚法第四十八条第二款"),
        Term::CrimeSend => (24, Unit::Hours, "行政执法机关移送涉嫌犯罪案件的规定第五条"),
        Term::Police => (3, Unit::CalendarDays, "行政执法机关移送涉嫌犯罪案件的规定第八条"),
        Term::Handover => (3, Unit::CalendarDays, "行政执法机关移送涉嫌犯罪案件的规定第十二条"),
        Term::Correct => (days.unwrap_or(1), Unit::CalendarDays, "行政处罚法第二十八条；责令改正通知书载明的期限"),
    };
    let calendar = match unit {
        Unit::WorkingDays => Some("workday".into()),
        Unit::Hours => Some("7x24".into()),
        _ => None,
    };
    Ok(Standard {
        code: term.key().into(),
        title: term.title().into(),
        amount,
        unit,
        calendar,
        rolls_over: false,
        warn: vec![WARN],
        source: source.into(),
        standing: Standing::Official,
        in_force_from: crate::beijing_date(from),
        in_force_to: None,
    })
}

/// The last day on which a violation may be punished when it is found, and the source.
pub(super) fn limitation(violation: &Violation, facts: &Facts<'_>) -> Option<(Date, String)> {
    let _ = facts;
    let (years, source) = if violation.harm && violation.to >= CODE_IN_FORCE {
        (5, "生态环境法典第一千零五十四条")
    } else if violation.harm {
        (5, "行政处罚法第三十六条第一款")
    } else {
        (2, "行政处罚法第三十六条第一款")
    };
    let last = violation.to.checked_add(jiff::Span::new().years(years)).ok()?;
    Some((last, source.to_owned()))
}

/// Since when the environmental code is in force.
const CODE_IN_FORCE: Date = jiff::civil::date(2026, 8, 15);

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

/// Whether a term rests while something is tested (检测、检验、鉴定).
pub(super) fn rests_while_tested(term: Term, _facts: &Facts<'_>) -> bool {
    matches!(term, Term::Seize)
}

/// By how many days at most a term may be extended with the leader's approval, and the source; none: not at all.
pub(super) fn extension(term: Term, _facts: &Facts<'_>) -> Option<(u32, Unit, &'static str)> {
    match term {
        Term::Verify => Some((10, Unit::WorkingDays, "住房和城乡建设行政处罚程序规定")),
        Term::Decide => Some((30, Unit::CalendarDays, "住房和城乡建设行政处罚程序规定")),
        Term::Seize => Some((30, Unit::CalendarDays, "行政强制法第二十五条第一款")),
        _ => None,
    }
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
