//! Names that are shown and names that are not (个人信息保护法 28; 政府信息公开条例 15): natural persons keep their surname only; firms
//! and other organisations are named in full. Numbers of identification, telephones and addresses never stand in what is
//! published; where somebody wrote one into a sentence, it is taken out.

use crate::penalty::PartyKind;

/// Surnames of two characters, which are kept whole (the more common ones).
const DOUBLE: [&str; 24] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "夏侯",
    "轩辕", "端木", "百里", "东郭", "南宫", "西门", "宇文", "长孙", "闻人", "澹台", "赫连",
];
/// What a name of a shop or a firm ends in: it is no name of a person.
const TRADE: [&str; 26] = [
    "店",
    "铺",
    "行",
    "部",
    "馆",
    "坊",
    "社",
    "厂",
    "室",
    "摊",
    "屋",
    "楼",
    "吧",
    "堂",
    "阁",
    "所",
    "站",
    "场",
    "院",
    "中心",
    "公司",
    "超市",
    "餐厅",
    "酒家",
    "工作室",
    "合作社",
];
/// Most characters of a Chinese name of a person.
const PERSON_CHARS_MAX: usize = 4;
/// Most characters of a name that one character at its end does not make one of a shop.
const SHORT_CHARS_MAX: usize = 3;
/// What a given name becomes, whatever its length: it shall not tell how long it was.
const HIDDEN: &str = "某某";
/// Digits and letters in a row from which on they are taken for a number of a person or a telephone.
const NUMBER_CHARS: usize = 7;
/// What stands in its place.
const GONE: &str = "……";

/// A name as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The name.
    pub name: String,
    /// It is that of a natural person: masked, and published for the shorter term.
    pub natural: bool,
}

/// The name of a party as the public reads it.
#[must_use]
pub fn shown(kind: PartyKind, name: &str, representative: &str) -> Shown {
    let name = name.trim();
    let natural = match kind {
        PartyKind::Person => true,
        // A trader without a name of a shop goes by the name of a person. Who runs it must be known to tell the two apart.
        PartyKind::Trader => {
            let by = representative.trim();
            by.is_empty() || name == by || is_of_a_person(name)
        }
        PartyKind::Company | PartyKind::Organisation => false,
    };
    Shown { name: if natural { person(name) } else { name.to_owned() }, natural }
}

fn is_of_a_person(name: &str) -> bool {
    let long = name.chars().count();
    // 陈玉堂 and 李行 are people, whatever their names end in.
    let shop = |end: &str| name.ends_with(end) && (end.chars().count() > 1 || long > SHORT_CHARS_MAX);
    name.contains('·') || (long <= PERSON_CHARS_MAX && !TRADE.iter().any(|end| shop(end)))
}

/// 张某某, 欧阳某某; of other names the first character.
fn person(name: &str) -> String {
    let kept = DOUBLE.iter().find(|double| name.starts_with(**double) && name.chars().count() > 2);
    let first: String = match kept {
        Some(double) => (*double).to_owned(),
        None => name.chars().take(1).collect(),
    };
    format!("{first}{HIDDEN}")
}

/// A sentence that the public reads, without what must not stand in it: names are replaced by what is shown of them; whatever looks
/// like a number of identification, a telephone or an address is taken out.
#[must_use]
pub fn scrub(text: &str, names: &[(String, String)]) -> String {
    let mut text: String = text.trim().chars().map(narrow).collect();
    for (name, shown) in names.iter().filter(|(name, _)| name.chars().count() > 1) {
        text = text.replace(name.as_str(), shown);
    }
    let text = without_addresses(&text);
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    // Blanks and dashes within a number do not end it: 138 1234 5678.
    for c in text.chars().chain(['\n']) {
        let within = c.is_ascii_alphanumeric() || (matches!(c, '-' | ' ') && !run.is_empty());
        if within {
            run.push(c);
            continue;
        }
        out.push_str(&number_out(&run));
        run.clear();
        out.push(c);
    }
    out.trim_end().to_owned()
}

/// Letters and digits of full width as plain ones: １３８ is 138.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// What a number of a house, a lane, a room stands before.
const HOUSE: [&str; 8] = ["号", "弄", "室", "幢", "栋", "单元", "支弄", "楼"];
/// Before a number that is none of a house: 〔2026〕12号, 第12号, 11月23号.
const NO_HOUSE: [char; 5] = ['〕', ')', '）', '第', '月'];
/// Where an address begins at the latest: at what stands before it.
const BEFORE_ADDRESS: [char; 14] =
    ['，', '。', '；', '：', '、', '（', '(', '“', ' ', '住', '在', '于', '位', '至'];

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十百".contains(c)
}

/// 住……的房屋: from where an address begins to the number of its house, and on through what hangs on to it.
fn without_addresses(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut n) = (Vec::<char>::with_capacity(chars.len()), 0);
    while n < chars.len() {
        let end = (n..chars.len()).find(|at| !is_number(chars[*at])).unwrap_or(chars.len());
        let rest: String = chars[end..].iter().take(2).collect();
        let house =
            HOUSE.iter().filter(|word| rest.starts_with(**word)).map(|word| word.chars().count()).max();
        let before = out.last().copied();
        match house.filter(|_| end > n && before.is_none_or(|c| !NO_HOUSE.contains(&c))) {
            Some(long) => {
                while out.last().is_some_and(|c| !BEFORE_ADDRESS.contains(c)) {
                    out.pop();
                }
                out.extend(GONE.chars());
                n = end + long;
            }
            None => {
                let end = end.max(n + 1);
                out.extend(&chars[n..end]);
                n = end;
            }
        }
    }
    // 118号201室: one address, however many numbers it has.
    let twice = GONE.repeat(2);
    let mut text: String = out.into_iter().collect();
    while text.contains(&twice) {
        text = text.replace(&twice, GONE);
    }
    text
}

/// A run of letters and digits, or nothing of it when it may be the number of a person.
fn number_out(run: &str) -> String {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    let word = run.trim_end();
    let date = word.len() == 10 && word.matches('-').count() == 2;
    if digits >= NUMBER_CHARS && !date { GONE.to_owned() } else { run.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PartyKind::{Company, Organisation, Person, Trader};

    #[test]
    fn natural_persons_keep_their_surname_and_firms_their_name() {
        let table = [
            (Person, "张三", "", "张某某", true),
            (Person, "张小三", "", "张某某", true),
            (Person, "欧阳小三", "", "欧阳某某", true),
            (Person, "欧阳", "", "欧某某", true),
            (Person, "𠅤小三", "", "𠅤某某", true),
            (Person, "阿卜杜拉·买买提", "", "阿某某", true),
            (Person, "John Smith", "", "J某某", true),
            (Person, "王", "", "王某某", true),
            (Trader, "张三", "张三", "张某某", true),
            (Trader, "李小四", "", "李某某", true),
            (Trader, "阿凡提·买买提", "", "阿某某", true),
            (Trader, "小李饭店", "李四", "小李饭店", false),
            (Trader, "陈玉堂", "", "陈某某", true),
            (Trader, "陈玉堂", "王五", "陈某某", true),
            (Trader, "李行", "李行", "李某某", true),
            (Trader, "王小楼", "", "王某某", true),
            (Trader, "小李饭店", "", "小某某", true),
            (Trader, "青浦区张三水果店", "张三", "青浦区张三水果店", false),
            (Company, "示例建设有限公司", "王五", "示例建设有限公司", false),
            (Organisation, "示例居民委员会", "赵六", "示例居民委员会", false),
        ];
        for (kind, name, representative, wanted, natural) in table {
            let shown = shown(kind, name, representative);
            assert_eq!((shown.name.as_str(), shown.natural), (wanted, natural), "{name}");
        }
    }

    #[test]
    fn numbers_telephones_and_names_are_taken_out_of_a_sentence() {
        let names = [("张小三".to_owned(), "张某某".to_owned())];
        for (said, wanted) in [
            ("张小三提出的复议成立", "张某某提出的复议成立"),
            ("证件 310118199001010011 有误", "证件 ……有误"),
            ("联系 138 1234 5678。", "联系 ……。"),
            ("电话021-59720000，请来", "电话……，请来"),
            ("信用代码91310000MA1FL0001X。", "信用代码……。"),
            ("2026-11-23 被行政复议机关撤销", "2026-11-23 被行政复议机关撤销"),
            ("证件３１０１１８１９９００１０１００１１有误", "证件……有误"),
            ("王某住青浦区漕平路118号201室，反映属实", "王某住……，反映属实"),
            ("漕平路十八弄", "……"),
            ("第12号决定书于11月23号撤销", "第12号决定书于11月23号撤销"),
            ("沪青复决〔2026〕12号撤销，罚款 5000 元退还", "沪青复决〔2026〕12号撤销，罚款 5000 元退还"),
        ] {
            assert_eq!(scrub(said, &names), wanted);
        }
    }
}
