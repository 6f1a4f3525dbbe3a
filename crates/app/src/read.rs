//! Reading: lists, counts, the map, the desk. The policy says what a reader may see; storage turns it into a query.

use crate::figures::NONE;
use crate::ports::{
    Cluster, Count, CountBy, Filter, MatterRow, Order, Outcome, Overdue, Page, Sight, StoreError, Tally,
};
use crate::project::tagged;
use crate::search::normalise;
use crate::shared::unavailable;
use crate::words::stage_title;
use crate::{App, Caller};
use futures::stream::BoxStream;
use jiff::Timestamp;
use lianzhi_ids::{DocketId, NodeCode, PersonCode, Role, UnitCode};
use lianzhi_procedure::cooperation::OUTGOING;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::Case;
use lianzhi_procedure::policy::{self, Consulted, Matter};
use lianzhi_procedure::report::{self, STAGES};
use lianzhi_procedure::{Actor, AnyState, Facts, Kind, LookUps, NoLoads, Refusal, Tag, Waiter};
use lianzhi_territory::cell::Bbox;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What reading this matter is, in the policy.
pub(crate) fn reading_of(row: &MatterRow) -> &'static str {
    Kind::from_code(&row.kind).map_or("read", policy::reading)
}

/// Rows of a page at most.
pub const PAGE_ROWS_MAX: i64 = 200;
/// Counting stops here: "more than" is enough beyond.
pub(crate) const COUNT_MAX: i64 = 100_000;
/// Points sent to a map at once.
const MAP_POINTS_MAX: i64 = 500;
/// Cell ranges of one map view.
pub(crate) const RANGES_MAX: usize = 12;

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
        ids: Vec::new(),
        bbox: None,
        cells: Vec::new(),
        placed: None,
        q: None,
        secret: Vec::new(),
        updated_since: None,
        reported_from: None,
        reported_to: None,
        outcome: Outcome::default(),
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
    /// Category or prefix of it; `none`: not yet classified.
    pub category: Option<String>,
    /// Unit; the units below it are included. `none`: no unit yet.
    pub unit: Option<String>,
    /// `false`: the unit alone, without those below it.
    pub below: Option<String>,
    /// Named officer; `me` is the reader.
    pub assignee: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// `true` or `false`; `any` as when not given.
    pub open: Option<String>,
    /// `now`: open and past its running term; `true`: a term has passed at some time; `false`: none has.
    pub overdue: Option<String>,
    /// West, south, east, north in degrees.
    pub bbox: Option<String>,
    /// `true`: has a place on the map; `false`: has none yet.
    pub placed: Option<String>,
    /// Substring of title, text, address, number, plate; two characters or more.
    pub q: Option<String>,
    /// Name or telephone of the reporter, for those entitled; recorded.
    pub person: Option<String>,
    /// Changed since (RFC 3339).
    pub updated_since: Option<String>,
    /// Reported from this day on, or this minute (`2026-11-22T08:00`); Beijing.
    pub from: Option<String>,
    /// Reported up to and including this day, or before this minute; Beijing.
    pub to: Option<String>,
    /// Ended from this day on (Beijing).
    pub closed_from: Option<String>,
    /// Ended up to and including this day (Beijing).
    pub closed_to: Option<String>,
    /// `true`: none of its terms ever passed; `false`: one did.
    pub in_time: Option<String>,
    /// `true`: handled more than once.
    pub rework: Option<String>,
    /// Ratings 1 to 5, separated by commas; `none` is not rated.
    pub rating: Option<String>,
    /// `newest` (default), `oldest`, `due` (open ones, by their running term).
    pub order: Option<String>,
}

pub(crate) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

pub(crate) fn flag(text: Option<&str>, field: &'static str) -> Result<Option<bool>, Refusal> {
    match given(text) {
        None | Some("any") => Ok(None),
        Some("true" | "1" | "on") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(_) => Err(Refusal::invalid(field, "应为 true 或 false。", "请改正筛选条件。")),
    }
}

pub(crate) fn day(text: Option<&str>, field: &'static str, plus: i64) -> Result<Option<i64>, Refusal> {
    let Some(text) = given(text) else { return Ok(None) };
    let bad = || {
        Refusal::invalid(
            field,
            format!("“{}”不是日期。", text.chars().take(20).collect::<String>()),
            "请写成 2026-11-22。",
        )
    };
    // A moment of a day (`2026-11-22T08:00`) is taken as it is: from it on, or up to it and without it.
    let moment = match text.contains('T') {
        true => text.parse::<jiff::civil::DateTime>().map_err(|_| bad())?,
        false => {
            let date: jiff::civil::Date = text.parse().map_err(|_| bad())?;
            date.checked_add(jiff::Span::new().days(plus)).map_err(|_| bad())?.into()
        }
    };
    let at = moment.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).map_err(|_| bad())?;
    Ok(Some(at.timestamp().as_microsecond()))
}

/// What `unit` says for matters that have none yet.
pub const NO_UNIT: &str = NONE;
/// The same in views and addresses that were kept earlier.
pub(crate) const NO_UNIT_BEFORE: &str = "~";

fn overdue(text: Option<&str>) -> Result<Option<Overdue>, Refusal> {
    match given(text) {
        None => Ok(None),
        Some("now") => Ok(Some(Overdue::Now)),
        Some("true" | "1" | "on") => Ok(Some(Overdue::Ever)),
        Some("false" | "0") => Ok(Some(Overdue::Never)),
        Some(_) => {
            Err(Refusal::invalid("overdue", "应为 now、true 或 false。", "now 是现在超期，true 是曾经超期。"))
        }
    }
}

impl ListQuery {
    pub(crate) fn order(&self) -> Result<Order, Refusal> {
        match given(self.order.as_deref()) {
            None | Some("newest") => Ok(Order::Newest),
            Some("oldest") => Ok(Order::Oldest),
            Some("due") => Ok(Order::Due),
            Some(_) => Err(Refusal::invalid("order", "没有这种排序。", "可用 newest、oldest、due。")),
        }
    }
}

/// There is none, or it is not for this reader: nobody learns which. The rule behind it is said all the same.
fn out_of_sight() -> Refusal {
    Refusal::missing("没有这个办件。")
        .from_source("权限规则：查阅本单位和经手的件；行政处罚法第四十二条：案件由指定的两名执法人员办理")
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

    /// Asks the policy about an action in a unit.
    ///
    /// # Errors
    /// The policy's refusal.
    pub fn may_in(&self, who: &Caller, action: &str, unit: &UnitCode) -> Result<(), Refusal> {
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let matter = Matter { unit: Some(unit), ..Matter::default() };
        policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), action, &matter).map(|_| ())
    }

    /// Which matters a reader may see, from the policy's lines for `read`.
    pub(crate) fn sight(&self, who: &Caller) -> Result<Sight, Refusal> {
        self.sight_of(who, "read")
    }

    /// What of the files of cases and of working together a reader may see.
    pub(crate) fn sight_of_files(&self, who: &Caller) -> Result<Sight, Refusal> {
        self.sight_of(who, "read_file")
    }

    fn sight_of(&self, who: &Caller, action: &'static str) -> Result<Sight, Refusal> {
        if !who.has_scope("read") {
            return Err(Refusal::forbidden("scope", "这个令牌不能查阅。", "请用含 read 权限的令牌。"));
        }
        if matches!(who.actor, Actor::System) || self.may(who, action, None).is_ok() {
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
        for rule in policy::TABLE.iter().filter(|r| r.action == action && r.reach == policy::Reach::Unit) {
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

    /// The units whose matters a reader may see, as far as that goes by units; none means all.
    ///
    /// # Errors
    /// No right to read.
    pub fn seen_units(&self, who: &Caller) -> Result<Option<Vec<UnitCode>>, Refusal> {
        Ok(match self.sight(who)? {
            Sight::All => None,
            Sight::Some { units, .. } => Some(units.iter().filter_map(|u| UnitCode::parse(u).ok()).collect()),
        })
    }

    pub(crate) async fn filter(&self, who: &Caller, query: &ListQuery) -> Result<Filter, Refusal> {
        let kind = given(query.kind.as_deref()).and_then(Kind::from_code).unwrap_or(Kind::Report);
        let sight = self.sight_of(who, policy::reading(kind))?;
        let directory = self.directory();
        // By term come open matters only, so that counts, sums and exports are of what the list shows.
        let open = match (flag(query.open.as_deref(), "open")?, query.order()?) {
            (Some(false), Order::Due) => {
                return Err(Refusal::invalid(
                    "order",
                    "已办结的件没有先后到期。",
                    "请改为“最新在前”，或只看在办的件。",
                ));
            }
            (_, Order::Due) => Some(true),
            (open, _) => open,
        };
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
            None | Some(NO_UNIT | NO_UNIT_BEFORE) => Vec::new(),
            Some(unit) => {
                let unit = UnitCode::parse(unit)
                    .map_err(|e| Refusal::invalid("unit", e.to_string(), "请改正筛选条件。"))?;
                let below = flag(query.below.as_deref(), "below")?.unwrap_or(true);
                directory
                    .units
                    .keys()
                    .filter(|u| below && directory.within(u, &unit))
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
        let mut secret = match given(query.person.as_deref()) {
            None => Vec::new(),
            Some(person) => {
                self.may(who, "search_particulars", None)?;
                let grams = self.inner.shared.keys().secret_bigrams(person);
                if grams.is_empty() {
                    return Err(Refusal::invalid("person", "姓名电话至少两个字。", "请输入两个字或更多。"));
                }
                self.record_search(who, &grams).await?;
                grams
            }
        };
        // What goes to several members is found by each of them.
        let source = given(query.source.as_deref());
        let sent_to = source.and_then(|s| s.strip_prefix(OUTGOING)?.strip_prefix(':'));
        let sent_to = sent_to.and_then(|node| NodeCode::parse(node).ok());
        secret.extend(sent_to.iter().map(|n| tagged(self.inner.shared.keys(), &Tag::SentTo(n.clone()))));
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
            category: given(query.category.as_deref()).filter(|c| *c != NONE).map(str::to_owned),
            units,
            assignee,
            source: source.filter(|_| sent_to.is_none()).map(str::to_owned),
            open,
            overdue: overdue(query.overdue.as_deref())?,
            ids: Vec::new(),
            bbox,
            cells,
            placed: flag(query.placed.as_deref(), "placed")?,
            q,
            secret,
            updated_since,
            reported_from: day(query.from.as_deref(), "from", 0)?,
            reported_to: day(query.to.as_deref(), "to", 1)?,
            outcome: crate::outcome::outcome(query)?,
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
        if self.inner.many.knows(&filter) {
            return Ok(None);
        }
        let counted = self.inner.store.queries.count(&filter, COUNT_MAX).await;
        Ok(self.inner.many.learn(&filter, counted.map_err(|e| unavailable(&e))?))
    }

    /// How many match, by stage or something else, and how many of them are open and late; none when more than a
    /// hundred thousand match.
    ///
    /// # Errors
    /// A wrong filter, or no right to read.
    pub async fn tally(
        &self,
        who: &Caller,
        query: &ListQuery,
        by: CountBy,
    ) -> Result<Option<Vec<Tally>>, Refusal> {
        let filter = self.filter(who, query).await?;
        if self.inner.many.knows(&filter) {
            return Ok(None);
        }
        let counted = self.inner.store.queries.tally(&filter, by, COUNT_MAX).await;
        Ok(self.inner.many.learn(&filter, counted.map_err(|e| unavailable(&e))?))
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

    /// Everything that matches, in the order asked for, as a stream, for exports. Recorded.
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
        self.record_access(who, "export", None, &query.words(&self.directory())).await?;
        Ok(self.inner.store.queries.stream_by(filter, query.order()?))
    }

    /// Whether the policy lets somebody read a matter because his opinion on it is asked for.
    fn is_asked(&self, who: &Caller, asked: &[Consulted]) -> bool {
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let matter = Matter { asked, ..Matter::default() };
        policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), "read_file", &matter).is_ok()
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
            .ok_or_else(out_of_sight)?;
        if matches!(who.actor, Actor::System | Actor::Reporter)
            || self.may(who, reading_of(&row), Some(&row)).is_ok()
        {
            return Ok(row);
        }
        // Assisting units, whoever registered it and whose opinion is asked for are known to the state only.
        let live =
            self.inner.shared.lives(&self.inner.store, &[id]).await.map_err(|e| unavailable(&e))?.remove(&id);
        match live.map(|live| live.state) {
            Some(AnyState::Report(report::State::File(file)))
                if self.permit_file(who, "read", &file).is_ok() =>
            {
                Ok(row)
            }
            Some(AnyState::Penalty(state)) => {
                if !self.is_asked(who, &state.case().map(Case::asked).unwrap_or_default()) {
                    let citizen =
                        who.actor.person().filter(|_| who.actor.has(Role::Panelist)).zip(state.case());
                    let why = citizen.and_then(|(person, case)| case.not_on_panel(person));
                    return Err(why.unwrap_or_else(out_of_sight));
                }
                self.record_asked(who, id).await?;
                Ok(row)
            }
            _ => Err(out_of_sight()),
        }
    }

    /// A matter by its number, or by its number at another system.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn by_number(&self, who: &Caller, number: &str) -> Result<DocketId, Refusal> {
        let directory = self.directory();
        let mut row = None;
        for meant in crate::numbers::meant(number, &directory.settings.number_prefix, self.now()) {
            row = self.inner.store.queries.by_number(&meant).await.map_err(|e| unavailable(&e))?;
            if row.is_some() {
                break;
            }
        }
        let row = row.ok_or_else(|| {
            Refusal::missing(format!("没有编号为 {} 的办件。", number.chars().take(40).collect::<String>()))
        })?;
        self.row_for(who, row.id).await.map(|row| row.id)
    }

    /// Whom the caller's to-dos are addressed to.
    pub(crate) fn addressed(&self, who: &Caller, directory: &Directory) -> Vec<String> {
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
}
