//! How often is this word met?
//!
//! In: a word in lower case. Out: in which languages it is one of the commonest, and what it costs there
//! (`data/model/frequent.txt`). Unlike the list of [`super::words`] this one has words of ASCII letters, too: `der`, `les`, `not`.

use super::word_hash::{WordHash, of_frequent_entry};

include!(concat!(env!("OUT_DIR"), "/frequent.rs"));

static ENTRIES: &[[u8; 4]] = include_bytes!(concat!(env!("OUT_DIR"), "/frequent.bin")).as_chunks().0;
/// Where the entries of each group begin, and the end.
static STARTS: &[[u8; 2]] = include_bytes!(concat!(env!("OUT_DIR"), "/frequent-starts.bin")).as_chunks().0;

/// Up to this cost all words of a language are listed; of rarer ones only those that could be another one but for a letter.
pub const COMPLETE: i32 = 15 * UNIT;

/// A word in a language of which it is one of the commonest.
#[derive(Clone, Copy, Debug)]
pub struct Frequent {
    pub language: usize,
    /// What it costs there.
    pub cost: i32,
    /// How it begins within a sentence, if it always begins so, and not with a letter of ASCII.
    pub case: Option<Case>,
}

/// How a word begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Small,
    Capital,
}

/// The languages of which a word is one of the commonest.
pub fn of(word: impl Iterator<Item = char>) -> impl Iterator<Item = Frequent> + Clone {
    let mut hash = WordHash::START;
    word.for_each(|c| hash.letter(c));
    let (group, own) = hash.frequent();
    let start = |group: usize| usize::from(u16::from_le_bytes(STARTS[group]));
    ENTRIES[start(group)..start(group + 1)].iter().filter_map(move |entry| {
        let (number, case, language, cost) = of_frequent_entry(u32::from_le_bytes(*entry));
        let case = [None, Some(Case::Small), Some(Case::Capital)].get(case as usize).copied().flatten();
        (number == own).then_some(Frequent { language, cost: cost * UNIT, case })
    })
}

/// The same in one language.
pub fn of_language(word: impl Iterator<Item = char>, language: usize) -> Option<Frequent> {
    of(word).find(|frequent| frequent.language == language)
}

/// What it costs that a word of a language is none of its commonest.
pub fn other(language: usize) -> i32 {
    OTHERS[language]
}

#[cfg(test)]
mod tests {
    use super::super::languages;
    use super::*;

    fn codes(word: &str) -> Vec<&str> {
        of(word.chars()).map(|frequent| languages::code(frequent.language)).collect()
    }

    #[test]
    fn words_are_of_their_languages() {
        assert!(codes("der").contains(&"de") && !codes("der").contains(&"fr"));
        assert!(codes("pour").contains(&"fr") && codes("für").contains(&"de") && codes("don’t").contains(&"en"));
        assert!(codes("mxyz").is_empty() && codes("").is_empty());
    }

    #[test]
    fn common_words_cost_less_than_rare_ones() {
        let french = |word: &str| of(word.chars()).find(|word| languages::code(word.language) == "fr");
        assert!(french("de").unwrap().cost < french("même").unwrap().cost);
        assert_eq!(french("été").unwrap().case, Some(Case::Small));
        assert!(french("für").is_none());
    }
}
