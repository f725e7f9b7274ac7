//! The lines of a patch as a person reads them.
//!
//! In: a hunk, its edits and the source. Out: lines no wider than the terminal where that can be, cropped around the
//! changes, the changed characters standing out. Must not: read more of a line than is shown.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant};

use similar::DiffTag;
use similar::algorithms::{Capture, Compact, Replace, myers};

use super::hunks::{Hunk, Part};
use super::look::Look;
use super::show;
use crate::edit::Edit;

/// How long to look for the changed characters inside the edits of one file; past that whole edits stand out.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long of that one edit may take.
const EDIT: Duration = Duration::from_millis(50);

/// Until when there is patience.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// For a file that is begun now.
    pub fn start() -> Deadline {
        Deadline(Instant::now() + PATIENCE)
    }
}

/// The fewest columns of unchanged text that are left on a side of a change.
const LEAST: usize = 12;

/// Writes a hunk.
pub fn hunk(
    out: &mut dyn Write,
    look: Look,
    hunk: &Hunk,
    edits: &[Edit],
    source: &mut (impl Read + Seek),
    deadline: Deadline,
) -> io::Result<()> {
    for part in &hunk.parts {
        match part {
            Part::Same(lines) => {
                for line in lines {
                    let pieces = [gap(source, line.start, line.end, look.width)?];
                    row(out, look, Side::Same, &pieces)?;
                }
            }
            Part::Changed(lines, by) => {
                for side in [Side::Old, Side::New] {
                    let mut edits = edits[by.clone()].iter().peekable();
                    for line in lines {
                        let mut pieces = Vec::new();
                        let mut at = line.start;
                        while let Some(edit) = edits.next_if(|edit| edit.span.start < line.end) {
                            pieces.push(gap(source, at, edit.span.start, look.width)?);
                            let old = side == Side::Old;
                            pieces.push(Piece::Change(inner(edit, old, deadline)));
                            at = edit.span.end;
                        }
                        pieces.push(gap(source, at, line.end.max(at), look.width)?);
                        row(out, look, side, &pieces)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Writes what an edit knows of its line: for sources whose bytes are not what a person reads.
pub fn place(out: &mut dyn Write, look: Look, edit: &Edit) -> io::Result<()> {
    let gap = |text: &str| Piece::Gap(show::text(text).into_owned(), None);
    for (side, text) in [(Side::Old, edit.before_text()), (Side::New, edit.after_text())] {
        let change = Piece::Change(vec![(show::text(&text).into_owned(), true)]);
        row(out, look, side, &[gap(&edit.place.left), change, gap(&edit.place.right)])?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Same,
    Old,
    New,
}

/// A piece of a line.
enum Piece {
    /// Unchanged text; when it is long only its beginning and its end.
    Gap(String, Option<String>),
    /// Changed text, in runs that stand out or not.
    Change(Vec<(String, bool)>),
}

/// Unchanged text from `start` to `end`, read from the source as far as it can be seen.
fn gap(source: &mut (impl Read + Seek), start: u64, end: u64, width: usize) -> io::Result<Piece> {
    // A character has at most four bytes; the rest of the room is for accents that take no column.
    let most = 8 * width as u64;
    let mut read = |start: u64, len: u64| {
        source.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        source.take(len).read_to_end(&mut bytes).map(|_| bytes)
    };
    if end - start <= 2 * most {
        let bytes = read(start, end - start)?;
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        return Ok(Piece::Gap(show::bytes(bytes.strip_suffix(b"\r").unwrap_or(bytes)).into_owned(), None));
    }
    let head = read(start, most)?;
    // The cut may be inside a character.
    let head = match std::str::from_utf8(&head) {
        Err(e) if e.error_len().is_none() => &head[..e.valid_up_to()],
        _ => &head,
    };
    let tail = read(end - most, most)?;
    let inside = tail.iter().take(3).take_while(|b| (0x80..0xC0).contains(*b)).count();
    let tail = tail[inside..].strip_suffix(b"\n").unwrap_or(&tail[inside..]);
    let tail = tail.strip_suffix(b"\r").unwrap_or(tail);
    Ok(Piece::Gap(show::bytes(head).into_owned(), Some(show::bytes(tail).into_owned())))
}

/// One side of an edit, in runs of characters that changed and characters that did not.
fn inner(edit: &Edit, old: bool, deadline: Deadline) -> Vec<(String, bool)> {
    let this = if old { &edit.before } else { &edit.after };
    let now = Instant::now();
    if now >= deadline.0 {
        return vec![(show::bytes(this).into_owned(), true)];
    }
    let (Ok(before), Ok(after)) = (std::str::from_utf8(&edit.before), std::str::from_utf8(&edit.after)) else {
        return vec![(show::bytes(this).into_owned(), true)];
    };
    let (before, after): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    // The algorithm by its name: `capture_diff_slices` brings all there are into the program, 0.1 MB of them.
    let mut ops = Compact::new(Replace::new(Capture::new()), &before[..], &after[..]);
    let (all, until) = ((0..before.len(), 0..after.len()), Some(deadline.0.min(now + EDIT)));
    let Ok(()) = myers::diff_deadline(&mut ops, &before[..], all.0, &after[..], all.1, until);
    let ops = ops.into_inner().into_inner().into_ops();
    let side = if old { &before } else { &after };
    let mut runs = Vec::new();
    for op in ops {
        let range = if old { op.old_range() } else { op.new_range() };
        if !range.is_empty() {
            let mut run = String::new();
            side[range].iter().for_each(|c| show::push(&mut run, *c));
            runs.push((run, op.tag() != DiffTag::Equal));
        }
    }
    runs
}

/// How many columns each of those can have that need more than their share: what the others leave is theirs.
fn share(room: usize, needs: &mut [usize]) -> usize {
    needs.sort_unstable();
    let (mut left, mut count) = (room, needs.len());
    for need in needs.iter() {
        if *need > left / count {
            return left / count;
        }
        (left, count) = (left - need, count - 1);
    }
    room
}

/// Writes one line.
fn row(out: &mut dyn Write, look: Look, side: Side, pieces: &[Piece]) -> io::Result<()> {
    let (mark, plain, strong) = match side {
        Side::Same => (' ', look.aside(), look.aside()),
        Side::Old => ('-', look.old(), look.old_strong()),
        Side::New => ('+', look.new_(), look.new_strong()),
    };
    let room = look.width.saturating_sub(1);
    let (mut fixed, mut sides) = (0, Vec::new());
    for (i, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Gap(text, tail) => {
                let whole = show::width(text) + tail.as_deref().map_or(0, |tail| room + show::width(tail));
                match i == 0 || i + 1 == pieces.len() {
                    true => sides.push(whole),
                    // Between two changes it is cut in the middle.
                    false => sides.extend([whole / 2, whole.div_ceil(2)]),
                }
            }
            Piece::Change(runs) => fixed += runs.iter().map(|(run, _)| show::width(run)).sum::<usize>(),
        }
    }
    let crop = sides.iter().sum::<usize>() + fixed > room;
    let each = share(room.saturating_sub(fixed), &mut sides).max(LEAST);
    write!(out, "{plain}{mark}")?;
    for (i, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Gap(text, tail) if crop => {
                let end = tail.as_deref().unwrap_or(text);
                let shown = match (i == 0, i + 1 == pieces.len()) {
                    (true, false) => show::end(end, each, tail.is_none()),
                    (_, true) => show::start(text, if i == 0 { room } else { each }, tail.is_none()),
                    _ if tail.is_none() && show::width(text) <= 2 * each => text.clone(),
                    _ => {
                        let (head, tail) = (show::start(text, each, false), show::end(end, each, false));
                        format!("{head}{}", tail.strip_prefix(show::MORE).unwrap_or(&tail))
                    }
                };
                write!(out, "{shown}")?;
            }
            Piece::Gap(text, _) => write!(out, "{text}")?,
            Piece::Change(runs) => {
                for (run, changed) in runs {
                    if *changed {
                        write!(out, "{plain:#}{strong}{run}{strong:#}{plain}")?;
                    } else {
                        write!(out, "{run}")?;
                    }
                }
            }
        }
    }
    writeln!(out, "{plain:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_needs_little_leaves_the_rest_to_others() {
        assert_eq!(share(90, &mut [100, 3, 200]), 43);
        assert_eq!(share(90, &mut [100, 200]), 45);
        assert_eq!(share(90, &mut [10, 20]), 90);
        assert_eq!(share(0, &mut [1, 2]), 0);
    }

    #[test]
    fn without_patience_whole_edits_stand_out() {
        let edit = Edit {
            before: "a\u{c3}\u{a9}b".into(),
            after: "a\u{e9}b".into(),
            ..crate::engine::Engine::default().plan("caf\u{c3}\u{a9}".as_bytes()).edits()[0].clone()
        };
        assert_eq!(inner(&edit, false, Deadline::start()).len(), 3);
        assert_eq!(inner(&edit, false, Deadline(Instant::now())), [("a\u{e9}b".to_owned(), true)]);
    }
}
