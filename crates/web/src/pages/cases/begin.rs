//! The form with which a case begins: short enough for the street, filled in from the report or lead that it comes from.

use super::super::form::{Form, Input, Kind, Typed};
use super::super::posted::{self, Posted};
use super::super::report::key_of;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::MatterView;
use lianzhi_procedure::penalty::{Capacity, PartyKind, Source};
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What most cases on the street do not need.
const SELDOM: &str = "责任能力、行为持续等";
/// Where it was, by degrees.
const BY_HAND: &str = "手工填写坐标";
/// Fields of the command that are texts.
const TEXTS: [&str; 16] = [
    "found_on",
    "source",
    "from_matter",
    "title",
    "place",
    "kind",
    "capacity",
    "name",
    "id_number",
    "address",
    "representative",
    "phone",
    "item",
    "from",
    "to",
    "facts",
];

#[derive(Template)]
#[template(path = "case_new.html")]
struct BeginPage {
    shell: Shell,
    form: Form,
    /// The matter that it comes from: address, number, title.
    from: Option<(i64, String, String)>,
}

/// From where.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Ask {
    /// Number of a report or of a lead.
    #[serde(default)]
    from: String,
}

macro_rules! choices {
    ($words:ty) => {
        <$words>::ALL.iter().map(|w| Choice::new(w.code(), w.title())).collect()
    };
}

fn form(state: &WebState, from: Option<&MatterView>, csrf: &str, key: Option<String>) -> Form {
    let today = ui::beijing(state.app.now()).date();
    let line = |name, title| Input::new(Kind::Line, name, title);
    let mut form = Form::new("/cases/new", csrf, "登记线索")
        .hidden("form", key_of(state, key))
        .consequence("登记后由队长指定两名办案人员核查；核查的期限从登记起算，在案件页面上显示。");
    form.inputs = vec![
        Input::new(Kind::Suggest, "item", "事项")
            .required()
            .choices(super::items(state))
            .hint("输入违法行为里的字或者编号，从清单中选"),
        line("title", "案由").required().hint("一行说清，如“某公司擅自倾倒建筑垃圾案”"),
        Input::new(Kind::Text, "facts", "违法事实").required().hint("时间、地点、人、做了什么、造成什么"),
        Input::new(Kind::Date, "from", "行为日期")
            .required()
            .value(today.to_string())
            .hint("持续多日的填第一天"),
        line("place", "地点").hint("路名门牌、工地或者小区"),
        Input::new(Kind::Segments, "kind", "当事人").required().choices(choices!(PartyKind)),
        line("name", "姓名或者名称").required().hint("还不知道的写明特征，如“现场施工人员，男”"),
        line("id_number", "证件号码、统一社会信用代码").hint("用于核对有没有同类案件；封存，查看留痕"),
        line("address", "住址（住所）").hint("文书必备；现在不知道的，签发文书前补正"),
        line("representative", "法定代表人、负责人、经营者").hint("单位填写；文书必备"),
        line("phone", "电话"),
    ];
    if from.is_none() {
        form.inputs.push(Input::new(Kind::Select, "source", "来源").required().choices(choices!(Source)));
    }
    form.inputs.extend(local_files(from, state));
    form.inputs.push(Input::new(Kind::Exhibits, "photos", "照片、文件").hint("原件原样保存"));
    let seldom = [
        Input::new(Kind::Select, "capacity", "责任能力").choices(choices!(Capacity)).hint("只对个人填写"),
        Input::new(Kind::Date, "to", "行为终了日期").hint("同一天的不填"),
        Input::new(Kind::Flag, "continuing", "连续或者继续状态"),
        Input::new(Kind::Flag, "harm", "造成环境污染、生态破坏"),
        Input::new(Kind::Flag, "danger", "涉及生命健康安全、金融安全且有危害后果"),
        Input::new(Kind::Date, "found_on", "发现日期").hint("投诉、举报、移送之日；不填即登记之日"),
    ];
    form.inputs.extend(seldom.map(|input| input.fold(SELDOM)));
    form.inputs.push(line("lng", "经度").hint("如 121.1142").fold(BY_HAND));
    form.inputs.push(line("lat", "纬度").hint("如 31.1508").fold(BY_HAND));
    form.id("case")
}

/// The files of the matter that it comes from, each to be ticked.
fn local_files(from: Option<&MatterView>, state: &WebState) -> Option<Input> {
    let (view, now) = (from?, state.app.now());
    let choice = |e: &lianzhi_app::ExhibitView| {
        let name = if e.name.is_empty() { e.digest.short() } else { e.name.clone() };
        Choice::new(e.digest.to_string(), format!("{} {name}（{}）", e.what, ui::near(now, e.at)))
    };
    let choices: Vec<_> = view.exhibits.iter().map(choice).collect();
    let hint = format!("{} 的照片、文件", view.row.number);
    (!choices.is_empty())
        .then(|| Input::new(Kind::Many, "exhibits", "原办件的材料").choices(choices).hint(hint))
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    typed: &Typed,
    key: Option<String>,
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let mut refusal = refusal;
    let from = match typed.given("from_matter") {
        None => None,
        Some(number) => match state.app.by_number(&who.caller, number).await {
            Ok(id) => Some(state.app.matter(&who.caller, id).await?),
            Err(found) => {
                refusal = refusal.or(Some(found));
                None
            }
        },
    };
    let shell = Shell::new(state, who, "登记案件线索", "/cases");
    let mut form = form(state, from.as_ref(), &shell.csrf, key);
    if let Some(view) = &from {
        form = form.hidden("from_matter", &*view.row.number);
    }
    // A fresh form keeps what stands in it.
    if typed.text("item").is_empty() && typed.text("title").is_empty() {
        form.refusal = refusal.clone();
    } else {
        let day = form.get("from").map(|input| input.value.clone()).unwrap_or_default();
        form = form.refused(Some(typed), refusal.as_ref());
        if let Some(input) = form.get("from").filter(|input| input.value.is_empty()) {
            input.value = day;
        }
    }
    let status = refusal.map_or(StatusCode::OK, |refusal| Problem::from(refusal).status);
    let from = from.map(|view| (view.row.id.0, view.row.number, view.row.title));
    Ok((status, page(&BeginPage { shell, form, from })?).into_response())
}

/// What the matter says, as the beginning of a case. The reporter's particulars stay there.
fn prefill(view: &MatterView, typed: &mut Typed) {
    typed.push("from_matter", &*view.row.number);
    typed.push("title", &*view.row.title);
    typed.push("facts", &*view.narrative.description);
    typed.push("place", &*view.row.address);
    if let (Some(lng), Some(lat)) = (view.row.lng, view.row.lat) {
        typed.push("lng", format!("{:.6}", f64::from(lng) / 1e6));
        typed.push("lat", format!("{:.6}", f64::from(lat) / 1e6));
    }
    for exhibit in &view.exhibits {
        typed.push("exhibits", exhibit.digest.to_string());
    }
}

/// `GET /cases/new`, with `?from=` the number of a report or lead.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    state.app.may(&who.caller, "penalty_register", None)?;
    let (mut typed, mut refusal) = (Typed::default(), None);
    if !ask.from.trim().is_empty() {
        match state.app.by_number(&who.caller, ask.from.trim()).await {
            Ok(id) => prefill(&state.app.matter(&who.caller, id).await?, &mut typed),
            Err(found) => refusal = Some(found),
        }
    }
    render(&state, &who, &typed, None, refusal).await
}

/// The command that a filled form asks for.
fn command(typed: &Typed) -> Value {
    let mut out = Map::new();
    for name in TEXTS {
        if let Some(text) = typed.given(name) {
            // An item may be typed with its name behind the code.
            let text = if name == "item" { text.split_whitespace().next().unwrap_or(text) } else { text };
            out.insert(name.into(), text.into());
        }
    }
    for name in ["lng", "lat"] {
        out.extend(typed.given(name).map(|text| (name.to_owned(), json!(text))));
    }
    for name in ["continuing", "harm", "danger"] {
        out.insert(name.into(), typed.flag(name).into());
    }
    let files: Vec<&str> = typed.all("exhibits").chain(typed.all("photos")).collect();
    out.insert("exhibits".into(), json!(files));
    Value::Object(out)
}

/// What must be there before anything is asked of the procedure, so that the field is named.
fn whole(typed: &Typed) -> Result<(), Refusal> {
    const MUST: [(&str, &str); 6] = [
        ("item", "事项"),
        ("title", "案由"),
        ("facts", "违法事实"),
        ("from", "行为日期"),
        ("kind", "当事人类型"),
        ("name", "当事人的姓名或者名称"),
    ];
    match MUST.iter().find(|(name, _)| typed.given(name).is_none()) {
        Some((name, title)) => Err(Refusal::invalid(name, format!("没有填写{title}。"), "请填写后再提交。")
            .from_source("行政处罚法第五十四条")),
        None if typed.given("from_matter").is_none() && typed.given("source").is_none() => {
            Err(Refusal::invalid("source", "没有选择来源。", "请选择案件来源。")
                .from_source("行政处罚法第五十四条"))
        }
        None => Ok(()),
    }
}

/// `POST /cases/new`.
pub(in crate::pages) async fn send(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let opened = match posted.sound().and_then(|()| whole(typed)) {
        Ok(()) => state.app.open_case(&posted.identity.caller, command(typed), posted.key.clone()).await,
        Err(refusal) => Err(refusal),
    };
    match opened {
        Ok(done) => Ok(Redirect::to(&format!("/matters/{}?done=register", done.id)).into_response()),
        Err(refusal) => {
            let (refusal, key) = posted::reused(refusal, posted.key.clone());
            render(&state, &who, typed, key, Some(refusal)).await
        }
    }
}
