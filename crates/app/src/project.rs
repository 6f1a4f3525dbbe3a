//! From the state of a docket to its row, to-dos and search text. Used after each commit and by `rebuild`: written once.

use crate::keys::Keys;
use crate::ports::{
    Batch, CaseLineRow, EntryRow, IssuedRow, LedgerRow, MatterRow, RegisterRow, SearchRow, StoreError,
    ThingRow, TodoRow,
};
use crate::search::normalise;
use crate::world::{PROPOSED, ROSTER};
use jiff::civil::Date;
use lianzhi_docket::Entry;
use lianzhi_exchange::compact::Roster;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::numbers::{Issued, numbers};
use lianzhi_procedure::{AnyEvent, AnyState, Kind, LedgerLine, Summary, Tag, ThingLine, line};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Longest title in a list, in characters.
const TITLE_CHARS_MAX: usize = 48;
/// Longest address in a list, in characters.
const ADDRESS_CHARS_MAX: usize = 120;

/// What was reported and where, in the reporter's words: the content of a narrative part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrative {
    /// What happened.
    #[serde(default)]
    pub description: String,
    /// Where, in words.
    #[serde(default)]
    pub address: String,
}

impl Narrative {
    /// Reads the content of a narrative part.
    #[must_use]
    pub fn read(text: &str) -> Narrative {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// In one line.
    #[must_use]
    pub fn words(&self) -> String {
        if self.address.is_empty() {
            self.description.clone()
        } else {
            format!("{}（地点：{}）", self.description, self.address)
        }
    }
}

/// A docket as it stands: folded state, chain and the texts that its projections need.
#[derive(Debug, Clone)]
pub struct Live {
    /// Folded state.
    pub state: AnyState,
    /// Entries so far.
    pub seq: i32,
    /// Digest of the last entry.
    pub last: Digest,
    /// Log position after the last entry.
    pub pos: i64,
    /// Last change, micros.
    pub updated_at: i64,
    /// The narrative (empty when erased).
    pub narrative: Narrative,
}

/// The words of a docket's row, from the texts that its summary names; none when they are not at hand.
pub fn words(summary: &Summary, text: impl Fn(&Digest) -> Option<String>) -> Option<Narrative> {
    if let Some(part) = summary.narrative {
        return text(&part.digest).map(|t| Narrative::read(&t));
    }
    let description = text(&summary.title?.digest)?;
    let address = summary.place.and_then(|part| text(&part.digest)).unwrap_or_default();
    Some(Narrative { description, address })
}

/// What is left of the words of a docket's row after an erasure.
#[must_use]
pub fn left(words: Narrative, summary: &Summary) -> Narrative {
    match (summary.narrative.or(summary.title), summary.narrative.or(summary.place)) {
        (None, _) => Narrative::default(),
        (Some(_), None) => Narrative { address: String::new(), ..words },
        (Some(_), Some(_)) => words,
    }
}

/// The parts that [`words`] wants.
pub fn word_parts(summary: &Summary) -> impl Iterator<Item = Digest> {
    summary.narrative.into_iter().chain(summary.title).chain(summary.place).map(|part| part.digest)
}

/// An entry that does not read as what it should be.
#[derive(Debug, thiserror::Error)]
#[error("记录 {pos} 无法识别：{what}")]
pub struct Unreadable {
    /// Position in the log.
    pub pos: i64,
    /// What is wrong.
    pub what: String,
}

/// Folds the entries of one docket.
///
/// # Errors
/// [`Unreadable`] names the entry.
pub fn fold(entries: &[EntryRow]) -> Result<Option<Live>, Unreadable> {
    let mut live: Option<Live> = None;
    for row in entries {
        live = Some(step(live, row)?);
    }
    Ok(live)
}

/// An entry that was read once for all that is made of it: the state, its line, its texts.
#[derive(Debug)]
pub struct Opened<'a> {
    /// As it is stored.
    pub row: &'a EntryRow,
    /// What its bytes say.
    pub entry: Entry,
    /// Of which procedure.
    pub kind: Kind,
    /// The event in it.
    pub event: AnyEvent,
}

/// Reads an entry.
///
/// # Errors
/// [`Unreadable`] names it.
pub fn open(row: &EntryRow) -> Result<Opened<'_>, Unreadable> {
    let bad = |what: String| Unreadable { pos: row.pos, what };
    let entry = Entry::parse(&row.bytes).map_err(|e| bad(e.to_string()))?;
    let kind = Kind::from_code(&entry.kind).ok_or_else(|| bad(format!("未知程序 {}", entry.kind)))?;
    let event = kind.event(entry.event.get()).map_err(|e| bad(e.to_string()))?;
    Ok(Opened { row, entry, kind, event })
}

/// Those of several entries that can be read.
#[must_use]
pub fn readable(entries: &[EntryRow]) -> Vec<Opened<'_>> {
    entries.iter().filter_map(|row| open(row).ok()).collect()
}

/// One entry further.
///
/// # Errors
/// [`Unreadable`] names the entry.
pub fn step(live: Option<Live>, row: &EntryRow) -> Result<Live, Unreadable> {
    Ok(evolve(live, &open(row)?))
}

/// The same with an entry that was read.
pub(crate) fn evolve(live: Option<Live>, opened: &Opened<'_>) -> Live {
    let Opened { row, kind, event, .. } = opened;
    let (state, narrative) = match live {
        Some(live) => (live.state, live.narrative),
        None => (kind.empty(), Narrative::default()),
    };
    Live {
        state: state.evolve(event),
        seq: row.seq + 1,
        last: row.digest,
        pos: row.pos + 1,
        updated_at: row.at,
        narrative,
    }
}

/// The row of a matter.
#[must_use]
pub fn row(id: DocketId, live: &Live, summary: &Summary, directory: &Directory) -> MatterRow {
    let text = |s: &str, max: usize| s.chars().take(max).collect::<String>();
    let description = live.narrative.description.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = match (description.is_empty(), &summary.category) {
        (false, _) => description,
        (true, Some(category)) => format!("{} {}", directory.category_name(category), live.narrative.address),
        (true, None) => live.narrative.address.clone(),
    };
    MatterRow {
        id,
        kind: live.state.kind().code().into(),
        number: summary.number.clone(),
        seq: live.seq,
        last: Some(live.last),
        pos: live.pos,
        stage: summary.stage.into(),
        open: summary.open,
        overdue: summary.overdue,
        provisional: summary.provisional,
        category: summary.category.as_ref().map(ToString::to_string),
        unit: summary.unit.as_ref().map(ToString::to_string),
        assignee: summary.assignee.as_ref().map(ToString::to_string),
        grid: summary.grid.as_ref().map(ToString::to_string),
        lng: summary.point.map(|p| p.lng_e6),
        lat: summary.point.map(|p| p.lat_e6),
        cell: summary.point.map(lianzhi_territory::cell::cell),
        source: crate::cooperation::source_of(summary),
        external: summary.external.clone(),
        title: text(title.trim(), TITLE_CHARS_MAX),
        address: text(live.narrative.address.trim(), ADDRESS_CHARS_MAX),
        reported_at: summary.reported_at.map_or(live.updated_at, |t| t.as_microsecond()),
        closed_at: summary.closed_at.map(|t| t.as_microsecond()),
        updated_at: live.updated_at,
        due_at: summary.due.map(|t| t.as_microsecond()),
        due_name: summary.due_name.clone(),
        wake_at: summary.wake_at.map(|t| t.as_microsecond()),
        joined_to: summary.joined_to,
        complainant: summary.complainant,
        follow: summary.follow,
        rating: summary.rating.map(i16::from),
        rework: i16::try_from(summary.rework).unwrap_or(i16::MAX),
    }
}

/// The to-dos of a matter.
#[must_use]
fn todos(id: DocketId, summary: &Summary) -> Vec<TodoRow> {
    summary
        .todos
        .iter()
        .map(|todo| TodoRow {
            docket: id,
            who: todo.who.key(),
            what: todo.what.into(),
            due_at: todo.due.map(|t| t.as_microsecond()),
        })
        .collect()
}

/// The lines of a matter in the books.
#[must_use]
fn ledger(id: DocketId, summary: &Summary) -> Vec<LedgerRow> {
    let line = |line: &LedgerLine| LedgerRow {
        docket: id,
        what: line.what.code().into(),
        day: day_number(line.on),
        fen: line.fen,
        reference: line.reference.clone(),
        person: line.person.as_ref().map(ToString::to_string),
        due_at: line.due.map(|t| t.as_microsecond()),
    };
    summary.ledger.iter().map(line).collect()
}

/// A day as the books count it: from 1970-01-01.
#[must_use]
pub fn day_number(day: Date) -> i64 {
    Date::constant(1970, 1, 1).until(day).map_or(0, |span| i64::from(span.get_days()))
}

/// The things of a matter in custody.
#[must_use]
fn things(id: DocketId, summary: &Summary) -> Vec<ThingRow> {
    let line = |thing: &ThingLine| ThingRow {
        docket: id,
        id: i64::from(thing.id),
        kind: thing.kind.into(),
        state: thing.state.into(),
        shelf: thing.shelf.clone(),
        name: thing.name.digest,
        perishable: thing.perishable,
        release: thing.release,
        since: thing.since.as_microsecond(),
        due_at: thing.due.map(|t| t.as_microsecond()),
        due_name: thing.due_name.into(),
    };
    summary.things.iter().map(line).collect()
}

/// Puts all that tables list of a docket into a batch, each in place of what was listed of it before.
pub fn put_lines(batch: &mut Batch, id: DocketId, state: &AnyState, summary: &Summary) {
    batch.todos.extend(todos(id, summary));
    batch.ledger.extend(ledger(id, summary));
    batch.things.extend(things(id, summary));
    batch.issued.extend(issued(id, state));
    batch.case_lines.extend(case_lines(id, state));
}

/// The numbers that were handed out in a matter; what is no 文号 in its form stands in no series.
#[must_use]
fn issued(id: DocketId, state: &AnyState) -> Vec<IssuedRow> {
    let row = |(place, line): (i64, lianzhi_procedure::numbers::NumberLine)| {
        let Issued { head, year, branch, n } = Issued::read(&line.number)?;
        Some(IssuedRow {
            docket: id,
            id: place,
            head,
            year: i64::from(year),
            branch,
            n,
            number: line.number,
            title: line.title.into(),
            at: line.at.as_microsecond(),
            state: line.state.code().into(),
            reason: line.reason.map(|part| part.digest),
            by: line.by,
        })
    };
    (0..).zip(numbers(state)).filter_map(row).collect()
}

/// The lines of a case.
#[must_use]
fn case_lines(id: DocketId, state: &AnyState) -> Vec<CaseLineRow> {
    let row = |(n, line): (i64, line::Line)| CaseLineRow {
        docket: id,
        n,
        item: line.item,
        subject: line.subject.into(),
        result: line.result.code().into(),
        kept: line.kept.code().into(),
        reviewed: line.reviewed.code().into(),
        challenge: line.challenge.code().into(),
        tier: line.tier,
        circumstances: line.circumstances.join(","),
        decided_at: line.decided.map(|t| t.as_microsecond()),
        fine: line.fine,
        paid: line.paid,
    };
    (0..).zip(line::lines(state)).map(row).collect()
}

/// Parts whose texts search needs.
#[must_use]
pub fn search_parts(summary: &Summary) -> Vec<Digest> {
    summary.narrative.iter().chain(&summary.contact).chain(&summary.texts).map(|p| p.digest).collect()
}

/// What search finds the matter by. `texts` holds the opened parts; a part not in it was erased.
#[must_use]
pub fn search(
    id: DocketId,
    summary: &Summary,
    directory: &Directory,
    texts: &HashMap<Digest, String>,
    keys: &Keys,
) -> SearchRow {
    let mut lines = vec![summary.number.clone()];
    lines.extend(summary.external.clone());
    lines.extend(summary.category.as_ref().map(|c| directory.category_name(c).to_owned()));
    if let Some(text) = summary.narrative.and_then(|p| texts.get(&p.digest)) {
        let narrative = Narrative::read(text);
        lines.extend([narrative.description, narrative.address]);
    }
    lines.extend(summary.texts.iter().filter_map(|p| texts.get(&p.digest)).cloned());
    let mut secret = summary
        .contact
        .and_then(|p| texts.get(&p.digest))
        .and_then(|text| serde_json::from_str::<lianzhi_procedure::report::Reporter>(text).ok())
        .map(|reporter| keys.secret_bigrams(&format!("{}\n{}", reporter.name, reporter.phone)))
        .unwrap_or_default();
    secret.extend(summary.tags.iter().map(|tag| tagged(keys, tag)));
    secret.sort_unstable();
    secret.dedup();
    SearchRow { docket: id, text: normalise(&lines.join("\n")), secret }
}

/// What stands in the search for a tag, and what is looked for: eight bytes of its keyed digest. Two tags may share them, so
/// what is found is looked at again.
pub(crate) fn tagged(keys: &Keys, tag: &Tag) -> i64 {
    let digest = match tag {
        Tag::Subject(key) => keys.keyed("tag-subject", &key.to_string()),
        Tag::Reviewer(person) => keys.keyed("tag-reviewer", person.as_str()),
        Tag::Officer(person) => keys.keyed("tag-officer", person.as_str()),
        Tag::Item(code) => keys.keyed("tag-item", code),
        Tag::PayCode(code) => keys.keyed("tag-pay-code", code),
        Tag::Origin(id) => keys.keyed("tag-origin", &id.to_string()),
        Tag::SentTo(node) => keys.keyed("tag-sent-to", node.as_str()),
        Tag::Elsewhere => keys.keyed("tag-elsewhere", ""),
        Tag::Reviews => keys.keyed("tag-reviews", ""),
    };
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest.0[..8]);
    i64::from_be_bytes(bytes)
}

/// Rows of registers from a docket: a register's own record, and the roster of the compact.
pub fn register_rows(id: DocketId, state: &AnyState) -> Result<Vec<RegisterRow>, StoreError> {
    let json =
        |value: Result<String, serde_json::Error>| value.map_err(|e| StoreError::Engine(e.to_string()));
    match state {
        AnyState::Register(state) => {
            let Some(record) = &state.record else { return Ok(Vec::new()) };
            Ok(vec![RegisterRow {
                register: record.register().into(),
                key: record.key(),
                docket: id,
                record: json(serde_json::to_string(record))?,
                retired: state.retired,
            }])
        }
        AnyState::Compact(state) => {
            let Some(file) = state.file() else { return Ok(Vec::new()) };
            let given_up = file.is_given_up();
            let row = |key: &str, roster: Option<&Roster>| -> Result<RegisterRow, StoreError> {
                Ok(RegisterRow {
                    register: ROSTER.0.into(),
                    // Of each docket its own: of several that were begun only one is ever in force.
                    key: format!("{key}:{id}"),
                    docket: id,
                    record: json(serde_json::to_string(&roster))?,
                    retired: roster.is_none() || given_up,
                })
            };
            // Whoever left, or is not let in yet, works under no compact: it only hears of it, and still says that it left, by
            // the roster of those who are members.
            let (in_force, proposed) = match file.roster() {
                Some(roster) if file.is_member() => (Some(roster), None),
                Some(roster) => (None, Some(roster.clone())),
                None => (None, file.exchange_roster()),
            };
            Ok(vec![row(ROSTER.1, in_force)?, row(PROPOSED, proposed.as_ref())?])
        }
        _ => Ok(Vec::new()),
    }
}
