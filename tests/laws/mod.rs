//! The laws that every result of unbake obeys, as plain functions: the property tests and the fuzz targets call them.
//!
//! In: an engine and bytes. Out: nothing, or a panic that names the law and the bytes. Must not: know how a repair is
//! found.

#![allow(dead_code, reason = "each of the test programs that include this module uses a part of it")]

pub mod pages;

use std::io::{self, Read};

use unbake::{Edit, Engine, Plan, Span};

/// All laws about one source.
pub fn engine(engine: &Engine, source: &[u8], seed: u64) {
    let plan = engine.plan(source);
    let repaired = only_edits_change(source, &plan);
    invert_restores(source, &repaired, &plan);
    plan.edits().iter().for_each(edit_is_sound);
    invalid_is_what_is_invalid(source, &plan);
    same_from_a_reader(engine, source, &plan, seed);
    same_as_text(engine, source, &repaired);
    idempotent(engine, source, &repaired);
}

/// Law 1: the output is the input with the edits made, byte for byte; nothing but the edits' bytes changes.
pub fn only_edits_change(source: &[u8], plan: &Plan) -> Vec<u8> {
    assert_eq!(plan.source_len(), source.len() as u64, "law 1: length of {}", show(source));
    let repaired = plan.apply(source).unwrap_or_else(|e| panic!("law 1: {e}: {}", show(source)));
    let (mut old, mut new, mut done) = (0, 0, 0);
    for edit in plan.edits() {
        let range = edit.span.range();
        let kept = range.start.checked_sub(old).unwrap_or_else(|| panic!("law 1: overlap: {}", show(source)));
        assert_eq!(source[old..range.start], repaired[new..new + kept], "law 1: between edits: {}", show(source));
        new += kept;
        assert_eq!(source[range.clone()], edit.before[..], "law 1: before: {}", show(source));
        assert_eq!(repaired[new..new + edit.after.len()], edit.after[..], "law 1: after: {}", show(source));
        new += edit.after.len();
        old = range.end;
        done += 1;
    }
    assert_eq!(source[old..], repaired[new..], "law 1: after the last of {done} edits: {}", show(source));
    repaired
}

/// Law 2: repairing a repaired text changes nothing.
pub fn idempotent(engine: &Engine, source: &[u8], repaired: &[u8]) {
    let again = engine.plan(repaired);
    if let Some(edit) = again.edits().first() {
        panic!(
            "law 2: not idempotent: {}\n repaired {}\n a second run changes {} to {}: {}, {}, {} nats",
            show(source),
            show_at(repaired, edit.span.start),
            show(&edit.before),
            show(&edit.after),
            edit.chain,
            edit.confidence,
            edit.odds
        );
    }
}

/// Law 3 for one edit, and that old and new bytes are valid text.
pub fn edit_is_sound(edit: &Edit) {
    let text =
        |bytes: &[u8]| std::str::from_utf8(bytes).map(String::from).unwrap_or_else(|e| panic!("law 6: {e}: {edit:?}"));
    let (before, after) = (text(&edit.before), text(&edit.after));
    assert_ne!(before, after, "an edit that changes nothing: {edit:?}");
    assert!(!before.is_empty(), "an edit of nothing: {edit:?}");
    assert!(!edit.chain.steps().is_empty() || !edit.rules.is_empty(), "an edit without a cause: {edit:?}");
    assert!(edit.odds.is_finite(), "odds: {edit:?}");
    // What follows a rule is not undone by a chain.
    if !edit.lossy && edit.rules.is_empty() {
        assert!(pages::is_damaged_form(&after, &edit.chain, &before), "law 3: the chain does not lead back: {edit:?}");
    }
}

/// Law 4: reads of any size give the same plan as the whole.
pub fn same_from_a_reader(engine: &Engine, source: &[u8], plan: &Plan, seed: u64) {
    let read = engine
        .plan_reader(Chunks { rest: source, random: Random(seed) })
        .unwrap_or_else(|e| panic!("law 4: {e}: {}", show(source)));
    if read != *plan {
        let differ = plan.edits().iter().zip(read.edits()).find(|(a, b)| a != b);
        panic!(
            "law 4: a reader gives another plan: {} bytes, {} and {} edits, invalid {:?} and {:?}, first {differ:?}: {}",
            source.len(),
            plan.edits().len(),
            read.edits().len(),
            plan.invalid().len(),
            read.invalid().len(),
            show(source)
        );
    }
}

/// Law 4: a `&str` gives the same as bytes, but for what is escaped in it.
pub fn same_as_text(engine: &Engine, source: &[u8], repaired: &[u8]) {
    if let Ok(text) = std::str::from_utf8(source) {
        let out = engine.repair(text);
        if memchr::memchr3(b'\\', b'&', b'%', source).is_none() {
            assert_eq!(out.as_bytes(), repaired, "law 4: repair and plan differ: {}", show(source));
        }
        let plan = engine.plan_text(text);
        assert_eq!(out.as_bytes(), plan.apply(source).expect("it was made for it"), "law 4: {}", show(source));
        if engine.config().normalize.is_empty() {
            assert_eq!(engine.repair(&out), out, "law 2: escapes are repaired twice: {}", show(source));
        }
        assert!(
            !plan.is_empty() || matches!(out, std::borrow::Cow::Borrowed(_)),
            "text that stays is borrowed: {}",
            show(source)
        );
    }
}

/// Undo is `apply(invert(plan))`, and the inverse of the inverse is the plan.
pub fn invert_restores(source: &[u8], repaired: &[u8], plan: &Plan) {
    let back = plan.invert();
    assert_eq!(back.source_len(), repaired.len() as u64);
    let restored = back.apply(repaired).unwrap_or_else(|e| panic!("invert: {e}: {}", show(source)));
    assert!(restored == source, "invert: other bytes: {}", show(source));
    assert_eq!(back.invert(), *plan, "invert twice: {}", show(source));
    for (span, was) in back.invalid().iter().zip(plan.invalid()) {
        assert_eq!(repaired[span.range()], source[was.range()], "invert: invalid bytes: {}", show(source));
    }
}

/// The invalid spans are those that are no valid UTF-8, no edit touches one, and the output is as valid as the input.
pub fn invalid_is_what_is_invalid(source: &[u8], plan: &Plan) {
    let mut wanted: Vec<Span> = Vec::new();
    let mut at = 0u64;
    for chunk in source.utf8_chunks() {
        at += chunk.valid().len() as u64;
        let end = at + chunk.invalid().len() as u64;
        match wanted.last_mut().filter(|last| last.end == at) {
            Some(last) => last.end = end,
            None if end > at => wanted.push(Span::new(at, end)),
            None => {}
        }
        at = end;
    }
    assert_eq!(plan.invalid(), wanted, "law 6: invalid spans: {}", show(source));
}

/// What applying and inverting do, for any edits whatsoever.
pub fn apply_invert(source: &[u8], pieces: &[(u16, u8, Vec<u8>)]) {
    let mut edits = Vec::new();
    let mut at = 0;
    for (skip, len, after) in pieces {
        let start = at + usize::from(*skip);
        let end = start + usize::from(*len);
        if end > source.len() {
            break;
        }
        edits.push(edit(start, &source[start..end], after));
        at = end;
    }
    let plan = Plan::new(edits, source.len() as u64, Vec::new()).expect("edits in order make a plan");
    let made = only_edits_change(source, &plan);
    invert_restores(source, &made, &plan);
    if plan.edits().iter().any(|edit| !edit.before.is_empty()) {
        let first = plan.edits().iter().find(|edit| !edit.before.is_empty()).expect("there is one");
        let mut other = source.to_vec();
        other[first.span.range().start] ^= 1;
        assert!(plan.apply(&other).expect_err("other bytes under an edit are refused").is_changed());
    }
    assert!(plan.apply(&[source, b"!"].concat()).expect_err("another length is refused").is_changed());
    let mut turned: Vec<Edit> = plan.edits().to_vec();
    turned.reverse();
    if turned.windows(2).any(|pair| pair[0].span.start > pair[1].span.start) {
        assert!(Plan::new(turned, source.len() as u64, Vec::new()).is_err(), "edits out of order are refused");
    }
}

/// An edit with nothing but its bytes.
pub fn edit(start: usize, before: &[u8], after: &[u8]) -> Edit {
    Edit {
        span: Span::new(start as u64, (start + before.len()) as u64),
        before: before.to_vec(),
        after: after.to_vec(),
        chain: vec![unbake::Step::new("utf-8", "windows-1252")].into(),
        rules: unbake::RuleSet::NONE,
        confidence: unbake::Confidence::Certain,
        lossy: false,
        odds: 1.0,
        place: unbake::Place::default(),
    }
}

/// Numbers that look random and are the same on every machine (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A reader that hands out a few bytes at a time, or many, and is interrupted now and then.
pub struct Chunks<'a> {
    pub rest: &'a [u8],
    pub random: Random,
}

impl Read for Chunks<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = match self.random.below(8) {
            0 => return Err(io::ErrorKind::Interrupted.into()),
            1 | 2 => 1 + self.random.below(7),
            3..=5 => 1 + self.random.below(4096),
            _ => 1 + self.random.below(1 << 20),
        };
        let len = most.min(into.len()).min(self.rest.len());
        into[..len].copy_from_slice(&self.rest[..len]);
        self.rest = &self.rest[len..];
        Ok(len)
    }
}

/// The bytes for a message: as text with escapes, cut when long.
pub fn show(bytes: &[u8]) -> String {
    if bytes.len() <= 600 {
        format!("{:?} ({})", String::from_utf8_lossy(bytes), bytes.escape_ascii())
    } else {
        format!("{} bytes that begin {:?}", bytes.len(), String::from_utf8_lossy(&bytes[..300]))
    }
}

fn show_at(bytes: &[u8], at: u64) -> String {
    if bytes.len() <= 600 {
        return show(bytes);
    }
    let at = at as usize;
    let around = &bytes[at.saturating_sub(100)..(at + 100).min(bytes.len())];
    format!("{} bytes, around {at} {:?}", bytes.len(), String::from_utf8_lossy(around))
}
