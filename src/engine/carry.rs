//! What is to change in a view, as edits of the bytes that it shows.
//!
//! In: the plan for the view's text, and how text is written in the source. Out: the plan for the source. An edit that
//! cannot be made there is refused, with a note that says why. Must not: change a byte that is no text.

use std::ops::Range;

use super::position::Position;
use crate::edit::{Edit, Lost, Note, Place, Plan, Remark, RuleSet, Shown, Span};
use crate::source::View;

/// Where an edit is to be made.
pub struct Site<'a> {
    /// In the text of the view.
    pub text: Range<usize>,
    /// In the source.
    pub source: Range<usize>,
    /// What stands there.
    pub before: &'a str,
    /// What is to stand there.
    pub after: &'a str,
    /// The rules that it follows.
    pub rules: RuleSet,
}

/// The plan for a source, from that for its view. `write` gives the bytes of an edit, or why there are none. Lines and columns
/// are those of the view, or of the `counted` text, if that is what people see.
pub fn carry(
    mut plan: Plan,
    view: &View,
    source: &[u8],
    counted: Option<&str>,
    write: impl Fn(&Site<'_>) -> Result<Vec<u8>, String>,
) -> Plan {
    let all = plan.take_edits();
    let mut edits = Vec::with_capacity(all.len());
    let mut notes = plan.notes().to_vec();
    let (mut position, mut reached) = (Position::START, 0);
    // On which line the edit before stands, and where it ends, in the view and in the source.
    let mut last = (0, 0, 0);
    // The losses are placed as they were judged: there are few, and they are only told.
    for mut edit in all {
        if let Some(text) = counted
            && let Some(at) = view.map.source(edit.span.range().start)
        {
            position.advance(&text.as_bytes()[reached..at]);
            reached = at;
            (edit.place.line, edit.place.column) = (position.line, position.column);
        }
        match written(&edit, view, &write) {
            // What is escaped as it was is as it was.
            Ok((span, after)) if source[span.range()] == after[..] => {}
            Ok((span, after)) => {
                // What stands between two edits of a line is told by their spans, if it is the same in the source.
                let (line, here, there) = (edit.place.line, edit.span.range(), span.range());
                let follows = line != last.0 || view.text.as_bytes()[last.1..here.start] == source[last.2..there.start];
                last = (line, here.end, there.end);
                edits.push(carried(edit, span, source, after, follows));
            }
            Err(why) => {
                let (before, after) = (edit.before_text(), edit.after_text());
                let what = format!("`{before}` is not repaired to `{after}`: {why}");
                notes.push(Note { line: edit.place.line, column: edit.place.column, what });
            }
        }
    }
    let lost = plan.lost().iter().filter_map(|lost| carried_lost(lost, view, source)).collect();
    let remarks = plan.remarks().iter().filter_map(|remark| carried_remark(remark, view, source)).collect();
    // They were made in order, from a plan in order, by a map that only grows.
    let carried = Plan::new(edits, source.len() as u64, view.invalid.clone()).unwrap_or_default();
    carried.with_lost(lost).with_remarks(remarks).with_notes(notes)
}

/// Where a span of the text comes from, if all of that is text.
fn placed(view: &View, span: Span) -> Option<Span> {
    let range = span.range();
    let at = |at| view.map.source(at).map(|at| at as u64);
    let placed = Span::new(at(range.start)?, at(range.end)?);
    let next = view.invalid.partition_point(|run| run.end <= placed.start);
    let clear = view.invalid.get(next).is_none_or(|run| run.start >= placed.end);
    clear.then_some(placed)
}

/// Where an edit of the view is to be made in the source, and the bytes that are to stand there.
fn written(
    edit: &Edit,
    view: &View,
    write: &impl Fn(&Site<'_>) -> Result<Vec<u8>, String>,
) -> Result<(Span, Vec<u8>), String> {
    let span = placed(view, edit.span).ok_or("some of it is no text in the encoding of the file")?;
    // What stands in the view; that may be a view of escapes in turn.
    let (before, after) = (String::from_utf8_lossy(&edit.before), String::from_utf8_lossy(&edit.after));
    let site =
        Site { text: edit.span.range(), source: span.range(), before: &before, after: &after, rules: edit.rules };
    Ok((span, write(&site)?))
}

/// The edit of the source; what stood in the view is shown, unless it stands in the source as well, and so does what is between
/// the edit before, on the same line, and it.
fn carried(edit: Edit, span: Span, source: &[u8], bytes: Vec<u8>, follows: bool) -> Edit {
    if follows && edit.place.shown.is_none() && source[span.range()] == edit.before[..] && bytes == edit.after {
        return Edit { span, ..edit };
    }
    let Edit { before, after, mut place, .. } = edit;
    if place.shown.is_none() {
        let shown = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
        };
        place.shown = Some(Box::new(Shown { before: shown(before), after: shown(after) }));
    }
    Edit { span, before: source[span.range()].to_vec(), after: bytes, place, ..edit }
}

/// A place of lost text in the source, from that in its view.
pub fn carried_lost(lost: &Lost, view: &View, source: &[u8]) -> Option<Lost> {
    let (span, text, place) = told(lost.span, &lost.place, &lost.text(), view, source)?;
    Some(Lost { span, text, place, ..lost.clone() })
}

fn carried_remark(remark: &Remark, view: &View, source: &[u8]) -> Option<Remark> {
    let (span, text, place) = told(remark.span, &remark.place, &remark.text(), view, source)?;
    Some(Remark { span, text, place, ..remark.clone() })
}

/// Where something that is only told stands in the source, with its bytes there and its place, which shows what stands in
/// the view.
fn told(span: Span, place: &Place, text: &str, view: &View, source: &[u8]) -> Option<(Span, Vec<u8>, Place)> {
    let span = placed(view, span)?;
    let shown = Shown { before: text.to_owned(), after: String::new() };
    let place = Place { shown: Some(Box::new(shown)), ..place.clone() };
    Some((span, source[span.range()].to_vec(), place))
}
