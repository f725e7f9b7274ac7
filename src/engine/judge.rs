//! One piece of a text: what to change in it, within the settings.
//!
//! In: a piece (see [`crate::detect`]). Out: its edits, not yet placed in their source. What it says of a piece depends
//! on the piece only, and said again of the result it is nothing.

use super::Engine;
use super::overlay::Overlay;
use crate::detect;
use crate::edit::{Chain, Confidence, Edit, Place, Span};
use crate::model::{PER_NAT, Symbol};
use crate::repair::{self, Cell, Repair};

/// How often a stretch is judged again after edits in it were refused, at most.
const ROUNDS: usize = 8;
/// How much of the text around the suspects is judged with them, in bytes.
const AROUND: usize = 96;

/// What to change in a piece, with byte offsets into it, in order.
pub fn piece(engine: &Engine, piece: &str) -> Vec<(usize, Found)> {
    let mut all: Vec<(usize, Found)> = Vec::new();
    for (start, text) in detect::stretches(piece) {
        let before = piece[..start].chars().next_back();
        let after = piece[start + text.len()..].chars().next();
        let stretch = Stretch { engine, before, after };
        all.extend(stretch.judge(text).into_iter().map(|(at, found)| (start + at, found)));
    }
    all
}

/// A stretch of a piece: evidence is pooled within it.
struct Stretch<'e> {
    engine: &'e Engine,
    before: Option<char>,
    after: Option<char>,
}

impl Stretch<'_> {
    fn judge(&self, text: &str) -> Vec<(usize, Found)> {
        let (found, refused) = self.judge_once(text);
        if found.is_empty() {
            return found;
        }
        // Some edits were refused, or something suspect is left, which may be judged otherwise now. What is left must be
        // such that judging it again finds nothing, so judge the result, and lay what that finds over what was found
        // before.
        let mut overlay = Overlay::new(text, found);
        if refused == 0 && detect::next_suspect(&overlay.text(), 0).is_none() {
            return overlay.edits();
        }
        for _ in 0..ROUNDS {
            let more = self.judge_once(&overlay.text()).0;
            if more.is_empty() {
                return overlay.edits();
            }
            overlay.lay(more);
        }
        // It does not settle: leave it alone.
        Vec::new()
    }

    /// What to change in a text, and how many edits were refused.
    fn judge_once(&self, text: &str) -> (Vec<(usize, Found)>, usize) {
        let Some((start, end)) = suspicious(text) else { return (Vec::new(), 0) };
        let window = &text[start..end];
        let mut cells = Vec::with_capacity(window.len());
        let mut offsets = Vec::with_capacity(window.len() + 1);
        for (at, c) in window.char_indices() {
            cells.push(Cell::of(c));
            offsets.push(start + at);
        }
        offsets.push(end);
        let edge = |c: Option<char>| c.map_or(Symbol::edge(), Symbol::of);
        let before = edge(text[..start].chars().next_back().or(self.before));
        let after = edge(text[end..].chars().next().or(self.after));
        let (repairs, mut refused) = repair::repairs(&cells, before, after, &self.engine.rules.limits);
        let mut found = Vec::new();
        for repair in repairs {
            let (start, end) = (offsets[repair.start], offsets[repair.start + repair.len]);
            if self.accepts(&repair, text, start, end) {
                found.push((start, Found::new(repair, &text[start..end])));
            } else {
                refused += 1;
            }
        }
        (found, refused)
    }

    fn accepts(&self, repair: &Repair, text: &str, start: usize, end: usize) -> bool {
        let config = &self.engine.config;
        // Looks around the edit only, however long the text: there may be many edits in it.
        let bytes = text.as_bytes();
        let covers = |s: &[u8]| (end.saturating_sub(s.len())..=start).any(|at| bytes[at..].starts_with(s));
        let allowed = config.allow.iter().any(|s| s.len() >= end - start && covers(s.as_bytes()));
        repair.confidence >= config.min_confidence && self.engine.rules.allow(&repair.chain()) && !allowed
    }
}

/// The part of a text that holds its suspects, with some text around it; `None` without a suspect.
fn suspicious(text: &str) -> Option<(usize, usize)> {
    let first = detect::next_suspect(text, 0)?;
    let mut last = first;
    loop {
        let after = text[last..].char_indices().nth(1).map_or(text.len(), |(len, _)| last + len);
        match detect::next_suspect(text, after) {
            Some(next) => last = next,
            None => break,
        }
    }
    let mut start = first.saturating_sub(AROUND);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (last + AROUND).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Some((start, end))
}

/// An edit in the making: not yet placed in its source.
#[derive(Clone, Debug)]
pub struct Found {
    /// What stands there.
    pub before: String,
    /// What is to stand there.
    pub after: String,
    /// The mixups undone.
    pub chain: Chain,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether something was inferred.
    pub lossy: bool,
    odds: f32,
}

impl Found {
    fn new(repair: Repair, before: &str) -> Found {
        Found {
            before: before.to_string(),
            chain: repair.chain(),
            after: repair.after,
            confidence: repair.confidence,
            lossy: repair.lossy,
            odds: repair.odds as f32 / PER_NAT as f32,
        }
    }

    /// The edit, at byte `start` of the source.
    pub fn into_edit(self, start: u64, place: Place) -> Edit {
        Edit {
            span: Span::new(start, start + self.before.len() as u64),
            before: self.before.into_bytes(),
            after: self.after.into_bytes(),
            chain: self.chain,
            confidence: self.confidence,
            lossy: self.lossy,
            odds: self.odds,
            place,
        }
    }
}
