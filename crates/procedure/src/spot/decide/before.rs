//! Until something became of the sheet: begun, told, heard, imposed; or spared, or over to the ordinary procedure.

use super::*;
use crate::Text;
use crate::penalty::decide::filing::{conduct, subject};
use crate::penalty::decide::{certified, exhibits, me, need, past, proof};
use crate::penalty::rules::limitation;
use crate::penalty::{Adopted, Capacity, NoPenaltyGround, Weight};
use crate::spot::command::{Defence, NewSheet, Plan};
use crate::spot::rules;
use crate::spot::state::{Heard, Lapsed, Opening, Sanction, Sparing, Told};
use lianzhi_ids::{Digest, DocketId};

/// Longest time that a party may be given to put it right by its promise, days.
const PROMISE_DAYS_MAX: i32 = 30;

/// A form is begun, and taken on as far as the command goes.
pub(super) fn open(new: NewSheet, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let NewSheet {
        unit,
        origin,
        slip,
        place,
        point,
        party,
        violation,
        second,
        shown,
        began,
        ordered,
        disobeyed,
        ordered_at,
        anew,
        exhibits: files,
        told,
        plan,
        heard,
        defence,
        lowered,
    } = new;
    let unit = unit
        .filter(|u| facts.directory.units.contains_key(u))
        .ok_or_else(|| Refusal::invalid("unit", "没有执法单位。", "请从单位名录中选择本人所在的单位。"))?;
    let matter = Matter { unit: Some(&unit), ..Matter::default() };
    policy::permit(facts, "spot_handle", &matter)?;
    let me = me(facts)?;
    if me == second {
        return Err(Refusal::invalid(
            "second",
            "执法人员不得少于两人。",
            "请选择与您一同执法的另一名执法人员。",
        )
        .from_source("行政处罚法第四十二条"));
    }
    let officers = vec![certified(&me, "second", facts)?, certified(&second, "second", facts)?];
    let shown = if shown {
        past(began.unwrap_or(facts.now), "began", facts)?
    } else {
        return Err(Refusal::invalid("shown", "没有出示执法证件。", "请主动出示两人的执法证件后再办理。")
            .from_source("行政处罚法第四十二条、第五十二条第一款"));
    };
    let subject = subject(1, &party, facts)?;
    rules::capacity(subject.capacity).map_or(Ok(()), Err)?;
    let violation = conduct(1, &violation, facts)?;
    law_side::power(&violation.item, facts).map_or(Ok(()), Err)?;
    limitation(&violation, facts.now, facts).map_or(Ok(()), Err)?;
    let lapsed = from_slip(slip, &violation.item, facts)?;
    let basis = law_side::bases(facts, &violation, subject.kind).into_iter().next().map(|(_, basis)| basis);
    // What stands on a list of first minor violations may be looked at without one: it can only be spared.
    let listed = !told && rules::on_a_list(&violation, facts);
    let basis = basis.or_else(|| listed.then(crate::penalty::Basis::none)).ok_or_else(|| {
        no(
            "no-basis",
            "该事项对这类当事人没有现行有效的处罚依据。",
            "没有法定依据的，不得给予行政处罚；可以发提示单。",
            "行政处罚法第三十八条、第五十一条",
        )
    })?;
    let item =
        facts.directory.law.item(&violation.item).map_or_else(|_| String::new(), |i| i.name.to_string());
    let opening = Opening {
        number: facts.look_ups.number.clone(),
        unit,
        officers,
        most: rules::most(subject.kind),
        subject,
        violation,
        item,
        basis,
        place: need(&place, "place", "违法行为发生的地点")?,
        point,
        shown,
        disobeyed,
        ordered: ordered.part(),
        ordered_at: disobeyed.then(|| past(ordered_at.unwrap_or(shown), "ordered_at", facts)).transpose()?,
        lapsed,
        anew,
        exhibits: exhibits(facts, &files)?,
        origin,
        slip,
    };
    rules::once_only(&opening, facts).map_or(Ok(()), Err)?;
    let mut steps = Steps::begin(Event::Opened { opening: Box::new(opening), at: facts.now });
    if told {
        steps.take(|sheet| tell(sheet, plan, facts))?;
        if heard {
            steps.take(|sheet| hear(sheet, &defence, facts))?;
            steps.take(|sheet| impose(sheet, lowered, facts))?;
            let code = steps.events.last().map(|imposed| pay_code(imposed, facts)).transpose()?.flatten();
            steps.events.extend(code);
        }
    }
    Ok(steps.events)
}

/// A slip that it comes from is of the same party and item; whether its day passed without anything put right.
fn from_slip(slip: Option<DocketId>, item: &str, facts: &Facts<'_>) -> Result<Option<Lapsed>, Refusal> {
    let Some(seen) = facts.look_ups.slip.as_ref().filter(|_| slip.is_some()) else { return Ok(None) };
    if seen.item == item && seen.same_party {
        return Ok(seen.lapsed.clone());
    }
    let what = if seen.same_party { "事项" } else { "当事人" };
    Err(Refusal::invalid(
        "from_matter",
        format!("{} 的{what}与本件不同，本件不能由它引出。", seen.number),
        "请核对当事人和事项；与该单无关的，直接办理当场处罚。",
    )
    .from_source("三单制：同一当事人、同一事项先提示、后警示、再处罚"))
}

/// The code by which a fine is paid, given out with the decision where the agency gives them (行政处罚法 67).
pub(super) fn pay_code(imposed: &Event, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    let fined = matches!(imposed, Event::Imposed { sanction, .. } if sanction.fine > 0);
    let code = facts.look_ups.pay_codes.first().filter(|_| fined).cloned();
    let by = me(facts)?;
    Ok(code.map(|code| Event::PayCodeSet { code, by, at: facts.now }))
}

/// Steps taken one after the other, each on what the last one led to.
struct Steps {
    state: State,
    events: Vec<Event>,
}

impl Steps {
    fn begin(event: Event) -> Steps {
        Steps { state: evolve::evolve(State::Nothing, &event), events: vec![event] }
    }
    fn take(&mut self, step: impl FnOnce(&Sheet) -> Result<Event, Refusal>) -> Result<(), Refusal> {
        if let Some(sheet) = self.state.sheet() {
            let event = step(sheet)?;
            self.state = evolve::evolve(std::mem::take(&mut self.state), &event);
            self.events.push(event);
        }
        Ok(())
    }
}

pub(super) fn tell(sheet: &Sheet, plan: Plan, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(sheet, facts)?;
    let Opening { basis, violation, .. } = &sheet.opening;
    rules::same_day(sheet, facts).map_or(Ok(()), Err)?;
    let sanction = Sanction { warning: plan.warning, fine: plan.fine };
    if basis.is_none() {
        return Err(no(
            "no-basis",
            "该事项对这类当事人没有现行有效的处罚依据。",
            "没有法定依据的，不得给予行政处罚；请按免罚清单不予处罚，或者发提示单。",
            "行政处罚法第三十八条、第五十一条",
        ));
    }
    crate::penalty::decide::first(rules::sanction(&sheet.opening, sanction, facts))?;
    let weighed = law_side::weigh(facts, violation, basis, &plan.tier, &plan.circumstances, sanction.fine)?;
    if let Some(spare) = weighed.spare {
        return Err(no(
            "must-spare",
            format!("有“{spare}”的情节，不予行政处罚。"),
            "请按不予处罚办理，并对当事人进行教育。",
            "行政处罚法第三十条、第三十一条、第三十三条",
        ));
    }
    let lighter = matches!(weighed.weight, Weight::Lenient | Weight::Reduced);
    if sheet.opening.subject.capacity == Capacity::Minor && sanction.fine > 0 && !lighter {
        return Err(Refusal::invalid(
            "circumstances",
            "已满十四周岁不满十八周岁的未成年人有违法行为的，应当从轻或者减轻行政处罚。",
            "请选择从轻的情节和与其相符的数额；减轻的转为普通程序办理。",
        )
        .from_source("行政处罚法第三十条"));
    }
    if let Some(deviation) = weighed.deviation {
        return Err(no(
            "off-benchmark",
            format!("{deviation}。现场不能偏离裁量基准。"),
            "请选择与情节相符的档次和数额；确有理由偏离的，转为普通程序报批。",
            "行政处罚法第三十四条",
        ));
    }
    let told = Told {
        sanction,
        tier: weighed.tier,
        circumstances: plan.circumstances,
        benchmark: weighed.arithmetic,
    };
    Ok(Event::Told { told, by, at: facts.now })
}

pub(super) fn hear(sheet: &Sheet, defence: &Defence, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(sheet, facts)?;
    told(sheet)?;
    let statement = defence.statement.part();
    let answer = match statement {
        None => None,
        Some(_) => {
            let adopted = defence.adopted.ok_or_else(|| {
                Refusal::invalid("adopted", "没有写明是否采纳。", "请选择是否采纳当事人的陈述、申辩。")
                    .from_source("行政处罚法第四十五条第一款")
            })?;
            Some((adopted, need(&defence.answer, "answer", "采纳或者不采纳的理由")?))
        }
    };
    let heard = Heard { statement, answer, disputed: defence.disputed };
    Ok(Event::Heard { heard, by, at: facts.now })
}

fn told(sheet: &Sheet) -> Result<&Told, Refusal> {
    sheet.told.as_ref().ok_or_else(|| {
        no(
            "not-told",
            "还没有告知当事人拟作出的处罚内容及事实、理由、依据和依法享有的权利。",
            "请先当场告知。",
            "行政处罚法第四十四条、第五十二条",
        )
    })
}

/// What was not known of the party, or was written wrongly. Who it is does not change once it was decided on.
pub(super) fn describe(sheet: &Sheet, particulars: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第五十二条第二款";
    let by = officer(sheet, facts)?;
    let handed = sheet.imposed().is_some_and(|decision| decision.handed.is_some());
    if handed || !matches!(sheet.outcome, Outcome::Open | Outcome::Imposed(_)) {
        return Err(wrong_stage(sheet, "补正当事人信息"));
    }
    let particulars = particulars.part().ok_or_else(|| {
        Refusal::invalid("name", "没有写要补正的内容。", "请填写要补充或者更正的项目，其余的不用填。")
            .from_source(SOURCE)
    })?;
    let known = &sheet.opening.subject;
    // A number that is not said again stays what it was.
    let key = facts.look_ups.subject.or(known.key);
    let another = facts.look_ups.renamed || (known.key.is_some() && key != known.key);
    if another && sheet.told.is_some() {
        return Err(no(
            "told",
            "已经告知或者作出决定，不能在这里改换当事人的姓名、名称或者证件号码。",
            "认错了人的，撤销决定或者作废后重新办理；住址、法定代表人、电话可以补正。",
            "行政处罚法第四十四条、第五十二条第二款",
        ));
    }
    Ok(Event::Described { particulars, key, by, at: facts.now })
}

/// The decision is filled in and handed over on the spot: what must stand on it is asked for before.
pub(super) fn complete(act: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let lacking = &facts.look_ups.lacking;
    if lacking.is_empty() {
        return Ok(());
    }
    let own = ["法定代表人", "负责人", "经营者"];
    let field = match lacking.first() {
        Some(what) if own.iter().any(|own| what.contains(own)) => "representative",
        _ => "address",
    };
    Err(Refusal {
        field: Some(field),
        ..no(
            "paper-incomplete",
            format!("《当场行政处罚决定书》缺少必填内容：{}，不能{act}。", lacking.join("、")),
            "请问明当事人后填写；已经登记的，用“补正当事人信息”补齐。本机关的复议机关、缴款方式由管理员在“管理—设置”里填写。",
            "行政处罚法第五十二条第二款、第五十九条",
        )
    })
}

pub(super) fn impose(sheet: &Sheet, lowered: Option<i64>, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(sheet, facts)?;
    let told = told(sheet)?;
    let heard = sheet.heard.as_ref().ok_or_else(|| {
        no(
            "not-heard",
            "还没有听取当事人的陈述、申辩。",
            "请先听取并复核当事人的陈述、申辩；当事人没有意见的，也要登记。",
            "行政处罚法第四十五条、第五十二条",
        )
    })?;
    if heard.disputed {
        return Err(no(
            "disputed",
            "当事人对违法事实有异议，违法事实不属于“确凿”。",
            "请转为普通程序调查取证，已经录入的内容一并带入。",
            "行政处罚法第五十一条",
        ));
    }
    if sheet.opening.exhibits.is_empty() {
        return Err(no(
            "no-evidence",
            "没有固定违法事实的证据。",
            "请拍照或者上传现场证据。",
            "行政处罚法第四十条、第四十六条、第五十一条",
        ));
    }
    rules::same_day(sheet, facts).map_or(Ok(()), Err)?;
    rules::once_only(&sheet.opening, facts).map_or(Ok(()), Err)?;
    let sanction = Sanction { fine: lowered.unwrap_or(told.sanction.fine), ..told.sanction };
    if sanction.heavier_than(told.sanction) {
        return Err(no(
            "heavier",
            "处罚不得重于告知的内容，不得因当事人陈述、申辩而给予更重的处罚。",
            "请按告知的内容或者更轻的内容作出决定；内容变更的，重新告知。",
            "行政处罚法第四十四条、第四十五条第二款",
        ));
    }
    let adopted = heard.answer.is_some_and(|(adopted, _)| adopted != Adopted::None);
    if sanction != told.sanction && !adopted {
        return Err(no(
            "not-adopted",
            "与告知的内容不同，而陈述、申辩没有被采纳。",
            "请按告知的内容决定，或者采纳陈述、申辩后从轻。",
            "行政处罚法第四十四条、第四十五条",
        ));
    }
    crate::penalty::decide::first(rules::sanction(&sheet.opening, sanction, facts))?;
    complete("作出决定", facts)?;
    let public = facts.directory.settings.publication.spots;
    Ok(Event::Imposed { sanction, public, by, at: facts.now })
}

pub(super) fn confirm_list(sheet: &Sheet, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    permit(sheet, "spot_confirm", facts)?;
    let by = me(facts)?;
    if !matches!(sheet.outcome, Outcome::Open) {
        return Err(wrong_stage(sheet, "确认清单"));
    }
    if sheet.is_officer(&by) {
        return Err(Refusal::forbidden(
            "own-work",
            "办案人员不得确认本件的清单依据。",
            "请由其他法制审核员确认。",
        )
        .from_source("行政处罚法第五十八条"));
    }
    let note = need(note, "note", "现行清单的名称、文号和条目")?;
    Ok(Event::ListConfirmed { note, by, at: facts.now })
}

pub(super) fn spare(sheet: &Sheet, command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let Command::Spare { ground, listed, note, education, corrected, promise, exhibits: files } = command
    else {
        return Err(wrong_stage(sheet, "办理这一步"));
    };
    let by = undecided(sheet, facts)?;
    let source = ground.source();
    if !matches!(ground, NoPenaltyGround::Minor | NoPenaltyGround::First | NoPenaltyGround::NoFault) {
        return Err(Refusal::invalid(
            "ground",
            format!("“{}”不能在现场认定。", ground.title()),
            "请转为普通程序，作出不予处罚决定。",
        )
        .from_source(source));
    }
    if listed {
        rules::listed(sheet, facts).map_or(Ok(()), Err)?;
    }
    rules::harmless(sheet, ground).map_or(Ok(()), Err)?;
    rules::first(sheet, ground, facts).map_or(Ok(()), Err)?;
    let promise = match (ground.wants_correction(), promise) {
        (true, None) if !corrected => {
            return Err(no(
                "not-corrected",
                "没有及时改正。",
                "当场改正的请勾选并拍照；当场不能改正的，请当事人书面承诺改正的期限。",
                source,
            ));
        }
        (true, promise) if !corrected => promise,
        _ => None,
    };
    if let Some(until) = promise {
        let today = crate::beijing_date(facts.now);
        let days = today.until(until).map_or(0, |span| span.get_days());
        if !(1..=PROMISE_DAYS_MAX).contains(&days) {
            return Err(Refusal::invalid(
                "promise",
                format!("承诺改正的日期应在明天起 {PROMISE_DAYS_MAX} 天以内。"),
                "请与当事人约定能够及时改正的日期。",
            )
            .from_source("行政处罚法第三十三条第一款：及时改正"));
        }
    }
    let what = match (ground, promise) {
        (NoPenaltyGround::NoFault, _) => "没有主观过错的证据",
        (_, Some(_)) => "当事人签字的承诺书",
        _ => "改正后的照片",
    };
    let sparing = Sparing {
        number: facts.look_ups.number.clone(),
        ground,
        listed,
        to_hand: true,
        note: need(&note, "note", "不予处罚的具体理由")?,
        education: need(&education, "education", "对当事人进行教育的内容")
            .map_err(|r| r.from_source("行政处罚法第三十三条第三款"))?,
        promise,
        exhibits: proof(facts, &files, what, source)?,
    };
    Ok(Event::Spared { sparing, by, at: facts.now })
}

pub(super) fn reinspect(
    sheet: &Sheet,
    done: bool,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = officer(sheet, facts)?;
    if sheet.stage() != crate::spot::Stage::Promised {
        return Err(wrong_stage(sheet, "复查承诺"));
    }
    let note = need(note, "note", "复查情况")?;
    Ok(Event::Reinspected { done, note, exhibits: exhibits(facts, files)?, by, at: facts.now })
}

pub(super) fn go_over(sheet: &Sheet, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(sheet, facts)?;
    let note = need(note, "note", "转为普通程序的理由")?;
    Ok(Event::WentOver { note, by, at: facts.now })
}

pub(super) fn void(sheet: &Sheet, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(sheet, facts)?;
    let note = need(note, "note", "表格作废的理由")?;
    Ok(Event::Voided { note, by, at: facts.now })
}
