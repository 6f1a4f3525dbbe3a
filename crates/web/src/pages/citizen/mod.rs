//! The public's way in: reporting in two steps, or one question a screen in the simple mode; what was reported near by;
//! the receipt. Nobody needs an account, a map, JavaScript or a cookie.

mod open;
pub(super) mod pictures;

pub(super) use open::{district, privacy};

use super::form::Typed;
use super::posted::{self, Posted};
use super::report::{Promise, enough, input, key_of, kinds, placed, promises, reachable, said};
use super::shell::Frame;
use super::{assets, page, ui};
use crate::appearance::Appearance;
use crate::auth::{Client, Visit};
use crate::problem::{Answer, Problem};
use crate::security::Limited;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::{FollowStep, NearMatter, ReportInput};
use lianzhi_procedure::report::Source;
use lianzhi_procedure::{Choice, Refusal};
use pictures::Tile;
use serde::Deserialize;

/// Photos of one report, so that a page stays small on a phone.
const PHOTOS_MAX: usize = 9;

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Photo,
    Place,
    Kind,
    What,
    Contact,
}

impl Part {
    /// Photo first, or place first.
    const fn in_order(place_first: bool) -> [Part; 5] {
        use Part::{Contact, Kind, Photo, Place, What};
        if place_first { [Place, Photo, Kind, What, Contact] } else { [Photo, Place, Kind, What, Contact] }
    }

    const fn code(self) -> &'static str {
        match self {
            Part::Photo => "photo",
            Part::Place => "place",
            Part::Kind => "kind",
            Part::What => "what",
            Part::Contact => "contact",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Part::Photo => "拍张照片",
            Part::Place => "在哪里",
            Part::Kind => "是什么问题",
            Part::What => "什么情况",
            Part::Contact => "怎么联系您",
        }
    }

    /// The fields that it asks for, photos apart.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Part::Photo => &[],
            Part::Place => &["address", "lng", "lat", "crs"],
            Part::Kind => &["category", "q"],
            Part::What => &["description"],
            Part::Contact => &["phone", "name"],
        }
    }

    /// The question that a refusal is about.
    fn of_field(field: &str) -> Option<Part> {
        match field {
            "photos" | "files" | "file" | "exhibits" => Some(Part::Photo),
            "place" | "contact" => Some(if field == "place" { Part::Place } else { Part::Contact }),
            _ => Part::in_order(false).into_iter().find(|part| part.fields().contains(&field)),
        }
    }
}

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    /// All questions.
    All,
    /// One.
    One(Part),
    /// What will be sent, with what is near by and what it may be.
    Check,
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    form: String,
    csrf: String,
    typed: Typed,
    photos: Vec<String>,
    place_first: bool,
    screen: Screen,
    parts: Vec<Part>,
    /// Fields of questions that are not on this screen.
    hidden: Vec<(&'static str, String)>,
    /// Which of how many screens, in the simple mode.
    progress: Option<(usize, usize)>,
    tiles: Vec<Tile>,
    searched: bool,
    near: Vec<NearMatter>,
    kinds: Vec<Choice>,
    kind: String,
    /// The place as it was found, in words.
    found: Option<String>,
    promises: Vec<Promise>,
    refusal: Option<Refusal>,
    now: Timestamp,
    /// Nothing was typed yet: a draft may be taken up.
    fresh: bool,
}

impl ReportPage {
    fn fault(&self, field: &str) -> Option<String> {
        let refusal = self.refusal.as_ref().filter(|r| r.field == Some(field))?;
        Some(format!("{}{}", refusal.rule, refusal.remedy))
    }

    fn asks(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn simple(&self) -> bool {
        self.progress.is_some()
    }
}

#[derive(Template)]
#[template(path = "near.html")]
struct NearList {
    near: Vec<NearMatter>,
    same: String,
    now: Timestamp,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    number: String,
    code: String,
    qr: ui::Html,
    joined: bool,
    unit: Option<String>,
    now: Timestamp,
    /// The way that this one goes, as it stands: those of the follow page.
    steps: Vec<FollowStep>,
    /// It may still be withdrawn.
    withdraw: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    first: String,
}

async fn render(
    state: &WebState,
    csrf: &str,
    key: Option<String>,
    typed: Typed,
    screen: Screen,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let status = refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    let place_first = typed.text("first") == "place";
    let order = Part::in_order(place_first);
    let parts: Vec<Part> = match screen {
        Screen::All => order.into(),
        Screen::One(part) => vec![part],
        Screen::Check => Vec::new(),
    };
    let (mut near, mut offered, mut kind, mut found) = (Vec::new(), Vec::new(), String::new(), None);
    if screen == Screen::Check {
        // A place that does not read is told when the report is sent; here it only finds nothing.
        if let Ok(report) = input(&typed, Source::Citizen) {
            found = located(state, &report);
            near = state.app.near(&report).await.unwrap_or_default();
        }
        kind = pictures::name_of(state, typed.text("category"));
        if kind.is_empty() {
            offered = kinds(state, &typed);
        }
    }
    let mut hidden = vec![("first", typed.text("first").to_owned())];
    for part in order.into_iter().filter(|part| !parts.contains(part)) {
        let asked_here = |name: &str| screen == Screen::Check && name == "category" && !offered.is_empty();
        let fields = part.fields().iter().filter(|name| !asked_here(name));
        hidden.extend(fields.map(|name| (*name, typed.text(name).to_owned())));
    }
    let asks_kind = parts.contains(&Part::Kind);
    let searched = asks_kind && !typed.text("q").is_empty();
    let progress = Appearance::current().simple.then(|| {
        let at = match screen {
            Screen::One(part) => order.iter().position(|p| *p == part).unwrap_or_default(),
            Screen::All => 0,
            Screen::Check => order.len(),
        };
        (at + 1, order.len() + 1)
    });
    let title = match screen {
        Screen::One(part) => part.title(),
        Screen::All => "我要上报",
        Screen::Check => "看一看，没错就上报",
    };
    let shown = ReportPage {
        frame: Frame::new(state, title, "report").of(csrf),
        form: key_of(state, key),
        csrf: csrf.to_owned(),
        photos: typed.all("photos").map(str::to_owned).collect(),
        tiles: if asks_kind {
            pictures::tiles(state, typed.text("category"), typed.text("q"))
        } else {
            Vec::new()
        },
        fresh: typed.is_empty(),
        typed,
        place_first,
        screen,
        parts,
        hidden,
        progress,
        searched,
        near,
        kinds: offered,
        kind,
        found,
        promises: promises(state, state.app.now()),
        refusal,
        now: state.app.now(),
    };
    Ok((status, page(&shown)?).into_response())
}

/// Where the point of a report lies, in words.
fn located(state: &WebState, report: &ReportInput) -> Option<String> {
    let words = state.app.place_of(report)?;
    let Some((_, grid, metres)) = words.grid else {
        return Some("已定位，但不在本区网格内，请核对位置".into());
    };
    let near = if metres > 0.0 { "附近" } else { "" };
    Some(match words.town.filter(|town| !grid.starts_with(town.as_str())) {
        Some(town) => format!("已定位：{town}，{grid}{near}"),
        None => format!("已定位：{grid}{near}"),
    })
}

/// The first screen.
fn first(place_first: bool) -> Screen {
    if Appearance::current().simple { Screen::One(Part::in_order(place_first)[0]) } else { Screen::All }
}

/// `GET /report`.
pub(super) async fn show(
    State(state): State<WebState>,
    Visit(visit): Visit,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut typed = Typed::default();
    if asked.first == "place" {
        typed.push("first", "place");
    }
    render(&state, visit.csrf(), None, typed, first(asked.first == "place"), None).await
}

/// No more photos than fit.
fn few(typed: &Typed) -> Result<(), Refusal> {
    if typed.all("photos").count() > PHOTOS_MAX {
        let rule = format!("照片超过 {PHOTOS_MAX} 张。");
        return Err(Refusal::invalid("photos", rule, "请去掉几张，其余的上报以后可以补充。"));
    }
    Ok(())
}

/// Whether everything is there.
fn complete(typed: &Typed) -> Result<(), Refusal> {
    few(typed).and_then(|()| enough(typed))
}

/// Where a screen leads, and what keeps somebody on it: on one screen of many only what was asked so far.
fn onward(typed: &Typed) -> (Screen, Option<Refusal>) {
    let order = Part::in_order(typed.text("first") == "place");
    let at = order.iter().position(|part| part.code() == typed.text("screen"));
    let Some(at) = at else {
        return match complete(typed) {
            Err(refusal) => (Screen::All, Some(refusal)),
            Ok(()) => (Screen::Check, None),
        };
    };
    for part in &order[..=at] {
        let fault = match part {
            Part::Photo => few(typed),
            Part::Place => placed(typed),
            Part::Kind => Ok(()),
            Part::What => said(typed),
            Part::Contact => reachable(typed),
        };
        if let Err(refusal) = fault {
            return (Screen::One(*part), Some(refusal));
        }
    }
    (order.get(at + 1).map_or(Screen::Check, |part| Screen::One(*part)), None)
}

/// The screen before this one, as it was left.
fn back(typed: &Typed) -> Screen {
    let order = Part::in_order(typed.text("first") == "place");
    if !Appearance::current().simple {
        return Screen::All;
    }
    let at = order.iter().position(|part| part.code() == typed.text("screen")).unwrap_or(order.len());
    Screen::One(order[at.saturating_sub(1)])
}

/// The screen that asked, when it is shown again.
fn same(typed: &Typed) -> Screen {
    let part = Part::in_order(false).into_iter().find(|part| part.code() == typed.text("screen"));
    part.map_or(Screen::All, Screen::One)
}

/// `POST /report`: one step on, one back, a search for the kind, or the report itself.
pub(super) async fn send(
    State(state): State<WebState>,
    Client(address): Client,
    posted: Posted,
) -> Answer<Response> {
    let csrf = posted.identity.csrf().to_owned();
    let fault = posted.sound().err();
    let typed = posted.typed;
    if let Some(refusal) = fault {
        let screen = same(&typed);
        return render(&state, &csrf, posted.key, typed, screen, Some(refusal)).await;
    }
    match typed.text("step") {
        "send" => {}
        "edit" | "back" => {
            let screen = back(&typed);
            return render(&state, &csrf, posted.key, typed, screen, None).await;
        }
        "kinds" => {
            let screen = same(&typed);
            return render(&state, &csrf, posted.key, typed, screen, None).await;
        }
        _ => {
            let (screen, refusal) = onward(&typed);
            return render(&state, &csrf, posted.key, typed, screen, refusal).await;
        }
    }
    if let Err(refusal) = complete(&typed) {
        let part = refusal.field.and_then(Part::of_field);
        let screen = part.filter(|_| Appearance::current().simple).map_or(Screen::All, Screen::One);
        return render(&state, &csrf, posted.key, typed, screen, Some(refusal)).await;
    }
    // Counted here and not at the door: mending a form is no report, and being told to wait loses nothing.
    let free = match posted.identity.person() {
        Some(_) => Ok(()),
        None => state.limits.check(Limited::Intake, address).map_err(|p| *p.refusal),
    };
    let outcome = match free.and_then(|()| input(&typed, Source::Citizen)) {
        Ok(input) => state.app.report(&posted.identity.caller, input, posted.key.clone()).await,
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(receipt) => {
            // Sent twice it is the same report, wherever that stands by now.
            let view = state.app.follow(&receipt.number, &receipt.follow_code).await.ok();
            let mut offers = view.iter().flat_map(|v| &v.offers);
            let withdraw = offers.any(|o| o.command == "withdraw" && o.refused.is_none());
            let shown = ReceiptPage {
                frame: Frame::new(&state, "已收到", "report").of(&csrf),
                qr: qr(&follow_link(&state, &receipt.number, &receipt.follow_code)),
                joined: receipt.stage == "joined",
                number: receipt.number,
                code: receipt.follow_code,
                unit: receipt.unit_name,
                now: state.app.now(),
                withdraw,
                steps: view.map(|v| v.steps).unwrap_or_default(),
            };
            Ok((StatusCode::CREATED, page(&shown)?).into_response())
        }
        Err(refusal) => {
            let (refusal, key) = posted::reused(refusal, posted.key);
            let part = refusal.field.and_then(Part::of_field);
            let screen = match (Appearance::current().simple, part) {
                (false, _) => Screen::All,
                (true, Some(part)) => Screen::One(part),
                (true, None) => Screen::Check,
            };
            render(&state, &csrf, key, typed, screen, Some(refusal)).await
        }
    }
}

/// `POST /report/near`: what was reported near by, as a piece of the form.
pub(super) async fn near(State(state): State<WebState>, posted: Posted) -> Answer<Response> {
    let typed = posted.typed;
    let report = input(&typed, Source::Citizen)?;
    let near = state.app.near(&report).await?;
    page(&NearList { near, same: typed.text("same").to_owned(), now: state.app.now() })
}

/// `POST /report/kinds`: pictures of the kinds that some words mean, as a piece of the form.
pub(super) async fn search(State(state): State<WebState>, posted: Posted) -> Answer<Response> {
    let typed = posted.typed;
    let tiles = pictures::tiles(&state, typed.text("category"), typed.text("q"));
    page(&pictures::Tiles { searched: !typed.text("q").is_empty(), tiles })
}

/// The link that a receipt's picture holds. Number and code stand behind the `#`, which no browser sends: they reach no
/// log and no proxy on the way. The page reads them there and asks with them.
fn follow_link(state: &WebState, number: &str, code: &str) -> String {
    format!("{}/follow#n={}&c={}", state.config.base_url, ui::query(number), ui::query(code))
}

/// A QR code as a drawing.
fn qr(text: &str) -> ui::Html {
    let code = qrcode::QrCode::with_error_correction_level(text.as_bytes(), qrcode::EcLevel::M);
    let svg = code.map(|c| c.render::<qrcode::render::svg::Color<'_>>().min_dimensions(192, 192).build());
    // Without the XML declaration, which has no place inside a page.
    let svg = svg.map(|s| s.find("<svg").map_or(String::new(), |at| s[at..].to_owned()));
    ui::Html::rendered(svg.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let mut typed = Typed::default();
        for (k, v) in pairs {
            typed.push(*k, *v);
        }
        typed
    }

    #[test]
    fn one_question_a_screen_asks_back_only_for_what_was_asked() {
        let (screen, fault) = onward(&typed(&[("screen", "photo")]));
        assert!(screen == Screen::One(Part::Place) && fault.is_none(), "a photo is not needed");
        let (screen, fault) = onward(&typed(&[("screen", "place")]));
        assert!(screen == Screen::One(Part::Place) && fault.is_some_and(|f| f.field == Some("address")));
        let here = [("screen", "place"), ("address", "漕平路")];
        assert_eq!(onward(&typed(&here)).0, Screen::One(Part::Kind));
        let (screen, fault) = onward(&typed(&[("screen", "what"), ("address", "漕平路")]));
        assert!(screen == Screen::One(Part::What) && fault.is_some(), "neither a photo nor a word");
        let all = [("screen", "contact"), ("address", "漕平路"), ("description", "摆摊")];
        assert_eq!(onward(&typed(&all)).0, Screen::Check);
    }

    #[test]
    fn the_place_may_come_first() {
        let place_first = [("first", "place"), ("screen", "place"), ("address", "漕平路")];
        assert_eq!(onward(&typed(&place_first)).0, Screen::One(Part::Photo));
    }

    #[test]
    fn more_photos_than_fit_are_told() {
        let mut many = typed(&[("address", "漕平路"), ("step", "describe")]);
        (0..10).for_each(|_| many.push("photos", "00"));
        let (screen, fault) = onward(&many);
        assert!(screen == Screen::All && fault.is_some_and(|f| f.field == Some("photos")));
    }
}
