//! What the user knows: patterns that stand for a certain character in this text, because something was lost.
//!
//! In: a piece and what is to change in it. Out: the same with the user's rules applied near these changes. Only what is
//! damage otherwise lets a rule in, so a repaired text is left alone by it. Must not: touch what an edit covers, or make
//! text in which the judge would find more.

use super::Engine;
use super::judge::{self, Found};
use super::overlay::Overlay;
use crate::edit::{Chain, Step};

/// How far from an edit a rule applies, on the same line, in bytes.
const NEAR: usize = 4 << 10;

/// What was found in a piece, with the rules applied.
pub fn apply(engine: &Engine, piece: &str, found: Vec<(usize, Found)>) -> Vec<(usize, Found)> {
    let rules = &engine.config.rules;
    if rules.is_empty() || found.is_empty() || engine.config.min_confidence > judge::LIFTED {
        return found;
    }
    let mut ruled: Vec<(usize, Found)> = Vec::new();
    let mut edits = found.iter().map(|(start, found)| *start..*start + found.before.len()).peekable();
    let mut last_end = None;
    let mut at = 0;
    while at < piece.len() {
        while let Some(edit) = edits.next_if(|edit| edit.start <= at) {
            last_end = Some(edit.end);
            at = at.max(edit.end);
        }
        let Some(c) = piece[at..].chars().next() else { break };
        let next = edits.peek().map(|edit| edit.start);
        let fits = |pattern: &&(String, String)| {
            piece[at..].starts_with(&*pattern.0) && next.is_none_or(|next| at + pattern.0.len() <= next)
        };
        let near = last_end.is_some_and(|end| at - end < NEAR) || next.is_some_and(|next| next - at < NEAR);
        // Of several the longest.
        match rules.iter().filter(fits).max_by_key(|(pattern, _)| pattern.len()).filter(|_| near) {
            Some((pattern, meant)) => {
                let chain = Chain::from(vec![Step::RULE]);
                ruled.push((at, Found::inferred(pattern, meant, chain, judge::LIFTED)));
                at += pattern.len();
            }
            None => at += c.len_utf8(),
        }
    }
    if ruled.is_empty() {
        return found;
    }
    let mut all = found.clone();
    all.extend(ruled);
    all.sort_by_cached_key(|(start, _)| *start);
    let result = Overlay::new(piece, all.clone()).text();
    if judge::piece(engine, &result).0.is_empty() { all } else { found }
}
