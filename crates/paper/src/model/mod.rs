//! The documents, one module for each family. A new one is a struct here, a template beside the others, and a line in
//! each of the two lists: [`Document`](crate::Document) and `template::TEMPLATES`.

mod assistance;
mod authorisation;
mod bulletin;
mod crime;
mod decision;
mod enforcement;
mod execution;
mod filing;
mod handover;
mod hearing;
mod jurisdiction;
mod lead;
mod letter;
mod measure;
mod mending;
mod order;
mod panel;
mod record;
mod refusal;
mod review;
mod service;
mod slips;
mod volume;

pub use assistance::{AssistanceReply, AssistanceRequest, Forwarded, Outcome, Request, Unfinished};
pub use authorisation::{Authorisation, AuthorisationKind};
pub use bulletin::Bulletin;
pub use crime::CrimeTransfer;
pub use decision::{
    Correct, Heard, HearingRight, NoPenaltyDecision, NoPenaltyGround, Notified, PenaltyDecision,
    PenaltyNotice, Served,
};
pub use enforcement::{
    CourtApplication, Demand, Enforcement, EnforcementWay, Instalment, Owed, PaymentPlan, Then,
};
pub use execution::{DemolitionNotice, ExecutionAgreement, ExecutionStop, Stop};
pub use filing::{Approval, Closing, Ending, Filing, FilingKind, LeadCheck, Source, Step};
pub use handover::{EvidenceTransfer, Goods, GoodsHandover, Handover};
pub use hearing::{Bench, HearingRecord, HearingReport, HearingSummons, Speech};
pub use jurisdiction::{Attendant, Claim, JurisdictionPetition, JurisdictionTalks};
pub use lead::{LeadTransfer, TransferReason};
pub use letter::Letter;
pub use measure::{Disposal, Measure, Preservation, PreservationDecision, Sampling, Seizure, SeizureAct};
pub use mending::{Amendment, Revocation};
pub use order::{Advice, CorrectionOrder, Deadline, InquiryNotice};
pub use panel::{Ballot, PanelOpinion};
pub use record::{Answer, Inspection, InspectionKind, Interview, Respondent, Statement};
pub use refusal::{Refusal, RefusalKind};
pub use review::{
    DefenceReview, Discussion, Finding, Followed, Found, InvestigationReport, LegalReview, ReviewPoints,
    Verdict, View,
};
pub use service::{Channel, Delivery, Service, ServiceConfirmation, ServiceReceipt};
pub use slips::{Collected, Commitment, Disobeyed, OnSpotDecision, SpotPayment, Tip, WarningSlip};
pub use volume::{Entry, OWN, Volume};

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
    /// The name that is printed, where one model makes several documents.
    fn title(&self) -> Option<&'static str> {
        None
    }
    /// Whether it is marked as a draft: what goes out is one as long as it has no number.
    fn draft(&self) -> bool {
        self.number().is_none()
    }
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
