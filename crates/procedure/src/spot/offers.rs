//! What an actor may do now. Each offer is a trial of the real decision with a sample command, so that an offer and the decision
//! cannot disagree.

use super::command::{Command, Defence, Plan};
use super::decide::trial;
use super::rules;
use super::state::{Application, Imposed, Outcome, Sheet, State};
use super::words::CourtAnswer;
use crate::offer::{choices, field};
use crate::penalty::{
    Adopted, Found, NoPenaltyGround, OnSiteGround, RemedyEnd, RemedyKind, Way, law_side, tiers,
};
use crate::{
    Choice, ExhibitRef, Facts, Field, FieldKind, LookUps, Offer, PartKind, PartRef, Refusal, RefusalKind,
    Text,
};
use lianzhi_ids::Digest;

/// How a decision on the spot may be challenged: reconsideration first (行政复议法 20、23(1)(一)、34；行政处罚法 73), within the terms
/// that the law data have (`六十日`; `十五日` after the reconsideration, 行政诉讼法 45).
#[must_use]
pub fn remedy_text(reconsideration: &str, afterwards: &str) -> String {
    format!(
        "如不服本处罚决定，应当自收到本决定书之日起{reconsideration}内先依法申请行政复议；对行政复议决定不服的，可以自收到复议决定书之日起{afterwards}内向人民法院提起行政诉讼；复议机关决定不予受理、驳回申请，或者受理后逾期不作答复的，可以自收到决定书之日起或者复议期限届满之日起{afterwards}内提起行政诉讼。复议、诉讼期间本决定不停止执行，法律另有规定的除外。"
    )
}

fn sealed() -> Text {
    Text::Sealed(PartRef { kind: PartKind::Remark, digest: Digest::ZERO })
}

fn note(title: &'static str) -> Field {
    field("note", title, true, FieldKind::Text, "")
}

fn files(title: &'static str, required: bool) -> Field {
    field("exhibits", title, required, FieldKind::Exhibits, "原件原样保存")
}

struct Desk<'a> {
    state: &'a State,
    facts: Facts<'a>,
    offers: Vec<Offer>,
}

impl Desk<'_> {
    /// Offers a command when it would be accepted; what the law still demands is shown in its place.
    fn offer(
        &mut self,
        main: bool,
        (command, title, consequence): (&'static str, &'static str, &'static str),
        sample: Command,
        fields: Vec<Field>,
    ) {
        let refused = match trial(self.state, sample, &self.facts) {
            Ok(_) => None,
            Err(refusal) if shown(&refusal) => Some(refusal),
            Err(_) => return,
        };
        self.offers.push(Offer { command, title, consequence, fields, main, refused });
    }
}

/// Refusals that say what the law still demands; others only say that the moment has passed or has not come.
fn shown(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Conflict
        && !matches!(
            refusal.code,
            "wrong-stage"
                | "not-on-the-spot"
                | "not-late"
                | "not-handed"
                | "remedy-open"
                | "reconsideration-first"
                | "published"
                | "not-published"
                | "no-demand"
                | "no-application"
                | "nothing-to-reply"
                | "not-asked"
        )
}

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(sheet) = state.sheet() else { return Vec::new() };
    // Samples name a file as the application would have found it.
    let exhibit = ExhibitRef { digest: Digest::ZERO, size: 1, media: "image/jpeg".into() };
    let look_ups = LookUps { number: "-".into(), exhibits: vec![exhibit], ..facts.look_ups.clone() };
    let mut desk = Desk { state, facts: Facts { look_ups: &look_ups, ..*facts }, offers: Vec::new() };
    match sheet.outcome {
        Outcome::Open => before(&mut desk, sheet),
        Outcome::Spared { .. } => {
            desk.offer(
                true,
                ("reinspect", "复查承诺", "没有改正的，恢复办理，重新告知后处罚。"),
                Command::Reinspect { done: true, note: sealed(), exhibits: vec![] },
                vec![
                    field("done", "已经改正", true, FieldKind::Flag, ""),
                    note("复查情况"),
                    files("照片", false),
                ],
            );
            hand(&mut desk, sheet.spared_to_hand().is_some());
            challenge(&mut desk, sheet, ("登记复议、诉讼", "不予处罚决定可以申请复议，也可以直接起诉。"));
        }
        Outcome::Imposed(_) => after(&mut desk, sheet),
        Outcome::Ordinary { .. } | Outcome::Voided { .. } => {}
    }
    desk.offer(
        false,
        ("describe", "补正当事人信息", "住址、法定代表人等补齐后才能作出决定、交付；不填的保持原样。"),
        Command::Describe {
            particulars: Text::Sealed(PartRef { kind: PartKind::Particulars, digest: Digest::ZERO }),
        },
        vec![field("particulars", "当事人信息", true, FieldKind::Text, "只填要补充、更正的项目")],
    );
    desk.offer(
        false,
        ("archive", "归档", "办结的入档保存。"),
        Command::Archive { shelf: "-".into() },
        vec![field("shelf", "档号", true, FieldKind::Line, "")],
    );
    desk.offer(
        false,
        ("add", "补充材料", "补入本件。"),
        Command::Add { note: sealed(), exhibits: vec![] },
        vec![note("补充的内容"), files("文件", false)],
    );
    desk.offers
}

/// Fields of what shall be imposed, with the range within which it must lie.
fn plan_fields(sheet: &Sheet, facts: &Facts<'_>) -> Vec<Field> {
    let opening = &sheet.opening;
    let of = tiers::tiers(facts, &opening.violation, &opening.basis);
    let tiers = tiers::choices(&[(opening.subject.kind.subject().to_owned(), of)]);
    let circumstances = law_side::circumstances(facts);
    let choice = |(code, title): (String, String)| Choice::new(code, title);
    let max = sheet.opening.basis.max.unwrap_or(0).min(sheet.opening.most);
    let warning = sheet.opening.basis.provides_warning();
    let warning = warning.then(|| field("warning", "警告", false, FieldKind::Flag, ""));
    let mut fields: Vec<_> = warning.into_iter().collect();
    fields.push(field(
        "fine",
        "罚款",
        false,
        FieldKind::Money { min: 0, max },
        "元；在法定幅度和当场处罚限额以内",
    ));
    if !tiers.is_empty() {
        let choices = FieldKind::Choice { choices: tiers };
        fields.push(field("tier", "裁量档次", false, choices, "罚款须选择"));
    }
    let choices = circumstances.into_iter().map(choice).collect();
    fields.push(field("circumstances", "情节", false, FieldKind::Many { choices }, ""));
    fields
}

/// A sanction that this sheet could carry, for trials.
fn sample_plan(sheet: &Sheet, desk: &Desk<'_>) -> Plan {
    let opening = &sheet.opening;
    let warning = Plan { warning: true, ..Plan::default() };
    let least = opening.basis.min.unwrap_or(100);
    let tiers = tiers::tiers(&desk.facts, &opening.violation, &opening.basis);
    let fine = |tier: String| Plan { fine: least, tier, ..Plan::default() };
    let all = tiers.into_iter().map(|tier| fine(tier.into_code())).chain([fine(String::new())]);
    let fits = |plan: &Plan| trial(desk.state, Command::Tell { plan: plan.clone() }, &desk.facts).is_ok();
    let fallback = Plan { fine: least, ..Plan::default() };
    all.into_iter().chain([warning]).find(fits).unwrap_or(fallback)
}

fn before(desk: &mut Desk<'_>, sheet: &Sheet) {
    let (told, heard) = (sheet.told.is_some(), sheet.heard.is_some());
    let plan = sample_plan(sheet, desk);
    let fields = plan_fields(sheet, &desk.facts);
    desk.offer(
        !told,
        (
            "tell",
            if told { "重新告知" } else { "当场告知" },
            "告知事实、理由、依据、拟处罚的内容和陈述、申辩的权利。",
        ),
        Command::Tell { plan },
        fields,
    );
    desk.offer(
        told && !heard,
        ("hear", "听取陈述、申辩", "当事人没有意见的，陈述一栏留空。"),
        Command::Hear { defence: Defence::default() },
        vec![
            field("statement", "当事人的陈述、申辩", false, FieldKind::Text, "没有意见的不填"),
            field("adopted", "是否采纳", false, choices!(Adopted), ""),
            field("answer", "采纳或者不采纳的理由", false, FieldKind::Text, ""),
            field("disputed", "对违法事实有异议", false, FieldKind::Flag, "有异议的转为普通程序"),
        ],
    );
    let max = sheet.told.as_ref().map_or(0, |t| t.sanction.fine);
    desk.offer(
        told && heard,
        ("impose", "作出当场处罚决定", "编号生效，请打印后当场交付当事人。"),
        Command::Impose { lowered: None },
        vec![field(
            "lowered",
            "采纳申辩后的罚款",
            false,
            FieldKind::Money { min: 0, max },
            "与告知相同的不填",
        )],
    );
    desk.offer(
        false,
        ("confirm_list", "确认免罚清单", "确认后可以清单为依据不予处罚。"),
        Command::ConfirmList { note: sealed() },
        vec![note("现行清单的名称、文号和条目")],
    );
    let spare = |ground, listed| Command::Spare {
        ground,
        listed,
        note: sealed(),
        education: sealed(),
        corrected: true,
        promise: None,
        exhibits: vec![Digest::ZERO],
    };
    let grounds = [NoPenaltyGround::Minor, NoPenaltyGround::First, NoPenaltyGround::NoFault];
    let choices: Vec<_> = grounds
        .into_iter()
        .filter(|g| trial(desk.state, spare(*g, false), &desk.facts).is_ok())
        .map(|g| Choice::new(g.code(), g.title()))
        .collect();
    let mut fields = vec![field("ground", "情形", true, FieldKind::Choice { choices }, "")];
    if trial(desk.state, spare(NoPenaltyGround::Minor, true), &desk.facts).is_ok() {
        fields.push(field("listed", "以免罚清单为依据", false, FieldKind::Flag, "清单条目已经核对"));
    }
    fields.extend([
        field("note", "具体理由", true, FieldKind::Text, ""),
        field("education", "对当事人的教育", true, FieldKind::Text, ""),
        field("corrected", "已经当场改正", false, FieldKind::Flag, ""),
        field("promise", "承诺改正的日期", false, FieldKind::Date, "当场不能改正的填写"),
        files("改正后的照片、承诺书", true),
    ]);
    desk.offer(
        rules::proposed(sheet, &desk.facts),
        (
            "spare",
            "不予处罚",
            "初次违法、危害后果轻微并及时改正的可以不予处罚，轻微并及时改正的不予处罚；教育并留痕。",
        ),
        spare(NoPenaltyGround::Minor, false),
        fields,
    );
    desk.offer(
        sheet.heard.as_ref().is_some_and(|h| h.disputed),
        ("go_over", "转为普通程序", "另立案件，已经录入的内容一并带入。"),
        Command::GoOver { note: sealed() },
        vec![note("理由")],
    );
    desk.offer(
        false,
        ("void", "作废表格", "编号保留，不再使用。"),
        Command::Void { note: sealed() },
        vec![note("理由")],
    );
}

fn after(desk: &mut Desk<'_>, sheet: &Sheet) {
    let today = crate::beijing_date(desk.facts.now);
    let Some(decision) = sheet.imposed() else { return };
    let left = decision.money.left();
    hand(desk, decision.handed.is_none());
    desk.offer(
        decision.handed.is_some(),
        ("lodge", "报所属机关备案", "报本机关备案。"),
        Command::Lodge,
        vec![],
    );
    if left > 0 {
        money(desk, sheet, left, today);
        court(desk, decision, today);
    }
    desk.offer(
        true,
        ("refund", "登记退还罚款", "决定撤销或者变更的，多缴的罚款经财政退还当事人。"),
        Command::Refund { on: today, reference: "-".into() },
        vec![
            field("on", "退还日期", true, FieldKind::Date, ""),
            field("reference", "退付流水号", true, FieldKind::Line, ""),
        ],
    );
    desk.offer(
        true,
        (
            "hand_in",
            "确认上缴当场收缴的罚款",
            "自收缴之日起二个工作日内；由收款人登记，收缴的人不能自己确认。",
        ),
        Command::HandIn { receipt: "-".into() },
        vec![field("receipt", "收款收据号", true, FieldKind::Line, "本机关开给收缴人的收据")],
    );
    let held: Vec<_> = decision.money.receipts.iter().filter(|r| r.undeposited().is_some()).collect();
    let ticket = held.first().map_or_else(|| "-".to_owned(), |r| r.reference.clone());
    let choices = held.iter().map(|r| Choice::new(r.reference.clone(), r.reference.clone())).collect();
    desk.offer(
        true,
        ("deposit", "登记缴付银行", "上缴的罚款二个工作日内缴付指定的银行。"),
        Command::Deposit { ticket, on: today, reference: "-".into(), exhibits: vec![Digest::ZERO] },
        vec![
            field("ticket", "票据号", true, FieldKind::Choice { choices }, ""),
            field("on", "缴付日期", true, FieldKind::Date, ""),
            field("reference", "银行凭证号", true, FieldKind::Line, ""),
            files("银行缴款凭证", true),
        ],
    );
    check(desk, decision);
    challenge(desk, sheet, ("登记复议、诉讼", "当场处罚复议前置。"));
    desk.offer(
        false,
        ("correct", "更正", "更正文字上的错误，不改变事实、依据和处罚内容；制作更正通知书。"),
        Command::Correct { note: sealed(), wrong: sealed(), right: sealed() },
        vec![
            note("书写错误的种类，如错别字、漏字"),
            field("wrong", "决定书上的原文", true, FieldKind::Text, ""),
            field("right", "更正为", true, FieldKind::Text, ""),
        ],
    );
    let publish = match decision.may_again() {
        true => ("publish", "重新公开", "按变更后的内容公开；公开期限自第一次公开起算。"),
        false => ("publish", "登记公开", "七个工作日内公开；自然人的姓名按规则隐去。"),
    };
    desk.offer(decision.unpublished() && decision.handed.is_some(), publish, Command::Publish, vec![]);
    desk.offer(
        false,
        ("keep_back", "登记不公开", "写明理由。"),
        Command::KeepBack { note: sealed() },
        vec![note("不公开的理由")],
    );
    desk.offer(
        decision.to_withdraw().is_some(),
        ("unpublish", "撤回公开", "三个工作日内撤回；理由向社会公开说明，不写个人信息。"),
        Command::Unpublish { note: sealed() },
        vec![note("公开说明的理由")],
    );
    desk.offer(
        false,
        ("withdraw", "撤销决定", "发现决定错误的主动撤销，制作撤销决定书（行政处罚法第七十五条第二款）。"),
        Command::Withdraw { note: sealed() },
        vec![note("撤销的理由")],
    );
}

fn hand(desk: &mut Desk<'_>, main: bool) {
    desk.offer(
        main,
        ("hand", "当场交付", "从交付起算当事人的期限。"),
        Command::Hand { refused: false, note: sealed(), exhibits: vec![Digest::ZERO] },
        vec![
            field("refused", "当事人拒绝签收", false, FieldKind::Flag, "拒签的注明情况"),
            field("note", "拒签的情况和在场的人；没有当日交付的原因", false, FieldKind::Text, ""),
            files("签收的照片或者扫描件", false),
        ],
    );
}

/// Reconsideration and lawsuits, the answer to them and their end.
fn challenge(desk: &mut Desk<'_>, sheet: &Sheet, (title, consequence): (&'static str, &'static str)) {
    let today = crate::beijing_date(desk.facts.now);
    let remedies = sheet.challenged().map(|(_, remedies)| remedies).unwrap_or_default();
    let kind = match remedies.is_empty() {
        true => RemedyKind::Reconsideration,
        false => RemedyKind::Lawsuit,
    };
    desk.offer(
        false,
        ("appeal", title, consequence),
        Command::Appeal { kind, on: today, stay: false, ordinary: false },
        vec![
            field("kind", "种类", true, choices!(RemedyKind), "当场处罚先复议，再诉讼"),
            field("on", "申请日期", true, FieldKind::Date, ""),
            field("stay", "停止执行", false, FieldKind::Flag, ""),
            field(
                "ordinary",
                "复议机关转为普通程序审理",
                false,
                FieldKind::Flag,
                "当场处罚适用简易程序，五个工作日内答复；转普通程序的十个工作日",
            ),
        ],
    );
    desk.offer(
        true,
        ("reply_remedy", "登记复议答复、诉讼答辩", "逾期不提交证据的，视为没有证据。"),
        Command::ReplyRemedy { note: sealed(), exhibits: vec![] },
        vec![note("答复、答辩的要点和提交的证据"), files("答复书、答辩状", false)],
    );
    if remedies.iter().any(|r| r.ended.is_none()) {
        let most = sheet.imposed().map_or(0, |decision| decision.money.fine);
        desk.offer(
            false,
            ("end_appeal", "登记复议、诉讼结果", "撤销、确认违法的，本决定不再执行。"),
            Command::EndAppeal { end: RemedyEnd::Upheld, on: today, fine: None, note: sealed() },
            vec![
                field("end", "结果", true, FieldKind::Choice { choices: RemedyEnd::entered() }, ""),
                field("on", "日期", true, FieldKind::Date, ""),
                field(
                    "fine",
                    "变更后的罚款",
                    false,
                    FieldKind::Money { min: 0, max: most },
                    "元；只在变更时填写",
                ),
                note("内容"),
            ],
        );
    }
}

/// What was typed and nobody confirmed.
fn check(desk: &mut Desk<'_>, decision: &Imposed) {
    let open: Vec<_> = decision.money.receipts.iter().filter(|r| r.unconfirmed()).collect();
    let Some(ticket) = open.first().map(|r| r.reference.clone()) else { return };
    let choices = open.iter().map(|r| Choice::new(r.reference.clone(), r.reference.clone())).collect();
    let (voucher, note, exhibits) = ("-".into(), sealed(), vec![Digest::ZERO]);
    desk.offer(
        true,
        ("check_payment", "核对缴款凭证", "确认到账的才算缴清；没有到账的不予计入。"),
        Command::CheckPayment(Found { ticket, came: true, voucher, note, exhibits }),
        vec![
            field("ticket", "登记的缴款", true, FieldKind::Choice { choices }, ""),
            field("came", "已经到账", true, FieldKind::Flag, "没有到账的写明情况；这笔不再计入"),
            field("voucher", "财政票据号、银行凭证号", false, FieldKind::Line, "已经到账的必填"),
            field("note", "情况", false, FieldKind::Text, "没有到账的必填"),
            files("核对所凭的票据、凭证", false),
        ],
    );
}

fn money(desk: &mut Desk<'_>, sheet: &Sheet, left: i64, today: jiff::civil::Date) {
    desk.offer(
        false,
        ("set_pay_code", "登记缴款码", "当事人凭码到银行或者电子支付系统缴纳。"),
        Command::SetPayCode { code: "0".into() },
        vec![field("code", "缴款码", true, FieldKind::Line, "")],
    );
    let most = super::decide::payable(sheet, today).unwrap_or(left);
    desk.offer(
        false,
        ("pay", "登记缴款", "缴清即了结罚款。"),
        Command::Pay {
            amount: left,
            on: today,
            reference: "-".into(),
            ticket: String::new(),
            exhibits: vec![Digest::ZERO],
        },
        vec![
            field("amount", "金额", true, FieldKind::Money { min: 1, max: most }, "元"),
            field("on", "缴款日期", true, FieldKind::Date, ""),
            field("reference", "流水号或者票据号", true, FieldKind::Line, ""),
            field("ticket", "财政票据号", false, FieldKind::Line, "开具了电子票据的填写"),
            files("银行、财政出具的缴款凭证", true),
        ],
    );
    // Asked for mostly while the days of the decision still run: it begins after them (行政处罚法 66, 67).
    let after = today.saturating_add(jiff::Span::new().months(1));
    desk.offer(
        false,
        ("ask_later", "登记延期、分期申请", "由机关负责人批准；批准后按各期的期限缴纳。"),
        Command::AskLater { parts: 1, first: after, note: sealed(), exhibits: vec![] },
        vec![
            field("parts", "期数", true, FieldKind::Number { min: 1, max: 24 }, "只延期不分期的填 1"),
            field("first", "首期的最后一天", true, FieldKind::Date, "以后每月一期"),
            note("当事人的申请和经济困难的情况"),
            files("申请书、困难证明", false),
        ],
    );
    desk.offer(
        true,
        ("answer_later", "批准延期、分期", "批准后原缴款期限停止计算，每期有自己的期限。"),
        // What cannot be granted any more can still be refused.
        Command::AnswerLater { agreed: false, note: sealed() },
        vec![
            field("agreed", "同意", true, FieldKind::Flag, "不同意的写明理由"),
            field("note", "意见", false, FieldKind::Text, ""),
        ],
    );
    // On which ground money is taken is judged when it is said; the hardest to refuse stands for all.
    let ground = OnSiteGround::Hard;
    desk.offer(
        false,
        ("collect", "当场收缴", "只限第六十八条、第六十九条的情形，须出具财政票据。"),
        Command::Collect { ground, ticket: "-".into(), note: sealed(), exhibits: vec![] },
        vec![
            field("ground", "情形", true, choices!(OnSiteGround), ""),
            field("ticket", "财政票据号", true, FieldKind::Line, ""),
            field(
                "note",
                "情形的说明",
                false,
                FieldKind::Text,
                "事后难以执行的写明原因；边远、水上、交通不便的写明当事人怎样提出（或者上传其申请）",
            ),
            files("当事人的书面申请", false),
        ],
    );
}

/// Ways by which a demand can reach the party here.
const WAYS: [Way; 6] = [Way::Direct, Way::Post, Way::Left, Way::OnTheSpot, Way::Entrusted, Way::PublicNotice];

/// A fine that was not paid in time.
fn court(desk: &mut Desk<'_>, decision: &Imposed, today: jiff::civil::Date) {
    desk.offer(
        true,
        (
            "demand",
            "制作催告书",
            "写明应缴的罚款、加处罚款和陈述申辩权；送达后满十个工作日仍不缴的，申请法院强制执行。",
        ),
        Command::Demand { note: sealed() },
        vec![note("催告的内容")],
    );
    desk.offer(
        true,
        ("serve_demand", "登记催告书送达", "从送达起算十个工作日；公告送达的从公告期满起算。"),
        Command::ServeDemand {
            way: Way::Direct,
            on: today,
            note: Text::default(),
            exhibits: vec![Digest::ZERO],
        },
        vec![
            field(
                "way",
                "方式",
                true,
                FieldKind::Choice {
                    choices: WAYS.iter().map(|w| Choice::new(w.code(), w.title())).collect(),
                },
                "",
            ),
            field("on", "送达日期", true, FieldKind::Date, "公告送达的填发出公告的日期，期满视为送达"),
            field("note", "签收人、邮件号；留置和公告的情况", false, FieldKind::Text, "留置、公告送达必填"),
            files("送达回证、邮件回执", true),
        ],
    );
    desk.offer(
        true,
        ("apply_court", "申请法院强制执行", "签发强制执行申请书，附决定书、催告书和送达凭证送人民法院。"),
        Command::ApplyCourt { court: "-".into(), note: sealed() },
        vec![field("court", "人民法院", true, FieldKind::Line, ""), note("理由和依据")],
    );
    let last = decision.application().and_then(Application::answer);
    let choices: Vec<_> = CourtAnswer::ALL
        .iter()
        .filter(|answer| answer.follows(last))
        .map(|answer| Choice::new(answer.code(), answer.title()))
        .collect();
    if let Some(answer) = CourtAnswer::ALL.iter().find(|answer| answer.follows(last)) {
        desk.offer(
            true,
            ("answer_court", "登记法院答复", "受理、裁定、执行的结果依次登记；执行到的款项另行登记缴款。"),
            Command::AnswerCourt { answer: *answer, on: today, note: sealed(), exhibits: vec![] },
            vec![
                field("answer", "答复", true, FieldKind::Choice { choices }, ""),
                field("on", "日期", true, FieldKind::Date, ""),
                note("文号和内容"),
                files("法院文书", false),
            ],
        );
    }
}
