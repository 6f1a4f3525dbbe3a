//! One term, or one timetable, changed on a form: tried first, with the sums before and after.

use super::due::{self, Trial, by_calendar, day, load, local, moment, morning};
use super::files;
use crate::auth::SignedIn;
use crate::pages::admin::{Admin, open, status};
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use lianzhi_law::revise;
use lianzhi_law::{Calendar, Days, LawData, LawError, Standard, Standing, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};

#[derive(Template)]
#[template(path = "admin/law_change.html")]
pub(super) struct ChangePage {
    pub shell: Admin,
    pub title: String,
    pub lead: String,
    pub form: Form,
    pub tried: bool,
    pub start: String,
    pub trials: Vec<Trial>,
    pub notes: Vec<String>,
}

const UNITS: [(&str, Unit); 6] = [
    ("minutes", Unit::Minutes),
    ("hours", Unit::Hours),
    ("working_hours", Unit::WorkingHours),
    ("working_days", Unit::WorkingDays),
    ("calendar_days", Unit::CalendarDays),
    ("months", Unit::Months),
];
const STANDINGS: [(&str, Standing); 4] = [
    ("official", Standing::Official),
    ("adopted", Standing::Adopted),
    ("unverified", Standing::Unverified),
    ("example", Standing::Example),
];

fn code_of<T: PartialEq + Copy>(list: &[(&'static str, T)], value: T) -> &'static str {
    list.iter().find(|(_, v)| *v == value).map_or("", |(code, _)| code)
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Which {
    code: String,
}

fn tomorrow(today: Date) -> Date {
    today.saturating_add(1.day())
}

pub(super) fn calendars(law: &LawData, today: Date) -> Vec<Choice> {
    let mut seen = std::collections::BTreeSet::new();
    law.calendars()
        .iter()
        .filter(|c| seen.insert(c.code.clone()))
        .filter_map(|c| law.calendars().get(&c.code, today))
        .map(|c| Choice::new(&*c.code, format!("{}（{}）", c.title, c.hours())))
        .collect()
}

/// The latest version of a standard: what is changed is always what comes last.
fn latest<'a>(law: &'a LawData, code: &str) -> Result<&'a Standard, Refusal> {
    let found = law.standards().filter(|s| &*s.code == code).max_by_key(|s| s.in_force_from);
    found.ok_or_else(|| Refusal::missing("没有这个期限。"))
}

fn term_form(law: &LawData, csrf: &str, old: &Standard, today: Date, now: Timestamp) -> Form {
    let choices = |list: Vec<(&'static str, &'static str)>| {
        list.into_iter().map(|(code, title)| Choice::new(code, title)).collect::<Vec<_>>()
    };
    Form::new("/admin/law/term", csrf, "保存")
        .hidden("code", &*old.code)
        .input(Input::new(Kind::Line, "title", "名称").required().value(&*old.title))
        .input(Input::new(Kind::Number { min: 1, max: 600_000 }, "amount", "多长").required().value(old.amount.to_string()))
        .input(
            Input::new(Kind::Select, "unit", "单位")
                .required()
                .hint("工作时、个工作日按下面的日历计；日和个月连着算")
                .choices(choices(UNITS.iter().map(|(c, u)| (*c, u.title())).collect()))
                .value(code_of(&UNITS, old.unit)),
        )
        .input(
            Input::new(Kind::Select, "calendar", "按哪个日历")
                .hint("单位是日或个月时不用选")
                .choices(calendars(law, today))
                .value(old.calendar.as_deref().unwrap_or_default()),
        )
        .input(Input::new(Kind::Line, "source", "依据").required().hint("法律条文、文件名和文号，办件页上原样显示").value(&*old.source))
        .input(
            Input::new(Kind::Select, "standing", "核对情况")
                .required()
                .choices(choices(STANDINGS.iter().map(|(c, s)| (*c, s.title())).collect()))
                .value(code_of(&STANDINGS, old.standing)),
        )
        .input(
            Input::new(Kind::Date, "from", "从哪天起")
                .required()
                .hint("新值从这天起用；旧值到前一天止，两个版本都留着")
                .value(tomorrow(today).max(old.in_force_from).to_string()),
        )
        .input(Input::new(Kind::Moment, "start", "试算：若此刻上报").hint("只用来试算，不保存").value(local(now)))
        .also("step", "try", "先试算")
        .consequence("保存前先检查全部期限数据，有一处不对就不启用。启用后在办件的期限按新数据重算，写入各件的过程记录。")
}

fn read_term(typed: &Typed, old: &Standard) -> Result<Standard, Refusal> {
    let unit = UNITS.iter().find(|(c, _)| *c == typed.text("unit")).map(|(_, u)| *u);
    let unit = unit.ok_or_else(|| Refusal::invalid("unit", "没有选单位。", "请从列表中选择。"))?;
    let amount = typed.text("amount").parse::<u32>().ok().filter(|n| (1..=unit.amount_max()).contains(n));
    let amount = amount.ok_or_else(|| {
        Refusal::invalid("amount", "长度不对。", format!("请填 1 至 {} 之间的整数。", unit.amount_max()))
    })?;
    let by_calendar = !matches!(unit, Unit::CalendarDays | Unit::Months);
    let calendar = typed.given("calendar").filter(|_| by_calendar);
    if by_calendar && calendar.is_none() {
        return Err(Refusal::invalid(
            "calendar",
            "没有选日历。",
            "按分钟、小时、工作时、工作日计的期限都要选一个日历。",
        ));
    }
    let standing = STANDINGS.iter().find(|(c, _)| *c == typed.text("standing")).map(|(_, s)| *s);
    Ok(Standard {
        title: typed.text("title").into(),
        amount,
        unit,
        calendar: calendar.map(Into::into),
        source: typed.text("source").into(),
        standing: standing
            .ok_or_else(|| Refusal::invalid("standing", "没有选核对情况。", "请从列表中选择。"))?,
        in_force_from: day("from", typed.text("from"))?,
        in_force_to: None,
        ..old.clone()
    })
}

fn wrong(error: &LawError) -> Refusal {
    Refusal::invalid("from", format!("{error}。"), "请改一个生效日。")
}

struct Term {
    standard: Standard,
    file: String,
    text: String,
    law: LawData,
}

/// What was typed as a standard, in the file it belongs to, with all data checked.
async fn term_of(state: &WebState, typed: &Typed, old: &Standard) -> Answer<Result<Term, Refusal>> {
    let files = files(state).await?;
    let made = (|| {
        let standard = read_term(typed, old)?;
        let home = files
            .iter()
            .find(|(name, (text, _))| name.starts_with("terms/") && revise::has_standard(text, &old.code));
        let (file, (text, _)) = home.ok_or_else(|| Refusal::missing("没有找到这个期限所在的文件。"))?;
        let text = revise::with_standard(file, text, &standard).map_err(|e| wrong(&e))?;
        let law = load(&files, file, &text)?;
        Ok(Term { standard, file: file.clone(), text, law })
    })();
    Ok(made)
}

fn term_page(
    state: &WebState,
    who: &SignedIn,
    code: &str,
    typed: Option<&Typed>,
    outcome: Result<Option<&Term>, &Refusal>,
) -> Answer<Response> {
    let shell = open(state, who, "期限和日历", "/admin/law")?;
    let (directory, now) = (state.app.directory(), state.app.now());
    let today = ui::beijing(now).date();
    let old = latest(&directory.law, code)?;
    let form = term_form(&directory.law, &shell.csrf, old, today, now)
        .refused(typed, outcome.err())
        .only_read(!shell.changes);
    let start = typed.map_or(Ok(None), |t| moment("start", t.text("start"))).ok().flatten().unwrap_or(now);
    let date = ui::beijing(start).date();
    let in_force = directory.law.standard(code, date).unwrap_or(old);
    let before = due::due(&directory.law, in_force, start, now);
    let tried = outcome.ok().flatten();
    let mut notes = Vec::new();
    if let Some(term) = tried {
        if term.standard.in_force_from > date {
            notes.push(format!(
                "新值从 {} 起用；上面按新值试算，在此之前上报的仍按现行值。",
                term.standard.in_force_from
            ));
        }
        if term.law.calendars().schedule_notice(date).is_some() && before.provisional {
            notes.push("跨到尚未公布放假安排的年份，结果是暂定的。".into());
        }
    }
    let rules = directory.law.category_rules().filter(|r| &*r.standard == code).count();
    if rules > 0 {
        notes.push(format!("{rules} 条类别规则用这个期限。"));
    }
    let trial = Trial {
        title: old.title.to_string(),
        measure: match tried {
            Some(t) => format!("{} → {}", in_force.plain_measure(), t.standard.plain_measure()),
            None => in_force.plain_measure(),
        },
        before: Some(before),
        after: tried.map(|t| due::due(&t.law, &t.standard, start, now)),
        source: in_force.source.to_string(),
    };
    let shown = ChangePage {
        title: old.title.to_string(),
        lead: match shell.changes {
            true => "改一个期限：先试算，看现在上报会在什么时候到期，再保存。".into(),
            false => "现行的一个期限，和现在上报会在什么时候到期。".into(),
        },
        form,
        tried: tried.is_some(),
        start: ui::full(start),
        trials: vec![trial],
        notes,
        shell,
    };
    Ok((status(outcome.err()), page(&shown)?).into_response())
}

/// `GET /admin/law/term`.
pub(in crate::pages::admin) async fn term(
    State(state): State<WebState>,
    who: SignedIn,
    Query(which): Query<Which>,
) -> Answer<Response> {
    term_page(&state, &who, &which.code, None, Ok(None))
}

/// `POST /admin/law/term`: tries or saves.
pub(in crate::pages::admin) async fn save_term(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let directory = state.app.directory();
    let code = typed.text("code").to_owned();
    let made = term_of(&state, typed, latest(&directory.law, &code)?).await?;
    let made = made.and_then(|t| moment("start", typed.text("start")).map(|_| t));
    match made {
        Ok(term) if typed.text("step") == "try" => {
            term_page(&state, &who, &code, Some(typed), Ok(Some(&term)))
        }
        Ok(Term { file, text, .. }) => {
            match state.app.put_register(&who.caller, Record::Law { name: file, text }).await {
                Ok(_) => Ok(Redirect::to("/admin/law?done=saved").into_response()),
                Err(refusal) => term_page(&state, &who, &code, Some(typed), Err(&refusal)),
            }
        }
        Err(refusal) => term_page(&state, &who, &code, Some(typed), Err(&refusal)),
    }
}

// ---- timetables ----

fn newest<'a>(law: &'a LawData, code: &str) -> Result<&'a Calendar, Refusal> {
    let found = law.calendars().iter().filter(|c| &*c.code == code).max_by_key(|c| c.in_force_from);
    found.ok_or_else(|| Refusal::missing("没有这个工作时间。"))
}

fn hours_form(csrf: &str, old: &Calendar, today: Date) -> Form {
    Form::new("/admin/law/hours", csrf, "保存")
        .hidden("code", &*old.code)
        .input(Input::new(Kind::Line, "title", "名称").required().value(&*old.title))
        .input(
            Input::new(Kind::Segments, "days", "哪些天")
                .required()
                .choices(vec![Choice::new("workdays", "工作日（按放假安排）"), Choice::new("all", "每天")])
                .value(if old.days == Days::All { "all" } else { "workdays" }),
        )
        .input(
            Input::new(Kind::Line, "spans", "一天里的工作时间")
                .required()
                .hint("从早到晚，用顿号隔开，如 08:30-11:30、13:00-17:00；全天是 00:00-24:00")
                .value(old.hours()),
        )
        .input(Input::new(Kind::Line, "source", "依据").required().value(&*old.source))
        .input(
            Input::new(Kind::Date, "from", "从哪天起")
                .required()
                .value(tomorrow(today).max(old.in_force_from).to_string()),
        )
        .also("step", "try", "先试算")
        .consequence("按这个作息计的期限，从生效日起按新的工作时间算；在办件重算并写入过程记录。")
}

fn hours_page(
    state: &WebState,
    who: &SignedIn,
    code: &str,
    typed: Option<&Typed>,
    outcome: Result<Option<(&LawData, Date)>, &Refusal>,
) -> Answer<Response> {
    let shell = open(state, who, "期限和日历", "/admin/law")?;
    let (directory, now) = (state.app.directory(), state.app.now());
    let old = newest(&directory.law, code)?;
    let form = hours_form(&shell.csrf, old, ui::beijing(now).date())
        .refused(typed, outcome.err())
        .only_read(!shell.changes);
    let tried = outcome.ok().flatten();
    let start = tried.and_then(|(_, from)| morning(from)).filter(|at| *at > now).unwrap_or(now);
    let new = tried.map_or(&*directory.law, |(law, _)| law);
    let mut trials = by_calendar(&directory.law, new, start, now, |s| s.calendar.as_deref() == Some(code));
    if tried.is_none() {
        for trial in &mut trials {
            trial.after = None;
        }
    }
    let shown = ChangePage {
        title: old.title.to_string(),
        lead: match shell.changes {
            true => "改工作时间或班次：按它计的期限会随之改变，先试算再保存。".into(),
            false => "现行的工作时间或班次，和按它计的期限。".into(),
        },
        form,
        tried: tried.is_some(),
        start: ui::full(start),
        notes: if trials.is_empty() {
            vec!["现在没有期限按这个日历计。".into()]
        } else {
            Vec::new()
        },
        trials,
        shell,
    };
    Ok((status(outcome.err()), page(&shown)?).into_response())
}

/// `GET /admin/law/hours`.
pub(in crate::pages::admin) async fn hours(
    State(state): State<WebState>,
    who: SignedIn,
    Query(which): Query<Which>,
) -> Answer<Response> {
    hours_page(&state, &who, &which.code, None, Ok(None))
}

/// `POST /admin/law/hours`: tries or saves.
pub(in crate::pages::admin) async fn save_hours(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let directory = state.app.directory();
    let code = typed.text("code").to_owned();
    let old = newest(&directory.law, &code)?;
    let files = files(&state).await?;
    let made = (|| {
        let spans = revise::spans(typed.text("spans"))
            .map_err(|e| Refusal::invalid("spans", format!("{e}。"), "请改正。"))?;
        let from = day("from", typed.text("from"))?;
        let calendar = Calendar {
            title: typed.text("title").into(),
            days: if typed.text("days") == "all" { Days::All } else { Days::Workdays },
            spans,
            in_force_from: from,
            in_force_to: None,
            source: typed.text("source").into(),
            ..old.clone()
        };
        let home = files
            .iter()
            .find(|(name, (text, _))| name.starts_with("calendar/") && revise::has_calendar(text, &code));
        let (file, (text, _)) = home.ok_or_else(|| Refusal::missing("没有找到这个日历所在的文件。"))?;
        let text = revise::with_calendar(file, text, &calendar).map_err(|e| wrong(&e))?;
        let law = load(&files, file, &text)?;
        Ok::<_, Refusal>((file.clone(), text, law, from))
    })();
    match made {
        Ok((_, _, law, from)) if typed.text("step") == "try" => {
            hours_page(&state, &who, &code, Some(typed), Ok(Some((&law, from))))
        }
        Ok((name, text, ..)) => match state.app.put_register(&who.caller, Record::Law { name, text }).await {
            Ok(_) => Ok(Redirect::to("/admin/law?done=saved").into_response()),
            Err(refusal) => hours_page(&state, &who, &code, Some(typed), Err(&refusal)),
        },
        Err(refusal) => hours_page(&state, &who, &code, Some(typed), Err(&refusal)),
    }
}
