//! Opening a case: by itself, from a report, from a lead of another member, or by splitting a party off.

use super::case_of;
use crate::ports::MatterRow;
use crate::sequencer::{Done, Step, Submission, To};
use crate::submit::{drop_empty, take_point};
use crate::{App, Caller};
use jiff::civil::Date;
use lianzhi_ids::DocketId;
use lianzhi_procedure::penalty::{
    Case, Command, NewParty, NewViolation, PartyKind, Proposal, Registering, Source, SplitFrom,
};
use lianzhi_procedure::policy::{self, Matter};
use lianzhi_procedure::{AnyCommand, Kind, LookUps, Refusal, Text, beijing_date, report};
use lianzhi_territory::Point;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Names of the inputs that make up a party's particulars.
const FIELDS: [&str; 5] = ["name", "id_number", "address", "representative", "phone"];

/// Who a party is: the content of its sealed part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Particulars {
    /// Name.
    pub name: String,
    /// Number of the identity card, or the unified social credit code.
    pub id_number: String,
    /// Address.
    pub address: String,
    /// Legal representative or person in charge.
    pub representative: String,
    /// Telephone.
    pub phone: String,
}

impl Particulars {
    /// Reads the content of a part. What is no JSON is a name.
    #[must_use]
    pub fn read(text: &str) -> Particulars {
        serde_json::from_str(text)
            .unwrap_or_else(|_| Particulars { name: text.trim().to_owned(), ..Self::default() })
    }

    /// The number of identification as it is compared: without blanks and dashes, in capitals; none when it was not given.
    #[must_use]
    pub(crate) fn number(&self) -> Option<String> {
        let letters = self.id_number.chars().filter(char::is_ascii_alphanumeric);
        let number: String = letters.map(|c| c.to_ascii_uppercase()).collect();
        (!number.is_empty()).then_some(number)
    }

    /// These with what another says besides or otherwise; what it leaves empty stays.
    #[must_use]
    pub(crate) fn completed(&self, by: &Particulars) -> Particulars {
        let one =
            |old: &String, new: &String| if new.trim().is_empty() { old } else { new }.trim().to_owned();
        Particulars {
            name: one(&self.name, &by.name),
            id_number: one(&self.id_number, &by.id_number),
            address: one(&self.address, &by.address),
            representative: one(&self.representative, &by.representative),
            phone: one(&self.phone, &by.phone),
        }
    }

    /// What papers must say of such a party and these do not, named as on paper.
    #[must_use]
    pub fn lacking(&self, kind: PartyKind) -> Vec<String> {
        let mut needs = lianzhi_paper::Needs::default();
        super::written::subject(kind, self).needs(&mut needs);
        needs.into_missing()
    }

    /// What is said of a party for another member to know it by.
    #[must_use]
    pub fn described(&self) -> String {
        let number = self.number().map(|number| format!("\n证件号码、统一社会信用代码：{number}"));
        format!("姓名或者名称：{}{}", self.name.trim(), number.unwrap_or_default())
    }
}

/// Takes the particulars of a party that stand as fields of a form together, as the procedure wants them.
pub(crate) fn gather(json: &mut Value) {
    let Some(fields) = json.as_object_mut() else { return };
    if fields.contains_key("particulars") || !FIELDS.iter().any(|f| fields.contains_key(*f)) {
        return;
    }
    // What is not given stays as it stands.
    let describes = fields.get("command").is_some_and(|command| command == "describe");
    let mut take = |name: &str| match fields.remove(name) {
        Some(Value::String(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    let particulars = Particulars {
        name: take("name"),
        id_number: take("id_number"),
        address: take("address"),
        representative: take("representative"),
        phone: take("phone"),
    };
    let nothing = if describes { particulars == Particulars::default() } else { particulars.name.is_empty() };
    let said = if nothing {
        // The procedure asks for it.
        String::new()
    } else {
        serde_json::to_string(&particulars).unwrap_or_default()
    };
    fields.insert("particulars".into(), said.into());
}

/// Keeps to one rule for particulars that came whole: JSON of the five fields, or a name alone.
pub(crate) fn orderly(party: &mut NewParty) {
    if let Text::Plain(text) = &mut party.particulars
        && !text.trim().is_empty()
    {
        *text = serde_json::to_string(&Particulars::read(text)).unwrap_or_default();
    }
}

/// The same in a command that names a party.
pub(crate) fn in_order(command: &mut Command) {
    if let Command::Register(Registering { party, .. }) | Command::AddParty(party) = command {
        orderly(party);
    }
}

impl App {
    /// Opens a case. `json` has the fields of `register`; `from` is the number of the report or lead that it comes from, whose
    /// words, place and files fill in what is not given.
    ///
    /// # Errors
    /// The procedure's refusal, with the field at fault.
    pub async fn open_case(&self, who: &Caller, json: Value, key: Option<String>) -> Result<Done, Refusal> {
        if !who.has_scope("write") {
            return Err(Refusal::forbidden("scope", "这个令牌不能办理。", "请用含 write 权限的令牌。"));
        }
        let key = Self::kept_key(who, key, json.to_string().as_bytes())?;
        let mut json = json;
        let point = take_point(&mut json)?;
        drop_empty(&mut json);
        let from = match json.as_object_mut().and_then(|fields| fields.remove("from_matter")) {
            Some(Value::String(number)) => Some(self.origin(who, &number).await?),
            Some(_) => return Err(no_origin()),
            None => None,
        };
        if let Some(fields) = json.as_object_mut() {
            fields.insert("command".into(), "register".into());
            // Only the house itself says these.
            fields.retain(|name, _| !["origin", "point", "split_from"].contains(&name.as_str()));
            if let Some(row) = &from {
                fill(fields, row);
            }
        }
        gather(&mut json);
        let mut command = Kind::Penalty.command(json)?;
        if let AnyCommand::Penalty(asked @ Command::Register(_)) = &mut command {
            in_order(asked);
            if let Command::Register(Registering { origin, point: at, .. }) = asked {
                *origin = from.as_ref().map(|row| row.id);
                *at = point.or_else(|| from.as_ref().and_then(point_of_row));
            }
        }
        let steps = vec![self.case_step(who, command).await?];
        self.inner
            .sequencer
            .submit(Submission { actor: who.actor.clone(), steps, key, extra: Value::Null })
            .await
    }

    /// The matter that a case shall come from.
    async fn origin(&self, who: &Caller, number: &str) -> Result<MatterRow, Refusal> {
        let at_fault = |refusal: Refusal| Refusal { field: Some("from_matter"), ..refusal };
        let id = self.by_number(who, number).await.map_err(at_fault)?;
        let row = self.row_for(who, id).await.map_err(at_fault)?;
        match Kind::from_code(&row.kind) {
            Some(Kind::Report | Kind::Lead | Kind::Penalty) => Ok(row),
            _ => Err(no_origin()),
        }
    }

    /// The step that opens a case.
    pub(crate) async fn case_step(&self, who: &Caller, mut command: AnyCommand) -> Result<Step, Refusal> {
        let look_ups = match &command {
            AnyCommand::Penalty(asked) => self.prepare_penalty(who, None, asked).await?,
            _ => LookUps::default(),
        };
        let parts = self.seal(&mut command)?;
        Ok(Step { look_ups, parts, ..Step::new(To::New(Kind::Penalty), command) })
    }

    /// The case that a party gets of its own when it is split off. It goes on there as a lead, with what was found here.
    pub(super) async fn split_case(
        &self,
        who: &Caller,
        id: DocketId,
        asked: u16,
        anew: Option<&Proposal>,
    ) -> Result<Option<Step>, Refusal> {
        let live = self.live(id).await?;
        let Some(case) = case_of(&live.state) else { return Ok(None) };
        // Whoever is not there, or there is nothing against, is refused by the case itself.
        let (Some(party), Some(violation)) = (case.party(asked), case.violations.first()) else {
            return Ok(None);
        };
        let of_party = party.charges.first().and_then(|c| case.violation(c.violation)).unwrap_or(violation);
        let words = [case.title.digest, of_party.facts.digest, party.subject.particulars.digest];
        let texts = self.plain(&words).await?;
        let [title, facts, particulars] = texts.as_slice() else {
            return Err(Refusal::conflict(
                "erased",
                "当事人或者违法事实的内容已经删除，不能分案。",
                "请在本案继续办理。",
            ));
        };
        let brought = self.along(id, case, Some((asked, of_party.id)), anew).await?;
        let command = AnyCommand::Penalty(Command::Register(Registering {
            source: case.source,
            origin: Some(id),
            unit: Some(case.unit.clone()),
            title: Text::Plain(title.clone()),
            place: Text::Plain(live.narrative.address.clone()),
            point: case.point,
            party: NewParty {
                kind: party.subject.kind,
                capacity: party.subject.capacity,
                particulars: Text::Plain(particulars.clone()),
            },
            violation: NewViolation {
                item: of_party.item.clone(),
                from: of_party.from,
                to: Some(of_party.to),
                continuing: of_party.continuing,
                harm: of_party.harm,
                danger: of_party.danger,
                found_on: None,
                facts: Text::Plain(facts.clone()),
                found: Some(of_party.found.unwrap_or(case.at)),
            },
            exhibits: Vec::new(),
            split_from: Some(SplitFrom { case: id, party: asked }),
            brought: brought.map(Box::new),
            daily: None,
        }));
        self.case_step(who, command).await.map(Some)
    }

    /// Who a party is. Recorded with the reason.
    ///
    /// # Errors
    /// When the caller may not, gives no reason, or there is no such party.
    pub async fn party_particulars(
        &self,
        who: &Caller,
        id: DocketId,
        party: u16,
        why: &str,
    ) -> Result<Particulars, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let case = case_of(&live.state).ok_or_else(|| Refusal::missing("没有这个案件。"))?;
        self.may_see_party(who, case)?;
        let party = case.party(party).ok_or_else(|| Refusal::missing("本案没有这个当事人。"))?;
        if why.trim().is_empty() {
            return Err(Refusal::invalid(
                "why",
                "查看当事人信息须写明用途。",
                "如：制作询问笔录、送达文书。",
            )
            .from_source("个人信息保护法第六条"));
        }
        // Recorded before it is shown: no look without its line.
        self.record_access(who, "particulars", Some(id), why).await?;
        let text = self.plain(&[party.subject.particulars.digest]).await?.pop();
        text.map(|text| Particulars::read(&text)).ok_or_else(|| Refusal::missing("当事人信息已经删除。"))
    }

    /// Whether somebody works on a case so that he needs to know who its parties are: its officers, and those whom the policy
    /// names.
    pub(crate) fn may_see_party(&self, who: &Caller, case: &Case) -> Result<(), Refusal> {
        if who.actor.person().is_some_and(|person| case.is_officer(person)) {
            return Ok(());
        }
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let matter = Matter { unit: Some(&case.unit), ..Matter::default() };
        policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), "party_particulars", &matter)
            .map(|_| ())
    }
}

fn no_origin() -> Refusal {
    Refusal::invalid("from_matter", "案件只能由诉件、移送来的线索或者另一案件引出。", "请填写办件编号。")
}

pub(crate) fn point_of_row(row: &MatterRow) -> Option<Point> {
    row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 })
}

/// Where a case came from, by the report that it comes from.
fn of_report(source: &str) -> Source {
    match report::Source::from_code(source) {
        Some(report::Source::Officer | report::Source::Patrol) => Source::Inspection,
        Some(report::Source::Hotline) => Source::Hotline,
        Some(report::Source::Member) => Source::Transfer,
        _ => Source::Report,
    }
}

/// What a matter says, where the case does not say it itself.
fn fill(fields: &mut serde_json::Map<String, Value>, row: &MatterRow) {
    let source = match Kind::from_code(&row.kind) {
        Some(Kind::Lead) => Source::Transfer,
        Some(Kind::Report) => of_report(&row.source),
        _ => Source::Report,
    };
    for (name, value) in
        [("source", source.code()), ("title", row.title.as_str()), ("place", row.address.as_str())]
    {
        if !value.is_empty() {
            fields.entry(name).or_insert_with(|| value.into());
        }
    }
    // A violation was found on the day of the complaint or report, not on that on which a case was made of it (行政处罚法 36).
    let reported = jiff::Timestamp::from_microsecond(row.reported_at).map(beijing_date);
    let from = fields.get("from").and_then(Value::as_str).and_then(|day| day.parse::<Date>().ok());
    if let (Ok(found), Some(from)) = (reported, from)
        && from <= found
    {
        fields.entry("found_on").or_insert_with(|| found.to_string().into());
    }
}
