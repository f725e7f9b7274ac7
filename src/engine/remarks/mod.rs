//! What is reported and not changed: characters that hide something, or hide themselves.
//!
//! In: a piece, the rules that are asked for, and what is to change in the piece. Out: places in it, each with its rule and
//! what is wrong there. What it says depends on the piece and its edits only.

mod bidi;
mod invisible;
mod mixed;

use std::ops::Range;

use super::judge::Found;
use crate::edit::{Rule, RuleSet};

/// A place in a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub range: Range<usize>,
    pub rule: Rule,
    pub why: String,
}

impl Seen {
    fn new(range: Range<usize>, rule: Rule, why: impl Into<String>) -> Seen {
        Seen { range, rule, why: why.into() }
    }
}

/// Whether there may be anything to report in these bytes.
pub fn are_suspect(bytes: &[u8], rules: RuleSet) -> bool {
    rules.looks_at_text() && !bytes.is_ascii()
}

/// What is to be reported in a piece, in order, apart from what the edits `found` in it change. `first`: the source begins
/// with it.
pub fn find(piece: &str, rules: RuleSet, found: &[(usize, Found)], first: bool) -> Vec<Seen> {
    let mut all = Vec::new();
    if !are_suspect(piece.as_bytes(), rules) {
        return all;
    }
    if rules.has(Rule::Bidi) {
        all.extend(bidi::find(piece));
    }
    if rules.has(Rule::Invisible) {
        all.extend(invisible::find(piece, first));
    }
    if rules.has(Rule::Replacement) {
        all.extend(replaced(piece));
    }
    if rules.has(Rule::MixedScript) {
        all.extend(mixed::find(piece));
    }
    all.sort_by_key(|seen| (seen.range.start, seen.range.end, seen.rule));
    let is_changed = |range: &Range<usize>| {
        let next = found.partition_point(|(start, found)| start + found.before.len() <= range.start);
        found.get(next).is_some_and(|(start, _)| *start < range.end)
    };
    all.retain(|seen| !is_changed(&seen.range));
    all
}

/// Runs of U+FFFD.
fn replaced(piece: &str) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for (at, mark) in piece.match_indices('\u{fffd}') {
        match all.last_mut().filter(|last| last.range.end == at) {
            Some(last) => last.range.end += mark.len(),
            None => all.push(Seen::new(at..at + mark.len(), Rule::Replacement, "U+FFFD in place of something")),
        }
    }
    all
}

/// A character, as people name it.
fn named(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(&str, Rule)> {
        let all = Rule::ALL.into_iter().filter(|rule| rule.reports()).collect();
        find(text, all, &[], true).into_iter().map(|seen| (&text[seen.range], seen.rule)).collect()
    }

    #[test]
    fn each_rule_sees_what_it_is_for() {
        for (text, places) in [
            ("a \u{202e}b\u{202c}", &[("\u{202e}", Rule::Bidi)][..]),
            ("if (x \u{2066}/* y */)", &[("\u{2066}", Rule::Bidi)]),
            ("x\u{2069} y", &[("\u{2069}", Rule::Bidi)]),
            ("pass\u{200b}word", &[("\u{200b}", Rule::Invisible)]),
            ("na\u{200d}me", &[("\u{200d}", Rule::Invisible)]),
            ("a\u{feff}b", &[("\u{feff}", Rule::Invisible)]),
            ("x\u{fe01}\u{fe02}", &[("\u{fe01}\u{fe02}", Rule::Invisible)]),
            ("a\u{e0041}", &[("\u{e0041}", Rule::Invisible)]),
            ("caf\u{fffd}\u{fffd} x", &[("\u{fffd}\u{fffd}", Rule::Replacement)]),
            ("p\u{0430}ypal and раypal", &[("p\u{0430}ypal", Rule::MixedScript), ("раypal", Rule::MixedScript)]),
            ("Αpple", &[("Αpple", Rule::MixedScript)]),
        ] {
            assert_eq!(seen(text), places, "{text:?}");
        }
    }

    #[test]
    fn what_scripts_and_signs_need_is_left_alone() {
        for text in [
            "plain text, café, Привет, Ελλάδα, 日本語テキスト, 한국어",
            "\u{feff}a mark at the start",
            "\u{2066}abc\u{2069} and \u{202b}abc\u{202c}, \u{200f}שלום\u{200e}",
            "می\u{200c}خواهم क्\u{200d}ष ක්\u{200d}ෂ",
            "ภาษา\u{200b}ไทย ភាសា\u{200b}ខ្មែរ",
            "👩\u{200d}👩\u{200d}👧 👩🏽\u{200d}🚒 🏳\u{fe0f}\u{200d}🌈 ❤\u{fe0f} 1\u{fe0f}\u{20e3} ©\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "葛\u{e0100}城 ᠠ\u{180b} ≨\u{fe00}",
            "kΩ ΔT μm T恤 卡拉OK Wi-Fi接続 αβγ 5µm πr² USB-кабель",
            "soft\u{ad}ened and a \u{200b} alone",
        ] {
            assert_eq!(seen(text), [], "{text:?}");
        }
    }
}
