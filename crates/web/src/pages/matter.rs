//! The page of a matter: where it stands, what was done, what may be done next, and the proof of it all.

use super::form::{self, Form, Input, Kind, Typed};
use super::posted::Posted;
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
use lianzhi_app::{MatterView, ProofView, RecordLine};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::report::{File, Reporter, State as Report};
use lianzhi_procedure::{AnyState, Offer, Refusal};
use serde::Deserialize;

/// A step of the stage bar.
pub(super) struct Step {
    pub title: &'static str,
    /// `done`, `now` or `next`.
    pub state: &'static str,
    pub note: String,
}

/// An entry as the page shows it.
struct Entry {
    line: RecordLine,
    /// The day, when it is another one than that of the entry above.
    day: String,
    clock: String,
    by: String,
    exhibits: Vec<Digest>,
}

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

/// A file with its place in the story.
struct Tile {
    digest: String,
    short: String,
    name: String,
    picture: bool,
    kind: &'static str,
    size: String,
    by: String,
    when: String,
}

struct TileGroup {
    title: &'static str,
    tiles: Vec<Tile>,
}

#[derive(Template)]
#[template(path = "matter.html")]
struct MatterPage {
    shell: Shell,
    now: Timestamp,
    tab: Tab,
    id: i64,
    line: Line,
    view: MatterView,
    steps: Vec<Step>,
    entries: Vec<Entry>,
    acts: Vec<Act>,
    not_yet: Vec<NotYet>,
    tiles: Vec<TileGroup>,
    tile_count: usize,
    joined: Vec<Line>,
    assisting: Vec<String>,
    place: String,
    contact: Option<Reporter>,
    contact_form: Option<Form>,
    proof: Option<ProofView>,
    docket_name: String,
    all_covered: bool,
    may_export: bool,
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
    Proof,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    tab: Tab,
    /// The act to open.
    #[serde(default, rename = "do")]
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
}

fn file(state: &AnyState) -> Option<&File> {
    match state {
        AnyState::Report(Report::File(file)) => Some(file),
        _ => None,
    }
}

/// The steps a report goes through, with the moments at which it did, from its record since it was last reopened.
pub(super) fn steps(record: &[RecordLine], stage: &str, now: Timestamp) -> Vec<Step> {
    const STEPS: [(&str, &[&str]); 8] = [
        ("上报", &["registered"]),
        ("派遣", &["dispatched"]),
        ("受理", &["accepted"]),
        ("到场", &["arrived"]),
        ("处置", &["handled"]),
        ("核查", &["verified"]),
        ("答复", &["answered"]),
        ("结案", &["closed", "dismissed", "withdrawn"]),
    ];
    let current = match stage {
        "pooled" => 1,
        "assigned" | "return_asked" => 2,
        "working" => 3,
        "suspended" | "outside" | "joined" => 4,
        "to_verify" => 5,
        "to_answer" => 6,
        "to_close" => 7,
        _ => 8,
    };
    // Lines may stand newest or oldest first: order is by seq.
    let mut lines: Vec<&RecordLine> = record.iter().collect();
    lines.sort_by_key(|l| l.seq);
    let since = lines.iter().rev().find(|l| l.event_type == "reopened").map_or(-1, |l| i64::from(l.seq));
    let when = |types: &[&str]| {
        let found = lines.iter().rev().find(|l| {
            types.contains(&l.event_type.as_str())
                && (l.event_type == "registered" || i64::from(l.seq) > since)
        });
        found.map(|l| l.at)
    };
    let arrived = when(&["arrived"]);
    let current = if current == 3 && arrived.is_some() { 4 } else { current };
    STEPS
        .iter()
        .enumerate()
        .map(|(i, (title, types))| {
            let at = when(types);
            let state = match i.cmp(&current) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "next",
            };
            let note = at.filter(|_| i < current).map(|at| short(now, at)).unwrap_or_default();
            Step { title, state, note }
        })
        .collect()
}

/// 07:51 today, else 11-03 07:51.
fn short(now: Timestamp, at: Timestamp) -> String {
    let (n, z) = (ui::beijing(now), ui::beijing(at));
    if n.date() == z.date() { z.strftime("%H:%M").to_string() } else { z.strftime("%m-%d %H:%M").to_string() }
}

fn entries(record: &[RecordLine], now: Timestamp) -> Vec<Entry> {
    let mut lines = record.to_vec();
    lines.sort_by_key(|l| std::cmp::Reverse(l.seq));
    let mut above = String::new();
    lines
        .into_iter()
        .map(|line| {
            let z = ui::beijing(line.at);
            let near = ui::near(now, line.at);
            let day = near.rsplit_once(' ').map_or(near.clone(), |(day, _)| day.to_owned());
            let shown = if day == above { String::new() } else { day.clone() };
            above = day;
            Entry {
                day: shown,
                clock: z.strftime("%H:%M").to_string(),
                by: line.actor.clone(),
                exhibits: line.exhibits.clone(),
                line,
            }
        })
        .collect()
}

/// What was done last: of the entries that one act left, the first says what it was, the others what followed.
fn just_done(record: &[RecordLine]) -> String {
    let last = record.iter().max_by_key(|l| l.seq).map(|l| (l.at, &l.actor));
    let same = record.iter().filter(|l| last == Some((l.at, &l.actor)));
    same.min_by_key(|l| l.seq).map(|l| l.title.clone()).unwrap_or_default()
}

fn kind_word(media: &str) -> &'static str {
    match media.split('/').next() {
        Some("image") => "照片",
        Some("video") => "视频",
        Some("audio") => "录音",
        _ if media == "application/pdf" => "PDF",
        _ => "文件",
    }
}

/// A file cited by an entry, and what for.
struct Cited {
    digest: Digest,
    what: &'static str,
    by: String,
    at: Timestamp,
}

/// Every file of the matter in the order of the record: also those of work that was done again.
fn cited(record: &[RecordLine]) -> Vec<Cited> {
    let mut lines: Vec<&RecordLine> = record.iter().filter(|l| !l.exhibits.is_empty()).collect();
    lines.sort_by_key(|l| l.seq);
    let mut out: Vec<Cited> = Vec::new();
    for line in lines {
        // The same picture may stand for before and after: the event says which is which.
        if line.event_type == "handled" {
            for (field, what) in [("before", "处置前"), ("after", "处置后")] {
                let files = line.event.get(field).and_then(|f| f.as_array()).into_iter().flatten();
                let digests = files.filter_map(|f| f.get("digest")?.as_str()?.parse::<Digest>().ok());
                for digest in digests {
                    out.push(Cited { digest, what, by: line.actor.clone(), at: line.at });
                }
            }
            continue;
        }
        for digest in &line.exhibits {
            let what = match line.event_type.as_str() {
                "registered" => "上报",
                "verified" => "核查",
                _ => "补充",
            };
            out.push(Cited { digest: *digest, what, by: line.actor.clone(), at: line.at });
        }
    }
    out
}

async fn tiles(state: &WebState, record: &[RecordLine], now: Timestamp) -> Answer<Vec<TileGroup>> {
    let cited = cited(record);
    let digests: Vec<Digest> = cited.iter().map(|c| c.digest).collect();
    let rows =
        if digests.is_empty() { Vec::new() } else { state.app.store().blobs.exhibits(&digests).await? };
    let mut groups: Vec<TileGroup> = Vec::new();
    for file in cited {
        let Some(row) = rows.iter().find(|r| r.digest == file.digest) else { continue };
        let tile = Tile {
            digest: file.digest.to_string(),
            short: file.digest.short(),
            name: row.name.clone(),
            picture: matches!(row.media.as_str(), "image/jpeg" | "image/png" | "image/webp"),
            kind: kind_word(&row.media),
            size: ui::size(&u64::try_from(row.size).unwrap_or(0)),
            by: file.by,
            when: ui::near(now, file.at),
        };
        match groups.iter_mut().find(|g| g.title == file.what) {
            Some(group) => group.tiles.push(tile),
            None => groups.push(TileGroup { title: file.what, tiles: vec![tile] }),
        }
    }
    Ok(groups)
}

/// Where a form of this page posts to. `form` is the one-time key that makes a form sent twice do its work once.
fn act_form(state: &WebState, id: i64, seq: i32, offer: &Offer, csrf: &str) -> Form {
    form::of_offer(offer, format!("/matters/{id}/commands/{}", offer.command), csrf)
        .hidden("form", state.random_id())
        .hidden("expected", seq.to_string())
}

async fn render(state: &WebState, who: &SignedIn, id: DocketId, ask: &Ask, tried: Tried) -> Answer<Response> {
    let mut view = state.app.matter(&who.caller, id).await?;
    // What still runs stands first, soonest first.
    view.clocks.sort_by_key(|c| (c.state == "done", c.due));
    let proof = if ask.tab == Tab::Proof { Some(state.app.proof(&who.caller, id).await?) } else { None };
    let (now, directory) = (state.app.now(), state.app.directory());
    let line = Line::new(&view.row, &directory, now);
    let shell = Shell::new(state, who, format!("{} {}", line.number, line.title), "/matters");
    let (mut acts, mut not_yet) = (Vec::new(), Vec::new());
    for offer in &view.offers {
        if let Some(refusal) = &offer.refused {
            not_yet.push(NotYet { title: offer.title, refusal: refusal.clone() });
            continue;
        }
        let mut form = act_form(state, id.0, view.row.seq, offer, &shell.csrf);
        let here = tried.command == offer.command;
        if here {
            form = form.refused(Some(&tried.typed), tried.refusal.as_ref());
        }
        acts.push(Act {
            command: offer.command,
            title: offer.title,
            open: here || ask.act == offer.command,
            form,
        });
    }
    // What is expected next stands first and open, unless the person came for something else.
    if !acts.iter().any(|a| a.open)
        && let Some(main) = acts.iter_mut().find(|a| a.form.main)
    {
        main.open = true;
    }
    acts.sort_by_key(|a| (!a.open, !a.form.main));
    let shown_in_form = acts.iter().any(|a| a.command == tried.command);
    let file = file(&view.state);
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
        tiles: tile_groups,
        joined,
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
        all_covered: proof.as_ref().is_some_and(|p| p.entries.iter().all(|e| e.covered)),
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
    let outcome = give(&state, &who, id, &command, &posted).await;
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/matters/{id}?done={}", ui::query(&command))).into_response()),
        Err(refusal) => {
            let tried = Tried { command, typed: posted.typed, refusal: Some(refusal), contact: None };
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
        return Err(Refusal::conflict(
            "not-offered",
            "这件事现在不能办了：本件可能刚被别人办过，或不在您的权限内。",
            "下面是本件现在的情况和可办的事项。",
        ));
    };
    posted.sound()?;
    let mut value = form::command(offer, &posted.typed)?;
    if command == "join" {
        name_target(state, who, &mut value).await?;
    }
    let expected = posted.typed.given("expected").and_then(|t| t.parse().ok());
    state.app.command(&who.caller, id, value, expected, posted.key.clone()).await?;
    Ok(())
}

/// A matter may be named by its number; the command wants its id.
async fn name_target(state: &WebState, who: &SignedIn, value: &mut serde_json::Value) -> Result<(), Refusal> {
    if let Some(number) = value.get("to").and_then(|t| t.as_str()).map(str::to_owned) {
        let id = state
            .app
            .by_number(&who.caller, &number)
            .await
            .map_err(|r| Refusal { field: Some("to"), ..r })?;
        value["to"] = id.0.into();
    }
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
            contact: None,
        },
    };
    render(&state, &who, id, &ask, tried).await
}
