//! What members agreed on: common benchmarks (同事同罚 共同基准) with who has put them in force since when, and the register of what
//! was made, changed and repealed (立改废).

use crate::cite::citation;
use crate::data::filled;
use crate::error::LawError;
use crate::items::{FineRange, SubjectKind};
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How far a member is with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Agreed, nothing done yet.
    Agreed,
    /// A draft is on its way.
    Preparing,
    /// In force.
    InForce,
    /// The member said that it will not.
    Declined,
}

impl Progress {
    /// All, in the order of forms.
    pub const ALL: [Progress; 4] =
        [Progress::Agreed, Progress::Preparing, Progress::InForce, Progress::Declined];
    /// Code in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Progress::Agreed => "agreed",
            Progress::Preparing => "preparing",
            Progress::InForce => "in_force",
            Progress::Declined => "declined",
        }
    }
    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Progress::Agreed => "已商定，尚未着手",
            Progress::Preparing => "正在制定",
            Progress::InForce => "已经施行",
            Progress::Declined => "不采用",
        }
    }
    /// From its code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Progress> {
        Progress::ALL.into_iter().find(|progress| progress.code() == code)
    }
}

/// How far one member is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Place whose rules it is: `SH`, `JS` …
    pub place: Jurisdiction,
    /// How far.
    pub progress: Progress,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The document by which; empty before there is one.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub by: Arc<str>,
}

/// A common benchmark that was agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// Its key among those of an item, e.g. `2026-1`.
    pub key: Arc<str>,
    /// Code of the item.
    pub item: Arc<str>,
    /// For whom.
    pub subject: SubjectKind,
    /// The case it is for, in words: 初次、十立方米以下.
    pub when: Arc<str>,
    /// Agreed least and greatest fine.
    pub fine: FineRange,
    /// Day on which it was agreed.
    pub agreed_on: Date,
    /// The meeting at which.
    pub meeting: Arc<str>,
    /// Where it is written down.
    pub source: Arc<str>,
    /// It only shows how one looks.
    pub example: bool,
    /// How far the members are.
    pub members: Vec<Standing>,
}

impl Common {
    /// Whether a fine lies within it; where no amount was agreed, every fine does.
    #[must_use]
    pub fn holds(&self, fine: Fen) -> bool {
        self.fine.amounts().is_none_or(|(min, max)| min <= fine && fine <= max)
    }
    /// How far a place is; nothing known of those that took no part.
    #[must_use]
    pub fn standing(&self, place: &Jurisdiction) -> Option<&Standing> {
        self.members.iter().find(|m| m.place.covers(place))
    }
}

/// What was done to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// 立.
    Made,
    /// 改.
    Amended,
    /// 废.
    Repealed,
}

impl Change {
    /// All.
    pub const ALL: [Change; 3] = [Change::Made, Change::Amended, Change::Repealed];
    /// Code in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Change::Made => "made",
            Change::Amended => "amended",
            Change::Repealed => "repealed",
        }
    }
    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Change::Made => "立",
            Change::Amended => "改",
            Change::Repealed => "废",
        }
    }
    /// From its code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Change> {
        Change::ALL.into_iter().find(|change| change.code() == code)
    }
}

/// An entry of the register of law-making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawMaking {
    /// Where.
    pub place: Jurisdiction,
    /// The law.
    pub law: Arc<str>,
    /// Its article; may be empty.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub article: Arc<str>,
    /// Codes of items that it concerns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Arc<str>>,
    /// What was done.
    pub change: Change,
    /// From when it holds.
    pub date: Date,
    /// What it says now, in short.
    pub text: Arc<str>,
    /// Where it was published.
    pub source: Arc<str>,
}

impl LawMaking {
    /// Law and article.
    #[must_use]
    pub fn citation(&self) -> String {
        citation(&self.law, &self.article)
    }
    pub(super) fn check(self, file: &str) -> Result<LawMaking, LawError> {
        let key = format!("law_making {} {}", self.law, self.date);
        filled(file, &key, &[("law", &self.law), ("text", &self.text), ("source", &self.source)])?;
        Ok(self)
    }
}

/// A common benchmark as it is written in `items/common-….toml`; amounts in yuan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCommon {
    /// See [`Common::key`].
    pub key: String,
    /// Code of the item.
    pub item: String,
    /// 单位 or 个人.
    pub subject: SubjectKind,
    /// The case it is for.
    pub when: String,
    /// Least, yuan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fine_min: Option<i64>,
    /// Greatest, yuan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fine_max: Option<i64>,
    /// Day.
    pub agreed_on: Date,
    /// Meeting.
    pub meeting: String,
    /// Where it is written down.
    pub source: String,
    /// It only shows how one looks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub example: bool,
    /// Members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Standing>,
}

impl RawCommon {
    pub(super) fn check(self, file: &str) -> Result<Common, LawError> {
        let key = format!("common {} {}", self.item, self.key);
        let texts: [(&str, &str); 5] = [
            ("key", &self.key),
            ("item", &self.item),
            ("when", &self.when),
            ("meeting", &self.meeting),
            ("source", &self.source),
        ];
        filled(file, &key, &texts)?;
        let error = |reason: &str| LawError::new(file, &*key, reason);
        let fine = match (self.fine_min, self.fine_max) {
            (None, None) => FineRange::Unfixed,
            (Some(min), Some(max)) if 0 <= min && min <= max && max > 0 => {
                FineRange::Between { min: Fen::yuan(min), max: Fen::yuan(max) }
            }
            _ => return Err(error("商定的罚款数额应成对且由小到大")),
        };
        let unsaid =
            |m: &Standing| m.progress == Progress::InForce && (m.since.is_none() || m.by.trim().is_empty());
        if let Some(member) = self.members.iter().find(|m| unsaid(m)) {
            let reason = format!("{} 已经施行的，应写明何时起、依据什么文件", member.place);
            return Err(error(&reason));
        }
        Ok(Common {
            key: Arc::from(self.key),
            item: Arc::from(self.item),
            subject: self.subject,
            when: Arc::from(self.when),
            fine,
            agreed_on: self.agreed_on,
            meeting: Arc::from(self.meeting),
            source: Arc::from(self.source),
            example: self.example,
            members: self.members,
        })
    }
}

impl From<&Common> for RawCommon {
    fn from(common: &Common) -> Self {
        let amounts = common.fine.amounts();
        RawCommon {
            key: common.key.to_string(),
            item: common.item.to_string(),
            subject: common.subject,
            when: common.when.to_string(),
            fine_min: amounts.map(|(min, _)| min.0 / 100),
            fine_max: amounts.map(|(_, max)| max.0 / 100),
            agreed_on: common.agreed_on,
            meeting: common.meeting.to_string(),
            source: common.source.to_string(),
            example: common.example,
            members: common.members.clone(),
        }
    }
}

/// Beginning of the files that hold common benchmarks.
const BEGINNING: &str = "items/common-";
/// The file of the register of law-making.
pub const LAW_MAKING_FILE: &str = "items/common-law-making.toml";

/// Name of the file of the common benchmarks of an item.
#[must_use]
pub fn common_file(item: &str) -> String {
    format!("{BEGINNING}{}.toml", item.to_lowercase())
}

/// Whether a file of law data holds common benchmarks or law-making: a legal officer keeps it.
#[must_use]
pub fn is_common_file(name: &str) -> bool {
    name.starts_with(BEGINNING)
}

/// What such a file holds.
#[derive(Serialize)]
struct File<'a> {
    about: FileAbout,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    common: &'a [RawCommon],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    law_making: &'a [LawMaking],
}

#[derive(Serialize)]
struct FileAbout {
    source: &'static str,
    date: String,
    licence: &'static str,
}

/// The text of a file of common benchmarks or of law-making.
///
/// # Errors
/// When it cannot be written as TOML.
pub fn common_text(common: &[RawCommon], law_making: &[LawMaking], date: Date) -> Result<String, String> {
    let about = FileAbout {
        source: "本机关法制机构登记", date: date.to_string(), licence: "本机关记录"
    };
    toml::to_string(&File { about, common, law_making }).map_err(|e| e.to_string())
}

/// The entries of law-making in a text; none where it holds none.
#[must_use]
pub fn law_making_in(text: &str) -> Vec<LawMaking> {
    #[derive(Deserialize)]
    struct Own {
        #[serde(default)]
        law_making: Vec<LawMaking>,
    }
    toml::from_str::<Own>(text).map(|own| own.law_making).unwrap_or_default()
}

/// Sees to it that a file of common benchmarks holds nothing else.
///
/// # Errors
/// What else it holds.
pub fn check_common(name: &str, text: &str) -> Result<(), LawError> {
    let table: toml::Table = toml::from_str(text)
        .map_err(|e| LawError::new(name, "文件", format!("格式有误：{}", e.message())))?;
    match table.keys().find(|key| !matches!(key.as_str(), "about" | "common" | "law_making")) {
        Some(other) => {
            Err(LawError::new(name, other, "共同基准文件只能含 [about]、[[common]] 和 [[law_making]]"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LawFiles;
    use jiff::civil::date;

    fn agreed(members: Vec<Standing>) -> RawCommon {
        RawCommon {
            key: "2026-1".into(),
            item: "JZLJ-07".into(),
            subject: SubjectKind::Entity,
            when: "初次".into(),
            fine_min: Some(2000),
            fine_max: Some(5000),
            agreed_on: date(2026, 10, 20),
            meeting: "2026 年第二次联席会议".into(),
            source: "会议纪要".into(),
            example: false,
            members,
        }
    }

    fn loaded(raw: &RawCommon) -> Result<crate::LawData, LawError> {
        let mut files = LawFiles::builtin();
        let text = common_text(std::slice::from_ref(raw), &[], date(2026, 10, 21)).expect("a text");
        files.put(&common_file(&raw.item), &text);
        crate::LawData::load(&files)
    }

    #[test]
    fn what_was_agreed_is_read_as_it_was_written() {
        let sh = Standing {
            place: Jurisdiction::parse("SH").expect("a place"),
            progress: Progress::InForce,
            since: Some(date(2026, 11, 1)),
            by: "裁量基准 2026 年修订".into(),
        };
        let raw = agreed(vec![sh.clone()]);
        let law = loaded(&raw).expect("law data");
        let found: Vec<_> = law.common().filter(|c| !c.example).collect();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].holds(Fen::yuan(2000))
                && found[0].holds(Fen::yuan(5000))
                && !found[0].holds(Fen::yuan(5001))
        );
        assert_eq!(found[0].standing(&sh.place), Some(&sh));
    }

    #[test]
    fn who_put_it_in_force_says_since_when_and_by_which_document() {
        let unsaid = Standing {
            place: Jurisdiction::parse("SH").expect("a place"),
            progress: Progress::InForce,
            since: None,
            by: "".into(),
        };
        let refused = loaded(&agreed(vec![unsaid])).expect_err("a refusal");
        assert!(refused.to_string().contains("何时起"), "{refused}");
    }

    #[test]
    fn an_item_that_nobody_knows_has_no_benchmark() {
        let raw = RawCommon { item: "XX-99".into(), ..agreed(vec![]) };
        assert!(loaded(&raw).is_err());
    }
}
