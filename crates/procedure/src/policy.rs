//! The policy: one table that decides every command and every query. An auditor can read it; the administration
//! pages print it. Default deny: what no line allows is refused.

use crate::{Actor, Facts, Refusal};
use lianzhi_ids::{PersonCode, Role, UnitCode};
use serde::Serialize;

/// Where a line of the table reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Anybody at all, signed in or not.
    Anybody,
    /// Whoever holds the matter's follow code.
    Reporter,
    /// The named officer of the matter.
    Assignee,
    /// The matter's lead or assisting unit, or a unit above it, is the post's unit.
    Unit,
    /// Who registered the matter.
    Registrant,
    /// Whoever's opinion on the matter is asked for and awaited ([`Consulted`]).
    Asked,
    /// The whole node.
    Node,
    /// The node itself.
    System,
}

impl Reach {
    /// Words on the policy page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Anybody => "任何人",
            Self::Reporter => "持查询码的上报人",
            Self::Assignee => "本件承办人",
            Self::Unit => "本单位及下级单位的办件",
            Self::Registrant => "登记本件的人",
            Self::Asked => "正在征求其意见的案件",
            Self::Node => "本机关全部办件",
            Self::System => "系统",
        }
    }
}

/// A line of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// What: the command's name, or a query.
    pub action: &'static str,
    /// Words for it.
    pub title: &'static str,
    /// Who: any of these roles; empty when the reach says it all.
    pub roles: &'static [Role],
    /// Where.
    pub reach: Reach,
    /// Under which rule.
    pub source: &'static str,
}

/// Whose opinion on a matter is asked for and awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consulted {
    /// Whoever holds the role.
    Role(Role),
    /// One person, and nobody else of his role.
    Person(PersonCode),
}

/// What the policy must know of a matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Matter<'a> {
    /// Lead unit.
    pub unit: Option<&'a UnitCode>,
    /// Assisting units.
    pub assisting: &'a [UnitCode],
    /// Named officer.
    pub assignee: Option<&'a PersonCode>,
    /// Who registered it, when somebody signed in did.
    pub registered_by: Option<&'a PersonCode>,
    /// Whose opinion is asked for and awaited.
    pub asked: &'a [Consulted],
}

use Reach::{Anybody, Asked, Assignee, Node, Registrant, Reporter, System, Unit};
use Role::{
    Admin, Auditor, Dispatcher, Handler, Hotline, Lawyer, Leader, LegalReviewer, Liaison, Officer, Panelist,
    Partner, Patroller, SquadLeader, Supervisor, Verifier,
};

macro_rules! table {
    ($($action:literal $title:literal: $roles:expr, $reach:expr, $source:literal;)*) => {
        /// The table.
        pub const TABLE: &[Rule] = &[$(Rule { action: $action, title: $title, roles: &$roles, reach: $reach, source: $source },)*];
    };
}

/// What reading a matter of a kind is: a report, or the file of a case or of working together, which is for fewer.
#[must_use]
pub const fn reading(kind: crate::Kind) -> &'static str {
    use crate::Kind::{Compact, Duty, Register, Report};
    match kind {
        Report | Duty | Register | Compact => "read",
        _ => "read_file",
    }
}

/// Who has to do with cases and with what is shared with other members, in the unit.
const CASEWORK: [Role; 9] =
    [Patroller, Dispatcher, Officer, SquadLeader, Handler, LegalReviewer, Leader, Liaison, Supervisor];

const STAFF: [Role; 12] = [
    Hotline,
    Patroller,
    Dispatcher,
    Officer,
    Verifier,
    SquadLeader,
    Handler,
    LegalReviewer,
    Leader,
    Liaison,
    Supervisor,
    Partner,
];

table! {
    "register" "上报、登记": [], Anybody, "城市管理执法办法：公众有权投诉举报";
    "register_for" "代来电人登记工单": [Hotline, Dispatcher], Node, "热线工单办理规则";
    "read" "查看办件": [Hotline, Dispatcher, Leader, Supervisor, Auditor, Admin, Verifier, Liaison, LegalReviewer], Node, "岗位职责";
    "read" "查看办件": STAFF, Unit, "岗位职责";
    "read" "查看办件": [Panelist, Lawyer], Asked, "群众公议、律师驻队规则：只在征求意见期间查看所征求的案件，公议团限于抽取、指名且没有回避的成员，每次查看留痕";
    "read" "查看办件": [], Assignee, "岗位职责";
    "read" "查看办件": [], Registrant, "登记人可以看到自己登记的办件";
    "read_file" "查看案件、协作件": [Dispatcher, Leader, Supervisor, Auditor, Admin, Liaison, LegalReviewer], Node, "岗位职责；热线、核查岗位只办诉件，不看案件和协作件";
    "read_file" "查看案件、协作件": CASEWORK, Unit, "岗位职责；热线、核查岗位只办诉件，不看案件和协作件";
    "read_file" "查看案件、协作件": [Panelist, Lawyer], Asked, "群众公议、律师驻队规则：只在征求意见期间查看所征求的案件，公议团限于抽取、指名且没有回避的成员，每次查看留痕";
    "read_file" "查看案件、协作件": [], Assignee, "岗位职责";
    "read_file" "查看案件、协作件": [], Registrant, "登记人可以看到自己登记的案件";
    "read" "查看进度": [], Reporter, "公众查询进度（只含公开字段）";
    "particulars" "查看上报人信息": [Hotline, Dispatcher, Verifier], Node, "个人信息保护法第六条：限于办理所需，每次查看留痕";
    "particulars" "查看上报人信息": [], Assignee, "个人信息保护法第六条：限于办理所需，每次查看留痕";
    "particulars" "查看上报人信息": [SquadLeader], Unit, "个人信息保护法第六条：限于办理所需，每次查看留痕";
    "particulars" "查看上报人信息": [], System, "本机命令行导出：只有能登录服务器的人，每次查看留痕";
    "party_particulars" "查看当事人信息": [], Assignee, "个人信息保护法第六条：限于办理所需，每次查看留痕";
    "party_particulars" "查看当事人信息": [SquadLeader], Unit, "个人信息保护法第六条：限于办理所需，每次查看留痕";
    "party_particulars" "查看当事人信息": [LegalReviewer, Leader], Node, "行政处罚法第五十七条、第五十八条：审核、决定所需，每次查看留痕";
    "party_particulars" "查看当事人信息": [], System, "本机命令行导出：只有能登录服务器的人，每次查看留痕";
    "search_particulars" "按姓名电话查找": [Hotline, Dispatcher], Node, "个人信息保护法第六条：限于办理所需，每次查看留痕";
    "place" "定位": [Dispatcher, Hotline], Node, "派遣规则";
    "place" "定位": [SquadLeader], Unit, "派遣规则";
    "place" "定位": [], Assignee, "派遣规则";
    "classify" "分类": [Dispatcher, Hotline], Node, "派遣规则";
    "classify" "分类": [SquadLeader], Unit, "派遣规则";
    "classify" "分类": [], Assignee, "派遣规则";
    "dispatch" "派遣、改派": [Dispatcher], Node, "派遣规则";
    "dispatch" "派遣、改派": [SquadLeader], Unit, "派遣规则";
    "take" "领取队内待派件": [Officer], Unit, "派遣规则";
    "assist" "设主办、协办": [Dispatcher], Node, "派遣规则";
    "assist" "设主办、协办": [SquadLeader], Unit, "派遣规则";
    "dismiss" "不予受理": [Dispatcher], Node, "派遣规则";
    "return" "退回派遣": [], Assignee, "派遣规则：退回须说明理由";
    "accept" "受理": [], Assignee, "“三个二”服务标准";
    "arrive" "到场": [], Assignee, "“三个二”服务标准";
    "handle" "处置": [], Assignee, "处置规则";
    "handle" "登记外部门处置结果": [Dispatcher], Node, "无节点部门由派遣员代为登记";
    "help" "请求支援": [], Assignee, "处置规则";
    "ask" "申请延期、挂账": [], Assignee, "处置规则：须经批准";
    "approve" "审批延期、挂账": [SquadLeader], Unit, "审批权限：72 小时以内队长批准";
    "approve_long" "审批长期延期、挂账": [Leader], Node, "审批权限：超过 72 小时由机关负责人批准";
    "resume" "恢复办理": [], Assignee, "处置规则";
    "resume" "恢复办理": [SquadLeader, Leader], Unit, "处置规则";
    "verify" "核查": [Verifier], Node, "核查规则：承办人不得核查本件";
    "verify" "核查": [SquadLeader], Unit, "核查规则：承办人不得核查本件";
    "answer" "答复上报人": [], Assignee, "“三个二”服务标准";
    "answer" "答复上报人": [Hotline, Dispatcher], Node, "“三个二”服务标准";
    "close" "结案": [Dispatcher, Verifier], Node, "结案规则";
    "close" "结案": [SquadLeader], Unit, "结案规则";
    "reopen" "重办": [Hotline, Dispatcher, Supervisor], Node, "热线工单办理规则：重办";
    "reopen" "要求重办": [], Reporter, "公众对办理结果不认可的，期限内可要求重办一次";
    "rate" "评价": [], Reporter, "办件评价";
    "revisit" "回访": [Hotline], Node, "热线工单办理规则：回访";
    "contact" "先行联系": [Hotline, Dispatcher], Node, "热线工单办理规则：一个工作日内先行联系";
    "contact" "先行联系": [], Assignee, "热线工单办理规则：一个工作日内先行联系";
    "return_order" "申请退单": [Dispatcher], Node, "热线工单办理规则：退单须有理由";
    "return_order" "申请退单": [SquadLeader], Unit, "热线工单办理规则：退单须有理由";
    "decide_return" "登记热线对退单的答复": [Hotline], Node, "热线工单办理规则：退单须经热线同意";
    "add" "补充材料": STAFF, Unit, "处置规则";
    "add" "补充材料": [Hotline, Dispatcher, Supervisor, Leader], Node, "处置规则";
    "add" "补充材料": [], Registrant, "登记人可以补充";
    "add" "补充材料": [], Reporter, "上报人可以补充";
    "withdraw" "撤回": [], Reporter, "上报人可以在处置前撤回";
    "supervise" "督办、催办、批示": [Supervisor, Leader], Node, "督察规则";
    "urge" "催办": [Hotline, Dispatcher], Node, "督察规则";
    "urge" "催办": [SquadLeader], Unit, "督察规则";
    "join" "并件": [Dispatcher], Node, "重复件规则：由人决定";
    "join" "并件": [SquadLeader], Unit, "重复件规则：由人决定";
    "split" "拆件": [Dispatcher], Node, "派遣规则";
    "split" "拆件": [], Assignee, "派遣规则";
    "erase" "删除个人信息": [Admin], Node, "个人信息保护法第四十七条";
    "own_duty" "到岗、离岗、交接": STAFF, Unit, "勤务规则";
    "roster" "排班、带班": [Dispatcher], Node, "勤务规则";
    "roster" "排班、带班": [SquadLeader, Leader], Unit, "勤务规则";
    "administer" "管理名录": [Admin], Node, "管理员职责";
    "administer" "管理名录": [], System, "导入与初始化";
    "confirm_basis" "确认处罚依据": [LegalReviewer], Node, "行政处罚法第五十八条：法制审核；依据须与法规原文核对";
    "keep_law" "维护执法事项、共同基准、立改废": [LegalReviewer, Admin], Node, "行政处罚法第三十四条、第三十八条；协作机制章程";
    "audit" "查看审计": [Admin, Auditor, Supervisor], Node, "审计职责";
    "export" "导出": [Dispatcher, Supervisor, Leader, Admin, Auditor], Node, "岗位职责";
    "statistics" "统计": [Dispatcher, SquadLeader, Supervisor, Leader, Admin, Auditor, Hotline], Node, "岗位职责";
    "board" "用调度台": [Dispatcher, SquadLeader, Supervisor, Leader], Node, "派遣规则；只显示本人可以查看的办件";
    "share_view" "共享列表视图": [Dispatcher, Supervisor, Leader, Admin], Node, "岗位职责；视图只含筛选条件，各人看到的仍是自己可以查看的办件";
    "share_view" "共享列表视图": [SquadLeader], Unit, "岗位职责；视图只含筛选条件，各人看到的仍是自己可以查看的办件";
    "wall" "看大屏": [Dispatcher, SquadLeader, Supervisor, Leader, Admin, Auditor, Hotline], Node, "岗位职责：只有数字、单位、类别、编号和点位，没有上报人写的内容";
    "tick" "期限提醒与升级": [], System, "期限规则";
    "cooperation" "看协作总览": [Dispatcher, Liaison, LegalReviewer, Handler, SquadLeader, Leader, Supervisor, Admin, Auditor], Node, "协作机制章程：联络员、承办人和负责人各负其责";
    "cooperation_draft" "拟稿（移送、协查、证据、通报、争议、异地）": [Officer, Handler, Liaison, LegalReviewer, SquadLeader, Dispatcher], Node, "公文处理规则：拟稿";
    "cooperation_review" "审核文稿": [LegalReviewer, SquadLeader], Node, "公文处理规则：审核人不得是拟稿人";
    "cooperation_sign" "签发文稿": [Leader], Node, "公文处理规则：由机关负责人签发";
    "cooperation_receive" "收文登记、分办": [Liaison, Dispatcher], Node, "公文处理规则：先登记后分办";
    "cooperation_handle" "承办来件": [], Assignee, "协作机制章程：受理机关指定承办人";
    "cooperation_handle" "承办来件": [Liaison], Node, "协作机制章程：联络员可以代办";
    "cooperation_pursue" "跟进发出的协作件": [], Assignee, "协作机制章程：拟稿人跟进";
    "cooperation_pursue" "跟进发出的协作件": [Liaison], Node, "协作机制章程：联络员跟进";
    "cooperation_coordinate" "登记指定管辖、协调组意见": [Liaison, LegalReviewer], Node, "行政处罚法第二十五条";
    "cooperation_erase" "删除已发出的内容，答复其他成员的删除请求": [Admin, LegalReviewer], Node, "个人信息保护法第四十七条";
    "compact_draft" "起草、撤回协作机制变更": [Liaison], Node, "协作机制章程：联络员起草";
    "compact_countersign" "会签协作机制变更": [Leader], Node, "协作机制章程：由机关负责人会签";
    "compact_trust" "核对成员密钥指纹": [Admin, Liaison], Node, "协作机制章程：首次会签前逐一核对";
    "compact_keys" "更换、吊销密钥，变更交换地址": [Admin], Node, "管理员职责";
    "compact_liaisons" "变更联络员": [Liaison, Leader, Admin], Node, "协作机制章程：联络员名单由各成员自定";
    "compact_leave" "退出协作机制": [Leader], Node, "协作机制章程：退出由机关负责人决定";
    "meeting_convene" "召集会议、制定计划，发纪要，设任务": [Liaison, Leader], Node, "协作机制章程：召集单位负责";
    "meeting_answer" "会议回执": [Liaison, Leader], Node, "协作机制章程：联络员答复";
    "meeting_task" "报告任务": [], Assignee, "协作机制章程：责任单位按期报告";
    "meeting_task" "报告任务": [Liaison], Node, "协作机制章程：责任单位按期报告";
    "meeting_assign" "交办任务": [Liaison, Leader], Node, "协作机制章程：责任单位自定承办人";
    "penalty_register" "登记违法线索": [Officer, Handler, SquadLeader, Dispatcher, Hotline, Liaison], Node, "行政处罚法第五十四条";
    "penalty_register" "登记违法线索": [], System, "导入与联动";
    "penalty_verify" "核查线索": [Officer, Handler, SquadLeader], Unit, "行政处罚法第五十四条";
    "penalty_assign" "指定办案人员": [SquadLeader], Unit, "行政处罚法第四十二条";
    "penalty_assign" "指定办案人员": [Leader], Node, "行政处罚法第四十二条";
    "penalty_handle" "办理案件": [Officer, Handler], Unit, "行政处罚法第四十二条：由指定的两名执法人员办理";
    "penalty_propose" "报批不予立案、回避": [Officer, Handler, SquadLeader], Unit, "行政处罚法第四十三条、第五十四条";
    "penalty_mark" "标注案件性质": [Officer, Handler, SquadLeader], Unit, "行政处罚法第二十七条、第五十七条、第五十八条";
    "penalty_mark" "标注案件性质": [LegalReviewer, Leader], Node, "行政处罚法第二十七条、第五十七条、第五十八条";
    "penalty_unmark" "取消他人的标注": [LegalReviewer, Leader], Node, "行政处罚法第二十七条、第五十七条、第五十八条";
    "penalty_exclude" "排除证据": [Officer, Handler], Unit, "行政处罚法第四十六条第三款";
    "penalty_exclude" "排除证据": [LegalReviewer], Node, "行政处罚法第四十六条第三款";
    "penalty_endorse" "承办机构审核": [SquadLeader], Unit, "三级审批：承办机构";
    "penalty_review" "法制审核、确认依据": [LegalReviewer], Node, "行政处罚法第五十八条：没有参与办理的法制审核人员";
    "penalty_hearing" "组织、主持听证": [LegalReviewer, Leader], Node, "行政处罚法第六十四条：非本案调查人员主持";
    "penalty_discuss" "登记集体讨论": [Leader, LegalReviewer], Node, "行政处罚法第五十七条第二款";
    "penalty_approve" "审批、签发": [Leader], Node, "行政处罚法第五十七条：由行政机关负责人决定";
    "penalty_advise" "登记公众评议、律师意见": [Officer, Handler, SquadLeader], Unit, "行政处罚法第五十七条：供决定参考";
    "penalty_advise" "登记公众评议、律师意见": [LegalReviewer], Node, "行政处罚法第五十七条：供决定参考";
    "penalty_advise" "登记公众评议、律师意见": [Panelist, Lawyer], Asked, "群众公议、律师驻队规则：对所征求的案件提出意见";
    "penalty_money" "登记缴款": [Officer, Handler, SquadLeader], Unit, "行政处罚法第六十七条：罚缴分离";
    "penalty_money" "登记缴款": [], System, "银行对账文件导入";
    "penalty_remedy" "登记复议、诉讼": [Officer, Handler], Unit, "行政复议法、行政诉讼法";
    "penalty_remedy" "登记复议、诉讼": [LegalReviewer], Node, "行政复议法、行政诉讼法";
    "penalty_publish" "公开、撤回公开": [LegalReviewer, Liaison], Node, "行政处罚法第四十八条";
    "penalty_publish" "公开、撤回公开": [Officer, Handler], Unit, "行政处罚法第四十八条";
    "penalty_archive" "归档": [Officer, Handler, SquadLeader], Unit, "行政处罚法第四十七条";
    "penalty_add" "补充材料": [Officer, Handler, SquadLeader], Unit, "行政处罚法第四十六条、第四十七条";
    "penalty_add" "补充材料": [LegalReviewer, Leader, Supervisor], Node, "行政处罚法第四十六条、第四十七条";
    "penalty_join" "并案、分案": [SquadLeader], Unit, "并案、分案规则";
    "penalty_join" "并案、分案": [Leader], Node, "并案、分案规则";
    "spot_handle" "当场处罚": [Officer, Handler], Unit, "行政处罚法第四十二条、第五十二条：由在场的两名执法人员办理";
    "spot_lodge" "当场处罚报备案": [Officer, Handler, SquadLeader], Unit, "行政处罚法第五十二条第三款";
    "spot_money" "登记当场处罚缴款": [Officer, Handler, SquadLeader], Unit, "行政处罚法第六十七条：罚缴分离";
    "spot_money" "登记当场处罚缴款": [], System, "银行对账文件导入";
    "spot_confirm" "确认免罚清单": [LegalReviewer], Node, "行政处罚法第三十三条；轻微违法行为不予处罚清单";
    "spot_remedy" "登记复议、诉讼": [Officer, Handler], Unit, "行政复议法第二十三条";
    "spot_remedy" "登记复议、诉讼": [LegalReviewer], Node, "行政复议法第二十三条";
    "spot_withdraw" "撤销当场处罚": [Leader], Node, "行政处罚法第七十五条第二款";
    "spot_publish" "公开、撤回公开当场处罚": [LegalReviewer, Liaison], Node, "行政处罚法第四十八条";
    "spot_publish" "公开、撤回公开当场处罚": [Officer, Handler], Unit, "行政处罚法第四十八条";
    "three_systems" "看三项制度落实情况": [LegalReviewer, Supervisor, Leader, SquadLeader, Admin, Auditor], Node, "国办发〔2018〕118号；看到的仍是自己可以查看的办件";
    "penalty_money" "登记缴款": [Dispatcher, Leader], Node, "银行对账：差异由内勤处理，办案人员不经手";
    "spot_money" "登记当场处罚缴款": [Dispatcher, Leader], Node, "银行对账：差异由内勤处理，办案人员不经手";
    "payments" "看缴款对账": [Dispatcher, Leader, Supervisor, Admin, Auditor], Node, "行政处罚法第六十七条：罚缴分离";
    "payments_settle" "导入银行到账，处理差异": [Dispatcher, Leader], Node, "行政处罚法第六十七条：罚缴分离";
    "payments_settle" "导入银行到账，处理差异": [], System, "本机命令行导入";
    "payment_check" "核对缴款凭证": [Dispatcher, Leader], Node, "行政处罚法第六十七条：罚缴分离；登记缴款的人、办案人员不能自己确认";
    "goods_keep" "保管涉案物品": [Officer, Handler, SquadLeader], Unit, "行政强制法第二十六条：妥善保管，不得使用或者损毁";
    "goods" "看涉案物品": [Officer, Handler, SquadLeader], Unit, "涉案物品管理规定";
    "goods" "看涉案物品": [Dispatcher, LegalReviewer, Leader, Supervisor, Auditor, Admin], Node, "涉案物品管理规定";
    "numbers" "看文号登记": [Officer, Handler, SquadLeader], Unit, "行政处罚法第四十七条；公文处理规则：文号按单位、年度编排，作废的保留";
    "numbers" "看文号登记": [Dispatcher, LegalReviewer, Leader, Supervisor, Auditor, Admin], Node, "行政处罚法第四十七条；公文处理规则：文号按单位、年度编排，作废的保留";
    "stocktake" "盘点涉案物品": [Officer, Handler, SquadLeader], Unit, "涉案物品管理规定：定期盘点";
    "stocktake" "盘点涉案物品": [Leader, Supervisor], Node, "涉案物品管理规定：定期盘点";
    "spot_court" "申请法院强制执行当场处罚": [Leader], Node, "行政强制法第五十五条第二款：申请书由行政机关负责人签名";
    "spot_later" "批准当场处罚延期、分期缴纳": [Leader], Node, "行政处罚法第六十六条第二款：经行政机关批准";
    "spot_archive" "当场处罚归档": [Officer, Handler, SquadLeader], Unit, "行政处罚法第四十七条";
    "slip_issue" "发提示单、警示单": [Officer, Handler, SquadLeader], Unit, "三单制：先提示、后警示、再处罚";
    "cooperation_system" "接收文件、送达回执、期限": [], System, "节点交换协议";
}

fn fits(rule: &Rule, facts: &Facts<'_>, matter: &Matter<'_>) -> bool {
    let actor = facts.actor;
    let units = || matter.unit.into_iter().chain(matter.assisting);
    match rule.reach {
        Anybody => true,
        System => matches!(actor, Actor::System),
        Reporter => matches!(actor, Actor::Reporter),
        Assignee => actor.person().is_some_and(|p| Some(p) == matter.assignee),
        Registrant => actor.person().is_some_and(|p| Some(p) == matter.registered_by),
        Asked => rule.roles.iter().filter(|role| actor.has(**role)).any(|own| {
            matter.asked.iter().any(|asked| match asked {
                Consulted::Role(role) => role == own,
                Consulted::Person(person) => actor.person() == Some(person),
            })
        }),
        Node => rule.roles.iter().any(|role| actor.has(*role)),
        Unit => rule.roles.iter().any(|role| {
            actor.units_with(*role).any(|post| units().any(|unit| facts.directory.within(unit, post)))
        }),
    }
}

/// The line that allows this, or a refusal that says who may.
///
/// # Errors
/// When no line allows it.
pub fn permit(facts: &Facts<'_>, action: &str, matter: &Matter<'_>) -> Result<&'static Rule, Refusal> {
    let mut title = action;
    let mut who = Vec::new();
    for rule in TABLE.iter().filter(|r| r.action == action) {
        if fits(rule, facts, matter) {
            return Ok(rule);
        }
        title = rule.title;
        if rule.roles.is_empty() {
            who.push(rule.reach.title().to_owned());
        } else {
            let roles: Vec<_> = rule.roles.iter().map(|r| r.title()).collect();
            who.push(format!("{}（{}）", roles.join("、"), rule.reach.title()));
        }
    }
    Err(Refusal::forbidden(
        "not-permitted",
        format!("您没有“{title}”的权限。"),
        format!("可办的是：{}。", who.join("；")),
    ))
}
