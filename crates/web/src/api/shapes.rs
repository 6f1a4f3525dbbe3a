//! What answers look like: rows with names beside codes, times as RFC 3339, places in degrees.

use jiff::Timestamp;
use lianzhi_app::ports::{Count, MatterRow};
use lianzhi_ids::{CategoryCode, DocketId, PersonCode, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::{Field, FieldKind, Offer};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Micro-degrees in a degree.
const MICRO: f64 = 1_000_000.0;

/// A place in degrees, CGCS2000 (for all uses here the same as WGS-84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Spot {
    /// Longitude.
    pub lng: f64,
    /// Latitude.
    pub lat: f64,
}

/// A matter as lists give it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatterJson {
    /// Docket.
    pub id: DocketId,
    /// Number for people.
    pub number: String,
    /// Kind of procedure, e.g. `report`.
    pub kind: String,
    /// Stage code.
    pub stage: String,
    /// Work is still to be done.
    pub open: bool,
    /// A term has passed.
    pub overdue: bool,
    /// The term is computed beyond the last official holiday schedule.
    pub provisional: bool,
    /// Category code.
    pub category: Option<String>,
    /// Its name.
    pub category_name: Option<String>,
    /// Lead unit.
    pub unit: Option<String>,
    /// Its name.
    pub unit_name: Option<String>,
    /// Named officer.
    pub assignee: Option<String>,
    /// The officer's name.
    pub assignee_name: Option<String>,
    /// Grid.
    pub grid: Option<String>,
    /// Place.
    pub place: Option<Spot>,
    /// Address in words.
    pub address: String,
    /// Title.
    pub title: String,
    /// Where it came from.
    pub source: String,
    /// Number at the system it came from.
    pub external: Option<String>,
    /// Reported at.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub reported_at: Option<Timestamp>,
    /// Closed at.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub closed_at: Option<Timestamp>,
    /// Last change.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub updated_at: Option<Timestamp>,
    /// Next term ends at.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub due: Option<Timestamp>,
    /// Name of the next term.
    pub due_name: String,
    /// Lead matter when joined.
    pub joined_to: Option<DocketId>,
    /// 1–5.
    pub rating: Option<i16>,
    /// Times done again.
    pub rework: i16,
    /// Entries in the record: send it as `expected` with the next command.
    pub expected: i32,
    /// Log position after the last entry.
    pub position: i64,
}

fn time(micros: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}

pub(crate) fn degrees(micro: i32) -> f64 {
    f64::from(micro) / MICRO
}

impl MatterJson {
    /// A row with the names of its codes.
    #[must_use]
    pub fn new(row: &MatterRow, directory: &Directory) -> Self {
        let unit = row.unit.as_deref().and_then(|c| UnitCode::parse(c).ok());
        let person = row.assignee.as_deref().and_then(|c| PersonCode::parse(c).ok());
        let category = row.category.as_deref().and_then(|c| CategoryCode::parse(c).ok());
        MatterJson {
            id: row.id,
            number: row.number.clone(),
            kind: row.kind.clone(),
            stage: row.stage.clone(),
            open: row.open,
            overdue: row.overdue,
            provisional: row.provisional,
            category_name: category.as_ref().map(|c| directory.category_name(c).to_owned()),
            category: row.category.clone(),
            unit_name: unit.as_ref().map(|c| directory.unit_name(c).to_owned()),
            unit: row.unit.clone(),
            assignee_name: person.as_ref().map(|c| directory.person_name(c).to_owned()),
            assignee: row.assignee.clone(),
            grid: row.grid.clone(),
            place: row.lng.zip(row.lat).map(|(lng, lat)| Spot { lng: degrees(lng), lat: degrees(lat) }),
            address: row.address.clone(),
            title: row.title.clone(),
            source: row.source.clone(),
            external: row.external.clone(),
            reported_at: time(row.reported_at),
            closed_at: row.closed_at.and_then(time),
            updated_at: time(row.updated_at),
            due: row.due_at.and_then(time),
            due_name: row.due_name.clone(),
            joined_to: row.joined_to,
            rating: row.rating,
            rework: row.rework,
            expected: row.seq,
            position: row.pos,
        }
    }
}

/// A count by something.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CountJson {
    /// By what: a code, a day (`2026-11-22`), a rating.
    key: String,
    /// Its name, when it has one.
    name: Option<String>,
    /// How many.
    n: i64,
    /// Of them closed.
    closed: i64,
    /// Of them overdue.
    overdue: i64,
}

impl CountJson {
    pub(crate) fn new(count: Count, name: Option<String>) -> Self {
        CountJson { key: count.key, name, n: count.n, closed: count.closed, overdue: count.overdue }
    }
}

/// An offer with the schema of what it takes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OfferJson {
    /// The command's name.
    command: String,
    /// Words on the button.
    title: String,
    /// What will happen.
    consequence: String,
    /// The next expected act.
    main: bool,
    /// Fields to fill in, as forms show them.
    fields: Value,
    /// JSON Schema of the command: what `POST …/commands` takes (besides `expected`).
    schema: Value,
    /// Why not now, and what would help.
    refused: Option<Value>,
}

impl OfferJson {
    pub(crate) fn new(offer: &Offer) -> Self {
        OfferJson {
            command: offer.command.into(),
            title: offer.title.into(),
            consequence: offer.consequence.into(),
            main: offer.main,
            fields: serde_json::to_value(&offer.fields).unwrap_or_default(),
            schema: command_schema(offer),
            refused: offer.refused.as_ref().and_then(|r| serde_json::to_value(r).ok()),
        }
    }
}

/// JSON Schema of a command as it may be given here and now.
fn command_schema(offer: &Offer) -> Value {
    let mut properties = Map::new();
    properties.insert("command".into(), json!({ "const": offer.command, "title": offer.title }));
    let mut required = vec!["command"];
    for field in &offer.fields {
        properties.insert(field.name.into(), field_schema(field));
        if field.required {
            required.push(field.name);
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": offer.title,
        "description": offer.consequence,
        "type": "object",
        "properties": properties,
        "required": required,
    })
}

fn field_schema(field: &Field) -> Value {
    let text = || json!({ "type": "string", "maxLength": lianzhi_procedure::TEXT_CHARS_MAX });
    let examples = |choices: &[lianzhi_procedure::Choice]| -> Vec<Value> {
        choices.iter().map(|c| json!({ "const": c.value, "title": c.title })).collect()
    };
    // A closed list; an open one would be wrong for people and matters, of which only the likely ones are named.
    let one_of = |choices: &[lianzhi_procedure::Choice]| match choices {
        [] => json!({ "type": "string" }),
        _ => json!({ "type": "string", "oneOf": examples(choices) }),
    };
    let any_of = |choices: &[lianzhi_procedure::Choice], base: Value| {
        let mut all = examples(choices);
        all.push(base);
        json!({ "anyOf": all })
    };
    let mut schema = match &field.kind {
        FieldKind::Line | FieldKind::Text => text(),
        FieldKind::Number { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        FieldKind::Flag => json!({ "type": "boolean" }),
        FieldKind::Choice { choices } => one_of(choices),
        FieldKind::Person { choices } => any_of(choices, json!({ "type": "string" })),
        FieldKind::Unit { choices, many: true } => json!({ "type": "array", "items": one_of(choices) }),
        FieldKind::Unit { choices, many: false } => one_of(choices),
        FieldKind::Category { choices } => {
            any_of(choices, json!({ "type": "string", "pattern": "^[EP]?[0-9]{5}$" }))
        }
        FieldKind::Matter { choices } => any_of(choices, json!({ "type": ["integer", "string"] })),
        FieldKind::Grid { choices } => any_of(choices, json!({ "type": "string" })),
        FieldKind::Many { choices } => json!({ "type": "array", "items": one_of(choices) }),
        FieldKind::Money { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Moment => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Exhibits => {
            json!({ "type": "array", "items": { "type": "string", "pattern": "^[0-9a-f]{64}$" } })
        }
    };
    schema["title"] = field.title.into();
    if !field.hint.is_empty() {
        schema["description"] = field.hint.as_ref().into();
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_procedure::Choice;

    #[test]
    fn an_offer_says_in_its_schema_what_it_takes() {
        let offer = Offer {
            command: "handle",
            title: "处置",
            consequence: "进入核查。",
            fields: vec![
                Field {
                    name: "outcome",
                    title: "结果",
                    required: true,
                    kind: FieldKind::Choice { choices: vec![Choice::new("dissuaded", "劝阻")] },
                    hint: "".into(),
                },
                Field {
                    name: "after",
                    title: "处置后照片",
                    required: false,
                    kind: FieldKind::Exhibits,
                    hint: "至少一张".into(),
                },
            ],
            main: true,
            refused: None,
        };
        let schema = command_schema(&offer);
        assert_eq!(schema["required"], json!(["command", "outcome"]));
        assert_eq!(schema["properties"]["command"]["const"], "handle");
        assert_eq!(schema["properties"]["outcome"]["oneOf"][0]["const"], "dissuaded");
        assert_eq!(schema["properties"]["after"]["type"], "array");
    }
}
