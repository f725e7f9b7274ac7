//! `unbake blame`, and what the history of a file has in place of lost text.

use serde_json::Value;

use crate::support::{BROKEN, Place, RIGHT};

/// A file that was right, then damaged, then renamed and indented, and one with lost text.
fn repository() -> Place {
    let place = Place::with(&[
        ("old name.txt", &format!("one\n{RIGHT}\nthree\nfour\nfive\n")),
        ("lost.txt", "The crew went to the café after the rain, déjà vu.\nAnother line.\n"),
    ]);
    place.git(&["init", "-q"]);
    place.commit("Right");
    place.write("old name.txt", format!("one\n{BROKEN}\nthree\nfour\nfive\n"));
    place.commit("An old editor");
    place.git(&["mv", "old name.txt", "größe.txt"]);
    place.commit("Renamed");
    place.write("größe.txt", format!("one\n    {BROKEN}\nthree\nfour\nfive\n"));
    place.write(
        "lost.txt",
        "  The crew went to the caf\u{fffd} after the rain, d\u{fffd}j\u{fffd} vu.\nAnother line.\n",
    );
    place.commit("Indented, and saved as ASCII");
    place
}

#[test]
fn the_commit_is_the_one_that_broke_it_not_the_one_that_touched_it() {
    let place = repository();
    place.write("new.txt", BROKEN);
    let ran = place.run(&["blame"]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    let text = ran.text();
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("größe.txt:2:")).expect("a finding");
    assert!(lines[at + 1].contains("Ann: An old editor  old name.txt"), "{text}");
    let at = lines.iter().position(|line| line.starts_with("new.txt:1:")).expect("a finding");
    assert_eq!(lines[at + 1].trim(), "not committed yet");
    assert!(text.contains("Ann: Indented, and saved as ASCII  3 places in 1 file"), "{text}");
    assert!(
        text.contains("before it was lost: \u{fffd} → é  [found in the history, likely; seen in the change of "),
        "{text}"
    );
}

#[test]
fn json_lines_have_the_same() {
    let place = repository();
    let ran = place.run(&["blame", "--format", "jsonl"]);
    let lines: Vec<Value> = ran.text().lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    assert_eq!((of("finding").len(), of("lost").len(), of("commit").len()), (1, 3, 2));
    assert_eq!(of("finding")[0]["origin"]["subject"], "An old editor");
    assert_eq!(
        (&of("lost")[0]["found"]["after"], &of("lost")[0]["found"]["confidence"]),
        (&"é".into(), &"likely".into())
    );
}

#[test]
fn lost_text_is_put_back_from_the_history_and_taken_back_by_undo() {
    let place = repository();
    let before = place.read("lost.txt");
    let diff = place.run(&["diff", "--from-history", "lost.txt"]);
    assert!(
        diff.status == 1 && diff.text().contains("+  The crew went to the café after the rain, déjà vu."),
        "{}",
        diff.err
    );
    assert!(!place.run(&["check", "lost.txt"]).text().contains("history"), "only when asked for");
    let ran = place.run(&["fix", "--from-history", "lost.txt"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let after = "  The crew went to the café after the rain, déjà vu.\nAnother line.\n";
    assert_eq!(String::from_utf8(place.read("lost.txt")).unwrap(), after);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("lost.txt"), before);
}

#[test]
fn without_git_it_says_what_it_needs() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    let ran = place.run(&["blame"]);
    assert!(ran.status == 2 && ran.err.contains("a.txt: blame: not in a git repository"), "{}", ran.err);
    let ran = place.feed(&["blame", "-"], BROKEN);
    assert!(ran.status == 2 && ran.err.contains("name a file"), "{}", ran.err);
}
