//! Words that lists, exports and pages share: stages, acts, lengths of time.

use crate::ports::MatterRow;
use jiff::Timestamp;
use lianzhi_procedure::report::STAGES;
use lianzhi_procedure::{Kind, cooperation, payment, penalty, slip, spot, stocktake};

/// From here on a term is shown as near: two hours, the shortest on-site promise.
const NEAR_US: i64 = 2 * 3_600_000_000;

/// Name of a stage on screen; empty for what is none.
#[must_use]
pub fn stage_title(code: &str) -> &'static str {
    let own = STAGES.iter().find(|(c, _)| *c == code).map(|(_, title)| *title);
    own.or_else(|| cooperation::Stage::from_code(code).map(cooperation::Stage::title))
        .or_else(|| case_stage_title(code))
        .or_else(|| spot::Stage::from_code(code).map(spot::Stage::title))
        .or_else(|| slip::Stage::from_code(code).map(slip::Stage::title))
        .or_else(|| payment::Stage::from_code(code).map(payment::Stage::title))
        .or_else(|| stocktake::Stage::from_code(code).map(stocktake::Stage::title))
        .unwrap_or("")
}

/// Name of a stage of a penalty case.
#[must_use]
pub fn case_stage_title(code: &str) -> Option<&'static str> {
    penalty::STAGES.iter().find(|(c, _)| *c == code).map(|(_, title)| *title)
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
        "endorse" => "承办机构审核",
        "file" => "报批立案",
        "not_file" => "报批不予立案",
        "record" => "笔录、纪要",
        "finish" => "调查终结",
        "settle" => "处理物品",
        "settle_lapsed" => "退还失效措施的物品",
        "charge" => "拟定处罚",
        "notify" => "报批告知",
        "serve" => "送达",
        "call_hearing" => "通知听证",
        "hold_hearing" => "举行听证",
        "discuss" => "集体讨论",
        "decide" => "报批决定",
        "publish" => "公开",
        "unpublish" => "撤回公开",
        "tell" => "当场告知",
        "hear" => "听取陈述申辩",
        "impose" => "作出当场处罚",
        "hand" => "当场交付",
        "lodge" => "报备案",
        "pay" => "登记缴款",
        "go_over" => "转处罚",
        "hand_in" => "上缴罚款",
        "deposit" => "缴付银行",
        "enforce" => "强制执行",
        "demand" => "报批催告",
        "serve_demand" => "送达催告书",
        "apply_court" => "申请法院强制执行",
        "answer_court" => "登记法院答复",
        "check_payment" => "核对缴款凭证",
        "refund" => "退还罚款",
        "see_promise" => "复查承诺",
        "compel" => "报批强制执行",
        "reinspect" => "复查",
        "send_transfer" => "移送有管辖权的机关",
        "answer_transfer" => "登记受移送机关答复",
        "send_crime" => "移送公安",
        "answer_crime" => "登记公安答复",
        "archive" => "归档",
        "review_proposal" => "法制审核（报批事项）",
        "resubmit" => "按审核意见补正后重新送审",
        "court_said" => "登记法院的处理",
        "lodge_court" => "向法院递交申请",
        "stop_enforcement" => "当事人已履行，停止执行",
        "ask_police" => "对不予立案提请复议",
        "answer_suggestion" => "登记建议的反馈",
        "reply_remedy" => "答复复议、诉讼",
        "break_agreement" => "登记不履行执行协议",
        "advise" => "提出意见",
        "answer_help" => "登记认定意见、协助结果",
        "vote" => "公议表决",
        "conclude_panel" => "汇总公议意见",
        "hold_circuit" => "登记巡回法庭的结果",
        "see_mediation" => "登记调解协议的履行",
        "answer_letter" => "答复司法建议、检察建议",
        "dispose" => "退还、处理在管物品",
        "pay_over" => "支付变价款",
        "thing_missing" => "查明盘亏物品",
        "credit" => "处理到账差异",
        "count" => "清点物品",
        "explain" => "说明盘点差异",
        "end_count" => "完成盘点",
        "answer_later" => "批准延期、分期",
        "countersign" => "会签",
        "trust" => "核对密钥指纹",
        "attend" => "会议回执",
        _ => "办理",
    }
}

/// What a matter is called in a list. Some kinds never say anything of their own; the words of others were erased.
#[must_use]
pub fn row_title(row: &MatterRow) -> String {
    match Kind::from_code(&row.kind) {
        _ if !row.title.is_empty() => row.title.clone(),
        Some(kind @ (Kind::Compact | Kind::Duty | Kind::Register)) => kind.title().to_owned(),
        _ => "（内容已删除）".to_owned(),
    }
}

/// The same where the act is called otherwise in this kind of matter.
#[must_use]
pub fn act_title_of(kind: &str, what: &str) -> &'static str {
    match (kind, what) {
        ("spot", "demand") => "制作催告书",
        ("penalty", "assign") => "指定办案人员",
        ("penalty", "record") => "调查取证",
        ("penalty", "verify") => "核查线索",
        ("penalty", "answer") => "复核陈述申辩",
        ("penalty", "review") => "法制审核",
        ("penalty", "close") => "报批结案",
        ("meeting" | "plan", "record") => "发纪要",
        _ => act_title(what),
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
