//! Reading: lists, counts, the map, the desk. The policy says what a reader may see; storage turns it into a query.

use crate::ports::{Cluster, Count, CountBy, Filter, MatterRow, Order, Page, Sight, StoreError, TodoRow};
use crate::search::normalise;
use crate::shared::unavailable;
use crate::{App, Caller};
use futures::stream::BoxStream;
use jiff::Timestamp;
use lianzhi_ids::{DocketId, PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::policy::{self, Matter};
use lianzhi_procedure::report::STAGES;
use lianzhi_procedure::{Actor, Facts, LookUps, NoLoads, Refusal, Waiter};
use lianzhi_territory::cell::Bbox;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rows of a page at most.
pub const PAGE_ROWS_MAX: i64 = 200;
/// Counting stops here: "more than" is enough beyond.
const COUNT_MAX: i64 = 100_000;
/// Points sent to a map at once.
const MAP_POINTS_MAX: i64 = 500;
/// Cell ranges of one map view.
const RANGES_MAX: usize = 12;
/// Rows of each part of a desk.
const DESK_ROWS_MAX: i64 = 100;

/// Name of a stage on screen.
#[must_use]
pub fn stage_title(code: &str) -> &'static str {
    STAGES.iter().find(|(c, _)| *c == code).map_or("", |(_, title)| title)
}

/// A filter that lets everything of one kind through; for the node's own use.
#[must_use]
pub fn filter_of_kind(kind: &str) -> Filter {
    Filter {
        sight: Sight::All,
        kind: Some(kind.into()),
        stages: Vec::new(),
        category: None,
        units: Vec::new(),
        assignee: None,
        source: None,
        open: None,
        overdue: None,
        bbox: None,
        cells: Vec::new(),
        q: None,
        secret: Vec::new(),
        updated_since: None,
        reported_from: None,
        reported_to: None,
        now: 0,
    }
}

pub(crate) fn open_reports() -> Filter {
    Filter { open: Some(true), ..filter_of_kind("report") }
}

/// What somebody asks of a list; the same names in the URL of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ListQuery {
    /// Kind of procedure; `report` when not given.
    pub kind: Option<String>,
    /// Stages, separated by commas.
    pub stage: Option<String>,
    /// Category or prefix of it.
    pub category: Option<String>,
    /// Unit; the units below it are included.
    pub unit: Option<String>,
    /// Named officer; `me` is the reader.
    pub assignee: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// `true` or `false`.
    pub open: Option<String>,
    /// `true`: a term has passed.
    pub overdue: Option<String>,
    /// West, south, east, north in degrees.
    pub bbox: Option<String>,
    /// Substring of title, text, address, number, plate; two characters or more.
    pub q: Option<String>,
    /// Name or telephone of the reporter, for those entitled; recorded.
    pub person: Option<String>,
    /// Changed since (RFC 3339).
    pub updated_since: Option<String>,
    /// Reported from this day on (Beijing).
    pub from: Option<String>,
    /// Reported up to and including this day (Beijing).
    pub to: Option<String>,
    /// `newest` (default), `oldest`, `due`.
    pub order: Option<String>,
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

fn flag(text: Option<&str>, field: &'static str) -> Result<Option<bool>, Refusal> {
    match given(text) {
        None => Ok(None),
        Some("true" | "1" | "on") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(_) => Err(Refusal::invalid(field, "应为 true 或 false。", "请改正筛选条件。")),
    }
}

fn day(text: Option<&str>, field: &'static str, plus: i64) -> Result<Option<i64>, Refusal> {
    let Some(text) = given(text) else { return Ok(None) };
    let bad = || {
        Refusal::invalid(
            field,
            format!("“{}”不是日期。", text.chars().take(20).collect::<String>()),
            "请写成 2026-11-22。",
        )
    };
    let date: jiff::civil::Date = text.parse().map_err(|_| bad())?;
    let date = date.checked_add(jiff::Span::new().days(plus)).map_err(|_| bad())?;
    let at = date.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).map_err(|_| bad())?;
    Ok(Some(at.timestamp().as_microsecond()))
}

impl ListQuery {
    fn order(&self) -> Result<Order, Refusal> {
        match given(self.order.as_deref()) {
            None | Some("newest") => Ok(Order::Newest),
            Some("oldest") => Ok(Order::Oldest),
            Some("due") => Ok(Order::Due),
            Some(_) => Err(Refusal::invalid("order", "没有这种排序。", "可用 newest、oldest、due。")),
        }
    }
}

/// A to-do with its matter.
#[derive(Debug, Clone, Serialize)]
pub struct TodoItem {
    /// Matter.
    #[serde(skip)]
    pub row: MatterRow,
    /// Docket.
    pub id: DocketId,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Command waited for.
    pub what: String,
    /// In words.
    pub what_title: &'static str,
    /// Until.
    pub due: Option<Timestamp>,
    /// Time left in words.
    pub left: String,
    /// `late`, `near` or `fine`.
    pub state: &'static str,
}

/// A desk.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// What waits for me, soonest first.
    pub waiting: Vec<TodoItem>,
    /// Mine or registered by me, now with others.
    pub awaited: Vec<MatterRow>,
    /// Changed since I last looked, of mine, also closed ones; last changed first.
    pub changed: Vec<MatterRow>,
    /// Since when.
    pub changed_since: Timestamp,
    /// I am on duty.
    pub on_duty: bool,
    /// My units.
    pub units: Vec<UnitCode>,
}

/// A to-do's command in words.
#[must_use]
pub fn todo_title(what: &str) -> &'static str {
    match what {
        "accept" => "受理",
        "arrive" => "到场",
        "handle" => "处置",
        "verify" => "核查",
        "answer" => "答复上报人",
        "close" => "结案",
        "dispatch" => "派遣",
        "approve" => "审批",
        "resume" => "挂账到期复查",
        "contact" => "先行联系",
        "decide_return" => "登记退单答复",
        _ => "办理",
    }
}

impl App {
    pub(crate) fn facts<'a>(
        &'a self,
        actor: &'a Actor,
        directory: &'a Directory,
        duty: &'a lianzhi_procedure::duty::OnDuty,
        look_ups: &'a LookUps,
    ) -> Facts<'a> {
        Facts { now: self.now(), actor, directory, duty, loads: &NoLoads, look_ups }
    }

    /// Asks the policy about an action that needs no matter, or about a row.
    ///
    /// # Errors
    /// The policy's refusal.
    pub fn may(&self, who: &Caller, action: &str, row: Option<&MatterRow>) -> Result<(), Refusal> {
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let unit = row.and_then(|r| r.unit.as_deref()).and_then(|u| UnitCode::parse(u).ok());
        let assignee = row.and_then(|r| r.assignee.as_deref()).and_then(|a| PersonCode::parse(a).ok());
        let matter = Matter { unit: unit.as_ref(), assignee: assignee.as_ref(), ..Matter::default() };
        policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), action, &matter).map(|_| ())
    }

    /// Which matters a reader may see, from the policy's lines for `read`.
    pub(crate) fn sight(&self, who: &Caller) -> Result<Sight, Refusal> {
        if !who.has_scope("read") {
            return Err(Refusal::forbidden("scope", "这个令牌不能查阅。", "请用含 read 权限的令牌。"));
        }
        if matches!(who.actor, Actor::System) || self.may(who, "read", None).is_ok() {
            return Ok(Sight::All);
        }
        let Some(person) = who.actor.person() else {
            return Err(Refusal::forbidden(
                "sign-in",
                "查看办件须登录。",
                "请先登录；查进度请用编号和查询码。",
            ));
        };
        let directory = self.directory();
        let mut units: Vec<String> = Vec::new();
        for rule in policy::TABLE.iter().filter(|r| r.action == "read" && r.reach == policy::Reach::Unit) {
            for role in rule.roles {
                for post in who.actor.units_with(*role) {
                    units.extend(
                        directory.units.keys().filter(|u| directory.within(u, post)).map(ToString::to_string),
                    );
                }
            }
        }
        units.sort_unstable();
        units.dedup();
        Ok(Sight::Some { units, person: person.to_string() })
    }

    async fn filter(&self, who: &Caller, query: &ListQuery) -> Result<Filter, Refusal> {
        let sight = self.sight(who)?;
        let directory = self.directory();
        let stages: Vec<String> = given(query.stage.as_deref())
            .map(|s| s.split(',').map(|x| x.trim().to_owned()).collect())
            .unwrap_or_default();
        if let Some(bad) = stages.iter().find(|s| stage_title(s).is_empty()) {
            return Err(Refusal::invalid(
                "stage",
                format!("没有阶段 {bad}。"),
                format!("可用：{}", STAGES.iter().map(|s| s.0).collect::<Vec<_>>().join("、")),
            ));
        }
        let units = match given(query.unit.as_deref()) {
            None => Vec::new(),
            Some(unit) => {
                let unit = UnitCode::parse(unit)
                    .map_err(|e| Refusal::invalid("unit", e.to_string(), "请改正筛选条件。"))?;
                directory
                    .units
                    .keys()
                    .filter(|u| directory.within(u, &unit))
                    .map(ToString::to_string)
                    .chain(std::iter::once(unit.to_string()))
                    .collect::<std::collections::BTreeSet<_>>()
                    .into_iter()
                    .collect()
            }
        };
        let assignee = match given(query.assignee.as_deref()) {
            Some("me") => who.actor.person().map(ToString::to_string),
            other => other.map(str::to_owned),
        };
        let q = given(query.q.as_deref()).map(normalise);
        if q.as_ref().is_some_and(|q| q.chars().count() < 2) {
            return Err(Refusal::invalid("q", "搜索词太短。", "请输入两个字或更多。"));
        }
        if q.as_ref().is_some_and(|q| q.chars().count() > 100) {
            return Err(Refusal::invalid("q", "搜索词太长。", "请控制在 100 个字以内。"));
        }
        let secret = match given(query.person.as_deref()) {
            None => Vec::new(),
            Some(person) => {
                self.may(who, "search_particulars", None)?;
                self.record_access(who, "search_particulars", None, "按姓名电话查找").await?;
                let grams = self.inner.shared.keys().secret_bigrams(person);
                if grams.is_empty() {
                    return Err(Refusal::invalid("person", "姓名电话至少两个字。", "请输入两个字或更多。"));
                }
                grams
            }
        };
        let (bbox, cells) = match given(query.bbox.as_deref()) {
            None => (None, Vec::new()),
            Some(text) => {
                let bbox: Bbox = text.parse().map_err(|e: lianzhi_territory::cell::BboxError| {
                    Refusal::invalid("bbox", e.to_string(), "形如 121.0,31.0,121.2,31.2（西,南,东,北）。")
                })?;
                (
                    Some([bbox.min.lng_e6, bbox.min.lat_e6, bbox.max.lng_e6, bbox.max.lat_e6]),
                    lianzhi_territory::cell::cover(bbox, RANGES_MAX),
                )
            }
        };
        let updated_since = given(query.updated_since.as_deref())
            .map(|t| {
                t.parse::<Timestamp>().map_err(|_| {
                    Refusal::invalid(
                        "updated_since",
                        "时间格式不对。",
                        "请用 RFC 3339，如 2026-11-22T14:05:00+08:00。",
                    )
                })
            })
            .transpose()?
            .map(|t| t.as_microsecond());
        Ok(Filter {
            sight,
            kind: Some(given(query.kind.as_deref()).unwrap_or("report").to_owned()),
            stages,
            category: given(query.category.as_deref()).map(str::to_owned),
            units,
            assignee,
            source: given(query.source.as_deref()).map(str::to_owned),
            open: flag(query.open.as_deref(), "open")?,
            overdue: flag(query.overdue.as_deref(), "overdue")?,
            bbox,
            cells,
            q,
            secret,
            updated_since,
            reported_from: day(query.from.as_deref(), "from", 0)?,
            reported_to: day(query.to.as_deref(), "to", 1)?,
            now: self.now().as_microsecond(),
        })
    }

    /// A page of matters.
    ///
    /// # Errors
    /// A wrong filter, or no right to read.
    pub async fn list(
        &self,
        who: &Caller,
        query: &ListQuery,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Page, Refusal> {
        let filter = self.filter(who, query).await?;
        self.inner
            .store
            .queries
            .list(&filter, query.order()?, cursor, limit.clamp(1, PAGE_ROWS_MAX))
            .await
            .map_err(|e| match e {
                StoreError::Missing => Refusal::invalid("cursor", "翻页位置已失效。", "请回到第一页。"),
                e => unavailable(&e),
            })
    }

    /// How many match; none means more than a hundred thousand.
    ///
    /// # Errors
    /// A wrong filter, or no right to read.
    pub async fn count(&self, who: &Caller, query: &ListQuery) -> Result<Option<i64>, Refusal> {
        let filter = self.filter(who, query).await?;
        self.inner.store.queries.count(&filter, COUNT_MAX).await.map_err(|e| unavailable(&e))
    }

    /// Counts by something.
    ///
    /// # Errors
    /// A wrong filter, or no right to statistics.
    pub async fn counts(&self, who: &Caller, query: &ListQuery, by: CountBy) -> Result<Vec<Count>, Refusal> {
        self.may(who, "statistics", None)?;
        let filter = self.filter(who, query).await?;
        self.inner.store.queries.counts(&filter, by).await.map_err(|e| unavailable(&e))
    }

    /// Points of a map view, clustered when there are many.
    ///
    /// # Errors
    /// A wrong filter, or no right to read.
    pub async fn map(&self, who: &Caller, query: &ListQuery, zoom: u8) -> Result<Vec<Cluster>, Refusal> {
        let filter = self.filter(who, query).await?;
        let shift = lianzhi_territory::cell::cluster_shift(zoom);
        self.inner.store.queries.map(&filter, shift, MAP_POINTS_MAX).await.map_err(|e| unavailable(&e))
    }

    /// Everything that matches, as a stream, for exports. Recorded.
    ///
    /// # Errors
    /// A wrong filter, or no right to export.
    pub async fn export(
        &self,
        who: &Caller,
        query: &ListQuery,
    ) -> Result<BoxStream<'static, Result<MatterRow, StoreError>>, Refusal> {
        if !matches!(who.actor, Actor::System) {
            self.may(who, "export", None)?;
        }
        let filter = self.filter(who, query).await?;
        self.record_access(who, "export", None, &serde_json::to_string(query).unwrap_or_default()).await?;
        Ok(self.inner.store.queries.stream(filter))
    }

    /// The row of a matter that the caller may see.
    pub(crate) async fn row_for(&self, who: &Caller, id: DocketId) -> Result<MatterRow, Refusal> {
        let row = self
            .inner
            .store
            .journal
            .matters(&[id])
            .await
            .map_err(|e| unavailable(&e))?
            .pop()
            .ok_or_else(|| Refusal::missing("没有这个办件。"))?;
        if matches!(who.actor, Actor::System | Actor::Reporter) || self.may(who, "read", Some(&row)).is_ok() {
            return Ok(row);
        }
        // Assisting units and whoever registered it are known to the state only.
        let live =
            self.inner.shared.lives(&self.inner.store, &[id]).await.map_err(|e| unavailable(&e))?.remove(&id);
        if let Some(lianzhi_procedure::AnyState::Report(lianzhi_procedure::report::State::File(file))) =
            live.map(|l| l.state)
        {
            let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
            let matter = Matter {
                unit: file.unit.as_ref(),
                assisting: &file.assisting,
                assignee: file.officer(),
                registered_by: file.intake.by.as_ref(),
            };
            if policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), "read", &matter).is_ok()
            {
                return Ok(row);
            }
        }
        Err(Refusal::missing("没有这个办件。"))
    }

    /// A matter by its number, or by its number at another system.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn by_number(&self, who: &Caller, number: &str) -> Result<DocketId, Refusal> {
        let row = self.inner.store.queries.by_number(number.trim()).await.map_err(|e| unavailable(&e))?;
        let row = row.ok_or_else(|| {
            Refusal::missing(format!("没有编号为 {} 的办件。", number.chars().take(40).collect::<String>()))
        })?;
        self.row_for(who, row.id).await.map(|row| row.id)
    }

    /// Whom the caller's to-dos are addressed to.
    fn addressed(&self, who: &Caller, directory: &Directory) -> Vec<String> {
        let Some(person) = who.actor.person() else {
            return Vec::new();
        };
        let mut keys = vec![Waiter::Person(person.clone()).key()];
        let top = UnitCode::parse("node").ok();
        for role in who.actor.roles() {
            keys.extend(top.clone().map(|unit| Waiter::Role(role, unit).key()));
            if role == Role::SquadLeader {
                for post in who.actor.units_with(role) {
                    let below = directory.units.keys().filter(|u| directory.within(u, post));
                    keys.extend(below.map(|u| Waiter::Role(role, u.clone()).key()));
                }
            }
        }
        keys
    }

    /// Refuses an order of a hotline that is already being handled: a clerk who registers it again should go on there.
    ///
    /// # Errors
    /// When an open matter has this external number.
    pub async fn order_is_new(
        &self,
        who: &Caller,
        number: &str,
        form: Option<String>,
    ) -> Result<(), Refusal> {
        // The same form sent twice is answered as it was the first time.
        if self.was_sent(who, form).await? {
            return Ok(());
        }
        let found = self.inner.store.queries.by_number(number).await.map_err(|e| unavailable(&e))?;
        let Some(row) = found.filter(|row| row.open && row.external.as_deref() == Some(number)) else {
            return Ok(());
        };
        Err(Refusal::conflict(
            "order-known",
            format!("工单 {number} 已登记为 {}，正在办理。", row.number),
            "请在办件里按工单号查到它，用“补充材料”或“督办、催办、批示”续办；工单号输错了请改正。",
        ))
    }

    /// The caller's desk.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn desk(&self, who: &Caller) -> Result<Desk, Refusal> {
        let Actor::Person(person) = &who.actor else {
            return Err(Refusal::forbidden("sign-in", "工作台须登录。", "请先登录。"));
        };
        let directory = self.directory();
        let store = &self.inner.store;
        let found = store
            .queries
            .todos(&self.addressed(who, &directory), DESK_ROWS_MAX)
            .await
            .map_err(|e| unavailable(&e))?;
        let now = self.now();
        let waiting = found.into_iter().map(|(todo, row)| todo_item(todo, row, now)).collect();
        let mine = Filter {
            assignee: Some(person.code.to_string()),
            open: Some(true),
            now: now.as_microsecond(),
            ..filter_of_kind("report")
        };
        let mine = store
            .queries
            .list(&mine, Order::Newest, None, DESK_ROWS_MAX)
            .await
            .map_err(|e| unavailable(&e))?
            .rows;
        let awaited = mine
            .iter()
            .filter(|r| {
                matches!(r.stage.as_str(), "to_verify" | "to_close" | "joined" | "return_asked" | "suspended")
            })
            .cloned()
            .collect();
        let changed_since = self.look_at_desk(&person.code).await?;
        let changed = Filter {
            assignee: Some(person.code.to_string()),
            updated_since: Some(changed_since.as_microsecond()),
            ..filter_of_kind("report")
        };
        let mut changed = store
            .queries
            .list(&changed, Order::Newest, None, DESK_ROWS_MAX)
            .await
            .map_err(|e| unavailable(&e))?
            .rows;
        changed.sort_by_key(|r| std::cmp::Reverse(r.updated_at));
        let mut units: Vec<_> = person.posts.iter().map(|p| p.unit.clone()).collect();
        units.dedup();
        Ok(Desk { waiting, awaited, changed, changed_since, on_duty: self.duty().is_on(&person.code), units })
    }
}

fn todo_item(todo: TodoRow, row: MatterRow, now: Timestamp) -> TodoItem {
    let due = todo.due_at.and_then(|us| Timestamp::from_microsecond(us).ok());
    let (left, state) = time_left(due, now);
    TodoItem {
        id: row.id,
        number: row.number.clone(),
        title: row.title.clone(),
        what_title: todo_title(&todo.what),
        what: todo.what,
        due,
        left,
        state,
        row,
    }
}

/// Time left in words and as a state: late, near (less than an hour), fine.
#[must_use]
pub fn time_left(due: Option<Timestamp>, now: Timestamp) -> (String, &'static str) {
    let Some(due) = due else {
        return ("无期限".into(), "fine");
    };
    let us = due.as_microsecond() - now.as_microsecond();
    if us <= 0 {
        (format!("超 {}", lianzhi_law::duration_text(-us)), "late")
    } else {
        (format!("剩 {}", lianzhi_law::duration_text(us)), if us < 3_600_000_000 { "near" } else { "fine" })
    }
}
