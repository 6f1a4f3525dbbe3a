//! All documents as one type, and the way from one to a PDF.

use crate::model::Model;
use crate::world::Desk;
use crate::{
    AssistanceReply, AssistanceRequest, Authorisation, AuthorisationKind, Bulletin, EvidenceTransfer, Fonts,
    GoodsHandover, JurisdictionPetition, JurisdictionTalks, LeadTransfer, Letter, Needs, PaperError, Refusal,
    RefusalKind, Template, text,
};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use typst::foundations::{Datetime, Smart};
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
}

/// A document on paper.
#[derive(Debug, Clone)]
pub struct Printed {
    /// The PDF (PDF/A-2u).
    pub pdf: Vec<u8>,
    /// The text of each page, as it stands on paper.
    pub pages: Vec<String>,
    /// Characters that no font has: printed as [`GAP`](crate::GAP) and to be filled in by hand. Tell the reader.
    pub lacking: Vec<char>,
}

impl Document {
    /// The name of the document as it is printed.
    pub fn title(&self) -> &'static str {
        match self {
            Document::Refusal(refusal) => match refusal.kind {
                RefusalKind::Return => "退回函",
                RefusalKind::NoAssistance => "不予协助复函",
            },
            Document::Authorisation(authorisation) => match authorisation.kind {
                AuthorisationKind::Authorise => "异地执法授权函",
                AuthorisationKind::Consent => "异地执法同意函",
            },
            _ => self.kind().title(),
        }
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

    /// Prints the document with a template. The same model, template and fonts give the same bytes.
    ///
    /// # Errors
    /// When mandatory fields are empty, the template is for another kind, the text is too long or there are no fonts.
    pub fn print(&self, template: &Template, fonts: &Fonts) -> Result<Printed, PaperError> {
        if template.kind != self.kind() {
            return Err(PaperError::NoTemplate { kind: self.kind(), version: template.version });
        }
        self.check()?;
        fonts.suffice()?;
        let mut model = serde_json::to_value(self)?;
        let lacking = text::printable(&mut model, fonts)?;
        let number = self.number();
        let data = json!({
            "doc": model,
            "title": self.title(),
            "draft": number.is_none(),
            "template": format!("{}/{}", template.file.trim_end_matches(".typ"), template.version),
            // A draft cannot be checked by anybody yet.
            "qr": self.model().check_url().filter(|_| number.is_some()).map(code).transpose()?,
        });
        let laid_out = Desk::new(fonts, template, serde_json::to_vec(&data)?)?.lay_out()?;
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
            standards: PdfStandards::new(&[PdfStandard::A_2u])
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
