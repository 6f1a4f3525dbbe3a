//! What a letter is about, as it stands in titles and sentences on paper (GB/T 9704: 标题由事由和文种组成). A title that
//! somebody typed often says “关于…的函” or “请…” itself; said twice it is no title.

use lianzhi_exchange::compact::Form;

const TAILS: [&str; 22] = [
    "的预警通报",
    "的通报",
    "的预警",
    "的协商函",
    "的协商",
    "的商函",
    "的函",
    "的请示",
    "的请求",
    "案件线索",
    "线索移送",
    "线索",
    "管辖争议",
    "管辖",
    "现场证据",
    "证据材料",
    "证据移交",
    "照片和物品移交",
    "的证据",
    "证据",
    "一案",
    "案件",
];

/// What it is about, without 关于, without what sort of paper it is.
pub(super) fn stem(title: &str) -> &str {
    let mut text = title.trim().trim_end_matches(['。', '；']);
    text = text.strip_prefix("关于").unwrap_or(text);
    while let Some(shorter) = TAILS.iter().find_map(|tail| text.strip_suffix(*tail)).filter(|t| !t.is_empty())
    {
        text = shorter;
    }
    text
}

/// What is asked for: 协助核查… of 请协助核查….
pub(super) fn asked(title: &str) -> &str {
    let text = stem(title);
    let text = text.strip_prefix("商请").or_else(|| text.strip_prefix("恳请")).unwrap_or(text);
    text.strip_prefix('请').filter(|t| !t.is_empty()).unwrap_or(text)
}

/// The same from the side of whoever is asked: what was there is here.
pub(super) fn answered(title: &str) -> String {
    let text = asked(title);
    text.replace("贵辖区", "本机关辖区")
        .replace("贵单位", "本机关")
        .replace("贵机关", "本机关")
        .replace("贵局", "本机关")
}

/// The case that it is about: what somebody asks for is no case, then it is the conduct.
pub(super) fn cause(title: &str, conduct: Option<&str>) -> String {
    let asks = ["请", "关于请", "商请", "恳请"].iter().any(|ask| title.trim().starts_with(ask));
    let text = match conduct.filter(|conduct| asks && !conduct.is_empty()) {
        Some(conduct) => conduct,
        None => asked(title),
    };
    text.strip_suffix('案').filter(|t| !t.is_empty()).unwrap_or(text).to_owned()
}

/// The title of a letter that opens a matter and has no form of its own.
pub(super) fn opening(form: Form, title: &str) -> String {
    match form {
        Form::Evidence => format!("关于移交{}证据的函", stem(title)),
        Form::Dispute => format!("关于协商{}管辖的函", stem(title)),
        Form::Away | Form::Assistance => format!("关于商请{}的函", asked(title)),
        Form::Lead => format!("关于移送{}线索的函", stem(title)),
        Form::Bulletin => format!("关于{}的通报", stem(title)),
    }
}

/// The title of one that takes it back.
pub(super) fn withdrawal(form: Form, title: &str) -> String {
    match form {
        Form::Evidence => format!("关于撤回{}证据移交的函", stem(title)),
        Form::Dispute => format!("关于撤回{}管辖协商的函", stem(title)),
        Form::Away | Form::Assistance => format!("关于撤回{}请求的函", asked(title)),
        Form::Lead => format!("关于撤回{}线索移送的函", stem(title)),
        Form::Bulletin => format!("关于撤回{}通报的函", stem(title)),
    }
}

/// The title of one that grants what was asked.
pub(super) fn grant(title: &str) -> String {
    let text = answered(title);
    match text.strip_prefix("同意") {
        Some(what) => format!("关于同意{what}的复函"),
        None => format!("关于同意{text}的复函"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_says_anything_twice() {
        let dispute = "关于交界地块倾倒建筑垃圾案管辖的协商";
        assert_eq!(opening(Form::Dispute, dispute), "关于协商交界地块倾倒建筑垃圾案管辖的函");
        assert_eq!(opening(Form::Evidence, "沪A倾倒建筑垃圾案现场证据"), "关于移交沪A倾倒建筑垃圾案证据的函");
        let away = "请同意赴贵辖区开展调查";
        assert_eq!(opening(Form::Away, away), "关于商请同意赴贵辖区开展调查的函");
        assert_eq!(grant(away), "关于同意赴本机关辖区开展调查的复函");
        assert_eq!(grant("请确认处罚结果互认"), "关于同意确认处罚结果互认的复函");
        assert_eq!(withdrawal(Form::Assistance, "请协助调取运单"), "关于撤回协助调取运单请求的函");
        assert_eq!(stem("关于近期跨省倾倒装修垃圾增多的预警"), "近期跨省倾倒装修垃圾增多");
        assert_eq!(stem("苏E夜间倾倒建筑垃圾线索"), "苏E夜间倾倒建筑垃圾");
    }

    #[test]
    fn what_is_asked_for_is_not_the_case() {
        assert_eq!(cause("请协助调取运单", Some("随意倾倒建筑垃圾")), "随意倾倒建筑垃圾");
        assert_eq!(cause("请协助调取运单", None), "协助调取运单");
        assert_eq!(cause("关于交界地块倾倒建筑垃圾案管辖的协商", Some("其他")), "交界地块倾倒建筑垃圾");
        assert_eq!(cause("线索", None), "线索", "nothing is left of what says nothing else");
    }
}
