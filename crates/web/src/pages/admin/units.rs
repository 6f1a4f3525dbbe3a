//! Units as a tree.

use super::{Admin, Asked, Tried, done_word, open, status};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_ids::{TownCode, UnitCode};
use lianzhi_procedure::directory::{Directory, Unit};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};

/// A unit in the tree, with how deep it stands.
struct Node {
    code: String,
    name: String,
    phone: String,
    outside: bool,
    people: usize,
    depth: usize,
    retired: bool,
    parent: String,
    /// Codes from the top down to this one, so that nothing is moved into itself.
    path: String,
}

#[derive(Template)]
#[template(path = "admin/units.html")]
struct UnitsPage {
    shell: Admin,
    nodes: Vec<Node>,
    /// The unit that is to be moved, with its form.
    moving: Option<(String, Form)>,
    moved: Option<Moved>,
    refusal: Option<Refusal>,
}

/// A move that was just made, and the way back.
struct Moved {
    code: String,
    name: String,
    now: String,
    was: String,
    was_code: String,
}

#[derive(Template)]
#[template(path = "admin/edit.html")]
pub(super) struct EditPage {
    pub shell: Admin,
    pub title: String,
    pub back: &'static str,
    pub form: Form,
    pub retire: Option<Form>,
}

/// The tree, depth first. Units whose parent is gone stand at the top.
fn tree(directory: &Directory) -> Vec<Node> {
    fn below(
        directory: &Directory,
        parent: Option<&UnitCode>,
        depth: usize,
        path: &str,
        out: &mut Vec<Node>,
    ) {
        // As deep as `Directory::within` follows; deeper only in bad data.
        if depth > 16 {
            return;
        }
        for unit in directory.units.values() {
            let at_top = unit.parent.as_ref().is_none_or(|p| !directory.units.contains_key(p));
            if unit.parent.as_ref().filter(|_| !at_top) == parent {
                let path = format!("{path}/{}", unit.code);
                out.push(Node {
                    code: unit.code.to_string(),
                    name: unit.name.clone(),
                    phone: unit.phone.clone(),
                    outside: unit.outside,
                    people: directory
                        .people
                        .values()
                        .filter(|p| p.active && p.posts.iter().any(|x| x.unit == unit.code))
                        .count(),
                    depth,
                    retired: directory.retired_units.contains(&unit.code),
                    parent: unit.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
                    path: path.clone(),
                });
                below(directory, Some(&unit.code), depth + 1, &path, out);
            }
        }
    }
    let mut out = Vec::new();
    below(directory, None, 0, "", &mut out);
    out
}

/// `GET /admin/units`.
pub(super) async fn list(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Moving>,
) -> Answer<Response> {
    tree_page(&state, &who, &asked, None, None).await
}

/// What the address of the tree may carry.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Moving {
    done: String,
    /// The unit that is to be moved.
    moving: String,
    /// The unit that was moved, and from where.
    moved: String,
    was: String,
}

async fn tree_page(
    state: &WebState,
    who: &SignedIn,
    asked: &Moving,
    typed: Option<&Typed>,
    refusal: Option<&Refusal>,
) -> Answer<Response> {
    let mut admin = open(state, who, "单位", "/admin/units")?;
    admin.done = done_word(&asked.done);
    let directory = state.app.directory();
    let unit = |code: &str| UnitCode::parse(code).ok().and_then(|c| directory.units.get(&c));
    let above = |code: Option<&UnitCode>| code.map_or(TOP.to_owned(), |c| directory.unit_name(c).to_owned());
    let moving = match unit(&asked.moving).filter(|_| admin.changes) {
        None => None,
        Some(u) => {
            let open = lianzhi_app::ListQuery {
                unit: Some(u.code.to_string()),
                open: Some("true".into()),
                ..lianzhi_app::ListQuery::default()
            };
            let open = state.app.count(&who.caller, &open).await?;
            let open = open.map_or_else(|| "十万件以上".into(), |n| format!("{} 件", ui::count(&n)));
            let form = move_form(&directory, &admin.shell.csrf, u, &open).refused(typed, refusal);
            Some((u.name.clone(), form))
        }
    };
    let moved = unit(&asked.moved).map(|u| Moved {
        code: u.code.to_string(),
        name: u.name.clone(),
        now: above(u.parent.as_ref()),
        was: above(UnitCode::parse(&asked.was).ok().as_ref()),
        was_code: asked.was.clone(),
    });
    let shown = UnitsPage {
        nodes: tree(&directory),
        refusal: refusal.filter(|_| moving.is_none()).cloned(),
        moving,
        moved: moved.filter(|_| refusal.is_none()),
        shell: admin,
    };
    Ok((status(refusal), page(&shown)?).into_response())
}

/// Stands for having no unit above.
const TOP: &str = "最上级";

fn move_form(directory: &Directory, csrf: &str, unit: &Unit, open: &str) -> Form {
    let places = directory.units_in_use().filter(|u| !directory.within(&u.code, &unit.code));
    let places = places.map(|u| Choice::new(u.code.as_str(), &*u.name)).collect();
    Form::new("/admin/units/move", csrf, "移动")
        .hidden("code", unit.code.as_str())
        .input(
            Input::new(Kind::Select, "parent", "移到哪个单位下面")
                .hint("不选即没有上级单位")
                .choices(places)
                .value(unit.parent.as_ref().map(ToString::to_string).unwrap_or_default()),
        )
        .consequence(format!(
            "它的办件（在办 {open}）、人员和岗位都不变，但此后按新的上级统计，新上级的负责人可以看到和审批它的办件。可以随时撤销。"
        ))
        .id("move")
}

/// `POST /admin/units/move`: gives a unit another unit above it. Dragging in the tree posts this form too.
pub(super) async fn put_below(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let directory = state.app.directory();
    let typed = &posted.typed;
    let unit = known(&directory, typed.text("code"))?;
    let was = unit.parent.as_ref().map(ToString::to_string).unwrap_or_default();
    let outcome = async {
        let parent = typed.given("parent").map(UnitCode::parse).transpose();
        let parent =
            parent.map_err(|e| Refusal::invalid("parent", format!("{e}。"), "请从列表中选择单位。"))?;
        if parent == unit.parent {
            return Err(Refusal::invalid(
                "parent",
                format!("“{}”已经在那里。", unit.name),
                "请选另一个单位。",
            ));
        }
        state.app.put_register(&who.caller, Record::Unit(Unit { parent, ..unit.clone() })).await
    };
    match outcome.await {
        Ok(_) => {
            let back = format!("moved={}&was={}", ui::query(unit.code.as_str()), ui::query(&was));
            Ok(Redirect::to(&format!("/admin/units?{back}")).into_response())
        }
        Err(refusal) => {
            let asked = Moving { moving: unit.code.to_string(), ..Moving::default() };
            tree_page(&state, &who, &asked, Some(typed), Some(&refusal)).await
        }
    }
}

fn form(directory: &Directory, csrf: &str, unit: Option<&Unit>) -> Form {
    let parents = directory
        .units_in_use()
        .filter(|u| unit.is_none_or(|x| x.code != u.code))
        .map(|u| Choice::new(u.code.as_str(), &*u.name))
        .collect();
    let text = |f: fn(&Unit) -> String| unit.map(f).unwrap_or_default();
    let mut form = Form::new("/admin/units", csrf, "保存");
    form = match unit {
        Some(unit) => form.hidden("code", unit.code.as_str()).hidden("known", "true"),
        None => form.input(
            Input::new(Kind::Line, "code", "编码").required().hint("建好后不能改；镇街可用九位区划代码"),
        ),
    };
    form.input(Input::new(Kind::Line, "name", "名称").required().value(text(|u| u.name.clone())))
        .input(
            Input::new(Kind::Select, "parent", "上级单位")
                .choices(parents)
                .value(text(|u| u.parent.as_ref().map(ToString::to_string).unwrap_or_default())),
        )
        .input(
            Input::new(Kind::Line, "town", "所辖镇街")
                .hint("九位区划代码，可不填")
                .value(text(|u| u.town.as_ref().map(ToString::to_string).unwrap_or_default())),
        )
        .input(Input::new(Kind::Line, "phone", "值班电话").value(text(|u| u.phone.clone())))
        .input(Input::new(Kind::Line, "branch", "文号分支码").value(text(|u| u.branch.clone())).hint(
            "1 至 4 位数字或者大写字母，如 01：此后本单位和没有分支码的下级单位的文书编为 …字〔2026〕01000001号，\
             自成一个号段；留空用全机关统一的文号。已经编出的文号不变",
        ))
        .input(
            Input::new(Kind::Flag, "outside", "外部门（没有节点，由派遣员代为登记结果）")
                .value(text(|u| u.outside.to_string())),
        )
}

fn edit_page(
    state: &WebState,
    who: &SignedIn,
    unit: Option<&Unit>,
    typed: Option<&Typed>,
    refusal: Option<&Refusal>,
    retiring: Tried<'_>,
) -> Answer<Response> {
    let admin = open(state, who, "单位", "/admin/units")?;
    let directory = state.app.directory();
    let csrf = &admin.shell.csrf;
    let form = form(&directory, csrf, unit).refused(typed, refusal).only_read(!admin.changes);
    let in_use = unit.filter(|u| !directory.retired_units.contains(&u.code));
    let retire = in_use.map(|u| retire_form(csrf, "unit", u.code.as_str(), retiring));
    let title = match (unit, in_use) {
        (None, _) => "新单位".into(),
        (Some(unit), Some(_)) => unit.name.clone(),
        (Some(unit), None) => format!("{}（已停用，保存即重新启用）", unit.name),
    };
    Ok((
        status(refusal.or(retiring.map(|(_, r)| r))),
        page(&EditPage { shell: admin, title, back: "/admin/units", form, retire })?,
    )
        .into_response())
}

/// The form that takes a record out of use.
pub(super) fn retire_form(csrf: &str, register: &str, key: &str, tried: Tried<'_>) -> Form {
    let (typed, refusal) = tried.unzip();
    Form::new("/admin/retire", csrf, "停用")
        .hidden("register", register)
        .hidden("key", key)
        .input(Input::new(Kind::Line, "reason", "停用原因").required())
        .consequence("停用后不再用于新办件；已有办件里的引用照常可读。")
        .quiet()
        .id("retire")
        .refused(typed, refusal)
}

/// The unit's page after it could not be retired.
pub(super) fn retire_refused(
    state: &WebState,
    who: &SignedIn,
    key: &str,
    tried: Tried<'_>,
) -> Answer<Response> {
    let directory = state.app.directory();
    edit_page(state, who, Some(known(&directory, key)?), None, None, tried)
}

fn known<'a>(directory: &'a Directory, code: &str) -> Answer<&'a Unit> {
    let unit = UnitCode::parse(code).ok().and_then(|c| directory.units.get(&c));
    Ok(unit.ok_or_else(|| Refusal::missing("没有这个单位。"))?)
}

/// `GET /admin/units/edit`.
pub(super) async fn edit(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let directory = state.app.directory();
    let unit = if asked.code.is_empty() { None } else { Some(known(&directory, &asked.code)?) };
    edit_page(&state, &who, unit, None, None, None)
}

fn read(typed: &Typed, directory: &Directory) -> Result<Unit, Refusal> {
    let code = |field: &'static str, text: &str| {
        UnitCode::parse(text)
            .map_err(|e| Refusal::invalid(field, format!("编码不对：{e}。"), "请只用字母、数字和短横线。"))
    };
    let unit = code("code", typed.text("code"))?;
    if !typed.flag("known") && directory.units.contains_key(&unit) {
        return Err(Refusal::invalid(
            "code",
            format!("编码 {unit} 已被“{}”使用。", directory.unit_name(&unit)),
            "请换一个编码，或去修改原来的单位。",
        ));
    }
    Ok(Unit {
        code: unit,
        name: typed.text("name").to_owned(),
        parent: typed.given("parent").map(|p| code("parent", p)).transpose()?,
        outside: typed.flag("outside"),
        phone: typed.text("phone").to_owned(),
        branch: typed.text("branch").to_owned(),
        town: typed
            .given("town")
            .map(|t| {
                TownCode::parse(t).map_err(|e| {
                    Refusal::invalid("town", format!("区划代码不对：{e}。"), "请填九位区划代码，或留空。")
                })
            })
            .transpose()?,
    })
}

/// `POST /admin/units`.
pub(super) async fn save(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let directory = state.app.directory();
    let outcome = match read(&posted.typed, &directory) {
        Ok(unit) => state.app.put_register(&who.caller, Record::Unit(unit)).await.map(|_| ()),
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/admin/units?done=saved").into_response()),
        Err(refusal) => {
            let known =
                posted.typed.flag("known").then(|| UnitCode::parse(posted.typed.text("code")).ok()).flatten();
            let unit = known.and_then(|c| directory.units.get(&c));
            edit_page(&state, &who, unit, Some(&posted.typed), Some(&refusal), None)
        }
    }
}
