//! Which lines of a source go into its patch?
//!
//! In: the source, read once from beginning to end, and the edits. Out: hunks, as a unified diff has them. The edits are
//! known, so the lines are counted, not compared: this takes one pass, and no input can make it slow. Must not: hold
//! the lines themselves, which may be of any length.

use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::ops::Range;

use crate::edit::Edit;

/// Lines of context on either side of a change.
const CONTEXT: usize = 3;

/// A line: where it begins, and where it ends with its line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub start: u64,
    pub end: u64,
}

/// A part of a hunk.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// Lines that stay.
    Same(Vec<Line>),
    /// Lines that change, all next to each other, and which edits change them.
    Changed(Vec<Line>, Range<usize>),
}

/// Some lines of a source with changes among them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hunk {
    /// Number of the first line, 1-based, and how many there are.
    pub old: (u64, u64),
    pub parts: Vec<Part>,
}

impl Hunk {
    fn same(&mut self, lines: impl IntoIterator<Item = Line>) {
        for line in lines {
            match self.parts.last_mut() {
                Some(Part::Same(held)) => held.push(line),
                _ => self.parts.push(Part::Same(vec![line])),
            }
            self.old.1 += 1;
        }
    }

    fn changed(&mut self, line: Line, by: Range<usize>) {
        match self.parts.last_mut() {
            Some(Part::Changed(lines, edits)) => {
                lines.push(line);
                edits.end = by.end;
            }
            _ => self.parts.push(Part::Changed(vec![line], by)),
        }
        self.old.1 += 1;
    }
}

/// The hunks of a source.
///
/// # Errors
/// When reading fails.
pub fn hunks(source: &mut dyn BufRead, edits: &[Edit]) -> io::Result<Vec<Hunk>> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut open: Option<Hunk> = None;
    // Lines that stay, since the last change: at most two contexts of them while a hunk is open.
    let mut recent: VecDeque<Line> = VecDeque::new();
    let mut number = 0;
    let (mut next, mut reach) = (0, 0);
    let mut at = 0;
    loop {
        // After the last change only its context is of interest.
        if next == edits.len() && at >= reach && open.is_none() {
            break;
        }
        let Some(line) = line(source, at)? else { break };
        at = line.end;
        number += 1;
        let first = next;
        while let Some(edit) = edits.get(next).filter(|edit| edit.span.start < line.end) {
            // A line feed that goes joins the next line to this one.
            let joins = edit.before.last() == Some(&b'\n');
            reach = reach.max(edit.span.end + u64::from(joins));
            next += 1;
        }
        if next > first || line.start < reach {
            let first_line = number - recent.len() as u64;
            let hunk = open.get_or_insert_with(|| Hunk { old: (first_line, 0), parts: Vec::new() });
            hunk.same(recent.drain(..));
            hunk.changed(line, first..next);
        } else {
            recent.push_back(line);
            if open.is_none() && recent.len() > CONTEXT {
                recent.pop_front();
            } else if recent.len() > 2 * CONTEXT {
                if let Some(mut hunk) = open.take() {
                    hunk.same(recent.drain(..CONTEXT));
                    hunks.push(hunk);
                }
                recent.drain(..recent.len() - CONTEXT);
            }
        }
    }
    if let Some(mut hunk) = open {
        recent.truncate(CONTEXT);
        hunk.same(recent);
        hunks.push(hunk);
    }
    Ok(hunks)
}

/// The next line, which begins at `start`; none at the end.
fn line(source: &mut dyn BufRead, start: u64) -> io::Result<Option<Line>> {
    let mut end = start;
    loop {
        let piece = source.fill_buf()?;
        if piece.is_empty() {
            return Ok((end > start).then_some(Line { start, end }));
        }
        let feed = memchr::memchr(b'\n', piece);
        let used = feed.map_or(piece.len(), |i| i + 1);
        source.consume(used);
        end += used as u64;
        if feed.is_some() {
            return Ok(Some(Line { start, end }));
        }
    }
}
