//! One single-byte page read as another, where letters in general are too little to tell: a page of one country for that of
//! another, of DOS or the Mac for that of Windows.
//!
//! All such text is letters, before and after, and one line holds few that change. So the words are weighed within one
//! language at a time (see [`prose`]), and the whole text is read one way or the other: there is one page to a text. The
//! few pages are tried that letter pairs speak against least; where two of them make different texts that are too close to
//! choose, the text is left alone.

use std::cell::OnceCell;

use super::change::Change;
use super::known::Hints;
use super::lattice::ODD;
use super::odds::level;
use super::spoken::{self, Spoken};
use super::text::Text;
use super::{Cell, Limits, Mixup, Repair, Undone, foreign};
use crate::codec::{self, Encoding, Page};
use crate::edit::Confidence;
use crate::model::{Context, PER_NAT, Symbol, prose};

/// How many texts are tried; and how many pairs of pages that may make them: of all pairs, and of pages of Western Europe.
const MOST: usize = 4;
const PAIRS: usize = 8;
const WESTERN_PAIRS: usize = 32;
/// What entering a mixup costs more where only words of the language speak for it.
const SPOKEN: i32 = PER_NAT;
/// What entering a mixup costs here, in eighths of a nat: one that many systems made, and any other. Less than elsewhere (see
/// [`super::prior`]), since only words count and the scan has found the text odd before.
const USUAL: i32 = 2 * PER_NAT;
const UNUSUAL: i32 = 7 * PER_NAT;
/// The same for a Baltic page read as a Western one, which is rarer, and for the two worlds that never met.
const BALTIC: i32 = 4 * PER_NAT;
const STRANGE: i32 = 24 * PER_NAT;
/// The same for the common Cyrillic ones.
const BETWEEN: i32 = 5 * PER_NAT;
/// What a reading has to gain more that makes no common word: the text may be in a language that is not known. Half of it is
/// enough where so many letters cost no more than this on average, in a language that is clear.
const UNCOMMON: i32 = 7 * PER_NAT;
const TEXT: usize = 20;
const USUAL_SPELLING: i32 = 11 * PER_NAT / 4;
/// What it has to gain more where the words that change are few and short (see [`Change::is_little`]).
const LITTLE: i32 = 4 * PER_NAT;
/// What a letter costs in a language that is known, on average at most, and what a text may cost beyond that, for short ones
/// vary. What is beyond has to be gained more: in a language that is not known one reading is as odd as another, and by chance
/// one is less so. Measured on interface messages in some 400 languages, of which few are known, and on broken text in known
/// ones (25 November 2026): half of the former that were changed are not, for one in a hundred of the latter.
const SPELLING: i32 = 3 * PER_NAT;
const SLACK: i32 = 5 * PER_NAT;
/// So much has to change that is text: words, or marks where they belong.
const LEAST: usize = 1;
/// How much better the best reading must be than one that makes another text.
const CLOSE: i32 = 2 * PER_NAT;

/// What a text costs, how much of that is of a language that is not known, and whether it is in one that is.
struct Weight {
    cost: i32,
    unknown: i32,
    is_known: bool,
}

/// A text as it stands, and what it costs; what is asked for is worked out once.
struct Stands<'l> {
    text: Vec<char>,
    before: Symbol,
    limits: &'l Limits,
    cost: OnceCell<i32>,
    signs: OnceCell<i32>,
    spoken: OnceCell<Spoken>,
}

/// What speaks for what a text becomes, whichever pages make it so, in eighths of a nat.
struct Reading {
    text: Vec<char>,
    /// What it gains by common words of its language, where all that change are such.
    by_words: Option<i32>,
    /// What it gains by the letters of its words, where enough of them change, and what it has to gain more than others.
    by_letters: Option<(i32, i32)>,
    hints: Hints,
}

impl Reading {
    /// The odds of it, where the mixup is this one; `None` if nothing speaks for it.
    fn odds(&self, meant: Page, read: Page, limits: &Limits) -> Option<(i32, Mixup)> {
        let mixup = Mixup { meant: Encoding::Page(meant), read: Encoding::Page(read) };
        let bar = |more: i32| limits.established.lowered(enter(meant, read) + more, &[mixup]);
        let by_words = self.by_words.map(|gain| gain - bar(SPOKEN));
        let by_letters = self.by_letters.map(|(gain, more)| gain - bar(more));
        Some((by_words.max(by_letters)? + self.hints.odds(), mixup))
    }
}

impl Stands<'_> {
    /// What speaks for another text.
    fn read(&self, text: Vec<char>) -> Reading {
        let change = Change { stands: &self.text, text: &text };
        let hints = self.hints(&text);
        if change.is_unfinished() || change.breaks_capitals() || change.is_table() || change.crosses_scripts() {
            return Reading { text, by_words: None, by_letters: None, hints };
        }
        let by_words = match spoken::may_gain(&self.text, &text) {
            true => self.spoken().gain(&self.text, &text).map(|gain| gain + self.signs() - signs(&text, self.before)),
            false => None,
        };
        let evidence = || change.words() + change.quotations() + change.half_quotations() + change.ellipses();
        let by_letters = (!change.is_residue() && evidence() >= LEAST).then(|| self.by_letters(change));
        Reading { text, by_words, by_letters, hints }
    }

    /// What a text gains by the letters of its words, and what it has to gain more.
    fn by_letters(&self, change: Change) -> (i32, i32) {
        let Weight { cost, unknown, is_known } = weigh(change.text, self.before);
        let uncommon = match () {
            () if change.has_common_word() || change.half_quotations() > 0 => 0,
            () if is_known || change.changes_marks_only() => UNCOMMON / 2,
            () => UNCOMMON,
        };
        let little = if change.is_little() && change.ellipses() == 0 { LITTLE } else { 0 };
        // That a word is a common one says nothing if it only grows.
        let grown = change.grown().into_iter().map(prose::worth).sum::<i32>();
        let gain = self.cost() - cost - grown;
        let (words, families) = change.families();
        let gain = if gain > 0 && families < words { gain * families as i32 / words as i32 } else { gain };
        (gain - unknown, uncommon + little)
    }

    fn cost(&self) -> i32 {
        *self.cost.get_or_init(|| {
            let whole = unhyphenated(&self.text).map(|text| weigh(&text, self.before).cost);
            weigh(&self.text, self.before).cost.min(whole.unwrap_or(i32::MAX))
        })
    }

    fn signs(&self) -> i32 {
        *self.signs.get_or_init(|| signs(&self.text, self.before))
    }

    fn spoken(&self) -> &Spoken {
        self.spoken.get_or_init(|| Spoken::new(&self.text))
    }

    fn hints(&self, text: &[char]) -> Hints {
        let mut hints = Hints::default();
        if let Some(letters) = &self.limits.letters {
            let changed = || self.text.iter().zip(text).filter(|(was, is)| was != is);
            hints.add(letters, changed().map(|(was, _)| *was), changed().map(|(_, is)| *is));
        }
        hints
    }
}

/// What a text costs, with the signs in it.
fn weigh(text: &[char], before: Symbol) -> Weight {
    let prose = prose::weigh(text);
    let letters = prose.letters as i32;
    let unknown = (prose.spelling - SPELLING * letters - SLACK).max(0);
    let is_known = prose.language.is_some() && prose.letters >= TEXT && prose.spelling <= USUAL_SPELLING * letters;
    Weight { cost: prose.cost + signs(text, before), unknown, is_known }
}

/// The repairs of a text.
pub fn repairs(text: &Text, limits: &Limits) -> Vec<Repair> {
    let Text { cells, before, .. } = *text;
    let letters = |cell: &Cell| !cell.c.is_ascii() && codec::is_letter(cell.c);
    if !cells.iter().any(|cell| !cell.c.is_ascii()) || cells.iter().any(|cell| !is_known(cell.c) && letters(cell)) {
        return Vec::new();
    }
    // A DOS page has Greek letters among its signs.
    let count = |what: &dyn Fn(char) -> bool| cells.iter().filter(|cell| what(cell.c)).count();
    if count(&is_greek) > count(&|c| c.is_ascii_alphabetic()) {
        return Vec::new();
    }
    let (cost, signs, spoken) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
    let stands = Stands { text: cells.iter().map(|cell| cell.c).collect(), before, limits, cost, signs, spoken };
    // Many pages make the same text.
    let mut readings: Vec<Reading> = Vec::new();
    // The odds, the mixup and the number of the reading.
    let mut all: Vec<(i32, Mixup, usize)> = Vec::new();
    let pairs = foreign::single_byte(text, WESTERN_PAIRS, limits);
    let is_tried =
        |(at, (_, meant, read)): &(usize, (i32, Page, Page))| *at < PAIRS || is_western(*meant) && is_western(*read);
    for (_, (_, meant, read)) in pairs.into_iter().enumerate().filter(is_tried) {
        let text = reread(cells, meant, read);
        let number = match readings.iter().position(|reading| reading.text == text) {
            Some(known) => known,
            None if readings.len() == MOST => continue,
            None => {
                readings.push(stands.read(text));
                readings.len() - 1
            }
        };
        all.extend(readings[number].odds(meant, read, limits).map(|(odds, mixup)| (odds, mixup, number)));
    }
    // Of those as likely the first one counts.
    let Some(&(odds, mixup, number)) = all.iter().rev().max_by_key(|(odds, ..)| *odds) else { return Vec::new() };
    if all.iter().any(|(other, _, of)| *of != number && *other > odds - CLOSE) {
        return Vec::new();
    }
    // A line alone is never enough to be certain.
    let Some(confidence) = level(odds).map(|level| level.min(Confidence::Likely)) else {
        return Vec::new();
    };
    let undone = Undone::new(&[mixup]);
    let mut repairs: Vec<Repair> = Vec::new();
    for (at, (was, is)) in stands.text.iter().zip(&readings[number].text).enumerate() {
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
                odds,
                confidence,
            }),
        }
    }
    repairs
}

/// The text without the soft hyphens inside its words, if there are any: they are no part of them.
fn unhyphenated(text: &[char]) -> Option<Vec<char>> {
    let letter = |at: usize| text.get(at).is_some_and(|c| c.is_alphabetic());
    let is_hyphen = |at: usize| text[at] == '\u{AD}' && at > 0 && letter(at - 1) && letter(at + 1);
    let kept: Vec<char> = (0..text.len()).filter(|at| !is_hyphen(*at)).map(|at| text[at]).collect();
    (kept.len() < text.len()).then_some(kept)
}

fn is_western(page: Page) -> bool {
    matches!(page.label(), "windows-1252" | "macintosh" | "ibm437" | "ibm850")
}

/// What entering a mixup costs.
fn enter(meant: Page, read: Page) -> i32 {
    let national = |page: Page| matches!(page.label(), "windows-1250" | "iso-8859-2" | "windows-1254");
    let windows = |page: Page| page == Page::WINDOWS_1252;
    let cyrillic = |page: Page| matches!(page.label(), "windows-1251" | "koi8-r" | "ibm866" | "x-mac-cyrillic");
    let mac = |page: Page| page.label().starts_with("x-mac") || page.label() == "macintosh";
    let dos = |page: Page| page.label().starts_with("ibm");
    match () {
        () if cyrillic(meant) && cyrillic(read) => BETWEEN,
        () if mac(meant) && dos(read) || dos(meant) && mac(read) => STRANGE,
        () if windows(read) && (is_western(meant) || national(meant)) || windows(meant) && is_western(read) => USUAL,
        () if windows(read) && meant.label() == "windows-1257" => BALTIC,
        () => UNUSUAL,
    }
}

/// The text as it is if it was in `meant` and was read as `read`.
fn reread(cells: &[Cell], meant: Page, read: Page) -> Vec<char> {
    let one = |cell: &Cell| match cell.record.byte(read) {
        0 => cell.c,
        byte => meant.decode(byte).unwrap_or(cell.c),
    };
    cells.iter().map(one).collect()
}

/// What the signs of a text cost beyond what is usual for their like, each with what stands after it. A word by itself does not
/// show that a sign is stuck to it where nobody writes one. The same again is no new evidence.
fn signs(text: &[char], before: Symbol) -> i32 {
    let is_sign = |c: char| !c.is_ascii() && !c.is_alphabetic();
    let mut context = Context::after(before);
    let mut seen: Vec<[char; 2]> = Vec::new();
    let (mut sum, mut last) = (0, ' ');
    for &c in text {
        let symbol = Symbol::of(c);
        let cost = context.push(symbol);
        let pair = [last, c];
        if (is_sign(c) || is_sign(last)) && !seen.contains(&pair) {
            sum += (cost.min(ODD) - symbol.usual()).max(0);
            seen.push(pair);
        }
        last = c;
    }
    sum
}

/// Whether a letter is of a script whose languages can be weighed.
fn is_known(c: char) -> bool {
    // `ⁿ` is a sign of IBM437.
    is_greek(c) || matches!(c, 'ⁿ' | '\u{80}'..'\u{370}' | '\u{400}'..'\u{530}' | '\u{1E00}'..'\u{1F00}')
}

fn is_greek(c: char) -> bool {
    ('\u{370}'..'\u{400}').contains(&c)
}
