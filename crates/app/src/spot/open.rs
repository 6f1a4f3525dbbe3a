//! Opening a sheet or slips, and going over to the ordinary procedure with what was entered.

use super::{sheet_of, slips_of};
use crate::penalty::{gather, orderly, point_of_row};
use crate::ports::MatterRow;
use crate::sequencer::{Done, Step, Submission, To};
use crate::submit::{drop_empty, take_point};
use crate::{App, Caller};
use lianzhi_ids::{DocketId, Role, UnitCode};
use lianzhi_procedure::penalty::{
    Bringing, BroughtStatement, Command as Case, NewParty, NewViolation, Registering, Source, Subject,
};
use lianzhi_procedure::policy::{self, Matter};
use lianzhi_procedure::slip::Given;
use lianzhi_procedure::{Actor, AnyCommand, Kind, LookUps, PartRef, Refusal, Text, beijing_date, slip, spot};
use serde_json::{Map, Value};

/// So near one stands at the door of an address, metres.
const AT_THE_DOOR_M: f64 = 15.0;

/// What stands for a statement where the party disputed the facts and no words of it were written down.
const DISPUTED: &str = "当事人当场对违法事实提出异议。";

/// What is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A decision on the spot.
    Spot,
    /// A slip.
    Slip,
}

impl Begun {
    const fn kind(self) -> Kind {
        match self {
            Begun::Spot => Kind::Spot,
            Begun::Slip => Kind::Slip,
        }
    }
    /// Its command.
    const fn command(self) -> &'static str {
        match self {
            Begun::Spot => "open",
            Begun::Slip => "give",
        }
    }
}

impl App {
    /// Whether somebody may begin this anywhere.
    ///
    /// # Errors
    /// The policy's refusal.
    pub fn may_begin(&self, who: &Caller, action: &str) -> Result<(), Refusal> {
        let unit = own_unit(&who.actor);
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let matter = Matter { unit: unit.as_ref(), ..Matter::default() };
        policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), action, &matter).map(|_| ())
    }

    /// Begins a decision on the spot or a slip. `json` has the fields of `open` or `give`; `from_matter` is the number of the
    /// report or of the slip that it comes from, whose place fills in what is not given.
    ///
    /// # Errors
    /// The procedure's refusal, with the field at fault.
    pub async fn begin(
        &self,
        who: &Caller,
        what: Begun,
        json: Value,
        key: Option<String>,
    ) -> Result<Done, Refusal> {
        if !who.has_scope("write") {
            return Err(Refusal::forbidden("scope", "这个令牌不能办理。", "请用含 write 权限的令牌。"));
        }
        let key = Self::kept_key(who, key, json.to_string().as_bytes())?;
        let mut json = json;
        let mut point = take_point(&mut json)?;
        drop_empty(&mut json);
        let Some(fields) = json.as_object_mut() else {
            return Err(Refusal::invalid("command", "内容应是一个 JSON 对象。", "请按接口说明填写。"));
        };
        // Only the house itself says these.
        fields.retain(|name, _| !["origin", "slip", "point"].contains(&name.as_str()));
        if let Some(number) = fields.remove("from_matter") {
            let row = self.begun_from(who, &number).await?;
            point = point.or_else(|| point_of_row(&row));
            tie(fields, &row);
        }
        if let (false, Some(unit)) = (fields.contains_key("unit"), own_unit(&who.actor)) {
            fields.insert("unit".into(), unit.to_string().into());
        }
        // Where only the point is known, the address that is nearest says where it was.
        if let (false, Some(point)) = (fields.contains_key("place"), point) {
            fields.extend(self.words_of(point).map(|words| ("place".to_owned(), Value::from(words))));
        }
        fields.insert("command".into(), what.command().into());
        gather(&mut json);
        let mut command = what.kind().command(json)?;
        match &mut command {
            AnyCommand::Spot(spot::Command::Open(new)) => {
                orderly(&mut new.party);
                new.point = point;
            }
            AnyCommand::Slip(slip::Command::Give { party, point: at, .. }) => {
                orderly(party);
                *at = point;
            }
            _ => {}
        }
        let look_ups = self.prepare_spot(None, &command).await?;
        let parts = self.seal(&mut command)?;
        let step = Step { look_ups, parts, ..Step::new(To::New(what.kind()), command) };
        self.inner
            .sequencer
            .submit(Submission { actor: who.actor.clone(), steps: vec![step], key, extra: Value::Null })
            .await
    }

    /// The nearest address of a point, or its town or grid where the register has none.
    fn words_of(&self, point: lianzhi_territory::Point) -> Option<String> {
        let words = self.place_words(point);
        let town = words.town.or(words.grid.map(|(_, name, _)| name)).unwrap_or_default();
        let address = words.address.map(|(label, metres)| match metres {
            m if m < AT_THE_DOOR_M => format!("{town}{label}"),
            _ => format!("{town}{label}附近"),
        });
        address.or((!town.is_empty()).then_some(town))
    }

    /// The matter from which it is begun.
    async fn begun_from(&self, who: &Caller, number: &Value) -> Result<MatterRow, Refusal> {
        let at_fault = |refusal: Refusal| Refusal { field: Some("from_matter"), ..refusal };
        let id = self.by_number(who, number.as_str().unwrap_or_default()).await.map_err(at_fault)?;
        let row = self.row_for(who, id).await.map_err(at_fault)?;
        match Kind::from_code(&row.kind) {
            Some(Kind::Report | Kind::Slip) => Ok(row),
            _ => Err(Refusal::invalid(
                "from_matter",
                "当场处罚、提示单只能由诉件或者提示警示引出。",
                "请填写诉件或者提示单、警示单的编号。",
            )),
        }
    }

    /// The case that is opened beside a command by which a sheet or slips go over to the ordinary procedure.
    pub(crate) async fn gone_over(
        &self,
        who: &Caller,
        id: DocketId,
        steps: &[Step],
    ) -> Result<Option<Step>, Refusal> {
        let source = match steps.first().map(|step| &step.command) {
            Some(AnyCommand::Spot(spot::Command::GoOver { .. })) => Source::Spot,
            Some(AnyCommand::Slip(slip::Command::GoOver { .. })) => Source::Slip,
            _ => return Ok(None),
        };
        let live = self.live(id).await?;
        let (unit, subject, violation, name, point, files) = if let Some(sheet) = sheet_of(&live.state) {
            let opening = &sheet.opening;
            let v = &opening.violation;
            // An officer found it when he showed his certificate.
            let found = beijing_date(opening.shown).max(v.from);
            let violation = (v.item.clone(), v.from, v.to, found, (v.continuing, v.harm, v.danger), v.facts);
            let files: Vec<_> = opening.exhibits.iter().chain(&sheet.files).collect();
            (&opening.unit, &opening.subject, violation, &opening.item, opening.point, files)
        } else if let Some((slips, (paper, at, _))) = slips_of(&live.state).and_then(|s| Some((s, s.last()?)))
        {
            // What was seen was seen when the slip was given.
            let on = beijing_date(*at);
            let facts = paper.found.unwrap_or(paper.note);
            let violation = (slips.given.item.clone(), on, on, on, (false, false, false), facts);
            let Given { unit, subject, item_name, point, .. } = &slips.given;
            (unit, subject, violation, item_name, *point, slips.files())
        } else {
            return Ok(None);
        };
        let (item, from, to, found, (continuing, harm, danger), facts) = violation;
        let brought = match sheet_of(&live.state) {
            Some(sheet) => Some(Box::new(Box::pin(self.sheet_along(id, sheet)).await?)),
            None => None,
        };
        let (party, facts) = self.party_and_facts(subject, facts).await?;
        let command = AnyCommand::Penalty(Case::Register(Registering {
            source,
            origin: Some(id),
            unit: Some(unit.clone()),
            title: Text::Plain(format!("涉嫌{name}案")),
            place: Text::Plain(live.narrative.address.clone()),
            point,
            party,
            violation: NewViolation {
                item,
                from,
                to: Some(to),
                continuing,
                harm,
                danger,
                found_on: Some(found),
                facts: Text::Plain(facts),
                found: None,
            },
            exhibits: files.iter().map(|file| file.digest).collect(),
            split_from: None,
            brought,
            daily: None,
        }));
        self.case_step(who, command).await.map(Some)
    }

    /// What a sheet brings into the case in which it goes on: what was told, what the party said to it with its answer, and who
    /// handled it (行政处罚法 45, 58).
    async fn sheet_along(&self, id: DocketId, sheet: &spot::Sheet) -> Result<Bringing, Refusal> {
        let mut statements = Vec::new();
        if let Some((heard, at)) = sheet.heard.as_ref().zip(sheet.heard_at) {
            let parts = heard.statement.iter().chain(heard.answer.iter().map(|(_, note)| note));
            let digests: Vec<_> = parts.map(|part| part.digest).collect();
            let texts = self.plain(&digests).await?;
            if texts.len() != digests.len() {
                return Err(erased());
            }
            let mut texts = texts.into_iter();
            let said = match heard.statement {
                Some(_) => texts.next(),
                None => heard.disputed.then(|| DISPUTED.to_owned()),
            };
            let answer = heard.answer.as_ref().zip(texts.next());
            let answer = answer.map(|((adopted, _), note)| (*adopted, Text::Plain(note)));
            statements.extend(said.map(|text| BroughtStatement {
                party: 0,
                text: Text::Plain(text),
                at,
                answer,
            }));
        }
        Ok(Bringing {
            from: id,
            number: sheet.opening.number.clone(),
            // Party and violation are registered already.
            split: true,
            told: sheet.told_along().map(|told| (0, 0, told)).into_iter().collect(),
            statements,
            handled_by: sheet.opening.officers.iter().map(|officer| officer.person.clone()).collect(),
            ..Bringing::default()
        })
    }

    /// A party and what it did, opened to be sealed anew in another docket.
    async fn party_and_facts(
        &self,
        subject: &Subject,
        facts: PartRef,
    ) -> Result<(NewParty, String), Refusal> {
        let texts = self.plain(&[subject.particulars.digest, facts.digest]).await?;
        let [particulars, facts] = texts.as_slice() else {
            return Err(erased());
        };
        let party = NewParty {
            kind: subject.kind,
            capacity: subject.capacity,
            particulars: Text::Plain(particulars.clone()),
        };
        Ok((party, facts.clone()))
    }
}

fn erased() -> Refusal {
    Refusal::conflict(
        "erased",
        "当事人、违法事实或者陈述、申辩的内容已经删除，不能转为普通程序。",
        "请另行登记线索。",
    )
}

/// The unit in which somebody works as an officer.
fn own_unit(actor: &Actor) -> Option<UnitCode> {
    let works = [Role::Officer, Role::Handler, Role::SquadLeader];
    works.iter().find_map(|role| actor.units_with(*role).next()).cloned()
}

/// Ties what is begun to the matter that it comes from.
fn tie(fields: &mut Map<String, Value>, row: &MatterRow) {
    let name = if row.kind == Kind::Slip.code() { "slip" } else { "origin" };
    fields.insert(name.into(), row.id.0.into());
    if !row.address.is_empty() {
        fields.entry("place").or_insert_with(|| row.address.clone().into());
    }
}
