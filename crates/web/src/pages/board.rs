//! The dispatcher's board: open matters in columns by stage or unit, with the latest changes beside it. A card opens a
//! drawer with what can be done; only the card moves afterwards. Without JavaScript a card leads to its matter.

use super::form::{self, Form, Typed};
use super::hand::{self, Known};
use super::list::{self, Filters};
use super::posted::{self, Posted};
use super::rows::{Line, stage_title};
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lianzhi_app::ports::MatterRow;
use lianzhi_app::{BoardBy, CARDS_MAX, MatterView, NO_UNIT, Nearby, RecordLine, Shift, Whence, column_of};
use lianzhi_ids::{DocketId, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::{Choice, Offer, Refusal};
use serde_json::{Value, json};

/// Changes beside the board.
const FEED: usize = 30;
/// A matter reported within this is new to whoever looks at the board, micros.
const FRESH_US: i64 = 120_000_000;
/// Photos and lines of the record in the drawer; the matter's page has all of them.
const PHOTOS: usize = 4;
const LINES: usize = 6;

/// A matter on the board.
#[derive(Template)]
#[template(path = "board_card.html")]
struct Card {
    line: Line,
    column: String,
    /// Micros; empty when there is no term.
    due: String,
    by: BoardBy,
    opens: bool,
}

/// A column.
struct Column {
    key: String,
    title: String,
    n: i64,
    late: i64,
    cards: Vec<Card>,
    /// Where more of them are: as a fragment, and as a list for those without JavaScript.
    more: Option<String>,
    list: String,
    /// Those of it that are late now, as a list.
    late_list: String,
}

/// A change.
#[derive(Template)]
#[template(path = "board_feed.html")]
struct Change {
    id: i64,
    number: String,
    title: String,
    when: ui::Html,
    state: &'static str,
    stage: &'static str,
    who: String,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    shell: Shell,
    filters: Filters,
    by: BoardBy,
    /// Filters and arrangement, as a query string for fragments.
    query: String,
    other_by: String,
    /// The same matters on a map.
    map_query: String,
    columns: Vec<Column>,
    open: i64,
    late: i64,
    late_href: String,
    /// The same matters as a list.
    open_href: String,
    feed: Vec<Change>,
    units: Vec<Choice>,
    groups: Vec<Choice>,
    sources: Vec<Choice>,
    any_set: bool,
    shifts: Vec<Shift>,
    refusal: Option<Refusal>,
}

impl BoardPage {
    fn on_duty(&self) -> usize {
        self.shifts.iter().map(|s| s.people.len()).sum()
    }
    /// How the number of what is late now looks: nothing late is nothing to warn of.
    fn lateness(&self) -> &'static str {
        if self.late > 0 { "late" } else { "fine" }
    }
}

/// A person who could be sent, with the form that sends him.
struct Candidate {
    nearby: Nearby,
    words: String,
    key: String,
}

/// Something that may be done.
struct Act {
    command: &'static str,
    title: &'static str,
    open: bool,
    form: Form,
}

#[derive(Template)]
#[template(path = "board_matter.html")]
struct Drawer {
    id: i64,
    seq: i32,
    csrf: String,
    now: Timestamp,
    line: Line,
    view: MatterView,
    candidates: Vec<Candidate>,
    may_dispatch: bool,
    /// Nobody is near or far: it is not known where the matter is.
    unplaced: bool,
    acts: Vec<Act>,
    not_yet: Vec<(&'static str, Refusal)>,
    photos: Vec<String>,
    joined: Vec<Line>,
    record: Vec<RecordLine>,
    /// What others did since the drawer was opened, when an act was refused for that.
    meanwhile: Vec<RecordLine>,
    done: String,
    refusal: Option<Refusal>,
}

/// A matter that its act took out of sight.
#[derive(Template)]
#[template(path = "board_left.html")]
struct Left {
    id: i64,
}

fn arrangement(uri: &Uri) -> BoardBy {
    match list::asked(uri, "by").as_deref() {
        Some("unit") => BoardBy::Unit,
        _ => BoardBy::Stage,
    }
}

fn by_text(by: BoardBy) -> &'static str {
    match by {
        BoardBy::Stage => "stage",
        BoardBy::Unit => "unit",
    }
}

/// Filters of the board: those that are about matters that are open anyway.
fn filters_of(uri: &Uri) -> Filters {
    Filters::of(uri).only(&["q", "stage", "category", "unit", "source", "overdue", "assignee", "bbox"])
}

fn card(row: &MatterRow, directory: &Directory, now: Timestamp, by: BoardBy) -> Card {
    Card {
        line: Line::new(row, directory, now),
        column: column_of(row, by),
        due: row.due_at.map(|d| d.to_string()).unwrap_or_default(),
        by,
        opens: true,
    }
}

fn column_title(key: &str, by: BoardBy, directory: &Directory) -> String {
    match by {
        BoardBy::Stage => stage_title(key).to_owned(),
        BoardBy::Unit if key == NO_UNIT => "还没有单位".to_owned(),
        BoardBy::Unit => {
            UnitCode::parse(key).map_or_else(|_| key.to_owned(), |u| directory.unit_name(&u).to_owned())
        }
    }
}

fn change(row: &MatterRow, directory: &Directory, now: Timestamp) -> Change {
    let line = Line::new(row, directory, now);
    Change {
        id: row.id.0,
        when: ui::when_us(&now, &row.updated_at),
        state: if row.open { line.state } else { "done" },
        stage: line.stage_title,
        who: if line.officer.is_empty() { line.unit.clone() } else { line.officer.clone() },
        number: line.number,
        title: line.title,
    }
}

/// The address of a column's further cards, and of the same as a list.
fn ways(filters: &Filters, by: BoardBy, key: &str, next: Option<String>) -> (Option<String>, String) {
    let base = filters.text();
    let and = if base.is_empty() { "" } else { "&" };
    let more = next.map(|cursor| {
        format!(
            "/board/column?by={}&key={}&cursor={}{and}{base}",
            by_text(by),
            ui::query(key),
            ui::query(&cursor)
        )
    });
    // A column of the board by unit is of the unit alone.
    let list = match by {
        BoardBy::Stage => filters.set("stage", key),
        BoardBy::Unit if UnitCode::parse(key).is_ok() => filters.set("unit", key).set("below", "false"),
        BoardBy::Unit => filters.set("unit", key),
    };
    (more, format!("/matters?{}&open=true&order=due", list.text()))
}

/// `GET /board`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    state.app.may(&who.caller, "board", None)?;
    let (filters, by) = (filters_of(&uri), arrangement(&uri));
    let (now, directory) = (state.app.now(), state.app.directory());
    let mut refusal = None;
    let board = match filters.query() {
        Ok(query) => state.app.board(&who.caller, &query, by).await,
        Err(refusal) => Err(refusal),
    };
    let board = board.unwrap_or_else(|found| {
        refusal = Some(found);
        lianzhi_app::BoardView::default()
    });
    let in_time_or_not = filters.except("overdue");
    let columns = board
        .columns
        .into_iter()
        .map(|c| {
            let (more, list) = ways(&filters, by, &c.key, c.page.next);
            Column {
                title: column_title(&c.key, by, &directory),
                cards: c.page.rows.iter().map(|r| card(r, &directory, now, by)).collect(),
                n: c.n,
                late: c.late,
                more,
                late_list: format!("{}&overdue=now", ways(&in_time_or_not, by, &c.key, None).1),
                key: c.key,
                list,
            }
        })
        .collect();
    let feed = state.app.latest_changes(&who.caller, FEED).await?;
    let shifts = state.app.on_duty(&who.caller).await?;
    let base = filters.text();
    let and = if base.is_empty() { "" } else { "&" };
    let choices = list::filter_choices(&directory, state.app.seen_units(&who.caller)?.as_deref());
    let shown = BoardPage {
        shell: Shell::new(&state, &who, "调度台", "/board"),
        query: format!("by={}{and}{base}", by_text(by)),
        other_by: base.clone(),
        map_query: format!("open=true{and}{base}"),
        late_href: format!("/board?by={}&{}", by_text(by), filters.with("overdue", "now")),
        columns,
        open: board.open,
        late: board.late,
        feed: feed.iter().map(|r| change(r, &directory, now)).collect(),
        units: choices.units,
        groups: choices.groups,
        sources: choices.sources,
        any_set: !filters.is_empty(),
        shifts,
        open_href: format!("/matters?{base}{and}open=true&order=due"),
        filters,
        by,
        refusal,
    };
    let status = shown.refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    Ok((status, page(&shown)?).into_response())
}

#[derive(Template)]
#[template(path = "board_more.html")]
struct More {
    cards: Vec<Card>,
    more: Option<String>,
    list: String,
}

/// `GET /board/column`: further cards of a column.
pub(super) async fn more(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    let (filters, by) = (filters_of(&uri), arrangement(&uri));
    let key = list::asked(&uri, "key").unwrap_or_default();
    let cursor = list::asked(&uri, "cursor");
    let query = filters.query()?;
    let found = state.app.board_column(&who.caller, &query, by, &key, cursor.as_deref()).await?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let (more, list) = ways(&filters, by, &key, found.next);
    page(&More { cards: found.rows.iter().map(|r| card(r, &directory, now, by)).collect(), more, list })
}

fn rendered(template: &impl Template) -> Result<String, Problem> {
    template.render().map_err(|error| {
        tracing::error!(%error, "rendering a fragment");
        Problem::internal()
    })
}

/// `GET /board/cards?ids=…`: the cards of these matters as they are now, those that left the board, the counts, and
/// their lines for the feed.
pub(super) async fn cards(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Json<Value>> {
    let (filters, by) = (filters_of(&uri), arrangement(&uri));
    let ids = list::asked(&uri, "ids").unwrap_or_default();
    let ids: Vec<DocketId> =
        ids.split(',').filter_map(|id| id.parse().ok().map(DocketId)).take(CARDS_MAX).collect();
    let query = filters.query()?;
    let (on, seen) = state.app.board_cards(&who.caller, &query, &ids).await?;
    let counts = state.app.board_counts(&who.caller, &query, by).await?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let mut shown = Vec::with_capacity(on.len());
    for row in &on {
        let card = card(row, &directory, now, by);
        shown.push(json!({
            "id": row.id,
            "column": card.column,
            "title": column_title(&card.column, by, &directory),
            "due": row.due_at,
            "fresh": now.as_microsecond() - row.reported_at < FRESH_US,
            "html": rendered(&card)?,
        }));
    }
    let mut feed = Vec::with_capacity(seen.len());
    for row in &seen {
        feed.push(json!({ "id": row.id, "html": rendered(&change(row, &directory, now))? }));
    }
    let gone: Vec<DocketId> = ids.into_iter().filter(|id| !on.iter().any(|row| row.id == *id)).collect();
    let columns: Vec<Value> =
        counts.iter().map(|t| json!({ "key": t.key, "n": t.n, "late": t.late })).collect();
    Ok(Json(json!({
        "cards": shown,
        "gone": gone,
        "columns": columns,
        "open": counts.iter().map(|t| t.n).sum::<i64>(),
        "late": counts.iter().map(|t| t.late).sum::<i64>(),
        "feed": feed,
    })))
}

/// How far somebody is, and from what that is known.
fn distance(nearby: &Nearby, now: Timestamp) -> String {
    let Some(metres) = nearby.metres else { return String::new() };
    let far = match metres {
        0..1_000 => format!("{} 米", metres.div_ceil(50) * 50),
        m => format!("{}.{} 公里", m / 1_000, m % 1_000 / 100),
    };
    match nearby.from {
        Whence::Arrived(at) => format!("距最近到场处 {far}（{}）", ui::near(now, at)),
        Whence::Grid => format!("责任网格距此 {far}"),
        Whence::Unit => format!("辖区中心距此 {far}"),
        Whence::Nowhere => String::new(),
    }
}

/// A card for the style page.
pub(super) fn sample_card(line: Line) -> Result<ui::Html, Problem> {
    let card = Card { column: String::new(), due: String::new(), by: BoardBy::Stage, opens: false, line };
    rendered(&card).map(ui::Html::rendered)
}

/// What was just tried in the drawer.
#[derive(Default)]
struct Tried {
    command: String,
    typed: Typed,
    refusal: Option<Refusal>,
    done: bool,
}

fn act_form(state: &WebState, id: i64, seq: i32, offer: &Offer, csrf: &str) -> Form {
    let form = form::of_offer(offer, format!("/board/matter/{id}/{}", offer.command), csrf);
    form.hidden("form", state.random_id()).hidden("expected", seq.to_string())
}

async fn drawer(state: &WebState, who: &SignedIn, id: DocketId, tried: Tried) -> Answer<Response> {
    state.app.may(&who.caller, "board", None)?;
    let mut view = state.app.matter(&who.caller, id).await?;
    view.clocks.retain(|c| c.state != "done");
    view.clocks.sort_by_key(|c| c.due);
    let (now, directory) = (state.app.now(), state.app.directory());
    let (csrf, known) = (who.csrf().to_owned(), Known::of(&view));
    let (mut acts, mut not_yet) = (Vec::new(), Vec::new());
    for offer in &view.offers {
        if let Some(refusal) = &offer.refused {
            not_yet.push((offer.title, refusal.clone()));
            continue;
        }
        let form = act_form(state, id.0, view.row.seq, offer, &csrf);
        let mut form = hand::dress(form, offer.command, &known);
        let here = tried.command == offer.command && tried.refusal.is_some();
        if here {
            form = form.refused(Some(&tried.typed), tried.refusal.as_ref());
        }
        acts.push(Act { command: offer.command, title: offer.title, open: here, form });
    }
    acts.sort_by_key(|a| (!a.open, !a.form.main));
    let in_form = acts.iter().any(|a| a.open);
    let may_dispatch = acts.iter().any(|a| a.command == "dispatch");
    let mut candidates = Vec::new();
    if may_dispatch {
        for nearby in state.app.nearby(&who.caller, id).await? {
            candidates.push(Candidate { words: distance(&nearby, now), nearby, key: state.random_id() });
        }
    }
    // Somebody else was quicker: what he did stands beside the refusal.
    let expected: Option<i32> = tried.typed.given("expected").and_then(|t| t.parse().ok());
    let meanwhile = match (&tried.refusal, expected) {
        (Some(_), Some(seen)) if seen < view.row.seq => {
            view.record.iter().filter(|l| l.seq >= seen).cloned().collect()
        }
        _ => Vec::new(),
    };
    let mut record = view.record.clone();
    record.sort_by_key(|l| std::cmp::Reverse(l.seq));
    let done = match (tried.done, record.first()) {
        (true, Some(last)) => {
            let same = record.iter().filter(|l| l.at == last.at && l.actor == last.actor);
            same.min_by_key(|l| l.seq).map(|l| l.title.clone()).unwrap_or_default()
        }
        _ => String::new(),
    };
    record.truncate(LINES);
    let photos = view.exhibits.iter().filter(|e| e.media.starts_with("image/")).take(PHOTOS);
    let status = tried.refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    let shown = Drawer {
        id: id.0,
        seq: view.row.seq,
        csrf,
        line: Line::new(&view.row, &directory, now),
        photos: photos.map(|e| e.digest.to_string()).collect(),
        joined: view.joined.iter().map(|r| Line::new(r, &directory, now)).collect(),
        refusal: tried.refusal.filter(|_| !in_form),
        unplaced: candidates.iter().all(|c| c.nearby.metres.is_none()),
        candidates,
        may_dispatch,
        acts,
        not_yet,
        record,
        meanwhile,
        done,
        now,
        view,
    };
    Ok((status, page(&shown)?).into_response())
}

/// Asked for by the board's own script and not by somebody who follows a link.
fn by_script(headers: &HeaderMap) -> bool {
    headers.contains_key("x-fragment") || headers.contains_key("hx-request")
}

/// `GET /board/matter/{id}`: the drawer of a matter.
pub(super) async fn matter(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Answer<Response> {
    if !by_script(&headers) {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    }
    drawer(&state, &who, DocketId(id), Tried::default()).await
}

/// `POST /board/matter/{id}/{command}`: an act from the drawer; answers with the drawer as it is then.
pub(super) async fn act(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, command)): Path<(i64, String)>,
    posted: Posted,
) -> Answer<Response> {
    let id = DocketId(id);
    let outcome = async {
        let offers = state.app.offers(&who.caller, id).await?;
        let Some(offer) = offers.iter().find(|o| o.command == command) else {
            return Err(Refusal::conflict(
                "not-offered",
                "这件事现在不能办了：本件可能刚被别人办过，或不在您的权限内。",
                "下面是本件现在的情况和可办的事项。",
            ));
        };
        posted.sound()?;
        let value = form::command(offer, &posted.typed)?;
        let expected = posted.typed.given("expected").and_then(|t| t.parse().ok());
        state.app.command(&who.caller, id, value, expected, posted.key.clone()).await
    };
    let refusal = outcome.await.err().map(|refusal| posted::reused(refusal, None).0);
    let done = refusal.is_none();
    let shown = drawer(&state, &who, id, Tried { command, typed: posted.typed, refusal, done }).await;
    match shown {
        // What was sent to somebody else's unit is done, and out of sight.
        Err(problem) if done && matches!(problem.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => {
            page(&Left { id: id.0 })
        }
        shown => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_keeps_only_filters_of_open_matters() {
        let uri: Uri =
            "/board?by=unit&q=%E6%BC%95%E5%B9%B3&open=false&order=newest&person=1".parse().expect("a path");
        assert_eq!(filters_of(&uri).text(), "q=%E6%BC%95%E5%B9%B3");
        assert_eq!(arrangement(&uri), BoardBy::Unit);
    }

    #[test]
    fn a_column_knows_its_further_cards_and_its_list() {
        let filters = filters_of(&"/board?unit=a".parse().expect("a path"));
        let (more, list) = ways(&filters, BoardBy::Stage, "pooled", Some("d1".into()));
        assert_eq!(more.as_deref(), Some("/board/column?by=stage&key=pooled&cursor=d1&unit=a"));
        assert_eq!(list, "/matters?unit=a&stage=pooled&open=true&order=due");
    }
}
