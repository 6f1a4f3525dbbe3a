//! Amounts of money, exact to the fen, in digits and in capitals (大写).

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// An amount in fen (分); never negative.
///
/// On paper it stands twice, in digits and in capitals, which nobody can alter by adding a stroke:
/// 5,000.00元（大写：人民币伍仟元整）.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money {
    fen: u64,
}

impl Money {
    /// So many fen.
    pub const fn fen(fen: u64) -> Self {
        Money { fen }
    }

    /// So many yuan.
    pub const fn yuan(yuan: u32) -> Self {
        Money { fen: yuan as u64 * 100 }
    }

    /// The sum of several amounts; the greatest amount there is when it would be more.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Self {
        Money { fen: amounts.into_iter().fold(0, |sum, money| sum.saturating_add(money.fen)) }
    }

    /// In digits, yuan with the thousands apart and two places: 5,000.00.
    pub fn digits(self) -> String {
        let yuan = (self.fen / 100).to_string();
        let mut text = String::new();
        for (at, digit) in yuan.chars().enumerate() {
            if at > 0 && (yuan.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        format!("{text}.{:02}", self.fen % 100)
    }

    /// In capitals, by 正确填写票据和结算凭证的基本规定 (annex 1 of 支付结算办法, 银发〔1997〕393号): 整 after full yuan, one 零
    /// for zeros between, 零 before 分 without 角.
    pub fn capitals(self) -> String {
        let (yuan, jiao, fen) = (self.fen / 100, self.fen / 10 % 10, self.fen % 10);
        let mut text = String::from("人民币");
        if yuan > 0 || self.fen == 0 {
            text.push_str(&if yuan == 0 { "零".to_owned() } else { capitals(yuan) });
            text.push('元');
        }
        if jiao == 0 && fen == 0 {
            text.push('整');
        }
        if jiao > 0 {
            text.extend([digit(jiao), '角']);
        }
        if fen > 0 {
            if jiao == 0 && yuan > 0 {
                text.push('零');
            }
            text.extend([digit(fen), '分']);
        }
        text
    }
}

fn digit(n: u64) -> char {
    usize::try_from(n).ok().and_then(|n| DIGITS.get(n)).copied().unwrap_or('零')
}

/// A whole number above zero. Each unit stands between what it counts and a rest that is smaller than it.
fn capitals(n: u64) -> String {
    const UNITS: [(u64, char); 5] =
        [(100_000_000, '亿'), (10_000, '万'), (1_000, '仟'), (100, '佰'), (10, '拾')];
    match UNITS.into_iter().find(|(unit, _)| n >= *unit) {
        None => digit(n).to_string(),
        Some((unit, name)) => {
            let rest = n % unit;
            let gap = if rest > 0 && rest < unit / 10 { "零" } else { "" };
            let below = if rest == 0 { String::new() } else { capitals(rest) };
            format!("{}{name}{gap}{below}", capitals(n / unit))
        }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut money = serializer.serialize_struct("Money", 2)?;
        money.serialize_field("digits", &self.digits())?;
        money.serialize_field("capitals", &self.capitals())?;
        money.end()
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn capitals_read_as_the_rules_for_bills_and_vouchers_show_them() {
        for (fen, capitals) in [
            (140_950, "人民币壹仟肆佰零玖元伍角"),
            (600_714, "人民币陆仟零柒元壹角肆分"),
            (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
            (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
            (32_504, "人民币叁佰贰拾伍元零肆分"),
        ] {
            assert_eq!(Money::fen(fen).capitals(), capitals);
        }
    }

    #[test]
    fn full_yuan_end_with_zheng() {
        for (yuan, capitals) in [
            (0, "人民币零元整"),
            (1, "人民币壹元整"),
            (10, "人民币壹拾元整"),
            (50, "人民币伍拾元整"),
            (200, "人民币贰佰元整"),
            (5_000, "人民币伍仟元整"),
            (10_001, "人民币壹万零壹元整"),
            (30_000, "人民币叁万元整"),
            (1_000_500, "人民币壹佰万零伍佰元整"),
            (100_000_001, "人民币壹亿零壹元整"),
            (2_010_003_000, "人民币贰拾亿壹仟万叁仟元整"),
        ] {
            assert_eq!(Money::yuan(yuan).capitals(), capitals);
        }
    }

    #[test]
    fn less_than_a_yuan_begins_with_its_first_coin() {
        assert_eq!(Money::fen(1).capitals(), "人民币壹分");
        assert_eq!(Money::fen(10).capitals(), "人民币壹角");
        assert_eq!(Money::fen(99).capitals(), "人民币玖角玖分");
        assert_eq!(Money::fen(100).capitals(), "人民币壹元整");
    }

    #[test]
    fn digits_keep_both_places() {
        assert_eq!(Money::fen(5).digits(), "0.05");
        assert_eq!(Money::yuan(5_000).digits(), "5,000.00");
        assert_eq!(Money::fen(123_456_789).digits(), "1,234,567.89");
        assert_eq!(Money::sum([Money::yuan(1), Money::fen(2)]).digits(), "1.02");
        assert_eq!(Money::sum([Money::fen(u64::MAX), Money::fen(1)]), Money::fen(u64::MAX));
    }

    /// Reads capitals back, knowing nothing of how they are made: no two amounts may look alike.
    fn read(text: &str) -> u64 {
        fn section(text: &str) -> u64 {
            let (mut sum, mut last) = (0, 0);
            for c in text.chars() {
                match c {
                    '拾' | '佰' | '仟' => {
                        sum += last * [10, 100, 1000]["拾佰仟".chars().position(|unit| unit == c).unwrap()];
                        last = 0;
                    }
                    c => last = super::DIGITS.iter().position(|digit| *digit == c).unwrap() as u64,
                }
            }
            sum + last
        }
        fn whole(text: &str) -> u64 {
            for (name, unit) in [('亿', 100_000_000), ('万', 10_000)] {
                if let Some((above, below)) = text.rsplit_once(name) {
                    return whole(above) * unit + whole(below);
                }
            }
            section(text)
        }
        let text = text.strip_prefix("人民币").unwrap().trim_end_matches('整');
        let (yuan, coins) = text.split_once('元').unwrap_or(("", text));
        let (jiao, fen) = coins.split_once('角').unwrap_or(("", coins));
        whole(yuan) * 100 + section(jiao) * 10 + section(fen.trim_end_matches('分'))
    }

    #[test]
    fn no_two_amounts_look_alike() {
        for fen in (0..200_000).chain((0..60).map(|bit| 1 << bit)).chain((0..60).map(|bit| (1 << bit) - 1)) {
            assert_eq!(read(&Money::fen(fen).capitals()), fen);
        }
    }
}
