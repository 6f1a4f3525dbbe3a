//! Published decisions: the list with its filters, one decision.

use super::super::shell::Frame;
use super::super::{assets, page, ui};
use crate::auth::Visit;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use lianzhi_app::publicity::{DecisionQuery, PublishedDecision, WithdrawnDecision};
use lianzhi_procedure::{Choice, Refusal};

/// A decision as a line.
struct Line {
    id: String,
    party: String,
    what: String,
    penalty: String,
    number: String,
    procedure: String,
    decided: String,
    annulled: bool,
    renewed: bool,
}

impl Line {
    fn new(published: PublishedDecision) -> Line {
        let d = published.decision;
        let joined = |words: Vec<String>| words.join("、");
        let mut penalties: Vec<String> = d.parties.iter().flat_map(|p| p.penalties.clone()).collect();
        penalties.dedup();
        Line {
            id: published.id,
            party: joined(d.parties.into_iter().map(|p| p.name).collect()),
            what: joined(d.items.into_iter().map(|i| i.name).collect()),
            penalty: penalties.join("；"),
            number: d.number,
            procedure: d.procedure,
            decided: d.decided.to_string(),
            annulled: published.annulled,
            renewed: d.renewed.is_some(),
        }
    }
}

#[derive(Template)]
#[template(path = "public/decisions.html")]
struct DecisionsPage {
    frame: Frame,
    asked: DecisionQuery,
    narrowed: bool,
    items: Vec<Choice>,
    rows: Vec<Line>,
    total: i64,
    next: Option<String>,
    table: String,
    withdrawn: Vec<WithdrawnDecision>,
    /// Months of publication: others, natural persons.
    months: (u32, u32),
    refusal: Option<Refusal>,
}

impl DecisionsPage {
    fn of(&self, field: &str) -> &str {
        fields(&self.asked)
            .into_iter()
            .find(|(name, _)| *name == field)
            .and_then(|(_, v)| v)
            .unwrap_or_default()
    }
}

fn fields(asked: &DecisionQuery) -> [(&'static str, Option<&str>); 5] {
    [
        ("party", asked.party.as_deref()),
        ("item", asked.item.as_deref()),
        ("procedure", asked.procedure.as_deref()),
        ("from", asked.from.as_deref()),
        ("to", asked.to.as_deref()),
    ]
}

/// The same question under another address, perhaps from another place on.
fn address(path: &str, asked: &DecisionQuery, cursor: Option<&str>) -> String {
    let given =
        fields(asked).into_iter().filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?)));
    let pairs = given.chain(cursor.map(|cursor| ("cursor", cursor)));
    let pairs: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", ui::query(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// `GET /public/decisions`.
pub(in super::super) async fn all(
    State(state): State<WebState>,
    Visit(visit): Visit,
    uri: Uri,
) -> Answer<Response> {
    let asked: DecisionQuery = Query::try_from_uri(&uri).map(|Query(query)| query).unwrap_or_default();
    let (found, refusal) = match state.app.decisions(&asked).await {
        Ok(found) => (found, None),
        // A filter that is none: all are shown, and what was wrong with it.
        Err(refusal) if refusal.field.is_some() => {
            (state.app.decisions(&DecisionQuery::default()).await?, Some(refusal))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let settings = state.app.directory().settings.publication;
    let items = state.app.public_items();
    let shown = DecisionsPage {
        frame: Frame::new(&state, "处罚决定公开", "public/decisions").of(visit.csrf()),
        narrowed: fields(&asked).iter().any(|(_, value)| value.is_some_and(|v| !v.is_empty())),
        items: items
            .into_iter()
            .map(|i| Choice::new(i.code.clone(), format!("{} {}", i.code, i.name)))
            .collect(),
        total: found.total,
        next: found.next.map(|cursor| address("/public/decisions", &asked, Some(&cursor))),
        rows: found.decisions.into_iter().map(Line::new).collect(),
        table: address("/api/v1/public/decisions.csv", &asked, None),
        withdrawn: state.app.withdrawn_decisions().await?,
        months: (settings.months, settings.person_months),
        refusal,
        asked,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

#[derive(Template)]
#[template(path = "public/decision.html")]
struct DecisionPage {
    frame: Frame,
    d: PublishedDecision,
}

/// `GET /public/decisions/{id}`.
pub(in super::super) async fn one(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Path(id): Path<String>,
) -> Answer<Response> {
    let d = state.app.decision(&id).await?;
    let frame = Frame::new(&state, "处罚决定", "public/decisions").of(visit.csrf());
    page(&DecisionPage { frame, d })
}
