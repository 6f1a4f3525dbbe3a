//! What an actor may do now in a stock-taking.

use super::command::Command;
use super::decide;
use super::state::{Count, Stage, State, key};
use crate::offer::field;
use crate::penalty::ThingKind;
use crate::{Choice, ExhibitRef, Expected, Facts, FieldKind, LookUps, Offer, PartKind, PartRef, Text};
use lianzhi_ids::Digest;

fn sealed() -> Text {
    Text::Sealed(PartRef { kind: PartKind::Remark, digest: Digest::ZERO })
}

fn name(thing: &Expected) -> Choice {
    let kind = ThingKind::from_code(&thing.kind).map_or("物品", ThingKind::title);
    let out = if thing.out { "，暂时出库" } else { "" };
    let title = format!("{}-物{}（{kind}，库位 {}{out}）", thing.number, thing.thing, thing.shelf);
    Choice::new(key(thing.docket, thing.thing), title)
}

/// Differences that wait for a word.
fn differences(count: &Count) -> Vec<Choice> {
    let title = |open: String| {
        let thing = count.things.iter().find(|t| key(t.docket, t.thing) == open);
        match thing {
            Some(thing) => Choice { title: format!("没有找到：{}", name(thing).title), value: open },
            None => {
                let n = open.strip_prefix("surplus-").unwrap_or_default().to_owned();
                Choice { title: format!("盘盈第 {n} 件"), value: open }
            }
        }
    };
    count.open().into_iter().map(title).collect()
}

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(count) = state.count() else { return Vec::new() };
    let exhibit = ExhibitRef { digest: Digest::ZERO, size: 1, media: "image/jpeg".into() };
    let look_ups = LookUps { exhibits: vec![exhibit], ..facts.look_ups.clone() };
    let facts = Facts { look_ups: &look_ups, ..*facts };
    let tries = |sample: Command| decide::decide(state, sample, &facts);
    let note = |title, required| field("note", title, required, FieldKind::Text, "");
    let mut offers = Vec::new();
    let mut offer = |main, (command, title, consequence), fields, refused| {
        offers.push(Offer { command, title, consequence, fields, main, refused });
    };
    let left: Vec<_> = count.uncounted().map(name).collect();
    if let Some(first) = left.first() {
        let sample =
            Command::Count { found: vec![first.value.clone()], missing: vec![], note: Text::default() };
        if tries(sample).is_ok() {
            offer(
                true,
                ("count", "登记清点", "可以分几次登记。"),
                vec![
                    field("found", "找到的", false, FieldKind::Many { choices: left.clone() }, ""),
                    field("missing", "没有找到的", false, FieldKind::Many { choices: left }, ""),
                    note("说明", false),
                ],
                None,
            );
        }
    }
    let surplus = Command::Surplus { shelf: "-".into(), note: sealed(), exhibits: vec![Digest::ZERO] };
    if tries(surplus).is_ok() {
        offer(
            false,
            ("surplus", "登记盘盈", "清单上没有的物品。"),
            vec![
                field("shelf", "库位", true, FieldKind::Line, ""),
                note("物品的名称、数量和特征", true),
                field("exhibits", "照片", true, FieldKind::Exhibits, "原件原样保存"),
            ],
            None,
        );
    }
    let open = differences(count);
    if let Some(first) = open.first() {
        let sample = Command::Explain { difference: first.value.clone(), note: sealed() };
        if tries(sample).is_ok() {
            offer(
                count.stage() == Stage::Differences,
                ("explain", "说明差异", "查明原因和处理结果。"),
                vec![
                    field("difference", "差异", true, FieldKind::Choice { choices: open }, ""),
                    note("原因和处理结果", true),
                ],
                None,
            );
        }
    }
    match tries(Command::EndCount { note: sealed() }) {
        Err(refusal) if refusal.kind != crate::RefusalKind::Conflict || refusal.code == "closed" => {}
        outcome => offer(
            count.stage() == Stage::Counted,
            ("end_count", "确认盘点完成", "两人都确认后，盘点结果不再更改。"),
            vec![note("盘点的结论", true)],
            outcome.err(),
        ),
    }
    offers
}
