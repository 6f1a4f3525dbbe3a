//! How this browser wants to see pages: light or dark, large type, one thing at a time.
//!
//! It is the browser's, not the person's: the tablet in the car is dark at night whoever holds it, and a citizen has no
//! account. So it lies in a cookie of its own that says nothing about anybody. Every page needs it and no decision
//! depends on it: it is therefore carried beside the request (`carry`) instead of through every signature.

use crate::auth::{Visit, cookie};
use crate::problem::{Answer, Problem};
use crate::security::{check_form_token, own_path};
use crate::state::WebState;
use axum::extract::{Form, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// Name of the cookie.
const COOKIE: &str = "lianzhi-appearance";
/// How long a browser keeps its choice, seconds: a year.
const KEPT_SECS: u32 = 365 * 24 * 3600;

/// Light, dark, or as the machine is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the machine is set.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// How a browser wants to see pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Appearance {
    /// Light or dark.
    pub theme: Theme,
    /// Type larger by a quarter.
    pub large: bool,
    /// One question at a time, in plain words (public pages).
    pub simple: bool,
}

tokio::task_local! { static ASKED: Appearance; }

impl Appearance {
    /// What the browser that is being answered asked for; the default outside of a request.
    #[must_use]
    pub fn current() -> Self {
        ASKED.try_with(|a| *a).unwrap_or_default()
    }

    /// Reads the cookie; unknown words in it are passed over.
    fn of(headers: &HeaderMap) -> Self {
        let mut found = Appearance::default();
        for word in cookie(headers, COOKIE).unwrap_or_default().split('.') {
            match word {
                "light" => found.theme = Theme::Light,
                "dark" => found.theme = Theme::Dark,
                "large" => found.large = true,
                "simple" => found.simple = true,
                _ => {}
            }
        }
        found
    }

    fn words(self) -> String {
        let theme = match self.theme {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        let words = [theme, self.large.then_some("large"), self.simple.then_some("simple")];
        words.into_iter().flatten().collect::<Vec<_>>().join(".")
    }

    /// The choice of a theme as the form names it.
    #[must_use]
    pub fn theme_code(self) -> &'static str {
        match self.theme {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Under which media the dark tokens hold; `None` when never. Paper is always light.
    #[must_use]
    pub fn dark_media(self) -> Option<&'static str> {
        match self.theme {
            Theme::Auto => Some("screen and (prefers-color-scheme: dark)"),
            Theme::Light => None,
            Theme::Dark => Some("screen"),
        }
    }
}

/// Keeps what the browser asked for at hand while it is answered.
pub(crate) async fn carry(request: Request, next: Next) -> Response {
    let asked = Appearance::of(request.headers());
    ASKED.scope(asked, next.run(request)).await
}

/// What the form sends; a field that is not there stays as it is.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    theme: Option<String>,
    large: Option<String>,
    simple: Option<String>,
    #[serde(default)]
    back: String,
    csrf: Option<String>,
}

/// `POST /appearance`: keeps the choice in this browser and goes back to where it was made.
pub(crate) async fn choose(Visit(who): Visit, Form(wanted): Form<Wanted>) -> Answer<Response> {
    check_form_token(&who, wanted.csrf.as_deref())?;
    let mut now = Appearance::current();
    now.theme = match wanted.theme.as_deref() {
        None => now.theme,
        Some("auto") => Theme::Auto,
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) => {
            let remedy = "请选“跟随系统”“浅色”或“深色”。";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "theme", "没有这种外观。", remedy));
        }
    };
    let on = |asked: &Option<String>, before: bool| asked.as_deref().map_or(before, |v| v == "true");
    now.large = on(&wanted.large, now.large);
    now.simple = on(&wanted.simple, now.simple);
    let mut response = Redirect::to(own_path(&wanted.back, "/")).into_response();
    let text = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEPT_SECS}", now.words());
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Its route.
pub(crate) fn router() -> axum::Router<WebState> {
    axum::Router::new().route("/appearance", axum::routing::post(choose))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_the_cookie_and_nonsense_in_it_is_passed_over() {
        for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
            for (large, simple) in [(false, false), (true, false), (false, true), (true, true)] {
                let asked = Appearance { theme, large, simple };
                let mut headers = HeaderMap::new();
                let text = format!("other=1; {COOKIE}={}.nonsense", asked.words());
                headers.insert(header::COOKIE, HeaderValue::from_str(&text).expect("a header"));
                assert_eq!(Appearance::of(&headers), asked);
            }
        }
    }

    #[test]
    fn outside_of_a_request_it_is_the_default() {
        assert_eq!(Appearance::current(), Appearance::default());
    }
}
