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
    /// All changes of the same line in their order, this one among them; of one that stands alone there need be none.
    pub line: Vec<InLine<'a>>,
    /// How many lines of context are shown on a side.
    pub context: usize,
}

/// A change in the line of the one that is looked at.
#[derive(Debug)]
pub struct InLine<'a> {
    /// The edit as it would be made.
    pub edit: &'a Edit,
    /// What was decided: `accepted` or `refused`.
    pub verdict: Option<&'a str>,
    /// Whether it is the one that is looked at.
    pub is_this: bool,
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
    let mut hunk = around(source, page.edit, page.context)?;
    if page.edit.place.shown.is_some() {
        // The lines of the source are not what a person reads.
        pretty::place(out, look, page.edit)?;
    } else {
        // The line as it will be by what was decided so far, if this change is made.
        let lines = hunk.parts.iter().find_map(|part| match part {
            Part::Changed(lines, _) => lines.first().zip(lines.last()),
            Part::Same(_) => None,
        });
        // Of a very long line only a part is shown.
        let is_shown = |edit: &Edit| lines.is_some_and(|(a, z)| a.start <= edit.span.start && edit.span.end <= z.end);
        let made = page.line.iter().filter(|one| one.is_this || one.verdict == Some("accepted") && is_shown(one.edit));
        let mut edits: Vec<Edit> = made.map(|one| one.edit.clone()).collect();
        if edits.is_empty() {
            edits.push(page.edit.clone());
        }
        for part in &mut hunk.parts {
            if let Part::Changed(_, range) = part {
                *range = 0..edits.len();
            }
        }
        pretty::hunk(out, look, &hunk, &edits, source, pretty::Deadline::start())?;
    }
    writeln!(out)?;
    line(out, look, &page.line)?;
    let others = others(page.found, page.edit, page.readings);
    for (n, (after, how)) in others.iter().enumerate() {
        let head = format!("  {}  {}", n + 1, show::start(&show::text(after), look.width / 3, true));
        let room = look.width.saturating_sub(show::width(&head) + 2);
        writeln!(out, "{head}  {aside}{}{aside:#}", show::start(how, room.max(1), true))?;
    }
    Ok(())
}

/// How many changes of one line are listed on a side of the one that is looked at.
const BESIDE: usize = 3;

/// Lists the changes of a line, if there are several.
fn line(out: &mut dyn Write, look: Look, line: &[InLine<'_>]) -> io::Result<()> {
    let Some(this) = line.iter().position(|one| one.is_this).filter(|_| line.len() > 1) else { return Ok(()) };
    let (heading, aside) = (look.heading(), look.aside());
    writeln!(out, "{aside}change {} of {} in this line:{aside:#}", this + 1, line.len())?;
    let first = this.saturating_sub(BESIDE);
    for (n, one) in line.iter().enumerate().skip(first).take(2 * BESIDE + 1) {
        let mark = if one.is_this { '>' } else { ' ' };
        let text = format!(
            "{mark} {:>2}: {} → {}",
            n + 1,
            show::text(&one.edit.before_text()),
            show::text(&one.edit.after_text())
        );
        let style = if one.is_this { heading } else { Default::default() };
        writeln!(
            out,
            "{style}{}{style:#}  {aside}{}{aside:#}",
            show::start(&text, look.width * 2 / 3, true),
            one.verdict.unwrap_or_default()
        )?;
    }
    writeln!(out)
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
        let look = Look { color: false, person: true, terminal: false, width: 60, height: 0 };
        let shown = Page {
            path: Path::new("a"),
            found: edit,
            edit,
            verdict: None,
            readings: &[],
            line: Vec::new(),
            context: 1,
        };
        page(&mut out, look, &shown, &mut Cursor::new(text.as_bytes())).unwrap();
        let out = String::from_utf8(out).unwrap();
        let want = "a:3:6\nutf-8 read as windows-1252, certain\n\n two\n-Peterâ€™s hat\n+Peter’s hat\n four\n\n";
        assert_eq!(out, want);
        let other = page(&mut Vec::new(), look, &shown, &mut Cursor::new("another text".as_bytes()));
        assert_eq!(other.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn changes_of_one_line_are_shown_together() {
        let text = "Peterâ€™s cafÃ© was trÃ¨s fort";
        let plan = Engine::default().plan(text.as_bytes());
        let verdicts = [Some("accepted"), None, None];
        let line = plan.edits().iter().zip(verdicts).enumerate();
        let line = line.map(|(n, (edit, verdict))| InLine { edit, verdict, is_this: n == 1 }).collect();
        let edit = &plan.edits()[1];
        let mut out = Vec::new();
        let look = Look { color: false, person: true, terminal: false, width: 60, height: 0 };
        let shown = Page { path: Path::new("a"), found: edit, edit, verdict: None, readings: &[], line, context: 1 };
        page(&mut out, look, &shown, &mut Cursor::new(text.as_bytes())).unwrap();
        let out = String::from_utf8(out).unwrap();
        // What is decided already is shown done, and what is open is not.
        assert!(out.contains("\n-Peterâ€™s cafÃ© was trÃ¨s fort\n+Peter’s café was trÃ¨s fort\n"), "{out}");
        let list = "change 2 of 3 in this line:\n   1: â€™ → ’  accepted\n>  2: Ã© → é  \n   3: Ã¨ → è  \n";
        assert!(out.contains(list), "{out}");
    }
}
