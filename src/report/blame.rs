//! Where damage came from: the commit that brought it in, and what stood there before it was lost.
//!
//! In: findings with their commits. Out: a finding and its commit, and sums by commit, as text or as JSON lines. Must not: ask
//! git.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::list;
use super::look::Look;
use super::messages::count;
use super::show;
use super::statistics::First;
use crate::edit::{Edit, Lost};

/// What was found.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// Text that can be repaired.
    Damaged(&'a Edit),
    /// Text that is gone from the file.
    Lost(&'a Lost),
}

/// A finding, and where it came from.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The file.
    pub path: &'a Path,
    /// What was found in it.
    pub what: What<'a>,
    /// The commit that brought it in, and what the file was called there; none when it is not committed yet.
    pub origin: Option<First>,
    /// What stood there before, and the version that it was found in.
    pub offer: Option<(&'a Edit, First)>,
}

/// How much came with a commit.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Sums {
    /// Places that are damaged or lost.
    pub places: u64,
    /// Files that they are in.
    pub files: u64,
}

/// How many digits of a hash people are shown.
const SHORT: usize = 12;

/// Writes a finding for people.
///
/// # Errors
/// When writing fails.
pub fn text(out: &mut dyn Write, look: Look, entry: &Entry<'_>) -> io::Result<()> {
    match entry.what {
        What::Damaged(edit) => list::write(out, look, entry.path, edit)?,
        What::Lost(lost) => list::gone(out, look, entry.path, lost)?,
    }
    let aside = look.aside();
    match &entry.origin {
        Some(first) => writeln!(out, "    {}  {aside}{}{aside:#}", commit(first), show::text(&first.path))?,
        None => writeln!(out, "    not committed yet")?,
    }
    let Some((edit, first)) = &entry.offer else { return Ok(()) };
    let (old, new) = (look.old_strong(), look.new_strong());
    let (before, after) = (show::bytes(&edit.before), show::bytes(&edit.after));
    let version = format!("{}:{}", short(&first.commit), show::text(&first.path));
    write!(out, "    before it was lost: {old}{before}{old:#} → {new}{after}{new:#}")?;
    writeln!(out, "  {aside}[{}, {}; seen in the change of {version}]{aside:#}", edit.chain, edit.confidence)
}

/// Writes the sums for people.
///
/// # Errors
/// When writing fails.
pub fn text_sums(out: &mut dyn Write, look: Look, sums: &[(Option<First>, Sums)]) -> io::Result<()> {
    let (heading, aside) = (look.heading(), look.aside());
    if sums.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}By commit{heading:#}")?;
    for (first, sums) in sums {
        let (places, files) = (count(sums.places, "place"), count(sums.files, "file"));
        let which = first.as_ref().map_or_else(|| "not committed yet".to_owned(), commit);
        writeln!(out, "{which}  {aside}{places} in {files}{aside:#}")?;
    }
    Ok(())
}

fn commit(first: &First) -> String {
    let (author, subject) = (show::text(&first.author), show::text(&first.subject));
    format!("{}  {}  {author}: {subject}", short(&first.commit), first.date)
}

fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding {
        path: &'a str,
        line: u64,
        column: u64,
        before: &'a str,
        after: &'a str,
        origin: Option<&'a First>,
    },
    Lost {
        path: &'a str,
        line: u64,
        column: u64,
        text: &'a str,
        origin: Option<&'a First>,
        found: Option<Found<'a>>,
    },
    Commit {
        origin: Option<&'a First>,
        #[serde(flatten)]
        sums: Sums,
    },
}

#[derive(Serialize)]
struct Found<'a> {
    after: &'a str,
    confidence: &'static str,
    origin: &'a First,
}

/// Writes a finding as one line of JSON.
///
/// # Errors
/// When writing fails.
pub fn json(out: &mut dyn Write, entry: &Entry<'_>) -> io::Result<()> {
    let path = &*entry.path.to_string_lossy();
    let origin = entry.origin.as_ref();
    let after = entry.offer.as_ref().map(|(edit, _)| edit.after_text()).unwrap_or_default();
    match entry.what {
        What::Damaged(edit) => {
            let (line, column) = (edit.place.line, edit.place.column);
            let (before, after) = (&*edit.before_text(), &*edit.after_text());
            object(out, &Line::Finding { path, line, column, before, after, origin })
        }
        What::Lost(lost) => {
            let found = entry.offer.as_ref();
            let found = found.map(|(edit, origin)| Found { after: &after, confidence: edit.confidence.name(), origin });
            let (line, column, text) = (lost.place.line, lost.place.column, &*lost.text());
            object(out, &Line::Lost { path, line, column, text, origin, found })
        }
    }
}

/// Writes the sums, a commit a line.
///
/// # Errors
/// When writing fails.
pub fn json_sums(out: &mut dyn Write, sums: &[(Option<First>, Sums)]) -> io::Result<()> {
    sums.iter().try_for_each(|(first, sums)| object(out, &Line::Commit { origin: first.as_ref(), sums: *sums }))
}

fn object(out: &mut dyn Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
