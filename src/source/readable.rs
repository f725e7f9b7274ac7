//! A plan for a source in another encoding than UTF-8, as a plan for its text: for people, who read text and not bytes.
//!
//! In: a plan in the source's bytes, and these. Out: the text, and the same edits in it. Must not: be applied to the source.

use super::{Charset, Shifts};
use crate::edit::{Edit, Plan, Span};

/// The text of a source and the plan for it; `None` when it is UTF-8 as it stands.
pub fn readable(plan: &Plan, source: &[u8]) -> Option<(String, Plan)> {
    let form = plan.form()?;
    let charset = Charset::for_label(form.label).filter(|charset| *charset != Charset::UTF_8)?;
    if form.converts && charset.unit() == 1 {
        // What the bytes become is what there is to see.
        return None;
    }
    let (view, shifts) = (charset.view(source), Shifts::of(charset, source));
    let mut edits = Vec::new();
    for edit in plan.edits().iter().filter(|edit| !edit.only_converts()) {
        let range = edit.span.range();
        let (start, end) = (view.map.text(range.start), view.map.text(range.end));
        let converted = || edit.after_text().into_owned();
        let after = if form.converts { converted() } else { shifts.read(range.start, &edit.after) };
        edits.push(Edit {
            span: Span::new(start as u64, end as u64),
            before: view.text.get(start..end)?.as_bytes().to_vec(),
            after: after.into_bytes(),
            ..edit.clone()
        });
    }
    let text = view.text;
    let plan = Plan::new(edits, text.len() as u64, Vec::new()).ok()?;
    Some((text, plan))
}

/// Whether a patch of the lines of a source is no patch of text: its line ends take more than a byte, or other bytes.
pub fn is_binary(plan: &Plan) -> bool {
    let charset = plan.form().and_then(|form| Charset::for_label(form.label));
    charset.is_some_and(|charset| !charset.has_lines())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Chain, Confidence, Form, How, Place, RuleSet};

    #[test]
    fn people_read_the_text_and_what_changes_in_it() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let source = wide("日 ab c");
        let edit = |start: u64, before: &str, after: &str| Edit {
            span: Span::new(start, start + 2 * before.encode_utf16().count() as u64),
            before: wide(before),
            after: wide(after),
            chain: Chain::default(),
            rules: RuleSet::NONE,
            confidence: Confidence::Certain,
            lossy: false,
            odds: 0.0,
            place: Place::default(),
        };
        let plan = Plan::new(vec![edit(4, "ab", "é"), edit(10, "c", "🙂")], source.len() as u64, Vec::new()).unwrap();
        let plan = plan.with_form(Form { label: "utf-16le", how: How::Shape, converts: false });
        assert!(is_binary(&plan));
        let (text, plan) = readable(&plan, &source).unwrap();
        assert_eq!(text, "日 ab c");
        assert_eq!(plan.apply(text.as_bytes()).unwrap(), "日 é 🙂".as_bytes());
    }
}
