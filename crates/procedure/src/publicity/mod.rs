//! What the public may know of penalty decisions, and what the three systems (三项制度: 行政执法公示、执法全过程记录、重大执法决定
//! 法制审核; 国办发〔2018〕118号) say of a matter. Pure: from the state of a docket and the law data.
//!
//! Nothing leaves by another way than [`PublicDecision`]: what has no field there is not published.

mod check;
mod decision;
mod mask;
mod record;

pub use check::{Checked, CheckedPaper, checked, paper_standing};
pub use decision::{PublicDecision, PublicItem, PublicParty, public_decision};
pub use mask::{Shown, scrub, shown};
pub use record::{Made, Record, Reviewed, Standing, record};
