//! Signing in and out, the second factor, and a password that must be changed first.

use super::account::Enrolment;
use super::form::{Form, Input, Kind};
use super::posted::Posted;
use super::{assets, page, ui};
use crate::auth::{Visit, no_session_cookie, session_cookie};
use crate::problem::{Answer, Problem};
use crate::security::own_path;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::Caller;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    agency: String,
    title: &'static str,
    intro: &'static str,
    form: Form,
    leave: Option<String>,
    /// Secret and its picture, when a second factor is being set up.
    enrolment: Option<(String, ui::Html)>,
}

/// Where a second factor that is asked for is set up.
const ENROL: &str = "/sign-in/enrol";

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

fn sign_in_form(next: &str, csrf: &str) -> Form {
    Form::new("/sign-in", csrf, "登录")
        .hidden("next", next)
        .input(Input::new(Kind::Line, "login", "登录名").required().autocomplete("username"))
        .input(Input::new(Kind::Password, "password", "密码").required().autocomplete("current-password"))
}

fn second_form(next: &str, csrf: &str) -> Form {
    Form::new("/sign-in/second", csrf, "确认").hidden("next", next).input(
        Input::new(Kind::Line, "code", "动态口令")
            .required()
            .hint("手机验证器上的 6 位数字")
            .autocomplete("one-time-code"),
    )
}

fn change_form(next: &str, csrf: &str) -> Form {
    Form::new("/account/password", csrf, "修改密码")
        .hidden("next", next)
        .input(Input::new(Kind::Password, "old", "现在的密码").required().autocomplete("current-password"))
        .input(
            Input::new(Kind::Password, "new", "新密码")
                .required()
                .hint("至少 10 个字符，一句话更好记")
                .autocomplete("new-password"),
        )
        .input(Input::new(Kind::Password, "again", "再输一遍").required().autocomplete("new-password"))
}

/// The form that changes a password, also for the account page.
pub(super) fn password_form(next: &str, csrf: &str) -> Form {
    change_form(next, csrf)
}

impl SignInPage {
    fn new(state: &WebState, title: &'static str, intro: &'static str, form: Form) -> Self {
        SignInPage {
            agency: state.app.directory().settings.agency.clone(),
            title,
            intro,
            form,
            leave: None,
            enrolment: None,
        }
    }
}

/// `GET /sign-in`: the form, or what is still missing of a sign-in begun.
pub(super) async fn show(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Query(next): Query<Next>,
) -> Answer<Response> {
    let next = own_path(&next.next, "/desk");
    let shown = match &visit.session {
        Some(session) if session.half => SignInPage {
            leave: Some(session.csrf.clone()),
            ..SignInPage::new(
                &state,
                "第二步验证",
                "密码正确。请再输入手机验证器上的动态口令。",
                second_form(next, &session.csrf),
            )
        },
        Some(session) if session.must_change => must_change(&state, next, &session.csrf),
        Some(session) if session.must_enrol => {
            let caller = Caller::person(session.person.clone(), &visit.caller.address);
            let (secret, address) = state.app.enroll_totp(&caller).await?;
            let enrolment = Enrolment::new(ENROL, &session.csrf, secret, &address);
            must_enrol(&state, next, &session.csrf, enrolment)
        }
        Some(_) => return Ok(Redirect::to(next).into_response()),
        None => SignInPage::new(&state, "登录", "", sign_in_form(next, "")),
    };
    page(&shown)
}

fn must_change(state: &WebState, next: &str, csrf: &str) -> SignInPage {
    SignInPage {
        leave: Some(csrf.to_owned()),
        ..SignInPage::new(
            state,
            "请先修改密码",
            "您用的是临时密码，修改后才能继续。",
            change_form(next, csrf),
        )
    }
}

fn must_enrol(state: &WebState, next: &str, csrf: &str, enrolment: Enrolment) -> SignInPage {
    let Enrolment { secret, picture, form } = enrolment;
    SignInPage {
        leave: Some(csrf.to_owned()),
        enrolment: Some((secret, picture)),
        ..SignInPage::new(
            state,
            "请先启用动态口令",
            "您的岗位须用动态口令登录。用手机上的验证器扫码，或手工输入下面的密钥，再填它显示的 6 位数字。",
            form.hidden("next", next),
        )
    }
}

/// `POST /sign-in/enrol`: sets up the second factor that the rules of the agency ask for.
pub(super) async fn enrol(State(state): State<WebState>, posted: Posted) -> Answer<Response> {
    let typed = &posted.typed;
    let next = own_path(typed.text("next"), "/desk");
    let Some(session) = posted.identity.session.as_ref().filter(|s| s.must_enrol && !s.must_change) else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let caller = Caller::person(session.person.clone(), &posted.identity.caller.address);
    match state.app.confirm_totp(&caller, typed.text("secret"), typed.text("code")).await {
        Ok(()) => Ok(Redirect::to(next).into_response()),
        Err(refusal) => {
            let secret = typed.text("secret").to_owned();
            let mut enrolment = Enrolment::new(ENROL, &session.csrf, secret, typed.text("address"));
            enrolment.form = enrolment.form.refused(None, Some(&refusal));
            let shown = must_enrol(&state, next, &session.csrf, enrolment);
            Ok((Problem::from(refusal).status, page(&shown)?).into_response())
        }
    }
}

/// The page that a person with a temporary password sees instead of any other.
pub(super) fn must_change_page(
    state: &WebState,
    next: &str,
    csrf: &str,
    form: Option<Form>,
) -> Answer<Response> {
    let mut shown = must_change(state, own_path(next, "/desk"), csrf);
    if let Some(form) = form {
        shown.form = form;
    }
    page(&shown)
}

/// `POST /sign-in`.
pub(super) async fn sign_in(
    State(state): State<WebState>,
    headers: HeaderMap,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let next = own_path(typed.text("next"), "/desk").to_owned();
    let address = &posted.identity.caller.address;
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match state.app.sign_in(typed.text("login"), typed.text("password"), address, agent).await {
        Ok(signed_in) => {
            let to = if signed_in.second_factor || signed_in.must_change {
                format!("/sign-in?next={}", ui::query(&next))
            } else {
                next
            };
            let mut response = Redirect::to(&to).into_response();
            let (name, value) = session_cookie(&state.config, &signed_in.cookie);
            response.headers_mut().insert(name, value);
            Ok(response)
        }
        Err(refusal) => {
            let form = sign_in_form(&next, "").refused(Some(typed), Some(&refusal));
            let status = Problem::from(refusal).status;
            Ok((status, page(&SignInPage::new(&state, "登录", "", form))?).into_response())
        }
    }
}

/// `POST /sign-in/second`.
pub(super) async fn second(State(state): State<WebState>, posted: Posted) -> Answer<Response> {
    let next = own_path(posted.typed.text("next"), "/desk").to_owned();
    let (Some(cookie), Some(session)) = (&posted.identity.cookie, &posted.identity.session) else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    match state.app.second_factor(cookie, posted.typed.text("code")).await {
        Ok(()) => Ok(Redirect::to(&format!("/sign-in?next={}", ui::query(&next))).into_response()),
        Err(refusal) => {
            let form = second_form(&next, &session.csrf).refused(None, Some(&refusal));
            let shown = SignInPage {
                leave: Some(session.csrf.clone()),
                ..SignInPage::new(&state, "第二步验证", "密码正确。请再输入手机验证器上的动态口令。", form)
            };
            Ok((Problem::from(refusal).status, page(&shown)?).into_response())
        }
    }
}

/// `POST /sign-out`.
pub(super) async fn sign_out(State(state): State<WebState>, posted: Posted) -> Answer<Response> {
    if let Some(cookie) = &posted.identity.cookie {
        state.app.sign_out(cookie).await;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    let (name, value) = no_session_cookie(&state.config);
    response.headers_mut().insert(name, value);
    Ok(response)
}
