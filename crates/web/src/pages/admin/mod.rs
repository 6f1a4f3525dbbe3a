//! Administration: every register, the policy, the logs, and the state of the node.
//!
//! Whoever may audit may read these pages; changing asks for the right to administer, which the procedures check.

mod access;
mod draw;
mod grids;
mod import;
mod law;
mod people;
mod plain;
mod settings;
mod simple;
mod system;
mod units;

use super::form::Typed;
use super::shell::Shell;
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use lianzhi_procedure::Refusal;
use serde::Deserialize;

pub(super) fn router() -> Router<WebState> {
    Router::new()
        .route("/", get(system::show))
        .route("/units", get(units::list).post(units::save))
        .route("/units/edit", get(units::edit))
        .route("/units/move", post(units::put_below))
        .route("/people", get(people::list).post(people::save))
        .route("/people/edit", get(people::edit))
        .route("/people/reset", post(people::reset))
        .route("/people/posts", post(people::change_post))
        .route("/grids", get(grids::list).post(grids::upload))
        .route("/grids/draw", get(draw::form).post(draw::take_drawn))
        .route("/grids/export.geojson", get(grids::export))
        .route("/grids/edit", get(grids::edit).post(grids::save))
        .route("/categories", get(simple::categories).post(simple::save_category))
        .route("/categories/edit", get(simple::edit_category))
        .route("/addresses", get(simple::addresses).post(simple::save_addresses))
        .route("/addresses/edit", get(simple::edit_block))
        .route("/law", get(law::list).post(law::save))
        .route("/law/edit", get(law::edit))
        .route("/law/term", get(law::term).post(law::save_term))
        .route("/law/hours", get(law::hours).post(law::save_hours))
        .route("/law/year", get(law::year).post(law::save_year))
        .route("/settings", get(settings::show).post(settings::save))
        .route("/policy", get(settings::policy))
        .route("/access", get(access::show))
        .route("/access/export/{ending}", get(access::file))
        .route("/audit/export/{ending}", get(access::audit_file))
        .route("/audit", get(access::audit))
        .route("/audit/{id}", get(access::history))
        .route("/import", get(import::show).post(import::upload))
        .route("/import/run", post(import::run))
        .route("/retire", post(retire))
}

/// A way in the administration's own navigation.
pub(super) struct AdminNav {
    pub href: &'static str,
    pub title: &'static str,
}

/// Groups of the navigation.
pub(super) const NAV: &[(&str, &[AdminNav])] = &[
    (
        "名录",
        &[
            AdminNav { href: "/admin/units", title: "单位" },
            AdminNav { href: "/admin/people", title: "人员和岗位" },
            AdminNav { href: "/admin/grids", title: "网格" },
            AdminNav { href: "/admin/categories", title: "类别" },
            AdminNav { href: "/admin/addresses", title: "地址" },
        ],
    ),
    (
        "规则",
        &[
            AdminNav { href: "/admin/law", title: "期限和日历" },
            AdminNav { href: "/admin/settings", title: "设置" },
            AdminNav { href: "/admin/policy", title: "权限表" },
        ],
    ),
    (
        "留痕",
        &[
            AdminNav { href: "/admin/access", title: "查看记录" },
            AdminNav { href: "/admin/audit", title: "变更记录" },
        ],
    ),
    (
        "运行",
        &[
            AdminNav { href: "/admin", title: "系统状态" },
            AdminNav { href: "/admin/import", title: "导入诉件" },
        ],
    ),
];

/// What stands around every page of the administration.
pub(super) struct Admin {
    pub shell: Shell,
    pub here: &'static str,
    /// May read the registers and logs.
    pub audits: bool,
    /// May change something, not only read.
    pub changes: bool,
    /// May import reports.
    pub imports: bool,
    pub done: &'static str,
}

impl Admin {
    /// The ways this person may go: whoever only imports sees no registers.
    pub fn groups(&self) -> &'static [(&'static str, &'static [AdminNav])] {
        if self.audits { NAV } else { &[] }
    }
}

/// So that the templates of all pages find the frame under the same name.
impl std::ops::Deref for Admin {
    type Target = Shell;
    fn deref(&self) -> &Shell {
        &self.shell
    }
}

/// Opens a page of the administration.
///
/// # Errors
/// When this person may not audit.
pub(super) fn open(state: &WebState, who: &SignedIn, title: &str, here: &'static str) -> Answer<Admin> {
    state.app.may(&who.caller, "audit", None)?;
    open_without_audit(state, who, title, here)
}

/// The same for those who import what a hotline hands over.
///
/// # Errors
/// When this person may neither register for others nor administer.
pub(super) fn open_without_audit(
    state: &WebState,
    who: &SignedIn,
    title: &str,
    here: &'static str,
) -> Answer<Admin> {
    let audits = state.app.may(&who.caller, "audit", None).is_ok();
    if !audits {
        state.app.may(&who.caller, "register_for", None)?;
    }
    let changes = state.app.may(&who.caller, "administer", None).is_ok();
    let imports = state.app.may_import(&who.caller).is_ok();
    Ok(Admin { shell: Shell::new(state, who, title, "/admin"), here, audits, changes, imports, done: "" })
}

/// What the address of a page of the administration may carry.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub done: String,
}

pub(super) fn done_word(done: &str) -> &'static str {
    match done {
        "saved" => "已保存，并记入变更记录。",
        "retired" => "已停用，并记入变更记录。",
        _ => "",
    }
}

/// The status of a page that shows a refusal.
pub(super) fn status(refusal: Option<&Refusal>) -> StatusCode {
    refusal.map_or(StatusCode::OK, |r| Problem::from(r.clone()).status)
}

/// Text of an uploaded file: UTF-8, else GB18030 when every byte of it is.
///
/// # Errors
/// Neither.
pub(super) fn text_of(bytes: &[u8]) -> Result<String, Refusal> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.trim_start_matches('\u{feff}').to_owned());
    }
    let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
    if broken {
        return Err(Refusal::invalid(
            "raw-file",
            "文件的编码无法识别。",
            "请另存为 UTF-8 编码的文本文件后再传。",
        ));
    }
    Ok(text.into_owned())
}

/// `POST /admin/retire`: takes a record out of use and goes back to its register. What is refused is said on the
/// record's own page.
async fn retire(
    State(state): State<WebState>,
    who: SignedIn,
    posted: super::posted::Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let (register, key) = (typed.text("register"), typed.text("key"));
    let back = match register {
        "unit" => "/admin/units",
        "grid" => "/admin/grids",
        "category" => "/admin/categories",
        "addresses" => "/admin/addresses",
        "law" => "/admin/law",
        _ => return Err(Refusal::missing("没有这个名录。").into()),
    };
    let outcome = match typed.given("reason") {
        Some(reason) => state.app.retire_register(&who.caller, register, key, reason).await,
        None => Err(Refusal::invalid("reason", "没有写停用原因。", "请写明原因，会记入变更记录。")),
    };
    let Err(refusal) = outcome else {
        return Ok(Redirect::to(&format!("{back}?done=retired")).into_response());
    };
    let tried = Some((typed, &refusal));
    match register {
        "unit" => units::retire_refused(&state, &who, key, tried),
        "grid" => grids::retire_refused(&state, &who, key, tried),
        "category" => simple::retire_refused(&state, &who, key, tried),
        "addresses" => simple::block_refused(&state, &who, key, tried).await,
        _ => law::retire_refused(&state, &who, key, tried).await,
    }
}

/// A retirement that was just refused: what was typed, and why.
pub(super) type Tried<'a> = Option<(&'a Typed, &'a Refusal)>;
