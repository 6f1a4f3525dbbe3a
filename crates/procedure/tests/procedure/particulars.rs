//! Erasing a person's particulars.

use crate::kit::*;
use lianzhi_procedure::report::Report;
use lianzhi_procedure::{Procedure, RefusalKind};

#[test]
fn an_administrator_erases_with_a_ground_and_nothing_is_left_to_find_it_by() {
    let mut case = Case::closed();
    assert_eq!(
        case.refused("dispatcher", json!({ "command": "erase", "reason": "本人申请" })).kind,
        RefusalKind::Forbidden
    );
    assert_eq!(case.refused("admin", json!({ "command": "erase", "reason": " " })).field, Some("reason"));
    case.ok("admin", json!({ "command": "erase", "reason": "本人申请" }));
    let summary = Report::summary(&case.state);
    assert_eq!((summary.contact, summary.narrative, summary.complainant), (None, None, None));
    assert_eq!(case.stage(), "closed", "the record stays");
    assert_eq!(case.refused("admin", json!({ "command": "erase", "reason": "再来" })).code, "nothing");
}

#[test]
fn one_text_may_be_erased_alone() {
    let mut case = Case::reported();
    case.ok("reporter", json!({ "command": "add", "note": "我叫张小三" }));
    let part = *case.file().texts.last().unwrap();
    case.ok("admin", json!({ "command": "erase", "parts": [part.digest], "reason": "本人申请" }));
    assert!(!case.file().texts.contains(&part));
    assert!(case.file().intake.contact.is_some());
}
