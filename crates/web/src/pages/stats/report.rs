//! The month's report: a page to be printed, with what a leader asks for and the rules it was counted by.

use super::asked::{Asked, Links, words};
use super::tables::{Cell, Maker, Row, Table};
use super::{Figure, RULES, Rule, Then, at_home, counted, figures_of, month_of, row_html};
use crate::auth::SignedIn;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::Timestamp;
use lianzhi_app::FiguresQuery;
use lianzhi_app::figures::rules::{Period, Step, Tally};
use lianzhi_app::figures::today;
use lianzhi_ids::UnitCode;
use lianzhi_procedure::Refusal;

#[derive(Template)]
#[template(path = "stats_report.html")]
struct ReportPage {
    shell: Shell,
    now: Timestamp,
    title: String,
    scope: String,
    days: String,
    month_before: String,
    year_before: String,
    figures: Vec<Figure>,
    compared: Table,
    tables: Vec<Table>,
    notes: Vec<String>,
    previous: String,
    next: Option<String>,
    back: String,
}

impl ReportPage {
    fn row(&self, row: &Row) -> ui::Html {
        row_html(row)
    }
    fn rules(&self) -> &'static [Rule] {
        &RULES
    }
}

/// The main numbers beside those of the month before and of the same month a year ago; none where there were none yet.
fn compared(links: &Links, (this, now): (Period, Tally), then: [(Period, Option<Tally>); 2]) -> Table {
    type Rule = (&'static str, fn(&Tally) -> i64, fn(&Links, Period) -> String);
    let rules: [Rule; 8] = [
        ("上报", |t| t.came, Links::came),
        ("办结", |t| t.done, Links::done),
        ("按期办结", |t| t.in_time, |l, p| l.in_time(p, true)),
        ("超期办结", |t| t.done - t.in_time, |l, p| l.in_time(p, false)),
        ("返工", |t| t.again, |l, p| l.again(p, true)),
        ("已评价", |t| t.rated, |l, p| l.rated(p, "1,2,3,4,5")),
        ("满意", |t| t.satisfied, |l, p| l.rated(p, "4,5")),
        ("其他了结", |t| t.otherwise, Links::otherwise),
    ];
    let rows = rules.into_iter().map(|(title, count, link)| {
        let beside = then
            .into_iter()
            .map(|(period, tally)| Cell::before(count(&now), tally.as_ref().map(count), link(links, period)));
        Row {
            title: title.into(),
            cells: std::iter::once(Cell::count(count(&now), link(links, this))).chain(beside).collect(),
            ..Row::default()
        }
    });
    Table {
        id: "compared",
        title: "与上月和上年同月".into(),
        note: "变化都是本月减去所比的月。".into(),
        columns: vec!["本月", "上月", "上年同月"],
        rows: rows.collect(),
        chart: "",
        drawn: "",
    }
}

/// `GET /stats/report/2026-11`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path(month): Path<String>,
    Query(mut asked): Query<Asked>,
) -> Answer<Response> {
    let first = month_of(&month).ok_or_else(|| {
        Refusal::missing(format!("“{}”不是月份。", month.chars().take(20).collect::<String>()))
    })?;
    at_home(&state, &who, &mut asked)?;
    asked = Asked { unit: asked.unit, ..Asked::default() };
    let (now, directory) = (state.app.now(), state.app.directory());
    let day = today(now);
    let period = Period::around(Step::Month, first);
    let unit = Some(asked.unit.clone()).filter(|u| !u.is_empty());
    let query = |before| FiguresQuery {
        period,
        before,
        trend: period,
        unit: unit.clone(),
        category: None,
        source: None,
    };
    // As much of the months before as has gone of this one.
    let last = period.before(day);
    let gone = i64::from(last.days());
    let mut old = period.year_before();
    if day >= period.from && day < period.to {
        old = Period { to: old.to.min(old.from.saturating_add(jiff::Span::new().days(gone - 1))), ..old };
    }
    let counts = counted(&state, &who.caller, query(last)).await?;
    let year = counted(&state, &who.caller, query(old)).await?;
    let links = Links::new(&asked);
    let (total, before) = counts.figures.total;
    let then = [
        (last, counts.figures.reach(last).then_some(before)),
        (old, year.figures.reach(old).then_some(year.figures.total.1)),
    ];
    let maker = Maker::new(&counts.figures, &directory, &asked, period, last);
    let tables = maker.all().into_iter().filter(|t| !["category", "assignee", "stage"].contains(&t.id));
    let mut notes = Vec::new();
    if day < period.from {
        notes.push("这个月还没有到。".into());
    } else if day <= period.to {
        notes.push(format!(
            "本月还没有过完，数字到 {} 为止；与上月、上年同月比的是同样多的天数。",
            ui::full(now)
        ));
    }
    if then.iter().any(|(_, tally)| tally.is_none()) {
        notes.push("本机关的第一件办件上报以前没有数字，与那些月份无从比较。".into());
    }
    notes.push(
        "数字按制表时办件的现状计算：此后重办、评价、改派的件会使同一个月的数字改变，存档请打印或另存。"
            .into(),
    );
    if directory.law.calendars().schedule_notice(period.to).is_some_and(|n| n.urgent) {
        notes.push("当年放假安排尚未载入，部分期限是暂定的，按期率可能随之改变。".into());
    }
    let scope = UnitCode::parse(&asked.unit)
        .map_or_else(|_| "全机关".to_owned(), |unit| format!("{}及下级单位", directory.unit_name(&unit)));
    let suffix =
        if asked.unit.is_empty() { String::new() } else { format!("?unit={}", ui::query(&asked.unit)) };
    let at = |p: Period| format!("/stats/report/{}{suffix}", p.from.strftime("%Y-%m"));
    page(&ReportPage {
        title: format!("{} 年 {} 月办件月报", first.year(), first.month()),
        scope,
        days: format!("{} 至 {}", period.from, period.to),
        month_before: words(last),
        year_before: words(old),
        figures: figures_of(&counts.figures, &links, period, last),
        compared: compared(&links, (period, total), then),
        tables: tables.collect(),
        notes,
        previous: at(period.previous()),
        next: (period.to < day).then(|| at(period.next())),
        back: format!("/stats?{}", asked.at(period)),
        now,
        shell: Shell::new(&state, &who, "月报", "/stats"),
    })
}
