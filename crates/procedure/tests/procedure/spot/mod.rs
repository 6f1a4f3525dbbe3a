//! Decisions on the spot and slips: docs/procedures/spot.md and slip.md as tests, each rule named by its article.

mod articles;
mod complete;
mod court;
pub mod kit;
mod later;
mod order;
mod slips;
mod walks;

use kit::*;
use lianzhi_ids::{Digest, PersonCode};
use lianzhi_procedure::ExhibitRef;
use lianzhi_procedure::slip::Slip;
use lianzhi_procedure::spot::Spot;
use lianzhi_procedure::{slip, spot};

/// Lives of sheets in which every type of event happens.
pub fn lives() -> Vec<Docket<Spot>> {
    let mut paid = Docket::<Spot>::new();
    paid.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    paid.ok("officer-a1", json!({ "command": "set_pay_code", "code": "3101 0001" }));
    paid.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    paid.ok("officer-a1", json!({ "command": "collect", "ground": "small", "ticket": "沪财 0001" }));
    paid.ok("officer-a2", json!({ "command": "hand_in", "receipt": "收 1" }));
    paid.ok("officer-a1", deposit());
    paid.ok("officer-a1", json!({ "command": "lodge" }));
    paid.ok("officer-a1", json!({ "command": "publish" }));
    paid.ok("officer-a1", correct());
    paid.ok("officer-a1", json!({ "command": "add", "note": "补照片", "exhibits": photo() }));
    paid.ok("legal", json!({ "command": "appeal", "kind": "reconsideration", "on": "2026-11-23" }));
    paid.ok("legal", json!({ "command": "reply_remedy", "note": "答复书、证据目录" }));
    paid.ok("legal", json!({ "command": "end_appeal", "end": "upheld", "on": "2026-11-23", "note": "维持" }));
    paid.ok("leader", json!({ "command": "withdraw", "note": "适用依据有误" }));
    paid.ok("legal", json!({ "command": "unpublish", "note": "决定已被撤销" }));
    paid.ok("officer-a1", json!({ "command": "refund", "on": "2026-11-23", "reference": "退付 1" }));

    let mut typed = Docket::<Spot>::new();
    typed.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    typed.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    typed.ok("officer-a1", json!({ "command": "pay", "exhibits": photo(), "amount": 10_000, "on": "2026-11-23", "reference": "银行 1" }));
    typed.ok("dispatcher", check_payment("银行 1"));

    let mut late = Docket::<Spot>::new();
    late.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    late.ok("officer-a1", json!({ "command": "hand", "refused": true, "note": "拒签，社区民警在场" }));
    late.ok("officer-a1", json!({ "command": "keep_back", "note": "不具有社会影响" }));
    late.days(14).tick();
    late.days(3).tick();
    late.ok("officer-a1", json!({ "command": "demand", "note": "请缴纳罚款和加处罚款" }));
    late.ok("officer-a1", served("2026-12-10"));
    late.days(50).tick();
    late.ok("leader", apply());
    for answer in ["accepted", "granted", "ended"] {
        late.ok("legal", court(answer));
    }
    late.ok("officer-a1", json!({ "command": "lodge" }));
    late.ok("officer-a1", json!({ "command": "archive", "shelf": "青城管-2027-简-0001" }));

    let mut spared = Docket::<Spot>::new();
    spared.ok("officer-a1", form(PARKING, "person"));
    spared.ok("legal", json!({ "command": "confirm_list", "note": "沪城管规〔2025〕2号清单第四项" }));
    spared.ok("officer-a1", spare(json!({ "listed": true, "promise": "2026-11-30" })));
    spared.ok("officer-a1", json!({ "command": "reinspect", "done": false, "note": "仍在" }));
    spared.ok("officer-a1", json!({ "command": "go_over", "note": "对事实有异议" }));
    spared.ok("system", json!({ "command": "taken_over", "docket": 9 }));

    let mut signed = Docket::<Spot>::new();
    signed.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    signed.ok("officer-a1", json!({ "command": "describe", "particulars": "{}" }));
    for signer in ["party", "officer", "second"] {
        signed.ok("officer-a1", draw(signer));
    }
    signed.look_ups.printed =
        Some(ExhibitRef { digest: Digest([9; 32]), size: 9, media: "application/pdf".into() });
    signed.ok("officer-a1", json!({ "command": "hand" }));

    let mut voided = Docket::<Spot>::new();
    voided.ok("officer-a1", form(PARKING, "person"));
    voided.ok("officer-a1", json!({ "command": "void", "note": "填错" }));
    let started = late.events.iter().find_map(|e| match e {
        spot::Event::ClockStarted { clock, .. } => Some(clock.clone()),
        _ => None,
    });
    let at = late.now;
    // Entries that are not written any more are read all the same.
    let note = voided.state.sheet().unwrap().opening.place;
    let by = PersonCode::parse("officer-a1").unwrap();
    late.apply(&[
        spot::Event::ClockChanged { clock: started.unwrap(), why: "工作日历更新".into(), at },
        spot::Event::Enforced { note, by, at },
    ]);
    let mut parts = Docket::<Spot>::new();
    parts.ok("officer-a1", whole(PARKING, "person", "ordinary", 10_000));
    parts.ok("officer-a1", json!({ "command": "hand", "exhibits": photo() }));
    parts.ok("officer-a1", later::asked(3));
    parts.ok("leader", json!({ "command": "answer_later", "agreed": true }));
    vec![paid, late, spared, voided, signed, parts, typed]
}

/// A slip of the pen is put right.
fn correct() -> serde_json::Value {
    json!({ "command": "correct", "note": "错别字", "wrong": "漕平路 118 号", "right": "漕平路 181 号" })
}

/// A signature on the screen.
pub fn draw(signer: &str) -> serde_json::Value {
    json!({ "command": "draw", "signer": signer, "exhibits": [PICTURE] })
}

/// The demand reached the party.
pub fn served(on: &str) -> serde_json::Value {
    json!({ "command": "serve_demand", "way": "post", "on": on, "note": "EMS 0001", "exhibits": photo() })
}

/// The leader's application to the court.
pub fn apply() -> serde_json::Value {
    json!({ "command": "apply_court", "court": "示例区人民法院", "note": "经催告仍不缴纳" })
}

/// What the court says.
pub fn court(answer: &str) -> serde_json::Value {
    json!({ "command": "answer_court", "answer": answer, "on": "2027-01-29", "note": "（2027）行审 1 号" })
}

/// Lives of slips in which every type of event happens.
pub fn lives_of_slips() -> Vec<Docket<Slip>> {
    let mut over = Docket::<Slip>::new();
    over.ok("officer-a1", slips::give("tip"));
    over.days(6).tick();
    over.days(3).tick();
    over.ok(
        "officer-a1",
        json!({ "command": "reinspect", "done": false, "note": "没有改正", "exhibits": photo() }),
    );
    over.ok(
        "officer-a1",
        json!({ "command": "give_again", "level": "warning", "note": "警示", "until": "2026-12-10" }),
    );
    over.ok("officer-a1", json!({ "command": "go_over", "note": "拒不改正" }));
    over.ok("system", json!({ "command": "taken_over", "docket": 9 }));
    let started = over.events.iter().find_map(|e| match e {
        slip::Event::ClockStarted { clock, .. } => Some(clock.clone()),
        _ => None,
    });
    let at = over.now;
    over.apply(&[slip::Event::ClockChanged {
        clock: started.unwrap(), why: "工作日历更新".into(), at
    }]);
    over.ok("system", json!({ "command": "given_back", "docket": 9 }));
    let mut withdrawn = Docket::<Slip>::new();
    withdrawn.ok("officer-a1", slips::give("tip"));
    withdrawn.look_ups.printed =
        Some(ExhibitRef { digest: Digest([9; 32]), size: 9, media: "application/pdf".into() });
    withdrawn.ok("system", json!({ "command": "keep", "n": 1 }));
    withdrawn.ok("officer-a1", json!({ "command": "withdraw", "note": "发错对象" }));
    vec![over, withdrawn]
}

/// No penalty, with what every such decision needs.
pub fn spare(more: serde_json::Value) -> serde_json::Value {
    let mut command = json!({
        "command": "spare", "ground": "minor", "note": "停放不足五分钟，立即驶离", "education": "讲解道路停放规定",
        "exhibits": photo(),
    });
    for (name, value) in more.as_object().unwrap() {
        command[name] = value.clone();
    }
    command
}
