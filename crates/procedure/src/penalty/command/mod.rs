//! What can be asked of a penalty case. Each variant is the single definition of an action.

mod after;
mod apart;
mod aside;
mod chosen;
mod further;
mod goods;
mod input;
mod money;
mod texts;

pub use after::{Appealing, Compelling, DelayingRemedy, EndingAppeal, Enforcing, Lodging, Staying};
pub use apart::{DecidingAnew, Handing, OpeningArchive, OrderingDemolition, TransferAnswer, Transferring};
pub use aside::{
    AskingHelp, Concluding, Drawing, HelpAnswer, HelpDelay, HoldingCircuit, Seat, Seating, SeeingMediation,
    SettingCircuit, StandingDown, Voting,
};
pub use further::{
    Agreeing, Amending, AnnouncingDemolition, AskingAgain, AskingOpinion, AskingTest, Bringing,
    BroughtEvidence, BroughtFall, BroughtOrder, BroughtStatement, Charging, ComingBack, Demanding, Ending,
    GivingUp, GoingOn, Issuing, LetterAnswer, Mediating, OfParty, Receiving, Recording, Reviewing, Said,
    Sealing, Suggesting, SuggestionAnswer, Suspending,
};
pub use goods::{
    EarlyDisposal, MissedThing, ThingGone, ThingIn, ThingMoney, ThingMove, ThingNotice, ThingOut,
};
pub use input::{
    Archiving, Describing, NewParty, NewPromise, NewViolation, Registering, Seen, Signed, SplitFrom,
};
pub use money::{CheckingPayment, Collecting, Depositing, Found, HandingIn, Paying, Refunding};

use crate::Text;
use crate::penalty::folios::{Folio, Signer};
use crate::penalty::words::{
    Adopted, Adviser, ClosingGround, EvidenceKind, Mark, MeasureKind, NoPenaltyGround, Opinion, Settlement,
    Way,
};
use chosen::{chosen, perhaps_chosen};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, PersonCode};
use schemars::JsonSchema;
use serde::Deserialize;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "one action each; the fields are those of the forms, see offers")]
pub enum Command {
    /// 登记线索: opens a case.
    Register(Registering),
    /// 核查结果.
    Verify {
        established: bool,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 指定办案人员: two, with certificates (42).
    Assign { lead: PersonCode, second: PersonCode },
    /// 增加当事人.
    AddParty(NewParty),
    /// 补正当事人信息: what was not known, or was written wrongly, when the party was registered.
    Describe(Describing),
    /// 增加违法行为, or facts that turned out otherwise.
    SetViolation {
        #[serde(default, deserialize_with = "perhaps_chosen")]
        violation: Option<u16>,
        #[serde(flatten)]
        what: NewViolation,
    },
    /// 撤销登记违法行为: what was entered turned out not to be one, before it is charged.
    WithdrawViolation {
        #[serde(deserialize_with = "chosen")]
        violation: u16,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 标注案件性质.
    Mark {
        mark: Mark,
        on: bool,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 制作笔录、收集证据.
    Record(Recording),
    /// 采用协作证据: takes evidence of another member that was recognised in a matter of this case into the file, with its origin.
    Cite {
        exhibit: Digest,
        kind: EvidenceKind,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 排除证据 (46(3)).
    Exclude {
        #[serde(deserialize_with = "chosen")]
        evidence: u16,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 责令改正 (28): a paper.
    Order {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        until: Option<Date>,
    },
    /// 责令限期拆除 (城乡规划法 64, 68): asks for approval; a legal reviewer sees it before.
    OrderDemolition(OrderingDemolition),
    /// 复查.
    Reinspect {
        #[serde(deserialize_with = "chosen")]
        order: u16,
        done: bool,
        /// When they looked; now where it is not said.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        seen: Option<Timestamp>,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 检测、检验、鉴定 begins or ends.
    Test(AskingTest),
    /// 先行登记保存 (56): asks for approval.
    Preserve {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        goods: Text,
        second: PersonCode,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
        /// Other things than those that were preserved before.
        #[serde(default)]
        other_goods: bool,
    },
    /// 查封、扣押: asks for approval, or takes at once and asks afterwards (行政强制法 18, 19).
    Seize {
        kind: MeasureKind,
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        goods: Text,
        second: PersonCode,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
        #[serde(default)]
        urgent: bool,
        /// When it was done, where it was done at once; now where it is not said.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        taken: Option<Timestamp>,
        #[serde(default, deserialize_with = "perhaps_chosen")]
        takes_over: Option<u16>,
        /// Other things than those that were sealed or seized before.
        #[serde(default)]
        other_goods: bool,
    },
    /// 处理物品: settles preserved things, lifts or ends a seizure.
    Settle {
        #[serde(deserialize_with = "chosen")]
        measure: u16,
        how: Settlement,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        until: Option<Date>,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 延长期限: of checking a lead, of the decision, or of a seizure.
    Lengthen {
        #[serde(default, deserialize_with = "perhaps_chosen")]
        measure: Option<u16>,
        days: u32,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 申请回避 (43).
    Recuse {
        person: PersonCode,
        with: PersonCode,
        /// The party that asked for it; none: whoever stands aside, or the agency.
        #[serde(default, deserialize_with = "perhaps_chosen")]
        asked: Option<u16>,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 调查终结报告.
    Finish {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 拟处罚: what shall be done to a party for a violation.
    Charge(Charging),
    /// 不再追究 a violation of a party in this case.
    Uncharge {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[serde(deserialize_with = "chosen")]
        violation: u16,
    },
    /// 确认依据: a legal officer checked an unverified basis.
    Confirm {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[serde(deserialize_with = "chosen")]
        violation: u16,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 立案.
    File {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 不予立案.
    NotFile {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 事先告知.
    Notify {
        days: u16,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 处罚决定.
    Decide {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 不予处罚.
    NoPenalty {
        ground: NoPenaltyGround,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 移送公安机关.
    HandOver {
        to: String,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 移送有管辖权的机关 (行政处罚法 22, 25).
    Transfer(Transferring),
    /// 登记移送: the file went to the other agency.
    SendTransfer(Handing),
    /// 受移送机关答复: it took the case, or the case comes back.
    AnswerTransfer(TransferAnswer),
    /// 撤销立案.
    Drop {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 延期、分期缴纳.
    PayLater {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        parts: u32,
        #[schemars(with = "String")]
        first: Date,
        /// The day on which the party asked for it.
        #[schemars(with = "String")]
        asked: Date,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 催告 (行政强制法 35, 54).
    Demand(Demanding),
    /// 限期拆除公告 (行政强制法 44).
    AnnounceDemolition(AnnouncingDemolition),
    /// 强制执行.
    Compel(Compelling),
    /// 撤销决定.
    Revoke {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 重新作出决定 in this case, after a decision fell (行政诉讼法 70, 71; 行政复议法 64).
    DecideAnew(DecidingAnew),
    /// 启卷: the file is taken out of the archive.
    OpenArchive(OpeningArchive),
    /// 结案.
    Close {
        ground: ClosingGround,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 承办机构意见.
    Endorse {
        #[serde(deserialize_with = "chosen")]
        proposal: u16,
        agreed: bool,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 负责人意见: signs, so that it happens.
    Approve {
        #[serde(deserialize_with = "chosen")]
        proposal: u16,
        agreed: bool,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
        /// 缺字手工补写: characters of its paper that no font has are written in by hand on what is printed.
        #[serde(default)]
        by_hand: bool,
    },
    /// 撤回报批.
    Unpropose {
        #[serde(deserialize_with = "chosen")]
        proposal: u16,
    },
    /// 陈述、申辩.
    State {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 复核意见 on it.
    Answer {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        adopted: Adopted,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 登记快速办理同意书.
    Quick(Signed),
    /// 登记改正承诺书.
    Promise(NewPromise),
    /// 复查 of a promise.
    SeePromise(Seen),
    /// 放弃权利, in writing.
    Waive {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[serde(default)]
        hearing: bool,
        exhibits: Vec<Digest>,
    },
    /// 要求听证.
    AskHearing {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        on: Date,
    },
    /// 听证通知: a paper.
    CallHearing {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        on: Timestamp,
        chair: PersonCode,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 听证笔录和听证报告, by whoever presided.
    HoldHearing {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        note: Text,
        exhibits: Vec<Digest>,
    },
    /// 视为放弃听证 (64(六)).
    DropHearing(GivingUp),
    /// 公众评议、律师意见; one that was asked for says so.
    Advise {
        #[serde(default, deserialize_with = "perhaps_chosen")]
        asked: Option<u16>,
        from: Adviser,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 调查询问通知 (55): a paper.
    Summon {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        on: Timestamp,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 法制审核 (58).
    Review {
        opinion: Opinion,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        qualification: String,
    },
    /// 集体讨论 (57(2)): of the penalty, or of a second extension (60).
    Discuss {
        present: Vec<PersonCode>,
        agreed: bool,
        #[serde(default)]
        longer: bool,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 登记签发件: the paper as printed, signed and scanned.
    Issue(Issuing),
    /// 加盖电子印章: the paper as it goes to one party, sealed by the agency's service.
    Seal(Sealing),
    /// 作废 a paper that was served on nobody.
    Void {
        #[serde(deserialize_with = "chosen")]
        paper: u16,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 送达.
    Serve {
        #[serde(deserialize_with = "chosen")]
        paper: u16,
        #[serde(deserialize_with = "chosen")]
        party: u16,
        way: Way,
        #[schemars(with = "String")]
        at: Timestamp,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 电子送达确认书 (61(2)).
    AgreeElectronic {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        exhibits: Vec<Digest>,
    },
    /// 缴款码.
    SetPayCode {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        code: String,
    },
    /// 登记缴款.
    Pay(Paying),
    /// 当场收缴 (68, 69).
    Collect(Collecting),
    /// 上缴 what was taken on the spot (71).
    HandIn(HandingIn),
    /// 缴付银行 of what was handed in (71).
    Deposit(Depositing),
    /// 核对缴款凭证: a payment that somebody else typed came, or did not (67).
    CheckPayment(CheckingPayment),
    /// 退还 of what was paid and is not owed any more.
    Refund(Refunding),
    /// 复议、诉讼.
    Appeal(Appealing),
    /// 复议、诉讼结果.
    EndAppeal(EndingAppeal),
    /// 停止执行, or its end (行政复议法 42; 行政诉讼法 56).
    SetStay(Staying),
    /// 登记复议延期 (行政复议法 62(1)).
    DelayRemedy(DelayingRemedy),
    /// 执行完毕 of what was approved.
    Enforce(Enforcing),
    /// 停止执行, 撤回申请: what was approved and needs not be done any more.
    StopEnforcement(OfParty),
    /// 向法院递交申请 (行政强制法 53).
    LodgeCourt(Lodging),
    /// 向公安机关移送.
    SendCrime {
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 公安机关答复.
    AnswerCrime {
        taken: bool,
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 公开.
    Publish,
    /// 不公开, with the ground.
    KeepBack {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 撤回公开 and says why (48(2)).
    Unpublish {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 归档.
    Archive(Archiving),
    /// 填写文书: what the form of a folio asks for, as JSON by the names of its fields.
    FillFolio {
        folio: Folio,
        #[schemars(with = "String")]
        details: Text,
        /// Why it is changed after somebody signed: those signatures fall.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 上传签名的文书: a folio without a 文号 as printed, signed and scanned.
    SignFolio { folio: Folio, exhibits: Vec<Digest> },
    /// 屏幕签名: one picture.
    DrawFolio { folio: Folio, signer: Signer, exhibits: Vec<Digest> },
    /// 补充材料.
    Add {
        #[schemars(with = "String")]
        note: Text,
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 并案.
    Join {
        to: DocketId,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 分案: a party goes on in a case of its own (the application opens it in the same transaction).
    Split {
        #[serde(deserialize_with = "chosen")]
        party: u16,
        #[schemars(with = "String")]
        note: Text,
    },
    /// 重新送审 after a legal review that did not agree: what was mended.
    Resubmit {
        #[schemars(with = "String")]
        note: Text,
    },
    /// 送审意见 on what waits for approval, where the agency's list demands it (国办发〔2018〕118号).
    ReviewProposal(Reviewing),
    /// 执行协议 (行政强制法 42).
    Agree(Agreeing),
    /// 不履行执行协议: enforcement goes on (42(2)).
    BreakAgreement(OfParty),
    /// 中止执行 (39).
    Suspend(Suspending),
    /// 恢复执行 (39(2)).
    Resume(OfParty),
    /// 终结执行 (40).
    EndExecution(Ending),
    /// 法院对强制执行申请的处理 (56–58).
    CourtSaid(Said),
    /// 答复复议、答辩诉讼.
    ReplyRemedy(OfParty),
    /// 对不予立案提请复议、立案监督.
    AskPolice(AskingAgain),
    /// 不起诉，移送给予行政处罚 (行政处罚法 27).
    NotIndicted(ComingBack),
    /// 更正 (75(2)).
    Amend(Amending),
    /// 征求评议、律师意见.
    AskOpinion(AskingOpinion),
    /// 调解记录.
    Mediate(Mediating),
    /// 执法建议书.
    Suggest(Suggesting),
    /// 建议的反馈.
    AnswerSuggestion(SuggestionAnswer),
    /// 收到司法建议、检察建议.
    Receive(Receiving),
    /// 答复司法建议、检察建议.
    AnswerLetter(LetterAnswer),
    /// 请求协助、出具认定意见.
    AskHelp(AskingHelp),
    /// 协助单位延期.
    DelayHelp(HelpDelay),
    /// 认定意见、协助结果.
    AnswerHelp(HelpAnswer),
    /// 抽取公议团成员.
    DrawPanel(Drawing),
    /// 指名公议团成员.
    SeatMember(Seating),
    /// 公议团成员回避.
    RecuseMember(StandingDown),
    /// 公议表决.
    Vote(Voting),
    /// 汇总公议意见.
    ConcludePanel(Concluding),
    /// 巡回法庭.
    SetCircuit(SettingCircuit),
    /// 巡回法庭的结果.
    HoldCircuit(HoldingCircuit),
    /// 调解协议的履行.
    SeeMediation(SeeingMediation),
    /// 按日连续处罚 (生态环境法典 1060): a case of its own (the application opens it in the same transaction).
    Daily(GoingOn),
    /// The node's own: what another case brings along.
    #[serde(skip)]
    Bring(Box<Bringing>),
    /// The node's own: the case of the daily fine.
    #[schemars(skip)]
    DailyInto { party: u16, violation: u16, docket: DocketId },
    /// 入库: a thing comes into custody.
    PutIn(ThingIn),
    /// 移位, or back to a shelf.
    Shift(ThingMove),
    /// 暂时出库.
    TakeOut(ThingOut),
    /// 通知处理易腐物品, 公告认领.
    Announce(ThingNotice),
    /// 报批提前处理 of a thing that would rot.
    DisposeEarly(EarlyDisposal),
    /// 物品处理: it leaves for good.
    Dispose(ThingGone),
    /// 支付变价款: to the party or to the treasury.
    PayOver(ThingMoney),
    /// The node's own: a stock-taking did not find it (盘亏).
    #[schemars(skip)]
    Missed(MissedThing),
    /// The node's own: a document inside the agency as it lay before whoever signed.
    #[schemars(skip)]
    KeepFolio { folio: Folio, party: u16 },
    /// The node's own: looks at the clocks.
    #[schemars(skip)]
    Tick,
    /// The node's own: calendars changed.
    #[schemars(skip)]
    Recompute,
    /// The node's own: another case was joined to this one.
    #[schemars(skip)]
    Absorb { from: DocketId },
    /// The node's own: the case that a party was split off to.
    #[schemars(skip)]
    SplitInto { party: u16, docket: DocketId },
}
