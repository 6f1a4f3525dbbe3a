//! What is looked up before a command to a shared matter is decided.

use crate::App;
use crate::Caller;
use crate::ports::{ExhibitRow, MatterRow, PartRow};
use crate::sequencer::{Step, To};
use crate::shared::unavailable;
use jiff::Timestamp;
use lianzhi_docket::Entry;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::cooperation::{
    AwayKind, Command, File, Filed, TakenHow, Taker, Verdict, Verification, any_command, command_of,
    command_of_mut, file_of, verification,
};
use lianzhi_procedure::report::{self, CooperationRef, Source};
use lianzhi_procedure::{AnyCommand, Kind, LookUps, Placing, Refusal, Text};

impl App {
    /// Fills in what people need not type: the matter that a letter comes from, its filing, how files were taken.
    pub(crate) async fn prepare_shared(
        &self,
        who: &Caller,
        at: Option<DocketId>,
        command: &mut AnyCommand,
    ) -> Result<LookUps, Refusal> {
        if let AnyCommand::Compact(asked) = command {
            self.admits(asked).await?;
        }
        let Some(asked) = command_of(command) else {
            let named = match command {
                AnyCommand::Meeting(asked) | AnyCommand::Plan(asked) => asked.exhibits().to_vec(),
                _ => Vec::new(),
            };
            let exhibits = self.exhibits_in_custody(&named).await?;
            return Ok(LookUps { exhibits, ..LookUps::default() });
        };
        let named = asked.exhibits();
        let over = asked.over().map(str::trim).filter(|o| !o.is_empty()).map(str::to_owned);
        let exhibits = self.exhibits_in_custody(&named).await?;
        let from = match &over {
            Some(number) => Some(self.row_by_number(who, number).await?),
            None => None,
        };
        let filed = match &from {
            Some(row) => self.filed(row).await?,
            None => None,
        };
        // The matter from which the files come: the one that is named, else this one and what it is linked to.
        let own = match (&from, at) {
            _ if named.is_empty() => Vec::new(),
            (Some(row), _) => vec![row.id],
            (None, Some(id)) => {
                let live = self.live(id).await?;
                let link = file_of(&live.state).and_then(|file| file.link);
                [id].into_iter().chain(link).collect()
            }
            (None, None) => Vec::new(),
        };
        let known = match named.is_empty() {
            true => Vec::new(),
            false => self.taken_how(&named, &own).await?,
        };
        if let Some(Command::Begin(letter) | Command::Redraft(letter)) = command_of_mut(command)
            && letter.away == Some(AwayKind::Recognise)
            && let Some(row) = &from
        {
            self.impose(who, row, letter).await?;
        }
        match command_of_mut(command) {
            Some(Command::Begin(letter) | Command::Redraft(letter)) => {
                letter.link = from.as_ref().map(|row| row.id);
                letter.filed = filed;
                letter.found =
                    from.as_ref().and_then(|row| Timestamp::from_microsecond(row.reported_at).ok());
                fill(&mut letter.taken, known);
            }
            Some(Command::Position { filed: claim, link, .. }) => {
                *claim = filed;
                *link = from.as_ref().map(|row| row.id);
            }
            Some(Command::Reply { taken, .. } | Command::Supplement { taken, .. }) => fill(taken, known),
            _ => {}
        }
        Ok(LookUps { exhibits, ..LookUps::default() })
    }

    /// A matter of this office by its number, if the caller may see it. What a letter names is printed and sent as it stands, so
    /// that a number that is none here is refused.
    async fn row_by_number(&self, who: &Caller, number: &str) -> Result<MatterRow, Refusal> {
        let found = match self.by_number(who, number).await {
            Ok(id) => self.row_for(who, id).await,
            Err(refusal) => Err(refusal),
        };
        found.map_err(|refusal| match refusal.kind {
            lianzhi_procedure::RefusalKind::Busy => refusal,
            _ => Refusal::invalid(
                "over",
                format!("本机关没有编号为“{number}”的办件，或者不在您的权限内。"),
                "请核对编号，填写本机关的办件、案件或协作件编号；没有的，不填。",
            )
            .from_source("公文处理规则：发出的文件所引编号应当准确"),
        })
    }

    /// When a case was filed (立案), and where in the log; of any other matter the earliest case that was opened from it.
    async fn filed(&self, row: &MatterRow) -> Result<Option<Filed>, Refusal> {
        let cases = match row.kind == Kind::Penalty.code() {
            true => vec![row.clone()],
            false => self.cases_from(row.id).await?,
        };
        let mut first: Option<Filed> = None;
        for case in cases {
            let filed = self.filing_of(&case).await?;
            let earlier = |f: &Filed| first.as_ref().is_none_or(|known| f.at < known.at);
            first = filed.filter(earlier).or(first);
        }
        Ok(first)
    }

    /// The entry by which a case was filed.
    async fn filing_of(&self, row: &MatterRow) -> Result<Option<Filed>, Refusal> {
        let entries = self.inner.store.journal.docket(row.id).await.map_err(|e| unavailable(&e))?;
        let mut live = None;
        for entry in &entries {
            let next = crate::project::step(live, entry)
                .map_err(|e| unavailable(&crate::ports::StoreError::Damaged(e.to_string())))?;
            if crate::penalty::case_of(&next.state).is_some_and(|case| case.filed().is_some()) {
                return Ok(Some(Filed {
                    number: row.number.clone(),
                    at: Timestamp::from_microsecond(entry.at).unwrap_or_default(),
                    pos: u64::try_from(entry.pos).unwrap_or(0),
                    leaf: entry.leaf,
                }));
            }
            live = Some(next);
        }
        Ok(None)
    }

    /// What the records of these matters know of how files were taken: by whom, when, at which place in the log. Files with the
    /// same bytes in another matter were taken there, whoever did it.
    async fn taken_how(&self, digests: &[Digest], own: &[DocketId]) -> Result<Vec<TakenHow>, Refusal> {
        let (journal, directory) = (&self.inner.store.journal, self.directory());
        let rows = self.inner.store.blobs.exhibits(digests).await.map_err(|e| unavailable(&e))?;
        if own.is_empty() || rows.is_empty() {
            return Ok(rows.iter().map(in_custody).collect());
        }
        let matters = journal.matters(own).await.map_err(|e| unavailable(&e))?;
        let entries = journal.dockets(own).await.map_err(|e| unavailable(&e))?;
        let entries: Vec<_> =
            entries.iter().filter_map(|row| Some((row, Entry::parse(&row.bytes).ok()?))).collect();
        Ok(rows
            .iter()
            .map(|row| {
                let mut how = in_custody(row);
                // The entry by which one of them took it into custody; what others sent was not taken here.
                let first = entries.iter().find(|(_, entry)| {
                    entry.exhibits.contains(&row.digest) && entry.actor.starts_with("person:")
                });
                let Some((first, entry)) = first else { return how };
                how.pos = u64::try_from(first.pos).ok();
                how.taken_at = Timestamp::from_microsecond(first.at).ok();
                let code = entry.actor.strip_prefix("person:");
                let code = code.and_then(|code| lianzhi_ids::PersonCode::parse(code).ok());
                let taker = code.and_then(|code| directory.people.get(&code));
                how.takers = taker.map(|person| Taker::of(person)).into_iter().collect();
                let matter = matters.iter().find(|m| m.id == first.docket);
                how.matter = matter.map(|m| m.number.clone()).unwrap_or_default();
                how
            })
            .collect())
    }

    /// What is opened here when a shared matter is accepted: a local report with its words and place, dispatched like
    /// any other. Its milestones and its outcome are told to the member that sent it.
    pub(crate) async fn report_of(&self, docket: DocketId) -> Result<Option<Step>, Refusal> {
        let live = self.live(docket).await?;
        let Some(file) = file_of(&live.state).filter(|f| !f.mine() && f.link.is_none()) else {
            return Ok(None);
        };
        let opening = &file.opening;
        let text = self.plain_in(docket, &[opening.text.digest]).await?.pop().unwrap_or_default();
        // A title that is the first sentence of the letter is not said twice.
        let title = &live.narrative.description;
        let description = if text.starts_with(title) { text } else { format!("{title}\n{text}") };
        let narrative = crate::Narrative { description, address: live.narrative.address.clone() };
        let world = self.world();
        let placed = opening.point.map(|point| (Some(point), world.place_point(point)));
        let (point, placing) = match placed {
            // Where it was found lies with the sender: what is to be looked into here, people place.
            Some((_, Placing::Outside)) => (None, Placing::Unknown),
            Some(placed) => placed,
            None => (None, world.place_address(&narrative.address).1),
        };
        let mut command = AnyCommand::Report(report::Command::Register {
            source: Source::Member,
            narrative: Text::Plain(serde_json::to_string(&narrative).unwrap_or_default()),
            contact: Text::default(),
            category: opening.category.clone(),
            point,
            exhibits: Vec::new(),
            external: None,
            demand: None,
            occurred_at: None,
            split_from: None,
            cooperation: Some(CooperationRef { docket, form: file.form }),
            same_as: None,
        });
        let parts = self.seal(&mut command)?;
        let look_ups = LookUps { placing, ..LookUps::default() };
        Ok(Some(Step { look_ups, parts, ..Step::new(To::New(Kind::Report), command) }))
    }

    /// The assistance that a verdict asks for: evidence that is to be verified on site is asked about in a letter, drafted
    /// with the verdict. None for any other command, and when the list has no entry for it.
    pub(crate) async fn verification_of(
        &self,
        docket: DocketId,
        command: &AnyCommand,
    ) -> Result<Option<Step>, Refusal> {
        let Some(Command::Judge { exhibit, verdict: Verdict::VerifyOnSite, note: Text::Plain(note) }) =
            command_of(command)
        else {
            return Ok(None);
        };
        let (live, directory) = (self.live(docket).await?, self.directory());
        let (Some(file), Some(roster)) = (file_of(&live.state), directory.roster.as_deref()) else {
            return Ok(None);
        };
        let place = match file.opening.place {
            Some(part) => self.plain_in(docket, &[part.digest]).await?.pop().unwrap_or_default(),
            None => String::new(),
        };
        let person = if file.mine() { file.drafter.as_ref() } else { file.person.as_ref() };
        let officer = person.and_then(|code| directory.people.get(code)).map(|person| Taker::of(person));
        let officer = officer.as_ref().filter(|taker| !taker.certificate().is_empty());
        let asked = Verification { exhibit: *exhibit, note, place: &place, docket, officer };
        let day = lianzhi_procedure::beijing_date(self.now());
        let Some(letter) = verification(file, asked, roster, day) else { return Ok(None) };
        let mut command = any_command(Form::Assistance, Command::Begin(Box::new(letter)));
        let parts = self.seal(&mut command)?;
        Ok(Some(Step { parts, ..Step::new(To::New(Kind::Assistance), command) }))
    }

    /// Texts of parts that are not personal; those that were erased are left out.
    pub(crate) async fn plain(&self, digests: &[Digest]) -> Result<Vec<String>, Refusal> {
        self.plain_of(digests, |_| true).await
    }

    /// The same of a docket in which other members speak: what they name is read there only when it came there.
    pub(crate) async fn plain_in(
        &self,
        docket: DocketId,
        digests: &[Digest],
    ) -> Result<Vec<String>, Refusal> {
        self.plain_of(digests, |row| row.docket == docket).await
    }

    async fn plain_of(
        &self,
        digests: &[Digest],
        is: impl Fn(&PartRow) -> bool,
    ) -> Result<Vec<String>, Refusal> {
        let rows = self.inner.store.journal.parts(digests).await.map_err(|e| unavailable(&e))?;
        let open = |digest: &Digest| {
            let row = rows.iter().find(|row| row.digest == *digest && is(row))?;
            self.inner.shared.keys().open(row)
        };
        Ok(digests.iter().filter_map(open).collect())
    }

    /// The personal particulars that a letter is about. Recorded with the reason.
    ///
    /// # Errors
    /// When the caller may not, gives no reason, or there are none.
    pub async fn particulars(&self, who: &Caller, id: DocketId, why: &str) -> Result<String, Refusal> {
        let row = self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let file = file_of(&live.state).ok_or_else(|| Refusal::missing("没有当事人个人信息。"))?;
        self.may_handle(who, file, &row)?;
        if why.trim().is_empty() {
            return Err(Refusal::invalid("why", "查看个人信息须写明用途。", "如：核实当事人身份。")
                .from_source("个人信息保护法第六条"));
        }
        let part =
            file.opening.particulars.ok_or_else(|| Refusal::missing("没有当事人个人信息，或已经删除。"))?;
        // Recorded before it is shown: no look without its line.
        self.record_access(who, "particulars", Some(id), why).await?;
        let text = self.plain_in(id, &[part.digest]).await?.pop();
        text.ok_or_else(|| Refusal::missing("当事人个人信息已经删除。"))
    }

    /// Whether somebody works on a shared matter: whoever has it here, the liaison officers, reviewers and leaders.
    pub(crate) fn may_handle(&self, who: &Caller, file: &File, row: &MatterRow) -> Result<(), Refusal> {
        let actions: &[&str] = match file.mine() {
            true => &["cooperation_pursue", "cooperation_review", "cooperation_sign"],
            false => &["cooperation_handle", "cooperation_review", "cooperation_sign"],
        };
        let mut last = None;
        for action in actions {
            match self.may(who, action, Some(row)) {
                Ok(()) => return Ok(()),
                Err(refusal) => last = last.or(Some(refusal)),
            }
        }
        Err(last.unwrap_or_else(|| Refusal::missing("没有这个协作件。")))
    }

    /// Forms that the collaboration list lets this node open with a member today, with the entries for each: what a
    /// page offers when somebody begins a letter.
    #[must_use]
    pub fn list_for(&self, form: Form) -> Vec<lianzhi_exchange::compact::ListEntry> {
        let directory = self.directory();
        let Some(roster) = &directory.roster else { return Vec::new() };
        let day = lianzhi_procedure::beijing_date(self.now());
        let mine = |e: &&lianzhi_exchange::compact::ListEntry| {
            e.forms.contains(&form)
                && e.in_force(day)
                && (e.parties.is_empty() || e.parties.contains(&directory.node))
        };
        roster.epoch.list.iter().filter(mine).cloned().collect()
    }
}

/// What is known of a file that no docket has cited yet.
fn in_custody(row: &ExhibitRow) -> TakenHow {
    TakenHow {
        exhibit: row.digest,
        name: row.name.clone(),
        takers: Vec::new(),
        // When it was first brought, unless that was for another matter.
        taken_at: row.docket.is_none().then(|| Timestamp::from_microsecond(row.at).ok()).flatten(),
        matter: String::new(),
        pos: None,
    }
}

/// What was typed goes before what is known; what is known goes before nothing.
fn fill(taken: &mut Vec<TakenHow>, known: Vec<TakenHow>) {
    for how in known {
        match taken.iter_mut().find(|t| t.exhibit == how.exhibit) {
            None => taken.push(how),
            Some(typed) => {
                if typed.name.is_empty() {
                    typed.name = how.name;
                }
                if typed.takers.is_empty() {
                    typed.takers = how.takers;
                }
                typed.taken_at = typed.taken_at.or(how.taken_at);
                if typed.matter.is_empty() {
                    typed.matter = how.matter;
                }
                typed.pos = typed.pos.or(how.pos);
            }
        }
    }
}

/// Whether a command is only the node's own to give.
pub(crate) fn internal(command: &AnyCommand) -> bool {
    command_of(command).is_some_and(Command::is_internal)
}
