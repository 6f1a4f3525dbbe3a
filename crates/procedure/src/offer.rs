//! What an actor may do now, with the fields that it takes. Forms, API and OpenAPI are made from this.

use crate::Refusal;
use serde::Serialize;
use std::borrow::Cow;

/// What kind of input a field takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// Whole number between two bounds.
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// Yes or no.
    Flag,
    /// One of several.
    Choice {
        /// The choices.
        choices: Vec<Choice>,
    },
    /// A person of the directory (choices are given when they are few).
    Person {
        /// Proposed persons, best first.
        choices: Vec<Choice>,
    },
    /// Units of the directory.
    Unit {
        /// The choices.
        choices: Vec<Choice>,
        /// More than one may be chosen.
        many: bool,
    },
    /// A category of the catalogue; first the suggestions.
    Category {
        /// The suggestions.
        choices: Vec<Choice>,
    },
    /// Another matter, by number or id.
    Matter {
        /// The likely ones.
        choices: Vec<Choice>,
    },
    /// Any number of several.
    Many {
        /// The choices.
        choices: Vec<Choice>,
    },
    /// A sum of money between two bounds: typed in yuan, sent in fen.
    Money {
        /// Smallest, fen.
        min: i64,
        /// Largest, fen.
        max: i64,
    },
    /// A day.
    Date,
    /// A grid.
    Grid {
        /// The candidates.
        choices: Vec<Choice>,
    },
    /// A moment in Beijing time.
    Moment,
    /// Files.
    Exhibits,
}

/// One choice of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Value as sent.
    pub value: String,
    /// Words on screen.
    pub title: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, title: impl Into<String>) -> Self {
        Choice { value: value.into(), title: title.into() }
    }
}

/// A field of a command.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Name in JSON.
    pub name: &'static str,
    /// Words on screen.
    pub title: &'static str,
    /// Must be given.
    pub required: bool,
    /// What it takes.
    #[serde(flatten)]
    pub kind: FieldKind,
    /// A line of help; of a day that is reckoned, the reckoning.
    pub hint: Cow<'static, str>,
}

/// A command that the actor may give to this matter now, or one that stands here refused with its reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offer {
    /// The command's name in JSON.
    pub command: &'static str,
    /// Words on the button.
    pub title: &'static str,
    /// What will happen.
    pub consequence: &'static str,
    /// Fields to fill in.
    pub fields: Vec<Field>,
    /// The next expected act, shown largest.
    pub main: bool,
    /// Why not now, and what would help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
}

/// A field of a command.
pub(crate) fn field(
    name: &'static str,
    title: &'static str,
    required: bool,
    kind: FieldKind,
    hint: impl Into<Cow<'static, str>>,
) -> Field {
    Field { name, title, required, kind, hint: hint.into() }
}

/// A choice among all words of a fixed list.
macro_rules! choices {
    ($words:ty) => {
        crate::FieldKind::Choice {
            choices: <$words>::ALL.iter().map(|w| crate::Choice::new(w.code(), w.title())).collect(),
        }
    };
}
pub(crate) use choices;
