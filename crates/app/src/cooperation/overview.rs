//! One view of cooperation: inbox and outbox by term and by member, flows, counts and punctuality for each pair.

use super::view::bare;
use crate::ports::{CountBy, Filter, MatterRow, Order, Tally};
use crate::read::{filter_of_kind, given};
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::cooperation::{INCOMING, OUTGOING, Stage, Turn, goes_to_several, turn_of};
use lianzhi_procedure::{Summary, directory::Directory};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Matters of one form that are counted at most.
const COUNTED_MAX: i64 = 10_000_000;
/// Rows of one form that are listed at most; the lists of each kind have the rest.
const ROWS_MAX: i64 = 2_000;
/// Rows of a page of them.
const PAGE: i64 = 200;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Opened by another member.
    Incoming,
    /// Opened here.
    Outgoing,
}

/// A shared matter in a list; one that goes to several members stands there once for each.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct CooperationRow {
    /// Docket here.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Form.
    pub form: Form,
    /// Which way.
    pub side: Side,
    /// The other member's node; in the digest of something that went to several, all of them.
    pub partner: String,
    /// One character of its province; none of several.
    pub province: &'static str,
    /// Its name.
    pub partner_name: String,
    /// What it is about.
    pub title: String,
    /// Stage's code.
    pub stage: String,
    /// Stage in words; of a bulletin how far this receiver got.
    pub stage_title: &'static str,
    /// Work is still to be done, or waited for.
    pub open: bool,
    /// A term has passed.
    pub overdue: bool,
    /// Next term.
    #[serde(serialize_with = "crate::micros::maybe::serialize")]
    #[schemars(with = "Option<jiff::Timestamp>")]
    pub due_at: Option<i64>,
    /// Its name.
    pub due_name: String,
    /// When it began here.
    #[serde(serialize_with = "crate::micros::serialize")]
    #[schemars(with = "jiff::Timestamp")]
    pub at: i64,
    /// Who has it here.
    pub assignee: Option<String>,
    /// It was not sent yet, and for what it waits.
    pub draft: Option<&'static str>,
    /// Who has to do something now; none once it has ended.
    pub awaits: Option<WaitsFor>,
}

/// Who has to do something in a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// This member; also when all parties are to act.
    Us,
    /// The other member.
    Them,
    /// A superior of both.
    Superior,
}

impl WaitsFor {
    fn of(form: Form, stage: Option<Stage>, side: Side) -> Option<WaitsFor> {
        Some(match (turn_of(form, stage?)?, side) {
            (Turn::Office | Turn::Parties, _) => WaitsFor::Us,
            (Turn::Opener, Side::Outgoing) | (Turn::Receivers, Side::Incoming) => WaitsFor::Us,
            (Turn::Opener, Side::Incoming) | (Turn::Receivers, Side::Outgoing) => WaitsFor::Them,
            (Turn::Superior, _) => WaitsFor::Superior,
        })
    }
}

/// Figures of a pair: this node and another member.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct PairFigures {
    /// The other member's node.
    pub node: String,
    /// One character of its province.
    pub province: &'static str,
    /// Its name.
    pub name: String,
    /// Came from it.
    pub incoming: u32,
    /// Went to it.
    pub outgoing: u32,
    /// Of both, still open.
    pub open: u32,
    /// Of what came from it, ended or answered without a term passed here.
    pub we_in_time: u32,
    /// Of what came from it, late here.
    pub we_late: u32,
    /// Of what went to it, late there.
    pub they_late: u32,
    /// Of what went to it, ended in time.
    pub they_in_time: u32,
}

/// How many matters of a form went which way between two members.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Flow {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Form.
    pub form: Form,
    /// How many.
    pub n: u32,
}

/// What somebody asks to see of the lists; the same names in the address of the page and in the API. Figures and flows
/// are of everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct CooperationQuery {
    /// `incoming` or `outgoing`.
    pub side: Option<String>,
    /// Form, e.g. `lead`.
    pub form: Option<String>,
    /// `us`: this member has to do something; `them`: the other.
    pub awaits: Option<String>,
    /// The other member, by its node.
    pub member: Option<String>,
    /// `now`: open and past its running term; `ever`: a term has passed at some time; `never`: none has.
    pub late: Option<String>,
    /// `true` (also when not given), `false`, or `any`.
    pub open: Option<String>,
}

/// Counts of what went one way between this node and another.
struct Figures {
    n: u32,
    open: u32,
    late: u32,
    /// A term has passed at some time.
    ever: u32,
    /// Ended, and none has.
    in_time: u32,
}

impl Figures {
    /// Of one line.
    fn of(row: &CooperationRow, now: i64) -> Figures {
        let ever = row.overdue || row.late(now);
        Figures {
            n: 1,
            open: row.open.into(),
            late: row.late(now).into(),
            ever: ever.into(),
            in_time: (!row.open && !ever).into(),
        }
    }
}

/// Figures of all pairs, as they are added up.
#[derive(Default)]
struct Sums {
    pairs: BTreeMap<NodeCode, PairFigures>,
    flows: BTreeMap<(String, String, Form), u32>,
    late: u32,
}

impl Sums {
    fn add(&mut self, own: &NodeCode, form: Form, side: Side, partner: &NodeCode, of: &Figures) {
        let pair = self.pairs.entry(partner.clone()).or_default();
        let (us, them) = (own.to_string(), partner.to_string());
        let way = match side {
            Side::Incoming => {
                pair.incoming += of.n;
                pair.we_late += of.ever;
                pair.we_in_time += of.in_time;
                (them, us, form)
            }
            Side::Outgoing => {
                pair.outgoing += of.n;
                pair.they_late += of.ever;
                pair.they_in_time += of.in_time;
                (us, them, form)
            }
        };
        pair.open += of.open;
        *self.flows.entry(way).or_default() += of.n;
        self.late += of.late;
    }
}

/// Stages of what was sent: what never left is nobody's figure.
fn sent_stages() -> Vec<String> {
    let sent = Stage::ALL.iter().filter(|stage| !matches!(stage, Stage::Drafting | Stage::Discarded));
    sent.map(|stage| stage.code().to_owned()).collect()
}

impl CooperationQuery {
    /// Whether only open ones, only ended ones or both are asked for.
    fn only_open(&self) -> Option<bool> {
        match given(self.open.as_deref()) {
            Some("false") => Some(false),
            Some("any") => None,
            _ => Some(true),
        }
    }

    /// The rows that are asked for.
    fn filter(&self, now: i64) -> Result<impl Fn(&CooperationRow) -> bool, Refusal> {
        let no = |field, help: &str| Refusal::invalid(field, "筛选条件无法识别。", format!("可用：{help}。"));
        let side = match given(self.side.as_deref()) {
            None => None,
            Some("incoming") => Some(Side::Incoming),
            Some("outgoing") => Some(Side::Outgoing),
            Some(_) => return Err(no("side", "incoming、outgoing")),
        };
        let form = match given(self.form.as_deref()) {
            None => None,
            Some(code) => {
                Some(Form::from_code(code).ok_or_else(|| no("form", &Form::ALL.map(Form::code).join("、")))?)
            }
        };
        let late = match given(self.late.as_deref()) {
            late @ (None | Some("now" | "ever" | "never")) => late.map(str::to_owned),
            Some(_) => return Err(no("late", "now、ever、never")),
        };
        let open = match given(self.open.as_deref()) {
            None | Some("true") => Some(true),
            Some("false") => Some(false),
            Some("any") => None,
            Some(_) => return Err(no("open", "true、false、any")),
        };
        let awaits = match given(self.awaits.as_deref()) {
            None => None,
            Some("us") => Some(WaitsFor::Us),
            Some("them") => Some(WaitsFor::Them),
            Some(_) => return Err(no("awaits", "us、them")),
        };
        let member = given(self.member.as_deref()).map(str::to_owned);
        Ok(move |row: &CooperationRow| {
            side.is_none_or(|s| s == row.side)
                && form.is_none_or(|f| f == row.form)
                && awaits.is_none_or(|a| Some(a) == row.awaits)
                && member.as_ref().is_none_or(|m| *m == row.partner)
                && open.is_none_or(|o| o == row.open)
                && match late.as_deref() {
                    Some("now") => row.late(now),
                    Some("ever") => row.overdue || row.late(now),
                    Some(_) => !row.overdue && !row.late(now),
                    None => true,
                }
        })
    }
}

impl CooperationRow {
    /// Open and past its running term.
    #[must_use]
    pub fn late(&self, now: i64) -> bool {
        self.open && self.due_at.is_some_and(|due| due <= now)
    }
}

/// The overview.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct Overview {
    /// What other members opened, soonest term first; whose turn it is says each row.
    pub inbox: Vec<CooperationRow>,
    /// What was opened here, soonest term first.
    pub outbox: Vec<CooperationRow>,
    /// Ended ones, newest first, when they are asked for.
    pub ended: Vec<CooperationRow>,
    /// Figures for each member.
    pub pairs: Vec<PairFigures>,
    /// Flows.
    pub flows: Vec<Flow>,
    /// Open matters whose term has passed.
    pub late: u32,
    /// The lists hold all that was asked for; else the newest of each form. Figures and flows are always of everything.
    pub complete: bool,
}

impl App {
    /// The overview of cooperation, with all that is open.
    ///
    /// # Errors
    /// When the caller may not see it.
    pub async fn cooperation(&self, who: &Caller) -> Result<Overview, Refusal> {
        self.cooperation_of(who, &CooperationQuery::default()).await
    }

    /// The same with the lists narrowed; figures and flows are of everything.
    ///
    /// # Errors
    /// When the caller may not see it, or for a filter that there is not.
    pub async fn cooperation_of(&self, who: &Caller, query: &CooperationQuery) -> Result<Overview, Refusal> {
        self.may(who, "cooperation", None)?;
        let sight = self.sight_of_files(who)?;
        let directory = self.directory();
        let now = self.now().as_microsecond();
        let asked = query.filter(now)?;
        let mut overview = Overview { complete: true, ..Overview::default() };
        let mut sums = Sums::default();
        if let Some(roster) = &directory.roster {
            for other in roster.epoch.members.iter().filter(|m| m.node != directory.node) {
                sums.pairs.insert(other.node.clone(), PairFigures::default());
            }
        }
        for form in Form::ALL {
            let filter =
                Filter { sight: sight.clone(), now, stages: sent_stages(), ..filter_of_kind(form.code()) };
            let several = goes_to_several(form);
            let mut lines = Vec::new();
            for (side, partners, tally) in self.tally_of(&filter).await? {
                if several && side == Side::Outgoing {
                    // Each receiver counts for itself: all that was sent is read for it.
                    let source = Some(way_to(OUTGOING, &partners));
                    let (rows, _) = self.newest(&Filter { source, ..filter.clone() }, COUNTED_MAX).await?;
                    lines.extend(self.each_receiver(rows, form).await?);
                } else if let [partner] = &partners[..] {
                    sums.add(&directory.node, form, side, partner, &tally);
                }
            }
            for (partner, line) in &lines {
                sums.add(&directory.node, form, line.side, partner, &Figures::of(line, now));
            }
            let mut lines: Vec<CooperationRow> = lines.into_iter().map(|(_, line)| line).collect();
            // Ended ones are read only when they are asked for.
            let open = query.only_open();
            let (rows, whole) = self.newest(&Filter { open, ..filter.clone() }, ROWS_MAX).await?;
            overview.complete &= whole;
            for row in rows {
                let Some((side, partners)) = partners_of(&row) else { continue };
                if !several || side == Side::Incoming {
                    lines.push(shown(row, form, side, &partners, &directory));
                }
            }
            // What is still to be signed is nobody's figure, and stands in the outbox as a draft.
            if open != Some(false) {
                let stages = vec![Stage::Drafting.code().to_owned()];
                let (drafted, whole) =
                    self.newest(&Filter { stages, open: None, ..filter }, ROWS_MAX).await?;
                overview.complete &= whole;
                lines.extend(self.each_receiver(drafted, form).await?.into_iter().map(|(_, line)| line));
            }
            for row in lines.into_iter().filter(&asked) {
                match row.side {
                    _ if !row.open => overview.ended.push(row),
                    Side::Incoming => overview.inbox.push(row),
                    Side::Outgoing => overview.outbox.push(row),
                }
            }
        }
        let by_term = |row: &CooperationRow| (row.due_at.unwrap_or(i64::MAX), row.at);
        overview.inbox.sort_by_key(by_term);
        overview.outbox.sort_by_key(by_term);
        overview.ended.sort_by_key(|row| std::cmp::Reverse(row.at));
        overview.late = sums.late;
        overview.flows =
            sums.flows.into_iter().map(|((from, to, form), n)| Flow { from, to, form, n }).collect();
        overview.pairs = sums
            .pairs
            .into_iter()
            .map(|(node, figures)| PairFigures {
                province: node.province().map_or("", |p| p.short()),
                name: bare(&directory, &node),
                node: node.to_string(),
                ..figures
            })
            .collect();
        Ok(overview)
    }

    /// How many matters of a filter went which way between this node and others.
    async fn tally_of(&self, filter: &Filter) -> Result<Vec<(Side, Vec<NodeCode>, Figures)>, Refusal> {
        let queries = &self.inner.store.queries;
        let of = async |filter: &Filter| {
            let tally =
                queries.tally(filter, CountBy::Source, COUNTED_MAX).await.map_err(|e| unavailable(&e))?;
            tally.ok_or_else(|| Refusal::busy("协作件太多，统计不出来。", "请用清单和筛选查看。"))
        };
        let ended = Filter { open: Some(false), ..filter.clone() };
        let (all, ended) = tokio::try_join!(of(filter), of(&ended))?;
        let n = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let in_time = |key: &str| {
            let ended = ended.iter().find(|tally| tally.key == key);
            n(ended.map_or(0, |tally| tally.n - tally.ever))
        };
        let figures = |tally: &Tally| {
            let (side, partners) = way_of(&tally.key)?;
            let figures = Figures {
                n: n(tally.n),
                open: n(tally.open),
                late: n(tally.late),
                ever: n(tally.ever),
                in_time: in_time(&tally.key),
            };
            Some((side, partners, figures))
        };
        Ok(all.iter().filter_map(figures).collect())
    }

    /// The newest rows of a filter, about so many, and whether that is all of them.
    async fn newest(&self, filter: &Filter, most: i64) -> Result<(Vec<MatterRow>, bool), Refusal> {
        let mut rows = Vec::new();
        let mut cursor = None;
        loop {
            let page = self
                .inner
                .store
                .queries
                .list(filter, Order::Newest, cursor.as_deref(), PAGE)
                .await
                .map_err(|e| unavailable(&e))?;
            rows.extend(page.rows);
            cursor = page.next;
            if cursor.is_none() {
                return Ok((rows, true));
            }
            if i64::try_from(rows.len()).unwrap_or(i64::MAX) >= most {
                return Ok((rows, false));
            }
        }
    }
}

/// Where a matter came from, as its row has it: `incoming:320509`, or `outgoing:320509,330421` of what went to several.
pub(crate) fn source_of(summary: &Summary) -> String {
    match &summary.partners[..] {
        [] => summary.source.to_owned(),
        partners => way_to(summary.source, partners),
    }
}

fn way_to(side: &str, partners: &[NodeCode]) -> String {
    let codes: Vec<&str> = partners.iter().map(NodeCode::as_str).collect();
    format!("{side}:{}", codes.join(","))
}

/// Which way a row went, and with whom; none for a matter of this node alone.
#[must_use]
pub fn partners_of(row: &MatterRow) -> Option<(Side, Vec<NodeCode>)> {
    way_of(&row.source)
}

/// The same of a source by itself.
fn way_of(source: &str) -> Option<(Side, Vec<NodeCode>)> {
    let (side, nodes) = source.split_once(':')?;
    let side = match side {
        INCOMING => Side::Incoming,
        OUTGOING => Side::Outgoing,
        _ => return None,
    };
    let nodes: Result<Vec<_>, _> = nodes.split(',').map(NodeCode::parse).collect();
    Some((side, nodes.ok()?))
}

pub(super) fn shown(
    row: MatterRow,
    form: Form,
    side: Side,
    partners: &[NodeCode],
    directory: &Directory,
) -> CooperationRow {
    let assignee = row.assignee.as_deref().and_then(|a| lianzhi_ids::PersonCode::parse(a).ok());
    let stage = Stage::from_code(&row.stage);
    CooperationRow {
        id: row.id.0,
        awaits: WaitsFor::of(form, stage, side).filter(|_| row.open),
        form,
        side,
        partner: partners.iter().map(NodeCode::as_str).collect::<Vec<_>>().join(","),
        province: match partners {
            [partner] => partner.province().map_or("", |p| p.short()),
            _ => "",
        },
        partner_name: partners.iter().map(|node| bare(directory, node)).collect::<Vec<_>>().join("、"),
        title: row.title,
        stage_title: stage.map_or("", Stage::title),
        stage: row.stage,
        open: row.open,
        overdue: row.overdue,
        due_at: row.due_at,
        due_name: row.due_name,
        at: row.reported_at,
        assignee: assignee.map(|a| directory.person_name(&a).to_owned()),
        draft: None,
        number: row.number,
    }
}
