//! The page on the phone with which a decision on the spot or a slip begins: one page, filled in from the report or the slip that
//! it comes from.

use super::super::form::{Form, Input, Kind, Typed, moment};
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
use jiff::civil::Date;
use lianzhi_app::MatterView;
use lianzhi_app::spot::{Begun, Habits};
use lianzhi_law::{Item, SubjectKind};
use lianzhi_procedure::penalty::{Adopted, PartyKind, yuan};
use lianzhi_procedure::slip::Level;
use lianzhi_procedure::spot::{most, wants_ordinary};
use lianzhi_procedure::{Choice, Earlier, Refusal, RefusalKind};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Where it was, by degrees.
const BY_HAND: &str = "手工填写坐标";
/// What is seldom needed on the street.
const SELDOM: &str = "日期、联系方式等";
/// What a slip says besides.
const ON_PAPER: &str = "单上另写的内容";
/// What the party said, when it said something.
const SAID: &str = "当事人有陈述、申辩";
/// Texts of both pages.
const TEXTS: [&str; 10] = [
    "from_matter",
    "place",
    "kind",
    "name",
    "id_number",
    "address",
    "representative",
    "phone",
    "item",
    "unit",
];
/// Most circumstances, items and people that a form lists.
const LISTED_MAX: usize = 200;

macro_rules! choices {
    ($words:ty) => {
        <$words>::ALL.iter().map(|w| Choice::new(w.code(), w.title())).collect()
    };
}

#[derive(Template)]
#[template(path = "spot_new.html")]
struct BeginPage {
    shell: Shell,
    slip: bool,
    form: Form,
    /// The matter that it comes from: address, number, title.
    from: Option<(i64, String, String)>,
    /// What the party got before.
    earlier: Vec<Earlier>,
}

/// From where.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Ask {
    /// Number of a report or of a slip.
    #[serde(default)]
    from: String,
}

/// The fine of an item in words, and whether it can be imposed on the spot.
fn range(item: &Item, day: Date) -> String {
    let spot = item.summary_possible(day);
    let of = |kind: SubjectKind| {
        let mut bases = item.bases.iter().filter(|b| b.in_force(day) && b.kinds.contains(&kind));
        let fine = bases.find_map(|b| b.fine.amounts());
        let (min, max) = fine?;
        let possible = if spot.contains(&kind) { "可当场" } else { "普通程序" };
        Some(format!("{} {min}–{}，{possible}", kind.title(), yuan(max.0)))
    };
    let words: Vec<_> = SubjectKind::ALL.into_iter().filter_map(of).collect();
    if words.is_empty() { "罚款数额未核对".into() } else { words.join("；") }
}

/// All items: those used last, then those that can be dealt with on the spot.
fn items(state: &WebState, habits: &Habits) -> Vec<Choice> {
    let directory = state.app.directory();
    let day = ui::beijing(state.app.now()).date();
    let mut items: Vec<_> = directory.law.items().collect();
    let used = |item: &Item| habits.items.iter().position(|code| **code == *item.code).unwrap_or(usize::MAX);
    items.sort_by_key(|item| (used(item), item.summary_possible(day).is_empty()));
    let choice = |item: &&Item| Choice::new(&*item.code, format!("{}（{}）", item.name, range(item, day)));
    items.iter().take(LISTED_MAX).map(choice).collect()
}

/// Others with a certificate, those of one's own unit first.
fn partners(state: &WebState, who: &SignedIn) -> Vec<Choice> {
    let directory = state.app.directory();
    let me = who.caller.actor.person();
    let own = |unit| {
        me.and_then(|me| directory.people.get(me))
            .is_some_and(|p| p.posts.iter().any(|post| post.unit == unit))
    };
    let with = |p: &&std::sync::Arc<lianzhi_procedure::directory::Person>| {
        p.active && p.certificate.is_some() && Some(&p.code) != me
    };
    let mut people: Vec<_> = directory.people.values().filter(with).collect();
    people.sort_by_key(|p| (!p.posts.iter().any(|post| own(post.unit.clone())), p.code.clone()));
    people.iter().take(LISTED_MAX).map(|p| Choice::new(p.code.as_str(), p.with_certificate())).collect()
}

fn tiers(state: &WebState) -> Vec<Choice> {
    let directory = state.app.directory();
    let day = ui::beijing(state.app.now()).date();
    let Ok(place) = directory.law.place(directory.node.as_str()) else { return Vec::new() };
    let general = directory.law.benchmark("*", &place, day);
    let words = |t: &lianzhi_law::Tier| Choice::new(&*t.code, &*t.title);
    general.into_iter().flat_map(|b| &b.tiers).map(words).collect()
}

/// Items that somebody used last, as they are written by a press: code and name.
fn used(state: &WebState, habits: &Habits) -> Vec<String> {
    let law = &state.app.directory().law;
    let named = |code: &String| law.item(code).ok().map(|item| format!("{} {}", item.code, item.name));
    habits.items.iter().filter_map(named).collect()
}

fn form(
    state: &WebState,
    who: &SignedIn,
    what: Begun,
    habits: &Habits,
    csrf: &str,
    key: Option<String>,
) -> Form {
    let line = |name, title| Input::new(Kind::Line, name, title);
    let flag = |name, title| Input::new(Kind::Flag, name, title);
    let (address, button) = match what {
        Begun::Spot => ("/spot/new", "作出当场处罚决定"),
        Begun::Slip => ("/slip/new", "发单"),
    };
    let mut form = Form::new(address, csrf, button).hidden("form", key_of(state, key));
    let mut item = Input::new(Kind::Suggest, "item", "事项")
        .required()
        .choices(items(state, habits))
        .hint("点常用的，或者输入几个字从清单中选");
    item.quick = used(state, habits);
    // In the order in which it happens: a photo, who, what, where, which is mostly known.
    let mut inputs = vec![
        Input::new(Kind::Photos, "photos", "现场照片")
            .hint(if what == Begun::Spot { "至少一张" } else { "" })
            .accept("image/*,video/mp4"),
        line("name", "当事人姓名或者名称").required().autocomplete("off"),
        line("id_number", "证件号码、统一社会信用代码")
            .hint("查得到以前的提示、警示和处罚；封存，查看留痕")
            .autocomplete("off"),
        Input::new(Kind::Segments, "kind", "当事人是")
            .required()
            .choices(choices!(PartyKind))
            .value(PartyKind::Person.code()),
        item,
        line("place", "地点").hint("已定位的可以不填，按附近门牌登记"),
    ];
    match what {
        Begun::Spot => {
            // The decision bears them (行政处罚法 52(2)).
            inputs.insert(
                4,
                line("address", "住址（住所）").hint("作出处罚决定的必填；只保存不处罚的可以不填"),
            );
            inputs.insert(5, line("representative", "法定代表人、负责人、经营者").hint("单位必填"));
            let limits = format!(
                "公民不超过 {}，法人和其他组织不超过 {}",
                yuan(most(PartyKind::Person)),
                yuan(most(PartyKind::Company))
            );
            let second = habits.second.as_ref().map_or("", |second| second.as_str());
            inputs.extend([
                Input::new(Kind::Text, "facts", "违法事实").required().hint("做了什么，有什么情节").rows(2),
                line("ordered", "责令改正的内容").hint("印在决定书上；不填的为“立即改正上述违法行为”"),
                flag("disobeyed", "已当场责令改正，当事人拒不改正"),
                Input::new(Kind::Moment, "ordered_at", "责令改正的时间")
                    .hint("拒不改正的填写；不填即出示证件的时间")
                    .fold(SELDOM),
                Input::new(Kind::Segments, "tier", "裁量档次").choices(tiers(state)).hint("罚款须选择"),
                Input { inputmode: "decimal", ..line("fine", "罚款（元）").hint(limits) },
                flag("warning", "警告"),
                Input::new(Kind::Select, "second", "另一名执法人员")
                    .required()
                    .choices(partners(state, who))
                    .value(second),
                flag("shown", "两人已出示执法证件"),
                flag("told", "已告知拟处罚的内容、事实、理由、依据和陈述、申辩的权利"),
                flag("heard", "已听取当事人的陈述、申辩（没有意见的不用填写下面几项）"),
                Input::new(Kind::Text, "statement", "陈述、申辩的内容").rows(2).fold(SAID),
                Input::new(Kind::Segments, "adopted", "是否采纳").choices(choices!(Adopted)).fold(SAID),
                line("answer", "采纳或者不采纳的理由").fold(SAID),
                line("lowered", "采纳后的罚款（元）").fold(SAID),
                flag("disputed", "当事人对违法事实有异议").fold(SAID),
                Input::new(Kind::Date, "from", "行为日期").hint("不是今天的才填").fold(SELDOM),
                Input::new(Kind::Date, "to", "行为终了日期").hint("持续多日的才填").fold(SELDOM),
                flag("harm", "造成环境污染、生态破坏等危害后果").fold(SELDOM),
                flag("danger", "涉及生命健康安全、金融安全且有危害后果").fold(SELDOM),
                flag("anew", "前次处罚后又实施的另一行为").fold(SELDOM),
                line("phone", "电话").fold(SELDOM),
            ]);
            form = form.also("later", "true", "先保存，不处罚或者稍后再定").consequence(
                "编号生效后打印，当场交付当事人。轻微、及时改正的先保存，在本件上办理不予处罚。",
            );
        }
        Begun::Slip => {
            inputs.insert(
                0,
                Input::new(Kind::Segments, "level", "种类")
                    .required()
                    .choices(choices!(Level))
                    .value(Level::Tip.code()),
            );
            inputs.extend([
                Input::new(Kind::Text, "note", "发现的问题和改正要求").required().rows(3),
                Input::new(Kind::Date, "until", "改正期限").hint("到期复查；警示单必填"),
                line("found", "违法风险事实").hint("印在警示单上；不填的印事项名称").fold(ON_PAPER),
                line("guide", "办理指南").hint("印在提示单上：去哪里、怎样依法办理").fold(ON_PAPER),
                flag("promised", "当事人签了改正承诺书（拍照附上）"),
                flag("refused", "当事人拒绝签收"),
                line("address", "住址（住所）").fold(SELDOM),
                line("phone", "电话").fold(SELDOM),
                line("representative", "法定代表人、负责人").fold(SELDOM),
            ]);
            form = form.consequence("提示、警示不是行政处罚，也不代替依法应当给予的处罚。");
        }
    }
    inputs.extend([line("lng", "经度").fold(BY_HAND), line("lat", "纬度").fold(BY_HAND)]);
    form.inputs = inputs;
    form.id("spot")
}

/// What was asked for, when the form is shown again.
struct Shown {
    typed: Typed,
    key: Option<String>,
    refusal: Option<Refusal>,
}

async fn render(state: &WebState, who: &SignedIn, what: Begun, shown: Shown) -> Answer<Response> {
    let Shown { typed, key, mut refusal } = shown;
    let from = match typed.given("from_matter") {
        None => None,
        Some(number) => match state.app.by_number(&who.caller, number).await {
            Ok(id) => Some(state.app.matter(&who.caller, id).await?.row),
            Err(found) => {
                refusal = refusal.or(Some(found));
                None
            }
        },
    };
    let earlier = match typed.given("id_number") {
        Some(number) => state.app.earlier_of(&who.caller, number).await?,
        None => Vec::new(),
    };
    let title = if what == Begun::Spot { "当场处罚" } else { "提示单、警示单" };
    let shell = Shell::new(state, who, title, "/cases");
    let habits = state.app.street_habits(&who.caller).await?;
    let mut form = form(state, who, what, &habits, &shell.csrf, key);
    if let Some(row) = &from {
        form = form.hidden("from_matter", &*row.number);
    }
    if typed.is_empty() {
        form.refusal = refusal.clone();
    } else {
        // What stands in a fresh form stays where nothing was typed over it.
        let fresh: Vec<_> = form.inputs.iter().map(|input| input.value.clone()).collect();
        form = form.refused(Some(&typed), refusal.as_ref());
        for (input, value) in form.inputs.iter_mut().zip(fresh).filter(|(input, _)| input.value.is_empty()) {
            input.value = value;
        }
    }
    if what == Begun::Spot && refusal.as_ref().is_some_and(wants_ordinary) {
        form = form.also("ordinary", "true", "转为普通程序登记");
    }
    let status = refusal.map_or(StatusCode::OK, |refusal| Problem::from(refusal).status);
    let from = from.map(|row| (row.id.0, row.number, row.title));
    let shown = BeginPage { shell, slip: what == Begun::Slip, form, from, earlier };
    Ok((status, page(&shown)?).into_response())
}

/// What the matter says, as the beginning. A reporter's particulars stay there; a slip's party is asked for anew.
fn prefill(view: &MatterView, what: Begun, typed: &mut Typed) {
    typed.push("from_matter", &*view.row.number);
    typed.push("place", &*view.row.address);
    typed.push(if what == Begun::Spot { "facts" } else { "note" }, &*view.narrative.description);
    if let Some(slips) = lianzhi_app::spot::slips_of(&view.state) {
        typed.push("item", &*slips.given.item);
        typed.push("kind", slips.given.subject.kind.code());
    }
    if let (Some(lng), Some(lat)) = (view.row.lng, view.row.lat) {
        typed.push("lng", format!("{:.6}", f64::from(lng) / 1e6));
        typed.push("lat", format!("{:.6}", f64::from(lat) / 1e6));
    }
}

async fn begin(state: WebState, who: SignedIn, what: Begun, ask: Ask) -> Answer<Response> {
    let action = if what == Begun::Spot { "spot_handle" } else { "slip_issue" };
    state.app.may_begin(&who.caller, action)?;
    let (mut typed, mut refusal) = (Typed::default(), None);
    if !ask.from.trim().is_empty() {
        match state.app.by_number(&who.caller, ask.from.trim()).await {
            Ok(id) => prefill(&state.app.matter(&who.caller, id).await?, what, &mut typed),
            Err(found) => refusal = Some(found),
        }
    }
    render(&state, &who, what, Shown { typed, key: None, refusal }).await
}

/// `GET /spot/new`, with `?from=` the number of a report or slip.
pub(in crate::pages) async fn spot(
    State(state): State<WebState>,
    who: SignedIn,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    begin(state, who, Begun::Spot, ask).await
}

/// `GET /slip/new`, the same.
pub(in crate::pages) async fn slip(
    State(state): State<WebState>,
    who: SignedIn,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    begin(state, who, Begun::Slip, ask).await
}

/// Yuan as typed, in fen.
fn fen(typed: &Typed, name: &'static str) -> Result<Option<i64>, Refusal> {
    let Some(text) = typed.given(name) else { return Ok(None) };
    let amount = lianzhi_law::Fen::parse_yuan(text).map(|fen| Some(fen.0));
    amount.map_err(|why| Refusal::invalid(name, why, "请填写元，最多两位小数，如 50 或 50.5。"))
}

/// The command that a filled form asks for.
fn command(typed: &Typed, what: Begun, today: Date) -> Result<Value, Refusal> {
    let mut out = Map::new();
    let own: &[&str] = match what {
        Begun::Spot => {
            &["facts", "from", "to", "ordered", "second", "tier", "statement", "adopted", "answer"]
        }
        Begun::Slip => &["level", "note", "found", "guide", "until"],
    };
    for name in TEXTS.iter().chain(own).chain(&["lng", "lat"]) {
        if let Some(text) = typed.given(name) {
            // An item may be typed with its name behind the code.
            let text = if *name == "item" { text.split_whitespace().next().unwrap_or(text) } else { text };
            out.insert((*name).into(), text.into());
        }
    }
    let flags: &[&str] = match what {
        Begun::Spot => {
            &["shown", "disobeyed", "anew", "harm", "danger", "warning", "told", "heard", "disputed"]
        }
        Begun::Slip => &["refused", "promised"],
    };
    // Kept for later: nothing is told yet.
    let later = typed.flag("later");
    for name in flags {
        let ticked = typed.flag(name) && !(later && ["told", "heard"].contains(name));
        out.insert((*name).into(), ticked.into());
    }
    if what == Begun::Spot {
        if typed.given("from").is_none() {
            out.insert("from".into(), json!(today));
        }
        if let Some(at) = typed.given("ordered_at") {
            out.insert("ordered_at".into(), moment("ordered_at", at)?);
        }
        for name in ["fine", "lowered"] {
            out.extend(fen(typed, name)?.map(|fen| (name.to_owned(), json!(fen))));
        }
    }
    out.insert("exhibits".into(), json!(typed.all("photos").collect::<Vec<_>>()));
    Ok(Value::Object(out))
}

/// What must be there before anything is asked of the procedure, so that the field is named.
fn whole(typed: &Typed, what: Begun) -> Result<(), Refusal> {
    let must: &[(&'static str, &str)] = match what {
        Begun::Spot => &[
            ("name", "当事人的姓名或者名称"),
            ("kind", "当事人类型"),
            ("item", "事项"),
            ("facts", "违法事实"),
            ("second", "另一名执法人员"),
        ],
        Begun::Slip => &[
            ("level", "种类"),
            ("name", "当事人的姓名或者名称"),
            ("kind", "当事人类型"),
            ("item", "事项"),
            ("note", "发现的问题和改正要求"),
        ],
    };
    match must.iter().find(|(name, _)| typed.given(name).is_none()) {
        Some((name, title)) => Err(Refusal::invalid(name, format!("没有填写{title}。"), "请填写后再提交。")
            .from_source(if what == Begun::Spot { "行政处罚法第五十二条" } else { "三单制" })),
        None => Ok(()),
    }
}

/// The ordinary case that the same form asks for.
fn ordinary(state: &WebState, typed: &Typed) -> Value {
    let mut out = Map::new();
    out.insert("from".into(), json!(ui::beijing(state.app.now()).date()));
    let texts = TEXTS.iter().filter(|name| **name != "unit").chain(&["facts", "from", "to", "lng", "lat"]);
    for name in texts {
        out.extend(typed.given(name).map(|text| ((*name).to_owned(), json!(text))));
    }
    let code = typed.text("item").split_whitespace().next().unwrap_or_default();
    let directory = state.app.directory();
    let name = directory.law.item(code).map(|item| item.name.to_string()).unwrap_or_default();
    out.insert("item".into(), json!(code));
    out.insert("title".into(), json!(format!("涉嫌{name}案")));
    out.insert("source".into(), json!("inspection"));
    out.insert("exhibits".into(), json!(typed.all("photos").collect::<Vec<_>>()));
    Value::Object(out)
}

async fn send(state: WebState, who: SignedIn, what: Begun, posted: Posted) -> Answer<Response> {
    let typed = &posted.typed;
    let caller = &posted.identity.caller;
    let today = ui::beijing(state.app.now()).date();
    let opened = match posted.sound().and_then(|()| whole(typed, what)) {
        Err(refusal) => Err(refusal),
        Ok(()) if what == Begun::Spot && typed.flag("ordinary") => {
            // A new form, so that going over is no repetition of what was refused.
            state
                .app
                .open_case(caller, ordinary(&state, typed), posted.key.clone().map(|key| format!("{key}-o")))
                .await
        }
        Ok(()) => match command(typed, what, today) {
            Ok(command) => state.app.begin(caller, what, command, posted.key.clone()).await,
            Err(refusal) => Err(refusal),
        },
    };
    match opened {
        // Where the form is kept for later, what may follow is in view.
        Ok(done) => {
            let at = if typed.flag("later") { "#offers" } else { "" };
            Ok(Redirect::to(&format!("/matters/{}?done=register{at}", done.id)).into_response())
        }
        Err(refusal) if refusal.kind == RefusalKind::Missing => Err(refusal.into()),
        Err(refusal) => {
            let (refusal, key) = posted::reused(refusal, posted.key.clone());
            let typed = posted.typed;
            render(&state, &who, what, Shown { typed, key, refusal: Some(refusal) }).await
        }
    }
}

/// `POST /spot/new`.
pub(in crate::pages) async fn send_spot(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    send(state, who, Begun::Spot, posted).await
}

/// `POST /slip/new`.
pub(in crate::pages) async fn send_slip(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    send(state, who, Begun::Slip, posted).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_to_the_fen() {
        let read = |text: &str| {
            let mut typed = Typed::default();
            typed.push("fine", text);
            fen(&typed, "fine")
        };
        assert_eq!(read("50").unwrap(), Some(5_000));
        assert_eq!(read("50.5").unwrap(), Some(5_050));
        assert_eq!(read("200.01").unwrap(), Some(20_001));
        assert_eq!(read("").unwrap(), None);
        for bad in ["-1", "1.234", "五十", "1e3", "."] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
