//! Statistics: counts by stage, unit, category, source, day, officer and rating. Every number leads to its matters.

use super::list::Filters;
use super::rows::stage_title;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use jiff::ToSpan;
use lianzhi_app::ports::{Count, CountBy};
use lianzhi_ids::{CategoryCode, PersonCode, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;

/// A line of a table.
struct Row {
    title: String,
    href: String,
    late_href: String,
    n: i64,
    closed: i64,
    overdue: i64,
}

/// Counts by one thing.
struct Table {
    title: &'static str,
    rows: Vec<Row>,
    max: i64,
    more: usize,
}

#[derive(Template)]
#[template(path = "stats.html")]
struct StatsPage {
    shell: Shell,
    from: String,
    to: String,
    total: i64,
    closed: i64,
    overdue: i64,
    open: i64,
    base: String,
    tables: Vec<Table>,
    rating: String,
}

/// Lines of one table; the rest is said to be there.
const ROWS_MAX: usize = 20;

fn words(directory: &Directory, by: CountBy, key: &str) -> String {
    match by {
        CountBy::Stage => stage_title(key).into(),
        CountBy::Unit => {
            UnitCode::parse(key).map_or_else(|_| "尚未派遣".into(), |u| directory.unit_name(&u).to_owned())
        }
        CountBy::Category => CategoryCode::parse(key)
            .map_or_else(|_| "尚未分类".into(), |c| directory.category_name(&c).to_owned()),
        CountBy::Source => Source::from_code(key).map_or_else(|| key.into(), |s| s.title().into()),
        CountBy::Assignee => PersonCode::parse(key)
            .map_or_else(|_| "无承办人".into(), |p| directory.person_name(&p).to_owned()),
        CountBy::Rating if key.is_empty() => "未评价".into(),
        CountBy::Rating => format!("{key} 分"),
        CountBy::Day => key.into(),
    }
}

/// The filter that leads to the matters behind a count.
fn filter(by: CountBy, key: &str) -> Option<String> {
    if key.is_empty() {
        return None;
    }
    let key = ui::query(key);
    Some(match by {
        CountBy::Stage => format!("stage={key}"),
        CountBy::Unit => format!("unit={key}"),
        CountBy::Category => format!("category={key}"),
        CountBy::Source => format!("source={key}"),
        CountBy::Assignee => format!("assignee={key}"),
        CountBy::Day => format!("from={key}&to={key}"),
        CountBy::Rating => return None,
    })
}

fn table(title: &'static str, by: CountBy, counts: &[Count], directory: &Directory, period: &str) -> Table {
    let mut counts: Vec<&Count> = counts.iter().collect();
    if by == CountBy::Day {
        counts.sort_by(|a, b| b.key.cmp(&a.key));
    } else {
        counts.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.key.cmp(&b.key)));
    }
    let max = counts.iter().map(|c| c.n).max().unwrap_or(0);
    let limit = if by == CountBy::Day { 31 } else { ROWS_MAX };
    let rows = counts.iter().take(limit).map(|c| {
        let href = filter(by, &c.key)
            .map(|f| if by == CountBy::Day { f } else { join(period, &f) })
            .unwrap_or_default();
        let late_href = if href.is_empty() { String::new() } else { join(&href, "overdue=true") };
        Row {
            title: words(directory, by, &c.key),
            href,
            late_href,
            n: c.n,
            closed: c.closed,
            overdue: c.overdue,
        }
    });
    Table { title, rows: rows.collect(), max, more: counts.len().saturating_sub(limit) }
}

fn join(a: &str, b: &str) -> String {
    if a.is_empty() { b.to_owned() } else { format!("{a}&{b}") }
}

/// `GET /stats`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let (now, directory) = (state.app.now(), state.app.directory());
    let today = ui::beijing(now).date();
    // Without a period asked for: the last 30 days, so that the page stays quick whatever was gathered.
    let asked = Filters::of(&uri);
    let from = Some(asked.get("from"))
        .filter(|f| !f.is_empty())
        .map_or_else(|| today.saturating_sub(29.days()).to_string(), str::to_owned);
    let to = Some(asked.get("to")).filter(|t| !t.is_empty()).map_or_else(|| today.to_string(), str::to_owned);
    let period = format!("from={}&to={}", ui::query(&from), ui::query(&to));
    let filters: Uri = format!("/?{period}").parse().unwrap_or_default();
    let query = Filters::of(&filters).query()?;
    let mut tables = Vec::new();
    let (mut total, mut closed, mut overdue, mut rating) = (0, 0, 0, String::new());
    for (title, by) in [
        ("按单位", CountBy::Unit),
        ("按阶段", CountBy::Stage),
        ("按类别", CountBy::Category),
        ("按来源", CountBy::Source),
        ("按承办人", CountBy::Assignee),
        ("按上报日", CountBy::Day),
        ("按评价", CountBy::Rating),
    ] {
        let counts = state.app.counts(&who.caller, &query, by).await?;
        if by == CountBy::Stage {
            total = counts.iter().map(|c| c.n).sum();
            closed = counts.iter().map(|c| c.closed).sum();
            overdue = counts.iter().map(|c| c.overdue).sum();
        }
        if by == CountBy::Rating {
            let rated = counts.iter().filter_map(|c| c.key.parse::<i64>().ok().map(|stars| (stars, c.n)));
            let (sum, n) = rated.fold((0, 0), |(s, m), (stars, n)| (s + stars * n, m + n));
            if n > 0 {
                rating = format!("{}.{} 分，{n} 人评价", sum / n, sum * 10 / n % 10);
            }
        }
        tables.push(table(title, by, &counts, &directory, &period));
    }
    let shell = Shell::new(&state, &who, "统计", "/stats");
    page(&StatsPage {
        shell,
        from,
        to,
        total,
        closed,
        overdue,
        open: total - closed,
        base: period,
        tables,
        rating,
    })
}
