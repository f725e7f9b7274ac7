//! What do the words of a text cost, in the languages that suit them best?
//!
//! In: the characters of a text. Out: their cost within one language at a time, with what common words are worth; and the
//! language. Only letters of Latin and Cyrillic can be weighed so; signs are edges of words. Must not: know what the text
//! may have been.

use super::{Languages, PER_NAT, is_word};

/// What speaks for a common word of one letter, two letters, and so on, up to seven.
const COMMON: [i32; 7] = [0, 0, PER_NAT, 2 * PER_NAT, 4 * PER_NAT, 5 * PER_NAT, 7 * PER_NAT];
/// What a capital costs in the middle of a word, beyond what the letter costs.
const CAPITAL_INSIDE: i32 = 4 * PER_NAT;
/// How much less a text must cost in its language than in any other before it is said to be in it.
const CLEAR: i32 = 3 * PER_NAT;

/// What the words of a text say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prose {
    /// What they cost, in eighths of a nat, less what common words are worth.
    pub cost: i32,
    /// What their letters cost, and how many these are.
    pub spelling: i32,
    pub letters: usize,
    /// The code of the language that the last of them are in, if that is clear.
    pub language: Option<&'static str>,
}

/// Whether a sign often stands between two words with no space about it.
fn is_between_words(c: char) -> bool {
    c.is_whitespace() || matches!(c, '–' | '—' | '…')
}

/// Whether a sign stands for an apostrophe between letters.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘')
}

/// Weighs the words of a text. A sign that is no letter ends a word, unless it stands in the middle of one.
pub fn weigh(text: &[char]) -> Prose {
    weigh_in(Languages::default(), text)
}

/// The same after words that tell something of the language.
fn weigh_in(mut languages: Languages, text: &[char]) -> Prose {
    let (mut capitals, mut listed, mut letters) = (0, 0, 0);
    let mut words: Vec<Vec<char>> = Vec::new();
    let mut word = Vec::new();
    let mut note = |word: &mut Vec<char>| {
        // A word again is no new evidence.
        let worth = known(word);
        if worth > 0 && !words.contains(word) {
            listed += worth;
            words.push(std::mem::take(word));
        }
        word.clear();
    };
    for (at, &c) in text.iter().enumerate() {
        if !is_part(text, at) {
            languages.edge();
            note(&mut word);
            continue;
        }
        if c.is_uppercase() && at > 0 && text[at - 1].is_lowercase() {
            capitals += CAPITAL_INSIDE;
        }
        word.push(if is_apostrophe(c) { '’' } else { small(c) });
        languages.letter(word[word.len() - 1]);
        letters += 1;
    }
    languages.edge();
    note(&mut word);
    let (code, ahead) = languages.likeliest();
    let spelling = languages.cost();
    Prose { cost: spelling + capitals - listed, spelling, letters, language: (ahead >= CLEAR).then_some(code) }
}

/// The language of a text, by some of its words: for weighing what another word of it may be.
#[derive(Clone, Default)]
pub struct Tongue(Languages);

impl Tongue {
    /// The language of these words.
    pub fn of(words: impl Iterator<Item = impl Iterator<Item = char>>) -> Tongue {
        let mut languages = Languages::default();
        for word in words {
            word.filter(|c| c.is_alphabetic()).for_each(|c| languages.letter(small(c)));
            languages.edge();
        }
        Tongue(languages)
    }

    /// What this costs there, a word or a few.
    pub fn cost(&self, text: &[char]) -> i32 {
        weigh_in(self.0.clone(), text).cost - self.0.clone().cost()
    }
}

/// Whether a character is a part of a word: a letter, or a sign between two of them that does not stand between words.
pub fn is_part(text: &[char], at: usize) -> bool {
    let letter = |at: usize| text.get(at).is_some_and(|c| c.is_alphabetic());
    let is_inside = || at > 0 && letter(at - 1) && letter(at + 1);
    let joins = |c: char| is_apostrophe(c) || !c.is_ascii() && !is_between_words(c);
    letter(at) || is_inside() && joins(text[at])
}

/// Whether a letter is of those that can be weighed.
pub fn is_weighed(c: char) -> bool {
    Languages::has(small(c))
}

/// What speaks for a word that is a common one: the longer it is, the less it is so by chance.
fn known(word: &[char]) -> i32 {
    match word.len() {
        len if len > 1 && is_word(word) => COMMON[len.min(COMMON.len()) - 1],
        _ => 0,
    }
}

/// What [`weigh`] takes a word to be worth, whatever case it is in.
pub fn worth(word: &[char]) -> i32 {
    known(&lower(word))
}

/// Whether a word of two letters or more is a common one, whatever case it is in.
pub fn is_common(word: &[char]) -> bool {
    word.len() > 1 && is_word(&lower(word))
}

fn lower(word: &[char]) -> Vec<char> {
    word.iter().copied().map(small).collect()
}

/// Whether a letter is of the Cyrillic blocks that languages are weighed in.
pub fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..'\u{530}').contains(&c)
}

/// A letter in lower case.
pub fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_letters_cost_less_and_tell_the_language() {
        let weigh = |text: &str| weigh(&text.chars().collect::<Vec<_>>());
        let right = weigh("Zażółć gęślą jaźń, a potem wracaj do domu, bo już późno");
        assert!(right.cost < weigh("Za¿ó³æ gêœl¹ jaŸñ, a potem wracaj do domu, bo ju¿ póŸno").cost);
        assert_eq!(right.language, Some("pl"));
        assert_eq!(weigh("").language, None);
    }
}
