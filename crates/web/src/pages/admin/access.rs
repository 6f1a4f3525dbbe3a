//! Who looked at what, and what was changed in the registers.

use super::{Admin, open};
use crate::auth::SignedIn;
use crate::pages::export::attachment;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::export::Format;
use lianzhi_app::figures::sheet;
use lianzhi_app::ports::{AccessQuery, AccessRow};
use lianzhi_app::{Change, ChangesQuery, RecordLine};
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
    asked: Asked,
    people: Vec<(String, String)>,
    next: Option<String>,
    file: String,
    refusal: Option<Refusal>,
}

/// What is asked of the access log.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    actor: String,
    docket: String,
    action: String,
    from: String,
    to: String,
    before: String,
}

impl Asked {
    fn is_empty(&self) -> bool {
        [&self.actor, &self.docket, &self.action, &self.from, &self.to].iter().all(|t| t.trim().is_empty())
    }
    /// As a query string, without the page.
    fn text(&self) -> String {
        let pairs = [
            ("actor", &self.actor),
            ("docket", &self.docket),
            ("action", &self.action),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given = pairs.iter().filter(|(_, v)| !v.trim().is_empty());
        given.map(|(n, v)| format!("{n}={}", ui::query(v.trim()))).collect::<Vec<_>>().join("&")
    }
}

/// Lines on a page.
const LINES: i64 = 100;
/// Lines of a file.
const FILE_LINES: i64 = 10_000;

/// Kinds of accesses with their words.
const ACTIONS: &[(&str, &str)] = &[
    ("particulars", "查看上报人信息"),
    ("search_particulars", "按姓名电话查找"),
    ("asked", "被征求意见的人查看案件"),
    ("export", "导出"),
    ("exhibit", "查看证据原件"),
    ("sign_in", "登录"),
    ("sign_in_failed", "登录失败"),
    ("sign_out", "退出"),
    ("follow", "公众查进度"),
    ("follow_failed", "查询码不对"),
    ("token", "令牌"),
    ("password", "密码"),
    ("backup", "备份"),
];

fn action(code: &str) -> &'static str {
    ACTIONS.iter().find(|(c, _)| *c == code).map_or("访问", |(_, title)| title)
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

/// The first moment of a day, or of the day after, in micros.
fn micros(field: &'static str, text: &str, plus: i64) -> Result<Option<i64>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = super::law::due::day(field, text)?.saturating_add(jiff::Span::new().days(plus));
    Ok(Some(i64::from(lianzhi_app::figures::rules::begin(day)) * 1_000_000))
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

/// The lines that are asked for.
async fn read(
    state: &WebState,
    who: &SignedIn,
    asked: &Asked,
    limit: i64,
) -> Result<Vec<AccessRow>, Refusal> {
    state.app.may(&who.caller, "audit", None)?;
    let docket = match asked.docket.trim() {
        "" => None,
        text => Some(match text.parse() {
            Ok(id) => DocketId(id),
            Err(_) => state.app.by_number(&who.caller, text).await?,
        }),
    };
    let until = micros("to", &asked.to, 1)?;
    let page: Option<i64> = asked.before.parse().ok();
    let query = AccessQuery {
        docket,
        actor: given(&asked.actor),
        action: given(&asked.action),
        since: micros("from", &asked.from, 0)?,
        before: page.into_iter().chain(until).min(),
    };
    state.app.access_log(&who.caller, &query, limit).await
}

/// Where a further page begins, when there is one.
async fn more(
    state: &WebState,
    who: &SignedIn,
    asked: &Asked,
    rows: &[AccessRow],
    limit: i64,
) -> Result<Option<i64>, Refusal> {
    let full = i64::try_from(rows.len()).is_ok_and(|n| n >= limit);
    let Some(last) = rows.last().filter(|_| full) else { return Ok(None) };
    let further = Asked { before: last.at.to_string(), ..asked.clone() };
    Ok(read(state, who, &further, 1).await?.first().map(|_| last.at))
}

/// What stands above a file that does not hold everything.
fn cut_short(more: bool, rows: usize) -> Vec<String> {
    let said = || {
        let rows = ui::count(&i64::try_from(rows).unwrap_or(i64::MAX));
        format!("只含最近的 {rows} 行，还有更早的；请缩短时间范围，分几次另存。")
    };
    more.then(said).into_iter().collect()
}

/// Names the matters of some lines.
async fn lines(state: &WebState, rows: &[AccessRow]) -> Answer<Vec<Line>> {
    let ids: std::collections::BTreeSet<DocketId> = rows.iter().filter_map(|r| r.docket).collect();
    let ids: Vec<DocketId> = ids.into_iter().collect();
    let mut named = std::collections::HashMap::new();
    for chunk in ids.chunks(200) {
        for row in state.app.store().journal.matters(chunk).await.map_err(Problem::from)? {
            named.insert(row.id, row.number);
        }
    }
    let directory = state.app.directory();
    let number = |id: DocketId| named.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let line = |r: &AccessRow| Line {
        at: ui::moment(r.at),
        who: actor(&r.actor, &directory),
        what: action(&r.action),
        docket: r.docket.map(|d| (d.0, number(d))),
        detail: r.detail.clone(),
    };
    Ok(rows.iter().map(line).collect())
}

/// People to choose from.
fn people(directory: &Directory) -> Vec<(String, String)> {
    let mut people: Vec<(String, String)> =
        directory.people.values().map(|p| (format!("person:{}", p.code), p.name.clone())).collect();
    people.sort();
    people
}

/// `GET /admin/access`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let shell = open(&state, &who, "查看记录", "/admin/access")?;
    // What cannot be found is said in place: what was asked stays in the form.
    let (rows, refusal) = match read(&state, &who, &asked, LINES).await {
        Ok(rows) => (rows, None),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    let next = match &refusal {
        None => more(&state, &who, &asked, &rows, LINES).await?,
        Some(_) => None,
    };
    let next = next.map(|before| format!("{}&before={before}", asked.text()));
    let status = refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    let shown = page(&AccessPage {
        lines: lines(&state, &rows).await?,
        now: state.app.now(),
        people: people(&state.app.directory()),
        file: asked.text(),
        asked,
        next,
        refusal,
        shell,
    })?;
    Ok((status, shown).into_response())
}

/// `GET /admin/access/export/{ending}`: what is shown, as a file; itself recorded.
pub(super) async fn file(
    State(state): State<WebState>,
    who: SignedIn,
    Path(ending): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let format = Format::from_ending(&ending).filter(|f| *f != Format::GeoJson);
    let format = format.ok_or_else(Problem::nothing_here)?;
    let rows = read(&state, &who, &asked, FILE_LINES).await?;
    let more = more(&state, &who, &asked, &rows, FILE_LINES).await?;
    let lines = lines(&state, &rows).await?;
    let text = |text: &str| sheet::Cell::Text(text.to_owned());
    let cells: Vec<Vec<sheet::Cell>> = lines
        .iter()
        .map(|l| {
            let number = l.docket.as_ref().map(|(_, n)| n.as_str()).unwrap_or_default();
            vec![text(&ui::exact(&l.at)), text(&l.who), text(l.what), text(number), text(&l.detail)]
        })
        .collect();
    let head = ["时间", "谁", "做了什么", "办件", "说明"].map(str::to_owned);
    let bytes =
        sheet::file(format, &cut_short(more.is_some(), cells.len()), &head, &cells).map_err(Problem::from)?;
    state.app.note_access(&who.caller, "export", None, &format!("查看记录 {} 行", cells.len()));
    Ok(attachment(&format!("access.{}", format.ending()), format.media(), Body::from(bytes)))
}

/// A change of a record.
struct Entry {
    /// Its position in the log.
    pos: i64,
    register: &'static str,
    key: String,
    docket: i64,
    retired: bool,
    at: Timestamp,
    what: String,
    /// What of it was changed, in one line.
    changed: String,
    by: String,
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    shell: Admin,
    now: Timestamp,
    entries: Vec<Entry>,
    which: Which,
    people: Vec<(String, String)>,
    next: Option<String>,
    file: String,
    refusal: Option<Refusal>,
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

/// What is asked of the changes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    register: String,
    q: String,
    actor: String,
    from: String,
    to: String,
    /// Where the next page begins.
    after: String,
}

impl Which {
    fn text(&self, register: &str) -> String {
        let pairs = [
            ("register", register),
            ("q", self.q.trim()),
            ("actor", self.actor.trim()),
            ("from", self.from.trim()),
            ("to", self.to.trim()),
        ];
        let given = pairs.iter().filter(|(_, v)| !v.is_empty());
        given.map(|(n, v)| format!("{n}={}", ui::query(v))).collect::<Vec<_>>().join("&")
    }
    fn is_empty(&self) -> bool {
        self.text("").is_empty()
    }
}

/// Changes on the page.
const ENTRIES: usize = 50;
/// Changes of a file.
const FILE_ENTRIES: usize = 10_000;

/// Particulars of a change in one line: `上级：督察科 → 青浦区执法局；电话：…`.
fn in_one_line(detail: &[(String, String)]) -> String {
    detail.iter().map(|(field, what)| format!("{field}：{what}")).collect::<Vec<_>>().join("；")
}

/// The changes that are asked for, those of last first, at most so many; and whether there are more.
async fn changes(
    state: &WebState,
    who: &SignedIn,
    which: &Which,
    most: usize,
) -> Result<(Vec<Entry>, bool), Refusal> {
    let query = ChangesQuery {
        register: given(&which.register),
        q: given(&which.q),
        actor: given(&which.actor),
        since: micros("from", &which.from, 0)?,
        until: micros("to", &which.to, 1)?,
        before: which.after.parse().ok(),
    };
    let (changes, more) = state.app.changes(&who.caller, &query, most).await?;
    let entry = |change: Change| Entry {
        pos: change.line.pos,
        register: REGISTERS.iter().find(|(c, _)| *c == change.record.register).map_or("名录", |(_, t)| t),
        key: change.record.key,
        docket: change.record.docket.0,
        retired: change.record.retired,
        at: change.line.at,
        what: change.line.title,
        changed: in_one_line(&change.line.detail),
        by: change.line.actor,
    };
    Ok((changes.into_iter().map(entry).collect(), more))
}

/// `GET /admin/audit`: what was changed in the registers.
pub(super) async fn audit(
    State(state): State<WebState>,
    who: SignedIn,
    Query(which): Query<Which>,
) -> Answer<Response> {
    let shell = open(&state, &who, "变更记录", "/admin/audit")?;
    let (entries, more, refusal) = match changes(&state, &who, &which, ENTRIES).await {
        Ok((entries, more)) => (entries, more, None),
        Err(refusal) => (Vec::new(), false, Some(refusal)),
    };
    let last = entries.last().filter(|_| more);
    let next = last.map(|e| format!("{}&after={}", which.text(&which.register), e.pos));
    let status = refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    let shown = page(&AuditPage {
        now: state.app.now(),
        people: people(&state.app.directory()),
        file: which.text(&which.register),
        entries,
        which,
        next,
        refusal,
        shell,
    })?;
    Ok((status, shown).into_response())
}

/// `GET /admin/audit/export/{ending}`: the same as a file.
pub(super) async fn audit_file(
    State(state): State<WebState>,
    who: SignedIn,
    Path(ending): Path<String>,
    Query(which): Query<Which>,
) -> Answer<Response> {
    state.app.may(&who.caller, "audit", None)?;
    let format = Format::from_ending(&ending).filter(|f| *f != Format::GeoJson);
    let format = format.ok_or_else(Problem::nothing_here)?;
    let (entries, more) = changes(&state, &who, &which, FILE_ENTRIES).await?;
    let text = |text: &str| sheet::Cell::Text(text.to_owned());
    let cells: Vec<Vec<sheet::Cell>> = entries
        .iter()
        .map(|e| {
            let at = ui::exact(&e.at);
            let state = if e.retired { "已停用" } else { "有效" };
            let (what, changed) = (text(&e.what), text(&e.changed));
            vec![text(&at), text(e.register), text(&e.key), what, changed, text(&e.by), text(state)]
        })
        .collect();
    let head = ["时间", "名录", "记录", "做了什么", "改了什么", "谁", "记录现在"].map(str::to_owned);
    let bytes = sheet::file(format, &cut_short(more, cells.len()), &head, &cells).map_err(Problem::from)?;
    state.app.note_access(&who.caller, "export", None, &format!("变更记录 {} 行", cells.len()));
    Ok(attachment(&format!("changes.{}", format.ending()), format.media(), Body::from(bytes)))
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
