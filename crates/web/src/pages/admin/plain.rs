//! The policy in plain words: who may do what where, and what one person's posts add up to. Made from the table that
//! decides, and from nothing else.

use lianzhi_ids::Role;
use lianzhi_procedure::directory::Post;
use lianzhi_procedure::policy::{Reach, Rule, TABLE};

/// What a post allows, by how far it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ability {
    /// Where, in words.
    pub place: String,
    /// What, in words, each once.
    pub acts: Vec<&'static str>,
}

/// What a post allows. `unit` is the name of its unit.
pub(super) fn of_post(post: &Post, unit: &str) -> Vec<Ability> {
    let acts = |reach: Reach| {
        let mut acts: Vec<&'static str> = Vec::new();
        for rule in
            TABLE.iter().filter(|r| r.reach == reach && r.roles.iter().any(|x| post.roles.contains(x)))
        {
            if !acts.contains(&rule.title) {
                acts.push(rule.title);
            }
        }
        acts
    };
    let of = |place: String, reach| Ability { place, acts: acts(reach) };
    let mut out = vec![
        of("全机关的办件和事务".into(), Reach::Node),
        of(format!("“{unit}”及下级单位的办件"), Reach::Unit),
        of("正在征求其意见的案件".into(), Reach::Asked),
    ];
    out.retain(|a| !a.acts.is_empty());
    out
}

/// What everybody may do with a matter that he is the officer of.
pub(super) fn of_assignee() -> Vec<&'static str> {
    let mut acts: Vec<&'static str> = Vec::new();
    for rule in TABLE.iter().filter(|r| r.reach == Reach::Assignee) {
        if !acts.contains(&rule.title) {
            acts.push(rule.title);
        }
    }
    acts
}

/// Whether a rule speaks of this role; rules without roles speak of everybody.
pub(super) fn concerns(rule: &Rule, role: Option<Role>) -> bool {
    role.is_none_or(|role| rule.roles.contains(&role))
}

/// A rule as a sentence.
pub(super) fn sentence(rule: &Rule) -> String {
    let roles = rule.roles.iter().map(|r| r.title()).collect::<Vec<_>>().join("、");
    match rule.reach {
        Reach::Anybody => format!("任何人都可以{}。", rule.title),
        Reach::System => format!("只有系统自己可以{}。", rule.title),
        Reach::Reporter => format!("持查询码的上报人可以对自己上报的件{}。", rule.title),
        Reach::Assignee => format!("承办人可以对自己承办的件{}。", rule.title),
        Reach::Registrant => format!("登记人可以对自己登记的件{}。", rule.title),
        Reach::Asked => format!("{roles}可以对正在征求其意见的案件{}。", rule.title),
        Reach::Node => format!("{roles}可以在全机关{}。", rule.title),
        Reach::Unit => format!("{roles}可以对本单位及下级单位的件{}。", rule.title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_ids::UnitCode;

    #[test]
    fn what_a_post_allows_is_what_the_table_says() {
        let post = |roles: &[Role]| Post {
            unit: UnitCode::parse("squad-a").expect("a code"),
            roles: roles.to_vec(),
            grids: Vec::new(),
        };
        let leader = of_post(&post(&[Role::SquadLeader]), "甲镇中队");
        assert!(leader.iter().any(|a| a.place.contains("甲镇中队") && a.acts.contains(&"审批延期、挂账")));
        assert!(leader.iter().all(|a| !a.acts.contains(&"管理名录")));
        let admin = of_post(&post(&[Role::Admin]), "局");
        assert!(admin.iter().any(|a| a.acts.contains(&"管理名录")));
        assert!(of_post(&post(&[]), "局").is_empty());
        assert!(of_assignee().contains(&"受理"));
    }

    #[test]
    fn every_line_of_the_policy_is_a_sentence() {
        for rule in TABLE {
            let sentence = sentence(rule);
            assert!(sentence.contains(rule.title) && sentence.ends_with('。'), "{sentence}");
            assert!(rule.roles.iter().all(|r| sentence.contains(r.title())), "{sentence}");
        }
    }
}
