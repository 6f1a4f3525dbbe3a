//! What people here do with the compact.

use crate::shared::unavailable;
use crate::{App, Caller, Done};
use lianzhi_exchange::compact::{Card, Change, Level, ListEntry, Member, MemberKey, Notice};
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_procedure::compact::CHARTER;
use lianzhi_procedure::{Kind, Refusal};
use serde_json::json;

/// Longest pasted card, bytes.
const CARD_BYTES_MAX: usize = 32 << 10;

fn bad_card(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::invalid("card", format!("名片不能使用：{error}。"), "请对方重新复制完整的名片。")
        .from_source(CHARTER)
}

/// The level that a code of a division says.
fn level_of(node: &NodeCode) -> Level {
    let code = node.as_str();
    match (code.get(2..4), code.get(4..6)) {
        (Some("00"), _) => Level::Province,
        (_, Some("00")) => Level::City,
        _ => Level::District,
    }
}

impl App {
    /// This agency as it would stand in the roster, signed: what other members are given.
    ///
    /// # Errors
    /// When the node has no key for the exchange, or no address is set.
    pub async fn own_card(&self) -> Result<Card, Refusal> {
        let key = self.exchange_key().ok_or_else(|| {
            Refusal::conflict("no-key", "本节点没有交换密钥。", "请管理员生成交换密钥后重新启动节点。")
        })?;
        let directory = self.directory();
        let (settings, node) = (&directory.settings, directory.node.clone());
        let folded = self.compact().await.map_err(|e| unavailable(&e))?;
        let file = folded.as_ref().and_then(|f| f.file());
        let roster = file.and_then(|f| f.roster()).or_else(|| directory.exchange_roster().map(|r| &**r));
        let known = roster.and_then(|r| r.member(&node)).cloned();
        // A key is no older than the node; what it signed counts from the beginning.
        let fresh = MemberKey { key: key.public().clone(), from: jiff::Timestamp::UNIX_EPOCH, until: None };
        let own = &settings.card;
        // What is not set here is as the members of the compact in force know it.
        let or_known = |own: &[String], known: Option<&[String]>| match own {
            [] => known.unwrap_or_default().to_vec(),
            own => own.to_vec(),
        };
        let member = Member {
            name: settings.agency.clone(),
            level: own.level.or(known.as_ref().map(|m| m.level)).unwrap_or_else(|| level_of(&node)),
            superior: match (own.superior.as_str(), &known) {
                ("", Some(known)) => known.superior.clone(),
                (own, _) => own.to_owned(),
            },
            addresses: or_known(&own.addresses, known.as_ref().map(|m| m.addresses.as_slice())),
            liaisons: match (own.liaisons.as_slice(), &known) {
                ([], Some(known)) => known.liaisons.clone(),
                (own, _) => own.to_vec(),
            },
            keys: known.map_or_else(|| vec![fresh], |m| m.keys),
            log_key: self.log().verifier_key().to_string(),
            witness_key: self.witness_key().map_err(|e| unavailable(&e))?.to_string(),
            signatory: !own.silent,
            node: node.clone(),
        };
        let after = file.map_or(0, |f| f.ledger.next(&node));
        let card = Card::sign(member, after, self.now(), key.as_ref()).map_err(|e| bad_card(&e))?;
        card.verify().map_err(|error| {
            Refusal::conflict(
                "card",
                format!("名片还不完整：{error}。"),
                "请管理员在“本机关名片”里填写交换地址等内容。",
            )
        })?;
        Ok(card)
    }

    /// A card from the text that another member gave.
    ///
    /// # Errors
    /// When it is no card, or not signed by a key that is in it.
    pub fn read_card(text: &str) -> Result<Card, Refusal> {
        if text.len() > CARD_BYTES_MAX {
            return Err(bad_card(&"内容过长"));
        }
        let card: Card =
            serde_json::from_str(text.trim()).map_err(|_| bad_card(&"内容不是名片，或不完整"))?;
        card.verify().map_err(|e| bad_card(&e))?;
        Ok(card)
    }

    /// Founds a compact: its first version, with these members, this node among them.
    ///
    /// # Errors
    /// The procedure's refusal, or what is wrong with this node's own card.
    pub async fn found(
        &self,
        who: &Caller,
        title: &str,
        k: u8,
        cards: Vec<Card>,
        entries: Vec<ListEntry>,
    ) -> Result<Done, Refusal> {
        let own = self.own_card().await?;
        let mut changes = vec![Change::SetTitle { title: title.trim().into() }, Change::SetK { k }];
        let others = cards.into_iter().filter(|card| card.member.node != own.member.node);
        let cards = std::iter::once(own.clone()).chain(others);
        changes.extend(cards.map(|card| Change::PutMember { card: Box::new(card) }));
        changes.extend(entries.into_iter().map(|entry| Change::PutEntry { entry: Box::new(entry) }));
        let command = json!({ "command": "found", "changes": changes });
        self.open_shared(who, Kind::Compact, command, None).await
    }

    /// Proposes changes of the version in force.
    ///
    /// # Errors
    /// The procedure's refusal.
    pub async fn propose(&self, who: &Caller, changes: Vec<Change>) -> Result<Done, Refusal> {
        let id = self.compact_id().await?;
        self.command(who, id, json!({ "command": "propose", "changes": changes }), None, None).await
    }

    /// Gives a command to the compact, as its pages and the interface do.
    ///
    /// # Errors
    /// The procedure's refusal.
    pub async fn compact_command(&self, who: &Caller, command: serde_json::Value) -> Result<Done, Refusal> {
        let id = self.compact_id().await?;
        self.command(who, id, command, None, None).await
    }

    /// Announces the newest of this node's own keys, cross-signed by the one that the roster names. It begins to count a
    /// minute later: the announcement itself is signed by the key before.
    ///
    /// # Errors
    /// When there is no newer key, or the procedure's refusal.
    pub async fn rotate_key(&self, who: &Caller) -> Result<Done, Refusal> {
        let id = self.compact_id().await?;
        let none = || {
            Refusal::conflict(
                "no-new-key",
                "本节点没有新的交换密钥。",
                "请管理员先生成新密钥并重新启动节点，再发更换通知。",
            )
        };
        let keys = self.inner.shared.keys().exchange_keys();
        let (Some(old), Some(new)) = (self.exchange_key(), keys.last()) else { return Err(none()) };
        if old.public() == new.public() {
            return Err(none());
        }
        let from = self.now() + jiff::SignedDuration::from_mins(1);
        let key = MemberKey { key: new.public().clone(), from, until: None };
        let node = self.config().node.clone();
        let notice = Notice::rotate(&node, key, old.as_ref())
            .map_err(|e| Refusal::conflict("no-key", format!("不能签名：{e}"), "请管理员检查交换密钥。"))?;
        let Notice::RotateKey { key, signature } = notice else { return Err(none()) };
        let command = json!({ "command": "rotate_key", "key": key, "signature": signature });
        self.command(who, id, command, None, None).await
    }

    /// Whether this node has a newer key of its own than the one that the members know.
    #[must_use]
    pub fn has_newer_key(&self) -> bool {
        let newest = self.inner.shared.keys().exchange_keys().last();
        let used = self.exchange_key();
        newest.zip(used).is_some_and(|(newest, used)| newest.public() != used.public())
    }

    async fn compact_id(&self) -> Result<DocketId, Refusal> {
        let folded = self.compact().await.map_err(|e| unavailable(&e))?;
        folded.map(|folded| folded.docket).ok_or_else(|| Refusal::missing("还没有协作机制。"))
    }
}
