//! The templates and their versions.

use crate::{Kind, PaperError};

/// What all templates share.
pub(crate) const BASE: &str = include_str!("../templates/base.typ");

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
