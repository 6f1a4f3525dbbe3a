//! Beginning a stock-taking. What goes on in it is moved like any other matter.

use super::countable;
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::{self, Posted};
use crate::pages::report::key_of;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::{Choice, Refusal, RefusalKind};
use serde_json::{Map, Value};

#[derive(Template)]
#[template(path = "goods/count_new.html")]
struct BeginPage {
    shell: Shell,
    form: Form,
}

fn form(state: &WebState, who: &SignedIn) -> Form {
    let directory = state.app.directory();
    let me = who.person.code.clone();
    let people = directory.people.values().filter(|p| p.active && p.code != me && !p.posts.is_empty());
    let mut people: Vec<_> = people.collect();
    // Whoever works in the same unit first; the unit tells people of the same name apart.
    let own =
        |p: &Person| p.posts.iter().any(|post| who.person.posts.iter().any(|mine| mine.unit == post.unit));
    people.sort_by_key(|p| (!own(p), p.posts.first().map(|post| post.unit.clone()), p.code.clone()));
    let unit = |p: &Person| p.posts.first().map(|post| directory.unit_name(&post.unit).to_owned());
    let titled = |p: &Person| match unit(p) {
        Some(unit) => format!("{}（{unit}）", p.name),
        None => p.name.clone(),
    };
    let people = people.into_iter().map(|p| Choice::new(p.code.as_str(), titled(p))).collect();
    let units = countable(state, who);
    let own = units.first().map(|c| c.value.clone()).unwrap_or_default();
    Form::new("/goods/stocktakes/new", who.csrf(), "开始盘点")
        .input(Input::new(Kind::Select, "unit", "单位").required().choices(units).value(own))
        .input(
            Input::new(Kind::Line, "shelf", "库位")
                .hint("只盘一部分的，填库位的开头，如：一号库；空着为全部"),
        )
        .input(Input::new(Kind::Select, "second", "一同盘点的人").required().choices(people))
        .input(Input::new(Kind::Text, "note", "原因和范围").required().rows(2).hint("如：季度盘点"))
        .consequence("应有的物品按现在的账列成清单，两人逐件核对。")
}

fn render(
    state: &WebState,
    who: &SignedIn,
    (typed, key): (&Typed, Option<String>),
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let mut form = form(state, who);
    form = form.hidden("form", key_of(state, key));
    if refusal.is_some() {
        form = form.refused(Some(typed), refusal.as_ref());
    }
    let status = refusal.map_or(StatusCode::OK, |refusal| Problem::from(refusal).status);
    let shell = Shell::new(state, who, "盘点", "/cases");
    Ok((status, page(&BeginPage { shell, form })?).into_response())
}

/// `GET /goods/stocktakes/new`.
pub(in crate::pages) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    state.app.may_begin(&who.caller, "stocktake")?;
    render(&state, &who, (&Typed::default(), None), None)
}

/// `POST /goods/stocktakes/new`.
pub(in crate::pages) async fn send(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let must = [("unit", "单位"), ("second", "一同盘点的人"), ("note", "原因和范围")];
    let begun = match must.iter().find(|(name, _)| typed.given(name).is_none()) {
        Some((name, title)) => Err(Refusal::invalid(name, format!("没有填写{title}。"), "请填写后再提交。")),
        None => {
            let fields = ["unit", "shelf", "second", "note"];
            let given = fields.iter().filter_map(|f| Some(((*f).to_owned(), Value::from(typed.given(f)?))));
            let json = Value::Object(given.collect::<Map<_, _>>());
            state.app.begin_count(&posted.identity.caller, json, posted.key.clone()).await
        }
    };
    match begun {
        Ok(done) => Ok(Redirect::to(&format!("/matters/{}?done=register", done.id)).into_response()),
        Err(refusal) if refusal.kind == RefusalKind::Missing => Err(refusal.into()),
        Err(refusal) => {
            let (refusal, key) = posted::reused(refusal, posted.key.clone());
            render(&state, &who, (&posted.typed, key), Some(refusal))
        }
    }
}
