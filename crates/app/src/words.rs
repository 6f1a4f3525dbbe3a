//! Words that lists, exports and pages share: stages, acts, lengths of time.

use jiff::Timestamp;
use lianzhi_procedure::cooperation;
use lianzhi_procedure::report::STAGES;

/// From here on a term is shown as near: two hours, the shortest on-site promise.
const NEAR_US: i64 = 2 * 3_600_000_000;

/// Name of a stage on screen; empty for what is none.
#[must_use]
pub fn stage_title(code: &str) -> &'static str {
    let own = STAGES.iter().find(|(c, _)| *c == code).map(|(_, title)| *title);
    own.or_else(|| cooperation::Stage::from_code(code).map(cooperation::Stage::title)).unwrap_or("")
}

/// What somebody waits for, as the button says it.
#[must_use]
pub fn act_title(what: &str) -> &'static str {
    match what {
        "accept" => "受理",
        "arrive" => "到场",
        "handle" => "处置",
        "answer" => "答复",
        "verify" => "核查",
        "close" => "结案",
        "dispatch" => "派遣",
        "place" => "定位",
        "classify" => "分类",
        "take" => "领取",
        "approve" => "审批",
        "contact" => "先行联系",
        "decide_return" => "退单答复",
        "revisit" => "回访",
        "resume" => "复核挂账",
        "sign" => "签发",
        "review" => "审核",
        "amend" | "discard" => "修改文稿",
        "register" => "收文登记",
        "assign" => "分办",
        "reply" => "复函",
        "accept_reply" => "认可复函",
        "answer_forward" => "答复转送",
        "answer_erasure" => "答复删除请求",
        "judge" => "认定证据",
        "acknowledge" => "签收通报",
        "measures" => "反馈措施",
        "conclude" => "反馈结果",
        "grant" => "答复请求",
        "report" => "报告情况",
        "position" => "陈述意见",
        "negotiate" => "协商",
        "answer_negotiation" => "确认协商",
        "answer_advice" => "答复意见",
        "help" => "支援",
        "supervise" | "urge" => "督办",
        "join" => "并件",
        _ => "办理",
    }
}

/// A length of time in words, two units at most: 2 日 4 小时, 1 小时 48 分, 9 分钟, 不到 1 分钟.
#[must_use]
pub fn length(micros: i64) -> String {
    let minutes = micros.abs() / 60_000_000;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => "不到 1 分钟".into(),
        (0, 0, m) => format!("{m} 分钟"),
        (0, h, 0) => format!("{h} 小时"),
        (0, h, m) => format!("{h} 小时 {m} 分"),
        (d, 0, _) => format!("{d} 日"),
        (d, h, _) if d < 7 => format!("{d} 日 {h} 小时"),
        (d, _, _) => format!("{d} 日"),
    }
}

/// What a term looks like from now: its state (`late`, `near`, `fine`, `wait`, `done`) and its words.
#[must_use]
pub fn term(now: Timestamp, due: Option<i64>, open: bool) -> (&'static str, String) {
    let Some(due) = due.filter(|_| open) else {
        return if open { ("wait", "无期限".into()) } else { ("done", "已办结".into()) };
    };
    let left = due - now.as_microsecond();
    match left {
        ..=0 => ("late", format!("超 {}", length(left))),
        1..=NEAR_US => ("near", format!("剩 {}", length(left))),
        _ => ("fine", format!("剩 {}", length(left))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_late_at_its_very_instant() {
        let now: Timestamp = "2026-11-23T09:12:00+08:00".parse().expect("a timestamp");
        let due = now.as_microsecond();
        assert_eq!(term(now, Some(due), true), ("late", "超 不到 1 分钟".into()));
        assert_eq!(term(now, Some(due + 108 * 60_000_000), true), ("near", "剩 1 小时 48 分".into()));
        assert_eq!(term(now, Some(due + 50 * 3_600_000_000), true), ("fine", "剩 2 日 2 小时".into()));
        assert_eq!(term(now, Some(due), false).0, "done");
    }
}
