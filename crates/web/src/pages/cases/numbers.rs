//! The register of numbers (文号登记).

use super::super::shell::Shell;
use super::super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use lianzhi_app::issued::{NumberQuery, NumberSeries, Numbers};
use lianzhi_procedure::numbers::NumberState;
use lianzhi_procedure::{Choice, Refusal};

/// Years back that may be chosen; older ones by the address.
const YEARS: i64 = 5;

#[derive(Template)]
#[template(path = "case_numbers.html")]
struct NumbersPage {
    shell: Shell,
    asked: NumberQuery,
    found: Numbers,
    years: Vec<i64>,
    units: Vec<Choice>,
    states: Vec<(&'static str, &'static str)>,
    next: Option<String>,
    refusal: Option<Refusal>,
}

impl NumbersPage {
    fn is(&self, field: &str, value: &str) -> bool {
        let asked = match field {
            "unit" => &self.asked.unit,
            "state" => &self.asked.state,
            _ => &self.asked.series,
        };
        asked.as_deref().unwrap_or_default() == value
    }
    /// The series whose numbers are shown.
    fn chosen(&self) -> Option<&NumberSeries> {
        self.found.series.iter().find(|s| self.is("series", &s.key))
    }
    /// The address of a series under the same filter.
    fn of(&self, key: &str) -> String {
        address(&NumberQuery { series: Some(key.to_owned()), skip: None, ..self.asked.clone() })
    }
}

/// Ranges in words: 3 号、5 至 7 号.
fn missing(gaps: &[(i64, i64)]) -> String {
    let range = |(from, to): &(i64, i64)| {
        if from == to { format!("{from} 号") } else { format!("{from} 至 {to} 号") }
    };
    gaps.iter().map(range).collect::<Vec<_>>().join("、")
}

/// The badge of a state.
fn shape(state: &str) -> &'static str {
    match NumberState::from_code(state) {
        Some(NumberState::Issued | NumberState::Corrected) => "done",
        Some(NumberState::Begun) => "wait",
        _ => "near",
    }
}

fn address(asked: &NumberQuery) -> String {
    let skip = asked.skip.map(|skip| skip.to_string());
    let fields = [
        ("year", &asked.year),
        ("unit", &asked.unit),
        ("state", &asked.state),
        ("series", &asked.series),
        ("skip", &skip),
    ];
    let given = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    let pairs = given.filter(|(_, value)| !value.is_empty());
    let pairs = pairs.map(|(name, value)| format!("{name}={}", ui::query(value)));
    format!("/cases/numbers?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// `GET /cases/numbers`.
pub(in super::super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    uri: Uri,
) -> Answer<Response> {
    let mut asked: NumberQuery = Query::try_from_uri(&uri).map(|Query(query)| query).unwrap_or_default();
    let (found, refusal) = match state.app.issued_numbers(&who.caller, &asked).await {
        Ok(found) => (found, None),
        // A filter that is none: this year's series, and what was wrong with it.
        Err(refusal) if refusal.field.is_some() => {
            asked = NumberQuery::default();
            (state.app.issued_numbers(&who.caller, &asked).await?, Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let this = i64::from(lianzhi_procedure::beijing_date(state.app.now()).year());
    let shown = u32::try_from(found.numbers.len()).unwrap_or(0);
    let skip = asked.skip.unwrap_or(0).saturating_add(shown);
    let units = state.app.directory();
    let units = units.units.values().filter(|u| !u.outside);
    let page_of = NumbersPage {
        shell: Shell::new(&state, &who, "文号登记", "/cases"),
        next: found.more.then(|| address(&NumberQuery { skip: Some(skip), ..asked.clone() })),
        years: (0..YEARS).map(|n| this - n).collect(),
        units: units.map(|u| Choice::new(u.code.as_str(), &*u.name)).collect(),
        states: NumberState::ALL.iter().map(|s| (s.code(), s.title())).collect(),
        asked,
        found,
        refusal,
    };
    let response = page(&page_of)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}
