//! Petty cases: consent to quick handling, a promise and what became of it.

use super::*;
use crate::penalty::command::{NewPromise, Seen, Signed};
use crate::penalty::light::PROMISE_DAYS_MAX;
use crate::penalty::words::Capacity;

const QUICK: &str = "本机关快速办理规定；行政处罚法第五十四条至第六十一条的步骤不减少";
const PROMISE: &str = "行政处罚法第三十三条第一款：及时改正；告知承诺";

pub(super) fn quick(case: &Case, what: &Signed, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    let party = party(case, what.party)?;
    if case.light.agreed.contains(&what.party) {
        return Err(no("agreed", "该当事人已经同意快速办理。", "请刷新页面。", QUICK));
    }
    if party.subject.capacity != Capacity::Full || !case.marks.is_empty() {
        return Err(no(
            "not-petty",
            "未成年人或者不能辨认、控制自己行为的人的案件，以及复杂、重大、涉及公共利益或者涉嫌犯罪的案件，不适用快速办理。",
            "请按普通程序各环节办理。",
            QUICK,
        ));
    }
    let exhibits = proof(facts, &what.exhibits, "当事人签字的快速办理同意书", QUICK)?;
    Ok(Event::QuickAgreed { party: what.party, exhibits, by, at: facts.now })
}

pub(super) fn promise(case: &Case, what: &NewPromise, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    party(case, what.party)?;
    if case.open_promise(what.party).is_some() {
        return Err(no("promised", "该当事人的承诺还没有复查。", "请先复查。", PROMISE));
    }
    let days = crate::beijing_date(facts.now).until(what.until).map_or(0, |span| span.get_days());
    if !(1..=PROMISE_DAYS_MAX).contains(&days) {
        return Err(Refusal::invalid(
            "until",
            format!("承诺改正的日期应在明天起 {PROMISE_DAYS_MAX} 天以内。"),
            "请与当事人约定能够及时改正的日期。",
        )
        .from_source(PROMISE));
    }
    let exhibits = proof(facts, &what.exhibits, "当事人签字的改正承诺书", PROMISE)?;
    Ok(Event::Promised { party: what.party, until: what.until, exhibits, by, at: facts.now })
}

pub(super) fn see(case: &Case, what: &Seen, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    if case.open_promise(what.party).is_none() {
        return Err(no("no-promise", "没有等待复查的承诺。", "请先登记当事人的承诺书。", PROMISE));
    }
    Ok(Event::PromiseSeen {
        party: what.party,
        done: what.done,
        note: need(&what.note, "note", "复查情况")?,
        exhibits: exhibits(facts, &what.exhibits)?,
        by,
        at: facts.now,
    })
}
