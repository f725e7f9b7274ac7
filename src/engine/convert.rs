//! A source in another encoding, as UTF-8.
//!
//! In: the source, its view, and the plan for the view's text. Out: one plan that writes all of it in UTF-8: an edit for each
//! stretch of a line that changes, with what is repaired on the way, and the declaration of the encoding put right. What is no
//! text in the encoding stays byte for byte. Must not: change what is UTF-8 already.

use std::ops::Range;
use std::sync::Arc;

use super::carry::carried_lost;
use super::position::{Position, around};
use crate::edit::{Chain, Confidence, Context, Edit, Place, Plan, Rule, RuleSet, Shown, Span};
use crate::source::{Kind, View, declared};

/// The byte order mark, which UTF-8 does without.
const MARK: char = '\u{feff}';

/// A stretch of the text, and what it becomes besides being converted.
enum Part<'p> {
    /// Repaired or normalised.
    Edited(&'p Edit),
    /// Something else, of which the conversion is the cause.
    Instead(String),
}

/// The plan that converts a source. `confidence` is how sure its encoding is.
pub fn plan(source: &[u8], view: &View, repairs: &Plan, kind: Kind, confidence: Confidence) -> Plan {
    let mut writer = Writer { source, view, confidence, position: Position::START, counted: 0, edits: Vec::new() };
    let mut at = 0;
    for (range, part) in parts(view, repairs, kind) {
        writer.stretch(at..range.start);
        writer.part(range.clone(), &part);
        at = range.end;
    }
    writer.stretch(at..view.text.len());
    // They are made from left to right, by a map that only grows.
    let plan = Plan::new(writer.edits, source.len() as u64, view.invalid.clone()).unwrap_or_default();
    let lost = repairs.lost().iter().filter_map(|lost| carried_lost(lost, view, source)).collect();
    plan.with_lost(lost).with_notes(repairs.notes().to_vec())
}

/// What becomes something else than it is, in order.
fn parts<'p>(view: &View, repairs: &'p Plan, kind: Kind) -> Vec<(Range<usize>, Part<'p>)> {
    let mut parts: Vec<_> = repairs.edits().iter().map(|edit| (edit.span.range(), Part::Edited(edit))).collect();
    let mut add = |range: Range<usize>, part| {
        if parts.iter().all(|(other, _)| other.end <= range.start || range.end <= other.start) {
            parts.push((range, part));
        }
    };
    if view.text.starts_with(MARK) && view.map.source(MARK.len_utf8()).is_some_and(|len| len != MARK.len_utf8()) {
        add(0..MARK.len_utf8(), Part::Instead(String::new()));
    }
    // What a mail states is stated part by part.
    for found in declared(view.text.as_bytes()).into_iter().filter(|_| kind != Kind::Mail) {
        let label = &view.text[found.span.clone()];
        if !label.eq_ignore_ascii_case("utf-8") && !label.eq_ignore_ascii_case("utf8") {
            let capitals = label.chars().any(|c| c.is_ascii_uppercase()) && label.to_ascii_uppercase() == label;
            add(found.span, Part::Instead(if capitals { "UTF-8" } else { "utf-8" }.to_owned()));
        }
    }
    parts.sort_by_cached_key(|(range, _)| range.start);
    parts
}

struct Writer<'s> {
    source: &'s [u8],
    view: &'s View,
    confidence: Confidence,
    position: Position,
    /// Up to where in the text lines are counted.
    counted: usize,
    edits: Vec<Edit>,
}

impl Writer<'_> {
    /// Converts what is only to be converted, line by line.
    fn stretch(&mut self, range: Range<usize>) {
        let view = self.view;
        let mut start = range.start;
        for line in view.text[range].split_inclusive('\n') {
            let mut changed: Option<Range<usize>> = None;
            for (at, c) in line.char_indices() {
                let char = start + at..start + at + c.len_utf8();
                let Some(bytes) = self.bytes(&char) else {
                    // What is no text parts what is.
                    self.convert(changed.take());
                    continue;
                };
                if bytes != view.text[char.clone()].as_bytes() {
                    changed = Some(changed.map_or(char.start, |changed| changed.start)..char.end);
                }
            }
            self.convert(changed);
            start += line.len();
        }
    }

    fn convert(&mut self, range: Option<Range<usize>>) {
        if let Some(range) = range {
            let text = self.view.text[range.clone()].to_owned();
            self.part(range, &Part::Instead(text));
        }
    }

    /// The bytes that a stretch of the text comes from; none where some of them are no text.
    fn bytes(&self, text: &Range<usize>) -> Option<&[u8]> {
        let (start, end) = (self.view.map.source(text.start)?, self.view.map.source(text.end)?);
        let invalid = &self.view.invalid;
        let next = invalid.partition_point(|run| run.end <= start as u64);
        invalid.get(next).is_none_or(|run| run.start >= end as u64).then(|| &self.source[start..end])
    }

    fn part(&mut self, range: Range<usize>, part: &Part<'_>) {
        let view = self.view;
        let (Some(start), Some(before)) = (view.map.source(range.start), self.bytes(&range).map(<[u8]>::to_vec)) else {
            return;
        };
        let was = &view.text[range.clone()];
        let after = match part {
            Part::Edited(edit) => String::from_utf8_lossy(&edit.after).into_owned(),
            Part::Instead(text) => text.clone(),
        };
        if before == after.as_bytes() {
            return;
        }
        self.position.advance(&view.text.as_bytes()[self.counted..range.start]);
        self.counted = range.start;
        let (left, right) = self.context(&range);
        let shown = match part {
            Part::Edited(edit) if edit.place.shown.is_some() => edit.place.shown.clone(),
            _ => Some(Box::new(Shown { before: was.to_owned(), after: after.clone() })),
        };
        let place = Place { line: self.position.line, column: self.position.column, left, right, shown };
        let span = Span::new(start as u64, (start + before.len()) as u64);
        let after = after.into_bytes();
        let rules = RuleSet::NONE.with(Rule::Utf8);
        self.edits.push(match part {
            // What stands as UTF-8 already is only repaired.
            Part::Edited(edit) if before == edit.before => Edit { span, before, after, place, ..(*edit).clone() },
            Part::Edited(edit) => {
                Edit { span, before, after, place, rules: edit.rules.union(rules), ..(*edit).clone() }
            }
            Part::Instead(_) => Edit {
                span,
                before,
                after,
                chain: Chain::default(),
                rules,
                confidence: self.confidence,
                lossy: false,
                odds: 0.0,
                place,
            },
        });
    }

    fn context(&self, range: &Range<usize>) -> (Context, Context) {
        let text = &self.view.text;
        let around = around(text, range.clone());
        let near: Arc<str> = Arc::from(format!("{}{}", &text[around.start..range.start], &text[range.end..around.end]));
        let middle = range.start - around.start;
        (Context::of(&near, 0..middle), Context::of(&near, middle..near.len()))
    }
}
