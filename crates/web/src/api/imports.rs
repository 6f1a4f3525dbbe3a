//! Reports from spreadsheets.

use super::exhibits::{broken, no_form};
use super::{Endpoint, Repeats, extract};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use crate::upload::clean_name;
use axum::Json;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::Method;
use axum::routing::post;
use bytes::{Bytes, BytesMut};
use lianzhi_app::import;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::POST, "/api/v1/imports/reports", post(reports), "从表格导入（CSV、XLSX）")
            .about(
                "列的次序不限，由 mapping 说明哪一列是什么；CSV 可为 UTF-8 或 GB18030。错的行逐行说明，其余照常登记；\
                 同一表格导入两次不会重复登记。",
            )
            .parts(&[("file", true, "CSV 或 XLSX"), ("mapping", false, "JSON：字段到列名；不给则按列名识别")])
            .gives::<import::Report>(200)
            .repeats(Repeats::Answer),
    ]
}

pub(super) async fn limited(mut field: Field<'_>, max: usize) -> Answer<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(piece) = field.chunk().await.map_err(|_| broken())? {
        if bytes.len() + piece.len() > max {
            return Err(Problem::too_large(max as u64));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.freeze())
}

async fn reports(
    State(state): State<WebState>,
    me: SignedIn,
    form: Result<Multipart, MultipartRejection>,
) -> Answer<Json<import::Report>> {
    let mut form = form.map_err(|_| no_form())?;
    let mut file = None;
    let mut mapping = import::Mapping::default();
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        match field.name() {
            Some("mapping") => {
                let text = limited(field, crate::security::BODY_BYTES_MAX).await?;
                if !text.is_empty() {
                    mapping = extract::json(&text)?;
                }
            }
            Some("file") => {
                let name = clean_name(field.file_name().unwrap_or_default());
                file = Some((name, limited(field, import::FILE_BYTES_MAX).await?));
            }
            _ => {}
        }
    }
    let (name, bytes) = file.filter(|(_, bytes)| !bytes.is_empty()).ok_or_else(|| {
        Problem::malformed("no-file", "表单里没有文件。", "请把表格放在 file 字段。").at("file")
    })?;
    Ok(Json(state.app.import_reports(&me.caller, &bytes, &name, &mapping).await?))
}
