//! Who looked at what, and what was changed in the registers.

use super::{Admin, open};
use crate::auth::SignedIn;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::{AccessQuery, RecordLine};
use lianzhi_ids::{DocketId, PersonCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::Directory;
use serde::Deserialize;

/// A look or another access.
struct Line {
    at: Timestamp,
    who: String,
    what: &'static str,
    /// Its id and its number.
    docket: Option<(i64, String)>,
    detail: String,
}

#[derive(Template)]
#[template(path = "admin/access.html")]
struct AccessPage {
    shell: Admin,
    now: Timestamp,
    lines: Vec<Line>,
    actor: String,
    docket: String,
    people: Vec<(String, String)>,
    next: Option<String>,
    refusal: Option<Refusal>,
}

/// What is asked of the access log.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    docket: String,
    #[serde(default)]
    before: String,
}

/// Lines on a page.
const LINES: i64 = 100;

fn action(code: &str) -> &'static str {
    match code {
        "particulars" => "查看上报人信息",
        "search_particulars" => "按姓名电话查找",
        "export" => "导出",
        "exhibit" => "查看证据原件",
        "sign_in" => "登录",
        "sign_in_failed" => "登录失败",
        "sign_out" => "退出",
        "follow" => "公众查进度",
        "follow_failed" => "查询码不对",
        "token" => "令牌",
        "password" => "密码",
        _ => "访问",
    }
}

fn actor(label: &str, directory: &Directory) -> String {
    match label.split_once(':') {
        Some(("person", code)) => PersonCode::parse(code)
            .map_or_else(|_| label.to_owned(), |c| directory.person_name(&c).to_owned()),
        _ => match label {
            "public" => "公众".into(),
            "reporter" => "上报人".into(),
            "system" => "系统".into(),
            other => other.to_owned(),
        },
    }
}

/// `GET /admin/access`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let shell = open(&state, &who, "查看记录", "/admin/access")?;
    let directory = state.app.directory();
    let docket = match asked.docket.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(id) => Ok(Some(DocketId(id))),
            Err(_) => state.app.by_number(&who.caller, text).await.map(Some),
        },
    };
    // A number that is not there is said in place: what was asked stays in the form.
    let (docket, refusal) = match docket {
        Ok(docket) => (docket, None),
        Err(refusal) => (None, Some(refusal)),
    };
    let query = AccessQuery {
        docket,
        actor: Some(asked.actor.clone()).filter(|a| !a.is_empty()),
        before: asked.before.parse().ok(),
    };
    let mut rows = state.app.access_log(&who.caller, &query, LINES).await?;
    if refusal.is_some() {
        rows.clear();
    }
    let ids: std::collections::BTreeSet<DocketId> = rows.iter().filter_map(|r| r.docket).collect();
    let ids: Vec<DocketId> = ids.into_iter().collect();
    let named = state.app.store().journal.matters(&ids).await.map_err(Problem::from)?;
    let number =
        |id: DocketId| named.iter().find(|m| m.id == id).map_or_else(|| id.to_string(), |m| m.number.clone());
    let next = (i64::try_from(rows.len()).unwrap_or(0) == LINES).then(|| rows.last()).flatten().map(|r| {
        format!("actor={}&docket={}&before={}", ui::query(&asked.actor), ui::query(asked.docket.trim()), r.at)
    });
    let lines = rows.iter().map(|r| Line {
        at: ui::moment(r.at),
        who: actor(&r.actor, &directory),
        what: action(&r.action),
        docket: r.docket.map(|d| (d.0, number(d))),
        detail: r.detail.clone(),
    });
    let mut people: Vec<(String, String)> =
        directory.people.values().map(|p| (format!("person:{}", p.code), p.name.clone())).collect();
    people.sort();
    let status = refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    let shown = page(&AccessPage {
        lines: lines.collect(),
        now: state.app.now(),
        actor: asked.actor,
        docket: asked.docket,
        people,
        next,
        refusal,
        shell,
    })?;
    Ok((status, shown).into_response())
}

/// A record of a register with its docket.
struct Entry {
    register: &'static str,
    key: String,
    docket: i64,
    retired: bool,
    updated: i64,
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    shell: Admin,
    now: Timestamp,
    entries: Vec<Entry>,
    register: String,
    more: usize,
}

#[derive(Template)]
#[template(path = "admin/history.html")]
struct HistoryPage {
    shell: Admin,
    now: Timestamp,
    title: String,
    lines: Vec<RecordLine>,
}

/// Registers with their names on screen.
pub(super) const REGISTERS: &[(&str, &str)] = &[
    ("unit", "单位"),
    ("person", "人员"),
    ("grid", "网格"),
    ("category", "类别"),
    ("settings", "设置"),
    ("law", "期限和日历"),
    ("addresses", "地址"),
    ("access", "账户"),
];

#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    register: String,
}

/// Records on the page, those changed last first.
const ENTRIES_MAX: usize = 200;

/// `GET /admin/audit`: registers by what changed last.
pub(super) async fn audit(
    State(state): State<WebState>,
    who: SignedIn,
    Query(which): Query<Which>,
) -> Answer<Response> {
    let shell = open(&state, &who, "变更记录", "/admin/audit")?;
    let journal = &state.app.store().journal;
    let mut rows = journal.registers().await.map_err(Problem::from)?;
    rows.retain(|r| which.register.is_empty() || r.register == which.register);
    let ids: Vec<DocketId> = rows.iter().map(|r| r.docket).collect();
    let mut updated = std::collections::HashMap::new();
    for chunk in ids.chunks(200) {
        for row in journal.matters(chunk).await.map_err(Problem::from)? {
            updated.insert(row.id, row.updated_at);
        }
    }
    let mut entries: Vec<Entry> = rows
        .into_iter()
        .map(|r| Entry {
            register: REGISTERS.iter().find(|(c, _)| *c == r.register).map_or("名录", |(_, t)| t),
            key: r.key,
            docket: r.docket.0,
            retired: r.retired,
            updated: updated.get(&r.docket).copied().unwrap_or_default(),
        })
        .collect();
    entries.sort_by_key(|e| std::cmp::Reverse((e.updated, e.docket)));
    let more = entries.len().saturating_sub(ENTRIES_MAX);
    entries.truncate(ENTRIES_MAX);
    page(&AuditPage { shell, now: state.app.now(), entries, register: which.register, more })
}

/// `GET /admin/audit/{docket}`: every change of one record.
pub(super) async fn history(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
) -> Answer<Response> {
    let shell = open(&state, &who, "变更记录", "/admin/audit")?;
    let mut lines = state.app.record(&who.caller, DocketId(id)).await?;
    lines.sort_by_key(|l| std::cmp::Reverse(l.seq));
    let rows = state.app.store().journal.matters(&[DocketId(id)]).await.map_err(Problem::from)?;
    let number = rows.first().map(|r| r.number.clone()).unwrap_or_default();
    let (register, key) = number.split_once(':').unwrap_or(("", &number));
    let title = format!("{} {key}", REGISTERS.iter().find(|(c, _)| *c == register).map_or("", |(_, t)| t));
    page(&HistoryPage { shell, now: state.app.now(), title, lines })
}
