//! Views of the list: keep one, rename, share, order, delete; and the columns somebody chooses.

use super::list;
use super::posted::Posted;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::{Column, ViewInput, ViewItem, columns_of};
use lianzhi_procedure::{Choice, Refusal};

#[derive(Template)]
#[template(path = "list_views.html")]
struct ViewsPage {
    shell: Shell,
    views: Vec<ViewItem>,
    share_with: Vec<Choice>,
    done: &'static str,
    /// The view whose change was refused, and what was typed as its name.
    tried: Option<(String, String)>,
    refusal: Option<Refusal>,
}

impl ViewsPage {
    /// Columns of a view in words.
    fn words(&self, columns: &str) -> String {
        let columns = columns_of(columns).unwrap_or_default();
        columns.iter().map(|c| c.title()).collect::<Vec<_>>().join("、")
    }
    /// The name in the field of a view: what was typed when that was refused.
    fn name_of<'a>(&'a self, item: &'a ViewItem) -> &'a str {
        match &self.tried {
            Some((id, name)) if *id == item.view.id && !name.is_empty() => name,
            _ => &item.view.name,
        }
    }
}

/// The list that a form came from; only its filters are taken over.
fn back(posted: &Posted) -> Uri {
    format!("/matters?{}", posted.typed.text("query"))
        .parse()
        .unwrap_or_else(|_| Uri::from_static("/matters"))
}

fn input(posted: &Posted) -> ViewInput {
    ViewInput {
        name: posted.typed.text("name").to_owned(),
        shared: posted.typed.text("shared").to_owned(),
        query: list::Filters::of(&back(posted)).without(&["view", "person"]),
        columns: columns_of(posted.typed.text("columns")).unwrap_or_default(),
    }
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    done: &'static str,
    tried: Option<(String, String)>,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let status = refusal.clone().map(|r| Problem::from(r).status);
    let shown = ViewsPage {
        views: state.app.views(&who.caller).await?,
        share_with: state.app.share_choices(&who.caller),
        shell: Shell::new(state, who, "管理视图", "/matters"),
        done,
        tried,
        refusal,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

/// `GET /matters/views`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let done = match list::asked(&uri, "done").as_deref() {
        Some("changed") => "视图已更新。",
        Some("moved") => "次序已更新，只改变您自己的标签。",
        Some("dropped") => "视图已删除。",
        _ => "",
    };
    render(&state, &who, done, None, None).await
}

/// `POST /matters/views`: keeps the list that is looked at.
pub(super) async fn save(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let input = input(&posted);
    let query = input.query.clone();
    match state.app.save_view(&who.caller, None, input).await {
        Ok(id) => {
            let and = if query.is_empty() { "" } else { "&" };
            Ok(Redirect::to(&format!("/matters?view={id}{and}{query}&done=saved")).into_response())
        }
        Err(refusal) => list::render(&state, &who, &back(&posted), Some(refusal)).await,
    }
}

/// `POST /matters/views/{id}`: changes one, as the button says.
pub(super) async fn change(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let app = &state.app;
    let outcome = async {
        Ok::<_, Refusal>(match posted.typed.text("do") {
            "drop" => {
                app.drop_view(&who.caller, &id).await?;
                "/matters/views?done=dropped".to_owned()
            }
            side @ ("left" | "right") => {
                app.move_view(&who.caller, &id, side == "left").await?;
                format!("/matters/views?done=moved#view-{id}")
            }
            // The filters and columns of the list that is looked at take the place of those it had.
            "update" => {
                let view = app.view(&who.caller, &id).await?.view;
                let from = input(&posted);
                let query = from.query.clone();
                let changed = ViewInput { name: view.name, shared: view.shared.unwrap_or_default(), ..from };
                app.save_view(&who.caller, Some(&id), changed).await?;
                let and = if query.is_empty() { "" } else { "&" };
                format!("/matters?view={id}{and}{query}&done=saved")
            }
            _ => {
                let view = app.view(&who.caller, &id).await?.view;
                let asked = input(&posted);
                let changed = ViewInput {
                    query: view.query,
                    columns: columns_of(&view.columns).unwrap_or_default(),
                    ..asked
                };
                app.save_view(&who.caller, Some(&id), changed).await?;
                format!("/matters/views?done=changed#view-{id}")
            }
        })
    };
    match outcome.await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(refusal) => {
            let tried = (id, posted.typed.text("name").to_owned());
            render(&state, &who, "", Some(tried), Some(refusal)).await
        }
    }
}

/// `POST /matters/columns`: remembers the chosen columns; a button beside a column moves it one place ahead.
pub(super) async fn columns(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let mut chosen: Vec<&str> = posted.typed.all("column").collect();
    if let Some(up) = posted.typed.given("ahead")
        && let Some(at) = chosen.iter().position(|c| *c == up)
        && at > 0
    {
        chosen.swap(at, at - 1);
    }
    let columns: Vec<Column> = match posted.typed.text("do") {
        "reset" => Vec::new(),
        _ => columns_of(&chosen.join(",")).unwrap_or_else(|| vec![Column::Number]),
    };
    let view = posted.typed.given("view");
    let back = back(&posted);
    match state.app.choose_columns(&who.caller, view, &columns).await {
        Ok(()) => {
            let query = list::Filters::of(&back).text();
            Ok(Redirect::to(&format!("/matters?{query}&done=columns")).into_response())
        }
        Err(refusal) => list::render(&state, &who, &back, Some(refusal)).await,
    }
}
