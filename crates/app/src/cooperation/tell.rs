//! Entries of shared matters in words.

use crate::record::{Told, minute, names, second};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::cooperation::{Act, Clock, Event, Filed, Provenance};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::stream::{self, Read};

fn clock(told: Told, clock: &Clock) -> Told {
    let running = &clock.running;
    let told = told.law(running.standard.source.to_string());
    // The letter itself says by when it is to be answered, and how that was counted.
    if told.says(&running.arithmetic) {
        return told.with(clock.term.title(), &*running.standard.title);
    }
    told.with(clock.term.title(), format!("{}（{}）", running.arithmetic, running.standard.title))
}

fn files(told: Told, exhibits: &[Provenance]) -> Told {
    if exhibits.is_empty() {
        return told;
    }
    let names: Vec<_> = exhibits
        .iter()
        .map(|p| {
            let name = if p.name.is_empty() { "文件" } else { &p.name };
            let takers = if p.takers.is_empty() {
                String::new()
            } else {
                let takers: Vec<_> = p.takers.iter().map(ToString::to_string).collect();
                format!("，取证人 {}", takers.join("、"))
            };
            format!("{name}（摘要 {}{takers}）", p.exhibit.digest.short())
        })
        .collect();
    told.with("材料", names.join("；"))
}

/// What a member said.
fn said(read: &Read<Act>, form: Form, directory: &Directory) -> Told {
    let act = &read.act;
    let name = |node| directory.member_name(node);
    let mut told = Told::new(title(act, form, directory)).said(act.note());
    if let Some(paper) = act.paper() {
        told = told.with("文号", paper);
    }
    match act {
        Act::Open(opening) => {
            told = told.with("发往", opening.to.iter().map(name).collect::<Vec<_>>().join("、"));
            told = told.with("授权", format!("协作清单 {}", opening.list_id));
            told = told.with("答复期限", format!("{}（{}）", minute(opening.due), opening.arithmetic));
            if !opening.asks.is_empty() {
                let asks: Vec<_> = opening.asks.iter().map(|a| a.title()).collect();
                told = told.with("请求事项", asks.join("、"));
            }
            if let Some(ground) = opening.ground {
                told = told.with("移送理由", ground.title()).law(ground.source());
            }
            if !opening.goods.is_empty() {
                let goods: Vec<_> =
                    opening.goods.iter().map(|g| format!("{} {}{}", g.name, g.quantity, g.unit)).collect();
                told = told.with("物品", goods.join("、"));
            }
            for penalty in super::penalties::lines(opening, directory) {
                told = told.with("请求承认的处罚", penalty);
            }
            if let Some(filed) = &opening.filed {
                told = told.with("立案", filed_words(filed));
            }
        }
        Act::Returned { ground, .. } => told = told.law(ground.source()),
        Act::Refused { ground, .. } => told = told.law(ground.source()),
        Act::Replied { decision: Some(number), .. } => {
            told = told.with("以自己的名义作出的决定", number).law("行政强制法第十七条");
        }
        Act::Extended { until, .. } => told = told.with("延至", minute(*until)),
        Act::AskedAgain { due, arithmetic, .. } => {
            told = told.with("答复期限", format!("{}（{arithmetic}）", minute(*due)));
        }
        Act::Judged { exhibit, proof, .. } => {
            told = told
                .with("证据", format!("摘要 {}", exhibit.short()))
                .with("依据", judged_by(proof, directory));
        }
        Act::Position { filed: Some(filed), .. } => {
            told = told.with("立案", filed_words(filed));
        }
        Act::Designated { number, .. } => told = told.with("决定文号", number).law("行政处罚法第二十五条"),
        Act::Erased { reason, .. } => told = told.with("依据", reason).law("个人信息保护法第四十七条"),
        Act::ErasureHeld { ground, reason, .. } => told = told.with("说明", reason).law(ground.source()),
        Act::Granted { until: Some(until), .. } => told = told.with("有效期至", minute(*until)),
        _ => {}
    }
    told = files(told, act.exhibits());
    told.with("签署", &read.entry.actor)
}

/// A filing in words: the case, to the second, with its place in the log of whoever says so.
fn filed_words(filed: &Filed) -> String {
    format!("{}，{}立案，存证日志第 {} 号", filed.number, second(filed.at), filed.pos)
}

/// By what a piece of evidence was judged, in words: whose letter named it, and that its bytes are those. The record itself
/// has it by its digest.
pub(super) fn judged_by(proof: &str, directory: &Directory) -> String {
    let place = proof.split_whitespace().next().unwrap_or_default();
    let mut parts = place.rsplit('/');
    let (seq, node) = (parts.next(), parts.next().and_then(|code| NodeCode::parse(code).ok()));
    match (seq.and_then(|seq| seq.parse::<u32>().ok()), node) {
        (Some(seq), Some(node)) => format!(
            "{}在本件发出的第 {} 份文书列明，原件摘要核对一致，签名有效",
            directory.member_name(&node),
            seq.saturating_add(1)
        ),
        _ => "来件列明，原件摘要核对一致".into(),
    }
}

/// What it is called, with members by name.
pub(crate) fn title(act: &Act, form: Form, directory: &Directory) -> String {
    let mut text = act.title(form);
    let named = match act {
        Act::ForwardAsked { to, .. } | Act::ForwardAnswered { to, .. } => Some(to),
        Act::Negotiated { competent, .. }
        | Act::Designated { competent, .. }
        | Act::Opinion { competent, .. } => Some(competent),
        _ => None,
    };
    if let Some(node) = named {
        text = text.replace(node.as_str(), &directory.member_name(node));
    }
    text
}

/// An entry of a shared matter.
pub(crate) fn tell(event: &Event, form: Form, directory: &Directory) -> Told {
    let person = |p| directory.person_name(p).to_owned();
    match event {
        Event::Begun { act, .. } => {
            Told::new(format!("拟稿：{}", title(act, form, directory))).said(act.note())
        }
        Event::Drafted { act, .. } => {
            Told::new(format!("拟稿：{}", title(act, form, directory))).said(act.note())
        }
        Event::Reviewed { agreed, note, .. } => {
            Told::new(if *agreed { "审核同意" } else { "审核退回修改" }).said(*note)
        }
        Event::NotSigned { note, .. } => Told::new("未签发，退回修改").said(*note),
        Event::Discarded { .. } => Told::new("文稿作废"),
        Event::Said { entry, clocks, to, .. } => match stream::read::<Act>(entry) {
            Ok(read) => {
                let told = said(&read, form, directory);
                let told = if matches!(read.act, Act::Open(_)) {
                    told
                } else {
                    told.with(
                        "发给",
                        to.iter().map(|n| directory.member_name(n)).collect::<Vec<_>>().join("、"),
                    )
                };
                clocks.iter().fold(told, clock)
            }
            Err(refusal) => Told::new(refusal.rule),
        },
        Event::Heard { entry, clocks, counts, .. } => match stream::read::<Act>(entry) {
            Ok(read) => {
                let told = said(&read, form, directory).said_by(directory.member_name(&read.entry.author));
                let told = match counts {
                    Some(at) => told.with("超出清单时限", format!("不予采用，按 {} 计", minute(*at))),
                    None => told,
                };
                clocks.iter().fold(told, clock)
            }
            Err(refusal) => Told::new(refusal.rule),
        },
        Event::Assigned { unit, person: p, .. } => {
            Told::new(format!("分办给 {} {}", directory.unit_name(unit), person(p)))
        }
        Event::Linked { .. } if form == Form::Lead => Told::new("已在本地登记办件"),
        Event::Linked { .. } if form == Form::Dispute => Told::new("与本机关所立案件关联"),
        Event::Linked { .. } | Event::Verifying { .. } => Told::new("已拟协助调查函，送审核"),
        Event::Arrived { exhibit, .. } => {
            Told::new("证据原件到达，摘要核对一致").with("摘要", exhibit.digest.short())
        }
        Event::Served { exhibit, to, .. } => {
            Told::new(format!("{} 取走证据原件", directory.member_name(to))).with("摘要", exhibit.short())
        }
        Event::Warned { term, percent, told, .. } => {
            Told::new(format!("{}时限已过 {percent}%", term.title())).with("已提醒", names(told, directory))
        }
        Event::Expired { term, told, .. } => {
            Told::new(format!("{}超期", term.title())).with("已告知", names(told, directory))
        }
        Event::Escalated { term, to, .. } => {
            Told::new(format!("{}超期仍未办，应报告{to}", term.title())).law("协作清单：超期逐级报告")
        }
    }
}
