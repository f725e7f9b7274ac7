//! Which encoding is a source in, as far as that is beyond doubt?
//!
//! By the user's word, a byte order mark, or a pattern that nothing but UTF-16 or UTF-32 has. In: the bytes, or their
//! beginning. Out: what is known. Must not: guess among code pages, which takes the whole text and the letter statistics.

use super::Charset;
use crate::codec::is_c1;
use crate::edit::How;
use crate::model::{Context, PER_NAT, Symbol};

/// What is known of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It can be UTF-8, or any other encoding in which ASCII is ASCII.
    Bytes,
    /// It is in this encoding.
    In(Charset, How),
    /// It has bytes that no text has.
    Binary,
}

/// Marks, with what they stand for. UTF-32 first: its little-endian mark begins like that of UTF-16.
const MARKS: [(&[u8], Charset); 4] = [
    (b"\xFF\xFE\0\0", Charset::Utf32Le),
    (b"\0\0\xFE\xFF", Charset::Utf32Be),
    (b"\xFF\xFE", Charset::UTF_16LE),
    (b"\xFE\xFF", Charset::UTF_16BE),
];

/// So much of a source is looked at for bytes that text does not have.
const HEAD: usize = 8 << 10;
/// Fewer characters are no pattern.
const LEAST: usize = 4;
/// What a character of text costs at most, on average, in parts of a nat: right text of any script stays below by far, and
/// bytes at random are far above.
const COST: i32 = 8 * PER_NAT;

/// What is known of a source that begins so; all of it, or more than 8 KiB of it.
pub fn identify(source: &[u8]) -> Known {
    if let Some((_, charset)) = MARKS.iter().find(|(mark, _)| source.starts_with(mark)) {
        // A mark alone, and what follows is no such text: there are other files that begin so.
        let fits = fitting(*charset, &source[..source.len().min(HEAD)], true);
        return if fits { Known::In(*charset, How::Mark) } else { Known::Binary };
    }
    let head = &source[..source.len().min(HEAD)];
    if memchr::memchr(0, head).is_none() {
        return Known::Bytes;
    }
    // The one with the longest unit first: UTF-32 is UTF-16 with a NUL after each character.
    let all = [Charset::Utf32Le, Charset::Utf32Be, Charset::UTF_16LE, Charset::UTF_16BE];
    let shaped = all.into_iter().find(|charset| fitting(*charset, head, false));
    shaped.map_or(Known::Binary, |charset| Known::In(charset, How::Shape))
}

/// Whether the beginning of a source is text in an encoding; `marked` if it says so itself, which is most of the proof. Most of
/// what is asked about is no text, which shows at once: no more is read than it takes.
fn fitting(charset: Charset, head: &[u8], marked: bool) -> bool {
    let unit = charset.unit();
    let whole = head.len() < HEAD;
    if whole && !head.len().is_multiple_of(unit) && !marked {
        return false;
    }
    let head = &head[..head.len() / unit * unit];
    let (mut at, mut count, mut strange, mut cost) = (0, 0, 0, 0);
    let mut was_valid = true;
    let mut context = Context::after(Symbol::edge());
    while at < head.len() && (marked || strange == 0) {
        let found = charset.decode(&head[at..]);
        // The last character of a part may be cut.
        let is_cut = !whole && was_valid && at + unit == head.len();
        // What is no character is one thing, however long it is.
        strange += usize::from(found.is_none() && was_valid && !is_cut);
        was_valid = found.is_some();
        let (c, len) = found.unwrap_or((char::REPLACEMENT_CHARACTER, unit));
        at += len;
        if c == '\u{feff}' {
            continue;
        }
        let symbol = Symbol::of(c);
        count += 1;
        strange += usize::from(c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}') || is_c1(c));
        strange += usize::from(!symbol.is_assigned());
        cost += context.push(symbol);
    }
    match marked {
        true => strange <= count / 8,
        false => count >= LEAST && strange == 0 && cost / count as i32 <= COST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_says_it() {
        assert_eq!(identify(b"\xFF\xFEh\0i\0"), Known::In(Charset::UTF_16LE, How::Mark));
        assert_eq!(identify(b"\xFE\xFF\0h\0i"), Known::In(Charset::UTF_16BE, How::Mark));
        assert_eq!(identify(b"\xFF\xFE\0\0h\0\0\0"), Known::In(Charset::Utf32Le, How::Mark));
        assert_eq!(identify(b"\0\0\xFE\xFF\0\0\0h"), Known::In(Charset::Utf32Be, How::Mark));
        assert_eq!(identify(b"\xEF\xBB\xBFhi"), Known::Bytes);
        assert_eq!(identify(b""), Known::Bytes);
        assert_eq!(identify(b"\xFF\xFE"), Known::In(Charset::UTF_16LE, How::Mark));
    }

    #[test]
    fn text_without_a_mark_is_told_by_its_pattern() {
        for text in
            ["Hello, World!\r\nSecond line.", "Привет, мир, как дела", "Ceci est déjà réglé", "日本語 の テキスト です"]
        {
            for charset in [Charset::UTF_16LE, Charset::UTF_16BE, Charset::Utf32Le, Charset::Utf32Be] {
                let bytes = charset.encode(text).expect("encoded");
                assert_eq!(identify(&bytes), Known::In(charset, How::Shape), "{text} {charset:?}");
                let long = charset.encode(&format!("{text}\n").repeat(2000)).expect("encoded");
                assert_eq!(identify(&long), Known::In(charset, How::Shape), "long {text} {charset:?}");
            }
        }
    }

    #[test]
    fn what_has_nul_bytes_and_no_pattern_is_no_text() {
        for bytes in [
            &b"a\0b"[..],
            b"\0",
            b"\0\0\0\0\0\0\0\0",
            b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0\x01\0\0\0",
            b"GIF89a\x01\0\x01\0\x80\0\0\xFF\xFF\xFF\0\0\0",
            b"one\0two\0three\0four\0",
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06",
            b"\xFF\xFE\x01\0\x02\0\x03\0\x04\0\x05\0\x06\0\x07\0",
        ] {
            assert_eq!(identify(bytes), Known::Binary, "{bytes:02x?}");
        }
    }
}
