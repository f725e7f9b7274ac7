//! Which letters are missing in a word?
//!
//! In: a word with gaps, and the language of the words around. Out: the likeliest way to fill the gaps, and what share of all
//! ways it is. A word is of one language: in each of those that the model knows, the gaps are filled with letters outside
//! ASCII that the language has, and each filling is weighed by its letter pairs there, by what the words around cost there, and
//! by whether it makes a common word. That no letter is missing but a dash or a quotation mark is a way, too. Must not: know
//! how the letters were lost.

use super::PER_NAT;
use super::languages;
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
    /// Whether it makes a common word, and one of the commonest.
    pub is_listed: bool,
    pub is_frequent: bool,
    /// What share of the weight of all ways it carries.
    pub share: f32,
}

/// No more gaps than this are filled in one word.
pub const MOST: usize = 4;
/// What speaks for a common word, by its length: of the words with such a letter that people write, nearly all are common.
const LISTED: [i32; 2] = [4 * PER_NAT, 7 * PER_NAT];
/// What speaks for one of the commonest words besides.
const FREQUENT: i32 = 4 * PER_NAT;
/// How much less speaks for a common word where it is doubtful whether the list has all that are as common.
const DOUBT: i32 = 3 * PER_NAT / 2;
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
const HOME: i32 = 3 * PER_NAT;

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

/// The likeliest way to fill the gaps of a word. In a word of `capitals` the letter may be `i` with a dot, which is in lower case
/// one of ASCII.
pub fn fill<'t>(around: impl Iterator<Item = &'t str>, word: &[Slot], capitals: bool) -> Option<Filling> {
    let gaps = word.iter().filter(|slot| matches!(slot, Slot::Gap(_))).count();
    if gaps == 0 || gaps > MOST {
        return None;
    }
    let letters = |word: &'t str| word.chars().filter(|c| c.is_alphabetic()).map(small);
    let bases = languages::by_words(around.map(letters));
    // Of these no words are listed.
    if (0..bases.len()).any(|language| bases[language] <= SAME && matches!(languages::code(language), "vi" | "mi")) {
        return None;
    }
    let even = weigh(&bases, word, capitals, false)?;
    // Some programs write one mark for bytes that stand side by side.
    match gaps {
        1 if !even.is_listed => weigh(&bases, word, capitals, true).filter(|uneven| uneven.is_listed).or(Some(even)),
        _ => Some(even),
    }
}

/// The same where a mark may stand for two letters, too, if `uneven`: in the language of the words around only.
fn weigh(bases: &[i32], word: &[Slot], capitals: bool, uneven: bool) -> Option<Filling> {
    // What the letters cost that are there; the others cost something, too.
    let known: Vec<i32> = (0..bases.len()).map(|language| bases[language] + letters_cost(language, word)).collect();
    let least = known.iter().min()?;
    let mut weighed: Vec<(Filled, usize, i32)> = Vec::new();
    let is_near = |language: &usize| known[*language] <= least + FAR && !(uneven && bases[*language] > SAME);
    let languages: Vec<usize> = (0..bases.len()).filter(is_near).collect();
    for &language in &languages {
        weighed.extend(
            ways(language, bases[language], word, capitals, uneven)
                .into_iter()
                .map(|way| (way.filled, language, way.cost)),
        );
    }
    weighed.sort_unstable();
    let mut costs: Vec<(i32, [bool; 2], Filled)> = Vec::new();
    let mut weights: Vec<(i32, usize)> = Vec::with_capacity(weighed.len());
    for ways in weighed.chunk_by(|a, b| a.0 == b.0) {
        let filled = ways[0].0;
        let made = made(word, &filled);
        let has = |c: char| filled.letters().flatten().flatten().any(|letter| letter == c);
        let of = words::languages_of(&made, !has('’'));
        let frequent = words::frequent_in(&made);
        let worth = LISTED[(made.len().max(2) - 2).min(LISTED.len() - 1)];
        let (mut best, mut is_common) = (i32::MAX, [false; 2]);
        for &(_, language, cost) in ways {
            let here = made.len() > 1 && of.has(language);
            let doubt = words::doubt(language) * DOUBT - if frequent.has(language) { FREQUENT } else { 0 };
            let cost = cost - if here { worth - doubt } else { 0 };
            weights.push((cost, costs.len()));
            if cost < best {
                // What is common in another language than that of the words around is a chance.
                let is_listed = here && bases[language] <= HOME;
                (best, is_common) = (cost, [is_listed, is_listed && frequent.has(language)]);
            }
        }
        costs.push((best, is_common, filled));
    }
    let best = (0..costs.len()).min_by_key(|&at| costs[at].0)?;
    let weight = |cost: i32| (-((cost - costs[best].0) as f32) / PER_NAT as f32).exp();
    let sum = |is_own: bool| -> f32 {
        weights.iter().filter(|(_, of)| (*of == best) == is_own).map(|(cost, _)| weight(*cost)).sum()
    };
    let signs: f32 = languages.iter().map(|&language| weight(bases[language] + signs_cost(language, word))).sum();
    let share = sum(true) / (sum(true) + sum(false) + signs);
    let gaps = costs[best].2.letters().map(|letters| letters.into_iter().flatten().collect()).collect();
    // Romanian has these letters in two forms, and Uzbek several signs for one.
    let is_home = |code: &str| (0..bases.len()).any(|at| bases[at] <= SAME && languages::code(at) == code);
    let is_either = costs[best].2.letters().flatten().flatten().any(|c| match c {
        'ţ' | 'ț' | 'ș' => true,
        'ş' => is_home("ro"),
        '’' => is_home("uz"),
        _ => false,
    });
    let [is_listed, is_frequent] = costs[best].1.map(|is_common| is_common && !is_either);
    Some(Filling { gaps, is_listed, is_frequent, share })
}

/// The ways to fill the gaps in a language.
fn ways(language: usize, base: i32, word: &[Slot], capitals: bool, uneven: bool) -> Vec<Way> {
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
    let mut ways = vec![Way { cost: base, last: languages::EDGE, filled: Filled::default() }];
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
    let (mut cost, mut last) = (0, languages::EDGE);
    let end = |last: u8| if last == languages::EDGE { 0 } else { languages::edge_cost(language, last) };
    for slot in word {
        match *slot {
            Slot::Letter(c) => {
                let (next, place) = languages::step(language, last, c);
                cost += next;
                last = place;
            }
            Slot::Gap(_) => {
                cost += SIGN + end(last);
                last = languages::EDGE;
            }
        }
    }
    cost + end(last)
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
