//! Writing: from a command as it comes in to a submission, and what the node does by itself.

use crate::ports::MatterRow;
use crate::sequencer::{Done, Step, Submission, To};
use crate::shared::unavailable;
use crate::{App, Caller};
use futures::StreamExt;
use lianzhi_ids::{CategoryCode, Digest, DocketId, UnitCode};
use lianzhi_procedure::facts::{Lead, Target};
use lianzhi_procedure::register::Record;
use lianzhi_procedure::report::Command as ReportCommand;
use lianzhi_procedure::{Actor, AnyCommand, ExhibitRef, Kind, LookUps, Refusal, Text, cooperation};
use lianzhi_territory::{Coordinates, Crs, Point};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Register records submitted at the same time.
const PUT_AT_ONCE: usize = 1_000;

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// A point from degrees in a JSON object, moved into the stored system.
pub(crate) fn point_of(
    lng: Option<f64>,
    lat: Option<f64>,
    crs: Option<&str>,
) -> Result<Option<Point>, Refusal> {
    let (Some(lng), Some(lat)) = (lng, lat) else {
        return match (lng, lat) {
            (None, None) => Ok(None),
            _ => Err(Refusal::invalid("place", "经度和纬度要一起填。", "请补上缺的一项，或都不填而写地址。")),
        };
    };
    let bad = |e: lianzhi_territory::PointError| {
        Refusal::invalid("place", format!("{e}。"), "请核对坐标和坐标系。")
    };
    let crs: Crs =
        crs.filter(|c| !c.is_empty()).map(str::parse).transpose().map_err(bad)?.unwrap_or_default();
    Coordinates { lng, lat, crs }.point().map(Some).map_err(bad)
}

impl App {
    /// Key under which the answer of a request is kept.
    pub(crate) fn kept_key(
        who: &Caller,
        key: Option<String>,
        request: &[u8],
    ) -> Result<Option<(String, Digest)>, Refusal> {
        let Some(key) = key else { return Ok(None) };
        let good = (8..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if !good {
            return Err(Refusal::invalid(
                "Idempotency-Key",
                "提交编号应为 8 至 128 个可见字符。",
                "建议用 UUID。",
            ));
        }
        Ok(Some((format!("{}|{key}", who.label()), sha256(request))))
    }

    /// Whether a form with this one-time key did its work already.
    ///
    /// # Errors
    /// A malformed key, or a store that cannot be read.
    pub async fn was_sent(&self, who: &Caller, form: Option<String>) -> Result<bool, Refusal> {
        let Some((key, _)) = Self::kept_key(who, form, &[])? else { return Ok(false) };
        Ok(!self.inner.store.journal.answers(&[key]).await.map_err(|e| unavailable(&e))?.is_empty())
    }

    /// Seals the texts of a command.
    pub(crate) fn seal(
        &self,
        command: &mut AnyCommand,
    ) -> Result<Vec<(crate::ports::PartRow, String)>, Refusal> {
        let mut parts = Vec::new();
        for (kind, text) in command.texts() {
            let Text::Plain(plain) = text else {
                return Err(Refusal::invalid("command", "内容不能以引用代替。", "请提交文字。"));
            };
            let plain = plain.trim();
            if plain.is_empty() {
                *text = Text::default();
                continue;
            }
            if plain.chars().count() > lianzhi_procedure::TEXT_CHARS_MAX_SEALED {
                return Err(Refusal::invalid(
                    "text",
                    "文字太长。",
                    "请控制在一万字以内，长文请作为文件上传。",
                ));
            }
            if plain.chars().any(|c| c == '\0' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))) {
                return Err(Refusal::invalid("text", "文字里有不可见的控制字符。", "请删去后重新填写。"));
            }
            let sealed = self.inner.shared.keys().seal(
                self.inner.entropy.as_ref(),
                DocketId::default(),
                kind.code(),
                plain,
            );
            *text = Text::Sealed(lianzhi_procedure::PartRef { kind, digest: sealed.row.digest });
            parts.push((sealed.row, sealed.text));
        }
        Ok(parts)
    }

    /// Exhibits in custody by digest; those not there are left out (the procedure then refuses).
    pub(crate) async fn exhibits_in_custody(&self, digests: &[Digest]) -> Result<Vec<ExhibitRef>, Refusal> {
        if digests.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.inner.store.blobs.exhibits(digests).await.map_err(|e| unavailable(&e))?;
        Ok(rows
            .into_iter()
            .map(|r| ExhibitRef {
                digest: r.digest,
                size: u64::try_from(r.size).unwrap_or(0),
                media: r.media,
            })
            .collect())
    }

    async fn look_ups(&self, command: &AnyCommand) -> Result<LookUps, Refusal> {
        let mut look_ups = LookUps::default();
        if let AnyCommand::Report(command) = command {
            look_ups.exhibits = self.exhibits_in_custody(&command.exhibits()).await?;
            match command {
                ReportCommand::Place { point: Some(point), .. } => {
                    look_ups.placing = self.world().place_point(*point)
                }
                // Open and joined are looked at again by the sequencer.
                ReportCommand::Join { to, .. } => {
                    let lead =
                        self.inner.store.journal.matters(&[*to]).await.map_err(|e| unavailable(&e))?.pop();
                    let lead = lead.map(|row| Lead {
                        point: row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 }),
                        category: row.category.and_then(|c| CategoryCode::parse(&c).ok()),
                        number: row.number,
                        title: row.title,
                    });
                    look_ups.target = Some(Target { docket: *to, open: true, joined: false, lead });
                }
                _ => {}
            }
        }
        Ok(look_ups)
    }

    /// Gives a command to a docket. `json` is `{"command": "…", …fields}`; empty strings count as not given.
    ///
    /// # Errors
    /// The procedure's refusal; [`Refusal::missing`] for a matter that the caller may not see.
    pub async fn command(
        &self,
        who: &Caller,
        id: DocketId,
        json: Value,
        expected: Option<i32>,
        key: Option<String>,
    ) -> Result<Done, Refusal> {
        let approves = json.get("command").is_some_and(|command| command == "approve");
        // Boxed: looking things up and printing take tens of kilobytes, which whoever calls this would carry on the stack.
        Box::pin(async move {
            let done = self.give(who, id, json, expected, key).await?;
            self.seal_signed(who, id).await;
            if approves {
                self.keep_signed(who, id).await;
            }
            Ok(done)
        })
        .await
    }

    /// The same, and nothing that follows from it.
    pub(crate) async fn give(
        &self,
        who: &Caller,
        id: DocketId,
        json: Value,
        expected: Option<i32>,
        key: Option<String>,
    ) -> Result<Done, Refusal> {
        // The same words to another matter are another request.
        let key = Self::kept_key(who, key, format!("{id} {json}").as_bytes())?;
        let steps = self.steps_of(who, id, json, expected).await?;
        self.inner
            .sequencer
            .submit(Submission { actor: who.actor.clone(), steps, key, extra: Value::Null })
            .await
    }

    /// The steps of a command to a docket, with all that is looked up for them and their texts sealed. Nothing is
    /// decided yet.
    pub(crate) async fn steps_of(
        &self,
        who: &Caller,
        id: DocketId,
        mut json: Value,
        expected: Option<i32>,
    ) -> Result<Vec<Step>, Refusal> {
        if !who.has_scope("write") && !matches!(who.actor, Actor::Reporter | Actor::System) {
            return Err(Refusal::forbidden("scope", "这个令牌不能办理。", "请用含 write 权限的令牌。"));
        }
        let row = self.row_for(who, id).await?;
        let kind = Kind::from_code(&row.kind).ok_or_else(|| Refusal::missing("没有这个办件。"))?;
        let point = take_point(&mut json)?;
        drop_empty(&mut json);
        let on_a_party = matches!(kind, Kind::Penalty | Kind::Spot | Kind::Slip);
        let name = json.get("command").and_then(Value::as_str).unwrap_or_default().to_owned();
        // Things and members of a panel have names too.
        if on_a_party && ["add_party", "describe"].contains(&name.as_str()) {
            crate::penalty::gather(&mut json);
        }
        // Elsewhere `to` names a member, an authority or a day.
        if kind == Kind::Report || name == "join" {
            self.resolve_matter(who, &mut json).await?;
        }
        let split = kind == Kind::Report && name == "split";
        let mut command = kind.command(json.clone())?;
        if let AnyCommand::Report(
            ReportCommand::Tick
            | ReportCommand::Recompute
            | ReportCommand::Absorb { .. }
            | ReportCommand::Release { .. }
            | ReportCommand::LeadSettled { .. }
            | ReportCommand::EraseWith { .. }
            | ReportCommand::SplitInto { .. }
            | ReportCommand::Register { .. },
        ) = &command
        {
            return Err(Refusal::forbidden("internal", "这是系统内部的命令。", "请从可办事项中选择。"));
        }
        if crate::cooperation::internal(&command)
            || crate::penalty::internal(&command)
            || crate::spot::internal(&command)
            || crate::payments::internal(&command)
            || crate::goods::internal(&command)
        {
            return Err(Refusal::forbidden("internal", "这是系统内部的命令。", "请从可办事项中选择。"));
        }
        // Accepting from another member may open a matter here at once.
        let opens = json.get("open").is_some_and(|o| {
            o.as_bool() == Some(true) || o.as_str() == Some("on") || o.as_str() == Some("true")
        });
        if let (
            AnyCommand::Report(
                ReportCommand::Place { point: p, .. } | ReportCommand::Arrive { point: p, .. },
            ),
            Some(point),
        ) = (&mut command, point)
        {
            *p = Some(point);
        }
        if let AnyCommand::Report(ReportCommand::Erase { parts, .. }) = &command {
            self.parts_of(id, parts).await?;
        }
        if let AnyCommand::Penalty(asked) = &mut command {
            crate::penalty::in_order(asked);
        }
        self.described(id, &mut command).await?;
        let split_off = self.other_case(who, id, &command).await?;
        let mut paid = None;
        let look_ups = match &command {
            AnyCommand::Payment(asked) => {
                let (look_ups, step) = self.prepare_payment(who, id, asked).await?;
                paid = step;
                look_ups
            }
            AnyCommand::Stocktake(asked) => {
                paid = self.missed_step(id, asked).await?;
                LookUps { exhibits: self.exhibits_in_custody(asked.exhibits()).await?, ..LookUps::default() }
            }
            AnyCommand::Report(_) => self.look_ups(&command).await?,
            AnyCommand::Penalty(asked) => {
                let live = self.live(id).await?;
                let case = crate::penalty::case_of(&live.state).map(|case| (id, case));
                self.prepare_penalty(who, case, asked).await?
            }
            AnyCommand::Spot(_) | AnyCommand::Slip(_) => self.prepare_spot(Some(id), &command).await?,
            _ => self.prepare_shared(who, Some(id), &mut command).await?,
        };
        if let Some(
            cooperation::Command::Review { agreed: true, .. }
            | cooperation::Command::Sign { agreed: true, .. },
        ) = cooperation::command_of(&command)
        {
            self.printable(id).await?;
        }
        let look_ups = self.with_signature(&command, look_ups)?;
        let verification = self.verification_of(id, &command).await?;
        let accepts = matches!(cooperation::command_of(&command), Some(cooperation::Command::Accept { .. }));
        let parts = self.seal(&mut command)?;
        let mut steps = vec![Step { expected, look_ups, parts, ..Step::new(To::Docket(id), command) }];
        if split {
            steps.push(self.split_step(&row, &json)?);
        }
        steps.extend(split_off);
        let over = self.gone_over(who, id, &steps).await?;
        steps.extend(over);
        if accepts && opens {
            steps.extend(self.report_of(id).await?);
        }
        steps.extend(verification);
        steps.extend(paid);
        Ok(steps)
    }

    /// The matter that is opened when another is split.
    fn split_step(&self, row: &MatterRow, json: &Value) -> Result<Step, Refusal> {
        let narrative = crate::Narrative {
            description: json.get("note").and_then(Value::as_str).unwrap_or_default().to_owned(),
            address: row.address.clone(),
        };
        let point = row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 });
        let mut command = AnyCommand::Report(ReportCommand::Register {
            source: lianzhi_procedure::report::Source::Split,
            narrative: Text::Plain(serde_json::to_string(&narrative).unwrap_or_default()),
            contact: Text::default(),
            category: json.get("category").and_then(|c| serde_json::from_value(c.clone()).ok()),
            point,
            exhibits: Vec::new(),
            external: None,
            demand: None,
            occurred_at: None,
            split_from: Some(row.id),
            cooperation: None,
            same_as: None,
        });
        let placing = match (point, &row.grid) {
            (Some(point), _) => self.world().place_point(point),
            (None, Some(grid)) => lianzhi_procedure::Placing::Inside {
                grid: lianzhi_ids::GridCode::parse(grid)
                    .map_err(|e| Refusal::invalid("grid", e.to_string(), ""))?,
            },
            (None, None) => lianzhi_procedure::Placing::Unknown,
        };
        let parts = self.seal(&mut command)?;
        let look_ups = LookUps { placing, ..LookUps::default() };
        Ok(Step { look_ups, parts, ..Step::new(To::New(Kind::Report), command) })
    }

    /// Refuses parts that are not of this docket: erasing is recorded where the content was.
    async fn parts_of(&self, id: DocketId, parts: &[Digest]) -> Result<(), Refusal> {
        if parts.is_empty() {
            return Ok(());
        }
        let rows = self.inner.store.journal.parts(parts).await.map_err(|e| unavailable(&e))?;
        match parts.iter().find(|p| !rows.iter().any(|r| r.digest == **p && r.docket == id)) {
            Some(part) => Err(Refusal::invalid(
                "parts",
                format!("本件没有内容 {}。", part.short()),
                "请从本件的过程记录中选择要删除的内容。",
            )),
            None => Ok(()),
        }
    }

    /// Lets people name the lead matter by its number or the end of it, or by that of another system. Nobody types an
    /// internal id: as JSON that is a number.
    async fn resolve_matter(&self, who: &Caller, json: &mut Value) -> Result<(), Refusal> {
        let at_fault = |refusal| Refusal { field: Some("to"), ..refusal };
        let id = match json.get("to") {
            Some(Value::String(text)) => self.by_number(who, text).await.map_err(at_fault)?,
            Some(Value::Number(id)) if id.is_i64() => DocketId(id.as_i64().unwrap_or_default()),
            _ => return Ok(()),
        };
        // Only what one may see can be named as the lead.
        self.row_for(who, id).await.map_err(at_fault)?;
        json["to"] = Value::from(id.0);
        Ok(())
    }

    /// Adds or changes a register's record.
    ///
    /// # Errors
    /// The register's refusal.
    pub async fn put_register(&self, who: &Caller, record: Record) -> Result<Done, Refusal> {
        self.put_registers(who, vec![record])
            .await
            .map(|mut done| done.pop())
            .and_then(|d| d.ok_or_else(|| Refusal::missing("没有记录。")))
    }

    /// Adds or changes many records, each on its own: what is refused leaves the others alone.
    ///
    /// # Errors
    /// The first refusal, after all were tried.
    pub async fn put_registers(&self, who: &Caller, records: Vec<Record>) -> Result<Vec<Done>, Refusal> {
        self.put_each(who, records).await?.into_iter().collect()
    }

    /// Adds or changes many records, each on its own; one answer for each.
    ///
    /// # Errors
    /// When the caller may not at all, or the registers cannot be read.
    pub(crate) async fn put_each(
        &self,
        who: &Caller,
        records: Vec<Record>,
    ) -> Result<Vec<Result<Done, Refusal>>, Refusal> {
        if !who.has_scope("admin") {
            return Err(Refusal::forbidden("scope", "这个令牌不能管理名录。", "请用含 admin 权限的令牌。"));
        }
        let known = self.register_dockets().await?;
        let world = self.world();
        let mut all = Vec::with_capacity(records.len());
        // Units before people, parents before children: a batch sees the directory as it was, so order matters by level.
        for group in records.chunk_by(|a, b| a.register() == b.register() && !matches!(a, Record::Unit(_))) {
            // Made before anything is awaited: an iterator that borrows would make the future of callers not `Send`.
            let submission = |record: &Record| {
                check_record(record, &world.law_files, &world.directory.law)?;
                let to = known
                    .get(&(record.register().to_owned(), record.key()))
                    .map_or(To::New(Kind::Register), |id| To::Docket(*id));
                let command = AnyCommand::Register(lianzhi_procedure::register::Command::Put {
                    record: Box::new(record.clone()),
                });
                let step = Step::new(to, command);
                Ok(Submission { actor: who.actor.clone(), steps: vec![step], key: None, extra: Value::Null })
            };
            let submissions: Vec<Result<Submission, Refusal>> = group.iter().map(submission).collect();
            let sequencer = &self.inner.sequencer;
            let submitted = submissions.into_iter().map(|s| async move {
                match s {
                    Ok(s) => sequencer.submit(s).await,
                    Err(refusal) => Err(refusal),
                }
            });
            // In order, and never so many at once that the queue is full of them.
            let mut answers = futures::stream::iter(submitted).buffered(PUT_AT_ONCE);
            while let Some(answer) = answers.next().await {
                all.push(answer);
            }
        }
        if records.iter().any(|r| matches!(r, Record::Law { .. })) {
            let n = self.recompute().await.map_err(|e| unavailable(&e))?;
            tracing::info!(n, "clocks computed anew after a change of law data");
        }
        Ok(all)
    }

    async fn register_dockets(
        &self,
    ) -> Result<std::collections::HashMap<(String, String), DocketId>, Refusal> {
        let rows = self.inner.store.journal.registers().await.map_err(|e| unavailable(&e))?;
        Ok(rows.into_iter().map(|r| ((r.register, r.key), r.docket)).collect())
    }

    /// Takes a record out of use.
    ///
    /// # Errors
    /// The register's refusal.
    pub async fn retire_register(
        &self,
        who: &Caller,
        register: &str,
        key: &str,
        reason: &str,
    ) -> Result<Done, Refusal> {
        let id = self
            .register_dockets()
            .await?
            .remove(&(register.to_owned(), key.to_owned()))
            .ok_or_else(|| Refusal::missing("没有这条名录记录。"))?;
        let command =
            AnyCommand::Register(lianzhi_procedure::register::Command::Retire { reason: reason.to_owned() });
        let step = Step::new(To::Docket(id), command);
        self.inner
            .sequencer
            .submit(Submission { actor: who.actor.clone(), steps: vec![step], key: None, extra: Value::Null })
            .await
    }

    /// Gives a command to the duty docket of a unit; opens it when it is the first.
    ///
    /// # Errors
    /// The procedure's refusal.
    pub async fn duty_command(
        &self,
        who: &Caller,
        unit: &UnitCode,
        mut json: Value,
    ) -> Result<Done, Refusal> {
        drop_empty(&mut json);
        if let Some(fields) = json.as_object_mut()
            && matches!(
                fields.get("command").and_then(Value::as_str),
                Some("go_on" | "lead" | "plan" | "set_shifts")
            )
        {
            fields.insert("unit".into(), Value::from(unit.as_str()));
        }
        let mut command = Kind::Duty.command(json)?;
        let parts = self.seal(&mut command)?;
        let to = self
            .inner
            .store
            .queries
            .by_number(&lianzhi_procedure::duty::number(unit))
            .await
            .map_err(|e| unavailable(&e))?
            .filter(|row| row.kind == Kind::Duty.code())
            .map_or(To::New(Kind::Duty), |row| To::Docket(row.id));
        let step = Step { parts, ..Step::new(to, command) };
        self.inner
            .sequencer
            .submit(Submission { actor: who.actor.clone(), steps: vec![step], key: None, extra: Value::Null })
            .await
    }

    /// Signs what a command to the compact has to have signed, with this node's exchange key.
    pub(crate) fn with_signature(
        &self,
        command: &AnyCommand,
        mut look_ups: LookUps,
    ) -> Result<LookUps, Refusal> {
        let AnyCommand::Compact(asked) = command else { return Ok(look_ups) };
        let Some(signing) = asked.signing() else { return Ok(look_ups) };
        let failed = |e: &dyn std::fmt::Display| {
            Refusal::conflict("no-key", format!("不能签名：{e}"), "请管理员检查本节点的交换密钥。")
        };
        let key = self.exchange_key().ok_or_else(|| failed(&"没有交换密钥"))?;
        let value = key.sign(signing.domain, &signing.message).map_err(|e| failed(&e))?;
        look_ups.signature = Some(lianzhi_exchange::signature::Signature { key: key.public().id(), value });
        Ok(look_ups)
    }
}

/// Law files and address lists are read before they are accepted; law files together with those in force.
fn check_record(
    record: &Record,
    in_force: &lianzhi_law::LawFiles,
    law: &lianzhi_law::LawData,
) -> Result<(), Refusal> {
    match record {
        Record::Law { name, text } => {
            let mut files = in_force.clone();
            files.put(name, text);
            let next = lianzhi_law::LawData::load(&files).map_err(|e| {
                Refusal::invalid("text", e.to_string(), "请按提示改正文件后重新导入；现行数据不变。")
            })?;
            law.may_become(&next).map_err(|e| {
                let remedy =
                    "法律修改的，请按修改后的条文另加新的 [[statute]]；从严的写 [[tighten]]。现行数据不变。";
                Refusal::invalid("text", e.to_string(), remedy).from_source(e.reason)
            })
        }
        Record::Addresses { text, .. } => crate::world::addresses_of(text)
            .map(|_| ())
            .map_err(|e| Refusal::invalid("raw-file", e, "请按提示改正后重新导入；现行数据不变。")),
        _ => Ok(()),
    }
}

/// Takes `lng`, `lat`, `crs` (numbers or texts, from forms) out of a command.
pub(crate) fn take_point(json: &mut Value) -> Result<Option<Point>, Refusal> {
    let Some(fields) = json.as_object_mut() else {
        return Err(Refusal::invalid(
            "command",
            "命令应是一个 JSON 对象。",
            "形如 {\"command\":\"accept\"}。",
        ));
    };
    let mut number = |name: &str| -> Result<Option<f64>, Refusal> {
        match fields.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(n)) => Ok(n.as_f64()),
            Some(Value::String(s)) if s.trim().is_empty() => Ok(None),
            Some(Value::String(s)) => s.trim().parse().map(Some).map_err(|_| {
                Refusal::invalid(
                    "place",
                    format!("“{}”不是数字。", s.chars().take(20).collect::<String>()),
                    "请填十进制度，如 121.1142。",
                )
            }),
            Some(_) => Err(Refusal::invalid("place", "经纬度应为数字。", "请填十进制度，如 121.1142。")),
        }
    };
    let (lng, lat) = (number("lng")?, number("lat")?);
    let crs = fields.remove("crs").and_then(|c| c.as_str().map(str::to_owned));
    point_of(lng, lat, crs.as_deref())
}

/// Forms send empty strings for what was not filled in.
pub(crate) fn drop_empty(json: &mut Value) {
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|_, v| !matches!(v, Value::String(s) if s.trim().is_empty()) && !v.is_null());
    }
}
