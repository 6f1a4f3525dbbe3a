//! What a list was asked for, in words: for records that are kept for ever and read by people.

use crate::figures::{NONE, class_name};
use crate::read::{ListQuery, NO_UNIT, NO_UNIT_BEFORE, given};
use crate::words::stage_title;
use lianzhi_ids::{CategoryCode, PersonCode, UnitCode};
use lianzhi_procedure::Kind;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;

/// From so many digits on a text may be a telephone or an identity number.
const DIGITS_MAX: usize = 6;
/// Characters of a category that name its group.
const GROUP_CHARS: usize = 3;

impl ListQuery {
    /// The filters in words. Who was looked for, by name or number, is not among them: that somebody was is enough.
    #[must_use]
    pub fn words(&self, directory: &Directory) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut say = |what: &str, words: String| said.push(format!("{what}{words}"));
        if let Some(kind) = given(self.kind.as_deref()).filter(|k| *k != Kind::Report.code()) {
            say("种类：", Kind::from_code(kind).map_or("其他", Kind::title).into());
        }
        if given(self.person.as_deref()).is_some() {
            say("", "（按人查找）".into());
        }
        if let Some(q) = given(self.q.as_deref()) {
            match q.chars().filter(|c| c.is_numeric()).count() {
                0..=DIGITS_MAX => say("含有：", format!("“{q}”")),
                _ => say("含有：", "（带号码的文字）".into()),
            }
        }
        if let Some(stages) = given(self.stage.as_deref()) {
            let titles: Vec<_> = stages.split(',').map(|s| stage_title(s.trim())).collect();
            say("阶段：", titles.join("、"));
        }
        match given(self.open.as_deref()) {
            Some("true" | "1" | "on") => say("", "在办".into()),
            Some("false" | "0") => say("", "已办结".into()),
            _ => {}
        }
        match given(self.overdue.as_deref()) {
            Some("now") => say("", "现在超期".into()),
            Some("true" | "1" | "on") => say("", "曾超期".into()),
            Some("false" | "0") => say("", "从未超期".into()),
            _ => {}
        }
        if let Some(category) = given(self.category.as_deref()) {
            say("类别：", category_words(category, directory));
        }
        if let Some(unit) = given(self.unit.as_deref()) {
            let alone =
                UnitCode::parse(unit).is_ok() && matches!(given(self.below.as_deref()), Some("false" | "0"));
            say("单位：", unit_words(unit, directory) + if alone { "（不含下级）" } else { "" });
        }
        if let Some(assignee) = given(self.assignee.as_deref()) {
            let known = PersonCode::parse(assignee).ok().and_then(|p| directory.people.get(&p).cloned());
            let words = if assignee == "me" {
                "本人".into()
            } else {
                known.map_or("未知".into(), |p| p.name.clone())
            };
            say("承办人：", words);
        }
        if let Some(source) = given(self.source.as_deref()) {
            say("来源：", Source::from_code(source).map_or("未知", Source::title).into());
        }
        for (what, from, to) in
            [("上报：", &self.from, &self.to), ("了结：", &self.closed_from, &self.closed_to)]
        {
            let moment = |text: &Option<String>| given(text.as_deref()).map(|t| t.replace('T', " "));
            match (moment(from), moment(to)) {
                (Some(from), Some(to)) => say(what, format!("{from} 至 {to}")),
                (Some(from), None) => say(what, format!("{from} 起")),
                (None, Some(to)) => say(what, format!("至 {to}")),
                (None, None) => {}
            }
        }
        if let Some(since) = given(self.updated_since.as_deref()) {
            say("变动：", format!("{since} 起"));
        }
        let choices = [
            (&self.in_time, ["各期限都没有超过", "有期限超过"]),
            (&self.rework, ["返工过", "一次办成"]),
            (&self.placed, ["已定位", "尚未定位"]),
        ];
        for (chosen, [yes, no]) in choices {
            match given(chosen.as_deref()) {
                Some("true" | "1" | "on") => say("", yes.into()),
                Some("false" | "0") => say("", no.into()),
                _ => {}
            }
        }
        if let Some(rating) = given(self.rating.as_deref()) {
            say("评价：", rating.replace(NONE, "未评价").replace(',', "、"));
        }
        if given(self.bbox.as_deref()).is_some() {
            say("", "地图上的一块".into());
        }
        match given(self.order.as_deref()) {
            Some("oldest") => say("", "最早在前".into()),
            Some("due") => say("", "先到期在前".into()),
            _ => {}
        }
        if said.is_empty() { "全部".into() } else { said.join("，") }
    }
}

fn category_words(category: &str, directory: &Directory) -> String {
    let known = CategoryCode::parse(category).ok().and_then(|c| directory.categories.get(&c));
    match known {
        _ if category == NONE => "尚未分类".into(),
        Some(known) => known.name.clone(),
        None if category.chars().count() == GROUP_CHARS => class_name(directory, category),
        None => "其中几类".into(),
    }
}

fn unit_words(unit: &str, directory: &Directory) -> String {
    let known = UnitCode::parse(unit).ok().and_then(|u| directory.units.get(&u));
    match known {
        _ if [NO_UNIT, NO_UNIT_BEFORE].contains(&unit) => "还没有单位".into(),
        Some(known) => known.name.clone(),
        None => "未知".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_said_in_words_and_people_are_not_named() {
        let some = |text: &str| Some(text.to_owned());
        let directory = lianzhi_testkit::city::directory();
        let query = ListQuery {
            person: some("13800001234"),
            q: some("漕平路 118 号"),
            open: some("true"),
            overdue: some("now"),
            stage: some("pooled,assigned"),
            unit: some("~"),
            category: some("none"),
            from: some("2026-11-01"),
            placed: some("false"),
            rating: some("4,none"),
            ..ListQuery::default()
        };
        assert_eq!(
            query.words(&directory),
            "（按人查找），含有：“漕平路 118 号”，阶段：待派遣、待受理，在办，现在超期，类别：尚未分类，\
             单位：还没有单位，上报：2026-11-01 起，尚未定位，评价：4、未评价"
        );
        assert_eq!(ListQuery::default().words(&directory), "全部");
        let alone = ListQuery { unit: some("squad-a"), below: some("false"), ..ListQuery::default() };
        assert!(alone.words(&directory).ends_with("（不含下级）"), "{}", alone.words(&directory));
        // A number may as well stand in the field for words, or where nobody expects it.
        for number in ["13800001234", "138 0000 1234", "１３８００００１２３４"] {
            let query = ListQuery { q: some(number), assignee: some(number), ..ListQuery::default() };
            let query = ListQuery { unit: some(number), source: some(number), ..query };
            let said = query.words(&directory);
            assert!(!said.contains("138") && !said.contains("１３８"), "{said}");
        }
    }
}
