//! Numbers that identify vehicles, firms and people: checks, one spelling, and what may be shown of them.

use crate::text::half_width;
use std::fmt;

/// Why a number cannot be right, and what a right one looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// No vehicle plate.
    #[error("车牌号不对：应如 沪A12345，新能源车如 沪AD12345（字母 I、O 不用）")]
    Plate,
    /// A credit code of the wrong length or with letters that are not used.
    #[error("统一社会信用代码应为 18 位数字和大写字母（不用 I、O、S、V、Z）")]
    CreditShape,
    /// A credit code whose check characters do not fit.
    #[error("统一社会信用代码校验不符：请核对是否抄错")]
    CreditCheck,
    /// A citizen number of the wrong shape.
    #[error("公民身份号码应为 18 位：17 位数字加一位数字或 X")]
    CitizenShape,
    /// A citizen number with a birthday that does not exist.
    #[error("公民身份号码第 7 至 14 位不是真实的出生日期：请核对")]
    CitizenDate,
    /// A citizen number whose check digit does not fit.
    #[error("公民身份号码校验不符：请核对是否抄错")]
    CitizenCheck,
    /// No telephone number.
    #[error("电话号码不对：手机 11 位，如 13800001234；固定电话请带区号，如 021-59720000")]
    Phone,
}

/// What kind of plate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlateKind {
    /// Seven characters.
    Ordinary,
    /// Small new-energy vehicle: the letter stands in front.
    NewEnergySmall,
    /// Large new-energy vehicle, such as an electric muck truck: the letter stands last.
    NewEnergyLarge,
    /// Armed police.
    ArmedPolice,
}

/// A vehicle plate (GA 36—2018) in one spelling: upper case, half width, without the dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plate(String);

/// One-character names of the provinces on plates.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// Characters that may end an ordinary plate besides letters and digits.
const ENDINGS: &str = "挂学警港澳领";
/// Letters of new-energy plates: D A B C E all-electric, F G H J K not.
const NEW_ENERGY: &str = "DABCEFGHJK";

fn letter(c: char) -> bool {
    c.is_ascii_uppercase() && c != 'I' && c != 'O'
}

fn serial(c: char) -> bool {
    c.is_ascii_digit() || letter(c)
}

fn plate_kind(p: &[char]) -> Option<PlateKind> {
    let digits = |part: &[char]| part.iter().all(char::is_ascii_digit);
    if let ['W', 'J', rest @ ..] = p {
        let rest = rest.strip_prefix(&['P']).unwrap_or(rest);
        let rest = if rest.first().is_some_and(|c| PROVINCES.contains(*c)) { &rest[1..] } else { rest };
        let good = rest.len() == 5 && digits(&rest[..4]) && serial(rest[4]);
        return good.then_some(PlateKind::ArmedPolice);
    }
    if !PROVINCES.contains(*p.first()?) || !letter(*p.get(1)?) {
        return None;
    }
    match &p[2..] {
        [body @ .., last] if body.len() == 4 => {
            let good = body.iter().all(|c| serial(*c)) && (serial(*last) || ENDINGS.contains(*last));
            good.then_some(PlateKind::Ordinary)
        }
        [first, second, body @ ..] if body.len() == 4 && NEW_ENERGY.contains(*first) => {
            (serial(*second) && digits(body)).then_some(PlateKind::NewEnergySmall)
        }
        [body @ .., last] if body.len() == 5 && NEW_ENERGY.contains(*last) => {
            digits(body).then_some(PlateKind::NewEnergyLarge)
        }
        _ => None,
    }
}

fn joins(c: char) -> bool {
    c.is_whitespace() || matches!(c, '·' | '•' | '・' | '.' | '-' | '—' | '_')
}

impl Plate {
    /// Takes a plate however it is written: `沪ａ·12345`, `沪A-D12345`.
    ///
    /// # Errors
    /// [`NumberError::Plate`] when it is none.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let chars: Vec<char> = text.chars().map(half_width).filter(|c| !joins(*c)).take(12).collect();
        plate_kind(&chars).map(|_| Plate(chars.iter().collect())).ok_or(NumberError::Plate)
    }

    /// The plates in a text, in their order, each once. Dots and blanks are allowed after the province and after the
    /// letter; a run of letters and digits that goes on is no plate but an order number.
    #[must_use]
    pub fn find_all(text: &str) -> Vec<Plate> {
        let chars: Vec<char> = text.chars().map(half_width).collect();
        let mut found: Vec<Plate> = Vec::new();
        for start in 0..chars.len() {
            if let Some(plate) = plate_at(&chars, start).filter(|plate| !found.contains(plate)) {
                found.push(plate);
            }
        }
        found
    }

    /// What kind of plate it is.
    #[must_use]
    pub fn kind(&self) -> PlateKind {
        plate_kind(&self.0.chars().collect::<Vec<_>>()).unwrap_or(PlateKind::Ordinary)
    }

    /// The plate's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn plate_at(chars: &[char], start: usize) -> Option<Plate> {
    let police = chars[start..].starts_with(&['W', 'J']);
    if !police && !PROVINCES.contains(chars[start]) {
        return None;
    }
    let skip = |mut at: usize| {
        while at < start + 6 && chars.get(at).is_some_and(|c| joins(*c)) {
            at += 1;
        }
        at
    };
    let second = if police { start + 1 } else { skip(start + 1) };
    let mut plate = vec![chars[start], *chars.get(second)?];
    let mut at = skip(second + 1);
    while let Some(c) = chars
        .get(at)
        .filter(|c| plate.len() < 9 && (c.is_ascii_alphanumeric() || (police && PROVINCES.contains(**c))))
    {
        plate.push(*c);
        at += 1;
    }
    let goes_on = chars.get(at).is_some_and(char::is_ascii_alphanumeric);
    if plate.len() == 6 && chars.get(at).is_some_and(|c| ENDINGS.contains(*c)) {
        plate.push(chars[at]);
    }
    (!goes_on && plate_kind(&plate).is_some()).then(|| Plate(plate.iter().collect()))
}

/// A unified social credit code (GB 32100—2015).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

/// Characters of a credit code; the place is the value.
const CREDIT: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// Checks and takes a code: both check characters, that of the organisation (place 17) and that of the whole.
    ///
    /// # Errors
    /// [`NumberError`] when its shape or a check does not fit.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let code = crate::text::folded(text);
        let bytes = code.as_bytes();
        let values: Vec<u32> = bytes
            .iter()
            .filter_map(|b| CREDIT.iter().position(|c| c == b))
            .filter_map(|v| u32::try_from(v).ok())
            .collect();
        if bytes.len() != 18 || values.len() != 18 || !bytes[2..8].iter().all(u8::is_ascii_digit) {
            return Err(NumberError::CreditShape);
        }
        let weight = |i: u32| (0..i).fold(1_u32, |w, _| w * 3 % 31);
        let sum: u32 = (0_u32..).zip(&values[..17]).map(|(i, v)| v * weight(i)).sum();
        if values[17] != (31 - sum % 31) % 31 || bytes[16] != organisation_check(&bytes[8..16]) {
            return Err(NumberError::CreditCheck);
        }
        Ok(CreditCode(code))
    }

    /// Whether it belongs to a sole trader (个体工商户) rather than a body.
    #[must_use]
    pub fn is_sole_trader(&self) -> bool {
        self.0.starts_with("92")
    }

    /// The code's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Check character of the eight places of an organisation code (GB 11714, modulo 11). Letters count from A = 10.
fn organisation_check(body: &[u8]) -> u8 {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let value = |b: &u8| char::from(*b).to_digit(36).unwrap_or_default();
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(b, w)| value(b) * w).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or_default(),
    }
}

/// A citizen identity number (GB 11643—1999).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId(String);

impl fmt::Debug for CitizenId {
    /// Masked: debug output ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenId({})", self.masked())
    }
}

impl CitizenId {
    /// Checks and takes a number: shape, birthday, check digit. The 15-digit numbers are no longer valid.
    ///
    /// # Errors
    /// [`NumberError`] saying which of them does not fit.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let id = crate::text::folded(text);
        let bytes = id.as_bytes();
        let shaped = bytes.len() == 18
            && bytes[..17].iter().all(u8::is_ascii_digit)
            && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
        if !shaped {
            return Err(NumberError::CitizenShape);
        }
        let number =
            |from: usize, to: usize| bytes[from..to].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        if !is_date(number(6, 10), number(10, 12), number(12, 14)) {
            return Err(NumberError::CitizenDate);
        }
        let sum: u32 = bytes[..17].iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
        if bytes[17] != b"10X98765432"[sum as usize % 11] {
            return Err(NumberError::CitizenCheck);
        }
        Ok(CitizenId(id))
    }

    /// Whether it is a woman's: place 17 is even.
    #[must_use]
    pub fn female(&self) -> bool {
        self.0.as_bytes()[16].is_multiple_of(2)
    }

    /// Birthday as year, month, day.
    #[must_use]
    pub fn born(&self) -> (u32, u32, u32) {
        let number = |from, to| self.0[from..to].parse().unwrap_or_default();
        (number(6, 10), number(10, 12), number(12, 14))
    }

    /// The first six and the last four places, the rest hidden.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}********{}", &self.0[..6], &self.0[14..])
    }

    /// The whole number. For those with need; every look is recorded elsewhere.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1800..=2199).contains(&year) && (1..=days).contains(&day)
}

/// A telephone number in one spelling: `13800001234`, `021-59720000`, `12345`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl fmt::Debug for Phone {
    /// Masked: debug output ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl Phone {
    /// Takes a mobile, fixed (with its area code), 400/800 or service number, with or without +86, blanks, brackets
    /// and dashes.
    ///
    /// # Errors
    /// [`NumberError::Phone`] when it is none of them.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let plain: String = text
            .chars()
            .map(half_width)
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '(' | ')'))
            .take(24)
            .collect();
        let rest = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).unwrap_or(&plain);
        let rest = if rest.len() == 13 { rest.strip_prefix("86").unwrap_or(rest) } else { rest };
        if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::Phone);
        }
        let bytes = rest.as_bytes();
        match bytes {
            [b'1', b'3'..=b'9', ..] if bytes.len() == 11 => Ok(Phone(rest.to_owned())),
            [b'4' | b'8', b'0', b'0', ..] if bytes.len() == 10 => Ok(Phone(rest.to_owned())),
            [b'1' | b'9', ..] if (3..=6).contains(&bytes.len()) => Ok(Phone(rest.to_owned())),
            [b'0', second, ..] => {
                // 010 and 02x have three places, the others four; the local number has seven or eight.
                let area = if matches!(second, b'1' | b'2') { 3 } else { 4 };
                let good = *second != b'0' && matches!(bytes.len() - area.min(bytes.len()), 7 | 8);
                good.then(|| Phone(format!("{}-{}", &rest[..area], &rest[area..]))).ok_or(NumberError::Phone)
            }
            _ => Err(NumberError::Phone),
        }
    }

    /// Whether text messages can reach it.
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        self.0.len() == 11 && self.0.starts_with('1')
    }

    /// The number with its middle hidden: `138****1234`, `021-****0000`. Service numbers are shown whole.
    #[must_use]
    pub fn masked(&self) -> String {
        let n = self.0.len();
        if n <= 6 {
            return self.0.clone();
        }
        let head = self.0.find('-').map_or(3, |dash| dash + 1);
        format!("{}{}{}", &self.0[..head], "*".repeat(n - 4 - head), &self.0[n - 4..])
    }

    /// The whole number. For those with need; every look is recorded elsewhere.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(text: &str) -> Option<PlateKind> {
        Plate::parse(text).ok().map(|p| p.kind())
    }

    #[test]
    fn plates_are_those_of_the_standard() {
        assert_eq!(kind("沪A12345"), Some(PlateKind::Ordinary));
        assert_eq!(kind("沪ａ·１２３４５"), Some(PlateKind::Ordinary));
        assert_eq!(kind("苏E8K72挂"), Some(PlateKind::Ordinary));
        assert_eq!(kind("沪AD12345"), Some(PlateKind::NewEnergySmall));
        assert_eq!(kind("浙F12345D"), Some(PlateKind::NewEnergyLarge));
        assert_eq!(kind("WJ沪1234X"), Some(PlateKind::ArmedPolice));
        for wrong in ["", "沪", "沪I12345", "沪A1234O", "A12345", "沪A123456", "沪A1234567", "吴A12345"]
        {
            assert_eq!(kind(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn plates_are_found_in_what_people_write() {
        let found = |text| Plate::find_all(text).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(found("渣土车沪D·88021和苏e·AB123一路漏，沪D88021还闯灯"), ["沪D88021", "苏EAB123"]);
        assert_eq!(found("工单号沪A20260712345"), [""; 0]);
        assert_eq!(found("车牌沪 AD12345 停了三天"), ["沪AD12345"]);
        assert_eq!(found("沪A12345 3次"), ["沪A12345"]);
        assert_eq!(found("黄牌沪B1234挂"), ["沪B1234挂"]);
    }

    #[test]
    fn credit_codes_pass_both_checks() {
        for good in ["91350100M000100Y43", "11320900014354934F", "91110000802100433B"] {
            assert!(CreditCode::parse(good).is_ok(), "{good}");
        }
        assert_eq!(CreditCode::parse("91350100M000100Y44"), Err(NumberError::CreditCheck));
        assert_eq!(CreditCode::parse("91350100M000100YI3"), Err(NumberError::CreditShape));
        assert_eq!(CreditCode::parse("9135"), Err(NumberError::CreditShape));
    }

    #[test]
    fn citizen_numbers_have_a_birthday_and_a_check_digit() {
        let id = CitizenId::parse("11010519491231002x").unwrap();
        assert_eq!(id.born(), (1949, 12, 31));
        assert!(id.female());
        assert_eq!(id.masked(), "110105********002X");
        assert!(!format!("{id:?}").contains("1949"));
        assert!(CitizenId::parse("440524188001010014").is_ok());
        assert_eq!(CitizenId::parse("440524188001010015"), Err(NumberError::CitizenCheck));
        assert_eq!(CitizenId::parse("440524188002300014"), Err(NumberError::CitizenDate));
        assert_eq!(CitizenId::parse("440524880101001"), Err(NumberError::CitizenShape));
    }

    #[test]
    fn telephone_numbers_have_one_spelling_and_a_mask() {
        let said = |text| Phone::parse(text).map(|p| (p.as_str().to_owned(), p.masked()));
        let pair = |a: &str, b: &str| Ok((a.to_owned(), b.to_owned()));
        assert_eq!(said("+86 138-0000-1234"), pair("13800001234", "138****1234"));
        assert_eq!(said("８６１３８００００１２３４"), pair("13800001234", "138****1234"));
        assert_eq!(said("（021）59720000"), pair("021-59720000", "021-****0000"));
        assert_eq!(said("05736101234"), pair("0573-6101234", "0573-***1234"));
        assert_eq!(said("12345"), pair("12345", "12345"));
        for wrong in ["", "1234567", "12800001234", "021", "打我电话", "138000012345"] {
            assert!(said(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = (Plate::parse(&text), Plate::find_all(&text), CreditCode::parse(&text));
            let _ = (CitizenId::parse(&text), Phone::parse(&text));
        }

        #[test]
        fn a_plate_is_found_wherever_it_stands(before in "[^A-Za-z0-9\u{ff01}-\u{ff5e}]{0,8}", plate in "沪[A-H][0-9]{5}", after in "[，。车停 ]{0,4}") {
            let text = format!("{before}{plate}{after}");
            prop_assert!(Plate::find_all(&text).iter().any(|p| p.as_str() == plate));
        }

        #[test]
        fn one_wrong_digit_in_a_citizen_number_is_noticed(at in 0usize..17, by in 1u8..10) {
            let mut id = b"11010519491231002X".to_vec();
            id[at] = b'0' + (id[at] - b'0' + by) % 10;
            prop_assert!(CitizenId::parse(std::str::from_utf8(&id).unwrap()).is_err());
        }
    }
}
