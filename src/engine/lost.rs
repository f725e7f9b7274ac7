//! What cannot be repaired: places where somebody saved U+FFFD or question marks in place of letters.
//!
//! In: a piece and what is to change in it. Out: spans of it that stand for lost text. What it says depends on the piece and
//! its edits only. Must not: guess what stood there; or take right text for a loss: U+FFFD that stands by itself is talked
//! about, and a question mark is mostly just that.

use std::ops::Range;

use super::judge::Found;
use crate::edit::Loss;

/// A question mark inside a word is a loss when an edit or another loss is so near, in bytes.
const NEAR: usize = 256;
/// Question marks in place of whole words: so many words, and marks in all.
const WORDS: usize = 3;
const MARKS: usize = 10;

/// U+FFFD as UTF-8 read as GBK twice over, and as windows-1252.
const MISREAD: [&str; 2] = ["锟斤拷", "ï¿½"];

/// Whether a text may hold a loss that shows without an edit near.
pub fn is_suspect(text: &[u8]) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    // Most text is all ASCII, which can be told at a glance.
    let lost = || has("\u{fffd}".as_bytes()) || MISREAD.iter().any(|misread| has(misread.as_bytes()));
    has(b"??") || !text.is_ascii() && lost()
}

/// The losses in a piece, in order, apart from what the edits `found` in it change.
pub fn find(piece: &str, found: &[(usize, Found)]) -> Vec<(Range<usize>, Loss)> {
    let mut lost: Vec<(Range<usize>, Loss)> = Vec::new();
    let mut asked: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let bytes = piece.as_bytes();
    // The first bytes of U+FFFD and `锟`, and the second one of `ï`.
    while let Some(skip) = bytes[at..].iter().position(|byte| matches!(byte, b'?' | 0xEF | 0xE9 | 0xAF)) {
        let start = at + skip - usize::from(bytes[at + skip] == 0xAF);
        if !piece.is_char_boundary(start) {
            at += skip + 1;
            continue;
        }
        let rest = &piece[start..];
        if let Some(misread) = MISREAD.iter().find(|misread| rest.starts_with(**misread)) {
            at = start + run(rest, misread);
            lost.push((start..at, Loss::Misread));
        } else if rest.starts_with('\u{fffd}') {
            at = start + run(rest, "\u{fffd}");
            if beside_letter(piece, start, at) {
                lost.push((start..at, Loss::Replaced));
            }
        } else if rest.starts_with('?') {
            if let Some(words) = words(rest).filter(|_| !piece[..start].ends_with(|c: char| !c.is_whitespace())) {
                at = start + words;
                lost.push((start..at, Loss::Questioned));
            } else {
                at = start + run(rest, "?");
                if inside_word(piece, start, at) {
                    asked.push(start..at);
                }
            }
        } else {
            at = start + rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    let edits = || found.iter().map(|(start, found)| *start..*start + found.before.len());
    // What is near certain damage was certainly no question.
    let near = |a: &Range<usize>, b: &Range<usize>| a.start < b.end + NEAR && b.start < a.end + NEAR;
    let sure = sorted(edits().chain(lost.iter().map(|(span, _)| span.clone())).collect());
    asked.retain(|span| {
        let after = sure.partition_point(|damage| damage.start < span.start);
        let beside = [after.checked_sub(1), Some(after)];
        beside.into_iter().flatten().filter_map(|i| sure.get(i)).any(|damage| near(span, damage))
    });
    lost.extend(asked.into_iter().map(|span| (span, Loss::Questioned)));
    lost.sort_by_cached_key(|(span, _)| span.start);
    let mut edits = edits().peekable();
    lost.retain(|(span, _)| {
        while edits.next_if(|edit| edit.end <= span.start).is_some() {}
        edits.peek().is_none_or(|edit| edit.start >= span.end)
    });
    lost
}

fn sorted(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_cached_key(|span| span.start);
    spans
}

/// How many bytes at the start of `text` are `unit` over and over.
fn run(text: &str, unit: &str) -> usize {
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(unit) {
        rest = after;
    }
    text.len() - rest.len()
}

fn beside_letter(piece: &str, start: usize, end: usize) -> bool {
    piece[..start].ends_with(char::is_alphabetic) || piece[end..].starts_with(char::is_alphabetic)
}

/// Whether question marks stand in a word: after a letter and before a small one, and not in an address.
fn inside_word(piece: &str, start: usize, end: usize) -> bool {
    let (before, after) = (&piece[..start], &piece[end..]);
    if !(before.ends_with(char::is_alphabetic) && after.starts_with(char::is_lowercase)) {
        return false;
    }
    let outside = |c: char| c.is_whitespace();
    let near = |c: &char| !outside(*c);
    let mut word = before.chars().rev().take(64).take_while(near).chain(after.chars().take(64).take_while(near));
    !word.any(|c| matches!(c, '/' | '=' | '&' | ':' | '@' | '\\' | '.' | '$' | '<' | '>'))
}

/// Whether `text` begins with whole words made of question marks, as are left of text in another script: how long they are.
fn words(text: &str) -> Option<usize> {
    let (mut lengths, mut end) = (Vec::new(), 0);
    loop {
        let marks = run(&text[end..], "?");
        if marks == 0 || lengths.len() == 64 {
            break;
        }
        lengths.push(marks);
        end += marks;
        match text[end..].strip_prefix(' ') {
            Some(rest) if rest.starts_with('?') => end += 1,
            _ => break,
        }
    }
    // All alike is a row of marks, not words.
    let differ = lengths.iter().any(|len| *len != lengths[0]);
    let is_word_end = !text[end..].starts_with(|c: char| c.is_alphanumeric());
    (lengths.len() >= WORDS && lengths.iter().sum::<usize>() >= MARKS && differ && is_word_end).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(text: &str) -> Vec<(&str, Loss)> {
        let engine = crate::Engine::default();
        let found = super::super::judge::piece(&engine, text).0;
        find(text, &found).into_iter().map(|(span, loss)| (&text[span], loss)).collect()
    }

    #[test]
    fn losses_are_told_from_text_about_them() {
        assert_eq!(
            lost("caf\u{fffd} and cr\u{fffd}\u{fffd}me"),
            [("\u{fffd}", Loss::Replaced), ("\u{fffd}\u{fffd}", Loss::Replaced)]
        );
        assert_eq!(lost("the character '\u{fffd}' (\u{fffd})"), []);
        assert_eq!(lost("锟斤拷锟斤拷 and more"), [("锟斤拷锟斤拷", Loss::Misread)]);
        assert_eq!(find("fianc\u{ef}\u{bf}\u{bd}", &[]), [(5..11, Loss::Misread)]);
        assert_eq!(lost("?????? ??????????? ?? ???"), [("?????? ??????????? ?? ???", Loss::Questioned)]);
        for right in
            ["really??? sure?? no?", "??? ??? ??? ???", "what?no", "http://x/a?b=c", "a ?? b ?? c", "锟 ï", "x ? y : z"]
        {
            assert_eq!(lost(right), [], "{right}");
        }
    }

    #[test]
    fn a_question_mark_in_a_word_is_a_loss_beside_damage() {
        assert_eq!(lost("cr?me fra?che"), []);
        assert_eq!(lost("cr?me fra?che, dÃ©jÃ\u{a0} vu"), [("?", Loss::Questioned), ("?", Loss::Questioned)]);
        assert_eq!(lost("see a/b?c=d and dÃ©jÃ\u{a0} vu?"), []);
    }
}
