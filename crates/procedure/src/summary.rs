//! What lists need to know of a matter. Projections are made from this and from nothing else.

use crate::{LedgerLine, PartRef, ThingLine};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, Digest, DocketId, GridCode, PersonCode, Role, UnitCode};
use lianzhi_territory::Point;

/// Whom something waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Waiter {
    /// One person.
    Person(PersonCode),
    /// Whoever holds this role in this unit (or above it).
    Role(Role, UnitCode),
}

impl Waiter {
    /// Whoever holds this role, for the node as a whole.
    #[must_use]
    pub fn for_all(role: Role) -> Waiter {
        Waiter::Role(role, UnitCode::parse("node").unwrap_or_else(|_| unreachable!("a fixed code")))
    }
    /// As stored: `p:p-0012` or `r:squad_leader@310118104`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Waiter::Person(p) => format!("p:{p}"),
            Waiter::Role(r, u) => format!("r:{r}@{u}"),
        }
    }
}

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// For whom.
    pub who: Waiter,
    /// What, as the command's name: `accept`, `verify` …
    pub what: &'static str,
    /// Until when.
    pub due: Option<Timestamp>,
}

/// Something by which a matter is found besides its words. It goes into the search as a keyed digest: whoever has the database
/// alone learns nothing from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// A party, by the keyed digest of its number of identification.
    Subject(Digest),
    /// One of its officers.
    Officer(PersonCode),
    /// Who gave a legal review of it (行政处罚法 58).
    Reviewer(PersonCode),
    /// Code of an item of enforcement that it is about.
    Item(String),
    /// The matter from which it was opened.
    Origin(DocketId),
    /// A court, the police or whoever reviews it has to do with it now.
    Elsewhere,
    /// A proposal in it waits for a legal review, or had one (重大执法决定法制审核目录).
    Reviews,
    /// The payment code of one of its parties.
    PayCode(String),
    /// A member that it was sent to.
    SentTo(lianzhi_ids::NodeCode),
}

/// The row of a matter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Number for people.
    pub number: String,
    /// Stage's code.
    pub stage: &'static str,
    /// Whether work is still to be done.
    pub open: bool,
    /// Category.
    pub category: Option<CategoryCode>,
    /// Lead unit.
    pub unit: Option<UnitCode>,
    /// Named officer.
    pub assignee: Option<PersonCode>,
    /// Grid.
    pub grid: Option<GridCode>,
    /// Place.
    pub point: Option<Point>,
    /// Where it came from.
    pub source: &'static str,
    /// The members with which it is shared: those that it was sent to, or the one that it came from.
    pub partners: Vec<lianzhi_ids::NodeCode>,
    /// Number at the system it came from.
    pub external: Option<String>,
    /// When it was reported.
    pub reported_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The next term.
    pub due: Option<Timestamp>,
    /// Name of the next term.
    pub due_name: String,
    /// The term is computed beyond the last official holiday schedule.
    pub provisional: bool,
    /// A term has passed.
    pub overdue: bool,
    /// When a clock of this matter next wants to be looked at.
    pub wake_at: Option<Timestamp>,
    /// The lead matter, when joined.
    pub joined_to: Option<DocketId>,
    /// Matters already known to be repeats of this or the other way round.
    pub complainant: Option<Digest>,
    /// Digest of the follow code.
    pub follow: Option<Digest>,
    /// The narrative (address and description), unless erased.
    pub narrative: Option<PartRef>,
    /// What it is about in a line, where that is a part of its own.
    pub title: Option<PartRef>,
    /// Where in words, likewise.
    pub place: Option<PartRef>,
    /// Personal particulars, unless erased.
    pub contact: Option<PartRef>,
    /// Further texts that search finds (answers, notes), unless erased.
    pub texts: Vec<PartRef>,
    /// How satisfied the reporter was, 1–5.
    pub rating: Option<u8>,
    /// How often work had to be done again.
    pub rework: u16,
    /// What waits for whom.
    pub todos: Vec<Todo>,
    /// By what it is found besides its words.
    pub tags: Vec<Tag>,
    /// What stands of it in the books.
    pub ledger: Vec<LedgerLine>,
    /// Things of it in custody.
    pub things: Vec<ThingLine>,
}
