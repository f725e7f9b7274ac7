//! Where does it look wrong? Finds the few places of a text that are worth a thought.
//!
//! In: valid UTF-8. Out: pieces of it that hold a suspect, to be judged. Must not: decide whether a suspect is damage.
//!
//! A *suspect* is a place where the characters, written as bytes in some page, begin a whole UTF-8 sequence, or a C1
//! control; also where they would once letters are joined with the marks after them. Text without a suspect is never decoded
//! further. The text is cut where no evidence crosses: at line ends, and in long lines at long runs of ASCII. The cuts
//! depend on nothing but the text around them, and repair never makes or removes one, so a source read in windows gives the
//! same pieces as one read whole.

mod apart;
mod evidence;
mod known;
mod lanes;
mod lone;
mod pieces;
mod plain;
mod readings;
mod scan;
mod spaced;
mod squeezed;
mod tables;
mod thresholds;
#[cfg(test)]
mod twin;
mod words;

pub use apart::{Joined, joined};
pub use pieces::{LONG_LINE, LONGEST_PIECE, piece_end, stretches};
pub use squeezed::unsqueezed;

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    // A few lines at a time, so that what one search passes over is not passed over again and again because another finds
    // something before it.
    let mut at = from;
    while at < text.len() {
        let end = line_end(text.as_bytes(), at + AT_ONCE);
        let found = scan::next_suspect(&text[..end], at);
        let found = words::next_suspect(text, at, found.unwrap_or(end)).or(found);
        let found = lone::next_suspect(text, at, found.unwrap_or(end)).or(found);
        let found = plain::next_suspect(&text.as_bytes()[..found.unwrap_or(end)], at).or(found);
        let found = apart::next_suspect(text, at, found.unwrap_or(end)).or(found);
        let found = squeezed::next_suspect(text, at, found.unwrap_or(end)).or(found);
        if found.is_some() {
            return found;
        }
        at = end;
    }
    None
}

/// So many bytes, and on to the end of the line, are searched at once.
const AT_ONCE: usize = 16 << 10;

/// Where the line ends in which byte `at` is; the end of the text, if that comes before.
fn line_end(text: &[u8], at: usize) -> usize {
    text.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(text.len(), |len| at + len + 1)
}
