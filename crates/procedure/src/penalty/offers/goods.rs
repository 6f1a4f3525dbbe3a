//! Offers about things in custody.

use super::*;
use crate::penalty::command::{
    EarlyDisposal, ThingGone, ThingIn, ThingMoney, ThingMove, ThingNotice, ThingOut,
};
use crate::penalty::goods::{Announcement, Disposal, OutFor, ThingFrom, ThingKind};

pub(super) fn goods(desk: &mut Desk<'_>) {
    let people = desk.people(|p| p.posts.iter().any(|post| !post.roles.contains(&Role::Public)));
    // Whoever asks cannot be the second one, too.
    let me = desk.facts.actor.person().cloned();
    let other = people.iter().map(|(code, _)| code).find(|code| Some(*code) != me.as_ref()).cloned();
    let owners = desk.parties().into_iter().map(|(_, choice)| choice).collect();
    let lists = desk.measures().into_iter().map(|(_, choice)| choice).collect();
    desk.offer(
        words(false, "put_in", "物品入库", "登记保管台账，可以打印标签。"),
        Command::PutIn(ThingIn {
            from: ThingFrom::Received,
            measure: None,
            party: None,
            kind: ThingKind::Other,
            name: sealed(),
            shelf: "-".into(),
            perishable: false,
            exhibits: sample_files(),
        }),
        vec![
            field("from", "来源", true, choices!(ThingFrom), ""),
            field(
                "measure",
                "所属清单",
                false,
                FieldKind::Choice { choices: lists },
                "保存、查封、扣押的物品必填",
            ),
            field(
                "party",
                "属于",
                false,
                FieldKind::Choice { choices: owners },
                "不在清单上、数名当事人的案件填写",
            ),
            field("kind", "种类", true, choices!(ThingKind), ""),
            field("name", "名称、规格、数量、特征", true, TEXT, "一次登记一件（一批）"),
            field("shelf", "库位", true, LINE, "如：一号库 A-03"),
            field("perishable", "易腐烂变质", false, FLAG, "可以依法提前处理"),
            files("照片", true),
        ],
    );
    proceeds(desk);
    let things = desk.things();
    desk.offer_for(
        words(false, "shift", "物品移位、回库", "登记新的库位。"),
        ("thing", "物品"),
        &things,
        |thing| Command::Shift(ThingMove { thing, shelf: "#".into(), note: Text::default() }),
        vec![field("shelf", "库位", true, LINE, ""), field("note", "说明", false, TEXT, "")],
    );
    let Some(second) = other else { return };
    let with = || person_field("second", "在场的另一人", &people);
    desk.offer_for(
        words(false, "take_out", "物品暂时出库", "送检、出示后登记回库。"),
        ("thing", "物品"),
        &things,
        |thing| {
            Command::TakeOut(ThingOut { thing, why: OutFor::Other, second: second.clone(), note: sealed() })
        },
        vec![field("why", "用途", true, choices!(OutFor), ""), with(), note("领取人、用途和归还的时间")],
    );
    announcements(desk, &things);
    let ways = |all: &[Disposal]| FieldKind::Choice {
        choices: all.iter().map(|d| Choice::new(d.code(), d.title())).collect(),
    };
    let fit: Vec<_> = Disposal::ALL
        .iter()
        .copied()
        .filter(|how| things.iter().any(|(id, _)| desk.tries(leave(*id, *how, &second)).is_ok()))
        .collect();
    if let Some(how) = fit.first().copied() {
        let overdue = desk.case.things.iter().any(|t| desk.case.release_due(t).is_some());
        desk.offer_for(
            words(overdue, "dispose", "处理物品（出库）", "物品离库，保管责任终止；不能恢复。"),
            ("thing", "物品"),
            &things,
            |thing| leave(thing, how, &second),
            vec![
                field("how", "处理方式", true, ways(&fit), ""),
                with(),
                field("proceeds", "变价款", false, MONEY, "拍卖、变卖的必填，元"),
                note("领取人、接收机关或者处理的经过"),
                files("签收单、交接凭证、照片", true),
            ],
        );
    }
    desk.offer_for(
        words(false, "dispose_early", "报批提前处理易腐物品", "批准后可以拍卖、变卖或者销毁。"),
        ("thing", "物品"),
        &things,
        |thing| {
            Command::DisposeEarly(EarlyDisposal {
                thing,
                how: Disposal::Sold,
                unsaleable: false,
                note: sealed(),
            })
        },
        vec![
            field("how", "处理方式", true, ways(&[Disposal::Sold, Disposal::Destroyed]), ""),
            field("unsaleable", "无法拍卖、变卖", false, FLAG, "只有无法拍卖、变卖的才能销毁，理由里写明"),
            note("提前处理的理由"),
        ],
    );
}

/// What things brought that is still to be paid over.
fn proceeds(desk: &mut Desk<'_>) {
    let owed = |t: &crate::penalty::ThingFile| {
        let proceeds = desk.case.proceeds_of(t)?;
        let (to, _) = proceeds.owed()?;
        let (id, sum) = (t.thing.id, crate::penalty::yuan(proceeds.fen));
        Some((id, Choice::new(id.to_string(), format!("物品 {id} 的变价款 {sum}（{}）", to.title()))))
    };
    let things: Vec<_> = desk.case.things.iter().filter_map(owed).collect();
    let today = desk.today();
    desk.offer_for(
        words(true, "pay_over", "支付变价款", "应当退还的付给当事人，其余缴入国库；去向由处理结果确定。"),
        ("thing", "物品"),
        &things,
        |thing| {
            let (note, exhibits) = (sealed(), sample_files());
            Command::PayOver(ThingMoney { thing, on: today, reference: "-".into(), note, exhibits })
        },
        vec![
            field("on", "支付日期", true, DAY, ""),
            field("reference", "凭证号", true, LINE, "转账、缴库的凭证号"),
            note("收款人和支付的情况"),
            files("收款、缴库的凭证", true),
        ],
    );
}

/// A sample of a thing that leaves.
fn leave(thing: u16, how: Disposal, second: &PersonCode) -> Command {
    Command::Dispose(ThingGone {
        thing,
        how,
        second: second.clone(),
        proceeds: (how == Disposal::Sold).then_some(1),
        note: sealed(),
        exhibits: sample_files(),
    })
}

fn announcements(desk: &mut Desk<'_>, things: &[(u16, Choice)]) {
    let sample = |thing, what| {
        let (note, exhibits) = (sealed(), sample_files());
        Command::Announce(ThingNotice { thing, what, days: Some(1), note, exhibits })
    };
    let fit: Vec<_> = Announcement::ALL
        .iter()
        .copied()
        .filter(|what| things.iter().any(|(id, _)| desk.tries(sample(*id, *what)).is_ok()))
        .collect();
    let Some(what) = fit.first().copied() else { return };
    let choices = fit.iter().map(|w| Choice::new(w.code(), w.title())).collect();
    desk.offer_for(
        words(false, "announce", "通知当事人、公告认领", "期满后可以依法处理。"),
        ("thing", "物品"),
        things,
        |thing| sample(thing, what),
        vec![
            field("what", "种类", true, FieldKind::Choice { choices }, ""),
            field(
                "days",
                "期限（天）",
                false,
                FieldKind::Number { min: 1, max: 365 },
                "本地法规规定了天数的不用填",
            ),
            note("通知、公告的内容和发布的地方"),
            files("通知书、公告的照片", true),
        ],
    );
}
