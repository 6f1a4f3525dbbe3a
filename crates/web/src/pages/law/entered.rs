//! What an agency enters of the law beside its items, with plain fields: who holds which power, from which sums on something is
//! demanded, tiers for all items, stricter terms. Looked at first, then taken in; a legal officer confirms; written out again.

use super::super::export::attachment;
use super::super::form::{Form, Input, Kind, Typed};
use super::super::posted::Posted;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::entry::{TIER_NAMES, TIERS_JOIN, day, place, tiers, whole, with_tiers};
use super::{HERE, places, today};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use lianzhi_app::EntryTyped;
use lianzhi_law::entered::{Entry, EntryKind, PowerFields, ThresholdFields, TightenFields};
use lianzhi_law::{
    Binds, Direction, ItemChange, LawData, MajorAct, Sign, Standing, StatutoryTerm, ThresholdKind, TierFields,
};
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;

/// An entry as a row of its page.
struct Row {
    title: String,
    words: String,
    /// Place of the row among all of its kind, for its address.
    n: usize,
    state: &'static str,
    standing: &'static str,
    /// Who confirmed it, when, by which text.
    confirmed: String,
    form: Option<Form>,
}

#[derive(Template)]
#[template(path = "law/entered.html")]
struct EnteredPage {
    shell: Shell,
    kind: EntryKind,
    about: &'static str,
    rows: Vec<Row>,
    waiting: usize,
    may: bool,
    done: &'static str,
    refusal: Option<Refusal>,
}

#[derive(Template)]
#[template(path = "law/entered_new.html")]
struct NewPage {
    shell: Shell,
    kind: EntryKind,
    form: Form,
    /// What it would change; none before it was looked at.
    changes: Option<Vec<ItemChange>>,
}

impl NewPage {
    fn state(&self, sign: &Sign) -> &'static str {
        super::items::state_of(*sign)
    }
}

/// What is asked of the pages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    /// The row from which a form begins.
    of: Option<usize>,
    done: String,
}

const fn about(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Powers => {
            "谁依据哪个公布的决定、从何时起行使哪些事项的处罚权；没有登记的不能办（行政处罚法 17、38 条）"
        }
        EntryKind::Thresholds => {
            "达到数额的，告知听证权利（63 条）、法制审核（58 条）、集体讨论（57 条）；没有登记的地区一律按达到办理"
        }
        EntryKind::Tiers => "对全部事项适用的裁量档次（行政处罚法 34 条）；事项自己的档次优先",
        EntryKind::Terms => "本机关给自己定的更短的期限：只提醒本机关，法律后果以法定期限为准",
    }
}

fn known(kind: &str) -> Answer<EntryKind> {
    EntryKind::from_code(kind).ok_or_else(Problem::nothing_here)
}

/// `GET /law/entered/{kind}`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let done = match asked.done.as_str() {
        "kept" => "已登记。标为待确认，由法制审核人员在本页确认。",
        "confirmed" => "已确认，确认人和日期留存。",
        _ => "",
    };
    list(&state, &who, known(&kind)?, done, None)
}

/// `POST /law/entered/{kind}`: a legal officer confirms an entry.
pub(in crate::pages) async fn confirm(
    State(state): State<WebState>,
    who: SignedIn,
    Path(kind): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let (kind, typed) = (known(&kind)?, &posted.typed);
    let confirmed = match typed.text("entry").parse() {
        Ok(n) => state.app.confirm_entry(&who.caller, kind, n, typed.text("source")).await.map(drop),
        Err(_) => Err(Refusal::invalid("entry", "没有选择登记的内容。", "请在要确认的一条下面填写。")),
    };
    match confirmed {
        Ok(()) => Ok(Redirect::to(&format!("/law/entered/{}?done=confirmed", kind.code())).into_response()),
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            Ok((status, list(&state, &who, kind, "", Some((refusal, typed)))?).into_response())
        }
    }
}

/// `GET /law/entered/{kind}/export`: TOML, as files of law data are written.
pub(in crate::pages) async fn export(
    State(state): State<WebState>,
    _who: SignedIn,
    Path(kind): Path<String>,
) -> Answer<Response> {
    let kind = known(&kind)?;
    let text = state.app.entries_text(kind)?;
    let name = format!("{}-{}.toml", kind.code(), today(&state));
    Ok(attachment(&name, "application/toml", Body::from(text)))
}

/// `GET /law/entered/{kind}/new`: empty, or beginning from what there is.
pub(in crate::pages) async fn new(
    State(state): State<WebState>,
    who: SignedIn,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let kind = known(&kind)?;
    state.app.may(&who.caller, "keep_law", None)?;
    let law = state.app.directory().law.clone();
    let from = asked.of.and_then(|n| law.all_entries(kind).into_iter().nth(n)).map(|entry| typed_of(&entry));
    form_page(&state, &who, kind, from.as_ref().map(|typed| (typed, None)), None)
}

/// `POST /law/entered/{kind}/new`: a look at what would change; with `sure` it is taken in.
pub(in crate::pages) async fn send(
    State(state): State<WebState>,
    who: SignedIn,
    Path(kind): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let (kind, typed) = (known(&kind)?, &posted.typed);
    let law = state.app.directory().law.clone();
    let sure = typed.text("sure") == "yes";
    let done = match entered(kind, typed, &law) {
        Ok(entry) if sure => state.app.enter_of_law(&who.caller, &entry).await,
        Ok(entry) => state.app.look_at_entry(&who.caller, &entry),
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) if sure => Ok(Redirect::to(&format!("/law/entered/{}?done=kept", kind.code())).into_response()),
        Ok(change) => form_page(&state, &who, kind, Some((typed, None)), Some(vec![change])),
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            let page = form_page(&state, &who, kind, Some((typed, Some(refusal))), None)?;
            Ok((status, page).into_response())
        }
    }
}

fn entered(kind: EntryKind, typed: &Typed, law: &LawData) -> Result<EntryTyped, Refusal> {
    let text = |name: &str| typed.text(name).to_owned();
    let in_force = (day(typed, "from")?, day(typed, "to")?);
    Ok(match kind {
        EntryKind::Powers => EntryTyped::Power(PowerFields {
            agency: text("agency"),
            items: text("items"),
            decision: text("decision"),
            given_by: text("given_by"),
            source: text("source"),
            in_force,
        }),
        EntryKind::Thresholds => EntryTyped::Threshold(ThresholdFields {
            kind: ThresholdKind::ALL.into_iter().find(|kind| kind.code() == typed.text("kind")),
            jurisdiction: place(typed, law)?,
            sums: (whole(typed, "person")?, whole(typed, "entity")?),
            also: typed
                .all("also")
                .filter_map(|code| MajorAct::ALL.into_iter().find(|act| act.code() == code))
                .collect(),
            source: text("source"),
            in_force,
        }),
        EntryKind::Tiers => EntryTyped::Tiers(TierFields {
            jurisdiction: place(typed, law)?,
            title: text("title"),
            source: text("source"),
            in_force,
            tiers: tiers(typed)?,
        }),
        EntryKind::Terms => EntryTyped::Term(TightenFields {
            key: text("key"),
            n: whole(typed, "n")?,
            source: text("source"),
            in_force,
        }),
    })
}

/// The fields of an entry as somebody would type them.
fn typed_of(entry: &Entry) -> Typed {
    let mut typed = Typed::default();
    let (from, to) = entry.dates();
    typed.push("from", from.to_string());
    typed.push("to", to.map(|to| to.to_string()).unwrap_or_default());
    typed.push("source", entry.source());
    match entry {
        Entry::Power(power) => {
            let items: Vec<&str> = power.items.iter().map(|item| &**item).collect();
            typed.push("agency", &*power.agency);
            typed.push("items", items.join("、"));
            typed.push("decision", &*power.decision);
            typed.push("given_by", power.given_by.as_deref().unwrap_or_default());
        }
        Entry::Threshold(threshold) => {
            typed.push("kind", threshold.kind.code());
            typed.push("jurisdiction", threshold.jurisdiction.as_str());
            typed.push("person", (threshold.person.0 / 100).to_string());
            typed.push("entity", (threshold.entity.0 / 100).to_string());
            for act in &threshold.also {
                typed.push("also", act.code());
            }
        }
        Entry::Tiers(benchmark) => {
            typed.push("jurisdiction", benchmark.jurisdiction.as_str());
            typed.push("title", &*benchmark.title);
            for ([title, when, to], tier) in TIER_NAMES.into_iter().zip(&benchmark.tiers) {
                typed.push(title, &*tier.title);
                typed.push(when, &*tier.when);
                typed.push(to, tier.to.to_string());
            }
        }
        Entry::Term(own) => {
            typed.push("key", &*own.key);
            typed.push("n", own.n.to_string());
        }
    }
    typed
}

/// Terms that an agency may tighten: those that bind it and have a number.
fn tightenable(law: &LawData, today: Date) -> Vec<Choice> {
    let may = |term: &&StatutoryTerm| {
        term.binds == Binds::Agency
            && !term.key.starts_with("limitation.")
            && term.in_force_to.is_none_or(|to| to >= today)
    };
    let choice = |term: &StatutoryTerm| {
        let measure = term.measure?;
        let back = if term.direction == Direction::Before { "提前 " } else { "" };
        let words = format!("{}（{}，法定 {back}{}）", term.title, term.citation(), measure.text());
        Some(Choice::new(&*term.key, words))
    };
    law.statutes().filter(may).filter_map(choice).collect()
}

fn form(kind: EntryKind, law: &LawData, today: Date, csrf: &str) -> Form {
    let sum = Kind::Number { min: 1, max: 100_000_000 };
    let form = Form::new(format!("/law/entered/{}/new", kind.code()), csrf, "预览有什么变化");
    let source = |hint: &str| Input::new(Kind::Line, "source", "来源").required().hint(hint);
    let dated = |form: Form| {
        form.input(Input::new(Kind::Date, "from", "施行日期").required().hint("第一天"))
            .input(Input::new(Kind::Date, "to", "失效日期").hint("最后一天；现行有效的留空"))
    };
    match kind {
        EntryKind::Powers => dated(
            form.input(
                Input::new(Kind::Line, "agency", "行使权力的机关").required().hint("行政区划代码，乡镇街道 9 位"),
            )
            .input(
                Input::new(Kind::Line, "items", "事项").required().hint("代码，用顿号分开；ZD-* 是一类，* 是全部"),
            )
            .input(Input::new(Kind::Line, "decision", "赋权、下放的决定").required().hint("名称和文号"))
            .input(Input::new(Kind::Line, "given_by", "下放权力的机关").hint("行政区划代码；不是下放的不填")),
        )
        .input(source("公布的地方，如 区政府公报 2026 年第 3 期"))
        .consequence("登记后待法制审核人员确认，确认前不作为办案权限。同一机关、决定、施行日期的，取代原来的一条；收回的填失效日期。"),
        EntryKind::Thresholds => {
            let kinds = ThresholdKind::ALL.map(|kind| Choice::new(kind.code(), kind.title()));
            let acts = MajorAct::ALL.map(|act| Choice::new(act.code(), act.title()));
            dated(
                form.input(Input::new(Kind::Select, "kind", "用途").required().choices(kinds.to_vec()))
                    .input(Input::new(Kind::Select, "jurisdiction", "地区").required().choices(places(law)))
                    .input(Input::new(sum, "person", "对个人罚款（元以上）").required())
                    .input(Input::new(sum, "entity", "对单位罚款（元以上）").required())
                    .input(
                        Input::new(Kind::Many, "also", "不论数额也须审核的决定（只用于法制审核）")
                            .choices(acts.to_vec()),
                    ),
            )
            .input(source("规定的名称、文号、条款"))
            .consequence("登记后待法制审核人员确认，确认前仍按原来的数额办理；后施行的取代先施行的。")
        }
        EntryKind::Tiers => with_tiers(form, law).consequence(format!(
            "登记后待法制审核人员确认，确认前不用于裁量。对全部事项适用；单个事项的档次在事项页面登记。{TIERS_JOIN}"
        )),
        EntryKind::Terms => dated(
            form.input(
                Input::new(Kind::Select, "key", "期限").required().choices(tightenable(law, today)),
            )
            .input(
                Input::new(Kind::Number { min: 1, max: 10_000 }, "n", "本机关的标准")
                    .required()
                    .hint("数字，单位与法定的相同；顺数的小于法定，倒推的大于法定"),
            ),
        )
        .input(source("本机关规定的名称、文号"))
        .consequence("登记后即用于提醒和催办，并标为待确认；此前同一期限的标准到前一日止。放宽法定期限的不予登记。"),
    }
}

fn form_page(
    state: &WebState,
    who: &SignedIn,
    kind: EntryKind,
    tried: Option<(&Typed, Option<Refusal>)>,
    changes: Option<Vec<ItemChange>>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let shell = Shell::new(state, who, format!("登记{}", kind.title()), HERE);
    let form = form(kind, &law, today(state), &shell.csrf).id("entered");
    let anything = changes.as_ref().is_some_and(|all| all.iter().any(|change| !change.lines.is_empty()));
    let form = if anything { form.also("sure", "yes", "确认以上变化") } else { form };
    let form = match &tried {
        Some((typed, refusal)) => form.refused(Some(*typed), refusal.as_ref()),
        None => form,
    };
    page(&NewPage { shell, kind, form, changes })
}

fn list(
    state: &WebState,
    who: &SignedIn,
    kind: EntryKind,
    done: &'static str,
    tried: Option<(Refusal, &Typed)>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let shell = Shell::new(state, who, kind.title(), HERE);
    let may_confirm = state.app.may(&who.caller, "confirm_basis", None).is_ok();
    let own = law.entries(kind);
    let row = |(n, entry): (usize, Entry)| {
        // What the agency entered stands first, in its own order.
        let entered = own.get(n);
        let confirmed = entered.and_then(|entered| entered.confirmed.as_ref());
        let waits = entered.is_some() && confirmed.is_none();
        let said = |standing: Standing| match standing {
            Standing::Official | Standing::Adopted => ("done", standing.title()),
            Standing::Unverified | Standing::Example => ("wait", standing.title()),
        };
        let (state, standing) = match (&entry, entered) {
            (_, Some(_)) if waits && kind.waits() => ("wait", "待确认，确认前不生效"),
            (_, Some(_)) if waits => ("wait", "待确认"),
            (_, Some(_)) => ("done", "已确认"),
            (Entry::Power(power), None) => said(power.standing),
            (Entry::Threshold(threshold), None) => said(threshold.standing),
            (Entry::Tiers(benchmark), None) => said(benchmark.standing),
            (Entry::Term(_), None) => ("done", "由数据文件登记"),
        };
        let form = || {
            let form = Form::new(format!("/law/entered/{}", kind.code()), &shell.csrf, "已对照原文，确认")
                .hidden("entry", n.to_string())
                .input(
                    Input::new(Kind::Line, "source", "核对所用的文本")
                        .required()
                        .hint("如 区政府公报 2026 年第 3 期"),
                )
                .id(format!("confirm-{n}").as_str());
            match &tried {
                Some((refusal, typed)) if typed.text("entry") == n.to_string() => {
                    form.refused(Some(*typed), Some(refusal))
                }
                _ => form,
            }
        };
        let title = match &entry {
            Entry::Term(own) => law
                .statutes()
                .find(|term| term.key == own.key)
                .map_or_else(|| entry.title(), |term| format!("{}（{}）", term.title, term.citation())),
            _ => entry.title(),
        };
        Row {
            title,
            words: entry.shown(),
            n,
            state,
            standing,
            confirmed: confirmed
                .map(|c| format!("{} {} 对照 {} 确认", c.date, c.by, c.source))
                .unwrap_or_default(),
            form: (waits && may_confirm).then(form),
        }
    };
    let rows: Vec<Row> = law.all_entries(kind).into_iter().enumerate().map(row).collect();
    let waiting = own.iter().filter(|entry| entry.confirmed.is_none()).count();
    let may = state.app.may(&who.caller, "keep_law", None).is_ok();
    // A refusal that has a form to stand in stands there.
    let placed =
        |typed: &Typed| rows.iter().any(|row| row.form.is_some() && row.n.to_string() == typed.text("entry"));
    let refusal = tried.as_ref().filter(|(_, typed)| !placed(typed)).map(|(refusal, _)| refusal.clone());
    page(&EnteredPage { about: about(kind), shell, kind, rows, waiting, may, done, refusal })
}
