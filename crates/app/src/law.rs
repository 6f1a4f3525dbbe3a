//! What legal officers enter: that a basis was compared with its text, what members agreed on, what was made, changed and repealed.
//! Everything is an entry of the register of law data, with who and when.

use crate::{App, Caller, Done};
use jiff::tz;
use lianzhi_law::{
    BasisFields, Confirmed, Item, ItemChange, ItemFields, LAW_MAKING_FILE, LawMaking, MemberStanding,
    RawCommon, Standing, TierFields, common_file, common_text, confirm, item_change, items_text,
    law_making_in, own_file, read_items, to_be_confirmed,
};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Actor, Refusal};
use std::sync::Arc;

/// Longest name of a text that a basis was compared with, in characters.
const SOURCE_CHARS_MAX: usize = 200;

/// What somebody enters of the law by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// A new item.
    Item(ItemFields),
    /// A basis of an item, by its code.
    Basis(String, BasisFields),
    /// Tiers of an item, by its code.
    Tiers(String, TierFields),
}

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
        if basis.article.is_empty() {
            let rule = format!("{} 没有条号，不能确认：处罚决定应当写明依据的条款。", basis.citation());
            let remedy = "请先用“修改”或者“新增依据”写明条号，再对照原文确认。";
            return Err(
                Refusal::conflict("no-article", rule, remedy).from_source("行政处罚法第五十九条第一款第三项")
            );
        }
        if !basis.needs_confirmation() {
            let rule = format!("{} 已经核对，不用再确认。", basis.citation());
            return Err(Refusal::conflict("confirmed", rule, "请刷新页面查看。"));
        }
        let confirmed = self.word_of(who, source)?;
        let name = confirm::file_of(&item.code);
        let old = world.law_files.iter().find(|(file, _)| *file == name).map(|(_, text)| text);
        let text = confirm::with(old, &item.code, basis, &confirmed);
        self.put_register(who, Record::Law { name, text }).await
    }

    /// Confirms a term against the text that `source` names: from then on it counts as checked. Kept with who and when.
    ///
    /// # Errors
    /// Who is no legal officer, an unknown term, one that needs no confirmation, a missing source.
    pub async fn confirm_term(&self, who: &Caller, key: &str, source: &str) -> Result<Done, Refusal> {
        self.may(who, "confirm_basis", None)?;
        let world = self.world();
        let open = |t: &&lianzhi_law::StatutoryTerm| t.standing == Standing::Unverified;
        let term = world.directory.law.statutes().filter(|t| *t.key == *key).find(open).ok_or_else(|| {
            Refusal::conflict("confirmed", "没有这一期限，或者已经核对。", "请刷新页面查看。")
        })?;
        if term.article.is_empty() {
            let rule = format!("{} 没有条号，不能确认。", term.citation());
            return Err(Refusal::conflict("no-article", rule, "请先在期限数据中写明条号，再对照原文确认。"));
        }
        let confirmed = self.word_of(who, source)?;
        let name = confirm::TERMS_FILE;
        let old = world.law_files.iter().find(|(file, _)| *file == name).map(|(_, text)| text);
        let text = confirm::with_term(old, term, &confirmed);
        self.put_register(who, Record::Law { name: name.into(), text }).await
    }

    /// A legal officer's word today that something was compared with a text.
    pub(crate) fn word_of(&self, who: &Caller, source: &str) -> Result<Confirmed, Refusal> {
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
        Ok(Confirmed { by: Arc::from(by), date: self.today(), source: Arc::from(source) })
    }

    /// Enters a common benchmark that was agreed, or what became of one: of the same item and key the new one takes the place.
    ///
    /// # Errors
    /// Who may not, an unknown item, sums that are none, a member in force without day and document.
    pub async fn agree_benchmark(&self, who: &Caller, common: RawCommon) -> Result<Done, Refusal> {
        self.may(who, "keep_law", None)?;
        let world = self.world();
        let law = &world.directory.law;
        let item = law
            .item(&common.item)
            .map_err(|e| Refusal::invalid("item", format!("{e}。"), "请从列表中选择。"))?;
        let name = common_file(&item.code);
        // What comes with the program as an example is not copied into the agency's own file.
        let kept = law.common().filter(|c| c.item == item.code && !c.example && *c.key != *common.key);
        let mut all: Vec<RawCommon> = kept.map(RawCommon::from).collect();
        all.push(common);
        let text = common_text(&all, &[], self.today())
            .map_err(|e| Refusal::invalid("item", e, "请检查填写的内容。"))?;
        self.put_register(who, Record::Law { name, text }).await
    }

    /// Says how far a member is with a common benchmark.
    ///
    /// # Errors
    /// Who may not; there is no such benchmark, or it is an example.
    pub async fn benchmark_progress(
        &self,
        who: &Caller,
        (item, key): (&str, &str),
        standing: MemberStanding,
    ) -> Result<Done, Refusal> {
        self.may(who, "keep_law", None)?;
        let world = self.world();
        let known = world.directory.law.common().find(|c| *c.item == *item && *c.key == *key && !c.example);
        let known = known.ok_or_else(|| {
            Refusal::conflict("no-benchmark", "没有这条共同基准，或者它只是示例。", "请先登记商定的基准。")
        })?;
        let mut common = RawCommon::from(known);
        common.members.retain(|m| m.place != standing.place);
        common.members.push(standing);
        self.agree_benchmark(who, common).await
    }

    /// Enters what was made, changed or repealed (立改废).
    ///
    /// # Errors
    /// Who may not, an unknown item, what is missing.
    pub async fn enter_law_making(&self, who: &Caller, entry: LawMaking) -> Result<Done, Refusal> {
        self.may(who, "keep_law", None)?;
        let world = self.world();
        if let Some(item) = entry.items.iter().find(|item| world.directory.law.item(item).is_err()) {
            return Err(Refusal::invalid(
                "items",
                format!("没有事项“{item}”。"),
                "请填写事项代码，用逗号分开。",
            ));
        }
        let own = world.law_files.iter().find(|(name, _)| *name == LAW_MAKING_FILE);
        let mut all = own.map(|(_, text)| law_making_in(text)).unwrap_or_default();
        all.push(entry);
        let text = common_text(&[], &all, self.today())
            .map_err(|e| Refusal::invalid("law", e, "请检查填写的内容。"))?;
        self.put_register(who, Record::Law { name: LAW_MAKING_FILE.into(), text }).await
    }

    /// Today, Beijing time.
    pub(crate) fn today(&self) -> jiff::civil::Date {
        tz::offset(8).to_datetime(self.now()).date()
    }

    /// What items that somebody brings would change; nothing is kept.
    ///
    /// # Errors
    /// Who may not, and what cannot be read.
    pub fn item_changes(&self, who: &Caller, text: &str) -> Result<Vec<ItemChange>, Refusal> {
        Ok(self.brought(who, text)?.into_iter().map(|(change, _)| change).collect())
    }

    /// Takes the changed items in, each in a file of its own; bases that say something new wait for a legal officer.
    ///
    /// # Errors
    /// Who may not, what cannot be read, nothing that changes.
    pub async fn import_items(&self, who: &Caller, text: &str) -> Result<Vec<ItemChange>, Refusal> {
        let changed: Vec<(ItemChange, Item)> =
            self.brought(who, text)?.into_iter().filter(|(change, _)| !change.lines.is_empty()).collect();
        if changed.is_empty() {
            return Err(Refusal::conflict("nothing-new", "与现行的事项没有不同。", "不用导入。"));
        }
        for (change, item) in &changed {
            let text = items_text([item], self.today());
            let text = text.map_err(|e| Refusal::invalid("text", e, "请检查内容后重新导入。"))?;
            self.put_register(who, Record::Law { name: own_file(&change.code), text }).await?;
        }
        Ok(changed.into_iter().map(|(change, _)| change).collect())
    }

    /// The text of an item that was entered by hand, as an import takes it. What it would change, and taking it in, is asked of
    /// [`App::item_changes`] and [`App::import_items`].
    ///
    /// # Errors
    /// Who may not; the field at fault.
    pub fn entered_item(&self, who: &Caller, entered: &Entered) -> Result<String, Refusal> {
        self.may(who, "keep_law", None)?;
        let directory = self.directory();
        let law = &directory.law;
        let of = |code: &str| law.item(code).map_err(|e| Refusal::missing(format!("{e}。")));
        let item = match entered {
            Entered::Item(fields) => fields.item(|code| law.item(code).is_ok()),
            Entered::Basis(code, fields) => fields.added_to(of(code)?),
            Entered::Tiers(code, fields) => fields.added_to(of(code)?),
        };
        let item = item.map_err(|fault| Refusal::invalid(fault.field, fault.rule, fault.remedy))?;
        items_text([&item], self.today()).map_err(|e| Refusal::invalid("source", e, "请检查填写的内容。"))
    }

    fn brought(&self, who: &Caller, text: &str) -> Result<Vec<(ItemChange, Item)>, Refusal> {
        self.may(who, "keep_law", None)?;
        let remedy = "请按导出的格式改正后再预览；现行数据不变。";
        let items = read_items(text).map_err(|e| Refusal::invalid("text", format!("{e}。"), remedy))?;
        if items.is_empty() {
            return Err(Refusal::invalid("text", "没有事项。", remedy));
        }
        let directory = self.directory();
        let change = |item: Item| {
            let old = directory.law.item(&item.code).ok();
            let item = to_be_confirmed(old, item);
            (item_change(old, &item), item)
        };
        Ok(items.into_iter().map(change).collect())
    }
}
