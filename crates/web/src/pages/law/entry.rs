//! Law that is entered with plain fields: an item, a basis of one, its tiers. What is typed is looked at and taken in as an import is.

use super::super::form::{Form, Input, Kind, Typed};
use super::super::posted::Posted;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::{HERE, places};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use lianzhi_app::Entered;
use lianzhi_law::{
    BasisFields, Item, ItemChange, ItemFields, Jurisdiction, LawData, Sign, SubjectKind, TIERS_MAX,
    TierFields,
};
use lianzhi_procedure::{Choice, Refusal};

/// What is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Item,
    Basis,
    Tiers,
}

#[derive(Template)]
#[template(path = "law/entry.html")]
struct EntryPage {
    shell: Shell,
    title: &'static str,
    /// The item that it belongs to: code and name.
    of: Option<(String, String)>,
    form: Form,
    /// What it would change; none before it was looked at.
    changes: Option<Vec<ItemChange>>,
}

impl EntryPage {
    fn state(&self, sign: &Sign) -> &'static str {
        super::items::state_of(*sign)
    }
}

/// `GET /law/items/new`.
pub(in crate::pages) async fn new(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    show(&state, &who, What::Item, None)
}

/// `POST /law/items/new`: a look at what would change; with `sure` it is taken in.
pub(in crate::pages) async fn send_new(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    send(&state, &who, What::Item, None, &posted.typed).await
}

/// `GET /law/items/{code}/{what}`: `basis` or `tiers`.
pub(in crate::pages) async fn part(
    State(state): State<WebState>,
    who: SignedIn,
    Path((code, what)): Path<(String, String)>,
) -> Answer<Response> {
    show(&state, &who, part_of(&what)?, Some(code))
}

/// `POST /law/items/{code}/{what}`, likewise.
pub(in crate::pages) async fn send_part(
    State(state): State<WebState>,
    who: SignedIn,
    Path((code, what)): Path<(String, String)>,
    posted: Posted,
) -> Answer<Response> {
    send(&state, &who, part_of(&what)?, Some(code), &posted.typed).await
}

fn part_of(what: &str) -> Answer<What> {
    match what {
        "basis" => Ok(What::Basis),
        "tiers" => Ok(What::Tiers),
        _ => Err(Problem::nothing_here()),
    }
}

fn show(state: &WebState, who: &SignedIn, what: What, code: Option<String>) -> Answer<Response> {
    state.app.may(&who.caller, "keep_law", None)?;
    render(state, who, what, code.as_deref(), None, None)
}

async fn send(
    state: &WebState,
    who: &SignedIn,
    what: What,
    code: Option<String>,
    typed: &Typed,
) -> Answer<Response> {
    let code = code.as_deref();
    let entered = entered(what, code.unwrap_or_default(), typed, &state.app.directory().law);
    let text = entered.and_then(|entered| state.app.entered_item(&who.caller, &entered));
    let sure = typed.text("sure") == "yes";
    let done = match text {
        Ok(text) if sure => state.app.import_items(&who.caller, &text).await,
        Ok(text) => state.app.item_changes(&who.caller, &text),
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(changes) if sure => {
            let code = changes.first().map_or("", |change| change.code.as_str());
            Ok(Redirect::to(&format!("/law/items/{code}?done=kept")).into_response())
        }
        Ok(changes) => render(state, who, what, code, Some((typed, None)), Some(changes)),
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            Ok((status, render(state, who, what, code, Some((typed, Some(refusal))), None)?).into_response())
        }
    }
}

fn entered(what: What, code: &str, typed: &Typed, law: &LawData) -> Result<Entered, Refusal> {
    let text = |name: &str| typed.text(name).to_owned();
    Ok(match what {
        What::Item => Entered::Item(ItemFields {
            code: text("code"),
            name: text("name"),
            domain: text("domain"),
            violation: text("violation"),
            subjects: kinds(typed, "subjects"),
            grid: text("grid"),
            note: text("note"),
        }),
        What::Basis => Entered::Basis(
            code.to_owned(),
            BasisFields {
                jurisdiction: place(typed, law)?,
                law: text("law"),
                article: text("article"),
                prohibit: text("prohibit"),
                subject: text("subject"),
                kinds: kinds(typed, "kinds"),
                fine: (whole(typed, "fine_min")?, whole(typed, "fine_max")?),
                precondition: text("precondition"),
                other: text("other"),
                limit_first: typed.flag("limit_first"),
                in_force: (day(typed, "from")?, day(typed, "to")?),
                source: text("source"),
                ends: basis_of(typed)?,
            },
        ),
        What::Tiers => Entered::Tiers(
            code.to_owned(),
            TierFields {
                jurisdiction: place(typed, law)?,
                title: text("title"),
                source: text("source"),
                in_force: (day(typed, "from")?, day(typed, "to")?),
                tiers: tiers(typed)?,
            },
        ),
    })
}

/// The tiers of a form: name, when it applies, end.
pub(super) fn tiers(typed: &Typed) -> Result<Vec<(String, String, Option<i64>)>, Refusal> {
    let text = |name: &str| typed.text(name).to_owned();
    let tier = |[title, when, to]: [&'static str; 3]| Ok((text(title), text(when), whole(typed, to)?));
    TIER_NAMES.into_iter().map(tier).collect()
}

/// The basis that is replaced: one that cannot be read is refused, not left out.
fn basis_of(typed: &Typed) -> Result<Option<usize>, Refusal> {
    let n = typed.given("ends").map(str::parse).transpose();
    n.map_err(|_| Refusal::invalid("ends", "没有这条依据。", "请从列表中选择。"))
}

fn kinds(typed: &Typed, name: &'static str) -> Vec<SubjectKind> {
    typed.all(name).filter_map(|kind| SubjectKind::parse(kind).ok()).collect()
}

pub(super) fn place(typed: &Typed, law: &LawData) -> Result<Option<Jurisdiction>, Refusal> {
    let place = typed.given("jurisdiction").map(|place| law.place(place)).transpose();
    place.map_err(|_| Refusal::invalid("jurisdiction", "没有这个地区。", "请从列表中选择。"))
}

pub(super) fn day(typed: &Typed, name: &'static str) -> Result<Option<Date>, Refusal> {
    let day = typed.given(name).map(str::parse).transpose();
    day.map_err(|_| Refusal::invalid(name, "日期的格式不对。", "请按 2026-11-29 的样子填写。"))
}

pub(super) fn whole(typed: &Typed, name: &'static str) -> Result<Option<i64>, Refusal> {
    let number = typed.given(name).map(str::parse).transpose();
    number.map_err(|_| Refusal::invalid(name, "应为整数。", "请只填写数字，如 2000。"))
}

/// Fields of the tiers: name, when it applies, end.
pub(super) const TIER_NAMES: [[&str; 3]; TIERS_MAX] = [
    ["tier1_title", "tier1_when", "tier1_to"],
    ["tier2_title", "tier2_when", "tier2_to"],
    ["tier3_title", "tier3_when", "tier3_to"],
    ["tier4_title", "tier4_when", "tier4_to"],
    ["tier5_title", "tier5_when", "tier5_to"],
];

const LOOK: &str = "先看变化，再确认；确认后立即生效。";

fn both() -> Vec<Choice> {
    SubjectKind::ALL.iter().map(|kind| Choice::new(kind.title(), kind.title())).collect()
}

fn item_form(law: &LawData, csrf: &str) -> Form {
    let mut domains: Vec<String> = law.items().map(|item| item.domain.to_string()).collect();
    domains.sort_unstable();
    domains.dedup();
    let domains = domains.into_iter().map(|domain| Choice::new(domain.clone(), domain)).collect();
    Form::new("/law/items/new", csrf, "预览有什么变化")
        .input(Input::new(Kind::Line, "code", "事项代码").required().hint("大写字母、数字和 -，如 JZLJ-08"))
        .input(Input::new(Kind::Line, "name", "名称").required())
        .input(Input::new(Kind::Suggest, "domain", "领域").required().choices(domains))
        .input(Input::new(Kind::Text, "violation", "违法行为").required().hint("按条文的用语写"))
        .input(Input::new(Kind::Many, "subjects", "对象（至少选一项）").choices(both()))
        .input(Input::new(Kind::Line, "grid", "网格事项").hint("GB/T 47678.5 的代码和名称，没有的不填"))
        .input(Input::new(Kind::Text, "note", "说明").rows(2))
        .consequence("确认后在事项页面录入依据；没有依据的事项不能处罚。")
}

fn basis_form(law: &LawData, item: &Item, csrf: &str) -> Form {
    let sum = Kind::Number { min: 0, max: 100_000_000 };
    let old = item.bases.iter().enumerate().filter(|(_, basis)| basis.to.is_none());
    let old = old.map(|(n, b)| Choice::new(n.to_string(), format!("{} {}", b.jurisdiction, b.citation())));
    Form::new(format!("/law/items/{}/basis", item.code), csrf, "预览有什么变化")
        .input(Input::new(Kind::Select, "jurisdiction", "地区").required().choices(places(law)))
        .input(Input::new(Kind::Line, "law", "法律、法规、规章").required().hint("全称"))
        .input(Input::new(Kind::Line, "article", "处罚条款").required().hint("如 1169(1) 或 42(2)(三)"))
        .input(Input::new(Kind::Line, "prohibit", "违反的条款").hint("条文另有禁止性规定的填写"))
        .input(Input::new(Kind::Line, "subject", "条文中的对象").required().hint("如 施工单位"))
        .input(Input::new(Kind::Many, "kinds", "适用于（至少选一项）").choices(both()))
        .input(Input::new(sum, "fine_min", "最低罚款（元）").hint("“…以下”的留空；没有数额的两格都空着"))
        .input(Input::new(sum, "fine_max", "最高罚款（元）"))
        .input(Input::new(Kind::Date, "from", "生效日期").required().hint("施行的第一天"))
        .input(Input::new(Kind::Date, "to", "失效日期").hint("最后一天；现行有效的留空"))
        .input(
            Input::new(Kind::Select, "ends", "接替的依据")
                .hint("新法接替旧法的选择；旧的到前一日止")
                .choices(old.collect()),
        )
        .input(Input::new(Kind::Flag, "limit_first", "先责令改正，拒不改正的才可以罚款"))
        .input(Input::new(Kind::Line, "precondition", "处罚的前提"))
        .input(Input::new(Kind::Line, "other", "可以并处的其他措施"))
        .input(
            Input::new(Kind::Line, "source", "来源")
                .required()
                .hint("文本的名称和版本，如 国家法律法规数据库 2026-11-20"),
        )
        .consequence(format!("{LOOK}新的依据由法制审核人员确认以前，不得单独作为处罚依据。"))
}

fn tiers_form(law: &LawData, item: &Item, csrf: &str) -> Form {
    let form = Form::new(format!("/law/items/{}/tiers", item.code), csrf, "预览有什么变化");
    with_tiers(form, law).consequence(format!("{LOOK}{TIERS_JOIN}"))
}

/// How tiers are written.
pub(super) const TIERS_JOIN: &str = "各档由小到大相接，最后一档到 100；名称空着的一档不计。";

/// A form with the inputs of tiers.
pub(super) fn with_tiers(form: Form, law: &LawData) -> Form {
    let usual = ["较轻", "一般", "较重", "", ""];
    let percent = Kind::Number { min: 1, max: 100 };
    let mut form = form
        .input(Input::new(Kind::Select, "jurisdiction", "地区").required().choices(places(law)))
        .input(Input::new(Kind::Line, "title", "裁量基准的名称").required())
        .input(Input::new(Kind::Line, "source", "公布的文件").required().hint("文号和公布的地方"))
        .input(Input::new(Kind::Date, "from", "施行日期").required())
        .input(Input::new(Kind::Date, "to", "失效日期").hint("现行有效的留空"));
    for (n, ([title, when, to], usual)) in TIER_NAMES.into_iter().zip(usual).enumerate() {
        let of = |what: &str| format!("第 {} 档{what}", n + 1);
        form = form
            .input(Input::new(Kind::Line, title, &of("名称")).value(usual))
            .input(Input::new(Kind::Line, when, &of("适用情形")))
            .input(Input::new(percent, to, &of("上限（法定幅度的 %）")));
    }
    form
}

fn render(
    state: &WebState,
    who: &SignedIn,
    what: What,
    code: Option<&str>,
    tried: Option<(&Typed, Option<Refusal>)>,
    changes: Option<Vec<ItemChange>>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let known =
        code.map(|code| law.item(code)).transpose().map_err(|e| Refusal::missing(format!("{e}。")))?;
    let title = match what {
        What::Item => "新增事项",
        What::Basis => "新增处罚依据",
        What::Tiers => "登记裁量档次",
    };
    let shell = Shell::new(state, who, title, HERE);
    let form = match (what, known) {
        (What::Basis, Some(item)) => basis_form(&law, item, &shell.csrf),
        (What::Tiers, Some(item)) => tiers_form(&law, item, &shell.csrf),
        _ => item_form(&law, &shell.csrf),
    };
    let form = form.id("entry");
    let anything = changes.as_ref().is_some_and(|all| all.iter().any(|change| !change.lines.is_empty()));
    let form = if anything { form.also("sure", "yes", "确认以上变化") } else { form };
    let form = match &tried {
        Some((typed, refusal)) => form.refused(Some(*typed), refusal.as_ref()),
        None => form,
    };
    let of = known.map(|item| (item.code.to_string(), item.name.to_string()));
    page(&EntryPage { shell, title, of, form, changes })
}
