//! A source, window by window.
//!
//! A window begins and ends where a piece does (see [`crate::detect`]), so that a source read in windows of any size gives
//! the same edits as one read whole.

use std::io::{ErrorKind, Read};

use super::ignores::Ignores;
use super::position::Position;
use super::{Engine, Window};
use crate::detect::{self, LONGEST_PIECE};
use crate::edit::{Confidence, Edit, Span};
use crate::error::Error;
use crate::model::Symbol;
use crate::repair::{self, Cell, Repair};

/// How much is read at a time.
const WINDOW: usize = 1 << 20;
/// How often a piece is judged again after edits in it were refused, at most.
const ROUNDS: usize = 8;

/// Reads `source` and hands its windows to `consume`.
pub fn stream(
    engine: &Engine,
    mut source: impl Read,
    mut consume: impl FnMut(Window<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = Reader::new(engine);
    let mut buffer = vec![0; WINDOW];
    let mut filled = 0;
    let mut offset = 0;
    loop {
        let mut ended = false;
        while filled < buffer.len() {
            match source.read(&mut buffer[filled..]) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(n) => filled += n,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        let cut = if ended { filled } else { last_cut(&buffer[..filled]) };
        if cut > 0 || ended {
            let bytes = &buffer[..cut];
            let (edits, invalid) = reader.take(bytes);
            consume(Window { offset, bytes, edits, invalid })?;
        }
        if ended {
            return Ok(());
        }
        offset += cut as u64;
        buffer.copy_within(cut..filled, 0);
        filled -= cut;
    }
}

/// Where the last piece ends that is certain to end inside `bytes`, which begin with a piece.
fn last_cut(bytes: &[u8]) -> usize {
    let mut cut = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    // Only a long line is left after it.
    while bytes.len() - cut > LONGEST_PIECE + 4 {
        cut += detect::piece_end(&bytes[cut..]);
    }
    cut
}

/// Makes edits of one window after the other.
pub struct Reader<'e> {
    engine: &'e Engine,
    offset: u64,
    position: Position,
    ignores: Ignores,
}

impl<'e> Reader<'e> {
    /// At the start of a source.
    pub fn new(engine: &'e Engine) -> Reader<'e> {
        Reader { engine, offset: 0, position: Position::START, ignores: Ignores::default() }
    }

    /// The edits in the next window, and the byte runs that are no valid UTF-8.
    pub fn take(&mut self, bytes: &[u8]) -> (Vec<Edit>, Vec<Span>) {
        if self.engine.config.obey_ignores {
            let (mut position, mut reached) = (self.position, 0);
            self.ignores.forget_before(position.line);
            self.ignores.read(bytes, |at| {
                position.advance(&bytes[reached..at]);
                reached = at;
                position.line
            });
        }
        let mut edits = Vec::new();
        let mut invalid: Vec<Span> = Vec::new();
        let mut counted = 0;
        let mut piece = 0..0;
        let mut from = 0;
        while from < bytes.len() {
            let (text, bad) = match std::str::from_utf8(&bytes[from..]) {
                Ok(text) => (text, 0),
                Err(e) => {
                    let (valid, rest) = bytes[from..].split_at(e.valid_up_to());
                    // `error_len` is unknown for a sequence cut short by the end.
                    (std::str::from_utf8(valid).unwrap_or_default(), e.error_len().unwrap_or(rest.len()))
                }
            };
            let mut at = 0;
            while let Some(suspect) = detect::next_suspect(text, at) {
                piece = piece_around(bytes, from + suspect, piece);
                let inside = piece.start.max(from) - from..piece.end.min(from + text.len()) - from;
                at = inside.end;
                if !self.ignores.is_empty() {
                    self.position.advance(&bytes[counted..from + inside.start]);
                    counted = from + inside.start;
                    if self.ignores.covers(self.position.line) {
                        continue;
                    }
                }
                let text = &text[inside.clone()];
                for (start, found) in self.judge(text) {
                    let begin = from + inside.start + start;
                    self.position.advance(&bytes[counted..begin]);
                    counted = begin;
                    let place = self.position.place(&text[..start], &text[start + found.before.len()..]);
                    edits.push(found.into_edit(self.offset + begin as u64, place));
                }
            }
            from += text.len();
            if bad > 0 {
                let start = self.offset + from as u64;
                match invalid.last_mut().filter(|last| last.end == start) {
                    Some(last) => last.end += bad as u64,
                    None => invalid.push(Span::new(start, start + bad as u64)),
                }
                from += bad;
            }
        }
        self.position.advance(&bytes[counted..]);
        self.offset += bytes.len() as u64;
        (edits, invalid)
    }

    /// What to change in a piece, with byte offsets into it, in order.
    fn judge(&self, piece: &str) -> Vec<(usize, Found)> {
        let mut all: Vec<(usize, Found)> = Vec::new();
        for (start, stretch) in detect::stretches(piece) {
            let outside = (piece[..start].chars().next_back(), piece[start + stretch.len()..].chars().next());
            let mut found = self.judge_stretch(stretch, outside);
            all.extend(found.drain(..).map(|(at, f)| (start + at, f)));
        }
        all
    }

    fn judge_stretch(&self, stretch: &str, outside: (Option<char>, Option<char>)) -> Vec<(usize, Found)> {
        if detect::next_suspect(stretch, 0).is_none() {
            return Vec::new();
        }
        let (mut found, refused) = self.judge_once(stretch, outside);
        if refused == 0 {
            return found;
        }
        // Some edits were refused. What is left must be such that judging it again finds nothing, so judge the result,
        // and lay what that finds over what was found before.
        let mut made = found.clone();
        for _ in 0..ROUNDS {
            if made.is_empty() {
                return found;
            }
            let text = splice(stretch, &found);
            made = self.judge_once(&text, outside).0;
            found = lay_over(stretch, found, &made);
        }
        // It does not settle: leave it alone.
        Vec::new()
    }

    /// What to change in a stretch, and how many edits the settings refused.
    fn judge_once(&self, stretch: &str, outside: (Option<char>, Option<char>)) -> (Vec<(usize, Found)>, usize) {
        let cells: Vec<Cell> = stretch.chars().map(Cell::of).collect();
        let mut offsets: Vec<usize> = stretch.char_indices().map(|(at, _)| at).collect();
        offsets.push(stretch.len());
        let edge = |c: Option<char>| c.map_or(Symbol::edge(), Symbol::of);
        let repairs = repair::repairs(&cells, edge(outside.0), edge(outside.1), &self.engine.rules.limits);
        let (mut found, mut refused) = (Vec::new(), 0);
        for repair in repairs {
            let (start, end) = (offsets[repair.start], offsets[repair.start + repair.len]);
            if self.accepts(&repair, stretch, start, end) {
                found.push((start, Found::new(repair, &stretch[start..end])));
            } else {
                refused += 1;
            }
        }
        (found, refused)
    }

    fn accepts(&self, repair: &Repair, stretch: &str, start: usize, end: usize) -> bool {
        let config = &self.engine.config;
        let allowed = config.allow.iter().filter(|s| !s.is_empty()).any(|string| {
            stretch.match_indices(string.as_str()).any(|(at, _)| at <= start && end <= at + string.len())
        });
        repair.confidence >= config.min_confidence && self.engine.rules.allow(&repair.chain()) && !allowed
    }
}

/// The piece that holds the byte at `at`; `known` is an earlier piece, or 0..0.
fn piece_around(bytes: &[u8], at: usize, known: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let mut start = if known.contains(&at) { known.start } else { known.end };
    if let Some(feed) = memchr::memrchr(b'\n', &bytes[start..at]) {
        start += feed + 1;
    }
    loop {
        let end = start + detect::piece_end(&bytes[start..]);
        if at < end {
            return start..end;
        }
        start = end;
    }
}

/// An edit in the making: not yet placed in its source.
#[derive(Clone, Debug)]
struct Found {
    before: String,
    after: String,
    chain: crate::edit::Chain,
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
            odds: repair.odds as f32 / crate::model::PER_NAT as f32,
        }
    }

    fn into_edit(self, start: u64, place: crate::edit::Place) -> Edit {
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
