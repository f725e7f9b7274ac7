//! `bom`: the byte order mark at the start of a text goes, or comes.

use super::Change;
use crate::edit::Bom;

const MARK: char = '\u{FEFF}';

/// What to change in the first piece of a text.
pub fn change(piece: &str, bom: Bom) -> Option<Change> {
    let first = piece.chars().next()?;
    match bom {
        Bom::Strip => (first == MARK).then(|| Change::new(0..MARK.len_utf8(), "")),
        Bom::Add => (first != MARK).then(|| Change::new(0..first.len_utf8(), format!("{MARK}{first}"))),
    }
}
