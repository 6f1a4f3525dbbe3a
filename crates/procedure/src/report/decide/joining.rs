//! Joining (并件): a person says that a matter is a repeat of another. What speaks against it is asked about first.

use super::wrong_stage;
use crate::facts::{Lead, Target};
use crate::report::decide::by;
use crate::report::event::Event;
use crate::report::state::{File, Stage};
use crate::{Facts, Refusal};
use lianzhi_ids::DocketId;

/// Farther apart than this, two reports are hardly of one thing, metres.
const APART_M: f64 = 500.0;
/// Nearer than this people name one thing differently, metres.
const NEAR_M: f64 = 250.0;

/// What speaks against a matter and its lead being one thing, in words; none when nothing does.
fn apart(file: &File, lead: &Lead, facts: &Facts<'_>) -> Option<String> {
    let metres = file.point.zip(lead.point).map(|(a, b)| a.metres_to(b));
    let far = metres.filter(|m| *m > APART_M).map(|m| format!("两处相距约 {:.1} 公里", m / 1000.0));
    let other = match (&file.category, &lead.category) {
        (Some(ours), Some(theirs)) if ours.class() != theirs.class() && metres.is_none_or(|m| m > NEAR_M) => {
            let name = |code| facts.directory.category_name(code);
            Some(format!("本件是{}，主件是{}", name(ours), name(theirs)))
        }
        _ => None,
    };
    let words: Vec<String> = far.into_iter().chain(other).collect();
    (!words.is_empty()).then(|| format!("主件是{}“{}”，{}。", lead.number, lead.title, words.join("，")))
}

pub(super) fn join(file: &File, to: DocketId, sure: bool, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if !matches!(file.stage, Stage::Pooled { .. } | Stage::Assigned { .. } | Stage::Working { .. }) {
        return Err(wrong_stage(file, "并件"));
    }
    if !file.joined.is_empty() {
        return Err(Refusal::conflict(
            "is-lead",
            "本件是其他办件的主件，不能再并入别件。",
            "请先拆出并入本件的办件，或把对方并入本件。",
        ));
    }
    let lead = match &facts.look_ups.target {
        Some(Target { joined: true, .. }) => {
            return Err(Refusal::invalid("to", "对方已并入别件。", "请并入它的主件。"));
        }
        Some(Target { docket, open: true, lead, .. }) if *docket == to => lead,
        _ => return Err(Refusal::invalid("to", "没有可并入的在办办件。", "请核对主件编号；主件须在办。")),
    };
    if let Some(apart) = lead.as_ref().filter(|_| !sure).and_then(|lead| apart(file, lead, facts)) {
        return Err(Refusal::invalid(
            "sure",
            format!("看起来不是同一件事：{apart}"),
            "请核对主件编号；确是同一件事的，勾选“确认是同一件事”再提交。",
        ));
    }
    Ok(vec![Event::Joined { to, by: by(facts), at: facts.now }])
}
