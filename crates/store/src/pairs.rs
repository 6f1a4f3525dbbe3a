//! Search. The index of pairs of characters finds candidates that hold all pairs of what is looked for; the
//! normalised text decides. So a hit is exactly a substring, whatever the index can or cannot tell apart.
//!
//! The keyed pairs of particulars are in the same index, under names that no text can spell: an index of their own
//! would cost a random page for each of them at every intake.

use crate::dialect::Engine;
use crate::engine::{Link, Value, values};
use crate::table::{PAIRS, SEARCH, SEARCH_WITH_PAIRS, Texts};
use lianzhi_app::ports::{SearchRow, StoreError};
use lianzhi_app::search::bigrams;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Ids in one `IN (…)` at most.
pub(crate) const IN_MAX: usize = 500;

/// A character inside a token of the index on SQLite, whose tokenizer takes letters, digits, `_` and everything
/// beyond ASCII; the rest is spelled out as `_` and two hex digits.
fn spell(out: &mut String, c: char) {
    if c.is_ascii_alphanumeric() || !c.is_ascii() {
        out.push(c);
    } else {
        let _ = write!(out, "_{:02x}", c as u32);
    }
}

/// The pairs of a text and keyed pairs as tokens, separated by blanks. No pair of characters begins with two `_`,
/// since `_` itself is spelled out.
fn tokens(text: &str, secret: &[i64]) -> String {
    let mut out = String::with_capacity(text.len() * 2 + secret.len() * 19 + 16);
    for [a, b] in bigrams(text) {
        spell(&mut out, a);
        spell(&mut out, b);
        out.push(' ');
    }
    for gram in secret {
        let _ = write!(out, "__{gram:016x} ");
    }
    out
}

/// A pair as a number for the inverted index on PostgreSQL. Two pairs may share one; the text decides.
fn hash([a, b]: [char; 2]) -> i32 {
    let packed = (u64::from(u32::from(a)) << 21) | u64::from(u32::from(b));
    // Fibonacci hashing: the upper half of the product is well mixed.
    (packed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32 as i32
}

/// The pairs of a text and keyed pairs as numbers, each once.
fn hashes(text: &str, secret: &[i64]) -> Vec<i32> {
    // Keyed pairs are well mixed by themselves.
    let secret = secret.iter().map(|gram| *gram as i32);
    bigrams(text).map(hash).chain(secret).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Bound value by which the index finds candidates for a text; none when it has no pair (then only the text decides).
pub(crate) fn probe(engine: Engine, q: &str) -> Option<Value> {
    bigrams(q).next()?;
    Some(look_up(engine, q, &[]))
}

/// Bound value by which the index finds candidates for keyed pairs.
pub(crate) fn probe_secret(engine: Engine, grams: &[i64]) -> Value {
    look_up(engine, "", grams)
}

fn look_up(engine: Engine, q: &str, secret: &[i64]) -> Value {
    match engine {
        // Quoted, so that no token is taken for an operator.
        Engine::Sqlite => {
            let each: BTreeSet<String> =
                tokens(q, secret).split_whitespace().map(|t| format!("\"{t}\"")).collect();
            Value::from(each.into_iter().collect::<Vec<_>>().join(" "))
        }
        Engine::Postgres => Value::from(hashes(q, secret)),
    }
}

/// Numbers as bytes, for `search.secret`.
pub(crate) fn pack(grams: &[i64]) -> Vec<u8> {
    grams.iter().flat_map(|gram| gram.to_le_bytes()).collect()
}

pub(crate) fn unpack(bytes: &[u8]) -> impl Iterator<Item = i64> + '_ {
    bytes.chunks_exact(8).filter_map(|chunk| chunk.try_into().ok().map(i64::from_le_bytes))
}

/// Replaces the search rows of some dockets. Dockets from `fresh` on are known to have none yet.
pub(crate) async fn replace(
    texts: &Texts,
    link: &mut Link<'_>,
    rows: &[SearchRow],
    fresh: i64,
) -> Result<(), StoreError> {
    // The last row of a docket counts.
    let rows: BTreeMap<i64, &SearchRow> = rows.iter().map(|row| (row.docket.0, row)).collect();
    let known: Vec<i64> = rows.keys().copied().filter(|id| *id < fresh).collect();
    let before = existing(link, &known).await?;
    let (mut stored, mut indexed) = (vec![], vec![]);
    for (id, row) in &rows {
        let secret = pack(&row.secret);
        let old = before.get(id);
        if old.is_some_and(|(text, old)| *text == row.text && *old == secret) {
            continue;
        }
        let empty = row.text.is_empty() && row.secret.is_empty();
        if link.engine() == Engine::Sqlite {
            let mut new = tokens(&row.text, &row.secret);
            if let Some((text, old)) = old {
                let (gone, added) = difference(&tokens(text, &unpack(old).collect::<Vec<_>>()), &new);
                if empty || !gone.is_empty() {
                    // A contentless index must be told what it held.
                    let sql = "INSERT INTO pairs (pairs, rowid, tokens) VALUES ('delete', $1, $2)";
                    link.execute(sql, values![*id, &gone]).await?;
                } else if added.is_empty() {
                    stored.extend(values![*id, &row.text, secret]);
                    continue;
                }
                new = added;
            }
            if !empty {
                indexed.extend(values![*id, new]);
            }
        }
        if empty {
            link.execute("DELETE FROM search WHERE docket = $1", values![*id]).await?;
            continue;
        }
        stored.extend(values![*id, &row.text, secret]);
        if link.engine() == Engine::Postgres {
            stored.push(hashes(&row.text, &row.secret).into());
        }
    }
    let table = match link.engine() {
        Engine::Sqlite => &SEARCH,
        Engine::Postgres => &SEARCH_WITH_PAIRS,
    };
    texts.insert(link, table, stored).await?;
    texts.insert(link, &PAIRS, indexed).await
}

/// Text and packed secret of the dockets that have a search row.
async fn existing(link: &mut Link<'_>, ids: &[i64]) -> Result<BTreeMap<i64, (String, Vec<u8>)>, StoreError> {
    let mut out = BTreeMap::new();
    for chunk in ids.chunks(IN_MAX) {
        let sql = format!(
            "SELECT docket, text, secret FROM search WHERE docket IN ({})",
            placeholders(link.engine(), chunk.len())
        );
        for row in link.fetch(AssertSqlSafe(sql), chunk.iter().map(|id| Value::from(*id)).collect()).await? {
            let mut cells = row.cells();
            out.insert(cells.int()?, (cells.text()?, cells.bytes()?));
        }
    }
    Ok(out)
}

/// Tokens that are only in the first, and only in the second list.
///
/// The index takes a row in pieces, so that a text which grows costs what is new of it: taking a token out for good
/// means reading through all rows that have it.
fn difference(old: &str, new: &str) -> (String, String) {
    let set = |tokens: &'_ str| tokens.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let (old, new) = (set(old), set(new));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        a.difference(b).map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    (only(&old, &new), only(&new, &old))
}

/// Empties search.
pub(crate) async fn clear(link: &mut Link<'_>) -> Result<(), StoreError> {
    if link.engine() == Engine::Sqlite {
        link.execute("INSERT INTO pairs (pairs) VALUES ('delete-all')", vec![]).await?;
    }
    link.execute("DELETE FROM search", vec![]).await?;
    Ok(())
}

/// `n` placeholders for values bound in order from the first.
pub(crate) fn placeholders(engine: Engine, n: usize) -> String {
    let mut out = String::with_capacity(n * 5);
    for i in 1..=n {
        if i > 1 {
            out.push(',');
        }
        engine.placeholder(&mut out, i);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_only_what_the_tokenizer_keeps_together() {
        assert_eq!(tokens("占道 a-b", &[]), "占道 道_20 _20a a_2d _2db ");
        assert_eq!(tokens("__", &[-1, 9]), "_5f_5f __ffffffffffffffff __0000000000000009 ");
    }

    #[test]
    fn only_what_changed_goes_to_the_index() {
        let (old, new) = (tokens("占道经营", &[7]), tokens("占道堆物", &[7, 9]));
        let (gone, added) = difference(&old, &new);
        assert_eq!(gone, "经营 道经");
        assert_eq!(added, "__0000000000000009 堆物 道堆");
    }

    #[test]
    fn what_has_no_pair_has_no_probe() {
        assert_eq!(probe(Engine::Sqlite, "占"), None);
        assert_eq!(probe(Engine::Postgres, "a\nb"), None);
        assert_eq!(probe(Engine::Sqlite, "占道占道"), Some(Value::from("\"占道\" \"道占\"")));
    }

    #[test]
    fn packing_turns_back() {
        let grams = [i64::MIN, -1, 0, 7, i64::MAX];
        assert_eq!(unpack(&pack(&grams)).collect::<Vec<_>>(), grams);
    }
}
