//! Texts that speak of several things asked for: each on lines that begin with its name, `调取监控：……`, so that the letter and
//! its reply can be laid side by side point by point.

/// A text taken apart by what was asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ByAsk {
    /// What stands before the first point; empty for a text that is not taken apart.
    pub before: String,
    /// What is said of each, in the order asked; empty for a text that is not taken apart.
    pub of_each: Vec<String>,
    /// The whole text, when it is of all; empty when it is taken apart.
    pub of_all: String,
}

/// The rest of a line that begins with the name of what is asked, with or without a number before it: `2. 送达文书：……`.
fn rest_of<'a>(line: &'a str, ask: &str) -> Option<&'a str> {
    let line = line
        .trim_start_matches(|c: char| c.is_ascii_digit() || " 　.、．（）()一二三四五六七八九十".contains(c));
    line.strip_prefix(ask)?.trim_start().strip_prefix(['：', ':']).map(str::trim)
}

impl ByAsk {
    /// Takes a text apart when it speaks of every point by its name; of a single one the whole text speaks.
    pub fn of(text: &str, asks: &[&str]) -> ByAsk {
        let mut before = Vec::new();
        let mut of_each: Vec<Vec<&str>> = vec![Vec::new(); asks.len()];
        let mut at = None;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let found = asks.iter().enumerate().find_map(|(n, ask)| Some((n, rest_of(line.trim(), ask)?)));
            let line = match found {
                Some((n, rest)) => {
                    at = Some(n);
                    rest
                }
                None => line.trim(),
            };
            let lines = match at {
                Some(n) => of_each.get_mut(n),
                None => Some(&mut before),
            };
            if let Some(lines) = lines.filter(|_| !line.is_empty()) {
                lines.push(line);
            }
        }
        if of_each.iter().all(|lines| !lines.is_empty()) && !asks.is_empty() {
            let of_each = of_each.iter().map(|lines| lines.join("\n")).collect();
            return ByAsk { before: before.join("\n"), of_each, of_all: String::new() };
        }
        match asks {
            [_] => ByAsk { before: String::new(), of_each: vec![text.to_owned()], of_all: String::new() },
            _ => ByAsk {
                before: String::new(),
                of_each: vec![String::new(); asks.len()],
                of_all: text.to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ByAsk;

    #[test]
    fn what_is_said_of_each_point_stands_by_it() {
        let text =
            "车牌沪A·12345。\n1. 调查核实：该车当晚的去向。\n并核实驾驶人。\n2.送达文书: 责令改正通知书";
        let said = ByAsk::of(text, &["调查核实", "送达文书"]);
        assert_eq!(said.before, "车牌沪A·12345。");
        assert_eq!(said.of_each, ["该车当晚的去向。\n并核实驾驶人。", "责令改正通知书"]);
        assert_eq!(said.of_all, "");
    }

    #[test]
    fn a_text_that_leaves_one_out_is_of_all_and_said_once() {
        let said = ByAsk::of("调查核实：已核实。", &["调查核实", "送达文书"]);
        assert_eq!((said.of_all.as_str(), said.before.as_str()), ("调查核实：已核实。", ""));
        assert!(said.of_each.iter().all(String::is_empty));
    }

    #[test]
    fn the_whole_text_is_of_the_only_point() {
        let said = ByAsk::of("请核实。", &["调查核实"]);
        assert_eq!((said.of_each.as_slice(), said.of_all.as_str()), (&["请核实。".to_owned()][..], ""));
    }
}
