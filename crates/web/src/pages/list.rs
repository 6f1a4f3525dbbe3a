//! The list of matters: every filter in the address, views as tabs, chosen columns, sums, keyset paging both ways.

use super::rows::{Line, STAGES};
use super::shell::Shell;
use super::sums::Sums;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::ports::{CountBy, MatterRow, Page, SavedView};
use lianzhi_app::{Column, ListQuery, NO_UNIT, columns_text, late_now};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Role, UnitCode};
use lianzhi_procedure::cooperation::{INCOMING, OUTGOING, Stage};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;
use lianzhi_procedure::{Choice, Refusal};

/// Rows on one page: what a person scans without losing the place.
const ROWS: i64 = 50;
/// Names of the filters as they stand in the address.
const FILTERS: [&str; 22] = [
    "view",
    "q",
    "stage",
    "open",
    "overdue",
    "category",
    "unit",
    "below",
    "assignee",
    "source",
    "from",
    "to",
    "person",
    "order",
    "kind",
    "bbox",
    "placed",
    "closed_from",
    "closed_to",
    "in_time",
    "rework",
    "rating",
];

/// What stands in the address: pairs without the empty ones that forms send along, each name once.
#[derive(Debug, Clone, Default)]
pub(super) struct Filters(Vec<(String, String)>);

impl Filters {
    pub(super) fn of(uri: &Uri) -> Self {
        let pairs: Vec<(String, String)> =
            Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default();
        let given = pairs.into_iter().filter(|(k, v)| FILTERS.contains(&k.as_str()) && !v.trim().is_empty());
        // Of a name that comes twice, the last holds.
        given.fold(Filters::default(), |filters, (name, value)| filters.set(&name, &value))
    }
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }
    /// These, or what is open when nothing but a box is asked for.
    pub(super) fn or_open(&self) -> Self {
        let mut out = self.clone();
        if out.0.iter().all(|(n, _)| n == "bbox") {
            out.0.push(("open".into(), "true".into()));
        }
        out
    }
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|(n, _)| n == "view")
    }
    /// With another value of one filter, which then comes last.
    pub(super) fn set(&self, name: &str, value: &str) -> Self {
        let mut out = self.but(&[name]);
        out.0.push((name.into(), value.into()));
        out
    }
    /// Without some of the filters.
    pub(super) fn but(&self, names: &[&str]) -> Self {
        Filters(self.0.iter().filter(|(n, _)| !names.contains(&n.as_str())).cloned().collect())
    }
    /// Names and values.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
    /// Only some of the filters.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        Filters(self.0.iter().filter(|(n, _)| names.contains(&n.as_str())).cloned().collect())
    }
    /// All but one.
    pub(super) fn except(&self, name: &str) -> Self {
        Filters(self.0.iter().filter(|(n, _)| n != name).cloned().collect())
    }
    /// All of it as a query string.
    pub(super) fn text(&self) -> String {
        let pairs = self.0.iter().map(|(n, v)| format!("{n}={}", ui::query(v.trim())));
        pairs.collect::<Vec<_>>().join("&")
    }
    /// As a query string, without some of the filters.
    pub(super) fn without(&self, names: &[&str]) -> String {
        self.but(names).text()
    }
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        self.set(name, value).text()
    }
    /// For the application. Dates of the form become days.
    pub(super) fn query(&self) -> Result<ListQuery, Refusal> {
        let uri: Uri = format!("/?{}", self.text()).parse().unwrap_or_default();
        Query::<ListQuery>::try_from_uri(&uri)
            .map(|Query(q)| q)
            .map_err(|_| Refusal::invalid("filter", "筛选条件无法识别。", "请从页面上重新选择筛选条件。"))
    }
}

/// Ratings to choose from.
const RATINGS: &[(&str, &str)] = &[
    ("1,2,3,4,5", "已评价"),
    ("4,5", "满意（4、5 分）"),
    ("1,2,3", "3 分及以下"),
    ("5", "5 分"),
    ("4", "4 分"),
    ("3", "3 分"),
    ("2", "2 分"),
    ("1", "1 分"),
    ("none", "未评价"),
];

/// A view as a tab.
struct Tab {
    title: String,
    href: String,
    current: bool,
    /// Whom it is shared with, in words.
    shared: String,
}

/// A column that can be chosen.
struct Choosable {
    code: &'static str,
    title: &'static str,
    chosen: bool,
}

/// A line of the table.
struct TableRow {
    id: i64,
    number: String,
    cells: Vec<ui::Html>,
}

/// The view that is looked at.
pub(super) struct Current {
    id: String,
    name: String,
    own: bool,
    /// The filters are not those of the view any more.
    changed: bool,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    rows: Vec<TableRow>,
    heads: Vec<String>,
    count: String,
    filters: Filters,
    stages: Vec<Choice>,
    /// Matters of several members, of this form.
    kind: Option<Form>,
    units: Vec<Choice>,
    people: Vec<Choice>,
    groups: Vec<Choice>,
    sources: Vec<Choice>,
    may_search_people: bool,
    may_export: bool,
    tabs: Vec<Tab>,
    current: Option<Current>,
    share_with: Vec<Choice>,
    columns: Vec<Choosable>,
    columns_text: String,
    sums: Option<Sums>,
    any_set: bool,
    more_open: bool,
    query: String,
    prev: Option<String>,
    next: Option<String>,
    done: &'static str,
    refusal: Option<Refusal>,
}

/// The catalogue as choices: each group, then what is in it.
pub(super) fn groups(directory: &Directory) -> Vec<Choice> {
    let mut groups: Vec<Choice> = Vec::new();
    for category in directory.categories.values() {
        let code: String = category.code.as_str().chars().take(3).collect();
        if groups.last().is_none_or(|c| !c.value.starts_with(&code)) {
            groups.push(Choice::new(code, &*category.group));
        }
        groups.push(Choice::new(category.code.as_str(), format!("　{} {}", category.code, category.name)));
    }
    groups
}

/// How far the count goes before it says "more than".
const COUNT_MAX: &str = "100,000+";

/// Tabs that everybody has, then the reader's views.
async fn tabs(
    state: &WebState,
    who: &SignedIn,
    filters: &Filters,
) -> Answer<(Vec<Tab>, Option<Current>, Option<SavedView>)> {
    let me = who.person.code.as_str();
    let my_unit = who.person.posts.first().map(|p| p.unit.to_string()).unwrap_or_default();
    let kind = Form::from_code(filters.get("kind"));
    let plain = |pairs: &[(&str, &str)]| {
        let kind = kind.map(|form| ("kind", form.code()));
        kind.iter().chain(pairs).map(|(k, v)| format!("{k}={}", ui::query(v))).collect::<Vec<_>>().join("&")
    };
    let here = filters.without(&["view"]);
    let on = filters.get("view").to_owned();
    let tab = |title: &str, href: String| Tab {
        title: title.into(),
        current: on.is_empty() && href == here,
        href,
        shared: String::new(),
    };
    let mut tabs = vec![
        tab("全部", plain(&[])),
        tab("在办", plain(&[("open", "true")])),
        tab("我承办", plain(&[("assignee", me), ("open", "true")])),
        tab("本单位在办", plain(&[("unit", &my_unit), ("open", "true")])),
        tab("现在超期", plain(&[("overdue", "now"), ("order", "due")])),
        tab("先到期的在前", plain(&[("open", "true"), ("order", "due")])),
    ];
    if kind.is_none() {
        tabs.push(tab("待派遣", plain(&[("stage", "pooled")])));
    }
    let (mut current, mut view) = (None, None);
    for item in state.app.views(&who.caller).await? {
        let and = if item.view.query.is_empty() { "" } else { "&" };
        let is = item.view.id == on;
        tabs.push(Tab {
            title: item.view.name.clone(),
            href: format!("view={}{and}{}", item.view.id, item.view.query),
            current: is,
            shared: match (item.shared_with.as_str(), item.own) {
                ("", _) => String::new(),
                (unit, true) => format!("与{unit}共享"),
                (unit, false) => format!("{}共享给{unit}", item.by),
            },
        });
        if is {
            current = Some(Current {
                id: item.view.id.clone(),
                name: item.view.name.clone(),
                own: item.own,
                changed: item.view.query != here,
            });
            view = Some(item.view);
        }
    }
    Ok((tabs, current, view))
}

/// The cell of a row in a column: the words of exports, dressed for the eye.
fn cell(column: Column, columns: &[Column], row: &MatterRow, line: &Line, look: &Look<'_>) -> ui::Html {
    let words = ui::escape(&column.text(row, look.directory, look.now));
    let td = |class: &str, inner: &str| {
        let class = if class.is_empty() { String::new() } else { format!(r#" class="{class}""#) };
        ui::Html::rendered(format!(r#"<td{class} data-column="{}">{inner}</td>"#, column.code()))
    };
    let near = |at: Option<i64>| match at {
        Some(at) => ui::when_us(&look.now, &at).to_string(),
        None => String::new(),
    };
    match column {
        Column::Number => td("number", &format!(r#"<a href="/matters/{}">{words}</a>"#, row.id)),
        Column::Title => {
            let below = if columns.contains(&Column::Address) && !row.address.is_empty() {
                format!(r#"<small data-column="address">{}</small>"#, ui::escape(&row.address))
            } else {
                String::new()
            };
            td("wide", &format!(r#"<a href="/matters/{}">{words}</a>{below}"#, row.id))
        }
        Column::Stage => td("", &line.mini().to_string()),
        Column::Left => {
            let tentative =
                if row.provisional { r#" <span class="tag" data-state="near">暂定</span>"# } else { "" };
            let words = Column::Left.text(row, look.directory, look.now);
            td("", &format!("{}{tentative}", ui::term_badge(line.state, &words, &line.until)))
        }
        Column::Officer if words.is_empty() => td("", r#"<span class="quiet">未派</span>"#),
        Column::Reported => td("sub", &near(Some(row.reported_at))),
        Column::Updated => td("sub", &near(Some(row.updated_at))),
        Column::Closed => td("sub", &near(row.closed_at)),
        Column::Due => {
            td("sub", &row.due_at.map(|at| ui::due_us(&look.now, &at).to_string()).unwrap_or_default())
        }
        Column::Late if late_now(row, look.now) => td("", &ui::badge("late", &words).to_string()),
        Column::Source => {
            let members =
                lianzhi_app::partners_of(row).map(|(_, nodes)| ui::members_of(&nodes, look.directory));
            td("sub", &members.map_or(words, |m| m.to_string()))
        }
        Column::Rework | Column::Rating | Column::Lng | Column::Lat => td("num", &words),
        Column::External | Column::Unit | Column::DueName => td("sub", &words),
        _ => td("", &words),
    }
}

/// What cells are made with.
struct Look<'a> {
    directory: &'a Directory,
    now: jiff::Timestamp,
}

/// The heads of the columns; the address stands below the title when both are chosen.
fn heads(columns: &[Column], shared: bool) -> (Vec<Column>, Vec<String>) {
    let both = columns.contains(&Column::Title) && columns.contains(&Column::Address);
    let own: Vec<Column> = columns.iter().copied().filter(|c| !(both && *c == Column::Address)).collect();
    let heads = own
        .iter()
        .map(|c| match c {
            Column::Title if both => "内容、地址".to_owned(),
            Column::Source if shared => "对方".to_owned(),
            c => c.title().to_owned(),
        })
        .collect();
    (own, heads)
}

/// Units, people, categories and sources that a list can be filtered by.
pub(super) struct FilterChoices {
    pub(super) units: Vec<Choice>,
    pub(super) groups: Vec<Choice>,
    pub(super) sources: Vec<Choice>,
    people: Vec<Choice>,
}

/// What can be chosen by somebody who sees these units; none means all.
pub(super) fn filter_choices(directory: &Directory, seen: Option<&[UnitCode]>) -> FilterChoices {
    let sees = |unit: &UnitCode| seen.is_none_or(|seen| seen.contains(unit));
    let mut people: Vec<Choice> = directory
        .people
        .values()
        .filter(|p| p.posts.iter().any(|x| x.roles.contains(&Role::Officer) && sees(&x.unit)))
        .map(|p| {
            Choice::new(
                p.code.as_str(),
                format!(
                    "{}　{}",
                    p.name,
                    p.posts.first().map(|x| directory.unit_name(&x.unit)).unwrap_or_default()
                ),
            )
        })
        .collect();
    people.sort_by(|a, b| a.value.cmp(&b.value));
    let none = seen.is_none().then(|| Choice::new(NO_UNIT, "（还没有单位）"));
    let units = directory.units.values().filter(|u| sees(&u.code));
    let units = units.map(|u| Choice::new(u.code.as_str(), &*u.name)).chain(none);
    FilterChoices {
        units: units.collect(),
        people,
        groups: groups(directory),
        sources: Source::ALL.iter().map(|s| Choice::new(s.code(), s.title())).collect(),
    }
}

/// Other members as sources: what came from each and what went to it.
fn partners(directory: &Directory) -> Vec<Choice> {
    let members = directory.roster.iter().flat_map(|r| r.epoch.members.iter());
    let others = members.filter(|m| m.node != directory.node);
    let both = |m: &lianzhi_exchange::compact::Member| {
        [(INCOMING, "来自"), (OUTGOING, "发往")]
            .map(|(side, word)| Choice::new(format!("{side}:{}", m.node), format!("{word} {}", m.title())))
    };
    others.flat_map(both).collect()
}

/// What was said on the way here.
fn said(uri: &Uri) -> &'static str {
    match asked(uri, "done").as_deref() {
        Some("saved") => "视图已保存。",
        Some("columns") => "列已更新，下次打开还是这样。",
        Some("dropped") => "视图已删除。",
        _ => "",
    }
}

/// A value of the address that is no filter.
pub(super) fn asked(uri: &Uri, name: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default();
    pairs.into_iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v)
}

/// Shows the list; a refusal of something that was tried from here stands on top.
pub(super) async fn render(
    state: &WebState,
    who: &SignedIn,
    uri: &Uri,
    tried: Option<Refusal>,
) -> Answer<Response> {
    let filters = Filters::of(uri);
    let cursor = asked(uri, "cursor");
    let cursor = cursor.as_deref();
    let (now, directory) = (state.app.now(), state.app.directory());
    let kind = Form::from_code(filters.get("kind"));
    let (title, here) = kind.map_or(("办件", "/matters"), |form| (form.title(), "/cooperation"));
    let mut shell = Shell::new(state, who, title, here);
    shell.search = filters.get("q").to_owned();
    let (tabs, current, view) = tabs(state, who, &filters).await?;
    let columns = state.app.columns(&who.caller, view.as_ref()).await?;
    let (mut found, mut count, mut sums, mut refusal) = (Page::default(), String::new(), None, tried);
    let asked_for = async {
        let query = filters.query()?;
        // Rows and numbers at the same time: among a million matters each takes a while.
        let list = state.app.list(&who.caller, &query, cursor, ROWS);
        let (found, n) = if asked(uri, "sums").is_some() {
            let (found, tally) =
                tokio::try_join!(list, state.app.tally(&who.caller, &query, CountBy::Stage))?;
            let n = tally.as_ref().map(|t| t.iter().map(|t| t.n).sum());
            sums = Some(Sums::of(tally, &filters));
            (found, n)
        } else {
            tokio::try_join!(list, state.app.count(&who.caller, &query))?
        };
        Ok::<_, Refusal>((found, n.map_or_else(|| COUNT_MAX.into(), |n| ui::count(&n))))
    };
    match asked_for.await {
        Ok(all) => (found, count) = all,
        Err(found) => refusal = Some(found),
    }
    // One hit for a whole number: go there.
    if let ([only], None, true, None) = (found.rows.as_slice(), cursor, filters.0.len() == 1, &refusal)
        && only.number.eq_ignore_ascii_case(filters.get("q"))
    {
        return Ok(Redirect::to(&format!("/matters/{}", only.id)).into_response());
    }
    let lines: Vec<Line> = found.rows.iter().map(|r| Line::new(r, &directory, now)).collect();
    let shared = kind.is_some();
    let (own, heads) = heads(&columns, shared);
    let look = Look { directory: &directory, now };
    let row = |row: &MatterRow, line: &Line| TableRow {
        id: row.id.0,
        number: row.number.clone(),
        cells: own.iter().map(|c| cell(*c, &columns, row, line, &look)).collect(),
    };
    let rows = found.rows.iter().zip(&lines).map(|(r, l)| row(r, l)).collect();
    let here = filters.without(&[]);
    let link = |cursor: String| format!("{here}&cursor={}", ui::query(&cursor));
    let chosen = |c: &Column| Choosable { code: c.code(), title: c.title(), chosen: columns.contains(c) };
    let rest = Column::ALL.iter().filter(|c| !columns.contains(c));
    let choices = filter_choices(&directory, state.app.seen_units(&who.caller)?.as_deref());
    let has = |roles: &[Role]| roles.iter().any(|r| who.caller.actor.has(*r));
    let shown = ListPage {
        lines,
        rows,
        heads,
        count,
        stages: match kind {
            Some(_) => Stage::ALL.iter().map(|s| Choice::new(s.code(), s.title())).collect(),
            None => STAGES.iter().map(|(c, t, _)| Choice::new(*c, *t)).collect(),
        },
        kind,
        units: choices.units,
        people: choices.people,
        groups: choices.groups,
        sources: match kind {
            Some(_) => partners(&directory),
            None => choices.sources,
        },
        may_search_people: has(&[Role::Hotline, Role::Dispatcher]),
        may_export: state.app.may(&who.caller, "export", None).is_ok(),
        tabs,
        current,
        share_with: state.app.share_choices(&who.caller),
        columns: columns.iter().chain(rest).map(chosen).collect(),
        columns_text: columns_text(&columns),
        sums,
        any_set: filters.0.iter().any(|(n, _)| n != "view" && n != "kind"),
        more_open: FILTERS
            .iter()
            .filter(|n| !["view", "kind", "q", "stage", "open", "overdue", "order"].contains(n))
            .any(|n| !filters.get(n).is_empty()),
        prev: found.prev.map(link),
        next: found.next.map(link),
        query: here.clone(),
        done: said(uri),
        refusal,
        filters,
        shell,
    };
    let status = shown.refusal.clone().map(|r| Problem::from(r).status);
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

/// `GET /matters`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    render(&state, &who, &uri, None).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_of_the_form_do_not_narrow_the_list() {
        let uri: Uri =
            "/matters?q=%E6%BC%95%E5%B9%B3&unit=&stage=&overdue=true&evil=1".parse().expect("a path");
        let filters = Filters::of(&uri);
        assert_eq!(filters.get("q"), "漕平");
        assert_eq!(filters.without(&["q"]), "overdue=true");
        assert_eq!(filters.with("stage", "closed"), "q=%E6%BC%95%E5%B9%B3&overdue=true&stage=closed");
    }
}
