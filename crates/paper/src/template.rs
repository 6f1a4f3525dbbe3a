//! The templates and their versions.

use crate::{Kind, PaperError};

/// What all templates share.
pub(crate) const BASE: &str = include_str!("../templates/base.typ");
/// What the templates of penalty cases share.
pub(crate) const CASE: &str = include_str!("../templates/case.typ");

/// One version of one template. Once documents were issued with a version it is not changed any more in what it prints: a new
/// one is added below it, so that a draft that is open keeps its looks.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// The document that it prints.
    pub kind: Kind,
    /// Counts from one.
    pub version: u16,
    pub(crate) file: &'static str,
    pub(crate) source: &'static str,
}

macro_rules! template {
    ($kind:ident, $version:literal, $file:literal) => {
        Template {
            kind: Kind::$kind,
            version: $version,
            file: $file,
            source: include_str!(concat!("../templates/", $file)),
        }
    };
}

const TEMPLATES: &[Template] = &[
    template!(LeadTransfer, 1, "lead_transfer.typ"),
    template!(AssistanceRequest, 1, "assistance_request.typ"),
    template!(AssistanceReply, 1, "assistance_reply.typ"),
    template!(JurisdictionTalks, 1, "jurisdiction_talks.typ"),
    template!(JurisdictionPetition, 1, "jurisdiction_petition.typ"),
    template!(EvidenceTransfer, 1, "evidence_transfer.typ"),
    template!(GoodsHandover, 1, "goods_handover.typ"),
    template!(Bulletin, 1, "bulletin.typ"),
    template!(Refusal, 1, "refusal.typ"),
    template!(Letter, 1, "letter.typ"),
    template!(Authorisation, 1, "authorisation.typ"),
    template!(LeadCheck, 1, "lead_check.typ"),
    template!(Filing, 1, "filing.typ"),
    template!(Approval, 1, "approval.typ"),
    template!(Inspection, 1, "inspection.typ"),
    template!(InquiryNotice, 1, "inquiry_notice.typ"),
    template!(Interview, 1, "interview.typ"),
    template!(Sampling, 1, "sampling.typ"),
    template!(Preservation, 1, "preservation.typ"),
    template!(PreservationDecision, 1, "preservation_decision.typ"),
    template!(Seizure, 1, "seizure.typ"),
    template!(CorrectionOrder, 1, "correction_order.typ"),
    template!(InvestigationReport, 1, "investigation_report.typ"),
    template!(LegalReview, 1, "legal_review.typ"),
    template!(Discussion, 1, "discussion.typ"),
    template!(PanelOpinion, 1, "panel_opinion.typ"),
    template!(PenaltyNotice, 1, "penalty_notice.typ"),
    template!(HearingSummons, 1, "hearing_summons.typ"),
    template!(HearingRecord, 1, "hearing_record.typ"),
    template!(HearingReport, 1, "hearing_report.typ"),
    template!(Statement, 1, "statement.typ"),
    template!(DefenceReview, 1, "defence_review.typ"),
    template!(PenaltyDecision, 1, "penalty_decision.typ"),
    template!(OnSpotDecision, 1, "on_spot_decision.typ"),
    template!(NoPenaltyDecision, 1, "no_penalty_decision.typ"),
    template!(ServiceConfirmation, 1, "service_confirmation.typ"),
    template!(ServiceReceipt, 1, "service_receipt.typ"),
    template!(PaymentPlan, 1, "payment_plan.typ"),
    template!(Demand, 1, "demand.typ"),
    template!(DemolitionNotice, 1, "demolition_notice.typ"),
    template!(Enforcement, 1, "enforcement.typ"),
    template!(CourtApplication, 1, "court_application.typ"),
    template!(ExecutionAgreement, 1, "execution_agreement.typ"),
    template!(ExecutionStop, 1, "execution_stop.typ"),
    template!(Revocation, 1, "revocation.typ"),
    template!(Amendment, 1, "amendment.typ"),
    template!(Closing, 1, "closing.typ"),
    template!(CrimeTransfer, 1, "crime_transfer.typ"),
    template!(Advice, 1, "advice.typ"),
    template!(Commitment, 1, "commitment.typ"),
    template!(Tip, 1, "tip.typ"),
    template!(WarningSlip, 1, "warning_slip.typ"),
    template!(Volume, 1, "volume.typ"),
];

impl Template {
    /// All versions of all templates.
    pub fn all() -> &'static [Template] {
        TEMPLATES
    }

    /// The version in which new documents are printed.
    ///
    /// # Errors
    /// [`PaperError::NoTemplate`] when there is none, which a test rules out.
    pub fn current(kind: Kind) -> Result<&'static Template, PaperError> {
        TEMPLATES
            .iter()
            .filter(|template| template.kind == kind)
            .max_by_key(|template| template.version)
            .ok_or(PaperError::NoTemplate { kind, version: 0 })
    }

    /// A certain version.
    ///
    /// # Errors
    /// [`PaperError::NoTemplate`] when this program does not know it.
    pub fn find(kind: Kind, version: u16) -> Result<&'static Template, PaperError> {
        TEMPLATES
            .iter()
            .find(|template| template.kind == kind && template.version == version)
            .ok_or(PaperError::NoTemplate { kind, version })
    }
}
