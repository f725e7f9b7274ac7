//! Text that is gone for good: named, never repaired.

use serde_json::Value;

use crate::support::{BROKEN, Place};

const LOST: &str = "a kaz\u{fffd} by the sea\nfine\n锟斤拷锟斤拷\nfra?che and cr?me, said Peterâ€™s cafÃ©\n";

#[test]
fn lost_text_is_a_note_unless_it_is_to_count() {
    let place = Place::with(&[
        ("a.txt", "a kaz\u{fffd} by the sea\n"),
        ("unicode.rs", "const LOST: char = '\u{fffd}'; // (\u{fffd})\n"),
    ]);
    let ran = place.run(&["check"]);
    assert_eq!(
        (ran.status, &*ran.text()),
        (0, "a.txt:1:6: a kaz\u{fffd} by the sea  [lost: U+FFFD in place of text]\n")
    );
    assert_eq!(ran.err, "no findings, lost text in 1 place (2 files checked)\n");
    assert_eq!(place.run(&["check", "--lost", "count"]).status, 1);
    let ran = place.run(&["check", "--lost", "ignore"]);
    assert_eq!((ran.status, &*ran.text(), &*ran.err), (0, "", "no findings (2 files checked)\n"));
    place.write("unbake.toml", "lost = 'count'");
    assert_eq!(place.run(&["check"]).status, 1);
    assert_eq!(place.run(&["check", "--lost", "note"]).status, 0);
    place.write("unbake.toml", "lost = 'found'");
    assert_eq!(place.run(&["check"]).status, 2);
    place.write("unbake.toml", "");
    place.write("a.txt", "a kaz\u{fffd} by the sea // unbake: ignore\n");
    assert_eq!(place.run(&["check", "--lost", "count"]).status, 0);
}

#[test]
fn lost_text_stands_among_the_findings_and_stays() {
    let place = Place::with(&[("a.txt", LOST)]);
    let places: Vec<String> = place.run(&["check"]).text().lines().map(|line| line[..10].to_owned()).collect();
    assert_eq!(places, ["a.txt:1:6:", "a.txt:3:1:", "a.txt:4:4:", "a.txt:4:15", "a.txt:4:30"]);
    let json: Value = serde_json::from_slice(&place.run(&["check", "--format", "json"]).out).unwrap();
    let lost = json["files"][0]["lost"].as_array().unwrap();
    let kinds: Vec<_> = lost.iter().map(|lost| lost["loss"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["replaced", "misread", "questioned", "questioned"]);
    assert_eq!((&lost[0]["start"], &lost[0]["end"], &lost[0]["text"]), (&5.into(), &8.into(), &"\u{fffd}".into()));
    assert_eq!(json["summary"]["lost"], 4);
    let lines = place.run(&["check", "--format", "jsonl"]).text();
    assert_eq!(lines.lines().filter(|line| line.starts_with("{\"type\":\"lost\"")).count(), 4);
    let sums = place.run(&["check", "--statistics"]).text();
    assert!(sums.contains("question marks in place of letters"), "{sums}");
    assert_eq!(place.run(&["fix", "-q"]).status, 0);
    let right = LOST.replace("â€™", "’").replace("Ã©", "é");
    assert_eq!(String::from_utf8(place.read("a.txt")).unwrap(), right);
    assert_eq!(place.run(&["check", "--lost", "ignore"]).status, 0);
    assert_eq!(place.feed(&["check", "-q", "-"], BROKEN).text().lines().count(), 1);
}

/// However long the lines, and however the source is read.
#[test]
fn lost_text_is_found_in_large_files() {
    let long = format!("{}kaz\u{fffd} ", "plain words ".repeat(8_000)).repeat(100);
    let place = Place::with(&[("a.txt", &long)]);
    let lines = place.run(&["check", "--format", "jsonl"]).text();
    assert_eq!(lines.lines().filter(|line| line.starts_with("{\"type\":\"lost\"")).count(), 100);
    assert_eq!(place.feed(&["check", "--format", "jsonl", "-"], &long).text().replace("<stdin>", "a.txt"), lines);
}

/// Who escapes the character for lost text in a program means it, whatever else is escaped there.
#[test]
fn an_escaped_replacement_character_in_a_program_is_meant() {
    let text = "BAD = '[\\x9f\\ufffd]'\na = 'Peter\\u00e2\\u0080\\u0099s hat'\n";
    let found = Place::with(&[("a.py", text)]).run(&["check"]).text();
    assert!(found.starts_with("a.py:2:11: ") && found.lines().count() == 1, "{found}");
}
