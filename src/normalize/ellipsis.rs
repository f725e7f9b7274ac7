//! `ellipsis`: the characters for two and for three dots become dots.

use super::{Change, replaced};

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    replaced(line, |c| match c {
        '…' => Some("..."),
        '‥' => Some(".."),
        _ => None,
    })
}
