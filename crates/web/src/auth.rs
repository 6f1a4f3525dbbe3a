//! Who asks: session cookie or bearer token, and the tokens that keep other sites from asking in somebody's name.

use crate::problem::{Answer, Problem};
use crate::state::{WebConfig, WebState};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use lianzhi_app::{Caller, SessionInfo};
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::{Actor, RefusalKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// How somebody made himself known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Not at all.
    Nothing,
    /// A browser's session cookie.
    Session,
    /// `Authorization: Bearer`.
    Token,
}

/// Everything known about who asks; worked out once for each request.
#[derive(Debug, Clone)]
pub struct Identity {
    /// For the application.
    pub caller: Caller,
    /// How.
    pub by: By,
    /// The session, also when its second factor is still due.
    pub session: Option<SessionInfo>,
    /// The cookie, for signing out and for the second factor.
    pub cookie: Option<String>,
}

impl Identity {
    /// The person, when somebody is fully signed in.
    #[must_use]
    pub fn person(&self) -> Option<&Arc<Person>> {
        match &self.caller.actor {
            Actor::Person(person) => Some(person),
            _ => None,
        }
    }

    /// CSRF token of the session, empty without one.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or("", |s| &s.csrf)
    }

    /// Whether this is the session's CSRF token. True when there is no session: then nothing can be ridden.
    #[must_use]
    pub fn csrf_holds(&self, token: Option<&str>) -> bool {
        match (&self.session, self.by) {
            (Some(session), By::Session) => {
                token.is_some_and(|t| bool::from(t.as_bytes().ct_eq(session.csrf.as_bytes())))
            }
            _ => true,
        }
    }
}

/// Address of whoever asks: of the connection, or what a trusted proxy says.
#[must_use]
pub fn client_address(parts: &Parts, config: &WebConfig) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(a)| a.ip());
    if !config.trusted_proxies.contains(&peer) {
        return peer;
    }
    // The last address that no trusted proxy wrote about itself; everything left of it is hearsay.
    let hops = parts.headers.get_all("x-forwarded-for");
    let hops: Vec<&str> = hops.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
    hops.iter()
        .rev()
        .map_while(|hop| hop.trim().parse::<IpAddr>().ok())
        .find(|hop| !config.trusted_proxies.contains(hop))
        .unwrap_or(peer)
}

/// Name of the session cookie.
#[must_use]
pub fn cookie_name(config: &WebConfig) -> String {
    format!("{}lianzhi{}", if config.secure_cookies { "__Host-" } else { "" }, config.cookie_suffix)
}

/// `Set-Cookie` for a new session.
#[must_use]
pub fn session_cookie(config: &WebConfig, token: &str) -> (HeaderName, HeaderValue) {
    set_cookie(config, token, "")
}

/// `Set-Cookie` that takes the session away.
#[must_use]
pub fn no_session_cookie(config: &WebConfig) -> (HeaderName, HeaderValue) {
    set_cookie(config, "", "; Max-Age=0")
}

fn set_cookie(config: &WebConfig, token: &str, age: &str) -> (HeaderName, HeaderValue) {
    let secure = if config.secure_cookies { "; Secure" } else { "" };
    let text = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", cookie_name(config));
    let value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
    (header::SET_COOKIE, value)
}

/// The cookie by which a browser is a wall: it is sent to the wall's own addresses only.
fn wall_cookie_name(config: &WebConfig) -> String {
    format!("{}lianzhi-wall{}", if config.secure_cookies { "__Secure-" } else { "" }, config.cookie_suffix)
}

/// `Set-Cookie` that makes a browser a wall.
#[must_use]
pub fn wall_cookie(config: &WebConfig, token: &str, days: i64) -> (HeaderName, HeaderValue) {
    let secure = if config.secure_cookies { "; Secure" } else { "" };
    let (name, seconds) = (wall_cookie_name(config), days * 24 * 3600);
    let text = format!("{name}={token}; Path=/wall; HttpOnly; SameSite=Strict{secure}; Max-Age={seconds}");
    let value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
    (header::SET_COOKIE, value)
}

/// The wall's token, when the browser is a wall.
#[must_use]
pub fn wall_token(headers: &HeaderMap, config: &WebConfig) -> Option<String> {
    cookie(headers, &wall_cookie_name(config))
}

pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// Works out who asks, once.
///
/// # Errors
/// 401 when a bearer token is given that is not (or no longer) good: whoever sends one does not mean to be anonymous.
pub async fn identify(parts: &mut Parts, state: &WebState) -> Answer<Arc<Identity>> {
    if let Some(known) = parts.extensions.get::<Arc<Identity>>() {
        return Ok(known.clone());
    }
    let address = client_address(parts, &state.config).to_string();
    let identity = if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let token = value
            .to_str()
            .ok()
            .and_then(|v| v.split_once(' '))
            .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
            .map(|(_, token)| token.trim());
        let Some(token) = token else {
            let rule = "Authorization 请求头不是 Bearer 令牌。";
            return Err(Problem { refusal: refused(rule), ..Problem::sign_in() });
        };
        let caller = state.app.bearer(token, &address).await;
        let caller = caller.map_err(|refusal| match refusal.kind {
            RefusalKind::Forbidden => Problem { refusal: Box::new(refusal), ..Problem::sign_in() },
            _ => refusal.into(),
        })?;
        if caller.scopes.as_deref().is_some_and(|scopes| scopes.iter().all(|s| s == lianzhi_app::WALL_SCOPE))
        {
            let rule = "这个令牌只供大屏用。";
            return Err(Problem { refusal: refused(rule), ..Problem::sign_in() });
        }
        Identity { caller, by: By::Token, session: None, cookie: None }
    } else {
        let cookie = cookie(&parts.headers, &cookie_name(&state.config));
        let session = match &cookie {
            Some(cookie) => state.app.session(cookie).await,
            None => None,
        };
        match session {
            Some(session) => {
                // Until the second factor is given or set up and a temporary password is changed, a session is nobody.
                let caller = if session.half || session.must_change || session.must_enrol {
                    Caller::public(address)
                } else {
                    Caller::person(session.person.clone(), address)
                };
                Identity { caller, by: By::Session, session: Some(session), cookie }
            }
            None => {
                Identity { caller: Caller::public(address), by: By::Nothing, session: None, cookie: None }
            }
        }
    };
    let identity = Arc::new(identity);
    parts.extensions.insert(identity.clone());
    Ok(identity)
}

fn refused(rule: &str) -> Box<lianzhi_procedure::Refusal> {
    let mut refusal = Problem::sign_in().refusal;
    refusal.code = "bad-token";
    refusal.rule = rule.into();
    refusal
}

/// Everything known about who asks.
#[derive(Debug, Clone)]
pub struct Visit(pub Arc<Identity>);

impl FromRequestParts<WebState> for Visit {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Answer<Self> {
        Ok(Visit(identify(parts, state).await?))
    }
}

/// The address that a request comes from, for what is limited by address.
#[derive(Debug, Clone, Copy)]
pub struct Client(pub IpAddr);

impl FromRequestParts<WebState> for Client {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Answer<Self> {
        Ok(Client(client_address(parts, &state.config)))
    }
}

/// Who asks, somebody or the public.
#[derive(Debug, Clone)]
pub struct Who(pub Caller);

impl FromRequestParts<WebState> for Who {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Answer<Self> {
        Ok(Who(identify(parts, state).await?.caller.clone()))
    }
}

/// Somebody who is signed in (or holds a token). The public is sent to the sign-in page, a program gets a 401.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the application.
    pub caller: Caller,
    /// Who.
    pub person: Arc<Person>,
    /// All of it.
    pub identity: Arc<Identity>,
}

impl SignedIn {
    /// CSRF token for forms of this session.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.identity.csrf()
    }
}

impl FromRequestParts<WebState> for SignedIn {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Answer<Self> {
        let identity = identify(parts, state).await?;
        let person = identity.person().cloned().ok_or_else(Problem::sign_in)?;
        Ok(SignedIn { caller: identity.caller.clone(), person, identity })
    }
}

/// What an API token may be used for; a session may do all that its person may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Reading.
    Read,
    /// Commands and uploads.
    Write,
    /// New reports and their files only.
    Report,
    /// Registers and tokens.
    Admin,
}

impl Scope {
    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Report => "report",
            Scope::Admin => "admin",
        }
    }

    /// Whether a caller's token covers this. `write` covers `report`.
    #[must_use]
    pub fn held_by(self, caller: &Caller) -> bool {
        let Some(scopes) = &caller.scopes else { return true };
        scopes.iter().any(|s| s == self.code() || (self == Scope::Report && s == Scope::Write.code()))
    }

    /// Refuses a token that does not cover this.
    ///
    /// # Errors
    /// 403 that names the scope.
    pub fn require(self, caller: &Caller) -> Answer<()> {
        if self.held_by(caller) {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "scope",
            format!("令牌没有“{}”权限范围。", self.code()),
            "请用带有该范围的令牌；令牌由本人在“我的”页面签发。",
        ))
    }
}
