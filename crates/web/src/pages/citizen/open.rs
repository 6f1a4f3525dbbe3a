//! Pages that everybody may read: what the district did in a month, and what this site keeps of its visitors.

use super::super::shell::Frame;
use super::super::{assets, page, ui};
use crate::auth::Visit;
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use lianzhi_app::{Month, MonthRow, SMALL};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Default, Deserialize)]
pub(in super::super) struct Asked {
    month: Option<String>,
}

#[derive(Template)]
#[template(path = "district.html")]
struct DistrictPage {
    frame: Frame,
    region: String,
    month: Arc<Month>,
    title: String,
    counted: String,
    before: String,
    after: Option<String>,
    all: Told,
    tables: Vec<Table>,
    small: i64,
}

/// A row as it is told.
struct Told {
    name: String,
    reported: String,
    closed: String,
    kept: String,
    took: String,
    bar: ui::Html,
}

struct Table {
    heading: &'static str,
    first: &'static str,
    /// The largest.
    rows: Vec<Told>,
    /// All others, folded away.
    rest: Vec<Told>,
}

/// Rows that are seen at once: a phone shows about so many.
const ROWS_SEEN: usize = 10;
/// Fewer than this are not worth a fold.
const REST_LEAST: usize = 3;

impl Told {
    fn new(row: &MonthRow, most: i64) -> Told {
        Told {
            name: row.name.clone().unwrap_or_else(|| format!("其他合计（含收到或办结少于 {SMALL} 件的）")),
            reported: told(&row.reported),
            closed: told(&row.closed),
            kept: percent(&row.kept),
            took: took(row),
            bar: ui::bar(&row.reported, &0, &most),
        }
    }
}

impl Table {
    fn new(heading: &'static str, first: &'static str, rows: &[MonthRow]) -> Table {
        let most = rows.iter().map(|r| r.reported).max().unwrap_or_default();
        let seen = if rows.len() < ROWS_SEEN + REST_LEAST { rows.len() } else { ROWS_SEEN };
        let told = |rows: &[MonthRow]| rows.iter().map(|r| Told::new(r, most)).collect();
        let (seen, rest) = rows.split_at(seen);
        Table { heading, first, rows: told(seen), rest: told(rest) }
    }
}

fn code(date: Date) -> String {
    date.strftime("%Y-%m").to_string()
}

/// Whole numbers from [`SMALL`] on; a zero is told, what lies between is not.
fn told(n: &i64) -> String {
    if (1..SMALL).contains(n) { format!("少于 {SMALL}") } else { ui::count(n) }
}

fn percent(n: &Option<i64>) -> String {
    n.map_or_else(|| "—".to_owned(), |n| format!("{n}%"))
}

fn took(row: &MonthRow) -> String {
    row.median_us.map_or_else(|| "—".to_owned(), ui::length)
}

/// `GET /district`.
pub(in super::super) async fn district(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let month = state.app.month(asked.month.as_deref()).await?;
    let settings = state.app.directory().settings.clone();
    let first = month.first;
    let region = if settings.region.is_empty() { settings.agency } else { settings.region };
    let title = format!("{} 年 {} 月", first.year(), first.month());
    let shown = DistrictPage {
        frame: Frame::new(&state, "本月办理", "district").of(visit.csrf()),
        region,
        title,
        counted: ui::full(month.counted_at),
        before: code(first.saturating_sub(1.month())),
        after: (!month.running).then(|| code(first.saturating_add(1.month()))),
        all: Told::new(&month.all, 0),
        tables: vec![
            Table::new("按问题类别", "类别", &month.categories),
            Table::new("按办理单位", "单位", &month.units),
        ],
        small: SMALL,
        month,
    };
    page(&shown)
}

#[derive(Template)]
#[template(path = "privacy.html")]
struct PrivacyPage {
    frame: Frame,
}

/// `GET /privacy`.
pub(in super::super) async fn privacy(
    State(state): State<WebState>,
    Visit(visit): Visit,
) -> Answer<Response> {
    page(&PrivacyPage { frame: Frame::new(&state, "隐私说明", "privacy").of(visit.csrf()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ten_largest_are_seen_and_the_rest_is_folded() {
        let row = |n: i64| MonthRow {
            name: Some(format!("类别{n}")),
            code: None,
            reported: 100 - n,
            closed: 0,
            kept: None,
            median_us: None,
        };
        let table = |n| {
            let table = Table::new("按问题类别", "类别", &(0..n).map(row).collect::<Vec<_>>());
            (table.rows.len(), table.rest.len())
        };
        assert_eq!((table(54), table(12), table(13)), ((10, 44), (12, 0), (10, 3)));
    }

    #[test]
    fn small_numbers_are_not_told() {
        assert_eq!(
            (told(&0), told(&1), told(&4), told(&5)),
            ("0".into(), "少于 5".into(), "少于 5".into(), "5".into())
        );
    }
}
