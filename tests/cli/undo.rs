//! `unbake undo`: exact bytes back, or a refusal.

use std::fs;

use crate::support::{BROKEN, Place, RIGHT};

/// The journal of the only run.
fn journal(place: &Place) -> std::path::PathBuf {
    let runs: Vec<_> = fs::read_dir(place.state()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(runs.len(), 1);
    runs[0].join("journal.jsonl")
}

#[test]
fn the_exact_bytes_come_back() {
    let odd = [b"\xEF\xBB\xBF\xFF caf\xE9\r\n\xC3\xA9\r\n".as_slice(), BROKEN.as_bytes(), b"\r\n", BROKEN.as_bytes()]
        .concat();
    let place = Place::with(&[("a.txt", BROKEN)]);
    place.write("sub/odd.txt", &odd);
    place.run(&["fix"]);
    assert_ne!(place.read("sub/odd.txt"), odd);
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.text().contains("a.txt: restored\n") && ran.text().contains("odd.txt: restored\n"), "{}", ran.text());
    assert_eq!((place.read("a.txt"), place.read("sub/odd.txt")), (BROKEN.as_bytes().to_vec(), odd));
    let ran = place.run(&["undo"]);
    assert_eq!((ran.status, &*ran.err), (0, "nothing to undo\n"));
}

#[test]
fn runs_are_undone_one_after_the_other() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    place.run(&["fix", "a.txt"]);
    place.run(&["fix", "b.txt"]);
    let list = place.run(&["undo", "--list"]).text();
    assert_eq!(list.lines().count(), 2);
    assert!(list.lines().all(|line| line.ends_with("1 edit in 1 file")), "{list}");
    place.run(&["undo"]);
    assert_eq!((place.read("a.txt"), place.read("b.txt")), (RIGHT.into(), BROKEN.into()));
    let list = place.run(&["undo", "--list"]).text();
    assert!(list.lines().nth(1).unwrap().ends_with("undone"), "{list}");
    place.run(&["undo"]);
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
    let first = list.split_whitespace().next().unwrap();
    let ran = place.run(&["undo", first]);
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("has its old bytes already"), "{}", ran.err);
}

#[test]
fn a_named_run_is_undone() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    let said = place.run(&["fix", "a.txt"]).err;
    let id = said.trim_end().rsplit(' ').next().unwrap().to_owned();
    place.run(&["fix", "b.txt"]);
    assert_eq!(place.run(&["undo", &id]).status, 0);
    assert_eq!((place.read("a.txt"), place.read("b.txt")), (BROKEN.into(), RIGHT.into()));
}

#[test]
fn a_run_is_undone_for_some_files_only() {
    let place = Place::with(&[("a.txt", BROKEN), ("b/c.txt", BROKEN), ("b/d.txt", BROKEN), ("bb.txt", BROKEN)]);
    let said = place.run(&["fix"]).err;
    let id = said.trim_end().rsplit(' ').next().unwrap().to_owned();
    let ran = place.run(&["undo", &id, "b"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!((place.read("b/c.txt"), place.read("b/d.txt")), (BROKEN.into(), BROKEN.into()));
    assert_eq!((place.read("a.txt"), place.read("bb.txt")), (RIGHT.into(), RIGHT.into()));
    let ran = place.run(&["undo", &id, "a.txt", "nowhere"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("nowhere: run ") && place.read("a.txt") == RIGHT.as_bytes(), "{}", ran.err);
    // The rest is not undone yet.
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!((place.read("a.txt"), place.read("bb.txt")), (BROKEN.into(), BROKEN.into()));
}

#[test]
fn what_has_changed_since_is_left_alone() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN), ("c.txt", BROKEN)]);
    place.run(&["fix"]);
    place.write("a.txt", format!("{RIGHT}!"));
    fs::remove_file(place.path("b.txt")).unwrap();
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("a.txt: has changed since; left as it is"), "{}", ran.err);
    assert!(ran.err.contains("b.txt: No such file"), "{}", ran.err);
    assert_eq!(place.read("a.txt"), format!("{RIGHT}!").into_bytes());
    assert_eq!(place.read("c.txt"), BROKEN.as_bytes());
    // The rest can be undone later.
    place.write("a.txt", RIGHT);
    assert!(place.run(&["undo"]).text().contains("a.txt: restored"));
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
}

#[test]
fn a_preview_writes_nothing() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    place.run(&["fix"]);
    let ran = place.run(&["undo", "--dry-run"]);
    assert!(ran.text().ends_with("a.txt: would be restored\n"), "{}", ran.text());
    let diff = place.run(&["undo", "--diff"]);
    assert!(diff.text().contains("-Peter’s hat\n") && diff.text().contains("+Peterâ€™s hat\n"), "{}", diff.text());
    assert_eq!(place.read("a.txt"), RIGHT.as_bytes());
    assert!(!place.run(&["undo", "--list"]).text().contains("undone"));
}

#[test]
fn a_run_that_was_cut_short_is_undone_by_what_is_there() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    place.run(&["fix"]);
    let text = fs::read_to_string(journal(&place)).unwrap();
    // As if it had crashed before the second file was replaced, in the middle of a line.
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("\"done\"")).collect();
    fs::write(journal(&place), format!("{}\n{{\"type\":\"do", lines.join("\n"))).unwrap();
    place.write("b.txt", BROKEN);
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.text().contains("a.txt: restored") && ran.err.contains("b.txt: has its old bytes already"), "{ran:?}");
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
    assert!(place.run(&["undo", "--list"]).text().contains("undone"), "an undo after a torn line is remembered");
}

#[cfg(unix)]
#[test]
fn a_write_over_the_old_bytes_that_was_cut_short_is_undone() {
    let old = format!("begin {BROKEN} middle {BROKEN} end");
    // After the first edit, and after the second, where all that is missing is the end to be cut off.
    for cut in [20, 40] {
        let place = Place::with(&[("a.txt", &old)]);
        fs::hard_link(place.path("a.txt"), place.path("b.txt")).unwrap();
        place.run(&["fix", "a.txt"]);
        let new = place.read("a.txt");
        let torn = [&new[..cut], &old.as_bytes()[cut..]].concat();
        assert!(torn != new && torn != old.as_bytes());
        place.write("a.txt", &torn);
        let ran = place.run(&["undo"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(place.read("b.txt"), old.as_bytes(), "cut at {cut}");
    }
}

#[test]
fn a_damaged_journal_is_an_error_and_the_others_work() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    place.run(&["fix"]);
    fs::create_dir(place.state().join("broken")).unwrap();
    fs::write(place.state().join("broken/journal.jsonl"), "not JSON\n").unwrap();
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("journal is damaged"), "{}", ran.err);
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
}
