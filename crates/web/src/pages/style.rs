//! The living style page: every component in every state, made by the same functions and templates as the pages.
//! For those who build pages; a node in production does not have it.

use super::form::{Form, Input, Kind};
use super::hand::{self, Known};
use super::rows::Line;
use super::shell::Shell;
use super::{assets, board, citizen, map, page, sums, todo, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use lianzhi_procedure::{Choice, Field, FieldKind, Offer, Refusal};

#[derive(Template)]
#[template(path = "style.html")]
struct StylePage {
    shell: Shell,
    states: &'static [(&'static str, &'static str)],
    colours: &'static [(&'static str, &'static str)],
    icons: Vec<String>,
    plain: Form,
    refused: Form,
    by_hand: Form,
    refusal: Refusal,
    cards: Vec<ui::Html>,
    jobs: Vec<ui::Html>,
    sums: ui::Html,
    bubble: ui::Html,
    tiles: ui::Html,
}

/// States of a component, each with its word.
const STATES: &[(&str, &str)] = &[
    ("late", "超期"),
    ("near", "临近"),
    ("fine", "正常"),
    ("done", "已办"),
    ("paused", "暂停"),
    ("back", "退回"),
    ("wait", "等待"),
    ("no", "不可办"),
];

/// Names of the colour tokens, each with its use.
const COLOURS: &[(&str, &str)] = &[
    ("ground", "底"),
    ("surface", "面"),
    ("sunken", "凹"),
    ("line", "细线"),
    ("edge", "控件边"),
    ("ink", "正文"),
    ("ink-2", "次要"),
    ("ink-3", "说明"),
    ("accent", "主色"),
    ("accent-tint", "主色浅"),
    ("foreign", "外省"),
    ("late", "超期"),
    ("near", "临近"),
    ("done", "已办"),
];

/// Names of the line icons in the sprite.
fn icons() -> Vec<String> {
    let sprite = include_str!("../../assets/icons.svg");
    sprite.split("id=\"i-").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn sample(csrf: &str) -> Form {
    let choices = || vec![Choice::new("a", "甲"), Choice::new("b", "乙"), Choice::new("c", "丙")];
    Form::new("/style", csrf, "保存")
        .input(Input::new(Kind::Line, "line", "一行文字").required().hint("提示写在这里"))
        .input(Input::new(Kind::Text, "text", "一段文字"))
        .input(Input::new(Kind::Number { min: 1, max: 72 }, "number", "数字"))
        .input(Input::new(Kind::Select, "select", "选一个").choices(choices()))
        .input(Input::new(Kind::Segments, "segments", "几选一").choices(choices()))
        .input(Input::new(Kind::Many, "many", "可多选").choices(choices()))
        .input(Input::new(Kind::Flag, "flag", "是否"))
        .input(Input::new(Kind::Moment, "moment", "时间"))
        .input(Input::new(Kind::Exhibits, "files", "照片、文件"))
        .consequence("提交以后会怎样，写在按钮上面。")
}

/// A matter that is nowhere but here.
fn line(state: &'static str, left: &str) -> Line {
    Line {
        id: 0,
        href: "/style".into(),
        number: "沪青2026-004402".into(),
        title: "漕平路 118 号店外经营".into(),
        address: "漕平路 118 号".into(),
        category: "店外经营".into(),
        stage_title: "处置中",
        open: state != "done",
        state,
        left: left.into(),
        until: None,
        due_name: "到场".into(),
        due_text: "今天 11:00".into(),
        provisional: false,
        unit: "甲镇中队".into(),
        officer: "张某".into(),
        grid: String::new(),
        source: "市民上报".into(),
        external: String::new(),
        reported: "今天 09:00".into(),
        updated: "今天 09:12".into(),
        steps: 4,
    }
}

/// `GET /style`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn) -> Answer<Response> {
    if !state.config.style_page {
        return Err(Problem::nothing_here());
    }
    let shell = Shell::new(&state, &who, "组件", "/style");
    let refusal = Refusal::invalid("line", "“一行文字”没有填写。", "请填写后再提交。");
    let people = ["张某（在岗，本网格，在办 1 件）", "李某（在岗，在办 2 件）", "王某（不在岗）"];
    let offer = Offer {
        command: "dispatch",
        title: "派遣、改派",
        consequence: "派给一名队员并起算受理时限。",
        fields: vec![
            Field {
                name: "officer",
                title: "队员",
                required: false,
                kind: FieldKind::Person {
                    choices: people.iter().zip(["a", "b", "c"]).map(|(t, v)| Choice::new(v, *t)).collect(),
                },
                hint: "在岗、在办少的在前".into(),
            },
            Field { name: "note", title: "说明", required: false, kind: FieldKind::Text, hint: "".into() },
        ],
        main: true,
        refused: None,
    };
    let by_hand = super::form::of_offer(&offer, "/style".into(), &shell.csrf);
    page(&StylePage {
        states: STATES,
        colours: COLOURS,
        icons: icons(),
        plain: sample(&shell.csrf).id("plain"),
        refused: sample(&shell.csrf).id("refused").refused(None, Some(&refusal)),
        by_hand: hand::dress(by_hand, "dispatch", &Known::default()),
        cards: [("late", "超 12 分钟"), ("near", "剩 8 分钟"), ("fine", "剩 3 小时"), ("done", "已办结")]
            .into_iter()
            .map(|(state, left)| board::sample_card(line(state, left)))
            .collect::<Result<_, _>>()?,
        jobs: vec![
            todo::sample(line("near", "剩 8 分钟"), "accept", None)?,
            todo::sample(line("late", "超 12 分钟"), "handle", Some(refusal.clone()))?,
        ],
        sums: sums::sample()?,
        bubble: map::points::sample(line("late", "超 12 分钟"))?,
        tiles: citizen::pictures::sample().map_err(|_| Problem::internal())?,
        refusal,
        shell,
    })
}
