//! One single-byte page read as another, where letters in general are too little to tell: a page of one country for that of
//! another, of DOS or the Mac for that of Windows.
//!
//! All such text is letters, before and after, and one line holds few that change. So the words are weighed within one
//! language at a time (see [`prose`]), and the whole text is read one way or the other: there is one page to a text. The
//! few pages are tried that letter pairs speak against least; where two of them make different texts that are too close to
//! choose, the text is left alone.

use std::cell::LazyCell;

use super::known::Hints;
use super::{Cell, Limits, Mixup, Repair, Undone, foreign, weigh};
use crate::codec::{Encoding, Page};
use crate::edit::Confidence;
use crate::model::{PER_NAT, Symbol, is_word, prose};

/// How many pages are tried.
const MOST: usize = 8;
/// What entering a mixup costs here, in eighths of a nat: one that many systems made, and any other. Less than elsewhere (see
/// [`super::prior`]), since only words count and the scan has found the text odd before.
const USUAL: i32 = 2 * PER_NAT;
const UNUSUAL: i32 = 7 * PER_NAT;
/// The same for the common Cyrillic ones.
const BETWEEN: i32 = 5 * PER_NAT;
/// What a reading has to gain more that makes no common word: the text may be in a language that is not known.
const UNCOMMON: i32 = 7 * PER_NAT;
/// What it has to gain more where the words that change have fewer letters than this in all, and were all letters before.
const LITTLE: i32 = 4 * PER_NAT;
const LETTERS: usize = 8;
/// So many different words have to change, of this many letters at least.
const LEAST: usize = 1;
const WORD: usize = 4;
/// How much better the best reading must be than one that makes another text.
const CLOSE: i32 = 2 * PER_NAT;

/// The repairs of `cells`, which stand after the character `before`.
pub fn repairs(cells: &[Cell], before: Symbol, limits: &Limits) -> Vec<Repair> {
    let letters = |cell: &Cell| !cell.c.is_ascii() && cell.c.is_alphabetic();
    if !cells.iter().any(|cell| !cell.c.is_ascii()) || cells.iter().any(|cell| letters(cell) && !is_known(cell.c)) {
        return Vec::new();
    }
    // A DOS page has Greek letters among its signs.
    let count = |what: &dyn Fn(char) -> bool| cells.iter().filter(|cell| what(cell.c)).count();
    if count(&is_greek) > count(&|c| c.is_ascii_alphabetic()) {
        return Vec::new();
    }
    if is_residue(cells) {
        return Vec::new();
    }
    let stands: Vec<char> = cells.iter().map(|cell| cell.c).collect();
    // Mostly there is no reading to weigh it against.
    let cost_as_it_stands = LazyCell::new(|| prose::weigh(&stands).cost);
    let mut readings: Vec<(i32, Mixup, Vec<char>)> = Vec::new();
    // Many pages make the same text, which is weighed once.
    let mut weighed: Vec<(Vec<char>, i32)> = Vec::new();
    for (_, meant, read) in foreign::single_byte(cells, before, MOST, limits) {
        let mixup = Mixup { meant: Encoding::Page(meant), read: Encoding::Page(read) };
        let text = reread(cells, meant, read);
        // From one script to another letters in general tell enough.
        let crosses = |(was, is): (&char, &char)| was.is_alphabetic() && is_cyrillic(*was) != is_cyrillic(*is);
        if words(&stands, &text) < LEAST || stands.iter().zip(&text).any(crosses) {
            continue;
        }
        let doubt = if has_common_word(&stands, &text) { 0 } else { UNCOMMON };
        let doubt = doubt + if is_little(&stands, &text) { LITTLE } else { 0 };
        let bar = limits.established.lowered(enter(meant, read) + doubt, &[mixup]);
        let mut hints = Hints::default();
        if let Some(letters) = &limits.letters {
            let changed = || stands.iter().zip(&text).filter(|(was, is)| was != is);
            hints.add(letters, changed().map(|(was, _)| *was), changed().map(|(_, is)| *is));
        }
        let cost = match weighed.iter().find(|(known, _)| *known == text) {
            Some((_, cost)) => *cost,
            None => {
                weighed.push((text.clone(), prose::weigh(&text).cost));
                weighed[weighed.len() - 1].1
            }
        };
        let odds = *cost_as_it_stands - cost - bar + hints.odds();
        readings.push((odds, mixup, text));
    }
    readings.sort_by_key(|(odds, ..)| std::cmp::Reverse(*odds));
    let Some((odds, mixup, text)) = readings.first() else { return Vec::new() };
    if readings.iter().any(|(other, _, other_text)| other_text != text && *other > odds - CLOSE) {
        return Vec::new();
    }
    // A line alone is never enough to be certain.
    let Some(confidence) = weigh::level(*odds).map(|level| level.min(Confidence::Likely)) else {
        return Vec::new();
    };
    let undone = Undone::new(&[*mixup]);
    let mut repairs: Vec<Repair> = Vec::new();
    for (at, (was, is)) in stands.iter().zip(text).enumerate() {
        if was == is {
            continue;
        }
        match repairs.last_mut().filter(|last| last.start + last.len == at) {
            Some(last) => {
                last.len += 1;
                last.after.push(*is);
            }
            None => repairs.push(Repair {
                start: at,
                len: 1,
                after: is.to_string(),
                undone: undone.clone(),
                lossy: false,
                odds: *odds,
                confidence,
            }),
        }
    }
    repairs
}

/// What entering a mixup costs.
fn enter(meant: Page, read: Page) -> i32 {
    let western = |page: Page| matches!(page.label(), "windows-1252" | "macintosh" | "ibm437" | "ibm850");
    let national = |page: Page| matches!(page.label(), "windows-1250" | "iso-8859-2" | "windows-1254" | "windows-1257");
    let windows = |page: Page| page == Page::WINDOWS_1252;
    let cyrillic = |page: Page| matches!(page.label(), "windows-1251" | "koi8-r" | "ibm866" | "x-mac-cyrillic");
    if cyrillic(meant) && cyrillic(read) {
        return BETWEEN;
    }
    let usual = windows(read) && (western(meant) || national(meant)) || windows(meant) && western(read);
    if usual { USUAL } else { UNUSUAL }
}

/// Whether a Â or Ã stands before a space: that is what UTF-8 leaves of a no-break space or an à, and no letter of a word.
fn is_residue(cells: &[Cell]) -> bool {
    cells.windows(2).any(|pair| matches!(pair[0].c, 'Â' | 'Ã') && pair[1].c.is_whitespace())
}

/// The text as it is if it was in `meant` and was read as `read`.
fn reread(cells: &[Cell], meant: Page, read: Page) -> Vec<char> {
    let one = |cell: &Cell| match cell.record.byte(read) {
        0 => cell.c,
        byte => meant.decode(byte).unwrap_or(cell.c),
    };
    cells.iter().map(one).collect()
}

/// How many different words of the text change, if it is text that changes: signs that do not become letters, and letters
/// that do not stand in words, are none.
fn words(stands: &[char], text: &[char]) -> usize {
    let mut words: Vec<&[char]> = Vec::new();
    let (mut at, mut stray) = (0, 0);
    while at < text.len() {
        let len = word_len(&text[at..]);
        if len == 0 {
            stray += usize::from(text[at] != stands[at]);
            at += 1;
            continue;
        }
        let (word, was) = (&text[at..at + len], &stands[at..at + len]);
        let changed = word.iter().zip(was).filter(|(is, was)| is != was).count();
        let small = word[1..].iter().all(|c| c.is_lowercase());
        if changed > 0 && (len >= WORD && small || is_listed(word)) {
            if !words.contains(&word) {
                words.push(word);
            }
        } else {
            stray += changed;
        }
        at += len;
    }
    if stray > words.len() { 0 } else { words.len() }
}

/// Whether the words that change are few and short, and no sign stands in them that is out of place in a word.
fn is_little(stands: &[char], text: &[char]) -> bool {
    let (mut letters, mut at) = (0, 0);
    while at < text.len() {
        let len = word_len(&text[at..]);
        let (word, was) = (&text[at..at + len], &stands[at..at + len]);
        if word != was {
            letters += if was.iter().all(|c| c.is_alphabetic()) { len } else { LETTERS };
        }
        at += len.max(1);
    }
    letters < LETTERS
}

/// Whether a word that changes is a common one then.
fn has_common_word(stands: &[char], text: &[char]) -> bool {
    let mut at = 0;
    while at < text.len() {
        let len = word_len(&text[at..]);
        let word = &text[at..at + len];
        if len > 2 && word != &stands[at..at + len] && is_listed(word) {
            return true;
        }
        at += len.max(1);
    }
    false
}

/// How long the word at the start is, if one is there: letters, and apostrophes between them.
fn word_len(text: &[char]) -> usize {
    let letter = |at: usize| text.get(at).is_some_and(|c| c.is_alphabetic());
    let inside = |at: usize| at > 0 && text[at] == '’' && letter(at + 1);
    (0..text.len()).take_while(|&at| letter(at) || inside(at)).count()
}

/// Whether a word is a common one, whatever case it is in.
fn is_listed(word: &[char]) -> bool {
    word.len() > 1 && is_word(&word.iter().map(|c| prose::small(*c)).collect::<Vec<_>>())
}

/// Whether a letter is of a script whose languages can be weighed.
fn is_known(c: char) -> bool {
    is_greek(c) || matches!(c, '\u{80}'..'\u{370}' | '\u{400}'..'\u{530}' | '\u{1E00}'..'\u{1F00}')
}

fn is_greek(c: char) -> bool {
    ('\u{370}'..'\u{400}').contains(&c)
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..'\u{530}').contains(&c)
}
