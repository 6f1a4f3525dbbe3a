//! The article behind each thing that waits in a decision on the spot.

/// The article behind a to-do of a decision on the spot, by its command; empty for what waits in none.
#[must_use]
pub fn source_of(what: &str) -> &'static str {
    match what {
        "tell" => "行政处罚法第四十四条",
        "hear" => "行政处罚法第四十五条",
        "impose" | "go_over" => "行政处罚法第五十一条",
        "hand" => "行政处罚法第五十二条第一款",
        "lodge" => "行政处罚法第五十二条第三款",
        "publish" | "unpublish" => "行政处罚法第四十八条",
        "hand_in" | "deposit" => "行政处罚法第七十一条",
        "pay" => "行政处罚法第六十七条",
        "check_payment" => "行政处罚法第六十七条、第七十四条",
        "answer_later" => "行政处罚法第六十六条第二款",
        "demand" | "serve_demand" => "行政处罚法第七十二条；行政强制法第五十四条",
        "apply_court" | "answer_court" => "行政强制法第五十三条、第五十六条",
        "reply_remedy" => "行政复议法第四十八条、第五十四条；行政诉讼法第六十七条",
        "refund" => "国家赔偿法第三十六条第一项",
        "reinspect" => "行政处罚法第三十三条第一款",
        _ => "",
    }
}
