//! What is broken, one finding a line.
//!
//! In: a path and an edit. Out: `path:line:column: before → after  [chain, confidence]`, with a few words on either
//! side. Must not: show a whole line of the source, which may be of any length.

use std::io::{self, Write};
use std::path::Path;

use super::look::Look;
use super::messages::count;
use super::show;
use crate::edit::Edit;

/// How many columns of context are shown on a side, at most.
const CONTEXT: usize = 24;

/// Writes one finding.
///
/// # Errors
/// When writing fails.
pub fn write(out: &mut dyn Write, look: Look, path: &Path, edit: &Edit) -> io::Result<()> {
    let (heading, place, aside) = (look.heading(), look.place(), look.aside());
    let (old, new) = (look.old_strong(), look.new_strong());
    let path = show::bytes(path.as_os_str().as_encoded_bytes());
    let (left, right) = (left(&edit.place.left), right(&edit.place.right));
    let (before, after) = (show::bytes(&edit.before), show::bytes(&edit.after));
    let (line, column) = (edit.place.line, edit.place.column);
    let lossy = if edit.lossy { ", lossy" } else { "" };
    write!(out, "{heading}{path}{heading:#}:{place}{line}:{column}{place:#}: ")?;
    write!(out, "{left}{old}{before}{old:#}{right} → {left}{new}{after}{new:#}{right}")?;
    writeln!(out, "  {aside}[{}, {}{lossy}]{aside:#}", edit.chain, edit.confidence)
}

/// The words before an edit.
fn left(context: &str) -> String {
    // A byte order mark is no part of the first line.
    let shown = show::text(context.trim_start_matches('\u{FEFF}'));
    let shown = shown.trim_start();
    if show::width(shown) <= CONTEXT {
        return shown.to_owned();
    }
    let cropped = show::end(shown, CONTEXT, true);
    // Not in the middle of a word, unless the word is all there is.
    match cropped.find(' ') {
        Some(space) if space + 1 < cropped.len() => format!("{}{}", show::MORE, &cropped[space + 1..]),
        _ => cropped,
    }
}

/// The words after an edit.
fn right(context: &str) -> String {
    let shown = show::text(context);
    let shown = shown.trim_end();
    if show::width(shown) <= CONTEXT {
        return shown.to_owned();
    }
    let cropped = show::start(shown, CONTEXT, true);
    match cropped.rfind(' ') {
        Some(space) if space > 0 => format!("{}{}", &cropped[..space], show::MORE),
        _ => cropped,
    }
}

/// Writes one run of the journal.
///
/// # Errors
/// When writing fails.
pub fn run(
    out: &mut dyn Write,
    look: Look,
    id: &str,
    time: &str,
    edits: u64,
    files: usize,
    mark: &str,
) -> io::Result<()> {
    let (heading, aside) = (look.heading(), look.aside());
    let (edits, files) = (count(edits, "edit"), count(files as u64, "file"));
    let mark = if mark.is_empty() { String::new() } else { format!("  {aside}{mark}{aside:#}") };
    writeln!(out, "{heading}{}{heading:#}  {time} UTC  {edits} in {files}{mark}", show::text(id))
}

/// Writes a line of plain words.
///
/// # Errors
/// When writing fails.
pub fn line(out: &mut dyn Write, what: impl std::fmt::Display) -> io::Result<()> {
    writeln!(out, "{}", show::text(&what.to_string()))
}
