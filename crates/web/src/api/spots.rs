//! Decisions on the spot and slips: how they begin, and what a party got before. What goes on with them is read and moved like any
//! other matter under `/matters`.

use super::extract::{Key, Known};
use super::matters::as_json;
use super::{Endpoint, Repeats};
use crate::auth::{Scope, SignedIn};
use crate::problem::Answer;
use crate::state::WebState;
use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::post;
use lianzhi_app::Done;
use lianzhi_app::spot::Begun;
use lianzhi_ids::{Digest, PersonCode, UnitCode};
use lianzhi_procedure::penalty::{Adopted, Capacity, PartyKind};
use lianzhi_procedure::slip::Level;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::POST, "/api/v1/spots", post(spot), "当场处罚")
            .about(
                "told、heard 都为 true 的，告知、听取陈述申辩、决定各记一条，一次办完；否则先保存，此后经 /matters/{id}/commands 办理。\
                 金额以分计。from_matter 为诉件或者提示单、警示单的编号。",
            )
            .takes::<Sheet>()
            .gives::<Done>(201)
            .repeats(Repeats::Entry),
        Endpoint::new(Method::POST, "/api/v1/slips", post(slip), "发提示单、警示单")
            .takes::<Slip>()
            .gives::<Done>(201)
            .repeats(Repeats::Entry),
        Endpoint::new(Method::POST, "/api/v1/slips/earlier", post(earlier), "当事人以前的提示、警示和处罚")
            .scope(Scope::Read)
            .takes::<Number>()
            .gives::<Vec<Before>>(200)
            .repeats(Repeats::Harmless),
    ]
}

/// Whom and where, of both.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Party {
    /// Number of the report or of the slip that it comes from.
    #[serde(default)]
    from_matter: String,
    /// Unit; that of the officer when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    unit: Option<UnitCode>,
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
    /// Code of the item, e.g. `CL-01`.
    item: String,
    /// Exhibits uploaded before, by id.
    #[serde(default)]
    exhibits: Vec<Digest>,
}

/// A decision on the spot as it comes in.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Sheet {
    #[serde(flatten)]
    party: Party,
    /// Day of the conduct, `2026-11-20`; the first of several.
    from: String,
    /// Its last day, where it went on for several.
    #[serde(default)]
    to: String,
    /// What was done.
    facts: String,
    /// The other officer.
    #[schemars(with = "String")]
    second: PersonCode,
    /// Both certificates were shown.
    #[serde(default)]
    shown: bool,
    /// What the party is ordered to put right; the act itself where nothing is said.
    #[serde(default)]
    ordered: String,
    /// Was ordered on the spot to put it right and refused.
    #[serde(default)]
    disobeyed: bool,
    /// When that was ordered, `2026-11-20T09:10:00+08:00`; when the certificates were shown where nothing is said.
    #[serde(default)]
    ordered_at: String,
    /// Another act than the one that was fined before on this day.
    #[serde(default)]
    anew: bool,
    /// 警告.
    #[serde(default)]
    warning: bool,
    /// Fine, fen.
    #[serde(default)]
    fine: i64,
    /// Tier of the benchmark.
    #[serde(default)]
    tier: String,
    /// Circumstances by their codes.
    #[serde(default)]
    circumstances: Vec<String>,
    /// Facts, reasons, basis, what shall be imposed and the rights were told.
    #[serde(default)]
    told: bool,
    /// The party was heard.
    #[serde(default)]
    heard: bool,
    /// In the party's words; empty: it had nothing to say.
    #[serde(default)]
    statement: String,
    /// Whether it is adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    adopted: Option<Adopted>,
    /// Why, or why not.
    #[serde(default)]
    answer: String,
    /// The party disputes the facts.
    #[serde(default)]
    disputed: bool,
    /// Fine after the defence, fen, where it became less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lowered: Option<i64>,
}

/// A slip as it comes in.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Slip {
    #[serde(flatten)]
    party: Party,
    /// How strong.
    level: Level,
    /// What was found and what shall be done.
    note: String,
    /// What was found, for the warning; the item's name where nothing is said.
    #[serde(default)]
    found: String,
    /// Where and how it is done lawfully, for the tip.
    #[serde(default)]
    guide: String,
    /// Until when it shall be put right.
    #[serde(default)]
    until: String,
    /// The party would not sign.
    #[serde(default)]
    refused: bool,
    /// The party signed that it will put it right until the day; the letter is among the exhibits.
    #[serde(default)]
    promised: bool,
}

/// Whose history.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Number {
    /// Number of the identity card or the unified social credit code.
    id_number: String,
}

/// What a party got before.
#[derive(Debug, Serialize, JsonSchema)]
struct Before {
    /// `tip`, `warning`, `spot`, `spared`, `penalty`.
    kind: &'static str,
    /// Docket.
    matter: i64,
    /// Its number.
    number: String,
    /// Code of the item.
    item: String,
    /// Day.
    on: String,
    /// Whether it was found put right.
    corrected: Option<bool>,
}

async fn spot(
    State(state): State<WebState>,
    me: SignedIn,
    Key(key): Key,
    Known(sheet): Known<Sheet>,
) -> Answer<(StatusCode, Json<Done>)> {
    let done = state.app.begin(&me.caller, Begun::Spot, as_json(&sheet)?, key).await?;
    Ok((StatusCode::CREATED, Json(done)))
}

async fn slip(
    State(state): State<WebState>,
    me: SignedIn,
    Key(key): Key,
    Known(slip): Known<Slip>,
) -> Answer<(StatusCode, Json<Done>)> {
    let done = state.app.begin(&me.caller, Begun::Slip, as_json(&slip)?, key).await?;
    Ok((StatusCode::CREATED, Json(done)))
}

async fn earlier(
    State(state): State<WebState>,
    me: SignedIn,
    Known(asked): Known<Number>,
) -> Answer<Json<Vec<Before>>> {
    let found = state.app.earlier_of(&me.caller, &asked.id_number).await?;
    let one = |e: lianzhi_procedure::Earlier| Before {
        kind: e.kind.code(),
        matter: e.docket.0,
        number: e.number,
        item: e.item,
        on: e.on.to_string(),
        corrected: e.corrected,
    };
    Ok(Json(found.into_iter().map(one).collect()))
}
