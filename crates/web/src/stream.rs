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
/// A stream ends after about this and the browser comes back by itself: so a session that ended stops being told.
const LASTS: Duration = Duration::from_secs(600);
/// How much earlier it may end, so that those who came together do not come back together.
const LASTS_LESS_MS: u64 = 60_000;
/// After how long the browser comes back, at least and at most.
const RETRY_MS: (u64, u64) = (250, 1_000);

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
    let dice = dice(&state);
    let retry = Duration::from_millis(RETRY_MS.0 + dice % (RETRY_MS.1 - RETRY_MS.0));
    let mut waiting = VecDeque::from([Event::default().retry(retry)]);
    let mut seen = -1;
    if let Some(last) = last.or(from) {
        let rows = state.app.store().journal.changed(last, CATCH_UP_MAX + 1).await?;
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) > CATCH_UP_MAX {
            seen = state.app.store().journal.head().await?.size;
            waiting.push_back(refetch().id(seen.to_string()));
        } else {
            seen = rows.last().map_or(last, |row| row.pos);
            let mut unseen = false;
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
                    before: None,
                };
                match told(&state, &caller, &hint) {
                    Some(event) => waiting.push_back(event),
                    None => unseen = true,
                }
            }
            // One of those may have been the reader's own when he last heard; whose it was then is not known any more.
            if unseen {
                waiting.push_back(refetch().id(seen.to_string()));
            }
        }
    }
    let feed = Feed {
        ends: Instant::now() + LASTS - Duration::from_millis(dice % LASTS_LESS_MS),
        parted: false,
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
    /// The reader was told where it goes on.
    parted: bool,
    shutdown: CancellationToken,
    #[expect(dead_code, reason = "held until the stream ends")]
    open: Open,
}

impl Feed {
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        if self.parted {
            return None;
        }
        loop {
            let hint = tokio::select! {
                () = self.shutdown.cancelled() => return None,
                () = tokio::time::sleep_until(self.ends) => return self.part(),
                hint = self.live.recv() => hint,
            };
            match hint {
                Ok(hint) if hint.pos <= self.seen => {}
                Ok(hint) => {
                    self.seen = hint.pos;
                    if let Some(event) = told(&self.state, &self.caller, &hint) {
                        return Some(event);
                    }
                }
                Err(RecvError::Lagged(_)) => return Some(refetch()),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Before the end: how far the reader has heard, also of what was not for him. It is no event, the browser only
    /// keeps the number, and what it asks for when it comes back is what it missed.
    fn part(&mut self) -> Option<Event> {
        self.parted = true;
        (self.seen >= 0).then(|| Event::default().id(self.seen.to_string()))
    }
}

/// A number nobody can guess, for spreading what would otherwise happen at once.
fn dice(state: &WebState) -> u64 {
    let mut bytes = [0; 8];
    state.app.random(&mut bytes);
    u64::from_le_bytes(bytes)
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

/// The reader has this matter no longer, and no right to hear where it is now.
fn gone(hint: &Hint) -> Event {
    let data = json!({ "id": hint.docket, "gone": true });
    Event::default().event("matter").id(hint.pos.to_string()).data(data.to_string())
}

/// What this reader is told of a change: that it changed when he may know of the matter, that it is gone when he could
/// until now, otherwise nothing.
fn told(state: &WebState, caller: &Caller, hint: &Hint) -> Option<Event> {
    let unit = hint.unit.as_deref().and_then(|u| UnitCode::parse(u).ok());
    let assignee = hint.assignee.as_deref().and_then(|p| PersonCode::parse(p).ok());
    if may_see(state, caller, unit.as_ref(), assignee.as_ref()) {
        return Some(event(hint));
    }
    let before = hint.before.as_ref()?;
    may_see(state, caller, before.unit.as_ref(), before.assignee.as_ref()).then(|| gone(hint))
}

/// The policy's word on whether this reader may know of a matter of this unit and officer.
fn may_see(
    state: &WebState,
    caller: &Caller,
    unit: Option<&UnitCode>,
    assignee: Option<&PersonCode>,
) -> bool {
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
    let matter = policy::Matter { unit, assignee, ..policy::Matter::default() };
    policy::permit(&facts, "read", &matter).is_ok()
}
