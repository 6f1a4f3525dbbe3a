//! What the agency sets for itself, and the policy as it is in force.

use super::{Admin, Asked, done_word, open, plain, status};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_ids::Role;
use lianzhi_procedure::directory::{PaperSettings, PublicationSettings, Settings};
use lianzhi_procedure::pay_code::PayCodes;
use lianzhi_procedure::policy;
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};

#[derive(Template)]
#[template(path = "admin/edit.html")]
struct SettingsPage {
    shell: Admin,
    title: String,
    back: &'static str,
    form: Form,
    retire: Option<Form>,
}

fn form(csrf: &str, settings: &Settings) -> Form {
    let roles =
        Role::ALL.iter().filter(|r| **r != Role::Public).map(|r| Choice::new(r.code(), r.title())).collect();
    Form::new("/admin/settings", csrf, "保存")
        .input(Input::new(Kind::Line, "agency", "机关名称").required().value(&*settings.agency))
        .input(Input::new(Kind::Line, "region", "辖区").value(&*settings.region).hint("如：青浦区"))
        .input(
            Input::new(Kind::Line, "number_prefix", "办件编号字头")
                .required()
                .value(&*settings.number_prefix)
                .hint("如：沪青，编号即 沪青2026-004127；只影响新件"),
        )
        .input(
            Input::new(Kind::Number { min: 0, max: 365 }, "reopen_days", "结案后多少日内上报人可要求重办")
                .required()
                .value(settings.reopen_days.to_string()),
        )
        .input(
            Input::new(Kind::Many, "second_factor_roles", "必须用动态口令的角色")
                .choices(roles)
                .values(settings.second_factor_roles.iter().map(|r| r.code().to_owned()).collect()),
        )
        .input(
            Input::new(Kind::Line, "phone", "联系电话").value(&*settings.papers.phone).hint("印在案件文书上"),
        )
        .input(
            Input::new(Kind::Line, "address", "机关地址")
                .value(&*settings.papers.address)
                .hint("当事人在这里陈述、申辩，要求听证"),
        )
        .input(
            Input::new(Kind::Line, "reconsideration", "行政复议机关")
                .value(&*settings.papers.reconsideration)
                .hint("如：上海市青浦区人民政府"),
        )
        .input(Input::new(Kind::Line, "court", "行政诉讼管辖法院").value(&*settings.papers.court))
        .input(
            Input::new(Kind::Text, "pay_ways", "罚款缴纳方式")
                .value(settings.papers.pay_ways.join("\n"))
                .hint("每行一种，印在处罚决定书上"),
        )
        .input(
            Input::new(Kind::Flag, "publish_spots", "当场处罚决定也公开")
                .value(if settings.publication.spots { "true" } else { "" })
                .hint("选中后，当场处罚决定也要在七个工作日内公开或者写明不公开的理由"),
        )
        .input(
            Input::new(Kind::Number { min: 1, max: 120 }, "publish_months", "处罚决定公开多少个月")
                .required()
                .value(settings.publication.months.to_string())
                .hint("当事人是单位的；期满不再对外显示"),
        )
        .input(
            Input::new(
                Kind::Number { min: 1, max: 120 },
                "publish_person_months",
                "涉及自然人的公开多少个月",
            )
            .required()
            .value(settings.publication.person_months.to_string()),
        )
        .input(
            Input::new(Kind::Flag, "pay_code_given", "签发处罚决定时自动给出缴款码")
                .value(if settings.pay_codes.given { "true" } else { "" })
                .hint("不勾选的，由办案人员登记财政系统给出的缴款码"),
        )
        .input(
            Input::new(Kind::Line, "pay_code_prefix", "缴款码字头")
                .value(&*settings.pay_codes.prefix)
                .hint("财政部门给本机关的数字；空着用本机关代码"),
        )
        .input(
            Input::new(Kind::Number { min: 14, max: 32 }, "pay_code_length", "缴款码位数")
                .required()
                .value(settings.pay_codes.length.to_string()),
        )
        .input(
            Input::new(Kind::Flag, "pay_code_check", "缴款码末位为校验码")
                .value(if settings.pay_codes.check { "true" } else { "" })
                .hint("输错时当场就能看出来"),
        )
}

fn render(
    state: &WebState,
    who: &SignedIn,
    done: &str,
    typed: Option<&Typed>,
    refusal: Option<&Refusal>,
) -> Answer<Response> {
    let mut shell = open(state, who, "设置", "/admin/settings")?;
    shell.done = done_word(done);
    let form =
        form(&shell.csrf, &state.app.directory().settings).refused(typed, refusal).only_read(!shell.changes);
    Ok((
        status(refusal),
        page(&SettingsPage { shell, title: "设置".into(), back: "/admin", form, retire: None })?,
    )
        .into_response())
}

/// `GET /admin/settings`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    render(&state, &who, &asked.done, None, None)
}

/// The scheme of payment codes as typed; what it was where the form does not have it.
fn pay_codes(state: &WebState, typed: &Typed) -> Result<PayCodes, Refusal> {
    let Some(length) = typed.given("pay_code_length") else {
        return Ok(state.app.directory().settings.pay_codes.clone());
    };
    let length = length.parse().map_err(|_| {
        Refusal::invalid("pay_code_length", "缴款码的位数不对。", "请填 14 至 32 之间的整数。")
    })?;
    Ok(PayCodes {
        given: typed.flag("pay_code_given"),
        prefix: typed.text("pay_code_prefix").to_owned(),
        length,
        check: typed.flag("pay_code_check"),
    })
}

/// `POST /admin/settings`.
pub(super) async fn save(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let typed = &posted.typed;
    let number = |field: &'static str, max: u32| {
        let n = typed.text(field).parse::<u32>().ok().filter(|n| *n <= max);
        n.ok_or_else(|| Refusal::invalid(field, "数字不对。", format!("请填不大于 {max} 的整数。")))
    };
    let months = |field: &'static str| {
        let n = number(field, 120)?;
        if n > 0 { Ok(n) } else { Err(Refusal::invalid(field, "数字不对。", "请填 1 至 120。")) }
    };
    let outcome = async {
        let settings = Settings {
            agency: typed.text("agency").to_owned(),
            region: typed.text("region").to_owned(),
            number_prefix: typed.text("number_prefix").to_owned(),
            reopen_days: number("reopen_days", 365)?,
            second_factor_roles: typed.all("second_factor_roles").filter_map(Role::from_code).collect(),
            card: state.app.directory().settings.card.clone(),
            papers: PaperSettings {
                phone: typed.text("phone").to_owned(),
                address: typed.text("address").to_owned(),
                reconsideration: typed.text("reconsideration").to_owned(),
                court: typed.text("court").to_owned(),
                pay_ways: typed
                    .text("pay_ways")
                    .lines()
                    .map(|way| way.trim().to_owned())
                    .filter(|way| !way.is_empty())
                    .collect(),
            },
            publication: PublicationSettings {
                spots: typed.flag("publish_spots"),
                months: months("publish_months")?,
                person_months: months("publish_person_months")?,
            },
            pay_codes: pay_codes(&state, typed)?,
        };
        state.app.put_register(&who.caller, Record::Settings(settings)).await
    };
    match outcome.await {
        Ok(_) => Ok(Redirect::to("/admin/settings?done=saved").into_response()),
        Err(refusal) => render(&state, &who, "", Some(typed), Some(&refusal)),
    }
}

/// A line of the policy page.
struct Line {
    sentence: String,
    title: &'static str,
    source: &'static str,
    action: &'static str,
}

#[derive(Template)]
#[template(path = "admin/policy.html")]
struct PolicyPage {
    shell: Admin,
    lines: Vec<Line>,
    roles: Vec<Choice>,
    role: String,
    q: String,
    assignee: Vec<&'static str>,
}

/// What is looked for in the policy.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Sought {
    role: String,
    q: String,
}

/// `GET /admin/policy`.
pub(super) async fn policy(
    State(state): State<WebState>,
    who: SignedIn,
    Query(sought): Query<Sought>,
) -> Answer<Response> {
    let shell = open(&state, &who, "权限表", "/admin/policy")?;
    let role = Role::from_code(&sought.role);
    let q = sought.q.trim();
    let lines = policy::TABLE.iter().filter(|rule| plain::concerns(rule, role)).map(|rule| Line {
        sentence: plain::sentence(rule),
        title: rule.title,
        source: rule.source,
        action: rule.action,
    });
    let lines = lines.filter(|l| q.is_empty() || l.sentence.contains(q) || l.source.contains(q));
    page(&PolicyPage {
        lines: lines.collect(),
        roles: Role::ALL
            .iter()
            .filter(|r| **r != Role::Public)
            .map(|r| Choice::new(r.code(), r.title()))
            .collect(),
        assignee: if role.is_some() { plain::of_assignee() } else { Vec::new() },
        role: sought.role.clone(),
        q: q.to_owned(),
        shell,
    })
}
