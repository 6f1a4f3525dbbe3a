//! The collaboration list: what may be exchanged between whom, a page for each entry, and changes as proposals.

use super::{HERE, Tried, status};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::compact::{CompactEntry, EpochView, Voice};
use lianzhi_exchange::compact::{Change, Form as Shape, ListEntry, Shared};
use lianzhi_ids::NodeCode;
use lianzhi_procedure::{Choice, Refusal};
use std::collections::BTreeMap;

/// The name under which a new entry is begun.
const NEW: &str = "new";

#[derive(Template)]
#[template(path = "compact/list.html")]
struct ListPage {
    shell: Shell,
    epoch: Option<EpochView>,
    may: bool,
}

#[derive(Template)]
#[template(path = "compact/entry.html")]
struct EntryPage {
    shell: Shell,
    title: String,
    entry: Option<CompactEntry>,
    items: Vec<String>,
    form: Option<Form>,
}

fn words(entry: &CompactEntry) -> (String, String) {
    let forms: Vec<_> = entry.entry.forms.iter().map(|f| f.title()).collect();
    let fields: Vec<_> = entry.entry.fields.iter().map(|f| f.title()).collect();
    (forms.join("、"), fields.join("、"))
}

/// `GET /compact/list`.
pub(in crate::pages) async fn list(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    let view = state.app.compact_view(&who.caller).await?;
    let may = view.standing == "in_force" && state.app.may(&who.caller, "compact_draft", None).is_ok();
    let shell = Shell::new(&state, &who, "协作清单", HERE);
    page(&ListPage { shell, epoch: view.epoch, may })
}

/// Groups of the catalogue by the front of their codes.
fn groups(state: &WebState) -> BTreeMap<String, String> {
    let directory = state.app.directory();
    let mut groups = BTreeMap::new();
    for category in directory.categories.values() {
        if let Some(front) = category.code.as_str().get(..3) {
            groups.entry(front.to_owned()).or_insert_with(|| category.group.clone());
        }
    }
    groups
}

pub(super) fn entry_form(state: &WebState, members: &[Voice], entry: Option<&ListEntry>, csrf: &str) -> Form {
    let text = |of: fn(&ListEntry) -> &str| entry.map(of).unwrap_or_default().to_owned();
    let mut items: Vec<Choice> = groups(state)
        .into_iter()
        .map(|(code, group)| Choice::new(&code, format!("{code} {group}")))
        .collect();
    for item in entry.iter().flat_map(|e| &e.items) {
        if !items.iter().any(|c| c.value == *item) {
            items.push(Choice::new(item, item.as_str()));
        }
    }
    let parties =
        members.iter().map(|m| Choice::new(&m.node, format!("{}·{}", m.province, m.name))).collect();
    let day = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string()).unwrap_or_default();
    let days = |n: Option<u16>, otherwise: u16| n.unwrap_or(otherwise).to_string();
    let mut form = Form::new("", csrf, "提出变更")
        .input(
            Input::new(Kind::Line, "id", "编号")
                .required()
                .hint("如 HZ-03；用过的编号不能另作他用")
                .value(text(|e| &e.id)),
        )
        .input(Input::new(Kind::Line, "title", "名称").required().value(text(|e| &e.title)))
        .input(
            Input::new(Kind::Line, "domain", "领域")
                .required()
                .hint("如：市容环卫")
                .value(text(|e| &e.domain)),
        )
        .input(
            Input::new(Kind::Many, "forms", "协作形式")
                .choices(Shape::ALL.iter().map(|f| Choice::new(f.code(), f.title())).collect())
                .values(entry.iter().flat_map(|e| &e.forms).map(|f| f.code().to_owned()).collect()),
        )
        .input(
            Input::new(Kind::Many, "items", "事项")
                .hint("不选即该领域全部")
                .choices(items)
                .values(entry.map(|e| e.items.clone()).unwrap_or_default()),
        );
    if !members.is_empty() {
        form = form.input(
            Input::new(Kind::Many, "parties", "参与单位")
                .hint("不选即全体成员")
                .choices(parties)
                .values(entry.iter().flat_map(|e| &e.parties).map(ToString::to_string).collect()),
        );
    }
    form.input(
        Input::new(Kind::Many, "fields", "可以共享的内容")
            .choices(Shared::ALL.iter().map(|f| Choice::new(f.code(), f.title())).collect())
            .values(entry.iter().flat_map(|e| &e.fields).map(|f| f.code().to_owned()).collect()),
    )
    .input(
        Input::new(Kind::Line, "purpose", "目的")
            .required()
            .hint("收到的内容只用于这个目的")
            .value(text(|e| &e.purpose)),
    )
    .input(
        Input::new(Kind::Flag, "onward", "经对方同意可以再转给其他成员")
            .value(entry.is_some_and(|e| e.onward).to_string()),
    )
    .input(
        Input::new(Kind::Number { min: 1, max: 365 }, "term_days", "答复期限（工作日）")
            .required()
            .value(days(entry.map(|e| e.term_days), 15)),
    )
    .input(
        Input::new(Kind::Number { min: 1, max: 365 }, "urgent_days", "紧急件答复期限（工作日）")
            .required()
            .value(days(entry.map(|e| e.urgent_days), 5)),
    )
    .input(
        Input::new(Kind::Text, "superiors", "超期报告的上级")
            .hint("每行一个，由近及远")
            .value(entry.map(|e| e.superiors.join("\n")).unwrap_or_default()),
    )
    .input(Input::new(Kind::Date, "from", "有效期自").required().value(day(entry.map(|e| e.from))))
    .input(
        Input::new(Kind::Date, "until", "有效期至")
            .hint("不填即长期")
            .value(day(entry.and_then(|e| e.until))),
    )
    .consequence("作为提案送各省会签，达到门槛后生效。修改后，已发起的协作仍按原条目办理到结束。")
}

/// The entry that a filled form describes; `front` stands before the names of its fields.
pub(super) fn entry_of(typed: &Typed, front: &str) -> Result<ListEntry, Refusal> {
    let name = |field: &str| format!("{front}{field}");
    let text = |field: &str| typed.text(&name(field)).trim().to_owned();
    let bad = |field: &'static str, rule: &str| Refusal::invalid(field, rule.to_owned(), "请改正后再提交。");
    let days = |field: &'static str| text(field).parse::<u16>().map_err(|_| bad(field, "期限不是天数。"));
    let all = |field: &str| -> Vec<String> { typed.all(&name(field)).map(str::to_owned).collect() };
    let day = |field: &'static str| -> Result<Option<jiff::civil::Date>, Refusal> {
        match text(field) {
            day if day.is_empty() => Ok(None),
            day => day.parse().map(Some).map_err(|_| bad(field, "日期不对。")),
        }
    };
    let parties = all("parties").iter().map(|code| NodeCode::parse(code)).collect::<Result<Vec<_>, _>>();
    let mut parties = parties.map_err(|_| bad("parties", "参与单位不对。"))?;
    parties.sort_unstable();
    Ok(ListEntry {
        id: text("id"),
        title: text("title"),
        domain: text("domain"),
        items: all("items"),
        forms: all("forms").iter().filter_map(|code| Shape::from_code(code)).collect(),
        parties,
        fields: Shared::ALL.into_iter().filter(|f| all("fields").iter().any(|c| c == f.code())).collect(),
        purpose: text("purpose"),
        onward: typed.flag(&name("onward")),
        term_days: days("term_days")?,
        urgent_days: days("urgent_days")?,
        superiors: text("superiors")
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(Into::into)
            .collect(),
        from: day("from")?.ok_or_else(|| bad("from", "没有填写起始日期。"))?,
        until: day("until")?,
    })
}

async fn entry_page(state: &WebState, who: &SignedIn, id: &str, tried: Option<&Tried>) -> Answer<Response> {
    let view = state.app.compact_view(&who.caller).await?;
    let epoch = view.epoch.ok_or_else(Problem::nothing_here)?;
    let found = epoch.list.iter().find(|e| e.entry.id == id);
    if found.is_none() && id != NEW {
        return Err(Problem::nothing_here());
    }
    let may = view.standing == "in_force" && state.app.may(&who.caller, "compact_draft", None).is_ok();
    let title =
        found.map_or_else(|| "新的清单事项".to_owned(), |e| format!("{}《{}》", e.entry.id, e.entry.title));
    let shell = Shell::new(state, who, title.clone(), HERE);
    let members: Vec<Voice> = epoch.members.iter().map(Voice::from).collect();
    let form = may.then(|| {
        let mut form = entry_form(state, &members, found.map(|e| &e.entry), &shell.csrf);
        form.action = format!("/compact/list/{}", ui::query(id));
        let form = form.quiet().id("entry");
        match tried {
            Some(tried) => form.refused(Some(&tried.typed), Some(&tried.refusal)),
            None => form,
        }
    });
    let groups = groups(state);
    let items = found.iter().flat_map(|e| &e.entry.items);
    let items = items.map(|item| {
        let name = groups.get(item).cloned();
        name.map_or_else(|| item.clone(), |name| format!("{item} {name}"))
    });
    let shown = EntryPage { items: items.collect(), entry: found.cloned(), title, form, shell };
    Ok((status(tried), page(&shown)?).into_response())
}

/// `GET /compact/list/{id}`.
pub(in crate::pages) async fn entry(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<String>,
) -> Answer<Response> {
    entry_page(&state, &who, &id, None).await
}

/// `POST /compact/list/{id}`: proposes the entry as it was filled in.
pub(in crate::pages) async fn propose_entry(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let outcome = async {
        let entry = entry_of(&posted.typed, "")?;
        state.app.propose(&who.caller, vec![Change::PutEntry { entry: Box::new(entry) }]).await
    };
    match outcome.await {
        Ok(_) => Ok(Redirect::to("/compact?done=propose").into_response()),
        Err(refusal) => {
            let tried = Tried { command: "entry".into(), typed: posted.typed, refusal };
            entry_page(&state, &who, &id, Some(&tried)).await
        }
    }
}
