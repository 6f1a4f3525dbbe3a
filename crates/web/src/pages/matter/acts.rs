//! What may be done with a matter, as its page lays it out: what leads on stands in front, of a long list the rest lies folded by
//! what it is for.

use super::Act;

/// Up to this many acts are read at a glance and need no folds.
const GLANCE: usize = 6;

/// Acts of one purpose.
pub(super) struct Fold {
    pub title: &'static str,
    pub acts: Vec<Act>,
}

impl Fold {
    /// The names of its acts in a line, so that one is found before it is opened.
    pub fn names(&self) -> String {
        let names: Vec<_> = self.acts.iter().map(|act| act.title).collect();
        names.join("、")
    }
}

/// Everything that may be done.
#[derive(Default)]
pub(super) struct Acts {
    /// In front: what is asked for, what is expected next.
    pub first: Vec<Act>,
    /// The rest by purpose.
    pub folds: Vec<Fold>,
}

impl Acts {
    /// Lays out acts that stand in their order. `purposes` are all purposes in their order, `purpose` is that of a command; what has
    /// none stays in front.
    pub fn new(
        mut acts: Vec<Act>,
        purposes: impl IntoIterator<Item = &'static str>,
        purpose: impl Fn(&str) -> Option<&'static str>,
    ) -> Self {
        acts.sort_by_key(|a| (!a.open, !a.form.main));
        if acts.len() <= GLANCE {
            return Acts { first: acts, folds: Vec::new() };
        }
        let (mut first, rest): (Vec<_>, Vec<_>) = acts.into_iter().partition(|a| a.open || a.form.main);
        let mut folds: Vec<_> = purposes.into_iter().map(|title| Fold { title, acts: Vec::new() }).collect();
        for act in rest {
            match purpose(act.command).and_then(|title| folds.iter_mut().find(|f| f.title == title)) {
                Some(fold) => fold.acts.push(act),
                None => first.push(act),
            }
        }
        folds.retain(|fold| !fold.acts.is_empty());
        Acts { first, folds }
    }
    pub fn len(&self) -> usize {
        self.first.len() + self.folds.iter().map(|fold| fold.acts.len()).sum::<usize>()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Whether this command is among them.
    pub fn has(&self, command: &str) -> bool {
        self.first.iter().chain(self.folds.iter().flat_map(|fold| &fold.acts)).any(|a| a.command == command)
    }
}
