//! Meetings of the members and their plans: agenda, who comes, the record, and what was decided as tasks; a three-year plan
//! with its yearly plans on one page.

use super::compact::{Act, Tried, status};
use super::form::{self, Form, Input, Kind as Shape};
use super::posted::Posted;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::compact::GatheringView;
use lianzhi_ids::DocketId;
use lianzhi_procedure::{Choice, Kind, Refusal};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "compact/gatherings.html")]
struct ListPage {
    shell: Shell,
    title: &'static str,
    base: &'static str,
    begin: &'static str,
    may: bool,
    rows: Vec<GatheringView>,
    form: Option<Form>,
}

#[derive(Template)]
#[template(path = "compact/gathering.html")]
struct GatheringPage {
    shell: Shell,
    base: &'static str,
    meeting: bool,
    view: GatheringView,
    /// This one, and the yearly plans of a three-year plan.
    plans: Vec<GatheringView>,
    up: Option<GatheringView>,
    acts: Vec<Act>,
    not_yet: Vec<(&'static str, Refusal)>,
    done: bool,
    refusal: Option<Refusal>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
    /// The act to be opened, as to-dos name it.
    #[serde(default, rename = "do")]
    act: String,
}

const fn base(kind: Kind) -> &'static str {
    if matches!(kind, Kind::Plan) { "/plans" } else { "/meetings" }
}

/// Yearly plans behind the three-year plan that they carry out.
fn nested(rows: Vec<GatheringView>) -> Vec<GatheringView> {
    let of = |row: &GatheringView| row.of.clone();
    let known = |id: &str| rows.iter().any(|r| r.shared == id);
    let (under, tops): (Vec<_>, Vec<_>) =
        rows.clone().into_iter().partition(|row| of(row).is_some_and(|id| known(&id)));
    let mut out = Vec::with_capacity(rows.len());
    for top in tops {
        let mut own: Vec<_> = under.iter().filter(|u| u.of.as_ref() == Some(&top.shared)).cloned().collect();
        own.sort_by_key(|row| row.year);
        out.push(top);
        out.extend(own);
    }
    out
}

async fn begin_form(state: &WebState, who: &SignedIn, kind: Kind, csrf: &str) -> Result<Form, Refusal> {
    let directory = state.app.directory();
    let others = directory.roster.iter().flat_map(|r| &r.epoch.members).filter(|m| m.node != directory.node);
    let members: Vec<Choice> = others.map(|m| Choice::new(m.node.as_str(), m.title())).collect();
    let all = members.iter().map(|m| m.value.clone()).collect();
    let participants = Input::new(Shape::Many, "participants", "参加单位").choices(members).values(all);
    let form = match kind {
        Kind::Plan => {
            let plans = state.app.gatherings(&who.caller, Kind::Plan).await?;
            let plans = plans.iter().filter(|p| p.three_years && p.open);
            let plans = plans.map(|p| Choice::new(&p.shared, p.title.as_str())).collect();
            Form::new("/plans/new", csrf, "制定并发出")
                .input(Input::new(Shape::Segments, "span", "年限").required().choices(vec![
                    Choice::new("three_years", "三年行动计划"),
                    Choice::new("year", "年度计划"),
                ]))
                .input(Input::new(Shape::Number { min: 2020, max: 2100 }, "year", "（起始）年份").required())
                .input(Input::new(Shape::Select, "of", "落实哪个三年行动计划").choices(plans))
                .input(Input::new(Shape::Line, "title", "名称").required())
                .input(Input::new(Shape::Text, "text", "主要内容").required().rows(6))
                .input(Input::new(Shape::Text, "goals", "目标").hint("每行一项").rows(4))
        }
        _ => Form::new("/meetings/new", csrf, "召集并发出通知")
            .input(Input::new(Shape::Segments, "kind", "类型").required().choices(vec![
                Choice::new("mechanism", "机制会议"),
                Choice::new("topic", "专题会议"),
                Choice::new("liaison", "联络会议"),
            ]))
            .input(Input::new(Shape::Line, "title", "名称").required())
            .input(Input::new(Shape::Moment, "at", "时间").required())
            .input(Input::new(Shape::Line, "place", "地点"))
            .input(Input::new(Shape::Text, "agenda", "议程").required().rows(6)),
    };
    Ok(form.input(participants).consequence("发给所选的全体参加单位。").id("begin"))
}

async fn list(
    state: &WebState,
    who: &SignedIn,
    kind: Kind,
    new: bool,
    tried: Option<&Tried>,
) -> Answer<Response> {
    let (title, begin) = match kind {
        Kind::Plan => ("行动计划", "制定计划"),
        _ => ("会议", "召集会议"),
    };
    let shell = Shell::new(state, who, title, "/cooperation");
    let may = state.app.may(&who.caller, "meeting_convene", None);
    let form = match new {
        true => {
            may.clone()?;
            let form = begin_form(state, who, kind, &shell.csrf).await?.hidden("form", state.random_id());
            Some(match tried {
                Some(tried) => form.refused(Some(&tried.typed), Some(&tried.refusal)),
                None => form,
            })
        }
        false => None,
    };
    let rows = match new {
        true => Vec::new(),
        false => nested(state.app.gatherings(&who.caller, kind).await?),
    };
    let may = may.is_ok() && !new && state.app.directory().roster.is_some();
    let shown = ListPage { shell, title, base: base(kind), begin, may, rows, form };
    Ok((status(tried), page(&shown)?).into_response())
}

fn command(kind: Kind, posted: &Posted) -> Result<Value, Refusal> {
    let typed = &posted.typed;
    let participants: Vec<&str> = typed.all("participants").collect();
    let mut json = json!({ "title": typed.text("title"), "participants": participants });
    let Some(map) = json.as_object_mut() else { return Ok(json) };
    if kind == Kind::Plan {
        let year = typed.text("year").parse::<i16>();
        let year = year.map_err(|_| Refusal::invalid("year", "年份不是数字。", "如 2026。"))?;
        let goals: Vec<&str> = typed.text("goals").lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        map.insert("command".into(), json!("adopt"));
        map.insert("span".into(), json!(typed.text("span")));
        map.insert("year".into(), json!(year));
        map.insert("text".into(), json!(typed.text("text")));
        map.insert("goals".into(), json!(goals));
        if let Some(of) = typed.given("of") {
            map.insert("of".into(), json!(of));
        }
    } else {
        map.insert("command".into(), json!("convene"));
        map.insert("kind".into(), json!(typed.text("kind")));
        map.insert("at".into(), form::moment("at", typed.text("at"))?);
        map.insert("agenda".into(), json!(typed.text("agenda")));
        if let Some(place) = typed.given("place") {
            map.insert("place".into(), json!(place));
        }
    }
    Ok(json)
}

async fn begin(state: &WebState, who: &SignedIn, kind: Kind, posted: Posted) -> Answer<Response> {
    let outcome = async {
        let json = command(kind, &posted)?;
        state.app.open_shared(&who.caller, kind, json, posted.key.clone()).await
    };
    match outcome.await {
        Ok(done) => Ok(Redirect::to(&format!("{}/{}?done=begun", base(kind), done.id)).into_response()),
        Err(refusal) => {
            let tried = Tried { command: "begin".into(), typed: posted.typed, refusal };
            list(state, who, kind, true, Some(&tried)).await
        }
    }
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    kind: Kind,
    id: i64,
    asked: &Asked,
    tried: Option<Tried>,
) -> Answer<Response> {
    let (view, offers) = state.app.gathering(&who.caller, DocketId(id)).await?;
    if view.year.is_some() != (kind == Kind::Plan) {
        return Err(Problem::nothing_here());
    }
    let shell = Shell::new(state, who, view.title.clone(), "/cooperation");
    let all = match kind {
        Kind::Plan => state.app.gatherings(&who.caller, kind).await?,
        _ => Vec::new(),
    };
    let mut years: Vec<_> = all.iter().filter(|p| p.of.as_ref() == Some(&view.shared)).cloned().collect();
    years.sort_by_key(|plan| plan.year);
    let up = all.iter().find(|p| view.of.as_ref() == Some(&p.shared)).cloned();
    let (mut acts, mut not_yet) = (Vec::new(), Vec::new());
    for offer in offers {
        if let Some(refusal) = offer.refused {
            not_yet.push((offer.title, refusal));
            continue;
        }
        let form = form::of_offer(&offer, format!("{}/{id}/{}", base(kind), offer.command), &shell.csrf)
            .hidden("form", state.random_id());
        let here = tried.as_ref().filter(|t| t.command == offer.command);
        let form = match here {
            Some(tried) => form.refused(Some(&tried.typed), Some(&tried.refusal)),
            None => form,
        };
        let open = here.is_some() || asked.act == offer.command;
        acts.push(Act { title: offer.title.into(), open, form });
    }
    let shown_there = acts.iter().any(|a| a.form.refusal.is_some());
    let refusal = tried.as_ref().filter(|_| !shown_there).map(|t| t.refusal.clone());
    let mut plans = vec![view.clone()];
    plans.extend(years);
    let shown = GatheringPage {
        base: base(kind),
        meeting: kind == Kind::Meeting,
        plans,
        up,
        acts,
        not_yet,
        done: !asked.done.is_empty(),
        refusal,
        view,
        shell,
    };
    Ok((status(tried.as_ref()), page(&shown)?).into_response())
}

async fn give(
    state: &WebState,
    who: &SignedIn,
    kind: Kind,
    (id, command): (i64, String),
    posted: Posted,
) -> Answer<Response> {
    let outcome = async {
        let offers = state.app.offers(&who.caller, DocketId(id)).await?;
        let offer = offers.iter().find(|o| o.command == command).ok_or_else(|| {
            Refusal::conflict("not-offered", "这件事现在不能办了。", "下面是现在的情况和可办的事项。")
        })?;
        posted.sound()?;
        let value = form::command(offer, &posted.typed)?;
        state.app.command(&who.caller, DocketId(id), value, None, posted.key.clone()).await
    };
    match outcome.await {
        Ok(_) => {
            Ok(Redirect::to(&format!("{}/{id}?done={}", base(kind), ui::query(&command))).into_response())
        }
        Err(refusal) => {
            let tried = Tried { command, typed: posted.typed, refusal };
            render(state, who, kind, id, &Asked::default(), Some(tried)).await
        }
    }
}

macro_rules! pages {
    ($($module:ident = $kind:expr, $path:literal;)*) => {$(
        #[doc = concat!("Pages below `", $path, "`.")]
        pub(super) mod $module {
            use super::*;

            #[doc = concat!("`GET ", $path, "`.")]
            pub(in crate::pages) async fn all(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
                list(&state, &who, $kind, false, None).await
            }

            #[doc = concat!("`GET ", $path, "/new`.")]
            pub(in crate::pages) async fn new(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
                list(&state, &who, $kind, true, None).await
            }

            #[doc = concat!("`POST ", $path, "/new`.")]
            pub(in crate::pages) async fn open(
                State(state): State<WebState>,
                who: SignedIn,
                posted: Posted,
            ) -> Answer<Response> {
                begin(&state, &who, $kind, posted).await
            }

            #[doc = concat!("`GET ", $path, "/{id}`.")]
            pub(in crate::pages) async fn show(
                State(state): State<WebState>,
                who: SignedIn,
                Path(id): Path<i64>,
                Query(asked): Query<Asked>,
            ) -> Answer<Response> {
                render(&state, &who, $kind, id, &asked, None).await
            }

            #[doc = concat!("`POST ", $path, "/{id}/{command}`.")]
            pub(in crate::pages) async fn act(
                State(state): State<WebState>,
                who: SignedIn,
                Path(path): Path<(i64, String)>,
                posted: Posted,
            ) -> Answer<Response> {
                give(&state, &who, $kind, path, posted).await
            }
        }
    )*};
}

pages! {
    meetings = Kind::Meeting, "/meetings";
    plans = Kind::Plan, "/plans";
}
