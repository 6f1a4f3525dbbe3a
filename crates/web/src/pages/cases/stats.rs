//! Figures of cases: every number leads to its cases, which stand below, every filter in the address.

use super::super::export::attachment;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use lianzhi_app::export::Format;
use lianzhi_app::figures::cases::tally::{CaseBy, CaseSum};
use lianzhi_app::figures::cases::{CaseFigures, CaseFiguresQuery, CaseTable, PROCEDURES, title_of};
use lianzhi_app::figures::sheet;
use lianzhi_ids::UnitCode;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::line::{Challenge, Kept, Result as Outcome, Reviewed};
use lianzhi_procedure::{Choice, Refusal};

/// What is narrowed to, with the way back.
struct Narrowed {
    title: String,
    href: String,
}

/// A list to choose from.
struct Select {
    name: &'static str,
    title: &'static str,
    choices: Vec<Choice>,
    chosen: String,
}

#[derive(Template)]
#[template(path = "case_stats.html")]
struct StatsPage {
    shell: Shell,
    asked: CaseFiguresQuery,
    figures: Option<CaseFigures>,
    selects: Vec<Select>,
    narrowed: Vec<Narrowed>,
    from: String,
    to: String,
    refusal: Option<Refusal>,
}

impl StatsPage {
    fn sum(&self, fen: &i64) -> String {
        ui::sum(fen)
    }
    fn day(&self, micros: &i64) -> String {
        ui::day(ui::moment(*micros))
    }
    fn count(&self, n: &i64) -> String {
        ui::count(n)
    }
    /// The same question narrowed to a line.
    fn href(&self, by: &str, key: &str) -> String {
        address(&self.asked, &[(by, key)], "#cases")
    }
    /// Narrowed to a line and to penalties.
    fn punished(&self, by: &str, key: &str) -> String {
        let penalty = if by == "result" { key } else { "penalty" };
        address(&self.asked, &[(by, key), ("result", penalty)], "#cases")
    }
    fn all(&self) -> String {
        address(&self.asked, &[], "#cases")
    }
    fn all_punished(&self) -> String {
        address(&self.asked, &[("result", "penalty")], "#cases")
    }
    fn further(&self, cursor: &str) -> String {
        address(&self.asked, &[("cursor", cursor)], "#cases")
    }
    fn file(&self, table: &CaseTable, ending: &str) -> String {
        let here = address(&self.asked, &[("table", table.by)], "");
        format!("/cases/stats/export/{ending}{}", here.trim_start_matches("/cases/stats"))
    }
}

/// The address of a question, with some fields set otherwise. Where a list goes on is left out unless it is set.
fn address(asked: &CaseFiguresQuery, set: &[(&str, &str)], anchor: &str) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    pairs.extend(given(&asked.from).map(|v| ("from", v)));
    pairs.extend(given(&asked.to).map(|v| ("to", v)));
    pairs.extend(CaseBy::ALL.into_iter().filter_map(|by| Some((by.code(), asked.field(by)?.to_owned()))));
    for (name, value) in set {
        pairs.retain(|(n, _)| n != name);
        if !value.is_empty() {
            pairs.push((name, (*value).to_owned()));
        }
    }
    let pairs: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={}", ui::query(v))).collect();
    let question = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    format!("/cases/stats{question}{anchor}")
}

fn selects(asked: &CaseFiguresQuery, directory: &Directory, allowed: Option<&Vec<String>>) -> Vec<Select> {
    let all =
        |words: &[(&'static str, &'static str)]| words.iter().map(|(c, t)| Choice::new(*c, *t)).collect();
    let pairs = |by: CaseBy| -> Vec<Choice> {
        match by {
            CaseBy::Item => directory
                .law
                .items()
                .map(|item| Choice::new(&*item.code, format!("{} {}", item.code, item.name)))
                .collect(),
            CaseBy::Unit => directory
                .units
                .values()
                .filter(|u| allowed.is_none_or(|units| units.iter().any(|a| a == u.code.as_str())))
                .map(|u| Choice::new(u.code.as_str(), u.name.clone()))
                .collect(),
            CaseBy::Procedure => PROCEDURES.iter().map(|(k, title)| Choice::new(k.code(), *title)).collect(),
            CaseBy::Result => all(&Outcome::ALL.iter().map(|r| (r.code(), r.title())).collect::<Vec<_>>()),
            CaseBy::Kept => all(&Kept::ALL.iter().map(|r| (r.code(), r.title())).collect::<Vec<_>>()),
            CaseBy::Reviewed => all(&Reviewed::ALL.iter().map(|r| (r.code(), r.title())).collect::<Vec<_>>()),
            CaseBy::Challenge => {
                all(&Challenge::ALL.iter().map(|r| (r.code(), r.title())).collect::<Vec<_>>())
            }
            _ => Vec::new(),
        }
    };
    let of = |by: CaseBy, title| Select {
        name: by.code(),
        title,
        choices: pairs(by),
        chosen: asked.field(by).unwrap_or_default().to_owned(),
    };
    vec![
        of(CaseBy::Unit, "全部单位"),
        of(CaseBy::Procedure, "全部程序"),
        of(CaseBy::Item, "全部事项"),
        of(CaseBy::Result, "全部处理结果"),
        of(CaseBy::Kept, "不论期限"),
        of(CaseBy::Reviewed, "不论法制审核"),
        of(CaseBy::Challenge, "不论复议、诉讼"),
    ]
}

fn narrowed(asked: &CaseFiguresQuery, directory: &Directory) -> Vec<Narrowed> {
    let of = |by: CaseBy| {
        let key = asked.field(by)?;
        let title = match by {
            CaseBy::Unit => {
                UnitCode::parse(key).map_or_else(|_| key.to_owned(), |u| directory.unit_name(&u).to_owned())
            }
            by => title_of(by, key, directory),
        };
        Some(Narrowed { title, href: address(asked, &[(by.code(), "")], "") })
    };
    CaseBy::ALL.into_iter().filter_map(of).collect()
}

fn asked_in(uri: &Uri) -> CaseFiguresQuery {
    Query::try_from_uri(uri).map(|Query(query)| query).unwrap_or_default()
}

/// `GET /cases/stats`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    uri: Uri,
) -> Answer<Response> {
    let asked = asked_in(&uri);
    let allowed = state.app.case_figures_of(&who.caller)?;
    let directory = state.app.directory();
    let (figures, refusal) = match state.app.case_figures(&who.caller, &asked).await {
        Ok(figures) => (Some(figures), None),
        Err(refusal) => (None, Some(refusal)),
    };
    let period = figures.as_ref().map(|f| (f.from.to_string(), f.to.to_string()));
    let typed = || (asked.from.clone().unwrap_or_default(), asked.to.clone().unwrap_or_default());
    let (from, to) = period.unwrap_or_else(typed);
    let status = refusal.clone().map(|refusal| Problem::from(refusal).status);
    let shown = StatsPage {
        shell: Shell::new(&state, &who, "案件统计", "/cases"),
        selects: selects(&asked, &directory, allowed.as_ref()),
        narrowed: narrowed(&asked, &directory),
        figures,
        from,
        to,
        asked,
        refusal,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts and fen are far below 2^52")]
fn number(n: i64) -> sheet::Cell {
    sheet::Cell::Number(n as f64)
}

#[expect(clippy::cast_precision_loss, reason = "fen are far below 2^52")]
fn money(fen: i64) -> sheet::Cell {
    sheet::Cell::Number(fen as f64 / 100.0)
}

/// `GET /cases/stats/export/{ending}`: one table as a file. Recorded.
pub(in crate::pages) async fn file(
    State(state): State<WebState>,
    who: SignedIn,
    Path(ending): Path<String>,
    uri: Uri,
) -> Answer<Response> {
    let format = Format::from_ending(&ending).filter(|f| *f != Format::GeoJson);
    let format = format.ok_or_else(Problem::nothing_here)?;
    let wanted = super::super::list::asked(&uri, "table").unwrap_or_default();
    let (asked, directory) = (asked_in(&uri), state.app.directory());
    let figures = state.app.case_figures(&who.caller, &asked).await?;
    let table = figures.tables.iter().find(|table| table.by == wanted);
    let table = table.ok_or_else(|| Refusal::missing("没有这张表。"))?;
    let words: Vec<String> = narrowed(&asked, &directory).into_iter().map(|n| n.title).collect();
    let notes = [
        format!("{} 案件统计，{}", directory.settings.agency, table.title),
        format!(
            "{} 至 {} 登记的案件{}",
            figures.from,
            figures.to,
            words.iter().map(|w| format!("，{w}")).collect::<String>()
        ),
        format!("制表 {}", ui::full(state.app.now())),
    ];
    let head = ["名称", "案件", "给予处罚", "决定罚款（元）", "已缴（元）"].map(str::to_owned);
    let row = |title: &str, sum: &CaseSum| {
        vec![
            sheet::Cell::Text(title.to_owned()),
            number(sum.cases),
            number(sum.punished),
            money(sum.fine),
            money(sum.paid),
        ]
    };
    let mut rows: Vec<Vec<sheet::Cell>> = table.rows.iter().map(|r| row(&r.title, &r.sum)).collect();
    rows.push(row("合计（一件只计一次）", &figures.total));
    let bytes = sheet::file(format, &notes, &head, &rows).map_err(Problem::from)?;
    state.app.note_access(
        &who.caller,
        "export",
        None,
        &format!("案件统计 {}，{} 至 {}", table.title, figures.from, figures.to),
    );
    let name = format!("cases-{}-{}-{}.{}", table.by, figures.from, figures.to, format.ending());
    Ok(attachment(&name, format.media(), Body::from(bytes)))
}
