//! Tables as data: what inserting in bulk, rebuilding and copying between engines need to know of them.

use crate::dialect::Engine;
use crate::engine::{Cells, Link, Value};
use lianzhi_app::ports::StoreError;
use parking_lot::Mutex;
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
    Bool,
}

/// What happens to a row whose key is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// The statement fails: it would be a fault of ours.
    Fail,
    /// The first stays.
    Keep,
    /// The new one takes its place.
    Replace,
    /// The numbers of both are added.
    Add,
}

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// Columns of the key, when a clash is possible.
    pub(crate) key: &'static [&'static str],
    pub(crate) clash: Clash,
}

use Kind::{Bool, Bytes, Int, Text};

pub(crate) static COUNTER: Table = Table {
    name: "counter",
    columns: &[("series", Text), ("last", Int)],
    key: &["series"],
    clash: Clash::Replace,
};
pub(crate) static ENTRY: Table = Table {
    name: "entry",
    columns: &[
        ("pos", Int),
        ("docket", Int),
        ("seq", Int),
        ("at", Int),
        ("bytes", Bytes),
        ("salt", Bytes),
        ("digest", Bytes),
        ("leaf", Bytes),
    ],
    key: &[],
    clash: Clash::Fail,
};
pub(crate) static PART: Table = Table {
    name: "part",
    columns: &[
        ("digest", Bytes),
        ("docket", Int),
        ("kind", Text),
        ("salt", Bytes),
        ("key", Bytes),
        ("sealed", Bytes),
    ],
    // Another member may send a part twice, or in two dockets; what is there, erased or not, stays.
    key: &["digest"],
    clash: Clash::Keep,
};
pub(crate) static CHECKPOINT: Table = Table {
    name: "checkpoint",
    columns: &[("size", Int), ("root", Bytes), ("at", Int), ("note", Text)],
    key: &["size"],
    clash: Clash::Keep,
};
pub(crate) static ANSWER: Table = Table {
    name: "answer",
    columns: &[("key", Text), ("request", Bytes), ("answer", Text), ("at", Int)],
    key: &["key"],
    clash: Clash::Keep,
};
pub(crate) static MATTER: Table = Table {
    name: "matter",
    columns: &[
        ("id", Int),
        ("kind", Text),
        ("number", Text),
        ("seq", Int),
        ("last", Bytes),
        ("pos", Int),
        ("stage", Text),
        ("open", Bool),
        ("overdue", Bool),
        ("provisional", Bool),
        ("category", Text),
        ("unit", Text),
        ("assignee", Text),
        ("grid", Text),
        ("lng", Int),
        ("lat", Int),
        ("cell", Int),
        ("source", Text),
        ("external", Text),
        ("title", Text),
        ("address", Text),
        ("reported_at", Int),
        ("closed_at", Int),
        ("updated_at", Int),
        ("due_at", Int),
        ("due_name", Text),
        ("wake_at", Int),
        ("joined_to", Int),
        ("complainant", Bytes),
        ("follow", Bytes),
        ("rating", Int),
        ("rework", Int),
    ],
    key: &["id"],
    clash: Clash::Replace,
};
pub(crate) static TILE: Table = Table {
    name: "tile",
    columns: &[("facet", Text), ("cell", Int), ("n", Int), ("lng", Int), ("lat", Int)],
    key: &["facet", "cell"],
    clash: Clash::Add,
};
pub(crate) static TODO: Table = Table {
    name: "todo",
    columns: &[("docket", Int), ("who", Text), ("what", Text), ("due_at", Int)],
    key: &[],
    clash: Clash::Fail,
};
pub(crate) static LEDGER: Table = Table {
    name: "ledger",
    columns: &[
        ("docket", Int),
        ("what", Text),
        ("day", Int),
        ("fen", Int),
        ("reference", Text),
        ("person", Text),
        ("due_at", Int),
    ],
    key: &[],
    clash: Clash::Fail,
};
pub(crate) static THING: Table = Table {
    name: "thing",
    columns: &[
        ("docket", Int),
        ("id", Int),
        ("kind", Text),
        ("state", Text),
        ("shelf", Text),
        ("name", Bytes),
        ("perishable", Bool),
        ("give_back", Bool),
        ("since", Int),
        ("due_at", Int),
        ("due_name", Text),
    ],
    key: &[],
    clash: Clash::Fail,
};
pub(crate) static SEARCH: Table = Table {
    name: "search",
    columns: &[("docket", Int), ("text", Text), ("secret", Bytes)],
    key: &["docket"],
    clash: Clash::Replace,
};
/// `search` as PostgreSQL has it: with the hashed pairs in a column of their own.
pub(crate) static SEARCH_WITH_PAIRS: Table = Table {
    name: "search",
    // The kind of `pairs` is never read: the column is derived and not copied.
    columns: &[("docket", Int), ("text", Text), ("secret", Bytes), ("pairs", Int)],
    key: &["docket"],
    clash: Clash::Replace,
};
/// The index of pairs on SQLite.
pub(crate) static PAIRS: Table =
    Table { name: "pairs", columns: &[("rowid", Int), ("tokens", Text)], key: &[], clash: Clash::Fail };
pub(crate) static REGISTER: Table = Table {
    name: "register",
    columns: &[("register", Text), ("key", Text), ("docket", Int), ("record", Text), ("retired", Bool)],
    key: &["register", "key"],
    clash: Clash::Replace,
};
pub(crate) static CREDENTIAL: Table = Table {
    name: "credential",
    columns: &[
        ("person", Text),
        ("password", Text),
        ("totp", Bytes),
        ("failures", Int),
        ("locked_until", Int),
        ("must_change", Bool),
        ("totp_step", Int),
    ],
    key: &["person"],
    clash: Clash::Replace,
};
pub(crate) static DESK_LOOK: Table = Table {
    name: "desk_look",
    columns: &[("person", Text), ("at", Int), ("since", Int)],
    key: &["person"],
    clash: Clash::Replace,
};
pub(crate) static SAVED_VIEW: Table = Table {
    name: "saved_view",
    columns: &[
        ("id", Text),
        ("owner", Text),
        ("shared", Text),
        ("name", Text),
        ("query", Text),
        ("columns", Text),
        ("changed_at", Int),
    ],
    key: &["id"],
    clash: Clash::Replace,
};
pub(crate) static PREFERENCE: Table = Table {
    name: "preference",
    columns: &[("person", Text), ("name", Text), ("value", Text)],
    key: &["person", "name"],
    clash: Clash::Replace,
};
pub(crate) static SESSION: Table = Table {
    name: "session",
    columns: &[
        ("digest", Bytes),
        ("person", Text),
        ("csrf", Text),
        ("created_at", Int),
        ("used_at", Int),
        ("expires_at", Int),
        ("agent", Text),
        ("half", Bool),
    ],
    key: &["digest"],
    clash: Clash::Replace,
};
pub(crate) static TOKEN: Table = Table {
    name: "token",
    columns: &[
        ("digest", Bytes),
        ("person", Text),
        ("name", Text),
        ("scopes", Text),
        ("created_at", Int),
        ("expires_at", Int),
        ("revoked_at", Int),
    ],
    key: &["digest"],
    clash: Clash::Replace,
};
pub(crate) static ACCESS: Table = Table {
    name: "access",
    columns: &[("at", Int), ("actor", Text), ("action", Text), ("docket", Int), ("detail", Text)],
    key: &[],
    clash: Clash::Fail,
};
pub(crate) static EXHIBIT: Table = Table {
    name: "exhibit",
    columns: &[
        ("digest", Bytes),
        ("size", Int),
        ("media", Text),
        ("name", Text),
        ("uploader", Text),
        ("at", Int),
        ("docket", Int),
    ],
    key: &["digest"],
    clash: Clash::Keep,
};
pub(crate) static UPLOAD: Table = Table {
    name: "upload",
    columns: &[
        ("id", Text),
        ("size", Int),
        ("received", Int),
        ("name", Text),
        ("uploader", Text),
        ("at", Int),
        ("digest", Bytes),
    ],
    key: &[],
    clash: Clash::Fail,
};

pub(crate) static STREAM: Table = Table {
    name: "stream",
    columns: &[
        ("shared", Text),
        ("author", Text),
        ("seq", Int),
        ("docket", Int),
        ("digest", Bytes),
        ("pos", Int),
    ],
    key: &["shared", "author", "seq"],
    clash: Clash::Fail,
};
pub(crate) static ENVELOPE: Table = Table {
    name: "envelope",
    columns: &[
        ("id", Text),
        ("shared", Text),
        ("author", Text),
        ("first", Int),
        ("last", Int),
        ("bytes", Bytes),
        ("key", Text),
        ("signature", Bytes),
        ("at", Int),
        ("digest", Bytes),
        ("mine", Bool),
        ("receipt", Bytes),
    ],
    key: &["id"],
    clash: Clash::Keep,
};
pub(crate) static OUTBOX: Table = Table {
    name: "outbox",
    columns: &[
        ("envelope", Text),
        ("peer", Text),
        ("docket", Int),
        ("at", Int),
        ("due_at", Int),
        ("class", Text),
        ("attempts", Int),
        ("next_at", Int),
        ("done", Bool),
        ("receipt", Bytes),
        ("error", Text),
    ],
    key: &["envelope", "peer"],
    clash: Clash::Keep,
};
pub(crate) static PEER: Table = Table {
    name: "peer",
    columns: &[
        ("node", Text),
        ("address", Text),
        ("heard_at", Int),
        ("silent_since", Int),
        ("error", Text),
        ("log_size", Int),
        ("log_note", Text),
        ("epoch", Int),
    ],
    key: &["node"],
    clash: Clash::Replace,
};
pub(crate) static WITNESSED: Table = Table {
    name: "witnessed",
    columns: &[("origin", Text), ("size", Int), ("root", Bytes), ("at", Int), ("note", Text)],
    key: &["origin"],
    clash: Clash::Replace,
};
pub(crate) static COSIGNATURE: Table = Table {
    name: "cosignature",
    columns: &[("size", Int), ("witness", Text), ("at", Int), ("line", Text)],
    key: &["size", "witness"],
    clash: Clash::Keep,
};
pub(crate) static FORK: Table = Table {
    name: "fork",
    columns: &[
        ("digest", Bytes),
        ("node", Text),
        ("kind", Text),
        ("subject", Text),
        ("one", Text),
        ("other", Text),
        ("at", Int),
    ],
    key: &["digest"],
    clash: Clash::Keep,
};
pub(crate) static WANTED: Table = Table {
    name: "wanted",
    columns: &[
        ("digest", Bytes),
        ("shared", Text),
        ("docket", Int),
        ("peer", Text),
        ("size", Int),
        ("media", Text),
        ("upload", Text),
        ("attempts", Int),
        ("next_at", Int),
        ("done", Bool),
        ("error", Text),
    ],
    key: &["digest", "shared"],
    clash: Clash::Keep,
};
pub(crate) static CASE_LINE: Table = Table {
    name: "case_line",
    columns: &[
        ("docket", Int),
        ("n", Int),
        ("item", Text),
        ("subject", Text),
        ("result", Text),
        ("kept", Text),
        ("reviewed", Text),
        ("challenge", Text),
        ("tier", Text),
        ("circumstances", Text),
        ("decided_at", Int),
        ("fine", Int),
        ("paid", Int),
    ],
    key: &[],
    clash: Clash::Fail,
};

pub(crate) static OVERSIGHT: Table = Table {
    name: "oversight",
    columns: &[
        ("docket", Int),
        ("kind", Text),
        ("number", Text),
        ("unit", Text),
        ("paper", Int),
        ("at", Int),
        ("standing", Text),
        ("published_at", Int),
        ("withdrawn_at", Int),
        ("late", Bool),
        ("annulled", Bool),
        ("personal", Bool),
        ("review", Text),
        ("gaps", Int),
        ("items", Text),
        ("party", Text),
        ("decision", Text),
        ("reason", Text),
    ],
    key: &["docket"],
    clash: Clash::Replace,
};

/// What a copy of the database carries over besides `log_head` and `search` (whose index is made anew).
pub(crate) static COPIED: [&Table; 32] = [
    &COUNTER,
    &ENTRY,
    &PART,
    &CHECKPOINT,
    &ANSWER,
    &MATTER,
    &TILE,
    &TODO,
    &LEDGER,
    &THING,
    &crate::books::ISSUED,
    &REGISTER,
    &OVERSIGHT,
    &CREDENTIAL,
    &DESK_LOOK,
    &SAVED_VIEW,
    &PREFERENCE,
    &SESSION,
    &TOKEN,
    &ACCESS,
    &EXHIBIT,
    &UPLOAD,
    &STREAM,
    &ENVELOPE,
    &OUTBOX,
    &PEER,
    &WITNESSED,
    &COSIGNATURE,
    &FORK,
    &WANTED,
    &CASE_LINE,
    &crate::told::TOLD,
];

/// Rows that one statement inserts, largest first: any number in few statements, and few enough sizes for each to stay
/// prepared. The largest keeps the widest table (32 columns) far below the limits of 32,766 and 65,535 bound values.
pub(crate) const CHUNKS: [usize; 8] = [128, 64, 32, 16, 8, 4, 2, 1];

impl Table {
    /// Column names, separated by commas.
    pub(crate) fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The statement that inserts so many rows.
    pub(crate) fn insert_text(&self, engine: Engine, rows: usize) -> String {
        let mut out = String::with_capacity(64 + rows * self.columns.len() * 5);
        let _ = write!(out, "{} {} ({}) VALUES ", engine.insert(), self.name, self.column_list());
        let mut n = 0;
        for row in 0..rows {
            out.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns.len() {
                if column > 0 {
                    out.push(',');
                }
                n += 1;
                engine.placeholder(&mut out, n);
            }
            out.push(')');
        }
        match self.clash {
            Clash::Fail => {}
            Clash::Keep => {
                let _ = write!(out, " ON CONFLICT ({}) DO NOTHING", self.key.join(", "));
            }
            Clash::Replace | Clash::Add => {
                let table = self.name;
                let set: Vec<_> = self
                    .columns
                    .iter()
                    .filter(|(name, _)| !self.key.contains(name))
                    .map(|(name, _)| match self.clash {
                        Clash::Add => format!("{name} = {table}.{name} + excluded.{name}"),
                        _ => format!("{name} = excluded.{name}"),
                    })
                    .collect();
                let _ =
                    write!(out, " ON CONFLICT ({}) DO UPDATE SET {}", self.key.join(", "), set.join(", "));
            }
        }
        out
    }

    /// A row as read by `SELECT column_list`.
    pub(crate) fn read(&self, cells: &mut Cells<'_>, out: &mut Vec<Value>) -> Result<(), StoreError> {
        for (_, kind) in self.columns {
            out.push(match kind {
                Int => Value::Int(cells.int_opt()?),
                Text => Value::Text(cells.text_opt()?),
                Bytes => Value::Bytes(cells.bytes_opt()?),
                Bool => Value::Bool(cells.bool()?),
            });
        }
        Ok(())
    }
}

/// Texts of bulk inserts, made once.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<HashMap<Shape, Arc<str>>>);

/// Table, number of columns, number of rows.
type Shape = (&'static str, usize, usize);

impl Texts {
    fn get(&self, engine: Engine, table: &Table, rows: usize) -> Arc<str> {
        self.0
            .lock()
            .entry((table.name, table.columns.len(), rows))
            .or_insert_with(|| table.insert_text(engine, rows).into())
            .clone()
    }

    /// Inserts rows given as one run of values, in statements of a few sizes.
    pub(crate) async fn insert(
        &self,
        link: &mut Link<'_>,
        table: &Table,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        let width = table.columns.len();
        debug_assert_eq!(values.len() % width, 0, "whole rows of {}", table.name);
        let mut left = values.len() / width;
        let mut values = values.into_iter();
        for size in CHUNKS {
            while left >= size {
                let text = self.get(link.engine(), table, size);
                link.execute(AssertSqlSafe(text), values.by_ref().take(size * width).collect()).await?;
                left -= size;
            }
        }
        Ok(())
    }
}
