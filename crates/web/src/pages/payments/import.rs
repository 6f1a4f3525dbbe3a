//! The bank's file: choose it, see where each line goes, then import it. The file is carried from one step to the next in the form
//! itself, so that nothing half-imported lies around.

use super::{Way, ways};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use lianzhi_app::payments::{PayField, PayMapping, PaymentPreview, PaymentReport, PaymentTrial, preview};
use lianzhi_procedure::{Choice, Refusal};

#[derive(Template)]
#[template(path = "payments/import.html")]
struct ImportPage {
    shell: Shell,
    ways: Vec<Way>,
    form: Form,
    file: Option<(String, usize)>,
    trial: Option<PaymentTrial>,
    report: Option<PaymentReport>,
}

#[derive(Default)]
struct Shown {
    form: Option<Form>,
    file: Option<(String, usize)>,
    trial: Option<PaymentTrial>,
    report: Option<PaymentReport>,
    refusal: Option<Refusal>,
}

fn first_form(csrf: &str) -> Form {
    Form::new("/payments/import", csrf, "下一步")
        .input(
            Input::new(Kind::Upload, "raw-file", "银行文件")
                .required()
                .accept(".csv,.xlsx,text/csv")
                .hint("CSV（UTF-8 或 GB18030）或 XLSX；要有流水号、金额、时间，最好有缴款码；列的次序和名称不限，下一步可以指定"),
        )
        .quiet()
}

fn second_form(csrf: &str, (name, bytes): (&str, &[u8]), headers: &[String], mapping: &PayMapping) -> Form {
    let headers: Vec<Choice> = headers.iter().map(|h| Choice::new(&**h, &**h)).collect();
    let mut form = Form::new("/payments/import/run", csrf, "导入")
        .hidden("file_name", name)
        .hidden("file_bytes", STANDARD.encode(bytes));
    for field in PayField::ALL {
        let value = mapping.columns.get(field).cloned().unwrap_or_default();
        let input =
            Input::new(Kind::Select, field.code(), field.title()).choices(headers.clone()).value(value);
        form = form.input(if field.required() { input.required() } else { input });
    }
    form.also("step", "try", "按改过的列重新预览")
        .consequence("有缴款码的记入案件；不能归入的留在“到账”里由人处理，不会丢。已导入的跳过。")
}

fn render(state: &WebState, who: &SignedIn, shown: Shown) -> Answer<Response> {
    let form = shown.form.unwrap_or_else(|| first_form(who.csrf()));
    let Shown { file, trial, report, refusal, .. } = shown;
    let status = refusal.map(|refusal| Problem::from(refusal).status);
    let response = page(&ImportPage {
        shell: Shell::new(state, who, "导入银行文件", "/cases"),
        ways: ways(state, who, "/payments/import"),
        form,
        file,
        trial,
        report,
    })?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

/// `GET /payments/import`.
pub(in crate::pages) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    state.app.may_settle_payments(&who.caller)?;
    render(&state, &who, Shown::default())
}

async fn look(bytes: &Bytes, name: &str) -> Result<PaymentPreview, Refusal> {
    let (bytes, name) = (bytes.clone(), name.to_owned());
    let work = tokio::task::spawn_blocking(move || preview(&bytes, &name));
    let preview = work.await.map_err(|_| Refusal::busy("文件没有读完。", "请稍后再试。"))??;
    if preview.count == 0 {
        let remedy = "请核对是不是选错了文件或工作表。";
        return Err(Refusal::invalid("raw-file", "文件只有列名，没有数据行。", remedy));
    }
    Ok(preview)
}

/// The columns and, where they are enough, what would become of each line.
async fn second(
    state: &WebState,
    who: &SignedIn,
    (name, bytes): (&str, &Bytes),
    preview: &PaymentPreview,
    mapping: &PayMapping,
) -> Answer<Response> {
    let form = second_form(who.csrf(), (name, bytes), &preview.headers, mapping);
    let file = Some((name.to_owned(), preview.count));
    match state.app.try_payments(&who.caller, bytes, name, mapping).await {
        Ok(trial) => {
            render(state, who, Shown { form: Some(form), file, trial: Some(trial), ..Shown::default() })
        }
        Err(refusal) => {
            let form = form.refused(None, Some(&refusal));
            render(state, who, Shown { form: Some(form), file, refusal: Some(refusal), ..Shown::default() })
        }
    }
}

/// `POST /payments/import`: looks into the file.
pub(in crate::pages) async fn upload(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    state.app.may_settle_payments(&who.caller)?;
    let found = match posted.file("raw-file") {
        Ok((name, bytes)) => look(bytes, name).await.map(|preview| (name.to_owned(), bytes.clone(), preview)),
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok((name, bytes, preview)) => {
            let mapping = preview.mapping.clone();
            second(&state, &who, (&name, &bytes), &preview, &mapping).await
        }
        Err(refusal) => {
            let form = first_form(who.csrf()).refused(None, Some(&refusal));
            render(&state, &who, Shown { form: Some(form), refusal: Some(refusal), ..Shown::default() })
        }
    }
}

fn chosen(typed: &Typed) -> PayMapping {
    let of = |field: &PayField| Some((*field, typed.given(field.code())?.to_owned()));
    PayMapping { columns: PayField::ALL.iter().filter_map(of).collect() }
}

/// `POST /payments/import/run`: shows again where lines would go, or imports them.
pub(in crate::pages) async fn run(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    state.app.may_settle_payments(&who.caller)?;
    let typed = &posted.typed;
    let bytes = STANDARD.decode(typed.text("file_bytes")).map(Bytes::from);
    let bytes =
        bytes.map_err(|_| Refusal::invalid("file", "文件没有传完整。", "请回到第一步重新选择文件。"))?;
    let name = typed.text("file_name");
    let mapping = chosen(typed);
    let preview = look(&bytes, name).await?;
    if typed.text("step") == "try" {
        return second(&state, &who, (name, &bytes), &preview, &mapping).await;
    }
    match state.app.import_payments(&who.caller, &bytes, name, &mapping).await {
        Ok(report) => render(&state, &who, Shown { report: Some(report), ..Shown::default() }),
        Err(refusal) => {
            let form = second_form(who.csrf(), (name, &bytes), &preview.headers, &mapping);
            let form = form.refused(Some(typed), Some(&refusal));
            let file = Some((name.to_owned(), preview.count));
            render(&state, &who, Shown { form: Some(form), file, refusal: Some(refusal), ..Shown::default() })
        }
    }
}
