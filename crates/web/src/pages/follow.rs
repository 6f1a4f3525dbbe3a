//! Following a report by its number and code: where it stands, what was promised and kept, and what the reporter may do.
//! Only what is whitelisted for the public is shown.

use super::form::{self, Form, Input, Kind, Typed};
use super::posted::Posted;
use super::shell::Frame;
use super::{assets, page, ui};
use crate::auth::Visit;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::FollowView;
use lianzhi_procedure::Refusal;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "follow.html")]
struct FollowPage {
    frame: Frame,
    now: Timestamp,
    ask: Form,
    view: Option<FollowView>,
    acts: Vec<(String, bool, Form)>,
    done: bool,
    /// What was refused and is not offered any more.
    refusal: Option<Refusal>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    number: String,
}

fn ask_form(csrf: &str) -> Form {
    Form::new("/follow", csrf, "查进度")
        .input(Input::new(Kind::Line, "number", "编号").required().autocomplete("off"))
        .input(
            Input::new(Kind::Line, "code", "查询码")
                .required()
                .hint("上报成功时显示的那一串")
                .autocomplete("off"),
        )
        .id("ask")
}

/// What was just tried and refused.
struct Tried<'a> {
    command: &'a str,
    typed: &'a Typed,
    refusal: Refusal,
}

async fn render(
    state: &WebState,
    csrf: &str,
    typed: &Typed,
    tried: Option<Tried<'_>>,
    done: bool,
) -> Answer<Response> {
    let (number, code) = (typed.text("number"), typed.text("code"));
    let mut status = StatusCode::OK;
    let mut ask = ask_form(csrf);
    let mut acts = Vec::new();
    let view = match state.app.follow(number, code).await {
        Ok(view) => Some(view),
        Err(refusal) => {
            status = Problem::from(refusal.clone()).status;
            ask = ask.refused(Some(typed), Some(&refusal));
            None
        }
    };
    if let Some(view) = &view {
        for offer in view.offers.iter().filter(|o| o.refused.is_none()) {
            let mut form = form::of_offer(offer, format!("/follow/{}", offer.command), csrf)
                .hidden("form", state.random_id())
                .hidden("number", number)
                .hidden("code", code);
            let here = tried.as_ref().filter(|t| t.command == offer.command);
            if let Some(tried) = here {
                status = Problem::from(tried.refusal.clone()).status;
                form = form.refused(Some(tried.typed), Some(&tried.refusal));
            }
            acts.push((offer.title.to_owned(), here.is_some(), form));
        }
    }
    let refusal =
        tried.filter(|_| view.is_some() && !acts.iter().any(|(_, open, _)| *open)).map(|t| t.refusal);
    if let Some(refusal) = &refusal {
        status = Problem::from(refusal.clone()).status;
    }
    let shown = FollowPage {
        frame: Frame::new(state, "查进度", "follow"),
        now: state.app.now(),
        ask,
        view,
        acts,
        done,
        refusal,
    };
    Ok((status, page(&shown)?).into_response())
}

/// `GET /follow`: the form. The code is never part of an address, where it would be kept and passed on.
pub(super) async fn show(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut typed = Typed::default();
    typed.push("number", asked.number);
    let ask = ask_form(visit.csrf()).refused(Some(&typed), None);
    let shown = FollowPage {
        frame: Frame::new(&state, "查进度", "follow"),
        now: state.app.now(),
        ask,
        view: None,
        acts: Vec::new(),
        done: false,
        refusal: None,
    };
    page(&shown)
}

/// `POST /follow`.
pub(super) async fn look(State(state): State<WebState>, posted: Posted) -> Answer<Response> {
    render(&state, posted.identity.csrf(), &posted.typed, None, false).await
}

/// `POST /follow/{command}`: what the reporter does.
pub(super) async fn act(
    State(state): State<WebState>,
    Path(command): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let csrf = posted.identity.csrf();
    let typed = &posted.typed;
    let (number, code) = (typed.text("number"), typed.text("code"));
    let outcome = async {
        let view = state.app.follow(number, code).await?;
        let offer = view.offers.iter().find(|o| o.command == command);
        let Some(offer) = offer else {
            return Err(match state.app.follow_was_sent(&view, posted.key.clone()).await? {
                true => Refusal::conflict(
                    "sent-before",
                    "您已经提交过，我们收到了。",
                    "没有重复登记，下面是最新进度。",
                ),
                false => Refusal::conflict("not-offered", "现在不能这样做了。", "请看下面的最新进度。"),
            });
        };
        posted.sound()?;
        let value = form::command(offer, typed)?;
        state.app.follow_command(number, code, value, posted.key.clone()).await
    };
    match outcome.await {
        Ok(_) => render(&state, csrf, typed, None, true).await,
        Err(refusal) => {
            render(&state, csrf, typed, Some(Tried { command: &command, typed, refusal }), false).await
        }
    }
}
