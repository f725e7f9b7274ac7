//! `final-newline`: a text that is not empty ends with a line end. The change is to the last character, since a change has
//! to have something that it changes.

use super::Change;

/// What to change in the last piece of a text.
pub fn change(piece: &str, crlf: bool) -> Option<Change> {
    let (at, last) = piece.char_indices().next_back()?;
    // A carriage return ends a line, too; what becomes of it is for `eol` to say.
    let eol = if crlf { "\r\n" } else { "\n" };
    (!matches!(last, '\n' | '\r')).then(|| Change::new(at..piece.len(), format!("{last}{eol}")))
}
