//! Custody of things (行政强制法 26: kept with care, neither used nor damaged): two people, photos, nothing leaves without a ground.

use super::*;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::command::{
    EarlyDisposal, MissedThing, ThingGone, ThingIn, ThingMoney, ThingMove, ThingNotice, ThingOut,
};
use crate::penalty::goods::{Announcement, Custody, Disposal, Thing, ThingFile, ThingFrom, ThingState};
use crate::penalty::law_side;
use crate::penalty::matters::Receipt;
use crate::penalty::proceeds::Payee;
use crate::penalty::proposal::Proposal;
use crate::penalty::words::Settlement;

/// Kept with care.
const KEEP: &str = "行政强制法第二十六条；涉案物品管理规定";
/// Back to the owner.
const BACK: &str = "行政强制法第二十七条、第二十八条；行政处罚法第五十六条";
/// Sold or destroyed.
const SELL: &str = "行政处罚法第七十四条；罚没财物管理办法";
/// Days that a notice may give where no statute names them.
const DAYS: std::ops::RangeInclusive<u32> = 1..=365;

/// Whoever keeps the things of the unit.
fn keeper(case: &Case, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    permit(case, "goods_keep", facts)?;
    me(facts)
}

/// Another person of the directory, who is there besides whoever records it.
fn second(with: Option<&PersonCode>, me: &PersonCode, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    let person = with.filter(|w| *w != me).and_then(|w| facts.directory.people.get(w)).filter(|p| p.active);
    person.map(|p| p.code.clone()).ok_or_else(|| {
        Refusal::invalid("second", "须有两人在场。", "请选择在场的另一名工作人员。").from_source(KEEP)
    })
}

fn kept(case: &Case, id: u16) -> Result<&ThingFile, Refusal> {
    case.thing(id).filter(|t| t.state().kept()).ok_or_else(|| {
        Refusal::invalid("thing", format!("没有在管的物品 {id}。"), "请从本案在管的物品中选择。")
            .from_source(KEEP)
    })
}

fn custody(
    thing: u16,
    act: Custody,
    (note, exhibits, with): (Option<PartRef>, Vec<ExhibitRef>, Option<PersonCode>),
    by: PersonCode,
    at: Timestamp,
) -> Event {
    Event::Custody { thing, act, note, exhibits, with, by, at }
}

pub(super) fn put_in(case: &Case, asked: ThingIn, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let ThingIn { from, measure, party: whose, kind, name, shelf, perishable, exhibits: files } = asked;
    let by = keeper(case, facts)?;
    open(case)?;
    let measure = match (from, measure) {
        (ThingFrom::Measure, Some(id)) if case.measure(id).is_some() => Some(id),
        (ThingFrom::Measure, _) => {
            return Err(Refusal::invalid(
                "measure",
                "没有选择物品所属的保存、查封或者扣押清单。",
                "请选择清单；抽样或者移交来的物品，请改选来源。",
            )
            .from_source("行政处罚法第五十六条；行政强制法第二十四条"));
        }
        _ => None,
    };
    // Under a measure it is whose the measure is.
    let party = whose.filter(|_| measure.is_none());
    party.map_or(Ok(()), |id| super::party(case, id).map(|_| ()))?;
    let thing = Thing {
        id: u16::try_from(case.things.len() + 1).unwrap_or(u16::MAX),
        from,
        measure,
        party,
        kind,
        name: need(&name, "name", "物品的名称、规格、数量和特征").map_err(|r| r.from_source(KEEP))?,
        shelf: line(&shelf, "shelf", "库位", KEEP)?,
        perishable,
        exhibits: proof(facts, &files, "物品的照片", KEEP)?,
    };
    Ok(Event::PutIn { thing, by, at: facts.now })
}

pub(super) fn shift(case: &Case, asked: &ThingMove, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let ThingMove { thing: id, shelf, note } = asked;
    let by = keeper(case, facts)?;
    let file = kept(case, *id)?;
    let shelf = line(shelf, "shelf", "库位", KEEP)?;
    if file.state() == ThingState::Stored && file.shelf() == shelf {
        return Err(Refusal::invalid("shelf", "物品已经在这个库位。", "请填写新的库位。").from_source(KEEP));
    }
    let act = match file.state() {
        ThingState::Out | ThingState::Missing => Custody::BroughtBack { shelf },
        _ => Custody::Moved { shelf },
    };
    Ok(custody(*id, act, (note.part(), Vec::new(), None), by, facts.now))
}

pub(super) fn take_out(case: &Case, asked: ThingOut, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let ThingOut { thing, why, second: with, note } = asked;
    let by = keeper(case, facts)?;
    if kept(case, thing)?.state() != ThingState::Stored {
        return Err(no("out", "物品不在库，还没有回库。", "请先登记回库。", KEEP));
    }
    let note = need(&note, "note", "领取人、用途和归还的时间").map_err(|r| r.from_source(KEEP))?;
    let with = second(Some(&with), &by, facts)?;
    Ok(custody(thing, Custody::TakenOut { why }, (Some(note), Vec::new(), Some(with)), by, facts.now))
}

/// Where the statute of the place names the days they count; elsewhere the agency sets them in the notice.
pub(super) fn announce(case: &Case, asked: ThingNotice, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let ThingNotice { thing, what, days, note, exhibits: files } = asked;
    let by = keeper(case, facts)?;
    open(case)?;
    let file = kept(case, thing)?;
    let term = what.term();
    let statute = law_side::statutory(facts, term.key(), crate::beijing_date(facts.now)).ok();
    let source = statute.as_ref().map_or_else(|| KEEP.to_owned(), lianzhi_law::StatutoryTerm::citation);
    match what {
        Announcement::Perishable if !file.thing.perishable => {
            return Err(no(
                "not-perishable",
                "物品没有登记为易腐烂变质。",
                "可以长期保存的，依案件处理结果处理。",
                &source,
            ));
        }
        Announcement::Claim if case.measure_of(&file.thing).is_none() && !told(case) => {
            return Err(no(
                "not-told",
                "案件还没有处理完毕，或者处理结果还没有送达当事人，不能公告认领。",
                "请先作出处理决定并送达，通知当事人领取；无人领取的再公告认领。",
                &source,
            ));
        }
        Announcement::Claim if case.release_due(file).is_none() && case.measure_of(&file.thing).is_some() => {
            return Err(no(
                "not-released",
                "物品还不需要退还，不能公告认领。",
                "请先解除查封、扣押；应当没收的，依处罚决定处理。",
                &source,
            ));
        }
        _ => {}
    }
    if case.clock(term, Scope::Thing(thing)).is_some_and(|w| !w.over(facts.now)) {
        return Err(no("running", format!("“{}”的期限正在计算。", term.title()), "请等期限届满。", &source));
    }
    let days = match (&statute, days) {
        (Some(_), _) => None,
        (None, Some(days)) if DAYS.contains(&days) => Some(days),
        (None, _) => {
            return Err(Refusal::invalid(
                "days",
                "本地法规没有规定天数，通知须写明期限。",
                format!("请填写 {} 至 {} 天。", DAYS.start(), DAYS.end()),
            )
            .from_source(source));
        }
    };
    let note = need(&note, "note", "通知、公告的内容和发布的地方").map_err(|r| r.from_source(&source))?;
    let files = proof(facts, &files, "通知书、公告的照片", &source)?;
    Ok(custody(thing, Custody::Announced { what, days }, (Some(note), files, None), by, facts.now))
}

/// Whether the case was decided and everybody was told.
fn told(case: &Case) -> bool {
    !matches!(case.outcome, crate::penalty::Outcome::Open) && !case.papers.iter().any(|p| p.unserved())
}

/// Whether the owner had his time and did not come.
fn unclaimed(case: &Case, thing: u16, facts: &Facts<'_>) -> bool {
    case.clock(Term::Claim, Scope::Thing(thing)).is_some_and(|w| w.over(facts.now))
}

/// Asks to sell or destroy what would rot (上海市城市管理行政执法条例 22(2)): the owner was told and his time is over.
pub(super) fn early(case: &Case, asked: &EarlyDisposal, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let EarlyDisposal { thing: id, how, unsaleable, note } = asked;
    let (id, how, unsaleable) = (*id, *how, *unsaleable);
    officer(case, facts)?;
    early_ready(case, id, how, facts)?;
    if how == Disposal::Destroyed && !unsaleable {
        return Err(Refusal::invalid(
            "unsaleable",
            "能够拍卖、变卖的，不得销毁。",
            "请核实并勾选“无法拍卖、变卖”，在理由里写明；或者改为拍卖、变卖。",
        )
        .from_source("上海市城市管理行政执法条例第二十二条第二款；行政强制法第二十八条第二款"));
    }
    let proposal =
        Proposal::DisposeEarly { thing: id, how, unsaleable: unsaleable && how == Disposal::Destroyed };
    propose::put(case, proposal, need(note, "note", "提前处理的理由")?, facts)
}

/// The same, asked again when it is approved.
pub(super) fn early_ready(case: &Case, id: u16, how: Disposal, facts: &Facts<'_>) -> Result<(), Refusal> {
    let file = kept(case, id)?;
    let term = Term::Perishable;
    let statute = law_side::statutory(facts, term.key(), crate::beijing_date(facts.now)).ok();
    let source = statute.map_or_else(|| KEEP.to_owned(), |t| t.citation());
    if !matches!(how, Disposal::Sold | Disposal::Destroyed) {
        return Err(Refusal::invalid("how", "提前处理只能是拍卖、变卖或者销毁。", "退还、移交不需要报批。")
            .from_source(source));
    }
    if !file.thing.perishable || file.early.is_some() {
        return Err(no(
            "not-perishable",
            "物品不需要提前处理，或者已经批准。",
            "请按案件处理结果处理。",
            &source,
        ));
    }
    if !case.clock(term, Scope::Thing(id)).is_some_and(|w| w.over(facts.now)) {
        return Err(no(
            "not-told",
            "还没有通知当事人限期处理，或者期限还没有届满。",
            "请先登记通知，期满当事人不处理的再报批。",
            &source,
        ));
    }
    Ok(())
}

pub(super) fn dispose(case: &Case, asked: ThingGone, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let ThingGone { thing, how, second: with, proceeds, note, exhibits: files } = asked;
    let by = keeper(case, facts)?;
    let file = kept(case, thing)?;
    may_go(case, file, how, facts)?;
    let source = if how == Disposal::Returned { BACK } else { SELL };
    let with = second(Some(&with), &by, facts)?;
    let proceeds = proceeds.unwrap_or(0);
    match how {
        Disposal::Sold if proceeds <= 0 => {
            return Err(Refusal::invalid("proceeds", "没有填写变价款。", "请填写拍卖、变卖所得的金额。")
                .from_source(SELL));
        }
        Disposal::Returned | Disposal::HandedOver | Disposal::Destroyed | Disposal::Lost if proceeds != 0 => {
            return Err(
                Refusal::invalid("proceeds", "这种处理没有变价款。", "请留空金额。").from_source(source)
            );
        }
        _ if proceeds < 0 => {
            return Err(Refusal::invalid("proceeds", "金额不能小于零。", "请核对金额。").from_source(SELL));
        }
        _ => {}
    }
    let note = need(&note, "note", "领取人、接收机关或者处理的经过").map_err(|r| r.from_source(source))?;
    let what = match how {
        Disposal::Returned => "当事人签收的单据或者照片",
        Disposal::Destroyed => "销毁的记录和照片",
        Disposal::Lost => "查明原因、赔偿或者追究责任的材料",
        _ => "交接、处理的凭证",
    };
    let files = proof(facts, &files, what, source)?;
    let pays = auction(case, file, how, proceeds, &files, facts)?;
    let gone =
        custody(thing, Custody::Gone { how, proceeds }, (Some(note), files, Some(with)), by, facts.now);
    Ok(std::iter::once(gone).chain(pays).collect())
}

/// What an auction brought pays what the owner of the thing owes, as far as it goes (行政强制法 46(3)).
fn auction(
    case: &Case,
    file: &ThingFile,
    how: Disposal,
    proceeds: i64,
    files: &[ExhibitRef],
    facts: &Facts<'_>,
) -> Result<Option<Event>, Refusal> {
    let sold = how == Disposal::Sold && !case.taken(&file.thing) && file.early != Some(Disposal::Sold);
    let measure = case.measure_of(&file.thing).filter(|m| sold && case.auctioned(m));
    let Some(party) = measure.map(|m| m.measure.party) else { return Ok(None) };
    let today = crate::beijing_date(facts.now);
    let fen = law_side::payable(case, party, today)?.min(proceeds);
    if fen == 0 {
        return Ok(None);
    }
    let sum = law_side::surcharge(case, party, today)?;
    let reference = format!("拍卖-物{}", file.thing.id);
    let thing = Some(file.thing.id);
    let receipt = Receipt { thing, proof: files.to_vec(), ..Receipt::of(fen, today, reference) };
    let (surcharge, arithmetic, by) = (sum.fen, sum.arithmetic, facts.actor.person().cloned());
    Ok(Some(Event::Paid { party, receipt, surcharge, arithmetic, by, at: facts.now }))
}

/// Two people looked for it and did not find it: a stock-taking says so (盘亏). The node's own.
pub(super) fn missed(case: &Case, asked: &MissedThing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = me(facts)?;
    if kept(case, asked.thing)?.state() != ThingState::Stored {
        return Err(no("not-stored", "物品不在库，不是盘亏。", "请核对物品的去向。", KEEP));
    }
    let act = Custody::Missing { count: asked.count.clone() };
    Ok(custody(asked.thing, act, (None, Vec::new(), None), by, facts.now))
}

/// Whether a thing may leave in this way, by what the law says of it.
fn may_go(case: &Case, file: &ThingFile, how: Disposal, facts: &Facts<'_>) -> Result<(), Refusal> {
    let refuse = |rule: &str, remedy: &str, source: &str| {
        Err(Refusal::invalid("how", rule, remedy).from_source(source))
    };
    match (file.state(), how) {
        (ThingState::Missing, Disposal::Lost) => return Ok(()),
        (ThingState::Missing, _) => {
            return refuse(
                "物品盘亏，没有找到。",
                "找到的请登记回库；确实灭失的，查明原因、依法赔偿或者追究责任后登记灭失。",
                KEEP,
            );
        }
        (_, Disposal::Lost) => {
            return refuse("物品没有盘亏。", "灭失的，请先盘点并说明差异。", KEEP);
        }
        _ => {}
    }
    let unclaimed = unclaimed(case, file.thing.id, facts);
    let measure = case.measure_of(&file.thing);
    let settled = measure.and_then(|m| m.settled).map(|(how, _)| how);
    // What is confiscated only by a decision that fell goes back.
    let taken = case.taken(&file.thing);
    let crime = case.outcome.hands_over();
    match how {
        Disposal::Returned if measure.is_some_and(crate::penalty::MeasureFile::in_force) => {
            refuse("保存、查封、扣押还没有解除。", "请先报批处理（退还）；期满的措施自动失效。", BACK)
        }
        Disposal::Returned if taken => {
            refuse("物品已经决定没收，不能退还。", "决定被撤销的，请先登记。", "行政处罚法第七十四条")
        }
        Disposal::HandedOver if !taken && !crime && settled != Some(Settlement::Transferred) => {
            refuse("没有移送、没收的决定，不能移交。", "请先报批处理（移送有权机关）。", SELL)
        }
        Disposal::Sold
            if !taken
                && !unclaimed
                && file.early != Some(Disposal::Sold)
                && !measure.is_some_and(|m| case.auctioned(m)) =>
        {
            refuse(
                "没有没收的决定，公告认领也没有期满，不能拍卖、变卖。",
                "易腐物品请先通知当事人并报批提前处理；抵缴罚款的，请先报批拍卖并送达当事人。",
                SELL,
            )
        }
        Disposal::Destroyed if !taken && file.early != Some(Disposal::Destroyed) => {
            refuse("没有没收、销毁的决定。", "易腐物品请先通知当事人并报批提前处理。", SELL)
        }
        Disposal::Surrendered if !taken && !unclaimed => {
            refuse("没有没收的决定，公告认领也没有期满。", "请先公告认领；期满无人认领的上缴财政。", SELL)
        }
        _ => Ok(()),
    }
}

/// What a thing brought goes to whom the law gives it, which nobody chooses: back to the party where nothing can be taken any more
/// (行政强制法 28(2)), else to the treasury (行政处罚法 74(2)).
pub(super) fn pay_over(case: &Case, asked: &ThingMoney, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let ThingMoney { thing: id, on, reference, note, exhibits: files } = asked;
    permit(case, "penalty_money", facts)?;
    let by = me(facts)?;
    let source = "行政强制法第二十八条第二款；行政处罚法第七十四条第二款；国家赔偿法第三十六条";
    let proceeds = case.thing(*id).and_then(|file| case.proceeds_of(file));
    let Some((proceeds, (to, since))) = proceeds.and_then(|p| Some((p, p.owed()?))) else {
        return Err(no(
            "no-proceeds",
            "没有需要支付的变价款，或者案件还没有决定变价款归谁。",
            "请先作出处理决定；已经支付的不再登记。",
            source,
        ));
    };
    let on = past_day(*on, "on", facts)?;
    if on < crate::beijing_date(since) {
        return Err(
            Refusal::invalid("on", "支付日期早于应当支付的日期。", "请核对支付日期。").from_source(source)
        );
    }
    let reference = line(reference, "reference", "转账、缴库的凭证号", source)?;
    let note = need(note, "note", "收款人和支付的情况").map_err(|r| r.from_source(source))?;
    let what = if to == Payee::Owner { "当事人收款的凭证" } else { "缴库的凭证" };
    let files = proof(facts, files, what, source)?;
    let act = Custody::PaidOver { to, fen: proceeds.fen, on, reference };
    Ok(custody(*id, act, (Some(note), files, None), by, facts.now))
}
