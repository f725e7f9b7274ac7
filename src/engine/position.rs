//! Lines and columns, counted along as a source is read; and places in a text that are borders between characters.

use std::ops::Range;

use crate::edit::Place;

/// A place in a source: the next byte, its line and its column.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Line, 1-based.
    pub line: u64,
    /// Column in characters, 1-based.
    pub column: u64,
}

impl Position {
    /// The start of a source.
    pub const START: Position = Position { line: 1, column: 1 };

    /// Moves on over `bytes`.
    pub fn advance(&mut self, bytes: &[u8]) {
        let mut tail = bytes;
        if let Some(last) = memchr::memrchr(b'\n', bytes) {
            self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
            self.column = 1;
            tail = &bytes[last + 1..];
        }
        // A character begins wherever a byte is no continuation byte.
        self.column += tail.iter().filter(|&&byte| (byte as i8) >= -0x40).count() as u64;
    }
}

/// Where the context of what stands at `span` begins and ends: a few characters of the same line on either side. Looks at
/// the context only, however long the line: there may be many edits in it.
pub fn around(text: &str, span: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let (mut start, mut end) = (span.start, span.end);
    let mut left = Place::CONTEXT;
    for (at, &byte) in bytes[..span.start].iter().enumerate().rev() {
        if byte == b'\n' || left == 0 {
            break;
        }
        // A character begins here.
        if (byte as i8) >= -0x40 {
            start = at;
            left -= 1;
        }
    }
    for _ in 0..Place::CONTEXT {
        end += match bytes.get(end) {
            None | Some(b'\n' | b'\r') => break,
            Some(..0x80) => 1,
            Some(..0xE0) => 2,
            Some(..0xF0) => 3,
            Some(_) => 4,
        };
    }
    start..end
}

/// The border between characters at byte `at`, or the next one before it.
pub fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The border between characters at byte `at`, or the next one after it; the end of the text for what lies beyond.
pub fn ceil(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}
