//! The faces that documents are set in.
//!
//! GB/T 9704-2012 names four: 仿宋 for the body, 小标宋 for titles, 黑体 and 楷体 for headings. The free ones nearest to
//! them are Fandol (仿宋, 黑体, 楷体, 宋体; about 7,900 characters) and Noto Serif CJK Bold in place of 小标宋, which is a
//! commercial face. Noto also prints what Fandol lacks: rare characters in names of people and places.

use crate::PaperError;
use std::collections::BTreeSet;
use std::fmt;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontStretch, FontStyle, FontVariant, FontWeight};
use typst::utils::LazyHash;

/// What a face is for. Templates know these words only, never the name of a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// 仿宋: the body.
    Fang,
    /// 小标宋: titles and the red head.
    Title,
    /// 黑体: first headings, labels of forms.
    Hei,
    /// 楷体: second headings.
    Kai,
    /// 宋体: page numbers.
    Song,
    /// Characters that the faces above lack.
    Rare,
}

impl Face {
    const ALL: [Face; 6] = [Face::Fang, Face::Title, Face::Hei, Face::Kai, Face::Song, Face::Rare];

    /// The fonts that serve as this face, best first, by PostScript name.
    const fn fonts(self) -> &'static [&'static str] {
        match self {
            Face::Fang => &["FandolFang-Regular", "NotoSerifCJKsc-Regular"],
            Face::Title => &["NotoSerifCJKsc-Bold", "FandolSong-Bold"],
            Face::Hei => &["FandolHei-Regular", "NotoSansCJKsc-Regular"],
            Face::Kai => &["FandolKai-Regular", "NotoSerifCJKsc-Regular"],
            Face::Song => &["FandolSong-Regular", "NotoSerifCJKsc-Regular"],
            Face::Rare => &["NotoSerifCJKsc-Regular"],
        }
    }

    /// The family under which templates ask for it.
    const fn family(self) -> &'static str {
        match self {
            Face::Fang => "fang",
            Face::Title => "title",
            Face::Hei => "hei",
            Face::Kai => "kai",
            Face::Song => "song",
            Face::Rare => "rare",
        }
    }
}

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Face::Fang => "仿宋",
            Face::Title => "小标宋",
            Face::Hei => "黑体",
            Face::Kai => "楷体",
            Face::Song => "宋体",
            Face::Rare => "生僻字",
        })
    }
}

/// A face that is set in something other than the font meant for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// The face.
    pub face: Face,
    /// The font that should be there, by PostScript name.
    pub wanted: &'static str,
    /// What stands in for it; `None` when nothing does.
    pub instead: Option<&'static str>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Missing { face, wanted, instead } = self;
        match instead {
            Some(instead) => write!(f, "{face}：没有字体 {wanted}，以 {instead} 代替"),
            None => write!(f, "{face}：没有字体 {wanted}，也没有可以代替的字体"),
        }
    }
}

/// The fonts of a node: loaded once, shared by all documents (about 80 MB; clones share it).
#[derive(Clone)]
pub struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    missing: Vec<Missing>,
}

impl Fonts {
    /// Takes what is needed from the contents of font files (OTF, TTF, TTC); anything else is passed over.
    ///
    /// Never fails: [`missing`](Self::missing) says what is set in something else. The order of the files does not
    /// matter unless two of them hold the same font, of which the first is taken.
    pub fn new(files: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let wanted: BTreeSet<&str> = Face::ALL.iter().flat_map(|face| face.fonts()).copied().collect();
        let mut found: Vec<(String, Font)> = Vec::new();
        for file in files {
            let file = Bytes::new(file);
            // A collection holds many faces of which we use one or two: names are cheap to read, coverage is not.
            for index in 0..ttf_parser::fonts_in_collection(&file).unwrap_or(1) {
                if let Some(name) = name(&file, index)
                    && wanted.contains(name.as_str())
                    && !found.iter().any(|(known, _)| *known == name)
                    && let Some(font) = Font::new(file.clone(), index)
                {
                    found.push((name, font));
                }
            }
        }
        let mut book = FontBook::new();
        let mut fonts = Vec::new();
        let mut missing = Vec::new();
        for face in Face::ALL {
            let font = |name: &str| found.iter().find(|(known, _)| known == name).map(|(_, font)| font);
            let best = face.fonts().iter().find_map(|name| Some((*name, font(name)?)));
            if let Some((_, font)) = best {
                let mut info = font.info().clone();
                info.family = face.family().to_owned();
                // One face, one style: what the file says of its own weight must not decide.
                info.variant = FontVariant::new(FontStyle::Normal, FontWeight::REGULAR, FontStretch::NORMAL);
                book.push(info);
                fonts.push(font.clone());
            }
            if let Some(wanted) = face.fonts().first()
                && best.is_none_or(|(name, _)| name != *wanted)
            {
                missing.push(Missing { face, wanted, instead: best.map(|(name, _)| name) });
            }
        }
        Fonts { book: LazyHash::new(book), fonts, missing }
    }

    /// Reads all font files in these folders and below, in the order of their names; a folder that is not there is
    /// passed over.
    ///
    /// This is the only place in the crate that touches a disk. Call it once at the start and share the result.
    ///
    /// # Errors
    /// When a file or folder that is there cannot be read.
    pub fn read<P: AsRef<std::path::Path>>(folders: &[P]) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for folder in folders {
            find(folder.as_ref(), &mut files)?;
        }
        let contents = files.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(contents))
    }

    /// The faces that are set in another font than the one meant for them, for the log and for `doctor`.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// The characters of a text that no font has, each once, in their order of appearance.
    ///
    /// In a document they are printed as [`GAP`](crate::GAP), to be filled in by hand, and reported.
    pub fn lacking(&self, text: &str) -> Vec<char> {
        let mut lacking = Vec::new();
        for c in text.chars() {
            if !c.is_whitespace() && !self.has(c) && !lacking.contains(&c) {
                lacking.push(c);
            }
        }
        lacking
    }

    pub(crate) fn has(&self, c: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(c)))
    }

    /// Something can be printed at all.
    pub(crate) fn suffice(&self) -> Result<(), PaperError> {
        if self.has('文') { Ok(()) } else { Err(PaperError::NoFonts) }
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts").field("fonts", &self.fonts).field("missing", &self.missing).finish()
    }
}

/// The PostScript name of a face.
fn name(file: &[u8], index: u32) -> Option<String> {
    let face = ttf_parser::Face::parse(file, index).ok()?;
    face.names()
        .into_iter()
        .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
        .find_map(|name| name.to_string())
}

/// Only files that can hold a font we use are read: a folder of fonts may be large.
fn find(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            find(&path, files)?;
            continue;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let ours =
            name.starts_with("Fandol") || name.starts_with("NotoSerifCJK") || name.starts_with("NotoSansCJK");
        if ours && [".otf", ".ttf", ".ttc"].iter().any(|end| name.ends_with(end)) {
            files.push(path);
        }
    }
    Ok(())
}
