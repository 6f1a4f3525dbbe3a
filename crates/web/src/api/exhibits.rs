//! Exhibits: small files in one go, the files of a matter, and the resumable way.

use super::{Endpoint, Need, Repeats};
use crate::auth::{Scope, SignedIn, Who};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use crate::{media, tus, upload};
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post};
use lianzhi_app::ExhibitView;
use lianzhi_ids::{Digest, DocketId};
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::POST, "/api/v1/exhibits", post(create), "上传小文件（20 MB 以内），得到证据编号")
            .about("证据编号就是原文件的 SHA-256；在上报或办理命令的 exhibits、before、after 中引用。大文件用 /files 续传。")
            .need(Need::Rated(Limited::Upload))
            .scope(Scope::Report)
            .parts(&[("file", true, "照片、视频、录音、PDF、docx、xlsx")])
            .gives::<Taken>(201)
            .repeats(Repeats::Answer),
        Endpoint::new(Method::GET, "/api/v1/matters/{id}/exhibits", get(of_matter), "一件的证据目录")
            .gives::<Vec<ExhibitView>>(200),
    ]
}

/// A file in custody.
#[derive(Debug, Serialize, JsonSchema)]
struct Taken {
    /// Its id: SHA-256 of the original.
    id: Digest,
    /// Bytes.
    size: i64,
    /// Media type as found out from the bytes.
    media: String,
    /// Name, cleaned.
    name: String,
    /// Where to get it.
    url: String,
}

/// A part of a form broke off.
pub(super) fn broken() -> Problem {
    Problem::malformed("upload-broken", "文件没有传完。", "请检查网络后重新上传。")
}

/// No form at all.
pub(super) fn no_form() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "media-type",
        "请求内容不是文件表单。",
        "请用 Content-Type: multipart/form-data，文件放在 file 字段。",
    )
}

async fn create(
    State(state): State<WebState>,
    Who(who): Who,
    form: Result<Multipart, MultipartRejection>,
) -> Answer<Response> {
    let mut form = form.map_err(|_| no_form())?;
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        let digest = upload::store_upload(&state, &who, &name, field).await?;
        let row = state.app.store().blobs.exhibits(&[digest]).await?.pop().ok_or_else(Problem::internal)?;
        let taken = Taken {
            id: digest,
            size: row.size,
            media: row.media,
            name: upload::clean_name(&name),
            url: format!("/files/{digest}"),
        };
        return Ok((StatusCode::CREATED, Json(taken)).into_response());
    }
    Err(Problem::malformed("no-file", "表单里没有文件。", "请把文件放在 file 字段。").at("file"))
}

async fn of_matter(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
) -> Answer<Json<Vec<ExhibitView>>> {
    Ok(Json(state.app.matter(&me.caller, id).await?.exhibits))
}

/// The resumable way and the way out, outside `/api/v1` because other programs know them there.
pub(crate) fn file_endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(
            Method::OPTIONS,
            "/files",
            axum::routing::options(tus::options),
            "续传能力（tus 1.0.0）",
        )
        .need(Need::Anybody)
        .scope(Scope::Report)
        .gives_nothing(204),
        Endpoint::new(
            Method::POST,
            "/files",
            post(tus::create),
            "开始续传（tus 1.0.0 creation、creation-with-upload）",
        )
        .about(
            "请求头 Upload-Length、Upload-Metadata；地址在响应头 Location。内容可一并送来；带 Upload-Checksum（sha1、sha256）\
             则先核对再收下。未完成的保留 24 小时（Upload-Expires）。",
        )
        .need(Need::Anybody)
        .scope(Scope::Report)
        .bytes("application/offset+octet-stream")
        .gives_nothing(201)
        .repeats(Repeats::Answer),
        Endpoint::new(Method::PATCH, "/files/{id}", patch(tus::patch), "续传（tus 1.0.0）")
            .about("传完后响应头 Lianzhi-Exhibit 给出证据编号。带 Upload-Checksum 而不符时答 460，这一段不收。")
            .need(Need::Anybody)
            .scope(Scope::Report)
            .bytes("application/offset+octet-stream")
            .gives_nothing(204),
        Endpoint::new(Method::DELETE, "/files/{id}", delete(tus::terminate), "放弃上传（tus 1.0.0 termination）")
            .need(Need::Anybody)
            .scope(Scope::Report)
            .gives_nothing(204),
        Endpoint::new(
            Method::POST,
            "/files/{id}",
            post(tus::overridden),
            "不能发 PATCH、DELETE、HEAD 的客户端：用 X-HTTP-Method-Override 说明（tus 1.0.0）",
        )
        .need(Need::Anybody)
        .scope(Scope::Report)
        .bytes("application/offset+octet-stream")
        .gives_nothing(204)
        .repeats(Repeats::Harmless),
        Endpoint::new(Method::GET, "/files/{id}", get(media::get), "取证据文件；HEAD 查续传进度")
            .about(
                "支持 Range。size=thumb、public 为去除元数据的副本；公众用 number 和 code 取自己那件的副本。",
            )
            .need(Need::Anybody)
            .scope(Scope::Report)
            .query::<media::Asked>()
            .gives_media("application/octet-stream"),
    ]
}
