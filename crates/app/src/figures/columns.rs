//! All matters in memory, as little of each as counting needs: about 40 bytes, so that a year of a million matters is
//! summed up in milliseconds, whatever is asked. Follows the rows by their log position and is never the truth.

use super::rules::{Fact, Period, Range, Stock, Tally, begin, end};
use crate::ports::FactRow;
use jiff::civil::Date;
use std::collections::HashMap;

/// By what figures are broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// Lead unit, exactly; the tree is summed up by who asks.
    Unit,
    /// Category.
    Category,
    /// Source.
    Source,
    /// Stage.
    Stage,
    /// Named officer.
    Assignee,
    /// Rating.
    Rating,
}

impl By {
    /// All of them.
    pub const ALL: [By; 6] = [By::Unit, By::Category, By::Source, By::Stage, By::Assignee, By::Rating];
}

/// What is counted at all.
#[derive(Debug, Clone, Default)]
pub struct Only {
    /// These lead units; none: all.
    pub units: Option<Vec<String>>,
    /// Category or prefix of it.
    pub category: Option<String>,
    /// Source.
    pub source: Option<String>,
}

/// A line: what it counts, now and in the period before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Code; empty for matters that have none.
    pub key: String,
    /// Counts of the period.
    pub now: Tally,
    /// Counts of the period before.
    pub before: Tally,
}

/// What was counted.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// All of it.
    pub total: (Tally, Tally),
    /// What stands open now, whatever the period.
    pub stock: Stock,
    /// The second at which the node's first matter was reported; none before it.
    pub first: Option<u32>,
    /// Broken down, in the order of the codes; lines without any count are left out.
    pub by: HashMap<By, Vec<Line>>,
    /// Each day of the trend up to today, without a gap.
    pub days: Vec<(Date, Tally)>,
}

impl Figures {
    /// The lines of one table.
    #[must_use]
    pub fn by(&self, by: By) -> &[Line] {
        self.by.get(&by).map_or(&[], Vec::as_slice)
    }

    /// Whether the node had any matter by the end of a period. What lies before its first cannot be compared with.
    #[must_use]
    pub fn reach(&self, period: Period) -> bool {
        self.first.is_some_and(|first| first < period.range().to)
    }
}

/// Codes by number. Zero is none.
#[derive(Debug)]
struct Codes {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Default for Codes {
    fn default() -> Self {
        Codes { texts: vec![String::new()], numbers: HashMap::from([(String::new(), 0)]) }
    }
}

impl Codes {
    fn number(&mut self, text: Option<&str>) -> u32 {
        let text = text.unwrap_or_default();
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(0);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

#[derive(Debug, Clone, Copy)]
struct Row {
    fact: Fact,
    unit: u32,
    category: u32,
    assignee: u32,
    source: u32,
    stage: u32,
}

/// No place among the rows.
const NOWHERE: u32 = u32::MAX;

/// The matters.
#[derive(Debug, Default)]
pub(super) struct Columns {
    rows: Vec<Row>,
    /// Where each matter stands, by its number: numbers are given without gaps. [`NOWHERE`] for what is no matter.
    places: Vec<u32>,
    units: Codes,
    categories: Codes,
    assignees: Codes,
    sources: Codes,
    stages: Codes,
    /// Log position up to which the rows were followed.
    pub pos: i64,
}

fn seconds(micros: i64) -> u32 {
    u32::try_from(micros.div_euclid(1_000_000)).unwrap_or(0)
}

impl Columns {
    /// Makes room at once: growing step by step would take half as much again.
    pub fn expect_matters(&mut self, most: usize) {
        self.rows.reserve_exact(most);
        self.places.reserve_exact(most + 1);
    }

    /// Takes rows in; a matter that is known is replaced.
    pub fn take(&mut self, rows: &[FactRow]) {
        for row in rows {
            self.pos = self.pos.max(row.pos);
            let made = Row {
                fact: Fact {
                    reported: seconds(row.reported_at),
                    closed: row.closed_at.map_or(0, seconds),
                    due: row.due_at.map_or(0, seconds),
                    end: end(&row.stage, row.open),
                    expired: row.overdue,
                    rework: row.rework > 0,
                    rating: row.rating.and_then(|r| u8::try_from(r).ok()).unwrap_or(0),
                },
                unit: self.units.number(row.unit.as_deref()),
                category: self.categories.number(row.category.as_deref()),
                assignee: self.assignees.number(row.assignee.as_deref()),
                source: self.sources.number(Some(&row.source)),
                stage: self.stages.number(Some(&row.stage)),
            };
            let id = usize::try_from(row.id.0).unwrap_or(0);
            if self.places.len() <= id {
                self.places.resize(id + 1, NOWHERE);
            }
            match self.rows.get_mut(self.places[id] as usize) {
                Some(known) => *known = made,
                None => {
                    self.places[id] = u32::try_from(self.rows.len()).unwrap_or(NOWHERE);
                    self.rows.push(made);
                }
            }
        }
    }

    /// How many matters there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    fn codes(&self, by: By) -> &Codes {
        match by {
            By::Unit => &self.units,
            By::Category => &self.categories,
            By::Source => &self.sources,
            By::Stage => &self.stages,
            By::Assignee => &self.assignees,
            By::Rating => &self.stages,
        }
    }

    /// Counts. `trend` is broken down by day, as far as it has come.
    pub fn count(&self, only: &Only, period: Period, before: Period, trend: Period, now: u32) -> Figures {
        let units: Option<Vec<bool>> = only.units.as_ref().map(|units| {
            let wanted: std::collections::HashSet<&str> = units.iter().map(String::as_str).collect();
            self.units.texts.iter().map(|text| wanted.contains(text.as_str())).collect()
        });
        let categories: Option<Vec<bool>> = only.category.as_ref().map(|prefix| {
            let fits =
                |text: &String| if prefix.is_empty() { text.is_empty() } else { text.starts_with(prefix) };
            self.categories.texts.iter().map(fits).collect()
        });
        let source = only.source.as_ref().map(|code| self.sources.numbers.get(code).copied());
        let (this, last, along) = (period.range(), before.range(), trend.range());
        let within = |range: Range, fact: &Fact| range.has(fact.reported) || range.has(fact.closed);
        let mut total = (Tally::default(), Tally::default());
        let mut stock = Stock::default();
        let mut first = None::<u32>;
        let mut tables: Vec<Vec<(Tally, Tally)>> = By::ALL
            .iter()
            .map(|by| match by {
                By::Rating => vec![Default::default(); 6],
                by => vec![Default::default(); self.codes(*by).texts.len()],
            })
            .collect();
        let mut days = vec![Tally::default(); usize::try_from(trend.days()).unwrap_or(0)];
        for row in &self.rows {
            let fact = &row.fact;
            first = Some(first.map_or(fact.reported, |first| first.min(fact.reported)));
            let (in_this, in_last, in_along) = (within(this, fact), within(last, fact), within(along, fact));
            if !(in_this || in_last || in_along || fact.is_open())
                || units.as_ref().is_some_and(|wanted| !wanted[row.unit as usize])
                || categories.as_ref().is_some_and(|wanted| !wanted[row.category as usize])
                || source.is_some_and(|wanted| wanted != Some(row.source))
            {
                continue;
            }
            stock.add(fact, now);
            if in_along {
                along_days(&mut days, fact, along, now);
            }
            if !(in_this || in_last) {
                continue;
            }
            let keys =
                [row.unit, row.category, row.source, row.stage, row.assignee, u32::from(fact.rating.min(5))];
            let lines = tables.iter_mut().zip(keys).map(|(table, key)| &mut table[key as usize]);
            for (a, b) in lines.chain(std::iter::once(&mut total)) {
                if in_this {
                    a.add(fact, this, now);
                }
                if in_last {
                    b.add(fact, last, now);
                }
            }
        }
        let by = By::ALL.iter().zip(tables).map(|(by, table)| (*by, self.lines(*by, table))).collect();
        let dates = (0..).map(|n: i64| trend.from.saturating_add(jiff::Span::new().days(n)));
        let days = dates.zip(days).take_while(|(day, _)| begin(*day) <= now).collect();
        Figures { total, stock, first, by, days }
    }

    fn lines(&self, by: By, table: Vec<(Tally, Tally)>) -> Vec<Line> {
        let key = |n: usize| match by {
            By::Rating if n == 0 => String::new(),
            By::Rating => n.to_string(),
            by => self.codes(by).texts.get(n).cloned().unwrap_or_default(),
        };
        let mut lines: Vec<Line> = table
            .into_iter()
            .enumerate()
            .filter(|(_, (now, before))| !(now.is_empty() && before.is_empty()))
            .map(|(n, (now, before))| Line { key: key(n), now, before })
            .collect();
        lines.sort_by(|a, b| a.key.cmp(&b.key));
        lines
    }
}

/// Counts a matter on the day it was reported and on the day it was closed.
fn along_days(days: &mut [Tally], fact: &Fact, along: Range, now: u32) {
    const DAY: u32 = 86_400;
    let day_of = |at: u32| along.has(at).then(|| (at - along.from) / DAY);
    let (came, closed) = (day_of(fact.reported), day_of(fact.closed));
    for day in [came, closed.filter(|day| Some(*day) != came)].into_iter().flatten() {
        let from = along.from + day * DAY;
        if let Some(tally) = days.get_mut(day as usize) {
            tally.add(fact, Range { from, to: from + DAY }, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Step;
    use super::*;
    use jiff::civil::date;
    use lianzhi_ids::DocketId;

    fn row(id: i64, day: Date, unit: Option<&str>) -> FactRow {
        FactRow {
            id: DocketId(id),
            pos: id,
            stage: "assigned".into(),
            open: true,
            unit: unit.map(str::to_owned),
            category: Some("E09005".into()),
            source: "citizen".into(),
            reported_at: (i64::from(begin(day)) + 3600) * 1_000_000,
            ..FactRow::default()
        }
    }
    fn count(columns: &Columns, only: &Only) -> Figures {
        let day = date(2026, 11, 23);
        let month = Period::around(Step::Month, day);
        columns.count(only, month, month.before(day), Period::around(Step::Week, day), begin(day) + 86_399)
    }

    #[test]
    fn a_matter_that_changes_is_counted_as_it_stands_now() {
        let mut columns = Columns::default();
        let day = date(2026, 11, 23);
        columns.take(&[row(1, day, None), row(2, day, Some("a")), row(3, date(2026, 10, 2), Some("a"))]);
        let figures = count(&columns, &Only::default());
        assert_eq!((figures.total.0.came, figures.total.1.came), (2, 1));
        assert_eq!(figures.total.0.waits, 2);
        let closed = FactRow {
            pos: 9,
            stage: "closed".into(),
            open: false,
            closed_at: Some((i64::from(begin(day)) + 7200) * 1_000_000),
            rating: Some(5),
            ..row(1, day, Some("b"))
        };
        columns.take(&[closed]);
        assert_eq!((columns.len(), columns.pos), (3, 9));
        let figures = count(&columns, &Only::default());
        assert_eq!((figures.total.0.came, figures.total.0.waits, figures.total.0.done), (2, 1, 1));
        let units: Vec<_> = figures.by(By::Unit).iter().map(|l| (l.key.as_str(), l.now.came)).collect();
        assert_eq!(units, [("a", 1), ("b", 1)], "the line of matters without a unit is gone");
        assert_eq!(figures.by(By::Rating).last().map(|l| (l.key.as_str(), l.now.rated)), Some(("5", 1)));
        assert_eq!(figures.days.len(), 1, "the 23rd is a Monday, and the week ends today");
        assert_eq!((figures.days[0].1.came, figures.days[0].1.done), (2, 1));
    }

    #[test]
    fn what_stands_open_now_does_not_depend_on_the_period() {
        let mut columns = Columns::default();
        let (day, old) = (date(2026, 11, 23), date(2025, 3, 2));
        let late =
            FactRow { due_at: Some((i64::from(begin(old)) + 7200) * 1_000_000), ..row(2, old, Some("a")) };
        columns.take(&[row(1, day, Some("b")), late]);
        let stock = |only: Only| count(&columns, &only).stock;
        assert_eq!(stock(Only::default()), Stock { open: 2, late: 1 });
        let a = Only { units: Some(vec!["a".into()]), ..Only::default() };
        assert_eq!(stock(a), Stock { open: 1, late: 1 });
        assert_eq!(count(&columns, &Only::default()).total.0.waits, 1, "one of them was reported this month");
    }

    #[test]
    fn before_the_first_matter_there_is_nothing_to_compare_with() {
        let mut columns = Columns::default();
        let day = date(2026, 11, 23);
        let month = Period::around(Step::Month, day);
        assert!(!count(&columns, &Only::default()).reach(month));
        columns.take(&[row(1, day, None)]);
        let figures = count(&columns, &Only { units: Some(vec!["a".into()]), ..Only::default() });
        assert!(figures.reach(month), "a unit without matters is compared: the node had some");
        assert!(!figures.reach(month.previous()));
        let before = Period::between(date(2026, 11, 1), day);
        assert!(figures.reach(before) && !figures.reach(before.previous()));
    }

    #[test]
    fn only_what_is_asked_for_is_counted() {
        let mut columns = Columns::default();
        let day = date(2026, 11, 23);
        columns.take(&[row(1, day, None), row(2, day, Some("a")), row(3, day, Some("b"))]);
        let came = |only: Only| count(&columns, &only).total.0.came;
        assert_eq!(came(Only { units: Some(vec!["a".into(), "x".into()]), ..Only::default() }), 1);
        assert_eq!(came(Only { units: Some(vec![String::new()]), ..Only::default() }), 1);
        assert_eq!(came(Only { category: Some("E09".into()), ..Only::default() }), 3);
        assert_eq!(came(Only { category: Some("E01".into()), ..Only::default() }), 0);
        assert_eq!(came(Only { source: Some("citizen".into()), ..Only::default() }), 3);
        assert_eq!(came(Only { source: Some("nobody".into()), ..Only::default() }), 0);
    }

    #[test]
    fn every_breakdown_adds_up_to_the_total() {
        let mut columns = Columns::default();
        for id in 0..500_i64 {
            let day = date(2026, 11, 1).saturating_add(jiff::Span::new().days(id % 30));
            let unit = ["a", "b", "c"].get(usize::try_from(id % 4).unwrap_or(3)).copied();
            let open = id % 3 == 0;
            let made = FactRow {
                stage: ["assigned", "closed", "dismissed"][usize::try_from(id % 3).unwrap_or(0)].into(),
                open,
                overdue: id % 5 == 0,
                closed_at: (!open).then(|| i64::from(begin(day) + 50_000) * 1_000_000),
                rating: (id % 7 == 0).then_some(i64::from(id % 5 == 0) + 4),
                rework: id % 11,
                ..row(id, day, unit)
            };
            columns.take(&[made]);
        }
        let figures = count(&columns, &Only::default());
        for by in By::ALL {
            let sum = figures.by(by).iter().fold(Tally::default(), |sum, line| sum.plus(line.now));
            assert_eq!(sum, figures.total.0, "{by:?}");
        }
    }
}
