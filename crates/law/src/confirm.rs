//! Confirmations of legal bases: a legal officer's word, kept in a file of its own for each item, that holds nothing else.

use crate::entered::Entry;
use crate::error::LawError;
use crate::items::{Basis, Confirmed};
use crate::statute::StatutoryTerm;
use std::fmt::Write as _;

const BEGINNING: &str = "items/confirmed-";

/// Name of the file that keeps the confirmations of an item: `items/confirmed-fs-03.toml`.
#[must_use]
pub fn file_of(item: &str) -> String {
    format!("{BEGINNING}{}.toml", item.to_lowercase())
}

/// Whether a file of law data keeps confirmations; only a legal officer may write it.
#[must_use]
pub fn is_file(name: &str) -> bool {
    name.starts_with(BEGINNING) || name == TERMS_FILE || name == ENTRIES_FILE
}

/// The one file that keeps the confirmations of terms.
pub const TERMS_FILE: &str = "terms/confirmed.toml";

/// The one file that keeps the confirmations of what the agency entered itself.
pub const ENTRIES_FILE: &str = "items/confirmed.toml";

/// The text with the confirmation of an entry; `old` is the text so far.
#[must_use]
pub fn with_entry(old: Option<&str>, entry: &Entry, confirmed: &Confirmed) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = begun(old, confirmed);
    let _ = write!(
        text,
        "\n[[confirm_entry]]\nof = {}\nby = {}\ndate = \"{}\"\nsource = {}\n",
        quoted(&entry.words()),
        quoted(&confirmed.by),
        confirmed.date,
        quoted(&confirmed.source)
    );
    text
}

/// The text with the confirmation of a term; `old` is the text so far.
#[must_use]
pub fn with_term(old: Option<&str>, term: &StatutoryTerm, confirmed: &Confirmed) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = begun(old, confirmed);
    let _ = write!(
        text,
        "\n[[confirm]]\nstatute = {}\nby = {}\ndate = \"{}\"\nsource = {}\nof = {}\n",
        quoted(&term.key),
        quoted(&confirmed.by),
        confirmed.date,
        quoted(&confirmed.source),
        quoted(&term.words())
    );
    text
}

/// The text so far, or the beginning of a file.
fn begun(old: Option<&str>, confirmed: &Confirmed) -> String {
    old.map_or_else(
        || {
            format!(
                "[about]\nsource = \"本机关法制审核人员逐条核对\"\ndate = \"{}\"\nlicence = \"本机关记录\"\n",
                confirmed.date
            )
        },
        str::to_owned,
    )
}

/// The text with one more confirmation; `old` is the text so far.
#[must_use]
pub fn with(old: Option<&str>, item: &str, basis: &Basis, confirmed: &Confirmed) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = begun(old, confirmed);
    let _ = write!(
        text,
        "\n[[confirm]]\nitem = {}\njurisdiction = {}\nlaw = {}\narticle = {}\nby = {}\ndate = \"{}\"\nsource = {}\nof = {}\n",
        quoted(item),
        quoted(basis.jurisdiction.as_str()),
        quoted(&basis.law),
        quoted(&basis.article),
        quoted(&confirmed.by),
        confirmed.date,
        quoted(&confirmed.source),
        quoted(&basis.words())
    );
    text
}

/// Sees to it that a file of confirmations holds confirmations of its item and nothing else.
///
/// # Errors
/// What else it holds.
pub fn check(name: &str, text: &str) -> Result<(), LawError> {
    let table: toml::Table = toml::from_str(text)
        .map_err(|e| LawError::new(name, "文件", format!("格式有误：{}", e.message())))?;
    let holds = if name == ENTRIES_FILE { "confirm_entry" } else { "confirm" };
    if let Some(other) = table.keys().find(|key| !["about", holds].contains(&key.as_str())) {
        let reason = format!("确认文件只能含 [about] 和 [[{holds}]]；其他数据由管理员在别的文件中维护");
        return Err(LawError::new(name, other, reason));
    }
    if [TERMS_FILE, ENTRIES_FILE].contains(&name) {
        return Ok(());
    }
    let confirms = table.get("confirm").and_then(toml::Value::as_array);
    for confirm in confirms.into_iter().flatten() {
        let item = confirm.get("item").and_then(toml::Value::as_str).unwrap_or_default();
        if file_of(item) != name {
            return Err(LawError::new(
                name,
                format!("confirm {item}"),
                format!("应写在 {} 中", file_of(item)),
            ));
        }
    }
    Ok(())
}
