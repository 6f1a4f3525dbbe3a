//! Paper in the office: 拟稿—审核—签发 before anything leaves, 收文登记 and 分办 of what arrives.

use super::*;
use crate::cooperation::act::{AwayKind, Contact, Opening, Provenance};
use crate::cooperation::command::{Letter, TakenHow, unit_of};
use crate::cooperation::taker::Taker;
use lianzhi_ids::NodeCode;
use lianzhi_ids::Role;

/// Members that one letter may go to: a bulletin reaches all of a large compact.
const RECEIVERS_MAX: usize = 128;

/// How each file was taken: what was typed, else only that it is here.
pub(super) fn provenance(
    exhibits: &[Digest],
    taken: &[TakenHow],
    facts: &Facts<'_>,
) -> Result<Vec<Provenance>, Refusal> {
    let found = in_custody(exhibits, facts)?;
    let how = |digest: Digest| taken.iter().find(|t| t.exhibit == digest);
    Ok(found
        .into_iter()
        .map(|exhibit| {
            let how = how(exhibit.digest);
            Provenance {
                name: how.map(|h| h.name.clone()).unwrap_or_default(),
                takers: how.into_iter().flat_map(|h| h.takers.clone()).map(Taker::apart).collect(),
                taken_at: how.and_then(|h| h.taken_at),
                matter: how.map(|h| h.matter.clone()).unwrap_or_default(),
                pos: how.and_then(|h| h.pos),
                exhibit,
            }
        })
        .collect())
}

/// At least two officers, each with a certificate (行政处罚法 42).
fn two_officers(officers: &[Taker]) -> bool {
    officers.len() >= 2 && officers.iter().all(|o| !o.name().is_empty() && !o.certificate().is_empty())
}

/// A request for assistance names who is in charge of it (承办人), with the certificate: it stands on paper.
fn in_charge(form: Form, opening: &Opening) -> Result<(), Refusal> {
    let certified = |name: &str, number: &str| !name.trim().is_empty() && !number.trim().is_empty();
    let named = match (opening.officers.as_slice(), &opening.contact) {
        ([], Some(contact)) => certified(&contact.name, &contact.certificate),
        ([], None) => false,
        (officers, _) => officers.iter().all(|o| certified(o.name(), o.certificate())),
    };
    if named || form != Form::Assistance {
        return Ok(());
    }
    Err(Refusal::invalid(
        "officers",
        "没有写明持执法证的承办人，协助调查函印不出来。",
        "请填写承办人姓名和执法证号，如“王某（执法证 沪01234）”；拟稿人自己承办的，请先登记其执法证号。",
    )
    .from_source("行政处罚法第四十二条；协助调查函必备内容：承办人及执法证号"))
}

/// Whoever drafts a letter is whom to ask about it.
fn contact(facts: &Facts<'_>) -> Option<Contact> {
    let Actor::Person(person) = facts.actor else { return None };
    let unit = unit_of(person).and_then(|code| facts.directory.units.get(&code));
    Some(Contact {
        name: person.name.clone(),
        certificate: person.certificate.clone().unwrap_or_default(),
        phone: unit.map(|u| u.phone.clone()).unwrap_or_default(),
    })
}

/// The opening as the letter says; number and due date are those of now until it is signed.
fn opening(form: Form, letter: &Letter, number: String, facts: &Facts<'_>) -> Result<Opening, Refusal> {
    let roster = authority::roster(facts)?;
    let entry = authority::by_number(roster, &letter.list)?;
    if letter.to.is_empty() {
        return Err(Refusal::invalid("to", "没有选择发往的成员。", "请选择一个成员；通报可以选多个。"));
    }
    let many = matches!(form, Form::Bulletin | Form::Dispute);
    if (!many && letter.to.len() > 1) || letter.to.len() > RECEIVERS_MAX {
        return Err(Refusal::invalid("to", "这种形式一次只发给一个成员。", "请只选一个成员，其余另行发文。"));
    }
    let clock = clocks::answer(form, entry, letter.urgent, facts, facts.now)?;
    let opening = Opening {
        number,
        to: letter.to.clone(),
        list: entry.digest(),
        list_id: entry.id.clone(),
        title: required(&letter.title, "title", "标题")?,
        text: required(&letter.text, "text", "正文")?,
        subject: letter.subject.part(),
        particulars: letter.particulars.part(),
        category: letter.category.clone(),
        place: letter.place.part(),
        point: letter.point,
        exhibits: provenance(&letter.exhibits, &letter.taken, facts)?,
        asks: letter.asks.clone(),
        goods: letter.goods.clone(),
        ground: letter.ground.filter(|_| form == Form::Lead),
        measures: letter.measures.part().filter(|_| form == Form::Lead),
        bulletin: letter.bulletin,
        away: letter.away,
        officers: match form {
            Form::Away | Form::Assistance => letter.officers.iter().cloned().map(Taker::apart).collect(),
            _ => Vec::new(),
        },
        penalties: letter.penalties.clone(),
        over: letter.over.clone(),
        filed: letter.filed.clone(),
        found: letter.found.filter(|_| form == Form::Lead),
        urgent: letter.urgent,
        due: clock.due,
        arithmetic: clock.arithmetic,
        provisional: clock.provisional_year.is_some(),
        contact: contact(facts),
        paper: String::new(),
    };
    let missing = |field, rule: &str, remedy: &str| Err(Refusal::invalid(field, rule, remedy));
    match form {
        Form::Lead if opening.ground.is_none() => {
            return missing(
                "ground",
                "没有选择移送理由。",
                "请选择为什么由对方办理，如违法行为发生地在对方辖区。",
            );
        }
        Form::Lead if opening.measures.is_none() => {
            return missing("measures", "没有写明已采取的措施。", "请写明；没有采取的，写“未采取强制措施”。");
        }
        Form::Assistance if opening.asks.is_empty() => {
            return missing("asks", "没有选择请求事项。", "请勾选至少一项，如调查核实、委托送达。");
        }
        Form::Evidence if opening.exhibits.is_empty() && opening.goods.is_empty() => {
            return missing("exhibits", "没有选择要移交的证据或物品。", "请上传证据，或填写物品清单。");
        }
        Form::Bulletin if opening.bulletin.is_none() => {
            return missing("bulletin", "没有选择通报类别。", "请选择四类通报之一。");
        }
        Form::Dispute if opening.over.is_none() => {
            return missing("over", "没有写明争议涉及的案件。", "请填写引起争议的协作件或案件编号。");
        }
        Form::Away if opening.away.is_none() => {
            return missing("away", "没有选择请求的类别。", "请选择异地检查授权或处罚结果互认。");
        }
        Form::Away if opening.away == Some(AwayKind::Inspect) && !two_officers(&opening.officers) => {
            return Err(Refusal::invalid(
                "officers",
                "异地检查的执法人员不足两名，或没有写明执法证号。",
                "请写明两名以上执法人员的姓名和执法证号，如“王某（执法证 沪01234）、李某（执法证 沪01235）”。",
            )
            .from_source("行政处罚法第四十二条"));
        }
        Form::Away if opening.away == Some(AwayKind::Recognise) && opening.penalties.is_empty() => {
            return Err(Refusal::invalid(
                "over",
                "没有可以请对方承认的处罚决定。",
                "请填写本机关已作出处罚决定的案件编号；没有作出决定或决定已撤销的，不能请求互认。",
            )
            .from_source("行政处罚法第二十九条；协作机制章程（处罚结果互认）"));
        }
        // Evidence that is to be verified is asked about at once; who is in charge is named before it is signed.
        Form::Assistance if letter.verifies.is_none() => in_charge(form, &opening)?,
        _ => {}
    }
    let day = crate::beijing_date(facts.now);
    authority::allows(roster, entry, form, &facts.directory.node, &opening, day)?;
    Ok(opening)
}

/// Drafts the letter that opens a matter.
pub(super) fn begin(form: Form, letter: Letter, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    policy::permit(facts, "cooperation_draft", &Matter::default())?;
    let by = person(facts)?;
    let id = facts.look_ups.shared.clone().ok_or_else(|| Refusal::missing("没有案卷号。"))?;
    let opening = opening(form, &letter, facts.look_ups.number.clone(), facts)?;
    let unit = match facts.actor {
        Actor::Person(p) => unit_of(p),
        _ => None,
    };
    let act = Box::new(Act::Open(Box::new(opening)));
    Ok(vec![Event::Begun {
        form,
        id,
        act,
        by,
        unit,
        link: letter.link,
        verifies: letter.verifies,
        at: facts.now,
    }])
}

pub(super) fn redraft(file: &File, letter: Letter, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_draft", facts)?;
    if file.sent() || file.draft.is_none() {
        return Err(wrong_stage(file, "修改拟稿"));
    }
    let mut opening = opening(file.form, &letter, file.opening.number.clone(), facts)?;
    // Personal particulars are not shown again: what was typed stays until others are.
    opening.particulars = opening.particulars.or(file.opening.particulars);
    let act = Box::new(Act::Open(Box::new(opening)));
    Ok(vec![Event::Drafted { act, by: person(facts)?, at: facts.now }])
}

/// Other words in the opening letter; all else stays.
pub(super) fn amend(
    file: &File,
    title: &Text,
    text: &Text,
    officers: Vec<Taker>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_draft", facts)?;
    if file.sent() || file.draft.is_none() {
        return Err(wrong_stage(file, "修改拟稿"));
    }
    let mut opening = file.opening.clone();
    opening.title = title.part().unwrap_or(opening.title);
    opening.text = required(text, "text", "正文")?;
    if file.form == Form::Assistance && !officers.is_empty() {
        opening.officers = officers.into_iter().map(Taker::apart).collect();
        in_charge(file.form, &opening)?;
    }
    let act = Box::new(Act::Open(Box::new(opening)));
    Ok(vec![Event::Drafted { act, by: person(facts)?, at: facts.now }])
}

/// A further letter goes the same way as the first.
pub(super) fn draft(file: &File, act: Act, facts: &Facts<'_>) -> Result<Event, Refusal> {
    // One that came back is written anew by the next.
    if file.draft.as_ref().is_some_and(|d| d.sent_back.is_none()) {
        return Err(Refusal::conflict(
            "drafting",
            "本件已有一份文稿在审核、签发中。",
            "请先签发或作废那份文稿。",
        )
        .from_source("公文处理规则：拟稿、审核、签发"));
    }
    Ok(Event::Drafted { act: Box::new(act), by: person(facts)?, at: facts.now })
}

fn the_draft(file: &File) -> Result<&crate::cooperation::state::Draft, Refusal> {
    file.draft.as_ref().ok_or_else(|| Refusal::conflict("no-draft", "没有待审核、签发的文稿。", "请先拟稿。"))
}

const PAPER: &str = "公文处理规则：拟稿、审核、签发由不同的人办理";

pub(super) fn review(
    file: &File,
    agreed: bool,
    note: Text,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_review", facts)?;
    let draft = the_draft(file)?;
    let by = person(facts)?;
    if draft.wrote(&by) {
        return Err(Refusal::forbidden("own-draft", "拟稿人不能审核自己的文稿。", "请由其他审核人办理。")
            .from_source(PAPER));
    }
    if draft.reviewed.is_some() || draft.sent_back.is_some() {
        return Err(Refusal::conflict("reviewed", "这份文稿已经审核过。", "请签发，或等待修改后再审。"));
    }
    let note = if agreed { note.part() } else { Some(required(&note, "note", "退回修改的意见")?) };
    Ok(vec![Event::Reviewed { by, agreed, note, at: facts.now }])
}

pub(super) fn sign(file: &File, agreed: bool, note: Text, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_sign", facts)?;
    let draft = the_draft(file)?;
    let by = person(facts)?;
    if draft.wrote(&by) {
        return Err(Refusal::forbidden("own-draft", "拟稿人不能签发自己的文稿。", "请由其他负责人签发。")
            .from_source(PAPER));
    }
    if draft.reviewed.as_ref() == Some(&by) {
        return Err(Refusal::forbidden("own-review", "审核人不能签发同一份文稿。", "请由其他负责人签发。")
            .from_source(PAPER));
    }
    if draft.reviewed.is_none() {
        return Err(
            Refusal::conflict("not-reviewed", "文稿还没有审核。", "请先由审核人审核。").from_source(PAPER)
        );
    }
    if !agreed {
        return Ok(vec![Event::NotSigned {
            by,
            note: required(&note, "note", "不签发的意见")?,
            at: facts.now,
        }]);
    }
    let mut act = draft.act.clone();
    act.number(facts.look_ups.number.clone());
    if let Act::Open(opening) = &mut act {
        // The term runs from the day on which it leaves, under the list of that day.
        let roster = authority::roster(facts)?;
        let entry = authority::by_number(roster, &opening.list_id)?;
        opening.list = entry.digest();
        // Of many to whom it goes, those who left the compact since it was drafted are left out.
        if opening.to.iter().any(|node| roster.member(node).is_some()) {
            opening.to.retain(|node| roster.member(node).is_some());
        }
        let running = clocks::answer(file.form, entry, opening.urgent, facts, facts.now)?;
        opening.due = running.due;
        opening.arithmetic.clone_from(&running.arithmetic);
        opening.provisional = running.provisional_year.is_some();
        let day = crate::beijing_date(facts.now);
        authority::allows(roster, entry, file.form, &facts.directory.node, opening, day)?;
        in_charge(file.form, opening)?;
        let mut signed = file.clone();
        signed.opening = (**opening).clone();
        return Ok(vec![say(&signed, &act, signed.opening.urgent, facts)?]);
    }
    // Other things may have happened since it was drafted.
    hear::may_say(file, file.me(), &act)?;
    acts::still(file, &act)?;
    Ok(vec![say(file, &act, file.opening.urgent, facts)?])
}

pub(super) fn discard(file: &File, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let draft = the_draft(file)?;
    let by = person(facts)?;
    if draft.by != by {
        permit(file, "cooperation_sign", facts)?;
    }
    Ok(vec![Event::Discarded { by, at: facts.now }])
}

pub(super) fn register(file: &File, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_receive", facts)?;
    if file.mine() || file.acts(file.me()).any(|a| matches!(a, Act::Registered { .. })) {
        return Err(wrong_stage(file, "收文登记"));
    }
    if !file.open() {
        return Err(wrong_stage(file, "收文登记"));
    }
    let act = Act::Registered { number: facts.look_ups.number.clone() };
    Ok(vec![say(file, &act, false, facts)?])
}

/// What arrives goes through 收文登记 before anything else is done with it.
pub(super) fn not_registered(then: &str) -> Refusal {
    Refusal::conflict("not-registered", "还没有收文登记。", format!("请先收文登记，再{then}。"))
        .from_source("公文处理规则：先登记后分办")
}

pub(super) fn assign(file: &File, whom: PersonCode, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_receive", facts)?;
    let by = person(facts)?;
    if file.mine() || !file.open() {
        return Err(wrong_stage(file, "分办"));
    }
    if !file.acts(file.me()).any(|a| matches!(a, Act::Registered { .. })) {
        return Err(not_registered("分办"));
    }
    let card = facts.directory.people.get(&whom).filter(|p| p.active);
    let fit = |p: &&std::sync::Arc<crate::directory::Person>| {
        p.posts.iter().any(|post| {
            let can = [Role::Officer, Role::Handler, Role::Liaison, Role::SquadLeader, Role::LegalReviewer];
            post.roles.iter().any(|r| can.contains(r))
        })
    };
    let Some(unit) = card.filter(fit).and_then(|p| unit_of(p)) else {
        return Err(Refusal::invalid(
            "person",
            "没有这位可以承办的人员。",
            "请选择在岗的承办人、队员或联络员。",
        ));
    };
    let mut events = vec![Event::Assigned { unit, person: whom, by, at: facts.now }];
    if !file.acts(file.me()).any(|a| matches!(a, Act::Opened)) {
        events.push(say(file, &Act::Opened, false, facts)?);
    }
    Ok(events)
}

pub(super) fn arrive(file: &File, exhibit: ExhibitRef, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_system", facts)?;
    match file.received.get(&exhibit.digest) {
        Some(received) if received.arrived.is_none() && received.exhibit.size == exhibit.size => {
            Ok(vec![Event::Arrived { exhibit, at: facts.now }])
        }
        Some(received) if received.arrived.is_some() => Ok(Vec::new()),
        _ => Err(Refusal::invalid("exhibit", "本件没有等待这个文件。", "请核对文件。")),
    }
}

pub(super) fn serve(
    file: &File,
    exhibit: Digest,
    to: NodeCode,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    permit(file, "cooperation_system", facts)?;
    let ours = file.acts(file.me()).flat_map(Act::exhibits).any(|p| p.exhibit.digest == exhibit);
    if !ours || !file.others().contains(&to) {
        return Err(Refusal::missing("本件没有发给对方的这个文件。"));
    }
    Ok(vec![Event::Served { exhibit, to, at: facts.now }])
}
