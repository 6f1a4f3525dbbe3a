//! Typst's view of the world: our templates, one file of data, our fonts; no clock, no network, no packages.

use crate::template::{BASE, CASE, Template};
use crate::{Fonts, PaperError};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;

/// After how many other documents what was remembered of one is dropped. The templates themselves are met again in
/// every document and so are kept.
const REMEMBERED: usize = 8;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

pub(crate) struct Desk<'a> {
    fonts: &'a Fonts,
    main: FileId,
    sources: Vec<Source>,
    files: Vec<(FileId, Bytes)>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(
        fonts: &'a Fonts,
        template: &Template,
        data: Vec<u8>,
        bound: Vec<(String, Bytes)>,
    ) -> Result<Self, PaperError> {
        let main = file(template.file)?;
        let sources = vec![
            Source::new(main, template.source.to_owned()),
            Source::new(file("base.typ")?, BASE.to_owned()),
            Source::new(file("case.typ")?, CASE.to_owned()),
        ];
        let mut files = vec![(file("data.json")?, Bytes::new(data))];
        for (name, bytes) in bound {
            files.push((file(&name)?, bytes));
        }
        Ok(Desk { fonts, main, sources, files })
    }

    pub(crate) fn lay_out(&self) -> Result<PagedDocument, PaperError> {
        let laid_out = typst::compile::<PagedDocument>(self).output.map_err(PaperError::layout);
        typst::comemo::evict(REMEMBERED);
        laid_out
    }
}

fn file(name: &str) -> Result<FileId, PaperError> {
    let path = VirtualPath::new(name).map_err(|error| PaperError::Layout(error.to_string()))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.iter().find(|source| source.id() == id).cloned().ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
