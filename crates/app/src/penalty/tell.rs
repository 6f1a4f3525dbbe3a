//! Entries of penalty cases in words.

use super::{after, beside};
use crate::record::{Told, Words, minute, names};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::{
    Banked, Charge, Clock, Event, Finding, Folio, Measure, Officer, Origin, Paper, Proposal, Scope, yuan,
};

/// Officers with their certificates.
pub(super) fn officers(officers: &[Officer]) -> String {
    let one = |o: &Officer| format!("{}（执法证号 {}）", o.name, o.certificate);
    officers.iter().map(one).collect::<Vec<_>>().join("、")
}

/// Where evidence of another member comes from: who took it, when, and when it was recognised here.
pub(super) fn origin_words(origin: &Origin) -> String {
    let takers: Vec<_> = origin.takers.iter().map(ToString::to_string).collect();
    let takers = if takers.is_empty() { "取证人未注明".to_owned() } else { takers.join("、") };
    let taken = origin.taken_at.map(|at| format!("，{} 取得", minute(at))).unwrap_or_default();
    let source = match origin.source.as_str() {
        "" => String::new(),
        source => format!("，出自其办件 {source}"),
    };
    format!(
        "{}提供（协作件 {}）；{takers}{taken}{source}；{} 本机关认可",
        origin.from,
        origin.matter,
        minute(origin.recognised)
    )
}

/// What a charge comes to.
pub(super) fn penalty(charge: &Charge) -> String {
    let mut all = Vec::new();
    if charge.warning {
        all.push("警告".to_owned());
    }
    if charge.fine > 0 {
        all.push(format!("罚款 {}", yuan(charge.fine)));
    }
    if charge.confiscation > 0 {
        all.push(format!("没收违法所得 {}", yuan(charge.confiscation)));
    }
    if charge.goods {
        all.push("没收非法财物".to_owned());
    }
    all.extend(charge.severe.map(|kind| kind.title().to_owned()));
    all.join("、")
}

pub(super) fn party(id: u16) -> String {
    format!("当事人 {id}")
}

/// For what a term runs, in words; empty for the case as a whole.
pub(super) fn scope(of: Scope) -> String {
    match of {
        Scope::Case => String::new(),
        Scope::Party(id) | Scope::Paper(_, id) => party(id),
        Scope::Measure(id) => format!("物品清单 {id}"),
        Scope::Thing(id) => format!("物品 {id}"),
        Scope::Part(id, place) => format!("{}第 {} 期", party(id), place + 1),
        Scope::Letter(_) => String::new(),
    }
}

fn of_clock(title: &str, of: Scope) -> String {
    match scope(of) {
        about if about.is_empty() => format!("“{title}”期限"),
        about => format!("{about}的“{title}”期限"),
    }
}

fn clock(told: Told, clock: &Clock) -> Told {
    let running = &clock.running;
    told.law(running.standard.source.to_string())
        .with(clock.term.title(), format!("{}（{}）", running.arithmetic, running.standard.title))
}

pub(super) fn attached(told: Told, files: usize) -> Told {
    if files == 0 { told } else { told.with("附件", format!("{files} 件")) }
}

fn charged(told: Told, charge: &Charge) -> Told {
    let basis = &charge.basis;
    let mut told = told
        .with("处罚", penalty(charge))
        .with("依据", format!("{}；{}", basis.cite(), basis.why))
        .with("裁量", charge.weight.title());
    if !charge.benchmark.is_empty() {
        told = told.with("裁量基准", charge.benchmark.clone());
    }
    if let Some(deviates) = &charge.deviates {
        told = told.with("偏离基准", deviates.clone());
    }
    told.law(basis.cite())
}

/// The sums of a demand.
pub(super) fn demanded(fine: i64, gains: i64, surcharge: i64) -> String {
    let gains = if gains > 0 { format!("没收违法所得 {}，", yuan(gains)) } else { String::new() };
    format!("罚款 {}，{gains}加处罚款 {}", yuan(fine), yuan(surcharge))
}

fn issued(told: Told, paper: &Paper) -> Told {
    told.with("文书", format!("{} {}", paper.kind.title(), paper.number))
}

fn taken(told: Told, measure: &Measure) -> Told {
    attached(told.with("办案人员", officers(&measure.officers)), measure.exhibits.len())
}

fn proposed(told: Told, proposal: &Proposal, directory: &Directory) -> Told {
    match proposal {
        Proposal::VerifyLonger { days }
        | Proposal::DecideLonger { days }
        | Proposal::SeizeLonger { days, .. } => told.with("延长", format!("{days} 日")),
        Proposal::Recuse { person, with, asked } => {
            let told = told
                .with("回避", directory.person_name(person))
                .with("接替", officers(std::slice::from_ref(with)));
            match asked {
                Some(asked) => told.with("申请人", party(*asked)),
                None => told,
            }
        }
        Proposal::Preserve { measure } | Proposal::Seize { measure } => taken(told, measure),
        Proposal::SettlePreserved { how, .. } | Proposal::Release { how, .. } => {
            told.with("处理", how.title())
        }
        Proposal::Notice { charges, hearing, days } => {
            let told = charges.iter().fold(told, |told, c| told.with(&party(c.party), penalty(c)));
            let told = told.with("陈述、申辩", format!("{days} 个工作日"));
            let mut who: Vec<u16> =
                charges.iter().filter(|c| *hearing && c.hearing).map(|c| c.party).collect();
            who.sort_unstable();
            who.dedup();
            let who: Vec<String> = who.into_iter().map(party).collect();
            if who.is_empty() {
                told
            } else {
                told.with("听证", format!("告知{}有权要求听证", who.join("、")))
            }
        }
        Proposal::Decide { charges } => {
            charges.iter().fold(told, |told, c| told.with(&party(c.party), penalty(c)))
        }
        Proposal::NoPenalty { ground } => told.with("情形", ground.title()).law(ground.source()),
        Proposal::Crime { to } => told.with("移送", to.clone()),
        Proposal::PayLater { party: id, parts, asked } => {
            let parts = parts.iter().map(|p| format!("{} 前 {}", p.due, yuan(p.fen))).collect::<Vec<_>>();
            let told = told.with(&party(*id), parts.join("，"));
            asked.map_or(told.clone(), |asked| told.with("申请日期", asked.to_string()))
        }
        Proposal::Demand { party: id, fine, gains, surcharge, arithmetic, days } => {
            let told = told.with(&party(*id), demanded(*fine, *gains, *surcharge));
            let told = told.with("履行期限", format!("{days} 个工作日"));
            if arithmetic.is_empty() { told } else { told.with("加处罚款", arithmetic.clone()) }
        }
        Proposal::Enforce { party: id, on, court, surcharge, arithmetic, power, .. } => {
            let told = told.with(&party(*id), format!("实施时间 {}", minute(*on)));
            let told = if court.is_empty() { told } else { told.with("法院", court.clone()) };
            let told =
                if power.is_empty() { told } else { told.with("强制拆除的权限", power.clone()) };
            let told = beside::grounds(proposal)
                .into_iter()
                .fold(told, |told, (name, words)| told.with(name, words));
            if *surcharge > 0 {
                told.with("加处罚款", format!("{}；{arithmetic}", yuan(*surcharge)))
            } else {
                told
            }
        }
        Proposal::Close { ground } => told.with("结案情形", ground.title()),
        Proposal::DemolitionNotice { .. }
        | Proposal::DemolitionOrder { .. }
        | Proposal::Transfer { .. }
        | Proposal::DecideAnew { .. }
        | Proposal::OpenArchive { .. }
        | Proposal::Agreement { .. }
        | Proposal::Suspend { .. }
        | Proposal::EndExecution { .. }
        | Proposal::Amend { .. }
        | Proposal::Suggest { .. } => {
            beside::lines(proposal).into_iter().fold(told, |told, (name, words)| {
                if words.is_empty() { told } else { told.with(&name, words) }
            })
        }
        Proposal::DisposeEarly { thing, how, unsaleable } => {
            let why = if *unsaleable { "（无法拍卖、变卖）" } else { "" };
            told.with("物品", format!("物品 {thing}")).with("处理", format!("{}{why}", how.title()))
        }
        Proposal::File | Proposal::NotFile | Proposal::Drop | Proposal::Revoke => told,
    }
}

/// A folio as entries name it.
fn folio_title(folio: Folio) -> String {
    match folio {
        Folio::Lead => "线索登记（核查）表".into(),
        Folio::Proposal(_) => "报批事项的文书".into(),
        Folio::Paper(n) => format!("文书 {n}"),
        Folio::Evidence(n) => format!("证据 {n} 的笔录"),
        Folio::Report => "调查终结报告".into(),
        Folio::Statement(p, n) => format!("{}的陈述申辩笔录 {n}", party(p)),
        Folio::Answer(p, n) => format!("{}的申辩复核意见 {n}", party(p)),
        Folio::HearingRecord(p) => format!("{}的听证笔录", party(p)),
        Folio::HearingReport(p) => format!("{}的听证报告", party(p)),
        Folio::Review(n) => format!("法制审核意见 {n}"),
        Folio::ReviewOf(n) => format!("法制审核意见（报批事项 {n}）"),
        Folio::Discussion(n) => format!("集体讨论记录 {n}"),
        Folio::Panel(n) => format!("群众公议意见书 {n}"),
        Folio::Receipt(n, p) => format!("文书 {n} 对{}的送达回证", party(p)),
        Folio::Address(p) => format!("{}的送达地址确认书", party(p)),
        Folio::Volume => "卷宗封面和备考表".into(),
    }
}

/// An entry of a case in words.
pub(crate) fn tell(event: &Event, words: &Words<'_>) -> Told {
    let directory = words.directory;
    let name = |p| directory.person_name(p).to_owned();
    match event {
        Event::Registered { source, origin, title, violation, exhibits, .. } => {
            let mut told = Told::new(format!("登记线索（{}）", source.title()))
                .said(*title)
                .with("事项", violation.item.clone())
                .with("行为日期", format!("{} 至 {}", violation.from, violation.to))
                .law("行政处罚法第五十四条");
            if let Some(origin) = origin {
                told = told.with("来自", words.matter(*origin));
            }
            attached(told, exhibits.len())
        }
        Event::Verified { established, note, exhibits, .. } => {
            let what =
                if *established { "核查：有违法行为" } else { "核查：没有发现违法行为" };
            attached(Told::new(what).said(*note), exhibits.len())
        }
        Event::Assigned { officers: list, .. } => {
            Told::new("指定办案人员").with("办案人员", officers(list)).law("行政处罚法第四十二条")
        }
        Event::PartyDescribed { party: id, .. } => {
            Told::new(format!("补正{}的信息", party(*id))).law("行政处罚法第五十九条")
        }
        Event::PartyAdded { subject, .. } => {
            Told::new(format!("增加{}（{}）", party(subject.id), subject.kind.title()))
        }
        Event::ViolationSet { violation, .. } => Told::new(format!("违法行为 {}", violation.id))
            .with("事项", violation.item.clone())
            .with("行为日期", format!("{} 至 {}", violation.from, violation.to))
            .said(violation.facts),
        Event::Marked { mark, on, note, .. } => {
            Told::new(format!("{}：{}", if *on { "标注" } else { "取消标注" }, mark.title())).said(*note)
        }
        Event::Recorded { evidence, .. } => {
            let what = evidence.kind.title();
            let told = match &evidence.origin {
                Some(origin) => Told::new(format!("采用协作证据：{what}")).with("来源", origin_words(origin)),
                None => Told::new(what),
            };
            let told = told
                .said(evidence.note)
                .with("办案人员", officers(&evidence.officers))
                .with("时间", format!("{} 至 {}", minute(evidence.from), minute(evidence.to)));
            let told = if evidence.refused { told.with("签名", "当事人拒绝签名") } else { told };
            attached(told, evidence.exhibits.len()).law("行政处罚法第四十六条、第五十五条")
        }
        Event::ViolationWithdrawn { violation, note, .. } => {
            Told::new(format!("撤销登记违法行为 {violation}")).said(*note).law("行政处罚法第四十条")
        }
        Event::Excluded { evidence, note, .. } => {
            Told::new(format!("排除证据 {evidence}")).said(*note).law("行政处罚法第四十六条第三款")
        }
        Event::Taken { measure, .. } => {
            taken(Told::new(format!("当场{}", measure.kind.title())), measure).law("行政强制法第十九条")
        }
        Event::Ordered { order, paper, .. } => {
            let told = Told::new(format!("责令{}改正", party(order.party))).said(order.note);
            let told = match order.until {
                Some(until) => told.with("期限", until.to_string()),
                None => told.with("期限", "立即"),
            };
            issued(told, paper).law("行政处罚法第二十八条第一款")
        }
        Event::Reinspected { done, note, exhibits, seen, .. } => {
            let what = if *done { "复查：已经改正" } else { "复查：没有改正" };
            let told = Told::new(what).said(*note);
            let told = match seen {
                Some(seen) => told.with("复查时间", minute(*seen)),
                None => told,
            };
            attached(told, exhibits.len())
        }
        Event::QuickAgreed { party, exhibits, .. } => {
            attached(Told::new("当事人同意快速办理").with("当事人", party.to_string()), exhibits.len())
        }
        Event::Promised { party, until, exhibits, .. } => attached(
            Told::new("当事人书面承诺改正").with("当事人", party.to_string()).with("期限", until.to_string()),
            exhibits.len(),
        )
        .law("行政处罚法第三十三条第一款"),
        Event::PromiseSeen { party, done, note, exhibits, .. } => {
            let what = if *done { "复查承诺：已经改正" } else { "复查承诺：没有改正" };
            attached(Told::new(what).said(*note).with("当事人", party.to_string()), exhibits.len())
        }
        Event::Testing { begins, measure, until, paper, note, exhibits, .. } => {
            let what = if *begins { "开始" } else { "结束" };
            let told = Told::new(format!("检测、检验、检疫、鉴定{what}")).said(*note);
            let told = measure.iter().fold(told, |told, id| told.with("措施", id.to_string()));
            let told = until.iter().fold(told, |told, day| told.with("最后一天", day.to_string()));
            let told = paper.iter().fold(told, issued);
            attached(told, exhibits.len()).law("行政强制法第二十五条第三款")
        }
        Event::Finished { note, .. } => Told::new("调查终结").said(*note).law("行政处罚法第五十七条第一款"),
        Event::Charged { charge, .. } => charged(
            Told::new(format!("拟定对{}的处罚（违法行为 {}）", party(charge.party), charge.violation)),
            charge,
        )
        .said(charge.grounds),
        Event::Uncharged { party: id, violation, .. } => {
            Told::new(format!("取消对{}的处罚意见（违法行为 {violation}）", party(*id)))
        }
        Event::Confirmed { party: id, violation, note, .. } => {
            Told::new(format!("确认对{}的处罚依据（违法行为 {violation}）", party(*id))).said(*note)
        }
        Event::Stated { party: id, text, exhibits, .. } => {
            attached(Told::new(format!("{}陈述、申辩", party(*id))).said(*text), exhibits.len())
                .law("行政处罚法第四十五条")
        }
        Event::Answered { party: id, adopted, note, .. } => {
            Told::new(format!("复核{}的陈述、申辩：{}", party(*id), adopted.title())).said(*note)
        }
        Event::Waived { party: id, hearing, exhibits, .. } => {
            let what = if *hearing { "放弃陈述、申辩和听证" } else { "放弃陈述、申辩" };
            attached(Told::new(format!("{}书面{what}", party(*id))), exhibits.len())
        }
        Event::HearingAsked { party: id, on, .. } => Told::new(format!("{}要求听证", party(*id)))
            .with("日期", on.to_string())
            .law("行政处罚法第六十三条"),
        Event::HearingCalled { party: id, paper, chair, on, note, .. } => issued(
            Told::new(format!("通知{}听证", party(*id)))
                .said(*note)
                .with("时间", minute(*on))
                .with("主持人", name(chair)),
            paper,
        )
        .law("行政处罚法第六十四条"),
        Event::HearingHeld { party: id, note, exhibits, .. } => {
            attached(Told::new(format!("{}的听证", party(*id))).said(*note), exhibits.len())
                .law("行政处罚法第六十四条、第六十五条")
        }
        Event::HearingGivenUp { party: id, ground, note, exhibits, .. } => {
            let told = Told::new(format!("{}放弃听证", party(*id))).said(*note);
            let told = told.law("行政处罚法第六十四条第六项");
            let why = ground.iter().fold(told, |told, ground| told.with("情形", ground.title()));
            attached(why, exhibits.len())
        }
        Event::Advised { from, note, exhibits, .. } => {
            attached(Told::new(format!("{}的意见", from.title())).said(*note), exhibits.len())
        }
        Event::Summoned { party: id, paper, on, note, .. } => {
            let told = Told::new(format!("通知{}接受询问", party(*id)));
            issued(told.law("行政处罚法第五十五条").said(*note).with("时间", minute(*on)), paper)
        }
        Event::Reviewed { opinion, note, qualification, .. } => {
            let told =
                Told::new(format!("法制审核：{}", opinion.title())).said(*note).law("行政处罚法第五十八条");
            if qualification.is_empty() {
                told
            } else {
                told.with("法律职业资格", qualification.clone())
            }
        }
        Event::Discussed { present, agreed, longer, note, .. } => {
            let about = if *longer { "（再次延长办案期限）" } else { "" };
            let opinion = if *agreed { "同意" } else { "不同意" };
            Told::new(format!("集体讨论{about}：{opinion}"))
                .said(*note)
                .with("参加", names(present, directory))
                .law("行政处罚法第五十七条第二款")
        }
        Event::Proposed { proposal, note, .. } => {
            proposed(Told::new(format!("报批：{}", proposal.title())).said(*note), proposal, directory)
        }
        Event::Endorsed { agreed, note, .. } => {
            Told::new(if *agreed { "承办机构同意" } else { "承办机构不同意" }).said(*note)
        }
        Event::Approved { agreed, note, paper, .. } => {
            let told = Told::new(if *agreed { "负责人批准" } else { "负责人退回" }).said(*note);
            paper.iter().fold(told, issued).law("行政处罚法第五十七条")
        }
        Event::Unproposed { .. } => Told::new("撤回报批"),
        Event::Issued { paper, party: whose, exhibits, note, .. } => {
            let whose = whose.map(|id| format!("（{}）", party(id))).unwrap_or_default();
            let what = if note.is_some() { "更换签发件" } else { "签发件入卷" };
            attached(Told::new(format!("文书 {paper}{whose}{what}")).said(*note), exhibits.len())
        }
        Event::Sampled { evidence, paper, .. } => {
            issued(Told::new(format!("证据 {evidence} 的抽样取证通知书")), paper).law("行政处罚法第五十六条")
        }
        Event::FolioFilled { folio, note: Some(note), .. } => {
            Told::new(format!("更正{}，原有签名作废", folio_title(*folio))).said(*note)
        }
        Event::FolioFilled { folio, .. } => Told::new(format!("填写{}", folio_title(*folio))),
        Event::FolioSigned { folio, exhibits, .. } => {
            attached(Told::new(format!("{}的签名件入卷", folio_title(*folio))), exhibits.len())
        }
        Event::FolioDrawn { folio, signer, kept, .. } => {
            let told = Told::new(format!("在屏幕上签{}", folio_title(*folio))).with("签名", signer.title());
            kept.iter().fold(told, |told, _| told.with("签名的文本", "已经入卷"))
        }
        Event::PaperKept { paper, party: id, .. } => {
            Told::new(format!("文书 {paper} 的打印件入卷（{}）", party(*id)))
        }
        Event::FolioKept { folio, .. } => {
            Told::new(format!("{}签发时的文本入卷", folio_title(*folio))).law("行政处罚法第四十七条")
        }
        Event::Sealed { paper, party: id, .. } => {
            Told::new(format!("文书 {paper} 加盖电子印章（{}）", party(*id))).law("电子签名法第十四条")
        }
        Event::Voided { paper, note, .. } => Told::new(format!("文书 {paper} 作废")).said(*note),
        Event::Served { paper, party: id, service, .. } => {
            let told = Told::new(format!("文书 {paper} 送达{}：{}", party(*id), service.way.title()))
                .said(service.note);
            let told = match service.effective {
                Some(at) => told.with("送达时间", minute(at)),
                None => told.with("公告开始", minute(service.from)),
            };
            attached(told, service.proof.len()).law("行政处罚法第六十一条")
        }
        Event::ElectronicAgreed { party: id, exhibits, .. } => {
            attached(Told::new(format!("{}同意电子送达", party(*id))), exhibits.len())
                .law("行政处罚法第六十一条第二款")
        }
        Event::PayCodeSet { party: id, code, .. } => {
            Told::new(format!("{}的缴款码", party(*id))).with("缴款码", code.clone())
        }
        Event::Paid { party: id, receipt, surcharge, arithmetic, .. } => {
            let told = Told::new(format!("{}缴款 {}", party(*id), yuan(receipt.fen)))
                .with("日期", receipt.on.to_string())
                .with("凭证", receipt.reference.clone());
            let told = receipt.bank.iter().fold(told, |told, bank| told.with("银行文件", bank.clone()));
            let told = if receipt.ticket.is_empty() || receipt.ticket == receipt.reference {
                told
            } else {
                told.with("财政票据号", receipt.ticket.clone())
            };
            if *surcharge > 0 {
                told.with("加处罚款", format!("{}；{arithmetic}", yuan(*surcharge)))
            } else {
                told
            }
        }
        Event::HandedIn { ticket, receipt, .. } => {
            let told =
                Told::new("当场收缴的罚款上缴").with("票据", ticket.clone()).law("行政处罚法第七十一条");
            receipt.iter().fold(told, |told, receipt| told.with("收据", receipt.clone()))
        }
        Event::Banked { receipt, banked: bank, exhibits, .. } => banked(receipt, bank, exhibits.len()),
        Event::PaymentChecked { receipt, finding, .. } => checked_payment(receipt, finding),
        Event::Refunded { party: id, fen, on, reference, .. } => {
            Told::new(format!("退还{} {}", party(*id), yuan(*fen)))
                .with("日期", on.to_string())
                .with("凭证", reference.clone())
                .law("国家赔偿法第三十六条第一项")
        }
        Event::RemedySought { .. }
        | Event::RemedyEnded { .. }
        | Event::StaySet { .. }
        | Event::Enforced { .. }
        | Event::EnforcementStopped { .. }
        | Event::CourtLodged { .. }
        | Event::CrimeSent { .. }
        | Event::CrimeAnswered { .. }
        | Event::TransferSent { .. }
        | Event::TransferAnswered { .. } => after::told(event),
        Event::Published { .. } => Told::new("处罚决定公开").law("行政处罚法第四十八条"),
        Event::NotPublished { note, .. } => {
            Told::new("处罚决定不公开").said(*note).law("行政处罚法第四十八条")
        }
        Event::PublicationWithdrawn { note, .. } => {
            Told::new("撤回公开").said(*note).law("行政处罚法第四十八条第二款")
        }
        Event::PutIn { thing, .. } => {
            let told = Told::new(format!("物品 {} 入库（{}）", thing.id, thing.kind.title()))
                .said(thing.name)
                .with("库位", thing.shelf.clone())
                .with("来源", thing.from.title());
            let told = if thing.perishable { told.with("保管", "易腐烂变质") } else { told };
            attached(told, thing.exhibits.len()).law("行政强制法第二十六条")
        }
        Event::Custody { thing, act, note, exhibits, with, .. } => {
            let told = Told::new(format!("物品 {thing}：{}", act.title())).said(*note);
            let told = crate::goods::details(act).into_iter().fold(told, |told, d| told.with("说明", d));
            let told = with.iter().fold(told, |told, with| told.with("在场", name(with)));
            attached(told, exhibits.len())
        }
        Event::Archived { shelf, pages, note, file, .. } => {
            let told = Told::new("归档").with("档号", shelf.clone()).with("页数", pages.to_string());
            let told = file.iter().fold(told, |told, _| told.with("全卷", "装订本已经存证"));
            note.iter().fold(told, |told, note| told.said(*note).law("行政处罚法第四十七条"))
        }
        Event::Added { note, exhibits, .. } => attached(Told::new("补充材料").said(*note), exhibits.len()),
        Event::Joined { to, note, .. } => Told::new(format!("并入案件 {}", words.matter(*to))).said(*note),
        Event::Absorbed { from, .. } => Told::new(format!("案件 {} 并入本案", words.matter(*from))),
        Event::SplitAsked { party: id, note, .. } => Told::new(format!("{}分案", party(*id))).said(*note),
        Event::SplitOff { party: id, docket, .. } => {
            Told::new(format!("{}另案办理：{}", party(*id), words.matter(*docket)))
        }
        Event::ClockStarted { clock: started, .. } => {
            clock(Told::new(format!("{}起算", of_clock(started.term.title(), started.of))), started)
        }
        Event::ClockChanged { clock: changed, why, .. } => clock(
            Told::new(format!("{}变更", of_clock(changed.term.title(), changed.of))).with("原因", why),
            changed,
        ),
        Event::ClockWarned { term, of, percent, told, .. } => {
            let clock = of_clock(term.title(), *of);
            let said = match percent {
                // The law's own end is told by the clock's expiry.
                100.. => format!("{clock}：本机关从严的期限已到"),
                percent => format!("{clock}已过 {percent}%"),
            };
            Told::new(said).with("已告知", names(told, directory))
        }
        Event::ClockExpired { term, of, told, .. } => {
            Told::new(format!("{}届满", of_clock(term.title(), *of))).with("已告知", names(told, directory))
        }
        event => beside::tell(event, words),
    }
}

/// Another matter that an entry names.
pub(crate) fn other(event: &Event) -> Option<lianzhi_ids::DocketId> {
    match event {
        Event::Registered { origin, .. } => *origin,
        Event::Joined { to: id, .. }
        | Event::Absorbed { from: id, .. }
        | Event::SplitOff { docket: id, .. }
        | Event::DailyOpened { docket: id, .. }
        | Event::Brought { from: id, .. } => Some(*id),
        _ => None,
    }
}

/// Somebody looked at the voucher of a payment that another typed.
pub(crate) fn checked_payment(receipt: &str, finding: &Finding) -> Told {
    let told = match finding.came {
        true => Told::new("核对缴款凭证：已经到账").with("凭证", finding.voucher.clone()),
        false => Told::new("核对缴款凭证：没有到账，不予计入"),
    };
    let told = told.with("登记的缴款", receipt).said(finding.note);
    attached(told, finding.exhibits.len()).law("行政处罚法第六十七条")
}

/// The bank has what stands under a receipt.
pub(crate) fn banked(receipt: &str, banked: &Banked, files: usize) -> Told {
    let told = match &banked.file {
        Some(file) => Told::new("银行到账核对相符").with("银行文件", file.clone()),
        None => Told::new("当场收缴的罚款缴付银行"),
    };
    let told = told.with("票据", receipt).with("日期", banked.on.to_string());
    attached(told.with("凭证", banked.reference.clone()), files).law("行政处罚法第七十一条")
}
