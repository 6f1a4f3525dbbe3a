//! The holidays of a year: a calendar to click in, which writes the same lines that can be typed or brought in a file.

use super::due::{Trial, by_calendar, load};
use super::files;
use crate::auth::SignedIn;
use crate::pages::admin::{Admin, open, status, text_of};
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use lianzhi_law::revise::{self, SpecialDay};
use lianzhi_law::{DayKind, LawData};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::register::Record;

/// Years that can be looked at.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;

/// A day of the calendar.
struct Cell {
    date: String,
    number: i8,
    /// `work`, `rest`, `off`, `makeup`.
    kind: &'static str,
    word: String,
    today: bool,
}

struct Month {
    title: String,
    /// Empty places before the first day, Monday first.
    lead: u8,
    days: Vec<Cell>,
}

impl Month {
    /// Its days in weeks, Monday first; places before the first and after the last day are empty.
    fn weeks(&self) -> Vec<Vec<Option<&Cell>>> {
        let lead = std::iter::repeat_n(None, usize::from(self.lead));
        let mut places: Vec<Option<&Cell>> = lead.chain(self.days.iter().map(Some)).collect();
        places.resize(places.len().div_ceil(7) * 7, None);
        places.chunks(7).map(<[_]>::to_vec).collect()
    }
}

#[derive(Template)]
#[template(path = "admin/law_year.html")]
struct YearPage {
    shell: Admin,
    year: i16,
    months: Vec<Month>,
    notice: String,
    covered: bool,
    form: Form,
    tried: bool,
    changed: Vec<String>,
    trials: Vec<Trial>,
    workdays: usize,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Which {
    year: String,
}

fn dates(year: i16) -> impl Iterator<Item = Date> {
    let first = date(year, 1, 1);
    (0..366_i64).map(move |n| first.saturating_add(n.days())).filter(move |d| d.year() == year)
}

/// The days of a year that are not Monday-to-Friday, as lines.
fn lines(law: &LawData, year: i16) -> String {
    let line = |day: Date| match law.calendars().day(day).kind {
        DayKind::Holiday(name) => Some(format!("{day} 放假 {name}")),
        DayKind::MakeUp(name) => Some(format!("{day} 上班 {name}")),
        DayKind::Workday | DayKind::Weekend => None,
    };
    dates(year).filter_map(line).collect::<Vec<_>>().join("\n")
}

fn word(kind: &DayKind) -> String {
    match kind {
        DayKind::Workday => "工作日".into(),
        DayKind::Weekend => "休息".into(),
        DayKind::Holiday(name) => format!("放假（{name}）"),
        DayKind::MakeUp(name) => format!("调休上班（{name}）"),
    }
}

fn months(law: &LawData, year: i16, today: Date) -> Vec<Month> {
    (1..=12_i8)
        .map(|month| {
            let days: Vec<Date> = dates(year).filter(|d| d.month() == month).collect();
            Month {
                title: format!("{month} 月"),
                lead: days
                    .first()
                    .map_or(0, |d| u8::try_from(d.weekday().to_monday_zero_offset()).unwrap_or(0)),
                days: days
                    .into_iter()
                    .map(|d| {
                        let day = law.calendars().day(d);
                        Cell {
                            date: d.to_string(),
                            number: d.day(),
                            kind: match day.kind {
                                DayKind::Workday => "work",
                                DayKind::Weekend => "rest",
                                DayKind::Holiday(_) => "off",
                                DayKind::MakeUp(_) => "makeup",
                            },
                            word: word(&day.kind),
                            today: d == today,
                        }
                    })
                    .collect(),
            }
        })
        .collect()
}

fn form(csrf: &str, year: i16, notice: &str, lines: String) -> Form {
    Form::new("/admin/law/year", csrf, "保存")
        .hidden("year", year.to_string())
        .input(
            Input::new(Kind::Line, "notice", "放假通知的文号")
                .required()
                .hint("如：国办发明电〔2025〕7号")
                .value(notice),
        )
        .input(
            Input::new(Kind::Text, "days", "和平常不同的日子")
                .required()
                .rows(12)
                .hint("一行一天：日期、放假或上班、节日名。在上面的日历里点，这里跟着变；也可以直接改或粘贴")
                .value(lines),
        )
        .input(
            Input::new(Kind::Upload, "raw-file", "或导入一个文件代替")
                .accept(".tsv,.csv,.txt,text/plain")
                .hint("每行同上；也认随程序提供的 TSV 格式。选了文件，上面的内容就不算"),
        )
        .also("step", "try", "先看有什么变化")
        .consequence("整年一起替换。启用后按工作日计的期限重算，写入各件的过程记录。")
}

/// Lines of a file in either form; comments and the head are passed over, and so are the days of other years.
fn imported(text: &str, year: i16) -> String {
    let of_year = |line: &&str| !line.starts_with('#') && line.trim_start().starts_with(&year.to_string());
    text.lines().filter(of_year).map(|line| line.replace(['\t', ','], " ")).collect::<Vec<_>>().join("\n")
}

struct Made {
    file: String,
    text: String,
    law: LawData,
}

fn year_page(
    state: &WebState,
    who: &SignedIn,
    year: i16,
    typed: Option<&Typed>,
    outcome: Result<Option<&Made>, &Refusal>,
) -> Answer<Response> {
    let shell = open(state, who, "期限和日历", "/admin/law")?;
    let (directory, now) = (state.app.directory(), state.app.now());
    let law = &directory.law;
    let holidays = law.calendars().holidays();
    let notice = holidays.years().find(|(y, _)| *y == year).map(|(_, n)| n.to_owned()).unwrap_or_default();
    let form = form(&shell.csrf, year, &notice, lines(law, year))
        .refused(typed, outcome.err())
        .only_read(!shell.changes);
    let tried = outcome.ok().flatten();
    let shown_law = tried.map_or(&**law, |made| &made.law);
    let (mut changed, mut trials) = (Vec::new(), Vec::new());
    if let Some(made) = tried {
        for day in dates(year) {
            let (old, new) = (law.calendars().day(day).kind, made.law.calendars().day(day).kind);
            if old != new {
                changed.push(format!("{day} {}　{} → {}", ui::weekday_of(day), word(&old), word(&new)));
            }
        }
        trials = by_calendar(law, &made.law, now, now, |s| s.calendar.is_some());
        trials.retain(Trial::differs);
    }
    let today = ui::beijing(now).date();
    let shown = YearPage {
        months: months(shown_law, year, today),
        covered: holidays.covers(year),
        workdays: dates(year).filter(|d| shown_law.calendars().day(*d).working()).count(),
        notice,
        year,
        form,
        tried: tried.is_some(),
        changed,
        trials,
        shell,
    };
    Ok((status(outcome.err()), page(&shown)?).into_response())
}

fn year_of(text: &str, today: Date) -> Result<i16, Refusal> {
    if text.trim().is_empty() {
        return Ok(today.year());
    }
    let year = text.trim().parse::<i16>().ok().filter(|y| YEARS.contains(y));
    year.ok_or_else(|| Refusal::missing("没有这一年的日历。"))
}

/// `GET /admin/law/year`.
pub(in crate::pages::admin) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(which): Query<Which>,
) -> Answer<Response> {
    let year = year_of(&which.year, ui::beijing(state.app.now()).date())?;
    year_page(&state, &who, year, None, Ok(None))
}

/// `POST /admin/law/year`: shows what would change, or saves.
pub(in crate::pages::admin) async fn save(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let today = ui::beijing(state.app.now()).date();
    let year = year_of(posted.typed.text("year"), today)?;
    let uploaded = match posted.file("raw-file") {
        Ok((_, bytes)) if !bytes.is_empty() => Some(text_of(bytes).map(|text| imported(&text, year))),
        _ => None,
    };
    let files = files(&state).await?;
    let mut shown = Typed::default();
    for name in ["notice", "step", "year"] {
        shown.push(name, posted.typed.text(name));
    }
    let made = (|| {
        let text = match uploaded {
            Some(text) => text?,
            None => posted.typed.text("days").to_owned(),
        };
        shown.push("days", &*text);
        let bad = |e: String| Refusal::invalid("days", format!("{e}。"), "请改正这一行。");
        let days: Vec<SpecialDay> = revise::special_days(&text, year).map_err(bad)?;
        let notice = posted.typed.given("notice").ok_or_else(|| {
            Refusal::invalid("notice", "没有写放假通知的文号。", "请抄写国务院办公厅通知的文号。")
        })?;
        // A year stays in the file that it is in; a new one gets a file of its own.
        let mark = format!("# covers\t{year}\t");
        let home = files.iter().find(|(name, (text, _))| {
            name.starts_with("calendar/holidays") && text.lines().any(|line| line.starts_with(&mark))
        });
        let (file, old) = match home {
            Some((name, (text, _))) => (name.clone(), text.clone()),
            None => (
                format!("calendar/holidays-{year}.tsv"),
                revise::new_years("国务院办公厅关于节假日安排的通知，由本机关录入", today),
            ),
        };
        let text = revise::with_year(&old, year, notice, &days);
        let law = load(&files, &file, &text)?;
        Ok::<_, Refusal>(Made { file, text, law })
    })();
    match made {
        Ok(made) if posted.typed.text("step") == "try" => {
            year_page(&state, &who, year, Some(&shown), Ok(Some(&made)))
        }
        Ok(Made { file, text, .. }) => {
            match state.app.put_register(&who.caller, Record::Law { name: file, text }).await {
                Ok(_) => Ok(Redirect::to("/admin/law?done=saved").into_response()),
                Err(refusal) => year_page(&state, &who, year, Some(&shown), Err(&refusal)),
            }
        }
        Err(refusal) => year_page(&state, &who, year, Some(&shown), Err(&refusal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_either_form() {
        let tsv = "# covers\t2027\tx\ndate\tkind\tname\n2027-01-01\toff\t元旦\n2026-12-31\toff\t元旦\n";
        assert_eq!(imported(tsv, 2027), "2027-01-01 off 元旦");
        assert_eq!(imported("2027-01-01 放假 元旦\n", 2027), "2027-01-01 放假 元旦");
    }
}
