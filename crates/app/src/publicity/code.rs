//! Codes by which papers are checked: docket and paper, hidden under a keyed digest of them, in sixteen letters and digits. Nothing is
//! stored: a code is read back with the node's key, and nobody without it makes one that is.

use crate::keys::Keys;
use lianzhi_ids::DocketId;

/// Letters and digits that are not taken for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, five bits each.
const CHARS: u32 = 16;
/// Bits of a docket, of a paper in it, and of the digest over both: 8.8 million million to one against a guess, and guesses are
/// counted.
const DOCKET_BITS: u32 = 28;
const PAPER_BITS: u32 = 9;
const TAG_BITS: u32 = CHARS * 5 - DOCKET_BITS - PAPER_BITS;
/// Characters between two dashes when it is printed.
const GROUP: usize = 4;

fn bits(keys: &Keys, domain: &str, text: &str, n: u32) -> u128 {
    let digest = keys.keyed(domain, text);
    let first = digest.0.iter().take(16).fold(0_u128, |all, byte| (all << 8) | u128::from(*byte));
    first >> (128 - n)
}

/// What hides docket and paper: it follows from the tag, so that it can be taken off again.
fn veil(keys: &Keys, tag: u128) -> u128 {
    bits(keys, "check-veil", &tag.to_string(), DOCKET_BITS + PAPER_BITS)
}

fn tag(keys: &Keys, docket: DocketId, paper: u16) -> u128 {
    bits(keys, "check-tag", &format!("{docket}/{paper}"), TAG_BITS)
}

/// The code of a paper; none for numbers beyond what it has room for.
pub(crate) fn write(keys: &Keys, docket: DocketId, paper: u16) -> Option<String> {
    let id = u128::try_from(docket.0).ok().filter(|id| id >> DOCKET_BITS == 0)?;
    let n = u128::from(paper);
    if n >> PAPER_BITS != 0 {
        return None;
    }
    let tag = tag(keys, docket, paper);
    let hidden = ((id << PAPER_BITS) | n) ^ veil(keys, tag);
    let whole = (tag << (DOCKET_BITS + PAPER_BITS)) | hidden;
    let letter = |i: u32| ALPHABET[usize::try_from((whole >> (5 * (CHARS - 1 - i))) & 31).unwrap_or(0)];
    Some((0..CHARS).map(|i| char::from(letter(i))).collect())
}

/// Docket and paper of a code, however it was typed: small letters, dashes and blanks, O for 0, I and L for 1.
pub(crate) fn read(keys: &Keys, code: &str) -> Option<(DocketId, u16)> {
    let mut whole = 0_u128;
    let mut chars = 0;
    for c in code.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '–')) {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        let value = ALPHABET.iter().position(|letter| char::from(*letter) == c)?;
        chars += 1;
        if chars > CHARS {
            return None;
        }
        whole = (whole << 5) | u128::try_from(value).ok()?;
    }
    if chars != CHARS {
        return None;
    }
    let tail = DOCKET_BITS + PAPER_BITS;
    let said = whole >> tail;
    let bare = (whole & ((1 << tail) - 1)) ^ veil(keys, said);
    let docket = DocketId(i64::try_from(bare >> PAPER_BITS).ok()?);
    let paper = u16::try_from(bare & ((1 << PAPER_BITS) - 1)).ok()?;
    (tag(keys, docket, paper) == said).then_some((docket, paper))
}

/// As it is printed: four groups.
pub(crate) fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(find: u8) -> Keys {
        Keys::new(&[1; 32], [2; 32], [find; 32])
    }

    #[test]
    fn a_code_leads_back_to_its_paper_however_it_is_typed() {
        let keys = keys(3);
        for (docket, paper) in [(0, 1), (1, 1), (5, 511), (268_435_455, 0)] {
            let docket = DocketId(docket);
            let code = write(&keys, docket, paper).unwrap();
            assert_eq!(code.len(), 16);
            assert_eq!(read(&keys, &code), Some((docket, paper)));
            let typed = format!(" {} ", grouped(&code).to_lowercase().replace('0', "o").replace('1', "l"));
            assert_eq!(read(&keys, &typed), Some((docket, paper)), "{typed}");
        }
        assert_eq!(write(&keys, DocketId(1 << 28), 1), None);
        assert_eq!(write(&keys, DocketId(1), 512), None);
    }

    #[test]
    fn codes_of_neighbours_have_nothing_in_common_and_none_can_be_made_without_the_key() {
        let (own, other) = (keys(3), keys(4));
        let code = write(&own, DocketId(1), 1).unwrap();
        let next = write(&own, DocketId(2), 1).unwrap();
        let same = code.chars().zip(next.chars()).filter(|(a, b)| a == b).count();
        assert!(same < 6, "{code} {next}");
        assert_eq!(read(&other, &code), None);
        // One letter off leads nowhere.
        for at in 0..16 {
            let mut wrong: Vec<char> = code.chars().collect();
            wrong[at] = if wrong[at] == 'A' { 'B' } else { 'A' };
            assert_eq!(read(&own, &wrong.iter().collect::<String>()), None);
        }
        for text in ["", "ABCD", "UUUUUUUUUUUUUUUU", &format!("{code}0"), "法律法律法律法律法律法律法律法律"]
        {
            assert_eq!(read(&own, text), None, "{text}");
        }
    }
}
