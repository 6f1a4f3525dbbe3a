//! A letter in the making as its forms show it: to be reviewed, or to be written anew when it came back.

use super::tell::title;
use jiff::Timestamp;
use lianzhi_ids::Digest;
use lianzhi_procedure::PartRef;
use lianzhi_procedure::cooperation::{Act, File, Goods, Opening, Provenance};
use lianzhi_procedure::directory::Directory;
use serde::Serialize;

/// A letter in the making.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DraftView {
    /// What it will say, in a line.
    pub title: String,
    /// Name of the act.
    pub act: &'static str,
    /// Its text.
    pub text: Option<String>,
    /// What could not be done (reply).
    pub undone: Option<String>,
    /// Number of the own decision by which it was helped to enforce (reply).
    pub decision: Option<String>,
    /// Its files, with how they were taken.
    pub files: Vec<DraftFile>,
    /// The fields of a letter that will open the matter.
    pub letter: Option<DraftLetter>,
    /// Who drafted it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Who reviewed it.
    pub reviewed: Option<String>,
    /// Why it came back.
    pub sent_back: Option<String>,
}

/// A file of a letter in the making.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DraftFile {
    /// Digest, its name.
    pub digest: Digest,
    /// What it is.
    pub name: String,
    /// Who took it, each with the certificate.
    pub takers: Vec<String>,
    /// When it was taken, where known.
    pub taken_at: Option<Timestamp>,
    /// The matter from which it comes.
    pub matter: String,
}

/// What a letter that opens a matter says in its fields. Personal particulars are kept as they were typed and not shown.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct DraftLetter {
    pub to: Vec<String>,
    pub list: String,
    pub title: String,
    pub subject: String,
    pub has_particulars: bool,
    pub category: Option<String>,
    pub place: String,
    /// Degrees.
    pub lng: Option<f64>,
    /// Degrees.
    pub lat: Option<f64>,
    pub asks: Vec<&'static str>,
    pub goods: Vec<Goods>,
    pub ground: Option<&'static str>,
    pub measures: String,
    pub bulletin: Option<&'static str>,
    pub away: Option<&'static str>,
    pub officers: Vec<String>,
    pub over: Option<String>,
    pub urgent: bool,
}

fn file(p: &Provenance) -> DraftFile {
    DraftFile {
        digest: p.exhibit.digest,
        name: p.name.clone(),
        takers: p.takers.iter().map(ToString::to_string).collect(),
        taken_at: p.taken_at,
        matter: p.matter.clone(),
    }
}

fn letter(opening: &Opening, text: &dyn Fn(Option<PartRef>) -> Option<String>) -> DraftLetter {
    let words = |part| text(part).unwrap_or_default();
    DraftLetter {
        to: opening.to.iter().map(ToString::to_string).collect(),
        list: opening.list_id.clone(),
        title: words(Some(opening.title)),
        subject: words(opening.subject),
        has_particulars: opening.particulars.is_some(),
        category: opening.category.as_ref().map(ToString::to_string),
        place: words(opening.place),
        lng: opening.point.map(|p| f64::from(p.lng_e6) / 1e6),
        lat: opening.point.map(|p| f64::from(p.lat_e6) / 1e6),
        asks: opening.asks.iter().map(|ask| ask.code()).collect(),
        goods: opening.goods.clone(),
        ground: opening.ground.map(|ground| ground.code()),
        measures: words(opening.measures),
        bulletin: opening.bulletin.map(|kind| kind.code()),
        away: opening.away.map(|kind| kind.code()),
        officers: opening.officers.iter().map(ToString::to_string).collect(),
        over: opening.over.clone(),
        urgent: opening.urgent,
    }
}

/// The letter in the making of a matter; none when there is none.
pub(super) fn draft_of(
    of: &File,
    directory: &Directory,
    text: &dyn Fn(Option<PartRef>) -> Option<String>,
) -> Option<DraftView> {
    let draft = of.draft.as_ref()?;
    Some(DraftView {
        title: title(&draft.act, of.form, directory),
        act: draft.act.code(),
        text: text(draft.act.note()),
        undone: match &draft.act {
            Act::Replied { undone, .. } => text(*undone),
            _ => None,
        },
        decision: match &draft.act {
            Act::Replied { decision, .. } => decision.clone(),
            _ => None,
        },
        files: draft.act.exhibits().iter().map(file).collect(),
        letter: match &draft.act {
            Act::Open(opening) => Some(letter(opening, text)),
            _ => None,
        },
        by: directory.person_name(&draft.by).to_owned(),
        at: draft.at,
        reviewed: draft.reviewed.as_ref().map(|p| directory.person_name(p).to_owned()),
        sent_back: text(draft.sent_back),
    })
}
