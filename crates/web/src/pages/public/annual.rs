//! The yearly report of the three systems. For people at work every number leads to its matters.

use super::super::shell::Frame;
use super::super::{assets, page};
use crate::auth::Visit;
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use lianzhi_app::publicity::{Annual, AnnualQuery};

/// A number with the way to what it counts.
struct Line {
    title: &'static str,
    n: i64,
    href: String,
}

#[derive(Template)]
#[template(path = "public/annual.html")]
struct AnnualPage {
    frame: Frame,
    a: Annual,
    parts: Vec<(&'static str, Vec<Line>)>,
    /// Somebody who may look at the matters.
    staff: bool,
}

/// `GET /public/annual`.
pub(in super::super) async fn show(
    State(state): State<WebState>,
    Visit(visit): Visit,
    uri: Uri,
) -> Answer<Response> {
    let asked: AnnualQuery = Query::try_from_uri(&uri).map(|Query(query)| query).unwrap_or_default();
    let a = state.app.annual(&asked).await?;
    let staff = state.app.may(&visit.caller, "three_systems", None).is_ok();
    let own = |what: &str| {
        if staff { format!("/cases/records?what={what}&year={}", a.year) } else { String::new() }
    };
    // The public finds the decisions themselves in the list, those that were withdrawn below it.
    let list = format!("/public/decisions?from={y}-01-01&to={y}-12-31", y = a.year);
    let open = |what: &str, list: &str| if staff { own(what) } else { list.to_owned() };
    let line = |title, n, href| Line { title, n, href };
    let parts = vec![
        (
            "行政执法公示",
            vec![
                line("普通程序决定", a.ordinary, own("ordinary")),
                line("当场处罚决定", a.spots, own("spots")),
                line("已公开（含已撤回）", a.published, open("published", &list)),
                line("按期公开", a.in_term, own("in_term")),
                line("逾期公开", a.late, own("late")),
                line("不公开", a.kept, own("kept")),
                line("撤回公开", a.withdrawn, open("withdrawn", "/public/decisions#withdrawn")),
                line("还没有公开", a.open, own("open")),
            ],
        ),
        (
            "重大执法决定法制审核",
            vec![
                line("已审核", a.reviewed, own("reviewed")),
                line("等待审核", a.to_review, own("to_review")),
            ],
        ),
        (
            "执法全过程记录",
            vec![
                line("立案和当场处罚", a.all, String::new()),
                line("记录没有缺项", a.whole, own("whole")),
                line("记录有缺项", a.all - a.whole, own("gaps")),
            ],
        ),
    ];
    let frame = Frame::new(&state, "三项制度年报", "public/annual").of(visit.csrf());
    page(&AnnualPage { frame, a, parts, staff })
}
