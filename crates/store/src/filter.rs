//! Filters and sight as SQL, made in one place for lists, counts, maps and exports.
//!
//! A filter becomes conditions on `matter m`. Most conditions can also *drive*: give the ids they hold for from an
//! index of their own. A list first looks at a window of the newest matters, which is enough unless the filter is
//! narrow; then each condition is asked how many ids it would give (no further than a bound). The narrowest drives and
//! the others are checked row by row, unless further windows, each larger than the one before, fill the page sooner.
//! Neither engine is left to guess how common a word or a unit is.

use crate::dialect::Engine;
use crate::engine::Value;
use crate::pairs;
use lianzhi_app::ports::{Filter, Outcome, Overdue, Sight};
use lianzhi_ids::DocketId;

/// SQL under construction, with its values.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    engine: Engine,
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

impl Query {
    pub(crate) fn new(engine: Engine, text: &str) -> Self {
        Query { engine, text: text.to_owned(), values: vec![] }
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.engine.placeholder(&mut self.text, self.values.len());
        self
    }

    pub(crate) fn bind_list<'a, T: 'a>(&mut self, list: &'a [T]) -> &mut Self
    where
        Value: From<&'a T>,
    {
        for (i, value) in list.iter().enumerate() {
            self.push(if i == 0 { "(" } else { ", " }).bind(value);
        }
        self.push(")")
    }
}

/// One condition.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cond<'f> {
    /// Sees these units, and what is his own; and whether only open matters are asked for, which have shorter indexes.
    Sight(&'f [String], &'f str, bool),
    /// A column equals.
    Is(&'static str, &'f str),
    /// Stage is one of.
    Stages(&'f [String]),
    /// Lead unit is one of; only open ones?
    Units(&'f [String], bool),
    /// Category begins with.
    Category(&'f str),
    Open(bool),
    /// Past a term at some time, or never.
    Overdue(bool, i64),
    /// Marked as past its term.
    Marked,
    /// Past its term by the clock, in the order of ids.
    Late(i64),
    /// The same, in the order of terms: fewer to look at.
    LateNow(i64),
    /// One of these.
    Ids(&'f [DocketId]),
    Bbox([i32; 4]),
    /// Has a place, or none yet.
    Placed(bool),
    /// Cell ranges; only open ones?
    Cells(&'f [(i64, i64)], bool),
    /// Text contains.
    Contains(&'f str),
    /// All keyed pairs are there.
    Secret(&'f [i64]),
    Updated(i64),
    Reported(Option<i64>, Option<i64>),
    /// Ended within a time.
    Closed(Option<i64>, Option<i64>),
    /// Whether none of its terms ever passed.
    InTime(bool),
    Rework(bool),
    /// Rated with one of these; or not rated, when that is asked for too.
    Rated(&'f [i64], bool),
    /// A column without a value.
    Lacks(&'static str),
}

/// The term by which open matters are ordered; those without one come last. As in the index `matter_open_due`.
pub(crate) const TERM: &str = "COALESCE(m.due_at, 9223372036854775807)";

/// The conditions of a filter, cheap ones first.
pub(crate) fn conditions(filter: &Filter) -> Vec<Cond<'_>> {
    let only_open = filter.open == Some(true);
    let mut out = vec![];
    if !filter.ids.is_empty() {
        out.push(Cond::Ids(&filter.ids));
    }
    if let Some(open) = filter.open {
        out.push(Cond::Open(open));
    }
    if let Some(person) = &filter.assignee {
        out.push(Cond::Is("assignee", person));
    }
    if !filter.stages.is_empty() {
        out.push(Cond::Stages(&filter.stages));
    }
    if !filter.units.is_empty() {
        out.push(Cond::Units(&filter.units, only_open));
    }
    if let Some(category) = filter.category.as_deref().filter(|c| !c.is_empty()) {
        out.push(Cond::Category(category));
    }
    if let Some(source) = &filter.source {
        out.push(Cond::Is("source", source));
    }
    if let Some(kind) = &filter.kind {
        out.push(Cond::Is("kind", kind));
    }
    match filter.overdue {
        Some(Overdue::Now) => out.push(Cond::LateNow(filter.now)),
        Some(Overdue::Ever) => out.push(Cond::Overdue(true, filter.now)),
        Some(Overdue::Never) => out.push(Cond::Overdue(false, filter.now)),
        None => {}
    }
    if let Some(since) = filter.updated_since {
        out.push(Cond::Updated(since));
    }
    if filter.reported_from.is_some() || filter.reported_to.is_some() {
        out.push(Cond::Reported(filter.reported_from, filter.reported_to));
    }
    outcome(&filter.outcome, &mut out);
    // What has a cell has a place: nothing more is asked then.
    if let Some(placed) = filter.placed.filter(|placed| !placed || filter.cells.is_empty()) {
        out.push(Cond::Placed(placed));
    }
    if let Some(bbox) = filter.bbox {
        out.push(Cond::Bbox(bbox));
    }
    if !filter.cells.is_empty() {
        out.push(Cond::Cells(&filter.cells, only_open));
    }
    if let Sight::Some { units, person } = &filter.sight {
        out.push(Cond::Sight(units, person, only_open));
    }
    if !filter.secret.is_empty() {
        out.push(Cond::Secret(&filter.secret));
    }
    if let Some(q) = filter.q.as_deref().filter(|q| !q.is_empty()) {
        out.push(Cond::Contains(q));
    }
    out
}

/// The conditions of how matters ended.
fn outcome<'f>(outcome: &'f Outcome, out: &mut Vec<Cond<'f>>) {
    if outcome.closed_from.is_some() || outcome.closed_to.is_some() {
        out.push(Cond::Closed(outcome.closed_from, outcome.closed_to));
    }
    out.extend(outcome.in_time.map(Cond::InTime));
    out.extend(outcome.rework.map(Cond::Rework));
    if !outcome.ratings.is_empty() || outcome.unrated {
        out.push(Cond::Rated(&outcome.ratings, outcome.unrated));
    }
    out.extend(outcome.no_unit.then_some(Cond::Lacks("unit")));
    out.extend(outcome.no_category.then_some(Cond::Lacks("category")));
}

/// `m.unit IN (…)`, or nothing at all when there is no unit. The empty name stands for matters without a unit.
fn unit_in(q: &mut Query, units: &[String]) {
    match units {
        [] => {
            q.push("1 = 0");
        }
        [none] if none.is_empty() => {
            q.push("m.unit IS NULL");
        }
        _ if units.iter().any(String::is_empty) => {
            q.push("(m.unit IS NULL OR m.unit IN ").bind_list(units).push(")");
        }
        _ => {
            q.push("m.unit IN ").bind_list(units);
        }
    }
}

/// Past its running term, whether or not that is marked yet.
fn late(q: &mut Query, now: i64) {
    q.push("(m.open AND ").push(TERM).push(" <= ").bind(now).push(")");
}

impl<'f> Cond<'f> {
    /// The condition on a row of `matter m`.
    pub(crate) fn test(&self, q: &mut Query) {
        match *self {
            Cond::Sight(units, person, _) => {
                q.push("(");
                unit_in(q, units);
                q.push(" OR m.assignee = ").bind(person).push(")");
            }
            Cond::Is(column, value) => {
                q.push("m.").push(column).push(" = ").bind(value);
            }
            Cond::Stages(list) => {
                q.push("m.stage IN ").bind_list(list);
            }
            Cond::Units(units, _) => unit_in(q, units),
            Cond::Category(prefix) => {
                q.push("m.category >= ").bind(prefix);
                q.push(" AND m.category < ").bind(format!("{prefix}\u{10ffff}"));
            }
            Cond::Open(true) => {
                q.push("m.open");
            }
            Cond::Open(false) => {
                q.push("NOT m.open");
            }
            Cond::Overdue(true, now) => {
                q.push("(m.overdue OR ");
                late(q, now);
                q.push(")");
            }
            Cond::Overdue(false, now) => {
                q.push("NOT m.overdue AND NOT ");
                late(q, now);
            }
            Cond::Marked => {
                q.push("m.overdue");
            }
            Cond::Late(now) | Cond::LateNow(now) => late(q, now),
            Cond::Ids(ids) => {
                q.push("m.id IN ").bind_list(ids);
            }
            Cond::Bbox([west, south, east, north]) => {
                q.push("m.lng BETWEEN ").bind(west).push(" AND ").bind(east);
                q.push(" AND m.lat BETWEEN ").bind(south).push(" AND ").bind(north);
            }
            Cond::Placed(placed) => {
                q.push(if placed { "m.cell IS NOT NULL" } else { "m.cell IS NULL" });
            }
            Cond::Cells(ranges, _) => {
                for (i, (first, last)) in ranges.iter().enumerate() {
                    q.push(if i == 0 { "(" } else { " OR " });
                    q.push("m.cell BETWEEN ").bind(*first).push(" AND ").bind(*last);
                }
                q.push(")");
            }
            Cond::Contains(text) => {
                let place_of = q.engine.place_of();
                q.push("EXISTS (SELECT 1 FROM search s WHERE s.docket = m.id AND ");
                q.push(place_of).push("(s.text, ").bind(text).push(") > 0)");
            }
            Cond::Secret(grams) => {
                let place_of = q.engine.place_of_bytes();
                q.push("EXISTS (SELECT 1 FROM search s WHERE s.docket = m.id");
                for gram in grams {
                    q.push(" AND ").push(place_of).push("(s.secret, ");
                    q.bind(pairs::pack(&[*gram])).push(") > 0");
                }
                q.push(")");
            }
            Cond::Updated(since) => {
                q.push("m.updated_at >= ").bind(since);
            }
            Cond::Reported(from, to) => {
                q.push("m.reported_at >= ").bind(from.unwrap_or(i64::MIN));
                q.push(" AND m.reported_at < ").bind(to.unwrap_or(i64::MAX));
            }
            Cond::Closed(from, to) => {
                q.push("m.closed_at IS NOT NULL AND m.closed_at >= ").bind(from.unwrap_or(i64::MIN));
                q.push(" AND m.closed_at < ").bind(to.unwrap_or(i64::MAX));
            }
            Cond::InTime(kept) => {
                q.push(if kept { "NOT m.overdue" } else { "m.overdue" });
            }
            Cond::Rework(again) => {
                q.push(if again { "m.rework > 0" } else { "m.rework = 0" });
            }
            Cond::Rated(ratings, unrated) => {
                q.push("(");
                if !ratings.is_empty() {
                    q.push("m.rating IS NOT NULL AND m.rating IN (");
                    for (i, stars) in ratings.iter().enumerate() {
                        q.push(if i == 0 { "" } else { ", " }).bind(*stars);
                    }
                    q.push(")");
                }
                if unrated {
                    q.push(if ratings.is_empty() { "" } else { " OR " }).push("m.rating IS NULL");
                }
                q.push(")");
            }
            Cond::Lacks(column) => {
                q.push("m.").push(column).push(" IS NULL");
            }
        }
    }

    /// Whether the index of the condition can give its ids in their order.
    pub(crate) fn in_order_of_ids(&self) -> bool {
        !matches!(
            self,
            Cond::Category(_)
                | Cond::Updated(_)
                | Cond::Reported(..)
                | Cond::Closed(..)
                | Cond::Rated(..)
                | Cond::Cells(..)
                | Cond::Placed(_)
                | Cond::LateNow(_)
        )
    }

    /// Conditions that each give their ids in order and of which one at least holds where this one does.
    pub(crate) fn branches(&self) -> Vec<Cond<'f>> {
        const MOST: usize = 32;
        match *self {
            Cond::Sight(units, person, open) if units.len() <= MOST => {
                let units = units.chunks(1).map(|unit| Cond::Units(unit, open));
                units.chain([Cond::Is("assignee", person)]).collect()
            }
            Cond::Units(units, open) if units.len() <= MOST => {
                units.chunks(1).map(|unit| Cond::Units(unit, open)).collect()
            }
            Cond::Stages(stages) if stages.len() <= MOST => stages.chunks(1).map(Cond::Stages).collect(),
            Cond::Overdue(true, now) => vec![Cond::Marked, Cond::Late(now)],
            Cond::LateNow(now) => vec![Cond::Late(now)],
            other => vec![other],
        }
    }

    /// A query for the ids that the condition holds for, each once, by an index; says whether there is one.
    pub(crate) fn drive(&self, q: &mut Query) -> bool {
        const FROM: &str = "SELECT m.id AS id FROM matter m WHERE ";
        match *self {
            Cond::Is("kind", _)
            | Cond::Open(false)
            | Cond::Overdue(false, _)
            | Cond::Bbox(_)
            | Cond::Placed(true)
            | Cond::InTime(true)
            | Cond::Rework(false)
            | Cond::Rated(_, true) => {
                return false;
            }
            Cond::Sight(units, person, open) => {
                let open = if open { "m.open AND " } else { "" };
                q.push(FROM).push(open);
                unit_in(q, units);
                q.push(" UNION ALL ").push(FROM).push(open).push("m.assignee = ").bind(person);
                if !units.is_empty() {
                    q.push(" AND (m.unit IS NULL OR m.unit NOT IN ").bind_list(units).push(")");
                }
            }
            Cond::Units(units, open) => {
                q.push(FROM).push(if open { "m.open AND " } else { "" });
                unit_in(q, units);
            }
            Cond::Overdue(true, now) => {
                q.push(FROM).push("m.overdue UNION ALL ").push(FROM).push("NOT m.overdue AND ");
                late(q, now);
            }
            Cond::Late(_) | Cond::LateNow(_) => {
                // In the order of ids, for a list that stops early; in that of terms only those that are late are met.
                let by_id = matches!(self, Cond::Late(_));
                let index = q.engine.by_index(if by_id { "matter_open" } else { "matter_open_due" });
                q.push("SELECT m.id AS id FROM matter m").push(&index).push(" WHERE m.open AND ");
                self.test(q);
            }
            Cond::Cells(ranges, open) => {
                for (i, ranges) in q.engine.apart_ranges(ranges).enumerate() {
                    q.push(if i == 0 { "" } else { " UNION ALL " }).push(FROM);
                    q.push(if open { "m.open AND " } else { "" });
                    Cond::Cells(ranges, open).test(q);
                }
            }
            Cond::Contains(text) => {
                let Some(probe) = pairs::probe(q.engine, text) else {
                    return false;
                };
                q.push(q.engine.pairs_select()).bind(probe);
            }
            Cond::Secret(grams) => {
                let probe = pairs::probe_secret(q.engine, grams);
                q.push(q.engine.pairs_select()).bind(probe);
            }
            _ => {
                q.push(FROM);
                self.test(q);
            }
        }
        true
    }
}
