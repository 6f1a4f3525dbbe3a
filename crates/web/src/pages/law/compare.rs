//! Several items in all jurisdictions side by side: the most unequal first, with what is missing where.

use super::HERE;
use crate::auth::SignedIn;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use lianzhi_law::ask::{self, CompareQuery};
use lianzhi_law::{Comparison, Degree};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What is compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    /// Codes of items, with commas between.
    items: String,
    /// Field.
    domain: String,
    /// `unequal`: only items that are punished unequally; `gap`: only those with a gap.
    only: String,
    /// As of which day.
    date: String,
}

/// An item and a kind of party, with a cell for each place.
struct Row {
    code: String,
    name: String,
    subject: &'static str,
    /// What holds in each place, and whether it has no rule of its own.
    cells: Vec<(String, bool)>,
    degree: Option<Degree>,
}

#[derive(Template)]
#[template(path = "law/compare.html")]
struct ComparePage {
    shell: Shell,
    asked: Asked,
    domains: Vec<String>,
    places: Vec<String>,
    rows: Vec<Row>,
    /// Why nothing could be compared.
    error: Option<String>,
    day: String,
}

fn rows(found: &Comparison, places: &[String]) -> Vec<Row> {
    let subjects: BTreeSet<_> =
        found.places.iter().flat_map(|place| &place.rules).map(|rule| rule.subject).collect();
    let row = |subject| {
        let cell = |title: &String| {
            let place = found.places.iter().find(|place| *place.title == **title);
            let rule = place.and_then(|place| place.rules.iter().find(|rule| rule.subject == subject));
            match rule {
                Some(rule) => {
                    let range = rule.basis.as_ref().map_or("—".to_owned(), |basis| basis.range.clone());
                    (range, rule.gap)
                }
                // A city without rules of its own: its province's hold.
                None => ("同所在省".to_owned(), false),
            }
        };
        let degree = found.conflicts.iter().filter(|c| c.subject == subject).map(|c| c.degree).max();
        Row {
            code: found.item.to_string(),
            name: found.name.to_string(),
            subject: subject.title(),
            cells: places.iter().map(cell).collect(),
            degree,
        }
    };
    subjects.into_iter().map(row).collect()
}

/// `GET /law/compare`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let today = super::today(&state);
    let query = CompareQuery {
        items: asked.items.clone(),
        date: Some(asked.date.clone()).filter(|date| !date.trim().is_empty()),
    };
    let (found, error) = match ask::compare_all(&law, &query, today) {
        Ok(found) => (Some(found), None),
        Err(error) => (None, Some(error.message)),
    };
    let day = found.as_ref().map_or(today, |found| found.date).to_string();
    let mut places: Vec<String> = Vec::new();
    let items = found.map(|found| found.items).unwrap_or_default();
    for place in items.iter().flat_map(|item| &item.places) {
        if !places.iter().any(|known| **known == *place.title) {
            places.push(place.title.to_string());
        }
    }
    let of_domain = |found: &&Comparison| {
        asked.domain.is_empty() || law.item(&found.item).is_ok_and(|item| *item.domain == *asked.domain)
    };
    let mut rows: Vec<Row> = items.iter().filter(of_domain).flat_map(|found| rows(found, &places)).collect();
    rows.retain(|row| match asked.only.as_str() {
        "unequal" => row.degree.is_some(),
        "gap" => row.cells.iter().any(|(_, gap)| *gap),
        _ => true,
    });
    rows.sort_by_key(|row| std::cmp::Reverse(row.degree));
    let domains: BTreeSet<String> = law.items().map(|item| item.domain.to_string()).collect();
    let domains = domains.into_iter().collect();
    let shell = Shell::new(&state, &who, "各地比较", HERE);
    page(&ComparePage { shell, asked, domains, places, rows, error, day })
}
