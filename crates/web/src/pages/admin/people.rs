//! People, their posts and roles, and new temporary passwords.

use super::plain::{self, Ability};
use super::{Admin, done_word, open, status};
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
    asked: Sought,
    units: Vec<Choice>,
    roles: Vec<Choice>,
    more: usize,
}

/// Who is looked for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Sought {
    q: String,
    unit: String,
    role: String,
    done: String,
}

/// A post with what it allows.
struct Held {
    unit: String,
    unit_code: String,
    roles: String,
    role_codes: Vec<&'static str>,
    grids: String,
    abilities: Vec<Ability>,
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
    held: Vec<Held>,
    assignee: Vec<&'static str>,
    ended: Option<Ended>,
}

/// A post that was just ended, for the way back.
struct Ended {
    unit: String,
    unit_code: String,
    roles: String,
    role_codes: Vec<String>,
    grids: String,
}

/// Lines of the list; more are found by searching.
const LINES_MAX: usize = 200;
/// Posts in the form: nobody holds more.
const POSTS_MAX: usize = 6;

/// `GET /admin/people`.
pub(super) async fn list(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Sought>,
) -> Answer<Response> {
    let mut admin = open(&state, &who, "人员和岗位", "/admin/people")?;
    admin.done = done_word(&asked.done);
    let (directory, duty) = (state.app.directory(), state.app.duty());
    let q = asked.q.trim().to_lowercase();
    let mut lines: Vec<Line> = directory
        .people
        .values()
        .filter(|p| fits(p, &asked, &directory))
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
    let units = directory.units.values().map(|u| Choice::new(u.code.as_str(), &*u.name)).collect();
    page(&PeoplePage { shell: admin, lines, units, roles: roles(), asked, more })
}

/// Whether somebody has a post in this unit or below it, with this role.
fn fits(person: &Person, asked: &Sought, directory: &Directory) -> bool {
    let (unit, role) = (UnitCode::parse(asked.unit.trim()).ok(), Role::from_code(&asked.role));
    (unit.is_none() && role.is_none())
        || person.posts.iter().any(|post| {
            unit.as_ref().is_none_or(|u| directory.within(&post.unit, u))
                && role.is_none_or(|r| post.roles.contains(&r))
        })
}

/// Roles that somebody may have.
fn roles() -> Vec<Choice> {
    Role::ALL.iter().filter(|r| **r != Role::Public).map(|r| Choice::new(r.code(), r.title())).collect()
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
    ended: Option<Ended>,
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
    let held: Vec<Held> = person
        .map_or(&[][..], |p| &p.posts)
        .iter()
        .map(|post| {
            let unit = directory.unit_name(&post.unit).to_owned();
            Held {
                abilities: plain::of_post(post, &unit),
                unit,
                unit_code: post.unit.to_string(),
                roles: post.roles.iter().map(|r| r.title()).collect::<Vec<_>>().join("、"),
                role_codes: post.roles.iter().map(|r| r.code()).collect(),
                grids: post.grids.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
            }
        })
        .collect();
    let out = PersonPage {
        assignee: if held.is_empty() { Vec::new() } else { plain::of_assignee() },
        held,
        ended: shown.ended,
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

/// Whose page, and what was just ended there.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Which {
    code: String,
    unit: String,
    roles: String,
    grids: String,
}

/// `POST /admin/people/posts`: adds a post or ends one; the same command as the whole form, with one post more or less.
pub(super) async fn change_post(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let directory = state.app.directory();
    let code = PersonCode::parse(typed.text("code")).map_err(|_| Refusal::missing("没有这个人。"))?;
    let person = directory.people.get(&code).ok_or_else(|| Refusal::missing("没有这个人。"))?;
    let mut changed = Person::clone(person);
    let outcome = async {
        let unit = UnitCode::parse(typed.text("unit"))
            .map_err(|_| Refusal::invalid("posts", "没有选单位。", "请从列表中选择单位。"))?;
        let roles: Vec<Role> = typed.all("roles").filter_map(Role::from_code).collect();
        let ended = typed.text("step") == "end";
        if ended {
            let before = changed.posts.len();
            changed.posts.retain(|p| p.unit != unit || p.roles != roles);
            if changed.posts.len() == before {
                return Err(Refusal::conflict("gone", "这个岗位已经不在了。", "请刷新页面再看。"));
            }
        } else {
            let grids: Vec<GridCode> = typed
                .text("grids")
                .split(['、', ',', '，', ' '])
                .filter_map(|g| GridCode::parse(g.trim()).ok())
                .filter(|g| directory.grids.contains_key(g))
                .collect();
            changed.posts.push(Post { unit: unit.clone(), roles: roles.clone(), grids });
        }
        state.app.put_register(&who.caller, Record::Person(changed.clone())).await?;
        Ok((unit, roles, ended))
    };
    match outcome.await {
        Ok((unit, roles, ended)) => {
            let mut back = format!("/admin/people/edit?code={}", ui::query(code.as_str()));
            if ended {
                let roles: Vec<&str> = roles.iter().map(|r| r.code()).collect();
                let grids = person.posts.iter().find(|p| p.unit == unit).map(|p| &p.grids);
                let grids = grids
                    .map(|g| g.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
                    .unwrap_or_default();
                back.push_str(&format!(
                    "&unit={}&roles={}&grids={}",
                    ui::query(unit.as_str()),
                    ui::query(&roles.join(",")),
                    ui::query(&grids)
                ));
            }
            Ok(Redirect::to(&back).into_response())
        }
        Err(refusal) => person_page(
            &state,
            &who,
            Shown {
                person: Some(person),
                typed: None,
                refusal: Some(&refusal),
                temporary: None,
                ended: None,
            },
        ),
    }
}

/// `GET /admin/people/edit`.
pub(super) async fn edit(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Which>,
) -> Answer<Response> {
    let directory = state.app.directory();
    let person = PersonCode::parse(&asked.code).ok().and_then(|c| directory.people.get(&c));
    if person.is_none() && !asked.code.is_empty() {
        return Err(Refusal::missing("没有这个人。").into());
    }
    let ended = UnitCode::parse(&asked.unit).ok().map(|unit| {
        let roles: Vec<Role> = asked.roles.split(',').filter_map(Role::from_code).collect();
        Ended {
            unit: directory.unit_name(&unit).to_owned(),
            unit_code: unit.to_string(),
            roles: roles.iter().map(|r| r.title()).collect::<Vec<_>>().join("、"),
            role_codes: roles.iter().map(|r| r.code().to_owned()).collect(),
            grids: asked.grids.clone(),
        }
    });
    person_page(
        &state,
        &who,
        Shown { person: person.map(AsRef::as_ref), typed: None, refusal: None, temporary: None, ended },
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
            person_page(
                &state,
                &who,
                Shown { person: Some(&person), typed: None, refusal: None, temporary, ended: None },
            )
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
                    ended: None,
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
            person_page(
                &state,
                &who,
                Shown { person: Some(person), typed: None, refusal: None, temporary, ended: None },
            )
        }
        Err(refusal) => person_page(
            &state,
            &who,
            Shown {
                person: Some(person),
                typed: None,
                refusal: Some(&refusal),
                temporary: None,
                ended: None,
            },
        ),
    }
}
