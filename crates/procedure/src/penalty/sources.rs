//! The article behind each thing that waits in a case: said once, for every list of to-dos.

/// The article behind a to-do of a case, by its command; empty for what waits in no case.
#[must_use]
pub fn source_of(what: &str) -> &'static str {
    match what {
        "assign" => "行政处罚法第四十二条",
        "verify" | "file" | "not_file" => "行政处罚法第五十四条",
        "record" => "行政处罚法第四十六条、第五十五条",
        "settle_lapsed" => "行政处罚法第五十六条；行政强制法第二十五条、第二十八条：期满的立即解除并退还",
        "settle" => "行政处罚法第五十六条；行政强制法第二十七条、第二十八条",
        "dispose" => "行政处罚法第七十四条；行政强制法第二十八条",
        "finish" | "charge" | "decide" | "approve" | "endorse" => "行政处罚法第五十七条",
        "notify" => "行政处罚法第四十四条、第六十二条",
        "answer" => "行政处罚法第四十五条",
        "see_promise" => "行政处罚法第三十三条第一款",
        "reinspect" => "行政处罚法第二十八条第一款",
        "call_hearing" | "hold_hearing" => "行政处罚法第六十四条",
        "review" | "resubmit" => "行政处罚法第五十八条",
        "review_proposal" => "行政处罚法第五十八条；国办发〔2018〕118号：重大执法决定法制审核",
        "discuss" => "行政处罚法第五十七条第二款",
        "advise" | "vote" | "conclude_panel" => {
            "行政处罚法第五十七条、第五十八条：集体讨论、审核前的评议和律师意见"
        }
        "answer_help" => "行政处罚法第二十六条；上海市城市管理行政执法条例第二十九条第二款",
        "serve" => "行政处罚法第六十一条",
        "publish" | "unpublish" => "行政处罚法第四十八条",
        "pay_over" => "行政强制法第二十八条第二款；行政处罚法第七十四条",
        "check_payment" => "行政处罚法第六十七条、第七十四条",
        "refund" => "国家赔偿法第三十六条第一项",
        "thing_missing" => "行政强制法第二十六条",
        "hand_in" | "deposit" => "行政处罚法第七十一条",
        "demand" | "compel" | "enforce" => "行政处罚法第七十二条；行政强制法第三十五条、第五十四条",
        "lodge_court" => "行政强制法第五十三条",
        "stop_enforcement" => "行政强制法第四十条、第五十一条",
        "ask_police" => "行政执法机关移送涉嫌犯罪案件的规定第九条",
        "court_said" => "行政强制法第五十六条至第五十八条",
        "break_agreement" => "行政强制法第四十二条第二款",
        "reply_remedy" => "行政复议法第四十八条、第五十四条；行政诉讼法第六十七条",
        "answer_suggestion" => "执法建议书载明的反馈期限",
        "answer_letter" => "行政诉讼法第六十六条；人民检察院检察建议工作规定",
        "hold_circuit" => "行政诉讼法第六条；行政强制法第五十七条、第五十八条：法院通知的日期",
        "see_mediation" => "人民调解法第三十一条：按约定履行，调解组织监督履行",
        "send_transfer" | "answer_transfer" => "行政处罚法第二十二条、第二十五条",
        "send_crime" | "answer_crime" => "行政处罚法第二十七条",
        "close" | "archive" => "行政处罚法第四十七条",
        _ => "",
    }
}
