//! What an actor may do now. Each offer is a trial of the real decision with a sample command, so that an offer and
//! the decision can never disagree: "every offered command is accepted" holds by construction and is tested besides.

use super::command::{Asked, Channel, Command, Mark, Outcome};
use super::decide;
use super::state::{File, Stage, State, TermKey};
use crate::facts::{LookUps, Placing, Target};
use crate::{Choice, Facts, Field, FieldKind, Offer, PartKind, PartRef, RefusalKind, Text};
use lianzhi_ids::{CategoryCode, Digest, DocketId, GridCode, Role};

const LINE: FieldKind = FieldKind::Line;
const TEXT: FieldKind = FieldKind::Text;
const FLAG: FieldKind = FieldKind::Flag;

fn field(
    name: &'static str,
    title: &'static str,
    required: bool,
    kind: FieldKind,
    hint: &'static str,
) -> Field {
    Field { name, title, required, kind, hint: hint.into() }
}

fn note(title: &'static str) -> Field {
    field("note", title, true, TEXT, "")
}

fn remark() -> Field {
    field("note", "说明", false, TEXT, "")
}

fn photos(name: &'static str, title: &'static str) -> Field {
    field(name, title, false, FieldKind::Exhibits, "照片、录像或文件，原件原样保存")
}

macro_rules! choices {
    ($words:ty) => {
        FieldKind::Choice {
            choices: <$words>::ALL.iter().map(|w| Choice::new(w.code(), w.title())).collect(),
        }
    };
}

/// Refusals of these names are shown where the offer would stand; others hide the offer.
const SHOWN: &[&str] = &["not-arrived", "not-answered", "own-work", "own-request", "nobody"];

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let State::File(file) = state else {
        return Vec::new();
    };
    let sealed = || Text::Sealed(PartRef { kind: PartKind::Remark, digest: Digest::ZERO });
    let sample_target = DocketId(-1);
    let look_ups = LookUps {
        target: Some(Target { docket: sample_target, open: true, joined: false, lead: None }),
        placing: file.grid.clone().map_or(Placing::Unknown, |grid| Placing::Inside { grid }),
        ..facts.look_ups.clone()
    };
    let trial = Facts { look_ups: &look_ups, ..*facts };
    let mut offers = Vec::new();
    let mut offer =
        |main: bool, command: &'static str, title, consequence, sample: Command, fields: Vec<Field>| {
            let refused = match decide::decide(state, sample, &trial) {
                Ok(_) => None,
                Err(refusal) if SHOWN.contains(&refusal.code) => Some(refusal),
                Err(refusal) if refusal.kind == RefusalKind::Invalid => Some(refusal),
                Err(_) => return,
            };
            offers.push(Offer { command, title, consequence, fields, main, refused });
        };
    let stage = &file.stage;

    offer(true, "accept", "受理", "由您承办；起算到场和处置时限。", Command::Accept, vec![]);
    let arrive = Command::Arrive { point: None, accuracy_m: None, exhibits: vec![] };
    offer(true, "arrive", "到场", "登记到场时间。", arrive, vec![photos("exhibits", "到场照片、录音")]);
    let outcome = field("outcome", "处置结果", true, choices!(Outcome), "");
    let handle = vec![
        outcome,
        note("处置情况"),
        photos("before", "处置前照片"),
        field("after", "处置后照片", false, FieldKind::Exhibits, "劝阻、责令改正、自行整改、清理修复须附"),
        photos("exhibits", "录音、其他文件"),
    ];
    let arrived = !matches!(stage, Stage::Working { arrived: None, .. });
    offer(
        arrived,
        "handle",
        "登记处置结果",
        "转入核查。",
        Command::Handle {
            outcome: Outcome::Untrue,
            note: sealed(),
            before: vec![],
            after: vec![],
            exhibits: vec![],
        },
        handle,
    );
    let verify = vec![
        field("passed", "已解决", false, FLAG, "不勾选即返工"),
        field("on_site", "到现场核查", false, FLAG, "不勾选即凭照片核查"),
        field("note", "核查意见", false, TEXT, "返工时必填"),
        photos("exhibits", "核查照片"),
    ];
    offer(
        true,
        "verify",
        "核查",
        "通过后答复、结案；不通过即返工。",
        Command::Verify { passed: true, on_site: false, note: sealed(), exhibits: vec![] },
        verify,
    );
    let answer = vec![
        field("text", "答复内容", true, TEXT, "上报人会看到这段话"),
        field("channel", "答复方式", true, choices!(Channel), ""),
    ];
    let main = matches!(stage, Stage::ToAnswer { .. });
    offer(
        main,
        "answer",
        "答复上报人",
        "记入过程，上报人在进度页可见。",
        Command::Answer { text: sealed(), channel: Channel::Phone },
        answer,
    );
    offer(true, "close", "结案", "本件办结；期限内可以重办。", Command::Close, vec![]);
    offer(
        true,
        "approve",
        approve_title(file),
        "同意后时限随之改变，记入过程。",
        Command::Approve { granted: true, note: sealed() },
        vec![
            field("granted", "同意", false, FLAG, "不勾选即不同意"),
            field("note", "审批意见", false, TEXT, "不同意时必填"),
        ],
    );
    offer(
        true,
        "decide_return",
        "登记热线对退单的答复",
        "同意即退单办结，不同意即继续办理。",
        Command::DecideReturn { granted: true, note: sealed() },
        vec![field("granted", "热线同意退单", false, FLAG, ""), remark()],
    );

    let pooled = matches!(stage, Stage::Pooled { .. });
    let units =
        || facts.directory.units_in_use().map(|u| Choice::new(u.code.as_str(), &*u.name)).collect::<Vec<_>>();
    // The lead unit cannot assist itself.
    let others = || {
        let mut choices = units();
        choices.retain(|c| file.unit.as_ref().is_none_or(|u| u.as_str() != c.value));
        choices
    };
    let dispatch_sample = match facts.directory.units.keys().next() {
        Some(unit) => Command::Dispatch { officer: None, unit: Some(unit.clone()), note: Text::default() },
        None => Command::Dispatch { officer: None, unit: None, note: Text::default() },
    };
    offer(
        pooled,
        "dispatch",
        "派遣、改派",
        "派给一名队员并起算受理时限；都不选即按规则再派。",
        dispatch_sample,
        vec![
            field(
                "officer",
                "队员",
                false,
                FieldKind::Person { choices: officers(file, facts) },
                "在岗、在办少的在前",
            ),
            field(
                "unit",
                "单位",
                false,
                FieldKind::Unit { choices: units(), many: false },
                "选单位即由规则在该单位中派人；外部门即转办",
            ),
            remark(),
        ],
    );
    offer(pooled, "take", "领取", "由您承办，起算受理时限。", Command::Take, vec![]);
    let grids = placing_choices(file, facts);
    let grid_sample = facts.directory.grids.keys().next().cloned();
    offer(
        pooled && file.grid.is_none(),
        "place",
        "定位",
        "定位后按网格派遣。",
        Command::Place { point: None, grid: grid_sample },
        vec![
            field("grid", "网格", false, FieldKind::Grid { choices: grids }, "或填经纬度"),
            field("lng", "经度", false, LINE, "WGS-84 或 CGCS2000，如 121.1142"),
            field("lat", "纬度", false, LINE, "如 31.1508"),
        ],
    );
    let any_category = facts.directory.categories.keys().find(|c| file.category.as_ref() != Some(c)).cloned();
    if let Some(category) = any_category {
        offer(
            false,
            "classify",
            "分类",
            "按类别起算处置时限。",
            Command::Classify { category },
            vec![field(
                "category",
                "类别",
                true,
                FieldKind::Category { choices: categories(file, facts) },
                "五位类别代码，如 E09005",
            )],
        );
    }
    // Without a handling term there is nothing to extend.
    let extends = file.clocks.get(TermKey::Handle).is_some_and(|c| c.stopped.is_none());
    let asked = if extends { Asked::Extension } else { Asked::Suspension };
    let wishes = Asked::ALL.iter().filter(|a| extends || **a != Asked::Extension);
    let wishes = FieldKind::Choice { choices: wishes.map(|a| Choice::new(a.code(), a.title())).collect() };
    let ask = vec![
        field("what", "申请", true, wishes, "延期加时，挂账停钟"),
        field(
            "hours",
            "小时",
            true,
            FieldKind::Number { min: 1, max: i64::from(decide::ASK_HOURS_MAX) },
            "72 小时以内队长批，以上机关负责人批",
        ),
        note("理由"),
    ];
    offer(
        false,
        "ask",
        "申请延期、挂账",
        "等候审批；审批前时限照走。",
        Command::Ask { what: asked, hours: 1, note: sealed() },
        ask,
    );
    offer(
        matches!(stage, Stage::Suspended { .. }),
        "resume",
        "恢复办理",
        "停下的时限继续走，不多不少。",
        Command::Resume,
        vec![],
    );
    offer(
        false,
        "help",
        "请求支援",
        "所选单位成为协办。",
        Command::Help { note: sealed(), units: vec![] },
        vec![
            note("需要什么"),
            field("units", "单位", false, FieldKind::Unit { choices: others(), many: true }, ""),
        ],
    );
    offer(
        false,
        "assist",
        "设协办单位",
        "协办单位可以看到并补充本件。",
        Command::Assist { units: vec![] },
        vec![field(
            "units",
            "协办单位",
            false,
            FieldKind::Unit { choices: others(), many: true },
            "不选即没有协办",
        )],
    );
    offer(
        false,
        "return",
        "退回派遣",
        "说明理由，由规则改派他人。",
        Command::Return { note: sealed() },
        vec![note("理由")],
    );
    offer(
        false,
        "contact",
        "先行联系",
        "登记联系结果，停先行联系时限。",
        Command::Contact { reached: true, note: sealed() },
        vec![field("reached", "联系上了", false, FLAG, ""), note("联系结果")],
    );
    let joins = file
        .intake
        .duplicates
        .iter()
        .map(|d| Choice::new(d.number.clone(), format!("{}（{}）", d.number, d.reasons.join("，"))))
        .collect();
    offer(
        false,
        "join",
        "并件",
        "并入主件办理；本件仍须单独答复。",
        Command::Join { to: sample_target, sure: false },
        vec![
            field("to", "主件", true, FieldKind::Matter { choices: joins }, "编号，或它的后几位，如 000123"),
            field("sure", "确认是同一件事", false, FLAG, "地点、类别对不上时才要勾选"),
        ],
    );
    offer(false, "unjoin", "拆出", "不再随主件，重新派遣。", Command::Unjoin, vec![]);
    offer(
        false,
        "split",
        "拆件",
        "其中一部分另立一件，互相可查。",
        Command::Split { note: sealed(), category: None },
        vec![
            note("新办件的事由"),
            field("category", "类别", false, FieldKind::Category { choices: vec![] }, ""),
        ],
    );
    offer(
        false,
        "return_order",
        "申请退单",
        "由热线答复是否同意；答复前不办理。",
        Command::ReturnOrder { note: sealed() },
        vec![note("退单理由")],
    );
    offer(
        false,
        "dismiss",
        "不予受理",
        "本件终止，上报人看到理由。",
        Command::Dismiss { note: sealed() },
        vec![note("理由")],
    );
    offer(
        false,
        "reopen",
        "重办",
        "重新派遣，时限重新起算。",
        Command::Reopen { note: sealed() },
        vec![note("哪里没有解决")],
    );
    let stars =
        || field("stars", "满意度", true, FieldKind::Number { min: 1, max: 5 }, "1 很不满意，5 很满意");
    offer(
        false,
        "revisit",
        "回访",
        "登记回访结果。",
        Command::Revisit { settled: true, stars: 5, note: sealed() },
        vec![field("settled", "已解决", false, FLAG, ""), stars(), remark()],
    );
    offer(
        false,
        "rate",
        "评价",
        "谢谢。",
        Command::Rate { stars: 5, note: sealed() },
        vec![stars(), remark()],
    );
    offer(
        false,
        "add",
        "补充材料",
        "记入过程。",
        Command::Add { note: sealed(), exhibits: vec![] },
        vec![note("补充内容"), photos("exhibits", "照片、文件")],
    );
    offer(false, "withdraw", "撤回", "不再办理。", Command::Withdraw { note: sealed() }, vec![remark()]);
    let mark = if decide::decide(state, Command::Supervise { mark: Mark::Supervise, note: sealed() }, &trial)
        .is_ok()
    {
        Mark::Supervise
    } else {
        Mark::Urge
    };
    let marks = Mark::ALL
        .iter()
        .filter(|m| mark == Mark::Supervise || **m == Mark::Urge)
        .map(|m| Choice::new(m.code(), m.title()))
        .collect();
    offer(
        false,
        "supervise",
        "督办、催办、批示",
        "承办人和队长会看到。",
        Command::Supervise { mark, note: sealed() },
        vec![field("mark", "种类", true, FieldKind::Choice { choices: marks }, ""), note("要求")],
    );
    offer(
        false,
        "erase",
        "删除个人信息",
        "销毁密钥，内容不可恢复；过程记录仍可核验。",
        Command::Erase { parts: vec![], everything: false, reason: "…".into() },
        vec![
            field("reason", "依据", true, LINE, "如：本人申请；这里不要写姓名、电话"),
            field("everything", "连同办理人员写的文字", false, FLAG, "不勾选即只删除上报人提供的内容"),
        ],
    );
    offers
}

fn approve_title(file: &File) -> &'static str {
    match file.pending.as_ref().map(|p| p.what) {
        Some(Asked::Suspension) => "审批挂账",
        _ => "审批延期",
    }
}

/// How many people, grids and categories a form lists; more are found by typing the code.
const CHOICES_MAX: usize = 60;

fn officers(file: &File, facts: &Facts<'_>) -> Vec<Choice> {
    let unit = file
        .unit
        .as_ref()
        .or_else(|| file.grid.as_ref().and_then(|g| facts.directory.grids.get(g)).map(|g| &g.unit));
    let mut found: Vec<_> = facts
        .directory
        .people
        .values()
        .filter(|p| {
            p.active && (file.officer() != Some(&p.code) || matches!(file.stage, Stage::Pooled { .. }))
        })
        .filter_map(|p| {
            let post = p.posts.iter().find(|x| x.roles.contains(&Role::Officer))?;
            let near = unit.is_some_and(|u| *u == post.unit);
            Some((!near, !facts.duty.is_on(&p.code), facts.loads.open(&p.code), p, &post.unit))
        })
        .collect();
    found.sort_by(|a, b| (a.0, a.1, a.2, &a.3.code).cmp(&(b.0, b.1, b.2, &b.3.code)));
    found
        .into_iter()
        .take(CHOICES_MAX)
        .map(|(_, off, load, p, unit)| {
            Choice::new(
                p.code.as_str(),
                format!(
                    "{}（{}，{}，在办 {load}）",
                    p.name,
                    facts.directory.unit_name(unit),
                    if off { "不在岗" } else { "在岗" }
                ),
            )
        })
        .collect()
}

fn placing_choices(file: &File, facts: &Facts<'_>) -> Vec<Choice> {
    if let Placing::Ambiguous { candidates } = &file.intake.placing {
        // The words of candidates are looked up anew from the address; without it the grid's name must do.
        let looked_up = match &facts.look_ups.placing {
            Placing::Ambiguous { candidates } => candidates.as_slice(),
            _ => &[],
        };
        let name = |grid: &GridCode| {
            let known = facts.directory.grids.get(grid).map(|g| g.name.clone());
            let words = looked_up.iter().find(|c| c.grid == *grid).map(|c| c.name.clone());
            words.or(known).unwrap_or_else(|| grid.to_string())
        };
        return candidates.iter().map(|c| Choice::new(c.grid.as_str(), name(&c.grid))).collect();
    }
    let mut grids: Vec<_> = facts.directory.grids.values().collect();
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    grids.into_iter().map(|g| Choice::new(g.code.as_str(), &*g.name)).collect()
}

fn categories(file: &File, facts: &Facts<'_>) -> Vec<Choice> {
    let choice = |c: &CategoryCode| Choice::new(c.as_str(), facts.directory.category_name(c));
    facts.directory.categories.keys().filter(|c| file.category.as_ref() != Some(c)).map(choice).collect()
}
