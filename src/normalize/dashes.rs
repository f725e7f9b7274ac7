//! `dashes`: hyphens, en dashes and minus signs become `-`, em dashes and horizontal bars `--`.
//!
//! Dashes of full or small width are for `width`; those of other scripts are letters of these.

use super::{Change, replaced};

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    replaced(line, |c| match c {
        '\u{2010}'..='\u{2013}' | '\u{2212}' => Some("-"),
        '\u{2014}' | '\u{2015}' => Some("--"),
        _ => None,
    })
}
