//! In which language is a word, by the words around it?
//!
//! In: words. Out: what it costs that they are of each language that the model knows; of a relative of it, which has its spelling and
//! some of its words; or of a language of which nothing is known. Each word counts by how often it is met there, or by its
//! letters. Must not: know what stands between these words.

use super::PER_NAT;
use super::frequent::{self, Frequent};
use super::languages::{self, LANGUAGES};

/// No word says more than this against a language: it may be a name, or from elsewhere.
const CHANGE: i32 = 5 * PER_NAT;
/// What it costs that a text is in a relative of a language.
const RELATIVE: i32 = 3 * PER_NAT;
/// What it costs that a relative has one of the commonest words of a language, too, and that it has another one.
const SHARED: i32 = PER_NAT;
const OWN: i32 = PER_NAT / 4;
/// What it costs that a text is in a language of which nothing is known, and what the end of a word and each letter cost there. Most
/// languages are such: a text is in one until its words tell another.
const UNKNOWN: i32 = -PER_NAT;
const EDGE: i32 = 5 * PER_NAT / 4;
const LETTER: i32 = 5 * PER_NAT / 2;

/// What the words around cost.
#[derive(Clone, Debug)]
pub struct Home {
    known: [i32; LANGUAGES],
    relatives: [i32; LANGUAGES],
    unknown: i32,
}

impl Home {
    /// The words are in lower case. The same word again says nothing new.
    pub fn of<'t>(words: impl Iterator<Item = &'t [char]>) -> Home {
        let known = languages::priors();
        Home { known, relatives: known.map(|cost| cost + RELATIVE), unknown: UNKNOWN }.with(words)
    }

    /// The same with more words.
    pub fn with<'t>(&self, words: impl Iterator<Item = &'t [char]>) -> Home {
        let mut home = self.clone();
        let mut seen: Vec<&[char]> = Vec::new();
        for word in words {
            if word.is_empty() || seen.contains(&word) {
                continue;
            }
            seen.push(word);
            home.add(word);
        }
        home
    }

    fn add(&mut self, word: &[char]) {
        let letters = languages::spellings(word.iter().copied());
        let mut common: [Option<i32>; LANGUAGES] = [None; LANGUAGES];
        for Frequent { language, cost, .. } in frequent::of(word.iter().copied()) {
            common[language] = Some(common[language].map_or(cost, |known| cost.min(known)));
        }
        let costs: [[i32; 2]; LANGUAGES] =
            std::array::from_fn(|language| costs_of(letters[language], frequent::other(language), common[language]));
        let most = costs.iter().map(|[known, _]| *known).min().unwrap_or(0) + CHANGE;
        for (language, [known, relative]) in costs.into_iter().enumerate() {
            self.known[language] += known.min(most);
            self.relatives[language] += relative.min(most);
        }
        self.unknown += unknown_word(word.len()).min(most);
    }

    /// What it costs that a word is of a language.
    pub fn known(&self, language: usize) -> i32 {
        self.known[language]
    }

    /// What it costs that a word is of a relative of a language, and that this word is spelled so there.
    pub fn relative(&self, language: usize) -> i32 {
        self.relatives[language]
    }

    /// What it costs that a word of so many letters is of a language of which nothing is known.
    pub fn unknown(&self, letters: usize) -> i32 {
        self.unknown + unknown_word(letters)
    }

    /// What the likeliest of all costs, relatives and languages of which nothing is known among them; and which it is, if it is a
    /// language that is known.
    pub fn best(&self) -> (i32, Option<usize>) {
        let known = (0..LANGUAGES).min_by_key(|language| self.known[*language]).unwrap_or(0);
        let other = self.relatives.iter().copied().min().unwrap_or(0).min(self.unknown);
        if self.known[known] <= other { (self.known[known], Some(known)) } else { (other, None) }
    }

    /// What the likeliest language costs.
    pub fn least(&self) -> i32 {
        self.known.iter().copied().min().unwrap_or(0)
    }
}

/// What a word of a language costs, by its letters or by how often it is met, if that is known; and a word of a relative. It
/// costs `other` besides that it is a word of the language of which that is not known.
pub fn costs_of(letters: i32, other: i32, common: Option<i32>) -> [i32; 2] {
    let [own, of_relative] = [letters + other, letters + OWN];
    match common {
        Some(cost) => [cost.min(own), (cost + SHARED).min(of_relative)],
        None => [own, of_relative],
    }
}

/// What a word of so many letters costs in a language of which nothing is known.
fn unknown_word(letters: usize) -> i32 {
    EDGE + LETTER * letters as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(text: &str) -> Home {
        let words: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().collect()).collect();
        Home::of(words.iter().map(Vec::as_slice))
    }

    fn at(code: &str) -> usize {
        (0..LANGUAGES).find(|language| languages::code(*language) == code).expect("it is known")
    }

    #[test]
    fn words_of_ascii_letters_tell_the_language() {
        for (text, code) in [
            ("das haus ist nicht mehr da", "de"),
            ("les enfants sont dans la cour avec nous", "fr"),
            ("het huis staat niet meer in de straat", "nl"),
            ("these words are not for you", "en"),
        ] {
            let home = home(text);
            assert_eq!(home.known(at(code)), home.least(), "{text}");
            assert!(home.relative(at(code)) > home.least() && home.unknown(0) > home.least() + 8 * PER_NAT, "{text}");
        }
    }

    #[test]
    fn a_word_again_is_no_new_evidence() {
        assert_eq!(home("der der der").known(at("de")), home("der").known(at("de")));
    }

    #[test]
    fn without_its_common_words_a_text_is_in_a_relative() {
        // The spelling is German, the words are none.
        let home = home("schleg monder fallings brestig lauken drasten");
        assert!(home.relative(at("de")) < home.known(at("de")) + RELATIVE);
    }
}
