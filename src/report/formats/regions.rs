//! Where spans of bytes begin and end, in lines and in columns of several units.
//!
//! In: the source, read once from beginning to end, its encoding, and spans. Out: a region for each span. Columns are counted
//! in the text as it is decoded; a byte order mark is no part of a line, except in columns that count bytes. Must not: hold
//! a line, which may be of any length.

use std::io::{self, Read};

use crate::edit::Span;
use crate::source::Charset;

/// A place between two characters. All numbers are 1-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The line; lines end at LF.
    pub line: u64,
    /// The column in characters.
    pub column: u64,
    /// The column in code units of UTF-16.
    pub utf16: u64,
    /// The column in bytes of UTF-8.
    pub byte: u64,
}

/// From one place to another, which is not a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// The regions of `spans` in a source, in their order. Without a charset it is UTF-8.
///
/// # Errors
/// When reading fails.
pub fn regions(source: &mut dyn Read, charset: Option<Charset>, spans: &[Span]) -> io::Result<Vec<Region>> {
    let mut offsets: Vec<u64> = spans.iter().flat_map(|span| [span.start, span.end]).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let mut ruler = Ruler::default();
    let mut points = Vec::with_capacity(offsets.len());
    if let Some(charset) = charset {
        let mut at = 0;
        // Such a source is in memory already.
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes)?;
        let view = charset.view(&bytes);
        for &offset in &offsets {
            let next = view.map.text(usize::try_from(offset).unwrap_or(usize::MAX));
            ruler.pass(&view.text.as_bytes()[at..next]);
            points.push(ruler.point());
            at = next;
        }
    } else {
        let mut passed = 0;
        for &offset in &offsets {
            pass(&mut ruler, &mut source.take(offset - passed))?;
            points.push(ruler.point());
            passed = offset;
        }
    }
    // Every offset is in the list.
    let point = |offset: u64| points[offsets.partition_point(|other| *other < offset)];
    Ok(spans.iter().map(|span| Region { start: point(span.start), end: point(span.end) }).collect())
}

/// Goes past a piece of the source.
fn pass(ruler: &mut Ruler, piece: &mut dyn Read) -> io::Result<()> {
    let mut buffer = [0; 16 << 10];
    loop {
        match piece.read(&mut buffer)? {
            0 => return Ok(()),
            read => ruler.pass(&buffer[..read]),
        }
    }
}

/// How far it is from the beginning of the text.
#[derive(Default)]
struct Ruler {
    lines: u64,
    characters: u64,
    units: u64,
    bytes: u64,
    begun: bool,
}

impl Ruler {
    /// Goes past some bytes of UTF-8, which may end inside a character.
    fn pass(&mut self, mut bytes: &[u8]) {
        /// U+FEFF in UTF-8.
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        if bytes.is_empty() {
            return;
        }
        if !self.begun {
            self.begun = true;
            if let Some(rest) = bytes.strip_prefix(MARK) {
                bytes = rest;
                self.bytes += MARK.len() as u64;
            }
        }
        if let Some(last) = memchr::memrchr(b'\n', bytes) {
            self.lines += memchr::memchr_iter(b'\n', &bytes[..=last]).count() as u64;
            (self.characters, self.units, self.bytes) = (0, 0, 0);
            bytes = &bytes[last + 1..];
        }
        self.bytes += bytes.len() as u64;
        for &byte in bytes {
            // The first byte of a character stands for all of it, and for two units beyond the basic plane.
            let first = u64::from(byte & 0xC0 != 0x80);
            self.characters += first;
            self.units += first + u64::from(byte >= 0xF0);
        }
    }

    fn point(&self) -> Point {
        Point { line: self.lines + 1, column: self.characters + 1, utf16: self.units + 1, byte: self.bytes + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &[u8], charset: Option<Charset>, spans: &[(u64, u64)]) -> Vec<[(u64, u64, u64, u64); 2]> {
        let spans: Vec<Span> = spans.iter().map(|(start, end)| Span::new(*start, *end)).collect();
        let point = |p: Point| (p.line, p.column, p.utf16, p.byte);
        let regions = regions(&mut &*source, charset, &spans).unwrap();
        regions.into_iter().map(|region| [point(region.start), point(region.end)]).collect()
    }

    #[test]
    fn columns_are_counted_in_three_units() {
        let text = "\u{FEFF}é\nx𝄞é\r\n";
        let at = text.find('𝄞').unwrap() as u64;
        let end = text.len() as u64;
        let found = of(text.as_bytes(), None, &[(3, 5), (at, at + 4), (at + 4, at + 6), (end - 1, end)]);
        assert_eq!(found[0], [(1, 1, 1, 4), (1, 2, 2, 6)]);
        assert_eq!(found[1], [(2, 2, 2, 2), (2, 3, 4, 6)]);
        assert_eq!(found[2], [(2, 3, 4, 6), (2, 4, 5, 8)]);
        assert_eq!(found[3], [(2, 5, 6, 9), (3, 1, 1, 1)]);
    }

    #[test]
    fn of_another_encoding_its_text_counts() {
        let utf16: Vec<u8> = "a𝄞é\nü".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let charset = Charset::for_label("utf-16le");
        assert!(charset.is_some());
        assert_eq!(of(&utf16, charset, &[(6, 8), (10, 12)])[0], [(1, 3, 4, 6), (1, 4, 5, 8)]);
    }

    #[test]
    fn a_long_piece_is_read_in_parts() {
        let text = format!("{}\n{}é", "é".repeat(20_000), "日".repeat(20_001));
        let len = text.len() as u64;
        assert_eq!(of(text.as_bytes(), None, &[(len - 2, len)])[0][0], (2, 20_002, 20_002, 60_004));
    }
}
