//! The desk: what waits for somebody, what he waits for, what changed since he last looked, and the hand-over.
//!
//! What a role waits for is said once, in [`awaits`], as questions to the list: so the desk shows nothing that its
//! person could not find, and every part of it leads to the list behind it.

use crate::penalty::InTheWay;
use crate::ports::MatterRow;
use crate::read::ListQuery;
use crate::shared::unavailable;
use crate::{App, Caller, Waiting};
use futures::future::try_join_all;
use jiff::Timestamp;
use jiff::civil::{Time, time};
use lianzhi_ids::{DocketId, Role, UnitCode};
use lianzhi_procedure::duty::roster::Roster;
use lianzhi_procedure::{Actor, Kind, Refusal, RefusalKind};
use std::collections::{BTreeSet, HashMap};

/// Rows of one thing waited for: the list has the rest.
const AWAITED_MAX: i64 = 6;
/// The same for cases.
const AWAITED_ROWS: usize = 6;
/// Cases of a page of to-dos of which it is said what stands in the way.
const CASES_LOOKED_AT: usize = 40;
/// Kind of penalty cases.
const CASE: &str = Kind::Penalty.code();
/// Rows of what changed.
const CHANGED_MAX: i64 = 50;
/// Notes of a hand-over at most.
const NOTES_MAX: usize = 10;
/// When a unit without a roster hands over: from one such moment to the next.
const HANDOVER: Time = time(8, 0, 0, 0);
/// For how long a hand-over stands open on the desk, hours.
const HANDOVER_HOURS: i64 = 2;

/// A desk.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// What waits for me, soonest first: a page of it.
    pub waiting: Waiting,
    /// What stands in the way of the cases among them, by docket.
    pub in_the_way: HashMap<DocketId, InTheWay>,
    /// What I wait for, by what it is.
    pub awaited: Vec<Awaited>,
    /// Changed since I last looked, of mine and of what I wait for, also closed ones; last changed first.
    pub changed: Vec<MatterRow>,
    /// Since when.
    pub changed_since: Timestamp,
    /// I am on duty.
    pub on_duty: bool,
    /// My units.
    pub units: Vec<UnitCode>,
}

/// Matters that are with others and that somebody waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Awaited {
    /// What is waited for.
    pub title: &'static str,
    /// The list behind it.
    pub query: ListQuery,
    /// The first of them, soonest first.
    pub rows: Vec<MatterRow>,
    /// There are more.
    pub more: bool,
}

/// What a hand-over says about the shift before.
#[derive(Debug, Clone, PartialEq)]
pub struct Handover {
    /// The unit.
    pub unit: UnitCode,
    /// Name of the shift; none in a unit without a roster.
    pub shift: Option<String>,
    /// From when (inclusive) to when (exclusive) the shift lasted.
    pub from: Timestamp,
    /// See `from`.
    pub to: Timestamp,
    /// It is the time of the hand-over.
    pub open: bool,
    /// Each number with the list behind it; `None`: more than can be counted.
    pub figures: Vec<(&'static str, Option<i64>, ListQuery)>,
    /// What those before wrote, and what was written since, newest first: when, who, what.
    pub notes: Vec<(Timestamp, String, String)>,
}

/// Whether somebody handles cases and acts on the spot.
fn actor_handles(actor: &Actor) -> bool {
    actor.has(Role::Officer) || actor.has(Role::Handler)
}

/// The person's code as lists ask for it.
fn actor_code(actor: &Actor) -> Option<String> {
    actor.person().map(ToString::to_string)
}

fn open(title: &'static str, query: ListQuery) -> (&'static str, ListQuery) {
    (title, ListQuery { open: Some("true".into()), order: Some("due".into()), ..query })
}

fn stage(stages: &str) -> ListQuery {
    ListQuery { stage: Some(stages.into()), ..ListQuery::default() }
}

/// What an actor waits for, as questions to the list. Nothing that waits for himself.
#[must_use]
pub fn awaits(actor: &Actor) -> Vec<(&'static str, ListQuery)> {
    let mut out = Vec::new();
    if actor.has(Role::Officer) || actor.has(Role::Patroller) {
        let mine = ListQuery {
            assignee: actor.person().map(ToString::to_string),
            ..stage("to_verify,to_close,joined,return_asked,suspended")
        };
        out.push(open("我承办的，在别处", mine));
    }
    if actor.has(Role::Dispatcher) {
        out.push(open("已派遣，等受理", stage("assigned")));
        out.push(open("在外部门办理", stage("outside")));
    } else {
        // Somebody may lead two squads; each is named once.
        let squads: BTreeSet<&UnitCode> = actor.units_with(Role::SquadLeader).collect();
        for unit in squads {
            out.push(open("本队等受理", ListQuery { unit: Some(unit.to_string()), ..stage("assigned") }));
        }
    }
    if actor.has(Role::Hotline) {
        let orders = ListQuery { source: Some("hotline".into()), ..ListQuery::default() };
        out.push(open("热线工单，在办", orders));
    }
    if actor.has(Role::Verifier) {
        out.push(open("已核查，等答复", stage("to_answer")));
    }
    if actor.has(Role::Supervisor) || actor.has(Role::Leader) {
        out.push(open("挂账中", stage("suspended")));
        let late = ListQuery { overdue: Some("now".into()), ..ListQuery::default() };
        out.push(open("已超期", late));
    }
    out
}

/// Forms of cooperation: kind, what of it somebody pursues or handles, what of it is late.
const SHARED: [(&str, &str, &str); 6] = [
    ("lead", "我经办的线索移送", "已超期的线索移送"),
    ("assistance", "我经办的协助调查", "已超期的协助调查"),
    ("evidence", "我经办的证据移交", "已超期的证据移交"),
    ("bulletin", "我经办的预警通报", "已超期的预警通报"),
    ("dispute", "我经办的管辖争议", "已超期的管辖争议"),
    ("away", "我经办的异地执法协作", "已超期的异地执法协作"),
];

/// What an actor waits for in matters that are shared with other members: those that he drafted or has here, and, for those to
/// whom what is late is told, whatever is late.
fn awaits_of_members(actor: &Actor) -> Vec<(&'static str, ListQuery)> {
    let drafts = [
        Role::Officer,
        Role::Handler,
        Role::Liaison,
        Role::LegalReviewer,
        Role::SquadLeader,
        Role::Dispatcher,
    ];
    let told = [Role::Leader, Role::Supervisor, Role::Liaison].iter().any(|role| actor.has(*role));
    let of = |kind: &str| ListQuery { kind: Some(kind.into()), ..ListQuery::default() };
    let mut out = Vec::new();
    for (kind, mine, late) in SHARED {
        if told {
            out.push(open(late, ListQuery { overdue: Some("now".into()), ..of(kind) }));
        }
        if drafts.iter().any(|role| actor.has(*role)) {
            out.push(open(mine, ListQuery { assignee: actor.person().map(ToString::to_string), ..of(kind) }));
        }
    }
    out
}

/// The shift that was handed over last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Handed {
    /// Its name in the roster.
    shift: Option<String>,
    from: Timestamp,
    to: Timestamp,
}

/// The last shift of the unit's roster that ended; without one the day from eight to eight.
fn handed(roster: Option<&Roster>, now: Timestamp) -> Handed {
    match roster.and_then(|roster| roster.last(now)) {
        Some((from, to, shift)) => Handed { shift: Some(shift.name.clone()), from, to },
        None => {
            let (from, to) = day(now);
            Handed { shift: None, from, to }
        }
    }
}

/// It is the time of the hand-over: shortly after the change of shift.
fn is_open(to: Timestamp, now: Timestamp) -> bool {
    (0..HANDOVER_HOURS * 3600).contains(&(now.as_second() - to.as_second()))
}

/// The day that ended last: from eight to eight, Beijing time.
fn day(now: Timestamp) -> (Timestamp, Timestamp) {
    let zoned = now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let today = zoned.date();
    let day = if zoned.time() >= HANDOVER { today } else { today.yesterday().unwrap_or(today) };
    let at = |date: jiff::civil::Date| {
        let begun = date.to_datetime(HANDOVER).to_zoned(zoned.time_zone().clone());
        begun.map_or(now, |z| z.timestamp())
    };
    (at(day.yesterday().unwrap_or(day)), at(day))
}

impl App {
    /// The caller's desk; what waits for him of one kind of act only, and from a place on, when so asked.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn desk(&self, who: &Caller, what: Option<&str>, skip: i64) -> Result<Desk, Refusal> {
        self.desk_of(who, what, skip, true).await
    }

    /// The same for a page that is open and renews itself: no new look, so what was new at the last one stays so.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn desk_again(&self, who: &Caller, what: Option<&str>, skip: i64) -> Result<Desk, Refusal> {
        self.desk_of(who, what, skip, false).await
    }

    async fn desk_of(
        &self,
        who: &Caller,
        what: Option<&str>,
        skip: i64,
        looks: bool,
    ) -> Result<Desk, Refusal> {
        let Actor::Person(person) = &who.actor else {
            return Err(Refusal::forbidden("sign-in", "工作台须登录。", "请先登录。"));
        };
        let waiting = self.todos(who, what, skip).await?;
        // What waits for the reader himself is not among what he waits for, whichever part of it he looks at.
        let mut for_me: BTreeSet<i64> = waiting.items.iter().map(|t| t.id.0).collect();
        if waiting.what.is_some() || waiting.before > 0 {
            for_me.extend(self.todos(who, None, 0).await?.items.iter().map(|t| t.id.0));
        }

        let mut questions = awaits(&who.actor);
        if self.directory().roster.is_some() {
            questions.extend(awaits_of_members(&who.actor));
        }
        let lists = questions.iter().map(|(_, query)| self.list(who, query, None, AWAITED_MAX));
        let mut awaited = Vec::new();
        for ((title, query), page) in questions.iter().zip(try_join_all(lists).await?) {
            let (more, mut rows) = (page.next.is_some(), page.rows);
            rows.retain(|row| !for_me.contains(&row.id.0));
            if !rows.is_empty() {
                awaited.push(Awaited { title, query: query.clone(), rows, more });
            }
        }

        // A case may wait for its officer with one thing and for others with another.
        for (title, rows, more) in self.cases_elsewhere(who, AWAITED_ROWS).await? {
            let assignee = actor_code(&who.actor);
            let query = ListQuery { assignee, kind: Some(CASE.into()), ..ListQuery::default() };
            awaited.push(Awaited { title, query: open(title, query).1, rows, more });
        }
        let cases = waiting.items.iter().filter(|t| t.row.kind == CASE).map(|t| t.row.clone());
        let mut once = BTreeSet::new();
        let cases: Vec<MatterRow> = cases.filter(|row| once.insert(row.id.0)).take(CASES_LOOKED_AT).collect();
        let in_the_way = self.stands_in_the_way(who, cases).await?;

        let changed_since = self.look_at_desk(&person.code, looks).await?;
        let since = Some(changed_since.to_string());
        let mine = ListQuery { assignee: Some(person.code.to_string()), ..ListQuery::default() };
        // Decisions on the spot and slips are one's own by whoever made them; cases come by their officers.
        let small =
            [Kind::Spot, Kind::Slip].map(|kind| ListQuery { kind: Some(kind.code().into()), ..mine.clone() });
        let small = small.into_iter().filter(|_| actor_handles(&who.actor));
        let asked = questions.into_iter().map(|(_, query)| ListQuery { open: None, order: None, ..query });
        let asked: Vec<ListQuery> = std::iter::once(mine)
            .chain(small)
            .chain(asked)
            .map(|query| ListQuery { updated_since: since.clone(), ..query })
            .collect();
        let mut changed = self.own_cases_changed(who, changed_since, CHANGED_MAX).await?;
        let mut seen: BTreeSet<i64> = changed.iter().map(|row| row.id.0).collect();
        for found in try_join_all(asked.iter().map(|query| self.list(who, query, None, CHANGED_MAX))).await? {
            changed.extend(found.rows.into_iter().filter(|row| seen.insert(row.id.0)));
        }
        changed.sort_by_key(|r| std::cmp::Reverse(r.updated_at));
        changed.truncate(usize::try_from(CHANGED_MAX).unwrap_or(usize::MAX));

        let mut units: Vec<_> = person.posts.iter().map(|p| p.unit.clone()).collect();
        units.dedup();
        let on_duty = self.duty().is_on(&person.code);
        Ok(Desk { waiting, in_the_way, awaited, changed, changed_since, on_duty, units })
    }

    /// What the shift before hands over to a unit, for those who work in it or above it.
    ///
    /// # Errors
    /// When nobody is signed in or the storage does not answer.
    pub async fn handover(&self, who: &Caller, unit: &UnitCode) -> Result<Handover, Refusal> {
        let now = self.now();
        let duty = self.duty();
        let Handed { shift, from, to } = handed(duty.roster(unit).map(AsRef::as_ref), now);
        let of_unit = ListQuery { unit: Some(unit.to_string()), ..ListQuery::default() };
        let minute = |at: Timestamp| {
            let there = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
            Some(there.strftime("%Y-%m-%dT%H:%M").to_string())
        };
        let open_now = ListQuery { open: Some("true".into()), ..of_unit.clone() };
        let asked = [
            ("上一班新到", ListQuery { from: minute(from), to: minute(to), ..of_unit.clone() }),
            ("在办", open_now.clone()),
            ("待受理", ListQuery { stage: Some("assigned".into()), ..of_unit.clone() }),
            ("已超期", ListQuery { overdue: Some("now".into()), ..open_now }),
            ("挂账", ListQuery { stage: Some("suspended".into()), ..of_unit }),
        ];
        let counts = try_join_all(asked.iter().map(|(_, query)| self.count(who, query))).await?;
        let figures = asked.into_iter().zip(counts).map(|((title, query), n)| (title, n, query)).collect();
        let mut notes = Vec::new();
        let book = lianzhi_procedure::duty::number(unit);
        let row = self.inner.store.queries.by_number(&book).await.map_err(|e| unavailable(&e))?;
        if let Some(row) = row {
            // Whoever may not read the unit's book is shown the figures alone.
            let lines = match self.record(who, row.id).await {
                Ok(lines) => lines,
                Err(refusal) if matches!(refusal.kind, RefusalKind::Missing | RefusalKind::Forbidden) => {
                    Vec::new()
                }
                Err(refusal) => return Err(refusal),
            };
            notes = lines
                .into_iter()
                .filter(|line| line.at >= from)
                .filter_map(|line| Some((line.at, line.actor, line.text?)))
                .collect();
            notes.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
            notes.truncate(NOTES_MAX);
        }
        Ok(Handover { unit: unit.clone(), shift, from, to, open: is_open(to, now), figures, notes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn without_a_roster_a_day_reaches_from_eight_to_eight() {
        let (from, to) = (at("2026-11-22T08:00:00+08:00"), at("2026-11-23T08:00:00+08:00"));
        let whole = Handed { shift: None, from, to };
        assert_eq!(handed(None, at("2026-11-23T08:00:00+08:00")), whole);
        assert_eq!(handed(None, at("2026-11-23T23:59:00+08:00")), whole);
        assert_eq!(handed(None, at("2026-11-24T07:59:59+08:00")), whole);
        assert_eq!(handed(None, at("2026-11-24T08:00:00+08:00")).from, to);
        assert_eq!(handed(Some(&Roster::default()), to), whole, "nobody is planned");
    }

    #[test]
    fn with_a_roster_the_shift_that_ended_last_is_handed_over_for_two_hours() {
        let monday: jiff::civil::Date = "2026-11-23".parse().expect("a day");
        let person = |code: &str, shift: &str| {
            (lianzhi_ids::PersonCode::parse(code).expect("a code"), shift.to_owned())
        };
        let people = [person("p1", "早班"), person("p2", "中班"), person("p3", "夜班")].into();
        let mut roster = Roster::default();
        roster.weeks.insert(monday, [(monday, people)].into());
        let shift = |now: &str| {
            let handed = handed(Some(&roster), at(now));
            (handed.shift.unwrap_or_default(), is_open(handed.to, at(now)))
        };
        assert_eq!(shift("2026-11-23T13:59:59+08:00"), (String::new(), false), "the day before had no plan");
        assert_eq!(shift("2026-11-23T14:00:00+08:00"), ("早班".into(), true));
        assert_eq!(shift("2026-11-23T16:00:00+08:00"), ("早班".into(), false));
        assert_eq!(shift("2026-11-23T22:00:00+08:00"), ("中班".into(), true));
        assert_eq!(shift("2026-11-23T23:17:00+08:00"), ("中班".into(), true));
        assert_eq!(shift("2026-11-24T07:30:00+08:00"), ("夜班".into(), true), "it began the day before");
        let night = handed(Some(&roster), at("2026-11-24T08:00:00+08:00"));
        let span = (at("2026-11-23T22:00:00+08:00"), at("2026-11-24T06:00:00+08:00"));
        assert_eq!((night.from, night.to), span);
    }
}
