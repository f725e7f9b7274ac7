//! How likely are these words, in the language that suits them best?
//!
//! Letter pairs of all languages together say that `è` may follow `č` and `ø` may follow `p`; that no language has both is
//! what tells a page of one country read as another's. So the letters of a text are weighed within one language at a time:
//! each word by the language that it costs least in, where changing from one to another costs as well. The table is
//! `data/model/languages.txt`; it holds languages in Latin and Cyrillic letters.

use super::PER_NAT;

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

static COSTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/languages.bin"));
/// For each letter, its place in the rows of each language, from 1; 0 where the language does not use it.
static PLACES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/language-places.bin"));

/// What it costs to go on in another language, in eighths of a nat.
const CHANGE: i32 = 5 * PER_NAT;
/// What a letter costs that a language does not use.
const FOREIGN: i32 = 9 * PER_NAT;

/// Languages that one in a thousand pages of the web at least is written in, or nearly so, by the surveys of W3Techs (2025);
/// and what another one costs more.
const WIDESPREAD: [&str; 30] = [
    "bg", "ca", "cs", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nb", "nl", "pl",
    "pt", "pt-br", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "vi",
];
const RARER: i32 = 5 * PER_NAT;

/// Weighs the words of a text, letter by letter.
///
/// What the text costs is what it costs in the best language at each word, with what the changes cost; in eighths of a nat.
#[derive(Clone)]
pub struct Languages {
    /// What the text costs so far, by the language of its last word.
    costs: [i32; LANGUAGES],
    /// The place of the last letter in each language; 0 at the edge of a word, 1 for one that the language does not use.
    last: [u8; LANGUAGES],
    in_word: bool,
}

impl Default for Languages {
    fn default() -> Languages {
        Languages { costs: [0; LANGUAGES], last: [0; LANGUAGES], in_word: false }
    }
}

impl Languages {
    /// Whether any of the languages uses a letter, which is in lower case.
    pub fn has(letter: char) -> bool {
        LETTERS.binary_search(&letter).is_ok()
    }

    /// Goes on by one letter, in lower case.
    pub fn letter(&mut self, letter: char) {
        if !self.in_word {
            self.in_word = true;
            let least = self.costs.iter().copied().min().unwrap_or(0) + CHANGE;
            for cost in &mut self.costs {
                *cost = least.min(*cost);
            }
        }
        match LETTERS.binary_search(&letter) {
            Ok(number) => {
                let places = &PLACES[number * LANGUAGES..(number + 1) * LANGUAGES];
                for (language, &place) in places.iter().enumerate() {
                    let last = self.last[language];
                    self.costs[language] += if place == 0 { FOREIGN } else { cost(language, last, place) };
                    self.last[language] = if place == 0 { 1 } else { place + 1 };
                }
            }
            Err(_) => {
                for (cost, last) in self.costs.iter_mut().zip(&mut self.last) {
                    *cost += FOREIGN;
                    *last = 1;
                }
            }
        }
    }

    /// The word is over, if one is under way.
    pub fn edge(&mut self) {
        if self.in_word {
            for language in 0..LANGUAGES {
                self.costs[language] += cost(language, self.last[language], 0);
                self.last[language] = 0;
            }
            self.in_word = false;
        }
    }

    /// What all of it costs.
    pub fn cost(mut self) -> i32 {
        self.edge();
        self.costs.into_iter().min().unwrap_or(0)
    }

    /// The language that the text is in, by its words so far, and how much less it costs there than in any other.
    pub fn likeliest(&self) -> (&'static str, i32) {
        let mut all: Vec<(i32, &str)> = self.costs.iter().copied().zip(CODES).collect();
        all.sort_unstable();
        match all[..] {
            [(best, code), (next, _), ..] => (code, next - best),
            _ => ("", 0),
        }
    }
}

/// What it costs that a text is in each language, before a word of it was read.
pub fn priors() -> [i32; LANGUAGES] {
    CODES.map(|code| if WIDESPREAD.contains(&code) { 0 } else { RARER })
}

/// What a word, in lower case, costs in each language by its letters.
pub fn spellings(word: impl Iterator<Item = char>) -> [i32; LANGUAGES] {
    let mut languages = Languages::default();
    word.for_each(|c| languages.letter(c));
    languages.edge();
    languages.costs
}

/// The edge of a word, as what stands before a letter.
pub const EDGE: u8 = 0;

/// The code of a language.
pub fn code(language: usize) -> &'static str {
    CODES[language]
}

/// The letters of a language, in lower case.
pub fn letters(language: usize) -> impl Iterator<Item = char> {
    let has = move |number: &usize| PLACES[number * LANGUAGES + language] > 0;
    (0..LETTERS.len()).filter(has).map(|number| LETTERS[number])
}

/// What a letter costs in a language after another one; and what it is to the next.
pub fn step(language: usize, last: u8, letter: char) -> (i32, u8) {
    let place = LETTERS.binary_search(&letter).map_or(0, |number| PLACES[number * LANGUAGES + language]);
    if place == 0 { (FOREIGN, 1) } else { (cost(language, last, place), place + 1) }
}

/// What it costs in a language that a word ends after a letter.
pub fn edge_cost(language: usize, last: u8) -> i32 {
    cost(language, last, 0)
}

/// What the letter at `place` costs after the one in row `last`.
fn cost(language: usize, last: u8, place: u8) -> i32 {
    let (start, width) = TABLES[language];
    i32::from(COSTS[start + usize::from(last) * width + usize::from(place)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_cost(text: &str) -> i32 {
        let mut languages = Languages::default();
        for c in text.chars() {
            match c.is_alphabetic() {
                true => languages.letter(c),
                false => languages.edge(),
            }
        }
        languages.cost()
    }

    #[test]
    fn letters_of_one_language_cost_less_than_letters_of_two() {
        for (right, broken) in [
            ("příliš žluťoučký kůň", "pøíliš žluouèký kùò"),
            ("göğüs ağrısı şöyle", "göðüs aðrýsý þöyle"),
            ("turístico según", "turêstico segżn"),
            ("чашка горячего чая", "џашка горџчего џаџ"),
        ] {
            assert!(text_cost(right) + 30 < text_cost(broken), "{right} {} {}", text_cost(right), text_cost(broken));
        }
    }

    #[test]
    fn a_name_among_other_words_is_no_surprise() {
        assert!(text_cost("the conductor dvořák came") < text_cost("the conductor dvoøák came"));
        assert!(text_cost("the danish word smørrebrød") < text_cost("the danish word smřrrebrřd"));
    }
}
