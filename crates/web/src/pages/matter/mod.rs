//! The page of a matter: where it stands, what was done, what may be done next, and the proof of it all.

mod acts;
mod case;
mod exhibits;
mod folio;
mod pay;
mod plain;
mod print;
mod received;
mod record;
mod related;
mod shared;
mod shared_forms;
mod spot;
mod standing;
mod untried;

pub(super) use case::{draft, paper, party};
pub(super) use folio::{
    file as whole_file, fill as fill_folio, scan as scan_folio, seal as seal_folio, show as folio,
    sign as sign_folio,
};
pub(super) use pay::show as pay;
pub(super) use print::show as print;
pub(super) use record::steps;
pub(super) use shared::particulars;
pub(super) use shared_forms::as_taken;
pub(super) use spot::sign as sign_spot;

use self::acts::Acts;
use self::exhibits::{Pair, TileGroup, pairs, tiles};
use self::record::{Entry, Step, entries, just_done};
use super::form::{self, Form, Input, Kind, Typed};
use super::hand::{self, Known};
use super::posted::{self, Posted};
use super::rows::Line;
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lianzhi_app::penalty::Particulars;
use lianzhi_app::{MatterView, ProofView};
use lianzhi_ids::DocketId;
use lianzhi_procedure::penalty::{PURPOSES, purpose};
use lianzhi_procedure::report::{File, Reporter, State as Report};
use lianzhi_procedure::{AnyState, Offer, Refusal};
use serde::Deserialize;

/// Something that may be done.
struct Act {
    command: &'static str,
    title: &'static str,
    open: bool,
    form: Form,
}

/// Something that may not be done now, and why.
struct NotYet {
    title: &'static str,
    refusal: Refusal,
}

#[derive(Template)]
#[template(path = "matter.html")]
struct MatterPage<'a> {
    shell: Shell,
    now: Timestamp,
    tab: Tab,
    id: i64,
    line: Line,
    view: MatterView,
    steps: Vec<Step>,
    entries: Vec<Entry>,
    acts: Acts,
    not_yet: Vec<NotYet>,
    received: ui::Html,
    tiles: &'a [TileGroup],
    pairs: Vec<Pair<'a>>,
    tile_count: usize,
    joined: Vec<Line>,
    /// Penalty cases that were opened from it.
    cases: Vec<Line>,
    /// Matters of cooperation that have to do with it.
    bonds: Vec<related::Bond>,
    may_open_case: bool,
    assisting: Vec<String>,
    place: String,
    contact: Option<Reporter>,
    contact_form: Option<Form>,
    proof: Option<ProofView>,
    way: ui::Html,
    docket_name: String,
    all_covered: bool,
    may_export: bool,
    /// Somebody may write to another member about it.
    may_share: bool,
    done: String,
    refusal: Option<Refusal>,
}

/// Which part of the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tab {
    #[default]
    Record,
    Exhibits,
    People,
    Route,
    Proof,
    /// Of a shared matter: letters, and what went to and fro; papers of a case.
    Letters,
    Ways,
    /// Of a penalty case.
    Review,
    Money,
    Process,
    Entries,
}

/// The act of a to-do: things of a measure that fell are dealt with as all things are.
fn named_act<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let named = String::deserialize(deserializer)?;
    Ok(if named == "settle_lapsed" { "settle".into() } else { named })
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    tab: Tab,
    /// The act to open.
    #[serde(default, rename = "do", deserialize_with = "named_act")]
    act: String,
    /// The act that was just done.
    #[serde(default)]
    done: String,
}

/// What was just tried and refused.
#[derive(Default)]
struct Tried {
    command: String,
    typed: Typed,
    refusal: Option<Refusal>,
    contact: Option<Reporter>,
    /// Personal particulars of a shared matter, when they are looked at.
    particulars: Option<String>,
    /// A party of a case, when it is looked at.
    party: Option<(u16, Particulars)>,
    /// What was computed for an input of the form: its name, the words beneath it.
    computed: Option<(&'static str, String)>,
}

fn shared_file(state: &AnyState) -> Option<&File> {
    match state {
        AnyState::Report(Report::File(file)) => Some(file),
        _ => None,
    }
}

/// Where a form of this page posts to. `form` is the one-time key that makes a form sent twice do its work once.
fn act_form(state: &WebState, id: i64, seq: i32, offer: &Offer, csrf: &str) -> Form {
    form::of_offer(offer, format!("/matters/{id}/commands/{}", offer.command), csrf)
        .hidden("form", state.random_id())
        .hidden("expected", seq.to_string())
}

/// What may be done, each with its form, and what may not be done now. `dress` makes a form ready for people.
fn offered(
    state: &WebState,
    view: &MatterView,
    ask: &Ask,
    tried: &Tried,
    csrf: &str,
    dress: impl Fn(Form, &str) -> Form,
) -> (Acts, Vec<NotYet>) {
    let (mut acts, mut not_yet) = (Vec::new(), Vec::new());
    for offer in &view.offers {
        if let Some(refusal) = &offer.refused {
            not_yet.push(NotYet { title: offer.title, refusal: refusal.clone() });
            continue;
        }
        let mut form = dress(act_form(state, view.row.id.0, view.row.seq, offer, csrf), offer.command);
        let here = tried.command == offer.command;
        if here {
            form = form.refused(Some(&tried.typed), tried.refusal.as_ref());
            if let Some((name, words)) = &tried.computed
                && let Some(input) = form.get(name)
            {
                input.said = Some(words.clone());
            }
        }
        acts.push(Act {
            command: offer.command,
            title: offer.title,
            open: here || ask.act == offer.command,
            form,
        });
    }
    // What is expected next stands first and open, unless the person came for something else; of several that may come next, the
    // one that the page names.
    let named = view.case.as_ref().and_then(|case| case.next.act);
    let next = acts.iter().position(|a| a.form.main && Some(a.command) == named);
    let next = next.or_else(|| acts.iter().position(|a| a.form.main));
    if !acts.iter().any(|a| a.open)
        && let Some(main) = next.and_then(|n| acts.get_mut(n))
    {
        main.open = true;
    }
    let acts = match view.state {
        AnyState::Penalty(_) => Acts::new(acts, PURPOSES.iter().map(|(title, _)| *title), purpose),
        _ => Acts::new(acts, [], |_| None),
    };
    (acts, not_yet)
}

async fn render(state: &WebState, who: &SignedIn, id: DocketId, ask: &Ask, tried: Tried) -> Answer<Response> {
    let mut view = state.app.matter(&who.caller, id).await?;
    // What still runs stands first, soonest first.
    view.clocks.sort_by_key(|c| (c.state == "done", c.due));
    if let Some(shared) = view.shared.take() {
        return shared::render(state, who, id, ask, tried, view, shared).await;
    }
    if let Some(case) = view.case.take() {
        return case::render(state, who, id, ask, tried, view, case).await;
    }
    if matches!(view.state, AnyState::Spot(_) | AnyState::Slip(_)) {
        return spot::render(state, who, id, ask, tried, view).await;
    }
    if matches!(view.state, AnyState::Payment(_) | AnyState::Stocktake(_)) {
        return plain::render(state, who, id, ask, tried, view).await;
    }
    let proof = if ask.tab == Tab::Proof { Some(state.app.proof(&who.caller, id).await?) } else { None };
    let way =
        if ask.tab == Tab::Route { super::map::way::of(state, who, id).await? } else { ui::Html::default() };
    let (now, directory) = (state.app.now(), state.app.directory());
    let line = Line::new(&view.row, &directory, now);
    let shell = Shell::new(state, who, format!("{} {}", line.number, line.title), "/matters");
    let known = Known::of(&view);
    let (acts, not_yet) =
        offered(state, &view, ask, &tried, &shell.csrf, |form, command| hand::dress(form, command, &known));
    let shown_in_form = acts.has(&tried.command);
    let file = shared_file(&view.state);
    let mut joined = Vec::new();
    for row in &view.joined {
        joined.push(Line::new(row, &directory, now));
    }
    let may_see = view.may_see_contact && file.is_some_and(|f| f.intake.contact.is_some());
    let contact_form = may_see.then(|| {
        let form = Form::new(format!("/matters/{id}/contact"), &shell.csrf, "显示上报人信息")
            .input(
                Input::new(Kind::Line, "why", "为什么要看")
                    .required()
                    .hint("如：电话核实地点。会记入查看记录"),
            )
            .quiet()
            .id("contact");
        if tried.command == "contact-shown" {
            form.refused(Some(&tried.typed), tried.refusal.as_ref())
        } else {
            form
        }
    });
    let refused_elsewhere =
        tried.refusal.clone().filter(|_| !shown_in_form && tried.command != "contact-shown");
    let done = if ask.done.is_empty() { String::new() } else { just_done(&view.record) };
    let tile_groups = tiles(state, &view.record, now).await?;
    let status = tried.refusal.clone().map(|r| Problem::from(r).status);
    let shown = MatterPage {
        tab: ask.tab,
        id: id.0,
        steps: steps(&view.record, &view.row.stage, now),
        entries: entries(&view.record, now),
        acts,
        not_yet,
        tile_count: tile_groups.iter().map(|g| g.tiles.len()).sum(),
        pairs: pairs(&tile_groups),
        tiles: &tile_groups,
        received: received::part(id.0, &view.received, now),
        joined,
        cases: view.cases.iter().map(|row| Line::new(row, &directory, now)).collect(),
        bonds: related::bonds(&view, &directory, now),
        may_open_case: state.app.may(&who.caller, "penalty_register", None).is_ok(),
        assisting: file
            .map(|f| f.assisting.iter().map(|u| directory.unit_name(u).to_owned()).collect())
            .unwrap_or_default(),
        place: match (view.row.lng, view.row.lat) {
            (Some(lng), Some(lat)) => {
                format!("{:.6}, {:.6}（CGCS2000）", f64::from(lng) / 1e6, f64::from(lat) / 1e6)
            }
            _ => String::new(),
        },
        contact: tried.contact,
        contact_form,
        docket_name: format!("{}/{id}", directory.node),
        may_export: state.app.may(&who.caller, "export", Some(&view.row)).is_ok(),
        may_share: directory.roster.is_some()
            && state.app.may(&who.caller, "cooperation_draft", None).is_ok(),
        all_covered: proof.as_ref().is_some_and(|p| p.entries.iter().all(|e| e.covered)),
        way,
        proof,
        done,
        refusal: refused_elsewhere,
        now,
        line,
        view,
        shell,
    };
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

/// `GET /matters/{id}`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    render(&state, &who, DocketId(id), &ask, Tried::default()).await
}

/// `GET /matters/by-number/{number}`: the way from a number on paper.
pub(super) async fn by_number(
    State(state): State<WebState>,
    who: SignedIn,
    Path(number): Path<String>,
) -> Answer<Response> {
    let id = state.app.by_number(&who.caller, &number).await?;
    Ok(Redirect::to(&format!("/matters/{id}")).into_response())
}

/// `POST /matters/{id}/commands/{command}`.
pub(super) async fn act(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, command)): Path<(i64, String)>,
    posted: Posted,
) -> Answer<Response> {
    let id = DocketId(id);
    if command == "charge" && posted.typed.text("step") == "try" {
        let tried = case::computed(&state, &who, id, posted).await;
        return render(&state, &who, id, &Ask::default(), tried).await;
    }
    let outcome = give(&state, &who, id, &command, &posted).await;
    match outcome {
        // What was sent to somebody else's unit is done, and out of sight.
        Ok(()) if state.app.offers(&who.caller, id).await.is_err() => {
            Ok(Redirect::to("/desk?done=gave").into_response())
        }
        Ok(()) => Ok(Redirect::to(&format!("/matters/{id}?done={}", ui::query(&command))).into_response()),
        Err(refusal) => {
            let (refusal, _) = posted::reused(refusal, None);
            let tried = Tried { command, typed: posted.typed, refusal: Some(refusal), ..Tried::default() };
            render(&state, &who, id, &Ask::default(), tried).await
        }
    }
}

/// A form that comes again after it did its work: no fault, and nothing is done twice.
pub(super) fn already_sent() -> Refusal {
    Refusal::conflict(
        "sent-before",
        "这张表单已经提交过，记录在案，没有重复办理。",
        "过程记录里可以看到；还要补充的，请用现在可办的事项。",
    )
}

async fn give(
    state: &WebState,
    who: &SignedIn,
    id: DocketId,
    command: &str,
    posted: &Posted,
) -> Result<(), Refusal> {
    let offers = state.app.offers(&who.caller, id).await?;
    let Some(offer) = offers.iter().find(|o| o.command == command) else {
        if state.app.was_sent(&who.caller, posted.key.clone()).await? {
            return Err(already_sent());
        }
        posted.sound()?;
        return untried::give(state, who, id, command, posted).await;
    };
    posted.sound()?;
    let mut value = form::command(offer, &case::gathered(command, &posted.typed))?;
    // Files of a letter that came back: how they were taken stands in that letter.
    let shared = match posted.typed.given("kept") {
        Some(_) => state.app.matter(&who.caller, id).await?.shared,
        None => None,
    };
    shared_forms::more(command, &posted.typed, shared.as_ref(), &mut value)?;
    let expected = posted.typed.given("expected").and_then(|t| t.parse().ok());
    state.app.command(&who.caller, id, value, expected, posted.key.clone()).await?;
    Ok(())
}

/// `GET /matters/{id}/bundle`: the file that a court can check offline.
pub(super) async fn bundle(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
) -> Answer<Response> {
    let file = state.app.bundle(&who.caller, DocketId(id), false).await?;
    let stream = tokio_util::io::ReaderStream::new(tokio::fs::File::from_std(file));
    let name = format!("bundle-{}-{id}.tar", state.app.directory().node);
    Ok(super::export::attachment(&name, "application/x-tar", axum::body::Body::from_stream(stream)))
}

/// `POST /matters/{id}/contact`: opens the reporter's particulars, with a reason, and records it.
pub(super) async fn contact(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
    posted: Posted,
) -> Answer<Response> {
    let id = DocketId(id);
    let ask = Ask { tab: Tab::People, ..Ask::default() };
    let why = posted.typed.text("why");
    let found = if why.chars().count() < 2 {
        Err(Refusal::invalid("why", "没有写为什么要看。", "请写明用途，如“电话核实地点”。")
            .from_source("个人信息保护法第六条"))
    } else {
        state.app.contact(&who.caller, id, why).await
    };
    let tried = match found {
        Ok(contact) => Tried { contact: Some(contact), ..Tried::default() },
        Err(refusal) => Tried {
            command: "contact-shown".into(),
            typed: posted.typed,
            refusal: Some(refusal),
            ..Tried::default()
        },
    };
    render(&state, &who, id, &ask, tried).await
}
