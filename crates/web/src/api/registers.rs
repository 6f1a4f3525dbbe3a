//! Registers and duty.

use super::extract::{Body, Params, shaped};
use super::{Endpoint, Repeats};
use crate::auth::{Scope, SignedIn};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::routing::{get, post, put};
use lianzhi_app::Done;
use lianzhi_app::ports::RegisterRow;
use lianzhi_ids::{Role, UnitCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::register::Record;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(
            Method::GET,
            "/api/v1/registers/{register}",
            get(list),
            "名录：unit、person、grid、category、settings、law、addresses",
        )
        .about("按编码排列，一次最多 1000 条；还有时，用最后一条的编码作 after 再取。")
        .query::<Listed>()
        .gives::<Vec<RecordJson>>(200),
        Endpoint::new(Method::GET, "/api/v1/registers/{register}/{key}", get(one), "名录的一条")
            .gives::<RecordJson>(200),
        Endpoint::new(Method::PUT, "/api/v1/registers/{register}/{key}", put(change), "新建或更改名录的一条")
            .about("请求内容为记录本身，如单位 {\"code\":…,\"name\":…}；每次更改都是一条记录。")
            .scope(Scope::Admin)
            .takes::<Value>()
            .gives::<Done>(200),
        Endpoint::new(
            Method::DELETE,
            "/api/v1/registers/{register}/{key}",
            axum::routing::delete(retire),
            "停用名录的一条",
        )
        .scope(Scope::Admin)
        .query::<Reason>()
        .gives::<Done>(200),
        Endpoint::new(Method::GET, "/api/v1/duty", get(duty), "谁在岗、谁带班").gives::<Duty>(200),
        Endpoint::new(
            Method::POST,
            "/api/v1/duty/{unit}/commands",
            post(duty_command),
            "到岗、离岗、带班、交接",
        )
        .takes_shape(duty_shape)
        .gives::<Done>(200)
        .repeats(Repeats::Answer),
    ]
}

fn duty_shape(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<lianzhi_procedure::duty::Command>()
}

/// Which records are listed.
#[derive(Debug, Deserialize, JsonSchema)]
struct Listed {
    /// Also those out of use.
    retired: Option<bool>,
    /// Only records behind this key: the last one of the page before.
    after: Option<String>,
    /// Most records of a page, 1 to 1000.
    limit: Option<i64>,
}

/// Records of a page when nothing else is asked for, and at most.
const LISTED_MAX: i64 = 1000;

/// A record of a register.
#[derive(Debug, Serialize, JsonSchema)]
struct RecordJson {
    /// Register.
    register: String,
    /// Key.
    key: String,
    /// Docket with its history.
    docket: lianzhi_ids::DocketId,
    /// Out of use.
    retired: bool,
    /// The record.
    record: Value,
}

/// Registers that everybody who works here needs to read; the others are for administration and audit.
const OPEN: &[&str] = &["unit", "grid", "category", "settings"];

fn readable(me: &SignedIn, register: &str) -> Answer<()> {
    let actor = &me.caller.actor;
    if OPEN.contains(&register)
        || [Role::Admin, Role::Auditor, Role::Supervisor].iter().any(|r| actor.has(*r))
    {
        return Ok(());
    }
    let remedy = "可看的是：管理员、审计员、督察员。";
    Err(Refusal::forbidden("not-permitted", "您不能查看这个名录。", remedy).into())
}

fn as_record(row: RegisterRow) -> Answer<RecordJson> {
    let whole: Value = serde_json::from_str(&row.record).map_err(|error| {
        tracing::error!(%error, register = row.register, key = row.key, "a register row is damaged");
        Problem::internal()
    })?;
    let record = whole.get("record").cloned().unwrap_or(whole);
    Ok(RecordJson { register: row.register, key: row.key, docket: row.docket, retired: row.retired, record })
}

async fn list(
    State(state): State<WebState>,
    me: SignedIn,
    Path(register): Path<String>,
    Params(query): Params<Listed>,
) -> Answer<Json<Vec<RecordJson>>> {
    readable(&me, &register)?;
    let limit = query.limit.unwrap_or(LISTED_MAX);
    if !(1..=LISTED_MAX).contains(&limit) {
        let rule = format!("limit 应在 1 至 {LISTED_MAX} 之间。");
        return Err(Refusal::invalid("limit", rule, "请改正后再取。").into());
    }
    let (after, retired) = (query.after.unwrap_or_default(), query.retired.unwrap_or(false));
    let rows = state.app.store().journal.register(&register, &after, retired, limit).await?;
    Ok(Json(rows.into_iter().map(as_record).collect::<Answer<_>>()?))
}

async fn one(
    State(state): State<WebState>,
    me: SignedIn,
    Path((register, key)): Path<(String, String)>,
) -> Answer<Json<RecordJson>> {
    readable(&me, &register)?;
    let row = state.app.store().journal.register_record(&register, &key).await?;
    Ok(Json(as_record(row.ok_or_else(|| Refusal::missing("没有这条名录记录。"))?)?))
}

async fn change(
    State(state): State<WebState>,
    me: SignedIn,
    Path((register, key)): Path<(String, String)>,
    Body(body): Body<Value>,
) -> Answer<Json<Done>> {
    let record: Record = shaped(json!({ "register": register, "record": body }))?;
    if record.key() != key {
        let rule = format!("网址中的编码 {key} 与记录中的 {} 不同。", record.key());
        return Err(Refusal::invalid("code", rule, "请改成一致；编码一旦建立不能更改。").into());
    }
    Ok(Json(state.app.put_register(&me.caller, record).await?))
}

/// Why a record goes out of use.
#[derive(Debug, Deserialize, JsonSchema)]
struct Reason {
    /// The reason.
    reason: Option<String>,
}

async fn retire(
    State(state): State<WebState>,
    me: SignedIn,
    Path((register, key)): Path<(String, String)>,
    Params(why): Params<Reason>,
) -> Answer<Json<Done>> {
    let reason = why.reason.unwrap_or_default();
    Ok(Json(state.app.retire_register(&me.caller, &register, &key, &reason).await?))
}

/// Somebody on duty.
#[derive(Debug, Serialize, JsonSchema)]
struct OnDutyJson {
    /// Person.
    person: String,
    /// Name.
    name: String,
    /// Unit.
    unit: String,
    /// Name of the unit.
    unit_name: String,
    /// Leads the shift (带班).
    leads: bool,
}

/// Duty now.
#[derive(Debug, Serialize, JsonSchema)]
struct Duty {
    /// Who is on.
    on: Vec<OnDutyJson>,
}

async fn duty(State(state): State<WebState>, _: SignedIn) -> Json<Duty> {
    let directory = state.app.directory();
    let duty = state.app.duty();
    let mut on: Vec<OnDutyJson> = duty
        .people()
        .map(|(person, unit)| OnDutyJson {
            person: person.to_string(),
            name: directory.person_name(person).to_owned(),
            unit: unit.to_string(),
            unit_name: directory.unit_name(unit).to_owned(),
            leads: duty.leader(unit) == Some(person),
        })
        .collect();
    on.sort_by(|a, b| (&a.unit, &a.person).cmp(&(&b.unit, &b.person)));
    Json(Duty { on })
}

async fn duty_command(
    State(state): State<WebState>,
    me: SignedIn,
    Path(unit): Path<UnitCode>,
    Body(body): Body<Value>,
) -> Answer<Json<Done>> {
    let (command, _) = super::matters::command(body)?;
    Ok(Json(state.app.duty_command(&me.caller, &unit, command).await?))
}
