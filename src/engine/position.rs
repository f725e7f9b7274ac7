//! Lines and columns, counted along as a source is read.

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

    /// The place here, with what stands left and right of it on its line. Looks at the context only, however long the
    /// line: there may be many edits in it.
    pub fn place(self, left: &str, right: &str) -> Place {
        let near = left.char_indices().rev().take(Place::CONTEXT).take_while(|(_, c)| *c != '\n');
        let cut = near.last().map_or(left.len(), |(at, _)| at);
        Place {
            line: self.line,
            column: self.column,
            left: left[cut..].to_string(),
            right: right.chars().take(Place::CONTEXT).take_while(|c| !matches!(c, '\n' | '\r')).collect(),
        }
    }
}
