//! Offers between the end of the investigation and the decision: what is planned, rights of the parties, review, decision.

use super::*;
use crate::cooperation::TransferGround;
use crate::penalty::charge::Charge;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::command::{Charging, GivingUp, Handing, NewPromise, Seen, Signed};
use crate::penalty::command::{TransferAnswer, Transferring};
use crate::penalty::decide::hearing;
use crate::penalty::light::PROMISE_DAYS_MAX;
use crate::penalty::rights::{Hearing, HearingEnd};
use crate::penalty::stage::Stage;
use crate::penalty::words::{Adopted, Adviser, Capacity, Mark, NoPenaltyGround, Opinion, Severe};
use crate::penalty::{chosen, law_side, once, rules, tiers};

pub(super) fn rights(desk: &mut Desk<'_>) {
    let parties = desk.parties();
    plan(desk, &parties);
    if matches!(desk.case.stage(), Stage::Finished | Stage::Notified | Stage::Hearing) {
        let told = desk.case.present().all(|p| p.rights.notice.is_some());
        desk.offer_or_say(
            words(
                !told,
                "notify",
                if told { "重新告知" } else { "报批事先告知" },
                "批准后编文号，送达后起算陈述申辩和听证的期限。",
            ),
            Command::Notify { days: 5, note: sealed() },
            vec![
                field(
                    "days",
                    "陈述、申辩期限（工作日）",
                    true,
                    FieldKind::Number { min: 3, max: 30 },
                    "法律没有规定天数",
                ),
                note("告知的事实、理由和依据"),
            ],
        );
    }
    desk.offer_for(
        words(false, "state", "登记陈述、申辩", "必须复核并答复，不得因此加重处罚。"),
        ("party", "当事人"),
        &parties,
        |party| Command::State { party, note: sealed(), exhibits: vec![] },
        vec![note("当事人陈述、申辩的内容"), files("当事人提交的材料", false)],
    );
    desk.offer_for(
        words(true, "answer", "复核陈述、申辩", "写明是否采纳及理由。"),
        ("party", "当事人"),
        &parties,
        |party| Command::Answer { party, adopted: Adopted::None, note: sealed() },
        vec![field("adopted", "复核意见", true, choices!(Adopted), ""), note("理由")],
    );
    // Whoever asked for a hearing may still give up what is left of the term for its defence.
    let waive = |party, hearing| Command::Waive { party, hearing, exhibits: sample_files() };
    let both: Vec<_> = parties.iter().filter(|(id, _)| desk.tries(waive(*id, true)).is_ok()).collect();
    let both: Vec<u16> = both.into_iter().map(|(id, _)| *id).collect();
    desk.offer_for(
        words(false, "waive", "登记放弃权利声明", "当事人签字的书面声明。"),
        ("party", "当事人"),
        &parties,
        |party| waive(party, both.contains(&party)),
        vec![field("hearing", "同时放弃听证", false, FLAG, ""), files("当事人签字的声明", true)],
    );
    light(desk, &parties);
    hearing(desk, &parties);
    let advise = |from| Command::Advise { asked: None, from, note: sealed(), exhibits: vec![] };
    // Whoever is asked speaks for himself; officers enter the opinion of either.
    let mine = Adviser::ALL.iter().copied().filter(|from| desk.tries(advise(*from)).is_ok());
    let mine: Vec<Adviser> = mine.collect();
    let choices = mine.iter().map(|from| Choice::new(from.code(), from.title())).collect();
    desk.offer(
        words(false, "advise", "登记评议、律师意见", "供审核和决定参考。"),
        advise(mine.first().copied().unwrap_or(Adviser::Lawyer)),
        vec![
            field("from", "来自", true, FieldKind::Choice { choices }, ""),
            note("意见"),
            files("意见书", false),
        ],
    );
    let heard = rules::all_heard(desk.case).is_some_and(|at| at <= desk.now());
    desk.offer(
        words(
            rules::review_owed(desk.case) && heard,
            "review",
            "法制审核",
            "审核通过后集体讨论或者报批决定。",
        ),
        Command::Review { opinion: Opinion::Agree, note: sealed(), qualification: "-".into() },
        vec![
            field("opinion", "审核意见", true, choices!(Opinion), ""),
            note("逐项意见：主体权限、事实证据、依据、程序、裁量、文书、是否涉罪"),
            field("qualification", "法律职业资格证书编号", false, LINE, "初次从事审核的必填"),
        ],
    );
    desk.offer(
        words(true, "resubmit", "重新送审", "法制审核没有通过的，按意见补充、纠正后再送法制审核。"),
        Command::Resubmit { note: sealed() },
        vec![note("补充、纠正的情况，或者不采纳的理由")],
    );
    let case = desk.case;
    let leaders = desk.people(|p| {
        !case.is_officer(&p.code)
            && !case.recused.contains(&p.code)
            && p.posts.iter().any(|post| post.roles.contains(&Role::Leader))
    });
    if let [(a, _), (b, _), ..] = leaders.as_slice() {
        let choices = leaders.iter().map(|(_, c)| c.clone()).collect();
        let present = vec![a.clone(), b.clone()];
        desk.offer(
            words(rules::discussion_owed(desk.case), "discuss", "登记集体讨论", "负责人集体讨论决定。"),
            Command::Discuss { present, agreed: true, longer: desk.case.finished.is_none(), note: sealed() },
            vec![
                field("longer", "讨论的是再次延长办案期限", false, FLAG, "讨论处罚意见的不选"),
                field("present", "参加的负责人", true, FieldKind::Many { choices }, "至少两人"),
                field("agreed", "讨论结论", true, FLAG, ""),
                note("讨论记录"),
            ],
        );
    }
}

/// Before the instant at which a day is over.
const SECOND: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

fn hearing(desk: &mut Desk<'_>, parties: &[(u16, Choice)]) {
    let today = desk.today();
    // Asked for in time counts although it reaches the desk later: by post, or over a holiday.
    let last = |party| {
        let clock = desk.case.clock(Term::HearingRequest, Scope::Party(party));
        clock.map_or(today, |w| crate::beijing_date(w.clock.running.due - SECOND).min(today))
    };
    let days: Vec<_> = parties.iter().map(|(id, _)| (*id, last(*id))).collect();
    let asked_by =
        hints::last_days(desk, Term::HearingRequest, "告知送达后五个工作日内提出；邮寄的填寄出的日期");
    desk.offer_for(
        words(false, "ask_hearing", "登记听证要求", "由法制机构组织听证。"),
        ("party", "当事人"),
        parties,
        |party| {
            let on = days.iter().find(|(id, _)| *id == party).map_or(today, |(_, day)| *day);
            Command::AskHearing { party, on }
        },
        vec![field("on", "提出日期", true, DAY, asked_by)],
    );
    let case = desk.case;
    let chairs = desk.fit(hearing::HOLD);
    let far = desk.now() + jiff::SignedDuration::from_hours(24 * 30);
    // Once everybody who asked was called, calling again only changes the day.
    let asked = |p: &crate::penalty::Party| matches!(p.rights.hearing, Hearing::Asked { .. });
    let first = case.present().any(asked);
    if let Some((chair, _)) = chairs.first() {
        let fields = vec![
            field("on", "听证时间", true, MOMENT, hints::hearing(desk)),
            person_field("chair", "主持人", &chairs),
            note("地点和方式"),
        ];
        desk.offer_for(
            words(first, "call_hearing", "发听证通知", "编文号，举行七个工作日前送达。"),
            ("party", "当事人"),
            parties,
            |party| Command::CallHearing { party, on: far, chair: chair.clone(), note: sealed() },
            fields,
        );
    }
    desk.offer_for(
        words(true, "hold_hearing", "提交听证笔录和报告", "笔录是作出决定的根据。"),
        ("party", "当事人"),
        parties,
        |party| Command::HoldHearing { party, note: sealed(), exhibits: sample_files() },
        vec![note("听证报告"), files("当事人签字的听证笔录", true)],
    );
    let drop = |party, ground| {
        Command::DropHearing(GivingUp { party, ground, note: sealed(), exhibits: sample_files() })
    };
    let may = |ground| parties.iter().any(|(id, _)| desk.tries(drop(*id, ground)).is_ok());
    let grounds = HearingEnd::ALL.iter().filter(|ground| may(**ground));
    let choices = grounds.map(|ground| Choice::new(ground.code(), ground.title())).collect();
    desk.offer_for(
        words(false, "drop_hearing", "登记放弃听证", "撤回要求，或者无正当理由拒不出席、中途退出。"),
        ("party", "当事人"),
        parties,
        |party| drop(party, HearingEnd::Withdrawn),
        vec![
            field("ground", "情形", true, FieldKind::Choice { choices }, "没有出席的在通知的时间以后登记"),
            note("情况"),
            files("当事人签字的撤回材料", false),
        ],
    );
}

/// Code of the circumstance that a minor always has.
const UNDER_18: &str = "under_18";

/// Most area that a form takes, in hundredths of a square metre: a hundred square kilometres.
const AREA_MAX: i64 = 10_000_000_000;

/// A charge that fits whatever the article's range is: what was told or is planned already, else a warning where the article gives
/// one, else gains of a fen (28(2)).
fn sample(desk: &Desk<'_>, id: u16, violation: u16) -> Option<Charging> {
    let (case, party) = (desk.case, desk.case.party(id)?);
    let of = |c: &&Charge| c.violation == violation;
    let told = party.rights.notices().last().and_then(|n| n.charges.iter().find(of));
    let like = told.or(party.charges.iter().find(of));
    let all = law_side::bases(&desk.facts, case.violation(violation)?, party.subject.kind);
    let fit = all.iter().find(|(_, basis)| like.is_some_and(|like| basis.same(&like.basis)));
    let (name, basis) = fit.or(all.first())?;
    let mut sample = Charging {
        party: id,
        violation,
        basis: Some(name.clone()),
        tier: String::new(),
        // A minor must be punished less (30).
        circumstances: if party.subject.capacity == Capacity::Minor {
            vec![UNDER_18.to_owned()]
        } else {
            vec![]
        },
        warning: false,
        fine: 0,
        confiscation: 0,
        goods: false,
        goods_value: None,
        grade: basis.only.clone(),
        cost: None,
        area: None,
        severe: None,
        apart: true,
        note: sealed(),
        new_evidence: None,
    };
    if let Some(daily) = case.daily_of.as_ref().filter(|_| violation == 1) {
        sample.fine = daily.total();
    } else if basis.warns().is_some() {
        sample.warning = true;
    } else if let Some(like) = like.filter(|like| like.confiscation == 0) {
        sample.tier.clone_from(&like.tier);
        sample.circumstances.clone_from(&like.circumstances);
        sample.fine = like.fine;
        (sample.goods, sample.goods_value, sample.severe) = (like.goods, like.goods_value, like.severe);
        (sample.cost, sample.area) = (like.cost, like.area);
    } else {
        sample.confiscation = 1;
    }
    Some(sample)
}

/// The tiers under the rule that the law data choose, for everybody and every violation, each by a name.
fn tiers_of(desk: &Desk<'_>) -> Vec<(String, Vec<tiers::Tier>)> {
    let several = desk.case.violations.len() > 1;
    let mut all: Vec<(String, Vec<tiers::Tier>)> = Vec::new();
    for violation in &desk.case.violations {
        for party in desk.case.present() {
            let kind = party.subject.kind;
            let who = match several {
                true => format!("违法行为 {}（{}）", violation.id, kind.subject()),
                false => kind.subject().to_owned(),
            };
            let basis = law_side::bases(&desk.facts, violation, kind).into_iter().next();
            if let Some((_, basis)) = basis.filter(|_| all.iter().all(|(known, _)| *known != who)) {
                all.push((who, tiers::tiers(&desk.facts, violation, &basis)));
            }
        }
    }
    all
}

/// What shall be done to whom.
fn plan(desk: &mut Desk<'_>, parties: &[(u16, Choice)]) {
    let case = desk.case;
    let (mut bases, mut known, mut grades) = (Vec::new(), Vec::new(), Vec::new());
    for violation in &case.violations {
        for party in case.present() {
            let kind = party.subject.kind;
            for (name, basis) in law_side::bases(&desk.facts, violation, kind) {
                // What is known of it in few words; why it was chosen and what else it says stands beside the form.
                let only = match basis.only.as_str() {
                    "" => String::new(),
                    only => format!("，限于{only}"),
                };
                let title = format!("{}，{}{only}", basis.cite(), basis.range().text());
                if bases.iter().all(|known: &Choice| known.value != name) {
                    bases.push(Choice::new(name, title));
                    known.push(basis);
                }
            }
            let new = chosen::grades(&desk.facts, violation, kind);
            grades.extend(new.into_iter().filter(|grade| !grades.contains(grade)).collect::<Vec<_>>());
        }
    }
    if !bases.is_empty() {
        let evidence = case.evidence.iter().map(|e| &e.evidence);
        let evidence: Vec<_> = evidence
            .map(|e| Choice::new(e.id.to_string(), format!("证据 {}（{}）", e.id, e.kind.title())))
            .collect();
        let tiers = tiers::choices(&tiers_of(desk));
        let of = |(code, title): (String, String)| Choice::new(code, title);
        let circumstances = law_side::circumstances(&desk.facts).into_iter().map(of).collect();
        let mut fields = vec![
            field("violation", "违法行为", true, FieldKind::Choice { choices: desk.violations() }, ""),
            field(
                "basis",
                "处罚依据",
                false,
                FieldKind::Choice { choices: bases },
                "不选即按行为时间自动选择；选其他的须写明理由并经批准",
            ),
        ];
        if !grades.is_empty() {
            let choices = grades.iter().map(|grade| Choice::new(grade.clone(), grade.clone())).collect();
            fields.push(field(
                "grade",
                "案情属于的情形",
                false,
                FieldKind::Choice { choices },
                "查明属于的才选；拒不改正的，须责令改正已经送达、期满复查没有改正",
            ));
        }
        fields.extend([
            field(
                "tier",
                "裁量档次",
                false,
                FieldKind::Choice { choices: tiers },
                "处罚款的必填；金额按适用的依据计算",
            ),
            field("circumstances", "裁量情节", false, FieldKind::Many { choices: circumstances }, ""),
        ]);
        if known.iter().any(|basis| basis.warns().is_some()) {
            fields.push(field("warning", "警告", false, FLAG, ""));
        }
        fields.push(field("fine", "罚款", false, MONEY, "元，可到分"));
        if known.iter().any(|basis| basis.percent.is_some()) {
            fields.push(field("cost", "建设工程造价", false, MONEY, "元；罚款按造价计算的必填"));
        }
        if known.iter().any(|basis| basis.per_m2.is_some()) {
            let kind = FieldKind::Number { min: 0, max: AREA_MAX };
            let hint = "1 平方米即 100 平方分米；罚款按面积计算的必填";
            fields.push(field("area", "占用面积（平方分米）", false, kind, hint));
        }
        fields.extend([
            field("confiscation", "没收违法所得", false, MONEY, "元，可到分"),
            field("goods", "没收非法财物", false, FLAG, ""),
            field("goods_value", "非法财物的价值", false, MONEY, "不知道的不填，按较大价值告知听证权利"),
            field("severe", "其他处罚", false, choices!(Severe), ""),
        ]);
        let beside = once::beside(case, &desk.facts);
        if !beside.is_empty() {
            let hint = format!(
                "同一当事人同日的行为另有 {}（其他事项）：同一个违法行为只罚款一次，按罚款数额高的规定；确属另一个的勾选，并在理由中写明",
                beside.join("、")
            );
            fields.push(field("apart", "另一个违法行为", false, FLAG, hint));
        }
        fields.extend([
            note("裁量的情节和理由；偏离基准、另选依据、认定为另一个违法行为的理由"),
            field(
                "new_evidence",
                "申辩后发现的新证据",
                false,
                FieldKind::Choice { choices: evidence },
                "只在重于已告知的处罚时需要",
            ),
        ]);
        // For whom the first violation does not fit, the next one may.
        let ids: Vec<u16> = case.violations.iter().map(|v| v.id).collect();
        let samples: Vec<_> = parties
            .iter()
            .filter_map(|(id, _)| {
                let mut all = ids.iter().filter_map(|of| sample(desk, *id, *of));
                let fit = all.find(|charging| desk.tries(Command::Charge(charging.clone())).is_ok())?;
                Some((*id, fit))
            })
            .collect();
        let able: Vec<_> =
            parties.iter().filter(|(id, _)| samples.iter().any(|(of, _)| of == id)).cloned().collect();
        let of = |party| {
            let found = samples.iter().find(|(id, _)| *id == party);
            found.map_or(Command::Uncharge { party, violation: 0 }, |(_, fit)| Command::Charge(fit.clone()))
        };
        desk.offer_for(
            words(
                case.finished.is_some() && case.present().any(|p| p.charges.is_empty()),
                "charge",
                "拟定处罚意见",
                "依据、情节和幅度留痕；改变已告知的内容须重新告知。",
            ),
            ("party", "当事人"),
            &able,
            of,
            fields,
        );
    }
    let unverified =
        |c: &&Charge| !c.basis.article.is_empty() && !c.basis.verified && c.basis.confirmed.is_none();
    let unchecked: Vec<_> = case.present().flat_map(|p| p.charges.iter().filter(unverified)).collect();
    let mut choices: Vec<Choice> = Vec::new();
    for charge in &unchecked {
        let choice = Choice::new(charge.violation.to_string(), charge.basis.cite());
        if !choices.iter().any(|known| known.value == choice.value) {
            choices.push(choice);
        }
    }
    let of_party = |party| unchecked.iter().find(|c| c.party == party).map_or(0, |c| c.violation);
    desk.offer_for(
        words(true, "confirm", "确认处罚依据", "依据没有核对过，确认后才能作出决定。"),
        ("party", "当事人"),
        parties,
        |party| Command::Confirm { party, violation: of_party(party), note: sealed() },
        vec![
            field("violation", "依据", true, FieldKind::Choice { choices }, ""),
            note("核对所用的现行有效文本及其出处"),
        ],
    );
    let charged = |party| case.party(party).and_then(|p| p.charges.first()).map_or(0, |c| c.violation);
    let choices = desk_violations(case);
    desk.offer_for(
        words(false, "uncharge", "撤去处罚意见", "该项不再处罚。"),
        ("party", "当事人"),
        parties,
        |party| Command::Uncharge { party, violation: charged(party) },
        vec![field("violation", "违法行为", true, FieldKind::Choice { choices }, "")],
    );
}

fn desk_violations(case: &Case) -> Vec<Choice> {
    let name = |v: &crate::penalty::Violation| Choice::new(v.id.to_string(), format!("违法行为 {}", v.id));
    case.violations.iter().map(name).collect()
}

/// Petty cases: consent to quick handling, a promise and what became of it.
fn light(desk: &mut Desk<'_>, parties: &[(u16, Choice)]) {
    let tomorrow = desk.today().tomorrow().unwrap_or(desk.today());
    let exhibits = sample_files;
    desk.offer_for(
        words(
            false,
            "quick",
            "登记快速办理同意书",
            "告知、陈述申辩、决定、送达一步不少；不再经承办机构审核，直接送机关负责人签发。有听证、法制审核、集体讨论的自动恢复。",
        ),
        ("party", "当事人"),
        parties,
        |party| Command::Quick(Signed { party, exhibits: exhibits() }),
        vec![files("当事人签字的同意书", true)],
    );
    desk.offer_for(
        words(false, "promise", "登记改正承诺书", "到期复查；改正的可以不予处罚，没有改正的依法处罚。"),
        ("party", "当事人"),
        parties,
        |party| Command::Promise(NewPromise { party, until: tomorrow, exhibits: exhibits() }),
        vec![
            field("until", "承诺改正的日期", true, DAY, hints::within_days(desk, PROMISE_DAYS_MAX)),
            files("当事人签字的承诺书", true),
        ],
    );
    desk.offer_for(
        words(true, "see_promise", "复查承诺", "改正的可以报批不予处罚；没有改正的继续办理。"),
        ("party", "当事人"),
        parties,
        |party| Command::SeePromise(Seen { party, done: true, note: sealed(), exhibits: vec![] }),
        vec![field("done", "已经改正", true, FLAG, ""), note("复查情况"), files("照片", false)],
    );
}

pub(super) fn outcome(desk: &mut Desk<'_>) {
    if matches!(desk.case.stage(), Stage::Notified | Stage::Hearing | Stage::Deciding) {
        desk.offer_or_say(
            words(true, "decide", "报批处罚决定", "三级审批后签发处罚决定书。"),
            Command::Decide { note: sealed() },
            vec![note("决定的事实、理由和依据")],
        );
    }
    let grounds: Vec<_> = NoPenaltyGround::ALL
        .iter()
        .filter(|ground| desk.tries(Command::NoPenalty { ground: **ground, note: sealed() }).is_ok())
        .map(|g| Choice::new(g.code(), g.title()))
        .collect();
    if !grounds.is_empty() {
        desk.push(
            words(
                desk.case.put_right(),
                "no_penalty",
                "报批不予处罚",
                "初次违法、危害后果轻微并及时改正的，可以不予处罚；签发不予处罚决定书，并教育当事人。",
            ),
            vec![
                field("ground", "法定情形", true, FieldKind::Choice { choices: grounds }, ""),
                note("事实和理由"),
            ],
            None,
        );
    }
    desk.offer(
        words(
            desk.case.marks.contains(&Mark::Crime),
            "hand_over",
            "报批移送公安机关",
            "批准后 24 小时内移送。",
        ),
        Command::HandOver { to: "-".into(), note: sealed() },
        vec![field("to", "受移送机关", true, LINE, ""), note("涉嫌犯罪案件情况的调查报告")],
    );
    transfer(desk);
    desk.offer(
        words(false, "drop", "报批撤销立案", "批准后结案。"),
        Command::Drop { note: sealed() },
        vec![note("撤销立案的理由")],
    );
}

/// The way to the agency that has the jurisdiction, and its answer.
fn transfer(desk: &mut Desk<'_>) {
    let ground = TransferGround::Power;
    // What may be a crime goes to the police by a step of its own.
    let grounds = TransferGround::ALL.iter().filter(|ground| **ground != TransferGround::Crime);
    let grounds = grounds.map(|ground| Choice::new(ground.code(), ground.title())).collect();
    desk.offer(
        words(
            false,
            "transfer",
            "报批移送有管辖权的机关",
            "不属于本机关管辖的，签发案件移送函，连同材料、物品移送；涉嫌犯罪的另行移送公安机关。",
        ),
        Command::Transfer(Transferring { to: "-".into(), ground, note: sealed() }),
        vec![
            field("to", "受移送机关", true, LINE, ""),
            field("ground", "移送的情形", true, FieldKind::Choice { choices: grounds }, ""),
            note("查明的事实、移送的理由和依据"),
        ],
    );
    desk.offer(
        words(true, "send_transfer", "登记移送", "材料、物品移送后，登记受移送机关的答复。"),
        Command::SendTransfer(Handing { note: sealed(), exhibits: sample_files() }),
        vec![note("移送的材料、物品和方式"), files("移送的回执", true)],
    );
    desk.offer(
        words(
            true,
            "answer_transfer",
            "登记受移送机关的答复",
            "受理的可以结案；不受理的继续办理，报请共同的上一级机关指定管辖。",
        ),
        Command::AnswerTransfer(TransferAnswer { taken: true, note: sealed(), exhibits: vec![] }),
        vec![
            field("taken", "受移送机关受理", true, FLAG, ""),
            note("答复的内容"),
            files("答复、回执", false),
        ],
    );
}
