//! Text on its way in and out: what cannot be printed is replaced before layout, and pages are read back after it.

use crate::{Fonts, PaperError};
use serde_json::Value;
use typst::layout::{Abs, Frame, FrameItem, Point};
use typst::text::TextItem;

/// Printed in place of a character that no font has, to be filled in by hand.
pub const GAP: char = '□';

/// Most characters in the fields of one document, all together: about a hundred pages. A longer one is a file to attach.
pub const CHARS_MAX: usize = 60_000;

/// Makes all texts of a model printable and returns the characters that no font has.
pub(crate) fn printable(value: &mut Value, fonts: &Fonts) -> Result<Vec<char>, PaperError> {
    let mut walk = Walk { fonts, lacking: Vec::new(), chars: 0 };
    walk.value(value);
    if walk.chars > CHARS_MAX { Err(PaperError::TooLong { chars: walk.chars }) } else { Ok(walk.lacking) }
}

/// A character that no font has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The character.
    pub character: char,
    /// The words in which it stands, it left out as on paper.
    pub within: String,
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Gap { character, within } = self;
        write!(f, "“{within}”中的“{character}”（U+{:04X}）", u32::from(*character))
    }
}

/// Characters on either side of one that is named.
const AROUND: usize = 8;

/// The characters of a model that no font has, each once.
pub(crate) fn gaps(value: &Value, fonts: &Fonts) -> Vec<Gap> {
    let mut all = Vec::new();
    find(value, fonts, &mut all);
    all
}

fn find(value: &Value, fonts: &Fonts, all: &mut Vec<Gap>) {
    match value {
        Value::String(text) => {
            let chars: Vec<char> = text.chars().collect();
            for (n, c) in chars.iter().enumerate() {
                let prints = c.is_whitespace() || shapeless(*c) || fonts.has(*c);
                if prints || all.iter().any(|gap| gap.character == *c) {
                    continue;
                }
                let part =
                    chars.get(n.saturating_sub(AROUND)..chars.len().min(n + AROUND + 1)).unwrap_or_default();
                let shown = |c: &char| if fonts.has(*c) || c.is_whitespace() { *c } else { GAP };
                all.push(Gap { character: *c, within: part.iter().map(shown).collect() });
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find(item, fonts, all)),
        Value::Object(fields) => fields.values().for_each(|field| find(field, fonts, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

struct Walk<'a> {
    fonts: &'a Fonts,
    lacking: Vec<char>,
    chars: usize,
}

impl Walk<'_> {
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => {
                self.chars = self.chars.saturating_add(text.chars().count());
                if self.chars <= CHARS_MAX {
                    *text = self.text(text);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Line breaks stay, other white space becomes a blank, what has no shape (control characters, marks of direction)
    /// is left out, what has a shape but no font becomes a gap.
    fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.trim().replace("\r\n", "\n").chars() {
            match c {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' | '\u{85}' => out.push('\n'),
                '\u{3000}' => out.push(c),
                c if c.is_whitespace() => out.push(' '),
                c if shapeless(c) => {}
                c if self.fonts.has(c) => out.push(c),
                c => {
                    if !self.lacking.contains(&c) {
                        self.lacking.push(c);
                    }
                    out.push(GAP);
                }
            }
        }
        out
    }
}

/// Characters that print nothing by themselves. Marks of direction could make a text read otherwise than it was written.
fn shapeless(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The text of a page as it was set, a line for each line on paper, a blank between the columns of a form; and whether all
/// of it lies on the page.
pub(crate) fn read(page: &Frame) -> (String, bool) {
    let mut pieces = Vec::new();
    collect(page, Point::zero(), &mut pieces);
    let inside = |start: Point, width: Abs| {
        start.x >= Abs::zero()
            && start.y >= Abs::zero()
            && start.x + width <= page.width()
            && start.y <= page.height()
    };
    let mut text = String::new();
    let mut end: Option<Point> = None;
    let mut whole = true;
    for (start, piece) in pieces {
        let width = piece.width();
        whole &= inside(start, width);
        if let Some(end) = end {
            if (end.y - start.y).abs() > Abs::pt(1.0) {
                text.push('\n');
            } else if start.x - end.x > Abs::pt(3.0) {
                text.push(' ');
            }
        }
        end = Some(Point::new(start.x + width, start.y));
        text.push_str(&piece.text);
    }
    (text, whole)
}

fn collect<'a>(frame: &'a Frame, origin: Point, pieces: &mut Vec<(Point, &'a TextItem)>) {
    for (position, item) in frame.items() {
        let start = origin + *position;
        match item {
            // Only the mark of a draft is turned, and it is decoration.
            FrameItem::Group(group) if group.transform.is_only_translate() => {
                let shift = Point::new(group.transform.tx, group.transform.ty);
                collect(&group.frame, start + shift, pieces);
            }
            FrameItem::Text(text) => pieces.push((start, text)),
            FrameItem::Group(_)
            | FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}
