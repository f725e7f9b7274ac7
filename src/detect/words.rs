//! Suspects that only words give away: one that nobody writes, and that is a common one when another page is read.
//!
//! `olduðunda` is made of letters that stand beside each other in one language or another, so no pair of them is a surprise;
//! but it is no word, and `olduğunda` is. A page of Latin letters read as another leaves nothing else to go by. Words are
//! looked up only where they hold a letter or sign that is neither ASCII nor one of the few that are everywhere.
//!
//! Two things are asked on top, for among thousands of words there is one for most rows of letters:
//!
//! - A text was read as one page. So what stands within [`NEAR`] bytes, on the same line, must be in that page, too, all
//!   but one character; the judge asks for all of them in what it weighs (`repair::foreign::single_byte`). It is what right text in many languages fails: in
//!   Vietnamese `lên` could be `lín`, but beside it there are letters that no such page has.
//! - A letter that turns out to be a sign before or after the word is one that stands beside words, such as a quote, and the
//!   only one there. Without that every third word of Ukrainian has a short one in it with box drawings around.
//!
//! Single characters may be suspects, too, by where they stand: see [`super::stray`].
//!
//! Only the runs are looked at that the scan passed and is not sure of ([`super::known`]): a run in which nothing was found
//! between the same signs is passed next time. Most others have no other reading, or were seen a moment ago; of the rest only
//! readings that differ are tried. The plain
//! way, page by page, is in the tests, and finds the same.

use std::cell::RefCell;
use std::ops::Range;

use super::known::{self, Known, Memory};
use super::lanes;
use super::readings::{Confusions, Readings};
use super::stray::{closing, is_among_words, lone_word, may_open, opens, stuck_capital, trailing_capital};
use crate::model::{self, Symbol};

/// Words of fewer letters are words in some language too often.
const SHORTEST: usize = 3;
/// No run longer than this is a word.
const LONGEST: usize = 24;
const NO_BREAK_SPACE: char = '\u{A0}';
/// How far around a word the text must be in the page that it was read as, in bytes. The judge weighs no less than that.
pub const NEAR: usize = 96;

/// The byte offset of the first word at or after `from` that begins before `end` and is a suspect, looked for in the runs of
/// characters outside ASCII that the scan has found unsure.
pub fn next_suspect(text: &str, from: usize, end: usize, known: &mut Known) -> Option<usize> {
    thread_local!(static SEEN: RefCell<Seen> = RefCell::new(Seen(Memory::new())));
    SEEN.with_borrow_mut(|seen| seen.next_suspect(text, from, end, known))
}

/// The same in the whole text.
#[cfg(test)]
pub fn next_suspect_plainly(text: &str, from: usize, end: usize) -> Option<usize> {
    thread_local!(static KNOWN: RefCell<Known> = RefCell::new(Known::new()));
    KNOWN.with_borrow_mut(|known| {
        known.unsure.clear();
        known.unsure.runs.push((from, end));
        next_suspect(text, from, end, known)
    })
}

/// Whether the character at byte `at` may give a word away.
pub fn is_telling(text: &[u8], at: usize) -> bool {
    lanes::is_telling(text[at], text[at + 1]) && !is_usual(text, at)
}

/// How long the character is that begins with this byte.
fn len(lead: u8) -> usize {
    match lead {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

/// Whether the character at byte `at` is one that stands in the right text of many languages, so that it says nothing: a
/// damaged text has others, too. These are letters of Western Europe and of Russian, and signs where they belong.
#[inline(always)]
fn is_usual(text: &[u8], at: usize) -> bool {
    let before = || at.checked_sub(2).and_then(|start| text.get(start..at)).unwrap_or_default();
    let last = || at.checked_sub(1).map(|last| text[last]);
    let after_letter = || last().is_some_and(|last| last.is_ascii_alphabetic());
    let before_letter = |len: usize| text.get(at + len).is_some_and(u8::is_ascii_alphabetic);
    // Where a word of Cyrillic letters begins.
    let begins_cyrillic = |len: usize| matches!(text.get(at + len), Some(0xD0 | 0xD1)) && !is_cyrillic(before());
    match text[at..] {
        // A no-break space in the middle of a word may be a letter of DOS, before one a letter of the Mac.
        [0xC2, 0xA0, ..] => !(after_letter() && before_letter(2) || is_edge(before()) && begins_cyrillic(2)),
        // Between two of the same, as Catalan has it, a dot belongs there.
        [0xC2, 0xB7, ..] => !(begins_cyrillic(2) || after_letter() && last() != text.get(at + 2).copied()),
        // « » °
        [0xC2, 0xAB | 0xBB | 0xB0, ..] => !begins_cyrillic(2),
        // Where no word is under way it may be a mark of quotation.
        [0xC3, 0xB4, ..] => last().is_some_and(|last| !last.is_ascii() || last.is_ascii_alphanumeric()),
        // á ä ç é í ñ ó ö ú ü
        [0xC3, 0xA1 | 0xA4 | 0xA7 | 0xA9 | 0xAD | 0xB1 | 0xB3 | 0xB6 | 0xBA | 0xBC, ..] => true,
        // А to Я, as the first of a word: in the middle they may be small letters of KOI8.
        [0xD0, 0x90..=0xAF, ..] => !is_cyrillic(before()),
        // а to п, р to я
        [0xD0, 0xB0..=0xBF, ..] | [0xD1, 0x80..=0x8F, ..] => true,
        // ’
        [0xE2, 0x80, 0x99, ..] => !begins_cyrillic(3),
        // — ‘ …, unless they touch a word before them
        [0xE2, 0x80, 0x94 | 0x98 | 0xA6, ..] => !(after_letter() || begins_cyrillic(3)),
        // – “ ” „ •, unless inside a word
        [0xE2, 0x80, 0x93 | 0x9C..=0x9E | 0xA2, ..] => {
            let before_more = || before_letter(3) || matches!(text.get(at + 3), Some(0xC3..=0xC5 | 0xE2));
            !(after_letter() && before_more() || begins_cyrillic(3))
        }
        _ => false,
    }
}

/// Whether this is a letter of the Cyrillic block, of which all are two bytes.
fn is_cyrillic(letter: &[u8]) -> bool {
    matches!(letter, [0xD0 | 0xD1, ..])
}

/// Whether a word may begin after these bytes.
pub fn is_edge(before: &[u8]) -> bool {
    before.last().is_none_or(|last| last.is_ascii() && !last.is_ascii_alphanumeric())
}

/// How many bytes there are of ASCII letters, and of characters that are of two bytes and surely no space.
fn rest_of_run(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, 0x80..=0xBF | 0xC3..=0xDF)).count()
}

/// The run of letters and signs around the character at byte `at`, no further back than `from`. A space is a sign if it is what
/// is looked at.
fn run(text: &str, at: usize, from: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let is_space = text[at..].starts_with(NO_BREAK_SPACE);
    let (mut start, mut stop) = (at, at);
    for _ in 0..LONGEST {
        let later = bytes[from..start].iter().rev().take_while(|byte| (**byte as i8) < -0x40).count();
        let Some(before) = start.checked_sub(later + 1).filter(|before| *before >= from) else { break };
        if !goes_on(text, before, is_space) {
            break;
        }
        start = before;
    }
    for _ in 0..LONGEST {
        if !goes_on(text, stop, is_space) {
            break;
        }
        stop += len(bytes[stop]);
    }
    (start, stop)
}

/// Whether the character at byte `at` is a letter of ASCII, or another character that is no space; false at the end. A no-break
/// space goes on too if that is what is looked at.
fn goes_on(text: &str, at: usize, is_space: bool) -> bool {
    match text.as_bytes().get(at) {
        None => false,
        Some(ascii @ ..0x80) => ascii.is_ascii_alphabetic(),
        Some(0xC2) if is_space && text[at..].starts_with(NO_BREAK_SPACE) => true,
        // Of two bytes only U+0085 and U+00A0 are spaces.
        Some(0xC3..=0xDF) => true,
        _ => text[at..].chars().next().is_some_and(|c| !c.is_whitespace()),
    }
}

/// A run that is looked at: its characters, and what they become.
struct Run {
    stands: [char; LONGEST],
    word: [char; LONGEST],
    /// Which of `word` are letters, a bit each.
    letters: u32,
    count: usize,
}

impl Run {
    /// The run, and the confusions in which every character has a reading and the signs are not inside the word. `None` if
    /// there are none, or if it is too long.
    fn new(run: &str, readings: &Readings) -> Option<(Run, Confusions)> {
        let mut of = Run { stands: ['\0'; LONGEST], word: ['\0'; LONGEST], letters: 0, count: 0 };
        let mut left = Confusions::MAX;
        // Where there was a letter, and where a sign after a letter.
        let (mut letter, mut sign) = (0, 0);
        for c in run.chars() {
            *of.stands.get_mut(of.count)? = c;
            if c.is_ascii() {
                of.set(of.count, c.to_ascii_lowercase(), true);
                letter = Confusions::MAX;
                left &= !sign;
            } else {
                let readings = readings.of(c);
                of.set(of.count, readings.small, readings.is_letter);
                left &= readings.all & !(sign & readings.letters);
                sign |= letter & readings.signs;
                letter |= readings.letters;
            }
            if left == 0 {
                return None;
            }
            of.count += 1;
        }
        Some((of, left))
    }

    fn set(&mut self, at: usize, c: char, is_letter: bool) {
        self.word[at] = c;
        self.letters = self.letters & !(1 << at) | u32::from(is_letter) << at;
    }

    /// Whether it is a word, but for signs around it.
    fn is_word(&self) -> bool {
        if self.letters == 0 {
            return false;
        }
        let (first, last) = (self.letters.trailing_zeros() as usize, self.letters.ilog2() as usize);
        let is_inside = |at: usize| self.letters >> at & 1 == 1 || self.word[at] == '’';
        last - first + 1 >= SHORTEST
            && (first..=last).all(is_inside)
            && self.may_be_around(0..first)
            && self.may_be_around(last + 1..self.count)
            && model::is_word(&self.word[first..=last])
    }

    /// Whether the signs on one side of a word may stand there, as far as they are letters now.
    fn may_be_around(&self, signs: Range<usize>) -> bool {
        let mut were_letters = signs.filter(|&at| self.stands[at].is_alphabetic());
        let is_one_mark = were_letters.next().is_none_or(|at| Symbol::of(self.word[at]).is_mark());
        is_one_mark && were_letters.next().is_none()
    }

    /// Whether it is a word in one of the confusions `within`, which agree on what is before `at`.
    fn is_word_within(&mut self, within: Confusions, at: usize, readings: &Readings) -> bool {
        let Some(at) = (at..self.count).find(|&at| !self.stands[at].is_ascii()) else { return self.is_word() };
        readings.of(self.stands[at]).within(within).any(|(reading, within)| {
            self.set(at, reading.small, reading.is_letter);
            self.is_word_within(within, at + 1, readings)
        })
    }
}

/// Whether a run is no word as it stands, and one when another page is read, one of these.
fn is_suspect(run: &str, pages: Confusions, readings: &Readings) -> bool {
    if (stuck_capital(run, readings) | trailing_capital(run, readings)) & pages != 0 {
        return true;
    }
    let Some((mut run, within)) = Run::new(run, readings) else { return false };
    // Where it is read as it stands it is no word again.
    let same = run.stands[..run.count].iter().filter(|c| !c.is_ascii()).map(|c| readings.of(*c).same);
    let within = within & pages & !same.fold(Confusions::MAX, |all, same| all & same);
    within != 0 && !run.is_word() && run.is_word_within(within, 0, readings)
}

/// The confusions in which all that stands near the run from `start` to `stop`, but for one character, is in the page that
/// was read.
fn pages_near(text: &str, start: usize, stop: usize, readings: &Readings) -> Confusions {
    // Where one character is missing, and where another one is.
    let (mut once, mut again) = (0, 0);
    let is_near = |far: &mut usize, c: char| {
        *far += c.len_utf8();
        (*far <= NEAR && c != '\n').then_some(c)
    };
    let before = text[..start].chars().rev().scan(0, is_near);
    let after = text[stop..].chars().scan(0, is_near);
    for c in before.chain(after).filter(|c| !c.is_ascii()) {
        let missing = !readings.of(c).near;
        if missing & !again != 0 && Symbol::of(c).is_visible() {
            again |= once & missing;
            once |= missing;
            if again == Confusions::MAX {
                break;
            }
        }
    }
    !again
}

/// The run of letters around the character at byte `at`, which is one of them, where that is quickly told: as [`run`] has it.
#[inline(always)]
fn short_run(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    const BEFORE: usize = LONGEST;
    let base = at.checked_sub(BEFORE)?;
    let others = !lanes::in_words(bytes.get(base..)?.first_chunk()?);
    let before = others << (lanes::WIDTH - BEFORE);
    let after = others >> BEFORE;
    if before == 0 || after == 0 {
        return None;
    }
    let start = at - before.leading_zeros() as usize;
    let stop = at + after.trailing_zeros() as usize;
    let is_short =
        stop - at <= LONGEST || bytes[at..stop].iter().filter(|byte| **byte as i8 >= -0x40).count() <= LONGEST;
    (stop > at && is_short && bytes[start - 1].is_ascii() && bytes[stop].is_ascii()).then_some((start, stop))
}

/// What a look at a run has shown: that it is a suspect, and where it begins; that it is none anywhere, or that it is one
/// elsewhere, and where to go on.
enum Look {
    Suspect(usize),
    Harmless(usize),
    Elsewhere(usize),
}

/// Runs that were looked at lately, and whether they are suspects by themselves: text repeats its words. What is remembered
/// changes no answer.
struct Seen(Memory);

impl Seen {
    fn next_suspect(&mut self, text: &str, from: usize, end: usize, known: &mut Known) -> Option<usize> {
        let runs = std::mem::take(&mut known.unsure.runs);
        let bytes = text.as_bytes();
        let mut at = from;
        let mut found = None;
        'runs: for &(start, stop) in &runs {
            at = at.max(start);
            let mut is_sure = true;
            while let Some(next) = lanes::next_telling(bytes, at, stop.min(end)) {
                at = next;
                if is_usual(bytes, at) {
                    at += len(bytes[at]);
                    continue;
                }
                if let Some(next) = self.pass_known(bytes, at, from) {
                    at = next;
                    continue;
                }
                match self.look(text, from, end, at) {
                    Look::Suspect(start) => {
                        found = Some(start);
                        break 'runs;
                    }
                    Look::Harmless(next) => at = next,
                    Look::Elsewhere(next) => (is_sure, at) = (false, next),
                }
            }
            if is_sure && stop <= end {
                known.put_sure(bytes, start, stop);
            }
        }
        known.unsure.runs = runs;
        found
    }

    /// The end of the run around the character at byte `at`, if it is known to be harmless.
    #[inline(always)]
    fn pass_known(&mut self, bytes: &[u8], at: usize, from: usize) -> Option<usize> {
        let (start, stop) =
            short_run(bytes, at).filter(|(start, stop)| *start >= from && stop - start <= known::LONGEST)?;
        let key = lanes::first(bytes[start..].first_chunk()?, stop - start);
        (self.0.get(&key) == Some(Seen::HARMLESS)).then_some(stop)
    }

    /// Looks at the run around the character at byte `at`.
    #[inline(never)]
    fn look(&mut self, text: &str, from: usize, end: usize, at: usize) -> Look {
        let readings = Readings::get();
        let bytes = text.as_bytes();
        let after = at + len(bytes[at]);
        let (start, stop) = run(text, at, from);
        // One character without a reading, and the run has none.
        if text[at..].chars().next().is_none_or(|c| readings.of(c).all == 0) {
            self.may_be_suspect(&text[start..stop], readings);
            return Look::Harmless(after + rest_of_run(bytes.get(after..end).unwrap_or_default()));
        }
        let mut is_harmless = true;
        // What comes of it depends on what follows.
        let opens = opens(&text[start..stop], readings);
        if opens != 0 {
            is_harmless = false;
            let pages = || opens & closing(text, after, readings) & pages_near(text, start, stop, readings);
            if at == start && may_open(bytes, at, after) && pages() != 0 {
                return Look::Suspect(start);
            }
        }
        if let Some(pages) = lone_word(&text[start..stop], readings) {
            is_harmless = false;
            if is_among_words(bytes, start, stop) && pages & pages_near(text, start, stop, readings) != 0 {
                return Look::Suspect(start);
            }
        } else if stop - start <= SHORTEST {
            self.keep(&text[start..stop], false, readings);
        } else if self.may_be_suspect(&text[start..stop], readings) {
            is_harmless = false;
            let pages = pages_near(text, start, stop, readings);
            if pages != 0 && is_suspect(&text[start..stop], pages, readings) {
                return Look::Suspect(start);
            }
        }
        // What stands around a space is also a word by itself.
        let is_space = text[at..].starts_with(char::is_whitespace);
        let next = if is_space { after } else { stop.max(after) };
        if is_harmless { Look::Harmless(next) } else { Look::Elsewhere(next) }
    }

    const HARMLESS: u32 = 0;
    const SUSPECT: u32 = 1;
    /// Harmless by itself, but it may open a quotation, which depends on what follows.
    const MAY_OPEN: u32 = 2;

    /// Whether a run is a suspect by itself, whatever stands near.
    fn may_be_suspect(&mut self, run: &str, readings: &Readings) -> bool {
        match key(run).and_then(|key| self.0.get(&key)) {
            Some(known) => known == Seen::SUSPECT,
            None => {
                let is_suspect = is_suspect(run, Confusions::MAX, readings);
                self.keep(run, is_suspect, readings);
                is_suspect
            }
        }
    }

    fn keep(&mut self, run: &str, is_suspect: bool, readings: &Readings) {
        let value = match is_suspect {
            true => Seen::SUSPECT,
            false if opens(run, readings) != 0 => Seen::MAY_OPEN,
            false => Seen::HARMLESS,
        };
        if let Some(key) = key(run) {
            self.0.put(&key, value);
        }
    }
}

/// A run as it is remembered; `None` if it is too long.
fn key(run: &str) -> Option<lanes::Run> {
    let mut window = [0; lanes::RUN];
    window[..known::LONGEST].get_mut(..run.len())?.copy_from_slice(run.as_bytes());
    Some(lanes::first(&window, run.len()))
}

#[cfg(test)]
mod tests {
    use super::super::readings::small;
    use super::*;

    fn next_suspect(text: &str, from: usize, end: usize) -> Option<usize> {
        next_suspect_plainly(text, from, end)
    }
    use crate::codec;

    /// The plain way: every confusion is tried by itself.
    fn plainly(text: &str, start: usize, stop: usize) -> bool {
        let run = &text[start..stop];
        let is_letter = |c: &char| c.is_alphabetic();
        let may_be_around = |signs: &[char], stood: &[char]| {
            let letters = || signs.iter().zip(stood).filter(|(_, stood)| is_letter(stood));
            letters().count() <= 1 && letters().all(|(sign, _)| Symbol::of(*sign).is_mark())
        };
        let stands: Vec<char> = run.chars().collect();
        let is_word = |word: Vec<char>| {
            let word: Vec<char> = word.into_iter().map(small).collect();
            let Some(first) = word.iter().position(&is_letter) else { return false };
            let end = word.iter().rposition(is_letter).map_or(0, |last| last + 1);
            let (before, after) = (&word[..first], &word[end..]);
            may_be_around(before, &stands[..first])
                && may_be_around(after, &stands[end..])
                && end - first >= SHORTEST
                && word[first..end].iter().all(|c| is_letter(c) || *c == '’')
                && model::is_word(&word[first..end])
        };
        let after = text[stop..].char_indices().take_while(|(at, c)| at + c.len_utf8() <= NEAR && *c != '\n');
        let before = text[..start].char_indices().rev().take_while(|(at, c)| start - at <= NEAR && *c != '\n');
        let near: Vec<char> = before.chain(after).map(|(_, c)| c).filter(|c| Symbol::of(*c).is_visible()).collect();
        let turkish = codec::Page::for_label("windows-1254").expect("a page");
        let has = |page: codec::Page, c: char| {
            c.is_ascii() || page.encode(c).is_some() || page == codec::Page::WINDOWS_1252 && turkish.encode(c).is_some()
        };
        let reread = |c: char, meant: codec::Page, read: codec::Page| {
            let byte = read.encode(c)?;
            Some(meant.decode(byte).unwrap_or(c))
        };
        let confusions: Vec<_> = codec::confusions()
            .iter()
            .filter(|(_, read)| near.iter().filter(|c| !has(*read, **c)).count() < 2)
            .collect();
        let is_stuck = match stands[..] {
            [c, 'A'..='Z', 'a'..='z', ..] if !c.is_ascii() && c.is_uppercase() => {
                let mut read = confusions.iter().filter_map(|(meant, read)| reread(c, *meant, *read));
                read.any(|c| Symbol::of(small(c)).is_mark())
            }
            _ => false,
        };
        let rereads =
            || confusions.iter().filter_map(|&&(meant, read)| run.chars().map(|c| reread(c, meant, read)).collect());
        is_stuck || stands.len() <= LONGEST && !is_word(run.chars().collect()) && rereads().any(is_word)
    }

    fn next_plainly(text: &str, from: usize) -> Option<usize> {
        let mut at = from;
        while at < text.len() {
            let lead = text.as_bytes()[at];
            if !matches!(lead, 0xC2..=0xD1 | 0xE2) || is_usual(text.as_bytes(), at) {
                at += len(lead);
                continue;
            }
            let (start, stop) = run(text, at, from);
            if stop - start > SHORTEST && plainly(text, start, stop) {
                return Some(start);
            }
            // What stands around a space is also a word by itself.
            let is_space = text[at..].starts_with(char::is_whitespace);
            at = if is_space { at + len(lead) } else { stop.max(at + len(lead)) };
        }
        None
    }

    /// From `from` on, and then after each suspect; says how many there are.
    fn agrees(text: &str) -> usize {
        let (mut from, mut count) = (0, 0);
        loop {
            let found = next_suspect(text, from, text.len());
            assert_eq!(found, next_plainly(text, from), "from {from} in {text:?}");
            let Some(found) = found else { return count };
            from = found + text[found..].chars().next().map_or(1, char::len_utf8);
            count += 1;
        }
    }

    /// Listed words as they are, read wrong in every way, joined, with signs around and inside, and too long.
    #[test]
    fn it_finds_what_the_plain_way_finds() {
        let words = include_str!("../../data/model/words.txt");
        let words: Vec<&str> = words.split_whitespace().filter(|word| !word.is_ascii()).step_by(97).collect();
        let mut count = 0;
        for (at, word) in words.iter().enumerate() {
            let next = words[(at + 1) % words.len()];
            let joints = ["", "’", "”", "ğ", "\u{A0}", "ı", "→", "н", "—", "ъ-"];
            let joint = joints[at % joints.len()];
            let text = format!("{word} {word}{joint}{next} {joint}{next}{joint} {}", word.repeat(5));
            agrees(&text);
            let (meant, read) = codec::confusions()[at % codec::confusions().len()];
            let misread = |c: char| meant.encode(c).and_then(|byte| read.decode(byte)).unwrap_or(c);
            let text: String = text.chars().map(misread).collect();
            count += agrees(&text);
            agrees(&text.to_uppercase());
        }
        assert!(words.len() > 1000 && count > 300, "{count} suspects in {} words", words.len());
    }

    /// What no text says that was read as a page of another country: letters beside it that the page does not have, and
    /// letters that become signs which nobody writes there.
    #[test]
    fn words_that_only_look_like_others() {
        let suspect = |text: &str| next_suspect(text, 0, text.len());
        // lín, sín
        for text in ["lên bàn có", "sên của tôi được"] {
            let (alone, near) = (text.split(' ').next().unwrap_or_default(), format!("{text} này là một điều"));
            assert!(suspect(alone).is_some() && suspect(&near).is_none(), "{text}");
            let far = format!("{alone} {} ạạ", "x".repeat(NEAR));
            assert!(suspect(&far).is_some() && suspect(&format!("{alone}\nạạ")).is_some(), "{far}");
        }
        // стр, напада, тоб
        for text in ["острови", "нападає", "тобі", "стремление"] {
            assert_eq!(suspect(text), None, "{text}");
        }
        // What was read as windows-1254.
        assert_eq!(suspect("pøíklad a novı"), Some(0));
    }

    #[test]
    fn words_that_nobody_writes() {
        for (text, at) in [
            ("mermi olduðunda", Some(6)),
            ("Sie k”nnen es", Some(4)),
            ("das Institut fŸr Kunst", Some(13)),
            ("Pøíklad", Some(0)),
            ("(don\u{D5}t)", Some(1)),
        ] {
            assert_eq!(next_suspect(text, 0, text.len()), at, "{text}");
        }
        for text in ["það er rétt", "“fünf” große Bücher…", "naïve œuvre", "Пример, я", "日本語", "l’été où"]
        {
            assert_eq!(next_suspect(text, 0, text.len()), None, "{text}");
        }
    }
}
