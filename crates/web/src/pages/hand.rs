//! Forms by hand: the commands that people give ten times an hour get more than a form made from their fields.
//!
//! A dressed form has exactly the inputs of its offer (there is a test), so that the procedure checks it like any
//! other: what is added is what spares typing – phrases, choices as cards, photos side by side, what is known already.

use super::form::{Form, Kind};
use lianzhi_app::MatterView;
use lianzhi_procedure::AnyState;
use lianzhi_procedure::report::State as Report;

/// What is known of the matter when its forms are dressed.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Title.
    pub title: String,
    /// What was written when it was handled last.
    pub handled: Option<String>,
    /// The result of handling, in words.
    pub outcome: Option<&'static str>,
    /// What was answered to the reporter.
    pub answered: Option<String>,
    /// What is asked for and waits for approval: title and text.
    pub asked: Option<(String, String)>,
    /// Terms that run, soonest first: name and due in words.
    pub clocks: Vec<(String, String)>,
    /// Pictures to be compared when it is verified.
    pub pictures: usize,
}

impl Known {
    /// What the matter's page knows.
    #[must_use]
    pub fn of(view: &MatterView) -> Self {
        let last = |kind: &str| {
            let lines = view.record.iter().filter(|l| l.event_type == kind);
            lines.max_by_key(|l| l.seq).and_then(|l| l.text.clone())
        };
        let file = match &view.state {
            AnyState::Report(Report::File(file)) => Some(file),
            _ => None,
        };
        let handled = file.and_then(|f| f.handled.as_ref());
        let mut clocks: Vec<_> = view.clocks.iter().filter(|c| c.state != "done").collect();
        clocks.sort_by_key(|c| c.due);
        Known {
            title: view.row.title.clone(),
            handled: handled.and_then(|_| last("handled")),
            outcome: handled.map(|h| h.outcome.title()),
            answered: file.and_then(|f| f.answer.as_ref()).and_then(|_| last("answered")),
            asked: file.and_then(|f| f.pending.as_ref()).map(|p| {
                (
                    format!("申请{}", p.what.title()),
                    format!("{} 小时。{}", p.hours, last("requested").unwrap_or_default()),
                )
            }),
            clocks: clocks
                .iter()
                .map(|c| (c.title.to_owned(), format!("{}，{}", c.left, c.due_text)))
                .collect(),
            pictures: handled.map_or(0, |h| h.before.len() + h.after.len()),
        }
    }
}

fn phrases(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}

/// A draft of the answer from what was written at the scene. The officer reads and signs for it, so it is offered and
/// never filled in by itself.
fn draft(known: &Known) -> Option<String> {
    let done = known.handled.as_deref().map(str::trim).filter(|t| !t.is_empty())?;
    let done = done.trim_end_matches(['。', '.', '！']);
    let about: String = known.title.chars().take(40).collect();
    Some(format!("您好，您反映的“{about}”已办理：{done}。感谢您的监督，如仍有问题请再告诉我们。"))
}

/// Dresses the form of a command. Others are given back as they are.
#[must_use]
pub fn dress(mut form: Form, command: &str, known: &Known) -> Form {
    match command {
        "accept" | "arrive" => {
            form.facts = known.clocks.iter().take(2).cloned().collect();
        }
        "handle" => {
            form.shape = "pair";
            for name in ["before", "after"] {
                if let Some(input) = form.get(name) {
                    input.accept = "image/*";
                    input.hint = if name == "after" {
                        "劝阻、整改、清理后须附"
                    } else {
                        "到场时的样子"
                    }
                    .into();
                }
            }
            form.quick(
                "note",
                phrases(&[
                    "现场劝离，已恢复原状。",
                    "已责令当场改正，当事人配合。",
                    "已清理干净。",
                    "现场未发现反映的情况。",
                ]),
            );
        }
        "verify" => {
            if known.pictures > 0 {
                form.facts
                    .push(("照片".into(), format!("{} 张，见“照片、文件”，可前后对比", known.pictures)));
            }
            if let Some(handled) = &known.handled {
                form.facts.push(("处置情况".into(), handled.clone()));
            }
            form.quick(
                "note",
                phrases(&[
                    "照片清楚，已解决。",
                    "到现场核实，已解决。",
                    "仍有残留，请返工。",
                    "处置后照片看不清，请补拍。",
                ]),
            );
        }
        "answer" => {
            if let Some(outcome) = known.outcome {
                form.facts.push(("处置结果".into(), outcome.into()));
            }
            form.quick("text", draft(known).into_iter().collect());
            if let Some(input) = form.get("text") {
                input.rows = 5;
            }
        }
        "close" => {
            let facts = [
                ("处置结果", known.outcome.map(str::to_owned)),
                ("处置情况", known.handled.clone()),
                ("答复", known.answered.clone()),
            ];
            form.facts = facts.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?))).collect();
        }
        "dispatch" => {
            form.cards("officer", "按规则自动派");
            form.quick("note", phrases(&["就近处置", "上次也由您办理", "情况较急，请先到场"]));
        }
        "ask" => {
            form.quick("hours", phrases(&["4", "24", "48", "72"]));
            form.quick(
                "note",
                phrases(&["须会同其他部门办理。", "当事人不在，已约时间。", "须施工队伍进场。"]),
            );
        }
        "return" => form.quick(
            "note",
            phrases(&[
                "不在本网格。",
                "不属本单位职责。",
                "须专业队伍处置。",
                "正在处置另一急件，无法按时到场。",
            ]),
        ),
        "contact" => form.quick(
            "note",
            phrases(&["已核实地点和情况。", "电话无人接听，稍后再拨。", "来电人要求结果告知本人。"]),
        ),
        "help" => form.quick("note", phrases(&["需要增派两人。", "需要清运车辆。", "需要交警到场疏导。"])),
        "join" => form.cards("to", ""),
        "place" => form.map = true,
        "approve" => {
            form.facts = known.asked.iter().cloned().collect();
            form.quick("note", phrases(&["同意。", "理由不充分，请按期办结。"]));
        }
        _ => {}
    }
    form
}

impl Form {
    fn quick(&mut self, name: &str, phrases: Vec<String>) {
        if let Some(input) = self.get(name) {
            input.quick = phrases;
        }
    }
    /// Choices side by side with all they say; `none` is the choice of nobody, when that may be chosen.
    fn cards(&mut self, name: &str, none: &'static str) {
        if let Some(input) = self.get(name)
            && !input.choices.is_empty()
        {
            input.kind = Kind::Cards { none };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::form::of_offer;
    use lianzhi_procedure::{Choice, Field, FieldKind, Offer};

    /// Commands with a form by hand.
    const BY_HAND: [&str; 13] = [
        "accept", "arrive", "handle", "verify", "answer", "close", "dispatch", "ask", "return", "contact",
        "join", "approve", "help",
    ];

    fn offer(command: &'static str) -> Offer {
        let field = |name, kind| Field { name, title: "字段", required: false, kind, hint: "".into() };
        let choices = || vec![Choice::new("a", "甲（在岗，在办 1 件）"), Choice::new("b", "乙")];
        let fields = vec![
            field("note", FieldKind::Text),
            field("text", FieldKind::Text),
            field("hours", FieldKind::Number { min: 1, max: 720 }),
            field("officer", FieldKind::Person { choices: choices() }),
            field("to", FieldKind::Matter { choices: choices() }),
            field("before", FieldKind::Exhibits),
            field("after", FieldKind::Exhibits),
        ];
        Offer { command, title: "办理", consequence: "", fields, main: true, refused: None }
    }

    #[test]
    fn a_dressed_form_has_exactly_the_inputs_of_its_offer() {
        let known = Known {
            title: "占道经营".into(),
            handled: Some("已劝离。".into()),
            outcome: Some("劝阻"),
            asked: Some(("延期 24 小时".into(), "当事人不在".into())),
            clocks: vec![("受理".into(), "剩 20 分钟，今天 09:20".into())],
            pictures: 2,
            ..Known::default()
        };
        for command in BY_HAND {
            let offer = offer(command);
            let plain = of_offer(&offer, "/x".into(), "c");
            let dressed = dress(plain.clone(), command, &known);
            let names =
                |form: &Form| form.inputs.iter().map(|i| (i.name.clone(), i.required)).collect::<Vec<_>>();
            assert_eq!(names(&plain), names(&dressed), "{command}");
            assert_ne!(plain.to_string(), dressed.to_string(), "{command} is not dressed at all");
        }
    }

    #[test]
    fn an_answer_is_drafted_from_what_was_written_at_the_scene_and_never_sent_by_itself() {
        let known =
            Known { title: "占道经营".into(), handled: Some("已劝离。".into()), ..Known::default() };
        let form = dress(of_offer(&offer("answer"), "/x".into(), "c"), "answer", &known);
        let input = form.inputs.iter().find(|i| i.name == "text").expect("the text");
        assert!(input.value.is_empty());
        assert_eq!(
            input.quick,
            ["您好，您反映的“占道经营”已办理：已劝离。感谢您的监督，如仍有问题请再告诉我们。"]
        );
        assert!(draft(&Known::default()).is_none(), "nothing was done, nothing is drafted");
    }
}
