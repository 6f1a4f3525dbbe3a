//! What waits for somebody: page by page, and how much of it there is.

use crate::ports::{MatterRow, TodoRow};
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::DocketId;
use lianzhi_procedure::{Actor, Refusal};

/// To-dos of one page: more than anybody does in a shift.
pub const TODOS_MAX: i64 = 100;

/// A to-do with its matter.
#[derive(Debug, Clone)]
pub struct TodoItem {
    /// Matter.
    pub row: MatterRow,
    /// Docket.
    pub id: DocketId,
    /// Command waited for.
    pub what: String,
    /// Until.
    pub due: Option<Timestamp>,
}

/// A page of what waits for somebody.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// The to-dos, soonest first.
    pub items: Vec<TodoItem>,
    /// How many come before them.
    pub before: i64,
    /// How many there are of what was asked for.
    pub total: i64,
    /// How many there are of each act, those first that come first; whatever was asked for.
    pub acts: Vec<(String, i64)>,
    /// The act that was asked for, when something waits for it.
    pub what: Option<String>,
}

impl Waiting {
    /// How many come after the page.
    #[must_use]
    pub fn after(&self) -> i64 {
        (self.total - self.before - i64::try_from(self.items.len()).unwrap_or(i64::MAX)).max(0)
    }
}

impl App {
    /// What waits for the caller, soonest first: all of it or one kind of act, from a place on. Does not count as a look
    /// at the desk.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn todos(&self, who: &Caller, what: Option<&str>, skip: i64) -> Result<Waiting, Refusal> {
        if !matches!(who.actor, Actor::Person(_)) {
            return Err(Refusal::forbidden("sign-in", "待办须登录。", "请先登录。"));
        }
        if !who.has_scope("read") {
            return Err(Refusal::forbidden("scope", "这个令牌不能查阅。", "请用含 read 权限的令牌。"));
        }
        let addressed = self.addressed(who, &self.directory());
        let queries = &self.inner.store.queries;
        let acts = queries.todo_counts(&addressed).await.map_err(|e| unavailable(&e))?;
        // What nothing waits for any more is as if it were not asked for.
        let what = acts.iter().map(|(act, _)| act).find(|act| what == Some(act.as_str())).cloned();
        let asked = acts.iter().filter(|(act, _)| what.as_ref().is_none_or(|what| what == act));
        let total: i64 = asked.map(|(_, n)| n).sum();
        // Beyond the end there is nothing to see: the last page is shown.
        let last = (total - 1).max(0) / TODOS_MAX * TODOS_MAX;
        let before = skip.clamp(0, last);
        let found = queries.todos(&addressed, what.as_deref(), before, TODOS_MAX).await;
        let items = found.map_err(|e| unavailable(&e))?.into_iter().map(|(todo, row)| item(todo, row));
        Ok(Waiting { items: items.collect(), before, total, acts, what })
    }
}

fn item(todo: TodoRow, row: MatterRow) -> TodoItem {
    let due = todo.due_at.and_then(|us| Timestamp::from_microsecond(us).ok());
    TodoItem { id: row.id, what: todo.what, due, row }
}
