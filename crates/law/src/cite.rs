//! Laws and articles as documents cite them.

/// A law and its article as a document cites them: `行政处罚法`, `72(1)(一),73(3)` ->
/// `《行政处罚法》第72条第1款第（一）项、第73条第3款`.
///
/// In the data, `(1)` is a paragraph (款), `(一)` an item (项); several laws and their articles are parted by ` / `. What is
/// written in another way stays as it is.
#[must_use]
pub fn citation(law: &str, article: &str) -> String {
    let articles: Vec<&str> = article.split(" / ").collect();
    let laws = law.split(" / ").enumerate();
    let cited: Vec<String> = laws
        .map(|(n, law)| format!("{}{}", law_text(law), article_text(articles.get(n).copied().unwrap_or(""))))
        .collect();
    cited.join("、")
}

/// `行政复议法(2023修订)` -> `《行政复议法》（2023修订）`; what is named by its number stays as it is.
fn law_text(law: &str) -> String {
    let (name, rest) = law.split_once('(').map_or((law, ""), |(name, rest)| (name, rest));
    let name = if name.contains(['《', '〔']) { name.to_owned() } else { format!("《{name}》") };
    let rest = rest.trim_end_matches(')');
    if rest.is_empty() { name } else { format!("{name}（{rest}）") }
}

fn article_text(article: &str) -> String {
    if article.is_empty() {
        return String::new();
    }
    let parts: Option<Vec<String>> = article.split([',', '、']).map(|part| part_text(part.trim())).collect();
    parts.map_or_else(|| format!("第{article}条"), |parts| parts.join("、"))
}

/// One article with its paragraph and item; `None` where it is written in another way.
fn part_text(part: &str) -> Option<String> {
    let (number, rest) = part.split_at(part.find('(').unwrap_or(part.len()));
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut text = if number.is_empty() { String::new() } else { format!("第{number}条") };
    for group in rest.split_terminator(')') {
        let inside = group.strip_prefix('(')?;
        if inside.is_empty() {
            return None;
        }
        if inside.bytes().all(|b| b.is_ascii_digit()) {
            // `28(2)(4)` are two paragraphs of one article.
            if text.ends_with('款') {
                text.push('、');
            }
            text.push_str(&format!("第{inside}款"));
        } else if inside.chars().all(|c| "一二三四五六七八九十".contains(c)) {
            text.push_str(&format!("第（{inside}）项"));
        } else {
            return None;
        }
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_are_cited_by_article_paragraph_and_item() {
        #[rustfmt::skip]
        let table = [
            ("行政处罚法", "67", "《行政处罚法》第67条"),
            ("行政处罚法", "54(2)", "《行政处罚法》第54条第2款"),
            ("行政处罚法", "64(一)", "《行政处罚法》第64条第（一）项"),
            ("行政处罚法", "72(1)(一),73(3)", "《行政处罚法》第72条第1款第（一）项、第73条第3款"),
            ("行政复议法(2023修订)", "20", "《行政复议法》（2023修订）第20条"),
            ("行政处罚法 / 行政复议法", "73 / 42", "《行政处罚法》第73条、《行政复议法》第42条"),
            ("固体废物法", "111(1)(四)、(2)", "《固体废物法》第111条第1款第（四）项、第2款"),
            ("条例", "28(2)(4)", "《条例》第28条第2款、第4款"),
            ("条例", "20(1)–(3)", "《条例》第20(1)–(3)条"),
            ("国办发〔2018〕118号 指导意见", "", "国办发〔2018〕118号 指导意见"),
        ];
        for (law, article, cited) in table {
            assert_eq!(citation(law, article), cited);
        }
    }
}
