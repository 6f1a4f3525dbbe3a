//! The surcharge on a fine that is not paid in time (加处罚款), exact to the fen.
//!
//! 行政处罚法 72(1)(一): three percent of the fine for each day, and never more than the fine. 73(3): days of reconsideration and
//! litigation do not count. What the statute leaves open is decided here as follows and said in the explanation:
//!
//! - Days run from the day after the due date up to and including the day of payment: at its beginning the fine was unpaid.
//!   So it is full on the 34th day (33 days are 99 %).
//! - After a part is paid, three percent are taken of the rest, from the day after that payment. Payments go to the fine first.
//! - The bound is the whole fine as decided, not the rest.
//! - Of a fine that may be paid in parts (66(2)) each part is late by itself, from the day after its own last day.
//! - Fractions of a fen are kept until the end and then dropped, in favour of the party.

use crate::money::Fen;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

/// Percent of the fine for each day.
const PERCENT: i64 = 3;
/// A reckoning over more days than this is a slip of the pen.
const DAYS_MAX: i32 = 40 * 366;
/// Payments and suspensions of one fine.
const ENTRIES_MAX: usize = 1000;

/// A payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// The day on which it was made.
    pub day: Date,
    /// How much; `None`: all of the fine that was left.
    pub amount: Option<Fen>,
}

/// Time that was given to pay (66(2)): from the day after it was given, no part is late before its own last day is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The day on which it was given.
    pub granted: Date,
    /// The parts of the fine, each with its last day.
    pub parts: Vec<(Date, Fen)>,
}

/// A fine and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fined {
    /// The fine as decided.
    pub fine: Fen,
    /// Last day on which it could be paid without surcharge.
    pub due: Date,
    /// Payments, in any order.
    pub paid: Vec<Payment>,
    /// Days of reconsideration or litigation, first and last included.
    pub suspended: Vec<(Date, Date)>,
    /// Deferrals and instalments; of two the better one holds on each day.
    pub later: Vec<Later>,
    /// Last day to reckon to while the fine is not paid in full; without it, the day of the last payment.
    pub until: Option<Date>,
}

/// Why a surcharge cannot be reckoned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SurchargeError {
    /// No fine.
    #[error("罚款数额应大于 0 元")]
    NoFine,
    /// A payment of nothing.
    #[error("{0} 的缴款数额应大于 0 元")]
    NoAmount(Date),
    /// A suspension that ends before it begins.
    #[error("停止计算的期间 {0}..{1} 的结束早于开始；应写作 开始..结束，如 2026-03-01..2026-05-20")]
    Reversed(Date, Date),
    /// More was paid after all was paid.
    #[error("{0} 缴款时罚款已经缴清；请核对缴款记录")]
    PaidAlready(Date),
    /// Neither a payment nor a day to reckon to.
    #[error("没有缴款记录；请写缴款日（可带金额），或者未缴清时计算到哪一日")]
    NoEnd,
    /// Too many entries.
    #[error("缴款和停止计算的期间合计最多 {ENTRIES_MAX} 条")]
    TooMany,
    /// Too long.
    #[error("从到期日到缴款日超过 40 年；请核对日期")]
    TooLong,
}

/// The surcharge reckoned. The JSON of `lianzhi law surcharge` and of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Surcharge {
    /// Days for which it was taken: late days less those of reconsideration and litigation.
    pub days: u32,
    /// The surcharge in yuan, at most two decimals.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub surcharge_yuan: Fen,
    /// Whether it reached the fine and grows no more.
    pub capped: bool,
    /// The day on which it reached the fine.
    pub capped_on: Option<Date>,
    /// The fine in yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub fine_yuan: Fen,
    /// What is left of the fine, in yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub unpaid_yuan: Fen,
    /// What was paid beyond the fine and goes to the surcharge, in yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub beyond_yuan: Fen,
    /// Fine and surcharge that are still owed, in yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub owed_yuan: Fen,
    /// The arithmetic and its grounds.
    pub explanation: String,
}

/// Days in a row with the same amount unpaid.
struct Run {
    first: Date,
    last: Date,
    days: u32,
    /// What was late of the fine.
    unpaid: Fen,
    why: Why,
}

/// Whether days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Counted,
    /// Reconsideration or litigation (73(3)).
    Suspended,
    /// Time was given for all that was unpaid (66(2)).
    Given,
}

impl Run {
    fn counted(&self) -> bool {
        self.why == Why::Counted
    }
}

/// Reckons the surcharge.
///
/// # Errors
/// [`SurchargeError`]: what is wrong with the input, in Chinese.
pub fn surcharge(fined: &Fined) -> Result<Surcharge, SurchargeError> {
    if fined.fine <= Fen::ZERO {
        return Err(SurchargeError::NoFine);
    }
    if fined.paid.len() + fined.suspended.len() > ENTRIES_MAX {
        return Err(SurchargeError::TooMany);
    }
    if let Some((from, to)) = fined.suspended.iter().find(|(from, to)| to < from) {
        return Err(SurchargeError::Reversed(*from, *to));
    }
    let (credits, beyond) = credits(fined)?;
    let paid: Fen = Fen(credits.iter().map(|(_, amount)| amount.0).sum());
    let cleared = credits.last().filter(|_| paid == fined.fine).map(|(day, _)| *day);
    let last_payment = fined.paid.iter().map(|payment| payment.day).max();
    let end = cleared.or(fined.until.max(last_payment)).ok_or(SurchargeError::NoEnd)?;
    let runs = runs(fined, &credits, end)?;

    // Hundredths of a fen, exact.
    let cap = i128::from(fined.fine.0) * 100;
    let (mut sum, mut days, mut capped_on) = (0_i128, 0, None);
    for run in runs.iter().filter(|run| run.counted()) {
        let daily = i128::from(run.unpaid.0) * i128::from(PERCENT);
        let before = sum;
        days += run.days;
        sum += daily * i128::from(run.days);
        if capped_on.is_none() && sum >= cap {
            let needed = (cap - before + daily - 1) / daily;
            let later = i64::try_from(needed - 1).unwrap_or(0);
            capped_on = Some(run.first.saturating_add(jiff::Span::new().days(later)));
        }
    }
    let capped = capped_on.is_some();
    let amount = Fen(i64::try_from(sum.min(cap) / 100).unwrap_or(i64::MAX));
    let unpaid = Fen(fined.fine.0 - paid.0);
    let owed = Fen((unpaid.0 + amount.0 - beyond.0).max(0));
    Ok(Surcharge {
        days,
        surcharge_yuan: amount,
        capped,
        capped_on,
        fine_yuan: fined.fine,
        unpaid_yuan: unpaid,
        beyond_yuan: beyond,
        owed_yuan: owed,
        explanation: explain(fined, &runs, end, sum, amount, capped_on, (unpaid, beyond)),
    })
}

/// What each payment took off the fine, by day, and what was paid beyond it.
fn credits(fined: &Fined) -> Result<(Vec<(Date, Fen)>, Fen), SurchargeError> {
    let mut paid = fined.paid.clone();
    // On one day the payment of "all that is left" comes last.
    paid.sort_by_key(|payment| (payment.day, payment.amount.is_none()));
    let (mut left, mut beyond, mut credits) = (fined.fine, Fen::ZERO, Vec::new());
    for Payment { day, amount } in paid {
        let amount = match amount {
            Some(amount) if amount <= Fen::ZERO => return Err(SurchargeError::NoAmount(day)),
            Some(amount) => amount,
            None if left == Fen::ZERO => return Err(SurchargeError::PaidAlready(day)),
            None => left,
        };
        let credit = amount.min(left);
        left.0 -= credit.0;
        beyond.0 = beyond.0.saturating_add(amount.0 - credit.0);
        if credit > Fen::ZERO {
            credits.push((day, credit));
        }
    }
    Ok((credits, beyond))
}

/// What of the fine need not be paid yet on a day, because time was given for it (66(2)).
fn not_yet(fined: &Fined, day: Date) -> i64 {
    let open =
        |later: &Later| later.parts.iter().filter(|(last, _)| *last >= day).map(|(_, part)| part.0).sum();
    fined.later.iter().filter(|later| later.granted < day).map(open).max().unwrap_or(0)
}

/// The late days up to and including `end`, in runs with the same amount late at their beginning.
fn runs(fined: &Fined, credits: &[(Date, Fen)], end: Date) -> Result<Vec<Run>, SurchargeError> {
    if fined.due.until(end).map_or(i32::MAX, |span| span.get_days()) > DAYS_MAX {
        return Err(SurchargeError::TooLong);
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut day = crate::beijing::next_day(fined.due);
    while day <= end && day > fined.due {
        let paid: i64 = credits.iter().filter(|(when, _)| *when < day).map(|(_, amount)| amount.0).sum();
        let unpaid = Fen((fined.fine.0 - paid - not_yet(fined, day)).max(0));
        let why = match fined.suspended.iter().any(|(from, to)| (*from..=*to).contains(&day)) {
            true => Why::Suspended,
            false if unpaid == Fen::ZERO => Why::Given,
            false => Why::Counted,
        };
        match runs.last_mut().filter(|run| run.unpaid == unpaid && run.why == why) {
            Some(run) => {
                run.last = day;
                run.days += 1;
            }
            None => runs.push(Run { first: day, last: day, days: 1, unpaid, why }),
        }
        let next = crate::beijing::next_day(day);
        if next == day {
            break;
        }
        day = next;
    }
    Ok(runs)
}

fn explain(
    fined: &Fined,
    runs: &[Run],
    end: Date,
    sum: i128,
    amount: Fen,
    capped_on: Option<Date>,
    (unpaid, beyond): (Fen, Fen),
) -> String {
    let mut text = format!(
        "《行政处罚法》第72条第1款第（一）项：到期不缴纳罚款的，每日按罚款数额的 3% 加处罚款，加处罚款的数额不得超出罚款的数额。罚款 {} 元，{} 到期，",
        fined.fine, fined.due
    );
    if runs.is_empty() {
        let _ = write!(text, "{end} 未逾期，不加处罚款。");
    } else {
        let _ = write!(text, "自次日起算，缴款当日计入，算至 {end}。");
    }
    for run in runs {
        let (first, last) = (run.first, run.last);
        let days = run.days;
        let _ = match run.why {
            Why::Counted => {
                let daily = i128::from(run.unpaid.0) * i128::from(PERCENT) * i128::from(days);
                let late = if fined.later.is_empty() { "未缴" } else { "到期未缴" };
                let unpaid = run.unpaid;
                write!(text, "{first} 至 {last}：{late} {unpaid} 元 × 3% × {days} 日 = {} 元。", exact(daily))
            }
            Why::Suspended => {
                write!(text, "{first} 至 {last}：复议、诉讼期间 {days} 日，不计（第73条第3款）。")
            }
            Why::Given => {
                write!(
                    text,
                    "{first} 至 {last}：准予延期、分期期间 {days} 日，没有到期未缴的，不计（第66条第2款）。"
                )
            }
        };
    }
    if runs.iter().filter(|run| run.counted()).count() > 1 {
        let _ = write!(text, "合计 {} 元。", exact(sum));
    }
    if let Some(day) = capped_on {
        let _ = write!(text, "自 {day} 起达到罚款数额，加处罚款以 {} 元为限。", fined.fine);
    } else if sum % 100 != 0 {
        let _ = write!(text, "不足一分的舍去，为 {amount} 元。");
    }
    if fined.paid.iter().any(|payment| payment.amount.is_some())
        && runs.iter().any(|run| run.unpaid < fined.fine)
    {
        text.push_str("部分缴纳的，先抵罚款本金，自缴款次日起按未缴余额计算。");
    }
    if beyond > Fen::ZERO {
        let _ = write!(text, "超出罚款本金缴纳的 {beyond} 元抵作加处罚款。");
    }
    if unpaid > Fen::ZERO {
        let grows = if capped_on.is_some() { "" } else { "，加处罚款继续计算" };
        let _ = write!(text, "罚款尚欠 {unpaid} 元{grows}。");
    }
    text
}

/// Hundredths of a fen in yuan, exactly.
fn exact(hundredths: i128) -> String {
    let (yuan, part) = (hundredths / 10_000, hundredths % 10_000);
    let yuan = crate::money::grouped(yuan.unsigned_abs());
    if part == 0 { yuan } else { format!("{yuan}.{part:04}").trim_end_matches('0').to_owned() }
}
