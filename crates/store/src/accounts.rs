//! Credentials, sessions, tokens and the access log.

use crate::Database;
use crate::engine::{Value, values};
use crate::journal::all;
use crate::rows::{Stored, run};
use crate::table::{ACCESS, CREDENTIAL, DESK_LOOK, SESSION, TOKEN, Table};
use async_trait::async_trait;
use lianzhi_app::ports::{AccessRow, Accounts, Credential, DeskLook, SessionRow, StoreError, TokenRow};
use lianzhi_ids::{Digest, DocketId};
use sqlx::AssertSqlSafe;

impl Database {
    async fn put<'a, T: Stored + 'a>(
        &self,
        table: &Table,
        rows: impl IntoIterator<Item = &'a T>,
    ) -> Result<(), StoreError> {
        let values = run(rows);
        let mut tx = self.db.write().await?;
        self.db.texts.insert(&mut tx.link(), table, values).await?;
        tx.commit().await
    }

    async fn one<T: Stored>(&self, table: &Table, key: &str, value: Value) -> Result<Option<T>, StoreError> {
        let sql = format!("SELECT {} FROM {} WHERE {key} = $1", table.column_list(), table.name);
        let mut conn = self.db.read().await?;
        let row = conn.link().maybe(AssertSqlSafe(sql), vec![value]).await?;
        row.map(|row| T::read(&mut row.cells())).transpose()
    }
}

#[async_trait]
impl Accounts for Database {
    async fn credential(&self, person: &str) -> Result<Option<Credential>, StoreError> {
        self.one(&CREDENTIAL, "person", person.into()).await
    }

    async fn put_credential(&self, credential: &Credential) -> Result<(), StoreError> {
        self.put(&CREDENTIAL, [credential]).await
    }

    async fn put_credentials(&self, credentials: &[Credential]) -> Result<(), StoreError> {
        // One statement may not touch a row twice; the last of a person counts.
        let last: std::collections::BTreeMap<&str, &Credential> =
            credentials.iter().map(|c| (c.person.as_str(), c)).collect();
        self.put(&CREDENTIAL, last.into_values()).await
    }

    async fn desk_look(&self, person: &str) -> Result<Option<DeskLook>, StoreError> {
        self.one(&DESK_LOOK, "person", person.into()).await
    }

    async fn put_desk_look(&self, look: &DeskLook) -> Result<(), StoreError> {
        self.put(&DESK_LOOK, [look]).await
    }

    async fn put_session(&self, session: &SessionRow) -> Result<(), StoreError> {
        self.put(&SESSION, [session]).await
    }

    async fn session(&self, digest: Digest) -> Result<Option<SessionRow>, StoreError> {
        self.one(&SESSION, "digest", digest.into()).await
    }

    async fn drop_session(&self, digest: Digest) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.link().execute("DELETE FROM session WHERE digest = $1", values![digest]).await?;
        tx.commit().await
    }

    async fn drop_sessions(&self, person: Option<&str>, now: i64) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        if let Some(person) = person {
            tx.link().execute("DELETE FROM session WHERE person = $1", values![person]).await?;
        }
        tx.link().execute("DELETE FROM session WHERE expires_at < $1", values![now]).await?;
        tx.commit().await
    }

    async fn put_token(&self, token: &TokenRow) -> Result<(), StoreError> {
        self.put(&TOKEN, [token]).await
    }

    async fn token(&self, digest: Digest) -> Result<Option<TokenRow>, StoreError> {
        self.one(&TOKEN, "digest", digest.into()).await
    }

    async fn tokens(&self, person: Option<&str>) -> Result<Vec<TokenRow>, StoreError> {
        let columns = TOKEN.column_list();
        let mut conn = self.db.read().await?;
        let rows = match person {
            Some(person) => {
                let sql =
                    format!("SELECT {columns} FROM token WHERE person = $1 ORDER BY created_at, digest");
                conn.link().fetch(AssertSqlSafe(sql), values![person]).await?
            }
            None => {
                let sql = format!("SELECT {columns} FROM token ORDER BY created_at, digest");
                conn.link().fetch(AssertSqlSafe(sql), vec![]).await?
            }
        };
        all(&rows)
    }

    async fn record_access(&self, rows: &[AccessRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.put(&ACCESS, rows).await
    }

    async fn access(
        &self,
        docket: Option<DocketId>,
        actor: Option<&str>,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<AccessRow>, StoreError> {
        let mut sql = format!("SELECT {} FROM access WHERE at < $1", ACCESS.column_list());
        let mut values = values![before.unwrap_or(i64::MAX)];
        if let Some(docket) = docket {
            values.push(docket.into());
            sql.push_str(&format!(" AND docket = ${}", values.len()));
        }
        if let Some(actor) = actor {
            values.push(actor.into());
            sql.push_str(&format!(" AND actor = ${}", values.len()));
        }
        values.push(limit.into());
        sql.push_str(&format!(" ORDER BY at DESC LIMIT ${}", values.len()));
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values).await?)
    }
}
