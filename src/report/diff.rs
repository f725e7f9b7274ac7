//! Every change as a patch.
//!
//! In: a path, a plan and the source it was made for. Out: a unified diff. For a program it is exact to the byte, so
//! that `git apply` and `patch -p1` make the same edits; for a person long lines are cropped around the changes,
//! characters that do not show are spelled out, and changed characters stand out. Must not: compare anything, since the
//! edits are known.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path};

use super::hunks::{Hunk, Line, Part, hunks};
use super::look::Look;
use super::{pretty, show};
use crate::edit::{Edit, Plan};

/// Writes the patch of one file; nothing when its plan is empty.
///
/// # Errors
/// When reading or writing fails.
pub fn write(
    out: &mut dyn Write,
    look: Look,
    path: &Path,
    plan: &Plan,
    source: &mut (impl Read + Seek),
) -> io::Result<()> {
    if plan.is_empty() {
        return Ok(());
    }
    source.seek(SeekFrom::Start(0))?;
    let hunks = hunks(&mut BufReader::with_capacity(64 << 10, &mut *source), plan.edits())?;
    head(out, look, path)?;
    let place = look.place();
    let deadline = pretty::Deadline::start();
    // How many lines the result is ahead of the source.
    let mut shift = 0;
    for hunk in &hunks {
        let more = more(hunk, plan.edits(), source)?;
        let new = (hunk.old.0.saturating_add_signed(shift), hunk.old.1.saturating_add_signed(more));
        shift += more;
        write!(out, "{place}@@ -{} +{} @@{place:#}", range(hunk.old), range(new))?;
        if look.person {
            write!(out, "{}", why(look, hunk, plan.edits()))?;
        }
        writeln!(out)?;
        if look.person {
            pretty::hunk(out, look, hunk, plan.edits(), source, deadline)?;
        } else {
            exact(out, hunk, plan.edits(), source)?;
        }
    }
    Ok(())
}

/// The two lines that name the file.
fn head(out: &mut dyn Write, look: Look, path: &Path) -> io::Result<()> {
    let style = look.heading();
    for (mark, side) in [("---", "a"), ("+++", "b")] {
        let name = git_name(side, path);
        write!(out, "{style}{mark} ")?;
        if look.person {
            write!(out, "{}", show::bytes(&name))?;
        } else {
            out.write_all(&quoted(&name, true))?;
        }
        writeln!(out, "{style:#}")?;
    }
    Ok(())
}

/// The name of a file on one side of a patch.
pub(super) fn git_name(side: &str, path: &Path) -> Vec<u8> {
    let mut name = side.as_bytes().to_vec();
    for part in path.components() {
        match part {
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            part => {
                name.push(b'/');
                name.extend_from_slice(part.as_os_str().as_encoded_bytes());
            }
        }
    }
    name
}

/// A name as git writes it in a patch: quoted when it holds what would end it early or is no text, and, where it is the
/// last in its line and may be followed by a time, by a `tab` when it holds a space.
pub(super) fn quoted(name: &[u8], tab: bool) -> Vec<u8> {
    let plain = std::str::from_utf8(name).is_ok() && !name.iter().any(|b| b.is_ascii_control() || b"\"\\".contains(b));
    if plain {
        let mut name = name.to_vec();
        if tab && name.contains(&b' ') {
            name.push(b'\t');
        }
        return name;
    }
    let mut out = vec![b'"'];
    for &byte in name {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b' '..=b'~' => out.push(byte),
            _ => out.extend_from_slice(format!("\\{byte:03o}").as_bytes()),
        }
    }
    out.push(b'"');
    out
}

/// How many lines more, or fewer, a hunk has with its edits made.
fn more(hunk: &Hunk, edits: &[Edit], source: &mut (impl Read + Seek)) -> io::Result<i64> {
    let mut more = 0;
    for part in &hunk.parts {
        // Damage has no line feeds, so that there is hardly ever anything to count.
        let feed = |edit: &Edit| edit.before.contains(&b'\n') || edit.after.contains(&b'\n') || edit.after.is_empty();
        if let Part::Changed(lines, by) = part
            && edits[by.clone()].iter().any(feed)
        {
            let mut new = Count { feeds: 0, open: false };
            spliced(&mut new, lines, &edits[by.clone()], source)?;
            more += new.feeds + i64::from(new.open) - lines.len() as i64;
        }
    }
    Ok(more)
}

/// The chains of a hunk's edits and how sure they are, each once, as far as there is room.
fn why(look: Look, hunk: &Hunk, edits: &[Edit]) -> String {
    /// Columns that the ranges of a hunk take, about.
    const RANGES: usize = 32;
    let mut kinds: Vec<String> = Vec::new();
    for part in &hunk.parts {
        let Part::Changed(_, by) = part else { continue };
        for edit in &edits[by.clone()] {
            let kind = format!("{}, {}{}", edit.chain, edit.confidence, if edit.lossy { ", lossy" } else { "" });
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    let aside = look.aside();
    let kinds = format!("[{}]", kinds.join("] ["));
    let room = look.width.saturating_sub(RANGES).max(20);
    format!("  {aside}{}{aside:#}", show::start(&show::text(&kinds), room, true))
}

/// First line and number of lines, the number left out when it is one.
fn range((first, count): (u64, u64)) -> String {
    match count {
        // A range without lines is named by the line before it.
        0 => format!("{},0", first.saturating_sub(1)),
        1 => first.to_string(),
        _ => format!("{first},{count}"),
    }
}

/// A hunk, byte for byte.
fn exact(out: &mut dyn Write, hunk: &Hunk, edits: &[Edit], source: &mut (impl Read + Seek)) -> io::Result<()> {
    for part in &hunk.parts {
        match part {
            Part::Same(lines) => block(out, b' ', lines, &[], source)?,
            Part::Changed(lines, by) => {
                block(out, b'-', lines, &[], source)?;
                block(out, b'+', lines, &edits[by.clone()], source)?;
            }
        }
    }
    Ok(())
}

/// Lines that follow each other, with `edits` made, each behind `mark`.
fn block(
    out: &mut dyn Write,
    mark: u8,
    lines: &[Line],
    edits: &[Edit],
    source: &mut (impl Read + Seek),
) -> io::Result<()> {
    let mut marked = Marked { out, mark, fresh: true };
    spliced(&mut marked, lines, edits, source)?;
    if marked.fresh { Ok(()) } else { marked.out.write_all(b"\n\\ No newline at end of file\n") }
}

/// Lines that follow each other, with `edits` made.
fn spliced(out: &mut dyn Write, lines: &[Line], edits: &[Edit], source: &mut (impl Read + Seek)) -> io::Result<()> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
    let mut at = first.start;
    for edit in edits {
        copy(out, source, at, edit.span.start)?;
        out.write_all(&edit.after)?;
        at = edit.span.end;
    }
    copy(out, source, at, last.end)
}

/// Copies a range of the source.
fn copy(out: &mut dyn Write, source: &mut (impl Read + Seek), start: u64, end: u64) -> io::Result<()> {
    source.seek(SeekFrom::Start(start))?;
    let wanted = end.saturating_sub(start);
    if io::copy(&mut source.take(wanted), &mut { out })? == wanted {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter while it was read"))
    }
}

/// A writer that puts a mark before each line.
struct Marked<'o> {
    out: &'o mut dyn Write,
    mark: u8,
    fresh: bool,
}

impl Write for Marked<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        for piece in buf.split_inclusive(|b| *b == b'\n') {
            if self.fresh {
                self.out.write_all(&[self.mark])?;
            }
            self.out.write_all(piece)?;
            self.fresh = piece.ends_with(b"\n");
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A writer that counts lines.
struct Count {
    feeds: i64,
    open: bool,
}

impl Write for Count {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.feeds += memchr::memchr_iter(b'\n', buf).count() as i64;
        self.open = buf.last().map_or(self.open, |last| *last != b'\n');
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
