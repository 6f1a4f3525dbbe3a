//! Statistics: every number leads to its matters, every chart stands beside the table it is drawn from, every rule of
//! counting is said on the page.

mod asked;
mod report;
mod tables;

use crate::auth::SignedIn;
use crate::pages::export::attachment;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use asked::{Asked, Links, STEPS, words};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use lianzhi_app::export::Format;
use lianzhi_app::figures::rules::{Period, Tally, share};
use lianzhi_app::figures::{Figures, class_name, sheet, today};
use lianzhi_app::{Caller, FiguresQuery};
use lianzhi_ids::UnitCode;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;
use lianzhi_procedure::{Choice, Refusal};
use tables::{Maker, NOT_COMPARED, Row, Table, change};

pub(super) use report::show as month;

/// What stands below a number at the head of the page.
enum Then {
    /// The one of the period before, and how this one differs.
    Before {
        text: String,
        href: String,
        /// The count that the link leads to.
        n: i64,
        change: (&'static str, String),
    },
    /// There was nothing to compare with yet.
    Nothing,
    /// It is a state: it stands so now, whenever the matters came in.
    Now,
}

/// A number at the head of the page.
struct Figure {
    pub label: &'static str,
    pub text: String,
    pub href: String,
    /// The count that the link leads to.
    pub n: i64,
    pub state: &'static str,
    pub then: Then,
}

/// A rule of counting, for the page.
struct Rule {
    pub word: &'static str,
    pub meaning: &'static str,
}

/// The rules of counting in words; `docs/counting.md` says the same at length.
const RULES: [Rule; 11] = [
    Rule {
        word: "上报", meaning: "上报时间在这段时间内的办件，含后来并件、退单、不予受理和撤回的。"
    },
    Rule {
        word: "办结",
        meaning: "结案时间在这段时间内、现在仍是“已结案”的办件，不论何时上报。重办的件，在再次结案前不算办结。",
    },
    Rule {
        word: "按期",
        meaning: "办结的件里，受理、到场、处置、答复等期限一个也没有超过的。按期率＝按期÷办结。",
    },
    Rule { word: "返工", meaning: "办结的件里，核查不通过或重办过至少一次的。" },
    Rule {
        word: "已评价、均分",
        meaning: "办结的件里上报人评过分的；均分是 1 至 5 分的平均。4 分、5 分为满意，满意率＝满意÷已评价。",
    },
    Rule {
        word: "现在在办",
        meaning: "所选单位、类别、来源里现在还没有办完的全部办件，不论何时上报，与所选时间无关；并入别件的，在主件办完前也算在办。",
    },
    Rule {
        word: "现在超期",
        meaning: "现在在办的件里，正在走的期限已经超过的；办完一步又回到期限内的不算。与调度台的“现在超期”是同一个数。",
    },
    Rule {
        word: "本期上报，仍在办",
        meaning: "表里的这一列只数这段时间上报、现在还没有办完的；后一列是其中现在超期的。",
    },
    Rule {
        word: "其他了结",
        meaning: "结束时间在这段时间内的不予受理、退单和撤回，不算办结，也不影响按期率。",
    },
    Rule {
        word: "上期",
        meaning: "前一个同样长的时间。本期还没有过完的，只和上期同样多的天数比：11 月 1 日至 23 日比 10 月 1 日至 23 日。本机关的第一件办件上报以前，没有数字可比，写“无从比较”。",
    },
    Rule {
        word: "归属",
        meaning: "单位、类别、承办人都按办件现在的登记；改派、改类后，数字随之改变。时间按北京时间，一天从零点起。",
    },
];

/// What was asked and what was counted.
struct Counted {
    pub query: FiguresQuery,
    pub figures: Figures,
}

/// Counts what is asked.
///
/// # Errors
/// A wrong filter, or no right to statistics.
async fn counted(state: &WebState, who: &Caller, query: FiguresQuery) -> Result<Counted, Refusal> {
    let figures = state.app.figures(who, &query).await?;
    Ok(Counted { query, figures })
}

/// Whoever may see some units only is shown his own unit first.
fn at_home(state: &WebState, who: &SignedIn, asked: &mut Asked) -> Result<(), Refusal> {
    if state.app.figures_of(&who.caller)?.is_some() && asked.unit.trim().is_empty() {
        asked.unit = who.person.posts.first().map(|p| p.unit.to_string()).unwrap_or_default();
    }
    Ok(())
}

/// The numbers at the head: what happened within the period, and what stands open now.
fn figures_of(counted: &Figures, links: &Links, period: Period, last: Period) -> Vec<Figure> {
    let (now, before) = counted.total;
    let known = counted.reach(last);
    let then = |text, href, n, change| match known {
        true => Then::Before { text, href, n, change },
        false => Then::Nothing,
    };
    let stock = |label, n: i64, href, state: &'static str| Figure {
        label,
        text: ui::count(&n),
        href,
        n,
        state: if n > 0 { state } else { "" },
        then: Then::Now,
    };
    let count = |label, f: fn(&Tally) -> i64, link: &dyn Fn(Period) -> String| Figure {
        label,
        text: ui::count(&f(&now)),
        href: link(period),
        n: f(&now),
        state: "",
        then: then(ui::count(&f(&before)), link(last), f(&before), change(f(&now), f(&before))),
    };
    let percent = |part: i64, whole: i64| share(part, whole);
    let tenths =
        |n: Option<i64>, unit: &str| n.map_or("—".to_owned(), |n| format!("{}.{}{unit}", n / 10, n % 10));
    let points = |now: Option<i64>, before: Option<i64>, unit: &str| match (now, before) {
        (Some(a), Some(b)) if a == b => ("same", "持平".to_owned()),
        (Some(a), Some(b)) => {
            let by = (a - b).abs();
            let sign = if a > b { "+" } else { "−" };
            (if a > b { "up" } else { "down" }, format!("{sign}{}.{} {unit}", by / 10, by % 10))
        }
        _ => ("same", NOT_COMPARED.to_owned()),
    };
    let rate = |label, f: fn(&Tally) -> (i64, i64), link: &dyn Fn(Period) -> String| {
        let ((part, whole), (part_before, whole_before)) = (f(&now), f(&before));
        let (a, b) = (percent(part, whole), percent(part_before, whole_before));
        Figure {
            label,
            text: tenths(a, "%"),
            href: link(period),
            n: part,
            state: "",
            then: then(tenths(b, "%"), link(last), part_before, points(a, b, "个百分点")),
        }
    };
    let rated = |p| links.rated(p, "1,2,3,4,5");
    let mean = Figure {
        label: "评价均分",
        text: tenths(now.mean_tenths(), ""),
        href: rated(period),
        n: now.rated,
        state: "",
        then: then(
            tenths(before.mean_tenths(), ""),
            rated(last),
            before.rated,
            points(now.mean_tenths(), before.mean_tenths(), "分"),
        ),
    };
    vec![
        count("上报", |t| t.came, &|p| links.came(p)),
        count("办结", |t| t.done, &|p| links.done(p)),
        rate("按期率", |t| (t.in_time, t.done), &|p| links.in_time(p, true)),
        count("返工", |t| t.again, &|p| links.again(p, true)),
        mean,
        rate("满意率", |t| (t.satisfied, t.rated), &|p| links.rated(p, "4,5")),
        count("其他了结", |t| t.otherwise, &|p| links.otherwise(p)),
        stock("现在在办", counted.stock.open, links.open_now(), ""),
        stock("现在超期", counted.stock.late, links.late_now(), "late"),
    ]
}

struct Tab {
    title: &'static str,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "stats.html")]
struct StatsPage {
    shell: Shell,
    asked: Asked,
    tabs: Vec<Tab>,
    words: String,
    /// The period before in words; none when there was nothing yet.
    compared: Option<String>,
    from: String,
    to: String,
    previous: String,
    next: Option<String>,
    here: String,
    month: String,
    figures: Vec<Figure>,
    tables: Vec<Table>,
    units: Vec<Choice>,
    all_units: bool,
    classes: Vec<Choice>,
    sources: Vec<Choice>,
    refusal: Option<Refusal>,
}

impl StatsPage {
    /// A line of a table; the same markup in both halves of it.
    fn row(&self, row: &Row) -> ui::Html {
        row_html(row)
    }
    fn rules(&self) -> &'static [Rule] {
        &RULES
    }
}

/// A line of a table as markup.
fn row_html(row: &Row) -> ui::Html {
    let mut out = format!(
        r#"<tr{}><th scope="row" class="depth-{}"{}>{}</th>"#,
        if row.sum { " data-sum" } else { "" },
        row.depth.min(4),
        row.axis.as_deref().map(|axis| format!(r#" data-axis="{}""#, ui::escape(axis))).unwrap_or_default(),
        ui::escape(&row.title)
    );
    for cell in &row.cells {
        let text = ui::escape(&cell.text);
        out.push_str(&format!(r#"<td class="num" data-v="{}">"#, cell.number()));
        if cell.href.is_empty() {
            out.push_str(&text);
        } else {
            let state = if cell.state.is_empty() {
                String::new()
            } else {
                format!(r#" data-state="{}""#, cell.state)
            };
            out.push_str(&format!(r#"<a href="{}"{state}>{text}</a>"#, ui::escape(&cell.href)));
        }
        if let Some((way, words)) = &cell.change {
            out.push_str(&format!(r#" <span class="change" data-way="{way}">{}</span>"#, ui::escape(words)));
        }
        out.push_str("</td>");
    }
    out.push_str("</tr>");
    ui::Html::rendered(out)
}

/// Units to choose from, as the tree they are.
fn units(directory: &Directory, allowed: Option<&Vec<String>>) -> Vec<Choice> {
    fn below(directory: &Directory, parent: Option<&UnitCode>, depth: usize, out: &mut Vec<Choice>) {
        if depth > 16 {
            return;
        }
        for unit in directory.units.values() {
            let above = unit.parent.as_ref().filter(|p| directory.units.contains_key(*p));
            if above == parent {
                out.push(Choice::new(unit.code.as_str(), format!("{}{}", "　".repeat(depth), unit.name)));
                below(directory, Some(&unit.code), depth + 1, out);
            }
        }
    }
    let mut out = Vec::new();
    below(directory, None, 0, &mut out);
    out.retain(|c| allowed.is_none_or(|units| units.iter().any(|u| *c.value == **u)));
    out
}

fn classes(directory: &Directory) -> Vec<Choice> {
    let mut out: Vec<Choice> = Vec::new();
    for category in directory.categories.values() {
        let code: String = category.code.as_str().chars().take(3).collect();
        if out.last().is_none_or(|c| c.value != code) {
            out.push(Choice::new(&*code, class_name(directory, &code)));
        }
    }
    out
}

/// `GET /stats`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(mut asked): Query<Asked>,
) -> Answer<Response> {
    let allowed = state.app.figures_of(&who.caller)?;
    at_home(&state, &who, &mut asked)?;
    let (now, directory) = (state.app.now(), state.app.directory());
    let day = today(now);
    // What cannot be understood is said in place, with the figures of this month behind it gone.
    let (query, refusal) = match asked.query(day) {
        Ok(query) => match counted(&state, &who.caller, query).await {
            Ok(counted) => (Some(counted), None),
            Err(refusal) => (None, Some(refusal)),
        },
        Err(refusal) => (None, Some(refusal)),
    };
    let period = query
        .as_ref()
        .map_or_else(|| Period::around(lianzhi_app::figures::rules::Step::Month, day), |c| c.query.period);
    let before = period.before(day);
    let links = Links::new(&asked);
    let (figures, tables) = query.as_ref().map_or_else(Default::default, |c| {
        let maker = Maker::new(&c.figures, &directory, &asked, period, before);
        (figures_of(&c.figures, &links, period, before), maker.all())
    });
    let this = |step| Period::around(step, day);
    let shown = StatsPage {
        tabs: STEPS
            .iter()
            .map(|(_, step, title)| Tab {
                title,
                href: format!("/stats?{}", asked.at(this(*step))),
                current: period == this(*step),
            })
            .collect(),
        words: words(period),
        compared: query.as_ref().is_none_or(|c| c.figures.reach(before)).then(|| words(before)),
        from: if asked.from.is_empty() { period.from.to_string() } else { asked.from.clone() },
        to: if asked.to.is_empty() { period.to.to_string() } else { asked.to.clone() },
        previous: format!("/stats?{}", asked.at(period.previous())),
        next: (period.to < day).then(|| format!("/stats?{}", asked.at(period.next()))),
        here: asked.at(period),
        month: period.from.strftime("%Y-%m").to_string(),
        figures,
        tables,
        units: units(&directory, allowed.as_ref()),
        all_units: allowed.is_none(),
        classes: classes(&directory),
        sources: Source::ALL.iter().map(|s| Choice::new(s.code(), s.title())).collect(),
        shell: Shell::new(&state, &who, "统计", "/stats"),
        asked,
        refusal,
    };
    let status = shown.refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    Ok((status, page(&shown)?).into_response())
}

/// `GET /stats/export/{ending}`: one table as a file. Recorded.
pub(super) async fn file(
    State(state): State<WebState>,
    who: SignedIn,
    Path(ending): Path<String>,
    Query(mut asked): Query<Asked>,
) -> Answer<Response> {
    let format = Format::from_ending(&ending).filter(|f| *f != Format::GeoJson);
    let format = format.ok_or_else(Problem::nothing_here)?;
    at_home(&state, &who, &mut asked)?;
    let (day, directory) = (today(state.app.now()), state.app.directory());
    let counted = counted(&state, &who.caller, asked.query(day)?).await?;
    let (period, before) = (counted.query.period, counted.query.before);
    let maker = Maker::new(&counted.figures, &directory, &asked, period, before);
    let table = maker.all().into_iter().find(|t| t.id == asked.table);
    let table = table.ok_or_else(|| Refusal::missing("没有这张表。"))?;
    let notes = [
        format!("{} {}", directory.settings.agency, table.title),
        format!(
            "{}；上期 {}",
            words(period),
            if counted.figures.reach(before) { words(before) } else { NOT_COMPARED.into() }
        ),
        format!("制表 {}", ui::full(state.app.now())),
    ];
    let head: Vec<String> =
        std::iter::once("名称").chain(table.columns.iter().copied()).map(str::to_owned).collect();
    let bytes = sheet::file(format, &notes, &head, &table.cells()).map_err(Problem::from)?;
    state.app.note_access(&who.caller, "export", None, &format!("统计 {}，{}", table.title, words(period)));
    let name = format!("stats-{}-{}-{}.{}", table.id, period.from, period.to, format.ending());
    Ok(attachment(&name, format.media(), Body::from(bytes)))
}

/// The first day of a month written `2026-11`.
fn month_of(text: &str) -> Option<Date> {
    format!("{text}-01").parse().ok().filter(|_| text.len() == 7)
}
