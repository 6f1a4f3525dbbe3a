//! 协作机制: who the members are and with which keys, what is proposed, and what somebody here may do about it.

mod begin;
mod list;

pub(super) use begin::{card, found, join, keep_card, show_found, show_join};
pub(super) use list::{entry, list, propose_entry};

use super::form::{self, Form, Input, Kind, Typed};
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
use lianzhi_app::App;
use lianzhi_app::compact::{CompactMember, CompactView, ProposalView};
use lianzhi_exchange::compact::Change;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::{Choice, Refusal};
use serde::Deserialize;

/// Where the navigation stands.
const HERE: &str = "/cooperation";

/// Something that may be done, folded until it is wanted.
pub(super) struct Act {
    pub(super) title: String,
    pub(super) open: bool,
    pub(super) form: Form,
}

/// A member whose fingerprint is to be compared.
struct Compare {
    member: CompactMember,
    form: Option<Form>,
}

struct Proposal {
    view: ProposalView,
    compare: Vec<Compare>,
    acts: Vec<Act>,
}

#[derive(Template)]
#[template(path = "compact/show.html")]
struct CompactPage {
    shell: Shell,
    view: CompactView,
    proposals: Vec<Proposal>,
    past: Vec<Proposal>,
    acts: Vec<Act>,
    done: &'static str,
    refusal: Option<Refusal>,
}

/// What was just tried and refused.
pub(super) struct Tried {
    pub(super) command: String,
    pub(super) typed: Typed,
    pub(super) refusal: Refusal,
}

pub(super) fn status(tried: Option<&Tried>) -> StatusCode {
    tried.map_or(StatusCode::OK, |t| Problem::from(t.refusal.clone()).status)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

fn done_words(done: &str) -> &'static str {
    match done {
        "" => "",
        "found" => "已发起。请各成员在本机关的交换地址加入、核对指纹并会签。",
        "join" => "已加入会签。请继续核对指纹；核对完成后由负责人会签。",
        "trust" => "已记明核对一致。",
        "countersign" => "已会签，正在告知全体成员。",
        "decline" => "已表示不同意，正在告知全体成员。",
        "propose" => "提案已发出，等待各省会签。",
        _ => "已记录，正在告知全体成员。",
    }
}

/// What countersigning would do, in plain words.
fn consequence(view: &ProposalView) -> String {
    let needed = usize::from(view.needed);
    // A province is for it once more than half of its signatories are.
    let own = view.epoch.members.iter().find(|m| m.own).map_or("", |m| m.province);
    let all = view.epoch.members.iter().filter(|m| m.signatory && m.province == own).count();
    let yes = view.epoch.signed.iter().filter(|v| v.province == own).count() + 1;
    let left = needed.saturating_sub(view.for_it + usize::from(2 * yes > all));
    let then = match left {
        0 => "您会签后即达到门槛，第".to_owned() + &format!(" {} 版立即对全体成员生效。", view.epoch.number),
        n => format!("您会签后还差 {n} 个省份，达到 {needed} 个即生效。"),
    };
    format!("代表本省会签。{then}会签不能撤回，本轮不能再会签其他提案。")
}

fn acts_on(view: &ProposalView, csrf: &str, tried: Option<&Tried>) -> Vec<Act> {
    let digest = view.epoch.digest.to_string();
    let mut acts = Vec::new();
    for command in &view.may {
        let base = Form::new(format!("/compact/{command}"), csrf, "").hidden("epoch", digest.clone());
        let (title, form) = match *command {
            "countersign" => ("会签", base.consequence(consequence(view))),
            "decline" => (
                "不同意",
                base.quiet()
                    .consequence("告知全体成员；以后不能再会签这件提案。")
                    .input(Input::new(Kind::Text, "grounds", "理由").required().hint("对方据此修改后再提")),
            ),
            _ => (
                "撤回提案",
                base.quiet().consequence("请其他成员不再会签；已会签的仍然有效。").input(Input::new(
                    Kind::Text,
                    "reason",
                    "理由",
                )),
            ),
        };
        let mut form = form.id(&format!("{command}-{}", view.epoch.digest.short()));
        form.button = title.into();
        let here = tried.filter(|t| t.command == *command && t.typed.text("epoch") == digest);
        if let Some(tried) = here {
            form = form.refused(Some(&tried.typed), Some(&tried.refusal));
        }
        let open = here.is_some() || *command == "countersign";
        acts.push(Act { title: title.into(), open, form });
    }
    acts
}

fn compare(view: &ProposalView, may: bool, csrf: &str, tried: Option<&Tried>) -> Vec<Compare> {
    let others = view.epoch.members.iter().filter(|m| !m.own);
    others
        .map(|member| {
            let form = (may && !member.compared).then(|| {
                let form = Form::new("/compact/trust", csrf, "核对一致")
                    .hidden("node", member.node.clone())
                    .input(
                        Input::new(Kind::Line, "fingerprint", "对方读出的指纹")
                            .required()
                            .hint("当面或打对方公开的电话，请其读自己屏幕上的指纹，照录；不要从本页抄写")
                            .autocomplete("off"),
                    )
                    .quiet()
                    .id(&format!("trust-{}", member.node));
                match tried.filter(|t| t.command == "trust" && t.typed.text("node") == member.node) {
                    Some(tried) => form.refused(Some(&tried.typed), Some(&tried.refusal)),
                    None => form,
                }
            });
            Compare { member: member.clone(), form }
        })
        .collect()
}

/// Forms for changes that people propose, and for what the agency says of itself.
fn acts(state: &WebState, view: &CompactView, csrf: &str, tried: Option<&Tried>) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut add = |command: &str, title: &str, form: Form| {
        let here = tried.filter(|t| t.command == command);
        let form = match here {
            Some(tried) => form.refused(Some(&tried.typed), Some(&tried.refusal)),
            None => form,
        };
        acts.push(Act { title: title.into(), open: here.is_some(), form });
    };
    let own = view.epoch.as_ref().and_then(|e| e.members.iter().find(|m| m.own));
    for offer in &view.offers {
        if ["trust", "countersign", "decline", "withdraw"].contains(&offer.command) {
            continue;
        }
        let mut form = form::of_offer(offer, format!("/compact/{}", offer.command), csrf).quiet();
        if let (Some(own), Some(input)) = (own, form.get(offer.command)) {
            let people = own.liaisons.iter().map(|(name, phone)| format!("{name} {phone}"));
            input.value = match offer.command {
                "liaisons" => people.collect::<Vec<_>>().join("\n"),
                _ => input.value.clone(),
            };
        }
        if let (Some(own), Some(input)) = (own, form.get("addresses")) {
            input.value = own.addresses.join("\n");
        }
        add(offer.command, offer.title, form);
    }
    let drafts = view.offers.iter().any(|o| matches!(o.command, "pair" | "take_off" | "unpair"));
    if let (true, Some(epoch)) = (drafts, &view.epoch) {
        let proposed = "作为提案送各省会签，达到门槛后生效。";
        let form = Form::new("/compact/admit", csrf, "提出接纳成员")
            .input(Input::new(Kind::Line, "address", "对方的交换地址").hint("由本节点取来名片"))
            .input(Input::new(Kind::Text, "card", "或粘贴名片").rows(4))
            .consequence(proposed)
            .quiet()
            .id("admit");
        add("admit", "提出接纳成员", form);
        let others = epoch.members.iter().filter(|m| !m.own);
        let others = others.map(|m| Choice::new(&m.node, format!("{}·{}", m.province, m.name))).collect();
        let form = Form::new("/compact/expel", csrf, "提出除名")
            .input(Input::new(Kind::Select, "node", "成员").required().choices(others))
            .input(Input::new(Kind::Text, "grounds", "理由").required())
            .consequence(proposed)
            .quiet()
            .id("expel");
        add("expel", "提出除名", form);
        let most = i64::try_from(epoch.provinces).unwrap_or(1);
        let form = Form::new("/compact/retitle", csrf, "提出更名")
            .input(Input::new(Kind::Line, "title", "名称").required().value(&*epoch.title))
            .consequence(proposed)
            .quiet()
            .id("retitle");
        add("retitle", "提出更名", form);
        let form = Form::new("/compact/threshold", csrf, "提出修改门槛")
            .input(
                Input::new(Kind::Number { min: 1, max: most }, "k", "会签门槛（省份数）")
                    .required()
                    .hint("须超过半数")
                    .value(epoch.k.to_string()),
            )
            .consequence(proposed)
            .quiet()
            .id("threshold");
        add("threshold", "提出修改会签门槛", form);
    }
    if view.offers.iter().any(|o| o.command == "revoke_key") && state.app.has_newer_key() {
        let form = Form::new("/compact/rotate_key", csrf, "更换密钥")
            .consequence("新密钥由现行密钥交叉签名，立即告知全体成员，一分钟后启用；旧密钥同时停用。")
            .quiet()
            .id("rotate");
        add("rotate_key", "更换密钥", form);
    }
    acts
}

async fn render(state: &WebState, who: &SignedIn, done: &str, tried: Option<Tried>) -> Answer<Response> {
    let view = state.app.compact_view(&who.caller).await?;
    let title = view.epoch.as_ref().map_or("协作机制", |e| e.title.as_str()).to_owned();
    let shell = Shell::new(state, who, title, HERE);
    let may_compare = state.app.may(&who.caller, "compact_trust", None).is_ok();
    let dress = |view: &ProposalView| Proposal {
        compare: match view.epoch.number == 1 && view.open {
            true => compare(view, may_compare, &shell.csrf, tried.as_ref()),
            false => Vec::new(),
        },
        acts: acts_on(view, &shell.csrf, tried.as_ref()),
        view: view.clone(),
    };
    let (open, past): (Vec<_>, Vec<_>) = view.proposals.iter().map(dress).partition(|p| p.view.open);
    let acts = acts(state, &view, &shell.csrf, tried.as_ref());
    let in_form = |t: &Tried| {
        let all = acts.iter().chain(open.iter().flat_map(|p| &p.acts)).any(|a| a.form.refusal.is_some());
        let compared = open.iter().flat_map(|p| &p.compare).filter_map(|c| c.form.as_ref());
        all || compared.into_iter().any(|f| f.refusal.is_some()) && t.command == "trust"
    };
    let refusal = tried.as_ref().filter(|t| !in_form(t)).map(|t| t.refusal.clone());
    let code = status(tried.as_ref());
    let shown = CompactPage { proposals: open, past, acts, done: done_words(done), refusal, view, shell };
    Ok((code, page(&shown)?).into_response())
}

/// `GET /compact`.
pub(super) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    render(&state, &who, &asked.done, None).await
}

/// The card that was pasted or is fetched from an address.
async fn card_of(
    app: &App,
    who: &SignedIn,
    typed: &Typed,
) -> Result<lianzhi_exchange::compact::Card, Refusal> {
    match (typed.given("card"), typed.given("address")) {
        (Some(text), _) => App::read_card(text),
        (None, Some(address)) => app.ask_card(&who.caller, address).await,
        (None, None) => {
            Err(Refusal::invalid("address", "没有填写对方的地址，也没有粘贴名片。", "请填写其中一项。"))
        }
    }
}

async fn give(state: &WebState, who: &SignedIn, command: &str, posted: &Posted) -> Result<(), Refusal> {
    let (app, typed) = (&state.app, &posted.typed);
    let changes = match command {
        "admit" => vec![Change::PutMember { card: Box::new(card_of(app, who, typed).await?) }],
        "expel" => {
            let node = NodeCode::parse(typed.text("node"))
                .map_err(|_| Refusal::invalid("node", "没有选择成员。", "请从列表中选择。"))?;
            vec![Change::RemoveMember { node, expelled: true, grounds: typed.text("grounds").into() }]
        }
        "threshold" => {
            let k = typed.text("k").parse();
            vec![Change::SetK {
                k: k.map_err(|_| Refusal::invalid("k", "门槛不是数字。", "请填省份数。"))?
            }]
        }
        "retitle" => vec![Change::SetTitle { title: typed.text("title").into() }],
        "rotate_key" => {
            app.rotate_key(&who.caller).await?;
            return Ok(());
        }
        _ => {
            let view = app.compact_view(&who.caller).await?;
            let offer = view.offers.iter().find(|o| o.command == command).ok_or_else(|| {
                Refusal::conflict(
                    "not-offered",
                    "这件事现在不能办了：情况可能刚有变化，或不在您的权限内。",
                    "下面是现在的情况和可办的事项。",
                )
            })?;
            app.compact_command(&who.caller, form::command(offer, typed)?).await?;
            return Ok(());
        }
    };
    app.propose(&who.caller, changes).await?;
    Ok(())
}

/// `POST /compact/{command}`.
pub(super) async fn act(
    State(state): State<WebState>,
    who: SignedIn,
    Path(command): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    match give(&state, &who, &command, &posted).await {
        Ok(()) => {
            let word = match command.as_str() {
                "admit" | "expel" | "threshold" | "retitle" | "pair" | "unpair" | "take_off" => "propose",
                other => other,
            };
            Ok(Redirect::to(&format!("/compact?done={}", ui::query(word))).into_response())
        }
        Err(refusal) => render(&state, &who, "", Some(Tried { command, typed: posted.typed, refusal })).await,
    }
}
