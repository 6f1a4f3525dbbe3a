//! A document of a case: what is written on it, its scan when it was signed on paper, signatures on the screen, and the PDF; the
//! whole file in one.

use super::super::form::{Form, Input, Kind};
use super::super::posted::{self, Posted};
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::case::Addressee;
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::penalty::FolioForm;
use lianzhi_ids::DocketId;
use lianzhi_procedure::penalty::folios::Entry;
use lianzhi_procedure::penalty::{Folio, Signer};
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Why a document is changed after somebody signed it; a name that none of its own fields has.
const REASON: &str = "changed_because";
/// Lines of an input for a longer text.
const ROWS: u8 = 5;
/// Answers that are often given, by the names of fields.
const QUICK: &[(&str, &str)] = &[
    ("told", "已告知当事人有陈述、申辩和申请回避的权利，应当如实回答。答：听清楚了，不申请回避。"),
    ("remark", "情况属实，没有意见。"),
    ("remarks", "本卷材料齐全。"),
    ("record", "送达过程已录像。"),
];

#[derive(Template)]
#[template(path = "matter_folio.html")]
struct FolioPage {
    shell: Shell,
    id: i64,
    folio: FolioForm,
    /// What is written on it, where something is.
    form: Option<Form>,
    scan: Option<Form>,
    /// For each party whose copy lacks the agency's seal: a button.
    seals: Vec<Form>,
    /// Where it is signed on the screen, when that may be.
    pad: Option<Pad>,
    done: &'static str,
    refusal: Option<Refusal>,
}

/// Where something is signed on the screen.
pub(super) struct Pad {
    /// Where a signature goes to.
    pub action: String,
    /// Who signs, and whether that was done.
    pub signers: Vec<(Signer, bool)>,
    /// One-time key of a signature.
    pub key: String,
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Done {
    #[serde(default)]
    done: String,
}

fn named(text: &str) -> Answer<Folio> {
    text.parse().map_err(|_| Problem::nothing_here())
}

fn inputs(folio: &FolioForm) -> Vec<Input> {
    let input = |field: &lianzhi_app::penalty::Written| {
        let asked = &field.asked;
        let kind = match asked.entry {
            Entry::Line => Kind::Line,
            Entry::Text => Kind::Text,
            Entry::Day => Kind::Date,
            Entry::Moment => Kind::Moment,
        };
        let mut input =
            Input::new(kind, &asked.key(), &asked.label()).hint(asked.hint).value(&*field.value).rows(ROWS);
        input.required = asked.needed;
        input.quick =
            QUICK.iter().filter(|(name, _)| *name == asked.name).map(|(_, q)| (*q).into()).collect();
        input
    };
    folio.fields.iter().map(input).collect()
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    id: i64,
    folio: Folio,
    done: &'static str,
    tried: Option<(&Posted, Refusal, &'static str)>,
) -> Answer<Response> {
    let shown = state.app.folio_form(&who.caller, DocketId(id), folio).await?;
    let shell = Shell::new(state, who, shown.title.clone(), "/cases");
    let path = format!("/matters/{id}/folios/{folio}");
    let open = shown.settled.is_none();
    let refused = |form: Form, name: &str| match &tried {
        Some((posted, refusal, form_name)) if *form_name == name => {
            form.refused(Some(&posted.typed), Some(refusal))
        }
        _ => form,
    };
    let form = (open && !shown.fields.is_empty()).then(|| {
        let mut form = Form::new(&path, &shell.csrf, "保存").hidden("form", state.random_id());
        form.inputs = inputs(&shown);
        if shown.drawn {
            form.inputs.push(
                Input::new(Kind::Text, REASON, "更正的理由")
                    .required()
                    .hint("已经有人签名：更正后原有签名作废，请各方核对后重新签名"),
            );
        }
        refused(form.id("folio"), "folio")
    });
    let scan = (shown.scannable && shown.printed).then(|| {
        let form = Form::new(format!("{path}/scan"), &shell.csrf, "上传扫描件")
            .hidden("form", state.random_id())
            .input(
                Input::new(Kind::Exhibits, "exhibits", "签名盖章后的扫描件")
                    .required()
                    .hint("PDF、JPEG、PNG，几个文件按顺序合成一份；上传后以它为准，不能再改"),
            )
            .quiet();
        let form = match shown.copies.is_empty() {
            true => form,
            false => {
                let whose = |(id, name): &(u16, String)| Choice::new(id.to_string(), name.clone());
                let choices = shown.copies.iter().map(whose).collect();
                form.input(Input::new(Kind::Select, "party", "是谁的那一份").required().choices(choices))
            }
        };
        let form = match shown.scans.is_empty() {
            true => form,
            false => form.input(
                Input::new(Kind::Line, "note", "更换的理由")
                    .hint("已经有这一份的扫描件、要换的填写；已经送达的，仍以送达的那一份为准"),
            ),
        };
        refused(form.id("scan"), "scan")
    });
    let status = tried.as_ref().map(|(_, refusal, _)| Problem::from(refusal.clone()).status);
    let in_form = tried.as_ref().is_some_and(|(_, _, name)| match *name {
        "folio" => form.is_some(),
        "scan" => scan.is_some(),
        _ => false,
    });
    let refusal = tried.map(|(_, refusal, _)| refusal).filter(|_| !in_form);
    let several = shown.to_seal.len() > 1;
    let seals = shown.to_seal.iter().map(|party| {
        let title = match several {
            true => format!("加盖电子印章（当事人 {party}）"),
            false => "加盖电子印章".into(),
        };
        Form::new(format!("{path}/seal"), &shell.csrf, &title)
            .hidden("form", state.random_id())
            .hidden("party", party.to_string())
            .quiet()
    });
    let seals = seals.collect();
    let pad = (open && !shown.signers.is_empty()).then(|| Pad {
        action: format!("{path}/sign"),
        signers: shown.signers.clone(),
        key: state.random_id(),
    });
    let response = page(&FolioPage { shell, id, folio: shown, form, scan, seals, pad, done, refusal })?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

/// `GET /matters/{id}/folios/{folio}`: its form; with `.pdf` behind it, the document.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, folio)): Path<(i64, String)>,
    Query(to): Query<Addressee>,
    Query(ask): Query<Done>,
) -> Answer<Response> {
    if let Some(name) = folio.strip_suffix(".pdf") {
        let printed = state.app.case_folio(&who.caller, DocketId(id), named(name)?, to.party).await?;
        return Ok(super::super::letter::pdf(printed.pdf, &printed.name));
    }
    let done = match ask.done.as_str() {
        "fill" => "已保存。可以打印了。",
        "scan" => "扫描件已经入卷，以它为准。",
        "sign" => "签名已经保存，印在文书上。",
        "seal" => "已经加盖电子印章，以盖章件为准。",
        _ => "",
    };
    render(&state, &who, id, named(&folio)?, done, None).await
}

async fn give(
    state: &WebState,
    who: &SignedIn,
    id: i64,
    posted: &Posted,
    command: Value,
) -> Result<(), Refusal> {
    posted.sound()?;
    let given = state.app.command(&who.caller, DocketId(id), command, None, posted.key.clone()).await;
    given.map(|_| ()).map_err(|refusal| posted::reused(refusal, None).0)
}

/// `POST /matters/{id}/folios/{folio}`: what is written on it.
pub(in crate::pages) async fn fill(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, name)): Path<(i64, String)>,
    posted: Posted,
) -> Answer<Response> {
    let folio = named(&name)?;
    let form = state.app.folio_form(&who.caller, DocketId(id), folio).await?;
    let written = form.fields.iter().filter_map(|field| {
        let key = field.asked.key();
        let text = posted.typed.given(&key)?.to_owned();
        Some((key, json!(text)))
    });
    let details = Value::Object(Map::from_iter(written)).to_string();
    let reason = posted.typed.given(REASON).unwrap_or_default();
    let command = json!({ "command": "fill_folio", "folio": folio, "details": details, "note": reason });
    match give(&state, &who, id, &posted, command).await {
        Ok(()) => Ok(Redirect::to(&format!("/matters/{id}/folios/{name}?done=fill")).into_response()),
        Err(refusal) => {
            let field = if refusal.code == "folio-drawn" { Some(REASON) } else { refusal.field };
            let refusal = Refusal { field, ..refusal };
            render(&state, &who, id, folio, "", Some((&posted, refusal, "folio"))).await
        }
    }
}

/// `POST /matters/{id}/folios/{folio}/scan`: the signed original.
pub(in crate::pages) async fn scan(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, name)): Path<(i64, String)>,
    posted: Posted,
) -> Answer<Response> {
    let folio = named(&name)?;
    let files: Vec<&str> = posted.typed.all("exhibits").collect();
    let command = match folio {
        Folio::Paper(n) => {
            let party = posted.typed.given("party").filter(|party| !party.is_empty());
            let note = posted.typed.given("note").unwrap_or_default();
            json!({ "command": "issue", "paper": n, "party": party, "exhibits": files, "note": note })
        }
        folio => json!({ "command": "sign_folio", "folio": folio, "exhibits": files }),
    };
    match give(&state, &who, id, &posted, command).await {
        Ok(()) => Ok(Redirect::to(&format!("/matters/{id}/folios/{name}?done=scan")).into_response()),
        Err(refusal) => render(&state, &who, id, folio, "", Some((&posted, refusal, "scan"))).await,
    }
}

/// `POST /matters/{id}/folios/{folio}/seal`: the agency's electronic seal.
pub(in crate::pages) async fn seal(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, name)): Path<(i64, String)>,
    posted: Posted,
) -> Answer<Response> {
    let folio = named(&name)?;
    let Folio::Paper(paper) = folio else { return Err(Problem::nothing_here()) };
    let command = json!({ "command": "seal", "paper": paper, "party": posted.typed.text("party") });
    match give(&state, &who, id, &posted, command).await {
        Ok(()) => Ok(Redirect::to(&format!("/matters/{id}/folios/{name}?done=seal")).into_response()),
        Err(refusal) => render(&state, &who, id, folio, "", Some((&posted, refusal, "seal"))).await,
    }
}

/// `POST /matters/{id}/folios/{folio}/sign`: a signature that was drawn on the screen.
pub(in crate::pages) async fn sign(
    State(state): State<WebState>,
    who: SignedIn,
    Path((id, name)): Path<(i64, String)>,
    posted: Posted,
) -> Answer<Response> {
    let folio = named(&name)?;
    let files: Vec<&str> = posted.typed.all("exhibits").collect();
    let signer = posted.typed.text("signer");
    let command = json!({ "command": "draw_folio", "folio": folio, "signer": signer, "exhibits": files });
    match give(&state, &who, id, &posted, command).await {
        Ok(()) => Ok(Redirect::to(&format!("/matters/{id}/folios/{name}?done=sign")).into_response()),
        Err(refusal) => render(&state, &who, id, folio, "", Some((&posted, refusal, "sign"))).await,
    }
}

/// Which volume of the file.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Which {
    /// One that lies in the archive since before the case was taken out, from 1.
    volume: Option<usize>,
}

/// `GET /matters/{id}/file.pdf`: the whole file, bound.
pub(in crate::pages) async fn file(
    State(state): State<WebState>,
    who: SignedIn,
    Path(id): Path<i64>,
    Query(which): Query<Which>,
) -> Answer<Response> {
    let printed = state.app.case_file(&who.caller, DocketId(id), which.volume).await?;
    Ok(super::super::letter::pdf(printed.pdf, &printed.name))
}
