//! The list of matters: every filter in the address, keyset paging both ways, exports of what is shown.

use super::rows::{Line, STAGES};
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::ListQuery;
use lianzhi_ids::Role;
use lianzhi_procedure::report::Source;
use lianzhi_procedure::{Choice, Refusal};

/// Rows on one page: what a person scans without losing the place.
const ROWS: i64 = 50;
/// Names of the filters as they stand in the address.
const FILTERS: [&str; 14] = [
    "q", "stage", "open", "overdue", "category", "unit", "assignee", "source", "from", "to", "person",
    "order", "kind", "bbox",
];

/// What stands in the address: pairs without the empty ones that forms send along.
#[derive(Debug, Clone, Default)]
pub(super) struct Filters(Vec<(String, String)>);

impl Filters {
    pub(super) fn of(uri: &Uri) -> Self {
        let pairs: Vec<(String, String)> =
            Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default();
        Filters(
            pairs
                .into_iter()
                .filter(|(k, v)| FILTERS.contains(&k.as_str()) && !v.trim().is_empty())
                .collect(),
        )
    }
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// All of it as a query string.
    pub(super) fn text(&self) -> String {
        self.without(&[])
    }
    /// As a query string, without some of the filters.
    fn without(&self, names: &[&str]) -> String {
        let kept = self.0.iter().filter(|(n, _)| !names.contains(&n.as_str()));
        kept.map(|(n, v)| format!("{n}={}", ui::query(v.trim()))).collect::<Vec<_>>().join("&")
    }
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let rest = self.without(&[name]);
        let and = if rest.is_empty() { "" } else { "&" };
        format!("{rest}{and}{name}={}", ui::query(value))
    }
    /// For the application. Dates of the form become days.
    pub(super) fn query(&self) -> Result<ListQuery, Refusal> {
        let uri: Uri = format!("/?{}", self.without(&[])).parse().unwrap_or_default();
        Query::<ListQuery>::try_from_uri(&uri)
            .map(|Query(q)| q)
            .map_err(|_| Refusal::invalid("filter", "筛选条件无法识别。", "请从页面上重新选择筛选条件。"))
    }
}

/// A view that many people want, as a tab.
struct View {
    title: &'static str,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    count: String,
    filters: Filters,
    stages: Vec<Choice>,
    units: Vec<Choice>,
    people: Vec<Choice>,
    groups: Vec<Choice>,
    sources: Vec<Choice>,
    may_search_people: bool,
    may_export: bool,
    views: Vec<View>,
    any_set: bool,
    more_open: bool,
    query: String,
    prev: Option<String>,
    next: Option<String>,
    refusal: Option<Refusal>,
}

/// How far the count goes before it says "more than".
const COUNT_MAX: &str = "100,000+";

async fn render(state: &WebState, who: &SignedIn, uri: &Uri, cursor: Option<&str>) -> Answer<Response> {
    let filters = Filters::of(uri);
    let (now, directory) = (state.app.now(), state.app.directory());
    let mut shell = Shell::new(state, who, "办件", "/matters");
    shell.search = filters.get("q").to_owned();
    let (mut lines, mut prev, mut next, mut count, mut refusal) =
        (Vec::new(), None, None, String::new(), None);
    let found = match filters.query() {
        Ok(query) => match state.app.list(&who.caller, &query, cursor, ROWS).await {
            Ok(found) => {
                count = match state.app.count(&who.caller, &query).await? {
                    Some(n) => ui::count(&n),
                    None => COUNT_MAX.into(),
                };
                Ok(found)
            }
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok(found) => {
            lines = found.rows.iter().map(|r| Line::new(r, &directory, now)).collect();
            let link = |cursor: String| format!("{}&cursor={}", filters.without(&[]), ui::query(&cursor));
            prev = found.prev.map(link);
            next = found.next.map(link);
        }
        Err(found) => refusal = Some(found),
    }
    // One hit for a whole number: go there.
    if let ([only], None, true) = (lines.as_slice(), cursor, filters.0.len() == 1)
        && only.number.eq_ignore_ascii_case(filters.get("q"))
    {
        return Ok(Redirect::to(&format!("/matters/{}", only.id)).into_response());
    }
    let me = who.person.code.as_str();
    let my_unit = who.person.posts.first().map(|p| p.unit.to_string()).unwrap_or_default();
    let plain = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(k, v)| format!("{k}={}", ui::query(v))).collect::<Vec<_>>().join("&")
    };
    let here = filters.without(&[]);
    let view = |title, href: String| View { title, current: href == here, href };
    let views = vec![
        view("全部", String::new()),
        view("在办", plain(&[("open", "true")])),
        view("我承办", plain(&[("assignee", me), ("open", "true")])),
        view("本单位在办", plain(&[("unit", &my_unit), ("open", "true")])),
        view("已超期", plain(&[("overdue", "true"), ("open", "true")])),
        view("先到期的在前", plain(&[("open", "true"), ("order", "due")])),
        view("待派遣", plain(&[("stage", "pooled")])),
    ];
    let mut people: Vec<Choice> = directory
        .people
        .values()
        .filter(|p| p.posts.iter().any(|x| x.roles.contains(&Role::Officer)))
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
    let mut groups: Vec<Choice> = Vec::new();
    for category in directory.categories.values() {
        let code: String = category.code.as_str().chars().take(3).collect();
        if groups.last().is_none_or(|c| c.value != code) {
            groups.push(Choice::new(code, &*category.group));
        }
        groups.push(Choice::new(category.code.as_str(), format!("　{} {}", category.code, category.name)));
    }
    let has = |roles: &[Role]| roles.iter().any(|r| who.caller.actor.has(*r));
    let shown = ListPage {
        lines,
        count,
        stages: STAGES.iter().map(|(c, t, _)| Choice::new(*c, *t)).collect(),
        units: directory.units.values().map(|u| Choice::new(u.code.as_str(), &*u.name)).collect(),
        people,
        groups,
        sources: Source::ALL.iter().map(|s| Choice::new(s.code(), s.title())).collect(),
        may_search_people: has(&[Role::Hotline, Role::Dispatcher]),
        may_export: has(&[Role::Dispatcher, Role::Supervisor, Role::Leader, Role::Admin, Role::Auditor]),
        views,
        any_set: !filters.0.is_empty(),
        more_open: ["category", "unit", "assignee", "source", "from", "to", "person"]
            .iter()
            .any(|n| !filters.get(n).is_empty()),
        query: here.clone(),
        prev,
        next,
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
    let pairs: Vec<(String, String)> =
        Query::try_from_uri(&uri).map(|Query(pairs)| pairs).unwrap_or_default();
    let cursor = pairs.iter().find(|(n, v)| n == "cursor" && !v.is_empty()).map(|(_, v)| v.as_str());
    render(&state, &who, &uri, cursor).await
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
