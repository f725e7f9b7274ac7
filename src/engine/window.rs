//! A source, window by window.
//!
//! A window begins and ends where a piece does (see [`crate::detect`]), so that a source read in windows of any size gives
//! the same edits as one read whole.

use std::io::{ErrorKind, Read};

use super::ignores::Ignores;
use super::position::Position;
use super::{Engine, Window, judge};
use crate::detect::{self, LONGEST_PIECE};
use crate::edit::{Edit, Span};
use crate::error::Error;

/// How much is read at a time.
const WINDOW: usize = 1 << 20;

/// Reads `source` and hands its windows to `consume`.
pub fn stream(
    engine: &Engine,
    mut source: impl Read,
    mut consume: impl FnMut(Window<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = Reader::new(engine);
    let mut buffer = vec![0; WINDOW];
    let mut filled = 0;
    let mut offset = 0;
    loop {
        let mut ended = false;
        while filled < buffer.len() {
            match source.read(&mut buffer[filled..]) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(n) => filled += n,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        let cut = if ended { filled } else { last_cut(&buffer[..filled]) };
        if cut > 0 || ended {
            let bytes = &buffer[..cut];
            let (edits, invalid) = reader.take(bytes);
            consume(Window { offset, bytes, edits, invalid })?;
        }
        if ended {
            return Ok(());
        }
        offset += cut as u64;
        buffer.copy_within(cut..filled, 0);
        filled -= cut;
    }
}

/// Where the last piece ends that is certain to end inside `bytes`, which begin with a piece.
fn last_cut(bytes: &[u8]) -> usize {
    let mut cut = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    // Only a long line is left after it.
    while bytes.len() - cut > LONGEST_PIECE + 4 {
        cut += detect::piece_end(&bytes[cut..]);
    }
    cut
}

/// Makes edits of one window after the other.
pub struct Reader<'e> {
    engine: &'e Engine,
    offset: u64,
    position: Position,
    ignores: Ignores,
}

impl<'e> Reader<'e> {
    /// At the start of a source.
    pub fn new(engine: &'e Engine) -> Reader<'e> {
        Reader { engine, offset: 0, position: Position::START, ignores: Ignores::default() }
    }

    /// The edits in the next window, and the byte runs that are no valid UTF-8.
    pub fn take(&mut self, bytes: &[u8]) -> (Vec<Edit>, Vec<Span>) {
        if self.engine.config.obey_ignores {
            let (mut position, mut reached) = (self.position, 0);
            self.ignores.forget_before(position.line);
            self.ignores.read(bytes, |at| {
                position.advance(&bytes[reached..at]);
                reached = at;
                position.line
            });
        }
        let mut edits = Vec::new();
        let mut invalid: Vec<Span> = Vec::new();
        let mut counted = 0;
        let mut piece = 0..0;
        let mut from = 0;
        while from < bytes.len() {
            let (text, bad) = match std::str::from_utf8(&bytes[from..]) {
                Ok(text) => (text, 0),
                Err(e) => {
                    let (valid, rest) = bytes[from..].split_at(e.valid_up_to());
                    // `error_len` is unknown for a sequence cut short by the end.
                    (std::str::from_utf8(valid).unwrap_or_default(), e.error_len().unwrap_or(rest.len()))
                }
            };
            let mut at = 0;
            while let Some(suspect) = detect::next_suspect(text, at) {
                piece = piece_around(bytes, from + suspect, piece);
                let inside = piece.start.max(from) - from..piece.end.min(from + text.len()) - from;
                at = inside.end;
                if !self.ignores.is_empty() {
                    self.position.advance(&bytes[counted..from + inside.start]);
                    counted = from + inside.start;
                    if self.ignores.covers(self.position.line) {
                        continue;
                    }
                }
                let text = &text[inside.clone()];
                for (start, found) in judge::piece(self.engine, text) {
                    let begin = from + inside.start + start;
                    self.position.advance(&bytes[counted..begin]);
                    counted = begin;
                    let place = self.position.place(&text[..start], &text[start + found.before.len()..]);
                    edits.push(found.into_edit(self.offset + begin as u64, place));
                }
            }
            from += text.len();
            if bad > 0 {
                let start = self.offset + from as u64;
                match invalid.last_mut().filter(|last| last.end == start) {
                    Some(last) => last.end += bad as u64,
                    None => invalid.push(Span::new(start, start + bad as u64)),
                }
                from += bad;
            }
        }
        self.position.advance(&bytes[counted..]);
        self.offset += bytes.len() as u64;
        (edits, invalid)
    }
}

/// The piece that holds the byte at `at`; `known` is an earlier piece, or 0..0.
fn piece_around(bytes: &[u8], at: usize, known: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let mut start = if known.contains(&at) { known.start } else { known.end };
    if let Some(feed) = memchr::memrchr(b'\n', &bytes[start..at]) {
        start += feed + 1;
    }
    loop {
        let end = start + detect::piece_end(&bytes[start..]);
        if at < end {
            return start..end;
        }
        start = end;
    }
}
