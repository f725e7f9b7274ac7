//! Letters that are gone for good and that the words tell.

use serde_json::Value;

use crate::support::Place;

const LOST: &str =
    "They don\u{fffd}t know what it\u{fffd}s for.\nDie Liste f\u{fffd}r die n\u{fffd}chste Woche\nx\u{fffd}q\n";
const RIGHT: &str = "They don’t know what it’s for.\nDie Liste für die nächste Woche\nx\u{fffd}q\n";

#[test]
fn words_tell_letters_that_were_lost() {
    let place = Place::with(&[("a.txt", LOST)]);
    let text = place.run(&["check"]).text();
    assert!(
        text.contains("don\u{fffd}t know") && text.contains("[letters told by the words, likely, lossy]"),
        "{text}"
    );
    assert!(text.contains("a.txt:3:2: x\u{fffd}q  [lost: U+FFFD in place of text]"), "{text}");
    let json: Value = serde_json::from_slice(&place.run(&["check", "--format", "json"]).out).unwrap();
    let first = &json["files"][0]["findings"][0];
    assert_eq!((&first["after"], &first["lossy"], &first["confidence"]), (&"’".into(), &true.into(), &"likely".into()));
    assert_eq!(place.run(&["fix", "-q"]).status, 0);
    assert_eq!(String::from_utf8(place.read("a.txt")).unwrap(), RIGHT);
    assert_eq!(place.run(&["undo", "-q"]).status, 0);
    assert_eq!(String::from_utf8(place.read("a.txt")).unwrap(), LOST);
}

#[test]
fn who_asks_for_certain_repairs_gets_no_letters() {
    let place = Place::with(&[("a.txt", LOST)]);
    assert_eq!(place.run(&["check", "-q", "--min-confidence", "certain", "--lost", "ignore"]).status, 0);
    assert_eq!(place.run(&["check", "-q", "--from", "windows-1252", "--lost", "ignore"]).status, 0);
}
