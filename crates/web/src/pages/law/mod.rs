//! The law for people: the items with their bases, one item in all jurisdictions, and the calculator. All of it is data; what is
//! computed comes from the crate `law`, the same as the API and the command line say.

pub(super) mod benchmarks;
pub(super) mod calculator;
pub(super) mod compare;
pub(super) mod entered;
pub(super) mod entry;
pub(super) mod items;
pub(super) mod terms;

use super::form::{Form, Input, Kind, Typed};
use super::posted::Posted;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use jiff::tz;
use lianzhi_app::figures::like::{LikeCases, Likeness};
use lianzhi_app::penalty::kinds_in_words;
use lianzhi_law::ask::{self, DayQuery};
use lianzhi_law::{
    BasisView, Case, Common, Comparison, EvidencePoint, Guidance, ItemRow, ItemView, Jurisdiction, LawData,
    SubjectKind, choose, propose,
};
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Where the navigation stands.
const HERE: &str = "/law";

/// What a list of items may be narrowed by.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Words of code, name or conduct.
    q: String,
    /// Field.
    domain: String,
    /// `open`: with a basis that a legal officer has still to confirm; `none`: without any basis.
    standing: String,
}

#[derive(Template)]
#[template(path = "law/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    domains: Vec<String>,
    rows: Vec<ItemRow>,
    total: usize,
}

/// One tier of the benchmark with what it comes to here.
struct TierRow {
    title: String,
    when: String,
    percent: String,
    /// For each kind of subject: the amounts.
    amounts: Vec<(SubjectKind, String)>,
}

#[derive(Template)]
#[template(path = "law/item.html")]
struct ItemPage {
    shell: Shell,
    item: ItemView,
    day: Date,
    comparison: Comparison,
    benchmark: Option<(String, String, String)>,
    tiers: Vec<TierRow>,
    place: Jurisdiction,
    points: Vec<(EvidencePoint, String)>,
    guidance: Vec<Guidance>,
    common: Vec<Common>,
    like: Vec<LikeCases>,
    may_edit: bool,
    /// For a legal officer, when a basis is still to be confirmed.
    form: Option<Form>,
    refusal: Option<Refusal>,
    /// What was just done.
    done: &'static str,
    /// The entry of the list of first minor violations that holds here.
    free: Option<lianzhi_law::FreeEntry>,
}

impl ItemPage {
    fn spots(&self) -> String {
        let kinds: Vec<&str> = self.item.summary_possible.iter().map(|kind| kind.title()).collect();
        kinds.join("、")
    }

    /// `2026-08-15 起`, `至 2026-08-14`, 长期.
    fn dates(&self, basis: &BasisView) -> String {
        match (basis.effective_from, basis.effective_to) {
            (Some(from), Some(to)) => format!("{from} 至 {to}"),
            (Some(from), None) => format!("{from} 起"),
            (None, Some(to)) => format!("至 {to}"),
            (None, None) => "未注明".to_owned(),
        }
    }

    fn over(&self, basis: &BasisView) -> bool {
        basis.effective_to.is_some_and(|to| to < self.day)
    }
}

pub(super) fn today(state: &WebState) -> Date {
    tz::offset(8).to_datetime(state.app.now()).date()
}

/// The jurisdiction that the agency lies in; the nation where the data does not know it.
pub(super) fn own_place(state: &WebState, law: &LawData) -> Jurisdiction {
    law.place(state.app.directory().node.as_str()).unwrap_or_else(|_| Jurisdiction::nation())
}

/// `GET /law`.
pub(super) async fn list(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let words: Vec<&str> = asked.q.split_whitespace().collect();
    let fits = |item: &&lianzhi_law::Item| {
        let text = format!("{} {} {} {}", item.code, item.name, item.violation, item.domain);
        words.iter().all(|word| text.to_lowercase().contains(&word.to_lowercase()))
            && (asked.domain.is_empty() || *item.domain == asked.domain)
    };
    let standing = |row: &ItemRow| match asked.standing.as_str() {
        "open" => row.unconfirmed > 0,
        "none" => row.bases == 0,
        _ => true,
    };
    let rows: Vec<ItemRow> = law.items().filter(fits).map(lianzhi_law::Item::row).filter(standing).collect();
    let domains: BTreeSet<String> = law.items().map(|item| item.domain.to_string()).collect();
    let (domains, total) = (domains.into_iter().collect(), law.items().count());
    let shell = Shell::new(&state, &who, "法规", HERE);
    page(&ListPage { shell, asked, domains, rows, total })
}

/// `GET /law/items/{code}`.
pub(super) async fn item(
    State(state): State<WebState>,
    who: SignedIn,
    Path(code): Path<String>,
    Query(query): Query<ItemQuery>,
) -> Answer<Response> {
    let done = match query.done.as_str() {
        "confirmed" => "已确认",
        "kept" => "已生效。新的依据标为待确认，由法制审核人员在本页确认。",
        _ => "",
    };
    item_page(&state, &who, &code, query.date, done, None).await
}

/// What is asked of an item's page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ItemQuery {
    date: Option<String>,
    done: String,
}

/// `POST /law/items/{code}`: a legal officer confirms a basis.
pub(super) async fn confirm(
    State(state): State<WebState>,
    who: SignedIn,
    Path(code): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let confirmed = match typed.text("basis").parse() {
        Ok(n) => state.app.confirm_basis(&who.caller, &code, n, typed.text("source")).await.map(drop),
        Err(_) => Err(Refusal::invalid("basis", "没有选择依据。", "请选择核对过的一条。")),
    };
    match confirmed {
        // It was found by this code, which is therefore fit for an address.
        Ok(()) => {
            let page = format!("/law/items/{}?done=confirmed#bases", code.trim());
            Ok(Redirect::to(&page).into_response())
        }
        Err(refusal) => {
            let status = Problem::from(refusal.clone()).status;
            Ok((status, item_page(&state, &who, &code, None, "", Some((refusal, typed))).await?)
                .into_response())
        }
    }
}

async fn item_page(
    state: &WebState,
    who: &SignedIn,
    code: &str,
    date: Option<String>,
    done: &'static str,
    tried: Option<(Refusal, &Typed)>,
) -> Answer<Response> {
    let (law, today, query) = (state.app.directory().law.clone(), today(state), DayQuery { date });
    let item = ask::item(&law, code, &query, today)?;
    let comparison = ask::compare(&law, code, &query, today)?;
    let (day, place) = (comparison.date, own_place(state, &law));
    let benchmark = law.benchmark(&item.code, &place, day);
    let tiers = tiers(&law, &item, &place, day)?;
    let shell = Shell::new(state, who, format!("{} {}", item.code, item.name), HERE);
    let benchmark =
        benchmark.map(|b| (b.title.to_string(), b.source.to_string(), b.standing.title().to_owned()));
    let may = state.app.may(&who.caller, "confirm_basis", None).is_ok();
    let form = may.then(|| confirm_form(&item, &shell.csrf)).flatten();
    let (refusal, typed) = tried.map_or((None, None), |(refusal, typed)| (Some(refusal), Some(typed)));
    let form = form.map(|form| form.refused(typed, refusal.as_ref()));
    let points = law.evidence_points(&item.code).into_iter();
    let points = points.map(|p| (p.clone(), kinds_in_words(&p.kinds))).collect();
    let guidance = law.guidance(&item.code).into_iter().cloned().collect();
    let common = law.common().filter(|c| c.item == item.code).cloned().collect();
    let mut like = Vec::new();
    for kind in &item.subject {
        like.push(state.app.like_cases(&who.caller, &Likeness::of_item(&item.code, *kind)).await?);
    }
    let free = law.free(&item.code, &place, day).cloned();
    page(&ItemPage {
        shell,
        item,
        day,
        comparison,
        benchmark,
        tiers,
        place,
        points,
        guidance,
        common,
        like,
        may_edit: state.app.may(&who.caller, "keep_law", None).is_ok(),
        form,
        refusal,
        done,
        free,
    })
}

/// The places that the law knows, to choose from.
fn places(law: &LawData) -> Vec<Choice> {
    law.places().map(|(code, title)| Choice::new(code.as_str(), title.to_string())).collect()
}

/// The form of the bases that are still to be confirmed; `None` where there is none.
fn confirm_form(item: &ItemView, csrf: &str) -> Option<Form> {
    let open = item.bases.iter().enumerate().filter(|(_, basis)| basis.needs_confirmation);
    let choices: Vec<Choice> = open
        .map(|(n, b)| {
            Choice::new(n.to_string(), format!("{} {}（{}）", b.jurisdiction.title(), b.citation, b.range))
        })
        .collect();
    (!choices.is_empty()).then(|| {
        Form::new(format!("/law/items/{}", item.code), csrf, "确认与原文一致")
            .input(Input::new(Kind::Select, "basis", "依据").required().choices(choices))
            .input(
                Input::new(Kind::Line, "source", "核对所用的文本")
                    .required()
                    .hint("名称和版本，如 国家法律法规数据库 2026-11-20"),
            )
            .consequence("确认后可以单独作为处罚依据；确认人和日期留存。")
    })
}

/// What the tiers of the benchmark come to in a place on a day.
fn tiers(law: &LawData, item: &ItemView, place: &Jurisdiction, day: Date) -> Result<Vec<TierRow>, Problem> {
    let Some(benchmark) = law.benchmark(&item.code, place, day) else { return Ok(Vec::new()) };
    let known = law.item(&item.code).map_err(|_| Problem::nothing_here())?;
    let basis = |kind: SubjectKind| {
        let place = place.clone();
        let case = Case { place, kind, facts: Vec::new(), begun: day, ended: day, decided: day };
        choose(known, &case).ok().and_then(|choice| choice.chosen)
    };
    let row = |tier: &lianzhi_law::Tier| {
        let amounts = item.subject.iter().map(|kind| {
            let proposal =
                basis(*kind).and_then(|basis| propose(basis.fine, benchmark, &tier.code, &[]).ok());
            let text = proposal.map_or("无金额幅度".to_owned(), |p| format!("{} — {} 元", p.min, p.max));
            (*kind, text)
        });
        TierRow {
            title: tier.title.to_string(),
            when: tier.when.to_string(),
            percent: format!("{}%—{}%", tier.from, tier.to),
            amounts: amounts.collect(),
        }
    };
    Ok(benchmark.tiers.iter().map(row).collect())
}
