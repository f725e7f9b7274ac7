//! Edits laid over edits: what two rounds of judging do to a text, as edits of the text they began with.

use std::ops::Range;

use super::judge::Found;

/// A text with edits made, and what each part of it was.
#[derive(Clone)]
pub struct Overlay<'t> {
    source: &'t str,
    parts: Vec<Part>,
}

/// A part of the result: some bytes of the source as they are, or an edit of them.
#[derive(Clone)]
struct Part {
    source: Range<usize>,
    edit: Option<Found>,
}

impl<'t> Overlay<'t> {
    /// `source` with the edits `found` made, which are in order.
    pub fn new(source: &'t str, found: Vec<(usize, Found)>) -> Overlay<'t> {
        let mut parts = Vec::with_capacity(2 * found.len() + 1);
        let mut at = 0;
        for (start, edit) in found {
            let end = start + edit.before.len();
            parts.push(Part { source: at..start, edit: None });
            parts.push(Part { source: start..end, edit: Some(edit) });
            at = end;
        }
        parts.push(Part { source: at..source.len(), edit: None });
        Overlay { source, parts }
    }

    /// The text as it is now.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| self.shown(part)).collect()
    }

    /// The edits that lead from the source to it.
    pub fn edits(self) -> Vec<(usize, Found)> {
        self.parts.into_iter().filter_map(|part| part.edit.map(|edit| (part.source.start, edit))).collect()
    }

    fn shown<'p>(&'p self, part: &'p Part) -> &'p str {
        part.edit.as_ref().map_or(&self.source[part.source.clone()], |edit| &edit.after)
    }

    /// Makes more edits, given by where they stand in the text as it is now, in order.
    pub fn lay(&mut self, found: Vec<(usize, Found)>) {
        let mut found = found.into_iter().peekable();
        let mut out: Vec<Part> = Vec::with_capacity(self.parts.len());
        // Where the part at hand begins in the text as it was.
        let mut at = 0;
        let parts = std::mem::take(&mut self.parts);
        let mut parts = parts.into_iter();
        while let Some(part) = parts.next() {
            let mut end = at + self.shown(&part).len();
            let Some((start, _)) = found.peek() else {
                out.push(part);
                continue;
            };
            if *start >= end {
                at = end;
                out.push(part);
                continue;
            }
            // All parts that these edits touch become one; edits that touch the same part go together.
            let first = at;
            let mut touched = vec![part];
            let mut edits = Vec::new();
            while let Some((start, edit)) = found.next_if(|(start, _)| *start < end) {
                while end < start + edit.before.len() {
                    let Some(next) = parts.next() else { break };
                    end += self.shown(&next).len();
                    touched.push(next);
                }
                edits.push((start - first, edit));
            }
            at = end;
            self.merge(&mut out, touched, edits);
        }
        self.parts = out;
    }

    /// Makes `edits` (by where they stand in the text of `touched`) in parts that belong together.
    fn merge(&self, out: &mut Vec<Part>, touched: Vec<Part>, edits: Vec<(usize, Found)>) {
        if let [Part { source, edit: None }] = &touched[..] {
            // Text that stood as it was: edits of the source.
            let mut from = source.start;
            for (start, edit) in edits {
                let start = source.start + start;
                out.push(Part { source: from..start, edit: None });
                from = start + edit.before.len();
                out.push(Part { source: start..from, edit: Some(edit) });
            }
            out.push(Part { source: from..source.end, edit: None });
            return;
        }
        let source = touched[0].source.start..touched[touched.len() - 1].source.end;
        let shown: String = touched.iter().map(|part| self.shown(part)).collect();
        let earlier: Vec<&Found> = touched.iter().filter_map(|part| part.edit.as_ref()).collect();
        let exact = touched.len() == 1 && edits.len() == 1 && edits[0].1.before == shown;
        let (mut after, mut reached) = (String::new(), 0);
        for (start, edit) in &edits {
            after.push_str(&shown[reached..*start]);
            after.push_str(&edit.after);
            reached = start + edit.before.len();
        }
        after.push_str(&shown[reached..]);
        // One chain for all: the one that went furthest, on top of the one that went furthest before.
        let deepest = |found: &[&Found]| {
            found.iter().max_by_key(|found| found.chain.steps().len()).map(|found| found.chain.steps().to_vec())
        };
        let mut steps = deepest(&earlier).unwrap_or_default();
        steps.extend(deepest(&edits.iter().map(|(_, edit)| edit).collect::<Vec<_>>()).unwrap_or_default());
        let Some((_, mut whole)) = edits.first().cloned() else { return };
        // What a rule changed is no loss: the edit names the rule, and so claims no way back along its chain.
        let repairs = |(_, edit): &(usize, Found)| !edit.chain.steps().is_empty();
        let inexact = !exact && edits.iter().any(repairs);
        for found in earlier.iter().copied().chain(edits.iter().map(|(_, edit)| edit)) {
            whole.lossy |= found.lossy || inexact;
            whole.confidence = whole.confidence.min(found.confidence);
            whole.rules = whole.rules.union(found.rules);
        }
        if let Some(first) = earlier.first().filter(|_| !edits.iter().any(repairs)) {
            whole.odds = first.odds;
        }
        // Text that stood in between and stays is no part of the edit.
        let before = &self.source[source.clone()];
        let same = |(a, b): &(char, char)| a == b;
        let head: usize = before.chars().zip(after.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let rest = before[head..].chars().rev().zip(after[head..].chars().rev());
        let tail: usize = rest.take_while(same).map(|(c, _)| c.len_utf8()).sum();
        if before == after {
            out.push(Part { source, edit: None });
            return;
        }
        // An exact edit stays whole, so that its chain leads back; and an edit has something that it changes.
        let bare = head + tail == before.len();
        let (head, tail) = if exact || bare { (0, 0) } else { (head, tail) };
        whole.before = before[head..before.len() - tail].to_string();
        whole.after = after[head..after.len() - tail].to_string();
        whole.chain = steps.into();
        let changed = source.start + head..source.end - tail;
        out.push(Part { source: source.start..changed.start, edit: None });
        let end = changed.end;
        out.push(Part { source: changed, edit: Some(whole) });
        out.push(Part { source: end..source.end, edit: None });
    }
}
