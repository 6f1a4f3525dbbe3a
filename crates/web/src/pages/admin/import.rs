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
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use lianzhi_app::import::{Field, Mapping, Preview, Report, preview};
use lianzhi_procedure::{Choice, Refusal};

#[derive(Template)]
#[template(path = "admin/import.html")]
struct ImportPage {
    shell: Admin,
    form: Form,
    preview: Option<Preview>,
    report: Option<Report>,
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

fn second_form(csrf: &str, name: &str, bytes: &[u8], preview: &Preview) -> Form {
    let headers: Vec<Choice> = preview.headers.iter().map(|h| Choice::new(&**h, &**h)).collect();
    let mut form = Form::new("/admin/import/run", csrf, "导入")
        .hidden("file_name", name)
        .hidden("file_bytes", STANDARD.encode(bytes));
    for field in Field::ALL {
        let value = preview.mapping.columns.get(field).cloned().unwrap_or_default();
        form = form.input(
            Input::new(Kind::Select, field.code(), field.title()).choices(headers.clone()).value(value),
        );
    }
    form.consequence("好的行登记并派遣，有误的行逐行说明，不影响其他行。")
}

fn render(
    state: &WebState,
    who: &SignedIn,
    form: Form,
    preview: Option<Preview>,
    report: Option<Report>,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let shell = open_without_audit(state, who, "导入诉件", "/admin/import")?;
    Ok((status(refusal.as_ref()), page(&ImportPage { shell, form, preview, report })?).into_response())
}

/// `GET /admin/import`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    render(&state, &who, first_form(who.csrf()), None, None, None)
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

/// `POST /admin/import`: looks into the file.
pub(super) async fn upload(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let found = match posted.file("raw-file") {
        Ok((name, bytes)) => look(bytes, name).await.map(|preview| (name.to_owned(), bytes.clone(), preview)),
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok((name, bytes, preview)) => {
            let form = second_form(who.csrf(), &name, &bytes, &preview);
            render(&state, &who, form, Some(preview), None, None)
        }
        Err(refusal) => {
            let form = first_form(who.csrf()).refused(None, Some(&refusal));
            render(&state, &who, form, None, None, Some(refusal))
        }
    }
}

/// `POST /admin/import/run`.
pub(super) async fn run(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let typed = &posted.typed;
    let bytes = STANDARD.decode(typed.text("file_bytes")).map(Bytes::from);
    let bytes =
        bytes.map_err(|_| Refusal::invalid("file", "表格没有传完整。", "请回到第一步重新选择文件。"))?;
    let name = typed.text("file_name");
    let mapping = Mapping {
        columns: Field::ALL.iter().filter_map(|f| Some((*f, typed.given(f.code())?.to_owned()))).collect(),
    };
    let outcome = if mapping.is_empty() {
        Err(Refusal::invalid("description", "没有对应任何一列。", "至少请选择描述在哪一列。"))
    } else {
        state.app.import_reports(&who.caller, &bytes, name, &mapping).await
    };
    match outcome {
        Ok(report) => render(&state, &who, first_form(who.csrf()), None, Some(report), None),
        Err(refusal) => {
            let preview = look(&bytes, name).await?;
            let form = second_form(who.csrf(), name, &bytes, &preview).refused(Some(typed), Some(&refusal));
            render(&state, &who, form, Some(preview), None, None)
        }
    }
}
