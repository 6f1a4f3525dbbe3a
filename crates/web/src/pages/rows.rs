//! A matter as a line of a list: names instead of codes, the term in words.

use super::ui;
use jiff::Timestamp;
use lianzhi_app::Side;
use lianzhi_app::ports::MatterRow;
pub use lianzhi_app::words::{act_title, act_title_of, stage_title};
use lianzhi_app::words::{case_stage_title, row_title};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{CategoryCode, GridCode, PersonCode, UnitCode};
use lianzhi_law::Service;
use lianzhi_procedure::Kind;
use lianzhi_procedure::cooperation::Stage;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;
use lianzhi_procedure::{penalty, slip, spot};

/// A matter as lists show it.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: i64,
    /// Its own page: meetings and plans have theirs.
    pub href: String,
    pub number: String,
    pub title: String,
    pub address: String,
    pub category: String,
    pub stage_title: &'static str,
    pub open: bool,
    /// `late`, `near`, `fine`, `done`, `wait`.
    pub state: &'static str,
    pub left: String,
    /// Until when, micros, while the term runs.
    pub until: Option<i64>,
    pub due_name: String,
    pub due_text: String,
    pub provisional: bool,
    pub unit: String,
    pub officer: String,
    pub grid: String,
    pub source: String,
    pub external: String,
    pub reported: String,
    pub updated: String,
    pub steps: u8,
}

/// Stages of a report with their words, in the order in which work goes through them; the list filter offers these.
pub const STAGES: &[(&str, &str, u8)] = &[
    ("pooled", "待派遣", 1),
    ("assigned", "待受理", 2),
    ("outside", "外部门办理", 3),
    ("working", "处置中", 4),
    ("suspended", "挂账", 4),
    ("to_verify", "待核查", 5),
    ("to_answer", "待答复", 6),
    ("to_close", "待结案", 7),
    ("joined", "已并件", 4),
    ("return_asked", "退单待确认", 2),
    ("closed", "已结案", 8),
    ("dismissed", "不予受理", 8),
    ("returned", "已退单", 8),
    ("withdrawn", "已撤回", 8),
];

/// Kind of penalty cases.
const CASE: &str = "penalty";
/// Kind of decisions on the spot.
const SPOT: &str = "spot";
/// Kind of slips.
const SLIP: &str = "slip";

/// Name of a stage of this kind of matter: some codes mean one thing in a report and another between members.
pub fn stage_title_of(kind: &str, stage: &str) -> &'static str {
    match Form::from_code(kind) {
        Some(_) => Stage::from_code(stage).map_or("", Stage::title),
        None if kind == CASE => case_stage_title(stage).unwrap_or(""),
        None if kind == SPOT => spot::Stage::from_code(stage).map_or("", spot::Stage::title),
        None if kind == SLIP => slip::Stage::from_code(stage).map_or("", slip::Stage::title),
        None => stage_title(stage),
    }
}

/// Steps in the small stage bar.
pub const STEPS: u8 = 8;

/// What stands behind an act that waits: the service standard of a report, the law of a matter between members.
pub fn ground(directory: &Directory, row: &MatterRow, what: &str, now: Timestamp) -> String {
    match Form::from_code(&row.kind) {
        Some(form) => lianzhi_procedure::cooperation::basis(form).to_owned(),
        None if row.kind == CASE => article(what).to_owned(),
        None if row.kind == SPOT => spot_article(what).to_owned(),
        None if row.kind == SLIP => "三单制：先提示、后警示、再处罚".to_owned(),
        None => promise(directory, what, now),
    }
}

/// The article behind an act that waits in a penalty case. The whole of it stands on the case's page.
fn article(what: &str) -> &'static str {
    match what {
        "assign" => "行政处罚法第四十二条",
        "verify" | "file" | "not_file" => "行政处罚法第五十四条",
        "record" => "行政处罚法第四十六条、第五十五条",
        "settle_lapsed" => "行政处罚法第五十六条；行政强制法第二十五条、第二十八条：期满的立即解除并退还",
        "settle" => "行政处罚法第五十六条；行政强制法第二十七条、第二十八条",
        "finish" | "charge" | "decide" | "approve" | "endorse" => "行政处罚法第五十七条",
        "notify" => "行政处罚法第四十四条、第六十二条",
        "answer" => "行政处罚法第四十五条",
        "see_promise" => "行政处罚法第三十三条第一款",
        "call_hearing" | "hold_hearing" => "行政处罚法第六十四条",
        "review" | "review_proposal" | "resubmit" => "行政处罚法第五十八条",
        "reinspect" => "行政处罚法第二十八条第一款",
        "discuss" => "行政处罚法第五十七条第二款",
        "serve" => "行政处罚法第六十一条",
        "publish" | "unpublish" => "行政处罚法第四十八条",
        "hand_in" | "deposit" => "行政处罚法第七十一条",
        "dispose" => "行政强制法第二十七条、第二十八条；行政处罚法第五十六条",
        "pay_over" => "行政强制法第二十八条第二款；行政处罚法第七十四条",
        "refund" => "国家赔偿法第三十六条第一项",
        "thing_missing" => "行政强制法第二十六条",
        "demand" | "compel" | "enforce" => "行政处罚法第七十二条；行政强制法第三十五条、第五十四条",
        "lodge_court" => "行政强制法第五十三条",
        "stop_enforcement" => "行政强制法第四十条、第五十一条",
        "ask_police" => "行政执法机关移送涉嫌犯罪案件的规定第九条",
        "send_crime" | "answer_crime" => "行政处罚法第二十七条",
        "close" | "archive" => "行政处罚法第四十七条",
        _ => "",
    }
}

/// The article behind an act that waits in a decision on the spot.
fn spot_article(what: &str) -> &'static str {
    match what {
        "tell" => "行政处罚法第四十四条",
        "hear" => "行政处罚法第四十五条",
        "impose" | "go_over" => "行政处罚法第五十一条",
        "hand" => "行政处罚法第五十二条第一款",
        "lodge" => "行政处罚法第五十二条第三款",
        "hand_in" | "deposit" => "行政处罚法第七十一条",
        "pay" => "行政处罚法第六十七条",
        "demand" | "serve_demand" => "行政处罚法第七十二条；行政强制法第五十四条",
        "apply_court" | "answer_court" => "行政强制法第五十三条、第五十六条",
        "refund" => "国家赔偿法第三十六条第一项",
        "reinspect" => "行政处罚法第三十三条第一款",
        _ => "",
    }
}

/// The standard behind an act that waits, as it is in force today. The whole arithmetic stands on the matter's page.
fn promise(directory: &Directory, what: &str, now: Timestamp) -> String {
    let service = match what {
        "accept" => Service::Accept,
        "arrive" => Service::Arrive,
        "answer" => Service::Answer,
        "contact" => Service::HotlineContact,
        "handle" => return "类别处置时限".into(),
        "verify" => return "核查规则：承办人不得核查本件".into(),
        _ => return String::new(),
    };
    let standard = directory.law.service_standard(service, ui::beijing(now).date());
    format!("{}内{} · {}", standard.plain_measure(), act_title(what), standard.source)
}

/// Where somebody works on a matter of this kind.
pub fn href_of(kind: &str, id: i64) -> String {
    let room = match Kind::from_code(kind) {
        Some(Kind::Meeting) => "/meetings",
        Some(Kind::Plan) => "/plans",
        _ => "/matters",
    };
    format!("{room}/{id}")
}

impl Line {
    /// The line of a row.
    pub fn new(row: &MatterRow, directory: &Directory, now: Timestamp) -> Self {
        let (state, left) = ui::term(now, row.due_at, row.open);
        let unit = row.unit.as_deref().and_then(|u| UnitCode::parse(u).ok());
        let officer = row.assignee.as_deref().and_then(|p| PersonCode::parse(p).ok());
        let category = row.category.as_deref().and_then(|c| CategoryCode::parse(c).ok());
        let grid = row.grid.as_deref().and_then(|g| GridCode::parse(g).ok());
        Line {
            id: row.id.0,
            href: href_of(&row.kind, row.id.0),
            // A compact has no number for people, only the one that its members share.
            number: match (&row.external, row.kind == Kind::Compact.code()) {
                (Some(shared), true) => format!("共享编号 {shared}"),
                _ => row.number.clone(),
            },
            title: row_title(row),
            address: row.address.clone(),
            category: category.map(|c| directory.category_name(&c).to_owned()).unwrap_or_default(),
            stage_title: stage_title_of(&row.kind, &row.stage),
            open: row.open,
            state: if row.stage == "suspended" { "paused" } else { state },
            left,
            until: row.due_at.filter(|_| row.open && row.stage != "suspended"),
            due_name: row.due_name.clone(),
            due_text: row.due_at.map(|at| ui::due(now, ui::moment(at))).unwrap_or_default(),
            provisional: row.provisional,
            unit: unit.map(|u| directory.unit_name(&u).to_owned()).unwrap_or_default(),
            officer: officer.map(|p| directory.person_name(&p).to_owned()).unwrap_or_default(),
            grid: grid
                .map(|g| directory.grids.get(&g).map_or_else(|| g.to_string(), |grid| grid.name.clone()))
                .unwrap_or_default(),
            source: match lianzhi_app::partners_of(row) {
                Some((Side::Incoming, from)) => format!("来自 {}", directory.member_names(&from)),
                Some((Side::Outgoing, to)) => format!("发往 {}", directory.member_names(&to)),
                None if row.kind == CASE => {
                    penalty::Source::from_code(&row.source).map_or("", penalty::Source::title).to_owned()
                }
                None if row.kind == SPOT => "当场处罚".to_owned(),
                None if row.kind == SLIP => {
                    slip::Level::from_code(&row.source).map_or("", slip::Level::title).to_owned()
                }
                None => Source::from_code(&row.source).map_or("", Source::title).to_owned(),
            },
            external: row.external.clone().unwrap_or_default(),
            reported: ui::near(now, ui::moment(row.reported_at)),
            updated: ui::near(now, ui::moment(row.updated_at)),
            steps: match Form::from_code(&row.kind) {
                Some(_) => 0,
                None if [CASE, SPOT, SLIP].contains(&row.kind.as_str()) => 0,
                None => STAGES.iter().find(|(c, ..)| *c == row.stage).map_or(0, |s| s.2),
            },
        }
    }

    /// The small bar of stages.
    pub fn mini(&self) -> ui::Html {
        if self.steps == 0 {
            return ui::words(self.stage_title);
        }
        let mut out = String::from(r#"<span class="stage-mini"><svg viewBox="0 0 44 6" aria-hidden="true">"#);
        for i in 0..STEPS {
            let class = if i < self.steps { r#" class="gone""# } else { "" };
            out.push_str(&format!(
                r#"<rect{class} x="{}.{}" width="4.5" height="6"/>"#,
                u32::from(i) * 55 / 10,
                u32::from(i) * 55 % 10
            ));
        }
        out.push_str(&format!("</svg>{}</span>", self.stage_title));
        ui::Html::rendered(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meetings_and_plans_have_pages_of_their_own() {
        let of = |kind| href_of(kind, 7);
        assert_eq!(
            [of("report"), of("lead"), of("meeting"), of("plan")],
            ["/matters/7", "/matters/7", "/meetings/7", "/plans/7"]
        );
    }

    #[test]
    fn every_stage_of_the_procedure_has_its_place_in_the_bar() {
        for (code, title) in lianzhi_procedure::report::STAGES {
            let ours =
                STAGES.iter().find(|(c, ..)| c == code).unwrap_or_else(|| panic!("{code} is not in the bar"));
            assert_eq!(ours.1, *title);
        }
        assert_eq!(STAGES.len(), lianzhi_procedure::report::STAGES.len());
    }
}
