//! Letters that are gone for good: which words of a line tell what they were?
//!
//! In: a line in which U+FFFD stands in words. Out: what stood there, where [`crate::model::gaps`] leaves no doubt, with how
//! sure that is. Must not: say anything of a first letter, of which nobody knows whether it was a capital; or let what it says
//! of a word depend on what it says of words further on, so that it says no more of its own result.

use std::ops::Range;

use crate::edit::Confidence;
use crate::model::PER_NAT;
use crate::model::gaps::{self, Slot};
use crate::model::prose::{self, is_weighed, small};

/// What somebody saved in place of letters.
pub const LOST: char = '\u{fffd}';
/// No longer word is read.
const LONGEST: usize = 32;
/// So many letters must be left.
const LEFT: usize = 2;
/// Of so many marks one in so many of the letters is too much.
const MANY: usize = 8;
const SPARSE: usize = 4;
/// So many words on each side tell in which language a word is.
const AROUND: usize = 16;

/// So many letters around tell in which language a text is, if they cost no more than this on average; and what a text costs at most
/// that may be in one. With all letters outside ASCII lost in interface messages in some 400 languages, 98 of 108,000 come
/// back wrong at `likely`, nearly all in dialects and relatives of the languages known here; without this it is 430 (25 November
/// 2026).
const TEXT: usize = 20;
const SPELLING: i32 = 14 * PER_NAT / 5;
const AT_MOST: i32 = 29 * PER_NAT / 10;
const SLACK: i32 = 4 * PER_NAT;

/// The share that a reading has to have of all, to be `likely` and to be `possible`.
const LIKELY: f32 = 0.9975;
const POSSIBLE: f32 = 0.95;

/// Letters that are known again.
pub struct Restored {
    /// Where the marks stand, in bytes.
    pub range: Range<usize>,
    /// What stood there.
    pub letters: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// How many nats speak for it.
    pub odds: f32,
}

/// The letters of a line that are known again, by where they stand.
pub fn restored(line: &str, least: Confidence) -> Vec<Restored> {
    let mut words = words(line);
    let mut found = Vec::new();
    // Where so much is lost, too little is left to tell the language.
    let letters = words.iter().map(|word| word.text.chars().count()).sum::<usize>();
    let marks = words.iter().map(|word| word.text.matches(LOST).count()).sum::<usize>();
    if marks >= MANY && marks * SPARSE > letters {
        return found;
    }
    for at in 0..words.len() {
        if !words[at].text.contains(LOST) || words[at].is_part {
            continue;
        }
        let before = words[at.saturating_sub(AROUND)..at].iter().filter(|word| !word.text.contains(LOST));
        let after = words[at + 1..].iter().take(AROUND).filter(|word| word.text.is_ascii());
        let around: Vec<&str> = before.chain(after).map(|word| word.text.as_str()).collect();
        let Some((gaps, confidence, odds)) = read(&words[at].text, &around) else { continue };
        if confidence < least {
            continue;
        }
        let mut text = String::new();
        let mut reached = 0;
        for (range, letters) in runs(&words[at].text).into_iter().zip(gaps) {
            text.push_str(&words[at].text[reached..range.start]);
            text.push_str(&letters);
            reached = range.end;
            let range = words[at].start + range.start..words[at].start + range.end;
            found.push(Restored { range, letters, confidence, odds });
        }
        text.push_str(&words[at].text[reached..]);
        words[at].text = text;
    }
    found
}

/// Whether these words are clearly in one of the languages that are known; for one of the commonest words it is enough that they
/// may be. A relative of it has words that differ in just such a letter.
fn is_known(words: &[&str], is_frequent: bool) -> bool {
    let text: Vec<char> = words.iter().flat_map(|word| word.chars().chain([' '])).collect();
    let prose = prose::weigh(&text);
    let letters = prose.letters as i32;
    let is_clear = prose.language.is_some() && prose.letters >= TEXT && prose.spelling <= SPELLING * letters;
    is_clear || is_frequent && prose.spelling <= AT_MOST * letters + SLACK
}

/// What stood in the gaps of a word, and how sure that is.
fn read(word: &str, around: &[&str]) -> Option<(Vec<String>, Confidence, f32)> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut capitals = word.chars().filter(|c| c.is_uppercase()).count() > 1;
    for c in word.chars() {
        capitals &= !c.is_lowercase();
        match (slots.last_mut(), c) {
            (Some(Slot::Gap(marks)), LOST) => *marks += 1,
            (_, LOST) => slots.push(Slot::Gap(1)),
            (_, '\'' | '’') => slots.push(Slot::Letter('’')),
            (_, c) => slots.push(Slot::Letter(small(c))),
        }
    }
    let is_odd = |slot: &Slot| matches!(slot, Slot::Letter(c) if *c != '’' && !is_weighed(*c));
    if slots.iter().any(is_odd) {
        return None;
    }
    let gaps = slots.iter().filter(|slot| matches!(slot, Slot::Gap(_))).count();
    let begins_with_gap = matches!(slots.first(), Some(Slot::Gap(_)));
    // Of several marks at the end the last may be a space.
    let ends_with_marks = matches!(slots.last(), Some(Slot::Gap(2..)));
    let is_short = slots.len() < gaps + LEFT;
    if slots.len() > LONGEST || is_short || ends_with_marks || begins_with_gap && !capitals {
        return None;
    }
    // Any letter may be lost there, and many words differ in one.
    let is_cyrillic = word.chars().any(|c| ('\u{400}'..'\u{530}').contains(&c));
    let filling = gaps::fill(around.iter().copied(), &slots, capitals)?;
    let is_sure = || is_known(around, filling.is_frequent);
    let confidence = match filling.share {
        share if share >= LIKELY && filling.is_listed && !is_cyrillic && is_sure() => Confidence::Likely,
        share if share >= POSSIBLE && filling.is_listed => Confidence::Possible,
        _ => return None,
    };
    let cased = |gap: &String| match capitals {
        false => Some(gap.clone()),
        // Only Turkish and its like have this one.
        true if gap == "i" => Some("İ".to_owned()),
        true => Some(gap.to_uppercase()).filter(|upper| upper.chars().count() == gap.chars().count()),
    };
    let gaps: Option<Vec<String>> = filling.gaps.iter().map(cased).collect();
    Some((gaps?, confidence, (filling.share / (1.0 - filling.share).max(1e-6)).ln()))
}

/// A word of a line, with the marks in it.
struct Word {
    start: usize,
    text: String,
    /// Whether it is a part of something that is no word.
    is_part: bool,
}

/// The words of a line: letters and marks, and apostrophes between them.
fn words(line: &str) -> Vec<Word> {
    let is_letter = |c: char| c.is_alphabetic() || c == LOST;
    let is_quote = |c: char| matches!(c, '\'' | '’');
    let joins = |c: char| c.is_numeric() || matches!(c, '_' | '\\' | '@' | '%');
    let mut words: Vec<Word> = Vec::new();
    let (mut last, mut is_open) = (' ', false);
    for (at, c) in line.char_indices() {
        let next = line[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let belongs = is_letter(c) || is_open && is_quote(c) && is_letter(last) && is_letter(next);
        match words.last_mut().filter(|_| is_open) {
            Some(word) if belongs => word.text.push(c),
            // Before these French has a no-break space.
            Some(word) => word.is_part |= joins(c) || last == LOST && matches!(c, ':' | ';' | '!' | '?' | '»'),
            None if belongs => words.push(Word { start: at, text: c.to_string(), is_part: joins(last) }),
            None => {}
        }
        (last, is_open) = (c, belongs);
    }
    words
}

/// The runs of marks in a word.
fn runs(word: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, mark) in word.match_indices(LOST) {
        match runs.last_mut() {
            Some(last) if last.end == at => last.end += mark.len(),
            _ => runs.push(at..at + mark.len()),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let (mut text, mut reached) = (String::new(), 0);
        for Restored { range, letters, .. } in restored(line, Confidence::Likely) {
            text.push_str(&line[reached..range.start]);
            text.push_str(&letters);
            reached = range.end;
        }
        text + &line[reached..]
    }

    #[test]
    fn words_tell_letters_in_their_language() {
        for right in [
            "They don’t know what it’s for, and we’ll see",
            "der Hof liegt nicht weit, ein Weg führt zurück für den Tag",
            "la première fois il a répondu très tard, après la réponse des autres",
            "la configuración del sistema está vacía según el técnico",
            "esta página não tem as opções do sistema para o usuário",
            "DIE LISTE KÖNNEN WIR LÖSCHEN",
        ] {
            let lost: String = right.chars().map(|c| if c.is_ascii() { c } else { LOST }).collect();
            let read = read(&lost);
            // Some of it stays, none of it is wrong.
            assert!(read.chars().zip(right.chars()).all(|(a, b)| a == b || a == LOST), "{read}");
            let left = |text: &str| text.matches(LOST).count();
            assert!(left(&read) * 2 < left(&lost) + 2, "{read}");
            assert_eq!(self::read(&read), read);
        }
    }

    #[test]
    fn one_mark_may_stand_for_two_letters_and_two_for_one() {
        assert_eq!(read("isto não é uma op\u{fffd}o do sistema"), "isto não é uma opção do sistema");
        assert_eq!(read("the two of them don\u{fffd}\u{fffd}\u{fffd}t know"), "the two of them don’t know");
    }

    #[test]
    fn what_may_be_several_words_stays() {
        for lost in [
            "\u{fffd}",
            "f\u{fffd}r",
            "a \u{fffd} b",
            "\u{fffd}ber",
            "x\u{fffd}qz here",
            "le code\u{fffd}: dix",
            "the users\u{fffd} files",
            "%s\u{fffd} is empty",
            "a_caf\u{fffd}_1",
            "日\u{fffd}語",
        ] {
            assert_eq!(read(lost), lost);
        }
    }
}
