//! Which column of a bank's file holds what, and what stands in its cells.

use crate::import::plain;
use lianzhi_procedure::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $title:literal, [$($synonym:literal),*];)*) => {
        /// What a column of a bank's file can hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum PayField { $($(#[$doc])* $variant,)* }

        impl PayField {
            /// All, in the order of forms.
            pub const ALL: &'static [PayField] = &[$(PayField::$variant),*];
            /// Name in a mapping.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(PayField::$variant => $code,)* } }
            /// Words on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(PayField::$variant => $title,)* } }
            const fn synonyms(self) -> &'static [&'static str] { match self { $(PayField::$variant => &[$code, $title, $($synonym),*],)* } }
        }
    };
}

fields! {
    /// Number of the bank's line.
    Serial = "serial", "流水号", ["银行流水号", "交易流水号", "流水", "交易流水", "业务流水号", "serial no"];
    /// Payment code.
    Code = "code", "缴款码", ["缴款识别码", "缴款书号码", "缴款书编号", "执收编码", "通知书号"];
    /// How much.
    Amount = "amount", "金额", ["缴款金额", "交易金额", "入账金额", "收入金额", "贷方金额", "金额元"];
    /// When it came.
    At = "at", "时间", ["缴款时间", "交易时间", "到账时间", "入账时间", "交易日期", "缴款日期", "入账日期", "到账日期", "日期"];
    /// Who paid.
    Payer = "payer", "缴款人", ["付款人", "付款户名", "对方户名", "缴款人名称", "付款人名称", "缴款单位"];
    /// What for.
    Remark = "remark", "摘要", ["附言", "备注", "用途"];
    /// Number of the fiscal receipt.
    Ticket = "ticket", "财政票据号", ["票据号", "票据号码", "电子票据号", "票号"];
}

impl PayField {
    /// The field that a header suggests.
    #[must_use]
    pub fn of(header: &str) -> Option<PayField> {
        let header = plain(header);
        PayField::ALL.iter().copied().find(|f| f.synonyms().iter().any(|s| plain(s) == header))
    }
    /// Without which no line is read.
    #[must_use]
    pub const fn required(self) -> bool {
        matches!(self, PayField::Serial | PayField::Amount | PayField::At)
    }
}

/// Which header stands over which field: `{"serial": "流水号", "amount": "交易金额"}`. Empty: recognised by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PayMapping {
    /// Header by field.
    pub columns: BTreeMap<PayField, String>,
}

impl PayMapping {
    /// What the headers suggest; of two that suggest the same the first.
    #[must_use]
    pub fn proposed(headers: &[String]) -> PayMapping {
        let mut columns = BTreeMap::new();
        for header in headers {
            if let Some(field) = PayField::of(header) {
                columns.entry(field).or_insert_with(|| header.clone());
            }
        }
        PayMapping { columns }
    }

    /// Where the mapped columns are.
    ///
    /// # Errors
    /// A column that is not there, or none for what every line must have.
    pub fn places(&self, headers: &[String]) -> Result<BTreeMap<PayField, usize>, Refusal> {
        let there = || format!("表中的列是：{}。", headers.join("、"));
        let mut places = BTreeMap::new();
        for (field, header) in self.columns.iter().filter(|(_, header)| !header.trim().is_empty()) {
            let at = headers.iter().position(|h| h == header);
            let at =
                at.or_else(|| headers.iter().position(|h| plain(h) == plain(header))).ok_or_else(|| {
                    let rule = format!("表中没有“{header}”这一列（对应{}）。", field.title());
                    Refusal::invalid("mapping", rule, there())
                })?;
            places.insert(*field, at);
        }
        match PayField::ALL.iter().find(|f| f.required() && !places.contains_key(f)) {
            Some(missing) => {
                let rule = format!("没有找到“{}”这一列。", missing.title());
                Err(Refusal::invalid("mapping", rule, format!("请指明是哪一列；{}", there())))
            }
            None => Ok(places),
        }
    }

    /// Headers that nothing is read from.
    #[must_use]
    pub fn unused(&self, headers: &[String]) -> Vec<String> {
        let used = |h: &String| self.columns.values().any(|m| m == h || plain(m) == plain(h));
        headers.iter().filter(|h| !h.is_empty() && !used(h)).cloned().collect()
    }

    /// The header over a field, or the field's own name.
    #[must_use]
    pub fn header(&self, field: PayField) -> String {
        self.columns.get(&field).cloned().unwrap_or_else(|| field.title().to_owned())
    }
}

/// A sum as banks write it, to the fen: `1,234.50`, `¥200`, `200元`.
pub(super) fn fen(text: &str) -> Result<i64, String> {
    let bad = || {
        let short: String = text.chars().take(30).collect();
        format!("“{short}”不是金额。请写成 200.00（元）。")
    };
    let plain: String = crate::search::normalise(text)
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '¥' | '￥' | '元' | '+'))
        .collect();
    if plain.starts_with('-') || plain.starts_with('(') {
        return Err("金额小于零：冲正、退款不导入，请按退付登记。".into());
    }
    let (yuan, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    // What a spreadsheet computed may have more digits; they must say nothing.
    let (part, rest) = part.split_at(part.len().min(2));
    if yuan.is_empty() || !digits(yuan) || !digits(part) || !rest.chars().all(|c| c == '0') {
        return Err(bad());
    }
    let yuan: i64 = yuan.parse().map_err(|_| bad())?;
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| bad())?;
    yuan.checked_mul(100).and_then(|fen| fen.checked_add(part)).filter(|fen| *fen > 0).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_to_the_fen_and_never_guessed() {
        for (text, sum) in [
            ("200", 20_000),
            ("200.5", 20_050),
            ("1,234.56", 123_456),
            ("¥ 50.00", 5_000),
            ("300元", 30_000),
            ("0.01", 1),
            ("１００．５０", 10_050),
            ("20.1000", 2_010),
        ] {
            assert_eq!(fen(text), Ok(sum), "{text}");
        }
        for text in ["", "零", "-5", "(5.00)", "1.005", "0", "1e3", "12.3.4", "99999999999999999999"] {
            assert!(fen(text).is_err(), "{text}");
        }
    }

    #[test]
    fn headers_of_banks_are_recognised_and_none_means_two_things() {
        let mut seen = BTreeMap::new();
        for field in PayField::ALL {
            for synonym in field.synonyms() {
                assert_eq!(*seen.entry(plain(synonym)).or_insert(*field), *field, "{synonym}");
            }
        }
        let headers = ["交易日期", "交易流水号", "对方户名", "贷方金额（元）", "缴款识别码", "附言"];
        let mapping = PayMapping::proposed(&headers.map(str::to_owned));
        assert_eq!(mapping.columns.len(), headers.len(), "{mapping:?}");
        assert!(PayMapping::default().places(&["流水号".to_owned()]).is_err());
    }
}
