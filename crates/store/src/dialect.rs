//! All that differs between SQLite and PostgreSQL, in one place. Everywhere else one SQL text serves both.

use lianzhi_app::ports::StoreError;

/// An engine that the store runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// One file, one writer.
    Sqlite,
    /// A server, any number of replicas of the node.
    Postgres,
}

/// The index of pairs on SQLite: contentless, rowids only (what is found is decided by `search.text`), and with
/// deletions that really delete.
const PAIRS_SQLITE: &str = "\
CREATE VIRTUAL TABLE pairs USING fts5(tokens, content='', detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\");
INSERT INTO pairs (pairs, rank) VALUES ('secure-delete', 1);";

/// The same on PostgreSQL: an inverted index over hashed pairs. A short pending list keeps searches quick.
const PAIRS_POSTGRES: &str = "\
ALTER TABLE search ADD COLUMN pairs INTEGER[] NOT NULL;
CREATE INDEX search_pairs ON search USING gin (pairs) WITH (gin_pending_list_limit = 2048);";

impl Engine {
    /// Name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    /// A migration in the words of this engine.
    ///
    /// Texts compare by bytes on PostgreSQL too, as on SQLite, so that order and prefixes mean the same.
    pub(crate) fn translate(self, sql: &str) -> String {
        match self {
            Engine::Sqlite => sql.replace("ROWKEY", "INTEGER PRIMARY KEY"),
            Engine::Postgres => sql
                .replace("ROWKEY", "BIGINT PRIMARY KEY")
                .replace(") WITHOUT ROWID", ")")
                .replace(" BLOB", " BYTEA")
                .replace(" TEXT", " TEXT COLLATE \"C\""),
        }
    }

    /// Statements that make the index of pairs.
    pub(crate) fn make_pairs(self) -> &'static str {
        match self {
            Engine::Sqlite => PAIRS_SQLITE,
            Engine::Postgres => PAIRS_POSTGRES,
        }
    }

    /// Statement that opens a transaction which will write. On SQLite it takes the lock at once: a transaction that
    /// reads first and writes later would fail as busy.
    pub(crate) fn begin_write(self) -> &'static str {
        match self {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        }
    }

    /// How an insert of many rows begins. SQLite would keep a copy of every page it touches, to take back the rows
    /// before one that fails; here whatever fails takes back the whole transaction.
    pub(crate) fn insert(self) -> &'static str {
        match self {
            Engine::Sqlite => "INSERT OR FAIL INTO",
            Engine::Postgres => "INSERT INTO",
        }
    }

    /// Placeholder of the `n`-th bound value (from 1) where values are bound in order.
    ///
    /// SQLite gets the nameless form: looking up a thousand names costs more than the insert.
    pub(crate) fn placeholder(self, out: &mut String, n: usize) {
        match self {
            Engine::Sqlite => out.push('?'),
            Engine::Postgres => {
                out.push('$');
                out.push_str(&n.to_string());
            }
        }
    }

    /// Function that gives the place of a substring (second argument) in a text, 0 when it is not there.
    pub(crate) fn place_of(self) -> &'static str {
        match self {
            Engine::Sqlite => "instr",
            Engine::Postgres => "strpos",
        }
    }

    /// The same for bytes in bytes.
    pub(crate) fn place_of_bytes(self) -> &'static str {
        match self {
            Engine::Sqlite => "instr",
            // A word of the grammar too, hence quoted.
            Engine::Postgres => "\"position\"",
        }
    }

    /// Ids of the search rows that the index of pairs gives for the value which follows.
    pub(crate) fn pairs_select(self) -> &'static str {
        match self {
            Engine::Sqlite => "SELECT p.rowid AS id FROM pairs p WHERE p.pairs MATCH ",
            Engine::Postgres => "SELECT s.docket AS id FROM search s WHERE s.pairs @> ",
        }
    }

    /// How the ids that drive a query are kept apart from it. PostgreSQL is told to find them first. SQLite follows
    /// the order of a CROSS JOIN; where an index gives the ids in order it can stop early when it is not told.
    pub(crate) fn apart(self, in_order: bool) -> &'static str {
        match self {
            Engine::Sqlite if in_order => "AS NOT MATERIALIZED",
            _ => "AS MATERIALIZED",
        }
    }

    /// After a table: it is to be walked by its id, whatever other index a condition might tempt with. PostgreSQL knows
    /// from its statistics.
    pub(crate) fn by_id(self) -> &'static str {
        match self {
            Engine::Sqlite => " NOT INDEXED",
            Engine::Postgres => "",
        }
    }

    /// After a table: it is to be walked by this index. PostgreSQL knows from its statistics.
    pub(crate) fn by_index(self, index: &str) -> String {
        match self {
            Engine::Sqlite => format!(" INDEXED BY {index}"),
            Engine::Postgres => String::new(),
        }
    }

    /// Ranges as they are asked for together. SQLite walks an index once for each; PostgreSQL joins them in a bitmap,
    /// which takes it far less time to plan.
    pub(crate) fn apart_ranges<T>(self, ranges: &[T]) -> std::slice::Chunks<'_, T> {
        match self {
            Engine::Sqlite => ranges.chunks(1),
            Engine::Postgres => ranges.chunks(ranges.len().max(1)),
        }
    }

    /// Statement that asks for the plan of another.
    #[cfg(test)]
    pub(crate) fn explain(self) -> &'static str {
        match self {
            Engine::Sqlite => "EXPLAIN QUERY PLAN ",
            Engine::Postgres => "EXPLAIN ",
        }
    }
}

/// What an error of a driver means to the application.
pub(crate) fn understand(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(inner) = &error {
        let code = inner.code().unwrap_or_default();
        // SQLITE_FULL and SQLITE_IOERR_WRITE; SQLSTATE disk_full.
        if matches!(code.as_ref(), "13" | "778" | "53100") {
            return StoreError::Full(inner.message().to_owned());
        }
        // SQLITE_CORRUPT, SQLITE_NOTADB; data_corrupted, index_corrupted.
        let primary = code.parse::<i64>().map(|c| c & 0xff);
        if code.len() < 5 && matches!(primary, Ok(11 | 26)) || matches!(code.as_ref(), "XX001" | "XX002") {
            return StoreError::Damaged(inner.message().to_owned());
        }
    }
    match error {
        sqlx::Error::RowNotFound => StoreError::Missing,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Damaged(error.to_string()),
        other => StoreError::Engine(other.to_string()),
    }
}
