//! What an actor may do now with slips. Each offer is a trial of the real decision with a sample command.

use super::command::Command;
use super::decide::trial;
use super::state::{Level, State};
use crate::offer::field;
use crate::{Choice, ExhibitRef, Facts, Field, FieldKind, LookUps, Offer, PartKind, PartRef, Text};
use lianzhi_ids::Digest;

fn sealed() -> Text {
    Text::Sealed(PartRef { kind: PartKind::Remark, digest: Digest::ZERO })
}

fn note(title: &'static str, required: bool) -> Field {
    field("note", title, required, FieldKind::Text, "")
}

fn files(title: &'static str) -> Field {
    field("exhibits", title, false, FieldKind::Exhibits, "原件原样保存")
}

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(slip) = state.file() else { return Vec::new() };
    let exhibit = ExhibitRef { digest: Digest::ZERO, size: 1, media: "image/jpeg".into() };
    let look_ups = LookUps { number: "-".into(), exhibits: vec![exhibit], ..facts.look_ups.clone() };
    let facts = Facts { look_ups: &look_ups, ..*facts };
    let fits = |sample: Command| trial(state, sample, &facts).is_ok();
    let mut offers = Vec::new();
    let mut offer = |main, (command, title, consequence), fields| {
        offers.push(Offer { command, title, consequence, fields, main, refused: None });
    };
    let waits = slip.stage() == super::Stage::Given;
    if fits(Command::Reinspect { done: true, note: sealed(), exhibits: vec![] }) {
        offer(
            waits,
            ("reinspect", "复查", "没有改正的，可以警示或者转处罚。"),
            vec![field("done", "已经改正", true, FieldKind::Flag, ""), note("复查情况", true), files("照片")],
        );
    }
    let today = crate::beijing_date(facts.now);
    let again = |level| Command::GiveAgain {
        level,
        note: sealed(),
        found: Text::default(),
        guide: Text::default(),
        until: Some(today),
        refused: false,
        promised: false,
        exhibits: vec![],
    };
    let levels: Vec<_> = Level::ALL.iter().filter(|l| fits(again(**l))).collect();
    if !levels.is_empty() {
        let choices = levels.into_iter().map(|l| Choice::new(l.code(), l.title())).collect();
        offer(
            slip.stage() == super::Stage::Ignored,
            ("give_again", "再次发单", "编新的文号，到期复查。"),
            vec![
                field("level", "种类", true, FieldKind::Choice { choices }, ""),
                note("发现的问题和改正要求", true),
                field("found", "违法风险事实", false, FieldKind::Text, "印在警示单上；不填的印事项名称"),
                field("guide", "办理指南", false, FieldKind::Text, "印在提示单上：去哪里、怎样依法办理"),
                field("until", "改正期限", false, FieldKind::Date, "警示单必填"),
                field("promised", "当事人签了改正承诺书", false, FieldKind::Flag, "附上承诺书的照片"),
                field("refused", "拒绝签收", false, FieldKind::Flag, ""),
                files("照片、签收的单据"),
            ],
        );
    }
    if fits(Command::GoOver { note: Text::default() }) {
        offer(
            slip.stage() == super::Stage::Ignored,
            ("go_over", "转普通程序立案", "当事人、事项、地点一并带入。提示、警示不代替依法应当给予的处罚。"),
            vec![note("理由", false)],
        );
    }
    if fits(Command::Withdraw { note: sealed() }) {
        offer(false, ("withdraw", "撤回", "发单有误的撤回，文号保留。"), vec![note("理由", true)]);
    }
    offers
}
