//! The collaboration list (协作清单): what may be exchanged between whom, in what form, for what purpose. Everything that
//! is exchanged is authorised by an entry in force; what no entry names is refused at both ends.

use jiff::civil::Date;
use lianzhi_ids::{Digest, NodeCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const DOMAIN: &[u8] = b"lianzhi/list/v1\0";
/// Longest number of an entry, characters.
pub const LIST_ID_CHARS_MAX: usize = 24;

/// Forms of working together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// 线索移送.
    Lead,
    /// 协助调查.
    Assistance,
    /// 证据移交互认.
    Evidence,
    /// 执法预警通报.
    Bulletin,
    /// 管辖争议协调.
    Dispute,
    /// 异地执法与处罚结果互认.
    Away,
}

impl Form {
    /// All forms, in the order of pages.
    pub const ALL: [Form; 6] =
        [Form::Lead, Form::Assistance, Form::Evidence, Form::Bulletin, Form::Dispute, Form::Away];
    /// Name in data; also the kind of the procedure.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Form::Lead => "lead",
            Form::Assistance => "assistance",
            Form::Evidence => "evidence",
            Form::Bulletin => "bulletin",
            Form::Dispute => "dispute",
            Form::Away => "away",
        }
    }
    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Form::Lead => "线索移送",
            Form::Assistance => "协助调查",
            Form::Evidence => "证据移交",
            Form::Bulletin => "预警通报",
            Form::Dispute => "争议协调",
            Form::Away => "异地执法",
        }
    }
    /// The form of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|f| f.code() == code)
    }
}

/// What of a matter is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// What happened, in words.
    Narrative,
    /// Where.
    Place,
    /// The firm, vehicle or site.
    Subject,
    /// Personal particulars of natural persons (个人信息保护法 23: needs purpose, kind and consent or law).
    Particulars,
    /// Files with their proof.
    Exhibits,
    /// Seized goods.
    Goods,
    /// What became of it.
    Outcome,
}

impl Shared {
    /// All, in the order of pages.
    pub const ALL: [Shared; 7] = [
        Shared::Narrative,
        Shared::Place,
        Shared::Subject,
        Shared::Particulars,
        Shared::Exhibits,
        Shared::Goods,
        Shared::Outcome,
    ];
    /// Name in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Shared::Narrative => "narrative",
            Shared::Place => "place",
            Shared::Subject => "subject",
            Shared::Particulars => "particulars",
            Shared::Exhibits => "exhibits",
            Shared::Goods => "goods",
            Shared::Outcome => "outcome",
        }
    }
    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Shared::Narrative => "案情",
            Shared::Place => "地点",
            Shared::Subject => "当事人名称、车辆、场所",
            Shared::Particulars => "个人信息",
            Shared::Exhibits => "证据材料",
            Shared::Goods => "涉案物品",
            Shared::Outcome => "办理结果",
        }
    }
}

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListEntry {
    /// Number, never used for something else, e.g. `HZ-03`.
    pub id: String,
    /// Name, e.g. 跨界倾倒建筑垃圾协同查处.
    pub title: String,
    /// Domain, e.g. 市容环卫.
    pub domain: String,
    /// Categories of conduct by code or the front of it; empty means all of the domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// In which forms.
    pub forms: Vec<Form>,
    /// Between whom; empty means all members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<NodeCode>,
    /// What may be shared.
    pub fields: Vec<Shared>,
    /// For what purpose.
    pub purpose: String,
    /// The receiver may pass it on to another member, with the sender's consent.
    #[serde(default)]
    pub onward: bool,
    /// Working days to answer.
    pub term_days: u16,
    /// Working days to answer what is urgent.
    pub urgent_days: u16,
    /// Superiors to whom what is late is reported, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superiors: Vec<String>,
    /// First day in force.
    pub from: Date,
    /// Last day in force; open when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl ListEntry {
    /// What an envelope cites.
    #[must_use]
    pub fn digest(&self) -> Digest {
        // A struct of texts, numbers and lists always becomes JSON.
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        Digest(Sha256::new().chain_update(DOMAIN).chain_update(&bytes).finalize().into())
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it stands between these members.
    #[must_use]
    pub fn between(&self, a: &NodeCode, b: &NodeCode) -> bool {
        self.parties.is_empty() || (self.parties.contains(a) && self.parties.contains(b))
    }

    /// Whether conduct of this category belongs to it; what has no category yet belongs to every entry.
    #[must_use]
    pub fn covers(&self, category: Option<&str>) -> bool {
        self.items.is_empty()
            || category.is_none_or(|c| self.items.iter().any(|item| c.starts_with(item.as_str())))
    }
}
