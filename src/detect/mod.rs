//! Where does it look wrong? Finds the few places of a text that are worth a thought.
//!
//! In: valid UTF-8. Out: pieces of it that hold a suspect, to be judged. Must not: decide whether a suspect is damage.
//!
//! A *suspect* is a place where the characters, written as bytes in some page, begin a whole UTF-8 sequence, or a C1
//! control. Text without a suspect is never decoded further. The text is cut where no evidence crosses: at line ends, and
//! in long lines at long runs of ASCII. The cuts depend on nothing but the text around them, and repair never makes or
//! removes one, so a source read in windows gives the same pieces as one read whole.

mod evidence;
mod lanes;
mod pieces;
mod plain;
mod scan;
mod tables;
mod thresholds;
#[cfg(test)]
mod twin;

pub use pieces::{LONG_LINE, LONGEST_PIECE, piece_end, stretches};

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let found = scan::next_suspect(text, from);
    // Up to there only, so that the calls for one text after the other look at each byte once.
    plain::next_suspect(&text.as_bytes()[..found.unwrap_or(text.len())], from).or(found)
}
