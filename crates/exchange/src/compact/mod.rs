//! The compact (协作机制): who the members are, with which keys, and what they agreed to exchange.
//!
//! It is a shared docket in which members say [`Act`]s. [`Ledger`] keeps what all of them said; which epochs are in force
//! follows from it by a pure function ([`Compact`]), whatever the order of arrival.

mod act;
mod card;
mod change;
mod check;
mod epoch;
mod keys;
mod ledger;
mod list;
mod member;
mod proposal;
mod roster;
mod voice;

pub use act::{Act, Countersignature, DOMAIN_COUNTERSIGN, Notice, NoticeFault};
pub use card::{Card, CardError};
pub use change::Change;
pub use check::{
    ADDRESS_CHARS_MAX, ADDRESSES_MAX, ENTRIES_MAX, EntryFault, KEYS_MAX, LIAISONS_MAX, MEMBERS_MAX,
    MemberFault, NAME_CHARS_MAX, PAIRS_MAX, PURPOSE_CHARS_MAX, TERM_DAYS_MAX,
};
pub use epoch::{EPOCH_VERSION, Epoch, EpochFault, SealedEpoch};
pub use keys::Standing;
pub use ledger::{Compact, Ledger, Phase, Proposed, Step, Void};
pub use list::{Form, LIST_ID_CHARS_MAX, ListEntry, Shared};
pub use member::{Level, Liaison, Member, MemberKey, Pair};
pub use proposal::{Agreed, CHANGES_MAX, ChangeError, Former, Proposal, apply};
pub use roster::Roster;
pub use voice::DoubleSigning;
