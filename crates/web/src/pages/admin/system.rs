//! State of the node: log, checkpoint, work in the background, room, copies, speed, and what the administrator must
//! look after. Renews itself while somebody looks.

use super::{Admin, open};
use crate::auth::SignedIn;
use crate::observe::Latency;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::{AccessQuery, CheckpointRow, Usage};
use lianzhi_app::{FIGURES_EVERY, SWEEP_EVERY};

/// How long what things take up is believed, in microseconds.
const USAGE_US: i64 = 60_000_000;
/// A copy older than this is said to be old, in microseconds: a day and a half.
const BACKUP_OLD_US: i64 = 36 * 3_600_000_000;
/// Less room than this is said to be little: a tenth of the disk.
const ROOM_PART: i64 = 10;
/// Routes whose speed is shown.
const ROUTES: usize = 8;
/// Clocks looked at for the page.
const CLOCKS: i64 = 1_000;

/// Something that the node does by itself.
struct Job {
    title: &'static str,
    every: &'static str,
    now: String,
    /// `done`, `near`, `late` or `wait`.
    state: &'static str,
    word: &'static str,
}

/// What one kind of thing takes up.
struct Room {
    title: &'static str,
    size: String,
    items: String,
    /// Room left, in words; and how much of the disk is taken, of a thousand.
    left: String,
    taken: Option<i64>,
    little: bool,
}

#[derive(Template)]
#[template(path = "admin/system.html")]
struct SystemPage {
    shell: Admin,
    now: Timestamp,
    version: &'static str,
    node: String,
    entries: i64,
    checkpoint: Option<CheckpointRow>,
    storage: String,
    units: usize,
    people: usize,
    on_duty: usize,
    grids: usize,
    categories: usize,
    problems: Vec<String>,
    key: String,
    up: String,
    started: Timestamp,
    streams: usize,
    jobs: Vec<Job>,
    rooms: Vec<Room>,
    backup: Option<(i64, String, bool)>,
    speeds: Vec<Latency>,
}

/// What needs the administrator, each thing once.
fn problems(state: &WebState) -> Vec<String> {
    let today = ui::beijing(state.app.now()).date();
    let mut problems = state.app.problems();
    problems.extend(state.app.directory().law.calendars().schedule_notice(today).map(|n| n.text));
    let mut seen = std::collections::HashSet::new();
    problems.retain(|p| seen.insert(p.clone()));
    problems
}

fn job(title: &'static str, every: &'static str, waiting: i64, fine: i64, now: String) -> Job {
    let (state, word) = if waiting <= fine { ("done", "正常") } else { ("near", "在追赶") };
    Job { title, every, now, state, word }
}

/// Work by the clock: late when it was not done for twice the time between.
fn timed(
    state: &WebState,
    title: &'static str,
    every: &'static str,
    between: SignedDuration,
    last: Option<Timestamp>,
) -> Job {
    let now = state.app.now();
    let since = now.duration_since(last.unwrap_or(state.started));
    let (shape, word) = match last {
        _ if since > between.saturating_mul(2) => ("late", "没有按时"),
        Some(_) => ("done", "正常"),
        None => ("wait", "等第一次"),
    };
    let said = last.map_or_else(|| "启动以来还没有做过".into(), |at| format!("上次 {}", ui::near(now, at)));
    Job { title, every, now: said, state: shape, word }
}

impl Job {
    fn also(mut self, words: &str) -> Self {
        self.now.push('，');
        self.now.push_str(words);
        self
    }
}

async fn jobs(state: &WebState, entries: i64, covered: i64) -> Answer<Vec<Job>> {
    let now = state.app.now().as_microsecond();
    let due = state.app.store().journal.wakeable(now, CLOCKS).await?.len();
    let due = i64::try_from(due).unwrap_or(i64::MAX);
    let behind = (entries - covered).max(0);
    let queue = i64::try_from(state.app.queue()).unwrap_or(i64::MAX);
    let kept = i64::try_from(state.app.figures_kept()).unwrap_or(i64::MAX);
    let n = |n: i64| ui::count(&n);
    Ok(vec![
        job("写入队列", "随到随写", queue, 1_000, format!("{} 个命令在等", n(queue))),
        job("存证日志和检查点", "半秒", behind, 5_000, format!("{} 条记录还没有被检查点覆盖", n(behind))),
        job("期限提醒和升级", "一秒", due, 100, format!("{} 件等着处理", n(due))),
        timed(state, "统计跟进", "十秒", FIGURES_EVERY, state.app.figures_followed_at())
            .also(&format!("已读入 {} 件", n(kept))),
        timed(state, "清理过期的上传和会话", "一小时", SWEEP_EVERY, state.app.swept_at()),
    ])
}

async fn usage(state: &WebState) -> Answer<Vec<Usage>> {
    let now = state.app.now();
    if let Some((at, usage)) = &*state.usage.lock()
        && now.as_microsecond() - at.as_microsecond() < USAGE_US
    {
        return Ok(usage.clone());
    }
    let usage = state.app.store().upkeep.usage().await?;
    *state.usage.lock() = Some((now, usage.clone()));
    Ok(usage)
}

fn bytes(n: i64) -> String {
    match n {
        n if n >= 1 << 30 => format!("{}.{} GB", n >> 30, ((n & 0x3fff_ffff) * 10) >> 30),
        n => ui::size(&u64::try_from(n).unwrap_or(0)),
    }
}

fn room(usage: &Usage) -> Room {
    let little = usage.room.is_some_and(|(left, all)| left < all / ROOM_PART);
    let (title, unit) = match usage.what {
        "database" => ("数据库", "条记录"),
        _ => ("证据文件", "个文件"),
    };
    Room {
        title,
        size: bytes(usage.bytes),
        items: format!("{} {unit}", ui::count(&usage.items)),
        left: match usage.room {
            Some((left, all)) => format!("磁盘剩 {}，共 {}", bytes(left), bytes(all)),
            None => "在别的服务器上，剩余空间请在那里看".into(),
        },
        taken: usage.room.filter(|(_, all)| *all > 0).map(|(left, all)| (all - left) * 1000 / all),
        little,
    }
}

/// `GET /admin`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    let shell = open(&state, &who, "系统状态", "/admin")?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let store = state.app.store();
    let head = store.journal.head().await?;
    let storage = store.upkeep.describe().await.unwrap_or_else(|e| format!("无法读取：{e}"));
    let checkpoint = state.app.checkpoint().await;
    let rooms: Vec<Room> = usage(&state).await?.iter().map(room).collect();
    let last = AccessQuery { action: Some("backup".into()), ..AccessQuery::default() };
    let last = state.app.access_log(&who.caller, &last, 1).await?.pop();
    let backup = last.map(|r| (r.at, r.detail, now.as_microsecond() - r.at > BACKUP_OLD_US));
    let mut problems = problems(&state);
    problems.extend(rooms.iter().filter(|r| r.little).map(|r| {
        format!("放{}的磁盘快满了：{}。请腾出或增加空间；满了以后新的上报会被拒绝。", r.title, r.left)
    }));
    let mut speeds = state.metrics.latencies();
    speeds.retain(|s| !s.route.starts_with("/assets") && s.route != "-");
    speeds.truncate(ROUTES);
    page(&SystemPage {
        version: env!("CARGO_PKG_VERSION"),
        node: directory.node.to_string(),
        entries: head.size,
        jobs: jobs(&state, head.size, checkpoint.as_ref().map_or(0, |c| c.size)).await?,
        checkpoint,
        storage,
        units: directory.units.len(),
        people: directory.people.values().filter(|p| p.active).count(),
        on_duty: state.app.duty().people().count(),
        grids: directory.grids.len(),
        categories: directory.categories.len(),
        problems,
        key: state.app.log().verifier_key().to_string(),
        up: ui::length(now.as_microsecond() - state.started.as_microsecond()),
        started: state.started,
        streams: state.streams_open(),
        rooms,
        backup,
        speeds,
        now,
        shell,
    })
}

/// A bound of the histogram in words.
fn within(ms: &u64) -> String {
    match *ms {
        u64::MAX => "30 秒以上".into(),
        ms if ms >= 1000 => format!("{}.{} 秒", ms / 1000, ms % 1000 / 100),
        ms => format!("{ms} 毫秒"),
    }
}
