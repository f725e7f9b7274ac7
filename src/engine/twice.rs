//! Two plans, of which the second is for what the first one leaves, as one plan for the source of the first.
//!
//! In: a text, its plan, and the plan for the text with those edits made. Out: the plan that leads to the same result at once.
//! Edits that touch the same bytes become one, with the chain of the second on top of that of the first. Must not: judge
//! anything, or change what the result is.

use std::ops::Range;

use super::position::Position;
use crate::edit::{Edit, Place, Plan, Shown, Span};

/// `first`, a plan for `text`, and then `second`, one for the result of it.
pub fn both(text: &str, first: &Plan, second: &Plan) -> Plan {
    let placed = placed(first);
    let mut edits: Vec<Edit> = Vec::new();
    let mut done = 0;
    // How far what the second plan is for lies behind the source, from here on.
    let mut shift = 0i128;
    let mut later = second.edits().iter().peekable();
    while let Some(edit) = later.next() {
        let mut touched = edit.span.range();
        // What the first plan does before it.
        while let Some((span, earlier)) = placed.get(done).filter(|(span, _)| !reaches(&touched, span)) {
            if span.start >= touched.end {
                break;
            }
            edits.push((*earlier).clone());
            shift += moved(earlier);
            done += 1;
        }
        let mut group = Group { start: 0, shift, earlier: Vec::new(), later: vec![edit] };
        loop {
            if let Some((span, earlier)) = placed.get(done).filter(|(span, _)| reaches(&touched, span)) {
                touched = touched.start.min(span.start)..touched.end.max(span.end);
                group.earlier.push((span.clone(), earlier));
                shift += moved(earlier);
                done += 1;
            } else if let Some(next) = later.next_if(|next| next.span.range().start < touched.end) {
                touched.end = touched.end.max(next.span.range().end);
                group.later.push(next);
            } else {
                break;
            }
        }
        group.start = touched.start;
        let source = (touched.start as i128 - group.shift) as usize..(touched.end as i128 - shift) as usize;
        edits.extend(group.edit(text, source, touched.end));
    }
    edits.extend(placed[done..].iter().map(|(_, earlier)| (*earlier).clone()));
    number(&mut edits, text);
    // They are in order, and there may be as many of them as there are of the lost places.
    let changes = |span: Span| {
        let next = edits.partition_point(|edit| edit.span.end <= span.start);
        edits[next..].iter().take_while(|edit| edit.span.start < span.end).any(|edit| edit.span.end > span.start)
    };
    let lost = first.lost().iter().filter(|lost| !changes(lost.span)).cloned().collect();
    // They were made in order, from plans in order.
    Plan::new(edits, first.source_len(), first.invalid().to_vec())
        .unwrap_or_else(|_| first.clone())
        .with_lost(lost)
        .with_remarks(first.remarks().to_vec())
        .with_notes(first.notes().to_vec())
}

/// The edits of a plan, each with where it stands in the result.
fn placed(plan: &Plan) -> Vec<(Range<usize>, &Edit)> {
    let mut shift = 0i128;
    let mut placed = Vec::with_capacity(plan.edits().len());
    for edit in plan.edits() {
        let start = (i128::from(edit.span.start) + shift) as usize;
        placed.push((start..start + edit.after.len(), edit));
        shift += moved(edit);
    }
    placed
}

/// How much longer an edit makes the text.
fn moved(edit: &Edit) -> i128 {
    edit.after.len() as i128 - edit.before.len() as i128
}

/// Whether what an edit left lies within what is touched, at least in part; what is empty does if it is inside.
fn reaches(touched: &Range<usize>, span: &Range<usize>) -> bool {
    touched.start < span.end && span.start < touched.end
        || span.is_empty() && touched.start < span.start && span.start < touched.end
}

/// Edits of both plans that become one.
struct Group<'p> {
    /// Where it begins in what the second plan is for.
    start: usize,
    /// How far that lies behind the source there.
    shift: i128,
    earlier: Vec<(Range<usize>, &'p Edit)>,
    later: Vec<&'p Edit>,
}

impl Group<'_> {
    /// The edit of this part of the source; nothing if it comes to the same. `end` is where the group ends in what the second
    /// plan is for.
    fn edit(&self, text: &str, source: Range<usize>, end: usize) -> Option<Edit> {
        let before = &text.as_bytes()[source.clone()];
        let span = Span::new(source.start as u64, source.end as u64);
        if let ([], [one]) = (&self.earlier[..], &self.later[..]) {
            return Some(Edit { span, ..(*one).clone() });
        }
        // What the first plan makes of it, and how a person reads what it was.
        let (mut between, mut told) = (Vec::new(), String::new());
        let mut at = source.start;
        for (_, edit) in &self.earlier {
            let range = edit.span.range();
            between.extend_from_slice(&text.as_bytes()[at..range.start]);
            told.push_str(&text[at..range.start]);
            between.extend_from_slice(&edit.after);
            told.push_str(&edit.before_text());
            at = range.end;
        }
        between.extend_from_slice(&text.as_bytes()[at..source.end]);
        told.push_str(&text[at..source.end]);
        debug_assert_eq!(between.len(), end - self.start);
        let (mut after, mut shown) = (Vec::new(), String::new());
        let mut at = 0;
        for edit in &self.later {
            let range = edit.span.range();
            let stays = &between[at..range.start - self.start];
            after.extend_from_slice(stays);
            shown.push_str(&String::from_utf8_lossy(stays));
            after.extend_from_slice(&edit.after);
            shown.push_str(&edit.after_text());
            at = range.end - self.start;
        }
        after.extend_from_slice(&between[at..]);
        shown.push_str(&String::from_utf8_lossy(&between[at..]));
        if after == before {
            return None;
        }
        let all = || self.earlier.iter().map(|(_, edit)| *edit).chain(self.later.iter().copied());
        let steps = |edits: &mut dyn Iterator<Item = &Edit>| {
            edits
                .max_by_key(|edit| edit.chain.steps().len())
                .map(|edit| edit.chain.steps().to_vec())
                .unwrap_or_default()
        };
        let mut chain = steps(&mut self.earlier.iter().map(|(_, edit)| *edit));
        chain.extend(steps(&mut self.later.iter().copied()));
        let lead = all().next()?;
        let Place { line, column, left, right, .. } = lead.place.clone();
        let shown = Some(Box::new(Shown { before: told, after: shown }));
        Some(Edit {
            span,
            before: before.to_vec(),
            after,
            // No chain leads back from what more than one edit made.
            lossy: all().any(|edit| edit.lossy) || !chain.is_empty(),
            chain: chain.into(),
            rules: all().fold(lead.rules, |rules, edit| rules.union(edit.rules)),
            confidence: all().map(|edit| edit.confidence).min()?,
            odds: lead.odds,
            place: Place { line, column, left, right, shown },
        })
    }
}

/// Counts the lines and columns of the edits anew: those of the second plan are of another text.
fn number(edits: &mut [Edit], text: &str) {
    let (mut position, mut reached) = (Position::START, 0);
    for edit in edits {
        let start = edit.span.range().start;
        position.advance(&text.as_bytes()[reached..start]);
        reached = start;
        (edit.place.line, edit.place.column) = (position.line, position.column);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan that puts each of these texts in place of another, at these bytes.
    fn plan(text: &str, edits: &[(usize, &str, &str)]) -> Plan {
        let edit = |&(at, before, after): &(usize, &str, &str)| Edit {
            span: Span::new(at as u64, (at + before.len()) as u64),
            before: before.into(),
            after: after.into(),
            chain: crate::edit::Chain::default(),
            rules: crate::edit::RuleSet::NONE,
            confidence: crate::edit::Confidence::Likely,
            lossy: false,
            odds: 1.0,
            place: Place::default(),
        };
        Plan::new(edits.iter().map(edit).collect(), text.len() as u64, Vec::new()).unwrap()
    }

    /// The one plan gives what the two give one after the other; returns what changes in the source.
    fn check(
        text: &str,
        first: &[(usize, &str, &str)],
        second: &[(usize, &str, &str)],
    ) -> Vec<(usize, String, String)> {
        let first = plan(text, first);
        let between = String::from_utf8(first.apply(text.as_bytes()).unwrap()).unwrap();
        let second = plan(&between, second);
        let result = second.apply(between.as_bytes()).unwrap();
        let both = both(text, &first, &second);
        assert_eq!(both.apply(text.as_bytes()).unwrap(), result);
        let told = |edit: &Edit| (edit.span.range().start, edit.before_text().into(), edit.after_text().into());
        both.edits().iter().map(told).collect()
    }

    fn edit(at: usize, before: &str, after: &str) -> (usize, String, String) {
        (at, before.into(), after.into())
    }

    #[test]
    fn edits_apart_stay_apart() {
        let found = check("one two three", &[(0, "one", "1")], &[(2, "two", "zwei"), (6, "three", "3")]);
        assert_eq!(found, [edit(0, "one", "1"), edit(4, "two", "zwei"), edit(8, "three", "3")]);
        let found = check("one two three", &[(4, "two", "zwei")], &[(0, "one", "1")]);
        assert_eq!(found, [edit(0, "one", "1"), edit(4, "two", "zwei")]);
    }

    #[test]
    fn edits_of_the_same_text_become_one() {
        assert_eq!(check("abcdef", &[(1, "b", "BB")], &[(2, "Bc", "x")]), [edit(1, "bc", "Bx")]);
        assert_eq!(check("abcdef", &[(1, "b", "B"), (4, "e", "E")], &[(0, "aBcdEf", "x")]), [edit(0, "abcdef", "x")]);
        assert_eq!(check("abcdef", &[(1, "bcde", "XYZ")], &[(1, "X", "x"), (3, "Zf", "z")]), [edit(1, "bcdef", "xYz")]);
        assert_eq!(check("abcdef", &[(2, "cd", "")], &[(1, "be", "x")]), [edit(1, "bcde", "x")]);
        assert_eq!(check("abc", &[(1, "b", "x")], &[(1, "x", "b")]), []);
    }

    #[test]
    fn edits_side_by_side_stay_so() {
        assert_eq!(check("abcdef", &[(2, "cd", "")], &[(2, "e", "x")]), [edit(2, "cd", ""), edit(4, "e", "x")]);
        assert_eq!(check("abcdef", &[(1, "b", "X")], &[(2, "c", "y")]), [edit(1, "b", "X"), edit(2, "c", "y")]);
    }
}
