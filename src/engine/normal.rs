//! Normalisation of a piece, on top of its repair.
//!
//! In: a piece, and what repairs it. Out: the edits that do both. A run that still looks broken is not touched, since what
//! is left of the evidence in it is all that a later repair has; nor is what the settings allow as it stands. A second run
//! over the result finds nothing: the passes are applied until none of them finds anything, and where the result would
//! be judged otherwise than the text was, the line is left as the repair made it.

use std::ops::Range;

use super::judge::{self, Found};
use super::overlay::Overlay;
use super::{Engine, ignores};
use crate::detect;
use crate::normalize::{self, Change, Edges};

/// How often the passes are applied until they find nothing more, at most.
const ROUNDS: usize = 4;

/// What was `found` in a piece, and what the passes change.
pub fn apply(engine: &Engine, piece: &str, found: Vec<(usize, Found)>, edges: Edges) -> Vec<(usize, Found)> {
    let mut overlay = Overlay::new(piece, found);
    if engine.normalizer.changes_text()
        && let Some(normalized) = text(engine, overlay.clone())
    {
        overlay = normalized;
    }
    let has_cr = |text: &str| memchr::memchr(b'\r', body(text).as_bytes()).is_some();
    if engine.normalizer.changes_line_ends() && has_cr(&overlay.text()) {
        let mut lines = overlay.clone();
        lay_file_passes(engine, &mut lines, edges, true);
        let text = lines.text();
        // What was one line is several now, each of which is judged by itself the next time.
        let silent = !text.contains(ignores::MARK);
        if silent && text.split_inclusive('\n').all(|line| is_settled(engine, line)) {
            return lines.edits();
        }
    }
    let before = overlay.text();
    lay_file_passes(engine, &mut overlay, edges, false);
    // What did not settle at the bare end of a file may do so before the line end that it has now, and would the next time.
    if engine.normalizer.changes_text()
        && overlay.text() != before
        && let Some(normalized) = text(engine, overlay.clone())
    {
        overlay = normalized;
    }
    overlay.edits()
}

fn lay_file_passes(engine: &Engine, overlay: &mut Overlay<'_>, edges: Edges, whole: bool) {
    for (rule, changes) in engine.normalizer.file_passes(edges, whole) {
        let now = overlay.text();
        let found = found_of(&now, changes(&now), rule);
        if found.is_empty() {
            continue;
        }
        let mut changed = overlay.clone();
        changed.lay(found);
        if is_judged(engine, &changed.text()) {
            *overlay = changed;
        }
    }
}

/// What changes in bytes that are left alone but for their line end: where, in which text, and how.
pub fn line_end<'b>(engine: &Engine, bytes: &'b [u8], mut edges: Edges) -> Vec<(usize, &'b str, Found)> {
    // What follows the last byte that is no text.
    let Some(text) = bytes.utf8_chunks().last().filter(|chunk| chunk.invalid().is_empty()) else { return Vec::new() };
    let text = text.valid();
    let start = bytes.len() - text.len();
    if start > 0 {
        (edges.first, edges.before) = (false, None);
    }
    let mut all = Vec::new();
    for (rule, changes) in engine.normalizer.file_passes(edges, false) {
        // Each of them is about another character: no more than the first, the line end, and the last.
        for change in changes(text) {
            let was = &text[change.range.clone()];
            all.push((start + change.range.start, was, Found::normalized(was, change.after, rule)));
        }
    }
    all.sort_by_cached_key(|(start, ..)| *start);
    all.dedup_by_key(|(start, ..)| *start);
    all
}

/// The text of a piece with all passes applied; none when that would not settle.
fn text<'t>(engine: &Engine, mut overlay: Overlay<'t>) -> Option<Overlay<'t>> {
    let mut now = overlay.text();
    let mut kept = kept(engine, body(&now));
    let mut is_changed = false;
    for _ in 0..ROUNDS {
        let mut goes_on = false;
        for (rule, changes) in engine.normalizer.passes() {
            let mut changes = changes(body(&now));
            changes.retain(|change| is_free(&kept, &change.range));
            if changes.is_empty() {
                continue;
            }
            shift(&mut kept, &changes);
            overlay.lay(found_of(&now, changes, rule));
            now = overlay.text();
            (goes_on, is_changed) = (true, true);
        }
        if !goes_on {
            return (!is_changed || is_settled(engine, &now)).then_some(overlay);
        }
    }
    None
}

/// Whether a second run over a text finds nothing.
fn is_settled(engine: &Engine, text: &str) -> bool {
    let kept = kept(engine, body(text));
    let mut passes = engine.normalizer.passes();
    let is_normal = passes.all(|(_, changes)| !changes(body(text)).iter().any(|change| is_free(&kept, &change.range)));
    is_normal && is_judged(engine, text)
}

/// Whether the judge finds nothing in a text.
fn is_judged(engine: &Engine, text: &str) -> bool {
    detect::next_suspect(text, 0).is_none() || judge::piece(engine, text).0.is_empty()
}

/// A line without its line end.
fn body(line: &str) -> &str {
    let body = line.strip_suffix('\n').unwrap_or(line);
    body.strip_suffix('\r').unwrap_or(body)
}

fn found_of(text: &str, changes: Vec<Change>, rule: crate::edit::Rule) -> Vec<(usize, Found)> {
    let found = |change: Change| {
        let before = &text[change.range.clone()];
        (change.range.start, Found::normalized(before, change.after, rule))
    };
    changes.into_iter().map(found).collect()
}

/// The parts of a line that no pass may touch: words in which something looks broken, what stands between two of them, and
/// what the settings allow. In order, none touching another.
fn kept(engine: &Engine, line: &str) -> Vec<Range<usize>> {
    let mut kept = match normalize::composed(line) {
        // Marks that stand apart from their letters are unusual, but no damage.
        Some(composed) => {
            let mut kept = broken(&composed);
            normalize::spread(line, &mut kept);
            kept
        }
        None => broken(line),
    };
    kept.extend(engine.allowed.strings_in(line));
    kept.extend(engine.allowed.matches_in(line));
    kept.sort_by_cached_key(|range| range.start);
    kept.dedup_by(|next, last| {
        let joins = next.start <= last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    kept
}

/// The words of a line in which something looks broken, and what stands between two of them.
fn broken(line: &str) -> Vec<Range<usize>> {
    let mut broken: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(suspect) = detect::next_suspect(line, from) {
        let start = memchr::memrchr2(b' ', b'\t', &line.as_bytes()[..suspect]).map_or(0, |blank| blank + 1);
        let end = memchr::memchr2(b' ', b'\t', &line.as_bytes()[suspect..]).map_or(line.len(), |blank| suspect + blank);
        match broken.last_mut().filter(|last| !line[last.end..start.max(last.end)].trim_matches(' ').contains(' ')) {
            Some(last) => last.end = end.max(last.end),
            None => broken.push(start..end),
        }
        from = end;
    }
    let has_c1 = |range: &Range<usize>| line[range.clone()].contains(|c| matches!(c, '\u{80}'..='\u{9F}'));
    if !broken.is_empty() && !judge::looks_broken(line) {
        broken.retain(has_c1);
    }
    broken
}

fn is_free(kept: &[Range<usize>], range: &Range<usize>) -> bool {
    let next = kept.partition_point(|kept| kept.end <= range.start);
    kept.get(next).is_none_or(|kept| kept.start >= range.end)
}

/// Moves what is kept to where it is once these changes, which are in order, are made.
fn shift(kept: &mut [Range<usize>], changes: &[Change]) {
    let mut changes = changes.iter().peekable();
    let (mut less, mut more) = (0, 0);
    for range in kept {
        while let Some(change) = changes.next_if(|change| change.range.end <= range.start) {
            less += change.range.len();
            more += change.after.len();
        }
        *range = range.start + more - less..range.end + more - less;
    }
}
