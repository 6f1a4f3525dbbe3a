//! Live changes: server-sent events at `/api/v1/stream`, filtered by policy, resumable by log position.
//!
//! An event says that a matter changed, never what is in it: a page fetches what it shows. Who lags too far behind is
//! told to fetch everything again (`refetch`) instead of queueing.

use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use lianzhi_app::{Caller, Hint};
use lianzhi_ids::{PersonCode, UnitCode};
use lianzhi_procedure::{Facts, LookUps, NoLoads, policy};
use serde::Deserialize;
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Changes sent again after a reconnection; more than that and a page is quicker to fetch its list.
const CATCH_UP_MAX: i64 = 500;
/// A heartbeat keeps proxies from closing an idle connection.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A stream ends after this and the browser comes back by itself: so a session that ended stops being told.
const LASTS: Duration = Duration::from_secs(600);

/// Where to go on from, for clients that cannot set `Last-Event-ID`.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub struct From {
    /// Log position of the last event seen.
    last_event_id: Option<i64>,
}

/// `GET /api/v1/stream`.
pub(crate) async fn stream(
    State(state): State<WebState>,
    me: SignedIn,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    open(state, me.caller, from.last_event_id, &headers).await
}

/// The stream for this caller, from where it was.
pub(crate) async fn open(
    state: WebState,
    caller: Caller,
    from: Option<i64>,
    headers: &HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
    let permit = state.streams.clone().try_acquire_owned().map_err(|_| {
        let remedy = "请稍后重试，或改用 updated_since 查询。";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-many-streams", "实时连接已满。", remedy)
    })?;
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    // Subscribing comes first: what is committed while we catch up is then seen twice at most, never not at all.
    let live = state.app.events();
    let mut waiting = VecDeque::new();
    let mut seen = -1;
    if let Some(last) = last.or(from) {
        let rows = state.app.store().journal.changed(last, CATCH_UP_MAX + 1).await?;
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) > CATCH_UP_MAX {
            waiting.push_back(refetch());
            seen = state.app.store().journal.head().await?.size;
        } else {
            seen = rows.last().map_or(last, |row| row.pos);
            for row in rows.into_iter().filter(|row| row.kind != "register") {
                let hint = Hint {
                    pos: row.pos,
                    docket: row.id,
                    kind: row.kind,
                    title: row.title,
                    stage: row.stage,
                    number: row.number,
                    unit: row.unit,
                    assignee: row.assignee,
                };
                if may_see(&state, &caller, &hint) {
                    waiting.push_back(event(&hint));
                }
            }
        }
    }
    let feed = Feed {
        ends: Instant::now() + LASTS,
        shutdown: state.shutdown.clone(),
        open: Open::new(permit),
        state,
        caller,
        live,
        waiting,
        seen,
    };
    let events = futures::stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still here")))
}

/// Counts the stream as open until it is dropped, however it ends.
struct Open(#[expect(dead_code, reason = "held until the stream ends")] OwnedSemaphorePermit);

impl Open {
    fn new(permit: OwnedSemaphorePermit) -> Self {
        metrics::gauge!("lianzhi_sse_connections").increment(1);
        Open(permit)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("lianzhi_sse_connections").decrement(1);
    }
}

struct Feed {
    state: WebState,
    caller: Caller,
    live: Receiver<Hint>,
    waiting: VecDeque<Event>,
    seen: i64,
    ends: Instant,
    shutdown: CancellationToken,
    #[expect(dead_code, reason = "held until the stream ends")]
    open: Open,
}

impl Feed {
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        loop {
            let hint = tokio::select! {
                () = self.shutdown.cancelled() => return None,
                () = tokio::time::sleep_until(self.ends) => return None,
                hint = self.live.recv() => hint,
            };
            match hint {
                Ok(hint) if hint.pos <= self.seen => {}
                Ok(hint) => {
                    self.seen = hint.pos;
                    if may_see(&self.state, &self.caller, &hint) {
                        return Some(event(&hint));
                    }
                }
                Err(RecvError::Lagged(_)) => return Some(refetch()),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn event(hint: &Hint) -> Event {
    let data = json!({
        "id": hint.docket,
        "number": hint.number,
        "stage": hint.stage,
        "unit": hint.unit,
        "assignee": hint.assignee,
    });
    Event::default().event("matter").id(hint.pos.to_string()).data(data.to_string())
}

fn refetch() -> Event {
    Event::default().event("refetch").data("{}")
}

/// The policy's word on whether this reader may know of this matter.
fn may_see(state: &WebState, caller: &Caller, hint: &Hint) -> bool {
    let directory = state.app.directory();
    let duty = state.app.duty();
    let look_ups = LookUps::default();
    let facts = Facts {
        now: state.app.now(),
        actor: &caller.actor,
        directory: &directory,
        duty: &duty,
        loads: &NoLoads,
        look_ups: &look_ups,
    };
    let unit = hint.unit.as_deref().and_then(|u| UnitCode::parse(u).ok());
    let assignee = hint.assignee.as_deref().and_then(|p| PersonCode::parse(p).ok());
    let matter =
        policy::Matter { unit: unit.as_ref(), assignee: assignee.as_ref(), ..policy::Matter::default() };
    policy::permit(&facts, "read", &matter).is_ok()
}
