//! My account: password, second factor, API tokens.

use super::desk::{duty_form, duty_said, has_shifts};
use super::form::{Form, Input, Kind, Typed};
use super::posted::Posted;
use super::shell::Shell;
use super::sign_in::{must_change_page, password_form};
use super::{assets, page, ui};
use crate::auth::{SignedIn, session_cookie};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lianzhi_app::Caller;
use lianzhi_app::ports::TokenRow;
use lianzhi_ids::Digest;
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;

/// A token as the page shows it.
struct Token {
    digest: String,
    name: String,
    scopes: String,
    created: String,
    expires: String,
    state: &'static str,
    word: &'static str,
}

/// Where an enrolment begun on the account page is confirmed.
const CONFIRM: &str = "/account/totp/confirm";

/// A second factor being enrolled.
pub(super) struct Enrolment {
    pub secret: String,
    pub picture: ui::Html,
    pub form: Form,
}

impl Enrolment {
    /// The form that confirms a secret posts to `action`.
    pub fn new(action: &str, csrf: &str, secret: String, address: &str) -> Self {
        let form = confirm_form(action, csrf, &secret, address);
        Enrolment { picture: picture(address), secret, form }
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    login: String,
    posts: Vec<String>,
    on_duty: bool,
    duty: Option<Form>,
    password: Form,
    totp: Form,
    enrolment: Option<Enrolment>,
    tokens: Vec<Token>,
    token_form: Form,
    wall: Option<Form>,
    new_token: Option<String>,
    done: &'static str,
}

/// What changes from one way of showing the page to another.
#[derive(Default)]
struct Shown {
    password: Option<Form>,
    enrolment: Option<Enrolment>,
    token_form: Option<Form>,
    new_token: Option<String>,
    done: &'static str,
    status: StatusCode,
}

const SCOPES: [(&str, &str); 4] =
    [("read", "读取"), ("write", "办理"), ("report", "只登记上报"), ("admin", "管理名录")];
/// Longest life of a token, days.
const TOKEN_DAYS_MAX: i64 = 365;

fn token_form(csrf: &str) -> Form {
    let scopes = SCOPES.iter().map(|(c, t)| Choice::new(*c, *t)).collect();
    Form::new("/account/tokens", csrf, "签发令牌")
        .input(Input::new(Kind::Line, "name", "用途").required().hint("如：热线系统对接"))
        .input(Input::new(Kind::Many, "scopes", "可以做什么").choices(scopes).values(vec!["read".into()]))
        .input(
            Input::new(Kind::Number { min: 1, max: TOKEN_DAYS_MAX }, "days", "有效天数")
                .required()
                .value("90"),
        )
        .quiet()
        .id("token")
}

fn token(row: &TokenRow, now: Timestamp) -> Token {
    let (state, word) = match row.revoked_at {
        Some(_) => ("no", "已停用"),
        None if row.expires_at <= now.as_microsecond() => ("no", "已过期"),
        None => ("done", "有效"),
    };
    let words: Vec<&str> = row
        .scopes
        .iter()
        .map(|s| match SCOPES.iter().find(|(c, _)| c == s) {
            Some((_, title)) => title,
            None if s == lianzhi_app::WALL_SCOPE => "只看大屏",
            None => s.as_str(),
        })
        .collect();
    Token {
        digest: row.digest.to_string(),
        name: row.name.clone(),
        scopes: words.join("、"),
        created: ui::day(ui::moment(row.created_at)),
        expires: ui::day(ui::moment(row.expires_at)),
        state,
        word,
    }
}

async fn render(state: &WebState, who: &SignedIn, shown: Shown) -> Answer<Response> {
    let (now, directory) = (state.app.now(), state.app.directory());
    let shell = Shell::new(state, who, "我的账户", "/account");
    let mut tokens = state.app.tokens(&who.caller).await?;
    // An administrator is given everybody's; this page is about one's own.
    tokens.retain(|t| t.person == who.person.code.as_str());
    let posts = who.person.posts.iter().map(|p| {
        let roles: Vec<_> = p.roles.iter().map(|r| r.title()).collect();
        format!("{}：{}", directory.unit_name(&p.unit), roles.join("、"))
    });
    let csrf = shell.csrf.clone();
    let on_duty = state.app.duty().is_on(&who.person.code);
    let out = AccountPage {
        login: who.person.login.clone(),
        posts: posts.collect(),
        on_duty,
        duty: (on_duty || has_shifts(state, who)).then(|| duty_form(on_duty, &csrf, "/account")),
        password: shown.password.unwrap_or_else(|| password_form("", &csrf).quiet().id("password")),
        totp: Form::new("/account/totp", &csrf, "启用或更换动态口令").quiet(),
        enrolment: shown.enrolment,
        tokens: tokens.iter().map(|t| token(t, now)).collect(),
        wall: (state.app.may(&who.caller, "wall", None).is_ok())
            .then(|| Form::new("/wall", &csrf, "在这台电脑上开大屏").quiet().id("wall")),
        token_form: shown.token_form.unwrap_or_else(|| token_form(&csrf)),
        new_token: shown.new_token,
        done: shown.done,
        shell,
    };
    Ok((shown.status, page(&out)?).into_response())
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// `GET /account`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let done = match asked.done.as_str() {
        "password" => "密码已修改。",
        "totp" => "动态口令已启用，下次登录要用。",
        "revoked" => "令牌已停用。",
        other => duty_said(other),
    };
    render(&state, &who, Shown { done, ..Shown::default() }).await
}

/// `POST /account/password`: also for those who must change a temporary password before anything else.
pub(super) async fn password(
    State(state): State<WebState>,
    headers: HeaderMap,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let Some(session) = posted.identity.session.as_ref().filter(|s| !s.half) else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let caller = Caller::person(session.person.clone(), posted.identity.caller.address.clone());
    let outcome = if typed.text("new") == typed.text("again") {
        state.app.change_password(&caller, typed.text("old"), typed.text("new")).await.map(|_| ())
    } else {
        Err(Refusal::invalid("again", "两次输入的新密码不一样。", "请重新输入。"))
    };
    match outcome {
        Ok(()) => {
            // All sessions ended with the old password; this browser, which knows the new one, gets another.
            let address = &posted.identity.caller.address;
            let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let signed_in =
                state.app.sign_in(&session.person.login, typed.text("new"), address, agent).await?;
            let stays = !session.must_change && !signed_in.second_factor;
            let mut response =
                Redirect::to(if stays { "/account?done=password" } else { "/desk" }).into_response();
            let (name, value) = session_cookie(&state.config, &signed_in.cookie);
            response.headers_mut().insert(name, value);
            Ok(response)
        }
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            let form = password_form(typed.text("next"), &session.csrf).refused(Some(typed), Some(&refusal));
            if session.must_change || session.must_enrol {
                let shown = must_change_page(&state, typed.text("next"), &session.csrf, Some(form))?;
                return Ok((status, shown).into_response());
            }
            let who = SignedIn { caller, person: session.person.clone(), identity: posted.identity.clone() };
            render(
                &state,
                &who,
                Shown { password: Some(form.quiet().id("password")), status, ..Shown::default() },
            )
            .await
        }
    }
}

fn confirm_form(action: &str, csrf: &str, secret: &str, address: &str) -> Form {
    Form::new(action, csrf, "启用")
        .hidden("secret", secret)
        .hidden("address", address)
        .input(Input::new(Kind::Line, "code", "验证器上的 6 位数字").required().autocomplete("one-time-code"))
        .id("totp")
}

/// The address as a picture to scan; none when it is too long for one, then there is still the secret to type.
fn picture(address: &str) -> ui::Html {
    let code = qrcode::QrCode::new(address.as_bytes());
    let svg = code.map(|c| c.render::<qrcode::render::svg::Color<'_>>().min_dimensions(192, 192).build());
    // Without the XML declaration, which has no place inside a page.
    let svg = svg.map(|s| s.find("<svg").map_or(String::new(), |at| s[at..].to_owned()));
    ui::Html::rendered(svg.unwrap_or_default())
}

/// `POST /account/totp`: begins to enrol a second factor.
pub(super) async fn enroll(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let (secret, address) = state.app.enroll_totp(&posted.identity.caller).await?;
    let enrolment = Enrolment::new(CONFIRM, who.csrf(), secret, &address);
    render(&state, &who, Shown { enrolment: Some(enrolment), ..Shown::default() }).await
}

/// `POST /account/totp/confirm`.
pub(super) async fn confirm(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    match state.app.confirm_totp(&who.caller, typed.text("secret"), typed.text("code")).await {
        Ok(()) => Ok(Redirect::to("/account?done=totp").into_response()),
        Err(refusal) => {
            let secret = typed.text("secret").to_owned();
            let mut enrolment = Enrolment::new(CONFIRM, who.csrf(), secret, typed.text("address"));
            enrolment.form = enrolment.form.refused(None::<&Typed>, Some(&refusal));
            let status = Problem::from(refusal).status;
            render(&state, &who, Shown { enrolment: Some(enrolment), status, ..Shown::default() }).await
        }
    }
}

/// `POST /account/tokens`.
pub(super) async fn issue(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let typed = &posted.typed;
    let scopes: Vec<String> =
        typed.all("scopes").filter(|s| SCOPES.iter().any(|(c, _)| c == s)).map(str::to_owned).collect();
    let days = typed.text("days").parse::<i64>().ok().filter(|d| (1..=TOKEN_DAYS_MAX).contains(d));
    let outcome = match days {
        _ if scopes.is_empty() => {
            Err(Refusal::invalid("scopes", "没有选择令牌可以做什么。", "请至少选一项。"))
        }
        None => Err(Refusal::invalid("days", "有效天数不对。", format!("请填 1 至 {TOKEN_DAYS_MAX}。"))),
        Some(days) => state.app.issue_token(&who.caller, typed.text("name"), &scopes, days).await,
    };
    match outcome {
        Ok(token) => render(&state, &who, Shown { new_token: Some(token), ..Shown::default() }).await,
        Err(refusal) => {
            let form = token_form(who.csrf()).refused(Some(typed), Some(&refusal));
            let status = Problem::from(refusal).status;
            render(&state, &who, Shown { token_form: Some(form), status, ..Shown::default() }).await
        }
    }
}

/// `POST /account/tokens/revoke`.
pub(super) async fn revoke(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let digest: Digest =
        posted.typed.text("digest").parse().map_err(|_| Refusal::missing("没有这个令牌。"))?;
    state.app.revoke_token(&who.caller, digest).await?;
    Ok(Redirect::to("/account?done=revoked").into_response())
}
