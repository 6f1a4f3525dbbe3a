//! Measures on things.

use super::outward::{CAUSE, company, remedy, strings};
use super::{head, ours};
use jiff::civil::date;
use lianzhi_paper::*;

pub fn items() -> Vec<Item> {
    let item = |name: &str, model: &str, amount: &str, state: &str, kept: &str| Item {
        name: name.into(),
        model: model.into(),
        amount: amount.into(),
        state: state.into(),
        kept: kept.into(),
    };
    vec![
        item(
            "重型自卸货车",
            "苏E·7K3D2",
            "1辆",
            "左后轮挡泥板破损，车厢内有残留建筑垃圾",
            "金泽停车场，管理员徐某",
        ),
        item("废矿物油桶", "200升", "14只", "蓝色铁桶，其中3只渗漏", "区危险废物暂存点，管理员孙某"),
    ]
}

fn issued(word: &str, serial: u32) -> Head {
    head(Number::case(format!("沪青城管{word}字"), 2026, "", serial))
}

pub fn refused() -> Option<Unsigned> {
    Some(Unsigned {
        reason: "当事人不在场，无法签名".into(), witness: "徐某，金泽停车场管理员".into()
    })
}

pub fn sampling() -> Sampling {
    Sampling {
        head: issued("抽", 6),
        subject: company(),
        cause: CAUSE.into(),
        way: "从14只油桶中随机抽取3只，每只取样500毫升，一式两份当场封存".into(),
        place: "金泽镇某拆迁工地".into(),
        basis: strings(&["《中华人民共和国行政处罚法》第五十六条"]),
        items: items().split_off(1),
        officers: ours(),
        unsigned: None,
    }
}

pub fn preservation() -> Preservation {
    Preservation {
        head: issued("登保", 9),
        subject: company(),
        cause: CAUSE.into(),
        reasons: "有关证据可能灭失或者以后难以取得".into(),
        basis: strings(&["《中华人民共和国行政处罚法》第五十六条"]),
        items: items(),
        from: date(2026, 3, 5),
        due: Due::On(date(2026, 3, 16)),
        approval: "沪青城管登保审字〔2026〕000009号".into(),
        officers: ours(),
        witness: String::new(),
        unsigned: refused(),
    }
}

pub fn preservation_decision() -> PreservationDecision {
    let disposal = |item: &str, amount: &str, what: &str| Disposal {
        item: item.into(),
        amount: amount.into(),
        what: what.into(),
    };
    PreservationDecision {
        head: issued("登处", 9),
        subject: company(),
        cause: CAUSE.into(),
        notice: "沪青城管登保字〔2026〕000009号".into(),
        from: date(2026, 3, 5),
        basis: strings(&["《中华人民共和国行政处罚法》第五十六条"]),
        disposals: vec![
            disposal("重型自卸货车", "1辆", "解除登记保存，退还当事人"),
            disposal("废矿物油桶", "14只", "送检，并移送公安机关"),
        ],
        fetching: "退还的车辆请于2026年3月20日前到金泽停车场领取".into(),
    }
}

pub fn seizure(measure: Measure, act: SeizureAct) -> Seizure {
    Seizure {
        head: issued(if measure == Measure::Seal { "封" } else { "扣" }, 7),
        measure,
        act,
        subject: company(),
        cause: CAUSE.into(),
        basis: strings(&[
            "《上海市建筑垃圾处理管理规定》第四十九条",
            "《中华人民共和国行政强制法》第二十二条",
        ]),
        items: items(),
    }
}

pub fn decide() -> SeizureAct {
    SeizureAct::Decide {
        reasons: "需要查明运输工具的来源和违法所得，防止证据损毁".into(),
        from: date(2026, 3, 5),
        until: date(2026, 4, 3),
        officers: ours(),
        witness: "徐某，金泽停车场管理员".into(),
        unsigned: None,
        remedy: remedy(),
    }
}

pub fn extend() -> SeizureAct {
    SeizureAct::Extend {
        decision: "沪青城管扣字〔2026〕000007号".into(),
        reasons: "案情复杂，涉及两省三地，尚需核实资金往来".into(),
        before: date(2026, 4, 3),
        until: date(2026, 5, 3),
        remedy: remedy(),
    }
}

pub fn release() -> SeizureAct {
    SeizureAct::Release {
        decision: "沪青城管扣字〔2026〕000007号".into(),
        reasons: "已经对违法行为作出处理决定，不再需要扣押".into(),
        outcome: "退还当事人".into(),
        returned: true,
        on: date(2026, 3, 5),
        fetching: "请于2026年3月15日前到金泽停车场领取".into(),
        officers: ours(),
    }
}

pub fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("sampling", sampling().into()),
        ("preservation", preservation().into()),
        ("preservation_decision", preservation_decision().into()),
        ("seizure", seizure(Measure::Take, decide()).into()),
        ("seal", seizure(Measure::Seal, decide()).into()),
        ("seizure_extension", seizure(Measure::Take, extend()).into()),
        ("seizure_release", seizure(Measure::Take, release()).into()),
    ]
}
