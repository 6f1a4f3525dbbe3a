//! The register of things: lists by state, unit, shelf and term; one thing with its chain of custody.

use crate::penalty::case_of;
use crate::ports::{MatterRow, ThingFilter, ThingRow};
use crate::read::given;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, PersonCode, UnitCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::{Custody, ThingKind, ThingState, yuan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Things on one page.
const ROWS: i64 = 100;

/// What somebody asks of the register; the same names in the address of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GoodsQuery {
    /// `kept` (also when not given), `any`, or one of `stored`, `out`, `returned`, `handed_over`, `sold`, `destroyed`, `surrendered`.
    pub state: Option<String>,
    /// Unit of the case, with those below it.
    pub unit: Option<String>,
    /// What it is, e.g. `vehicle`.
    pub kind: Option<String>,
    /// The shelf's name begins so.
    pub shelf: Option<String>,
    /// `release`: to be given back; `late`: its term has passed.
    pub due: Option<String>,
    /// Things to pass over.
    pub skip: Option<u32>,
}

/// A thing in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThingItem {
    /// Docket of its case.
    pub id: i64,
    /// Its number in the case.
    pub thing: i64,
    /// Its number: that of the case with its own.
    pub number: String,
    /// What it is.
    pub kind: &'static str,
    /// Name, quantity, marks.
    pub name: String,
    /// State's code.
    pub state: String,
    /// State in words.
    pub state_title: &'static str,
    /// Shelf.
    pub shelf: String,
    /// Unit of the case.
    pub unit: String,
    /// It rots.
    pub perishable: bool,
    /// It ought to have been given back.
    pub release: bool,
    /// When it last moved, micros.
    pub since: i64,
    /// The next term, micros.
    pub due_at: Option<i64>,
    /// Its name.
    pub due_name: String,
    /// The term has passed.
    pub late: bool,
}

/// A page of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GoodsPage {
    /// Things: those to be given back first, then by term.
    pub things: Vec<ThingItem>,
    /// There are more.
    pub more: bool,
    /// How many there are by state: code, words, number.
    pub counts: Vec<(String, &'static str, i64)>,
}

/// A link of the chain of custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkView {
    /// What happened.
    pub title: String,
    /// Particulars in words.
    pub detail: Vec<String>,
    /// What was said.
    pub note: String,
    /// Files: whether one is a picture, and its digest.
    pub exhibits: Vec<(bool, Digest)>,
    /// Who.
    pub by: String,
    /// The second person.
    pub with: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A thing with its chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThingView {
    /// As in the register.
    pub item: ThingItem,
    /// How it came.
    pub from: &'static str,
    /// What the law says of it: its measure and what became of that.
    pub measure: Option<String>,
    /// Number of the case.
    pub case: String,
    /// What the case is about.
    pub title: String,
    /// From the first to the last.
    pub chain: Vec<LinkView>,
}

impl App {
    /// The register of things.
    ///
    /// # Errors
    /// A filter that is none, or no right.
    pub async fn goods(&self, who: &Caller, query: &GoodsQuery) -> Result<GoodsPage, Refusal> {
        let filter = self.thing_filter(who, query)?;
        let skip = i64::from(query.skip.unwrap_or(0));
        let books = &self.inner.store.books;
        let mut rows = books.things(&filter, skip, ROWS + 1).await.map_err(|e| unavailable(&e))?;
        let limit = usize::try_from(ROWS).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let all = ThingFilter { states: Vec::new(), ..filter };
        let counts = books.thing_counts(&all).await.map_err(|e| unavailable(&e))?;
        let title = |code: &str| ThingState::from_code(code).map_or("", ThingState::title);
        let counts = counts.into_iter().map(|(code, n)| (code.clone(), title(&code), n)).collect();
        let texts = self.opened(rows.iter().map(|(thing, _)| thing.name).collect()).await?;
        let things = rows.iter().map(|(thing, matter)| {
            let name = texts.get(&thing.name).cloned();
            self.thing_item(thing, matter, name)
        });
        Ok(GoodsPage { things: things.collect(), more, counts })
    }

    fn thing_item(&self, thing: &ThingRow, matter: &MatterRow, name: Option<String>) -> ThingItem {
        let unit = matter.unit.as_deref().and_then(|u| UnitCode::parse(u).ok());
        ThingItem {
            id: thing.docket.0,
            thing: thing.id,
            number: format!("{}-物{}", matter.number, thing.id),
            kind: ThingKind::from_code(&thing.kind).map_or("", ThingKind::title),
            name: name.unwrap_or_else(|| "（已删除）".into()),
            state: thing.state.clone(),
            state_title: ThingState::from_code(&thing.state).map_or("", ThingState::title),
            shelf: thing.shelf.clone(),
            unit: unit.map(|u| self.directory().unit_name(&u).to_owned()).unwrap_or_default(),
            perishable: thing.perishable,
            release: thing.release,
            since: thing.since,
            due_at: thing.due_at,
            due_name: thing.due_name.clone(),
            late: thing.due_at.is_some_and(|due| due <= self.now().as_microsecond()),
        }
    }

    fn thing_filter(&self, who: &Caller, query: &GoodsQuery) -> Result<ThingFilter, Refusal> {
        let units = self.units_shown(who, "goods", given(query.unit.as_deref()))?;
        let code = |s: ThingState| s.code().to_owned();
        let states = match given(query.state.as_deref()) {
            None | Some("kept") => ThingState::ALL.iter().copied().filter(|s| s.kept()).map(code).collect(),
            Some("any") => Vec::new(),
            Some(one) => match ThingState::from_code(one) {
                Some(state) => vec![code(state)],
                None => return Err(Refusal::invalid("state", "没有这个状态。", "请从状态中选择。")),
            },
        };
        let kind = given(query.kind.as_deref());
        if kind.is_some_and(|k| ThingKind::from_code(k).is_none()) {
            return Err(Refusal::invalid("kind", "没有这个种类。", "请从种类中选择。"));
        }
        let (release, late) = match given(query.due.as_deref()) {
            None => (false, false),
            Some("release") => (true, false),
            Some("late") => (false, true),
            Some(_) => return Err(Refusal::invalid("due", "没有这个期限条件。", "可用：release、late。")),
        };
        Ok(ThingFilter {
            states,
            units,
            kind: kind.map(str::to_owned),
            shelf: given(query.shelf.as_deref()).map(|s| s.chars().take(100).collect()),
            release,
            due_before: late.then(|| self.now().as_microsecond()),
            docket: None,
        })
    }

    /// Whether somebody sees the register of things at all.
    ///
    /// # Errors
    /// The policy's refusal.
    pub fn may_see_goods(&self, who: &Caller) -> Result<(), Refusal> {
        self.units_seen(who, "goods").map(|_| ())
    }

    /// Things that lie on the shelves of a unit.
    pub(super) async fn on_shelves(
        &self,
        unit: &UnitCode,
        shelf: &str,
        limit: i64,
    ) -> Result<Vec<(ThingRow, MatterRow)>, Refusal> {
        let directory = self.directory();
        let units = directory.units.keys().filter(|u| directory.within(u, unit));
        let filter = ThingFilter {
            states: [ThingState::Stored, ThingState::Out].map(|s| s.code().to_owned()).to_vec(),
            units: units.map(ToString::to_string).collect(),
            shelf: (!shelf.is_empty()).then(|| shelf.to_owned()),
            ..ThingFilter::default()
        };
        self.inner.store.books.things(&filter, 0, limit).await.map_err(|e| unavailable(&e))
    }

    /// A thing with its chain of custody.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn thing(&self, who: &Caller, id: DocketId, thing: u16) -> Result<ThingView, Refusal> {
        let matter = self.row_for(who, id).await?;
        let missing = || Refusal::missing("没有这件物品。");
        let filter = ThingFilter { docket: Some(id), ..ThingFilter::default() };
        let rows = self.inner.store.books.things(&filter, 0, 1_000).await.map_err(|e| unavailable(&e))?;
        let (row, _) = rows.into_iter().find(|(row, _)| row.id == i64::from(thing)).ok_or_else(missing)?;
        let live = self.live(id).await?;
        let case = case_of(&live.state).ok_or_else(missing)?;
        let file = case.thing(thing).ok_or_else(missing)?;
        let notes = file.chain.iter().filter_map(|link| link.note).map(|note| note.digest);
        let texts = self.opened(notes.chain([file.thing.name.digest]).collect()).await?;
        let directory = self.directory();
        let name = |p: &PersonCode| directory.person_name(p).to_owned();
        let text = |digest: &Digest| texts.get(digest).cloned().unwrap_or_default();
        let files = |all: &[lianzhi_procedure::ExhibitRef]| {
            all.iter().map(|e| (e.media.starts_with("image/"), e.digest)).collect::<Vec<_>>()
        };
        let mut chain = vec![LinkView {
            title: "入库".into(),
            detail: vec![format!("库位 {}", file.thing.shelf), file.thing.from.title().to_owned()],
            note: String::new(),
            exhibits: files(&file.thing.exhibits),
            by: name(&file.by),
            with: None,
            at: file.at,
        }];
        chain.extend(file.chain.iter().map(|link| LinkView {
            title: link.act.title().to_owned(),
            detail: details(&link.act),
            note: link.note.map(|n| text(&n.digest)).unwrap_or_default(),
            exhibits: files(&link.exhibits),
            by: name(&link.by),
            with: link.with.as_ref().map(&name),
            at: link.at,
        }));
        let measure = case.measure_of(&file.thing).map(|m| {
            let state = match (m.settled, m.lapsed) {
                (Some((how, _)), _) => format!("已决定：{}", how.title()),
                (None, Some(_)) => "期满自动失效，应当退还".to_owned(),
                (None, None) => "正在执行".to_owned(),
            };
            format!("{}（清单 {}），{state}", m.measure.kind.title(), m.measure.id)
        });
        Ok(ThingView {
            item: self.thing_item(&row, &matter, Some(text(&file.thing.name.digest))),
            from: file.thing.from.title(),
            measure,
            case: matter.number.clone(),
            title: matter.title.clone(),
            chain,
        })
    }
}

/// Particulars of what happened to a thing.
pub(crate) fn details(act: &Custody) -> Vec<String> {
    match act {
        Custody::Moved { shelf } | Custody::BroughtBack { shelf } => vec![format!("库位 {shelf}")],
        Custody::TakenOut { why } => vec![why.title().to_owned()],
        Custody::Announced { days: Some(days), .. } => vec![format!("期限 {days} 天")],
        Custody::Announced { days: None, .. } => vec!["期限按本地法规".to_owned()],
        Custody::Gone { proceeds: 0, .. } => Vec::new(),
        Custody::Gone { proceeds, .. } => vec![format!("变价款 {}", yuan(*proceeds))],
        Custody::Missing { count } => vec![format!("盘点 {count} 没有找到")],
        Custody::PaidOver { fen, on, reference, .. } => {
            vec![format!("{on} 支付 {}，凭证 {reference}", yuan(*fen))]
        }
    }
}
