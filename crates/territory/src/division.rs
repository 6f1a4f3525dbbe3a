//! Administrative divisions (GB/T 2260; streets and towns GB/T 10114) of the register in `data/territory`.

use crate::text::folded;
use std::collections::HashMap;
use std::sync::Arc;

/// Level of a division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Province or municipality, two digits.
    Province,
    /// City, four digits.
    City,
    /// County, district, county-level city: six digits.
    County,
    /// Street, town, township: nine digits.
    Town,
}

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Its code: two, four, six or nine digits.
    pub code: Arc<str>,
    /// Its level.
    pub level: Level,
    /// Its official name, e.g. `青浦区`.
    pub name: Arc<str>,
    /// Code of the division that it lies in.
    pub parent: Option<Arc<str>>,
}

/// A line of a divisions register that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("区划表第 {line} 行：{reason}")]
pub struct DivisionError {
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub reason: &'static str,
}

/// Names that exist for counting only and are not said.
const UNSAID: [&str; 4] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

/// The register of divisions.
#[derive(Debug, Clone, Default)]
pub struct Divisions {
    /// Ascending by code.
    all: Vec<Division>,
    at: HashMap<Arc<str>, usize>,
}

impl Divisions {
    /// The divisions that come with the program: Shanghai, Jiangsu, Zhejiang, Anhui as of 2023-06-30.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is compiled in and read by a test")]
    pub fn builtin() -> Self {
        Self::parse(include_str!("../../../data/territory/divisions.tsv"))
            .expect("builtin divisions are good")
    }

    /// Reads `code⇥level⇥name⇥parent`, with `#` comments and a header line.
    ///
    /// # Errors
    /// The first line that is not a division, with the reason.
    pub fn parse(tsv: &str) -> Result<Self, DivisionError> {
        let mut all = Vec::new();
        for (i, line) in tsv.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') || line.starts_with("code\t") {
                continue;
            }
            all.push(division(line).map_err(|reason| DivisionError { line: i + 1, reason })?);
        }
        all.sort_by(|a, b| a.code.cmp(&b.code));
        let at: HashMap<_, _> = all.iter().enumerate().map(|(i, d)| (d.code.clone(), i)).collect();
        if at.len() < all.len() {
            return Err(DivisionError { line: 0, reason: "有重复的代码" });
        }
        if all.iter().filter_map(|d| d.parent.as_ref()).any(|parent| !at.contains_key(parent)) {
            return Err(DivisionError { line: 0, reason: "上级代码不在表中" });
        }
        Ok(Self { all, at })
    }

    /// The division of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Division> {
        self.at.get(code).map(|i| &self.all[*i])
    }

    /// The name of a code, e.g. `练塘镇` of `310118103`.
    #[must_use]
    pub fn name(&self, code: &str) -> Option<&str> {
        self.get(code).map(|d| &*d.name)
    }

    /// The division and those that it lies in, province first.
    #[must_use]
    pub fn chain(&self, code: &str) -> Vec<&Division> {
        let mut chain: Vec<_> =
            std::iter::successors(self.get(code), |d| d.parent.as_deref().and_then(|p| self.get(p)))
                .take(4)
                .collect();
        chain.reverse();
        chain
    }

    /// The name as one says it: `上海市青浦区练塘镇`. Empty for an unknown code.
    #[must_use]
    pub fn full_name(&self, code: &str) -> String {
        self.chain(code).iter().map(|d| &*d.name).filter(|name| !UNSAID.contains(name)).collect()
    }

    /// The divisions directly in this one, by code.
    pub fn children<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Division> + 'a {
        self.all.iter().filter(move |d| d.parent.as_deref() == Some(code))
    }

    /// The streets and towns that a node of this code serves, by code: those of a county, or of a whole city when the
    /// code ends in 00 (GB/T 2260).
    pub fn towns_of<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Division> + 'a {
        let within = node.strip_suffix("00").unwrap_or(node);
        let from = self.all.partition_point(|d| *d.code < *within);
        let those = self.all[from..].iter().take_while(move |d| d.code.starts_with(within));
        those.filter(|d| d.level == Level::Town)
    }

    /// All divisions, by code.
    #[must_use]
    pub fn all(&self) -> &[Division] {
        &self.all
    }

    /// The counties and towns of this exact name (`青浦区`, `金泽镇`); several places may share one.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<&Division> {
        let name = folded(name);
        self.all.iter().filter(|d| *d.name == *name).collect()
    }
}

/// The one-character short name of the province of a division code: `沪` for `310118`. It heads document numbers
/// and vehicle plates.
#[must_use]
pub fn province_abbreviation(code: &str) -> Option<char> {
    Some(match code.get(..2)? {
        "31" => '沪',
        "32" => '苏',
        "33" => '浙',
        "34" => '皖',
        _ => return None,
    })
}

fn division(line: &str) -> Result<Division, &'static str> {
    let mut fields = line.split('\t');
    let (Some(code), Some(level), Some(name)) = (fields.next(), fields.next(), fields.next()) else {
        return Err("应有四列：代码、级别、名称、上级代码");
    };
    let (level, digits) = match level {
        "province" => (Level::Province, 2),
        "city" => (Level::City, 4),
        "county" => (Level::County, 6),
        "town" => (Level::Town, 9),
        _ => return Err("级别应为 province、city、county 或 town"),
    };
    if code.len() != digits || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err("代码应为省 2 位、市 4 位、县 6 位、乡 9 位数字");
    }
    if name.is_empty() {
        return Err("名称是空的");
    }
    let parent = fields.next().filter(|p| !p.is_empty()).map(Arc::from);
    if parent.is_none() && level != Level::Province {
        return Err("缺少上级代码");
    }
    Ok(Division { code: code.into(), level, name: name.into(), parent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_zone_is_in_the_register() {
        let d = Divisions::builtin();
        assert_eq!(d.full_name("310118103"), "上海市青浦区练塘镇");
        assert_eq!(d.full_name("320509"), "江苏省苏州市吴江区");
        assert_eq!(d.name("330421"), Some("嘉善县"));
        assert_eq!(d.children("310118").count(), 11);
        assert!(d.towns_of("310118").eq(d.children("310118")));
        assert!(
            d.towns_of("340100").count() > 100 && d.towns_of("340100").all(|t| t.code.starts_with("3401"))
        );
        assert_eq!(d.towns_of("999999").count(), 0);
        assert_eq!(d.chain("310118103").len(), 4);
        assert_eq!(d.full_name("999999"), "");
        assert!(d.named("青浦区").iter().any(|found| &*found.code == "310118"));
    }

    #[test]
    fn four_provinces_have_their_short_name() {
        let names: String =
            ["310118", "320509", "330421", "340100"].into_iter().filter_map(province_abbreviation).collect();
        assert_eq!(names, "沪苏浙皖");
        assert_eq!(province_abbreviation("3"), None);
        assert_eq!(province_abbreviation("沪"), None);
    }

    #[test]
    fn a_bad_line_is_named() {
        let wrong = |text| Divisions::parse(text).unwrap_err();
        assert_eq!(wrong("# x\n31\tprovince\t上海市\t\n3101\tcounty\t黄浦区\t31").line, 3);
        assert_eq!(wrong("3101\tcity\t市辖区\t31").reason, "上级代码不在表中");
        assert_eq!(wrong("31\tprovince\ta\t\n31\tprovince\tb\t").reason, "有重复的代码");
    }
}
