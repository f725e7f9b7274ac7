//! Letters that are gone for good, where the words tell which they were.
//!
//! In: a piece and what is to change in it. Out: the same, with letters put in place of U+FFFD, as [`repair::restored`] tells
//! them. They are inferred, so the edits are lossy. Must not: touch what is allowed or only mentioned, or make text in which the
//! judge would find more.

use super::Engine;
use super::judge::{self, Found};
use super::mention;
use super::overlay::Overlay;
use crate::config::Config;
use crate::edit::{Chain, Confidence, Step};
use crate::repair::{self, LOST, Restored};

/// Whether letters are put back at all.
pub fn may_restore(engine: &Engine) -> bool {
    let Config { restore_lost, min_confidence, .. } = engine.config;
    restore_lost && min_confidence <= Confidence::Likely && engine.rules.allow(&chain())
}

/// Whether letters may be lost in a text.
pub fn is_suspect(text: &[u8]) -> bool {
    // Most texts are too short for it to be worth the while to get ready for a search.
    memchr::memchr(0xEF, text).is_some_and(|at| memchr::memmem::find(&text[at..], "\u{fffd}".as_bytes()).is_some())
}

/// What was `found` in a piece, with the letters that are known again.
pub fn apply(engine: &Engine, piece: &str, found: Vec<(usize, Found)>) -> Vec<(usize, Found)> {
    let is_lost = || is_suspect(piece.as_bytes()) || found.iter().any(|(_, found)| found.after.contains(LOST));
    if !is_lost() || !may_restore(engine) {
        return found;
    }
    let mut overlay = Overlay::new(piece, found.clone());
    let now = overlay.text();
    let least = engine.config.min_confidence;
    let mut restored = Vec::new();
    let mut begin = 0;
    for line in now.split_inclusive('\n') {
        if is_suspect(line.as_bytes()) {
            restored.extend(repair::restored(line, least).into_iter().map(|restored| edit(begin, line, restored)));
        }
        begin += line.len();
    }
    restored.retain(|(at, found)| !engine.allowed.covers(&now, *at..at + found.before.len()));
    restored = mention::demote(&now, restored, least);
    if restored.is_empty() {
        return found;
    }
    overlay.lay(restored);
    if judge::piece(engine, &overlay.text()).0.is_empty() { overlay.edits() } else { found }
}

/// The edit that puts letters back in a line, which begins at `begin`.
fn edit(begin: usize, line: &str, restored: Restored) -> (usize, Found) {
    let Restored { range, letters, confidence, odds } = restored;
    let start = begin + range.start;
    (start, Found { odds, ..Found::inferred(&line[range], &letters, chain(), confidence) })
}

fn chain() -> Chain {
    Chain::from(vec![Step::WORDS])
}
