//! Suspects that only words give away: one that nobody writes, and that is a common one when another page is read.
//!
//! `olduðunda` is made of letters that stand beside each other in one language or another, so no pair of them is a surprise;
//! but it is no word, and `olduğunda` is. A page of Latin letters read as another leaves nothing else to go by. Words are
//! looked up only where they hold a letter or sign that is neither ASCII nor one of the few that are everywhere.

use crate::codec::{self, Page};
use crate::model;

/// Words of fewer letters are words in some language too often.
const SHORTEST: usize = 3;
/// No run longer than this is a word.
const LONGEST: usize = 24;

/// The byte offset of the first word at or after `from` that begins before `end` and is a suspect.
pub fn next_suspect(text: &str, from: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < end {
        at += plain(&bytes[at..end]);
        let Some(&lead) = bytes[..end].get(at) else { break };
        // Latin, Greek and Cyrillic letters, and the signs that pages have.
        if !matches!(lead, 0xC2..=0xD1 | 0xE2) || is_usual(bytes, at) {
            at += len(lead);
            continue;
        }
        let (start, stop) = run(text, at, from);
        if stop - start > SHORTEST && is_suspect(&text[start..stop]) {
            return Some(start);
        }
        at = stop.max(at + len(lead));
    }
    None
}

/// How many bytes of ASCII there are at the start.
fn plain(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let high = u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
        if high != 0 {
            return at + high.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii()).count()
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
/// damaged text has others, too. These are letters of Western Europe, of Russian, quotes and dashes.
fn is_usual(text: &[u8], at: usize) -> bool {
    match text[at..] {
        // A no-break space, « · » °
        [0xC2, 0xA0 | 0xAB | 0xB7 | 0xBB | 0xB0, ..] => true,
        // ß á ä ç é í ñ ó ô ö ú ü
        [0xC3, 0x9F | 0xA1 | 0xA4 | 0xA7 | 0xA9 | 0xAD | 0xB1 | 0xB3 | 0xB4 | 0xB6 | 0xBA | 0xBC, ..] => true,
        // А to п, р to я
        [0xD0, 0x90..=0xBF, ..] | [0xD1, 0x80..=0x8F, ..] => true,
        // – — ‘ ’
        [0xE2, 0x80, 0x93 | 0x94 | 0x98 | 0x99, ..] => true,
        // “ ” „ … •, unless inside a word
        [0xE2, 0x80, 0x9C..=0x9E | 0xA2 | 0xA6, ..] => {
            let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
            !letter(at.checked_sub(1).and_then(|before| text.get(before))) || !letter(text.get(at + 3))
        }
        _ => false,
    }
}

/// The run of letters and signs around the character at byte `at`, no further back than `from`.
fn run(text: &str, at: usize, from: usize) -> (usize, usize) {
    let goes_on = |c: &char| c.is_ascii_alphabetic() || !c.is_ascii() && !c.is_whitespace();
    let before: usize = text[from..at].chars().rev().take(LONGEST).take_while(goes_on).map(char::len_utf8).sum();
    let after: usize = text[at..].chars().take(LONGEST).take_while(goes_on).map(char::len_utf8).sum();
    (at - before, at + after)
}

/// Whether a run is no word as it stands, and one when another page is read.
fn is_suspect(run: &str) -> bool {
    let mut stands = [('\0', codec::record('a')); LONGEST];
    let mut count = 0;
    for c in run.chars() {
        let Some(slot) = stands.get_mut(count) else { return false };
        *slot = (c, codec::record(c));
        count += 1;
    }
    let stands = &stands[..count];
    let mut word = ['\0'; LONGEST];
    let mut is_word = |reading: &mut dyn FnMut(usize) -> char| {
        for (at, slot) in word[..count].iter_mut().enumerate() {
            *slot = small(reading(at));
        }
        let letter = |c: &char| c.is_alphabetic();
        let (Some(first), Some(last)) = (word[..count].iter().position(letter), word[..count].iter().rposition(letter))
        else {
            return false;
        };
        let word = &word[first..=last];
        word.len() >= SHORTEST && word.iter().all(|c| letter(c) || *c == '’') && model::is_word(word)
    };
    if is_word(&mut |at| stands[at].0) {
        return false;
    }
    codec::confusions().iter().any(|&(meant, read)| {
        let has = stands.iter().all(|(c, record)| c.is_ascii() || record.byte(read) != 0);
        has && is_word(&mut |at| reread(stands[at], meant, read))
    })
}

fn reread((c, record): (char, &codec::Record), meant: Page, read: Page) -> char {
    match record.byte(read) {
        0 => c,
        byte => meant.decode(byte).unwrap_or(c),
    }
}

fn small(c: char) -> char {
    match c {
        '\'' | '‘' | 'ʼ' => '’',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
