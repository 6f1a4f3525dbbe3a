//! Where the case meets the law data: terms, bases, thresholds, sums. Everything that depends on law in force is looked up here
//! and nowhere else, and what was found is stored in the event.

use super::charge::Basis;
pub(crate) use super::chosen::bases;
use super::clocks::{Scope, Term};
use super::matters::{Receipt, Remedy, Violation};
use super::money::Money;
use super::proposal::Proposal;
use super::state::{Case, Party};
use super::words::{PartyKind, Weight};
use crate::{Facts, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::UnitCode;
use lianzhi_law::{
    Due, Effect, Fen, FineRange, Fined, Jurisdiction, Moment, Payment, Standard, Standing, StatutoryTerm,
    SubjectKind, TermError, TermUnit, ThresholdKind, Unit, WORKING_DAYS,
};

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
pub(crate) fn no_term(error: TermError) -> Refusal {
    Refusal::conflict("term", format!("期限无法计算：{error}"), "请管理员检查工作日历和法定期限数据。")
        .from_source("工作日历")
}

/// Where the agency works, by its division code.
pub(crate) fn place(facts: &Facts<'_>) -> Jurisdiction {
    facts.directory.law.place(facts.directory.node.as_str()).unwrap_or_else(|_| Jurisdiction::nation())
}

/// A term of the statute as it stands on a day.
pub(crate) fn statutory(facts: &Facts<'_>, key: &str, day: Date) -> Result<StatutoryTerm, Refusal> {
    facts.directory.law.statutory(key, &place(facts), day).map_err(|error| {
        Refusal::conflict("term", format!("期限无法计算：{error}"), "请管理员检查法定期限数据。")
            .from_source("法定期限数据")
    })
}

/// The standard of a term on the day on which it begins. Where the statute sets none, the agency's own days.
pub(super) fn standard(facts: &Facts<'_>, owed: &super::clocks::Owed) -> Result<Standard, Refusal> {
    let (term, from, days) = (owed.term, owed.from, owed.days);
    let day = crate::beijing_date(from);
    let own = |amount, unit, source: &str| Standard {
        code: term.key().into(),
        title: term.title().into(),
        amount,
        unit,
        // A day of a statute ends with the day, not with office hours.
        calendar: (unit == Unit::WorkingDays).then(|| WORKING_DAYS.into()),
        rolls_over: false,
        warn: vec![WARN],
        source: source.into(),
        standing: Standing::Adopted,
        in_force_from: day,
        in_force_to: None,
        own: None,
    };
    match (term, days) {
        (Term::Defence, Some(days)) => {
            let source = "行政处罚法第四十四条、第四十五条；期限由告知书载明";
            Ok(own(days, Unit::WorkingDays, source))
        }
        (Term::Remind, Some(days)) => {
            Ok(own(days, Unit::WorkingDays, "行政强制法第三十五条第一项；期限由催告书载明"))
        }
        (Term::PayPart, Some(days)) => {
            Ok(own(days, Unit::CalendarDays, "行政处罚法第六十六条第二款；期限由批准的通知书载明"))
        }
        (Term::Promise, Some(days)) => {
            Ok(own(days, Unit::CalendarDays, "行政处罚法第三十三条第一款；期限由当事人承诺"))
        }
        (Term::Correct, Some(days)) => {
            Ok(own(days, Unit::CalendarDays, "行政处罚法第二十八条第一款；期限由责令改正通知书载明"))
        }
        (term, Some(days)) if let Some(source) = super::owed::own_source(term) => {
            Ok(own(days, Unit::CalendarDays, source))
        }
        // Where the place has a statute its days count, elsewhere those of the notice.
        (Term::Perishable | Term::Claim, Some(days)) => {
            Ok(own(days, Unit::CalendarDays, "涉案物品管理规定；期限由通知、公告载明"))
        }
        _ => statutory(facts, owed.statute.unwrap_or(term.statute()), day)?.standard().ok_or_else(|| {
            Refusal::conflict("term", "该期限没有法定的天数。", "请管理员检查法定期限数据。")
                .from_source("法定期限数据")
        }),
    }
}

/// Working days that must follow a demand before a court may be asked, by the law data (行政强制法 54).
pub(super) fn demand_days(facts: &Facts<'_>) -> Result<u16, Refusal> {
    let term = statutory(facts, Term::Remind.statute(), crate::beijing_date(facts.now))?;
    let days = term.measure.and_then(|measure| u16::try_from(measure.n).ok());
    Ok(days.unwrap_or(super::execution::DEMAND_DAYS))
}

/// The latest day on which something must have been done before an event (倒推的期限): that day, and how it was computed.
pub(crate) struct Before {
    /// That day.
    pub day: Date,
    /// The computation whole.
    pub due: Due,
}

impl Before {
    /// How it was counted, for a refusal; with a warning where a holiday schedule still to come can move it.
    pub fn counted(&self) -> String {
        let unsure = if self.due.movable {
            "日期为暂定，放假安排公布后可能变化，请留出余地。"
        } else {
            ""
        };
        format!("{}{unsure}", self.due.explanation)
    }
}

/// Counts such a term back from an event.
pub(crate) fn working_days_before(
    facts: &Facts<'_>,
    term: Term,
    event: Timestamp,
) -> Result<Before, Refusal> {
    let day = crate::beijing_date(event);
    let due = statutory(facts, term.key(), day)?.before(day, facts.directory.law.calendars());
    let due = due.map_err(|error| {
        Refusal::conflict("term", format!("期限无法计算：{error}"), "请管理员检查工作日历。")
            .from_source("法定期限数据")
    })?;
    Ok(Before { day: due.due.map_or(day, Moment::day), due })
}

/// The latest day on which a party must have the call to a hearing in hand (行政处罚法 64(二)), with its computation; none where
/// the law data do not hold together.
#[must_use]
pub fn call_by(facts: &Facts<'_>, hearing: Timestamp) -> Option<Due> {
    working_days_before(facts, Term::HearingNotice, hearing).ok().map(|before| before.due)
}

/// The first day on which a hearing may be held when the call reaches the party on a day (行政处罚法 64(二)), with the computation;
/// none where the law data do not hold together.
#[must_use]
pub fn first_hearing(facts: &Facts<'_>, called: Date) -> Option<(Date, Due)> {
    first_after_notice(facts, Term::HearingNotice, called).map(|(day, before)| (day, before.due))
}

/// The first day of an event whose notice, by a term that is counted back from it, reaches the party on a day; with the computation.
pub(crate) fn first_after_notice(facts: &Facts<'_>, term: Term, told: Date) -> Option<(Date, Before)> {
    let mut day = told;
    for _ in 0..FIRST_DAYS_MAX {
        day = day.tomorrow().ok()?;
        let before = working_days_before(facts, term, midnight(day)).ok()?;
        if before.day >= told {
            return Some((day, before));
        }
    }
    None
}

/// How far ahead a first day is looked for.
const FIRST_DAYS_MAX: u32 = 60;

/// The last day on which a violation may be punished when it is found, and the source: two years; five where it harmed the
/// environment and the code was in force (生态环境法典 1054), or touched life, health or financial safety and did harm (行政处罚法 36(1)).
pub(super) fn limitation(violation: &Violation, facts: &Facts<'_>) -> Option<(Date, String)> {
    let from = violation.counts_from();
    let last = |key: &str| {
        let term = statutory(facts, key, from).ok()?;
        let due = term.due(Moment::Day(from), facts.directory.law.calendars()).ok()?;
        Some((due.due?.day(), term.citation()))
    };
    if violation.danger {
        let day = from.checked_add(jiff::Span::new().years(DANGER_YEARS)).ok()?;
        return Some((day, "行政处罚法第三十六条第一款".to_owned()));
    }
    let environment = violation.harm.then(|| last("limitation.env_harm")).flatten();
    environment.or_else(|| last("limitation.general"))
}

/// Years in which what touched life, health or financial safety and did harm may be punished (行政处罚法 36(1)).
const DANGER_YEARS: i32 = 5;

/// Whether the agency holds the power for an item on the day (行政处罚法 17, 18, 38).
pub(crate) fn power(item: &str, facts: &Facts<'_>) -> Option<Refusal> {
    power_of(item, None, facts)
}

/// The same where a unit has the case: what was given down to its town counts too (24).
pub(super) fn power_of(item: &str, unit: Option<&UnitCode>, facts: &Facts<'_>) -> Option<Refusal> {
    let (day, directory) = (crate::beijing_date(facts.now), facts.directory);
    let error = directory.law.may_handle(directory.node.as_str(), item, day).err()?;
    let town = unit.and_then(|unit| directory.units.get(unit)).and_then(|unit| unit.town.as_ref());
    if town.is_some_and(|town| directory.law.may_handle(town.as_str(), item, day).is_ok()) {
        return None;
    }
    Some(
        Refusal::conflict(
            "no-power",
            error.to_string(),
            "请移送有权机关；已经取得授权的，请管理员更新权责清单。",
        )
        .from_source("行政处罚法第十七条、第二十二条、第三十八条"),
    )
}

/// The item of a code, as the law data write it.
pub(crate) fn item(code: &str, facts: &Facts<'_>) -> Result<String, Refusal> {
    match facts.directory.law.item(code) {
        Ok(item) => Ok(item.code.to_string()),
        Err(error) => Err(Refusal::invalid("item", error.to_string(), "请从事项清单中选择。")
            .from_source("行政处罚法第四条；执法事项清单")),
    }
}

/// Kind of a party as bases of items know it.
pub(crate) fn kind_of(kind: PartyKind) -> SubjectKind {
    if kind.is_unit() { SubjectKind::Entity } else { SubjectKind::Person }
}

/// Whether a fine is so large that something is demanded of it; none where nobody entered from when on.
pub(super) fn reached(facts: &Facts<'_>, what: ThresholdKind, kind: PartyKind, fen: i64) -> Option<bool> {
    let day = crate::beijing_date(facts.now);
    let threshold = facts.directory.law.threshold(what, &place(facts), day)?;
    Some(threshold.reached(kind_of(kind), Fen(fen)))
}

/// Under which rule a legal reviewer must see a proposal before it is signed, whatever the amount; none where the place's list of
/// major decisions does not name it (国办发〔2018〕118号).
pub(super) fn review_of(proposal: &Proposal, facts: &Facts<'_>) -> Option<String> {
    let act = proposal.major()?;
    let day = crate::beijing_date(facts.now);
    let threshold = facts.directory.law.threshold(ThresholdKind::LegalReview, &place(facts), day);
    match threshold.filter(|threshold| threshold.also.contains(&act)) {
        Some(threshold) => Some(format!("国办发〔2018〕118号；{}", threshold.source)),
        // What takes somebody's building is reviewed everywhere, whatever the list of the place names.
        None => (act == lianzhi_law::MajorAct::DemolitionOrder)
            .then(|| "国办发〔2018〕118号：直接关系行政相对人或者第三人重大权益的重大执法决定".to_owned()),
    }
}

/// The circumstances that a form lists: code and words.
pub(crate) fn circumstances(facts: &Facts<'_>) -> Vec<(String, String)> {
    let words = |c: &lianzhi_law::Circumstance| {
        (c.code.to_string(), format!("{}：{}（{}）", c.effect.title(), c.title, c.citation))
    };
    facts.directory.law.circumstances().map(words).collect()
}

/// What circumstances come to, and what the benchmark proposes for a fine (行政处罚法 30–34).
pub(crate) struct Weighed {
    /// How they weigh.
    pub weight: Weight,
    /// The tier by its title, as papers and pages name it.
    pub tier: String,
    /// They forbid a penalty.
    pub spare: Option<String>,
    /// How the proposal was computed, for an outside reader; empty where there is no benchmark.
    pub arithmetic: String,
    /// Why the fine differs from the proposal.
    pub deviation: Option<String>,
}

/// Weighs circumstances and compares a fine with the benchmark.
pub(crate) fn weigh(
    facts: &Facts<'_>,
    violation: &Violation,
    basis: &Basis,
    tier: &str,
    codes: &[String],
    fine: i64,
) -> Result<Weighed, Refusal> {
    let found = found(facts, codes)?;
    let weight = match lianzhi_law::weight(&found) {
        Some(Effect::Reduce) => Weight::Reduced,
        Some(Effect::Lighten) => Weight::Lenient,
        Some(Effect::Aggravate) => Weight::Heavier,
        _ => Weight::Normal,
    };
    let spare = found.iter().find(|c| c.effect == Effect::MustSpare);
    let spare = spare.map(|c| format!("{}（{}）", c.title, c.citation));
    let benchmark = benchmark(facts, violation);
    let title = benchmark.and_then(|b| b.tier(tier)).map_or_else(|| tier.to_owned(), |t| t.title.to_string());
    let mut weighed = Weighed { weight, tier: title, spare, arithmetic: String::new(), deviation: None };
    if fine > 0
        && let Some(proposal) = proposal(facts, violation, basis, tier, codes)?
    {
        weighed.deviation = proposal.deviation(Fen(fine));
        weighed.arithmetic = proposal.explanation;
    }
    Ok(weighed)
}

/// The benchmark for a violation today.
pub(super) fn benchmark<'a>(facts: &Facts<'a>, violation: &Violation) -> Option<&'a lianzhi_law::Benchmark> {
    facts.directory.law.benchmark(&violation.item, &place(facts), crate::beijing_date(facts.now))
}

/// Circumstances by their codes.
fn found<'a>(facts: &Facts<'a>, codes: &[String]) -> Result<Vec<&'a lianzhi_law::Circumstance>, Refusal> {
    let law = &facts.directory.law;
    let one = |code: &String| {
        law.circumstances().find(|c| *c.code == **code).ok_or_else(|| {
            Refusal::invalid("circumstances", format!("没有裁量情节“{code}”。"), "请从裁量情节中选择。")
                .from_source("行政处罚法第三十条至第三十四条")
        })
    };
    codes.iter().map(one).collect()
}

/// What the benchmark proposes within the range of a rule; none where there is no benchmark or no amount.
pub(crate) fn proposal(
    facts: &Facts<'_>,
    violation: &Violation,
    basis: &Basis,
    tier: &str,
    codes: &[String],
) -> Result<Option<lianzhi_law::Proposal>, Refusal> {
    let (Some(benchmark), Some(max)) = (benchmark(facts, violation), basis.max) else { return Ok(None) };
    let source = || format!("行政处罚法第三十四条；{}", benchmark.title);
    if tier.is_empty() {
        return Err(Refusal::invalid("tier", "没有选择裁量档次。", "请按情节选择裁量基准的档次。")
            .from_source(source()));
    }
    let range = FineRange::Between { min: Fen(basis.min.unwrap_or(0)), max: Fen(max) };
    let proposal = lianzhi_law::propose(range, benchmark, tier, &found(facts, codes)?).map_err(|error| {
        Refusal::invalid("tier", error.to_string(), "请按情节选择裁量基准的档次。").from_source(source())
    })?;
    Ok(Some(proposal))
}

/// A sum in words for people: `5,000 元`, `12.50 元`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    format!("{} 元", Fen(fen))
}

/// Whether a moment lies at night or on a statutory holiday, when nothing may be enforced (行政强制法 43).
pub(super) fn night_or_holiday(at: Timestamp, facts: &Facts<'_>) -> Option<&'static str> {
    let local = jiff::tz::offset(8).to_datetime(at);
    if !(6..22).contains(&local.hour()) {
        return Some("夜间（22 时至次日 6 时）");
    }
    let calendars = facts.directory.law.calendars();
    // A statutory holiday that falls on a weekend is one, though the published schedule names only the days off around it.
    let statutory = calendars.statutory_holiday(local.date()).is_some();
    let off = matches!(calendars.day(local.date()).kind, lianzhi_law::DayKind::Holiday(_));
    (statutory || off).then_some("法定节假日")
}

/// Whether a term rests while something is tested (检测、检验、鉴定): only where a text that was checked says so.
pub(super) fn rests_while_tested(term: Term, facts: &Facts<'_>) -> bool {
    let term = statutory(facts, term.key(), crate::beijing_date(facts.now));
    term.is_ok_and(|t| t.excluded.iter().any(|e| e.what.contains("检测") && e.standing == Standing::Official))
}

/// By how many days at most a term that was extended so many times may be extended again, and the source; none: not at all.
pub(super) fn extension(term: Term, times: usize, facts: &Facts<'_>) -> Option<(u32, Unit, String)> {
    let term = statutory(facts, term.key(), crate::beijing_date(facts.now)).ok()?;
    let next = term.extensions.get(times)?;
    let unit = match next.most.unit {
        TermUnit::WorkingDays => Unit::WorkingDays,
        TermUnit::CalendarDays => Unit::CalendarDays,
        _ => return None,
    };
    Some((next.most.n, unit, next.source.to_string()))
}

/// A sum and how it was computed.
pub(crate) struct Sum {
    /// Fen.
    pub fen: i64,
    /// For an outside reader.
    pub arithmetic: String,
}

/// Whether the time to pay is over for a party, deferral and instalments included.
pub(super) fn payment_over(case: &Case, id: u16, facts: &Facts<'_>) -> bool {
    let Some(party) = case.party(id) else { return false };
    if let Some((_, part)) = party.money.next_part() {
        return crate::beijing_date(facts.now) > part.due;
    }
    match payment_due(case, party) {
        Some(last) => crate::beijing_date(facts.now) > last,
        None => false,
    }
}

/// The last day to pay, of the whole or of the last part.
pub(super) fn payment_due(case: &Case, party: &Party) -> Option<Date> {
    let part = party.money.parts.iter().map(|p| p.due).max();
    part.or_else(|| statute_due(case, party))
}

/// The last day to pay by the statute, of a party by its number.
pub(super) fn statute_due_of(case: &Case, id: u16) -> Option<Date> {
    statute_due(case, case.party(id)?)
}

/// The last day to pay by the statute (行政处罚法 67(3)), whatever was granted.
pub(super) fn statute_due(case: &Case, party: &Party) -> Option<Date> {
    let of = Scope::Party(party.subject.id);
    // The term of a decision that fell is not that of the one made anew.
    let own = |w: &&super::Watched| {
        w.clock.term == Term::Pay && w.clock.of == of && case.of_now(w.clock.running.from)
    };
    let clock = case.clocks.iter().rev().find(own)?;
    Some(crate::beijing_date(clock.clock.running.due - jiff::SignedDuration::from_micros(1)))
}

/// The most that a party may still pay on a day, the surcharge until then included, fen.
///
/// # Errors
/// When nothing is owed by it, with the reason.
pub fn payable(case: &Case, id: u16, on: Date) -> Result<i64, Refusal> {
    let party = super::decide::debtor(case, id)?;
    if party.execution.agreed().is_some() {
        return Ok(party.money.left());
    }
    most(&party.money, &party.remedies, party.execution.rests(on), statute_due(case, party), on)
}

/// The most that may still be paid on a day, fen: what would be owed if all were paid on it.
pub(crate) fn most(
    money: &Money,
    remedies: &[Remedy],
    rests: Vec<(Date, Date)>,
    due: Option<Date>,
    on: Date,
) -> Result<i64, Refusal> {
    let surcharge = match due {
        Some(due) if money.fine > 0 => {
            let mut all = money.clone();
            all.receipts.push(Receipt::of(money.fine, on, String::new()));
            surcharge_resting(&all, remedies, rests, due, on)?.fen
        }
        _ => 0,
    };
    Ok((money.fine + money.confiscation + surcharge - money.kept()).max(0))
}

/// What was fixed of the surcharge of a party, by all that is known now: until the day until which it was fixed, less what an
/// agreement that is kept took off (行政强制法 42).
pub(super) fn fixed_surcharge(case: &Case, party: &Party) -> i64 {
    let Some(until) = party.money.fixed else { return 0 };
    let Some(due) = statute_due(case, party) else { return 0 };
    let rests = party.execution.rests(until);
    let sum = surcharge_so_far(&party.money, &party.remedies, rests, due, until);
    let kept = party.execution.agreements.iter().filter(|a| a.broken.is_none());
    (sum - kept.map(|a| a.reduced).sum::<i64>()).max(0)
}

/// The surcharge of a party until a day with its arithmetic, for people: none before its last day to pay.
#[must_use]
pub fn surcharge_today(case: &Case, id: u16, on: Date) -> Option<(i64, String)> {
    let sum = surcharge(case, id, on).ok().filter(|sum| sum.fen > 0)?;
    Some((sum.fen, sum.arithmetic))
}

/// The surcharge until a day (行政处罚法 72(1)(一), 73(3)): days of reconsideration and lawsuits are left out, and of what time was
/// given for each part is late from the day after its own last day (66(2)).
pub(super) fn surcharge(case: &Case, id: u16, until: Date) -> Result<Sum, Refusal> {
    let none = Sum { fen: 0, arithmetic: String::new() };
    let Some(party) = case.party(id) else { return Ok(none) };
    let Some(due) = statute_due(case, party) else { return Ok(none) };
    if until <= party.money.on_time_until(due) || party.money.fine == 0 {
        return Ok(none);
    }
    if let Some(agreement) = party.execution.agreed() {
        let (fen, reduced) = (party.money.surcharge, yuan(agreement.reduced));
        let arithmetic = format!("执行协议履行期间不再加处；协议减免 {reduced}，加处罚款为 {}", yuan(fen));
        return Ok(Sum { fen, arithmetic });
    }
    let rests = party.execution.rests(until);
    surcharge_resting(&party.money, &party.remedies, rests, due, until)
}

/// The same for a fine that was to be paid until `due`, which lies before `until`.
pub(crate) fn surcharge_of(
    money: &Money,
    remedies: &[Remedy],
    due: Date,
    until: Date,
) -> Result<Sum, Refusal> {
    surcharge_resting(money, remedies, Vec::new(), due, until)
}

/// What the surcharge had come to at the end of a day, fen; nothing before it began.
pub(crate) fn surcharge_so_far(
    money: &Money,
    remedies: &[Remedy],
    rests: Vec<(Date, Date)>,
    due: Date,
    on: Date,
) -> i64 {
    surcharge_resting(money, remedies, rests, due, on).map_or(0, |sum| sum.fen)
}

/// The same, but for days on which enforcement rested (行政强制法 12(一), 39, 42).
fn surcharge_resting(
    money: &Money,
    remedies: &[Remedy],
    rests: Vec<(Date, Date)>,
    due: Date,
    until: Date,
) -> Result<Sum, Refusal> {
    if until <= money.on_time_until(due) || money.fine == 0 {
        return Ok(Sum { fen: 0, arithmetic: String::new() });
    }
    // What came after the fine was paid went to gains and surcharge.
    let mut left = money.fine;
    let mut paid = Vec::new();
    let mut receipts: Vec<_> = money.receipts.iter().collect();
    receipts.sort_by_key(|receipt| receipt.on);
    for receipt in receipts {
        let part = receipt.fen.min(left);
        left -= part;
        if part > 0 {
            paid.push(Payment { day: receipt.on, amount: Some(Fen(part)) });
        }
    }
    let suspended = super::remedies::spans(remedies, until);
    let rested = !rests.is_empty();
    let suspended = suspended.chain(rests).collect();
    let fined =
        Fined { fine: Fen(money.fine), due, paid, suspended, later: money.later(), until: Some(until) };
    let sum = lianzhi_law::surcharge(&fined).map_err(|error| {
        Refusal::conflict("surcharge", error.to_string(), "请核对缴款和复议、诉讼的日期。")
            .from_source("行政处罚法第七十二条第一款第一项、第七十三条第三款")
    })?;
    let mut arithmetic = sum.explanation;
    if rested {
        let words = "复议、诉讼、中止执行或者执行协议期间";
        arithmetic = arithmetic.replace("复议、诉讼期间", words).replace("，不计（第73条第3款）", "，不计");
    }
    Ok(Sum { fen: sum.surcharge_yuan.0, arithmetic })
}
