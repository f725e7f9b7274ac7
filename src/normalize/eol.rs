//! `eol`: all line ends become the same, be they CR LF, LF or CR.

use super::{Change, Edges};
use crate::edit::Eol;

/// What to change in a piece from byte `start` on.
pub fn changes(piece: &str, start: usize, eol: Eol, edges: Edges) -> Vec<Change> {
    let bytes = piece.as_bytes();
    let mut all = Vec::new();
    for at in memchr::memchr2_iter(b'\r', b'\n', &bytes[start..]).map(|at| start + at) {
        let after_cr = if at > 0 { bytes[at - 1] == b'\r' } else { edges.before == Some('\r') };
        let before_lf = if at + 1 < bytes.len() { bytes[at + 1] == b'\n' } else { edges.after == Some('\n') };
        let after = match (eol, bytes[at]) {
            (Eol::Lf, b'\r') => Some(if before_lf { "" } else { "\n" }),
            (Eol::Crlf, b'\r') if !before_lf => Some("\r\n"),
            (Eol::Crlf, b'\n') if !after_cr => Some("\r\n"),
            _ => None,
        };
        all.extend(after.map(|after| Change::new(at..at + 1, after)));
    }
    all
}
