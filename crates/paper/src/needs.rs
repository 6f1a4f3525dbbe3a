//! Which mandatory fields a document lacks, named as on paper.

/// Collects the names of mandatory fields that are empty.
#[derive(Debug, Default)]
pub struct Needs {
    within: String,
    missing: Vec<String>,
}

impl Needs {
    /// A text must not be empty or blank.
    pub fn text(&mut self, field: &str, value: &str) {
        self.that(field, !value.trim().is_empty());
    }

    /// Something must hold for the field to count as filled in.
    pub fn that(&mut self, field: &str, filled: bool) {
        if !filled {
            self.missing.push(format!("{}{field}", self.within));
        }
    }

    /// A list must have at least `least` members, each complete in itself.
    pub fn list<T>(&mut self, field: &str, items: &[T], least: usize, each: impl Fn(&mut Needs, &T)) {
        self.that(
            &if least > 1 { format!("{field}（至少{least}项）") } else { field.to_owned() },
            items.len() >= least,
        );
        for (index, item) in items.iter().enumerate() {
            let before = self.within.len();
            self.within.push_str(&format!("{field}第{}项：", index + 1));
            each(self, item);
            self.within.truncate(before);
        }
    }

    /// A part with fields of its own.
    pub fn part(&mut self, name: &str, inner: impl FnOnce(&mut Needs)) {
        let before = self.within.len();
        self.within.push_str(name);
        self.within.push('：');
        inner(self);
        self.within.truncate(before);
    }

    /// The names that were collected.
    #[must_use]
    pub fn into_missing(self) -> Vec<String> {
        self.missing
    }
}
