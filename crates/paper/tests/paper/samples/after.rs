//! What comes after a decision: revoked, corrected, agreed on, at rest, over.

use super::outward::{company, issued, owed, remedy, served, strings};
use jiff::civil::date;
use lianzhi_paper::*;

const DECISION: &str = "沪青城管罚决字〔2026〕000041号";

fn decision() -> Served {
    served("行政处罚决定书", DECISION, date(2026, 3, 6))
}

pub fn revocation() -> Revocation {
    Revocation {
        head: issued("撤", 1),
        subject: company(),
        decision: decision(),
        reasons: "该决定认定的倾倒数量有误：称重记录表明实际为3吨，原决定认定为30吨，主要事实不清。".into(),
        basis: strings(&["《中华人民共和国行政处罚法》第七十五条第二款"]),
        refund: Some(Money::fen(3_500_050)),
        published: true,
        remedy: remedy(),
    }
}

pub fn amendment() -> Amendment {
    Amendment {
        head: issued("更正", 2),
        subject: company(),
        document: decision(),
        error: "名称、号码、地址书写错误".into(),
        wrong: "上海市青浦区金泽镇某路3号".into(),
        right: "上海市青浦区金泽镇某路8号".into(),
        basis: strings(&["《中华人民共和国行政处罚法》第七十五条第二款"]),
    }
}

pub fn execution_agreement() -> ExecutionAgreement {
    let owed = owed();
    let part = |month, fen| Instalment { due: date(2026, month, 30), amount: Money::fen(fen) };
    ExecutionAgreement {
        head: Head { date: date(2026, 4, 2), ..issued("执协", 1) },
        subject: company(),
        decision: decision(),
        demand: served("履行义务催告书", "沪青城管催字〔2026〕000015号", date(2026, 3, 25)),
        reasons: "乙方因工程款未结清暂时困难，已经清运全部建筑垃圾并恢复绿地，申请分阶段履行".into(),
        principal: owed.principal,
        surcharge: owed.surcharge,
        as_of: owed.as_of,
        reduced: Money::fen(155_017),
        paid: Money::fen(500_050),
        left: Money::fen(4_000_000),
        parts: vec![part(4, 1_000_000), part(5, 1_500_000), part(6, 1_500_000)],
        way: owed.way,
    }
}

pub fn execution_stop(stop: Stop) -> ExecutionStop {
    let (ground, reasons, article) = match stop {
        Stop::Rests { .. } => (
            "当事人履行确有困难或者暂无履行能力",
            "你单位已经停产，账户余额不足以支付职工工资，经查没有其他可供执行的财产。",
            "第三十九条第一款第一项",
        ),
        Stop::Over => (
            "法人或者其他组织终止，无财产可供执行，又无义务承受人",
            "你单位已于2026年9月1日经人民法院裁定终结破产程序并注销登记，无财产可供执行，无义务承受人。",
            "第四十条第二项",
        ),
    };
    ExecutionStop {
        head: issued("中执", 1),
        stop,
        subject: company(),
        decision: decision(),
        ground: ground.into(),
        reasons: reasons.into(),
        basis: vec![format!("《中华人民共和国行政强制法》{article}")],
    }
}

pub fn demolition_notice() -> DemolitionNotice {
    DemolitionNotice {
        head: Head { date: date(2026, 4, 2), ..issued("拆告", 1) },
        subject: company(),
        order: served("责令（限期）改正通知书", "沪青城管改字〔2026〕000021号", date(2026, 3, 6)),
        object: "青浦区金泽镇某路8号南侧搭建的钢结构棚屋一处，约120平方米".into(),
        due: date(2026, 4, 20),
        basis: strings(&["《中华人民共和国行政强制法》第四十四条"]),
    }
}

pub fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("revocation", revocation().into()),
        ("amendment", amendment().into()),
        ("execution_agreement", execution_agreement().into()),
        ("demolition_notice", demolition_notice().into()),
        ("execution_rests", execution_stop(Stop::Rests { harmless: true }).into()),
        ("execution_over", execution_stop(Stop::Over).into()),
    ]
}
