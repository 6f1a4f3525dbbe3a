//! The compact (协作机制): who the members are, with which keys, and what they agreed to exchange.

mod keys;
mod list;
mod member;
mod roster;

pub use keys::Standing;
pub use list::{Form, LIST_ID_CHARS_MAX, ListEntry, Shared};
pub use member::{Level, Liaison, Member, MemberKey, Pair};
pub use roster::{Epoch, Roster};
