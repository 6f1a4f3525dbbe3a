//! All documents as one type, and the way from one to a PDF.

use crate::model::Model;
use crate::text::Gap;
use crate::world::Desk;
use crate::{
    Advice, Amendment, Approval, AssistanceReply, AssistanceRequest, Authorisation, Bulletin, Closing,
    Commitment, CorrectionOrder, CourtApplication, CrimeTransfer, DefenceReview, Demand, DemolitionNotice,
    Discussion, Enforcement, EvidenceTransfer, ExecutionAgreement, ExecutionStop, Filing, Fonts,
    GoodsHandover, HearingRecord, HearingReport, HearingSummons, InquiryNotice, Inspection, Interview,
    InvestigationReport, JurisdictionPetition, JurisdictionTalks, LeadCheck, LeadTransfer, LegalReview,
    Letter, Needs, NoPenaltyDecision, OnSpotDecision, PanelOpinion, PaperError, PaymentPlan, PenaltyDecision,
    PenaltyNotice, Preservation, PreservationDecision, Refusal, Revocation, Sampling, Seizure,
    ServiceConfirmation, ServiceReceipt, Statement, Template, Tip, Volume, WarningSlip, text,
};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use typst::foundations::{Bytes, Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Names the documents once: variant, model, title.
macro_rules! documents {
    ($($(#[doc = $doc:literal])* $name:ident = $title:literal;)*) => {
        /// Which document.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[doc = $doc])* $name,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &[Kind] = &[$(Kind::$name,)*];

            /// The name of the document, as people call it.
            pub const fn title(self) -> &'static str {
                match self { $(Kind::$name => $title,)* }
            }
        }

        /// A document, filled in.
        #[derive(Debug, Clone, Serialize)]
        #[serde(untagged)]
        pub enum Document { $($(#[doc = $doc])* $name($name),)* }

        impl Document {
            /// Which document it is.
            pub const fn kind(&self) -> Kind {
                match self { $(Document::$name(_) => Kind::$name,)* }
            }

            fn model(&self) -> &dyn Model {
                match self { $(Document::$name(model) => model,)* }
            }
        }

        $(impl From<$name> for Document {
            fn from(model: $name) -> Self {
                Document::$name(model)
            }
        })*
    };
}

documents! {
    /// A lead or a case goes to the agency that has the power over it.
    LeadTransfer = "案件移送函";
    /// Another agency is asked to help.
    AssistanceRequest = "协助调查函";
    /// What the help brought.
    AssistanceReply = "协助调查复函";
    /// Agencies talk about who has the power.
    JurisdictionTalks = "管辖协商记录";
    /// The common superior is asked who has the power.
    JurisdictionPetition = "指定管辖请示";
    /// Evidence goes from one agency to another.
    EvidenceTransfer = "证据移交清单";
    /// Seized or kept things go from one agency to another.
    GoodsHandover = "涉案物品交接单";
    /// Neighbours are warned.
    Bulletin = "执法预警通报";
    /// A matter goes back, or help is refused.
    Refusal = "退回（不予协助）函";
    /// Whatever else agencies write to each other.
    Letter = "函";
    /// Officers may act outside their own area.
    Authorisation = "异地执法授权（同意）函";
    /// A lead is registered and checked.
    LeadCheck = "案件线索登记（核查）表";
    /// A case is opened, or not.
    Filing = "立案（不予立案）审批表";
    /// A step within a case is approved.
    Approval = "行政执法事项审批表";
    /// What was found at a place.
    Inspection = "现场检查（勘验）笔录";
    /// Somebody is asked to come and answer.
    InquiryNotice = "调查询问通知书";
    /// Questions and answers.
    Interview = "调查询问笔录";
    /// Samples are drawn.
    Sampling = "抽样取证通知书";
    /// Evidence that may be lost is preserved.
    Preservation = "先行登记保存证据通知书";
    /// What becomes of what was preserved.
    PreservationDecision = "先行登记保存证据处理决定书";
    /// Places or things are sealed or taken, longer, no longer.
    Seizure = "查封（扣押）决定书";
    /// Somebody has to put something right.
    CorrectionOrder = "责令（限期）改正通知书";
    /// What the investigation brought.
    InvestigationReport = "案件调查终结报告";
    /// A lawyer looked at it.
    LegalReview = "重大执法决定法制审核意见书";
    /// The heads of the agency decide together.
    Discussion = "集体讨论记录";
    /// What a panel of citizens thinks.
    PanelOpinion = "群众公议意见书";
    /// What penalty is meant, and what rights there are.
    PenaltyNotice = "行政处罚事先告知书";
    /// When and where the hearing is.
    HearingSummons = "听证通知书";
    /// What was said at the hearing.
    HearingRecord = "听证笔录";
    /// What the chair makes of it.
    HearingReport = "听证报告";
    /// What the party says.
    Statement = "陈述申辩笔录";
    /// What is made of it.
    DefenceReview = "陈述申辩复核意见书";
    /// The penalty, by the ordinary procedure.
    PenaltyDecision = "行政处罚决定书";
    /// The penalty, on the spot.
    OnSpotDecision = "当场行政处罚决定书";
    /// No penalty.
    NoPenaltyDecision = "不予行政处罚决定书";
    /// Where documents reach the party.
    ServiceConfirmation = "送达地址（电子送达）确认书";
    /// How a document was served.
    ServiceReceipt = "送达回证";
    /// A fine may be paid later or in parts.
    PaymentPlan = "同意延期（分期）缴纳罚款通知书";
    /// A duty is called in.
    Demand = "履行义务催告书";
    /// Something is to be pulled down; everybody may know.
    DemolitionNotice = "限期拆除公告";
    /// A duty is enforced.
    Enforcement = "行政强制执行（代履行）决定书";
    /// The court is asked to enforce.
    CourtApplication = "强制执行申请书";
    /// A duty is performed by agreement instead of by force.
    ExecutionAgreement = "行政强制执行协议书";
    /// Enforcement rests, or is over.
    ExecutionStop = "中止（终结）执行通知书";
    /// A decision does not stand any more.
    Revocation = "撤销（变更）行政处罚决定书";
    /// A slip of the pen is put right.
    Amendment = "文书更正（补正）通知书";
    /// A case is closed.
    Closing = "结案审批表";
    /// A crime is for the police.
    CrimeTransfer = "涉嫌犯罪案件移送书";
    /// Advice without force.
    Advice = "执法建议书";
    /// The party promises to put it right.
    Commitment = "改正承诺书";
    /// A friendly word.
    Tip = "温馨提示单";
    /// A serious word.
    WarningSlip = "警示单";
    /// The file: cover, catalogue, final sheet.
    Volume = "行政执法案卷";
}

/// What is put on a document besides what its model says.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// It was voided and is kept: every page is marked 作废.
    pub voided: bool,
    /// Signatures drawn on a screen: whose (`party`, `witness`, `officer`, `second`, `recorder`) and the picture as PNG. They are
    /// printed in the places for these signatures, where the document has them.
    pub signatures: Vec<(&'static str, Vec<u8>)>,
    /// A picture of the agency's seal as PNG, printed over its name and the date where the document has a place for the seal.
    pub seal: Option<Vec<u8>>,
}

/// Finished papers that are put between the pages of a document.
#[derive(Default)]
pub(crate) struct Bound {
    /// Their files, by the names that `papers` uses.
    pub files: Vec<(String, Bytes)>,
    /// One for each page: `file`, `page` from one, `title`.
    pub papers: Vec<Value>,
}

/// A document on paper.
#[derive(Debug, Clone)]
pub struct Printed {
    /// The PDF: PDF/A-2u, but for a bound file, which is PDF 1.7.
    pub pdf: Vec<u8>,
    /// The text of each page, as it stands on paper.
    pub pages: Vec<String>,
    /// Characters that no font has: printed as [`GAP`](crate::GAP) and to be filled in by hand. Tell the reader.
    pub lacking: Vec<char>,
}

impl Document {
    /// The name of the document as it is printed.
    pub fn title(&self) -> &'static str {
        self.model().title().unwrap_or_else(|| self.kind().title())
    }

    /// The number it bears; `None` for a draft.
    pub fn number(&self) -> Option<String> {
        self.model().number()
    }

    /// Whether all that the law wants is filled in.
    ///
    /// # Errors
    /// [`PaperError::Missing`] with the names of all mandatory fields that are empty.
    pub fn check(&self) -> Result<(), PaperError> {
        let mut needs = Needs::default();
        self.model().needs(&mut needs);
        let fields = needs.into_missing();
        if fields.is_empty() { Ok(()) } else { Err(PaperError::Missing { kind: self.kind(), fields }) }
    }

    /// The characters of the document that no font has, each once with the words in which it stands. On paper they would be gaps
    /// ([`GAP`](crate::GAP)): whoever hands the paper out is told before.
    ///
    /// # Errors
    /// [`PaperError`] when the document cannot be read as data, or there are no fonts at all.
    pub fn lacking(&self, fonts: &Fonts) -> Result<Vec<Gap>, PaperError> {
        fonts.suffice()?;
        Ok(text::gaps(&serde_json::to_value(self)?, fonts))
    }

    /// Prints the document with a template. The same model, template and fonts give the same bytes.
    ///
    /// # Errors
    /// When mandatory fields are empty, the template is for another kind, the text is too long or there are no fonts.
    pub fn print(&self, template: &Template, fonts: &Fonts) -> Result<Printed, PaperError> {
        self.print_with(template, fonts, Extras::default())
    }

    /// The same with what is put on it besides.
    ///
    /// # Errors
    /// As [`Document::print`].
    pub fn print_with(
        &self,
        template: &Template,
        fonts: &Fonts,
        extras: Extras,
    ) -> Result<Printed, PaperError> {
        self.set(template, fonts, Bound::default(), extras)
    }

    pub(crate) fn set(
        &self,
        template: &Template,
        fonts: &Fonts,
        mut bound: Bound,
        extras: Extras,
    ) -> Result<Printed, PaperError> {
        if template.kind != self.kind() {
            return Err(PaperError::NoTemplate { kind: self.kind(), version: template.version });
        }
        self.check()?;
        fonts.suffice()?;
        let mut model = serde_json::to_value(self)?;
        let lacking = text::printable(&mut model, fonts)?;
        let number = self.number();
        let mut signatures = serde_json::Map::new();
        for (whose, picture) in extras.signatures {
            let file = format!("signature-{whose}.png");
            signatures.insert(whose.into(), json!(file));
            bound.files.push((file, Bytes::new(picture)));
        }
        let seal = extras.seal.map(|picture| {
            let file = "seal.png";
            bound.files.push((file.into(), Bytes::new(picture)));
            file
        });
        let data = json!({
            "voided": extras.voided,
            "seal": seal,
            "signatures": signatures,
            "papers": &bound.papers,
            "doc": model,
            "title": self.title(),
            "draft": self.model().draft(),
            "template": format!("{}/{}", template.file.trim_end_matches(".typ"), template.version),
            // A draft cannot be checked by anybody yet.
            "qr": self.model().check_url().filter(|_| !self.model().draft()).map(code).transpose()?,
        });
        // A PDF inside another is nothing that the archival profile provides for.
        let standards: &[PdfStandard] = if bound.papers.is_empty() { &[PdfStandard::A_2u] } else { &[] };
        let laid_out = Desk::new(fonts, template, serde_json::to_vec(&data)?, bound.files)?.lay_out()?;
        let mut pages = Vec::new();
        for (index, page) in laid_out.pages().iter().enumerate() {
            let (text, whole) = text::read(&page.frame);
            if !whole {
                return Err(PaperError::OffPage { page: index + 1 });
            }
            pages.push(text);
        }
        let options = PdfOptions {
            ident: Smart::Custom(format!(
                "{} {} {}",
                data.get("template").and_then(Value::as_str).unwrap_or_default(),
                number.unwrap_or_default(),
                self.model().date(),
            )),
            creator: Smart::Custom(Some(format!("Lianzhi {}", env!("CARGO_PKG_VERSION")))),
            timestamp: midnight(self.model().date()),
            standards: PdfStandards::new(standards)
                .map_err(|error| PaperError::Layout(error.message().to_string()))?,
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&laid_out, &options).map_err(PaperError::layout)?;
        Ok(Printed { pdf, pages, lacking })
    }
}

/// Midnight in Beijing: a document bears a day and no hour.
fn midnight(date: Date) -> Option<Timestamp> {
    let month = date.month().try_into().ok()?;
    let day = date.day().try_into().ok()?;
    Timestamp::new_local(Datetime::from_ymd_hms(i32::from(date.year()), month, day, 0, 0, 0)?, 8 * 60)
}

/// The address of the public check page as a QR code. Level M still reads when a stamp or a fold spoils some of it.
fn code(url: &str) -> Result<String, qrcode::types::QrError> {
    let code = qrcode::QrCode::with_error_correction_level(url.as_bytes(), qrcode::EcLevel::M)?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().quiet_zone(false).build())
}
