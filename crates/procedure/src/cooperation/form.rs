//! What the fields of another member's letter may hold. Its author writes them, and they are printed, listed and searched here:
//! what is no number, no place on earth, or not what the list says is refused at the door.

use super::act::{Act, Opening};
use crate::Refusal;
use crate::stream::malformed;
use lianzhi_exchange::compact::ListEntry;
use lianzhi_ids::NodeCode;
use std::collections::BTreeSet;

/// Characters of a number, a 文号 or a name at most.
const LINE_CHARS_MAX: usize = 100;
/// Characters of how a term was counted at most.
const ARITHMETIC_CHARS_MAX: usize = 500;
/// Micro-degrees east or west, north or south.
const LNG_MAX: i32 = 180_000_000;
const LAT_MAX: i32 = 90_000_000;

fn line(name: &str, text: &str) -> Result<(), Refusal> {
    let plain = text.chars().count() <= LINE_CHARS_MAX && !text.chars().any(char::is_control);
    plain
        .then_some(())
        .ok_or_else(|| malformed(format!("来件的{name}不是一行 {LINE_CHARS_MAX} 字以内的文字。")))
}

/// Looks at the fields of what another member says.
///
/// # Errors
/// The first that does not have its form.
pub(super) fn check(act: &Act) -> Result<(), Refusal> {
    if let Some(paper) = act.paper() {
        line("文号", paper)?;
    }
    match act {
        Act::Open(opening) => letter(opening),
        Act::Registered { number, .. } => line("收文号", number),
        Act::Replied { decision: Some(decision), .. } => line("决定文号", decision),
        Act::AskedAgain { arithmetic, .. } => counted(arithmetic),
        _ => Ok(()),
    }
}

fn counted(arithmetic: &str) -> Result<(), Refusal> {
    match arithmetic.chars().count() <= ARITHMETIC_CHARS_MAX {
        true => Ok(()),
        false => Err(malformed("来件的期限算法说明过长。")),
    }
}

fn letter(opening: &Opening) -> Result<(), Refusal> {
    if opening.number.trim().is_empty() {
        return Err(malformed("来件没有协作编号。"));
    }
    line("协作编号", &opening.number)?;
    counted(&opening.arithmetic)?;
    for text in
        opening.over.iter().chain(opening.contact.iter().flat_map(|c| [&c.name, &c.certificate, &c.phone]))
    {
        line("编号、联系人", text)?;
    }
    for goods in &opening.goods {
        for text in [&goods.name, &goods.unit, &goods.measure] {
            line("物品", text)?;
        }
    }
    let to: BTreeSet<&NodeCode> = opening.to.iter().collect();
    if to.len() != opening.to.len() {
        return Err(malformed("来件的发往单位有重复。"));
    }
    match opening.point {
        Some(p) if p.lng_e6.abs() > LNG_MAX || p.lat_e6.abs() > LAT_MAX => {
            Err(malformed("来件的坐标不在地球上。"))
        }
        _ => Ok(()),
    }
}

/// Whether a letter names the entry of the list by its own number: people read the number, and the digest authorises.
///
/// # Errors
/// When it names another.
pub(super) fn names(opening: &Opening, entry: &ListEntry) -> Result<(), Refusal> {
    match opening.list_id == entry.id {
        true => Ok(()),
        false => Err(malformed(format!("来件所写的清单事项编号不是其所引用的 {}。", entry.id))),
    }
}
