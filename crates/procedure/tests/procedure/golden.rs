//! Events of every version ever written fold for ever.
//!
//! `tests/golden/v1/<kind>.<type>.json` holds one event of each type with the events before it and what it led to, as
//! they were written when the type was new. The files are never changed: a change of an event adds a field with a
//! default (and, where the shape itself changes, a folder `v2`). `LIANZHI_GOLDEN=write cargo test -p
//! lianzhi-procedure golden` adds the files that are missing for new types.

use crate::cooperation::lives::lives as lives_of_shared_matters;
use crate::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::report::{Event, Report, State};
use lianzhi_procedure::{
    AnyState, Kind, PartKind, PartRef, Procedure, compact, cooperation, duty, meeting, payment, penalty,
    register, slip, spot, stocktake, stream,
};
use lianzhi_testkit::city;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Types of events by kind. The matches below do not compile when one is missing here.
macro_rules! all {
    ($fn:ident $list:ident $event:ty: $($variant:ident = $code:literal,)*) => {
        const $list: &[&str] = &[$($code),*];
        fn $fn(event: &$event) -> &'static str {
            type E = $event;
            match event { $(E::$variant { .. } => $code,)* }
        }
    };
}

all! { report_type REPORT Event:
    Registered = "registered", Placed = "placed", Classified = "classified", Dispatched = "dispatched", Pooled = "pooled",
    SentOutside = "sent_outside", AssistSet = "assist_set", SentBack = "sent_back", Dismissed = "dismissed",
    Accepted = "accepted", Arrived = "arrived", Handled = "handled", HelpAsked = "help_asked", Requested = "requested",
    RequestDecided = "request_decided", Suspended = "suspended", Resumed = "resumed", ClockChanged = "clock_changed",
    ClockStarted = "clock_started", ClockWarned = "clock_warned", ClockExpired = "clock_expired", Nudged = "nudged",
    ReviewDue = "review_due", Verified = "verified", Answered = "answered", Closed = "closed", Reopened = "reopened",
    Rated = "rated", Contacted = "contacted", ReturnAsked = "return_asked", ReturnDecided = "return_decided",
    Revisited = "revisited", Added = "added", Withdrawn = "withdrawn", Supervised = "supervised", Joined = "joined",
    Unjoined = "unjoined", Absorbed = "absorbed", Released = "released", LeadSettled = "lead_settled",
    SplitAsked = "split_asked", SplitOff = "split_off", Erased = "erased",
}
all! { register_type REGISTER register::Event: Put = "put", Retired = "retired", }
all! { duty_type DUTY duty::Event: WentOn = "went_on", WentOff = "went_off", Led = "led", HandedOver = "handed_over",
Planned = "planned", ShiftsSet = "shifts_set", }
all! { compact_type COMPACT compact::Event: Said = "said", Heard = "heard", Trusted = "trusted", }
all! { meeting_type MEETING meeting::Event: Said = "said", Heard = "heard", Assigned = "assigned", Overdue = "overdue", }

all! { cooperation_type COOPERATION cooperation::Event:
    Begun = "begun", Drafted = "drafted", Reviewed = "reviewed", NotSigned = "not_signed", Discarded = "discarded",
    Said = "said", Heard = "heard", Assigned = "assigned", Linked = "linked", Verifying = "verifying", Arrived = "arrived", Served = "served",
    Warned = "warned", Expired = "expired", Escalated = "escalated",
}
all! { act_type ACTS cooperation::Act:
    Open = "open", Registered = "registered", Opened = "opened", Accepted = "accepted", Returned = "returned",
    Refused = "refused", Extended = "extended", Reached = "reached", Concluded = "concluded", Replied = "replied",
    ReplyAccepted = "reply_accepted", AskedAgain = "asked_again", Urged = "urged", Withdrawn = "withdrawn",
    Supplemented = "supplemented", ForwardAsked = "forward_asked", ForwardAnswered = "forward_answered", Judged = "judged",
    GoodsGiven = "goods_given", GoodsTaken = "goods_taken", Acknowledged = "acknowledged", Measures = "measures",
    Position = "position", Negotiated = "negotiated", NegotiationAnswered = "negotiation_answered",
    Designated = "designated", Opinion = "opinion", OpinionAnswered = "opinion_answered", ReportedUp = "reported_up",
    Granted = "granted", Reported = "reported", Closed = "closed", Erased = "erased",
    ErasureConfirmed = "erasure_confirmed", ErasureHeld = "erasure_held",
}
all! { spot_type SPOT spot::Event:
    Described = "described", Opened = "opened", Told = "told", Heard = "heard", Imposed = "imposed", Handed = "handed", Drawn = "drawn", Lodged = "lodged",
    PayCodeSet = "pay_code_set", Paid = "paid", HandedIn = "handed_in", Banked = "banked", PaymentChecked = "payment_checked", ListConfirmed = "list_confirmed", Spared = "spared",
    Reinspected = "reinspected", WentOver = "went_over", TakenOver = "taken_over", Voided = "voided", Appealed = "appealed",
    RemedyReplied = "remedy_replied", AppealEnded = "appeal_ended", LaterAsked = "later_asked", LaterAnswered = "later_answered", Enforced = "enforced", Withdrawn = "withdrawn", Corrected = "corrected", Published = "published", NotPublished = "not_published",
    PublicationWithdrawn = "publication_withdrawn", Added = "added",
    ClockStarted = "clock_started", ClockChanged = "clock_changed", ClockWarned = "clock_warned",
    ClockExpired = "clock_expired", Demanded = "demanded", DemandServed = "demand_served", CourtAsked = "court_asked",
    CourtAnswered = "court_answered", Refunded = "refunded", Archived = "archived",
}
all! { slip_type SLIP slip::Event:
    Given = "given", GivenAgain = "given_again", Reinspected = "reinspected", WentOver = "went_over",
    TakenOver = "taken_over", GivenBack = "given_back", Withdrawn = "withdrawn", Kept = "kept", ClockStarted = "clock_started", ClockChanged = "clock_changed",
    ClockWarned = "clock_warned", ClockExpired = "clock_expired",
}
all! { payment_type PAYMENT payment::Event: Came = "came", Credited = "credited", GivenBack = "given_back", }
all! { stocktake_type STOCKTAKE stocktake::Event:
    Opened = "opened", Counted = "counted", SurplusFound = "surplus_found", Explained = "explained", Concluded = "concluded", Closed = "closed",
}
all! { penalty_type PENALTY penalty::Event:
    PutIn = "put_in", Custody = "custody", Aside = "aside",
    StaySet = "stay_set", EnforcementStopped = "enforcement_stopped", CourtLodged = "court_lodged",
    Registered = "registered", Verified = "verified", Assigned = "assigned", PartyAdded = "party_added", PartyDescribed = "party_described", ViolationSet = "violation_set", ViolationWithdrawn = "violation_withdrawn", Marked = "marked", Recorded = "recorded", Excluded = "excluded", Taken = "taken", Ordered = "ordered", Reinspected = "reinspected", Testing = "testing", Finished = "finished", Charged = "charged", Uncharged = "uncharged", Confirmed = "confirmed", Stated = "stated", Answered = "answered", Waived = "waived", HearingAsked = "hearing_asked", HearingCalled = "hearing_called", HearingHeld = "hearing_held", HearingGivenUp = "hearing_given_up", Advised = "advised", Summoned = "summoned", Reviewed = "reviewed", Discussed = "discussed", Proposed = "proposed", Endorsed = "endorsed", Approved = "approved", Unproposed = "unproposed", Issued = "issued", Voided = "voided", Served = "served", ElectronicAgreed = "electronic_agreed", PayCodeSet = "pay_code_set", Paid = "paid", HandedIn = "handed_in", Banked = "banked", PaymentChecked = "payment_checked", Refunded = "refunded", RemedySought = "remedy_sought", RemedyEnded = "remedy_ended", Enforced = "enforced", CrimeSent = "crime_sent", CrimeAnswered = "crime_answered", TransferSent = "transfer_sent", TransferAnswered = "transfer_answered", Published = "published", NotPublished = "not_published", PublicationWithdrawn = "publication_withdrawn", Sampled = "sampled", FolioFilled = "folio_filled", FolioSigned = "folio_signed", FolioDrawn = "folio_drawn", PaperKept = "paper_kept", FolioKept = "folio_kept", Sealed = "sealed", Archived = "archived", Added = "added", Joined = "joined", Absorbed = "absorbed", SplitAsked = "split_asked", SplitOff = "split_off", ProposalReviewed = "proposal_reviewed", Resubmitted = "resubmitted", AgreementBroken = "agreement_broken", ExecutionResumed = "execution_resumed", CourtSaid = "court_said", RemedyReplied = "remedy_replied", PoliceAsked = "police_asked", NotIndicted = "not_indicted", OpinionAsked = "opinion_asked", Mediated = "mediated", SuggestionAnswered = "suggestion_answered", LetterReceived = "letter_received", LetterAnswered = "letter_answered", DailyAsked = "daily_asked", DailyOpened = "daily_opened", Brought = "brought", ClockStarted = "clock_started", ClockChanged = "clock_changed", ClockWarned = "clock_warned", ClockExpired = "clock_expired", QuickAgreed = "quick_agreed", Promised = "promised", PromiseSeen = "promise_seen",
}

/// An event of a shared matter, with the act where this node says one: `said-accepted`.
fn shared_type(event: &cooperation::Event) -> String {
    match event {
        cooperation::Event::Said { entry, .. } => {
            let act = stream::read::<cooperation::Act>(entry).unwrap().act;
            assert_eq!(act_type(&act), act.code());
            format!("said-{}", act.code())
        }
        other => cooperation_type(other).to_owned(),
    }
}

/// What a file holds.
#[derive(Serialize, Deserialize)]
struct Golden {
    /// The events before.
    given: Vec<Value>,
    /// The event.
    event: Value,
    /// Stage after it.
    stage: String,
    /// Number after it.
    number: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1")
}

fn fold(kind: Kind, events: &[Value]) -> AnyState {
    events.iter().fold(kind.empty(), |state, json| {
        let event = kind.event(&json.to_string()).unwrap_or_else(|e| panic!("{json}: {e}"));
        // Written again it says the same, so that no field is lost on the way.
        let again: Value = serde_json::from_str(&event.to_json().unwrap()).unwrap();
        contains(&again, json);
        state.evolve(&event)
    })
}

/// Whether everything that was written then is written now; new fields may have joined it.
fn contains(now: &Value, then: &Value) {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => {
            for (name, value) in then {
                contains(now.get(name).unwrap_or_else(|| panic!("{name} is lost")), value);
            }
        }
        (Value::Array(now), Value::Array(then)) => {
            assert_eq!(now.len(), then.len());
            now.iter().zip(then).for_each(|(n, t)| contains(n, t));
        }
        (now, then) => assert_eq!(now, then),
    }
}

#[test]
fn golden_events_of_every_version_fold_for_ever() {
    if std::env::var("LIANZHI_GOLDEN").is_ok_and(|v| v == "write") {
        write();
    }
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (kind, event_type) = name.split_once('.').unwrap();
        let kind = Kind::from_code(kind).unwrap();
        let golden: Golden = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (event_type, act) = event_type.split_once('-').unwrap_or((event_type, ""));
        assert_eq!(golden.event["type"], event_type, "{name}");
        if let Some(entry) = golden.event["entry"].as_str().filter(|_| !act.is_empty()) {
            assert_eq!(stream::read::<cooperation::Act>(entry).unwrap().act.code(), act, "{name}");
        }
        let mut events = golden.given;
        events.push(golden.event);
        let summary = fold(kind, &events).summary();
        assert_eq!((summary.stage, summary.number.as_str()), (&*golden.stage, &*golden.number), "{name}");
        found.insert(name);
    }
    let names =
        |kind: &'static str, types: &'static [&'static str]| types.iter().map(move |t| format!("{kind}.{t}"));
    let registers = names("register", REGISTER).chain(names("duty", DUTY));
    let federation =
        names("compact", COMPACT).chain(names("meeting", MEETING)).chain(names("penalty", PENALTY));
    let federation = federation.chain(names("spot", SPOT)).chain(names("slip", SLIP));
    let federation = federation.chain(names("payment", PAYMENT)).chain(names("stocktake", STOCKTAKE));
    let all: BTreeSet<_> = names("report", REPORT).chain(registers).chain(federation).collect();
    // Shared matters of all forms have the same events: each stands under the form in which it happened first.
    let forms: BTreeSet<&str> = Form::ALL.iter().map(|f| f.code()).collect();
    let shared: BTreeSet<&str> = found
        .iter()
        .filter_map(|n| n.split_once('.'))
        .filter(|(k, _)| forms.contains(k))
        .map(|(_, t)| t)
        .collect();
    let wanted = COOPERATION.iter().filter(|t| **t != "said").map(|t| (*t).to_owned());
    let wanted: BTreeSet<String> = wanted.chain(ACTS.iter().map(|a| format!("said-{a}"))).collect();
    let mut missing: Vec<_> = all.difference(&found).collect();
    missing.extend(wanted.iter().filter(|t| !shared.contains(t.as_str())));
    assert!(
        missing.is_empty(),
        "no golden file of {missing:?}; run with LIANZHI_GOLDEN=write and commit what it adds"
    );
}

/// Writes the files that are missing.
fn write() {
    let mut files: BTreeMap<String, (Kind, Vec<Value>)> = BTreeMap::new();
    let mut keep = |kind: Kind, name: String, events: Vec<Value>| {
        files.entry(name).or_insert((kind, events));
    };
    for case in lives() {
        for n in 0..case.events.len() {
            let json = case.events[..=n].iter().map(|e| serde_json::to_value(e).unwrap()).collect();
            keep(Kind::Report, format!("report.{}", report_type(&case.events[n])), json);
        }
    }
    let mut keep_all = |kind: Kind, types: Vec<String>, events: Vec<Value>| {
        for (n, event_type) in types.into_iter().enumerate() {
            keep(kind, format!("{}.{event_type}", kind.code()), events[..=n].to_vec());
        }
    };
    let values =
        |events: &[compact::Event]| events.iter().map(|e| serde_json::to_value(e).unwrap()).collect();
    let events = crate::compact::life();
    keep_all(Kind::Compact, events.iter().map(|e| compact_type(e).to_owned()).collect(), values(&events));
    let values =
        |events: &[meeting::Event]| events.iter().map(|e| serde_json::to_value(e).unwrap()).collect();
    let events = crate::meeting::life();
    keep_all(Kind::Meeting, events.iter().map(|e| meeting_type(e).to_owned()).collect(), values(&events));
    let values =
        |events: &[payment::Event]| events.iter().map(|e| serde_json::to_value(e).unwrap()).collect();
    let events = crate::payment::life();
    keep_all(Kind::Payment, events.iter().map(|e| payment_type(e).to_owned()).collect(), values(&events));
    let values =
        |events: &[stocktake::Event]| events.iter().map(|e| serde_json::to_value(e).unwrap()).collect();
    let events = crate::stocktake::life();
    keep_all(Kind::Stocktake, events.iter().map(|e| stocktake_type(e).to_owned()).collect(), values(&events));
    for sheet in crate::spot::lives() {
        let types = sheet.events.iter().map(|e| spot_type(e).to_owned()).collect();
        keep_all(Kind::Spot, types, sheet.events.iter().map(|e| serde_json::to_value(e).unwrap()).collect());
    }
    for slips in crate::spot::lives_of_slips() {
        let types = slips.events.iter().map(|e| slip_type(e).to_owned()).collect();
        keep_all(Kind::Slip, types, slips.events.iter().map(|e| serde_json::to_value(e).unwrap()).collect());
    }
    for case in crate::penalty::lives::lives().into_iter().chain(crate::penalty::goods::lives()) {
        let types = case.events.iter().map(|e| penalty_type(e).to_owned()).collect();
        let events: Vec<Value> = case.events.iter().map(|e| serde_json::to_value(e).unwrap()).collect();
        // What is proposed is many things in one type of event: one file of each besides.
        let proposed = |e: &Value| format!("proposed-{}", e["proposal"]["what"].as_str().unwrap_or("other"));
        let mut proposals: Vec<_> = events.iter().map(proposed).collect();
        for (name, event) in proposals.iter_mut().zip(&events) {
            match event["type"].as_str().unwrap() {
                "proposed" => {}
                // So are the things beside a case.
                "aside" => *name = format!("aside-{}", event["what"]["what"].as_str().unwrap()),
                other => *name = other.to_owned(),
            }
        }
        keep_all(Kind::Penalty, types, events.clone());
        keep_all(Kind::Penalty, proposals, events);
    }
    let mut seen = BTreeSet::new();
    for matter in lives_of_shared_matters() {
        let kind = Kind::from_code(matter.form.code()).unwrap();
        for site in matter.sites.values() {
            for n in 0..site.events.len() {
                let name = shared_type(&site.events[n]);
                if seen.insert(name.clone()) {
                    let json = site.events[..=n].iter().map(|e| serde_json::to_value(e).unwrap()).collect();
                    keep(kind, format!("{}.{name}", kind.code()), json);
                }
            }
        }
    }
    let put = register::Event::Put { record: Box::new(register::Record::Unit(city::units()[1].clone())) };
    let retired = register::Event::Retired { reason: "合并".into() };
    let at = lianzhi_testkit::at("2026-11-23T01:00:00Z");
    let (unit, person) = (city::unit("squad-a"), city::person("captain-a"));
    let note = PartRef { kind: PartKind::Remark, digest: Digest([7; 32]) };
    let week: jiff::civil::Date = "2026-11-23".parse().unwrap();
    let plan = BTreeMap::from([(week, BTreeMap::from([(person.clone(), "早班".to_owned())]))]);
    let registers = [put, retired];
    let duties = [
        duty::Event::WentOn { unit: unit.clone(), person: person.clone(), at },
        duty::Event::Led { unit: unit.clone(), person: person.clone(), at },
        duty::Event::HandedOver { by: Some(person.clone()), at, note },
        duty::Event::ShiftsSet { unit: unit.clone(), shifts: duty::roster::Roster::default().shifts, at },
        duty::Event::Planned { unit, week, plan, at },
        duty::Event::WentOff { person, at, note: Some(note) },
    ];
    for n in 0..registers.len() {
        let json = registers[..=n].iter().map(|e| serde_json::to_value(e).unwrap()).collect();
        keep(Kind::Register, format!("register.{}", register_type(&registers[n])), json);
    }
    for n in 0..duties.len() {
        let json = duties[..=n].iter().map(|e| serde_json::to_value(e).unwrap()).collect();
        keep(Kind::Duty, format!("duty.{}", duty_type(&duties[n])), json);
    }
    for (name, (kind, mut events)) in files {
        let path = folder().join(format!("{name}.json"));
        if path.exists() {
            continue;
        }
        let summary = fold(kind, &events).summary();
        let event = events.pop().unwrap();
        let golden = Golden { given: events, event, stage: summary.stage.into(), number: summary.number };
        std::fs::write(path, serde_json::to_string_pretty(&golden).unwrap() + "\n").unwrap();
    }
}

/// Lives of reports in which every type of event happens.
fn lives() -> Vec<Case> {
    let on_site = |commands: &[(&str, Value)]| {
        let mut case = Case::on_site();
        for (who, command) in commands {
            case.ok(who, command.clone());
        }
        case
    };
    let reported = |commands: &[(&str, Value)]| {
        let mut case = Case::reported();
        for (who, command) in commands {
            case.ok(who, command.clone());
        }
        case
    };
    let mut late = Case::reported();
    late.after_minutes(20);
    late.tick();

    let mut rested = on_site(&[
        ("officer-a1", json!({ "command": "ask", "what": "suspension", "hours": 24, "note": "等待施工" })),
        ("captain-a", json!({ "command": "approve", "granted": true, "note": "同意" })),
    ]);
    rested.after_minutes(60 * 24);
    rested.tick();
    rested.ok("officer-a1", json!({ "command": "resume" }));

    let mut order = Case::new();
    let hotline = with(with(register(), "source", json!("hotline")), "demand", json!("complain"));
    order.ok("hotline", with(hotline, "external", json!({ "system": "12345", "number": "20261123000001" })));
    order.ok("officer-a1", json!({ "command": "contact", "reached": true, "note": "已联系" }));
    order.ok("dispatcher", json!({ "command": "return_order", "note": "非本机关职责" }));
    order.ok("hotline", json!({ "command": "decide_return", "granted": false, "note": "请办理" }));

    let mut closed = Case::closed();
    closed.ok("reporter", json!({ "command": "rate", "stars": 4, "note": "还行" }));
    closed.ok("hotline", json!({ "command": "revisit", "settled": false, "stars": 2 }));
    closed.ok("hotline", json!({ "command": "reopen", "note": "还在" }));
    closed.ok("admin", json!({ "command": "erase", "reason": "本人申请" }));

    let mut again = Case::handled();
    again.ok(
        "verifier",
        json!({ "command": "verify", "passed": false, "note": "仍有占道", "exhibits": photo() }),
    );

    let mut lead = Case::reported();
    lead.ok("system", json!({ "command": "absorb", "from": 5 }));
    lead.ok("system", json!({ "command": "release", "from": 5 }));

    vec![
        closed,
        again,
        late,
        rested,
        order,
        lead,
        on_site(&[("officer-a1", json!({ "command": "help", "note": "人手不够", "units": ["squad-b"] }))]),
        reported(&[
            ("dispatcher", json!({ "command": "place", "grid": city::GRIDS[1] })),
            ("dispatcher", json!({ "command": "classify", "category": city::POSTER })),
            ("dispatcher", json!({ "command": "assist", "units": ["squad-b"] })),
            ("supervisor", json!({ "command": "supervise", "mark": "supervise", "note": "请抓紧" })),
            ("reporter", json!({ "command": "add", "note": "又来了一辆车", "exhibits": photo() })),
            ("officer-a1", json!({ "command": "split", "note": "另有乱张贴" })),
            ("system", json!({ "command": "split_into", "docket": 12 })),
            ("officer-a1", json!({ "command": "return", "note": "不在我的网格" })),
            ("dispatcher", json!({ "command": "dispatch", "unit": "water", "note": "转办" })),
        ]),
        reported(&[("dispatcher", json!({ "command": "dispatch", "unit": "bureau" }))]),
        reported(&[("dispatcher", json!({ "command": "dismiss", "note": "非本机关职责" }))]),
        reported(&[("reporter", json!({ "command": "withdraw", "note": "已解决" }))]),
        reported(&[
            ("dispatcher", json!({ "command": "join", "to": LEAD })),
            ("dispatcher", json!({ "command": "unjoin" })),
            ("dispatcher", json!({ "command": "join", "to": LEAD })),
            ("system", json!({ "command": "lead_settled", "lead": LEAD, "outcome": "cleared" })),
        ]),
    ]
}

#[test]
fn events_of_a_later_program_with_more_fields_still_read() {
    let case = Case::reported();
    let mut json = serde_json::to_value(&case.events[0]).unwrap();
    json["something_new"] = json!({ "from": "a later version" });
    let event: Event = serde_json::from_value(json).unwrap();
    assert!(matches!(Report::evolve(State::Nothing, &event), State::File(_)));
    assert!(Report::follow_ups(DocketId(1), &State::Nothing, &event).is_empty());
}
