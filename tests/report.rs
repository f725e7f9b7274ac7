//! Patches hold what the plan says, for any text and any edits.
#![cfg(feature = "cli")]

use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;
use unbake::report::{Look, diff, list};
use unbake::{Chain, Confidence, Edit, Place, Plan, Span, Step};

/// A text and edits in it, made of little pieces: kept text and replacements.
fn source() -> impl Strategy<Value = (Vec<u8>, Plan)> {
    let piece = prop::sample::select(vec!["a", "\n", "\n", "\r\n", "long line ", "é", "\r", "-", "\\ No newline", ""]);
    let text = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let edit = (text.clone(), "[xy\n\u{80}]{1,3}", "[zw\n’]{0,3}");
    (prop::collection::vec(edit, 0..6), text).prop_map(|(pieces, tail)| {
        let mut source = Vec::new();
        let mut edits = Vec::new();
        for (kept, before, after) in pieces {
            source.extend_from_slice(kept.as_bytes());
            let start = source.len() as u64;
            source.extend_from_slice(before.as_bytes());
            edits.push(Edit {
                span: Span::new(start, source.len() as u64),
                before: before.into_bytes(),
                after: after.into_bytes(),
                chain: Chain::from(vec![Step::new("utf-8", "windows-1252")]),
                rules: unbake::RuleSet::NONE,
                confidence: Confidence::Certain,
                lossy: false,
                odds: 20.0,
                place: Place::default(),
            });
        }
        source.extend_from_slice(tail.as_bytes());
        let plan = Plan::new(edits, source.len() as u64, Vec::new()).expect("edits in order");
        (source, plan)
    })
}

/// What a patch makes of a text, by the letter of the format.
fn patched(source: &[u8], patch: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = source.split_inclusive(|b| *b == b'\n').collect();
    let mut patch = patch.split_inclusive(|b| *b == b'\n').skip(2).peekable();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(head) = patch.next() {
        let head = std::str::from_utf8(head).expect("a header");
        let numbers: Vec<(usize, usize)> = head
            .split(' ')
            .skip(1)
            .take(2)
            .map(|range| {
                let (first, count) = range[1..].split_once(',').unwrap_or((&range[1..], "1"));
                (first.parse().expect("a number"), count.parse().expect("a number"))
            })
            .collect();
        let (mut old, mut new) = (numbers[0].1, numbers[1].1);
        let first = if old == 0 { numbers[0].0 } else { numbers[0].0 - 1 };
        out.extend(lines[at..first].concat());
        at = first;
        let made = out.iter().filter(|b| **b == b'\n').count();
        assert_eq!(made, if new == 0 { numbers[1].0 } else { numbers[1].0 - 1 }, "{head}");
        while old + new > 0 {
            let line = patch.next().expect("a line");
            let bare = patch.peek().is_some_and(|next| *next == b"\\ No newline at end of file\n");
            let body = if bare { &line[1..line.len() - 1] } else { &line[1..] };
            if line[0] != b'+' {
                assert_eq!(lines[at], body);
                (at, old) = (at + 1, old - 1);
            }
            if line[0] != b'-' {
                out.extend_from_slice(body);
                new -= 1;
            }
            if bare {
                patch.next();
            }
        }
    }
    out.extend(lines[at..].concat());
    out
}

proptest! {
    #[test]
    fn a_patch_does_what_the_plan_does((source, plan) in source()) {
        let mut patch = Vec::new();
        diff::write(&mut patch, Look::default(), Path::new("a"), &plan, &mut Cursor::new(&source)).unwrap();
        prop_assert_eq!(plan.is_empty(), patch.is_empty());
        prop_assert_eq!(patched(&source, &patch), plan.apply(&source).unwrap());
    }

    #[test]
    fn what_a_person_reads_has_no_odd_characters((source, plan) in source(), width in 40..80usize) {
        let look = Look { color: false, person: true, terminal: false, width, height: 0 };
        let mut out = Vec::new();
        diff::write(&mut out, look, Path::new("a\u{80}\n"), &plan, &mut Cursor::new(&source)).unwrap();
        for edit in plan.edits() {
            list::write(&mut out, look, Path::new("a\u{80}\n"), edit).unwrap();
        }
        let shown = String::from_utf8(out).expect("text");
        prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\n'));
    }
}
