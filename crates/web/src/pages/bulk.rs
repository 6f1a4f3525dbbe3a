//! Acts on many matters: choose what, see what would happen to each, then do it, one answer for each.

use super::form::{self, Form, Typed};
use super::list::Filters;
use super::posted::Posted;
use super::rows::{Line, stage_title};
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use lianzhi_app::ports::MatterRow;
use lianzhi_app::sequencer::Done;
use lianzhi_app::{BULK_MAX, BulkOffer, Foreseen};
use lianzhi_ids::{DocketId, PersonCode, UnitCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::Directory;
use serde_json::Value;

/// Matters that are worked on at the same time: enough for the sequencer to share its commits.
const AT_ONCE: usize = 8;

/// A command with its form.
struct Act {
    command: &'static str,
    title: &'static str,
    can: usize,
    open: bool,
    form: Form,
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct ChoosePage {
    shell: Shell,
    lines: Vec<Line>,
    acts: Vec<Act>,
    back: String,
    refusal: Option<Refusal>,
}

/// What would happen, or happened, to a matter.
pub(super) struct Fate {
    id: i64,
    number: String,
    title: String,
    /// Entries it had; what the act is bound to.
    seq: i32,
    now: String,
    /// Each a thing that changes, in words.
    changes: Vec<String>,
    refusal: Option<Refusal>,
    /// The reader may see it, so its number leads to it.
    link: bool,
}

#[derive(Template)]
#[template(path = "bulk_preview.html")]
struct PreviewPage {
    shell: Shell,
    title: String,
    asked: Vec<(String, String)>,
    will: Vec<Fate>,
    wont: Vec<Fate>,
    value: String,
    key: String,
    back: String,
}

#[derive(Template)]
#[template(path = "bulk_done.html")]
struct DonePage {
    shell: Shell,
    title: String,
    done: Vec<Fate>,
    failed: Vec<Fate>,
    value: String,
    back: String,
}

#[derive(Template)]
#[template(path = "bulk_row.html")]
struct Row<'a> {
    fate: &'a Fate,
    /// `will`, `wont`, `done` or `failed`.
    how: &'static str,
}

/// Ids that were ticked, each once; with the entries that were seen, when they come from a preview.
fn chosen(typed: &Typed) -> Vec<(DocketId, Option<i32>)> {
    let mut out: Vec<(DocketId, Option<i32>)> = Vec::new();
    for text in typed.all("id") {
        let (id, seq) = text.split_once(':').unwrap_or((text, ""));
        if let Ok(id) = id.parse()
            && !out.iter().any(|(known, _)| known.0 == id)
        {
            out.push((DocketId(id), seq.parse().ok()));
        }
    }
    out
}

/// The list that it all began from.
fn back_to(posted: &Posted) -> String {
    let uri = format!("/?{}", posted.typed.text("back")).parse::<Uri>().unwrap_or_default();
    Filters::of(&uri).text()
}

/// The matters that are meant: those ticked, or the first of all that the list's filters let through.
async fn meant(state: &WebState, who: &SignedIn, posted: &Posted) -> Result<Vec<DocketId>, Refusal> {
    if posted.typed.text("all").is_empty() {
        return Ok(chosen(&posted.typed).into_iter().map(|(id, _)| id).collect());
    }
    let uri = format!("/?{}", back_to(posted)).parse::<Uri>().unwrap_or_default();
    let most = i64::try_from(BULK_MAX).unwrap_or(i64::MAX);
    let found = state.app.list(&who.caller, &Filters::of(&uri).query()?, None, most).await?;
    if found.next.is_some() {
        return Err(Refusal::invalid(
            "id",
            format!("筛选出的件超过 {BULK_MAX} 件，不能一次办理。"),
            "请缩小筛选，或只勾选要办的件。",
        ));
    }
    Ok(found.rows.into_iter().map(|row| row.id).collect())
}

fn unit(directory: &Directory, code: Option<&str>) -> String {
    let code = code.and_then(|u| UnitCode::parse(u).ok());
    code.map(|u| directory.unit_name(&u).to_owned()).unwrap_or_default()
}

fn person(directory: &Directory, code: Option<&str>) -> String {
    let code = code.and_then(|p| PersonCode::parse(p).ok());
    code.map(|p| directory.person_name(&p).to_owned()).unwrap_or_default()
}

/// How a matter stands, in a few words.
fn standing(row: &MatterRow, directory: &Directory) -> String {
    let officer = person(directory, row.assignee.as_deref());
    let stage = stage_title(&row.stage);
    if officer.is_empty() { stage.to_owned() } else { format!("{stage}，{officer}") }
}

/// What changes between a row and how it would stand, or stands.
fn changes(row: &MatterRow, done: &Done, directory: &Directory, state: &WebState) -> Vec<String> {
    let mut out = Vec::new();
    if row.stage != done.stage {
        out.push(format!("阶段：{} → {}", stage_title(&row.stage), stage_title(&done.stage)));
    }
    let mut name = |title: &str, before: String, after: String| {
        let or_none = |text: String| if text.is_empty() { "无".to_owned() } else { text };
        if before != after {
            out.push(format!("{title}：{} → {}", or_none(before), or_none(after)));
        }
    };
    name("承办", person(directory, row.assignee.as_deref()), person(directory, done.assignee.as_deref()));
    name("单位", unit(directory, row.unit.as_deref()), unit(directory, done.unit.as_deref()));
    if let Some(due) = done.due_at.filter(|due| Some(*due) != row.due_at) {
        out.push(format!("时限：{} {}", done.due_name, ui::due(state.app.now(), ui::moment(due))));
    }
    if out.is_empty() {
        out.push("记入过程，阶段和承办不变".into());
    }
    out
}

fn fate(id: DocketId, before: Option<&MatterRow>, outcome: &Result<Done, Refusal>, state: &WebState) -> Fate {
    let directory = state.app.directory();
    Fate {
        id: id.0,
        number: before.map(|r| r.number.clone()).unwrap_or_else(|| format!("第 {id} 号案卷")),
        title: before.map(|r| r.title.clone()).unwrap_or_default(),
        seq: before.map_or(0, |r| r.seq),
        now: before.map(|r| standing(r, &directory)).unwrap_or_default(),
        changes: match (before, outcome) {
            (Some(row), Ok(done)) => changes(row, done, &directory, state),
            _ => Vec::new(),
        },
        refusal: outcome.as_ref().err().cloned(),
        link: before.is_some(),
    }
}

async fn choose_page(
    state: &WebState,
    who: &SignedIn,
    posted: &Posted,
    ids: Vec<DocketId>,
    tried: Option<(&str, Refusal)>,
) -> Answer<Response> {
    let (rows, offers) = state.app.bulk_offers(&who.caller, &ids).await?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let shell = Shell::new(state, who, "批量办理", "/matters");
    let back = back_to(posted);
    let act = |found: BulkOffer| {
        let mut form = form::of_offer(&found.offer, "/matters/bulk/preview".into(), &shell.csrf)
            .hidden("command", found.offer.command)
            .hidden("back", back.clone());
        form.hidden.extend(rows.iter().map(|row| ("id".to_owned(), row.id.to_string())));
        form.button = "预览".into();
        let here = tried.as_ref().filter(|(command, _)| *command == found.offer.command);
        if let Some((_, refusal)) = here {
            form = form.refused(Some(&posted.typed), Some(refusal));
        }
        Act {
            command: found.offer.command,
            title: found.offer.title,
            can: found.can,
            open: here.is_some(),
            form,
        }
    };
    let acts: Vec<Act> = offers.into_iter().map(act).collect();
    let refused = tried.as_ref().map(|(_, r)| Problem::from(r.clone()).status);
    let in_form = acts.iter().any(|a| a.open);
    let shown = ChoosePage {
        lines: rows.iter().map(|r| Line::new(r, &directory, now)).collect(),
        refusal: tried.filter(|_| !in_form).map(|(_, r)| r),
        acts,
        back,
        shell,
    };
    Ok((refused.unwrap_or(StatusCode::OK), page(&shown)?).into_response())
}

/// `POST /matters/bulk`: what can be done with what was ticked.
pub(super) async fn choose(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let begun = async {
        let ids = meant(&state, &who, &posted).await?;
        choose_page(&state, &who, &posted, ids, None).await.map_err(|p| *p.refusal)
    };
    match begun.await {
        Ok(response) => Ok(response),
        // Nothing ticked, or too much: back on the list, with what is wrong.
        Err(refusal) => {
            let uri = format!("/matters?{}", back_to(&posted));
            let uri = uri.parse().unwrap_or_else(|_| Uri::from_static("/matters"));
            super::list::render(&state, &who, &uri, Some(refusal)).await
        }
    }
}

/// What was asked for, in words, for the head of the preview.
fn asked_words(offer: &BulkOffer, typed: &Typed) -> Vec<(String, String)> {
    let words = |field: &lianzhi_procedure::Field| {
        let all: Vec<String> = typed
            .all(field.name)
            .map(|value| {
                let choices = match &field.kind {
                    lianzhi_procedure::FieldKind::Choice { choices }
                    | lianzhi_procedure::FieldKind::Person { choices }
                    | lianzhi_procedure::FieldKind::Unit { choices, .. }
                    | lianzhi_procedure::FieldKind::Many { choices }
                    | lianzhi_procedure::FieldKind::Category { choices }
                    | lianzhi_procedure::FieldKind::Grid { choices } => choices.as_slice(),
                    _ => &[],
                };
                choices.iter().find(|c| c.value == value).map_or(value, |c| c.title.as_str()).to_owned()
            })
            .collect();
        match field.kind {
            lianzhi_procedure::FieldKind::Exhibits if !all.is_empty() => format!("{} 个文件", all.len()),
            lianzhi_procedure::FieldKind::Flag if all.iter().any(|v| v == "true") => "是".into(),
            _ => all.join("、"),
        }
    };
    let pairs = offer.offer.fields.iter().map(|f| (f.title.to_owned(), words(f)));
    pairs.filter(|(_, text)| !text.is_empty()).collect()
}

/// Title of a command on buttons and pages.
fn command_title(value: &Value) -> String {
    let command = value.get("command").and_then(Value::as_str).unwrap_or_default();
    let rule = lianzhi_procedure::policy::TABLE.iter().find(|r| r.action == command);
    rule.map_or(command, |r| r.title).to_owned()
}

/// `POST /matters/bulk/preview`: what would happen to each. Nothing is written.
pub(super) async fn preview(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let ids: Vec<DocketId> = chosen(&posted.typed).into_iter().map(|(id, _)| id).collect();
    let command = posted.typed.text("command").to_owned();
    let mut asked = Vec::new();
    let (title, value) = match posted.typed.given("value").map(serde_json::from_str::<Value>) {
        // Once more, after some of them were not done.
        Some(Ok(value)) => (command_title(&value), value),
        _ => {
            let (_, offers) = state.app.bulk_offers(&who.caller, &ids).await?;
            let Some(offer) = offers.iter().find(|o| o.offer.command == command) else {
                let refusal = Refusal::conflict(
                    "not-offered",
                    "所选的件现在都不能这样办：可能刚被别人办过。",
                    "下面是现在可办的事项。",
                );
                return choose_page(&state, &who, &posted, ids, Some((&command, refusal))).await;
            };
            let typed = posted.sound().and_then(|()| form::command(&offer.offer, &posted.typed));
            match typed {
                Ok(value) => {
                    asked = asked_words(offer, &posted.typed);
                    (offer.offer.title.to_owned(), value)
                }
                Err(refusal) => {
                    return choose_page(&state, &who, &posted, ids, Some((&command, refusal))).await;
                }
            }
        }
    };
    let foreseen = state.app.foresee(&who.caller, &value, &ids).await?;
    // What is wrong with the words themselves is wrong for all of them: it is mended in the form.
    if let Some(refusal) = same_fault(&foreseen)
        && posted.typed.given("value").is_none()
    {
        return choose_page(&state, &who, &posted, ids, Some((&command, refusal))).await;
    }
    let (will, wont): (Vec<Fate>, Vec<Fate>) = foreseen
        .iter()
        .map(|f| fate(f.id, f.before.as_ref(), &f.outcome, &state))
        .partition(|f| f.refusal.is_none());
    page(&PreviewPage {
        shell: Shell::new(&state, &who, format!("预览：{title}"), "/matters"),
        title,
        asked,
        will,
        wont,
        value: value.to_string(),
        key: state.random_id(),
        back: back_to(&posted),
    })
}

/// The fault of a field that every one of them was refused for.
fn same_fault(foreseen: &[Foreseen]) -> Option<Refusal> {
    let first = foreseen.first()?.outcome.as_ref().err().filter(|r| r.field.is_some())?;
    let all = foreseen.iter().all(|f| f.outcome.as_ref().err() == Some(first));
    all.then(|| first.clone())
}

/// Does it to one matter. The key makes the same form sent again give the same answer.
async fn run_one(
    state: &WebState,
    who: &SignedIn,
    value: &Value,
    key: &str,
    (id, seq): (DocketId, Option<i32>),
) -> Fate {
    let before = state.app.bulk_offers(&who.caller, &[id]).await.ok().and_then(|(mut rows, _)| rows.pop());
    let outcome = state.app.command(&who.caller, id, value.clone(), seq, Some(format!("{key}-{id}"))).await;
    let mut fate = fate(id, before.as_ref(), &outcome, state);
    if let (Ok(done), Some(row)) = (&outcome, &before)
        && row.seq >= done.entries
    {
        // It came a second time: what the row says now is what came of it.
        fate.changes = vec![format!("已办：{}", standing(row, &state.app.directory()))];
    }
    fate
}

fn posted_value(posted: &Posted) -> Result<(Value, String), Refusal> {
    let broken = || Refusal::invalid("value", "表单不完整，没有办理任何一件。", "请回到列表重新勾选、预览。");
    let value = serde_json::from_str(posted.typed.text("value")).map_err(|_| broken())?;
    let key = posted.key.clone().filter(|k| k.len() >= 8).ok_or_else(broken)?;
    Ok((value, key))
}

/// `POST /matters/bulk/run`: does it to all of them; an answer for each, and those not done can be tried again.
pub(super) async fn run(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let (value, key) = posted_value(&posted)?;
    let ids = chosen(&posted.typed);
    if ids.is_empty() || ids.len() > BULK_MAX {
        return Err(Refusal::invalid("id", "没有选择办件，或选得太多。", "请回到列表重新勾选。").into());
    }
    let work = ids.into_iter().map(|one| run_one(&state, &who, &value, &key, one));
    let fates: Vec<Fate> = futures::stream::iter(work).buffered(AT_ONCE).collect().await;
    let (failed, done): (Vec<Fate>, Vec<Fate>) = fates.into_iter().partition(|f| f.refusal.is_some());
    let title = command_title(&value);
    page(&DonePage {
        shell: Shell::new(&state, &who, format!("{title}：结果"), "/matters"),
        title,
        done,
        failed,
        value: value.to_string(),
        back: back_to(&posted),
    })
}

/// `POST /matters/bulk/one`: does it to one of them and answers with its line, for a page that shows progress.
pub(super) async fn one(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let (value, key) = posted_value(&posted)?;
    let Some(one) = chosen(&posted.typed).into_iter().next() else {
        return Err(Refusal::invalid("id", "没有选择办件。", "请回到列表重新勾选。").into());
    };
    let fate = run_one(&state, &who, &value, &key, one).await;
    let how = if fate.refusal.is_some() { "failed" } else { "done" };
    page(&Row { fate: &fate, how })
}
