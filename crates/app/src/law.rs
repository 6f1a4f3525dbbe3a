//! A legal officer confirms that a legal basis was compared with its text.

use crate::{App, Caller, Done};
use jiff::tz;
use lianzhi_law::{Confirmed, confirm};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Actor, Refusal};
use std::sync::Arc;

/// Longest name of a text that a basis was compared with, in characters.
const SOURCE_CHARS_MAX: usize = 200;

impl App {
    /// Confirms the `n`th basis of an item (counted from 0, in the order of the data) against the text that `source` names.
    /// From then on it can carry a decision. Kept as a record of its own for each item, with who and when.
    ///
    /// # Errors
    /// Who is no legal officer, an unknown item or basis, one that needs no confirmation, a missing source.
    pub async fn confirm_basis(
        &self,
        who: &Caller,
        item: &str,
        n: usize,
        source: &str,
    ) -> Result<Done, Refusal> {
        self.may(who, "confirm_basis", None)?;
        let world = self.world();
        let item = world.directory.law.item(item).map_err(|e| Refusal::missing(format!("{e}。")))?;
        let basis = item.bases.get(n).ok_or_else(|| Refusal::missing("这一事项没有这条依据。"))?;
        if !basis.needs_confirmation() {
            let rule = format!("{} 已经核对，不用再确认。", basis.citation());
            return Err(Refusal::conflict("confirmed", rule, "请刷新页面查看。"));
        }
        let source = source.trim();
        if source.is_empty() || source.chars().count() > SOURCE_CHARS_MAX {
            let rule = "没有写核对所用的文本，或者太长。";
            let remedy = format!(
                "请写文本的名称和版本，如 国家法律法规数据库 2026-11-20，最多 {SOURCE_CHARS_MAX} 个字。"
            );
            return Err(Refusal::invalid("source", rule, remedy));
        }
        let by = match &who.actor {
            Actor::Person(person) => person.name.clone(),
            other => other.label(),
        };
        let date = tz::offset(8).to_datetime(self.now()).date();
        let confirmed = Confirmed { by: Arc::from(by), date, source: Arc::from(source) };
        let name = confirm::file_of(&item.code);
        let old = world.law_files.iter().find(|(file, _)| *file == name).map(|(_, text)| text);
        let text = confirm::with(old, &item.code, basis, &confirmed);
        self.put_register(who, Record::Law { name, text }).await
    }
}
