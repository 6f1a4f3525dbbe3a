//! Following a report by its number and code: where it stands, what was promised and kept, and what the reporter may do.
//! Only what is whitelisted for the public is shown.

use super::form::{self, Form, Input, Kind, Typed};
use super::posted::Posted;
use super::shell::Frame;
use super::{assets, page, ui};
use crate::auth::Visit;
use crate::copies::{self, Copy};
use crate::media;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use lianzhi_app::FollowView;
use lianzhi_procedure::{Choice, Offer, Refusal};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "follow.html")]
struct FollowPage {
    frame: Frame,
    now: Timestamp,
    ask: Form,
    view: Option<FollowView>,
    acts: Vec<Act>,
    pictures: Vec<Picture>,
    /// What was just done.
    done: &'static str,
    agency: String,
    /// Until when it may be asked that it be done again.
    reopen_until: String,
    /// What was refused and is not offered any more.
    refusal: Option<Refusal>,
}

/// Something that the reporter may do.
struct Act {
    command: &'static str,
    title: &'static str,
    open: bool,
    form: Form,
}

/// A picture of the reporter's own matter. It stands in the page itself: an address of its own would have to carry the
/// follow code.
struct Picture {
    data: String,
    title: &'static str,
}

/// Pictures on one page: each is some 15 kB.
const PICTURES_MAX: usize = 6;

async fn pictures(state: &WebState, view: &FollowView) -> Answer<Vec<Picture>> {
    let digests: Vec<_> = view.pictures.iter().map(|p| p.0).collect();
    if digests.is_empty() {
        return Ok(Vec::new());
    }
    let rows = state.app.store().blobs.exhibits(&digests).await?;
    let mut pictures = Vec::new();
    for (digest, title) in &view.pictures {
        let row = rows.iter().find(|r| r.digest == *digest && copies::possible(&r.media));
        let Some(row) = row.filter(|_| pictures.len() < PICTURES_MAX) else { continue };
        // One that cannot be shown takes nothing from the rest of the page.
        if let Ok(bytes) = media::copy_bytes(state, row, Copy::Thumb).await {
            let data = format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(bytes));
            pictures.push(Picture { data, title });
        }
    }
    Ok(pictures)
}

/// What the page says after each act.
fn done_words(command: &str, typed: &Typed) -> &'static str {
    match command {
        "rate" if matches!(typed.text("stars"), "1" | "2") => {
            "谢谢您的评价。没有解决的话，可以在下面要求重办。"
        }
        "rate" => "谢谢您的评价。",
        "reopen" => "已经重新派人办理，时间重新算起。",
        "add" => "补充的内容收到了，办的人会看到。",
        "withdraw" => "已经撤回，不再办理。",
        _ => "已收到，谢谢。",
    }
}

/// The reporter's form for an offer, in his words.
fn form_of(offer: &Offer, csrf: &str) -> Form {
    let mut form = form::of_offer(offer, format!("/follow/{}", offer.command), csrf);
    form.main = true;
    for input in &mut form.inputs {
        match (offer.command, input.name.as_str()) {
            ("rate", "stars") => {
                input.kind = Kind::Segments;
                input.title = "您满意吗".into();
                let words = ["很不满意", "不满意", "一般", "满意", "很满意"];
                let choice = |(n, w): (usize, &&str)| Choice::new((n + 1).to_string(), *w);
                input.choices = words.iter().enumerate().map(choice).rev().collect();
            }
            ("rate" | "withdraw", "note") => {
                input.title = "想说的".into();
                input.hint = "可以不写".into();
            }
            ("reopen", "note") => input.title = "哪里还没有解决".into(),
            ("add", "note") => input.title = "补充什么".into(),
            ("add", "exhibits") => {
                input.title = "照片".into();
                input.hint = "可以不附".into();
                input.accept = "image/*";
            }
            _ => {}
        }
    }
    match offer.command {
        "rate" => form.button = "提交评价".into(),
        "reopen" => {
            form.button = "要求重办".into();
            form.consequence = "会重新派人，时间重新算起。每件可以要求一次。".into();
        }
        "add" => form.button = "发给我们".into(),
        "withdraw" => form.consequence = "撤回以后不再办理，也不能恢复；要办请重新上报。".into(),
        _ => {}
    }
    form
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    number: String,
}

fn ask_form(state: &WebState, csrf: &str) -> Form {
    let like = format!("像 {}", state.app.number_example());
    Form::new("/follow", csrf, "查进度")
        .input(Input::new(Kind::Line, "number", "编号").required().hint(like).autocomplete("off"))
        .input(
            Input::new(Kind::Line, "code", "查询码")
                .required()
                .hint("上报成功时显示的 8 位字母和数字")
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
    done: &'static str,
) -> Answer<Response> {
    let (number, code) = (typed.text("number"), typed.text("code"));
    let mut status = StatusCode::OK;
    let mut ask = ask_form(state, csrf);
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
            let mut form = form_of(offer, csrf)
                .hidden("form", state.random_id())
                .hidden("number", number)
                .hidden("code", code);
            let here = tried.as_ref().filter(|t| t.command == offer.command);
            if let Some(tried) = here {
                status = Problem::from(tried.refusal.clone()).status;
                form = form.refused(Some(tried.typed), Some(&tried.refusal));
            }
            // First his word on the result; asking for another comes after it, and opens by itself when he is not content.
            let due =
                offer.command == "rate" || (offer.command == "reopen" && view.rating.is_some_and(|r| r <= 2));
            let title = match offer.command {
                "reopen" => "没有解决，要求重办",
                "add" => "补充情况、照片",
                "withdraw" => "撤回，不用办了",
                _ => offer.title,
            };
            acts.push(Act { command: offer.command, title, open: here.is_some() || due, form });
        }
    }
    let refusal =
        tried.filter(|_| view.is_some() && !acts.iter().any(|a| a.form.refusal.is_some())).map(|t| t.refusal);
    if let Some(refusal) = &refusal {
        status = Problem::from(refusal.clone()).status;
    }
    let pictures = match &view {
        Some(view) => pictures(state, view).await?,
        None => Vec::new(),
    };
    let frame = Frame::new(state, "查进度", "follow").of(csrf);
    let shown = FollowPage {
        agency: frame.agency.clone(),
        frame,
        now: state.app.now(),
        ask,
        reopen_until: view.as_ref().and_then(|v| v.reopen_until).map(ui::full).unwrap_or_default(),
        view,
        acts,
        pictures,
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
    let ask = ask_form(&state, visit.csrf()).refused(Some(&typed), None);
    let frame = Frame::new(&state, "查进度", "follow").of(visit.csrf());
    let shown = FollowPage {
        agency: frame.agency.clone(),
        frame,
        now: state.app.now(),
        ask,
        reopen_until: String::new(),
        view: None,
        acts: Vec::new(),
        pictures: Vec::new(),
        done: "",
        refusal: None,
    };
    page(&shown)
}

/// `POST /follow`.
pub(super) async fn look(State(state): State<WebState>, posted: Posted) -> Answer<Response> {
    render(&state, posted.identity.csrf(), &posted.typed, None, "").await
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
        Ok(_) => render(&state, csrf, typed, None, done_words(&command, typed)).await,
        Err(refusal) => {
            render(&state, csrf, typed, Some(Tried { command: &command, typed, refusal }), "").await
        }
    }
}
