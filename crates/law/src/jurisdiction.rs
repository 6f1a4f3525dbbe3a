//! Where a rule holds: the nation, a province, a city.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Where a rule holds: `CN`, a province such as `ZJ`, or a city in it such as `ZJ-嘉兴`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Jurisdiction(Arc<str>);

/// The nation, and the provinces by their letters (GB/T 2260).
const TITLES: &[(&str, &str)] = &[
    (Jurisdiction::NATION, "全国"),
    ("BJ", "北京"),
    ("TJ", "天津"),
    ("HE", "河北"),
    ("SX", "山西"),
    ("NM", "内蒙古"),
    ("LN", "辽宁"),
    ("JL", "吉林"),
    ("HL", "黑龙江"),
    ("SH", "上海"),
    ("JS", "江苏"),
    ("ZJ", "浙江"),
    ("AH", "安徽"),
    ("FJ", "福建"),
    ("JX", "江西"),
    ("SD", "山东"),
    ("HA", "河南"),
    ("HB", "湖北"),
    ("HN", "湖南"),
    ("GD", "广东"),
    ("GX", "广西"),
    ("HI", "海南"),
    ("CQ", "重庆"),
    ("SC", "四川"),
    ("GZ", "贵州"),
    ("YN", "云南"),
    ("XZ", "西藏"),
    ("SN", "陕西"),
    ("GS", "甘肃"),
    ("QH", "青海"),
    ("NX", "宁夏"),
    ("XJ", "新疆"),
    ("TW", "台湾"),
    ("HK", "香港"),
    ("MO", "澳门"),
];

impl Jurisdiction {
    /// The code of the nation.
    pub const NATION: &'static str = "CN";

    /// The nation.
    #[must_use]
    pub fn nation() -> Self {
        Jurisdiction(Arc::from(Self::NATION))
    }

    /// Reads a code: two capital letters, for a city followed by `-` and its name.
    ///
    /// # Errors
    /// In words, when it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (province, city) = text.split_once('-').map_or((text, None), |(p, c)| (p, Some(c)));
        let letters = province.len() == 2 && province.bytes().all(|b| b.is_ascii_uppercase());
        let named = city.is_none_or(|city| !city.is_empty() && city.chars().all(char::is_alphanumeric));
        if letters && named && (city.is_none() || province != Self::NATION) {
            Ok(Jurisdiction(Arc::from(text)))
        } else {
            Err(format!("“{text}”不是地区代码，应如 CN、SH、ZJ 或 ZJ-嘉兴"))
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// On screen: 全国, 上海, 浙江嘉兴; a province that GB/T 2260 does not know stays as it is written.
    #[must_use]
    pub fn title(&self) -> String {
        let (code, city) = self.0.split_once('-').unwrap_or((&*self.0, ""));
        let known = TITLES.iter().find(|(known, _)| *known == code);
        format!("{}{city}", known.map_or(code, |(_, title)| title))
    }

    /// Whether what holds here holds there too: the nation's rules everywhere, a province's in its cities.
    #[must_use]
    pub fn covers(&self, other: &Jurisdiction) -> bool {
        let rest = other.0.strip_prefix(&*self.0);
        &*self.0 == Self::NATION || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// How deep in the tree: nation 0, province 1, city 2.
    #[must_use]
    pub fn depth(&self) -> u8 {
        match &*self.0 {
            Self::NATION => 0,
            code if code.contains('-') => 2,
            _ => 1,
        }
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Jurisdiction {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Jurisdiction::parse(&text)
    }
}

impl From<Jurisdiction> for String {
    fn from(code: Jurisdiction) -> String {
        code.0.to_string()
    }
}
