//! What everybody may read: the agency, its published decisions, the yearly report of the three systems, the check of a paper.

use super::extract::Params;
use super::{Endpoint, Need};
use crate::auth::{Scope, SignedIn};
use crate::problem::Answer;
use crate::security::Limited;
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lianzhi_app::publicity::{
    Agency, Annual, AnnualQuery, CheckView, DecisionQuery, Decisions, ItemPublic, PublishedDecision,
    RecordQuery, Records, WithdrawnDecision,
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let open = |endpoint: Endpoint| endpoint.need(Need::Rated(Limited::Look)).scope(Scope::Read);
    vec![
        open(Endpoint::new(Method::GET, "/api/v1/public/agency", get(agency), "机关、权责、人员、程序、法制审核目录（公开）"))
            .gives::<Agency>(200),
        open(Endpoint::new(Method::GET, "/api/v1/public/items", get(items), "处罚事项（公开）"))
            .gives::<Vec<ItemPublic>>(200),
        open(Endpoint::new(Method::GET, "/api/v1/public/decisions", get(decisions), "公开的处罚决定"))
            .about("自然人只有姓氏；新的在前；next 是下一页的 cursor。id 不变，也是文书的核验码。")
            .query::<DecisionQuery>()
            .gives::<Decisions>(200),
        open(Endpoint::new(Method::GET, "/api/v1/public/decisions.csv", get(table), "公开的处罚决定，表格"))
            .about("条件与 /api/v1/public/decisions 相同，limit 缺省 1000；还有下一页时答复头 x-next 是它的 cursor。")
            .query::<DecisionQuery>()
            .gives_media("text/csv"),
        open(Endpoint::new(Method::GET, "/api/v1/public/decisions/{id}", get(decision), "一个公开的处罚决定"))
            .gives::<PublishedDecision>(200),
        open(Endpoint::new(Method::GET, "/api/v1/public/withdrawn", get(withdrawn), "撤回公开的处罚决定及理由"))
            .gives::<Vec<WithdrawnDecision>>(200),
        open(Endpoint::new(Method::GET, "/api/v1/public/annual", get(annual), "三项制度年报"))
            .query::<AnnualQuery>()
            .gives::<Annual>(200),
        Endpoint::new(Method::GET, "/api/v1/check/{code}", get(check), "按核验码核对一份文书")
            .about("digests 是签发的电子文件的 SHA-256；本地算出文件的 SHA-256 与之比较即可。")
            .need(Need::Rated(Limited::Follow))
            .scope(Scope::Read)
            .gives::<CheckView>(200),
        Endpoint::new(Method::GET, "/api/v1/cases/records", get(records), "三项制度落实情况：记录缺项、审核、公开")
            .query::<RecordQuery>()
            .gives::<Records>(200),
    ]
}

async fn agency(State(state): State<WebState>) -> Json<Agency> {
    Json(state.app.agency())
}

async fn items(State(state): State<WebState>) -> Json<Vec<ItemPublic>> {
    Json(state.app.public_items())
}

async fn decisions(
    State(state): State<WebState>,
    Params(query): Params<DecisionQuery>,
) -> Answer<Json<Decisions>> {
    Ok(Json(state.app.decisions(&query).await?))
}

/// Rows of a table at most.
const TABLE_ROWS: i64 = 1_000;

async fn table(State(state): State<WebState>, Params(query): Params<DecisionQuery>) -> Answer<Response> {
    let query = DecisionQuery { limit: Some(query.limit.unwrap_or(TABLE_ROWS)), ..query };
    let found = state.app.decisions(&query).await?;
    // Excel takes UTF-8 for what it is only with its mark.
    let mut out = String::from("\u{feff}");
    line(
        &mut out,
        &[
            "编号",
            "文号",
            "程序",
            "决定日期",
            "处罚机关",
            "当事人",
            "违法行为",
            "处罚内容",
            "处罚依据",
            "公开日期",
        ],
    );
    for published in &found.decisions {
        let d = &published.decision;
        let of = |words: Vec<&str>| words.join("、");
        line(
            &mut out,
            &[
                published.id.as_str(),
                &d.number,
                &d.procedure,
                &d.decided.to_string(),
                &published.agency,
                &of(d.parties.iter().map(|p| p.name.as_str()).collect()),
                &of(d.items.iter().map(|i| i.name.as_str()).collect()),
                &d.parties.iter().map(|p| p.penalties.join("，")).collect::<Vec<_>>().join("；"),
                &d.bases.join("；"),
                &published.published.to_string(),
            ],
        );
    }
    let mut response = out.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"decisions.csv\""),
    );
    if let Some(next) = found.next.and_then(|next| HeaderValue::from_str(&next).ok()) {
        headers.insert("x-next", next);
    }
    Ok(response)
}

/// A line of a table (RFC 4180). What a spreadsheet would take for a formula is only text.
fn line(out: &mut String, cells: &[&str]) {
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        let safe =
            if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { (*cell).to_owned() };
        out.push('"');
        out.push_str(&safe.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

async fn decision(State(state): State<WebState>, Path(id): Path<String>) -> Answer<Json<PublishedDecision>> {
    Ok(Json(state.app.decision(&id).await?))
}

async fn withdrawn(State(state): State<WebState>) -> Answer<Json<Vec<WithdrawnDecision>>> {
    Ok(Json(state.app.withdrawn_decisions().await?))
}

async fn annual(State(state): State<WebState>, Params(query): Params<AnnualQuery>) -> Answer<Json<Annual>> {
    Ok(Json(state.app.annual(&query).await?))
}

async fn check(State(state): State<WebState>, Path(code): Path<String>) -> Answer<Json<CheckView>> {
    Ok(Json(state.app.check(&code).await?))
}

async fn records(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<RecordQuery>,
) -> Answer<Json<Records>> {
    Ok(Json(state.app.oversight_records(&me.caller, &query).await?))
}
