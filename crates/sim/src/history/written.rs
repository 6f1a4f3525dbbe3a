//! What people write on the documents of a case right after they made them, so that every one of them prints.

use super::act::Doing;
use super::cases::Move;
use super::holdings::Hold;
use super::rare::Rare;
use super::themes::Theme;
use super::turns::Turn;
use Move::Propose;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::Role;
use lianzhi_procedure::penalty::folios::Folio;
use lianzhi_procedure::penalty::{Case, Hearing, PaperKind};
use lianzhi_procedure::{Kind, LookUps, Refusal};
use serde_json::{Value, json};

/// What a reviewer says where nothing points to a crime.
const NO_CRIME: &str = "不涉嫌犯罪，不需要移送。";

/// Whoever is asked questions.
struct Respondent {
    name: &'static str,
    identity: String,
    work: &'static str,
    relation: &'static str,
    /// Who did it, in his words.
    we: &'static str,
}

/// The party itself, or who leads it.
fn asked(theme: &Theme) -> Respondent {
    let card = |number: &str| format!("居民身份证：{number}");
    match theme.of_person() {
        true => Respondent {
            name: theme.name,
            identity: card(theme.number),
            work: "",
            relation: "当事人",
            we: "我",
        },
        false => Respondent {
            name: "示例负责人",
            identity: card("310000198001010000"),
            work: theme.name,
            relation: "当事人的负责人",
            we: "我们的人",
        },
    }
}

/// What a reviewer writes on the form.
fn reviewed(now: Timestamp, discretion: &str, crime: &str) -> Value {
    json!({
        "sent": lianzhi_procedure::beijing_date(now), "point1": "执法主体合法，承办人员具有执法资格。",
        "point2": "事实清楚，证据充分。", "point3": "适用依据准确。", "point4": "程序合法。", "point5": discretion,
        "point6": "文书规范。", "point7": "没有超越法定权限。", "point8": crime,
    })
}

/// How long a meeting or a talk takes, minutes.
const TALK_MINUTES: i64 = 40;

impl Doing {
    /// Writes out what the last step of a case made; a document that nobody has anything to add to stays as it is.
    pub(super) fn case_written(&mut self, now: Timestamp, n: usize, step: Move) {
        for (folio, caller, details) in self.to_write(now, n, step) {
            let command = json!({ "command": "fill_folio", "folio": folio, "details": details.to_string() });
            match self.write(now, n, &caller, command) {
                Ok(()) => self.counts.commands += 1,
                Err(refusal) => self.refused(&refusal),
            }
        }
    }

    fn write(&mut self, now: Timestamp, n: usize, caller: &Caller, command: Value) -> Result<(), Refusal> {
        let command = Kind::Penalty.command(command)?;
        let docket = self.cases[n].docket;
        self.ledger.give(docket, &caller.actor, command, LookUps::default(), now.as_microsecond()).map(|_| ())
    }

    fn to_write(&self, now: Timestamp, n: usize, step: Move) -> Vec<(Folio, Caller, Value)> {
        let Ok(case) = self.case(n) else { return Vec::new() };
        let plot = &self.cases[n];
        let lead = plot.lead.clone();
        let recorder = case.officers.last().map(|o| o.name.clone()).unwrap_or_default();
        let told = "告知当事人有权申请执法人员回避，有权陈述和申辩，应当如实回答。答：听清楚了，不申请回避。";
        let one = |folio, caller, details| vec![(folio, caller, details)];
        match step {
            Move::Record("inspection") => match case.evidence.last() {
                Some(file) => one(
                    Folio::Evidence(file.evidence.id),
                    lead,
                    json!({ "recorder": recorder, "told": told, "in_charge": "示例现场负责人", "weather": "晴" }),
                ),
                None => Vec::new(),
            },
            Move::Record(_) => match case.evidence.last() {
                Some(file) => {
                    let asked = asked(plot.theme);
                    let details = json!({
                        "place": "执法中队询问室", "recorder": recorder, "name": asked.name, "sex": "男",
                        "identity": asked.identity, "address": "示例路 1 号", "work": asked.work,
                        "relation": asked.relation, "told": told,
                        "answers": format!(
                            "问：请说明当时的情况。\n答：{}这是{}做的，当时图省事。\n问：有没有办理手续？\n答：没有。\n\
                             问：还有什么要说明的？\n答：愿意改正，请从轻处理。",
                            plot.theme.facts, asked.we
                        ),
                    });
                    one(Folio::Evidence(file.evidence.id), lead, details)
                }
                None => Vec::new(),
            },
            Move::Serve => {
                let served = case.papers.iter().filter_map(|file| Some((file.service.get(&1)?.from, file)));
                let who = if plot.theme.of_person() { "本人" } else { "单位收发部门工作人员" };
                served.max_by_key(|(at, _)| *at).map_or_else(Vec::new, |(_, file)| {
                    one(Folio::Receipt(file.paper.id, 1), lead, json!({ "relation": who }))
                })
            }
            Move::Hold(Hold::Seize(_) | Hold::Seal(_)) => match case.pending.last() {
                // Which law gives it differs from place to place: an example, and said to be one.
                Some(pending) => one(
                    Folio::Proposal(pending.id),
                    lead,
                    json!({ "power": "《示例市市容环境卫生管理条例》（示例）第一条" }),
                ),
                None => Vec::new(),
            },
            Propose("no_penalty") => match case.pending.last() {
                Some(pending) => one(
                    Folio::Proposal(pending.id),
                    lead,
                    json!({ "education": "执法人员当面说明了违法行为的危害和有关规定，当事人表示今后遵守。" }),
                ),
                None => Vec::new(),
            },
            // What was said at the hearing, and what became of it (行政处罚法 65).
            Propose("decide")
                if case.party(1).is_some_and(|p| matches!(p.rights.hearing, Hearing::Held { .. })) =>
            {
                match case.pending.last() {
                    Some(pending) => one(
                        Folio::Proposal(pending.id),
                        lead,
                        json!({ "heard": "当事人在听证中对事实没有异议，请求从轻处罚。经听证，裁量已经考虑其配合调查、主动清运的情节，不再减轻。" }),
                    ),
                    None => Vec::new(),
                }
            }
            Propose("hand_over") => match case.pending.last() {
                Some(pending) => one(
                    Folio::Proposal(pending.id),
                    lead,
                    json!({
                        "crime": "涉嫌污染环境罪（《中华人民共和国刑法》第三百三十八条）",
                        "prosecutor": "本区人民检察院",
                    }),
                ),
                None => Vec::new(),
            },
            Move::Rare(Rare::Court) => match case.pending.last() {
                Some(pending) => {
                    let signs = self.staff.codes(Role::Leader).first().cloned();
                    let signs = signs.map(|p| self.ledger.world.directory.person_name(&p).to_owned());
                    let leader = format!("{}，局长", signs.unwrap_or_default());
                    one(Folio::Proposal(pending.id), lead, json!({ "leader": leader }))
                }
                None => Vec::new(),
            },
            Move::Rare(rare) => self.rare_written(rare, now, n, case),
            Move::Review => self.reviewed(now, case, "裁量适当。"),
            Move::ReviewProposal => {
                let of_proposal = case.reviews.last().and_then(|review| Some((review.proposal?, review)));
                of_proposal.map_or_else(Vec::new, |(id, review)| {
                    let caller = self.staff.person(review.by.as_str());
                    let crime = match self.proposes_crime(case, id) {
                        true => "数量和情节达到移送标准，应当移送公安机关。",
                        false => NO_CRIME,
                    };
                    let details = reviewed(now, "不涉及裁量。", crime);
                    caller.map(|caller| (Folio::ReviewOf(id), caller, details)).into_iter().collect()
                })
            }
            Move::Turn(Turn::Object) => self.reviewed(now, case, "裁量缺少数量的证据，退回补充。"),
            Move::Discuss => self.discussed(now, case),
            Move::Archive => {
                let details =
                    json!({ "retention": "30 年", "remarks": "本卷材料齐全。", "compiler": recorder });
                one(Folio::Volume, lead, details)
            }
            _ => Vec::new(),
        }
    }

    fn reviewed(&self, now: Timestamp, case: &Case, discretion: &str) -> Vec<(Folio, Caller, Value)> {
        let of_plan = u16::try_from(case.plan_reviews().count());
        let (Some(review), Ok(id)) = (case.plan_reviews().last(), of_plan) else {
            return Vec::new();
        };
        let Some(caller) = self.staff.person(review.by.as_str()) else { return Vec::new() };
        vec![(Folio::Review(id), caller, reviewed(now, discretion, NO_CRIME))]
    }

    /// Whether a proposal is to hand the case over to the police.
    fn proposes_crime(&self, case: &Case, id: u16) -> bool {
        let granted = case.granted.iter().map(|granted| &granted.pending);
        let pending = case.pending.iter().chain(granted).find(|pending| pending.id == id);
        pending.is_some_and(|pending| pending.proposal.paper() == Some(PaperKind::Crime))
    }

    fn discussed(&self, now: Timestamp, case: &Case) -> Vec<(Folio, Caller, Value)> {
        let (Some(discussion), Ok(id)) = (case.discussions.last(), u16::try_from(case.discussions.len()))
        else {
            return Vec::new();
        };
        let directory = &self.ledger.world.directory;
        let names: Vec<_> = discussion.present.iter().map(|p| directory.person_name(p).to_owned()).collect();
        let Some(caller) = discussion.present.first().and_then(|p| self.staff.person(p.as_str())) else {
            return Vec::new();
        };
        let views: Vec<_> = names.iter().map(|name| format!("{name}：同意拟处罚意见。")).collect();
        let minute = |at: Timestamp| {
            let at = jiff::tz::offset(8).to_datetime(at);
            at.strftime("%Y-%m-%dT%H:%M").to_string()
        };
        let details = json!({
            "from": minute(now - SignedDuration::from_mins(TALK_MINUTES)), "to": minute(now), "place": "机关会议室",
            "chair": names.first(), "recorder": "示例记录员", "views": views.join("\n"),
        });
        vec![(Folio::Discussion(id), caller, details)]
    }
}
