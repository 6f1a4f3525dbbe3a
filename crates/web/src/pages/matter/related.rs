//! Matters that this one has to do with: a line in its head, and a list of its own.

use super::super::rows::Line;
use super::super::ui;
use jiff::Timestamp;
use lianzhi_app::{MatterView, partners_of};
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::directory::Directory;

/// Matters that the head names; the rest is counted.
pub(super) const HEAD_MAX: usize = 3;

/// A matter that another one has to do with.
pub(super) struct Bond {
    pub line: Line,
    /// What it is to the one that is looked at.
    pub relation: &'static str,
    /// Form of working together, or what else it is.
    pub form: &'static str,
    /// The other member.
    pub member: Option<ui::Html>,
    pub state: &'static str,
}

pub(super) fn bonds(view: &MatterView, directory: &Directory, now: Timestamp) -> Vec<Bond> {
    let one = |related: &lianzhi_app::Related| {
        let row = &related.row;
        let line = Line::new(row, directory, now);
        let form = Form::from_code(&row.kind).map(Form::title);
        let kind = || lianzhi_procedure::Kind::from_code(&row.kind).map_or("办件", |kind| kind.title());
        let member = partners_of(row).map(|(_, nodes)| ui::members_of(&nodes, directory));
        Bond {
            state: if line.open { "wait" } else { "done" },
            relation: related.relation,
            form: form.unwrap_or_else(kind),
            member,
            line,
        }
    };
    view.related.iter().map(one).collect()
}
