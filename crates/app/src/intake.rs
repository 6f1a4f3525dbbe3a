//! Intake: from what somebody sends to a registered, placed, classified, dispatched matter in one transaction.

use crate::project::Narrative;
use crate::repeats::Seen;
use crate::sequencer::{Step, Submission, To};
use crate::submit::point_of;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, Digest, DocketId, Role};
use lianzhi_procedure::facts::Target;
use lianzhi_procedure::report::{Command, Demand, External, Reporter, Source};
use lianzhi_procedure::{Actor, AnyCommand, Duplicate, Kind, LookUps, Placing, Refusal, Text};
use lianzhi_territory::Point;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Letters of follow codes: no 0/O, 1/I/L.
const CODE_LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Length of a follow code: 31^8 is 8.5e11, against a few tries a minute.
const CODE_CHARS: usize = 8;
/// Longest description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 5_000;
/// Longest address and name, in characters.
const ADDRESS_CHARS_MAX: usize = 200;
const NAME_CHARS_MAX: usize = 50;

/// Where it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceInput {
    /// Longitude in degrees.
    #[serde(default)]
    pub lng: Option<f64>,
    /// Latitude in degrees.
    #[serde(default)]
    pub lat: Option<f64>,
    /// `WGS-84` (default), `GCJ-02`, `CGCS2000`.
    #[serde(default)]
    pub crs: Option<String>,
    /// Address in words.
    #[serde(default)]
    pub address: Option<String>,
}

/// A report as it comes in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportInput {
    /// Category, `E09005` or the five digits of a 事项.
    #[serde(default)]
    pub category: Option<String>,
    /// What happened.
    #[serde(default)]
    pub description: String,
    /// Where.
    #[serde(default)]
    pub place: PlaceInput,
    /// Who reports; may be left out.
    #[serde(default)]
    pub contact: Option<Reporter>,
    /// Exhibits uploaded before, by id.
    #[serde(default)]
    pub exhibits: Vec<Digest>,
    /// Where it comes from; `citizen` when not given.
    #[serde(default)]
    pub source: Option<Source>,
    /// Number at another system, e.g. `{"system":"12345","number":"…"}`.
    #[serde(default)]
    pub external: Option<External>,
    /// What the caller wants.
    #[serde(default)]
    pub demand_type: Option<Demand>,
    /// When it happened (RFC 3339), when that is not now.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub occurred_at: Option<Timestamp>,
    /// The open matter near by that the reporter says is the same ([`App::near`]). His report keeps its own number and
    /// gets its own answer; when that matter is not there any more, his goes its own way.
    #[serde(default)]
    #[schemars(with = "Option<i64>")]
    pub same_as: Option<DocketId>,
}

/// A category that the words suggest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestedCategory {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Class.
    pub group: String,
}

/// What the reporter gets.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Receipt {
    /// Docket.
    pub id: i64,
    /// Number for people.
    pub number: String,
    /// Code to follow it by; shown once.
    pub follow_code: String,
    /// Stage.
    pub stage: String,
    /// Stage in words.
    pub stage_title: String,
    /// Grid.
    pub grid: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Its name.
    pub unit_name: Option<String>,
    /// Named officer.
    pub assignee: Option<String>,
    /// Name.
    pub assignee_name: Option<String>,
    /// The next term.
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// Its name.
    pub due_name: String,
    /// Computed beyond the last official holiday schedule.
    pub provisional: bool,
    /// Likely repeats, for staff only.
    #[schemars(skip)]
    pub duplicates: Vec<Duplicate>,
    /// Categories that the words suggest.
    pub suggestions: Vec<SuggestedCategory>,
}

impl App {
    /// Three categories that the words suggest.
    #[must_use]
    pub fn suggest(&self, text: &str) -> Vec<SuggestedCategory> {
        let world = self.world();
        let found = crate::repeats::suggester().suggest(text, 3);
        found
            .into_iter()
            .filter_map(|s| world.directory.categories.get(&s.code))
            .map(|c| SuggestedCategory {
                code: c.code.to_string(),
                name: c.name.clone(),
                group: c.group.clone(),
            })
            .collect()
    }

    /// Kinds that some words mean, as (code, name): first those whose name holds them, then what they suggest.
    #[must_use]
    pub fn kinds(&self, words: &str, most: usize) -> Vec<(String, String)> {
        let words = words.trim();
        if words.is_empty() || words.chars().count() > ADDRESS_CHARS_MAX {
            return Vec::new();
        }
        let world = self.world();
        let mut named: Vec<_> =
            world.directory.categories.values().filter(|c| c.name.contains(words)).collect();
        named.sort_by_key(|c| (c.name.chars().count(), c.code.clone()));
        let mut kinds: Vec<(String, String)> =
            named.into_iter().map(|c| (c.code.to_string(), c.name.clone())).take(most).collect();
        for found in self.suggest(words) {
            if kinds.len() < most && !kinds.iter().any(|(code, _)| *code == found.code) {
                kinds.push((found.code, found.name));
            }
        }
        kinds
    }

    /// Registers a report.
    ///
    /// # Errors
    /// What is wrong with the input, or that the caller may not.
    pub async fn report(
        &self,
        who: &Caller,
        input: ReportInput,
        key: Option<String>,
    ) -> Result<Receipt, Refusal> {
        if !who.has_scope("report") && !who.has_scope("write") {
            return Err(Refusal::forbidden("scope", "这个令牌不能上报。", "请用含 report 权限的令牌。"));
        }
        let request = serde_json::to_vec(&input).unwrap_or_default();
        let key = Self::kept_key(who, key, &request)?;
        self.report_kept(who, input, key).await
    }

    /// As [`App::report`], with the key under which the answer is kept made by the house itself.
    pub(crate) async fn report_kept(
        &self,
        who: &Caller,
        input: ReportInput,
        key: Option<(String, Digest)>,
    ) -> Result<Receipt, Refusal> {
        let (step, follow_code, suggestions) = self.intake_step(who, input).await?;
        let duplicates = step.look_ups.duplicates.clone();
        let extra = serde_json::json!({ "follow_code": follow_code });
        let done = self
            .inner
            .sequencer
            .submit(Submission { actor: who.actor.clone(), steps: vec![step], key, extra })
            .await?;
        let directory = self.directory();
        let staff = matches!(who.actor, Actor::Person(_) | Actor::System);
        let stage_title = crate::words::stage_title(&done.stage).to_owned();
        Ok(Receipt {
            id: done.id.0,
            follow_code: done
                .extra
                .get("follow_code")
                .and_then(|c| c.as_str())
                .unwrap_or_default()
                .to_owned(),
            stage_title,
            unit_name: done
                .unit
                .as_ref()
                .and_then(|u| lianzhi_ids::UnitCode::parse(u).ok())
                .map(|u| directory.unit_name(&u).to_owned()),
            assignee_name: done
                .assignee
                .as_ref()
                .and_then(|a| lianzhi_ids::PersonCode::parse(a).ok())
                .map(|a| directory.person_name(&a).to_owned()),
            due: done.due_at.and_then(|us| Timestamp::from_microsecond(us).ok()),
            number: done.number,
            stage: done.stage,
            grid: done.grid,
            unit: done.unit,
            assignee: done.assignee,
            due_name: done.due_name,
            provisional: done.provisional,
            duplicates: if staff { duplicates } else { Vec::new() },
            suggestions,
        })
    }

    /// What a report says, checked; the same for one that is registered and for one that is only tried.
    fn checked(&self, who: &Caller, input: ReportInput) -> Result<Checked, Refusal> {
        let narrative = Narrative {
            description: input.description.trim().to_owned(),
            address: input.place.address.as_deref().unwrap_or_default().trim().to_owned(),
        };
        limit("description", "说明", &narrative.description, DESCRIPTION_CHARS_MAX)?;
        limit("address", "地址", &narrative.address, ADDRESS_CHARS_MAX)?;
        let point = point_of(input.place.lng, input.place.lat, input.place.crs.as_deref())?;
        if narrative.description.is_empty() && input.category.is_none() && input.exhibits.is_empty() {
            return Err(Refusal::invalid(
                "description",
                "没有说明是什么问题。",
                "请写几个字，或选一个类别，或附一张照片。",
            ));
        }
        if point.is_none() && narrative.address.is_empty() && narrative.description.is_empty() {
            return Err(Refusal::invalid("place", "没有说明在哪里。", "请填地址，或给出定位。"));
        }
        let category = input.category.as_deref().map(str::trim).filter(|c| !c.is_empty());
        let category = category.map(category_of).transpose()?;
        let world = self.world();
        let (point, placing) = match point {
            Some(point) => (Some(point), world.place_point(point)),
            None if narrative.address.is_empty() => (None, Placing::Unknown),
            None => world.place_address(&narrative.address),
        };
        Ok(Checked {
            source: input.source.unwrap_or_else(|| default_source(&who.actor)),
            contact: input.contact.map(contact_of).transpose()?.flatten(),
            external: input.external.map(external_of).transpose()?,
            narrative,
            category,
            point,
            placing,
            exhibits: input.exhibits,
            demand: input.demand_type,
            occurred_at: input.occurred_at,
            same_as: input.same_as,
        })
    }

    /// Whether a report would be registered: checked and decided as it would be, and nothing is written.
    ///
    /// # Errors
    /// Why it would not.
    pub(crate) fn try_report(&self, who: &Caller, input: ReportInput) -> Result<(), Refusal> {
        let checked = self.checked(who, input)?;
        let look_ups = LookUps { placing: checked.placing.clone(), ..LookUps::default() };
        let mut command = AnyCommand::Report(checked.command(None));
        self.seal(&mut command)?;
        let (directory, duty) = (self.directory(), self.duty());
        let facts = self.facts(&who.actor, &directory, &duty, &look_ups);
        Kind::Report.empty().decide(command, &facts).map(|_| ())
    }

    async fn intake_step(
        &self,
        who: &Caller,
        input: ReportInput,
    ) -> Result<(Step, String, Vec<SuggestedCategory>), Refusal> {
        let mut checked = self.checked(who, input)?;
        let complainant =
            checked.contact.as_ref().filter(|c| !c.phone.is_empty()).map(|c| self.keyed("phone", &c.phone));
        let follow_code = self.follow_code();
        let narrative = &checked.narrative;
        let text = format!("{} {}", narrative.description, narrative.address);
        let suggestions = if checked.category.is_none() { self.suggest(&text) } else { Vec::new() };
        let seen = Seen {
            at: self.now(),
            point: checked.point,
            category: checked.category.clone(),
            narrative,
            complainant,
        };
        let features = crate::repeats::features(&seen);
        let duplicates = self.inner.shared.recent().read().find(&features);
        let exhibits = self.exhibits_in_custody(&checked.exhibits).await?;
        let lead = match (checked.same_as, checked.point) {
            (Some(id), Some(point)) => self.same(id, point, &features).await?,
            _ => None,
        };
        let same_as = lead.as_ref().map(|lead| lead.id);
        if checked.category.is_none() {
            checked.category = lead.and_then(|lead| CategoryCode::parse(&lead.category?).ok());
        }
        let target = same_as.map(|docket| Target { docket, open: true, joined: false, lead: None });
        let (placing, happened) = (checked.placing.clone(), checked.occurred_at);
        let mut command = AnyCommand::Report(checked.command(same_as));
        let parts = self.seal(&mut command)?;
        let follow = Some(self.keyed("follow", &follow_code));
        let look_ups =
            LookUps { follow, placing, duplicates, complainant, exhibits, target, ..LookUps::default() };
        Ok((
            Step {
                look_ups,
                parts,
                happened,
                features: Some(Arc::new(features)),
                ..Step::new(To::New(Kind::Report), command)
            },
            follow_code,
            suggestions,
        ))
    }

    /// A code by which a reporter follows a matter.
    #[must_use]
    pub fn follow_code(&self) -> String {
        let mut code = String::with_capacity(CODE_CHARS);
        let mut random = [0u8; 4 * CODE_CHARS];
        while code.len() < CODE_CHARS {
            self.random(&mut random);
            // 248 = 8 * 31: larger bytes would favour the first letters.
            code.extend(
                random
                    .iter()
                    .filter(|b| **b < 248)
                    .map(|b| char::from(CODE_LETTERS[usize::from(*b) % 31]))
                    .take(CODE_CHARS - code.len()),
            );
        }
        code
    }
}

/// What a report says, checked and placed.
struct Checked {
    source: Source,
    narrative: Narrative,
    contact: Option<Reporter>,
    category: Option<CategoryCode>,
    point: Option<Point>,
    placing: Placing,
    exhibits: Vec<Digest>,
    external: Option<External>,
    demand: Option<Demand>,
    occurred_at: Option<Timestamp>,
    same_as: Option<DocketId>,
}

impl Checked {
    /// The command that registers it; `same_as` is the matter in hand that it joins.
    fn command(self, same_as: Option<DocketId>) -> Command {
        Command::Register {
            source: self.source,
            narrative: Text::Plain(to_json(&self.narrative)),
            contact: self.contact.as_ref().map(|c| Text::Plain(to_json(c))).unwrap_or_default(),
            category: self.category,
            point: self.point,
            exhibits: self.exhibits,
            external: self.external,
            demand: self.demand,
            occurred_at: self.occurred_at,
            split_from: None,
            cooperation: None,
            same_as,
        }
    }
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn default_source(actor: &Actor) -> Source {
    match actor {
        Actor::Person(_) if actor.has(Role::Hotline) => Source::Hotline,
        Actor::Person(_) if actor.has(Role::Patroller) => Source::Patrol,
        Actor::Person(_) if actor.has(Role::Officer) => Source::Officer,
        Actor::Person(_) => Source::System,
        Actor::Public | Actor::Reporter | Actor::Member(_) | Actor::System => Source::Citizen,
    }
}

fn limit(field: &'static str, title: &str, text: &str, max: usize) -> Result<(), Refusal> {
    let n = text.chars().count();
    if n > max {
        return Err(Refusal::invalid(
            field,
            format!("{title}有 {n} 个字，最多 {max} 个。"),
            "请缩短；更多内容可以作为文件上传。",
        ));
    }
    Ok(())
}

pub(crate) fn category_of(text: &str) -> Result<CategoryCode, Refusal> {
    let code = if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
        format!("E{text}")
    } else {
        text.to_owned()
    };
    CategoryCode::parse(&code).map_err(|e| {
        Refusal::invalid("category", e.to_string(), "请从类别目录中选择，或留空由受理人分类。")
            .from_source("GB/T 47678.5 类别代码")
    })
}

fn external_of(external: External) -> Result<External, Refusal> {
    let system = external.system.trim().to_owned();
    let number = external.number.trim().to_owned();
    limit("external", "来源系统", &system, NAME_CHARS_MAX)?;
    limit("external", "外部编号", &number, NAME_CHARS_MAX)?;
    if system.is_empty() || number.is_empty() {
        return Err(Refusal::invalid("external", "来源系统和外部编号要一起填。", "请补全，或都不填。"));
    }
    Ok(External { system, number })
}

/// Trims, checks and normalises; nothing given is no contact.
fn contact_of(contact: Reporter) -> Result<Option<Reporter>, Refusal> {
    let name = contact.name.trim().to_owned();
    limit("contact", "姓名", &name, NAME_CHARS_MAX)?;
    let phone = contact.phone.trim();
    if phone.is_empty() {
        return Ok((!name.is_empty()).then_some(Reporter { name, phone: String::new() }));
    }
    let phone = lianzhi_territory::identify::Phone::parse(phone)
        .map_err(|e| Refusal::invalid("contact", format!("{e}。"), "请填手机或带区号的电话，或留空。"))?;
    Ok(Some(Reporter { name, phone: phone.as_str().to_owned() }))
}
