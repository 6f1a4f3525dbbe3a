//! The register of things in custody over all cases, a thing with its chain of custody, and stock-taking.

mod count;
mod list;

pub use count::{CountView, CountedThing, SurplusView};
pub(crate) use count::{internal, tell};
pub(crate) use list::details;
pub use list::{GoodsPage, GoodsQuery, LinkView, ThingItem, ThingView};
