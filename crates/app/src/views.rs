//! One matter as its readers see it: staff, the reporter, the court.

use crate::penalty::case_of;
use crate::ports::MatterRow;
use crate::project::{self, Live, Narrative, Opened};
use crate::record::{self, RecordLine, Words};
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_law::{Jurisdiction, TermRule};
use lianzhi_procedure::cooperation::file_of;
use lianzhi_procedure::policy::{self, Matter};
use lianzhi_procedure::report::{Clock, File, Reporter, State};
use lianzhi_procedure::{AnyState, Duplicate, Facts, Kind, LookUps, Offer, PartKind, Placing, Refusal};
use serde::Serialize;
use std::collections::HashMap;

/// A clock for people.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ClockView {
    /// Code of the term.
    pub term: &'static str,
    /// Name.
    pub title: &'static str,
    /// For what it runs, where there are several: a party, a list of things; empty else.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// `late`, `near`, `fine`, `done` or `paused`.
    pub state: &'static str,
    /// Time left in words.
    pub left: String,
    /// Due.
    pub due: Timestamp,
    /// Due in words.
    pub due_text: String,
    /// How much of the time is gone, 0–100.
    pub percent: u8,
    /// The rule.
    pub source: String,
    /// The computation.
    pub arithmetic: String,
    /// Why it is provisional, when it is.
    pub provisional: Option<String>,
    /// By when the agency is to act by its own stricter rule, in words; nothing follows from it in law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<String>,
    /// What the law says of it besides its days; none for terms that no statute sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<TermRule>,
}

/// An exhibit of a matter.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ExhibitView {
    /// Digest, its name.
    pub digest: Digest,
    /// Bytes.
    pub size: i64,
    /// Media type.
    pub media: String,
    /// Name as given.
    pub name: String,
    /// When it came into custody.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// 上报, 处置前, 处置后, 核查, 补充.
    pub what: &'static str,
}

/// A matter for staff.
#[derive(Debug, Clone)]
pub struct MatterView {
    /// Its row.
    pub row: MatterRow,
    /// Its folded state.
    pub state: AnyState,
    /// What was reported and where.
    pub narrative: Narrative,
    /// What the reader may do.
    pub offers: Vec<Offer>,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// Its record, oldest first.
    pub record: Vec<RecordLine>,
    /// Its exhibits.
    pub exhibits: Vec<ExhibitView>,
    /// Matters joined to it, or its lead.
    pub joined: Vec<MatterRow>,
    /// Likely repeats found at intake that are still worth a look.
    pub duplicates: Vec<Duplicate>,
    /// What is shared with other members, when it is.
    pub shared: Option<crate::cooperation::SharedView>,
    /// The penalty case, when it is one.
    pub case: Option<crate::penalty::CaseView>,
    /// Penalty cases that were opened from it.
    pub cases: Vec<MatterRow>,
    /// Files of other members in the matters of this one (reports and cases).
    pub received: Vec<crate::cooperation::ReceivedView>,
    /// Assistances that ask to verify files of this shared matter on site.
    pub verifying: Vec<MatterRow>,
    /// Matters of cooperation that have to do with it, and what they are to it.
    pub related: Vec<crate::cooperation::Related>,
    /// There are particulars and the reader may ask for them.
    pub may_see_contact: bool,
}

impl App {
    pub(crate) fn clock_view(&self, clock: &Clock, now: Timestamp) -> ClockView {
        let term = clock.running.term;
        self.running_view(term.code(), term.title(), &clock.running.clock, clock.stopped, now)
    }

    pub(crate) fn running_view(
        &self,
        term: &'static str,
        title: &'static str,
        running: &lianzhi_law::Running,
        stopped: Option<Timestamp>,
        now: Timestamp,
    ) -> ClockView {
        let directory = self.directory();
        let calendars = directory.law.calendars();
        let said = lianzhi_law::explain(running, calendars, stopped.unwrap_or(now));
        let used = running.elapsed_us(calendars, stopped.unwrap_or(now)).unwrap_or(0);
        let percent =
            u8::try_from((used.saturating_mul(100) / running.budget_us.max(1)).clamp(0, 100)).unwrap_or(100);
        let ended = stopped.unwrap_or(now);
        let late = ended >= running.due && running.paused_since().is_none();
        let state = match (stopped, running.paused_since()) {
            (Some(_), _) => "done",
            (None, Some(_)) => "paused",
            // By its own stricter rule the agency is late earlier than by the law.
            (None, None) if ended >= running.act_by() => "late",
            (None, None) if percent >= 80 => "near",
            (None, None) => "fine",
        };
        let left = match (stopped, late) {
            (Some(_), false) => "按时完成".to_owned(),
            (Some(_), true) => "已完成，超期".to_owned(),
            (None, false) if state == "late" => format!("已过本机关从严的期限，法定期限{}", said.remaining),
            (None, _) => said.remaining,
        };
        let own = running.standard.own.as_ref().map(|own| {
            let until = lianzhi_law::due_text(running.act_by(), now);
            format!(
                "本机关从严：{} {}，{until} 以前办理（{}）",
                own.amount,
                running.standard.unit.title(),
                own.source
            )
        });
        let place = directory.law.place(directory.node.as_str()).unwrap_or_else(|_| Jurisdiction::nation());
        let day = lianzhi_procedure::beijing_date(running.from);
        let rule = directory.law.statutory(&running.standard.code, &place, day).ok();
        ClockView {
            term,
            title,
            about: String::new(),
            state,
            left,
            due: running.due,
            due_text: lianzhi_law::due_text(running.due, now),
            percent,
            source: said.source,
            arithmetic: said.arithmetic,
            provisional: said.provisional,
            own,
            rule: rule.as_ref().map(lianzhi_law::StatutoryTerm::rule),
        }
    }

    /// A matter for staff.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn matter(&self, who: &Caller, id: DocketId) -> Result<MatterView, Refusal> {
        let row = self.row_for(who, id).await?;
        let store = &self.inner.store;
        let entries = store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        let opened: Result<Vec<_>, _> = entries.iter().map(project::open).collect();
        let opened = opened.map_err(|e| unavailable(&crate::ports::StoreError::Damaged(e.to_string())))?;
        let live = opened.iter().fold(None, |live, opened| Some(project::evolve(live, opened)));
        let live = live.ok_or_else(|| Refusal::missing("没有这个办件。"))?;
        let texts = self.texts_of(&opened).await?;
        let record = self.lines_of(&opened, &texts, &self.tales(&opened)).await?;
        let summary = live.state.summary();
        let narrative = project::words(&summary, |part| texts.get(part).cloned()).unwrap_or_default();
        let now = self.now();
        let (clocks, exhibits, joined, duplicates, may_see_contact) = match &live.state {
            AnyState::Report(State::File(file)) => {
                let clocks = file.clocks.0.iter().map(|c| self.clock_view(c, now)).collect();
                let joined: Vec<_> = file
                    .joined
                    .iter()
                    .chain(&file.split)
                    .copied()
                    .chain(summary.joined_to)
                    .chain(file.intake.split_from)
                    .collect();
                let joined = store.journal.matters(&joined).await.map_err(|e| unavailable(&e))?;
                let duplicates = if file.stage.open() { file.intake.duplicates.clone() } else { Vec::new() };
                let may = file.intake.contact.is_some() && self.permit_file(who, "particulars", file).is_ok();
                (clocks, self.exhibit_views(file, &record).await?, joined, duplicates, may)
            }
            state => {
                let clocks = match (file_of(state), case_of(state)) {
                    (Some(file), _) => self.watched_views(file, now),
                    (None, Some(case)) => case.clocks.iter().map(|w| self.case_clock(case, w, now)).collect(),
                    (None, None) => self.spot_clocks(state, now),
                };
                let linked: Vec<DocketId> = match (file_of(state), case_of(state)) {
                    (Some(file), _) => file.link.into_iter().collect(),
                    (None, Some(case)) => crate::penalty::linked(case),
                    (None, None) => {
                        crate::spot::linked(state).into_iter().chain(crate::payments::linked(state)).collect()
                    }
                };
                let mut joined = match linked.is_empty() {
                    false => store.journal.matters(&linked).await.map_err(|e| unavailable(&e))?,
                    true => Vec::new(),
                };
                // Whoever may read this one only because he is asked about it sees nothing of others.
                if who.actor.person().is_some() && self.may(who, "read", Some(&row)).is_err() {
                    joined.retain(|other| self.may(who, "read", Some(other)).is_ok());
                }
                (clocks, Vec::new(), joined, Vec::new(), false)
            }
        };
        let shared = match file_of(&live.state) {
            Some(file) => Some(self.shared_view(file, &texts, &entries).await?),
            None => None,
        };
        let verifying = match file_of(&live.state).map(|file| file.verifying.as_slice()) {
            None | Some([]) => Vec::new(),
            Some(ids) => store.journal.matters(ids).await.map_err(|e| unavailable(&e))?,
        };
        let received = match (&live.state, case_of(&live.state)) {
            (AnyState::Report(_), _) => self.received_views(id, None).await?,
            (_, Some(case)) => self.received_views(id, case.origin).await?,
            _ => Vec::new(),
        };
        let look_ups = self.look_ups_of(who, id, &live).await?;
        let offers = self.offers_with(who, &live, &look_ups);
        let lacking = self.parties_lack(who, &live).await?;
        let case = self.case_view(who, &live, &texts, &look_ups, lacking);
        let cases = match live.state.kind() {
            Kind::Report | Kind::Lead => self.cases_from(id).await?,
            _ => Vec::new(),
        };
        let related = self.related(who, id, &live).await?;
        Ok(MatterView {
            case,
            cases,
            received,
            verifying,
            related,
            row,
            offers,
            clocks,
            record,
            exhibits,
            joined,
            duplicates,
            may_see_contact,
            narrative,
            shared,
            state: live.state,
        })
    }

    pub(crate) fn permit_file(&self, who: &Caller, action: &str, file: &File) -> Result<(), Refusal> {
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let matter = Matter {
            unit: file.unit.as_ref(),
            assisting: &file.assisting,
            assignee: file.officer(),
            registered_by: file.intake.by.as_ref(),
            asked: &[],
        };
        policy::permit(&self.facts(&who.actor, &directory, &duty, &look_ups), action, &matter).map(|_| ())
    }

    /// Texts of the entries' parts; particulars are left out, they are opened by [`App::contact`] only.
    pub(crate) async fn texts_of(&self, entries: &[Opened<'_>]) -> Result<HashMap<Digest, String>, Refusal> {
        let digests: Vec<_> = entries.iter().flat_map(|opened| opened.entry.parts.iter().copied()).collect();
        if digests.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.inner.store.journal.parts(&digests).await.map_err(|e| unavailable(&e))?;
        let texts = rows
            .iter()
            .filter(|r| ![PartKind::Contact.code(), PartKind::Particulars.code()].contains(&r.kind.as_str()))
            .filter_map(|r| Some((r.digest, self.inner.shared.keys().open(r)?)))
            .collect();
        Ok(texts)
    }

    /// What offers of a matter weigh besides it.
    async fn look_ups_of(&self, who: &Caller, id: DocketId, live: &Live) -> Result<LookUps, Refusal> {
        match case_of(&live.state) {
            Some(case) => Ok(LookUps {
                recognised: self.recognised_for(id, case).await?,
                ..self.case_look_ups(who, id, case).await?
            }),
            None => {
                let street = self.spot_look_ups(id, &live.state).await?;
                Ok(LookUps { placing: self.candidates(live), ..street })
            }
        }
    }

    pub(crate) fn offers_of(&self, who: &Caller, live: &Live) -> Vec<Offer> {
        let look_ups = LookUps { placing: self.candidates(live), ..LookUps::default() };
        self.offers_with(who, live, &look_ups)
    }

    fn offers_with(&self, who: &Caller, live: &Live, look_ups: &LookUps) -> Vec<Offer> {
        let (directory, duty, loads) = (self.directory(), self.duty(), self.inner.shared.load_table());
        let facts = Facts {
            now: self.now(),
            actor: &who.actor,
            directory: &directory,
            duty: &duty,
            loads: loads.as_ref(),
            look_ups,
        };
        let mut offers = live.state.offers(&facts);
        offers.sort_by_key(|o| (o.refused.is_some(), !o.main));
        offers
    }

    /// What an ambiguous address may mean, in words: the record keeps the grids only.
    fn candidates(&self, live: &Live) -> Placing {
        match &live.state {
            AnyState::Report(State::File(file))
                if file.grid.is_none() && matches!(file.intake.placing, Placing::Ambiguous { .. }) =>
            {
                self.world().place_address(&live.narrative.address).1
            }
            _ => Placing::Unknown,
        }
    }

    /// What the caller may do with a matter.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn offers(&self, who: &Caller, id: DocketId) -> Result<Vec<Offer>, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let look_ups = self.look_ups_of(who, id, &live).await?;
        Ok(self.offers_with(who, &live, &look_ups))
    }

    pub(crate) async fn live(&self, id: DocketId) -> Result<Live, Refusal> {
        let lives = self.inner.shared.lives(&self.inner.store, &[id]).await.map_err(|e| unavailable(&e))?;
        lives.into_values().next().ok_or_else(|| Refusal::missing("没有这个办件。"))
    }

    /// The record of a matter.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn record(&self, who: &Caller, id: DocketId) -> Result<Vec<RecordLine>, Refusal> {
        self.row_for(who, id).await?;
        let entries = self.inner.store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        let opened = project::readable(&entries);
        let texts = self.texts_of(&opened).await?;
        self.lines_of(&opened, &texts, &self.tales(&opened)).await
    }

    /// What was done to the records of registers whose whole dockets these are.
    pub(crate) fn tales(&self, entries: &[Opened<'_>]) -> record::Tales {
        record::tales(entries, &self.directory())
    }

    pub(crate) async fn lines_of(
        &self,
        entries: &[Opened<'_>],
        texts: &HashMap<Digest, String>,
        tales: &record::Tales,
    ) -> Result<Vec<RecordLine>, Refusal> {
        let others = record::others(entries);
        let rows = match others.is_empty() {
            true => Vec::new(),
            false => self.inner.store.journal.matters(&others).await.map_err(|e| unavailable(&e))?,
        };
        let numbers = rows.into_iter().map(|row| (row.id, row.number)).collect();
        Ok(record::lines(entries, &Words { directory: &self.directory(), texts, numbers: &numbers, tales }))
    }

    /// The files of a report, each by whoever brought it into this one: the same bytes may have come into custody before, by
    /// somebody else.
    async fn exhibit_views(&self, file: &File, record: &[RecordLine]) -> Result<Vec<ExhibitView>, Refusal> {
        let mut named: Vec<(Digest, &'static str)> =
            file.intake.exhibits.iter().map(|e| (e.digest, "上报")).collect();
        if let Some(handled) = &file.handled {
            named.extend(handled.before.iter().map(|e| (e.digest, "处置前")));
            named.extend(handled.after.iter().map(|e| (e.digest, "处置后")));
        }
        let digests: Vec<_> = named.iter().map(|n| n.0).collect();
        let rows = self.inner.store.blobs.exhibits(&digests).await.map_err(|e| unavailable(&e))?;
        let rows: HashMap<_, _> = rows.into_iter().map(|r| (r.digest, r)).collect();
        let directory = self.directory();
        Ok(named
            .into_iter()
            .filter_map(|(digest, what)| {
                let row = rows.get(&digest)?;
                let cited = record.iter().find(|line| line.exhibits.contains(&digest));
                let custody = || {
                    let at = Timestamp::from_microsecond(row.at).unwrap_or_default();
                    (at, record::actor_name(&row.uploader, &directory))
                };
                let (at, by) = cited.map_or_else(custody, |line| (line.at, line.actor.clone()));
                Some(ExhibitView {
                    digest,
                    size: row.size,
                    media: row.media.clone(),
                    name: row.name.clone(),
                    at,
                    by,
                    what,
                })
            })
            .collect())
    }

    /// The reporter's particulars. Recorded with the reason.
    ///
    /// # Errors
    /// When the caller may not, gives no reason, or there are none.
    pub async fn contact(&self, who: &Caller, id: DocketId, why: &str) -> Result<Reporter, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let AnyState::Report(State::File(file)) = &live.state else {
            return Err(Refusal::missing("没有上报人信息。"));
        };
        self.permit_file(who, "particulars", file)?;
        if why.trim().is_empty() {
            return Err(Refusal::invalid(
                "why",
                "查看上报人信息须写明用途。",
                "如：电话核实地点、先行联系。",
            )
            .from_source("个人信息保护法第六条"));
        }
        let part = file.intake.contact.ok_or_else(|| Refusal::missing("没有上报人信息，或已经删除。"))?;
        // Recorded before it is shown: no look without its line.
        self.record_access(who, "particulars", Some(id), why).await?;
        let row = self.inner.store.journal.parts(&[part.digest]).await.map_err(|e| unavailable(&e))?.pop();
        let text = row
            .and_then(|r| self.inner.shared.keys().open(&r))
            .ok_or_else(|| Refusal::missing("上报人信息已经删除。"))?;
        serde_json::from_str(&text).map_err(|_| Refusal::missing("上报人信息无法读取。"))
    }
}
