//! One spelling for what people write.

/// Longest text that is looked at, characters. What is said is said in the first few hundred.
pub(crate) const TEXT_CHARS_MAX: usize = 500;

/// The letters and digits of a text in half width and upper case; marks and blanks are left out.
pub(crate) fn folded(text: &str) -> Vec<char> {
    text.chars()
        .take(TEXT_CHARS_MAX)
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// FNV-1a over characters: the same everywhere and always, since hashes are compared across processes.
pub(crate) fn hash(chars: impl IntoIterator<Item = char>) -> u32 {
    let mix = |h: u32, b: u8| (h ^ u32::from(b)).wrapping_mul(0x0100_0193);
    chars.into_iter().fold(0x811c_9dc5, |h, c| u32::from(c).to_le_bytes().into_iter().fold(h, mix))
}
