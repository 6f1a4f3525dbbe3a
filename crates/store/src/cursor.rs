//! Cursors: where a page ends, as an opaque text that a client hands back.

use lianzhi_app::ports::{Order, StoreError};

/// Which way from the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the next page.
    On,
    /// To the previous page.
    Back,
}

/// A place between two rows of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) way: Way,
    /// Term of the row beside it, when the order is by term.
    pub(crate) due_at: i64,
    /// Docket of the row beside it.
    pub(crate) id: i64,
}

fn letter(order: Order) -> char {
    match order {
        Order::Newest => 'n',
        Order::Oldest => 'o',
        Order::Due => 'd',
    }
}

impl Cursor {
    /// As a text: order, way, keys in hex.
    pub(crate) fn write(&self, order: Order) -> String {
        let way = if self.way == Way::On { '1' } else { '0' };
        format!("{}{way}{:016x}{:016x}", letter(order), self.due_at as u64, self.id as u64)
    }

    /// Reads what [`Cursor::write`] made for the same order; anything else names no page ([`StoreError::Missing`]).
    pub(crate) fn read(text: &str, order: Order) -> Result<Cursor, StoreError> {
        let parse = || {
            let rest = text.strip_prefix(letter(order))?;
            if rest.len() != 33 || !rest.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            let way = match &rest[..1] {
                "1" => Way::On,
                "0" => Way::Back,
                _ => return None,
            };
            let key = |s: &str| u64::from_str_radix(s, 16).ok().map(|v| v as i64);
            Some(Cursor { way, due_at: key(&rest[1..17])?, id: key(&rest[17..])? })
        };
        // A cursor that we did not make leads nowhere; that is the reader's slip and no fault of the engine.
        parse().ok_or(StoreError::Missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_only_for_its_order() {
        let cursor = Cursor { way: Way::Back, due_at: -5, id: i64::MAX };
        let text = cursor.write(Order::Due);
        assert_eq!(Cursor::read(&text, Order::Due).unwrap(), cursor);
        assert!(Cursor::read(&text, Order::Newest).is_err());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "n", "n1", "d2", "n1zz", "n1é0000000000000000000000000000000", "' OR 1=1"] {
            assert!(Cursor::read(text, Order::Newest).is_err(), "{text}");
        }
    }
}
