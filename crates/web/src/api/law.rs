//! The law data: terms, surcharge, bases, items, comparison. The same answers as `lianzhi law … --json`.

use super::extract::{Body, Params};
use super::{Endpoint, Repeats};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use jiff::civil::Date;
use jiff::tz;
use lianzhi_law::ask::{
    self, AskError, BasisQuery, CompareQuery, Compared, DayQuery, Items, SurchargeQuery, TermQuery, Terms,
};
use lianzhi_law::entered::{EntriesView, EntryKind};
use lianzhi_law::{ChoiceView, Comparison, Due, ItemChange, ItemView, Surcharge};
use lianzhi_procedure::Refusal;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/law/terms", get(terms), "全部法定期限").gives::<Terms>(200),
        Endpoint::new(Method::GET, "/api/v1/law/terms/{key}", get(term), "计算一个法定期限")
            .about("from 顺算、before 倒推，写其一；provisional 为真时截止之日在已公布的放假安排之后。")
            .query::<TermQuery>()
            .gives::<Due>(200),
        Endpoint::new(Method::GET, "/api/v1/law/surcharge", get(surcharge), "计算加处罚款")
            .about("行政处罚法 72 条 1 款（一）项、73 条 3 款；精确到分。")
            .query::<SurchargeQuery>()
            .gives::<Surcharge>(200),
        Endpoint::new(Method::GET, "/api/v1/law/basis/{item}", get(basis), "选择处罚依据")
            .about("按违法行为终了之日取依据，与决定之日比较，从旧兼从轻；chosen 为 null 时没有可用的依据。")
            .query::<BasisQuery>()
            .gives::<ChoiceView>(200),
        Endpoint::new(Method::GET, "/api/v1/law/items", get(items), "执法事项").gives::<Items>(200),
        Endpoint::new(Method::GET, "/api/v1/law/items/{code}", get(item), "一个事项及其依据")
            .query::<DayQuery>()
            .gives::<ItemView>(200),
        Endpoint::new(Method::POST, "/api/v1/law/items/changes", post(changes), "导入事项前看变化")
            .about("toml 的格式与 lianzhi law items --export 相同；什么也不改变。")
            .takes::<Brought>()
            .gives::<Vec<ItemChange>>(200)
            .repeats(Repeats::Harmless),
        Endpoint::new(Method::POST, "/api/v1/law/items/import", post(import), "导入事项")
            .about("新的和改过的依据待法制审核人员确认。再次提交相同内容得 409。")
            .takes::<Brought>()
            .gives::<Vec<ItemChange>>(200)
            .repeats(Repeats::Harmless),
        Endpoint::new(
            Method::GET,
            "/api/v1/law/entered/{kind}",
            get(entered),
            "本机关登记的权限、数额、档次、期限",
        )
        .about("kind 为 powers、thresholds、tiers、tightened；每条有来源、登记人、确认人，随软件提供的在后。")
        .gives::<EntriesView>(200),
        Endpoint::new(
            Method::POST,
            "/api/v1/law/entered/{kind}/changes",
            post(entered_changes),
            "导入登记的内容前看变化",
        )
        .about("toml 的格式与 lianzhi law entered <kind> --export 相同；什么也不改变。")
        .takes::<Brought>()
        .gives::<Vec<ItemChange>>(200)
        .repeats(Repeats::Harmless),
        Endpoint::new(
            Method::POST,
            "/api/v1/law/entered/{kind}/import",
            post(entered_import),
            "导入登记的内容",
        )
        .about("导入的待法制审核人员确认，确认前不生效（从严的期限即用于提醒）。再次提交相同内容得 409。")
        .takes::<Brought>()
        .gives::<Vec<ItemChange>>(200)
        .repeats(Repeats::Harmless),
        Endpoint::new(Method::GET, "/api/v1/law/compare", get(compare_all), "多个事项在各地的规定")
            .about("items 为事项代码，以逗号分开；不写为全部。")
            .query::<CompareQuery>()
            .gives::<Compared>(200),
        Endpoint::new(Method::GET, "/api/v1/law/compare/{item}", get(compare), "一个事项在各地的规定")
            .about("缺少地方规定的列在 gaps，幅度不一致的列在 conflicts。")
            .query::<DayQuery>()
            .gives::<Comparison>(200),
    ]
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        let (status, code) = if error.missing {
            (StatusCode::NOT_FOUND, "not-in-the-law-data")
        } else {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid-input")
        };
        let problem = Problem::new(
            status,
            code,
            format!("{}。", error.message),
            "参数格式见 /api；全部期限和事项见 /api/v1/law/terms、/api/v1/law/items。",
        );
        match error.field {
            Some(field) => problem.at(field),
            None => problem,
        }
    }
}

fn today(state: &WebState) -> Date {
    tz::offset(8).to_datetime(state.app.now()).date()
}

async fn terms(State(state): State<WebState>, _: SignedIn) -> Json<Terms> {
    Json(ask::terms(&state.app.directory().law))
}

async fn term(
    State(state): State<WebState>,
    _: SignedIn,
    Path(key): Path<String>,
    Params(query): Params<TermQuery>,
) -> Answer<Json<Due>> {
    Ok(Json(ask::term(&state.app.directory().law, &key, &query)?))
}

async fn surcharge(_: SignedIn, Params(query): Params<SurchargeQuery>) -> Answer<Json<Surcharge>> {
    Ok(Json(ask::late_fine(&query)?))
}

async fn basis(
    State(state): State<WebState>,
    _: SignedIn,
    Path(item): Path<String>,
    Params(query): Params<BasisQuery>,
) -> Answer<Json<ChoiceView>> {
    Ok(Json(ask::basis(&state.app.directory().law, &item, &query)?))
}

async fn items(State(state): State<WebState>, _: SignedIn) -> Json<Items> {
    Json(ask::items(&state.app.directory().law))
}

/// What somebody brings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Brought {
    /// TOML.
    toml: String,
}

async fn changes(
    State(state): State<WebState>,
    me: SignedIn,
    Body(brought): Body<Brought>,
) -> Answer<Json<Vec<ItemChange>>> {
    Ok(Json(state.app.item_changes(&me.caller, &brought.toml)?))
}

async fn import(
    State(state): State<WebState>,
    me: SignedIn,
    Body(brought): Body<Brought>,
) -> Answer<Json<Vec<ItemChange>>> {
    Ok(Json(state.app.import_items(&me.caller, &brought.toml).await?))
}

fn kind_of(code: &str) -> Answer<EntryKind> {
    EntryKind::from_code(code).ok_or_else(|| {
        let known: Vec<&str> = EntryKind::ALL.iter().map(|kind| kind.code()).collect();
        Refusal::missing(format!("没有“{code}”；可以是 {}。", known.join("、"))).into()
    })
}

async fn entered(
    State(state): State<WebState>,
    _: SignedIn,
    Path(kind): Path<String>,
) -> Answer<Json<EntriesView>> {
    Ok(Json(state.app.law_entries(kind_of(&kind)?).await?))
}

async fn entered_changes(
    State(state): State<WebState>,
    me: SignedIn,
    Path(kind): Path<String>,
    Body(brought): Body<Brought>,
) -> Answer<Json<Vec<ItemChange>>> {
    Ok(Json(state.app.entry_changes(&me.caller, kind_of(&kind)?, &brought.toml)?))
}

async fn entered_import(
    State(state): State<WebState>,
    me: SignedIn,
    Path(kind): Path<String>,
    Body(brought): Body<Brought>,
) -> Answer<Json<Vec<ItemChange>>> {
    Ok(Json(state.app.import_entries(&me.caller, kind_of(&kind)?, &brought.toml).await?))
}

async fn item(
    State(state): State<WebState>,
    _: SignedIn,
    Path(code): Path<String>,
    Params(query): Params<DayQuery>,
) -> Answer<Json<ItemView>> {
    Ok(Json(ask::item(&state.app.directory().law, &code, &query, today(&state))?))
}

async fn compare_all(
    State(state): State<WebState>,
    _: SignedIn,
    Params(query): Params<CompareQuery>,
) -> Answer<Json<Compared>> {
    Ok(Json(ask::compare_all(&state.app.directory().law, &query, today(&state))?))
}

async fn compare(
    State(state): State<WebState>,
    _: SignedIn,
    Path(code): Path<String>,
    Params(query): Params<DayQuery>,
) -> Answer<Json<Comparison>> {
    Ok(Json(ask::compare(&state.app.directory().law, &code, &query, today(&state))?))
}
