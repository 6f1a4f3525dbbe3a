//! Who said what: records of a hearing and of a discussion, read line by line. Nobody is given words that are not his, and no line
//! is lost (行政处罚法 57(2), 64(八), 65).

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Who, as it is written.
    pub who: String,
    /// What, line by line.
    pub words: String,
}

/// Who may speak at a hearing, by what he is there (64(四)–(七)).
pub const ROLES: [&str; 20] = [
    "听证主持人",
    "主持人",
    "听证员",
    "记录人",
    "记录员",
    "案件调查人员",
    "调查人员",
    "执法人员",
    "当事人",
    "法定代表人",
    "负责人",
    "法定代理人",
    "委托代理人",
    "代理人",
    "监护人",
    "第三人",
    "证人",
    "鉴定人",
    "翻译人员",
    "翻译",
];

/// A line that belongs to nobody: it stands before the first who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nobodys(pub String);

/// Speeches in their order. A line that begins with somebody who is known and a colon begins one; every other line goes on with the
/// speech before it, with its own colons.
///
/// # Errors
/// [`Nobodys`]: the first line names nobody who is known.
pub fn speeches(text: &str, known: &[String]) -> Result<Vec<Spoken>, Nobodys> {
    let mut all: Vec<Spoken> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let begun = line.split_once(['：', ':']).filter(|(who, _)| is_known(who, known));
        match (begun, all.last_mut()) {
            (Some((who, words)), _) => {
                all.push(Spoken { who: who.trim().to_owned(), words: words.trim().to_owned() });
            }
            (None, Some(last)) => {
                if !last.words.is_empty() {
                    last.words.push('\n');
                }
                last.words.push_str(line);
            }
            (None, None) => return Err(Nobodys(line.to_owned())),
        }
    }
    Ok(all)
}

/// Whether a text names nothing but people and roles that are known: 主持人, 当事人（张三）, 听证员李四.
fn is_known(who: &str, known: &[String]) -> bool {
    let mut names: Vec<&str> = known.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    // The longest first: 张三丰 is not 张三 with something behind it.
    names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    let mut rest = who.trim().to_owned();
    let whole = rest.len();
    for name in names {
        rest = rest.replace(name, "");
    }
    let between = |c: char| c.is_whitespace() || "（）()、，,".contains(c);
    rest.len() < whole && rest.chars().all(between)
}

/// The names in a list of people, a line each: what stands before a bracket, a comma or a blank.
#[must_use]
pub fn names(lines: &str) -> Vec<String> {
    let name = |line: &str| {
        line.split(['（', '(', '，', ',', '：', ':', ' ', '　']).next().map(str::trim).map(str::to_owned)
    };
    lines
        .lines()
        .flat_map(|line| line.trim().split(['、', '；', ';']))
        .filter_map(name)
        .filter(|n| !n.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Nobodys, ROLES, names, speeches};

    fn known(more: &[&str]) -> Vec<String> {
        ROLES.iter().chain(more).map(ToString::to_string).collect()
    }

    #[test]
    fn no_line_is_lost_and_nobody_is_given_words() {
        let text = "主持人：现在开会。\n请调查人员说明。\n理由：如下。\n当事人（张小三）: 我不同意\n第一，时间：晚上。\n路人甲：我看见了。";
        let all = speeches(text, &known(&["张小三"])).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].words, "现在开会。\n请调查人员说明。\n理由：如下。");
        assert_eq!(all[1].who, "当事人（张小三）");
        assert_eq!(all[1].words, "我不同意\n第一，时间：晚上。\n路人甲：我看见了。");
    }

    #[test]
    fn what_comes_before_the_first_speaker_belongs_to_nobody() {
        assert_eq!(speeches("证据如下。\n主持人：开会", &known(&[])), Err(Nobodys("证据如下。".into())));
        assert_eq!(speeches("理由：如下", &known(&[])), Err(Nobodys("理由：如下".into())));
    }

    #[test]
    fn a_name_is_not_the_beginning_of_another() {
        let people = ["张三".to_owned(), "张三丰".to_owned()];
        let all = speeches("张三丰：同意。\n张三：不同意，\n金额：过高。", &people).unwrap();
        assert_eq!((all[0].who.as_str(), all[1].words.as_str()), ("张三丰", "不同意，\n金额：过高。"));
        assert!(speeches("张三：同意", &people[1..]).is_err());
    }

    #[test]
    fn names_stand_before_what_is_said_of_them() {
        assert_eq!(names("李四（证人）\n王五，鉴定人\n赵六、钱七"), ["李四", "王五", "赵六", "钱七"]);
    }
}
