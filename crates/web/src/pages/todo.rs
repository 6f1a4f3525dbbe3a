//! What waits for somebody on the road, on a phone: one card for each, with the one act that is due, by the thumb.
//!
//! Everything here works without JavaScript. With it, the nearest come first, photos are made smaller before they are
//! sent, voice is recorded on the page, and what could not be sent stays in its form with the key it had.

use super::desk::{duty_form, duty_said, has_shifts};
use super::form::{self, Form, Typed};
use super::posted::Posted;
use super::rows::{Line, act_title, act_title_of, ground};
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lianzhi_app::ports::MatterRow;
use lianzhi_app::{TODOS_MAX, TodoItem, Waiting};
use lianzhi_ids::DocketId;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::report::{Channel, Outcome};
use lianzhi_territory::{Crs, Point};
use serde::Deserialize;
use serde_json::{Value, json};

/// Acts that a card does by itself; the others are done on the matter's page.
const HERE: [&str; 4] = ["accept", "arrive", "handle", "answer"];
/// Longest voice note, seconds: what somebody listens to.
pub(super) const VOICE_SECS_MAX: u32 = 180;

/// The way to a place, in the coordinates of whoever shows it. Nothing is asked of anybody before a tap.
#[derive(Debug, Clone, PartialEq)]
struct Route {
    title: &'static str,
    href: String,
}

/// Links to a place for the phone's own map and for the three that people here have.
fn routes(point: Point) -> Vec<Route> {
    let (gcj, bd) = (point.in_crs(Crs::Gcj02), point.in_crs(Crs::Bd09));
    // The address stays here: a name that says nothing is enough for a pin.
    let name = ui::query("办件地点");
    let (lng, lat) = (point.lng(), point.lat());
    vec![
        Route {
            title: "高德地图",
            href: format!(
                "https://uri.amap.com/navigation?to={:.6},{:.6},{name}&mode=car&coordinate=gaode&callnative=1",
                gcj.lng, gcj.lat
            ),
        },
        Route {
            title: "百度地图",
            href: format!(
                "https://api.map.baidu.com/marker?location={:.6},{:.6}&title={name}&content={name}&coord_type=bd09ll&output=html",
                bd.lat, bd.lng
            ),
        },
        Route {
            title: "腾讯地图",
            href: format!(
                "https://apis.map.qq.com/uri/v1/routeplan?type=drive&to={name}&tocoord={:.6},{:.6}&referer=lianzhi",
                gcj.lat, gcj.lng
            ),
        },
        Route { title: "手机自带地图", href: format!("geo:{lat:.6},{lng:.6}?q={lat:.6},{lng:.6}") },
    ]
}

#[derive(Template)]
#[template(path = "todo_card.html")]
struct Card {
    line: Line,
    what: String,
    act: &'static str,
    here: bool,
    /// What the act gives rise to, said on the button's card.
    law: String,
    seq: i32,
    state: &'static str,
    left: String,
    until: Option<i64>,
    due: String,
    /// Micros of the term; far away when there is none.
    due_us: i64,
    /// Degrees, when the place is known.
    place: Option<(f64, f64)>,
    routes: Vec<Route>,
    csrf: String,
    form: String,
    typed: Typed,
    refusal: Option<Refusal>,
    outcomes: &'static [Outcome],
    channels: &'static [Channel],
}

impl Card {
    fn new(state: &WebState, item: &TodoItem, csrf: &str, now: Timestamp) -> Card {
        let (row, directory) = (&item.row, state.app.directory());
        let (term, left) = ui::term(now, item.due.map(Timestamp::as_microsecond), true);
        let point = row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 });
        Card {
            line: Line::new(row, &directory, now),
            law: ground(&directory, row, &item.what, now),
            act: act_title_of(&row.kind, &item.what),
            // Between members an act of the same name is another: it is done on the matter's page.
            here: row.kind == "report" && HERE.contains(&item.what.as_str()),
            what: item.what.clone(),
            seq: row.seq,
            state: term,
            left,
            until: item.due.map(Timestamp::as_microsecond),
            due: item.due.map(|d| ui::due(now, d)).unwrap_or_default(),
            due_us: item.due.map_or(i64::MAX, Timestamp::as_microsecond),
            place: point.map(|p| (p.lng(), p.lat())),
            routes: point.map(routes).unwrap_or_default(),
            csrf: csrf.to_owned(),
            form: state.random_id(),
            typed: Typed::default(),
            refusal: None,
            outcomes: Outcome::ALL,
            channels: Channel::ALL,
        }
    }

    fn fault(&self, field: &str) -> Option<String> {
        let refusal = self.refusal.as_ref().filter(|r| r.field == Some(field))?;
        Some(format!("{}{}", refusal.rule, refusal.remedy))
    }
}

/// The way through more to-dos than one page holds.
#[derive(Template)]
#[template(path = "todo_pages.html")]
pub(super) struct Pages {
    earlier: Option<String>,
    later: Option<String>,
    rest: String,
    shown: String,
    total: String,
}

impl Pages {
    pub(super) fn of(waiting: &Waiting, path: &str) -> Pages {
        let what = waiting.what.as_ref().map(|what| format!("what={}&", ui::query(what)));
        let href = |skip: i64| format!("{path}?{}skip={skip}", what.as_deref().unwrap_or_default());
        let (before, after) = (waiting.before, waiting.after());
        Pages {
            earlier: (before > 0).then(|| href((before - TODOS_MAX).max(0))),
            later: (after > 0).then(|| href(before + TODOS_MAX)),
            rest: ui::count(&after),
            shown: format!("第 {}–{} 件", before + 1, waiting.total - after),
            total: ui::count(&waiting.total),
        }
    }

    /// Everything stands on this page.
    pub(super) fn is_whole(&self) -> bool {
        self.earlier.is_none() && self.later.is_none()
    }
}

#[derive(Template)]
#[template(path = "todo.html")]
struct TodoPage {
    shell: Shell,
    cards: Vec<Card>,
    /// How many there are in all, and how many of them on other pages.
    total: String,
    elsewhere: i64,
    pages: Pages,
    on_duty: bool,
    /// When one is to be at work next, by the roster.
    next_shift: Option<String>,
    go_on: Option<Form>,
    unit: String,
    done: String,
    refusal: Option<Refusal>,
    voice_secs: u32,
}

/// What a card became after its act.
#[derive(Template)]
#[template(path = "todo_done.html")]
struct Gone {
    id: i64,
    number: String,
    said: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// `list`: the cards alone, for a page that is already there.
    #[serde(default)]
    part: String,
    #[serde(default)]
    done: String,
    /// How many to-dos come before those shown.
    #[serde(default)]
    skip: String,
    /// Which matter was done.
    #[serde(default)]
    of: String,
}

/// What is said after an act.
fn said(command: &str) -> &'static str {
    match command {
        "accept" => "已受理，请到场。",
        "arrive" => "已到场，请处置。",
        "handle" => "已登记处置结果，转核查。",
        "answer" => "已答复，转结案。",
        _ => "已记录。",
    }
}

/// A card for the style page: this act on this matter, perhaps refused.
pub(super) fn sample(line: Line, what: &str, refusal: Option<Refusal>) -> Result<ui::Html, Problem> {
    let card = Card {
        law: "“三个二”服务标准".into(),
        act: act_title(what),
        here: HERE.contains(&what),
        what: what.to_owned(),
        seq: 1,
        state: line.state,
        left: line.left.clone(),
        due: line.due_text.clone(),
        due_us: i64::MAX,
        until: None,
        place: None,
        routes: Vec::new(),
        csrf: String::new(),
        form: String::new(),
        typed: Typed::default(),
        refusal,
        outcomes: Outcome::ALL,
        channels: Channel::ALL,
        line,
    };
    card.render().map(ui::Html::rendered).map_err(|_| Problem::internal())
}

/// The cards of a page, and what else there is.
async fn cards(state: &WebState, who: &SignedIn, skip: i64) -> Answer<(Vec<Card>, Waiting)> {
    let now = state.app.now();
    let waiting = state.app.todos(&who.caller, None, skip).await?;
    Ok((waiting.items.iter().map(|item| Card::new(state, item, who.csrf(), now)).collect(), waiting))
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    (cards, waiting): (Vec<Card>, Waiting),
    done: String,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let status = refusal
        .clone()
        .or_else(|| cards.iter().find_map(|c| c.refusal.clone()))
        .map(|r| Problem::from(r).status);
    let shell = Shell::new(state, who, "待办", "/todo");
    let duty = state.app.duty();
    let shown = TodoPage {
        on_duty: duty.is_on(&who.person.code),
        next_shift: super::duty::next_shift(state, who),
        go_on: has_shifts(state, who).then(|| duty_form(false, &shell.csrf, "/todo")),
        unit: shell.unit.clone(),
        shell,
        total: ui::count(&waiting.total),
        elsewhere: waiting.before + waiting.after(),
        pages: Pages::of(&waiting, "/todo"),
        cards,
        done,
        refusal,
        voice_secs: VOICE_SECS_MAX,
    };
    Ok((status.unwrap_or(StatusCode::OK), page(&shown)?).into_response())
}

/// `GET /todo`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let found = cards(&state, &who, asked.skip.parse().unwrap_or(0)).await?;
    if asked.part == "list" {
        let html: Result<Vec<String>, _> = found.0.iter().map(Template::render).collect();
        let html = html.map_err(|_| Problem::internal())?;
        return Ok(super::html_answer(html.concat()));
    }
    let done = if asked.done.is_empty() || !duty_said(&asked.done).is_empty() {
        duty_said(&asked.done).to_owned()
    } else {
        format!("{} {}", asked.of.chars().take(40).collect::<String>(), said(&asked.done))
    };
    render(&state, &who, found, done, None).await
}

/// The place that the phone gave, or that was typed over it, into a command.
fn put_place(value: &mut Value, typed: &Typed) -> Result<(), Refusal> {
    let (Some(lng), Some(lat)) = (typed.given("lng"), typed.given("lat")) else { return Ok(()) };
    value["lng"] = form::degrees("lng", lng)?;
    value["lat"] = form::degrees("lat", lat)?;
    if let Some(crs) = typed.given("crs") {
        value["crs"] = json!(crs);
    }
    if let Some(Ok(metres)) = typed.given("accuracy").map(str::parse::<u32>) {
        value["accuracy_m"] = json!(metres);
    }
    Ok(())
}

async fn give(
    state: &WebState,
    who: &SignedIn,
    id: DocketId,
    command: &str,
    posted: &Posted,
) -> Result<(), Refusal> {
    if !HERE.contains(&command) {
        return Err(Refusal::missing("这件事不在待办页上办。"));
    }
    let offers = state.app.offers(&who.caller, id).await?;
    let Some(offer) = offers.iter().find(|o| o.command == command) else {
        // Sent before, and the answer got lost on the way: it is done, and not done again.
        if state.app.was_sent(&who.caller, posted.key.clone()).await? {
            return Ok(());
        }
        return Err(Refusal::conflict(
            "not-offered",
            "这件事现在不能办了：本件可能刚被别人办过，或已改派。",
            "写的内容还在；请打开本件看看最新情况。",
        ));
    };
    posted.sound()?;
    let mut value = form::command(offer, &posted.typed)?;
    if command == "arrive" {
        put_place(&mut value, &posted.typed)?;
    }
    let expected = posted.typed.given("expected").and_then(|t| t.parse().ok());
    state.app.command(&who.caller, id, value, expected, posted.key.clone()).await?;
    Ok(())
}

/// The matter's card after an act, or a word that it is done.
async fn after(state: &WebState, who: &SignedIn, id: DocketId, command: &str) -> Answer<Response> {
    let now = state.app.now();
    let waiting = state.app.todos(&who.caller, None, 0).await?;
    if let Some(item) = waiting.items.iter().find(|i| i.id == id) {
        return page(&Card::new(state, item, who.csrf(), now));
    }
    let number = number_of(state, who, id).await;
    page(&Gone { id: id.0, number, said: said(command).to_owned() })
}

async fn number_of(state: &WebState, who: &SignedIn, id: DocketId) -> String {
    let row: Option<MatterRow> = state.app.row(&who.caller, id).await.ok();
    row.map(|r| r.number).unwrap_or_default()
}

/// `POST /todo/{id}/{command}`. A page that sends by itself says so in `X-Part` and gets the card, or what is wrong.
pub(super) async fn act(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, command)): Path<(i64, String)>,
    headers: HeaderMap,
    posted: Posted,
) -> Answer<Response> {
    let id = DocketId(id);
    let by_script = headers.contains_key("x-part");
    match give(&state, &who, id, &command, &posted).await {
        Ok(()) if by_script => after(&state, &who, id, &command).await,
        Ok(()) => {
            let number = number_of(&state, &who, id).await;
            let to = format!("/todo?done={}&of={}", ui::query(&command), ui::query(&number));
            Ok(Redirect::to(&to).into_response())
        }
        Err(refusal) if by_script => Err(refusal.into()),
        Err(refusal) => {
            let mut found = cards(&state, &who, 0).await?;
            let Some(card) = found.0.iter_mut().find(|c| c.line.id == id.0 && c.what == command) else {
                return render(&state, &who, found, String::new(), Some(refusal)).await;
            };
            card.form = posted.key.clone().unwrap_or_else(|| state.random_id());
            card.typed = posted.typed;
            card.refusal = Some(refusal);
            render(&state, &who, found, String::new(), None).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_given_in_the_coordinates_of_whoever_shows_it() {
        let point = Point { lng_e6: 121_114_200, lat_e6: 31_150_800 };
        let found = routes(point);
        let link = |title: &str| found.iter().find(|r| r.title == title).expect("a link").href.clone();
        // Converted by the territory's own functions: GCJ-02 lies some 450 m off here, BD-09 more than a kilometre.
        let (gcj, bd) = (point.in_crs(Crs::Gcj02), point.in_crs(Crs::Bd09));
        assert!((gcj.lng - 121.1142).abs() > 0.003 && (bd.lng - 121.1142).abs() > 0.009);
        assert!(link("高德地图").contains(&format!("to={:.6},{:.6},", gcj.lng, gcj.lat)));
        assert!(link("腾讯地图").contains(&format!("tocoord={:.6},{:.6}", gcj.lat, gcj.lng)));
        assert!(link("百度地图").contains(&format!("location={:.6},{:.6}&", bd.lat, bd.lng)));
        assert_eq!(link("手机自带地图"), "geo:31.150800,121.114200?q=31.150800,121.114200");
    }

    #[test]
    fn a_place_that_is_none_is_told_and_none_is_fine() {
        let mut value = json!({ "command": "arrive" });
        put_place(&mut value, &Typed::default()).expect("no place is fine");
        assert_eq!(value, json!({ "command": "arrive" }));
        let mut typed = Typed::default();
        for (k, v) in [("lng", "121.1"), ("lat", "31.1"), ("accuracy", "9")] {
            typed.push(k, v);
        }
        put_place(&mut value, &typed).expect("a place");
        assert_eq!((&value["lng"], &value["accuracy_m"]), (&json!(121.1), &json!(9)));
        let mut bad = Typed::default();
        bad.push("lng", "东边");
        bad.push("lat", "31");
        assert_eq!(put_place(&mut value, &bad).expect_err("no number").field, Some("lng"));
    }
}
