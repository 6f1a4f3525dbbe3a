//! Acts that are not offered: which rule stands in their way.

use super::super::form::Typed;
use super::super::posted::Posted;
use crate::auth::SignedIn;
use crate::state::WebState;
use lianzhi_ids::DocketId;
use lianzhi_procedure::{Refusal, RefusalKind};
use serde_json::{Value, json};

/// An act that is not offered is tried as it was sent, so that whoever sent it reads which rule stands in its way.
pub(super) async fn give(
    state: &WebState,
    who: &SignedIn,
    id: DocketId,
    command: &str,
    posted: &Posted,
) -> Result<(), Refusal> {
    let typed = super::case::gathered(command, &posted.typed);
    let expected = typed.given("expected").and_then(|t| t.parse().ok());
    let value = untold(command, &typed);
    match state.app.command(&who.caller, id, value, expected, posted.key.clone()).await {
        Ok(_) => Ok(()),
        Err(refusal) if refusal.kind != RefusalKind::Invalid => Err(refusal),
        Err(_) => Err(Refusal::conflict(
            "not-offered",
            "这件事现在不能办了：本件可能刚被别人办过，或不在您的权限内。",
            "下面是本件现在的情况和可办的事项。",
        )),
    }
}

/// A command as it was sent, where no offer says what its fields are.
fn untold(command: &str, typed: &Typed) -> Value {
    let mut out = serde_json::Map::new();
    for (name, text) in &typed.pairs {
        let value = match text.as_str() {
            "true" | "on" => json!(true),
            "false" => json!(false),
            text => json!(text),
        };
        match (name.as_str(), out.get_mut(name)) {
            ("csrf" | "key" | "expected" | "command" | "kept" | "form", _) => {}
            ("exhibits" | "present" | "circumstances", Some(Value::Array(all))) => all.push(value),
            ("exhibits" | "present" | "circumstances", _) => {
                out.insert(name.clone(), json!([value]));
            }
            _ => {
                out.insert(name.clone(), value);
            }
        }
    }
    out.insert("command".into(), command.into());
    Value::Object(out)
}
