//! The documents, one module for each family. A new one is a struct here, a template beside the others, and a line in
//! each of the two lists: [`Document`](crate::Document) and `template::TEMPLATES`.

mod assistance;
mod authorisation;
mod bulletin;
mod handover;
mod jurisdiction;
mod lead;
mod letter;
mod refusal;

pub use assistance::{AssistanceReply, AssistanceRequest, Forwarded, Outcome, Request, Unfinished};
pub use authorisation::{Authorisation, AuthorisationKind};
pub use bulletin::Bulletin;
pub use handover::{EvidenceTransfer, Goods, GoodsHandover, Handover};
pub use jurisdiction::{Attendant, Claim, JurisdictionPetition, JurisdictionTalks};
pub use lead::{LeadTransfer, TransferReason};
pub use letter::Letter;
pub use refusal::{Refusal, RefusalKind};

use crate::Needs;
use jiff::civil::Date;

/// What every document can say of itself.
pub(crate) trait Model {
    /// Names the mandatory fields that are empty.
    fn needs(&self, needs: &mut Needs);
    /// The date it bears.
    fn date(&self) -> Date;
    /// The number it bears; `None` for a draft.
    fn number(&self) -> Option<String>;
    /// Address of the public page on which it can be checked.
    fn check_url(&self) -> Option<&str>;
}

/// For documents that stand under a [`Head`](crate::Head).
macro_rules! headed {
    () => {
        fn date(&self) -> jiff::civil::Date {
            self.head.date
        }
        fn number(&self) -> Option<String> {
            self.head.number.as_ref().map(ToString::to_string)
        }
        fn check_url(&self) -> Option<&str> {
            self.head.check.as_ref().map(|check| check.url.as_str())
        }
    };
}
pub(crate) use headed;
