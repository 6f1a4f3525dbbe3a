//! What the forms of a shared matter have beside the fields of their offers: the letter in the making, to be decided on or written
//! anew with all that stood in it; files that are here already; the local matter that accepting may open.

use super::super::cooperation::people;
use super::super::form::{Form, Input, Kind, Typed, moment};
use crate::auth::SignedIn;
use crate::state::WebState;
use lianzhi_app::{DraftFile, DraftView, ExhibitView, MatterView, SharedView};
use lianzhi_exchange::compact::Form as Shape;
use lianzhi_ids::DocketId;
use lianzhi_procedure::cooperation::Taker;
use lianzhi_procedure::{Choice, Refusal};
use serde_json::{Value, json};

/// What is known here for the form of a reply.
#[derive(Default)]
pub(super) struct Here {
    /// Files of the local matter, to choose.
    files: Vec<Choice>,
    /// The reader with the certificate; empty without one.
    officer: String,
}

/// What a reply may take from here: the files of the local matter, and who writes it.
pub(super) async fn here(state: &WebState, who: &SignedIn, view: &MatterView, shared: &SharedView) -> Here {
    let directory = state.app.directory();
    let person = who.caller.actor.person().and_then(|code| directory.people.get(code));
    let officer = person.filter(|p| p.certificate.is_some()).map(|p| Taker::of(p).to_string());
    let replies = view.offers.iter().any(|o| matches!(o.command, "reply" | "supplement"));
    let local = match shared.link.filter(|_| replies) {
        Some(id) => state.app.matter(&who.caller, DocketId(id)).await.ok(),
        None => None,
    };
    let sent = |file: &&ExhibitView| shared.files.iter().all(|f| f.digest != file.digest);
    let files = local.iter().flat_map(|view| &view.exhibits).filter(sent);
    let choice = |e: &ExhibitView| {
        let name = if e.name.is_empty() { e.digest.short() } else { e.name.clone() };
        Choice::new(e.digest.to_string(), format!("{} {name}（{}）", e.what, e.by))
    };
    Here { files: files.map(choice).collect(), officer: officer.unwrap_or_default() }
}

/// The letter that came back and that this form writes anew.
fn came_back<'a>(command: &str, shared: &'a SharedView) -> Option<&'a DraftView> {
    let act = if command == "reply" { "replied" } else { return None };
    shared.draft.as_ref().filter(|draft| draft.act == act && draft.sent_back.is_some())
}

/// Puts the last that was said of this kind above the answer to it: what it proposes, by whom, in whose words.
fn asked_about(form: &mut Form, shared: &SharedView, act: &str, what: &str) {
    let own = act == "opinion";
    let Some(step) = shared.steps.iter().rev().find(|step| step.act == act && (own || !step.own)) else {
        return;
    };
    let by = shared.members.iter().find(|m| m.node == step.node).map_or("", |m| m.name.as_str());
    form.facts.push((what.into(), format!("{by}：{}", step.title)));
    form.facts.extend(step.text.iter().map(|text| ("内容".to_owned(), text.clone())));
}

/// Puts a value where a field of that name stands.
fn put(form: &mut Form, name: &str, value: Option<&str>) {
    let input = form.inputs.iter_mut().find(|input| input.name == name);
    if let (Some(input), Some(value)) = (input, value) {
        input.value = value.to_owned();
    }
}

/// A line for each thing asked, to be answered one by one.
fn by_ask(shared: &SharedView) -> Option<String> {
    (shared.asks.len() > 1).then(|| shared.asks.iter().map(|ask| format!("{ask}：\n")).collect())
}

/// Files that the letter had before it came back, all ticked: none is lost by writing it anew.
fn kept(files: &[DraftFile]) -> Option<Input> {
    let choices: Vec<_> = files
        .iter()
        .map(|file| {
            let name = if file.name.is_empty() { file.digest.short() } else { file.name.clone() };
            let takers = file.takers.join("、");
            let takers = if takers.is_empty() { String::new() } else { format!("（{takers}）") };
            Choice::new(file.digest.to_string(), format!("{name}{takers}"))
        })
        .collect();
    let all = files.iter().map(|file| file.digest.to_string()).collect();
    (!files.is_empty()).then(|| {
        let input = Input::new(Kind::Many, "kept", "文稿原有的材料").choices(choices).values(all);
        input.hint("不再附的取消勾选")
    })
}

/// What only these forms have: the draft above the decision on it, and the local matter that accepting may open.
pub(super) fn dress(mut form: Form, command: &str, shared: &SharedView, here: &Here) -> Form {
    match command {
        // What is attached is evidence only with those who took it (行政处罚法 42): asked for beside the files.
        "reply" | "supplement" => {
            let id = format!("act-{command}");
            let back = came_back(command, shared);
            put(&mut form, "text", by_ask(shared).filter(|_| command == "reply").as_deref());
            if let Some(back) = back {
                put(&mut form, "text", back.text.as_deref());
                put(&mut form, "undone", back.undone.as_deref());
                put(&mut form, "decision", back.decision.as_deref());
                form.inputs.extend(kept(&back.files));
            }
            if !here.files.is_empty() {
                let files = Input::new(Kind::Many, "local", "本机关办件的材料").choices(here.files.clone());
                form.inputs.push(files.hint("照片、文件连同取证过程一并发出"));
            }
            form.inputs.push(
                Input::new(Kind::Line, "takers", "取证人")
                    .value(&here.officer)
                    .hint("所附文件的取证人，写姓名（执法证号），用顿号分开；两名以上持证人员取得的是证据，否则作为线索材料"),
            );
            form.inputs
                .push(Input::new(Kind::Moment, "taken_at", "取证时间").hint("不填即按文件在本件存证的时间"));
            form = form.id(&id);
        }
        "amend" => {
            if let Some((draft, letter)) = shared.draft.as_ref().and_then(|d| Some((d, d.letter.as_ref()?))) {
                put(&mut form, "title", Some(&letter.title));
                put(&mut form, "text", draft.text.as_deref());
                put(&mut form, "officers", Some(&letter.officers.join("、")));
            }
        }
        "review" | "sign" => {
            if let Some(draft) = &shared.draft {
                form.facts.push(("文稿".into(), format!("{}，{} 拟", draft.title, draft.by)));
                form.facts.extend(draft.reviewed.iter().map(|by| ("审核".to_owned(), format!("{by} 同意"))));
                form.facts.extend(draft.text.iter().map(|text| ("正文".to_owned(), text.clone())));
            }
        }
        // What is agreed to is read where it is agreed to.
        "answer_negotiation" => asked_about(&mut form, shared, "negotiated", "协商记录"),
        "answer_advice" => asked_about(&mut form, shared, "opinion", "协调组意见"),
        "answer_forward" => asked_about(&mut form, shared, "forward_asked", "征求转送"),
        "accept" if shared.form == Shape::Lead => {
            let open = Input::new(Kind::Flag, "open", "同时在本地登记办件").value("true");
            form.inputs.push(open);
            form = form.id("act-accept");
        }
        _ => {}
    }
    form
}

/// What stands in a form besides the fields of its offer.
///
/// # Errors
/// A time that cannot be read.
pub(super) fn more(
    command: &str,
    typed: &Typed,
    shared: Option<&SharedView>,
    value: &mut Value,
) -> Result<(), Refusal> {
    if command == "accept" && typed.flag("open") {
        value["open"] = true.into();
    }
    if !matches!(command, "reply" | "supplement") {
        return Ok(());
    }
    let mut files: Vec<&str> = typed.all("exhibits").filter(|file| !file.trim().is_empty()).collect();
    files.extend(typed.all("local"));
    let kept: Vec<&str> = typed.all("kept").filter(|file| !files.contains(file)).collect();
    if files.is_empty() && kept.is_empty() {
        return Ok(());
    }
    let mut taken: Vec<Value> = Vec::new();
    if typed.given("takers").is_some() {
        let takers = people(typed.text("takers"));
        let at = typed.given("taken_at").map(|t| moment("taken_at", t)).transpose()?;
        taken.extend(files.iter().map(|file| json!({ "exhibit": file, "takers": takers, "taken_at": at })));
    }
    let before = shared.and_then(|shared| came_back(command, shared)).map(|draft| &draft.files);
    let of_before = before.into_iter().flatten().filter(|file| kept.contains(&&*file.digest.to_string()));
    taken.extend(of_before.map(as_taken));
    value["taken"] = taken.into();
    files.extend(kept);
    value["exhibits"] = json!(files);
    Ok(())
}

/// How a file of a letter was taken, as the command has it.
pub(in crate::pages) fn as_taken(file: &DraftFile) -> Value {
    json!({
        "exhibit": file.digest, "name": file.name, "takers": file.takers, "taken_at": file.taken_at,
        "matter": file.matter,
    })
}
