//! Tokens and the access log.

use super::extract::{Body, Params};
use super::{Endpoint, Repeats};
use crate::auth::{By, Scope, SignedIn};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/tokens", get(list), "我的令牌")
            .scope(Scope::Admin)
            .gives::<Vec<TokenJson>>(200),
        Endpoint::new(Method::POST, "/api/v1/tokens", post(issue), "签发令牌（只显示这一次）")
            .about("须在浏览器登录后签发，令牌不能再签发令牌。")
            .scope(Scope::Admin)
            .takes::<NewToken>()
            .gives::<Issued>(201)
            .repeats(Repeats::Answer),
        Endpoint::new(Method::DELETE, "/api/v1/tokens/{id}", axum::routing::delete(revoke), "吊销令牌")
            .scope(Scope::Admin)
            .gives_nothing(204),
        Endpoint::new(Method::GET, "/api/v1/access", get(access), "访问日志")
            .query::<AccessQuery>()
            .gives::<Vec<AccessJson>>(200),
    ]
}

/// A token, without itself.
#[derive(Debug, Serialize, JsonSchema)]
struct TokenJson {
    /// For revoking.
    id: Digest,
    /// On whose behalf.
    person: String,
    /// What it is for.
    name: String,
    /// Scopes.
    scopes: Vec<String>,
    /// Since when.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    created_at: Option<Timestamp>,
    /// Until when.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    expires_at: Option<Timestamp>,
    /// Revoked when.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    revoked_at: Option<Timestamp>,
}

async fn list(State(state): State<WebState>, me: SignedIn) -> Answer<Json<Vec<TokenJson>>> {
    let time = |micros: i64| Timestamp::from_microsecond(micros).ok();
    let rows = state.app.tokens(&me.caller).await?;
    let tokens = rows.into_iter().map(|row| TokenJson {
        id: row.digest,
        person: row.person,
        name: row.name,
        scopes: row.scopes,
        created_at: time(row.created_at),
        expires_at: time(row.expires_at),
        revoked_at: row.revoked_at.and_then(time),
    });
    Ok(Json(tokens.collect()))
}

/// What a token shall be good for.
#[derive(Debug, Deserialize, JsonSchema)]
struct NewToken {
    /// What it is for, in words.
    name: String,
    /// `read`, `write`, `report`, `admin`.
    scopes: Vec<String>,
    /// For how many days.
    days: i64,
}

/// A new token.
#[derive(Debug, Serialize, JsonSchema)]
struct Issued {
    /// The token. It is shown this once.
    token: String,
}

async fn issue(State(state): State<WebState>, me: SignedIn, Body(new): Body<NewToken>) -> Answer<Response> {
    if me.identity.by == By::Token {
        // A stolen token must not be able to outlive itself.
        let status = StatusCode::FORBIDDEN;
        return Err(Problem::new(
            status,
            "token-by-token",
            "令牌不能再签发令牌。",
            "请在浏览器登录后，到“我的”页面签发。",
        ));
    }
    let token = state.app.issue_token(&me.caller, &new.name, &new.scopes, new.days).await?;
    Ok((StatusCode::CREATED, Json(Issued { token })).into_response())
}

async fn revoke(State(state): State<WebState>, me: SignedIn, Path(id): Path<Digest>) -> Answer<StatusCode> {
    state.app.revoke_token(&me.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rows of one answer; `before` gives the next.
const ROWS: i64 = 200;

/// Which looks.
#[derive(Debug, Deserialize, JsonSchema)]
struct AccessQuery {
    /// At this matter.
    matter: Option<i64>,
    /// By this actor, e.g. `person:p-0012`.
    actor: Option<String>,
    /// Of this kind, e.g. `particulars`.
    action: Option<String>,
    /// Before this time (RFC 3339), for the next page.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    before: Option<Timestamp>,
}

/// A look that was recorded.
#[derive(Debug, Serialize, JsonSchema)]
struct AccessJson {
    /// When.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    at: Option<Timestamp>,
    /// Who.
    actor: String,
    /// What.
    action: String,
    /// At which matter.
    matter: Option<DocketId>,
    /// Why, from where.
    detail: String,
}

async fn access(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<AccessQuery>,
) -> Answer<Json<Vec<AccessJson>>> {
    let before = query.before.map(Timestamp::as_microsecond);
    let query = lianzhi_app::AccessQuery {
        docket: query.matter.map(DocketId),
        actor: query.actor,
        action: query.action,
        since: None,
        before,
    };
    let rows = state.app.access_log(&me.caller, &query, ROWS).await?;
    let rows = rows.into_iter().map(|row| AccessJson {
        at: Timestamp::from_microsecond(row.at).ok(),
        actor: row.actor,
        action: row.action,
        matter: row.docket,
        detail: row.detail,
    });
    Ok(Json(rows.collect()))
}
