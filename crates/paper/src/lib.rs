//! Official documents: a model and the version of a template make a PDF, the same bytes every time.
//!
//! Nothing here knows a clock, a database or the network. Fonts are loaded once by the caller ([`Fonts`]), dates and numbers stand
//! in the model. Values reach the template as data and never as source, so that no text can act as markup.
//!
//! The layout follows GB/T 9704-2012 (党政机关公文格式): letters in its 信函格式, petitions and bulletins in its general format,
//! lists and records as forms. The documents of a penalty case follow its typefaces, numbers, dates and place of the seal: notices
//! and decisions to a [`Subject`] under a [`Head`], internal forms and records under a [`Sheet`]. [`Volume::bind`] makes one PDF of
//! a case.
//!
//! ```
//! use lianzhi_paper::{Document, Fonts, PaperError, Printed, Template};
//!
//! fn print(document: &Document, fonts: &Fonts) -> Result<Printed, PaperError> {
//!     document.print(Template::current(document.kind())?, fonts)
//! }
//! ```

mod bind;
mod case;
mod document;
mod error;
mod fonts;
mod model;
mod money;
mod needs;
mod number;
mod parts;
mod template;
mod text;
mod world;

pub use bind::{join, notes, page_count};
pub use case::{
    Approvals, Body, Discretion, Due, Item, Opinion, Paper, Payment, Penalties, Penalty, Remedy, RemedyTerms,
    Sheet, Span, Subject, Unsigned, Violation,
};
pub use document::{Document, Extras, Kind, Printed};
pub use error::PaperError;
pub use fonts::{Face, Fonts, Missing};
pub use model::{
    Advice, Amendment, Answer, Approval, AssistanceReply, AssistanceRequest, Attendant, Authorisation,
    AuthorisationKind, Ballot, Bench, Bulletin, Channel, Claim, Closing, Collected, Commitment, Correct,
    CorrectionOrder, CourtApplication, CrimeTransfer, Deadline, DefenceReview, Delivery, Demand,
    DemolitionNotice, Discussion, Disobeyed, Disposal, Ending, Enforcement, EnforcementWay, Entry,
    EvidenceTransfer, ExecutionAgreement, ExecutionStop, Filing, FilingKind, Finding, Followed, Forwarded,
    Found, Goods, GoodsHandover, Handover, Heard, HearingRecord, HearingReport, HearingRight, HearingSummons,
    InquiryNotice, Inspection, InspectionKind, Instalment, Interview, InvestigationReport,
    JurisdictionPetition, JurisdictionTalks, LeadCheck, LeadTransfer, LegalReview, Letter, Measure,
    NoPenaltyDecision, NoPenaltyGround, Notified, OWN, OnSpotDecision, Outcome, Owed, PanelOpinion,
    PaymentPlan, PenaltyDecision, PenaltyNotice, Preservation, PreservationDecision, Refusal, RefusalKind,
    Request, Respondent, ReviewPoints, Revocation, Sampling, Seizure, SeizureAct, Served, Service,
    ServiceConfirmation, ServiceReceipt, Source, Speech, SpotPayment, Statement, Step, Stop, Then, Tip,
    TransferReason, Unfinished, Verdict, View, Volume, WarningSlip,
};
pub use money::Money;
pub use needs::Needs;
pub use number::{Number, NumberError};
pub use parts::{Check, Contact, Evidence, Head, Marks, Material, Officer, Party};
pub use template::Template;
pub use text::{CHARS_MAX, GAP, Gap};

use std::path::{Path, PathBuf};

/// Where `scripts/need fonts` and Debian put fonts: for the whole machine, and for one user below `home`.
pub fn font_folders(home: Option<&Path>) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("/usr/local/share/fonts"), PathBuf::from("/usr/share/fonts")];
    folders.extend(home.map(|home| home.join(".local/share/fonts")));
    folders
}
