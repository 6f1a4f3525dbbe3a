//! Categories and the address register.

use super::law::due::{self, Trial};
use super::units::{EditPage, retire_form};
use super::{Admin, Asked, Tried, done_word, open, status, text_of};
use crate::auth::SignedIn;
use crate::pages::form::{Form, Input, Kind, Typed};
use crate::pages::posted::Posted;
use crate::pages::{assets, page, ui};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, UnitCode};
use lianzhi_procedure::directory::{Category, Directory};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::{Choice, Refusal};

/// A category in the list.
struct Line {
    code: String,
    group: String,
    name: String,
    department: String,
    term: String,
    /// If it were reported now.
    due: String,
}

#[derive(Template)]
#[template(path = "admin/categories.html")]
struct CategoriesPage {
    shell: Admin,
    lines: Vec<Line>,
    q: String,
    at: String,
}

/// A category with its terms, if it were reported now.
#[derive(Template)]
#[template(path = "admin/category.html")]
struct CategoryPage {
    shell: Admin,
    title: String,
    form: Form,
    retire: Option<Form>,
    tried: bool,
    start: String,
    trials: Vec<Trial>,
}

/// `GET /admin/categories`.
pub(super) async fn categories(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut shell = open(&state, &who, "类别", "/admin/categories")?;
    shell.done = done_word(&asked.done);
    let directory = state.app.directory();
    let now = state.app.now();
    let today = ui::beijing(now).date();
    let q = asked.q.trim();
    let lines = directory
        .categories
        .values()
        .filter(|c| q.is_empty() || [c.code.as_str(), &c.group, &c.name].iter().any(|t| t.contains(q)));
    let lines = lines.map(|c| Line {
        code: c.code.to_string(),
        group: c.group.clone(),
        name: c.name.clone(),
        department: c.department.as_ref().map(|u| directory.unit_name(u).to_owned()).unwrap_or_default(),
        term: directory.law.handling_standard(&c.code, today).plain_measure(),
        due: due::due(&directory.law, directory.law.handling_standard(&c.code, today), now, now).text,
    });
    page(&CategoriesPage { lines: lines.collect(), q: q.to_owned(), at: ui::full(now), shell })
}

fn category_form(directory: &Directory, csrf: &str, category: Option<&Category>, now: Timestamp) -> Form {
    let units = directory.units_in_use().map(|u| Choice::new(u.code.as_str(), &*u.name)).collect();
    let text = |f: fn(&Category) -> String| category.map(f).unwrap_or_default();
    let mut form = Form::new("/admin/categories", csrf, "保存");
    form = match category {
        Some(c) => form.hidden("code", c.code.as_str()).hidden("known", "true"),
        None => {
            form.input(Input::new(Kind::Line, "code", "代码").required().hint("一个字母五位数字，如 E09005"))
        }
    };
    form.input(Input::new(Kind::Line, "group", "大类").required().value(text(|c| c.group.clone())))
        .input(Input::new(Kind::Line, "name", "名称").required().value(text(|c| c.name.clone())))
        .input(
            Input::new(Kind::Select, "department", "主管部门")
                .choices(units)
                .hint("不是本机关各队办理时才选")
                .value(text(|c| c.department.as_ref().map(ToString::to_string).unwrap_or_default())),
        )
        .input(
            Input::new(Kind::Select, "standard", "处置期限")
                .choices(handling(directory, now))
                .hint("不选即跟随大类；选了从今天起只用于这个类别")
                .value(own_rule(directory, category.map(|c| c.code.as_str()).unwrap_or_default())),
        )
        .input(
            Input::new(Kind::Moment, "start", "试算：若此刻上报")
                .hint("只用来试算，不保存")
                .value(due::local(now)),
        )
        .also("step", "try", "先试算")
}

/// The standards that a category may follow: those that some rule names already.
fn handling(directory: &Directory, now: Timestamp) -> Vec<Choice> {
    let today = ui::beijing(now).date();
    let codes: std::collections::BTreeSet<_> =
        directory.law.category_rules().map(|r| r.standard.clone()).collect();
    codes
        .iter()
        .filter_map(|code| directory.law.standard(code, today))
        .map(|s| Choice::new(&*s.code, format!("{}：{}", s.title, s.plain_measure())))
        .collect()
}

/// The standard that a rule of the category's own names; empty when it follows its class.
fn own_rule(directory: &Directory, code: &str) -> String {
    let rules = directory.law.category_rules().filter(|r| &*r.prefix == code);
    rules.max_by_key(|r| r.in_force_from).map(|r| r.standard.to_string()).unwrap_or_default()
}

fn category_page(
    state: &WebState,
    who: &SignedIn,
    category: Option<&Category>,
    typed: Option<&Typed>,
    refusal: Option<&Refusal>,
    retiring: Tried<'_>,
) -> Answer<Response> {
    let shell = open(state, who, "类别", "/admin/categories")?;
    let (directory, now) = (state.app.directory(), state.app.now());
    let form = category_form(&directory, &shell.csrf, category, now)
        .refused(typed, refusal)
        .only_read(!shell.changes);
    let start =
        typed.map_or(Ok(None), |t| due::moment("start", t.text("start"))).ok().flatten().unwrap_or(now);
    let tried = typed.filter(|t| refusal.is_none() && t.text("step") == "try");
    let trials = trials(&directory, category, tried, start, now);
    let retire = category.map(|c| retire_form(&shell.csrf, "category", c.code.as_str(), retiring));
    let title = category.map_or("新类别".into(), |c| format!("{} {}", c.code, c.name));
    Ok((
        status(refusal.or(retiring.map(|(_, r)| r))),
        page(&CategoryPage {
            shell,
            title,
            form,
            retire,
            tried: tried.is_some(),
            start: ui::full(start),
            trials,
        })?,
    )
        .into_response())
}

/// The terms of a category as they are, and with the standard that was chosen.
fn trials(
    directory: &Directory,
    category: Option<&Category>,
    tried: Option<&Typed>,
    start: Timestamp,
    now: Timestamp,
) -> Vec<Trial> {
    let law = &directory.law;
    let date = ui::beijing(start).date();
    let code = category.map(|c| c.code.clone()).or_else(|| CategoryCode::parse(tried?.text("code")).ok());
    let Some(code) = code else { return Vec::new() };
    let old = law.handling_standard(&code, date);
    let mut trials = due::of_category(law, old, start, now);
    if let Some(typed) = tried {
        let new = typed.given("standard").and_then(|code| law.standard(code, date)).unwrap_or(old);
        for trial in &mut trials {
            trial.after = trial.before.clone();
        }
        if let Some(last) = trials.last_mut() {
            last.after = Some(due::due(law, new, start, now));
            if old.code != new.code {
                last.measure = format!("{} → {}", old.plain_measure(), new.plain_measure());
            }
        }
    }
    trials
}

/// The category's page after it could not be retired.
pub(super) fn retire_refused(
    state: &WebState,
    who: &SignedIn,
    key: &str,
    tried: Tried<'_>,
) -> Answer<Response> {
    let directory = state.app.directory();
    let category = CategoryCode::parse(key).ok().and_then(|c| directory.categories.get(&c));
    category_page(state, who, category, None, None, tried)
}

/// `GET /admin/categories/edit`.
pub(super) async fn edit_category(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let directory = state.app.directory();
    let category = CategoryCode::parse(&asked.code).ok().and_then(|c| directory.categories.get(&c));
    if category.is_none() && !asked.code.is_empty() {
        return Err(Refusal::missing("没有这个类别。").into());
    }
    category_page(&state, &who, category, None, None, None)
}

/// `POST /admin/categories`.
pub(super) async fn save_category(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let typed = &posted.typed;
    let directory = state.app.directory();
    let outcome = async {
        let code = CategoryCode::parse(typed.text("code")).map_err(|e| {
            Refusal::invalid("code", format!("代码不对：{e}。"), "请填一个字母五位数字，如 E09005。")
        })?;
        if !typed.flag("known") && directory.categories.contains_key(&code) {
            return Err(Refusal::invalid(
                "code",
                format!("代码 {code} 已有类别使用。"),
                "请换一个代码，或去修改原来的类别。",
            ));
        }
        let department = typed
            .given("department")
            .map(|d| {
                UnitCode::parse(d)
                    .map_err(|_| Refusal::invalid("department", "单位编码不对。", "请从列表中选择。"))
            })
            .transpose()?;
        let category = Category {
            code,
            group: typed.text("group").to_owned(),
            name: typed.text("name").to_owned(),
            department,
        };
        if typed.text("step") == "try" {
            due::moment("start", typed.text("start"))?;
            return Ok(false);
        }
        let rule = rule_of(&state, &directory, &category.code, typed).await?;
        state.app.put_register(&who.caller, Record::Category(category)).await?;
        if let Some((name, text)) = rule {
            state.app.put_register(&who.caller, Record::Law { name, text }).await?;
        }
        Ok(true)
    };
    match outcome.await {
        Ok(false) => {
            let code = CategoryCode::parse(typed.text("code")).ok();
            let known = code.and_then(|c| directory.categories.get(&c));
            category_page(&state, &who, known, Some(typed), None, None)
        }
        Ok(true) => Ok(Redirect::to("/admin/categories?done=saved").into_response()),
        Err(refusal) => {
            let known = typed.flag("known").then(|| CategoryCode::parse(typed.text("code")).ok()).flatten();
            let category = known.and_then(|c| directory.categories.get(&c));
            category_page(&state, &who, category, Some(typed), Some(&refusal), None)
        }
    }
}

/// The file of terms with the rule that was chosen for a category, when it is another one than now.
async fn rule_of(
    state: &WebState,
    directory: &Directory,
    code: &CategoryCode,
    typed: &Typed,
) -> Result<Option<(String, String)>, Refusal> {
    let Some(chosen) = typed.given("standard").filter(|s| *s != own_rule(directory, code.as_str())) else {
        return Ok(None);
    };
    let files = super::law::files(state).await.map_err(|p| *p.refusal)?;
    let home = files.iter().find(|(name, (text, _))| {
        name.starts_with("terms/") && lianzhi_law::revise::has_standard(text, chosen)
    });
    let (name, (text, _)) =
        home.ok_or_else(|| Refusal::invalid("standard", "没有这个处置期限。", "请从列表中选择。"))?;
    let today = ui::beijing(state.app.now()).date();
    let text = lianzhi_law::revise::with_rule(name, text, code.as_str(), chosen, today)
        .map_err(|e| Refusal::invalid("standard", format!("{e}。"), "请到“期限和日历”里改。"))?;
    due::load(&files, name, &text)?;
    Ok(Some((name.clone(), text)))
}

/// A block of addresses in the list.
struct Block {
    name: String,
    lines: usize,
    retired: bool,
}

#[derive(Template)]
#[template(path = "admin/addresses.html")]
struct AddressesPage {
    shell: Admin,
    blocks: Vec<Block>,
    form: Form,
}

async fn addresses_page(
    state: &WebState,
    who: &SignedIn,
    done: &str,
    typed: Option<&Typed>,
    refusal: Option<&Refusal>,
) -> Answer<Response> {
    let mut shell = open(state, who, "地址", "/admin/addresses")?;
    shell.done = done_word(done);
    let rows = state.app.store().journal.registers().await.map_err(Problem::from)?;
    let mut blocks: Vec<Block> = rows
        .iter()
        .filter(|r| r.register == "addresses")
        .map(|r| Block { name: r.key.clone(), lines: r.record.matches("\\n").count(), retired: r.retired })
        .collect();
    blocks.sort_by(|a, b| a.name.cmp(&b.name));
    let form = upload_form(&shell.csrf).refused(typed, refusal);
    Ok((status(refusal), page(&AddressesPage { shell, blocks, form })?).into_response())
}

/// `GET /admin/addresses`.
pub(super) async fn addresses(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    addresses_page(&state, &who, &asked.done, None, None).await
}

/// `GET /admin/addresses/edit`: a block, to be taken out of use.
pub(super) async fn edit_block(
    State(state): State<WebState>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    block_refused(&state, &who, &asked.code, None).await
}

/// A block's page, also after it could not be retired.
pub(super) async fn block_refused(
    state: &WebState,
    who: &SignedIn,
    key: &str,
    tried: Tried<'_>,
) -> Answer<Response> {
    let shell = open(state, who, "地址", "/admin/addresses")?;
    let rows = state.app.store().journal.registers().await.map_err(Problem::from)?;
    let row = rows.into_iter().find(|r| r.register == "addresses" && r.key == key);
    let row = row.ok_or_else(|| Refusal::missing("没有这块地址。"))?;
    let retire = (!row.retired).then(|| retire_form(&shell.csrf, "addresses", &row.key, tried));
    let form = upload_form(&shell.csrf).only_read(!shell.changes);
    let form = Form { inputs: form.inputs.into_iter().map(|i| fixed_name(i, key)).collect(), ..form };
    Ok((
        status(tried.map(|(_, r)| r)),
        page(&EditPage { shell, title: row.key, back: "/admin/addresses", form, retire })?,
    )
        .into_response())
}

fn fixed_name(input: Input, key: &str) -> Input {
    if input.name == "name" { input.value(key) } else { input }
}

fn upload_form(csrf: &str) -> Form {
    Form::new("/admin/addresses", csrf, "上传")
        .input(Input::new(Kind::Line, "name", "名称").required().hint("同名的一块整个替换；建议每个镇街一块"))
        .input(
            Input::new(Kind::Upload, "raw-file", "CSV 文件").required().accept(".csv,text/csv").hint(
                "第一行是列名：种类（道路、小区、门牌、地点）、名称、别名、门牌、经度、纬度、网格、街镇；UTF-8 或 GB18030",
            ),
        )
        .consequence("道路、小区、门牌的名称和坐标（CGCS2000）。只有地址的上报靠它定位。")
        .quiet()
}

/// `POST /admin/addresses`.
pub(super) async fn save_addresses(
    State(state): State<WebState>,
    who: SignedIn,
    posted: Posted,
) -> Answer<Response> {
    let outcome = async {
        let (_, bytes) = posted.file("raw-file")?;
        let record = Record::Addresses { name: posted.typed.text("name").to_owned(), text: text_of(bytes)? };
        state.app.put_register(&who.caller, record).await
    };
    match outcome.await {
        Ok(_) => Ok(Redirect::to("/admin/addresses?done=saved").into_response()),
        Err(refusal) => addresses_page(&state, &who, "", Some(&posted.typed), Some(&refusal)).await,
    }
}
