//! The JSON API. One table of endpoints ([`table`]) makes the routes, their guards and the OpenAPI document, so that
//! none of them can say something else than the others.

mod access;
mod cases;
mod compact;
mod cooperation;
mod digest;
mod exhibits;
mod extract;
mod imports;
mod law;
mod look;
mod matters;
mod money;
mod public;
mod registers;
pub(crate) mod repeat;
mod reports;
mod shapes;
mod spots;
mod stats;

pub(crate) use cooperation::place_of;
pub(crate) use exhibits::file_endpoints;
pub use shapes::MatterJson;

use crate::auth::{self, Scope};
use crate::problem::{Answer, Problem};
use crate::security::{self, Limited};
use crate::state::WebState;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodRouter;
use lianzhi_procedure::Actor;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Makes the schema of a type within a document.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// What a request carries.
#[derive(Clone, Copy)]
pub enum Carries {
    /// No body.
    Nothing,
    /// JSON.
    Json(Shape),
    /// `multipart/form-data` with these parts: (name, is a file, what it is).
    Parts(&'static [(&'static str, bool, &'static str)]),
    /// Bytes of this media type.
    Bytes(&'static str),
}

/// What an answer carries.
#[derive(Clone, Copy)]
pub enum Gives {
    /// No body.
    Nothing,
    /// JSON.
    Json(Shape),
    /// Something of this media type.
    Media(&'static str),
}

/// Who may ask at all; what they see and may do is the policy's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody.
    Anybody,
    /// Anybody, the public so often.
    Rated(Limited),
    /// Somebody signed in or with a token.
    SignedIn,
}

/// What an `Idempotency-Key` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// The answer is kept in the transaction that writes the entries.
    Entry,
    /// The answer is kept after it was given.
    Answer,
    /// Nothing is kept: it changes nothing (a look at something, by the rules of that moment), or its own offset makes
    /// a repetition harmless.
    Harmless,
}

/// One endpoint.
pub struct Endpoint {
    /// Method.
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// One line.
    pub title: &'static str,
    /// What one has to know, when a line is not enough.
    pub about: &'static str,
    /// Who.
    pub need: Need,
    /// What a token needs.
    pub scope: Scope,
    /// Query parameters.
    pub query: Option<Shape>,
    /// Body.
    pub carries: Carries,
    /// Status and body of a good answer.
    pub gives: (u16, Gives),
    /// What an `Idempotency-Key` does, when one is taken.
    pub repeats: Option<Repeats>,
    handler: MethodRouter<WebState>,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Endpoint {
    pub(crate) fn new(
        method: Method,
        path: &'static str,
        handler: MethodRouter<WebState>,
        title: &'static str,
    ) -> Self {
        let scope = if method == Method::GET { Scope::Read } else { Scope::Write };
        Endpoint {
            method,
            path,
            title,
            about: "",
            need: Need::SignedIn,
            scope,
            query: None,
            carries: Carries::Nothing,
            gives: (200, Gives::Nothing),
            repeats: None,
            handler,
        }
    }
    pub(crate) fn about(self, about: &'static str) -> Self {
        Endpoint { about, ..self }
    }
    pub(crate) fn need(self, need: Need) -> Self {
        Endpoint { need, ..self }
    }
    pub(crate) fn scope(self, scope: Scope) -> Self {
        Endpoint { scope, ..self }
    }
    pub(crate) fn query<T: JsonSchema>(self) -> Self {
        Endpoint { query: Some(shape::<T>), ..self }
    }
    pub(crate) fn query_shape(self, query: Shape) -> Self {
        Endpoint { query: Some(query), ..self }
    }
    pub(crate) fn takes<T: JsonSchema>(self) -> Self {
        Endpoint { carries: Carries::Json(shape::<T>), ..self }
    }
    pub(crate) fn takes_shape(self, body: Shape) -> Self {
        Endpoint { carries: Carries::Json(body), ..self }
    }
    pub(crate) fn parts(self, parts: &'static [(&'static str, bool, &'static str)]) -> Self {
        Endpoint { carries: Carries::Parts(parts), ..self }
    }
    pub(crate) fn bytes(self, media: &'static str) -> Self {
        Endpoint { carries: Carries::Bytes(media), ..self }
    }
    pub(crate) fn gives<T: JsonSchema>(self, status: u16) -> Self {
        Endpoint { gives: (status, Gives::Json(shape::<T>)), ..self }
    }
    pub(crate) fn gives_media(self, media: &'static str) -> Self {
        Endpoint { gives: (200, Gives::Media(media)), ..self }
    }
    pub(crate) fn gives_nothing(self, status: u16) -> Self {
        Endpoint { gives: (status, Gives::Nothing), ..self }
    }
    fn repeating(self, state: &WebState) -> MethodRouter<WebState> {
        if self.repeats == Some(Repeats::Answer) {
            self.handler.route_layer(from_fn_with_state(state.clone(), repeat::remember))
        } else {
            self.handler
        }
    }
    pub(crate) fn repeats(self, repeats: Repeats) -> Self {
        Endpoint { repeats: Some(repeats), ..self }
    }
}

/// All endpoints of the API.
#[must_use]
pub fn table() -> Vec<Endpoint> {
    let mut table = Vec::new();
    table.extend(reports::endpoints());
    table.extend(matters::endpoints());
    table.extend(cases::endpoints());
    table.extend(spots::endpoints());
    table.extend(public::endpoints());
    table.extend(money::endpoints());
    table.extend(cooperation::endpoints());
    table.extend(exhibits::endpoints());
    table.extend(digest::endpoints());
    table.extend(stats::endpoints());
    table.extend(law::endpoints());
    table.extend(compact::endpoints());
    table.extend(look::endpoints());
    table.extend(registers::endpoints());
    table.extend(imports::endpoints());
    table.extend(access::endpoints());
    table
}

/// Names of the query parameters of an endpoint.
pub(crate) fn parameters(endpoint: &Endpoint) -> Vec<String> {
    let mut generator = SchemaGenerator::default();
    let Some(query) = endpoint.query else { return Vec::new() };
    let mut schema = query(&mut generator);
    if let Some(name) = schema.get("$ref").and_then(|r| r.as_str()).and_then(|r| r.rsplit('/').next()) {
        let definition = generator.definitions().get(name).cloned();
        schema = definition.and_then(|d| Schema::try_from(d).ok()).unwrap_or_default();
    }
    let properties = schema.get("properties").and_then(|p| p.as_object());
    properties.map(|p| p.keys().cloned().collect()).unwrap_or_default()
}

/// Routes made from the table.
pub(crate) fn router(state: &WebState) -> Router<WebState> {
    let mut router = Router::new();
    for endpoint in table() {
        let known: Vec<String> = parameters(&endpoint);
        let (need, scope) = (endpoint.need, endpoint.scope);
        let guard = move |request: Request, next: Next, state: WebState| {
            let known = known.clone();
            async move { guard(&state, need, scope, &known, request, next).await }
        };
        let held = state.clone();
        let path = endpoint.path;
        let handler = endpoint
            .repeating(state)
            .route_layer(from_fn(move |request: Request, next: Next| guard(request, next, held.clone())));
        router = router.route(path, handler);
    }
    router
        .layer(from_fn_with_state(state.clone(), security::header_token))
        // Every handler counts what it reads; uploads go far beyond the usual limit.
        .layer(DefaultBodyLimit::disable())
}

/// Uploads and downloads. Not guarded by the table: tus has its own manners, and each handler asks for its scope.
pub(crate) fn file_router(state: &WebState) -> Router<WebState> {
    let mut router = Router::new();
    for endpoint in file_endpoints() {
        let path = endpoint.path;
        router = router.route(path, endpoint.repeating(state));
    }
    router
        .layer(from_fn_with_state(state.clone(), security::header_token))
        .layer(from_fn(crate::tus::protocol))
        .layer(DefaultBodyLimit::disable())
}

async fn guard(
    state: &WebState,
    need: Need,
    scope: Scope,
    known: &[String],
    request: Request,
    next: Next,
) -> Answer<Response> {
    let (mut parts, body) = request.into_parts();
    let who = auth::identify(&mut parts, state).await?;
    let public = matches!(who.caller.actor, Actor::Public);
    match need {
        Need::SignedIn if public => return Err(Problem::sign_in()),
        Need::Rated(limited) if public => {
            state.limits.check(limited, auth::client_address(&parts, &state.config))?;
        }
        _ => {}
    }
    if who.session.as_ref().is_some_and(|s| s.must_change && !s.half) {
        let rule = "临时密码须先修改。";
        let status = StatusCode::FORBIDDEN;
        return Err(Problem::new(status, "password-change-due", rule, "请在浏览器登录后修改密码。"));
    }
    scope.require(&who.caller)?;
    // A filter with a slip in its name would otherwise show everything and look as if it had worked.
    for (name, _) in extract::pairs(parts.uri.query().unwrap_or_default())? {
        if !known.contains(&name) {
            let remedy = match known {
                [] => "这个接口没有查询参数。".to_owned(),
                _ => format!("可用的参数：{}。", known.join("、")),
            };
            return Err(
                Problem::malformed("unknown-parameter", format!("没有查询参数 {name}。"), remedy).at(name)
            );
        }
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_endpoint_is_there_once_and_says_what_it_is_for() {
        let table = table();
        let mut seen = BTreeSet::new();
        for e in &table {
            assert!(seen.insert((e.method.to_string(), e.path)), "{e:?} twice");
            assert!(!e.title.is_empty(), "{e:?}");
        }
    }

    #[test]
    fn every_post_can_be_repeated_safely() {
        for e in table().iter().chain(&file_endpoints()).filter(|e| e.method == Method::POST) {
            assert!(e.repeats.is_some(), "{e:?} takes no Idempotency-Key");
        }
    }

    #[test]
    fn filters_are_known_by_name() {
        let table = table();
        let list = table.iter().find(|e| e.path == "/api/v1/matters").unwrap();
        let known = parameters(list);
        for name in [
            "kind",
            "stage",
            "category",
            "unit",
            "assignee",
            "overdue",
            "bbox",
            "q",
            "updated_since",
            "cursor",
            "limit",
            "count",
        ] {
            assert!(known.iter().any(|k| k == name), "{name} is missing in {known:?}");
        }
    }
}
