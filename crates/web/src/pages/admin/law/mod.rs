//! Terms and calendars: the files of law data in force, each to be read, changed and checked before it counts.

pub(super) mod due;
mod terms;
mod year;

pub(super) use terms::{hours, save_hours, save_term, term};
pub(super) use year::{save as save_year, show as year};

use super::units::retire_form;
use super::{Admin, Asked, Tried, done_word, open, status, text_of};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_law::LawFiles;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::register::Record;
use std::collections::BTreeMap;

/// A file of law data.
struct Data {
    name: String,
    lines: usize,
    /// Changed by this agency; otherwise as delivered.
    own: bool,
}

/// A term in force.
struct Term {
    code: String,
    title: String,
    measure: String,
    source: String,
    standing: &'static str,
    calendar: String,
    /// If it began now.
    due: due::Due,
    /// The version that comes next, when one is kept already.
    next: String,
}

/// A timetable in force.
struct Hours {
    code: String,
    title: String,
    days: &'static str,
    hours: String,
    source: String,
    terms: usize,
}

#[derive(Template)]
#[template(path = "admin/law.html")]
struct LawPage {
    shell: Admin,
    files: Vec<Data>,
    terms: Vec<Term>,
    hours: Vec<Hours>,
    years: Vec<(i16, String)>,
    year: i16,
    at: String,
    notice: Option<String>,
    urgent: bool,
    digest: String,
}

#[derive(Template)]
#[template(path = "admin/law_edit.html")]
struct LawEditPage {
    shell: Admin,
    name: String,
    form: Form,
    own: bool,
    retire: Option<Form>,
}

/// Files as delivered, with the agency's own in their place.
pub(super) async fn files(state: &WebState) -> Answer<BTreeMap<String, (String, bool)>> {
    let delivered = LawFiles::builtin();
    let mut files: BTreeMap<String, (String, bool)> =
        delivered.iter().map(|(n, t)| (n.to_owned(), (t.to_owned(), false))).collect();
    for row in state.app.store().journal.registers().await.map_err(Problem::from)? {
        if row.register != "law" || row.retired {
            continue;
        }
        if let Ok(Record::Law { name, text }) = serde_json::from_str::<Record>(&row.record) {
            let own = files.get(&name).is_none_or(|(delivered, _)| *delivered != text);
            files.insert(name, (text, own));
        }
    }
    Ok(files)
}

/// `GET /admin/law`.
pub(super) async fn list(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut shell = open(&state, &who, "期限和日历", "/admin/law")?;
    shell.done = done_word(&asked.done);
    let directory = state.app.directory();
    let now = state.app.now();
    let today = ui::beijing(now).date();
    let notice = directory.law.calendars().schedule_notice(today);
    let terms = directory
        .law
        .standards()
        .filter(|s| s.in_force_from <= today && s.in_force_to.is_none_or(|to| to >= today))
        .map(|s| Term {
            code: s.code.to_string(),
            due: due::due(&directory.law, s, now, now),
            next: directory
                .law
                .standards()
                .find(|n| n.code == s.code && n.in_force_from > today)
                .map(|n| format!("{} 起 {}", n.in_force_from, n.plain_measure()))
                .unwrap_or_default(),
            title: s.title.to_string(),
            measure: s.plain_measure(),
            source: s.source.to_string(),
            standing: s.standing.title(),
            calendar: match s.calendar.as_deref() {
                Some(code) => {
                    directory.law.calendars().get(code, today).map_or(code, |c| &c.title).to_owned()
                }
                None => "自然日".to_owned(),
            },
        });
    let files = files(&state).await?;
    let calendars = directory.law.calendars();
    let mut codes: Vec<_> = calendars.iter().map(|c| c.code.clone()).collect();
    codes.dedup();
    let hours = codes.iter().filter_map(|code| calendars.get(code, today)).map(|c| Hours {
        code: c.code.to_string(),
        title: c.title.to_string(),
        days: if c.days == lianzhi_law::Days::All { "每天" } else { "工作日" },
        hours: c.hours(),
        source: c.source.to_string(),
        terms: directory.law.standards().filter(|s| s.calendar.as_ref() == Some(&c.code)).count(),
    });
    page(&LawPage {
        hours: hours.collect(),
        years: calendars.holidays().years().map(|(y, n)| (y, n.to_owned())).collect(),
        year: today.year(),
        at: ui::full(now),
        terms: terms.collect(),
        files: files
            .into_iter()
            .map(|(name, (text, own))| Data { name, lines: text.lines().count(), own })
            .collect(),
        urgent: notice.as_ref().is_some_and(|n| n.urgent),
        notice: notice.map(|n| n.text),
        digest: directory.law.digest().to_string(),
        shell,
    })
}

async fn edit_page(
    state: &WebState,
    who: &SignedIn,
    name: &str,
    typed: Option<&Typed>,
    refusal: Option<&Refusal>,
    retiring: Tried<'_>,
) -> Answer<Response> {
    let shell = open(state, who, "期限和日历", "/admin/law")?;
    let files = files(state).await?;
    let (text, own) = files.get(name).cloned().ok_or_else(|| Refusal::missing("没有这个文件。"))?;
    let form = Form::new("/admin/law", &shell.csrf, "检查并启用")
        .hidden("name", name)
        .input(Input::new(Kind::File, "text", "内容").required().value(text))
        .input(Input::new(Kind::Upload, "raw-file", "或上传一个文件代替").hint("选了文件，上面的内容就不算"))
        .consequence(
            "先检查全部期限数据，有一处不对就不启用。启用后在办件的期限按新数据重算，写入各件的过程记录。",
        )
        .refused(typed, refusal)
        .only_read(!shell.changes);
    let retire = (own && shell.changes).then(|| retire_form(&shell.csrf, "law", name, retiring));
    Ok((
        status(refusal.or(retiring.map(|(_, r)| r))),
        page(&LawEditPage { name: name.to_owned(), form, own, retire, shell })?,
    )
        .into_response())
}

/// `GET /admin/law/edit`.
pub(super) async fn edit(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    edit_page(&state, &who, &asked.code, None, None, None).await
}

/// The file's page after it could not be retired.
pub(super) async fn retire_refused(
    state: &WebState,
    who: &SignedIn,
    key: &str,
    tried: Tried<'_>,
) -> Answer<Response> {
    edit_page(state, who, key, None, None, tried).await
}

/// `POST /admin/law`.
pub(super) async fn save(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let name = posted.typed.text("name").to_owned();
    let uploaded = posted.file("raw-file").ok().map(|(_, bytes)| text_of(bytes));
    // What was uploaded stands in the form when it is refused, so that the line at fault can be found and mended there.
    let mut shown = Typed::default();
    let outcome = async {
        let text = match uploaded {
            Some(text) => text?,
            None => format!("{}\n", posted.typed.text("text")),
        };
        shown.push("text", &*text);
        let mut all = LawFiles::default();
        for (other, (content, _)) in files(&state).await.map_err(|p| *p.refusal)? {
            all.put(&other, &content);
        }
        all.put(&name, &text);
        lianzhi_law::LawData::load(&all).map_err(|e| {
            Refusal::invalid("text", format!("数据有误：{e}。"), "请改正后再启用；现在仍用原来的数据。")
        })?;
        state.app.put_register(&who.caller, Record::Law { name: name.clone(), text }).await
    };
    match outcome.await {
        Ok(_) => Ok(Redirect::to("/admin/law?done=saved").into_response()),
        Err(refusal) => {
            let typed = if shown.given("text").is_some() { &shown } else { &posted.typed };
            edit_page(&state, &who, &name, Some(typed), Some(&refusal), None).await
        }
    }
}
