//! People, their posts and roles, and new temporary passwords.

use super::{Admin, Asked, done_word, open, status};
use crate::auth::SignedIn;
use crate::pages::form::{Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lianzhi_ids::{GridCode, PersonCode, Role, UnitCode};
use lianzhi_procedure::directory::{Directory, Person, Post};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};

/// A person as a line of the list.
struct Line {
    code: String,
    name: String,
    login: String,
    posts: String,
    active: bool,
    on_duty: bool,
}

#[derive(Template)]
#[template(path = "admin/people.html")]
struct PeoplePage {
    shell: Admin,
    lines: Vec<Line>,
    q: String,
    more: usize,
}

/// One post in the form.
struct PostRow {
    unit: Input,
    roles: Input,
    grids: Input,
}

#[derive(Template)]
#[template(path = "admin/person.html")]
struct PersonPage {
    shell: Admin,
    title: String,
    known: bool,
    code: String,
    inputs: Vec<Input>,
    posts: Vec<PostRow>,
    reset: bool,
    temporary: Option<(String, String)>,
    refusal: Option<Refusal>,
}

/// Lines of the list; more are found by searching.
const LINES_MAX: usize = 200;
/// Posts in the form: nobody holds more.
const POSTS_MAX: usize = 6;

/// `GET /admin/people`.
pub(super) async fn list(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut admin = open(&state, &who, "人员和岗位", "/admin/people")?;
    admin.done = done_word(&asked.done);
    let (directory, duty) = (state.app.directory(), state.app.duty());
    let q = asked.q.trim().to_lowercase();
    let mut lines: Vec<Line> = directory
        .people
        .values()
        .map(|p| Line {
            code: p.code.to_string(),
            name: p.name.clone(),
            login: p.login.clone(),
            posts: posts_text(p, &directory),
            active: p.active,
            on_duty: duty.is_on(&p.code),
        })
        .filter(|l| {
            q.is_empty()
                || [&l.code, &l.name, &l.login, &l.posts].iter().any(|t| t.to_lowercase().contains(&q))
        })
        .collect();
    lines.sort_by(|a, b| (!a.active, &a.code).cmp(&(!b.active, &b.code)));
    let more = lines.len().saturating_sub(LINES_MAX);
    lines.truncate(LINES_MAX);
    page(&PeoplePage { shell: admin, lines, q: asked.q, more })
}

fn posts_text(person: &Person, directory: &Directory) -> String {
    let post = |p: &Post| {
        let roles: Vec<_> = p.roles.iter().map(|r| r.title()).collect();
        format!("{} {}", directory.unit_name(&p.unit), roles.join("、"))
    };
    person.posts.iter().map(post).collect::<Vec<_>>().join("；")
}

/// The next free code: people's codes are never used again.
fn next_code(directory: &Directory) -> String {
    let highest =
        directory.people.keys().filter_map(|c| c.as_str().strip_prefix("p-")?.parse::<u32>().ok()).max();
    format!("p-{:04}", highest.unwrap_or(0) + 1)
}

fn post_rows(directory: &Directory, person: Option<&Person>, typed: Option<&Typed>) -> Vec<PostRow> {
    let units: Vec<Choice> = directory
        .units_in_use()
        .filter(|u| !u.outside)
        .map(|u| Choice::new(u.code.as_str(), &*u.name))
        .collect();
    let roles: Vec<Choice> =
        Role::ALL.iter().filter(|r| **r != Role::Public).map(|r| Choice::new(r.code(), r.title())).collect();
    let posts = person.map_or(&[][..], |p| &p.posts);
    let filled = match typed {
        Some(typed) => (0..POSTS_MAX)
            .rev()
            .find(|i| typed.given(&format!("post{i}_unit")).is_some())
            .map_or(0, |i| i + 1),
        None => posts.len(),
    };
    (0..(filled + 1).min(POSTS_MAX))
        .map(|i| {
            let post = posts.get(i);
            let name = |field: &str| format!("post{i}_{field}");
            let grids = post
                .map(|p| p.grids.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"))
                .unwrap_or_default();
            let mut row = PostRow {
                unit: Input::new(Kind::Select, &name("unit"), "单位")
                    .choices(units.clone())
                    .value(post.map(|p| p.unit.to_string()).unwrap_or_default()),
                roles: Input::new(Kind::Many, &name("roles"), "角色").choices(roles.clone()).values(
                    post.map(|p| p.roles.iter().map(|r| r.code().to_owned()).collect()).unwrap_or_default(),
                ),
                grids: Input::new(Kind::Line, &name("grids"), "负责的网格")
                    .hint("编码用顿号或空格隔开；不填即全单位")
                    .value(grids),
            };
            if typed.is_some() {
                for input in [&mut row.unit, &mut row.roles, &mut row.grids] {
                    input.refill(typed, None);
                }
            }
            row
        })
        .collect()
}

struct Shown<'a> {
    person: Option<&'a Person>,
    typed: Option<&'a Typed>,
    refusal: Option<&'a Refusal>,
    temporary: Option<(String, String)>,
}

fn person_page(state: &WebState, who: &SignedIn, shown: Shown<'_>) -> Answer<Response> {
    let admin = open(state, who, "人员和岗位", "/admin/people")?;
    let directory = state.app.directory();
    let person = shown.person;
    let text = |f: fn(&Person) -> String| person.map(f).unwrap_or_default();
    let mut inputs = Vec::new();
    if person.is_none() {
        inputs.push(
            Input::new(Kind::Line, "code", "编码")
                .required()
                .hint("建好后不能改，不重复使用")
                .value(next_code(&directory)),
        );
    }
    inputs.push(Input::new(Kind::Line, "name", "姓名").required().value(text(|p| p.name.clone())));
    inputs.push(
        Input::new(Kind::Line, "login", "登录名")
            .required()
            .value(text(|p| p.login.clone()))
            .autocomplete("off"),
    );
    inputs.push(
        Input::new(Kind::Line, "certificate", "执法证号")
            .value(text(|p| p.certificate.clone().unwrap_or_default())),
    );
    inputs.push(
        Input::new(Kind::Flag, "second_factor", "登录必须用动态口令")
            .value(text(|p| p.second_factor.to_string())),
    );
    if person.is_some() {
        inputs.push(
            Input::new(Kind::Flag, "active", "在职（不勾选即不能登录、不再派单）")
                .value(text(|p| p.active.to_string())),
        );
    }
    for input in &mut inputs {
        input.refill(shown.typed, shown.refusal);
    }
    let out = PersonPage {
        title: person.map_or("新人员".into(), |p| p.name.clone()),
        known: person.is_some(),
        code: text(|p| p.code.to_string()),
        posts: post_rows(&directory, person, shown.typed),
        inputs,
        reset: person.is_some() && admin.changes,
        temporary: shown.temporary,
        refusal: shown.refusal.cloned(),
        shell: admin,
    };
    Ok((status(shown.refusal), page(&out)?).into_response())
}

/// `GET /admin/people/edit`.
pub(super) async fn edit(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let directory = state.app.directory();
    let person = PersonCode::parse(&asked.code).ok().and_then(|c| directory.people.get(&c));
    if person.is_none() && !asked.code.is_empty() {
        return Err(Refusal::missing("没有这个人。").into());
    }
    person_page(
        &state,
        &who,
        Shown { person: person.map(AsRef::as_ref), typed: None, refusal: None, temporary: None },
    )
}

fn read(typed: &Typed, directory: &Directory) -> Result<Person, Refusal> {
    let code = PersonCode::parse(typed.text("code"))
        .map_err(|e| Refusal::invalid("code", format!("编码不对：{e}。"), "请只用字母、数字和短横线。"))?;
    let known = typed.flag("known");
    if !known && directory.people.contains_key(&code) {
        return Err(Refusal::invalid("code", format!("编码 {code} 已有人使用。"), "请换一个编码。"));
    }
    let mut posts = Vec::new();
    for i in 0..POSTS_MAX {
        let Some(unit) = typed.given(&format!("post{i}_unit")).map(str::to_owned) else { continue };
        let unit = UnitCode::parse(&unit)
            .map_err(|_| Refusal::invalid("posts", "单位编码不对。", "请从列表中选择单位。"))?;
        let name = format!("post{i}_roles");
        let roles = typed.all(&name).filter_map(Role::from_code).collect();
        let name = format!("post{i}_grids");
        let mut grids = Vec::new();
        for grid in typed
            .text(&name)
            .split(['、', ',', '，', ' ', ';', '；'])
            .map(str::trim)
            .filter(|g| !g.is_empty())
        {
            let grid =
                GridCode::parse(grid).ok().filter(|g| directory.grids.contains_key(g)).ok_or_else(|| {
                    Refusal::invalid(
                        "posts",
                        format!("没有网格 {grid}。"),
                        "请核对网格编码，或留空表示全单位。",
                    )
                })?;
            grids.push(grid);
        }
        posts.push(Post { unit, roles, grids });
    }
    Ok(Person {
        code,
        name: typed.text("name").to_owned(),
        login: typed.text("login").to_owned(),
        posts,
        certificate: typed.given("certificate").map(str::to_owned),
        active: !known || typed.flag("active"),
        second_factor: typed.flag("second_factor"),
    })
}

/// `POST /admin/people`. A new person gets a temporary password, shown once.
pub(super) async fn save(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let directory = state.app.directory();
    let typed = &posted.typed;
    let outcome = async {
        let person = read(typed, &directory)?;
        state.app.put_register(&who.caller, Record::Person(person.clone())).await?;
        let temporary = if typed.flag("known") {
            None
        } else {
            Some(state.app.reset_password(&who.caller, &person.code).await?)
        };
        Ok::<_, Refusal>((person, temporary))
    };
    match outcome.await {
        Ok((person, Some(password))) => {
            let temporary = Some((person.login.clone(), password));
            person_page(&state, &who, Shown { person: Some(&person), typed: None, refusal: None, temporary })
        }
        Ok(_) => Ok(Redirect::to("/admin/people?done=saved").into_response()),
        Err(refusal) => {
            let known = typed.flag("known").then(|| PersonCode::parse(typed.text("code")).ok()).flatten();
            let person = known.and_then(|c| directory.people.get(&c));
            person_page(
                &state,
                &who,
                Shown {
                    person: person.map(AsRef::as_ref),
                    typed: Some(typed),
                    refusal: Some(&refusal),
                    temporary: None,
                },
            )
        }
    }
}

/// `POST /admin/people/reset`: a new temporary password; all sessions of the person end.
pub(super) async fn reset(State(state): State<WebState>, who: SignedIn, posted: Posted) -> Answer<Response> {
    let code = PersonCode::parse(posted.typed.text("code")).map_err(|_| Refusal::missing("没有这个人。"))?;
    let directory = state.app.directory();
    let person = directory.people.get(&code).ok_or_else(|| Refusal::missing("没有这个人。"))?;
    match state.app.reset_password(&who.caller, &code).await {
        Ok(password) => {
            let temporary = Some((person.login.clone(), password));
            person_page(&state, &who, Shown { person: Some(person), typed: None, refusal: None, temporary })
        }
        Err(refusal) => person_page(
            &state,
            &who,
            Shown { person: Some(person), typed: None, refusal: Some(&refusal), temporary: None },
        ),
    }
}
