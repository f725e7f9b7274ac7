//! `spaces`: spaces of other widths, and those that do not break, become spaces; what is invisible between letters goes.
//!
//! Joiners stay, since they shape letters and emoji; so do marks of direction, the tab, and the ideographic space, which
//! `width` is for. A byte order mark at the start of a text is for `bom`: one inside of it is a space of no width.

use super::Change;

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    let mut all = Vec::new();
    for (at, c) in line.char_indices() {
        let after = match c {
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => " ",
            '\u{AD}' | '\u{200B}' | '\u{2060}' => "",
            '\u{FEFF}' if at > 0 => "",
            _ => continue,
        };
        all.push(Change::new(at..at + c.len_utf8(), after));
    }
    all
}
