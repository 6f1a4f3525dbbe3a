//! Working together with other members: what people here do with shared matters, and what they see of them.

pub(crate) mod agreed;
mod ask;
mod overview;
pub(crate) mod tell;
mod view;

pub(crate) use ask::internal;
pub use overview::{CooperationQuery, CooperationRow, Flow, Overview, PairFigures, Side, partner_of};
pub use view::{DeliveryView, DraftView, FileView, LetterView, MemberView, SharedView, StepView};
