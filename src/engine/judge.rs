//! One piece of a text: what to change in it, within the settings.
//!
//! In: a piece (see [`crate::detect`]). Out: its edits, not yet placed in their source. What it says of a piece depends
//! on the piece only, and said again of the result it is nothing.

use super::Engine;
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
        let (mut found, refused) = self.judge_once(text);
        if refused == 0 || found.is_empty() {
            return found;
        }
        // Some edits were refused. What is left must be such that judging it again finds nothing, so judge the result,
        // and lay what that finds over what was found before.
        for _ in 0..ROUNDS {
            let made = self.judge_once(&splice(text, &found)).0;
            if made.is_empty() {
                return found;
            }
            found = lay_over(text, found, &made);
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
        let allowed =
            config.allow.iter().filter(|s| !s.is_empty()).any(|string| {
                text.match_indices(string.as_str()).any(|(at, _)| at <= start && end <= at + string.len())
            });
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
    after: String,
    chain: Chain,
    confidence: Confidence,
    lossy: bool,
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

fn splice(text: &str, found: &[(usize, Found)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, f) in found {
        out.push_str(&text[done..*start]);
        out.push_str(&f.after);
        done = start + f.before.len();
    }
    out.push_str(&text[done..]);
    out
}

/// Edits of `text` that do what `first` does and then, to its result, what `second` does.
fn lay_over(text: &str, first: Vec<(usize, Found)>, second: &[(usize, Found)]) -> Vec<(usize, Found)> {
    let mut out: Vec<(usize, Found)> = Vec::new();
    let mut earlier = first.into_iter().peekable();
    // Bytes of the source minus bytes of the first result, up to here.
    let mut shift = 0isize;
    for (at, f) in second {
        let (begin, end) = (*at as isize, (*at + f.before.len()) as isize);
        while let Some(e) = earlier.next_if(|(start, e)| (*start as isize - shift) + e.after.len() as isize <= begin) {
            shift += e.1.before.len() as isize - e.1.after.len() as isize;
            out.push(e);
        }
        // What the first edits made of the span of the second, and a bit around it where they only overlap.
        let (mut source_start, mut head, mut tail) = ((begin + shift) as usize, String::new(), String::new());
        let mut merged = f.clone();
        let mut cursor = begin;
        while let Some((start, e)) = earlier.next_if(|(start, _)| (*start as isize - shift) < end) {
            let made = start as isize - shift;
            if made < begin {
                source_start = start;
                head = e.after[..(begin - made) as usize].to_string();
            }
            let made_end = made + e.after.len() as isize;
            if made_end > end {
                tail = e.after[e.after.len() - (made_end - end) as usize..].to_string();
            }
            shift += e.before.len() as isize - e.after.len() as isize;
            cursor = made_end;
            let exact = made == begin && made_end == end;
            if exact {
                let steps = e.chain.steps().iter().chain(f.chain.steps()).cloned().collect::<Vec<_>>();
                merged.chain = steps.into();
            }
            merged.lossy |= e.lossy || !exact;
            merged.confidence = merged.confidence.min(e.confidence);
        }
        let source_end = (cursor.max(end) + shift) as usize;
        merged.before = text[source_start..source_end].to_string();
        merged.after = head + &f.after + &tail;
        out.push((source_start, merged));
    }
    out.extend(earlier);
    out
}
