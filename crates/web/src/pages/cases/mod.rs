//! Cases: those of an officer by their next term, with what is missing; the list of legal reviews.

pub(super) mod begin;
pub(super) mod hearings;
pub(super) mod numbers;
pub(super) mod records;
pub(super) mod stats;

use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::penalty::{CaseQuery, CaseRow, CourtRow, CourtSide, OfficerChoice, ReviewRow};
use lianzhi_app::publicity::ReviewDuty;
use lianzhi_procedure::penalty::STAGES;
use lianzhi_procedure::{Choice, Refusal};

/// What of the missing stands in a line; the case's page has all of it.
const MISSING_SHOWN: usize = 3;

/// A case as a line.
struct Row {
    case: CaseRow,
    state: &'static str,
    left: String,
    due: String,
    /// What is missing, each with its article.
    lacks: Vec<(String, String)>,
    /// How much more is missing than is shown.
    more: usize,
}

/// Lines of one urgency.
struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    shell: Shell,
    asked: CaseQuery,
    groups: Vec<Group>,
    count: usize,
    next: Option<String>,
    officer: String,
    me: String,
    officers: Vec<OfficerChoice>,
    stages: &'static [(&'static str, &'static str)],
    items: Vec<Choice>,
    may_open: bool,
    reviews: bool,
    /// May look at the three systems.
    records: bool,
    /// May look at the numbers of papers.
    numbers: bool,
    /// Has to do with money, and with things in custody.
    books: bool,
    goods: bool,
    statistics: bool,
    narrowed: bool,
    refusal: Option<Refusal>,
}

impl CasesPage {
    fn is(&self, field: &str, value: &str) -> bool {
        let asked = match field {
            "stage" => &self.asked.stage,
            "item" => &self.asked.item,
            _ => &self.asked.open,
        };
        asked.as_deref().unwrap_or_default() == value
    }
    fn q(&self) -> &str {
        self.asked.q.as_deref().unwrap_or_default()
    }
}

fn row(mut case: CaseRow, now: Timestamp) -> Row {
    let (state, left) = ui::term(now, case.due_at, case.open);
    let due = case.due_at.filter(|_| case.open).map(|at| ui::due(now, ui::moment(at))).unwrap_or_default();
    let more = case.missing.len().saturating_sub(MISSING_SHOWN);
    let (missing, articles) = (std::mem::take(&mut case.missing), std::mem::take(&mut case.articles));
    let lacks = missing.into_iter().zip(articles).take(MISSING_SHOWN).collect();
    Row { case, state, left, due, lacks, more }
}

fn groups(cases: Vec<CaseRow>, now: Timestamp) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for case in cases {
        let title = if case.open {
            let urgency = super::desk::urgency(now, case.due_at.map(ui::moment));
            ["已超期", "今天", "本周", "以后或无期限"].get(urgency).copied().unwrap_or_default()
        } else {
            "已办结"
        };
        if groups.last().is_none_or(|group| group.title != title) {
            groups.push(Group { title, rows: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.rows.push(row(case, now));
        }
    }
    groups
}

/// Every item of enforcement, as a choice.
fn items(state: &WebState) -> Vec<Choice> {
    let directory = state.app.directory();
    directory
        .law
        .items()
        .map(|item| Choice::new(&*item.code, format!("{} {}", item.code, item.name)))
        .collect()
}

/// The same query, going on where this page ends.
fn further(asked: &CaseQuery, cursor: &str) -> String {
    let fields = [
        ("stage", &asked.stage),
        ("item", &asked.item),
        ("officer", &asked.officer),
        ("open", &asked.open),
        ("q", &asked.q),
    ];
    let given = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    let pairs = given.chain([("cursor", cursor)]).map(|(name, value)| format!("{name}={}", ui::query(value)));
    format!("/cases?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// `GET /cases`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let asked: CaseQuery = Query::try_from_uri(&uri).map(|Query(query)| query).unwrap_or_default();
    let found = state.app.cases(&who.caller, &asked).await;
    let (found, refusal) = match found {
        Ok(found) => (Some(found), None),
        // A filter that is none: all are shown, and what was wrong with it.
        Err(refusal) if refusal.field.is_some() => {
            (state.app.cases(&who.caller, &CaseQuery::default()).await.ok(), Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let may = |action| state.app.may(&who.caller, action, None).is_ok();
    let now = state.app.now();
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let (cases, next, officer, officers) = match found {
        Some(found) => (found.cases, found.next, found.officer, found.officers),
        None => (Vec::new(), None, String::new(), Vec::new()),
    };
    let shown = CasesPage {
        shell: Shell::new(&state, &who, "办案", "/cases"),
        count: cases.len(),
        groups: groups(cases, now),
        next: next.map(|cursor| further(&asked, &cursor)),
        officer,
        me: who.person.code.to_string(),
        officers,
        stages: STAGES,
        items: items(&state),
        may_open: may("penalty_register"),
        reviews: may("penalty_review") || may("penalty_discuss"),
        records: may("three_systems"),
        numbers: state.app.may_see_numbers(&who.caller).is_ok(),
        books: may("payments") || state.app.may_begin(&who.caller, "goods_keep").is_ok(),
        goods: state.app.may_see_goods(&who.caller).is_ok(),
        statistics: state.app.case_figures_of(&who.caller).is_ok(),
        narrowed: asked != CaseQuery::default(),
        asked,
        refusal,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

#[derive(Template)]
#[template(path = "case_reviews.html")]
struct ReviewsPage {
    shell: Shell,
    waiting: Vec<(ReviewRow, Row)>,
    others: Vec<(ReviewRow, Row)>,
    may_review: bool,
    /// Which decisions have to be reviewed here.
    duties: Vec<ReviewDuty>,
}

/// `GET /cases/reviews`: the list of legal reviews (法制审核清单).
pub(super) async fn reviews(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    let now = state.app.now();
    let all = state.app.case_reviews(&who.caller).await?;
    let lines = all.into_iter().map(|review| {
        let line = row(review.case.clone(), now);
        (review, line)
    });
    let (waiting, others) = lines.partition(|(review, _)| review.waits);
    let shown = ReviewsPage {
        shell: Shell::new(&state, &who, "法制审核清单", "/cases"),
        waiting,
        others,
        may_review: state.app.may(&who.caller, "penalty_review", None).is_ok(),
        duties: state.app.agency().reviews,
    };
    page(&shown)
}

#[derive(Template)]
#[template(path = "case_court.html")]
struct CourtPage {
    shell: Shell,
    groups: Vec<(CourtSide, Vec<CourtLine>)>,
    count: usize,
}

/// Something that is with somebody else, as a line.
struct CourtLine {
    row: CourtRow,
    state: &'static str,
    left: String,
}

/// `GET /cases/court`: what is at court, at the police or under review, with its terms.
pub(super) async fn court(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    let now = state.app.now();
    let all = state.app.at_court(&who.caller).await?;
    let count = all.len();
    let sides = [CourtSide::Police, CourtSide::Court, CourtSide::Remedy, CourtSide::Letter];
    let mut groups: Vec<(CourtSide, Vec<CourtLine>)> = sides.map(|side| (side, Vec::new())).into();
    for row in all {
        let (mark, left) = ui::term(now, row.due_at, true);
        // That a court or the police take longer is not the agency's delay.
        let mark = if row.ours || mark != "late" { mark } else { "near" };
        if let Some((_, lines)) = groups.iter_mut().find(|(side, _)| *side == row.side) {
            lines.push(CourtLine { row, state: mark, left });
        }
    }
    let shown =
        CourtPage { shell: Shell::new(&state, &who, "法院、公安、复议", "/cases"), groups, count };
    page(&shown)
}
