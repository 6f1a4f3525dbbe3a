//! Reports from a spreadsheet: choose the file, see what its columns are taken for, then the result row by row.
//!
//! The file is carried from one step to the next in the form itself, so that nothing half-imported lies around.

use super::{Admin, open_without_audit, status};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use lianzhi_app::import::{Field, Mapping, Preview, Report, Trial, preview};
use lianzhi_procedure::{Choice, Refusal};

#[derive(Template)]
#[template(path = "admin/import.html")]
struct ImportPage {
    shell: Admin,
    form: Form,
    /// The file's name, rows and headers.
    file: Option<(String, usize)>,
    remembered: bool,
    /// Headers that nothing is read from, while the columns are gone through.
    unused: Vec<String>,
    trial: Option<Trial>,
    report: Option<Report>,
    /// Why this person may not import; there is no form then.
    closed: Option<Refusal>,
}

impl ImportPage {
    /// Where one is: 1 to 4.
    fn step(&self) -> u8 {
        match (&self.report, &self.trial, &self.file) {
            (Some(_), ..) => 4,
            (None, Some(_), _) => 3,
            (None, None, Some(_)) => 2,
            _ => 1,
        }
    }
}

/// Name of the cookie that remembers which column is what, for tables with the same headers.
const COOKIE: &str = "lianzhi-import";
/// Longest value of it, bytes: browsers keep four thousand.
const COOKIE_BYTES_MAX: usize = 3_500;

/// What was chosen for a table with these headers the last time.
fn remembered(headers: &HeaderMap, preview: &Preview) -> Option<Mapping> {
    let value = crate::auth::cookie(headers, COOKIE)?;
    let text = percent_encoding::percent_decode_str(&value).decode_utf8().ok()?;
    let mapping: Mapping = serde_json::from_str(&text).ok()?;
    let there = mapping.columns.values().all(|h| preview.headers.contains(h));
    (there && !mapping.is_empty()).then_some(mapping)
}

/// The cookie that remembers a mapping, when it is not too long.
fn remember(mapping: &Mapping) -> Option<HeaderValue> {
    let value = ui::query(&serde_json::to_string(mapping).ok()?);
    let cookie = format!("{COOKIE}={value}; Path=/admin/import; Max-Age=31536000; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&cookie).ok().filter(|_| value.len() <= COOKIE_BYTES_MAX)
}

fn first_form(csrf: &str) -> Form {
    Form::new("/admin/import", csrf, "下一步")
        .input(
            Input::new(Kind::Upload, "raw-file", "表格")
                .required()
                .accept(".csv,.xlsx,text/csv")
                .hint("CSV（UTF-8 或 GB18030）或 XLSX，最大 10 MB、20,000 行"),
        )
        .quiet()
}

/// The columns, to be gone through (`look`) or, once it is shown how rows are read, to be imported.
fn second_form(
    csrf: &str,
    (name, bytes): (&str, &[u8]),
    headers: &[String],
    mapping: &Mapping,
    look: bool,
) -> Form {
    let headers: Vec<Choice> = headers.iter().map(|h| Choice::new(&**h, &**h)).collect();
    let mut form = Form::new("/admin/import/run", csrf, if look { "下一步：预览" } else { "导入" })
        .hidden("file_name", name)
        .hidden("file_bytes", STANDARD.encode(bytes));
    for field in Field::ALL {
        let value = mapping.columns.get(field).cloned().unwrap_or_default();
        form = form.input(
            Input::new(Kind::Select, field.code(), field.title()).choices(headers.clone()).value(value),
        );
    }
    if look {
        return form.hidden("step", "try").consequence("先看每一行会读成什么，还不登记。");
    }
    form.also("step", "try", "按改过的列重新预览").consequence(
        "好的行登记并派遣，有误的行逐行说明，不影响其他行。登记后的办件不能成批撤回，只能逐件处理。",
    )
}

/// Everything that a page of the wizard may show.
#[derive(Default)]
struct Shown {
    form: Option<Form>,
    file: Option<(String, usize)>,
    remembered: bool,
    unused: Vec<String>,
    trial: Option<Trial>,
    report: Option<Report>,
    refusal: Option<Refusal>,
}

fn render(state: &WebState, who: &SignedIn, shown: Shown) -> Answer<Response> {
    let shell = open_without_audit(state, who, "导入诉件", "/admin/import")?;
    let form = shown.form.unwrap_or_else(|| first_form(who.csrf()));
    let Shown { file, remembered, unused, trial, report, refusal, .. } = shown;
    let closed = state.app.may_import(&who.caller).err();
    let page = page(&ImportPage { shell, form, file, remembered, unused, trial, report, closed })?;
    Ok((status(refusal.as_ref()), page).into_response())
}

/// `GET /admin/import`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    render(&state, &who, Shown::default())
}

async fn look(bytes: &Bytes, name: &str) -> Result<Preview, Refusal> {
    let (bytes, name) = (bytes.clone(), name.to_owned());
    let work = tokio::task::spawn_blocking(move || preview(&bytes, &name));
    let preview = work.await.map_err(|_| Refusal::busy("表格没有读完。", "请稍后再试。"))??;
    if preview.count == 0 {
        return Err(Refusal::invalid(
            "raw-file",
            "表格只有列名，没有数据行。",
            "请核对是不是选错了文件或工作表。",
        ));
    }
    Ok(preview)
}

/// The second step: the columns and what is taken from which.
fn columns(
    state: &WebState,
    who: &SignedIn,
    (name, bytes): (&str, &Bytes),
    preview: &Preview,
    mapping: &Mapping,
    refusal: Option<&Refusal>,
) -> Answer<Response> {
    let form = second_form(who.csrf(), (name, bytes), &preview.headers, mapping, true).refused(None, refusal);
    let (file, unused) = (Some((name.to_owned(), preview.count)), mapping.unused(&preview.headers));
    render(state, who, Shown { form: Some(form), file, unused, ..Shown::default() })
}

/// The columns and, where they are enough, what would be read from them.
async fn second(
    state: &WebState,
    who: &SignedIn,
    (name, bytes): (&str, &Bytes),
    preview: &Preview,
    mapping: &Mapping,
    remembered: bool,
) -> Answer<Response> {
    let form = second_form(who.csrf(), (name, bytes), &preview.headers, mapping, false);
    let file = Some((name.to_owned(), preview.count));
    // Columns that are not enough yet are said on the form, as a refused import would be.
    match state.app.import_trial(&who.caller, bytes, name, mapping).await {
        Ok(trial) => render(
            state,
            who,
            Shown { form: Some(form), file, remembered, trial: Some(trial), ..Shown::default() },
        ),
        Err(refusal) => columns(state, who, (name, bytes), preview, mapping, Some(&refusal)),
    }
}

/// `POST /admin/import`: looks into the file.
pub(super) async fn upload(
    State(state): State<WebState>,
    who: SignedIn,
    headers: HeaderMap,
    posted: Posted,
) -> Answer<Response> {
    state.app.may_import(&who.caller)?;
    let found = match posted.file("raw-file") {
        Ok((name, bytes)) => look(bytes, name).await.map(|preview| (name.to_owned(), bytes.clone(), preview)),
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok((name, bytes, preview)) => {
            let known = remembered(&headers, &preview);
            let mapping = known.clone().unwrap_or_else(|| preview.mapping.clone());
            // A column that is not recognised is gone through first, unless it was at the last import.
            if known.is_none() && !mapping.unused(&preview.headers).is_empty() {
                let lacking = mapping.check(&preview.headers).err();
                return columns(&state, &who, (&name, &bytes), &preview, &mapping, lacking.as_ref());
            }
            second(&state, &who, (&name, &bytes), &preview, &mapping, known.is_some()).await
        }
        Err(refusal) => {
            let form = first_form(who.csrf()).refused(None, Some(&refusal));
            render(&state, &who, Shown { form: Some(form), refusal: Some(refusal), ..Shown::default() })
        }
    }
}

/// `POST /admin/import/run`: shows again how rows would be read, or imports them.
pub(super) async fn run(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    state.app.may_import(&who.caller)?;
    let typed = &posted.typed;
    let bytes = STANDARD.decode(typed.text("file_bytes")).map(Bytes::from);
    let bytes =
        bytes.map_err(|_| Refusal::invalid("file", "表格没有传完整。", "请回到第一步重新选择文件。"))?;
    let name = typed.text("file_name");
    let mapping = Mapping {
        columns: Field::ALL.iter().filter_map(|f| Some((*f, typed.given(f.code())?.to_owned()))).collect(),
    };
    let preview = look(&bytes, name).await?;
    if typed.text("step") == "try" {
        return second(&state, &who, (name, &bytes), &preview, &mapping, false).await;
    }
    let outcome = if mapping.is_empty() {
        Err(Refusal::invalid("description", "没有对应任何一列。", "至少请选择描述在哪一列。"))
    } else {
        state.app.import_reports(&who.caller, &bytes, name, &mapping).await
    };
    match outcome {
        Ok(report) => {
            let mut answer = render(&state, &who, Shown { report: Some(report), ..Shown::default() })?;
            if let Some(cookie) = remember(&mapping) {
                answer.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(answer)
        }
        Err(refusal) => {
            let form = second_form(who.csrf(), (name, &bytes), &preview.headers, &mapping, false);
            let form = form.refused(Some(typed), Some(&refusal));
            let file = Some((name.to_owned(), preview.count));
            render(&state, &who, Shown { form: Some(form), file, refusal: Some(refusal), ..Shown::default() })
        }
    }
}
