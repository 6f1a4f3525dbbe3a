//! Credentials, sessions, tokens and the access log.

use crate::Database;
use crate::engine::{Value, values};
use crate::filter::Query;
use crate::journal::all;
use crate::rows::{Stored, run};
use crate::table::{ACCESS, CREDENTIAL, DESK_LOOK, PREFERENCE, SAVED_VIEW, SESSION, TOKEN, Table};
use async_trait::async_trait;
use lianzhi_app::ports::{
    AccessQuery, AccessRow, Accounts, Credential, DeskLook, SavedView, SessionRow, StoreError, TokenRow,
};
use lianzhi_ids::Digest;
use sqlx::AssertSqlSafe;

impl Database {
    pub(crate) async fn put<'a, T: Stored + 'a>(
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

    async fn views(&self, person: &str, units: &[String]) -> Result<Vec<SavedView>, StoreError> {
        let select = format!("SELECT {} FROM saved_view WHERE owner = ", SAVED_VIEW.column_list());
        let mut conn = self.db.read().await?;
        let mut link = conn.link();
        let mut q = Query::new(link.engine(), &select);
        q.bind(person);
        if !units.is_empty() {
            q.push(" OR shared IN ").bind_list(units);
        }
        q.push(" ORDER BY id");
        all(&link.fetch(AssertSqlSafe(q.text), q.values).await?)
    }

    async fn view(&self, id: &str) -> Result<Option<SavedView>, StoreError> {
        self.one(&SAVED_VIEW, "id", id.into()).await
    }

    async fn put_view(&self, view: &SavedView) -> Result<(), StoreError> {
        self.put(&SAVED_VIEW, [view]).await
    }

    async fn drop_view(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.link().execute("DELETE FROM saved_view WHERE id = $1", values![id]).await?;
        tx.commit().await
    }

    async fn preference(&self, person: &str, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM preference WHERE person = $1 AND name = $2";
        let mut conn = self.db.read().await?;
        let row = conn.link().maybe(sql, values![person, name]).await?;
        row.map(|row| row.cells().text()).transpose()
    }

    async fn put_preference(&self, person: &str, name: &str, value: &str) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        self.db.texts.insert(&mut tx.link(), &PREFERENCE, values![person, name, value]).await?;
        tx.commit().await
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

    async fn access(&self, query: &AccessQuery, limit: i64) -> Result<Vec<AccessRow>, StoreError> {
        let mut asked = "at < $1".to_owned();
        let mut values = values![query.before.unwrap_or(i64::MAX)];
        let mut narrow = |condition: &str, value: Value| {
            values.push(value);
            asked.push_str(&format!(" AND {condition} ${}", values.len()));
        };
        if let Some(since) = query.since {
            narrow("at >=", since.into());
        }
        if let Some(docket) = query.docket {
            narrow("docket =", docket.into());
        }
        if let Some(actor) = query.actor.as_deref() {
            narrow("actor =", actor.into());
        }
        if let Some(action) = query.action.as_deref() {
            narrow("action =", action.into());
        }
        // Moments are whole: several lines are written in one, and a further page goes on before the last.
        values.push((limit - 1).max(0).into());
        let sql = format!(
            "SELECT {} FROM access WHERE {asked} AND at >= COALESCE((SELECT at FROM access WHERE {asked} \
             ORDER BY at DESC LIMIT 1 OFFSET ${}), 0) ORDER BY at DESC",
            ACCESS.column_list(),
            values.len(),
        );
        let mut conn = self.db.read().await?;
        all(&conn.link().fetch(AssertSqlSafe(sql), values).await?)
    }
}
