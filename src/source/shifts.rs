//! Which set of characters is in force where, in a source whose encoding switches between several?
//!
//! In: the source. Out: how bytes in a place of it are read, and how text in a place of it is written, so that all that stands
//! around it is still read as before. For other encodings the place does not matter.

use std::ops::Range;

use super::{Charset, View};
use crate::codec::iso2022jp::{self, Shift};

/// How many bytes a sequence takes.
const LEN: usize = 3;

/// What a source switches to, and where.
#[derive(Clone, Debug)]
pub struct Shifts {
    charset: Charset,
    /// Behind each sequence, the set that it switches to; in order.
    behind: Vec<(usize, Shift)>,
}

/// Whether something holds a sequence that switches to Kanji.
pub fn has_kanji_shift(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\x1B', bytes).any(|at| Shift::at(&bytes[at..]).is_some_and(Shift::is_kanji))
}

/// The view of a source that is in ISO-2022-JP, by its escape sequences, from which all of it makes sense; none for others.
pub fn shifted(source: &[u8]) -> Option<View> {
    if !has_kanji_shift(source) {
        return None;
    }
    let view = Charset::ISO_2022_JP.view(source);
    (view.invalid.is_empty() && !view.text.is_ascii()).then_some(view)
}

impl Shifts {
    /// Those of a source in this encoding.
    pub fn of(charset: Charset, source: &[u8]) -> Shifts {
        let mut behind = Vec::new();
        if charset == Charset::ISO_2022_JP {
            let sequences = memchr::memchr_iter(b'\x1B', source);
            behind.extend(sequences.filter_map(|at| Some((at + LEN, Shift::at(&source[at..])?))));
        }
        Shifts { charset, behind }
    }

    /// What is in force at a place.
    fn at(&self, place: usize) -> Shift {
        let next = self.behind.partition_point(|(behind, _)| *behind <= place);
        next.checked_sub(1).map_or(Shift::Ascii, |last| self.behind[last].1)
    }

    /// What bytes say that stand at a place.
    #[cfg(feature = "cli")]
    pub fn read(&self, place: usize, bytes: &[u8]) -> String {
        if self.charset != Charset::ISO_2022_JP {
            return self.charset.view(bytes).text;
        }
        let (mut shift, mut text, mut rest) = (self.at(place), String::new(), bytes);
        while !rest.is_empty() {
            let (c, len) = iso2022jp::next(&mut shift, rest);
            // A switch back alone says nothing.
            if c.is_some() || Shift::at(rest).is_none() || len < rest.len() {
                text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            rest = &rest[len..];
        }
        text
    }

    /// The bytes of text in place of what stands there, if what stands right before it and right behind it stays.
    ///
    /// # Errors
    /// The first character that the encoding does not have.
    pub fn write(&self, place: Range<usize>, text: &str) -> Result<Vec<u8>, char> {
        if self.charset != Charset::ISO_2022_JP {
            return self.charset.encode(text);
        }
        let within = self.behind.partition_point(|(behind, _)| *behind <= place.end);
        let kanji = self.behind[..within].iter().rev().map(|(_, shift)| *shift).find(|shift| shift.is_kanji());
        let has_katakana = self.behind.iter().any(|(_, shift)| *shift == Shift::Katakana);
        let switches = |at: usize| self.behind.binary_search_by_key(&(at + LEN), |(behind, _)| *behind).is_ok();
        let to = if switches(place.end) { None } else { Some(self.at(place.end)) };
        iso2022jp::encode(text, self.at(place.start), to, kanji.unwrap_or(Shift::Kanji1983), has_katakana)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a browser reads.
    fn read(bytes: &[u8]) -> String {
        encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned()
    }

    #[test]
    fn text_is_written_so_that_all_around_is_read_as_before() {
        let source = b"a\x1B$B$\"$$\x1B(Bb\x1B$@$&\x1B(J\\z";
        let view = shifted(source).expect("told");
        assert_eq!(view.text, "aあいbう¥z");
        let shifts = Shifts::of(Charset::ISO_2022_JP, source);
        let place = |at: usize| view.map.source(at).expect("a border");
        let borders: Vec<usize> = view.text.char_indices().map(|(at, _)| at).chain([view.text.len()]).collect();
        let mut cases = 0;
        for (from, start) in borders.iter().enumerate() {
            for end in &borders[from..] {
                for new in ["", "x", "か", "xか", "かx", "¥", "か\n\\"] {
                    let bytes = shifts.write(place(*start)..place(*end), new).expect("written");
                    let after = [&source[..place(*start)], &bytes, &source[place(*end)..]].concat();
                    let expected = format!("{}{new}{}", &view.text[..*start], &view.text[*end..]);
                    assert_eq!(read(&after), expected, "{start}..{end} {new:?}");
                    assert_eq!(shifts.read(place(*start), &bytes), new);
                    cases += 1;
                }
            }
        }
        assert_eq!(cases, 36 * 7);
    }

    #[test]
    fn only_what_makes_sense_as_a_whole_is_in_it() {
        for other in [
            &b"plain"[..],
            b"\x1B[1mbold\x1B[0m",
            b"\x1B$B",
            b"\x1B$B\x1B(Bx",
            b"\x1B$B$\"\n\x1B(B",
            b"\x1B$B$\"\x1B(B \xC3\xA9",
        ] {
            assert!(shifted(other).is_none(), "{other:02x?}");
        }
    }
}
