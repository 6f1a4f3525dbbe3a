//! Why a document cannot be printed.

use crate::Kind;
use typst::diag::SourceDiagnostic;
use typst::ecow::EcoVec;

/// Why a document cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// Mandatory fields are empty.
    #[error("《{}》缺少必填内容：{}", kind.title(), fields.join("、"))]
    Missing {
        /// The document.
        kind: Kind,
        /// The fields, named as on paper.
        fields: Vec<String>,
    },
    /// The fields are longer than a document may be.
    #[error("文书内容共{chars}字，超过{}字；请改作附件", crate::CHARS_MAX)]
    TooLong {
        /// How long they are.
        chars: usize,
    },
    /// No font with Chinese characters was handed in.
    #[error("没有可用的中文字体，无法制作文书。请在服务器上安装字体（见运维文档“字体”一节）后重试")]
    NoFonts,
    /// The address for the QR code is too long for one.
    #[error("核验网址太长，无法生成二维码：{0}")]
    Code(#[from] qrcode::types::QrError),
    /// This program does not have that template.
    #[error("没有《{}》第{version}版模板", kind.title())]
    NoTemplate {
        /// The document.
        kind: Kind,
        /// The version that was asked for.
        version: u16,
    },
    /// As many papers as the catalogue lists must be handed in.
    #[error("卷内目录列有{listed}件，交来装订的有{given}件")]
    Papers {
        /// How many the catalogue lists.
        listed: usize,
        /// How many came.
        given: usize,
    },
    /// A paper cannot be bound.
    #[error("卷内第{entry}件《{title}》不能装订：{reason}")]
    Paper {
        /// Its place in the catalogue, from one.
        entry: usize,
        /// Its title.
        title: String,
        /// Why.
        reason: String,
    },
    /// Text would lie outside the page, where nobody can read it.
    #[error("第{page}页有内容排不下，请缩短或者分行后重试")]
    OffPage {
        /// The page, from one.
        page: usize,
    },
    /// The template and the model do not fit each other, or a font is broken: a fault of the program or of the machine.
    #[error("文书排版失败：{0}")]
    Layout(String),
}

impl PaperError {
    pub(crate) fn layout(errors: EcoVec<SourceDiagnostic>) -> Self {
        let messages: Vec<_> = errors.iter().map(|error| error.message.to_string()).collect();
        PaperError::Layout(messages.join("；"))
    }
}

impl From<serde_json::Error> for PaperError {
    fn from(error: serde_json::Error) -> Self {
        PaperError::Layout(error.to_string())
    }
}
