//! Items written out and brought in: TOML and CSV out; TOML in, with a look at what it would change before anything does. One item
//! is edited the same way.

use super::super::export::attachment;
use super::super::form::{Form, Input, Kind, Typed};
use super::super::posted::Posted;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::{HERE, today};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::export::Format;
use lianzhi_app::figures::sheet::{self, Cell};
use lianzhi_law::{Item, ItemChange, Sign, items_text};
use lianzhi_procedure::Refusal;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "law/items.html")]
struct ItemsPage {
    shell: Shell,
    form: Option<Form>,
    /// What it would change; none before it was looked at.
    changes: Option<Vec<ItemChange>>,
    done: bool,
}

impl ItemsPage {
    fn state(&self, sign: &Sign) -> &'static str {
        state_of(*sign)
    }
}

/// How a line of a comparison is marked.
pub(super) fn state_of(sign: Sign) -> &'static str {
    match sign {
        Sign::Added => "done",
        Sign::Changed => "near",
        Sign::Removed => "no",
    }
}

/// What is asked of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    /// The item that is to be edited.
    item: String,
    done: String,
}

/// `GET /law/items`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let text = match law.item(&asked.item) {
        Ok(item) => text_of(&[item], &state)?,
        Err(_) => String::new(),
    };
    let mut typed = Typed::default();
    typed.push("text", text);
    render(&state, &who, &typed, None, None, !asked.done.is_empty())
}

/// `POST /law/items`: a look at what would change; with `sure` it is taken in.
pub(in crate::pages) async fn send(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let text = typed.text("text");
    if typed.text("sure") == "yes" {
        return match state.app.import_items(&who.caller, text).await {
            Ok(_) => Ok(Redirect::to("/law/items?done=kept").into_response()),
            Err(refusal) => refused(&state, &who, typed, refusal),
        };
    }
    match state.app.item_changes(&who.caller, text) {
        Ok(changes) => render(&state, &who, typed, None, Some(changes), false),
        Err(refusal) => refused(&state, &who, typed, refusal),
    }
}

fn refused(state: &WebState, who: &SignedIn, typed: &Typed, refusal: Refusal) -> Answer<Response> {
    let status = Problem::from(refusal.clone()).status;
    Ok((status, render(state, who, typed, Some(&refusal), None, false)?).into_response())
}

fn render(
    state: &WebState,
    who: &SignedIn,
    typed: &Typed,
    refusal: Option<&Refusal>,
    changes: Option<Vec<ItemChange>>,
    done: bool,
) -> Answer<Response> {
    let shell = Shell::new(state, who, "事项的导入导出", HERE);
    let may = state.app.may(&who.caller, "keep_law", None).is_ok();
    let anything = changes.as_ref().is_some_and(|all| all.iter().any(|change| !change.lines.is_empty()));
    let form = || {
        let form = Form::new("/law/items", &shell.csrf, "预览有什么变化")
            .input(Input::new(Kind::File, "text", "事项（TOML，与导出的格式相同）").required())
            .consequence(
                "预览不改变现行数据。导入后，新的和改过的依据由法制审核人员确认以前，不得单独作为处罚依据。",
            )
            .id("items");
        let form = if anything { form.also("sure", "yes", "导入以上变化") } else { form };
        form.refused(Some(typed), refusal)
    };
    page(&ItemsPage { form: may.then(form), changes, done, shell })
}

fn text_of(items: &[&Item], state: &WebState) -> Answer<String> {
    items_text(items.iter().copied(), today(state)).map_err(|error| {
        tracing::error!(%error, "writing items");
        Problem::internal()
    })
}

/// `GET /law/items/export/{ending}`: `toml` or `csv`.
pub(in crate::pages) async fn export(
    State(state): State<WebState>,
    _who: SignedIn,
    Path(ending): Path<String>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let name = format!("items-{}.{ending}", today(&state));
    match ending.as_str() {
        "toml" => {
            let all: Vec<&Item> = law.items().collect();
            Ok(attachment(&name, "application/toml", Body::from(text_of(&all, &state)?)))
        }
        "csv" => {
            let head = [
                "代码",
                "名称",
                "领域",
                "行为",
                "地区",
                "法律",
                "条款",
                "违反",
                "对象",
                "最低罚款（元）",
                "最高罚款（元）",
                "前提",
                "其他",
                "生效",
                "失效",
                "核对",
                "来源",
            ]
            .map(str::to_owned);
            let rows: Vec<Vec<Cell>> = law.items().flat_map(rows).collect();
            let bytes = sheet::file(Format::Csv, &[], &head, &rows).map_err(Problem::from)?;
            Ok(attachment(&name, Format::Csv.media(), Body::from(bytes)))
        }
        _ => Err(Problem::nothing_here()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "fines are far below 2^52 fen")]
fn rows(item: &Item) -> Vec<Vec<Cell>> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let yuan = |fen: Option<i64>| fen.map_or(Cell::Empty, |fen| Cell::Number(fen as f64 / 100.0));
    let head = || vec![text(&item.code), text(&item.name), text(&item.domain), text(&item.violation)];
    let day = |day: Option<jiff::civil::Date>| day.map_or(Cell::Empty, |day| Cell::Text(day.to_string()));
    if item.bases.is_empty() {
        return vec![head()];
    }
    let row = |b: &lianzhi_law::Basis| {
        let amounts = b.fine.amounts();
        let mut cells = head();
        cells.extend([
            text(&b.jurisdiction.title()),
            text(&b.law),
            text(&b.article),
            text(b.prohibit.as_deref().unwrap_or_default()),
            text(&b.subject),
            yuan(amounts.map(|(min, _)| min.0)),
            yuan(amounts.map(|(_, max)| max.0)),
            text(b.precondition.as_deref().unwrap_or_default()),
            text(b.other.as_deref().unwrap_or_default()),
            day(b.from),
            day(b.to),
            text(if b.needs_confirmation() { "待确认" } else { "已核对" }),
            text(&b.source),
        ]);
        cells
    };
    item.bases.iter().map(row).collect()
}
