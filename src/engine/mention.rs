//! Is this damage, or does somebody talk about it?
//!
//! In: a piece and what is to change in it. Out: the same, where what is only mentioned is no more than `possible`. A word is
//! mentioned when it stands between quotes, and the very word that it would be repaired to stands between quotes on the same
//! line: `"Ã©" => "é"`. A replacement table, the expectation of a test and a sentence that explains the matter are written so;
//! text that somebody damaged is not, for the damage took both or happened elsewhere. Must not: look further than a fixed
//! number of bytes around an edit, or take a place for a mention that was none before other edits were made.

use std::ops::Range;

use super::judge::Found;
use super::position::{ceil, floor};
use crate::edit::Confidence;

/// How far around an edit its repair is looked for, in bytes on each side.
const AROUND: usize = 512;

/// What a mentioned word stands between.
const OPENING: &[char] = &['"', '\'', '`', '“', '‘', '„', '«', '‹', '»', '「', '『', '>'];
const CLOSING: &[char] = &['"', '\'', '`', '”', '’', '“', '»', '›', '«', '」', '』', '<'];

/// What was `found` in a piece; what is only mentioned there is `possible`, and left out where that is not sure enough.
pub fn demote(piece: &str, mut found: Vec<(usize, Found)>, least: Confidence) -> Vec<(usize, Found)> {
    let is_sure = |found: &Found| found.confidence > Confidence::Possible;
    if !found.iter().any(|(at, found)| is_sure(found) && seems_mentioned(piece, *at, found)) {
        found.retain(|(_, found)| found.confidence >= least);
        return found;
    }
    // Where an edit stands alone, nothing of what is looked at changes.
    let edits: Vec<Range<usize>> = found.iter().map(|(at, found)| *at..*at + found.before.len()).collect();
    found.retain_mut(|(at, found)| {
        if found.confidence > Confidence::Possible && is_mentioned(piece, *at, found, &edits) {
            found.confidence = Confidence::Possible;
        }
        found.confidence >= least
    });
    found
}

/// Whether the word of an edit stands between quotes, be they touched by other edits or not: a quick look first, for hardly
/// any does.
fn seems_mentioned(piece: &str, at: usize, found: &Found) -> bool {
    let end = at + found.before.len();
    let left = &piece[floor(piece, at.saturating_sub(AROUND))..at];
    let right = &piece[end..ceil(piece, end + AROUND)];
    left.chars().rfind(|c| !c.is_alphanumeric()).is_some_and(|c| OPENING.contains(&c))
        && right.chars().find(|c| !c.is_alphanumeric()).is_some_and(|c| CLOSING.contains(&c))
}

fn is_mentioned(piece: &str, at: usize, found: &Found, edits: &[Range<usize>]) -> bool {
    let end = at + found.before.len();
    let is_in_word = |c: char| c.is_alphanumeric();
    let first = floor(piece, at.saturating_sub(AROUND));
    let left = piece[first..at].rsplit('\n').next().unwrap_or_default();
    let first = at - left.len();
    let right = &piece[end..ceil(piece, end + AROUND)];
    let right = right.split('\n').next().unwrap_or_default();
    let before = left.trim_end_matches(is_in_word);
    let after = right.trim_start_matches(is_in_word);
    // A quotation, from the last character before it to the first after it, that no edit touches.
    let is_quoted = |text: &str, from: usize, word: Range<usize>| {
        let (opening, closing) = (text[..word.start].chars().next_back(), text[word.end..].chars().next());
        let (Some(opening), Some(closing)) = (opening, closing) else { return false };
        let span = from + word.start - opening.len_utf8()..from + word.end + closing.len_utf8();
        let touching = edits.partition_point(|edit| edit.end <= span.start);
        let touched = edits[touching..].iter().take_while(|edit| edit.start < span.end).any(|edit| edit.start != at);
        OPENING.contains(&opening) && CLOSING.contains(&closing) && !touched
    };
    let line = &piece[first..end + right.len()];
    if !is_quoted(line, first, before.len()..line.len() - after.len()) {
        return false;
    }
    let word = [&left[before.len()..], &found.after, &right[..right.len() - after.len()]].concat();
    let shows = |text: &str, from: usize| {
        text.match_indices(word.as_str()).any(|(at, word)| is_quoted(text, from, at..at + word.len()))
    };
    shows(before, first) || shows(after, end + right.len() - after.len())
}

#[cfg(test)]
mod tests {
    use crate::{Confidence, Config, Engine};

    #[test]
    fn damage_beside_its_own_repair_is_mentioned() {
        let possible = Engine::new(Config { min_confidence: Confidence::Possible, ..Config::default() });
        for text in [
            "text.replace(\"cafÃ©\", \"café\")",
            "the crew writes `cafÃ©` where `café` is meant",
            "«Perché» diventa «PerchÃ©»",
            "assert_eq!(repair('â€™'), '’');",
            "<td>Ð¿Ñ€Ð¸Ð²ÐµÑ‚</td><td>привет</td>",
        ] {
            assert_eq!(Engine::default().repair(text), text);
            let plan = possible.plan(text.as_bytes());
            assert!(plan.edits().iter().all(|edit| edit.confidence == Confidence::Possible), "{text}");
            assert_eq!(plan.edits().len(), 1, "{text}");
        }
    }

    #[test]
    fn what_stands_beside_a_mention_is_judged_once() {
        for text in ["“café“cafÃ©”fÃƒuâ€", "“café“cafÃ©“fÃƒ"] {
            let once = Engine::default().repair(text);
            assert_eq!(Engine::default().repair(&once), once, "{text}");
        }
    }

    #[test]
    fn damage_that_is_used_is_repaired() {
        for (text, right) in [
            ("name: \"cafÃ©\", place: \"Évreux\"", "name: \"café\", place: \"Évreux\""),
            ("a \"cafÃ©\" is a café", "a \"café\" is a café"),
            ("a cafÃ© is a \"café\"", "a café is a \"café\""),
            ("\"cafÃ©\"\n\"café\"", "\"café\"\n\"café\""),
        ] {
            assert_eq!(Engine::default().repair(text), right);
        }
    }
}
