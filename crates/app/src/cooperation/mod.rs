//! Working together with other members: what people here do with shared matters, and what they see of them.

pub(crate) mod agreed;
mod ask;
mod by_ask;
mod digest;
mod draft;
mod each;
mod letters;
mod overview;
mod papers;
mod penalties;
#[cfg(test)]
mod printed;
mod received;
mod receivers;
mod related;
mod standing;
mod subject;
pub(crate) mod tell;
mod undelivered;
mod view;

pub(crate) use ask::internal;
pub use digest::Digest;
pub use draft::{DraftFile, DraftLetter, DraftView};
pub(crate) use letters::fonts;
pub use letters::{PrintedLetter, missing_fonts};
pub(crate) use overview::source_of;
pub use overview::{
    CooperationQuery, CooperationRow, Flow, Overview, PairFigures, Side, WaitsFor, partners_of,
};
pub use received::ReceivedView;
pub use related::Related;
pub use standing::{AnswerView, FilingView};
pub use undelivered::Undelivered;
pub use view::{DeliveryView, ErasureView, FileView, LetterView, MemberView, SharedView, StepView};
