//! Which column holds what.

use crate::search::normalise;
use lianzhi_procedure::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $title:literal, [$($synonym:literal),*];)*) => {
        /// What a column of a table of reports can hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[$doc])* $variant,)* }

        impl Field {
            /// All, in the order of forms.
            pub const ALL: &'static [Field] = &[$(Field::$variant),*];
            /// Name in a mapping.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Field::$variant => $code,)* } }
            /// Words on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Field::$variant => $title,)* } }
            /// Headers by which it is recognised, normalised.
            const fn synonyms(self) -> &'static [&'static str] { match self { $(Field::$variant => &[$code, $title, $($synonym),*],)* } }
        }
    };
}

fields! {
    /// What happened.
    Description = "description", "描述", ["内容", "问题描述", "诉求内容", "事件描述", "情况描述", "主要内容", "工单内容", "反映内容", "问题", "诉求描述", "content"];
    /// Where, in words.
    Address = "address", "地址", ["地点", "发生地址", "事发地址", "事发地点", "发生地点", "位置", "详细地址", "具体位置", "location"];
    /// Longitude.
    Lng = "lng", "经度", ["lon", "longitude", "x坐标"];
    /// Latitude.
    Lat = "lat", "纬度", ["latitude", "y坐标"];
    /// Longitude and latitude in one cell.
    Point = "point", "坐标", ["经纬度", "坐标点"];
    /// Coordinate system.
    Crs = "crs", "坐标系", ["坐标系统"];
    /// Category: code or name.
    Category = "category", "类别", ["类别代码", "分类", "问题类别", "事项", "事件类别", "小类", "案件类型"];
    /// The reporter's name.
    Name = "name", "姓名", ["联系人", "反映人", "诉求人", "来电人", "市民姓名", "上报人", "联系人姓名"];
    /// The reporter's telephone.
    Phone = "phone", "电话", ["手机", "联系电话", "手机号", "手机号码", "来电号码", "联系方式", "电话号码"];
    /// Number at the system it comes from.
    Number = "number", "工单号", ["编号", "工单编号", "案件编号", "外部编号", "任务号", "受理编号"];
    /// The system it comes from.
    System = "system", "来源系统", ["平台", "来源平台"];
    /// What the caller wants.
    DemandType = "demand_type", "诉求类型", ["诉求类别", "诉求性质"];
    /// When it happened.
    OccurredAt = "occurred_at", "发生时间", ["时间", "来电时间", "事发时间", "上报时间", "受理时间", "登记时间"];
}

/// A header without what people add to it: `*描述（必填）` is `描述`.
pub(crate) fn plain(header: &str) -> String {
    let text = normalise(header);
    let end = text.find(['(', '[', '【']).unwrap_or(text.len());
    text[..end].chars().filter(|c| !matches!(c, ' ' | '\n' | '*' | ':' | '_' | '-')).collect()
}

impl Field {
    /// The field that a header suggests.
    #[must_use]
    pub fn of(header: &str) -> Option<Field> {
        let header = plain(header);
        Field::ALL.iter().copied().find(|f| f.synonyms().iter().any(|s| plain(s) == header))
    }

    pub(super) fn known(header: &str) -> bool {
        Field::of(header).is_some()
    }
}

/// Which header stands over which field: `{"description": "问题描述", "lng": "经度"}`. Empty: recognised by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Mapping {
    /// Header by field.
    pub columns: BTreeMap<Field, String>,
}

/// Position of each field's column.
pub(super) type Columns = BTreeMap<Field, usize>;

impl Mapping {
    /// Nothing is mapped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// What the headers suggest; of two that suggest the same the first.
    #[must_use]
    pub fn proposed(headers: &[String]) -> Mapping {
        let mut columns = BTreeMap::new();
        for header in headers {
            if let Some(field) = Field::of(header) {
                columns.entry(field).or_insert_with(|| header.clone());
            }
        }
        Mapping { columns }
    }

    /// Where the mapped columns are.
    pub(super) fn columns(&self, headers: &[String]) -> Result<Columns, Refusal> {
        let mut columns = Columns::new();
        for (field, header) in self.columns.iter().filter(|(_, header)| !header.trim().is_empty()) {
            let at = headers
                .iter()
                .position(|h| h == header)
                .or_else(|| headers.iter().position(|h| plain(h) == plain(header)));
            let at = at.ok_or_else(|| {
                let there = headers.join("、");
                Refusal::invalid(
                    "mapping",
                    format!("表中没有“{header}”这一列（对应{}）。", field.title()),
                    format!("表中的列是：{there}。"),
                )
            })?;
            columns.insert(*field, at);
        }
        if ![Field::Description, Field::Category].iter().any(|f| columns.contains_key(f)) {
            return Err(Refusal::invalid(
                "mapping",
                "没有找到说明问题的列。",
                format!("请指明哪一列是描述或类别；表中的列是：{}。", headers.join("、")),
            ));
        }
        Ok(columns)
    }

    /// Whether the columns are there and enough to import.
    ///
    /// # Errors
    /// What is missing.
    pub fn check(&self, headers: &[String]) -> Result<(), Refusal> {
        self.columns(headers).map(|_| ())
    }

    /// Headers that no field is read from.
    #[must_use]
    pub fn unused(&self, headers: &[String]) -> Vec<String> {
        let used = |h: &String| self.columns.values().any(|m| m == h || plain(m) == plain(h));
        headers.iter().filter(|h| !h.is_empty() && !used(h)).cloned().collect()
    }

    /// The header over a field, or the field's own name.
    pub(super) fn header(&self, field: Field) -> String {
        self.columns.get(&field).cloned().unwrap_or_else(|| field.title().to_owned())
    }

    /// The header over the field that a refusal names.
    pub(super) fn column_of(&self, refused: Option<&str>) -> String {
        let candidates: &[Field] = match refused {
            Some("description" | "text") => &[Field::Description],
            Some("address") => &[Field::Address],
            Some("place" | "point") => &[Field::Lng, Field::Point, Field::Address],
            Some("category") => &[Field::Category],
            Some("contact") => &[Field::Phone, Field::Name],
            Some("external") => &[Field::Number],
            Some("occurred_at") => &[Field::OccurredAt],
            _ => &[],
        };
        candidates.iter().find_map(|f| self.columns.get(f)).cloned().unwrap_or_default()
    }
}

/// One row with the way into it.
pub(super) struct Row<'a> {
    pub cells: &'a [String],
    pub columns: &'a Columns,
    pub mapping: &'a Mapping,
}

impl<'a> Row<'a> {
    /// What stands in a field's column, when anything does.
    pub fn text(&self, field: Field) -> Option<&'a str> {
        let cell = self.cells.get(*self.columns.get(&field)?)?;
        Some(cell.trim()).filter(|t| !t.is_empty())
    }

    /// The first mapped column whose text could not be decoded.
    pub fn unreadable(&self) -> Option<String> {
        self.columns
            .keys()
            .find(|f| self.text(**f).is_some_and(|t| t.contains('\u{fffd}')))
            .map(|f| self.mapping.header(*f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_suggests_two_fields() {
        let mut seen = BTreeMap::new();
        for field in Field::ALL {
            for synonym in field.synonyms() {
                assert_eq!(*seen.entry(plain(synonym)).or_insert(*field), *field, "{synonym}");
            }
        }
    }

    #[test]
    fn headers_are_recognised_as_people_write_them() {
        for (header, field) in [
            ("*问题描述（必填）", Field::Description),
            ("联系 电话", Field::Phone),
            ("Description", Field::Description),
            ("经度(WGS84)", Field::Lng),
            ("工单编号：", Field::Number),
        ] {
            assert_eq!(Field::of(header), Some(field), "{header}");
        }
        assert_eq!(Field::of("备注"), None);
    }
}
