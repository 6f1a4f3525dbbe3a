//! Names across nodes: provinces, and dockets that several members share.

use crate::{CodeError, DocketId, NodeCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A province-level division by the first two digits of GB/T 2260.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Province(&'static (&'static str, &'static str, &'static str));

/// Code, the character on licence plates (GA 36), name.
static PROVINCES: [(&str, &str, &str); 31] = [
    ("11", "京", "北京市"),
    ("12", "津", "天津市"),
    ("13", "冀", "河北省"),
    ("14", "晋", "山西省"),
    ("15", "蒙", "内蒙古自治区"),
    ("21", "辽", "辽宁省"),
    ("22", "吉", "吉林省"),
    ("23", "黑", "黑龙江省"),
    ("31", "沪", "上海市"),
    ("32", "苏", "江苏省"),
    ("33", "浙", "浙江省"),
    ("34", "皖", "安徽省"),
    ("35", "闽", "福建省"),
    ("36", "赣", "江西省"),
    ("37", "鲁", "山东省"),
    ("41", "豫", "河南省"),
    ("42", "鄂", "湖北省"),
    ("43", "湘", "湖南省"),
    ("44", "粤", "广东省"),
    ("45", "桂", "广西壮族自治区"),
    ("46", "琼", "海南省"),
    ("50", "渝", "重庆市"),
    ("51", "川", "四川省"),
    ("52", "贵", "贵州省"),
    ("53", "云", "云南省"),
    ("54", "藏", "西藏自治区"),
    ("61", "陕", "陕西省"),
    ("62", "甘", "甘肃省"),
    ("63", "青", "青海省"),
    ("64", "宁", "宁夏回族自治区"),
    ("65", "新", "新疆维吾尔自治区"),
];

impl Province {
    /// Two digits.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.0
    }
    /// One character, as on licence plates.
    #[must_use]
    pub fn short(self) -> &'static str {
        self.0.1
    }
    /// Name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.2
    }
}

impl NodeCode {
    /// The province in which the node is; none for a code of no mainland province.
    #[must_use]
    pub fn province(&self) -> Option<Province> {
        PROVINCES.iter().find(|p| self.as_str().starts_with(p.0)).map(Province)
    }
}

/// The name of a shared docket at every member: `310118.1.4711`. The generation is in it because a node that lost the
/// end of its log to a restore may number dockets again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct SharedId {
    /// The node that opened it.
    pub node: NodeCode,
    /// Generation of that node's log then.
    pub generation: u32,
    /// Its number there.
    pub id: DocketId,
}

impl fmt::Display for SharedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.node, self.generation, self.id)
    }
}

impl From<SharedId> for String {
    fn from(id: SharedId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for SharedId {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl FromStr for SharedId {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let bad = || CodeError::Shape("节点.代次.案卷号，如 310118.1.4711");
        let mut pieces = text.split('.');
        let (Some(node), Some(generation), Some(id), None) =
            (pieces.next(), pieces.next(), pieces.next(), pieces.next())
        else {
            return Err(bad());
        };
        let shared = SharedId {
            node: NodeCode::parse(node)?,
            generation: generation.parse().map_err(|_| bad())?,
            id: id.parse().map_err(|_| bad())?,
        };
        // One spelling only: the text is a key.
        let good = shared.generation > 0 && shared.id.0 > 0 && shared.to_string() == text;
        if good { Ok(shared) } else { Err(bad()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_docket_has_one_spelling() {
        let id: SharedId = "310118.1.4711".parse().unwrap();
        assert_eq!((id.node.as_str(), id.generation, id.id.0), ("310118", 1, 4711));
        for bad in [
            "",
            "310118.1",
            "310118.0.1",
            "310118.1.0",
            "310118.01.1",
            "310118.1.+1",
            "310118.1.1.1",
            "31.1.1",
        ] {
            assert!(bad.parse::<SharedId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_node_lies_in_its_province() {
        let of = |code| NodeCode::parse(code).unwrap().province().map(|p| (p.short(), p.name()));
        assert_eq!(of("310118"), Some(("沪", "上海市")));
        assert_eq!(of("340100"), Some(("皖", "安徽省")));
        assert_eq!(of("990000"), None);
    }
}
