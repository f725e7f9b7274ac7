//! Bytes as a person can see them.
//!
//! In: bytes of a text. Out: the same with every character that does not show spelled out (`<U+0080>`), bytes that are
//! no text as `<E2>`, cropped to so many columns. Must not: be used where a program reads the output.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands for what was cropped.
pub const MORE: char = '…';
/// A character that is spelled out takes no fewer columns than this.
const SPELLED_OUT: usize = "<U+0080>".len();

/// Whether a character does not show, or shows as something else than it is.
pub fn hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}'
        | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}' | '\u{115F}' | '\u{1160}' | '\u{1680}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{206F}'
        | '\u{3164}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{10FFFF}')
}

/// Adds a character, spelled out when it does not show. A tab becomes a space.
pub fn push(out: &mut String, c: char) {
    if c == '\t' {
        out.push(' ');
    } else if hidden(c) {
        let _ = write!(out, "<U+{:04X}>", u32::from(c));
    } else {
        out.push(c);
    }
}

/// Adds text as a person can see it: what shows is taken over in runs.
pub fn push_text(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| !shows_plainly(*c)) {
        out.push_str(&text[from..at]);
        push(out, c);
        from = at + c.len_utf8();
    }
    out.push_str(&text[from..]);
}

/// Whether a character surely shows, as nearly all do, so that nothing else has to be asked.
fn shows_plainly(c: char) -> bool {
    match KNOWN.get(c as usize) {
        Some(known) => known & SHOWS != 0,
        None => surely_shows(c),
    }
}

const fn surely_shows(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{AE}'..='\u{34E}' | '\u{350}'..='\u{5FF}' | '\u{2010}'..='\u{2027}' | '\u{3165}'..='\u{D7FF}')
}

/// What is known of the characters that most text is of, Latin, Greek and Cyrillic: asking it of the ranges is a good part of the
/// work where a text is broken throughout.
static KNOWN: [u8; 0x530] = {
    let mut known = [0; 0x530];
    let mut at = 0;
    while at < known.len() {
        if let Some(c) = char::from_u32(at as u32) {
            let narrow = if matches!(width_of(c), Some(1)) { NARROW } else { 0 };
            known[at] = narrow | if surely_shows(c) { SHOWS } else { 0 };
        }
        at += 1;
    }
    known
};
/// That it surely shows; that it takes one column whatever stands beside it.
const SHOWS: u8 = 1;
const NARROW: u8 = 2;

/// Adds bytes as a person can see them.
pub fn push_bytes(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        push_text(out, chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "<{byte:02X}>");
        }
    }
}

/// Text as a person can see it: mostly as it is.
pub fn text(text: &str) -> Cow<'_, str> {
    if text.chars().all(shows_plainly) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    push_text(&mut out, text);
    Cow::Owned(out)
}

/// Bytes as a person can see them.
pub fn bytes(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(valid) = simdutf8::basic::from_utf8(bytes) {
        return text(valid);
    }
    let mut out = String::with_capacity(bytes.len() + 8);
    push_bytes(&mut out, bytes);
    Cow::Owned(out)
}

/// Columns that a shown text takes.
pub fn width(shown: &str) -> usize {
    let plain = shown.chars().map(plain_width);
    plain.sum::<Option<usize>>().unwrap_or_else(|| shown.width())
}

/// The columns of a character that takes as many whatever stands beside it; `None` where one has to look.
fn plain_width(c: char) -> Option<usize> {
    match KNOWN.get(c as usize) {
        Some(known) => (known & NARROW != 0).then_some(1),
        None => width_of(c),
    }
}

const fn width_of(c: char) -> Option<usize> {
    match c {
        ' '..='~'
        | '\u{A1}'..='\u{AC}'
        | '\u{AE}'..='\u{2FF}'
        | '\u{370}'..='\u{377}'
        | '\u{384}'..='\u{38A}'
        | '\u{391}'..='\u{3A1}'
        | '\u{3B1}'..='\u{482}'
        | '\u{48A}'..='\u{52F}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{203B}'
        | '\u{20A0}'..='\u{20C0}'
        | '\u{2122}' => Some(1),
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => {
            Some(2)
        }
        _ => None,
    }
}

/// The end of a shown text, at most `columns` wide; what is before it becomes an ellipsis.
pub fn end(shown: &str, columns: usize, whole: bool) -> String {
    if whole && width(shown) <= columns {
        return shown.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let start =
        shown.char_indices().rev().take_while(|(_, c)| take(&mut left, *c)).last().map_or(shown.len(), |(i, _)| i);
    format!("{MORE}{}", &shown[start..])
}

/// The beginning of a shown text, at most `columns` wide; what is after it becomes an ellipsis.
pub fn start(shown: &str, columns: usize, whole: bool) -> String {
    if whole && width(shown) <= columns {
        return shown.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let end = shown.char_indices().take_while(|(_, c)| take(&mut left, *c)).last().map_or(0, |(i, c)| i + c.len_utf8());
    format!("{}{MORE}", &shown[..end])
}

/// Where the last characters of a text begin that, once they are shown, take more than so many columns; `None` where they
/// take no more, or that is not quickly told.
pub fn wide_end(text: &str, columns: usize) -> Option<usize> {
    exceeds(text.char_indices().rev(), columns).map(|(at, _)| at)
}

/// Where the first characters of a text end that, once they are shown, take more than so many columns; as above.
pub fn wide_start(text: &str, columns: usize) -> Option<usize> {
    exceeds(text.char_indices(), columns).map(|(at, c)| at + c.len_utf8())
}

/// The first of these characters that takes more columns than are left.
fn exceeds(chars: impl Iterator<Item = (usize, char)>, columns: usize) -> Option<(usize, char)> {
    let mut left = columns;
    for (at, c) in chars {
        let wide = match c {
            c if shows_plainly(c) => plain_width(c)?,
            '\t' => 1,
            c if hidden(c) => SPELLED_OUT,
            c => plain_width(c)?,
        };
        if wide > left {
            return Some((at, c));
        }
        left -= wide;
    }
    None
}

/// Takes a character's columns from those left; `false` when there are too few.
fn take(left: &mut usize, c: char) -> bool {
    let columns = plain_width(c).or_else(|| c.width()).unwrap_or(0);
    let fits = columns <= *left;
    *left = left.saturating_sub(columns);
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_spelled_out() {
        assert_eq!(bytes("a\u{80}b\u{200B}\u{202E}é \t.".as_bytes()), "a<U+0080>b<U+200B><U+202E>é  .");
        assert_eq!(bytes(b"a\xE2\x80z"), "a<E2><80>z");
    }

    #[test]
    fn what_shows_plainly_is_not_hidden() {
        assert!(!('\0'..=char::MAX).any(|c| shows_plainly(c) && hidden(c)));
    }

    #[test]
    fn plain_widths_are_those_of_unicode() {
        let all = || ('\0'..=char::MAX).filter_map(|c| Some((c, plain_width(c)?)));
        assert!(all().all(|(c, columns)| c.width() == Some(columns)));
        // Beside another as well.
        let plain: Vec<char> = all().step_by(97).map(|(c, _)| c).chain("aá—ёか漢한".chars()).collect();
        for &a in &plain {
            let pair = |b: char| [a, b].iter().collect::<String>();
            let (once, twice) = (plain_width(a).unwrap(), pair(a));
            assert_eq!(twice.as_str().width(), 2 * once, "{twice}");
            assert_eq!(pair('a').as_str().width(), once + 1, "{a}");
        }
    }

    #[test]
    fn what_is_too_wide_is_told_by_a_part_of_it() {
        let text = "ab\u{80}\tcdé";
        assert_eq!(wide_end(text, 4), Some(2));
        assert_eq!(wide_end(text, 12), Some(1));
        assert_eq!(wide_end(text, 14), None);
        assert_eq!(wide_start(text, 2), Some(4));
        assert_eq!(wide_start(text, 10), Some(5));
        assert_eq!(wide_start(text, 14), None);
        // Of its columns only those who see it know.
        assert_eq!(wide_end("👩\u{200D}🚒", 1), None);
    }

    #[test]
    fn crops_on_either_side() {
        assert_eq!(end("one two three", 6, true), "…three");
        assert_eq!(start("one two three", 6, true), "one t…");
        assert_eq!(start("one", 3, true), "one");
        assert_eq!(start("one", 3, false), "on…");
        assert_eq!(end("日本語", 4, true), "…語");
        assert_eq!(start("", 0, true), "");
    }
}
