//! Founding a compact, joining one, and the agency's own card.

use super::list::{entry_form, entry_of};
use super::{Act, HERE, Tried, status};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind};
use crate::pages::posted::Posted;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::App;
use lianzhi_app::compact::CompactMember;
use lianzhi_exchange::compact::{Card, Level, Liaison};
use lianzhi_ids::Digest;
use lianzhi_procedure::directory::OwnCard;
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "compact/begin.html")]
struct BeginPage {
    shell: Shell,
    title: &'static str,
    lead: &'static str,
    /// Members of an invitation, to be compared.
    members: Vec<CompactMember>,
    about: String,
    /// The agency's own card as others get it.
    card: Option<(String, CompactMember)>,
    acts: Vec<Act>,
    done: bool,
    refusal: Option<Refusal>,
}

/// Cards one after the other, as they were pasted.
fn cards(text: &str) -> Result<Vec<Card>, Refusal> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    values
        .map(|value| match value {
            Ok(value) => App::read_card(&value.to_string()),
            Err(_) => App::read_card(""),
        })
        .collect()
}

fn found_page(state: &WebState, who: &SignedIn, tried: Option<&Tried>) -> Answer<Response> {
    let shell = Shell::new(state, who, "发起协作机制", HERE);
    let mut form = Form::new("/compact/found", &shell.csrf, "发起")
        .input(Input::new(Kind::Line, "title", "名称").required().hint("如：长三角城市管理执法协作机制"))
        .input(
            Input::new(Kind::Number { min: 1, max: 34 }, "k", "会签门槛（省份数）")
                .required()
                .hint("须超过半数：四省取 3"),
        )
        .input(
            Input::new(Kind::Text, "addresses", "其他成员的交换地址")
                .hint("每行一个，由本节点取来各自的名片")
                .rows(4),
        )
        .input(Input::new(Kind::Text, "cards", "或粘贴各成员的名片").hint("一份接一份").rows(4))
        .consequence("第一版由各省会签，达到门槛后生效。会签前各成员须相互核对密钥指纹。");
    // The first entry of the list may come with it.
    for mut input in entry_form(state, &[], None, "").inputs {
        input.required = false;
        input.name = format!("entry-{}", input.name);
        form.inputs.push(input.fold("随附一项协作清单（可以以后再提）"));
    }
    let mut form = form.id("found");
    if let Some(tried) = tried {
        form = form.refused(Some(&tried.typed), Some(&tried.refusal));
    }
    let shown = BeginPage {
        title: "发起协作机制",
        lead: "先请各成员打开“本机关名片”，填好交换地址。",
        members: Vec::new(),
        about: String::new(),
        card: None,
        acts: vec![Act { title: "第一版".into(), open: true, form }],
        done: false,
        refusal: None,
        shell,
    };
    Ok((status(tried), page(&shown)?).into_response())
}

/// `GET /compact/found`.
pub(in crate::pages) async fn show_found(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    state.app.may(&who.caller, "compact_draft", None)?;
    found_page(&state, &who, None)
}

/// `POST /compact/found`.
pub(in crate::pages) async fn found(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let outcome = async {
        state.app.may(&who.caller, "compact_draft", None)?;
        let k = typed.text("k").parse();
        let k = k.map_err(|_| Refusal::invalid("k", "门槛不是数字。", "请填省份数。"))?;
        let mut all = cards(typed.text("cards"))?;
        for address in typed.text("addresses").lines().map(str::trim).filter(|a| !a.is_empty()) {
            all.push(state.app.ask_card(&who.caller, address).await?);
        }
        let entries = match typed.given("entry-id") {
            Some(_) => vec![entry_of(typed, "entry-")?],
            None => Vec::new(),
        };
        state.app.found(&who.caller, typed.text("title"), k, all, entries).await
    };
    match outcome.await {
        Ok(_) => Ok(Redirect::to("/compact?done=found").into_response()),
        Err(refusal) => {
            let tried = Tried { command: "found".into(), typed: posted.typed, refusal };
            found_page(&state, &who, Some(&tried))
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Where {
    #[serde(default)]
    address: String,
}

async fn join_page(
    state: &WebState,
    who: &SignedIn,
    address: &str,
    tried: Option<Tried>,
) -> Answer<Response> {
    state.app.may(&who.caller, "compact_trust", None)?;
    let shell = Shell::new(state, who, "加入协作机制", HERE);
    let me = state.app.directory().node.clone();
    let ask = |refusal: Option<&Refusal>| {
        let mut form = Form::new("/compact/join", &shell.csrf, "取来看看")
            .input(
                Input::new(Kind::Line, "address", "发起单位的交换地址")
                    .required()
                    .value(address)
                    .hint("由发起单位联络员告知"),
            )
            .consequence("只取来给您看，还不加入。")
            .id("ask");
        form.refusal = refusal.cloned();
        Act { title: "从哪里加入".into(), open: true, form }
    };
    let mut tried = tried;
    let mut members = Vec::new();
    let mut about = String::new();
    let mut acts = Vec::new();
    let refused_before = tried.as_ref().map(|t| t.refusal.clone());
    if address.is_empty() {
        acts.push(ask(refused_before.as_ref()));
    } else {
        match state.app.invitation(&who.caller, address).await {
            Ok(invitation) => {
                let epoch = &invitation.epoch;
                members = epoch.members.iter().map(|m| CompactMember::of(m, &me)).collect();
                about = format!(
                    "{}，第 {} 版{}，成员 {} 个，协作清单 {} 项，会签门槛 {} 个省份。版本摘要 {}。",
                    epoch.title,
                    epoch.number,
                    if invitation.in_force { "（已生效）" } else { "（会签中）" },
                    epoch.members.len(),
                    epoch.list.len(),
                    epoch.k,
                    invitation.digest,
                );
                let mut form = Form::new("/compact/join", &shell.csrf, "确认加入")
                    .hidden("address", address)
                    .hidden("digest", invitation.digest.to_string())
                    .input(Input::new(
                        Kind::Flag,
                        "compared",
                        "上面的指纹已逐一与各成员自己屏幕上的核对，完全一致",
                    ))
                    .consequence("本节点从此接收这个协作机制的记录。会签仍须由负责人另行办理。")
                    .id("join");
                form.refusal = refused_before;
                acts.push(Act { title: "确认".into(), open: true, form });
            }
            Err(refusal) => {
                acts.push(ask(Some(&refusal)));
                let typed = crate::pages::form::Typed::default();
                tried = Some(Tried { command: "ask".into(), typed, refusal });
            }
        }
    }
    let shown = BeginPage {
        title: "加入协作机制",
        lead: "从发起单位取来第一版，核对每个成员的密钥指纹，再确认。",
        members,
        about,
        card: None,
        acts,
        done: false,
        refusal: None,
        shell,
    };
    Ok((status(tried.as_ref()), page(&shown)?).into_response())
}

/// `GET /compact/join`.
pub(in crate::pages) async fn show_join(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Where>,
) -> Answer<Response> {
    join_page(&state, &who, asked.address.trim(), None).await
}

/// `POST /compact/join`: shows what is there, or takes it over when it was compared.
pub(in crate::pages) async fn join(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let address = typed.text("address").trim().to_owned();
    let Some(digest) = typed.given("digest").and_then(|d| d.parse::<Digest>().ok()) else {
        return join_page(&state, &who, &address, None).await;
    };
    let outcome = match typed.flag("compared") {
        true => state.app.join(&who.caller, &address, digest).await,
        false => Err(Refusal::invalid(
            "compared",
            "还没有确认指纹已经核对。",
            "请与各成员当面或通过已知的电话核对指纹，再勾选确认。",
        )),
    };
    match outcome {
        Ok(_) => Ok(Redirect::to("/compact?done=join").into_response()),
        Err(refusal) => {
            let tried = Tried { command: "join".into(), typed: posted.typed, refusal };
            join_page(&state, &who, &address, Some(tried)).await
        }
    }
}

const LEVELS: [(&str, Level); 4] = [
    ("province", Level::Province),
    ("city", Level::City),
    ("district", Level::District),
    ("town", Level::Town),
];

async fn card_page(state: &WebState, who: &SignedIn, done: bool, tried: Option<&Tried>) -> Answer<Response> {
    let shell = Shell::new(state, who, "本机关名片", HERE);
    let directory = state.app.directory();
    let own = &directory.settings.card;
    let mut acts = Vec::new();
    if state.app.may(&who.caller, "administer", None).is_ok() {
        let level =
            own.level.and_then(|l| LEVELS.iter().find(|(_, of)| *of == l)).map_or("", |(code, _)| code);
        let people: Vec<_> = own.liaisons.iter().map(|l| format!("{} {}", l.name, l.phone)).collect();
        let form = Form::new("/compact/card", &shell.csrf, "保存")
            .input(
                Input::new(Kind::Text, "addresses", "交换地址")
                    .required()
                    .hint("每行一个，常用的在前，如 https://exchange.qingpu.example")
                    .value(match (own.addresses.is_empty(), &state.config.exchange_address) {
                        (true, Some(configured)) => configured.clone(),
                        _ => own.addresses.join("\n"),
                    }),
            )
            .input(
                Input::new(Kind::Select, "level", "行政层级")
                    .choices(LEVELS.iter().map(|(code, l)| Choice::new(*code, l.title())).collect())
                    .hint("不选则按区划代码")
                    .value(level),
            )
            .input(Input::new(Kind::Line, "superior", "上级机关").value(&*own.superior))
            .input(
                Input::new(Kind::Text, "liaisons", "联络员")
                    .hint("每行一名：姓名 办公电话")
                    .value(people.join("\n")),
            )
            .input(Input::new(Kind::Flag, "silent", "不代表本省会签").value(own.silent.to_string()))
            .quiet()
            .id("card");
        let form = match tried {
            Some(tried) => form.refused(Some(&tried.typed), Some(&tried.refusal)),
            None => form,
        };
        acts.push(Act { title: "填写名片".into(), open: true, form });
    }
    let (card, refusal) = match state.app.own_card().await {
        Ok(card) => {
            let me = directory.node.clone();
            let text = serde_json::to_string_pretty(&card).unwrap_or_default();
            (Some((text, CompactMember::of(&card.member, &me))), None)
        }
        Err(refusal) => (None, Some(refusal)),
    };
    let shown = BeginPage {
        title: "本机关名片",
        lead: "名片由本节点签名。发起或加入协作机制时交给对方；对方核对的是下面的指纹。",
        members: Vec::new(),
        about: String::new(),
        card,
        acts,
        done,
        refusal,
        shell,
    };
    Ok((status(tried), page(&shown)?).into_response())
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /compact/card`.
pub(in crate::pages) async fn card(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Done>,
) -> Answer<Response> {
    card_page(&state, &who, !asked.done.is_empty(), None).await
}

/// `POST /compact/card`.
pub(in crate::pages) async fn keep_card(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let lines = |name: &str| -> Vec<String> {
        let lines = typed.text(name).lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let liaison = |line: String| match line.split_once(char::is_whitespace) {
        Some((name, phone)) => Liaison { name: name.into(), phone: phone.trim().into() },
        None => Liaison { name: line, phone: String::new() },
    };
    let card = OwnCard {
        level: LEVELS.iter().find(|(code, _)| *code == typed.text("level")).map(|(_, level)| *level),
        superior: typed.text("superior").into(),
        addresses: lines("addresses"),
        liaisons: lines("liaisons").into_iter().map(liaison).collect(),
        silent: typed.flag("silent"),
    };
    let settings = lianzhi_procedure::directory::Settings { card, ..state.app.directory().settings.clone() };
    match state.app.put_register(&who.caller, Record::Settings(settings)).await {
        Ok(_) => Ok(Redirect::to("/compact/card?done=saved").into_response()),
        Err(refusal) => {
            let tried = Tried { command: "card".into(), typed: posted.typed, refusal };
            card_page(&state, &who, false, Some(&tried)).await
        }
    }
}
