//! What is broken, one line of output for what stands together on a line of the file.
//!
//! In: a path and edits. Out: `path:line:column: before → after  [chain, confidence]`, or `[rules]` for what is only
//! normalised, with a few words on either side;
//! edits so near that they would be each other's context are shown in one go. Lost text is listed among them, as
//! `path:line:column: text  [lost: how]`. Must not: show a whole line of the source,
//! which may be of any length, or leave out an edit.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use anstyle::Style;

use super::look::Look;
use super::messages::count;
use super::show;
use crate::edit::{Edit, Legacy, Lost, Place, Plan, Remark};

/// How many columns of context are shown on a side, at most.
const CONTEXT: usize = 24;

/// How many columns of old text are shown in one go, at most, without the context and unless one edit has more.
const WIDEST: usize = 160;

/// Writes the findings of a file; between them the places of lost text, and what is reported.
///
/// # Errors
/// When writing fails.
pub fn file(out: &mut dyn Write, look: Look, path: &Path, plan: &Plan) -> io::Result<()> {
    let shown_path = show::bytes(path.as_os_str().as_encoded_bytes());
    let mut kinds = Kinds::default();
    let mut rest = plan.edits();
    let mut lost = plan.lost().iter().peekable();
    let mut remarks = plan.remarks().iter().peekable();
    let mut others = |out: &mut dyn Write, end: u64| loop {
        let at = lost.peek().map_or(end, |lost| lost.span.start);
        if let Some(one) = remarks.next_if(|remark| remark.span.start < end && remark.span.start <= at) {
            remark(out, look, path, one)?;
        } else if let Some(lost) = lost.next_if(|lost| lost.span.start < end) {
            gone(out, look, path, lost)?;
        } else {
            return Ok::<(), io::Error>(());
        }
    };
    while let [first, next @ ..] = rest {
        others(out, first.span.start)?;
        let mut gaps = Vec::new();
        let mut olds = vec![before(first)];
        // No character takes more columns than bytes, so mostly they need not be counted.
        let (mut bytes, mut columns): (usize, Option<usize>) = (olds[0].len(), None);
        for pair in rest.windows(2) {
            let Some(gap) = gap(&pair[0], &pair[1]).map(shown) else { break };
            let old = before(&pair[1]);
            bytes += gap.len() + old.len();
            if gap.len() > 2 * CONTEXT && show::width(&gap) > 2 * CONTEXT {
                break;
            }
            if bytes > WIDEST {
                let all = || olds.iter().chain(&gaps).map(|shown| show::width(shown)).sum();
                let wide = columns.unwrap_or_else(all) + show::width(&gap) + show::width(&old);
                if wide > WIDEST {
                    break;
                }
                columns = Some(wide);
            }
            gaps.push(gap);
            olds.push(old);
        }
        entry(out, look, &shown_path, (first, &next[..gaps.len()]), (&olds, &gaps), &mut kinds)?;
        rest = &next[gaps.len()..];
    }
    others(out, u64::MAX)
}

/// Writes a place that a rule reports.
///
/// # Errors
/// When writing fails.
pub fn remark(out: &mut dyn Write, look: Look, path: &Path, remark: &Remark) -> io::Result<()> {
    let what = format!("{}: {}", remark.rule, remark.why);
    place(out, look, path, (&remark.place, &remark.text()), &what)
}

/// Writes a place of lost text.
///
/// # Errors
/// When writing fails.
pub fn gone(out: &mut dyn Write, look: Look, path: &Path, lost: &Lost) -> io::Result<()> {
    place(out, look, path, (&lost.place, &lost.text()), &format!("lost: {}", lost.loss.about()))
}

/// Writes a place that stays as it is.
fn place(out: &mut dyn Write, look: Look, path: &Path, (at, text): (&Place, &str), what: &str) -> io::Result<()> {
    let (heading, place, aside, old) = (look.heading(), look.place(), look.aside(), look.old_strong());
    let path = show::bytes(path.as_os_str().as_encoded_bytes());
    let (line, column) = (at.line, at.column);
    let (left, right) = (left(&at.left), right(&at.right));
    let text = show::start(&show::text(text), WIDEST, true);
    write!(out, "{heading}{path}{heading:#}:{place}{line}:{column}{place:#}: {left}{old}{text}{old:#}{right}")?;
    writeln!(out, "  {aside}[{}]{aside:#}", show::text(what))
}

/// Writes what a file is in, where it is not UTF-8 and does not say so; or is converted.
///
/// # Errors
/// When writing fails.
pub fn encoding(out: &mut dyn Write, look: Look, path: &Path, plan: &Plan) -> io::Result<()> {
    let (heading, new, aside) = (look.heading(), look.new_strong(), look.aside());
    let path = show::bytes(path.as_os_str().as_encoded_bytes());
    let converted = plan.form().filter(|form| form.converts && plan.edits().iter().any(Edit::only_converts));
    let (what, sure) = match (plan.legacy(), converted) {
        (Some(Legacy { labels, mixed, confidence, .. }), _) => {
            let partly = if *mixed { "partly " } else { "" };
            (format!("{partly}{}", labels.join(" and ")), confidence.name())
        }
        (None, Some(form)) => (form.label.to_owned(), form.how.name()),
        (None, None) => return Ok(()),
    };
    let becomes = match converted {
        Some(_) => format!(" → {new}utf-8{new:#}"),
        None => ", not utf-8: `unbake fix --to utf-8` converts it".to_owned(),
    };
    writeln!(out, "{heading}{path}{heading:#}: {what}{becomes}  {aside}[encoding, {sure}]{aside:#}")
}

/// Writes one finding.
///
/// # Errors
/// When writing fails.
pub fn write(out: &mut dyn Write, look: Look, path: &Path, edit: &Edit) -> io::Result<()> {
    let path = show::bytes(path.as_os_str().as_encoded_bytes());
    entry(out, look, &path, (edit, &[]), (&[before(edit)], &[]), &mut Kinds::default())
}

/// Writes one finding, in no more columns than there are.
///
/// # Errors
/// When writing fails.
pub fn short(out: &mut dyn Write, look: Look, path: &Path, edit: &Edit) -> io::Result<()> {
    let mut line = Vec::new();
    write(&mut line, Look { color: false, ..look }, path, edit)?;
    let line = String::from_utf8_lossy(&line);
    writeln!(out, "{}", show::start(line.trim_end_matches('\n'), look.width, true))
}

/// Writes an edit and those that follow it after the `gaps`; of each it is known how it is shown as it stands.
fn entry<'p>(
    out: &mut dyn Write,
    look: Look,
    path: &str,
    (first, others): (&'p Edit, &'p [Edit]),
    (olds, gaps): (&[Cow<'_, str>], &[Cow<'_, str>]),
    kinds: &mut Kinds<'p>,
) -> io::Result<()> {
    let (heading, place, aside) = (look.heading(), look.place(), look.aside());
    let (old, new) = (look.old_strong(), look.new_strong());
    let (left, right) = (left(&first.place.left), right(&others.last().unwrap_or(first).place.right));
    let (line, column) = (first.place.line, first.place.column);
    let edits = || std::iter::once(first).chain(others);
    // All in one go: where a text is broken throughout, this is a good part of the work.
    let mut told = String::with_capacity(256);
    let in_style = |told: &mut String, style: Style, what: &dyn Fn(&mut String)| {
        if look.color {
            let _ = write!(told, "{style}");
        }
        what(told);
        if look.color {
            let _ = write!(told, "{style:#}");
        }
    };
    in_style(&mut told, heading, &|told| told.push_str(path));
    told.push(':');
    in_style(&mut told, place, &|told| {
        let _ = write!(told, "{line}:{column}");
    });
    told.push_str(": ");
    let gap = |i: usize| i.checked_sub(1).and_then(|i| gaps.get(i)).map_or("", |gap| &**gap);
    told.push_str(&left);
    for (i, shown) in olds.iter().enumerate() {
        told.push_str(gap(i));
        in_style(&mut told, old, &|told| told.push_str(shown));
    }
    told.push_str(&right);
    told.push_str(" → ");
    told.push_str(&left);
    for (i, edit) in edits().enumerate() {
        told.push_str(gap(i));
        in_style(&mut told, new, &|told| match &edit.place.shown {
            Some(shown) => show::push_text(told, &shown.after),
            None => show::push_bytes(told, &edit.after),
        });
    }
    told.push_str(&right);
    told.push_str("  ");
    let kinds = kinds.of(edits());
    in_style(&mut told, aside, &|told| {
        told.push_str(kinds);
        if !others.is_empty() {
            let _ = write!(told, " (+{} more on this line)", others.len());
        }
    });
    told.push('\n');
    out.write_all(told.as_bytes())
}

/// What happened to the edits of an entry, in words; neighbours mostly went through the same.
#[derive(Default)]
struct Kinds<'p> {
    /// An edit of the last entry, if all of it was of one kind, and that in words.
    last: Option<&'p Edit>,
    told: String,
}

impl<'p> Kinds<'p> {
    /// All kinds of the edits, each once.
    fn of(&mut self, edits: impl Iterator<Item = &'p Edit> + Clone) -> &str {
        if self.last.is_some_and(|last| edits.clone().all(|edit| is_of_one_kind(last, edit))) {
            return &self.told;
        }
        let mut kinds: Vec<String> = Vec::new();
        for kind in edits.clone().map(why) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        self.told = kinds.join(" ");
        self.last = edits.last().filter(|_| kinds.len() == 1);
        &self.told
    }
}

/// Whether the same happened to two edits, and it is as sure.
fn is_of_one_kind(one: &Edit, other: &Edit) -> bool {
    let rest = |edit: &Edit| (edit.rules, edit.confidence, edit.lossy);
    rest(one) == rest(other) && one.chain == other.chain
}

/// What happened and how sure that is, in brackets.
fn why(edit: &Edit) -> String {
    let sure = if edit.only_normalizes() { String::new() } else { format!(", {}", edit.confidence) };
    format!("[{}{sure}{}]", edit.cause(), if edit.lossy { ", lossy" } else { "" })
}

/// A finding without its place and without colours, in one line: `before → after  [chain, confidence]`.
pub fn sentence(edit: &Edit) -> String {
    let (left, right) = (left(&edit.place.left), right(&edit.place.right));
    format!("{left}{}{right} → {left}{}{right}  {}", before(edit), after(edit), why(edit))
}

/// The same for lost text: `text  [lost: how]`.
pub fn sentence_lost(lost: &Lost) -> String {
    let (left, right) = (left(&lost.place.left), right(&lost.place.right));
    let text = show::start(&show::text(&lost.text()), WIDEST, true);
    format!("{left}{text}{right}  [lost: {}]", lost.loss.about())
}

/// The same for what a rule reports: `text  [rule: why]`.
pub fn sentence_reported(remark: &Remark) -> String {
    let (left, right) = (left(&remark.place.left), right(&remark.place.right));
    let text = show::start(&show::text(&remark.text()), WIDEST, true);
    format!("{left}{text}{right}  [{}: {}]", remark.rule, show::text(&remark.why))
}

/// What an edit changes, as a person can see it. Bytes that are no text are spelled out.
fn before(edit: &Edit) -> Cow<'_, str> {
    edit.place.shown.as_ref().map_or_else(|| show::bytes(&edit.before), |shown| show::text(&shown.before))
}

/// What an edit makes of it, as a person can see it.
fn after(edit: &Edit) -> Cow<'_, str> {
    edit.place.shown.as_ref().map_or_else(|| show::bytes(&edit.after), |shown| show::text(&shown.after))
}

/// What stands between two edits of one line; none when it is more than their contexts tell.
fn gap<'p>(one: &'p Edit, two: &'p Edit) -> Option<Cow<'p, str>> {
    let len = usize::try_from(two.span.start.checked_sub(one.span.end)?).ok()?;
    let (right, left) = (&one.place.right, &two.place.left);
    // Where text and bytes differ in length, bytes do not tell how much text there is between.
    let differs = one.place.shown.is_some() || two.place.shown.is_some();
    if differs || one.place.line != two.place.line {
        return None;
    }
    if let Some(gap) = right.get(..len) {
        return Some(Cow::Borrowed(gap));
    }
    // A context that is shorter than it may be ends where the line, or the text, does.
    let whole = right.chars().count() == Place::CONTEXT;
    let rest = left.len().checked_sub(len.checked_sub(right.len())?).filter(|_| whole)?;
    Some(Cow::Owned(format!("{right}{}", left.get(rest..)?)))
}

/// A text as a person can see it.
fn shown(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => show::text(text),
        Cow::Owned(text) => Cow::Owned(show::text(&text).into_owned()),
    }
}

/// Whether a shown text takes no more columns than a context may.
fn fits(shown: &str) -> bool {
    // No character takes more columns than bytes.
    shown.len() <= CONTEXT || show::width(shown) <= CONTEXT
}

/// What is shown as a space: all other white space is spelled out.
const SPACES: [char; 3] = [' ', '\t', '\u{3000}'];

/// The words before an edit.
fn left(context: &str) -> Cow<'_, str> {
    let cropped = |shown: &str| {
        let cropped = show::end(shown, CONTEXT, false);
        // Not in the middle of a word, unless the word is all there is.
        match cropped.find(' ') {
            Some(space) if space + 1 < cropped.len() => format!("{}{}", show::MORE, &cropped[space + 1..]),
            _ => cropped,
        }
    };
    // A byte order mark is no part of the first line.
    let context = context.trim_start_matches('\u{FEFF}').trim_start_matches(SPACES);
    // Mostly there is more than can be told, so the rest need not be made to be seen.
    match show::wide_end(context, CONTEXT) {
        Some(at) => Cow::Owned(cropped(&show::text(&context[at..]))),
        None => part_of(show::text(context), cropped),
    }
}

/// The words after an edit.
fn right(context: &str) -> Cow<'_, str> {
    let cropped = |shown: &str| {
        let mut cropped = show::start(shown, CONTEXT, false);
        if let Some(space) = cropped.rfind(' ').filter(|space| *space > 0) {
            cropped.truncate(space);
            cropped.push(show::MORE);
        }
        cropped
    };
    let context = context.trim_end_matches(SPACES);
    match show::wide_start(context, CONTEXT) {
        Some(end) => Cow::Owned(cropped(&show::text(&context[..end]))),
        None => part_of(show::text(context), cropped),
    }
}

/// A shown text, if that fits; else what `cropped` leaves of it.
fn part_of(shown: Cow<'_, str>, cropped: impl Fn(&str) -> String) -> Cow<'_, str> {
    if fits(&shown) { shown } else { Cow::Owned(cropped(&shown)) }
}

/// Writes an edit that was made, by its number.
///
/// # Errors
/// When writing fails.
pub fn made(out: &mut dyn Write, look: Look, number: usize, edit: &Edit, mark: &str) -> io::Result<()> {
    let (place, aside, old, new) = (look.place(), look.aside(), look.old_strong(), look.new_strong());
    let (left, right) = (left(&edit.place.left), right(&edit.place.right));
    write!(out, "  {place}{number}{place:#}  {left}{old}{}{old:#}{right} → ", before(edit))?;
    write!(out, "{left}{new}{}{new:#}{right}", after(edit))?;
    let lossy = if edit.lossy { ", lossy" } else { "" };
    writeln!(out, "  {aside}[{}, {}{lossy}]{mark}{aside:#}", edit.cause(), edit.confidence)
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

/// A name and what it was meant to be.
#[derive(Debug)]
pub struct Renamed<'a> {
    /// The file, folder or member.
    pub path: &'a Path,
    /// Its right name.
    pub after: String,
    /// What happened to it, and how sure that is.
    pub why: String,
}

/// Writes a broken name: `path → name  [chain, confidence]`.
///
/// # Errors
/// When writing fails.
pub fn renamed(out: &mut dyn Write, look: Look, renamed: &Renamed<'_>) -> io::Result<()> {
    let (heading, new, aside) = (look.heading(), look.new_strong(), look.aside());
    let path = show::bytes(renamed.path.as_os_str().as_encoded_bytes());
    let (after, why) = (show::text(&renamed.after), show::text(&renamed.why));
    writeln!(out, "{heading}{path}{heading:#} → {new}{after}{new:#}  {aside}[{why}]{aside:#}")
}

/// Writes a line of plain words.
///
/// # Errors
/// When writing fails.
pub fn line(out: &mut dyn Write, what: impl std::fmt::Display) -> io::Result<()> {
    writeln!(out, "{}", show::text(&what.to_string()))
}
