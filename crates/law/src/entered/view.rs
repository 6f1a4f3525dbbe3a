//! Entries as programs read them: the API and the command line give the same.

use super::{Entry, EntryKind, Standing};
use crate::data::LawData;
use crate::items::{Confirmed, RawBenchmark, RawPower, RawThreshold};
use crate::statute::RawTighten;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// Who entered something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EnteredBy {
    /// 登记人
    pub by: String,
    /// 登记的时刻，微秒
    pub at: i64,
}

/// What an entry says, as it is written in the files of law data.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Content(Written);

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    Power(RawPower),
    Threshold(RawThreshold),
    Tiers(RawBenchmark),
    Term(RawTighten),
}

impl From<&Entry> for Content {
    fn from(entry: &Entry) -> Self {
        Content(match entry {
            Entry::Power(power) => Written::Power(power.into()),
            Entry::Threshold(threshold) => Written::Threshold(threshold.into()),
            Entry::Tiers(tiers) => Written::Tiers(tiers.into()),
            Entry::Term(own) => Written::Term(own.into()),
        })
    }
}

/// An entry with where it comes from and who stands for it.
#[derive(Serialize, JsonSchema)]
pub struct EntryView {
    /// 名称
    pub title: String,
    /// 全部内容，一句话；确认的就是这一句
    pub words: String,
    /// 来源
    pub source: String,
    /// 施行日期
    pub in_force_from: Date,
    /// 失效日期（最后一日）
    pub in_force_to: Option<Date>,
    /// 本机关登记的；假：随软件或者数据文件提供的
    pub own: bool,
    /// 现在是否按它办理；待确认的权限、数额、档次不算
    pub counts: bool,
    /// 登记人和时刻；随软件提供的没有
    pub entered: Option<EnteredBy>,
    /// 法制审核人员的确认
    pub confirmed: Option<Confirmed>,
    /// 各项内容，与数据文件的写法相同
    pub content: Content,
}

/// All entries of a kind.
#[derive(Serialize, JsonSchema)]
pub struct EntriesView {
    /// powers、thresholds、tiers、tightened
    pub kind: &'static str,
    /// 名称
    pub title: &'static str,
    /// 本机关登记的在前
    pub entries: Vec<EntryView>,
}

/// All entries of a kind, what the agency entered first; `entered` says who entered what.
#[must_use]
pub fn entries(law: &LawData, kind: EntryKind, entered: impl Fn(&Entry) -> Option<EnteredBy>) -> EntriesView {
    let own = law.entries(kind);
    let view = |entry: Entry| {
        let standing: Option<&Standing> = own.iter().find(|own| own.entry == entry);
        let confirmed = standing.and_then(|own| own.confirmed.clone());
        let (in_force_from, in_force_to) = entry.dates();
        EntryView {
            title: entry.title(),
            words: entry.words(),
            source: entry.source().to_owned(),
            in_force_from,
            in_force_to,
            own: standing.is_some(),
            counts: standing.is_none() || confirmed.is_some() || !kind.waits(),
            entered: standing.and_then(|own| entered(&own.entry)),
            confirmed,
            content: Content::from(&entry),
        }
    };
    let entries = law.all_entries(kind).into_iter().map(view).collect();
    EntriesView { kind: kind.code(), title: kind.title(), entries }
}
