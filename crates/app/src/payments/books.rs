//! The books of a period: what was decided, what came and in which way, what is open; by day, exact to the fen, and each number with
//! the lines behind it.

use crate::export::Format;
use crate::figures::sheet::{self, Cell};
use crate::ports::{DaySum, LedgerFilter};
use crate::project::day_number;
use crate::read::given;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::civil::Date;
use lianzhi_law::Fen;
use lianzhi_procedure::{LedgerKind, Refusal, beijing_date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest period, days: two years.
const DAYS_MAX: i64 = 732;
/// Lines on one page.
const LINES: i64 = 100;

/// Which period, and which lines of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BookQuery {
    /// First day, `2026-11-01`; the first of this month when not given.
    pub from: Option<String>,
    /// Last day; today when not given.
    pub to: Option<String>,
    /// Lines of one kind: `due`, `surcharge`, `to_return`, `refunded`, `paid_bank`, `paid_typed` (what nobody confirmed yet), `paid_voucher`,
    /// `paid_on_site`, `held`, `deposited`, `came`, `credited`, `given_back`, `difference`, `proceeds`, `remitted`.
    pub what: Option<String>,
    /// Lines to pass over.
    pub skip: Option<u32>,
}

/// The sums of a day or of the period, fen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Day {
    /// The day, `2026-11-22`; empty for the whole period.
    pub day: String,
    /// By kind, in the order of [`Reconciliation::kinds`].
    pub sums: Vec<i64>,
}

/// The books of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reconciliation {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Kinds: code and words.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// Days on which something happened, oldest first.
    pub days: Vec<Day>,
    /// The whole period.
    pub total: Day,
    /// Checks by which the books agree, each with its sum: words, and whether it holds.
    pub checks: Vec<(String, bool)>,
}

/// A line behind a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BookLine {
    /// The day.
    pub day: String,
    /// What.
    pub what: &'static str,
    /// How much, fen.
    pub fen: i64,
    /// Payment code, number of the bank's line or of the receipt.
    pub reference: String,
    /// The matter.
    pub id: i64,
    /// Its number.
    pub number: String,
}

/// A day of the books as it is written.
pub(super) fn day_text(day: i64) -> String {
    let first = Date::constant(1970, 1, 1);
    first.checked_add(jiff::Span::new().days(day)).map_or_else(|_| String::new(), |d| d.to_string())
}

/// A sum in yuan with two places as files have it, for spreadsheets to read: `1234.50`.
fn plain(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// The books from sums by day. Pure: what is shown follows from these rows alone.
fn reconcile(from: Date, to: Date, sums: &[DaySum]) -> Reconciliation {
    let kinds: Vec<_> = LedgerKind::ALL.iter().map(|k| (k.code(), k.title())).collect();
    let mut days: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut total = vec![0_i64; kinds.len()];
    for sum in sums {
        let Some(at) = kinds.iter().position(|(code, _)| *code == sum.what) else { continue };
        let day = days.entry(sum.day).or_insert_with(|| vec![0; kinds.len()]);
        for cell in [day.get_mut(at), total.get_mut(at)].into_iter().flatten() {
            *cell += sum.fen;
        }
    }
    let of = |kind: LedgerKind| LedgerKind::ALL.iter().position(|k| *k == kind).and_then(|n| total.get(n));
    let sum = |kind| of(kind).copied().unwrap_or(0);
    use LedgerKind as L;
    let parts = sum(L::Credited) + sum(L::GivenBack) + sum(L::Difference);
    let came = format!(
        "银行到账 {} = 已归入案件 {} + 已退付、转出 {} + 待处理差异 {}",
        Fen(sum(L::Came)).with_places(),
        Fen(sum(L::Credited)).with_places(),
        Fen(sum(L::GivenBack)).with_places(),
        Fen(sum(L::Difference)).with_places()
    );
    let typed = sum(L::PaidTyped) + sum(L::PaidVoucher);
    let booked = sum(L::PaidBank) + typed + sum(L::Deposited);
    let credited = format!(
        "案件里的银行入账 {}、凭票据登记 {} 和当场收缴已缴付银行 {}，不少于已归入案件 {}",
        Fen(sum(L::PaidBank)).with_places(),
        Fen(typed).with_places(),
        Fen(sum(L::Deposited)).with_places(),
        Fen(sum(L::Credited)).with_places()
    );
    let checks = vec![(came, parts == sum(L::Came)), (credited, booked >= sum(L::Credited))];
    Reconciliation {
        from: from.to_string(),
        to: to.to_string(),
        kinds,
        days: days.into_iter().map(|(day, sums)| Day { day: day_text(day), sums }).collect(),
        total: Day { day: String::new(), sums: total },
        checks,
    }
}

fn asked_day(text: Option<&str>, field: &'static str, otherwise: Date) -> Result<Date, Refusal> {
    given(text).map_or(Ok(otherwise), |text| {
        text.parse().map_err(|_| Refusal::invalid(field, "日期无法识别。", "请写成 2026-11-22。"))
    })
}

impl App {
    fn period(&self, query: &BookQuery) -> Result<(Date, Date), Refusal> {
        let today = beijing_date(self.now());
        let to = asked_day(query.to.as_deref(), "to", today)?;
        let from = asked_day(query.from.as_deref(), "from", to.first_of_month())?;
        let days = day_number(to) - day_number(from);
        if !(0..=DAYS_MAX).contains(&days) {
            let remedy = format!("请选择一段时间，最长 {DAYS_MAX} 天。");
            return Err(Refusal::invalid("from", "起止日期不对。", remedy));
        }
        Ok((from, to))
    }

    /// The books of a period.
    ///
    /// # Errors
    /// A period that is none, or no right.
    pub async fn reconciliation(&self, who: &Caller, query: &BookQuery) -> Result<Reconciliation, Refusal> {
        self.may(who, "payments", None)?;
        let (from, to) = self.period(query)?;
        let filter =
            LedgerFilter { what: Vec::new(), from: Some(day_number(from)), to: Some(day_number(to)) };
        let sums = self.inner.store.books.ledger_sums(&filter).await.map_err(|e| unavailable(&e))?;
        Ok(reconcile(from, to, &sums))
    }

    /// The lines behind a number; and whether there are more.
    ///
    /// # Errors
    /// A period or a kind that is none, or no right.
    pub async fn book_lines(
        &self,
        who: &Caller,
        query: &BookQuery,
    ) -> Result<(Vec<BookLine>, bool), Refusal> {
        self.may(who, "payments", None)?;
        let (from, to) = self.period(query)?;
        let what = match given(query.what.as_deref()) {
            None => Vec::new(),
            Some(code) if LedgerKind::from_code(code).is_some() => vec![code.to_owned()],
            Some(_) => return Err(Refusal::invalid("what", "没有这一项。", "请从对账表里的数字进入。")),
        };
        let filter = LedgerFilter { what, from: Some(day_number(from)), to: Some(day_number(to)) };
        let skip = i64::from(query.skip.unwrap_or(0));
        let rows =
            self.inner.store.books.ledger(&filter, skip, LINES + 1).await.map_err(|e| unavailable(&e))?;
        let more = rows.len() > usize::try_from(LINES).unwrap_or(usize::MAX);
        let line = |(line, matter): (crate::ports::LedgerRow, crate::ports::MatterRow)| BookLine {
            day: day_text(line.day),
            what: LedgerKind::from_code(&line.what).map_or("", LedgerKind::title),
            fen: line.fen,
            reference: line.reference,
            id: matter.id.0,
            number: matter.number,
        };
        Ok((rows.into_iter().take(usize::try_from(LINES).unwrap_or(0)).map(line).collect(), more))
    }

    /// The books of a period as a file.
    ///
    /// # Errors
    /// As [`App::reconciliation`], or no right to export.
    pub async fn reconciliation_file(
        &self,
        who: &Caller,
        query: &BookQuery,
        format: Format,
    ) -> Result<Vec<u8>, Refusal> {
        self.may(who, "export", None)?;
        let books = self.reconciliation(who, query).await?;
        let period = format!("罚没款对账 {} 至 {}（元）", books.from, books.to);
        self.record_access(who, "export", None, &period).await?;
        let mut notes = vec![period];
        let word = |holds: bool| if holds { "相符" } else { "不符" };
        notes.extend(books.checks.iter().map(|(check, holds)| format!("{check}：{}", word(*holds))));
        let head: Vec<String> = std::iter::once("日期")
            .chain(books.kinds.iter().map(|(_, title)| *title))
            .map(str::to_owned)
            .collect();
        // As text in CSV and workbook alike: what is counted in fen is never rounded by a spreadsheet.
        let cells = |day: &Day, name: &str| {
            let sums = day.sums.iter().map(|fen| Cell::Text(plain(*fen)));
            std::iter::once(Cell::Text(name.to_owned())).chain(sums).collect::<Vec<_>>()
        };
        let mut rows: Vec<_> = books.days.iter().map(|day| cells(day, &day.day)).collect();
        rows.push(cells(&books.total, "合计"));
        sheet::file(format, &notes, &head, &rows).map_err(|e| unavailable(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(day: i64, what: LedgerKind, fen: i64) -> DaySum {
        DaySum { day, what: what.code().into(), fen, n: 1 }
    }

    #[test]
    fn days_add_up_to_the_period_and_the_checks_say_whether_the_books_agree() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let (first, last) = (day("2026-11-01"), day("2026-11-30"));
        let (a, b) = (day_number(day("2026-11-03")), day_number(day("2026-11-04")));
        use LedgerKind as L;
        let sums = [
            sum(a, L::Came, 20_001),
            sum(a, L::Credited, 20_000),
            sum(a, L::PaidBank, 20_000),
            sum(a, L::Difference, 1),
            sum(b, L::Due, 50_000),
            sum(b, L::Came, 300),
            sum(b, L::GivenBack, 300),
        ];
        let books = reconcile(first, last, &sums);
        assert_eq!(
            books.days.iter().map(|d| d.day.as_str()).collect::<Vec<_>>(),
            ["2026-11-03", "2026-11-04"]
        );
        for (n, total) in books.total.sums.iter().enumerate() {
            assert_eq!(books.days.iter().map(|d| d.sums[n]).sum::<i64>(), *total);
        }
        assert!(books.checks.iter().all(|(_, holds)| *holds), "{:?}", books.checks);
        assert!(books.checks[0].0.starts_with("银行到账 203.01 = 已归入案件 200.00"), "{:?}", books.checks);
        let lost = reconcile(first, last, &sums[..3]);
        assert!(!lost.checks[0].1, "a fen that is nowhere is seen");
    }
}
