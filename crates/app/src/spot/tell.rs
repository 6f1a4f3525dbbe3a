//! Entries of sheets and slips in words.

use crate::record::{Told, Words};
use lianzhi_ids::DocketId;
use lianzhi_law::Running;
use lianzhi_procedure::penalty::{Officer, Receipt, yuan};
use lianzhi_procedure::slip::{Event as SlipEvent, Paper};
use lianzhi_procedure::spot::{Event, Opening};

/// The docket that an entry of a sheet names.
pub(crate) fn other(event: &Event) -> Option<DocketId> {
    match event {
        Event::Opened { opening, .. } => opening.slip.or(opening.origin),
        Event::TakenOver { docket, .. } => Some(*docket),
        _ => None,
    }
}

/// The docket that an entry of slips names.
pub(crate) fn other_of_slip(event: &SlipEvent) -> Option<DocketId> {
    match event {
        SlipEvent::Given { given, .. } => given.origin,
        SlipEvent::TakenOver { docket, .. } | SlipEvent::GivenBack { docket, .. } => Some(*docket),
        _ => None,
    }
}

/// Number of another docket, or its id when it is gone.
fn number(docket: DocketId, words: &Words<'_>) -> String {
    words.numbers.get(&docket).cloned().unwrap_or_else(|| docket.to_string())
}

fn officers(officers: &[Officer]) -> String {
    let one = |o: &Officer| format!("{}（执法证 {}）", o.name, o.certificate);
    officers.iter().map(one).collect::<Vec<_>>().join("、")
}

fn clock(told: Told, title: &str, running: &Running) -> Told {
    told.law(running.standard.source.to_string())
        .with(title, format!("{}（{}）", running.arithmetic, running.standard.title))
}

fn attached(told: Told, files: usize) -> Told {
    if files == 0 { told } else { told.with("附件", format!("{files} 件")) }
}

fn opened(opening: &Opening, words: &Words<'_>) -> Told {
    let basis = &opening.basis;
    let told = Told::new(format!("启用当场处罚表格 {}", opening.number))
        .said(opening.violation.facts)
        .with("执法人员", format!("{}，已出示证件", officers(&opening.officers)))
        .with("当事人", opening.subject.kind.title())
        .with("事项", format!("{} {}", opening.violation.item, opening.item))
        .with("依据", format!("{}；{}", basis.cite(), basis.why))
        .with("当场罚款限额", yuan(opening.most))
        .law("行政处罚法第五十一条、第五十二条");
    let told = match opening.ordered {
        Some(ordered) => told.with("责令改正", words.texts.get(&ordered.digest).cloned().unwrap_or_default()),
        None => told,
    };
    let told = match opening.ordered_at.filter(|_| opening.disobeyed) {
        Some(at) => told.with("拒不改正", format!("{} 当场责令改正，拒不改正", crate::record::minute(at))),
        None if opening.disobeyed => told.with("拒不改正", "当场责令改正，拒不改正"),
        None => told,
    };
    let told = match &opening.lapsed {
        Some(l) => told.with(
            "逾期不改正",
            format!("{} 发{}，{} 前改正；{} 复查没有改正", l.on, l.number, l.until, l.looked),
        ),
        None => told,
    };
    let told = if opening.anew {
        told.with("另一行为", "前次处罚后又实施的另一行为")
    } else {
        told
    };
    attached(told, opening.exhibits.len())
}

fn paid(receipt: &Receipt, surcharge: i64, arithmetic: &str) -> Told {
    let told = match &receipt.on_site {
        Some(on_site) => Told::new(format!("当场收缴罚款 {}", yuan(receipt.fen)))
            .with("情形", on_site.ground.title())
            .with("财政票据", on_site.ticket.clone())
            .law("行政处罚法第六十八条、第六十九条、第七十条"),
        None => Told::new(format!("缴款 {}", yuan(receipt.fen)))
            .with("日期", receipt.on.to_string())
            .with("凭证", receipt.reference.clone())
            .law("行政处罚法第六十七条"),
    };
    added(told, surcharge, arithmetic)
}

/// With a surcharge and how it was computed.
fn added(told: Told, surcharge: i64, arithmetic: &str) -> Told {
    if surcharge == 0 {
        return told;
    }
    told.with("加处罚款", format!("{}；{arithmetic}", yuan(surcharge)))
}

/// An entry of a sheet.
pub(crate) fn tell(event: &Event, words: &Words<'_>) -> Told {
    use Event as E;
    match event {
        E::Opened { opening, .. } => opened(opening, words),
        E::Told { told, .. } => {
            let said = Told::new("告知拟作出的处罚和陈述、申辩的权利")
                .with("拟处罚", told.sanction.text())
                .law("行政处罚法第四十四条");
            if told.benchmark.is_empty() { said } else { said.with("裁量基准", told.benchmark.clone()) }
        }
        E::Heard { heard, .. } => {
            let title = match heard.statement {
                Some(_) => "听取陈述、申辩",
                None => "当事人没有陈述、申辩意见",
            };
            let said = Told::new(title).said(heard.statement).law("行政处罚法第四十五条");
            let said = match &heard.answer {
                Some((adopted, note)) => {
                    said.with(adopted.title(), words.texts.get(&note.digest).cloned().unwrap_or_default())
                }
                None => said,
            };
            if heard.disputed { said.with("事实", "当事人对违法事实有异议") } else { said }
        }
        E::Described { .. } => Told::new("补正当事人的信息").law("行政处罚法第五十二条第二款"),
        E::Imposed { sanction, .. } => {
            Told::new(format!("当场处罚：{}", sanction.text())).law("行政处罚法第五十一条")
        }
        E::Handed { refused, note, exhibits, .. } => {
            let title = if *refused {
                "当场交付决定书，当事人拒绝签收"
            } else {
                "当场交付决定书"
            };
            attached(Told::new(title).said(*note).law("行政处罚法第五十二条第一款"), exhibits.len())
        }
        E::Drawn { signer, .. } => {
            Told::new(format!("在屏幕上签名：{}", signer.title())).law("行政处罚法第五十二条第二款")
        }
        E::Lodged { .. } => Told::new("报所属机关备案").law("行政处罚法第五十二条第三款"),
        E::PayCodeSet { code, .. } => Told::new("登记缴款码").with("缴款码", code.clone()),
        E::Paid { receipt, surcharge, arithmetic, .. } => paid(receipt, *surcharge, arithmetic),
        E::HandedIn { receipt, .. } => {
            let told = Told::new("当场收缴的罚款已经上缴").law("行政处罚法第七十一条");
            receipt.iter().fold(told, |told, receipt| told.with("收据", receipt.clone()))
        }
        E::Banked { receipt, banked, exhibits, .. } => {
            crate::penalty::banked(receipt, banked, exhibits.len())
        }
        E::PaymentChecked { receipt, finding, .. } => crate::penalty::checked_payment(receipt, finding),
        E::ListConfirmed { note, .. } => Told::new("法制审核员确认免罚清单").said(*note),
        E::Spared { sparing, .. } => {
            let told = Told::new("不予行政处罚")
                .said(sparing.note)
                .with("情形", sparing.ground.title())
                .with("教育", words.texts.get(&sparing.education.digest).cloned().unwrap_or_default())
                .law(sparing.ground.source());
            let told =
                if sparing.number.is_empty() { told } else { told.with("决定书", sparing.number.clone()) };
            let told = match sparing.promise {
                Some(until) => told.with("承诺改正", format!("{until} 前")),
                None => told,
            };
            attached(told, sparing.exhibits.len())
        }
        E::Reinspected { done, note, exhibits, .. } => looked(*done, *note, exhibits.len()),
        E::WentOver { note, .. } => {
            Told::new("转为普通程序").said(*note).law("行政处罚法第五十一条、第五十四条")
        }
        E::TakenOver { docket, .. } => Told::new("已另立案件").with("案件", number(*docket, words)),
        E::Voided { note, .. } => Told::new("表格作废，编号保留").said(*note),
        E::Appealed { remedy, .. } => {
            let told = Told::new(remedy.kind.title()).with("申请日期", remedy.on.to_string());
            let told = if remedy.stay { told.with("执行", "停止执行") } else { told };
            let told = if remedy.simple { told.with("审理", "简易程序") } else { told };
            told.law("行政复议法第二十三条第一款第一项")
        }
        E::RemedyReplied { note, exhibits, .. } => {
            attached(Told::new("答复复议、诉讼").said(*note), exhibits.len())
                .law("行政复议法第四十八条、第五十四条；行政诉讼法第六十七条")
        }
        E::AppealEnded { end, on, fine, note, .. } => {
            let told = Told::new(format!("复议、诉讼结果：{}", end.title()))
                .said(*note)
                .with("日期", on.to_string());
            match fine {
                Some(fine) => told.with("变更后的罚款", yuan(*fine)),
                None => told,
            }
        }
        E::LaterAsked { parts, note, exhibits, .. } => {
            let parts: Vec<String> =
                parts.iter().map(|part| format!("{} 前 {}", part.due, yuan(part.fen))).collect();
            let told = Told::new("当事人申请延期、分期缴纳").said(*note).with("各期", parts.join("；"));
            attached(told, exhibits.len()).law("行政处罚法第六十六条第二款")
        }
        E::LaterAnswered { agreed, note, .. } => {
            let told = Told::new(if *agreed {
                "批准延期、分期缴纳"
            } else {
                "不同意延期、分期缴纳"
            });
            told.said(*note).law("行政处罚法第六十六条第二款")
        }
        E::Enforced { note, .. } => Told::new("转强制执行").said(*note).law("行政处罚法第七十二条"),
        E::Demanded { number, surcharge, arithmetic, note, .. } => {
            let told = Told::new(format!("制作催告书 {number}")).said(*note);
            added(told, *surcharge, arithmetic).law("行政处罚法第七十二条、行政强制法第五十四条")
        }
        E::DemandServed { way, on, runs, note, exhibits, .. } => {
            let told = Told::new(format!("催告书送达：{}", way.title())).said(*note);
            let day = if *runs { "公告发出日期" } else { "送达日期" };
            attached(told.with(day, on.to_string()), exhibits.len())
        }
        E::CourtAsked { number, court, surcharge, arithmetic, note, .. } => {
            let told =
                Told::new(format!("申请法院强制执行 {number}")).said(*note).with("人民法院", court.clone());
            added(told, *surcharge, arithmetic).law("行政强制法第五十三条、第五十五条")
        }
        E::CourtAnswered { answer, on, note, exhibits, .. } => {
            let told =
                Told::new(format!("法院：{}", answer.title())).said(*note).with("日期", on.to_string());
            attached(told, exhibits.len())
        }
        E::Refunded { fen, on, reference, .. } => Told::new(format!("退还罚款 {}", yuan(*fen)))
            .with("日期", on.to_string())
            .with("凭证", reference.clone()),
        E::Archived { shelf, .. } => {
            Told::new("归档").with("档号", shelf.clone()).law("行政处罚法第四十七条")
        }
        E::Withdrawn { number, note, .. } => {
            let told = Told::new("撤销决定").said(*note).law("行政处罚法第七十五条第二款");
            if number.is_empty() { told } else { told.with("撤销决定书", number.clone()) }
        }
        E::Corrected { number, note, text, .. } => {
            let told = Told::new("更正").said(*note);
            let words = |part: &lianzhi_procedure::PartRef| {
                words.texts.get(&part.digest).cloned().unwrap_or_default()
            };
            match text {
                Some((wrong, right)) => told
                    .with("更正通知书", number.clone())
                    .with("原文", words(wrong))
                    .with("更正为", words(right))
                    .law("行政处罚法第七十五条第二款"),
                None => told,
            }
        }
        E::Published { .. } => Told::new("当场处罚决定公开").law("行政处罚法第四十八条"),
        E::NotPublished { note, .. } => {
            Told::new("当场处罚决定不公开").said(*note).law("行政处罚法第四十八条")
        }
        E::PublicationWithdrawn { note, .. } => {
            Told::new("撤回公开").said(*note).law("行政处罚法第四十八条第二款")
        }
        E::Added { note, exhibits, .. } => attached(Told::new("补充材料").said(*note), exhibits.len()),
        E::ClockStarted { clock: c, .. } => {
            clock(Told::new(format!("“{}”期限开始", c.term.title())), c.term.title(), &c.running)
        }
        E::ClockChanged { clock: c, why, .. } => {
            clock(Told::new(format!("“{}”期限重新计算：{why}", c.term.title())), c.term.title(), &c.running)
        }
        E::ClockWarned { term, percent, .. } => Told::new(format!("“{}”期限已过 {percent}%", term.title())),
        E::ClockExpired { term, .. } => Told::new(format!("“{}”期限届满", term.title())),
    }
}

fn looked(done: bool, note: lianzhi_procedure::PartRef, files: usize) -> Told {
    attached(Told::new(if done { "复查：已改正" } else { "复查：没有改正" }).said(note), files)
}

fn paper(paper: &Paper, words: &Words<'_>) -> Told {
    let told = Told::new(format!("发{} {}", paper.level.title(), paper.number))
        .said(paper.note)
        .with("执法人员", officers(std::slice::from_ref(&paper.officer)));
    let told = match paper.found {
        Some(found) => told.with("违法风险事实", words.texts.get(&found.digest).cloned().unwrap_or_default()),
        None => told,
    };
    let told = match paper.until {
        Some(until) => told.with("改正期限", until.to_string()),
        None => told,
    };
    let told =
        if paper.promised { told.with("告知承诺", "当事人签了改正承诺书") } else { told };
    let told = if paper.refused { told.with("签收", "当事人拒绝签收") } else { told };
    attached(told, paper.exhibits.len())
}

/// An entry of slips.
pub(crate) fn tell_slip(event: &SlipEvent, words: &Words<'_>) -> Told {
    use SlipEvent as E;
    match event {
        E::Given { given, paper: p, .. } => {
            paper(p, words).with("事项", format!("{} {}", given.item, given.item_name))
        }
        E::GivenAgain { paper: p, .. } => paper(p, words),
        E::Reinspected { done, note, exhibits, .. } => looked(*done, *note, exhibits.len()),
        E::WentOver { note, .. } => Told::new("转普通程序立案").said(*note),
        E::TakenOver { docket, .. } => Told::new("已转处罚").with("办件", number(*docket, words)),
        E::GivenBack { docket, .. } => {
            Told::new("转处罚的表格已作废，恢复办理").with("办件", number(*docket, words))
        }
        E::Withdrawn { note, .. } => Told::new("撤回，文号保留").said(*note),
        E::Kept { n, .. } => Told::new(format!("第 {n} 张单的打印件入卷")),
        E::ClockStarted { clock: c, .. } => {
            clock(Told::new(format!("“{}”期限开始", c.term.title())), c.term.title(), &c.running)
        }
        E::ClockChanged { clock: c, why, .. } => {
            clock(Told::new(format!("“{}”期限重新计算：{why}", c.term.title())), c.term.title(), &c.running)
        }
        E::ClockWarned { term, percent, .. } => Told::new(format!("“{}”期限已过 {percent}%", term.title())),
        E::ClockExpired { term, .. } => Told::new(format!("“{}”期限届满", term.title())),
    }
}
