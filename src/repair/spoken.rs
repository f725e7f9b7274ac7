//! What do the words of a line say of a reading, in the language that they are in?
//!
//! In: a text as it stands, and as it is in another page. Out: what the reading gains, where every word that changes is one of the
//! commonest of the language that the line is in then ([`crate::model::home`]). Then a word of two letters is evidence, and
//! so is one of a single letter: `Ë possibile` is Italian for `è possibile`. Must not: know pages, or what a sign costs.

use super::change::is_grown;
use crate::model::PER_NAT;
use crate::model::frequent;
use crate::model::home::Home;
use crate::model::prose::{is_apostrophe, is_part, small};

/// What a capital costs where none belongs, beyond what the letter costs.
const ODD_CAPITAL: i32 = 4 * PER_NAT;
/// No longer word is one of the commonest.
const LONGEST: usize = 24;

/// A text as it stands.
pub struct Spoken {
    /// The language, by the words that no page makes other words.
    home: Home,
    /// What the others cost.
    cost: i32,
}

impl Spoken {
    pub fn new(stands: &[char]) -> Spoken {
        let words = words(stands);
        let same = words.iter().filter(|word| !word.is_open);
        let same: Vec<Vec<char>> = same.map(|word| word.letters(stands).collect()).collect();
        let home = Home::of(same.iter().map(Vec::as_slice));
        let cost = cost(&home, stands, &words).0;
        Spoken { home, cost }
    }

    /// What a reading gains by its words; `None` if one that changes is none of the commonest of the language.
    pub fn gain(&self, stands: &[char], text: &[char]) -> Option<i32> {
        let words = words(text);
        let (cost, language) = cost(&self.home, text, &words);
        let language = language?;
        let is_common = |word: &Word| {
            let range = word.start..word.end;
            let known = frequent::of_language(word.letters(text), language);
            known.is_some_and(|known| {
                known.cost <= frequent::COMPLETE || !is_grown(&stands[range.clone()], &text[range])
            })
        };
        let mut changed = words.iter().filter(|word| word.changes(stands, text)).peekable();
        changed.peek()?;
        changed.all(is_common).then(|| self.cost - cost)
    }
}

/// Whether each word that changes is one of the commonest somewhere, and there is one: a look that costs little.
pub fn may_gain(stands: &[char], text: &[char]) -> bool {
    let words = words(text);
    let mut changed = words.iter().filter(|word| word.changes(stands, text)).peekable();
    let may_be_common = |word: &Word| word.len() <= LONGEST && frequent::of(word.letters(text)).next().is_some();
    changed.peek().is_some() && changed.all(|word| word.stands_alone(text) && may_be_common(word))
}

/// What the words that may be others cost with what is known of the language, and which it is, if it is one that is known.
fn cost(home: &Home, text: &[char], words: &[Word]) -> (i32, Option<usize>) {
    let open = words.iter().filter(|word| word.is_open);
    let letters: Vec<Vec<char>> = open.clone().map(|word| word.letters(text).collect()).collect();
    let (cost, language) = home.with(letters.iter().map(Vec::as_slice)).best();
    let capitals: usize = open.map(|word| word.odd_capitals(text)).sum();
    (cost + ODD_CAPITAL * capitals as i32, language)
}

/// A word of a text, as a range of characters.
struct Word {
    start: usize,
    end: usize,
    /// Whether it may be another word in another page: it has, or touches, a character that is not of ASCII.
    is_open: bool,
}

impl Word {
    fn len(&self) -> usize {
        self.end - self.start
    }

    /// Its letters in lower case, and one sign for all apostrophes.
    fn letters<'t>(&self, text: &'t [char]) -> impl Iterator<Item = char> + 't {
        let is_one = |c: char| is_apostrophe(c) || c == 'ʼ';
        text[self.start..self.end].iter().map(move |c| if is_one(*c) { '’' } else { small(*c) })
    }

    fn changes(&self, stands: &[char], text: &[char]) -> bool {
        stands[self.start..self.end] != text[self.start..self.end]
    }

    /// Whether nothing touches it that words do not stand beside: in `%(count)s` there is none.
    fn stands_alone(&self, text: &[char]) -> bool {
        let before = self.start.checked_sub(1).map(|before| text[before]);
        let after = text.get(self.end);
        before.is_none_or(|c| !c.is_numeric() && !")]}%$_\\@#&=".contains(c))
            && after.is_none_or(|c| !c.is_numeric() && !"([{%$_\\@#&=".contains(*c))
    }

    /// How many capitals stand where none belongs: after a small letter, or alone within a sentence.
    fn odd_capitals(&self, text: &[char]) -> usize {
        let inside =
            text[self.start..self.end].windows(2).filter(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
        let is_alone = self.len() == 1 && text[self.start].is_uppercase();
        let is_within = self.start >= 2 && text[self.start - 1] == ' ' && text[self.start - 2].is_lowercase();
        inside.count() + usize::from(is_alone && is_within)
    }
}

fn words(text: &[char]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let len = (at..text.len()).take_while(|at| is_part(text, *at)).count();
        if len > 0 {
            let around = &text[at.saturating_sub(1)..(at + len + 1).min(text.len())];
            words.push(Word { start: at, end: at + len, is_open: !around.iter().all(char::is_ascii) });
        }
        at += len.max(1);
    }
    words
}
