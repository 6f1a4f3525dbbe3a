//! Lives of cases in which every type of event happens, for the golden files.

use super::kit::*;
use lianzhi_ids::Digest;
use lianzhi_procedure::ExhibitRef;
use lianzhi_procedure::penalty::PaperKind;

/// Those lives.
pub fn lives() -> Vec<Docket> {
    vec![
        paid(),
        heard(),
        annulled(),
        seized(),
        crime(),
        moved(),
        elsewhere(),
        pulled_down(),
        anew(),
        spared(),
        collected(),
        enforced(),
        performed(),
        confirmed(),
        given_up(),
        objected(),
        super::court::life(),
        super::court::police(),
        super::beside::life(),
        super::aside::life(),
        super::beside::daily(),
        super::beside::broken(),
        super::beside::suspended(),
        super::beside::amended(),
        papered(),
        petty(),
    ]
}

fn paid() -> Docket {
    let mut case = Docket::decided();
    let paper = case.paper(PaperKind::Decision);
    case.ok("officer-a1", json!({ "command": "issue", "paper": paper, "exhibits": photo() }));
    case.ok("officer-a1", json!({ "command": "set_pay_code", "party": 1, "code": "3100 0001" }));
    case.ok("officer-a1", json!({ "command": "agree_electronic", "party": 1, "exhibits": photo() }));
    case.days(1);
    let pay = json!({ "command": "pay", "exhibits": photo(), "party": 1, "amount": 200_000, "on": "2026-11-24", "reference": "银行 0001" });
    case.ok("officer-a1", pay);
    case.confirm_payments();
    case.ok("officer-a1", json!({ "command": "keep_back", "note": "不具有社会影响" }));
    case.ok("officer-a1", json!({ "command": "add", "note": "补充", "exhibits": photo() }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "performed", "note": "执行完毕" }));
    case.ok(
        "officer-a1",
        json!({ "command": "archive", "shelf": "2026-罚-001", "pages": 42, "note": "纸质原件另册" }),
    );
    case
}

pub fn heard() -> Docket {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "不是我倒的" }));
    case.ok(
        "officer-a1",
        json!({ "command": "answer", "party": 1, "adopted": "none", "note": "有监控为证" }),
    );
    case.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    let call = json!({
        "command": "call_hearing", "party": 1, "on": "2026-12-11T01:00:00Z", "chair": "legal-2", "note": "三楼",
    });
    case.ok("legal", call);
    case.serve_last();
    case.days(20);
    case.tick();
    let hold = json!({ "command": "hold_hearing", "party": 1, "note": "报告", "exhibits": photo() });
    case.ok("legal-2", hold);
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.ok("leader", discuss());
    case.ok("officer-a1", json!({ "command": "decide", "note": "决定" }));
    case.ok("officer-a1", json!({ "command": "unpropose", "proposal": case.case().proposals }));
    case.approved("officer-a1", json!({ "command": "decide", "note": "决定" }));
    let paper = case.paper(PaperKind::Decision);
    case.ok("leader", json!({ "command": "void", "paper": paper, "note": "笔误" }));
    case
}

fn annulled() -> Docket {
    let mut case = Docket::decided();
    case.ok("officer-a1", json!({ "command": "publish" }));
    case.days(10);
    case.ok("officer-a1", json!({ "command": "appeal", "party": 1, "kind": "lawsuit", "on": "2026-12-01" }));
    case.ok("legal", json!({ "command": "reply_remedy", "party": 1, "note": "答辩状、证据目录" }));
    case.ok(
        "legal",
        json!({ "command": "set_stay", "party": 1, "stay": true, "on": "2026-12-02", "note": "裁定停止执行" }),
    );
    let end =
        json!({ "command": "end_appeal", "party": 1, "end": "revoked", "on": "2026-12-03", "note": "撤销" });
    case.ok("legal", end);
    case.ok("legal", json!({ "command": "unpublish", "note": "决定已被撤销" }));
    case
}

fn seized() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    let seize = json!({
        "command": "seize", "kind": "seizure", "party": 1, "goods": "电镐一把", "second": "officer-a2", "note": "防止再犯",
        "urgent": true,
    });
    case.ok("officer-a1", seize);
    case.sign();
    let test = |begins: bool| json!({ "command": "test", "begins": begins, "measure": 1, "until": "2026-12-04", "note": "送检" });
    case.ok("officer-a1", test(true));
    case.days(1);
    case.ok("officer-a1", test(false));
    let summon =
        json!({ "command": "summon", "party": 1, "on": "2026-12-01T01:00:00Z", "note": "到队接受询问" });
    case.ok("officer-a1", summon);
    case.ok("legal", json!({ "command": "advise", "from": "lawyer", "note": "建议从轻" }));
    case.ok("officer-a1", record("inspection"));
    case.ok("legal", json!({ "command": "exclude", "evidence": 1, "note": "偷录" }));
    let again =
        json!({ "command": "set_violation", "item": SMALL, "from": "2026-11-21", "facts": "又拆一面墙" });
    case.ok("officer-a1", again);
    case.ok("officer-a1", charge(200_000));
    case.ok("officer-a1", json!({ "command": "uncharge", "party": 1, "violation": 1 }));
    case.ok(
        "officer-a1",
        json!({ "command": "withdraw_violation", "violation": 2, "note": "第二面墙不是承重墙" }),
    );
    case.days(40);
    case.tick();
    case
}

fn crime() -> Docket {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "mark", "mark": "crime", "on": true, "note": "涉嫌犯罪" }));
    case.approved("officer-a1", json!({ "command": "hand_over", "to": "青浦分局", "note": "调查报告" }));
    case.ok("officer-a1", json!({ "command": "send_crime", "note": "移送书、清单" }));
    case.ok("officer-a1", json!({ "command": "answer_crime", "taken": true, "note": "立案通知书" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "transferred", "note": "已移送" }));
    case
}

/// Ordered to be pulled down, and nothing else.
fn pulled_down() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    let order = json!({
        "command": "order_demolition", "party": 1, "object": "屋顶钢棚", "until": "2026-12-10", "note": "没有许可",
    });
    case.approved("officer-a1", order);
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "finish", "note": "查清" }));
    let order = case.paper(PaperKind::DemolitionOrder);
    case.ok("officer-a1", json!({ "command": "reinspect", "order": order, "done": true, "note": "已拆除" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "ordered", "note": "已拆除" }));
    case
}

/// Revoked by the agency and decided anew.
fn anew() -> Docket {
    let mut case = Docket::decided();
    case.approved("officer-a1", json!({ "command": "revoke", "note": "认定事实有误" }));
    let anew = json!({
        "command": "decide_anew", "ground": "own", "different": "重新勘验", "until": "2027-01-31", "note": "重新作出",
    });
    case.approved("officer-a1", anew);
    case
}

/// Another agency's.
fn elsewhere() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    let transfer =
        json!({ "command": "transfer", "to": "青浦区水务局", "ground": "power", "note": "属于水务执法" });
    case.approved("officer-a1", transfer);
    case.ok("officer-a1", json!({ "command": "send_transfer", "note": "卷宗一册", "exhibits": photo() }));
    case.ok("officer-a1", json!({ "command": "answer_transfer", "taken": true, "note": "已受理" }));
    case.approved("officer-a1", json!({ "command": "close", "ground": "transferred", "note": "已移送" }));
    case
}

fn moved() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "add_party", "kind": "company", "particulars": "{}" }));
    case.ok("officer-a1", json!({ "command": "describe", "party": 2, "particulars": "{}" }));
    case.ok("captain-a", json!({ "command": "split", "party": 2, "note": "另案" }));
    case.ok("system", json!({ "command": "split_into", "party": 2, "docket": 9 }));
    case.ok("system", json!({ "command": "absorb", "from": 8 }));
    case.target(77);
    case.ok("captain-a", json!({ "command": "join", "to": 77, "note": "同一事实" }));
    case
}

fn spared() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" }),
    );
    case.serve_last();
    let paper = case.paper(PaperKind::Correction);
    case.ok("officer-a1", json!({ "command": "reinspect", "order": paper, "done": true, "note": "已恢复" }));
    case.approved("officer-a1", json!({ "command": "no_penalty", "ground": "minor", "note": "轻微" }));
    case
}

fn petty() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", json!({ "command": "quick", "party": 1, "exhibits": photo() }));
    case.ok(
        "officer-a1",
        json!({ "command": "promise", "party": 1, "until": "2026-11-30", "exhibits": photo() }),
    );
    case.ok(
        "officer-a1",
        json!({ "command": "see_promise", "party": 1, "done": true, "note": "已恢复", "exhibits": photo() }),
    );
    case
}

fn collected() -> Docket {
    let mut case = Docket::decided();
    let collect = json!({
        "command": "collect", "party": 1, "amount": 200_000, "on": "2026-11-23", "ground": "remote", "ticket": "沪财 001",
        "note": "海岛居民，当事人要求当场缴纳",
    });
    case.ok("officer-a1", collect);
    case.ok(
        "officer-a2",
        json!({ "command": "hand_in", "party": 1, "ticket": "沪财 001", "receipt": "收 1" }),
    );
    let deposit = json!({
        "command": "deposit", "party": 1, "ticket": "沪财 001", "on": "2026-11-23", "reference": "B-9", "exhibits": photo(),
    });
    case.ok("officer-a1", deposit);
    case.approved("officer-a1", json!({ "command": "revoke", "note": "主体认定错误" }));
    case.ok(
        "officer-a1",
        json!({ "command": "refund", "party": 1, "on": "2026-11-23", "reference": "退付 1" }),
    );
    case
}

fn enforced() -> Docket {
    let mut case = substituted();
    case.days(10);
    case.ok("officer-a1", json!({ "command": "enforce", "party": 1, "note": "已清除", "exhibits": photo() }));
    case
}

/// The party did it itself before others were sent.
fn performed() -> Docket {
    let mut case = substituted();
    let order = case.paper(PaperKind::Correction);
    case.ok("officer-a1", json!({ "command": "reinspect", "order": order, "done": true, "note": "已恢复" }));
    case.ok(
        "officer-a1",
        json!({ "command": "stop_enforcement", "party": 1, "note": "已自行恢复", "exhibits": photo() }),
    );
    case
}

fn substituted() -> Docket {
    let mut case = Docket::ordered(30);
    case.approved("officer-a1", json!({ "command": "demand", "party": 1, "days": 3, "note": "请履行" }));
    case.serve_last();
    let on = case.now + jiff::SignedDuration::from_hours(24 * 10);
    let compel = json!({
        "command": "compel", "party": 1, "kind": "substitute", "on": on, "note": "污染环境", "court": "",
        "ground": "pollution",
    });
    case.approved("officer-a1", compel);
    case.serve_last();
    case
}

fn confirmed() -> Docket {
    let mut case = Docket::unverified();
    let confirm = json!({ "command": "confirm", "party": 1, "violation": 1, "note": "现行文本" });
    case.ok("legal", confirm);
    case
}

fn given_up() -> Docket {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "ask_hearing", "party": 1, "on": "2026-11-23" }));
    let withdrawn = json!({
        "command": "drop_hearing", "party": 1, "ground": "withdrawn", "note": "撤回", "exhibits": photo(),
    });
    case.ok("legal", withdrawn);
    case
}

/// A review that did not agree, and what was mended.
fn objected() -> Docket {
    let mut case = Docket::notified(LARGE, "company", 20_000_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.ok("legal", json!({ "command": "review", "opinion": "supplement", "note": "补充裁量证据" }));
    case.ok("officer-a1", json!({ "command": "resubmit", "note": "已补充裁量理由" }));
    case
}

fn order_again() -> serde_json::Value {
    json!({ "command": "order", "party": 1, "note": "清运建筑垃圾", "until": "2026-11-24" })
}

/// Every document that people write on, and sign on paper or on the screen.
fn papered() -> Docket {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("sample"));
    case.ok("officer-a1", record("interview"));
    let details = "{\"place\":\"执法中队\"}";
    case.ok("officer-a1", json!({ "command": "fill_folio", "folio": "evidence-2", "details": details }));
    let draw =
        json!({ "command": "draw_folio", "folio": "evidence-2", "signer": "party", "exhibits": [PICTURE] });
    case.ok("officer-a1", draw);
    case.ok("officer-a1", json!({ "command": "sign_folio", "folio": "evidence-2", "exhibits": photo() }));
    let order = json!({ "command": "order", "party": 1, "note": "恢复原状", "until": "2026-11-24" });
    case.ok("officer-a1", order);
    let printed = ExhibitRef { digest: Digest([9; 32]), size: 9, media: "application/pdf".into() };
    case.look_ups.printed = Some(printed);
    // The form on which it was filed, as it lay before the leader.
    case.ok("system", json!({ "command": "keep_folio", "folio": "paper-1", "party": 1 }));
    case.serve_last();
    case.ok("officer-a1", order_again());
    let sealed = ExhibitRef { digest: Digest([8; 32]), size: 9, media: "application/pdf".into() };
    case.look_ups.printed = Some(sealed);
    let paper = case.case().papers.last().unwrap().paper.id;
    case.ok("officer-a1", json!({ "command": "seal", "paper": paper, "party": 1 }));
    case.look_ups.printed = None;
    case
}
