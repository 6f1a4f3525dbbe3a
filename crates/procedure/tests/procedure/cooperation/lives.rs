//! Lives of shared matters in which every type of event happens and every act is said.

use super::kit::*;
use lianzhi_exchange::compact::Form;
use serde_json::Value;

fn done(matter: &mut Matter, at: &str, who: &str, commands: &[Value]) {
    for command in commands {
        matter.ok(at, who, command.clone());
    }
    matter.deliver_all();
}

pub fn lives() -> Vec<Matter> {
    let mut lead = Matter::new(Form::Lead);
    lead.ok(Q, "handler", letter(Form::Lead, &[W]));
    lead.ok(Q, "reviewer", json!({ "command": "review", "agreed": true }));
    lead.ok(Q, "leader", json!({ "command": "sign", "agreed": false, "note": "缺地点" }));
    lead.ok(Q, "handler", with(letter(Form::Lead, &[W]), "command", json!("redraft")));
    lead.sign(Q);
    lead.deliver();
    lead.files_arrive(W);
    lead.ok(Q, "system", json!({ "command": "serve", "exhibit": exhibit(101), "to": W }));
    lead.take_in(W);
    done(&mut lead, W, "handler", &[json!({ "command": "ask_forward", "to": J, "note": "在嘉善" })]);
    done(&mut lead, Q, "liaison", &[json!({ "command": "answer_forward", "agreed": true })]);
    lead.take_in(J);
    done(&mut lead, Q, "handler", &[note("urge"), with(note("supplement"), "exhibits", json!([exhibit(7)]))]);
    done(&mut lead, J, "handler", &[json!({ "command": "accept", "note": "受理" })]);
    let closed = json!({ "command": "reach", "milestone": "closed", "outcome": "penalised" });
    done(&mut lead, J, "system", &[json!({ "command": "link", "docket": 12 }), closed]);

    let mut returned = Matter::assigned(Form::Lead);
    returned.letter(W, json!({ "command": "return", "ground": "not_here", "note": "不在本辖区" }));
    returned.deliver();
    done(&mut returned, Q, "handler", &[json!({ "command": "close", "note": "另行移送" })]);

    let mut discarded = Matter::new(Form::Bulletin);
    discarded.ok(Q, "handler", letter(Form::Bulletin, &[W]));
    discarded.ok(Q, "handler", json!({ "command": "discard" }));

    let mut help = Matter::accepted(Form::Assistance);
    help.letter(W, json!({ "command": "extend", "days": 5, "note": "当事人外出" }));
    help.deliver();
    help.after(120);
    help.tick(Q);
    let reply = json!({ "command": "reply", "text": "已核实", "undone": "未找到车主", "exhibits": [exhibit(40)],
        "taken": [{ "exhibit": exhibit(40), "name": "询问笔录", "takers": ["张三（320509001）"] }] });
    help.letter(W, reply.clone());
    help.deliver();
    done(&mut help, Q, "handler", &[note("ask_again")]);
    help.letter(W, reply);
    help.deliver();
    help.files_arrive(Q);
    let judge =
        json!({ "command": "judge", "exhibit": exhibit(40), "verdict": "verify_on_site", "note": "核实" });
    done(&mut help, Q, "handler", &[judge, json!({ "command": "accept_reply", "note": "好" })]);

    let mut refused = Matter::assigned(Form::Assistance);
    refused.letter(W, json!({ "command": "refuse", "ground": "privacy", "note": "不能提供" }));

    let mut goods = Matter::assigned(Form::Evidence);
    done(&mut goods, Q, "handler", &[json!({ "command": "give_goods" })]);
    done(&mut goods, W, "handler", &[json!({ "command": "take_goods", "note": "轮胎磨损" })]);
    done(&mut goods, W, "system", &[json!({ "command": "verifying", "docket": 14 })]);
    goods.letter(Q, note("withdraw"));

    let mut bulletin = Matter::sent(Form::Bulletin, &[W]);
    bulletin.deliver();
    bulletin.take_in(W);
    done(&mut bulletin, W, "handler", &[json!({ "command": "acknowledge" }), note("measures")]);

    let mut dispute = Matter::sent(Form::Dispute, &[P]);
    dispute.deliver();
    dispute.take_in(P);
    let filed =
        json!({ "number": "沪浦案2026-3", "at": "2026-11-01T00:00:00Z", "pos": 7, "leaf": exhibit(1) });
    done(&mut dispute, P, "handler", &[with(note("position"), "filed", filed)]);
    done(&mut dispute, Q, "handler", &[json!({ "command": "negotiate", "competent": Q, "note": "面商" })]);
    done(
        &mut dispute,
        P,
        "handler",
        &[json!({ "command": "answer_negotiation", "agreed": false, "note": "不同意" })],
    );
    done(&mut dispute, P, "liaison", &[json!({ "command": "advise", "competent": P, "note": "协调组" })]);
    done(
        &mut dispute,
        Q,
        "handler",
        &[json!({ "command": "answer_advice", "agreed": false, "note": "不接受" })],
    );
    dispute.letter(Q, json!({ "command": "report_up", "to": "市局", "note": "请示" }));
    dispute.deliver();
    let designate = json!({ "command": "designate", "competent": P, "by": "市局", "number": "沪城管〔2026〕9号",
        "exhibits": [exhibit(50)] });
    done(&mut dispute, Q, "liaison", &[designate]);

    let mut away = Matter::assigned(Form::Away);
    away.letter(W, json!({ "command": "grant", "note": "同意", "until": "2026-12-10T00:00:00Z" }));
    away.deliver();
    done(&mut away, Q, "handler", &[note("report")]);

    let mut erased = Matter::accepted(Form::Assistance);
    let erase = json!({ "command": "erase", "scope": "everything", "reason": "本人申请" });
    done(&mut erased, Q, "reviewer", &[erase]);
    let of = erased.file(W).erasures()[0].of;
    let hold =
        json!({ "command": "hold_erasure", "of": of, "ground": "evidence", "reason": "吴城案〔2026〕3号" });
    done(&mut erased, W, "reviewer", &[hold, json!({ "command": "confirm_erasure", "of": of })]);

    vec![lead, returned, discarded, help, refused, goods, bulletin, dispute, away, erased]
}
