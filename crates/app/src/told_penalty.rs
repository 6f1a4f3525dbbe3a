//! The record of a penalty case in words.

use crate::record::{Told, minute, names};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::{Clock, Event, Measure, Officer, Paper, Proposal, Way, yuan};

fn officers(list: &[Officer]) -> String {
    list.iter().map(|o| format!("{}（执法证 {}）", o.name, o.certificate)).collect::<Vec<_>>().join("、")
}

fn paper(told: Told, paper: Option<&Paper>) -> Told {
    match paper {
        Some(paper) => told.with("文书", format!("{} {}", paper.kind.title(), paper.number)),
        None => told,
    }
}

fn clock(told: Told, clock: &Clock) -> Told {
    let running = &clock.running;
    told.law(running.standard.source.to_string()).with(clock.term.title(), running.arithmetic.clone())
}

fn measure(told: Told, measure: &Measure) -> Told {
    told.with("执法人员", officers(&measure.officers)).said(measure.goods)
}

fn proposal(told: Told, proposal: &Proposal) -> Told {
    match proposal {
        Proposal::Notice { charges, .. } | Proposal::Decide { charges } => {
            charges.iter().fold(told, |told, c| {
                let mut told = told.with("依据", c.basis.cite());
                if c.fine > 0 {
                    told = told.with("罚款", yuan(c.fine));
                }
                if c.benchmark.is_empty() { told } else { told.with("裁量", c.benchmark.clone()) }
            })
        }
        Proposal::Demand { fine, surcharge, arithmetic, .. } => {
            let told = told.with("本金", yuan(*fine)).with("加处罚款", yuan(*surcharge));
            if arithmetic.is_empty() { told } else { told.with("计算", arithmetic.clone()) }
        }
        Proposal::NoPenalty { ground } => told.law(ground.source()).with("情形", ground.title()),
        Proposal::Close { ground } => told.with("结案情形", ground.title()),
        Proposal::Preserve { measure: m } | Proposal::Seize { measure: m } => measure(told, m),
        Proposal::SettlePreserved { how, .. } | Proposal::Release { how, .. } => {
            told.with("处理", how.title())
        }
        _ => told,
    }
}

/// What happened.
pub(crate) fn tell(event: &Event, directory: &Directory) -> Told {
    let yes = |yes: bool| if yes { "同意" } else { "不同意，退回" };
    match event {
        Event::Registered { source, violation, .. } => Told::new(format!("登记线索（{}）", source.title()))
            .said(violation.facts)
            .with("事项", &violation.item),
        Event::Verified { established, note, .. } => {
            Told::new(if *established { "核查：有违法行为" } else { "核查：没有违法行为" }).said(*note)
        }
        Event::Assigned { officers: list, .. } => {
            Told::new("指定办案人员").law("行政处罚法第四十二条").with("执法人员", officers(list))
        }
        Event::PartyAdded { subject, .. } => {
            Told::new(format!("增加当事人 {}（{}）", subject.id, subject.kind.title()))
        }
        Event::ViolationSet { violation, .. } => Told::new(format!("登记违法行为 {}", violation.id))
            .said(violation.facts)
            .with("事项", &violation.item)
            .with("起止", format!("{} 至 {}", violation.from, violation.to)),
        Event::Marked { mark, on, note, .. } => {
            Told::new(format!("{}：{}", if *on { "标注" } else { "取消标注" }, mark.title())).said(*note)
        }
        Event::Recorded { evidence, .. } => Told::new(evidence.kind.title())
            .said(evidence.note)
            .with("执法人员", officers(&evidence.officers))
            .with("时间", format!("{} 至 {}", minute(evidence.from), minute(evidence.to)))
            .with("附件", format!("{} 件", evidence.exhibits.len())),
        Event::Excluded { evidence, note, .. } => {
            Told::new(format!("排除证据 {evidence}")).law("行政处罚法第四十六条第三款").said(*note)
        }
        Event::Taken { measure: m, .. } => {
            let told = Told::new(format!("当场{}", m.kind.title())).law("行政强制法第十九条");
            measure(told, m)
        }
        Event::Ordered { order, paper: p, .. } => {
            let told = Told::new("责令改正").law("行政处罚法第二十八条第一款").said(order.note);
            let until = order.until.map_or_else(|| "立即".into(), |d| d.to_string());
            paper(told.with("期限", until), Some(p))
        }
        Event::Reinspected { done, note, .. } => {
            Told::new(if *done { "复查：已改正" } else { "复查：没有改正" }).said(*note)
        }
        Event::Testing { begins, note, .. } => Told::new(if *begins {
            "开始检测、检验、鉴定"
        } else {
            "检测、检验、鉴定结束"
        })
        .said(*note),
        Event::Finished { note, .. } => Told::new("调查终结报告").said(*note),
        Event::Charged { charge, .. } => {
            let mut told = Told::new(format!("拟定对当事人 {} 的处罚意见", charge.party))
                .said(charge.grounds)
                .with("依据", charge.basis.cite())
                .with("选用理由", charge.basis.why.clone());
            if charge.fine > 0 {
                told = told.with("罚款", yuan(charge.fine));
            }
            if !charge.benchmark.is_empty() {
                told = told.with("裁量", charge.benchmark.clone());
            }
            match &charge.deviates {
                Some(why) => told.with("偏离", why.clone()),
                None => told,
            }
        }
        Event::Uncharged { party, violation, .. } => {
            Told::new(format!("撤去对当事人 {party} 违法行为 {violation} 的处罚意见"))
        }
        Event::Confirmed { note, .. } => Told::new("法制审核员确认处罚依据").said(*note),
        Event::Stated { party, text, .. } => {
            Told::new(format!("当事人 {party} 陈述、申辩")).law("行政处罚法第四十五条").said(*text)
        }
        Event::Answered { party, adopted, note, .. } => {
            Told::new(format!("复核当事人 {party} 的陈述、申辩：{}", adopted.title())).said(*note)
        }
        Event::Waived { party, hearing, .. } => {
            Told::new(format!("当事人 {party} 书面放弃陈述、申辩{}", if *hearing { "和听证" } else { "" }))
        }
        Event::HearingAsked { party, on, .. } => {
            Told::new(format!("当事人 {party} 于 {on} 要求听证")).law("行政处罚法第六十四条第一项")
        }
        Event::HearingCalled { party, paper: p, chair, on, note, .. } => {
            let told =
                Told::new(format!("通知当事人 {party} 听证")).law("行政处罚法第六十四条第二项").said(*note);
            let told = told.with("时间", minute(*on)).with("主持人", directory.person_name(chair));
            paper(told, Some(p))
        }
        Event::HearingHeld { party, chair, note, .. } => Told::new(format!("当事人 {party} 的听证"))
            .said(*note)
            .with("主持人", directory.person_name(chair)),
        Event::HearingGivenUp { party, note, .. } => {
            Told::new(format!("当事人 {party} 放弃听证")).law("行政处罚法第六十四条第六项").said(*note)
        }
        Event::Advised { from, note, .. } => Told::new(format!("{}的意见", from.title())).said(*note),
        Event::Summoned { party, paper: p, on, note, .. } => {
            let told =
                Told::new(format!("通知当事人 {party} 接受询问")).law("行政处罚法第五十五条").said(*note);
            paper(told.with("时间", minute(*on)), Some(p))
        }
        Event::Reviewed { opinion, note, .. } => {
            Told::new(format!("法制审核：{}", opinion.title())).law("行政处罚法第五十八条").said(*note)
        }
        Event::Discussed { present, agreed, note, .. } => {
            Told::new(format!("集体讨论：{}", if *agreed { "同意" } else { "不同意" }))
                .law("行政处罚法第五十七条第二款")
                .said(*note)
                .with("参加人", names(present, directory))
        }
        Event::Proposed { proposal: p, note, .. } => {
            proposal(Told::new(format!("报批：{}", p.title())).said(*note), p)
        }
        Event::Endorsed { agreed, note, .. } => {
            Told::new(format!("承办机构意见：{}", yes(*agreed))).said(*note)
        }
        Event::Approved { agreed, note, paper: p, .. } => {
            paper(Told::new(format!("负责人意见：{}", yes(*agreed))).said(*note), p.as_ref())
        }
        Event::Unproposed { .. } => Told::new("撤回报批"),
        Event::Issued { exhibits, .. } => Told::new(format!("签发件入卷 {} 件", exhibits.len())),
        Event::Voided { note, .. } => Told::new("文书作废，文号不再使用").said(*note),
        Event::Served { party, service, .. } => {
            let told = Told::new(format!("向当事人 {party} {}", service.way.title())).said(service.note);
            let name = if service.way == Way::PublicNotice { "公告发布" } else { "送达时间" };
            told.with(name, minute(service.from)).with("凭证", format!("{} 件", service.proof.len()))
        }
        Event::ElectronicAgreed { party, .. } => {
            Told::new(format!("当事人 {party} 确认电子送达")).law("行政处罚法第六十一条第二款")
        }
        Event::PayCodeSet { code, .. } => Told::new("登记缴款码").with("缴款码", code),
        Event::Paid { party, receipt, surcharge, arithmetic, .. } => {
            let what = if receipt.on_site.is_some() { "当场收缴" } else { "缴款" };
            let mut told = Told::new(format!("当事人 {party} {what} {}", yuan(receipt.fen)))
                .with("日期", receipt.on.to_string())
                .with("凭证号", &receipt.reference);
            if let Some(on_site) = &receipt.on_site {
                told = told.law("行政处罚法第六十八条、第六十九条").with("情形", on_site.ground.title());
            }
            if *surcharge > 0 {
                told = told.with("加处罚款", yuan(*surcharge)).with("计算", arithmetic);
            }
            told
        }
        Event::HandedIn { ticket, .. } => {
            Told::new("上缴当场收缴的罚款").law("行政处罚法第七十一条").with("票据号", ticket)
        }
        Event::RemedySought { party, remedy, .. } => {
            let stay = if remedy.stay { "，停止执行" } else { "" };
            Told::new(format!("当事人 {party} 于 {} 提起{}{stay}", remedy.on, remedy.kind.title()))
        }
        Event::RemedyEnded { party, end, on, fine, note, .. } => {
            let told =
                Told::new(format!("当事人 {party} 的复议、诉讼于 {on} 终结：{}", end.title())).said(*note);
            match fine {
                Some(fine) => told.with("变更后的罚款", yuan(*fine)),
                None => told,
            }
        }
        Event::Enforced { party, note, .. } => Told::new(format!("对当事人 {party} 强制执行")).said(*note),
        Event::CrimeSent { note, .. } => Told::new("向公安机关移送").law("行政处罚法第二十七条").said(*note),
        Event::CrimeAnswered { taken, note, .. } => {
            Told::new(if *taken { "公安机关立案" } else { "公安机关不予立案，继续办理" }).said(*note)
        }
        Event::Published { .. } => Told::new("公开处罚决定").law("行政处罚法第四十八条第一款"),
        Event::NotPublished { note, .. } => Told::new("不公开处罚决定").said(*note),
        Event::PublicationWithdrawn { note, .. } => {
            Told::new("撤回公开并说明理由").law("行政处罚法第四十八条第二款").said(*note)
        }
        Event::Archived { shelf, pages, .. } => {
            Told::new("归档").with("档号", shelf).with("页数", pages.to_string())
        }
        Event::Added { note, exhibits, .. } => {
            let told = Told::new("补充材料").said(*note);
            if exhibits.is_empty() { told } else { told.with("附件", format!("{} 件", exhibits.len())) }
        }
        Event::Joined { note, .. } => Told::new("并入另一案件").said(*note),
        Event::Absorbed { .. } => Told::new("另一案件并入本案"),
        Event::SplitAsked { party, note, .. } => Told::new(format!("当事人 {party} 分案办理")).said(*note),
        Event::SplitOff { party, .. } => Told::new(format!("当事人 {party} 已另案办理")),
        Event::ClockStarted { clock: c, .. } => clock(Told::new(format!("“{}”期限起算", c.term.title())), c),
        Event::ClockChanged { clock: c, why, .. } => {
            clock(Told::new(format!("“{}”期限变动：{why}", c.term.title())), c)
        }
        Event::ClockWarned { term, percent, .. } => {
            Told::new(format!("“{}”期限已过 {percent}%", term.title()))
        }
        Event::ClockExpired { term, told, .. } => {
            Told::new(format!("“{}”期限届满", term.title())).with("已告知", names(told, directory))
        }
    }
}
