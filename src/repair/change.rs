//! What changes in a text if it is read in another page, and is that text?
//!
//! In: the characters of a text as it stands, and as many in another page. Out: how many words and marks change that people write,
//! and what shows that something else happened. Must not: weigh anything.

use crate::codec;
use crate::model::{Symbol, prose};

/// Words of this many letters are no chance.
const WORD: usize = 4;
/// So many letters in the words that change are no chance, whatever they were before.
const LETTERS: usize = 8;
/// So many letters around one that changes tell the forms of a word from other words.
const NEAR: usize = 2;
/// So many neighbours that follow each other in code are no chance.
const LEAST_LISTED: usize = 3;

/// A text, and what it becomes, character by character.
#[derive(Clone, Copy)]
pub struct Change<'t> {
    pub stands: &'t [char],
    pub text: &'t [char],
}

impl<'t> Change<'t> {
    /// Whether all that changes is a Â before a space, or a Ã there or after a small letter: that is what UTF-8 leaves of a no-break
    /// space, an à or an í, and no letter of a word.
    pub fn is_residue(&self) -> bool {
        let Change { stands, text } = *self;
        let is_rest = |at: usize| {
            let before_space = || text.get(at + 1).is_some_and(|c| c.is_whitespace());
            let after_small = || at > 0 && text[at - 1].is_ascii_lowercase();
            match stands[at] {
                'Â' => before_space(),
                'Ã' => before_space() || after_small(),
                _ => false,
            }
        };
        (0..text.len()).filter(|at| stands[*at] != text[*at]).all(is_rest)
    }

    /// Whether a sign still stands in the middle of a word, where none can, or takes the place of a letter there: then something else
    /// happened to the text.
    pub fn is_unfinished(&self) -> bool {
        let Change { stands, text } = *self;
        let inside = |at: usize| text[at - 1].is_alphabetic() && text[at + 1].is_alphabetic();
        let odd = |c: char| !c.is_ascii() && !c.is_alphanumeric() && !Symbol::of(c).is_mark() && c != '·';
        let tears = |was: char, is: char| was.is_alphabetic() && !is.is_alphabetic() && is != '’';
        // That is no letter of a word.
        let ordinal = |was: char, is: char| !was.is_alphabetic() && matches!(is, 'ª' | 'º');
        let is_bad = |was: char, is: char| if was == is { odd(is) } else { tears(was, is) || ordinal(was, is) };
        (1..text.len().saturating_sub(1)).any(|at| is_bad(stands[at], text[at]) && inside(at))
    }

    /// Whether a capital among capitals becomes a small letter, or a small letter within a word a capital.
    pub fn breaks_capitals(&self) -> bool {
        let Change { stands, text } = *self;
        let is = |at, what| is_at(text, at, what);
        let capital = |at: Option<usize>| is(at, char::is_uppercase);
        let among = |at: usize| capital(at.checked_sub(1)) && (capital(at.checked_sub(2)) || capital(Some(at + 1)));
        let within = |at: usize| is(at.checked_sub(1), char::is_alphabetic) && is(Some(at + 1), char::is_lowercase);
        (0..text.len()).any(|at| match stands[at] {
            was if was.is_uppercase() => text[at].is_lowercase() && among(at),
            was => was.is_lowercase() && text[at].is_uppercase() && within(at),
        })
    }

    /// Whether most of the neighbours that change are alike or follow each other in code, before or after: then it is a table, or a
    /// pattern, and no text.
    pub fn is_table(&self) -> bool {
        let Change { stands, text } = *self;
        let runs = |a: &char, b: &char| a == b || *a as u32 + 1 == *b as u32;
        let (mut pairs, mut listed) = (0, 0);
        for (was, is) in stands.windows(2).zip(text.windows(2)).filter(|(was, is)| was[0] != is[0] && was[1] != is[1]) {
            pairs += 1;
            listed += usize::from(runs(&was[0], &was[1]) || runs(&is[0], &is[1]));
        }
        pairs >= LEAST_LISTED && 2 * listed > pairs
    }

    /// Whether letters of one script become letters of another: then letters in general tell enough.
    pub fn crosses_scripts(&self) -> bool {
        // A sign of money on the Mac.
        let is_letter = |c: char| c.is_alphabetic() && c != 'ƒ';
        let crosses = |(was, is): (&char, &char)| {
            is_letter(*was) && is_letter(*is) && prose::is_cyrillic(*was) != prose::is_cyrillic(*is)
        };
        self.stands.iter().zip(self.text).any(crosses)
    }

    /// How many different words of the text change, if it is text that changes: signs that become neither letters nor marks, and
    /// letters that do not stand in words, are none.
    pub fn words(&self) -> usize {
        let Change { stands, text } = *self;
        let mut words: Vec<&'t [char]> = Vec::new();
        let (mut at, mut stray, mut letters) = (0, 0, 0);
        while at < text.len() {
            let len = word_len(&text[at..]);
            if len == 0 {
                let fits = Symbol::of(text[at]).is_mark();
                stray += usize::from(text[at] != stands[at] && !fits);
                at += 1;
                continue;
            }
            let (word, was) = (&text[at..at + len], &stands[at..at + len]);
            let changed = word.iter().zip(was).filter(|(is, was)| is != was).count();
            let small = word[1..].iter().all(|c| c.is_lowercase());
            // A letter alone is a word in many languages, but no evidence.
            let is_neutral = len == 1 && word[0].is_lowercase() && !was[0].is_alphabetic();
            // Between letters an operator may be a letter of a word, but as well one of a formula.
            // A figure set high ends a unit, or leads to a note.
            let may_be_right = was.iter().any(|c| is_operator(*c)) || is_set_high(was[len - 1]);
            let is_formula = may_be_right && !(len >= WORD && prose::is_common(word));
            if changed > 0 && !is_formula && (len >= WORD && small || prose::is_common(word)) {
                if !words.contains(&word) {
                    words.push(word);
                    // A sign or a capital in the middle of it says as much as another letter.
                    letters += if len + 1 >= WORD && small && is_odd_inside(was) { WORD } else { len };
                }
            } else if !is_neutral {
                stray += changed;
            }
            at += len;
        }
        // A few capitals alone are an abbreviation.
        let is_abbreviation = words.len() == 1 && words[0].len() <= WORD && stands.iter().all(|c| !c.is_lowercase());
        if stray > words.len() || letters < WORD || is_abbreviation { 0 } else { words.len() }
    }

    /// How many different words change, and how many of them do so between different letters: the forms of one word are no
    /// more evidence than the word.
    pub fn families(&self) -> (usize, usize) {
        let Change { stands, text } = *self;
        let mut words: Vec<&'t [char]> = Vec::new();
        let mut families: Vec<&'t [char]> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let len = word_len(&text[at..]);
            let (word, was) = (&text[at..at + len], &stands[at..at + len]);
            if let Some(first) = word.iter().zip(was).position(|(is, was)| is != was)
                && !words.contains(&word)
            {
                words.push(word);
                let near = &text[(at + first).saturating_sub(NEAR)..(at + first + 1 + NEAR).min(text.len())];
                if !families.contains(&near) {
                    families.push(near);
                }
            }
            at += len.max(1);
        }
        (words.len(), families.len())
    }

    /// How many pairs of quotation marks there are where none were, both where such a mark may stand.
    pub fn quotations(&self) -> usize {
        let Change { stands, text } = *self;
        let changed = |at: &usize| stands[*at] != text[*at];
        let before = |at: usize| at.checked_sub(1).and_then(|before| text.get(before));
        // What is between quotation marks already is a list of characters.
        let is_within = |c: Option<&char>| c.is_some_and(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | ','));
        let opens = |at: &usize| {
            let may_follow = before(*at).is_none_or(|c| c.is_whitespace() || "([{-/=>".contains(*c));
            may_follow && is_within(text.get(at + 1))
        };
        let closes = |at: &usize| {
            let may_precede = |c: &char| !c.is_alphanumeric() && !matches!(c, '"' | '\'') || c.is_lowercase();
            is_within(before(*at)) && text.get(at + 1).is_none_or(may_precede)
        };
        let mut pairs = 0;
        let mut from = 0;
        while let Some(open) = (from..text.len()).find(|at| changed(at) && opens(at)) {
            let is_pair = |at: &usize| QUOTATIONS.contains(&[text[open], text[*at]]);
            let close = (open + 2..text.len()).find(|at| changed(at) && is_pair(at) && closes(at));
            let close = close.filter(|close| is_quotable(&stands[open + 1..*close]));
            pairs += usize::from(close.is_some());
            from = close.unwrap_or(open) + 1;
        }
        pairs
    }

    /// Whether all that changes becomes marks: then it does not matter in which language the words are.
    pub fn changes_marks_only(&self) -> bool {
        let Change { stands, text } = *self;
        stands.iter().zip(text).all(|(was, is)| was == is || Symbol::of(*is).is_mark())
    }

    /// How many marks of quotation there are where a capital was that is no part of a word: before another capital and a small
    /// letter. The other mark of the pair may be in another line.
    pub fn half_quotations(&self) -> usize {
        let Change { stands, text } = *self;
        let is = |at, what| is_at(text, at, what);
        let opens = |&at: &usize| {
            QUOTATIONS.iter().any(|pair| pair[0] == text[at])
                && !is(at.checked_sub(1), char::is_alphanumeric)
                && is(Some(at + 1), char::is_uppercase)
                && is(Some(at + 2), char::is_lowercase)
        };
        (0..text.len()).filter(|&at| stands[at] != text[at] && stands[at].is_uppercase()).filter(opens).count()
    }

    /// How many words of small letters end with an ellipsis where a capital was: what is left is all ASCII.
    pub fn ellipses(&self) -> usize {
        let Change { stands, text } = *self;
        let ends_word = |at: &usize| {
            let letters = text[..*at].iter().rev().take_while(|c| c.is_ascii_alphabetic()).count();
            let starts = *at == letters || !text[at - letters - 1].is_alphabetic();
            letters >= WORD
                && starts
                && text.get(at + 1).is_none_or(|c| c.is_whitespace() || matches!(c, '<' | '"' | ')'))
        };
        let made =
            |at: &usize| text[*at] == '…' && stands[*at].is_uppercase() && *at > 0 && text[*at - 1].is_lowercase();
        (0..text.len()).filter(made).filter(ends_word).count()
    }

    /// Whether the words that change are few and short, and no sign stands in them that is out of place in a word.
    pub fn is_little(&self) -> bool {
        let mut letters = 0;
        for (was, word) in self.changed_words() {
            // Of `l’été` it is the one part that changes.
            let mut from = 0;
            for part in word.split(|c| *c == '’') {
                let was = &was[from..from + part.len()];
                if part != was {
                    letters += if was.iter().all(|c| c.is_alphabetic()) { part.len() } else { LETTERS };
                }
                from += part.len() + 1;
            }
        }
        letters < LETTERS
    }

    /// The words that only grow.
    pub fn grown(&self) -> Vec<&'t [char]> {
        let mut grown: Vec<&'t [char]> = Vec::new();
        for (_, word) in self.changed_words().filter(|(was, word)| is_grown(was, word)) {
            if !grown.contains(&word) {
                grown.push(word);
            }
        }
        grown
    }

    /// Whether a word that changes is a common one then.
    pub fn has_common_word(&self) -> bool {
        self.changed_words().any(|(was, word)| {
            let is_long = word.len() >= WORD || word.len() > 2 && is_odd_inside(was);
            is_long && !is_grown(was, word) && prose::is_common(word)
        })
    }

    /// The words that change, each as it stands and as it is then.
    fn changed_words(&self) -> impl Iterator<Item = (&'t [char], &'t [char])> {
        let Change { stands, text } = *self;
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < text.len() {
                let start = at;
                let len = word_len(&text[start..]);
                at += len.max(1);
                let (was, word) = (&stands[start..start + len], &text[start..start + len]);
                if was != word {
                    return Some((was, word));
                }
            }
            None
        })
    }
}

/// Whether a word only grows by what stood behind it, where such a sign stands in right text: `Guardar…` may be `Guardarà`. That it
/// is a common word then says nothing, for of words of ASCII letters it is not known which are.
pub fn is_grown(was: &[char], word: &[char]) -> bool {
    let letters = was.iter().take_while(|c| c.is_ascii()).count();
    let is_edge = |c: &char| "…’”“»›—·•°©®™".contains(*c);
    letters > 0 && was[letters..].iter().all(is_edge) && was[..letters] == word[..letters]
}

/// Whether there is such a character.
fn is_at(text: &[char], at: Option<usize>, what: fn(char) -> bool) -> bool {
    at.and_then(|at| text.get(at)).is_some_and(|c| what(*c))
}

/// Whether somebody may have quoted this: it has a word, or something in its place.
fn is_quotable(text: &[char]) -> bool {
    text.split(|c| !c.is_alphabetic()).any(|word| word.len() >= 3) || text.iter().any(|c| "%${".contains(*c))
}

/// Whether a sign or a capital stands in a word after its first letter, and no operator.
fn is_odd_inside(was: &[char]) -> bool {
    let odd = |c: &char| !c.is_alphabetic() || c.is_uppercase();
    was[1..].iter().any(odd) && !was.iter().any(|c| is_operator(*c))
}

/// Whether it is a figure or a letter that is set high.
fn is_set_high(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '°' | 'ª' | 'º')
}

/// Whether it is a sign of mathematics, or a piece of a drawing.
fn is_operator(c: char) -> bool {
    matches!(c, '±' | '÷' | '×' | '¬' | '\u{2190}'..='\u{25FF}')
}

/// Marks of quotation that belong together.
const QUOTATIONS: [[char; 2]; 11] = [
    ['“', '”'],
    ['“', '“'],
    ['”', '”'],
    ['„', '“'],
    ['„', '”'],
    ['«', '»'],
    ['»', '«'],
    ['‘', '’'],
    ['’', '’'],
    ['‚', '‘'],
    ['‹', '›'],
];

/// How long the word at the start is, if one is there: letters, and apostrophes between them.
fn word_len(text: &[char]) -> usize {
    let letter = |at: usize| text.get(at).is_some_and(|c| codec::is_letter(*c));
    let inside = |at: usize| at > 0 && text[at] == '’' && letter(at + 1);
    (0..text.len()).take_while(|&at| letter(at) || inside(at)).count()
}
