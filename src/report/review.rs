//! A change as a reviewer sees it: where, what, why, how sure, and what else it could be.
//!
//! In: a change, its readings, the source. Out: lines no wider than the terminal. Must not: read a key or decide.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::hunks::{Hunk, Line, Part};
use super::look::Look;
use super::{pretty, show};
use crate::edit::{Edit, Span};
use crate::engine::Reading;

/// How far around a change lines are looked for, in bytes.
const AROUND: u64 = 32 << 10;

/// Columns of the bar that shows how far the review is.
const BAR: usize = 20;

/// How many readings are offered.
pub const READINGS: usize = 9;

/// How far the review is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Number of the change that is looked at, from 1.
    pub number: usize,
    /// Changes in all.
    pub all: usize,
    /// Accepted ones.
    pub accepted: usize,
    /// Refused ones.
    pub refused: usize,
}

impl Progress {
    /// `change 3 of 57  ████░░░░  4 accepted, 1 refused, 52 open`
    pub fn line(&self) -> String {
        let open = self.all - self.accepted - self.refused;
        let full = BAR * (self.all - open) / self.all.max(1);
        let bar = "█".repeat(full) + &"░".repeat(BAR - full);
        let (number, all, accepted, refused) = (self.number, self.all, self.accepted, self.refused);
        format!("change {number} of {all}  {bar}  {accepted} accepted, {refused} refused, {open} open")
    }
}

/// A change that is looked at.
#[derive(Debug)]
pub struct Page<'a> {
    /// The file.
    pub path: &'a Path,
    /// The edit as it was found.
    pub found: &'a Edit,
    /// The edit as it would be made.
    pub edit: &'a Edit,
    /// What was decided: `accepted` or `refused`.
    pub verdict: Option<&'a str>,
    /// The other readings.
    pub readings: &'a [Reading],
    /// How many lines of context are shown on a side.
    pub context: usize,
}

/// Writes a change.
///
/// # Errors
/// When reading or writing fails; [`io::ErrorKind::InvalidData`] when the source is no longer the one that it was found in.
pub fn page(out: &mut dyn Write, look: Look, page: &Page<'_>, source: &mut (impl Read + Seek)) -> io::Result<()> {
    let (heading, place, aside) = (look.heading(), look.place(), look.aside());
    let path = show::bytes(page.path.as_os_str().as_encoded_bytes());
    let at = format!(":{}:{}", page.edit.place.line, page.edit.place.column);
    // The end of a path says more than its beginning.
    let path = show::end(&path, look.width.saturating_sub(show::width(&at)).max(12), true);
    writeln!(out, "{heading}{path}{heading:#}{place}{at}{place:#}")?;
    let lossy = if page.edit.lossy { ", lossy: some of the original bytes were gone" } else { "" };
    let why = match page.edit.chain.steps() {
        [] => "your own text".to_owned(),
        _ => format!("{}, {}{lossy}", page.edit.chain, page.edit.confidence),
    };
    writeln!(out, "{aside}{}{aside:#}", show::start(&why, look.width, true))?;
    if let Some(verdict) = page.verdict {
        let style = if verdict == "accepted" { look.new_() } else { look.old() };
        writeln!(out, "{style}{verdict}{style:#}")?;
    }
    writeln!(out)?;
    let hunk = around(source, page.edit, page.context)?;
    if page.edit.place.shown.is_some() {
        // The lines of the source are not what a person reads.
        pretty::place(out, look, page.edit)?;
    } else {
        pretty::hunk(out, look, &hunk, std::slice::from_ref(page.edit), source, pretty::Deadline::start())?;
    }
    writeln!(out)?;
    let others = others(page.found, page.edit, page.readings);
    for (n, (after, how)) in others.iter().enumerate() {
        let head = format!("  {}  {}", n + 1, show::start(&show::text(after), look.width / 3, true));
        let room = look.width.saturating_sub(show::width(&head) + 2);
        writeln!(out, "{head}  {aside}{}{aside:#}", show::start(how, room.max(1), true))?;
    }
    Ok(())
}

/// What else a change could be, in the order of its numbers: the edit as it was found, if another one was chosen, and the
/// other readings.
pub fn others(found: &Edit, edit: &Edit, readings: &[Reading]) -> Vec<(String, String)> {
    if found.place.shown.is_some() {
        return Vec::new();
    }
    let text = |edit: &Edit| String::from_utf8_lossy(&edit.after).into_owned();
    let mut others = Vec::new();
    if found.after != edit.after {
        others.push((text(found), format!("{}, as it was found", found.chain)));
    }
    let (found, now) = (text(found), text(edit));
    for reading in readings.iter().filter(|reading| reading.after != found && reading.after != now) {
        others.push((reading.after.clone(), format!("{}, {:+.1} nats", reading.chain, reading.odds)));
    }
    others.truncate(READINGS);
    others
}

/// The lines around an edit as a hunk. Where lines are very long it is a part of them.
fn around(source: &mut (impl Read + Seek), edit: &Edit, context: usize) -> io::Result<Hunk> {
    let Span { start, end } = edit.span;
    let from = start.saturating_sub(AROUND);
    source.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    source.take(end - from + AROUND).read_to_end(&mut bytes)?;
    let (left, right) = ((start - from) as usize, (end - from) as usize);
    if bytes.get(left..right) != Some(&edit.before[..]) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the file has changed since it was looked into"));
    }
    let first = memchr::memrchr(b'\n', &bytes[..left]).map_or(0, |feed| feed + 1);
    let last = memchr::memchr(b'\n', &bytes[right..]).map_or(bytes.len(), |feed| right + feed + 1);
    let line = |start: usize, end: usize| Line { start: from + start as u64, end: from + end as u64 };
    let mut before = Vec::new();
    let mut at = first;
    while before.len() < context && at > 0 {
        let start = memchr::memrchr(b'\n', &bytes[..at - 1]).map_or(0, |feed| feed + 1);
        before.push(line(start, at));
        at = start;
    }
    before.reverse();
    let mut after = Vec::new();
    let mut at = last;
    while after.len() < context && at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |feed| at + feed + 1);
        after.push(line(at, end));
        at = end;
    }
    let parts = vec![Part::Same(before), Part::Changed(vec![line(first, last)], 0..1), Part::Same(after)];
    Ok(Hunk { old: (edit.place.line, 1), parts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use std::io::Cursor;

    #[test]
    fn a_page_has_the_lines_around_the_change() {
        let text = "one\ntwo\nPeterâ€™s hat\nfour\nfive";
        let plan = Engine::default().plan(text.as_bytes());
        let edit = &plan.edits()[0];
        let mut out = Vec::new();
        let look = Look { color: false, person: true, terminal: false, width: 60 };
        let shown = Page { path: Path::new("a"), found: edit, edit, verdict: None, readings: &[], context: 1 };
        page(&mut out, look, &shown, &mut Cursor::new(text.as_bytes())).unwrap();
        let out = String::from_utf8(out).unwrap();
        let want = "a:3:6\nutf-8 read as windows-1252, certain\n\n two\n-Peterâ€™s hat\n+Peter’s hat\n four\n\n";
        assert_eq!(out, want);
        let other = page(&mut Vec::new(), look, &shown, &mut Cursor::new("another text".as_bytes()));
        assert_eq!(other.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
