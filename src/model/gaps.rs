//! Which letters are missing in a word?
//!
//! In: a word with gaps, and the words around. Out: the likeliest way to fill the gaps, and what share of all ways it is. In each
//! language that the model knows, the gaps are filled with letters outside ASCII that the language has. A filling is weighed by
//! what the words around cost there ([`super::home`]), and by how often the word that it makes is met, or by its letter pairs. That the
//! text is in a relative of the language, or in one of which nothing is known, and that no letter is missing but a dash or a
//! quotation mark, are ways, too. Must not: know how the letters were lost.

use super::PER_NAT;
use super::frequent::{self, Case, Frequent};
use super::home::{self, Home};
use super::languages::{self, LANGUAGES};
use super::prose::small;
use super::words;

/// A place of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A letter that is there, in lower case; `’` for an apostrophe.
    Letter(char),
    /// So many marks in place of letters.
    Gap(usize),
}

/// A way to fill the gaps of a word.
#[derive(Clone, Debug)]
pub struct Filling {
    /// What fills each gap, in lower case.
    pub gaps: Vec<String>,
    /// Whether it makes a common word of the language of the words around.
    pub is_listed: bool,
    /// Whether that is one of the commonest, or its frequency is known for it is like another one.
    pub is_frequent: bool,
    /// How that begins within a sentence, if it always begins so.
    pub case: Option<Case>,
    /// What share of the weight of all ways it carries.
    pub share: f32,
}

/// No more gaps than this are filled in one word.
pub const MOST: usize = 4;
/// What a common word costs of which it is not known how often it is met.
const LISTED: i32 = 12 * PER_NAT;
/// No more than this speaks for a common word against another one that is no common word: it may be a form of the same. And
/// how much less does so where it is doubtful whether the list has all that are as common.
const WORTH: i32 = 25 * PER_NAT / 4;
const DOUBT: i32 = 3 * PER_NAT / 2;
/// What it costs that a word with such a letter is none of the common ones.
const UNLISTED: i32 = 5 * PER_NAT / 2;
/// What it costs that several marks stand for one letter, or one for two.
const UNEVEN: i32 = 5 * PER_NAT;
/// What it costs that a mark stands for a dash or a quotation mark.
const SIGN: i32 = 6 * PER_NAT;

/// So many fillings are followed in a language where there are several gaps.
const WIDTH: usize = 24;
/// A language in which the word costs so much more than in another is out of the question.
const FAR: i32 = 10 * PER_NAT;
/// The text around may be in a language that costs so little more than the likeliest.
const SAME: i32 = 2 * PER_NAT;
const NEAR: i32 = 3 * PER_NAT;
/// What it costs that a word is not in the language of the words around it.
const ELSEWHERE: i32 = 10 * PER_NAT;

/// A filling under way, within a language.
#[derive(Clone, Copy)]
struct Way {
    cost: i32,
    last: u8,
    filled: Filled,
}

/// What fills the gaps: one letter each, or two.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Filled {
    gaps: [(char, Option<char>); MOST],
    len: usize,
}

impl Filled {
    fn letters(&self) -> impl Iterator<Item = [Option<char>; 2]> {
        self.gaps[..self.len].iter().map(|(first, second)| [Some(*first), *second])
    }
}

/// A way to fill the gaps, with what it costs in the language where it costs least, and whether it is common there.
#[derive(Clone, Copy)]
struct Weighed {
    filled: Filled,
    cost: i32,
    is_listed: bool,
    frequent: Option<Frequent>,
}

/// The likeliest way to fill the gaps of a word. In a word of `capitals` the letter may be `i` with a dot, which is in lower case
/// one of ASCII.
pub fn fill<'t>(around: impl Iterator<Item = &'t str>, word: &[Slot], capitals: bool) -> Option<Filling> {
    let gaps = word.iter().filter(|slot| matches!(slot, Slot::Gap(_))).count();
    if gaps == 0 || gaps > MOST {
        return None;
    }
    let letters = |word: &'t str| word.chars().filter_map(letter).collect::<Vec<_>>();
    let around: Vec<Vec<char>> = around.map(letters).collect();
    let home = Home::of(around.iter().map(Vec::as_slice));
    // Of these no words are listed.
    if (0..LANGUAGES).any(|language| is_home(&home, language) && matches!(languages::code(language), "vi" | "mi")) {
        return None;
    }
    let even = weigh(&home, word, capitals, false)?;
    // Some programs write one mark for bytes that stand side by side.
    match gaps {
        1 if !even.is_listed => weigh(&home, word, capitals, true).filter(|uneven| uneven.is_listed).or(Some(even)),
        _ => Some(even),
    }
}

/// A letter of a word in lower case, and an apostrophe.
fn letter(c: char) -> Option<char> {
    match c {
        '\'' | '’' => Some('’'),
        c => c.is_alphabetic().then(|| small(c)),
    }
}

/// Whether the text may be in a language.
fn is_home(home: &Home, language: usize) -> bool {
    home.known(language) <= home.least() + SAME
}

/// The same where a mark may stand for two letters, too, if `uneven`: in the language of the words around only.
fn weigh(home: &Home, word: &[Slot], capitals: bool, uneven: bool) -> Option<Filling> {
    let elsewhere = home.least() + ELSEWHERE;
    let known: Vec<i32> = (0..LANGUAGES).map(|language| home.known(language).min(elsewhere)).collect();
    // What the letters cost that are there; the others cost something, too.
    let there: Vec<i32> = (0..LANGUAGES)
        .map(|language| known[language].min(home.relative(language)) + letters_cost(language, word))
        .collect();
    let least = there.iter().min()?;
    let may_be = |language: usize| !uneven || is_home(home, language);
    let near: Vec<usize> = (0..LANGUAGES).filter(|&at| there[at] <= least + FAR && may_be(at)).collect();
    let mut weighed: Vec<(Filled, usize, i32)> = Vec::new();
    for &language in &near {
        weighed.extend(ways(language, word, capitals, uneven).into_iter().map(|way| (way.filled, language, way.cost)));
    }
    weighed.sort_unstable();
    let mut fillings: Vec<Weighed> = Vec::new();
    let mut weights: Vec<(i32, usize)> = Vec::with_capacity(weighed.len());
    for ways in weighed.chunk_by(|a, b| a.0 == b.0) {
        let mut filling = Weighed { filled: ways[0].0, cost: i32::MAX, is_listed: false, frequent: None };
        let made = made(word, &filling.filled);
        let has = |c: char| filling.filled.letters().flatten().flatten().any(|letter| letter == c);
        let of = words::languages_of(&made, !has('’'));
        let frequent = frequent::of(made.iter().copied());
        for &(_, language, letters) in ways {
            let frequent = frequent.clone().find(|frequent| frequent.language == language);
            let listed = frequent
                .map(|frequent| frequent.cost.min(letters))
                .or_else(|| (made.len() > 1 && of.has(language)).then_some(LISTED));
            // That another word is not listed but for the same reason says less where many are not.
            let doubt = words::doubt(language) * DOUBT;
            let cost = listed.map(|cost| cost.max(letters - WORTH + doubt - (LISTED - cost).max(0)));
            let [own, of_relative] = home::costs_of(letters, UNLISTED, cost);
            let own = known[language] + own;
            weights.push((own, fillings.len()));
            weights.push((home.relative(language) + of_relative, fillings.len()));
            if own < filling.cost {
                // What is common in another language than that of the words around is a chance.
                let is_near = home.known(language) <= home.least() + NEAR;
                filling.cost = own;
                filling.is_listed = is_near && listed.is_some();
                filling.frequent = frequent.filter(|_| is_near);
            }
        }
        fillings.push(filling);
    }
    let best = (0..fillings.len()).min_by_key(|&at| fillings[at].cost)?;
    let Weighed { filled, cost: least, is_listed, frequent } = fillings[best];
    let weight = |cost: i32| (-((cost - least) as f32) / PER_NAT as f32).exp();
    let sum = |is_own: bool| -> f32 {
        weights.iter().filter(|(_, of)| (*of == best) == is_own).map(|(cost, _)| weight(*cost)).sum()
    };
    let signs: f32 = near.iter().map(|&language| weight(known[language] + signs_cost(language, word))).sum();
    let unknown = weight(home.unknown(word.len()));
    let share = sum(true) / (sum(true) + sum(false) + signs + unknown);
    let gaps = filled.letters().map(|letters| letters.into_iter().flatten().collect()).collect();
    // Romanian has these letters in two forms, and Uzbek several signs for one.
    let is_of = |code: &str| (0..LANGUAGES).any(|at| is_home(home, at) && languages::code(at) == code);
    let is_either = filled.letters().flatten().flatten().any(|c| match c {
        'ţ' | 'ț' | 'ș' => true,
        'ş' => is_of("ro"),
        '’' => is_of("uz"),
        _ => false,
    });
    let (is_listed, frequent) = (is_listed && !is_either, frequent.filter(|_| !is_either));
    let case = frequent.and_then(|frequent| frequent.case);
    Some(Filling { gaps, is_listed, is_frequent: frequent.is_some(), case, share })
}

/// The ways to fill the gaps in a language.
fn ways(language: usize, word: &[Slot], capitals: bool, uneven: bool) -> Vec<Way> {
    let own = |c: &char| c.is_alphabetic() && !c.is_ascii() || *c == '’';
    let mut letters: Vec<char> = languages::letters(language).filter(own).collect();
    // The letter that is written without a dot elsewhere.
    if capitals && letters.contains(&'ı') {
        letters.push('i');
    }
    // The dot between two l in Catalan is no apostrophe.
    let is_dot =
        |at: usize| at > 0 && word[at - 1] == Slot::Letter('l') && word.get(at + 1) == Some(&Slot::Letter('l'));
    let fits = |at: usize, c: char| c != '’' || !is_dot(at);
    let mut ways = vec![Way { cost: 0, last: languages::EDGE, filled: Filled::default() }];
    for (at, slot) in word.iter().enumerate() {
        let marks = match *slot {
            Slot::Letter(c) => {
                ways.iter_mut().for_each(|way| push(language, way, c));
                continue;
            }
            Slot::Gap(marks) => marks,
        };
        let mut next = Vec::with_capacity(ways.len() * letters.len());
        for way in &ways {
            for &c in letters.iter().filter(|c| (marks == 1 || marks == c.len_utf8()) && fits(at, **c)) {
                let cost = way.cost + if marks == 1 { 0 } else { UNEVEN };
                let mut way = Way { cost, ..*way };
                push(language, &mut way, c);
                way.filled.gaps[way.filled.len] = (c, None);
                way.filled.len += 1;
                next.push(way);
            }
            for &first in letters.iter().filter(|c| **c != '’' && (marks == 2 || marks == 1 && uneven)) {
                let mut one = Way { cost: way.cost + if marks == 2 { 0 } else { UNEVEN }, ..*way };
                push(language, &mut one, first);
                for &second in letters.iter().filter(|c| **c != '’') {
                    let mut two = one;
                    push(language, &mut two, second);
                    two.filled.gaps[two.filled.len] = (first, Some(second));
                    two.filled.len += 1;
                    next.push(two);
                }
            }
        }
        next.sort_unstable_by_key(|way| (way.cost, way.filled));
        next.truncate(WIDTH);
        ways = next;
    }
    ways.iter_mut().for_each(|way| way.cost += languages::edge_cost(language, way.last));
    ways
}

fn push(language: usize, way: &mut Way, c: char) {
    let (cost, last) = languages::step(language, way.last, c);
    way.cost += cost;
    way.last = last;
}

/// What the pairs of letters cost that are there.
fn letters_cost(language: usize, word: &[Slot]) -> i32 {
    let (mut cost, mut last) = (0, Some(languages::EDGE));
    for slot in word {
        let Slot::Letter(c) = *slot else {
            last = None;
            continue;
        };
        let (next, place) = languages::step(language, last.unwrap_or(languages::EDGE), c);
        cost += if last.is_some() { next } else { 0 };
        last = Some(place);
    }
    cost + last.map_or(0, |last| languages::edge_cost(language, last))
}

/// What it costs that there are signs between words in the gaps.
fn signs_cost(language: usize, word: &[Slot]) -> i32 {
    let mut cost = 0;
    for part in word.split_inclusive(|slot| matches!(slot, Slot::Gap(_))) {
        let letters: Vec<char> =
            part.iter().filter_map(|slot| if let Slot::Letter(c) = slot { Some(*c) } else { None }).collect();
        cost += if letters.len() < part.len() { SIGN } else { 0 };
        if letters.is_empty() {
            continue;
        }
        let spelled = letters_cost(language, &part[..letters.len()]);
        let common = frequent::of_language(letters.iter().copied(), language);
        cost += common.map_or(spelled, |common| common.cost.min(spelled));
    }
    cost
}

/// The word with its gaps filled.
fn made(word: &[Slot], filled: &Filled) -> Vec<char> {
    let mut gaps = filled.letters();
    let mut made = Vec::with_capacity(word.len() + MOST);
    for slot in word {
        match *slot {
            Slot::Letter(c) => made.push(c),
            Slot::Gap(_) => made.extend(gaps.next().into_iter().flatten().flatten()),
        }
    }
    made
}
