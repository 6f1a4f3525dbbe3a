//! What people at work write: results, answers, grounds, opinions.

use crate::story::{Manner, Told};
use lianzhi_procedure::report::Outcome;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;

fn one(of: &[&str], rng: &mut ChaCha12Rng) -> String {
    of.choose(rng).copied().unwrap_or_default().to_owned()
}

/// How a thing of this manner ends, drawn by share.
pub(super) fn outcome(manner: Manner, rng: &mut ChaCha12Rng) -> Outcome {
    use Outcome::{Cleared, Dissuaded, Enforcement, Gone, HandedOver, Ordered, SelfCorrected, Untrue};
    let shares: &[(Outcome, u32)] = match manner {
        Manner::Street => {
            &[(Dissuaded, 45), (Ordered, 20), (SelfCorrected, 15), (Gone, 12), (Untrue, 5), (Enforcement, 3)]
        }
        Manner::Dirt => {
            &[(Cleared, 55), (Ordered, 20), (SelfCorrected, 10), (Untrue, 6), (Gone, 5), (HandedOver, 4)]
        }
        Manner::Noise => {
            &[(Dissuaded, 40), (Ordered, 30), (Gone, 15), (SelfCorrected, 5), (Untrue, 7), (HandedOver, 3)]
        }
        Manner::Build => {
            &[(Ordered, 45), (Enforcement, 20), (SelfCorrected, 15), (Untrue, 15), (HandedOver, 5)]
        }
        Manner::Site => &[(Ordered, 50), (SelfCorrected, 20), (Enforcement, 15), (Dissuaded, 8), (Untrue, 7)],
        Manner::Sign => &[(Cleared, 40), (Ordered, 30), (SelfCorrected, 20), (Untrue, 5), (Enforcement, 5)],
        Manner::Thing => &[(Cleared, 85), (Untrue, 9), (HandedOver, 6)],
    };
    let mut left = rng.random_range(0..shares.iter().map(|s| s.1).sum());
    for (outcome, share) in shares {
        if left < *share {
            return *outcome;
        }
        left -= share;
    }
    Untrue
}

pub(crate) fn result(outcome: Outcome, rng: &mut ChaCha12Rng) -> String {
    match outcome {
        Outcome::Dissuaded => one(
            &[
                "现场劝阻，当事人已当场改正。",
                "经教育劝导，经营者把物品收回店内。",
                "对当事人进行宣传教育，已离开现场。",
            ],
            rng,
        ),
        Outcome::Ordered => one(
            &[
                "现场责令改正，当事人在限期内整改完毕。",
                "开具责令改正通知，复看时已改正。",
                "约谈负责人，责令立即整改，已落实。",
            ],
            rng,
        ),
        Outcome::SelfCorrected => {
            one(&["到场时当事人正在自行整改，已整改完毕。", "电话联系责任人，当天自行整改到位。"], rng)
        }
        Outcome::Cleared => one(
            &[
                "联系作业单位到场，已清理干净。",
                "已清理、修复完毕，恢复原状。",
                "安排保洁人员清除，现场干净。",
            ],
            rng,
        ),
        Outcome::HandedOver => one(
            &["经核实属其他主管部门职责，已移交并告知上报人。", "已移交有权部门处理，留存移交记录。"],
            rng,
        ),
        Outcome::Enforcement => one(&["拒不改正，已转执法办案。", "经调查涉嫌违法，转入执法程序。"], rng),
        Outcome::Untrue => one(&["现场查看未发现所述情况。", "走访周边商户和居民，反映情况不属实。"], rng),
        Outcome::Gone => one(&["到场时已离开，加强该点位巡查。", "到场时现象已消失，已列入重点巡查。"], rng),
    }
}

pub(crate) fn answer(told: &Told, outcome: Outcome, rng: &mut ChaCha12Rng) -> String {
    let done = match outcome {
        Outcome::Untrue => "执法队员到现场查看，未发现您反映的情况，如再次出现请及时告知",
        Outcome::Gone => "执法队员到场时当事人已离开，我们已加强该处巡查",
        Outcome::HandedOver => "经核实，该事项由其他部门主管，我们已移交并请其尽快答复您",
        Outcome::Enforcement => "当事人未按要求改正，我们已转入执法程序依法处理",
        Outcome::Cleared => "已安排清理、修复完毕",
        _ => "执法队员已到现场处理，当事人已改正",
    };
    let greeting =
        if told.contact.as_ref().is_some_and(|c| !c.name.is_empty()) { "您好" } else { "市民您好" };
    let ending = one(&["感谢您的反映。", "感谢您对城市管理工作的支持。", "如有问题请继续联系我们。"], rng);
    format!("{greeting}，您反映的问题已收悉，{done}。{ending}")
}

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident [$($line:literal),* $(,)?];)*) => {
        $($(#[$doc])* pub(super) fn $name(rng: &mut ChaCha12Rng) -> String { one(&[$($line),*], rng) })*
    };
}

lines! {
    /// 返工.
    rework ["核查时现场仍有残留，请再次处理。", "照片看不出已整改，请补充处置。", "当事人又摆了出来，请返工。"];
    passed ["现场已恢复，核查通过。", "照片清楚，问题已解决。", "电话回问上报人，确认已解决。"];
    sent_back ["不在本人责任网格，手上有紧急件。", "现场在邻镇交界处，请改派。", "正在参加联合整治，无法到场。"];
    extension ["当事人不在本地，需要约谈。", "需协调作业车辆，当天不能完成。", "商户要求延后搬离，需多次上门。"];
    suspension ["需等待房屋安全鉴定结果。", "当事人住院，暂不具备整改条件。", "道路大修期间一并处理，申请挂账。"];
    agreed ["同意。", "情况属实，同意。", "同意，按期完成。"];
    not_agreed ["理由不充分，请当天处理。", "请先联系当事人，不同意。"];
    contacted ["已电话联系来电人，了解情况并告知办理流程。", "已联系，来电人补充了具体位置。"];
    not_reached ["电话两次无人接听，已发短信。"];
    return_order ["经核实属外区管辖，申请退单。", "反映内容为物业服务纠纷，不属本机关职责。"];
    return_word ["同意退单，转相关单位。", "请先到现场核实后再定。"];
    revisit ["来电人表示已解决。", "来电人认可处理结果。", "无人接听，按已解决登记。"];
    unsolved ["来电人表示问题又出现了，不满意。", "来电人认为没有解决，要求重办。"];
    reopen ["处理后第二天又出现了。", "没有解决，还是老样子。", "只清理了一半。"];
    urge ["来电人再次来电催办，请尽快处理并答复。", "请加快办理。"];
    supervise ["该点位多次被投诉，请队长到场督促解决。", "领导关注件，按时办结并报告结果。"];
    instruct ["请举一反三，对周边同类问题集中整治。"];
    more ["刚才又拍到了，补充说明一下。", "具体位置在路口往东五十米。", "今天早上还在。"];
    withdraw ["已经自行解决，不用来了。", "报错地方了，撤回。"];
    dismissed ["内容为咨询，已电话解答。", "与既往已答复事项重复，不再受理。"];
    help ["对方人多，请邻近队伍支援。", "需要清运车辆配合。"];
    handover ["夜间注意工地施工噪声。", "菜场门口游商晚高峰会回来，请关注。", "一件待复看，照片已传。", "设备电量不足，请充电。"];
    praise ["处理很快，谢谢。", "满意。", "队员态度好。"];
    complaint ["拖得太久。", "治标不治本。"];
}
