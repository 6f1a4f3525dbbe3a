//! Connections, values and rows, the same for both engines: what `sqlx::Any` would be if it knew arrays and nulls.

use crate::dialect::{Engine, understand};
use futures::stream::{BoxStream, StreamExt};
use lianzhi_app::ports::StoreError;
use lianzhi_ids::{Digest, DocketId};
use sqlx::pool::PoolConnection;
use sqlx::{
    Arguments, AssertSqlSafe, PgConnection, Postgres, Row as _, SqlSafeStr, Sqlite, SqliteConnection,
    Transaction,
};
use sqlx::{postgres::PgArguments, sqlite::SqliteArguments};

/// A bound value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Bool(bool),
    /// Only PostgreSQL has arrays; only its dialect binds them.
    Ints(Vec<i32>),
}

macro_rules! value_from {
    ($($from:ty => |$v:ident| $to:expr;)*) => {
        $(impl From<$from> for Value { fn from($v: $from) -> Self { $to } })*
    };
}
value_from! {
    i64 => |v| Value::Int(Some(v));
    Option<i64> => |v| Value::Int(v);
    i32 => |v| Value::Int(Some(v.into()));
    Option<i32> => |v| Value::Int(v.map(Into::into));
    i16 => |v| Value::Int(Some(v.into()));
    Option<i16> => |v| Value::Int(v.map(Into::into));
    DocketId => |v| Value::Int(Some(v.0));
    &DocketId => |v| Value::Int(Some(v.0));
    Option<DocketId> => |v| Value::Int(v.map(|d| d.0));
    String => |v| Value::Text(Some(without_nul(v)));
    &str => |v| Value::Text(Some(without_nul(v.to_owned())));
    &String => |v| Value::Text(Some(without_nul(v.clone())));
    &Option<String> => |v| Value::Text(v.clone().map(without_nul));
    Vec<u8> => |v| Value::Bytes(Some(v));
    &Option<Vec<u8>> => |v| Value::Bytes(v.clone());
    &[u8] => |v| Value::Bytes(Some(v.to_vec()));
    Digest => |v| Value::Bytes(Some(v.0.to_vec()));
    Option<Digest> => |v| Value::Bytes(v.map(|d| d.0.to_vec()));
    bool => |v| Value::Bool(v);
    Vec<i32> => |v| Value::Ints(v);
}

/// PostgreSQL cannot keep U+0000 in a text; on both engines it becomes the replacement character.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// Values for a list of expressions.
macro_rules! values {
    ($($v:expr),* $(,)?) => { vec![$($crate::engine::Value::from($v)),*] };
}
pub(crate) use values;

fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments, StoreError> {
    let mut out = SqliteArguments::default();
    out.reserve(values.len(), 0);
    for value in values {
        match value {
            Value::Int(v) => Arguments::add(&mut out, v),
            Value::Text(v) => Arguments::add(&mut out, v),
            Value::Bytes(v) => Arguments::add(&mut out, v),
            Value::Bool(v) => Arguments::add(&mut out, v),
            Value::Ints(_) => return Err(StoreError::Engine("SQLite has no arrays".into())),
        }
        .map_err(|e| StoreError::Engine(e.to_string()))?;
    }
    Ok(out)
}

fn postgres_arguments(values: Vec<Value>) -> Result<PgArguments, StoreError> {
    let mut out = PgArguments::default();
    out.reserve(values.len(), values.len() * 16);
    for value in values {
        match value {
            Value::Int(v) => out.add(v),
            Value::Text(v) => out.add(v),
            Value::Bytes(v) => out.add(v),
            Value::Bool(v) => out.add(v),
            Value::Ints(v) => out.add(v),
        }
        .map_err(|e| StoreError::Engine(e.to_string()))?;
    }
    Ok(out)
}

/// A connection for reading, taken from a pool.
#[derive(Debug)]
pub(crate) enum Conn {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Conn {
    pub(crate) fn link(&mut self) -> Link<'_> {
        match self {
            Conn::Sqlite(c) => Link::Sqlite(c),
            Conn::Postgres(c) => Link::Postgres(c),
        }
    }
}

/// A transaction; dropped without [`Tx::commit`] it is rolled back.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) fn link(&mut self) -> Link<'_> {
        match self {
            Tx::Sqlite(t) => Link::Sqlite(t),
            Tx::Postgres(t) => Link::Postgres(t),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Tx::Sqlite(t) => t.commit().await,
            Tx::Postgres(t) => t.commit().await,
        }
        .map_err(understand)
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Tx::Sqlite(t) => t.rollback().await,
            Tx::Postgres(t) => t.rollback().await,
        }
        .map_err(understand)
    }
}

/// What the tests of plans look at: every statement with its values.
#[cfg(test)]
pub(crate) static RECORDED: parking_lot::Mutex<Vec<(Engine, String, Vec<Value>)>> =
    parking_lot::Mutex::new(Vec::new());

/// A connection in use.
#[derive(Debug)]
pub(crate) enum Link<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Link<'_> {
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; how many rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let sql = sql.into_sql_str();
        #[cfg(test)]
        RECORDED.lock().push((self.engine(), sql.as_str().to_owned(), values.clone()));
        match self {
            Link::Sqlite(c) => sqlx::query_with(sql, sqlite_arguments(values)?)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
            Link::Postgres(c) => sqlx::query_with(sql, postgres_arguments(values)?)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(understand)
    }

    /// Runs several statements without values (migrations, pragmas).
    pub(crate) async fn script(&mut self, sql: String) -> Result<(), StoreError> {
        match self {
            Link::Sqlite(c) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **c).await.map(|_| ()),
            Link::Postgres(c) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **c).await.map(|_| ()),
        }
        .map_err(understand)
    }

    /// Runs a query; all rows.
    pub(crate) async fn fetch(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let sql = sql.into_sql_str();
        #[cfg(test)]
        RECORDED.lock().push((self.engine(), sql.as_str().to_owned(), values.clone()));
        match self {
            Link::Sqlite(c) => sqlx::query_with(sql, sqlite_arguments(values)?)
                .fetch_all(&mut **c)
                .await
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
            Link::Postgres(c) => sqlx::query_with(sql, postgres_arguments(values)?)
                .fetch_all(&mut **c)
                .await
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        }
        .map_err(understand)
    }

    /// Runs a query that gives at most one row.
    pub(crate) async fn maybe(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch(sql, values).await?.into_iter().next())
    }

    /// Runs a query that gives one number.
    pub(crate) async fn number(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<i64, StoreError> {
        let row = self.maybe(sql, values).await?.ok_or(StoreError::Missing)?;
        row.cells().int()
    }

    /// Runs a query without values, row by row, with bounded memory.
    pub(crate) fn stream(&mut self, sql: String) -> BoxStream<'_, Result<Row, StoreError>> {
        match self {
            Link::Sqlite(c) => sqlx::query(AssertSqlSafe(sql))
                .fetch(&mut **c)
                .map(|row| row.map(Row::Sqlite).map_err(understand))
                .boxed(),
            Link::Postgres(c) => sqlx::query(AssertSqlSafe(sql))
                .fetch(&mut **c)
                .map(|row| row.map(Row::Postgres).map_err(understand))
                .boxed(),
        }
    }
}

/// A row of a result.
pub(crate) enum Row {
    Sqlite(sqlx::sqlite::SqliteRow),
    Postgres(sqlx::postgres::PgRow),
}

impl Row {
    /// Reads the columns from left to right.
    pub(crate) fn cells(&self) -> Cells<'_> {
        Cells { row: self, at: 0 }
    }
}

/// Reads a row column by column.
pub(crate) struct Cells<'a> {
    row: &'a Row,
    at: usize,
}

macro_rules! cell {
    ($self:ident, $t:ty) => {{
        let at = $self.at;
        $self.at += 1;
        match $self.row {
            Row::Sqlite(row) => row.try_get::<$t, _>(at),
            Row::Postgres(row) => row.try_get::<$t, _>(at),
        }
        .map_err(understand)
    }};
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}

impl Cells<'_> {
    pub(crate) fn int(&mut self) -> Result<i64, StoreError> {
        cell!(self, i64)
    }
    pub(crate) fn int_opt(&mut self) -> Result<Option<i64>, StoreError> {
        cell!(self, Option<i64>)
    }
    /// A number that must fit a narrower type.
    pub(crate) fn narrow<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        T::try_from(self.int()?).map_err(|_| damaged("number out of range"))
    }
    pub(crate) fn narrow_opt<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, StoreError> {
        self.int_opt()?.map(|v| T::try_from(v).map_err(|_| damaged("number out of range"))).transpose()
    }
    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        cell!(self, String)
    }
    pub(crate) fn text_opt(&mut self) -> Result<Option<String>, StoreError> {
        cell!(self, Option<String>)
    }
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        cell!(self, Vec<u8>)
    }
    pub(crate) fn bytes_opt(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        cell!(self, Option<Vec<u8>>)
    }
    pub(crate) fn bool(&mut self) -> Result<bool, StoreError> {
        cell!(self, bool)
    }
    pub(crate) fn digest(&mut self) -> Result<Digest, StoreError> {
        self.bytes()?.try_into().map(Digest).map_err(|_| damaged("digest is not 32 bytes"))
    }
    pub(crate) fn digest_opt(&mut self) -> Result<Option<Digest>, StoreError> {
        self.bytes_opt()?
            .map(|b| b.try_into().map(Digest).map_err(|_| damaged("digest is not 32 bytes")))
            .transpose()
    }
    pub(crate) fn salt(&mut self) -> Result<[u8; 16], StoreError> {
        self.bytes()?.try_into().map_err(|_| damaged("salt is not 16 bytes"))
    }
    pub(crate) fn docket(&mut self) -> Result<DocketId, StoreError> {
        self.int().map(DocketId)
    }
}
