//! Opening a shared matter.

use crate::sequencer::{Done, Step, Submission, To};
use crate::{App, Caller};
use lianzhi_ids::Digest;
use lianzhi_procedure::cooperation::file_of;
use lianzhi_procedure::{Actor, AnyCommand, ExhibitRef, Kind, LookUps, Refusal};
use serde_json::Value;

impl App {
    /// Opens a matter with other members: `json` is the command that begins it, `{"command": "begin", …}`. Nothing leaves
    /// before it is signed.
    ///
    /// # Errors
    /// The procedure's refusal.
    pub async fn open_shared(
        &self,
        who: &Caller,
        kind: Kind,
        json: Value,
        key: Option<String>,
    ) -> Result<Done, Refusal> {
        if !who.has_scope("write") {
            return Err(Refusal::forbidden("scope", "这个令牌不能办理。", "请用含 write 权限的令牌。"));
        }
        let key = Self::kept_key(who, key, json.to_string().as_bytes())?;
        let mut command = kind.command(json)?;
        if kind.hear(String::new(), Digest::ZERO).is_none() {
            return Err(Refusal::invalid("command", "这不是协作事项。", "请选择一种协作形式。"));
        }
        let look_ups = self.prepare_shared(who, None, &mut command).await?;
        let look_ups = self.with_signature(&command, look_ups)?;
        let parts = self.seal(&mut command)?;
        let steps = vec![Step { look_ups, parts, ..Step::new(To::New(kind), command) }];
        self.inner
            .sequencer
            .submit(Submission { actor: who.actor.clone(), steps, key, extra: Value::Null })
            .await
    }

    /// Gives a command of the node itself to a shared matter: a file arrived, which its entry cites, or a file was fetched.
    pub(super) async fn tell(
        &self,
        docket: lianzhi_ids::DocketId,
        command: AnyCommand,
        exhibits: Vec<ExhibitRef>,
    ) {
        let look_ups = LookUps { exhibits, ..LookUps::default() };
        let steps = vec![Step { look_ups, ..Step::new(To::Docket(docket), command) }];
        let submission = Submission { actor: Actor::System, steps, key: None, extra: Value::Null };
        if let Err(refusal) = self.inner.sequencer.submit(submission).await {
            tracing::warn!(%docket, %refusal, "not recorded in the shared matter");
        }
    }

    /// The shared matter in a docket, as it stands.
    pub(super) async fn shared_file(
        &self,
        docket: lianzhi_ids::DocketId,
    ) -> Result<Option<lianzhi_procedure::cooperation::File>, crate::ports::StoreError> {
        let mut lives = self.inner.shared.lives(&self.inner.store, &[docket]).await?;
        Ok(lives.remove(&docket).and_then(|live| file_of(&live.state).cloned()))
    }
}
