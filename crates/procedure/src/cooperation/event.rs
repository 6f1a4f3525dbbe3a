//! What happened to a shared matter at this node. Kept for ever: fields are only ever added, with a default.

use super::act::Act;
use super::state::{Clock, Term};
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId, NodeCode, PersonCode, SharedId, UnitCode};
use serde::{Deserialize, Serialize};

/// What happened. Stream entries are kept as texts, exactly as their authors wrote them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the commands; at is when it was decided")]
pub enum Event {
    /// 拟稿 of the letter that opens the matter.
    Begun {
        form: Form,
        id: SharedId,
        act: Box<Act>,
        by: PersonCode,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitCode>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<DocketId>,
        /// It asks to verify evidence of the matter that it is linked to, which is of this form.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verifies: Option<Form>,
        at: Timestamp,
    },
    /// 拟稿 of a further letter, or a draft written anew.
    Drafted { act: Box<Act>, by: PersonCode, at: Timestamp },
    /// 审核.
    Reviewed {
        by: PersonCode,
        agreed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<PartRef>,
        at: Timestamp,
    },
    /// Not signed: back to whoever drafted it.
    NotSigned { by: PersonCode, note: PartRef, at: Timestamp },
    /// The draft was given up.
    Discarded { by: PersonCode, at: Timestamp },
    /// 签发, or what needs no letter: said to the others.
    Said {
        entry: String,
        to: Vec<NodeCode>,
        list: Digest,
        basis: String,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        urgent: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonCode>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        clocks: Vec<Clock>,
        /// Parts that are erased here by it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        erased: Vec<Digest>,
        at: Timestamp,
    },
    /// Another member said something.
    Heard {
        me: NodeCode,
        form: Form,
        entry: String,
        envelope: Digest,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        clocks: Vec<Clock>,
        /// The moment that counts instead of the one that it names, which lies outside what the list allows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counts: Option<Timestamp>,
        /// Who pursues it here: of an own matter that came back after a restore, whoever it names as its contact.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        drafter: Option<PersonCode>,
        /// Parts that are erased here by it: it came back after a restore.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        erased: Vec<Digest>,
        at: Timestamp,
    },
    /// To a unit or person here.
    Assigned { unit: UnitCode, person: PersonCode, by: PersonCode, at: Timestamp },
    /// The local matter that it became.
    Linked { docket: DocketId, at: Timestamp },
    /// The assistance that asks to verify a file of this matter on site.
    Verifying { docket: DocketId, at: Timestamp },
    /// A file of another member came into custody.
    Arrived { exhibit: ExhibitRef, at: Timestamp },
    /// Another member fetched a file of ours.
    Served { exhibit: Digest, to: NodeCode, at: Timestamp },
    /// A share of the term is gone.
    Warned { term: Term, percent: u16, told: Vec<PersonCode>, at: Timestamp },
    /// The term ran out: the own leader is told.
    Expired { term: Term, told: Vec<PersonCode>, at: Timestamp },
    /// Still not done: a superior is to be told.
    Escalated { term: Term, to: String, at: Timestamp },
}
