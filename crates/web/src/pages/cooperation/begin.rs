//! The form with which a letter to other members begins: to whom, under which entry of the list, what it says.

use super::super::form::{Input, Kind, Typed};
use super::super::posted::{self, Posted};
use super::super::report::key_of;
use super::super::shell::Shell;
use super::super::{assets, page, ui};
use super::letter::{self, Fit, GOODS_MAX};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_app::{DraftFile, DraftView, MatterView};
use lianzhi_exchange::compact::{Form, ListEntry, Shared};
use lianzhi_ids::DocketId;
use lianzhi_procedure::cooperation::{Ask, AwayKind, BulletinKind, Proposed, Taker, TransferGround, basis};
use lianzhi_procedure::{Choice, Kind as Procedure, Refusal};

/// Rows for goods that stand there from the beginning, and that more brings.
const GOODS_ROWS: usize = 3;
/// Fields that may be given in the address of the form.
const GIVEN: [&str; 7] = ["to", "list", "title", "category", "place", "asks", "over"];

/// An entry of the list to choose.
struct EntryChoice {
    id: String,
    title: String,
    purpose: String,
    shares: String,
    term: String,
    fits: bool,
    why: String,
    checked: bool,
}

/// A line for goods.
struct GoodsRow {
    name: String,
    detail: String,
    quantity: String,
    unit: String,
    measure: String,
}

#[derive(Template)]
#[template(path = "cooperation_new.html")]
struct BeginPage {
    shell: Shell,
    form: Form,
    about: &'static str,
    then: &'static str,
    basis: &'static str,
    key: String,
    /// The docket whose letter is written anew; empty for a new one.
    draft: String,
    /// The local matter that it comes from: address, number, title.
    from: Option<(i64, String, String)>,
    to: Input,
    entries: Vec<EntryChoice>,
    entry_fault: Option<String>,
    /// What the chosen entry allows, and what it does not.
    allows: String,
    withholds: String,
    content: Vec<Input>,
    goods: Option<Vec<GoodsRow>>,
    goods_fault: Option<String>,
    material: Vec<Input>,
    rest: Vec<Input>,
    joined: bool,
    refusal: Option<Refusal>,
}

fn titles(fields: impl Iterator<Item = Shared>) -> String {
    fields.map(Shared::title).collect::<Vec<_>>().join("、")
}

fn entry_choice((entry, fit): &(ListEntry, Fit), chosen: Option<&ListEntry>) -> EntryChoice {
    EntryChoice {
        id: entry.id.clone(),
        title: entry.title.clone(),
        purpose: entry.purpose.clone(),
        shares: titles(entry.fields.iter().copied()),
        term: format!("{} 个工作日（紧急 {} 个）", entry.term_days, entry.urgent_days),
        fits: fit.fits,
        why: fit.why.clone(),
        checked: chosen.is_some_and(|c| c.id == entry.id),
    }
}

/// The inputs of a form before they are filled, in their parts.
struct Inputs {
    content: Vec<Input>,
    material: Vec<Input>,
    rest: Vec<Input>,
}

const BY_HAND: &str = "手工填写坐标";

/// Inputs that the entry allows, or in which something stands: nothing that was typed disappears.
fn inputs(state: &WebState, form: Form, allowed: &dyn Fn(Shared) -> bool, typed: &Typed) -> Inputs {
    let directory = state.app.directory();
    let filled = |name: &str| typed.all(name).next().is_some();
    let shown = |field: Shared, name: &str| allowed(field) || filled(name);
    let hint = |field: Shared, hint: &'static str| match allowed(field) {
        true => hint,
        false => "所选清单事项不共享这一项，请清空或另选事项",
    };
    let categories = directory.categories.values().map(|c| Choice::new(c.code.as_str(), &*c.name)).collect();
    let mut content = vec![
        Input::new(Kind::Line, "title", "标题").required().hint("一行说清是什么事"),
        Input::new(Kind::Text, "text", "正文").required().rows(7).hint(match form {
            Form::Assistance => {
                "已查明的情况在前；请求多项的，每项另起一行，以事项名称开头，如“送达文书：……”"
            }
            _ => "违法事实、已查明的情况、请对方做什么",
        }),
    ];
    match form {
        Form::Assistance => {
            let asks = Ask::ALL.iter().map(|a| Choice::new(a.code(), a.title())).collect();
            content.push(
                Input::new(Kind::Many, "asks", "请求事项").choices(asks).hint("至少选一项，对方逐项答复"),
            );
            content.push(
                Input::new(Kind::Line, "officers", "承办人")
                    .required()
                    .hint("姓名（执法证号），用顿号分开；印在函上，对方据此联系"),
            );
        }
        Form::Bulletin => {
            let kinds = BulletinKind::ALL.iter().map(|k| Choice::new(k.code(), k.title())).collect();
            content.push(Input::new(Kind::Select, "bulletin", "通报种类").required().choices(kinds));
        }
        Form::Away => {
            let kinds = AwayKind::ALL.iter().map(|k| Choice::new(k.code(), k.title())).collect();
            content.push(Input::new(Kind::Segments, "away", "事由").required().choices(kinds));
            content.push(
                Input::new(Kind::Line, "officers", "执法人员")
                    .hint("异地检查须两名以上：姓名（执法证号），用顿号分开；对方据此出具同意函"),
            );
        }
        Form::Lead => {
            let grounds = TransferGround::ALL
                .iter()
                .map(|g| Choice::new(g.code(), format!("{}（{}）", g.title(), g.source())));
            content.push(
                Input::new(Kind::Select, "ground", "移送理由")
                    .required()
                    .choices(grounds.collect())
                    .hint("印在移送函上"),
            );
            content.push(
                Input::new(Kind::Text, "measures", "已采取的措施")
                    .required()
                    .rows(2)
                    .hint("没有采取的，写“未采取强制措施”"),
            );
        }
        Form::Evidence | Form::Dispute => {}
    }
    content
        .push(Input::new(Kind::Suggest, "category", "违法行为类别").choices(categories).hint("不确定就留空"));
    if shown(Shared::Subject, "subject") {
        let hint = hint(Shared::Subject, "单位、车牌、工地名称；不写自然人身份信息");
        content.push(Input::new(Kind::Line, "subject", "当事人名称、车辆、场所").hint(hint));
    }
    if shown(Shared::Place, "place") || filled("lng") {
        let hint = hint(Shared::Place, "路名门牌、附近的店名或村组");
        content.push(Input::new(Kind::Line, "place", "地点").hint(hint));
        content.push(Input::new(Kind::Line, "lng", "经度").hint("如 121.1142").fold(BY_HAND));
        content.push(Input::new(Kind::Line, "lat", "纬度").hint("如 31.1508").fold(BY_HAND));
    }
    if shown(Shared::Particulars, "particulars") {
        let hint = hint(Shared::Particulars, "只写办理必需的；对方每次查看都要写明用途并留痕");
        content.push(Input::new(Kind::Text, "particulars", "自然人身份信息").rows(2).hint(hint));
    }
    let mut material = Vec::new();
    if shown(Shared::Exhibits, "files") {
        let hint = hint(Shared::Exhibits, "原件原样保存，对方凭摘要核对；签发后才发出");
        material.push(Input::new(Kind::Exhibits, "files", "上传材料").hint(hint));
        material.push(
            Input::new(Kind::Line, "takers", "取证人")
                .hint("上传材料的取证人和执法证号，用顿号分开；本系统办件里的材料自动带出"),
        );
        material.push(Input::new(Kind::Moment, "taken_at", "取证时间").hint("上传材料的取证时间"));
    }
    let over = match form {
        Form::Dispute => ("本机关已立案件的编号", "立案时间以存证日志为准"),
        Form::Away => {
            ("本机关办件、案件编号", "处罚结果互认填已作出处罚决定的案件，违法行为和当事人自动带出")
        }
        _ => ("本机关办件编号", "由哪一件引起；填了以后两件互相关联"),
    };
    let rest = vec![
        Input::new(Kind::Line, "over", over.0).hint(over.1),
        Input::new(Kind::Flag, "urgent", "紧急，按紧急期限办理"),
    ];
    Inputs { content, material, rest }
}

/// The letter in the making that is written anew, with its docket.
struct Anew {
    id: DocketId,
    draft: DraftView,
}

/// The letter in the making of a docket, for whoever may write it anew.
///
/// # Errors
/// When there is none.
async fn anew(state: &WebState, who: &SignedIn, form: Form, id: &str) -> Result<Anew, Refusal> {
    let none = || {
        Refusal::conflict(
            "no-draft",
            "这份文稿已经签发、作废，或者不存在，不能重新填写。",
            "请回到该件查看；已经发出的，用“补充材料”或者“撤回”。",
        )
    };
    let id = DocketId(id.parse().map_err(|_| none())?);
    let shared = state.app.matter(&who.caller, id).await?.shared.filter(|shared| shared.form == form);
    let draft = shared.and_then(|shared| shared.draft).filter(|draft| draft.letter.is_some());
    Ok(Anew { id, draft: draft.ok_or_else(none)? })
}

/// What stood in the letter, as if it had been typed again.
fn retype(anew: &Anew, typed: &mut Typed) {
    let Some(letter) = &anew.draft.letter else { return };
    let mut push = |name: &str, value: &str| {
        if !value.is_empty() {
            typed.push(name, value);
        }
    };
    push("draft", &anew.id.to_string());
    letter.to.iter().for_each(|to| push("to", to));
    let text = anew.draft.text.as_deref();
    let officers = letter.officers.join("、");
    for (name, value) in [
        ("list", Some(&*letter.list)),
        ("title", Some(&*letter.title)),
        ("text", text),
        ("subject", Some(&*letter.subject)),
        ("place", Some(&*letter.place)),
        ("measures", Some(&*letter.measures)),
        ("officers", Some(&*officers)),
        ("category", letter.category.as_deref()),
        ("ground", letter.ground),
        ("bulletin", letter.bulletin),
        ("away", letter.away),
        ("over", letter.over.as_deref()),
        ("urgent", letter.urgent.then_some("true")),
    ] {
        push(name, value.unwrap_or_default());
    }
    letter.asks.iter().for_each(|ask| push("asks", ask));
    if let (Some(lng), Some(lat)) = (letter.lng, letter.lat) {
        push("lng", &format!("{lng:.6}"));
        push("lat", &format!("{lat:.6}"));
    }
    for (n, goods) in letter.goods.iter().enumerate() {
        push(&format!("goods-name-{n}"), &goods.name);
        push(&format!("goods-detail-{n}"), &goods.detail);
        push(&format!("goods-quantity-{n}"), &goods.quantity.to_string());
        push(&format!("goods-unit-{n}"), &goods.unit);
        push(&format!("goods-measure-{n}"), &goods.measure);
    }
    push("rows", &letter.goods.len().to_string());
    anew.draft.files.iter().for_each(|file| push("exhibits", &file.digest.to_string()));
}

/// The files of the local matter, and those of the letter that is written anew, each to be ticked.
fn local_files(view: Option<&MatterView>, before: &[DraftFile], now: jiff::Timestamp) -> Option<Input> {
    let local = view.into_iter().flat_map(|view| &view.exhibits);
    let mut choices: Vec<_> = local
        .map(|e| {
            let name = if e.name.is_empty() { e.digest.short() } else { e.name.clone() };
            Choice::new(
                e.digest.to_string(),
                format!("{} {name}（{}，{}）", e.what, e.by, ui::near(now, e.at)),
            )
        })
        .collect();
    for file in before {
        let digest = file.digest.to_string();
        if choices.iter().all(|choice| choice.value != digest) {
            let name = if file.name.is_empty() { file.digest.short() } else { file.name.clone() };
            let takers = file.takers.join("、");
            choices.push(Choice::new(digest, format!("文稿原有 {name}（{takers}）")));
        }
    }
    let hint = match view {
        Some(view) => format!("{} 的照片、文件，连同取证过程一并移交", view.row.number),
        None => "不再附的取消勾选".to_owned(),
    };
    (!choices.is_empty())
        .then(|| Input::new(Kind::Many, "exhibits", "本机关办件的材料").choices(choices).hint(hint))
}

fn to_input(state: &WebState, form: Form, typed: &Typed) -> Input {
    let directory = state.app.directory();
    let all = state.app.receivers(form, letter::sought(typed));
    let proposed = all.iter().any(|one| one.proposed);
    let choice = |one: &Proposed| {
        let title = directory.member_name(&one.node);
        let title = match (one.proposed, one.reason.is_empty()) {
            (_, true) => title,
            (true, false) => format!("{title}　建议：{}", one.reason),
            (false, false) => format!("{title}　{}", one.reason),
        };
        Choice::new(one.node.as_str(), title)
    };
    let choices = all.iter().map(choice).collect();
    let hint = match (proposed, letter::told(typed)) {
        (true, _) => "有建议的排在前面，由您决定",
        (false, true) => "没有从地点和文字中认出应当办理的成员，下面按距离由近到远排列",
        (false, false) => "填写地点和案情后可以“按现在所填重新推荐”；下面按距离由近到远排列",
    };
    if letter::to_many(form) {
        Input::new(Kind::Many, "to", "发往").choices(choices).hint(hint)
    } else {
        Input::new(Kind::Cards { none: "" }, "to", "发往").required().choices(choices).hint(hint)
    }
}

fn goods_rows(typed: &Typed) -> Vec<GoodsRow> {
    let text = |what: &str, i: usize| typed.text(&format!("goods-{what}-{i}")).to_owned();
    let row = |i| GoodsRow {
        name: text("name", i),
        detail: text("detail", i),
        quantity: text("quantity", i),
        unit: text("unit", i),
        measure: text("measure", i),
    };
    let asked: usize = typed.text("rows").parse().unwrap_or(GOODS_ROWS);
    let more = if typed.text("step") == "rows" { GOODS_ROWS } else { 0 };
    (0..(asked + more).clamp(GOODS_ROWS, GOODS_MAX)).map(row).collect()
}

async fn render(
    state: &WebState,
    who: &SignedIn,
    form: Form,
    typed: &Typed,
    key: Option<String>,
    before: &[DraftFile],
    refusal: Option<Refusal>,
) -> Answer<Response> {
    let directory = state.app.directory();
    let list = state.app.list_for(form);
    let from = match typed.given("over") {
        None => None,
        Some(number) => match state.app.by_number(&who.caller, number).await {
            Ok(id) => state.app.matter(&who.caller, id).await.ok(),
            Err(_) => None,
        },
    };
    let to = to_input(state, form, typed);
    let fits = |entry: ListEntry| {
        let roster = directory.roster.as_ref()?;
        let fit = letter::fit(&entry, &directory.node, roster, typed);
        Some((entry, fit))
    };
    let entries: Vec<(ListEntry, Fit)> = list.into_iter().filter_map(fits).collect();
    let chosen = letter::chosen(&entries, typed);
    let allowed = |field: Shared| chosen.is_none_or(|e| e.fields.contains(&field));
    let Inputs { mut content, mut material, mut rest } = inputs(state, form, &allowed, typed);
    if let Some(files) = local_files(from.as_ref(), before, state.app.now()) {
        material.insert(0, files);
    }
    let mut to = to;
    for input in content.iter_mut().chain(&mut material).chain(&mut rest).chain([&mut to]) {
        input.refill(Some(typed), refusal.as_ref());
    }
    let fault = |field: &str| {
        let refusal = refusal.as_ref().filter(|r| r.field == Some(field))?;
        Some(format!("{}{}", refusal.rule, refusal.remedy))
    };
    let with_goods = matches!(form, Form::Evidence) && allowed(Shared::Goods);
    let typed_goods = (0..GOODS_MAX).any(|i| typed.given(&format!("goods-name-{i}")).is_some());
    let shown = BeginPage {
        shell: Shell::new(state, who, format!("发起{}", form.title()), "/cooperation"),
        form,
        about: super::about(form),
        then: super::then(form),
        basis: basis(form),
        key: key_of(state, key),
        draft: typed.text("draft").to_owned(),
        from: from.map(|view| (view.row.id.0, view.row.number, view.row.title)),
        to,
        allows: chosen.map(|e| titles(e.fields.iter().copied())).unwrap_or_default(),
        withholds: titles(Shared::ALL.into_iter().filter(|f| *f != Shared::Outcome && !allowed(*f))),
        entries: entries.iter().map(|e| entry_choice(e, chosen)).collect(),
        entry_fault: fault("list"),
        content,
        goods: (with_goods || typed_goods).then(|| goods_rows(typed)),
        goods_fault: fault("goods"),
        material,
        rest,
        joined: directory.roster.is_some(),
        refusal,
    };
    let status = shown.refusal.clone().map_or(StatusCode::OK, |r| Problem::from(r).status);
    Ok((status, page(&shown)?).into_response())
}

fn form_of(state: &WebState, who: &SignedIn, code: &str) -> Answer<Form> {
    let form = Form::from_code(code).ok_or_else(|| Refusal::missing("没有这种协作形式。"))?;
    state.app.may(&who.caller, "cooperation_draft", None)?;
    Ok(form)
}

/// Longest sentence that is a title.
const HEADLINE_MAX: usize = 40;

/// The first sentence of what was reported, when it is short enough for a title.
fn headline(text: &str) -> Option<&str> {
    let first = text.split(['。', '；', '！', '\n']).next()?.trim();
    (1..=HEADLINE_MAX).contains(&first.chars().count()).then_some(first)
}

/// What the local matter says, as the beginning of a letter. The reporter's particulars stay here.
fn prefill(view: &MatterView, form: Form, typed: &mut Typed) {
    typed.push("over", &*view.row.number);
    typed.push("title", headline(&view.narrative.description).unwrap_or(&*view.row.title));
    typed.push("text", &*view.narrative.description);
    typed.push("place", &*view.row.address);
    typed.push("category", view.row.category.clone().unwrap_or_default());
    if let (Some(lng), Some(lat)) = (view.row.lng, view.row.lat) {
        typed.push("lng", format!("{:.6}", f64::from(lng) / 1e6));
        typed.push("lat", format!("{:.6}", f64::from(lat) / 1e6));
    }
    for exhibit in &view.exhibits {
        typed.push("exhibits", exhibit.digest.to_string());
    }
    // Things of the case that are still in custody, one to a row; what does not go with it is cleared.
    let things = view.case.iter().flat_map(|case| &case.things).filter(|thing| thing.kept);
    for (n, thing) in things.take(GOODS_MAX).enumerate().filter(|_| form == Form::Evidence) {
        typed.push(format!("goods-name-{n}"), &*thing.name);
        typed.push(format!("goods-detail-{n}"), format!("{} 第{}号物品", view.row.number, thing.id));
        typed.push(format!("goods-quantity-{n}"), "1");
        typed.push(format!("goods-unit-{n}"), "件");
    }
}

/// `GET /cooperation/new/{form}`, with `?from=` the number of a local matter.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Path(code): Path<String>,
    uri: Uri,
) -> Answer<Response> {
    let form = form_of(&state, &who, &code)?;
    let pairs: Vec<(String, String)> =
        Query::try_from_uri(&uri).map(|Query(pairs)| pairs).unwrap_or_default();
    let mut typed = Typed::default();
    let mut refusal = None;
    for (name, value) in pairs {
        if GIVEN.contains(&name.as_str()) {
            typed.push(name, value);
        } else if name == "draft" && !value.is_empty() {
            let anew = anew(&state, &who, form, &value).await?;
            retype(&anew, &mut typed);
            return render(&state, &who, form, &typed, None, &anew.draft.files, None).await;
        } else if name == "from" && !value.trim().is_empty() {
            match state.app.by_number(&who.caller, value.trim()).await {
                Ok(id) => prefill(&state.app.matter(&who.caller, id).await?, form, &mut typed),
                Err(found) => refusal = Some(found),
            }
        }
    }
    // Who drafts it is in charge, unless it is somebody else.
    let directory = state.app.directory();
    let person = who.caller.actor.person().and_then(|code| directory.people.get(code));
    if let Some(person) = person.filter(|p| form == Form::Assistance && p.certificate.is_some()) {
        typed.push("officers", Taker::of(person).to_string());
    }
    render(&state, &who, form, &typed, None, &[], refusal).await
}

/// `POST /cooperation/new/{form}`.
pub(in crate::pages) async fn send(
    State(state): State<WebState>,
    who: SignedIn,
    Path(code): Path<String>,
    posted: Posted,
) -> Answer<Response> {
    let form = form_of(&state, &who, &code)?;
    let typed = &posted.typed;
    let anew = match typed.given("draft") {
        Some(id) => Some(anew(&state, &who, form, id).await?),
        None => None,
    };
    let before = anew.as_ref().map(|anew| &*anew.draft.files).unwrap_or_default();
    // Asked for entries that fit what is chosen now, or for more rows: the same form, nothing is recorded.
    if typed.given("step").is_some() {
        return render(&state, &who, form, typed, posted.key.clone(), before, posted.fault.clone()).await;
    }
    let command = posted.sound().and_then(|()| letter::command(form, typed, before));
    let kind = Procedure::from_code(form.code()).ok_or_else(|| Refusal::missing("没有这种协作形式。"))?;
    let key = posted.key.clone();
    let begun = match (command, &anew) {
        (Ok(json), Some(Anew { id, .. })) => {
            state.app.command(&posted.identity.caller, *id, json, None, key).await.map(|done| done.id)
        }
        (Ok(json), None) => {
            state.app.open_shared(&posted.identity.caller, kind, json, key).await.map(|done| done.id)
        }
        (Err(refusal), _) => Err(refusal),
    };
    match begun {
        Ok(id) => Ok(Redirect::to(&format!("/matters/{id}?done=begin")).into_response()),
        Err(refusal) => {
            let (refusal, key) = posted::reused(refusal, posted.key.clone());
            render(&state, &who, form, typed, key, before, Some(refusal)).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::headline;

    #[test]
    fn a_title_is_a_whole_sentence_or_what_the_list_shows() {
        assert_eq!(
            headline("空地上新倾倒建筑垃圾三车。附近村民拍到号牌。"),
            Some("空地上新倾倒建筑垃圾三车")
        );
        assert_eq!(headline("店外摆摊"), Some("店外摆摊"));
        assert_eq!(headline(&"长".repeat(41)), None);
        assert_eq!(headline("\n"), None);
    }
}
