//! Which categories the words of a report point to.
//!
//! Two sources add up. The **lexicon** lists everyday words with the categories that they point to; where several
//! words of a report point to the same category the strongest counts in full and each further one six tenths of the one
//! before, so that one telling word beats many vague ones. **Characters and pairs of characters** of names and words,
//! weighted by how few categories they occur in, catch what the lexicon does not spell out.

use crate::catalogue::Catalogue;
use crate::fold::folded;
use crate::{TableError, lines};
use lianzhi_ids::CategoryCode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Weight of a category's own name, the top of the lexicon's scale.
const NAME_WEIGHT: f32 = 2.0;
/// What each further word for the same category counts of the one before.
const FURTHER: f32 = 0.6;
/// What full likeness of characters and pairs of them is worth, in the lexicon's scale.
const GRAMS_WEIGHT: f32 = 4.5;
/// What a single character is worth of a pair.
const SINGLE: f32 = 0.7;
/// Least score of a suggestion: below it, nothing said points anywhere.
const SCORE_MIN: f32 = 0.15;
/// Most words given as the reason for a suggestion.
const WHY_MAX: usize = 4;
/// Longest word of a lexicon, characters, and most parts joined by `+`.
const WORD_CHARS_MAX: usize = 20;
const PARTS_MAX: usize = 4;

/// One word of the lexicon.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The word; parts joined by `+` must all occur, wherever.
    pub word: String,
    /// The category that it points to.
    pub category: CategoryCode,
    /// How surely, 0 to 2.
    pub weight: f32,
}

/// Everyday words and the categories that they point to.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// The words.
    pub words: Vec<Word>,
}

impl Lexicon {
    /// The lexicon that comes with the program.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is compiled in and read by a test")]
    pub fn builtin() -> Self {
        Self::parse(include_str!("../../../data/triage/lexicon.tsv")).expect("builtin lexicon is good")
    }

    /// Reads `word⇥category⇥weight`.
    ///
    /// # Errors
    /// The first line that is no word, with the reason.
    pub fn parse(tsv: &str) -> Result<Self, TableError> {
        let mut words = Vec::new();
        for (line, fields) in lines(tsv, "word\t") {
            let wrong = |reason: String| TableError { file: "词表", line, reason };
            let [word, category, weight, ..] = fields.as_slice() else {
                return Err(wrong("应有三列：词、类别代码、权重".to_owned()));
            };
            let category = CategoryCode::parse(category).map_err(|e| wrong(e.to_string()))?;
            let weight: f32 = weight.trim().parse().unwrap_or(f32::NAN);
            if !(0.0..=2.0).contains(&weight) {
                return Err(wrong("权重应为 0 至 2 的数".to_owned()));
            }
            let parts: Vec<Vec<char>> = word.split('+').map(folded).collect();
            let fits = |p: &Vec<char>| (1..=WORD_CHARS_MAX).contains(&p.len());
            if parts.len() > PARTS_MAX || !parts.iter().all(fits) {
                return Err(wrong(format!(
                    "词的每部分应为 1 至 {WORD_CHARS_MAX} 个字，最多 {PARTS_MAX} 部分"
                )));
            }
            words.push(Word { word: (*word).to_owned(), category, weight });
        }
        Ok(Self { words })
    }
}

/// A category that a report may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The category.
    pub code: CategoryCode,
    /// How much points to it, 0 to 1; comparable between reports.
    pub score: f32,
    /// The words that do, strongest first; empty when only character pairs do.
    pub why: Vec<String>,
}

/// How much the words of a report point to a category, before it is made presentable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weighed {
    pub(crate) category: u16,
    pub(crate) score: f32,
}

/// Whether a part occurs in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    No,
    /// Only inside longer words.
    Inside,
    Free,
}

#[derive(Debug, Clone)]
struct Entry {
    word: String,
    parts: u8,
    category: u16,
    weight: f32,
}

/// A part of a word, and its number.
type Part = (Box<[char]>, u32);

/// Suggests categories. Made once, shared.
#[derive(Debug, Clone, Default)]
pub struct Suggester {
    codes: Vec<CategoryCode>,
    entries: Vec<Entry>,
    /// Parts of words by their first character.
    by_first: HashMap<char, Vec<Part>>,
    /// Entries that need a part.
    needing: Vec<Vec<u32>>,
    /// Categories with the weight of a character or pair of characters in each.
    grams: HashMap<Gram, Vec<(u16, f32)>>,
    /// How rare a character or pair is among categories, 0 to 1.
    rarity: HashMap<Gram, f32>,
}

impl Suggester {
    /// The suggester of catalogue and lexicon that come with the program.
    #[must_use]
    pub fn builtin() -> Self {
        Self::new(&Catalogue::builtin(), &Lexicon::builtin())
    }

    /// A suggester for the matters of this catalogue. Words for other categories are not used.
    #[must_use]
    pub fn new(catalogue: &Catalogue, lexicon: &Lexicon) -> Self {
        let mut it = Self::default();
        let mut number = HashMap::new();
        let mut parts: HashMap<Vec<char>, u32> = HashMap::new();
        for (i, category) in (0_u16..).zip(catalogue.matters()) {
            it.codes.push(category.code.clone());
            number.insert(&category.code, i);
        }
        for category in catalogue.matters() {
            let name = category.name.strip_suffix("异常").unwrap_or(&category.name);
            it.enter(&mut parts, name, number[&category.code], NAME_WEIGHT);
        }
        for word in &lexicon.words {
            if let Some(category) = number.get(&word.category) {
                it.enter(&mut parts, &word.word, *category, word.weight);
            }
        }
        it.learn_grams();
        it
    }

    fn enter(&mut self, known: &mut HashMap<Vec<char>, u32>, word: &str, category: u16, weight: f32) {
        let Ok(entry) = u32::try_from(self.entries.len()) else {
            return;
        };
        let mut parts: Vec<Vec<char>> = word.split('+').map(folded).filter(|p| !p.is_empty()).collect();
        parts.sort();
        parts.dedup();
        for chars in &parts {
            let part = *known.entry(chars.clone()).or_insert_with(|| {
                let part = u32::try_from(self.needing.len()).unwrap_or(u32::MAX);
                self.needing.push(Vec::new());
                self.by_first.entry(chars[0]).or_default().push((chars.clone().into_boxed_slice(), part));
                part
            });
            self.needing[part as usize].push(entry);
        }
        let parts = u8::try_from(parts.len()).unwrap_or(u8::MAX);
        self.entries.push(Entry { word: word.to_owned(), parts, category, weight });
    }

    /// Weighs the characters and pairs of every category's words by their rarity among categories.
    fn learn_grams(&mut self) {
        let mut of: Vec<BTreeMap<Gram, f32>> = vec![BTreeMap::new(); self.codes.len()];
        for entry in &self.entries {
            for part in entry.word.split('+') {
                for gram in grams(&folded(part)) {
                    let slot = of[usize::from(entry.category)].entry(gram).or_insert(0.0);
                    *slot = slot.max(entry.weight);
                }
            }
        }
        let mut spread: HashMap<Gram, f32> = HashMap::new();
        for gram in of.iter().flat_map(BTreeMap::keys) {
            *spread.entry(*gram).or_default() += 1.0;
        }
        let all = (of.len() as f32).max(2.0);
        self.rarity =
            spread.into_iter().map(|(gram, n)| (gram, (all / n).ln().max(0.0) / all.ln())).collect();
        for (category, grams) in (0_u16..).zip(&of) {
            // Divided by a root of the vocabulary's size: a category with many words is not favoured.
            let size = (grams.len() as f32).powf(0.25);
            for (gram, weight) in grams {
                let rarity = self.rarity[gram];
                let share = if gram.1.is_some() { 1.0 } else { SINGLE };
                self.grams
                    .entry(*gram)
                    .or_default()
                    .push((category, share * weight * rarity * rarity / size));
            }
        }
    }

    /// How much a character or pair says about what is reported, 0 to 1; nothing when no category's words have it.
    pub(crate) fn rarity(&self, gram: Gram) -> Option<f32> {
        self.rarity.get(&gram).copied()
    }

    /// Index of a code in [`Weighed`].
    pub(crate) fn number_of(&self, code: &CategoryCode) -> Option<u16> {
        self.codes.binary_search(code).ok().and_then(|i| u16::try_from(i).ok())
    }

    pub(crate) fn code_of(&self, category: u16) -> Option<&CategoryCode> {
        self.codes.get(usize::from(category))
    }

    /// Entries whose every part occurs in the text. A word by itself does not count inside a longer one: `机动车` in
    /// `非机动车`, `垃圾` in `垃圾桶`.
    fn hits(&self, text: &[char]) -> Vec<u32> {
        // Where each part stands, longest first at each place.
        let mut stands: Vec<(usize, usize, u32)> = Vec::new();
        for at in 0..text.len() {
            let parts = self.by_first.get(&text[at]).map_or(&[][..], Vec::as_slice);
            for (chars, part) in parts.iter().filter(|(chars, _)| text[at..].starts_with(chars)) {
                stands.push((at, at + chars.len(), *part));
            }
        }
        stands.sort_unstable_by_key(|(from, to, _)| (*from, std::cmp::Reverse(*to)));
        let alone =
            |part: u32| self.needing[part as usize].iter().any(|e| self.entries[*e as usize].parts == 1);
        let mut seen = vec![Seen::No; self.needing.len()];
        let mut reach = 0;
        for (_, to, part) in &stands {
            let slot = &mut seen[*part as usize];
            *slot = if *to > reach { Seen::Free } else { (*slot).max(Seen::Inside) };
            if alone(*part) {
                reach = reach.max(*to);
            }
        }
        let mut parts_seen = vec![0_u8; self.entries.len()];
        let mut hits = Vec::new();
        for (_, _, part) in &stands {
            let seen = std::mem::replace(&mut seen[*part as usize], Seen::No);
            if seen == Seen::No {
                continue;
            }
            for entry in &self.needing[*part as usize] {
                let parts = self.entries[*entry as usize].parts;
                let count = &mut parts_seen[*entry as usize];
                *count += 1;
                if *count == parts && (parts > 1 || seen == Seen::Free) {
                    hits.push(*entry);
                }
            }
        }
        // By category, strongest first.
        hits.sort_unstable_by(|a, b| {
            let (a, b) = (&self.entries[*a as usize], &self.entries[*b as usize]);
            a.category.cmp(&b.category).then(b.weight.total_cmp(&a.weight))
        });
        hits
    }

    /// Everything that a text points to, most first, at most `most`.
    fn weigh_hits(&self, text: &[char], hits: &[u32], most: usize) -> Vec<Weighed> {
        let mut scores = vec![0.0_f32; self.codes.len()];
        let mut share = 1.0;
        let mut last = None;
        for hit in hits {
            let entry = &self.entries[*hit as usize];
            share = if last == Some(entry.category) { share * FURTHER } else { 1.0 };
            last = Some(entry.category);
            scores[usize::from(entry.category)] += entry.weight * share;
        }
        let mut said = grams(text).collect::<Vec<_>>();
        said.sort_unstable();
        said.dedup();
        let length = (said.len().max(4) as f32).sqrt();
        for (category, value) in said.iter().filter_map(|gram| self.grams.get(gram)).flatten() {
            scores[usize::from(*category)] += GRAMS_WEIGHT * value / length;
        }
        let mut all: Vec<Weighed> = (0_u16..)
            .zip(scores)
            .filter(|(_, score)| *score >= SCORE_MIN)
            .map(|(category, score)| Weighed { category, score })
            .collect();
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.category.cmp(&b.category)));
        all.truncate(most);
        all
    }

    /// Everything that a folded text points to, most first, at most `most`.
    pub(crate) fn weigh(&self, text: &[char], most: usize) -> Vec<Weighed> {
        self.weigh_hits(text, &self.hits(text), most)
    }

    /// The `n` categories that a report most likely belongs to, best first; fewer or none when little points anywhere.
    #[must_use]
    pub fn suggest(&self, text: &str, n: usize) -> Vec<Suggestion> {
        let text = folded(text);
        let hits = self.hits(&text);
        let presentable = |w: Weighed| {
            let of_it =
                hits.iter().map(|hit| &self.entries[*hit as usize]).filter(|e| e.category == w.category);
            let mut why: Vec<String> = Vec::new();
            for word in of_it.map(|e| &e.word) {
                if why.len() < WHY_MAX && !why.contains(word) {
                    why.push(word.clone());
                }
            }
            Suggestion {
                code: self.codes[usize::from(w.category)].clone(),
                score: 1.0 - (-w.score / 2.0).exp(),
                why,
            }
        };
        self.weigh_hits(&text, &hits, n).into_iter().map(presentable).collect()
    }
}

/// A character, or it and the next.
pub(crate) type Gram = (char, Option<char>);

pub(crate) fn grams(text: &[char]) -> impl Iterator<Item = Gram> + '_ {
    let pairs = text.windows(2).map(|w| (w[0], Some(w[1])));
    text.iter().map(|c| (*c, None)).chain(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_category_is_suggested_for_its_own_name() {
        let suggester = Suggester::builtin();
        for category in Catalogue::builtin().matters() {
            let codes: Vec<_> = suggester.suggest(&category.name, 3).into_iter().map(|s| s.code).collect();
            assert!(codes.contains(&category.code), "{}: {codes:?}", category.name);
        }
    }

    #[test]
    fn every_category_has_words_of_its_own() {
        let lexicon = Lexicon::builtin();
        for category in Catalogue::builtin().matters() {
            assert!(lexicon.words.iter().any(|w| w.category == category.code), "{}", category.name);
        }
        let catalogue = Catalogue::builtin();
        assert!(lexicon.words.iter().all(|w| catalogue.get(&w.category).is_some()));
    }

    #[test]
    fn everyday_words_lead_to_the_category() {
        let suggester = Suggester::builtin();
        for (text, code) in [
            ("垃圾桶满出来了", "E06042"),
            ("隔壁饭店油烟", "E06027"),
            ("摆摊", "E09001"),
            ("摆摊", "E09006"),
            ("车停在人行道上", "E09009"),
            ("晚上施工太吵", "E08001"),
            ("井盖没了", "E01023"),
            ("渣土车漏一路", "E08011"),
            ("渣土车漏一路", "E06014"),
            ("小广告", "E07001"),
            ("搭违建", "E06001"),
        ] {
            let found = suggester.suggest(text, 3);
            assert!(found.iter().any(|s| s.code.as_str() == code), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_suggestion_says_why_and_nothing_is_suggested_for_nothing() {
        let suggester = Suggester::builtin();
        let best = &suggester.suggest("小区里到处是小广告！", 1)[0];
        assert!(best.why.iter().any(|w| w == "小广告") && best.score > 0.5);
        assert!(suggester.suggest("", 3).is_empty());
        assert!(suggester.suggest("1234567", 3).is_empty());
    }

    #[test]
    fn a_bad_line_of_the_lexicon_is_named() {
        let wrong = |text| Lexicon::parse(text).unwrap_err().to_string();
        assert!(wrong("word\tcategory\tweight\n摊\tE09\t1").contains("第 2 行"));
        assert!(wrong("摊\tE09001\t9").contains("权重"));
        assert!(wrong("摊+\tE09001\t1").contains("部分"));
    }

    proptest! {
        #[test]
        fn suggestions_are_ordered_bounded_and_repeatable(text in ".{0,200}", n in 0usize..10) {
            let suggester = Suggester::new(&Catalogue::builtin(), &Lexicon::default());
            let found = suggester.suggest(&text, n);
            prop_assert!(found.len() <= n);
            prop_assert!(found.windows(2).all(|w| w[0].score >= w[1].score));
            prop_assert!(found.iter().all(|s| (0.0..=1.0).contains(&s.score)));
            prop_assert_eq!(found, suggester.suggest(&text, n));
        }
    }
}
