//! What every way of reporting has in common, and the form of people at work, who also take down what callers of a
//! hotline say. The public's own form is in `citizen`.

use super::citizen::pictures;
use super::form::{self, Form, Input, Kind, Typed};
use super::posted::{self, Posted};
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::{Receipt, ReportInput};
use lianzhi_ids::{CategoryCode, DocketId, Role};
use lianzhi_law::Service;
use lianzhi_procedure::report::{Demand, Source};
use lianzhi_procedure::{Choice, Refusal};
use lianzhi_territory::identify::Phone;
use serde_json::{Map, Value, json};

/// Value of the choice "none of these": the clerk decides.
pub(super) const NONE_OF_THESE: &str = "none";

/// What we promise, from the service standards in force.
pub(super) struct Promise {
    pub(super) title: &'static str,
    pub(super) measure: String,
    pub(super) source: String,
}

pub(super) fn promises(state: &WebState, now: Timestamp) -> Vec<Promise> {
    let directory = state.app.directory();
    let today = ui::beijing(now).date();
    [(Service::Accept, "受理"), (Service::Arrive, "到场"), (Service::Answer, "答复您")]
        .map(|(service, title)| {
            let standard = directory.law.service_standard(service, today);
            Promise { title, measure: standard.plain_measure(), source: standard.public_source().to_owned() }
        })
        .into()
}

/// The one-time key of a form: the one it came with when it is shown again.
pub(super) fn key_of(state: &WebState, key: Option<String>) -> String {
    key.unwrap_or_else(|| state.random_id())
}

/// What a report must at least say, checked before the second step so that nobody comes back to it.
pub(super) fn enough(typed: &Typed) -> Result<(), Refusal> {
    said(typed).and_then(|()| placed(typed)).and_then(|()| reachable(typed))
}

/// A word or a photo.
pub(super) fn said(typed: &Typed) -> Result<(), Refusal> {
    if typed.text("description").is_empty() && typed.all("photos").next().is_none() {
        return Err(Refusal::invalid(
            "description",
            "没有说明，也没有照片。",
            "请写一句是什么情况，或附一张照片。",
        )
        .from_source("受理须知"));
    }
    Ok(())
}

/// An address or a point.
pub(super) fn placed(typed: &Typed) -> Result<(), Refusal> {
    if typed.text("address").is_empty() && typed.text("lng").is_empty() {
        return Err(Refusal::invalid(
            "address",
            "没有写在哪里。",
            "请写路名、门牌或附近的店名；说不清也请尽量写。",
        )
        .from_source("受理须知"));
    }
    Ok(())
}

/// A telephone number that is one, or none.
pub(super) fn reachable(typed: &Typed) -> Result<(), Refusal> {
    if let Some(Err(error)) = typed.given("phone").map(Phone::parse) {
        return Err(Refusal::invalid("phone", format!("{error}。"), "不想留就空着。"));
    }
    Ok(())
}

/// An order of a hotline with its number; a call that came in directly names no hotline.
fn numbered(typed: &Typed) -> Result<(), Refusal> {
    if typed.text("source") == Source::Hotline.code()
        && let Some(hotline) = typed.given("external_system")
        && typed.given("external_number").is_none()
    {
        return Err(Refusal::invalid(
            "external_number",
            format!("选了 {hotline} 热线，没有填工单号。"),
            "请照工单抄写工单号；直接打来的电话没有工单，请把“热线”改为“不选”。",
        ));
    }
    Ok(())
}

/// Categories that the words suggest, best first.
pub(super) fn kinds(state: &WebState, typed: &Typed) -> Vec<Choice> {
    let text = format!("{} {}", typed.text("description"), typed.text("address"));
    let found = state.app.suggest(&text);
    let mut kinds: Vec<Choice> = found.into_iter().take(3).map(|s| Choice::new(s.code, s.name)).collect();
    kinds.push(Choice::new(NONE_OF_THESE, "都不是，请工作人员判断"));
    kinds
}

/// The report that a form describes.
pub(super) fn input(typed: &Typed, source: Source) -> Result<ReportInput, Refusal> {
    let mut report = Map::new();
    let mut put = |name: &str, value: Value| {
        report.insert(name.into(), value);
    };
    put("source", source.code().into());
    put("description", typed.text("description").into());
    let mut place = Map::new();
    if let Some(address) = typed.given("address") {
        place.insert("address".into(), address.into());
    }
    if let (Some(lng), Some(lat)) = (typed.given("lng"), typed.given("lat")) {
        place.insert("lng".into(), form::degrees("lng", lng)?);
        place.insert("lat".into(), form::degrees("lat", lat)?);
        if let Some(crs) = typed.given("crs") {
            place.insert("crs".into(), crs.into());
        }
    }
    put("place", Value::Object(place));
    if let Some(category) = typed.given("category").filter(|c| *c != NONE_OF_THESE) {
        let code = category.split_whitespace().next().unwrap_or_default();
        let code = CategoryCode::parse(code).map_err(|_| {
            Refusal::invalid(
                "category",
                "类别代码不对。",
                "请从提示中选择，或填五位类别代码，如 E09005；不确定就留空。",
            )
        })?;
        put("category", code.as_str().into());
    }
    if typed.given("name").is_some() || typed.given("phone").is_some() {
        put("contact", json!({"name": typed.text("name"), "phone": typed.text("phone")}));
    }
    let photos: Vec<&str> = typed.all("photos").collect();
    put("exhibits", json!(photos));
    if let Some(number) = typed.given("external_number") {
        put(
            "external",
            json!({"system": typed.given("external_system").unwrap_or("12345"), "number": number}),
        );
    }
    // The matter near by that the reporter says is the same; the application looks whether it is.
    if let Some(Ok(same)) = typed.given("same").map(str::parse::<i64>) {
        put("same_as", same.into());
    }
    if let Some(demand) = typed.given("demand_type") {
        put("demand_type", demand.into());
    }
    if let Some(at) = typed.given("occurred_at") {
        put("occurred_at", form::moment("occurred_at", at)?);
    }
    serde_json::from_value(Value::Object(report)).map_err(|_| {
        Refusal::invalid("report", "表单内容无法识别。", "请检查后重新提交；仍不行请重新打开这一页。")
    })
}

// ---- people at work

/// What was registered, and what may be done with it at once.
struct Registered {
    receipt: Receipt,
    /// Somebody else reported it, who is told how to follow it.
    told: bool,
    /// The one-time key with which a suggested category is taken, for those who may.
    classify: Option<String>,
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    shell: Shell,
    form: Form,
    suggestions: Vec<Choice>,
    receipt: Option<Registered>,
    now: Timestamp,
    may_import: bool,
}

/// Sources that this person may register under, the usual one first.
fn sources(who: &SignedIn) -> Vec<Source> {
    let has = |role| who.caller.actor.has(role);
    let mut sources = Vec::new();
    if has(Role::Hotline) || has(Role::Dispatcher) {
        sources.push(Source::Hotline);
    }
    if has(Role::Patroller) {
        sources.push(Source::Patrol);
    }
    if has(Role::Officer) || has(Role::SquadLeader) || sources.is_empty() {
        sources.push(Source::Officer);
    }
    sources
}

/// Where coordinates are typed.
const BY_HAND: &str = "手工填写坐标";

fn register_form(state: &WebState, who: &SignedIn, csrf: &str, key: Option<String>) -> Form {
    let sources = sources(who);
    let hotline = sources.contains(&Source::Hotline);
    let directory = state.app.directory();
    let categories = directory.categories.values().map(|c| Choice::new(c.code.as_str(), &*c.name)).collect();
    let first = sources.first().map_or("officer", |s| s.code());
    let mut form = Form::new("/register", csrf, "登记并派遣").hidden("form", key_of(state, key));
    if sources.len() > 1 {
        let choices = sources.iter().map(|s| Choice::new(s.code(), s.title())).collect();
        form =
            form.input(Input::new(Kind::Segments, "source", "来源").required().choices(choices).value(first));
    } else {
        form = form.hidden("source", first);
    }
    if hotline {
        let demands = Demand::ALL.iter().map(|d| Choice::new(d.code(), d.title())).collect();
        form = form
            .input(
                Input::new(Kind::Select, "external_system", "热线")
                    .choices(vec![
                        Choice::new("12345", "12345 市民服务热线"),
                        Choice::new("12319", "12319 城建服务热线"),
                    ])
                    .hint("直接打来的电话没有工单，热线和工单号都不填"),
            )
            .input(
                Input::new(Kind::Line, "external_number", "工单号")
                    .hint("同一工单号不会登记两次；没有选热线的算 12345"),
            )
            .input(Input::new(Kind::Select, "demand_type", "诉求类型").choices(demands));
    }
    form = form
        .input(
            Input::new(Kind::Photos, "photos", "照片")
                .hint("可以边走边拍，最多 9 张")
                .accept("image/*,video/mp4"),
        )
        .input(
            Input::new(Kind::Text, "description", "情况").required().hint("是什么、多久了、车牌店名").rows(4),
        )
        .input(Input::new(Kind::Line, "address", "地点").hint("路名门牌、店名；也可以只定位"))
        .input(Input::new(Kind::Line, "lng", "经度").hint("如 121.1142").fold(BY_HAND))
        .input(Input::new(Kind::Line, "lat", "纬度").hint("如 31.1508").fold(BY_HAND));
    // At a desk one types; on the street one taps.
    form = form.input(if hotline {
        Input::new(Kind::Suggest, "category", "类别")
            .choices(categories)
            .hint("不填则由系统按描述建议，您再定")
    } else {
        Input::new(Kind::Pictures, "category", "类别").hint("不选则由系统按描述建议")
    });
    form = form.input(Input::new(Kind::Moment, "occurred_at", "发生时间").hint("不是现在时才填"));
    if hotline {
        form = form.input(Input::new(Kind::Line, "name", "来电人姓名").autocomplete("off")).input(
            Input::new(Kind::Line, "phone", "来电人电话")
                .hint("只给办理的人看，每次查看留痕")
                .autocomplete("off"),
        );
    }
    form.id("register")
}

async fn staff_page(
    state: &WebState,
    who: &SignedIn,
    mut form: Form,
    suggestions: Vec<Choice>,
    receipt: Option<Registered>,
    status: StatusCode,
) -> Answer<Response> {
    if let Some(kinds) = form.get("category").filter(|i| i.kind == Kind::Pictures) {
        kinds.pictures =
            pictures::piece(state, &kinds.value, &kinds.sought).map_err(|_| Problem::internal())?;
    }
    let shell = Shell::new(state, who, "登记", "/register");
    let may_import = state.app.may(&who.caller, "register_for", None).is_ok();
    let shown = RegisterPage { shell, form, suggestions, receipt, now: state.app.now(), may_import };
    Ok((status, page(&shown)?).into_response())
}

/// `GET /register`.
pub(super) async fn staff_show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    let form = register_form(&state, &who, who.csrf(), None);
    staff_page(&state, &who, form, Vec::new(), None, StatusCode::OK).await
}

/// `POST /register`.
pub(super) async fn staff_send(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    // Looked for a kind without JavaScript: the same form, with what was found.
    if typed.text("step") == "kinds" {
        let mut form = register_form(&state, &who, who.csrf(), posted.key.clone()).refused(Some(typed), None);
        if let Some(kinds) = form.get("category") {
            kinds.sought = typed.text("q").to_owned();
        }
        return staff_page(&state, &who, form, Vec::new(), None, StatusCode::OK).await;
    }
    let allowed = sources(&who);
    let source =
        Source::from_code(typed.text("source")).filter(|s| allowed.contains(s)).unwrap_or(Source::Officer);
    let new = match typed.given("external_number") {
        Some(number) => state.app.order_is_new(&posted.identity.caller, number, posted.key.clone()).await,
        None => Ok(()),
    };
    let told = posted
        .sound()
        .and_then(|()| enough(typed))
        .and_then(|()| numbered(typed))
        .and(new)
        .and_then(|()| input(typed, source));
    let outcome = match told {
        Ok(input) => state.app.report(&posted.identity.caller, input, posted.key.clone()).await,
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(receipt) => {
            let form = register_form(&state, &who, who.csrf(), None);
            let offers = state.app.offers(&who.caller, DocketId(receipt.id)).await.unwrap_or_default();
            let may = offers.iter().any(|o| o.command == "classify" && o.refused.is_none());
            let told = !source.own_find();
            let registered = Registered { receipt, told, classify: may.then(|| state.random_id()) };
            staff_page(&state, &who, form, Vec::new(), Some(registered), StatusCode::CREATED).await
        }
        Err(refusal) => {
            let (refusal, key) = posted::reused(refusal, posted.key.clone());
            let suggestions = kinds(&state, typed).into_iter().filter(|c| c.value != NONE_OF_THESE).collect();
            let status = Problem::from(refusal.clone()).status;
            let form = register_form(&state, &who, who.csrf(), key).refused(Some(typed), Some(&refusal));
            staff_page(&state, &who, form, suggestions, None, status).await
        }
    }
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
    fn a_report_needs_a_word_or_a_photo_and_a_place() {
        assert!(enough(&typed(&[("description", "乱倒垃圾"), ("address", "莲盛路")])).is_ok());
        assert!(enough(&typed(&[("photos", "00"), ("lng", "121.1")])).is_ok());
        assert_eq!(
            enough(&typed(&[("address", "莲盛路")])).expect_err("nothing said").field,
            Some("description")
        );
        assert_eq!(
            enough(&typed(&[("description", "乱倒垃圾")])).expect_err("nowhere").field,
            Some("address")
        );
        let phone = typed(&[("description", "乱倒垃圾"), ("address", "莲盛路"), ("phone", "abc")]);
        assert_eq!(enough(&phone).expect_err("no telephone").field, Some("phone"));
    }
}
