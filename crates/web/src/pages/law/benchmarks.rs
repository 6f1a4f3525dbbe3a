//! What members agreed on (同事同罚 共同基准): the benchmarks with who has put them in force since when, and the register of what was
//! made, changed and repealed (立改废). Whoever keeps them has the forms; everybody reads.

use super::super::form::{Form, Input, Kind, Typed};
use super::super::posted::Posted;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::{HERE, places};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use lianzhi_law::{Common, LawChange, LawData, LawMaking, MemberStanding, Progress, RawCommon, SubjectKind};
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;

/// A benchmark as a panel.
struct Shown {
    common: Common,
    name: String,
    /// Place, how far, in words.
    members: Vec<(String, Progress, String)>,
    /// For whoever keeps it, and it is no example.
    form: Option<Form>,
}

#[derive(Template)]
#[template(path = "law/benchmarks.html")]
struct BenchmarksPage {
    shell: Shell,
    benchmarks: Vec<Shown>,
    law_making: Vec<LawMaking>,
    agree: Option<Form>,
    enter: Option<Form>,
    done: bool,
    refusal: Option<Refusal>,
}

/// What is asked of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    done: String,
}

/// `GET /law/benchmarks`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    render(&state, &who, !asked.done.is_empty(), "", None)
}

/// `POST /law/benchmarks/{what}`: `agree`, `progress` or `law-making`.
pub(in crate::pages) async fn send(
    State(state): State<WebState>,
    who: SignedIn,
    Path(what): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let done = match what.as_str() {
        "agree" => match agreed(typed) {
            Ok(common) => state.app.agree_benchmark(&who.caller, common).await,
            Err(refusal) => Err(refusal),
        },
        "progress" => match progress(typed, &state.app.directory().law) {
            Ok(standing) => {
                let of = (typed.text("item"), typed.text("key"));
                state.app.benchmark_progress(&who.caller, of, standing).await
            }
            Err(refusal) => Err(refusal),
        },
        "law-making" => match law_making(typed, &state.app.directory().law) {
            Ok(entry) => state.app.enter_law_making(&who.caller, entry).await,
            Err(refusal) => Err(refusal),
        },
        _ => return Err(Problem::nothing_here()),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/law/benchmarks?done=kept").into_response()),
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            let tried = match what.as_str() {
                "progress" => format!("progress-{}-{}", typed.text("item"), typed.text("key")),
                other => other.to_owned(),
            };
            Ok((status, render(&state, &who, false, &tried, Some((refusal, typed)))?).into_response())
        }
    }
}

fn day(typed: &Typed, field: &'static str, what: &str) -> Result<Date, Refusal> {
    typed
        .text(field)
        .parse()
        .map_err(|_| Refusal::invalid(field, format!("没有填写{what}。"), "请填写日期。"))
}

fn yuan(typed: &Typed, field: &'static str) -> Result<Option<i64>, Refusal> {
    match typed.text(field) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            Refusal::invalid(field, "罚款数额应为整元。", "如 2000；没有商定数额的两格都空着。")
        }),
    }
}

fn filled(typed: &Typed, field: &'static str, what: &str) -> Result<String, Refusal> {
    match typed.text(field) {
        "" => Err(Refusal::invalid(field, format!("没有填写{what}。"), "请填写。")),
        text => Ok(text.to_owned()),
    }
}

fn agreed(typed: &Typed) -> Result<RawCommon, Refusal> {
    let agreed_on = day(typed, "agreed_on", "商定日期")?;
    let item = filled(typed, "item", "事项")?;
    let when = filled(typed, "when", "适用情形")?;
    let subject = SubjectKind::parse(typed.text("subject"))
        .map_err(|_| Refusal::invalid("subject", "没有选择对象。", "请选单位或个人。"))?;
    let key = format!("{agreed_on} {} {when}", subject.title());
    Ok(RawCommon {
        key: key.chars().take(80).collect(),
        item: item.split_whitespace().next().unwrap_or_default().to_owned(),
        subject,
        when,
        fine_min: yuan(typed, "fine_min")?,
        fine_max: yuan(typed, "fine_max")?,
        agreed_on,
        meeting: filled(typed, "meeting", "商定的会议")?,
        source: filled(typed, "source", "写在哪里")?,
        example: false,
        members: Vec::new(),
    })
}

fn progress(typed: &Typed, law: &LawData) -> Result<MemberStanding, Refusal> {
    let place = law
        .place(typed.text("place"))
        .map_err(|_| Refusal::invalid("place", "没有选择地区。", "请从列表中选择。"))?;
    let progress = Progress::from_code(typed.text("progress"))
        .ok_or_else(|| Refusal::invalid("progress", "没有选择进展。", "请从列表中选择。"))?;
    let since = match typed.text("since") {
        "" => None,
        _ => Some(day(typed, "since", "施行日期")?),
    };
    let by: std::sync::Arc<str> = typed.text("by").into();
    if progress == Progress::InForce && (since.is_none() || by.is_empty()) {
        let field = if since.is_none() { "since" } else { "by" };
        return Err(Refusal::invalid(field, "已经施行的，应写明何时起、依据什么文件。", "请补填。"));
    }
    Ok(MemberStanding { place, progress, since, by })
}

fn law_making(typed: &Typed, law: &LawData) -> Result<LawMaking, Refusal> {
    let items =
        typed.text("items").split([',', '，', '、', ' ']).map(str::trim).filter(|item| !item.is_empty());
    Ok(LawMaking {
        place: law
            .place(typed.text("place"))
            .map_err(|_| Refusal::invalid("place", "没有选择地区。", "请从列表中选择。"))?,
        law: filled(typed, "law", "法规名称")?.into(),
        article: typed.text("article").into(),
        items: items.map(Into::into).collect(),
        change: LawChange::from_code(typed.text("change"))
            .ok_or_else(|| Refusal::invalid("change", "没有选择立、改、废。", "请选择一项。"))?,
        date: day(typed, "date", "施行（废止）日期")?,
        text: filled(typed, "text", "内容")?.into(),
        source: filled(typed, "source", "公布之处")?.into(),
    })
}

fn agree_form(law: &LawData, csrf: &str) -> Form {
    let items: Vec<Choice> =
        law.items().map(|item| Choice::new(&*item.code, format!("{} {}", item.code, item.name))).collect();
    let subjects = SubjectKind::ALL.iter().map(|kind| Choice::new(kind.title(), kind.title())).collect();
    let sum = Kind::Number { min: 0, max: 100_000_000 };
    Form::new("/law/benchmarks/agree", csrf, "登记共同基准")
        .input(Input::new(Kind::Select, "item", "事项").required().choices(items))
        .input(Input::new(Kind::Segments, "subject", "对象").required().choices(subjects))
        .input(Input::new(Kind::Line, "when", "适用情形").required().hint("如 初次、污染路面一百平方米以下"))
        .input(Input::new(sum, "fine_min", "商定的最低罚款（元）").hint("没有商定数额的，两格都空着"))
        .input(Input::new(sum, "fine_max", "商定的最高罚款（元）"))
        .input(Input::new(Kind::Date, "agreed_on", "商定日期").required())
        .input(Input::new(Kind::Line, "meeting", "商定的会议").required())
        .input(Input::new(Kind::Line, "source", "写在哪里").required().hint("如 会议纪要第四条"))
        .consequence("登记后各成员的进展逐一填写；登记人和时间留存。")
        .id("agree")
}

fn progress_form(common: &Common, law: &LawData, csrf: &str) -> Form {
    let choices = Progress::ALL.iter().map(|p| Choice::new(p.code(), p.title())).collect();
    Form::new("/law/benchmarks/progress", csrf, "登记进展")
        .hidden("item", common.item.to_string())
        .hidden("key", common.key.to_string())
        .input(Input::new(Kind::Select, "place", "地区").required().choices(places(law)))
        .input(Input::new(Kind::Select, "progress", "进展").required().choices(choices))
        .input(Input::new(Kind::Date, "since", "何时起施行"))
        .input(Input::new(Kind::Line, "by", "依据的文件"))
        .quiet()
        .id(&format!("progress-{}-{}", common.item.to_lowercase(), common.agreed_on))
}

fn law_making_form(law: &LawData, csrf: &str) -> Form {
    let changes = LawChange::ALL.iter().map(|c| Choice::new(c.code(), c.title())).collect();
    Form::new("/law/benchmarks/law-making", csrf, "登记立改废")
        .input(Input::new(Kind::Select, "place", "地区").required().choices(places(law)))
        .input(Input::new(Kind::Segments, "change", "立、改、废").required().choices(changes))
        .input(Input::new(Kind::Line, "law", "法规名称").required())
        .input(Input::new(Kind::Line, "article", "条号"))
        .input(Input::new(Kind::Line, "items", "涉及的事项").hint("事项代码，用逗号分开"))
        .input(Input::new(Kind::Date, "date", "施行（废止）日期").required())
        .input(Input::new(Kind::Text, "text", "内容").required().rows(3))
        .input(Input::new(Kind::Line, "source", "公布之处").required())
        .id("law-making")
}

fn render(
    state: &WebState,
    who: &SignedIn,
    done: bool,
    tried: &str,
    fault: Option<(Refusal, &Typed)>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let shell = Shell::new(state, who, "共同基准", HERE);
    let may = state.app.may(&who.caller, "keep_law", None).is_ok();
    let (refusal, typed) = fault.map_or((None, None), |(refusal, typed)| (Some(refusal), Some(typed)));
    let dress = |form: Form, name: &str| match name == tried {
        true => form.refused(typed, refusal.as_ref()),
        false => form,
    };
    let shown = |common: &Common| {
        let member = |m: &MemberStanding| {
            let words = match m.since {
                Some(since) => format!("{since} 起，{}", m.by),
                None => m.by.to_string(),
            };
            (m.place.title(), m.progress, words)
        };
        let name = format!("progress-{}-{}", common.item, common.key);
        let form = || dress(progress_form(common, &law, &shell.csrf), &name);
        Shown {
            name: law.item(&common.item).map(|item| item.name.to_string()).unwrap_or_default(),
            members: common.members.iter().map(member).collect(),
            form: (may && !common.example).then(form),
            common: common.clone(),
        }
    };
    let mut benchmarks: Vec<Shown> = law.common().map(shown).collect();
    benchmarks.sort_by_key(|b| (b.common.example, std::cmp::Reverse(b.common.agreed_on)));
    let mut law_making: Vec<LawMaking> = law.law_making().cloned().collect();
    law_making.sort_by_key(|entry| std::cmp::Reverse(entry.date));
    let unplaced = refusal.clone().filter(|_| !may);
    page(&BenchmarksPage {
        benchmarks,
        law_making,
        agree: may.then(|| dress(agree_form(&law, &shell.csrf), "agree")),
        enter: may.then(|| dress(law_making_form(&law, &shell.csrf), "law-making")),
        done,
        refusal: unplaced,
        shell,
    })
}
