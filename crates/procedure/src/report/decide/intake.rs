//! Registering: what a report must have, and the clocks that start with it.

use super::super::command::Source;
use super::*;

pub(super) fn register(command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Register {
        source,
        narrative,
        contact,
        category,
        point,
        exhibits: digests,
        external,
        demand,
        occurred_at,
        split_from,
        cooperation,
        same_as,
    } = command
    else {
        return Ok(Vec::new());
    };
    let now = facts.now;
    policy::permit(facts, "register", &Matter::default())?;
    if matches!(source, Source::Hotline) {
        policy::permit(facts, "register_for", &Matter::default())?;
    } else if !matches!(source, Source::Citizen)
        && facts.actor.person().is_none()
        && !matches!(facts.actor, crate::Actor::System)
    {
        return Err(Refusal::forbidden(
            "sign-in",
            format!("“{}”须登录后登记。", source.title()),
            "市民上报请用 citizen 来源，工作人员请先登录。",
        ));
    }
    let narrative = need(&narrative, "description", "没有说明发生了什么，也没有写地点。")?;
    if let Some(category) = &category
        && !facts.directory.categories.contains_key(category)
    {
        return Err(Refusal::invalid(
            "category",
            format!("没有类别 {category}。"),
            "请从类别目录中选择，或留空由受理人分类。",
        )
        .from_source("GB/T 47678.5 类别代码"));
    }
    if let Some(at) = occurred_at {
        if at > now + SignedDuration::from_mins(SKEW_MINUTES_MAX) {
            return Err(Refusal::invalid(
                "occurred_at",
                "发生时间在将来。",
                "请核对日期和时间（北京时间）。",
            ));
        }
        if now.duration_since(at) > SignedDuration::from_hours(OCCURRED_DAYS_MAX * 24) {
            return Err(Refusal::invalid(
                "occurred_at",
                "发生时间超过五年。",
                "请核对日期；确属多年前的事，请写在说明里。",
            ));
        }
    }
    if matches!(facts.look_ups.placing, crate::facts::Placing::Outside) {
        return Err(Refusal::invalid(
            "place",
            format!("这个地点不在{}辖区内。", facts.directory.settings.region),
            "请核对坐标系和经纬度；确在外地的，请拨打当地 12345。",
        ));
    }
    let exhibits = exhibits(facts, &digests)?;
    let answer_due = contact.part().is_some() || facts.look_ups.follow.is_some();
    let mut clocks = Vec::new();
    let mut start = |term: TermKey| clocks.extend(tick::start(facts, term, now, category.as_ref()));
    start(TermKey::Arrive);
    if category.is_some() {
        start(TermKey::Handle);
    }
    if answer_due {
        start(TermKey::Answer);
    }
    if super::super::evolve::is_order(source, external.as_ref()) {
        start(TermKey::Contact);
        start(TermKey::Order);
    }
    start(TermKey::OnSite);
    if answer_due {
        start(TermKey::Feedback);
    }
    let grid = facts.look_ups.placing.grid().cloned();
    let mut events = vec![Event::Registered {
        number: facts.look_ups.number.clone(),
        source,
        narrative,
        contact: contact.part(),
        category: category.clone(),
        point,
        placing: facts.look_ups.placing.for_record(),
        exhibits,
        external,
        demand,
        occurred_at,
        at: now,
        follow: facts.look_ups.follow,
        complainant: facts.look_ups.complainant,
        duplicates: facts.look_ups.duplicates.clone(),
        split_from,
        cooperation,
        by: by(facts),
        clocks,
    }];
    // The reporter himself says that it is the same as a matter in hand: nobody is sent twice, and he is answered for
    // himself. When that matter has ended meanwhile, his report goes its own way.
    let lead = facts.look_ups.target.as_ref().filter(|t| Some(t.docket) == same_as && t.open && !t.joined);
    let proposal = dispatch::propose(facts, grid.as_ref(), category.as_ref(), &[]);
    if let Some(lead) = lead {
        let unit = match proposal {
            Proposal::Officer { unit, .. } | Proposal::Outside { unit, .. } => Some(unit),
            Proposal::Pool { unit, .. } => unit,
        };
        let why = "上报人认定与在办的一件是同一件事".to_owned();
        events.push(Event::Pooled { unit, why, at: now, note: None });
        events.push(Event::Joined { to: lead.docket, by: by(facts), at: now });
        return Ok(events);
    }
    events.extend(follow(facts, proposal, ""));
    Ok(events)
}
