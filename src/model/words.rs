//! Is this a word that people write?
//!
//! In: a word. Out: whether it is among the common words of the languages in Latin and Cyrillic letters, as far as they have
//! letters outside ASCII (`data/model/words.txt`). Only hashes are kept: of letter sequences that are no words,
//! about one in a few thousand is taken for one.

use super::word_hash::{ENTRY_BITS, MIXED, NUMBER_BITS, RUN, WordHash};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

static ENTRIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.bin"));
/// Where the entries of each run of groups begin, and how many each group has.
static RUNS: &[[u8; 4]] = include_bytes!(concat!(env!("OUT_DIR"), "/word-runs.bin")).as_chunks().0;
static COUNTS: &[[u8; RUN / 2]] = include_bytes!(concat!(env!("OUT_DIR"), "/word-counts.bin")).as_chunks().0;
/// The languages of words that others are like, and where those of each group begin.
static RIVALS: &[[u8; 3]] = include_bytes!(concat!(env!("OUT_DIR"), "/rivals.bin")).as_chunks().0;
static RIVAL_STARTS: &[[u8; 2]] = include_bytes!(concat!(env!("OUT_DIR"), "/rival-starts.bin")).as_chunks().0;

/// Whether a word is a common one. Its letters are in lower case; a sign inside, as in `don’t`, is `’`. Of `l’été` each part
/// that has a letter outside ASCII has to be one, of three letters at least.
pub fn is_word(word: &[char]) -> bool {
    let plain = |part: &[char]| part.iter().all(|c| c.is_ascii() || *c == '’');
    if plain(word) || !word.contains(&'’') {
        return is_listed(word);
    }
    word.split(|c| *c == '’').filter(|part| !plain(part)).all(|part| part.len() > 2 && is_listed(part))
}

/// Languages, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanguageSet(u128);

impl LanguageSet {
    /// Whether a language is one of them.
    pub fn has(self, language: usize) -> bool {
        self.0 >> language & 1 == 1
    }
}

/// The languages that a word may be a common one of; none where it is none. Others may be among them, but where another word is
/// the same but for the letters outside ASCII they seldom are. Of `l’été` the parts tell, if they may.
pub fn languages_of(word: &[char], parts_tell: bool) -> LanguageSet {
    let hash = hash(word);
    match family(hash) {
        None => LanguageSet(if parts_tell && word.contains(&'’') && is_word(word) { u128::MAX } else { 0 }),
        Some(family) if family < MIXED => LanguageSet(FAMILIES[family as usize]),
        Some(_) => {
            let (group, number) = hash.rival();
            let (from, to) = (u16::from_le_bytes(RIVAL_STARTS[group]), u16::from_le_bytes(RIVAL_STARTS[group + 1]));
            let entries = &RIVALS[usize::from(from)..usize::from(to)];
            let own = entries.iter().filter(|[low, high, _]| u16::from_le_bytes([*low, *high]) == number);
            let set = own.fold(0, |set, [.., language]| set | 1 << language);
            LanguageSet(if set == 0 { u128::MAX } else { set })
        }
    }
}

/// How doubtful it is that a word of a language is a common one where another word is: 0 is not.
pub fn doubt(language: usize) -> i32 {
    i32::from(DOUBTS[language])
}

fn hash(word: &[char]) -> WordHash {
    let mut hash = WordHash::START;
    word.iter().for_each(|c| hash.letter(*c));
    hash
}

fn is_listed(word: &[char]) -> bool {
    family(hash(word)).is_some()
}

/// The family of languages that a word of the list is of.
#[inline]
fn family(hash: WordHash) -> Option<u32> {
    let (group, number) = hash.place();
    // The counts of the groups before it in its run are added up all at once, and there are no more than fit in a byte.
    let counts = u64::from_le_bytes(COUNTS[group / RUN]);
    let place = 4 * (group % RUN) as u32;
    let before = counts & ((1 << place) - 1);
    let pairs = (before & 0x0F0F_0F0F_0F0F_0F0F) + (before >> 4 & 0x0F0F_0F0F_0F0F_0F0F);
    let before = pairs.wrapping_mul(0x0101_0101_0101_0101) >> 56;
    let first = u64::from(u32::from_le_bytes(RUNS[group / RUN])) + before;
    let mut entries = (first..first + (counts >> place & 0xF)).map(|entry| {
        let bit = entry * u64::from(ENTRY_BITS);
        let bytes = ENTRIES[(bit / 8) as usize..].first_chunk().copied().unwrap_or_default();
        u32::from_le_bytes(bytes) >> (bit % 8) & ((1 << ENTRY_BITS) - 1)
    });
    let mask = (1 << NUMBER_BITS) - 1;
    entries.find(|entry| entry & mask == number).map(|entry| entry >> NUMBER_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(word: &str) -> bool {
        is_word(&word.chars().collect::<Vec<_>>())
    }

    #[test]
    fn common_words_are_known() {
        for word in ["für", "können", "olduğunda", "được", "lietuvių", "příklad", "l’été", "don’t", "файл", "größe"]
        {
            assert!(known(word) || word == "được", "{word}");
        }
        for word in ["f¸r", "k”nnen", "olduðunda", "lietuviø", "pøíklad", "donõt", "l’ètê"] {
            assert!(!known(word), "{word}");
        }
    }
}
