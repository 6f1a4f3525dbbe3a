//! Penalties that another member is asked to recognise, in words: whoever recognises them reads what they are.

use lianzhi_procedure::cooperation::{Imposed, Opening};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::yuan;

/// A penalty in a line: number of the decision and the case, item, days of the conduct, day of the decision, fine.
fn words(penalty: &Imposed, directory: &Directory) -> String {
    let item = match directory.law.item(&penalty.item) {
        Ok(item) => format!("{}（{}）", item.name, penalty.item),
        Err(_) => penalty.item.clone(),
    };
    let number = match penalty.decision.as_str() {
        "" => format!("案件 {}", penalty.number),
        decision => format!("{decision}（案件 {}）", penalty.number),
    };
    let day = |day: jiff::civil::Date| day.strftime("%Y年%-m月%-d日").to_string();
    let days = match penalty.from == penalty.to {
        true => day(penalty.from),
        false => format!("{}至{}", day(penalty.from), day(penalty.to)),
    };
    let fine = match penalty.fine {
        0 => "未处罚款".to_owned(),
        fen => format!("罚款 {}", yuan(fen)),
    };
    format!("{number}：{item}，行为日期 {days}，{}决定，{fine}", day(penalty.on))
}

/// All penalties that an opening asks to recognise.
pub(super) fn lines(opening: &Opening, directory: &Directory) -> Vec<String> {
    opening.penalties.iter().map(|penalty| words(penalty, directory)).collect()
}
