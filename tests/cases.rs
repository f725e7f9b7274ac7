//! Cases as data: `tests/cases/*.toml`. Add one there; no Rust is needed.
//!
//! A case has a `label`, a `text`, where it is repaired a `want`, where it comes from (`origin`), and perhaps a `comment`
//! and the `chain` that did the damage, outermost last. `positive.toml` must be repaired to `want`, `negative.toml` must
//! stay as it is. `known-failures.toml` holds what unbake does not get right yet, strictly: a case that starts to pass
//! fails the test until it is moved to where it belongs.

mod laws;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use unbake::{Edit, Engine, undo_step};

/// Fewer than this, and a file was not read or was cut.
const POSITIVE: usize = 220;
const NEGATIVE: usize = 200;
const KNOWN_FAILURES: usize = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    #[serde(default)]
    comment: String,
    origin: String,
    text: String,
    want: Option<String>,
    /// Each mixup as `utf-8:windows-1252`, in the order in which they happened.
    #[serde(default)]
    chain: Vec<String>,
}

impl Case {
    /// What the text is to become.
    fn want(&self) -> &str {
        self.want.as_ref().unwrap_or(&self.text)
    }
}

/// The cases of a file; there must be at least so many, each whole, and no two alike.
fn cases(name: &str, least: usize) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let cases: Cases = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(cases.case.len() >= least, "{name}: {} cases, not {least}", cases.case.len());
    let (mut labels, mut texts) = (BTreeSet::new(), BTreeSet::new());
    for case in &cases.case {
        assert!(!case.label.is_empty() && !case.origin.is_empty(), "{name}: a case without a label or an origin");
        assert!(labels.insert(&case.label), "{name}: two cases are called `{}`", case.label);
        assert!(texts.insert(&case.text), "{name}: the text of `{}` is there twice", case.label);
    }
    cases.case
}

/// What is wrong with how a case came out, in words; nothing when all is right.
fn faults(case: &Case, engine: &Engine) -> Option<String> {
    let got = engine.repair(&case.text);
    (got != case.want()).then(|| {
        let edits = engine.plan(case.text.as_bytes());
        let chains: Vec<String> = edits.edits().iter().map(|e| format!("{} ({})", e.chain, e.confidence)).collect();
        format!(
            "{} {}\n  text {}\n  want {}\n  got  {}\n  by   {chains:?}",
            case.label,
            case.comment,
            case.text.escape_debug(),
            case.want().escape_debug(),
            got.escape_debug()
        )
    })
}

/// Undoing the chain of an edit step by step makes `after` of `before`, unless something was inferred.
fn replays(edit: &Edit) {
    if edit.lossy {
        return;
    }
    let mut text = String::from_utf8(edit.before.clone()).expect("text");
    for step in edit.chain.steps() {
        text = undo_step(&text, step).unwrap_or_else(|| panic!("`{step}` cannot be undone: {edit:?}"));
    }
    assert_eq!(text.as_bytes(), edit.after, "the chain, replayed, gives something else: {edit:?}");
}

fn assert_none(faults: &[String], of: usize) {
    assert!(faults.is_empty(), "{} of {of} cases fail:\n\n{}\n", faults.len(), faults.join("\n\n"));
}

#[test]
fn what_is_broken_is_repaired() {
    let engine = Engine::default();
    let cases = cases("positive.toml", POSITIVE);
    for case in &cases {
        assert!(case.want.as_ref().is_some_and(|want| *want != case.text), "{}: nothing is broken", case.label);
    }
    assert_none(&cases.iter().filter_map(|case| faults(case, &engine)).collect::<Vec<_>>(), cases.len());
}

/// The same right marks again speak no more against a repair than the same damage again speaks for it.
#[test]
fn a_sentence_is_repaired_however_often_it_stands_in_a_line() {
    let engine = Engine::default();
    for (broken, right) in [
        // unbake: off
        ("So “été” is what they called the cafÃ© then. ", "So “été” is what they called the café then. "),
        ("Die „Änderung“ – lÃ¤ngst bekannt – blieb… ", "Die „Änderung“ – längst bekannt – blieb… "),
        ("«Été» — c’est tout Ã\u{A0} fait Ã§a. ", "«Été» — c’est tout à fait ça. "),
        // unbake: on
    ] {
        for times in [1, 2, 10, 80, 300] {
            assert_eq!(engine.repair(&broken.repeat(times)), right.repeat(times), "{times} times");
        }
    }
}

#[test]
fn what_is_right_stays() {
    let engine = Engine::default();
    let cases = cases("negative.toml", NEGATIVE);
    assert!(cases.iter().all(|case| case.want.is_none()), "a negative case wants nothing");
    assert_none(&cases.iter().filter_map(|case| faults(case, &engine)).collect::<Vec<_>>(), cases.len());
}

#[test]
fn known_failures_still_fail() {
    let engine = Engine::default();
    let cases = cases("known-failures.toml", KNOWN_FAILURES);
    let passing: Vec<&str> =
        cases.iter().filter(|case| faults(case, &engine).is_none()).map(|case| case.label.as_str()).collect();
    assert!(passing.is_empty(), "these pass now, move them to positive.toml or negative.toml: {passing:#?}");
}

#[test]
fn every_case_obeys_the_laws() {
    let engine = Engine::default();
    let files = [("positive.toml", POSITIVE), ("negative.toml", NEGATIVE), ("known-failures.toml", KNOWN_FAILURES)];
    for case in files.into_iter().flat_map(|(name, least)| cases(name, least)) {
        laws::engine(&engine, case.text.as_bytes(), 1);
        engine.plan(case.text.as_bytes()).edits().iter().for_each(replays);
        // What is wanted is right, so it must stay. A known failure may be one because of that.
        if case.want.is_some() && faults(&case, &engine).is_none() {
            assert_eq!(engine.repair(case.want()), case.want(), "{}: what is wanted does not stay", case.label);
        }
    }
}

/// The `text` of a case is what its chain makes of its `want`, so that no typing error makes a case pass.
#[test]
fn the_chain_of_a_case_makes_its_text() {
    for case in cases("positive.toml", POSITIVE).iter().filter(|case| !case.chain.is_empty()) {
        let steps = case.chain.iter().rev().map(|step| {
            let (encoded, read_as) = step.split_once(':').unwrap_or_else(|| panic!("{}: {step}", case.label));
            unbake::Step { encoded: encoded.to_owned().into(), read_as: read_as.to_owned().into() }
        });
        let chain = unbake::Chain::from(steps.collect::<Vec<_>>());
        assert!(
            laws::pages::is_damaged_form(case.want(), &chain, &case.text),
            "{}: `{chain}` does not make {} of {}",
            case.label,
            case.text.escape_debug(),
            case.want().escape_debug()
        );
    }
}

/// Every code page that unbake knows has a case.
#[test]
fn every_encoding_has_a_case() {
    let all: BTreeSet<String> = cases("positive.toml", POSITIVE).into_iter().flat_map(|case| case.chain).collect();
    let missing: Vec<&str> = unbake::encodings()
        .map(|encoding| encoding.label)
        .filter(|label| !all.contains(&format!("utf-8:{label}")))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
