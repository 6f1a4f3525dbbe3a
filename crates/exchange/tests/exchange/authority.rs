//! What no entry of the list allows is refused.

use crate::common::*;
use lianzhi_exchange::authority::{Ask, check, day};
use lianzhi_exchange::compact::{Form, Roster, Shared};
use lianzhi_exchange::refusal::Refusal;
use lianzhi_ids::NodeCode;
use std::sync::LazyLock;

static FROM: LazyLock<[NodeCode; 2]> = LazyLock::new(|| [node(QINGPU), node(JIASHAN)]);
static TO: LazyLock<[NodeCode; 2]> = LazyLock::new(|| [node(WUJIANG), node(JIASHAN)]);

fn code(roster: &Roster, change: impl FnOnce(&mut Ask<'static>)) -> Result<String, &'static str> {
    let mut ask = Ask {
        form: Form::Lead,
        author: &FROM[0],
        to: &TO[..1],
        category: Some("E03001"),
        used: &[Shared::Narrative, Shared::Place],
        onward: false,
        list: Some(dumping().digest()),
        epoch: 3,
        at: morning(),
        opened_under: None,
    };
    change(&mut ask);
    check(roster, &ask).map(|decision| decision.id).map_err(|refusal: Refusal| refusal.code())
}

#[test]
fn the_default_is_no() {
    let roster = roster();
    assert_eq!(code(&roster, |_| {}), Ok("HZ-03".into()));
    assert_eq!(code(&roster, |ask| ask.list = None), Err("no-list-entry"));
    assert_eq!(code(&roster, |ask| ask.list = Some(lianzhi_ids::Digest::ZERO)), Err("no-list-entry"));
    assert_eq!(code(&roster, |ask| ask.form = Form::Bulletin), Err("form-not-allowed"));
    assert_eq!(code(&roster, |ask| ask.used = &[Shared::Particulars]), Err("field-not-allowed"));
    assert_eq!(code(&roster, |ask| ask.category = Some("E09005")), Err("category-not-allowed"));
    assert_eq!(code(&roster, |ask| ask.category = None), Ok("HZ-03".into()), "none yet");
    assert_eq!(code(&roster, |ask| ask.onward = true), Err("onward-not-allowed"));
    assert_eq!(code(&roster, |ask| ask.at = at("2026-12-31T15:59:59Z")), Ok("HZ-03".into()));
    assert_eq!(code(&roster, |ask| ask.at = at("2026-12-31T16:00:00Z")), Err("expired-list-entry"));
    assert_eq!(code(&roster, |ask| ask.at = at("2025-12-31T15:59:59Z")), Err("expired-list-entry"));
    let old = Some(ran_out().digest());
    let march = at("2026-03-01T00:00:00Z");
    assert_eq!(code(&roster, |ask| (ask.list, ask.at) = (old, march)), Ok("HZ-01".into()));
    assert_eq!(
        code(&roster, |ask| (ask.list, ask.at, ask.to) = (old, march, &TO[..])),
        Err("party-not-allowed")
    );
    assert_eq!(
        code(&roster, |ask| (ask.list, ask.at, ask.author) = (old, march, &FROM[1])),
        Err("party-not-allowed")
    );
}

#[test]
fn an_entry_that_ran_out_carries_what_was_opened_under_it() {
    let mut roster = roster();
    let old = Some(ran_out().digest());
    assert_eq!(code(&roster, |ask| ask.list = old), Err("expired-list-entry"));
    assert_eq!(code(&roster, |ask| (ask.list, ask.opened_under) = (old, old)), Ok("HZ-01".into()));
    assert_eq!(code(&roster, |ask| ask.opened_under = old), Err("no-list-entry"), "under another one");
    // Taken off the list: what is open goes on, nothing opens, and who still has the old list is told so.
    let list = std::mem::take(&mut roster.epoch.list);
    roster.past = list;
    let dumping = Some(dumping().digest());
    assert_eq!(code(&roster, |ask| ask.opened_under = dumping), Ok("HZ-03".into()));
    assert_eq!(code(&roster, |_| {}), Err("expired-list-entry"));
    assert_eq!(code(&roster, |ask| ask.epoch = 2), Err("stale-epoch"));
    roster.past.clear();
    assert_eq!(code(&roster, |ask| ask.epoch = 2), Err("stale-epoch"));
    assert_eq!(code(&roster, |_| {}), Err("no-list-entry"));
}

#[test]
fn days_are_those_of_beijing() {
    assert_eq!(day(at("2026-06-14T16:00:00Z")).to_string(), "2026-06-15");
    assert_eq!(day(at("2026-06-14T15:59:59Z")).to_string(), "2026-06-14");
}
