//! Suspects that only their place gives away: a single character of China, Japan or Korea in a text of other letters.
//!
//! In `90째` and `caf茅` one such character stands where there are no others, and in one of the encodings of these countries
//! its bytes are a letter or a sign in UTF-8. The same character twice is as telling (`L端端d`). Must not: decide whether it is
//! right. A text about such characters has single ones, too, but those seldom are the bytes of anything, and stand by
//! themselves.

use super::words::NEAR;
use super::{known, lanes};
use crate::codec::Multi;
use crate::model::Symbol;

/// The byte offset of the first suspect at or after `from` that begins before `end`.
pub fn next_suspect(text: &str, from: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut base = from;
    while base < end {
        let mut alone;
        (base, alone) = lanes::next_lone(bytes, base, end);
        while alone != 0 {
            let at = base + alone.trailing_zeros() as usize;
            alone &= alone - 1;
            if at < end && is_suspect(text, at) {
                return Some(at);
            }
        }
        base += lanes::WIDTH;
    }
    None
}

/// The first of these runs between ASCII that begins before `end` and is a suspect because it is one character twice.
pub fn next_double(text: &str, runs: &[(usize, usize)], end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let doubles = runs.iter().filter(|(start, end)| known::is_double(&bytes[*start..*end])).map(|(start, _)| *start);
    let is_suspect = |at: &usize| is_alone(bytes, *at) && text[*at..].chars().next().is_some_and(is_misread);
    doubles.take_while(|at| *at < end).find(is_suspect)
}

/// Whether the character of three bytes at byte `at`, which stands between ASCII, is a suspect.
fn is_suspect(text: &str, at: usize) -> bool {
    let is_damage = |c: char| is_misread(c) || is_after_mark(text.as_bytes(), at) && is_rest(c);
    is_alone(text.as_bytes(), at) && text[at..].chars().next().is_some_and(is_damage)
}

/// Whether a question mark that is stuck to a word stands before byte `at`.
fn is_after_mark(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[..at], [.., letter, b'?'] if letter.is_ascii_alphanumeric())
}

/// Whether its bytes are the last of a quotation mark or a dash in UTF-8 and a letter, in one of the encodings in which the
/// first two are nothing.
fn is_rest(c: char) -> bool {
    Multi::all().any(|read| {
        let rest = |bytes: &[u8]| matches!(*bytes, [0x90..0xA0, letter] if letter.is_ascii_alphabetic());
        read.encode(c).is_some_and(|bytes| rest(bytes.as_slice())) && read.decode(&[0xE2, 0x80]).is_none()
    })
}

/// Whether there is no other character of these countries near, on the same line, but what stands alone as well.
fn is_alone(bytes: &[u8], at: usize) -> bool {
    let here = &bytes[at..at + 3];
    let is_ascii = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(u8::is_ascii);
    let stands_alone = |at: usize| is_ascii(at.checked_sub(1)) && is_ascii(Some(at + 3));
    let other = |(place, byte): (usize, &u8)| {
        matches!(byte, 0xE3..=0xEF) && !stands_alone(place) && !bytes[place..].starts_with(here)
    };
    let start = at.saturating_sub(NEAR);
    let before = bytes[start..at].iter().enumerate().rev().map(|(place, byte)| (start + place, byte));
    let after = bytes[at + 3..].iter().take(NEAR).enumerate().map(|(place, byte)| (at + 3 + place, byte));
    !before.take_while(|(_, byte)| **byte != b'\n').any(other)
        && !after.take_while(|(_, byte)| **byte != b'\n').any(other)
}

/// Whether its bytes are one character in UTF-8, in one of the encodings.
fn is_misread(c: char) -> bool {
    Multi::all().filter_map(|read| read.encode(c)).any(|bytes| {
        let text = std::str::from_utf8(bytes.as_slice()).unwrap_or_default();
        let mut chars = text.chars();
        chars.next().is_some_and(|c| !c.is_ascii() && Symbol::of(c).is_assigned()) && chars.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> bool {
        next_suspect(text, 0, text.len()).is_some()
    }

    #[test]
    fn one_that_is_the_bytes_of_something() {
        // unbake: off
        for text in [
            "the kernel?셲 own files",
            "turn it by 90째 to the left",
            "the caf茅 on the pier",
            "a 90属 b 80属",
            "che 猫 vero pu貌 darsi",
        ] {
            assert!(first(text), "{text}");
        }
        assert_eq!(next_double("all L端端d vun hier", &[(5, 11)], 24), Some(5));
        // unbake: on
        for text in [
            "第1章 is a chapter",
            "the sign 日 is for the sun",
            "한글 90째",
            "中文 and 茅",
            "中文 and L端端d",
            "is it so? 셲 is a syllable",
            "ready?네",
        ] {
            assert!(!first(text), "{text}");
        }
    }
}
