//! Money and things in custody: what came, the bank's file, the books of a period; the register of things, stock-taking. What becomes
//! of a difference, a thing or a count is moved like any other matter under `/matters`.

use super::exhibits::{broken, no_form};
use super::extract::{Body, Key, Params};
use super::imports::limited;
use super::matters::as_json;
use super::{Endpoint, Repeats, extract};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use crate::upload::clean_name;
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use lianzhi_app::Done;
use lianzhi_app::goods::{CountView, GoodsPage, GoodsQuery, ThingView};
use lianzhi_app::import::FILE_BYTES_MAX;
use lianzhi_app::payments::{
    BookLine, BookQuery, HeldRow, PayMapping, PaymentQuery, PaymentReport, Payments, Reconciliation,
};
use lianzhi_ids::{DocketId, PersonCode, UnitCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/payments", get(payments), "银行到账，缺省为待处理的差异")
            .query::<PaymentQuery>()
            .gives::<Payments>(200),
        Endpoint::new(Method::POST, "/api/v1/payments/imports", post(import), "导入银行到账文件（CSV、XLSX）")
            .about(
                "按缴款码归入案件；不能归入的成为差异，由人处理。同一流水号只登记一次，同一文件导入两次什么也不会重复。金额均为分。",
            )
            .parts(&[("file", true, "CSV 或 XLSX"), ("mapping", false, "JSON：字段到列名；不给则按列名识别")])
            .gives::<PaymentReport>(200)
            .repeats(Repeats::Answer),
        Endpoint::new(Method::GET, "/api/v1/payments/held", get(held), "当场收缴未上缴的罚款，超期在前")
            .gives::<Vec<HeldRow>>(200),
        Endpoint::new(Method::GET, "/api/v1/payments/reconciliation", get(books), "一段时间的罚没款对账，按日")
            .about("sums 的次序同 kinds，单位为分。what、skip 在这里不用。")
            .query::<BookQuery>()
            .gives::<Reconciliation>(200),
        Endpoint::new(Method::GET, "/api/v1/payments/lines", get(lines), "对账数字的明细，每次一百笔")
            .query::<BookQuery>()
            .gives::<Vec<BookLine>>(200),
        Endpoint::new(Method::GET, "/api/v1/goods", get(goods), "涉案物品名录，缺省为在管的")
            .query::<GoodsQuery>()
            .gives::<GoodsPage>(200),
        Endpoint::new(Method::GET, "/api/v1/goods/{docket}/{thing}", get(thing), "一件物品的保管经过")
            .gives::<ThingView>(200),
        Endpoint::new(Method::POST, "/api/v1/stocktakes", post(count), "开始盘点")
            .about("此后经 /matters/{id}/commands 登记清点、说明差异、完成盘点。")
            .takes::<Counting>()
            .gives::<Done>(201)
            .repeats(Repeats::Entry),
        Endpoint::new(Method::GET, "/api/v1/stocktakes/{id}", get(counted), "一次盘点的清单和结果")
            .gives::<CountView>(200),
    ]
}

/// A stock-taking as it begins.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Counting {
    /// Unit whose things are counted, with those below it.
    #[schemars(with = "String")]
    unit: UnitCode,
    /// Shelves whose names begin so; all when not given.
    #[serde(default)]
    shelf: String,
    /// Who counts together with whoever asks.
    #[schemars(with = "String")]
    second: PersonCode,
    /// Why and what for.
    note: String,
}

async fn payments(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<PaymentQuery>,
) -> Answer<Json<Payments>> {
    Ok(Json(state.app.payments(&me.caller, &query).await?))
}

async fn import(
    State(state): State<WebState>,
    me: SignedIn,
    form: Result<Multipart, MultipartRejection>,
) -> Answer<Json<PaymentReport>> {
    let mut form = form.map_err(|_| no_form())?;
    let (mut file, mut mapping) = (None, PayMapping::default());
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
                file = Some((name, limited(field, FILE_BYTES_MAX).await?));
            }
            _ => {}
        }
    }
    let (name, bytes) = file.filter(|(_, bytes)| !bytes.is_empty()).ok_or_else(|| {
        Problem::malformed("no-file", "表单里没有文件。", "请把银行文件放在 file 字段。").at("file")
    })?;
    Ok(Json(state.app.import_payments(&me.caller, &bytes, &name, &mapping).await?))
}

async fn held(State(state): State<WebState>, me: SignedIn) -> Answer<Json<Vec<HeldRow>>> {
    Ok(Json(state.app.held(&me.caller).await?))
}

async fn books(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<BookQuery>,
) -> Answer<Json<Reconciliation>> {
    Ok(Json(state.app.reconciliation(&me.caller, &query).await?))
}

async fn lines(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<BookQuery>,
) -> Answer<Json<Vec<BookLine>>> {
    Ok(Json(state.app.book_lines(&me.caller, &query).await?.0))
}

async fn goods(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<GoodsQuery>,
) -> Answer<Json<GoodsPage>> {
    Ok(Json(state.app.goods(&me.caller, &query).await?))
}

async fn thing(
    State(state): State<WebState>,
    me: SignedIn,
    Path((id, thing)): Path<(DocketId, u16)>,
) -> Answer<Json<ThingView>> {
    Ok(Json(state.app.thing(&me.caller, id, thing).await?))
}

async fn count(
    State(state): State<WebState>,
    me: SignedIn,
    Key(key): Key,
    Body(counting): Body<Counting>,
) -> Answer<(StatusCode, Json<Done>)> {
    let done = state.app.begin_count(&me.caller, as_json(&counting)?, key).await?;
    Ok((StatusCode::CREATED, Json(done)))
}

async fn counted(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
) -> Answer<Json<CountView>> {
    Ok(Json(state.app.count_view(&me.caller, id).await?))
}
