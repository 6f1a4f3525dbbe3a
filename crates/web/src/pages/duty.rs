//! Duty: who is on in each unit, who leads the shift, and what was handed over.

use super::form::{self, Form};
use super::posted::Posted;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::RecordLine;
use lianzhi_ids::UnitCode;
use lianzhi_procedure::{Choice, Field, FieldKind, Offer, Refusal, RefusalKind};
use serde::Deserialize;

/// A unit with those on duty.
struct Squad {
    code: String,
    name: String,
    phone: String,
    /// The number that a phone dials.
    dial: String,
    leader: String,
    on: Vec<String>,
    /// Planned for now and not on duty.
    absent: Vec<String>,
    people: usize,
    current: bool,
}

#[derive(Template)]
#[template(path = "duty.html")]
struct DutyPage {
    shell: Shell,
    squads: Vec<Squad>,
    on_total: usize,
    unit: String,
    unit_name: String,
    /// When this person's next shift is, as far as it is planned.
    next: Option<String>,
    acts: Vec<(String, bool, Form)>,
    log: Vec<RecordLine>,
    now: jiff::Timestamp,
    done: bool,
    refusal: Option<Refusal>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    done: String,
}

/// What this person may do in a unit's duty. The procedure decides again when it is done.
fn offers(state: &WebState, who: &SignedIn, unit: &UnitCode) -> Vec<Offer> {
    let (directory, duty) = (state.app.directory(), state.app.duty());
    let own =
        who.person.posts.iter().any(|p| directory.within(&p.unit, unit) || directory.within(unit, &p.unit));
    let on = duty.people().any(|(p, u)| *p == who.person.code && u == unit);
    let note = |required| Field {
        name: "note",
        title: "交接事项",
        required,
        kind: FieldKind::Text,
        hint: "下一班必须知道的事".into(),
    };
    let offer = |command, title, consequence, fields, main| Offer {
        command,
        title,
        consequence,
        fields,
        main,
        refused: None,
    };
    let mut offers = Vec::new();
    if own && on {
        offers.push(offer("go_off", "离岗", "您不再接到自动派单。", vec![note(false)], false));
        offers.push(offer("hand_over", "写交接", "记入交接簿。", vec![note(true)], false));
    } else if own && state.app.may_in(&who.caller, "own_duty", unit).is_ok() {
        offers.push(offer("go_on", "到岗", "从现在起可以接到自动派单。", Vec::new(), true));
    }
    if state.app.may_in(&who.caller, "roster", unit).is_ok() {
        let mut people: Vec<Choice> = directory
            .people
            .values()
            .filter(|p| p.active && p.posts.iter().any(|x| directory.within(&x.unit, unit)))
            .map(|p| {
                Choice::new(
                    p.code.as_str(),
                    format!("{}{}", p.name, if duty.is_on(&p.code) { "（在岗）" } else { "" }),
                )
            })
            .collect();
        people.sort_by(|a, b| a.value.cmp(&b.value));
        let person = |title, choices: &[Choice]| Field {
            name: "person",
            title,
            required: true,
            kind: FieldKind::Person { choices: choices.to_vec() },
            hint: "".into(),
        };
        let at_work: Vec<&str> =
            duty.people().filter(|(_, at)| *at == unit).map(|(p, _)| p.as_str()).collect();
        let (here, away): (Vec<Choice>, Vec<Choice>) =
            people.iter().cloned().partition(|c| at_work.contains(&c.value.as_str()));
        offers.push(offer(
            "lead",
            "设带班领导",
            "超时未接单等情况先找带班领导。",
            vec![person("带班领导", &people)],
            false,
        ));
        offers.push(offer(
            "go_on",
            "代为到岗",
            "此人从现在起可以接到自动派单。",
            vec![person("人员", &away)],
            false,
        ));
        offers.push(offer(
            "go_off",
            "代为离岗",
            "此人不再接到自动派单。",
            vec![person("人员", &here), note(false)],
            false,
        ));
    }
    offers
}

/// What of a written number is dialled: up to the words behind it, without gaps.
fn dialled(phone: &str) -> String {
    let written = phone.chars().take_while(|c| c.is_ascii_digit() || "+-() ".contains(*c));
    written.filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// Lines of the log on the page: about a week of a busy squad.
const LOG_LINES_MAX: usize = 60;

/// The unit's log, newest first; empty for those who may not read it.
async fn duty_log(state: &WebState, who: &SignedIn, unit: &UnitCode) -> Answer<Vec<RecordLine>> {
    let Some(row) = state.app.store().queries.by_number(&format!("duty:{unit}")).await? else {
        return Ok(Vec::new());
    };
    let mut log = match state.app.record(&who.caller, row.id).await {
        Ok(log) => log,
        Err(refusal) if refusal.kind == RefusalKind::Missing => Vec::new(),
        Err(refusal) => return Err(refusal.into()),
    };
    log.sort_by_key(|l| std::cmp::Reverse(l.seq));
    log.truncate(LOG_LINES_MAX);
    Ok(log)
}

/// When this person's next shift is: `明天 06:00 早班，至 14:00`.
pub(super) fn next_shift(state: &WebState, who: &SignedIn) -> Option<String> {
    let (duty, now) = (state.app.duty(), state.app.now());
    let (from, to, shift) = duty.next_shift(&who.person.code, now)?;
    let until = to.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%H:%M");
    Some(format!("{} {}，至 {until}", ui::near(now, from), shift.name))
}

struct Tried<'a> {
    title: &'a str,
    posted: &'a Posted,
    refusal: Refusal,
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    unit: &str,
    done: bool,
    tried: Option<Tried<'_>>,
) -> Answer<Response> {
    let (directory, duty) = (state.app.directory(), state.app.duty());
    let own = who.person.posts.first().map(|p| p.unit.clone());
    let unit = UnitCode::parse(unit).ok().filter(|u| directory.units.contains_key(u)).or(own);
    let mut squads: Vec<Squad> = directory
        .units
        .values()
        .filter(|u| !u.outside)
        .map(|u| {
            let mut on: Vec<String> = duty
                .people()
                .filter(|(_, at)| **at == u.code)
                .map(|(p, _)| directory.person_name(p).to_owned())
                .collect();
            on.sort();
            let expected = duty.roster(&u.code).map(|r| r.expected(state.app.now())).unwrap_or_default();
            let absent = expected
                .into_iter()
                .filter(|(p, _)| !duty.is_on(p))
                .map(|(p, shift)| format!("{}（{}）", directory.person_name(p), shift.name))
                .collect();
            Squad {
                code: u.code.to_string(),
                name: u.name.clone(),
                phone: u.phone.clone(),
                dial: dialled(&u.phone),
                leader: duty.leader(&u.code).map(|p| directory.person_name(p).to_owned()).unwrap_or_default(),
                on,
                absent,
                people: directory
                    .people
                    .values()
                    .filter(|p| p.active && p.posts.iter().any(|x| x.unit == u.code))
                    .count(),
                current: Some(&u.code) == unit.as_ref(),
            }
        })
        .collect();
    squads.retain(|s| s.current || s.people > 0 || !s.on.is_empty() || !s.leader.is_empty());
    let shell = Shell::new(state, who, "勤务", "/duty");
    let mut acts = Vec::new();
    let mut log = Vec::new();
    if let Some(unit) = &unit {
        for offer in offers(state, who, unit) {
            let form = form::of_offer(&offer, format!("/duty/{unit}"), &shell.csrf)
                .hidden("command", offer.command)
                .hidden("title", offer.title);
            let mut form = form.kept().id(&format!("{}-{}", offer.command, offer.fields.len()));
            let here = tried.as_ref().filter(|t| t.title == offer.title);
            if let Some(tried) = here {
                form = form.refused(Some(&tried.posted.typed), Some(&tried.refusal));
            }
            acts.push((offer.title.to_owned(), here.is_some() || offer.main, form));
        }
        log = duty_log(state, who, unit).await?;
    }
    let status = tried.as_ref().map_or(StatusCode::OK, |t| Problem::from(t.refusal.clone()).status);
    let shown = DutyPage {
        on_total: squads.iter().map(|s| s.on.len()).sum(),
        squads,
        unit: unit.as_ref().map(ToString::to_string).unwrap_or_default(),
        next: next_shift(state, who),
        unit_name: unit.as_ref().map(|u| directory.unit_name(u).to_owned()).unwrap_or_default(),
        refusal: tried.filter(|t| !acts.iter().any(|(title, ..)| title == t.title)).map(|t| t.refusal),
        acts,
        log,
        now: state.app.now(),
        done,
        shell,
    };
    Ok((status, page(&shown)?).into_response())
}

/// `GET /duty`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    render(&state, &who, &asked.unit, !asked.done.is_empty(), None).await
}

/// `POST /duty/{unit}`.
pub(super) async fn act(
    State(state): State<WebState>,
    who: SignedIn,
    Path(unit): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let code = UnitCode::parse(&unit).map_err(|_| Refusal::missing("没有这个单位。"))?;
    let title = posted.typed.text("title").to_owned();
    let outcome = async {
        let offers = offers(&state, &who, &code);
        let offer = offers.iter().find(|o| o.title == title && o.command == posted.typed.text("command"));
        let offer = offer.ok_or_else(|| {
            Refusal::forbidden("not-offered", "您现在不能这样做。", "请看下面现在可办的事项。")
        })?;
        let mut command = form::command(offer, &posted.typed)?;
        if matches!(offer.command, "go_on" | "lead") {
            command["unit"] = code.as_str().into();
        }
        state.app.duty_command(&who.caller, &code, command).await
    };
    match outcome.await {
        Ok(_) => Ok(Redirect::to(&format!("/duty?unit={}&done=1", ui::query(&unit))).into_response()),
        Err(refusal) => {
            render(&state, &who, &unit, false, Some(Tried { title: &title, posted: &posted, refusal })).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::dialled;

    #[test]
    fn a_number_is_dialled_without_its_gaps_and_without_the_words_behind_it() {
        for (written, dial) in [
            ("021-5972 1234", "02159721234"),
            ("+86 (021) 59721234", "+8602159721234"),
            ("59721234 转 801", "59721234"),
            ("59721234/59725678", "59721234"),
            ("值班室", ""),
        ] {
            assert_eq!(dialled(written), dial, "{written}");
        }
    }
}
