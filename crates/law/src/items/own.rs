//! Items as an agency keeps them: written out, read in, and told apart from what is in force. Each item that was changed has a file of
//! its own, which takes the place of the one that came with the program.

use super::raw::RawItems;
use super::{Basis, Benchmark, FineRange, Item, SubjectKind, Tier, Verified};
use crate::error::LawError;
use crate::standard::Standing;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

const BEGINNING: &str = "items/own-";

/// Name of the file of an item that the agency keeps itself.
#[must_use]
pub fn own_file(item: &str) -> String {
    format!("{BEGINNING}{}.toml", item.to_lowercase())
}

/// Whether a file holds an item that the agency keeps itself.
#[must_use]
pub fn is_own_file(name: &str) -> bool {
    name.starts_with(BEGINNING)
}

#[derive(Serialize)]
struct OutFile<'a> {
    about: OutAbout<'a>,
    item: Vec<OutItem<'a>>,
}

#[derive(Serialize)]
struct OutAbout<'a> {
    source: &'a str,
    date: String,
    licence: &'a str,
}

#[derive(Serialize)]
struct OutItem<'a> {
    code: &'a str,
    name: &'a str,
    domain: &'a str,
    violation: &'a str,
    subject: &'a [SubjectKind],
    #[serde(skip_serializing_if = "str::is_empty")]
    grid: &'a str,
    sh_free: super::FreeList,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    basis: Vec<OutBasis<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    benchmark: Vec<OutBenchmark<'a>>,
}

#[derive(Serialize)]
struct OutBenchmark<'a> {
    jurisdiction: &'a str,
    title: &'a str,
    source: &'a str,
    standing: Standing,
    in_force_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force_to: Option<Date>,
    tiers: &'a [Tier],
}

#[derive(Serialize)]
struct OutBasis<'a> {
    jurisdiction: &'a str,
    law: &'a str,
    article: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prohibit: Option<&'a str>,
    subject: &'a str,
    kinds: &'a [SubjectKind],
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforcer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fine_min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fine_max: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fine_pct_of_cost: Option<(u8, u8)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fine_per_m2: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precondition: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    limit_first: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    daily: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_to: Option<Date>,
    verified: Verified,
    source: &'a str,
    confidence: f64,
}

fn out(item: &Item) -> OutItem<'_> {
    OutItem {
        code: &item.code,
        name: &item.name,
        domain: &item.domain,
        violation: &item.violation,
        subject: &item.subjects,
        grid: &item.grid,
        sh_free: item.free_list,
        note: &item.note,
        basis: item.bases.iter().map(out_basis).collect(),
        benchmark: item.benchmarks.iter().map(out_benchmark).collect(),
    }
}

fn out_benchmark(benchmark: &Benchmark) -> OutBenchmark<'_> {
    OutBenchmark {
        jurisdiction: benchmark.jurisdiction.as_str(),
        title: &benchmark.title,
        source: &benchmark.source,
        standing: benchmark.standing,
        in_force_from: benchmark.in_force_from,
        in_force_to: benchmark.in_force_to,
        tiers: &benchmark.tiers,
    }
}

fn out_basis(basis: &Basis) -> OutBasis<'_> {
    let amounts = basis.fine.amounts();
    OutBasis {
        jurisdiction: basis.jurisdiction.as_str(),
        law: &basis.law,
        article: &basis.article,
        prohibit: basis.prohibit.as_deref(),
        subject: &basis.subject,
        kinds: &basis.kinds,
        only: basis.only.as_deref(),
        enforcer: basis.enforcer.as_deref(),
        fine_min: amounts.map(|(min, _)| min.0 / 100),
        fine_max: amounts.map(|(_, max)| max.0 / 100),
        fine_pct_of_cost: match basis.fine {
            FineRange::PercentOfCost { min, max } => Some((min, max)),
            _ => None,
        },
        fine_per_m2: match basis.fine {
            FineRange::PerSquareMetre { min, max } => Some((min.0 / 100, max.0 / 100)),
            _ => None,
        },
        precondition: basis.precondition.as_deref(),
        other: basis.other.as_deref(),
        limit_first: basis.limit_first,
        daily: basis.daily,
        effective_from: basis.from,
        effective_to: basis.to,
        verified: basis.verified,
        source: &basis.source,
        confidence: f64::from(basis.confidence) / 100.0,
    }
}

/// Items as TOML, the way `data/items/items.toml` is written; sources stand whole.
///
/// # Errors
/// When they cannot be written.
pub fn items_text<'a>(items: impl IntoIterator<Item = &'a Item>, date: Date) -> Result<String, String> {
    let about = OutAbout {
        source: "本机关维护的执法事项，逐条注明来源",
        date: date.to_string(),
        licence: "法律条文属公有领域（著作权法第五条）；整理部分 Apache-2.0",
    };
    let file = OutFile { about, item: items.into_iter().map(out).collect() };
    toml::to_string(&file).map_err(|e| e.to_string())
}

/// Reads items that somebody brings. A file that holds other tables is refused, and tiers that cannot be told apart.
///
/// # Errors
/// What is wrong, with the item.
pub fn read_items(text: &str) -> Result<Vec<Item>, LawError> {
    const FILE: &str = "导入的文件";
    let table: toml::Table = toml::from_str(text)
        .map_err(|e| LawError::new(FILE, "文件", format!("格式有误：{}", e.message())))?;
    if let Some(other) = table.keys().find(|key| !matches!(key.as_str(), "about" | "sources" | "item")) {
        return Err(LawError::new(FILE, other, "事项文件只能含 [about]、[sources] 和 [[item]]"));
    }
    let raw: RawItems = toml::from_str(text)
        .map_err(|e| LawError::new(FILE, "文件", format!("格式有误：{}", e.message())))?;
    let items = raw.items(FILE)?;
    for item in &items {
        if let Some(tier) = item.benchmarks.iter().find_map(Benchmark::twice) {
            let reason = format!("有两档的代码或者名称都是“{}”；案件按它记录档次，请分别命名", tier.title);
            return Err(LawError::new(FILE, format!("item {}", item.code), reason));
        }
    }
    Ok(items)
}

/// How a line of a comparison stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// New.
    Added,
    /// Other than it is.
    Changed,
    /// Gone.
    Removed,
}

impl Sign {
    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Sign::Added => "新增",
            Sign::Changed => "修改",
            Sign::Removed => "删除",
        }
    }
}

/// What an item would become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemChange {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Line by line; empty where nothing changes.
    pub lines: Vec<(Sign, String)>,
    /// Bases that a legal officer has to confirm afterwards.
    pub to_confirm: usize,
}

fn same_rule(a: &Basis, b: &Basis) -> bool {
    (&a.jurisdiction, &a.law, &a.article, &a.subject, &a.only, a.from)
        == (&b.jurisdiction, &b.law, &b.article, &b.subject, &b.only, b.from)
}

/// Whether two bases say the same, whoever confirmed them.
pub(super) fn same_words(a: &Basis, b: &Basis) -> bool {
    let plain = |basis: &Basis| Basis { confirmed: None, verified: Verified::M, ..basis.clone() };
    plain(a) == plain(b)
}

/// The item as it may be kept: a basis that is new or says something else than the one in force counts as unchecked until a legal
/// officer confirms it, whatever the file says.
#[must_use]
pub fn to_be_confirmed(old: Option<&Item>, mut new: Item) -> Item {
    for basis in &mut new.bases {
        let known = old.into_iter().flat_map(|item| &item.bases).find(|known| same_words(known, basis));
        match known {
            Some(known) => basis.verified = known.verified,
            None if basis.verified == Verified::V => basis.verified = Verified::V2,
            None => {}
        }
    }
    new
}

/// What changes when an item takes the place of the one in force.
#[must_use]
pub fn item_change(old: Option<&Item>, new: &Item) -> ItemChange {
    let mut lines = Vec::new();
    let cite = |b: &Basis| format!("{} {}（{}）", b.jurisdiction.title(), b.citation(), b.subject);
    match old {
        None => lines.push((Sign::Added, format!("事项：{}", new.violation))),
        Some(old) => {
            let texts = [
                ("名称", &old.name, &new.name),
                ("领域", &old.domain, &new.domain),
                ("行为", &old.violation, &new.violation),
                ("网格", &old.grid, &new.grid),
                ("说明", &old.note, &new.note),
            ];
            for (what, from, to) in texts {
                if from != to {
                    lines.push((Sign::Changed, format!("{what}：“{from}”改为“{to}”")));
                }
            }
            if old.subjects != new.subjects || old.free_list != new.free_list {
                lines.push((Sign::Changed, "对象或者免罚清单".to_owned()));
            }
        }
    }
    let known: &[Basis] = old.map_or(&[], |item| &item.bases);
    for basis in &new.bases {
        match known.iter().find(|known| same_rule(known, basis)) {
            None => lines.push((
                Sign::Added,
                format!("依据：{}，{}；来源：{}", cite(basis), basis.fine.text(), basis.source),
            )),
            Some(known) if !same_words(known, basis) => {
                let fine = match known.fine == basis.fine {
                    true => String::new(),
                    false => format!("，{}改为{}", known.fine.text(), basis.fine.text()),
                };
                lines.push((Sign::Changed, format!("依据：{}{fine}；来源：{}", cite(basis), basis.source)));
            }
            Some(_) => {}
        }
    }
    for basis in known.iter().filter(|known| !new.bases.iter().any(|basis| same_rule(known, basis))) {
        lines.push((Sign::Removed, format!("依据：{}，{}", cite(basis), basis.fine.text())));
    }
    lines.extend(benchmarks(old.map_or(&[], |item| &item.benchmarks), &new.benchmarks));
    let changed = |b: &&Basis| !known.iter().any(|k| same_words(k, b));
    ItemChange {
        code: new.code.to_string(),
        name: new.name.to_string(),
        lines,
        to_confirm: new.bases.iter().filter(changed).count(),
    }
}

/// What changes of the tiers that stand with an item: told apart by place and first day in force.
fn benchmarks(old: &[Benchmark], new: &[Benchmark]) -> Vec<(Sign, String)> {
    let same = |a: &Benchmark, b: &Benchmark| {
        (&a.jurisdiction, a.in_force_from) == (&b.jurisdiction, b.in_force_from)
    };
    let words = |b: &Benchmark| {
        let tiers: Vec<String> =
            b.tiers.iter().map(|t| format!("{} {}%—{}%", t.title, t.from, t.to)).collect();
        let ends = b.in_force_to.map(|to| format!("至 {to}")).unwrap_or_default();
        format!(
            "裁量档次：{} {}，{} 起{ends}：{}；来源：{}",
            b.jurisdiction.title(),
            b.title,
            b.in_force_from,
            tiers.join("、"),
            b.source
        )
    };
    let mut lines = Vec::new();
    for one in new {
        match old.iter().find(|known| same(known, one)) {
            None => lines.push((Sign::Added, words(one))),
            Some(known) if known != one => lines.push((Sign::Changed, words(one))),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|known| !new.iter().any(|one| same(known, one)));
    lines.extend(gone.map(|known| (Sign::Removed, words(known))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LawData, LawFiles};
    use jiff::civil::date;

    fn law() -> LawData {
        LawData::builtin().expect("the repository's data")
    }

    #[test]
    fn what_is_written_out_is_read_in_again_without_a_difference() {
        let law = law();
        let text = items_text(law.items(), date(2026, 11, 29)).expect("a text");
        let read = read_items(&text).expect("items");
        assert_eq!(read.len(), law.items().count());
        for new in &read {
            let old = law.item(&new.code).expect("an item");
            assert_eq!(item_change(Some(old), new).lines, [], "{}", new.code);
        }
    }

    #[test]
    fn a_changed_basis_is_unchecked_until_somebody_confirms_it_whatever_the_file_says() {
        let law = law();
        let old = law.item("JZLJ-07").expect("an item");
        let text = items_text([old], date(2026, 11, 29)).expect("a text").replacen(
            "fine_max = 20000",
            "fine_max = 30000",
            1,
        );
        let new = read_items(&text).expect("items").remove(0);
        assert_eq!(new.bases[0].verified, Verified::V, "the file says so");
        let change = item_change(Some(old), &new);
        assert_eq!((change.lines.len(), change.to_confirm), (1, 1), "{change:?}");
        assert!(change.lines[0].1.contains("改为") && change.lines[0].0 == Sign::Changed);
        let kept = to_be_confirmed(Some(old), new);
        assert!(kept.bases[0].needs_confirmation());
        assert_eq!(kept.bases[1].verified, old.bases[1].verified, "what did not change stays checked");
        // In its own file it takes the place of the item that came with the program.
        let mut files = LawFiles::builtin();
        files.put(&own_file("JZLJ-07"), &items_text([&kept], date(2026, 11, 29)).expect("a text"));
        let now = LawData::load(&files).expect("law data");
        assert_eq!(now.items().count(), law.items().count());
        assert_eq!(
            now.item("JZLJ-07").expect("an item").bases[0].fine.amounts().map(|a| a.1.0),
            Some(3_000_000)
        );
    }

    #[test]
    fn a_confirmation_of_other_words_does_not_count_for_the_changed_basis() {
        use crate::{Confirmed, confirm};
        let law = law();
        let old = law.item("GG-03").expect("an item");
        let open = old.bases.iter().find(|b| b.needs_confirmation()).expect("an unchecked basis");
        let said = Confirmed { by: "法制员".into(), date: date(2026, 11, 20), source: "原文".into() };
        let mut files = LawFiles::builtin();
        files.put(&confirm::file_of("GG-03"), &confirm::with(None, "GG-03", open, &said));
        let confirmed = LawData::load(&files).expect("law data");
        let count = |law: &LawData| {
            law.item("GG-03").expect("an item").bases.iter().filter(|b| b.confirmed.is_some()).count()
        };
        assert_eq!(count(&confirmed), 1);
        let (min, max) = open.fine.amounts().expect("amounts");
        let mut new = old.clone();
        let basis = new.bases.iter_mut().find(|b| b.needs_confirmation()).expect("it");
        basis.fine = FineRange::Between { min, max: crate::Fen(max.0 * 2) };
        files.put(&own_file("GG-03"), &items_text([&new], date(2026, 11, 29)).expect("a text"));
        assert_eq!(
            count(&LawData::load(&files).expect("law data")),
            0,
            "it was confirmed for another amount"
        );
    }

    #[test]
    fn a_basis_without_a_source_is_refused() {
        let law = law();
        let text = items_text([law.item("JZLJ-07").expect("an item")], date(2026, 11, 29)).expect("a text");
        let at = text.find("source = \"github").expect("a source");
        let end = text[at..].find('\n').expect("a line") + at;
        let without = format!("{}source = \"\"{}", &text[..at], &text[end..]);
        assert!(read_items(&without).expect_err("a refusal").to_string().contains("source"));
    }
}
