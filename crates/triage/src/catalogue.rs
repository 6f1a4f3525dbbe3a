//! The catalogue of components (部件) and matters (事项), GB/T 47678.5—2026.

use crate::{TableError, lines};
use lianzhi_ids::CategoryCode;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Which of the two catalogues a category is in. The same five digits occur in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// 部件: a thing that is managed.
    Thing,
    /// 事项: something that happens or is wrong.
    Matter,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its code: `E` (事项) or `P` (部件) and five digits.
    pub code: CategoryCode,
    /// Its group, e.g. `街面秩序类`.
    pub group: String,
    /// Its name, e.g. `店外经营`.
    pub name: String,
}

impl Category {
    /// Which of the two catalogues it is in.
    #[must_use]
    pub fn component(&self) -> Component {
        if self.code.as_str().starts_with('P') { Component::Thing } else { Component::Matter }
    }
}

/// All categories.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Ascending by code: matters first, then things.
    all: Vec<Category>,
    at: HashMap<CategoryCode, usize>,
}

const FILE: &str = "类别目录";

impl Catalogue {
    /// The catalogue that comes with the program: 153 components and 250 matters.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is compiled in and read by a test")]
    pub fn builtin() -> Self {
        Self::parse(include_str!("../../../data/catalogue/categories.tsv"))
            .expect("builtin catalogue is good")
    }

    /// Reads `kind⇥code⇥group⇥name`, kind being 部件 or 事项.
    ///
    /// # Errors
    /// The first line that is no category, with the reason.
    pub fn parse(tsv: &str) -> Result<Self, TableError> {
        let mut it = Self::default();
        for (line, fields) in lines(tsv, "kind\t") {
            let wrong = |reason: &str| TableError { file: FILE, line, reason: reason.to_owned() };
            let [kind, digits, group, name, ..] = fields.as_slice() else {
                return Err(wrong("应有四列：部件或事项、五位代码、大类、名称"));
            };
            let letter = match *kind {
                "部件" => 'P',
                "事项" => 'E',
                _ => return Err(wrong("第一列应为“部件”或“事项”")),
            };
            let code = CategoryCode::parse(&format!("{letter}{digits}")).map_err(|e| TableError {
                file: FILE,
                line,
                reason: e.to_string(),
            })?;
            if group.is_empty() || name.is_empty() {
                return Err(wrong("大类和名称不能为空"));
            }
            it.all.push(Category { code, group: (*group).to_owned(), name: (*name).to_owned() });
        }
        it.all.sort_by(|a, b| a.code.cmp(&b.code));
        it.at = it.all.iter().enumerate().map(|(i, c)| (c.code.clone(), i)).collect();
        if it.at.len() < it.all.len() {
            return Err(TableError { file: FILE, line: 0, reason: "有重复的代码".to_owned() });
        }
        Ok(it)
    }

    /// The category of a code.
    #[must_use]
    pub fn get(&self, code: &CategoryCode) -> Option<&Category> {
        self.at.get(code).map(|i| &self.all[*i])
    }

    /// The name of a code.
    #[must_use]
    pub fn name(&self, code: &CategoryCode) -> Option<&str> {
        self.get(code).map(|c| c.name.as_str())
    }

    /// All categories, by code: matters (`E`) first, then things (`P`).
    #[must_use]
    pub fn all(&self) -> &[Category] {
        &self.all
    }

    /// The matters, which reports are classified by.
    pub fn matters(&self) -> impl Iterator<Item = &Category> {
        self.all.iter().filter(|c| c.component() == Component::Matter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_complete() {
        let c = Catalogue::builtin();
        assert_eq!((c.all().len(), c.matters().count()), (403, 250));
        assert_eq!(c.name(&CategoryCode::parse("E09005").unwrap()), Some("店外经营"));
        assert_eq!(c.name(&CategoryCode::parse("P01001").unwrap()), Some("供水井盖"));
    }

    #[test]
    fn a_bad_line_is_named() {
        let wrong = |text| Catalogue::parse(text).unwrap_err().to_string();
        assert!(wrong("# x\n物件\t01001\ta\tb").contains("第 2 行"));
        assert!(wrong("部件\t101\ta\tb").contains("五位数字"));
        assert!(wrong("部件\t01001\ta").contains("四列"));
        assert!(wrong("部件\t01001\ta\tb\n部件\t01001\ta\tc").contains("重复"));
    }
}
