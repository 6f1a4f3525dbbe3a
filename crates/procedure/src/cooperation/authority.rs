//! Authority: nothing is opened between members without an entry of the collaboration list in force that names form,
//! parties, conduct and fields. Checked by the sender before it says anything, and by the receiver before it believes.

use super::act::{Act, Conclusion, Opening};
use crate::{Facts, Refusal};
use jiff::civil::Date;
use lianzhi_exchange::compact::{Form, ListEntry, Roster, Shared};
use lianzhi_ids::NodeCode;

/// The compact in force.
pub(super) fn roster<'a>(facts: &Facts<'a>) -> Result<&'a Roster, Refusal> {
    facts.directory.roster.as_deref().ok_or_else(|| {
        Refusal::conflict("no-compact", "本机关还没有加入协作机制。", "请先在“协作—协作机制”中加入或发起。")
            .from_source("协作机制章程")
    })
}

/// The entry under which a matter was opened: it carries the matter to its end.
pub(super) fn entry<'a>(file: &super::File, facts: &Facts<'a>) -> Result<&'a ListEntry, Refusal> {
    roster(facts)?.entry(&file.opening.list).ok_or_else(|| {
        Refusal::conflict("no-list-entry", "授权本件的清单事项已不存在。", "请联络员核对协作清单。")
            .from_source("协作清单")
    })
}

/// The entry of this number, for people who chose it.
pub(super) fn by_number<'a>(roster: &'a Roster, id: &str) -> Result<&'a ListEntry, Refusal> {
    roster.epoch.list.iter().find(|e| e.id == id).ok_or_else(|| {
        Refusal::invalid("list", format!("协作清单没有“{id}”这一项。"), "请从清单中选择现行有效的事项。")
            .from_source("协作清单")
    })
}

/// What an opening shares.
pub(super) fn shared(opening: &Opening) -> Vec<Shared> {
    let mut fields = vec![Shared::Narrative];
    let mut add = |is: bool, field| fields.extend(is.then_some(field));
    add(opening.place.is_some() || opening.point.is_some(), Shared::Place);
    add(opening.subject.is_some(), Shared::Subject);
    add(opening.particulars.is_some(), Shared::Particulars);
    add(!opening.exhibits.is_empty(), Shared::Exhibits);
    add(!opening.goods.is_empty(), Shared::Goods);
    fields
}

/// What an act shares besides words.
pub(super) fn shared_by(act: &Act) -> Vec<Shared> {
    match act {
        Act::Open(opening) => shared(opening),
        // That it ended says nothing of how.
        Act::Concluded { outcome: Conclusion::Untold, .. } => Vec::new(),
        Act::Concluded { .. } => vec![Shared::Outcome],
        _ if !act.exhibits().is_empty() => vec![Shared::Exhibits],
        _ => Vec::new(),
    }
}

/// Whether an entry allows a member to open this with others on that day.
pub(super) fn allows(
    roster: &Roster,
    entry: &ListEntry,
    form: Form,
    from: &NodeCode,
    opening: &Opening,
    day: Date,
) -> Result<(), Refusal> {
    let no = |field, rule: String, remedy: &str| {
        Err(Refusal { field: Some(field), ..Refusal::forbidden("not-on-the-list", rule, remedy) }
            .from_source(format!("协作清单 {} {}", entry.id, entry.title)))
    };
    if !entry.in_force(day) {
        return no("list", "清单事项不在有效期内。".into(), "请选择有效的事项，或先修订清单。");
    }
    if !entry.forms.contains(&form) {
        return no("list", format!("清单事项没有约定“{}”。", form.title()), "请选择约定了这种形式的事项。");
    }
    for to in &opening.to {
        if roster.member(to).is_none() {
            return no("to", format!("{to} 不是协作机制成员。"), "请从成员中选择。");
        }
        if to == from {
            return no("to", "不能发给本机关。".into(), "请选择其他成员。");
        }
        if !entry.between(from, to) {
            return no("to", format!("清单事项不适用于与 {to} 之间。"), "请选择适用的事项或成员。");
        }
    }
    if !entry.covers(opening.category.as_ref().map(lianzhi_ids::CategoryCode::as_str)) {
        return no("category", "清单事项不包括这类行为。".into(), "请选择包括这类行为的事项，或改正类别。");
    }
    fields(entry, &shared(opening))
}

/// Whether an entry allows these fields to be shared.
pub(super) fn fields(entry: &ListEntry, wanted: &[Shared]) -> Result<(), Refusal> {
    match wanted.iter().find(|f| !entry.fields.contains(f)) {
        None => Ok(()),
        Some(field) => Err(Refusal::forbidden(
            "field-not-allowed",
            format!("清单事项不允许共享“{}”。", field.title()),
            "请删去这项内容，或选择允许共享它的事项。",
        )
        .from_source(format!("协作清单 {} {}", entry.id, entry.title))),
    }
}

/// Whether an entry allows to pass on, when that is what an act asks for or does.
pub(super) fn onward(entry: &ListEntry, act: &Act) -> Result<(), Refusal> {
    let passes = matches!(act, Act::ForwardAsked { .. } | Act::ForwardAnswered { agreed: true, .. });
    if entry.onward || !passes {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "onward-not-allowed",
        "清单事项没有约定可以转送。",
        "请退回并说明有权机关，或先修订清单。",
    )
    .from_source(format!("协作清单 {} {}", entry.id, entry.title)))
}
