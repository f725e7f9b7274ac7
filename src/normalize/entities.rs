//! `entities`: HTML entities become the characters they stand for.
//!
//! Names are those of HTML 4. With `letters`, what has a meaning of its own in markup stays: `&amp;`, `&lt;`, `&gt;`, `&quot;` and
//! whatever else stands for ASCII. With `all` it goes, too, but no ampersand that would then begin another entity: text that
//! speaks about `&eacute;` keeps its sense, and a second run finds nothing.

use super::Change;
use crate::edit::Entities;
use crate::source::escapes;

/// What to change in a line.
pub fn changes(line: &str, choice: Entities) -> Vec<Change> {
    let bytes = line.as_bytes();
    let mut all: Vec<Change> = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'&', &bytes[at..]) {
        let start = at + found;
        at = start + 1;
        let Some((c, len)) = escapes::entity(&bytes[start..]) else { continue };
        let stays = c.is_control() || choice == Entities::Letters && c.is_ascii();
        if stays || c == '&' && begins_entity(&line[start + len..]) {
            continue;
        }
        at = start + len;
        all.push(Change::new(start..at, c));
    }
    all
}

/// Whether an ampersand before it would make an entity of it, now or with what stands there decoded.
fn begins_entity(rest: &str) -> bool {
    rest.starts_with(|c: char| c == '#' || c == '&' || c.is_ascii_alphanumeric())
}
