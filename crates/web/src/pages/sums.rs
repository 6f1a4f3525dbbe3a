//! Sums over a list of matters: numbers that lead to the matters behind them.

use super::list::Filters;
use super::rows::{STAGES, stage_title_of};
use super::{page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use lianzhi_app::ports::{CountBy, Tally};
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::cooperation::Stage;

/// A number that leads to the matters behind it.
struct Sum {
    title: &'static str,
    n: String,
    href: String,
    state: &'static str,
}

/// Sums over what the list shows.
#[derive(Template)]
#[template(path = "list_sums.html")]
pub(super) struct Sums {
    figures: Vec<Sum>,
    stages: Vec<Sum>,
    too_many: bool,
}

impl Sums {
    pub(super) fn of(tally: Option<Vec<Tally>>, filters: &Filters) -> Sums {
        let Some(tally) = tally else {
            return Sums { figures: Vec::new(), stages: Vec::new(), too_many: true };
        };
        let all = tally.iter().fold(Tally::default(), |mut sum, t| {
            (sum.n, sum.open) = (sum.n + t.n, sum.open + t.open);
            (sum.late, sum.ever) = (sum.late + t.late, sum.ever + t.ever);
            sum
        });
        let href = |name: &str, value: &str| format!("/matters?{}", filters.with(name, value));
        let figure = |title, n: i64, href, state| Sum { title, n: ui::count(&n), href, state };
        let late = if all.late > 0 { "late" } else { "fine" };
        // A number leads to its matters by one more filter: where that filter is set already, it would lead elsewhere.
        // By term come open matters only.
        let (any, by_term) = (["", "any"].contains(&filters.get("open")), filters.get("order") == "due");
        let mut figures = Vec::new();
        if any && !by_term {
            figures.push(figure("在办", all.open, href("open", "true"), "wait"));
        }
        if filters.get("overdue").is_empty() {
            figures.push(figure("现在超期", all.late, href("overdue", "now"), late));
            figures.push(figure("曾超期", all.ever, href("overdue", "true"), "near"));
        }
        if any && !by_term {
            figures.push(figure("已办结", all.n - all.open, href("open", "false"), "done"));
        }
        let kind = filters.get("kind");
        let codes: Vec<&str> = match Form::from_code(kind) {
            Some(_) => Stage::ALL.iter().map(|s| s.code()).collect(),
            None => STAGES.iter().map(|s| s.0).collect(),
        };
        let stages = codes.into_iter().filter_map(|code| {
            let t = tally.iter().find(|t| t.key == code)?;
            Some(figure(stage_title_of(kind, code), t.n, href("stage", code), ""))
        });
        Sums { figures, stages: stages.collect(), too_many: false }
    }
}

/// Sums for the style page.
pub(super) fn sample() -> Result<ui::Html, Problem> {
    let tally = |key: &str, n, open, late| Tally { key: key.into(), n, open, late, ever: late };
    let sums =
        Sums::of(Some(vec![tally("assigned", 12, 12, 3), tally("closed", 40, 0, 0)]), &Filters::default());
    sums.render().map(ui::Html::rendered).map_err(|_| Problem::internal())
}

/// `GET /matters/sums`: the sums of a list by themselves, fetched after it.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let filters = Filters::of(&uri);
    let tally = state.app.tally(&who.caller, &filters.query()?, CountBy::Stage).await?;
    page(&Sums::of(tally, &filters))
}
