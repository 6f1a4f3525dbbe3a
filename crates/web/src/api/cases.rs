//! Penalty cases: opening them, lists of them. What goes on in a case is read and moved like any other matter under
//! `/matters`.

use super::extract::{Body, Key, Params};
use super::matters::{Why, as_json};
use super::{Endpoint, Repeats};
use crate::auth::{Scope, SignedIn};
use crate::problem::Answer;
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use lianzhi_app::Done;
use lianzhi_app::figures::cases::{CaseFigures, CaseFiguresQuery};
use lianzhi_app::issued::{NumberQuery, Numbers};
use lianzhi_app::penalty::{CaseGuide, CaseQuery, Cases, CourtRow, Particulars, ReviewRow};
use lianzhi_ids::{Digest, DocketId, UnitCode};
use lianzhi_procedure::penalty::{Capacity, PartyKind, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/api/v1/cases", get(list), "案件列表，按期限，各带下一步和缺什么")
            .query::<CaseQuery>()
            .gives::<Cases>(200),
        Endpoint::new(Method::POST, "/api/v1/cases", post(open), "登记案件线索")
            .about(
                "from_matter 为诉件或者移送线索的编号：没有写的来源、案由、地点从中取得，两件互相关联。\
                 此后经 /matters/{id}/commands 办理。地点给坐标（lng、lat，crs 缺省 WGS-84）、place 文字或两者。",
            )
            .takes::<Opening>()
            .gives::<Done>(201)
            .repeats(Repeats::Entry),
        Endpoint::new(Method::GET, "/api/v1/cases/reviews", get(reviews), "法制审核清单").gives::<Vec<ReviewRow>>(200),
        Endpoint::new(Method::GET, "/api/v1/cases/court", get(court), "在法院、公安、复议机关的案件，按期限").gives::<Vec<CourtRow>>(200),
        Endpoint::new(Method::GET, "/api/v1/cases/numbers", get(numbers), "文号登记：各单位、年度的号段，缺号，每个文号的文书和现状")
            .about("series 填号段的 key，即列出这一号段的文号；gaps 是整个号段里没有文书的序号，自 1 起。")
            .query::<NumberQuery>()
            .gives::<Numbers>(200),
        Endpoint::new(Method::GET, "/api/v1/cases/stats", get(stats), "案件统计，附案件清单")
            .about("登记之日在期间内的案件。tables 各行的 key 填入 by 所指的参数，即得这一行的案件；金额以分计。")
            .query::<CaseFiguresQuery>()
            .gives::<CaseFigures>(200),
        Endpoint::new(Method::GET, "/api/v1/cases/{id}/guide", get(guide), "证据清单、办案指引、类案数额分布")
            .gives::<CaseGuide>(200),
        Endpoint::new(Method::POST, "/api/v1/matters/{id}/parties/{party}", post(who), "查看当事人信息（留痕）")
            .scope(Scope::Read)
            .takes::<Why>()
            .gives::<Particulars>(200)
            .repeats(Repeats::Harmless),
    ]
}

/// A case as it comes in.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// Where it came from; taken from `from_matter` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    /// Number of the report or lead that it comes from.
    #[serde(default)]
    from_matter: String,
    /// Unit; that of whoever opens it when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    unit: Option<UnitCode>,
    /// 案由.
    #[serde(default)]
    title: String,
    /// Where, in words.
    #[serde(default)]
    place: String,
    /// Longitude in degrees.
    #[serde(default)]
    lng: Option<f64>,
    /// Latitude in degrees.
    #[serde(default)]
    lat: Option<f64>,
    /// `WGS-84` (default), `GCJ-02`, `CGCS2000`.
    #[serde(default)]
    crs: String,
    /// What the party is.
    kind: PartyKind,
    /// Age and mind of a natural person; fully responsible when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capacity: Option<Capacity>,
    /// Name of the party.
    name: String,
    /// Number of the identity card or the unified social credit code.
    #[serde(default)]
    id_number: String,
    /// Address of the party.
    #[serde(default)]
    address: String,
    /// Legal representative or person in charge.
    #[serde(default)]
    representative: String,
    /// Telephone of the party.
    #[serde(default)]
    phone: String,
    /// Code of the item, e.g. `JZLJ-01`.
    item: String,
    /// First day of the conduct, `2026-11-20`.
    from: String,
    /// Last day, when it is not the same.
    #[serde(default)]
    to: String,
    /// It did not stop in between.
    #[serde(default)]
    continuing: bool,
    /// Polluted the environment or harmed nature.
    #[serde(default)]
    harm: bool,
    /// Touched the life, health or financial safety of citizens and did harm.
    #[serde(default)]
    danger: bool,
    /// The day on which it was found, when it is not today: that of the complaint or report.
    #[serde(default)]
    found_on: String,
    /// What was done.
    facts: String,
    /// Exhibits uploaded before, by id.
    #[serde(default)]
    exhibits: Vec<Digest>,
}

async fn list(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<CaseQuery>,
) -> Answer<Json<Cases>> {
    Ok(Json(state.app.cases(&me.caller, &query).await?))
}

async fn open(
    State(state): State<WebState>,
    me: SignedIn,
    Key(key): Key,
    Body(opening): Body<Opening>,
) -> Answer<(StatusCode, Json<Done>)> {
    let done = state.app.open_case(&me.caller, as_json(&opening)?, key).await?;
    Ok((StatusCode::CREATED, Json(done)))
}

async fn reviews(State(state): State<WebState>, me: SignedIn) -> Answer<Json<Vec<ReviewRow>>> {
    Ok(Json(state.app.case_reviews(&me.caller).await?))
}

async fn court(State(state): State<WebState>, me: SignedIn) -> Answer<Json<Vec<CourtRow>>> {
    Ok(Json(state.app.at_court(&me.caller).await?))
}

async fn numbers(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<NumberQuery>,
) -> Answer<Json<Numbers>> {
    Ok(Json(state.app.issued_numbers(&me.caller, &query).await?))
}

async fn stats(
    State(state): State<WebState>,
    me: SignedIn,
    Params(query): Params<CaseFiguresQuery>,
) -> Answer<Json<CaseFigures>> {
    Ok(Json(state.app.case_figures(&me.caller, &query).await?))
}

async fn guide(
    State(state): State<WebState>,
    me: SignedIn,
    Path(id): Path<DocketId>,
) -> Answer<Json<CaseGuide>> {
    Ok(Json(state.app.case_guide(&me.caller, id).await?))
}

async fn who(
    State(state): State<WebState>,
    me: SignedIn,
    Path((id, party)): Path<(DocketId, u16)>,
    Body(why): Body<Why>,
) -> Answer<Json<Particulars>> {
    Ok(Json(state.app.party_particulars(&me.caller, id, party, &why.why).await?))
}
