//! The tables of the statistics: what stands on the page, in the files and behind the charts.

use super::asked::{Asked, Links, words};
use crate::pages::rows::stage_title;
use crate::pages::ui;
use jiff::civil::Date;
use lianzhi_app::figures::rules::{Period, Step, Tally, share};
use lianzhi_app::figures::sheet;
use lianzhi_app::figures::{By, Figures, Line, NONE, class_name, class_of};
use lianzhi_ids::{CategoryCode, PersonCode, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;
use std::collections::BTreeMap;

/// From so many days on the trend is told by month.
const BY_MONTH_FROM: i32 = 63;
/// What is said where there was nothing to compare with yet.
pub(super) const NOT_COMPARED: &str = "无从比较";
/// Lines that stand open; the rest opens by itself.
const OPEN_ROWS: usize = 15;

/// A cell: what it says, where it leads, its number.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub text: String,
    pub href: String,
    pub value: Option<f64>,
    /// How it differs from the period before: `up`, `down` or `same`, with its words.
    pub change: Option<(&'static str, String)>,
    /// The number is late or otherwise wants to be seen.
    pub state: &'static str,
}

#[expect(clippy::cast_precision_loss, reason = "counts of matters are far below 2^52")]
fn float(n: i64) -> f64 {
    n as f64
}

impl Cell {
    /// A count that leads to its matters.
    pub fn count(n: i64, href: String) -> Cell {
        Cell { text: ui::count(&n), href, value: Some(float(n)), ..Cell::default() }
    }
    /// A share that leads to its part.
    pub fn share(part: i64, whole: i64, href: String) -> Cell {
        match share(part, whole) {
            Some(n) => Cell {
                text: format!("{}.{}%", n / 10, n % 10),
                href,
                value: Some(float(n) / 10.0),
                ..Cell::default()
            },
            None => Cell { text: "—".into(), ..Cell::default() },
        }
    }
    /// A mean of ratings that leads to the rated ones.
    pub fn mean(tally: &Tally, href: String) -> Cell {
        match tally.mean_tenths() {
            Some(n) => Cell {
                text: format!("{}.{}", n / 10, n % 10),
                href,
                value: Some(float(n) / 10.0),
                ..Cell::default()
            },
            None => Cell { text: "—".into(), ..Cell::default() },
        }
    }
    /// The count of a period before, and how this one differs; none where there was nothing to compare with yet.
    pub fn before(now: i64, before: Option<i64>, href: String) -> Cell {
        match before {
            Some(before) => Cell { change: Some(change(now, before)), ..Cell::count(before, href) },
            None => Cell { text: NOT_COMPARED.into(), ..Cell::default() },
        }
    }
    fn state(mut self, state: &'static str) -> Cell {
        if self.value.is_some_and(|n| n > 0.0) {
            self.state = state;
        }
        self
    }
    /// Its number as an attribute.
    pub fn number(&self) -> String {
        self.value.map(|n| n.to_string()).unwrap_or_default()
    }
}

/// How a number differs from the one before, in words.
pub(super) fn change(now: i64, before: i64) -> (&'static str, String) {
    match now - before {
        0 => ("same", "持平".into()),
        n if n > 0 => ("up", format!("+{}", ui::count(&n))),
        n => ("down", format!("−{}", ui::count(&-n))),
    }
}

/// A line: its name, how deep it stands, its cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub title: String,
    /// Its name beside a chart, when that is shorter.
    pub axis: Option<String>,
    pub depth: usize,
    pub cells: Vec<Cell>,
    /// Counted in another line too: not drawn, not added.
    pub sum: bool,
}

/// A table with its chart.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub id: &'static str,
    pub title: String,
    pub note: String,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Row>,
    /// `line`, `bar`, or none; and which columns are drawn.
    pub chart: &'static str,
    pub drawn: &'static str,
}

impl Table {
    /// The lines that stand open.
    pub fn first(&self) -> &[Row] {
        &self.rows[..self.rows.len().min(self.most())]
    }
    /// The others.
    pub fn rest(&self) -> &[Row] {
        &self.rows[self.rows.len().min(self.most())..]
    }
    fn most(&self) -> usize {
        if self.id == "trend" { usize::MAX } else { OPEN_ROWS }
    }
    /// As cells of a file.
    pub fn cells(&self) -> Vec<Vec<sheet::Cell>> {
        let cell = |cell: &Cell| match cell.value {
            Some(n) => sheet::Cell::Number(n),
            None => sheet::Cell::Empty,
        };
        self.rows
            .iter()
            .map(|row| {
                let title = format!("{}{}", "　".repeat(row.depth), row.title);
                std::iter::once(sheet::Cell::Text(title)).chain(row.cells.iter().map(cell)).collect()
            })
            .collect()
    }
}

/// The columns of a breakdown.
const COLUMNS: [&str; 10] = [
    "上报",
    "上期",
    "办结",
    "按期",
    "按期率",
    "返工",
    "已评价",
    "均分",
    "本期上报，仍在办",
    "本期上报，现在超期",
];

fn cells(line: &Line, links: &Links, period: Period, before: Period, known: bool) -> Vec<Cell> {
    let t = &line.now;
    vec![
        Cell::count(t.came, links.came(period)),
        Cell::before(t.came, known.then_some(line.before.came), links.came(before)),
        Cell::count(t.done, links.done(period)),
        Cell::count(t.in_time, links.in_time(period, true)),
        Cell::share(t.in_time, t.done, links.in_time(period, true)),
        Cell::count(t.again, links.again(period, true)),
        Cell::count(t.rated, links.rated(period, "1,2,3,4,5")),
        Cell::mean(t, links.rated(period, "1,2,3,4,5")),
        Cell::count(t.waits, links.waits(period)),
        Cell::count(t.late, links.late(period)).state("late"),
    ]
}

/// Everything that makes tables.
pub(super) struct Maker<'a> {
    pub figures: &'a Figures,
    pub directory: &'a Directory,
    pub links: Links,
    pub period: Period,
    pub before: Period,
    /// Whether there is anything in the period before to compare with.
    pub known: bool,
}

impl<'a> Maker<'a> {
    pub fn new(
        figures: &'a Figures,
        directory: &'a Directory,
        asked: &Asked,
        period: Period,
        before: Period,
    ) -> Self {
        let known = figures.reach(before);
        Maker { figures, directory, links: Links::new(asked), period, before, known }
    }

    /// All tables, in the order of the page.
    pub fn all(&self) -> Vec<Table> {
        vec![
            self.trend(),
            self.units(),
            self.classes(),
            self.categories(),
            self.sources(),
            self.terms(),
            self.ratings(),
            self.officers(),
            self.stages(),
        ]
    }

    fn breakdown(&self, id: &'static str, title: &str, note: &str, rows: Vec<Row>) -> Table {
        Table {
            id,
            title: title.into(),
            note: note.into(),
            columns: COLUMNS.to_vec(),
            rows,
            chart: "bar",
            drawn: "0,2",
        }
    }

    fn row(&self, title: String, name: &str, line: &Line) -> Row {
        let key = if line.key.is_empty() { NONE } else { &line.key };
        Row {
            title,
            cells: cells(line, &self.links.with(name, key), self.period, self.before, self.known),
            ..Row::default()
        }
    }

    /// Units as the tree they are: each with those below it, as the list behind its numbers.
    fn units(&self) -> Table {
        let lines = self.figures.by(By::Unit);
        let mut rows = Vec::new();
        self.unit_rows(lines, None, 0, &mut rows);
        if let Some(line) = lines.iter().find(|l| l.key.is_empty()) {
            rows.push(self.row("还没有单位".into(), "unit", line));
        }
        let note = "每个单位的数字含下级单位，点开的列表也是。图中只画最下一级。";
        self.breakdown("unit", "按单位", note, rows)
    }

    /// The units right below one, each with its own tree. Units that the register does not know stand at the top.
    fn unit_rows(&self, lines: &[Line], parent: Option<&UnitCode>, depth: usize, rows: &mut Vec<Row>) {
        // As deep as `Directory::within` follows.
        if depth > 16 {
            return;
        }
        let directory = self.directory;
        let mut known: Vec<&UnitCode> = directory
            .units
            .values()
            .filter(|u| u.parent.as_ref().filter(|p| directory.units.contains_key(*p)) == parent)
            .map(|u| &u.code)
            .collect();
        let strangers: Vec<UnitCode> = match parent {
            Some(_) => Vec::new(),
            None => lines
                .iter()
                .filter_map(|l| UnitCode::parse(&l.key).ok())
                .filter(|u| !directory.units.contains_key(u))
                .collect(),
        };
        known.extend(&strangers);
        for unit in known {
            let inside =
                |l: &&Line| UnitCode::parse(&l.key).is_ok_and(|u| u == *unit || directory.within(&u, unit));
            let (now, before) = lines
                .iter()
                .filter(inside)
                .fold(Default::default(), |(a, b), l| (Tally::plus(a, l.now), Tally::plus(b, l.before)));
            if now.is_empty() && before.is_empty() {
                continue;
            }
            let line = Line { key: unit.to_string(), now, before };
            let at = rows.len();
            rows.push(Row { depth, ..self.row(directory.unit_name(unit).to_owned(), "unit", &line) });
            self.unit_rows(lines, Some(unit), depth + 1, rows);
            let below = rows.len() > at + 1;
            if let Some(row) = rows.get_mut(at) {
                row.sum = below;
            }
        }
    }

    fn by_many(mut rows: Vec<Row>) -> Vec<Row> {
        let first = |row: &Row| row.cells.first().and_then(|c| c.value).unwrap_or(0.0);
        rows.sort_by(|a, b| first(b).total_cmp(&first(a)));
        rows
    }

    fn classes(&self) -> Table {
        let mut classes: BTreeMap<String, (Tally, Tally)> = BTreeMap::new();
        for line in self.figures.by(By::Category) {
            let sum = classes.entry(class_of(&line.key).to_owned()).or_default();
            *sum = (sum.0.plus(line.now), sum.1.plus(line.before));
        }
        let rows = classes.into_iter().map(|(key, (now, before))| {
            let title = if key.is_empty() { "尚未分类".into() } else { class_name(self.directory, &key) };
            self.row(title, "category", &Line { key, now, before })
        });
        self.breakdown("class", "按大类", "", Self::by_many(rows.collect()))
    }

    fn categories(&self) -> Table {
        let rows = self.figures.by(By::Category).iter().map(|line| {
            let title = CategoryCode::parse(&line.key).map_or_else(
                |_| "尚未分类".to_owned(),
                |c| format!("{} {}", c, self.directory.category_name(&c)),
            );
            self.row(title, "category", line)
        });
        Table { chart: "", ..self.breakdown("category", "按类别", "", Self::by_many(rows.collect())) }
    }

    fn sources(&self) -> Table {
        let rows = self.figures.by(By::Source).iter().map(|line| {
            let title =
                Source::from_code(&line.key).map_or_else(|| line.key.clone(), |s| s.title().to_owned());
            self.row(title, "source", line)
        });
        self.breakdown("source", "按来源", "", Self::by_many(rows.collect()))
    }

    fn officers(&self) -> Table {
        let named = self.figures.by(By::Assignee).iter().filter(|l| !l.key.is_empty());
        let rows = named.map(|line| {
            let title = PersonCode::parse(&line.key)
                .map_or_else(|_| line.key.clone(), |p| self.directory.person_name(&p).to_owned());
            self.row(title, "assignee", line)
        });
        Table {
            chart: "",
            ..self.breakdown(
                "assignee",
                "按承办人",
                "按办件现在的承办人；还没有承办人的不在表中。",
                Self::by_many(rows.collect()),
            )
        }
    }

    /// Whether terms were kept, and work done again.
    fn terms(&self) -> Table {
        let (now, before) = self.figures.total;
        let row = |title: &str, part: &dyn Fn(&Tally) -> i64, link: &dyn Fn(Period) -> String| Row {
            title: title.into(),
            cells: vec![
                Cell::count(part(&now), link(self.period)),
                Cell::share(part(&now), now.done, link(self.period)),
                Cell::before(part(&now), self.known.then(|| part(&before)), link(self.before)),
                Cell::share(part(&before), before.done, link(self.before)),
            ],
            ..Row::default()
        };
        let rows = vec![
            row("按期办结", &|t| t.in_time, &|p| self.links.in_time(p, true)),
            row("超期办结", &|t| t.done - t.in_time, &|p| self.links.in_time(p, false)),
            row("一次办成", &|t| t.done - t.again, &|p| self.links.again(p, false)),
            row("返工", &|t| t.again, &|p| self.links.again(p, true)),
        ];
        Table {
            id: "term",
            title: "时限和返工".into(),
            note: "都以办结的件为底数。".into(),
            columns: vec!["件", "占办结", "上期", "上期占办结"],
            rows,
            chart: "bar",
            drawn: "0,2",
        }
    }

    fn ratings(&self) -> Table {
        let lines = self.figures.by(By::Rating);
        let words = ["未评价", "1 分，很不满意", "2 分，不满意", "3 分，一般", "4 分，满意", "5 分，很满意"];
        let (all, all_before) = self.figures.total;
        let rows = (0..=5_usize).rev().map(|stars| {
            let key = if stars == 0 { String::new() } else { stars.to_string() };
            let line = lines.iter().find(|l| l.key == key);
            let (n, before) = line.map_or((0, 0), |l| (l.now.done, l.before.done));
            let key = if stars == 0 { NONE.to_owned() } else { key };
            Row {
                title: words[stars].into(),
                cells: vec![
                    Cell::count(n, self.links.rated(self.period, &key)),
                    Cell::share(n, all.done, self.links.rated(self.period, &key)),
                    Cell::before(n, self.known.then_some(before), self.links.rated(self.before, &key)),
                    Cell::share(before, all_before.done, self.links.rated(self.before, &key)),
                ],
                ..Row::default()
            }
        });
        Table {
            id: "rating",
            title: "按评价".into(),
            note: "办结的件里，上报人评了几分。".into(),
            columns: vec!["件", "占办结", "上期", "上期占办结"],
            rows: rows.collect(),
            chart: "bar",
            drawn: "0,2",
        }
    }

    fn stages(&self) -> Table {
        let rows = self.figures.by(By::Stage).iter().filter(|l| l.now.came > 0 || l.before.came > 0);
        let rows = rows.map(|line| {
            let links = self.links.with("stage", &line.key);
            Row {
                title: stage_title(&line.key).to_owned(),
                cells: vec![
                    Cell::count(line.now.came, links.came(self.period)),
                    Cell::before(
                        line.now.came,
                        self.known.then_some(line.before.came),
                        links.came(self.before),
                    ),
                ],
                ..Row::default()
            }
        });
        Table {
            id: "stage",
            title: "按现在的阶段".into(),
            note: "这段时间上报的件，现在办到哪一步。".into(),
            columns: vec!["上报", "上期"],
            rows: Self::by_many(rows.collect()),
            chart: "",
            drawn: "",
        }
    }

    fn trend(&self) -> Table {
        let days = &self.figures.days;
        let by_month = i32::try_from(days.len()).unwrap_or(i32::MAX) >= BY_MONTH_FROM;
        let mut spans: Vec<(Period, Tally)> = Vec::new();
        for (day, tally) in days {
            let here = Period { step: Step::Days, from: *day, to: *day };
            match spans.last_mut() {
                Some((span, sum)) if by_month && same_month(span.from, *day) => {
                    span.to = *day;
                    *sum = sum.plus(*tally);
                }
                _ => spans.push((here, *tally)),
            }
        }
        let rows = spans.into_iter().map(|(span, t)| Row {
            title: if by_month { span.from.strftime("%Y-%m").to_string() } else { words(span) },
            axis: (!by_month).then(|| span.from.strftime("%m-%d").to_string()),
            cells: vec![
                Cell::count(t.came, self.links.came(span)),
                Cell::count(t.done, self.links.done(span)),
                Cell::count(t.in_time, self.links.in_time(span, true)),
                Cell::share(t.in_time, t.done, self.links.in_time(span, true)),
            ],
            ..Row::default()
        });
        Table {
            id: "trend",
            title: if by_month { "逐月".into() } else { "逐日".into() },
            note: if self.period.from == self.period.to {
                "到这一天为止的两周。".into()
            } else {
                String::new()
            },
            columns: vec!["上报", "办结", "按期", "按期率"],
            rows: rows.collect(),
            chart: "line",
            drawn: "0,1",
        }
    }
}

fn same_month(a: Date, b: Date) -> bool {
    (a.year(), a.month()) == (b.year(), b.month())
}
